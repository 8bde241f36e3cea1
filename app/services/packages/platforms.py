"""Platforms' formats: those shipped, those a unit made from a platform's own blank template."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.db.unit_of_work import UnitOfWork
from app.domain.platform import (
    GENERAL,
    Platform,
    PlatformError,
    PlatformSheet,
    as_toml,
    parse_platform,
)
from app.domain.received import FileKind
from app.errors import EnvironmentFault, UserError
from app.exchange.files import write_atomically
from app.paths import RESOURCES, WorkspaceFolder
from app.services.intake import receiving

__all__ = [
    "PlatformChoice",
    "RemovePlatform",
    "SavePlatform",
    "choices",
    "load",
    "own",
    "proposed_id",
    "remove",
    "save",
    "template_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformChoice:
    """One to choose: its id, name, what to know about it, whether the unit made it itself.

    ``files``: what it makes, with the kinds of records in each; ``problem``: why an own one
    cannot be used, empty if it can.
    """

    id: str
    name: str
    note: str
    own: bool
    files: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePlatform:
    """Keep an own format; ``templates``: the platform's blank workbooks (xlsx) by the file they
    fill; ``source``: the platform's file they were read from, as it came; ``replaces``: it is an
    own one already, to be changed."""

    platform: Platform
    templates: Mapping[str, bytes] = field(default_factory=dict)
    replaces: bool = False
    source: Path | None = None


@dataclass(frozen=True, slots=True)
class RemovePlatform:
    """Take an own format away with its templates."""

    id: str


def choices(folder: WorkspaceFolder, *, broken: bool = False) -> tuple[PlatformChoice, ...]:
    """The shipped ones, the general first, then the unit's own; a file that cannot be read is
    left out (``load`` says why), or with ``broken`` told with its problem."""
    found = []
    for mine, path in _files(folder):
        try:
            platform = _read(path)
        except UserError as error:
            if broken:
                found.append(
                    PlatformChoice(
                        id=path.stem, name=path.name, note="", own=mine, problem=str(error)
                    )
                )
            continue
        found.append(
            PlatformChoice(
                id=platform.id,
                name=platform.name,
                note=platform.note,
                own=mine,
                files=_contents(platform),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.own, each.id != GENERAL, each.id)))


def _contents(platform: Platform) -> tuple[tuple[str, str], ...]:
    words: dict[str, list[str]] = {}
    for sheet in platform.sheets:
        words.setdefault(sheet.file, []).append(sheet.record.words)
    return tuple((file, "、".join(dict.fromkeys(each))) for file, each in words.items())


def own(folder: WorkspaceFolder) -> tuple[Platform, ...]:
    """The unit's own formats that can be read: what a table that comes in may be written in."""
    found = []
    for mine, path in _files(folder):
        if mine:
            with contextlib.suppress(UserError):
                found.append(_read(path))
    return tuple(found)


def load(folder: WorkspaceFolder, name: str) -> Platform:
    """The format of this id; UserError if there is none or its file is wrong (naming the key)."""
    for _own, path in _files(folder):
        if path.stem == name:
            return _read(path)
    known = "、".join(each.id for each in choices(folder))
    raise UserError(f"没有平台“{name}”的格式说明。", f"可用：{known}。")


def template_of(folder: WorkspaceFolder, platform: Platform, sheet: PlatformSheet) -> bytes:
    """The blank workbook a sheet of an own format is filled into; UserError if it is not there
    or is no longer the one the columns were matched to."""
    path = folder.platforms / sheet.template
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"平台“{platform.name}”的空白模板“{sheet.template}”不在了。",
            "请到“平台格式”里用空白模板重新对应一次，或从备份恢复。",
        ) from error
    if sheet.sha256 and hashlib.sha256(data).hexdigest() != sheet.sha256:
        raise UserError(
            f"平台“{platform.name}”的空白模板“{sheet.template}”被改动过。",
            "列的位置可能已经不同，请到“平台格式”里用空白模板重新对应一次。",
        )
    return data


def proposed_id(folder: WorkspaceFolder, name: str) -> str:
    """An id for a new own format: the initials of its name, numbered if taken."""
    from pypinyin import Style, lazy_pinyin

    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))
    latin = "".join(re.findall(r"[0-9A-Za-z]+", name))
    base = (initials or latin).lower()[:24] or "own"
    taken = {path.stem for _own, path in _files(folder)}
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def save(uow: UnitOfWork, command: SavePlatform) -> Platform:
    """Write an own format into the workspace, its templates beside it, named by their hash.

    Errors: UserError (a shipped id, one that is taken, an unlawful one), EnvironmentFault (disk).
    """
    platform, folder = command.platform, uow.folder.platforms
    if not platform.id.isascii() or not platform.id.replace("-", "").isalnum():
        raise UserError("平台的代号只能用英文字母、数字和短横。", "例如 jx-2026。")
    if (RESOURCES / "platforms" / f"{platform.id}.toml").is_file():
        raise UserError(f"“{platform.id}”是随程序带的格式，不能覆盖。", "请换一个代号。")
    path = folder / f"{platform.id}.toml"
    if path.exists() and not command.replaces:
        raise UserError(f"已经有代号为“{platform.id}”的格式。", "请换一个代号，或修改原来的。")
    sheets = tuple(_with_template(platform.id, each, command) for each in platform.sheets)
    platform = replace(platform, sheets=sheets)
    text = as_toml(platform)
    parse_platform(text)  # what is written must read back
    folder.mkdir(parents=True, exist_ok=True)
    for each in sheets:
        if each.file in command.templates:
            write_atomically(folder / each.template, command.templates[each.file])
    write_atomically(path, text.encode("utf-8"))
    _sweep(folder, platform.id, {each.template for each in sheets})
    detail = {
        "name": platform.name,
        "sheets": len(sheets),
        "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        "templates": sorted({each.sha256 for each in sheets if each.sha256}),
    }
    uow.record("platform.save", platform.id, detail)
    if command.source is not None:
        receiving.record_incoming(
            uow,
            receiving.Incoming(
                kind=FileKind.TEMPLATE,
                path=command.source,
                source=platform.name,
                subject=platform.id,
            ),
        )
    uow.changed.add("platform")
    uow.commit()
    return platform


def _with_template(name: str, sheet: PlatformSheet, command: SavePlatform) -> PlatformSheet:
    data = command.templates.get(sheet.file)
    if data is None:
        return sheet
    digest = hashlib.sha256(data).hexdigest()
    return replace(sheet, template=f"{name}-{digest[:16]}.xlsx", sha256=digest)


def remove(uow: UnitOfWork, command: RemovePlatform) -> None:
    """Delete an own format; packages made with it stay. UserError if there is none of this id."""
    folder = uow.folder.platforms
    path = folder / f"{command.id}.toml"
    if path.stem != command.id or not path.is_file():
        raise UserError(f"没有自建的平台格式“{command.id}”。", "随程序带的格式不能删除。")
    try:
        path.unlink()
    except OSError as error:
        raise EnvironmentFault(
            f"“{path.name}”删不掉。", "请先关闭正在打开它的程序，再试一次。"
        ) from error
    _sweep(folder, command.id, set())
    uow.record("platform.remove", command.id, {})
    uow.changed.add("platform")
    uow.commit()


def _sweep(folder: Path, name: str, used: set[str]) -> None:
    """Templates nothing refers to any more; one that cannot be deleted now harms nobody."""
    for path in folder.glob(f"{name}-*.xlsx"):
        ours = re.fullmatch(r"[0-9a-f]{16}", path.stem.removeprefix(f"{name}-"))
        if ours and path.name not in used:
            with contextlib.suppress(OSError):
                path.unlink()


def _files(folder: WorkspaceFolder) -> list[tuple[bool, Path]]:
    shipped = [(False, path) for path in sorted((RESOURCES / "platforms").glob("*.toml"))]
    return shipped + [(True, path) for path in sorted(folder.platforms.glob("*.toml"))]


def _read(path: Path) -> Platform:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlatformError(f"平台格式文件“{path.name}”读不出来。", "请用 UTF-8 保存。") from error
    platform = parse_platform(text)
    if platform.id != path.stem:
        raise PlatformError(
            f"平台格式文件“{path.name}”中的“id”应和文件名相同。", f"请改成 {path.stem}。"
        )
    return platform
