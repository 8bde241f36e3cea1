from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.db.read import substitutions
from app.services.replacing import substitution_offer
from app.services.replacing.redrawing import Redraw
from app.services.replacing.substituting import Substituted
from app.services.replacing.substitution_offer import Leaving
from app.services.workspace import Workspace
from app.ui.dialogs.substitution import SubstitutionDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.assignments import AssignmentsPage
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.services.test_substituting import drawn, tasks
from tests.support_office import make_office

TODAY = date(2026, 7, 2)


def opened(qtbot: QtBot, office: Workspace, at: int, leaving: Leaving) -> SubstitutionDialog:
    found = office.read(substitution_offer.preview_task, at, leaving, TODAY)
    dialog = SubstitutionDialog(None, office, found, TODAY)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def words_in(dialog: SubstitutionDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def fill(qtbot: QtBot, dialog: SubstitutionDialog) -> None:
    dialog.reason.setCurrentIndex(1)
    for line, (name, post) in enumerate((("Wang", "member"), ("Zheng", "deputy"))):
        qtbot.keyClicks(dialog.consent.names[line], name)
        qtbot.keyClicks(dialog.consent.posts[line], post)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "office", targets={"A": 30, "B": 8, "C": 8}, people=9)
    yield made
    made.close()


def test_the_order_is_shown_and_the_first_comes(qtbot: QtBot, office: Workspace) -> None:
    no = drawn(office, 3)
    task = tasks(office, no)[0]
    dialog = opened(qtbot, office, task.id, Leaving.TARGET)
    coming = dialog._offer.coming
    assert coming is not None
    assert f"1. {coming.name}（{coming.id}） ← 由其接替" in words_in(dialog)
    assert "细则第十五条" in words_in(dialog)
    assert not dialog.do_button.isEnabled()
    assert dialog.why.text() == "还没有选更换原因"
    fill(qtbot, dialog)
    assert dialog.do_button.isEnabled()
    with qtbot.waitSignal(dialog.substituted) as outcome:
        qtbot.mouseClick(dialog.do_button, Qt.MouseButton.LeftButton)
    made = outcome.args[0]
    assert isinstance(made, Substituted) and made.coming == coming
    assert (made.folder / "addendum-01.pdf").is_file()


def test_what_went_wrong_stays_on_the_dialog(qtbot: QtBot, office: Workspace) -> None:
    no = drawn(office, 3)
    dialog = opened(qtbot, office, tasks(office, no)[0].id, Leaving.LEAD)
    fill(qtbot, dialog)
    dialog.day.set_value(date(2026, 7, 9))
    qtbot.mouseClick(dialog.do_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.error.isVisible)
    assert "更换日期 2026-07-09 不对" in words_in(dialog)
    assert office.read(substitutions.of_draw, no) == ()


def test_an_appointment_asks_who_and_a_redraw_goes_on_to_the_draw(
    qtbot: QtBot, tmp_path: Path
) -> None:
    for rulebook, why in (
        ("qingdao-xihaian-2020", "还没有指定由谁接替"),
        ("yiyang-2021", ""),
    ):
        made = make_office(tmp_path / rulebook, rulebook=rulebook, people=9)
        try:
            no = drawn(made)
            dialog = opened(qtbot, made, tasks(made, no)[0].id, Leaving.SECOND)
            fill(qtbot, dialog)
            assert dialog.why.text() == why and dialog.do_button.isEnabled() is not bool(why)
            if dialog.coming is None:
                with qtbot.waitSignal(dialog.redraw_wanted) as wanted:
                    qtbot.mouseClick(dialog.do_button, Qt.MouseButton.LeftButton)
                request = wanted.args[0]
                assert isinstance(request, Redraw)
                assert request.for_targets == (tasks(made, no)[0].target,)
                assert [step.step for step in request.steps] == ["申请", "批准"]
            else:
                dialog.coming.setCurrentIndex(2)
                with qtbot.waitSignal(dialog.substituted) as outcome:
                    qtbot.mouseClick(dialog.do_button, Qt.MouseButton.LeftButton)
                assert outcome.args[0].coming.id == dialog.coming.currentData()
        finally:
            made.close()


def test_the_page_offers_it_once_names_are_shown(qtbot: QtBot, office: Workspace) -> None:
    no = drawn(office, 3)
    task = tasks(office, no)[0]
    spec = PageSpec("teams", "检查组与派单", "team", AssignmentsPage)
    window = MainWindow(office, MemoryViewStore(), (spec,))
    window.resize(1366, 768)
    window.show()
    idle = TaskRunner.of_application
    qtbot.waitUntil(lambda: not idle().busy)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    page.replace_in_task(Leaving.TARGET, [task.id])
    qtbot.waitUntil(lambda: not idle().busy)
    assert not page.findChildren(SubstitutionDialog)
    page.toggle_names()
    page.replace_in_task(Leaving.TARGET, [task.id])
    qtbot.waitUntil(lambda: bool(page.findChildren(SubstitutionDialog)))
    (dialog,) = page.findChildren(SubstitutionDialog)
    fill(qtbot, dialog)
    with qtbot.waitSignal(dialog.substituted):
        qtbot.mouseClick(dialog.do_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not idle().busy)
    assert task.target not in {row.target for row in tasks(office, no)}
    window.close()
    qtbot.addWidget(window)
