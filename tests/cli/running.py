"""Run the command line the way a script does: arguments in, exit code and two streams out."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import bootstrap

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "resources" / "sample"
CODE = "360199"
NO = f"{CODE}-2026Q1-01"
WITNESSES = ("--witness", "甲一|县纪委监委|科员", "--witness", "乙二|县司法局|股长")
DIGITS = ("--digits", "31415926", "--digits", "27182818")
ROOM = ("--host", "主持人", "--place", "三楼会议室", "--recorder", "记录人")


@dataclass(frozen=True)
class Said:
    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


def suicha(*arguments: object) -> Said:
    """In this process, through the composition root."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = bootstrap.run([str(each) for each in arguments])
        except SystemExit as leaving:  # argparse
            code = int(leaving.code or 0)
    out.flush()
    raw = out.buffer.getvalue()  # type: ignore[attr-defined]
    return Said(code, raw, err.getvalue())


def process(*arguments: object, code: str = "", **environment: str) -> Said:
    """In a process of its own; ``code`` is run instead of ``python -m app`` if given."""
    start = ["-c", code] if code else ["-m", "app"]
    done = subprocess.run(
        [sys.executable, *start, *map(str, arguments)],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr.decode("utf-8", "backslashreplace"))


def refused(said: Said, code: int = 2) -> str:
    """The sentence of a command that failed in good order."""
    assert said.code == code, said
    assert said.raw == b"", said
    assert "Traceback" not in said.err
    assert "意外" not in said.err
    assert any("\u4e00" <= each <= "\u9fff" for each in said.err), said
    return said.err


def freeze(data: Path, *more: object, period: str = "2026Q1") -> Said:
    return suicha("draw", "freeze", "--data", data, "--period", period, *WITNESSES, *more)


def reveal(data: Path, no: str = NO, *more: object, digits: tuple[str, ...] = DIGITS) -> Said:
    return suicha("draw", "reveal", no, "--data", data, *digits, *ROOM, *more)
