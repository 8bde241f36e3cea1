"""外来名单: one line of a list drawn or set elsewhere — a target and, if set, its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.fields import Field, FieldKind, FieldProblem, check_fields

__all__ = ["FIELDS", "IncomingFacts", "validate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingFacts:
    """What a line says; ``lead``, ``second`` and ``people`` name inspectors, or give numbers."""

    name: str = ""
    code: str = ""
    category: str = ""
    lead: str = ""
    second: str = ""
    people: tuple[str, ...] = ()
    task_no: str = ""
    due_on: date | None = None

    @property
    def everyone(self) -> tuple[str, ...]:
        """Everybody named, the lead first, each once."""
        named = (self.lead, self.second, *self.people)
        return tuple(dict.fromkeys(each for each in named if each))


FIELDS = (
    Field(name="name", label="检查对象名称", required=True, width=36,
          example="青禾县某某水泥制品厂", hint="必填，与名录一致",
          synonyms=("企业名称", "单位名称", "对象名称", "被检查单位", "被检查对象", "检查对象",
                    "污染源名称", "受检单位", "市场主体名称", "名称", "单位", "企业")),
    Field(name="code", label="代码", kind=FieldKind.CODE, width=24,
          hint="统一社会信用代码、排污许可证编号、注册号或本地编号",
          synonyms=("统一社会信用代码", "社会信用代码", "信用代码", "排污许可证编号", "许可证编号",
                    "注册号", "本地编号", "企业代码", "单位代码")),
    Field(name="category", label="监管类别", width=10, hint="留空按名录",
          synonyms=("类别", "分类", "监管分类", "抽查类别", "对象类别", "单位类别")),
    Field(name="lead", label="主检人员", width=12, hint="姓名、人员编号或执法证号",
          synonyms=("主检人", "主检", "主办", "主办人", "主办人员", "牵头", "牵头人", "组长",
                    "执法人员1", "检查人员1")),
    Field(name="second", label="协检人员", width=12,
          synonyms=("协检人", "协检", "协办", "协办人", "协办人员", "组员", "执法人员2",
                    "检查人员2")),
    Field(name="people", label="检查人员", kind=FieldKind.LIST, width=20,
          hint="几人之间用顿号隔开，第一人牵头",
          synonyms=("执法人员", "执法检查人员", "人员", "抽取人员", "检查组", "检查组人员")),
    Field(name="task_no", label="任务编号", kind=FieldKind.CODE, width=18,
          synonyms=("平台任务编号", "检查任务编号", "任务号", "抽查任务编号")),
    Field(name="due_on", label="完成期限", kind=FieldKind.DATE, width=14, ends_period=True,
          synonyms=("截止日期", "完成时限", "任务截止日期", "检查截止日期", "要求完成时间")),
)  # fmt: skip


def validate(facts: IncomingFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with a line but who is meant."""
    return check_fields(facts, FIELDS)
