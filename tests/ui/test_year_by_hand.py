"""Half a year in Nanchang by clicks and keys, its numbers by hand beside it.

The county: A 5, B 4, C 4; today is 2 July 2026.  A: 25 % a quarter, all within 2026, two quarters
left.  B: 12.5 %, all within 2026–2027, six quarters left.  C: 8.3 %, all within 2026–2028, ten.

Third quarter: A max(⌈5 × 25 %⌉ = 2, ⌈5 ÷ 2⌉ = 3) = 3; B max(⌈0.5⌉, ⌈4 ÷ 6⌉) = 1; C 1 likewise.
One A is found closed: its alternate is inspected instead, the county has 4 A left, 3 inspected.
Fourth quarter: A max(⌈4 × 25 %⌉ = 1, ⌈1 ÷ 1⌉) = 1; B max(1, ⌈3 ÷ 5⌉) = 1; C max(1, ⌈3 ÷ 9⌉) = 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.db.read import pool, results
from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.rulebook import Rulebook
from app.domain.ways import Way
from app.services.directories import directories
from app.services.safety import verifying
from app.services.tasks import inspecting
from app.services.workspace import Workspace
from app.ui import desktop
from app.ui.ceremony.course import Stage
from app.ui.dialogs.substitution import SubstitutionDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.planning import PlanPage
from app.ui.pages.results import ResultsPage
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import Page
from tests.services.test_substituting import tasks
from tests.support_draw import Clock
from tests.support_office import DIGITS, make_office
from tests.ui import test_ceremony as ceremonies
from tests.ui import test_plan_life as plan_life
from tests.ui.test_after_draw import settle
from tests.ui.test_planning_page import ways_of
from tests.ui.test_substitution import fill as consent

_SPECS = (
    PageSpec("plan", "计划与抽取", "dice", PlanPage),
    PageSpec("teams", "检查组与派单", "team", AssignmentsPage),
    PageSpec("results", "检查结果", "document-check", ResultsPage),
    PageSpec("system", "系统", "sliders", lambda context: Page(context, "系统")),
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(desktop.QDesktopServices, "openUrl", lambda _url: True)
    made = make_office(tmp_path / "office", targets={"A": 5, "B": 4, "C": 4}, people=7)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, office: Workspace) -> Iterator[MainWindow]:
    made = MainWindow(office, MemoryViewStore(), _SPECS)
    made.resize(1366, 768)
    made.show()
    settle(qtbot)
    yield made
    settle(qtbot)
    made.close()
    made.deleteLater()


def click(qtbot: QtBot, widget: object) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
    settle(qtbot)


def numbers(page: PlanPage, rulebook: Rulebook) -> dict[str, int]:
    """应抽 of the table on the screen."""
    codes = {each.label: each.code for each in rulebook.categories}
    return {codes[row.label]: row.quota for row in page.quota.rows() if row.label in codes}


def drawn(qtbot: QtBot, page: PlanPage) -> str:
    """开始抽取 and the whole ceremony, digits typed twice."""
    dialog = ways_of(qtbot, page)
    assert dialog.way is Way.UNDIRECTED
    ceremonies.click(dialog.forward)
    ceremony = page.ceremony
    assert ceremony is not None
    ceremonies.fill(ceremony)
    for stage in (Stage.SEAL, Stage.SLIPS, Stage.COMMIT):
        ceremonies.forward(qtbot, ceremony, stage)
    ceremonies.take_number(qtbot, ceremony)
    for row, digits in zip(ceremonies.opening(qtbot, ceremony), DIGITS, strict=False):
        ceremonies.give(row, digits)
    ceremonies.forward(qtbot, ceremony, Stage.SHOW)
    assert ceremony.course is not None
    no = ceremony.course.no
    ceremonies.click(ceremony.show_step.skip_button)
    ceremony.reject()
    settle(qtbot)
    return no


def typed(qtbot: QtBot, page: ResultsPage, serial: str, *, closed: bool = False) -> None:
    """登记检查, the form by keys, 提交; then 复核锁定 by another person."""
    click(qtbot, page.start_button)
    dialog = page._start_dialog
    assert dialog is not None
    ceremonies.write(dialog.search.search_box, serial)
    qtbot.keyClick(dialog.search.search_box, Qt.Key.Key_Return)
    settle(qtbot)
    dialog.day.setText("20260702")
    click(qtbot, dialog.start_button)
    form = page.form
    qtbot.keyClicks(form.arrived, "940")
    box = next(iter(form.methods.values()))
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    form.items.setFocus()
    qtbot.keyClick(form.items, "3" if closed else "1")
    if closed:
        form.conclusion.set_value(Conclusion.CLOSED)
        form.conclusion.picked.emit(Conclusion.CLOSED)
        form.finding.insertPlainText("厂房已拆除")
    task = form.form
    assert task is not None and form.missing.text() == "可以提交"
    click(qtbot, form.submit_button)
    page.open_at(task.task.id)
    settle(qtbot)
    click(qtbot, page.review.lock_button)
    page.dialog.panel.editors["name"].set_value("郑某")
    click(qtbot, page.dialog.save_button)


def inspected(office: Workspace, task: int) -> None:
    """The same as ``typed`` below the window, for those that would only be typed alike."""
    entry = office.read(results.form, task).entry
    entry = replace(
        entry,
        inspected_on=date(2026, 7, 2),
        arrived="09:40",
        left="11:25",
        methods=(office.rulebook.check_methods.value[0],),
        items=tuple(replace(item, outcome=ItemOutcome.OK) for item in entry.items),
        conclusion=Conclusion.NO_PROBLEM,
        entered_by="钱某",
    )
    sent = office.write(inspecting.submit, inspecting.SubmitResult(assignment_id=task, entry=entry))
    office.write(
        inspecting.lock, inspecting.LockResult(result_id=sent.result_id, reviewed_by="郑某")
    )


def test_two_quarters_by_clicks_give_the_numbers_by_hand(
    qtbot: QtBot, office: Workspace, window: MainWindow
) -> None:
    plan = window.page("plan")
    assert isinstance(plan, PlanPage)
    plan.timeline.setCurrentRow(1)
    settle(qtbot)
    plan_life.press(qtbot, plan.annual.bar, "编制计划")
    plan_life.fill(qtbot, plan.annual.bar.form)
    plan_life.approve(qtbot, plan.annual.bar)
    plan_life.until(qtbot, lambda: plan.annual.bar.chip.text() == "已批准")
    plan.open_at("2026Q3")
    plan_life.until(qtbot, lambda: plan.annual_year is None and bool(plan.quota.rows()))
    assert numbers(plan, office.rulebook) == {"A": 3, "B": 1, "C": 1}
    no = drawn(qtbot, plan)
    assert len(tasks(office, no)) == 5

    window.go_to("results")
    settle(qtbot)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    gone = next(task for task in tasks(office, no) if task.category == "A")
    typed(qtbot, page, gone.serial, closed=True)
    click(qtbot, page.review.alternate_button)
    page.question.accept()
    qtbot.waitUntil(lambda: bool(page.findChildren(SubstitutionDialog)))
    (dialog,) = page.findChildren(SubstitutionDialog)
    consent(qtbot, dialog)
    click(qtbot, dialog.do_button)
    assert page.replacing.done is not None
    page.replacing.done.accept()
    number = office.read(pool.target_names)[gone.target].id
    office.write(directories.set_target_state, directories.SetTargetState((number,), "closed"))
    first, *others = tasks(office, no)
    typed(qtbot, page, first.serial)
    for task in others:
        inspected(office, task.id)
    states = {office.read(results.form, task.id).task.progress.value for task in tasks(office, no)}
    assert states == {"locked"}

    clock = office.clock
    assert isinstance(clock, Clock)
    clock.move_to(date(2026, 10, 8))
    window.go_to("plan")
    plan.open_at("2026Q4")
    plan_life.until(qtbot, lambda: str(plan.period) == "2026Q4" and bool(plan.quota.rows()))
    assert numbers(plan, office.rulebook) == {"A": 1, "B": 1, "C": 1}
    bases = {row.label: (row.base, row.covered) for row in plan.quota.rows()[:3]}
    assert list(bases.values()) == [(4, 3), (4, 1), (4, 1)]
    assert all(check.ok for check in verifying.verify([office.folder.draws]))
