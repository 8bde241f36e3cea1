from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.db.read import targets
from app.db.read.query import ListQuery
from app.domain.target import TargetFacts
from app.services.directories import directories, workbooks
from app.services.directories.directories import SaveTarget
from app.services.directories.directory import target_fields
from app.services.directories.workbooks import ExportList, ListColumn, WriteTemplate
from app.services.intake import importing
from app.services.intake.importing import KINDS, PreviewImport
from app.services.workspace import Workspace
from tests.services.test_directories import uscc


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_untouched_template_imports_nothing_and_rejects_nothing(
    office: Workspace, tmp_path: Path, kind: str
) -> None:
    path = workbooks.write_template(WriteTemplate(kind, tmp_path / "模板.xlsx", office.rulebook))
    counts = office.read(importing.preview, PreviewImport(kind=kind, path=path)).counts
    assert counts.rows == counts.skipped == 2


def test_template_offers_the_rulebooks_own_categories(office: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    workbooks.write_template(WriteTemplate("targets", path, office.rulebook))
    lists = openpyxl.load_workbook(path)["可选值"]
    columns = {column[0].value: [cell.value for cell in column[1:]] for column in lists.columns}
    assert [each for each in columns["监管类别"] if each] == ["重点", "特殊", "一般"]


def test_list_is_exported_as_seen(tmp_path: Path) -> None:
    columns = (
        ListColumn("名称"),
        ListColumn("代码", code=True),
        ListColumn("日期"),
        ListColumn("数"),
    )
    rows = [("某甲厂", "007", date(2026, 3, 1), 3), ("=1+1", "", None, None)]
    path = workbooks.export_list(ExportList(tmp_path / "名录.xlsx", "检查对象", columns, rows))
    sheet = openpyxl.load_workbook(path).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert values[0] == ["名称", "代码", "日期", "数"]
    assert values[1][:2] == ["某甲厂", "007"] and values[1][3] == 3
    assert values[1][2].date() == date(2026, 3, 1)
    assert sheet["A4"].data_type == "s"


def test_exported_directory_imports_as_unchanged(office: Workspace, tmp_path: Path) -> None:
    facts = TargetFacts(
        name="青禾县某甲厂", uscc=uscc(1), category="KEY", tags=("在线监控", "夜间"), project=True,
        permit_valid_to=date(2028, 3, 1), need="water", state="suspended",
    )  # fmt: skip
    office.write(directories.save_target, SaveTarget(None, facts))
    fields = target_fields(office.rulebook)
    columns = tuple(ListColumn(field.label) for field in fields)
    rows = workbooks.directory_rows(fields, [facts])
    path = workbooks.export_list(ExportList(tmp_path / "名录.xlsx", "", columns, rows))
    counts = office.read(importing.preview, PreviewImport(kind="targets", path=path)).counts
    assert (counts.rows, counts.unchanged) == (1, 1)
    assert len(office.read(targets.ids, ListQuery())) == 1
