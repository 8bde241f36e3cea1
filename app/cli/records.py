"""Records that can be checked: replay, verify, check."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from app.cli._answers import answer_checks, folder_of, said_passphrase
from app.cli._exits import DONE
from app.cli._parser import add_command, add_data, add_json, add_passphrase


def add(commands: Any) -> None:
    """Add ``check``, ``replay``, ``verify``."""
    _add_check(commands)
    _add_replay(commands)
    _add_verify(commands)


def _add_check(commands: Any) -> None:
    check = add_command(commands, "check", _check, "检查数据库、账本、抽取记录和附件")
    add_data(check)
    check.add_argument("--head", metavar="SEQ-HASH", help="纸上印的账本头，例如 128-9c41e07b")
    add_json(check)


def _add_replay(commands: Any) -> None:
    replay = add_command(commands, "replay", _replay, "由四样东西重算一次抽取")
    replay.add_argument("plan", type=Path, metavar="PLAN", help="plan.txt")
    replay.add_argument("--reveal", required=True, metavar="HEX", help="随机数 R")
    replay.add_argument(
        "--witness", action="append", required=True, metavar="DIGITS", help="见证数字，按顺序"
    )


def _add_verify(commands: Any) -> None:
    verify = add_command(commands, "verify", _verify, "校验抽取记录或上报包")
    verify.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="文件夹或包")
    add_passphrase(verify, "上报包的口令")
    add_json(verify)


def _replay(arguments: argparse.Namespace) -> int:
    from app.services.safety import verifying

    result = verifying.replay(
        verifying.read_plan(arguments.plan), arguments.reveal, tuple(arguments.witness)
    )
    # The record's own bytes: no console may change an end of line.
    sys.stdout.flush()
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return DONE


def _verify(arguments: argparse.Namespace) -> int:
    from app.services.safety import verifying

    return answer_checks(
        arguments, verifying.verify(tuple(arguments.paths), said_passphrase(arguments))
    )


def _check(arguments: argparse.Namespace) -> int:
    from app.services.safety import keeping

    checks = keeping.check_folder(folder_of(arguments), head=arguments.head)
    return answer_checks(arguments, checks)
