"""Facts for the papers of an inspection: invented; long names, rare characters, many rows."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

from app.documents.correction_form import CorrectionFacts, Opinion
from app.documents.inspection_approval import ApprovalFacts
from app.documents.inspection_notice import InspectionNoticeFacts
from app.documents.joint_letter import JointLetterFacts, JointTarget
from app.documents.number_register import RegisteredNumber, RegisterFacts
from app.documents.paper_frame import PaperHead, PaperPerson, PaperTarget
from app.documents.publication_table import (
    OutcomeLine,
    PassedOnLine,
    PublicationFacts,
    PublishedLine,
)
from app.documents.rectification_notice import Problem, RectificationFacts
from app.documents.site_record import RecordItem, SiteRecordFacts
from app.domain.paper_texts import PaperKind, PaperText, fields_of, fill, filled, from_data
from app.paths import RESOURCES

UNIT = "某某县生态环境保护综合行政执法大队"
LONG_NAME = (
    "某某县柳湾镇石桥工业集中区䶮𬱖精细化工新材料（集团）股份有限公司第二分公司危险废物综合利用厂"
)
TARGET = PaperTarget(
    name=LONG_NAME,
    code="913601990000000011001P",
    address="某某县柳湾镇石桥工业集中区纬七路与经十二路交叉口东南侧（原农机修造厂院内）",
    person="欧阳某某",
    phone="13900000000",
)
PEOPLE = (PaperPerson("赵𬱖", "36010220261"), PaperPerson("欧阳长风", "36010220262"))
ITEMS = (
    "环评与“三同时”制度执行情况",
    "排污许可证持证和按证排污情况",
    "污染防治设施正常运行情况",
    "危险废物贮存、台账、转移联单管理情况",
)
DAY = date(2026, 9, 10)


def shipped(kind: PaperKind) -> PaperText:
    with (RESOURCES / "papers" / f"{kind.value}.toml").open("rb") as file:
        return from_data(kind, tomllib.load(file))


def printed(kind: PaperKind, **values: str) -> PaperText:
    """The shipped words with these fields filled in, the others by their names."""
    return filled(shipped(kind), {name: f"某{name}" for name in fields_of(kind)} | values)


def head(kind: PaperKind, *, blank: bool = False, number: str = "检〔2026〕7号") -> PaperHead:
    text = shipped(kind)
    values = {} if blank else {name: f"某{name}" for name in fields_of(kind)}
    return PaperHead(
        unit=UNIT,
        title=text.title,
        number="" if not text.series else "检〔　　　〕　　号" if blank else number,
        made_on=None if blank else DAY,
        seal=text.seal,
        copies=fill(text.copies, values),
        passages={each.code: fill(each.text, values) for each in text.passages},
    )


APPROVAL = ApprovalFacts(
    head=head(PaperKind.APPROVAL),
    target=TARGET,
    kind="日常检查",
    source="双随机抽查",
    basis="《某某环境保护条例》第三十二条",
    items=ITEMS,
    people=PEOPLE,
    assistants=1,
    due="2026年9月30日前",
    visits="本级抽查 1 次",
    cap="2 次",
    applied_by="赵𬱖",
    applied_on=DAY,
    approved_by="周敏",
    approved_on=DAY,
)
NOTICE = InspectionNoticeFacts(
    head=head(PaperKind.NOTICE),
    target=TARGET,
    people=PEOPLE,
    items=ITEMS,
    served="2026年9月10日 09:40",
)
RECORD = SiteRecordFacts(
    head=head(PaperKind.SITE_RECORD),
    target=TARGET,
    serial="A-07",
    inspected_on=DAY,
    arrived="09:40",
    left="11:25",
    way="现场检查",
    people=PEOPLE,
    assistants=1,
    items=(
        *(RecordItem(each, "符合") for each in ITEMS[:3]),
        RecordItem(ITEMS[3], "不符合", "暂存间标识不全"),
    ),
    finding="危险废物暂存间标识不全，其余未见异常。",
    conclusion="发现问题已责令整改",
    measure="责令限期整改",
)
LETTER = JointLetterFacts(
    head=head(PaperKind.JOINT_LETTER),
    department="某某县应急管理局",
    targets=tuple(
        JointTarget(
            f"A-{at:02d}", LONG_NAME if at == 2 else f"某某县第{at}化工厂", "石桥镇", "赵𬱖", "王某"
        )
        for at in range(1, 6)
    ),
    contact="卫七 0791-0000000",
)
RECTIFICATION = RectificationFacts(
    head=head(PaperKind.RECTIFICATION),
    target=TARGET,
    problems=(Problem(ITEMS[3], "暂存间标识不全"),),
    finding="危险废物暂存间标识不全。",
    measure="补齐标识，完善台账。",
    deadline="2026年10月10日",
)
CORRECTION = CorrectionFacts(
    head=head(PaperKind.CORRECTION),
    target=LONG_NAME,
    inspected_on=DAY,
    conclusion="未发现问题",
    finding="未见异常",
    entered_by="钱二",
    reviewed_by="卫七",
    error="结论选错",
    should_be="发现问题已责令整改",
    cause="录入时看错一行",
    redo="重新检查",
    applied_by="钱二",
    applied_on=DAY,
    opinions=(
        Opinion(
            label="签字同意", organ="本单位", post="主要负责人", name="郑涛", on=DAY, words="同意"
        ),
        Opinion(label="登记并上报", organ="综合科", post="负责人"),
        Opinion(label="答复", organ="上级支队", post="负责人"),
    ),
)
PUBLICATION = PublicationFacts(
    head=head(PaperKind.PUBLICATION),
    lines=tuple(
        PublishedLine(
            plan_no="J2026Q3-0001" if at % 2 else "",
            task_no=f"RW{at:06d}" if at % 2 else "",
            name=LONG_NAME if at % 50 == 7 else f"某某县第{at}机械厂",
            code=f"9136019900{at:08d}",
            content="、".join(ITEMS[: 1 + at % 3]),
            inspected_on=DAY,
            result="未发现问题",
        )
        for at in range(1, 301)
    ),
)
OUTCOMES = replace(
    PUBLICATION,
    lines=tuple(
        OutcomeLine(
            name=each.name,
            code=each.code,
            matter="危险废物暂存间未按规定设置识别标志、未建立管理台账",
            outcome="责令改正，处罚款人民币贰万元整",
            decision_no=f"某环罚〔2026〕{at}号",
            ended_on=DAY,
        )
        for at, each in enumerate(PUBLICATION.lines, start=1)
    ),
)
PASSED_ON = replace(
    PUBLICATION,
    lines=tuple(
        PassedOnLine(
            name=each.name,
            code=each.code,
            inspected_on=DAY,
            conclusion="发现涉嫌违法行为已立案调查",
            published_on=None if at % 2 else DAY,
            decision_no="",
            receivers="环境信用评价；市场监管部门信用分级分类监管",
        )
        for at, each in enumerate(PUBLICATION.lines, start=1)
    ),
)
REGISTER = RegisterFacts(
    head=PaperHead(unit=UNIT, title="文号登记簿（检通，2026年）", made_on=DAY, seal=False),
    lines=tuple(
        RegisteredNumber(
            number=f"检通〔2026〕{at}号",
            paper="行政检查通知书",
            subject=LONG_NAME if at == 3 else f"某某县第{at}机械厂",
            taken_on=DAY,
            by="卫七",
            voided="名称印错，重新出具" if at == 5 else "",
        )
        for at in range(1, 60)
    ),
)
