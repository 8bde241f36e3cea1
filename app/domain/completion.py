"""算作完成: when a drawn task counts as done, as the rulebook says.

Entered (NC, TJ, NM), published (YY 五（三）: an inspection that is not public is not done), or the
rectification entered too (QD 七（三）).  What is exempt from publication needs none.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.rulebook import DoneWhen


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStanding:
    """How far a task is: ``to_rectify`` if something was ordered to be put right."""

    entered: bool
    published: bool = False
    exempt: bool = False
    to_rectify: bool = False
    rectified: bool = False


def is_done(when: DoneWhen, task: TaskStanding) -> bool:
    """Say whether the task counts as done."""
    if not task.entered:
        return False
    if when is DoneWhen.PUBLISHED:
        return task.published or task.exempt
    if when is DoneWhen.RECTIFIED:
        return task.rectified or not task.to_rectify
    return True
