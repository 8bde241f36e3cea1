"""履职证明: that a target was drawn, inspected and followed up as the law asks, of one year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from app.db import ledger
from app.db.read import corrections, followups, public_matters, publications, results
from app.db.read.followups import Followups
from app.db.read.tasks import Progress, TaskRow, read_tasks, tasks_counted
from app.db.unit_of_work import UnitOfWork
from app.documents import filing as paper
from app.documents import words
from app.documents.paper_frame import platform_words
from app.domain.inspection import ItemOutcome
from app.domain.paper_texts import PaperKind
from app.domain.periods import Period
from app.domain.rule_facts import InspectionKind
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.models import Draw, InspectionEntry, PlanKind, Target
from app.services import rulebooks
from app.services.archive.filing_scope import worth_filing
from app.services.paperwork import paper_words
from app.services.paperwork.numbering import paper_folder
from app.services.plans import plans
from app.services.workspace import read_unit

__all__ = ["PrintDutyProof", "print_proof", "proof"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDutyProof:
    """履职证明 of one target for a year, as PDF to ``path``.

    Without a path it goes into the workspace's own ``paper`` folder.
    """

    target_id: int
    year: int
    path: Path | None = None


def print_proof(uow: UnitOfWork, command: PrintDutyProof) -> Path:
    """Print one target's proof of duty done; gives the path.

    Errors: UserError (no such target, not a single inspection that year), EnvironmentFault.
    """
    data = proof(uow, command.target_id, command.year)
    path = command.path or _own_path(uow, command)
    write_atomically(path, data)
    uow.record("duty.proof", str(command.target_id), {"year": command.year})
    uow.commit()
    return path


def _own_path(uow: UnitOfWork, command: PrintDutyProof) -> Path:
    wanted = select(Target.name).where(Target.id == command.target_id)
    name = uow.session.execute(wanted).scalar_one()
    return paper_folder(uow) / safe_name(f"履职证明-{name}-{command.year}.pdf")


def proof(uow: UnitOfWork, target_id: int, year: int, only: int | None = None) -> bytes:
    """The proof as PDF bytes; ``only``: of this task alone.

    Errors: UserError (no such target, not a single inspection that year).
    """
    connection = uow.session.connection()
    target = uow.session.get(Target, target_id)
    if target is None:
        raise UserError("这条检查对象已经不在了。", "请刷新后再试。")
    tasks = [
        task
        for task in read_tasks(connection, tasks_counted().where(Target.id == target_id))
        if Period.parse(task.period).year == year and worth_filing(task) and only in (None, task.id)
    ]
    others = () if only is not None else _others(connection, target_id, year)
    if not tasks and not others:
        raise UserError(f"“{target.name}”{year} 年没有检查记录。", "请换一个年度。")
    rulebook = rulebooks.of_unit(connection)
    duty = next((each for each in rulebook.duties if each.code == "duty_done"), None)
    head = ledger.head(connection)
    unit, code = read_unit(connection).name, tasks[0].target_code if tasks else target.uscc
    values = {
        "单位": unit,
        "检查对象": target.name,
        "代码": code,
        "年度": f"{year}年",
        "制表人": uow.actor,
        "制表日期": words.day(uow.today),
        "账本条数": str(head.seq),
        "校验码": head.hash[:8],
    }
    return paper.build_proof(
        paper.DutyProof(
            unit=unit,
            text=paper_words.printed(connection, PaperKind.DUTY_PROOF, values),
            name=target.name,
            code=code,
            year=year,
            rulebook=rulebook.document.title,
            basis=duty.article if duty else "",
            made_on=uow.today,
            tasks=tuple(_duty_task(uow, task) for task in tasks),
            others=others,
        )
    )


def _others(connection: Connection, target_id: int, year: int) -> tuple[tuple[date, str, str], ...]:
    rows = connection.execute(
        select(
            InspectionEntry.on, InspectionEntry.kind, InspectionEntry.ground, InspectionEntry.source
        )
        .where(
            InspectionEntry.target_id == target_id,
            InspectionEntry.assignment_id.is_(None),
            InspectionEntry.on >= date(year, 1, 1),
            InspectionEntry.on <= date(year, 12, 31),
        )
        .order_by(InspectionEntry.on)
    )
    return tuple((row.on, row.ground or InspectionKind(row.kind).label, row.source) for row in rows)


def _duty_task(uow: UnitOfWork, task: TaskRow) -> paper.DutyTask:
    connection = uow.session.connection()
    draw = uow.session.get_one(Draw, task.draw_id)
    form = results.form(connection, task.id)
    checked = tuple(
        f"{item.name}（{item.outcome.label}）"
        for item in form.entry.items
        if item.outcome is not None and item.outcome is not ItemOutcome.NOT_APPLICABLE
    )
    after = followups.followups(connection, task.result_id) if task.result_id else None
    locked = task.progress is Progress.LOCKED
    return paper.DutyTask(
        draw_no=task.draw_no,
        serial=task.serial,
        drawn_on=form.drawn_on,
        result_hash=draw.result_hash or "",
        plan="；".join(_plan_words(connection, Period.parse(task.period))),
        due_on=task.due_on,
        inspected_on=task.inspected_on,
        people=task.people,
        items=checked,
        conclusion=task.conclusion.label if task.conclusion and locked else "还没有复核锁定",
        published_on=task.published_on,
        afterwards="；".join(_afterwards(connection, task, after)),
        platform=platform_words(task.plan_no, task.task_no),
    )


def _plan_words(connection: Connection, period: Period) -> Iterator[str]:
    for kind, key in ((PlanKind.ANNUAL, f"{period.year}"), (PlanKind.PERIOD, str(period))):
        for view in plans.versions(connection, kind, key):
            if view.binding:
                yield f"{view.title}（第{view.version}版）"


def _afterwards(connection: Connection, task: TaskRow, after: Followups | None) -> Iterator[str]:
    if task.replaced_by:
        yield f"由{task.replaced_by}替换"
    for old in corrections.voided(connection, task.id):
        said = old.conclusion.label if old.conclusion else "没有结论"
        yield f"第{old.version}版（{said}）已作废"
    if after is None or task.result_id is None:
        return
    if after.rectification is not None:
        done = after.rectification.completed_on
        yield f"整改完成于{done}" if done else "整改中"
    yield from (f"移送{each.organ}" for each in after.referrals)
    if after.case is not None:
        yield f"立案{after.case.case_no}"
        if after.case.ended_on is not None:
            yield f"{after.case.ended_on}办结（{after.case.outcome}）"
    yield from (f"{each.done_on}复查" for each in after.visits if each.done_on)
    if reason := publications.exemptions(connection).get(task.result_id):
        yield f"不予公示（{reason}）"
    for review in public_matters.reviews(connection):
        if review.result_id == task.result_id:
            said = review.outcome.label if review.outcome else "还没有答复"
            yield f"{review.received_on}申请复查，{said}"
