"""What a whole workspace agrees on: ledger, draws, the rows made from them, files, attachments.

Reads tables as they lie, by plain SQL: the database may have been edited by hand, so any cell may
hold anything.  The ledger is the anchor (its head stands on paper); a draw's bytes are compared
with it, the draw's columns and rows with the bytes, the folder with the bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import SQLAlchemyError

from app.db import ledger, row_history, versions
from app.db.read import row_words
from app.domain import rd1
from app.domain.rd1 import Check
from app.domain.ways import Way
from app.models import Base
from app.paths import WorkspaceFolder
from app.services.draws.completing import DrawStory, story_of_draws
from app.services.safety.checking_tasks import task_faults

_SHOWN = 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What reading a cell of the wrong kind can raise; anything else is a bug of ours.
_UNREADABLE = (SQLAlchemyError, sqlite3.Error, ValueError, TypeError, LookupError, AttributeError)


def check(
    connection: Connection, folder: WorkspaceFolder, printed: ledger.Head | None
) -> Iterator[Check]:
    """Every check in order; ``printed`` is the ledger head a sheet of paper names."""
    yield from _guarded("关联", lambda: _check_references(connection))
    yield from _guarded("账本", lambda: _check_ledger(connection, printed))
    yield from _guarded("数据", lambda: _check_rows(connection))
    yield from _guarded("抽取", lambda: _check_draws(connection, folder))
    yield from _guarded("附件", lambda: _check_attachments(connection, folder))


def _guarded(name: str, section: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    try:
        yield from section()
    except rd1.RecordError as error:
        yield Check(name, False, error.message)
    except _UNREADABLE as error:
        yield Check(name, False, f"有内容读不出，可能被改动（{type(error).__name__}）")


def _summed(name: str, faults: Sequence[str], sound: str) -> Check:
    more = f"；另有 {len(faults) - _SHOWN} 处" if len(faults) > _SHOWN else ""
    return Check(name, not faults, "；".join(faults[:_SHOWN]) + more if faults else sound)


def _check_references(connection: Connection) -> Iterator[Check]:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    yield Check("关联", not broken, f"{len(broken)} 处断开" if broken else "没有断开")


# --- ledger -----------------------------------------------------------------------------------


def _check_ledger(connection: Connection, printed: ledger.Head | None) -> Iterator[Check]:
    faults = list(_schema_faults(connection))
    head = ledger.head(connection)
    if head.seq == 0:
        faults.append("是空的")
    faults += [fault.what for fault in ledger.faults(connection)]
    yield _summed("账本", faults, f"{head.seq} 条首尾相接，账本头 {head.seq}-{head.hash[:8]}")
    if printed is None:
        return
    found = connection.execute(
        text("SELECT hash FROM ledger WHERE seq = :seq"), {"seq": printed.seq}
    ).scalar()
    if found is None:
        yield Check("账本与纸上", False, f"纸上有第 {printed.seq} 条，账本里没有：尾部被截去")
    else:
        same = str(found).startswith(printed.hash)
        words = "相同" if same else f"第 {printed.seq} 条与纸上不同：账本被重写"
        yield Check("账本与纸上", same, words)


def _schema_faults(connection: Connection) -> Iterator[str]:
    """Tables and triggers that are not ours, guards that are gone or disarmed."""
    found = connection.execute(
        text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    ).all()
    guards = {name: " ".join(sql.split()) for kind, name, sql in found if kind == "trigger"}
    if any(guards.pop(name, "") != sql for name, sql in ledger.GUARDS.items()):
        yield "防改动的保护被拆除"
    for name, sql in versions.triggers().items():
        if guards.pop(name, "") != " ".join(sql.split()):
            yield f"名录的历史版本不再自动留存：{name}"
    ours = {*Base.metadata.tables, "alembic_version"}
    tables = {name for kind, name, _sql in found if kind == "table"}
    views = {name for kind, name, _sql in found if kind == "view"}
    yield from (f"数据库里多出 {name}" for name in sorted((tables - ours) | views | guards.keys()))
    yield from (f"数据表 {row_words.table(name)} 被删除" for name in sorted(ours - tables))


def _check_rows(connection: Connection) -> Iterator[Check]:
    """Every row against its history in the ledger, one line for each table that differs."""
    for seq, detail in connection.execute(_BASELINES, {"action": row_history.BASELINE}):
        before = json.loads(detail).get("faults", [])
        if before:
            yield _summed(f"数据（第 {seq} 条，升级之前）", before, "")
    by_table: dict[str, list[str]] = {}
    for found in row_history.faults(connection):
        if _accounted_for(connection, found):
            continue
        by_table.setdefault(found.table, []).append(row_words.fault(found))
    for name, faults in by_table.items():
        yield _summed(f"数据 {row_words.table(name)}", faults, "")
    if not by_table:
        yield Check("数据", True, "每一行都与账本登记的相同")


def _accounted_for(connection: Connection, found: row_history.RowFault) -> bool:
    """R that was lost in both places: the void record says so, the row has nothing to add."""
    if found.table != "draw" or found.found != {"reveal": None}:
        return False
    void = connection.execute(
        text("SELECT CAST(void_bytes AS BLOB) FROM draw WHERE id = :id"), {"id": found.key[0]}
    ).scalar()
    return void is not None and rd1.parse_void(void).reveal is None


_BASELINES = text("SELECT seq, detail FROM ledger WHERE action = :action ORDER BY seq")


@dataclass(frozen=True, slots=True)
class _Told:
    """What the ledger tells of one draw; digests are empty until their step."""

    state: str
    plan: str
    commit: str = ""
    closing: str = ""


def _told(connection: Connection) -> dict[str, _Told]:
    told: dict[str, _Told] = {}
    rows = connection.execute(
        text("SELECT action, subject, detail FROM ledger WHERE action LIKE 'draw.%' ORDER BY seq")
    )
    for action, no, detail in rows:
        facts = json.loads(detail)
        match action:
            case "draw.freeze":
                told[no] = _Told("frozen", facts["plan"])
            case "draw.withdraw":
                del told[no]
            case "draw.commit":
                told[no] = replace(told[no], state="committed", commit=facts["commit"])
            case "draw.close":
                told[no] = replace(told[no], state="closed", closing=facts["result"])
            case "draw.void":
                told[no] = replace(told[no], state="void", closing=facts["void"])
    return told


# --- draws ------------------------------------------------------------------------------------

_DRAWS = text(
    "SELECT id, no, series, seq, period, prev, state, plan_hash, commitment, reveal, seed,"
    " result_hash, way, CAST(plan_bytes AS BLOB) AS plan, CAST(excluded_bytes AS BLOB) AS excluded,"
    " CAST(result_bytes AS BLOB) AS result, CAST(void_bytes AS BLOB) AS void"
    " FROM draw WHERE way NOT IN ('platform', 'assigned') ORDER BY series, seq"
)
_RECORDS = text(
    "SELECT series, position, draw_id, kind, hash, CAST(bytes AS BLOB) AS bytes"
    " FROM closing_record ORDER BY series, position"
)


def _check_draws(connection: Connection, folder: WorkspaceFolder) -> Iterator[Check]:
    draws, records = connection.execute(_DRAWS).all(), connection.execute(_RECORDS).all()
    told, stories = _told(connection), story_of_draws(connection)
    for no in sorted(told.keys() - {draw.no for draw in draws}):
        yield Check(f"抽取 {no}", False, "账本里有登记，数据库里没有：被删除")
    by_series: dict[str, list[dict[str, bytes]]] = {}
    for draw in draws:
        own = [record for record in records if record.draw_id == draw.id]
        files = _files(draw, own)
        yield _files_agree(folder, draw.no, files, stories.get(draw.no, DrawStory()))
        yield from _guarded(
            f"抽取 {draw.no}",
            lambda: _check_draw(connection, draw, own, files, told.get(draw.no)),  # noqa: B023 - consumed within this turn
        )
        if draw.result is not None or draw.void is not None:
            by_series.setdefault(draw.series, []).append(files)
    yield from _check_rooms(folder, {draw.no for draw in draws})
    yield _summed("办结记录", _position_faults(records), f"{len(records)} 份，次序连续")
    for series, closed in by_series.items():
        bad = [c.detail for c in rd1.verify_series(closed) if not c.ok]
        yield _summed(f"抽取序列 {series}", bad, f"{len(closed)} 次抽取首尾相接")


def _files(draw: Row[Any], records: Sequence[Row[Any]]) -> dict[str, bytes]:
    """The records a draw's folder must hold, from the database's bytes."""
    files: dict[str, bytes] = {"plan.txt": draw.plan, "excluded.txt": draw.excluded}
    if draw.void is not None:
        # The would-be result stays in the database; its hash is in the void record.
        files["void.txt"] = draw.void
    elif draw.result is not None:
        files["result.txt"] = draw.result
    addenda = [record.bytes for record in records if record.kind == "addendum"]
    files.update((rd1.addendum_name(n), data) for n, data in enumerate(addenda, 1))
    return files


def _check_draw(
    connection: Connection,
    draw: Row[Any],
    records: Sequence[Row[Any]],
    files: Mapping[str, bytes],
    told: _Told | None,
) -> Iterator[Check]:
    faults = [*_told_faults(draw, told), *_column_faults(draw), *_closing_faults(draw, records)]
    if draw.result is None and draw.void is None:
        sound = "名单已封存，还没有出承诺单" if draw.commitment is None else "等待开号"
    else:
        sound = "复算一致"
        faults += [c.detail for c in rd1.verify_draw(files) if not c.ok]
        addenda = [data for name, data in files.items() if name.startswith("addendum-")]
        faults += _outcome_faults(connection, draw, addenda)
    yield _summed(f"抽取 {draw.no}", faults, sound)


def _hash(data: bytes | None) -> str:
    return "" if data is None else rd1.file_hash(data)


def _told_faults(draw: Row[Any], told: _Told | None) -> Iterator[str]:
    if told is None:
        yield "账本里没有登记这次抽取"
        return
    if told.state != draw.state:
        here = _STATES.get(draw.state, draw.state)
        yield f"账本登记到“{_STATES[told.state]}”，数据库里是“{here}”"
    if told.plan != _hash(draw.plan):
        yield "抽取方案与账本登记的摘要不同"
    if told.commit != (draw.commitment or ""):
        yield "承诺值 C 与账本登记的不同"
    if told.closing != _hash(draw.result if draw.void is None else draw.void):
        yield "结果或作废记录与账本登记的摘要不同"


_STATES = {"frozen": "名单已封存", "committed": "等待开号", "closed": "已完成", "void": "已作废"}


def _column_faults(draw: Row[Any]) -> Iterator[str]:
    """Columns beside the bytes that say something else than the bytes."""
    plan = rd1.parse_plan(draw.plan)
    number = int(plan.no.rsplit("-", 1)[1])
    pairs: list[tuple[str, object, object]] = [
        ("名单摘要 P", draw.plan_hash, _hash(draw.plan)),
        ("编号", (draw.no, draw.series, draw.seq), (plan.no, plan.series, number)),
        ("期间", draw.period, plan.period),
        ("前一份记录的摘要", draw.prev, plan.prev),
        ("结果摘要 F", draw.result_hash or "", _hash(draw.result)),
    ]
    if draw.reveal is not None and draw.commitment is not None:
        committed = rd1.commit(plan.no, _hash(draw.plan), draw.reveal)
        pairs.append(("承诺值 C", draw.commitment, committed))
    if draw.result is not None and draw.void is None:
        result = rd1.parse_result(draw.result)
        pairs.append(("随机数 R", draw.reveal, result.reveal))
        pairs.append(("种子 S", draw.seed, result.seed))
    yield from (f"数据库里与记录不同：{name}" for name, have, want in pairs if have != want)


def _closing_faults(draw: Row[Any], records: Sequence[Row[Any]]) -> Iterator[str]:
    closing = [record for record in records if record.kind != "addendum"]
    kind, data = ("result", draw.result) if draw.void is None else ("void", draw.void)
    wanted = [] if data is None else [(draw.series, kind, _hash(data), data)]
    if [(r.series, r.kind, r.hash, r.bytes) for r in closing] != wanted:
        yield "办结记录与抽取不同：缺失、多出或被改动"
    if any(r.hash != _hash(r.bytes) or r.series != draw.series for r in records):
        yield "办结记录的摘要不符"


def _position_faults(records: Sequence[Row[Any]]) -> list[str]:
    return [
        f"{record.series} 第 {record.position} 份之前有缺失"
        for before, record in pairwise([None, *records])
        if record is not None
        and record.position
        != (before.position + 1 if before is not None and before.series == record.series else 1)
    ]


# --- rows made from a result ------------------------------------------------------------------


def _outcome_faults(
    connection: Connection, draw: Row[Any], addenda: Sequence[bytes]
) -> Iterator[str]:
    """Rows the lists show, against result.txt and the addenda after it."""
    of_draw = {"draw": draw.id}
    digits = connection.execute(
        text("SELECT digits FROM draw_witness WHERE draw_id = :draw ORDER BY position"), of_draw
    ).scalars()
    if draw.void is not None:
        opened = [slip.digits for slip in rd1.parse_void(draw.void).slips]
        if [each for each in digits if each] != opened:
            yield "见证数字与作废记录不同"
        return
    result = rd1.parse_result(draw.result)
    if tuple(digits) != result.digits:
        yield "见证数字与结果不同"
    if _is_redraw(draw):
        return  # one person's place in another draw's task: the draw before is compared with it
    if _rows(connection, _TARGETS, of_draw) != _drawn_targets(result):
        yield "抽中和备选名单与结果不同"
    if _rows(connection, _TEAMS, of_draw) != _drawn_teams(result):
        yield "检查组与结果不同"
    if draw.way == Way.EXPERTS.value:
        return
    sent = _SENT_LATER if draw.way == Way.LATER.value else _SENT
    if draw.way == Way.TARGETS_ONLY.value:
        sent, wanted = _ONLY_TARGETS, [(target,) for target in sorted(result.selected())]
    else:
        wanted = _sent(result)
    replaced = addenda or connection.execute(_REPLACED, of_draw).scalar()
    if not replaced and _rows(connection, sent, of_draw) != sorted(wanted, key=repr):
        yield "派单与结果不同"
    yield from task_faults(connection, draw, addenda)


def _rows(connection: Connection, query: Any, of_draw: dict[str, int]) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.execute(query, of_draw)), key=repr)


_REPLACED = text("SELECT EXISTS (SELECT 1 FROM substitution WHERE draw_id = :draw)")
_TARGETS = text(
    "SELECT d.stratum, d.selected, d.position, t.ident, d.ticket"
    " FROM drawn_target d JOIN target t ON t.id = d.target_id WHERE d.draw_id = :draw"
)
_TEAMS = text(
    'SELECT d."group", d.number, a.personal_no, b.personal_no, d.flags FROM drawn_team d'
    " JOIN inspector a ON a.id = d.lead_id JOIN inspector b ON b.id = d.second_id"
    " WHERE d.draw_id = :draw"
)
_SENT = text(
    "SELECT t.ident, s.team_no, a.personal_no, b.personal_no, s.flags FROM assignment s"
    " JOIN target t ON t.id = s.target_id LEFT JOIN inspector a ON a.id = s.lead_id"
    " LEFT JOIN inspector b ON b.id = s.second_id WHERE s.draw_id = :draw"
)


_SENT_LATER = text(str(_SENT).replace("s.draw_id = :draw", "s.people_draw_id = :draw"))
_ONLY_TARGETS = text(
    "SELECT t.ident FROM assignment s JOIN target t ON t.id = s.target_id WHERE s.draw_id = :draw"
)


def _is_redraw(draw: Row[Any]) -> bool:
    return rd1.parse_plan(draw.plan).rule("redraw") is not None


def _drawn_targets(result: rd1.DrawResult) -> list[tuple[Any, ...]]:
    return sorted(
        (
            (each.stratum, selected, place, row.target, row.ticket)
            for each in result.strata
            for selected, rows in ((1, (*each.given, *each.selected)), (0, each.alternates))
            for place, row in enumerate(rows, 1)
        ),
        key=repr,
    )


def _drawn_teams(result: rd1.DrawResult) -> list[tuple[Any, ...]]:
    return sorted(
        (
            (group.group, team.number, team.lead, team.second, team.flags)
            for group in result.groups
            for team in group.teams
        ),
        key=repr,
    )


def _sent(result: rd1.DrawResult) -> list[tuple[Any, ...]]:
    # Alternates get inspectors too; work is handed out for the selected alone.
    selected = set(result.selected())
    sent: dict[str, tuple[Any, ...]] = dict.fromkeys(selected, (None, None, None, "X"))
    for group in result.groups:
        teams = {team.number: (team.lead, team.second) for team in group.teams}
        for work in group.assignments:
            people = teams[work.team] if work.team is not None else (None, None)
            sent[work.target] = (work.team, *people, work.flags)
        for pair in group.pairs:
            sent[pair.target] = (None, pair.lead, pair.second, pair.flags)
    return sorted(((target, *sent[target]) for target in selected), key=repr)


# --- files ------------------------------------------------------------------------------------


def _files_agree(
    folder: WorkspaceFolder, no: str, files: Mapping[str, bytes], story: DrawStory
) -> Check:
    """Records against the database, papers against the digests the ledger was told."""
    digests = {name: sha for name, (_seq, sha) in story.written.items()}
    digests |= {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    room = folder.draws / no
    faults = [fault for name, sha in digests.items() if (fault := _file_fault(room / name, sha))]
    there = {path.name for path in room.iterdir()} if room.is_dir() else set()
    for name in sorted(story.heads.keys() - digests.keys()):
        words = "还没有登记，请用窗口打开一次" if name in there else "不在"
        faults.append(f"{name} {words}")
    known = digests.keys() | story.heads.keys()
    odd = {name for name in there - known if not _BESIDE.fullmatch(name)}
    faults += [f"多出 {name}" for name in sorted(odd)]
    return _summed(f"记录文件 {no}", faults, "与数据库和账本一致")


# What the program leaves when it is killed while writing, and what Windows puts into folders.
_BESIDE = re.compile(r"\.~[0-9a-f]{16}\.tmp|thumbs\.db|desktop\.ini", re.IGNORECASE)


def _file_fault(path: Path, sha256: str) -> str:
    try:
        with path.open("rb") as handle:
            same = hashlib.file_digest(handle, "sha256").hexdigest() == sha256
    except OSError:
        return f"{path.name} 不在或读不出"
    return "" if same else f"{path.name} 被改动"


def _check_rooms(folder: WorkspaceFolder, numbers: set[str]) -> Iterator[Check]:
    rooms = folder.draws.iterdir() if folder.draws.is_dir() else iter(())
    odd = sorted(room.name for room in rooms if room.name not in numbers)
    if odd:
        yield Check(
            "抽取文件夹", False, f"数据库里没有 {'、'.join(odd[:_SHOWN])}：是残留，或被人放入"
        )


def _check_attachments(connection: Connection, folder: WorkspaceFolder) -> Iterator[Check]:
    rows = connection.execute(text("SELECT DISTINCT sha256, name FROM attachment")).all()
    bad = [fault for row in rows for fault in _attachment_faults(folder, str(row[0]), str(row[1]))]
    yield _summed("附件", bad, f"{len(rows)} 个文件完整")


def _attachment_faults(folder: WorkspaceFolder, sha256: str, name: str) -> Iterator[str]:
    if not _SHA256.fullmatch(sha256):
        yield f"{name} 的摘要被改动"
    elif fault := _file_fault(folder.attachments / sha256[:2] / sha256, sha256):
        yield fault.replace(sha256, name)
