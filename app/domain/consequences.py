"""后续: rectification with its moves, referrals, and what a result suggests for the next draw."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.inspection import Conclusion
from app.domain.rulebook import Rulebook
from app.errors import UserError

__all__ = [
    "Move",
    "ProposalKind",
    "ProposalState",
    "Receiver",
    "RectifyStep",
    "Suggestion",
    "check_extension",
    "deadline_now",
    "require_day",
    "require_text",
    "suggestions",
]


class RectifyStep(enum.Enum):
    """What is written down about a rectification under way."""

    REMINDER = "reminder"
    PROGRESS = "progress"
    EXTENSION = "extension"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"reminder": "督办", "progress": "进展", "extension": "延期"}[self.value]


class Receiver(enum.Enum):
    """To whom something is referred."""

    ORGAN = "organ"
    POLICE = "police"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"organ": "其他主管部门", "police": "公安机关"}[self.value]


class ProposalKind(enum.Enum):
    """What a result may suggest."""

    EXTRA_DRAW = "extra_draw"
    FREQUENCY = "frequency"
    CREDIT = "credit"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"extra_draw": "定向抽查", "frequency": "检查频次", "credit": "信用分类"}[self.value]


class ProposalState(enum.Enum):
    """What became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"open": "待决定", "accepted": "采纳", "declined": "不采纳"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """延期: the deadline moved on a day."""

    on: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One thing a result suggests, in a sentence."""

    kind: ProposalKind
    text: str


def deadline_now(first: date | None, moves: Sequence[Move]) -> date | None:
    """The deadline that holds: the last move's, else the one ordered on site."""
    return moves[-1].until if moves else first


def check_extension(
    *, now: date | None, until: date | None, reason: str, stage: str, longest: date | None
) -> str:
    """Why an extension cannot be written down like this; empty if it can.

    ``longest``: the day the regulation sets (QD: three months); going past it needs the reason
    and what was done so far.
    """
    if until is None:
        return "请填写新的整改期限。"
    if now is not None and until <= now:
        return f"新期限 {until} 不晚于现在的期限 {now}，请核对。"
    if not reason.strip():
        return "请写明未按期完成的原因。"
    if longest is not None and until > longest and not stage.strip():
        return f"新期限超过细则规定的 {longest}，请写明阶段性进展。"
    return ""


_BAD = frozenset({Conclusion.CASE, Conclusion.REFUSED})


def suggestions(rulebook: Rulebook, conclusion: Conclusion) -> tuple[Suggestion, ...]:
    """What a locked result suggests; a person decides, nothing is applied by itself."""
    found: list[Suggestion] = []
    if conclusion in _BAD and rulebook.directed.value:
        words = "涉嫌违法已立案" if conclusion is Conclusion.CASE else "不配合检查"
        found.append(
            Suggestion(
                kind=ProposalKind.EXTRA_DRAW, text=f"{words}，建议列入下一期间的定向抽查范围"
            )
        )
    if conclusion is Conclusion.CASE:
        found.append(
            Suggestion(kind=ProposalKind.CREDIT, text="建议按信用风险分类规定研究调整类别")
        )
    elif conclusion is Conclusion.REFUSED:
        found.append(Suggestion(kind=ProposalKind.CREDIT, text="建议推送信用主管部门"))
    elif conclusion is Conclusion.ORDERED:
        found.append(
            Suggestion(kind=ProposalKind.FREQUENCY, text="整改完成前不降低检查频次，完成后复查一次")
        )
    return tuple(found)


def require_day(on: date, today: date, since: date | None, what: str) -> None:
    """UserError if a day something happened lies in the future or before the inspection."""
    if on > today:
        raise UserError(f"{what}日期 {on} 还没有到。", "请填写实际的那一天。")
    if since is not None and on < since:
        raise UserError(f"{what}日期 {on} 早于检查日期 {since}。", "请核对日期。")


def require_text(text: str, what: str) -> str:
    """The text without space around it; UserError if nothing is left."""
    text = text.strip()
    if not text:
        raise UserError(f"还没有填写{what}。", f"请填写{what}。")
    return text
