"""The script as people call it, on consoles as they have them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app.domain.rd1 import parse_result
from tests.domain.rd1.plans import NAMES, worked

from .folders import series_of_three
from .script import FILE, run_script
from .test_page import folder_of, put

FIXED = NAMES[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_worked_draw_verifies(tmp_path: Path, name: str) -> None:
    done = run_script(str(folder_of(tmp_path, name)))
    assert done.returncode == 0, done.stdout.decode()
    text = done.stdout.decode("utf-8")
    assert "没有发现不符" in text and "[不符]" not in text
    assert parse_result(worked(name).result).result_hash in text


def test_the_signed_slip_is_compared(tmp_path: Path) -> None:
    folder = str(folder_of(tmp_path, FIXED))
    result = parse_result(worked(FIXED).result)
    slip = ["--p", result.plan.upper(), "--c", result.commitment, "--f", result.result_hash]
    good = run_script(folder, *slip)
    assert good.returncode == 0
    assert "签字记录上的 C：与签字的一致" in good.stdout.decode("utf-8")
    bad = run_script(folder, "--p", "0" * 64)
    assert bad.returncode == 1
    assert "[不符] 签字记录上的 P" in bad.stdout.decode("utf-8")


def test_a_changed_result_names_the_line(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, FIXED)
    (folder / "result.txt").write_bytes(worked(FIXED).result.replace(b"\ncap|", b"\ncap|1"))
    done = run_script(str(folder))
    assert done.returncode == 1
    text = done.stdout.decode("utf-8")
    assert "result.txt 从第" in text and "应为：cap" not in text.split("文件里是")[1]


def test_a_series_is_walked(tmp_path: Path) -> None:
    done = run_script(str(put(tmp_path / "draw", series_of_three())))
    assert done.returncode == 0
    assert "4 条记录一条接一条" in done.stdout.decode("utf-8")


def test_replay_prints_the_bytes(tmp_path: Path) -> None:
    draw = worked(FIXED)
    plan = tmp_path / "plan.txt"
    plan.write_bytes(draw.plan)
    words = ["--replay", str(plan), "--reveal", draw.reveal]
    slips = [word for digits in draw.digits for word in ("--witness", digits)]
    assert run_script(*words, *slips).stdout == draw.result
    assert run_script(*words, *slips, options=("-O",)).stdout == draw.result
    for wrong in (slips[:-2], [*slips[:-1], "12345"], [*slips[:-1], "１２３４５６"]):
        done = run_script(*words, *wrong)
        assert (done.returncode, done.stdout) == (2, b"")
        assert "见证" in done.stderr.decode("utf-8")
    plan.write_bytes(draw.plan.replace(b"|3|4", b"|3|04"))
    done = run_script(*words, *slips)
    assert done.returncode == 2
    assert "plan.txt 第" in done.stderr.decode("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "用法"),
        (("--what",), "用法"),
        (("there is none",), "没有文件夹"),
        ((".", "--replay", "x"), "用法"),
        (("--replay", "there is none", "--reveal", "a" * 64), "读不出"),
    ],
)
def test_wrong_use_is_said_in_chinese(words: tuple[str, ...], said: str) -> None:
    done = run_script(*words)
    assert done.returncode == 2
    assert said in done.stderr.decode("utf-8")
    assert b"Traceback" not in done.stderr


def test_a_folder_without_records(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("x", encoding="utf-8")
    done = run_script(str(tmp_path))
    assert done.returncode == 2
    assert "没有找到抽取记录" in done.stderr.decode("utf-8")


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "ascii"])
def test_any_console_shows_something(tmp_path: Path, encoding: str) -> None:
    done = run_script(str(folder_of(tmp_path, FIXED)), encoding=encoding)
    assert done.returncode == 0, done.stderr
    if encoding != "ascii":
        assert "没有发现不符" in done.stdout.decode(encoding)


def test_it_runs_on_python_3_8_without_anything_of_ours() -> None:
    tree = ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    standard = {"__future__", "argparse", "collections", "datetime", "hashlib", "io", "pathlib"}
    assert imported == standard | {"re", "sys", "typing"}
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree))
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    # strip would forgive what the format refuses; these came with Python 3.9.
    assert calls.isdisjoint({"strip", "normalize", "isdigit", "removeprefix", "removesuffix"})
