"""A year nobody has published: its days are guesses everywhere until the notice is typed in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.db.read import results
from app.db.read.tasks import Progress, TaskRow
from app.services.days import announcing, desk, duties
from app.services.days.announcing import AnnounceYear
from app.services.days.calendar import chinese_calendar
from app.services.plans import local_basis
from app.services.plans.local_basis import BasisFacts
from app.services.tasks import noticing
from app.services.workspace import Workspace
from tests.documents.reading import text
from tests.support_office import draw_once, make_office

GUESS = "日历尚未公布，按推算"


def _tasks(office: Workspace, no: str) -> list[TaskRow]:
    query = results.ResultQuery(draw_no=no, progress=frozenset(Progress))
    return list(office.read(results.rows, office.read(results.ids, query)))


def test_tasks_dated_by_a_guess_say_so_and_follow_the_notice(tmp_path: Path) -> None:
    year = chinese_calendar(2026).announced_until.year + 1
    today = date(year, 1, 5)
    office = make_office(tmp_path / "w", basis=False, today=today)
    try:
        basis = BasisFacts(period=f"{year}", document_no="1号", signer="王五", signed_on=today)
        office.write(local_basis.record, basis)
        no = draw_once(office, period=f"{year}Q1").no
        before = _tasks(office, no)
        (due,) = {task.due_on for task in before}
        assert all(task.due_basis.endswith(GUESS) for task in before)
        made = office.write(noticing.print_notices, noticing.PrintNotices(draw_no=no))
        assert GUESS in text(made.paths[0].read_bytes()).replace("\n", "")
        view = office.read(duties.year_view, year, today)
        (row,) = (row for row in view.rows if "第一季度：录入" in row.label)
        assert (row.due_on, row.estimated) == (due, True)

        # The last working day before the seven is given free: the strict day moves before it.
        others = "".join(f"5月{day}日放假。" for day in range(1, 8))
        notice = f"{others}{due.month}月{due.day}日放假。"
        told = office.write(announcing.announce, AnnounceYear(year=year, text=notice))
        assert told.moved == len(before)
        after = _tasks(office, no)
        assert all(task.due_on < due and GUESS not in task.due_basis for task in after)
        view = office.read(duties.year_view, year, today)
        assert view.known and not any(row.estimated for row in view.rows)
        assert {row.due_on for row in view.rows if "第一季度：录入" in row.label} == {
            task.due_on for task in after
        }
        assert GUESS not in str(office.read(desk.overview, today).todos)
    finally:
        office.close()
