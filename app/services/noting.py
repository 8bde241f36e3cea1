"""登记异常: something remarkable about a draw, written down while it happens."""

from __future__ import annotations

from dataclasses import dataclass

from app.db.unit_of_work import UnitOfWork
from app.errors import UserError
from app.models import DrawState
from app.services import papers
from app.services.draw_papers import NOTED
from app.services.series import find_draw

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteException:
    """What happened in draw ``no``, in a sentence."""

    no: str
    what: str


def note(uow: UnitOfWork, command: NoteException) -> None:
    """Put it into the ledger with the time; it stands on the minutes, also on those printed again.

    Errors: UserError (no such draw, void, empty or too long).
    """
    draw = find_draw(uow, command.no)
    what = " ".join(command.what.split())
    if draw.state is DrawState.VOID:
        raise UserError(f"抽取 {draw.no} 已经作废。", "情况请写在作废原因里。")
    if not what:
        raise UserError("还没有写明发生了什么。", "请用一句话写明。")
    if len(what) > _LONGEST:
        raise UserError(f"说明超过 {_LONGEST} 字。", "请写得短一些，细节另附材料。")
    head = uow.record(NOTED, draw.no, {"note": what})
    uow.changed |= {"draw"}
    uow.commit()
    if draw.state is DrawState.CLOSED:
        papers.write_minutes(uow, draw, head)
