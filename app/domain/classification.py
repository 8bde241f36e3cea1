"""分类建议: the rulebook's criteria applied to what is known of a target, each with its reason.

A suggestion never changes anything: a person takes or overrules it, and that is recorded.
Of several criteria met the category of highest precedence wins (special > key > general).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.fields import value_of
from app.domain.rulebook import Category, Rulebook, Sign, SignFact
from app.domain.target import FIELDS, TargetFacts

_FIELDS = {field.name: field for field in FIELDS}
# Without any of these nothing is known that could lower a category.
_KNOWN_BY = ("labels", "permit_category", "credit_grade")


@dataclass(frozen=True, slots=True)
class Ground:
    """One criterion that is met: the regulation's words, its article, what the target shows."""

    words: str
    article: str
    because: str

    @property
    def in_words(self) -> str:
        """重点排污单位（三（二））：水环境重点排污单位."""
        return f"{self.words}（{self.article}）：{self.because}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The category that follows, why, and the one a person may choose instead (正面清单)."""

    category: str
    grounds: tuple[Ground, ...]
    instead: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The grounds as sentences, as a decision keeps them."""
        return tuple(ground.in_words for ground in self.grounds)


def has_criteria(rulebook: Rulebook) -> bool:
    """Whether the regulation itself says by what a target is classified."""
    return any(category.signs for category in rulebook.categories)


def is_known(facts: TargetFacts) -> bool:
    """Whether anything a criterion looks at was filled in."""
    return any(value_of(facts, name) for name in _KNOWN_BY)


def suggest(
    facts: TargetFacts, violations: Iterable[date], rulebook: Rulebook, today: date
) -> Suggestion | None:
    """The category that follows from the criteria; None if they say nothing about this target.

    ``violations``: days on which an unlawful act was found, whoever found it.
    """
    if not has_criteria(rulebook):
        return None
    found = sorted(violations)
    ranked = sorted(rulebook.categories, key=lambda each: each.precedence, reverse=True)
    for category in ranked:
        grounds = _grounds(category, facts, found, today, relieving="")
        if grounds:
            return _with_relief(Suggestion(category.code, grounds), facts, found, rulebook, today)
    if not is_known(facts):
        return None
    default = rulebook.default_category
    ground = Ground(default.criteria[0], default.article, "没有符合其他类别的情形")
    return Suggestion(default.code, (ground,))


def differs(suggestion: Suggestion | None, facts: TargetFacts, rulebook: Rulebook) -> bool:
    """Whether the suggestion asks for another category than the target has.

    A category without criteria of its own (Taijiang's special one) was given by somebody who
    knew more: nothing is suggested below it.
    """
    if suggestion is None or facts.category in {suggestion.category, suggestion.instead}:
        return False
    ranks = {each.code: each for each in rulebook.categories}
    current, wanted = ranks.get(facts.category), ranks[suggestion.category]
    if current is None or current.signs:
        return True
    return wanted.precedence > current.precedence


def _with_relief(
    suggestion: Suggestion,
    facts: TargetFacts,
    violations: list[date],
    rulebook: Rulebook,
    today: date,
) -> Suggestion:
    for category in rulebook.categories:
        if _grounds(category, facts, violations, today, relieving=suggestion.category):
            return Suggestion(suggestion.category, suggestion.grounds, category.code)
    return suggestion


def _grounds(
    category: Category, facts: TargetFacts, violations: list[date], today: date, relieving: str
) -> tuple[Ground, ...]:
    grounds = []
    for sign in category.signs:
        if sign.relieves != relieving:
            continue
        because = _because(sign, facts, violations, today)
        if because:
            grounds.append(Ground(sign.words, sign.article, because))
    return tuple(grounds)


def _because(sign: Sign, facts: TargetFacts, violations: list[date], today: date) -> str:
    """What makes the sign true, in words; empty if it is not."""
    recent = [day for day in violations if months_back(today, sign.months) <= day <= today]
    if sign.fact is SignFact.VIOLATION:
        return f"{recent[-1]} 查出违法行为" if recent else ""
    if sign.clean and recent:
        return ""
    field = _FIELDS[sign.fact.value]
    value = value_of(facts, field.name)
    held = value if isinstance(value, tuple) else (value,)
    words = "、".join(field.label_of(str(each)) for each in held if each in sign.any)
    if not words:
        return ""
    record = f"，{sign.months} 个月内没有违法记录" if sign.clean else ""
    prefix = "" if sign.fact is SignFact.LABELS else field.label
    return f"{prefix}{words}{record}"


def months_back(day: date, months: int) -> date:
    """The same day so many months earlier, the 28th at the latest where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 1, 28)
