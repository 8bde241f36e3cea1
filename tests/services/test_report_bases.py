"""The targets behind 基数: as many as the number says, and nothing of who was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db.read.desk_details import SECRET
from app.db.unit_of_work import UnitOfWork
from app.models import Draw, Target
from app.services.days import report_bases, reporting
from app.services.draws.draw_facts import pack_facts, unpack_facts
from app.services.plans.planning import PlanLine
from tests.support_draw import PERIOD, TARGETS, DrawnOffice, lock_result, make_drawn_office

_TODAY = date(2026, 9, 15)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    lock_result(made, made.tasks[0])
    yield made
    made.workspace.close()


def _bases(office: DrawnOffice, category: str = "") -> report_bases.Counted:
    view = office.workspace.read(reporting.report, PERIOD, _TODAY)
    content = next(line.content for line in view.report.lines)
    return office.workspace.read(report_bases.base_rows, view, content, category)


def _change(office: DrawnOffice, **changed: object) -> None:
    """Change every line of the sealed plan."""

    def run(uow: UnitOfWork, _command: None) -> None:
        draw = uow.session.scalars(select(Draw)).one()
        facts = unpack_facts(draw.facts)
        lines: tuple[PlanLine, ...] = tuple(
            replace(line, **changed)  # type: ignore[arg-type]
            for line in facts.plan.lines
        )
        draw.facts = pack_facts(replace(facts, plan=replace(facts.plan, lines=lines)))
        uow.record("test.change", draw.no, {})
        uow.commit()

    office.workspace.write(run, None)


def test_the_category_is_the_one_in_force_when_the_list_was_sealed(office: DrawnOffice) -> None:
    def move(uow: UnitOfWork, _command: None) -> None:
        target = uow.session.scalars(select(Target).where(Target.name == TARGETS[0][1])).one()
        target.category, target.state = "GENERAL", "closed"
        uow.record("test.move", target.ident, {})
        uow.commit()

    office.workspace.write(move, None)
    key = _bases(office, "KEY")
    assert [row.name for row in key.rows] == [TARGETS[0][1], TARGETS[1][1]]
    assert len(_bases(office).rows) == len(TARGETS)
    assert key.unknown == 0


def test_targets_of_a_later_round_are_counted_and_an_older_plan_says_what_it_does_not_know(
    office: DrawnOffice,
) -> None:
    _change(office, strata=(), later=tuple(code for _k, _n, code in TARGETS[:2]))
    assert [row.ident for row in _bases(office, "KEY").rows] == [TARGETS[0][2], TARGETS[1][2]]
    _change(office, strata=(), later=())
    found = _bases(office, "KEY")
    assert (found.rows, found.unknown) == ((), 2)


def test_where_the_list_was_drawn_elsewhere_names_wait_for_their_inspection(
    office: DrawnOffice,
) -> None:
    _change(office, source="市支队〔2026〕8号")
    rows = _bases(office).rows
    assert len(rows) == len(TARGETS)
    assert [row.name for row in rows if row.ident] == [TARGETS[0][1]]
    assert [row.name for row in rows if not row.ident] == [SECRET] * (len(TARGETS) - 1)
    assert not any(row.address for row in rows if not row.ident)
