"""Codes of a target: USCC (GB 32100-2015), permit number (HJ 608), old registration number.

Checking is strict and changes nothing; ``normal_code`` only undoes what typing
and spreadsheets do to a code (width, case, spaces).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {character: value for value, character in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_USCC_SHAPE = re.compile(r"[0-9ANY][0-9A-HJ-NP-RTUWXY][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
_PERMIT_SHAPE = re.compile(r"([0-9A-Z]{18})([0-9]{3})([A-Z])")
_REG_SHAPE = re.compile(r"[0-9]{13}|[0-9]{15}")
_IDENT_SHAPE = re.compile(r"[0-9A-Z]{1,64}")

# Authorities that issue USCCs use 1–9 and these letters (GB 32100 table 1).
_USCC_AUTHORITY_LETTERS = "ANY"
# Hands and scanners write these for digits; the alphabet has no such letters.
_LOOKALIKES = str.maketrans({"O": "0", "I": "1"})
# Format characters, soft hyphen included: invisible in a cell, fatal in a comparison.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """Why a code is not one. ``position`` is 1-based where one character is to blame."""

    message: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """排污许可证编号 taken apart; ``uscc`` is "" for holders that have none (HJ 608)."""

    text: str
    uscc: str
    site: str
    mark: str


def normal_code(text: str) -> str:
    """Half width, upper case, no white space, quotes or invisible characters."""
    wide = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return re.sub(r"[\s'\"`‘’“”]", "", wide).upper()


def uscc_check_character(body: str) -> str:
    """Check character for the first 17 characters of a USCC (GB 32100-2015 §5.2: mod 31).

    Raises ValueError for a body of another length, KeyError for characters outside the alphabet.
    """
    if len(body) != 17:
        raise ValueError("a USCC body has 17 characters")
    total = sum(map(mul, map(_USCC_VALUES.__getitem__, body), _USCC_WEIGHTS))
    return USCC_ALPHABET[-total % 31]


@lru_cache(maxsize=1024)  # a row's code is asked for by each rule that meets it
def check_uscc(text: str) -> CodeProblem | None:
    """None if ``text`` is a well-formed USCC whose check character fits."""
    if not _USCC_SHAPE.fullmatch(text):
        return _shape_problem(text)
    if uscc_check_character(text[:17]) != text[17]:
        return CodeProblem("统一社会信用代码末位校验不符，请对照营业执照核对", 18)
    return None


def _shape_problem(text: str) -> CodeProblem:
    if len(text) != 18:
        return CodeProblem(f"统一社会信用代码应为 18 位，这里是 {len(text)} 位")
    for place, character in enumerate(text, start=1):
        if character not in USCC_ALPHABET:
            return CodeProblem(
                f"统一社会信用代码第 {place} 位“{character}”不是允许的字符"
                "（只用数字和不含 I、O、Z、S、V 的大写字母）",
                place,
            )
    return CodeProblem("统一社会信用代码前 8 位（登记部门、类别、行政区划）写法不对")


def repaired_uscc(text: str) -> str | None:
    """The USCC meant by ``text`` where O stands for 0 or I for 1; None unless the check fits."""
    candidate = text.translate(_LOOKALIKES)
    return candidate if candidate != text and check_uscc(candidate) is None else None


def parse_permit(text: str) -> Permit | CodeProblem:
    """Take 排污许可证编号 = USCC + 3 digits + 1 letter apart.

    A stem that begins with a letter no USCC authority uses is the substitute HJ 608 gives
    to holders without a USCC: it carries no check character we could test.
    """
    shape = _PERMIT_SHAPE.fullmatch(text)
    if shape is None:
        return CodeProblem("排污许可证编号应为 18 位统一社会信用代码加 3 位数字加 1 位字母")
    stem, site, mark = shape.groups()
    if stem[0].isalpha() and stem[0] not in _USCC_AUTHORITY_LETTERS:
        return Permit(text, "", site, mark)
    problem = check_uscc(stem)
    if problem is not None:
        return CodeProblem(f"排污许可证编号的前 18 位有误：{problem.message}", problem.position)
    return Permit(text, stem, site, mark)


def repaired_permit(text: str) -> str | None:
    """The permit number meant by ``text`` where O stands for 0 or I for 1 in its USCC part."""
    candidate = text[:21].translate(_LOOKALIKES) + text[21:]
    if candidate == text or isinstance(parse_permit(candidate), CodeProblem):
        return None
    return candidate


def check_reg_no(text: str) -> CodeProblem | None:
    """None for the old business registration number: 15 digits, 13 before 2007."""
    if _REG_SHAPE.fullmatch(text):
        return None
    return CodeProblem(f"注册号应为 15 位数字（2007 年前为 13 位），这里是“{text}”")


def check_ident(text: str) -> CodeProblem | None:
    """None if ``text`` can stand as an id in a plan (RD1 §2: ``[0-9A-Z]{1,64}``)."""
    if _IDENT_SHAPE.fullmatch(text):
        return None
    return CodeProblem(f"编号只能用数字和大写字母，最多 64 位，这里是“{text}”")
