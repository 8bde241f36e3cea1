"""A draft is on the disk once it was saved: a process that dies a moment later loses nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from app.db.read import results
from app.domain.inspection import Conclusion
from app.services.workspace import open_workspace
from tests.support_draw import Clock, make_drawn_office

_CHILD = """
import os, sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from app.db.read import results
from app.domain.inspection import Conclusion
from app.services.tasks.inspecting import SaveDraft, save_draft
from app.services.workspace import open_workspace
from tests.support_draw import Clock

clock = Clock(datetime(2026, 9, 15, tzinfo=UTC))
workspace = open_workspace(Path(sys.argv[1]), actor="钱二", clock=clock)
entry = workspace.read(results.form, int(sys.argv[2])).entry
formal = replace(entry.formalities, scanned_at="09:41", basis="《排污许可管理条例》")
typed = replace(
    entry,
    inspected_on=date(2026, 9, 10),
    conclusion=Conclusion.ORDERED,
    finding="暂存间标识不全",
    formalities=formal,
)
workspace.write(save_draft, SaveDraft(assignment_id=int(sys.argv[2]), entry=typed))
os._exit(9)  # as in a power cut: nothing is closed, nothing cleaned up
"""


def test_what_was_typed_survives_a_crash_with_its_formalities(tmp_path: Path) -> None:
    office = make_drawn_office(tmp_path / "office")
    task = office.tasks[0]
    office.workspace.close()
    died = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path / "office"), str(task)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    assert died.returncode == 9
    again = open_workspace(
        tmp_path / "office", actor="卫七", clock=Clock(datetime(2026, 9, 16, tzinfo=UTC))
    )
    try:
        entry = again.read(results.form, task).entry
    finally:
        again.close()
    assert (entry.inspected_on, entry.conclusion) == (date(2026, 9, 10), Conclusion.ORDERED)
    assert entry.finding == "暂存间标识不全"
    assert (entry.formalities.scanned_at, entry.formalities.basis) == (
        "09:41",
        "《排污许可管理条例》",
    )
