"""Files are opened by content, and whatever cannot be is refused with a sentence."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlwt

from app.errors import UserError
from app.exchange import reading
from app.exchange.reading import open_workbook
from app.exchange.sheets import BookKind
from tests.exchange import workbooks
from tests.exchange.workbooks import FORMATS, grid, save

KINDS = {
    "xlsx": BookKind.XLSX,
    "xls": BookKind.XLS,
    "spreadsheet_xml": BookKind.XML_2003,
    "spreadsheet_xml_gbk": BookKind.XML_2003,
    "html": BookKind.HTML,
    "html_sloppy_gbk": BookKind.HTML,
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("extension", ["xlsx", "xls", "csv", "et"])
def test_every_format_reads_alike_under_any_extension(
    tmp_path: Path, name: str, extension: str
) -> None:
    book = open_workbook(save(tmp_path, FORMATS[name](grid()), f"名单.{extension}"))
    assert book.kind is KINDS.get(name, BookKind.CSV)
    assert [list(row) for row in book.sheets[0].rows] == [list(row) for row in grid()]


def test_numbers_and_dates_keep_their_kind(tmp_path: Path) -> None:
    rows = [["甲", 360199000001404, 9.13601990033005e17, 12.5, date(2026, 3, 1), True]]
    for name in ("xlsx", "xls", "spreadsheet_xml"):
        data = FORMATS[name]([row[:5] for row in rows])
        found = open_workbook(save(tmp_path, data)).sheets[0].rows[0]
        assert found[1] == 360199000001404
        assert isinstance(found[1], int)
        assert found[2] == 9.13601990033005e17
        assert isinstance(found[2], float)
        assert found[3] == 12.5
        assert isinstance(found[4], date)
        day = found[4].date() if isinstance(found[4], datetime) else found[4]
        assert day == date(2026, 3, 1)


def test_rows_keep_their_numbers_below_empty_rows_and_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["C4"] = "甲"
    sheet["D6"] = "乙"
    path = tmp_path / "a.xlsx"
    book.save(path)
    rows = open_workbook(path).sheets[0].rows
    assert len(rows) == 6
    assert rows[3][2] == "甲"
    assert rows[5][3] == "乙"


def test_merged_cells_are_filled(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["B3"] = "名单", "甲", "水", "气"
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "a.xlsx")
    old = xlwt.Workbook()
    page = old.add_sheet("a")
    page.write_merge(0, 0, 0, 1, "名单")
    page.write_merge(1, 2, 0, 0, "甲")
    page.write(1, 1, "水")
    page.write(2, 1, "气")
    old.save(str(tmp_path / "a.xls"))
    (tmp_path / "a.html").write_text(
        "<table><tr><td colspan=2>名单</tr><tr><td rowspan=2>甲</td><td>水</td></tr>"
        "<tr><td>气</td></tr></table>",
        encoding="utf-8",
    )
    (tmp_path / "a.xml").write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="s"><Table>'
        '<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">名单</Data></Cell></Row>'
        '<Row><Cell ss:MergeDown="1"><Data ss:Type="String">甲</Data></Cell>'
        '<Cell><Data ss:Type="String">水</Data></Cell></Row>'
        '<Row><Cell ss:Index="2"><Data ss:Type="String">气</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    for name in ("a.xlsx", "a.xls", "a.html", "a.xml"):
        rows = open_workbook(tmp_path / name).sheets[0].rows
        assert rows == (("名单", "名单"), ("甲", "水"), ("甲", "气")), name


def test_a_far_away_cell_does_not_eat_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD40000"] = "甲", "远"
    book.save(tmp_path / "a.xlsx")
    rows = open_workbook(tmp_path / "a.xlsx").sheets[0].rows
    assert len(rows) == 40000
    assert sum(map(len, rows)) == 1 + 16384


def test_a_stray_quote_does_not_swallow_rows(tmp_path: Path) -> None:
    lines = ["名称,电话,地址", *(f"厂{n},{n},路{n}" for n in range(50))]
    lines[10] = '"厂9,9,路9'
    book = open_workbook(save(tmp_path, "\n".join(lines).encode()))
    assert len(book.sheets[0].rows) == 51


def test_one_damaged_byte_does_not_turn_utf8_into_nonsense(tmp_path: Path) -> None:
    data = bytearray(workbooks.csv_utf8(grid(30)))
    data[data.index("某某7号".encode()) + 1] = 0xFF
    rows = open_workbook(save(tmp_path, bytes(data))).sheets[0].rows
    assert rows[1] == workbooks.row(1)
    assert "\ufffd" in str(rows[7][0])


def _zip(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空文件"),
        (b" \r\n\x00", "空文件"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (_zip(word__document_xml="<a/>"), "Word"),
        (_zip(a_xml="<a/>"), "压缩包"),
        (_zip(xl__workbook_xml="<workbook/>"), "打不开"),
        (b"PK\x03\x04 cut", "打不开"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "不是表格"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + "EncryptedPackage\x00".encode("utf-16-le")
            + b"\x00" * 600,
            "密码",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + "Workbook\x00".encode("utf-16-le")
            + b"\x00" * 600,
            "打不开",
        ),
        (b"<html><body>please log in</body></html>", "没有表格"),
        (b"<?xml version='1.0'?><feed/>", "XML"),
        (bytes(range(256)) * 40, "不是表格"),
        (workbooks.spreadsheet_xml(grid())[:-60], "XML 不完整"),
        (
            workbooks.spreadsheet_xml(grid()).replace(
                b"<Workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><Workbook', 1
            ),
            "不安全",
        ),
        (b",,,\r\n,,,\r\n", "没有任何内容"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    tmp_path: Path, data: bytes, words: str
) -> None:
    with pytest.raises(UserError) as caught:
        open_workbook(save(tmp_path, data))
    assert words in str(caught.value)
    assert caught.value.advice.endswith("。")


def test_an_xls_with_a_password_says_so(tmp_path: Path) -> None:
    """Its strings are ciphered: what they count looked like damage."""
    data = bytearray(workbooks.xls(grid(30)))
    begin = data.index(b"\x09\x08")
    after = begin + 4 + int.from_bytes(data[begin + 2 : begin + 4], "little")
    strings = after
    while data[strings : strings + 2] != b"\xfc\x00":
        strings += 4 + int.from_bytes(data[strings + 2 : strings + 4], "little")
    data[strings + 8 : strings + 12] = b"\xff" * 4
    data[after : after + 2] = b"\x2f\x00"
    with pytest.raises(UserError, match="打开密码"):
        open_workbook(save(tmp_path, bytes(data)))


def test_missing_files_folders_and_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, words in ((tmp_path / "无.xlsx", "找不到"), (tmp_path, "文件夹")):
        with pytest.raises(UserError, match=words):
            open_workbook(path)
    monkeypatch.setattr(reading, "LARGEST_FILE", 10)
    with pytest.raises(UserError, match="上限"):
        open_workbook(save(tmp_path, workbooks.xlsx(grid())))


def test_a_bomb_is_noticed_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading._binary, "LARGEST_UNPACKED", 1 << 20)
    data = _zip(xl__workbook_xml="<workbook/>", xl__worksheets__sheet1_xml=" " * (3 << 20))
    with pytest.raises(UserError, match="大得不正常"):
        open_workbook(save(tmp_path, data))


class _CancelledError(Exception):
    pass


@pytest.mark.parametrize("name", ["xlsx", "spreadsheet_xml", "html", "csv_utf8"])
def test_cancelling_gets_through(tmp_path: Path, name: str) -> None:
    def cancel(done: int, total: int | None) -> None:
        raise _CancelledError

    path = save(tmp_path, FORMATS[name](grid(2500)))
    with pytest.raises(_CancelledError):
        open_workbook(path, cancel)


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_never_raise_anything_but_a_user_error(tmp_path: Path, name: str) -> None:
    sound = FORMATS[name](grid(8))
    chance = random.Random(name)
    for number in range(60):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if number % 3 == 0:
            del data[chance.randrange(1, len(data)) :]
        try:
            open_workbook(save(tmp_path, bytes(data)))
        except UserError as error:
            assert error.message
            assert error.advice


def test_an_old_workbook_whose_sectors_go_in_a_circle_is_refused(tmp_path: Path) -> None:
    """Followed as it says, it would never end and take all memory: found by a damaged byte."""
    data = bytearray(FORMATS["xls"](grid(3)))
    fat = 512 + int.from_bytes(data[76:80], "little") * 512
    for sector in range(128):
        data[fat + 4 * sector : fat + 4 * sector + 4] = (0).to_bytes(4, "little")
    with pytest.raises(UserError, match="打不开"):
        open_workbook(save(tmp_path, bytes(data)))


def test_an_old_workbook_with_a_cell_far_out_is_refused(tmp_path: Path) -> None:
    data = FORMATS["xls"](grid(3))
    shared = b"\xfd\x00\x0a\x00\x01\x00\x00\x00"  # LABELSST, row 1, column 0
    assert shared in data
    with pytest.raises(UserError, match="打不开"):
        open_workbook(save(tmp_path, data.replace(shared, shared[:6] + b"\xff\xff", 1)))


def ods(rows: str) -> bytes:
    made = io.BytesIO()
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="名录">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return made.getvalue()


_ODS_ROW = (
    "<table:table-row{}><table:table-cell{} office:value-type='string'>"
    "<text:p>企业名称</text:p></table:table-cell></table:table-row>"
)


def test_ods_with_empty_rows_to_the_end_is_read(tmp_path: Path) -> None:
    empty = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    book = open_workbook(save(tmp_path, ods(_ODS_ROW.format("", "") + empty)))
    assert book.sheets[0].rows == (("企业名称",),)


def test_ods_that_repeats_a_cell_over_the_whole_sheet_is_refused(tmp_path: Path) -> None:
    bomb = _ODS_ROW.format(
        ' table:number-rows-repeated="1048576"', ' table:number-columns-repeated="16384"'
    )
    with pytest.raises(UserError, match="占满内存"):
        open_workbook(save(tmp_path, ods(bomb)))
