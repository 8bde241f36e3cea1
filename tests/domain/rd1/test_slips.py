from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.rd1 import in_words, normalise_digits, weak


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("３１４１５９", "314159"),
        (" 314 159　", "314159"),
        ("３14１5９\n", "314159"),
        ("31a", "31a"),
    ],
)
def test_input_method_digits_become_ascii(typed: str, digits: str) -> None:
    assert normalise_digits(typed) == digits


@pytest.mark.parametrize(
    ("digits", "word"),
    [
        ("", "6 至 32"),
        ("12345", "6 至 32"),
        ("1" * 33, "6 至 32"),
        ("３１４１５９", "6 至 32"),
        ("٣١٤١٥٩", "6 至 32"),
        ("888888", "重复"),
        ("121212", "重复"),
        ("1212121", "重复"),
        ("314314", "重复"),
        ("3141531415", "重复"),
        ("123456", "顺序"),
        ("654321", "顺序"),
        ("1234567890", "顺序"),
        ("3210987654", "顺序"),
        ("135791", "顺序"),
        ("20260702", "日期"),
        ("02072026", "日期"),
        ("07022026", "日期"),
        ("900412", "日期"),
        ("000229", "日期"),
        ("202607", "日期"),
        ("202607021530", "日期"),
        ("20260702153059", "日期"),
        ("271828", "用过"),
    ],
)
def test_weak_digits_are_refused_with_the_reason(digits: str, word: str) -> None:
    assert word in str(weak(digits, {"271828"}))


@pytest.mark.parametrize(
    "digits",
    ["314159", "271828", "20261302", "991332", "18991231", "31415926", "000001", "1234568",
     "202607022530", "20260702153060", "12345612"],
)  # fmt: skip
def test_other_digits_are_fine(digits: str) -> None:
    assert weak(digits) is None


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    reason = weak(normalise_digits(text))
    assert reason is None or reason


def test_flags_in_words() -> None:
    assert in_words("LD") == ("无主办资格人员可用", "同一部门")
    assert in_words("SO") == ("无对口专业人员", "任务已满额")
    assert in_words("X") == ("无人可派",)
    assert in_words("") == ()
