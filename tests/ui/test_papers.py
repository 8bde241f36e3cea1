"""Papers by clicks: from a task, a result and a correction; words and numbers under 系统."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.db.read import numbers
from app.domain.paper_texts import PaperKind
from app.services.paperwork import numbering, paper_words, task_papers
from app.services.paperwork.task_papers import PrintPapers
from app.services.workspace import Workspace
from app.ui.dialogs import paper_words as words_dialogs
from app.ui.dialogs import preview
from app.ui.dialogs.inspecting import FormDialog
from app.ui.main_window import MainWindow
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.publishing import PublishingPage
from app.ui.pages.results import ResultsPage
from app.ui.pages.system_papers import PapersPart
from tests.documents.reading import text
from tests.support_draw import TARGETS, DrawnOffice, lock_result, make_drawn_office, ordered_entry
from tests.ui.test_after_draw import click, settle, show

__all__ = ["show"]

Show = Callable[[Workspace], MainWindow]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What would have been shown in the preview."""
    found: list[Path] = []
    monkeypatch.setattr(preview, "show_papers", lambda _page, paths: found.extend(paths))
    return found


def _choose(qtbot: QtBot, menu: QMenu, words: str) -> None:
    actions: list[QAction] = menu.actions()
    next(each for each in actions if each.text() == words).trigger()
    settle(qtbot)


def test_a_whole_draws_notices_in_one_file_and_a_teams(
    qtbot: QtBot, show: Show, office: DrawnOffice, opened: list[Path]
) -> None:
    window = show(office.workspace)
    window.go_to("teams")
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    _choose(qtbot, page.papers_button.menu(), "行政检查通知书")
    assert opened == []  # names are not on the screen yet
    click(qtbot, page.show_names)
    _choose(qtbot, page.papers_button.menu(), "行政检查通知书")
    assert all(name in text(opened[0].read_bytes()) for _c, name, _u in TARGETS)
    period = next(each for each in page.papers_button.menu().actions() if each.menu()).menu()
    assert isinstance(period, QMenu)
    _choose(qtbot, period, "行政检查通知书")
    assert all(name in text(opened.pop().read_bytes()) for _c, name, _u in TARGETS[:1])
    card = page.findChildren(type(page._grid.itemAt(0).widget()))[0]
    _choose(qtbot, card.papers_link.menu(), "现场检查记录")
    words = text(opened[1].read_bytes())
    assert TARGETS[0][1] in words and TARGETS[1][1] not in words


def test_a_blank_form_needs_no_names(
    qtbot: QtBot, show: Show, office: DrawnOffice, opened: list[Path]
) -> None:
    window = show(office.workspace)
    window.go_to("teams")
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    menus = {each.text(): each.menu() for each in page.papers_button.menu().actions()}
    blank = menus["空白表"]
    assert isinstance(blank, QMenu)
    _choose(qtbot, blank, "行政检查审批表")
    assert opened[0].name == "行政检查审批表-空白.pdf"


def test_two_clicks_from_a_result_and_what_cannot_be_printed_says_why(
    qtbot: QtBot,
    show: Show,
    office: DrawnOffice,
    opened: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ordered = office.tasks[0]
    lock_result(office, ordered, ordered_entry(office, ordered))
    window = show(office.workspace)
    window.go_to("results", ordered)
    settle(qtbot)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    _choose(qtbot, page.papers_button.menu(), "责令整改通知书")
    assert "青环责改〔2026〕14号" in text(opened[0].read_bytes())
    click(qtbot, page.review.correct_button)
    dialog = next(d for d in page.findChildren(FormDialog) if d.isVisible())
    typed = {"error": "结论选错", "should_be": "未发现问题", "cause": "看错", "applied_by": "钱二"}
    for name, value in typed.items():
        dialog.panel.editors[name].set_value(value)
    click(qtbot, dialog.save_button)
    link = next(
        b
        for b in page.review.after.findChildren(type(page.papers_button))
        if b.text() == "打印申请表"
    )
    click(qtbot, link)
    assert "结论选错" in text(opened[1].read_bytes())


def test_the_publication_table_on_paper(
    qtbot: QtBot, show: Show, office: DrawnOffice, opened: list[Path]
) -> None:
    lock_result(office, office.tasks[2])
    window = show(office.workspace)
    window.go_to("publication")
    settle(qtbot)
    page = window.page("publication")
    assert isinstance(page, PublishingPage)
    _choose(qtbot, page.table_button.menu(), "预览和打印…")
    settle(qtbot)
    assert page.making.make_button.text() == "预览 1 家"
    click(qtbot, page.making.make_button)
    assert TARGETS[2][1] in text(opened[0].read_bytes())


# --- 系统 › 文书与文号 -------------------------------------------------------------------------


@pytest.fixture
def part(qtbot: QtBot, show: Show, office: DrawnOffice) -> PapersPart:
    office.workspace.write(
        task_papers.print_papers, PrintPapers(kind=PaperKind.NOTICE, tasks=office.tasks[:2])
    )
    window = show(office.workspace)
    made = PapersPart(window.context)
    qtbot.addWidget(made)
    made.resize(1180, 600)
    made.show()
    made.refresh()
    settle(qtbot)
    return made


def _choose_paper(part: PapersPart, kind: PaperKind) -> None:
    part.papers.grid.select_line(list(PaperKind).index(kind))


def _save(qtbot: QtBot, part: PapersPart, **values: object) -> None:
    dialog = part.dialog
    assert dialog is not None
    for name, value in values.items():
        dialog.panel.editors[name].set_value(value)  # type: ignore[arg-type]
    click(qtbot, dialog.save_button)


def test_a_number_is_voided_with_its_reason_and_the_register_printed(
    qtbot: QtBot, part: PapersPart, office: DrawnOffice, opened: list[Path]
) -> None:
    part.table.grid.select_line(0)
    click(qtbot, part.void_button)
    _save(qtbot, part, reason="名称印错")
    states = [row.state for row in office.workspace.read(numbers.register)]
    assert states == ["作废", "在用"]
    click(qtbot, part.register_button)
    assert "名称印错" in text(opened[0].read_bytes())


def test_numbers_used_outside_and_the_form_of_a_series(
    qtbot: QtBot, part: PapersPart, office: DrawnOffice
) -> None:
    assert not part.form_button.isEnabled()
    part.series_box.setCurrentIndex(part.series_box.findData("检通"))
    click(qtbot, part.elsewhere_button)
    _save(qtbot, part, through=9, reason="手工编号")
    click(qtbot, part.form_button)
    _save(qtbot, part, form="青检通〔{年}〕{号}号")
    series = {each.code: each.form for each in office.workspace.read(numbering.all_series)}
    assert series["检通"] == "青检通〔{年}〕{号}号"
    assert [row.through for row in office.workspace.read(numbers.register)] == [1, 2, 9]


def test_words_are_edited_previewed_and_an_unknown_field_is_said(
    qtbot: QtBot, part: PapersPart, office: DrawnOffice, opened: list[Path]
) -> None:
    _choose_paper(part, PaperKind.NOTICE)
    click(qtbot, part.edit_button)
    dialog = part.words_dialog
    assert dialog is not None
    dialog.areas["main"].setPlainText("请配合{厂名}。")
    click(qtbot, dialog.save_button)
    assert dialog.banner.isVisible() and dialog.isVisible()
    dialog.areas["main"].setPlainText("请配合检查：")
    dialog.areas["main"].moveCursor(dialog.areas["main"].textCursor().MoveOperation.End)
    click(qtbot, dialog.field_buttons["检查对象"])
    click(qtbot, dialog.preview_button)
    assert "请配合检查：（样例）" in text(opened[0].read_bytes())
    click(qtbot, dialog.save_button)
    kept = office.workspace.read(paper_words.words_of, PaperKind.NOTICE)
    assert kept.passages[0].text == "请配合检查：{检查对象}"


def test_closing_the_words_asks_where_something_was_typed_and_shipped_ones_need_no_way_back(
    qtbot: QtBot, part: PapersPart, office: DrawnOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [False, True]

    def confirm(_parent: object, title: str, *_more: object, **_named: object) -> bool:
        asked.append(title)
        return answers.pop(0)

    monkeypatch.setattr(words_dialogs, "confirm", confirm)
    _choose_paper(part, PaperKind.NOTICE)
    click(qtbot, part.edit_button)
    dialog = part.words_dialog
    assert dialog is not None and not dialog.restore_button.isEnabled()
    dialog.reject()
    assert not dialog.isVisible() and asked == []
    click(qtbot, part.edit_button)
    dialog = part.words_dialog
    assert dialog is not None
    dialog.title.setText("入企{检查}告知书")
    bar = dialog._area.verticalScrollBar()
    bar.setValue(bar.maximum())
    dialog.reject()
    assert dialog.isVisible() and asked == ["放弃修改"]
    click(qtbot, dialog.save_button)
    assert dialog.isVisible() and "不能用字段" in dialog.banner.text.text()
    assert bar.value() == 0
    dialog.reject()
    assert not dialog.isVisible()
    assert not office.workspace.read(paper_words.is_own, PaperKind.NOTICE)


def test_a_paper_is_found_by_a_word_of_it_and_its_places_to_sign_are_named(
    qtbot: QtBot, part: PapersPart, office: DrawnOffice
) -> None:
    part.finder.setText("领取人签名")
    assert [row.text.kind for row in part.papers.rows()] == [PaperKind.TEAM_NOTICE]  # type: ignore[attr-defined]
    part.papers.grid.select_line(0)
    click(qtbot, part.edit_button)
    dialog = part.words_dialog
    assert dialog is not None
    dialog.lines["sign_receiver"].setText("接单人")
    assert not dialog.sealer.isEnabled()
    dialog.seal.setChecked(True)
    dialog.sealer.setText("某某县生态环境局")
    click(qtbot, dialog.save_button)
    kept = office.workspace.read(paper_words.words_of, PaperKind.TEAM_NOTICE)
    assert (kept.words("sign_receiver"), kept.sealer, kept.seal) == (
        "接单人",
        "某某县生态环境局",
        True,
    )
    part.finder.setText("没有这种文书")
    assert list(part.papers.rows()) == [] and not part.edit_button.isEnabled()
    part.finder.setText("")
    assert len(part.papers.rows()) == len(PaperKind)
