"""The command line: parse, call one service, print.  See README for the list.

Exit codes: 0 done · 1 a check failed · 2 wrong usage or unreadable input, nothing changed ·
3 done in part.  Sentences for people go to stderr in Chinese; ``--json`` puts one object on
stdout.
"""

from __future__ import annotations

import argparse
import sys

from app import __version__
from app.cli import draws, media, packages, papers, planning, platforms, records, tables, workspace
from app.cli._answers import say
from app.cli._exits import CHECK_FAILED, DONE, PARTLY, WRONG
from app.cli._parser import Parser, add_data
from app.errors import AppError, IntegrityError, PartlyDone

__all__ = ["CHECK_FAILED", "DONE", "PARTLY", "WRONG", "build_parser", "run"]

# Each command imports its service when it runs: ``replay`` needs no database, and starting one
# costs more than the replay itself.
_ROOMS = (workspace, tables, planning, draws, packages, media, papers, records, platforms)


def build_parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    parser = Parser(prog="suicha", description="随查：双随机抽查工作台。不带命令时打开窗口。")
    parser.add_argument(
        "--version", action="version", version=f"随查 {__version__}", help="显示版本号"
    )
    add_data(parser)
    commands = parser.add_subparsers(dest="command", metavar="命令", parser_class=Parser)
    for room in _ROOMS:
        room.add(commands)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Run the parsed command; every AppError becomes a sentence and an exit code."""
    _speak_any_console()
    try:
        return int(arguments.run(arguments))
    except IntegrityError as error:
        say(str(error))
        return CHECK_FAILED
    except PartlyDone as error:
        say(str(error))
        return PARTLY
    except AppError as error:
        say(str(error))
        return WRONG


def _speak_any_console() -> None:
    # A GB18030 or ASCII console must not turn a rare name into a traceback.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
