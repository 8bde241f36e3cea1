"""Makes the files officers receive, in every disguise: one grid, many formats."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from pathlib import Path

import openpyxl
import xlwt

from app.domain.codes import uscc_check_character
from app.exchange.sheets import Cell

Grid = Sequence[Sequence[Cell]]


def uscc(number: int) -> str:
    """A valid USCC of a fictional body (region 360199 belongs to nobody here)."""
    body = f"91360199MA{number:07d}"
    return body + uscc_check_character(body)


HEADER = (
    "企业名称",
    "统一社会信用代码",
    "许可证编号",
    "联系电话",
    "地址",
    "许可证有效期至",
    "类别",
)


def row(number: int) -> tuple[Cell, ...]:
    """A sound row of the sample directory."""
    return (
        f"青禾县某某{number}号厂",
        uscc(number),
        f"{uscc(number)}001P",
        f"0000-{number:07d}",
        f"柳湾镇某某路{number}号",
        "2028-03-15",
        "一般",
    )


def grid(count: int = 5) -> list[tuple[Cell, ...]]:
    """Header and sound rows."""
    return [HEADER, *(row(number) for number in range(1, count + 1))]


def xlsx(rows: Grid) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for each in rows:
        sheet.append(list(each))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xls(rows: Grid) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("数据")
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for top, each in enumerate(rows):
        for left, cell in enumerate(each):
            if isinstance(cell, date):
                sheet.write(top, left, cell, style)
            elif cell is not None:
                sheet.write(top, left, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def spreadsheet_xml(rows: Grid) -> bytes:
    def cell(value: Cell) -> str:
        if value is None:
            return "<Cell/>"
        if isinstance(value, int | float):
            return f'<Cell><Data ss:Type="Number">{value}</Data></Cell>'
        if isinstance(value, date):
            return f'<Cell><Data ss:Type="DateTime">{value.isoformat()}T00:00:00.000</Data></Cell>'
        return f'<Cell><Data ss:Type="String">{escape(str(value))}</Data></Cell>'

    body = "".join(f"<Row>{''.join(map(cell, each))}</Row>" for each in rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="排污单位"><Table>{body}</Table></Worksheet></Workbook>'
    ).encode()


def spreadsheet_xml_gbk(rows: Grid) -> bytes:
    text = spreadsheet_xml(rows).decode().replace("UTF-8", "gb2312")
    return text.encode("gb18030")


def html(rows: Grid) -> bytes:
    def line(each: Sequence[Cell]) -> str:
        return "".join(f"<td>{'' if c is None else escape(str(c))}</td>" for c in each)

    body = "\n".join(f"<tr>{line(each)}</tr>" for each in rows)
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        f"<style>td {{mso-number-format:'\\@'}}</style></head>"
        f"<body><table>{body}</table></body></html>"
    ).encode()


def html_sloppy_gbk(rows: Grid) -> bytes:
    lines = "".join(
        "<TR>" + "".join(f"<TD>{'' if c is None else escape(str(c))}" for c in each)
        for each in rows
    )
    return f"<meta charset=gbk><TABLE border=1>{lines}</TABLE>".encode("gb18030")


def _csv(rows: Grid, delimiter: str) -> str:
    def text(cell: Cell) -> str:
        value = "" if cell is None else str(cell)
        quoted = value.replace('"', '""')
        return f'"{quoted}"' if any(mark in value for mark in (delimiter, '"', "\n")) else value

    return "".join(delimiter.join(map(text, each)) + "\r\n" for each in rows)


def csv_utf8(rows: Grid) -> bytes:
    return _csv(rows, ",").encode("utf-8")


def csv_utf8_bom(rows: Grid) -> bytes:
    return _csv(rows, ",").encode("utf-8-sig")


def csv_gb18030(rows: Grid) -> bytes:
    return _csv(rows, ",").encode("gb18030")


def tsv_utf16(rows: Grid) -> bytes:
    return _csv(rows, "\t").encode("utf-16")


def tsv_utf16_without_mark(rows: Grid) -> bytes:
    return _csv(rows, "\t").encode("utf-16-le")


FORMATS: dict[str, Callable[[Grid], bytes]] = {
    make.__name__: make
    for make in (
        xlsx,
        xls,
        spreadsheet_xml,
        spreadsheet_xml_gbk,
        html,
        html_sloppy_gbk,
        csv_utf8,
        csv_utf8_bom,
        csv_gb18030,
        tsv_utf16,
        tsv_utf16_without_mark,
    )
}


def save(folder: Path, data: bytes, name: str = "名单.xlsx") -> Path:
    """Write bytes under a name whose extension may lie."""
    path = folder / name
    path.write_bytes(data)
    return path
