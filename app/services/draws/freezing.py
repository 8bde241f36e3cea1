"""名单封存: what `draw_pools` found becomes ``plan.txt``, with its facts for paper."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from sqlalchemy import Connection

from app import __version__
from app.db.read import draws, pool, recusals
from app.db.read.query import fold
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.rule_facts import InspectionKind
from app.domain.rulebook import LeadRule, Rulebook
from app.domain.shortage import sentences
from app.domain.telling import WatchList, identity_in, words_of
from app.domain.ways import Way
from app.errors import UserError
from app.models import Draw, DrawState, DrawWitness
from app.services import rulebooks
from app.services.directories import rounds
from app.services.draws import draw_pools, papers, remembering
from app.services.draws.draw_commands import FreezeDraw, Frozen, WitnessInput
from app.services.draws.draw_facts import DrawFacts, pack_facts
from app.services.draws.draw_pools import (
    OWN_GROUP,
    DrawPool,
    own_group,
    plan_inspectors,
    refuse_empty,
)
from app.services.draws.series import refuse_open_draw
from app.services.plans import local_basis, planning
from app.services.workspace import UnitInfo, read_unit

__all__ = [
    "Room",
    "check_witnesses",
    "difference",
    "draft_plan",
    "freeze",
    "frozen",
    "others",
    "plan_rules",
    "seal",
    "shown",
]


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
    found = draw_pools.prospect(connection, command, uow.today)
    refuse_empty(found)
    _refuse_interested(connection, command.witnesses, found)
    _refuse_identities(found)
    plan = found.plan
    seq = remembering.series_mark(connection, series).seq + 1
    no = f"{series}-{plan.period}-{seq:02d}"
    excluded = _excluded_file(plan)
    draft = draft_plan(connection, unit, rulebook, command, found, no, series, excluded)
    own = next((group for group in draft.groups if group.code == OWN_GROUP), None)
    facts = DrawFacts(
        unit=unit.name,
        rulebook_title=rulebook.document.title,
        rulebook_id=rulebook.id,
        rulebook_version=rulebook.version,
        document_title=unit.document_title,
        document_no=unit.document_no,
        draw_basis=command.basis.strip().rstrip("。") or local_basis.words(connection, plan.period),
        plan=plan,
        teams=own.teams if own else 0,
        pair_each=own is not None and own.mode is rd1.TeamMode.PAIR_EACH,
        roles=tuple(witness.role for witness in command.witnesses),
        way=found.way.value,
        scope=found.scope,
        reason=found.reason,
        campaign=found.campaign,
        origin=found.origin,
        groups=tuple((each.group.code, each.title) for each in found.groups),
        directories=rounds.reference(connection),
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
    draw.kind = _kind(found).value
    draw.list_id, draw.of_draw_id = command.list_id, found.of_draw_id
    # Nothing is bound yet: a list that cannot be written is not frozen either.
    try:
        papers.write_records(uow.folder, draw)
        uow.changed |= {"draw"}
        uow.commit()
    except BaseException:
        papers.remove_records(uow.folder, draw.no)
        raise
    return frozen(uow, draw, facts, changed)


def _kind(found: DrawPool) -> InspectionKind:
    """What the inspections of a draw count as in the frequency ledger."""
    if found.campaign:
        return InspectionKind.SPECIAL
    return InspectionKind.JOINT if found.way.joint else InspectionKind.OWN


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
        way=facts.way,
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
    connection = uow.session.connection()
    rulebook = rulebooks.under(connection, facts.rulebook_id, facts.rulebook_version)
    return shown(draw.plan_bytes, facts, rulebook, changed, uow.folder.draws / draw.no)


def shown(
    plan_bytes: bytes,
    facts: DrawFacts,
    rulebook: Rulebook,
    changed: rd1.PlanDifference | None,
    folder: Path,
) -> Frozen:
    """A sealed list as the page shows it, from its record."""
    plan = rd1.parse_plan(plan_bytes)
    needs = rd1.need_supply(plan)
    everyone = rulebook.team.lead.value is LeadRule.EVERYONE
    return Frozen(
        no=plan.no,
        plan=rd1.plan_hash(plan_bytes),
        facts=facts,
        supply=rd1.stratum_supply(plan),
        needs=needs,
        difference=changed,
        folder=folder,
        others=others(plan, facts),
        shortages=sentences(facts.plan.people, needs, everyone_leads=everyone),
        redraws=plan.rule("redraw") or "",
        given=len(plan.given),
    )


def others(plan: rd1.Plan, facts: DrawFacts) -> tuple[tuple[str, int], ...]:
    """Groups beside our own by title, with how many of each can be drawn."""
    return tuple(
        (title, sum(row.eligible for row in plan.inspectors if row.group == code))
        for code, title in facts.groups
    )


def check_witnesses(witnesses: Sequence[WitnessInput], rulebook: Rulebook, actor: str) -> None:
    """Refuse too few witnesses, nameless or double ones, and the operator (UserError)."""
    least = max(2, rulebook.witnesses.minimum)
    if not least <= len(witnesses) <= 9:
        raise UserError(f"见证人有 {len(witnesses)} 名。", f"请登记 {least} 至 9 名见证人。")
    names = [w.name.strip() for w in witnesses]
    if not all(names) or not all(w.organ.strip() for w in witnesses):
        raise UserError("有见证人没有写姓名或单位。", "请逐一补全。")
    watch = WatchList(each for name in names for each in words_of(name, "见证人"))
    for witness in witnesses:
        told = watch.find(witness.organ)
        if told is not None:
            raise UserError(
                f"见证人单位“{witness.organ}”{told.words}，单位随抽取记录公开。",
                "单位一栏只写单位名称，姓名和职务写在各自的栏里。",
            )
    if len(set(names)) < len(names):
        raise UserError("同一人登记了两次见证人。", "请改为不同的人。")
    if actor in names:
        raise UserError(f"操作人“{actor}”不能同时是见证人。", "请换一名见证人，或换人操作。")


def _refuse_interested(
    connection: Connection, witnesses: Sequence[WitnessInput], found: DrawPool
) -> None:
    """An enterprise's witness represents no target that can be drawn or is in."""
    names = pool.target_names(connection)
    concerned = {
        fold(names[ident].name)
        for line in found.plan.lines
        for stratum in line.strata
        for ident in stratum.ids
    }
    for witness in witnesses:
        if fold(witness.organ.strip()) in concerned:
            raise UserError(
                f"见证人“{witness.name}”来自参加本次抽取的检查对象“{witness.organ}”。",
                "请换一名与本次抽取没有利害关系的见证人。",
            )


def _refuse_identities(found: DrawPool) -> None:
    """No target goes into a plan, which becomes public, under its owner's identity number."""
    listed = (ident for line in found.plan.lines for each in line.strata for ident in each.ids)
    excluded = (code for each in found.plan.excluded for code in (each.ident, each.code))
    wrong = next((code for code in (*listed, *excluded) if identity_in(code[:18])), None)
    if wrong is not None:
        raise UserError(
            f"检查对象的编号“{wrong[:6]}…{wrong[-2:]}”是身份证号，编号随抽取计划公开。",
            "请在检查对象名录里给它另编一个号，再开始抽取。",
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
    found: DrawPool,
    no: str,
    series: str,
    excluded: bytes,
) -> rd1.Plan:
    """The plan as it would be frozen now; changes nothing."""
    plan = found.plan
    inspectors = (
        plan_inspectors(plan.people, pool.departments(connection), rulebook) if found.own else ()
    )
    groups = [each.group for each in found.groups]
    if found.own:
        eligible = sum(person.eligible for person in inspectors)
        groups.insert(0, own_group(rulebook, command.teams, eligible))
    listed = {person.id for person in inspectors}
    idents = {ident for line in plan.lines for stratum in line.strata for ident in stratum.ids}
    return rd1.Plan(
        no=no,
        series=series,
        period=plan.period,
        prev=remembering.series_mark(connection, series).head,
        programs=(f"SuiCha {__version__}",),
        organisations=(unit.name,),
        rules=(*plan_rules(rulebook, unit, plan, excluded), *way_rules(found)),
        groups=tuple(groups),
        inspectors=(
            *inspectors,
            *(person for each in found.groups for person in each.inspectors),
        ),
        **_targets(connection, found),
        recusals=tuple(
            rd1.Recusal(person, target, code)
            for person, target, code in recusals.in_force(connection)
            if person in listed and target in idents
        ),
        witnesses=tuple(
            rd1.Witness(i, witness.organ) for i, witness in enumerate(command.witnesses, 1)
        ),
    )


class _Targets(TypedDict, total=False):
    given: tuple[rd1.GivenTarget, ...]
    targets: tuple[rd1.PlanTarget, ...]
    quotas: tuple[rd1.Quota, ...]


def _targets(connection: Connection, found: DrawPool) -> _Targets:
    """Targets in without a quota, or the pool with its quotas: never both (RD1 §2)."""
    if found.given:
        return {"given": found.given}
    needs, names = pool.needs(connection), pool.target_names(connection)
    strata = [stratum for line in found.plan.lines for stratum in line.strata if stratum.ids]
    return {
        "targets": tuple(
            rd1.PlanTarget(s.stratum, ident, needs[ident], names[ident].name)
            for s in strata
            for ident in s.ids
        ),
        # Everyone not drawn is an alternate, in ticket order.
        "quotas": tuple(rd1.Quota(s.stratum, s.n, len(s.ids) - s.n) for s in strata),
    }


def way_rules(found: DrawPool) -> tuple[rd1.Rule, ...]:
    """The ``rule`` lines of a way other than the usual: scope, reason, origin, titles."""
    if found.way is Way.UNDIRECTED:
        return ()
    origin = found.origin
    rules = {
        "way": found.way.value,
        "way.article": found.article,
        "scope": found.scope,
        "reason": found.reason,
        "campaign": found.plan.approvals[-1] if found.campaign else "",
    }
    if origin is not None:
        rules |= {"organ": origin.organ, "list": origin.sha256, "of": origin.draw}
        rules["document"] = "" if origin.draw else origin.document
    for line in found.plan.lines if found.given else ():
        for stratum in line.strata:
            rules[f"label.{stratum.stratum}"] = line.label
    rules |= {f"group.{each.group.code}": each.title for each in found.groups}
    cleaned = ((key, rd1.clean(value)) for key, value in rules.items())
    return tuple(rd1.Rule(key, value) for key, value in cleaned if value)


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
    way = Way.REDRAW if plan.rule("redraw") else Way(plan.rule("way") or Way.UNDIRECTED.value)
    last = draws.plan_before(connection, series, way, before)
    if last is None:
        return None
    return rd1.difference(rd1.parse_plan(last), plan)
