"""The folder of a draw made elsewhere: its record, printable again at any time.

It lies beside the draws' folder, not in it: there is no plan to verify.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from app.db.read import incoming as lists
from app.db.read.pool import target_names
from app.db.unit_of_work import UnitOfWork
from app.documents import received_record
from app.documents.received_record import ReceivedFacts, ReceivedTask
from app.domain.rulebook import DrawPlace, Rulebook
from app.domain.ways import Way, offer_of
from app.errors import IntegrityError
from app.exchange.files import write_atomically
from app.models import Assignment, Draw, Inspector, Target
from app.paths import WorkspaceFolder
from app.services import rulebooks
from app.services.draws.draw_facts import DrawFacts, unpack_facts
from app.services.workspace import read_unit

__all__ = ["RECORD", "folder_of", "write", "write_missing"]

RECORD = "record.pdf"
_CLAIMS = {
    Way.PLATFORM: (
        "检查对象{people}由{platform}抽取，本单位只接收名单。"
        "平台怎样抽取、是否随机，本单位没有参与，本记录不作证明。"
    ),
    Way.ASSIGNED: ("检查对象和检查人员均由{organ}确定，属平台指派，本单位没有抽取任何对象和人员。"),
}


def folder_of(folder: WorkspaceFolder, no: str) -> Path:
    """Where the record of a draw made elsewhere lies."""
    return folder.received / no


def write_missing(uow: UnitOfWork) -> None:
    """Write the records that are not there, after a power cut or a full disk."""
    elsewhere = [way.value for way in Way if way.elsewhere]
    for draw in uow.session.scalars(select(Draw).where(Draw.way.in_(elsewhere))).all():
        if not (folder_of(uow.folder, draw.no) / RECORD).is_file():
            write(uow, draw)


def write(uow: UnitOfWork, draw: Draw) -> None:
    """record.pdf, from the database."""
    connection = uow.session.connection()
    facts, found = unpack_facts(draw.facts), lists.one(connection, draw.list_id)
    if found is None:
        raise IntegrityError(f"{draw.no} 的名单已不在。", "请从备份恢复。")
    rulebook = rulebooks.under(connection, facts.rulebook_id, facts.rulebook_version)
    way = Way(draw.way)
    platform = rulebook.platform.value if rulebook.platform else "平台"
    tasks = tuple(_tasks(uow, draw, rulebook))
    people = "和检查人员" if any(task.people for task in tasks) else ""
    duty = next((each for each in rulebook.duties if each.code == "secrecy"), None)
    data = received_record.build(
        ReceivedFacts(
            unit=facts.unit,
            period=facts.plan.period_words,
            number=draw.no,
            way=way.label,
            platform=rulebook.platform.value if rulebook.platform else "",
            organ=found.organ,
            document=found.document_no,
            file_name=found.file_name,
            sha256=found.sha256,
            at=found.at.astimezone(),
            by=found.by,
            bases=tuple(_bases(facts, rulebook, read_unit(connection).level)),
            claim=_CLAIMS[way].format(platform=platform, organ=found.organ, people=people),
            tasks=tasks,
            secrecy=f"（{rulebook.cite(duty.article)}）" if duty else "",
        )
    )
    room = folder_of(uow.folder, draw.no)
    room.mkdir(parents=True, exist_ok=True)
    write_atomically(room / RECORD, data)


def _bases(facts: DrawFacts, rulebook: Rulebook, level: str) -> Iterator[str]:
    offer = offer_of(rulebook, level, facts.how)
    article = offer.article if offer else rulebook.draw_place.article
    yield (
        f"《{facts.rulebook_title}》{article}"
        f"（规则文本{facts.rulebook_id}，第{facts.rulebook_version}版）。"
    )
    if facts.document_title:
        number = f"（{facts.document_no}）" if facts.document_no else ""
        yield f"《{facts.document_title}》{number}。"
    if rulebook.draw_place.value is DrawPlace.PLATFORM:
        yield f"{rulebook.cite(rulebook.draw_place.article)}要求在省平台抽取。"


def _tasks(uow: UnitOfWork, draw: Draw, rulebook: Rulebook) -> Iterator[ReceivedTask]:
    session = uow.session
    names = target_names(session.connection())
    people = {row.id: row.name for row in session.execute(select(Inspector.id, Inspector.name))}
    rows = session.execute(
        select(Assignment, Target.ident)
        .join(Target, Target.id == Assignment.target_id)
        .where(Assignment.draw_id == draw.id)
        .order_by(Assignment.id)
    )
    for task, ident in rows:
        yield ReceivedTask(
            serial=task.serial,
            name=names[ident].shown,
            code=names[ident].code,
            category=rulebook.category(task.category).label,
            people=tuple(people[each] for each in (task.lead_id, task.second_id) if each),
            due=task.due_on.isoformat(),
            task_no=task.task_no,
            remark="与此前的任务合并为一次检查" if task.visit_id else "",
        )
