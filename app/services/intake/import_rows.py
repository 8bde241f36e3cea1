"""A file judged against a directory: every row's fate, and what is to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sqlalchemy import Connection

from app.db.read import inspectors as inspector_reads
from app.db.read import items as item_reads
from app.db.read import targets as target_reads
from app.domain.fields import Field, FieldValue, shown
from app.domain.rulebook import Rulebook
from app.errors import UserError
from app.exchange import fates as judging
from app.exchange import importing as reading_rows
from app.exchange.cleaning import as_text
from app.exchange.fates import Decision, Existing, Fate, RowFate, Side, Sides, row_key
from app.exchange.importing import SourceRow
from app.exchange.mapping import RowKind, SheetMapping
from app.exchange.sheets import Row, SourceBook
from app.exchange.writing import RejectedRow
from app.services.directories import directory
from app.services.directories.directory import AnyFacts

Watch: TypeAlias = Callable[[int, int, str], None]
"""(done, in all or 0, what is being done); raise from it to cancel."""

Place: TypeAlias = tuple[str, int]
"""Sheet and row number as the sheet shows it: names one row of the file."""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that changes, in words: “联系电话”, “0000”, “0001”."""

    label: str
    before: str
    after: str
    field: str = ""
    kept: bool = False  # ours stays


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPreview:
    """One row of the file and where it goes.

    ``id`` counts the rows from 0; ``place`` names the row in decisions (``skip_rows``,
    ``new_rows``); ``candidates`` are records a doubtful row may be (see ``candidates_of``);
    ``merged``: it repeats an earlier row of the file.
    """

    id: int
    place: Place
    fate: Fate
    name: str
    code: str
    reason: str
    changes: tuple[FieldDifference, ...]
    source: Row
    wrong_fields: frozenset[str]
    doubtful: bool
    candidates: tuple[str, ...] = ()
    merged: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it stands in the file."""
        return tuple(as_text(cell) for cell in self.source)


@dataclass(frozen=True, slots=True)
class Counts:
    """``rows`` and the five counts that add up to it."""

    rows: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    skipped: int


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row of the directory that the file changes."""

    id: int
    ident: str
    before: AnyFacts
    after: AnyFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Where every row goes; ``untouched`` rows of the directory are not in the file."""

    rows: tuple[RowPreview, ...]
    rejected: tuple[RejectedRow, ...]
    fresh: tuple[Any, ...]
    changed: tuple[ChangedRow, ...]
    untouched: int
    read: tuple[Any, ...] = ()  # the rows as facts: another decision need not read them again
    known: Mapping[str, Any] = field(default_factory=dict)  # key → facts a row may be

    @property
    def counts(self) -> Counts:
        """The six counts."""
        tally = Counter(row.fate for row in self.rows)
        return Counts(tally.total(), *(tally[fate] for fate in Fate))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What a person decided: rows left out, taken as new, as the same as a record, as proposed
    (``sure_rows``); whose value stays where they differ; the category of rows without one."""

    skip_rows: frozenset[Place] = frozenset()
    new_rows: frozenset[Place] = frozenset()
    same_rows: frozenset[tuple[Place, str]] = frozenset()
    sure_rows: frozenset[Place] = frozenset()
    sides: Sides = field(default_factory=Sides)
    default_category: str | None = None
    default_library: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
    """How one directory is read and compared."""

    read: Callable[..., tuple[SourceRow[Any], ...]]
    judge: Callable[..., tuple[RowFate[Any], ...]]
    existing: Callable[[Connection], Iterable[tuple[int, str, Any]]]


_WAYS = {
    "targets": _Way(reading_rows.read_targets, judging.target_fates, target_reads.all_facts),
    "inspectors": _Way(
        reading_rows.read_inspectors, judging.inspector_fates, inspector_reads.all_facts
    ),
    "items": _Way(reading_rows.read_items, judging.item_fates, item_reads.all_facts),
}
_CODES = ("uscc", "permit_no", "reg_no", "local_no", "cert_no", "personal_no", "code")


def fields_of(kind: str, rulebook: Rulebook) -> tuple[Field, ...]:
    """Fields of one directory under the rulebook."""
    if kind == "targets":
        return directory.target_fields(rulebook)
    return directory.inspector_fields() if kind == "inspectors" else directory.item_fields(rulebook)


def judge(
    connection: Connection,
    kind: str,
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    rulebook: Rulebook,
    decisions: Decisions,
    watch: Watch,
    read: tuple[SourceRow[Any], ...] = (),
) -> Judged:
    """Read the mapped sheets and decide about every row; nothing is written.

    ``read``: the rows as an earlier judgement of the same mappings read them.
    """
    way, fields = _WAYS[kind], fields_of(kind, rulebook)
    rows = read or way.read(
        book, mappings, fields, lambda done, all_: watch(done, all_ or 0, "正在读行")
    )
    existing = {str(row_id): (row_id, ident, facts) for row_id, ident, facts in
                way.existing(connection)}  # fmt: skip
    found = way.judge(
        rows,
        [Existing(key, facts) for key, (_, _, facts) in existing.items()],
        _decided(decisions),
        lambda done, all_: watch(done, all_ or 0, "正在比对"),
        decisions.sides,
    )
    outcome = _Outcome(found)
    if kind == "targets":
        outcome.settle_categories(_default_category(rulebook, mappings, decisions), rulebook)
        outcome.settle_library(_default_library(rulebook, decisions))
    columns = {book.sheets[each.sheet].name: each.by_field for each in mappings}
    by_name = {each.name: each for each in fields}
    changed = tuple(
        ChangedRow(*existing[key][:2], existing[key][2], facts)
        for key, facts in outcome.updated.items()
        if facts != existing[key][2]
    )
    return Judged(
        rows=tuple(
            _preview(number, each, columns, by_name, decisions)
            for number, each in enumerate(outcome.fates)
        ),
        rejected=tuple(_rejected(each) for each in outcome.fates if each.fate is _REJECTED),
        fresh=tuple(outcome.fresh.values()),
        changed=changed,
        untouched=len(existing) - len(outcome.touched),
        read=rows,
        known=_known(outcome.fates, existing),
    )


def _known(
    fates: Sequence[RowFate[Any]], existing: Mapping[str, tuple[int, str, Any]]
) -> dict[str, Any]:
    """Facts of every record a doubtful row may be, in the directory or higher up in the file."""
    wanted = {key for each in fates for key in each.candidates}
    known = {key: existing[key][2] for key in wanted if key in existing}
    if len(known) < len(wanted):
        made = {row_key(each.row.place): each.row.facts for each in fates}
        known |= {key: made[key] for key in wanted - set(known)}
    return known


_REJECTED = Fate.REJECTED


def _decided(decisions: Decisions) -> dict[Place, Decision]:
    return {
        **{place: Decision(Fate.UPDATED, key) for place, key in decisions.same_rows},
        **{place: Decision(Fate.NEW) for place in decisions.new_rows},
        **{place: Decision(Fate.SKIPPED) for place in decisions.skip_rows},
    }


def _default_category(
    rulebook: Rulebook, mappings: Sequence[SheetMapping], decisions: Decisions
) -> str | None:
    """For rows that bring none: as the person said; the general one if the file knows none."""
    if decisions.default_category is not None:
        if decisions.default_category not in {each.code for each in rulebook.categories}:
            raise UserError(f"本细则没有监管类别“{decisions.default_category}”。")
        return decisions.default_category
    if any("category" in mapping.by_field for mapping in mappings):
        return None
    return directory.general_category(rulebook)


def _default_library(rulebook: Rulebook, decisions: Decisions) -> str:
    """Where new targets go that bring no library of their own; empty is the one drawn from."""
    known = {each.code for each in rulebook.libraries}
    if decisions.default_library and decisions.default_library not in known:
        words = "、".join(f"{each.code}（{each.label}）" for each in rulebook.libraries)
        raise UserError(
            f"本细则没有对象库“{decisions.default_library}”。",
            f"可选：{words}。" if words else "本细则不分库，请去掉这一项。",
        )
    return decisions.default_library


@dataclass
class _Outcome:
    """The fates of the rows gathered by the record each of them ends in."""

    found: Sequence[RowFate[Any]]
    fates: list[RowFate[Any]] = field(init=False)
    fresh: dict[Place, Any] = field(default_factory=dict)
    updated: dict[str, Any] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.fates = list(self.found)
        for each in self.fates:
            if each.facts is None:
                continue
            if each.key is not None:
                self.touched.add(each.key)
                self.updated[each.key] = each.facts
            else:
                self.fresh[_maker(each)] = each.facts

    def settle_library(self, library: str) -> None:
        """Put new targets without a library into ``library``; known ones stay where they are."""
        if not library:
            return
        for place, facts in self.fresh.items():
            if not facts.library:
                self.fresh[place] = replace(facts, library=library)

    def settle_categories(self, default: str | None, rulebook: Rulebook) -> None:
        """Give new targets without a category the default; without one they come back."""
        lacking = {maker for maker, facts in self.fresh.items() if not facts.category}
        if default is not None:
            for maker in lacking:
                self.fresh[maker] = replace(self.fresh[maker], category=default)
            return
        words = "、".join(choice.label for choice in directory.category_choices(rulebook))
        reason = f"没有监管类别，请填写：{words}"
        for place, each in enumerate(self.fates):
            if each.facts is not None and each.key is None and _maker(each) in lacking:
                self.fates[place] = replace(each, fate=_REJECTED, reason=reason, facts=None)
        for maker in lacking:
            del self.fresh[maker]


def _maker(fate: RowFate[Any]) -> Place:
    """The row that makes the record this row ends in."""
    return fate.row.place if fate.merged_into is None else fate.merged_into


def _preview(
    number: int,
    fate: RowFate[Any],
    columns: Mapping[str, Mapping[str, int]],
    by_name: Mapping[str, Field],
    decisions: Decisions,
) -> RowPreview:
    row = fate.row
    by_field = columns[row.sheet]
    return RowPreview(
        id=number,
        place=row.place,
        fate=fate.fate,
        name=_name(row, by_field),
        code=_code(row, by_field),
        reason=fate.reason,
        changes=tuple(
            difference(by_name[each.field], each.old, each.new, kept=each in fate.kept)
            for each in (*fate.changes, *fate.kept)
        ),
        source=row.cells,
        wrong_fields=frozenset(problem.field for problem in row.problems),
        doubtful=fate.doubtful and row.place not in decisions.sure_rows,
        candidates=fate.candidates,
        merged=fate.merged_into is not None,
    )


def difference(
    described: Field, before: FieldValue, after: FieldValue, *, kept: bool = False
) -> FieldDifference:
    """A change in words; nothing is “（空）”."""
    return FieldDifference(
        described.label,
        shown(described, before) or "（空）",
        shown(described, after) or "（空）",
        described.name,
        kept,
    )


def _name(row: SourceRow[Any], by_field: Mapping[str, int]) -> str:
    if row.facts is not None:
        return str(row.facts.name)
    named = _cell_text(row.cells, by_field.get("name"))
    if row.kind is RowKind.DATA or named.strip():
        return named
    return next((as_text(cell) for cell in row.cells if as_text(cell).strip()), "")


def _code(row: SourceRow[Any], by_field: Mapping[str, int]) -> str:
    wrong = {problem.field for problem in row.problems}
    for name in _CODES:
        if name in wrong:
            return _cell_text(row.cells, by_field.get(name))
        known = getattr(row.facts, name, "") if row.facts is not None else ""
        if known:
            return str(known)
    return ""


def _cell_text(cells: Row, column: int | None) -> str:
    return as_text(cells[column]) if column is not None and column < len(cells) else ""


def _rejected(fate: RowFate[Any]) -> RejectedRow:
    row = fate.row
    return RejectedRow(row.sheet, row.number, row.cells, fate.reason)


def silent(_done: int, _total: int, _text: str) -> None:
    """Stand in for a caller that does not watch."""


__all__ = [
    "ChangedRow",
    "Counts",
    "Decisions",
    "Fate",
    "FieldDifference",
    "Judged",
    "Place",
    "RejectedRow",
    "RowPreview",
    "Side",
    "Sides",
    "Watch",
    "difference",
    "fields_of",
    "judge",
    "silent",
]
