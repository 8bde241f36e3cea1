"""Each paper with invented content: to see how a unit's own words stand before they are kept."""

from __future__ import annotations

from datetime import date

from app.documents import (
    correction_form,
    inspection_approval,
    inspection_notice,
    joint_letter,
    publication_table,
    rectification_notice,
    review_answer,
    site_record,
    words,
)
from app.documents.page import Sheets
from app.documents.paper_frame import PaperHead, PaperPerson, bind
from app.domain.paper_texts import PaperKind, PaperText, fields_of, fill, filled
from app.services.paperwork.paper_sample_books import MAKERS, PERIODS, TARGET

__all__ = ["sample"]

_PEOPLE = (PaperPerson("李某", "00000001"), PaperPerson("王某", "00000002"))
_ITEMS = ("排污许可证，按证排污", "污染防治设施正常运行")
_FINDING = "（样例）危险废物暂存间标识不全。"


def sample(unit: str, text: PaperText, today: date) -> bytes:
    """The paper as PDF bytes, marked as a sample by the name of its target."""
    values = _values(unit, text, today)
    if text.kind in MAKERS:
        return MAKERS[text.kind](unit, filled(text, values), today)
    head = PaperHead(
        unit=unit,
        title=text.title,
        number="（样例）〔2026〕1号" if text.series else "",
        made_on=today,
        seal=text.seal,
        sealer=fill(text.sealer, values),
        copies=fill(text.copies, values),
        passages={each.code: fill(each.text, values) for each in text.passages},
        marks=("样例",),
    )
    return bind((_paper(text.kind, head, today),))


def _values(unit: str, text: PaperText, today: date) -> dict[str, str]:
    known = {
        "单位": unit,
        "检查对象": TARGET.name,
        "代码": TARGET.code,
        "地址": TARGET.address,
        "负责人": TARGET.person,
        "电话": TARGET.phone,
        "期间": f"{today.year}{PERIODS.get(text.kind, '年第三季度')}",
        "抽取编号": f"000000-{today.year}Q3-01",
        "任务序号": "A-01",
        "检查人员": "李某、王某",
        "检查类别": "日常检查",
        "任务来源": "双随机抽查",
        "法定依据": "《某某条例》第某条",
        "检查事项": "、".join(_ITEMS),
        "检查期限": f"{words.day(today)}前",
        "检查日期": words.day(today),
        "制表日期": words.day(today),
        "发现的问题": _FINDING,
        "处理措施": "责令限期整改",
        "整改期限": words.day(today),
        "部门": "某某县应急管理局",
        "户数": "3",
        "条款": "第某条",
        "户次": "40",
        "抽取时间": f"{words.day(today)}9时00分",
        "地点": "某某会议室",
        "抽取内容": f"{today.year}年第三季度的检查对象和执法检查人员",
        "派单日期": words.day(today),
        "更换日期": words.day(today),
        "抽取日期": words.day(today),
        "截至日期": words.day(today),
        "制表人": "王某",
        "检查组": "第1组",
        "更换内容": "检查对象",
        "更换方式": "按抽取次序依次递补",
        "换出": TARGET.name,
        "换入": "（样例）某某县某某电镀厂",
        "年度": f"{today.year}年",
        "账本条数": "1",
        "校验码": "01234567",
    }
    return {name: known.get(name, f"（{name}）") for name in fields_of(text.kind)}


def _paper(kind: PaperKind, head: PaperHead, today: date) -> Sheets:
    match kind:
        case PaperKind.APPROVAL:
            facts = inspection_approval.ApprovalFacts(
                head=head, target=TARGET, items=_ITEMS, people=_PEOPLE
            )
            made = inspection_approval.compose(facts)
        case PaperKind.NOTICE:
            notice = inspection_notice.InspectionNoticeFacts(
                head=head, target=TARGET, items=_ITEMS, people=_PEOPLE
            )
            made = inspection_notice.compose(notice)
        case PaperKind.SITE_RECORD:
            record = site_record.SiteRecordFacts(
                head=head,
                target=TARGET,
                people=_PEOPLE,
                items=tuple(site_record.RecordItem(each) for each in _ITEMS),
            )
            made = site_record.compose(record)
        case PaperKind.JOINT_LETTER:
            one = joint_letter.JointTarget("A-01", TARGET.name, TARGET.address, "李某", "赵某")
            letter = joint_letter.JointLetterFacts(
                head=head, department="某某县应急管理局", targets=(one,), contact="李某"
            )
            made = joint_letter.compose(letter)
        case PaperKind.RECTIFICATION:
            ordered = rectification_notice.RectificationFacts(
                head=head,
                target=TARGET,
                problems=(rectification_notice.Problem(_ITEMS[1], _FINDING),),
                finding=_FINDING,
                deadline=words.day(today),
            )
            made = rectification_notice.compose(ordered)
        case PaperKind.CORRECTION:
            form = correction_form.CorrectionFacts(
                head=head, target=TARGET.name, inspected_on=today
            )
            made = correction_form.compose(form)
        case PaperKind.REVIEW_ANSWER:
            answer = review_answer.ReviewAnswerFacts(
                head=head, target=TARGET.name, matter=_FINDING, outcome="维持原结果"
            )
            made = review_answer.compose(answer)
        case PaperKind.PUBLICATION:
            line = publication_table.PublishedLine(
                plan_no="",
                task_no="",
                name=TARGET.name,
                code=TARGET.code,
                content="、".join(_ITEMS),
                inspected_on=today,
                result="未发现问题",
            )
            made = publication_table.compose(
                publication_table.PublicationFacts(head=head, lines=(line,))
            )
        case other:
            raise ValueError(f"{other} is made elsewhere")
    return made
