"""见证邀请函: when and where, asked before the letters are written, one for each witness typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from PySide6.QtWidgets import QWidget

from app.domain.fields import Field, FieldKind, FieldProblem
from app.services.draws import papers
from app.services.workspace import Workspace
from app.ui.widgets import FormDialog


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What stands in every letter; ``hour`` as typed, 9:30."""

    on: date | None
    hour: str
    place: str
    contact: str
    document_no: str = ""


_FIELDS = (
    Field(name="on", label="抽取日期", kind=FieldKind.DATE, required=True),
    Field(name="hour", label="时间", required=True, hint="如 9:30"),
    Field(name="place", label="地点", required=True, width=30),
    Field(name="contact", label="联系人和电话", required=True, width=30),
    Field(name="document_no", label="函号", hint="没有可以不填"),
)
_HOUR = re.compile(r"([0-9]{1,2})[:：.时]([0-9]{2})分?")


def hour_of(text: str) -> time | None:
    """9:30, 9：30, 9时30分; None for anything else."""
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2]))
    except ValueError:
        return None


def _check(asked: Invitation) -> Sequence[FieldProblem]:
    if asked.hour and hour_of(asked.hour) is None:
        return (FieldProblem("hour", "请写成 9:30 这样的时间。"),)
    return ()


def invitation_dialog(
    parent: QWidget,
    workspace: Workspace,
    course: tuple[str, bool],
    invitees: tuple[papers.Invitee, ...],
    place: str,
) -> FormDialog:
    """Ask, then write the letters; ``saved`` carries their paths.

    ``course``: period and whether it is a rehearsal.
    """
    period, rehearsal = course
    folder = workspace.folder.packages / f"见证邀请函-{period}"

    def write(asked: Invitation) -> object:
        hour = hour_of(asked.hour) or time()
        command = papers.InviteWitnesses(
            folder=folder,
            period=period,
            invitees=invitees,
            at=datetime.combine(asked.on or workspace.clock().date(), hour),
            place=asked.place,
            contact=asked.contact,
            document_no=asked.document_no,
            rehearsal=rehearsal,
        )
        return workspace.write(papers.write_invitations, command)

    asked = Invitation(on=None, hour="9:00", place=place, contact="")
    return FormDialog(
        parent,
        f"见证邀请函　{len(invitees)} 人",
        _FIELDS,
        asked,
        save=write,
        check=_check,
        columns=1,
        action="生成邀请函",
    )
