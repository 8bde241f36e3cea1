"""归档 by hand: what lacks is seen and gone to, the number is asked for, the bag is written."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.filing import ItemKind, LackPlace, Retention
from app.services.archive import retentions
from app.ui.ceremony.archive import ArchiveDialog
from app.ui.dialogs.filing import FilingDialog
from app.ui.dialogs.messages import MessageDialog
from app.ui.dialogs.preview import PreviewDialog
from app.ui.view_store import MemoryViewStore
from tests.support_draw import DRAW_NO, PERIOD, DrawnOffice, lock_result, make_drawn_office
from tests.ui.test_plan_life import until
from tests.ui.test_planning_page import settle


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    lock_result(made, made.tasks[0])
    yield made
    made.workspace.close()


class Shown:
    """The dialog, what it said and where it sent the person."""

    def __init__(self, qtbot: QtBot, office: DrawnOffice) -> None:
        self.qtbot = qtbot
        self.said: list[str] = []
        self.gone: list[tuple[str, object]] = []
        self.dialog = FilingDialog(
            None,
            office.workspace,
            lambda text, *_more: self.said.append(text),
            PERIOD,
            MemoryViewStore(),
            lambda page, where: self.gone.append((page, where)),
        )
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        settle(qtbot)
        until(qtbot, lambda: len(self.dialog.choices.rows()) == 2)
        until(qtbot, lambda: len(self.dialog.missing.rows()) > 3)

    def click(self, words: str) -> None:
        """Press a button of the dialog by its words."""
        found = [each for each in self.dialog.findChildren(QPushButton) if each.text() == words]
        self.qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)

    def line(self, place: LackPlace) -> int:
        """The first line of what lacks that is supplied in a place."""
        rows = self.dialog.missing.rows()
        return next(at for at, row in enumerate(rows) if row.place is place)


@pytest.fixture
def shown(qtbot: QtBot, office: DrawnOffice) -> Shown:
    return Shown(qtbot, office)


def answer(monkeypatch: pytest.MonkeyPatch, *, agree: bool) -> list[str]:
    """Answer the question; gives what was asked."""
    asked: list[str] = []

    def run(self: MessageDialog) -> int:
        asked.append(self.windowTitle())
        return int(agree)

    monkeypatch.setattr(MessageDialog, "exec", run)
    return asked


def test_the_quarter_and_one_target_are_filed(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog, path = shown.dialog, tmp_path / "季度.zip"
    assert not dialog.make_button.isEnabled()
    qtbot.keyClicks(dialog.fonds, "X043")
    assert dialog.make_button.isEnabled()
    names: list[str] = []

    def choose(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        names.append(name)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    asked = answer(monkeypatch, agree=False)
    shown.click("生成归档包…")
    assert (len(asked), names) == (1, [])  # thought better of it
    answer(monkeypatch, agree=True)
    shown.click("生成归档包…")
    until(qtbot, lambda: bool(shown.said))
    assert names == ["2026年第三季度双随机抽查档案.zip"]
    assert shown.said == [f"已归档 3 件、{len(zipfile.ZipFile(path).namelist()) - 4} 个文件"]
    until(qtbot, lambda: dialog.choices.rows()[0].filed_on is not None)
    until(qtbot, lambda: "季度.zip" in dialog.known.text())
    assert dialog.carry_button.isEnabled()
    dialog.choices.grid.select_line(1)
    until(qtbot, dialog.proof_button.isEnabled)
    shown.click("履职证明")
    until(qtbot, lambda: bool(dialog.findChildren(PreviewDialog)))
    (proof,) = dialog.findChildren(PreviewDialog)
    assert "履职证明" in proof.paths[0].name


def test_what_lacks_is_gone_to(shown: Shown, qtbot: QtBot, office: DrawnOffice) -> None:
    dialog = shown.dialog
    dialog.missing.link_clicked.emit(dialog.missing.rows()[shown.line(LackPlace.DRAW)], "go")
    until(qtbot, lambda: bool(dialog.findChildren(ArchiveDialog)))
    dialog.archive_dialog.reject()
    assert DRAW_NO in dialog.missing.rows()[shown.line(LackPlace.DRAW)].words
    dialog.missing.grid.select_line(shown.line(LackPlace.TASK))
    qtbot.keyClick(dialog.missing.grid, Qt.Key.Key_Return)
    assert shown.gone == [("results", office.tasks[0])]
    dialog.supply(dialog.missing.rows()[0])
    assert shown.gone[-1] == ("plan", "annual:2026")
    assert not dialog.isVisible()


def test_the_unit_sets_how_long_each_kind_is_kept(
    shown: Shown, qtbot: QtBot, office: DrawnOffice
) -> None:
    shown.click("保管期限表…")
    until(qtbot, lambda: hasattr(shown.dialog, "retentions"))
    form = shown.dialog.retentions
    form.panel.editors[ItemKind.REPORT.value].set_value(Retention.FOREVER.value)
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)

    def kept() -> dict[ItemKind, Retention]:
        return {each.kind: each.retention for each in office.workspace.read(retentions.table)}

    until(qtbot, lambda: kept()[ItemKind.REPORT] is Retention.FOREVER)
    assert kept()[ItemKind.DRAW] is Retention.THIRTY
