"""文号: take the next number for a paper, void one with its reason, enter those used elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read import numbers
from app.db.unit_of_work import UnitOfWork
from app.domain.consequences import require_text
from app.domain.document_numbers import Series, check_form, following, gaps, read, written
from app.domain.paper_texts import PaperKind
from app.errors import EnvironmentFault, UserError
from app.exchange.files import safe_name, write_atomically
from app.models import DocumentNumber, Setting
from app.services.workspace import read_unit

__all__ = [
    "NAMES",
    "EnterElsewhere",
    "PrintRegister",
    "SaveSeries",
    "VoidNumber",
    "all_series",
    "clash",
    "enter_elsewhere",
    "enter_typed",
    "print_register",
    "save_series",
    "take",
    "void",
]

NAMES = {
    "检审": "行政检查审批",
    "检通": "行政检查通知",
    "责改": "责令整改",
    "联检": "部门联合检查",
    "更正": "检查结果更正",
    "复查": "复查答复",
}
"""The series there are, with what they number."""
_SETTING = "number_series"
_MOST = 9999


@dataclass(frozen=True, slots=True)
class SaveSeries:
    """How a series' numbers are written from now on; those taken stay as they are."""

    code: str
    form: str


@dataclass(frozen=True, slots=True)
class VoidNumber:
    """A number that must not be used any more; its paper takes the next when printed again."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterElsewhere:
    """Numbers up to ``through`` were used outside the program, for what reason."""

    code: str
    year: int
    through: int
    reason: str


@dataclass(frozen=True, slots=True)
class PrintRegister:
    """The register of a series in a year; an empty series: of all."""

    series: str
    year: int


def all_series(connection: Connection) -> tuple[Series, ...]:
    """Every series with the unit's own way of writing it."""
    text = connection.execute(select(Setting.value).where(Setting.key == _SETTING)).scalar()
    own = json.loads(text) if text else {}
    return tuple(Series(code, own.get(code) or f"{code}〔{{年}}〕{{号}}号") for code in NAMES)


def series_of(connection: Connection, code: str) -> Series:
    """One series; UserError if there is none of this code."""
    found = next((each for each in all_series(connection) if each.code == code), None)
    if found is None:
        raise UserError(f"没有“{code}”这个文号序列。")
    return found


def save_series(uow: UnitOfWork, command: SaveSeries) -> Series:
    """Keep a series' form; UserError if year or number is missing in it."""
    form = command.form.strip()
    check_form(form)
    connection = uow.session.connection()
    series_of(connection, command.code)
    if any(each.form == form for each in all_series(connection) if each.code != command.code):
        raise UserError("另一个文号序列已经用了这个格式。", "两个序列的文号要能分清，请改一个字。")
    row = uow.session.get(Setting, _SETTING)
    own = json.loads(row.value) if row is not None else {}
    own[command.code] = form
    if row is None:
        row = Setting(key=_SETTING, value="")
        uow.session.add(row)
    row.value = json.dumps(own, ensure_ascii=False, sort_keys=True)
    uow.record("number.series", command.code, {"form": form})
    uow.changed.add("number")
    uow.commit()
    return Series(command.code, form)


def take(uow: UnitOfWork, paper: PaperKind, code: str, subject: str, note: str) -> str:
    """The number this paper has, or the next of its series; within the caller's transaction."""
    connection = uow.session.connection()
    kept = numbers.in_force(connection, paper, subject)
    if kept:
        return kept
    series, year = series_of(connection, code), uow.today.year
    number = following(numbers.taken(connection, code, year))
    words = written(series, year, number)
    _add(
        uow,
        DocumentNumber(
            series=code,
            year=year,
            number=number,
            through=number,
            words=words,
            paper=paper.value,
            subject=subject,
            note=note,
        ),
    )
    uow.record("number.take", words, {"paper": paper.label, "for": note})
    return words


def clash(connection: Connection, paper: PaperKind, code: str, subject: str, typed: str) -> str:
    """Why a number typed by hand cannot be this paper's; empty if it can.

    ``subject`` without its version: a second visit to the same place may keep the number.
    """
    series = series_of(connection, code)
    found = read(series, typed)
    if found is None:
        return ""
    year, number = found
    use = numbers.covering(connection, code, year, number)
    if use is None:
        after = following(numbers.taken(connection, code, year))
        if number == after:
            return ""
        return (
            f"手工填的 {typed} 跳过了 {written(series, year, after)}，"
            "请先登记系统外用号，或清空由程序取号"
        )
    mine = (use.paper, _place(use.subject)) == (paper.value, _place(subject))
    if not use.paper or mine:
        return ""
    return f"{typed} 已用于{PaperKind(use.paper).label}“{use.note}”，一个号不能用两次"


def _place(subject: str) -> str:
    return ":".join(subject.split(":")[:2])


def enter_typed(
    uow: UnitOfWork, paper: PaperKind, code: str, subject: str, typed: str, note: str
) -> str:
    """Put a number typed by hand into the register, so that nobody gets it again; gives it.

    Errors: UserError as ``clash`` says.
    """
    connection = uow.session.connection()
    why = clash(connection, paper, code, subject, typed)
    if why:
        raise UserError(f"{why}。", "请改正这一项的文号；清空后打印，会自动取下一个号。")
    found = read(series_of(connection, code), typed)
    if found is None or numbers.covering(connection, code, *found) is not None:
        return typed
    year, number = found
    _add(
        uow,
        DocumentNumber(
            series=code,
            year=year,
            number=number,
            through=number,
            words=typed,
            paper=paper.value,
            subject=subject,
            note=note,
        ),
    )
    uow.record("number.take", typed, {"paper": paper.label, "for": note, "typed": True})
    return typed


def _add(uow: UnitOfWork, row: DocumentNumber) -> None:
    row.taken_on, row.by, row.at = uow.today, uow.actor, uow.now
    uow.session.add(row)
    uow.session.flush()
    uow.changed.add("number")


def void(uow: UnitOfWork, command: VoidNumber) -> str:
    """Void a number, for ever; gives it. UserError without a reason, or if it is void already."""
    reason = require_text(command.reason, "作废理由")
    row = uow.session.get(DocumentNumber, command.id)
    if row is None:
        raise UserError("登记簿里没有这个文号。", "请刷新后再试。")
    if row.voided_on is not None:
        raise UserError(f"{row.words} 已经作废。", "请刷新后再看。")
    if not row.paper:
        raise UserError(f"{row.words} 是系统外使用的号，不在这里作废。")
    row.voided_on, row.void_reason, row.voided_by = uow.today, reason, uow.actor
    uow.record("number.void", row.words, {"reason": reason})
    uow.changed.add("number")
    uow.commit()
    return row.words


def enter_elsewhere(uow: UnitOfWork, command: EnterElsewhere) -> str:
    """Explain the numbers up to ``through`` that are not in the register; gives them in words.

    Errors: UserError if they are in the register, or nothing is left to explain.
    """
    reason = require_text(command.reason, "用在哪里")
    connection = uow.session.connection()
    series = series_of(connection, command.code)
    first = following(numbers.taken(connection, command.code, command.year))
    if not first <= command.through <= _MOST:
        raise UserError(
            f"下一个号是 {first}，不能登记到 {command.through}。", f"请填 {first} 到 {_MOST} 的数。"
        )
    words = written(series, command.year, first)
    if command.through > first:
        words = f"{words}至{command.through}号"
    _add(
        uow,
        DocumentNumber(
            series=command.code,
            year=command.year,
            number=first,
            through=command.through,
            words=words,
            note=reason,
        ),
    )
    uow.record("number.elsewhere", words, {"reason": reason})
    uow.commit()
    return words


def print_register(uow: UnitOfWork, command: PrintRegister) -> Path:
    """文号登记簿 as PDF in the workspace; UserError if nothing was taken yet."""
    from app.documents import number_register
    from app.documents.paper_frame import PaperHead

    connection = uow.session.connection()
    rows = numbers.register(connection, command.series, command.year)
    if not rows:
        raise UserError("登记簿还是空的。", "打印带文号的文书时会自动取号。")
    of = f"{NAMES.get(command.series, '全部序列')}，{command.year}年"
    facts = number_register.RegisterFacts(
        head=PaperHead(
            unit=read_unit(connection).name,
            title=f"文号登记簿（{of}）",
            made_on=uow.today,
            seal=False,
            copies=f"制表：{uow.actor}，{uow.today}",
        ),
        lines=tuple(
            number_register.RegisteredNumber(
                number=row.words,
                paper=row.paper or "系统外使用",
                subject=row.note,
                taken_on=row.taken_on,
                by=row.by,
                voided=f"{row.voided_on} {row.void_reason}（{row.voided_by}）"
                if row.voided_on
                else "",
            )
            for row in rows
        ),
        missing=_missing(connection, command),
    )
    path = paper_folder(uow) / safe_name(f"文号登记簿-{of}.pdf")
    write_atomically(path, number_register.build(facts))
    uow.record("number.register", of, {"rows": len(rows)})
    uow.commit()
    return path


def _missing(connection: Connection, command: PrintRegister) -> tuple[str, ...]:
    """Numbers between the first and the last that nothing explains."""
    return tuple(
        written(series, command.year, number)
        for series in all_series(connection)
        if command.series in ("", series.code)
        for number in gaps(numbers.taken(connection, series.code, command.year))
    )


def paper_folder(uow: UnitOfWork) -> Path:
    """Where printed papers lie; EnvironmentFault if it cannot be made."""
    folder = uow.folder.papers
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault("不能建立文书文件夹。", "请检查磁盘空间和写入权限。") from error
    return folder
