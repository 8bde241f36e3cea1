"""Four implementations that share nothing: program, page, script and the naive reference."""

from __future__ import annotations

from random import Random

import pytest

from app.domain.rd1 import replay, verify_draw
from tests.domain.rd1 import reference
from tests.domain.rd1.plans import NAMES, random_inputs, random_plan, worked

from .browser import Page
from .folders import Files, random_folder, spoilt
from .script import Script

PLANS = 240
FOLDERS = 160


@pytest.mark.parametrize("name", NAMES)
def test_the_worked_draws_byte_for_byte(page: Page, script: Script, name: str) -> None:
    draw = worked(name)
    assert page.replay([(draw.plan, draw.reveal, draw.digits)]) == [draw.result.decode("ascii")]
    assert script.replay(draw.plan, draw.reveal, draw.digits) == draw.result


def test_random_plans_byte_for_byte(page: Page, script: Script) -> None:
    cases = []
    for seed in range(PLANS):
        rng = Random(f"agreement {seed}")
        plan, witnesses = random_plan(rng)
        cases.append((plan, *random_inputs(rng, witnesses)))
    drawn = page.replay(cases)
    for case, text in zip(cases, drawn, strict=True):
        expected = replay(*case).to_bytes()
        assert text.encode("ascii") == expected
        assert script.replay(*case) == expected
        assert reference.result(*case) == expected


@pytest.mark.parametrize("spoil", [False, True])
def test_the_same_verdict_on_random_folders(page: Page, script: Script, spoil: bool) -> None:
    """Void draws and addenda, half of them spoilt; verdicts of one draw's records alone."""
    cases: list[Files] = []
    for seed in range(FOLDERS):
        rng = Random(f"folders {seed}")
        files = random_folder(rng)
        cases.append(spoilt(files, rng) if spoil else files)
    good = 0
    for files, verdict in zip(cases, page.verify(cases), strict=True):
        expected = all(check.ok for check in verify_draw(files))
        good += expected
        assert (verdict.reports > 0 and not verdict.draws) == expected, (files, verdict)
        assert script.draw_is_ok(files) == expected, files
    # The folders are what they are meant to be: neither all good nor all bad.
    assert 0 < good < len(cases)
