"""回避: declared before or after a draw, lifted later; nothing of it is ever deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select

from app.db.read import recusals
from app.db.read.recusals import Conflict
from app.db.unit_of_work import UnitOfWork
from app.domain.recusal import RecusalKind, parse_kinds
from app.errors import EnvironmentFault, UserError
from app.models import Inspector, Recusal, Target
from app.paths import RESOURCES

__all__ = [
    "DeclareRecusal",
    "LiftRecusal",
    "RecusalDeclared",
    "declare_recusal",
    "kind_words",
    "kinds",
    "lift_recusal",
]

_FILE = RESOURCES / "recusals.toml"


@cache
def kinds() -> tuple[RecusalKind, ...]:
    """The kinds of interest, in the file's order; UserError if the file is wrong."""
    try:
        return parse_kinds(_FILE.read_text(encoding="utf-8"))
    except OSError as error:
        raise EnvironmentFault(
            f"读不了回避事由文件“{_FILE.name}”：{error.strerror}。", "请检查程序文件夹是否完整。"
        ) from error


def kind_words(code: str) -> str:
    """A kind's words; a code nobody knows any more stands for itself."""
    return next((kind.label for kind in kinds() if kind.code == code), code)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareRecusal:
    """This inspector does not inspect this target; ``target_id`` None: takes part in no draw.

    ``code`` of ``kinds``; ``declared_on`` None is today, an earlier day that of the paper.
    """

    inspector_id: int
    target_id: int | None
    code: str
    note: str = ""
    declared_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRecusal:
    """The reason is gone, and why; the record stays."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecusalDeclared:
    """Its row id, and the open tasks of draws already made that it stands against."""

    id: int
    conflicts: tuple[Conflict, ...]


def declare_recusal(uow: UnitOfWork, command: DeclareRecusal) -> RecusalDeclared:
    """Keep an inspector away from a target, or from every draw.

    Errors: UserError for an unknown kind, missing words, a day to come, a second declaration.
    """
    person = uow.session.get(Inspector, command.inspector_id)
    site = uow.session.get(Target, command.target_id) if command.target_id is not None else None
    if person is None or (command.target_id is not None and site is None):
        raise UserError("这名人员或这个检查对象已经不在了。", "请刷新后再试。")
    _check_kind(command)
    day = command.declared_on or uow.today
    if day > uow.today:
        raise UserError(f"申报日期 {day} 还没有到。", "请填写提出回避的日期。")
    known = uow.session.scalar(
        select(Recusal.id).where(
            Recusal.inspector_id == command.inspector_id,
            Recusal.target_id.is_(None)
            if command.target_id is None
            else Recusal.target_id == command.target_id,
            Recusal.code == command.code,
            Recusal.lifted_on.is_(None),
        )
    )
    whom = f"对“{site.name}”的" if site is not None else "的整体"
    if known is not None:
        raise UserError(f"{person.name}{whom}这一回避事由已经登记过。")
    made = Recusal(
        inspector_id=command.inspector_id,
        target_id=command.target_id,
        code=command.code,
        note=command.note.strip(),
        declared_on=day,
        declared_by=uow.actor,
    )
    uow.session.add(made)
    uow.session.flush()
    _record(uow, "recusal.declare", made)
    found = recusals.conflicts(uow.session.connection(), inspector_id=command.inspector_id)
    against = tuple(one for one in found if command.target_id in (None, one.target_id))
    uow.commit()
    return RecusalDeclared(made.id, against)


def _check_kind(command: DeclareRecusal) -> None:
    kind = next((kind for kind in kinds() if kind.code == command.code), None)
    if kind is None:
        raise UserError("没有这一种回避事由。", "请从列表中选择。")
    if command.target_id is None and not kind.whole:
        raise UserError(f"“{kind.label}”只对某一个检查对象回避。", "请选择检查对象，或换一种事由。")
    if kind.own_words and not command.note.strip():
        raise UserError(f"选择“{kind.label}”时要写明情形。", "请填写说明。")


def lift_recusal(uow: UnitOfWork, command: LiftRecusal) -> None:
    """End a recusal from today on; who lifted it and why stay with it.

    Errors: UserError if it was lifted already or no reason is given.
    """
    found = uow.session.get(Recusal, command.id)
    if found is None or found.lifted_on is not None:
        raise UserError("这条回避已经解除。", "请刷新后再看。")
    if not command.reason.strip():
        raise UserError("还没有写为什么解除。", "解除回避的理由要留档，请写明。")
    found.lifted_on, found.lifted_by = uow.today, uow.actor
    found.lift_reason = command.reason.strip()
    _record(uow, "recusal.lift", found)
    uow.commit()


def _record(uow: UnitOfWork, action: str, recusal: Recusal) -> None:
    person = uow.session.get(Inspector, recusal.inspector_id)
    site = uow.session.get(Target, recusal.target_id) if recusal.target_id else None
    uow.record(
        action,
        person.personal_no if person else str(recusal.inspector_id),
        {
            "target": site.ident if site else "",
            "code": recusal.code,
            "note": recusal.note,
            "declared_on": str(recusal.declared_on),
            "reason": recusal.lift_reason,
        },
    )
    uow.changed |= {"inspector", "target", "assignment"}
