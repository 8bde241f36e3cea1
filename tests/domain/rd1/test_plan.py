from __future__ import annotations

import unicodedata
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.rd1 import (
    GivenTarget,
    Group,
    Plan,
    PlanError,
    PlanInspector,
    PlanTarget,
    Quota,
    Recusal,
    Rule,
    TeamMode,
    Witness,
    parse_plan,
    plan_hash,
    write_plan,
)

from .plans import NAMES, random_plan, to_plan, worked

MINIMAL = ["series|1", "draw|1-1", "period|x", f"prev|{'0' * 64}", "wit|1|a", "wit|2|b"]


def number_of(data: bytes, line: str) -> int:
    return data.split(b"\n").index(line.encode("utf-8")) + 1


def test_minimal_plan_has_no_target_and_no_group() -> None:
    plan = parse_plan(to_plan(MINIMAL))
    assert (plan.targets, plan.groups, plan.is_rehearsal) == ((), (), False)


def _full() -> list[str]:
    return [
        *MINIMAL,
        "app|p",
        "giv|G|G1|air|doc|乙",
        "grp|E|2|fixed|1",
        "grp|F|1|each|",
        "ins|1|E|Z|1|air,water|1||",
        "ins|2|E|Z|0||1||丙",
        "ins|3|F|Z|0||0|leave|",
        "org|某大队",
        "quota|A|1|1",
        "rec|1|T1|kin",
        "rec|1|T1|old",
        "rem|r",
        "rule|k|v",
        "tgt|A|T1|air|甲",
        "tgt|A|T2||甲",
    ]


def test_the_full_plan_is_good() -> None:
    plan = parse_plan(to_plan(_full()))
    assert plan.inspectors[0].specs == ("air", "water")
    assert plan.recused_by_target() == {"T1": frozenset({"1"})}


BREACHES = [
    # (line to drop, line to add, line to be named; None: nothing to name)
    ("series|1", "", None),
    ("draw|1-1", "", None),
    ("period|x", "", None),
    (f"prev|{'0' * 64}", "", None),
    ("", "period|y", "period|y"),
    ("", "series|12", "series|12"),
    ("", "draw|1-2", "draw|1-2"),
    ("draw|1-1", "draw|2-1", "draw|2-1"),
    ("draw|1-1", "draw|1", "draw|1"),
    ("draw|1-1", "draw|11-1", "draw|11-1"),
    ("draw|1-1", "draw|1-1A", "draw|1-1A"),
    ("draw|1-1", "draw|1--1", "draw|1--1"),
    ("draw|1-1", "draw|1-a-1", "draw|1-a-1"),
    ("draw|1-1", "draw|1-１", "draw|1-１"),
    ("draw|1-1", "draw|1-1-", "draw|1-1-"),
    ("series|1", "series|a", "series|a"),
    ("series|1", "series|T", "series|T"),
    ("series|1", "series|12345678901234567", "series|12345678901234567"),
    (f"prev|{'0' * 64}", f"prev|{'A' * 64}", f"prev|{'A' * 64}"),
    (f"prev|{'0' * 64}", f"prev|{'0' * 63}", f"prev|{'0' * 63}"),
    ("period|x", "period|", "period|"),
    ("", "app|", "app|"),
    ("", "org|", "org|"),
    ("", "rem|", "rem|"),
    ("", "rem|a|b", "rem|a|b"),
    ("", "rem", "rem"),
    ("", "foo|1", "foo|1"),
    ("", "TGT|A|T9||x", "TGT|A|T9||x"),
    ("", "rule|k|w", "rule|k|w"),
    ("", "rule|z|", "rule|z|"),
    ("", "rule||z", "rule||z"),
    ("wit|2|b", "", None),
    ("wit|1|a", "", "wit|2|b"),
    ("wit|2|b", "wit|3|b", "wit|3|b"),
    ("", "wit|2|c", "wit|2|c"),
    ("wit|2|b", "wit|02|b", "wit|02|b"),
    ("wit|2|b", "wit|２|b", "wit|２|b"),
    ("wit|2|b", "wit|2|", "wit|2|"),
    ("", "giv|A|G2||doc|x", "tgt|A|T1|air|甲"),
    ("", "giv|G|T1||doc|x", "tgt|A|T1|air|甲"),
    ("", "giv|G|G2|||x", "giv|G|G2|||x"),
    ("", "giv|G|G2||doc|", "giv|G|G2||doc|"),
    ("", "giv|G|G2|AIR|doc|x", "giv|G|G2|AIR|doc|x"),
    ("", "giv|g|G2||doc|x", "giv|g|G2||doc|x"),
    ("", "tgt|A|T1||乙", "tgt|A|T1||乙"),
    ("", "tgt|A|T3||", "tgt|A|T3||"),
    ("", "tgt|A|t3||x", "tgt|A|t3||x"),
    ("", f"tgt|A|{'T' * 65}||x", f"tgt|A|{'T' * 65}||x"),
    ("", "tgt|A|||x", "tgt|A|||x"),
    ("", "tgt|A|T3|air,water|x", "tgt|A|T3|air,water|x"),
    ("", "tgt|B|T3||x", "tgt|B|T3||x"),
    ("", "tgt|A|T3||x|y", "tgt|A|T3||x|y"),
    ("", f"tgt|{'A' * 17}|T3||x", f"tgt|{'A' * 17}|T3||x"),
    ("", "quota|B|0|0", "quota|B|0|0"),
    ("", "quota|G|1|0", "quota|G|1|0"),
    ("", "quota|A|0|0", "quota|A|1|1"),
    ("quota|A|1|1", "quota|A|2|1", "quota|A|2|1"),
    ("quota|A|1|1", "quota|A|01|1", "quota|A|01|1"),
    ("quota|A|1|1", "quota|A|+1|1", "quota|A|+1|1"),
    ("quota|A|1|1", "quota|A|²|1", "quota|A|²|1"),
    ("quota|A|1|1", "quota|A||1", "quota|A||1"),
    ("quota|A|1|1", "quota|A|1000000000|1", "quota|A|1000000000|1"),
    ("quota|A|1|1", "", "tgt|A|T1|air|甲"),
    ("", "grp|E|2|each|", "grp|E|2|fixed|1"),
    ("grp|E|2|fixed|1", "grp|E|2|fixed|2", "grp|E|2|fixed|2"),
    ("grp|E|2|fixed|1", "grp|E|2|fixed|", "grp|E|2|fixed|"),
    ("grp|E|2|fixed|1", "grp|E|1|fixed|1", "grp|E|1|fixed|1"),
    ("grp|E|2|fixed|1", "grp|E|3|each|", "grp|E|3|each|"),
    ("grp|F|1|each|", "grp|F|1|each|1", "grp|F|1|each|1"),
    ("grp|F|1|each|", "", "ins|3|F|Z|0||0|leave|"),
    ("", "ins|1|F|Z|0||1||", "ins|1|F|Z|0||1||"),
    ("", "ins|4|E|z|0||1||", "ins|4|E|z|0||1||"),
    ("", "ins|4|E|Z|2||1||", "ins|4|E|Z|2||1||"),
    ("", "ins|4|E|Z|0||1|leave|", "ins|4|E|Z|0||1|leave|"),
    ("", "ins|4|E|Z|0||0||", "ins|4|E|Z|0||0||"),
    ("", "ins|4|E|Z|0||x||", "ins|4|E|Z|0||x||"),
    ("", "ins|4|E|Z|0|water,air|1||", "ins|4|E|Z|0|water,air|1||"),
    ("", "ins|4|E|Z|0|air,air|1||", "ins|4|E|Z|0|air,air|1||"),
    ("", "ins|4|E|Z|0|air,|1||", "ins|4|E|Z|0|air,|1||"),
    ("", "ins|4|E|Z|0|Air|1||", "ins|4|E|Z|0|Air|1||"),
    ("", "ins|4|E|Z|0||1|", "ins|4|E|Z|0||1|"),
    ("", "rec|9|T1|kin", "rec|9|T1|kin"),
    ("", "rec|1|T9|kin", "rec|1|T9|kin"),
    ("", "rec|1|T2|", "rec|1|T2|"),
    ("", "rec|1|T2|Kin", "rec|1|T2|Kin"),
    ("", "rem| a", "rem| a"),
    ("", "rem|a ", "rem|a "),
    ("", "rule|q |a", "rule|q |a"),
    (" ", " rem|a", " rem|a"),
    ("", "rem|a\u200bb", "rem|a\u200bb"),
    ("", "rem|a\tb", "rem|a\tb"),
    ("", "rem|a\rb", "rem|a\rb"),
    ("", "rem|a\r", "rem|a\r"),
    ("", "rem|a\x85b", "rem|a\x85b"),
    ("", "rem|a\u2028b", "rem|a\u2028b"),
    ("", "rem|a\u202eb", "rem|a\u202eb"),
    ("", "rem|a\u2060b", "rem|a\u2060b"),
    ("", "rem|a\u2069b", "rem|a\u2069b"),
    ("", "rem|a\ufeffb", "rem|a\ufeffb"),
    ("", "rem|a\x00b", "rem|a\x00b"),
    ("", "rem|a\x7fb", "rem|a\x7fb"),
]


@pytest.mark.parametrize(("drop", "add", "named"), BREACHES)
def test_every_breach_is_refused_and_its_line_named(drop: str, add: str, named: str | None) -> None:
    lines = [line for line in _full() if line != drop]
    data = to_plan([*lines, *[add] * bool(add)])
    with pytest.raises(PlanError) as refused:
        parse_plan(data)
    expected = None if named is None else number_of(data, named)
    assert refused.value.line == expected
    if expected is not None:
        assert f"第 {refused.value.line} 行" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["rem|a\u200ab", "rem|a\u2010b", "rem|a\u2027b", "rem|a\u202fb", "rem|a\u206ab", "rem|a\xa0b",
     "rem|\u3000a", "rem|\xa0", "rem|a\u0301", "rem|a\u034fb", "rem|\U000e0001"],
)  # fmt: skip
def test_what_is_not_forbidden_is_allowed_as_it_is(text: str) -> None:
    data = to_plan([*_full(), text])
    assert parse_plan(data).to_bytes() == data


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, 1),
        (lambda data: data.replace(b"RD1 PLAN", b"RD1 Plan"), 1),
        (lambda data: data.replace(b"RD1 PLAN\n", b"RD1 PLAN \n"), 1),
        (lambda data: b"\n" + data, 1),
        (lambda data: data.replace(b"RD1 PLAN\n", b"RD1 PLAN\n\n"), 2),
        (lambda data: data.replace(b"\n", b"\r\n"), 1),
        (lambda data: data.replace(b"rem|r", b"rem|\xff"), 16),
        (lambda data: data.replace(b"rem|r", b"rem|\xc0\xaf"), 16),
        (lambda data: data.replace(b"rem|r", b"rem|\xed\xa0\x80"), 16),
        (lambda data: data.replace(b"rem|r", b"rem|\xf4\x90\x80\x80"), 16),
        (lambda data: data + b"\n", 24),
        (lambda data: data + b"x\n", 24),
        (lambda data: data[:-1], 23),
        (lambda data: b"", 1),
        (lambda data: data.replace(b"rem|r\nrule|k|v", b"rule|k|v\nrem|r"), 17),
        (lambda data: data.replace(b"rem|r\n", b"rem|r\nrem|r\n"), 17),
        (lambda data: data.replace(b"rem|r\n", b"RD1 END\n"), 16),
    ],
)
def test_bytes_around_the_lines(change: object, line: int) -> None:
    data = to_plan(_full())
    with pytest.raises(PlanError) as refused:
        parse_plan(change(data))  # type: ignore[operator]
    assert refused.value.line == line


@pytest.mark.parametrize("name", NAMES)
def test_truncation_at_every_byte_is_refused(name: str) -> None:
    data = worked(name).plan
    for length in range(len(data)):
        with pytest.raises(PlanError):
            parse_plan(data[:length])


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=300, deadline=None)
def test_any_other_byte_gives_another_plan_or_a_refusal(name: str, draw: st.DataObject) -> None:
    data = worked(name).plan
    at = draw.draw(st.integers(0, len(data) - 1))
    byte = draw.draw(st.integers(0, 255).filter(lambda value: value != data[at]))
    changed = data[:at] + bytes([byte]) + data[at + 1 :]
    try:
        plan = parse_plan(changed)
    except PlanError as refused:
        assert refused.line is not None
    else:
        assert plan.to_bytes() == changed
        assert plan != parse_plan(data)


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_are_refused_as_a_plan_error(body: bytes) -> None:
    for data in (body, b"RD1 PLAN\n" + body + b"\nRD1 END\n"):
        with pytest.raises(PlanError):
            parse_plan(data)


TEXT = st.text(max_size=12)


@given(TEXT, TEXT, TEXT, TEXT, st.sampled_from([0, 1]))
@settings(max_examples=150, deadline=None)
def test_writer_cleans_free_text_and_writes_what_the_reader_takes(
    name: str, source: str, body: str, remark: str, size: int
) -> None:
    plan = Plan(
        no="T1-01",
        series="T1",
        period="2026",
        remarks=("x" + remark,),
        rules=(Rule("rulebook", "r" + body),),
        groups=(Group("E", TeamMode.PAIR_EACH),),
        inspectors=(PlanInspector(id="1", group="E", dept="Z", lead=True, name=name),),
        targets=tuple(PlanTarget("A", str(n), "", name + "厂") for n in range(size)),
        quotas=(Quota("A", size, 0),) * size,
        given=(GivenTarget("G", "G", "", "文" + source, "厂" + name),),
        recusals=(Recusal("1", "G", "kin"),),
        witnesses=(Witness(1, "甲" + body), Witness(2, "乙")),
    )
    data = write_plan(plan)
    read = parse_plan(data)
    assert read.to_bytes() == data
    assert write_plan(read) == data
    assert all(unicodedata.is_normalized("NFC", target.name) for target in read.given)
    assert read.is_rehearsal


def test_reading_gives_back_what_was_written() -> None:
    for number in range(50):
        data, _ = random_plan(Random(number))
        plan = parse_plan(data)
        assert parse_plan(plan.to_bytes()) == plan
        assert plan_hash(plan) == plan_hash(data)


def test_reader_does_not_normalise_and_the_writer_does() -> None:
    plan = parse_plan(to_plan([*MINIMAL, "org|e\u0301"]))
    assert plan.organisations == ("e\u0301",)
    assert parse_plan(write_plan(plan)).organisations == ("\u00e9",)


def test_writer_refuses_what_cleaning_cannot_mend() -> None:
    plan = parse_plan(to_plan(_full()))
    broken = [
        replace(plan, targets=(*plan.targets, plan.targets[0])),
        replace(plan, targets=(replace(plan.targets[0], name="\u200b"), plan.targets[1])),
        replace(plan, targets=(replace(plan.targets[0], id="t|1"), plan.targets[1])),
        replace(plan, witnesses=plan.witnesses[:1]),
        replace(plan, rules=(Rule("a|b", "c"),)),
    ]
    for bad in broken:
        with pytest.raises(PlanError, match="请更正后重新生成"):
            write_plan(bad)
