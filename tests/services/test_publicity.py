"""Stages of publicity: nothing leaks early, no person is ever named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from sqlalchemy import select

from app.db.read import results
from app.db.unit_of_work import UnitOfWork
from app.domain.publicity import Stage
from app.errors import UserError
from app.models import Assignment, Draw, DrawState
from app.services.draws import papers
from app.services.public import publicity
from app.services.tasks import inspecting
from app.services.workspace import Workspace
from tests.documents.reading import image, pages, text
from tests.support_draw import DrawnOffice, clean_entry, lock_result
from tests.support_office import DIGITS, OPERATOR, WITNESSES, draw_once, make_office

NO = "360199-2026Q3-01"


class Drawn:
    """An office after its draw: what is secret, and its tasks."""

    def __init__(self, office: Workspace) -> None:
        self.office = office
        self.revealed = draw_once(office)
        plan = (self.revealed.folder / "plan.txt").read_text(encoding="utf-8")
        self.names = re.findall(r"^tgt\|.*\|(.+)$", plan, re.MULTILINE)
        result = (self.revealed.folder / "result.txt").read_text(encoding="ascii")
        self.tickets = re.findall(r"^(?:sel|alt)\|.*\|([0-9a-f]{64})$", result, re.MULTILINE)
        with office._reader.connect() as connection:
            rows = connection.execute(select(Assignment.id).order_by(Assignment.id))
            self.tasks = tuple(row.id for row in rows)

    @property
    def drawn_office(self) -> DrawnOffice:
        return DrawnOffice(self.office, self.office.clock, self.tasks)  # type: ignore[arg-type]

    def lock(self, task: int) -> str:
        """Lock a clean result; gives the target's name."""
        name = self.office.read(results.form, task).task.target_name
        lock_result(self.drawn_office, task, clean_entry(self.drawn_office, task))
        return name

    def standing(self) -> publicity.Standing:
        return self.office.read(publicity.standing, NO)

    def disclosed(self) -> bytes:
        return self.office.write(papers.write_disclosure, NO).read_bytes()


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Drawn]:
    office = make_office(tmp_path / "office", targets={"A": 6})
    found = Drawn(office)
    found.drawn_office.clock.move_to(date(2026, 9, 15))
    yield found
    office.close()


def people() -> list[str]:
    return [witness.name for witness in WITNESSES] + [OPERATOR, "李四", "王五", "某1", "某2"]


def secrets(drawn: Drawn) -> list[str]:
    """What only the last stage may show."""
    return [drawn.revealed.reveal, drawn.revealed.seed, *DIGITS[:2], *drawn.tickets]


def test_at_once_only_counts_and_digests_are_public(drawn: Drawn) -> None:
    now = drawn.standing()
    assert (now.stage, now.inspected, now.outstanding) == (Stage.HELD, 0, len(drawn.tasks))
    with pytest.raises(UserError, match="现在只能公开"):
        drawn.disclosed()
    page = text((drawn.revealed.folder / "minutes-public.pdf").read_bytes())
    assert not [word for word in (*secrets(drawn), *drawn.names, *people()) if word in page]
    assert not [t for t in drawn.tickets if t[:8] in page]


def test_a_name_is_public_once_inspected_and_its_result_once_locked(drawn: Drawn) -> None:
    first = drawn.tasks[0]
    name = drawn.office.read(results.form, first).task.target_name
    entry = clean_entry(drawn.drawn_office, first)
    drawn.office.write(inspecting.submit, inspecting.SubmitResult(assignment_id=first, entry=entry))
    assert drawn.standing().stage is Stage.INSPECTING
    early = text(drawn.disclosed())
    assert name in early and "复核后公布" in early
    assert "未发现问题" not in early and "9月10日" not in early
    others = [other for other in drawn.names if other != name]
    assert not [word for word in (*secrets(drawn), *others, *people()) if word in early]


def test_a_draft_names_nobody(drawn: Drawn) -> None:
    first = drawn.tasks[0]
    entry = clean_entry(drawn.drawn_office, first)
    drawn.office.write(
        inspecting.save_draft, inspecting.SaveDraft(assignment_id=first, entry=entry)
    )
    assert drawn.standing().stage is Stage.HELD


def test_seed_and_r_are_public_after_the_last_inspection_of_the_period(drawn: Drawn) -> None:
    for task in drawn.tasks[:-1]:
        drawn.lock(task)
    almost = text(drawn.disclosed())
    assert not [word for word in (*secrets(drawn), *people()) if word in almost]
    assert drawn.standing().outstanding == 1
    drawn.lock(drawn.tasks[-1])
    assert drawn.standing().stage is Stage.ENDED
    pdf = drawn.disclosed()
    last = text(pdf)
    for word in (drawn.revealed.reveal, drawn.revealed.seed, *DIGITS[:2]):
        assert word in last
    for file in ("plan.txt", "excluded.txt", "result.txt"):
        size = (drawn.revealed.folder / file).stat().st_size
        assert f"{file}{size}" in last
    assert not [word for word in people() if word in last]
    codes = [
        c.text for at in range(len(pages(pdf))) for c in zxingcpp.read_barcodes(image(pdf, at + 1))
    ]
    found = drawn.revealed
    assert codes == [f"RD1|{NO}|{found.plan}|{found.commitment}|{found.result}"]


def _open_another(uow: UnitOfWork, _command: None) -> None:
    """A second draw of the period whose list is sealed: a row as the ceremony leaves it."""
    first = uow.session.scalars(select(Draw)).one()
    uow.session.add(
        Draw(
            no="360199-2026Q3-02",
            series=first.series,
            seq=2,
            rehearsal=False,
            period=first.period,
            state=DrawState.FROZEN,
            prev=first.result_hash or "",
            plan_bytes=first.plan_bytes,
            plan_hash=first.plan_hash,
            excluded_bytes=b"",
            facts=first.facts,
            frozen_at=uow.now,
        )
    )
    uow.record("test.open", "x", {})
    uow.commit()


def test_another_open_draw_of_the_period_keeps_the_seed_back(drawn: Drawn) -> None:
    for task in drawn.tasks:
        drawn.lock(task)
    drawn.office.write(_open_another, None)
    assert drawn.standing().stage is Stage.INSPECTING
    assert drawn.revealed.seed not in text(drawn.disclosed())


def _replace_last_by_first(uow: UnitOfWork, tasks: tuple[int, ...]) -> None:
    last = uow.session.get_one(Assignment, tasks[-1])
    last.replaced_by_id = tasks[0]
    uow.record("test.replace", "x", {})
    uow.commit()


def test_a_substituted_target_is_waited_for_no_longer(drawn: Drawn) -> None:
    for task in drawn.tasks[:-1]:
        drawn.lock(task)
    name = drawn.office.read(results.form, drawn.tasks[-1]).task.target_name
    drawn.office.write(_replace_last_by_first, drawn.tasks)
    assert drawn.standing().stage is Stage.ENDED
    assert name not in text(drawn.disclosed())


def test_rehearsals_and_unknown_draws_have_nothing_to_publish(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office")
    try:
        done = draw_once(office, rehearsal=True)
        with pytest.raises(UserError, match="没有可以公开的结果"):
            office.write(papers.write_disclosure, done.no)
        with pytest.raises(UserError, match="没有编号为"):
            office.read(publicity.standing, "x")
    finally:
        office.close()
