"""Everything that happened to one target, on one page: edits, draws, inspections, papers.

A draw shows here only after its inspection: before, nobody sees by the way who was drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, text

from app.db.read import received
from app.db.read.changes import changes_of
from app.db.read.classification import decisions_of
from app.domain.inspection import Conclusion, ResultState
from app.domain.rule_facts import InspectionKind
from app.models import (
    Assignment,
    Attachment,
    Draw,
    DrawState,
    ImportBatch,
    InspectionEntry,
    Publication,
    Rectification,
    Recusal,
    Result,
    Target,
)
from app.models import Inspector as _Inspector

KINDS = {
    "change": "资料变更",
    "category": "分类决定",
    "draw": "抽取",
    "inspection": "检查",
    "result": "检查结果",
    "rectification": "整改",
    "publication": "公示",
    "recusal": "回避",
    "document": "附件",
}
"""Kinds of events and their words, in the order a filter offers them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """One thing that happened; ``alarm``: an unlawful act or the like."""

    id: int
    on: date
    kind: str
    what: str
    detail: str
    by: str
    alarm: bool = False

    @property
    def kind_words(self) -> str:
        """资料变更, 抽取 …"""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class _Event:
    on: date
    kind: str
    what: str
    detail: str = ""
    by: str = ""
    alarm: bool = False


def of_target(connection: Connection, target_id: int) -> tuple[HistoryEvent, ...]:
    """All events of one target, newest first."""
    sources = (_made, _changes, _decisions, _tasks, _inspections, _recusals, _documents)
    found = [event for source in sources for event in source(connection, target_id)]
    found.sort(key=lambda event: event.on, reverse=True)
    return tuple(
        HistoryEvent(
            id=number,
            on=event.on,
            kind=event.kind,
            what=event.what,
            detail=event.detail,
            by=event.by,
            alarm=event.alarm,
        )
        for number, event in enumerate(found)
    )


def _day(at: datetime) -> date:
    return at.astimezone().date()


def _made(connection: Connection, target_id: int) -> Iterator[_Event]:
    made = connection.execute(select(Target.created_on).where(Target.id == target_id)).scalar()
    for nth, each in enumerate(received.origins(connection, "target", target_id)):
        on = made if nth == 0 and made == _day(each.at) else None
        what = "建档" if on else "导入"
        taken_back = "，后来撤销" if each.undone else ""
        words = f"何处来：文件“{each.file_name}”{taken_back}"
        yield _Event(on or _day(each.at), "change", what, words, each.by)


_VERBS = {"save": "修改", "state": "改状态", "import": "导入更新", "undo": "撤销导入",
          "bulk": "成批修改", "classify": "调整分类"}  # fmt: skip


def _changes(connection: Connection, target_id: int) -> Iterator[_Event]:
    from app.domain.fields import shown
    from app.domain.target import FIELDS

    described = {field.name: field for field in FIELDS}
    for change in changes_of(connection, "target", target_id):
        if change.action == "classify":
            continue  # told by the decision, with its grounds
        lines = []
        for each in () if change.new else change.fields:
            field = described.get(each.field)
            if field is None:
                continue
            before, after = (
                shown(field, tuple(v) if isinstance(v, list) else v) or "（空）"  # type: ignore[arg-type]
                for v in (each.before, each.after)
            )
            lines.append(f"{field.label}：{before} → {after}")
        verb = "新增" if change.new else _VERBS.get(change.action, change.action)
        yield _Event(_day(change.at), "change", verb, "；".join(lines), change.by)


def _decisions(connection: Connection, target_id: int) -> Iterator[_Event]:
    for each in decisions_of(connection, target_id):
        what = f"{each.was} → {each.decided}" if each.was != each.decided else f"维持 {each.was}"
        parts = (*each.grounds, each.reason, each.document_no)
        detail = "；".join(part for part in parts if part)
        yield _Event(_day(each.at), "category", what, detail, each.by)


def _tasks(connection: Connection, target_id: int) -> Iterator[_Event]:
    rows = connection.execute(
        select(
            Draw.no,
            Draw.closed_at,
            Assignment.serial,
            Assignment.replaced_by_id,
            Result.__table__,
            Rectification.completed_on,
            Rectification.proof,
            Rectification.by.label("rectified_by"),
            Publication.published_on,
            Publication.place,
            Publication.wording,
            Publication.by.label("published_by"),
        )
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Result, Result.assignment_id == Assignment.id)
        .outerjoin(Rectification, Rectification.result_id == Result.id)
        .outerjoin(Publication, Publication.result_id == Result.id)
        .where(
            Assignment.target_id == target_id,
            Result.inspected_on.is_not(None),
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
        )
    )
    told: set[str] = set()
    for row in rows:
        if row.no not in told and row.closed_at is not None:
            told.add(row.no)
            yield _Event(_day(row.closed_at), "draw", f"抽中 {row.serial}", row.no)
        words = _conclusion(row.conclusion)
        what = words if row.state is not ResultState.VOIDED else f"{words}（已作废）"
        measure = "；".join(part for part in (row.finding, row.measure, row.document_no) if part)
        yield _Event(row.inspected_on, "result", what, measure, row.entered_by)
        for each in received.origins(connection, "result", row.id):
            taken_back = "，后来撤销" if each.undone else ""
            words = f"何处来：文件“{each.file_name}”{taken_back}"
            yield _Event(_day(each.at), "result", "由文件合并", words, each.by)
        if row.rectify_by is not None:
            yield _Event(row.inspected_on, "rectification", f"责令 {row.rectify_by} 前整改")
        if row.completed_on is not None:
            yield _Event(row.completed_on, "rectification", "整改完成", row.proof, row.rectified_by)
        if row.published_on is not None:
            yield _Event(row.published_on, "publication", row.wording, row.place, row.published_by)


def _conclusion(code: str) -> str:
    try:
        return Conclusion(code).label
    except ValueError:
        return code or "录入中"


def _inspections(connection: Connection, target_id: int) -> Iterator[_Event]:
    rows = connection.execute(
        select(InspectionEntry.__table__, ImportBatch.file_name)
        .outerjoin(ImportBatch, ImportBatch.id == InspectionEntry.batch_id)
        .where(InspectionEntry.target_id == target_id, InspectionEntry.assignment_id.is_(None))
    )
    for row in rows:
        note = "发现违法行为" if row.violation else "发现问题" if row.finding else "未发现问题"
        came = f"何处来：文件“{row.file_name}”" if row.file_name else ""
        detail = "，".join(part for part in (note, row.source, came) if part)
        kind = InspectionKind(row.kind).label
        yield _Event(row.on, "inspection", kind, detail, alarm=row.violation)


def _recusals(connection: Connection, target_id: int) -> Iterator[_Event]:
    rows = connection.execute(
        select(Recusal.declared_on, _Inspector.name)
        .join(_Inspector, _Inspector.id == Recusal.inspector_id)
        .where(Recusal.target_id == target_id)
    )
    for row in rows:
        yield _Event(row.declared_on, "recusal", f"{row.name}回避")


def _documents(connection: Connection, target_id: int) -> Iterator[_Event]:
    rows = connection.execute(
        select(Attachment.name, Attachment.at, Attachment.by).where(
            Attachment.owner_kind == "target", Attachment.owner_id == target_id
        )
    )
    for row in rows:
        yield _Event(_day(row.at), "document", row.name, "", row.by)
    for seq, at, by, detail in connection.execute(
        text(
            "SELECT seq, at, actor, detail FROM ledger"
            " WHERE action = 'attachment.remove' AND subject = :subject ORDER BY seq"
        ),
        {"subject": f"target/{target_id}"},
    ):
        name = json.loads(detail).get("name", f"#{seq}")
        yield _Event(_day(datetime.fromisoformat(at)), "document", f"移除 {name}", "", by)
