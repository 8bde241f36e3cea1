"""A package after it was made: approved, copied, uploaded, and what the platform answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select, update

from app.db.unit_of_work import UnitOfWork
from app.domain.package_course import PackageState, check_step
from app.domain.received import FileKind
from app.errors import UserError
from app.models import ExportPackage, PackageLine, PackageStep, Setting
from app.services import attaching
from app.services.intake import receiving
from app.services.packages.outgoing import PackedLine

__all__ = [
    "Answer",
    "Refused",
    "TakeStep",
    "WantApproval",
    "answer",
    "approval_wanted",
    "begin",
    "check_may_leave",
    "copied",
    "find",
    "take",
    "want_approval",
]

_APPROVAL = "package.approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep:
    """The package went on: ``who`` approved, copied or uploaded it, with ``post`` and day.

    ``number``: 介质编号 of a copy, 接收编号 of an upload; ``on`` None is today.
    """

    package_id: int
    state: PackageState
    who: str = ""
    post: str = ""
    on: date | None = None
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One row the platform sent back: ``line`` as it counts, its sheet (“” where there is one)."""

    line: int
    words: str
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The platform's answer: nothing ``refused`` is all accepted.

    ``number``: 接收编号; ``receipts``: files of it; ``complaints``: its list the refused rows
    were read from, kept with them; ``on``: the day it answered, None is today.
    """

    package_id: int
    refused: tuple[Refused, ...] = ()
    number: str = ""
    on: date | None = None
    note: str = ""
    receipts: tuple[Path, ...] = ()
    complaints: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantApproval:
    """Whether a package needs a second person's approval before it leaves."""

    wanted: bool


def approval_wanted(connection: Connection) -> bool:
    """Whether the unit wants packages approved by a second person; no if never said."""
    value = connection.execute(select(Setting.value).where(Setting.key == _APPROVAL)).scalar()
    return value == "yes"


def want_approval(uow: UnitOfWork, command: WantApproval) -> None:
    """Keep the unit's wish; it binds packages that have not left yet."""
    uow.session.merge(Setting(key=_APPROVAL, value="yes" if command.wanted else ""))
    uow.record("package.approval", "package", {"wanted": command.wanted})
    uow.changed |= {"package", "unit"}
    uow.commit()


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
            ident=each.ident,
            gone=each.gone,
        )
        for each in lines
    )
    note = ""
    if corrects is not None:
        uow.changed |= {"target", "result"}  # no longer marked as sent back
        before = find(uow, corrects)
        check_step(before.state, PackageState.RESENT)
        before.resent_as_id = package.id
        note = f"更正 {before.file_name}"
        _note(uow, before, TakeStep(
            package_id=before.id, state=PackageState.RESENT, who=uow.actor,
            note=f"改好后另作 {package.file_name}",
        ))  # fmt: skip
    made = TakeStep(package_id=package.id, state=PackageState.MADE, who=uow.actor, note=note)
    _note(uow, package, made)


def take(uow: UnitOfWork, command: TakeStep) -> None:
    """Go one step on.

    UserError for a step out of order, nobody named for it, a day still to come, or an approval
    that is not a second person's.
    """
    package = find(uow, command.package_id)
    if command.state.answered:
        raise UserError("平台的答复要用“登记平台答复”办理。", "请填写是全部受理还是有退回。")
    approval = approval_wanted(uow.session.connection())
    check_step(package.state, command.state, approval=approval)
    who = command.who.strip()
    if not who:
        raise UserError("还没有写是谁办的。", "请填写姓名。")
    if command.state is PackageState.APPROVED and _same_person(who, package.by):
        raise UserError("批准人不能是制作上报包的人。", "请由另一个人批准。")
    _refuse_future(uow, command.on)
    _note(uow, package, command)
    uow.record(
        "package.step",
        package.file_name,
        {
            "state": command.state.value,
            "who": who,
            "post": command.post.strip(),
            "on": command.on or uow.today,
            "number": command.number.strip(),
            "note": command.note.strip(),
        },
    )
    uow.changed.add("package")
    uow.commit()


def check_may_leave(uow: UnitOfWork, package: ExportPackage) -> None:
    """Refuse (UserError) to carry away what the unit wants approved first."""
    if package.state is PackageState.MADE and approval_wanted(uow.session.connection()):
        check_step(package.state, PackageState.COPIED, approval=True)


def copied(uow: UnitOfWork, package: ExportPackage, medium: str) -> None:
    """Note that the program copied the package onto a medium; a second copy changes no state.

    No commit and no ledger entry: the service that copied writes them.
    """
    check_may_leave(uow, package)
    if package.state in {PackageState.MADE, PackageState.APPROVED}:
        _note(uow, package, TakeStep(
            package_id=package.id, state=PackageState.COPIED, who=uow.actor, number=medium,
        ))  # fmt: skip


def answer(uow: UnitOfWork, command: Answer) -> int:
    """Write down what the platform took and what it sent back; gives the number of rows refused.

    An answer written down before may be put right while nothing was sent again; that needs a
    note.

    Errors: UserError (not uploaded yet, a row the package does not have, no words, a day still
    to come), those of ``attaching.keep`` for the receipts.
    """
    package = find(uow, command.package_id)
    state = PackageState.PARTLY if command.refused else PackageState.ACCEPTED
    if package.state in {PackageState.ACCEPTED, PackageState.PARTLY}:
        if not command.note.strip():
            raise UserError("这个上报包的答复已经登记过。", "要改的，请在说明里写明原因。")
    else:
        check_step(package.state, state)
    _refuse_future(uow, command.on)
    lines = select(PackageLine).where(PackageLine.package_id == package.id)
    uow.session.execute(
        update(PackageLine).where(PackageLine.package_id == package.id).values(refused="")
    )
    found = uow.session.scalars(lines.execution_options(populate_existing=True)).all()
    for refused in command.refused:
        _refuse(found, refused)
    _keep_files(uow, package, command, [each for each in found if each.refused])
    package.receipt_no = command.number.strip() or package.receipt_no
    _note(uow, package, TakeStep(
        package_id=package.id, state=state, who=uow.actor,
        on=command.on, number=command.number, note=command.note,
    ))  # fmt: skip
    uow.record(
        "package.answer",
        package.file_name,
        {
            "state": state.value,
            "refused": len(command.refused),
            "number": command.number.strip(),
            "on": command.on or uow.today,
            "note": command.note.strip(),
        },
    )
    # The rows sent back are marked where they live.
    uow.changed |= {"package", "target", "result", "attachment"}
    uow.commit()
    return len(command.refused)


def _keep_files(
    uow: UnitOfWork, package: ExportPackage, command: Answer, refused: Sequence[PackageLine]
) -> None:
    """Each file of the answer stays with the package and stands in the register of what came in."""
    lists = {command.complaints} - {None}
    for path in dict.fromkeys([*command.receipts, *(each for each in lists if each)]):
        attaching.keep(uow, "package", package.id, path)
        of_rows = path in lists
        receiving.record_incoming(
            uow,
            receiving.Incoming(
                kind=FileKind.REFUSALS if of_rows else FileKind.RECEIPT,
                path=path,
                document_no=command.number.strip(),
                subject=package.file_name,
                counts={"rejected": len(refused)} if of_rows else {},
                touched=[
                    receiving.Touched(record="package_line", row_id=line.id, place=str(line.line))
                    for line in refused
                    if of_rows
                ],
            ),
        )


def find(uow: UnitOfWork, package_id: int) -> ExportPackage:
    """The package of this number; UserError if there is none."""
    package = uow.session.get(ExportPackage, package_id)
    if package is None:
        raise UserError("这个上报包已不在登记里。", "请刷新后再试。")
    return package


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
    # A platform may find several things wrong with one row.
    told = [each for each in fit[0].refused.split("；") if each]
    fit[0].refused = "；".join(dict.fromkeys([*told, words]))


def _same_person(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _refuse_future(uow: UnitOfWork, on: date | None) -> None:
    if on is not None and on > uow.today:
        raise UserError(f"日期 {on} 还没有到。", "请填写实际办理的那一天。")


def _note(uow: UnitOfWork, package: ExportPackage, step: TakeStep) -> None:
    package.state = step.state
    uow.session.add(
        PackageStep(
            package_id=package.id,
            state=step.state,
            who=step.who.strip(),
            post=step.post.strip(),
            on=step.on or uow.today,
            number=step.number.strip(),
            note=step.note.strip(),
            by=uow.actor,
            at=uow.now,
        )
    )
