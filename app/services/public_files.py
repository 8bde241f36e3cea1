"""公示文件: results, or the outcome of cases, as workbook, page fragment or print.

Before anything is written every cell is searched for what must not be public: the names of people
in the directories, their telephones and certificates, and targets not inspected yet.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read import public_matters, publications
from app.db.read.tasks import Progress, read_tasks, tasks_of
from app.db.unit_of_work import UnitOfWork
from app.documents import public_table
from app.domain.fields import FieldKind
from app.domain.periods import Period
from app.errors import UserError
from app.exchange.files import write_atomically
from app.exchange.fragment import fragment
from app.exchange.writing import Column, Table, write_table
from app.models import Assistant, Expert, Inspector, Target
from app.services import publishing, rulebooks
from app.services.workspace import read_unit

__all__ = ["FilesMade", "MakePublicFile", "PublicKind", "make"]

SUFFIXES = {".xlsx": "Excel", ".html": "网页片段", ".pdf": "打印件"}


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

    ``results``: only these, where what is made are results.
    """

    path: Path
    what: PublicKind = PublicKind.RESULTS
    period: str = ""
    results: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesMade:
    """What was written."""

    path: Path
    rows: int


def make(uow: UnitOfWork, command: MakePublicFile) -> FilesMade:
    """Write the file.

    Errors: UserError (nothing to publish, a cell names a person or a target not inspected yet),
    EnvironmentFault (disk, file open).
    """
    connection = uow.session.connection()
    made = _table(connection, command)
    if not made.rows:
        raise UserError("还没有可以公示的内容。", "结果复核锁定、案件有了处理结果后再生成。")
    if command.what is not PublicKind.PASSED_ON:
        _refuse_secrets(connection, made)
    unit = read_unit(connection)
    period = Period.parse(command.period).in_words() if command.period else ""
    match command.path.suffix.lower():
        case ".xlsx":
            write_table(command.path, made)
        case ".html":
            said = f"{unit.name}　{period}".strip("　")
            page = fragment(made, (said, f"公示日期：{uow.today}"))
            write_atomically(command.path, page.encode("utf-8"))
        case ".pdf":
            facts = _paper(made, unit.name, period, uow)
            write_atomically(command.path, public_table.build(facts))
        case _:
            raise UserError("公示文件只能存成 xlsx、html 或 pdf。", "请换一个文件名。")
    facts_ = {"file": command.path.name, "rows": len(made.rows), "what": command.what.value}
    uow.record("publication.file", command.period, facts_)
    uow.commit()
    return FilesMade(path=command.path, rows=len(made.rows))


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
    return Table(PublicKind.OUTCOMES.label, columns, cells, "查处结果")


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


# --- what must not be public -------------------------------------------------------------------

_NAME = "检查对象名称"


def _refuse_secrets(connection: Connection, table: Table) -> None:
    secrets = {word: whose for word, whose in people(connection) if len(word.strip()) > 1}
    hidden = {
        task.target_name: f"还没有检查完的“{task.serial}”"
        for task in read_tasks(connection, tasks_of())
        if task.progress is Progress.OPEN
    }
    shown = {str(row[at]) for row in table.rows for at in _name_columns(table)}
    for row in table.rows:
        for column, cell in zip(table.columns, row, strict=True):
            text = "" if cell is None else str(cell)
            if column.title == _NAME:
                continue  # a farm may bear its owner's name: that is its name
            for word, whose in (*secrets.items(), *hidden.items()):
                if word in text and not any(word in name for name in shown):
                    raise UserError(
                        f"“{column.title}”里写有{whose}“{word}”，没有生成公示文件。",
                        "公示内容不能有个人信息和还没有检查的对象，请先更正那一栏。",
                    )


def _name_columns(table: Table) -> list[int]:
    return [at for at, column in enumerate(table.columns) if column.title == _NAME]


def people(connection: Connection) -> Iterator[tuple[str, str]]:
    """Words that belong to a person, and whose they are; single characters tell nothing."""
    for row in connection.execute(select(Target.legal_rep, Target.phone)):
        yield row.legal_rep, "法定代表人（负责人）"
        yield row.phone, "联系电话"
    for person in connection.execute(select(Inspector.name, Inspector.cert_no)):
        yield person.name, "执法人员"
        yield person.cert_no, "执法证号"
    for table in (Assistant, Expert):
        for name in connection.execute(select(table.name)).scalars():
            yield name, "人员"


def _paper(made: Table, unit: str, period: str, uow: UnitOfWork) -> public_table.PublicTableFacts:
    # The platform's numbers and the empty remarks have no room on paper unless they are filled.
    kept = [
        at
        for at, _column in enumerate(made.columns)
        if any(row[at] not in (None, "") for row in made.rows)
    ]
    return public_table.PublicTableFacts(
        unit=unit,
        title=made.title,
        said=(f"现将{period}双随机抽查的情况予以公示。",),
        heads=tuple((made.columns[at].title, max(made.columns[at].width, 16)) for at in kept),
        rows=tuple(
            tuple("" if row[at] is None else str(row[at]) for at in kept) for row in made.rows
        ),
        made_on=uow.today,
    )
