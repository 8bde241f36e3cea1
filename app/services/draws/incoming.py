"""外来名单: a list drawn or set elsewhere is previewed, then taken whole, in one transaction.

The file stays as attachment with its SHA-256; document number, who drew it, who imported it and
when are kept with it.  A list is somebody's act: it is taken whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read import incoming as lists
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.incoming import FIELDS, IncomingFacts, validate
from app.domain.periods import Period
from app.domain.received import FileKind
from app.domain.rulebook import Rulebook
from app.domain.ways import Way, offer_of
from app.errors import UserError
from app.exchange.cleaning import as_text, plain_words
from app.exchange.fates import plain_name
from app.exchange.mapping import RowClassifier, RowKind, SheetMapping, propose_mappings
from app.exchange.sheets import Row, SourceBook
from app.exchange.writing import RejectedRow, write_errors
from app.models import IncomingList, IncomingTarget, Inspector
from app.services import attaching, rulebooks
from app.services.directories.finding_targets import TargetFinder, values_of
from app.services.intake import importing, receiving
from app.services.intake.receiving import Incoming
from app.services.workspace import read_unit

__all__ = ["IncomingPreview", "IncomingRow", "ReadList", "TakenList", "preview", "take", "taken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """A file to be read as a list of one way and period.

    ``organ`` drew or set it, ``document`` is the number of the paper it came with;
    ``errors_path``: where rows that cannot be taken are written, with reasons.
    """

    path: Path
    way: Way
    period: str
    organ: str = ""
    document: str = ""
    errors_path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRow:
    """A row as it was understood; ``problem`` empty if it can be taken."""

    number: int
    name: str
    code: str
    ident: str
    category: str
    label: str
    people: tuple[str, ...]
    task_no: str
    due_on: date | None
    problem: str
    target_id: int = 0
    people_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingPreview:
    """Every row that names a target; hints, examples and totals are left out (``skipped``)."""

    file_name: str
    sha256: str
    rows: tuple[IncomingRow, ...]
    skipped: int
    rejected: tuple[RejectedRow, ...]
    titles: tuple[str, ...]

    @property
    def problems(self) -> tuple[IncomingRow, ...]:
        """Rows that cannot be taken."""
        return tuple(row for row in self.rows if row.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenList:
    """The list as it is kept."""

    id: int
    targets: int


def preview(connection: Connection, command: ReadList) -> IncomingPreview:
    """Understand a file; nothing is written.

    Errors: UserError if it is no table, names no target, or the level does not go this way.
    """
    rulebook = rulebooks.of_unit(connection)
    level = read_unit(connection).level
    if offer_of(rulebook, level, command.way) is None:
        raise UserError(
            f"按本细则，{rulebook.level(level).label}没有“{command.way.label}”这种方式。",
            "请换一种方式。",
        )
    source = importing.open_file(command.path)
    mapping = propose_mappings(source.book, FIELDS)[0]
    reader = _Reader(connection, rulebook, command.way)
    rows: list[IncomingRow] = []
    rejected: list[RejectedRow] = []
    skipped = 0
    for number, cells, kind in _lines(source.book, mapping):
        if kind is not RowKind.DATA:
            skipped += 1
            continue
        row = reader.read(number, cells, mapping)
        rows.append(row)
        if row.problem:
            sheet = source.book.sheets[mapping.sheet].name
            rejected.append(RejectedRow(sheet, number, cells, row.problem))
    if not rows:
        raise UserError(f"“{command.path.name}”里没有检查对象。", "请确认选对了文件。")
    return IncomingPreview(
        file_name=command.path.name,
        sha256=source.sha256,
        rows=tuple(rows),
        skipped=skipped,
        rejected=tuple(rejected),
        titles=tuple(each.header for each in mapping.columns),
    )


def take(uow: UnitOfWork, command: ReadList) -> TakenList:
    """Take a list, whole; committed.  The same file for the same period is taken once.

    Errors: UserError as in ``preview``, for a missing document number or organ, and if any row
    cannot be taken (``errors_path`` then has them with reasons).
    """
    row = taken(uow, command)
    count = uow.session.query(IncomingTarget).filter_by(list_id=row.id).count()
    uow.changed |= {"list"}
    uow.commit()
    return TakenList(id=row.id, targets=count)


def taken(uow: UnitOfWork, command: ReadList) -> IncomingList:
    """As ``take``, without the commit: for services that go on with the list."""
    connection = uow.session.connection()
    organ, document = rd1.clean(command.organ), rd1.clean(command.document)
    if not organ or not document:
        raise UserError("还没有写明名单由谁抽定和来文编号。", "请补全后再导入。")
    period = str(Period.parse(command.period))
    seen = preview(connection, command)
    before = lists.known(connection, command.way.value, period, seen.sha256)
    if before is not None:
        return uow.session.get_one(IncomingList, before)
    _refuse_problems(seen, command)
    row = IncomingList(
        way=command.way.value,
        period=period,
        organ=organ,
        document_no=document,
        file_name=seen.file_name,
        sha256=seen.sha256,
        rows=len(seen.rows),
        at=uow.now,
        by=uow.actor,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.session.add_all(
        IncomingTarget(
            list_id=row.id,
            target_id=each.target_id,
            position=place,
            category=each.category,
            task_no=each.task_no,
            due_on=each.due_on,
            people=list(each.people_ids),
        )
        for place, each in enumerate(seen.rows, 1)
    )
    attaching.keep(uow, "list", row.id, command.path)
    receiving.record_incoming(
        uow,
        Incoming(
            kind=FileKind.LIST,
            path=command.path,
            sha256=seen.sha256,
            source=organ,
            document_no=document,
            subject=f"{Period.parse(period).in_words()}，{command.way.label}",
            counts={"new": row.rows, "skipped": seen.skipped},
            list_id=row.id,
        ),
    )
    detail = {
        "way": row.way,
        "period": period,
        "organ": organ,
        "document": document,
        "file": row.file_name,
        "sha256": row.sha256,
        "targets": row.rows,
    }
    uow.record("list.import", f"list/{row.id}", detail)
    return row


def _refuse_problems(seen: IncomingPreview, command: ReadList) -> None:
    if not seen.problems:
        return
    where = ""
    if command.errors_path is not None:
        write_errors(command.errors_path, seen.titles, seen.rejected)
        where = f"退回的行和原因在 {command.errors_path}。"
    first = seen.problems[0]
    raise UserError(
        f"名单有 {len(seen.problems)} 行对不上，没有导入。"
        f"第 {first.number} 行“{first.name}”：{first.problem}。",
        f"{where}名单要整份导入，请改正或先更新名录再试。",
    )


def _lines(book: SourceBook, mapping: SheetMapping) -> Iterator[tuple[int, Row, RowKind]]:
    sheet, classifier = book.sheets[mapping.sheet], RowClassifier(mapping)
    for place, cells in enumerate(sheet.rows[mapping.first_row :]):
        yield mapping.first_row + place + 1, cells, classifier.kind_of(cells, place)


class _Reader:
    """Finds the target and the people each row means."""

    def __init__(self, connection: Connection, rulebook: Rulebook, way: Way) -> None:
        self._targets = TargetFinder(connection)
        self._rulebook = rulebook
        self._needs_people = way is Way.ASSIGNED
        self._takes_people = way.elsewhere
        self._seen: dict[int, int] = {}
        self._people: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row in connection.execute(
            select(Inspector.id, Inspector.name, Inspector.personal_no, Inspector.cert_no)
        ):
            for key in {plain_name(row.name), row.personal_no, row.cert_no} - {""}:
                self._people[key].append((row.id, row.name))

    def read(self, number: int, cells: Row, mapping: SheetMapping) -> IncomingRow:
        facts, problem = _facts(cells, mapping)
        site, why = self._targets.find(facts.name, facts.code)
        category, label, wrong = self._category(facts, site.category if site else "")
        people, unknown = self._everyone(facts)
        if not problem and site is None:
            problem = why
        if not problem and site is not None and site.id in self._seen:
            problem = f"与第 {self._seen[site.id]} 行是同一个检查对象"
        problem = problem or wrong or unknown
        if site is not None and not problem:
            self._seen[site.id] = number
        first = next((text for cell in cells if (text := as_text(cell)).strip()), "")
        return IncomingRow(
            number=number,
            name=site.name if site else (facts.name or first),
            code=facts.code,
            ident=site.ident if site else "",
            category=category,
            label=label,
            people=tuple(name for _id, name in people),
            task_no=facts.task_no,
            due_on=facts.due_on,
            problem=problem,
            target_id=site.id if site else 0,
            people_ids=tuple(ident for ident, _name in people),
        )

    def _category(self, facts: IncomingFacts, own: str) -> tuple[str, str, str]:
        """Code, word and what is wrong; an empty cell takes the directory's category."""
        wanted = plain_words(facts.category)
        for category in self._rulebook.categories:
            words = {plain_words(each) for each in (category.code, category.short, category.label)}
            if wanted in words or (not wanted and category.code == own):
                return category.code, category.label, ""
        return own, facts.category, f"监管类别“{facts.category or own}”不是本细则的类别"

    def _everyone(self, facts: IncomingFacts) -> tuple[tuple[tuple[int, str], ...], str]:
        if not self._takes_people:
            return (), ""
        found: list[tuple[int, str]] = []
        for word in facts.everyone:
            known = self._people.get(plain_name(word), []) or self._people.get(word, [])
            if len(known) != 1:
                why = f"名录里有 {len(known)} 个" if known else "名录里没有"
                return tuple(found), f"{why}检查人员“{word}”"
            found += known
        if self._needs_people and len(found) < 2:
            return tuple(found), "检查人员不足两人"
        if len(found) == 1 or len(found) > 2:
            return tuple(found), f"检查人员有 {len(found)} 人，应为两人"
        return tuple(found), ""


def _facts(cells: Row, mapping: SheetMapping) -> tuple[IncomingFacts, str]:
    """The line's facts, and why they cannot be taken (empty if they can)."""
    values, problems = values_of(cells, mapping, FIELDS)
    facts = IncomingFacts(**values)
    problems = problems or [problem.message for problem in validate(facts)]
    return facts, "；".join(problems)
