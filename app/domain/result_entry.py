"""检查结果 as it is typed: the entry, and everything that still stands against submitting it.

The same check serves the form (“还差 3 项”), the service that submits, and an import: what a
person reads beside a field is what refuses the entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from app.domain.fields import FieldProblem
from app.domain.formalities import Formalities, NationalLayer, check_formalities
from app.domain.inspection import Conclusion, ItemOutcome, Way

__all__ = [
    "Certificate",
    "ItemEntry",
    "ResultEntry",
    "Task",
    "check_entry",
    "suggested_conclusion",
]

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LONGEST_LINE = 200
_LONGEST_TEXT = 4000
_TEAM = 2
_MOST_ASSISTANTS = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """逐项: one item — checked, found, done; ``outcome`` None while nothing was ticked."""

    item_id: int
    name: str
    outcome: ItemOutcome | None = None
    note: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultEntry:
    """Everything a person types about one inspection; empty fields are "" or None.

    ``arrived`` and ``left`` are wall-clock times ``HH:MM``; ``inspector_ids`` are row ids of
    those who inspected (谁检查), ``entered_by`` is the name of who typed it (谁录入).
    ``rectify_reason``, ``rectify_stage``: why ``rectify_by`` is later than the regulation's day
    and what is done so far.
    """

    inspected_on: date | None = None
    arrived: str = ""
    left: str = ""
    way: Way = Way.ON_SITE
    methods: tuple[str, ...] = ()
    items: tuple[ItemEntry, ...] = ()
    conclusion: Conclusion | None = None
    finding: str = ""
    measure: str = ""
    rectify_by: date | None = None
    rectify_reason: str = ""
    rectify_stage: str = ""
    document_no: str = ""
    assistants: int = 0
    inspector_ids: tuple[int, ...] = ()
    entered_by: str = ""
    formalities: Formalities = field(default_factory=Formalities)

    @property
    def on_site(self) -> bool:
        """Whether somebody went there."""
        return self.way is not Way.OFF_SITE

    @property
    def problems(self) -> tuple[ItemEntry, ...]:
        """Items that were ticked 不符合."""
        return tuple(item for item in self.items if item.outcome is ItemOutcome.PROBLEM)

    @property
    def untouched(self) -> bool:
        """Whether nothing but the day of the inspection was entered so far."""
        return (
            self.conclusion is None
            and not self.finding
            and all(item.outcome is None for item in self.items)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """执法证 of one who inspected; both days included, None is not registered."""

    inspector_id: int
    name: str
    valid_from: date | None
    valid_to: date | None

    def problem(self, on: date) -> str:
        """Empty if it covers the day, else what to do, as a sentence."""
        if self.valid_to is None:
            return f"{self.name}的执法证没有登记有效期，请先在“执法人员”里补上。"
        if on > self.valid_to:
            return f"{self.name}的执法证 {self.valid_to} 已到期，{on} 的检查不能由其执行。"
        if self.valid_from is not None and on < self.valid_from:
            return f"{self.name}的执法证 {self.valid_from} 才生效，{on} 的检查不能由其执行。"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an entry is held against: the draw's day, today, who was sent.

    ``longest``: past this day a rectification's deadline has to be explained; None: never.
    """

    drawn_on: date
    today: date
    certificates: tuple[Certificate, ...]
    layer: NationalLayer = field(default_factory=NationalLayer)
    longest: date | None = None


def check_entry(entry: ResultEntry, task: Task) -> tuple[FieldProblem, ...]:
    """Everything that forbids submitting, in the order of the form; empty when complete."""
    found = [
        *_check_day(entry, task),
        *_check_way(entry),
        *_check_people(entry, task),
        *_check_items(entry),
        *_check_conclusion(entry),
        *_check_consequence(entry, task),
        *_check_lengths(entry),
    ]
    formal = check_formalities(
        entry.formalities,
        task.layer,
        inspected_on=entry.inspected_on,
        on_site=entry.on_site,
        assistants=entry.assistants,
    )
    return (*(FieldProblem(name, message) for name, message in found), *formal)


def suggested_conclusion(entry: ResultEntry) -> Conclusion | None:
    """What the items say once all are ticked: nothing found, or ordered to rectify."""
    if entry.problems:
        return Conclusion.ORDERED
    if entry.items and all(item.outcome is not None for item in entry.items):
        return Conclusion.NO_PROBLEM
    return None


_Found = list[tuple[str, str]]


def _check_day(entry: ResultEntry, task: Task) -> _Found:
    on = entry.inspected_on
    if on is None:
        return [("inspected_on", "请填写检查日期。")]
    if on > task.today:
        return [("inspected_on", f"检查日期 {on} 还没有到，请改为实际检查的那一天。")]
    if on < task.drawn_on:
        return [
            (
                "inspected_on",
                f"检查日期 {on} 早于抽取日期 {task.drawn_on}，不算本任务的检查。",
            )
        ]
    found: _Found = []
    for name, text in (("arrived", entry.arrived), ("left", entry.left)):
        if text and not _CLOCK.fullmatch(text):
            found.append((name, f"时间“{text}”请写成 09:40 这样。"))
    if not found and entry.arrived and entry.left and entry.left < entry.arrived:
        found.append(("left", "离开时间早于到场时间，请核对。"))
    return found


def _check_way(entry: ResultEntry) -> _Found:
    return [] if entry.methods else [("methods", "请至少选一种检查方式。")]


def _check_people(entry: ResultEntry, task: Task) -> _Found:
    found: _Found = []
    if len(set(entry.inspector_ids)) < _TEAM:
        found.append(("inspectors", "检查人员不足两名，请先在“检查组与派单”里补齐。"))
    known = {each.inspector_id: each for each in task.certificates}
    for each in entry.inspector_ids:
        if each not in known:
            found.append(("inspectors", "检查人员不在执法人员名录里，请重新选择。"))
        elif entry.inspected_on is not None:
            problem = known[each].problem(entry.inspected_on)
            if problem:
                found.append(("inspectors", problem))
    if not 0 <= entry.assistants <= _MOST_ASSISTANTS:
        found.append(("assistants", "协助人数请填 0 到 99。"))
    if not entry.entered_by.strip():
        found.append(("entered_by", "请填写录入人姓名。"))
    return found


def _check_items(entry: ResultEntry) -> _Found:
    # A site that was closed, gone or shut its gate has nothing to tick.
    if entry.conclusion is not None and not entry.conclusion.inspected:
        return []
    if not entry.items:
        return [("items", "没有适用的抽查事项，请先在“抽查事项”里录入。")]
    open_ones = [item for item in entry.items if item.outcome is None]
    if not open_ones:
        return []
    return [("items", f"还有 {len(open_ones)} 项没有勾选，先看“{open_ones[0].name}”。")]


def _check_conclusion(entry: ResultEntry) -> _Found:
    conclusion = entry.conclusion
    if conclusion is None:
        return [("conclusion", "请选择检查结论。")]
    if entry.problems and not conclusion.violation:
        return [
            (
                "conclusion",
                f"“{entry.problems[0].name}”勾了不符合，结论却是“{conclusion.label}”，请改其中一处。",
            )
        ]
    if conclusion.violation and not entry.problems:
        return [
            (
                "conclusion",
                f"结论是“{conclusion.label}”，逐项却没有一项不符合，请勾出是哪一项。",
            )
        ]
    return []


def _check_consequence(entry: ResultEntry, task: Task) -> _Found:
    conclusion = entry.conclusion
    if conclusion is None:
        return []
    found: _Found = []
    if conclusion.violation and not entry.finding.strip():
        found.append(("finding", "发现问题的，请写明发现了什么。"))
    if not conclusion.inspected and not entry.finding.strip():
        found.append(("finding", f"结论是“{conclusion.label}”的，请写明现场看到的情况。"))
    if conclusion.violation and not entry.measure.strip():
        found.append(("measure", "请写明采取的处理措施。"))
    if conclusion is Conclusion.ORDERED:
        found.extend(_check_rectification(entry, task.longest))
    return found


def _check_rectification(entry: ResultEntry, longest: date | None) -> _Found:
    if entry.rectify_by is None:
        return [("rectify_by", "责令整改的，请填写整改期限。")]
    if entry.inspected_on is not None and entry.rectify_by < entry.inspected_on:
        return [("rectify_by", "整改期限早于检查日期，请核对。")]
    if longest is None or entry.rectify_by <= longest:
        return []
    beyond = f"整改期限超过细则规定的 {longest}，请写明"
    found: _Found = []
    if not entry.rectify_reason.strip():
        found.append(("rectify_reason", f"{beyond}原因。"))
    if not entry.rectify_stage.strip():
        found.append(("rectify_stage", f"{beyond}阶段性进展。"))
    return found


def _check_lengths(entry: ResultEntry) -> _Found:
    found: _Found = []
    for name, text, longest in (
        ("document_no", entry.document_no, _LONGEST_LINE),
        ("finding", entry.finding, _LONGEST_TEXT),
        ("measure", entry.measure, _LONGEST_TEXT),
        ("rectify_reason", entry.rectify_reason, _LONGEST_TEXT),
        ("rectify_stage", entry.rectify_stage, _LONGEST_TEXT),
        ("entered_by", entry.entered_by, _LONGEST_LINE),
        *(("items", text, _LONGEST_TEXT) for i in entry.items for text in (i.note, i.measure)),
    ):
        if len(text) > longest:
            found.append((name, f"这里写了 {len(text)} 字，请缩到 {longest} 字以内。"))
    return found
