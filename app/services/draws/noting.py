"""What happened in the room, written down while it happens: 登记异常, and when a step was over."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from app.db.unit_of_work import UnitOfWork
from app.errors import UserError
from app.models import DrawState
from app.services.draws import papers
from app.services.draws.draw_papers import FOLDED, NOTED, OPENING
from app.services.draws.series import find_draw

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


class Passed(enum.Enum):
    """A step of the room that leaves no record of its own."""

    FOLDED = FOLDED  # every slip is folded
    OPENING = OPENING  # the commitment slip is signed, the slips are being opened

    @property
    def state(self) -> DrawState:
        """What the draw must be when this happens."""
        return DrawState.FROZEN if self is Passed.FOLDED else DrawState.COMMITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class PassStep:
    """Draw ``no`` came past ``step`` just now."""

    no: str
    step: Passed


def pass_step(uow: UnitOfWork, command: PassStep) -> None:
    """Put the time into the ledger; the minutes print the last one of each step.

    Errors: UserError if there is no such draw or it is not at this step.
    """
    draw = find_draw(uow, command.no)
    if draw.state is not command.step.state:
        raise UserError(f"抽取 {draw.no} 不在这一步。", "请按顺序进行。")
    uow.record(command.step.value, draw.no, {"plan": draw.plan_hash})
    uow.commit()
