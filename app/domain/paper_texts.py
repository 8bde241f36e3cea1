"""文书的文字: what of each printed paper a unit may word for itself.

A paper's title, series of numbers, copies, seal and passages are data (``resources/papers``).  A
passage holds fields in braces, {检查对象}; which ones there are is the program's, how the sentence
goes is the unit's.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.errors import UserError

__all__ = [
    "PaperKind",
    "PaperText",
    "Passage",
    "check",
    "fields_of",
    "fill",
    "from_data",
    "to_data",
]

# Chinese input writes full-width braces: they mean the same.
_FIELD = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_BRACE = re.compile(r"[{}｛｝]")
_BLANK = "＿＿＿＿＿＿"
_LONGEST = 4000
_LONGEST_TITLE = 40
_ABOUT_TASK = (
    "单位",
    "检查对象",
    "代码",
    "地址",
    "负责人",
    "电话",
    "期间",
    "抽取编号",
    "任务序号",
    "计划编号",
    "任务编号",
    "检查人员",
    "检查类别",
    "任务来源",
    "法定依据",
    "检查事项",
    "检查期限",
    "检查日期",
)


class PaperKind(enum.Enum):
    """The papers whose words are the unit's; the value names the file they ship in."""

    APPROVAL = "approval"
    NOTICE = "notice"
    SITE_RECORD = "site_record"
    JOINT_LETTER = "joint_letter"
    RECTIFICATION = "rectification"
    CORRECTION = "correction"
    REVIEW_ANSWER = "review_answer"
    PUBLICATION = "publication"

    @property
    def label(self) -> str:
        """The paper's plain name in menus and lists."""
        return _LABELS[self]


_LABELS = {
    PaperKind.APPROVAL: "行政检查审批表",
    PaperKind.NOTICE: "行政检查通知书",
    PaperKind.SITE_RECORD: "现场检查记录",
    PaperKind.JOINT_LETTER: "联合检查函",
    PaperKind.RECTIFICATION: "责令整改通知书",
    PaperKind.CORRECTION: "更正申请表",
    PaperKind.REVIEW_ANSWER: "复查答复书",
    PaperKind.PUBLICATION: "公示表",
}
_FIELDS: Mapping[PaperKind, tuple[str, ...]] = {
    PaperKind.APPROVAL: _ABOUT_TASK,
    PaperKind.NOTICE: _ABOUT_TASK,
    PaperKind.SITE_RECORD: _ABOUT_TASK,
    PaperKind.JOINT_LETTER: ("单位", "部门", "期间", "抽取编号", "计划编号", "户数", "检查期限"),
    PaperKind.RECTIFICATION: (*_ABOUT_TASK, "发现的问题", "处理措施", "整改期限"),
    PaperKind.CORRECTION: (
        *("单位", "检查对象", "代码", "抽取编号", "任务序号"),
        *("计划编号", "任务编号", "检查日期", "条款"),
    ),
    PaperKind.REVIEW_ANSWER: (
        *("单位", "检查对象", "代码", "抽取编号", "任务序号", "计划编号", "任务编号"),
        *("检查日期", "申请人", "收到日期"),
    ),
    PaperKind.PUBLICATION: ("单位", "期间", "户数", "制表日期"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One place of a paper: what it is for, and its words."""

    code: str
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperText:
    """What a unit may change of a paper; ``series`` is empty where it carries no number."""

    kind: PaperKind
    title: str
    series: str
    seal: bool
    copies: str
    passages: tuple[Passage, ...]

    def with_words(self, words: Mapping[str, str]) -> PaperText:
        """The same with these passages' words (by code)."""
        return replace(
            self,
            passages=tuple(
                replace(each, text=words.get(each.code, each.text)) for each in self.passages
            ),
        )


def fields_of(kind: PaperKind) -> tuple[str, ...]:
    """What may stand in braces."""
    return _FIELDS[kind]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The words with their fields filled in; what is not known is left to be written."""
    return _FIELD.sub(lambda found: values.get(found[1].strip(), "") or _BLANK, text)


def check(text: PaperText) -> None:
    """Refuse what could not be printed.

    Errors: UserError names the field that does not exist, or what is empty or too long.
    """
    if not text.title.strip():
        raise UserError("文书的名称不能空着。", "请填写名称，或恢复原样。")
    if len(text.title) > _LONGEST_TITLE:
        raise UserError(f"文书名称写了 {len(text.title)} 字。", f"请缩到 {_LONGEST_TITLE} 字以内。")
    if _BRACE.search(text.title):
        raise UserError("文书名称里不能用字段和大括号。", "字段写到正文里，名称只写文字。")
    for place, words in _written(text):
        if len(words) > _LONGEST:
            raise UserError(f"“{place}”写了 {len(words)} 字。", f"请缩到 {_LONGEST} 字以内。")
        _check_fields(text.kind, place, words)


def _written(text: PaperText) -> Iterator[tuple[str, str]]:
    yield "份数说明", text.copies
    for each in text.passages:
        yield each.label, each.text


def _check_fields(kind: PaperKind, place: str, words: str) -> None:
    known = _FIELDS[kind]
    for name in _FIELD.findall(words):
        if name.strip() not in known:
            raise UserError(
                f"“{place}”里的字段“{{{name}}}”不存在。",
                f"可以用的字段：{'、'.join(known)}。",
            )
    if _BRACE.search(_FIELD.sub("", words)):
        raise UserError(
            f"“{place}”里有一个大括号没有配对。", "字段写成 {检查对象} 这样，左右各一个。"
        )


def from_data(kind: PaperKind, data: Mapping[str, Any], base: PaperText | None = None) -> PaperText:
    """From a shipped file, or (with ``base``) from a unit's own copy.

    A place the own copy does not know, because it came with a later edition, keeps its words.
    """
    if base is not None:
        own = base.with_words(dict(data.get("words", {})))
        return replace(
            own,
            title=str(data.get("title", base.title)),
            seal=bool(data.get("seal", base.seal)),
            copies=str(data.get("copies", base.copies)),
        )
    return PaperText(
        kind=kind,
        title=data["title"],
        series=data.get("series", ""),
        seal=data["seal"],
        copies=data.get("copies", ""),
        passages=tuple(
            Passage(code=each["code"], label=each["label"], text=each["text"].strip())
            for each in data.get("passage", ())
        ),
    )


def to_data(text: PaperText) -> dict[str, Any]:
    """What is kept of a unit's own copy."""
    return {
        "title": text.title.strip(),
        "seal": text.seal,
        "copies": text.copies.strip(),
        "words": {each.code: each.text.strip() for each in text.passages},
    }
