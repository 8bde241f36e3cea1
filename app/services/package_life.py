"""A package after it was made: approved, copied, uploaded, answered; the platform's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.db.unit_of_work import UnitOfWork
from app.domain.package_course import PackageState, check_step
from app.errors import UserError
from app.exchange.cleaning import as_text
from app.exchange.reading import open_workbook
from app.exchange.sheets import SourceBook, is_blank
from app.models import Assignment, Draw, ExportPackage, PackageLine, PackageStep
from app.services import attaching
from app.services.outgoing import PackedLine

__all__ = [
    "Answer",
    "Numbers",
    "Refused",
    "TakeStep",
    "answer",
    "begin",
    "plan_no",
    "read_numbers",
    "read_refusals",
    "take",
    "write_numbers",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep:
    """The package went on: ``who`` approved, copied or uploaded it; ``note`` e.g. the stick."""

    package_id: int
    state: PackageState
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One row the platform sent back: ``line`` as it counts, its sheet (“” where there is one)."""

    line: int
    words: str
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The platform's answer: nothing ``refused`` is all accepted; ``receipt`` a file of it."""

    package_id: int
    refused: tuple[Refused, ...] = ()
    note: str = ""
    receipt: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The platform's numbers: of the draw's plan, of its tasks by serial (A-01)."""

    draw_no: str
    plan_no: str = ""
    tasks: tuple[tuple[str, str], ...] = ()


def begin(
    uow: UnitOfWork, package: ExportPackage, lines: Sequence[PackedLine], corrects: int | None
) -> None:
    """Remember the rows of a package just made; the one it corrects is then settled.

    UserError if that one was not partly rejected.
    """
    uow.session.add_all(
        PackageLine(
            package_id=package.id,
            sheet=each.sheet,
            line=each.line,
            key=each.key,
            label=each.label,
            digest=each.digest,
        )
        for each in lines
    )
    _note(uow, package, PackageState.MADE, uow.actor, "")
    if corrects is not None:
        before = _package(uow, corrects)
        check_step(before.state, PackageState.RESENT)
        before.resent_as_id = package.id
        _note(uow, before, PackageState.RESENT, uow.actor, package.file_name)


def take(uow: UnitOfWork, command: TakeStep) -> None:
    """Go one step on. UserError for a step out of order, or nobody named for it; approval is a
    second person's."""
    package = _package(uow, command.package_id)
    if command.state.answered:
        raise UserError("平台的答复要用“登记平台答复”办理。", "请填写是全部接收还是有退回。")
    check_step(package.state, command.state)
    who = command.who.strip()
    if not who:
        raise UserError("还没有写是谁办的。", "请填写姓名。")
    if command.state is PackageState.APPROVED and who == package.by:
        raise UserError("批准人不能是生成上报包的人。", "请由另一个人批准。")
    _note(uow, package, command.state, who, command.note.strip())
    uow.record(
        "package.step",
        package.file_name,
        {"state": command.state.value, "who": who, "note": command.note.strip()},
    )
    uow.changed.add("package")
    uow.commit()


def answer(uow: UnitOfWork, command: Answer) -> int:
    """Write down what the platform took and what it sent back; gives the number of rows refused.

    Errors: UserError (not uploaded yet, a row the package does not have, no words), those of
    ``attaching.keep`` for the receipt.
    """
    package = _package(uow, command.package_id)
    state = PackageState.PARTLY if command.refused else PackageState.ACCEPTED
    check_step(package.state, state)
    found = uow.session.scalars(
        select(PackageLine).where(PackageLine.package_id == package.id)
    ).all()
    for refused in command.refused:
        _refuse(found, refused)
    if command.receipt is not None:
        attaching.keep(uow, "package", package.id, command.receipt)
    _note(uow, package, state, uow.actor, command.note.strip())
    uow.record(
        "package.answer",
        package.file_name,
        {"state": state.value, "refused": len(command.refused), "note": command.note.strip()},
    )
    uow.changed.add("package")
    uow.commit()
    return len(command.refused)


def _refuse(lines: Sequence[PackageLine], refused: Refused) -> None:
    words = refused.words.strip()
    if not words:
        raise UserError(f"第 {refused.line} 行还没有写平台的意见。", "请照平台的提示填写。")
    fit = [
        each
        for each in lines
        if each.line == refused.line and (not refused.sheet or each.sheet == refused.sheet)
    ]
    if not fit:
        where = f"“{refused.sheet}”" if refused.sheet else ""
        raise UserError(
            f"这个上报包{where}没有第 {refused.line} 行。", "行号从表头第一行数起，请核对。"
        )
    if len(fit) > 1:
        sheets = "、".join(each.sheet for each in fit)
        raise UserError(f"第 {refused.line} 行在几张表里都有：{sheets}。", "请写明是哪一张表。")
    fit[0].refused = words


_LINE = ("行号", "行数", "excel行", "序号", "行")
_WORDS = ("错误", "失败", "原因", "退回", "提示", "意见", "说明")
_SHEETS = ("工作表", "表名", "模板")


def read_refusals(path: Path) -> tuple[Refused, ...]:
    """The platform's list of errors: a column of row numbers and one of words.

    UserError where the two cannot be told.
    """
    book = open_workbook(path)
    for sheet in book.sheets:
        for top, header in enumerate(sheet.rows[:10]):
            titles = [as_text(cell).strip().lower() for cell in header]
            line, words = _find(titles, _LINE), _find(titles, _WORDS)
            if line is None or words is None or line == words:
                continue
            of_sheet = _find(titles, _SHEETS)
            return tuple(_refusals(book, sheet.rows[top + 1 :], line, words, of_sheet))
    raise UserError(
        "没有找到“行号”和“错误原因”两列。", "请确认是平台导出的错误清单，或改为手工逐行填写。"
    )


def _refusals(
    book: SourceBook, rows: Sequence[Sequence[object]], line: int, words: int, of_sheet: int | None
) -> list[Refused]:
    found = []
    for row in rows:
        cells = [as_text(cell).strip() for cell in row]  # type: ignore[arg-type]
        number = cells[line].removesuffix(".0") if line < len(cells) else ""
        number = number.strip("第行 ")
        if number.isascii() and number.isdigit() and words < len(cells) and cells[words]:
            sheet = cells[of_sheet] if of_sheet is not None and of_sheet < len(cells) else ""
            found.append(Refused(line=int(number), words=cells[words], sheet=sheet))
    if not found:
        raise UserError("错误清单里没有写着行号的行。", "请确认选对了文件。")
    return found


def _find(titles: Sequence[str], wanted: Sequence[str]) -> int | None:
    for part in wanted:
        for at, title in enumerate(titles):
            if part in title:
                return at
    return None


def read_numbers(path: Path, draw_no: str) -> Numbers:
    """任务编号 by 抽取序号 (and 计划编号) from a file of the platform; UserError if it has none."""
    book = open_workbook(path)
    for sheet in book.sheets:
        for top, header in enumerate(sheet.rows[:10]):
            titles = [as_text(cell).strip() for cell in header]
            serial, task = _find(titles, ("抽取序号",)), _find(titles, ("任务编号", "任务号"))
            if serial is None or task is None:
                continue
            plan = _find(titles, ("计划编号", "计划号"))
            return _numbers(draw_no, sheet.rows[top + 1 :], serial, task, plan)
    raise UserError("没有找到“抽取序号”和“任务编号”两列。", "请在表里补上这两列，或改为手工填写。")


def _numbers(
    draw_no: str,
    rows: Sequence[Sequence[object]],
    serial: int,
    task: int,
    plan: int | None,
) -> Numbers:
    def text(row: Sequence[object], at: int | None) -> str:
        if at is None or at >= len(row) or is_blank(row[at]):  # type: ignore[arg-type]
            return ""
        return as_text(row[at]).strip()  # type: ignore[arg-type]

    pairs = tuple(
        (text(row, serial), text(row, task))
        for row in rows
        if text(row, serial) and text(row, task)
    )
    return Numbers(
        draw_no=draw_no,
        plan_no=next((text(row, plan) for row in rows if text(row, plan)), ""),
        tasks=pairs,
    )


def write_numbers(uow: UnitOfWork, command: Numbers) -> int:
    """Fill in the platform's numbers, all or none; gives how many tasks have one now.

    UserError for an unknown draw or serial, or one number for two tasks.
    """
    draw = uow.session.scalar(select(Draw).where(Draw.no == command.draw_no))
    if draw is None:
        raise UserError(f"没有编号为 {command.draw_no} 的抽取。", "请核对编号。")
    tasks = {
        each.serial: each
        for each in uow.session.scalars(select(Assignment).where(Assignment.draw_id == draw.id))
    }
    numbers = [number.strip() for _serial, number in command.tasks if number.strip()]
    twice = next((each for each in numbers if numbers.count(each) > 1), None)
    if twice is not None:
        raise UserError(f"任务编号 {twice} 写了不止一次。", "每个任务的编号应当不同，请核对。")
    for serial, number in command.tasks:
        if serial not in tasks:
            raise UserError(f"{draw.no} 没有序号为 {serial} 的任务。", "请核对抽取序号。")
        tasks[serial].task_no = number.strip()
    if command.plan_no.strip():
        draw.plan_no = command.plan_no.strip()
    uow.record(
        "platform.numbers",
        draw.no,
        {"plan": draw.plan_no, "tasks": dict(command.tasks)},
    )
    uow.changed |= {"assignment", "package", "publication"}
    uow.commit()
    return len(numbers)


def plan_no(uow: UnitOfWork, period: str) -> str:
    """The platform's number of a period's plan, from its first draw that has one."""
    found = uow.session.scalar(
        select(Draw.plan_no)
        .where(Draw.period == period, Draw.plan_no != "", Draw.rehearsal.is_(False))
        .order_by(Draw.id)
        .limit(1)
    )
    return found or ""


def _package(uow: UnitOfWork, package_id: int) -> ExportPackage:
    package = uow.session.get(ExportPackage, package_id)
    if package is None:
        raise UserError("这个上报包已不在登记里。", "请刷新后再试。")
    return package


def _note(
    uow: UnitOfWork, package: ExportPackage, state: PackageState, who: str, note: str
) -> None:
    package.state = state
    uow.session.add(
        PackageStep(
            package_id=package.id, state=state, who=who, note=note, by=uow.actor, at=uow.now
        )
    )
