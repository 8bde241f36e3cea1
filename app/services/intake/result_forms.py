"""检查结果填报表: a squad's open tasks as a workbook it fills in away from this computer.

What each task said when the form was made is kept with the form's number: when it comes back,
only what the squad changed is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from app.db.read import results
from app.db.read.tasks import Progress, TaskRow, in_draws, read_tasks, tasks_of, with_progress
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines
from app.domain.fields import FieldKind, shown
from app.domain.result_form import Values, field_of, values_of
from app.errors import UserError
from app.exchange import result_forms as workbook
from app.exchange.files import safe_name
from app.exchange.result_forms import GivenTask
from app.exchange.sheets import Cell
from app.models import Assignment, Draw, Target
from app.models import ResultForm as FormRow
from app.services import packing, rulebooks
from app.services.intake.result_people import People
from app.services.tasks import formalities

__all__ = ["BY", "FormGroup", "FormMade", "MakeForms", "groups", "make", "periods", "words_for"]

BY = {"team": "按检查组", "squad": "按中队", "all": "全部在一份里"}
"""How tasks are shared out among workbooks."""

_TYPABLE = frozenset({Progress.OPEN, Progress.TO_ENTER, Progress.ENTERING, Progress.RETURNED})
_NO_SQUAD = "未分中队"


@dataclass(frozen=True, slots=True)
class FormGroup:
    """One workbook's share: its name and its tasks (assignment ids)."""

    name: str
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeForms:
    """Which groups (names; none: all) of a period's tasks, shared out how, into which folder."""

    period: str
    by: str
    folder: Path
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMade:
    """A workbook that was written and may come back."""

    no: str
    name: str
    path: Path
    tasks: int


def groups(connection: Connection, period: str, by: str) -> tuple[FormGroup, ...]:
    """A period's tasks that may still be filled in, shared out; UserError for an unknown way."""
    if by not in BY:
        raise UserError(f"不能这样分：“{by}”。", f"可选：{'、'.join(BY)}。")
    tasks = _open(connection, period)
    squads = {row.id: row.squad for row in connection.execute(select(Target.id, Target.squad))}
    shares: dict[str, list[int]] = {}
    for task in tasks:
        name = {
            "team": task.team,
            "squad": squads[task.target_id] or _NO_SQUAD,
            "all": "全部任务",
        }[by]
        shares.setdefault(name, []).append(task.id)
    return tuple(FormGroup(name, tuple(ids)) for name, ids in shares.items())


def periods(connection: Connection) -> tuple[str, ...]:
    """Periods with tasks that may still be filled in, the newest draw's first."""
    found = read_tasks(connection, with_progress(tasks_of(), _TYPABLE).order_by(Draw.id.desc()))
    return tuple(dict.fromkeys(task.period for task in found))


def _open(connection: Connection, period: str) -> tuple[TaskRow, ...]:
    statement = with_progress(in_draws(tasks_of(), period=period), _TYPABLE)
    return read_tasks(connection, statement.order_by(Draw.seq, Assignment.id))


def make(uow: UnitOfWork, command: MakeForms) -> tuple[FormMade, ...]:
    """Write a workbook for each group and remember what its tasks say now.

    Errors: UserError (nothing open, no such folder, a file of that name is there: it may be
    filled in), EnvironmentFault on disk; then nothing is kept.
    """
    connection = uow.session.connection()
    if not command.folder.is_dir():
        raise UserError(f"没有这个文件夹：{command.folder}。", "请先建立它，或插好 U 盘再试。")
    wanted = [
        each
        for each in groups(connection, command.period, command.by)
        if not command.names or each.name in command.names
    ]
    if not wanted:
        raise UserError("没有还要填报的任务。", "已提交复核和已锁定的不再导出。")
    paths = [command.folder / _file_name(command.period, each.name) for each in wanted]
    there = next((path for path in paths if path.exists()), None)
    if there is not None:
        raise UserError(
            f"“{there.name}”已经在这个文件夹里，可能已经填过，没有覆盖。",
            "请换一个文件夹，或先把它移走。",
        )
    written: list[Path] = []
    made = []
    try:
        for group, path in zip(wanted, paths, strict=True):
            made.append(_make_one(uow, group, path))
            written.append(path)
        uow.commit()
    except BaseException:
        # A form nobody remembers could not be merged.
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return tuple(made)


def _file_name(period: str, name: str) -> str:
    return safe_name(f"检查结果填报表-{period}-{name}.xlsx")


def _make_one(uow: UnitOfWork, group: FormGroup, path: Path) -> FormMade:
    connection = uow.session.connection()
    number = f"TB{uow.today.year}-{_next(uow):04d}"
    people = People(connection)
    tasks, kept = [], {}
    for ident in group.tasks:
        form = results.form(connection, ident)
        kept[str(ident)] = packing.pack(form.entry)
        values = values_of(form.entry, people.words(form.entry.inspector_ids))
        tasks.append(
            GivenTask(
                form_no=number,
                draw_no=form.task.draw_no,
                serial=form.task.serial,
                target=form.task.shown_name,
                code=form.task.target_code,
                people=form.task.people,
                due_on=form.task.due_on,
                values=words_for(values),
                items=tuple(
                    (
                        item.name,
                        item.outcome.label if item.outcome else None,
                        item.note or None,
                        item.measure or None,
                    )
                    for item in form.entry.items
                ),
            )
        )
    uow.session.add(
        FormRow(
            no=number,
            title=group.name,
            file_name=path.name,
            tasks=kept,
            at=uow.now,
            by=uow.actor,
        )
    )
    rulebook = rulebooks.of_unit(connection)
    rectify = rulebook.deadline(deadlines.RECTIFY)
    workbook.write_form(
        path,
        tasks,
        rulebook.check_methods.value,
        formal=formalities.layer(connection).shown,
        late=rectify is not None and rectify.explained,
    )
    uow.record(
        "result.export", number, {"name": group.name, "file": path.name, "tasks": len(tasks)}
    )
    return FormMade(no=number, name=group.name, path=path, tasks=len(tasks))


def words_for(values: Values) -> dict[str, Cell]:
    """Filled-in fields as cells: labels for choices, dates and numbers as such."""
    found: dict[str, Cell] = {}
    for name, value in values.items():
        if ":" in name:
            continue
        field = field_of(name, ())
        plain = field.kind in {FieldKind.DATE, FieldKind.NUMBER}
        found[name] = value if plain and not isinstance(value, tuple) else shown(field, value)
    return found


def _next(uow: UnitOfWork) -> int:
    return 1 + (uow.session.scalar(select(func.max(FormRow.id))) or 0)
