"""An office ready to draw: directories filled by direct inserts, nothing drawn yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from app.db.unit_of_work import UnitOfWork
from app.models import InspectionItem, Inspector, Target
from app.services.draws import drawing
from app.services.plans import local_basis
from app.services.workspace import CreateUnit, Workspace, create, open_workspace
from tests.support_draw import Clock

UNIT = "青禾县生态环境保护综合行政执法大队"
OPERATOR = "卫七"
PERIOD = "2026Q3"
DIGITS = ("35162441", "62413553", "12654136")
WITNESSES = (
    drawing.WitnessInput("周敏", "县纪委监委派驻组", "副组长"),
    drawing.WitnessInput("郑涛", "县司法局", "法制科长"),
)
BASIS = local_basis.BasisFacts(
    period="2026",
    kind="consent",
    document_no="青环函〔2026〕12号",
    signer="王五",
    post="分局局长",
    signed_on=date(2026, 6, 20),
)
_SURNAMES = "赵钱孙李冯陈褚蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_MARKS = "甲乙丙丁戊己庚辛壬癸"


def make_office(
    root: Path,
    *,
    rulebook: str = "nanchang-2023",
    targets: Mapping[str, int] | None = None,
    people: int = 7,
    level: str = "",
    basis: bool = True,
    today: date = date(2026, 7, 2),
) -> Workspace:
    """Create and open it; the caller closes it.  It is 09:00 in China, of 2 July 2026 by default.

    ``targets``: how many of each category code; two of each of the rulebook's by default.
    ``basis``: why draws of 2026 are made here is on record.
    """
    clock = Clock(datetime(today.year, today.month, today.day, 1, 0, tzinfo=UTC))
    create(
        root,
        CreateUnit(name=UNIT, code="360199", rulebook_id=rulebook, level=level),
        clock,
    )
    workspace = open_workspace(root, actor=OPERATOR, clock=clock)
    counts = targets or {category.code: 6 for category in workspace.rulebook.categories}
    workspace.write(_insert, (counts, people))
    if basis:
        workspace.write(local_basis.record, BASIS)
    return workspace


def _insert(uow: UnitOfWork, command: tuple[Mapping[str, int], int]) -> None:
    counts, people = command
    now = uow.now
    uow.session.add_all(
        Target(
            ident=f"{code}{number:04d}",
            name=f"青禾县某{_MARKS[number % 10]}{code}{number:03d}厂",
            search=f"{code}{number} 青禾县某{_MARKS[number % 10]}{code}{number:03d}厂".lower(),
            category=code,
            category_since=date(2020, 1, 1),
            need="water" if number % 3 == 0 else "",
            state="suspended" if number % 11 == 10 else "active",
            created_on=date(2020, 1, 1),
            created_at=now,
            updated_at=now,
        )
        for code, count in counts.items()
        for number in range(1, count + 1)
    )
    uow.session.add_all(
        Inspector(
            personal_no=f"R{number:02d}",
            name=f"{_SURNAMES[number]}某{number}",
            search=f"r{number}",
            cert_no=f"3601990{number:02d}",
            cert_valid_from=date(2024, 1, 1),
            cert_valid_to=date(2026, 8, 31) if number == people else date(2028, 12, 31),
            employment="established",
            specialities=["water"] if number % 3 == 0 else ["air"],
            may_lead=number <= 4,
            state="on_duty",
            created_at=now,
            updated_at=now,
        )
        for number in range(1, people + 1)
    )
    uow.session.add(
        InspectionItem(
            code="S1", name="污染防治设施", search="s1", position=1, created_at=now, updated_at=now
        )
    )
    uow.record("test.fill", "office", {})
    uow.changed |= {"target", "inspector", "item"}
    uow.commit()


def draw_once(
    workspace: Workspace,
    *,
    period: str = PERIOD,
    digits: tuple[str, ...] = DIGITS[:2],
    rehearsal: bool = False,
    teams: int | None = None,
) -> drawing.Revealed:
    """One whole ceremony through the services."""
    frozen = workspace.write(
        drawing.freeze,
        drawing.FreezeDraw(
            period=period,
            witnesses=WITNESSES,
            teams=teams,
            rehearsal=rehearsal,
            host="李四",
            recorder="王五",
            place="三楼会议室",
        ),
    )
    workspace.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
    return workspace.write(
        drawing.reveal,
        drawing.RevealDraw(
            no=frozen.no, digits=digits, host="李四", place="三楼会议室", recorder="王五"
        ),
    )
