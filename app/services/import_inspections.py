"""检查频次台账 from before the program: lines that name a target become its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.domain.codes import normal_code
from app.domain.fields import is_empty
from app.domain.past_inspection import FIELDS, PastInspectionFacts, validate
from app.exchange.cleaning import as_text, clean
from app.exchange.fates import plain_name
from app.exchange.mapping import RowClassifier, RowKind, SheetMapping
from app.exchange.sheets import PROGRESS_STEP, Row, SourceBook
from app.exchange.writing import RejectedRow
from app.models import InspectionEntry, Target
from app.services.import_rows import Decisions, Fate, Judged, RowPreview, Watch


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One line of the ledger with the target it belongs to."""

    target_id: int
    category: str
    facts: PastInspectionFacts


@dataclass(frozen=True, slots=True)
class _Site:
    id: int
    name: str
    category: str


def judge(
    connection: Connection,
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    decisions: Decisions,
    watch: Watch,
) -> Judged:
    """Find each line's target by code, else by its name alone; known lines stay unchanged."""
    finder = _Finder(connection)
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
        facts, reason = _facts(cells, mapping)
        site, why = finder.find(facts) if not reason else (None, reason)
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


def _facts(cells: Row, mapping: SheetMapping) -> tuple[PastInspectionFacts, str]:
    """The line's facts, and why they cannot be taken (empty if they can)."""
    values: dict[str, Any] = {}
    problems = []
    for field in FIELDS:
        column = mapping.by_field.get(field.name)
        if column is None:
            continue
        cleaned = clean(cells[column] if column < len(cells) else None, field)
        if cleaned.problem:
            problems.append(cleaned.problem)
        elif not is_empty(cleaned.value):
            values[field.name] = cleaned.value
    facts = PastInspectionFacts(**values)
    problems = problems or [problem.message for problem in validate(facts)]
    return facts, "；".join(problems)


class _Finder:
    """Targets by each of their codes and by name."""

    def __init__(self, connection: Connection) -> None:
        self._codes: dict[str, list[_Site]] = defaultdict(list)
        self._names: dict[str, list[_Site]] = defaultdict(list)
        for row in connection.execute(select(Target.__table__)):
            site = _Site(row.id, row.name, row.category)
            codes = {row.ident, row.uscc, row.permit_no, row.reg_no, row.local_no}
            for code in codes - {""}:
                self._codes[code].append(site)
            self._names[plain_name(row.name)].append(site)

    def find(self, facts: PastInspectionFacts) -> tuple[_Site | None, str]:
        """The target meant, or None with what a person should do."""
        coded = self._codes.get(normal_code(facts.code), []) if facts.code else []
        named = self._names.get(plain_name(facts.name), [])
        if len(coded) == 1:
            return coded[0], "代码相同"
        both = [site for site in coded if site in named]
        if len(both) == 1:
            return both[0], "代码和名称相同"
        if coded:
            return None, f"这个代码在名录里有 {len(coded)} 个场所，请改填排污许可证编号"
        if len(named) == 1:
            return named[0], "名称相同"
        if named:
            return None, f"名录里有 {len(named)} 个同名对象，请补上代码"
        return None, "名录里没有这个检查对象，请先导入名录或核对名称、代码"


def _known(connection: Connection) -> set[tuple[int, date, str]]:
    entries = connection.execute(
        select(InspectionEntry.target_id, InspectionEntry.on, InspectionEntry.kind)
    )
    return {(row[0], row[1], row[2]) for row in entries}
