"""Plans, notices to teams, reports and proofs with invented content, to see a unit's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from app.documents import (
    addendum_form,
    annual_plan,
    attendance,
    campaign_plan,
    filing,
    invitation,
    notice,
    plan_table,
    report_form,
    words,
)
from app.documents.minutes_facts import LedgerMark, Person
from app.documents.paper_frame import PaperTarget
from app.documents.plan_frame import PlanHead
from app.domain.paper_texts import PaperKind, PaperText

__all__ = ["MAKERS", "PERIODS"]

TARGET = PaperTarget(
    name="（样例）某某县某某化工有限公司",
    code="91000000MA00000000",
    address="某某县某某镇某某路 1 号",
    person="张某某",
    phone="000-0000000",
)
_DIGEST = "0123456789abcdef" * 4
_DRAW = "（样例）"
_BASIS = "某某工作细则"
PERIODS: Mapping[PaperKind, str] = MappingProxyType(
    {
        PaperKind.ANNUAL_PLAN: "年",
        PaperKind.YEAR_REPORT: "年",
        PaperKind.HALF_REPORT: "年上半年",
        PaperKind.MONTH_SHEET: "年9月",
    }
)
"""What follows the year's number in a sample's period; 年第三季度 where nothing is said."""


def _period(kind: PaperKind, today: date) -> str:
    return f"{today.year}{PERIODS.get(kind, '年第三季度')}"


def _plan_head(unit: str, text: PaperText, today: date) -> PlanHead:
    begins = _period(text.kind, today)
    if text.kind is PaperKind.ANNUAL_PLAN:
        begins += "度"
    return PlanHead(
        unit=unit,
        title=f"{begins}{text.title}",
        text=text,
        document_number="（样例）〔2026〕1号",
        bases=(f"《{_BASIS}》第某条。",),
        made_by="王某",
        made_on=today,
        filing="批准后报某某市生态环境局",
    )


def _annual(unit: str, text: PaperText, today: date) -> bytes:
    stratum = annual_plan.AnnualStratum(
        label="重点排污单位",
        registered=40,
        ratio="每季度25%",
        quarters=(10, 10, 10, 10),
        arithmetic=("40 × 25% = 10",),
        article="第某条",
    )
    return annual_plan.build(
        annual_plan.AnnualFacts(
            head=_plan_head(unit, text, today),
            scope="检查对象名录库中的全部检查对象",
            headcount="",
            strata=(stratum,),
            timing=(annual_plan.QuarterTiming(period="第一季度", draw="季度初", finish="季度内"),),
            deviations=(),
            exemptions=(),
            exemptions_article="",
            campaigns=(),
            notes=(),
        )
    )


def _quarter_plan(unit: str, text: PaperText, today: date) -> bytes:
    stratum = plan_table.PlannedStratum(
        label="重点排污单位",
        registered=40,
        covered=0,
        excluded=(),
        pool=40,
        ratio="每季度25%",
        arithmetic=("40 × 25% = 10",),
        quota=10,
        article="第某条",
    )
    return plan_table.build(
        plan_table.PlanFacts(
            head=_plan_head(unit, text, today),
            scope="检查对象名录库中的全部检查对象",
            timing="季度初抽取，季度内完成检查。",
            headcount="",
            strata=(stratum,),
            deviations=(),
            people=("名录库18人，拟定计划时可以参加抽取的16人。",),
            notes=(),
        )
    )


def _campaign(unit: str, text: PaperText, today: date) -> bytes:
    return campaign_plan.build(
        campaign_plan.CampaignFacts(
            head=_plan_head(unit, text, today),
            ordered=f"某某市生态环境局{words.day(today)}批准",
            scope="某某镇全部检查对象",
            period=_period(text.kind, today),
            number=10,
            outside="检查情况另行登记，记入检查频次台账。",
            notes=(),
        )
    )


def _invitation(unit: str, text: PaperText, today: date) -> bytes:
    return invitation.build(
        invitation.InvitationFacts(
            unit=unit,
            text=text,
            document_number="",
            name="张某某",
            body="（样例）某某单位",
            contact="王某，电话000-0000000",
            issued_on=today,
        )
    )


def _attendance(unit: str, text: PaperText, today: date) -> bytes:
    return attendance.build(
        attendance.AttendanceFacts(
            unit=unit,
            text=text,
            period=_period(text.kind, today),
            draw_number=_DRAW,
            held_on=today,
            place="某某会议室",
            people=(
                attendance.Attendee("见证人一", "张某某", "某某单位", "某职务"),
                attendance.Attendee("主持人", "李某", unit),
            ),
        )
    )


def _team_notice(unit: str, text: PaperText, today: date) -> bytes:
    return notice.build(
        notice.NoticeFacts(
            unit=unit,
            text=text,
            document_number="",
            draw_number=_DRAW,
            period=_period(text.kind, today),
            team="第1组",
            members=(
                notice.NoticeMember("牵头", "李某", "00000001", "一中队"),
                notice.NoticeMember("组员", "王某", "00000002", "一中队"),
            ),
            targets=(
                notice.NoticeTarget(
                    rank="A-01",
                    name=TARGET.name,
                    code=TARGET.code,
                    address=TARGET.address,
                    contact=f"{TARGET.person} {TARGET.phone}",
                    items=("排污许可证，按证排污",),
                ),
            ),
            deadline=f"{words.day(today)}前完成检查并录入结果",
            requirements=("两人以上持证检查，出示执法证件。",),
            issued_by="王某",
            issued_on=today,
        )
    )


def _replacement(unit: str, text: PaperText, today: date) -> bytes:
    coming = addendum_form.Party("A0012", "（样例）某某县某某电镀厂", "91000000MA00000001")
    return addendum_form.build(
        addendum_form.AddendumFacts(
            unit=unit,
            text=text,
            period=_period(text.kind, today),
            draw_number=_DRAW,
            number=1,
            what="检查对象",
            policy="按抽取次序依次递补",
            basis=f"《{_BASIS}》第某条",
            note="",
            out=addendum_form.Party("A0007", TARGET.name, TARGET.code),
            coming=coming,
            for_targets=(),
            tasks=("A-07（换为A-补01）",),
            reason="现场已拆除",
            approved=Person("李某", "大队长"),
            approver_by_rule="",
            steps=(
                addendum_form.FormStep(
                    step="批准", by_rule="", organ=unit, name="李某", post="大队长", on=today
                ),
            ),
            counts=(),
            line=(addendum_form.LineRow(1, coming, "本次递补", chosen=True),),
            further=0,
            remarks=(),
            operator=Person("王某"),
            plan=_DIGEST,
            commitment=_DIGEST,
            result=_DIGEST,
            previous=_DIGEST,
            record=_DIGEST,
            ledger=LedgerMark(1, _DIGEST),
            made_on=today,
        )
    )


def _report(unit: str, text: PaperText, today: date) -> bytes:
    line = report_form.ReportLine(
        content="（样例）",
        label="重点排污单位",
        base=40,
        ratio="25%",
        drawn=(10, 10),
        public=(9, 1),
        completion="90%",
        concluded=(8, 2),
        afterwards=(2, 1),
        settlement="50%",
    )
    return report_form.build(
        report_form.ReportFacts(
            unit=unit,
            title=f"{_period(text.kind, today)}{text.title}",
            text=text,
            period=_period(text.kind, today),
            as_of=today,
            made_by="王某",
            basis=_BASIS,
            drawn_heads=("户数", "户次"),
            public_heads=("已公示", "未公示"),
            concluded_heads=("未发现问题", "发现问题"),
            afterwards_heads=("有后续处置", "处置完结"),
            lines=(line,),
            before="",
            compared=(),
            outside=(),
            outside_basis="",
        )
    )


def _proof(unit: str, text: PaperText, today: date) -> bytes:
    task = filing.DutyTask(
        draw_no=_DRAW,
        serial="A-01",
        drawn_on=today,
        result_hash=_DIGEST,
        plan=f"{today.year}年度抽查计划",
        due_on=today,
        inspected_on=today,
        people="李某、王某",
        items=("排污许可证，按证排污（未发现问题）",),
        conclusion="未发现问题",
        published_on=today,
        afterwards="",
    )
    return filing.build_proof(
        filing.DutyProof(
            unit=unit,
            text=text,
            name=TARGET.name,
            code=TARGET.code,
            year=today.year,
            rulebook=_BASIS,
            basis="",
            made_on=today,
            tasks=(task,),
            others=(),
        )
    )


MAKERS: Mapping[PaperKind, Callable[[str, PaperText, date], bytes]] = MappingProxyType(
    {
        PaperKind.ANNUAL_PLAN: _annual,
        PaperKind.PERIOD_PLAN: _quarter_plan,
        PaperKind.CAMPAIGN_PLAN: _campaign,
        PaperKind.INVITATION: _invitation,
        PaperKind.ATTENDANCE: _attendance,
        PaperKind.TEAM_NOTICE: _team_notice,
        PaperKind.REPLACEMENT: _replacement,
        PaperKind.MONTH_SHEET: _report,
        PaperKind.QUARTER_REPORT: _report,
        PaperKind.HALF_REPORT: _report,
        PaperKind.YEAR_REPORT: _report,
        PaperKind.DUTY_PROOF: _proof,
    }
)
"""How the sample of each of these is made: unit, words with their fields filled in, day."""
