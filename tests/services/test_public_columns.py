"""A word of its own in every text column of a played quarter: no public edition repeats one that is
not public by law."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, Enum, String, Table, select

from app.db.unit_of_work import UnitOfWork
from app.domain.consequences import RectifyStep
from app.domain.inspection import Conclusion
from app.models.base import Base
from app.services.draws import papers
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage
from app.services.public import public_files, public_matters
from app.services.public.public_files import MakePublicFile, PublicKind
from app.services.workspace import Workspace
from tests.services.test_public_editions import _SEALED_ONLY, _read
from tests.support_year import (
    DIGITS,
    County,
    Line,
    county,
    plan_the_year,
    record_basis,
    the_same_r,
)

__all__ = ["the_same_r"]

_PERIOD = "2026Q1"
_RESULTS = frozenset({"publications", "results"})
"""Packages that are empty until something is locked."""

# Rows find each other, or a rulebook's entry, by these: another word in them is another record.
_BINDING = {
    *("series", "period", "no", "kind", "state", "category", "category_since", "code", "key"),
    *("ident", "serial", "rulebook_id", "level", "way", "stratum", "group", "flags", "need"),
    *("sha256", "digest", "hash", "prev", "plan_hash", "result_hash", "commitment", "reveal"),
    *("seed", "tagmanifest", "digits", "ticket", "owner_kind", "record", "sheet", "what"),
    *("edition", "platform", "conclusion", "policy", "reason_code", "directory", "employment"),
    *("library", "arrived", "left", "version", "text", "source", "credit_grade", "due_basis"),
    *("permit_category", "performance_grade", "was", "suggested", "decided", "cert_kind"),
    *("enforcement_type", "ground", "retention", "paper"),
}
_NOT_PLANTED = {
    "ledger": "append-only, each line bound to the one before",
    "adopted_rulebook": "the regulation's text, public as it is",
    "setting": "read by key; the unit's own words are searched before a file is made",
}
# What may stand in public, and why.
_PUBLIC = {
    "unit.name": "who publishes",
    "unit.code": "the series of its draws",
    "target.name": "of a locked result (YY 五（三）)",
    "target.uscc": "its code in the table",
    "target.permit_no": "its code in the table; permits are public",
    **{
        f"item.{column}": "抽查事项清单 is public whole (国办发〔2015〕58号)"
        for column in (
            *("name", "basis", "subject", "object", "method", "staff", "scope", "content"),
            *("ratio", "frequency", "time_and_way", "requirement"),
        )
    },
    "result_item.name": "检查内容 as it was called then",
    "draw.plan_no": "the platform's plan number",
    "assignment.task_no": "the platform's task number",
    "case_file.matter": "案由, with the outcome of a case",
    "case_file.outcome": "查处结果",
    "case_file.decision_no": "决定文号",
}


# After the period's last inspection the draw's own record is public, so that everybody can do the
# draw again (plan.txt, result.txt): people stand in it as numbers, never by name.
_PUBLIC_AT_LAST = {
    "draw_witness.organ": "whose digits these were",
    "inspector.dept_code": "the department a number counts in",
    "inspector.personal_no": "which line of the plan somebody is",
}


def _texts(table: Table) -> list[Column[object]]:
    return [
        column
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, (Enum, JSON))
        and column.name not in _BINDING
        and not column.foreign_keys
    ]


def _words() -> dict[str, str]:
    """“table.column” of every text column, and the word that is planted there."""
    columns = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name not in _NOT_PLANTED
        for column in _texts(table)
    ]
    return {name: f"ZQ{at:03d}X" for at, name in enumerate(columns)}


def _plant(uow: UnitOfWork, _command: None) -> None:
    """Put its word before whatever stands in each column of each row, once."""
    connection = uow.session.connection()
    for table in Base.metadata.sorted_tables:
        for column in () if table.name in _NOT_PLANTED else _texts(table):
            word = _words()[f"{table.name}.{column.name}"]
            connection.execute(
                table.update().where(~column.startswith(word)).values({column.name: word + column})
            )
    uow.changed |= {"target", "inspector", "item"}
    uow.session.commit()


def _hold(here: County) -> list[Line]:
    """The quarter's draw, from directories full of words."""
    here.office.write(_plant, None)
    lines = here.draw(1, DIGITS[0])
    here.office.write(_plant, None)
    here.day(date(2026, 2, 2))
    here.notify(lines)
    return lines


def _play(here: County, first: list[Line]) -> None:
    """Every side way."""
    here.replace_target(next(line for line in first if line.category == "GENERAL"))
    lines = [line for line in here.lines if not line.gone]
    conclusions = (Conclusion.ORDERED, Conclusion.CASE, *[Conclusion.NO_PROBLEM] * 3)
    for line, conclusion in zip(lines, conclusions, strict=False):
        until = date(2026, 3, 10) if conclusion is Conclusion.ORDERED else None
        here.visit(line, date(2026, 2, 2), conclusion, until=until)
    ordered, sued, kept, down, wrong, *_rest = lines
    here.day(date(2026, 2, 9))
    here.exempt(kept)
    here.publish(ordered, sued, down, wrong)
    here.note(ordered, RectifyStep.PROGRESS, "设备已订购")
    here.plan_visit(ordered, date(2026, 2, 20))
    here.open_case(sued)
    here.end_case(sued)
    here.publish_outcome(sued)
    here.refer_to_police(sued)
    here.receipt(sued)
    here.take_down(down)
    here.review(wrong)
    here.correct(wrong, date(2026, 3, 5))
    here.day(date(2026, 2, 20))
    here.revisit_and_close(1)
    here.office.write(_plant, None)


def _finish(here: County) -> None:
    """All the rest; nothing is kept back any more, so the draw's own record is public."""
    for line in here.lines:
        if not line.gone and not line.locked:
            here.visit(line, date(2026, 2, 20))
    (kept,) = (line for line in here.lines if line.exempt)
    command = public_matters.LiftExemption(result_id=kept.result, reason="已解密")
    here.office.write(public_matters.lift_exemption, command)
    here.office.write(_plant, None)


def _packages(
    office: Workspace, draws: list[str], room: Path, without: frozenset[str] = frozenset()
) -> dict[str, bytes]:
    """Every kind of package in its public edition."""
    room.mkdir()
    kinds = sorted(set(exporting.KINDS) - _SEALED_ONLY - {"draw"} - without)
    wanted = [*((kind, None) for kind in kinds), *(("draw", no) for no in draws)]
    found = {}
    for what, no in wanted:
        command = MakePackage(
            what=what, to=room, draw_no=no, period=None if no else _PERIOD, edition="public"
        )
        package = office.write(exporting.export, command)
        found[f"{what}-{package.path.name}"] = package.path.read_bytes()
    return found


def _tables(office: Workspace, draws: list[str], room: Path) -> dict[str, bytes]:
    """公示表 in each form, and each draw's edition of its stage."""
    room.mkdir()
    found = {}
    for what in (PublicKind.RESULTS, PublicKind.OUTCOMES):
        for suffix in (".xlsx", ".html", ".pdf"):
            path = room / f"{what.value}{suffix}"
            office.write(public_files.make, MakePublicFile(path=path, what=what, period=_PERIOD))
            found[path.name] = path.read_bytes()
    for no in draws:
        found[f"{no} disclosure.pdf"] = office.write(papers.disclosure, no)
    return found


def _told(office: Workspace, draws: list[str], files: dict[str, bytes]) -> dict[str, set[str]]:
    """The public files that hold a column's word, by column."""
    for no in draws:
        page = office.folder.draws / no / "minutes-public.pdf"
        files[f"{no} {page.name}"] = page.read_bytes()
    texts = {name: name + _read(name, data) for name, data in files.items()}
    found = {
        column: {name for name, text in texts.items() if word in text}
        for column, word in _words().items()
    }
    return {column: names for column, names in found.items() if names}


@pytest.mark.usefixtures("the_same_r")
def test_no_word_of_a_column_that_is_not_public_stands_in_a_public_edition(tmp_path: Path) -> None:
    with county(tmp_path / "office", "yiyang-2021", {"KEY": 17, "GENERAL": 40}, people=9) as here:
        here.day(date(2026, 1, 5))
        record_basis(here)
        plan_the_year(here, 2026)
        first = _hold(here)
        office, draws = here.office, sorted({line.draw_no for line in first})

        held = _told(office, draws, _packages(office, draws, tmp_path / "held", _RESULTS))
        assert {column: held[column] for column in set(held) - set(_PUBLIC)} == {}
        assert "unit.name" in held and "target.name" not in held

        _play(here, first)
        with office._reader.connect() as connection:
            filled = {
                table.name
                for table in Base.metadata.sorted_tables
                if connection.execute(select(table).limit(1)).first()
            }
        assert filled >= {"exemption", "withdrawal", "correction_step", "case_file", "referral"}
        files = _tables(office, draws, tmp_path / "tables")
        files |= _packages(office, draws, tmp_path / "running")
        running = _told(office, draws, files)
        assert {column: running[column] for column in set(running) - set(_PUBLIC)} == {}
        assert {"target.name", "case_file.outcome"} <= set(running)

        _finish(here)
        files = _tables(office, draws, tmp_path / "last")
        files |= _packages(office, draws, tmp_path / "ended")
        ended = _told(office, draws, files)
        left = set(ended) - set(_PUBLIC) - set(_PUBLIC_AT_LAST)
        assert {column: ended[column] for column in left} == {}
