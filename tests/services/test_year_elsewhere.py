"""Whole years of Taijiang, Inner Mongolia and Qingdao, each figure a literal counted by hand.

The sums stand in comments beside the literals; what a quarter did is kept in the exercise book of
``tests/support_year.py`` and compared with desk and report as in ``test_year_to_archive.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.db.read import bound, pool
from app.db.read.public_matters import reviews as review_rows
from app.domain.correction import Redo
from app.domain.inspection import Conclusion
from app.domain.paper_texts import PaperKind
from app.domain.past_inspection import PastInspectionFacts
from app.domain.publicity import ReviewOutcome
from app.domain.rd1 import Substituted
from app.domain.report import Measure
from app.domain.ways import Way
from app.errors import UserError
from app.services.archive import filing
from app.services.archive.filing import FileScope, MakeFile
from app.services.days import reporting
from app.services.days.duties import DutyState
from app.services.draws import drawing, listed_draws
from app.services.draws.incoming import ReadList
from app.services.draws.listed_draws import FreezeList
from app.services.paperwork import task_papers
from app.services.plans import frequency_ledger, planning
from app.services.plans.planning import MakePlan
from app.services.public import public_matters
from app.services.replacing import substituting
from app.services.safety import verifying
from app.services.tasks import correcting, inspecting, past_inspections
from tests.documents.reading import text as text_of
from tests.services.test_ways import add_partners
from tests.support_office import WITNESSES
from tests.support_year import (
    DIGITS,
    County,
    Line,
    check_desk,
    check_report,
    county,
    desk_coverage,
    late_words,
    plan_the_year,
    record_basis,
    the_calendar,
    the_same_r,
)

__all__ = ["the_same_r"]

pytestmark = pytest.mark.usefixtures("the_same_r")


def of_each(lines: Sequence[Line]) -> dict[str, int]:
    """How many of each category."""
    return dict(Counter(line.category for line in lines))


def visit_all(here: County, lines: Sequence[Line], on: date) -> None:
    for line in lines:
        if not line.locked and not line.gone:
            here.visit(line, on)


# --- Inner Mongolia -----------------------------------------------------------------------------


def excluded(here: County, period: str) -> dict[str, str]:
    """Who stays out of a period's draw, and why."""
    plan = here.office.read(planning.compute, MakePlan(period=period, on=here.today))
    return {each.ident: each.words for each in plan.excluded}


def counted(here: County, year: int, ident: str) -> int:
    """Inspections the frequency ledger of a year has of a target."""
    name = here.name_of(ident)
    lines = here.office.read(frequency_ledger.year_lines, year, here.today)
    return next((line.total for line in lines if line.name == name), 0)


def seen_by_others(here: County, ident: str, on: date, *, violation: bool = False) -> None:
    facts = PastInspectionFacts(on=on, kind="superior", violation=violation)
    here.office.write(
        past_inspections.record, past_inspections.RecordInspection(here.row_of(ident), facts)
    )
    here.covered_by_others.append((on, ident, ident.rstrip("0123456789")))


def test_inner_mongolia_draws_in_the_month_before_and_counts_in_the_periods_year(
    tmp_path: Path,
) -> None:
    targets = {"KEY": 8, "GENERAL": 30}
    months = {"KEY": 12, "GENERAL": 12}
    with county(tmp_path / "w", "neimenggu", targets, date(2025, 12, 10), people=3) as here:
        record_basis(here)
        plan_the_year(here, 2026)
        quarters = (
            (1, date(2025, 12, 10), date(2026, 1, 12), date(2026, 1, 30)),
            (2, date(2026, 3, 10), date(2026, 4, 13), date(2026, 4, 30)),
            (3, date(2026, 6, 10), date(2026, 7, 13), date(2026, 7, 31)),
            (4, date(2026, 9, 10), date(2026, 10, 12), date(2026, 10, 30)),
        )
        # 8 key × 25 % = 2.  3 holders of a certificate × 10 = 30 a year over four quarters: 30 ÷ 4
        # = 7.5 → 8, 22 ÷ 3 = 7.3 → 8, 14 ÷ 2 = 7, 7.
        wanted = {1: (2, 8), 2: (2, 8), 3: (2, 7), 4: (2, 7)}
        for quarter, drawn_on, seen_on, shown_on in quarters:
            here.day(drawn_on)
            lines = here.draw(quarter, DIGITS[quarter - 1])
            assert of_each(lines) == dict(zip(("KEY", "GENERAL"), wanted[quarter], strict=True))
            # 本季度内完成: the last day of the quarter, which follows the day of the draw.
            ends = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31))
            assert {line.due for line in lines} == {ends[quarter - 1]}
            here.day(seen_on)
            visit_all(here, lines, seen_on)
            here.day(shown_on)
            here.publish(*lines)
            check_desk(here, quarter, months)
            check_report(here, f"2026Q{quarter}")
        # 8 of 8 key, and all 28 general ones in force (two of 30 stand still): 30 visits, 28 sites.
        assert here.coverage(months) == {"KEY": 8, "GENERAL": 28}
        next_year(here)


def next_year(here: County) -> None:
    """December: the draw for the next year's first quarter."""
    times = Counter(line.target for line in here.lines)
    full, lifted = sorted(ident for ident, count in times.items() if count == 1)[:2]
    here.day(date(2026, 12, 8))
    seen_by_others(here, full, date(2026, 12, 7))
    seen_by_others(here, lifted, date(2026, 12, 7), violation=True)
    assert (counted(here, 2026, full), counted(here, 2027, full)) == (2, 0)
    assert "年度检查次数上限2次" in excluded(here, "2026Q4")[full]
    assert "年度检查次数上限" not in excluded(here, "2026Q4").get(lifted, "")
    assert full not in excluded(here, "2027Q1")
    record_basis(here, year=2027)
    plan_the_year(here, 2027)
    lines = here.draw(5, DIGITS[4])
    assert of_each(lines) == {"KEY": 2, "GENERAL": 8}
    assert {line.due for line in lines} == {date(2027, 3, 31)}
    # Gone to before the turn of the year: the visit is one of the period's year.
    early, *rest = lines
    before = counted(here, 2026, early.target)
    here.day(date(2026, 12, 28))
    here.visit(early, date(2026, 12, 28))
    assert counted(here, 2026, early.target) == before
    assert counted(here, 2027, early.target) == 1
    here.day(date(2027, 1, 11))
    visit_all(here, rest, date(2027, 1, 11))
    here.publish(*lines)
    check_report(here, "2027Q1")
    # The new year's coverage begins anew; the visit of 28 December is in it.
    assert desk_coverage(here) == {"KEY": 2, "GENERAL": 8}


# --- Taijiang -----------------------------------------------------------------------------------


def test_taijiang_sees_every_special_target_each_half_year(tmp_path: Path) -> None:
    targets = {"KEY": 5, "SPECIAL": 12, "GENERAL": 30}
    months = {"KEY": 12, "SPECIAL": 6, "GENERAL": 12}
    with county(tmp_path / "w", "taijiang-2022", targets, people=3) as here:
        record_basis(here)
        here.day(date(2026, 1, 4))
        plan_the_year(here, 2026)
        # 5 key × 25 % = 1.25 → 2 each quarter, the last of the round with the first of the next.
        # 11 special in force (one of 12 stands still), all each half-year: 11 ÷ 2 = 5.5 → 6, 5.
        # 3 on the establishment × 5 = 15: 15 ÷ 4 = 3.75 → 4, 11 ÷ 3 → 4, 7 ÷ 2 → 4, 3.  The third
        # one's certificate ends in August: the headcount of the plan's day stays.
        wanted = {1: (2, 6, 4), 2: (2, 5, 4), 3: (2, 6, 4), 4: (2, 5, 3)}
        # 50 days after the day of issue: 5 January + 26 + 24, 2 April + 28 + 22, 2 July + 29 + 21,
        # 9 October + 22 + 28.
        due = (date(2026, 2, 24), date(2026, 5, 22), date(2026, 8, 21), date(2026, 11, 28))
        days = (
            (date(2026, 1, 5), date(2026, 1, 20), date(2026, 2, 10)),
            (date(2026, 4, 2), date(2026, 4, 20), date(2026, 5, 8)),
            (date(2026, 7, 2), date(2026, 7, 20), date(2026, 8, 10)),
            (date(2026, 10, 9), date(2026, 10, 26), date(2026, 11, 10)),
        )
        special = []
        for quarter, (drawn_on, seen_on, shown_on) in enumerate(days, 1):
            here.day(drawn_on)
            lines = here.draw(quarter, DIGITS[quarter - 1])
            assert of_each(lines) == dict(zip(targets, wanted[quarter], strict=True))
            assert {line.due for line in lines} == {due[quarter - 1]}
            here.day(seen_on)
            visit_all(here, lines, seen_on)
            here.day(shown_on)
            here.publish(*lines)
            check_desk(here, quarter, months)
            check_report(here, f"2026Q{quarter}")
            special.append({line.target for line in lines if line.category == "SPECIAL"})
            if quarter == 2:
                asks_for_review(here, *here.of(1)[:2])
        assert len(special[0] | special[1]) == len(special[2] | special[3]) == 11
        assert here.coverage(months) == {"KEY": 5, "SPECIAL": 11, "GENERAL": 15}
        made = here.office.write(
            filing.make,
            MakeFile(scope=FileScope(period="2026Q4"), path=tmp_path / "q4.zip", fonds="X043"),
        )
        # The year's plan, one draw, 2 + 5 + 3 visits, the publication table, the report.
        assert made.items == 1 + 1 + 10 + 2
        checks = verifying.verify([made.path])
        assert all(check.ok for check in checks)
        assert any(lines[0].draw_no in check.name for check in checks)


def asks_for_review(here: County, in_time: Line, late: Line) -> None:
    """60 working days from the publication on 10 February, counted on the printed calendar.

    February 11–14 (the 14th worked) 4, 24–28 (the 28th worked) 9; March 22 → 31; April 1–3, 7–10,
    13–17, 20–24, 27–30 → 52; May 6–9 (the 9th worked) 56, 11–14 → 60.
    """
    last, after = date(2026, 5, 14), date(2026, 5, 15)
    for line, on in ((in_time, last), (late, after)):
        here.day(on)
        number = here.office.write(
            public_matters.receive_review,
            public_matters.ReceiveReview(
                result_id=line.result, received_on=on, applicant="某厂", matter="不服"
            ),
        )
        (row,) = (each for each in here.office.read(review_rows) if each.id == number)
        assert (row.open_until, row.late) == (last, on == after)
        here.office.write(
            public_matters.answer_review,
            public_matters.AnswerReview(
                review_id=number, outcome=ReviewOutcome.UPHELD, answer="维持", on=on
            ),
        )


def test_taijiang_draws_with_another_department_and_a_third_party_signs(tmp_path: Path) -> None:
    """四.2: at least one of each department goes along; 五: the record is signed, or witnessed."""
    targets = {"KEY": 4, "SPECIAL": 2, "GENERAL": 4}
    with county(tmp_path / "w", "taijiang-2022", targets, date(2026, 1, 5), people=4) as here:
        record_basis(here)
        add_partners(here.office)
        asked = drawing.FreezeDraw(
            period="2026Q1", witnesses=WITNESSES, way=Way.JOINT, departments=("YJ", "SJ")
        )
        no = here.office.write(drawing.freeze, asked).no
        here.office.write(drawing.commit, drawing.CommitDraw(no=no))
        shown = drawing.RevealDraw(
            no=no, digits=DIGITS[0], host="李四", place="三楼会议室", recorder="王五"
        )
        here.office.write(drawing.reveal, shown)
        here.lines = [here.copied(task, 1) for task in here.tasks(no)]
        along = here.office.read(bound.members, [line.task for line in here.lines])
        for line in here.lines:
            assert [each.group for each in along[line.task]] == ["SJ", "YJ"]
            assert all(each.name for each in along[line.task])
        refused, *_rest = here.lines
        here.day(date(2026, 1, 20))
        entry = here.entry(refused, here.today, Conclusion.NO_PROBLEM)
        formal = replace(entry.formalities, recusal="none", witnessed_by="东街社区伍某")
        sent = here.office.write(
            inspecting.submit,
            inspecting.SubmitResult(
                assignment_id=refused.task, entry=replace(entry, formalities=formal)
            ),
        )
        here.office.write(
            inspecting.lock, inspecting.LockResult(result_id=sent.result_id, reviewed_by="卫七")
        )
        made = here.office.write(
            task_papers.print_papers,
            task_papers.PrintPapers(kind=PaperKind.SITE_RECORD, tasks=(refused.task,)),
        )
        printed = text_of(made.path.read_bytes())
        signed = printed[printed.rindex("记录人") :]
        assert "第三方见证人" in signed and "东街社区伍某" in signed
        for name in (*refused.people, *(each.name for each in along[refused.task])):
            assert name in printed


# --- Qingdao ------------------------------------------------------------------------------------

DOCUMENT = "青环执〔2026〕18号"


def draw_for_list(
    here: County, folder: Path, quarter: int, idents: Sequence[str], digits: tuple[str, str]
) -> list[Line]:
    """The detachment's list comes in, the branch draws its people for it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["企业名称", "代码"])
    for ident in idents:
        sheet.append([here.name_of(ident), ident])
    path = folder / f"名单{quarter}.xlsx"
    book.save(path)
    period = f"2026Q{quarter}"
    read = ReadList(
        path=path, way=Way.LISTED, period=period, organ="市支队", document=f"{DOCUMENT}之{quarter}"
    )
    asked = drawing.FreezeDraw(period=period, witnesses=WITNESSES, way=Way.LISTED)
    frozen = here.office.write(listed_draws.freeze_list, FreezeList(read, asked))
    here.office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
    here.office.write(
        drawing.reveal,
        drawing.RevealDraw(
            no=frozen.no, digits=digits, host="李四", place="三楼会议室", recorder="王五"
        ),
    )
    lines = [here.copied(task, quarter) for task in here.tasks(frozen.no)]
    here.lines += lines
    here.ceremonies[quarter] += 1
    return lines


def appoint(here: County, line: Line, reason: str) -> None:
    """The lead cannot go; another is sent without a draw."""
    people = here.office.read(pool.inspector_names).values()
    numbers = {each.name: each.personal_no for each in people}
    coming = next(name for name in numbers if name not in line.people)
    command = substituting.Substitute(
        draw_no=line.draw_no,
        kind=Substituted.INSPECTOR,
        out=numbers[line.people[0]],
        in_id=numbers[coming],
        for_target=line.target,
        reason_code=reason,
        reason_text="",
        approved_name="郑某",
        approved_post="分管负责人",
        on=here.today,
    )
    here.office.write(substituting.substitute, command)
    here.copy_people(line.draw_no)
    assert coming in line.people


def test_qingdao_takes_its_targets_and_draws_its_people(tmp_path: Path) -> None:
    targets = {"KEY": 9, "GENERAL": 9}
    months = {"KEY": 12, "GENERAL": 12}
    with county(tmp_path / "w", "qingdao-xihaian-2020", targets, people=9) as here:
        record_basis(here)
        here.day(date(2026, 1, 14))
        first = draw_for_list(
            here, tmp_path, 1, ["KEY0001", "KEY0002", "KEY0003", "GENERAL0001"], DIGITS[0]
        )
        assert {line.target for line in first} == {"KEY0001", "KEY0002", "KEY0003", "GENERAL0001"}
        assert {line.due for line in first} == {date(2026, 3, 31)}
        for line, reason in zip(
            first, ("岗位调整", "工作冲突", "健康状况", "执法回避"), strict=True
        ):
            appoint(here, line, reason)
        with pytest.raises(UserError, match="请示上级"):
            here.replace_target(first[0], "已经搬走")
        here.day(date(2026, 1, 16))
        # 15 January: the headcount; the directories of the quarter.
        assert sum("已过 1 天" in words for words in late_words(here)) == 2
        the_first_quarter(here, first, tmp_path)
        sends_the_quarters_report(here, tmp_path)
        for quarter, drawn_on, seen_on in (
            (2, date(2026, 4, 3), date(2026, 5, 11)),
            (3, date(2026, 7, 3), date(2026, 8, 11)),
            (4, date(2026, 10, 9), date(2026, 11, 11)),
        ):
            here.day(drawn_on)
            idents = [f"KEY{quarter + 2:04d}", f"GENERAL{quarter:04d}"]
            lines = draw_for_list(here, tmp_path, quarter, idents, DIGITS[quarter - 1])
            here.day(seen_on)
            visit_all(here, lines, seen_on)
            here.publish(*lines)
            check_report(here, f"2026Q{quarter}")
            check_desk(here, quarter, months)
        check_report(here, "2026")
        # KEY0001–6; GENERAL0001 in the first quarter, 2, 3, 4 after it.
        assert here.coverage(months) == {"KEY": 6, "GENERAL": 4}
        goes_to_the_archive(here, tmp_path)


def sends_the_quarters_report(here: County, folder: Path) -> None:
    """五: within 10 days of the quarter's beginning, so by 10 April."""
    words = "4 月 10 日前报送季度报表"
    here.day(date(2026, 4, 10))
    assert not any(words in each for each in late_words(here))
    here.day(date(2026, 4, 11))
    assert any(words in each for each in late_words(here))
    made = here.office.write(
        reporting.make, reporting.MakeReport(period="2026Q1", path=folder / "季度报表.xlsx")
    )
    assert made.duty == "报送季度报表"
    assert not any(words in each for each in late_words(here))
    calendar = the_calendar(here, 2026)
    assert calendar[(date(2026, 4, 10), "报送季度报表")] is DutyState.DONE
    assert calendar[(date(2026, 7, 10), "报送季度报表")] is not DutyState.DONE


def goes_to_the_archive(here: County, folder: Path) -> None:
    """What was filed of the first quarter, piece by piece."""
    made = here.office.write(
        filing.make,
        MakeFile(scope=FileScope(period="2026Q1"), path=folder / "q1.zip", fonds="X043"),
    )
    # One draw, four tasks (the corrected one with both its versions is one), the publication
    # table, the report.  No annual plan: the detachment makes it.
    assert made.items == 1 + 4 + 2
    assert all(check.ok for check in verifying.verify([made.path]))


def the_first_quarter(here: County, lines: Sequence[Line], folder: Path) -> None:
    """Three months to put right, no free edit, the monthly sheet by the 5th."""
    ordered, wrong, *rest = lines
    here.day(date(2026, 1, 20))
    # Three months from 20 January: 20 April.  A day more has to be explained.
    with pytest.raises(UserError, match="超过细则规定的 2026-04-20，请写明原因"):
        here.visit(ordered, date(2026, 1, 20), Conclusion.ORDERED, until=date(2026, 4, 21))
    here.visit(ordered, date(2026, 1, 20), Conclusion.ORDERED, until=date(2026, 4, 20))
    here.visit(wrong, date(2026, 1, 20))
    check_report(here, "2026M01")
    here.day(date(2026, 2, 6))
    sheet = "2 月 5 日前"
    assert any(words.startswith(sheet) for words in late_words(here))
    made = here.office.write(
        reporting.make, reporting.MakeReport(period="2026M01", path=folder / "调度表.xlsx")
    )
    assert made.duty == "报送上月随机抽查工作调度表"
    assert not any(words.startswith(sheet) for words in late_words(here))
    with pytest.raises(UserError):
        here.office.write(
            correcting.apply,
            correcting.Apply(
                result_id=wrong.result, error="笔误", should_be="改", cause="笔误",
                applied_by=wrong.people[0], applied_on=here.today, redo=Redo.REENTER,
            ),
        )  # fmt: skip
    here.correct(wrong, date(2026, 3, 20))
    check_report(here, "2026Q1")
    here.day(date(2026, 3, 10))
    here.visit(wrong, date(2026, 3, 10))
    visit_all(here, rest, date(2026, 3, 10))
    check_report(here, "2026Q1")
    # Done is what was put right: 3 of 4, then 4 of 4.
    assert (
        here.office.read(reporting.report, "2026Q1", here.today).report.total.number(Measure.DONE)
        == 3
    )
    here.rectified(ordered)
    assert (
        here.office.read(reporting.report, "2026Q1", here.today).report.total.number(Measure.DONE)
        == 4
    )
    here.publish(*lines)
    check_report(here, "2026Q1")
