"""What 开始抽取 has to offer for a period: the level's ways, each with what it needs at hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from app.db.read import bound, partners, pool
from app.db.read.bound import WaitingDraw
from app.db.read.partners import Department
from app.domain.scope import FACETS, ScopeTag, fits
from app.domain.ways import Way, offers
from app.services import rulebooks
from app.services.plans import campaign_draws, planning
from app.services.plans.campaign_draws import CampaignTerms
from app.services.workspace import read_unit

__all__ = ["AtHand", "OfferedWay", "WayQuery", "Within", "at_hand", "count_within"]


_PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WayQuery:
    """For which period, on which day.

    ``impossible``: why targets cannot be drawn now, empty if they can.
    """

    period: str
    on: date
    impossible: str = ""
    rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedWay:
    """One way with its sentence; ``why_not`` is empty if it can be gone now."""

    way: Way
    words: str
    article: str
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """Everything the choice shows.

    ``values``: what each facet of a scope can be, from the directory; ``waiting``: draws whose
    targets can get people or experts.
    """

    ways: tuple[OfferedWay, ...]
    values: tuple[tuple[str, tuple[str, ...]], ...]
    categories: tuple[tuple[str, str], ...]
    departments: tuple[Department, ...]
    waiting: tuple[WaitingDraw, ...]
    campaigns: tuple[CampaignTerms, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """How many targets in force lie within a scope, by category code."""

    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(count for _code, count in self.counts)


def at_hand(connection: Connection, query: WayQuery) -> AtHand:
    """The ways of the unit's level for a period; changes nothing."""
    rulebook = rulebooks.of_unit(connection)
    level = read_unit(connection).level
    waiting = bound.waiting(connection, query.period, query.rehearsal)
    departments = partners.departments(connection)
    experts = any(row.able for row in partners.experts(connection))
    tags = pool.scope_tags(connection, rulebook)
    found: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for target in tags:
        for facet, value in target.values:
            if value:
                found[facet][value] += 1
        for tag in target.free:
            facet, mark, value = tag.replace(":", "：").partition("：")
            found[facet if mark and facet in found else "标签"][value if mark else tag] += 1

    command = planning.MakePlan(period=query.period, on=query.on)
    people = sum(person.eligible for person in planning.people(connection, command))

    def why_not(way: Way) -> str:
        draws_own = not way.elsewhere and way not in {Way.TARGETS_ONLY, Way.EXPERTS}
        reasons = (
            (draws_own and people < _PAIR, "合格的执法人员不足 2 人"),
            # A directed draw may have numbers of its own where the period asks for none.
            (
                way.draws_targets and way is not Way.DIRECTED and bool(query.impossible),
                query.impossible,
            ),
            (
                way is Way.LATER and not any(draw.waiting for draw in waiting),
                "本期没有等待抽取人员的检查对象",
            ),
            (way is Way.EXPERTS and not waiting, "本期还没有抽中的检查对象"),
            (way is Way.EXPERTS and not experts, "专家名录里没有可参加的专家"),
        )
        return next((words for bars, words in reasons if bars), "")

    return AtHand(
        ways=tuple(
            OfferedWay(
                way=offer.way,
                words=offer.words,
                article=rulebook.cite(offer.article),
                why_not=why_not(offer.way),
            )
            for offer in offers(rulebook, level)
            # Where nothing is drawn here there is nothing to rehearse.
            if not (query.rehearsal and offer.way.elsewhere)
        ),
        values=tuple(
            (facet, tuple(value for value, _n in sorted(counts.items(), key=_most)))
            for facet, counts in found.items()
            if counts
        ),
        categories=tuple((each.code, each.label) for each in rulebook.categories),
        departments=departments,
        waiting=waiting,
        campaigns=campaign_draws.in_force(connection, query.period),
    )


def _most(one: tuple[str, int]) -> tuple[int, str]:
    return -one[1], one[0]


def count_within(connection: Connection, tags: tuple[ScopeTag, ...]) -> Within:
    """How many targets in force lie within a scope."""
    rulebook = rulebooks.of_unit(connection)
    inside = fits(pool.scope_tags(connection, rulebook), tags)
    counts = Counter(
        target.category
        for target in pool.targets(connection)
        if target.id in inside and target.in_force and target.library not in rulebook.import_only
    )
    return Within(counts=tuple((each.code, counts[each.code]) for each in rulebook.categories))
