"""更换 that wants a new draw: from the task through the whole ceremony, left and taken up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.db.read import draws, substitutions
from app.db.read.substitutions import Scope
from app.domain import rd1
from app.services.draws import drawing
from app.services.replacing.substitution_offer import Leaving
from app.services.safety import verifying
from app.services.workspace import Workspace
from app.ui.ceremony.course import Stage
from app.ui.ceremony.redraw_prepare import RedrawPrepareStep
from app.ui.ceremony.window import CeremonyWindow
from app.ui.dialogs.handing_over import HandOverDialog
from app.ui.dialogs.substitution import SubstitutionDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.planning_records import COLUMNS
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.services.test_substituting import drawn, of_rulebook, tasks
from tests.ui.test_ceremony import click, fill, forward, give, opening, resume, take_number

_DIGITS = ("39274610", "58203917")
_WAIT = 20_000


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    made = of_rulebook(tmp_path, "yiyang-2021")
    yield made
    made.close()


def shown(qtbot: QtBot, office: Workspace) -> AssignmentsPage:
    spec = PageSpec("teams", "检查组与派单", "team", AssignmentsPage)
    window = MainWindow(office, MemoryViewStore(), (spec,))
    qtbot.addWidget(window, before_close_func=_closed)
    window.resize(1366, 768)
    window.show()
    settled(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    page.toggle_names()
    return page


def _closed(window: MainWindow) -> None:
    for each in window.findChildren(CeremonyWindow):
        each._close()


def settled(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=_WAIT)


def consent(dialog: SubstitutionDialog | HandOverDialog) -> None:
    dialog.reason.setCurrentIndex(1)
    for at, (name, post) in enumerate((("孙某", "执法人员"), ("郑某", "部门负责人"))):
        dialog.consent.names[at].setText(name)
        dialog.consent.posts[at].setText(post)


def asked(qtbot: QtBot, page: AssignmentsPage, task: int) -> CeremonyWindow:
    """The dialog filled in and left by its button; the ceremony stands at its first step."""
    page.replace_in_task(Leaving.LEAD, [task])
    qtbot.waitUntil(lambda: bool(page.findChildren(SubstitutionDialog)), timeout=_WAIT)
    (dialog,) = page.findChildren(SubstitutionDialog)
    consent(dialog)
    click(dialog.do_button)
    ceremony = page.doing.ceremony
    assert ceremony is not None and isinstance(ceremony.steps[0], RedrawPrepareStep)
    return ceremony


def sealed(qtbot: QtBot, ceremony: CeremonyWindow) -> None:
    fill(ceremony)
    forward(qtbot, ceremony, Stage.SEAL)


def words_in(window: CeremonyWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel))


def test_the_action_leads_through_the_ceremony_to_another_person(
    qtbot: QtBot, office: Workspace
) -> None:
    no = drawn(office)
    task = tasks(office, no)[0]
    page = shown(qtbot, office)
    ceremony = asked(qtbot, page, task.id)
    sealed(qtbot, ceremony)
    words = words_in(ceremony)
    assert "重新抽取检查人员" in words and f"为抽取 {no} 的 1 项任务各另抽一人" in words
    assert task.target not in words and task.lead not in words
    forward(qtbot, ceremony, Stage.SLIPS)
    forward(qtbot, ceremony, Stage.COMMIT)
    take_number(qtbot, ceremony)
    for row, digits in zip(opening(qtbot, ceremony), _DIGITS, strict=True):
        give(row, digits)
    forward(qtbot, ceremony, Stage.SHOW)
    qtbot.waitUntil(lambda: ceremony.show_step.finished, timeout=_WAIT)
    assert ceremony.show_step.board.serials == (task.serial,)
    ceremony.reject()
    settled(qtbot)
    (record,) = office.read(substitutions.register, Scope(draw_no=no))
    now = tasks(office, no)[0]
    assert now.lead == record.in_id != task.lead and now.second == task.second
    assert [step.name for step in record.steps] == ["孙某", "郑某"]
    assert (office.folder.draws / record.redraw_no / "substitution.pdf").is_file()
    assert (office.folder.draws / record.redraw_no / "minutes.pdf").is_file()
    assert all(check.ok for check in verifying.verify([office.folder.draws]))
    brief = next(each for each in office.read(draws.all_draws) if each.no == record.redraw_no)
    (count,) = (column for column in COLUMNS if column.key == "selected")
    assert count.cell(brief).text == "1 人"
    page.segments.choose("records")
    page._on_view("records")
    settled(qtbot)
    (row,) = page.records_view.table.rows()
    columns = {column.key: column.cell(row) for column in page.records_view.table.model.columns}
    assert columns["out"].struck and columns["out"].text == record.out_name
    assert columns["in"].text == record.in_name
    assert columns["reason"].sub == "本对象一年内重新抽取 1 次"


def test_left_after_sealing_it_goes_on_or_is_taken_back(qtbot: QtBot, office: Workspace) -> None:
    no = drawn(office)
    task = tasks(office, no)[0]
    page = shown(qtbot, office)
    ceremony = asked(qtbot, page, task.id)
    sealed(qtbot, ceremony)
    ceremony._close()
    settled(qtbot)
    (brief,) = office.read(draws.open_draws)
    again = resume(qtbot, office, brief.no)
    assert again.stage is Stage.SEAL and "1 项任务各另抽一人" in words_in(again)
    again._withdraw(stay_open=True)
    qtbot.waitUntil(lambda: not again.isVisible(), timeout=_WAIT)
    assert office.read(draws.open_draws) == ()
    assert office.read(substitutions.register, Scope(draw_no=no)) == ()
    assert tasks(office, no)[0].lead == task.lead


def test_a_void_redraw_changes_nobody_and_another_can_follow(
    qtbot: QtBot, office: Workspace
) -> None:
    no = drawn(office)
    task = tasks(office, no)[0]
    page = shown(qtbot, office)
    ceremony = asked(qtbot, page, task.id)
    sealed(qtbot, ceremony)
    forward(qtbot, ceremony, Stage.SLIPS)
    forward(qtbot, ceremony, Stage.COMMIT)
    take_number(qtbot, ceremony)
    assert ceremony.course is not None
    office.write(
        drawing.void,
        drawing.VoidDraw(
            no=ceremony.course.no, reason="停电", approved_name="郑某", approved_post="副大队长"
        ),
    )
    ceremony._close()
    settled(qtbot)
    assert tasks(office, no)[0].people == task.people
    (record,) = office.read(substitutions.register, Scope(draw_no=no))
    assert (record.redraw_state, record.in_id) == ("void", "")
    again = asked(qtbot, page, task.id)
    sealed(qtbot, again)
    (brief,) = office.read(draws.open_draws)
    assert brief.no.endswith("-03")


def test_all_tasks_of_a_person_are_drawn_anew_in_one_ceremony(
    qtbot: QtBot, office: Workspace
) -> None:
    no = drawn(office)
    before = tasks(office, no)
    person = before[0].lead
    theirs = [task for task in before if person in task.people]
    assert len(theirs) > 1
    page = shown(qtbot, office)
    assert page.segments.key == "people"  # a card per target would be no help
    rows = page.people_view.table.rows()
    line = next(at for at, row in enumerate(rows) if row.personal_no == person)
    page.people_view.table.grid.select_line(line)
    click(page.people_view.move_button)
    qtbot.waitUntil(lambda: bool(page.findChildren(HandOverDialog)), timeout=_WAIT)
    (dialog,) = page.findChildren(HandOverDialog)
    consent(dialog)
    click(dialog.do_button)
    ceremony = page.doing.ceremony
    assert ceremony is not None
    sealed(qtbot, ceremony)
    assert ceremony.course is not None and ceremony.course.frozen is not None
    no_again = ceremony.course.no
    plan = rd1.parse_plan((office.folder.draws / no_again / "plan.txt").read_bytes())
    assert {given.id for given in plan.given} == {task.target for task in theirs}
    ceremony._close()
    settled(qtbot)
    office.write(drawing.commit, drawing.CommitDraw(no=no_again))
    office.write(
        drawing.reveal,
        drawing.RevealDraw(no=no_again, digits=_DIGITS, host="李四", place="室", recorder="王五"),
    )
    after = {task.serial: task for task in tasks(office, no)}
    for task in theirs:
        now = after[task.serial]
        assert person not in now.people and len(set(now.people)) == 2
        assert set(task.people) - {person} <= set(now.people)
    untouched = [task for task in before if person not in task.people]
    assert all(after[task.serial].people == task.people for task in untouched)
    assert all(check.ok for check in verifying.verify([office.folder.draws]))
