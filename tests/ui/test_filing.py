"""归档 by hand: what lacks is seen, the number is asked for, the bag is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.ui.dialogs.filing import FilingDialog
from app.ui.dialogs.preview import PreviewDialog
from app.ui.view_store import MemoryViewStore
from tests.support_draw import PERIOD, DrawnOffice, lock_result, make_drawn_office
from tests.ui.test_plan_life import until
from tests.ui.test_planning_page import settle


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    lock_result(made, made.tasks[0])
    yield made
    made.workspace.close()


def test_the_quarter_and_one_target_are_filed(
    qtbot: QtBot, office: DrawnOffice, tmp_path: Path
) -> None:
    said: list[str] = []
    store = MemoryViewStore()
    dialog = FilingDialog(
        None, office.workspace, lambda text, *_more: said.append(text), PERIOD, store
    )
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot)
    until(qtbot, lambda: len(dialog.choices.rows()) == 2)
    until(qtbot, lambda: len(dialog.missing.rows()) > 3)
    assert not dialog.make_button.isEnabled()
    dialog.fonds.setText("X043")
    assert dialog.make_button.isEnabled()
    whole, one = dialog.choices.rows()
    path = tmp_path / "季度.zip"
    dialog.make(whole, path)
    until(qtbot, lambda: bool(said))
    assert path.is_file()
    # The draw, its inspection, the publication table and the report took 1 to 4.
    assert dialog.first.value() == 5
    dialog.choices.grid.select_line(1)
    until(qtbot, dialog.proof_button.isEnabled)
    proof = tmp_path / "证明.pdf"
    dialog.print_proof(one.target_id, proof)
    until(qtbot, proof.is_file)
    until(qtbot, lambda: bool(dialog.findChildren(PreviewDialog)))
