"""Papers of tasks and draws at their limits: nothing lost, nothing outside, nothing alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from app.documents import (
    addendum_form,
    attendance,
    correction_form,
    filing,
    inspection_approval,
    inspection_notice,
    item_list,
    joint_letter,
    notice,
    rectification_notice,
    review_answer,
    site_record,
)
from app.documents.fonts import shipped_fonts
from app.documents.page import OFFICIAL, PAGE_HEIGHT
from app.documents.paper_frame import NOBODY, PaperPerson, bind
from app.documents.tables import Cell, Column, Row, table
from app.domain.paper_texts import PaperKind
from app.errors import UserError
from tests.documents import paper_facts as normal
from tests.documents import stress_facts as given
from tests.documents.reading import MM, chars, pages, text

FONTS = shipped_fonts()
PAPERS: dict[str, Callable[[], bytes]] = {
    "approval": lambda: inspection_approval.build(given.APPROVAL, FONTS),
    "notice": lambda: inspection_notice.build(given.NOTICE, FONTS),
    "record": lambda: site_record.build(given.RECORD, FONTS),
    "letter": lambda: joint_letter.build(given.LETTER, FONTS),
    "rectification": lambda: rectification_notice.build(given.RECTIFICATION, FONTS),
    "correction": lambda: correction_form.build(given.CORRECTION, FONTS),
    "review": lambda: review_answer.build(given.REVIEW_ANSWER, FONTS),
    "addendum": lambda: addendum_form.build(given.ADDENDUM, FONTS),
    "team": lambda: notice.build(given.TEAM_NOTICE, FONTS),
    "proof": lambda: filing.build_proof(given.PROOF, FONTS),
    "items": lambda: item_list.build(given.ITEM_LIST, FONTS),
    "attendance": lambda: attendance.build(given.ATTENDANCE, FONTS),
}
# What each must hold whole: (words, how often at least).
HOLDS: dict[str, tuple[tuple[str, int], ...]] = {
    "approval": (*((name, 1) for name in given.NAMES), (given.NAME, 2), (given.ADDRESS, 1)),
    "notice": (*((name, 1) for name in given.NAMES), (given.NAME, 1), (given.ADDRESS, 1)),
    "record": (*((name, 2) for name in given.NAMES), (given.NAME, 1), ("到此为止", 2)),
    "letter": ((given.NAMES[0], 20), (given.NAMES[3], 20), (given.NAME, 20), (given.TASK_NO, 20)),
    "rectification": ((given.NAME, 2), (given.NAMES[0], 1), ("到此为止", 2)),
    "correction": ((given.NAME, 2), (given.NAMES[3], 4), ("到此为止", 3)),
    "review": ((given.NAME, 1), (given.NAMES[0], 1), ("到此为止", 2)),
    "addendum": ((given.NAME, 25), (given.NAMES[3], 3), (given.TASK_NO, 7), (given.CODE, 25)),
    "team": ((given.NAME, 20), (given.NAMES[3], 4), ("随同A-01、A-03", 1), (given.TASK_NO, 20)),
    "proof": (*((name, 3) for name in given.NAMES[:3]), (given.NAME, 1), ("到此为止", 3)),
    "items": ((given.ITEMS[0], 15),),
    "attendance": tuple((name, 2) for name in given.NAMES),
}
LEFT, RIGHT = OFFICIAL.left, OFFICIAL.left + OFFICIAL.width
TOP = PAGE_HEIGHT - OFFICIAL.top
BOTTOM = TOP - OFFICIAL.height


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {name: build() for name, build in PAPERS.items()}


def _bare(words: str) -> str:
    return "".join(words.split())


@pytest.mark.parametrize("name", PAPERS)
def test_what_is_long_rare_or_much_is_printed_whole(made: dict[str, bytes], name: str) -> None:
    whole = text(made[name])
    for words, count in HOLDS[name]:
        assert whole.count(_bare(words)) >= count, words
    assert not {"\ufffd", "\ufffe", "\x00"} & set(whole)
    assert "None" not in whole and "{" not in whole


@pytest.mark.parametrize("name", PAPERS)
def test_nothing_stands_outside_the_type_area_or_on_the_page_number(
    made: dict[str, bytes], name: str
) -> None:
    for number in range(1, len(pages(made[name])) + 1):
        found = chars(made[name], number)
        foot = [c for c in found if c.ink[3] < BOTTOM - 3 * MM]
        for c in found:
            assert c.ink[0] >= LEFT - 1 and c.ink[2] <= RIGHT + 1, (number, c.char)
            assert c in foot or (c.ink[1] >= BOTTOM - 1 and c.ink[3] <= TOP + 1), (number, c.char)
        folio = [c for c in foot if c.size == 14]
        small = [c for c in foot if c.size < 14]
        assert folio and small
        odd = number % 2 == 1
        assert (
            max(c.ink[2] for c in small) < min(c.ink[0] for c in folio)
            if odd
            else max(c.ink[2] for c in folio) < min(c.ink[0] for c in small)
        )


@pytest.mark.parametrize("name", PAPERS)
def test_no_page_is_left_half_white_before_the_last(made: dict[str, bytes], name: str) -> None:
    whole = pages(made[name])
    for number in range(1, len(whole)):
        lowest = min(c.ink[1] for c in chars(made[name], number) if c.ink[3] >= BOTTOM - 3 * MM)
        # A block that stays whole (up to 9½ lines, or a signature block) may turn the page.
        assert lowest - BOTTOM <= 0.62 * OFFICIAL.height, (number, whole[number - 1][:40])


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("notice", "陈述、申辩"),
        ("letter", "不得告知被检查单位"),
        ("rectification", "行政复议"),
        ("correction", "上级支队"),
        ("review", "行政复议"),
        ("proof", "以上各项取自本单位的台账"),
    ],
)
def test_the_seal_has_what_it_seals_on_its_page(
    made: dict[str, bytes], name: str, before: str
) -> None:
    (last,) = (page for page in pages(made[name]) if "（盖章）" in page)
    assert before in last


def test_the_signatures_of_record_and_approval_have_something_above_them() -> None:
    for pdf in (PAPERS["record"](), site_record.build(normal.RECORD, FONTS)):
        assert "以上记录已经核对" in pages(pdf)[-1] and "第三方见证人" in pages(pdf)[-1]
    usual = pages(inspection_approval.build(normal.APPROVAL, FONTS))
    assert len(usual) == 1 and "本表随检查材料归档" in usual[0]
    assert "负责人审批" in pages(PAPERS["approval"]())[-1]


@pytest.mark.parametrize("problems", range(0, 12))
def test_a_receipt_never_stands_on_a_page_of_its_own(problems: int) -> None:
    few = replace(normal.RECTIFICATION, problems=normal.RECTIFICATION.problems * problems)
    last = pages(rectification_notice.build(few, FONTS))[-1]
    assert "（盖章）" in last and "被检查单位收件人" in last and "行政复议" in last


def test_more_signatures_than_a_page_holds_go_over_to_the_next() -> None:
    people = tuple(PaperPerson(f"某人{at}", f"C{at}") for at in range(40))
    whole = pages(site_record.build(replace(normal.RECORD, people=people), FONTS))
    assert all("".join(whole).count(f"检查人员某人{at}") == 1 for at in (10, 20, 39))
    assert sum("本人签名" in page or "签名" in page for page in whole) >= 2


def test_a_tall_row_is_parted_between_lines_and_named_again() -> None:
    pdf = filing.build_proof(given.PROOF, FONTS)
    whole = pages(pdf)
    assert any("检查事项（续）" in page for page in whole)
    assert "".join(whole).count("".join(given.ITEMS[19].split())) == 3
    assert all("事项记录" in page for page in whole if "检查事项（续）" in page)
    assert not any("（续）（续）" in page for page in whole)


def test_rows_joined_by_a_cell_that_no_page_holds_are_refused_with_advice() -> None:
    long = "长" * 4000
    columns = (Column(head="甲", width=20), Column(head="乙", width=40))
    rows = [Row((Cell(("组",), down=2), long)), Row((None, "短"))]
    with pytest.raises(UserError, match="太长"):
        table("", columns, rows, FONTS)


@pytest.mark.parametrize("kind", [PaperKind.JOINT_LETTER, PaperKind.CORRECTION, PaperKind.NOTICE])
def test_a_gap_to_be_filled_in_is_not_cut(kind: PaperKind) -> None:
    head = normal.head(kind, blank=True)
    pdf = {
        PaperKind.JOINT_LETTER: lambda: joint_letter.build(
            joint_letter.JointLetterFacts(head=head), FONTS
        ),
        PaperKind.CORRECTION: lambda: correction_form.build(
            correction_form.CorrectionFacts(head=head), FONTS
        ),
        PaperKind.NOTICE: lambda: inspection_notice.build(
            inspection_notice.InspectionNoticeFacts(head=head), FONTS
        ),
    }[kind]()
    found = chars(pdf, 1)
    runs: list[list[float]] = [[]]
    for c in found:
        if c.char == "＿":
            runs[-1].append(c.baseline)
        elif runs[-1]:
            runs.append([])
    gaps = [run for run in runs if run]
    assert len(gaps) >= 3
    assert all(len(run) >= 6 and len(set(run)) == 1 for run in gaps)


def test_a_blank_record_leaves_room_for_the_pen() -> None:
    """Every line to be filled in is at least 8 mm high, what is described has 40 mm."""
    head = normal.head(PaperKind.SITE_RECORD, blank=True)
    facts = site_record.SiteRecordFacts(head=head)
    assert facts.target == NOBODY
    pdf = site_record.build(facts, FONTS)
    ticks = sorted({round(c.baseline, 1) for c in chars(pdf, 1) if c.char == "不" and c.size < 10})
    assert min(b - a for a, b in pairwise(ticks)) >= 7.5 * MM
    label = next(c for c in chars(pdf, 2) if c.char == "情")
    assert TOP - label.baseline >= 18 * MM  # the middle of its row


def test_the_national_fields_stand_on_the_papers() -> None:
    said = text(PAPERS["approval"]())
    for words in (
        "检查类别", "任务来源", "法定依据", "本年已检", "年度上限", "不计频次", "紧急情形",
        "协助人数", "申请人意见", "负责人审批",
    ):  # fmt: skip
        assert words in said, words
    told = text(PAPERS["notice"]())
    for words in (
        "某检查类别",
        "某任务来源",
        "某法定依据",
        "执法证号",
        "协助人员",
        "12人",
        "申请其回避",
    ):
        assert words in told, words
    record = text(PAPERS["record"]())
    for words in ("出示执法证件", "回避申请", "扫码时间", "结果告知"):
        assert words in record, words
    assert "送达时间年月日时分" in text(
        inspection_notice.build(replace(normal.NOTICE, served=""), FONTS)
    )


def test_an_expert_is_never_an_inspector() -> None:
    told = text(PAPERS["notice"]())
    people, after = told.split("执法人员", 2)[2].split("协助人员", 1)
    assert "专家某甲" not in people and after.startswith("12人")
    assert "林某（县市场监督管理局）" in people
    signers = text(PAPERS["record"]()).split("身份姓名签名时间")[1]
    assert "专家专家某甲" in signers and "检查人员专家某甲" not in signers
    assert "县市场监督管理局林某" in signers


def test_thirty_papers_in_one_file_count_their_own_pages() -> None:
    names = [f"青禾县第{at}机械厂" for at in range(1, 31)]
    papers = [
        inspection_approval.compose(
            replace(normal.APPROVAL, target=replace(normal.TARGET, name=name)), FONTS
        )
        for name in names
    ]
    whole = pages(bind(papers, FONTS))
    assert len(whole) == 30
    for page, name in zip(whole, names, strict=True):
        assert name in page and "—1—" in page and "共1页" in page
        assert sum(other in page for other in names) == 1
