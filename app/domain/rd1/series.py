"""Checking a whole series: numbers without gaps and the chain (RD1 §6).

Each plan and each addendum carries the hash of the closing record before it;
closing records are ``result.txt`` or ``void.txt`` of a draw and the addenda.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.rd1.addendum import parse_addendum
from app.domain.rd1.errors import RecordError
from app.domain.rd1.plan import FIRST_PREV
from app.domain.rd1.plan_reader import parse_plan
from app.domain.rd1.text import file_hash
from app.domain.rd1.verify import Check, addenda_names, by_record_name

__all__ = ["verify_series"]

_CHAIN = "记录链"
_NUMBERS = "抽取编号"


@dataclass(frozen=True, slots=True)
class _Link:
    """A closing record: of which draw, which addendum (0: result or void)."""

    draw: int
    addendum: int
    label: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class _Draw:
    """A draw of the series: its number as counted, its code, its records."""

    number: int
    no: str
    series: str
    prev: str
    files: Mapping[str, bytes]


def verify_series(draws: Sequence[Mapping[str, bytes]]) -> list[Check]:
    """Check the draws of one or more series, given in any order.

    Every mapping holds the files of one draw by name.  Only numbers and chain are
    checked here, each draw for itself by `verify_draw`.
    """
    checks: list[Check] = []
    by_series: dict[str, list[_Draw]] = {}
    for place, files in enumerate(map(by_record_name, draws), 1):
        try:
            plan = parse_plan(files.get("plan.txt", b""))
        except RecordError:
            checks.append(Check(_CHAIN, False, f"第 {place} 个抽取的 plan.txt 缺失或不能读取"))
            continue
        draw = _Draw(_last_part(plan.no), plan.no, plan.series, plan.prev, files)
        by_series.setdefault(plan.series, []).append(draw)
    for series, found in sorted(by_series.items()):
        found.sort(key=lambda draw: (draw.number, draw.no))
        checks.extend(_check_numbers(series, found))
        checks.extend(_check_chain(series, found))
    return checks


def _last_part(no: str) -> int:
    """Return the count at the end of a draw number; -1 if absurdly long."""
    digits = no.rsplit("-", 1)[1].lstrip("0") or "0"
    return int(digits) if len(digits) <= 18 else -1


def _check_numbers(series: str, draws: Sequence[_Draw]) -> Iterator[Check]:
    expected = 1
    for draw in draws:
        if draw.number == expected:
            expected += 1
        elif draw.number == expected - 1 and expected > 1:
            yield Check(
                _NUMBERS, False, f"系列 {series} 有两次抽取同用序号 {draw.number}：{draw.no}"
            )
        elif draw.number > expected:
            missing = str(expected)
            if draw.number - 1 > expected:
                missing += f"—{draw.number - 1}"
            yield Check(_NUMBERS, False, f"系列 {series} 缺少第 {missing} 次抽取（{draw.no} 之前）")
            expected = draw.number + 1
        else:
            yield Check(_NUMBERS, False, f"{draw.no} 的序号不合规定，应从 1 起连续")
    if all(draw.number == at for at, draw in enumerate(draws, 1)):
        yield Check(_NUMBERS, True, f"系列 {series} 共 {len(draws)} 次抽取，序号连续")


def _check_chain(series: str, draws: Sequence[_Draw]) -> Iterator[Check]:
    faults: list[Check] = []
    links = [link for draw in draws for link in _links(draw, faults)]
    yield from faults
    after: dict[str, list[_Link]] = {}
    for link in links:
        after.setdefault(link.prev, []).append(link)
    reached: list[_Link] = []
    head, sound = FIRST_PREV, True
    while head in after and sound:
        nexts = after.pop(head)
        for check in _check_step(reached, nexts):
            yield check
            sound = False
        reached.append(nexts[0])
        head = nexts[0].hash
    if sound:
        for link in links:
            if link not in reached:
                sound = False
                yield Check(
                    _CHAIN, False, f"{link.label} 与前一份记录接不上，可能有记录被改动或缺失"
                )
    if sound and not faults:
        detail = f"系列 {series} 共 {len(reached)} 份记录，首尾相接，链首 {head}"
        yield Check(_CHAIN, True, detail)


def _links(draw: _Draw, faults: list[Check]) -> Iterator[_Link]:
    closing = next((name for name in ("void.txt", "result.txt") if name in draw.files), None)
    if closing is None:
        faults.append(Check(_CHAIN, False, f"{draw.no} 没有 result.txt 或 void.txt"))
    else:
        label = f"{draw.no}/{closing}"
        yield _Link(draw.number, 0, label, draw.prev, file_hash(draw.files[closing]))
    for name in addenda_names(draw.files):
        label = f"{draw.no}/{name}"
        try:
            addendum = parse_addendum(draw.files[name])
        except RecordError as fault:
            faults.append(Check(_CHAIN, False, f"{label}：{fault.message}"))
            continue
        record = file_hash(draw.files[name])
        yield _Link(draw.number, addendum.number, label, addendum.prev, record)


def _check_step(reached: Sequence[_Link], nexts: Sequence[_Link]) -> Iterator[Check]:
    """Check that one record follows, and that it is the turn of this one."""
    if len(nexts) > 1:
        labels = "、".join(link.label for link in nexts)
        yield Check(_CHAIN, False, f"{labels} 都接在同一份记录之后，链有分叉")
        return
    link = nexts[0]
    if link.addendum:
        before = [one.addendum for one in reached if one.draw == link.draw]
        in_turn = bool(before) and before[-1] == link.addendum - 1
    else:
        in_turn = all(one.draw < link.draw for one in reached)
    if not in_turn:
        yield Check(_CHAIN, False, f"{link.label} 在链中的先后次序不对")
