"""``replay`` against the naive reference, byte for byte; refused plans say where."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from tests.domain.rd1 import reference
from tests.domain.rd1.plans import NAMES, VECTORS, random_inputs, random_plan, worked

from .running import Said, process, refused, suicha
from .strict import well_formed

JUNK = [
    *(b"\r", b"\n", b" ", b"|", b"\x00", b"\t", b"\x7f", b"\xff", b"0", b"9", b"A", b"z", b","),
    *(b"\xef\xbb\xbf", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"e\xcc\x81"),
    *(each.encode() for each in "\u0085\u200b\u2028\u2060\u3000０²é"),
]
FIELDS = ["", "0", "1", "00", "999999999", "1000000000", "air,air", "A" * 65, "a" * 17]
LINES = ["x|1", "org|", "org| a", "wit|10|x", "grp|Q|1|fixed|0", "grp|Q|1|each|", "period|2", ""]


def replay(path: Path, reveal: str, digits: list[str]) -> Said:
    options = [part for text in digits for part in ("--witness", text)]
    return suicha("replay", path, "--reveal", reveal, *options)


@pytest.mark.parametrize("name", NAMES)
def test_worked_draws_in_a_process_of_their_own(name: str) -> None:
    draw = worked(name)
    options = [part for text in draw.digits for part in ("--witness", text)]
    arguments = ("replay", VECTORS / name / "plan.txt", "--reveal", draw.reveal, *options)
    for encoding in ("ascii", "utf-16"):
        said = process(*arguments, PYTHONIOENCODING=encoding)
        assert (said.code, said.raw, said.err) == (0, draw.result, "")


def _mutated(rng: Random, data: bytes) -> bytes:
    at, lines = rng.randrange(len(data)), data.split(b"\n")
    body, way = lines[1:-2], rng.randrange(7)
    if way == 0:
        return data[:at] + rng.choice(JUNK) + data[at:]
    if way == 1:
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    if way == 2:
        return data[:at]
    if way == 3:
        del body[rng.randrange(len(body))]
    elif way == 4:
        body.append(rng.choice([*body, *(line.encode() for line in LINES)]))
    elif way == 5:
        row = rng.randrange(len(body))
        fields = body[row].split(b"|")
        fields[rng.randrange(len(fields))] = rng.choice(FIELDS).encode()
        body[row] = b"|".join(fields)
    else:
        rng.shuffle(body)
    if way != 6:
        body.sort()
    return b"\n".join([lines[0], *body, *lines[-2:]])


@pytest.mark.parametrize("block", range(3))
def test_random_and_mutated_plans(block: int, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    taken = turned_away = 0
    for number in range(block * 20, block * 20 + 20):
        rng = Random(number)
        data, _ = random_plan(rng)
        for plan in (data, *(_mutated(rng, data) for _ in range(4))):
            path.write_bytes(plan)
            reveal, digits = random_inputs(rng, max(1, plan.count(b"\nwit|")))
            said = replay(path, reveal, digits)
            if well_formed(plan):
                taken += 1
                assert (said.code, said.err) == (0, ""), (number, said)
                assert said.raw == reference.result(plan, reveal, digits), number
            else:
                turned_away += 1
                assert "plan.txt" in refused(said), number
    assert taken >= 20
    assert turned_away >= 20


def test_a_refused_plan_names_the_line(tmp_path: Path) -> None:
    draw = worked(NAMES[0])
    lines = draw.plan.split(b"\n")
    lines[6] += b"|"
    path = tmp_path / "plan.txt"
    path.write_bytes(b"\n".join(lines))
    assert re.search("第 7 行", refused(replay(path, draw.reveal, draw.digits)))


@pytest.mark.parametrize(
    ("reveal", "digits"),
    [
        ("0" * 63, None),
        ("A" * 64, None),
        ("", None),
        (None, []),
        (None, ["123456"]),
        (None, ["12345", "123456", "123456"]),
        (None, ["１２３４５６", "123456", "123456"]),
        (None, ["123456"] * 4),
    ],
)
def test_wrong_reveal_or_digits(reveal: str | None, digits: list[str] | None) -> None:
    draw = worked(NAMES[0])
    path = VECTORS / NAMES[0] / "plan.txt"
    refused(
        replay(
            path,
            draw.reveal if reveal is None else reveal,
            draw.digits if digits is None else digits,
        )
    )


def test_no_file_no_plan(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.txt", tmp_path):
        refused(replay(path, "0" * 64, ["123456", "123456"]))
