"""A unit's series of draws: finding one, nothing beside an open one, closing records (RD1 §6)."""

from __future__ import annotations

from sqlalchemy import func, select

from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.errors import UserError
from app.models import ClosingRecord, Draw, DrawState

__all__ = ["append_record", "find_draw", "refuse_open_draw"]


def find_draw(uow: UnitOfWork, no: str) -> Draw:
    """The draw with this number; UserError if there is none."""
    draw = uow.session.scalar(select(Draw).where(Draw.no == no))
    if draw is None:
        raise UserError(f"没有编号为 {no} 的抽取。", "请核对编号。")
    return draw


def refuse_open_draw(uow: UnitOfWork, series: str, then: str) -> None:
    """From freeze to closing of a draw no other record of its series is made.

    ``then``: what the person wants to do, as the end of the advice (“再开始新的抽取”).
    """
    opened = uow.session.scalar(
        select(Draw).where(
            Draw.series == series, Draw.state.in_([DrawState.FROZEN, DrawState.COMMITTED])
        )
    )
    if opened is None:
        return
    way = "撤回封存" if opened.state is DrawState.FROZEN else "继续开号，或作废"
    raise UserError(f"抽取 {opened.no} 还没有结束。", f"请先{way}，{then}。")


def append_record(uow: UnitOfWork, draw: Draw, kind: str, data: bytes) -> ClosingRecord:
    """Put a result, void record or addendum at the end of the series' chain."""
    last = uow.session.scalar(
        select(func.max(ClosingRecord.position)).where(ClosingRecord.series == draw.series)
    )
    record = ClosingRecord(
        series=draw.series,
        position=(last or 0) + 1,
        draw_id=draw.id,
        kind=kind,
        hash=rd1.file_hash(data),
        bytes_=data,
        at=uow.now,
    )
    uow.session.add(record)
    uow.session.flush()
    return record
