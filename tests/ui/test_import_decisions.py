"""What a person decides in the guided import: doubtful rows, fields, headers, several files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.db.read import targets
from app.db.read.query import ListQuery
from app.services.intake.importing import Fate, Side
from app.services.workspace import Workspace
from app.ui.imports.doubts import CandidateBox, DifferenceBox
from app.ui.imports.pace import Pace
from app.ui.imports.sequence import COLUMNS, DONE, ROWS, ImportSequence
from app.ui.imports.words import WordsDialog
from app.ui.pages.targets import TargetsPage
from app.ui.widgets import small_button
from tests.services.test_importing import sheet
from tests.ui.test_directory_pages import FARM, WORKS, Wait, page, wait, window, words
from tests.ui.test_import_sequence import names, sequence, step

__all__ = ["page", "sequence", "wait", "window"]

HEADER = ("单位名称", "统一社会信用代码", "地址", "监管类别", "联系电话")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        (WORKS.name, WORKS.uscc, WORKS.address, "重点", "0000-0001"),
        (FARM.name, "", "别的镇别的村", "一般", ""),
        ("青禾县某新建材厂", "", "柳湾镇", "一般", ""),
    ]
    return sheet(tmp_path / "名录.xlsx", rows, HEADER)


def at_rows(sequence: ImportSequence, file: Path, wait: Wait) -> None:
    sequence.read(file)
    wait()
    sequence.guide.forward.click()
    assert step(sequence) == ROWS


def boxes(widget: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [each for each in widget.findChildren(kind) if each.isVisible()]


def press(widget: QWidget, text: str) -> None:
    found = [each for each in widget.findChildren(type(small_button(""))) if each.text() == text]
    (shown,) = [each for each in found if each.isVisible()]
    shown.click()


def test_doubtful_rows_are_asked_before_one_can_go_on(
    sequence: ImportSequence, file: Path, wait: Wait, office: Workspace
) -> None:
    at_rows(sequence, file, wait)
    assert not sequence.guide.forward.isEnabled()
    assert "1 行有疑问" in words(sequence.rows_step)
    press(sequence.rows_step.doubts, "逐行看")
    wait()
    (box,) = boxes(sequence.rows_step.detail, CandidateBox)
    assert "别的镇别的村" in words(box).replace("\u200b", "")
    box.same.click()  # type: ignore[attr-defined]
    wait()
    assert sequence.guide.forward.isEnabled()
    assert not sequence.rows_step.doubts.isVisible()
    for _ in range(2):
        sequence.guide.forward.click()
        wait()
    assert step(sequence) == DONE
    (row,) = office.read(targets.rows, office.read(targets.ids, ListQuery(FARM.name)))
    assert row.address == "别的镇别的村"


def test_all_doubts_may_be_left_as_proposed(
    sequence: ImportSequence, file: Path, wait: Wait
) -> None:
    at_rows(sequence, file, wait)
    press(sequence.rows_step.doubts, "都按建议处理")
    wait()
    assert sequence.guide.forward.isEnabled()
    fates = [row.fate for row in sequence.rows_step.table.rows()]
    assert fates == [Fate.UPDATED, Fate.NEW, Fate.NEW]


def test_one_field_keeps_the_value_of_the_directory(
    sequence: ImportSequence, file: Path, wait: Wait
) -> None:
    at_rows(sequence, file, wait)
    sequence.rows_step.table.grid.select_line(0)
    found = boxes(sequence.rows_step.detail, DifferenceBox)
    assert len(found) == 1
    assert found[0].file.isChecked()  # type: ignore[attr-defined]
    found[0].ours.click()  # type: ignore[attr-defined]
    wait()
    row = sequence.rows_step.table.rows()[0]
    assert (row.fate, row.changes[0].kept) == (Fate.UNCHANGED, True)
    (again,) = boxes(sequence.rows_step.detail, DifferenceBox)
    assert again.ours.isChecked()  # type: ignore[attr-defined]


def test_all_fields_keep_the_values_of_the_directory(
    sequence: ImportSequence, file: Path, wait: Wait
) -> None:
    at_rows(sequence, file, wait)
    box = sequence.rows_step.counts.sides_box
    box.setCurrentIndex(box.findData(Side.OURS))
    box.activated.emit(box.currentIndex())
    wait()
    assert sequence.rows_step.table.rows()[0].fate is Fate.UNCHANGED


def test_quick_decisions_all_count(sequence: ImportSequence, file: Path, wait: Wait) -> None:
    at_rows(sequence, file, wait)
    for row in sequence.rows_step.table.rows():
        sequence.rows_step.skip_wanted.emit(row.place)
    wait()
    assert {row.fate for row in sequence.rows_step.table.rows()} == {Fate.SKIPPED}


def test_a_table_without_a_known_header_is_pointed_at(
    sequence: ImportSequence, tmp_path: Path, wait: Wait
) -> None:
    rows = [("受监管的", "在哪"), ("某甲厂", "东路")]
    sequence.read(sheet(tmp_path / "a.xlsx", rows, ("某某县", "2026年")))
    wait()
    assert step(sequence) == COLUMNS
    assert not sequence.guide.forward.isEnabled()
    assert "没有“检查对象名称”这一列" in words(sequence.columns_step)
    sequence.columns_step.top.table.cellClicked.emit(1, 0)
    wait()
    assert sequence.columns_step.header_box.value() == 2
    box = sequence.columns_step.boxes[(0, 0)]
    box.setCurrentIndex(box.findData("name"))
    box.activated.emit(box.currentIndex())
    wait()
    assert sequence.guide.forward.isEnabled()
    sequence.guide.forward.click()
    assert [row.name for row in sequence.rows_step.table.rows()] == ["某甲厂"]


def test_a_header_without_rows_stops_at_the_columns(
    sequence: ImportSequence, tmp_path: Path, wait: Wait
) -> None:
    sequence.read(sheet(tmp_path / "a.xlsx", [], HEADER))
    wait()
    assert step(sequence) == COLUMNS
    assert not sequence.guide.forward.isEnabled()
    assert "一行内容也没有" in words(sequence.columns_step)


def dropped(sequence: ImportSequence, paths: Sequence[Path]) -> None:
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(each)) for each in paths])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        dragged,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    sequence.file_step.dropEvent(event)


def test_several_files_are_dropped_together(
    sequence: ImportSequence, tmp_path: Path, wait: Wait
) -> None:
    paths = [
        sheet(tmp_path / f"{name}.xlsx", [(f"某{name}厂", "", name, "一般", "")], HEADER)
        for name in ("一中队", "二中队")
    ]
    dropped(sequence, paths)
    wait()
    assert "等 2 个文件" in words(sequence).replace("\u200b", "")
    sequence.guide.forward.click()
    assert [row.name for row in sequence.rows_step.table.rows()] == ["某一中队厂", "某二中队厂"]


def test_files_and_imports_of_late_are_at_hand(
    page: TargetsPage,
    sequence: ImportSequence,
    tmp_path: Path,
    wait: Wait,
    office: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = names(office)
    sequence.read(sheet(tmp_path / "a.xlsx", [("某甲厂", "", "", "一般", "")], HEADER))
    wait()
    for _ in range(4):
        sequence.guide.forward.click()
        wait()
    assert "某甲厂" in names(office)
    page.import_button.click()
    wait()
    assert [each.text() for each in sequence.file_step.file_links] == ["a.xlsx"]  # type: ignore[attr-defined]
    assert "新增 1，更新 0" in words(sequence.file_step)
    monkeypatch.setattr("app.ui.imports.sequence.confirm_danger", lambda *_a, **_k: True)
    press(sequence.file_step.imports_card, "撤销")
    wait()
    assert names(office) == before
    assert "已撤销" in words(sequence.file_step)
    sequence.file_step.file_links[0].click()  # type: ignore[attr-defined]
    wait()
    assert step(sequence) == COLUMNS


def test_very_wide_tables_show_what_is_worth_showing(
    sequence: ImportSequence, tmp_path: Path, wait: Wait, qtbot: QtBot
) -> None:
    path = tmp_path / "a.csv"
    header = ",".join(["列"] * 300 + ["单位名称"])
    path.write_text(f"{header}\n{','.join(['1'] * 300 + ['某甲厂'])}\n", encoding="utf-8")
    sequence.read(path)
    wait()
    assert len(sequence.columns_step.boxes) == 121
    assert "另有 180 列" in words(sequence.columns_step)


def test_pace_tells_count_rate_and_what_is_left() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace.words(0, 100_000, "正在读行") == "正在读行 0 / 100,000"
    now[0] = 2.0
    assert pace.words(20_000, 100_000, "正在读行") == (
        "正在读行 20,000 / 100,000 · 每秒 10,000 行 · 还要约 8 秒"
    )
    assert pace.words(0, 100_000, "正在比对") == "正在比对 0 / 100,000"


def test_an_unknown_word_is_asked_once(
    sequence: ImportSequence, tmp_path: Path, wait: Wait, office: Workspace, qtbot: QtBot
) -> None:
    names_ = ["青禾县某新建材厂", "青禾县某新塑料厂"]
    rows = [(name, "一般", "吊销，未注销") for name in names_]
    sequence.read(sheet(tmp_path / "甲.xlsx", rows, ("单位名称", "监管类别", "经营状态")))
    wait()
    strip = sequence.columns_step.words
    assert "1 个词不认识，涉及 2 行" in words(strip)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, WordsDialog)
        (box,) = dialog.boxes.values()
        assert box.currentData() is None
        box.setCurrentIndex(box.findData(""))
        dialog.ok_button.click()

    QTimer.singleShot(0, answer)
    strip.open_button.click()
    wait()
    assert "都已说明" in words(strip)
    assert [row.fate for row in sequence.rows_step.table.rows()] == [Fate.NEW, Fate.NEW]
