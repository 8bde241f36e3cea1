"""Rows and columns as a person calls them: for the check's findings and the ledger's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.db.row_history import RowChange, RowFault

__all__ = ["NAMED_BY", "change", "column", "fault", "parts", "table"]

# Every table and column of the models stands here; words of tables that are no more stay, for old
# ledgers speak of them.  One that somebody added by hand shows its identifier.
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
    "package_line": "上报包的行",
    "package_step": "上报包经手",
    "allowed_wording": "认可的公开用语",
    "attachment": "附件",
    "rectification_note": "整改进展",
    "referral": "移送",
    "case_file": "案件",
    "follow_up": "复查安排",
    "proposal": "信用建议",
    "correction": "更正申请",
    "correction_step": "更正经手",
    "incoming_list": "外来名单",
    "incoming_target": "外来名单对象",
    "partner_inspector": "其他部门人员",
    "assignment_member": "任务人员",
    "expert": "专家",
    "assistant": "协助人员",
    "plan_version": "计划版本",
    "local_basis": "本地抽取依据",
    "task_step": "任务进程",
    "formality": "检查手续",
    "duty_done": "周期工作",
    "calendar_day": "工作日历",
    "adopted_rulebook": "采用的细则",
    "directory_version": "名录历史版本",
    "directory_round": "名录更新",
    "round_review": "名录审核",
    "category_decision": "分类决定",
    "inspector_absence": "不在岗",
    "interest": "利害关系",
    "ledger": "账本",
    "document_number": "文号登记",
    "exemption": "不予公示",
    "withdrawal": "撤下公示",
    "review_application": "复查申请",
    "incoming_file": "收到的文件",
    "incoming_row": "收到的文件改动的行",
    "result_form": "检查结果填报表",
    "medium": "移动存储介质",
    "carried_file": "介质使用登记",
    "archive_bag": "归档登记",
    "archive_item": "件号登记",
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
    "may_lead": "可牵头",
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
    "lead_id": "牵头",
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
    "id": "行号",
    "result_id": "检查结果",
    "step": "步骤",
    "text": "内容",
    "stage": "阶段",
    "until": "截止",
    "receiver": "接收机关",
    "matter": "事项",
    "document_no": "文号",
    "received_on": "收到日期",
    "received_by": "收件人",
    "receipt_no": "回执号",
    "answer": "答复",
    "case_no": "案号",
    "opened_on": "立案日期",
    "decision_no": "决定书文号",
    "ended_on": "办结日期",
    "outcome_published_on": "处理结果公示日期",
    "outcome_place": "处理结果公示处",
    "planned_on": "计划日期",
    "done_on": "完成日期",
    "people": "人员",
    "settled": "了结",
    "target_id": "检查对象",
    "kind": "类别",
    "decided_by": "决定人",
    "decided_on": "决定日期",
    "redo": "重新检查",
    "error": "错误内容",
    "should_be": "应为",
    "cause": "原因",
    "applied_by": "申请人",
    "applied_on": "申请日期",
    "article": "条款",
    "new_due": "新期限",
    "withdrawn_on": "撤下日期",
    "withdrawn_where": "撤下处",
    "correction_id": "更正申请",
    "label": "名称",
    "document": "文件",
    "opinion": "意见",
    "agreed": "是否同意",
    "name_key": "拼音序",
    "search": "检索词",
    "local_no": "本地编号",
    "industry_code": "行业代码",
    "labels": "标签",
    "permit_category": "许可管理类别",
    "credit_grade": "信用等级",
    "pollutants": "污染物",
    "scale": "规模",
    "production_cycle": "生产周期",
    "monitoring": "在线监控",
    "performance_grade": "绩效分级",
    "squad": "中队",
    "suspended_from": "停产起",
    "suspended_to": "停产止",
    "permit_valid_to": "许可证有效期止",
    "project": "建设项目",
    "library": "所属库",
    "created_on": "建立日期",
    "created_at": "建立时间",
    "updated_at": "修改时间",
    "batch_id": "导入批次",
    "unit": "单位",
    "dept_code": "部门代码",
    "duty_post": "岗位",
    "cert_kind": "证件种类",
    "enforcement_type": "执法类型",
    "cert_valid_from": "有效期起",
    "employment": "编制",
    "years_of_work": "工作年限",
    "area": "区域",
    "leave_from": "离岗起",
    "leave_to": "离岗止",
    "seconded_out": "借出",
    "inspector_id": "执法人员",
    "declared_on": "申报日期",
    "basis": "依据",
    "subject": "主体",
    "object": "对象",
    "method": "方式",
    "staff": "人员要求",
    "scope": "范围",
    "content": "内容",
    "ratio": "比例",
    "frequency": "频次",
    "time_and_way": "时间方式",
    "requirement": "要求",
    "categories": "适用分类",
    "joint": "联合",
    "year": "年度",
    "in_force": "是否有效",
    "file_name": "文件名",
    "counts": "行数",
    "series": "抽取序列",
    "seq": "序号",
    "rehearsal": "演练",
    "prev": "前一份摘要",
    "excluded_bytes": "不参加名单",
    "way": "方式",
    "list_id": "名单",
    "of_draw_id": "所属抽取",
    "frozen_at": "封存时间",
    "committed_at": "承诺时间",
    "opened_at": "开号时间",
    "closed_at": "完成时间",
    "draw_id": "抽取",
    "group": "人员组",
    "number": "序号",
    "violation": "违法",
    "covers": "计入覆盖",
    "source": "来源",
    "assignment_id": "任务",
    "rows": "行数",
    "task_no": "任务编号",
    "plan_no": "计划编号",
    "package_id": "上报包",
    "refused": "退回意见",
    "gone": "删除的行",
    "withdrawn": "已撤回",
    "department": "部门",
    "standins": "候补",
    "due_basis": "期限依据",
    "replaced_by_id": "由何任务替换",
    "visit_id": "合并检查",
    "people_draw_id": "人员抽取",
    "title": "职务",
    "version": "版本",
    "arrived": "到达",
    "left": "离开",
    "methods": "检查方法",
    "measure": "处理措施",
    "rectify_by": "整改期限",
    "rectify_reason": "整改超期原因",
    "rectify_stage": "整改阶段进展",
    "assistants": "协助人数",
    "inspector_ids": "检查人员",
    "entered_by": "录入人",
    "entered_at": "录入时间",
    "submitted_at": "提交时间",
    "reviewed_by": "复核人",
    "reviewed_at": "复核时间",
    "review_note": "复核说明",
    "return_reason": "退回原因",
    "returned_by": "退回人",
    "returned_at": "退回时间",
    "item_id": "抽查事项",
    "proof": "证明",
    "what": "内容",
    "edition": "版本",
    "folder": "位置",
    "size": "大小",
    "files": "文件数",
    "tagmanifest": "清单摘要",
    "verified_at": "校验时间",
    "owner_kind": "所属",
    "owner_id": "所属编号",
    "made_by": "拟定人",
    "made_at": "拟定时间",
    "approved_organ": "批准机关",
    "approved_name": "批准人",
    "approved_post": "批准人职务",
    "approved_no": "批准文号",
    "filed_to": "报送机关",
    "filed_on": "报送日期",
    "filed_no": "报送文号",
    "filed_by": "报送人",
    "signer": "签批人",
    "signed_on": "签批日期",
    "record_id": "办结记录",
    "redraw_id": "重抽",
    "policy": "方式",
    "out_target_id": "换出对象",
    "in_target_id": "换入对象",
    "out_inspector_id": "换出人员",
    "in_inspector_id": "换入人员",
    "for_target_id": "所为对象",
    "reason_code": "原因代码",
    "assignment_ids": "所涉任务",
    "rulebook_id": "细则",
    "rulebook_version": "细则版本",
    "level": "层级",
    "document_title": "现行文件",
    "document_valid_from": "文件有效期起",
    "document_valid_to": "文件有效期止",
    "draw_basis": "本地抽取依据",
    "office": "经办科室",
    "key": "项目",
    "body": "内容",
    "day": "日期",
    "working": "是否工作日",
    "headcount_note": "人数说明",
    "since": "自",
    "was": "原分类",
    "suggested": "建议分类",
    "decided": "决定分类",
    "grounds": "理由",
    "row_id": "所属行",
    "recusal": "回避",
    "notice_no": "通知书文号",
    "urgent": "紧急",
    "urgent_reason": "紧急原因",
    "confirmed_by": "确认人",
    "witnessed_by": "第三方见证人",
    "told_on": "告知日期",
    "told_how": "告知方式",
    "directory": "名录",
    "digest": "摘要",
    "adopted_at": "采用时间",
    "base_seq": "起点的账本序号",
    "proposed_seq": "报审时的账本序号",
    "checks": "核对清单",
    "opened_by": "发起人",
    "proposed_at": "报审时间",
    "proposed_by": "报审人",
    "in_force_at": "生效时间",
    "in_force_by": "生效经办",
    "round_id": "名录更新",
    "through": "至（号）",
    "words": "文号",
    "paper": "文书",
    "taken_on": "取号日期",
    "voided_on": "作废日期",
    "void_reason": "作废原因",
    "voided_by": "作废经办",
    "actor": "操作人",
    "action": "操作",
    "detail": "详情",
    "changes": "改动明细",
    "declared_by": "登记人",
    "firm": "单位名称",
    "declined": "认定不是同一家的对象",
    "lifted_on": "解除日期",
    "lifted_by": "解除人",
    "lift_reason": "解除理由",
    "assistants_fixed": "事先确定的协助人数",
    "certificates_shown": "出示执法证",
    "basis_shown": "说明依据",
    "intent_told": "告知意图",
    "procedure_told": "告知程序",
    "recusal_note": "回避说明",
    "scanned_at": "扫码时间",
    "not_scanned": "未扫码理由",
    "uncounted": "不计频次理由",
    "ground": "不经抽取的情形",
    "steps": "审批经过",
    "applicant": "申请人",
    "open_until": "复查时限",
    "answered_on": "答复日期",
    "platform": "平台格式",
    "changed_only": "只报变动",
    "locked": "加口令",
    "resent_as_id": "重报为",
    "sheet": "表",
    "line": "行",
    "who": "经手人",
    "undone_at": "撤销时间",
    "undone_by": "撤销人",
    "file_id": "收到的文件",
    "record": "记录",
    "change": "改动",
    "before": "改前",
    "tasks": "任务",
    "holder": "保管人",
    "grade": "密级",
    "purpose": "用途",
    "medium_id": "介质",
    "medium_no": "介质编号",
    "column": "列",
    "items": "件数",
    "lacking": "缺少项数",
    "bag_id": "归档登记",
    "fonds": "全宗号",
    "retention": "保管期限",
}
# What a column is called in one table, where the common word would mislead.
_OWN: Final = {
    ("archive_bag", "title"): "题名",
    ("archive_item", "title"): "题名",
    ("archive_item", "number"): "件号",
    ("inspector", "name"): "姓名",
    ("inspector", "position"): "职务",
    ("partner_inspector", "name"): "姓名",
    ("assignment_member", "name"): "姓名",
    ("draw_witness", "name"): "姓名",
    ("expert", "name"): "姓名",
    ("expert", "title"): "职称",
    ("incoming_file", "subject"): "关于",
    ("incoming_row", "place"): "文件里的位置",
    ("result_form", "title"): "名称",
    ("assistant", "name"): "姓名",
    ("correction_step", "name"): "姓名",
    ("round_review", "name"): "审核人",
    ("directory_round", "opened_at"): "开始时间",
    ("directory_round", "counts"): "变动数",
    ("document_number", "series"): "文号序列",
    ("document_number", "number"): "号",
    ("document_number", "subject"): "所属",
    ("document_number", "note"): "关于",
    ("ledger", "subject"): "对象",
    ("ledger", "prev"): "前一条摘要",
    ("directory_version", "seq"): "账本序号",
    ("case_file", "outcome"): "处理结果",
    ("review_application", "outcome"): "复查结论",
    ("recusal", "code"): "原因代码",
    ("interest", "code"): "关系代码",
    ("allowed_wording", "column"): "列名",
    ("calendar_day", "source"): "文件依据",
    ("medium", "ident"): "介质编号",
    ("medium", "label"): "卷标",
    ("medium", "serial"): "卷序列号",
    ("medium", "since"): "启用日期",
    ("medium", "withdrawn_on"): "停用日期",
    ("carried_file", "label"): "卷标",
    ("carried_file", "serial"): "卷序列号",
    ("carried_file", "place"): "去处",
    ("carried_file", "verified_at"): "读回核对时间",
}
NAMED_BY: Final = (
    "ident",
    "personal_no",
    "no",
    "serial",
    "words",
    "case_no",
    "code",
    "key",
    "name",
    "file_name",
    "period",
)
"""Columns that a row can be named by, the best first."""

_SHOWN: Final = 24


def table(name: str) -> str:
    """A table as a person calls it."""
    return _TABLES.get(name, name)


def column(of: str, name: str) -> str:
    """A column of table ``of`` as a person calls it."""
    return _OWN.get((of, name)) or _COLUMNS.get(name, name)


def fault(found: RowFault) -> str:
    """One row that is not what the ledger made it: 检查对象 A0001（第 3 行）名称：…"""
    which = _which(found.table, found.key, found.row)
    if found.told is None:
        return f"{which}：账本里没有，是被加入的"
    if found.found is None:
        return f"{which}：被删除"
    return f"{which} " + "，".join(
        "{}：账本是{}，现在是{}".format(column(found.table, name), *_both(told, found.found[name]))
        for name, told in found.told.items()
    )


def change(made: RowChange, now: Mapping[str, Any] | None = None) -> str:
    """One row's change: 检查对象 A0001（第 3 行）：状态 “active” → “closed”.

    An update holds the changed columns alone: ``now`` is the row as it is, to name it by.
    """
    if made.before is None:
        return f"新增{_which(made.table, made.key, made.after or {})}"
    if made.after is None:
        return f"删除{_which(made.table, made.key, made.before)}"
    return f"{_which(made.table, made.key, _known(made, now))}：" + "，".join(
        "{} {} → {}".format(column(made.table, name), *_both(before, made.after[name]))
        for name, before in made.before.items()
    )


def parts(made: RowChange, now: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The same in three columns: kind, what, detail."""
    row = made.after if made.before is None else made.before
    new, gone = made.before is None, made.after is None
    if new or gone:
        told = {name: value for name, value in (row or {}).items() if value not in (None, "")}
        detail = "，".join(
            f"{column(made.table, name)} {_value(value)}" for name, value in told.items()
        )
        which = _which(made.table, made.key, row or {})
        return {"kind": "新增" if new else "删除", "what": which, "detail": detail}
    which = _which(made.table, made.key, _known(made, now))
    detail = change(made, now).removeprefix(f"{which}：")
    return {"kind": "修改", "what": which, "detail": detail}


def _known(made: RowChange, now: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an updated row can be named by: as it was then, where the change says so."""
    after = {name: value for name, value in (made.after or {}).items() if value}
    then = {**(made.before or {}), **after}
    return {**(now or {}), **then}


def _which(name: str, key: tuple[Any, ...], row: Mapping[str, Any]) -> str:
    named = next((str(row[each]) for each in NAMED_BY if row.get(each)), "")
    place = "、".join(str(each) for each in key)
    return f"{table(name)} {named}（第 {place} 行）" if named else f"{table(name)}第 {place} 行"


def _both(before: object, after: object) -> tuple[str, str]:
    """Two values that differ; of long ones the part around the first difference."""
    one, other = str(before or ""), str(after or "")
    if max(len(one), len(other)) <= _SHOWN or one.startswith("sha256:"):
        return _value(before), _value(after)
    pairs = enumerate(zip(one, other, strict=False))
    at = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
    start = max(0, at - _SHOWN // 3)
    return _part(before, one, start), _part(after, other, start)


def _part(value: object, text: str, start: int) -> str:
    if not text or text.startswith("sha256:"):
        return _value(value)
    end = start + _SHOWN
    return f"“{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}”"


def _value(value: object) -> str:
    if value is None or value == "":
        return "空"
    text = str(value)
    if text.startswith("sha256:"):
        return f"摘要 {text[7:15]}"
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
