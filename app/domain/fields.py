"""What a directory's fields are: one description for forms, templates, import and export."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeAlias

FieldValue: TypeAlias = str | int | bool | date | tuple[str, ...] | None

_LONGEST_LINE = 200
_LONGEST_TEXT = 4000
_FORBIDDEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


class FieldKind(enum.Enum):
    """How a field is typed in, checked and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CODE = "code"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    BOOL = "bool"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a closed list: stored as ``value``, shown as ``label``."""

    value: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a directory.

    ``name`` is the attribute of the facts; ``width`` a hint in characters for columns;
    ``choices`` is closed for CHOICE, a suggestion for TEXT and LIST; ``ends_period`` says
    that of a range of dates the end is meant.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    synonyms: tuple[str, ...] = ()
    width: int = 14
    hint: str = ""
    example: str = ""
    ends_period: bool = False

    def label_of(self, value: str) -> str:
        """The word shown for a stored value (the value itself if it has none)."""
        return next((choice.label for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field, as a sentence that says what to do."""

    field: str
    message: str


class Facts(Protocol):
    """A frozen dataclass whose attributes are named like the fields of its directory."""

    @property
    def name(self) -> str:
        """What a person calls it."""


def with_choices(
    described: Iterable[Field], choices: Mapping[str, tuple[Choice, ...]]
) -> tuple[Field, ...]:
    """The same fields with the choices a rulebook or unit gives for some of them."""
    return tuple(
        replace(field, choices=choices[field.name]) if field.name in choices else field
        for field in described
    )


def value_of(facts: Facts, name: str) -> FieldValue:
    """The value of one field."""
    value: FieldValue = getattr(facts, name)
    return value


def is_empty(value: FieldValue) -> bool:
    """Whether nothing was filled in (False is a filled-in “no”)."""
    return value is None or value in {"", ()}


def shown(field: Field, value: FieldValue) -> str:
    """The value as a person reads it: labels for choices, 是/否, 2026-03-01, “、” between."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(field.label_of(each) for each in value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return field.label_of(value)
    return "" if value is None else str(value)


def check_fields(facts: Facts, described: Iterable[Field]) -> tuple[FieldProblem, ...]:
    """Problems every directory shares: missing, too long, control characters, unknown choice."""
    found = []
    for field in described:
        message = _message(field, value_of(facts, field.name))
        if message:
            found.append(FieldProblem(field.name, message))
    return tuple(found)


def _message(field: Field, value: FieldValue) -> str | None:
    if is_empty(value):
        return f"请填写{field.label}" if field.required else None
    if isinstance(value, str):
        return _text_message(field, value)
    if isinstance(value, tuple):
        return next((each for each in (_text_message(field, text) for text in value) if each), None)
    if field.kind is FieldKind.NUMBER and isinstance(value, int) and value < 0:
        return f"{field.label}不能是负数"
    return None


def _text_message(field: Field, text: str) -> str | None:
    longest = _LONGEST_TEXT if field.kind is FieldKind.LONG_TEXT else _LONGEST_LINE
    if len(text) > longest:
        return f"{field.label}太长（{len(text)} 字），请缩到 {longest} 字以内"
    if _FORBIDDEN.search(text) or ("\n" in text and field.kind is not FieldKind.LONG_TEXT):
        return f"{field.label}里有换行或看不见的字符，请删去"
    if "|" in text and field.kind is not FieldKind.LONG_TEXT:
        return f"{field.label}里不能用竖线“|”，请改用顿号"
    if field.kind is FieldKind.CHOICE and text not in {choice.value for choice in field.choices}:
        known = "、".join(choice.label for choice in field.choices)
        return f"{field.label}“{text}”不在可选范围内，请选：{known}"
    return None
