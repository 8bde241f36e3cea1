"""What we write looks right, holds no formulas, is the same when made again, and reads back."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.domain import inspector, item, target
from app.domain.fields import Choice, Field, FieldKind, with_choices
from app.exchange.fates import Fate, counts, target_fates
from app.exchange.importing import read_inspectors, read_items, read_targets
from app.exchange.mapping import REASON, ROW_NUMBER, propose_mappings
from app.exchange.reading import open_workbook
from app.exchange.writing import (
    Column,
    RejectedRow,
    Table,
    columns_of,
    write_errors,
    write_table,
    write_template,
)
from tests.exchange.workbooks import HEADER, row, save, uscc, xlsx

TABLE = Table(
    "2026 年第一季度公示表",
    (
        Column("名称", width=30),
        Column("代码", FieldKind.CODE, 22),
        Column("完成日期", FieldKind.DATE),
        Column("户数", FieldKind.NUMBER, 8),
    ),
    [
        ("青禾县某某厂", uscc(1), date(2026, 3, 1), 1),
        ('=HYPERLINK("x")', "+86", None, 2),
        ("@甲\x00\x0b", "-1", date(2026, 3, 2), None),
    ],
)


def test_a_table_keeps_values_kinds_and_layout(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", TABLE)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet["A1"].value == TABLE.title
    assert [cell.value for cell in sheet[2]] == ["名称", "代码", "完成日期", "户数"]
    assert sheet["B3"].value == uscc(1)
    assert sheet["B3"].number_format == "@"
    assert sheet["C3"].value.date() == date(2026, 3, 1)
    assert sheet["C3"].number_format == "yyyy-mm-dd"
    assert sheet["D3"].value == 1
    assert sheet.freeze_panes == "B3"
    assert sheet.column_dimensions["A"].width == 30
    assert sheet.auto_filter.ref == "A2:D5"


def test_a_sheet_is_printed_whole_as_it_is(tmp_path: Path) -> None:
    columns = (Column("名称", width=20), Column("发现涉嫌违法行为已立案调查", FieldKind.NUMBER, 8))
    rows = [("短名", 1), ("很长的企业名称" * 12, 2), ("两\n行", 3)]
    write_table(tmp_path / "a.xlsx", Table("表", columns, rows))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    heights = [sheet.row_dimensions[number].height for number in (2, 3, 4, 5)]
    assert heights[0] >= 4 * 15  # 13 characters in a column of 3
    assert heights[1] is None and heights[2] >= 9 * 15 and heights[3] >= 2 * 15
    assert [sheet.cell(at, 1).alignment.wrap_text for at in (3, 4, 5)] == [None, True, True]
    assert sheet.print_title_rows == "$2:$2" and sheet.print_options.gridLines
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert sheet.oddFooter.center.text == "第&P页，共&N页"


def test_nothing_foreign_becomes_a_formula(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", TABLE)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet["A4"].value == '=HYPERLINK("x")'
    assert sheet["A4"].data_type == "s"
    assert sheet["A4"].quotePrefix
    assert sheet["A5"].value == "@甲"
    assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} <= {"s", "n", "d"}


def test_writing_tells_how_far_it_is_and_leaves_nothing_when_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"某{at}厂", "1", None, at) for at in range(1_200)]
    table = Table("", TABLE.columns, rows)
    heard: list[tuple[int, int | None]] = []
    write_table(tmp_path / "a.xlsx", table, lambda done, total: heard.append((done, total)))
    assert heard == [(0, 1_200), (500, 1_200), (1_000, 1_200)]

    def stop(done: int, _total: int | None) -> None:
        if done:
            raise InterruptedError

    kept = tmp_path / "temporary"
    kept.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(kept))
    with pytest.raises(InterruptedError):
        write_table(tmp_path / "b.xlsx", table, stop)
    assert not (tmp_path / "b.xlsx").exists()
    assert list(kept.iterdir()) == []


def test_the_title_spans_the_table_and_what_comes_back_stands_out(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", TABLE)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A1:D1"]
    assert sheet.print_title_rows == "$2:$2"
    write_errors(tmp_path / "b.xlsx", ["名称"], [RejectedRow("表", 4, ("某厂",), "不对")])
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert sheet is not None
    filled = [cell.coordinate for cell in sheet[2] if cell.fill.fill_type]
    assert filled == ["D2"]


def test_made_again_it_has_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        write_table(path, TABLE)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("fields", "name"),
    [(target.FIELDS, "检查对象"), (inspector.FIELDS, "执法人员"), (item.FIELDS, "抽查事项")],
)
def test_a_blank_template_holds_no_rows_for_us(
    tmp_path: Path, fields: tuple[Field, ...], name: str
) -> None:
    write_template(tmp_path / "a.xlsx", fields, {}, name)
    book = open_workbook(tmp_path / "a.xlsx")
    mapping = propose_mappings(book, fields)[0]
    assert set(mapping.by_field) == {field.name for field in fields}
    assert len(propose_mappings(book, fields)) == 1
    read = {"检查对象": read_targets, "执法人员": read_inspectors, "抽查事项": read_items}[name]
    rows = read(book, [mapping])
    assert [each.kind.value for each in rows] == ["hint", "example"]


def test_template_filled_in_comes_back_whole(tmp_path: Path) -> None:
    choices = {"category": (Choice("A", "A 类"), Choice("B", "B 类"))}
    path = tmp_path / "a.xlsx"
    write_template(path, target.FIELDS, choices, "检查对象")
    book = openpyxl.load_workbook(path)
    sheet = book["检查对象"]
    rules = sheet.data_validations.dataValidation
    assert any("可选值" in rule.formula1 for rule in rules)
    column = {field.name: place for place, field in enumerate(target.FIELDS, start=1)}
    filled = {
        "name": "青禾县某某厂",
        "uscc": uscc(1),
        "category": "B 类",
        "need": "大气",
        "tags": "在线监控、重点行业",
        "state": "停产",
        "permit_valid_to": date(2028, 3, 15),
        "project": "是",
    }
    for name, value in filled.items():
        sheet.cell(4, column[name]).value = value
    book.save(path)
    fields = with_choices(target.FIELDS, choices)
    found = open_workbook(path)
    rows = read_targets(found, propose_mappings(found, fields), fields)
    assert [each.problems for each in rows] == [(), (), ()]
    assert rows[2].facts == target.TargetFacts(
        name="青禾县某某厂",
        uscc=uscc(1),
        category="B",
        need="air",
        tags=("在线监控", "重点行业"),
        state="suspended",
        permit_valid_to=date(2028, 3, 15),
        project=True,
    )


def test_errors_are_corrected_and_imported_again(tmp_path: Path) -> None:
    wrong = list(row(2))
    wrong[1], wrong[2], wrong[5] = 9.13601990033005e17, "", "明年"
    book = open_workbook(save(tmp_path, xlsx([["名录"] * 7, HEADER, row(1), wrong, row(3)])))
    mappings = propose_mappings(book, target.FIELDS)
    fates = target_fates(read_targets(book, mappings), ())
    assert counts(fates)["rejected"] == 1
    rejected = [
        RejectedRow(each.row.sheet, each.row.number, each.row.cells, each.reason)
        for each in fates
        if each.fate is Fate.REJECTED
    ]
    header = [each.header for each in mappings[0].columns]
    path = tmp_path / "退回.xlsx"
    write_errors(path, header, rejected)
    returned = openpyxl.load_workbook(path)
    sheet = returned.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == [*HEADER, "原工作表", ROW_NUMBER, REASON]
    assert sheet["I2"].value == 4
    assert "已经丢失" in str(sheet["J2"].value)
    assert "明年" in str(sheet["J2"].value)
    again = open_workbook(path)
    untouched = target_fates(read_targets(again, propose_mappings(again, target.FIELDS)), ())
    assert [each.fate for each in untouched] == [Fate.REJECTED]
    assert propose_mappings(again, target.FIELDS)[0].fingerprint == mappings[0].fingerprint
    sheet["B2"], sheet["F2"] = uscc(2), date(2028, 3, 15)
    returned.save(path)
    corrected = open_workbook(path)
    fates = target_fates(read_targets(corrected, propose_mappings(corrected, target.FIELDS)), ())
    assert [each.fate for each in fates] == [Fate.NEW]
    assert fates[0].facts is not None
    assert fates[0].facts.uscc == uscc(2)


def test_columns_follow_the_fields() -> None:
    columns = columns_of(target.FIELDS)
    assert [each.title for each in columns][:2] == ["检查对象名称", "统一社会信用代码"]
