from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Connection, text

from app.db.read import inspectors, items, targets
from app.db.read.query import ListQuery
from app.domain.target import TargetFacts
from app.errors import EnvironmentFault, UserError
from app.paths import RESOURCES
from app.services.directories import directories
from app.services.directories.directories import SaveTarget
from app.services.intake import importing
from app.services.intake.importing import ApplyImport, Counts, Fate, ImportOutcome, PreviewImport
from app.services.workspace import Workspace
from tests.services.test_directories import TODAY, uscc

HEADER = ("企业名称", "统一社会信用代码", "详细地址", "监管类别", "联系电话")


def sheet(path: Path, rows: Iterable[Iterable[object]], header: Iterable[object] = HEADER) -> Path:
    book = openpyxl.Workbook()
    book.active.append(list(header))
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def load(office: Workspace, path: Path, kind: str = "targets", **more: object) -> ImportOutcome:
    command = ApplyImport(kind=kind, path=path, **more)  # type: ignore[arg-type]
    return office.write(importing.apply, command)


def look(office: Workspace, path: Path, kind: str = "targets", **more: object):
    command = PreviewImport(kind=kind, path=path, **more)  # type: ignore[arg-type]
    return office.read(importing.preview, command)


def facts_by_name(office: Workspace) -> dict[str, TargetFacts]:
    def read(connection: Connection) -> dict[str, TargetFacts]:
        return {facts.name: facts for _, _, facts in targets.all_facts(connection)}

    return office.read(read)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return sheet(
        tmp_path / "对象.xlsx",
        [
            ("案例（请删除）", "", "", "重点", ""),
            ("青禾县某甲电镀厂", uscc(1), "柳湾镇", "重点", "1"),
            ("青禾县某乙养殖场", "-", "西畈乡", "一般单位", ""),
            ("青禾县某甲电镀厂", uscc(1), "柳湾镇", "重点", "2"),
            ("青禾县某丙印染厂", uscc(3)[:17] + "0", "东塘镇", "一般", ""),
            ("青禾县某丁家具厂", "", "东塘镇", "A类", ""),
            ("青禾县某戊食品厂", "", "东塘镇", "", ""),
            ("", uscc(6), "东塘镇", "一般", ""),
            ("合计 6 家", "", "", "", ""),
        ],
    )


def test_every_row_is_accounted_for_and_preview_says_what_apply_does(
    office: Workspace, county: Path
) -> None:
    seen = look(office, county)
    assert seen.counts == Counts(rows=9, new=2, updated=1, unchanged=0, rejected=4, skipped=2)
    assert len(office.read(targets.ids, ListQuery())) == 0
    assert load(office, county).counts == seen.counts
    assert set(facts_by_name(office)) == {"青禾县某甲电镀厂", "青禾县某乙养殖场"}


def test_reasons_name_what_to_do(office: Workspace, county: Path) -> None:
    reasons = {
        row.place[1]: row.reason for row in look(office, county).rows if row.fate is Fate.REJECTED
    }
    assert "校验" in reasons[6]
    assert "重点、特殊、一般" in reasons[7]
    assert "没有监管类别" in reasons[8]
    assert "名称" in reasons[9]


def test_rejected_rows_come_back_corrected(office: Workspace, county: Path, tmp_path: Path) -> None:
    errors = load(office, county, errors_path=tmp_path / "退回.xlsx").errors
    assert errors is not None
    book = openpyxl.load_workbook(errors)
    header = [cell.value for cell in book.active[1]]
    for row in book.active.iter_rows(min_row=2):
        values = dict(zip(header, row, strict=True))
        values["监管类别"].value = "一般"
        values["统一社会信用代码"].value = None
        values["企业名称"].value = values["企业名称"].value or "青禾县某己酒厂"
    book.save(errors)
    counts = load(office, errors).counts
    assert counts == Counts(rows=4, new=4, updated=0, unchanged=0, rejected=0, skipped=0)


def test_the_same_file_again_changes_nothing(office: Workspace, county: Path) -> None:
    load(office, county)
    before = facts_by_name(office)
    again = load(office, county)
    assert (again.counts.new, again.counts.unchanged) == (0, 2)
    assert facts_by_name(office) == before


def test_update_keeps_what_the_file_leaves_empty_and_shows_in_the_history(
    office: Workspace, tmp_path: Path
) -> None:
    known = TargetFacts(name="青禾县某甲电镀厂", uscc=uscc(1), category="KEY", legal_rep="某甲")
    saved = office.write(directories.save_target, SaveTarget(None, known))
    path = sheet(tmp_path / "a.xlsx", [(known.name, known.uscc, "柳湾镇", "", "0001")])
    seen = look(office, path)
    assert [(each.label, each.before, each.after) for each in seen.rows[0].changes] == [
        ("地址", "（空）", "柳湾镇"),
        ("联系电话", "（空）", "0001"),
    ]
    load(office, path)
    found = office.read(targets.one, saved.id)
    assert found is not None
    assert found.facts == replace(known, address="柳湾镇", phone="0001")
    assert {each.field for each in found.changes[0].fields} == {"address", "phone"}
    assert found.changes[0].action == "import"
    assert found.source_file == "a.xlsx"


def test_new_category_from_a_file_starts_its_day(office: Workspace, tmp_path: Path) -> None:
    known = TargetFacts(name="青禾县某甲电镀厂", uscc=uscc(1), category="KEY")
    saved = office.write(directories.save_target, SaveTarget(None, known))
    office.clock.move_to(date(2026, 8, 3))  # type: ignore[attr-defined]
    load(office, sheet(tmp_path / "a.xlsx", [(known.name, known.uscc, "", "一般", "")]))
    found = office.read(targets.one, saved.id)
    assert found is not None and found.category_since == date(2026, 8, 3)


def test_file_without_categories_takes_the_general_one_unless_told(
    office: Workspace, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "a.xlsx", [("青禾县某甲厂",)], header=("单位名称",))
    assert look(office, path).lacks_category
    load(office, path)
    assert facts_by_name(office)["青禾县某甲厂"].category == "GENERAL"
    other = sheet(tmp_path / "b.xlsx", [("青禾县某乙厂",)], header=("单位名称",))
    load(office, other, default_category="KEY")
    assert facts_by_name(office)["青禾县某乙厂"].category == "KEY"
    with pytest.raises(UserError, match="没有监管类别"):
        look(office, other, default_category="Z")


def test_a_person_can_skip_a_row_or_call_it_new(office: Workspace, tmp_path: Path) -> None:
    same = sheet(tmp_path / "a.xlsx", [("某甲厂", "", "一路", "一般", "1")] * 2)
    first, second = (row.place for row in look(office, same).rows)
    skipped = look(office, same, skip_rows=frozenset({first}))
    assert [row.fate for row in skipped.rows] == [Fate.SKIPPED, Fate.NEW]
    # Nothing tells the two apart: no list could show which is meant.
    alike = look(office, same, new_rows=frozenset({second}))
    assert alike.counts.rejected == 1
    assert "无从区分" in alike.rows[1].reason
    apart = [("某甲厂", "", "一路", "一般", "1"), ("某甲厂", "", "二路", "一般", "1")]
    path = sheet(tmp_path / "b.xlsx", apart)
    second = look(office, path).rows[1].place
    both = look(office, path, new_rows=frozenset({second}))
    assert both.counts.new == 2
    done = office.write(importing.apply, ApplyImport.of(both))
    assert done.counts.new == len(office.read(targets.ids, ListQuery())) == 2


def test_columns_corrected_by_a_person_are_remembered(office: Workspace, tmp_path: Path) -> None:
    header = ("企业名称", "片区负责", "监管类别")
    path = sheet(tmp_path / "a.xlsx", [("某甲厂", "柳湾镇", "一般")], header)
    seen = look(office, path)
    assert seen.columns[1].field is None
    corrected = (seen.mappings[0].with_field(1, "township"),)
    load(office, path, mappings=corrected)
    assert facts_by_name(office)["某甲厂"].township == "柳湾镇"
    later = sheet(tmp_path / "b.xlsx", [("某乙厂", "东塘镇", "一般")], header)
    assert look(office, later).columns[1].field == "township"


def test_file_changed_after_the_preview_is_refused(office: Workspace, county: Path) -> None:
    seen = look(office, county)
    sheet(county, [("别的厂", "", "", "一般", "")])
    with pytest.raises(UserError, match="又被改过"):
        load(office, county, sha256=seen.source.sha256)


def test_preview_is_judged_again_when_the_directory_moved_on(
    office: Workspace, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "a.xlsx", [("某甲厂", "", "一路", "一般", "")])
    seen = look(office, path)
    known = TargetFacts(name="某甲厂", address="一路", category="GENERAL")
    office.write(directories.save_target, SaveTarget(None, known))
    assert office.write(importing.apply, ApplyImport.of(seen)).counts.unchanged == 1


class StopError(Exception):
    pass


def test_cancelling_writes_nothing(office: Workspace, county: Path) -> None:
    def watch(_done: int, _total: int, words: str) -> None:
        if words == "正在写入":
            raise StopError

    command = ApplyImport(kind="targets", path=county)
    with pytest.raises(StopError):
        office.write(lambda uow, given: importing.apply(uow, given, watch), command)
    assert len(office.read(targets.ids, ListQuery())) == 0


def test_unwritable_error_file_keeps_the_directory_unchanged(
    office: Workspace, county: Path, tmp_path: Path
) -> None:
    with pytest.raises(EnvironmentFault):
        load(office, county, errors_path=tmp_path / "没有这个文件夹" / "退回.xlsx")
    assert len(office.read(targets.ids, ListQuery())) == 0


def test_two_sheets_of_one_file_are_both_read(office: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "重点"
    book.create_sheet("一般")
    for name, rows in (
        ("重点", [("某甲厂", "坏代码")]),
        ("一般", [("某乙厂", ""), ("某甲厂", "")]),
    ):
        book[name].append(["企业名称", "统一社会信用代码", "监管类别"])
        for row in rows:
            book[name].append([*row, name])
    book.save(tmp_path / "a.xlsx")
    seen = look(office, tmp_path / "a.xlsx")
    assert seen.counts == Counts(rows=3, new=2, updated=0, unchanged=0, rejected=1, skipped=0)
    assert {row.place for row in seen.rows} == {("重点", 2), ("一般", 2), ("一般", 3)}


def test_inspectors_are_numbered_and_matched_by_certificate(
    office: Workspace, tmp_path: Path
) -> None:
    header = ("姓名", "执法证号", "执法证有效期至", "业务专长", "编制情况")
    rows = [("赵某", "36019900001", "2028.12.31", "水、大气", "在编")]
    path = sheet(tmp_path / "a.xlsx", rows, header)
    load(office, path, "inspectors")
    renamed = sheet(tmp_path / "b.xlsx", [("赵某某", *rows[0][1:])], header)
    assert load(office, renamed, "inspectors").counts.updated == 1
    (row,) = office.read(inspectors.rows, office.read(inspectors.ids, ListQuery(), TODAY), TODAY)
    assert (row.personal_no, row.name) == ("P001", "赵某某")
    assert row.specialities == ("water", "air")


def test_items_keep_the_order_of_the_file(office: Workspace, tmp_path: Path) -> None:
    header = ("序号", "抽查事项", "抽查依据", "适用类别")
    rows = [(1, "环评执行", "环评法", "重点、特殊"), (2, "按证排污", "排污许可条例", "")]
    load(office, sheet(tmp_path / "a.xlsx", rows, header), "items")
    found = office.read(items.rows, office.read(items.ids, ListQuery()))
    assert [(row.name, row.categories) for row in found] == [
        ("环评执行", ("KEY", "SPECIAL")),
        ("按证排污", ()),
    ]


def test_an_inspection_of_tomorrow_comes_back(office: Workspace, tmp_path: Path) -> None:
    office.write(
        directories.save_target, SaveTarget(None, TargetFacts(name="某甲厂", category="KEY"))
    )
    header = ("单位名称", "检查日期", "检查类型", "是否发现问题", "文书号")
    rows = [("某甲厂", "2026-07-02", "", "", ""), ("某甲厂", "2026-07-03", "", "", "")]
    path = sheet(tmp_path / "a.xlsx", rows, header)
    seen = look(office, path, "inspections", today=TODAY)
    assert [row.fate for row in seen.rows] == [Fate.NEW, Fate.REJECTED]
    assert "在今天之后" in seen.rows[1].reason
    # A preview that did not know the day is not believed.
    blind = look(office, path, "inspections")
    assert office.write(importing.apply, ApplyImport.of(blind)).counts.rejected == 1


def test_kinds_of_one_name_and_gate_are_asked_about(office: Workspace, tmp_path: Path) -> None:
    header = ("单位名称", "统一社会信用代码", "地址", "检查对象类型")
    rows = [
        ("青禾县某甲公司", uscc(1), "东路1号", "工业企业"),
        ("青禾县某甲公司", uscc(1), "东路1号", "机动车检测站"),
        ("青禾县某乙工地", "", "西路", "建设项目"),
        ("青禾县某丙公司", "", "西路", "有限责任公司"),
    ]
    seen = look(office, sheet(tmp_path / "a.xlsx", rows, header))
    assert [row.fate for row in seen.rows] == [Fate.NEW, Fate.NEW, Fate.NEW, Fate.REJECTED]
    assert [row.doubtful for row in seen.rows] == [False, True, False, False]
    assert "种类不同" in seen.rows[1].reason
    load(office, sheet(tmp_path / "b.xlsx", rows[:3], header))
    listed = office.read(targets.rows, office.read(targets.ids, ListQuery()))
    assert {row.shown_name for row in listed} == {
        "青禾县某甲公司（排污单位）",
        "青禾县某甲公司（机动车检验机构）",
        "青禾县某乙工地",
    }


def test_earlier_inspections_become_history_once(office: Workspace, tmp_path: Path) -> None:
    known = TargetFacts(name="某甲厂", uscc=uscc(1), category="KEY")
    saved = office.write(directories.save_target, SaveTarget(None, known))
    header = ("单位名称", "检查日期", "检查类型", "是否发现问题", "文书号")
    rows = [
        ("某甲厂", "2026-03-05", "双随机抽查", "否", "青环查〔2026〕3号"),
        ("某甲厂", "2026.4.1", "投诉举报", "是", ""),
        ("没有这家", "2026-03-05", "", "", ""),
        ("某甲厂", "三月", "", "", ""),
    ]
    path = sheet(tmp_path / "a.xlsx", rows, header)
    counts = load(office, path, "inspections").counts
    assert counts == Counts(rows=4, new=2, updated=0, unchanged=0, rejected=2, skipped=0)
    assert load(office, path, "inspections").counts.unchanged == 2
    found = office.read(targets.one, saved.id)
    assert found is not None
    assert [(each.on, each.kind, each.finding) for each in found.inspections] == [
        (date(2026, 4, 1), "投诉举报", True),
        (date(2026, 3, 5), "本级抽查", False),
    ]
    (row,) = office.read(targets.rows, [saved.id], {"KEY": date(2026, 1, 1)})
    assert (row.covered, row.last_inspected_on) == (True, date(2026, 4, 1))
    uncovered = ListQuery(filters={"covered": frozenset({"yes"})})
    assert list(office.read(targets.ids, uncovered, {"KEY": date(2026, 1, 1)})) == [saved.id]
    assert not office.read(targets.ids, uncovered, {"KEY": date(2026, 3, 6)})


def test_one_ledger_entry_holds_hash_and_counts(office: Workspace, county: Path) -> None:
    seen = look(office, county)
    load(office, county)

    def read(connection: Connection) -> tuple[str, str]:
        row = connection.execute(
            text(
                "SELECT action, json_extract(detail, '$.sha256') AS sha"
                " FROM ledger ORDER BY seq DESC LIMIT 1"
            )
        ).one()
        return row.action, row.sha

    assert office.read(read) == ("target.import", seen.source.sha256)


def test_unknown_kind_is_refused(office: Workspace, county: Path) -> None:
    with pytest.raises(UserError, match="可选"):
        load(office, county, "people")


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("targets", "inspectors"),
        ("targets", "items"),
        ("items", "targets"),
        ("inspectors", "targets"),
    ],
)
def test_the_table_of_another_directory_is_refused(office: Workspace, kind: str, file: str) -> None:
    path = RESOURCES / "sample" / f"{file}.csv"
    with pytest.raises(UserError, match=r"像是|没有找到表头"):
        office.write(importing.apply, importing.ApplyImport(kind=kind, path=path))
    assert office.read(importing.preview, importing.PreviewImport(kind=file, path=path)).counts.new
