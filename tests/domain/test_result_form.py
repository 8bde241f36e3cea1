"""Merging a filled-in form: three versions of each field, and what a person decides."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.formalities import Formalities
from app.domain.inspection import Conclusion, ItemOutcome, Way
from app.domain.result_entry import ItemEntry, ResultEntry
from app.domain.result_form import Values, compare, entry_of, outcome, values_of

ITEMS = (ItemEntry(item_id=7, name="按证排污"), ItemEntry(item_id=9, name="危险废物"))
_NAMES = ("finding", "measure", "document_no", "outcome:1", "note:2")
_FIELDS = st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(["甲", "乙", "丙"]))


def _labels(base: Values | None, ours: Values, theirs: Values) -> list[tuple[str, bool]]:
    return [(each.label, each.conflict) for each in compare(base, ours, theirs, ITEMS)]


def test_what_the_squad_left_alone_says_nothing() -> None:
    assert _labels({"finding": "甲"}, {"finding": "乙"}, {"finding": "甲"}) == []


def test_what_only_they_changed_is_theirs_and_what_both_changed_is_asked() -> None:
    base = {"finding": "甲", "measure": "甲"}
    ours = {"finding": "甲", "measure": "乙"}
    theirs = {"finding": "丙", "measure": "丙"}
    assert _labels(base, ours, theirs) == [("发现的问题", False), ("处理措施", True)]
    differences = compare(base, ours, theirs, ITEMS)
    assert outcome(ours, differences, keep_ours=True) == {"finding": "丙", "measure": "乙"}
    assert outcome(ours, differences, keep_ours=False) == {"finding": "丙", "measure": "丙"}


def test_a_field_they_emptied_is_emptied_and_said_so() -> None:
    (gone,) = compare({"finding": "甲"}, {"finding": "甲"}, {}, ITEMS)
    assert (gone.ours_words, gone.theirs_words, gone.conflict) == ("甲", "（空）", False)
    assert outcome({"finding": "甲"}, [gone], keep_ours=True) == {}


def test_without_what_was_given_out_an_empty_field_takes_nothing_away() -> None:
    assert _labels(None, {"finding": "甲"}, {}) == []
    assert _labels(None, {"finding": "甲"}, {"finding": "乙"}) == [("发现的问题", True)]
    assert _labels(None, {}, {"finding": "乙"}) == [("发现的问题", False)]


def test_an_item_is_named_by_itself() -> None:
    (ticked,) = compare({}, {}, {"outcome:2": "problem"}, ITEMS)
    assert (ticked.label, ticked.theirs_words) == ("危险废物", "不符合")


@given(base=_FIELDS, ours=_FIELDS, theirs=_FIELDS)
def test_merging_keeps_or_takes_every_field_and_is_done_once(
    base: Values, ours: Values, theirs: Values
) -> None:
    differences = compare(base, ours, theirs, ITEMS)
    for keep_ours in (True, False):
        merged = outcome(ours, differences, keep_ours=keep_ours)
        for name in _NAMES:
            assert merged.get(name) in (ours.get(name), theirs.get(name))
            if theirs.get(name) == base.get(name):
                assert merged.get(name) == ours.get(name)
            elif ours.get(name) == base.get(name) or not keep_ours:
                assert merged.get(name) == theirs.get(name)
    taken = outcome(ours, differences, keep_ours=False)
    assert not compare(base, taken, theirs, ITEMS)


def test_an_entry_goes_there_and_back_and_the_approval_is_no_part_of_it() -> None:
    entry = ResultEntry(
        inspected_on=date(2026, 9, 10),
        arrived="09:40",
        way=Way.OFF_SITE,
        methods=("现场检查", "调阅资料"),
        items=(
            ItemEntry(item_id=7, name="按证排污", outcome=ItemOutcome.OK),
            ItemEntry(item_id=9, name="危险废物", outcome=ItemOutcome.PROBLEM, note="标识不全"),
        ),
        conclusion=Conclusion.ORDERED,
        finding="标识不全",
        measure="责令整改",
        rectify_by=date(2026, 10, 10),
        assistants=2,
        inspector_ids=(1, 2),
        entered_by="钱二",
        formalities=Formalities(approved_by="李四", scanned_at="09:38", certificates_shown=True),
    )
    values = values_of(entry, ("赵一", "钱二"))
    assert entry_of(values, entry, (1, 2)) == entry
    assert not {"approved_by", "applied_by", "uncounted", "basis"} & set(values)
    emptied = entry_of({}, entry, ())
    assert emptied.conclusion is None and emptied.items[1].outcome is None
    assert emptied.formalities.approved_by == "李四"  # the section's, whatever a file says
