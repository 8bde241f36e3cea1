"""The ceremony, step by step (RD1 §1): freeze → commit → reveal; void and withdraw.

Each function is one transaction.  The database holds the record; the draw's folder is written
from it afterwards and can be written again at any time.  The steps are the same whatever the way
(domain.ways); what a way puts into the list is in `draw_pools`, sealing it in `freezing`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from app.db import backup as copies
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.errors import IntegrityError, UserError
from app.models import (
    Draw,
    DrawState,
    DrawWitness,
)
from app.services.draws import draw_outcome, papers, remembering, sealing
from app.services.draws.completing import files_may_wait
from app.services.draws.draw_commands import (
    CommitDraw,
    Committed,
    FreezeDraw,
    Frozen,
    OpenSlip,
    RevealDraw,
    Revealed,
    VoidDraw,
    Voided,
    WithdrawDraw,
    WitnessInput,
)
from app.services.draws.freezing import freeze
from app.services.draws.series import append_record, find_draw
from app.services.safety import backup_files

__all__ = [
    "CommitDraw",
    "Committed",
    "FreezeDraw",
    "Frozen",
    "OpenSlip",
    "RevealDraw",
    "Revealed",
    "VoidDraw",
    "Voided",
    "WithdrawDraw",
    "WitnessInput",
    "check_digits",
    "commit",
    "freeze",
    "open_slip",
    "opened_slips",
    "reveal",
    "used_digits",
    "void",
    "withdraw",
]


def _close(uow: UnitOfWork) -> None:
    uow.changed |= {"draw"}
    uow.commit()


# --- commit -----------------------------------------------------------------------------------


def commit(uow: UnitOfWork, command: CommitDraw) -> Committed:
    """承诺: only now R is taken; it is durable in two places before the slip is written.

    Errors: UserError if the draw is not frozen, EnvironmentFault if a place cannot be written
    (then no commitment exists).
    """
    draw = find_draw(uow, command.no)
    if draw.state is not DrawState.FROZEN:
        raise UserError(f"抽取 {draw.no} 不在“名单已封存”这一步。", "请按顺序进行。")
    # In a restored older workspace the same list may have its commitment already, on paper.
    remembering.refuse_gap(uow.session.connection(), draw.series)
    reveal = sealing.take_reveal()
    draw.reveal = reveal
    draw.commitment = rd1.commit(draw.no, draw.plan_hash, reveal)
    draw.committed_at = uow.now
    draw.state = DrawState.COMMITTED
    sealing.keep_second_copy(draw.no, draw.plan_hash, reveal)
    head = uow.record("draw.commit", draw.no, {"plan": draw.plan_hash, "commit": draw.commitment})
    _close(uow)
    remembering.note(uow, draw.series)
    with files_may_wait(f"抽取 {draw.no} 的承诺值已经生成"):
        papers.write_records(uow.folder, draw)
        papers.write_slip(uow, draw, head)
    return Committed(
        no=draw.no,
        plan=draw.plan_hash,
        commitment=draw.commitment,
        folder=uow.folder.draws / draw.no,
    )


def withdraw(uow: UnitOfWork, command: WithdrawDraw) -> None:
    """撤回封存: allowed only before the commitment; the ledger remembers it."""
    draw = find_draw(uow, command.no)
    if draw.state is not DrawState.FROZEN:
        raise UserError(f"抽取 {draw.no} 已经出了承诺单，不能撤回。", "要中止只能作废。")
    uow.record("draw.withdraw", draw.no, {"plan": draw.plan_hash})
    draw_outcome.forget_redraw(uow, draw)
    uow.session.delete(draw)
    _close(uow)
    papers.remove_records(uow.folder, draw.no)


# --- reveal -----------------------------------------------------------------------------------


def used_digits(connection: Connection, no: str) -> frozenset[str]:
    """Digits given before in the series of draw ``no``: they are not taken again."""
    series = select(Draw.series).where(Draw.no == no).scalar_subquery()
    rows = connection.scalars(
        select(DrawWitness.digits)
        .join(Draw, Draw.id == DrawWitness.draw_id)
        .where(Draw.series == series, Draw.no != no, DrawWitness.digits.is_not(None))
    )
    return frozenset(digits for digits in rows if digits)


def opened_slips(connection: Connection, no: str) -> dict[int, str]:
    """Digits kept of slips already opened in draw ``no``, by position; for whoever resumes it."""
    rows = connection.execute(
        select(DrawWitness.position, DrawWitness.digits)
        .join(Draw, Draw.id == DrawWitness.draw_id)
        .where(Draw.no == no, DrawWitness.digits.is_not(None))
        .order_by(DrawWitness.position)
    )
    return {position: digits for position, digits in rows if digits}


def open_slip(uow: UnitOfWork, command: OpenSlip) -> None:
    """Keep one opened slip: it counts as given (RD1 §1), whatever happens to this PC meanwhile.

    Typed anew it replaces what was kept, and the ledger says so without the digits.  Errors:
    UserError if the draw waits for no slips, there is no such witness, or the digits are weak.
    """
    draw = find_draw(uow, command.no)
    if draw.state is not DrawState.COMMITTED:
        raise UserError(f"抽取 {draw.no} 不在“等待开号”这一步。", "请按顺序进行。")
    witness = next((w for w in draw.witnesses if w.position == command.position), None)
    if witness is None:
        raise UserError(f"抽取 {draw.no} 没有第 {command.position} 名见证人。")
    others = {w.digits for w in draw.witnesses if w.digits and w is not witness}
    reason = rd1.weak(command.digits, used_digits(uow.session.connection(), draw.no) | others)
    if reason:
        raise UserError(f"见证人“{witness.name}”的数字{reason}。")
    if witness.digits == command.digits:
        return
    again = witness.digits is not None
    witness.digits = command.digits
    uow.record("draw.turn", draw.no, {"witness": command.position, "again": again})
    _close(uow)


def _agree_with_kept(draw: Draw, digits: Sequence[str]) -> None:
    """UserError if what is handed in differs from a slip that was opened and kept."""
    for witness, text in zip(draw.witnesses, digits, strict=False):
        if witness.digits is not None and witness.digits != text:
            raise UserError(
                f"见证人“{witness.name}”的数字与已经翻开、保存的不同。",
                "请在开号一步点“重录”，当众照纸条再录两遍。",
            )


def check_digits(uow: UnitOfWork, no: str, digits: Sequence[str]) -> None:
    """Refuse weak, repeated or wrongly counted digits (UserError names the witness)."""
    draw = find_draw(uow, no)
    rd1.require_digits(digits, len(draw.witnesses))
    used = set(used_digits(uow.session.connection(), no))
    for witness, text in zip(draw.witnesses, digits, strict=True):
        reason = rd1.weak(text, used)
        if reason:
            raise UserError(f"见证人“{witness.name}”的数字{reason}。")
        used.add(text)


def reveal(uow: UnitOfWork, command: RevealDraw) -> Revealed:
    """开号、抽取: digits in, R out, seed, tickets, teams, ``result.txt``, assignments, minutes.

    Errors: UserError (wrong step, digits), IntegrityError if R does not fit the commitment.
    """
    draw = find_draw(uow, command.no)
    if draw.state is not DrawState.COMMITTED:
        raise UserError(f"抽取 {draw.no} 不在“等待开号”这一步。", "请按顺序进行。")
    check_digits(uow, draw.no, command.digits)
    _agree_with_kept(draw, command.digits)
    secret = _secret(draw)
    if secret is None:
        raise IntegrityError(
            f"抽取 {draw.no} 的随机数 R 两处都已丢失或对不上承诺值。", "请按规定作废本次抽取。"
        )
    result = rd1.replay(draw.plan_bytes, secret, command.digits)
    data = result.to_bytes()
    connection = uow.session.connection()
    remembering.refuse_another(connection, draw.series, draw.no, rd1.file_hash(data))
    for witness, text in zip(draw.witnesses, command.digits, strict=True):
        witness.digits = text
    draw.host, draw.place, draw.recorder = command.host, command.place, command.recorder
    draw.opened_at = draw.closed_at = uow.now
    draw.reveal, draw.seed = secret, result.seed
    draw.result_bytes, draw.result_hash = data, rd1.file_hash(data)
    draw.state = DrawState.CLOSED
    serials = draw_outcome.keep(uow, draw, result)
    append_record(uow, draw, "result", data)
    head = uow.record("draw.close", draw.no, {"result": draw.result_hash, "selected": len(serials)})
    uow.changed |= {"assignment"}
    _close(uow)
    remembering.note(uow, draw.series)
    sealing.forget_second_copy(draw.no, draw.plan_hash)
    with files_may_wait(f"抽取 {draw.no} 已经完成"):
        papers.write_records(uow.folder, draw)
        papers.write_minutes(uow, draw, head)
        _backup_after_draw(uow, draw)
    return Revealed(
        no=draw.no,
        plan=draw.plan_hash,
        commitment=draw.commitment or "",
        reveal=secret,
        seed=result.seed,
        result=draw.result_hash,
        selected=len(serials),
        serials=tuple(serials),
        folder=uow.folder.draws / draw.no,
    )


def _secret(draw: Draw) -> str | None:
    """R from either place, if it fits the commitment."""
    for secret in (draw.reveal, sealing.second_copy(draw.no, draw.plan_hash)):
        if secret and rd1.commit(draw.no, draw.plan_hash, secret) == draw.commitment:
            return secret
    return None


def _backup_after_draw(uow: UnitOfWork, draw: Draw) -> None:
    name = copies.backup_name(uow.now, f"after-{draw.no}", ".zip")
    backup_files.write(uow.folder, uow.folder.backups / name, alone=False)


# --- void -------------------------------------------------------------------------------------


def void(uow: UnitOfWork, command: VoidDraw) -> Voided:
    """作废 after the commitment: the number is used up, the would-be result is kept.

    Errors: UserError if the draw is not between commitment and closing, or a field is missing.
    """
    draw = find_draw(uow, command.no)
    if draw.state is not DrawState.COMMITTED:
        words = {
            DrawState.FROZEN: "还没有出承诺单，可以直接撤回封存。",
            DrawState.CLOSED: "已经完成，不能作废；有错误请另行更正。",
            DrawState.VOID: "已经作废。",
        }[draw.state]
        raise UserError(f"抽取 {draw.no} {words}")
    _agree_with_kept(draw, command.digits)
    for witness, text in zip(draw.witnesses, command.digits, strict=False):
        witness.digits = text
    slips = tuple(rd1.OpenedSlip(w.position, w.digits) for w in draw.witnesses if w.digits)
    secret = _secret(draw)
    complete = secret is not None and len(slips) == len(draw.witnesses)
    result = (
        rd1.replay(draw.plan_bytes, secret, [slip.digits for slip in slips]).to_bytes()
        if secret is not None and complete
        else None
    )
    data = rd1.write_void(
        rd1.VoidRecord(
            no=draw.no,
            plan=draw.plan_hash,
            commitment=draw.commitment or "",
            reveal=secret,
            slips=slips,
            result=rd1.file_hash(result) if result else None,
            reason=command.reason,
            approved=rd1.Approval(command.approved_name, command.approved_post),
            at=uow.today,
        )
    )
    connection = uow.session.connection()
    remembering.refuse_another(connection, draw.series, draw.no, rd1.file_hash(data))
    draw.void_bytes, draw.result_bytes = data, result
    draw.result_hash = rd1.file_hash(result) if result else None
    draw.state, draw.closed_at = DrawState.VOID, uow.now
    append_record(uow, draw, "void", data)
    detail = {"void": rd1.file_hash(data), "reason": command.reason}
    head = uow.record("draw.void", draw.no, detail)
    _close(uow)
    remembering.note(uow, draw.series)
    sealing.forget_second_copy(draw.no, draw.plan_hash)
    with files_may_wait(f"抽取 {draw.no} 已经作废"):
        papers.write_records(uow.folder, draw)
        papers.write_void(uow, draw, head)
    return Voided(
        no=draw.no,
        hash=rd1.file_hash(data),
        would_be=draw.result_hash,
        folder=uow.folder.draws / draw.no,
    )
