"""换电脑 by the command line, and what a restore says about opening it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import CODE, WITNESSES, suicha


def test_a_workspace_moves_and_the_old_one_only_shows(
    drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    made = suicha("move", "--to", stick, "--data", drawn, "--json")
    assert made.code == 0 and made.json["moved"]
    refused = suicha("backup", "--data", drawn)
    assert refused.code == 2 and "已迁到新电脑" in refused.err and "--stay" in refused.err
    assert suicha("check", "--data", drawn).code == 0

    monkeypatch.setenv("SUICHA_STATE", str(tmp_path / "new-state"))
    new = tmp_path / "new"
    restored = suicha("restore", made.json["backup"], "--data", new)
    assert restored.code == 0 and f"--data {new}" in restored.out
    assert suicha("check", "--data", new).code == 0
    assert suicha("backup", "--data", new).code == 0

    stayed = suicha("move", "--stay", "新电脑没有用起来", "--data", drawn)
    assert stayed.code == 0
    assert suicha("backup", "--data", drawn).code == 0


def test_an_open_draw_keeps_it_here(frozen: Path, tmp_path: Path) -> None:
    refused = suicha("move", "--to", tmp_path, "--data", frozen)
    assert refused.code == 2 and f"{CODE}-" in refused.err
    assert not list(tmp_path.glob("*.zip"))


def test_after_a_restore_on_a_new_pc_the_next_draw_asks_for_paper(
    drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = suicha("backup", "--data", drawn, "--json").json["backup"]
    monkeypatch.setenv("SUICHA_STATE", str(tmp_path / "new-state"))
    assert suicha("restore", made, "--data", tmp_path / "new").code == 0
    freeze = ("draw", "freeze", "--period", "2026Q2", *WITNESSES)
    asked = suicha(*freeze, "--data", tmp_path / "new", "--basis", "上级同意|青环函12号|王五")
    assert asked.code == 2 and "最近一份打印的抽取记录" in asked.err
