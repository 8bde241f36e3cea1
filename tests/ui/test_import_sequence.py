"""The guided import, clicked through on a real workspace."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.db.read import targets
from app.db.read.classification import decisions_of
from app.db.read.query import ListQuery
from app.services.intake import importing
from app.services.intake.importing import Fate
from app.services.workspace import Workspace
from app.ui.imports.sequence import COLUMNS, CONFIRM, DONE, FILE, ROWS, ImportSequence
from app.ui.main_window import MainWindow
from app.ui.pages.targets import TargetsPage
from tests.services.test_importing import sheet
from tests.support_office import make_office
from tests.ui.test_directory_pages import WORKS, Wait, page, wait, window, words

__all__ = ["page", "wait", "window"]

HEADER = ("单位名称", "统一社会信用代码", "片区镇", "监管类别", "联系电话")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return sheet(
        tmp_path / "名录.xlsx",
        [
            (WORKS.name, WORKS.uscc, "柳湾镇", "重点", "0001"),
            ("青禾县某新建材厂", "", "柳湾镇", "一般", ""),
            ("青禾县某坏代码厂", "9136", "柳湾镇", "一般", ""),
        ],
        HEADER,
    )


@pytest.fixture
def sequence(page: TargetsPage) -> ImportSequence:
    page.import_button.click()
    assert page.sequence is not None
    return page.sequence


def step(sequence: ImportSequence) -> int:
    return sequence.guide.steps.current


def names(office: Workspace) -> set[str]:
    rows = office.read(targets.rows, office.read(targets.ids, ListQuery()))
    return {row.name for row in rows}


def test_from_file_to_done(
    page: TargetsPage, sequence: ImportSequence, file: Path, wait: Wait, office: Workspace
) -> None:
    assert page.title_label.text() == "导入检查对象"
    assert not sequence.guide.forward.isEnabled()
    sequence.read(file)
    wait()
    assert step(sequence) == COLUMNS
    sequence.guide.forward.click()
    assert step(sequence) == ROWS
    assert sequence.guide.forward.text() == "下一步：确认写入 2 行"
    sequence.guide.forward.click()
    assert step(sequence) == CONFIRM
    assert "青禾县某新建材厂" not in names(office)
    sequence.guide.forward.click()
    wait()
    assert step(sequence) == DONE
    assert "已写入 2 行" in words(sequence)
    assert not page.cancel_import.isVisible()
    sequence.guide.forward.click()
    wait()
    assert page.title_label.text() == "检查对象"
    assert "青禾县某新建材厂" in names(office)


def test_a_file_is_dropped(sequence: ImportSequence, file: Path, wait: Wait) -> None:
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        dragged,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    sequence.file_step.dropEvent(event)
    wait()
    assert step(sequence) == COLUMNS


def test_a_file_that_is_no_table_says_so_and_waits_for_another(
    sequence: ImportSequence, tmp_path: Path, wait: Wait
) -> None:
    path = tmp_path / "名录.xlsx"
    path.write_bytes(b"%PDF-1.7 \x00")
    sequence.read(path)
    wait()
    assert step(sequence) == FILE
    assert "PDF" in sequence.file_step.banner.text.text()
    assert sequence.file_step.choose.isEnabled()


def test_a_column_is_corrected(
    sequence: ImportSequence, file: Path, wait: Wait, qtbot: QtBot
) -> None:
    sequence.read(file)
    wait()
    box = sequence.columns_step.boxes[(0, 2)]
    assert box.currentText() == "不导入"
    box.setCurrentIndex(box.findData("township"))
    box.activated.emit(box.currentIndex())
    wait()
    assert sequence.columns_step.boxes[(0, 2)].currentData() == "township"
    sequence.guide.forward.click()
    row = sequence.rows_step.table.rows()[0]
    assert {"乡镇街道", "联系电话"} <= {each.label for each in row.changes}


def test_a_header_row_is_corrected(sequence: ImportSequence, tmp_path: Path, wait: Wait) -> None:
    book = openpyxl.Workbook()
    for row in (("单位名称", "监管类别"), ("企业名称", "监管类别"), ("某甲厂", "一般")):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    sequence.read(tmp_path / "a.xlsx")
    wait()
    sequence.columns_step.header_box.setValue(2)
    sequence.columns_step.header_box.editingFinished.emit()
    wait()
    assert [row.name for row in sequence.rows_step.table.rows()] == ["某甲厂"]


def test_file_without_categories_asks_for_one(
    sequence: ImportSequence, tmp_path: Path, wait: Wait, office: Workspace
) -> None:
    path = sheet(tmp_path / "a.xlsx", [("某甲厂",)], ("单位名称",))
    sequence.read(path)
    wait()
    box = sequence.columns_step.category_box
    assert sequence.columns_step.category_row.isVisible()
    assert box.currentText() == "一般"
    box.setCurrentIndex(box.findText("特殊"))
    box.activated.emit(box.currentIndex())
    wait()
    for _ in range(3):
        sequence.guide.forward.click()
        wait()
    (row,) = office.read(targets.rows, office.read(targets.ids, ListQuery("某甲")))
    assert row.category == "SPECIAL"


def test_a_file_goes_into_the_library_that_was_chosen(
    qtbot: QtBot, tmp_path: Path, wait: Wait
) -> None:
    branch = make_office(
        tmp_path / "qd", rulebook="qingdao-xihaian-2020", people=2, targets={}, level="branch"
    )
    sequence = ImportSequence(branch, "targets")
    qtbot.addWidget(sequence)
    sequence.show()
    sequence.read(sheet(tmp_path / "a.xlsx", [("某甲厂",)], ("单位名称",)))
    wait()
    box = sequence.columns_step.library_box
    assert sequence.columns_step.library_row.isVisible()
    assert box.currentText() == "随机抽查库"
    box.setCurrentIndex(box.findText("排污许可库"))
    box.activated.emit(box.currentIndex())
    wait()
    for _ in range(3):
        sequence.guide.forward.click()
        wait()
    (row,) = branch.read(targets.rows, branch.read(targets.ids, ListQuery("某甲")))
    found = branch.read(targets.one, row.id)
    assert found is not None
    assert found.facts.library == "permit"
    branch.close()


def test_a_change_of_category_is_recorded_with_its_reason_and_number(
    sequence: ImportSequence, tmp_path: Path, wait: Wait, office: Workspace
) -> None:
    rows = [(WORKS.name, WORKS.uscc, "特殊"), ("某甲厂", "", "一般")]
    path = sheet(tmp_path / "a.xlsx", rows, ("单位名称", "统一社会信用代码", "监管类别"))
    sequence.read(path)
    wait()
    sequence.guide.forward.click()
    sequence.guide.forward.click()
    step_ = sequence.confirm_step
    assert step_.category_row.isVisible()
    assert "1 家" in step_.category_words.text()
    assert step_.category_reason.text() == "按导入的“a.xlsx”调整"
    step_.category_reason.selectAll()
    step_.category_reason.insert("被上级挂牌督办")
    step_.category_document.insert("某环督〔2026〕3号")
    sequence.guide.forward.click()
    wait()
    (target_id,) = office.read(targets.ids, ListQuery(WORKS.uscc))
    (line,) = office.read(decisions_of, target_id)
    assert (line.decided, line.reason, line.document_no) == (
        "SPECIAL",
        "被上级挂牌督办",
        "某环督〔2026〕3号",
    )


def test_only_what_needs_a_person_is_shown(
    sequence: ImportSequence, file: Path, wait: Wait
) -> None:
    sequence.read(file)
    wait()
    sequence.guide.forward.click()
    sequence.rows_step.counts.open_box.click()
    assert [row.fate for row in sequence.rows_step.table.rows()] == [Fate.REJECTED]
    sequence.rows_step.counts.open_box.click()
    sequence.rows_step.counts.figures[Fate.NEW].pressed.emit()
    assert [row.fate for row in sequence.rows_step.table.rows()] == [Fate.NEW]


def test_a_row_is_shown_with_its_changes_and_skipped(
    sequence: ImportSequence, file: Path, wait: Wait
) -> None:
    sequence.read(file)
    wait()
    sequence.guide.forward.click()
    sequence.rows_step.table.grid.select_line(0)
    said = words(sequence.rows_step.detail)
    assert "联系电话" in said and "0000" in said and "0001" in said
    sequence.rows_step.skip_wanted.emit(sequence.rows_step.table.rows()[0].place)
    wait()
    assert sequence.rows_step.table.rows()[0].fate is Fate.SKIPPED
    assert "1 行" in sequence.guide.forward.text()
    sequence.rows_step.proposal_wanted.emit(sequence.rows_step.table.rows()[0].place)
    wait()
    assert sequence.rows_step.table.rows()[0].fate is Fate.UPDATED


def test_rejected_rows_are_exported(
    sequence: ImportSequence,
    file: Path,
    wait: Wait,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "退回.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    sequence.read(file)
    wait()
    sequence.guide.forward.click()
    assert sequence.errors_button.text() == "导出退回的 1 行…"
    sequence.errors_button.click()
    wait()
    sheet_ = openpyxl.load_workbook(target).active
    assert sheet_["A2"].value == "青禾县某坏代码厂"


def test_cancelling_goes_back_to_the_list_and_writes_nothing(
    page: TargetsPage, sequence: ImportSequence, file: Path, wait: Wait, office: Workspace
) -> None:
    before = names(office)
    sequence.read(file)
    wait()
    page.cancel_import.click()
    wait()
    assert page.stack.currentIndex() == 0
    assert names(office) == before
    page.import_button.click()
    assert step(sequence) == FILE


def test_directory_that_moved_on_is_compared_again_at_writing(
    sequence: ImportSequence, file: Path, wait: Wait, office: Workspace
) -> None:
    sequence.read(file)
    wait()
    office.write(importing.apply, importing.ApplyImport(kind="targets", path=file))
    for _ in range(3):
        sequence.guide.forward.click()
        wait()
    assert "已写入 0 行" in words(sequence)


def test_another_tab_and_back_finds_the_import_where_it_was(
    page: TargetsPage, sequence: ImportSequence, file: Path, wait: Wait
) -> None:
    sequence.read(file)
    wait()
    window = page.window()
    assert isinstance(window, MainWindow)
    window.go_to("items")
    wait()
    window.go_to("targets")
    wait()
    assert step(sequence) == COLUMNS
    assert sequence.isVisible()


def test_an_import_is_taken_back(
    page: TargetsPage,
    sequence: ImportSequence,
    file: Path,
    wait: Wait,
    office: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = names(office)
    sequence.read(file)
    wait()
    for _ in range(3):
        sequence.guide.forward.click()
        wait()
    assert names(office) != before
    monkeypatch.setattr("app.ui.imports.sequence.confirm_danger", lambda *_a, **_k: True)
    sequence.done_step.undo.click()
    wait()
    assert names(office) == before
    assert page.title_label.text() == "检查对象"
