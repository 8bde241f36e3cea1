"""``suicha import results``: a squad's form merged from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from app.db.read import results
from app.db.unit_of_work import UnitOfWork
from app.domain.inspection import ResultState
from app.models import Draw
from app.services.intake import result_forms
from app.services.intake.result_forms import MakeForms
from app.services.workspace import open_workspace
from tests.support_draw import PERIOD, make_drawn_office
from tests.support_forms import CLEAN, fill

from .running import refused, suicha

# The command goes by the wall's clock: everything lies behind it, whatever the day.
DAY = date(2024, 9, 10)


def _drawn_long_ago(uow: UnitOfWork, _command: None) -> None:
    uow.session.query(Draw).one().closed_at = datetime(2024, 7, 2, 1, tzinfo=UTC)
    uow.record("test.earlier", "", {})
    uow.commit()


@pytest.fixture
def form(tmp_path: Path) -> Iterator[Path]:
    office = make_drawn_office(tmp_path / "ws")
    office.workspace.write(_drawn_long_ago, None)
    command = MakeForms(period=PERIOD, by="all", folder=tmp_path)
    (made,) = office.workspace.write(result_forms.make, command)
    office.workspace.close()
    fill(made.path, "KEY-01", {**CLEAN, "检查日期": DAY}, every="符合")
    fill(made.path, "KEY-02", {**CLEAN, "检查日期": "昨天"}, every="符合")
    yield made.path


def test_results_are_merged_with_counts_and_a_workbook_of_what_comes_back(
    form: Path, tmp_path: Path
) -> None:
    back = tmp_path / "退回.xlsx"
    arguments = ("import", "results", form, "--data", tmp_path / "ws", "--errors", back, "--json")
    looked = suicha(*arguments, "--dry-run")
    assert looked.code == 3 and not back.exists()
    done = suicha(*arguments)
    assert done.code == 3
    wanted = {"rows": 5, "new": 1, "updated": 0, "unchanged": 0, "rejected": 1, "skipped": 3}
    assert {key: done.json[key] for key in wanted} == wanted
    assert (done.json["submitted"], done.json["errors"]) == (1, str(back))
    assert {key: looked.json[key] for key in wanted} == wanted
    sheet = openpyxl.load_workbook(back)["检查结果"]
    titles = [str(cell.value) for cell in sheet[1]]
    (line,) = list(sheet.iter_rows(min_row=3, values_only=True))
    assert line[0] == "KEY-02"
    assert "检查日期“昨天”不是完整的日期" in str(line[titles.index("退回原因")])
    office = open_workspace(tmp_path / "ws")
    try:
        (only,) = office.read(results.ids, results.ResultQuery())
        assert office.read(results.form, only).task.state is ResultState.SUBMITTED
    finally:
        office.close()
    again = suicha(*arguments)
    assert again.code == 3 and (again.json["new"], again.json["unchanged"]) == (0, 1)
    assert "合并过" in again.json["notes"][0]


def test_what_is_no_form_is_refused(form: Path, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("名称\n某厂\n", "utf-8")
    said = suicha("import", "results", path, "--data", tmp_path / "ws")
    assert "不能合并" in refused(said)
