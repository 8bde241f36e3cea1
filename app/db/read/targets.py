"""检查对象 as lists and details show them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from app.db.read import packages, recusals
from app.db.read.changes import Change, changes_of
from app.db.read.query import Counted, Listing, ListQuery, matching_ids, pages
from app.db.read.recusals import RecusalLine
from app.db.read.sites import site_words
from app.domain.fields import FieldKind
from app.domain.namesakes import with_site
from app.domain.rule_facts import InspectionKind
from app.domain.target import FIELDS, TargetFacts
from app.models import (
    Draw,
    DrawnTarget,
    DrawState,
    ImportBatch,
    InspectionEntry,
    Target,
)

# What counts as covered in a cycle, whoever made it (domain.coverage counts the same kinds).
_COVERING = (
    InspectionKind.OWN.value,
    InspectionKind.SUPERIOR.value,
    InspectionKind.JOINT.value,
)

# Fields of several values, JSON lists in the row.
LIST_FIELDS = tuple(each.name for each in FIELDS if each.kind is FieldKind.LIST)

_LAST_ON = '(SELECT max(e."on") FROM inspection_entry AS e WHERE e.target_id = t.id)'
_SENT_BACK = (
    "CASE WHEN EXISTS (SELECT 1 FROM package_line AS l JOIN export_package AS p"
    " ON p.id = l.package_id WHERE p.state = 'partly' AND l.refused <> ''"
    " AND l.key = 'targets:' || t.id) THEN 'yes' ELSE 'no' END"
)
_NO_CODE = "t.uscc || t.permit_no || t.reg_no = ''"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """One line of the list; ``covered`` is None where its category has no cycle."""

    id: int
    ident: str
    name: str
    code: str
    kind: str
    category: str
    industry: str
    township: str
    covered: bool | None
    last_inspected_on: date | None
    state: str
    legal_rep: str
    phone: str
    address: str
    permit_no: str
    permit_valid_to: date | None
    squad: str
    permit_category: str
    credit_grade: str
    labels: tuple[str, ...]
    tags: tuple[str, ...]
    updated_at: datetime
    site: str = ""  # where it is, if another target bears its name
    sent_back: str = ""  # what the platform said when it sent the row back

    @property
    def shown_name(self) -> str:
        """The name, with the place where another target bears the same."""
        return with_site(self.name, self.site)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastInspection:
    """One line of a target's history; ``source`` is a document number or a draw's."""

    id: int
    drawn: bool
    on: date
    kind: str
    category: str
    finding: bool
    violation: bool
    covers: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDetail:
    """Everything the pane beside the list shows; ``drawn`` means the ident is fixed."""

    id: int
    ident: str
    facts: TargetFacts
    category_since: date
    created_on: date
    updated_at: datetime
    source_file: str
    drawn: bool
    inspections: tuple[PastInspection, ...]
    recusals: tuple[RecusalLine, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TargetChoices:
    """What the filters offer, most frequent first."""

    categories: tuple[Counted, ...]
    states: tuple[Counted, ...]
    townships: tuple[Counted, ...]
    industries: tuple[Counted, ...]
    squads: tuple[Counted, ...]
    kinds: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class TargetCounts:
    """How many there are, and of each category how many are in force."""

    total: int
    in_force: tuple[Counted, ...]
    without_code: int


def ids(
    connection: Connection, query: ListQuery, cycles: Mapping[str, date] | None = None
) -> array[int]:
    """Ids of the matching targets in order.

    ``cycles``: category → first day of its running cycle, for the filter ``covered``
    (values yes, no).  Other filters: category, kind, state, township, industry, squad,
    permit_category, credit_grade, code (yes, no), sent_back (yes: by the platform).
    """
    binds: dict[str, object] = {}
    cases = []
    for number, (category, first_day) in enumerate((cycles or {}).items()):
        binds[f"cycle{number}"], binds[f"since{number}"] = category, first_day.isoformat()
        cases.append(f"WHEN :cycle{number} THEN :since{number}")
    start = f"CASE t.category {' '.join(cases)} END" if cases else "NULL"
    kinds = ", ".join(f"'{kind}'" for kind in _COVERING)
    covered = (
        "CASE WHEN EXISTS (SELECT 1 FROM inspection_entry AS e WHERE e.target_id = t.id"  # noqa: S608
        f" AND e.covers AND e.kind IN ({kinds}) AND e.\"on\" >= {start}) THEN 'yes' ELSE 'no' END"
    )
    listing = Listing(
        "target",
        sorts={
            "name": "t.name_key",
            "code": "t.uscc",
            "kind": "t.kind",
            "category": "t.category",
            "industry": "t.industry",
            "township": "t.township",
            "last_inspected_on": _LAST_ON,
            "covered": covered,
            "state": "t.state",
            "legal_rep": "t.legal_rep",
            "permit_no": "t.permit_no",
            "permit_valid_to": "t.permit_valid_to",
            "squad": "t.squad",
            "permit_category": "t.permit_category",
            "credit_grade": "t.credit_grade",
            "updated_at": "t.updated_at",
        },
        filters={
            "category": "t.category",
            "kind": "t.kind",
            "state": "t.state",
            "township": "t.township",
            "industry": "t.industry",
            "covered": covered,
            "squad": "t.squad",
            "permit_category": "t.permit_category",
            "credit_grade": "t.credit_grade",
            "code": f"CASE WHEN {_NO_CODE} THEN 'no' ELSE 'yes' END",
            "sent_back": _SENT_BACK,
        },
    )
    return matching_ids(connection, listing, query, binds)


def rows(
    connection: Connection, wanted: Sequence[int], cycles: Mapping[str, date] | None = None
) -> list[TargetRow]:
    """The targets in the order of ``wanted``; one that is gone is left out."""
    found: dict[int, TargetRow] = {}
    sites = site_words(connection, wanted)
    told = packages.sent_back(connection, "targets")
    for page in pages(wanted):
        for row in connection.execute(_row_query().where(Target.id.in_(page))):
            line = _row(row, cycles or {}, sites.get(row.id, ""))
            found[row.id] = replace(line, sent_back=told[row.id]) if row.id in told else line
    return [found[each] for each in wanted if each in found]


def _row_query() -> Select[Any]:
    entries = (
        select(
            InspectionEntry.target_id,
            func.max(InspectionEntry.on).label("last_on"),
            func.max(InspectionEntry.on)
            .filter(InspectionEntry.covers.is_(True), InspectionEntry.kind.in_(_COVERING))
            .label("covered_on"),
        )
        .where(InspectionEntry.target_id == Target.id)
        .group_by(InspectionEntry.target_id)
    )
    last, covered = (
        entries.with_only_columns(column).correlate(Target).scalar_subquery()
        for column in (entries.selected_columns.last_on, entries.selected_columns.covered_on)
    )
    return select(Target.__table__, last.label("last_on"), covered.label("covered_on"))


def _row(row: Row[Any], cycles: Mapping[str, date], site: str) -> TargetRow:
    start = cycles.get(row.category)
    return TargetRow(
        id=row.id,
        ident=row.ident,
        name=row.name,
        kind=row.kind,
        code=row.uscc or row.permit_no or row.reg_no or row.local_no,
        category=row.category,
        industry=row.industry,
        township=row.township,
        covered=None if start is None else row.covered_on is not None and row.covered_on >= start,
        last_inspected_on=row.last_on,
        state=row.state,
        legal_rep=row.legal_rep,
        phone=row.phone,
        address=row.address,
        permit_no=row.permit_no,
        permit_valid_to=row.permit_valid_to,
        squad=row.squad,
        permit_category=row.permit_category,
        credit_grade=row.credit_grade,
        labels=tuple(row.labels),
        tags=tuple(row.tags),
        updated_at=row.updated_at,
        site=site,
    )


def facts_of(row: Any) -> TargetFacts:
    """The facts a person filled in, from a row of the table."""
    values = {name: getattr(row, name) for name in TargetFacts.__dataclass_fields__}
    return TargetFacts(**values | {name: tuple(values[name]) for name in LIST_FIELDS})


def all_facts(connection: Connection) -> Iterable[tuple[int, str, TargetFacts]]:
    """(id, ident, facts) of every target, to compare a file with."""
    for row in connection.execute(select(Target.__table__).order_by(Target.id)):
        yield row.id, row.ident, facts_of(row)


def one(connection: Connection, target_id: int) -> TargetDetail | None:
    """One target with its history; None if it is gone."""
    row = connection.execute(
        select(Target.__table__, ImportBatch.file_name)
        .outerjoin(ImportBatch, ImportBatch.id == Target.batch_id)
        .where(Target.id == target_id)
    ).first()
    if row is None:
        return None
    return TargetDetail(
        id=row.id,
        ident=row.ident,
        facts=facts_of(row),
        category_since=row.category_since,
        created_on=row.created_on,
        updated_at=row.updated_at,
        source_file=row.file_name or "",
        drawn=is_drawn(connection, target_id),
        inspections=_inspections(connection, target_id),
        recusals=recusals.of_target(connection, target_id),
        changes=changes_of(connection, "target", target_id),
    )


def is_drawn(connection: Connection, target_id: int) -> bool:
    """Whether a record names its ident: it stood in a closed draw, or one is under way."""
    under_way = select(Draw.id).where(Draw.state.in_((DrawState.FROZEN, DrawState.COMMITTED)))
    drawn = select(DrawnTarget.id).where(DrawnTarget.target_id == target_id)
    return connection.execute(under_way.union_all(drawn).limit(1)).first() is not None


def _inspections(connection: Connection, target_id: int) -> tuple[PastInspection, ...]:
    found = connection.execute(
        select(InspectionEntry.__table__)
        .where(InspectionEntry.target_id == target_id)
        .order_by(InspectionEntry.on.desc(), InspectionEntry.id.desc())
    )
    return tuple(
        PastInspection(
            id=row.id,
            drawn=row.assignment_id is not None,
            on=row.on,
            kind=InspectionKind(row.kind).label,
            category=row.category,
            finding=row.finding,
            violation=row.violation,
            covers=row.covers,
            source=row.source,
        )
        for row in found
    )


def choices(connection: Connection) -> TargetChoices:
    """Values that occur, for the filters."""
    return TargetChoices(
        categories=counted(connection, Target.category),
        states=counted(connection, Target.state),
        townships=counted(connection, Target.township),
        industries=counted(connection, Target.industry),
        squads=counted(connection, Target.squad),
        kinds=counted(connection, Target.kind),
    )


def counted(connection: Connection, column: Any, *conditions: Any) -> tuple[Counted, ...]:
    """Values of a column with their number, most frequent first, empty ones left out."""
    found = connection.execute(
        select(column, func.count())
        .where(column != "", *conditions)
        .group_by(column)
        .order_by(func.count().desc(), column)
    )
    return tuple(Counted(value, count) for value, count in found)


def counts(connection: Connection) -> TargetCounts:
    """How many there are; closed and moved ones are not in force."""
    total, without = connection.execute(
        select(
            func.count(),
            func.count().filter(Target.uscc == "", Target.permit_no == "", Target.reg_no == ""),
        ).select_from(Target)
    ).one()
    in_force = counted(connection, Target.category, Target.state.not_in(("closed", "moved")))
    return TargetCounts(total, in_force, without)
