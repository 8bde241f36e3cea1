"""Rulebooks: those that ship with the program, and files of a unit's own.

A rulebook comes from the program, from the workspace's ``rulebooks`` folder or from any file; a
unit's own one is *adopted*: its text goes into the database and the ledger, so that it travels
with every backup and an old draw is read by the rules it was made under.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain.own_copy import all_departures, compared
from app.domain.rulebook import Rulebook, RulebookError, parse
from app.errors import EnvironmentFault, UserError
from app.models import AdoptedRulebook, Draw, DrawState, Target, Unit
from app.paths import RESOURCES

_FOLDER = RESOURCES / "rulebooks"
_SUFFIX = ".toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookSummary:
    """What a person needs to choose a rulebook; ``levels`` pairs codes with labels.

    ``name`` is what ``find`` takes: the id, or the path of a unit's own file.  ``problem``: why
    the file cannot be used, empty if it can.
    """

    id: str
    name: str
    title: str
    region: str
    issuer: str
    number: str
    levels: tuple[tuple[str, str], ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A rulebook as it was found; ``text`` is None for those of the program."""

    rulebook: Rulebook
    text: str | None = None


# --- finding ----------------------------------------------------------------------------------


def load(rulebook_id: str) -> Rulebook:
    """Load a rulebook of the program by its id.

    Raises ``UserError`` if there is none of that id, ``RulebookError`` if the
    file is wrong, ``EnvironmentFault`` if it cannot be read.
    """
    path = next((path for path in _files(_FOLDER) if path.stem == rulebook_id), None)
    if path is None:
        known = "、".join(path.stem for path in _files(_FOLDER))
        raise UserError(f"没有名为“{rulebook_id}”的细则。", f"可选：{known}。")
    return _named_like_its_file(path)


def find(name: str, folder: Path | None = None) -> Source:
    """Find a rulebook by id — the program's, else one in ``folder`` — or by the path of a file.

    Errors: those of ``load``; UserError if an own file takes an id of the program.
    """
    path = Path(name)
    if path.suffix == _SUFFIX or len(path.parts) > 1:
        return _own(path)
    own = () if folder is None else _files(folder)
    if name in {each.stem for each in own}:
        return _own(next(each for each in own if each.stem == name))
    try:
        return Source(rulebook=load(name))
    except UserError as error:
        if own and not isinstance(error, RulebookError):
            known = "、".join(each.stem for each in (*_files(_FOLDER), *own))
            raise UserError(f"没有名为“{name}”的细则。", f"可选：{known}。") from None
        raise


def available(folder: Path | None = None) -> tuple[RulebookSummary, ...]:
    """Give the program's rulebooks and those in a workspace's folder; a bad file says why."""
    shipped = tuple(_summary(_named_like_its_file(path), path.stem) for path in _files(_FOLDER))
    return shipped + (() if folder is None else tuple(map(summary_of, _files(folder))))


def summary_of(path: Path) -> RulebookSummary:
    """Read a unit's own file for a list to choose from; ``problem`` if it cannot be used."""
    try:
        return _summary(_own(path).rulebook, str(path))
    except (UserError, EnvironmentFault) as error:
        return RulebookSummary(
            id=path.stem,
            name=str(path),
            title=path.name,
            region="",
            issuer="",
            number="",
            levels=(),
            problem=str(error),
        )


# --- in force ---------------------------------------------------------------------------------


def of_unit(connection: Connection) -> Rulebook:
    """The rulebook that binds the unit now."""
    return under(connection, connection.execute(select(Unit.rulebook_id)).scalar_one())


def under(connection: Connection, rulebook_id: str, version: str = "") -> Rulebook:
    """The rulebook of this id: the version asked for if the unit adopted it, else its last."""
    mine = select(AdoptedRulebook.text).where(AdoptedRulebook.rulebook_id == rulebook_id)
    latest = mine.order_by(AdoptedRulebook.id.desc()).limit(1)
    text = connection.execute(latest.where(AdoptedRulebook.version == version)).scalar()
    text = text or connection.execute(latest).scalar()
    return load(rulebook_id) if text is None else _parse(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptRulebook:
    """Change the unit's rulebook: an id or a file, and the level where it knows several."""

    name: str
    level: str = ""


def adopt(uow: UnitOfWork, command: AdoptRulebook) -> Rulebook:
    """Make another rulebook, or a new version of the unit's own, the one in force.

    Errors: UserError while a draw is open, if a target's category is unknown to it, if the text
    changed and its version did not, or if it has no such level.
    """
    source = find(command.name, uow.folder.rulebooks)
    rulebook, unit = source.rulebook, uow.session.get_one(Unit, 1)
    _refuse_open_draws(uow)
    _refuse_strange_categories(uow, rulebook)
    level = rulebook.level(command.level or _kept_level(unit, rulebook)).code
    keep(uow, source)
    before = {"rulebook": unit.rulebook_id, "level": unit.level}
    unit.rulebook_id, unit.level = rulebook.id, level
    uow.record(
        "unit.rulebook",
        rulebook.id,
        {
            "before": before,
            "level": level,
            "version": rulebook.version,
            "sha256": _digest(source),
            "departures": [each.words for each in all_departures(rulebook)],
        },
    )
    uow.changed |= {"unit", "rulebook"}
    uow.commit()
    return rulebook


def keep(uow: UnitOfWork, source: Source) -> None:
    """Put an own rulebook's text into the database; nothing is committed.

    Errors: UserError if this id and version are there with another text.
    """
    if source.text is None:
        return
    rulebook = source.rulebook
    same = select(AdoptedRulebook).where(
        AdoptedRulebook.rulebook_id == rulebook.id, AdoptedRulebook.version == rulebook.version
    )
    there = uow.session.scalars(same).first()
    if there is not None and there.text != source.text:
        raise UserError(
            f"细则“{rulebook.id}”的版本“{rulebook.version}”已经启用过，而文件的内容变了。",
            "请把文件中的 version 改成新的版本号，再启用。",
        )
    if there is None:
        uow.session.add(
            AdoptedRulebook(
                rulebook_id=rulebook.id,
                version=rulebook.version,
                text=source.text,
                sha256=_digest(source),
                adopted_at=uow.now,
            )
        )


def _kept_level(unit: Unit, rulebook: Rulebook) -> str:
    return unit.level if unit.level in {each.code for each in rulebook.levels} else ""


def _refuse_open_draws(uow: UnitOfWork) -> None:
    waiting = (DrawState.FROZEN, DrawState.COMMITTED)
    no = uow.session.scalar(select(Draw.no).where(Draw.state.in_(waiting)))
    if no is not None:
        raise UserError(f"抽取 {no} 还没有结束，不能更换细则。", "请先完成、撤回或作废这次抽取。")


def _refuse_strange_categories(uow: UnitOfWork, rulebook: Rulebook) -> None:
    known = {category.code for category in rulebook.categories}
    used = uow.session.scalars(select(Target.category).distinct())
    strange = sorted(code for code in used if code and code not in known)
    if strange:
        labels = "、".join(f"{each.code}（{each.label}）" for each in rulebook.categories)
        raise UserError(
            f"名录库中有检查对象的分类“{'、'.join(strange)}”，新细则没有这个分类。",
            f"新细则的分类是 {labels}。请在细则文件中沿用原来的分类编号，或先调整检查对象的分类。",
        )


# --- files ------------------------------------------------------------------------------------


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob(f"*{_SUFFIX}"))) if folder.is_dir() else ()


def _own(path: Path) -> Source:
    text = _text(path)
    rulebook = _parse(text)
    if rulebook.id in {each.stem for each in _files(_FOLDER)}:
        raise RulebookError(
            f"细则文件“{path.name}”的编号“{rulebook.id}”是随程序提供的细则的编号。",
            "请在文件第一行的 id 处改一个自己的编号，例如加上年份。",
        )
    all_departures(rulebook)  # what the copied rulebook forbids is refused here
    return Source(rulebook=rulebook, text=text)


def _named_like_its_file(path: Path) -> Rulebook:
    rulebook = _parse(_text(path))
    if rulebook.id != path.stem:
        raise RulebookError(
            f"细则文件“{path.name}”里写的编号是“{rulebook.id}”。", "编号须与文件名一致，请更正。"
        )
    return rulebook


@lru_cache(maxsize=32)
def _parse(text: str) -> Rulebook:
    rulebook = parse(text)
    if rulebook.copy_of is None:
        return rulebook
    return compared(rulebook, load(rulebook.copy_of.id))


def _digest(source: Source) -> str:
    return hashlib.sha256((source.text or "").encode("utf-8")).hexdigest()


def _text(path: Path) -> str:
    try:
        # Notepad puts a mark in front of UTF-8; TOML knows none.
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RulebookError(f"细则文件“{path.name}”不是 UTF-8 编码。", "请另存为 UTF-8。") from None
    except FileNotFoundError as error:
        raise UserError(f"没有找到细则文件“{path}”。", "请检查文件的位置。") from error
    except OSError as error:
        raise EnvironmentFault(
            f"读不了细则文件“{path.name}”：{error.strerror}。", "请检查文件和读取权限。"
        ) from error


def _summary(rulebook: Rulebook, name: str) -> RulebookSummary:
    document = rulebook.document
    return RulebookSummary(
        id=rulebook.id,
        name=name,
        title=document.title,
        region=document.region,
        issuer=document.issuer,
        number=document.number,
        levels=tuple((level.code, level.label) for level in rulebook.levels),
    )
