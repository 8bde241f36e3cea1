"""Whole workbooks in the styles of several platforms: what is taken, what comes back, and why."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.domain import target
from app.exchange.fates import Existing, Fate, RowFate, target_fates
from app.exchange.importing import read_targets
from app.exchange.mapping import propose_mappings
from app.exchange.reading import open_workbook
from app.exchange.sheets import BookKind, Cell, SourceBook, make_sheet
from tests.exchange.platform_books import BOOKS, complaints, credit, joint, mobile, permits
from tests.exchange.platform_books import projects as project_book
from tests.exchange.test_mutated_files import _CHANGES, accounted
from tests.exchange.workbooks import uscc

_MUTANTS = 40


def opened(folder: Path, name: str) -> SourceBook:
    path = folder / f"{name}.xlsx"
    BOOKS[name].make().save(path)
    return open_workbook(path)


def judged(book: SourceBook) -> tuple[RowFate[target.TargetFacts], ...]:
    mappings = propose_mappings(book, target.FIELDS)
    return target_fates(read_targets(book, mappings), ())


def taken(book: SourceBook) -> list[target.TargetFacts]:
    return [each.facts for each in judged(book) if each.fate is Fate.NEW and each.facts]


def fields_of(book: SourceBook) -> dict[str, str | None]:
    (mapping, *_) = propose_mappings(book, target.FIELDS)
    return {each.header: each.field for each in mapping.columns}


def of(*rows: tuple[Cell, ...]) -> SourceBook:
    return SourceBook(BookKind.XLSX, (make_sheet("表", rows),))


@pytest.mark.parametrize("name", BOOKS)
def test_everybody_in_a_platforms_book_is_taken_and_only_they(tmp_path: Path, name: str) -> None:
    found = judged(opened(tmp_path, name))
    wanted = BOOKS[name]
    assert [each.facts.name for each in found if each.fate is Fate.NEW and each.facts] == list(
        wanted.names
    )
    refused = [each for each in found if each.fate is Fate.REJECTED]
    assert tuple(each.row.number for each in refused) == wanted.refused
    assert all(each.reason for each in refused)


@pytest.mark.parametrize("name", BOOKS)
def test_a_platforms_book_changed_at_random_loses_no_row(tmp_path: Path, name: str) -> None:
    book = opened(tmp_path, name)
    known = 0
    for number in range(_MUTANTS):
        chance = random.Random(f"{name}{number}")
        sheets = []
        for sheet in book.sheets:
            rows = [list(each) for each in sheet.rows]
            for _ in range(chance.randint(1, 10)):
                chance.choice(_CHANGES)(rows, chance)
            sheets.append(make_sheet(sheet.name, rows, hidden=sheet.hidden))
        known += accounted(SourceBook(book.kind, tuple(sheets)))
    assert known > 0


def test_the_complainants_telephone_never_becomes_the_targets(tmp_path: Path) -> None:
    book = opened(tmp_path, complaints.__name__)
    assert fields_of(book)["反映人电话"] is None
    assert not any(each.phone for each in taken(book))


def test_a_grade_with_its_colour_in_brackets_is_understood_and_said(tmp_path: Path) -> None:
    found = judged(opened(tmp_path, credit.__name__))
    grades = [each.facts.credit_grade for each in found if each.facts]
    assert grades == ["honest", "warning", "bad"]
    assert "“环保警示（黄牌）”读作“警示”" in found[2].reason


def test_brackets_that_say_something_else_are_not_read_over() -> None:
    (found,) = judged(of(("企业名称", "生产状态"), ("某甲厂", "停产（已关闭）")))
    assert found.fate is Fate.REJECTED
    assert "停产（已关闭）" in found.reason


def test_whose_column_it_is_may_stand_before_what_it_is(tmp_path: Path) -> None:
    found = fields_of(opened(tmp_path, mobile.__name__))
    assert found["*污染源地址"] == "address"
    assert found["法人代表电话"] == "phone"
    assert found["监管级别"] == "category"


def test_a_code_of_a_project_is_not_the_bodys() -> None:
    rows = (("项目名称", "项目代码"), ("某某扩建项目", "2605-360199-04-01-123456"))
    assert fields_of(of(*rows))["项目代码"] is None


def test_a_header_that_may_mean_two_lists_goes_where_its_words_are(tmp_path: Path) -> None:
    assert fields_of(opened(tmp_path, permits.__name__))["管理类别"] == "permit_category"
    general = of(("企业名称", "管理类别"), ("某甲厂", "重点"), ("某乙厂", "一般"))
    assert fields_of(general)["管理类别"] == "category"


def test_projects_of_one_builder_at_one_place_stay_apart(tmp_path: Path) -> None:
    facts = taken(opened(tmp_path, project_book.__name__))
    assert {each.kind for each in facts} == {"project"}
    book = of(
        ("项目名称", "信用代码", "地址"),
        ("某某二期项目", uscc(51), "柳湾镇工业园"),
    )
    (again,) = target_fates(
        read_targets(book, propose_mappings(book, target.FIELDS)),
        [Existing("1", facts[0])],
    )
    assert (again.fate, again.doubtful) == (Fate.NEW, True)


def test_two_names_at_one_place_in_one_file_are_both_kept_and_asked_about() -> None:
    book = of(
        ("企业名称", "信用代码", "地址"),
        ("某甲厂", uscc(1), "一号"),
        ("某甲厂二车间", uscc(1), "一号"),
    )
    first, second = judged(book)
    assert (first.fate, second.fate, second.doubtful) == (Fate.NEW, Fate.NEW, True)


def test_a_second_table_in_another_order_is_laid_out_like_the_first(tmp_path: Path) -> None:
    found = judged(opened(tmp_path, "reordered"))
    tile = next(each.facts for each in found if each.row.number == 6)
    assert tile is not None
    assert (tile.name, tile.address, tile.uscc) == ("青禾县某瓦厂", "西畈乡十九号", uscc(82))
    back = next(each for each in found if each.row.number == 7)
    assert back.row.cells[:3] == ("青禾县某坏代码厂", "9136", "西畈乡二十号")


@pytest.mark.parametrize("name", ["123", "2026-01-01", "统一社会信用代码"])
def test_what_is_nobodys_name_comes_back(name: str) -> None:
    (found,) = judged(of(("企业名称", "联系电话"), (name, "0000-1000001")))
    assert found.fate is Fate.REJECTED
    assert name in found.reason


def test_a_header_that_repeats_only_in_part_is_one_table() -> None:
    book = of(("单位名称", "一季度", "二季度", "一季度", "二季度"), ("某甲厂", 1, 2, 3, 4))
    assert len(judged(book)) == 1


def test_words_of_licence_states_are_known(tmp_path: Path) -> None:
    mine = next(each for each in taken(opened(tmp_path, joint.__name__)) if "选矿" in each.name)
    assert mine.state == "active"
