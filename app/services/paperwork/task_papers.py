"""Papers of tasks: approval, notice, record, rectification, joint letter — one file for all asked.

Each is filled from the task's file as it stands, or left blank.  A paper with a number takes the
next of its series when it is printed for the first time, and keeps it; a number that was typed in
by hand is printed as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from app.db.read import bound, numbers
from app.db.read.result_file import ResultFile, result_file
from app.db.unit_of_work import UnitOfWork
from app.domain.document_numbers import blank as blank_number
from app.domain.formalities import KINDS, Demand, Formalities, NationalLayer
from app.domain.inspection import Conclusion, ResultState
from app.domain.paper_texts import PaperKind, PaperText, fill
from app.domain.periods import Period
from app.domain.rulebook import Rulebook
from app.domain.ways import Way
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.models import Assignment, Draw, InspectionItem, Inspector, Target
from app.services import rulebooks
from app.services.paperwork import numbering, paper_words
from app.services.plans import frequency_rules
from app.services.tasks import formalities
from app.services.workspace import UnitInfo, read_unit

if TYPE_CHECKING:
    from app.documents.page import Sheets
    from app.documents.paper_frame import PaperHead, PaperPerson, PaperTarget

__all__ = [
    "OF_TASKS",
    "PapersMade",
    "PrintPapers",
    "filled",
    "print_papers",
    "printable",
    "tasks_of_draw",
]

OF_TASKS = (
    PaperKind.APPROVAL,
    PaperKind.NOTICE,
    PaperKind.SITE_RECORD,
    PaperKind.RECTIFICATION,
    PaperKind.JOINT_LETTER,
)
"""What can be printed for tasks, in the order in which it is needed."""
_BASES = 3  # named in a sentence
_OPEN_STATES = (None, ResultState.DRAFT, ResultState.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPapers:
    """One kind for these assignments in one PDF; without any, the blank form.

    ``to`` None is the workspace's own ``paper`` folder.
    """

    kind: PaperKind
    tasks: tuple[int, ...] = ()
    to: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersMade:
    """The file, how many papers it holds, the numbers they carry, what was left out and why."""

    path: Path
    count: int
    numbers: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What every paper of one printing shares."""

    uow: UnitOfWork
    connection: Connection
    unit: UnitInfo
    rulebook: Rulebook
    text: PaperText
    today: date
    taking: bool = True  # whether a paper without a number gets one


def print_papers(uow: UnitOfWork, command: PrintPapers) -> PapersMade:
    """Write the papers; numbers are taken, and everything is recorded.

    Errors: UserError if none of the tasks can have this paper (why), or a template is wrong.
    """
    from app.documents.paper_frame import bind

    connection = uow.session.connection()
    desk = _Desk(
        uow=uow,
        connection=connection,
        unit=read_unit(connection),
        rulebook=rulebooks.of_unit(connection),
        text=paper_words.words_of(connection, command.kind),
        today=uow.today,
    )
    found, left_out = _made(desk, command)
    folder = command.to or numbering.paper_folder(uow)
    path = folder / safe_name(f"{_file_name(desk, command, len(found))}.pdf")
    write_atomically(path, bind([sheet for sheet, _number in found]))
    taken = tuple(number for _sheet, number in found if number)
    uow.record(
        "paper.print",
        command.kind.label,
        {"papers": len(found), "tasks": list(command.tasks), "numbers": list(taken)},
    )
    uow.commit()
    return PapersMade(path=path, count=len(found), numbers=taken, left_out=left_out)


def filled(uow: UnitOfWork, task: int) -> dict[str, bytes]:
    """What can be printed of a task as its file stands, by file name; no number is taken."""
    from app.documents.paper_frame import bind

    connection = uow.session.connection()
    unit, rulebook = read_unit(connection), rulebooks.of_unit(connection)
    file = result_file(connection, task)
    found = {}
    for kind, make in _MAKERS.items():
        if printable(file, kind):
            continue
        desk = _Desk(
            uow=uow,
            connection=connection,
            unit=unit,
            rulebook=rulebook,
            text=paper_words.words_of(connection, kind),
            today=uow.today,
            taking=False,
        )
        found[f"{kind.label}.pdf"] = bind((make(desk, file)[0],))
    return found


def tasks_of_draw(
    connection: Connection, draw_no: str, serials: Sequence[str] = ()
) -> tuple[int, ...]:
    """Ids of a draw's tasks, all or those with these serials; UserError names an unknown one."""
    rows = connection.execute(
        select(Assignment.serial, Assignment.id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(Draw.no == draw_no)
        .order_by(Assignment.id)
    )
    known: dict[str, int] = {row.serial: row.id for row in rows}
    unknown = [each for each in serials if each not in known]
    if not known or unknown:
        raise UserError(
            f"抽取 {draw_no} 没有任务{'、'.join(unknown)}。", "请核对抽取编号和任务序号。"
        )
    return tuple(known[each] for each in serials) if serials else tuple(known.values())


_Paper = tuple["Sheets", str]


def _made(desk: _Desk, command: PrintPapers) -> tuple[list[_Paper], tuple[str, ...]]:
    if not command.tasks:
        return [_blank(desk)], ()
    if command.kind is PaperKind.JOINT_LETTER:
        return list(_letters(desk, command.tasks)), ()
    make = _MAKERS[command.kind]
    files = [result_file(desk.connection, each) for each in dict.fromkeys(command.tasks)]
    left_out = tuple(
        f"{file.form.task.serial}：{why}"
        for file in files
        if (why := printable(file, command.kind) or _clash(desk, file))
    )
    found = [
        make(desk, file)
        for file in files
        if not printable(file, command.kind) and not _clash(desk, file)
    ]
    if not found:
        raise UserError(f"没有可以打印的{command.kind.label}。", "；".join(left_out) + "。")
    return found, left_out


def _clash(desk: _Desk, file: ResultFile) -> str:
    """Why the number typed in by hand cannot be this paper's."""
    typed = {
        PaperKind.NOTICE: file.form.entry.formalities.notice_no,
        PaperKind.RECTIFICATION: file.form.entry.document_no,
    }.get(desk.text.kind, "").strip()
    if not typed or numbers.is_voided(desk.connection, typed):
        return ""
    return numbering.clash(desk.connection, desk.text.kind, desk.text.series, _subject(file), typed)


def _subject(file: ResultFile) -> str:
    """What a paper's number is for: this task, this time it was inspected."""
    return f"assignment:{file.form.task.id}:{file.form.version}"


def printable(file: ResultFile, kind: PaperKind) -> str:
    """Why this paper cannot be made of a task; empty if it can."""
    if kind is PaperKind.RECTIFICATION:
        conclusion = file.form.entry.conclusion
        if conclusion not in {Conclusion.ORDERED, Conclusion.CASE}:
            return "没有责令整改的结论"
    return ""


def _file_name(desk: _Desk, command: PrintPapers, count: int) -> str:
    title = command.kind.label
    if not command.tasks:
        return f"{title}-空白"
    first = desk.connection.execute(
        select(Draw.no, Assignment.serial)
        .join(Assignment, Assignment.draw_id == Draw.id)
        .where(Assignment.id == command.tasks[0])
    ).one()
    if count == 1 and command.kind is not PaperKind.JOINT_LETTER:
        return f"{title}-{first.no}-{first.serial}"
    return f"{title}-{first.no}-{count}份-{desk.uow.now.astimezone():%m%d%H%M%S}"


# --- what all of them print ---------------------------------------------------------------


def _head(
    desk: _Desk, number: str, values: dict[str, str], made_on: date | None, *marks: str
) -> PaperHead:
    from app.documents.paper_frame import PaperHead, platform_words

    text = desk.text
    return PaperHead(
        unit=desk.unit.name,
        title=_title(desk),
        number=number,
        made_on=made_on,
        seal=text.seal,
        sealer=fill(text.sealer, values),
        copies=fill(text.copies, values),
        passages={each.code: fill(each.text, values) for each in text.passages},
        marks=marks,
        platform=platform_words(values.get("计划编号", ""), values.get("任务编号", "")),
    )


def _title(desk: _Desk) -> str:
    """The rulebook's own name for the record, unless the unit gave it one."""
    text = desk.text
    if text.kind is PaperKind.SITE_RECORD and text.title == paper_words.shipped(text.kind).title:
        for method in desk.rulebook.check_methods.value:
            named = re.search(r"《([^《》]+)》", method)
            if named:
                return named[1]
    return text.title


def _blank(desk: _Desk) -> _Paper:
    """Nothing known, no number taken."""
    from app.documents import (
        correction_form,
        inspection_approval,
        inspection_notice,
        joint_letter,
        rectification_notice,
        review_answer,
        site_record,
    )

    number = ""
    if desk.text.series:
        number = blank_number(numbering.series_of(desk.connection, desk.text.series))
    head = _head(desk, number, {"单位": desk.unit.name}, None)
    match desk.text.kind:
        case PaperKind.APPROVAL:
            facts = inspection_approval.ApprovalFacts(head=head)
            made = inspection_approval.compose(facts)
        case PaperKind.NOTICE:
            notice = inspection_notice.InspectionNoticeFacts(head=head)
            made = inspection_notice.compose(notice)
        case PaperKind.SITE_RECORD:
            record = site_record.SiteRecordFacts(
                head=head,
                signers=_signers(desk.rulebook),
                **_explained(formalities.layer(desk.connection), Formalities()),
            )
            made = site_record.compose(record)
        case PaperKind.JOINT_LETTER:
            made = joint_letter.compose(joint_letter.JointLetterFacts(head=head))
        case PaperKind.RECTIFICATION:
            ordered = rectification_notice.RectificationFacts(head=head)
            made = rectification_notice.compose(ordered)
        case PaperKind.CORRECTION:
            opinions = tuple(
                correction_form.Opinion(label=each.label, organ=each.organ, post=each.post)
                for each in desk.rulebook.correction.stations
            )
            form = correction_form.CorrectionFacts(head=head, opinions=opinions)
            made = correction_form.compose(form)
        case PaperKind.REVIEW_ANSWER:
            made = review_answer.compose(review_answer.ReviewAnswerFacts(head=head))
        case other:
            raise UserError(f"{other.label}没有空白表。", "请在它的页面上打印。")
    return made, ""


def _target(desk: _Desk, file: ResultFile) -> PaperTarget:
    from app.documents.paper_frame import PaperTarget

    task = file.form.task
    row = desk.connection.execute(
        select(Target.address, Target.legal_rep, Target.phone).where(Target.id == task.target_id)
    ).one()
    return PaperTarget(
        name=task.target_name,
        code=task.target_code,
        address=row.address,
        person=row.legal_rep,
        phone=row.phone,
    )


def _people(desk: _Desk, file: ResultFile) -> tuple[PaperPerson, ...]:
    from app.documents.paper_frame import PaperPerson

    wanted = file.form.entry.inspector_ids
    rows = desk.connection.execute(
        select(Inspector.id, Inspector.name, Inspector.cert_no).where(Inspector.id.in_(wanted))
    )
    known = {row.id: PaperPerson(row.name, row.cert_no) for row in rows}
    along = bound.members(desk.connection, [file.form.task.id]).get(file.form.task.id, ())
    return (
        *(known[each] for each in wanted if each in known),
        *(PaperPerson(row.name, body=row.title) for row in along if row.name),
    )


def _basis(desk: _Desk, file: ResultFile) -> str:
    """As it was written down; else the items' own, else the unit's document."""
    typed = file.form.entry.formalities.basis
    if typed:
        return typed
    rows = desk.connection.execute(
        select(InspectionItem.basis).where(
            InspectionItem.id.in_([each.item_id for each in file.form.entry.items]),
            InspectionItem.basis != "",
        )
    )
    listed = list(dict.fromkeys(row.basis for row in rows))
    more = "等" if len(listed) > _BASES else ""
    return "；".join(listed[:_BASES]) + more or f"《{desk.rulebook.document.title}》"


def _values(desk: _Desk, file: ResultFile) -> dict[str, str]:
    from app.documents import words
    from app.documents.paper_frame import EXPERT

    form = file.form
    task, entry, formal = form.task, form.entry, form.entry.formalities
    target = _target(desk, file)
    return {
        "单位": desk.unit.name,
        "检查对象": target.name,
        "代码": target.code,
        "地址": target.address,
        "负责人": target.person,
        "电话": target.phone,
        "期间": Period.parse(task.period).in_words(),
        "抽取编号": task.draw_no,
        "任务序号": task.serial,
        "计划编号": task.plan_no,
        "任务编号": task.task_no,
        "检查人员": "、".join(each.name for each in _people(desk, file) if each.body != EXPERT),
        "检查类别": _kind_words(formal.kind),
        "任务来源": formal.source,
        "法定依据": _basis(desk, file),
        "检查事项": "、".join(each.name for each in entry.items),
        "检查期限": f"{words.day(task.due_on)}前",
        "检查日期": words.day(entry.inspected_on) if entry.inspected_on else "",
        "发现的问题": entry.finding,
        "处理措施": entry.measure,
        "整改期限": words.day(entry.rectify_by) if entry.rectify_by else "",
    }


def _kind_words(kind: str) -> str:
    return next((each.label for each in KINDS if each.value == kind), "")


def _number(desk: _Desk, subject: str, typed: str, note: str) -> str:
    """The number typed in by hand, the one this paper has, or the next."""
    given, text = typed.strip(), desk.text
    if given and not numbers.is_voided(desk.connection, given):
        if not (desk.taking and text.series):
            return given
        return numbering.enter_typed(desk.uow, text.kind, text.series, subject, given, note)
    if not desk.text.series:
        return ""
    if not desk.taking:
        return numbers.in_force(desk.connection, desk.text.kind, subject) or ""
    return numbering.take(desk.uow, desk.text.kind, desk.text.series, subject, note)


# --- one paper each -----------------------------------------------------------------------


def _approval(desk: _Desk, file: ResultFile) -> _Paper:
    from app.documents import inspection_approval

    form = file.form
    task, formal = form.task, form.entry.formalities
    number = _number(desk, _subject(file), "", task.target_name)
    values = _values(desk, file)
    caps = frequency_rules.limits(desk.connection, desk.rulebook).caps
    facts = inspection_approval.ApprovalFacts(
        head=_head(desk, number, values, formal.approved_on or desk.today),
        target=_target(desk, file),
        kind=values["检查类别"],
        source=formal.source,
        basis=values["法定依据"],
        items=tuple(each.name for each in form.entry.items),
        people=_people(desk, file),
        assistants=formal.assistants_fixed,
        due=values["检查期限"],
        visits=form.visits,
        cap="；".join(f"{cap.limit} 次（{cap.article}）" for cap in caps) or "没有规定",
        uncounted=formal.uncounted,
        applied_by=formal.applied_by,
        applied_on=formal.applied_on,
        approved_by=formal.approved_by,
        approved_on=formal.approved_on,
        urgent_reason=formal.urgent_reason if formal.urgent else "",
    )
    return inspection_approval.compose(facts), number


def _notice(desk: _Desk, file: ResultFile) -> _Paper:
    from app.documents import inspection_notice, words

    form = file.form
    task, entry = form.task, form.entry
    number = _number(desk, _subject(file), entry.formalities.notice_no, task.target_name)
    _keep_notice_no(desk, file, number)
    served = f"{words.day(entry.inspected_on)} {entry.arrived}" if entry.inspected_on else ""
    facts = inspection_notice.InspectionNoticeFacts(
        head=_head(desk, number, _values(desk, file), entry.inspected_on or desk.today),
        target=_target(desk, file),
        people=_people(desk, file),
        items=tuple(each.name for each in entry.items),
        assistants=entry.formalities.assistants_fixed,
        served=served if entry.arrived else "",
    )
    return inspection_notice.compose(facts), number


def _keep_notice_no(desk: _Desk, file: ResultFile, number: str) -> None:
    """Into the formalities, while the result can still be typed: nobody has to copy it."""
    formal = file.form.entry.formalities
    if not desk.taking or formal.notice_no == number or file.form.task.state not in _OPEN_STATES:
        return
    task = file.form.task.id
    formalities.keep(desk.uow, task, file.form.version, replace(formal, notice_no=number))
    desk.uow.changed.update({"assignment", "result"})


def _record(desk: _Desk, file: ResultFile) -> _Paper:
    from app.documents import site_record

    form = file.form
    task, entry = form.task, form.entry
    facts = site_record.SiteRecordFacts(
        head=_head(desk, "", _values(desk, file), entry.inspected_on, task.draw_no),
        target=_target(desk, file),
        serial=task.serial,
        inspected_on=entry.inspected_on,
        arrived=entry.arrived,
        left=entry.left,
        way="、".join((entry.way.label, *entry.methods)) if entry.inspected_on else "",
        people=_people(desk, file),
        assistants=entry.assistants if entry.inspected_on else None,
        items=tuple(
            site_record.RecordItem(
                each.name, each.outcome.label if each.outcome else "", each.note, each.measure
            )
            for each in entry.items
        ),
        finding=entry.finding,
        conclusion=entry.conclusion.label if entry.conclusion else "",
        measure=entry.measure,
        confirmed_by=entry.formalities.confirmed_by,
        **_explained(form.layer, entry.formalities),
        signers=_signers(desk.rulebook),
        witness=entry.formalities.witnessed_by,
    )
    return site_record.compose(facts), ""


def _explained(layer: NationalLayer, formal: Formalities) -> dict[str, Any]:
    """What the record says of identity, scan code and telling the result; None where the unit
    does not use it, empty to be written by hand."""
    from app.documents import words
    from app.documents.site_record import EXPLAINED

    done = (
        formal.certificates_shown,
        formal.basis_shown,
        formal.intent_told,
        formal.procedure_told,
    )
    explained = tuple(each for each, was in zip(EXPLAINED, done, strict=True) if was)
    scan = formal.scanned_at or (f"未扫码：{formal.not_scanned}" if formal.not_scanned else "")
    told = " ".join((words.day(formal.told_on), formal.told_how)) if formal.told_on else ""
    asked = f"申请回避：{formal.recusal_note}".rstrip("：")
    return {
        "explained": None if layer.identity is Demand.OFF else explained,
        "recusal": {"none": "未申请", "asked": asked}.get(formal.recusal, ""),
        "scan": None if layer.scan is Demand.OFF else scan,
        "told": None if layer.told is Demand.OFF else told.strip(),
    }


def _signers(rulebook: Rulebook) -> tuple[str, ...]:
    """Whom the regulation has sign beside the inspectors, and who signs where nobody does."""
    named = rulebook.signatures.value if rulebook.signatures else ()
    found = [
        each
        for words in named
        if not words.startswith("《") and words != "检查人员"
        for each in words.split("或")
    ] or ["被检查单位负责人"]
    if "第三方见证人" not in found:
        found.append("见证人（拒签或不在场时）")
    return tuple(found)


def _rectification(desk: _Desk, file: ResultFile) -> _Paper:
    from app.documents import rectification_notice

    form = file.form
    task, entry = form.task, form.entry
    number = _number(desk, _subject(file), entry.document_no, task.target_name)
    values = _values(desk, file)
    facts = rectification_notice.RectificationFacts(
        head=_head(desk, number, values, entry.inspected_on or desk.today),
        target=_target(desk, file),
        problems=tuple(
            rectification_notice.Problem(each.name, each.note, each.measure)
            for each in entry.problems
        ),
        finding=entry.finding,
        measure=entry.measure,
        deadline=values["整改期限"],
    )
    return rectification_notice.compose(facts), number


_MAKERS: dict[PaperKind, Callable[[_Desk, ResultFile], _Paper]] = {
    PaperKind.APPROVAL: _approval,
    PaperKind.NOTICE: _notice,
    PaperKind.SITE_RECORD: _record,
    PaperKind.RECTIFICATION: _rectification,
}


def _letters(desk: _Desk, tasks: Sequence[int]) -> Iterator[_Paper]:
    """One letter per department and draw that the unit leads."""
    rows = desk.connection.execute(
        select(Assignment.id, Draw.id.label("draw_id"), Draw.no, Draw.way)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(Assignment.id.in_(list(tasks)))
        .order_by(Draw.seq, Assignment.id)
    ).all()
    led = [row for row in rows if row.way == Way.JOINT.value]
    members = bound.members(desk.connection, [row.id for row in led])
    letters: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for row in led:
        for member in members.get(row.id, ()):
            if member.title != "专家":
                letters.setdefault((row.draw_id, member.title), []).append((row.id, member.name))
    if not letters:
        raise UserError(
            "所选任务没有由我单位牵头的部门联合检查。",
            "联合检查函只在我单位牵头时出具，由其他部门牵头的按其来函办理。",
        )
    for (draw_id, department), attended in letters.items():
        yield _letter(desk, draw_id, department, attended)


def _letter(
    desk: _Desk, draw_id: int, department: str, attended: Sequence[tuple[int, str]]
) -> _Paper:
    from app.documents import joint_letter, words

    files = [(result_file(desk.connection, task), name) for task, name in attended]
    first = files[0][0].form.task
    number = _number(desk, f"draw:{draw_id}:{department}", "", department)
    due = max(file.form.task.due_on for file, _name in files)
    values = {
        "单位": desk.unit.name,
        "部门": department,
        "期间": Period.parse(first.period).in_words(),
        "抽取编号": first.draw_no,
        "计划编号": first.plan_no,
        "户数": str(len(files)),
        "检查期限": f"{words.day(due)}前",
    }
    facts = joint_letter.JointLetterFacts(
        head=_head(desk, number, values, desk.today),
        department=department,
        targets=tuple(
            joint_letter.JointTarget(
                file.form.task.serial,
                file.form.task.target_name,
                _target(desk, file).address,
                file.form.task.people,
                name or "待定",
                file.form.task.task_no,
            )
            for file, name in files
        ),
        contact=desk.uow.actor,
    )
    return joint_letter.compose(facts), number
