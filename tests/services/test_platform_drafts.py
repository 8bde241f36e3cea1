"""A platform's blank form: mapped, tried, kept, filled, and its tables read back the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.read import received
from app.db.read.query import ListQuery
from app.domain.fields import Choice, value_of, with_choices
from app.domain.inspector import FIELDS as INSPECTOR_FIELDS
from app.domain.inspector import InspectorFacts
from app.domain.outgoing import record_kind
from app.domain.platform import DateStyle, Platform, PlatformSheet, as_toml, parse_platform
from app.domain.received import FileKind
from app.domain.target import FIELDS as TARGET_FIELDS
from app.domain.target import TargetFacts
from app.errors import UserError
from app.exchange.filling import fill_template
from app.exchange.importing import read_inspectors, read_targets
from app.exchange.reading import open_data
from app.exchange.writing import Table, columns_of
from app.services.directories import directories
from app.services.directories.directories import SaveInspector, SaveTarget
from app.services.intake import importing, platform_tables
from app.services.intake.importing import ApplyImport, PreviewImport
from app.services.packages import exporting, outgoing, platform_drafts, platforms
from app.services.packages.package_tables import directory_cells
from app.services.packages.platform_drafts import Draft, Sample
from app.services.packages.platforms import RemovePlatform
from app.services.safety import backup_files
from app.services.workspace import Workspace
from tests.exchange import forms
from tests.exchange.workbooks import uscc
from tests.support import make_office

NAMES = ("青禾县某甲电镀厂", "青禾县某乙养殖场", "青禾县某丙（水泥）厂")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "office")
    for number, name in enumerate(NAMES):
        facts = TargetFacts(
            name=name,
            uscc=uscc(number + 1),
            address=f"柳湾镇{number}号",
            category=("KEY", "SPECIAL", "GENERAL")[number],
            kind="project" if number == 2 else "polluter",
            permit_valid_to=date(2028, 3, 15) if number else None,
        )
        made.write(directories.save_target, SaveTarget(id=None, facts=facts))
    person = InspectorFacts(
        name="赵一",
        cert_no="36019900001234567",
        unit="青禾县大队",
        may_lead=True,
        cert_valid_to=date(2028, 12, 31),
    )
    made.write(directories.save_inspector, SaveInspector(id=None, facts=person))
    yield made
    made.close()


def _draft(office: Workspace, tmp_path: Path, data: bytes, name: str) -> tuple[Draft, dict]:
    path = tmp_path / name
    path.write_bytes(data)
    known = office.write(platform_drafts.samples, None)
    return platform_drafts.propose(platform_drafts.open_template(path), known), known


def _column(draft: Draft, word: str, at: int = 0) -> platform_drafts.ColumnDraft:
    return next(
        each for each in draft.sheets[at].columns if each.asked.header.split(" / ")[-1] == word
    )


def _mapped(office: Workspace, tmp_path: Path) -> tuple[Draft, dict[str, Sample]]:
    """The grouped form as a clerk would leave it."""
    draft, known = _draft(office, tmp_path, forms.grouped(), "对象模板.xlsx")
    project = _column(draft, "是否建设项目")
    project = replace(platform_drafts.with_field(project, "对象种类", known["targets"]),
                      codes=(("建设项目", "1"), ("排污单位", "0")))  # fmt: skip
    region = replace(_column(draft, "行政区划"), constant="360199")
    draft = platform_drafts.with_column(draft, 0, project)
    return platform_drafts.with_column(draft, 0, region), known


def _saved(office: Workspace, tmp_path: Path) -> Platform:
    draft, _ = _mapped(office, tmp_path)
    source = tmp_path / "对象模板.xlsx"
    command = platform_drafts.command_of(draft, "jx-own", "江西平台", source=source)
    return office.write(platforms.save, command)


def test_columns_and_words_are_proposed(office: Workspace, tmp_path: Path) -> None:
    draft, known = _draft(office, tmp_path, forms.grouped(), "对象模板.xlsx")
    assert [each.record for each in draft.sheets] == ["targets"]
    assert _column(draft, "序号").serial
    assert _column(draft, "单位名称*").field == "检查对象名称"
    assert _column(draft, "许可证编号").field == "排污许可证编号"
    assert _column(draft, "有效期至").dates is DateStyle.SLASHES_FULL
    level = _column(draft, "监管级别*")
    words = [theirs for ours, theirs in level.codes if ours in _labels(office)]
    assert (level.field, words) == ("监管类别", ["1-重点", "2-特殊", "3-一般"])
    assert not _column(draft, "行政区划").filled
    people, _ = _draft(office, tmp_path, forms.people(), "人员.xlsx")
    assert people.sheets[0].record == "inspectors"
    assert dict(_column(people, "是否可任组长").codes) == {"是": "Y", "否": "N"}
    assert dict(_column(people, "人员性质").codes)["参公"] == ""
    items, _ = _draft(office, tmp_path, forms.extended_list(), "事项.xlsx")
    assert items.sheets[0].record == "items"
    assert dict(_column(items, "是否部门联合").codes) == {}
    assert set(known) >= {"targets", "reports"}


def _labels(office: Workspace) -> list[str]:
    return [each.label for each in office.rulebook.categories]


def test_three_rows_are_seen_as_they_will_come_out(office: Workspace, tmp_path: Path) -> None:
    draft, known = _mapped(office, tmp_path)
    seen = platform_drafts.trial(draft, 0, known)
    assert (seen.count, len(seen.rows), seen.mends) == (3, 3, ())
    row = dict(zip(seen.titles, seen.rows[1], strict=True))
    assert row["序号"] == "2"
    assert row["许可证信息 / 有效期至"] == "2028/03/15"
    assert (row["监管级别*"], row["是否建设项目"], row["行政区划"]) == ("2-特殊", "0", "360199")
    bare = platform_drafts.with_column(draft, 0, replace(_column(draft, "详细地址"), longest=3))
    bare = platform_drafts.with_column(
        bare, 0, replace(_column(bare, "监管级别*"), codes=((_labels(office)[0], "1-重点"),))
    )
    problems = [each.problem for each in platform_drafts.trial(bare, 0, known).mends]
    assert problems[0] == "最多 3 字，现在 5 字"
    assert sum("不在平台的代码表" in each for each in problems) == 2


def test_a_form_is_kept_filled_and_its_table_comes_back_unchanged(
    office: Workspace, tmp_path: Path
) -> None:
    platform = _saved(office, tmp_path)
    (kept,) = (office.folder.platforms).glob("*.xlsx")
    assert kept.name == platform.sheets[0].template
    assert kept.read_bytes() == (tmp_path / "对象模板.xlsx").read_bytes()
    (came,) = office.read(received.rows, list(office.read(received.ids, ListQuery())))
    assert (came.kind, came.file_name, came.source) == (
        FileKind.TEMPLATE,
        "对象模板.xlsx",
        "江西平台",
    )
    assert came.sha256 == platform.sheets[0].sha256
    made = office.write(
        exporting.export,
        exporting.MakePackage(what="targets", to=tmp_path, platform="jx-own", period="2026Q3"),
    )
    with zipfile.ZipFile(made.path) as archive:
        inside = next(each for each in archive.namelist() if each.endswith("/对象模板.xlsx"))
        data = archive.read(inside)
    sheet = openpyxl.load_workbook(io.BytesIO(data))[forms.LONG_NAME]
    assert [sheet.cell(row, 2).value for row in range(5, 9)] == [*NAMES, None]
    back = tmp_path / "平台导出.xlsx"
    back.write_bytes(data)
    command = PreviewImport(kind="targets", path=back, platforms=platforms.own(office.folder))
    seen = office.read(importing.preview, command)
    assert (seen.counts.rows - seen.counts.skipped, seen.counts.unchanged) == (3, 3)
    assert {each.matched for each in seen.columns if each.field} == {"平台格式"}
    assert importing.top_of(seen).header == range(1, 3)  # the hints are no header
    outcome = office.write(importing.apply, ApplyImport.of(seen))
    assert (outcome.counts.unchanged, outcome.counts.updated) == (3, 0)


def test_making_a_package_reports_and_leaves_nothing_when_stopped(
    office: Workspace, tmp_path: Path
) -> None:
    class StoppedError(Exception):
        pass

    def stop(_done: int, _total: int, words: str) -> None:
        raise StoppedError(words)

    _saved(office, tmp_path)
    command = exporting.MakePackage(what="targets", to=tmp_path, platform="jx-own")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StoppedError, match=r"正在填写“对象模板\.xlsx”"):
        office.write(partial(exporting.export, watch=stop), command)
    assert sorted(tmp_path.rglob("*")) == before
    assert office.write(exporting.export, command).path.name.endswith("-001.zip")


def test_the_platforms_own_list_is_read_by_its_words(office: Workspace, tmp_path: Path) -> None:
    _saved(office, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "对象模板.xlsx")
    sheet = book[forms.LONG_NAME]
    sheet.delete_rows(4, 9)  # no hints, no remarks: rows begin below the header
    sheet["B4"], sheet["C4"], sheet["G4"], sheet["H4"] = NAMES[1], uscc(2), "1-重点", 0
    sheet["B5"], sheet["C5"], sheet["G5"], sheet["H5"] = "青禾县某丁工地", uscc(9), "3-一般", 1
    path = tmp_path / "导出.xlsx"
    book.save(path)
    command = PreviewImport(kind="targets", path=path, platforms=platforms.own(office.folder))
    seen = office.read(importing.preview, command)
    assert (seen.counts.updated, seen.counts.new, seen.counts.rejected) == (1, 1, 0)
    changed = next(each for each in seen.rows if each.name == NAMES[1])
    assert {each.label: (each.before, each.after) for each in changed.changes} == {
        "监管类别": ("特殊", "重点")
    }


def test_another_form_joins_and_a_changed_one_replaces(office: Workspace, tmp_path: Path) -> None:
    platform = _saved(office, tmp_path)
    people, known = _draft(office, tmp_path, forms.people(), "人员.xlsx")
    command = platform_drafts.command_of(people, "jx-own", "江西平台", platform)
    both = office.write(platforms.save, command)
    assert [each.file for each in both.sheets] == ["对象模板.xlsx", "人员.xlsx"]
    assert parse_platform(as_toml(both)) == both
    again = platform_drafts.reopened(office.folder, both, "对象模板.xlsx", known)
    first, _ = _mapped(office, tmp_path)
    assert platform_drafts.platform_of(again, "jx-own", "江西平台").sheets == (
        platform_drafts.platform_of(first, "jx-own", "江西平台").sheets
    )
    name = replace(_column(again, "详细地址"), field="")
    less = platform_drafts.with_column(again, 0, name)
    made = office.write(
        platforms.save, platform_drafts.command_of(less, "jx-own", "江西平台", both)
    )
    assert "地址" not in {column.field for each in made.sheets for column in each.columns}
    assert len(list(office.folder.platforms.glob("*.xlsx"))) == 2
    listed = {each.id: each for each in platforms.choices(office.folder)}["jx-own"]
    assert listed.own and {words for _, words in listed.files} == {"检查对象", "执法人员"}


def test_a_template_that_was_touched_or_lost_is_told(office: Workspace, tmp_path: Path) -> None:
    platform = _saved(office, tmp_path)
    path = office.folder.platforms / platform.sheets[0].template
    path.write_bytes(forms.people())
    with pytest.raises(UserError, match="被改动过"):
        platforms.template_of(office.folder, platform, platform.sheets[0])
    path.unlink()
    with pytest.raises(UserError, match="不在了"):
        platforms.template_of(office.folder, platform, platform.sheets[0])


def test_removing_takes_the_templates_along(office: Workspace, tmp_path: Path) -> None:
    _saved(office, tmp_path)
    office.write(platforms.remove, RemovePlatform("jx-own"))
    assert list(office.folder.platforms.iterdir()) == []
    for name in ("jx-own", "jiangxi", "../office"):
        with pytest.raises(UserError, match="没有自建的"):
            office.write(platforms.remove, RemovePlatform(name))


def test_ids_are_proposed_and_taken_ones_refused(office: Workspace, tmp_path: Path) -> None:
    assert platforms.proposed_id(office.folder, "江西省双随机") == "jxsssj"
    assert platforms.proposed_id(office.folder, "jiangxi") == "jiangxi-2"
    assert platforms.proposed_id(office.folder, "！！") == "own"
    _saved(office, tmp_path)
    draft, _ = _mapped(office, tmp_path)
    with pytest.raises(UserError, match="已经有代号"):
        office.write(platforms.save, platform_drafts.command_of(draft, "jx-own", "又一个"))


def test_a_backup_holds_own_formats(office: Workspace, tmp_path: Path) -> None:
    platform = _saved(office, tmp_path)
    made = backup_files.write(office.folder, tmp_path / "b.zip", alone=True)
    with zipfile.ZipFile(made.path) as archive:
        names = set(archive.namelist())
    assert {"platforms/jx-own.toml", f"platforms/{platform.sheets[0].template}"} <= names


def test_a_sheet_is_another_kind_or_has_other_rows(office: Workspace, tmp_path: Path) -> None:
    draft, known = _mapped(office, tmp_path)
    plain = platform_drafts.with_record(draft, 0, "", known)
    with pytest.raises(UserError, match="还没有一列对应上"):
        platform_drafts.platform_of(plain, "x", "y")
    moved = platform_drafts.with_rows(draft, 0, (2, 3), 6, known)
    assert moved.sheets[0].sheet.first_row == 6
    assert _column(moved, "行政区划").constant == "360199"
    lower = platform_drafts.with_rows(draft, 0, (3, 3), 0, known)
    assert _column(lower, "单位名称*").asked.header == "单位名称*"


# --- filled and read back -----------------------------------------------------------------------

_CATEGORIES = (
    Choice("KEY", "重点检查对象", ("重点",)),
    Choice("GENERAL", "一般检查对象", ("一般",)),
)
_WORDS = st.text("青禾县某甲乙丙丁柳湾镇（）·ABc12", min_size=1, max_size=12).filter(
    lambda text: any(sign >= "\u4e00" for sign in text)
)
_DAYS = st.none() | st.dates(date(1960, 1, 1), date(2090, 1, 1))
_TARGETS = st.builds(
    TargetFacts,
    name=_WORDS.map("青禾县某{}厂".format),
    uscc=st.integers(1, 9_999_999).map(uscc) | st.just(""),
    address=_WORDS | st.just(""),
    category=st.sampled_from(("KEY", "GENERAL", "")),
    kind=st.sampled_from(("project", "polluter", "")),
    permit_valid_to=_DAYS,
)
_PEOPLE = st.builds(
    InspectorFacts,
    name=st.text("赵钱孙李周吴一二三", min_size=2, max_size=4),
    cert_no=st.from_regex(r"[1-9][0-9]{8,18}", fullmatch=True),
    unit=_WORDS,
    phone=st.from_regex(r"0000-[0-9]{7}", fullmatch=True) | st.just(""),
    cert_valid_to=_DAYS,
    may_lead=st.booleans(),
    employment=st.sampled_from(("established", "contract")),
)


def _filled(data: bytes, platform: Platform, table: Table) -> tuple[bytes, PlatformSheet]:
    sheet = platform.sheets[0]
    shaped = outgoing.numbered(sheet, outgoing.shape(platform, sheet, table).table)
    return fill_template(data, [outgoing.filled(sheet, shaped)]), sheet


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, Platform]]:
    """Both forms mapped without a workspace."""
    found = {}
    for record, data, fields in (
        ("targets", forms.grouped(), with_choices(TARGET_FIELDS, {"category": _CATEGORIES})),
        ("inspectors", forms.people(), INSPECTOR_FIELDS),
    ):
        path = tmp_path_factory.mktemp("forms") / "模板.xlsx"
        path.write_bytes(data)
        kind = record_kind(record)
        words = {
            each.label: tuple(choice.label for choice in each.choices) or ("是", "否")
            for each in fields
        }
        known = {record: Sample(kind, fields, Table("", (), ()), words)}
        draft = platform_drafts.propose(platform_drafts.open_template(path), known)
        if record == "targets":
            column = replace(
                _column(draft, "是否建设项目"),
                field="对象种类",
                codes=(("建设项目", "1"), ("排污单位", "0")),
            )
            draft = platform_drafts.with_column(draft, 0, column)
        else:
            column = replace(_column(draft, "人员性质"), codes=(("在编", "在编"), ("聘用", "其他")))
            draft = platform_drafts.with_column(draft, 0, column)
        found[record] = (data, platform_drafts.platform_of(draft, "trial", "试"))
    return found


@settings(max_examples=40, deadline=None)
@given(facts=st.lists(_TARGETS, min_size=1, max_size=12))
def test_targets_filled_and_read_back_are_the_same(mapped, facts: list[TargetFacts]) -> None:
    fields = with_choices(TARGET_FIELDS, {"category": _CATEGORIES})
    _same_again(mapped["targets"], facts, fields, "targets", read_targets)


@settings(max_examples=40, deadline=None)
@given(facts=st.lists(_PEOPLE, min_size=1, max_size=12))
def test_people_filled_and_read_back_are_the_same(mapped, facts: list[InspectorFacts]) -> None:
    _same_again(mapped["inspectors"], facts, INSPECTOR_FIELDS, "inspectors", read_inspectors)


def _same_again(made, facts, fields, record: str, read) -> None:
    data, platform = made
    table = Table("", columns_of(fields), directory_cells(facts, fields))
    filled, sheet = _filled(data, platform, table)
    book = open_data("回来.xlsx", filled)
    mappings = platform_tables.named(platform, record, book, fields)
    rows = [each for each in read(book, mappings, fields) if each.facts is not None]
    labels = {column.field for column in sheet.columns if column.field}
    names = [field.name for field in fields if field.label in labels]
    assert len(names) >= 6
    assert [[value_of(each.facts, name) for name in names] for each in rows] == [
        [value_of(each, name) for name in names] for each in facts
    ]
