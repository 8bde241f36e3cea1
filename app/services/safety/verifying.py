"""Recompute and verify records: a draw's folder, a series of them, an export package.

Reads files only; needs no workspace and no database.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.domain import rd1
from app.domain.rd1 import Check
from app.errors import UserError
from app.exchange import bags

# A record of 100,000 targets has about 20 MB; more than this is no record.
_MOST_BYTES = 512 * 1024 * 1024
_ATTACHED = re.compile(r"[^-]+-[0-9]{5,}-")


def replay(plan: bytes, reveal: str, digits: Sequence[str]) -> bytes:
    """The bytes of ``result.txt`` for a plan, R and the witnesses' digits (RD1 §3–§5).

    Errors: UserError naming the line of a bad plan, or the bad digits.
    """
    return rd1.replay(plan, reveal, digits).to_bytes()


def read_plan(path: Path) -> bytes:
    """A plan file's bytes; UserError if it cannot be read."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(f"文件太大，不是抽取方案：{path}。", "请选 plan.txt。")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"读不到文件：{path}。", "请检查文件名和权限。") from error


def verify(paths: Sequence[Path], passphrase: str = "") -> tuple[Check, ...]:
    """Every check of every path, in order.

    A path is a draw's folder (holds plan.txt), a folder of such folders (their chain is checked
    too), or a package (.zip), which may open with ``passphrase`` only.  UserError if a path is none
    of these.
    """
    checks: list[Check] = []
    folders: list[Path] = []
    for path in paths:
        if path.is_file() and zipfile.is_zipfile(path):
            checks.extend(_package(path, passphrase))
        elif path.is_dir():
            folders.extend(_draw_folders(path))
        else:
            raise UserError(
                f"不能校验：{path}。",
                "请给抽取记录的文件夹（里面有 plan.txt），或上报包、归档包（.zip）。",
            )
    records = [_records(folder) for folder in folders]
    for folder, files in zip(folders, records, strict=True):
        checks.extend(_named(folder.name, rd1.verify_draw(files)))
    if len(records) > 1:
        checks.extend(rd1.verify_series(records))
    return tuple(checks)


def _named(name: str, checks: Sequence[Check]) -> list[Check]:
    return [Check(f"{name} {check.name}", check.ok, check.detail) for check in checks]


def _draw_folders(path: Path) -> list[Path]:
    if _looks_like_draw(path):
        return [path]
    inner = sorted(p for p in path.iterdir() if p.is_dir() and _looks_like_draw(p))
    if not inner:
        raise UserError(
            f"文件夹里没有抽取记录：{path}。", "抽取记录的文件夹里应有 plan.txt、result.txt。"
        )
    return inner


def _looks_like_draw(path: Path) -> bool:
    # Whatever their case: an old stick hands PLAN.TXT back.
    names = ("plan.txt", "result.txt", "void.txt")
    return any(file.name.lower() in names and file.is_file() for file in path.iterdir())


def _records(folder: Path) -> Mapping[str, bytes]:
    # The text records only: paper and pages beside them prove nothing and are not read.
    files: dict[str, bytes] = {}
    # Whatever its case: RESULT.TXT beside result.txt is an extra record, not a paper.
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() == ".txt"):
        try:
            files[path.name] = path.read_bytes()
        except OSError as error:
            raise UserError(f"读不到文件：{path}。", "请检查权限。") from error
    return files


def _package(path: Path, passphrase: str) -> list[Check]:
    checks = [Check(each.name, each.ok, each.detail) for each in bags.verify_bag(path, passphrase)]
    if not all(check.ok for check in checks):
        return checks
    inside: dict[str, dict[str, bytes]] = {}
    with bags.opened(path, passphrase) as archive:
        for name in archive.namelist():
            *parents, file_name = name.split("/")
            # What was attached to a draw is no record of it, whatever it is called.
            if file_name.lower().endswith(".txt") and not _ATTACHED.match(file_name):
                inside.setdefault("/".join(parents), {})[file_name] = archive.read(name)
    for folder, files in sorted(inside.items()):
        if any(name.lower() == "plan.txt" for name in files):
            checks.extend(_named(folder.rsplit("/", 1)[-1], rd1.verify_draw(files)))
    return checks
