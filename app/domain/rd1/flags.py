"""The flag letters of RD1 §4 in words."""

from __future__ import annotations

__all__ = ["WORDS", "in_words"]

WORDS = {
    "L": "无主办资格人员可用",
    "S": "无对口专业人员",
    "O": "任务已满额",
    "D": "同一部门",
    "X": "无人可派",
}
"""What each letter says, in the order in which they are written."""


def in_words(flags: str) -> tuple[str, ...]:
    """Words for the letters of a team, an assignment, a pair or a person."""
    return tuple(WORDS[letter] for letter in flags if letter in WORDS)
