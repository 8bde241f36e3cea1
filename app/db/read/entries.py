"""The ledger for reading: newest first, searched by person, action, subject."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, bindparam, column, select, text
from sqlalchemy import table as sql_table

from app.db import row_history
from app.db.read import row_words
from app.db.read.query import ListQuery, pages

ACTIONS = {
    "unit": "单位",
    "target": "检查对象",
    "inspector": "执法人员",
    "item": "抽查事项",
    "recusal": "回避",
    "inspection": "检查记录",
    "import": "导入",
    "plan": "抽查计划",
    "basis": "本地抽取依据",
    "frequency": "频次规则",
    "draw": "抽取",
    "result": "检查结果",
    "rectification": "整改",
    "publication": "公示",
    "package": "上报包",
    "attachment": "附件",
    "notice": "通知单",
    "backup": "备份",
    "move": "换电脑",
    "task": "任务",
    "correction": "更正",
    "referral": "移送",
    "case": "案件",
    "visit": "复查",
    "proposal": "建议",
    "calendar": "工作日历",
    "duty": "周期工作",
    "series": "抽取序列",
    "ledger": "账本",
    "data": "数据",
    "number": "文号",
    "paper": "文书",
    "expert": "专家",
    "medium": "移动存储介质",
    "carry": "介质拷贝",
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
    "turn": "翻开纸条",
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
    "import": "导入",
    "record": "登记",
    "apply": "写入",
    "recompute": "复算",
    "print": "打印",
    "slip": "打印交接单",
    "remove": "移除",
    "propose": "拟定",
    "approve": "批准",
    "file": "上报备案",
    "discard": "删除拟稿",
    "rules": "设定",
    "postpone": "延期",
    "choose": "指定",
    "takeoff": "撤下",
    "request": "申请",
    "pass": "经手",
    "receive": "登记回执",
    "open": "立案",
    "end": "登记处理结果",
    "plan": "安排",
    "decide": "决定",
    "announce": "录入节假日安排",
    "reminder": "督办",
    "progress": "进展",
    "extension": "延期",
    "national": "国家层面要求",
    "resume": "续接",
    "baseline": "起点",
    "take": "取号",
    "elsewhere": "登记系统外用号",
    "series": "设定文号格式",
    "words": "修改文字",
    "restore": "恢复文字",
    "register": "打印登记簿",
    "place": "设第二处",
    "adopt": "改用恢复出的工作区",
    "merge": "合并",
    "begin": "开始迁出",
    "leave": "迁出",
    "fail": "没有迁成",
    "stay": "留在本机继续",
    "arrive": "接收",
    "copy": "写到介质",
    "disc": "核对光盘",
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


_KEYS = {
    "plan": "P",
    "commit": "C",
    "result": "F",
    "void": "作废记录",
    "quota": "应抽",
    "selected": "抽中",
    "reason": "原因",
    "name": "名称",
    "rulebook": "细则",
    "level": "层级",
    "program": "程序版本",
    "bytes": "字节",
    "sha256": "摘要",
    "before": "改前",
    "after": "改后",
    "counts": "行数",
    "file": "文件",
    "kind": "类别",
    "inspected_on": "检查日期",
    "entered_by": "录入",
    "reviewed_by": "复核",
    "alone_because": "一人复核原因",
    "by": "经办",
    "on": "日期",
    "place": "地点",
    "digest": "内容摘要",
    "changes": "变更",
    "rows": "行数",
    "new": "新增",
    "updated": "更新",
    "unchanged": "不变",
    "rejected": "退回",
    "skipped": "跳过",
    "office": "经办科室",
    "person": "经办人",
    "document_title": "现行文件",
    "document_no": "文号",
    "document_valid_from": "施行日期",
    "document_valid_to": "有效期至",
    "draw_basis": "本地抽取依据",
    "basis": "依据",
    "total": "家数",
    "organ": "批准机关",
    "no": "文号",
    "to": "报送",
    "own_limit": "单位年度上限",
    "own_counts": "计入单位上限",
    "own_lifted": "发现违法不受限",
    "leave_out_superior": "排除上级已查",
    "files": "文件数",
    "tagmanifest": "清单摘要",
    "edition": "版本",
    "what": "内容",
    "until": "新日期",
    "due": "期限",
    "applied_by": "申请人",
    "approved_by": "审批人",
    "expert": "专家编号",
    "approved_on": "审批日期",
    "urgent": "紧急补办",
    "correction": "更正申请",
    "error": "错误",
    "redo": "更正方式",
    "station": "经手",
    "post": "职务",
    "document": "材料",
    "agreed": "同意",
    "notice": "检查通知书",
    "matter": "事由",
    "receipt": "回执号",
    "case": "案号",
    "outcome": "处理结果",
    "people": "人员",
    "finding": "情况",
    "settled": "已整改到位",
    "accepted": "采纳",
    "text": "情况",
    "stage": "阶段进展",
    "holidays": "放假天数",
    "workdays": "上班天数",
    "moved": "改期的任务",
    "approval": "检查审批",
    "identity": "亮证和告知",
    "scan": "扫码入企",
    "told": "结果告知",
    "period": "期间",
    "serial": "序号",
    "draw": "抽取",
    "ident": "编号",
    "state": "状态",
    "target": "检查对象",
    "inspector": "执法人员",
    "code": "代码",
    "note": "说明",
    "size": "大小",
    "path": "位置",
    "batch": "导入批次",
    "tasks": "任务数",
    "teams": "检查组",
    "content": "结果内容摘要",
    "version": "第几版",
    "wording": "公示结论",
    "medium": "介质",
    "purpose": "用途",
    "data": "改动明细摘要",
    "schema": "数据库结构",
    "faults": "升级前已有的差异",
}

# Codes that entries hold, as a person says them.
_VALUES = {
    ("edition", "sealed"): "密封版",
    ("edition", "public"): "公开版",
    ("what", "draw"): "抽取记录",
    ("what", "results"): "检查结果",
    ("what", "directories"): "名录",
    ("what", "plan"): "抽查计划",
    ("what", "report"): "报表",
}


def detail_words(detail: str) -> str:
    """The entry's JSON as a line to read: 原因：停电；应抽：36. Long digests show 8 digits."""
    try:
        facts = json.loads(detail)
    except ValueError:
        return detail
    return "；".join(f"{_key(key, value)}：{_value(key, value)}" for key, value in facts.items())


def _key(key: str, value: object) -> str:
    # A draw's "result" is the digest F, an inspection's the number of its row.
    return "结果编号" if key == "result" and isinstance(value, int) else _KEYS.get(key, key)


def _value(key: str, value: object) -> str:
    said = _VALUES.get((key, value)) if isinstance(value, str) else None
    return said or _words(value)


def _words(value: object) -> str:
    match value:
        case dict():
            words = "，".join(f"{_KEYS.get(k, k)} {_words(v)}" for k, v in value.items())
        case [before, after] if not isinstance(before, dict):
            words = f"{_words(before)} → {_words(after)}"
        case list():
            words = "、".join(_words(each) for each in value)
        case None | "":
            words = "空"
        case bool():
            words = "是" if value else "否"
        case str() if len(value) == 64 and set(value) <= set("0123456789abcdef"):
            words = value[:8]
        case _:
            words = str(value)
    return words


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
            detail=detail_words(row.detail),
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


_MOST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """One row an entry changed, in words: 新增, 修改 or 删除, which, and what before → after."""

    id: int
    kind: str
    what: str
    detail: str


def changed_rows(connection: Connection, seq: int) -> tuple[ChangedRow, ...]:
    """The rows entry ``seq`` changed, the first five thousand; empty if it changed none."""
    packed = connection.execute(
        text("SELECT changes FROM ledger WHERE seq = :seq"), {"seq": seq}
    ).scalar()
    if packed is None:
        return ()
    first = list(islice(row_history.expand(packed), _MOST))
    now = _rows_now(connection, [each for each in first if each.before and each.after])
    return tuple(
        ChangedRow(id=number, **row_words.parts(made, now.get((made.table, *made.key))))
        for number, made in enumerate(first, 1)
    )


def _rows_now(
    connection: Connection, updated: Sequence[row_history.RowChange]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """What updated rows can be named by, as they are now, by table and key; less those gone.

    The file's own columns are asked for: an old ledger may speak of a table that is no more.
    """
    keys: dict[str, list[Any]] = {}
    for each in updated:
        if len(each.key) == 1:
            keys.setdefault(each.table, []).append(each.key[0])
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for table, wanted in keys.items():
        columns = connection.execute(_COLUMNS, {"table": table}).all()
        key = next((row.name for row in columns if row.pk == 1), None)
        names = [row.name for row in columns if row.name in row_words.NAMED_BY]
        if key is None or not names:
            continue
        statement: Select[*tuple[Any, ...]] = (
            select(column(key), *(column(name).label(f"named_{name}") for name in names))
            .select_from(sql_table(table))
            .where(column(key).in_(bindparam("keys", expanding=True)))
        )
        for page in pages(wanted):
            for row in connection.execute(statement, {"keys": list(page)}):
                found[table, row[0]] = dict(zip(names, row[1:], strict=True))
    return found


_COLUMNS = text("SELECT name, pk FROM pragma_table_info(:table)")
