"""A quarter's and a target's file: order, numbers, hashes, what lacks; the proof of duty done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from app.db.read import numbers
from app.domain.filing import Retention, ScanKind, archive_no
from app.errors import UserError
from app.exchange import bags
from app.services.archive import duty_proof, filing
from app.services.archive.duty_proof import PrintDutyProof
from app.services.archive.filing import FileScope, MakeFile
from app.services.public import publishing
from app.services.public.publishing import Publish
from app.services.safety import archiving
from app.services.safety.archiving import ArchiveScan
from tests.documents.reading import text
from tests.support_draw import (
    DRAW_NO,
    PERIOD,
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    photo = tmp_path / "现场.jpg"
    Image.new("RGB", (8, 8)).save(photo)
    task = made.tasks[0]
    made.workspace.write(
        archiving.archive, ArchiveScan(no=DRAW_NO, path=photo, kind=ScanKind.PHOTO)
    )
    entry = ordered_entry(made, task)
    lock_result(made, task, entry)
    second = lock_result(made, made.tasks[1], clean_entry(made, made.tasks[1]))
    made.workspace.write(
        publishing.publish, Publish(result_ids=(second,), on=date(2026, 9, 12), place="局网站")
    )
    yield made
    made.workspace.close()


def _make(office: DrawnOffice, path: Path, target: int | None = None) -> filing.FileMade:
    scope = FileScope(period=PERIOD, target_id=target)
    command = MakeFile(scope=scope, path=path, fonds="X043", first=7)
    return office.workspace.write(filing.make, command)


def lacks(office: DrawnOffice, target: int | None = None) -> list[str]:
    scope = FileScope(period=PERIOD, target_id=target)
    workspace = office.workspace
    return [each.words for each in workspace.read(filing.what_lacks, workspace.folder, scope)]


def _names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [name.partition("/data/")[2] for name in archive.namelist() if "/data/" in name]


def _inside(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        whole = next(each for each in archive.namelist() if each.endswith(f"/data/{name}"))
        return archive.read(whole)


def test_a_quarter_is_one_bag_in_order_with_numbers_and_hashes(
    office: DrawnOffice, tmp_path: Path
) -> None:
    path = tmp_path / "2026年第三季度.zip"
    made = _make(office, path)
    assert all(check.ok for check in bags.verify_bag(path))
    names = _names(path)
    rooms = list(dict.fromkeys(name.split("/")[0] for name in sorted(names) if "/" in name))
    # The draw and two inspections are kept 30 years, the tables ten: each its own numbers from 7.
    assert [room[: len("001-X043-2026-30年-0007")] for room in rooms] == [
        "001-X043-2026-30年-0007",
        "002-X043-2026-30年-0008",
        "003-X043-2026-30年-0009",
        "004-X043-2026-10年-0007",
        "005-X043-2026-10年-0008",
    ]
    assert f"抽取{DRAW_NO}" in rooms[0]
    assert any(name.endswith("minutes.pdf") for name in names)
    assert any("现场照片-" in name for name in names)
    assert made.items == 5
    book = openpyxl.load_workbook(io.BytesIO(_inside(path, "文件清单.xlsx")))
    cells = [[cell.value for cell in row] for row in book.active]
    assert cells[2][1] == "X043-2026-30年-0007"
    assert all(len(str(row[5])) == 64 for row in cells[2:])
    # Targets not inspected are nowhere in the file's names or index.
    index = text(_inside(path, "卷内目录.pdf")).replace("\n", "")
    for _category, name, _uscc in TARGETS[2:]:
        assert name not in index
        assert not any(name in each for each in names)


def test_the_archive_holds_report_publication_and_filled_papers_and_takes_no_number(
    office: DrawnOffice, tmp_path: Path
) -> None:
    path = tmp_path / "季度.zip"
    before = office.workspace.read(numbers.register)
    _make(office, path)
    names = [name.rpartition("/")[2] for name in _names(path)]
    report = "2026年第三季度双随机抽查季度报表"
    for each in (f"{report}.pdf", f"{report}.xlsx", "双随机抽查结果公示表（归档时按记录生成）.pdf"):
        assert names.count(each) == 1
    assert names.count("行政检查审批表.pdf") == names.count("现场检查记录.pdf") == 2
    assert names.count("责令整改通知书.pdf") == 1
    assert office.workspace.read(numbers.register) == before
    inside = next(name for name in _names(path) if name.endswith("现场检查记录.pdf"))
    assert TARGETS[0][1] in text(_inside(path, inside)).replace("\n", "")


def test_a_targets_own_file_has_no_scan_that_names_others(
    office: DrawnOffice, tmp_path: Path
) -> None:
    rows = [each for each in office.workspace.read(filing.choices, PERIOD) if each.target_id]
    path = tmp_path / "一家.zip"
    _make(office, path, rows[0].target_id)
    assert not any("现场照片-" in name or "季度报表" in name for name in _names(path))


def test_what_lacks_is_said_first(office: DrawnOffice, tmp_path: Path) -> None:
    found = lacks(office)
    assert found[:2] == ["没有批准的2026年度抽查计划", "没有批准的2026年第三季度抽查计划"]
    assert f"抽取 {DRAW_NO}：没有签到表的扫描件" in found
    assert f"抽取 {DRAW_NO}：没有签字件的扫描件" in found  # a photograph is none
    assert f"抽取 {DRAW_NO}：没有现场照片" not in found
    assert any("整改还没有完成" in each for each in found)
    assert any("1 家公示时没有选定公示文件" in each for each in found)
    assert sum("还没有锁定" in each for each in found) == len(TARGETS) - 2
    index = text(_inside((_make(office, tmp_path / "a.zip")).path, "卷内目录.pdf"))
    assert index.index("缺少的材料") < index.index("二、目录")


def test_a_targets_file_holds_nobody_elses_name(office: DrawnOffice, tmp_path: Path) -> None:
    (first, *_rest) = (
        each for each in office.workspace.read(filing.choices, PERIOD) if each.target_id
    )
    path = tmp_path / "一家.zip"
    _make(office, path, first.target_id)
    names = _names(path)
    assert not any(name.endswith(("plan.txt", "result.txt", "/minutes.pdf")) for name in names)
    assert any(name.endswith("履职证明.pdf") for name in names)


def test_the_proof_says_plan_draw_due_day_and_items(office: DrawnOffice, tmp_path: Path) -> None:
    rows = [each for each in office.workspace.read(filing.choices, PERIOD) if each.target_id]
    path = tmp_path / "证明.pdf"
    command = PrintDutyProof(target_id=rows[0].target_id or 0, year=2026, path=path)
    office.workspace.write(duty_proof.print_proof, command)
    said = text(path.read_bytes()).replace("\n", "")
    for words in (DRAW_NO, "2026-09-30", "2026-09-10", "环评与“三同时”", "完成期限"):
        assert words in said
    with pytest.raises(UserError, match="没有检查记录"):
        office.workspace.write(
            duty_proof.print_proof,
            PrintDutyProof(target_id=rows[0].target_id or 0, year=2020, path=path),
        )


def test_nothing_is_written_over_and_numbers_are_plain(office: DrawnOffice, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"mine")
    with pytest.raises(UserError, match="没有覆盖"):
        _make(office, path)
    assert path.read_bytes() == b"mine"
    with pytest.raises(UserError, match="全宗号"):
        archive_no("全宗", 2026, Retention.TEN, 1)
    with pytest.raises(UserError, match="没有可以归档"):
        office.workspace.read(
            filing.what_lacks, office.workspace.folder, FileScope(period="2025Q1")
        )
