"""Byte and field rules that all RD1 records share (RD1 §2, §6).

Readers compare and refuse; only `clean` (used by writers) changes text.
Nothing here trims, normalises or asks Unicode what a digit is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from app.domain.rd1.errors import RecordError

__all__ = [
    "CODE",
    "COUNT",
    "DATE",
    "DIGITS",
    "DRAW_NO",
    "HEX64",
    "ID",
    "NAME",
    "TEXT",
    "LineReader",
    "clean",
    "file_hash",
    "hash_text",
    "read_lines",
    "to_record",
]

# A pattern covers the whole field: always used with fullmatch.
NAME = re.compile(r"[0-9A-Z]{1,16}")  # st, g, dept
ID = re.compile(r"[0-9A-Z]{1,64}")
CODE = re.compile(r"[0-9a-z]{1,16}")  # reasons and specialities
COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
HEX64 = re.compile(r"[0-9a-f]{64}")
DIGITS = re.compile(r"[0-9]{6,32}")
# The series code, any parts, and a decimal part at the end.
DRAW_NO = re.compile(r"[0-9A-Z]+(-[0-9A-Z]+)*-[0-9]+")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TEXT = re.compile(r".+")  # line ends and controls are refused before

_FORBIDDEN = "\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_FORBIDDEN_IN_FIELD = re.compile(f"[\x00-\x1f{_FORBIDDEN}]")
_FORBIDDEN_IN_FILE = re.compile(f"[\x00-\x09\x0b-\x1f{_FORBIDDEN}]")
_SPACE_AT_FIELD_EDGE = ("| ", " |", "\n ", " \n")


def hash_text(text: str) -> str:
    """H(x) of RD1: SHA-256 of an ASCII string as 64 lower-case hex digits."""
    return sha256(text.encode("ascii")).hexdigest()


def file_hash(data: bytes) -> str:
    """Hash of a file: SHA-256 of its bytes as 64 lower-case hex digits."""
    return sha256(data).hexdigest()


def clean(text: str) -> str:
    """Bring free text into a shape a record may hold; for writers only.

    NFC; code points that RD1 §2 forbids become nothing, tabs and line ends a
    space; the field separator becomes its full-width twin; ends are trimmed of
    spaces.  The result may be empty.
    """
    spaced = re.sub(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+", " ", text)
    kept = _FORBIDDEN_IN_FIELD.sub("", unicodedata.normalize("NFC", spaced))
    return unicodedata.normalize("NFC", kept).replace("|", "｜").strip(" ")


def to_record(head: str, body: Sequence[str]) -> bytes:
    """Join a head line, body lines and ``RD1 END`` with LF into file bytes."""
    return "\n".join([head, *body, "RD1 END", ""]).encode("utf-8")


def read_lines(data: bytes, head: str, error: type[RecordError]) -> list[str]:
    """Split a record into its lines, head and end line included.

    The index of a line plus one is its line number.  Raises ``error`` for bytes
    that are not well-formed UTF-8, a BOM, a missing last LF, a wrong head or end
    line, a forbidden code point, a space at the edge of a field, a blank line.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        number = data.count(b"\n", 0, fault.start) + 1
        raise error("不是规范的 UTF-8 编码", number) from None
    if text.startswith("\ufeff"):
        raise error("文件开头有 BOM 标记", 1)
    if not text.endswith("\n"):
        raise error("末尾缺少换行符，文件可能被截断", text.count("\n") + 1)
    _refuse_characters(text, error)
    lines = text[:-1].split("\n")
    if lines[0] != head:
        raise error(f"第一行应为“{head}”", 1)
    if lines[-1] != "RD1 END":
        raise error("最后一行应为“RD1 END”，文件可能被截断", len(lines))
    if "" in lines:
        raise error("有空行", lines.index("") + 1)
    return lines


def _refuse_characters(text: str, error: type[RecordError]) -> None:
    found = _FORBIDDEN_IN_FILE.search(text)
    if found:
        number = text.count("\n", 0, found.start()) + 1
        raise error(f"含有不允许的字符 U+{ord(found[0]):04X}", number)
    for edge in _SPACE_AT_FIELD_EDGE:
        at = text.find(edge)
        if at >= 0:
            # "\n " offends on the line after the line end it begins with.
            number = text.count("\n", 0, at + (edge == "\n ")) + 1
            raise error("字段的开头或结尾有空格", number)


class LineReader:
    """Reads the lines of a record whose order is fixed (RD1 §5, §6)."""

    def __init__(self, data: bytes, head: str, error: type[RecordError]) -> None:
        self._lines = read_lines(data, head, error)
        self._error = error
        self._at = 1

    @property
    def line(self) -> int:
        """1-based number of the next line."""
        return self._at + 1

    def kind(self) -> str:
        """First field of the next line, which stays unread."""
        return self._lines[self._at].split("|", 1)[0]

    def take(self, kind: str, *patterns: re.Pattern[str]) -> list[str]:
        """Read the next line, which must be of this kind with these fields."""
        found, *fields = self._lines[self._at].split("|")
        if found != kind:
            raise self.refusal(f"此处应为“{kind}”行")
        if len(fields) != len(patterns):
            raise self.refusal(f"“{kind}”行应有 {len(patterns)} 个字段，实有 {len(fields)} 个")
        for position, (field, pattern) in enumerate(zip(fields, patterns, strict=True), 1):
            if not pattern.fullmatch(field):
                raise self.refusal(f"“{kind}”行第 {position} 个字段不合规定")
        self._at += 1
        return fields

    def one(self, kind: str, pattern: re.Pattern[str]) -> str:
        """Read the next line, which must have exactly one field; return it."""
        return self.take(kind, pattern)[0]

    def day(self, kind: str) -> date:
        """Read a line with one calendar date ``YYYY-MM-DD``."""
        text = self.one(kind, DATE)
        try:
            return date(int(text[:4]), int(text[5:7]), int(text[8:]))
        except ValueError:
            raise self.refusal_before(f"{text} 不是日历上的日期") from None

    def end(self) -> None:
        """Make sure that only the end line is left."""
        if self._at != len(self._lines) - 1:
            raise self.refusal("此处不应再有内容")

    def refusal(self, reason: str) -> RecordError:
        """Give the error for the next line."""
        return self._error(reason, self._at + 1)

    def refusal_before(self, reason: str) -> RecordError:
        """Give the error for the line just read."""
        return self._error(reason, self._at)
