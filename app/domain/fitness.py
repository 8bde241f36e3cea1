"""Who may inspect on the very day: looked at again when a result is entered (domain rule 17).

The draw asks for a certificate that lasts to the period's end; weeks later somebody is on leave,
or a certificate was withdrawn.  An inspection counts only with people fit on its day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.rule_facts import InspectorRecord
from app.domain.rulebook import Rulebook

__all__ = ["REMEDIES", "SHORT_WORDS", "UnfitOn", "unfit_on"]

REMEDIES = {
    "nocert": "申领执法证并登记",
    "certexpired": "换发执法证并更新名录",
    "certfuture": "等执法证生效",
    "leave": "销假",
    "seconded": "调回本单位",
    "offduty": "恢复在岗",
    "recused": "核实整体回避能否解除",
    "witness": "换一名见证人",
    "operator": "换人操作",
    "employment": "核对编制情况",
    "outofscope": "换有相应执法类型的证",
}
"""What would help against each reason code, for a sentence of advice."""

SHORT_WORDS = {
    "nocert": "没有执法证",
    "certexpired": "执法证期内到期",
    "certfuture": "执法证未生效",
    "leave": "请假",
    "seconded": "借调在外",
    "offduty": "不在岗",
    "employment": "编制不符",
    "recused": "整体回避",
    "witness": "担任见证人",
    "operator": "担任操作人",
    "outofscope": "执法类型不符",
}
"""Reason codes of people in two to six characters, to be counted: 2 人请假."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitOn:
    """Why somebody may not inspect on a day.

    ``certain`` False: the directory knows it for today only, the day itself may have been
    different; then it is a warning.
    """

    person: str
    name: str
    code: str
    words: str
    certain: bool

    @property
    def remedy(self) -> str:
        """What would help."""
        return REMEDIES.get(self.code, "核对名录")


def unfit_on(
    person: InspectorRecord, rulebook: Rulebook, day: date, today: date
) -> tuple[UnfitOn, ...]:
    """Everything against this person inspecting on ``day``; empty if nothing."""
    return tuple(
        UnfitOn(person=person.id, name=person.name, code=code, words=words, certain=certain)
        for code, words, certain in _reasons(person, rulebook, day, today)
    )


def _reasons(
    person: InspectorRecord, rulebook: Rulebook, day: date, today: date
) -> Iterator[tuple[str, str, bool]]:
    now = day == today
    if person.employment is not None and (
        person.employment not in rulebook.inspectors.employment.value
    ):
        yield "employment", f"人员性质不得执法（{person.employment.label}）", now
    if not person.certificate_no:
        yield "nocert", "没有登记执法证", True
    if person.certificate_from is not None and person.certificate_from > day:
        yield "certfuture", f"执法证 {person.certificate_from} 才生效", True
    if person.certificate_until is not None and person.certificate_until < day:
        yield "certexpired", f"执法证 {person.certificate_until} 已到期", True
    for absence in person.absences:
        if absence.covers(day):
            until = f"至 {absence.until}" if absence.until else "，未定返岗日期"
            yield "leave", f"{absence.since} 起请假或外出{until}", True
    # The directory has no days for these three.
    if person.seconded_out:
        yield "seconded", "借调在外", now
    if not person.on_duty:
        yield "offduty", "不在岗", now
    if person.recused:
        yield "recused", "已登记整体回避", now
