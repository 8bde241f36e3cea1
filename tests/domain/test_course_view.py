"""What a person sees of a task's course: nine stages, and the next step in words."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.course import Step, TaskState, after
from app.domain.course_view import STAGES, Passed, Standing, next_words, stages

_DAY = date(2026, 9, 10)


def _passed(*steps: Step) -> tuple[Passed, ...]:
    return tuple(Passed(step=each, on=_DAY) for each in steps)


def _words(state: TaskState, *steps: Step) -> str:
    marks = {Standing.DONE: "✓", Standing.NOW: "●", Standing.SKIPPED: "－", Standing.AHEAD: "○"}
    return "".join(marks[each.standing] for each in stages(state, _passed(*steps)))


def test_each_stage_is_reached_one_after_the_other() -> None:
    way = (Step.NOTIFY, Step.APPROVE, Step.INSPECT, Step.ENTER, Step.REVIEW, Step.LOCK)
    assert _words(TaskState.ASSIGNED) == "●○○○○○○○○"
    assert _words(TaskState.APPROVED, *way[:2]) == "✓✓●○○○○○○"
    assert _words(TaskState.LOCKED, *way) == "✓✓✓✓✓✓●○○"
    assert _words(TaskState.CLOSED, *way, Step.PUBLISH, Step.CLOSE) == "✓✓✓✓✓✓✓✓●"


def test_what_was_passed_by_is_not_said_to_be_done() -> None:
    found = stages(TaskState.INSPECTED, _passed(Step.NOTIFY, Step.INSPECT))
    assert [each.label for each in found[:4]] == ["已派单", "已通知", "未审批", "已检查"]
    late = stages(TaskState.INSPECTED, _passed(Step.NOTIFY, Step.INSPECT, Step.APPROVE))
    assert late[2].standing is Standing.DONE


def test_a_result_sent_back_is_to_be_entered_again_and_a_corrected_one_begins_anew() -> None:
    way = (Step.NOTIFY, Step.APPROVE, Step.INSPECT, Step.ENTER)
    assert _words(TaskState.INSPECTED, *way, Step.RETURN) == "✓✓✓●○○○○○"
    voided = (*way, Step.REVIEW, Step.LOCK, Step.PUBLISH, Step.CORRECT)
    assert _words(TaskState.ASSIGNED, *voided) == "●○○○○○○○○"
    again = stages(TaskState.INSPECTED, _passed(*voided, Step.INSPECT))
    assert [each.on for each in again] == [None, None, None, _DAY, *[None] * 5]


def test_a_result_that_is_not_made_public_has_no_such_stage() -> None:
    found = stages(TaskState.CLOSED, _passed(Step.INSPECT), public=False)
    assert TaskState.PUBLISHED not in {each.state for each in found}
    assert len(found) == len(STAGES) - 1


def test_beside_the_way_the_last_stage_is_where_it_left_it() -> None:
    assert _words(TaskState.POSTPONED, Step.NOTIFY, Step.POSTPONE) == "✓●○○○○○○○"
    assert _words(TaskState.SUBSTITUTED, Step.NOTIFY, Step.SUBSTITUTE) == "✓●○○○○○○○"
    assert next_words(TaskState.POSTPONED, until=_DAY).startswith("延期到 2026-09-10")
    assert next_words(TaskState.SUBSTITUTED, replaced_by="A-07") == "已更换，由 A-07 接替"


def test_after_the_lock_the_next_step_is_what_is_still_open() -> None:
    matters = ("结果还没有公示", "整改还没有完成")
    assert next_words(TaskState.LOCKED, open_matters=matters) == "结果还没有公示；整改还没有完成"
    assert next_words(TaskState.NOTIFIED) == "办理检查审批"
    assert "到场检查" in next_words(TaskState.NOTIFIED, approval=False)


@given(st.lists(st.sampled_from(list(Step)), max_size=20))
def test_every_course_has_one_place_and_a_next_step(wishes: list[Step]) -> None:
    state, taken = TaskState.ASSIGNED, []
    for step in wishes:
        following = after(state, step)
        if following is not None:
            state = following
            taken.append(step)
    found = stages(state, _passed(*taken))
    assert [each.standing for each in found].count(Standing.NOW) == 1
    at = next(n for n, each in enumerate(found) if each.standing is Standing.NOW)
    assert all(each.standing is Standing.AHEAD for each in found[at + 1 :])
    assert next_words(state)
