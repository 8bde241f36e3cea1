"""专项检查 as a draw: what an approved campaign fixes for the directed draw that is made from it.

Scope, number and approval are the campaign's; nothing of them is typed a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.periods import Period
from app.domain.scope import ScopeTag, read_tags
from app.errors import UserError
from app.models import Draw, DrawState
from app.services.plans import plan_terms, plans
from app.services.plans.plans import PlanKind, PlanView

__all__ = ["CampaignTerms", "in_force", "named", "shared", "terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignTerms:
    """An approved campaign as a draw takes it.

    ``approval``: as 依据 prints it; ``number``: targets in all, ``left``: still to be drawn;
    ``why_not``: what stands against drawing from it now, "" if nothing.
    """

    id: int
    title: str
    tags: tuple[ScopeTag, ...]
    scope: str
    number: int
    left: int
    approval: str
    why_not: str

    @property
    def reason(self) -> str:
        """Why the draw is limited: the campaign, and what it is about."""
        return f"{self.title}：{self.scope}"


def in_force(connection: Connection, period: str) -> tuple[CampaignTerms, ...]:
    """Approved campaigns whose time and this period touch, in the order they were made."""
    wanted = Period.parse(period)
    return tuple(
        _terms(connection, view)
        for view in plans.campaigns(connection, wanted.year)
        if view.binding and Period.parse(view.period).overlaps(wanted)
    )


def terms(connection: Connection, plan_id: int, period: str) -> CampaignTerms:
    """One of them; UserError if it cannot be drawn from for this period."""
    found = next((each for each in in_force(connection, period) if each.id == plan_id), None)
    if found is None:
        raise UserError("这个专项检查没有批准，或不在本期。", "请先登记批准，或换一个期间。")
    if found.why_not:
        raise UserError(f"“{found.title}”{found.why_not}。", "请修改专项检查计划，再抽取。")
    return found


def named(connection: Connection, name: str, period: str) -> int:
    """The id of the approved campaign of this name; UserError if there is none in the period."""
    wanted = Period.parse(period)
    for view in plans.campaigns(connection, wanted.year):
        if view.binding and view.name == name and Period.parse(view.period).overlaps(wanted):
            return view.id
    raise UserError(f"{wanted.in_words()}没有已批准的“{name}”专项检查。", "请核对名称和期间。")


def shared(room: Mapping[str, int], number: int) -> dict[str, int]:
    """Split ``number`` over the categories by how many can be drawn in each, largest rest first.

    Errors: UserError if there are fewer in all.
    """
    total = sum(room.values())
    if number > total:
        raise UserError(
            f"专项检查的范围内只有 {total} 家可抽，少于 {number} 家。", "请减少家数或放宽范围。"
        )
    exact = {code: divmod(number * n, total) for code, n in room.items() if n} if total else {}
    found = {code: whole for code, (whole, _rest) in exact.items()}
    by_rest = sorted(exact, key=lambda code: (-exact[code][1], code))
    for code in by_rest[: number - sum(found.values())]:
        found[code] += 1
    return found


def _terms(connection: Connection, view: PlanView) -> CampaignTerms:
    campaign = view.content.campaign
    row = plan_terms.in_force(connection, PlanKind.CAMPAIGN, view.period, view.name)
    if campaign is None or row is None:
        raise UserError("这份计划已经不在了。", "请刷新后再试。")
    tags = read_tags(campaign.tags)
    left = max(0, campaign.number - _drawn(connection, view.title))
    why_not = "" if tags else "没有划定条件（如 行业=水泥制造），不能据以抽取"
    return CampaignTerms(
        id=view.id,
        title=view.title,
        tags=tags,
        scope=campaign.scope.strip().rstrip("。"),
        number=campaign.number,
        left=left,
        approval=f"{plan_terms.approval_words(row)}，{campaign.organ}{campaign.document_no}部署",
        why_not=why_not if left else f"批准的 {campaign.number} 家已经抽完",
    )


def _drawn(connection: Connection, title: str) -> int:
    """Targets of draws that were made from the campaign."""
    rows = connection.execute(
        select(Draw.facts).where(Draw.state != DrawState.VOID, Draw.rehearsal.is_(False))
    )
    return sum(
        line["quota"]
        for row in rows
        if row.facts.get("campaign") == title
        for line in row.facts["plan"]["lines"]
    )
