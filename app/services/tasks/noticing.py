"""检查任务通知单: one PDF per team with that team's targets only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from app.db.read import assignments, bound, recusals, results, substitutions
from app.db.read.assignments import AssignmentQuery, TeamRow
from app.db.read.substitutions import Scope, SubstitutionRow
from app.db.read.tasks import Progress, TaskRow
from app.db.unit_of_work import UnitOfWork
from app.domain.course import Step
from app.domain.paper_texts import PaperKind, PaperText, filled
from app.domain.periods import Period
from app.domain.rulebook import Rulebook
from app.domain.speciality import speciality_words
from app.errors import EnvironmentFault, UserError
from app.exchange.files import safe_name, write_atomically
from app.models import Inspector, Target
from app.services import rulebooks
from app.services.paperwork import paper_words
from app.services.tasks import fitness, stepping
from app.services.workspace import UnitInfo, read_unit

if TYPE_CHECKING:
    from app.documents.notice import NoticeFacts

__all__ = ["NoticesMade", "PrintNotices", "print_notices"]

# What the rulebook's duties say to those who go out; other duties are the section's own.
_FOR_TEAMS = ("secrecy", "record", "recusal", "mobile", "no_change", "conduct", "referral")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintNotices:
    """Write the notices of a draw into a folder; ``teams`` are ``TeamRow.id``, None for all.

    ``tasks``: the teams of these assignments instead.  ``text``: a plain text file beside each,
    to be handed on as a file.  ``to`` None is the workspace's own ``notice`` folder.
    """

    draw_no: str
    teams: tuple[int, ...] | None = None
    tasks: tuple[int, ...] | None = None
    text: bool = False
    to: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesMade:
    """The files, one per team, in team order."""

    paths: tuple[Path, ...]


def print_notices(uow: UnitOfWork, command: PrintNotices) -> NoticesMade:
    """Write one notice per team; an older one of the same team is replaced.

    Errors: UserError if the draw has no such team, EnvironmentFault if it cannot be written.
    """
    from app.documents import notice, notice_text

    connection = uow.session.connection()
    teams = [
        team
        for team in assignments.teams(connection, AssignmentQuery(draw_no=command.draw_no))
        if _wanted(command, team)
    ]
    if not teams:
        raise UserError(f"抽取 {command.draw_no} 没有这个检查组的任务。", "请刷新后再试。")
    folder = command.to or _own_folder(uow, command.draw_no)
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    replaced = substitutions.register(connection, Scope(draw_no=command.draw_no))
    words = paper_words.words_of(connection, PaperKind.TEAM_NOTICE)
    paths = []
    for team in teams:
        path = folder / safe_name(f"检查任务通知单-{command.draw_no}-{team.name}.pdf")
        facts = _notice(uow, words, unit, rulebook, team, replaced)
        write_atomically(path, notice.build(facts))
        paths.append(path)
        if command.text:
            beside = path.with_suffix(".txt")
            write_atomically(beside, notice_text.build(facts).encode("utf-8-sig"))
            paths.append(beside)
        for task in team.tasks:
            stepping.take_if_lawful(uow, task.id, Step.NOTIFY)
    uow.record(
        "notice.print",
        command.draw_no,
        {"teams": [team.name for team in teams], "tasks": sum(len(team.tasks) for team in teams)},
    )
    uow.changed.update({"notice", "assignment"})
    uow.commit()
    return NoticesMade(paths=tuple(paths))


def _wanted(command: PrintNotices, team: TeamRow) -> bool:
    if command.tasks is not None:
        return any(task.id in command.tasks for task in team.tasks)
    return command.teams is None or team.id in command.teams


def _changes(team: TeamRow, replaced: Sequence[SubstitutionRow]) -> tuple[str, ...]:
    """What was replaced in this team's tasks since the draw, oldest first."""
    mine = {task.id for task in team.tasks}
    found = []
    for row in reversed(replaced):
        if not row.in_id:
            continue
        record = row.redraw_no or f"补充记录{row.number:02d}"
        if row.kind == "inspector" and mine & set(row.assignment_ids):
            own = [task.serial for task in team.tasks if task.id in row.assignment_ids]
            where = f"{'、'.join(own)}：" if team.number is None else ""
            found.append(
                f"{where}{row.out_name}不再承担，由{row.in_name}接替"
                f"（{row.on.isoformat()}，{record}，{row.reason}）"
            )
        elif row.kind == "target" and any(row.in_name == task.shown_name for task in team.tasks):
            found.append(
                f"{'、'.join(row.serials)}不再检查，改为{row.in_name}"
                f"（{row.on.isoformat()}，{record}，{row.reason}）"
            )
    return tuple(found)


def _own_folder(uow: UnitOfWork, draw_no: str) -> Path:
    folder = uow.folder.notices / draw_no
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault("不能建立通知单文件夹。", "请检查磁盘空间和写入权限。") from error
    return folder


def _warnings(connection: Connection, team: TeamRow, today: date) -> tuple[str, ...]:
    """Who of the team may not inspect as things stand, and what to do."""
    people = [each for each in (team.lead_id, team.second_id) if each is not None]
    if all(task.progress is not Progress.OPEN for task in team.tasks):
        return ()
    unfit = fitness.unfit_of(connection, people, today, today)
    return (
        *(f"{one.name}：{one.words}。请先{one.remedy}，否则办理更换" for one in unfit),
        *(
            f"{one.inspector}已对 {one.serial} 登记回避，须先更换"
            for one in recusals.conflicts(connection, draw_no=team.draw_no)
            if one.assignment_id in {task.id for task in team.tasks}
        ),
    )


def _notice(
    uow: UnitOfWork,
    words: PaperText,
    unit: UnitInfo,
    rulebook: Rulebook,
    team: TeamRow,
    replaced: Sequence[SubstitutionRow],
) -> NoticeFacts:
    from app.documents import notice

    connection = uow.session.connection()
    first = team.tasks[0]
    due = min(task.due_on for task in team.tasks)
    period = Period.parse(first.period).in_words()
    name = f"第{team.number}组" if team.number is not None else team.name
    members = _members(connection, team)
    values = {
        "单位": unit.name,
        "期间": period,
        "抽取编号": team.draw_no,
        "计划编号": first.plan_no,
        "检查组": name,
        "检查人员": "、".join(each.name for each in members),
        "户数": str(len(team.tasks)),
        "检查期限": f"{_day(due)}前",
        "派单日期": _day(uow.today),
    }
    return notice.NoticeFacts(
        unit=unit.name,
        text=filled(words, values),
        document_number="",
        draw_number=team.draw_no,
        period=period,
        team=name,
        members=(*members, *_along(connection, team)),
        targets=_targets(connection, team.tasks),
        deadline=f"{_day(due)}前完成检查并录入结果（{first.due_basis}）",
        requirements=tuple(duty.text for duty in rulebook.duties if duty.code in _FOR_TEAMS),
        issued_by=uow.actor,
        issued_on=uow.today,
        changes=_changes(team, replaced),
        warnings=_warnings(connection, team, uow.today),
        plan_no=first.plan_no,
    )


def _members(connection: Connection, team: TeamRow) -> tuple[Any, ...]:
    from app.documents.notice import NoticeMember

    known = {
        row.id: row
        for row in connection.execute(
            select(
                Inspector.id, Inspector.name, Inspector.cert_no, Inspector.section, Inspector.squad
            ).where(Inspector.id.in_([each for each in (team.lead_id, team.second_id) if each]))
        )
    }
    return tuple(
        NoticeMember(
            standing=standing,
            name=known[person].name,
            certificate=known[person].cert_no,
            department=known[person].squad or known[person].section,
        )
        for standing, person in (("牵头", team.lead_id), ("组员", team.second_id))
        if person is not None
    )


def _along(connection: Connection, team: TeamRow) -> tuple[Any, ...]:
    """Other departments' inspectors and experts, each with the tasks they come along to."""
    from app.documents.notice import NoticeMember

    serials = {task.id: task.serial for task in team.tasks}
    found: dict[tuple[str, str, bool], list[str]] = {}
    for ident, rows in bound.members(connection, list(serials)).items():
        for row in rows:
            if row.name:
                found.setdefault((row.title, row.name, row.chosen), []).append(serials[ident])
    return tuple(
        NoticeMember(
            standing=("指定专家" if chosen else "专家") if title == "专家" else "联合",
            name=name,
            certificate="",
            department="" if title == "专家" else title,
            tasks=tuple(tasks),
        )
        for (title, name, chosen), tasks in sorted(found.items())
    )


def _targets(connection: Connection, tasks: Sequence[TaskRow]) -> tuple[Any, ...]:
    from app.documents.notice import NoticeTarget

    known = {
        row.id: row
        for row in connection.execute(
            select(Target.id, Target.address, Target.legal_rep, Target.phone, Target.need).where(
                Target.id.in_([task.target_id for task in tasks])
            )
        )
    }
    return tuple(
        NoticeTarget(
            rank=task.serial,
            name=task.shown_name,
            code=task.target_code,
            address=known[task.target_id].address,
            contact=" ".join(
                each
                for each in (known[task.target_id].legal_rep, known[task.target_id].phone)
                if each
            ),
            need=speciality_words(known[task.target_id].need),
            items=tuple(
                name
                for _id, name in results.applicable_items(
                    connection, task.category, task.period, task.draw_no
                )
            ),
            remark="；".join(task.flags_in_words),
            task_no=task.task_no,
        )
        for task in tasks
    )


def _day(day: date) -> str:
    """2026年9月20日, as paper writes it."""
    return f"{day.year}年{day.month}月{day.day}日"
