"""How long a draw takes, in multiples of a plain one: ``python -m tests.bench.bench_rd1``.

The unit is hashing and sorting 100,000 ids, done on the same machine just before,
so the limits hold on slow machines too.  Exit code 1 if a limit is passed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from time import process_time

from app.domain.rd1 import (
    Group,
    Plan,
    PlanInspector,
    PlanTarget,
    Quota,
    Rule,
    TeamMode,
    Witness,
    replay,
)

SPECS = ((), ("air",), ("water",), ("air", "water"))
NEEDS = ("", "air", "water", "noise")
PAIRS = Plan(
    no="1-1",
    series="1",
    period="2026",
    groups=(Group("ENF", TeamMode.PAIR_EACH),),
    inspectors=tuple(
        PlanInspector(
            id=f"{n:06d}", group="ENF", dept=f"Z{n % 7}", lead=n % 3 == 0, specs=SPECS[n % 4]
        )
        for n in range(200)
    ),
    targets=tuple(
        PlanTarget("A", f"91331000MA{n:08d}", NEEDS[n % 4], "某某化工有限公司")
        for n in range(5_000)
    ),
    quotas=(Quota("A", 1_250, 3_750),),
    witnesses=(Witness(1, "甲"), Witness(2, "乙")),
)
MIXED = replace(PAIRS, rules=(Rule("mixdept", "1"),))
LARGE = replace(
    PAIRS,
    groups=(),
    inspectors=(),
    targets=tuple(PlanTarget("A", f"{n:018d}", "", "某某化工有限公司") for n in range(100_000)),
    quotas=(Quota("A", 8_300, 8_300),),
)
CASES = (
    ("200 inspectors, a pair for each of 5,000", PAIRS, 12.0),
    ("the same with the department rule", MIXED, 12.0),
    ("8,300 and 8,300 alternates of 100,000", LARGE, 12.0),
)


def plain_draw() -> None:
    """The least any draw has to do: hash 100,000 ids and sort them."""
    sorted(sha256(b"RD1|ticket|A|%018d" % n).hexdigest() for n in range(100_000))


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the best of three runs."""
    times = []
    for _ in range(3):
        begin = process_time()
        work()
        times.append(process_time() - begin)
    return min(times)


def main() -> int:
    """Measure all cases and print them."""
    unit = seconds(plain_draw)
    slow = 0
    for name, plan, limit in CASES:
        data = plan.to_bytes()
        taken = seconds(lambda data=data: replay(data, "a" * 64, ["314159", "265358"]))  # type: ignore[misc]
        slow += taken > limit * unit
        print(f"{name}: {taken:.2f} s, {taken / unit:.1f} plain draws (limit {limit:.0f})")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
