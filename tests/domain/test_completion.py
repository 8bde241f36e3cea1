from __future__ import annotations

import pytest

from app.domain.completion import TaskStanding, is_done
from tests.domain.rulebooks import rulebook


@pytest.mark.parametrize(
    ("name", "task", "done"),
    [
        ("taijiang-2022", TaskStanding(entered=True), True),
        ("taijiang-2022", TaskStanding(entered=False), False),
        ("yiyang-2021", TaskStanding(entered=True), False),
        ("yiyang-2021", TaskStanding(entered=True, published=True), True),
        ("yiyang-2021", TaskStanding(entered=True, exempt=True), True),
        ("qingdao-xihaian-2020", TaskStanding(entered=True), True),
        ("qingdao-xihaian-2020", TaskStanding(entered=True, to_rectify=True), False),
        (
            "qingdao-xihaian-2020",
            TaskStanding(entered=True, to_rectify=True, rectified=True),
            True,
        ),
    ],
)
def test_each_regulation_counts_as_done_what_it_says(
    name: str, task: TaskStanding, done: bool
) -> None:
    assert is_done(rulebook(name).done.value, task) is done
