"""Blank forms as platforms hand them out, made up: each in another of their habits."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

import openpyxl
import xlwt
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

LONG_NAME = "附件1-检查对象名录库（2026年·试行）&'样表'"
_LINE = Border(*(Side(style="thin") for _ in range(4)))


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def grouped() -> bytes:
    """Two header rows with merged groups, hints, an example, drop-downs from a hidden 字典 by
    name, protection, frozen header, a conditional format, remarks below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = LONG_NAME
    sheet["A1"] = "检查对象名录库导入模板"
    sheet.merge_cells("A1:I1")
    sheet.row_dimensions[1].height = 31.5
    for ref, words in {
        "A2:A3": "序号", "B2:D2": "企业信息", "E2:F2": "许可证信息", "G2:G3": "监管级别*",
        "H2:H3": "是否建设项目", "I2:I3": "行政区划",
    }.items():  # fmt: skip
        sheet[ref.split(":")[0]] = words
        sheet.merge_cells(ref)
    below = {"B3": "单位名称*", "C3": "统一社会信用代码", "D3": "详细地址", "E3": "许可证编号"}
    for place, words in (below | {"F3": "有效期至"}).items():
        sheet[place] = words
    hints = (
        *(None, "必填，不超过30字", "18位代码", "选填", "选填", "格式：2026/03/01"),
        *("必填，下拉选择", "下拉选择：1是 0否", "填 360199"),
    )
    example = (
        *("1", "示例：某某公司", "91360199MA0000000X", "某某路1号", None, "2028/03/15"),
        *("1-重点", "0", "360199"),
    )
    for row, words in ((4, hints), (5, example)):
        for column, text in enumerate(words, start=1):
            sheet.cell(row, column, text)
            sheet.cell(row, column).font = Font(color="FFFF0000", italic=True)
    for row in range(6, 9):
        for column in range(1, 10):
            cell = sheet.cell(row, column)
            cell.border = _LINE
            cell.alignment = Alignment(wrap_text=True)
            cell.protection = Protection(locked=False)
    sheet["A12"] = "注：1. 本表由县级填报。"
    sheet.merge_cells("A12:I12")
    for letter, width in {"A": 6, "B": 33.25, "C": 24, "I": 9}.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "C4"
    sheet.protection.sheet = True
    sheet.conditional_formatting.add(
        "G5:G100",
        CellIsRule(operator="equal", formula=['"1-重点"'], fill=PatternFill("solid", "FFFCE8E6")),
    )
    lists = book.create_sheet("字典")
    for row, word in enumerate(("级别", "1-重点", "2-特殊", "3-一般"), start=1):
        lists.cell(row, 1, word)
    for row, word in enumerate(("是否", "1", "0"), start=1):
        lists.cell(row, 2, word)
    lists.sheet_state = "hidden"
    book.defined_names["级别"] = DefinedName("级别", attr_text="字典!$A$2:$A$4")
    for formula, ref in (("级别", "G5:G100"), ("字典!$B$2:$B$3", "H5:H100")):
        rule = DataValidation(type="list", formula1=formula, allow_blank=True)
        rule.add(ref)
        sheet.add_data_validation(rule)
    return _saved(book)


PEOPLE = ("证件有效期", "姓名", "是否可任组长", "执法证号", "工作单位", "手机号码", "人员性质")


def people() -> bytes:
    """Another order, real days, a drop-down written into the rule itself, an unknown column with
    a formula, an Excel table over the first row."""
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "人员"
    sheet.append([*PEOPLE, "平台核验", "数据来源"])
    sheet.append([None] * 9)
    sheet["A2"].number_format = "yyyy/m/d"
    sheet["H2"] = '=IF(B2="","","待核验")'
    sheet.add_table(Table(displayName="people", ref="A1:I2"))
    for formula, ref in (('"Y,N"', "C2:C2"), ('"在编,聘用,其他"', "G2:G500")):
        rule = DataValidation(type="list", formula1=formula)
        rule.add(ref)
        sheet.add_data_validation(rule)
    return _saved(book)


def extended_list() -> bytes:
    """A drop-down as Excel 2010 and later write it, in an extension most libraries drop."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "事项"
    sheet.append(["抽查事项名称", "抽查类别", "是否部门联合", "抽查内容"])
    book.create_sheet("可选").append(["一般事项", "重点事项"])
    data = _saved(book)
    rule = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="http://schemas.'
        'microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations xmlns:xm="http://'
        'schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list">'
        "<x14:formula1><xm:f>可选!$A$1:$B$1</xm:f></x14:formula1><xm:sqref>B2:B3</xm:sqref>"
        "</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
    )
    return changed(data, "xl/worksheets/sheet1.xml", ("</worksheet>", rule))


def old_xls(rows: Sequence[Sequence[object]]) -> bytes:
    """An xls of the year 2003: widths, a title over all columns, a header."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("检查对象")
    width = len(rows[0])
    sheet.write_merge(0, 0, 0, width - 1, "检查对象导入表")
    for top, cells in enumerate(rows, start=1):
        for left, value in enumerate(cells):
            sheet.write(top, left, value)
    sheet.col(0).width = 40 * 256
    sheet.row(0).height_mismatch = True
    sheet.row(0).height = 30 * 20
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data: bytes, part: str, *pairs: tuple[str, str]) -> bytes:
    """The workbook with words of one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == part:
                text = content.decode("utf-8")
                for before, after in pairs:
                    assert before in text
                    text = text.replace(before, after)
                content = text.encode("utf-8")
            new.writestr(member.filename, content)
    return stream.getvalue()


def part(data: bytes, name: str) -> str:
    """A part as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8")


def references(text: str) -> list[str]:
    """Every sqref of a sheet's part."""
    return re.findall(r'sqref="([^"]*)"', text) + re.findall(r"<xm:sqref>([^<]*)", text)
