from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import Period, Span
from app.errors import UserError


@st.composite
def _periods(draw: st.DrawFn) -> Period:
    span = draw(st.sampled_from(Span))
    return Period(draw(st.integers(1990, 2200)), span, draw(st.integers(1, 12 // span.months)))


@pytest.mark.parametrize(
    ("text", "canonical", "first", "last", "words"),
    [
        ("2026", "2026", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
        ("2026H2", "2026H2", date(2026, 7, 1), date(2026, 12, 31), "2026年下半年"),
        ("2026q1", "2026Q1", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        ("202602", "2026M02", date(2026, 2, 1), date(2026, 2, 28), "2026年2月"),
        (" 2024M02 ", "2024M02", date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
    ],
)
def test_a_period_is_read_and_said(
    text: str, canonical: str, first: date, last: date, words: str
) -> None:
    period = Period.parse(text)
    assert (str(period), period.first_day, period.last_day) == (canonical, first, last)
    assert period.in_words() == words


@pytest.mark.parametrize(
    "text", ["", "2026Q5", "2026H3", "202613", "26Q1", "２０２６", "2026-Q1", "0000"]
)
def test_nonsense_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UserError, match="2026Q1"):
        Period.parse(text)


@given(_periods())
def test_periods_follow_each_other_without_a_gap(period: Period) -> None:
    assert period.next().first_day == period.last_day + timedelta(days=1)
    assert Period.parse(str(period)) == period
    assert period.next().plus(-1) == period
    assert period < period.next()


@given(_periods(), st.sampled_from(Span))
def test_contained_periods_tile_their_container(period: Period, span: Span) -> None:
    parts = period.contained(span)
    if span.months > period.span.months:
        assert parts == ()
        return
    assert (parts[0].first_day, parts[-1].last_day) == (period.first_day, period.last_day)
    assert all(period.contains(part) and part.overlaps(period) for part in parts)
    assert all(part.containing(period.span) == period for part in parts)


@given(_periods(), _periods())
def test_overlap_and_containment_agree_with_the_days(one: Period, other: Period) -> None:
    shared = max(one.first_day, other.first_day) <= min(one.last_day, other.last_day)
    assert one.overlaps(other) is shared
    inside = one.first_day <= other.first_day and other.last_day <= one.last_day
    assert one.contains(other) is inside


def test_a_year_follows_its_first_quarter_in_order() -> None:
    texts = ["2026", "2026Q2", "2026Q1", "2026H1", "2026M01"]
    ordered = [str(period) for period in sorted(map(Period.parse, texts))]
    assert ordered == ["2026M01", "2026Q1", "2026H1", "2026", "2026Q2"]
