"""USCC, permit and registration numbers, with python-stdnum as the oracle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from app.domain.codes import (
    USCC_ALPHABET,
    CodeProblem,
    Permit,
    check_ident,
    check_reg_no,
    check_uscc,
    normal_code,
    parse_permit,
    repaired_permit,
    repaired_uscc,
    uscc_check_character,
)

CHARACTERS = st.sampled_from(USCC_ALPHABET)
BODIES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("159"),
        st.sampled_from("123"),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(USCC_ALPHABET, min_size=9, max_size=9),
    ),
)


@given(BODIES)
def test_check_character_agrees_with_the_oracle(body: str) -> None:
    code = body + uscc_check_character(body)
    assert oracle.is_valid(code)
    assert check_uscc(code) is None


@given(BODIES, CHARACTERS)
def test_exactly_the_oracles_codes_are_valid(body: str, last: str) -> None:
    assert (check_uscc(body + last) is None) == oracle.is_valid(body + last)


@given(BODIES, st.integers(0, 16), CHARACTERS)
def test_one_wrong_character_is_always_found(body: str, place: int, other: str) -> None:
    code = body + uscc_check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert (check_uscc(wrong) is None) == (wrong == code)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9136019900", "18 位"),
        ("91360199MA0O3005J1", "第 12 位“O”"),
        ("91360199MA00330051", "末位校验不符"),
        ("9136A199MA0033005J", "前 8 位"),
        ("９1360199MA0033005J", "第 1 位"),
    ],
)
def test_problems_say_where(text: str, words: str) -> None:
    problem = check_uscc(text)
    assert problem is not None
    assert words in problem.message


@given(BODIES)
def test_letter_o_is_repaired_only_into_a_valid_code(body: str) -> None:
    code = body + uscc_check_character(body)
    typed = code.replace("0", "O").replace("1", "I")
    assert repaired_uscc(typed) == (code if typed != code else None)
    broken = typed[:-1] + USCC_ALPHABET[(USCC_ALPHABET.index(code[-1]) + 1) % 31]
    assert repaired_uscc(broken) is None


@given(BODIES, st.from_regex(r"[0-9]{3}", fullmatch=True), st.sampled_from("PQUVWXYZ"))
def test_permit_is_taken_apart(body: str, site: str, mark: str) -> None:
    code = body + uscc_check_character(body)
    text = code + site + mark
    assert parse_permit(text) == Permit(text, code, site, mark)
    typed = text[:21].replace("0", "O") + mark
    assert repaired_permit(typed) == (text if "0" in text[:21] else None)


def test_permit_of_a_holder_without_uscc_has_no_uscc() -> None:
    permit = parse_permit("G1036019900412550V001P")
    assert isinstance(permit, Permit)
    assert permit.uscc == ""


@pytest.mark.parametrize("text", ["", "91360199MA0033005J", "91360199MA0033005A001P", "x" * 22])
def test_wrong_permits_are_refused(text: str) -> None:
    assert isinstance(parse_permit(text), CodeProblem)


def test_registration_numbers_have_15_or_13_ascii_digits() -> None:
    assert check_reg_no("360199000001404") is None
    assert check_reg_no("3601991800140") is None
    assert check_reg_no("36019900000140４") is not None
    assert check_reg_no("36019900000140") is not None


def test_normal_code_undoes_typing_only() -> None:
    assert normal_code(" ９1３6-ab\u200b　'c") == "9136-ABC"


def test_ident_is_rd1s() -> None:
    assert check_ident("A" * 64) is None
    for text in ("", "A" * 65, "a", "A-1", "号"):
        assert check_ident(text) is not None
