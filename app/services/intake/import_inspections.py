"""检查频次台账 from before the program: lines that name a target become its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from app.domain.past_inspection import FIELDS, PastInspectionFacts, validate
from app.exchange.cleaning import as_text
from app.exchange.mapping import RowClassifier, RowKind, SheetMapping
from app.exchange.sheets import PROGRESS_STEP, Row, SourceBook
from app.exchange.writing import RejectedRow
from app.models import InspectionEntry
from app.services.directories.finding_targets import TargetFinder, values_of
from app.services.intake.import_rows import Decisions, Fate, Judged, RowPreview, Watch


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One line of the ledger with the target it belongs to."""

    target_id: int
    category: str
    facts: PastInspectionFacts


def judge(
    connection: Connection,
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    decisions: Decisions,
    watch: Watch,
    today: date,
) -> Judged:
    """Find each line's target by code, else by its name alone; known lines stay unchanged.

    A day after ``today`` comes back: nobody has inspected tomorrow.
    """
    finder = TargetFinder(connection)
    known = _known(connection)
    rows: list[RowPreview] = []
    rejected: list[RejectedRow] = []
    fresh: list[NewEntry] = []
    total = sum(len(book.sheets[each.sheet].rows) for each in mappings)
    for number, (sheet, place, cells, kind, mapping) in enumerate(_lines(book, mappings)):
        if number % PROGRESS_STEP == 0:
            watch(number, total, "正在比对")
        line = _Line(number, sheet, place, cells)
        if kind is not RowKind.DATA or (sheet, place) in decisions.skip_rows:
            rows.append(line.preview(Fate.SKIPPED, kind.reason or "人工跳过"))
            continue
        facts, reason = _facts(cells, mapping, today)
        site, why = finder.find(facts.name, facts.code) if not reason else (None, reason)
        if site is None or facts.on is None:
            rows.append(line.preview(Fate.REJECTED, why, facts))
            rejected.append(RejectedRow(sheet, place, cells, why))
            continue
        key = (site.id, facts.on, facts.kind)
        if key in known:
            rows.append(line.preview(Fate.UNCHANGED, "台账里已有这次检查", facts))
            continue
        known.add(key)
        fresh.append(NewEntry(site.id, site.category, facts))
        rows.append(line.preview(Fate.NEW, why, facts))
    return Judged(
        rows=tuple(rows), rejected=tuple(rejected), fresh=tuple(fresh), changed=(), untouched=0
    )


@dataclass(frozen=True, slots=True)
class _Line:
    id: int
    sheet: str
    number: int
    cells: Row

    def preview(
        self, fate: Fate, reason: str, facts: PastInspectionFacts | None = None
    ) -> RowPreview:
        first = next((text for cell in self.cells if (text := as_text(cell)).strip()), "")
        return RowPreview(
            id=self.id,
            place=(self.sheet, self.number),
            fate=fate,
            name=(facts.name if facts else "") or first,
            code=facts.code if facts else "",
            reason=reason,
            changes=(),
            source=self.cells,
            wrong_fields=frozenset(),
            doubtful=False,
        )


def _lines(
    book: SourceBook, mappings: Sequence[SheetMapping]
) -> Iterator[tuple[str, int, Row, RowKind, SheetMapping]]:
    for mapping in mappings:
        sheet = book.sheets[mapping.sheet]
        classifier = RowClassifier(mapping)
        for place, cells in enumerate(sheet.rows[mapping.first_row :]):
            number = mapping.first_row + place + 1
            yield sheet.name, number, cells, classifier.kind_of(cells, place), mapping


def _facts(cells: Row, mapping: SheetMapping, today: date) -> tuple[PastInspectionFacts, str]:
    """The line's facts, and why they cannot be taken (empty if they can)."""
    values, problems = values_of(cells, mapping, FIELDS)
    facts = PastInspectionFacts(**values)
    problems = problems or [problem.message for problem in validate(facts, today)]
    return facts, "；".join(problems)


def _known(connection: Connection) -> set[tuple[int, date, str]]:
    entries = connection.execute(
        select(InspectionEntry.target_id, InspectionEntry.on, InspectionEntry.kind)
    )
    return {(row[0], row[1], row[2]) for row in entries}
