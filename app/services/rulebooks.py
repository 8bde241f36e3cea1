"""The rulebooks that ship with the program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.domain.rulebook import Rulebook, RulebookError, parse
from app.errors import EnvironmentFault, UserError
from app.paths import RESOURCES

_FOLDER = RESOURCES / "rulebooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookSummary:
    """What a person needs to choose a rulebook; ``levels`` pairs codes with labels."""

    id: str
    title: str
    region: str
    issuer: str
    number: str
    levels: tuple[tuple[str, str], ...]


def load(rulebook_id: str) -> Rulebook:
    """Load a rulebook by its id.

    Raises ``UserError`` if there is none of that id, ``RulebookError`` if the
    file is wrong, ``EnvironmentFault`` if it cannot be read.
    """
    path = next((path for path in _files() if path.stem == rulebook_id), None)
    if path is None:
        known = "、".join(path.stem for path in _files())
        raise UserError(f"没有名为“{rulebook_id}”的细则。", f"可选：{known}。")
    return _read(path)


def load_file(path: Path) -> Rulebook:
    """Load a unit's own rulebook from a file; the id need not be the file's name."""
    return parse(_text(path))


def available() -> tuple[RulebookSummary, ...]:
    """Give all shipped rulebooks, by id."""
    return tuple(_summary(_read(path)) for path in _files())


def _files() -> tuple[Path, ...]:
    return tuple(sorted(_FOLDER.glob("*.toml")))


@cache
def _read(path: Path) -> Rulebook:
    """Parse one file; shipped files do not change while the program runs."""
    rulebook = parse(_text(path))
    if rulebook.id != path.stem:
        raise RulebookError(
            f"细则文件“{path.name}”里写的编号是“{rulebook.id}”。", "编号须与文件名一致，请更正。"
        )
    return rulebook


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RulebookError(f"细则文件“{path.name}”不是 UTF-8 编码。", "请另存为 UTF-8。") from None
    except OSError as error:
        raise EnvironmentFault(
            f"读不了细则文件“{path.name}”：{error.strerror}。", "请检查程序文件夹是否完整。"
        ) from error


def _summary(rulebook: Rulebook) -> RulebookSummary:
    document = rulebook.document
    return RulebookSummary(
        id=rulebook.id,
        title=document.title,
        region=document.region,
        issuer=document.issuer,
        number=document.number,
        levels=tuple((level.code, level.label) for level in rulebook.levels),
    )
