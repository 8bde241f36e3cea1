"""An empty office: a workspace with a rulebook and nothing in its directories."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.services.workspace import CreateUnit, Workspace, create, open_workspace
from tests.support_draw import Clock

TODAY = datetime(2026, 7, 2, 1, 0, tzinfo=UTC)


def make_office(root: Path, rulebook_id: str = "taijiang-2022") -> Workspace:
    """Create and open it; the caller closes it.  Today is 2 July 2026, 09:00 in China."""
    clock = Clock(TODAY)
    name = "青禾县生态环境保护综合行政执法大队"
    create(root, CreateUnit(name=name, code="360199", rulebook_id=rulebook_id), clock)
    return open_workspace(root, actor="卫七", clock=clock)
