"""合并检查结果: a squad's form or another installation's package, previewed task by task.

::

    seen = workspace.read(merging.preview, MergeResults(path=path, today=today))
    done = workspace.write(merging.apply, MergeResults(path=path, sha256=seen.sha256, …))
    workspace.write(merging.undo, UndoMerge(done.file_id))

One transaction; each result goes through the same doors as one typed here: locked ones stay,
incomplete ones and those of people unfit on the day stay drafts, and review is still to come.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select

from app.db.read import courses, results
from app.db.read.results import ResultForm as TaskForm
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines
from app.domain.course import Step, TaskState, after
from app.domain.formalities import Formalities
from app.domain.inspection import ResultState
from app.domain.received import FileKind
from app.domain.result_entry import ResultEntry, Task, check_entry
from app.domain.result_form import DAY, Difference, compare, entry_of, outcome
from app.errors import UserError
from app.exchange import result_forms as workbook
from app.exchange.files import safe_name
from app.exchange.result_forms import GivenTask
from app.exchange.sheets import Cell
from app.exchange.writing import RejectedRow, write_errors
from app.models import (
    Assignment,
    Attachment,
    Formality,
    IncomingFile,
    IncomingRow,
    Result,
    TaskStep,
)
from app.services import attaching, packing, rulebooks
from app.services.intake import receiving, result_offers
from app.services.intake.receiving import Incoming, Touched
from app.services.intake.result_offers import Offer, Offered
from app.services.safety import sweeping
from app.services.tasks import fitness, formalities, inspecting, stepping

__all__ = [
    "MergeCounts",
    "MergeFate",
    "MergePreview",
    "MergeResults",
    "MergeRow",
    "Merged",
    "Prefer",
    "UndoMerge",
    "apply",
    "preview",
    "undo",
    "write_back",
]

RECORD = "result"


class MergeFate(enum.Enum):
    """What happens to one task of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    CONFLICT = "conflict"
    LOCKED = "locked"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _FATES[self]


_FATES = {
    MergeFate.NEW: "新增",
    MergeFate.CHANGED: "更新",
    MergeFate.UNCHANGED: "不变",
    MergeFate.EMPTY: "没有填",
    MergeFate.CONFLICT: "有冲突",
    MergeFate.LOCKED: "已锁定",
    MergeFate.REJECTED: "退回",
}
_WRITTEN = frozenset({MergeFate.NEW, MergeFate.CHANGED})
_COMES_BACK = frozenset({MergeFate.REJECTED, MergeFate.LOCKED, MergeFate.CONFLICT})


class Prefer(enum.Enum):
    """Whose words are taken where both changed them."""

    OURS = "ours"
    THEIRS = "theirs"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"ours": "保留本机的", "theirs": "用文件里的"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResults:
    """A file to merge, with what a person decided.

    ``sides``: per task (assignment id) whose words count in a conflict, ``usual`` for all others
    (None: they wait); ``left_out``: tasks a person does not take; ``submit``: complete ones go to
    review at once; ``sha256``: of the file that was previewed; ``errors_path``: where what comes
    back is written.
    """

    path: Path
    passphrase: str = ""
    sides: Mapping[int, Prefer] = field(default_factory=dict)
    usual: Prefer | None = None
    left_out: frozenset[int] = frozenset()
    submit: bool = True
    sha256: str = ""
    errors_path: Path | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """One task of the file and what happens to it.

    ``missing``: why it stays a draft; ``secret``: nothing says it was inspected, so its name is
    not shown; ``entry``: as it will stand.
    """

    offer: Offer
    fate: MergeFate
    reason: str
    differences: tuple[Difference, ...] = ()
    missing: tuple[str, ...] = ()
    entry: ResultEntry | None = None
    decided: Prefer | None = None

    @property
    def id(self) -> int:
        """The assignment's, or minus the row's number where it is no task of ours."""
        return self.offer.form.task.id if self.offer.form else -self.offer.number

    @property
    def written(self) -> bool:
        """Whether something of it is written."""
        return self.fate in _WRITTEN

    @property
    def conflicts(self) -> tuple[Difference, ...]:
        """Fields both changed."""
        return tuple(each for each in self.differences if each.conflict)

    @property
    def secret(self) -> bool:
        """Whether the name must not be shown."""
        form = self.offer.form
        fresh = form is not None and form.task.result_id is None
        return fresh and self.fate is not MergeFate.NEW

    @property
    def name(self) -> str:
        """The target, or that it is secret."""
        return "检查前保密" if self.secret else self.offer.name


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCounts:
    """How many tasks of the file went where; the first is the sum of the next five."""

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    conflicts: int = 0
    locked: int = 0
    submitted: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePreview:
    """Everything a person sees before anything is written."""

    offered: Offered
    rows: tuple[MergeRow, ...]
    counts: MergeCounts
    notes: tuple[str, ...]
    command: MergeResults

    @property
    def sha256(self) -> str:
        """Of the file."""
        return self.offered.sha256

    @property
    def to_give_back(self) -> tuple[MergeRow, ...]:
        """Tasks that are not taken, or are not complete."""
        return tuple(row for row in self.rows if row.fate in _COMES_BACK or row.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What was written; ``errors``: the workbook to give back, if there is one."""

    file_id: int
    counts: MergeCounts
    errors: Path | None


@dataclass(frozen=True, slots=True)
class UndoMerge:
    """The file, as the register names it."""

    file_id: int


def preview(connection: Connection, command: MergeResults) -> MergePreview:
    """Understand a file; nothing is written. Errors: those of ``result_offers.read``."""
    today = command.today or date.max
    offered = result_offers.read(connection, command.path, command.passphrase)
    judge = _Judge(connection, command, today)
    rows = tuple(judge.row(offer) for offer in offered.offers)
    if not rows:
        raise UserError(f"“{command.path.name}”里一行结果也没有。", "请确认选对了文件。")
    return MergePreview(
        offered=offered,
        rows=rows,
        counts=_counts(rows, command),
        notes=(*_again(connection, offered), *offered.notes),
        command=command,
    )


def _again(connection: Connection, offered: Offered) -> list[str]:
    same = IncomingFile.sha256 == offered.sha256
    if offered.digest:
        same = same | (IncomingFile.digest == offered.digest)
    row = connection.execute(
        select(IncomingFile.at, IncomingFile.by)
        .where(same, IncomingFile.undone_at.is_(None))
        .order_by(IncomingFile.id.desc())
    ).first()
    if row is None:
        return []
    what = "个包" if offered.bag else "份表"
    return [f"这{what} {row.at.astimezone():%Y-%m-%d} 已由{row.by}合并过，不用再合并一次。"]


def _counts(rows: Sequence[MergeRow], command: MergeResults) -> MergeCounts:
    times = {fate: sum(row.fate is fate for row in rows) for fate in MergeFate}
    whole = sum(row.written and not row.missing for row in rows) if command.submit else 0
    return MergeCounts(
        rows=len(rows),
        new=times[MergeFate.NEW],
        updated=times[MergeFate.CHANGED],
        unchanged=times[MergeFate.UNCHANGED],
        rejected=sum(times[fate] for fate in _COMES_BACK),
        skipped=times[MergeFate.EMPTY],
        conflicts=times[MergeFate.CONFLICT],
        locked=times[MergeFate.LOCKED],
        submitted=whole,
        drafts=times[MergeFate.NEW] + times[MergeFate.CHANGED] - whole,
    )


class _Judge:
    """What happens to each task, by the rules of a result that is typed here."""

    def __init__(self, connection: Connection, command: MergeResults, today: date) -> None:
        self._connection = connection
        self._command = command
        self._today = today
        self._layer = formalities.layer(connection)
        self._rulebook = rulebooks.of_unit(connection)

    def row(self, offer: Offer) -> MergeRow:
        """The fate of one task."""
        form = offer.form
        if form is None:
            return MergeRow(offer=offer, fate=MergeFate.REJECTED, reason=_said(offer.problems))
        differences = compare(offer.base, offer.ours, offer.theirs, form.entry.items)
        fresh_files = self._new_files(offer, form)
        if offer.problems and (differences or _spoke(offer)):
            words = _said(offer.problems)
            return MergeRow(offer=offer, fate=MergeFate.REJECTED, reason=words)
        if not differences and not fresh_files:
            fate = MergeFate.UNCHANGED if form.task.result_id else MergeFate.EMPTY
            words = "与本机相同" if form.task.result_id else "没有填写，留待下次"
            return MergeRow(offer=offer, fate=fate, reason=words)
        if form.task.state in {ResultState.SUBMITTED, ResultState.LOCKED}:
            return MergeRow(
                offer=offer,
                fate=MergeFate.LOCKED,
                reason=_LOCKED_WORDS[form.task.state],
                differences=differences,
            )
        return self._decide(offer, form, differences, fresh_files)

    def _decide(
        self, offer: Offer, form: TaskForm, differences: tuple[Difference, ...], files: int
    ) -> MergeRow:
        task_id = form.task.id
        side = self._command.sides.get(task_id, self._command.usual)
        if task_id in self._command.left_out:
            return MergeRow(
                offer=offer,
                fate=MergeFate.EMPTY,
                reason="这次不合并",
                differences=differences,
            )
        clashing = [each.label for each in differences if each.conflict]
        if clashing and side is None:
            return MergeRow(
                offer=offer,
                fate=MergeFate.CONFLICT,
                reason=f"{'、'.join(clashing[:3])}本机也改过，请选用哪一边的",
                differences=differences,
            )
        values = outcome(offer.ours, differences, keep_ours=side is Prefer.OURS)
        if values == dict(offer.ours) and not files:
            return MergeRow(
                offer=offer,
                fate=MergeFate.UNCHANGED,
                reason="保留本机的",
                differences=differences,
                decided=side,
            )
        theirs = values.get("inspectors") == offer.theirs.get("inspectors") and offer.people
        people = offer.people if theirs else form.entry.inspector_ids
        entry = entry_of(values, form.entry, people)
        made = self._held_against_the_rules(offer, form, entry)
        return replace(made, differences=differences, decided=side if clashing else None)

    def _held_against_the_rules(self, offer: Offer, form: TaskForm, entry: ResultEntry) -> MergeRow:
        if entry.inspected_on is None:
            return _refused(offer, "没有填检查日期")
        task = Task(
            drawn_on=form.drawn_on,
            today=self._today,
            certificates=results.certificates(self._connection, entry.inspector_ids),
            layer=self._layer,
            longest=deadlines.explained_after(self._rulebook, entry.inspected_on),
        )
        problems = check_entry(entry, task)
        wrong_day = [each.message for each in problems if each.field == DAY]
        if wrong_day:
            return _refused(offer, *wrong_day)
        state = courses.state_of(self._connection, form.task.id)
        if form.task.result_id is None and after(state, Step.INSPECT) is None:
            return _refused(offer, f"任务现在是“{state.label}”，不能登记检查")
        missing = [each.message for each in problems if each.field != "entered_by"]
        missing += self._unfit(entry)
        fate = MergeFate.CHANGED if form.task.result_id else MergeFate.NEW
        stays = "存为草稿：" + missing[0] if missing else "提交复核"
        words = stays if self._command.submit or missing else "存为草稿"
        return MergeRow(offer=offer, fate=fate, reason=words, missing=tuple(missing), entry=entry)

    def _unfit(self, entry: ResultEntry) -> list[str]:
        try:
            fitness.refuse_unfit(
                self._connection, entry.inspector_ids, entry.inspected_on, self._today
            )
        except UserError as error:
            return [str(error)]
        return []

    def _new_files(self, offer: Offer, form: TaskForm) -> int:
        known = {each.sha256 for each in form.attachments}
        return sum(each.sha256 not in known for each in offer.files)


_LOCKED_WORDS = {
    ResultState.SUBMITTED: "已提交复核，要先退回才能改",
    ResultState.LOCKED: "已锁定，确有错误的走更正申请",
}


def _said(problems: Sequence[str]) -> str:
    return "；".join(each.rstrip("。") for each in problems)


def _spoke(offer: Offer) -> bool:
    """Whether a row with something wrong in it was filled in at all."""
    return offer.row is not None or bool(offer.theirs)


def _refused(offer: Offer, *problems: str) -> MergeRow:
    return MergeRow(offer=offer, fate=MergeFate.REJECTED, reason=_said(problems))


# --- writing ----------------------------------------------------------------------------------


def apply(uow: UnitOfWork, command: MergeResults) -> Merged:
    """Write what the preview shows: all or nothing, one ledger entry for the file.

    Errors: UserError for a file that changed since, or of which nothing is to be written.
    """
    connection = uow.session.connection()
    seen = preview(connection, replace(command, today=uow.today))
    if command.sha256 and command.sha256 != seen.sha256:
        raise UserError(f"“{command.path.name}”在预览之后又被改过。", "请重新预览后再合并。")
    rows = [row for row in seen.rows if row.written]
    if not rows:
        raise UserError("没有可以写入的结果。", "请看每行的说明；填好、改好后再合并。")
    with sweeping.aside(uow.folder.root, "package") as room:
        touched = [_merge_one(uow, command, seen.offered, row, room) for row in rows]
        file_id = receiving.record_incoming(
            uow,
            Incoming(
                kind=seen.offered.kind,
                path=command.path,
                sha256=seen.sha256,
                digest=seen.offered.digest,
                source=seen.offered.source,
                subject="、".join(dict.fromkeys(row.offer.draw_no for row in rows)),
                counts=_told(seen.counts),
                touched=touched,
            ),
        )
    errors = None
    if command.errors_path is not None and seen.to_give_back:
        write_back(command.errors_path, connection, seen)
        errors = command.errors_path
    uow.record(
        "result.merge",
        command.path.name,
        {"sha256": seen.sha256, "file": file_id, "counts": _told(seen.counts)},
    )
    uow.changed |= {"result", "assignment", "attachment"}
    uow.commit()
    return Merged(file_id=file_id, counts=seen.counts, errors=errors)


def _told(counts: MergeCounts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in MergeCounts.__dataclass_fields__}


def _merge_one(
    uow: UnitOfWork, command: MergeResults, offered: Offered, row: MergeRow, room: Path
) -> Touched:
    form, entry = row.offer.form, row.entry
    if form is None or entry is None:
        raise UserError("这一行没有可以写入的结果。", "请重新预览。")
    connection = uow.session.connection()
    before: dict[str, Any] = {
        "task": courses.state_of(connection, form.task.id).value,
        "formality": _formality(uow, form),
    }
    if form.task.result_id is not None:
        before |= _image(uow, form)
    write = inspecting.hand_in if command.submit and not row.missing else inspecting.keep_draft
    result = write(uow, form.task.id, entry)
    files = _files(uow, offered, row, result.id, room)
    before |= {"after": inspecting.digest(result), "became": result.state.value, "files": files}
    new = form.task.result_id is None
    return Touched(record=RECORD, row_id=result.id, place=row.offer.place, new=new, before=before)


def _image(uow: UnitOfWork, form: TaskForm) -> dict[str, Any]:
    """What an undo gives back to a result that was there before."""
    row = uow.session.get_one(Result, form.task.result_id)
    return {
        "entry": packing.pack(form.entry),
        "state": row.state.value,
        "entered_at": _moment(row.entered_at),
        "submitted_at": _moment(row.submitted_at),
        "return_reason": row.return_reason,
    }


def _formality(uow: UnitOfWork, form: TaskForm) -> dict[str, Any] | None:
    """What was registered beforehand (the approval), None if nothing was."""
    there = uow.session.scalar(
        select(Formality.id).where(
            Formality.assignment_id == form.task.id, Formality.version == form.version
        )
    )
    return packing.pack(form.entry.formalities) if there is not None else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _files(
    uow: UnitOfWork, offered: Offered, row: MergeRow, result_id: int, room: Path
) -> list[int]:
    """Attachments a package carries for a task; gives the new rows' ids."""
    known = {each.sha256 for each in row.offer.form.attachments} if row.offer.form else set()
    wanted = [each for each in row.offer.files if each.sha256 not in known]
    if offered.bag is None or not wanted:
        return []
    places = []
    for number, each in enumerate(wanted, start=1):
        place = room / str(result_id) / str(number) / safe_name(each.name)
        place.parent.mkdir(parents=True)
        places.append((each.path, place))
    offered.bag.unpack(places)
    return [attaching.keep(uow, "result", result_id, place).id for _name, place in places]


# --- taking it back ---------------------------------------------------------------------------


def undo(uow: UnitOfWork, command: UndoMerge) -> int:
    """Take a whole merge back: what it made goes, what it changed becomes what it was.

    Gives how many results. UserError, and nothing is taken back, if a result was edited,
    returned, reviewed or got files since; or the merge was taken back already.
    """
    file = uow.session.get(IncomingFile, command.file_id)
    if file is None or file.kind not in _MERGED_KINDS:
        raise UserError("没有这次合并。", "请刷新后再试。")
    if file.undone_at is not None:
        raise UserError("这次合并已经撤销。", "请刷新后再试。")
    rows = uow.session.scalars(select(IncomingRow).where(IncomingRow.file_id == file.id)).all()
    for row in rows:
        _refuse_followed(uow, row)
    for row in rows:
        (_take_out if row.change == "new" else _give_back)(uow, row)
    file.undone_at, file.undone_by = uow.now, uow.actor
    uow.record("result.undo", file.file_name, {"file": file.id, "results": len(rows)})
    uow.changed |= {"result", "assignment", "attachment", "incoming"}
    uow.commit()
    return len(rows)


_MERGED_KINDS = frozenset({FileKind.RESULT_FORM.value, FileKind.RESULT_PACKAGE.value})


def _refuse_followed(uow: UnitOfWork, row: IncomingRow) -> None:
    result, before = uow.session.get(Result, row.row_id), row.before or {}
    same = (
        result is not None
        and result.state.value == before["became"]
        and inspecting.digest(result) == before["after"]
    )
    ids = uow.session.scalars(
        select(Attachment.id).where(
            Attachment.owner_kind == "result", Attachment.owner_id == row.row_id
        )
    ).all()
    added = [each for each in ids if each not in before["files"]] if row.change == "new" else []
    if not same or added:
        serial = uow.session.scalar(
            select(Assignment.serial)
            .join(Result, Result.assignment_id == Assignment.id)
            .where(Result.id == row.row_id)
        )
        raise UserError(
            f"{serial or row.place} 的结果合并之后又改过、退回或复核过，不能整份撤销。",
            "请在“检查结果”里逐家修改；已锁定的走更正申请。",
        )


def _take_out(uow: UnitOfWork, row: IncomingRow) -> None:
    """A result the file made: it goes, with its files; the task stands where it stood."""
    result, before = uow.session.get_one(Result, row.row_id), row.before or {}
    task_id = result.assignment_id
    _step_back(uow, task_id, result.state)
    _stand_again(uow, task_id, TaskState(before["task"]))
    given = before["formality"]
    if given is not None:
        formalities.keep(uow, task_id, result.version, packing.unpack(given, Formalities))
    else:
        uow.session.execute(
            delete(Formality).where(
                Formality.assignment_id == task_id, Formality.version == result.version
            )
        )
    _drop_files(uow, before["files"])
    uow.session.delete(result)
    uow.session.flush()


def _give_back(uow: UnitOfWork, row: IncomingRow) -> None:
    """A result the file changed: as it was."""
    result, before = uow.session.get_one(Result, row.row_id), row.before or {}
    if result.state is ResultState.SUBMITTED:
        _step_back(uow, result.assignment_id, result.state, to=TaskState.INSPECTED)
    inspecting.restore(uow, result, packing.unpack(before["entry"], ResultEntry))
    result.state = ResultState(before["state"])
    result.entered_at = _read_moment(before["entered_at"])
    result.submitted_at = _read_moment(before["submitted_at"])
    result.return_reason = before["return_reason"]
    _drop_files(uow, before["files"])
    uow.session.flush()


def _read_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _step_back(
    uow: UnitOfWork, task_id: int, state: ResultState, to: TaskState = TaskState.ASSIGNED
) -> None:
    times = (2 if state is ResultState.SUBMITTED else 1) - (to is TaskState.INSPECTED)
    for _step in range(times):
        stepping.take(uow, task_id, Step.TAKE_BACK)


_STOOD = {
    TaskState.NOTIFIED: Step.NOTIFY,
    TaskState.APPROVED: Step.APPROVE,
    TaskState.POSTPONED: Step.POSTPONE,
}


def _stand_again(uow: UnitOfWork, task_id: int, state: TaskState) -> None:
    step = _STOOD.get(state)
    if step is None:
        return
    last = uow.session.scalars(
        select(TaskStep)
        .where(TaskStep.assignment_id == task_id, TaskStep.step == step)
        .order_by(TaskStep.position.desc())
        .limit(1)
    ).first()
    stepping.take(
        uow,
        task_id,
        step,
        on=last.on if last else None,
        by=last.by if last else "",
        reason=last.reason if last else "",
        until=last.until if last else None,
    )


def _drop_files(uow: UnitOfWork, ids: Sequence[int]) -> None:
    if ids:
        uow.session.execute(delete(Attachment).where(Attachment.id.in_(list(ids))))


# --- what comes back --------------------------------------------------------------------------


def write_back(path: Path, connection: Connection, seen: MergePreview) -> None:
    """What is not taken or not complete, with reasons, as a form to correct and merge again.

    EnvironmentFault on disk; UserError if it would overwrite the file itself.
    """
    if path.resolve() == seen.command.path.resolve():
        raise UserError("退回的行不能写进正在合并的文件。", "请换一个文件名。")
    rows = seen.to_give_back
    if seen.offered.bag is not None:
        header = ("抽取编号", "序号", "检查对象")
        write_errors(
            path,
            header,
            [
                RejectedRow(
                    seen.offered.path.name,
                    row.offer.number,
                    (row.offer.draw_no, row.offer.serial, row.name),
                    _why(row),
                )
                for row in rows
            ],
        )
        return
    methods = rulebooks.of_unit(connection).check_methods.value
    tasks = [_given_back(row) for row in rows if row.offer.row is not None]
    workbook.write_form(path, tasks, methods, formal=formalities.layer(connection).shown)


def _why(row: MergeRow) -> str:
    return _said(row.missing) if row.missing else row.reason


def _given_back(row: MergeRow) -> GivenTask:
    line, form = row.offer.row, row.offer.form
    raw: dict[str, Cell] = dict(line.raw) if line else {}
    items = tuple(
        (
            item.name,
            raw.get(f"outcome:{place}"),
            raw.get(f"note:{place}"),
            raw.get(f"measure:{place}"),
        )
        for place, item in enumerate(form.entry.items if form else (), start=1)
    )
    return GivenTask(
        form_no=line.key.form_no if line else "",
        draw_no=row.offer.draw_no,
        serial=row.offer.serial,
        target=row.offer.name,
        code=form.task.target_code if form else "",
        people=form.task.people if form else "",
        due_on=form.task.due_on if form else None,
        values={name: value for name, value in raw.items() if ":" not in name},
        items=items,
        reason=_why(row),
    )
