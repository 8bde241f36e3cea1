"""Tables that come in as a platform writes them: known by the header of a format of the unit's."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.fields import Field
from app.domain.platform import Platform, PlatformSheet, words_back
from app.errors import UserError
from app.exchange.cleaning import plain_words
from app.exchange.mapping import (
    ColumnMatch,
    Matched,
    RowClassifier,
    RowKind,
    SheetMapping,
    header_paths,
)
from app.exchange.sheets import SourceBook, SourceSheet
from app.exchange.templates import tells_what_to_fill

__all__ = ["named", "recognised"]

_SEARCHED = 20  # rows in which the header is looked for
_MOST_OF = 0.8  # share of a format's columns that must be there


def recognised(
    platforms: Sequence[Platform], kind: str, book: SourceBook, fields: Sequence[Field]
) -> tuple[SheetMapping, ...]:
    """The sheets of ``book`` that are written in one of these formats; empty if none is."""
    best: tuple[SheetMapping, ...] = ()
    for platform in platforms:
        found = []
        for index, source in enumerate(book.sheets):
            sheets = [each for each in platform.sheets if each.record.id == kind]
            mappings = [_mapped(platform, each, source, index, fields) for each in sheets]
            fitting = [each for each in mappings if each is not None]
            if fitting and not source.hidden:
                found.append(max(fitting, key=lambda each: len(each.by_field)))
        if sum(len(each.by_field) for each in found) > sum(len(each.by_field) for each in best):
            best = tuple(found)
    return best


def named(
    platform: Platform, kind: str, book: SourceBook, fields: Sequence[Field]
) -> tuple[SheetMapping, ...]:
    """The same for a format that was named; UserError if the table is not written in it."""
    found = recognised((platform,), kind, book, fields)
    if not found:
        raise UserError(
            f"这个文件的表头和平台“{platform.name}”的格式对不上。",
            "请核对平台和文件；表头改过的，到“平台格式”里重新对应。",
        )
    return found


def _mapped(
    platform: Platform,
    sheet: PlatformSheet,
    source: SourceSheet,
    index: int,
    fields: Sequence[Field],
) -> SheetMapping | None:
    by_label = {field.label: field for field in fields}
    filled = [each for each in sheet.columns if each.field in by_label]
    height = sheet.header_row - sheet.header_top + 1
    best: tuple[int, int, dict[str, int]] = (0, 0, {})
    for top in range(min(_SEARCHED, len(source.rows) - height + 1)):
        places: dict[str, int] = {}
        for place, path in enumerate(header_paths(source, top, height)):
            places.setdefault(_key(" / ".join(path)), place)
        count = sum(_key(each.header) in places for each in filled)
        if count > best[0]:
            best = (count, top, places)
    count, top, places = best
    required = {field.name for field in fields if field.required}
    columns = [
        ColumnMatch(place, " / ".join(path))
        for place, path in enumerate(header_paths(source, top, height))
    ]
    for each in filled:
        place = places.get(_key(each.header), -1)
        if place >= 0:
            columns[place] = ColumnMatch(
                place,
                columns[place].header,
                by_label[each.field].name,
                Matched.PLATFORM,
                tuple(words_back(platform, each).items()),
            )
    mapping = SheetMapping(index, top, height, tuple(columns))
    if count < max(_MOST_OF * len(filled), 1) or not required <= set(mapping.by_field):
        return None
    return SheetMapping(index, top, height, tuple(columns), _hints(mapping, sheet, source))


def _key(header: str) -> str:
    return plain_words(header)


def _hints(mapping: SheetMapping, sheet: PlatformSheet, source: SourceSheet) -> int:
    """How many of the form's rows below the header are there and hold no data: a platform's own
    list may begin at once."""
    most = sheet.first_row - sheet.header_row - 1
    classifier = RowClassifier(mapping)
    rows = source.rows[mapping.first_row : mapping.first_row + most]
    for place, row in enumerate(rows):
        kind = classifier.kind_of(row, place)
        if kind is RowKind.DATA and not tells_what_to_fill(row):
            return place
    return len(rows)
