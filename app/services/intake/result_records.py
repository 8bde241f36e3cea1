"""results.json: results as another installation of the unit takes them in, exactly.

The spreadsheets of a package are for people; this is the same for the program.  The approval is
not in it: the section that merges keeps its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.db.read import results
from app.db.read.tasks import TaskRow
from app.domain.fields import FieldKind, FieldValue
from app.domain.result_form import FORMAL_FIELDS, LATE_FIELDS, RESULT_FIELDS, values_of
from app.errors import UserError
from app.exchange.cleaning import clean
from app.models import Draw, InspectionItem, Target
from app.services.intake.result_people import People

__all__ = ["FORMAT", "NAME", "RecordedFile", "RecordedItem", "RecordedTask", "pack", "unpack"]

NAME = "results.json"
FORMAT = "suicha-results-1"
_FIELDS = {each.name: each for each in (*RESULT_FIELDS, *LATE_FIELDS, *FORMAL_FIELDS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedItem:
    """逐项: the item's code and name, what was ticked, what was noted, what was done."""

    code: str
    name: str
    outcome: str
    note: str
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """An attachment: its name, hash, and where it lies in the package."""

    name: str
    sha256: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTask:
    """One result: which draw (by its F), which task, which target; ``people``: their numbers."""

    draw: str
    result_hash: str
    serial: str
    target: str
    name: str
    values: Mapping[str, FieldValue]
    people: tuple[str, ...]
    items: tuple[RecordedItem, ...]
    files: tuple[RecordedFile, ...]
    problems: tuple[str, ...] = ()


def pack(
    connection: Connection,
    tasks: Sequence[TaskRow],
    code: str,
    files: Mapping[int, Sequence[RecordedFile]],
) -> bytes:
    """The bytes for a package; ``files``: those it carries by assignment id."""
    people = People(connection)
    hashes = {
        row.id: row.result_hash for row in connection.execute(select(Draw.id, Draw.result_hash))
    }
    idents = {row.id: row.ident for row in connection.execute(select(Target.id, Target.ident))}
    codes = {
        row.id: row.code
        for row in connection.execute(select(InspectionItem.id, InspectionItem.code))
    }
    body = []
    for task in tasks:
        entry = results.form(connection, task.id).entry
        values = values_of(entry, ())
        body.append(
            {
                "draw": task.draw_no,
                "result_hash": hashes[task.draw_id] or "",
                "serial": task.serial,
                "target": idents[task.target_id],
                "name": task.shown_name,
                "people": people.numbers(entry.inspector_ids),
                "values": {
                    name: _plain(value) for name, value in values.items() if name in _FIELDS
                },
                "items": [
                    {
                        "code": codes[each.item_id],
                        "name": each.name,
                        "outcome": each.outcome.value if each.outcome else "",
                        "note": each.note,
                        "measure": each.measure,
                    }
                    for each in entry.items
                ],
                "files": [
                    {"name": each.name, "sha256": each.sha256, "path": each.path}
                    for each in files.get(task.id, ())
                ],
            }
        )
    text = json.dumps({"format": FORMAT, "unit": code, "tasks": body}, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _plain(value: FieldValue) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def unpack(data: bytes, file_name: str) -> tuple[RecordedTask, ...]:
    """The records of a package; UserError if they are not of this form."""
    try:
        body = json.loads(data)
        if body["format"] != FORMAT:
            raise UserError(
                f"“{file_name}”的结果是另一个版本的写法（{body['format']}）。",
                "请双方用同一版本的随查后重新导出。",
            )
        return tuple(_task(each) for each in body["tasks"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"“{file_name}”里的 {NAME} 读不懂，没有读取。", "请对方用随查重新导出。"
        ) from error


def _task(each: dict[str, Any]) -> RecordedTask:
    values: dict[str, FieldValue] = {}
    problems = []
    for name, value in each["values"].items():
        field = _FIELDS.get(name)
        if field is None:
            continue
        cell = "、".join(map(_text, value)) if field.kind is FieldKind.LIST else value
        if not isinstance(cell, str | int | bool):
            raise TypeError(name)
        cleaned = clean(cell, field)
        if cleaned.problem:
            problems.append(cleaned.problem)
        elif cleaned.value:
            values[name] = cleaned.value
    return RecordedTask(
        draw=_text(each["draw"]),
        result_hash=_text(each["result_hash"]),
        serial=_text(each["serial"]),
        target=_text(each["target"]),
        name=_text(each["name"]),
        values=values,
        people=tuple(map(_text, each["people"])),
        items=tuple(
            RecordedItem(
                code=_text(item["code"]),
                name=_text(item["name"]),
                outcome=_outcome(item["outcome"]),
                note=_text(item["note"]),
                measure=_text(item.get("measure", "")),
            )
            for item in _dicts(each["items"])
        ),
        files=tuple(
            RecordedFile(
                name=_text(file["name"]), sha256=_text(file["sha256"]), path=_text(file["path"])
            )
            for file in _dicts(each["files"])
        ),
        problems=tuple(problems),
    )


def _dicts(found: Any) -> Iterable[dict[str, Any]]:
    if not isinstance(found, list):
        raise TypeError("a list was expected")
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return value


def _outcome(value: Any) -> str:
    if value not in {"", "ok", "problem", "na"}:
        raise ValueError(value)
    return _text(value)
