"""Why an RD1 record or an input of the ceremony is refused.

RecordError (a UserError)
├── PlanError      plan.txt breaks RD1 §2
├── ResultError    result.txt breaks RD1 §5
├── VoidError      void.txt breaks RD1 §6
└── AddendumError  an addendum breaks RD1 §6

CeremonyError (a UserError): reveal, digits or their number do not fit the plan.
"""

from __future__ import annotations

from typing import ClassVar, Self

from app.errors import UserError


class RecordError(UserError):
    """A record file breaks the format.

    ``line`` is the 1-based number of the offending line, or None when the
    fault is something missing from the whole file; ``reason`` is the sentence
    without the place.
    """

    file: ClassVar[str] = "记录文件"

    def __init__(self, reason: str, line: int | None = None) -> None:
        where = self.file if line is None else f"{self.file} 第 {line} 行"
        super().__init__(f"{where}：{reason}。", "请改用未经改动的原始文件。")
        self.reason = reason
        self.line = line

    def while_writing(self) -> Self:
        """Give the same error with advice for somebody who is making the record."""
        self.advice = "请更正后重新生成，尚未保存任何内容。"
        return self


class PlanError(RecordError):
    """``plan.txt`` breaks RD1 §2."""

    file = "plan.txt"


class ResultError(RecordError):
    """``result.txt`` breaks RD1 §5."""

    file = "result.txt"


class VoidError(RecordError):
    """``void.txt`` breaks RD1 §6."""

    file = "void.txt"


class AddendumError(RecordError):
    """An addendum breaks RD1 §6."""

    file = "addendum"


class CeremonyError(UserError):
    """Reveal or witness digits that cannot belong to the plan (RD1 §3)."""
