"""Platforms' formats from the command line: listed, a template checked, added, used both ways."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl

from tests.exchange import forms

from .running import refused, suicha


def _template(tmp_path: Path) -> Path:
    path = tmp_path / "检查对象模板.xlsx"
    path.write_bytes(forms.grouped())
    return path


def test_shipped_and_own_formats_are_listed(county: Path, tmp_path: Path) -> None:
    (county / "platforms").mkdir(exist_ok=True)
    (county / "platforms" / "broken.toml").write_text("id = 1", encoding="utf-8")
    listed = {
        each["id"]: each
        for each in suicha("platform", "list", "--data", county, "--json").json["platforms"]
    }
    assert listed["jiangxi"]["own"] is False
    assert "官方模板没有取得" in listed["jiangxi"]["note"]
    assert "id" in listed["broken"]["problem"]
    assert "platform 后面要写步骤" in refused(suicha("platform"))


def test_a_template_is_checked_added_filled_and_read_back(county: Path, tmp_path: Path) -> None:
    path = _template(tmp_path)
    told = suicha("platform", "check", path, "--data", county)
    assert told.code == 0
    assert "第 2 列 企业信息 / 单位名称* ← 检查对象名称" in told.out
    assert "第 9 列 行政区划 ← （没有对应）" in told.out
    body = suicha("platform", "check", path, "--data", county, "--json").json
    (sheet,) = body["sheets"]
    assert (sheet["record"], sheet["header"], sheet["first_row"]) == ("targets", [2, 3], 5)
    made = suicha("platform", "add", path, "--name", "省平台", "--id", "sheng", "--data", county,
                  "--json")  # fmt: skip
    assert made.json == {"id": "sheng", "name": "省平台", "files": ["检查对象模板.xlsx"]}
    sent = suicha("export", "--what", "targets", "--platform", "sheng", "--period", "2026Q1",
                  "--to", tmp_path, "--data", county, "--json")  # fmt: skip
    assert sent.code == 0, sent.err
    with zipfile.ZipFile(sent.json["package"]) as archive:
        inside = next(each for each in archive.namelist() if each.endswith("/检查对象模板.xlsx"))
        data = archive.read(inside)
    sheet_ = openpyxl.load_workbook(io.BytesIO(data))[forms.LONG_NAME]
    assert sheet_["B4"].value == "必填，不超过30字"
    back = tmp_path / "回来.xlsx"
    back.write_bytes(data)
    read = suicha("import", "targets", back, "--data", county, "--dry-run", "--json")
    counts = read.json
    assert counts["unchanged"] == counts["rows"] - counts["skipped"] > 100
    assert (counts["new"], counts["updated"], counts["rejected"]) == (0, 0, 0)
    other = suicha("import", "targets", back, "--platform", "jiangxi", "--data", county)
    assert "对不上" in refused(other)
    assert suicha("platform", "remove", "sheng", "--data", county).code == 0
    assert "没有自建的" in refused(suicha("platform", "remove", "sheng", "--data", county))


def test_a_required_column_nothing_fills_is_told(county: Path, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    path.write_bytes(
        forms.changed(
            forms.grouped(), "xl/worksheets/sheet1.xml", (">行政区划<", ">所属网格编码*<")
        )
    )
    told = suicha("platform", "check", path, "--data", county)
    assert told.code == 3
    assert "必填而没有对应的列：所属网格编码*" in told.out
    assert "PDF" in refused(_check_pdf(county, tmp_path))


def _check_pdf(county: Path, tmp_path: Path):
    path = tmp_path / "说明.pdf"
    path.write_bytes(b"%PDF-1.7")
    return suicha("platform", "check", path, "--data", county)
