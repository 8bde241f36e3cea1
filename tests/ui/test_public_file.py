"""公示表 by hand: what is seen is what is made, what may not be public is listed, the way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.db.unit_of_work import UnitOfWork
from app.domain.paper_texts import PaperKind
from app.models import InspectionItem, ResultItem
from app.services.paperwork import paper_words
from app.services.public import public_files, public_wording
from app.services.workspace import Workspace
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.publishing import PublishingPage
from app.ui.pages.system import SystemPage
from tests.support_draw import PEOPLE, PERIOD, TARGETS, DrawnOffice, lock_result, make_drawn_office
from tests.ui import test_after_draw
from tests.ui.test_after_draw import click, settle, show
from tests.ui.test_plan_life import until

__all__ = ["show"]

Show = Callable[[Workspace], MainWindow]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    for task in made.tasks[:4]:
        lock_result(made, task)
    yield made
    made.workspace.close()


def _page(qtbot: QtBot, show: Show, office: DrawnOffice) -> PublishingPage:
    window = show(office.workspace)
    window.go_to("publication")
    settle(qtbot)
    page = window.page("publication")
    assert isinstance(page, PublishingPage)
    until(qtbot, lambda: len(page.table.rows()) == 4)
    return page


def test_what_is_seen_is_what_is_made(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    page = _page(qtbot, show, office)
    page.category.setCurrentIndex(page.category.findData("KEY"))
    page.table.grid.clearSelection()
    page.show_table(".xlsx")
    until(qtbot, page.making.make_button.isEnabled)
    words = [each.text() for each in page.making.scope_buttons.buttons()]
    label = page.category.currentText()
    assert words == [
        f"列表里的 2 家（待公示、{label}）",
        "2026年第三季度可以公示的全部 4 家（待公示和已公示）",
    ]
    assert page.making.make_button.text() == "生成 2 家"
    assert "将生成 2 家" in page.making.banner.text.text()
    page.making.scope_buttons.button(1).click()
    until(qtbot, lambda: page.making.make_button.text() == "生成 4 家")
    page.making.scope_buttons.button(0).click()
    until(qtbot, lambda: page.making.make_button.text() == "生成 2 家")
    path = tmp_path / "公示表.html"
    page.making.make(path)
    until(qtbot, path.is_file)
    said = path.read_text("utf-8-sig")
    assert TARGETS[0][1] in said and TARGETS[2][1] not in said
    page.table.grid.select_line(0)
    assert page.scopes()[0].words == "选中的 1 家"
    assert page.chosen.text() == "共 2 家，已选 1 家"


def test_the_list_is_copied_like_every_other(qtbot: QtBot, show: Show, office: DrawnOffice) -> None:
    page = _page(qtbot, show, office)
    page._select_all()
    page.table.copy_selection()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert len(copied) == 4 and all("\t" in line for line in copied)


def _name_item(uow: UnitOfWork, name: str) -> None:
    first = uow.session.query(InspectionItem).order_by(InspectionItem.id).first()
    assert first is not None
    first.name = name
    uow.session.query(ResultItem).filter_by(item_id=first.id).update({"name": name})
    uow.commit()


def test_a_name_that_is_none_is_allowed_where_it_stopped_the_table(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    office.workspace.write(_name_item, f"{PEOPLE[0]}路段扬尘")
    page = _page(qtbot, show, office)
    page.show_table(".xlsx")
    making = page.making
    until(qtbot, lambda: making.checked is not None)
    (mend,) = making.mending.table.rows()
    assert (mend.column, mend.text) == ("抽查事项", f"{PEOPLE[0]}路段扬尘")
    assert not making.make_button.isEnabled()
    click(qtbot, making.mending.allow_button)
    editors = making.mending.asking.panel.editors
    assert editors["who"].value() == "卫七"
    editors["reason"].set_value("路名")
    click(qtbot, making.mending.asking.save_button)
    until(qtbot, making.make_button.isEnabled)
    (row,) = office.workspace.read(public_wording.rows)
    assert (row.by, row.reason, row.text) == ("卫七", "路名", mend.text)


def test_the_row_is_gone_to_and_the_file_is_chosen_when_it_is_put_up(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    page = _page(qtbot, show, office)
    page.show_table(".xlsx")
    until(qtbot, page.making.make_button.isEnabled)
    path = tmp_path / "网站用.xlsx"
    page.making.make(path)
    until(qtbot, path.is_file)
    settle(qtbot)
    page._select_all()
    click(qtbot, page.primary)
    settle(qtbot)
    file = page.dialog.panel.editors["file"]
    assert file.value()
    page.dialog.panel.editors["place"].set_value("局网站")
    click(qtbot, page.dialog.save_button)
    until(qtbot, lambda: page.segments.key == "due" and not page.table.rows())
    archived = office.workspace.write(public_files.files, PERIOD)
    assert list(archived.values()) == [path.read_bytes()]


def test_going_to_the_row_leaves_the_dialog(qtbot: QtBot, show: Show, office: DrawnOffice) -> None:
    office.workspace.write(_name_item, f"{PEOPLE[0]}路段扬尘")
    window = show(office.workspace)
    window.go_to("publication")
    settle(qtbot)
    page = window.page("publication")
    assert isinstance(page, PublishingPage)
    until(qtbot, lambda: len(page.table.rows()) == 4)
    page.show_table(".xlsx")
    until(qtbot, lambda: page.making.checked is not None)
    click(qtbot, page.making.mending.jump_button)
    until(qtbot, lambda: window.current_key == "items")


def test_going_to_the_units_own_words_opens_that_papers_words(
    qtbot: QtBot, show: Show, office: DrawnOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = [
        PageSpec("system", "系统", "sliders", SystemPage) if spec.key == "system" else spec
        for spec in test_after_draw.SPECS
    ]
    monkeypatch.setattr(test_after_draw, "SPECS", specs)
    own = office.workspace.read(paper_words.words_of, PaperKind.PUBLICATION)
    passages = tuple(replace(each, text=f"{each.text}{PEOPLE[1]}") for each in own.passages)
    office.workspace.write(paper_words.save, replace(own, passages=passages))
    window = show(office.workspace)
    window.go_to("publication")
    settle(qtbot)
    page = window.page("publication")
    assert isinstance(page, PublishingPage)
    until(qtbot, lambda: len(page.table.rows()) == 4)
    page.show_table(".xlsx")
    until(qtbot, lambda: page.making.checked is not None)
    click(qtbot, page.making.mending.jump_button)
    until(qtbot, lambda: window.current_key == "system")
    system = window.page("system")
    assert isinstance(system, SystemPage)
    until(qtbot, lambda: system.papers_part.words_dialog is not None)
    assert system.segments.key == "papers"
    dialog = system.papers_part.words_dialog
    assert dialog is not None
    assert dialog.windowTitle() == f"修改文书文字：{PaperKind.PUBLICATION.label}"
    dialog.reject()
