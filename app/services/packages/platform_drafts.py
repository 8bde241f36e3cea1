"""A platform's blank form mapped to our records: proposed, corrected, tried, kept as an own format.

::

    template = platform_drafts.open_template(path)          # any thread, no database
    samples = workspace.write(platform_drafts.samples, None)   # reads only
    draft = platform_drafts.propose(template, samples)
    draft = platform_drafts.with_column(draft, 0, replace(column, field="联系电话"))
    platform_drafts.trial(draft, 0, samples).rows           # as they will come out
    workspace.write(platforms.save, platform_drafts.command_of(draft, ...))
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.db.unit_of_work import UnitOfWork
from app.domain.fields import Choice, Field, FieldKind, with_choices
from app.domain.inspection import Conclusion
from app.domain.outgoing import RECORDS, Mend, RecordKind, record_kind
from app.domain.platform import (
    DateStyle,
    NumberStyle,
    Platform,
    PlatformColumn,
    PlatformSheet,
    RowPlace,
    check_row,
)
from app.errors import UserError
from app.exchange.cleaning import plain_words
from app.exchange.mapping import map_at
from app.exchange.sheets import Cell, Progress
from app.exchange.templates import (
    BlankTemplate,
    TemplateColumn,
    TemplateSheet,
    read_again,
    read_template,
    sheet_at,
)
from app.exchange.writing import Table
from app.models import Draw, DrawState
from app.paths import WorkspaceFolder
from app.services import rulebooks
from app.services.directories.directory import category_choices
from app.services.packages import exporting, outgoing, platforms
from app.services.packages.platforms import SavePlatform

__all__ = [
    "BlankTemplate",
    "ColumnDraft",
    "Draft",
    "Sample",
    "SheetDraft",
    "TemplateColumn",
    "TemplateSheet",
    "Trial",
    "command_of",
    "first_rows",
    "open_template",
    "platform_of",
    "propose",
    "proposed_codes",
    "reopened",
    "samples",
    "trial",
    "with_column",
    "with_field",
    "with_record",
    "with_rows",
]

_SHOWN = 3
_MOST_WORDS = 60
_LONG_ENOUGH = 2  # signs of a word that may stand inside another
_FEWEST = 2  # columns that must fit before a sheet is taken for a kind of record
_SERIAL = re.compile(r"序号|编号序|No\.?|顺序号", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDraft:
    """What fills one column of the form: a column of ours, fixed words, a running number, or
    nothing; ``codes``: our word → the platform's."""

    asked: TemplateColumn
    field: str = ""
    constant: str = ""
    serial: bool = False
    required: bool = False
    longest: int = 0
    dates: DateStyle | None = None
    codes: tuple[tuple[str, str], ...] = ()

    @property
    def filled(self) -> bool:
        """Whether anything comes into it."""
        return bool(self.field or self.constant or self.serial)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDraft:
    """One sheet of the form; ``record`` “”: it stays as it is."""

    sheet: TemplateSheet
    record: str = ""
    columns: tuple[ColumnDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The whole form; hidden sheets stay as they are and are not among ``sheets``."""

    template: BlankTemplate
    sheets: tuple[SheetDraft, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A kind of record as the workspace has it: its columns, the words of those that have few,
    its rows."""

    kind: RecordKind
    fields: tuple[Field, ...]
    table: Table
    words: Mapping[str, tuple[str, ...]]

    def translatable(self, label: str, options: Sequence[str]) -> bool:
        """Whether a column has words that a platform may call otherwise."""
        field = next((each for each in self.fields if each.label == label), None)
        closed = field is not None and bool(field.choices or field.kind is FieldKind.BOOL)
        return bool(options) or closed or label in _CONCLUDING


@dataclass(frozen=True, slots=True)
class Trial:
    """Rows as they will come out, and what of all rows would have to be mended first."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mends: tuple[Mend, ...]
    count: int


# --- what there is ------------------------------------------------------------------------------


def open_template(path: Path, progress: Progress | None = None) -> BlankTemplate:
    """Read a platform's blank form; UserError with a sentence for anything else."""
    return read_template(path, progress)


def samples(uow: UnitOfWork, _command: None) -> dict[str, Sample]:
    """Every kind of record with what of it is there now; nothing is written."""
    rulebook = rulebooks.of_unit(uow.session.connection())
    # A package says a category in the regulation's own words.
    categories = tuple(
        Choice(category.code, category.label, (usual.label, *usual.synonyms))
        for category, usual in zip(rulebook.categories, category_choices(rulebook), strict=True)
    )
    period = uow.session.scalar(
        select(Draw.period)
        .where(Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False))
        .order_by(Draw.seq.desc())
        .limit(1)
    )
    found = {}
    for kind in RECORDS:
        try:
            table = exporting.records(uow, kind.id, period)
        except UserError:
            table = Table("", (), ())
        fields = with_choices(kind.fields, {"category": categories, "categories": categories})
        words = {each.label: _words(each, table) for each in fields}
        found[kind.id] = Sample(kind, fields, table, {k: v for k, v in words.items() if v})
    return found


_CONCLUDING = frozenset({"结论", "检查结果"})
_CONCLUSIONS = tuple(each.label for each in Conclusion)


def _words(field: Field, table: Table) -> tuple[str, ...]:
    """The words a column may hold, where they are few: its list, and what stands there now."""
    if field.kind is FieldKind.BOOL:
        return ("是", "否")
    if field.kind in {FieldKind.DATE, FieldKind.NUMBER, FieldKind.LONG_TEXT, FieldKind.CODE}:
        return ()
    words = dict.fromkeys(choice.label for choice in field.choices)
    if field.label in _CONCLUDING:
        words |= dict.fromkeys(_CONCLUSIONS)
    at = next((i for i, each in enumerate(table.columns) if each.title == field.label), -1)
    seen: dict[str, None] = {}
    for row in table.rows if at >= 0 else ():
        text = row[at]
        if isinstance(text, str) and text:
            parts = text.split("、") if field.kind is FieldKind.LIST else (text,)
            seen |= dict.fromkeys(parts)
    if len(seen) > _MOST_WORDS:
        seen = {}
    return tuple(words | seen)


# --- proposing ----------------------------------------------------------------------------------


def propose(template: BlankTemplate, known: Mapping[str, Sample]) -> Draft:
    """What each sheet is and what fills its columns, as their words and drop-downs say."""
    sheets = tuple(
        _proposed(template, sheet, known)
        for sheet in template.sheets
        if not sheet.hidden and sheet.columns
    )
    return Draft(template=template, sheets=sheets)


def _proposed(
    template: BlankTemplate, sheet: TemplateSheet, known: Mapping[str, Sample]
) -> SheetDraft:
    weights = {}
    for record, sample in known.items():
        matched = _matched(template, sheet, sample)
        named = any(word in sheet.name + template.file for word in _NAMED[record])
        enough = len(matched) >= _FEWEST and len(matched) * 4 >= len(sheet.columns)
        weights[record] = (len(matched) + 1.5 * named) if enough else 0.0
    best = max(weights, key=lambda record: weights[record])
    return _as(template, sheet, best if weights[best] else "", known)


_NAMED = {
    "targets": ("检查对象", "对象名录", "市场主体", "企业名录", "对象库"),
    "inspectors": ("人员",),
    "items": ("事项",),
    "plans": ("计划",),
    "draws": ("抽取",),
    "assignments": ("任务", "派单"),
    "results": ("结果",),
    "rectifications": ("整改",),
    "publications": ("公示",),
    "reports": ("报表", "统计", "汇总"),
}


def _matched(template: BlankTemplate, sheet: TemplateSheet, sample: Sample) -> dict[int, Field]:
    source = next(each for each in template.book.sheets if each.name == sheet.name)
    height = sheet.header_row - sheet.header_top + 1
    mapping = map_at(source, 0, sheet.header_top - 1, height, sample.fields)
    by_name = {field.name: field for field in sample.fields}
    return {each.column + 1: by_name[each.field] for each in mapping.columns if each.field}


def _as(
    template: BlankTemplate, sheet: TemplateSheet, record: str, known: Mapping[str, Sample]
) -> SheetDraft:
    """The sheet taken for one kind of record."""
    sample = known.get(record)
    matched = _matched(template, sheet, sample) if sample else {}
    columns = []
    for asked in sheet.columns:
        made = ColumnDraft(
            asked=asked, required=asked.required, longest=asked.longest, dates=asked.dates
        )
        field = matched.get(asked.at)
        if sample is not None and field is not None:
            made = with_field(made, field.label, sample)
        elif sample is not None and _SERIAL.fullmatch(asked.header.split(" / ")[-1]):
            made = replace(made, serial=True)
        columns.append(made)
    return SheetDraft(sheet=sheet, record=record, columns=tuple(columns))


def with_field(column: ColumnDraft, label: str, sample: Sample) -> ColumnDraft:
    """The column filled from one of ours, with the words translated as its drop-down says."""
    codes = proposed_codes(label, column.asked.options, sample) if label else ()
    return replace(column, field=label, constant="", serial=False, codes=codes)


def proposed_codes(
    label: str, options: Sequence[str], sample: Sample
) -> tuple[tuple[str, str], ...]:
    """Our word → one of the platform's, for every word of a closed list; “” where none fits."""
    words = sample.words.get(label, ())
    if not options:
        return ()
    field = next((each for each in sample.fields if each.label == label), None)
    choices = {choice.label: choice for choice in field.choices} if field else {}
    made = []
    for word in words:
        choice = choices.get(word, Choice(word, word))
        made.append((word, _best_option(choice, options)))
    return tuple(made)


_YES_NO = {
    "是": ("是", "1", "Y", "YES", "有", "T", "TRUE", "√", "对", "可", "能"),
    "否": ("否", "0", "N", "NO", "无", "F", "FALSE", "×", "不", "不是", "2"),
}
_NUMBERED = re.compile(r"^[0-9A-Za-z]{1,4}[-.、:：_ ]+|[(（][0-9A-Za-z]{1,4}[)）]$")


def _best_option(choice: Choice, options: Sequence[str]) -> str:
    plain = {plain_words(_NUMBERED.sub("", option)): option for option in reversed(options)}
    plain |= {plain_words(option): option for option in reversed(options)}
    words = (choice.label, *choice.synonyms)
    for word in _YES_NO.get(choice.label, words):
        if plain_words(word) in plain:
            return plain[plain_words(word)]
    if len(choice.label) < _LONG_ENOUGH:
        return ""
    label = plain_words(choice.label)
    inside = [option for word, option in plain.items() if label in word]
    parts = [option for word, option in plain.items() if len(word) > 1 and word in label]
    for found in (inside, parts):
        if len(set(found)) == 1:
            return found[0]
    return ""


# --- correcting ---------------------------------------------------------------------------------


def with_record(draft: Draft, at: int, record: str, known: Mapping[str, Sample]) -> Draft:
    """A sheet taken for another kind of record (“”: it stays as it is), its columns proposed
    anew."""
    changed = _as(draft.template, draft.sheets[at].sheet, record, known)
    return _with_sheet(draft, at, changed)


def with_rows(
    draft: Draft, at: int, header: tuple[int, int], first_row: int, known: Mapping[str, Sample]
) -> Draft:
    """A sheet whose header and first row a person points at; UserError if there is none."""
    old = draft.sheets[at]
    sheet = sheet_at(draft.template, old.sheet.name, header, first_row)
    if header == (old.sheet.header_top, old.sheet.header_row):
        return _with_sheet(draft, at, replace(old, sheet=sheet))
    return _with_sheet(draft, at, _as(draft.template, sheet, old.record, known))


def with_column(draft: Draft, at: int, column: ColumnDraft) -> Draft:
    """One column of a sheet changed."""
    sheet = draft.sheets[at]
    columns = tuple(column if each.asked.at == column.asked.at else each for each in sheet.columns)
    return _with_sheet(draft, at, replace(sheet, columns=columns))


def _with_sheet(draft: Draft, at: int, sheet: SheetDraft) -> Draft:
    sheets = tuple(sheet if place == at else each for place, each in enumerate(draft.sheets))
    return replace(draft, sheets=sheets)


# --- trying and keeping -------------------------------------------------------------------------


def platform_of(draft: Draft, identity: str, name: str, note: str = "") -> Platform:
    """The draft as a format. UserError if nothing of it is filled."""
    codes: dict[str, dict[str, str]] = {}
    sheets = []
    for each in draft.sheets:
        kind = record_kind(each.record)
        if kind is not None and any(column.filled for column in each.columns):
            sheets.append(_sheet(draft, each, kind, codes))
    if not sheets:
        raise UserError("还没有一列对应上。", "请至少给一张表选内容，并对应它的列。")
    return Platform(
        id=identity,
        name=name.strip(),
        note=note.strip() or f"按平台的空白模板“{draft.template.file}”对应。",
        version="1",
        dates=DateStyle.DASHES,
        numbers=NumberStyle.NUMBER,
        codes=codes,
        sheets=tuple(sheets),
    )


def _sheet(
    draft: Draft, each: SheetDraft, kind: RecordKind, codes: dict[str, dict[str, str]]
) -> PlatformSheet:
    sheet, columns = each.sheet, []
    for column in each.columns:
        if not column.filled:
            continue
        words = _code_list(column)
        name = f"{sheet.name} {column.asked.header}" if words else ""
        if words:
            codes[name] = words
        columns.append(
            PlatformColumn(
                header=column.asked.header,
                field=column.field,
                constant=column.constant,
                serial=column.serial,
                required=column.required,
                longest=column.longest,
                codes=name,
                dates=column.dates,
                at=column.asked.at,
            )
        )
    return PlatformSheet(
        record=kind,
        file=draft.template.file,
        sheet=sheet.name,
        title="",
        header_row=sheet.header_row,
        first_row=sheet.first_row,
        columns=tuple(columns),
        header_top=sheet.header_top,
        foot_row=sheet.foot_row,
    )


def _code_list(column: ColumnDraft) -> dict[str, str]:
    """Our words with the platform's; what else its drop-down offers stands for itself."""
    if not column.field:
        return {}
    words = {ours: theirs for ours, theirs in column.codes if theirs}
    return words | {each: each for each in column.asked.options if each not in words}


def first_rows(draft: Draft, at: int, known: Mapping[str, Sample]) -> Trial:
    """The first rows of a sheet as they will come out; quick, nothing is checked."""
    sample = known.get(draft.sheets[at].record)
    if sample is None:
        return Trial((), (), (), 0)
    few = replace(sample, table=replace(sample.table, rows=sample.table.rows[:_SHOWN]))
    made = trial(draft, at, {sample.kind.id: few})
    return replace(made, mends=(), count=len(sample.table.rows))


def trial(draft: Draft, at: int, known: Mapping[str, Sample]) -> Trial:
    """The first rows of a sheet as they will come out, and what of all rows would have to be
    mended."""
    sheet = draft.sheets[at]
    sample = known.get(sheet.record)
    if sample is None or not any(column.filled for column in sheet.columns):
        return Trial((), (), (), 0)
    platform = platform_of(replace(draft, sheets=(sheet,)), "trial", "试填")
    described = platform.sheets[0]
    shaped = outgoing.shape(platform, described, sample.table).table
    mends: list[Mend] = []
    for line, row in enumerate(shaped.rows, start=described.first_row):
        place = RowPlace(
            sheet=described.sheet, line=line, key="", label=outgoing.label_of(shaped, row)
        )
        mends += check_row(platform, described, place, row)
    first = outgoing.numbered(described, replace(shaped, rows=shaped.rows[:_SHOWN]))
    return Trial(
        tuple(column.header for column in described.columns),
        tuple(tuple(_shown(cell) for cell in row) for row in first.rows),
        tuple(mends),
        len(shaped.rows),
    )


def _shown(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    return "" if cell is None else str(cell)


def command_of(
    draft: Draft,
    identity: str,
    name: str,
    into: Platform | None = None,
    source: Path | None = None,
) -> SavePlatform:
    """What to save: a new own format, or one more form (or the same anew) of an own one.

    ``source``: the file the template was read from just now, for the register of what came in.
    """
    made = platform_of(draft, identity, name)
    if into is not None:
        kept = [each for each in into.sheets if each.file != draft.template.file]
        lists = {each.codes for sheet in kept for each in sheet.columns if each.codes}
        codes = {key: words for key, words in into.codes.items() if key in lists} | dict(made.codes)
        made = replace(
            into, name=name.strip() or into.name, codes=codes, sheets=(*kept, *made.sheets)
        )
    return SavePlatform(
        platform=made,
        templates={draft.template.file: draft.template.data},
        replaces=into is not None,
        source=source,
    )


def reopened(
    folder: WorkspaceFolder, platform: Platform, file: str, known: Mapping[str, Sample]
) -> Draft:
    """The draft of a form that was kept, to be changed. UserError if its template is gone."""
    sheets = [each for each in platform.sheets if each.file == file and each.template]
    if not sheets:
        raise UserError(
            f"“{platform.name}”的“{file}”不是用空白模板对应的。",
            "请直接修改它的格式文件，或用空白模板新建一个。",
        )
    template = read_again(file, platforms.template_of(folder, platform, sheets[0]))
    draft = propose(template, known)
    by_name = {each.sheet: each for each in sheets}
    made = []
    for each in draft.sheets:
        kept = by_name.get(each.sheet.name)
        if kept is None:
            made.append(_as(template, each.sheet, "", known))
            continue
        place = (kept.header_top, kept.header_row)
        sheet = replace(
            sheet_at(template, kept.sheet, place, kept.first_row), foot_row=kept.foot_row
        )
        plain = _as(template, sheet, kept.record.id, known)
        made.append(_as_kept(plain, kept, platform))
    return replace(draft, sheets=tuple(made))


def _as_kept(draft: SheetDraft, kept: PlatformSheet, platform: Platform) -> SheetDraft:
    by_place = {each.at: each for each in kept.columns}
    columns = []
    for each in draft.columns:
        column = by_place.get(each.asked.at)
        if column is None:
            columns.append(replace(each, field="", constant="", serial=False, codes=()))
            continue
        words = dict(platform.codes.get(column.codes, {}))
        proposed = dict(each.codes) if each.field == column.field else {}
        ours = {ours: words.get(ours, "") for ours in proposed} | {
            ours: theirs for ours, theirs in words.items() if ours not in each.asked.options
        }
        columns.append(
            replace(
                each,
                field=column.field,
                constant=column.constant,
                serial=column.serial,
                required=column.required,
                longest=column.longest,
                dates=column.dates,
                codes=tuple(ours.items()),
            )
        )
    return replace(draft, columns=tuple(columns))
