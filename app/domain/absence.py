"""请假、借调、培训: when an inspector is away, in dated periods; several may be known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.fields import Choice, Field, FieldKind, FieldProblem, check_fields

ABSENCE_KINDS = (
    Choice("leave", "请假", ("休假", "病假", "产假", "年休假")),
    Choice("seconded_out", "借调外出", ("借出", "外借", "抽调")),
    Choice("training", "培训", ("学习", "脱产学习")),
    Choice("other", "其他", ()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceFacts:
    """One period, both days included; without ``until`` it is open-ended."""

    name: str = ""
    kind: str = "leave"
    since: date | None = None
    until: date | None = None
    note: str = ""


FIELDS = (
    Field(name="kind", label="事由", kind=FieldKind.CHOICE, choices=ABSENCE_KINDS, required=True),
    Field(name="since", label="自", kind=FieldKind.DATE, required=True, hint="如 2026-03-01"),
    Field(name="until", label="至", kind=FieldKind.DATE, hint="未定的留空"),
    Field(name="note", label="说明", width=20),
)


def kind_words(kind: str) -> str:
    """请假, 借调外出 …"""
    return next((choice.label for choice in ABSENCE_KINDS if choice.value == kind), kind)


def validate(facts: AbsenceFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with a period."""
    found = list(check_fields(facts, FIELDS))
    if facts.since and facts.until and facts.until < facts.since:
        found.append(FieldProblem("until", "结束日期早于开始日期"))
    return tuple(found)
