"""The entry point as a process: exit codes, streams, consoles, arguments, locks."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from app import cli, paths
from app.services.workspace import open_workspace

from .running import NO, process, refused, suicha


@pytest.mark.parametrize("encoding", ["gb18030", "ascii"])
def test_any_console_gets_through(drawn: Path, encoding: str) -> None:
    said = process("verify", drawn / "draw" / NO, PYTHONIOENCODING=encoding)
    assert (said.code, said.err) == (0, "")
    assert NO.encode("ascii") in said.raw
    asked = ("plan", "--data", drawn, "--period", "2026Q1", "--json")
    found = process(*asked, PYTHONIOENCODING=encoding)
    assert found.code == 0
    assert json.loads(found.raw.decode("ascii"))["period"] == "2026Q1"
    wrong = process("plan", "--data", drawn, "--period", "䶮", PYTHONIOENCODING=encoding)
    assert wrong.code == 2
    assert wrong.err
    assert "Traceback" not in wrong.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("plan",), "缺少"),
        (("plan", "--period"), "后面要有一个值"),
        (("plan", "--period", "2026Q1", "--headcount", "many"), "应是整数"),
        (("plan", "--period", "2026Q1", "--moon"), "不认识"),
        (("planet",), "可选"),
        (("import", "moons", "x.csv"), "可选"),
        (("export", "--what", "moon", "--to", "."), "可选"),
        (("draw",), "freeze"),
        (("draw", "melt"), "可选"),
        (("draw", "freeze", "--period", "2026Q1"), "--witness"),
        (("draw", "reveal", NO), "--digits"),
        (("replay", "plan.txt"), "--reveal"),
        (("verify",), "PATH"),
        (("simulate", "--years", "x"), "应是整数"),
        (("--moon",), "不认识"),
        (("plan", "--per", "2026Q1"), "缺少"),
    ],
)
def test_wrong_usage_is_said_in_chinese(arguments: tuple[str, ...], says: str) -> None:
    said = refused(suicha(*arguments))
    assert says in said
    for english in ("usage", "error:", "argument", "required", "invalid", "expected", "choose"):
        assert english not in said


def test_help_and_version() -> None:
    for command in ((), ("plan",), ("draw", "freeze"), ("replay",)):
        said = suicha(*command, "--help")
        assert (said.code, said.err) == (0, "")
        assert "用法：" in said.out
        assert "usage" not in said.out
    assert suicha("--version").out.startswith("随查 ")


def test_data_before_after_and_by_environment(
    drawn: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = ("plan", "--period", "2026Q2", "--json")
    after = suicha(*command, "--data", drawn)
    assert after.code == 0
    assert suicha("--data", drawn, *command) == after
    assert suicha("--data", tmp_path / "别处", *command, "--data", drawn) == after
    monkeypatch.setenv("SUICHA_DATA", str(drawn))
    assert suicha(*command) == after
    monkeypatch.setenv("SUICHA_DATA", str(tmp_path / "没有"))
    assert "没有随查工作区" in refused(suicha(*command))


@pytest.mark.parametrize(
    "command",
    [
        ("import", "items", "x.csv"),
        ("plan", "--period", "2026Q1"),
        ("draw", "withdraw", NO),
        ("export", "--what", "plan", "--to", "."),
        ("backup",),
        ("check",),
    ],
)
def test_a_missing_workspace_is_a_sentence_and_is_not_made(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    refused(suicha(*command, "--data", tmp_path / "没有 这个"))
    assert not (tmp_path / "没有 这个").exists()


def test_a_workspace_in_use_is_left_alone(county: Path) -> None:
    office = open_workspace(county)
    try:
        said = process("plan", "--data", county, "--period", "2026Q1")
        assert "正被另一个" in refused(said)
    finally:
        office.close()
    assert suicha("plan", "--data", county, "--period", "2026Q1").code == 0


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    inside = tmp_path / "file" / "workspace"
    unit = ("--rulebook", "yiyang-2021", "--org", "某县大队", "--code", "360199")
    refused(suicha("init", "--data", inside, *unit))


def test_a_bug_keeps_its_traceback_in_the_log(
    county: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_arguments: object) -> int:
        raise RuntimeError("made up")

    monkeypatch.setattr(cli.planning, "_plan", broken)
    for data, log in ((county, county / "log"), (tmp_path / "n", paths.second_place() / "log")):
        said = suicha("plan", "--data", data, "--period", "2026Q1")
        assert (said.code, said.raw) == (2, b"")
        assert "Traceback" not in said.err
        assert str(log) in said.err
        assert "made up" in (log / "suicha.log").read_text(encoding="utf-8")


def test_a_narrow_stream_escapes_what_it_cannot_say(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stderr", narrow)
    assert cli.run(cli.build_parser().parse_args(["draw"])) == cli.WRONG
    narrow.flush()
    assert b"\\u" in narrow.buffer.getvalue()  # type: ignore[attr-defined]
