"""其他部门执法人员: one line of another department's directory, for joint draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.fields import Field, FieldKind, FieldProblem, check_fields
from app.domain.inspector import DUTY_STATES, DutyState
from app.domain.speciality import SPECIALITIES

__all__ = ["FIELDS", "PartnerFacts", "validate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFacts:
    """What is known of another department's inspector."""

    name: str = ""
    personal_no: str = ""
    cert_no: str = ""
    cert_valid_to: date | None = None
    specialities: tuple[str, ...] = ()
    state: str = DutyState.ON_DUTY.value


FIELDS = (
    Field(name="name", label="姓名", required=True, width=10, example="某某", hint="必填",
          synonyms=("执法人员姓名", "人员姓名", "检查人员姓名", "执法人员", "检查人员", "名字")),
    Field(name="personal_no", label="人员编号", kind=FieldKind.CODE, width=12,
          hint="该部门自编，留空由系统编号", synonyms=("工号", "内部编号", "人员代码")),
    Field(name="cert_no", label="执法证号", kind=FieldKind.CODE, width=18,
          synonyms=("执法证件号", "执法证编号", "证号", "行政执法证号", "证件号码", "执法证")),
    Field(name="cert_valid_to", label="执法证有效期至", kind=FieldKind.DATE, width=16,
          ends_period=True, synonyms=("有效期", "有效期至", "执法证有效期", "证件有效期")),
    Field(name="specialities", label="业务专长", kind=FieldKind.LIST, choices=SPECIALITIES,
          width=18, synonyms=("专长", "专业", "专业特长", "业务特长")),
    Field(name="state", label="在岗状态", kind=FieldKind.CHOICE, choices=DUTY_STATES, width=10,
          synonyms=("状态", "人员状态", "在岗情况", "在职状态", "是否在岗")),
)  # fmt: skip


def validate(facts: PartnerFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with a line."""
    return check_fields(facts, FIELDS)
