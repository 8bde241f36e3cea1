"""文书的文字: what of each printed paper a unit may word for itself.

A paper's title, series of numbers, copies, seal and passages are data (``resources/papers``).  A
passage holds fields in braces, {检查对象}; which ones there are is the program's, how the sentence
goes is the unit's.  What the law or a draw's verification fixes is no passage: digests, orders of
succession, arithmetic stand in the code that prints them.
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
    "filled",
    "from_data",
    "to_data",
]

# Chinese input writes full-width braces: they mean the same.
_FIELD = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_BRACE = re.compile(r"[{}｛｝]")
_BLANK = "＿＿＿＿＿＿"
_LONGEST = 4000
_LONGEST_TITLE = 40
_LONGEST_LABEL = 20
_LONGEST_SEALER = 80
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

    ANNUAL_PLAN = "annual_plan"
    PERIOD_PLAN = "period_plan"
    CAMPAIGN_PLAN = "campaign_plan"
    INVITATION = "invitation"
    ATTENDANCE = "attendance"
    TEAM_NOTICE = "team_notice"
    REPLACEMENT = "replacement"
    APPROVAL = "approval"
    NOTICE = "notice"
    SITE_RECORD = "site_record"
    JOINT_LETTER = "joint_letter"
    RECTIFICATION = "rectification"
    CORRECTION = "correction"
    REVIEW_ANSWER = "review_answer"
    PUBLICATION = "publication"
    MONTH_SHEET = "month_sheet"
    QUARTER_REPORT = "quarter_report"
    HALF_REPORT = "half_report"
    YEAR_REPORT = "year_report"
    DUTY_PROOF = "duty_proof"

    @property
    def label(self) -> str:
        """The paper's plain name in menus and lists."""
        return _LABELS[self]

    @property
    def group(self) -> str:
        """The stage of the work it belongs to, as lists order it."""
        return next(name for name, kinds in _GROUPS.items() if self in kinds)

    @property
    def before_title(self) -> str:
        """What the program sets before the title when it prints it; empty for nothing."""
        return _BEFORE_TITLE.get(self, "")


_LABELS = {
    PaperKind.ANNUAL_PLAN: "年度抽查计划",
    PaperKind.PERIOD_PLAN: "季度抽查计划",
    PaperKind.CAMPAIGN_PLAN: "专项检查计划",
    PaperKind.INVITATION: "见证邀请函",
    PaperKind.ATTENDANCE: "见证签到表",
    PaperKind.TEAM_NOTICE: "检查任务通知单",
    PaperKind.REPLACEMENT: "更换审批表",
    PaperKind.MONTH_SHEET: "月调度表",
    PaperKind.QUARTER_REPORT: "季度报表",
    PaperKind.HALF_REPORT: "半年报表",
    PaperKind.YEAR_REPORT: "年度报表",
    PaperKind.DUTY_PROOF: "履职证明",
    PaperKind.APPROVAL: "行政检查审批表",
    PaperKind.NOTICE: "行政检查通知书",
    PaperKind.SITE_RECORD: "现场检查记录",
    PaperKind.JOINT_LETTER: "联合检查函",
    PaperKind.RECTIFICATION: "责令整改通知书",
    PaperKind.CORRECTION: "更正申请表",
    PaperKind.REVIEW_ANSWER: "复查答复书",
    PaperKind.PUBLICATION: "公示表",
}
_GROUPS: Mapping[str, frozenset[PaperKind]] = {
    "计划和抽取": frozenset(
        {
            PaperKind.ANNUAL_PLAN,
            PaperKind.PERIOD_PLAN,
            PaperKind.CAMPAIGN_PLAN,
            PaperKind.INVITATION,
            PaperKind.ATTENDANCE,
        }
    ),
    "派单和检查": frozenset(
        {
            PaperKind.TEAM_NOTICE,
            PaperKind.REPLACEMENT,
            PaperKind.APPROVAL,
            PaperKind.NOTICE,
            PaperKind.SITE_RECORD,
            PaperKind.JOINT_LETTER,
        }
    ),
    "整改和公开": frozenset(
        {
            PaperKind.RECTIFICATION,
            PaperKind.CORRECTION,
            PaperKind.REVIEW_ANSWER,
            PaperKind.PUBLICATION,
        }
    ),
    "报表和证明": frozenset(
        {
            PaperKind.MONTH_SHEET,
            PaperKind.QUARTER_REPORT,
            PaperKind.HALF_REPORT,
            PaperKind.YEAR_REPORT,
            PaperKind.DUTY_PROOF,
        }
    ),
}
_BEFORE_TITLE: Mapping[PaperKind, str] = {
    PaperKind.ANNUAL_PLAN: "年度",
    PaperKind.PERIOD_PLAN: "期间",
    PaperKind.CAMPAIGN_PLAN: "期间和专项名称",
    PaperKind.ATTENDANCE: "期间",
    PaperKind.REPLACEMENT: "检查对象或检查人员",
    PaperKind.MONTH_SHEET: "期间",
    PaperKind.QUARTER_REPORT: "期间",
    PaperKind.HALF_REPORT: "期间",
    PaperKind.YEAR_REPORT: "期间",
}
_ABOUT_REPORT = ("单位", "期间", "截至日期", "制表人")
_FIELDS: Mapping[PaperKind, tuple[str, ...]] = {
    PaperKind.ANNUAL_PLAN: ("单位", "期间", "户次"),
    PaperKind.PERIOD_PLAN: ("单位", "期间", "户数"),
    PaperKind.CAMPAIGN_PLAN: ("单位", "期间", "户数"),
    PaperKind.INVITATION: ("单位", "受邀人", "受邀单位", "抽取时间", "地点", "抽取内容", "联系人"),
    PaperKind.ATTENDANCE: ("单位", "期间", "抽取编号", "地点", "抽取日期"),
    PaperKind.TEAM_NOTICE: (
        *("单位", "期间", "抽取编号", "计划编号", "检查组", "检查人员"),
        *("户数", "检查期限", "派单日期"),
    ),
    PaperKind.REPLACEMENT: (
        *("单位", "期间", "抽取编号", "计划编号", "更换内容", "更换方式"),
        *("换出", "换入", "更换日期"),
    ),
    PaperKind.MONTH_SHEET: _ABOUT_REPORT,
    PaperKind.QUARTER_REPORT: _ABOUT_REPORT,
    PaperKind.HALF_REPORT: _ABOUT_REPORT,
    PaperKind.YEAR_REPORT: _ABOUT_REPORT,
    PaperKind.DUTY_PROOF: (
        *("单位", "检查对象", "代码", "年度", "制表人", "制表日期"),
        *("账本条数", "校验码"),
    ),
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
    """One place of a paper: what it is for, and its words.

    ``short``: the label of a place to sign, one line and never empty.
    """

    code: str
    label: str
    text: str
    short: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperText:
    """What a unit may change of a paper; ``series`` is empty where it carries no number.

    ``sealer``: whose seal, the unit's own if empty.  ``sealable``, ``copied``: whether the paper
    has a place for a seal, for a note on its copies.
    """

    kind: PaperKind
    title: str
    series: str
    seal: bool
    copies: str
    passages: tuple[Passage, ...]
    sealer: str = ""
    sealable: bool = True
    copied: bool = True

    def words(self, code: str) -> str:
        """A passage's words; empty where the paper has no such place."""
        return next((each.text for each in self.passages if each.code == code), "")

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


def filled(text: PaperText, values: Mapping[str, str]) -> PaperText:
    """The paper's words with every field filled in: what is printed."""
    return replace(
        text,
        copies=fill(text.copies, values),
        sealer=fill(text.sealer, values),
        passages=tuple(replace(each, text=fill(each.text, values)) for each in text.passages),
    )


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
    for place, words, longest in _written(text):
        if len(words) > longest:
            raise UserError(f"“{place}”写了 {len(words)} 字。", f"请缩到 {longest} 字以内。")
        _check_fields(text.kind, place, words)
    for each in text.passages:
        if each.short and not each.text.strip():
            raise UserError(f"“{each.label}”不能空着。", "请填写，或恢复原样。")


def _written(text: PaperText) -> Iterator[tuple[str, str, int]]:
    yield "份数说明", text.copies, _LONGEST
    yield "盖章单位", text.sealer, _LONGEST_SEALER
    for each in text.passages:
        yield each.label, each.text, _LONGEST_LABEL if each.short else _LONGEST


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
            sealer=str(data.get("sealer", base.sealer)),
        )
    return PaperText(
        kind=kind,
        title=data["title"],
        series=data.get("series", ""),
        seal=data.get("seal", False),
        copies=data.get("copies", ""),
        sealable="seal" in data,
        copied="copies" in data,
        passages=tuple(
            Passage(
                code=each["code"],
                label=each["label"],
                text=each["text"].strip(),
                short=each.get("short", False),
            )
            for each in data.get("passage", ())
        ),
    )


def to_data(text: PaperText) -> dict[str, Any]:
    """What is kept of a unit's own copy."""
    return {
        "title": text.title.strip(),
        "seal": text.seal,
        "copies": text.copies.strip(),
        "sealer": text.sealer.strip(),
        "words": {each.code: each.text.strip() for each in text.passages},
    }
