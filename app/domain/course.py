"""A task's course, as a pure state machine: from the draw to the closed file.

::

    assigned → notified → approved → inspected → entered → reviewed → locked → published → closed
       │  (what was not done beforehand may be recorded late, what was skipped stays visible)
       ├ postponed → … (with a reason and a new day)     entered → inspected (returned)
       ├ uninspectable (closed, moved, refuses …)        locked … closed → assigned (corrected)
       ├ published, closed → locked (the publication was taken down)
       ├ entered → inspected → assigned (a merged form is taken back while nothing followed)
       └ substituted (the end: another took its place; also after the lock, if nothing could be
         inspected there: the locked result stays, and is published or taken down as any other)

The machine knows the order only.  Which facts a step needs is the services' business.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from app.errors import UserError

__all__ = ["Step", "TaskState", "after", "allowed", "follow", "replay"]


class TaskState(enum.Enum):
    """Where a task stands."""

    ASSIGNED = "assigned"
    NOTIFIED = "notified"
    APPROVED = "approved"
    POSTPONED = "postponed"
    INSPECTED = "inspected"
    ENTERED = "entered"
    REVIEWED = "reviewed"
    LOCKED = "locked"
    PUBLISHED = "published"
    CLOSED = "closed"
    SUBSTITUTED = "substituted"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _STATE_WORDS[self]


class Step(enum.Enum):
    """What happens to a task."""

    NOTIFY = "notify"
    APPROVE = "approve"
    POSTPONE = "postpone"
    INSPECT = "inspect"
    CANNOT_INSPECT = "cannot_inspect"
    ENTER = "enter"
    RETURN = "return"
    REVIEW = "review"
    LOCK = "lock"
    PUBLISH = "publish"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    SUBSTITUTE = "substitute"
    TAKE_BACK = "take_back"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _STEP_WORDS[self]


_STATE_WORDS = {
    TaskState.ASSIGNED: "已派单",
    TaskState.NOTIFIED: "已通知",
    TaskState.APPROVED: "已审批",
    TaskState.POSTPONED: "已延期",
    TaskState.INSPECTED: "已检查",
    TaskState.ENTERED: "已录入",
    TaskState.REVIEWED: "已复核",
    TaskState.LOCKED: "已锁定",
    TaskState.PUBLISHED: "已公示",
    TaskState.CLOSED: "已办结",
    TaskState.SUBSTITUTED: "已更换",
}
_STEP_WORDS = {
    Step.NOTIFY: "通知检查人员",
    Step.APPROVE: "检查审批",
    Step.POSTPONE: "延期",
    Step.INSPECT: "检查",
    Step.CANNOT_INSPECT: "到场未能检查",
    Step.ENTER: "录入并提交",
    Step.RETURN: "退回",
    Step.REVIEW: "复核",
    Step.LOCK: "锁定",
    Step.PUBLISH: "公示",
    Step.CLOSE: "办结",
    Step.WITHDRAW: "撤下公示",
    Step.CORRECT: "更正，原结果作废",
    Step.SUBSTITUTE: "更换",
    Step.TAKE_BACK: "撤销合并",
}
_OPEN_STEPS: Mapping[Step, TaskState] = {
    Step.NOTIFY: TaskState.NOTIFIED,
    Step.APPROVE: TaskState.APPROVED,
    Step.POSTPONE: TaskState.POSTPONED,
    Step.INSPECT: TaskState.INSPECTED,
    Step.CANNOT_INSPECT: TaskState.INSPECTED,
    Step.SUBSTITUTE: TaskState.SUBSTITUTED,
}
_AFTER_LOCK = {
    Step.CORRECT: TaskState.ASSIGNED,
    # Found closed or gone: the result stands, and the next alternate takes the place.
    Step.SUBSTITUTE: TaskState.SUBSTITUTED,
}
_TAKEN_DOWN = {Step.WITHDRAW: TaskState.LOCKED}
_COURSE: Mapping[TaskState, Mapping[Step, TaskState]] = {
    TaskState.ASSIGNED: _OPEN_STEPS,
    TaskState.NOTIFIED: _OPEN_STEPS,
    # A notice printed again does not undo the approval.
    TaskState.APPROVED: {**_OPEN_STEPS, Step.NOTIFY: TaskState.APPROVED},
    TaskState.POSTPONED: _OPEN_STEPS,
    TaskState.INSPECTED: {
        # 紧急补办 and a paper printed afterwards leave the task where it is.
        Step.APPROVE: TaskState.INSPECTED,
        Step.NOTIFY: TaskState.INSPECTED,
        Step.CANNOT_INSPECT: TaskState.INSPECTED,
        Step.ENTER: TaskState.ENTERED,
        # Found closed or refused on site, nothing locked yet: the next alternate may be sent.
        Step.SUBSTITUTE: TaskState.SUBSTITUTED,
        # What a merged form said is taken back, as if it had not come.
        Step.TAKE_BACK: TaskState.ASSIGNED,
    },
    TaskState.ENTERED: {
        Step.RETURN: TaskState.INSPECTED,
        Step.REVIEW: TaskState.REVIEWED,
        Step.TAKE_BACK: TaskState.INSPECTED,
    },
    TaskState.REVIEWED: {Step.LOCK: TaskState.LOCKED},
    TaskState.LOCKED: {
        Step.PUBLISH: TaskState.PUBLISHED,
        Step.CLOSE: TaskState.CLOSED,
        **_AFTER_LOCK,
    },
    TaskState.PUBLISHED: {Step.CLOSE: TaskState.CLOSED, **_TAKEN_DOWN, **_AFTER_LOCK},
    TaskState.CLOSED: {**_TAKEN_DOWN, **_AFTER_LOCK},
    # Only a locked result is ever published: what was found before the place was given away.
    TaskState.SUBSTITUTED: {
        Step.PUBLISH: TaskState.SUBSTITUTED,
        Step.WITHDRAW: TaskState.SUBSTITUTED,
    },
}


def allowed(state: TaskState) -> frozenset[Step]:
    """The steps that may follow."""
    return frozenset(_COURSE[state])


def after(state: TaskState, step: Step) -> TaskState | None:
    """Where a step leads from a state; None if it is not lawful there."""
    return _COURSE[state].get(step)


def follow(state: TaskState, step: Step) -> TaskState:
    """Take a step; UserError if it is not lawful there."""
    found = after(state, step)
    if found is None:
        raise UserError(f"任务现在是“{state.label}”，不能“{step.label}”。", "请刷新后再试。")
    return found


def replay(steps: Iterable[Step]) -> TaskState:
    """Where a task stands after these steps from its assignment; UserError at the first wrong."""
    state = TaskState.ASSIGNED
    for step in steps:
        state = follow(state, step)
    return state
