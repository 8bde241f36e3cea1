"""Facts for the printed documents: invented people and firms, tickets from a seed in words."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, time

from app.documents.addendum_form import AddendumFacts, LineRow
from app.documents.addendum_form import Party as AddendumParty
from app.documents.annual_plan import AnnualFacts, AnnualStratum, QuarterTiming
from app.documents.attendance import AttendanceFacts, Attendee
from app.documents.campaign_plan import CampaignFacts
from app.documents.commitment_slip import CommitmentFacts, SlipWitness
from app.documents.disclosure import (
    Contribution,
    DisclosedTarget,
    DisclosureFacts,
    Proof,
    RecordFile,
)
from app.documents.explanation import ExplanationFacts
from app.documents.invitation import InvitationFacts
from app.documents.minutes_facts import (
    Digests,
    Duty,
    Exclusion,
    Group,
    GroupMode,
    Inspector,
    LedgerMark,
    MinutesFacts,
    Person,
    Recusal,
    Step,
    Stratum,
    Target,
    Team,
    Thin,
    Witness,
)
from app.documents.minutes_public import PublicFacts, PublicStratum
from app.documents.notice import NoticeFacts, NoticeMember, NoticeTarget
from app.documents.plan_frame import Approval, PlanHead
from app.documents.plan_table import PlanFacts, PlannedStratum
from app.documents.ratio_report import RatioReportFacts, ReportedRatio
from app.documents.transfer_slip import TransferFacts, TransferFile
from app.documents.void_form import OpenedSlip, VoidFacts
from app.documents.void_public import VoidDisclosureFacts
from app.documents.witness_slips import WitnessSlipFacts
from app.domain.paper_texts import PaperKind
from tests.documents.paper_facts import printed

UNIT = "某某县生态环境保护综合行政执法大队"
NO = "331000-2026Q1-01"


def digest(*words: object) -> str:
    return hashlib.sha256("|".join(map(str, words)).encode()).hexdigest()


DIGESTS = Digests(
    plan="e0631f4764260df985a8c70ce36df074a0f980858eb1d1224271e2c7d83a0c98",
    commitment="448fe556340596fd4518b71f8abf8045c1b100a2a019e07beef212d390dd4a86",
    reveal="1fe3694c96b1d07a34f5546a84362375655c7f2239568deea3de4c509c4206f6",
    seed="5d32bf0d1bcd99dc0d3a49a9cdebb83047108d628fa84c74a021a91f77a55bf2",
    result="f8ee8fb509e70c377ff6bf8eb2184ab3e9ee598b45b2a61bafc03ed3481bac80",
    previous="0" * 64,
)

WITNESSES = (
    Witness("周敏", "纪检监察组", "组员", "314159"),
    Witness("郑涛", "法制股", "副股长", "265358"),
    Witness("赵𬱖", "群众代表", "城关社区居民", "979323"),
)

STEPS = (
    Step(time(9, 5), "封存名单", "对象、人员、应抽数、回避、规则一并封存，当场公布名单摘要P"),
    Step(time(9, 12), "写纸条", "三名见证人各自写数，折好封口；此时电脑的随机数尚未产生"),
    Step(time(9, 18), "承诺", "电脑产生随机数R，打印承诺单（P和C），全体签字，周敏带走一份"),
    Step(time(9, 26), "翻开", "纸条同时翻开、宣读，录入两遍一致，见表3"),
    Step(time(9, 29), "计算", "亮出R，算出种子S和全部票号，逐条公布结果，写成结果文件F"),
    Step(time(9, 33), "复算", "周敏在另一台电脑上复算，P、C与手中承诺单相同，F相同"),
    Step(time(9, 41), "签字", "本记录打印、宣读、核对、签字"),
)


def inspector(at: int, name: str, dept: str, *specs: str, **more: object) -> Inspector:
    return Inspector(
        number=f"1100{at:02d}",
        name=name,
        certificate=f"369102100{at:02d}",
        department=dept,
        specialities=specs,
        **more,  # type: ignore[arg-type]
    )


PEOPLE = (
    inspector(1, "执法员甲", "执法一中队", "水", may_lead=True, remark="回避某某甲化工，近亲属"),
    inspector(2, "龚䶮", "执法一中队", "气"),
    inspector(3, "执法员丙", "执法二中队", "气", "水", may_lead=True),
    inspector(4, "㐱明", "执法二中队"),
    inspector(5, "执法员戊", "执法三中队", "气", may_lead=True),
    inspector(6, "执法员己", "执法三中队", "水", eligible=False, remark="请假，本季度不在岗"),
    inspector(7, "执法员庚", "执法三中队"),
)

FIXED = Group(
    code="ENF",
    title="执法检查人员",
    mode=GroupMode.FIXED,
    inspectors=PEOPLE,
    teams=(Team(1, PEOPLE[2], PEOPLE[1], 3), Team(2, PEOPLE[4], PEOPLE[3], 2)),
    standby=(PEOPLE[6], PEOPLE[0]),
    cap=3,
)


def target(
    stratum: str, rank: int, name: str, code: str = "", need: str = "", **more: object
) -> Target:
    identifier = code or f"T{rank:06d}"
    return Target(
        stratum=stratum,
        rank=rank,
        identifier=identifier,
        name=name,
        ticket=digest("ticket", stratum, identifier),
        code=code,
        need=need,
        **more,  # type: ignore[arg-type]
    )


def team_duty(team: int, flags: str = ".") -> tuple[Duty, ...]:
    lead = FIXED.teams[team - 1]
    return (Duty(group="ENF", members=(lead.lead.name, lead.second.name), team=team, flags=flags),)


SELECTED = (
    target("A", 1, "某某庚化工有限公司", "91331000MA100822X6", "水", duties=team_duty(1)),
    target("A", 2, "某某𬍛丙化工有限公司", "91331000MA100274X2", "气", duties=team_duty(2)),
    target("A", 3, "某某乙化工有限公司", "91331000MA100137X1", duties=team_duty(1, "S")),
    target("B", 1, "𠮷丑养殖场", "", "气", duties=team_duty(2)),
    target("B", 2, "某某癸化工有限公司", "91331000MA101233X9", "水", duties=team_duty(1)),
)
ALTERNATES = (
    target("A", 1, "某某甲化工有限公司", "91331000MA100000X0", "水", duties=team_duty(1, "O")),
    target("A", 2, "某某己化工有限公司", "91331000MA100685X5", "气", duties=team_duty(2)),
    target("A", 3, "某某戊化工有限公司", "91331000MA100548X4", duties=team_duty(2, "O")),
    target("A", 4, "某某丁化工有限公司", "91331000MA100411X3", "水", duties=team_duty(1, "O")),
    target("B", 1, "某某壬化工有限公司", "91331000MA101096X8", "气", duties=team_duty(2, "O")),
    target("B", 2, "某某子化工有限公司", "91331000MA101370X0", duties=team_duty(2, "O")),
)

STRATA = (
    Stratum(
        code="A",
        short="A",
        label="A类",
        registered=9,
        covered=1,
        excluded=1,
        pool=7,
        arithmetic=("9×25%＝2.25，进位为3", "未检查8家÷剩余4季＝2", "两数取大，应抽3家"),
        quota=3,
        drawn=3,
        alternates=4,
    ),
    Stratum(
        code="B",
        short="B",
        label="B类",
        registered=13,
        covered=8,
        excluded=0,
        pool=5,
        arithmetic=(
            "13×12.5%＝1.625，进位为2",
            "未检查5家÷剩余4季＝1.25，进位为2",
            "两数取大，应抽2家",
        ),
        quota=2,
        drawn=2,
        alternates=2,
    ),
)

EXCLUSIONS = (
    Exclusion(
        stratum="A",
        name="某某寅化工有限公司",
        code="91331000MA103333X3",
        reason="市执法支队已检查",
        basis="省监督平台1月6日记录",
        covered=True,
    ),
    Exclusion(
        stratum="A", name="某某卯化工有限公司", code="", reason="停产", basis="停产报告（收文88号）"
    ),
)

MINUTES = MinutesFacts(
    unit=UNIT,
    period="2026年第一季度",
    document_number="某环执抽〔2026〕1号",
    purpose="2026年第一季度（1月至3月）日常随机抽查",
    draw_number=NO,
    ordinal=1,
    begun=datetime(2026, 1, 8, 9, 5),
    ended=datetime(2026, 1, 8, 9, 47),
    place="本大队二楼会议室",
    host=Person("陈立新", "副大队长"),
    operator=Person("吴倩", "综合科"),
    recorder=Person("何伟", "综合科"),
    witnesses=WITNESSES,
    bases=(
        "《南昌市生态环境局“双随机、一公开”工作细则（试行）》第十二条至第十五条"
        "（规则文本nanchang-2023，2023年4月17日起施行）。",
        "《某某县生态环境保护综合行政执法大队2026年度执法检查计划》（某环执〔2025〕21号）。",
        "省监督平台升级期间，经市执法支队同意，先抽取后补录（某环执函〔2026〕3号，签批人林志远）。",
    ),
    quota_article="细则第十四条",
    secrecy_article="细则第十九条",
    steps=STEPS,
    strata=STRATA,
    changes=(),
    digests=DIGESTS,
    selected=SELECTED,
    alternates=ALTERNATES,
    groups=(FIXED,),
    recusals=(Recusal("执法员甲", "某某甲化工有限公司", "近亲属"),),
    exceptions=(),
    exclusions=EXCLUSIONS,
    excluded_digest=digest("excluded"),
    thin=(
        Thin("水", ("执法员甲", "执法员丙")),
        Thin("气", ("龚䶮", "执法员丙", "执法员戊")),
        Thin("可牵头", ("执法员甲", "执法员丙", "执法员戊")),
    ),
    ledger=LedgerMark(118, digest("ledger")),
    recomputed="周敏在另一台电脑上复算一致",
    signed_on=date(2026, 1, 8),
    remarks=("Ａ", "𠮷"),
)


def many_witnesses(count: int) -> MinutesFacts:
    """The same draw in front of ``count`` witnesses, with digits of all lengths."""
    witnesses = tuple(
        Witness(
            f"见证人{at}", "纪检监察组", "组员", "31415926535897932384626433832795"[: 6 + 3 * at]
        )
        for at in range(1, count + 1)
    )
    return replace(MINUTES, witnesses=witnesses)


def large(drawn: int, alternates: int) -> MinutesFacts:
    """Many targets with names from short to absurdly long, some without code."""
    tails = ("有限公司", "专业合作社", "污水处理厂（二期）科技股份有限公司第二分公司", "养殖场")
    selected = tuple(
        target(
            "C",
            at,
            f"某某县𬍛恒源{at}号{tails[at % 4] * (1 + (at % 29 == 0) * 5)}",
            "" if at % 5 == 0 else f"91331000MA{at:06d}X{at % 10}",
            duties=team_duty(1 + at % 2, "O" if at % 7 == 0 else "."),
        )
        for at in range(1, drawn + 1)
    )
    rest = tuple(
        target("C", at, f"递补{at}有限公司", f"91331000MB{at:06d}Y{at % 10}", duties=team_duty(1))
        for at in range(1, alternates + 1)
    )
    stratum = Stratum(
        code="C",
        short="C",
        label="C类",
        registered=drawn + alternates + 40,
        covered=40,
        excluded=0,
        pool=drawn + alternates,
        arithmetic=("按细则计算",),
        quota=drawn,
        drawn=drawn,
        alternates=alternates,
    )
    return replace(MINUTES, strata=(stratum,), selected=selected, alternates=rest)


def pairs() -> MinutesFacts:
    """A pair for every target, and one person of another department (joint draw)."""
    group = Group(code="ENF", title="执法检查人员", mode=GroupMode.PAIR, inspectors=PEOPLE, cap=2)
    fire = Group(
        code="FIRE",
        title="消防部门人员",
        mode=GroupMode.ONE,
        inspectors=(inspector(21, "消防员甲", "消防大队"), inspector(22, "消防员乙", "消防大队")),
        cap=3,
    )

    def duties(at: int) -> tuple[Duty, ...]:
        return (
            Duty(
                group="ENF",
                members=(PEOPLE[at % 5].name, PEOPLE[(at + 1) % 5].name),
                stand_ins=(PEOPLE[(at + 2) % 5].name, PEOPLE[(at + 3) % 5].name),
                flags="SO" if at == 2 else ".",
            ),
            Duty(
                group="FIRE",
                members=() if at == 3 else ("消防员甲",),
                flags="X" if at == 3 else ".",
            ),
        )

    return replace(
        MINUTES,
        groups=(group, fire),
        selected=tuple(replace(t, duties=duties(at)) for at, t in enumerate(SELECTED)),
        alternates=tuple(replace(t, duties=duties(at)) for at, t in enumerate(ALTERNATES)),
    )


def inspectors_only() -> MinutesFacts:
    """Nothing but inspectors is drawn."""
    return replace(
        MINUTES,
        strata=(),
        selected=(),
        alternates=(),
        recusals=(),
        exclusions=(),
        excluded_digest="",
    )


# --- the other forms --------------------------------------------------------------------

PUBLIC = PublicFacts(
    unit=UNIT,
    period="2026年第一季度",
    draw_number=NO,
    held_on=date(2026, 1, 8),
    witness_bodies=tuple(witness.body for witness in WITNESSES),
    calm=True,
    recomputed=True,
    strata=tuple(
        PublicStratum(
            label=s.label,
            registered=s.registered,
            covered=s.covered,
            excluded=s.excluded,
            pool=s.pool,
            drawn=s.drawn,
            alternates=s.alternates,
        )
        for s in STRATA
    ),
    inspectors_registered=7,
    inspectors_eligible=6,
    teams=2,
    standby=2,
    plan=DIGESTS.plan,
    commitment=DIGESTS.commitment,
    result=DIGESTS.result,
    published_on=date(2026, 1, 8),
)

SLIP = CommitmentFacts(
    unit=UNIT,
    draw_number=NO,
    series="331000",
    ordinal=1,
    purpose="2026年第一季度日常随机抽查",
    at=datetime(2026, 1, 8, 9, 18),
    witnesses=tuple(SlipWitness(w.body, w.name) for w in WITNESSES),
    plan=DIGESTS.plan,
    commitment=DIGESTS.commitment,
    taker="纪检监察组",
    ledger=LedgerMark(117, digest("ledger before")),
)

WITNESS_SLIPS = WitnessSlipFacts(unit=UNIT, draw_number=NO)

NOTICE = NoticeFacts(
    unit=UNIT,
    text=printed(PaperKind.TEAM_NOTICE, 户数="3", 派单日期="2026年1月8日"),
    document_number="某环执通〔2026〕1号",
    draw_number=NO,
    period="2026年第一季度",
    team="第1组",
    members=(
        NoticeMember("牵头", "执法员丙", "36910210003", "执法二中队"),
        NoticeMember("组员", "龚䶮", "36910210002", "执法一中队"),
    ),
    targets=tuple(
        NoticeTarget(
            rank=f"{t.stratum}-{t.rank}",
            name=t.name,
            code=t.code,
            address="城关镇工业园区创业路12号",
            contact="联系人 0000-0000000",
            need=t.need,
            items=("排污许可证执行情况", "危险废物管理"),
        )
        for t in SELECTED
        if t.duties[0].team == 1
    ),
    deadline="2026年3月31日前完成检查并录入结果",
    requirements=(
        "两人以上持证检查，出示执法证件。",
        "逐项填写检查结果，当场由被检查单位负责人签字。",
    ),
    issued_by="吴倩",
    issued_on=date(2026, 1, 8),
)

VOID = VoidFacts(
    unit=UNIT,
    period="2026年第一季度",
    draw_number=NO,
    ordinal=1,
    frozen_at=datetime(2026, 1, 8, 9, 5),
    place="本大队二楼会议室",
    reason="翻开第二张纸条后停电，电脑重新启动，经全体见证人同意作废。",
    approved=Person("陈立新", "副大队长"),
    witnesses=(
        OpenedSlip("周敏", "纪检监察组", "314159"),
        OpenedSlip("郑涛", "法制股", "265358"),
        OpenedSlip("赵𬱖", "群众代表"),
    ),
    host=Person("陈立新", "副大队长"),
    operator=Person("吴倩", "综合科"),
    plan=DIGESTS.plan,
    commitment=DIGESTS.commitment,
    reveal=DIGESTS.reveal,
    result="",
    record=digest("void"),
    previous=DIGESTS.previous,
    ledger=LedgerMark(118, digest("ledger")),
    voided_on=date(2026, 1, 8),
)

VOID_PUBLIC = VoidDisclosureFacts(
    unit=UNIT,
    period="2026年第一季度",
    draw_number=NO,
    held_on=date(2026, 1, 8),
    voided_on=date(2026, 1, 8),
    reason="翻开第二张纸条后停电，电脑重新启动，经全体见证人同意作废。",
    plan=DIGESTS.plan,
    commitment=DIGESTS.commitment,
    reveal=DIGESTS.reveal,
    contributions=(Contribution("纪检监察组", "314159"), Contribution("法制股", "")),
    seed="",
    result="",
    record=digest("void"),
    previous=digest("before"),
    published_on=date(2026, 3, 31),
)

TRANSFER = TransferFacts(
    unit=UNIT,
    package="331000-2026Q1-001.zip",
    period="2026年第一季度",
    edition="密封版",
    purpose="报送省监督平台",
    medium="USB-2026-03",
    size=482133,
    tagmanifest=digest("tagmanifest"),
    files=tuple(
        TransferFile(f"data/draw/{NO}/文件{at}.xlsx", 200 + 1200 * at * at, digest("file", at))
        for at in range(1, 41)
    ),
    made_at=datetime(2026, 1, 9, 10, 0),
    made_by="吴倩",
    ledger=LedgerMark(119, digest("ledger after")),
)

PLAN_HEAD = PlanHead(
    unit=UNIT,
    title="2026年第一季度双随机抽查计划",
    text=printed(PaperKind.PERIOD_PLAN),
    document_number="某环执〔2025〕25号",
    bases=(
        "《南昌市生态环境局“双随机、一公开”工作细则（试行）》第十四条。",
        "《某某县2026年度抽查计划》（某环〔2025〕61号，有效期2026年1月1日至2026年12月31日）。",
    ),
    made_by="吴倩",
    made_on=date(2025, 12, 28),
    approval=Approval(
        organ="某某县生态环境局",
        name="陈立新",
        post="局长",
        on=date(2025, 12, 30),
        number="某环执〔2025〕25号",
    ),
    filing="批准后报市生态环境局",
)
PLAN = PlanFacts(
    head=PLAN_HEAD,
    scope="检查对象名录库中的全部检查对象",
    timing="2026年1月15日前抽取，2026年3月20日前录入检查结果。",
    headcount="执法人员18人（2026年1月1日在册）",
    strata=tuple(
        PlannedStratum(
            label=s.label,
            registered=s.registered,
            covered=s.covered,
            excluded=(
                f"停产停工{s.excluded}家",
                "已达年度检查次数上限2次（本级抽查1次、上级检查1次）3家",
            ),
            pool=s.pool,
            ratio="每季度25%",
            arithmetic=s.arithmetic,
            quota=s.quota,
            article="第十四条",
        )
        for s in STRATA
    ),
    deviations=(),
    people=("名录库18人，拟定计划时可以参加抽取的16人。",),
    notes=(),
)
ANNUAL = AnnualFacts(
    head=replace(
        PLAN_HEAD,
        title="2026年度双随机抽查计划",
        text=printed(PaperKind.ANNUAL_PLAN),
        version=2,
        reason="名录调整",
    ),
    scope="检查对象名录库中的全部检查对象",
    headcount="在编在岗执法人员18人（年度计划批准时）",
    strata=(
        AnnualStratum(
            label="重点排污单位",
            registered=5,
            ratio="每季度25%",
            quarters=(2, 2, 2, 2),
            arithmetic=("每季度：5 × 25% = 1.25，进位得 2",),
            article="四.1",
        ),
        AnnualStratum(
            label="一般排污单位",
            registered=298,
            ratio="每年1:5",
            quarters=(23, 23, 22, 22),
            arithmetic=(
                "第一季度：18 人按 1:5：18 × 5 = 90；2026年应抽 90，分 4 个季度：90 ÷ 4 = 22 余 2，"
                "进位得 23",
                "第二季度：2026年应抽 90，已抽 23，尚欠 67，分 3 个季度：67 ÷ 3 = 22 余 1，"
                "进位得 23",
            ),
            article="四.1",
        ),
    ),
    timing=tuple(
        QuarterTiming(
            period=f"2026年第{name}季度",
            draw="2026年1月15日前",
            finish="任务下发后50天内完成检查",
        )
        for name in "一二三四"
    ),
    deviations=(
        "重点排污单位按每季度20%，规定为每季度25%（第八条），理由：人手不足，须书面报告。",
    ),
    exemptions=("上级机关交办", "投诉举报等针对有嫌疑对象的检查"),
    exemptions_article="细则第十一条",
    campaigns=("危险废物（2026年第三季度）：产生危险废物的企业，12家，市局市环函〔2026〕31号批准",),
    notes=(),
)
CAMPAIGN = CampaignFacts(
    head=replace(
        PLAN_HEAD,
        title="2026年第三季度危险废物专项检查计划",
        text=printed(PaperKind.CAMPAIGN_PLAN),
        approval=None,
    ),
    ordered="某某市生态环境局2026年6月1日批准，文号市环函〔2026〕31号",
    scope="产生危险废物的企业",
    period="2026年第三季度",
    number=12,
    outside="专项检查同样随机抽取检查对象、随机选派执法人员，在限定范围内定向抽取。",
    notes=(),
)
RATIO_REPORT = RatioReportFacts(
    unit=UNIT,
    to="自治区生态环境厅",
    document_number="",
    plan="2026年度抽查计划",
    rulebook="内蒙古自治区污染源日常环境监管执法“双随机、一公开”抽查工作细则",
    ratios=(
        ReportedRatio(
            label="重点排污单位",
            usual="每季度25%",
            planned="每季度20%",
            usual_number=40,
            planned_number=32,
            reason="辖区面积大，路程单程超过三小时，人手不足。",
            article="第八条（一）",
        ),
    ),
    issued_on=date(2025, 12, 20),
)

EXPLANATION = ExplanationFacts(unit=UNIT)

INVITATION = InvitationFacts(
    unit=UNIT,
    text=printed(
        PaperKind.INVITATION,
        抽取时间="2026年1月8日9时00分",
        地点="本大队二楼会议室",
        抽取内容="2026年第一季度的检查对象和执法检查人员",
    ),
    document_number="",
    name="赵𬱖",
    body="某某县人民代表大会常务委员会城关镇代表小组",
    contact="综合科吴倩，电话0000-0000000",
    issued_on=date(2026, 1, 4),
)

ATTENDANCE = AttendanceFacts(
    unit=UNIT,
    text=printed(PaperKind.ATTENDANCE),
    period="2026年第一季度",
    draw_number=NO,
    held_on=date(2026, 1, 8),
    place="本大队二楼会议室",
    people=(
        *(
            Attendee(f"见证人{'一二三'[at]}", w.name, w.body, w.post)
            for at, w in enumerate(WITNESSES)
        ),
        Attendee("主持人", "陈立新", UNIT, "副大队长"),
        Attendee("操作人", "吴倩", UNIT, "综合科"),
        Attendee("记录人", "", UNIT),
    ),
)

PROOF = Proof(
    reveal=DIGESTS.reveal,
    seed=DIGESTS.seed,
    previous=DIGESTS.previous,
    contributions=tuple(Contribution(w.body, w.digits) for w in WITNESSES),
    files=(
        RecordFile("plan.txt", 2431, DIGESTS.plan),
        RecordFile("excluded.txt", 211, digest("excluded")),
        RecordFile("result.txt", 3120, DIGESTS.result),
    ),
)

DISCLOSURE = DisclosureFacts(
    unit=UNIT,
    period="2026年第一季度",
    draw_number=NO,
    held_on=date(2026, 1, 8),
    plan=DIGESTS.plan,
    commitment=DIGESTS.commitment,
    result=DIGESTS.result,
    targets=tuple(
        DisclosedTarget(t.name, date(2026, 3, 1 + at), "未发现问题")
        for at, t in enumerate(SELECTED[:3])
    ),
    proof=PROOF,
    published_on=date(2026, 4, 2),
)

ADDENDUM = AddendumFacts(
    unit=UNIT,
    text=printed(PaperKind.REPLACEMENT),
    period="2026年第一季度",
    draw_number=NO,
    number=1,
    what="检查对象",
    policy="按抽取次序依次递补",
    basis="《某县实施细则》第十五条",
    note="",
    out=AddendumParty("A0007", "某某甲水泥厂", "913601990000000011"),
    coming=AddendumParty("A0012", "某某乙电镀厂", "913601990000000022"),
    for_targets=(),
    tasks=("A-07", "A-补01"),
    reason="现场已拆除",
    approved=Person("陈立新", "大队长"),
    approver_by_rule="",
    steps=(),
    counts=(),
    line=(LineRow(1, AddendumParty("A0012", "某某乙电镀厂"), "递补", chosen=True),),
    further=3,
    remarks=(),
    operator=Person("卫七"),
    plan=DIGESTS.plan,
    commitment=DIGESTS.commitment,
    result=DIGESTS.result,
    previous=DIGESTS.result,
    record=digest("addendum"),
    ledger=LedgerMark(121, digest("ledger after")),
    made_on=date(2026, 1, 12),
)
