"""The papers of an inspection, read back: blank, filled in, long, over many pages, bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.documents import (
    correction_form,
    inspection_approval,
    inspection_notice,
    joint_letter,
    number_register,
    publication_table,
    rectification_notice,
    review_answer,
    site_record,
)
from app.documents.fonts import shipped_fonts
from app.documents.page import Sheets
from app.documents.paper_frame import bind
from app.domain.paper_texts import PaperKind
from tests.documents import paper_facts as given
from tests.documents.reading import chars, pages, text

FONTS = shipped_fonts()
FILLED: dict[str, Callable[[], Sheets]] = {
    "approval": lambda: inspection_approval.compose(given.APPROVAL, FONTS),
    "notice": lambda: inspection_notice.compose(given.NOTICE, FONTS),
    "record": lambda: site_record.compose(given.RECORD, FONTS),
    "letter": lambda: joint_letter.compose(given.LETTER, FONTS),
    "rectification": lambda: rectification_notice.compose(given.RECTIFICATION, FONTS),
    "correction": lambda: correction_form.compose(given.CORRECTION, FONTS),
    "publication": lambda: publication_table.compose(given.PUBLICATION, FONTS),
    "outcomes": lambda: publication_table.compose(given.OUTCOMES, FONTS),
    "passed_on": lambda: publication_table.compose(given.PASSED_ON, FONTS),
    "register": lambda: number_register.compose(given.REGISTER, FONTS),
}


BLANKS = (
    PaperKind.APPROVAL,
    PaperKind.NOTICE,
    PaperKind.SITE_RECORD,
    PaperKind.JOINT_LETTER,
    PaperKind.RECTIFICATION,
    PaperKind.CORRECTION,
    PaperKind.REVIEW_ANSWER,
)


def _blank(kind: PaperKind) -> Sheets:
    head = given.head(kind, blank=True)
    makers: dict[PaperKind, Callable[[], Sheets]] = {
        PaperKind.APPROVAL: lambda: inspection_approval.compose(
            inspection_approval.ApprovalFacts(head=head), FONTS
        ),
        PaperKind.NOTICE: lambda: inspection_notice.compose(
            inspection_notice.InspectionNoticeFacts(head=head), FONTS
        ),
        PaperKind.SITE_RECORD: lambda: site_record.compose(
            site_record.SiteRecordFacts(head=head), FONTS
        ),
        PaperKind.JOINT_LETTER: lambda: joint_letter.compose(
            joint_letter.JointLetterFacts(head=head), FONTS
        ),
        PaperKind.CORRECTION: lambda: correction_form.compose(
            correction_form.CorrectionFacts(head=head), FONTS
        ),
        PaperKind.REVIEW_ANSWER: lambda: review_answer.compose(
            review_answer.ReviewAnswerFacts(head=head), FONTS
        ),
        PaperKind.RECTIFICATION: lambda: rectification_notice.compose(
            rectification_notice.RectificationFacts(head=head), FONTS
        ),
    }
    return makers[kind]()


@pytest.mark.parametrize("name", FILLED)
def test_a_long_name_with_rare_characters_is_printed_whole(name: str) -> None:
    pdf = bind((FILLED[name](),), FONTS)
    assert given.LONG_NAME in text(pdf)
    right, foot = 184 * 72 / 25.4 + 1, 20 * 72 / 25.4
    for number in range(1, len(pages(pdf)) + 1):
        assert all(c.ink[2] <= right and c.ink[1] >= foot for c in chars(pdf, number))


@pytest.mark.parametrize("kind", BLANKS)
def test_a_blank_form_names_nobody_and_leaves_room(kind: PaperKind) -> None:
    words = text(bind((_blank(kind),), FONTS))
    assert given.shipped(kind).title in words
    assert "{" not in words and "None" not in words
    assert "某某县柳湾镇" not in words and "赵𬱖" not in words


@pytest.mark.parametrize("name", ["outcomes", "passed_on"])
def test_the_other_public_lists_repeat_their_head_and_count_their_pages(name: str) -> None:
    whole = pages(bind((FILLED[name](),), FONTS))
    assert len(whole) > 10
    for number, page in enumerate(whole, start=1):
        assert "检查对象、代码" in page or number == len(whole)
        assert f"—{number}—" in page
    assert all(any(f"第{at}机械厂" in page for page in whole) for at in (1, 150, 300))


def test_three_hundred_rows_repeat_their_head_on_every_page() -> None:
    whole = pages(bind((FILLED["publication"](),), FONTS))
    assert len(whole) > 10
    with_rows = [page for page in whole if "机械厂" in page]
    assert all("检查对象、代码" in page for page in with_rows)
    assert all(any(f"第{at}机械厂" in page for page in whole) for at in (1, 150, 300))
    assert "RW000299" in "".join(whole)
    assert "异议" in whole[-1]  # the seal never stands alone


def test_the_record_has_places_for_everybody_who_signs() -> None:
    words = text(bind((FILLED["record"](),), FONTS))
    for each in ("赵𬱖", "欧阳长风", "被检查单位负责人", "第三方见证人", "记录人"):
        assert each in words
    blank = text(bind((_blank(PaperKind.SITE_RECORD),), FONTS))
    assert blank.count("□不符合") == 9


def test_the_notice_is_served_on_arrival() -> None:
    assert "送达时间2026年9月10日09:40" in text(bind((FILLED["notice"](),), FONTS))


def test_bound_papers_count_their_own_pages() -> None:
    one = pages(bind((FILLED["approval"](),), FONTS))
    both = pages(bind((FILLED["approval"](), FILLED["notice"]()), FONTS))
    assert both[: len(one)] == one
    assert "—1—" in both[len(one)]


def test_as_much_text_as_can_be_typed_is_printed_to_its_end() -> None:
    much = "检查时发现台账记录与现场情况不一致。" * 220 + "到此为止"
    items = tuple(site_record.RecordItem(f"第{at}个检查事项的名称", "不符合") for at in range(80))
    last = site_record.RecordItem("最后一项", "不符合", much)
    record = replace(given.RECORD, items=(*items, last), finding=much, measure=much)
    whole = text(bind((site_record.compose(record, FONTS),), FONTS))
    assert whole.count("到此为止") == 3 and "见下：第81项说明" in whole
    names = tuple(item.name for item in items)
    approval = inspection_approval.compose(replace(given.APPROVAL, items=names), FONTS)
    notice = inspection_notice.compose(replace(given.NOTICE, items=names), FONTS)
    both = text(bind((approval, notice), FONTS))
    assert both.count("80.第79个检查事项的名称") == 2
    ordered = rectification_notice.compose(
        replace(
            given.RECTIFICATION,
            problems=(rectification_notice.Problem("甲", much),),
            finding=much,
        ),
        FONTS,
    )
    form = correction_form.compose(replace(given.CORRECTION, error=much, cause=much), FONTS)
    assert text(bind((ordered, form), FONTS)).count("到此为止") == 4
