"""Attacks on the draw itself that no other file shows; docs/draw.md lists all of them."""

from __future__ import annotations

from random import Random

from app.domain import rd1
from tests.domain.rd1.plans import to_plan, worked

_BASE = ["series|1", "draw|1-1", "period|x", f"prev|{'0' * 64}", "wit|1|a", "wit|2|b"]


def _team_of_many(specialists: int) -> bytes:
    """Ten targets of which one needs a speciality that so many of twelve people have."""
    lines = [*_BASE, "grp|E|2|each|", "quota|A|10|0"]
    lines += [f"tgt|A|T{at}|{'rad' if at == 0 else ''}|x" for at in range(10)]
    lines += [f"ins|P{at:02d}|E|Z|1|{'rad' if at < specialists else ''}|1||" for at in range(12)]
    return to_plan(lines)


def _sent_to(plan: bytes, seed: int) -> frozenset[str]:
    rng = Random(seed)
    reveal = f"{rng.getrandbits(256):064x}"
    result = rd1.replay(plan, reveal, [f"{rng.randrange(10**8):08d}", "31415926"])
    group = result.group("E")
    assert group is not None
    pair = next(pair for pair in group.pairs if pair.target == "T0")
    return frozenset({pair.lead or "", pair.second or ""})


def test_a_sole_specialist_gets_the_target_every_time_so_few_are_flagged() -> None:
    """Chance cannot help where only one person fits: it is shown before the list is sealed."""
    alone, many = _team_of_many(1), _team_of_many(6)
    assert all("P00" in _sent_to(alone, seed) for seed in range(100))
    assert sum("P00" in _sent_to(many, seed) for seed in range(100)) < 60
    flagged = {row.target for row in rd1.scarce_targets(rd1.parse_plan(alone))}
    assert flagged == {"T0"}
    assert rd1.scarce_targets(rd1.parse_plan(many)) == ()


def test_witnesses_cannot_be_dropped_added_or_exchanged_after_the_commitment() -> None:
    """The list of witnesses is in the plan, the plan in P, P in the signed C."""
    draw = worked("1-fixed-teams")
    plan = rd1.parse_plan(draw.plan)
    signed = rd1.commit(plan.no, rd1.plan_hash(draw.plan), draw.reveal)
    lines = draw.plan.decode("utf-8").split("\n")
    witnesses = [line for line in lines if line.startswith("wit|")]
    body = [line for line in lines[1:-2] if line not in witnesses]
    texts = [line.split("|", 2)[2] for line in witnesses]
    for changed in (texts[:-1], [*texts, "另一人"], [texts[1], texts[0], *texts[2:]]):
        other = to_plan([*body, *(f"wit|{at}|{text}" for at, text in enumerate(changed, 1))])
        assert rd1.parse_plan(other).no == plan.no
        assert rd1.commit(plan.no, rd1.plan_hash(other), draw.reveal) != signed


def test_digits_in_another_order_are_another_draw() -> None:
    draw = worked("1-fixed-teams")
    mine = rd1.replay(draw.plan, draw.reveal, draw.digits)
    swapped = rd1.replay(draw.plan, draw.reveal, draw.digits[::-1])
    assert mine.seed != swapped.seed
    assert mine.selected() != swapped.selected()


def test_another_secret_never_fits_the_signed_commitment() -> None:
    draw = worked("1-fixed-teams")
    no, plan = rd1.parse_plan(draw.plan).no, rd1.plan_hash(draw.plan)
    signed = rd1.commit(no, plan, draw.reveal)
    for at in range(64):
        changed = "1" if draw.reveal[at] == "0" else "0"
        other = draw.reveal[:at] + changed + draw.reveal[at + 1 :]
        assert rd1.commit(no, plan, other) != signed


def test_either_side_alone_leaves_every_outcome_open() -> None:
    """A fixed R, or fixed digits, and only the other part changing: everyone is drawn at times."""
    draw = worked("1-fixed-teams")
    rng = Random(7)
    pool = {row.id for row in rd1.parse_plan(draw.plan).targets}
    by_digits: set[str] = set()
    by_secret: set[str] = set()
    for _ in range(60):
        digits = [f"{rng.randrange(10**6):06d}", *draw.digits[1:]]
        by_digits |= set(rd1.replay(draw.plan, draw.reveal, digits).selected())
        reveal = f"{rng.getrandbits(256):064x}"
        by_secret |= set(rd1.replay(draw.plan, reveal, draw.digits).selected())
    assert by_digits == pool == by_secret
