"""Import of tables: open, propose columns, preview every row's fate, write in one transaction.

::

    source = importing.open_file(path)                        # any thread, no database
    seen = workspace.read(importing.preview, PreviewImport(kind="targets", path=path))
    done = workspace.write(importing.apply, ApplyImport(kind="targets", path=path))

A person's corrections travel as ``mappings``; ``source`` spares reading the file again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from app.db import ledger
from app.db.read import past
from app.db.unit_of_work import UnitOfWork
from app.domain import inspector, item, past_inspection, target
from app.domain.fields import Field, FieldValue, shown, value_of
from app.domain.platform import Platform
from app.domain.received import FileKind
from app.domain.rulebook import Rulebook
from app.errors import UserError
from app.exchange.cleaning import as_text
from app.exchange.mapping import (
    HeaderNotFoundError,
    Matched,
    RowClassifier,
    RowKind,
    SheetMapping,
    first_guess,
    map_below,
    propose_mappings,
)
from app.exchange.sheets import SourceBook
from app.exchange.writing import RejectedRow, write_errors
from app.models import ImportBatch, InspectionEntry
from app.services import rulebooks
from app.services.intake import (
    import_inspections,
    import_memory,
    import_rows,
    import_words,
    platform_tables,
    receiving,
)
from app.services.intake.import_files import SourceFile, open_file, open_files
from app.services.intake.import_inspections import NewEntry
from app.services.intake.import_packages import OpenDirectory, is_locked, is_package, open_directory
from app.services.intake.import_rows import (
    Counts,
    Decisions,
    Fate,
    FieldDifference,
    Judged,
    Place,
    RowPreview,
    Side,
    Sides,
    Watch,
    silent,
)
from app.services.intake.import_words import UnknownWord
from app.services.intake.import_writes import note_categories, recategorised, write_directory
from app.services.intake.receiving import Incoming
from app.services.intake.undisturbed import undisturbed

__all__ = [
    "KINDS",
    "ApplyImport",
    "Candidate",
    "ColumnPreview",
    "Counts",
    "Fate",
    "FieldDifference",
    "HeaderNotFoundError",
    "ImportOutcome",
    "ImportPreview",
    "OpenDirectory",
    "Place",
    "PreviewImport",
    "RowPreview",
    "Side",
    "Sides",
    "SourceFile",
    "TopOfSheet",
    "UnknownWord",
    "Watch",
    "apply",
    "candidates_of",
    "fields_for",
    "guess_header",
    "is_locked",
    "is_package",
    "map_header",
    "open_directory",
    "open_file",
    "open_files",
    "preview",
    "propose",
    "propose_named",
    "refuse_nothing",
    "top_of",
    "write_rejected",
]

KINDS = {
    "targets": "检查对象",
    "inspectors": "执法人员",
    "items": "抽查事项",
    "inspections": "检查频次台账",
}
_DIRECTORIES = ("targets", "inspectors", "items")
# So many columns more must fit another directory before a file is taken for one of its.
_PLAINLY = 5
_CHUNK = 500
_BELOW_HEADER, _TOP_ROWS, _TOP_COLUMNS = 3, 12, 12
_SAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewImport:
    """What to look at; ``mappings`` empty: propose them; rows are named by their place.

    ``earlier``: a preview of the same file; with the same mappings its rows are not read again.
    ``platforms``: formats of platforms in which the table may be written, known by their header.
    ``today``: inspections after it come back; without it that waits until the rows are written.
    """

    kind: str
    path: Path
    source: SourceFile | None = None
    mappings: tuple[SheetMapping, ...] = ()
    skip_rows: frozenset[Place] = frozenset()
    new_rows: frozenset[Place] = frozenset()
    same_rows: frozenset[tuple[Place, str]] = frozenset()
    sure_rows: frozenset[Place] = frozenset()
    sides: Sides = field(default_factory=Sides)
    default_category: str | None = None
    default_library: str = ""
    platforms: tuple[Platform, ...] = ()
    earlier: ImportPreview | None = field(default=None, repr=False)
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyImport:
    """What to write; ``sha256`` (if given) must still be the file's: the one that was previewed.

    ``default_category``: for new targets that bring none.  None: the rulebook's general one
    if the file has no such column at all, otherwise such rows come back.
    """

    kind: str
    path: Path
    errors_path: Path | None = None
    source: SourceFile | None = None
    mappings: tuple[SheetMapping, ...] = ()
    skip_rows: frozenset[Place] = frozenset()
    new_rows: frozenset[Place] = frozenset()
    same_rows: frozenset[tuple[Place, str]] = frozenset()
    sure_rows: frozenset[Place] = frozenset()
    sides: Sides = field(default_factory=Sides)
    default_category: str | None = None
    default_library: str = ""
    category_reason: str = ""  # why targets change their category; empty: the file says so
    category_document: str = ""
    sha256: str = ""
    platforms: tuple[Platform, ...] = ()
    seen: ImportPreview | None = None

    @classmethod
    def of(cls, seen: ImportPreview, errors_path: Path | None = None) -> ApplyImport:
        """What the preview showed, with the decisions it was made with."""
        return cls(
            kind=seen.kind,
            path=seen.source.path,
            errors_path=errors_path,
            source=seen.source,
            mappings=seen.mappings,
            skip_rows=seen.command.skip_rows,
            new_rows=seen.command.new_rows,
            same_rows=seen.command.same_rows,
            sure_rows=seen.command.sure_rows,
            sides=seen.command.sides,
            default_category=seen.command.default_category,
            default_library=seen.command.default_library,
            seen=seen,
        )


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """One column of the file: header, the field it goes to, how that was found, first values."""

    sheet: int
    column: int
    header: str
    field: str | None
    matched: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """Everything a person sees before anything is written."""

    kind: str
    source: SourceFile
    mappings: tuple[SheetMapping, ...]
    columns: tuple[ColumnPreview, ...]
    rows: tuple[RowPreview, ...]
    counts: Counts
    untouched: int
    lacks_category: bool
    judged: Judged = field(repr=False)
    command: PreviewImport = field(repr=False)
    ledger_seq: int
    fields: tuple[Field, ...] = field(repr=False)
    unknown: tuple[UnknownWord, ...] = ()

    @property
    def recategorised(self) -> int:
        """Targets whose category the file changes: each is recorded as a decision."""
        return len(recategorised(self.judged.changed)) if self.kind == "targets" else 0

    @property
    def rejected(self) -> tuple[RejectedRow, ...]:
        """Rows that come back, as they stand in the file."""
        return self.judged.rejected


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What was written; ``errors`` is the workbook of rejected rows, if there is one."""

    counts: Counts
    errors: Path | None
    batch_id: int


def fields_for(kind: str, rulebook: Rulebook) -> tuple[Field, ...]:
    """Fields a column may go to."""
    _check_kind(kind)
    if kind == "inspections":
        return past_inspection.FIELDS
    return import_rows.fields_of(kind, rulebook)


def propose(
    connection: Connection, kind: str, source: SourceFile, platforms: Sequence[Platform] = ()
) -> tuple[SheetMapping, ...]:
    """Sheets and columns as a platform's format, the header words, contents and earlier
    corrections say.

    UserError if the table is plainly one of another directory: taken for this one, everybody
    in it would become the same wrong thing.
    """
    rulebook = _rulebook(connection)
    fields = fields_for(kind, rulebook)
    written = platform_tables.recognised(platforms, kind, source.book, fields)
    if written:
        return import_words.recalled(connection, kind, written, fields)
    found = import_memory.proposed(connection, kind, source.book, fields)
    _refuse_other_kind(kind, _matched(found), rulebook, source)
    return import_words.recalled(connection, kind, found, fields)


def propose_named(
    connection: Connection, kind: str, source: SourceFile, platform: Platform
) -> tuple[SheetMapping, ...]:
    """Sheets and columns as this platform's format says; UserError if its header is not there."""
    fields = fields_for(kind, _rulebook(connection))
    return platform_tables.named(platform, kind, source.book, fields)


def _matched(mappings: Sequence[SheetMapping]) -> int:
    return max((len(mapping.by_field) for mapping in mappings), default=0)


def _refuse_other_kind(kind: str, own: int, rulebook: Rulebook, source: SourceFile) -> None:
    for other in _DIRECTORIES:
        if other == kind:
            continue
        try:
            fits = _matched(propose_mappings(source.book, fields_for(other, rulebook)))
        except UserError:
            continue
        if fits >= own + _PLAINLY:
            raise UserError(
                f"“{source.path.name}”像是“{KINDS[other]}”的表，不是“{KINDS[kind]}”的：没有写入。",
                "请换一个文件，或到对应的页面导入。",
            )


def map_header(
    connection: Connection, kind: str, source: SourceFile, sheet: int, header_row: int
) -> SheetMapping:
    """The mapping when a person points at sheet (from 0) and header row (from 1)."""
    rows = source.book.sheets[sheet].rows
    if not 1 <= header_row <= len(rows):
        raise UserError(f"这张表没有第 {header_row} 行。", f"请填 1 到 {len(rows)}。")
    fields = fields_for(kind, _rulebook(connection))
    found = map_below(source.book.sheets[sheet], sheet, header_row - 1, fields)
    return import_words.recalled(connection, kind, (found,), fields)[0]


def guess_header(connection: Connection, kind: str, source: SourceFile) -> SheetMapping:
    """Where a person begins to correct a file in which no header was found."""
    return first_guess(source.book, fields_for(kind, _rulebook(connection)))


def preview(connection: Connection, command: PreviewImport, watch: Watch = silent) -> ImportPreview:
    """Every row's fate; nothing is written. UserError if the file cannot be understood."""
    _check_kind(command.kind)
    source = command.source or open_file(command.path, watch)
    mappings = command.mappings or propose(connection, command.kind, source, command.platforms)
    earlier = command.earlier
    read: tuple[Any, ...] = ()
    if earlier is not None and earlier.source is source and earlier.mappings == mappings:
        read = earlier.judged.read
    with undisturbed(source.rows + past.size(connection, _SUBJECTS[command.kind])):
        judged = _judge(connection, command, source, mappings, watch, command.today, read)
    fields = fields_for(command.kind, _rulebook(connection))
    return ImportPreview(
        kind=command.kind,
        source=source,
        mappings=mappings,
        columns=tuple(_columns(source.book, mappings)),
        rows=judged.rows,
        counts=judged.counts,
        untouched=judged.untouched,
        lacks_category=command.kind == "targets"
        and not any("category" in mapping.by_field for mapping in mappings),
        judged=judged,
        command=replace(command, earlier=None),
        ledger_seq=ledger.head(connection).seq,
        fields=fields,
        unknown=import_words.of_rows(source.book, mappings, fields, judged.read),
    )


def apply(uow: UnitOfWork, command: ApplyImport, watch: Watch = silent) -> ImportOutcome:
    """Write what the preview shows: all or nothing, one ledger entry, one batch.

    UserError for a file that cannot be understood or has changed, EnvironmentFault for one that
    is no longer there to be kept; whatever ``watch`` raises cancels, and nothing is written.
    """
    source = command.source or open_file(command.path, watch)
    if command.sha256 and command.sha256 != source.sha256:
        raise UserError(f"“{command.path.name}”在预览之后又被改过。", "请重新预览后再写入。")
    connection = uow.session.connection()
    mappings = command.mappings or propose(connection, command.kind, source, command.platforms)
    seen = command.seen
    same_day = command.kind != "inspections" or (
        seen is not None and seen.command.today == uow.today
    )
    if seen is not None and same_day and seen.ledger_seq == ledger.head(connection).seq:
        judged = seen.judged  # nothing was written since: the same comparison, the same answer
    else:
        judged = _judge(connection, command, source, mappings, watch, uow.today)
    refuse_nothing(source, judged.counts)
    batch = _batch(uow, command.kind, source, judged.counts)
    _register(uow, command.kind, source, batch)
    with undisturbed(source.rows):
        detail = _write(uow, command.kind, judged, batch, watch)
    if command.kind == "targets":
        reason = command.category_reason.strip() or f"按导入的“{source.title}”调整"
        note_categories(uow, judged.changed, batch, reason, command.category_document.strip())
    fields = fields_for(command.kind, _rulebook(connection))
    import_memory.remember(uow, command.kind, source.book, fields, mappings)
    asked = import_words.of_rows(source.book, mappings, fields, judged.read)
    import_words.remember(uow, command.kind, asked, mappings)
    errors = _write_errors(command, source, mappings, judged)
    counts = judged.counts
    uow.record(
        f"{_SUBJECTS[command.kind]}.import",
        source.title,
        {"sha256": source.sha256, "batch": batch.id, "counts": _as_dict(counts), **detail},
    )
    uow.changed |= {_SUBJECTS[command.kind], "import"}
    uow.commit()
    return ImportOutcome(counts, errors, batch.id)


_SUBJECTS = {
    "targets": "target",
    "inspectors": "inspector",
    "items": "item",
    "inspections": "inspection",
}


def write_rejected(path: Path, seen: ImportPreview, watch: Watch = silent) -> None:
    """The rows that come back, with reasons, as a workbook to correct and import again.

    ``watch`` may cancel.
    """
    _save_errors(path, seen.source.book, seen.mappings, seen.rejected, watch)


def refuse_nothing(source: SourceFile, counts: Counts) -> None:
    """UserError for a table that has a header and not one row below it."""
    if not counts.rows:
        raise UserError(
            f"“{source.title}”只有表头，下面一行内容也没有：没有写入。",
            "请确认选对了文件、工作表和表头行，填好内容后再导入。",
        )


@dataclass(frozen=True, slots=True)
class TopOfSheet:
    """The first rows of a sheet as texts; ``header`` are the lines (from 0) of its header."""

    rows: tuple[tuple[str, ...], ...]
    header: range


def top_of(seen: ImportPreview) -> TopOfSheet:
    """The top of the first sheet that is imported, for a person to see where the header is."""
    mapping = seen.mappings[0]
    last = max(mapping.first_row + _BELOW_HEADER, _TOP_ROWS)
    rows = tuple(
        tuple(as_text(cell).replace("\n", " ")[:60] for cell in row[:_TOP_COLUMNS])
        for row in seen.source.book.sheets[mapping.sheet].rows[:last]
    )
    width = max((len(row) for row in rows), default=0)
    padded = tuple(row + ("",) * (width - len(row)) for row in rows)
    header = range(mapping.header_top, mapping.header_top + mapping.header_rows)
    return TopOfSheet(padded, header)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record a doubtful row may be, field by field: label, ours, the file's."""

    key: str
    name: str
    pairs: tuple[tuple[str, str, str], ...]


def candidates_of(seen: ImportPreview, row: RowPreview) -> tuple[Candidate, ...]:
    """The records a row may be, beside what the row says; filled fields only."""
    facts = next((each.facts for each in seen.judged.read if each.place == row.place), None)
    found = []
    for key in row.candidates:
        other = seen.judged.known[key]
        pairs = [
            (each.label, shown(each, ours), shown(each, theirs))
            for each in seen.fields
            if (ours := value_of(other, each.name)) != (theirs := _value(facts, each.name))
            or each.name in _TELLING
        ]
        filled = tuple(pair for pair in pairs if pair[1] or pair[2])
        found.append(Candidate(key, other.name, filled))
    return tuple(found)


_TELLING = {"name", "uscc", "address", "cert_no", "unit"}


def _value(facts: Any, name: str) -> FieldValue:
    return value_of(facts, name) if facts is not None else ""


# --- judging ----------------------------------------------------------------------------------


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise UserError(f"不能导入“{kind}”。", f"可选：{'、'.join(KINDS)}。")


def _rulebook(connection: Connection) -> Rulebook:
    return rulebooks.of_unit(connection)


def _judge(
    connection: Connection,
    command: PreviewImport | ApplyImport,
    source: SourceFile,
    mappings: tuple[SheetMapping, ...],
    watch: Watch,
    today: date | None,
    read: tuple[Any, ...] = (),
) -> Judged:
    _check_kind(command.kind)
    decisions = Decisions(
        skip_rows=command.skip_rows,
        new_rows=command.new_rows,
        same_rows=command.same_rows,
        sure_rows=command.sure_rows,
        sides=command.sides,
        default_category=command.default_category,
        default_library=command.default_library,
    )
    if command.kind == "inspections":
        return import_inspections.judge(
            connection, source.book, mappings, decisions, watch, today or date.max
        )
    rulebook = _rulebook(connection)
    return import_rows.judge(
        connection, command.kind, source.book, mappings, rulebook, decisions, watch, read
    )


def _columns(book: SourceBook, mappings: Sequence[SheetMapping]) -> list[ColumnPreview]:
    found = []
    for mapping in mappings:
        top = book.sheets[mapping.sheet].rows[mapping.first_row : mapping.first_row + 50]
        classifier = RowClassifier(mapping)
        kinds = (classifier.kind_of(row, place) for place, row in enumerate(top))
        rows = [row for row, kind in zip(top, kinds, strict=True) if kind is RowKind.DATA]
        for each in mapping.columns:
            texts = (as_text(row[each.column]) for row in rows if each.column < len(row))
            samples = tuple(dict.fromkeys(text for text in texts if text.strip()))[:_SAMPLES]
            found.append(
                ColumnPreview(
                    mapping.sheet,
                    each.column,
                    each.header,
                    each.field,
                    each.matched.value,
                    samples,
                )
            )
    return found


# --- writing ----------------------------------------------------------------------------------


def _as_dict(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in Counts.__dataclass_fields__}


def _batch(uow: UnitOfWork, kind: str, source: SourceFile, counts: Counts) -> ImportBatch:
    batch = ImportBatch(
        kind=kind,
        file_name=source.title,
        sha256=source.sha256,
        counts=_as_dict(counts),
        at=uow.now,
        by=uow.actor,
    )
    uow.session.add(batch)
    uow.session.flush()
    return batch


def _register(uow: UnitOfWork, kind: str, source: SourceFile, batch: ImportBatch) -> None:
    """Each file of its own; the rows find theirs by the batch."""
    for path in source.paths:
        receiving.record_incoming(
            uow,
            Incoming(
                kind=FileKind(kind),
                path=path,
                sha256="" if source.others else source.sha256,
                digest=source.digest,
                source=source.source,
                subject=f"与另外 {len(source.others)} 个文件一起导入" if source.others else "",
                counts=batch.counts,
                batch_id=batch.id,
            ),
        )


def _write(
    uow: UnitOfWork, kind: str, judged: Judged, batch: ImportBatch, watch: Watch
) -> dict[str, object]:
    if kind == "inspections":
        return _write_entries(uow, judged.fresh, batch, watch)
    return write_directory(uow, kind, judged, batch, watch)


def _write_entries(
    uow: UnitOfWork, fresh: Sequence[NewEntry], batch: ImportBatch, watch: Watch
) -> dict[str, object]:
    values: list[dict[str, Any]] = [
        {
            "target_id": each.target_id,
            "on": each.facts.on,
            "kind": each.facts.kind,
            "category": each.category,
            "finding": each.facts.finding or each.facts.violation,
            "violation": each.facts.violation,
            "covers": True,
            "source": each.facts.document,
            "batch_id": batch.id,
        }
        for each in fresh
    ]
    for start in range(0, len(values), _CHUNK):
        watch(start, len(values), "正在写入")
        uow.session.execute(insert(InspectionEntry), values[start : start + _CHUNK])
    return {"targets": sorted({each.target_id for each in fresh})}


# --- what comes back --------------------------------------------------------------------------


def _write_errors(
    command: ApplyImport, source: SourceFile, mappings: Sequence[SheetMapping], judged: Judged
) -> Path | None:
    path = command.errors_path
    if path is None or not judged.rejected:
        return None
    if path.resolve() in {each.resolve() for each in source.paths}:
        raise UserError("退回的行不能写进正在导入的文件。", "请换一个文件名。")
    _save_errors(path, source.book, mappings, judged.rejected)
    return path


def _save_errors(
    path: Path,
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    rejected: Sequence[RejectedRow],
    watch: Watch = silent,
) -> None:
    """One header for all sheets: rows of a sheet that orders its columns otherwise are laid out.

    A column whose header alone would not be recognised again carries its field's label.
    """
    labels = {book.sheets[each.sheet].name: _titles(each) for each in mappings}
    header = list(dict.fromkeys(title for titles in labels.values() for title in titles))
    laid = []
    places = {name: [header.index(title) for title in titles] for name, titles in labels.items()}
    for row in rejected:
        place = places[row.sheet]
        cells: list[Any] = [None] * len(header)
        for column, cell in zip(place, row.cells, strict=False):
            cells[column] = cell
        laid.append(replace(row, cells=tuple(cells)))
    with undisturbed(len(laid)):
        write_errors(
            path, header, laid, lambda done, total: watch(done, total or 0, "正在写退回的行")
        )


def _titles(mapping: SheetMapping) -> list[str]:
    titles: list[str] = []
    for each in mapping.columns:
        title = each.header if each.matched is Matched.WORDS else _LABELS.get(each.field or "", "")
        title = title or each.header or f"第 {each.column + 1} 列"
        while title in titles:
            title += "（重复）"
        titles.append(title)
    return titles


_LABELS = {
    each.name: each.label
    for each in (
        *past_inspection.FIELDS,
        *item.FIELDS,
        *inspector.FIELDS,
        *target.FIELDS,
    )
}
