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
    commitment_slip,
    explanation,
    minutes,
    minutes_public,
    notice,
    plan_table,
    qr,
    transfer_slip,
    void_form,
    witness_slips,
)
from app.documents.commitment_slip import SlipWitness
from app.documents.fonts import shipped_fonts
from app.documents.minutes_public import PublicStratum, publishable, reveals
from tests.documents import facts as given
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
    "plan": lambda r: plan_table.build(replace(given.PLAN, rehearsal=r), FONTS),
    "explanation": lambda r: explanation.build(replace(given.EXPLANATION, rehearsal=r), FONTS),
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


@pytest.mark.parametrize("name", ["public", "slip", "witness", "explanation"])
def test_one_page_forms_have_one_page(name: str) -> None:
    assert len(pages(FORMS[name](False))) == 1


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
    whole = text(FORMS["plan"](False))
    for line in given.STRATA[0].arithmetic:
        assert line in whole


def test_the_lay_page_has_two_true_fingerprints_and_no_jargon() -> None:
    whole = text(FORMS["explanation"](False))
    for words in ("红星纸厂、河东砖厂", "红星纸厂、河西砖厂"):
        assert hashlib.sha256(words.encode()).hexdigest()[:32] in whole
    for jargon in ("哈希", "SHA", "散列", "种子", "加密"):
        assert jargon not in whole
