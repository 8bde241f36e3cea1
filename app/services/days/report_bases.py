"""The targets behind a report's 基数: those counted when the list was sealed.

They are read from the sealed plan — who could be drawn, who was excluded, who waits for a later
round — so the list says nothing of who was drawn.  Where the list itself was what had been drawn
(elsewhere, or before), a target not inspected yet has no name.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from app.db.read import pool
from app.db.read.desk_details import SECRET
from app.db.read.tasks import Progress, in_draws, read_tasks, tasks_ever
from app.domain.periods import Period
from app.errors import UserError
from app.models import Draw
from app.services.days import report_counts
from app.services.days.report_counts import Head
from app.services.days.report_tables import ReportView
from app.services.draws.draw_facts import unpack_facts

__all__ = ["BaseRow", "Counted", "base_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRow:
    """One target of 基数; ``category``: the one in force when the list was sealed."""

    ident: str
    name: str
    category: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The rows; ``unknown``: how many more an older plan counted without keeping which."""

    rows: tuple[BaseRow, ...]
    unknown: int
    draws: tuple[str, ...]


def base_rows(connection: Connection, view: ReportView, content: str, category: str) -> Counted:
    """What one line's 基数 counts; ``category`` empty: the sum of all.

    Errors: UserError if the report has no such line.
    """
    heads = {
        key: head
        for key, head in report_counts.heads(
            connection, Period.parse(view.period), view.as_of
        ).items()
        if head.line is not None
    }
    if category:
        wanted = [heads[content, category]] if (content, category) in heads else []
    else:
        # One category drawn from twice is one part of N: the sum takes the larger.
        largest: dict[str, Head] = {}
        for (_content, code), head in heads.items():
            if code not in largest or head.base > largest[code].base:
                largest[code] = head
        wanted = list(largest.values())
    if not wanted:
        raise UserError("没有封存的基数。", "请刷新报表再看。")
    parts = [_part(connection, head) for head in wanted]
    return Counted(
        rows=tuple(row for rows, _no in parts for row in rows),
        unknown=sum(head.base - len(rows) for head, (rows, _no) in zip(wanted, parts, strict=True)),
        draws=tuple(dict.fromkeys(no for _rows, no in parts)),
    )


def _part(connection: Connection, head: Head) -> tuple[list[BaseRow], str]:
    draw = connection.execute(Draw.__table__.select().where(Draw.id == head.draw_id)).one()
    line, names = head.line, pool.target_names(connection)
    if line is None:
        return [], draw.no
    excluded = {
        each.ident: each.name
        for each in unpack_facts(draw.facts).plan.excluded
        if each.category == line.category
    }
    idents = {each for stratum in line.strata for each in stratum.ids}
    idents |= set(line.later) | set(excluded)
    shown = _inspected(connection, draw.no) if line.source else idents
    rows = []
    for ident in sorted(idents):
        if ident not in shown:
            continue
        known = names.get(ident)
        rows.append(
            BaseRow(
                ident=ident,
                name=known.shown if known else excluded.get(ident, ""),
                category=line.label,
                address=known.address if known else "",
            )
        )
    # Last, all alike: their place in the list tells nothing either.
    secret = BaseRow(ident="", name=SECRET, category=line.label)
    return rows + [secret] * (len(idents) - len(rows)), draw.no


def _inspected(connection: Connection, draw_no: str) -> set[str]:
    """Idents of a draw's targets whose names are out: the tasks' own rule."""
    tasks = read_tasks(connection, in_draws(tasks_ever(), draw_no=draw_no))
    seen = {task.target_id for task in tasks if task.progress is not Progress.OPEN}
    names = pool.target_names(connection).values()
    return {each.ident for each in names if each.id in seen}
