"""国家层面要求: approval, notice, identity, scan code, results told — and what is still open.

国办发〔2024〕54号 and what followed ask for these of every administrative inspection.  A unit
says for each group whether it is not used, reminded of, or required before a result is submitted;
by default all are reminded of.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from app.domain.fields import Choice, FieldProblem

__all__ = [
    "GROUPS",
    "KINDS",
    "RECUSALS",
    "Demand",
    "Formalities",
    "NationalLayer",
    "check_formalities",
    "gaps",
]

KINDS = (Choice("daily", "日常检查"), Choice("special", "专项检查"), Choice("case", "个案检查"))
RECUSALS = (Choice("none", "未申请"), Choice("asked", "申请回避"))
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LONGEST = 400
_MOST_ASSISTANTS = 99


class Demand(enum.Enum):
    """How seriously a group is taken."""

    OFF = "off"
    REMIND = "remind"
    REQUIRE = "require"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"off": "不用", "remind": "显示并提醒", "require": "必填"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formalities:
    """What is kept of one inspection beside its result; empty fields are "" or None.

    ``kind``: of ``KINDS``; ``recusal``: of ``RECUSALS``; ``scanned_at``: HH:MM.  The notice is
    served at the door: its time of service is the result's ``arrived``.  ``witnessed_by``: the
    third party who signed the record where the target would not, or nobody was there (TJ 五).
    """

    kind: str = "daily"
    source: str = "双随机抽查"
    basis: str = ""
    applied_by: str = ""
    applied_on: date | None = None
    approved_by: str = ""
    approved_on: date | None = None
    urgent: bool = False
    urgent_reason: str = ""
    notice_no: str = ""
    assistants_fixed: int | None = None
    certificates_shown: bool = False
    basis_shown: bool = False
    intent_told: bool = False
    procedure_told: bool = False
    recusal: str = ""
    recusal_note: str = ""
    scanned_at: str = ""
    not_scanned: str = ""
    confirmed_by: str = ""
    witnessed_by: str = ""
    told_on: date | None = None
    told_how: str = ""
    uncounted: str = ""

    @property
    def approved(self) -> bool:
        """Whether somebody approved the inspection."""
        return bool(self.approved_by.strip()) and self.approved_on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalLayer:
    """The unit's choice for each group."""

    approval: Demand = Demand.REMIND
    notice: Demand = Demand.REMIND
    identity: Demand = Demand.REMIND
    scan: Demand = Demand.REMIND
    told: Demand = Demand.REMIND

    @property
    def shown(self) -> bool:
        """Whether anything of it is used at all."""
        return any(getattr(self, each.name) is not Demand.OFF for each in fields(self))


GROUPS = (
    ("approval", "检查审批"),
    ("notice", "检查通知书"),
    ("identity", "亮证告知"),
    ("scan", "扫码入企"),
    ("told", "结果告知"),
)
"""The groups of ``NationalLayer`` with their words, in the order of the form."""


def gaps(
    given: Formalities, *, on_site: bool = True, assistants: int = 0
) -> tuple[tuple[str, FieldProblem], ...]:
    """(group, what is missing) in the order of the form.

    ``on_site`` False: nobody went there, so nothing is shown, scanned or served at a door.
    ``assistants``: how many really came along.
    """
    found = [
        *(("approval", *each) for each in _approval_gaps(given)),
        *(("approval", *each) for each in _too_many(given, assistants)),
        *(("told", *each) for each in _told_gaps(given)),
    ]
    if on_site:
        found[len(found) :] = [
            *(("notice", *each) for each in _notice_gaps(given)),
            *(("identity", *each) for each in _identity_gaps(given)),
            *(("scan", *each) for each in _scan_gaps(given)),
        ]
    order = [code for code, _words in GROUPS]
    found.sort(key=lambda each: order.index(each[0]))
    return tuple((group, FieldProblem(field, words)) for group, field, words in found)


def check_formalities(
    given: Formalities,
    layer: NationalLayer,
    *,
    inspected_on: date | None,
    on_site: bool = True,
    assistants: int = 0,
) -> tuple[FieldProblem, ...]:
    """What forbids submitting: contradictions always, gaps of the groups that are required."""
    required = [
        problem
        for group, problem in gaps(given, on_site=on_site, assistants=assistants)
        if getattr(layer, group) is Demand.REQUIRE
    ]
    wrong = [FieldProblem(field, words) for field, words in _contradictions(given, inspected_on)]
    return (*wrong, *required)


_Found = Iterator[tuple[str, str]]


def _approval_gaps(given: Formalities) -> _Found:
    if not given.basis.strip():
        yield "basis", "国家层面要求：请填写法定依据。"
    if not given.applied_by.strip():
        yield "applied_by", "国家层面要求：请填写检查申请人。"
    if not given.approved:
        yield "approved_by", "国家层面要求：请填写审批的负责人和时间。"


def _too_many(given: Formalities, assistants: int) -> _Found:
    """国办发〔2024〕54号: how many assist is fixed beforehand."""
    if given.assistants_fixed is not None and assistants > given.assistants_fixed:
        yield (
            "assistants_fixed",
            f"国家层面要求：协助 {assistants} 人，多于事先确定的 {given.assistants_fixed} 人，"
            "请核对或补办审批。",
        )


def _notice_gaps(given: Formalities) -> _Found:
    if not given.notice_no.strip():
        yield "notice_no", "国家层面要求：请填写检查通知书文号。"


def _identity_gaps(given: Formalities) -> _Found:
    ticks = (
        (given.certificates_shown, "出示执法证"),
        (given.basis_shown, "说明检查依据"),
        (given.intent_told, "告知检查意图"),
        (given.procedure_told, "告知程序"),
    )
    missing = [words for done, words in ticks if not done]
    if missing:
        yield "identity", f"国家层面要求：还没有勾选{'、'.join(missing)}。"
    if not given.recusal:
        yield "recusal", "国家层面要求：请选择对方是否申请回避。"
    if not given.confirmed_by.strip() and not given.witnessed_by.strip():
        yield "confirmed_by", "国家层面要求：请填写现场确认（签字）的人；拒签的填写见证人。"


def _scan_gaps(given: Formalities) -> _Found:
    if not given.scanned_at and not given.not_scanned.strip():
        yield "scanned_at", "国家层面要求：请填写扫码时间，没有扫码的写明理由。"


def _told_gaps(given: Formalities) -> _Found:
    if given.told_on is None:
        yield "told_on", "国家层面要求：请填写检查结果告知对方的日期。"


def _contradictions(given: Formalities, inspected_on: date | None) -> _Found:
    if given.scanned_at and not _CLOCK.fullmatch(given.scanned_at):
        yield "scanned_at", f"扫码时间“{given.scanned_at}”请写成 09:40 这样。"
    yield from _approval_contradictions(given, inspected_on)
    if given.told_on and inspected_on and given.told_on < inspected_on:
        yield "told_on", f"告知日期 {given.told_on} 早于检查日期，请核对。"
    if given.recusal == "asked" and not given.recusal_note.strip():
        yield "recusal", "对方申请回避的，请写明如何处理。"
    if given.assistants_fixed is not None and not 0 <= given.assistants_fixed <= _MOST_ASSISTANTS:
        yield "assistants_fixed", "事先确定的协助人数请填 0 到 99。"
    for each in fields(given):
        value = getattr(given, each.name)
        if isinstance(value, str) and len(value) > _LONGEST:
            yield each.name, f"这里写了 {len(value)} 字，请缩到 {_LONGEST} 字以内。"


def _approval_contradictions(given: Formalities, inspected_on: date | None) -> _Found:
    if given.applied_on and given.approved_on and given.approved_on < given.applied_on:
        yield "approved_by", "审批日期早于申请日期，请核对。"
    late = given.approved_on and inspected_on and given.approved_on > inspected_on
    if late and not given.urgent:
        yield (
            "approved_by",
            f"审批日期 {given.approved_on} 晚于检查日期，属紧急补办的请勾选。",
        )
    if given.urgent and not given.urgent_reason.strip():
        yield "urgent_reason", "紧急补办审批的，请写明紧急情形。"
