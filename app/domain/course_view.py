"""A task's course as a person looks at it: nine stages, which are done, and what comes next.

The machine itself is ``app.domain.course``; here is only what can be seen of it.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.course import Step, TaskState

__all__ = ["STAGES", "Passed", "Stage", "Standing", "next_words", "stages"]

STAGES = (
    TaskState.ASSIGNED,
    TaskState.NOTIFIED,
    TaskState.APPROVED,
    TaskState.INSPECTED,
    TaskState.ENTERED,
    TaskState.REVIEWED,
    TaskState.LOCKED,
    TaskState.PUBLISHED,
    TaskState.CLOSED,
)
"""The straight way; what lies beside it (put off, substituted) is said in words."""

_MAKES = {
    Step.NOTIFY: TaskState.NOTIFIED,
    Step.APPROVE: TaskState.APPROVED,
    Step.INSPECT: TaskState.INSPECTED,
    Step.ENTER: TaskState.ENTERED,
    Step.REVIEW: TaskState.REVIEWED,
    Step.LOCK: TaskState.LOCKED,
    Step.PUBLISH: TaskState.PUBLISHED,
    Step.CLOSE: TaskState.CLOSED,
}
_UNMAKES = {
    # Sent back: what was entered has to be entered anew.
    Step.RETURN: frozenset({TaskState.ENTERED}),
    Step.WITHDRAW: frozenset({TaskState.PUBLISHED, TaskState.CLOSED}),
    Step.TAKE_BACK: frozenset({TaskState.INSPECTED, TaskState.ENTERED}),
    # The voided result's course is over: the task begins again.
    Step.CORRECT: frozenset(STAGES),
}


class Standing(enum.Enum):
    """How a stage stands."""

    DONE = "done"
    NOW = "now"  # the last one reached
    SKIPPED = "skipped"  # passed by without
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One step on record: what, on which day."""

    step: Step
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the nine, with the day it was reached if that is on record."""

    state: TaskState
    standing: Standing
    on: date | None = None

    @property
    def label(self) -> str:
        """Word for a person; one that was passed by says so."""
        words = self.state.label
        return f"未{words[1:]}" if self.standing is Standing.SKIPPED else words


def stages(state: TaskState, steps: Sequence[Passed], *, public: bool = True) -> tuple[Stage, ...]:
    """The nine stages of a task that stands at ``state`` after ``steps``.

    ``public`` False: its result is not made public, so that stage is not there.
    """
    days: dict[TaskState, date] = {}
    for each in steps:
        for undone in _UNMAKES.get(each.step, ()):
            days.pop(undone, None)
        if each.step in _MAKES:
            days[_MAKES[each.step]] = each.on
    reached = _reached(state, days)
    shown = [each for each in STAGES if public or each is not TaskState.PUBLISHED]
    return tuple(
        Stage(state=each, standing=_standing(each, reached, days), on=days.get(each))
        for each in shown
    )


def _reached(state: TaskState, days: dict[TaskState, date]) -> TaskState:
    """The stage a task is at; one beside the straight way is where it left it."""
    if state in STAGES:
        # A notice printed after the visit moves nothing, and a record made late neither.
        return state
    known = [each for each in STAGES if each in days]
    return known[-1] if known else TaskState.ASSIGNED


def _standing(stage: TaskState, reached: TaskState, days: dict[TaskState, date]) -> Standing:
    at, now = STAGES.index(stage), STAGES.index(reached)
    if at == now:
        return Standing.NOW
    if at > now:
        return Standing.AHEAD
    optional = stage in {TaskState.NOTIFIED, TaskState.APPROVED, TaskState.PUBLISHED}
    return Standing.SKIPPED if optional and stage not in days else Standing.DONE


def next_words(
    state: TaskState,
    *,
    open_matters: Sequence[str] = (),
    replaced_by: str = "",
    until: date | None = None,
    approval: bool = True,
) -> str:
    """What comes next, as a sentence.

    ``open_matters``: what keeps a locked result from being closed; ``approval`` False: the unit
    does not use the approval.
    """
    if state is TaskState.SUBSTITUTED:
        return f"已更换，由 {replaced_by} 接替" if replaced_by else "已更换，由递补的任务接替"
    if state is TaskState.POSTPONED:
        return f"延期到 {until}，到时检查并登记" if until else "已延期，检查后登记"
    if state is TaskState.NOTIFIED and not approval:
        return _NEXT[TaskState.APPROVED]
    if state in {TaskState.LOCKED, TaskState.PUBLISHED}:
        return "；".join(open_matters) or "没有未了事项"
    return _NEXT[state]


_NEXT = {
    TaskState.ASSIGNED: "打印任务通知单，通知检查人员",
    TaskState.NOTIFIED: "办理检查审批",
    TaskState.APPROVED: "带检查通知书到场检查，回来登记检查",
    TaskState.INSPECTED: "录入检查结果，提交复核",
    TaskState.ENTERED: "由另一人复核，锁定或者退回",
    TaskState.REVIEWED: "锁定",
    TaskState.CLOSED: "已办结，随季度归档",
}
