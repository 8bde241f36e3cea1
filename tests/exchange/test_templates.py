"""Blank forms of platforms: where their header is, what their columns ask for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from app.domain.platform import DateStyle
from app.errors import UserError
from app.exchange.filling import FilledSheet, fill_template
from app.exchange.templates import BlankTemplate, read_template, sheet_at
from tests.exchange import forms


def _read(tmp_path: Path, data: bytes, name: str = "模板.xlsx") -> BlankTemplate:
    path = tmp_path / name
    path.write_bytes(data)
    return read_template(path)


def test_grouped_headers_hints_and_drop_downs(tmp_path: Path) -> None:
    template = _read(tmp_path, forms.grouped())
    sheet, lists = template.sheets
    assert (sheet.name, lists.hidden) == (forms.LONG_NAME, True)
    assert (sheet.header_top, sheet.header_row, sheet.first_row, sheet.foot_row) == (2, 3, 5, 12)
    assert [each.header for each in sheet.columns] == [
        "序号",
        *(f"企业信息 / {word}" for word in ("单位名称*", "统一社会信用代码", "详细地址")),
        *("许可证信息 / 许可证编号", "许可证信息 / 有效期至", "监管级别*", "是否建设项目"),
        "行政区划",
    ]
    by_word = {each.header.split(" / ")[-1]: each for each in sheet.columns}
    name, day = by_word["单位名称*"], by_word["有效期至"]
    assert (name.required, name.longest, name.hint) == (True, 30, "必填，不超过30字")
    assert day.dates is DateStyle.SLASHES_FULL
    assert not by_word["详细地址"].required
    assert by_word["监管级别*"].options == ("1-重点", "2-特殊", "3-一般")
    assert by_word["是否建设项目"].options == ("1", "0")


def test_a_plain_form_with_real_days(tmp_path: Path) -> None:
    (sheet,) = _read(tmp_path, forms.people()).sheets
    assert (sheet.header_top, sheet.header_row, sheet.first_row) == (1, 1, 2)
    by_word = {each.header: each for each in sheet.columns}
    assert by_word["证件有效期"].dates is DateStyle.DATE
    assert by_word["是否可任组长"].options == ("Y", "N")
    assert by_word["人员性质"].options == ("在编", "聘用", "其他")
    assert by_word["姓名"].options == ()


def test_a_drop_down_of_the_extension_is_read(tmp_path: Path) -> None:
    sheet = _read(tmp_path, forms.extended_list()).sheets[0]
    assert sheet.columns[1].options == ("一般事项", "重点事项")


def test_an_old_xls_becomes_an_xlsx_and_says_so(tmp_path: Path) -> None:
    header = ("企业名称", "统一社会信用代码", "详细地址")
    template = _read(tmp_path, forms.old_xls([header]), "旧模板.xls")
    assert (template.file, template.converted) == ("旧模板.xlsx", "Excel 97-2003 工作簿（xls）")
    (sheet,) = template.sheets
    assert (sheet.header_row, sheet.first_row) == (2, 3)
    assert tuple(each.header for each in sheet.columns) == header
    made = openpyxl.load_workbook(io.BytesIO(template.data)).active
    assert made.column_dimensions["A"].width == 40
    assert made.row_dimensions[1].height == 30
    assert [str(each) for each in made.merged_cells.ranges] == ["A1:C1"]


def test_a_person_points_at_other_rows(tmp_path: Path) -> None:
    template = _read(tmp_path, forms.grouped())
    sheet = sheet_at(template, forms.LONG_NAME, (3, 3), 7)
    assert (sheet.header_top, sheet.first_row) == (3, 7)
    assert sheet.columns[1].header == "单位名称*"
    with pytest.raises(UserError, match="表头以下"):
        sheet_at(template, forms.LONG_NAME, (2, 3), 3)
    with pytest.raises(UserError, match="没有第 99 行"):
        sheet_at(template, forms.LONG_NAME, (99, 99))


def test_what_is_no_template_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="PDF"):
        _read(tmp_path, b"%PDF-1.7 words", "说明.pdf")
    with pytest.raises(UserError, match="没有找到有列名的表"):
        _read(tmp_path, forms.old_xls([("只有一句话",)]), "通知.xls")
    stream = io.BytesIO(forms.people())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00")
    with pytest.raises(UserError, match="带有宏"):
        _read(tmp_path, stream.getvalue(), "模板.xlsm")


def _book(*rows: Sequence[object], merges: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for ref in merges:
        book.active.merge_cells(ref)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_three_header_rows_below_a_line_of_blanks_to_fill(tmp_path: Path) -> None:
    data = _book(
        ("全县执法人员信息汇总表",),
        ("填报单位：", None, None, "填报日期："),
        ("序号", "人员信息", None, "证件"),
        (None, "姓名", "单位", None),
        (None, None, "名称", None, "证号"),
        (1,),
        (2,),
        ("填表人：", None, "审核人："),
        merges=("A1:E1", "A2:C2", "D2:E2", "A3:A5", "B3:C3", "D3:E3", "B4:B5"),
    )
    (sheet,) = _read(tmp_path, data).sheets
    assert (sheet.header_top, sheet.header_row, sheet.first_row, sheet.foot_row) == (3, 5, 6, 8)
    assert sheet.columns[2].header == "人员信息 / 单位 / 名称"


def test_a_header_merged_over_two_rows_everywhere_is_two_rows_high(tmp_path: Path) -> None:
    header = ("检查对象名称", "代码", "类别")
    data = _book(("对象表",), header, merges=("A1:C1", "A2:A3", "B2:B3", "C2:C3"))
    (sheet,) = _read(tmp_path, data).sheets
    assert (sheet.header_top, sheet.header_row, sheet.first_row) == (2, 3, 4)


def test_a_row_of_field_names_above_and_an_example_below(tmp_path: Path) -> None:
    data = _book(
        ("entName", "uniscid", "category"),
        ("检查对象名称", "代码", "类别"),
        ("例：某某公司", None, "重点"),
        ("说明：1. 类别填重点、一般。",),
    )
    (sheet,) = _read(tmp_path, data).sheets
    assert (sheet.header_top, sheet.header_row, sheet.first_row, sheet.foot_row) == (2, 2, 3, 4)


def test_parts_written_with_a_prefix_are_read_and_filled(tmp_path: Path) -> None:
    """As Microsoft's own kit writes them."""
    name = "xl/worksheets/sheet1.xml"
    text = forms.part(forms.people(), name)
    prefixed = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text).replace("xmlns=", "xmlns:x=")
    data = forms.changed(forms.people(), name, (text, prefixed))
    (sheet,) = _read(tmp_path, data).sheets
    assert {each.header: each for each in sheet.columns}["是否可任组长"].options == ("Y", "N")
    filled = fill_template(data, [FilledSheet("人员", 2, (2, 3), [("赵一", "Y")] * 3)])
    made = openpyxl.load_workbook(io.BytesIO(filled))["人员"]
    assert [made.cell(row, 2).value for row in range(1, 6)] == ["姓名", *["赵一"] * 3, None]
    assert made["H4"].value == '=IF(B4="","","待核验")'


def test_an_example_not_to_be_deleted_stays(tmp_path: Path) -> None:
    data = forms.changed(
        forms.grouped(),
        "xl/worksheets/sheet1.xml",
        ("示例：某某公司", "示例（请勿删除）：某某公司"),
    )
    assert _read(tmp_path, data).sheets[0].first_row == 6
