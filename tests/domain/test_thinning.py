"""Thinning backups by age: what stays, and that nothing else goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.thinning import Aged, superfluous

TODAY = date(2026, 9, 30)


def aged(days: int, reason: str = "day", hour: int = 9) -> Aged:
    at = datetime(2026, 9, 30, hour, tzinfo=UTC) - timedelta(days=days)
    return Aged(f"{at:%Y%m%d-%H}-{reason}", at, reason)


def test_a_year_of_days_leaves_a_week_of_days_weeks_and_months() -> None:
    days = [aged(each) for each in range(365)]
    gone = set(superfluous(days, TODAY))
    left = [each for each in days if each.name not in gone]
    ages = [(TODAY - each.at.date()).days for each in left]
    assert ages[:7] == list(range(7))
    weekly = [age for age in ages if 7 <= age < 61]
    assert 8 <= len(weekly) <= 9
    monthly = [each for each in left if (TODAY - each.at.date()).days >= 61]
    assert len({(each.at.year, each.at.month) for each in monthly}) == len(monthly) == 10


def test_what_a_person_made_and_what_a_step_made_stays() -> None:
    old = [
        aged(400 + hour // 24, reason, hour)
        for hour, reason in enumerate(
            ["manual", "manual", "before-upgrade", "before-restore", "move", "day", "after-1"]
        )
    ]
    assert superfluous([*old, aged(0)], TODAY) == (old[5].name,)


@given(
    st.lists(
        st.builds(aged, st.integers(0, 900), st.sampled_from(["day", "after-x", "manual"])),
        unique_by=lambda each: each.name,
    )
)
def test_the_newest_stays_and_a_second_thinning_takes_nothing(backups: list[Aged]) -> None:
    gone = superfluous(backups, TODAY)
    left = [each for each in backups if each.name not in gone]
    assert superfluous(left, TODAY) == ()
    if backups:
        assert max(backups, key=lambda each: (each.at, each.name)) in left
    assert all(each in left for each in backups if each.reason == "manual")
