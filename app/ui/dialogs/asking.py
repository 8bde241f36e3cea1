"""A short question as a description: its fields, and the command what was typed becomes.

Most of what is registered before a visit, after a lock and around publication is one form of this
shape; a module of such questions says only what is particular to each.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from dataclasses import field as member
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.fields import Choice, Field, FieldKind
from app.services.workspace import Workspace
from app.ui.dialogs.inspecting import ask
from app.ui.widgets import FormDialog

__all__ = ["Asking", "choice", "day", "line", "number", "paragraph", "pick", "tick"]

_EMPTY: Mapping[FieldKind, object] = {
    FieldKind.BOOL: False,
    FieldKind.DATE: None,
    FieldKind.NUMBER: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Where a question is asked, of which workspace, on which day, and what comes after."""

    parent: QWidget
    workspace: Workspace
    today: date
    then: Callable[[object], object]

    def ask(
        self,
        title: str,
        fields: Sequence[Field],
        service: Callable[..., Any],
        command: Callable[..., object],
        *,
        action: str = "登记",
        columns: int = 1,
        **first: object,
    ) -> FormDialog:
        """Open one form; ``command`` gets what was typed by the fields' names.

        ``first``: what stands in the fields at the beginning; a choice begins with its first.
        """
        names = [each.name for each in fields]
        made = make_dataclass(
            "Typed",
            [(each.name, object, member(default=_begin(each, first))) for each in fields],
            frozen=True,
            kw_only=True,
        )

        def save(typed: object) -> object:
            values = {name: getattr(typed, name) for name in names}
            return self.workspace.write(service, command(**values))

        return ask(self.parent, title, tuple(fields), made(), save, self.then, action, columns)


def _begin(field: Field, first: Mapping[str, object]) -> object:
    if field.name in first:
        return first[field.name]
    if field.kind is FieldKind.CHOICE and field.choices:
        return field.choices[0].value
    return _EMPTY.get(field.kind, "")


def day(name: str, label: str) -> Field:
    """A day that has to be given."""
    return Field(name=name, label=label, kind=FieldKind.DATE, required=True)


def line(name: str, label: str, hint: str = "", *, optional: bool = False) -> Field:
    """A line of text."""
    return Field(name=name, label=label, required=not optional, hint=hint)


def paragraph(name: str, label: str, hint: str = "", *, optional: bool = False) -> Field:
    """Several lines of text."""
    return Field(name=name, label=label, kind=FieldKind.LONG_TEXT, required=not optional, hint=hint)


def number(name: str, label: str, hint: str = "") -> Field:
    """A number that may be left out."""
    return Field(name=name, label=label, kind=FieldKind.NUMBER, hint=hint)


def tick(name: str, label: str) -> Field:
    """A box to tick."""
    return Field(name=name, label=label, kind=FieldKind.BOOL)


def choice(name: str, label: str, choices: Sequence[Choice]) -> Field:
    """One of these."""
    return Field(
        name=name, label=label, kind=FieldKind.CHOICE, required=True, choices=tuple(choices)
    )


def pick(name: str, label: str, members: Sequence[enum.Enum]) -> Field:
    """One of an enumeration's members, each by its word; its value is what is typed."""
    return choice(name, label, [Choice(str(each.value), _word(each)) for each in members])


def _word(each: enum.Enum) -> str:
    return str(getattr(each, "label", each.value))
