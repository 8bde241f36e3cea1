"""检查频次台账 from before the program: one inspection of a target, by whoever made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.fields import Choice, Field, FieldKind, FieldProblem, check_fields
from app.domain.rule_facts import InspectionKind
from app.domain.rulebook import Rulebook

INSPECTION_KINDS = (
    Choice("own", InspectionKind.OWN.label, ("本级", "双随机", "双随机抽查", "随机抽查", "日常检查",
                                             "日常抽查", "“双随机”抽查", "本级检查")),
    Choice("superior", InspectionKind.SUPERIOR.label, ("上级", "上级抽查", "市级检查", "省级检查",
                                                       "支队检查", "上级督查", "督察")),
    Choice("joint", InspectionKind.JOINT.label, ("联合", "联合检查", "联合抽查", "部门联合抽查",
                                                 "部门联合检查", "跨部门联合抽查")),
    Choice("special", InspectionKind.SPECIAL.label, ("专项", "专项行动", "专项执法")),
    Choice("case", InspectionKind.CASE.label, ("个案", "个案检查", "案件", "案件调查", "立案调查")),
    Choice("complaint", InspectionKind.COMPLAINT.label, ("投诉", "信访", "举报", "信访投诉")),
    Choice("follow_up", InspectionKind.FOLLOW_UP.label, ("复查", "后督察", "整改复查")),
    Choice("order", InspectionKind.ORDER.label, ("交办", "上级交办事项")),
    Choice("referral", InspectionKind.REFERRAL.label, ("移送", "部门移交", "移交")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PastInspectionFacts:
    """What a line of the ledger says; the target is named by code, or by name."""

    name: str = ""
    code: str = ""
    on: date | None = None
    kind: str = InspectionKind.OWN.value
    finding: bool = False
    violation: bool = False
    document: str = ""
    ground: str = ""


FIELDS = (
    Field(name="name", label="检查对象名称", required=True, width=36,
          example="青禾县某某水泥制品厂", hint="必填，与名录一致",
          synonyms=("企业名称", "单位名称", "对象名称", "被检查单位", "被检查对象", "检查对象",
                    "污染源名称", "受检单位", "名称", "单位", "企业")),
    Field(name="code", label="代码", kind=FieldKind.CODE, width=24,
          hint="统一社会信用代码、排污许可证编号、注册号或本地编号",
          synonyms=("统一社会信用代码", "社会信用代码", "信用代码", "排污许可证编号", "许可证编号",
                    "注册号", "本地编号", "企业代码", "单位代码")),
    Field(name="on", label="检查日期", kind=FieldKind.DATE, required=True, width=14,
          synonyms=("检查时间", "日期", "现场检查时间", "执法日期", "执法时间", "抽查日期")),
    Field(name="kind", label="检查类型", kind=FieldKind.CHOICE, choices=INSPECTION_KINDS, width=14,
          hint="请选择，留空按本级抽查",
          synonyms=("检查类别", "任务来源", "检查来源", "类型", "检查性质", "任务类型")),
    Field(name="finding", label="发现问题", kind=FieldKind.BOOL, width=10,
          synonyms=("是否发现问题", "有无问题", "是否存在问题")),
    Field(name="violation", label="发现违法", kind=FieldKind.BOOL, width=10,
          synonyms=("是否违法", "是否发现违法行为", "有无违法行为", "是否立案", "发现违法行为")),
    Field(name="document", label="文书号", width=22,
          synonyms=("文号", "文书编号", "笔录编号", "检查文书", "通知书文号", "备注")),
)  # fmt: skip


def typed_fields(rulebook: Rulebook) -> tuple[Field, ...]:
    """What is asked for one inspection typed in: with the rulebook's kinds outside the draw."""
    outside = rulebook.outside_draw
    if outside is None:
        return FIELDS
    ground = Field(
        name="ground",
        label="不经抽取的情形",
        kind=FieldKind.CHOICE,
        choices=tuple(Choice(each, each) for each in outside.value),
        width=30,
        hint=f"依据{rulebook.cite(outside.article)}；不属于这些情形的留空",
    )
    return (*FIELDS, ground)


def validate(facts: PastInspectionFacts, today: date) -> tuple[FieldProblem, ...]:
    """Everything wrong with a line but who the target is; a day after ``today`` is."""
    found = check_fields(facts, FIELDS)
    if facts.on is not None and facts.on > today:
        return (*found, FieldProblem("on", f"检查日期 {facts.on} 在今天之后，请核对"))
    return found
