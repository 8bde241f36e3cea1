"""A small office whose draw is closed: five targets, six inspectors, four items, two teams.

The rows are inserted directly, so that what comes after the draw is tested without the ceremony.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.db.read import results
from app.db.unit_of_work import UnitOfWork
from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.result_entry import ResultEntry
from app.models import (
    Assignment,
    Draw,
    DrawState,
    InspectionItem,
    Inspector,
    Target,
)
from app.services.draws.draw_facts import DrawFacts, pack_facts
from app.services.plans import planning
from app.services.tasks import inspecting
from app.services.workspace import CreateUnit, Workspace, create, open_workspace, read_unit

DRAW_NO = "360199-2026Q3-01"
PERIOD = "2026Q3"
DRAWN = date(2026, 7, 2)
TARGETS = (
    ("KEY", "青禾县某甲水泥制品厂", "913601990000000011"),
    ("KEY", "青禾县某乙电镀有限公司", "913601990000000022"),
    ("GENERAL", "青禾县某丙养鸡场", ""),
    ("GENERAL", "青禾县某丁䶮食品有限公司", "913601990000000044"),
    ("GENERAL", "青禾县某戊家具厂", "913601990000000055"),
)
PEOPLE = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
ITEMS = ("环评与“三同时”", "排污许可证，按证排污", "污染防治设施正常运行", "危险废物贮存与台账")
LEGAL_REP = "欧阳某某"
PHONE = "13900000000"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move_to(self, day: date) -> None:
        """Noon of a day, office time."""
        self.at = datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True)
class DrawnOffice:
    """The workspace, its clock and the assignment ids in serial order."""

    workspace: Workspace
    clock: Clock
    tasks: tuple[int, ...]


def make_drawn_office(root: Path, *, rulebook: str = "yiyang-2021") -> DrawnOffice:
    """Create and open it; the caller closes ``workspace``. Today is 15 September 2026."""
    clock = Clock(datetime(2026, 7, 2, 1, 0, tzinfo=UTC))
    create(
        root,
        CreateUnit(name="青禾县生态环境保护综合行政执法大队", code="360199", rulebook_id=rulebook),
        clock,
    )
    workspace = open_workspace(root, actor="卫七", clock=clock)
    tasks = workspace.write(_insert, None)
    clock.move_to(date(2026, 9, 15))
    return DrawnOffice(workspace, clock, tasks)


def _insert(uow: UnitOfWork, _command: None) -> tuple[int, ...]:
    now = uow.now
    people = [
        Inspector(
            personal_no=f"{number:04d}",
            name=name,
            search=name,
            cert_no=f"CERT-{number}",
            cert_valid_from=date(2024, 1, 1),
            cert_valid_to=date(2027, 12, 31),
            employment="established",
            state="on_duty",
            created_at=now,
            updated_at=now,
        )
        for number, name in enumerate(PEOPLE, 1)
    ]
    targets = [
        Target(
            ident=code or f"L{number}",
            name=name,
            search=f"{name} {code}".lower(),
            uscc=code,
            legal_rep=LEGAL_REP,
            phone=PHONE,
            address="青禾县柳湾镇某某路 8 号",
            category=category,
            category_since=date(2025, 1, 1),
            state="active",
            created_on=date(2025, 1, 1),
            created_at=now,
            updated_at=now,
        )
        for number, (category, name, code) in enumerate(TARGETS, 1)
    ]
    items = [
        InspectionItem(
            code=f"S{number}",
            name=name,
            search=name,
            position=number,
            categories=["KEY"] if number == len(ITEMS) else [],
            created_at=now,
            updated_at=now,
        )
        for number, name in enumerate(ITEMS, 1)
    ]
    uow.session.add_all([*people, *targets, *items])
    uow.session.flush()
    draw = Draw(
        no=DRAW_NO,
        series="360199",
        seq=1,
        rehearsal=False,
        period=PERIOD,
        state=DrawState.CLOSED,
        prev="0" * 64,
        plan_bytes=b"plan\n",
        plan_hash="1" * 64,
        excluded_bytes=b"",
        reveal="2" * 64,
        commitment="3" * 64,
        result_bytes=b"result\n",
        result_hash="4" * 64,
        seed="5" * 64,
        facts=_facts(uow),
        frozen_at=now,
        closed_at=now,
    )
    uow.session.add(draw)
    uow.session.flush()
    tasks = []
    seen: dict[str, int] = {}
    for number, target in enumerate(targets):
        seen[target.category] = seen.get(target.category, 0) + 1
        team = number % 2
        tasks.append(
            Assignment(
                draw_id=draw.id,
                target_id=target.id,
                category=target.category,
                serial=f"{target.category}-{seen[target.category]:02d}",
                team_no=team + 1,
                lead_id=people[2 * team].id,
                second_id=people[2 * team + 1].id,
                flags="L" if number == 0 else "",
                due_on=date(2026, 9, 30),
                due_basis="方案未规定",
            )
        )
    uow.session.add_all(tasks)
    folder = uow.folder.draws / DRAW_NO
    folder.mkdir(parents=True)
    for name, body in (
        ("plan.txt", b"plan\n"),
        ("result.txt", b"result\n"),
        ("excluded.txt", b""),
        ("commitment.pdf", b"%PDF-1.4 slip"),
        ("minutes.pdf", b"%PDF-1.4 sealed"),
        ("minutes-public.pdf", b"%PDF-1.4 public"),
    ):
        (folder / name).write_bytes(body)
    uow.record("test.draw", DRAW_NO, {})
    uow.commit()
    return tuple(task.id for task in tasks)


def _facts(uow: UnitOfWork) -> dict[str, Any]:
    connection = uow.session.connection()
    unit = read_unit(connection)
    # One text asks for a figure somebody else gives; the others count for themselves.
    typed = 18 if unit.rulebook_id == "qingdao-xihaian-2020" else None
    plan = planning.compute(connection, planning.MakePlan(period=PERIOD, on=DRAWN, headcount=typed))
    return pack_facts(
        DrawFacts(
            unit=unit.name,
            rulebook_title="",
            rulebook_id=unit.rulebook_id,
            rulebook_version="1",
            document_title="",
            document_no="",
            draw_basis="",
            plan=plan,
            teams=2,
            pair_each=False,
        )
    )


def clean_entry(
    office: DrawnOffice, task: int, on: date = date(2026, 9, 10), by: str = "钱二"
) -> ResultEntry:
    """A complete entry without findings for a task."""
    fresh = office.workspace.read(results.form, task).entry
    return replace(
        fresh,
        inspected_on=on,
        arrived="09:40",
        left="11:25",
        methods=("现场检查",),
        items=tuple(replace(item, outcome=ItemOutcome.OK) for item in fresh.items),
        conclusion=Conclusion.NO_PROBLEM,
        entered_by=by,
    )


def ordered_entry(office: DrawnOffice, task: int, on: date = date(2026, 9, 10)) -> ResultEntry:
    """A complete entry that found something and ordered it to be put right."""
    entry = clean_entry(office, task, on)
    last = replace(entry.items[-1], outcome=ItemOutcome.PROBLEM, note="暂存间标识不全")
    return replace(
        entry,
        items=(*entry.items[:-1], last),
        conclusion=Conclusion.ORDERED,
        finding="危险废物暂存间标识不全",
        measure="责令限期整改",
        rectify_by=on + timedelta(days=30),
        document_no="青环责改〔2026〕14号",
    )


def lock_result(office: DrawnOffice, task: int, entry: ResultEntry | None = None) -> int:
    """Submit and lock; gives the result's id."""
    command = inspecting.SubmitResult(assignment_id=task, entry=entry or clean_entry(office, task))
    submitted = office.workspace.write(inspecting.submit, command)
    office.workspace.write(
        inspecting.lock,
        inspecting.LockResult(result_id=submitted.result_id, reviewed_by="卫七"),
    )
    return submitted.result_id
