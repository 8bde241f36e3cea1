"""A package's life after it was made: approved, copied, uploaded, and what the platform said."""

from __future__ import annotations

import enum

from app.errors import UserError

__all__ = ["PackageState", "check_step", "next_steps"]


class PackageState(enum.Enum):
    """Where a package stands."""

    MADE = "made"
    APPROVED = "approved"
    COPIED = "copied"
    UPLOADED = "uploaded"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    RESENT = "resent"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _LABELS[self]

    @property
    def answered(self) -> bool:
        """The platform said what it took."""
        return self in {PackageState.ACCEPTED, PackageState.PARTLY, PackageState.RESENT}


_LABELS = {
    PackageState.MADE: "已制作",
    PackageState.APPROVED: "已批准",
    PackageState.COPIED: "已拷贝",
    PackageState.UPLOADED: "已上传",
    PackageState.ACCEPTED: "已受理",
    PackageState.PARTLY: "部分退回",
    PackageState.RESENT: "已更正重报",
}

_STEPS: dict[PackageState, tuple[PackageState, ...]] = {
    PackageState.MADE: (PackageState.APPROVED, PackageState.COPIED),
    PackageState.APPROVED: (PackageState.COPIED,),
    PackageState.COPIED: (PackageState.UPLOADED,),
    PackageState.UPLOADED: (PackageState.ACCEPTED, PackageState.PARTLY),
    PackageState.PARTLY: (PackageState.RESENT,),
    PackageState.ACCEPTED: (),
    PackageState.RESENT: (),
}


def next_steps(now: PackageState, *, approval: bool = False) -> tuple[PackageState, ...]:
    """Where a package may go from here; ``approval``: the unit wants a second person's first."""
    found = _STEPS[now]
    if approval and now is PackageState.MADE:
        return tuple(each for each in found if each is PackageState.APPROVED)
    return found


def check_step(before: PackageState, after: PackageState, *, approval: bool = False) -> None:
    """Refuse an unlawful step with a sentence (UserError)."""
    lawful = next_steps(before, approval=approval)
    if after in lawful:
        return
    if after in _STEPS[before]:
        raise UserError(
            "这个上报包还没有批准，不能带走。", "本单位规定上报包先由第二个人批准；请先办理批准。"
        )
    may = "、".join(each.label for each in lawful)
    raise UserError(
        f"上报包现在是“{before.label}”，不能变为“{after.label}”。",
        f"下一步只能是：{may}。" if may else "它已经办结。",
    )
