"""Papers, reports and the archive from the command line: exit codes, JSON, files."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from app.exchange import bags
from tests.documents.reading import text

from .running import NO, refused, suicha

PERIOD = NO.split("-")[1]


def test_a_report_as_workbook_and_on_paper(drawn: Path, tmp_path: Path) -> None:
    book, paper = tmp_path / "报表.xlsx", tmp_path / "报表.pdf"
    made = suicha("report", "--data", drawn, "--period", PERIOD, "--to", book, "--json")
    assert made.code == 0 and made.json["report"] == str(book)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(book)["报表"]]
    (total,) = [row for row in rows if row[0] == "合计"]
    figures = made.json["figures"]["合计/合计"]
    assert figures["sites"] > 0
    assert [each for each in figures.values() if each not in total] == []
    again = ("--as-of", made.json["as_of"])
    assert suicha("report", "--data", drawn, "--period", PERIOD, "--to", book, *again).code == 0
    refused(suicha("report", "--data", drawn, "--period", PERIOD, "--to", book, "--as-of", "昨天"))
    assert "报表" in openpyxl.load_workbook(book).sheetnames
    assert suicha("report", "--data", drawn, "--period", PERIOD, "--to", paper).code == 0
    assert "抽查户数" in text(paper.read_bytes())
    refused(suicha("report", "--data", drawn, "--period", PERIOD, "--to", tmp_path / "a.doc"))
    refused(suicha("report", "--data", drawn, "--period", "2026第一", "--to", book))


def test_papers_blank_and_of_a_draw(drawn: Path, tmp_path: Path) -> None:
    room = tmp_path / "文书"
    room.mkdir()
    blank = suicha("paper", "approval", "--data", drawn, "--to", room, "--json")
    assert blank.code == 0 and blank.json["count"] == 1 and blank.json["numbers"] == []
    filled = suicha("paper", "site_record", "--data", drawn, "--draw", NO, "--to", room, "--json")
    assert filled.code == 0 and filled.json["count"] > 1
    assert text(Path(filled.json["paper"]).read_bytes())
    refused(suicha("paper", "notice", "--data", drawn, "--draw", NO, "--task", "Z-99"))
    refused(suicha("paper", "notice", "--data", drawn, "--draw", "X"))
    assert "还没有可以公示" in refused(suicha("paper", "publication", "--data", drawn))


def test_the_archive_says_what_lacks_and_is_a_verified_bag(drawn: Path, tmp_path: Path) -> None:
    asked = ("archive", "--data", drawn, "--period", PERIOD)
    looked = suicha(*asked, "--json")
    assert looked.code == 1 and looked.json["archive"] is None
    assert any("没有现场照片" in each for each in looked.json["lacking"])
    path = tmp_path / "归档.zip"
    assert "全宗号" in refused(suicha(*asked, "--to", path))
    made = suicha(*asked, "--to", path, "--fonds", "X043", "--json")
    assert made.code == 3 and made.json["lacking"] == looked.json["lacking"]
    assert all(check.ok for check in bags.verify_bag(path))
    assert "没有覆盖" in refused(suicha(*asked, "--to", path, "--fonds", "X043"))
    assert "没有" in refused(suicha(*asked, "--target", "不存在的厂"))
