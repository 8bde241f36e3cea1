"""How much of a draw may be public (stages)."""

from __future__ import annotations

import pytest

from app.domain.publicity import Stage, stage_of


@pytest.mark.parametrize(
    ("inspected", "finished", "outstanding", "stage"),
    [
        (0, 0, 5, Stage.HELD),
        (0, 0, 0, Stage.HELD),  # a draw without tasks is not over because nothing is left
        (0, 3, 2, Stage.HELD),  # another draw of the period has begun, this one has not
        (1, 0, 4, Stage.INSPECTING),
        (5, 5, 1, Stage.INSPECTING),  # its own are done, the period's are not
        (5, 5, 0, Stage.ENDED),
    ],
)
def test_the_seed_waits_for_the_last_inspection_of_the_period(
    inspected: int, finished: int, outstanding: int, stage: Stage
) -> None:
    assert stage_of(inspected=inspected, finished=finished, outstanding=outstanding) is stage


def test_stages_are_said_in_words() -> None:
    assert [stage.label for stage in Stage] == ["已抽取", "检查中", "检查全部结束"]
