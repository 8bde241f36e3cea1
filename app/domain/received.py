"""收到的文件: what kinds of files come in, and what happened to their rows."""

from __future__ import annotations

import enum

__all__ = ["COUNT_WORDS", "FileKind", "counted"]


class FileKind(enum.Enum):
    """What a file that came in was taken for."""

    TARGETS = "targets"
    INSPECTORS = "inspectors"
    ITEMS = "items"
    INSPECTIONS = "inspections"
    PARTNERS = "partners"
    LIST = "list"
    RESULT_FORM = "result_form"
    RESULT_PACKAGE = "result_package"
    REFUSALS = "refusals"
    NUMBERS = "numbers"
    RECEIPT = "receipt"
    TEMPLATE = "template"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _WORDS[self]


_WORDS = {
    FileKind.TARGETS: "检查对象名录",
    FileKind.INSPECTORS: "执法人员名录",
    FileKind.ITEMS: "抽查事项清单",
    FileKind.INSPECTIONS: "检查频次台账",
    FileKind.PARTNERS: "部门名录",
    FileKind.LIST: "外来名单",
    FileKind.RESULT_FORM: "检查结果填报表",
    FileKind.RESULT_PACKAGE: "检查结果包",
    FileKind.REFUSALS: "平台退回清单",
    FileKind.NUMBERS: "平台编号表",
    FileKind.RECEIPT: "平台回执",
    FileKind.TEMPLATE: "平台空白模板",
}

COUNT_WORDS = {
    "new": "新增",
    "updated": "更新",
    "changed": "改动",
    "unchanged": "不变",
    "rejected": "退回",
    "skipped": "跳过",
}
"""Counts of a register's line and their words, in the order they are said; others stay unsaid."""


def counted(counts: dict[str, int]) -> str:
    """新增 3，更新 1 — what a file did, in words; nothing at all is said too."""
    said = [f"{words} {counts[key]}" for key, words in COUNT_WORDS.items() if counts.get(key)]
    return "，".join(said) or "没有改动"
