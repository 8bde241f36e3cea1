"""One cell to one value: changed only with a note, refused where the truth is lost."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.domain import inspector, target
from app.domain.fields import Field, FieldKind
from app.exchange.cleaning import clean, clean_uscc, is_placeholder
from app.exchange.sheets import Cell
from tests.exchange.workbooks import uscc

TEXT = Field(name="name", label="名称")
CODE = Field(name="uscc", label="代码", kind=FieldKind.CODE)
DAY = Field(name="day", label="到期日", kind=FieldKind.DATE, ends_period=True)
FLAG = Field(name="flag", label="是否", kind=FieldKind.BOOL)
COUNT = Field(name="count", label="年限", kind=FieldKind.NUMBER)
STATE = next(field for field in target.FIELDS if field.name == "state")
SKILLS = next(field for field in inspector.FIELDS if field.name == "specialities")


@pytest.mark.parametrize(
    "text", ["-", "—", "0", "`", "/", "无", "\u200b", "\u200b0", "N/A", " ", "——"]
)
def test_placeholders_mean_empty(text: str) -> None:
    assert is_placeholder(text)
    assert clean(text, TEXT).value == ""
    assert clean(text, CODE).value == ""
    assert clean(text, CODE).problem is None


@pytest.mark.parametrize(
    ("cell", "value", "noted"),
    [
        ("青禾县某某厂（一期）", "青禾县某某厂（一期）", False),
        ("青禾 县某某厂\u3000", "青禾县某某厂", False),
        ("青禾Ａ１厂", "青禾A1厂", True),
        ("青禾\u200b厂", "青禾厂", True),
        ("ABC Steel  Co", "ABC Steel Co", False),
        ("𬍛㐱䶮厂", "𬍛㐱䶮厂", False),
        (13800000000, "13800000000", False),
    ],
)
def test_text(cell: Cell, value: str, noted: bool) -> None:
    cleaned = clean(cell, TEXT)
    assert (cleaned.value, bool(cleaned.notes), cleaned.problem) == (value, noted, None)


def test_unreadable_characters_are_refused() -> None:
    assert "无法识别" in str(clean("青\ufffd县", TEXT).problem)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("９１36", "9136"),
        ("abc", "ABC"),
        ("'9136", "9136"),
        ('="0012"', "0012"),
        ("91 36\u200b", "9136"),
        ("9136（01）", "9136"),
        ("9136(\xa0)", "9136"),
        (360199000001404, "360199000001404"),
        (360199000001404.0, "360199000001404"),
        ("360199000001404.0", "360199000001404"),
        (0, ""),
    ],
)
def test_codes(cell: Cell, value: str) -> None:
    cleaned = clean(cell, CODE)
    assert (cleaned.value, cleaned.problem) == (value, None)


@pytest.mark.parametrize(
    "cell", [9.13601990033005e17, 1.23e15, "9.13E+17", "9.1360199E17", 12.5, True, date(2026, 3, 1)]
)
def test_codes_that_lost_digits_are_refused(cell: Cell) -> None:
    cleaned = clean(cell, CODE)
    assert cleaned.value == ""
    assert cleaned.problem
    assert "重新填写" in cleaned.problem or "请填写" in cleaned.problem


def test_uscc_is_repaired_only_where_the_check_fits() -> None:
    code = uscc(1002)
    assert clean_uscc(code).notes == ()
    repaired = clean_uscc(code.replace("0", "O"))
    assert repaired.value == code
    assert repaired.notes
    assert clean_uscc(code[:-1] + ("2" if code[-1] != "2" else "3")).problem


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 3, 1),
        datetime(2026, 3, 1, 10, 30),
        "2026-03-01",
        "2026-3-1",
        "2026/3/1",
        "2026.3.1",
        "2026．３．１",
        "2026年3月1日",
        "2026 年 03 月 01 日",
        "20260301",
        20260301,
        "2026-03-01 00:00:00",
        "2026-03-01T00:00:00.000",
        46082,
        46082.0,
        "46082",
        "2021-03-02至2026-03-01",
        "2021.3.2-2026.3.1",
        "2021-03-02 - 2026-03-01",
        "2021年3月2日—2026年3月1日",
    ],
)
def test_dates_of_all_styles(cell: Cell) -> None:
    cleaned = clean(cell, DAY)
    assert (cleaned.value, cleaned.problem) == (date(2026, 3, 1), None)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "2026.3", 2026.3, "3/1/2026", "明年", "26-3-1", 12, True, "0001-01-01"]
)
def test_half_dates_are_refused(cell: Cell) -> None:
    cleaned = clean(cell, DAY)
    assert cleaned.value is None
    assert cleaned.problem


@pytest.mark.parametrize("cell", ["长期", "2021-01-01至长期", "", None, "-", 0])
def test_no_end_is_no_date(cell: Cell) -> None:
    cleaned = clean(cell, DAY)
    assert (cleaned.value, cleaned.problem) == (None, None)


@pytest.mark.parametrize(
    ("cell", "value"), [("是", True), ("√", True), (1, True), ("否", False), (0, False), ("", None)]
)
def test_yes_and_no(cell: Cell, value: bool | None) -> None:
    assert clean(cell, FLAG).value is value


@pytest.mark.parametrize(("cell", "value"), [("5年", 5), (5.0, 5), ("０", 0), ("", None)])
def test_whole_numbers(cell: Cell, value: int | None) -> None:
    assert clean(cell, COUNT).value == value


def test_what_is_not_yes_or_a_number_is_refused() -> None:
    assert clean("也许", FLAG).problem
    assert clean("五年", COUNT).problem


def test_choices_by_value_label_and_synonym() -> None:
    for text in ("active", "在产", "正常生产"):
        assert clean(text, STATE).value == "active"
    assert "在产" in str(clean("飞走", STATE).problem)


def test_lists_are_split_at_every_separator() -> None:
    for text in ("水、大气", "水，废气", "水；大气；水", "水,气", "水\n大气"):
        assert clean(text, SKILLS).value == ("water", "air")
    assert clean("水、飞行", SKILLS).problem
