"""The slips, the public page, the notice and the other forms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from app.documents import (
    addendum_form,
    annual_plan,
    attendance,
    campaign_plan,
    commitment_slip,
    disclosure,
    explanation,
    invitation,
    minutes,
    minutes_public,
    notice,
    plan_table,
    qr,
    ratio_report,
    transfer_slip,
    void_form,
    void_public,
    witness_slips,
)
from app.documents.attendance import Attendee
from app.documents.commitment_slip import SlipWitness
from app.documents.disclosure import DisclosedTarget
from app.documents.fonts import shipped_fonts
from app.documents.minutes_public import PublicStratum, publishable, reveals
from app.documents.void_form import OpenedSlip
from app.domain.paper_texts import PaperKind
from app.errors import UserError
from tests.documents import facts as given
from tests.documents.paper_facts import printed
from tests.documents.reading import MM, chars, image, pages, text

FONTS = shipped_fonts()
D = given.DIGESTS
FORMS: dict[str, Callable[[bool], bytes]] = {
    "minutes": lambda r: minutes.build(replace(given.MINUTES, rehearsal=r), FONTS),
    "public": lambda r: minutes_public.build(replace(given.PUBLIC, rehearsal=r), FONTS),
    "slip": lambda r: commitment_slip.build(replace(given.SLIP, rehearsal=r), FONTS),
    "witness": lambda r: witness_slips.build(replace(given.WITNESS_SLIPS, rehearsal=r), FONTS),
    "notice": lambda r: notice.build(replace(given.NOTICE, rehearsal=r), FONTS),
    "void": lambda r: void_form.build(replace(given.VOID, rehearsal=r), FONTS),
    "transfer": lambda r: transfer_slip.build(replace(given.TRANSFER, rehearsal=r), FONTS),
    "invitation": lambda r: invitation.build(replace(given.INVITATION, rehearsal=r), FONTS),
    "attendance": lambda r: attendance.build(replace(given.ATTENDANCE, rehearsal=r), FONTS),
    "disclosure": lambda r: disclosure.build(replace(given.DISCLOSURE, rehearsal=r), FONTS),
    "void_public": lambda r: void_public.build(replace(given.VOID_PUBLIC, rehearsal=r), FONTS),
    "addendum": lambda r: addendum_form.build(replace(given.ADDENDUM, rehearsal=r), FONTS),
    "explanation": lambda r: explanation.build(replace(given.EXPLANATION, rehearsal=r), FONTS),
}
# A plan is never rehearsed.
PLANS: dict[str, Callable[[], bytes]] = {
    "plan": lambda: plan_table.build(given.PLAN, FONTS),
    "annual": lambda: annual_plan.build(given.ANNUAL, FONTS),
    "campaign": lambda: campaign_plan.build(given.CAMPAIGN, FONTS),
    "ratio": lambda: ratio_report.build(given.RATIO_REPORT, FONTS),
}


def codes(pdf: bytes, number: int) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image(pdf, number))]


@pytest.mark.parametrize("name", FORMS)
def test_same_facts_same_bytes(name: str) -> None:
    assert FORMS[name](False) == FORMS[name](False)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_has_title_language_and_no_box_for_a_character(name: str) -> None:
    pdf = FORMS[name](False)
    assert b"/Lang (zh-CN)" in pdf
    assert pypdfium2.PdfDocument(pdf).get_metadata_dict()["Title"]
    assert not {"\ufffd", "\ufffe", "\x00"} & set(text(pdf))


@pytest.mark.parametrize("name", FORMS)
def test_a_rehearsal_is_marked_on_every_page(name: str) -> None:
    assert all("演练" in page for page in pages(FORMS[name](True)))
    assert not any("演练" in page for page in pages(FORMS[name](False)))


@pytest.mark.parametrize(
    "name", ["public", "slip", "witness", "explanation", "invitation", "attendance"]
)
def test_one_page_forms_have_one_page(name: str) -> None:
    assert len(pages(FORMS[name](False))) == 1


_PAGED = (
    "minutes",
    "notice",
    "void",
    "void_public",
    "addendum",
    "transfer",
    "attendance",
    "disclosure",
)


@pytest.mark.parametrize("name", _PAGED)
def test_every_page_of_a_longer_form_has_its_number_and_says_how_many_there_are(name: str) -> None:
    found = pages(FORMS[name](False))
    for number, page in enumerate(found, start=1):
        assert f"—{number}—" in page
        assert f"共{len(found)}页" in page


@pytest.mark.parametrize("name", FORMS)
def test_the_text_of_every_form_can_be_taken_out_again(name: str) -> None:
    """Every form names the unit, or the package: as text, not as a picture."""
    whole = text(FORMS[name](False))
    assert given.UNIT in whole
    assert len(whole) > 150


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_numbered_readable_and_the_same_twice(name: str) -> None:
    pdf = PLANS[name]()
    assert pdf == PLANS[name]()
    assert b"/Lang (zh-CN)" in pdf
    found = pages(pdf)
    for number, page in enumerate(found, start=1):
        assert f"—{number}—" in page and f"共{len(found)}页" in page
    whole = text(pdf)
    assert given.UNIT in whole
    assert not {"\ufffd", "\ufffe", "\x00"} & set(whole)


def test_the_annual_plan_prints_every_number_with_its_arithmetic_and_approval() -> None:
    whole = text(PLANS["annual"]())
    for words in ("90÷4=22余2", "第2版", "名录调整", "陈立新（局长）", "市环函〔2026〕31号"):
        assert words in whole.replace(" ", "")


def test_the_report_names_both_ratios_both_numbers_and_the_reason() -> None:
    whole = text(PLANS["ratio"]())
    for words in ("自治区生态环境厅", "每季度25%", "每季度20%", "40家", "32家", "人手不足"):
        assert words in whole


# --- QR codes -------------------------------------------------------------------------


def test_the_slip_carries_number_plan_and_commitment_twice() -> None:
    assert codes(FORMS["slip"](False), 1) == [f"RD1|{given.NO}|{D.plan}|{D.commitment}"] * 2


def test_the_public_code_carries_no_seed() -> None:
    expected = f"RD1|{given.NO}|{D.plan}|{D.commitment}|{D.result}"
    assert codes(FORMS["public"](False), 1) == [expected]


def test_the_sealed_code_carries_the_seed() -> None:
    pdf = FORMS["minutes"](False)
    number = next(at for at, page in enumerate(pages(pdf), 1) if "（单位盖章）" in page)
    expected = f"RD1|{given.NO}|{D.plan}|{D.commitment}|{D.result}|{D.seed}"
    assert codes(pdf, number) == [expected]


def test_versions_at_level_m_are_those_the_paper_was_measured_with() -> None:
    sizes = [
        len(qr.matrix(qr.record(given.NO, *digests)))
        for digests in (
            (D.plan, D.commitment),
            (D.plan, D.commitment, D.result),
            (D.plan, D.commitment, D.result, D.seed),
        )
    ]
    assert sizes[0] < sizes[1] < sizes[2] <= 17 + 4 * 13


# --- the public page ------------------------------------------------------------------


def test_the_public_page_says_nothing_sealed() -> None:
    whole = text(FORMS["public"](False))
    sealed = [
        D.reveal,
        D.seed,
        *(w.name for w in given.WITNESSES),
        *(w.digits for w in given.WITNESSES),
        *(p.name for p in given.PEOPLE),
        *(p.certificate for p in given.PEOPLE),
        *(t.name for t in (*given.SELECTED, *given.ALTERNATES)),
        *(t.identifier for t in (*given.SELECTED, *given.ALTERNATES)),
        *(t.ticket[:8] for t in (*given.SELECTED, *given.ALTERNATES)),
        given.MINUTES.host.name,
        given.MINUTES.operator.name,
    ]
    assert not [word for word in sealed if word in whole]
    for digest in (D.plan, D.commitment, D.result):
        assert digest in whole
    assert "A类9" in whole and "合计22" in whole


def stratum(pool: int, drawn: int, label: str = "甲类") -> PublicStratum:
    return PublicStratum(
        label=label,
        registered=pool,
        covered=0,
        excluded=0,
        pool=pool,
        drawn=drawn,
        alternates=pool - drawn,
    )


def test_a_small_category_is_not_printed_alone() -> None:
    strata = (stratum(20, 5, "A类"), stratum(30, 4, "B类"), stratum(2, 1, "C类"))
    shown = publishable(strata)
    assert [s.label for s in shown] == ["B类", "其他各类"]
    assert (shown[1].pool, shown[1].drawn) == (22, 6)
    whole = text(minutes_public.build(replace(given.PUBLIC, strata=strata), FONTS))
    assert "C类" not in whole
    assert "合并列出" in whole


def test_where_even_the_total_would_tell_only_the_directory_is_counted() -> None:
    facts = replace(given.PUBLIC, strata=(stratum(4, 4),))
    whole = text(minutes_public.build(facts, FONTS))
    assert "合计4检查后公布" in whole


_STRATA = st.lists(
    st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    min_size=1,
    max_size=5,
)


@settings(max_examples=100, deadline=None)
@hypothesis_given(pairs=_STRATA)
def test_no_printed_row_tells_who_was_drawn(pairs: list[tuple[int, int]]) -> None:
    strata = tuple(stratum(n, k, f"{at}类") for at, (n, k) in enumerate(pairs))
    shown = publishable(strata)
    assert not any(reveals(row) for row in shown)
    if shown:
        assert sum(row.drawn for row in shown) == sum(s.drawn for s in strata)
        assert sum(row.pool for row in shown) == sum(s.pool for s in strata)


def test_the_public_page_stays_one_page_with_many_categories_and_witnesses() -> None:
    facts = replace(
        given.PUBLIC,
        strata=tuple(stratum(20 + at, 5, f"第{at}类企业") for at in range(6)),
        witness_bodies=tuple(f"某某县人民代表大会第{at}代表小组" for at in range(9)),
    )
    assert len(pages(minutes_public.build(facts, FONTS))) == 1


# --- slips ----------------------------------------------------------------------------


def test_both_halves_of_the_slip_say_the_same() -> None:
    placed = chars(FORMS["slip"](False), 1)
    middle = 148.5 * MM
    upper = "".join(c.char for c in placed if c.baseline > middle + 9)
    lower = "".join(c.char for c in placed if c.baseline < middle - 9)
    for digest in (D.plan, D.commitment):
        for group in (digest[at : at + 8] for at in range(0, 64, 8)):
            assert group in upper and group in lower
    assert "带离联" in upper and "存档联" in lower
    assert "赵𬱖" in upper and "赵𬱖" in lower


def test_nine_witnesses_stay_inside_the_slip() -> None:
    nine = tuple(SlipWitness(f"某某县第{at}人大代表小组", f"见证{at}") for at in range(9))
    pdf = commitment_slip.build(replace(given.SLIP, witnesses=nine), FONTS)
    whole = text(pdf)
    assert "见证人九" in whole
    for c in chars(pdf, 1):
        assert c.ink[0] > 16.5 * MM and c.ink[2] < 193.6 * MM, c
        assert c.ink[1] > 5 * MM, c


def test_witness_slips_have_sixteen_boxes_each() -> None:
    whole = text(FORMS["witness"](False))
    assert whole.count("见证人纸条") == 4
    small = [c.char for c in chars(FORMS["witness"](False), 1) if abs(c.size - 7) < 0.01]
    assert "".join(small) == "12345678910111213141516" * 4


# --- letters, sheets, later public editions ---------------------------------------------


def test_a_letter_with_long_names_stays_on_one_page_and_a_longer_one_is_refused() -> None:
    there = printed(PaperKind.INVITATION, 地点="某某镇" * 30)
    long = replace(given.INVITATION, text=there, contact="综合科" * 20)
    assert len(pages(invitation.build(long, FONTS))) == 1
    with pytest.raises(UserError, match="一页放不下"):
        far = printed(PaperKind.INVITATION, 地点="某某镇" * 400)
        invitation.build(replace(given.INVITATION, text=far), FONTS)


def test_the_attendance_sheet_has_the_columns_people_fill_in() -> None:
    whole = text(FORMS["attendance"](False))
    assert "身份姓名单位职务签名时间" in whole
    crowd = tuple(Attendee("其他", f"代表{at}", "某甲厂") for at in range(30))
    facts = replace(given.ATTENDANCE, people=(*given.ATTENDANCE.people, *crowd))
    found = pages(attendance.build(facts, FONTS))
    assert len(found) > 1
    assert all("身份姓名单位职务签名时间" in page for page in found)


def test_while_inspections_go_on_nothing_that_recomputes_is_printed() -> None:
    targets = (*given.DISCLOSURE.targets, DisclosedTarget("某某戊化工有限公司"))
    facts = replace(given.DISCLOSURE, proof=None, targets=targets)
    whole = text(disclosure.build(facts, FONTS))
    assert "某某戊化工有限公司—复核后公布" in whole
    for secret in (D.reveal, D.seed, *(w.digits for w in given.WITNESSES), "plan.txt"):
        assert secret not in whole


def test_at_the_end_everything_needed_is_printed_and_no_person() -> None:
    whole = text(FORMS["disclosure"](False))
    for needed in (D.reveal, D.seed, D.plan, D.commitment, D.result, "result.txt3120"):
        assert needed in whole
    assert all(w.digits in whole and w.body in whole for w in given.WITNESSES)
    people = (*given.WITNESSES, *given.PEOPLE, given.MINUTES.host, given.MINUTES.operator)
    assert not [person.name for person in people if person.name in whole]
    codes_found = [c for at in range(1, 4) for c in codes(FORMS["disclosure"](False), at)]
    assert codes_found == [f"RD1|{given.NO}|{D.plan}|{D.commitment}|{D.result}"]


def test_the_public_form_of_a_void_draw_gives_its_place_in_the_chain_and_no_result() -> None:
    facts = given.VOID_PUBLIC
    whole = text(FORMS["void_public"](False))
    for needed in (facts.plan, facts.commitment, facts.reveal, facts.record, facts.previous):
        assert needed in whole
    assert facts.reason in whole and "没有结果" in whole and "未翻开" in whole
    people = (*given.WITNESSES, *given.PEOPLE, given.VOID.approved, given.VOID.operator)
    assert not [person.name for person in people if person.name in whole]
    lost = text(void_public.build(replace(facts, reveal=""), FONTS))
    assert "已丢失" in lost and "怎样核对" not in lost


@pytest.mark.parametrize("witnesses", [2, 3, 6])
def test_a_void_record_takes_two_pages_with_its_signatures_on_one(witnesses: int) -> None:
    slips = tuple(OpenedSlip(f"见证{at}", "纪检监察组", "31415926") for at in range(witnesses))
    facts = replace(given.VOID, witnesses=slips, result=D.result, previous=given.digest("before"))
    found = pages(void_form.build(facts, FONTS))
    assert len(found) == 2
    assert D.result in found[1] and "批准人" in found[1] and "（单位盖章）" in found[1]


# --- notice and the rest --------------------------------------------------------------


def test_a_notice_names_its_own_targets_only() -> None:
    whole = text(FORMS["notice"](False))
    for target in given.SELECTED:
        mine = target.duties[0].team == 1
        assert (target.name in whole) is mine, target.name
    for team in (given.FIXED.teams[1].lead, given.FIXED.teams[1].second):
        assert team.name not in whole


def test_a_void_record_says_what_was_opened_and_what_was_not() -> None:
    whole = text(FORMS["void"](False))
    assert "314159" in whole and "未翻开" in whole and "没有结果" in whole
    assert given.VOID.record in whole
    lost = void_form.build(replace(given.VOID, reveal="", result=D.result), FONTS)
    assert "已丢失" in text(lost)
    assert D.result in text(lost)


def test_a_transfer_slip_lists_every_file_and_the_whole_hash() -> None:
    whole = text(FORMS["transfer"](False))
    assert given.TRANSFER.tagmanifest in whole
    for file in given.TRANSFER.files:
        assert file.path in whole and file.digest[:8] in whole


def test_a_plan_prints_each_number_with_its_arithmetic() -> None:
    whole = text(PLANS["plan"]())
    for line in given.STRATA[0].arithmetic:
        assert line in whole


def test_the_lay_page_has_two_true_fingerprints_and_no_jargon() -> None:
    whole = text(FORMS["explanation"](False))
    for words in ("红星纸厂、河东砖厂", "红星纸厂、河西砖厂"):
        assert hashlib.sha256(words.encode()).hexdigest()[:32] in whole
    for jargon in ("哈希", "SHA", "散列", "种子", "加密"):
        assert jargon not in whole
