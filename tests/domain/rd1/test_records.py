from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.rd1 import (
    Addendum,
    AddendumError,
    Approval,
    DrawResult,
    OpenedSlip,
    RecordError,
    ResultError,
    Substituted,
    SubstitutionPolicy,
    VoidError,
    VoidRecord,
    addendum_name,
    file_hash,
    parse_addendum,
    parse_result,
    parse_void,
    write_addendum,
    write_void,
)

from .plans import NAMES, worked

HASH = "0123456789abcdef" * 4
VOID = VoidRecord(
    no="331000-2026Q1-01",
    plan=HASH,
    commitment=HASH[::-1],
    reveal="a" * 64,
    slips=(OpenedSlip(1, "314159"), OpenedSlip(3, "265358")),
    result="b" * 64,
    reason="停电，名单已显示一半",
    approved=Approval("某甲", "分管负责人"),
    at=date(2026, 1, 8),
)
ADDENDUM = Addendum(
    no="331000-2026Q1-01",
    number=1,
    prev=HASH,
    kind=Substituted.INSPECTOR,
    out_id="110001",
    in_id="110002",
    for_target="9133X",
    policy=SubstitutionPolicy.APPOINTED,
    reason_code="leave",
    reason="病假",
    approved=Approval("某甲", "分管负责人"),
    at=date(2026, 2, 28),
)
FREE = st.text(min_size=1, max_size=10).map(lambda text: "甲" + text)


def test_void_is_written_as_the_page_says() -> None:
    assert VOID.to_bytes().decode("utf-8") == (
        f"RD1 VOID\ndraw|331000-2026Q1-01\nplan|{HASH}\ncommit|{HASH[::-1]}\n"
        f"reveal|{'a' * 64}\nwitness|1|314159\nwitness|3|265358\nresult|{'b' * 64}\n"
        "reason|停电，名单已显示一半\napproved|某甲|分管负责人\nat|2026-01-08\nRD1 END\n"
    )
    assert VOID.record_hash == file_hash(VOID.to_bytes())


def test_addendum_is_written_as_the_page_says() -> None:
    assert ADDENDUM.to_bytes().decode("utf-8") == (
        f"RD1 ADDENDUM\ndraw|331000-2026Q1-01\nadd|1\nprev|{HASH}\nkind|inspector\n"
        "out|110001\nin|110002\nfor|9133X\npolicy|appointed\nreason|leave|病假\n"
        "approved|某甲|分管负责人\nat|2026-02-28\nRD1 END\n"
    )
    assert ADDENDUM.record_hash == file_hash(ADDENDUM.to_bytes())
    assert [addendum_name(n) for n in (1, 10, 100)] == [
        "addendum-01.txt",
        "addendum-10.txt",
        "addendum-100.txt",
    ]


@given(
    st.lists(st.integers(1, 9), unique=True, max_size=9).map(sorted),
    st.sampled_from([None, "c" * 64]),
    st.booleans(),
    FREE,
    FREE,
    st.dates(),
)
@settings(max_examples=60, deadline=None)
def test_void_round_trip(
    places: list[int], reveal: str | None, known: bool, reason: str, name: str, at: date
) -> None:
    record = replace(
        VOID,
        slips=tuple(OpenedSlip(place, "000000") for place in places),
        reveal=reveal,
        result="d" * 64 if known and reveal else None,
        reason=reason,
        approved=Approval(name, name),
        at=at,
    )
    data = write_void(record)
    assert parse_void(data).to_bytes() == data
    assert replace(parse_void(data), reason="", approved=VOID.approved) == replace(
        record, reason="", approved=VOID.approved
    )


@given(st.sampled_from([*Substituted]), st.integers(1, 10**6), FREE, st.dates())
@settings(max_examples=60, deadline=None)
def test_addendum_round_trip(kind: Substituted, number: int, text: str, at: date) -> None:
    target = kind is Substituted.TARGET
    record = replace(
        ADDENDUM,
        kind=kind,
        number=number,
        for_target=None if target else "T",
        policy=SubstitutionPolicy.NEXT_ALTERNATE if target else SubstitutionPolicy.APPOINTED,
        reason=text,
        at=at,
    )
    data = write_addendum(record)
    assert parse_addendum(data).to_bytes() == data
    assert replace(parse_addendum(data), reason="") == replace(record, reason="")


def changed(data: bytes, line: int, text: str | None) -> bytes:
    """The record with one line replaced; None drops it."""
    lines = data.split(b"\n")
    lines[line - 1 : line] = [] if text is None else [text.encode("utf-8")]
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("line", "text", "named"),
    [
        (1, "RD1 PLAN", 1),
        (2, None, 2),
        (2, "draw|331000", 2),
        (2, "draw|331000-01|x", 2),
        (3, f"plan|{HASH.upper()}", 3),
        (4, f"commit|{HASH}0", 4),
        (5, "reveal|", 5),
        (5, "reveal|-", 8),
        (6, "witness|0|314159", 6),
        (6, "witness|10|314159", 6),
        (6, "witness|3|314159", 7),
        (6, "witness|01|314159", 6),
        (6, "witness|1|31415", 6),
        (6, "witness|1|３１４１５９", 6),
        (8, "result|", 8),
        (8, f"result|{'b' * 64}\nresult|{'b' * 64}", 9),
        (9, "reason|", 9),
        (9, "reason|a|b", 9),
        (9, "reason| a", 9),
        (9, "reason|a\u200b", 9),
        (9, None, 9),
        (10, "approved|某甲|", 10),
        (10, "approved|某甲", 10),
        (11, "at|2026-02-29", 11),
        (11, "at|0000-01-01", 11),
        (11, "at|2026-1-8", 11),
        (11, "at|20260108", 11),
        (11, "at|２026-01-08", 11),
        (11, "at|2026-01-08\nrem|x", 12),
        (12, "RD1 ENDE", 12),
    ],
)
def test_void_breaches_are_named(line: int, text: str | None, named: int) -> None:
    with pytest.raises(VoidError) as refused:
        parse_void(changed(VOID.to_bytes(), line, text))
    assert refused.value.line == named


@pytest.mark.parametrize(
    ("line", "text", "named"),
    [
        (3, "add|0", 3),
        (3, "add|01", 3),
        (3, "add|", 3),
        (4, "prev|-", 4),
        (5, "kind|expert", 5),
        (5, "kind|target", 8),
        (6, "out|a", 6),
        (7, "in|110001", 7),
        (7, "in|", 7),
        (8, "for|", 8),
        (9, "policy|redraw", 9),
        (9, None, 9),
        (10, "reason|leave", 10),
        (10, "reason|Leave|病假", 10),
        (10, "reason|leave|", 10),
        (11, None, 11),
        (12, "at|2026-13-01", 12),
    ],
)
def test_addendum_breaches_are_named(line: int, text: str | None, named: int) -> None:
    with pytest.raises(AddendumError) as refused:
        parse_addendum(changed(ADDENDUM.to_bytes(), line, text))
    assert refused.value.line == named


def test_a_target_is_never_appointed() -> None:
    record = replace(ADDENDUM, kind=Substituted.TARGET, for_target=None)
    with pytest.raises(AddendumError, match="不能指定"):
        parse_addendum(record.to_bytes())


def test_writers_refuse_what_cleaning_cannot_mend() -> None:
    with pytest.raises(VoidError):
        write_void(replace(VOID, reason=" \u200b "))
    with pytest.raises(AddendumError):
        write_addendum(replace(ADDENDUM, reason_code="Leave"))


@pytest.mark.parametrize(
    ("record", "parse"),
    [
        (VOID.to_bytes(), parse_void),
        (ADDENDUM.to_bytes(), parse_addendum),
        *[(worked(name).result, parse_result) for name in NAMES],
    ],
)
def test_truncation_and_every_flip_are_read_or_refused(
    record: bytes, parse: Callable[[bytes], VoidRecord | Addendum | DrawResult]
) -> None:
    for at in range(len(record)):
        with pytest.raises(RecordError):
            parse(record[:at])
        flipped = record[:at] + bytes([record[at] ^ 1]) + record[at + 1 :]
        try:
            read = parse(flipped)
        except RecordError as refused:
            named = refused.line
            assert named is not None
        else:
            assert read.to_bytes() == flipped


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("sel|A|1|", "sel|A|2|", 10),
        ("sel|A|2|", "sel|A|02|", 11),
        ("sel|B|1|", "sel|AA|1|", 18),
        ("cap|ENF|3\n", "", 25),
        ("cap|ENF|3\n", "cap|ENF|3\ncap|ENF|3\n", 26),
        ("|1|.\n", "|1|\n", 26),
        ("|1|.\n", "|0|.\n", 26),
        ("|1|.\n", "|1|OS\n", 26),
        ("witness|1|314159\n", "witness|2|314159\n", 6),
        ("RD1 END", "rem|x\nRD1 END", 37),
        ("standby|ENF|1|110007\n", "", 23),
        ("standby|ENF|1|110007\n", "standby|ENF|1|110007\nstandby|ENF|1|110007\n", 24),
    ],
)
def test_result_breaches_are_named(old: str, new: str, named: int) -> None:
    data = worked(NAMES[0]).result.decode("utf-8")
    assert old in data
    with pytest.raises(ResultError) as refused:
        parse_result(data.replace(old, new, 1).encode("utf-8"))
    assert refused.value.line == named
