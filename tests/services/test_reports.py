"""Reports of month, quarter and year from a real office, in the window's figures and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.db.read import targets
from app.db.read.query import ListQuery
from app.domain.past_inspection import PastInspectionFacts
from app.domain.report import Measure
from app.errors import UserError
from app.services.days import reporting
from app.services.days.report_tables import AFTERWARDS, CONCLUDED, DRAWN, PUBLIC
from app.services.days.reporting import MakeReport
from app.services.public import publishing
from app.services.public.publishing import Publish
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import RecordInspection
from app.services.tasks.rectifying import RecordRectification
from app.services.tasks.rectifying import record as rectify
from tests.documents.reading import text
from tests.support_draw import (
    PERIOD,
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)

_TODAY = date(2026, 9, 15)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    first = lock_result(made, made.tasks[0], ordered_entry(made, made.tasks[0], date(2026, 8, 20)))
    second = lock_result(made, made.tasks[1], clean_entry(made, made.tasks[1]))
    made.workspace.write(
        publishing.publish, Publish(result_ids=(first,), on=date(2026, 9, 2), place="公示栏")
    )
    made.workspace.write(
        rectify,
        RecordRectification(result_id=first, completed_on=date(2026, 9, 5), proof="照片"),
    )
    assert second
    yield made
    made.workspace.close()


def _counted(view: reporting.ReportView, *measures: Measure) -> list[int]:
    return [view.report.total.number(each) for each in measures]


def _target(office: DrawnOffice) -> int:
    return int(office.workspace.read(targets.ids, ListQuery())[0])


def test_the_quarter_and_the_month_that_ended_before(office: DrawnOffice) -> None:
    some = (Measure.SITES, Measure.INSPECTED, Measure.PUBLISHED, Measure.ORDERED, Measure.SETTLED)
    quarter = office.workspace.read(reporting.report, PERIOD, _TODAY)
    assert _counted(quarter, *some) == [len(TARGETS), 2, 1, 1, 1]
    # On the last day of August one had been inspected; it was locked, published and rectified in
    # September: the sheet of August says the same whenever it is made.
    august = office.workspace.read(reporting.report, "2026M08", _TODAY)
    assert august.as_of == date(2026, 8, 31)
    assert _counted(august, *some) == [len(TARGETS), 1, 0, 0, 0]
    year = office.workspace.read(reporting.report, "2026", _TODAY)
    assert _counted(year, *some) == _counted(quarter, *some)


def test_the_rows_behind_a_figure_keep_the_embargo(office: DrawnOffice) -> None:
    view = office.workspace.read(reporting.report, PERIOD, _TODAY)
    rows = office.workspace.read(
        reporting.behind, view.report.total.figures[Measure.UNPUBLISHED].tasks, view.as_of
    )
    assert len(rows) == len(TARGETS) - 1
    assert [row.name for row in rows if row.name] == [TARGETS[1][1]]


def test_inspections_outside_the_draw_stand_under_the_rulebooks_kind(office: DrawnOffice) -> None:
    facts = PastInspectionFacts(on=date(2026, 9, 1), kind="complaint", ground="投诉举报")
    target = _target(office)
    office.workspace.write(past_inspections.record, RecordInspection(target, facts))
    superior = PastInspectionFacts(on=date(2026, 9, 3), kind="superior")
    office.workspace.write(past_inspections.record, RecordInspection(target, superior))
    view = office.workspace.read(reporting.report, PERIOD, _TODAY)
    counted = {line.ground: line.visits for line in view.report.outside}
    assert len(counted) == 9  # YY 二（一）: nine kinds, no tenth line for the superior's own
    assert {ground for ground, visits in counted.items() if visits} == {"投诉举报"}
    (row,) = office.workspace.read(reporting.outside_rows, PERIOD)
    assert (row.ground, row.kind) == ("投诉举报", "投诉举报")


def test_a_kind_the_rulebook_does_not_know_is_refused(office: DrawnOffice) -> None:
    facts = PastInspectionFacts(on=date(2026, 9, 1), kind="special", ground="专项行动")
    with pytest.raises(UserError, match="细则里没有“专项行动”"):
        office.workspace.write(past_inspections.record, RecordInspection(_target(office), facts))


def test_the_workbook_and_the_paper_say_the_same(office: DrawnOffice, tmp_path: Path) -> None:
    book_path, paper = tmp_path / "季度报表.xlsx", tmp_path / "季度报表.pdf"
    for path in (book_path, paper):
        office.workspace.write(reporting.make, MakeReport(period=PERIOD, path=path))
    book = openpyxl.load_workbook(book_path)
    assert book.sheetnames == ["报表", "不经抽取的检查", "明细", "各季度走势", "每人任务量"]
    cells = "\n".join(
        str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None
    )
    printed = text(paper.read_bytes())
    for word in ("完成率", "完结率", "户次", "20.0%", "100.0%"):
        assert word in cells
        assert word in printed.replace("\n", "")
    for name in (each[1] for each in TARGETS[2:]):
        assert name not in cells


def test_quarter_and_year_show_the_course_and_a_month_does_not(
    office: DrawnOffice, tmp_path: Path
) -> None:
    printed = {}
    for period in ("2026M09", PERIOD, "2026"):
        path = tmp_path / f"{period}.pdf"
        office.workspace.write(reporting.make, MakeReport(period=period, path=path))
        printed[period] = text(path.read_bytes()).replace("\n", "")
    assert "走势" not in printed["2026M09"]
    assert "三、不经抽取的检查" in printed["2026M09"]
    for period in (PERIOD, "2026"):
        said = printed[period]
        # Two of five inspected; team 1 has three of the tasks.
        for words in (
            "三、各季度走势",
            "40.0%2/5",
            "四、每人任务量",
            "赵一33",
            "五、不经抽取的检查",
        ):
            assert words in said, (period, words)
    book = tmp_path / "季度.xlsx"
    office.workspace.write(reporting.make, MakeReport(period=PERIOD, path=book))
    sheet = openpyxl.load_workbook(book)["各季度走势"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (found,) = [row for row in rows if row[0] == "周期覆盖率"]
    assert found[2:5] == [40, 2, 5]


def test_window_workbook_and_paper_say_the_same_figures(
    office: DrawnOffice, tmp_path: Path
) -> None:
    view = office.workspace.read(reporting.report, PERIOD, _TODAY)
    lines = (*view.report.lines, view.report.total)
    paths = [tmp_path / "报表.xlsx", tmp_path / "报表.pdf"]
    for path in paths:
        command = MakeReport(period=PERIOD, path=path, as_of=_TODAY)
        assert office.workspace.write(reporting.make, command).view == view
    sheet = openpyxl.load_workbook(paths[0])["报表"]
    table = [[cell.value for cell in row] for row in sheet]
    (at,) = [number for number, row in enumerate(table) if Measure.SITES.label in row]
    heads = table[at]
    for line, row in zip(lines, table[at + 1 :], strict=False):
        said = {each: row[heads.index(each.label)] for each in Measure}
        assert said == {each: line.number(each) for each in Measure}
    printed = "".join(text(paths[1].read_bytes()).split())
    for measures in (DRAWN, PUBLIC, CONCLUDED, AFTERWARDS):
        numbers = "".join(str(view.report.total.number(each)) for each in measures)
        assert re.search(f"合计.{{0,4}}{numbers}", printed), numbers


def test_a_day_ahead_is_nobodys_report(office: DrawnOffice, tmp_path: Path) -> None:
    command = MakeReport(period=PERIOD, path=tmp_path / "a.pdf", as_of=date(2027, 1, 1))
    with pytest.raises(UserError, match="还没有到"):
        office.workspace.write(reporting.make, command)


def test_a_period_to_come_has_no_report(office: DrawnOffice, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="还没有开始"):
        office.workspace.read(reporting.report, "2026Q4", _TODAY)
    with pytest.raises(UserError, match="xlsx 或 pdf"):
        command = MakeReport(period=PERIOD, path=tmp_path / "a.doc")
        office.workspace.write(reporting.make, command)


def test_the_months_sheet_ticks_off_its_day(tmp_path: Path) -> None:
    """QD 五: 调度表 by the 5th of each month; made on the 3rd it is done, and only once."""
    office = make_drawn_office(tmp_path / "qd", rulebook="qingdao-xihaian-2020")
    office.clock.move_to(date(2026, 9, 3))
    command = MakeReport(period="2026M08", path=tmp_path / "调度表.xlsx")
    assert office.workspace.write(reporting.make, command).duty
    assert office.workspace.write(reporting.make, command).duty == ""
    # September is not over: its sheet is a look in between.
    early = MakeReport(period="2026M09", path=tmp_path / "9月.xlsx")
    assert office.workspace.write(reporting.make, early).duty == ""
    office.workspace.close()
