"""The platform's plan and task numbers: read from its file, previewed, written all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read.query import fold
from app.db.read.tasks import Progress, TaskRow, in_draws, read_tasks, tasks_counted
from app.db.unit_of_work import UnitOfWork
from app.domain.received import FileKind
from app.errors import UserError
from app.models import Assignment, Draw, DrawState, Target
from app.services import attaching
from app.services.intake import receiving
from app.services.packages.platform_files import FoundRow, read_list

__all__ = [
    "NumberRow",
    "Numbers",
    "NumbersFound",
    "of_draw",
    "plan_no",
    "read_numbers",
    "write_numbers",
]

_TITLES = {
    "serial": ("抽取序号",),
    "task": ("任务编号", "任务号", "检查任务编码", "任务编码", "任务id"),
    "plan": ("计划编号", "计划号", "计划编码"),
    "code": ("统一社会信用代码", "信用代码", "许可证编号", "代码"),
    "name": ("对象名称", "企业名称", "单位名称", "名称", "企业", "单位", "检查对象"),
}
_NEEDED = (("serial", "task"), ("code", "task"), ("name", "task"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The platform's numbers: of the draw's plan, of its tasks by serial (A-01).

    ``source``: the file they came in, kept with the draw.
    """

    draw_no: str
    plan_no: str = ""
    tasks: tuple[tuple[str, str], ...] = ()
    source: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One task: the number it has, the one it will have; ``secret``: not inspected yet."""

    id: int
    serial: str
    name: str
    code: str
    before: str
    after: str
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersFound:
    """A draw's tasks with the file's numbers beside them; ``left``: what could not be placed."""

    draw_no: str
    plan_before: str
    plan_after: str
    rows: tuple[NumberRow, ...]
    left: tuple[str, ...] = ()


def of_draw(connection: Connection, draw_no: str) -> NumbersFound:
    """The numbers a draw's tasks have now; UserError if there is no such finished draw."""
    plan = _plan_of(connection, draw_no)
    rows = tuple(_row(task, task.task_no) for task in _tasks(connection, draw_no))
    return NumbersFound(draw_no=draw_no, plan_before=plan, plan_after=plan, rows=rows)


def read_numbers(connection: Connection, path: Path, draw_no: str) -> NumbersFound:
    """Hold the platform's file against a draw: by 抽取序号, by code, else by name.

    Errors: UserError (no such draw, columns not to be told, file unreadable).
    """
    before = _plan_of(connection, draw_no)
    found = read_list(path, _TITLES, _NEEDED)
    if found is None:
        raise UserError(
            "没有找到“任务编号”和能认出是哪一家的列（抽取序号、代码或名称）。",
            "请在表里补上这些列，或改为手工填写。",
        )
    tasks = _tasks(connection, draw_no)
    taken: dict[int, str] = {}
    left: list[str] = []
    for row in found:
        if not row["task"]:
            continue
        task = _one(tasks, row)
        if isinstance(task, str):
            left.append(f"{row.at}：{task}（任务编号 {row['task']}）")
        elif taken.get(task.id, row["task"]) != row["task"]:
            left.append(f"{row.at}：{task.serial} 在文件里有两个编号（{row['task']}）")
        else:
            taken[task.id] = row["task"]
    plans = list(dict.fromkeys(row["plan"] for row in found if row["plan"]))
    if len(plans) > 1:
        left.append(f"文件里有 {len(plans)} 个计划编号：{'、'.join(plans)}，请手工填写")
    return NumbersFound(
        draw_no=draw_no,
        plan_before=before,
        plan_after=plans[0] if len(plans) == 1 else before,
        rows=tuple(_row(task, taken.get(task.id, task.task_no)) for task in tasks),
        left=tuple(left),
    )


def _one(tasks: Sequence[TaskRow], row: FoundRow) -> TaskRow | str:
    if row["serial"]:
        serial = row["serial"].upper()
        return next(
            (task for task in tasks if task.serial == serial), f"没有序号 {row['serial']} 的任务"
        )
    code, name = fold(row["code"]).replace(" ", ""), fold(row["name"]).replace(" ", "")
    fit = [task for task in tasks if code and fold(task.target_code) == code]
    if not fit and name:
        fit = [
            task
            for task in tasks
            if name in {fold(text).replace(" ", "") for text in (task.target_name, task.shown_name)}
        ]
    if len(fit) == 1:
        return fit[0]
    who = row["name"] or row["code"] or "（空）"
    return f"有 {len(fit)} 家同为“{who}”" if fit else f"这次抽取里没有“{who}”"


def write_numbers(uow: UnitOfWork, command: Numbers) -> int:
    """Fill in the platform's numbers, all or none; gives how many tasks were given one.

    An empty number takes one away that was wrong.

    Errors: UserError (unknown draw or serial, one number for two tasks here or elsewhere),
    those of ``attaching.keep`` for the file.
    """
    draw = uow.session.scalar(select(Draw).where(Draw.no == command.draw_no))
    if draw is None or draw.state is not DrawState.CLOSED:
        raise UserError(f"没有编号为 {command.draw_no} 的已完成的抽取。", "请核对编号。")
    tasks = {
        each.serial: each
        for each in uow.session.scalars(select(Assignment).where(Assignment.draw_id == draw.id))
    }
    given = {serial: number.strip() for serial, number in command.tasks}
    before = {serial: task.task_no for serial, task in tasks.items()}
    _refuse_twice(uow, command, draw.id)
    for serial, number in given.items():
        if serial not in tasks:
            raise UserError(f"{draw.no} 没有序号为 {serial} 的任务。", "请核对抽取序号。")
        tasks[serial].task_no = number
    if command.plan_no.strip():
        draw.plan_no = command.plan_no.strip()
    if command.source is not None:
        attaching.keep(uow, "numbers", draw.id, command.source)
        changed = [tasks[serial] for serial in given if tasks[serial].task_no != before[serial]]
        receiving.record_incoming(
            uow,
            receiving.Incoming(
                kind=FileKind.NUMBERS,
                path=command.source,
                subject=draw.no,
                counts={"changed": len(changed), "unchanged": len(given) - len(changed)},
                touched=[
                    receiving.Touched(
                        record="assignment",
                        row_id=task.id,
                        place=task.serial,
                        before={"task_no": before[task.serial]},
                    )
                    for task in changed
                ],
            ),
        )
    uow.record(
        "platform.numbers",
        draw.no,
        {
            "plan": draw.plan_no,
            "tasks": given,
            "file": command.source.name if command.source else "",
        },
    )
    uow.changed |= {"assignment", "package", "publication", "result", "draw"}
    uow.commit()
    return sum(1 for number in given.values() if number)


def _refuse_twice(uow: UnitOfWork, command: Numbers, draw_id: int) -> None:
    numbers = [number.strip() for _serial, number in command.tasks if number.strip()]
    twice = next((each for each in numbers if numbers.count(each) > 1), None)
    if twice is not None:
        raise UserError(f"任务编号 {twice} 写了不止一次。", "每个任务的编号应当不同，请核对。")
    here = {serial for serial, _number in command.tasks}
    others = uow.session.execute(
        select(Assignment.serial, Assignment.task_no, Assignment.draw_id, Draw.no, Target.name)
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Target, Target.id == Assignment.target_id)
        .where(Assignment.task_no.in_(numbers))
    )
    for row in others:
        if row.draw_id != draw_id or row.serial not in here:
            raise UserError(
                f"任务编号 {row.task_no} 已经是 {row.no} {row.serial}（{row.name}）的。",
                "每个任务的编号应当不同，请核对。",
            )


def plan_no(uow: UnitOfWork, period: str) -> str:
    """The platform's number of a period's plan, from its first draw that has one."""
    found = uow.session.scalar(
        select(Draw.plan_no)
        .where(Draw.period == period, Draw.plan_no != "", Draw.rehearsal.is_(False))
        .order_by(Draw.id)
        .limit(1)
    )
    return found or ""


def _plan_of(connection: Connection, draw_no: str) -> str:
    row = connection.execute(
        select(Draw.plan_no).where(Draw.no == draw_no, Draw.state == DrawState.CLOSED)
    ).first()
    if row is None:
        raise UserError(f"没有编号为 {draw_no} 的已完成的抽取。", "请核对编号。")
    return str(row.plan_no)


def _tasks(connection: Connection, draw_no: str) -> tuple[TaskRow, ...]:
    return read_tasks(
        connection, in_draws(tasks_counted(), draw_no=draw_no).order_by(Assignment.id)
    )


def _row(task: TaskRow, number: str) -> NumberRow:
    return NumberRow(
        id=task.id,
        serial=task.serial,
        name=task.shown_name,
        code=task.target_code,
        before=task.task_no,
        after=number,
        secret=task.progress is Progress.OPEN,
    )
