"""argparse in Chinese, and the options that many commands share."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from app.cli._exits import WRONG

PASSPHRASE = "SUICHA_PASSPHRASE"  # noqa: S105 - the variable's name
_COMPLAINTS = (
    (re.compile(r"the following arguments are required: (.+)"), r"缺少：\1"),
    (re.compile(r"unrecognized arguments: (.+)"), r"不认识：\1"),
    (
        re.compile(r"argument (\S+): invalid choice: (.+?) \(choose from (.+)\)"),
        r"\1 没有 \2 这一项，可选：\3",
    ),
    (re.compile(r"argument (\S+): expected one argument"), r"\1 后面要有一个值"),
    (re.compile(r"argument (\S+): expected at least one argument"), r"\1 后面至少要有一个值"),
    (re.compile(r"argument (\S+): invalid int value: (.+)"), r"\1 应是整数，不能是 \2"),
)


class Parser(argparse.ArgumentParser):
    """argparse speaks English only; complaints and headings are put into Chinese here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "add_help": False, "allow_abbrev": False})
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        for pattern, words in _COMPLAINTS:
            if pattern.fullmatch(message):
                message = pattern.sub(words, message)
                break
        sys.stderr.write(f"命令写得不对。{message}。\n{self.format_usage()}加 -h 看说明。\n")
        raise SystemExit(WRONG)


def add_data(parser: argparse.ArgumentParser) -> None:
    """``--data``, before or after the command."""
    # SUPPRESS: given before or after the command, the one that was given wins.
    parser.add_argument(
        "--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="工作区文件夹"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="在标准输出给出一个 JSON 对象")


def add_passphrase(parser: argparse.ArgumentParser, words: str) -> None:
    """The ways a passphrase is said."""
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help=f"{words}：文件的第一行；写 - 则当场输入。也可放在环境变量 {PASSPHRASE} 里",
    )
    way.add_argument(
        "--passphrase", default="", metavar="WORDS", help=f"{words}（同机的人看得见，不建议）"
    )


def add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=run)
    return parser
