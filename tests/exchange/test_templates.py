"""Blank forms of platforms: where their header is, what their columns ask for."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from app.domain.platform import DateStyle
from app.errors import UserError
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


def test_an_example_not_to_be_deleted_stays(tmp_path: Path) -> None:
    data = forms.changed(
        forms.grouped(),
        "xl/worksheets/sheet1.xml",
        ("示例：某某公司", "示例（请勿删除）：某某公司"),
    )
    assert _read(tmp_path, data).sheets[0].first_row == 6
