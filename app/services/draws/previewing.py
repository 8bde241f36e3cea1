"""What a draw would be, before it is frozen; and what it is, when its window is opened again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain import rd1
from app.domain.rulebook import LeadRule
from app.domain.shortage import sentences, too_few
from app.domain.ways import Way
from app.errors import UserError
from app.models import Draw, DrawState
from app.paths import WorkspaceFolder
from app.services import rulebooks
from app.services.directories import rounds
from app.services.draws import drawing, freezing
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.draw_pools import DrawPool
from app.services.plans import planning
from app.services.workspace import read_unit

# Witnesses are part of a plan; who they are changes nothing that a preview shows.
_SOMEBODY = (
    drawing.WitnessInput("甲", "待定", ""),
    drawing.WitnessInput("乙", "待定", ""),
)

_FEW = "合格的执法人员不足 2 人"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A period's plan with its thin places and what changed since the last draw.

    ``impossible`` says why no draw can be made now, empty if one can; ``difference`` is None
    for the first draw of the series, and while the draw is impossible.  ``shortages``: who is
    missing where, why, and what would help; counts, no names.  ``directories``: which reviewed
    round of the directories a draw would refer to, and how many rows changed since.
    """

    plan: planning.PeriodPlan
    needs: tuple[rd1.NeedSupply, ...]
    supply: tuple[rd1.StratumSupply, ...]
    difference: rd1.PlanDifference | None
    impossible: str
    shortages: tuple[str, ...] = ()
    directories: str = ""


def preview(connection: Connection, command: planning.MakePlan) -> Preview:
    """Work out the plan and everything to be flagged; changes nothing.

    Errors: UserError as in ``planning.compute``.
    """
    plan = planning.compute(connection, command)
    reason = _impossible(plan)
    if reason:
        return Preview(
            plan=plan,
            needs=(),
            supply=(),
            difference=None,
            impossible=reason,
            directories=rounds.reference(connection),
            shortages=(too_few(plan.people),) if reason == _FEW else (),
        )
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    draft = freezing.draft_plan(
        connection,
        unit,
        rulebook,
        drawing.FreezeDraw(period=command.period, witnesses=_SOMEBODY),
        DrawPool(way=Way.UNDIRECTED, plan=plan, article=""),
        f"{unit.series}-{plan.period}-00",
        unit.series,
        b"",
    )
    needs = rd1.need_supply(draft)
    return Preview(
        plan=plan,
        needs=needs,
        shortages=sentences(
            plan.people,
            needs,
            everyone_leads=rulebook.team.lead.value is LeadRule.EVERYONE,
        ),
        supply=rd1.stratum_supply(draft),
        difference=freezing.difference(connection, unit.series, draft),
        impossible="",
        directories=rounds.reference(connection),
    )


def _impossible(plan: planning.PeriodPlan) -> str:
    if plan.total == 0:
        return "本期没有应抽的检查对象"
    if sum(person.eligible for person in plan.people) < 2:
        return _FEW
    return ""


def sealed_plans(
    connection: Connection, period: str
) -> tuple[tuple[str, planning.PeriodPlan], ...]:
    """(number, plan) of every closed draw of targets for a period, as its list was sealed."""
    rows = connection.execute(
        select(Draw.no, Draw.facts)
        .where(Draw.period == period, Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False))
        .order_by(Draw.seq)
    )
    found = ((row.no, unpack_facts(row.facts).plan) for row in rows)
    return tuple((no, plan) for no, plan in found if plan.lines)


def frozen(connection: Connection, folder: WorkspaceFolder, no: str) -> drawing.Frozen:
    """What freezing draw ``no`` gave, read back from its record: after a crash, or for paper."""
    row = connection.execute(
        select(Draw.series, Draw.seq, Draw.plan_bytes, Draw.plan_hash, Draw.facts).where(
            Draw.no == no
        )
    ).first()
    if row is None:
        raise UserError(f"没有编号为 {no} 的抽取。", "请核对编号。")
    plan = rd1.parse_plan(row.plan_bytes)
    changed = freezing.difference(connection, row.series, plan, row.seq)
    facts = unpack_facts(row.facts)
    rulebook = rulebooks.under(connection, facts.rulebook_id, facts.rulebook_version)
    return freezing.shown(row.plan_bytes, facts, rulebook, changed, folder.draws / no)
