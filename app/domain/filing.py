"""归档: what a quarter's or a target's file consists of, in the archive's order, and what lacks.

A file is a list of 件 with numbers; each has a retention.  The archive number reads
全宗号-年度-保管期限-件号.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.errors import UserError

__all__ = [
    "ArchiveFile",
    "ArchiveItem",
    "Retention",
    "ScanKind",
    "TaskFacts",
    "archive_no",
    "lacking",
]


class Retention(enum.Enum):
    """保管期限."""

    FOREVER = "forever"
    THIRTY = "thirty"
    TEN = "ten"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"forever": "永久", "thirty": "30年", "ten": "10年"}[self.value]


class ScanKind(enum.Enum):
    """What came back of a draw; the value is what an attachment belongs to."""

    SIGNED = "draw"
    ATTENDANCE = "draw_attendance"
    PHOTO = "draw_photo"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"draw": "签字件", "draw_attendance": "签到表", "draw_photo": "现场照片"}[self.value]


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """One file of an item: its name inside the item's folder, size and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveItem:
    """一件: ``number`` from 1 in the file's order."""

    number: int
    archive_no: str
    title: str
    author: str
    on: date | None
    files: tuple[ArchiveFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What a task's part of the file is asked for."""

    words: str  # draw and serial
    locked: bool
    to_publish: bool
    published: bool
    ordered: bool
    rectified: bool
    proofs: int
    attachments: int


def archive_no(fonds: str, year: int, retention: Retention, number: int) -> str:
    """全宗号-年度-保管期限-件号, e.g. X043-2026-30年-0007.

    UserError if the fonds number has anything but letters and digits.
    """
    cleaned = fonds.strip().upper()
    if not cleaned or not cleaned.isascii() or not cleaned.isalnum():
        raise UserError("全宗号只能是字母和数字。", "请填写档案部门给的全宗号，例如 X043。")
    return f"{cleaned}-{year}-{retention.label}-{number:04d}"


def lacking(
    *,
    plan: bool,
    draws: Sequence[tuple[str, frozenset[ScanKind]]],
    tasks: Sequence[TaskFacts],
) -> tuple[str, ...]:
    """What is missing, one sentence each, the draws' first.

    ``draws``: (number, what of it came back).
    """
    found = [] if plan else ["没有批准的抽查计划"]
    for no, there in draws:
        found += (f"抽取 {no}：{_NO_SCAN[kind]}" for kind in ScanKind if kind not in there)
    for task in tasks:
        found += (f"{task.words}：{words}" for words in _lacking(task))
    return tuple(found)


_NO_SCAN = {
    ScanKind.SIGNED: "没有签字件的扫描件",
    ScanKind.ATTENDANCE: "没有签到表的扫描件",
    ScanKind.PHOTO: "没有现场照片",
}


def _lacking(task: TaskFacts) -> list[str]:
    if not task.locked:
        return ["检查结果还没有锁定"]
    found = []
    if not task.attachments:
        found.append("没有检查记录的扫描件或照片")
    if task.to_publish and not task.published:
        found.append("结果还没有公示")
    if task.ordered and not task.rectified:
        found.append("整改还没有完成")
    elif task.ordered and not task.proofs:
        found.append("没有整改材料")
    return found
