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
    PackageState.MADE: "已生成",
    PackageState.APPROVED: "已批准",
    PackageState.COPIED: "已拷出",
    PackageState.UPLOADED: "已上传",
    PackageState.ACCEPTED: "平台已接收",
    PackageState.PARTLY: "部分退回",
    PackageState.RESENT: "已更正重报",
}

# A unit without a second person's approval goes from made to copied.
_STEPS: dict[PackageState, tuple[PackageState, ...]] = {
    PackageState.MADE: (PackageState.APPROVED, PackageState.COPIED),
    PackageState.APPROVED: (PackageState.COPIED,),
    PackageState.COPIED: (PackageState.UPLOADED,),
    PackageState.UPLOADED: (PackageState.ACCEPTED, PackageState.PARTLY),
    PackageState.PARTLY: (PackageState.RESENT,),
    PackageState.ACCEPTED: (),
    PackageState.RESENT: (),
}


def next_steps(now: PackageState) -> tuple[PackageState, ...]:
    """Where a package may go from here."""
    return _STEPS[now]


def check_step(before: PackageState, after: PackageState) -> None:
    """Refuse an unlawful step with a sentence (UserError)."""
    if after in _STEPS[before]:
        return
    may = "、".join(each.label for each in _STEPS[before])
    raise UserError(
        f"上报包现在是“{before.label}”，不能变为“{after.label}”。",
        f"下一步只能是：{may}。" if may else "它已经办结。",
    )
