"""The fictional county: made by its script, valid in every code, real in none."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from app.domain import inspector, item, target
from tests.data import make_sample

TARGETS = make_sample.targets()
INSPECTORS = make_sample.inspectors()
ITEMS = make_sample.items()

# The provinces of GB/T 2260, and 66, which the Corps in Xinjiang is given in practice.
PROVINCES = {
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
    *("65", "66", "71", "81", "82"),
}


@pytest.mark.parametrize("name", ["targets.csv", "inspectors.csv", "items.csv"])
def test_the_files_are_what_the_script_makes(tmp_path: Path, name: str) -> None:
    make_sample.write(tmp_path)
    assert (make_sample.FOLDER / name).read_bytes() == (tmp_path / name).read_bytes(), (
        "make them anew: python -m tests.data.make_sample"
    )


def test_the_forms_find_nothing_wrong() -> None:
    assert [each for each in TARGETS if target.validate(each)] == []
    assert [each for each in INSPECTORS if inspector.validate(each)] == []
    assert [each for each in ITEMS if item.validate(each)] == []


def test_the_counts_are_those_of_the_worked_plan() -> None:
    assert Counter(each.category for each in TARGETS) == {"KEY": 5, "SPECIAL": 22, "GENERAL": 298}
    assert not {each.state for each in TARGETS} & {"closed", "moved"}, "all 325 are in force"


def test_every_site_can_be_told_from_every_other() -> None:
    idents = make_sample.idents()
    assert None not in idents and len(set(idents)) == len(idents)
    assert len({each.name for each in TARGETS}) == len(TARGETS)
    assert len({each.personal_no for each in INSPECTORS}) == len(INSPECTORS)
    assert len({each.cert_no for each in INSPECTORS}) == len(INSPECTORS)


def test_every_uscc_is_valid_and_of_a_region_that_is_nobodys() -> None:
    codes = {each.uscc for each in TARGETS if each.uscc}
    assert len(codes) > 250
    assert [code for code in codes if not uscc.is_valid(code)] == []
    assert {code[2:8] for code in codes} == {make_sample.REGION}
    assert make_sample.REGION[:2] not in PROVINCES


def test_permits_begin_with_the_code_of_their_holder() -> None:
    held = [each for each in TARGETS if each.permit_no]
    assert len(held) > 100
    assert all(each.permit_no[:18] == each.uscc and each.permit_valid_to for each in held)
    shared = {
        code: count for code, count in Counter(each.uscc for each in held).items() if count > 1
    }
    assert sorted(shared.values()) == [5, 8], "the fuel company and the waterworks"


def test_some_sites_have_an_old_number_or_none() -> None:
    without = [each for each in TARGETS if not (each.uscc or each.reg_no or each.permit_no)]
    assert len(without) == 15 and all(each.local_no for each in without)
    assert {each.industry for each in without} == {"猪的饲养", "水力发电", "住宅房屋建筑"}
    old = [each.reg_no for each in TARGETS if each.reg_no]
    assert len(old) > 12 and all(len(each) == 15 and mod_11_10.is_valid(each) for each in old)
    assert sum(not each.uscc and each.reg_no != "" for each in TARGETS) == 12


def test_names_hold_the_characters_that_break_programs() -> None:
    firms = "".join(each.name for each in TARGETS)
    people = "".join(each.legal_rep for each in TARGETS)
    officers = "".join(each.name for each in INSPECTORS)
    assert [rare for rare in "𬍛㐱䶮" if rare not in firms or rare not in people + officers] == []
    assert "·" in people and "·" in officers
    assert all(each.name.startswith(make_sample.COUNTY) for each in TARGETS)


def test_nobody_can_be_called() -> None:
    numbers = [each.phone for each in (*TARGETS, *INSPECTORS)]
    assert all(re.fullmatch(r"0399-0\d{6}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_18_of_20_inspectors_can_be_drawn_until_2028() -> None:
    fit = [
        each
        for each in INSPECTORS
        if each.state == "on_duty"
        and each.cert_valid_to is not None
        and each.cert_valid_to >= date(2028, 6, 30)
    ]
    assert (len(fit), len(INSPECTORS)) == (18, 20)
    assert sum(each.may_lead for each in fit) == 8
    assert "contract" not in {each.employment for each in INSPECTORS}
    served = {each for person in fit for each in person.specialities}
    assert {each.need for each in (*TARGETS, *ITEMS)} <= served


def test_every_item_names_law_and_article() -> None:
    assert 10 <= len(ITEMS) <= 14
    one = r"《[^》]+》第[一二三四五六七八九十]+条(、第[一二三四五六七八九十]+条)*"
    assert [each.basis for each in ITEMS if not re.fullmatch(f"{one}(；{one})*", each.basis)] == []
