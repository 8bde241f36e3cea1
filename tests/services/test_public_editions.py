"""Every public edition there is, searched: nobody's name, no target before its inspection."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from app.models import Assignment, Inspector, Target
from app.services.draws import papers
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage
from app.services.public import public_files
from app.services.public.public_files import MakePublicFile, PublicKind
from tests.documents.reading import text
from tests.support_draw import DRAW_NO, PERIOD, Clock, DrawnOffice, lock_result
from tests.support_office import OPERATOR, WITNESSES, draw_once, make_office

_SEALED_ONLY = {"targets", "inspectors", "plans", "assignments", "rectifications"}
_IN_THE_ROOM = (OPERATOR, "李四", "王五", *(each.name for each in WITNESSES))


@pytest.fixture
def held(tmp_path: Path) -> Iterator[DrawnOffice]:
    """A draw that was really held, from ten targets and two."""
    workspace = make_office(tmp_path / "held", targets={"A": 10, "B": 2})
    draw_once(workspace)
    with workspace._reader.connect() as connection:
        tasks = tuple(connection.scalars(select(Assignment.id).order_by(Assignment.id)))
    clock = workspace.clock
    assert isinstance(clock, Clock)
    clock.move_to(date(2026, 9, 15))
    yield DrawnOffice(workspace, clock, tasks)
    workspace.close()


def _read(name: str, data: bytes) -> str:
    """All a reader gets out of a file, a package's files one by one; without white space."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as bag:
            found = "\n".join(f"{each}\n{_read(each, bag.read(each))}" for each in bag.namelist())
    elif name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(data))
        found = "\n".join(
            str(value)
            for sheet in book
            for row in (*sheet.iter_rows(values_only=True), (sheet.title,))
            for value in row
            if value is not None
        )
    elif name.endswith(".pdf"):
        found = text(data) + data.decode("latin-1")
    else:
        found = data.decode("utf-8", errors="replace")
    return re.sub(r"\s", "", found)


def _editions(office: DrawnOffice, room: Path) -> dict[str, str]:
    """Every form of every public edition, as text by file name."""
    room.mkdir()
    found: dict[str, bytes] = {}
    for suffix in (".xlsx", ".html", ".pdf"):
        path = room / f"公示表{suffix}"
        command = MakePublicFile(path=path, what=PublicKind.RESULTS, period=PERIOD)
        office.workspace.write(public_files.make, command)
        found[path.name] = path.read_bytes()
    for what in sorted(set(exporting.KINDS) - _SEALED_ONLY):
        package = office.workspace.write(
            exporting.export,
            MakePackage(
                what=what,
                to=room,
                draw_no=DRAW_NO if what == "draw" else None,
                period=None if what == "draw" else PERIOD,
                edition="public",
            ),
        )
        found[f"{what}-{package.path.name}"] = package.path.read_bytes()
    folder = office.workspace.folder.draws / DRAW_NO
    found["minutes-public.pdf"] = (folder / "minutes-public.pdf").read_bytes()
    found["disclosure.pdf"] = office.workspace.write(papers.disclosure, DRAW_NO)
    return {name: _read(name, data) for name, data in found.items()}


def _personal(office: DrawnOffice) -> set[str]:
    with office.workspace._reader.connect() as connection:
        rows = (
            *connection.execute(select(Inspector.name, Inspector.cert_no)),
            *connection.execute(select(Target.legal_rep, Target.phone)),
        )
    return {word for row in rows for word in row if word} | set(_IN_THE_ROOM)


def _names(office: DrawnOffice, tasks: tuple[int, ...]) -> set[str]:
    with office.workspace._reader.connect() as connection:
        return set(
            connection.scalars(
                select(Target.name)
                .join(Assignment, Assignment.target_id == Target.id)
                .where(Assignment.id.in_(tasks))
            )
        )


def _refuse(editions: dict[str, str], words: set[str]) -> None:
    told = [(name, word) for name, found in editions.items() for word in words if word in found]
    assert told == []


def test_no_public_edition_tells_more_than_it_may_before_and_after_the_last_inspection(
    held: DrawnOffice, tmp_path: Path
) -> None:
    done, open_ = held.tasks[:1], held.tasks[1:]
    assert open_
    lock_result(held, done[0])
    before = _editions(held, tmp_path / "before")
    assert len(before) > 8
    _refuse(before, _personal(held) | _names(held, open_))
    assert all(name in before["公示表.pdf"] for name in _names(held, done))
    for task in open_:
        lock_result(held, task)
    after = _editions(held, tmp_path / "after")
    _refuse(after, _personal(held))
    for name in _names(held, held.tasks):
        assert name in after["公示表.pdf"] and name in after["公示表.xlsx"]
