"""Platforms' formats: those shipped, those a unit made from a platform's own blank template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.db.unit_of_work import UnitOfWork
from app.domain.platform import GENERAL, Platform, PlatformError, as_toml, parse_platform
from app.errors import UserError
from app.exchange.files import write_atomically
from app.paths import RESOURCES, WorkspaceFolder

__all__ = ["PlatformChoice", "SavePlatform", "choices", "load", "save", "template_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformChoice:
    """One to choose: its id, name, what to know about it, whether the unit made it itself."""

    id: str
    name: str
    note: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePlatform:
    """Keep an own format; ``template``: the platform's blank workbook (xlsx) or None."""

    platform: Platform
    template: bytes | None = None


def choices(folder: WorkspaceFolder) -> tuple[PlatformChoice, ...]:
    """The shipped ones, the general first, then the unit's own; a file that cannot be read is
    left out (``load`` says why)."""
    found = []
    for own, path in _files(folder):
        try:
            platform = _read(path)
        except UserError:
            continue
        found.append(
            PlatformChoice(id=platform.id, name=platform.name, note=platform.note, own=own)
        )
    return tuple(sorted(found, key=lambda each: (each.own, each.id != GENERAL, each.id)))


def load(folder: WorkspaceFolder, name: str) -> Platform:
    """The format of this id; UserError if there is none or its file is wrong (naming the key)."""
    for _own, path in _files(folder):
        if path.stem == name:
            return _read(path)
    known = "、".join(each.id for each in choices(folder))
    raise UserError(f"没有平台“{name}”的格式说明。", f"可用：{known}。")


def template_of(folder: WorkspaceFolder, platform: Platform) -> bytes | None:
    """The blank workbook of an own format; UserError if it should be there and is not."""
    if not platform.template:
        return None
    path = folder.platforms / platform.template
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            f"平台“{platform.name}”的空白模板“{platform.template}”不在了。",
            "请把空白模板放回工作区的 platforms 文件夹。",
        ) from error


def save(uow: UnitOfWork, command: SavePlatform) -> Platform:
    """Write an own format into the workspace; an id that ships is refused.

    Errors: UserError (a shipped id, an unlawful one), EnvironmentFault (disk).
    """
    platform = command.platform
    if not platform.id.isascii() or not platform.id.replace("-", "").isalnum():
        raise UserError("平台的代号只能用英文字母、数字和短横。", "例如 jx-2026。")
    if (RESOURCES / "platforms" / f"{platform.id}.toml").is_file():
        raise UserError(f"“{platform.id}”是随程序带的格式，不能覆盖。", "请换一个代号。")
    folder = uow.folder.platforms
    folder.mkdir(parents=True, exist_ok=True)
    if command.template is not None:
        platform = replace(platform, template=f"{platform.id}.xlsx")
        write_atomically(folder / platform.template, command.template)
    text = as_toml(platform)
    parse_platform(text)  # what is written must read back
    write_atomically(folder / f"{platform.id}.toml", text.encode("utf-8"))
    uow.record(
        "platform.save", platform.id, {"name": platform.name, "sheets": len(platform.sheets)}
    )
    uow.changed.add("platform")
    uow.commit()
    return platform


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
