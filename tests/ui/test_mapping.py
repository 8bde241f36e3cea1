"""平台模板: a blank template chosen, corrected, tried, kept, changed and deleted by a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.platform import DateStyle
from app.domain.target import TargetFacts
from app.services.directories import directories
from app.services.directories.directories import SaveTarget
from app.services.packages import platforms
from app.services.workspace import Workspace
from app.ui.dialogs import platforms as dialogs
from app.ui.dialogs.platforms import PlatformsDialog
from app.ui.mapping import window
from app.ui.mapping.window import COLUMNS, FILE, SAVE, SHEETS, TRIAL, MappingDialog
from app.ui.pictures import settle
from tests.exchange import forms
from tests.exchange.workbooks import uscc
from tests.support import make_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "office")
    for number, kind in enumerate(("polluter", "project"), start=1):
        facts = TargetFacts(
            name=f"青禾县某{number}号厂",
            uscc=uscc(number),
            address="柳湾镇",
            category="KEY" if number == 1 else "GENERAL",
            kind=kind,
            permit_valid_to=date(2028, 3, 15),
        )
        made.write(directories.save_target, SaveTarget(id=None, facts=facts))
    yield made
    made.close()


@pytest.fixture
def dialog(office: Workspace, qtbot: QtBot) -> Iterator[PlatformsDialog]:
    made = PlatformsDialog(None, office)
    qtbot.addWidget(made)
    made.show()
    settle()
    yield made
    settle()


def _write(tmp_path: Path, data: bytes, name: str = "检查对象导入模板.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def _mapping(dialog: PlatformsDialog, path: Path, qtbot: QtBot) -> MappingDialog:
    dialog.new_button.click()
    made = dialog.mapping
    assert made is not None
    made.read(path)
    qtbot.waitUntil(lambda: made.guide.steps.current == SHEETS)
    return made


def _choose(box: QComboBox, words: str) -> None:
    """With the keyboard: the list opened, the line found, Enter."""
    box.setFocus()
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


def _line(mapping: MappingDialog, place: int):
    return mapping.columns_step.lines[place]


def test_a_template_is_mapped_tried_and_kept(
    dialog: PlatformsDialog, office: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    mapping = _mapping(dialog, _write(tmp_path, forms.grouped()), qtbot)
    step = mapping.sheets_step
    assert [box.currentText() for box in step.records] == ["检查对象"]
    assert [spin.value() for spin in step.spins[0]] == [2, 3, 5]
    assert "第 12 行起是表后说明" in step.words.text()
    mapping.guide.forward.click()
    assert mapping.guide.steps.current == COLUMNS
    assert _line(mapping, 2).box.currentText() == "检查对象名称"
    assert _line(mapping, 2).required.isChecked()
    assert _line(mapping, 2).longest.value() == 30
    assert _line(mapping, 7).how.text() == "代码对照：3 个…"
    assert _line(mapping, 6).result.whole == "2028/03/15"
    # 是否建设项目: what a target is, in the platform's 1 and 0.
    _choose(_line(mapping, 8).box, "对象种类")
    assert "缺" in _line(mapping, 8).how.text()
    _line(mapping, 8).how.click()
    codes = _line(mapping, 8).codes
    for (ours, _), editor in zip(codes._pairs, codes.editors, strict=True):
        editor.setCurrentIndex(editor.findData("1" if ours == "建设项目" else "0"))
    codes.keep.click()
    assert _line(mapping, 8).result.whole == "0"
    # 行政区划: the same on every row.
    _choose(_line(mapping, 9).box, "固定内容…")
    edit = _line(mapping, 9).how
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    QTest.keyClicks(edit, "360199")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    edit.editingFinished.emit()
    assert _line(mapping, 9).result.whole == "360199"
    _choose(_line(mapping, 6).how, DateStyle.DIGITS.value)
    assert _line(mapping, 6).result.whole == "20280315"
    mapping.guide.forward.click()
    assert mapping.guide.steps.current == TRIAL
    settle()
    rows = {row.title: row.cells for row in mapping.trial_step.rows.rows()}
    assert rows["是否建设项目"] == ("0", "1")
    assert rows["序号"] == ("1", "2")
    assert mapping.trial_step.mends.rows() == []
    mapping.guide.forward.click()
    assert mapping.guide.steps.current == SAVE
    assert mapping.guide.hint.text() == "先写平台的名称"
    QTest.keyClicks(mapping.save_step.name, "jx")
    mapping.save_step.name.setText("江西监管")
    assert mapping.save_step.id.text() == "jxjg"
    mapping.guide.forward.click()
    mapping.guide.forward.click()  # a second click while it is kept does nothing
    qtbot.waitUntil(lambda: "已保存" in dialog.banner.text.text())
    settle()
    kept = platforms.load(office.folder, "jxjg")
    by_header = {each.header.split(" / ")[-1]: each for each in kept.sheets[0].columns}
    assert by_header["行政区划"].constant == "360199"
    assert by_header["有效期至"].dates is DateStyle.DIGITS
    assert kept.codes[by_header["是否建设项目"].codes]["建设项目"] == "1"
    assert any(row.id == "jxjg" and row.own for row in dialog.table.rows())


def test_a_kept_format_is_changed_and_deleted(
    dialog: PlatformsDialog,
    office: Workspace,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mapping = _mapping(dialog, _write(tmp_path, forms.grouped()), qtbot)
    for _ in range(3):
        mapping.guide.forward.click()
    mapping.save_step.name.setText("省平台")
    mapping.guide.forward.click()
    qtbot.waitUntil(lambda: "已保存" in dialog.banner.text.text())
    settle()
    line = next(at for at, row in enumerate(dialog.table.rows()) if row.own)
    dialog.table.grid.selectRow(line)
    settle()
    dialog.edit_button.click()
    again = dialog.mapping
    assert again is not None and again is not mapping
    qtbot.waitUntil(lambda: again.guide.steps.current == SHEETS)
    assert again.guide.back.isHidden()
    again.guide.forward.click()
    _choose(_line(again, 4).box, "不填")
    again.guide.forward.click()
    again.guide.forward.click()
    again.guide.forward.click()
    qtbot.waitUntil(again.isHidden)
    settle()
    identity = platforms.proposed_id(office.folder, "省平台").removesuffix("-2")
    fields = {each.field for each in platforms.load(office.folder, identity).sheets[0].columns}
    assert "地址" not in fields and "检查对象名称" in fields
    monkeypatch.setattr(dialogs, "confirm_danger", lambda *_a, **_k: True)
    dialog.table.grid.selectRow(line)
    settle()
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: "已删除" in dialog.banner.text.text())
    settle()
    assert not any(row.own for row in dialog.table.rows())


def test_wrong_files_are_told_and_nothing_is_lost(
    dialog: PlatformsDialog, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.new_button.click()
    mapping = dialog.mapping
    assert mapping is not None
    assert not mapping.guide.forward.isEnabled()
    mapping.read(_write(tmp_path, b"%PDF-1.7 words", "说明.pdf"))
    qtbot.waitUntil(lambda: "PDF" in mapping.file_step.banner.text.text())
    assert mapping.guide.steps.current == FILE
    mapping.read(_write(tmp_path, forms.grouped()))
    qtbot.waitUntil(lambda: mapping.guide.steps.current == SHEETS)
    top = mapping.sheets_step.spins[0][0]
    top.setValue(150)
    mapping.sheets_step.spins[0][1].setValue(150)
    top.editingFinished.emit()
    assert "没有第 150 行" in mapping.sheets_step.banner.text.text()
    assert top.value() == 2
    _choose(mapping.sheets_step.records[0], "不填，原样保留")
    assert not mapping.guide.forward.isEnabled()
    _choose(mapping.sheets_step.records[0], "检查对象")
    asked: list[str] = []
    monkeypatch.setattr(window, "confirm", lambda *_a, **_k: bool(asked.append("")) or True)
    mapping.close_button.click()
    assert asked and mapping.isHidden()


def test_an_old_xls_says_what_is_lost(
    dialog: PlatformsDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    header = ("企业名称", "统一社会信用代码", "详细地址")
    mapping = _mapping(dialog, _write(tmp_path, forms.old_xls([header]), "旧.xls"), qtbot)
    assert "已转成 xlsx" in mapping.sheets_step.banner.text.text()
