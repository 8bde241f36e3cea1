"""What commands share when they run: the open workspace, answers, exit codes, values read."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.cli._exits import CHECK_FAILED, DONE
from app.cli._parser import PASSPHRASE
from app.domain.rd1 import Check
from app.errors import AppError, UserError
from app.paths import default_workspace

if TYPE_CHECKING:
    from app.services.draws.drawing import Committed
    from app.services.workspace import Workspace


def say(text: str, stream: IO[str] | None = None) -> None:
    """A line for a person, on stderr unless told otherwise."""
    print(text, file=stream or sys.stderr)


def answer(arguments: argparse.Namespace, body: dict[str, Any], lines: Iterable[str]) -> None:
    """One JSON object, or lines for a person."""
    if getattr(arguments, "json", False):
        # ASCII: the same bytes on every console.
        print(json.dumps(body, ensure_ascii=True))
        return
    for line in lines:
        say(line, sys.stdout)


def folder_of(arguments: argparse.Namespace) -> Path:
    """The workspace's folder: ``--data``, else the usual one."""
    folder: Path = getattr(arguments, "data", None) or default_workspace()
    return folder


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Workspace]:
    """The workspace, opened and made complete; a day's first command that writes backs it up."""
    from app.services.draws import completing
    from app.services.safety import keeping
    from app.services.workspace import open_workspace

    with closing(open_workspace(folder_of(arguments))) as office:
        if office.moved_away is None:
            office.write(completing.complete, None)
        written: list[frozenset[str]] = []
        office.changed.append(written.append)
        yield office
        if written:
            try:
                keeping.close_day(office)
            except AppError as error:
                sys.stderr.write(f"今天的自动备份没有做成。{error}\n")


def said_passphrase(arguments: argparse.Namespace) -> str:
    """From the file, the prompt or the environment; written in the command it is warned of."""
    if arguments.passphrase:
        say(
            "提示：命令里写的口令，同一台电脑上的人在进程列表和历史命令里都看得见；"
            "建议改用 --passphrase-file 文件，或 --passphrase-file - 当场输入。"
        )
        return str(arguments.passphrase)
    source: Path | None = arguments.passphrase_file
    if source is None:
        return os.environ.get(PASSPHRASE, "")
    if str(source) == "-":
        # At a screen unseen, else the first line that comes in.
        said = getpass.getpass("口令：") if sys.stdin.isatty() else sys.stdin.readline()
    else:
        try:
            said = source.read_text(encoding="utf-8-sig").partition("\n")[0]
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(
                f"口令文件读不出：{source}。", "请检查文件名和编码（UTF-8）。"
            ) from error
    said = said.rstrip("\r\n")
    if not said:
        raise UserError("口令是空的。", "请在文件的第一行写口令，或当场输入。")
    return said


def parts_of(text: str, count: int, example: str) -> list[str]:
    """The ``count`` parts of ``a|b|c``, none empty; UserError shows the example."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != count or not all(parts):
        raise UserError(f"“{text}”写得不对。", f"请写成 {example}。")
    return parts


def basis_of(text: str) -> str:
    """'上级同意|青环函〔2026〕3号|王五' as it is printed; a whole sentence stays what it is."""
    from app.services.plans.local_basis import KINDS

    if "|" not in text:
        return text
    kind, number, signer = parts_of(text, 3, "'上级同意|文号|签批人'")
    if kind not in KINDS.values():
        raise UserError(
            f"在本地抽取的原因没有“{kind}”这一项。", f"可选：{'、'.join(KINDS.values())}。"
        )
    return f"{kind}：{number}，{signer}签批"


def answer_committed(arguments: argparse.Namespace, committed: Committed) -> int:
    """What a commitment answers: number, digests, the slip to sign."""
    body = {
        "draw": committed.no,
        "plan": committed.plan,
        "commit": committed.commitment,
        "folder": str(committed.folder),
    }
    lines = [
        f"抽取编号 {committed.no}",
        f"名单摘要 P {committed.plan}",
        f"承诺值 C {committed.commitment}",
        f"承诺单 {committed.folder / 'commitment.pdf'}：打印、签字、带走一份，再翻开纸条",
    ]
    answer(arguments, body, lines)
    return DONE


def day_of(text: str) -> date:
    """2026-07-02 as a date; UserError otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"日期“{text}”写得不对。", "请写成 2026-07-02。") from None


def answer_checks(arguments: argparse.Namespace, checks: Sequence[Check]) -> int:
    """Each check on a line; the exit code says whether all agree."""
    ok = all(check.ok for check in checks)
    body = {
        "ok": ok,
        "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks],
    }
    lines = [f"{'通过' if c.ok else '不符'}  {c.name}：{c.detail}" for c in checks]
    lines.append("全部相符" if ok else "有不符之处，见上")
    answer(arguments, body, lines)
    return DONE if ok else CHECK_FAILED


def strata_of(text: str) -> dict[str, int]:
    """``A=37,B=120`` as numbers by category; UserError otherwise."""
    strata: dict[str, int] = {}
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9A-Z]{1,16})\s*=\s*([0-9]{1,9})\s*", part)
        if not match:
            raise UserError(f"“{part}”写得不对。", "请写成 A=37,B=120,C=325 的样子。")
        strata[match[1]] = int(match[2])
    return strata


def no_step(name: str, steps: Iterable[str]) -> Callable[[argparse.Namespace], int]:
    """What a command with steps does when none is written: it says which there are."""

    def say_which(_arguments: argparse.Namespace) -> int:
        raise UserError(f"{name} 后面要写步骤：{'、'.join(steps)}。", "加 -h 看说明。")

    return say_which
