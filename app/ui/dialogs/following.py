"""What is asked after a lock and before a visit: rectification on its way, referral, case, visit,
proposal, correction, approval, postponement — short questions, each one form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from app.db.read.corrections import CorrectionRow
from app.db.read.followups import CaseRow, ProposalRow, ReferralRow, VisitRow
from app.db.read.tasks import TaskRow
from app.domain.consequences import Receiver, RectifyStep
from app.domain.correction import Redo, next_station
from app.domain.fields import Choice, Field, FieldKind
from app.domain.formalities import GROUPS, KINDS, Demand, NationalLayer
from app.services import correcting, following, formalities, rectifying, stepping
from app.services.correcting import Apply, PassStation, Withdraw
from app.services.following import (
    DecideProposal,
    EndCase,
    MakeVisit,
    OpenCase,
    PlanVisit,
    PublishOutcome,
    ReceiveReferral,
    Refer,
)
from app.services.formalities import ApproveTasks
from app.services.rectifying import NoteRectification
from app.services.stepping import PostponeTask
from app.services.workspace import Workspace
from app.ui.dialogs.inspecting import ask
from app.ui.widgets import FormDialog

__all__ = [
    "Asking",
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
    "ask_visit_made",
    "ask_visit_planned",
    "ask_withdrawal",
]

Then = Callable[[object], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Where a question is asked, of which workspace, on which day, and what comes after."""

    parent: QWidget
    workspace: Workspace
    today: date
    then: Then


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    name: str = ""
    on: date | None = None
    text: str = ""
    stage: str = ""
    until: date | None = None


_NOTE_HINTS = {
    RectifyStep.REMINDER: "如：电话督办，企业答复本周内完成",
    RectifyStep.PROGRESS: "如：暂存间标识已补齐，台账正在补",
    RectifyStep.EXTENSION: "未按期完成的原因，如：设备到货推迟",
}


def ask_note(asking: Asking, task: TaskRow, step: RectifyStep) -> FormDialog:
    """督办, 进展 or 延期 of a rectification."""
    fields = [
        _day("on", "日期"),
        Field(
            name="text",
            label="原因" if step is RectifyStep.EXTENSION else "情况",
            kind=FieldKind.LONG_TEXT,
            required=True,
            hint=_NOTE_HINTS[step],
        ),
    ]
    if step is RectifyStep.EXTENSION:
        fields += [
            Field(
                name="stage",
                label="阶段进展",
                kind=FieldKind.LONG_TEXT,
                hint="已经完成了什么；超过细则规定期限的必须写明",
            ),
            _day("until", "新的期限"),
        ]

    def save(facts: _Note) -> object:
        command = NoteRectification(
            result_id=task.result_id or 0,
            step=step,
            on=facts.on or asking.today,
            text=facts.text,
            stage=facts.stage,
            until=facts.until,
        )
        return asking.workspace.write(rectifying.note, command)

    title = f"整改{step.label} {task.shown_name}"
    return _open(asking, title, tuple(fields), _Note(on=asking.today), save, "登记")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Referral:
    name: str = ""
    receiver: str = Receiver.ORGAN.value
    organ: str = ""
    matter: str = ""
    document_no: str = ""
    on: date | None = None


def ask_referral(asking: Asking, task: TaskRow) -> FormDialog:
    """移送 to another organ or to the police."""
    fields = (
        Field(
            name="receiver",
            label="移送给",
            kind=FieldKind.CHOICE,
            required=True,
            choices=tuple(Choice(each.value, each.label) for each in Receiver),
        ),
        Field(name="organ", label="接收单位", required=True, hint="如 县应急管理局"),
        Field(name="matter", label="移送事由", kind=FieldKind.LONG_TEXT, required=True),
        Field(name="document_no", label="移送文号", hint="如 青环移〔2026〕2 号"),
        _day("on", "移送日期"),
    )

    def save(facts: _Referral) -> object:
        command = Refer(
            result_id=task.result_id or 0,
            receiver=Receiver(facts.receiver),
            organ=facts.organ,
            matter=facts.matter,
            document_no=facts.document_no,
            on=facts.on or asking.today,
        )
        return asking.workspace.write(following.refer, command)

    title = f"登记移送 {task.shown_name}"
    return _open(asking, title, fields, _Referral(on=asking.today), save, "登记")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receipt:
    name: str = ""
    on: date | None = None
    by: str = ""
    receipt_no: str = ""
    answer: str = ""


def ask_receipt(asking: Asking, referral: ReferralRow) -> FormDialog:
    """回执 of a referral."""
    fields = (
        _day("on", "签收日期"),
        Field(name="by", label="签收人", required=True),
        Field(name="receipt_no", label="回执文号"),
        Field(name="answer", label="答复", kind=FieldKind.LONG_TEXT, hint="受理、不受理及理由"),
    )

    def save(facts: _Receipt) -> object:
        command = ReceiveReferral(
            referral_id=referral.id,
            on=facts.on or asking.today,
            by=facts.by,
            receipt_no=facts.receipt_no,
            answer=facts.answer,
        )
        return asking.workspace.write(following.receive, command)

    return _open(
        asking, f"登记回执 {referral.organ}", fields, _Receipt(on=asking.today), save, "登记"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    name: str = ""
    case_no: str = ""
    on: date | None = None
    matter: str = ""


def ask_case(asking: Asking, task: TaskRow) -> FormDialog:
    """立案: its number and day."""
    fields = (
        Field(name="case_no", label="立案号", required=True, hint="如 青环罚立〔2026〕9 号"),
        _day("on", "立案日期"),
        Field(name="matter", label="案由", kind=FieldKind.LONG_TEXT),
    )

    def save(facts: _Case) -> object:
        command = OpenCase(
            result_id=task.result_id or 0,
            case_no=facts.case_no,
            on=facts.on or asking.today,
            matter=facts.matter,
        )
        return asking.workspace.write(following.open_case, command)

    title = f"登记立案 {task.shown_name}"
    return _open(asking, title, fields, _Case(on=asking.today), save, "登记")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    name: str = ""
    outcome: str = ""
    decision_no: str = ""
    on: date | None = None


def ask_case_end(asking: Asking, case: CaseRow) -> FormDialog:
    """How a case ended."""
    fields = (
        Field(
            name="outcome",
            label="处理结果",
            kind=FieldKind.LONG_TEXT,
            required=True,
            hint="如：罚款二万元；不予处罚及理由",
        ),
        Field(name="decision_no", label="决定文号"),
        _day("on", "决定日期"),
    )

    def save(facts: _Ended) -> object:
        command = EndCase(
            case_id=case.id,
            outcome=facts.outcome,
            decision_no=facts.decision_no,
            on=facts.on or asking.today,
        )
        return asking.workspace.write(following.end_case, command)

    title = f"登记处理结果 {case.case_no}"
    return _open(asking, title, fields, _Ended(on=asking.today), save, "登记")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    name: str = ""
    on: date | None = None
    place: str = ""


def ask_outcome_published(asking: Asking, case: CaseRow) -> FormDialog:
    """查处结果 made public."""
    fields = (
        _day("on", "公示日期"),
        Field(name="place", label="公示地方", required=True, hint="网址或公示栏名称"),
    )

    def save(facts: _Place) -> object:
        command = PublishOutcome(case_id=case.id, on=facts.on or asking.today, place=facts.place)
        return asking.workspace.write(following.publish_outcome, command)

    title = f"公示处理结果 {case.case_no}"
    return _open(asking, title, fields, _Place(on=asking.today), save, "登记公示")


def ask_visit_planned(asking: Asking, task: TaskRow) -> FormDialog:
    """复查, planned."""

    def save(facts: _Place) -> object:
        command = PlanVisit(result_id=task.result_id or 0, on=facts.on or asking.today)
        return asking.workspace.write(following.plan_visit, command)

    title = f"安排复查 {task.shown_name}"
    fields = (_day("on", "复查日期"),)
    return _open(asking, title, fields, _Place(on=asking.today), save, "安排")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    name: str = ""
    on: date | None = None
    people: str = ""
    finding: str = ""
    settled: bool = True


def ask_visit_made(asking: Asking, task: TaskRow, visit: VisitRow) -> FormDialog:
    """复查, made."""
    fields = (
        _day("on", "复查日期"),
        Field(name="people", label="复查人员", required=True),
        Field(name="finding", label="复查情况", kind=FieldKind.LONG_TEXT, required=True),
        Field(name="settled", label="已整改到位", kind=FieldKind.BOOL),
    )

    def save(facts: _Visit) -> object:
        command = MakeVisit(
            visit_id=visit.id,
            on=facts.on or asking.today,
            people=facts.people,
            finding=facts.finding,
            settled=facts.settled,
        )
        return asking.workspace.write(following.make_visit, command)

    title = f"登记复查 {task.shown_name}"
    facts = _Visit(on=asking.today, people=task.people)
    return _open(asking, title, fields, facts, save, "登记")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    name: str = ""
    accepted: str = "yes"
    decided_by: str = ""
    reason: str = ""


def ask_decision(asking: Asking, proposal: ProposalRow) -> FormDialog:
    """Whether a suggestion is taken."""
    fields = (
        Field(
            name="accepted",
            label="决定",
            kind=FieldKind.CHOICE,
            required=True,
            choices=(Choice("yes", "采纳"), Choice("no", "不采纳")),
        ),
        Field(name="decided_by", label="决定人", required=True),
        Field(name="reason", label="说明", kind=FieldKind.LONG_TEXT, hint=proposal.text),
    )

    def save(facts: _Decision) -> object:
        command = DecideProposal(
            proposal_id=proposal.id,
            accepted=facts.accepted == "yes",
            decided_by=facts.decided_by,
            reason=facts.reason,
        )
        return asking.workspace.write(following.decide, command)

    title = f"{proposal.kind.label}建议 {proposal.target_name}"
    return _open(asking, title, fields, _Decision(), save, "登记")


# --- correction -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Correction:
    name: str = ""
    error: str = ""
    should_be: str = ""
    cause: str = ""
    applied_by: str = ""
    applied_on: date | None = None
    document_no: str = ""
    redo: str = Redo.REINSPECT.value


def ask_correction(asking: Asking, task: TaskRow) -> FormDialog:
    """更正申请 against a locked result."""
    rules = asking.workspace.rulebook.correction
    ways = (Redo.REINSPECT,) if rules.reinspect_only else tuple(Redo)
    fields = (
        Field(name="error", label="错在哪里", kind=FieldKind.LONG_TEXT, required=True),
        Field(name="should_be", label="应当是", kind=FieldKind.LONG_TEXT),
        Field(name="cause", label="出错原因", kind=FieldKind.LONG_TEXT),
        Field(
            name="redo",
            label="同意以后",
            kind=FieldKind.CHOICE,
            required=True,
            choices=tuple(Choice(each.value, each.label) for each in ways),
        ),
        Field(name="applied_by", label="申请人", required=True),
        _day("applied_on", "申请日期"),
        Field(name="document_no", label="申请文号"),
    )

    def save(facts: _Correction) -> object:
        command = Apply(
            result_id=task.result_id or 0,
            error=facts.error,
            should_be=facts.should_be,
            cause=facts.cause,
            applied_by=facts.applied_by,
            applied_on=facts.applied_on or asking.today,
            document_no=facts.document_no,
            redo=Redo(facts.redo),
        )
        return asking.workspace.write(correcting.apply, command)

    facts = _Correction(applied_by=asking.workspace.actor, applied_on=asking.today)
    return _open(asking, f"更正申请 {task.shown_name}", fields, facts, save, "提出申请")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Station:
    organ: str = ""
    name: str = ""
    post: str = ""
    on: date | None = None
    agreed: str = "yes"
    document: str = ""
    opinion: str = ""
    new_due: date | None = None


def ask_station(asking: Asking, row: CorrectionRow) -> FormDialog | None:
    """The next station of an application; None if there is none left."""
    chain = asking.workspace.rulebook.correction.stations
    station = next_station(chain, [each.code for each in row.stations])
    if station is None:
        return None
    fields = [
        Field(name="organ", label="单位科室", required=True),
        Field(name="name", label="签字人", required=True),
        Field(name="post", label="职务", required=True),
        _day("on", "签字日期"),
        Field(
            name="agreed",
            label="意见",
            kind=FieldKind.CHOICE,
            required=True,
            choices=(Choice("yes", "同意"), Choice("no", "不同意")),
        ),
        Field(name="opinion", label="意见内容", kind=FieldKind.LONG_TEXT),
        Field(name="document", label="材料文号", hint="签字件、上报件或答复件"),
    ]
    if station is chain[-1]:
        again = "重新检查期限" if row.redo is Redo.REINSPECT else "重新录入期限"
        fields.append(Field(name="new_due", label=again, kind=FieldKind.DATE, hint="同意的填写"))

    def save(facts: _Station) -> object:
        command = PassStation(
            correction_id=row.id,
            organ=facts.organ,
            name=facts.name,
            post=facts.post,
            on=facts.on or asking.today,
            agreed=facts.agreed == "yes",
            document=facts.document,
            opinion=facts.opinion,
            new_due=facts.new_due,
        )
        return asking.workspace.write(correcting.pass_station, command)

    facts = _Station(organ=station.organ, post=station.post, on=asking.today)
    title = f"{station.organ}{station.label} {row.target_name}"
    return _open(asking, title, tuple(fields), facts, save, "登记")


def ask_withdrawal(asking: Asking, row: CorrectionRow) -> FormDialog:
    """The voided result's publication was taken down."""
    fields = (
        _day("on", "撤回日期"),
        Field(name="place", label="撤回地方", required=True, hint="原来公示的网址或公示栏"),
    )

    def save(facts: _Place) -> object:
        command = Withdraw(correction_id=row.id, on=facts.on or asking.today, where=facts.place)
        return asking.workspace.write(correcting.withdraw_publication, command)

    title = f"登记撤回公示 {row.target_name}"
    return _open(asking, title, fields, _Place(on=asking.today), save, "登记")


# --- before the visit -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Approval:
    name: str = ""
    kind: str = "daily"
    source: str = "双随机抽查"
    basis: str = ""
    applied_by: str = ""
    applied_on: date | None = None
    approved_by: str = ""
    approved_on: date | None = None
    assistants_fixed: int | None = None
    urgent: bool = False
    urgent_reason: str = ""


def ask_approval(asking: Asking, ids: tuple[int, ...], *, basis: str = "") -> FormDialog:
    """检查审批 of the chosen tasks at once."""
    fields = (
        Field(name="kind", label="检查类别", kind=FieldKind.CHOICE, required=True, choices=KINDS),
        Field(name="source", label="任务来源", required=True),
        Field(name="basis", label="法定依据", kind=FieldKind.LONG_TEXT, required=True),
        Field(name="applied_by", label="申请人", required=True),
        _day("applied_on", "申请日期"),
        Field(name="approved_by", label="审批人", required=True, hint="有审批权的负责人"),
        _day("approved_on", "审批日期"),
        Field(name="assistants_fixed", label="协助人数", kind=FieldKind.NUMBER, hint="事先确定"),
        Field(name="urgent", label="紧急补办", kind=FieldKind.BOOL),
        Field(name="urgent_reason", label="紧急情形", hint="补办的必须写明"),
    )

    def save(facts: _Approval) -> object:
        command = ApproveTasks(
            assignment_ids=ids,
            kind=facts.kind,
            source=facts.source,
            basis=facts.basis,
            applied_by=facts.applied_by,
            applied_on=facts.applied_on or asking.today,
            approved_by=facts.approved_by,
            approved_on=facts.approved_on or asking.today,
            urgent=facts.urgent,
            urgent_reason=facts.urgent_reason,
            assistants_fixed=facts.assistants_fixed,
        )
        return asking.workspace.write(formalities.approve, command)

    facts = _Approval(
        basis=basis,
        applied_by=asking.workspace.actor,
        applied_on=asking.today,
        approved_on=asking.today,
    )
    return _open(asking, f"检查审批（{len(ids)} 家）", fields, facts, save, "登记审批", columns=2)


def ask_postponement(asking: Asking, task: TaskRow) -> FormDialog:
    """延期: the new day and why."""
    fields = (
        _day("until", "改到哪天"),
        Field(
            name="text",
            label="原因",
            kind=FieldKind.LONG_TEXT,
            required=True,
            hint="如：企业停产检修，预计 10 月 8 日恢复",
        ),
    )

    def save(facts: _Note) -> object:
        command = PostponeTask(
            assignment_id=task.id, until=facts.until or asking.today, reason=facts.text
        )
        return asking.workspace.write(stepping.postpone, command)

    # The target is still secret: its public number names it.
    return _open(asking, f"延期检查 {task.serial}", fields, _Note(), save, "登记")


# --- the unit's choice ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    name: str = ""
    approval: str = ""
    notice: str = ""
    identity: str = ""
    scan: str = ""
    told: str = ""


def ask_national_layer(
    parent: QWidget, workspace: Workspace, layer: NationalLayer, then: Then
) -> FormDialog:
    """国家层面要求: each group not used, reminded of, or required before submitting."""
    demands = tuple(Choice(each.value, each.label) for each in Demand)
    fields = tuple(
        Field(name=name, label=words, kind=FieldKind.CHOICE, required=True, choices=demands)
        for name, words in GROUPS
    )

    def save(facts: _Layer) -> object:
        chosen = NationalLayer(**{name: Demand(getattr(facts, name)) for name, _w in GROUPS})
        return workspace.write(formalities.save_layer, chosen)

    facts = _Layer(**{name: getattr(layer, name).value for name, _words in GROUPS})
    return ask(parent, "国家层面要求", fields, facts, save, then, "保存")


def _day(name: str, words: str) -> Field:
    return Field(name=name, label=words, kind=FieldKind.DATE, required=True)


def _open(
    asking: Asking,
    title: str,
    fields: tuple[Field, ...],
    facts: object,
    save: Callable[..., object],
    action: str,
    columns: int = 1,
) -> FormDialog:
    return ask(asking.parent, title, fields, facts, save, asking.then, action, columns)
