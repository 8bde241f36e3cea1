"""回避: why an inspector must not inspect a target, or nobody at all for a time.

A plan is published in the end and carries the reason as a code (RD1 §2: ``[0-9a-z]{1,16}``);
its words stand in the sealed minutes only.  The kinds are data (``resources/recusals.toml``).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from app.errors import UserError

__all__ = ["OTHER", "WHOLE", "RecusalKind", "parse_kinds"]

OTHER = "other"
"""The kind whose circumstances have to be said."""

WHOLE = "recused"
"""Reason code of a person who recuses from the whole draw (``why`` of an ``ins`` line)."""

_CODE = re.compile(r"[0-9a-z]{1,16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalKind:
    """A kind of interest; ``own_words``: the circumstances have to be said.

    ``whole``: may keep a person out of every draw, not only from one target.
    """

    code: str
    label: str
    hint: str
    article: str
    own_words: bool = False
    whole: bool = False


def parse_kinds(text: str) -> tuple[RecusalKind, ...]:
    """Read the kinds from TOML; UserError names what is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"回避事由文件不是有效的 TOML：{error}。", "请检查引号和括号。") from None
    rows = data.get("kinds", [])
    kinds = tuple(_kind(row) for row in rows) if isinstance(rows, list) else ()
    if not kinds or len({kind.code for kind in kinds}) < len(kinds):
        raise UserError("回避事由文件里没有事由，或代码有重复。", "请检查 recusals.toml。")
    return kinds


def _kind(row: object) -> RecusalKind:
    if not isinstance(row, dict):
        raise UserError("回避事由文件里有一项不是表。", "每一项写成 [[kinds]]。")
    code, label = str(row.get("code", "")), str(row.get("label", ""))
    if not _CODE.fullmatch(code) or not label:
        raise UserError(
            f"回避事由“{label or code}”的代码或名称不对。", "代码用 1 至 16 位小写字母或数字。"
        )
    return RecusalKind(
        code=code,
        label=label,
        hint=str(row.get("hint", "")),
        article=str(row.get("article", "")),
        own_words=bool(row.get("own_words", False)),
        whole=bool(row.get("whole", False)),
    )
