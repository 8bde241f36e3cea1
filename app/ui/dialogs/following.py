"""What is asked after a lock and before a visit: rectification on its way, referral, case, visit,
proposal, correction, approval, postponement — short questions, each one form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from app.db.read import followups
from app.db.read.corrections import CorrectionRow
from app.db.read.followups import CaseRow, ProposalRow, ReferralRow, VisitRow
from app.db.read.public_matters import OutcomeRow
from app.db.read.tasks import TaskRow
from app.domain.consequences import Receiver, RectifyStep
from app.domain.correction import Redo, next_station
from app.domain.fields import Choice, Field, FieldKind
from app.domain.formalities import GROUPS, KINDS, Demand, NationalLayer
from app.services.public.kept_files import KeptFile
from app.services.tasks import correcting, following, formalities, rectifying, stepping
from app.services.tasks.correcting import Apply, PassStation, Withdraw
from app.services.tasks.following import (
    DecideProposal,
    EndCase,
    MakeVisit,
    OpenCase,
    PlanVisit,
    PublishOutcome,
    ReceiveReferral,
    Refer,
)
from app.services.tasks.formalities import ApproveTasks, TellResult
from app.services.tasks.rectifying import NoteRectification
from app.services.tasks.stepping import PostponeTask
from app.services.workspace import Workspace
from app.ui.dialogs.asking import Asking, choice, day, line, number, paragraph, pick, tick
from app.ui.dialogs.inspecting import public_file_field
from app.ui.widgets import FormDialog

__all__ = [
    "ask_approval",
    "ask_case",
    "ask_case_end",
    "ask_correction",
    "ask_decision",
    "ask_national_layer",
    "ask_note",
    "ask_outcome_published",
    "ask_postponement",
    "ask_receipt",
    "ask_referral",
    "ask_station",
    "ask_told",
    "ask_visit_made",
    "ask_visit_planned",
    "ask_withdrawal",
]

_NOTE_HINTS = {
    RectifyStep.REMINDER: "如：电话督办，企业答复本周内完成",
    RectifyStep.PROGRESS: "如：暂存间标识已补齐，台账正在补",
    RectifyStep.EXTENSION: "未按期完成的原因，如：设备到货推迟",
}
_YES_NO = (Choice("yes", "同意"), Choice("no", "不同意"))


def ask_note(asking: Asking, task: TaskRow, step: RectifyStep) -> FormDialog:
    """督办, 进展 or 延期 of a rectification."""
    extended = step is RectifyStep.EXTENSION
    fields = [
        day("on", "日期"),
        paragraph("text", "原因" if extended else "情况", _NOTE_HINTS[step]),
    ]
    now = ""
    if extended:
        longest = asking.workspace.read(rectifying.longest_deadline, task.inspected_on)
        limit = f"新期限晚于 {longest}（细则规定）的必须写明" if longest else "写明更清楚"
        hint = f"已经完成了什么；{limit}"
        file = asking.workspace.read(followups.followups, task.result_id or 0).rectification
        now = f"（现期限 {file.now}）" if file is not None and file.now else ""
        fields += [paragraph("stage", "阶段进展", hint, optional=True), day("until", "新的期限")]

    def command(**typed: Any) -> NoteRectification:
        return NoteRectification(result_id=task.result_id or 0, step=step, **typed)

    title = f"整改{step.label} {task.shown_name}{now}"
    return asking.ask(title, fields, rectifying.note, command, on=asking.today)


def ask_referral(asking: Asking, task: TaskRow) -> FormDialog:
    """移送 to another organ or to the police."""
    fields = (
        pick("receiver", "移送给", tuple(Receiver)),
        line("organ", "接收单位", "如 县应急管理局"),
        paragraph("matter", "移送事由"),
        line("document_no", "移送文号", "如 青环移〔2026〕2 号", optional=True),
        day("on", "移送日期"),
    )

    def command(receiver: str, **typed: Any) -> Refer:
        return Refer(result_id=task.result_id or 0, receiver=Receiver(receiver), **typed)

    return asking.ask(
        f"登记移送 {task.shown_name}",
        fields,
        following.refer,
        command,
        receiver=Receiver.ORGAN.value,
        on=asking.today,
    )


def ask_receipt(asking: Asking, referral: ReferralRow) -> FormDialog:
    """回执 of a referral."""
    fields = (
        day("on", "签收日期"),
        line("by", "签收人"),
        line("receipt_no", "回执文号", optional=True),
        paragraph("answer", "答复", "受理、不受理及理由", optional=True),
    )

    def command(**typed: Any) -> ReceiveReferral:
        return ReceiveReferral(referral_id=referral.id, **typed)

    title = f"登记回执 {referral.organ}"
    return asking.ask(title, fields, following.receive, command, on=asking.today)


def ask_told(asking: Asking, task: TaskRow) -> FormDialog:
    """结果告知 after the lock: when and how."""
    fields = (day("on", "告知日期"), line("how", "告知方式", "书面、当面、送达回证等"))

    def command(**typed: Any) -> TellResult:
        return TellResult(result_id=task.result_id or 0, **typed)

    title = f"登记结果告知 {task.shown_name}"
    return asking.ask(title, fields, formalities.tell, command, on=asking.today)


def ask_case(asking: Asking, task: TaskRow) -> FormDialog:
    """立案: its number and day."""
    fields = (
        line("case_no", "立案号", "如 青环罚立〔2026〕9 号"),
        day("on", "立案日期"),
        paragraph("matter", "案由", optional=True),
    )

    def command(**typed: Any) -> OpenCase:
        return OpenCase(result_id=task.result_id or 0, **typed)

    title = f"登记立案 {task.shown_name}"
    return asking.ask(title, fields, following.open_case, command, on=asking.today)


def ask_case_end(asking: Asking, case: CaseRow) -> FormDialog:
    """How a case ended."""
    fields = (
        paragraph("outcome", "处理结果", "如：罚款二万元；不予处罚及理由"),
        line("decision_no", "决定文号", optional=True),
        day("on", "决定日期"),
    )

    def command(**typed: Any) -> EndCase:
        return EndCase(case_id=case.id, **typed)

    title = f"登记处理结果 {case.case_no}"
    return asking.ask(title, fields, following.end_case, command, on=asking.today)


def ask_outcome_published(
    asking: Asking, case: CaseRow | OutcomeRow, files: Sequence[KeptFile] = ()
) -> FormDialog:
    """查处结果 made public; ``files``: those made of it."""
    fields = (
        day("on", "公示日期"),
        line("place", "公示地方", "网址或公示栏名称"),
        public_file_field(files),
    )

    def command(**typed: Any) -> PublishOutcome:
        return PublishOutcome(case_id=case.id, **typed)

    return asking.ask(
        f"公示处理结果 {case.case_no}",
        fields,
        following.publish_outcome,
        command,
        action="登记公示",
        on=asking.today,
        file=files[0].sha256 if files else "",
    )


def ask_visit_planned(asking: Asking, task: TaskRow) -> FormDialog:
    """复查, planned."""

    def command(**typed: Any) -> PlanVisit:
        return PlanVisit(result_id=task.result_id or 0, **typed)

    return asking.ask(
        f"安排复查 {task.shown_name}",
        (day("on", "复查日期"),),
        following.plan_visit,
        command,
        action="安排",
        on=asking.today,
    )


def ask_visit_made(asking: Asking, task: TaskRow, visit: VisitRow) -> FormDialog:
    """复查, made."""
    fields = (
        day("on", "复查日期"),
        line("people", "复查人员"),
        paragraph("finding", "复查情况"),
        tick("settled", "已整改到位"),
    )

    def command(**typed: Any) -> MakeVisit:
        return MakeVisit(visit_id=visit.id, **typed)

    return asking.ask(
        f"登记复查 {task.shown_name}",
        fields,
        following.make_visit,
        command,
        on=asking.today,
        people=task.people,
        settled=True,
    )


def ask_decision(asking: Asking, proposal: ProposalRow) -> FormDialog:
    """Whether a suggestion is taken."""
    fields = (
        choice("accepted", "决定", (Choice("yes", "采纳"), Choice("no", "不采纳"))),
        line("decided_by", "决定人"),
        paragraph("reason", "说明", proposal.text, optional=True),
    )

    def command(accepted: str, **typed: Any) -> DecideProposal:
        return DecideProposal(proposal_id=proposal.id, accepted=accepted == "yes", **typed)

    title = f"{proposal.kind.label}建议 {proposal.target_name}"
    return asking.ask(title, fields, following.decide, command)


# --- correction -------------------------------------------------------------------------------


def ask_correction(asking: Asking, task: TaskRow) -> FormDialog:
    """更正申请 against a locked result."""
    rules = asking.workspace.rulebook.correction
    fields = (
        paragraph("error", "错在哪里"),
        paragraph("should_be", "应当是", optional=True),
        paragraph("cause", "出错原因", optional=True),
        pick("redo", "同意以后", (Redo.REINSPECT,) if rules.reinspect_only else tuple(Redo)),
        line("applied_by", "申请人"),
        day("applied_on", "申请日期"),
        line("document_no", "申请文号", optional=True),
    )

    def command(redo: str, **typed: Any) -> Apply:
        return Apply(result_id=task.result_id or 0, redo=Redo(redo), **typed)

    return asking.ask(
        f"更正申请 {task.shown_name}",
        fields,
        correcting.apply,
        command,
        action="提出申请",
        redo=Redo.REINSPECT.value,
        applied_by=asking.workspace.actor,
        applied_on=asking.today,
    )


def ask_station(asking: Asking, row: CorrectionRow) -> FormDialog | None:
    """The next station of an application; None if there is none left."""
    chain = asking.workspace.rulebook.correction.stations
    station = next_station(chain, [each.code for each in row.stations])
    if station is None:
        return None
    fields = [
        line("organ", "单位科室"),
        line("name", "签字人"),
        line("post", "职务"),
        day("on", "签字日期"),
        choice("agreed", "意见", _YES_NO),
        paragraph("opinion", "意见内容", optional=True),
        line("document", "材料文号", "签字件、上报件或答复件", optional=True),
    ]
    if station is chain[-1]:
        again = "重新检查期限" if row.redo is Redo.REINSPECT else "重新录入期限"
        fields.append(Field(name="new_due", label=again, kind=FieldKind.DATE, hint="同意的填写"))

    def command(agreed: str, **typed: Any) -> PassStation:
        return PassStation(correction_id=row.id, agreed=agreed == "yes", **typed)

    return asking.ask(
        f"{station.organ}{station.label} {row.target_name}",
        fields,
        correcting.pass_station,
        command,
        organ=station.organ,
        post=station.post,
        on=asking.today,
    )


def ask_withdrawal(asking: Asking, row: CorrectionRow) -> FormDialog:
    """The voided result's publication was taken down."""
    fields = (day("on", "撤回日期"), line("where", "撤回地方", "原来公示的网址或公示栏"))

    def command(**typed: Any) -> Withdraw:
        return Withdraw(correction_id=row.id, **typed)

    title = f"登记撤回公示 {row.target_name}"
    return asking.ask(title, fields, correcting.withdraw_publication, command, on=asking.today)


# --- before the visit -------------------------------------------------------------------------


def ask_approval(asking: Asking, ids: tuple[int, ...], *, basis: str = "") -> FormDialog:
    """检查审批 of the chosen tasks at once."""
    fields = (
        choice("kind", "检查类别", KINDS),
        line("source", "任务来源"),
        paragraph("basis", "法定依据"),
        line("applied_by", "申请人"),
        day("applied_on", "申请日期"),
        line("approved_by", "审批人", "有审批权的负责人"),
        day("approved_on", "审批日期"),
        number("assistants_fixed", "协助人数", "事先确定"),
        tick("urgent", "紧急补办"),
        line("urgent_reason", "紧急情形", "补办的必须写明", optional=True),
        line("uncounted", "不计频次", "不计入年度频次上限的，写明理由", optional=True),
    )

    def command(**typed: Any) -> ApproveTasks:
        return ApproveTasks(assignment_ids=ids, **typed)

    return asking.ask(
        f"检查审批（{len(ids)} 家）",
        fields,
        formalities.approve,
        command,
        action="登记审批",
        columns=2,
        source="双随机抽查",
        basis=basis,
        applied_by=asking.workspace.actor,
        applied_on=asking.today,
        approved_on=asking.today,
    )


def ask_postponement(asking: Asking, task: TaskRow) -> FormDialog:
    """延期: the new day and why."""
    hint = "如：企业停产检修，预计 10 月 8 日恢复"
    fields = (day("until", "改到哪天"), paragraph("reason", "原因", hint))

    def command(**typed: Any) -> PostponeTask:
        return PostponeTask(assignment_id=task.id, **typed)

    # The target is still secret: its public number names it.
    return asking.ask(f"延期检查 {task.serial}", fields, stepping.postpone, command)


# --- the unit's choice ------------------------------------------------------------------------


def ask_national_layer(
    parent: QWidget, workspace: Workspace, layer: NationalLayer, then: Callable[[object], object]
) -> FormDialog:
    """国家层面要求: each group not used, reminded of, or required before submitting."""
    asking = Asking(
        parent=parent,
        workspace=workspace,
        today=workspace.clock().astimezone().date(),
        then=then,
    )

    def command(**typed: Any) -> NationalLayer:
        return NationalLayer(**{name: Demand(value) for name, value in typed.items()})

    return asking.ask(
        "国家层面要求",
        [pick(name, words, tuple(Demand)) for name, words in GROUPS],
        formalities.save_layer,
        command,
        action="保存",
        **{name: getattr(layer, name).value for name, _words in GROUPS},
    )
