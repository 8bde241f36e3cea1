"""The ledger for reading: newest first, searched by person, action, subject."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from app.db.read.query import ListQuery, pages

ACTIONS = {
    "unit": "单位",
    "target": "检查对象",
    "inspector": "执法人员",
    "item": "抽查事项",
    "recusal": "回避",
    "import": "导入",
    "draw": "抽取",
    "result": "检查结果",
    "rectification": "整改",
    "publication": "公示",
    "package": "上报包",
    "attachment": "附件",
    "notice": "通知单",
    "backup": "备份",
}
_STEPS = {
    "create": "建立",
    "save": "保存",
    "new": "新增",
    "add": "新增",
    "change": "修改",
    "state": "改状态",
    "declare": "登记",
    "withdraw": "撤回",
    "undo": "撤销",
    "freeze": "封存名单",
    "commit": "出承诺单",
    "close": "完成",
    "void": "作废",
    "start": "登记检查",
    "submit": "提交复核",
    "return": "退回",
    "lock": "复核锁定",
    "publish": "公示",
    "table": "生成公示表",
    "make": "生成",
    "export": "导出",
    "complete": "完成",
    "apply": "写入",
    "recompute": "复算",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry of the ledger; ``id`` is its number."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    hash: str


def action_words(action: str) -> str:
    """``draw.freeze`` → 抽取 封存名单; unknown parts stay as they are."""
    kind, _, step = action.partition(".")
    return f"{ACTIONS.get(kind, kind)}{_STEPS.get(step, step)}"


def ids(connection: Connection, query: ListQuery) -> array[int]:
    """Numbers of the entries that hold every word of the search, newest first."""
    conditions, values = [], {}
    for number, word in enumerate(query.search.split()):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values[f"word{number}"] = f"%{escaped}%"
        conditions.append(
            f"(actor || ' ' || action || ' ' || subject || ' ' || detail || ' ' || hash)"
            f" LIKE :word{number} ESCAPE '\\'"
        )
    for number, kind in enumerate(sorted(query.filters.get("kind", frozenset()))):
        values[f"kind{number}"] = f"{kind}.%"
    kinds = [f"action LIKE :{name}" for name in values if name.startswith("kind")]
    if kinds:
        conditions.append(f"({' OR '.join(kinds)})")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = "" if query.sort is not None and not query.sort.descending else " DESC"
    # The conditions are the program's own text; what a person typed is bound.
    statement = f"SELECT seq FROM ledger{where} ORDER BY seq{order}"  # noqa: S608
    return array("q", connection.execute(text(statement), values).scalars())


def rows(connection: Connection, wanted: Sequence[int]) -> list[EntryRow]:
    """The entries of these numbers."""
    statement = text(
        "SELECT seq, at, actor, action, subject, detail, hash FROM ledger WHERE seq IN :seqs"
    ).bindparams(bindparam("seqs", expanding=True))
    return [
        EntryRow(
            id=row.seq,
            at=datetime.fromisoformat(row.at),
            actor=row.actor,
            action=action_words(row.action),
            subject=row.subject,
            detail=row.detail,
            hash=row.hash,
        )
        for page in pages(list(wanted))
        for row in connection.execute(statement, {"seqs": list(page)})
    ]


def head(connection: Connection) -> str:
    """Hash of the newest entry, empty for an empty ledger."""
    return (
        connection.execute(text("SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1")).scalar() or ""
    )
