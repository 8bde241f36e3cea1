"""专家 and 协助人员: the facts a person fills in and what is wrong with them.

Experts assist and never count towards the two; staff without an enforcement certificate
(contract, auxiliary, daily supervision) accompany only (国办发〔2024〕54号).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from app.domain.codes import check_ident
from app.domain.fields import Choice, Field, FieldKind, FieldProblem, check_fields
from app.domain.speciality import SPECIALITIES, check_specialities


class ExpertState(enum.Enum):
    """Whether an expert may be asked."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"


EXPERT_STATES = (
    Choice("available", "可参加", ("在聘", "正常", "可抽取")),
    Choice("unavailable", "暂不参加", ("解聘", "停聘", "暂停")),
)

ASSISTANT_KINDS = (
    Choice("contract", "聘用", ("合同制", "编外", "聘用人员", "劳务派遣", "临聘")),
    Choice("auxiliary", "辅助", ("协管", "辅助人员", "网格员")),
    Choice("supervision", "日常监管", ("日常监管人员", "日常监督管理")),
)
ASSISTANT_STATES = (
    Choice("on_duty", "在岗", ("在职", "正常")),
    Choice("off_duty", "离岗", ("离职", "不在岗")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertFacts:
    """One expert; ``ident`` is the unit's own number and the RD1 id."""

    name: str
    ident: str = ""
    organ: str = ""
    title: str = ""
    specialities: tuple[str, ...] = ()
    phone: str = ""
    state: str = ExpertState.AVAILABLE.value
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantFacts:
    """One person without a certificate who accompanies inspections."""

    name: str
    kind: str = "contract"
    section: str = ""
    phone: str = ""
    state: str = "on_duty"
    note: str = ""


EXPERT_FIELDS = (
    Field(name="name", label="姓名", required=True, width=10, hint="必填",
          synonyms=("专家姓名", "专家")),
    Field(name="ident", label="专家编号", kind=FieldKind.CODE, width=10,
          hint="单位自编；留空由系统编号", synonyms=("编号",)),
    Field(name="organ", label="单位", width=28, synonyms=("工作单位", "所在单位")),
    Field(name="title", label="职称职务", width=14, synonyms=("职称", "职务")),
    Field(name="specialities", label="专业领域", kind=FieldKind.LIST, choices=SPECIALITIES,
          width=18, hint="几项之间用顿号隔开", synonyms=("专业", "专长", "业务专长", "领域")),
    Field(name="phone", label="联系电话", width=16, synonyms=("电话", "手机")),
    Field(name="state", label="状态", kind=FieldKind.CHOICE, choices=EXPERT_STATES, width=10),
    Field(name="note", label="备注", kind=FieldKind.LONG_TEXT, width=24),
)  # fmt: skip

ASSISTANT_FIELDS = (
    Field(name="name", label="姓名", required=True, width=10, hint="必填"),
    Field(name="kind", label="人员类别", kind=FieldKind.CHOICE, choices=ASSISTANT_KINDS,
          required=True, width=10),
    Field(name="section", label="科室、中队", width=14),
    Field(name="phone", label="联系电话", width=16),
    Field(name="state", label="状态", kind=FieldKind.CHOICE, choices=ASSISTANT_STATES, width=10),
    Field(name="note", label="备注", kind=FieldKind.LONG_TEXT, width=24),
)  # fmt: skip


def check_expert(facts: ExpertFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with an expert's facts."""
    found = list(check_fields(facts, EXPERT_FIELDS))
    problem = check_ident(facts.ident) if facts.ident else None
    if problem is not None:
        found.append(FieldProblem("ident", problem.message))
    unknown = check_specialities("specialities", facts.specialities)
    if unknown is not None:
        found.append(unknown)
    return tuple(found)


def check_assistant(facts: AssistantFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with an assistant's facts."""
    return check_fields(facts, ASSISTANT_FIELDS)
