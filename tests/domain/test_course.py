"""The task's course: what may follow what, held against every order somebody could try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.course import Step, TaskState, after, allowed, follow, replay
from app.errors import UserError

_WHOLE = (
    Step.NOTIFY,
    Step.APPROVE,
    Step.INSPECT,
    Step.ENTER,
    Step.REVIEW,
    Step.LOCK,
    Step.PUBLISH,
    Step.CLOSE,
)
_BEFORE_VISIT = {TaskState.ASSIGNED, TaskState.NOTIFIED, TaskState.APPROVED, TaskState.POSTPONED}
_ORDERS = st.lists(st.sampled_from(list(Step)), max_size=25)


def _walk(wishes: list[Step]) -> tuple[list[Step], TaskState]:
    """Take every wish that is lawful, drop the rest."""
    taken, state = [], TaskState.ASSIGNED
    for step in wishes:
        if after(state, step) is not None:
            state = follow(state, step)
            taken.append(step)
    return taken, state


def test_the_whole_way_from_the_notice_to_the_closed_file() -> None:
    assert replay(_WHOLE) is TaskState.CLOSED
    for at, expected in enumerate(
        (
            TaskState.NOTIFIED,
            TaskState.APPROVED,
            TaskState.INSPECTED,
            TaskState.ENTERED,
            TaskState.REVIEWED,
            TaskState.LOCKED,
            TaskState.PUBLISHED,
            TaskState.CLOSED,
        ),
        1,
    ):
        assert replay(_WHOLE[:at]) is expected


def test_a_postponed_task_is_inspected_later_and_a_returned_one_entered_again() -> None:
    steps = (Step.NOTIFY, Step.POSTPONE, Step.POSTPONE, Step.INSPECT, Step.ENTER, Step.RETURN)
    assert replay(steps) is TaskState.INSPECTED
    assert replay((*steps, Step.ENTER, Step.REVIEW, Step.LOCK)) is TaskState.LOCKED


def test_urgent_approval_may_follow_the_visit_and_moves_nothing() -> None:
    assert replay((Step.INSPECT, Step.APPROVE)) is TaskState.INSPECTED


def test_a_target_found_closed_may_still_be_substituted_until_it_was_entered() -> None:
    found = (Step.INSPECT, Step.CANNOT_INSPECT)
    assert replay((*found, Step.SUBSTITUTE)) is TaskState.SUBSTITUTED
    with pytest.raises(UserError, match="已录入"):
        replay((*found, Step.ENTER, Step.SUBSTITUTE))


@pytest.mark.parametrize("end", [6, 7, 8])
def test_only_a_correction_leads_back_from_the_lock(end: int) -> None:
    state = replay(_WHOLE[:end])
    backwards = {step for step in allowed(state) if follow(state, step) in _BEFORE_VISIT}
    assert backwards == {Step.CORRECT}
    # The locked result stays; the next alternate comes beside it.
    assert replay((*_WHOLE[:end], Step.SUBSTITUTE)) is TaskState.SUBSTITUTED
    assert replay((*_WHOLE[:end], Step.CORRECT)) is TaskState.ASSIGNED


@given(_ORDERS)
def test_an_unlawful_step_is_refused_in_a_sentence_and_changes_nothing(
    wishes: list[Step],
) -> None:
    _taken, state = _walk(wishes)
    for step in Step:
        if step in allowed(state):
            assert follow(state, step) is after(state, step)
        else:
            with pytest.raises(UserError, match=state.label):
                follow(state, step)


@given(_ORDERS)
def test_nothing_is_locked_unreviewed_or_published_unlocked(wishes: list[Step]) -> None:
    taken, state = _walk(wishes)
    assert replay(taken) is state
    last = len(taken) - 1 - taken[::-1].index(Step.CORRECT) if Step.CORRECT in taken else -1
    since = taken[last + 1 :]
    needs = {
        Step.ENTER: {Step.INSPECT, Step.CANNOT_INSPECT},
        Step.REVIEW: {Step.ENTER},
        Step.LOCK: {Step.REVIEW},
        # Of a substituted task only a result locked before is there to be published.
        Step.PUBLISH: {Step.LOCK, Step.SUBSTITUTE},
        Step.CLOSE: {Step.LOCK},
    }
    for step, any_of in needs.items():
        if step in since:
            assert any_of & set(since[: since.index(step)])


@given(_ORDERS)
def test_a_substituted_task_is_nobodys_any_more(wishes: list[Step]) -> None:
    taken, state = _walk(wishes)
    if Step.SUBSTITUTE in taken:
        assert state is TaskState.SUBSTITUTED
        after_it = set(taken[taken.index(Step.SUBSTITUTE) + 1 :])
        assert after_it <= {Step.PUBLISH, Step.WITHDRAW}
        assert allowed(state) == {Step.PUBLISH, Step.WITHDRAW}
