"""A year played twice: through the services, and by hand — the sums stand beside the numbers.

Nanchang's rules: A 25 % a quarter and all within 2026; B 12.5 % and all within 2026–2027; C 8.3 %
and all within 2026–2028.  N counts targets in force; a target is covered once inspected in its
category's cycle; the number is the larger of the share and the coverage debt, both rounded up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db.read import results, targets
from app.db.read.tasks import Progress, TaskRow
from app.db.unit_of_work import UnitOfWork
from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.past_inspection import PastInspectionFacts
from app.domain.rd1 import Substituted as Kind
from app.domain.target import TargetFacts
from app.models import InspectionEntry, Inspector, Target
from app.services.directories import directories
from app.services.plans import planning
from app.services.replacing import substituting
from app.services.tasks import inspecting, past_inspections
from app.services.workspace import Workspace
from tests.support_draw import Clock
from tests.support_office import draw_once, make_office

_DIGITS = {
    1: ("35162441", "62413553"),
    2: ("41526363", "26534142"),
    3: ("53624115", "14263552"),
    4: ("62531442", "31546226"),
}


class _Year:
    """A county in 2026; every number a test compares comes out of its database."""

    def __init__(self, office: Workspace) -> None:
        self.office = office
        assert isinstance(office.clock, Clock)
        self.clock: Clock = office.clock

    def plan(self, period: str) -> dict[str, tuple[int, int, int, int, int]]:
        """Of each category: N, covered, uncovered, pool, number."""
        command = planning.MakePlan(period=period, on=planning.today(self.office))
        lines = self.office.read(planning.compute, command).lines
        return {
            line.category: (line.base, line.covered, line.uncovered, line.pool, line.quota)
            for line in lines
        }

    def draw(self, quarter: int) -> str:
        return draw_once(self.office, period=f"2026Q{quarter}", digits=_DIGITS[quarter]).no

    def tasks(self, no: str) -> list[TaskRow]:
        every = frozenset(Progress)
        query = results.ResultQuery(draw_no=no, progress=every)
        return list(self.office.read(results.rows, self.office.read(results.ids, query)))

    def open_of(self, no: str, category: str) -> list[TaskRow]:
        waiting = [task for task in self.tasks(no) if task.category == category]
        return sorted(
            (task for task in waiting if task.progress is Progress.OPEN), key=lambda each: each.id
        )

    def inspect(self, task: TaskRow, on: date) -> None:
        """Enter a clean result on a day, and lock it."""
        form = self.office.read(results.form, task.id)
        entry = replace(
            form.entry,
            inspected_on=on,
            arrived="09:40",
            left="11:25",
            methods=("现场检查",),
            items=tuple(replace(item, outcome=ItemOutcome.OK) for item in form.entry.items),
            conclusion=Conclusion.NO_PROBLEM,
            entered_by=task.lead,
        )
        command = inspecting.SubmitResult(assignment_id=task.id, entry=entry)
        done = self.office.write(inspecting.submit, command)
        self.office.write(
            inspecting.lock, inspecting.LockResult(result_id=done.result_id, reviewed_by="卫七")
        )

    def inspect_all(self, no: str, on: date) -> int:
        waiting = [task for task in self.tasks(no) if task.progress is Progress.OPEN]
        for task in waiting:
            self.inspect(task, on)
        return len(waiting)

    def idents(self, category: str, *, covered: bool) -> list[str]:
        """Targets in force of a category that were, or were not, inspected; by their ids."""

        def read(uow: UnitOfWork, _: None) -> list[str]:
            rows = uow.session.scalars(
                select(Target).where(Target.category == category, Target.state == "active")
            )
            return sorted(row.ident for row in rows if self._inspected(row.id) is covered)

        return self.office.write(read, None)

    def _inspected(self, target_id: int) -> bool:
        detail = self.office.read(targets.one, target_id)
        return detail is not None and bool(detail.inspections)

    def id_of(self, ident: str) -> int:
        def read(uow: UnitOfWork, _: None) -> int:
            return uow.session.scalars(select(Target.id).where(Target.ident == ident)).one()

        return self.office.write(read, None)

    def state(self, ident: str, state: str) -> None:
        command = directories.SetTargetState((self.id_of(ident),), state)
        self.office.write(directories.set_target_state, command)

    def reclassify(self, ident: str, category: str) -> None:
        number = self.id_of(ident)
        detail = self.office.read(targets.one, number)
        assert detail is not None
        facts = replace(detail.facts, category=category)
        self.office.write(
            directories.save_target, directories.SaveTarget(number, facts, "分类办法更新")
        )

    def add(self, name: str, category: str) -> None:
        facts = TargetFacts(name=name, category=category, township="柳湾镇")
        self.office.write(directories.save_target, directories.SaveTarget(None, facts))

    def visited_by(self, kind: str, ident: str, on: date) -> None:
        facts = PastInspectionFacts(on=on, kind=kind)
        command = past_inspections.RecordInspection(self.id_of(ident), facts)
        self.office.write(past_inspections.record, command)

    def replace(self, no: str, kind: Kind, out: str, on: date) -> substituting.Substituted:
        return self.office.write(
            substituting.substitute,
            substituting.Substitute(
                draw_no=no, kind=kind, out=out, reason_code="r1", reason_text="现场已拆除",
                approved_name="郑某", approved_post="分管副大队长", on=on,
            ),
        )  # fmt: skip


@pytest.fixture
def year(tmp_path: Path) -> Iterator[_Year]:
    office = make_office(
        tmp_path / "office", rulebook="nanchang-2023", targets={"A": 12, "B": 16, "C": 24}, people=9
    )
    yield _Year(office)
    office.close()


def test_a_year_in_nanchang(year: _Year) -> None:
    # Numbers 10 and 21 of each class are suspended: A 1, B 1, C 2.  They stay in N, not in pools.
    year.clock.move_to(date(2026, 1, 5))
    assert year.plan("2026Q1") == {
        "A": (12, 0, 12, 11, 3),  # 12 × 25 % = 3; 12 ÷ 4 quarters = 3
        "B": (16, 0, 16, 15, 2),  # 16 × 12.5 % = 2; 16 ÷ 8 = 2
        "C": (24, 0, 24, 22, 2),  # 24 × 8.3 % = 1.992, up 2; 24 ÷ 12 = 2
    }
    first = year.draw(1)
    assert len(year.tasks(first)) == 7
    # One A is gone when they arrive: the next alternate of its list comes in.
    year.clock.move_to(date(2026, 1, 20))
    gone = year.open_of(first, "A")[0]
    made = year.replace(
        first, Kind.TARGET, gone.target_code or _ident(year, gone), date(2026, 1, 20)
    )
    year.state(_ident(year, gone), "closed")
    assert made.coming.id != _ident(year, gone)
    # One C is never inspected; everything else is.
    never = year.open_of(first, "C")[0]
    for task in year.tasks(first):
        if task.progress is Progress.OPEN and task.id not in (never.id, gone.id):
            year.inspect(task, date(2026, 1, 20))
    # In February the superior visits a B nobody has drawn yet.
    year.clock.move_to(date(2026, 2, 10))
    year.visited_by("superior", year.idents("B", covered=False)[0], date(2026, 2, 9))

    year.clock.move_to(date(2026, 4, 2))
    assert year.plan("2026Q2") == {
        "A": (11, 3, 8, 7, 3),  # N 12 - 1; 11 × 25 % = 2.75, up 3; 8 ÷ 3 = 2.67, up 3
        "B": (16, 3, 13, 12, 2),  # covered 2 + 1; 2; 13 ÷ 7 = 1.86, up 2
        "C": (24, 1, 23, 21, 3),  # covered 2 - 1; 1.992, up 2; 23 ÷ 11 = 2.09, up 3
    }
    second = year.draw(2)
    # Somebody of a team falls ill: the first on standby takes over his open tasks.
    year.clock.move_to(date(2026, 4, 8))
    task = year.tasks(second)[0]
    assert task.lead_id is not None
    ill = _person(year, task.lead_id)
    year.replace(second, Kind.INSPECTOR, ill, date(2026, 4, 8))
    assert all(each.lead_id != task.lead_id for each in year.tasks(second))
    assert year.inspect_all(second, date(2026, 4, 8)) == 8  # 3 + 2 + 3

    # July: a B nobody inspected and a C that was inspected become A; two new A are found.
    year.clock.move_to(date(2026, 7, 1))
    year.reclassify(year.idents("B", covered=False)[0], "A")
    year.reclassify(year.idents("C", covered=True)[0], "A")
    year.add("青禾县某新一厂", "A")
    year.add("青禾县某新二厂", "A")
    assert year.plan("2026Q3") == {
        "A": (15, 7, 8, 7, 4),  # N 11 + 2 + 2; covered 3 + 3 + 1; 3.75, up 4; 8 ÷ 2 = 4
        "B": (15, 5, 10, 9, 2),  # N 16 - 1; covered 3 + 2; 1.875, up 2; 10 ÷ 6 = 1.67, up 2
        "C": (23, 3, 20, 18, 2),  # N 24 - 1; covered 1 + 3 - 1; 1.909, up 2; 20 ÷ 10 = 2
    }
    third = year.draw(3)
    year.clock.move_to(date(2026, 7, 20))
    assert year.inspect_all(third, date(2026, 7, 20)) == 8  # 4 + 2 + 2
    # September: a joint inspection of an A that was not drawn; the suspended A works again.
    year.clock.move_to(date(2026, 9, 8))
    year.visited_by("joint", year.idents("A", covered=False)[0], date(2026, 9, 7))
    year.state("A0010", "active")

    year.clock.move_to(date(2026, 10, 9))
    assert year.plan("2026Q4") == {
        "A": (
            15,
            12,
            3,
            3,
            3,
        ),  # covered 7 + 4 + 1; 3.75, up 4, but 3 are left: the cycle ends
        "B": (15, 7, 8, 7, 2),  # 8 ÷ 5 = 1.6, up 2
        "C": (23, 5, 18, 16, 2),  # 18 ÷ 9 = 2
    }
    fourth = year.draw(4)
    year.clock.move_to(date(2026, 10, 20))
    assert year.inspect_all(fourth, date(2026, 10, 20)) == 7

    year.clock.move_to(date(2027, 1, 4))
    assert year.plan("2027Q1") == {
        "A": (15, 0, 15, 15, 4),  # a new cycle: 3.75, up 4; 15 ÷ 4 = 3.75, up 4
        "B": (15, 9, 6, 5, 2),  # 1.875, up 2; 6 ÷ 4 = 1.5, up 2
        "C": (23, 7, 16, 14, 2),  # 16 ÷ 8 = 2
    }
    # Over the year: 7 + 8 + 8 + 7 drawn, one of them replaced, one never inspected: 29 inspected.
    assert _own_inspections(year) == 29


def _ident(year: _Year, task: TaskRow) -> str:
    def read(uow: UnitOfWork, _: None) -> str:
        return uow.session.get_one(Target, task.target_id).ident

    return year.office.write(read, None)


def _person(year: _Year, inspector_id: int) -> str:
    def read(uow: UnitOfWork, _: None) -> str:
        return uow.session.get_one(Inspector, inspector_id).personal_no

    return year.office.write(read, None)


def _own_inspections(year: _Year) -> int:
    def read(uow: UnitOfWork, _: None) -> int:
        found = uow.session.scalars(select(InspectionEntry).where(InspectionEntry.kind == "own"))
        return sum(1 for entry in found if entry.covers)

    return year.office.write(read, None)
