"""What the three directories share: their fields under a rulebook, their rows, their idents.

Saving by hand (``directories``) and importing (``importing``) make the same rows from the same
facts; this module is where a fact becomes a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeAlias

from app.db.read.changes import FieldChange
from app.domain import inspector, item, target
from app.domain.coverage import cycle_at
from app.domain.fields import Choice, Field, FieldProblem, with_choices
from app.domain.inspector import InspectorFacts
from app.domain.item import ItemFacts
from app.domain.media import MediumFacts
from app.domain.people import AssistantFacts, ExpertFacts
from app.domain.rulebook import Rulebook
from app.domain.target import CATEGORIES, TargetFacts
from app.errors import UserError
from app.services.directories.searching import name_key, search_text

AnyFacts: TypeAlias = (
    TargetFacts | InspectorFacts | ItemFacts | ExpertFacts | AssistantFacts | MediumFacts
)

_NUMBER = re.compile(r"[0-9]{1,15}")


def category_choices(rulebook: Rulebook) -> tuple[Choice, ...]:
    """The rulebook's categories: short word shown, the regulation's own words understood."""
    known = {choice.value: choice for choice in CATEGORIES}
    made = []
    for category in rulebook.categories:
        usual = known.get(category.code, Choice(category.code, category.label))
        words = (category.label, *usual.synonyms, category.code)
        made.append(Choice(category.code, usual.label, tuple(dict.fromkeys(words))))
    return tuple(made)


def general_category(rulebook: Rulebook) -> str:
    """The category of whatever meets no criterion: the lowest precedence."""
    return min(rulebook.categories, key=lambda each: each.precedence).code


def running_cycles(rulebook: Rulebook, level: str, on: date) -> Mapping[str, date]:
    """Category → first day of the cycle that runs on ``on``; categories without one left out."""
    quotas = ((each.code, each.quota(level)) for each in rulebook.categories)
    return {code: cycle_at(quota.cycle, on).first_day for code, quota in quotas if quota}


def target_fields(rulebook: Rulebook) -> tuple[Field, ...]:
    """Fields of a target with the rulebook's categories and, if it knows any, libraries."""
    libraries = tuple(Choice(each.code, each.label) for each in rulebook.libraries)
    fields = with_choices(
        target.FIELDS, {"category": category_choices(rulebook), "library": libraries}
    )
    return fields if libraries else tuple(each for each in fields if each.name != "library")


def refuse_kept_elsewhere(rulebook: Rulebook, *facts: TargetFacts | None) -> None:
    """UserError if a target lies in a library somebody else keeps: that is only imported."""
    for each in rulebook.libraries:
        if each.import_only and any(one is not None and one.library == each.code for one in facts):
            raise UserError(
                f"{each.label}由{each.kept_by}维护，不能在这里修改（{rulebook.cite(each.article)}）。",
                "请导入对方更新后的表格。",
            )


def inspector_fields() -> tuple[Field, ...]:
    """Fields of an inspector."""
    return inspector.FIELDS


def item_fields(rulebook: Rulebook) -> tuple[Field, ...]:
    """Fields of an item with the rulebook's categories."""
    return with_choices(item.FIELDS, {"categories": category_choices(rulebook)})


def check_target(facts: TargetFacts, rulebook: Rulebook) -> tuple[FieldProblem, ...]:
    """What is wrong with a target under this rulebook; a category is required."""
    found = target.validate(facts)
    if any(problem.field == "category" for problem in found):
        return found
    codes = {category.code for category in rulebook.categories}
    words = "、".join(choice.label for choice in category_choices(rulebook))
    if not facts.category:
        return (*found, FieldProblem("category", f"请填写监管类别，可选：{words}"))
    if facts.category not in codes:
        message = f"监管类别“{facts.category}”不是本细则的类别，可选：{words}"
        return (*found, FieldProblem("category", message))
    return found


def check_item(facts: ItemFacts, rulebook: Rulebook) -> tuple[FieldProblem, ...]:
    """What is wrong with an item under this rulebook."""
    found = item.validate(facts)
    codes = {category.code for category in rulebook.categories}
    strange = [each for each in facts.categories if each not in codes]
    if strange and not any(problem.field == "categories" for problem in found):
        words = "、".join(choice.label for choice in category_choices(rulebook))
        message = f"适用类别“{strange[0]}”不是本细则的类别，可选：{words}"
        return (*found, FieldProblem("categories", message))
    return found


def target_values(facts: TargetFacts, ident: str) -> dict[str, object]:
    """Columns of a target row that follow from its facts."""
    codes = (ident, facts.uscc, facts.permit_no, facts.reg_no, facts.local_no)
    return {
        **_columns(facts),
        "ident": ident,
        "name_key": name_key(facts.name),
        "search": search_text(
            facts.name, *codes, facts.legal_rep, facts.township, facts.address, facts.squad
        ),
    }


def inspector_values(facts: InspectorFacts, personal_no: str) -> dict[str, object]:
    """Columns of an inspector row that follow from the facts."""
    return {
        **_columns(facts),
        "personal_no": personal_no,
        "name_key": name_key(facts.name),
        "search": search_text(facts.name, personal_no, facts.cert_no, facts.section, facts.squad),
    }


def item_values(facts: ItemFacts, code: str) -> dict[str, object]:
    """Columns of an item row that follow from its facts."""
    return {
        **_columns(facts),
        "code": code,
        "search": search_text(facts.name, code, facts.kind),
    }


def expert_values(facts: ExpertFacts, ident: str) -> dict[str, object]:
    """Columns of an expert's row that follow from the facts."""
    return {
        **_columns(facts),
        "ident": ident,
        "name_key": name_key(facts.name),
        "search": search_text(facts.name, ident, facts.organ),
    }


def assistant_values(facts: AssistantFacts, ident: str) -> dict[str, object]:
    """Columns of an assistant's row that follow from the facts."""
    return {
        **_columns(facts),
        "ident": ident,
        "name_key": name_key(facts.name),
        "search": search_text(facts.name, facts.section),
    }


def medium_values(facts: MediumFacts) -> dict[str, object]:
    """Columns of a medium's row that follow from the facts."""
    return {
        **_columns(facts),
        "name_key": name_key(facts.ident),
        "search": search_text(facts.ident, facts.label, facts.serial, facts.holder, facts.purpose),
    }


def _columns(facts: AnyFacts) -> dict[str, object]:
    values = {each.name: getattr(facts, each.name) for each in fields(facts)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def differences(before: AnyFacts, after: AnyFacts) -> tuple[FieldChange, ...]:
    """Fields in which two facts differ, in the order of the fields."""
    pairs = (
        (each.name, getattr(before, each.name), getattr(after, each.name)) for each in fields(after)
    )
    return tuple(FieldChange(name, old, new) for name, old, new in pairs if old != new)


def filled(facts: AnyFacts) -> dict[str, object]:
    """What a new row's ledger entry says: every field that is not empty."""
    return {
        each.name: getattr(facts, each.name)
        for each in fields(facts)
        if getattr(facts, each.name) not in ("", None, (), False)
    }


@dataclass(slots=True)
class Numbering:
    """Numbers of the unit's own for rows that bring none: L000123, P001, S001."""

    letter: str
    width: int
    taken: set[str]
    _last: int = -1

    def next(self) -> str:
        """A number nobody has yet; it is taken from now on."""
        if self._last < 0:
            self._last = max(self._used(self.taken), default=0)
        while True:
            self._last += 1
            number = f"{self.letter}{self._last:0{self.width}d}"
            if number not in self.taken:
                self.taken.add(number)
                return number

    def made(self, ident: str) -> bool:
        """Whether ``ident`` looks like one of these numbers."""
        return ident.startswith(self.letter) and _NUMBER.fullmatch(ident[1:]) is not None

    def _used(self, idents: Iterable[str]) -> Iterable[int]:
        return (int(ident[1:]) for ident in idents if self.made(ident))


def target_numbering(taken: set[str]) -> Numbering:
    """Numbers for targets without any code (farms, sites, stations)."""
    return Numbering("L", 6, taken)


def inspector_numbering(taken: set[str]) -> Numbering:
    """Personal numbers: the unit's own, so that a published plan names no certificate."""
    return Numbering("P", 3, taken)


def expert_numbering(taken: set[str]) -> Numbering:
    """Numbers of experts: they stand in the plan of an expert draw."""
    return Numbering("E", 3, taken)


def assistant_numbering(taken: set[str]) -> Numbering:
    """Numbers of assistants, for the ledger only."""
    return Numbering("X", 3, taken)


def item_numbering(taken: set[str]) -> Numbering:
    """Codes for items that bring none."""
    return Numbering("S", 3, taken)
