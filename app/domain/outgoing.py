"""What travels to a platform: kinds of records, their columns, and what may not leave."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain import inspector, item, target
from app.domain.fields import Field, FieldKind

__all__ = [
    "EDITIONS",
    "KIND_WORDS",
    "RECORDS",
    "TELLING",
    "Mend",
    "RecordKind",
    "digest_of",
    "record_kind",
]

Value = str | int | float | bool | date | None

_CODE, _DATE, _NUMBER, _LONG = (
    FieldKind.CODE,
    FieldKind.DATE,
    FieldKind.NUMBER,
    FieldKind.LONG_TEXT,
)


def _text(label: str, width: int = 14, *synonyms: str) -> Field:
    return Field(name=label, label=label, width=width, synonyms=synonyms)


def _of(kind: FieldKind, label: str, width: int = 12, *synonyms: str) -> Field:
    return Field(name=label, label=label, kind=kind, width=width, synonyms=synonyms)


_NUMBERS = (
    _of(_CODE, "计划编号", 16, "抽查计划编号", "计划号"),
    _of(_CODE, "任务编号", 16, "抽查任务编号", "任务号"),
)
_TASK = (
    _of(_CODE, "抽取编号", 20, "抽取批次"),
    _of(_CODE, "抽取序号", 12, "序号"),
    _text("类别", 14, "监管类别", "对象类别"),
    _text("检查对象名称", 36, "企业名称", "单位名称", "名称", "被检查单位", "检查对象", "对象名称"),
    _text("场所（有同名的）", 24),
    _of(_CODE, "代码", 24, "统一社会信用代码", "社会信用代码", "信用代码"),
)
_PLAN = (
    _text("期间", 18, "抽查期间", "计划期间"),
    _text("类别", 16, "监管类别", "抽查类型"),
    _of(_NUMBER, "基数", 8, "对象总数", "对象数"),
    _of(_NUMBER, "可抽", 8),
    _text("比例", 18, "抽查比例"),
    _text("依据", 14),
    _of(_NUMBER, "应抽", 8, "抽查数量", "拟抽数量"),
    _NUMBERS[0],
)
_DRAW = (
    _of(_CODE, "抽取编号", 22, "抽取批次", "批次号"),
    _text("期间", 18, "抽查期间"),
    _text("抽取方式", 16, "方式"),
    _text("状态", 10),
    _of(_DATE, "抽取日期", 12, "抽取时间"),
    _of(_NUMBER, "检查对象数", 10, "抽取数量", "户数"),
    _text("依据", 40, "抽取依据"),
    _of(_CODE, "名单摘要 P", 66),
    _of(_CODE, "承诺值 C", 66),
    _of(_CODE, "结果摘要 F", 66),
    _NUMBERS[0],
)
ASSIGNMENT = (
    *_TASK,
    _text("检查组", 10, "组号"),
    _text("牵头", 10, "主办人", "组长", "主办人员"),
    _text("组员", 10, "协办人", "协办人员"),
    _text("提示", 24),
    _of(_DATE, "期限", 12, "完成期限", "截止日期"),
    _text("期限依据", 20),
    *_NUMBERS,
)
RESULT = (
    *_TASK,
    _of(_DATE, "检查日期", 12, "检查时间", "完成日期"),
    _text("检查形式", 14),
    _text("检查方式", 24, "检查方法"),
    _text("检查人员", 18, "执法人员", "检查人"),
    _text("结论", 24, "检查结果", "检查结论"),
    _of(_LONG, "发现问题", 40, "存在问题", "问题"),
    _of(_LONG, "处理措施", 30, "处理情况", "处置措施"),
    _of(_CODE, "文书号", 22, "文书编号"),
    _of(_DATE, "整改期限", 12, "整改截止日期"),
    _of(_DATE, "整改完成", 12, "整改完成日期"),
    _text("录入人", 10),
    _text("复核人", 10),
    _text("状态", 10),
    _of(_DATE, "公示日期", 12, "公示时间"),
    *_NUMBERS,
)
RECTIFICATION = (
    *_TASK,
    _of(_LONG, "发现问题", 40, "存在问题"),
    _of(_LONG, "处理措施", 30, "整改要求"),
    _of(_CODE, "文书号", 22, "责令改正文书号"),
    _of(_DATE, "整改期限", 12, "整改截止日期"),
    _text("整改状态", 12, "整改情况"),
    _of(_DATE, "整改完成", 12, "整改完成日期"),
    *_NUMBERS,
)
PUBLICATION = (
    *_NUMBERS,
    _text("检查对象名称", 36, "企业名称", "单位名称", "名称", "被检查单位"),
    _of(_CODE, "代码", 24, "统一社会信用代码", "社会信用代码"),
    _of(_LONG, "检查内容", 44, "抽查事项", "检查事项"),
    _of(_DATE, "完成日期", 12, "检查日期", "检查时间"),
    _text("检查结果", 26, "结论", "抽查结果"),
    _text("备注", 16),
)
REPORT = (
    _text("抽查内容", 16),
    _text("类型", 18, "抽查类型", "类别"),
    _of(_NUMBER, "基数", 8),
    _text("比例", 16),
    *(
        _of(_NUMBER, label, 8)
        for label in ("户数", "户次", "已检查", "算作完成", "已公示", "未公示", "不公示")
    ),
    _text("完成率", 10),
    *(
        _of(_NUMBER, label, 11)
        for label in ("未发现问题", "发现问题已责令整改", "发现涉嫌违法行为已立案调查")
    ),
    *(
        _of(_NUMBER, label, 8)
        for label in (
            "其他情形",
            "有后续处置",
            "整改完成",
            "移送",
            "案件办结",
            "已复查",
            "处置完结",
        )
    ),
    _text("完结率", 10),
)


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record a package may carry.

    ``id`` is what ``--what`` calls it; ``public`` whether an edition for everybody may hold it;
    ``page`` of the window where a row of it is mended.
    """

    id: str
    words: str
    fields: tuple[Field, ...]
    public: bool
    page: str

    def field(self, label: str) -> Field | None:
        """The column of this title."""
        return next((each for each in self.fields if each.label == label), None)


RECORDS = (
    RecordKind("targets", "检查对象", target.FIELDS, False, "targets"),
    RecordKind("inspectors", "执法人员", inspector.FIELDS, False, "inspectors"),
    RecordKind("items", "抽查事项", item.FIELDS, True, "items"),
    RecordKind("plans", "计划", _PLAN, False, "plan"),
    RecordKind("draws", "抽取", _DRAW, True, "plan"),
    RecordKind("assignments", "派单", ASSIGNMENT, False, "teams"),
    RecordKind("results", "检查结果", RESULT, False, "results"),
    RecordKind("rectifications", "整改", RECTIFICATION, False, "results"),
    RecordKind("publications", "公示", PUBLICATION, True, "results"),
    RecordKind("reports", "报表", REPORT, True, "publication"),
)

KIND_WORDS = {
    "draw": "抽取记录",
    "directories": "一单两库",
    "plan": "抽查计划",
    "results": "检查结果",
    "report": "统计报表",
    "targets": "检查对象",
    "inspectors": "执法人员",
    "items": "抽查事项",
    "plans": "计划（逐类）",
    "draws": "各次抽取",
    "assignments": "派单",
    "rectifications": "整改",
    "publications": "公示",
    "reports": "报表",
}
"""What a package may hold: the five kinds of ours, then one kind of record each."""
EDITIONS = {"sealed": "密封版", "public": "公开版"}

TELLING = frozenset(
    {
        *("法定代表人", "联系电话", "姓名", "人员编号", "执法证号"),
        *("牵头", "组员", "检查人员", "录入人", "复核人"),
    }
)
"""Titles of columns that name a person: none of them in a public edition."""


def record_kind(name: str) -> RecordKind | None:
    """The kind of this id."""
    return next((each for each in RECORDS if each.id == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One thing to put right before a package may leave: which row, which column, what to do.

    ``key`` is “targets:12”: the kind of record and its number in the workspace.  ``text``: set
    where a person's name seems to stand in words for the public; if it is none, whoever looked
    may allow exactly this text.
    """

    sheet: str
    line: int
    key: str
    label: str
    column: str
    problem: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.sheet} 第 {self.line} 行（{self.label}）{self.column}：{self.problem}"


def digest_of(kind: str, titles: Sequence[str], cells: Sequence[Value]) -> str:
    """The same for the same content: tells whether a row changed since it was accepted."""
    body = [kind, list(titles), [None if each is None else str(each) for each in cells]]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode("utf-8")).hexdigest()
