"""What approved plans fix for the draws below them: the headcount and the unit's own numbers.

Only an approved version binds; a proposed one is a proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, select

from app.domain.deadlines import Deadline
from app.domain.periods import Period, Span
from app.domain.quota import Wish
from app.domain.rulebook import Rulebook
from app.domain.wishes import read_wish
from app.errors import UserError
from app.models import PlanKind, PlanState, PlanVersion

_HALF_A_YEAR = 6
_BINDING = (PlanState.APPROVED, PlanState.FILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTerms:
    """``headcount`` with the day and the plan it was frozen with; ``wishes`` by category.

    ``approvals``: the plans in force, as 依据 prints them.
    """

    headcount: int | None = None
    headcount_words: str = ""
    wishes: Mapping[str, Wish] = field(default_factory=dict)
    approvals: tuple[str, ...] = ()


def terms(connection: Connection, period: Period) -> PlanTerms:
    """What is fixed for a period: by its own plan where there is one, else by the year's."""
    annual = in_force(connection, PlanKind.ANNUAL, f"{period.year}")
    own = in_force(connection, PlanKind.PERIOD, str(period))
    rows = [row for row in (own, annual) if row is not None]
    if not rows:
        return PlanTerms()
    counted = next((row for row in rows if row.content.get("headcount") is not None), None)
    return PlanTerms(
        headcount=counted.content["headcount"] if counted else None,
        headcount_words=counted.content.get("headcount_words", "") if counted else "",
        wishes=unpack_wishes(rows[0].content.get("wishes", ())),
        approvals=tuple(approval_words(row) for row in reversed(rows)),
    )


def in_force(
    connection: Connection, kind: PlanKind, period: str, name: str = ""
) -> Row[Any] | None:
    """The approved version of a plan, None if there is none."""
    table = PlanVersion.__table__.c
    return connection.execute(
        select(PlanVersion.__table__)
        .where(
            table.kind == kind,
            table.period == period,
            table.name == name,
            table.state.in_(_BINDING),
        )
        .order_by(table.version.desc())
        .limit(1)
    ).first()


def unpack_wishes(lines: Any) -> dict[str, Wish]:
    """Wishes by category from their stored lines."""
    return {
        line["category"]: Wish(
            value=Fraction(line["value"]), reason=line["reason"], report=line["report"]
        )
        for line in lines
    }


def read_wishes(
    rulebook: Rulebook, level: str, typed: Iterable[tuple[str, str, str]]
) -> dict[str, Wish]:
    """(category, number, reason) as typed: ``("KEY", "20%", "辖区面积较大")``.

    Errors: UserError for an unknown category, one without a number, or an unreadable number.
    """
    wishes: dict[str, Wish] = {}
    for code, text, reason in typed:
        category = rulebook.category(code)
        rule = category.quota(rulebook.level(level).code)
        if rule is None or rule.measure is None:
            raise UserError(f"{category.label}没有可以调整的比例。", "请检查分类。")
        wishes[code] = Wish(value=read_wish(rule.measure, text), reason=reason)
    return wishes


def approval_words(row: Row[Any]) -> str:
    """“2026年度抽查计划”（青环〔2025〕61号，青禾县生态环境局2025年12月20日批准，第2版）."""
    title = plan_title(row.kind, row.period, row.name)
    on: date = row.approved_on
    day = f"{on.year}年{on.month}月{on.day}日"
    parts = [row.approved_no, f"{row.approved_organ}{day}批准"]
    if row.version > 1:
        parts.append(f"第{row.version}版")
    return f"“{title}”（{'，'.join(part for part in parts if part)}）"


def plan_title(kind: PlanKind, period: str, name: str = "") -> str:
    """2026年度抽查计划, 2026年第一季度抽查计划, “清废行动”专项检查计划."""
    words = Period.parse(period).in_words()
    if kind is PlanKind.ANNUAL:
        return f"{words}度抽查计划"
    return f"{words}{name}专项检查计划" if kind is PlanKind.CAMPAIGN else f"{words}抽查计划"


def plan_of(duty: Deadline) -> str | None:
    """The plan a duty is about: ``annual:2027``, ``2026Q3``; None for other duties."""
    if duty.code == "plan_annual":
        # Made at the year's end it is the next year's.
        return f"annual:{duty.due_on.year + (duty.due_on.month > _HALF_A_YEAR)}"
    if duty.code == "plan_quarter":
        return str(Period.of(duty.due_on, Span.QUARTER))
    return None


def settled_on(connection: Connection, duty: Deadline, *, filed: bool) -> date | None:
    """The day the plan a duty is about was approved, or sent up where the text asks for it too
    (``filed``: NM 9); None for other duties, or if that has not happened.
    """
    where = plan_of(duty)
    if where is None:
        return None
    year = where.removeprefix("annual:")
    row = in_force(connection, PlanKind.PERIOD if year == where else PlanKind.ANNUAL, year)
    if row is None:
        return None
    settled: date | None = row.filed_on if filed else row.approved_on
    return settled
