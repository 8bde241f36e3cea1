"""What every test stands on: Qt draws off screen, chance repeats in CI, no thread stays."""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from app.services.draws import sealing
from app.services.workspace import Workspace
from tests.support import make_office

# Before anything imports Qt, which reads it once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No deadline: a loaded machine is not a bug.  In CI the same examples each time.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(autouse=True)
def nothing_of_the_users(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep every test out of the folders of the person who runs it."""
    folder = tmp_path_factory.mktemp("user", numbered=True)
    monkeypatch.setenv("SUICHA_DATA", str(folder / "data"))
    monkeypatch.setenv("SUICHA_STATE", str(folder / "state"))


@pytest.fixture(autouse=True)
def the_same_draws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI let a test draw the same R at every run; at a desk chance goes on looking.

    A draw of real chance meets the rare case once in a hundred runs, in somebody else's change.
    The command line in its own process keeps the operating system's generator.
    """
    if os.environ.get("CI"):
        numbers = itertools.count()
        name = request.node.nodeid
        monkeypatch.setattr(
            sealing,
            "take_reveal",
            lambda: hashlib.sha256(f"{name}|{next(numbers)}".encode()).hexdigest(),
        )


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Fail a test that leaves a Python thread running, here rather than in a later test."""
    before = set(_running())
    yield
    for _ in range(50):  # one that is just ending gets a second
        left = [thread.name for thread in _running() if thread not in before]
        if not left:
            return
        time.sleep(0.02)
    pytest.fail(f"threads left running: {', '.join(left)}")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """An open workspace under the Taijiang rulebook with empty directories."""
    workspace = make_office(tmp_path / "office")
    yield workspace
    workspace.close()


def _running() -> list[threading.Thread]:
    # Qt's own worker threads appear as dummies that Python never takes off its list.
    return [thread for thread in threading.enumerate() if not thread.name.startswith("Dummy-")]
