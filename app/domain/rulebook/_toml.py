"""Reading a TOML table strictly: every key known, every kind checked, errors that name the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from app.domain.rulebook._model import Cited, RulebookError

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

_SEPARATOR = "."


class Table:
    """A TOML table being read; ``where`` is its path for messages.

    Keys are asked for one by one; ``done`` refuses those nobody asked for, so
    that a misspelt key is an error and not a silent default.
    """

    def __init__(self, data: Mapping[str, object], where: str = "") -> None:
        self._data = data
        self._where = where
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Say whether an optional key is there."""
        self._asked.add(key)
        return key in self._data

    def fail(self, key: str, problem: str) -> RulebookError:
        """Make the error for a key of this table."""
        return RulebookError(
            f"细则文件中的“{self._path(key)}”{problem}。", "请对照条文改正后再用。"
        )

    def done(self) -> None:
        """Refuse keys that mean nothing."""
        unknown = sorted(set(self._data) - self._asked)
        if unknown:
            raise self.fail(unknown[0], "不是认识的项目")

    def text(self, key: str, default: str | None = None) -> str:
        """Text; required and not empty unless there is a default."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.fail(key, "应是文字")
        return value

    def article(self) -> str:
        """Every value says where it stands."""
        if not self.has("article"):
            raise self.fail("article", "缺失：每项规定都要注明条款")
        return self.text("article")

    def note(self) -> str:
        """An optional remark for the reader."""
        return self.text("note", "")

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Give a list of texts."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.fail(key, "应是文字列表")
        return tuple(value)

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Give a whole number between ``low`` and ``high``."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.fail(key, f"应是 {low} 到 {high} 之间的整数")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Give true or false."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if not isinstance(value, bool):
            raise self.fail(key, "应是 true 或 false")
        return value

    def day(self, key: str) -> date:
        """Give a date (TOML's own, without quotes)."""
        value = self._get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fail(key, "应是日期，如 2026-01-01")
        return value

    def optional_day(self, key: str) -> date | None:
        """Give a date or nothing."""
        return self.day(key) if self.has(key) else None

    def fraction(self, key: str) -> Fraction:
        """Give an exact share above 0 and up to 1, written as text: "0.125"; a float is refused."""
        value = self._positive(key, self._get(key))
        if value > 1:
            raise self.fail(key, "应大于 0 且不超过 1")
        return value

    def proportion(self, key: str) -> tuple[Fraction, Fraction]:
        """Give ``a:b`` as two positive numbers: "1:5", "1:2.5"."""
        value = self._get(key)
        parts = value.replace("：", ":").split(":") if isinstance(value, str) else []
        if len(parts) != 2:
            raise self.fail(key, "应写成“1:5”的样子")
        return self._positive(key, parts[0]), self._positive(key, parts[1])

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """One of an enumeration's values."""
        if default is not None and not self.has(key):
            return default
        return self._member(key, self._get(key), kind)

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Several of an enumeration's values, none twice."""
        members = tuple(self._member(key, value, kind) for value in self.texts(key))
        if len(set(members)) != len(members):
            raise self.fail(key, "有重复")
        return members

    def cited(self, key: str, read: Callable[[Table], T]) -> Cited[T]:
        """``key = { value = …, article = "…", note = "…" }``; ``read`` reads the value."""
        with self.table(key) as inner:
            return Cited(read(inner), inner.article(), inner.note())

    @contextmanager
    def table(self, key: str) -> Iterator[Table]:
        """Give the table below; its unknown keys are refused on leaving."""
        value = self._get(key)
        if not isinstance(value, dict):
            raise self.fail(key, "应是一组项目")
        inner = type(self)(value, self._path(key))
        yield inner
        inner.done()

    def each(self, key: str, read: Callable[[Table], T]) -> tuple[T, ...]:
        """Read an array of tables (``[[key]]``); none at all is an empty tuple."""
        if not self.has(key):
            return ()
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(key, "应是若干组项目")
        results = []
        for number, item in enumerate(value, start=1):
            inner = type(self)(item, f"{self._path(key)}[{number}]")
            results.append(read(inner))
            inner.done()
        return tuple(results)

    def optional(self, key: str, read: Callable[[Table], T]) -> T | None:
        """Read a table that need not be there."""
        if not self.has(key):
            return None
        with self.table(key) as inner:
            return read(inner)

    def keys(self) -> tuple[str, ...]:
        """All keys of a table whose keys are codes."""
        self._asked.update(self._data)
        return tuple(self._data)

    def _path(self, key: str) -> str:
        return f"{self._where}{_SEPARATOR}{key}" if self._where else key

    def _get(self, key: str) -> object:
        self._asked.add(key)
        if key not in self._data:
            raise self.fail(key, "缺失")
        return self._data[key]

    def _member(self, key: str, value: object, kind: type[E]) -> E:
        for member in kind:
            if member.value == value:
                return member
        known = "、".join(str(member.value) for member in kind)
        raise self.fail(key, f"的值“{value}”不认识，可用：{known}")

    def _positive(self, key: str, value: object) -> Fraction:
        if not isinstance(value, str):
            raise self.fail(key, '应是带引号的数字，如 "0.25"，以免小数失真')
        try:
            number = Fraction(value.strip())
        except (ValueError, ZeroDivisionError):
            raise self.fail(key, f"的值“{value}”不是数字") from None
        if number <= 0:
            raise self.fail(key, "应大于 0")
        return number
