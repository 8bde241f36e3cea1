"""The rates over the quarters and the loads, beside a hand count.

YY, five targets drawn for the third quarter of 2026: KEY 2, GENERAL 3;
done means published.  Task 1 clean and published, 2 ordered, published and rectified, 3 ordered
and published, 4 locked only, 5 never inspected.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.db.read import desk_details
from app.domain.periods import Period
from app.domain.report import Rate
from app.domain.trend import Course, CourseLine, TrendRate, quarters_until
from app.services.days import desk, reporting, trends
from app.services.public import publishing
from app.services.public.publishing import Publish
from app.services.tasks.rectifying import RecordRectification, record
from tests.support_draw import (
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)

TODAY = date(2026, 10, 12)
Q3, Q4 = Period.parse("2026Q3"), Period.parse("2026Q4")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    made.clock.move_to(TODAY)
    one, two, three, four, _five = made.tasks
    entries = (
        clean_entry(made, one),
        ordered_entry(made, two),
        ordered_entry(made, three),
        # Drawn for the third quarter, inspected in the fourth.
        clean_entry(made, four, date(2026, 10, 9)),
    )
    found = [
        lock_result(made, task, entry) for task, entry in zip(made.tasks, entries, strict=False)
    ]
    write = made.workspace.write
    write(publishing.publish, Publish(result_ids=tuple(found[:3]), on=TODAY, place="网站"))
    done = RecordRectification(result_id=found[1], completed_on=TODAY, proof="照片")
    write(record, done)
    yield made
    made.workspace.close()


def _course(office: DrawnOffice, last: Period = Q4, today: date = TODAY) -> Course:
    return office.workspace.read(trends.course, last, today)


def _line(course: Course, rate: TrendRate, category: str = "") -> CourseLine:
    return next(x for x in course.lines if (x.rate, x.category) == (rate, category))


def test_the_years_quarters_are_those_until_the_last() -> None:
    assert [str(each) for each in quarters_until(Period.parse("2026Q2"))] == [
        "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2",
    ]  # fmt: skip
    assert len(quarters_until(Q4)) == 8


def test_a_reports_last_quarter_is_the_last_that_has_begun() -> None:
    assert trends.last_quarter(Period.parse("2026"), TODAY) == Q4
    assert trends.last_quarter(Period.parse("2025"), TODAY) == Period.parse("2025Q4")
    assert trends.last_quarter(Period.parse("2026M08"), TODAY) == Q3


def test_four_rates_by_hand(office: DrawnOffice) -> None:
    course = _course(office)
    assert course.quarters == (Q3, Q4)  # nothing was drawn or inspected before
    assert course.heads == ("26年三季", "26年四季")
    points = {line.rate: line.points for line in course.panels}
    # At the end of September three of five; the fourth was inspected in October.
    assert points[TrendRate.COVERAGE] == (Rate(3, 5), Rate(4, 5))
    assert points[TrendRate.COMPLETION] == (Rate(3, 5), Rate(0, 0))
    assert points[TrendRate.PUBLICATION] == (Rate(3, 5), Rate(0, 0))
    assert points[TrendRate.RECTIFICATION] == (Rate(1, 2), Rate(0, 0))
    assert _line(course, TrendRate.COVERAGE, "KEY").points == (Rate(2, 2), Rate(2, 2))
    assert _line(course, TrendRate.COVERAGE, "GENERAL").points == (Rate(1, 3), Rate(2, 3))


def test_the_chart_says_what_the_report_and_the_desk_say(office: DrawnOffice) -> None:
    course = _course(office, Q3)
    total = office.workspace.read(reporting.report, "2026Q3", TODAY).report.total
    assert _line(course, TrendRate.PUBLICATION).points == (total.completion,)
    bars = office.workspace.read(desk.overview, date(2026, 9, 30)).coverage
    for bar, code in zip(bars, ("KEY", "SPECIAL", "GENERAL"), strict=True):
        point = _line(_course(office, Q3), TrendRate.COVERAGE, code).points[-1]
        assert point.whole == bar.total


def test_every_point_opens_as_many_rows_as_it_says(office: DrawnOffice) -> None:
    course = _course(office)
    for line in course.lines:
        for quarter, point in zip(course.quarters, line.points, strict=True):
            rows = office.workspace.read(trends.behind, line, quarter, TODAY)
            counted = [
                row
                for row in rows
                if (row.covered if isinstance(row, desk_details.CoveredRow) else row.counted)
            ]
            assert (len(counted), len(rows)) == (point.part, point.whole), (line.label, quarter)


def test_a_target_not_inspected_is_not_named_behind_a_point(office: DrawnOffice) -> None:
    line = _line(_course(office), TrendRate.COMPLETION)
    rows = office.workspace.read(trends.behind, line, Q3, TODAY)
    names = [row.name for row in rows]
    assert TARGETS[4][1] not in names
    assert names.count("") == 1


def test_loads_are_counted_by_person_and_quarter(office: DrawnOffice) -> None:
    course = _course(office)
    # Team 1 (赵一, 钱二) has targets 1, 3, 5, team 2 (孙三, 李四) has 2 and 4.
    assert [(each.name, each.counts) for each in course.loads] == [
        ("赵一", (3, 0)), ("钱二", (3, 0)), ("孙三", (2, 0)), ("李四", (2, 0)),
        ("周五", (0, 0)), ("吴六", (0, 0)),
    ]  # fmt: skip
    first = course.loads[0]
    rows = office.workspace.read(desk_details.behind_load, course.quarters, first.id)
    assert (len(rows), sum(row.counted for row in rows)) == (3, 2)


def test_an_office_without_a_draw_has_no_course(tmp_path: Path) -> None:
    from tests.support_office import make_office

    workspace = make_office(tmp_path / "new", targets={"A": 2})
    try:
        course = workspace.read(trends.course, Q3, date(2026, 7, 2))
    finally:
        workspace.close()
    assert course.quarters == (Q3,)
    assert not course.loads
    assert not any(point.part for line in course.lines for point in line.points)
