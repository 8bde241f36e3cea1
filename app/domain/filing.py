"""归档: what a quarter's or a target's file consists of, in the archive's order, and what lacks.

A file is a list of 件.  Each is of a kind; the kind says how long it is kept (保管期限), and its
number runs on within fonds, year and retention: 全宗号-年度-保管期限-件号.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.errors import UserError

__all__ = [
    "MOST_ITEMS",
    "Draft",
    "ItemKind",
    "KindRule",
    "Lack",
    "LackPlace",
    "Number",
    "Retention",
    "ScanKind",
    "TaskFacts",
    "archive_no",
    "clean_fonds",
    "lacking",
    "number_items",
    "with_retentions",
]

MOST_ITEMS = 9999
"""件号 has four digits."""


class Retention(enum.Enum):
    """保管期限."""

    FOREVER = "forever"
    THIRTY = "thirty"
    TEN = "ten"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"forever": "永久", "thirty": "30年", "ten": "10年"}[self.value]


class ItemKind(enum.Enum):
    """What a 件 is; how long each kind is kept is data (``resources/archive.toml``)."""

    ANNUAL_PLAN = "annual_plan"
    PERIOD_PLAN = "period_plan"
    DRAW = "draw"
    INSPECTION = "inspection"
    PUBLICATION = "publication"
    ANNUAL_REPORT = "annual_report"
    REPORT = "report"
    PROOF = "proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """One line of the retention table; the table's order is the archive's order."""

    kind: ItemKind
    label: str
    retention: Retention


class ScanKind(enum.Enum):
    """What came back of a draw; the value is what an attachment belongs to."""

    SIGNED = "draw"
    ATTENDANCE = "draw_attendance"
    PHOTO = "draw_photo"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"draw": "签字件", "draw_attendance": "签到表", "draw_photo": "现场照片"}[self.value]


class LackPlace(enum.Enum):
    """Where what lacks is supplied."""

    PLAN = "plan"
    DRAW = "draw"  # a draw's own archive page
    CEREMONY = "ceremony"
    TASK = "task"
    PUBLICATION = "publication"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: the sentence, where to supply it, of which draw or task."""

    words: str
    place: LackPlace
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What a task's part of the file is asked for."""

    id: int
    words: str  # draw and serial
    locked: bool
    to_publish: bool
    published: bool
    ordered: bool
    rectified: bool
    proofs: int
    attachments: int
    waiting: tuple[str, ...] = ()  # other matters that are not closed, in words


def clean_fonds(fonds: str) -> str:
    """全宗号 in capitals; UserError if it has anything but letters and digits."""
    cleaned = fonds.strip().upper()
    if not cleaned or not cleaned.isascii() or not cleaned.isalnum() or len(cleaned) > 12:
        raise UserError("全宗号只能是字母和数字。", "请填写档案部门给的全宗号，例如 X043。")
    return cleaned


def archive_no(fonds: str, year: int, retention: Retention, number: int) -> str:
    """全宗号-年度-保管期限-件号, e.g. X043-2026-30年-0007; UserError as ``clean_fonds``."""
    return f"{clean_fonds(fonds)}-{year}-{retention.label}-{number:04d}"


# --- retention --------------------------------------------------------------------------------


def with_retentions(table: Sequence[KindRule], own: Mapping[str, str]) -> tuple[KindRule, ...]:
    """The shipped table with a unit's own periods (kind → retention, as stored) put in."""
    return tuple(
        replace(rule, retention=Retention(own.get(rule.kind.value, rule.retention.value)))
        for rule in table
    )


# --- numbers ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """A 件 that wants a number; ``key`` tells it again when the file is made anew."""

    key: str
    year: int
    retention: Retention


@dataclass(frozen=True, slots=True)
class Number:
    """What a 件 is filed under; ``known``: from an earlier archive."""

    year: int
    retention: Retention
    number: int
    known: bool = False


def number_items(
    drafts: Sequence[Draft], known: Mapping[str, Number], first: int = 1
) -> tuple[Number, ...]:
    """A number for each, in order.

    What was filed before keeps its number, year and retention: it is on paper somewhere.  The
    rest goes on after the last of its year and retention, from ``first`` at the least (numbers
    below were given by hand).  UserError past 9999.
    """
    last: dict[tuple[int, Retention], int] = {}
    for each in known.values():
        place = (each.year, each.retention)
        last[place] = max(last.get(place, 0), each.number)
    found = []
    for draft in drafts:
        kept = known.get(draft.key)
        if kept is not None:
            found.append(replace(kept, known=True))
            continue
        place = (draft.year, draft.retention)
        number = max(last.get(place, 0) + 1, first)
        if number > MOST_ITEMS:
            raise UserError(
                f"{draft.year} 年{draft.retention.label}的件号超过 {MOST_ITEMS}。",
                "请把起始件号改小。",
            )
        last[place] = number
        found.append(Number(draft.year, draft.retention, number))
    return tuple(found)


# --- what lacks -------------------------------------------------------------------------------


def lacking(
    *,
    plans: Iterable[tuple[str, str]],
    unfinished: Iterable[str],
    draws: Sequence[tuple[str, frozenset[ScanKind], tuple[str, ...]]],
    tasks: Sequence[TaskFacts],
    files: Iterable[Lack] = (),
) -> tuple[Lack, ...]:
    """What is missing, one sentence each: plans, draws, inspections, damaged files.

    ``plans``: (words, key) of those not approved; ``unfinished``: numbers of draws begun and not
    closed; ``draws``: (number, what of it came back, names of records gone from its folder).
    """
    found = [Lack(f"没有批准的{words}", LackPlace.PLAN, key) for words, key in plans]
    found += (
        Lack(f"抽取 {no}：还没有完成，也没有作废", LackPlace.CEREMONY, no) for no in unfinished
    )
    for no, there, gone in draws:
        found += (
            Lack(f"抽取 {no}：记录文件夹里没有 {name}", LackPlace.BACKUP, no) for name in gone
        )
        found += (
            Lack(f"抽取 {no}：{_NO_SCAN[kind]}", LackPlace.DRAW, no)
            for kind in ScanKind
            if kind not in there
        )
    for task in tasks:
        found += (Lack(f"{task.words}：{words}", place, str(task.id)) for words, place in _of(task))
    return (*found, *files)


_NO_SCAN = {
    ScanKind.SIGNED: "没有签字件的扫描件",
    ScanKind.ATTENDANCE: "没有签到表的扫描件",
    ScanKind.PHOTO: "没有现场照片",
}


def _of(task: TaskFacts) -> list[tuple[str, LackPlace]]:
    if not task.locked:
        return [("检查结果还没有锁定", LackPlace.TASK)]
    found = []
    if not task.attachments:
        found.append(("没有检查记录的扫描件或照片", LackPlace.TASK))
    if task.to_publish and not task.published:
        found.append(("结果还没有公示", LackPlace.PUBLICATION))
    if task.ordered and not task.rectified:
        found.append(("整改还没有完成", LackPlace.TASK))
    elif task.ordered and not task.proofs:
        found.append(("没有整改材料", LackPlace.TASK))
    found += ((words, LackPlace.TASK) for words in task.waiting)
    return found
