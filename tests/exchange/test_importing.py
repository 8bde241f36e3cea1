"""From files to fates: every row accounted for, nothing lost, nothing silently changed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from app.domain import inspector, item, target
from app.domain.target import TargetFacts
from app.errors import UserError
from app.exchange.fates import (
    Decision,
    Existing,
    Fate,
    RowFate,
    counts,
    inspector_fates,
    item_fates,
    target_fates,
)
from app.exchange.importing import SourceRow, read_inspectors, read_items, read_targets
from app.exchange.mapping import RowKind, propose_mappings
from app.exchange.reading import open_workbook
from app.exchange.sheets import BookKind, Cell, SourceBook, make_sheet
from tests.exchange.workbooks import FORMATS, HEADER, Grid, grid, row, save, uscc

BAD = uscc(7)[:-1] + ("0" if uscc(7)[-1] != "0" else "1")


def book_of(*sheets: Grid) -> SourceBook:
    pages = (make_sheet(f"表{n}", rows) for n, rows in enumerate(sheets, start=1))
    return SourceBook(BookKind.XLSX, tuple(pages))


def rows_of(*sheets: Grid) -> tuple[SourceRow[TargetFacts], ...]:
    book = book_of(*sheets)
    return read_targets(book, propose_mappings(book, target.FIELDS))


def fates_of(
    rows: Grid, existing: Sequence[Existing[TargetFacts]] = ()
) -> tuple[RowFate[TargetFacts], ...]:
    return target_fates(rows_of(rows), existing)


def stored(fates: Sequence[RowFate[TargetFacts]]) -> list[Existing[TargetFacts]]:
    """The directory after applying: new ones by row, merged into what they repeat."""
    records: dict[str, TargetFacts] = {}
    for each in fates:
        if each.facts is None:
            continue
        key = each.key or str(each.merged_into or each.row.place)
        records[key] = each.facts
    return [Existing(key, facts) for key, facts in records.items()]


@pytest.mark.parametrize("name", FORMATS)
def test_all_formats_import_alike(tmp_path: Path, name: str) -> None:
    book = open_workbook(save(tmp_path, FORMATS[name](grid(6))))
    rows = read_targets(book, propose_mappings(book, target.FIELDS))
    assert [each.number for each in rows] == [2, 3, 4, 5, 6, 7]
    assert all(not each.problems and not each.notes for each in rows)
    first = rows[0].facts
    assert first is not None
    assert (first.permit_no, first.category) == (f"{uscc(1)}001P", "GENERAL")
    assert str(first.permit_valid_to) == "2028-03-15"
    assert counts(target_fates(rows, ()))["new"] == 6


def test_layout_of_a_platform_export() -> None:
    rows: Grid = [
        ["2026年三季度排污单位名录"] * 7,
        ["单位：青禾县生态环境保护综合行政执法大队"],
        ["企业名称*", "统一社会信用代码（必填）", "许可证", "电话", "地址", "有效期至", "类别"],
        ["必填，与执照一致", "18位", "选填", "选填", "选填", "格式：2026-01-01", "下拉选择"],
        ["案例（请删除）", uscc(99), "", "", "", "", "重点"],
        row(1),
        [None] * 7,
        row(2),
        ["企业名称", "统一社会信用代码", "许可证", "电话", "地址", "有效期至", "类别"],
        ["一、水泥行业"] * 7,
        row(3),
        ["合计", 3, None, None, None, None, None],
        ["填表人：某某", None, None, None, "2026年3月1日"],
        [None, "", " "],
    ]
    kinds = [each.kind for each in rows_of(rows)]
    assert kinds == [
        RowKind.HINT,
        RowKind.EXAMPLE,
        RowKind.DATA,
        RowKind.BLANK,
        RowKind.DATA,
        RowKind.REPEATED_HEADER,
        RowKind.HEADING,
        RowKind.DATA,
        RowKind.TOTAL,
        RowKind.HINT,
    ]
    assert counts(fates_of(rows)) == {
        "rows": 10, "new": 3, "updated": 0, "unchanged": 0, "rejected": 0, "skipped": 7,
    }  # fmt: skip


def test_two_row_headers_of_merged_cells() -> None:
    rows: Grid = [
        ["序号", "单位名称", "许可证信息", "许可证信息", "联系电话"],
        ["序号", "单位名称", "编号", "有效期至", "联系电话"],
        [1, "甲厂", f"{uscc(1)}001P", "2028-03-15", "1"],
    ]
    book = book_of(rows)
    mapping = propose_mappings(book, target.FIELDS)[0]
    assert mapping.header_rows == 2
    assert mapping.by_field == {"name": 1, "permit_no": 2, "permit_valid_to": 3, "phone": 4}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("注册号/统一社会信用代码", "uscc"),
        ("代码", "uscc"),
        ("社会信用代码", "uscc"),
        ("统一社会\n信用代码", "uscc"),
        ("排污许可证编号（必填）", "permit_no"),
        ("法定代表人（负责人）", "legal_rep"),
        ("生产经营场所详细地址", "address"),
        ("所属乡镇（街道）", "township"),
    ],
)
def test_header_words(header: str, field: str) -> None:
    mapping = propose_mappings(book_of([["检查对象名称", header], ["甲", "1"]]), target.FIELDS)[0]
    assert mapping.by_field == {"name": 0, field: 1}


def test_columns_nobody_named_are_known_by_content_and_corrected_by_a_person() -> None:
    rows: Grid = [["名称", "甲列", "乙列"], *((f"厂{n}", uscc(n), f"{n}") for n in range(9))]
    mapping = propose_mappings(book_of(rows), target.FIELDS)[0]
    assert mapping.by_field == {"name": 0, "uscc": 1}
    corrected = mapping.with_field(2, "phone").with_field(1, None)
    assert corrected.by_field == {"name": 0, "phone": 2}
    assert corrected.fingerprint == mapping.fingerprint


def test_code_lists_are_left_out_and_second_data_sheets_are_not() -> None:
    codes: Grid = [["类别", "说明"], ["重点", "x"], ["一般", "y"]]
    rows = rows_of(codes, grid(2), [HEADER, row(3)])
    assert [each.place for each in rows] == [("表2", 2), ("表2", 3), ("表3", 2)]


def test_no_header_is_said() -> None:
    with pytest.raises(UserError, match="没有找到表头"):
        propose_mappings(book_of([["甲", "乙"], ["1", "2"]]), target.FIELDS)[0]


def test_codes_are_settled_with_their_neighbours() -> None:
    permit = f"{uscc(5)}001P"
    rows: Grid = [
        ["名称", "代码", "许可证"],
        ["由许可证补出", "-", permit],
        ["无代码", "\u200b", ""],
        ["旧注册号", 360199000001404, ""],
        ["错代码有许可证", BAD, f"{uscc(7)}001P"],
        ["错代码", BAD, ""],
        ["尾数丢失", 9.13601990033005e17, ""],
        ["许可证填错列", f"{uscc(8)}002Q", ""],
        ["字母O", uscc(1009).replace("0", "O"), ""],
        ["末尾带场所号", f"{uscc(10)}（01）", ""],
        ["", uscc(11), ""],
    ]
    found = rows_of(rows)
    facts = [each.facts for each in found]
    assert facts[0] is not None and facts[0].uscc == uscc(5)
    assert facts[1] is not None and facts[1].uscc == "" and not found[1].problems
    assert facts[2] is not None and facts[2].reg_no == "360199000001404"
    assert facts[3] is not None and facts[3].uscc == uscc(7) and BAD in "".join(found[3].notes)
    assert facts[6] is not None and facts[6].uscc == uscc(8)
    assert facts[6].permit_no == f"{uscc(8)}002Q"
    assert facts[7] is not None and facts[7].uscc == uscc(1009)
    assert facts[8] is not None and facts[8].uscc == uscc(10)
    fates = target_fates(found, ())
    rejected = {each.row.number: each.reason for each in fates if each.fate is Fate.REJECTED}
    assert set(rejected) == {6, 7, 11}
    assert "校验不符" in rejected[6]
    assert "已经丢失" in rejected[7]
    assert "名称" in rejected[11]


def test_an_empty_cell_never_overwrites_and_changes_are_listed() -> None:
    existing = stored(fates_of(grid(3)))
    changed = list(row(2))
    changed[3], changed[4] = "0000-9999999", ""
    fates = fates_of([HEADER, row(1), changed, row(4)], existing)
    assert [each.fate for each in fates] == [Fate.UNCHANGED, Fate.UPDATED, Fate.NEW]
    assert fates[1].facts is not None
    assert fates[1].facts.address == "柳湾镇某某路2号"
    assert [(each.field, each.old, each.new) for each in fates[1].changes] == [
        ("phone", "0000-0000002", "0000-9999999")
    ]


def test_duplicates_inside_a_file_are_merged_and_the_first_row_wins() -> None:
    second = list(row(1))
    second[0], second[3] = "另一个名字", ""
    rows: Grid = [HEADER, (*row(1)[:4], "", *row(1)[5:]), second]
    fates = fates_of(rows)
    assert [each.fate for each in fates] == [Fate.NEW, Fate.UPDATED]
    assert fates[1].merged_into == ("表1", 2)
    assert fates[1].facts == replace(fates[0].facts, address="柳湾镇某某路1号")  # type: ignore[type-var]
    assert "另一个名字" in fates[1].reason
    assert fates[1].doubtful
    again = fates_of(rows, stored(fates))
    assert [each.fate for each in again] == [Fate.UNCHANGED, Fate.UPDATED]
    assert not again[1].changes


def test_sites_of_one_body_stay_apart() -> None:
    head = ["名称", "代码", "许可证", "地址"]
    body = uscc(1)
    first: Grid = [
        head,
        ["甲厂", body, f"{body}001P", "东路"],
        ["甲厂", body, f"{body}002P", "西路"],
        ["甲厂二车间", body, "", "南路"],
    ]
    fates = fates_of(first)
    assert [each.fate for each in fates] == [Fate.NEW] * 3
    existing = stored(fates)
    later = fates_of(
        [
            head,
            ["甲厂", body, "", "西路"],
            ["甲厂", body, "", ""],
            ["甲厂新名", body, "", "南路"],
            ["甲厂", body, f"{body}003P", "北路"],
        ],
        existing,
    )
    assert [each.fate for each in later] == [
        Fate.UNCHANGED,
        Fate.REJECTED,
        Fate.UPDATED,
        Fate.NEW,
    ]
    assert "2 个场所" in later[1].reason
    assert later[2].doubtful
    assert [each.field for each in later[2].changes] == ["name"]


def test_without_codes_name_and_address_decide() -> None:
    head = ["名称", "地址"]
    existing = stored(fates_of([head, ["某某(东)养殖场", "柳湾村"], ["某工地", "东街"]]))
    fates = fates_of(
        [head, ["某某（东）养殖场", "柳湾村"], ["某工地", "西街"], ["某工地", "东街"]], existing
    )
    assert [each.fate for each in fates] == [Fate.UPDATED, Fate.NEW, Fate.UNCHANGED]
    assert fates[1].doubtful


def test_a_persons_decision_beats_the_rules() -> None:
    rows = rows_of(grid(3))
    existing = stored(target_fates(rows, ()))[::2]
    decisions = {
        ("表1", 2): Decision(Fate.SKIPPED),
        ("表1", 3): Decision(Fate.NEW),
        ("表1", 4): Decision(Fate.UPDATED, existing[0].key),
    }
    fates = target_fates(rows, existing, decisions)
    assert [each.fate for each in fates] == [Fate.SKIPPED, Fate.NEW, Fate.UPDATED]
    assert fates[2].key == existing[0].key


def test_inspectors_and_items() -> None:
    people = book_of(
        [
            ["姓名", "科室", "职务", "执法证号", "有效期", "执法类型", "业务专长", "编制"],
            [
                "张某",
                "一中队",
                "队员",
                "36010001",
                "2020-01-01至2028-12-31",
                "环保",
                "水、气",
                "参公",
            ],
            ["李某", "二中队", "队员", 36010002, "2027.6.30", "", "", ""],
            ["张某", "一中队", "队长", "36010001", "", "", "", ""],
            ["王某", "二中队", "", "", "不知道", "", "", ""],
        ]
    )
    rows = read_inspectors(people, propose_mappings(people, inspector.FIELDS))
    fates = inspector_fates(rows, ())
    assert [each.fate for each in fates] == [Fate.NEW, Fate.NEW, Fate.UPDATED, Fate.REJECTED]
    first = rows[0].facts
    assert first is not None
    assert (first.specialities, first.employment) == (("water", "air"), "civil")
    assert str(first.cert_valid_to) == "2028-12-31"
    items = book_of(
        [
            ["序号", "抽查事项", "抽查依据", "抽查内容", "适用类别", "年度"],
            [1, "排污许可检查", "《排污许可管理条例》\n第二十五条", "许可证", "重点、特殊", 2026],
            [2, "排污许可检查", "", "", "", 2026],
        ]
    )
    found = read_items(items, propose_mappings(items, item.FIELDS))
    assert [each.fate for each in item_fates(found, ())] == [Fate.NEW, Fate.UPDATED]
    assert found[0].facts is not None
    assert found[0].facts.categories == ("KEY", "SPECIAL")


DIRT: tuple[Cell, ...] = (
    None, "", "-", "0", "`", "/", "无", "\u200b", "　", "案例（请删除）", "合计", "长" * 5000,
    "=1+1", "+86 1", "@x", "甲|乙", "一\n二", "９Ｏ", 0, 1, -5, 3.7, 9.13e17, True, "\ufffd",
    "2026.3", "9999-99-99", uscc(3), uscc(3).lower(), f"{uscc(4)}001P", f"{uscc(4)}（01）",
    "91640221MA76CORD96", "𬍛㐱䶮", "企业名称", "统一社会信用代码", "1.23E+17", "²", "３",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_mutated_files_lose_no_row(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows: list[list[Cell]] = [list(each) for each in grid(chance.randint(5, 40))]
    for _ in range(chance.randint(0, 60)):
        rows[chance.randrange(1, len(rows))][chance.randrange(7)] = chance.choice(DIRT)
    for _ in range(chance.randint(0, 4)):
        rows.insert(chance.randrange(1, len(rows)), list(chance.choice(rows)))
    for _ in range(chance.randint(0, 2)):
        rows.insert(0, ["二〇二六年名录"] * chance.choice([1, 7]))
    rows.append(list(row(9_000)))  # so that no trailing empty row is cut
    name = chance.choice(list(FORMATS))
    if name == "xls":
        rows = [[c[:3000] if isinstance(c, str) else c for c in each] for each in rows]
    book = open_workbook(save(tmp_path, FORMATS[name](rows)))
    mappings = propose_mappings(book, target.FIELDS)
    found = read_targets(book, mappings)
    fates = target_fates(found, ())
    tally = counts(fates)
    assert tally["rows"] == len(book.sheets[0].rows) - mappings[0].first_row
    assert tally["rows"] == sum(value for key, value in tally.items() if key != "rows")
    assert [each.row.number for each in fates] == list(
        range(mappings[0].first_row + 1, len(book.sheets[0].rows) + 1)
    )
    for each in fates:
        assert (each.facts is None) == (each.fate in {Fate.REJECTED, Fate.SKIPPED})
        assert each.reason or each.fate is Fate.NEW
        if each.facts is not None:
            assert target.validate(each.facts) == ()
    again = counts(target_fates(found, stored(fates)))
    assert again["new"] == 0


def test_hidden_sheets_do_not_hide_data_when_they_are_all_there_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    visible = book.active
    assert visible is not None
    visible["A1"] = "说明"
    hidden = book.create_sheet("数据")
    for each in grid(2):
        hidden.append(list(each))
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    found = open_workbook(tmp_path / "a.xlsx")
    assert len(read_targets(found, propose_mappings(found, target.FIELDS))) == 2


def test_reading_tells_its_progress_and_can_be_cancelled() -> None:
    book = book_of(grid(2500))
    mappings = propose_mappings(book, target.FIELDS)
    seen: list[tuple[int, int | None]] = []
    rows = read_targets(book, mappings, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1000, 2500), (2000, 2500)]
    with pytest.raises(ZeroDivisionError):
        target_fates(rows, (), progress=lambda done, total: 1 // 0)
