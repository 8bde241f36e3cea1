"""公示表: results, the outcome of cases, or the list passed on — as workbook, page fragment, print.

The one way to it, from the page, the demonstration and (its table) the packages.  Before anything
is written every cell is searched for what must not be public (``public_search``).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.db.read import public_matters, publications
from app.db.unit_of_work import UnitOfWork
from app.documents import publication_table, words
from app.documents.paper_frame import PaperHead
from app.domain.fields import FieldKind
from app.domain.outgoing import Mend
from app.domain.paper_texts import PaperKind, fill
from app.domain.periods import Period, Span
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.exchange.fragment import fragment
from app.exchange.writing import Column, Table, workbook, write_table
from app.services import rulebooks
from app.services.paperwork import numbering, paper_words
from app.services.public import kept_files, publishing
from app.services.public.public_search import NotPublicError, PublicSearch
from app.services.workspace import read_unit

__all__ = [
    "Checked",
    "FilesMade",
    "MakePublicFile",
    "PublicKind",
    "check",
    "files",
    "make",
    "without_file",
]


class PublicKind(enum.Enum):
    """What is published: the results, later the outcome of cases, the list passed on."""

    RESULTS = "results"
    OUTCOMES = "outcomes"
    PASSED_ON = "passed_on"

    @property
    def label(self) -> str:
        """The title of its table."""
        return {
            "results": "双随机抽查结果公示表",
            "outcomes": "双随机抽查查处结果公示表",
            "passed_on": "抽查结果推送名单",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePublicFile:
    """Write ``what`` of a period (empty: of all) to ``path``: .xlsx, .html or .pdf.

    Without a path it is printed into the workspace's own ``paper`` folder.  ``results``: only
    these, where what is made are results.
    """

    path: Path | None = None
    what: PublicKind = PublicKind.RESULTS
    period: str = ""
    results: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a file would hold: its rows, and what stands in the way of it."""

    rows: int
    mends: tuple[Mend, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesMade:
    """What was written."""

    path: Path
    rows: int


def make(uow: UnitOfWork, command: MakePublicFile) -> FilesMade:
    """Write the file.

    Errors: UserError (nothing to publish), NotPublicError (a cell names a person or another
    target), EnvironmentFault (disk, file open).
    """
    connection = uow.session.connection()
    made = _table(connection, command)
    if not made.rows:
        raise UserError("还没有可以公示的内容。", "结果复核锁定、案件有了处理结果后再生成。")
    mends = _mends(connection, command, made)
    if mends:
        raise NotPublicError(mends)
    path = command.path or numbering.paper_folder(uow) / safe_name(
        f"{made.title}-{command.period or '全部'}-{uow.today}.pdf"
    )
    match path.suffix.lower():
        case ".xlsx":
            write_table(path, made)
        case ".html":
            unit = read_unit(connection).name
            period = Period.parse(command.period).in_words() if command.period else ""
            whose = f"{unit}　{period}".strip("　")
            page = fragment(made, (whose, f"公示日期：{uow.today}"))
            write_atomically(path, page)
        case ".pdf":
            facts = _paper(uow, command, made)
            write_atomically(path, publication_table.build(facts))
        case _:
            raise UserError("公示文件只能存成 xlsx、html 或 pdf。", "请换一个文件名。")
    said = {"file": path.name, "rows": len(made.rows), "what": command.what.value}
    if command.what is not PublicKind.PASSED_ON:
        said["sha256"] = kept_files.keep(uow, command.what.value, _results_in(made), path)
    uow.record("publication.file", command.period, said)
    uow.commit()
    return FilesMade(path=path, rows=len(made.rows))


def check(connection: Connection, command: MakePublicFile) -> Checked:
    """How many rows ``make`` would write and what has to be mended or allowed first."""
    made = _table(connection, command)
    return Checked(rows=len(made.rows), mends=_mends(connection, command, made))


def _mends(connection: Connection, command: MakePublicFile, made: Table) -> tuple[Mend, ...]:
    if command.what is PublicKind.PASSED_ON:
        return ()  # goes to other departments, not to everybody
    search = PublicSearch(connection)
    text = paper_words.words_of(connection, PaperKind.PUBLICATION)
    passages = "\n".join(
        (text.title, *(each.text for each in text.passages), text.copies, text.sealer)
    )
    label = PaperKind.PUBLICATION.label
    return (*search.mends(made), *search.text("papers:publication", label, "文书用语", passages))


def _results_in(made: Table) -> tuple[int, ...]:
    return tuple(int(key.partition(":")[2]) for key in made.keys)


_FROM_RECORDS = "归档时按记录生成"


def files(uow: UnitOfWork, period: str) -> dict[str, bytes]:
    """What was made public of a period (or a year), by file name, for its archive: the very files.

    Of what is marked as published without its file there is only what the records give today;
    its name says so.
    """
    connection = uow.session.connection()
    found: dict[str, bytes] = {}
    for what in (PublicKind.RESULTS, PublicKind.OUTCOMES):
        of_period = _of_period(connection, what, period)
        published = kept_files.published_of(connection, what.value, sorted(of_period))
        covered = set().union(*(held for _file, held in published))
        for at, (file, _held) in enumerate(published, start=1):
            found[f"{what.label}-{at:02d}-{file.name}"] = kept_files.read(uow.folder, file)
        without = {each for each, public in of_period.items() if public} - covered
        if without:
            one = "" if Period.parse(period).span is Span.YEAR else period
            found |= _from_records(uow, MakePublicFile(what=what, period=one), without)
    return found


def without_file(connection: Connection, period: str) -> int:
    """How many results of a period are public without it being known in which file."""
    of_period = publications.published(connection, period)
    held = kept_files.published_of(connection, PublicKind.RESULTS.value, sorted(of_period))
    public = {each for each, now in of_period.items() if now}
    return len(public.difference(*(covered for _file, covered in held)))


def _of_period(connection: Connection, what: PublicKind, period: str) -> dict[int, bool]:
    """Results a period has in this table, and whether each is public now; those taken down too."""
    if what is PublicKind.OUTCOMES:
        kept = set(publications.exemptions(connection))
        within = publications.published(connection, period)
        rows = public_matters.outcomes(connection, kept)
        return {r.result_id: r.published_on is not None for r in rows if r.result_id in within}
    return publications.published(connection, period)


def _from_records(uow: UnitOfWork, command: MakePublicFile, results: set[int]) -> dict[str, bytes]:
    whole = _table(uow.session.connection(), command)
    lines = [
        (key, row)
        for key, row, result in zip(whole.keys, whole.rows, _results_in(whole), strict=True)
        if result in results
    ]
    if not lines:
        return {}
    keys, rows = tuple(key for key, _ in lines), [row for _, row in lines]
    made = replace(whole, keys=keys, rows=rows)
    name = f"{command.what.label}（{_FROM_RECORDS}）"
    printed = publication_table.build(_paper(uow, command, made))
    return {f"{name}.xlsx": workbook([made]), f"{name}.pdf": printed}


def _table(connection: Connection, command: MakePublicFile) -> Table:
    rulebook = rulebooks.of_unit(connection)
    kept = set(publications.exemptions(connection))
    if command.what is PublicKind.OUTCOMES:
        return _outcomes(public_matters.outcomes(connection, kept, command.period))
    if command.what is PublicKind.PASSED_ON:
        return _passed_on(public_matters.passed_on(connection, kept, command.period))
    lines = publications.public_lines(
        connection, rulebook, period=command.period, results=command.results
    )
    return publishing.publication_table(lines)


def _outcomes(rows: tuple[public_matters.OutcomeRow, ...]) -> Table:
    columns = (
        Column("检查对象名称", FieldKind.TEXT, 36),
        Column("代码", FieldKind.CODE, 24),
        Column("案由", FieldKind.LONG_TEXT, 36),
        Column("查处结果", FieldKind.LONG_TEXT, 44),
        Column("决定文号", FieldKind.TEXT, 24),
        Column("日期", FieldKind.DATE, 12),
    )
    cells = [
        (each.name, each.code, each.matter, each.outcome, each.decision_no, each.ended_on)
        for each in rows
    ]
    keys = tuple(f"results:{each.result_id}" for each in rows)
    return Table(PublicKind.OUTCOMES.label, columns, cells, "查处结果", keys=keys)


def _passed_on(rows: tuple[public_matters.PassedOn, ...]) -> Table:
    columns = (
        Column("检查对象名称", FieldKind.TEXT, 36),
        Column("代码", FieldKind.CODE, 24),
        Column("检查日期", FieldKind.DATE, 12),
        Column("检查结论", FieldKind.TEXT, 26),
        Column("公示日期", FieldKind.DATE, 12),
        Column("处罚决定文号", FieldKind.TEXT, 24),
        Column("推送给", FieldKind.LONG_TEXT, 40),
    )
    cells = [
        (
            each.name,
            each.code,
            each.inspected_on,
            each.conclusion,
            each.published_on,
            each.decision_no or None,
            each.receivers,
        )
        for each in rows
    ]
    return Table(PublicKind.PASSED_ON.label, columns, cells, "推送名单")


# --- print --------------------------------------------------------------------------------------


def _paper(
    uow: UnitOfWork, command: MakePublicFile, made: Table
) -> publication_table.PublicationFacts:
    connection = uow.session.connection()
    text = paper_words.words_of(connection, PaperKind.PUBLICATION)
    unit = read_unit(connection)
    values = {
        "单位": unit.name,
        "期间": Period.parse(command.period).in_words() if command.period else "各期间",
        "户数": str(len(made.rows)),
        "制表日期": words.day(uow.today),
    }
    filled = {each.code: fill(each.text, values) for each in text.passages}
    passages = {"main": filled[_PASSAGE[command.what]]}
    if command.what is not PublicKind.PASSED_ON:
        passages["objection"] = filled["objection"]
    return publication_table.PublicationFacts(
        head=PaperHead(
            unit=unit.name,
            title=text.title if command.what is PublicKind.RESULTS else made.title,
            made_on=uow.today,
            seal=text.seal,
            sealer=fill(text.sealer, values),
            copies=fill(text.copies, values),
            passages=passages,
        ),
        lines=_LINES[command.what](made.rows),
    )


_PASSAGE = {
    PublicKind.RESULTS: "main",
    PublicKind.OUTCOMES: "outcomes",
    PublicKind.PASSED_ON: "passed_on",
}


def _printed(rows: Sequence[Sequence[Any]]) -> tuple[publication_table.PublishedLine, ...]:
    return tuple(
        publication_table.PublishedLine(
            plan_no=plan or "",
            task_no=task or "",
            name=name,
            code=code or "",
            content=content,
            inspected_on=on,
            result=result,
            remark=remark or "",
        )
        for plan, task, name, code, content, on, result, remark in rows
    )


def _printed_outcomes(rows: Sequence[Sequence[Any]]) -> tuple[publication_table.OutcomeLine, ...]:
    return tuple(
        publication_table.OutcomeLine(
            name=name, code=code, matter=matter, outcome=outcome, decision_no=number, ended_on=on
        )
        for name, code, matter, outcome, number, on in rows
    )


def _printed_passed(rows: Sequence[Sequence[Any]]) -> tuple[publication_table.PassedOnLine, ...]:
    return tuple(
        publication_table.PassedOnLine(
            name=name,
            code=code,
            inspected_on=inspected,
            conclusion=conclusion,
            published_on=published,
            decision_no=number or "",
            receivers=receivers,
        )
        for name, code, inspected, conclusion, published, number, receivers in rows
    )


_LINES: dict[PublicKind, Callable[[Sequence[Sequence[Any]]], publication_table.Lines]] = {
    PublicKind.RESULTS: _printed,
    PublicKind.OUTCOMES: _printed_outcomes,
    PublicKind.PASSED_ON: _printed_passed,
}
