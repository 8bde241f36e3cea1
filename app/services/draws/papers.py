"""The files of a draw's folder, written from the database and printable again at any time.

Records first (text, exact bytes), then paper.  Nothing here decides anything.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.db import ledger
from app.db.read import substitutions
from app.db.unit_of_work import UnitOfWork
from app.documents import (
    attendance,
    commitment_slip,
    explanation,
    invitation,
    minutes,
    minutes_public,
    void_form,
    void_public,
    witness_slips,
    words,
)
from app.documents import disclosure as disclosure_form
from app.domain import rd1
from app.domain.paper_texts import PaperKind
from app.domain.periods import Period
from app.errors import EnvironmentFault, UserError
from app.exchange.files import safe_name, write_atomically
from app.models import Draw, DrawState
from app.paths import RESOURCES, WorkspaceFolder
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.draw_papers import (
    attendance_facts,
    minutes_facts,
    public_facts,
    slip_facts,
    void_facts,
)
from app.services.draws.series import find_draw
from app.services.paperwork import paper_words
from app.services.public.publicity import disclosure_facts
from app.services.public.void_publicity import void_disclosure_facts
from app.services.workspace import read_unit

VERIFY_PAGE = RESOURCES / "verify.html"
"""The page that recomputes a draw in a browser; a copy lies in every folder."""


def _folder(folder: WorkspaceFolder, no: str) -> Path:
    path = folder.draws / no
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_records(folder: WorkspaceFolder, draw: Draw) -> None:
    """plan.txt, excluded.txt, then result.txt or void.txt, exactly as the database has them."""
    room = _folder(folder, draw.no)
    write_atomically(room / "plan.txt", draw.plan_bytes)
    write_atomically(room / "excluded.txt", draw.excluded_bytes)
    if draw.void_bytes:
        write_atomically(room / "void.txt", draw.void_bytes)
    elif draw.result_bytes:
        write_atomically(room / "result.txt", draw.result_bytes)


def write_addenda(uow: UnitOfWork, draw: Draw) -> None:
    """addendum-01.txt, addendum-02.txt …, exactly as the database has them."""
    room = _folder(uow.folder, draw.no)
    addenda = substitutions.addenda(uow.session.connection(), draw.id)
    for number, data in enumerate(addenda, 1):
        write_atomically(room / rd1.addendum_name(number), data)


def remove_records(folder: WorkspaceFolder, no: str) -> None:
    """Take a withdrawn draw's folder away: no randomness was bound to it."""
    shutil.rmtree(folder.draws / no, ignore_errors=True)


WRITTEN = "draw.papers"
"""Ledger action: which files were put into a draw's folder, with their SHA-256."""


def put(uow: UnitOfWork, no: str, files: Mapping[str, bytes]) -> Path:
    """Write papers into a draw's folder and tell the ledger their digests, so that a file that is
    changed or taken away is found; gives the folder.

    For a unit of work whose own step is committed: this commits again.
    """
    room = _folder(uow.folder, no)
    for name, data in files.items():
        write_atomically(room / name, data)
    tell(uow, no, files)
    return room


def tell(uow: UnitOfWork, no: str, files: Mapping[str, bytes]) -> None:
    """Put the digests of a draw's papers into the ledger, and commit."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    uow.record(WRITTEN, no, {"files": digests})
    uow.commit()


def write_slip(uow: UnitOfWork, draw: Draw, head: ledger.Head) -> None:
    """commitment.pdf: what all sign before the slips are opened."""
    put(uow, draw.no, {"commitment.pdf": commitment_slip.build(slip_facts(draw, head))})


@dataclass(frozen=True, slots=True)
class PrintWitnessSlips:
    """Blank slips for the witnesses of a draw."""

    no: str


def write_witness_slips(uow: UnitOfWork, command: PrintWitnessSlips) -> Path:
    """witness-slips.pdf: blank, to be written on and folded before R exists; gives its path."""
    draw = find_draw(uow, command.no)
    unit = unpack_facts(draw.facts).unit
    facts = witness_slips.WitnessSlipFacts(unit=unit, draw_number=draw.no, rehearsal=draw.rehearsal)
    return (
        put(uow, draw.no, {"witness-slips.pdf": witness_slips.build(facts)}) / "witness-slips.pdf"
    )


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is asked to witness, and the body they come from."""

    name: str
    organ: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteWitnesses:
    """Letters for a draw that is not frozen yet, one file each, into ``folder``.

    ``at``: when it is to be held, office time; ``contact``: a name and a telephone.
    """

    folder: Path
    period: str
    invitees: tuple[Invitee, ...]
    at: datetime
    place: str
    contact: str
    document_no: str = ""
    rehearsal: bool = False


def write_invitations(uow: UnitOfWork, command: InviteWitnesses) -> tuple[Path, ...]:
    """见证邀请函, one PDF per person; gives their paths.

    Errors: UserError (nobody, a field empty, too long for a page), EnvironmentFault (the folder).
    """
    if not command.invitees:
        raise UserError("还没有填写邀请谁。", "请先登记见证人的姓名和单位。")
    fields = (command.place, command.contact, *(each.name for each in command.invitees))
    if not all(text.strip() for text in fields):
        raise UserError("邀请函还缺地点、联系人或姓名。", "请补全后再打印。")
    connection = uow.session.connection()
    unit = read_unit(connection)
    try:
        command.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            f"不能建立文件夹：{command.folder}。", "请检查磁盘空间和写入权限。"
        ) from error
    written: list[Path] = []
    for at, invitee in enumerate(command.invitees, start=1):
        values = {
            "单位": unit.name,
            "受邀人": invitee.name,
            "受邀单位": invitee.organ,
            "抽取时间": words.moment(command.at),
            "地点": command.place,
            "抽取内容": f"{Period.parse(command.period).in_words()}的检查对象和执法检查人员",
            "联系人": command.contact,
        }
        facts = invitation.InvitationFacts(
            unit=unit.name,
            text=paper_words.printed(connection, PaperKind.INVITATION, values),
            document_number=command.document_no,
            name=invitee.name,
            body=invitee.organ,
            contact=command.contact,
            issued_on=uow.today,
            rehearsal=command.rehearsal,
        )
        path = command.folder / safe_name(f"见证邀请函-{at}-{invitee.name}.pdf")
        write_atomically(path, invitation.build(facts))
        written.append(path)
    return tuple(written)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in the room besides witnesses and those who hold the draw."""

    name: str
    organ: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintAttendance:
    """The attendance sheet of a frozen draw; empty rows stay for whoever comes unannounced."""

    no: str
    guests: Sequence[Guest] = ()


def write_attendance(uow: UnitOfWork, command: PrintAttendance) -> Path:
    """attendance.pdf: signed by everybody on arrival; gives its path."""
    draw = find_draw(uow, command.no)
    others = [attendance.Attendee("其他", g.name, g.organ, g.post) for g in command.guests]
    data = attendance.build(attendance_facts(uow.session.connection(), draw, others))
    return put(uow, draw.no, {"attendance.pdf": data}) / "attendance.pdf"


def write_explanation(uow: UnitOfWork, no: str) -> Path:
    """explanation.pdf: why nobody can steer the draw, on one page for laymen; gives its path."""
    draw = find_draw(uow, no)
    facts = explanation.ExplanationFacts(
        unit=unpack_facts(draw.facts).unit, rehearsal=draw.rehearsal
    )
    return put(uow, draw.no, {"explanation.pdf": explanation.build(facts)}) / "explanation.pdf"


def disclosure(uow: UnitOfWork, no: str) -> bytes:
    """The public edition of the stage draw ``no`` is in now, as PDF bytes.

    Errors: UserError while nothing was inspected: then only minutes-public.pdf may be shown; of a
    void draw while inspections of its period go on.
    """
    if find_draw(uow, no).state is DrawState.VOID:
        return void_public.build(void_disclosure_facts(uow, no))
    return disclosure_form.build(disclosure_facts(uow, no))


def write_disclosure(uow: UnitOfWork, no: str) -> Path:
    """disclosure.pdf: the public edition of the stage the draw is in now; gives its path.

    Errors: as ``disclosure``.
    """
    return put(uow, no, {"disclosure.pdf": disclosure(uow, no)}) / "disclosure.pdf"


def write_void(uow: UnitOfWork, draw: Draw, head: ledger.Head) -> None:
    """void.pdf: the record of a draw broken off, to be signed and kept."""
    put(uow, draw.no, {"void.pdf": void_form.build(void_facts(draw, head))})


def write_minutes(uow: UnitOfWork, draw: Draw, head: ledger.Head) -> None:
    """minutes.pdf (sealed), minutes-public.pdf, and the page that recomputes the draw.

    minutes.pdf comes last: where it lies, a power cut has left none of the others out.
    """
    put(uow, draw.no, minutes_files(uow, draw, head))


def minutes_files(uow: UnitOfWork, draw: Draw, head: ledger.Head) -> dict[str, bytes]:
    """The files of ``write_minutes`` by name, minutes.pdf last."""
    sealed = minutes_facts(uow.session.connection(), draw, head)
    page = {VERIFY_PAGE.name: VERIFY_PAGE.read_bytes()} if VERIFY_PAGE.is_file() else {}
    return {
        **page,
        "minutes-public.pdf": minutes_public.build(public_facts(sealed)),
        "minutes.pdf": minutes.build(sealed),
    }
