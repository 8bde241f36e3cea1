"""The minutes measured with a ruler: places of characters as a PDF reader finds them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pypdfium2
import pytest

from app.documents import hashes, minutes
from app.documents.fonts import shipped_fonts
from app.documents.minutes_facts import MinutesFacts, Recusal, Witness
from app.documents.page import BODY_SIZE, OFFICIAL, PAGE_HEIGHT
from app.errors import UserError
from tests.documents import facts as given
from tests.documents.reading import MM, chars, pages, text

TOP = PAGE_HEIGHT - 37 * MM
LEFT, RIGHT = 28 * MM, 184 * MM


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return minutes.build(given.MINUTES, shipped_fonts())


@pytest.fixture(scope="module")
def large() -> bytes:
    return minutes.build(given.large(300, 120), shipped_fonts())


def count(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(pdf))


def test_body_lines_sit_on_the_grid_of_22_lines(pdf: bytes) -> None:
    """GB/T 9704-2012 §5.2.3: 22 lines of 28.99 pt; at most 0.05 line off."""
    pitch = 225 * MM / 22
    # Below the title and beside the seal: centred on what they belong to.
    off_grid = {given.MINUTES.document_number, given.UNIT, "2026年1月8日"}
    lines = 0
    for number in range(1, count(pdf) + 1):
        body: dict[float, str] = {}
        for c in chars(pdf, number):
            if abs(c.size - BODY_SIZE) < 0.01:
                base = round(c.baseline, 3)
                body[base] = body.get(base, "") + c.char
        for base, line in body.items():
            if line in off_grid:
                continue
            row = (TOP - base - 0.38 * BODY_SIZE) / pitch - 0.5
            assert abs(row - round(row)) <= 0.05, (number, row)
            assert 0 <= round(row) <= 21
            lines += 1
    assert lines > 50


def test_a_full_line_has_28_characters(pdf: bytes) -> None:
    line = next(p for p in pages(pdf) if "检查实施前" in p)
    assert "执法人员名单和检查对象名单对被检查单位保" in line
    body = [c for c in chars(pdf, pages(pdf).index(line) + 1) if abs(c.size - 16) < 0.01]
    by_line = Counter(round(c.baseline, 2) for c in body)
    assert max(by_line.values()) >= 26  # indented first line: 28 − 2
    lefts = {round(c.x, 1) for c in body}
    assert min(lefts) == pytest.approx(LEFT, abs=0.1)


def test_nothing_is_printed_outside_the_type_area(large: bytes, pdf: bytes) -> None:
    for source in (pdf, large):
        for number in range(1, count(source) + 1):
            for c in chars(source, number):
                left, bottom, right, top = c.ink
                assert left > LEFT - 0.6, (number, c)
                assert right < RIGHT + 0.6, (number, c)
                foot = c.baseline < 35 * MM - 3
                assert foot or bottom > 35 * MM - 0.5, (number, c)
                assert top < TOP + 0.5, (number, c)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(large: bytes) -> None:
    """GB/T 9704-2012 §7.5: 14 pt, 7 mm below, one character in from the edge."""
    for number in (1, 2, 7, 8, 13, 20):
        folio = [
            c for c in chars(large, number) if abs(c.size - 14) < 0.01 and c.baseline < 30 * MM
        ]
        assert "".join(c.char for c in folio) == f"—{number}—"
        left, right = folio[0].ink[0], folio[-1].ink[2]
        if number % 2:
            assert right == pytest.approx(RIGHT - 14, abs=1.5)
        else:
            assert left == pytest.approx(LEFT + 14, abs=1.5)
        centre = (folio[0].ink[1] + folio[0].ink[3]) / 2
        assert centre == pytest.approx(28 * MM, abs=1.5)


def test_every_page_says_how_many_there_are(pdf: bytes, large: bytes) -> None:
    for source in (pdf, large):
        for page in pages(source):
            assert f"{given.NO}共{count(source)}页结果摘要f8ee8fb5密封版" in page


def test_rare_names_copy_out_as_they_were_written(pdf: bytes) -> None:
    """A wrong ToUnicode map beyond the BMP would give other characters."""
    whole = text(pdf)
    for name in ("赵𬱖", "龚䶮", "㐱明", "某某𬍛丙化工有限公司", "𠮷丑养殖场"):
        assert name in whole, name


def test_what_a_hand_check_needs_is_printed_whole(pdf: bytes) -> None:
    whole = text(pdf)
    digests = given.DIGESTS
    for digest in (digests.plan, digests.commitment, digests.reveal, digests.seed, digests.result):
        assert digest in whole
    for target in (*given.SELECTED, *given.ALTERNATES):
        assert target.ticket in whole
    assert given.MINUTES.ledger.head in whole
    assert "账本第118条" in whole
    assert given.MINUTES.excluded_digest in whole
    for witness in given.WITNESSES:
        assert whole.count(witness.digits) == 2  # table and signature row


def test_the_annex_list_counts_pages_and_gives_check_codes(pdf: bytes, large: bytes) -> None:
    assert "1.票号全表1页校验码f8ee8fb5" in text(pdf)
    assert "2.名单封存情况1页校验码e0631f47" in text(pdf)
    assert "3.承诺单（签字原件）1张校验码448fe556" in text(pdf)
    first = next(at for at, page in enumerate(pages(large)) if page.startswith("附件1票号全表"))
    second = next(at for at, page in enumerate(pages(large)) if page.startswith("附件2名单"))
    assert f"1.票号全表{second - first}页" in text(large)


def test_long_tables_repeat_caption_and_head(large: bytes) -> None:
    parts = [page for page in pages(large) if "表5" in page and "抽中的检查对象" in page]
    assert len(parts) > 10
    assert parts[0].index("表5抽中的检查对象") >= 0
    for page in parts[1:]:
        assert page.startswith("表5（续）抽中的检查对象序号检查对象统一社会信用代码票号前8位")
    last = parts[-1]
    rows = last.split("以下空白")[0].count("C-")
    assert rows >= 2, "the last rows stay together"


def test_no_row_overprints_another(large: bytes) -> None:
    """Ink boxes of two characters never overlap by more than a hair."""
    for number in (5, 12, 30, 48):
        placed = sorted((c.ink for c in chars(large, number)), key=lambda ink: -ink[3])
        for at, (l1, b1, r1, _) in enumerate(placed):
            for l2, b2, r2, t2 in placed[at + 1 :]:
                if t2 < b1:
                    break
                across = min(r1, r2) - max(l1, l2)
                down = t2 - max(b1, b2)
                assert across < 1.0 or down < 1.0, number


def test_many_stand_bys_turn_the_page_under_a_repeated_head() -> None:
    people = tuple(given.inspector(at, f"执法员{at}", "执法一中队") for at in range(10, 70))
    group = replace(given.FIXED, standby=people)
    found = pages(minutes.build(replace(given.MINUTES, groups=(group,)), shipped_fonts()))
    assert any(page.startswith("表6（续）检查组与替补人员组别身份姓名") for page in found)
    assert "第60执法员69" in "".join(found)


def test_few_very_high_rows_are_printed_over_pages() -> None:
    long = tuple(replace(t, name="长" * 220) for t in given.SELECTED[:4])
    whole = text(minutes.build(replace(given.MINUTES, selected=long), shipped_fonts()))
    assert whole.count("长") >= 4 * 220


def test_codes_of_categories_are_printed_as_words() -> None:
    strata = (replace(given.STRATA[0], code="GENERAL", short="一般", label="一般排污单位"),)
    facts = replace(
        given.MINUTES,
        strata=strata,
        selected=tuple(replace(t, stratum="GENERAL") for t in given.SELECTED),
        alternates=(),
        exclusions=tuple(replace(e, stratum="GENERAL") for e in given.EXCLUSIONS),
    )
    whole = text(minutes.build(facts, shipped_fonts()))
    assert "GENERAL" not in whole
    assert "一般-01" in whole


def test_ranks_look_as_on_the_screen(pdf: bytes) -> None:
    assert "A-01某某庚化工有限公司" in text(pdf)


def test_alternates_beyond_24_are_listed_in_the_annex(large: bytes) -> None:
    whole = text(large)
    body, annex = whole.split("附件1票号全表", 1)
    assert "递补12有限公司" in body
    assert "递补13有限公司" not in body
    assert hashes.short(given.large(300, 120).alternates[119].ticket) in annex
    assert "附表1之二递补的票号" in annex


def test_the_signature_block_stays_together_with_nine_witnesses() -> None:
    for many in (3, 8, 9):
        found = pages(minutes.build(given.many_witnesses(many), shipped_fonts()))
        signing = [page for page in found if "到场人员已阅读或听读本记录" in page]
        assert len(signing) == 1
        for word in ("见证人一", "记录人何伟", "（单位盖章）", "账本第118条"):
            assert word in signing[0]


def test_same_facts_same_bytes(pdf: bytes) -> None:
    assert minutes.build(given.MINUTES, shipped_fonts()) == pdf


def test_the_file_says_its_language_and_title(pdf: bytes) -> None:
    assert b"/Lang (zh-CN)" in pdf
    title = pypdfium2.PdfDocument(pdf).get_metadata_dict()["Title"]
    assert title == f"{given.UNIT}2026年第一季度双随机抽取记录（{given.NO}）"


def test_a_character_no_face_has_is_refused_by_name() -> None:
    broken = replace(given.MINUTES, place="会议室\U0001f9ff")
    with pytest.raises(UserError, match=r"U\+1F9FF"):
        minutes.build(broken, shipped_fonts())


def test_a_rehearsal_is_marked_on_every_page() -> None:
    found = pages(minutes.build(replace(given.MINUTES, rehearsal=True), shipped_fonts()))
    assert all("演练" in page and "密封版（演练）" in page for page in found)
    assert not any("演练" in page for page in pages(minutes.build(given.MINUTES, shipped_fonts())))


def test_pairs_for_each_target_are_listed_with_their_stand_ins() -> None:
    whole = text(minutes.build(given.pairs(), shipped_fonts()))
    assert "派单：执法检查人员" in whole
    assert "派单：消防部门人员" in whole
    assert "候补（依次）" in whole
    assert "无人派" in whole
    assert "第1组" not in whole


def test_a_draw_of_inspectors_only_has_no_ticket_annex() -> None:
    whole = text(minutes.build(given.inspectors_only(), shipped_fonts()))
    assert "本次不抽取检查对象，只抽取执法检查人员。" in whole
    assert "票号全表" not in whole
    assert "1.名单封存情况1页" in whole
    assert "附件1名单封存情况" in whole


def test_strata_where_chance_decides_nothing_are_named() -> None:
    strata = (
        replace(given.STRATA[0], pool=3, quota=3, drawn=3, alternates=0),
        replace(given.STRATA[1], quota=0, drawn=0, alternates=0),
    )
    facts = replace(given.MINUTES, strata=strata)
    whole = text(minutes.build(facts, shipped_fonts()))
    assert "A类入池3家全部抽取。" in whole
    assert "B类本次不抽取。" in whole


def test_a_list_drawn_elsewhere_names_its_source() -> None:
    strata = (replace(given.STRATA[0], source="某环支〔2026〕5号"), given.STRATA[1])
    whole = text(minutes.build(replace(given.MINUTES, strata=strata), shipped_fonts()))
    assert "A类3家此前已抽定（某环支〔2026〕5号），本次只派人员。" in whole


def test_changes_recusals_and_exceptions_are_printed() -> None:
    facts: MinutesFacts = replace(
        given.MINUTES,
        digests=replace(given.DIGESTS, previous=given.digest("before")),
        changes=("新增3家", "某某甲厂由B类调入A类"),
        recusals=tuple(Recusal(f"执法员{at}", f"企业{at}", "近亲属") for at in range(5)),
        exceptions=("9时20分打印机卡纸，换纸后继续",),
    )
    whole = text(minutes.build(facts, shipped_fonts()))
    assert "与上次名单相比：新增3家。某某甲厂由B类调入A类。" in whole
    assert given.digest("before") in whole
    assert "申报回避5起，处理见下表。9时20分打印机卡纸，换纸后继续。" in whole
    assert "中间没有中断" not in whole


def test_an_absurdly_long_name_is_parted_over_pages_and_printed_whole() -> None:
    name = "长" * 1990 + "到此为止"
    facts = replace(
        given.MINUTES, selected=(replace(given.SELECTED[0], name=name), *given.SELECTED[1:])
    )
    whole = pages(minutes.build(facts, shipped_fonts()))
    long = [page for page in whole if "长长长" in page]
    assert len(long) > 2 and all(page.startswith(("表5", "附件1", "附表1（续）")) for page in long)
    assert "".join(whole).count("到此为止") == 2  # in the list and in the annex


def test_witness_digits_of_full_length_are_printed_whole() -> None:
    digits = "31415926535897932384626433832795"
    witnesses = (*given.WITNESSES[:2], Witness("赵𬱖", "群众代表", "居民", digits))
    whole = text(minutes.build(replace(given.MINUTES, witnesses=witnesses), shipped_fonts()))
    assert whole.count(digits) == 2


def test_no_page_is_nearly_empty_without_need(large: bytes) -> None:
    for number, page in enumerate(pages(large), start=1):
        assert len(page) > 120, number
    assert OFFICIAL.height > 600
