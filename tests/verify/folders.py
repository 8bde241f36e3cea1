"""Draw folders to check: sound ones with void records and addenda, and spoilt ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

from app.domain.rd1 import (
    Addendum,
    Approval,
    DrawResult,
    OpenedSlip,
    Plan,
    Substituted,
    SubstitutionPolicy,
    Succession,
    VoidRecord,
    addendum_name,
    file_hash,
    parse_plan,
    replay,
    write_plan,
)
from tests.domain.rd1.plans import random_inputs, random_plan, to_plan, worked

Files = dict[str, bytes]
APPROVED = Approval("某甲", "分管负责人")


def random_folder(rng: Random) -> Files:
    """The records of one draw; its addenda may be out of order, that is for the checkers."""
    plan, witnesses = random_plan(rng)
    files: Files = {"plan.txt": plan}
    if rng.random() < 0.3:
        files["excluded.txt"] = b"X1|closed|\xe6\x9f\x90\xe5\x8e\x82\n"
        rule = f"rule|excluded|{file_hash(files['excluded.txt'])}"
        plan = to_plan([*plan.decode("utf-8").split("\n")[1:-2], rule])
        files["plan.txt"] = plan
    reveal, digits = random_inputs(rng, witnesses)
    result = replay(plan, reveal, digits)
    if rng.random() < 0.25:
        return {**files, **_void(rng, result, digits)}
    files["result.txt"] = result.to_bytes()
    prev = file_hash(files["result.txt"])
    state = Succession(parse_plan(plan), result)
    for number in range(1, rng.choice([1, 1, 3, 6])):
        addendum = _addendum(rng, parse_plan(plan), result, state, number, prev)
        if addendum is None:
            break
        files[addendum_name(number)] = addendum.to_bytes()
        prev = file_hash(addendum.to_bytes())
        state.apply(addendum)
    return files


def _void(rng: Random, result: DrawResult, digits: list[str]) -> Files:
    opened = [slip for slip in enumerate(digits, 1) if rng.random() < 0.9]
    lost = rng.random() < 0.2
    complete = len(opened) == len(digits) and not lost
    record = VoidRecord(
        no=result.no,
        plan=result.plan,
        commitment=result.commitment,
        reveal=None if lost else result.reveal,
        slips=tuple(OpenedSlip(*slip) for slip in opened),
        result=result.result_hash if complete else None,
        reason="停电",
        approved=APPROVED,
        at=date(2026, 1, 8),
    )
    kept = {"result.txt": result.to_bytes()} if complete and rng.random() < 0.5 else {}
    return {"void.txt": record.to_bytes(), **kept}


def _addendum(
    rng: Random, plan: Plan, result: DrawResult, state: Succession, number: int, prev: str
) -> Addendum | None:
    """Mostly the right one; now and then anybody, so that the order is put to the test."""
    targets = sorted(state.targets())
    if not targets:
        return None
    kind, only_for = Substituted.TARGET, None
    out = rng.choice(targets)
    people = state.people(out)
    if people and rng.random() < 0.7:
        kind, only_for = Substituted.INSPECTOR, out
        out = rng.choice(people[rng.choice(sorted(people))])
        if rng.random() < 0.4:
            only_for = None
    everybody = [person.id for person in plan.inspectors] + targets
    due = state.next_in(kind, out, only_for)
    into = due if due and rng.random() < 0.85 else rng.choice(everybody)
    appointed = kind is Substituted.INSPECTOR and rng.random() < 0.15
    return Addendum(
        no=result.no,
        number=number,
        prev=prev,
        kind=kind,
        out_id=out,
        in_id=into,
        for_target=only_for,
        policy=SubstitutionPolicy.APPOINTED if appointed else SubstitutionPolicy.NEXT_ALTERNATE,
        reason_code="gone",
        reason="已注销",
        approved=APPROVED,
        at=date(2026, 2, 1),
    )


# --- spoiling ---------------------------------------------------------------------------


def _changed(data: bytes, rng: Random) -> bytes:
    """One character of a line is another (never one that means the same)."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ rng.choice([1, 2, 4, 0x20, 0x80])]) + data[at + 1 :]


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _removed(data: bytes, rng: Random) -> bytes:
    lines = _lines(data)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def _swapped(data: bytes, rng: Random) -> bytes:
    lines = _lines(data)
    at = rng.randrange(len(lines))
    lines[at - 1], lines[at] = lines[at], lines[at - 1]  # the last with the first, too
    return b"".join(lines)


def _doubled(data: bytes, rng: Random) -> bytes:
    lines = _lines(data)
    at = rng.randrange(len(lines))
    return b"".join([*lines[: at + 1], *lines[at:]])


SPOILERS: dict[str, Callable[[bytes, Random], bytes]] = {
    "changed": _changed,
    "removed": _removed,
    "swapped": _swapped,
    "doubled": _doubled,
    "crlf": lambda data, rng: data.replace(b"\n", b"\r\n"),
    "bom": lambda data, rng: b"\xef\xbb\xbf" + data,
    "cut": lambda data, rng: data[: rng.randrange(len(data))],
    "no last line end": lambda data, rng: data[:-1],
    "longer": lambda data, rng: data + b"\n",
    "gbk": lambda data, rng: data.decode("utf-8").encode("gb18030"),
    "empty": lambda data, rng: b"",
}


def spoilt(files: Files, rng: Random) -> Files:
    """The folder with one thing wrong (or, rarely, one that happens to change nothing)."""
    name = rng.choice(sorted(files))
    way = rng.choice([*SPOILERS, "changed", "changed", "gone", "renamed", "extra"])
    others = {key: data for key, data in files.items() if key != name}
    if way == "gone":
        return others
    if way == "renamed":
        return {**others, rng.choice(["addendum-02.txt", "x.txt", "result.txt"]): files[name]}
    if way == "extra":
        extra = rng.choice(["result (2).txt", "addendum-1.txt", "PLAN.TXT", "void.txt", "备注.txt"])
        return {**files, extra: b""}
    return {**others, name: SPOILERS[way](files[name], rng)}


def series_of_three() -> dict[str, Files]:
    """Draw, void draw, draw, then a late addendum to the first; folders by their names."""
    base = parse_plan(worked("1-fixed-teams").plan)
    first = _closed(base)
    second_plan = replace(base, no="331000-2026Q1-02", prev=file_hash(first["result.txt"]))
    second = {"plan.txt": write_plan(second_plan), **_voided(second_plan)}
    third = _closed(replace(base, no="331000-2026Q2-03", prev=file_hash(second["void.txt"])))
    result = replay(first["plan.txt"], "a" * 64, ["314159"] * 3)
    state = Succession(base, result)
    out = state.team("ENF", 1)[0]
    due = state.next_in(Substituted.INSPECTOR, out)
    late = Addendum(
        no=base.no,
        number=1,
        prev=file_hash(third["result.txt"]),
        kind=Substituted.INSPECTOR,
        out_id=out,
        in_id=due or "",
        for_target=None,
        policy=SubstitutionPolicy.NEXT_ALTERNATE,
        reason_code="leave",
        reason="产假",
        approved=APPROVED,
        at=date(2026, 5, 6),
    )
    first["addendum-01.txt"] = late.to_bytes()
    return {
        "331000-2026Q1-01": first,
        "331000-2026Q1-02": second,
        "331000-2026Q2-03": third,
    }


def with_a_fourth_draw(folders: dict[str, Files]) -> dict[str, Files]:
    """The series with one more draw after the late addendum."""
    addendum = folders["331000-2026Q1-01"]["addendum-01.txt"]
    base = parse_plan(worked("1-fixed-teams").plan)
    no = "331000-2026Q3-04"
    return {**folders, no: _closed(replace(base, no=no, prev=file_hash(addendum)))}


def _closed(plan: Plan) -> Files:
    data = write_plan(plan)
    digits = ["314159"] * len(plan.witnesses)
    return {"plan.txt": data, "result.txt": replay(data, "a" * 64, digits).to_bytes()}


def _voided(plan: Plan) -> Files:
    result = replay(write_plan(plan), "b" * 64, ["271828"] * len(plan.witnesses))
    record = VoidRecord(
        no=plan.no,
        plan=result.plan,
        commitment=result.commitment,
        reveal=result.reveal,
        slips=tuple(OpenedSlip(i, text) for i, text in enumerate(result.digits, 1)),
        result=result.result_hash,
        reason="停电",
        approved=APPROVED,
        at=date(2026, 1, 9),
    )
    return {"void.txt": record.to_bytes()}
