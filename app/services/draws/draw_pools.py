"""Who and what is in a draw, by its way: the pool and its quotas, or targets that are given.

Every way ends in the same `DrawPool`: the period's plan as page and paper show it, and the lines
of the RD1 plan beside rules and witnesses.  Nothing here is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from app.db.read import bound, pool
from app.db.read import incoming as lists
from app.domain import rd1, scope
from app.domain.periods import Period
from app.domain.rulebook import LeadRule, Rulebook, TeamMode
from app.domain.shortage import too_few
from app.domain.ways import Way, offer_of
from app.errors import UserError
from app.services import rulebooks
from app.services.draws.draw_commands import FreezeDraw
from app.services.draws.draw_facts import Origin
from app.services.draws.group_pools import EXPERTS, GroupPool, department_groups, expert_group
from app.services.plans import campaign_draws, planning
from app.services.plans.planning import MakePlan, PeriodPlan, PersonLine, PlanLine, StratumPool
from app.services.workspace import UnitInfo, read_unit

__all__ = ["OWN_GROUP", "DrawPool", "plan_inspectors", "prospect", "refuse_empty"]

# The unit's own inspectors; other departments' and experts' groups come beside it.
OWN_GROUP = "ENF"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPool:
    """What would be sealed, before it has a number.

    ``given``: targets that are in without a quota; else those of ``plan``'s strata are drawn.
    ``groups`` are those beside the unit's own, which takes part if ``own``.
    """

    way: Way
    plan: PeriodPlan
    article: str
    own: bool = True
    given: tuple[rd1.GivenTarget, ...] = ()
    groups: tuple[GroupPool, ...] = ()
    scope: str = ""
    reason: str = ""
    campaign: str = ""
    origin: Origin | None = None
    of_draw_id: int | None = None


def prospect(connection: Connection, command: FreezeDraw, on: date, operator: str = "") -> DrawPool:
    """Work out who and what would be in; changes nothing.

    Errors: UserError if the level does not go this way, or what the way needs is missing.
    """
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    offer = offer_of(rulebook, unit.level, command.way)
    # The usual way stays open everywhere: a draw made here although it belongs elsewhere stands
    # on its recorded basis, which the minutes print.
    if offer is None and command.way is not Way.UNDIRECTED:
        level = rulebook.level(unit.level)
        raise UserError(
            f"按本细则，{level.label}没有“{command.way.label}”这种抽取方式。", "请换一种方式。"
        )
    article = offer.article if offer else rulebook.draw_place.article
    asked = _Asked(connection, command, unit, rulebook, on, operator, article)
    return _BUILDERS[command.way](asked)


def refuse_empty(found: DrawPool) -> None:
    """UserError if nothing is to be drawn, or nobody could be."""
    if not found.given and found.plan.total == 0:
        raise UserError(
            f"{found.plan.period_words}没有可抽的检查对象。", "请先导入检查对象，或查看排除原因。"
        )
    if found.own and sum(person.eligible for person in found.plan.people) < 2:
        raise UserError(
            "合格的执法人员不足两人，不能组成检查组。", f"{too_few(found.plan.people)}。"
        )
    for group in found.groups:
        if not any(person.eligible for person in group.inspectors):
            raise UserError(f"{group.title}没有合格的人员可抽。", "请先导入或更新它的名录。")


def plan_inspectors(
    people: Sequence[PersonLine], departments: dict[str, str], rulebook: Rulebook
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


# --- the ways -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    connection: Connection
    command: FreezeDraw
    unit: UnitInfo
    rulebook: Rulebook
    on: date
    operator: str
    article: str

    def make_plan(self, idents: frozenset[str] | None = None) -> MakePlan:
        return MakePlan(
            period=self.command.period,
            on=self.on,
            headcount=self.command.headcount,
            witnesses=tuple(witness.name for witness in self.command.witnesses),
            operator=self.operator,
            scope=idents,
        )

    def given_plan(self, lines: tuple[PlanLine, ...], *, people: bool = True) -> PeriodPlan:
        """A plan whose targets are not drawn here."""
        period = Period.parse(self.command.period)
        return PeriodPlan(
            period=str(period),
            period_words=period.in_words(),
            lines=lines,
            excluded=(),
            people=planning.people(self.connection, self.make_plan()) if people else (),
            headcount=None,
            headcount_words="",
            binding=True,
        )


def _undirected(asked: _Asked) -> DrawPool:
    plan = planning.compute(asked.connection, asked.make_plan())
    return DrawPool(way=asked.command.way, plan=plan, article=asked.article)


def _directed(asked: _Asked) -> DrawPool:
    command = asked.command
    if command.campaign is not None:
        return _of_campaign(asked, command.campaign)
    if not command.scope:
        raise UserError("还没有划定定向抽取的范围。", "请至少选一个条件，例如 行业=水泥制造。")
    if not command.reason.strip():
        raise UserError("定向抽取须写明理由。", "请写明为什么只在这个范围里抽。")
    within = scope.fits(pool.scope_tags(asked.connection, asked.rulebook), command.scope)
    plan = planning.compute(asked.connection, asked.make_plan(within))
    words = scope.in_words(command.scope)
    lines = tuple(_counted(line, command.counts) for line in plan.lines)
    return DrawPool(
        way=command.way,
        plan=replace(plan, lines=lines),
        article=asked.article,
        scope=words,
        reason=command.reason.strip(),
    )


def _of_campaign(asked: _Asked, plan_id: int) -> DrawPool:
    """A directed draw whose scope, number and approval are a campaign's."""
    found = campaign_draws.terms(asked.connection, plan_id, asked.command.period)
    within = scope.fits(pool.scope_tags(asked.connection, asked.rulebook), found.tags)
    plan = planning.compute(asked.connection, asked.make_plan(within))
    counts = dict(asked.command.counts)
    if sum(counts.values()) > found.left:
        raise UserError(
            f"“{found.title}”批准 {found.number} 家，还可抽 {found.left} 家。", "请减少家数。"
        )
    if not counts:
        room = {line.category: sum(len(s.ids) for s in line.strata) for line in plan.lines}
        counts = campaign_draws.shared(room, found.left)
    lines = tuple(_counted(line, tuple(counts.items())) for line in plan.lines)
    return DrawPool(
        way=Way.DIRECTED,
        plan=replace(plan, lines=lines, approvals=(*plan.approvals, found.approval)),
        article=asked.article,
        scope=scope.in_words(found.tags),
        reason=found.reason,
        campaign=found.title,
    )


def _counted(line: PlanLine, counts: Sequence[tuple[str, int]]) -> PlanLine:
    """The line with the number that was decided for a directed draw, if one was."""
    if not counts:
        few = f"定向抽取：范围内可抽 {line.pool} 家，应抽 {line.quota}"
        return replace(line, arithmetic=(*line.arithmetic, few), shortfall=0)
    wanted = dict(counts).get(line.category, 0)
    room = sum(len(stratum.ids) for stratum in line.strata)
    if wanted > room:
        raise UserError(
            f"{line.label}在范围内只有 {room} 家可抽，少于 {wanted} 家。", "请减少家数或放宽范围。"
        )
    strata, left = [], wanted
    # A category of which none is wanted has no part in it: no alternates either.
    for stratum in line.strata if wanted else ():
        n = min(left, len(stratum.ids))
        strata.append(replace(stratum, n=n))
        left -= n
    words = f"定向抽取：范围内可抽 {room} 家，确定抽 {wanted} 家"
    unwanted = () if wanted else tuple(each for stratum in line.strata for each in stratum.ids)
    return replace(
        line,
        strata=tuple(strata),
        later=(*unwanted, *line.later),
        quota=wanted,
        shortfall=0,
        ratio="",
        arithmetic=(words,),
    )


def _targets_only(asked: _Asked) -> DrawPool:
    plan = replace(planning.compute(asked.connection, asked.make_plan()), people=())
    return DrawPool(way=Way.TARGETS_ONLY, plan=plan, article=asked.article, own=False)


def _joint(asked: _Asked) -> DrawPool:
    codes = asked.command.departments
    if not codes:
        raise UserError("还没有选参加联合抽查的部门。", "请先导入各部门的执法人员名录并选定。")
    groups = department_groups(asked.connection, codes, asked.make_plan())
    plan = planning.compute(asked.connection, asked.make_plan())
    return DrawPool(
        way=Way.JOINT,
        plan=plan,
        article=asked.article,
        groups=groups,
        reason=asked.command.reason.strip(),
    )


def _listed(asked: _Asked) -> DrawPool:
    command = asked.command
    found = lists.one(asked.connection, command.list_id)
    if found is None or found.way != command.way.value:
        raise UserError("还没有导入名单。", "请先导入抽定的检查对象名单，写明来文编号。")
    if found.period != str(Period.parse(command.period)):
        raise UserError(f"这份名单是 {found.period} 的。", "请选同一期间，或重新导入名单。")
    if found.draw_no:
        raise UserError(f"这份名单已经用于抽取 {found.draw_no}。", "同一份名单只抽一次人员。")
    source = rd1.clean(found.document_no)
    given = _given(
        asked, ((row.category, row.category, row.ident) for row in found.targets), source
    )
    origin = Origin(
        organ=found.organ,
        document=found.document_no,
        file_name=found.file_name,
        sha256=found.sha256,
        by=found.by,
        on=found.at.astimezone().date().isoformat(),
    )
    words = f"检查对象由{found.organ}抽定（{found.document_no}），本次只抽人员"
    lines = _given_lines(asked, given, {row.category: row.category for row in found.targets}, words)
    return DrawPool(
        way=command.way,
        plan=asked.given_plan(lines),
        article=asked.article,
        given=given,
        origin=origin,
        reason=command.reason.strip(),
    )


def _later(asked: _Asked) -> DrawPool:
    first = _first(asked)
    rows = tuple(row for row in first.tasks if not row.has_people)
    if not rows:
        raise UserError(
            f"抽取 {first.no} 没有等待抽取人员的检查对象。", "人员已经抽过，或都已检查。"
        )
    return _bound(asked, first, rows, own=True, groups=())


def _experts(asked: _Asked) -> DrawPool:
    first = _first(asked)
    rows = tuple(
        row
        for row in first.tasks
        if EXPERTS not in row.groups and (asked.command.every or "S" in row.flags)
    )
    if not rows:
        raise UserError(
            f"抽取 {first.no} 没有缺少专业、等待专家的检查对象。",
            "要为全部对象抽取专家，请选“全部检查对象”。",
        )
    groups = (expert_group(asked.connection, asked.make_plan()),)
    return _bound(asked, first, rows, own=False, groups=groups)


def _first(asked: _Asked) -> bound.FirstDraw:
    first = bound.first_draw(asked.connection, asked.command.of)
    if first is None:
        raise UserError("没有选是哪一次抽取的检查对象。", "请选一次已经完成的抽取。")
    if first.period != str(Period.parse(asked.command.period)):
        raise UserError(f"抽取 {first.no} 是 {first.period} 的。", "请选同一期间。")
    if first.rehearsal != asked.command.rehearsal:
        raise UserError("正式抽取和演练不能混在一起。", "请选同一类抽取。")
    return first


def _bound(
    asked: _Asked,
    first: bound.FirstDraw,
    rows: tuple[bound.FirstTask, ...],
    *,
    own: bool,
    groups: tuple[GroupPool, ...],
) -> DrawPool:
    # An earlier draw of ours is named by F; one made elsewhere by its document.
    given = _given(
        asked, ((row.stratum, row.category, row.ident) for row in rows), first.result or first.no
    )
    categories = {row.stratum: row.category for row in rows}
    words = f"检查对象已在抽取 {first.no} 中抽定，本次只抽{'人员' if own else '专家'}"
    lines = _given_lines(asked, given, categories, words, first.no)
    return DrawPool(
        way=asked.command.way,
        plan=asked.given_plan(lines, people=own),
        article=asked.article,
        own=own,
        given=given,
        groups=groups,
        origin=Origin(organ=asked.unit.name, document=first.result, draw=first.no),
        of_draw_id=first.id,
    )


def _given(
    asked: _Asked, rows: Iterable[tuple[str, str, str]], source: str
) -> tuple[rd1.GivenTarget, ...]:
    needs, names = pool.needs(asked.connection), pool.target_names(asked.connection)
    return tuple(
        rd1.GivenTarget(stratum, ident, needs[ident], source, names[ident].name)
        for stratum, _category, ident in rows
    )


def _given_lines(
    asked: _Asked,
    given: Sequence[rd1.GivenTarget],
    categories: dict[str, str],
    words: str,
    draw: str = "",
) -> tuple[PlanLine, ...]:
    """One line for each category, as the quota table shows what is not drawn here."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in given:
        found.setdefault(categories[row.stratum], {}).setdefault(row.stratum, []).append(row.id)
    source = f"抽取{draw}" if draw else given[0].source
    return tuple(
        _given_line(asked, category.code, found[category.code], words, source)
        for category in asked.rulebook.categories
        if category.code in found
    )


def _given_line(
    asked: _Asked, code: str, strata: dict[str, list[str]], words: str, source: str
) -> PlanLine:
    category = asked.rulebook.category(code)
    count = sum(len(ids) for ids in strata.values())
    return PlanLine(
        category=code,
        short=category.short,
        label=category.label,
        base=count,
        covered=0,
        uncovered=count,
        excluded=(),
        pool=count,
        ratio="已抽定",
        arithmetic=(words,),
        article=asked.article,
        quota=count,
        shortfall=0,
        strata=tuple(
            StratumPool(stratum=stratum, ids=tuple(sorted(ids)), n=len(ids))
            for stratum, ids in sorted(strata.items())
        ),
        source=source,
    )


_BUILDERS: dict[Way, Callable[[_Asked], DrawPool]] = {
    Way.UNDIRECTED: _undirected,
    Way.DIRECTED: _directed,
    Way.TARGETS_ONLY: _targets_only,
    Way.JOINT: _joint,
    Way.LISTED: _listed,
    Way.JOINT_LED: _listed,
    Way.LATER: _later,
    Way.EXPERTS: _experts,
}


def own_group(rulebook: Rulebook, teams: int | None, eligible: int) -> rd1.Group:
    """The unit's own group: fixed teams, or a pair for every target (UserError for bad K)."""
    if rulebook.team.mode.value is TeamMode.EACH:
        if teams is not None:
            raise UserError(
                "本细则是每个检查对象随机组对，不编固定检查组。", "请去掉检查组数再试。"
            )
        return rd1.Group(OWN_GROUP, rd1.TeamMode.PAIR_EACH)
    most = eligible // 2
    if teams is not None and not 1 <= teams <= most:
        raise UserError(f"合格人员最多编 {most} 组。", f"请把检查组数改为 1 至 {most}。")
    return rd1.Group(OWN_GROUP, rd1.TeamMode.FIXED_TEAMS, most if teams is None else teams)
