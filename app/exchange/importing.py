"""From a mapped sheet to facts: every row below the header becomes one SourceRow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar

from app.domain import inspector, item, target
from app.domain.codes import (
    CodeProblem,
    Permit,
    check_reg_no,
    parse_permit,
    repaired_permit,
)
from app.domain.fields import Field, FieldProblem, FieldValue, is_empty
from app.domain.inspector import InspectorFacts
from app.domain.item import ItemFacts
from app.domain.target import TargetFacts
from app.exchange.cleaning import Cleaned, as_text, clean, clean_uscc, plain_words
from app.exchange.mapping import RowClassifier, RowKind, SheetMapping
from app.exchange.sheets import PROGRESS_STEP, Cell, Progress, Row, SourceBook

F = TypeVar("F", TargetFacts, InspectorFacts, ItemFacts)


_REPEATED = 2000  # different texts of a column that are remembered


@dataclass(frozen=True, slots=True)
class SourceRow(Generic[F]):
    """One row below the header. ``number`` is the sheet's own, from 1.

    ``facts`` is None for rows that are not data and for rejected ones whose name is missing;
    ``given`` names the fields the row really fills (an empty cell never overwrites).
    """

    sheet: str
    number: int
    kind: RowKind
    cells: Row
    facts: F | None = None
    given: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    problems: tuple[FieldProblem, ...] = ()

    @property
    def place(self) -> tuple[str, int]:
        """Sheet and row number: unique in a file."""
        return (self.sheet, self.number)

    @property
    def place_words(self) -> str:
        """Where to find the row, for a person."""
        return f"“{self.sheet}”第 {self.number} 行"


_Make: TypeAlias = Callable[[dict[str, FieldValue], list[str], list[FieldProblem]], F | None]


def read_targets(
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    fields: Sequence[Field] = target.FIELDS,
    progress: Progress | None = None,
) -> tuple[SourceRow[TargetFacts], ...]:
    """Rows of the target directory; ``fields`` may carry the rulebook's categories."""
    return tuple(_read(book, mappings, fields, _target_maker, progress))


def read_inspectors(
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    fields: Sequence[Field] = inspector.FIELDS,
    progress: Progress | None = None,
) -> tuple[SourceRow[InspectorFacts], ...]:
    """Rows of the inspector directory."""
    return tuple(_read(book, mappings, fields, lambda _: _make_inspector, progress))


def read_items(
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    fields: Sequence[Field] = item.FIELDS,
    progress: Progress | None = None,
) -> tuple[SourceRow[ItemFacts], ...]:
    """Rows of the item list."""
    return tuple(_read(book, mappings, fields, lambda _: _make_item, progress))


def _read(
    book: SourceBook,
    mappings: Sequence[SheetMapping],
    fields: Sequence[Field],
    maker: Callable[[SheetMapping], _Make[F]],
    progress: Progress | None,
) -> Iterator[SourceRow[F]]:
    total = sum(len(book.sheets[each.sheet].rows) - each.first_row for each in mappings)
    done = 0
    for mapping in mappings:
        sheet = book.sheets[mapping.sheet]
        by_field = mapping.by_field
        words = {each.column: each.words for each in mapping.columns}
        columns = [
            _ColumnReader(field, by_field[field.name], words.get(by_field[field.name], ()))
            for field in fields
            if field.name in by_field
        ]
        make = maker(mapping)
        below = _Below(RowClassifier(mapping))
        for place, cells in enumerate(sheet.rows[mapping.first_row :]):
            number = mapping.first_row + place + 1
            kind, laid = below.look(cells, place)
            yield _read_row(sheet.name, number, kind, laid, columns, make)
            done += 1
            if progress is not None and done % PROGRESS_STEP == 0:
                progress(done, total)


class _Below:
    """The rows below a header; a second table with its columns in another order is laid out
    like the first."""

    def __init__(self, classifier: RowClassifier) -> None:
        self._classifier = classifier
        self._layout: tuple[int | None, ...] | None = None

    def look(self, cells: Row, place: int) -> tuple[RowKind, Row]:
        """What the row is, and its cells under the first header's columns."""
        kind = self._classifier.kind_of(cells, place)
        if kind is RowKind.REPEATED_HEADER:
            self._layout = None
        elif kind is RowKind.MOVED_HEADER:
            self._layout = self._classifier.layout(cells)
        elif self._layout is not None:
            laid = tuple(
                cells[at] if at is not None and at < len(cells) else None for at in self._layout
            )
            return self._classifier.kind_of(laid, place), laid
        return kind, cells


class _ColumnReader:
    """Cleans one column; what repeats in it (towns, industries, dates) is cleaned once."""

    def __init__(self, field: Field, column: int, words: Sequence[tuple[str, str]]) -> None:
        self.field = field
        self._column = column
        self._words = dict(words)
        self._known: dict[str, Cleaned[Any]] = {}

    def read(self, cells: Row) -> Cleaned[Any]:
        """The row's value for the field."""
        cell = cells[self._column] if self._column < len(cells) else None
        if self._words:
            cell = self._put_back(cell)
        if type(cell) is not str:
            return clean(cell, self.field)
        known = self._known.get(cell)
        if known is None:
            known = clean(cell, self.field)
            if len(self._known) < _REPEATED:
                self._known[cell] = known
        return known

    def _put_back(self, cell: Cell) -> Cell:
        text = as_text(cell).strip()
        if text in self._words:
            return self._words[text]
        parts = text.split("、")
        if len(parts) > 1 and any(part in self._words for part in parts):
            return "、".join(self._words.get(part, part) for part in parts)
        return cell


def _read_row(
    sheet: str,
    number: int,
    kind: RowKind,
    cells: Row,
    columns: Sequence[_ColumnReader],
    make: _Make[F],
) -> SourceRow[F]:
    if kind is not RowKind.DATA:
        return SourceRow(sheet, number, kind, cells)
    values: dict[str, FieldValue] = {}
    notes: list[str] = []
    problems: list[FieldProblem] = []
    for column in columns:
        cleaned = column.read(cells)
        notes += cleaned.notes
        if cleaned.problem:
            problems.append(FieldProblem(column.field.name, cleaned.problem))
        elif not is_empty(cleaned.value):
            values[column.field.name] = cleaned.value
    facts = make(values, notes, problems)
    given = frozenset(values)
    return SourceRow(sheet, number, kind, cells, facts, given, tuple(notes), tuple(problems))


def _target_maker(mapping: SheetMapping) -> _Make[TargetFacts]:
    """How rows below this header become targets: under 项目名称 each is a construction project."""
    by_field = mapping.by_field
    header = mapping.columns[by_field["name"]].header if "name" in by_field else ""
    if "kind" in by_field or plain_words(header) not in _PROJECT_TITLES:
        return _make_target

    def make(
        values: dict[str, FieldValue], notes: list[str], problems: list[FieldProblem]
    ) -> TargetFacts | None:
        values["kind"] = "project"
        notes.append(f"列名是“{header}”，对象种类登记为建设项目")
        return _make_target(values, notes, problems)

    return make


_PROJECT_TITLES = frozenset({"项目名称", "建设项目名称", "工程名称", "建设项目"})


def _make_target(
    values: dict[str, FieldValue], notes: list[str], problems: list[FieldProblem]
) -> TargetFacts | None:
    _settle_codes(values, notes, problems)
    if "name" not in values:
        problems.append(FieldProblem("name", "没有检查对象名称，请补上"))
        return None
    _check_name(values, problems, target.FIELDS)
    facts = TargetFacts(**values)  # type: ignore[arg-type]
    _add_problems(problems, target.validate(facts))
    return facts


def _make_inspector(
    values: dict[str, FieldValue], notes: list[str], problems: list[FieldProblem]
) -> InspectorFacts | None:
    if "name" not in values:
        problems.append(FieldProblem("name", "没有姓名，请补上"))
        return None
    _check_name(values, problems, inspector.FIELDS)
    facts = InspectorFacts(**values)  # type: ignore[arg-type]
    _add_problems(problems, inspector.validate(facts))
    return facts


def _make_item(
    values: dict[str, FieldValue], notes: list[str], problems: list[FieldProblem]
) -> ItemFacts | None:
    if "name" not in values:
        problems.append(FieldProblem("name", "没有抽查事项名称，请补上"))
        return None
    facts = ItemFacts(**values)  # type: ignore[arg-type]
    _add_problems(problems, item.validate(facts))
    return facts


def _check_name(
    values: dict[str, FieldValue], problems: list[FieldProblem], fields: tuple[Field, ...]
) -> None:
    """A serial number, a date or the name of a column is nobody's name."""
    name = str(values["name"])
    if not any(mark.isalpha() for mark in name):
        problems.append(FieldProblem("name", f"名称“{name}”里没有文字，请核对是不是填错了列"))
    elif name in _titles(fields):
        problems.append(FieldProblem("name", f"名称“{name}”是列名，不是名称，请核对表头和列"))


@cache
def _titles(fields: tuple[Field, ...]) -> frozenset[str]:
    return frozenset(title for each in fields for title in (each.label, *each.synonyms))


def _add_problems(problems: list[FieldProblem], found: Iterable[FieldProblem]) -> None:
    known = {problem.field for problem in problems}
    problems += [problem for problem in found if problem.field not in known]


def _settle_codes(
    values: dict[str, FieldValue], notes: list[str], problems: list[FieldProblem]
) -> None:
    """Put each code where it belongs and recover a USCC from the permit number."""
    permit = _settle_permit(values, notes)
    text = str(values.get("uscc", ""))
    given_wrong = any(problem.field == "uscc" for problem in problems)
    if len(text) == 22 and isinstance(moved := parse_permit(text), Permit) and permit is None:
        permit = moved
        values["permit_no"] = text
        values.pop("uscc")
        notes.append("统一社会信用代码一栏填的是排污许可证编号，已按许可证编号登记")
    elif text and check_reg_no(text) is None:
        values.pop("uscc")
        values.setdefault("reg_no", text)
        notes.append(f"“{text}”是 {len(text)} 位注册号，已按注册号登记")
    elif text:
        cleaned = clean_uscc(text)
        if cleaned.problem is None:
            values["uscc"] = cleaned.value
            notes += cleaned.notes
        elif permit is not None and permit.uscc:
            given_wrong = True
    has_valid = "uscc" in values and not given_wrong
    if not has_valid and permit is not None and permit.uscc:
        wrong = f"（原为“{text}”）" if text and given_wrong else ""
        values["uscc"] = permit.uscc
        problems[:] = [problem for problem in problems if problem.field != "uscc"]
        notes.append(f"统一社会信用代码由排污许可证编号补出{wrong}")


def _settle_permit(values: dict[str, FieldValue], notes: list[str]) -> Permit | None:
    text = str(values.get("permit_no", ""))
    if not text:
        return None
    parsed = parse_permit(text)
    if isinstance(parsed, CodeProblem) and (repaired := repaired_permit(text)) is not None:
        notes.append("排污许可证编号：字母 O、I 改为数字 0、1 后校验相符")
        values["permit_no"] = repaired
        parsed = parse_permit(repaired)
    return parsed if isinstance(parsed, Permit) else None
