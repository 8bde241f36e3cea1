"""系统: unit form, backup, check, ledger, text size, manual — clicked like a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.db.read import entries
from app.services import units
from app.services.workspace import Workspace
from app.ui.application import TEXT_SIZE_KEY, make_window, status_of
from app.ui.dialogs.manual import ManualDialog, chapters
from app.ui.dialogs.rulebook import RulebookDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.system import SystemPage
from app.ui.pictures import settle
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import FormDialog
from tests.domain.rulebooks import rulebook_text


@pytest.fixture
def window(office: Workspace, qtbot: QtBot) -> Iterator[MainWindow]:
    spec = PageSpec("system", "系统", "sliders", SystemPage)
    made = make_window(office, MemoryViewStore(), [spec], status_of)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    settle()
    yield made
    settle()


def page(window: MainWindow) -> SystemPage:
    found = window.page("system")
    assert isinstance(found, SystemPage)
    return found


def test_the_unit_is_changed_in_a_form(window: MainWindow, office: Workspace) -> None:
    page(window).unit_part.edit.click()
    (form,) = window.findChildren(FormDialog)
    person = form.panel.editors["person"]
    person.set_value("吴倩")
    person.edited.emit()
    form.save_button.click()
    settle()
    assert office.actor == "吴倩"
    assert (
        office.read(
            lambda c: c.exec_driver_sql("SELECT value FROM setting WHERE key='person'").scalar()
        )
        == "吴倩"
    )


def test_a_backup_appears_in_the_list(window: MainWindow, office: Workspace) -> None:
    page(window).open_at("backup")
    settle()
    part = page(window).backup_part
    part.make.click()
    part.make.click()  # the second click while it runs does nothing
    settle()
    names = [row.name for row in part.table.rows()]
    assert len(names) == 1 and names[0].endswith("-manual.zip")


def test_the_check_shows_each_line(window: MainWindow) -> None:
    page(window).open_at("backup")
    part = page(window).backup_part
    part.check.click()
    settle()
    assert [row.ok for row in part.checks.rows()]
    assert all(row.ok for row in part.checks.rows())


def test_the_ledger_is_searched(window: MainWindow, office: Workspace) -> None:
    page(window).open_at("ledger")
    settle()
    part = page(window).ledger_part
    assert part.table.model.rowCount() == 1
    part.table.show_query("没有这样的词", {})
    settle()
    assert part.table.model.rowCount() == 0


def test_an_entry_of_the_ledger_shows_its_rows_before_and_after(
    window: MainWindow, office: Workspace
) -> None:
    facts = office.read(units.unit_facts, "卫七")
    office.write(units.save, replace(facts, document_no="青环〔2026〕1号"))
    page(window).open_at("ledger")
    settle()
    part = page(window).ledger_part
    part.table.row_activated.emit(office.read(entries.rows, [2])[0])
    settle()
    rows = part.changed.table.rows()
    assert ("修改", "单位 360199（第 1 行）", "文号 空 → “青环〔2026〕1号”") in [
        (row.kind, row.what, row.detail) for row in rows
    ]
    part.changed.close()


def test_a_text_size_is_remembered(window: MainWindow) -> None:
    page(window).open_at("about")
    settle()
    part = page(window).about_part
    part.sizes.chosen.emit("大")
    assert window.context.store.text(TEXT_SIZE_KEY) == "大"


def test_f1_opens_the_chapter_of_the_page(window: MainWindow, qtbot: QtBot) -> None:
    window.navigation.manual_requested.emit()
    settle()
    (manual,) = window.findChildren(ManualDialog)
    assert manual.isVisible()
    assert manual.list.currentItem().text() == "系统"
    manual.close()


def test_every_tab_has_its_chapter() -> None:
    from app.paths import RESOURCES
    from app.ui.pages import page_specs

    titles = [title for title, _ in chapters((RESOURCES / "manual.md").read_text("utf-8"))]
    assert set(titles) >= {spec.title for spec in page_specs()}


def test_the_whole_rulebook_is_read_and_changed_on_its_page(
    window: MainWindow, office: Workspace
) -> None:
    part = page(window).unit_part
    settle()
    said = {each.text() for each in part.findChildren(QLabel)}
    assert {"算作完成", "期限和报送", "见证人"} <= said
    folder = office.folder.rulebooks
    folder.mkdir()
    own = rulebook_text("taijiang-2022").replace('id = "taijiang-2022"', 'id = "qinghe-2026"')
    own = own.replace("福州市台江生态环境局2022年", "青禾县2026年")
    (folder / "qinghe.toml").write_text(own, encoding="utf-8")
    part.change_rulebook.click()
    (dialog,) = window.findChildren(RulebookDialog)
    assert not dialog.adopt.isEnabled()
    dialog.picker.choose("neimenggu")
    assert dialog.hint.text() == "请选本单位的层级"
    dialog.picker.choose(str(folder / "qinghe.toml"))
    dialog.adopt.click()
    settle()
    assert office.rulebook.id == "qinghe-2026"
    assert "青禾县2026年“双随机、一公开”抽查实施方案" in {
        each.text() for each in part.findChildren(QLabel)
    }


def test_the_second_place_is_asked_for_and_then_used(
    window: MainWindow, office: Workspace, tmp_path: Path
) -> None:
    page(window).open_at("backup")
    settle()
    part = page(window).backup_part
    assert "还没有设第二处" in part.banner.text.text()
    assert not part.second.isEnabled()
    stick = tmp_path / "stick"
    stick.mkdir()
    part.choose_second(stick)
    settle()
    assert "今天" in part.banner.text.text() and part.second.isEnabled()
    assert len(list(stick.rglob("*-day.zip"))) == 1


def test_a_backup_is_drilled_restored_compared_and_adopted(
    window: MainWindow, office: Workspace, tmp_path: Path
) -> None:
    page(window).open_at("backup")
    part = page(window).backup_part
    part.make.click()
    settle()
    part.drill.click()
    settle()
    assert part.checks.rows()[0].name == "演练恢复" and all(r.ok for r in part.checks.rows())
    facts = office.read(units.unit_facts, "卫七")
    office.write(units.save, replace(facts, document_no="青环〔2026〕1号"))
    part.restore_to(part.table.rows()[0].path, tmp_path / "r")
    settle()
    assert "多 2 条账本记录" in part.comparison.note.text()
    part.adopt_button.click()
    settle()
    assert not part.comparison.isVisible()
    # The window was opened by a folder that was named: the next start would be, too.
    assert "--data" in part.by_hand.text_label.text()
    part.by_hand.accept()
    assert "before-restore" in {row.reason for row in part.table.rows()}
