"""Platforms' formats: what ships reads, errors name the key, cells come out in its words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.outgoing import RECORDS
from app.domain.package_course import PackageState, check_step, next_steps
from app.domain.platform import (
    DateStyle,
    PlatformError,
    RowPlace,
    as_toml,
    check_row,
    parse_platform,
    value_for,
)
from app.errors import UserError
from app.paths import RESOURCES

SHIPPED = sorted((RESOURCES / "platforms").glob("*.toml"))

TEXT = """
id = "own"
name = "某平台"
note = "试"
dates = "20260301"
numbers = "text"
[codes."结论"]
"未发现问题" = "1"
[[sheets]]
record = "results"
file = "结果.xlsx"
sheet = "结果"
columns = [
  { header = "企业", field = "检查对象名称", required = true, longest = 5 },
  { header = "日期", field = "检查日期" },
  { header = "结果", field = "结论", codes = "结论" },
  { header = "来源", constant = "双随机" },
  { header = "经办", field = "检查人员" },
]
"""


def _row(*cells: object) -> list[str]:
    platform = parse_platform(TEXT)
    sheet = platform.sheets[0]
    out = [value_for(platform, *each) for each in zip(sheet.columns, cells, strict=True)]  # type: ignore[arg-type]
    place = RowPlace(sheet="结果", line=2, key="results:1", label="甲厂")
    return [each.problem for each in check_row(platform, sheet, place, out)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_format_reads_and_is_written_back_the_same(path) -> None:
    platform = parse_platform(path.read_text(encoding="utf-8"))
    assert platform.id == path.stem
    assert parse_platform(as_toml(platform)) == platform
    if platform.id != "general":
        assert "官方模板没有取得" in platform.note


def test_all_provinces_and_every_record_are_there() -> None:
    assert {path.stem for path in SHIPPED} == {
        *("general", "jiangxi", "hunan", "fujian", "neimenggu-xietong"),
        *("shandong-suiji", "shandong-zonghe"),
    }
    general = parse_platform((RESOURCES / "platforms/general.toml").read_text(encoding="utf-8"))
    assert [each.record.id for each in general.sheets] == [each.id for each in RECORDS]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('record = "results"', 'record = "nothing"', "sheets[1].record"),
        ('field = "结论"', 'field = "无此栏"', "sheets[1].columns[3].field"),
        ('codes = "结论" }', 'codes = "没有" }', "sheets[1].columns[3].codes"),
        ('dates = "20260301"', 'dates = "x"', "dates"),
        ('file = "结果.xlsx"', 'fiel = "结果.xlsx"', "sheets[1].file"),
        ("longest = 5", "longest = -1", "sheets[1].columns[1].longest"),
        ('sheet = "结果"', 'sheet = "结果"\nsheeet = "x"', "sheets[1].sheeet"),
    ],
)
def test_an_error_names_the_key(old: str, new: str, key: str) -> None:
    with pytest.raises(PlatformError, match=rf"“{key.replace('[', r'.').replace(']', r'.')}”"):
        parse_platform(TEXT.replace(old, new, 1))


def test_cells_come_out_in_the_platforms_words() -> None:
    platform = parse_platform(TEXT)
    name, day, conclusion, source, _by = platform.sheets[0].columns
    assert value_for(platform, day, date(2026, 3, 1)) == "20260301"
    assert value_for(platform, conclusion, "未发现问题") == "1"
    assert value_for(platform, source, None) == "双随机"
    assert value_for(platform, name, 7) == "7"
    assert DateStyle.DOTS.of(date(2026, 3, 1)) == "2026.3.1"


def test_rows_to_mend_are_named() -> None:
    assert _row("甲厂", date(2026, 3, 1), "未发现问题", None, "赵一") == []
    assert _row(None, None, None, None, None) == ["平台要求必填，现在是空的"]
    assert _row("一二三四五六", None, "停产", None, None) == [
        "最多 5 字，现在 6 字",
        "“停产”不在平台的代码表“结论”里",
    ]


def test_a_public_edition_refuses_people() -> None:
    platform = parse_platform(TEXT)
    sheet = platform.sheets[0]
    place = RowPlace(sheet="结果", line=2, key="results:1", label="甲厂")
    mends = check_row(platform, sheet, place, ("甲厂", "", "1", "双随机", "赵一"), public=True)
    assert [each.column for each in mends] == ["经办"]


@given(st.lists(st.sampled_from(list(PackageState)), max_size=8))
def test_no_way_leads_back_and_an_answer_needs_an_upload(wishes: list[PackageState]) -> None:
    state, seen = PackageState.MADE, [PackageState.MADE]
    for wish in wishes:
        if wish in next_steps(state):
            check_step(state, wish)
            state = wish
            seen.append(state)
        else:
            with pytest.raises(UserError):
                check_step(state, wish)
    assert len(seen) == len(set(seen))
    assert not state.answered or PackageState.UPLOADED in seen
