"""The program's part R: taken from the operating system, safe in two places before any slip.

One place is the workspace's database, the other a file in the user's own state folder: a lost,
damaged or restored workspace alone never loses the secret of an open draw.
"""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from app.errors import EnvironmentFault
from app.exchange.files import write_atomically
from app.paths import second_place


def take_reveal() -> str:
    """32 fresh bytes of the operating system's generator, as 64 lower-case hex digits."""
    return secrets.token_bytes(32).hex()


def _place(no: str, plan: str) -> Path:
    # The digest's head keeps two workspaces with one code on one machine apart.
    return second_place() / "open-draws" / f"{no}-{plan[:8]}.txt"


def keep_second_copy(no: str, plan: str, reveal: str) -> None:
    """Write R beside, durably; EnvironmentFault if the disk refuses (then nothing is committed)."""
    path = _place(no, plan)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            f"不能建立文件夹：{path.parent}。", "随机数要存两处，请检查写入权限后再试。"
        ) from error
    write_atomically(path, f"{no}|{plan}|{reveal}\n".encode("ascii"))


def forget_second_copy(no: str, plan: str) -> None:
    """Once a closing record holds R (or says it is lost) the copy outside has no purpose."""
    with contextlib.suppress(OSError):
        _place(no, plan).unlink(missing_ok=True)


def second_copy(no: str, plan: str) -> str | None:
    """R from the second place, None if it is not there or not of this draw."""
    try:
        parts = _place(no, plan).read_text(encoding="ascii").rstrip("\n").split("|")
    except (OSError, UnicodeDecodeError):
        return None
    return parts[2] if parts[:2] == [no, plan] and len(parts) == 3 else None
