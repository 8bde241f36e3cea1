"""The recipe for certutil: every figure in it is right."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from tests.domain.rd1.plans import NAMES, worked

TEXT = (Path(__file__).parents[2] / "docs" / "certutil.md").read_text(encoding="utf-8")
SET = re.compile(r'<nul >\w\.txt set /p="(RD1\|[^"]+)"')


def test_every_text_gives_the_value_below_it() -> None:
    assert len(SET.findall(TEXT)) == 3
    for found in SET.finditer(TEXT):
        said = re.search(r"应得：`([0-9a-f]{64})`", TEXT[found.end() :])
        assert said is not None
        assert sha256(found.group(1).encode("ascii")).hexdigest() == said.group(1)


def test_the_values_are_those_of_the_worked_draw() -> None:
    draw = worked(NAMES[0])
    result = draw.result.decode("ascii")
    assert sha256(draw.plan).hexdigest() in TEXT
    for value in re.findall(r"应得：`([0-9a-f]{64})`", TEXT):
        assert value in result


def test_powershell_writes_the_same_text() -> None:
    commit = SET.findall(TEXT)[0]
    assert f"WriteAllText(\"$PWD\\c.txt\", '{commit}')" in TEXT


def test_the_sizes_said_are_those_of_the_texts() -> None:
    sizes = [len(text) for text in SET.findall(TEXT)]
    assert "C 是 {}，S 是 {}，票号是 {} 个字节".format(*sizes) in TEXT
