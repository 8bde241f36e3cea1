from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.rd1 import CeremonyError, parse_plan, parse_result, plan_hash, replay

from . import reference
from .plans import NAMES, random_inputs, random_plan, to_plan, worked


@pytest.mark.parametrize("name", NAMES)
def test_worked_draws_byte_for_byte(name: str) -> None:
    draw = worked(name)
    result = replay(draw.plan, draw.reveal, draw.digits)
    assert result.to_bytes() == draw.result
    assert parse_result(draw.result) == result


@pytest.mark.parametrize("name", NAMES)
def test_reference_agrees_with_worked_draws(name: str) -> None:
    draw = worked(name)
    assert reference.result(draw.plan, draw.reveal, draw.digits) == draw.result


@pytest.mark.parametrize("block", range(20))
def test_random_plans_like_the_naive_reference(block: int) -> None:
    for number in range(block * 20, block * 20 + 20):
        rng = Random(number)
        data, witnesses = random_plan(rng)
        reveal, digits = random_inputs(rng, witnesses)
        result = replay(data, reveal, digits)
        assert result.to_bytes() == reference.result(data, reveal, digits), number
        assert parse_result(result.to_bytes()) == result, number
        assert parse_plan(data).to_bytes() == data, number


@pytest.mark.parametrize("mixdept", [False, True])
def test_large_groups_with_rare_leads_and_specialists(mixdept: bool) -> None:
    rng = Random(7)
    lines = ["series|1", "draw|1-1", "period|x", f"prev|{'0' * 64}", "wit|1|a", "wit|2|b"]
    lines += ["grp|E|2|each|", "quota|A|120|40", *["rule|mixdept|1"] * mixdept]
    for n in range(50):
        spec = "rare" if n == 5 else "air" if n % 7 == 0 else ""
        lines.append(f"ins|{n}|E|{'X' if n % 10 else 'Y'}|{int(n % 11 == 0)}|{spec}|1||")
    for n in range(200):
        lines.append(f"tgt|A|{n}|{rng.choice(['rare', 'air', 'none', ''])}|甲")
    lines += [f"rec|{rng.randrange(50)}|{n}|kin" for n in range(0, 200, 3)]
    data = to_plan(lines)
    digits = ["123456", "000000"]
    assert replay(data, "a" * 64, digits).to_bytes() == reference.result(data, "a" * 64, digits)


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_rows_does_not_matter(number: int, shuffler: Random) -> None:
    from dataclasses import fields, replace

    data, _ = random_plan(Random(number))
    plan = parse_plan(data)
    shuffled = {}
    for field in fields(plan):
        value = getattr(plan, field.name)
        if isinstance(value, tuple):
            rows = list(value)
            shuffler.shuffle(rows)
            shuffled[field.name] = tuple(rows)
    assert replace(plan, **shuffled).to_bytes() == data


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_every_stratum_gets_its_quota_and_everyone_in_it_once(number: int) -> None:
    rng = Random(number)
    data, witnesses = random_plan(rng)
    plan = parse_plan(data)
    result = replay(plan, *random_inputs(rng, witnesses))
    for quota in plan.quotas:
        stratum = result.stratum(quota.stratum)
        assert (len(stratum.selected), len(stratum.alternates)) == (quota.n, quota.a)
        pool = {row.id for row in plan.targets if row.stratum == quota.stratum}
        drawn = [row.target for row in (*stratum.selected, *stratum.alternates)]
        assert len(set(drawn)) == len(drawn)
        assert set(drawn) <= pool
    assert {row.id for row in plan.given} <= set(result.selected())
    assert result.plan == plan_hash(data)


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_nobody_recused_or_ineligible_is_sent(number: int) -> None:
    rng = Random(number)
    data, witnesses = random_plan(rng)
    plan = parse_plan(data)
    result = replay(plan, *random_inputs(rng, witnesses))
    recused = {(row.inspector, row.target) for row in plan.recusals}
    eligible = {row.id for row in plan.inspectors if row.eligible}
    for group in result.groups:
        members = {team.number: (team.lead, team.second) for team in group.teams}
        sent = [(work.target, members[work.team]) for work in group.assignments if work.team]
        sent += [
            (row.target, (row.lead, row.second, *row.standins)) for row in group.pairs if row.lead
        ]
        sent += [
            (row.target, (row.inspector, *row.standins)) for row in group.ones if row.inspector
        ]
        for target, people in sent:
            assert len(set(people)) == len(people)
            assert set(people) <= eligible
            assert not {(person, target) for person in people} & recused


@pytest.mark.parametrize(
    "reveal",
    ["", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "g", "ａ" * 64, " " + "a" * 63, "a" * 64 + "\n"],
)
def test_reveal_must_be_64_lower_case_hex(reveal: str) -> None:
    draw = worked(NAMES[0])
    with pytest.raises(CeremonyError, match="64 位"):
        replay(draw.plan, reveal, draw.digits)


@pytest.mark.parametrize(
    "digits",
    ["12345", "1" * 33, "１２３４５６", "12345²", "123456\n", " 123456", "", "٣٣٣٣٣٣", "-12345"],
)
def test_digits_must_be_ascii_and_6_to_32(digits: str) -> None:
    draw = worked(NAMES[0])
    with pytest.raises(CeremonyError, match="第 2 名"):
        replay(draw.plan, draw.reveal, [draw.digits[0], digits, draw.digits[2]])


def test_as_many_digits_as_witnesses() -> None:
    draw = worked(NAMES[0])
    for digits in (draw.digits[:2], [*draw.digits, "654321"], []):
        with pytest.raises(CeremonyError, match="3 名见证人"):
            replay(draw.plan, draw.reveal, digits)


def test_every_input_changes_the_seed() -> None:
    draw = worked(NAMES[0])
    base = replay(draw.plan, draw.reveal, draw.digits).seed
    swapped = [draw.digits[1], draw.digits[0], draw.digits[2]]
    others = {
        replay(draw.plan, "0" * 64, draw.digits).seed,
        replay(draw.plan, draw.reveal, swapped).seed,
        replay(draw.plan.replace("甲".encode(), "乙".encode(), 1), draw.reveal, draw.digits).seed,
    }
    assert len({base, *others}) == 4
