"""抽查事项: the facts of the item list (NC 6, YY 三一, TJ 三.1, NM 3) and their checks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.codes import check_ident
from app.domain.fields import Field, FieldKind, FieldProblem, check_fields
from app.domain.speciality import SPECIALITIES, check_specialities
from app.domain.target import CATEGORIES


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """One item: what is checked, on which basis, how. ``categories`` empty = all."""

    name: str
    code: str = ""
    kind: str = ""
    basis: str = ""
    subject: str = ""
    object: str = ""
    method: str = ""
    staff: str = ""
    scope: str = ""
    content: str = ""
    ratio: str = ""
    frequency: str = ""
    time_and_way: str = ""
    requirement: str = ""
    categories: tuple[str, ...] = ()
    need: str = ""
    joint: bool = False
    year: int | None = None
    position: int = 0


FIELDS = (
    Field(name="code", label="事项编号", kind=FieldKind.CODE, width=12,
          hint="数字和大写字母；留空由系统编号", synonyms=("事项编码", "事项代码", "编码", "编号")),
    Field(name="name", label="抽查事项", required=True, width=30, hint="必填",
          example="排污许可证执行情况检查",
          synonyms=("抽查事项名称", "事项名称", "检查事项", "抽查项目", "检查项目", "项目", "事项",
                    "随机抽查事项", "名称")),
    Field(name="kind", label="抽查类型", width=14,
          synonyms=("类型", "事项类型", "抽查类别", "事项类别", "检查类型", "类别")),
    Field(name="basis", label="抽查依据", kind=FieldKind.LONG_TEXT, width=40,
          synonyms=("依据", "法律依据", "检查依据", "法定依据", "设定依据")),
    Field(name="subject", label="抽查主体", width=24,
          synonyms=("主体", "检查主体", "实施主体", "责任主体", "实施单位")),
    Field(name="object", label="抽查对象", width=24, synonyms=("对象", "检查对象", "被抽查对象")),
    Field(name="method", label="抽查方式", width=18, synonyms=("方式", "检查方式", "检查方法")),
    Field(name="staff", label="人员要求", width=18,
          synonyms=("检查人员要求", "抽查人员", "检查人员")),
    Field(name="scope", label="抽查范围", width=18,
          synonyms=("范围", "检查范围", "检查对象范围", "抽查对象范围")),
    Field(name="content", label="抽查内容", kind=FieldKind.LONG_TEXT, width=44,
          synonyms=("内容", "检查内容", "抽查内容和方法", "抽查内容及要点")),
    Field(name="ratio", label="抽查比例", width=14,
          synonyms=("比例", "比例频次", "抽查比例和频次")),
    Field(name="frequency", label="抽查频次", width=14,
          synonyms=("频次", "频率", "抽查频率", "检查频次")),
    Field(name="time_and_way", label="时间方式", width=18,
          synonyms=("抽查时间", "时间和方式", "抽查时间方式", "实施时间", "时间")),
    Field(name="requirement", label="抽查要求", kind=FieldKind.LONG_TEXT, width=24,
          synonyms=("要求", "工作要求", "检查要求")),
    Field(name="categories", label="适用类别", kind=FieldKind.LIST, choices=CATEGORIES, width=14,
          hint="几类之间用顿号隔开，留空为全部",
          synonyms=("适用对象类别", "对象类别", "适用监管类别")),
    Field(name="need", label="所需专长", kind=FieldKind.CHOICE, choices=SPECIALITIES, width=10,
          synonyms=("专长要求", "专业要求")),
    Field(name="joint", label="部门联合", kind=FieldKind.BOOL, width=10,
          synonyms=("是否联合", "联合抽查", "是否部门联合")),
    Field(name="year", label="年度", kind=FieldKind.NUMBER, width=8, synonyms=("年份", "清单年度")),
    Field(name="position", label="排序", kind=FieldKind.NUMBER, width=8, synonyms=("顺序",)),
)  # fmt: skip


# The unit may add specialities of its own: checked by shape.
_CHECKED = tuple(
    Field(name=each.name, label=each.label) if each.name == "need" else each for each in FIELDS
)


def validate(facts: ItemFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with the facts; forms and import show the same words."""
    found = list(check_fields(facts, _CHECKED))
    problem = check_ident(facts.code) if facts.code else None
    if problem is not None:
        found.append(FieldProblem("code", problem.message))
    for category in facts.categories:
        if not re.fullmatch(r"[0-9A-Z]{1,16}", category):
            found.append(FieldProblem("categories", f"适用类别“{category}”不是本细则的类别"))
            break
    unknown = check_specialities("need", (facts.need,)) if facts.need else None
    if unknown is not None:
        found.append(unknown)
    if facts.year is not None and not 2000 <= facts.year <= 2100:
        found.append(FieldProblem("year", f"年度应像 2026，这里是 {facts.year}"))
    return tuple(found)
