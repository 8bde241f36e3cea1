"""A year from 1 January to the archive, every side way taken, each figure beside a hand count.

``tests/support_year.py`` keeps an exercise book of what was done and counts it the naive way; here
desk, loads, coverage, reports, calendar and archive are held against it after every few steps.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.consequences import RectifyStep
from app.domain.inspection import Conclusion
from app.domain.past_inspection import PastInspectionFacts
from app.services.archive import filing
from app.services.archive.filing import FileScope, MakeFile
from app.services.days.duties import DutyState
from app.services.directories import rounds
from app.services.tasks import past_inspections
from app.services.tasks.stepping import PostponeTask, postpone
from tests.support_year import (
    DIGITS,
    County,
    check_desk,
    check_report,
    county,
    late_words,
    plan_the_year,
    record_basis,
    the_calendar,
    the_same_r,
)

__all__ = ["the_same_r"]

pytestmark = pytest.mark.usefixtures("the_same_r")


def outside(here: County, on: date, target: str, kind: str, ground: str, **more: bool) -> None:
    facts = PastInspectionFacts(on=on, kind=kind, ground=ground, **more)
    command = past_inspections.RecordInspection(here.row_of(target), facts)
    here.office.write(past_inspections.record, command)
    here.outside.append((on, ground))


def first_quarter(here: County, grounds: list[str], months: dict[str, int]) -> None:
    """Every side way at once."""
    here.day(date(2026, 1, 5))
    lines = here.draw(1, DIGITS[0])
    gone, clean, ordered, case, late, refused, moved, *rest = lines
    here.day(date(2026, 1, 6))
    here.notify(lines)
    check_desk(here, 1, months)

    here.day(date(2026, 1, 20))
    here.visit(gone, date(2026, 1, 20), Conclusion.CLOSED)
    check_desk(here, 1, months)
    instead = here.replace_target(gone)
    moved_to = here.replace_target(moved, "已经搬走")
    here.visit(clean, date(2026, 1, 20))
    here.visit(ordered, date(2026, 1, 19), Conclusion.ORDERED, until=date(2026, 2, 20))
    here.visit(case, date(2026, 1, 20), Conclusion.CASE)
    here.visit(refused, date(2026, 1, 20), Conclusion.REFUSED)
    here.open_case(case)
    here.refer_to_police(case)
    here.office.write(
        postpone, PostponeTask(assignment_id=late.task, until=date(2026, 3, 10), reason="停产检修")
    )
    check_desk(here, 1, months)
    check_report(here, "2026M01")

    here.day(date(2026, 2, 10))
    here.publish(clean, ordered, case)
    here.receipt(case)
    here.note(ordered, RectifyStep.REMINDER, "电话督办")
    if grounds:
        outside(here, date(2026, 2, 3), clean.target, "complaint", grounds[-1], violation=True)
        outside(here, date(2026, 2, 9), late.target, "order", grounds[1])
    check_desk(here, 1, months)
    here.note(ordered, RectifyStep.EXTENSION, "设备到货晚", date(2026, 3, 11))
    here.day(date(2026, 3, 2))
    check_desk(here, 1, months)
    check_report(here, "2026M02")
    here.end_case(case)
    here.publish_outcome(case)

    here.day(date(2026, 3, 12))
    check_desk(here, 1, months)
    here.rectified(ordered)
    here.visit(instead, date(2026, 3, 12), Conclusion.ORDERED, until=date(2026, 4, 12))
    here.visit(late, date(2026, 3, 10))
    here.start(moved_to, date(2026, 3, 12))
    here.plan_visit(instead, date(2026, 4, 20))
    check_desk(here, 1, months)
    here.visit(moved_to, date(2026, 3, 12))
    here.exempt(moved_to)
    here.publish(late, instead)
    for line in rest[1:]:
        here.visit(line, date(2026, 3, 12))
    here.take_down(clean)
    check_desk(here, 1, months)
    here.publish(clean)
    for period in ("2026M03", "2026Q1", "2026"):
        check_report(here, period)
    here.day(date(2026, 4, 2))
    for period in ("2026M01", "2026M02", "2026M03", "2026Q1"):
        check_report(here, period)


def second_quarter(here: County, months: dict[str, int]) -> None:
    """People change, a locked result is corrected, a superior has been there."""
    here.day(date(2026, 4, 2))
    lines = here.draw(2, DIGITS[1])
    check_desk(here, 2, months)
    wrong, reviewed, taken, ill, *rest = lines
    here.recuse(reviewed)
    check_desk(here, 2, months)
    out = ill.people[1]
    here.hand_over(out, DIGITS[2])
    assert out not in {name for line in here.of(2) for name in line.people}
    check_desk(here, 2, months)
    other = here.never_drawn()
    here.seen_by_superior(other, date(2026, 4, 13))
    here.day(date(2026, 4, 15))
    for line in (wrong, reviewed, taken):
        here.visit(line, date(2026, 4, 14))
    here.publish(wrong, reviewed)
    here.revisit_and_close(1)
    check_desk(here, 2, months)

    here.day(date(2026, 5, 11))
    here.correct(wrong, date(2026, 6, 12))
    check_desk(here, 2, months)
    check_report(here, "2026Q2")
    here.day(date(2026, 6, 5))
    here.review(reviewed)
    here.visit(wrong, date(2026, 6, 4), Conclusion.ORDERED, until=date(2026, 8, 31))
    here.publish(wrong, taken)
    for line in (ill, *rest):
        if not line.locked:
            here.visit(line, date(2026, 6, 5))
    check_desk(here, 2, months)
    for period in ("2026M04", "2026M05", "2026M06", "2026Q2", "2026"):
        check_report(here, period)


def second_half(here: County, months: dict[str, int]) -> None:
    """Two quarters as most are: drawn, seen, published; one thing is still open at the end."""
    for quarter, (begin, on, shown) in enumerate(
        (
            (date(2026, 7, 2), date(2026, 8, 20), date(2026, 9, 4)),
            (date(2026, 10, 8), date(2026, 11, 30), date(2026, 12, 18)),
        ),
        3,
    ):
        here.day(begin)
        lines = here.draw(quarter, DIGITS[quarter])
        check_desk(here, quarter, months)
        here.day(on)
        first, *others = lines
        here.visit(first, on, Conclusion.ORDERED, until=date(2026, 12, 15))
        for line in others:
            here.visit(line, on)
        check_desk(here, quarter, months)
        here.day(shown)
        here.publish(*(line for line in here.lines if here.may_publish(line)))
        check_desk(here, quarter, months)
        check_report(here, f"2026Q{quarter}")
    here.day(date(2026, 12, 21))
    check_desk(here, 4, months)
    check_report(here, "2026")


LIKE_YIYANG = {"KEY": 12, "SPECIAL": 6, "GENERAL": 30}


@pytest.mark.parametrize(
    ("rulebook", "targets", "months"),
    [
        ("taijiang-2022", LIKE_YIYANG, {"KEY": 12, "SPECIAL": 6, "GENERAL": 12}),
        ("neimenggu", {"KEY": 12, "GENERAL": 40}, {"KEY": 12, "GENERAL": 12}),
    ],
)
def test_a_quarter_elsewhere(
    tmp_path: Path, rulebook: str, targets: dict[str, int], months: dict[str, int]
) -> None:
    with county(tmp_path / "w", rulebook, targets) as here:
        record_basis(here)
        found = here.office.rulebook.outside_draw
        first_quarter(here, list(found.value) if found else [], months)
        to_the_archive(here, tmp_path, quarters=(1,), plans=0)


def turn_of_the_year(here: County) -> None:
    """Nanchang's two days of December are still owed in January, until they are done."""
    here.day(date(2026, 12, 18))
    number = here.office.write(rounds.open_round, rounds.OpenRound("2026"))
    for code in rounds.CHECKS:
        here.office.write(rounds.tick, rounds.TickCheck(number, code, done=True))
    here.day(date(2027, 1, 5))
    plan = "2026 年 12 月 31 日前制定下年度检查计划，已过 5 天没有登记办结"
    upkeep = "2026 年 12 月 15 日前更新检查对象和执法检查人员名录库，已过 21 天没有登记办结"
    assert {plan, upkeep} <= late_words(here)
    here.office.write(rounds.propose, rounds.ProposeRound(number))
    plan_the_year(here, 2027)
    assert not {plan, upkeep} & late_words(here)
    open_ones = {
        (date(2026, 8, 31), "完成整改：1 家"): DutyState.OVERDUE,
        (date(2026, 12, 15), "完成整改：2 家"): DutyState.OVERDUE,
    }
    done = [
        (date(2026, 12, 15), "更新检查对象和执法检查人员名录库"),
        (date(2026, 12, 31), "制定下年度检查计划"),
    ]
    begun = (date(2026, 1, 15), date(2026, 4, 16), date(2026, 7, 15), date(2026, 10, 20))
    typed = (date(2026, 3, 20), date(2026, 6, 18), date(2026, 9, 20), date(2026, 12, 22))
    for days, words in ((begun, "抽取本季度执法人员和检查对象"), (typed, "录入检查结果")):
        pairs = zip(days, ("一", "二", "三", "四"), strict=True)
        done += [(day, f"第{quarter}季度：{words}") for day, quarter in pairs]
    assert the_calendar(here, 2026) == open_ones | dict.fromkeys(done, DutyState.DONE)


def to_the_archive(
    here: County, folder: Path, *, quarters: tuple[int, ...] = (1, 2, 3, 4), plans: int = 1
) -> None:
    """One bag per quarter and one for a target; their pieces counted by hand."""
    for quarter in quarters:
        scope = FileScope(period=f"2026Q{quarter}")
        mine = here.of(quarter)
        lacking = here.office.read(filing.what_lacks, here.office.folder, scope)
        said = [each.words for each in lacking]
        open_ones = [line for line in mine if line.until and not line.rectified]
        assert sum("整改还没有完成" in words for words in said) == len(open_ones)
        unpublished = [line for line in mine if here.may_publish(line)]
        assert sum("还没有公示" in words for words in said) == len(unpublished)
        made = here.office.write(
            filing.make,
            MakeFile(scope=scope, path=folder / f"{quarter}.zip", fonds="X043"),
        )
        assert made.lacking == lacking
        # The year's plan, the quarter's draws with the people's redraws, each inspection, and
        # what was published and reported.
        seen = [each for each in mine if each.on]
        assert made.items == plans + here.draws_of(quarter) + len(seen) + 2
    line = next(line for line in here.lines if line.rectified)
    scope = FileScope(period="2026", target_id=here.row_of(line.target))
    made = here.office.write(
        filing.make, MakeFile(scope=scope, path=folder / "one.zip", fonds="X043")
    )
    visits = [each for each in here.of(1, 2, 3, 4) if each.target == line.target]
    draws = {each.draw_no for each in visits}
    # The year's plan, the draws it was drawn in, its inspections, the proof of duty done.
    assert made.items == plans + len(draws) + len(visits) + 1


@pytest.mark.parametrize(
    ("rulebook", "targets", "months"),
    [
        ("nanchang-2023", {"A": 12, "B": 16, "C": 24}, {"A": 12, "B": 24, "C": 36}),
        (
            "yiyang-2021",
            {"KEY": 12, "SPECIAL": 6, "GENERAL": 30},
            {"KEY": 12, "SPECIAL": 6, "GENERAL": 12},
        ),
    ],
)
def test_a_year(
    tmp_path: Path, rulebook: str, targets: dict[str, int], months: dict[str, int]
) -> None:
    with county(tmp_path / "w", rulebook, targets) as here:
        record_basis(here)
        here.day(date(2026, 1, 4))
        plan_the_year(here, 2026)
        first_quarter(here, list(here.office.rulebook.outside_draw.value), months)
        second_quarter(here, months)
        second_half(here, months)
        if rulebook == "nanchang-2023":
            turn_of_the_year(here)
        to_the_archive(here, tmp_path)
