"""Packages for a platform: in its shape, checked, only what changed, followed to its answer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import pyzipper

from app.db.read import packages
from app.db.read.query import ListQuery
from app.domain.package_course import PackageState
from app.domain.platform import parse_platform
from app.errors import UserError
from app.exchange.writing import Column as Title
from app.exchange.writing import Table, write_table
from app.services.packages import (
    exporting,
    package_life,
    platform_answers,
    platform_numbers,
    platforms,
)
from app.services.packages.exporting import MakePackage, MakeTransferSlip, NotReadyError, Package
from app.services.packages.package_life import Answer, Refused, TakeStep
from app.services.packages.platform_numbers import Numbers
from app.services.public import public_files, publishing
from app.services.public.public_files import MakePublicFile
from app.services.safety import verifying
from tests.support_draw import (
    DRAW_NO,
    PERIOD,
    TARGETS,
    DrawnOffice,
    lock_result,
    make_drawn_office,
    ordered_entry,
)

OWN = """
id = "own"
name = "某平台"
note = "按平台模板"
[[sheets]]
record = "targets"
file = "对象.xlsx"
sheet = "对象"
columns = [
  { header = "企业名称", field = "检查对象名称", required = true },
  { header = "负责人", field = "法定代表人", longest = 1 },
]
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _make(office: DrawnOffice, to: Path, what: str, **more: object) -> Package:
    command = MakePackage(what=what, to=to, period=PERIOD, **more)  # type: ignore[arg-type]
    return office.workspace.write(exporting.export, command)


def _book(package: Package, name: str) -> openpyxl.Workbook:
    with zipfile.ZipFile(package.path) as archive:
        inside = next(each for each in archive.namelist() if each.endswith(f"/data/{name}"))
        return openpyxl.load_workbook(io.BytesIO(archive.read(inside)))


def _accept(office: DrawnOffice, package: Package, *refused: Refused) -> None:
    for state in (PackageState.COPIED, PackageState.UPLOADED):
        step = TakeStep(package_id=package.id, state=state, who="钱二")
        office.workspace.write(package_life.take, step)
    office.workspace.write(package_life.answer, Answer(package_id=package.id, refused=refused))


def test_a_platforms_sheets_carry_its_headers(office: DrawnOffice, tmp_path: Path) -> None:
    lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    package = _make(office, tmp_path, "results", platform="jiangxi")
    sheet = _book(package, "检查结果.xlsx")["检查结果"]
    header = [cell.value for cell in sheet[1]]
    assert header[:4] == ["计划编号", "任务编号", "检查对象名称", "统一社会信用代码"]
    row = dict(zip(header, [cell.value for cell in sheet[2]], strict=True))
    assert (row["检查对象名称"], row["检查结果"]) == (TARGETS[0][1], "发现问题已责令整改")
    assert row["检查日期"] == "2026-09-10"
    assert _book(package, "整改.xlsx")["整改"].max_row == 2


def test_what_must_be_mended_is_listed_and_nothing_leaves(
    office: DrawnOffice, tmp_path: Path
) -> None:
    folder = office.workspace.folder.platforms
    folder.mkdir()
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    with pytest.raises(NotReadyError) as caught:
        _make(office, tmp_path, "targets", platform="own")
    assert {each.column for each in caught.value.mends} == {"负责人"}
    assert caught.value.mends[0].key.startswith("targets:")
    assert list(tmp_path.glob("*.zip")) == []
    with pytest.raises(UserError, match="不能放进公开版"):
        _make(office, tmp_path, "targets", platform="own", edition="public")


def test_only_what_changed_goes_after_an_acceptance(office: DrawnOffice, tmp_path: Path) -> None:
    lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    first = _make(office, tmp_path, "publications", changed=True)  # none accepted yet: whole
    _accept(office, first)
    with pytest.raises(UserError, match="没有变化"):
        _make(office, tmp_path, "publications", changed=True)
    lock_result(office, office.tasks[1])
    second = _make(office, tmp_path, "publications", changed=True)
    names = [row[2].value for row in _book(second, "公示.xlsx")["公示"].iter_rows(min_row=2)]
    assert names == [TARGETS[1][1]]


def test_a_refused_row_is_corrected_and_sent_again(office: DrawnOffice, tmp_path: Path) -> None:
    first = _make(office, tmp_path, "targets")
    errors = tmp_path / "错误.xlsx"
    titles = (Title("行号"), Title("错误原因"))
    write_table(errors, Table("", titles, [("3", "信用代码不存在")]))
    said = office.workspace.read(platform_answers.read_complaints, first.id, errors)
    refused = tuple(each.refused for each in said.found)
    assert refused == (Refused(line=3, words="信用代码不存在", sheet="检查对象"),)
    with pytest.raises(UserError, match="不能变为"):
        office.workspace.write(package_life.answer, Answer(package_id=first.id, refused=refused))
    _accept(office, first, *refused)
    again = _make(office, tmp_path, "targets", changed=True, corrects=first.id)
    assert _book(again, "检查对象.xlsx")["检查对象"].max_row == 2  # header, the one
    states = {
        row.id: row.state
        for row in office.workspace.read(
            packages.rows, office.workspace.read(packages.ids, ListQuery())
        )
    }
    assert states == {first.id: PackageState.RESENT, again.id: PackageState.MADE}


def test_approval_is_a_second_persons(office: DrawnOffice, tmp_path: Path) -> None:
    made = _make(office, tmp_path, "items")
    step = TakeStep(package_id=made.id, state=PackageState.APPROVED, who=office.workspace.actor)
    with pytest.raises(UserError, match="另一个人"):
        office.workspace.write(package_life.take, step)


def test_the_platforms_numbers_stand_in_the_public_table(
    office: DrawnOffice, tmp_path: Path
) -> None:
    lock_result(office, office.tasks[0])
    serial = office.workspace.read(publishing.board, PERIOD).due[0].serial
    path = tmp_path / "编号.xlsx"
    titles = (Title("抽取序号"), Title("任务编号"), Title("计划编号"))
    write_table(path, Table("", titles, [(serial, "RW-7", "JH-1")]))
    found = office.workspace.read(platform_numbers.read_numbers, path, DRAW_NO)
    assert (found.plan_after, found.left) == ("JH-1", ())
    changed = tuple((row.serial, row.after) for row in found.rows if row.after != row.before)
    assert changed == ((serial, "RW-7"),)
    numbers = Numbers(draw_no=DRAW_NO, plan_no=found.plan_after, tasks=changed, source=path)
    assert office.workspace.write(platform_numbers.write_numbers, numbers) == 1
    out = tmp_path / "公示.xlsx"
    office.workspace.write(public_files.make, MakePublicFile(path=out))
    row = [cell.value for cell in openpyxl.load_workbook(out)["公示表"][3]]
    assert row[:2] == ["JH-1", "RW-7"]
    with pytest.raises(UserError, match="没有序号"):
        office.workspace.write(
            platform_numbers.write_numbers, Numbers(draw_no=DRAW_NO, tasks=(("Z-99", "1"),))
        )


def test_a_locked_package_opens_with_its_passphrase_only(
    office: DrawnOffice, tmp_path: Path
) -> None:
    package = _make(office, tmp_path, "targets", passphrase="三月的风2026")
    assert TARGETS[0][1].encode() not in package.path.read_bytes()
    with pyzipper.AESZipFile(package.path) as archive:
        assert archive.namelist() == ["content.zip"]
    assert all(check.ok for check in exporting.verify(package.path, "三月的风2026"))
    assert all(check.ok for check in verifying.verify((package.path,), "三月的风2026"))
    for wrong, words in (("", "设了口令"), ("三月的风2027", "口令不对")):
        with pytest.raises(UserError, match=words):
            exporting.verify(package.path, wrong)
    slip = MakeTransferSlip(
        package_id=package.id, medium="U1", purpose="上报", passphrase="三月的风2026"
    )
    assert office.workspace.write(exporting.transfer_slip, slip).is_file()


def test_an_own_format_must_be_named_like_its_file(office: DrawnOffice) -> None:
    folder = office.workspace.folder.platforms
    folder.mkdir()
    (folder / "other.toml").write_text(OWN, encoding="utf-8")
    with pytest.raises(UserError, match="“id”"):
        platforms.load(office.workspace.folder, "other")
    with pytest.raises(UserError, match="不能覆盖"):
        shipped = parse_platform(OWN.replace('"own"', '"jiangxi"'))
        office.workspace.write(platforms.save, platforms.SavePlatform(platform=shipped))
