"""文书文字: the shipped words of each paper, a unit's own copy of them, and back again."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain.paper_texts import PaperKind, PaperText, check, filled, from_data, to_data
from app.models import Setting
from app.paths import RESOURCES
from app.services.workspace import read_unit

__all__ = ["is_own", "preview", "printed", "restore", "save", "shipped", "words_of"]

PAPERS = RESOURCES / "papers"


def shipped(kind: PaperKind) -> PaperText:
    """As it came with the program."""
    with (PAPERS / f"{kind.value}.toml").open("rb") as file:
        return from_data(kind, tomllib.load(file))


def words_of(connection: Connection, kind: PaperKind) -> PaperText:
    """The unit's own, else the shipped one."""
    text = connection.execute(select(Setting.value).where(Setting.key == _key(kind))).scalar()
    base = shipped(kind)
    return from_data(kind, json.loads(text), base) if text else base


def printed(connection: Connection, kind: PaperKind, values: Mapping[str, str]) -> PaperText:
    """The words in force with their fields filled in: what a paper prints."""
    return filled(words_of(connection, kind), values)


def is_own(connection: Connection, kind: PaperKind) -> bool:
    """Whether the unit worded it for itself."""
    found = connection.execute(select(Setting.key).where(Setting.key == _key(kind))).first()
    return found is not None


def save(uow: UnitOfWork, text: PaperText) -> PaperText:
    """Keep the unit's own words; what is worded as shipped is no copy of one's own.

    Errors: UserError names a field that does not exist or a character no face can print.
    """
    check(text)
    if to_data(text) == to_data(shipped(text.kind)):
        return restore(uow, text.kind)
    preview(read_unit(uow.session.connection()).name, text, uow.today)
    row = uow.session.get(Setting, _key(text.kind))
    if row is None:
        row = Setting(key=_key(text.kind), value="")
        uow.session.add(row)
    row.value = json.dumps(to_data(text), ensure_ascii=False, sort_keys=True)
    uow.record("paper.words", text.kind.label, {"title": text.title})
    uow.changed.add("paper")
    uow.commit()
    return text


def restore(uow: UnitOfWork, kind: PaperKind) -> PaperText:
    """Back to the shipped words; the ledger keeps what stood there."""
    row = uow.session.get(Setting, _key(kind))
    if row is not None:
        uow.session.delete(row)
        uow.record("paper.restore", kind.label, {})
        uow.changed.add("paper")
        uow.commit()
    return shipped(kind)


def preview(unit: str, text: PaperText, today: date) -> bytes:
    """The paper with invented content, to see how the words stand; UserError as ``save``."""
    from app.services.paperwork import paper_samples

    check(text)
    return paper_samples.sample(unit, text, today)


def _key(kind: PaperKind) -> str:
    return f"paper_words.{kind.value}"
