"""各组应办: what each squad and team still owes — to be shown, and printed for the squad."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read.tasks import Progress, TaskRow, read_tasks, tasks_of
from app.db.unit_of_work import UnitOfWork
from app.domain.periods import Period
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.models import Inspector
from app.services import rulebooks
from app.services.days.period_days import PeriodDays
from app.services.tasks import rectifying
from app.services.workspace import read_unit

__all__ = ["OwedRow", "PrintOwed", "SquadOwes", "owed", "print_owed"]

SECRET = "检查前保密"  # noqa: S105 - a notice, not a password


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRow:
    """One thing a team owes; ``id`` is the assignment's.

    ``name`` is always the target's: who shows it asks ``secret`` first.  ``late``: past the day
    in the mild reading too.
    """

    id: int
    what: str
    draw_no: str
    period: str
    serial: str
    name: str
    code: str
    team: str
    people: str
    due_on: date
    days_left: int
    late: bool
    secret: bool

    @property
    def left(self) -> str:
        """How long there is, in words: 还有 5 天, 今天, 逾期 2 天."""
        if self.days_left < 0:
            return f"{'逾期' if self.late else '过提醒日'} {-self.days_left} 天"
        return "今天" if self.days_left == 0 else f"还有 {self.days_left} 天"


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadOwes:
    """A squad (中队, else the section of who leads, else the two) with what it owes, by day."""

    squad: str
    rows: tuple[OwedRow, ...]

    @property
    def overdue(self) -> int:
        """How many of them are late."""
        return sum(1 for row in self.rows if row.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOwed:
    """Write a squad's list; None: one of each squad. Names are printed only if asked for."""

    squad: str | None = None
    names: bool = False
    to: Path | None = None


_WHAT = {
    Progress.OPEN: "检查",
    Progress.TO_ENTER: "录入结果",
    Progress.ENTERING: "录完结果",
    Progress.RETURNED: "修改退回的结果",
}


def owed(connection: Connection, today: date) -> tuple[SquadOwes, ...]:
    """Every squad that owes something, the one with the nearest day first."""
    squads = _squads(connection)
    days = PeriodDays(connection, rulebooks.of_unit(connection))
    by_squad: dict[str, list[OwedRow]] = defaultdict(list)
    for task in read_tasks(connection, tasks_of()):
        what = _WHAT.get(task.progress)
        if what is not None:
            row = _row(task, what, task.due_on, today, late_after=days.late_after(task))
            by_squad[_squad(squads, task)].append(row)
    for each in rectifying.open_ones(connection):
        if each.due is not None:
            row = _row(each.task, "督促整改", each.due, today)
            by_squad[_squad(squads, each.task)].append(row)
    found = [
        SquadOwes(squad=name, rows=tuple(sorted(rows, key=lambda r: (r.due_on, r.serial))))
        for name, rows in by_squad.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.rows[0].due_on, each.squad)))


def print_owed(uow: UnitOfWork, command: PrintOwed) -> tuple[Path, ...]:
    """Write the lists as PDF, one per squad; UserError if nothing is owed."""
    from app.documents import owed_list

    connection = uow.session.connection()
    unit = read_unit(connection)
    wanted = [
        each
        for each in owed(connection, uow.today)
        if command.squad is None or each.squad == command.squad
    ]
    if not wanted:
        raise UserError("没有应办事项可以打印。", "请刷新后再看。")
    folder = command.to or uow.folder.notices
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for each in wanted:
        several = len({row.draw_no for row in each.rows}) > 1
        path = folder / safe_name(f"应办清单-{each.squad}-{uow.today}.pdf")
        facts = owed_list.OwedFacts(
            unit=unit.name,
            squad=each.squad,
            made_on=uow.today,
            made_by=uow.actor,
            lines=tuple(
                owed_list.OwedLine(
                    serial=f"{row.serial} {row.period}" if several else row.serial,
                    what=row.what,
                    name=row.name if command.names or not row.secret else f"（{SECRET}）",
                    team=row.people,
                    due_on=row.due_on,
                    left=row.left,
                )
                for row in each.rows
            ),
        )
        write_atomically(path, owed_list.build(facts))
        paths.append(path)
    uow.record(
        "duty.print",
        "、".join(each.squad for each in wanted),
        {"rows": sum(len(each.rows) for each in wanted), "names": command.names},
    )
    uow.commit()
    return tuple(paths)


def _row(
    task: TaskRow, what: str, due: date, today: date, *, late_after: date | None = None
) -> OwedRow:
    return OwedRow(
        id=task.id,
        what=what,
        draw_no=task.draw_no,
        period=Period.parse(task.period).in_words(),
        serial=task.serial,
        name=task.shown_name,
        code=task.target_code,
        team=task.team,
        people=task.people,
        due_on=due,
        days_left=(due - today).days,
        late=today > (late_after or due),
        secret=task.progress is Progress.OPEN,
    )


def _squads(connection: Connection) -> dict[int, str]:
    rows = connection.execute(select(Inspector.id, Inspector.squad, Inspector.section))
    return {row.id: row.squad or row.section for row in rows}


def _squad(squads: dict[int, str], task: TaskRow) -> str:
    """Of who leads; without one the people's own names: “第 1 组” is another in each draw."""
    return squads.get(task.lead_id or 0, "") or task.people
