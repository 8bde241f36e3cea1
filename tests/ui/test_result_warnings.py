"""What a result's form says by itself: unfit people, the year's caps, the alternate of one gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.db.read import results, substitutions
from app.db.unit_of_work import UnitOfWork
from app.domain.inspection import Conclusion, ItemOutcome
from app.models import Draw, Inspector
from app.services.plans import frequency_rules
from app.services.plans.frequency_rules import FrequencyRules
from app.services.tasks import inspecting
from app.services.workspace import Workspace
from app.ui.dialogs.substitution import SubstitutionDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.results import ResultsPage
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.services.test_substituting import drawn, tasks
from tests.support_office import make_office
from tests.ui.test_substitution import fill

TODAY = date(2026, 7, 2)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "office", targets={"A": 30, "B": 8, "C": 8}, people=9)
    yield made
    made.close()


def settle(qtbot: QtBot) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=10_000)
        qtbot.wait(10)


@pytest.fixture
def window(qtbot: QtBot, office: Workspace) -> Iterator[MainWindow]:
    drawn(office, 3)
    specs = (
        PageSpec("results", "检查结果", "document-check", ResultsPage),
        PageSpec("teams", "检查组与派单", "team", AssignmentsPage),
    )
    made = MainWindow(office, MemoryViewStore(), specs)
    made.resize(1366, 768)
    made.show()
    settle(qtbot)
    yield made
    settle(qtbot)
    made.close()
    made.deleteLater()


def results_of(window: MainWindow) -> ResultsPage:
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    return page


def number(office: Workspace) -> str:
    def newest(uow: UnitOfWork, _: None) -> str:
        return uow.session.query(Draw).one().no

    return office.write(newest, None)


def test_who_may_not_inspect_is_said_as_soon_as_the_result_is_started(
    qtbot: QtBot, office: Workspace, window: MainWindow
) -> None:
    task = tasks(office, number(office))[0]

    def expire(uow: UnitOfWork, _: None) -> str:
        person = uow.session.query(Inspector).filter_by(personal_no=task.lead).one()
        person.cert_valid_to = date(2026, 6, 30)
        uow.commit()
        return person.name

    name = office.write(expire, None)
    office.write(frequency_rules.save, FrequencyRules(own_limit=2))
    command = inspecting.StartResult(assignment_id=task.id, inspected_on=TODAY)
    done = office.write(inspecting.start, command)
    assert done.warning.startswith(f"2026-07-02 不能执法的人员：{name}：执法证 2026-06-30 已到期")
    page = results_of(window)
    page.open_at(task.id)
    settle(qtbot)
    assert page.form.banner.isVisible()
    assert f"{name}：执法证 2026-06-30 已到期" in page.form.banner.text.text()
    assert "请先办理更换" in page.form.banner.text.text()
    page.form.national.fold(False)
    assert page.form.national.visits.text() == "本年已检：0 次；本单位上限 2 次：还可 2 次"


def test_one_locked_as_closed_is_replaced_by_its_alternate_on_the_same_page(
    qtbot: QtBot, office: Workspace, window: MainWindow
) -> None:
    no = number(office)
    task = tasks(office, no)[0]
    entry = office.read(results.form, task.id).entry
    entry = replace(
        entry,
        inspected_on=TODAY,
        arrived="09:40",
        left="09:55",
        methods=("现场检查",),
        items=tuple(replace(item, outcome=ItemOutcome.NOT_APPLICABLE) for item in entry.items),
        conclusion=Conclusion.CLOSED,
        finding="厂房已拆除",
        entered_by="钱某",
    )
    command = inspecting.SubmitResult(assignment_id=task.id, entry=entry)
    done = office.write(inspecting.submit, command)
    office.write(
        inspecting.lock, inspecting.LockResult(result_id=done.result_id, reviewed_by="郑某")
    )
    page = results_of(window)
    page.open_at(task.id)
    settle(qtbot)
    assert page.review.alternate_button.isVisible()
    assert "第十五条" in page.review.hint.whole and "本结果保留" in page.review.hint.whole
    qtbot.mouseClick(page.review.alternate_button, Qt.MouseButton.LeftButton)
    page.question.accept()
    qtbot.waitUntil(lambda: bool(page.findChildren(SubstitutionDialog)))
    (dialog,) = page.findChildren(SubstitutionDialog)
    # What the locked result says is not asked again; it may be put in other words.
    assert dialog.reason.currentText() == "检查对象已不存在"
    assert dialog.words == "2026-07-02 现场检查已关闭停业，厂房已拆除"
    assert dialog.reason.isEnabled() and not dialog.text.isReadOnly()
    fill(qtbot, dialog)
    with qtbot.waitSignal(dialog.substituted) as outcome:
        qtbot.mouseClick(dialog.do_button, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert page.replacing.done is not None
    page.replacing.done.accept()
    coming = outcome.args[0].coming.id
    now = {each.target for each in tasks(office, no)}
    assert coming in now and task.target not in now
    (row,) = office.read(substitutions.of_draw, no)
    assert (row.out_id, row.in_id) == (task.target, coming)
    assert row.reason == "检查对象已不存在：2026-07-02 现场检查已关闭停业，厂房已拆除"
    # From the list of the teams it opens too, to be read: nothing of it is changed any more.
    teams = window.page("teams")
    assert isinstance(teams, AssignmentsPage)
    window.go_to("teams")
    teams.show_targets()
    settle(qtbot)
    window_row = next(
        at for at in range(teams.table.model.rowCount())
        if teams.table.model.row_at(at).id == task.id
    )  # fmt: skip
    grid = teams.table.grid
    grid.scrollTo(grid.model().index(window_row, 1))
    where = grid.visualRect(grid.model().index(window_row, 1)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    settle(qtbot)
    assert window.current_key == "results" and page.review.isVisible()
    assert page.review.name.whole == office.read(results.rows, [task.id])[0].shown_name
    instead = next(each.serial for each in tasks(office, no) if each.target == coming)
    assert page.review.hint.whole == f"已由递补对象 {instead} 接替；本结果保留，不再更改。"
    shown = (page.review.alternate_button, page.review.correct_button, page.review.return_button)
    assert not any(each.isVisible() for each in shown)
