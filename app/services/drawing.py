"""The ceremony, step by step (RD1 §1): freeze → commit → reveal; void and withdraw.

Each function is one transaction.  The database holds the record; the draw's folder is written
from it afterwards and can be written again at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app import __version__
from app.db import backup as copies
from app.db.read import draws, pool
from app.db.read.query import fold
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.rulebook import LeadRule, Rulebook, TeamMode
from app.errors import IntegrityError, UserError
from app.models import (
    Draw,
    DrawState,
    DrawWitness,
)
from app.services import (
    draw_outcome,
    local_basis,
    papers,
    planning,
    remembering,
    rulebooks,
    sealing,
)
from app.services.completing import files_may_wait
from app.services.draw_facts import DrawFacts, pack_facts
from app.services.draw_outcome import OWN_GROUP
from app.services.series import append_record, find_draw, refuse_open_draw
from app.services.workspace import UnitInfo, read_unit

# --- commands and outcomes --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WitnessInput:
    """见证人: name, the body they come from, post, role (one of the rulebook's, may be empty)."""

    name: str
    organ: str
    post: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeDraw:
    """What the first step asks for. ``teams`` None: as many pairs as there are people.

    ``basis``: why this draw is made here and not on the platform; empty takes what is on record.
    """

    period: str
    witnesses: tuple[WitnessInput, ...]
    teams: int | None = None
    rehearsal: bool = False
    headcount: int | None = None
    host: str = ""
    recorder: str = ""
    place: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """名单封存: the number, P and what the page shows.

    ``supply`` and ``needs`` hold the thin places to flag, ``difference`` what changed since the
    last draw's plan (None for the first of the series).
    """

    no: str
    plan: str
    facts: DrawFacts
    supply: tuple[rd1.StratumSupply, ...]
    needs: tuple[rd1.NeedSupply, ...]
    difference: rd1.PlanDifference | None
    folder: Path


@dataclass(frozen=True, slots=True)
class CommitDraw:
    """Take R and make the commitment of a frozen draw."""

    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """P and C as the slip shows them."""

    no: str
    plan: str
    commitment: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealDraw:
    """The opened slips, in the witnesses' order, and who was in the room."""

    no: str
    digits: tuple[str, ...]
    host: str
    place: str
    recorder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """A closed draw: all its digests, how many were selected, the public serials in order."""

    no: str
    plan: str
    commitment: str
    reveal: str
    seed: str
    result: str
    selected: int
    serials: tuple[str, ...]
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidDraw:
    """作废: why, who approved it, and the slips that were already opened."""

    no: str
    reason: str
    approved_name: str
    approved_post: str
    digits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """The void record's hash and, if it could be computed, the would-be result's."""

    no: str
    hash: str
    would_be: str | None
    folder: Path


@dataclass(frozen=True, slots=True)
class WithdrawDraw:
    """Take back a frozen draw before any randomness existed; its number is free again."""

    no: str


# --- freeze -----------------------------------------------------------------------------------


def freeze(uow: UnitOfWork, command: FreezeDraw) -> Frozen:
    """名单封存: pool, quotas, people, recusals, rules and witnesses become ``plan.txt``.

    Errors: UserError if another draw of the series is open, nobody or nothing can be drawn,
    or the witnesses do not fit (domain rule: two at least, none of them draws or operates).
    """
    connection = uow.session.connection()
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    series = f"T{unit.series}" if command.rehearsal else unit.series
    remembering.refuse_gap(connection, series)
    refuse_open_draw(uow, series, "再开始新的抽取")
    check_witnesses(command.witnesses, rulebook, uow.actor)
    plan = planning.compute(
        connection,
        planning.MakePlan(
            period=command.period,
            headcount=command.headcount,
            on=uow.today,
            witnesses=tuple(w.name for w in command.witnesses),
        ),
    )
    _refuse_empty(plan)
    _refuse_interested(connection, command.witnesses, plan)
    seq = remembering.series_mark(connection, series).seq + 1
    no = f"{series}-{plan.period}-{seq:02d}"
    excluded = _excluded_file(plan)
    draft = draft_plan(connection, unit, rulebook, command, plan, no, series, excluded)
    facts = DrawFacts(
        unit=unit.name,
        rulebook_title=rulebook.document.title,
        rulebook_id=rulebook.id,
        rulebook_version=rulebook.version,
        document_title=unit.document_title,
        document_no=unit.document_no,
        draw_basis=command.basis.strip().rstrip("。") or local_basis.words(connection, plan.period),
        plan=plan,
        teams=draft.groups[0].teams if draft.groups else 0,
        pair_each=bool(draft.groups) and draft.groups[0].mode is rd1.TeamMode.PAIR_EACH,
        roles=tuple(witness.role for witness in command.witnesses),
    )
    room = Room(
        witnesses=command.witnesses,
        host=command.host,
        recorder=command.recorder,
        place=command.place,
    )
    # Asked before the new draw is added: it compares with the last one.
    changed = difference(connection, series, draft)
    draw = seal(uow, draft, excluded, facts, room)
    # Nothing is bound yet: a list that cannot be written is not frozen either.
    try:
        papers.write_records(uow.folder, draw)
        _close(uow)
    except BaseException:
        papers.remove_records(uow.folder, draw.no)
        raise
    return frozen(uow, draw, facts, changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Who is there when a list is sealed, and where."""

    witnesses: tuple[WitnessInput, ...]
    host: str
    recorder: str
    place: str


def seal(uow: UnitOfWork, draft: rd1.Plan, excluded: bytes, facts: DrawFacts, room: Room) -> Draw:
    """Write the plan's bytes and add the frozen draw with its ledger entry; nothing is committed.

    Errors: PlanError if the plan breaks RD1 §2.
    """
    data = rd1.write_plan(draft)
    draw = Draw(
        no=draft.no,
        series=draft.series,
        seq=int(draft.no.rpartition("-")[2]),
        rehearsal=draft.is_rehearsal,
        period=draft.period,
        state=DrawState.FROZEN,
        prev=draft.prev,
        plan_bytes=data,
        plan_hash=rd1.plan_hash(data),
        excluded_bytes=excluded,
        facts=pack_facts(facts),
        host=room.host,
        operator=uow.actor,
        recorder=room.recorder,
        place=room.place,
        frozen_at=uow.now,
        witnesses=[
            DrawWitness(position=i, name=w.name, organ=w.organ, post=w.post)
            for i, w in enumerate(room.witnesses, 1)
        ],
    )
    uow.session.add(draw)
    quota = sum(one.n for one in draft.quotas)
    uow.record("draw.freeze", draw.no, {"plan": draw.plan_hash, "quota": quota})
    return draw


def frozen(
    uow: UnitOfWork, draw: Draw, facts: DrawFacts, changed: rd1.PlanDifference | None
) -> Frozen:
    """What the page shows of a draw that was just sealed."""
    plan = rd1.parse_plan(draw.plan_bytes)
    return Frozen(
        no=draw.no,
        plan=draw.plan_hash,
        facts=facts,
        supply=rd1.stratum_supply(plan),
        needs=rd1.need_supply(plan),
        difference=changed,
        folder=uow.folder.draws / draw.no,
    )


def _close(uow: UnitOfWork) -> None:
    uow.changed |= {"draw"}
    uow.commit()


def check_witnesses(witnesses: Sequence[WitnessInput], rulebook: Rulebook, actor: str) -> None:
    """Refuse too few witnesses, nameless or double ones, and the operator (UserError)."""
    least = max(2, rulebook.witnesses.minimum)
    if not least <= len(witnesses) <= 9:
        raise UserError(f"见证人有 {len(witnesses)} 名。", f"请登记 {least} 至 9 名见证人。")
    names = [w.name.strip() for w in witnesses]
    if not all(names) or not all(w.organ.strip() for w in witnesses):
        raise UserError("有见证人没有写姓名或单位。", "请逐一补全。")
    if len(set(names)) < len(names):
        raise UserError("同一人登记了两次见证人。", "请改为不同的人。")
    if actor in names:
        raise UserError(f"操作人“{actor}”不能同时是见证人。", "请换一名见证人，或换人操作。")


def _refuse_interested(
    connection: Connection, witnesses: Sequence[WitnessInput], plan: planning.PeriodPlan
) -> None:
    """An enterprise's witness represents no target that can be drawn."""
    names = pool.target_names(connection)
    drawable = {
        fold(names[ident].name)
        for line in plan.lines
        for stratum in line.strata
        for ident in stratum.ids
    }
    for witness in witnesses:
        if fold(witness.organ.strip()) in drawable:
            raise UserError(
                f"见证人“{witness.name}”来自参加本次抽取的检查对象“{witness.organ}”。",
                "请换一名与本次抽取没有利害关系的见证人。",
            )


def _refuse_empty(plan: planning.PeriodPlan) -> None:
    if plan.total == 0:
        raise UserError(
            f"{plan.period_words}没有可抽的检查对象。", "请先导入检查对象，或查看排除原因。"
        )
    if sum(person.eligible for person in plan.people) < 2:
        raise UserError(
            "合格的执法人员不足两人，不能组成检查组。", "请检查执法证有效期和在岗状态。"
        )


def _excluded_file(plan: planning.PeriodPlan) -> bytes:
    """``excluded.txt``: lines id|code|name ascending, LF, UTF-8; bound by a rule line."""
    lines = sorted(f"{x.ident}|{x.code}|{rd1.clean(x.name)}" for x in plan.excluded)
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def draft_plan(
    connection: Connection,
    unit: UnitInfo,
    rulebook: Rulebook,
    command: FreezeDraw,
    plan: planning.PeriodPlan,
    no: str,
    series: str,
    excluded: bytes,
) -> rd1.Plan:
    """The plan as it would be frozen now; changes nothing."""
    needs, names = pool.needs(connection), pool.target_names(connection)
    drawable = {ident for line in plan.lines for stratum in line.strata for ident in stratum.ids}
    inspectors = plan_inspectors(plan.people, pool.departments(connection), rulebook)
    listed = {person.id for person in inspectors}
    strata = [stratum for line in plan.lines for stratum in line.strata if stratum.ids]
    return rd1.Plan(
        no=no,
        series=series,
        period=plan.period,
        prev=remembering.series_mark(connection, series).head,
        programs=(f"SuiCha {__version__}",),
        organisations=(unit.name,),
        rules=plan_rules(rulebook, unit, plan, excluded),
        groups=(_group(rulebook, command.teams, inspectors),),
        inspectors=inspectors,
        targets=tuple(
            rd1.PlanTarget(s.stratum, ident, needs[ident], names[ident].name)
            for s in strata
            for ident in s.ids
        ),
        # Everyone not drawn is an alternate, in ticket order.
        quotas=tuple(rd1.Quota(s.stratum, s.n, len(s.ids) - s.n) for s in strata),
        recusals=tuple(
            rd1.Recusal(person, target, code)
            for person, target, code in pool.recusals(connection)
            if person in listed and target in drawable
        ),
        witnesses=tuple(
            rd1.Witness(i, witness.organ) for i, witness in enumerate(command.witnesses, 1)
        ),
    )


def plan_inspectors(
    people: Sequence[planning.PersonLine], departments: dict[str, str], rulebook: Rulebook
) -> tuple[rd1.PlanInspector, ...]:
    """The directory's people as plan lines, eligible or with the code of their exclusion."""
    everyone_leads = rulebook.team.lead.value is LeadRule.EVERYONE
    return tuple(
        rd1.PlanInspector(
            id=person.personal_no,
            group=OWN_GROUP,
            dept=departments.get(person.personal_no) or OWN_GROUP,
            lead=person.eligible if everyone_leads else person.may_lead,
            specs=tuple(sorted(set(person.specialities))),
            eligible=person.eligible,
            why=person.code,
        )
        for person in people
    )


def _group(
    rulebook: Rulebook, teams: int | None, inspectors: Sequence[rd1.PlanInspector]
) -> rd1.Group:
    if rulebook.team.mode.value is TeamMode.EACH:
        if teams is not None:
            raise UserError(
                "本细则是每个检查对象随机组对，不编固定检查组。", "请去掉检查组数再试。"
            )
        return rd1.Group(OWN_GROUP, rd1.TeamMode.PAIR_EACH)
    most = sum(person.eligible for person in inspectors) // 2
    if teams is not None and not 1 <= teams <= most:
        raise UserError(f"合格人员最多编 {most} 组。", f"请把检查组数改为 1 至 {most}。")
    return rd1.Group(OWN_GROUP, rd1.TeamMode.FIXED_TEAMS, most if teams is None else teams)


def plan_rules(
    rulebook: Rulebook, unit: UnitInfo, plan: planning.PeriodPlan, excluded: bytes
) -> tuple[rd1.Rule, ...]:
    """The ``rule`` lines of a plan: rulebook, headcount, articles, the excluded list's hash."""
    rules = {
        "rulebook": rulebook.id,
        "version": rulebook.version,
        "excluded": hashlib.sha256(excluded).hexdigest(),
        "mixdept": "1" if rulebook.team.mixdept.value else "0",
    }
    if unit.level:
        rules["level"] = unit.level
    if plan.headcount is not None:
        rules["headcount"] = str(plan.headcount)
    for line in plan.lines:
        rules[f"article.{line.category}"] = line.article
    return tuple(rd1.Rule(key, value) for key, value in rules.items() if value)


def difference(
    connection: Connection, series: str, plan: rd1.Plan, before: int | None = None
) -> rd1.PlanDifference | None:
    """What changed since the series' last plan (the one before draw ``before``).

    None for the first of the series and for a redraw, which has no pool of its own.
    """
    last = draws.plan_before(connection, series, before)
    if last is None or plan.rule("redraw") is not None:
        return None
    return rd1.difference(rd1.parse_plan(last), plan)


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
    uow.record("draw.commit", draw.no, {"plan": draw.plan_hash, "commit": draw.commitment})
    _close(uow)
    remembering.note(uow, draw.series)
    with files_may_wait(f"抽取 {draw.no} 的承诺值已经生成"):
        papers.write_records(uow.folder, draw)
        papers.write_slip(uow, draw)
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
    secret = _secret(draw)
    if secret is None:
        raise IntegrityError(
            f"抽取 {draw.no} 的随机数 R 两处都已丢失或对不上承诺值。", "请按规定作废本次抽取。"
        )
    result = rd1.replay(draw.plan_bytes, secret, command.digits)
    data = result.to_bytes()
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
    name = copies.backup_name(uow.now, f"after-{draw.no}")
    copies.copy_database(uow.folder.database, uow.folder.backups / name)


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
    slips = tuple(rd1.OpenedSlip(i, text) for i, text in enumerate(command.digits, 1))
    secret = _secret(draw)
    complete = secret is not None and len(slips) == len(draw.witnesses)
    result = (
        rd1.replay(draw.plan_bytes, secret, command.digits).to_bytes()
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
    for witness, text in zip(draw.witnesses, command.digits, strict=False):
        witness.digits = text
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
