"""The fictional county 青禾县 that ships with the program, put into a workspace."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.domain.rulebook import Rulebook
from app.exchange.files import write_atomically
from app.paths import RESOURCES
from app.services.intake import importing
from app.services.workspace import Workspace

FOLDER = RESOURCES / "sample"
_CLASSES = ("重点", "特殊", "一般")


@dataclass(frozen=True, slots=True)
class SampleCounts:
    """Rows that were new: targets, inspectors, items."""

    targets: int
    inspectors: int
    items: int


def fill(workspace: Workspace) -> SampleCounts:
    """Import the three directories through the same service as any file."""
    with tempfile.TemporaryDirectory(prefix="suicha-sample-") as room:
        targets = Path(room) / "targets.csv"
        write_atomically(targets, in_classes_of(workspace.rulebook, FOLDER / "targets.csv"))
        return SampleCounts(
            _load(workspace, "targets", targets),
            _load(workspace, "inspectors", FOLDER / "inspectors.csv"),
            _load(workspace, "items", FOLDER / "items.csv"),
        )


def _load(workspace: Workspace, kind: str, path: Path) -> int:
    command = importing.ApplyImport(kind=kind, path=path, errors_path=None)
    return workspace.write(importing.apply, command).counts.new


def in_classes_of(rulebook: Rulebook, sample: Path) -> bytes:
    """The sample's targets with the rulebook's own class words, by rank.

    The sample speaks of 重点, 特殊, 一般; a rulebook may call its classes otherwise or have
    fewer, then the last one takes the rest.
    """
    labels = [category.label for category in rulebook.categories]
    rows = list(csv.reader(io.StringIO(sample.read_text(encoding="utf-8-sig"))))
    column = rows[0].index("监管类别")
    for row in rows[1:]:
        row[column] = labels[min(_CLASSES.index(row[column]), len(labels) - 1)]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")
