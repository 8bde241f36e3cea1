"""名录更新的一轮: opened with a checklist, proposed upwards, reviewed, in force.

What is proposed is the directories at one entry of the ledger, named by a digest; editing goes
on meanwhile and belongs to the next round.  A draw names the round in force and says how many
rows were changed since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read import past
from app.db.read.past import Moment
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines
from app.domain.deadlines import Deadline
from app.domain.periods import Period, Span
from app.domain.rulebook import DirectoryReview, Event, Rulebook
from app.domain.snapshot import is_listed
from app.errors import UserError
from app.models import DirectoryRound, RoundReview
from app.services import rulebooks
from app.services.days import calendar
from app.services.directories import past as times
from app.services.directories.past import Comparison, WriteComparisons
from app.services.workspace import read_unit

KINDS = {"targets": "target", "inspectors": "inspector", "items": "item"}
WORDS = {"targets": "检查对象名录", "inspectors": "执法检查人员名录", "items": "抽查事项清单"}
STATES = {"open": "更新中", "proposed": "已报审", "in_force": "已生效"}

CHECKS = {
    "handed_out": "填报表已发给各科室、中队",
    "merged": "各科室、中队填报的已收回并导入",
    "complete": "应列入的执法人员、检查对象没有遗漏",
    "categories": "建议调整分类的已逐家处理",
    "certificates": "执法证到期、人员变动已核对",
    "filed": "差异报告已打印，领导已过目",
}
"""The checklist of a round: what a person ticks, in order."""

_CODE = "directories"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """A directory's review: who has to, and what was recorded (``on`` None: not yet)."""

    directory: str
    due_from: str
    article: str
    organ: str = ""
    name: str = ""
    on: date | None = None
    document_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """One round as the window shows it; ``changes``: its difference to the round before."""

    id: int
    period: str
    state: str
    opened_on: date
    opened_by: str
    due_on: date | None
    due_words: str
    proposed_on: date | None
    digest: str
    in_force_on: date | None
    checks: Mapping[str, str]
    reviews: tuple[ReviewLine, ...]
    base: Moment
    moment: Moment
    counts: Mapping[str, int]

    @property
    def state_words(self) -> str:
        """更新中, 已报审 or 已生效."""
        return STATES[self.state]

    @property
    def period_words(self) -> str:
        """2026年第三季度."""
        return Period.parse(self.period).in_words()


@dataclass(frozen=True, slots=True)
class OpenRound:
    """Begin a round for a period (2026Q3, or 2026 where the rulebook updates yearly)."""

    period: str


@dataclass(frozen=True, slots=True)
class TickCheck:
    """A line of the checklist, done or not."""

    round_id: int
    code: str
    done: bool


@dataclass(frozen=True, slots=True)
class ProposeRound:
    """Fix what goes upwards."""

    round_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRound:
    """审核意见 of one directory: organ, person, day, document number."""

    round_id: int
    directory: str
    organ: str
    name: str
    on: date
    document_no: str = ""


@dataclass(frozen=True, slots=True)
class ReopenRound:
    """The reviewer sent it back: what was proposed is proposed anew, reviews fall away."""

    round_id: int
    reason: str


# --- reading ----------------------------------------------------------------------------------


def rounds(connection: Connection) -> tuple[RoundView, ...]:
    """All rounds, newest first."""
    rulebook = rulebooks.of_unit(connection)
    found = connection.execute(
        select(DirectoryRound.__table__).order_by(DirectoryRound.id.desc())
    ).all()
    return tuple(_view(connection, rulebook, row) for row in found)


def in_force(connection: Connection) -> RoundView | None:
    """The newest round in force: what a draw refers to."""
    return next((each for each in rounds(connection) if each.state == "in_force"), None)


def changed_since(connection: Connection, view: RoundView) -> int:
    """How many rows of the three directories differ from what a round fixed."""
    now = past.now(connection)
    if not past.touched_since(connection, view.moment):
        return 0
    return sum(times.changed_rows(connection, kind, view.moment, now) for kind in KINDS.values())


def reference(connection: Connection) -> str:
    """What a draw says of the directories it is made from; empty if no round is in force.

    名录：2026年第三季度更新，2026-07-02生效，摘要前8位e4cb50e3，此后改动3处
    """
    view = in_force(connection)
    if view is None:
        return ""
    changed = changed_since(connection, view)
    since = f"此后改动{changed}处" if changed else "此后没有改动"
    return (
        f"名录采用{view.period_words}更新的“一单两库”，{view.in_force_on}生效，"
        f"摘要前8位{view.digest[:8]}，{since}"
    )


def comparisons(connection: Connection, view: RoundView) -> tuple[Comparison, ...]:
    """差异: what this round changes in each directory, against the round before."""
    return tuple(times.between(connection, kind, view.base, view.moment) for kind in KINDS.values())


def next_period(rulebook: Rulebook, today: date) -> str:
    """The period a new round would be for: the running quarter, or year where yearly."""
    rule = rulebook.deadline(_CODE)
    yearly = rule is not None and rule.event is Event.YEAR_DATE
    return str(Period.of(today, Span.YEAR if yearly else Span.QUARTER))


def due(connection: Connection, period: str) -> Deadline | None:
    """Until when the rulebook wants the directories updated in a period."""
    rulebook = rulebooks.of_unit(connection)
    wanted = Period.parse(period)
    found = deadlines.for_year(rulebook, wanted.year, calendar.chinese_calendar(wanted.year))
    mine = [
        each
        for each in found
        if each.code == _CODE and wanted.first_day <= each.due_on <= wanted.last_day
    ]
    return mine[-1] if mine else None


def _view(connection: Connection, rulebook: Rulebook, row: DirectoryRound | object) -> RoundView:
    stored: DirectoryRound = row  # type: ignore[assignment]
    proposed = stored.proposed_seq
    moment = (
        past.now(connection)
        if proposed is None
        else Moment(seq=proposed, words=f"{_day(stored.proposed_at)} 报审")
    )
    base_words = f"第 {stored.base_seq} 条账本记录" if stored.base_seq else "建库之前"
    limit = due(connection, stored.period)
    return RoundView(
        id=stored.id,
        period=stored.period,
        state=stored.state,
        opened_on=_day(stored.opened_at) or date.min,
        opened_by=stored.opened_by,
        due_on=stored.due_on,
        due_words=limit.in_words() if limit else "",
        proposed_on=_day(stored.proposed_at),
        digest=stored.digest,
        in_force_on=_day(stored.in_force_at),
        checks=dict(stored.checks),
        reviews=_reviews(connection, rulebook, stored.id),
        base=Moment(seq=stored.base_seq, words=_base_words(connection, stored) or base_words),
        moment=moment,
        counts=dict(stored.counts),
    )


def _base_words(connection: Connection, row: DirectoryRound) -> str:
    found = connection.execute(
        select(DirectoryRound.period)
        .where(DirectoryRound.proposed_seq == row.base_seq, DirectoryRound.id < row.id)
        .order_by(DirectoryRound.id.desc())
        .limit(1)
    ).scalar()
    return f"{Period.parse(found).in_words()}名录" if found else ""


def _reviews(connection: Connection, rulebook: Rulebook, round_id: int) -> tuple[ReviewLine, ...]:
    found = {
        row.directory: row
        for row in connection.execute(
            select(RoundReview.__table__).where(RoundReview.round_id == round_id)
        )
    }
    lines = []
    for rule in review_rules(rulebook):
        row = found.get(rule.directory)
        lines.append(
            ReviewLine(
                directory=rule.directory,
                due_from=rule.organ,
                article=rule.article,
                organ=row.organ if row else "",
                name=row.name if row else "",
                on=row.on if row else None,
                document_no=row.document_no if row else "",
            )
        )
    return tuple(lines)


def review_rules(rulebook: Rulebook) -> tuple[DirectoryReview, ...]:
    """Who reviews what; where the regulation is silent the unit's own leader does."""
    if rulebook.directory_reviews:
        return rulebook.directory_reviews
    return tuple(
        DirectoryReview(directory=each, organ="本单位负责人", article="细则未规定")
        for each in KINDS
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone().date()


# --- the steps --------------------------------------------------------------------------------


def open_round(uow: UnitOfWork, command: OpenRound) -> int:
    """更新中; UserError if the period has one already, or another round is not finished."""
    connection = uow.session.connection()
    period = Period.parse(command.period)
    if uow.session.query(DirectoryRound).filter_by(period=str(period)).first() is not None:
        raise UserError(f"{period.in_words()}已经有一轮名录更新。", "请打开那一轮继续。")
    unfinished = (
        uow.session.query(DirectoryRound).filter(DirectoryRound.state != "in_force").first()
    )
    if unfinished is not None:
        label = Period.parse(unfinished.period).in_words()
        raise UserError(f"{label}的名录更新还没有生效。", "请先办完那一轮。")
    before = in_force(connection)
    limit = due(connection, str(period))
    made = DirectoryRound(
        period=str(period),
        state="open",
        base_seq=before.moment.seq if before else 0,
        counts={},
        checks={},
        due_on=limit.due_on if limit else None,
        opened_at=uow.now,
        opened_by=uow.actor,
    )
    uow.session.add(made)
    _done(uow, "round.open", made, {"base": made.base_seq})
    return made.id


def tick(uow: UnitOfWork, command: TickCheck) -> None:
    """Tick or clear a line of the checklist; it keeps who and when."""
    row = _round(uow, command.round_id)
    if command.code not in CHECKS:
        raise UserError("没有这一项核对。")
    if row.state == "in_force":
        raise UserError("这一轮已经生效，核对清单不再改动。")
    checks = {code: words for code, words in row.checks.items() if code != command.code}
    if command.done:
        checks[command.code] = f"{uow.today} {uow.actor}"
    row.checks = checks
    _done(uow, "round.check", row, {"check": command.code, "done": command.done})


def propose(uow: UnitOfWork, command: ProposeRound) -> str:
    """报审: fix the directories at this moment; gives the digest. UserError: lines not ticked."""
    row = _round(uow, command.round_id)
    if row.state != "open":
        raise UserError("这一轮已经报审。", "审核退回的，请先“退回重报”。")
    missing = [words for code, words in CHECKS.items() if code not in row.checks]
    if missing:
        raise UserError(f"核对清单还有 {len(missing)} 项没有办：{missing[0]}。", "请逐项核对打勾。")
    connection = uow.session.connection()
    now = past.now(connection)
    row.state = "proposed"
    row.proposed_seq = now.seq
    row.proposed_at = uow.now
    row.proposed_by = uow.actor
    row.digest = times.digest_at(connection, now)
    row.counts = {
        name: sum(is_listed(each) for each in past.rows_at(connection, kind, now))
        for name, kind in KINDS.items()
    }
    _done(uow, "round.propose", row, {"seq": now.seq, "digest": row.digest})
    return row.digest


def review(uow: UnitOfWork, command: ReviewRound) -> bool:
    """Record one directory's review; True if with it the round is in force.

    UserError: not proposed, no name or organ, reviewed before it was proposed, in the future.
    """
    row = _round(uow, command.round_id)
    if row.state != "proposed":
        raise UserError("这一轮还没有报审，或已经生效。", "请刷新后再试。")
    rules = review_rules(rulebooks.of_unit(uow.session.connection()))
    if command.directory not in {rule.directory for rule in rules}:
        raise UserError("这个名录不需要单独审核。")
    if not command.organ.strip() or not command.name.strip():
        raise UserError("请填写审核单位和审核人。")
    proposed = _day(row.proposed_at)
    if command.on > uow.today or (proposed is not None and command.on < proposed):
        raise UserError(f"审核日期应在 {proposed} 报审之后、今天之前。", "请核对后再填。")
    uow.session.query(RoundReview).filter_by(round_id=row.id, directory=command.directory).delete()
    uow.session.add(
        RoundReview(
            round_id=row.id,
            directory=command.directory,
            organ=command.organ.strip(),
            name=command.name.strip(),
            on=command.on,
            document_no=command.document_no.strip(),
        )
    )
    uow.session.flush()
    have = {each.directory for each in uow.session.query(RoundReview).filter_by(round_id=row.id)}
    complete = {rule.directory for rule in rules} <= have
    if complete:
        row.state = "in_force"
        row.in_force_at = uow.now
        row.in_force_by = uow.actor
    detail = {
        "directory": command.directory,
        "organ": command.organ,
        "name": command.name,
        "on": command.on,
        "document": command.document_no,
        "in_force": complete,
    }
    _done(uow, "round.review", row, detail)
    return complete


def reopen(uow: UnitOfWork, command: ReopenRound) -> None:
    """退回重报 of a round that is not in force yet; the reason stays in the ledger."""
    row = _round(uow, command.round_id)
    if row.state != "proposed":
        raise UserError("只有已报审、还没有生效的可以退回。")
    if not command.reason.strip():
        raise UserError("请写明退回的原因。")
    uow.session.query(RoundReview).filter_by(round_id=row.id).delete()
    former = {"digest": row.digest, "reason": command.reason.strip()}
    row.state, row.proposed_seq, row.proposed_at, row.digest = "open", None, None, ""
    _done(uow, "round.reopen", row, former)


def _round(uow: UnitOfWork, round_id: int) -> DirectoryRound:
    row = uow.session.get(DirectoryRound, round_id)
    if row is None:
        raise UserError("这一轮名录更新已不在。", "请刷新后再试。")
    uow.session.refresh(row)
    return row


def _done(uow: UnitOfWork, action: str, row: DirectoryRound, detail: Mapping[str, object]) -> None:
    uow.record(action, row.period, dict(detail))
    uow.changed |= {"round"}
    uow.commit()


# --- papers and spreadsheets ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteReport:
    """差异报告 of a round: ``path`` ending in .pdf or .xlsx."""

    round_id: int
    path: Path


def write_report(connection: Connection, command: WriteReport) -> Path:
    """Write it, to print or to send upwards. EnvironmentFault on disk."""
    view = next((each for each in rounds(connection) if each.id == command.round_id), None)
    if view is None:
        raise UserError("这一轮名录更新已不在。", "请刷新后再试。")
    found = comparisons(connection, view)
    if command.path.suffix.lower() == ".xlsx":
        return times.write_comparisons(WriteComparisons(path=command.path, comparisons=found))
    from app.exchange.files import write_atomically

    write_atomically(command.path, _report(connection, view, found))
    return command.path


def _report(connection: Connection, view: RoundView, found: Sequence[Comparison]) -> bytes:
    from app.documents import round_report as form

    unit = read_unit(connection)
    return form.build(
        form.RoundReport(
            unit=unit.name,
            period=view.period_words,
            rulebook=rulebooks.of_unit(connection).document.title,
            base=view.base.words,
            moment=f"{view.proposed_on} 报审" if view.proposed_on else "现在（尚未报审）",
            digest=view.digest,
            parts=tuple(
                form.ReportPart(
                    title=times.KINDS[each.kind],
                    summary=each.difference.in_words,
                    rows=tuple(
                        (line[0], line[1], line[2], line[3], line[4], line[5])
                        for line in times.lines(each)
                    ),
                )
                for each in found
            ),
            reviews=tuple(
                form.ReviewSlot(
                    directory=WORDS[each.directory],
                    organ=each.organ or each.due_from,
                    name=each.name,
                    on=each.on,
                    document_no=each.document_no,
                )
                for each in view.reviews
            ),
            made_by=view.opened_by,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOut:
    """分发填报: one workbook per section or squad with its own rows, into a folder."""

    kind: str
    folder: Path


def hand_out(connection: Connection, command: HandOut) -> tuple[Path, ...]:
    """Write the workbooks; our import merges them again by their codes. One per group.

    ``kind``: targets (by 责任中队, else 乡镇) or inspectors (by 中队, else 科室).
    """
    from app.exchange import writing
    from app.services.directories.workbooks import directory_rows

    rulebook = rulebooks.of_unit(connection)
    kind = KINDS[command.kind]
    fields = times.fields_at(kind, rulebook)
    groups: dict[str, list[object]] = {}
    for _, _, facts in _facts(connection, command.kind):
        names = ("squad", "township") if command.kind == "targets" else ("squad", "section")
        key = next((str(getattr(facts, n)) for n in names if getattr(facts, n)), "未分中队")
        groups.setdefault(key, []).append(facts)
    if not groups:
        raise UserError(f"{WORDS[command.kind]}还是空的，没有可以分发的。", "请先导入名录。")
    command.folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, members in sorted(groups.items()):
        path = command.folder / f"{_file_name(name)}-{WORDS[command.kind]}填报.xlsx"
        rows = directory_rows(fields, members)  # type: ignore[arg-type]
        writing.write_form(path, fields, rows, WORDS[command.kind])
        made.append(path)
    return tuple(made)


def _facts(connection: Connection, kind: str) -> Sequence[tuple[int, str, object]]:
    from app.db.read import inspectors, targets

    if kind == "inspectors":
        return [r for r in inspectors.all_facts(connection) if r[2].state != "retired"]
    if kind == "targets":
        gone = {"closed", "moved"}
        return [r for r in targets.all_facts(connection) if r[2].state not in gone]
    raise UserError("只有检查对象和执法人员名录按中队分发。")


def _file_name(text: str) -> str:
    return "".join("_" if character in '\\/:*?"<>|' else character for character in text).strip()


def days_left(view: RoundView, today: date) -> timedelta | None:
    """How long until the rulebook's day; negative if it is over."""
    return None if view.due_on is None else view.due_on - today
