"""检查结果填报表 as a workbook: two sheets with protected keys, and reading what came back.

Nothing is guessed here: a sheet is known by its header words (it may have been renamed), a column
that was taken away says nothing, a formula or a wrong word is named with its row.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from app.domain.fields import Choice, Field, FieldKind, FieldValue, with_choices
from app.domain.result_form import FORMAL_FIELDS, ITEM_FIELDS, LATE_FIELDS, RESULT_FIELDS
from app.errors import UserError
from app.exchange.cleaning import as_text, clean, plain_words
from app.exchange.mapping import REASON
from app.exchange.reading import open_workbook
from app.exchange.sheets import BookKind, Cell, Row, SourceBook, SourceSheet, is_blank
from app.exchange.writing import FilledForm, write_forms

__all__ = ["FormKey", "FormRow", "GivenTask", "ReadForm", "read_form", "write_form"]

_KEEP = "不要改动"
_TASK_KEYS = (
    Field(name="serial", label="序号", kind=FieldKind.CODE, width=12, hint=_KEEP),
    Field(name="target", label="检查对象", width=30, hint=_KEEP),
    Field(name="code", label="代码", kind=FieldKind.CODE, width=24, hint=_KEEP),
    Field(name="people", label="派单人员", width=16, hint=_KEEP),
    Field(name="due_on", label="完成期限", kind=FieldKind.DATE, width=13, hint=_KEEP),
)
_ITEM_KEYS = (
    Field(name="serial", label="序号", kind=FieldKind.CODE, width=12, hint=_KEEP),
    Field(name="target", label="检查对象", width=30, hint=_KEEP),
    Field(name="place", label="项次", kind=FieldKind.NUMBER, width=7, hint=_KEEP),
    Field(name="item", label="抽查事项", width=40, hint=_KEEP),
)
_MARKS = (
    Field(name="draw_no", label="抽取编号", kind=FieldKind.CODE, width=20, hint=_KEEP),
    Field(name="form_no", label="填报表号", kind=FieldKind.CODE, width=16, hint=_KEEP),
)
_REASON = Field(name="reason", label=REASON, kind=FieldKind.LONG_TEXT, width=50, hint="改好后交回")
_SHEETS = ("检查结果", "逐项检查")
_LOCKED = frozenset(each.name for each in (*_TASK_KEYS, *_ITEM_KEYS, *_MARKS, _REASON))
_NOTES = (
    "双随机检查结果填报表",
    "检查前保密：表里有还没有检查的对象，只交给负责的检查组，不外传、不公开。",
    "“检查结果”每家一行，“逐项检查”每家每项一行；白底的格子填写，灰底的不要改。",
    "没有去查的，整行留空，下次再交。不要增删行，不要用公式，不要另存为 csv。",
    "日期写成 2026-03-01，时间写成 09:40，几个人之间用顿号隔开；有下拉的请从下拉里选。",
    "填好后把整个文件交回综合科合并。合并前逐行预览，填得不对的会写明原因退回。",
)
_CLOCKS = frozenset({"arrived", "left", "scanned_at"})
_CLOCK = re.compile(r"([0-9]{1,2})[:：时点]([0-9]{1,2})(?:分|[:：][0-9]{1,2})?")
_TOP = 10
_LARGEST_FOR_FORMULAS = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTask:
    """One task of a form: its keys, what is known already; ``values`` and ``items`` are words.

    ``items``: name, outcome, note and measure of each; ``reason``: why it comes back.
    """

    form_no: str
    draw_no: str
    serial: str
    target: str
    code: str
    people: str
    due_on: datetime.date | None
    values: Mapping[str, Cell]
    items: tuple[tuple[str, Cell, Cell, Cell], ...]
    reason: str = ""


class FormKey(NamedTuple):
    """Which task of which form a row speaks of."""

    form_no: str
    draw_no: str
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One task as it came back.

    ``values``: cleaned fields whose column is there, None where the cell is empty; items as
    ``outcome:1`` …; ``raw``: the cells as they stand; ``problems``: why it cannot be taken;
    ``stray``: an item that was filled in for a task the first sheet does not have.
    """

    number: int
    sheet: str
    key: FormKey
    target: str
    values: dict[str, FieldValue] = field(default_factory=dict)
    raw: dict[str, Cell] = field(default_factory=dict)
    item_names: dict[int, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    stray: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadForm:
    """A form that came back: its rows, and what a person should know of the file as a whole."""

    rows: tuple[FormRow, ...]
    notes: tuple[str, ...]


def write_form(
    path: Path,
    tasks: Sequence[GivenTask],
    methods: Sequence[str],
    *,
    formal: bool,
    late: bool = False,
) -> None:
    """The workbook; ``methods``: the rulebook's ways of checking, ``formal``: ask for 手续 too,
    ``late``: ask for ``LATE_FIELDS``.

    Tasks with a ``reason`` carry it beside their last column.  EnvironmentFault on disk.
    """
    back = (_REASON,) if any(each.reason for each in tasks) else ()
    fields = (
        *_result_fields(methods),
        *(LATE_FIELDS if late else ()),
        *(FORMAL_FIELDS if formal else ()),
    )
    rows: list[list[Cell]] = []
    items: list[list[Cell]] = []
    for each in tasks:
        marks: list[Cell] = [each.draw_no, each.form_no]
        keys: list[Cell] = [each.serial, each.target, each.code, each.people, each.due_on]
        filled = [each.values.get(column.name) for column in fields]
        rows.append([*keys, *filled, *([each.reason] if back else []), *marks])
        for place, item in enumerate(each.items, start=1):
            items.append([each.serial, each.target, place, *item, *marks])
    write_forms(
        path,
        (
            FilledForm(_SHEETS[0], (*_TASK_KEYS, *fields, *back, *_MARKS), rows, _LOCKED, 2),
            FilledForm(_SHEETS[1], (*_ITEM_KEYS, *ITEM_FIELDS, *_MARKS), items, _LOCKED, 2),
        ),
        _NOTES,
    )


def _result_fields(methods: Sequence[str]) -> tuple[Field, ...]:
    hint = "几种之间用顿号隔开：" + "、".join(methods)
    return tuple(
        replace(each, hint=hint) if each.name == "methods" else each
        for each in with_choices(
            RESULT_FIELDS, {"methods": tuple(Choice(word, word) for word in methods)}
        )
    )


def read_form(path: Path) -> ReadForm:
    """Read a form that came back; which ways of checking there are is the reader's to judge.

    Errors: UserError for a csv, a file that is none of our forms, those of ``open_workbook``.
    """
    book = open_workbook(path)
    if book.kind in {BookKind.CSV, BookKind.HTML, BookKind.XML_2003}:
        raise UserError(
            f"“{path.name}”是{book.kind.value}，填报表的两张表只剩一张，不能合并。",
            "请检查组交回填报表原来的 xlsx 文件，不要另存为别的格式。",
        )
    fields = {each.name: each for each in (*RESULT_FIELDS, *LATE_FIELDS, *FORMAL_FIELDS)}
    main = _found(book, (*_TASK_KEYS, *_MARKS), fields.values(), "conclusion")
    items = _found(book, (*_ITEM_KEYS, *_MARKS), ITEM_FIELDS, "outcome")
    if main is None:
        raise UserError(
            f"“{path.name}”里没有检查结果填报表。",
            "请用“导出填报表”做出的文件；表头（序号、检查结论、填报表号等）不要改动。",
        )
    formulas = _formulas(path)
    notes = [*_renamed(main, _SHEETS[0])]
    rows = _rows(main, fields, formulas)
    if items is None:
        notes.append("表里没有“逐项检查”（被删去或改了表头），逐项情况不合并。")
    else:
        notes += _renamed(items, _SHEETS[1])
        rows = _with_items(rows, items, formulas)
    return ReadForm(rows=tuple(rows), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Sheet:
    sheet: SourceSheet
    top: int
    columns: dict[str, int]


def _found(
    book: SourceBook, keys: Sequence[Field], fields: Iterable[Field], telling: str
) -> _Sheet | None:
    """The sheet whose header has every key and the telling column, whatever its name."""
    needed = {each.name for each in keys if each.name in {"serial", "form_no", "draw_no"}}
    wanted = {plain_words(each.label): each.name for each in (*keys, *fields)}
    for sheet in book.sheets:
        for top, row in enumerate(sheet.rows[:_TOP]):
            columns: dict[str, int] = {}
            for at, cell in enumerate(row):
                name = wanted.get(plain_words(as_text(cell).strip().rstrip("*")))
                if name is not None:
                    columns.setdefault(name, at)
            if {*needed, telling} <= columns.keys():
                return _Sheet(sheet, top, columns)
    return None


def _renamed(found: _Sheet, name: str) -> list[str]:
    if found.sheet.name == name:
        return []
    return [f"工作表“{name}”改名成了“{found.sheet.name}”，按表头认出。"]


def _rows(
    found: _Sheet, fields: Mapping[str, Field], formulas: Mapping[str, set[tuple[int, int]]]
) -> list[FormRow]:
    rows = []
    for number, row in _filled_rows(found):
        made = _blank(number, row, found)
        wrong = _read_cells(made, (number, row, found), fields, formulas)
        rows.append(replace(made, problems=tuple(wrong)))
    return rows


def _filled_rows(found: _Sheet) -> list[tuple[int, Row]]:
    """Rows below the header with anything in them, without the row of hints."""
    rows = []
    for at, row in enumerate(found.sheet.rows[found.top + 1 :], start=found.top + 2):
        if all(is_blank(cell) for cell in row):
            continue
        if as_text(_at(row, found.columns["form_no"])).strip() == _KEEP:
            continue
        rows.append((at, row))
    return rows


def _blank(number: int, row: Row, found: _Sheet) -> FormRow:
    def text(name: str) -> str:
        return as_text(_at(row, found.columns.get(name))).strip()

    key = FormKey(text("form_no"), text("draw_no"), text("serial"))
    return FormRow(number=number, sheet=found.sheet.name, key=key, target=text("target"))


def _read_cells(
    made: FormRow,
    line: tuple[int, Row, _Sheet],
    fields: Mapping[str, Field],
    formulas: Mapping[str, set[tuple[int, int]]],
    suffix: str = "",
) -> list[str]:
    """Clean a line's cells into ``made``; gives what is wrong with them."""
    number, row, found = line
    wrong = []
    calculated = formulas.get(found.sheet.name, set())
    for name, described in fields.items():
        column = found.columns.get(name)
        if column is None:
            continue
        cell = _at(row, column)
        made.raw[name + suffix] = cell
        if (number, column) in calculated:
            wrong.append(f"“{described.label}”里是公式，请改填文字或日期")
            continue
        cleaned = clean(_clock(cell) if name in _CLOCKS else cell, described)
        if cleaned.problem:
            wrong.append(cleaned.problem)
        else:
            made.values[name + suffix] = cleaned.value or None
    return wrong


def _clock(cell: Cell) -> Cell:
    """09:40 of 9:40, 9：40, 9时40分, a spreadsheet's own time; anything else as it stands."""
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * 24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(cell, datetime.datetime):
        return f"{cell:%H:%M}"
    shape = _CLOCK.fullmatch(as_text(cell).strip())
    return f"{int(shape.group(1)):02d}:{int(shape.group(2)):02d}" if shape else cell


def _with_items(
    rows: list[FormRow], found: _Sheet, formulas: Mapping[str, set[tuple[int, int]]]
) -> list[FormRow]:
    """The items' rows put to the tasks they belong to; what was filled in for none comes last."""
    by_key = {row.key: row for row in reversed(rows)}
    wrong: dict[FormKey, list[str]] = defaultdict(list)
    stray: dict[FormKey, FormRow] = {}
    fields = {each.name: each for each in ITEM_FIELDS}
    for number, row in _filled_rows(found):
        line = _blank(number, row, found)
        task, place = by_key.get(line.key), _place(_at(row, found.columns.get("place")))
        if task is None or not place:
            if any(not is_blank(_at(row, found.columns.get(name))) for name in fields):
                words = "“逐项检查”里填了，“检查结果”里却没有这项任务的一行"
                stray.setdefault(line.key, replace(line, problems=(words,), stray=True))
        elif place in task.item_names:
            wrong[task.key].append(f"“逐项检查”第 {number} 行与前面的第 {place} 项重复")
        else:
            task.item_names[place] = as_text(_at(row, found.columns.get("item"))).strip()
            said = _read_cells(task, (number, row, found), fields, formulas, f":{place}")
            wrong[task.key] += [f"逐项第 {place} 项：{words}" for words in said]
    merged = [
        replace(row, problems=(*row.problems, *wrong[row.key])) if by_key[row.key] is row else row
        for row in rows
    ]
    return [*merged, *stray.values()]


def _place(cell: Cell) -> int:
    text = as_text(cell).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def _at(row: Row, column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else None


def _formulas(path: Path) -> dict[str, set[tuple[int, int]]]:
    """(row from 1, column from 0) of the formulas of each sheet; only xlsx tells them."""
    import openpyxl

    data = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)) or len(data) > _LARGEST_FOR_FORMULAS:
        return {}
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    except Exception:  # calamine has read it; what openpyxl cannot has no formulas
        return {}
    found: dict[str, set[tuple[int, int]]] = {}
    try:
        for sheet in book.worksheets:
            found[sheet.title] = {
                (at, column)
                for at, row in enumerate(sheet.iter_rows(), start=1)
                for column, cell in enumerate(row)
                if cell.data_type == "f"
            }
    finally:
        book.close()
    return found
