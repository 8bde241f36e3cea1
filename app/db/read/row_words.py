"""Rows and columns as a person calls them: for the check's findings and the ledger's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.db.row_history import RowChange, RowFault

__all__ = ["change", "fault", "table"]

# Tables and columns not listed show their identifier: a new table is named, if less politely.
_TABLES: Final = {
    "unit": "单位",
    "setting": "设置",
    "target": "检查对象",
    "inspector": "执法人员",
    "item": "抽查事项",
    "recusal": "回避",
    "import_batch": "导入批次",
    "inspection_entry": "检查频次台账",
    "plan": "抽查计划",
    "draw": "抽取",
    "draw_witness": "见证人",
    "drawn_target": "抽中和备选名单",
    "drawn_team": "检查组",
    "closing_record": "办结记录",
    "substitution": "更换",
    "assignment": "派单",
    "result": "检查结果",
    "result_item": "逐项结果",
    "publication": "公示",
    "rectification": "整改",
    "export_package": "上报包",
    "attachment": "附件",
}
_COLUMNS: Final = {
    "name": "名称",
    "ident": "编号",
    "no": "编号",
    "serial": "序号",
    "personal_no": "人员编号",
    "uscc": "统一社会信用代码",
    "permit_no": "排污许可证编号",
    "reg_no": "注册号",
    "legal_rep": "法定代表人",
    "phone": "电话",
    "address": "地址",
    "township": "乡镇",
    "industry": "行业",
    "category": "分类",
    "category_since": "分类起始",
    "need": "专长要求",
    "tags": "标签",
    "state": "状态",
    "note": "备注",
    "section": "科室",
    "position": "次序",
    "cert_no": "执法证号",
    "cert_valid_to": "有效期止",
    "specialities": "专长",
    "may_lead": "可任组长",
    "code": "代码",
    "period": "期间",
    "plan_bytes": "抽取方案",
    "plan_hash": "名单摘要 P",
    "commitment": "承诺值 C",
    "reveal": "随机数 R",
    "seed": "种子 S",
    "result_hash": "结果摘要 F",
    "result_bytes": "结果记录",
    "void_bytes": "作废记录",
    "facts": "纪要所依据的事实",
    "digits": "见证数字",
    "host": "主持人",
    "operator": "操作人",
    "recorder": "记录人",
    "place": "地点",
    "organ": "单位",
    "post": "职务",
    "ticket": "号票",
    "selected": "是否抽中",
    "stratum": "分层",
    "team_no": "检查组号",
    "lead_id": "组长",
    "second_id": "组员",
    "flags": "标记",
    "due_on": "期限",
    "inspected_on": "检查日期",
    "conclusion": "结论",
    "finding": "发现的问题",
    "outcome": "逐项结论",
    "published_on": "公示日期",
    "wording": "公示结论",
    "completed_on": "完成日期",
    "by": "经办",
    "at": "时间",
    "on": "日期",
    "reason": "原因",
    "sha256": "摘要",
    "hash": "摘要",
    "bytes": "内容",
    "value": "值",
    "lines": "各类应抽数",
    "headcount": "人数",
    "approved_by": "批准人",
    "approved_on": "批准日期",
}
_NAMED_BY: Final = ("ident", "personal_no", "no", "serial", "code", "key", "name", "file_name")
_SHOWN: Final = 24


def table(name: str) -> str:
    """A table as a person calls it."""
    return _TABLES.get(name, name)


def fault(found: RowFault) -> str:
    """One row that is not what the ledger made it: 检查对象 A0001（第 3 行）名称：…"""
    which = _which(found.table, found.key, found.row)
    if found.told is None:
        return f"{which}：账本里没有，是被加入的"
    if found.found is None:
        return f"{which}：被删除"
    return f"{which} " + "，".join(
        f"{_column(name)}：账本是{_value(told)}，现在是{_value(found.found[name])}"
        for name, told in found.told.items()
    )


def change(made: RowChange) -> str:
    """One row's change: 检查对象 A0001（第 3 行）：状态 “active” → “closed”."""
    if made.before is None:
        return f"新增{_which(made.table, made.key, made.after or {})}"
    if made.after is None:
        return f"删除{_which(made.table, made.key, made.before)}"
    return f"{_which(made.table, made.key, {})}：" + "，".join(
        f"{_column(name)} {_value(before)} → {_value(made.after[name])}"
        for name, before in made.before.items()
    )


def _which(name: str, key: tuple[Any, ...], row: Mapping[str, Any]) -> str:
    named = next((str(row[each]) for each in _NAMED_BY if row.get(each)), "")
    place = "、".join(str(each) for each in key)
    return f"{table(name)} {named}（第 {place} 行）" if named else f"{table(name)}第 {place} 行"


def _column(name: str) -> str:
    return _COLUMNS.get(name, name)


def _value(value: object) -> str:
    if value is None or value == "":
        return "空"
    text = str(value)
    if text.startswith("sha256:"):
        return f"摘要 {text[7:15]}"
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
