"""Words of a table that a field with fixed choices does not know: asked once, not row by row.

``of_rows`` finds them in what a preview read; an answer travels in the column's ``words`` and is
kept per source (the header's words), like a corrected column.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain.fields import Choice, Field, FieldKind
from app.exchange.cleaning import as_text
from app.exchange.importing import SourceRow
from app.exchange.mapping import ColumnMatch, Matched, SheetMapping
from app.exchange.sheets import SourceBook
from app.models import Setting

__all__ = ["UnknownWord", "of_rows", "recalled", "remember"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWord:
    """One distinct word of a column: how many rows have it, what it may mean.

    ``answer``: the choice's label it is read as, "" for nothing, None while nobody said.
    """

    sheet: int
    column: int
    header: str
    field: str
    label: str
    word: str
    rows: int
    choices: tuple[Choice, ...]
    answer: str | None


def of_rows(
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    fields: Sequence[Field],
    rows: Iterable[object],
) -> tuple[UnknownWord, ...]:
    """The words asked about, most frequent first; answered ones stay, so that one may reconsider.

    A platform's own words are answered by its format and not asked.
    """
    closed = {each.name: each for each in fields if each.kind is FieldKind.CHOICE}
    places = {
        (book.sheets[mapping.sheet].name, each.field or ""): (mapping, each)
        for mapping in mappings
        for each in mapping.columns
        if each.field in closed
    }
    told = {
        place: dict(each.words)
        for place, (_, each) in places.items()
        if each.words and each.matched is not Matched.PLATFORM
    }
    counted: Counter[tuple[tuple[str, str], str]] = Counter()
    for row in rows:
        if not isinstance(row, SourceRow):
            continue
        for problem in row.problems:
            place = (row.sheet, problem.field)
            if place in places:
                counted[place, _word(row, places[place][1])] += 1
        for place, words in told.items():
            if place[0] == row.sheet and (word := _word(row, places[place][1])) in words:
                counted[place, word] += 1
    found = []
    for (place, word), count in counted.most_common():
        mapping, column = places[place]
        field = closed[str(column.field)]
        if word:
            found.append(
                UnknownWord(
                    sheet=mapping.sheet,
                    column=column.column,
                    header=column.header,
                    field=field.name,
                    label=field.label,
                    word=word,
                    rows=count,
                    choices=field.choices,
                    answer=dict(column.words).get(word),
                )
            )
    return tuple(found)


def _word(row: SourceRow[object], column: ColumnMatch) -> str:  # type: ignore[type-var]
    cell = row.cells[column.column] if column.column < len(row.cells) else None
    return as_text(cell).strip()


# --- kept per source --------------------------------------------------------------------------


def remember(
    uow: UnitOfWork, kind: str, words: Sequence[UnknownWord], mappings: Sequence[SheetMapping]
) -> None:
    """Keep this file's answers for the next one with the same header."""
    for mapping in mappings:
        own = [each for each in words if each.sheet == mapping.sheet]
        if not own:
            continue
        kept = _kept(uow.session.connection(), kind, mapping)
        for each in own:
            answers = kept.setdefault(each.field, {})
            answers.pop(each.word, None)
            if each.answer is not None:
                answers[each.word] = each.answer
        uow.session.merge(Setting(key=_key(kind, mapping), value=json.dumps(kept)))


def recalled(
    connection: Connection, kind: str, mappings: Sequence[SheetMapping], fields: Sequence[Field]
) -> tuple[SheetMapping, ...]:
    """The mappings with what was answered for the same header before."""
    known = {each.name: {choice.label for choice in each.choices} for each in fields}
    found = []
    for mapping in mappings:
        told = mapping
        for field, answers in _kept(connection, kind, mapping).items():
            column = mapping.by_field.get(field)
            for word, ours in answers.items():
                if column is not None and (not ours or ours in known.get(field, ())):
                    told = told.with_word(column, word, ours)
        found.append(told)
    return tuple(found)


def _kept(connection: Connection, kind: str, mapping: SheetMapping) -> dict[str, dict[str, str]]:
    text = connection.scalar(select(Setting.value).where(Setting.key == _key(kind, mapping)))
    return json.loads(text) if text else {}


def _key(kind: str, mapping: SheetMapping) -> str:
    return f"import-words/{kind}/{mapping.fingerprint}"
