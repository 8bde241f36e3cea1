"""Results as they are offered by a file: a form that came back, or another installation's package.

Both become the same: for each task what it said when it was given out, and what it says now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.db.read import results
from app.db.read.results import ResultForm as TaskForm
from app.domain.fields import FieldValue
from app.domain.received import FileKind
from app.domain.result_entry import ItemEntry, ResultEntry
from app.domain.result_form import Values, item_field, values_of
from app.errors import EnvironmentFault, UserError
from app.exchange import result_forms as workbook
from app.exchange.bag_reading import Bag, is_package, open_bag
from app.exchange.result_forms import FormRow
from app.models import Assignment, Draw, DrawState, ResultForm, Target
from app.services import packing, rulebooks
from app.services.intake import result_records
from app.services.intake.result_people import People
from app.services.intake.result_records import RecordedFile, RecordedTask
from app.services.workspace import read_unit

__all__ = ["Offer", "Offered", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One task as a file offers it; ``form``: as it stands here, None if it is no task of ours.

    ``base``: as it was given out (None: nobody knows); ``problems``: why it cannot be taken;
    ``row``: the line of a form, to be given back.
    """

    place: str
    number: int
    draw_no: str
    serial: str
    name: str
    form: TaskForm | None
    ours: Values = field(default_factory=dict)
    base: Values | None = None
    theirs: Values = field(default_factory=dict)
    people: tuple[int, ...] = ()
    files: tuple[RecordedFile, ...] = ()
    problems: tuple[str, ...] = ()
    row: FormRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A file that was read; ``digest``: the tag manifest of a package; ``source``: whose it is."""

    kind: FileKind
    path: Path
    sha256: str
    digest: str
    source: str
    offers: tuple[Offer, ...]
    notes: tuple[str, ...]
    bag: Bag | None = None


def read(connection: Connection, path: Path, passphrase: str = "") -> Offered:
    """Read a form or a package.

    Errors: UserError (no such file, neither of the two, damaged, changed on the way, locked,
    another unit's or a public package), EnvironmentFault where it cannot be read.
    """
    if not path.is_file():
        raise UserError(f"找不到文件“{path}”。", "请确认文件还在原处，U 盘没有拔出。")
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EnvironmentFault(
            f"读不了“{path.name}”。", "请先关闭正在打开它的程序，或把它复制到桌面后再试。"
        ) from error
    if is_package(path):
        return _of_package(connection, open_bag(path, passphrase), sha256)
    return _of_form(connection, path, sha256)


# --- a form -----------------------------------------------------------------------------------


def _of_form(connection: Connection, path: Path, sha256: str) -> Offered:
    found = workbook.read_form(path)
    given = _Given(connection)
    people = People(connection)
    methods = rulebooks.of_unit(connection).check_methods.value
    offers: list[Offer] = []
    seen: dict[int, int] = {}
    for row in found.rows:
        if row.stray:
            offers.append(_rejected(row, *row.problems))
            continue
        offer = _form_offer(connection, given, people, row)
        strange = _strange(offer, methods)
        if strange:
            offer = replace(offer, problems=(*offer.problems, strange))
        if offer.form is not None and row.key.form_no:
            first = seen.setdefault(offer.form.task.id, row.number)
            if first != row.number and not row.problems:
                offer = _rejected(row, f"与第 {first} 行是同一项任务")
        offers.append(offer)
    notes = [*found.notes, *given.missing(seen)]
    titles = "、".join(dict.fromkeys(each.title for each in given.used.values()))
    return Offered(
        kind=FileKind.RESULT_FORM,
        path=path,
        sha256=sha256,
        digest="",
        source=titles,
        offers=tuple(offers),
        notes=tuple(notes),
    )


def _strange(offer: Offer, methods: Sequence[str]) -> str:
    """A way of checking the rulebook does not know; one that was typed here before may stay."""
    given, known = offer.theirs.get("methods"), offer.ours.get("methods") or ()
    if not isinstance(given, tuple) or not isinstance(known, tuple):
        return ""
    odd = [each for each in given if each not in (*methods, *known)]
    return f"检查方式“{odd[0]}”不认识，请选：{'、'.join(methods)}" if odd else ""


@dataclass(frozen=True, slots=True)
class _Form:
    title: str
    tasks: Mapping[str, dict[str, Any]]


class _Given:
    """Forms that were given out, looked up once each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.used: dict[str, _Form] = {}
        self._serials = {
            row.id: (row.no, row.serial)
            for row in connection.execute(
                select(Assignment.id, Draw.no, Assignment.serial).join(
                    Draw, Draw.id == Assignment.draw_id
                )
            )
        }

    def form(self, number: str) -> _Form | None:
        if number not in self.used:
            row = self._connection.execute(
                select(ResultForm.title, ResultForm.tasks).where(ResultForm.no == number)
            ).first()
            if row is None:
                return None
            self.used[number] = _Form(row.title, row.tasks)
        return self.used[number]

    def task(self, form: _Form, draw_no: str, serial: str) -> int | None:
        return next(
            (int(each) for each in form.tasks if self._serials.get(int(each)) == (draw_no, serial)),
            None,
        )

    def missing(self, seen: Iterable[int]) -> list[str]:
        """What was given out and is no longer in the file."""
        there = set(seen)
        gone = [
            self._serials[int(each)][1]
            for form in self.used.values()
            for each in form.tasks
            if int(each) not in there and int(each) in self._serials
        ]
        if not gone:
            return []
        return [f"表里少了 {len(gone)} 行（{'、'.join(gone[:8])}），这几家不改动。"]


def _rejected(row: FormRow, *problems: str) -> Offer:
    return Offer(
        place=f"“{row.sheet}”第 {row.number} 行",
        number=row.number,
        draw_no=row.key.draw_no,
        serial=row.key.serial,
        name=row.target,
        form=None,
        problems=problems,
        row=row,
    )


def _form_offer(connection: Connection, given: _Given, people: People, row: FormRow) -> Offer:
    number = row.key.form_no
    if not number:
        return _rejected(row, "填报表号空着：这一行是后来加的，不是派给的任务")
    form = given.form(number)
    if form is None:
        return _rejected(row, f"没有登记过填报表 {number}：不是从这个工作区导出的")
    ident = given.task(form, row.key.draw_no, row.key.serial)
    if ident is None:
        where = f"{row.key.draw_no} {row.key.serial}".strip()
        return _rejected(row, f"“{where}”不是填报表 {number} 里的任务")
    try:
        task = results.form(connection, ident)
    except UserError:
        return _rejected(row, f"{row.key.serial} 已不在派单里（已更换或抽取已作废）")
    if row.target and row.target != task.task.shown_name:
        # Who it should be is secret before the inspection, and this is read on the screen.
        return _rejected(row, f"检查对象与序号 {row.key.serial} 对不上，可能错行，没有读取")
    problems = [*row.problems, *_item_problems(row, task.entry.items)]
    base = _base(form.tasks[str(ident)], people)
    theirs = _filled(base, row.values)
    ids, unknown = _people(people, theirs)
    if unknown:
        problems.append(unknown)
    elif ids:
        theirs["inspectors"] = people.words(ids)
    return Offer(
        place=f"第 {row.number} 行",
        number=row.number,
        draw_no=task.task.draw_no,
        serial=task.task.serial,
        name=task.task.shown_name,
        form=task,
        ours=values_of(task.entry, people.words(task.entry.inspector_ids)),
        base=base,
        theirs=theirs,
        people=ids,
        problems=tuple(problems),
        row=row,
    )


def _base(packed: dict[str, Any], people: People) -> dict[str, FieldValue]:
    entry = packing.unpack(packed, ResultEntry)
    return values_of(entry, people.words(entry.inspector_ids))


def _filled(base: Values, came: Values) -> dict[str, FieldValue]:
    """What was given out with the cells that are there in its place."""
    found = {name: value for name, value in base.items() if name not in came}
    return found | {name: value for name, value in came.items() if value}


def _people(people: People, values: Values) -> tuple[tuple[int, ...], str]:
    words = values.get("inspectors")
    return people.find(words) if isinstance(words, tuple) else ((), "")


def _item_problems(row: FormRow, items: Sequence[ItemEntry]) -> list[str]:
    found = []
    for place, name in row.item_names.items():
        if place > len(items):
            found.append(f"逐项没有第 {place} 项")
        elif name and name != items[place - 1].name:
            own = items[place - 1].name
            found.append(f"逐项第 {place} 项应是“{own}”，表里写的是“{name}”，可能错行")
    return found


# --- a package --------------------------------------------------------------------------------


def _of_package(connection: Connection, bag: Bag, sha256: str) -> Offered:
    bag.refuse_foreign(read_unit(connection).code)
    info = bag.info
    if info.get("Edition") != "sealed" or result_records.NAME not in bag.names:
        raise UserError(
            f"“{bag.path.name}”里没有可以合并的检查结果。",
            "请对方在“公示与上报”里，内容选检查结果、版本选密封版，重新导出。",
        )
    records = result_records.unpack(bag.read(result_records.NAME), bag.path.name)
    people, tasks = People(connection), _Tasks(connection)
    return Offered(
        kind=FileKind.RESULT_PACKAGE,
        path=bag.path,
        sha256=sha256,
        digest=bag.tagmanifest,
        source=info.get("Source-Organization", ""),
        offers=tuple(
            _package_offer(connection, tasks, people, record, number)
            for number, record in enumerate(records, start=1)
        ),
        notes=(),
        bag=bag,
    )


class _Tasks:
    """Our tasks by draw and serial, with what tells one draw from another of its number."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(
            select(
                Assignment.id,
                Assignment.serial,
                Draw.no,
                Draw.state,
                Draw.result_hash,
                Target.ident,
            )
            .join(Draw, Draw.id == Assignment.draw_id)
            .join(Target, Target.id == Assignment.target_id)
            .where(Draw.rehearsal.is_(False))
        ).all()
        self._rows = {(row.no, row.serial): row for row in rows}
        self._draws = {row.no: row for row in rows}

    def find(self, record: RecordedTask) -> tuple[int | None, str]:
        draw = self._draws.get(record.draw)
        if draw is None:
            return None, f"本机没有编号为 {record.draw} 的抽取"
        if (draw.result_hash or "") != record.result_hash:
            return None, f"{record.draw} 的结果摘要 F 与本机的不同：不是同一次抽取"
        if draw.state is not DrawState.CLOSED:
            return None, f"{record.draw} 已作废，它的任务不再录入"
        row = self._rows.get((record.draw, record.serial))
        if row is None:
            return None, f"{record.draw} 里没有序号为 {record.serial} 的任务"
        if row.ident != record.target:
            return None, f"{record.serial} 的检查对象与本机的不同"
        return row.id, ""


def _package_offer(
    connection: Connection, tasks: _Tasks, people: People, record: RecordedTask, number: int
) -> Offer:
    ident, why = tasks.find(record)
    form = None
    if ident is not None:
        try:
            form = results.form(connection, ident)
        except UserError:
            why = f"{record.serial} 已不在派单里（已更换）"
    problems = [why] if why else list(record.problems)
    theirs: dict[str, FieldValue] = dict(record.values)
    ids, unknown = people.find(record.people)
    if unknown and form is not None:
        problems.append(unknown)
    if form is not None:
        said, wrong = _items(record, form.entry.items)
        theirs |= {**said, "inspectors": people.words(ids)}
        problems += wrong
    ours = values_of(form.entry, people.words(form.entry.inspector_ids)) if form else {}
    fresh = form is not None and form.task.result_id is None
    return Offer(
        place=f"第 {number} 份",
        number=number,
        draw_no=record.draw,
        serial=record.serial,
        name=form.task.shown_name if form else record.name,
        form=form,
        ours=ours,
        base=ours if fresh else None,
        theirs={**ours, **theirs} if fresh else theirs,
        people=ids,
        files=record.files,
        problems=tuple(problems),
    )


def _items(
    record: RecordedTask, items: Sequence[ItemEntry]
) -> tuple[dict[str, FieldValue], list[str]]:
    places = {item.name: place for place, item in enumerate(items, start=1)}
    found: dict[str, FieldValue] = {}
    wrong = []
    for each in record.items:
        place = places.get(each.name)
        if place is None:
            if each.outcome:
                wrong.append(f"“{each.name}”不是本机这项任务的检查事项")
            continue
        for name in ("outcome", "note", "measure"):
            found[item_field(name, place)] = getattr(each, name)
    return {name: value for name, value in found.items() if value}, wrong
