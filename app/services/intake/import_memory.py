"""What a person corrected about a source's header and columns, kept for its next file.

A source is known by its header's words: the same header, the same mapping next time.  Kept as
``import/<kind>/<fingerprint of the header as it was first found>`` → JSON: where the header
really is, and the columns.  Which of several sheets a person took is kept beside it, by name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain.fields import Field
from app.exchange.mapping import (
    HeaderNotFoundError,
    Matched,
    SheetMapping,
    first_guess,
    map_at,
    propose_mappings,
)
from app.exchange.sheets import SourceBook
from app.models import Setting


def proposed(
    connection: Connection, kind: str, book: SourceBook, fields: Sequence[Field]
) -> tuple[SheetMapping, ...]:
    """Sheets and columns as words, contents and earlier corrections say.

    HeaderNotFoundError if nothing reads like a header and no earlier correction knows better.
    """
    try:
        found = propose_mappings(book, fields)
    except HeaderNotFoundError:
        guess = first_guess(book, fields)
        corrected = _corrected(connection, kind, book, fields, guess)
        if corrected is guess:
            raise
        return (corrected,)
    chosen = _chosen_sheets(connection, kind, book, fields, found)
    return tuple(_corrected(connection, kind, book, fields, mapping) for mapping in chosen)


def remember(
    uow: UnitOfWork,
    kind: str,
    book: SourceBook,
    fields: Sequence[Field],
    mappings: Sequence[SheetMapping],
) -> None:
    """Keep what a person corrected; a mapping nobody touched leaves nothing."""
    first_seen = _first_seen(book, fields)
    for mapping in mappings:
        before = first_seen.get(mapping.sheet)
        moved = before is not None and _place(before) != _place(mapping)
        touched = any(each.matched in _BY_PERSON for each in mapping.columns)
        platforms = any(each.matched is Matched.PLATFORM for each in mapping.columns)
        if before is None or platforms or not (moved or touched):
            continue  # a platform's format is kept as such, and corrected there
        kept = {
            "header": _place(mapping) if moved else None,
            "columns": [(each.column, each.field) for each in mapping.columns],
        }
        uow.session.merge(Setting(key=_key(kind, before), value=json.dumps(kept)))
    _remember_sheets(uow, kind, book, mappings, tuple(first_seen.values()))


def _chosen_sheets(
    connection: Connection,
    kind: str,
    book: SourceBook,
    fields: Sequence[Field],
    found: tuple[SheetMapping, ...],
) -> tuple[SheetMapping, ...]:
    """The sheets a person took from the last book like this one; all found if none or gone."""
    if len(book.sheets) < 2 or not found:
        return found
    text = connection.scalar(select(Setting.value).where(Setting.key == _sheets_key(kind, found)))
    names = [sheet.name for sheet in book.sheets]
    kept = [each for each in json.loads(text) if each[0] in names] if text else []
    known = {mapping.sheet: mapping for mapping in found}
    chosen = []
    for name, top, height in kept:
        at = names.index(name)
        if at in known:
            chosen.append(known[at])
        elif top + height < len(book.sheets[at].rows):
            chosen.append(map_at(book.sheets[at], at, top, height, fields))
    return tuple(chosen) or found


def _remember_sheets(
    uow: UnitOfWork,
    kind: str,
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    found: tuple[SheetMapping, ...],
) -> None:
    if len(book.sheets) < 2 or not found:
        return
    key = _sheets_key(kind, found)
    before = uow.session.get(Setting, key)
    chosen = [(book.sheets[each.sheet].name, *_place(each)) for each in mappings]
    if {each.sheet for each in mappings} != {each.sheet for each in found}:
        uow.session.merge(Setting(key=key, value=json.dumps(chosen)))
    elif before is not None:
        uow.session.delete(before)


def _sheets_key(kind: str, found: Sequence[SheetMapping]) -> str:
    return f"import-sheets/{kind}/{found[0].fingerprint}"


_BY_PERSON = (Matched.PERSON, Matched.REMEMBERED)


def _first_seen(book: SourceBook, fields: Sequence[Field]) -> dict[int, SheetMapping]:
    try:
        found: tuple[SheetMapping, ...] = propose_mappings(book, fields)
    except HeaderNotFoundError:
        found = (first_guess(book, fields),)
    return {mapping.sheet: mapping for mapping in found}


def _place(mapping: SheetMapping) -> tuple[int, int]:
    return (mapping.header_top, mapping.header_rows)


def _key(kind: str, mapping: SheetMapping) -> str:
    return f"import/{kind}/{mapping.fingerprint}"


def _corrected(
    connection: Connection,
    kind: str,
    book: SourceBook,
    fields: Sequence[Field],
    mapping: SheetMapping,
) -> SheetMapping:
    text = connection.scalar(select(Setting.value).where(Setting.key == _key(kind, mapping)))
    if text is None:
        return mapping
    kept = json.loads(text)
    # The first version kept the columns alone.
    columns, header = (kept, None) if isinstance(kept, list) else (kept["columns"], kept["header"])
    if header is not None:
        sheet = book.sheets[mapping.sheet]
        top, height = header
        if top + height >= len(sheet.rows):
            return mapping
        mapping = map_at(sheet, mapping.sheet, top, height, fields)
    known = {field.name for field in fields}
    for column, name in columns:
        if column >= len(mapping.columns) or (name is not None and name not in known):
            continue
        if mapping.columns[column].field != name:
            mapping = mapping.with_field(column, name, Matched.REMEMBERED)
    return mapping
