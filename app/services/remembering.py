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
from app.models import ClosingRecord, Draw, DrawState, Setting
from app.paths import second_place
from app.services import papers
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
    """The marker knows more than the workspace, or something else."""

    here: SeriesMark
    remembered: SeriesMark

    @property
    def words(self) -> str:
        """What was noticed, as a sentence."""
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


def note(uow: UnitOfWork, series: str) -> None:
    """Bring the marker up to the database; called after every commitment and closing record.

    The marker is comfort on top of the signed slip: a folder that cannot be written must not
    stop a ceremony in the middle, so such a fault is left to the next ``gap``.
    """
    path = _path(uow.session.connection(), series)
    mark = series_mark(uow.session.connection(), series)
    if path is None:
        return
    with contextlib.suppress(OSError, EnvironmentFault):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, (json.dumps(asdict(mark)) + "\n").encode("ascii"))


def gap(connection: Connection, series: str) -> Gap | None:
    """What the marker knows and the workspace does not; None if they agree or there is none."""
    path = _path(connection, series)
    if path is None:
        return None
    try:
        remembered = SeriesMark(**json.loads(path.read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        return None
    here = series_mark(connection, series)
    older = remembered.seq > here.seq or remembered.records > here.records
    other = remembered.records == here.records and remembered.head != here.head
    return Gap(here=here, remembered=remembered) if older or other else None


def refuse_gap(connection: Connection, series: str) -> None:
    """UserError while a gap is not settled."""
    found = gap(connection, series)
    if found is not None:
        raise UserError(found.words, "请先按最近一份打印记录填写编号和结果摘要 F，再开始新的抽取。")


def refuse_another(connection: Connection, series: str, no: str, head: str) -> None:
    """UserError if draw ``no`` is about to end otherwise than it did before a restore.

    In a workspace restored from between commitment and closing the draw is open once more; only
    the very record that is on paper already (``head``: its hash) may be made again.
    """
    found = gap(connection, series)
    if found is None or (found.remembered.no, found.remembered.head) == (no, head):
        return
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


def _marked(uow: UnitOfWork, here: SeriesMark, head: str) -> bool:
    """Whether this PC remembers just this newer record of the draw that is the last one here."""
    found = gap(uow.session.connection(), here.series)
    return found is not None and (found.remembered.seq, found.remembered.head) == (here.seq, head)


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
