"""A filled form is the form: only the cells asked for changed."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from app.errors import UserError
from app.exchange.filling import FilledSheet, fill_template
from tests.exchange import forms

ROW = (
    1,
    "甲 & 乙 <厂>",
    "91360199MA0000001X",
    "柳湾镇1号",
    None,
    "2028/03/15",
    "1-重点",
    "1",
    "360199",
)
PLACES = tuple(range(1, 10))


def _grouped(count: int) -> tuple[bytes, openpyxl.worksheet.worksheet.Worksheet]:
    rows = [(number, *ROW[1:]) for number in range(1, count + 1)]
    sheet = FilledSheet(forms.LONG_NAME, 5, PLACES, rows, 12)
    data = fill_template(forms.grouped(), [sheet])
    return data, openpyxl.load_workbook(io.BytesIO(data))[forms.LONG_NAME]


def test_everything_but_the_rows_stays() -> None:
    data, made = _grouped(2)
    blank = openpyxl.load_workbook(io.BytesIO(forms.grouped()))[forms.LONG_NAME]
    for row in range(1, 5):
        for column in range(1, 10):
            old, new = blank.cell(row, column), made.cell(row, column)
            assert (new.value, new.style_id) == (old.value, old.style_id)
    assert [cell.value for cell in made[5]] == list(ROW)
    assert [cell.value for cell in made[6]][:2] == [2, "甲 & 乙 <厂>"]
    assert all(made.cell(row, 2).value is None for row in range(7, 12))
    assert made["A12"].value == "注：1. 本表由县级填报。"
    assert {str(each) for each in made.merged_cells.ranges} == {
        str(each) for each in blank.merged_cells.ranges
    }
    for letter in "ABCI":
        assert made.column_dimensions[letter].width == blank.column_dimensions[letter].width
    assert (made.freeze_panes, made.protection.sheet) == ("C4", True)
    same = ("xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml")
    for name in same:
        assert forms.part(data, name) == forms.part(forms.grouped(), name)
    before = forms.references(forms.part(forms.grouped(), "xl/worksheets/sheet1.xml"))
    assert forms.references(forms.part(data, "xl/worksheets/sheet1.xml")) == before


def test_rows_look_like_the_rows_below_the_example() -> None:
    _, made = _grouped(20)
    for row in (5, 6, 24):
        cell = made.cell(row, 2)
        assert (cell.border.left.style, cell.font.italic) == ("thin", False)
        assert cell.protection.locked is False


def test_more_rows_push_the_remarks_down_and_stretch_the_rules() -> None:
    data, made = _grouped(200)
    assert made["A205"].value == "注：1. 本表由县级填报。"
    assert made.cell(204, 2).value == "甲 & 乙 <厂>"
    assert "A205:I205" in {str(each) for each in made.merged_cells.ranges}
    found = forms.references(forms.part(data, "xl/worksheets/sheet1.xml"))
    assert sorted(each for each in found if ":" in each) == ["G5:G204", "G5:G204", "H5:H204"]
    rules = {str(each.sqref): each.formula1 for each in made.data_validations.dataValidation}
    assert rules == {"G5:G204": "级别", "H5:H204": "字典!$B$2:$B$3"}


def test_days_codes_tables_and_formulas() -> None:
    rows = [(date(2028, 12, 31), "赵一", "Y", "36019900001234567", None, None, "在编")] * 3
    sheet = FilledSheet("人员", 2, tuple(range(1, 8)), rows)
    blank = forms.changed(forms.people(), "xl/workbook.xml", (' fullCalcOnLoad="1"', ""))
    data = fill_template(blank, [sheet])
    made = openpyxl.load_workbook(io.BytesIO(data))["人员"]
    for row in (2, 3, 4):
        assert made.cell(row, 1).value.date() == date(2028, 12, 31)
        assert made.cell(row, 1).number_format == "yyyy/m/d"
        assert (made.cell(row, 4).value, made.cell(row, 4).number_format) == (rows[0][3], "@")
        assert made.cell(row, 8).value == f'=IF(B{row}="","","待核验")'
    assert made.tables["people"].ref == "A1:I4"
    assert "C2:C4" in forms.references(forms.part(data, "xl/worksheets/sheet1.xml"))
    assert "fullCalcOnLoad" in forms.part(data, "xl/workbook.xml")


def test_a_day_where_the_form_has_no_format_is_still_a_day() -> None:
    sheet = FilledSheet("事项", 2, (1, 4), [("甲", date(2026, 3, 1))])
    data = fill_template(forms.extended_list(), [sheet])
    cell = openpyxl.load_workbook(io.BytesIO(data))["事项"]["D2"]
    assert (cell.value.date(), cell.is_date) == (date(2026, 3, 1), True)
    since_1904 = forms.changed(
        forms.extended_list(), "xl/workbook.xml", ("<workbookPr />", '<workbookPr date1904="1" />')
    )
    cell = openpyxl.load_workbook(io.BytesIO(fill_template(since_1904, [sheet])))["事项"]["D2"]
    assert cell.value.date() == date(2026, 3, 1)


def test_a_drop_down_of_the_extension_stays_and_stretches() -> None:
    sheet = FilledSheet("事项", 2, (1,), [("甲",)] * 9)
    text = forms.part(fill_template(forms.extended_list(), [sheet]), "xl/worksheets/sheet1.xml")
    assert "x14:dataValidation" in text
    assert "B2:B10" in forms.references(text)


def test_the_same_rows_give_the_same_bytes_and_nothing_is_a_formula() -> None:
    sheet = FilledSheet("事项", 2, (1,), [("=1+1",), ("a\x00b\ud800",)])
    blank = forms.extended_list()
    data = fill_template(blank, [sheet])
    assert fill_template(blank, [sheet]) == data
    made = openpyxl.load_workbook(io.BytesIO(data))["事项"]
    assert (made["A2"].value, made["A2"].data_type) == ("=1+1", "s")
    assert made["A3"].value == "ab"


def test_what_cannot_be_filled_is_told() -> None:
    with pytest.raises(UserError, match="没有工作表“别的”"):
        fill_template(forms.people(), [FilledSheet("别的", 2, (1,), [])])
    with pytest.raises(UserError, match="读不出来"):
        fill_template(b"no zip", [FilledSheet("人员", 2, (1,), [])])
    with pytest.raises(UserError, match="读不出来"):
        fill_template(forms.people()[:400], [FilledSheet("人员", 2, (1,), [])])


def test_many_rows_report_and_can_be_stopped() -> None:
    class StoppedError(Exception):
        pass

    seen: list[tuple[int, int]] = []

    def watch(done: int, total: int, words: str) -> None:
        seen.append((done, total))
        if done >= 5000:
            raise StoppedError(words)

    sheet = FilledSheet("事项", 2, (1, 4), [("甲", "乙")] * 20_000)
    with pytest.raises(StoppedError, match="正在填写“事项”"):
        fill_template(forms.extended_list(), [sheet], watch)
    assert seen[-1] == (5000, 20_000)
