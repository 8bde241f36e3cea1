"""The report's figures: what each counts, and that they add up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.inspection import Conclusion
from app.domain.report import (
    Base,
    Measure,
    OutsideVisit,
    Report,
    ReportedTask,
    changes,
    compute,
    together,
)


def _task(number: int, **facts: object) -> ReportedTask:
    usual: dict[str, object] = {
        "id": number, "target_id": number, "visit": number, "content": "日常抽查", "category": "KEY"
    }  # fmt: skip
    return ReportedTask(**{**usual, **facts})  # type: ignore[arg-type]


_KEY = Base(content="日常抽查", category="KEY", label="重点", base=40, ratio="25%")
_GENERAL = Base(content="日常抽查", category="GENERAL", label="一般", base=60, ratio="1:5")


def _numbers(report: Report, *measures: Measure) -> list[int]:
    return [report.total.number(each) for each in measures]


def test_sites_visits_and_rates_by_hand() -> None:
    tasks = (
        _task(1, inspected=True, published=True, conclusion=Conclusion.NO_PROBLEM),
        # One site in two tasks of one visit: one 户, one 户次.
        _task(2, target_id=1, visit=1, inspected=True, published=True,
              conclusion=Conclusion.ORDERED, followed=True, rectified=True, settled=True),
        _task(3, inspected=True, exempt=True, conclusion=Conclusion.CLOSED),
        _task(4, category="GENERAL", inspected=True, conclusion=Conclusion.CASE, followed=True),
        _task(5, category="GENERAL"),
    )  # fmt: skip
    report = compute(tasks, (_KEY, _GENERAL), ())
    assert _numbers(report, Measure.SITES, Measure.VISITS, Measure.INSPECTED) == [4, 4, 4]
    assert _numbers(report, Measure.PUBLISHED, Measure.UNPUBLISHED, Measure.EXEMPT) == [2, 2, 1]
    assert report.total.completion.in_words() == "50.0%"  # 2 of 5 tasks less the exempt one
    assert report.total.settlement.in_words() == "50.0%"
    assert _numbers(report, Measure.ORDERED, Measure.CASE, Measure.OTHER) == [1, 1, 1]
    assert report.total.base == 100
    assert [line.label for line in report.lines] == ["重点", "一般"]
    assert report.lines[1].figures[Measure.CASE].tasks == (4,)


def test_a_category_drawn_from_twice_is_one_base() -> None:
    again = Base(content="定向抽查", category="KEY", label="重点", base=40, ratio="")
    report = compute((_task(1), _task(2, content="定向抽查")), (_KEY, again), ())
    assert report.total.base == 40
    assert [line.number(Measure.SITES) for line in report.lines] == [1, 1]


def test_what_may_not_stand_alone_is_put_together_and_nothing_is_lost() -> None:
    joint = Base(content="部门联合", category="KEY", label="重点", base=40, ratio="")
    tasks = (_task(1), _task(2, category="GENERAL"), _task(3, content="部门联合"))
    bases = (_KEY, _GENERAL, joint)
    moved, kept = together(tasks, bases, {("日常抽查", "KEY")})
    report = compute(moved, kept, ())
    assert [line.label for line in report.lines] == ["重点", "其他各类"]
    assert [line.number(Measure.SITES) for line in report.lines] == [1, 2]
    # The joint draw's 重点 is no more of N than the first line already says.
    assert [line.base for line in (*report.lines, report.total)] == [40, 60, 100]
    assert report.total.figures == compute(tasks, bases, ()).total.figures


def test_outside_the_draw_every_kind_of_the_rulebook_has_its_line() -> None:
    visits = (
        OutsideVisit(id=1, target_id=7, ground="投诉举报", finding=True, violation=False),
        OutsideVisit(id=2, target_id=7, ground="投诉举报", finding=True, violation=True),
    )
    report = compute((), (), visits, ("突发环境事件", "投诉举报"))
    assert [(x.ground, x.sites, x.visits, x.findings, x.violations) for x in report.outside] == [
        ("突发环境事件", 0, 0, 0, 0),
        ("投诉举报", 1, 2, 2, 1),
    ]


def test_nothing_to_divide_by_has_no_rate() -> None:
    report = compute((), (_KEY,), ())
    assert report.total.completion.in_words() == ""
    assert [each.difference for each in changes(report, report)] == [0] * len(Measure)


_TASKS = st.lists(
    st.builds(
        ReportedTask,
        id=st.integers(1, 99),
        target_id=st.integers(1, 5),
        visit=st.integers(1, 99),
        content=st.sampled_from(("日常抽查", "定向抽查")),
        category=st.sampled_from(("KEY", "GENERAL", "NEW")),
        published=st.booleans(),
        exempt=st.booleans(),
        followed=st.booleans(),
        settled=st.booleans(),
        conclusion=st.sampled_from((None, *Conclusion)),
    ),
    unique_by=lambda task: task.id,
)


@given(_TASKS)
def test_every_task_stands_in_one_line_and_in_one_of_three_states(
    tasks: list[ReportedTask],
) -> None:
    report = compute(tasks, (_KEY,), ())
    for measure in Measure:
        behind = [task for line in report.lines for task in line.figures[measure].tasks]
        assert sorted(behind) == sorted(report.total.figures[measure].tasks)
    stands = (Measure.PUBLISHED, Measure.UNPUBLISHED, Measure.EXEMPT)
    assert sum(report.total.number(each) for each in stands) == len(tasks)
    assert report.total.number(Measure.SETTLED) <= report.total.number(Measure.FOLLOWED)
