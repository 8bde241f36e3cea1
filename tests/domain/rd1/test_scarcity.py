from __future__ import annotations

from dataclasses import replace

from app.domain.rd1 import (
    Change,
    Move,
    NeedSupply,
    Quota,
    Recusal,
    StratumShare,
    TargetSupply,
    difference,
    need_supply,
    parse_plan,
    scarce_targets,
    stratum_supply,
)

from .plans import NAMES, to_plan, worked

FIXED = parse_plan(worked(NAMES[0]).plan)
EACH = parse_plan(worked(NAMES[1]).plan)


def test_needs_and_leads_are_counted_per_group() -> None:
    found = {(row.group, row.need): row for row in need_supply(EACH)}
    # 110006 has water too but is not eligible.
    assert found["ENF", "water"] == NeedSupply(
        group="ENF", need="water", targets=4, able=2, leads=3
    )
    assert found["ENF", "water"].is_short
    assert (found["ENF", "air"].able, found["ENF", "air"].is_short) == (3, False)
    assert (found["MARKET", ""].able, found["MARKET", ""].leads) == (4, None)
    assert found["MARKET", "air"].able == 0


def test_two_leads_are_flagged_even_if_the_need_is_met() -> None:
    people = [replace(one, lead=one.lead and one.id != "110001") for one in EACH.inspectors]
    row = next(
        row for row in need_supply(replace(EACH, inspectors=tuple(people))) if row.need == ""
    )
    assert (row.able, row.leads, row.is_short) == (6, 2, True)


def test_recusals_are_taken_off_per_target() -> None:
    target = "91331000MA100137X1"  # without a need, all six would do
    alone = replace(EACH, recusals=())
    assert target not in {row.target for row in scarce_targets(alone) if row.group == "ENF"}
    recusal = Recusal("110001", target, "kin")
    row = next(
        row for row in scarce_targets(replace(EACH, recusals=(recusal,))) if row.target == target
    )
    assert row == TargetSupply(target=target, group="ENF", need="", able=5, leads=2)


def test_nothing_and_everything_drawn_is_flagged() -> None:
    quotas = (Quota("A", 0, 7), Quota("B", 5, 0))
    shares = [row.share for row in stratum_supply(replace(FIXED, quotas=quotas))]
    assert shares == [StratumShare.NONE, StratumShare.ALL]
    assert [(row.stratum, row.n, row.pool, row.share) for row in stratum_supply(FIXED)] == [
        ("A", 3, 7, StratumShare.SOME),
        ("B", 2, 5, StratumShare.SOME),
    ]


BASE = ["series|1", "draw|1-1", "period|x", f"prev|{'0' * 64}", "wit|1|a", "wit|2|b"]


def test_everything_that_differs_from_the_last_plan() -> None:
    common = ["grp|E|2|each|", "quota|A|1|0", "tgt|A|T1||x", "ins|1|E|Z|0||1||"]
    old = [*BASE, *common, "quota|B|1|0", "tgt|A|OUT||x", "tgt|B|T2|air|x", "ins|2|E|Z|0||1||"]
    new = [*BASE, *common, "giv|C|T2|water|doc|y", "tgt|A|NEW||x", "ins|3|E|Z|0||1||"]
    old += ["ins|4|E|Y|1|air|1||"]
    new += ["ins|4|E|Z|0|air,water|0|leave|"]
    found = difference(parse_plan(to_plan(old)), parse_plan(to_plan(new)))
    assert (found.targets_in, found.targets_out) == (("NEW",), ("OUT",))
    assert found.moved == (Move("T2", "B", "C"),)
    assert found.needs == (Change("T2", "need", "air", "water"),)
    assert (found.inspectors_in, found.inspectors_out) == (("3",), ("2",))
    assert found.inspectors == (
        Change("4", "dept", "Y", "Z"),
        Change("4", "lead", "1", "0"),
        Change("4", "specs", "air", "air,water"),
        Change("4", "eligible", "1", "0"),
    )


def test_the_first_plan_is_all_new_and_the_same_plan_no_different() -> None:
    first = difference(None, FIXED)
    assert (len(first.targets_in), len(first.inspectors_in)) == (12, 7)
    same = difference(FIXED, replace(FIXED, no="331000-2026Q2-02"))
    assert not any((same.targets_in, same.targets_out, same.moved, same.needs))
    assert not any((same.inspectors_in, same.inspectors_out, same.inspectors))
