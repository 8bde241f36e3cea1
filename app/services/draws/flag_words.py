"""Why tasks and teams of a draw carry a flag, in words (RD1 §4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.db.read import substitutions
from app.domain import rd1
from app.domain.flag_reasons import FlagReasons
from app.errors import UserError
from app.models import Assignment, Draw, Target
from app.services.draws.draw_outcome import OWN_GROUP

__all__ = ["DrawFlags", "for_minutes", "of_draw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawFlags:
    """Sentences by assignment (row id) and by team number; only what carries a flag."""

    tasks: dict[int, tuple[str, ...]]
    teams: dict[int, tuple[str, ...]]


def of_draw(connection: Connection, no: str) -> DrawFlags:
    """The flags of a closed draw, explained; nothing for an open or unknown one."""
    draw = substitutions.draw(connection, no)
    if draw is None or draw.state != "closed":
        return DrawFlags(tasks={}, teams={})
    try:
        reasons = FlagReasons(rd1.parse_plan(draw.plan), rd1.parse_result(draw.result))
    except UserError:
        # A damaged record is named by 校验; the page with the tasks must still open.
        return DrawFlags(tasks={}, teams={})
    rows = connection.execute(
        select(Assignment.id, Target.ident)
        .join(Target, Target.id == Assignment.target_id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(Draw.no == no, Assignment.flags != "")
    )
    tasks = {row.id: reasons.of_target(OWN_GROUP, row.ident) for row in rows}
    group = reasons.result.group(OWN_GROUP)
    teams = {
        team.number: reasons.of_team(OWN_GROUP, team.number)
        for team in (group.teams if group else ())
        if team.flags
    }
    return DrawFlags(tasks=tasks, teams=teams)


def for_minutes(plan: rd1.Plan, result: rd1.DrawResult, serials: dict[str, str]) -> tuple[str, ...]:
    """One sentence per reason with everything it holds for: 第2组、A-01、A-03：…，因…

    ``serials``: the public serial of each selected target.
    """
    found: dict[str, list[str]] = {}
    for where, words in _each(FlagReasons(plan, result), result, serials):
        found.setdefault(words, []).append(where)
    return tuple(f"{'、'.join(places)}：{words}" for words, places in found.items())


def _each(
    reasons: FlagReasons, result: rd1.DrawResult, serials: dict[str, str]
) -> Iterator[tuple[str, str]]:
    for group in result.groups:
        for team in group.teams:
            for words in reasons.of_team(group.group, team.number):
                yield f"第{team.number}组", words
        for target, serial in serials.items():
            for words in reasons.of_target(group.group, target):
                yield serial, words
