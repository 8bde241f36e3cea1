"""What has happened so far in one ceremony, and how an interrupted one is taken up again."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime

from app.db.read import draws, substitutions
from app.db.read.draws import DrawSheet
from app.domain.periods import Period
from app.domain.ways import Way
from app.errors import UserError
from app.services.draws import drawing, previewing
from app.services.draws.draw_codes import QrCode, commitment_code
from app.services.draws.draw_commands import FreezeDraw
from app.services.replacing.redrawing import Redraw
from app.services.workspace import Workspace


class Stage(enum.IntEnum):
    """The eight steps (RD1 §1), in order; there is no way back past COMMIT."""

    PREPARE = 0
    SEAL = 1
    SLIPS = 2
    COMMIT = 3
    OPEN = 4
    SHOW = 5
    CHECK = 6
    SIGN = 7


STAGE_WORDS = (
    "核对名单",
    "封存名单",
    "写号折条",
    "出承诺单",
    "开号",
    "揭晓",
    "复算",
    "签字归档",
)
BARRIER = int(Stage.OPEN)


@dataclass(frozen=True, slots=True)
class Room:
    """Who leads, who writes down, where."""

    host: str = ""
    recorder: str = ""
    place: str = ""


@dataclass(slots=True, kw_only=True)
class Course:
    """Grows step by step; what is set is fixed in the database too."""

    workspace: Workspace
    period: str
    rehearsal: bool
    headcount: int | None = None
    asked: FreezeDraw | None = None
    redraw: Redraw | None = None
    room: Room = Room()
    witnesses: tuple[drawing.WitnessInput, ...] = ()
    frozen: drawing.Frozen | None = None
    committed: drawing.Committed | None = None
    committed_at: datetime | None = None
    digits: tuple[str, ...] = ()
    revealed: drawing.Revealed | None = None

    @property
    def no(self) -> str:
        """The draw's number, empty before the list is sealed."""
        return self.frozen.no if self.frozen else ""

    @property
    def code(self) -> QrCode | None:
        """The slip's QR code once the commitment is made."""
        made = self.committed
        return commitment_code(made.no, made.plan, made.commitment) if made else None

    @property
    def title(self) -> str:
        """“2026年第三季度双随机抽取”, with the way if it is not the usual one."""
        period = Period.parse(self.period).in_words()
        if self.redraws:
            return f"{period}重新抽取检查人员"
        usual = f"{period}双随机抽取"
        way = self.way
        return usual if way is Way.UNDIRECTED else f"{usual}（{way.label}）"

    @property
    def redraws(self) -> str:
        """Number of the draw of which somebody is drawn anew; empty for a usual draw."""
        if self.redraw is not None:
            return self.redraw.draw_no
        return self.frozen.redraws if self.frozen is not None else ""

    @property
    def way(self) -> Way:
        """How this draw goes."""
        if self.frozen is not None:
            return self.frozen.facts.how
        return self.asked.way if self.asked else Way.UNDIRECTED

    def command(self) -> FreezeDraw:
        """What is to be frozen, without those who are in the room."""
        usual = FreezeDraw(period=self.period, witnesses=())
        return replace(self.asked or usual, rehearsal=self.rehearsal, headcount=self.headcount)

    @property
    def operator(self) -> str:
        """Who sits at the keyboard."""
        return self.workspace.actor

    @property
    def stage(self) -> Stage:
        """Where an interrupted ceremony goes on."""
        if self.revealed is not None:
            return Stage.CHECK
        if self.committed is not None:
            return Stage.COMMIT
        return Stage.PREPARE if self.frozen is None else Stage.SEAL


def people_count(frozen: drawing.Frozen) -> int:
    """Everybody who can be drawn, of all groups."""
    own = sum(person.eligible for person in frozen.facts.plan.people)
    return own + sum(count for _title, count in frozen.others)


def people_lines(frozen: drawing.Frozen) -> tuple[str, ...]:
    """Who can be drawn, a line for each group: counts only."""
    facts = frozen.facts
    own = sum(person.eligible for person in facts.plan.people)
    lines = [f"合格执法人员 {own} 人"] if facts.plan.people else []
    lines += [f"{title} {count} 人" for title, count in frozen.others]
    return tuple(lines) or ("本次不抽取人员",)


def take_up(workspace: Workspace, no: str) -> Course:
    """Read an interrupted or unchecked draw back; UserError if it is void or unknown."""
    sheet = workspace.read(draws.sheet, no)
    if sheet is None:
        raise UserError(f"没有编号为 {no} 的抽取。", "请核对编号。")
    if sheet.brief.state == "void":
        raise UserError(f"抽取 {no} 已经作废，不能继续。", "需要时请开始新的抽取。")
    frozen = workspace.read(previewing.frozen, workspace.folder, no)
    course = Course(
        workspace=workspace,
        period=sheet.brief.period,
        rehearsal=sheet.brief.rehearsal,
        room=Room(sheet.host, sheet.recorder, sheet.place),
        witnesses=tuple(
            drawing.WitnessInput(w.name, w.organ, w.post, frozen.facts.role(w.position))
            for w in sheet.witnesses
        ),
        frozen=frozen,
    )
    if sheet.commitment:
        course.committed = drawing.Committed(
            no=no,
            plan=sheet.brief.plan,
            commitment=sheet.commitment,
            folder=workspace.folder.draws / no,
        )
        course.committed_at = sheet.committed_at
    if sheet.brief.state == "closed":
        course.digits = tuple(witness.digits for witness in sheet.witnesses)
        course.revealed = _revealed(workspace, sheet)
    return course


def _revealed(workspace: Workspace, sheet: DrawSheet) -> drawing.Revealed:
    lines = workspace.read(draws.drawn_lines, sheet.brief.no)
    redrawn = workspace.read(substitutions.by_redraw, sheet.brief.no)
    serials = tuple(serial for row in redrawn for serial in row.serials)
    return drawing.Revealed(
        no=sheet.brief.no,
        plan=sheet.brief.plan,
        commitment=sheet.commitment,
        reveal=sheet.reveal,
        seed=sheet.seed,
        result=sheet.brief.result,
        selected=len(lines) or len(serials),
        serials=tuple(line.serial for line in lines) or serials,
        folder=workspace.folder.draws / sheet.brief.no,
    )
