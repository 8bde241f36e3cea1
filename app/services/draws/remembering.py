"""A marker outside the workspace: the last number and chain head of each series on this PC.

A restored older workspace looks whole; only something outside it can tell that draws are missing.
The marker is one small file per workspace and series in the user's state folder.  After a gap was
noticed no draw is frozen until a person has typed what the last printed record says.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.errors import EnvironmentFault, UserError
from app.exchange.files import write_atomically
from app.models import ClosingRecord, Draw, DrawState, Setting, Unit
from app.paths import second_place
from app.services.draws import papers
from app.services.workspace import WORKSPACE_ID

_RESUME = "resume:"
_HEAD = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMark:
    """How far a series has come.

    ``seq``, ``no``: the last draw that got past its commitment; ``records``: closing records;
    ``head``: hash of the newest of them, 64 zeros for none.
    """

    series: str
    seq: int
    no: str
    records: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The marker knows more than the workspace, or something else.

    ``asked``: this PC never saw the series; a backup brought it, and nobody has compared it with
    paper yet.
    """

    here: SeriesMark
    remembered: SeriesMark
    asked: bool = False

    @property
    def words(self) -> str:
        """What was noticed, as a sentence."""
        if self.asked:
            last = f"最近一次抽取是 {self.here.no}" if self.here.no else "没有办过抽取"
            return f"这个工作区是从备份恢复到本机的，里面{last}；备份以后办过的抽取，这里没有。"
        if self.remembered.seq == self.here.seq and self.remembered.records > self.here.records:
            return (
                f"本机记得抽取 {self.remembered.no} 还有更新的记录，这个工作区里没有："
                "它可能是从较早的备份恢复的。"
            )
        if self.remembered.seq > self.here.seq or self.remembered.records > self.here.records:
            return (
                f"本机记得抽取 {self.remembered.no}，这个工作区里没有：它可能是从较早的备份恢复的。"
            )
        return f"抽取序列 {self.here.series} 的记录与本机记得的不同，可能被改写。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSeries:
    """What the last printed record says: its draw number and F (64 hex digits).

    ``reason`` and ``approved`` go into the ledger.
    """

    no: str
    head: str
    reason: str
    approved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSeries:
    """Somebody compared a restored workspace with the last printed record: nothing is missing."""

    series: str
    approved: str


def note(uow: UnitOfWork, series: str) -> None:
    """Bring the marker up to the database; called after every commitment and closing record.

    The marker is comfort on top of the signed slip: a folder that cannot be written must not
    stop a ceremony in the middle, so such a fault is left to the next ``gap``.
    """
    connection = uow.session.connection()
    _keep(_path(connection, series), asdict(series_mark(connection, series)))


def _keep(path: Path | None, facts: dict[str, object]) -> None:
    if path is None:
        return
    with contextlib.suppress(OSError, EnvironmentFault):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, (json.dumps(facts) + "\n").encode("ascii"))


def meet(connection: Connection, *, last: bool) -> None:
    """A backup is about to become a workspace on this PC: keep markers, or ask a person for them.

    ``connection``: to the backup's database.  ``last``: the backup is the last thing the unit's
    old PC did, so its own numbers are the newest there are.  A marker of this PC stays.
    """
    series = connection.execute(select(Unit.series)).scalar()
    drawn = set(connection.execute(select(Draw.series).distinct()).scalars())
    for each in sorted(drawn | {series} if series else drawn):
        path = _path(connection, each)
        if path is None or path.exists():
            continue
        if last:
            _keep(path, asdict(series_mark(connection, each)))
        elif each == series:  # rehearsals bind nobody
            _keep(path, {"series": each, _ASK: True})


_ASK = "ask"
"""In a marker: this PC knows nothing of the series, paper has to be asked."""


def gap(connection: Connection, series: str) -> Gap | None:
    """What the marker knows and the workspace does not; None if they agree or there is none."""
    path = _path(connection, series)
    if path is None:
        return None
    here = series_mark(connection, series)
    try:
        facts = json.loads(path.read_text(encoding="ascii"))
        if facts.get(_ASK):
            return Gap(here=here, remembered=here, asked=True)
        remembered = SeriesMark(**facts)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    older = remembered.seq > here.seq or remembered.records > here.records
    other = remembered.records == here.records and remembered.head != here.head
    return Gap(here=here, remembered=remembered) if older or other else None


def refuse_gap(connection: Connection, series: str) -> None:
    """UserError while a gap is not settled."""
    found = gap(connection, series)
    if found is not None:
        if found.asked:
            raise UserError(found.words, "请先与最近一份打印的抽取记录核对，再开始新的抽取。")
        raise UserError(found.words, "请先按最近一份打印记录填写编号和结果摘要 F，再开始新的抽取。")


def refuse_another(connection: Connection, series: str, no: str, head: str) -> None:
    """UserError if draw ``no`` is about to end otherwise than it did before a restore.

    In a workspace restored from between commitment and closing the draw is open once more; only
    the very record that is on paper already (``head``: its hash) may be made again.
    """
    found = gap(connection, series)
    if found is None or (found.remembered.no, found.remembered.head) == (no, head):
        return
    if found.asked:
        raise UserError(found.words, "请先在“计划与抽取”里与最近一份打印的抽取记录核对。")
    raise UserError(
        found.words,
        f"抽取 {no} 已在纸上办结：请照签字的笔录录入当时的数字，得到同一份结果；"
        "办不到的，按最近一份打印记录续接。",
    )


def _withdraw_open(uow: UnitOfWork, no: str, head: str) -> bool:
    """What is open here but went further on paper goes, if it is here: paper has its record."""
    draw = uow.session.scalar(
        select(Draw).where(Draw.no == no, Draw.state.in_([DrawState.FROZEN, DrawState.COMMITTED]))
    )
    if draw is None:
        return False
    uow.record("draw.withdraw", no, {"plan": draw.plan_hash, "paper": head})
    uow.session.delete(draw)
    uow.session.flush()
    return True


def resume(uow: UnitOfWork, command: ResumeSeries) -> SeriesMark:
    """Settle a gap: go on after what paper says; the ledger keeps who said so and why.

    What lies between is lost to this workspace for ever: verifying the series will name the
    missing numbers.  Errors: UserError if number or F are not of this series or go back.
    """
    series, _, last = command.no.strip().partition("-")
    number = last.rpartition("-")[2]
    if not (number.isascii() and number.isdigit()):
        raise UserError(
            f"抽取编号“{command.no}”写得不对。", "请照记录上的写，如 331000-2026Q1-03。"
        )
    head = re.sub(r"\s", "", command.head).lower()
    if not _HEAD.fullmatch(head):
        raise UserError("结果摘要 F 应是 64 位。", "请照记录上的逐组填写。")
    if not command.reason.strip() or not command.approved.strip():
        raise UserError("请写明原因和批准人。")
    here = series_mark(uow.session.connection(), series)
    if int(number) < here.seq:
        raise UserError(
            f"工作区里已有抽取 {here.no}，比填写的还新。", "请找到最近的一份打印记录再填。"
        )
    if int(number) == here.seq and head != here.head and not _marked(uow, here, head):
        raise UserError(
            f"填写的 F 与工作区里 {here.no} 的不同。", "请核对；确实不同的，请保留两者并上报。"
        )
    withdrawn = _withdraw_open(uow, command.no.strip(), head)
    value = json.dumps(
        {"seq": int(number), "no": command.no.strip(), "head": head, "records": here.records}
    )
    uow.session.merge(Setting(key=f"{_RESUME}{series}", value=value))
    uow.record(
        "series.resume",
        command.no.strip(),
        {"head": head, "reason": command.reason, "approved": command.approved},
    )
    uow.changed.add("draw")
    uow.commit()
    note(uow, series)
    if withdrawn:
        papers.remove_records(uow.folder, command.no.strip())
    return series_mark(uow.session.connection(), series)


def confirm(uow: UnitOfWork, command: ConfirmSeries) -> SeriesMark:
    """The last printed record is the last one here: go on from it; the ledger keeps who said so.

    Errors: UserError if nothing was asked, or nobody is named.
    """
    connection = uow.session.connection()
    found = gap(connection, command.series)
    if found is None or not found.asked:
        raise UserError("这个抽取序列没有要核对的。", "请刷新后再看。")
    if not command.approved.strip():
        raise UserError("请写明核对人。")
    mark = found.here
    uow.record("series.confirm", mark.no, {"head": mark.head, "approved": command.approved.strip()})
    uow.changed.add("draw")
    uow.commit()
    note(uow, command.series)
    return mark


def _marked(uow: UnitOfWork, here: SeriesMark, head: str) -> bool:
    """Whether paper may have a newer record of the draw that is the last one here.

    It may if this PC remembers just that record, or nothing at all.
    """
    found = gap(uow.session.connection(), here.series)
    if found is None:
        return False
    return found.asked or (found.remembered.seq, found.remembered.head) == (here.seq, head)


def _path(connection: Connection, series: str) -> Path | None:
    name = connection.execute(select(Setting.value).where(Setting.key == WORKSPACE_ID)).scalar()
    return second_place() / "series" / f"{series}-{name}.json" if name else None


def series_mark(connection: Connection, series: str) -> SeriesMark:
    """How far the database says the series is, a settled gap included.

    The next draw goes on from here: number after ``seq``, ``prev`` = ``head``.
    """
    row = connection.execute(
        select(Draw.seq, Draw.no)
        .where(Draw.series == series, Draw.state != DrawState.FROZEN)
        .order_by(Draw.seq.desc())
        .limit(1)
    ).first()
    records = connection.execute(
        select(func.count(ClosingRecord.id)).where(ClosingRecord.series == series)
    ).scalar_one()
    newest = connection.execute(
        select(ClosingRecord.hash)
        .where(ClosingRecord.series == series)
        .order_by(ClosingRecord.position.desc())
        .limit(1)
    ).scalar()
    mark = SeriesMark(
        series=series,
        seq=row.seq if row else 0,
        no=row.no if row else "",
        records=records,
        head=newest or rd1.FIRST_PREV,
    )
    settled = connection.execute(
        select(Setting.value).where(Setting.key == f"{_RESUME}{series}")
    ).scalar()
    if settled is None:
        return mark
    paper = json.loads(settled)
    # A record made since then is newer than what paper said.
    if paper["seq"] < mark.seq or (paper["seq"] == mark.seq and records > paper.get("records", -1)):
        return mark
    return SeriesMark(
        series=series, seq=paper["seq"], no=paper["no"], records=records, head=paper["head"]
    )
