"""What the rules need of the directories: targets and inspectors with their history.

Targets and inspectors come as the rules' records; closed targets are included, since the rules
count what was drawn of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, select

from app.db.read.recusals import whole_people
from app.domain.fields import Choice
from app.domain.inspection import ResultState
from app.domain.inspector import Employment
from app.domain.namesakes import Site, site_words, with_site
from app.domain.periods import Period
from app.domain.rule_facts import (
    Absence,
    DrawnIn,
    DrawOutcome,
    Inspection,
    InspectionKind,
    InspectorRecord,
    TargetRecord,
)
from app.domain.rulebook import Rulebook
from app.domain.scope import TagsOfTarget
from app.domain.speciality import speciality_words
from app.domain.target import (
    CREDIT_GRADES,
    LABELS,
    PERMIT_CATEGORIES,
    POLLUTANTS,
    TargetState,
    kind_label,
)
from app.models import (
    Assignment,
    Draw,
    DrawState,
    Formality,
    InspectionEntry,
    InspectionItem,
    Inspector,
    InspectorAbsence,
    Result,
    Target,
)


def targets(connection: Connection) -> tuple[TargetRecord, ...]:
    """Every target with its inspections and the draws it was selected in (not rehearsals)."""
    history = _history(connection)
    drawn = _drawn(connection)
    rows = connection.execute(
        select(
            Target.id,
            Target.ident,
            Target.name,
            Target.category,
            Target.category_since,
            Target.created_on,
            Target.state,
            Target.suspended_from,
            Target.suspended_to,
            Target.library,
        ).order_by(Target.ident)
    )
    return tuple(
        TargetRecord(
            id=row.ident,
            name=row.name,
            category=row.category,
            state=TargetState(row.state),
            suspended_from=row.suspended_from,
            suspended_to=row.suspended_to,
            created_on=row.created_on,
            category_since=row.category_since,
            history=tuple(history.get(row.id, ())),
            drawn=tuple(drawn.get(row.id, ())),
            library=row.library,
        )
        for row in rows
    )


def _history(connection: Connection) -> dict[int, list[Inspection]]:
    entries: dict[int, list[Inspection]] = defaultdict(list)
    excused = _excused(connection)
    rows = connection.execute(
        select(
            InspectionEntry.target_id,
            InspectionEntry.assignment_id,
            InspectionEntry.on,
            InspectionEntry.kind,
            InspectionEntry.finding,
            InspectionEntry.violation,
            InspectionEntry.covers,
            InspectionEntry.category,
            Draw.period,
            _VISIT,
        )
        .outerjoin(Assignment, Assignment.id == InspectionEntry.assignment_id)
        .outerjoin(Draw, Draw.id == Assignment.draw_id)
        .order_by(InspectionEntry.target_id, InspectionEntry.on)
    )
    for row in rows:
        entries[row.target_id].append(
            Inspection(
                kind=InspectionKind(row.kind),
                on=row.on,
                period=Period.parse(row.period) if row.period else None,
                finding=row.finding or row.violation,
                violation=row.violation,
                covers=row.covers,
                category=row.category,
                visit=row.visit,
                excused=row.assignment_id in excused,
            )
        )
    return entries


def _excused(connection: Connection) -> frozenset[int]:
    """Tasks whose locked result has a reason why it does not count (不计频次理由)."""
    rows = connection.execute(
        select(Formality.assignment_id)
        .join(
            Result,
            and_(
                Result.assignment_id == Formality.assignment_id,
                Result.version == Formality.version,
            ),
        )
        .where(Result.state == ResultState.LOCKED, Formality.uncounted != "")
    )
    return frozenset(row.assignment_id for row in rows)


# Tasks done in one visit carry its first one's id.
_VISIT = func.coalesce(Assignment.visit_id, Assignment.id).label("visit")


def _drawn(connection: Connection) -> dict[int, list[DrawnIn]]:
    locked = (
        select(Result.assignment_id).where(Result.state == ResultState.LOCKED).scalar_subquery()
    )
    rows = connection.execute(
        select(
            Assignment.target_id,
            Assignment.category,
            Assignment.due_on,
            Assignment.replaced_by_id,
            Draw.period,
            Draw.kind,
            Assignment.id.in_(locked).label("locked"),
            InspectionEntry.covers,
            _VISIT,
        )
        .join(Draw, Draw.id == Assignment.draw_id)
        .outerjoin(InspectionEntry, InspectionEntry.assignment_id == Assignment.id)
        .where(Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False))
        .order_by(Assignment.target_id, Draw.seq)
    )
    drawn: dict[int, list[DrawnIn]] = defaultdict(list)
    for row in rows:
        drawn[row.target_id].append(
            DrawnIn(
                period=Period.parse(row.period),
                category=row.category,
                outcome=_outcome(row.locked, row.covers, row.replaced_by_id),
                due_on=row.due_on,
                kind=InspectionKind(row.kind),
                visit=row.visit,
            )
        )
    return drawn


def _outcome(locked: bool, covers: bool | None, replaced_by: int | None) -> DrawOutcome:
    if replaced_by is not None:
        return DrawOutcome.LAPSED
    if not locked:
        return DrawOutcome.PENDING
    return DrawOutcome.INSPECTED if covers else DrawOutcome.FRUITLESS


def inspectors(connection: Connection) -> tuple[InspectorRecord, ...]:
    """Everybody in the inspector directory."""
    away, recused = absences(connection), whole_people(connection)
    rows = connection.execute(select(Inspector.__table__).order_by(Inspector.personal_no))
    return tuple(
        InspectorRecord(
            id=row.personal_no,
            name=row.name,
            employment=Employment(row.employment) if row.employment else None,
            certificate_no=row.cert_no,
            certificate_from=row.cert_valid_from,
            certificate_until=row.cert_valid_to,
            on_duty=row.state == "on_duty",
            seconded_out=row.seconded_out,
            absences=(*_absences(row.leave_from, row.leave_to), *away.get(row.id, ())),
            specialities=tuple(row.specialities),
            may_lead=row.may_lead,
            recused=row.id in recused,
        )
        for row in rows
    )


def absences(connection: Connection) -> dict[int, list[Absence]]:
    """Registered absences by inspector, whatever their kind: who is away cannot be drawn."""
    found: dict[int, list[Absence]] = defaultdict(list)
    for row in connection.execute(
        select(InspectorAbsence.__table__).order_by(InspectorAbsence.since)
    ):
        found[row.inspector_id].append(Absence(since=row.since, until=row.until))
    return found


def _absences(since: date | None, until: date | None) -> tuple[Absence, ...]:
    return () if since is None else (Absence(since=since, until=until),)


def departments(connection: Connection) -> dict[str, str]:
    """Department code of each inspector by personal number, empty if none was given."""
    rows = connection.execute(select(Inspector.personal_no, Inspector.dept_code))
    return {row.personal_no: row.dept_code for row in rows}


def scope_tags(connection: Connection, rulebook: Rulebook) -> tuple[TagsOfTarget, ...]:
    """What each target says of itself, for a directed draw."""
    labels = {category.code: category.label for category in rulebook.categories}
    rows = connection.execute(
        select(
            Target.ident,
            Target.industry,
            Target.industry_code,
            Target.township,
            Target.category,
            Target.need,
            Target.project,
            Target.kind,
            Target.tags,
            Target.permit_category,
            Target.credit_grade,
            Target.pollutants,
            Target.labels,
        )
    )
    return tuple(
        TagsOfTarget(
            ident=row.ident,
            values=(
                ("行业", row.industry),
                ("行业代码", row.industry_code),
                ("乡镇街道", row.township),
                ("类别", labels.get(row.category, row.category)),
                ("专长", speciality_words(row.need) if row.need else ""),
                ("建设项目", "是" if row.project or row.kind == "project" else "否"),
                ("对象种类", kind_label(row.kind)),
            ),
            free=(
                *row.tags,
                *(f"污染物：{_word(POLLUTANTS, each)}" for each in row.pollutants),
                *(f"标签：{_word(LABELS, each)}" for each in row.labels),
                *(
                    f"{facet}：{_word(choices, value)}"
                    for facet, choices, value in (
                        ("许可类别", PERMIT_CATEGORIES, row.permit_category),
                        ("信用等级", CREDIT_GRADES, row.credit_grade),
                    )
                    if value
                ),
            ),
        )
        for row in rows
    )


def _word(choices: Sequence[Choice], value: str) -> str:
    return next((each.label for each in choices if each.value == value), value)


def needs(connection: Connection) -> dict[str, str]:
    """Speciality each target needs, by ident: its own, else its leading item's.

    The leading item is the first in the item list that applies to the target's category
    (empty ``categories``: applies to all).
    """
    items = connection.execute(
        select(InspectionItem.categories, InspectionItem.need)
        .where(InspectionItem.in_force.is_(True))
        .order_by(InspectionItem.position, InspectionItem.id)
    ).all()
    needs: dict[str, str] = {}
    for row in connection.execute(select(Target.ident, Target.category, Target.need)):
        leading = next(
            (item.need for item in items if not item.categories or row.category in item.categories),
            "",
        )
        needs[row.ident] = row.need or leading
    return needs


@dataclass(frozen=True, slots=True)
class TargetName:
    """How a target is shown: row id, RD1 ident, name, the code a person knows (may be empty).

    ``site`` says which one, where another target bears its name.
    """

    id: int
    ident: str
    name: str
    code: str
    address: str
    site: str = ""

    @property
    def shown(self) -> str:
        """The name as paper prints it: no two look alike."""
        return with_site(self.name, self.site)


def target_names(connection: Connection) -> dict[str, TargetName]:
    """Every target's names by RD1 ident."""
    rows = connection.execute(
        select(
            Target.id,
            Target.ident,
            Target.name,
            Target.uscc,
            Target.permit_no,
            Target.address,
            Target.township,
            Target.kind,
        )
    ).all()
    sites = site_words(
        Site(
            key=row.id,
            ident=row.ident,
            name=row.name,
            address=row.address,
            township=row.township,
            kind=row.kind,
        )
        for row in rows
    )
    return {
        row.ident: TargetName(
            row.id,
            row.ident,
            row.name,
            row.uscc or row.permit_no,
            row.address,
            sites.get(row.id, ""),
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class InspectorName:
    """How an inspector is shown on sealed paper."""

    id: int
    personal_no: str
    name: str
    cert_no: str
    section: str
    squad: str


def inspector_names(connection: Connection) -> dict[str, InspectorName]:
    """Every inspector's names by personal number."""
    rows = connection.execute(
        select(
            Inspector.id,
            Inspector.personal_no,
            Inspector.name,
            Inspector.cert_no,
            Inspector.section,
            Inspector.squad,
        )
    )
    return {row.personal_no: InspectorName(*row) for row in rows}
