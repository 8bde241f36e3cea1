"""Rulebooks and small counties for the tests of the rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.domain.periods import Period
from app.domain.rule_facts import (
    DrawnIn,
    DrawOutcome,
    Inspection,
    InspectionKind,
    InspectorRecord,
    TargetRecord,
)
from app.domain.rulebook import Rulebook, parse

SHIPPED = ("nanchang-2023", "neimenggu", "qingdao-xihaian-2020", "taijiang-2022", "yiyang-2021")
_ROOT = Path(__file__).parents[2]
_SIXTH = Path(__file__).with_name("rulebook_sixth.toml")


def rulebook_text(name: str) -> str:
    path = _SIXTH if name == "sixth" else _ROOT / "resources" / "rulebooks" / f"{name}.toml"
    return path.read_text(encoding="utf-8")


def rulebook(name: str) -> Rulebook:
    return parse(rulebook_text(name))


def many(category: str, count: int, start: int = 0) -> list[TargetRecord]:
    return [
        TargetRecord(id=f"{category}{number:05d}", category=category)
        for number in range(start, start + count)
    ]


def quarter(text: str) -> Period:
    return Period.parse(text)


def own(period: str, **kwargs: bool) -> Inspection:
    """An own inspection from the draw of a period, made on its last day."""
    when = Period.parse(period)
    return Inspection(kind=InspectionKind.OWN, on=when.last_day, period=when, **kwargs)


def drawn(
    period: str,
    category: str,
    outcome: DrawOutcome = DrawOutcome.INSPECTED,
    due: date | None = None,
) -> DrawnIn:
    return DrawnIn(period=Period.parse(period), category=category, outcome=outcome, due_on=due)


def inspector(ident: str, **kwargs: object) -> InspectorRecord:
    given: dict[str, object] = {
        "certificate_no": f"Z{ident}",
        "certificate_until": date(2030, 12, 31),
    }
    given.update(kwargs)
    return InspectorRecord(id=ident, **given)  # type: ignore[arg-type]
