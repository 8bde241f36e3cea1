"""Playing a rulebook over years for somebody who wants to see what it will ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from app.domain.periods import Period, Span
from app.domain.simulate import Simulation, county, play, starting_at
from app.errors import UserError
from app.services.rulebooks import find

# A plain year: nothing here depends on which one it is.
_FIRST = Period(2026, Span.QUARTER, 1)
_MOST_YEARS = 50
_MOST_TARGETS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateCommand:
    """``targets``: (category, how many).

    ``headcount``: people a staff ratio counts; None takes ``inspectors``.
    """

    rulebook_id: str
    years: int
    targets: tuple[tuple[str, int], ...]
    inspectors: int
    level: str = ""
    headcount: int | None = None
    first: Period = _FIRST
    seed: str = ""


def simulate(command: SimulateCommand) -> Simulation:
    """Play the years quarter by quarter.  Raises ``UserError`` for impossible input."""
    _check(command)
    rulebook = starting_at(find(command.rulebook_id).rulebook, command.first)
    headcount = command.inspectors if command.headcount is None else command.headcount
    return play(
        rulebook,
        county(rulebook, command.targets),
        islice(_from(command.first), command.years * 4),
        level=command.level,
        headcount=headcount,
        seed=command.seed,
    )


def as_json(simulation: Simulation) -> dict[str, object]:
    """Give the shape scripts rely on: periods with their strata, and when each was covered."""
    return {
        "rulebook": simulation.rulebook,
        "level": simulation.level,
        "headcount": simulation.headcount,
        "periods": [
            {
                "period": str(played.period),
                "strata": {
                    stratum.line.category: {
                        "targets": stratum.line.targets,
                        "pool": stratum.line.pool,
                        "uncovered": stratum.line.uncovered,
                        "quota": stratum.line.n,
                        "drawn": len(stratum.drawn),
                        "shortfall": stratum.line.shortfall,
                        "arithmetic": "；".join(stratum.line.arithmetic),
                        "article": stratum.line.article,
                    }
                    for stratum in played.strata
                },
            }
            for played in simulation.periods
        ],
        "covered": {
            reached.category: {
                "targets": reached.targets,
                "complete_in": None if reached.complete_in is None else str(reached.complete_in),
            }
            for reached in simulation.covered
        },
    }


def _from(first: Period) -> Iterator[Period]:
    period = first
    while True:
        yield period
        period = period.next()


def _check(command: SimulateCommand) -> None:
    if not 1 <= command.years <= _MOST_YEARS:
        raise UserError(f"年数须在 1 到 {_MOST_YEARS} 之间。", "请检查 --years。")
    if command.first.span is not Span.QUARTER:
        raise UserError("模拟从某个季度开始。", "请写成 2026Q1 的样子。")
    if command.inspectors < 0 or (command.headcount or 0) < 0:
        raise UserError("人数不能是负数。", "请检查 --inspectors 和 --headcount。")
    if sum(number for _, number in command.targets) > _MOST_TARGETS:
        raise UserError(f"检查对象最多 {_MOST_TARGETS} 家。", "请减少 --targets 中的数量。")
    codes = [code for code, _ in command.targets]
    if len(set(codes)) != len(codes):
        raise UserError("同一分类写了两次。", "请检查 --targets。")
