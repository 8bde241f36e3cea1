"""Facts at their limits for the papers of tasks and draws: invented, long, rare, many, missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.documents.addendum_form import AddendumFacts, FormStep, LineRow, Party
from app.documents.attendance import AttendanceFacts, Attendee
from app.documents.correction_form import CorrectionFacts
from app.documents.filing import DutyProof, DutyTask
from app.documents.inspection_approval import ApprovalFacts
from app.documents.inspection_notice import InspectionNoticeFacts
from app.documents.item_list import ItemListFacts, ItemPart, ListedItem
from app.documents.joint_letter import JointLetterFacts, JointTarget
from app.documents.notice import NoticeFacts, NoticeMember, NoticeTarget
from app.documents.paper_frame import EXPERT, PaperHead, PaperPerson, PaperTarget, platform_words
from app.documents.rectification_notice import Problem, RectificationFacts
from app.documents.review_answer import ReviewAnswerFacts
from app.documents.site_record import RecordItem, SiteRecordFacts
from app.domain.paper_texts import PaperKind, fields_of, fill
from tests.documents import facts, paper_facts

UNIT = "某某自治州某某县（自治县）生态环境保护综合行政执法大队第二直属中队（城关及工业集中区）"
NAME = (
    "某某县柳湾镇石桥工业集中区䶮𬍛精细化工新材料（集团）股份有限公司（原某某县第二农药厂）"
    "第二分公司𠮷祥危险废物综合利用与处置厂（一期、二期及配套污水处理站）（在建）"
)
ADDRESS = (
    "某某省某某自治州某某县柳湾镇石桥工业集中区纬七路与经十二路交叉口东南侧（原农机修造厂院内）"
    "第三栋厂房及其西侧露天堆场、北侧污水处理站，具体以排污许可证副本载明的生产经营场所中心经纬度为准"
    "（东经101度12分33秒，北纬36度5分9秒）"
)
NAMES = ("阿卜杜热西提·麦麦提", "㐱𠮷", "欧阳䶮", "买买提依明·吐尔逊尼亚孜·阿卜杜拉")
CODE = "91360199MA00000011001P"
PLAN_NO, TASK_NO = "JH2026Q3000001234567", "RW202609000000123"
DAY = date(2026, 9, 10)
TARGET = PaperTarget(
    name=NAME, code=CODE, address=ADDRESS, person=NAMES[0], phone="0791-00000000转8003"
)
UNKNOWN = PaperTarget(name=NAME)
PEOPLE = (
    *(PaperPerson(name, f"36010220260{at}") for at, name in enumerate(NAMES)),
    PaperPerson("林某", body="县市场监督管理局"),
    PaperPerson("专家某甲", body=EXPERT),
)
ITEMS = tuple(
    f"第{at}项：建设项目环境影响评价与“三同时”制度执行情况以及排污许可证持证、按证排污、自行监测、"
    "执行报告和信息公开的落实情况（含在建、试生产）"
    for at in range(1, 21)
)
_SENTENCE = "检查时该单位正在生产，在线监控数据与现场核实一致，危险废物暂存间标识不全。"
FINDING = "\n".join(_SENTENCE * 11 for _ in range(5)) + "到此为止。"
NOTE = "标识不全，台账缺2026年3月至5月记录，"


def head(kind: PaperKind) -> PaperHead:
    text = paper_facts.shipped(kind)
    values = {name: f"某{name}" for name in fields_of(kind)} | {"单位": UNIT, "检查对象": NAME}
    return PaperHead(
        unit=UNIT,
        title=text.title,
        number="某环检〔2026〕117号" if text.series else "",
        made_on=DAY,
        seal=text.seal,
        copies=fill(text.copies, values),
        passages={each.code: fill(each.text, values) for each in text.passages},
        platform=platform_words(PLAN_NO, TASK_NO),
    )


def _note(at: int) -> str:
    return NOTE * {3: 5, 7: 12}.get(at, 1)


APPROVAL: ApprovalFacts = replace(
    paper_facts.APPROVAL,
    head=head(PaperKind.APPROVAL),
    target=TARGET,
    people=PEOPLE,
    items=ITEMS,
    assistants=12,
    basis="《某某省某某条例》第三十二条第一款第（二）项；" * 8,
    source="上级交办（某某省生态环境厅关于开展2026年危险废物专项排查的通知）",
    uncounted="投诉举报核查，按规定不计入年度频次。" * 4,
    urgent_reason="群众举报正在偷排，须立即到场。" * 5,
    applied_by=NAMES[0],
    approved_by=NAMES[3],
)
NOTICE: InspectionNoticeFacts = replace(
    paper_facts.NOTICE,
    head=head(PaperKind.NOTICE),
    target=TARGET,
    people=PEOPLE,
    items=ITEMS,
    assistants=12,
)
RECORD: SiteRecordFacts = replace(
    paper_facts.RECORD,
    head=head(PaperKind.SITE_RECORD),
    target=UNKNOWN,
    people=PEOPLE,
    way="现场检查、调查询问、网络监测、取样监测、座谈走访、调阅资料、明察暗访",
    items=tuple(RecordItem(each, "不符合", _note(at)) for at, each in enumerate(ITEMS)),
    finding=FINDING,
    measure=FINDING,
)
LETTER: JointLetterFacts = replace(
    paper_facts.LETTER,
    head=head(PaperKind.JOINT_LETTER),
    department="某某县（自治县）住房和城乡建设与水务局综合行政执法大队",
    targets=tuple(
        JointTarget(
            f"A-{at:02d}", NAME, ADDRESS if at % 2 else "", "、".join(NAMES[:2]), NAMES[3], TASK_NO
        )
        for at in range(1, 21)
    ),
)
RECTIFICATION: RectificationFacts = replace(
    paper_facts.RECTIFICATION,
    head=head(PaperKind.RECTIFICATION),
    target=TARGET,
    problems=tuple(Problem(each, _note(at)) for at, each in enumerate(ITEMS)),
    finding=FINDING,
    measure=FINDING,
)
CORRECTION: CorrectionFacts = replace(
    paper_facts.CORRECTION,
    head=head(PaperKind.CORRECTION),
    target=NAME,
    finding=FINDING,
    error=FINDING,
    should_be=FINDING,
    entered_by=NAMES[3],
    applied_by=NAMES[0],
    opinions=tuple(
        replace(
            each, name=NAMES[3], on=DAY, words="经核查情况属实，" * 20, document="某环〔2026〕1"
        )
        for each in paper_facts.CORRECTION.opinions
    ),
)
REVIEW_ANSWER = ReviewAnswerFacts(
    head=head(PaperKind.REVIEW_ANSWER),
    applicant=NAMES[0],
    target=NAME,
    published="发现问题已责令改正",
    matter=FINDING,
    outcome="维持原结果",
    answer=FINDING,
)
ADDENDUM: AddendumFacts = replace(
    facts.ADDENDUM,
    unit=UNIT,
    out=Party(CODE, NAME, CODE),
    coming=Party(CODE, NAME, CODE),
    tasks=tuple(f"A-{at:02d}（换为A-{at + 40}）（平台任务编号{TASK_NO}）" for at in range(1, 8)),
    reason=FINDING[:500].replace("\n", ""),
    line=tuple(
        LineRow(at, Party(CODE, NAME, ""), "到场发现已关闭，厂房已拆除", at == 20)
        for at in range(1, 24)
    ),
    steps=tuple(
        FormStep(step=step, by_rule="", organ=UNIT, name=NAMES[3], post="分管负责人", on=DAY)
        for step in ("申请", "批准")
    ),
    approved=replace(facts.ADDENDUM.approved, name=NAMES[3]),
    operator=replace(facts.ADDENDUM.operator, name=NAMES[0]),
    plan_no=PLAN_NO,
)
TEAM_NOTICE: NoticeFacts = replace(
    facts.NOTICE,
    unit=UNIT,
    members=(
        *(NoticeMember("组员", name, f"3601022026{at}", UNIT) for at, name in enumerate(NAMES)),
        NoticeMember("专家", "专家某甲", "", "", tasks=("A-01", "A-03")),
    ),
    targets=tuple(
        NoticeTarget(
            rank=f"A-{at:02d}",
            name=NAME,
            code=CODE if at % 3 else "",
            address=ADDRESS if at % 2 else "",
            contact=f"{NAMES[0]} 13900000000" if at % 4 else "",
            need="水、固废、核与辐射" if at % 2 else "",
            items=ITEMS if at % 2 else ITEMS[2:5],
            remark="与联合任务合并为一次检查",
            task_no=TASK_NO,
        )
        for at in range(1, 21)
    ),
    changes=(f"A-03：{NAMES[0]}不再承担，由{NAMES[3]}接替（2026-09-01，补充记录03）",) * 3,
    warnings=(f"{NAMES[0]}：执法证 2026-08-31 到期。请先更新名录，否则办理更换",),
    plan_no=PLAN_NO,
)
PROOF = DutyProof(
    unit=UNIT,
    text=paper_facts.printed(
        PaperKind.DUTY_PROOF, 制表人=NAMES[3], 账本条数="1234", 校验码="f8ee8fb5"
    ),
    name=NAME,
    code="",
    year=2026,
    rulebook="某某实施方案",
    basis="第十五条",
    made_on=DAY,
    tasks=tuple(
        DutyTask(
            draw_no="632123-2026Q3-01",
            serial=f"A-{at:02d}",
            drawn_on=DAY,
            result_hash="" if at == 1 else "ab" * 32,
            plan="2026年第三季度抽查计划",
            due_on=DAY,
            inspected_on=None if at == 2 else DAY,
            people="、".join(NAMES),
            items=ITEMS,
            conclusion="发现问题已责令整改",
            published_on=None,
            afterwards=FINDING,
            platform=platform_words(PLAN_NO, TASK_NO),
        )
        for at in range(1, 4)
    ),
    others=((DAY, "投诉举报", "某环监〔2026〕3号"),) * 20,
)
_ITEM = ListedItem(
    name=ITEMS[0],
    basis="《中华人民共和国环境影响评价法》第二十五条、第三十一条；" * 8,
    subject=UNIT,
    object="建设项目单位",
    content="环评文件审批、“三同时”落实、竣工环保验收情况；" * 8,
    ratio="25%",
    frequency="每季度一次",
    applies="A类、B类",
)
ITEM_LIST = ItemListFacts(
    unit=UNIT,
    rulebook="《某某工作细则（试行）》",
    as_of=DAY,
    parts=(
        ItemPart(title="本部门随机抽查事项", items=(_ITEM,) * 12),
        ItemPart(title="部门联合抽查事项", items=(_ITEM,) * 3),
    ),
)
ATTENDANCE: AttendanceFacts = replace(
    facts.ATTENDANCE,
    unit=UNIT,
    place=ADDRESS,
    people=tuple(
        Attendee(f"见证人{numeral}", NAMES[at % 4], UNIT, "分管负责人（三级调研员）")
        for at, numeral in enumerate("一二三四五六七八九")
    ),
)
