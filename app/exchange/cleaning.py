"""One cell to one value: what typing, platforms and spreadsheets do to data, undone and said.

Nothing is guessed and nothing changed silently: each function returns the value with notes
on what was changed, or the problem that only a person can solve.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

from app.domain.codes import check_uscc, normal_code, repaired_uscc
from app.domain.fields import Field, FieldKind
from app.exchange.sheets import Cell

V = TypeVar("V")

# What nearly every cell of a large table is: nothing to tidy, so it is not looked at twelve times.
_SOUND_TEXT = re.compile(r"[0-9A-Za-z\u4e00-\u9fff（）()·、，。.\-—–/:：《》“”#]+")
_SOUND_CODE = re.compile(r"[0-9A-Z]{9,64}")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe]"
)
_PLACEHOLDER = re.compile(
    r"[-—–_－`´'\"/\\*.…、,，。~～?？^|]+|0|无|暂无|没有|空|未知|不详|N/?A|NULL|NONE|NAN|#N/A|#REF!|#VALUE!"
    r"|#NAME\?|#NULL!|#DIV/0!|未办理|未填写",
    re.IGNORECASE,
)
_EXCEL_TEXT = re.compile(r'="(.*)"')
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
_SUFFIX = re.compile(r"[(\[][^()\[\]]{0,8}[)\]]$")
_WITH_REMARK = re.compile(r"([^()]+)\(([^()]+)\)")
_DIGITS_POINT = re.compile(r"([0-9]{1,15})\.0+")
_WIDE = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_EXACT = 10**15
_SEPARATORS = re.compile(r"[，,、；;|\n]+")
_BRACKETS = str.maketrans("【】〔〕[]", "()()()")
_YES = {"是", "√", "✓", "✔", "y", "yes", "true", "1", "有", "对", "可", "能", "可以"}
_NO = {"否", "×", "✗", "x", "n", "no", "false", "0", "无", "不", "不是", "不能", "不可", "没有"}

_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 18264, 73050  # 1950 to 2099
_YMD = re.compile(
    r"([12][0-9]{3})\s*(?:[-/.\\年]\s*|\s)([0-9]{1,2})\s*(?:[-/.\\月]\s*|\s)([0-9]{1,2})\s*[日号]?"
    r"(?:[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?Z?)?"
)
_COMPACT = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
_BETWEEN = re.compile(r"\s*(?:至|到|～|~|—+|－|--| - )\s*")
_FOREVER = re.compile(r"长期(?:有效)?|永久(?:有效)?|无固定期限|9999.*")


@dataclass(frozen=True, slots=True)
class Cleaned(Generic[V]):
    """A value with what was changed to get it, or the problem that stands in the way."""

    value: V
    notes: tuple[str, ...] = ()
    problem: str | None = None


def clean(cell: Cell, field: Field) -> Cleaned[Any]:
    """The value of a cell for a field, by the field's kind. Codes that need the whole row
    (USCC, permit) are only tidied here; importing decides about them."""
    return _CLEANERS[field.kind](cell, field)


def clean_text(cell: Cell, field: Field) -> Cleaned[str]:
    """Text without invisible characters; full-width letters and digits become half-width.

    Brackets and punctuation stay as written: they belong to the name on the licence.
    """
    raw = as_text(cell)
    if _SOUND_TEXT.fullmatch(raw):
        return Cleaned("" if is_placeholder(raw) else raw)
    if "\ufffd" in raw:
        return Cleaned("", (), f"{field.label}里有无法识别的字符（“\ufffd”），请改正后再导入")
    notes = []
    text = raw.translate(_WIDE)
    if text != raw:
        notes.append(f"{field.label}：全角转半角")
    seen = _INVISIBLE.sub("", text)
    if seen.strip() and seen != text:
        notes.append(f"{field.label}：去掉看不见的字符")
    text = unicodedata.normalize("NFC", seen)
    if field.kind is FieldKind.LONG_TEXT:
        text = re.sub(r"[ \t\xa0]+", " ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    else:
        text = re.sub(r"\s+", " ", text).strip(" \u3000")
        text = re.sub(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])", "", text)
    if is_placeholder(text):
        return Cleaned("")
    if "|" in text and field.kind is not FieldKind.LONG_TEXT:
        text = text.replace("|", "、")
        notes.append(f"{field.label}：竖线改为顿号")
    return Cleaned(text, tuple(notes))


def clean_code(cell: Cell, field: Field) -> Cleaned[str]:
    """A code in half width and upper case, without spaces or a trailing “（01）”.

    Numbers of up to 15 digits are exact in a spreadsheet and taken; longer ones and
    scientific notation have lost their last digits and are refused.
    """
    if isinstance(cell, str):
        return Cleaned(cell) if _SOUND_CODE.fullmatch(cell) else _clean_code_text(cell, field)
    if isinstance(cell, bool):
        return Cleaned("", (), f"{field.label}里是“{as_text(cell)}”，请填写代码")
    if isinstance(cell, float) and not (cell.is_integer() and abs(cell) < _EXACT):
        fraction = f"{field.label}是小数 {cell}，请按文本重新填写"
        return Cleaned("", (), fraction if abs(cell) < _EXACT else _lost(field, f"{cell:.10G}"))
    if isinstance(cell, int | float):
        whole = int(cell)
        return Cleaned("") if whole == 0 else Cleaned(str(whole))
    if isinstance(cell, date):
        return Cleaned("", (), f"{field.label}被存成了日期，请按文本重新填写")
    return _clean_code_text(as_text(cell), field)


def _clean_code_text(raw: str, field: Field) -> Cleaned[str]:
    inner = _EXCEL_TEXT.fullmatch(raw.strip())
    text = normal_code(inner.group(1) if inner else raw)
    if is_placeholder(text):
        return Cleaned("")
    if "\ufffd" in text:
        return Cleaned("", (), f"{field.label}里有无法识别的字符，请改正后再导入")
    if _SCIENTIFIC.fullmatch(text):
        return Cleaned("", (), _lost(field, text))
    notes = []
    plain = re.sub(r"[\s\u3000]", "", _INVISIBLE.sub("", raw))
    if unicodedata.normalize("NFKC", plain) != plain:
        notes.append(f"{field.label}：全角转半角")
    suffix = _SUFFIX.search(text)
    if suffix and suffix.start() > 0:
        text = text[: suffix.start()]
        notes.append(f"{field.label}：去掉末尾“{suffix.group()}”")
    whole = _DIGITS_POINT.fullmatch(text)
    if whole:
        text = whole.group(1)
        notes.append(f"{field.label}：去掉数字后的“.0”")
    if re.sub(r"[^a-z]", "", unicodedata.normalize("NFKC", raw)):
        notes.append(f"{field.label}：小写改为大写")
    return Cleaned(text, tuple(notes))


def _lost(field: Field, shown: str) -> str:
    return (
        f"{field.label}成了数字“{shown}”，15 位以后的数字已经丢失，"
        "请把这一列设为文本后按证照重新填写"
    )


def clean_uscc(text: str) -> Cleaned[str]:
    """A tidied code as a USCC: O→0 and I→1 only where the check character then fits."""
    problem = check_uscc(text)
    if problem is None:
        return Cleaned(text)
    repaired = repaired_uscc(text)
    if repaired is not None:
        return Cleaned(repaired, ("统一社会信用代码：字母 O、I 改为数字 0、1 后校验相符",))
    return Cleaned(text, (), problem.message)


def clean_date(cell: Cell, field: Field) -> Cleaned[date | None]:
    """A day from a date cell, an Excel serial, or text of any usual style."""
    if isinstance(cell, date):
        return _plausible(cell.date() if isinstance(cell, datetime) else cell, field)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial_or_compact(cell, field)
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", as_text(cell))).strip()
    if is_placeholder(text):
        return Cleaned(None)
    if re.fullmatch(r"[0-9]{5}", text):
        return _serial_or_compact(int(text), field)
    parts = text.split("-") if text.count("-") == 1 else _BETWEEN.split(text)
    if len(parts) == 2 and _day(text) is None:
        return _written(parts[1] if field.ends_period else parts[0], text, field)
    return _written(text, text, field)


def _written(text: str, whole: str, field: Field) -> Cleaned[date | None]:
    """A day in words; ``whole`` is the cell where ``text`` is one end of a period."""
    if _FOREVER.fullmatch(text):
        return Cleaned(None, (f"{field.label}：“{whole}”，未登记到期日",))
    day = _day(text)
    if day is None:
        return Cleaned(None, (), _no_date(field, whole))
    which = "止日" if field.ends_period else "起日"
    return _plausible(
        day, field, () if text == whole else (f"{field.label}：取“{whole}”的{which}",)
    )


def _serial_or_compact(number: float, field: Field) -> Cleaned[date | None]:
    whole = int(number)
    if whole == 0:
        return Cleaned(None)
    if _FIRST_SERIAL <= number < _LAST_SERIAL:
        day = _EXCEL_EPOCH + timedelta(days=whole)
        return Cleaned(day, (f"{field.label}：序列号 {whole} 换算为 {day.isoformat()}",))
    found = _day(str(whole)) if whole == number else None
    if found is None:
        return Cleaned(None, (), _no_date(field, str(number)))
    return _plausible(found, field)


def _day(text: str) -> date | None:
    shape = _YMD.fullmatch(text) or _COMPACT.fullmatch(text)
    if shape is None:
        return None
    year, month, day = (int(part) for part in shape.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plausible(day: date, field: Field, notes: tuple[str, ...] = ()) -> Cleaned[date | None]:
    if not 1950 <= day.year < 2100:
        return Cleaned(None, (), f"{field.label}“{day.isoformat()}”不像真的日期，请核对")
    return Cleaned(day, notes)


def _no_date(field: Field, text: str) -> str:
    return f"{field.label}“{text}”不是完整的日期，请写成 2026-03-01 的样子"


def clean_bool(cell: Cell, field: Field) -> Cleaned[bool | None]:
    """Yes, no, or None for an empty cell."""
    if isinstance(cell, bool):
        return Cleaned(cell)
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", as_text(cell))).strip().lower()
    if text in _YES:
        return Cleaned(True)
    if text in _NO:
        return Cleaned(False)
    if is_placeholder(text):
        return Cleaned(None)
    return Cleaned(None, (), f"{field.label}应填“是”或“否”，这里是“{as_text(cell)}”")


def clean_number(cell: Cell, field: Field) -> Cleaned[int | None]:
    """A whole number; units such as 年 may follow it."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) == cell:
        return Cleaned(int(cell))
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", as_text(cell))).strip()
    shape = re.fullmatch(r"([0-9]{1,6})(?:\.0+)?\s*(?:年度?|个?月|岁|人|家|次|号)?", text, re.ASCII)
    if shape:
        return Cleaned(int(shape.group(1)))
    if is_placeholder(text):
        return Cleaned(None)
    return Cleaned(None, (), f"{field.label}应是整数，这里是“{text}”")


def clean_choice(cell: Cell, field: Field) -> Cleaned[str]:
    """The stored value of a word: by value, label or synonym."""
    cleaned = clean_text(cell, field)
    if cleaned.problem or not cleaned.value:
        return cleaned
    value = chosen(cleaned.value, field)
    if value is not None:
        return Cleaned(value)
    value = _before_brackets(cleaned.value, field)
    if value is not None:
        return Cleaned(value, (f"{field.label}：“{cleaned.value}”读作“{field.label_of(value)}”",))
    known = "、".join(choice.label for choice in field.choices)
    return Cleaned("", (), f"{field.label}“{cleaned.value}”不认识，请选：{known}")


def _before_brackets(text: str, field: Field) -> str | None:
    """环保诚信（绿牌）: the choice before the brackets, unless those say another one."""
    shape = _WITH_REMARK.fullmatch(unicodedata.normalize("NFKC", text).translate(_BRACKETS))
    if shape is None:
        return None
    value = chosen(shape.group(1), field)
    remark = {chosen(part, field) for part in _SEPARATORS.split(shape.group(2))}
    return value if remark <= {value, None} else None


def clean_list(cell: Cell, field: Field) -> Cleaned[tuple[str, ...]]:
    """Several values joined by ， 、 ； or line breaks; repeated ones once."""
    raw = as_text(cell)
    values: list[str] = []
    notes: list[str] = []
    for part in _SEPARATORS.split(raw):
        cleaned = clean_text(part, field)
        if cleaned.problem:
            return Cleaned((), (), cleaned.problem)
        if not cleaned.value:
            continue
        value = chosen(cleaned.value, field) if field.choices else cleaned.value
        if value is None:
            known = "、".join(choice.label for choice in field.choices)
            return Cleaned((), (), f"{field.label}“{cleaned.value}”不认识，请选：{known}")
        notes += [note for note in cleaned.notes if note not in notes]
        if value not in values:
            values.append(value)
    return Cleaned(tuple(values), tuple(notes))


def chosen(text: str, field: Field) -> str | None:
    """The choice a word stands for, or None."""
    wanted = plain_words(text)
    for choice in field.choices:
        words = (choice.value, choice.label, *choice.synonyms)
        if wanted in {plain_words(word) for word in words}:
            return choice.value
    return None


def is_placeholder(text: str) -> bool:
    """Whether a text only says that nothing is known: “-”, “0”, “无”, “`” …"""
    if len(text) > 8 and text[0].isalnum() and text[-1].isalnum() and text.isprintable():
        return False  # longer than every such word, and nothing to strip
    stripped = _INVISIBLE.sub("", text).strip()
    return not stripped or _PLACEHOLDER.fullmatch(stripped) is not None


@lru_cache(maxsize=8192)  # headers and choices are compared once per cell
def plain_words(text: str) -> str:
    """For comparing words: half width, lower case, no spaces, brackets of one kind."""
    wide = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    wide = wide.translate(_BRACKETS)
    return re.sub(r"[\s*:：_·]", "", wide)


def as_text(cell: Cell) -> str:
    """A cell as it reads on the screen of a spreadsheet."""
    if type(cell) is str:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else f"{cell:.15G}"
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return str(cell)


_CLEANERS: dict[FieldKind, Callable[[Cell, Field], Cleaned[Any]]] = {
    FieldKind.TEXT: clean_text,
    FieldKind.LONG_TEXT: clean_text,
    FieldKind.CODE: clean_code,
    FieldKind.NUMBER: clean_number,
    FieldKind.DATE: clean_date,
    FieldKind.CHOICE: clean_choice,
    FieldKind.BOOL: clean_bool,
    FieldKind.LIST: clean_list,
}
