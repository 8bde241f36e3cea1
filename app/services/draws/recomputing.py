"""复算: the same draw once more, here from the records and on another device by a witness."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.errors import IntegrityError, UserError
from app.models import Draw, DrawState, DrawWitness, Inspector
from app.services.draws import papers
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.series import find_draw

_LEAST_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """F as recorded and as it came out now."""

    recorded: str
    computed: str

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.recorded == self.computed


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCheck:
    """Who recomputed on another device, and the F seen there (8 digits at least)."""

    no: str
    by: str
    seen: str


def recompute(connection: Connection, no: str) -> Recomputed:
    """Run the draw again from its sealed records; changes nothing."""
    row = connection.execute(
        select(Draw.id, Draw.state, Draw.plan_bytes, Draw.reveal, Draw.result_hash).where(
            Draw.no == no, Draw.plan_bytes != b""
        )
    ).first()
    if row is None or row.state is not DrawState.CLOSED:
        raise UserError(f"抽取 {no} 还没有结果，不能复算。", "请先完成开号和揭晓。")
    digits = connection.scalars(
        select(DrawWitness.digits)
        .where(DrawWitness.draw_id == row.id)
        .order_by(DrawWitness.position)
    ).all()
    result = rd1.replay(row.plan_bytes, row.reveal, [given or "" for given in digits])
    return Recomputed(recorded=row.result_hash, computed=rd1.file_hash(result.to_bytes()))


def _refuse_outsider(uow: UnitOfWork, no: str, by: str) -> None:
    """Only staff or a 纪检 witness recomputes, and never the operator, who has seen F here.

    The folder holds names, R and the seed, which no other witness may see before the inspections.
    """
    draw = find_draw(uow, no)
    if by == draw.operator:
        raise UserError(
            f"“{by}”是本次抽取的操作人，本机的 F 就在眼前，不能由操作人复算。",
            "请由主持人、记录人、其他执法人员或纪检见证人在另一台设备上复算。",
        )
    witness = next((each for each in draw.witnesses if each.name == by), None)
    if witness is not None:
        sealed = unpack_facts(draw.facts)
        inside = witness.organ == sealed.unit
        if not inside and _DISCIPLINE not in f"{sealed.role(witness.position)}{witness.organ}":
            raise UserError(
                f"见证人“{by}”不是本单位人员，也不是纪检见证人，检查前不能看到名单，不能复算。",
                "请由本单位人员或纪检见证人复算。",
            )
        return
    known = {draw.host, draw.recorder, *uow.session.scalars(select(Inspector.name))}
    if by not in known:
        raise UserError(
            f"“{by}”不在执法人员名录里，也不是本次抽取的主持人、记录人或纪检见证人。",
            "请核对姓名；复算只能由本单位人员或纪检见证人进行。",
        )


_DISCIPLINE = "纪"  # 纪检监察, 纪委, 派驻纪检组: every discipline body has it in its name


def confirm(uow: UnitOfWork, command: ConfirmCheck) -> None:
    """登记复算: the ledger names who compared F; the minutes are printed again with it.

    Errors: UserError for a missing name, somebody who may not see the records or saw F here, too
    few digits, or digits that are not F's;
    IntegrityError if the draw does not recompute here.
    """
    here = recompute(uow.session.connection(), command.no)
    if not here.agrees:
        raise IntegrityError(
            f"抽取 {command.no} 在本机复算得到的结果与记录不同。",
            "请停止使用本次结果，报告主持人。",
        )
    by = command.by.strip()
    seen = "".join(command.seen.split()).lower()
    if not by:
        raise UserError("还没有填写复算人。", "请填写在另一台设备上复算的人。")
    _refuse_outsider(uow, command.no, by)
    if len(seen) < _LEAST_DIGITS:
        raise UserError("F 至少要录入前 8 位。", "请照另一台设备上显示的录入。")
    if not here.recorded.startswith(seen):
        raise UserError(
            "录入的 F 与本机记录不同。",
            "请再看一遍另一台设备；确实不同就停下来，报告主持人，不要签字。",
        )
    draw = find_draw(uow, command.no)
    head = uow.record("draw.check", draw.no, {"by": by, "result": here.recorded})
    uow.changed |= {"draw"}
    uow.commit()
    papers.write_minutes(uow, draw, head)
