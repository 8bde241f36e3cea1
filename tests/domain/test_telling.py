"""What a public text tells: names however they are written, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.telling import (
    SOMEBODY,
    Secret,
    WatchList,
    identity_in,
    number_in,
    words_of,
)

_LIST = WatchList(
    (
        *words_of("张晓明", "执法人员"),
        *words_of("高峰", "执法人员"),
        *words_of("欧阳建国", "执法人员"),
        *words_of("阿不都·热合曼", "法定代表人"),
        *words_of("赣A-360121007", "执法证号"),
        *words_of("明", "法定代表人"),
        *words_of("不详", "法定代表人"),
        *words_of("0791-85661234", "联系电话"),
        Secret("某县绿源化工有限公司", "另一家检查对象", person=False),
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "由张晓明承办",
        "由张 晓 明承办",
        "由张　晓明承办",
        "由张·晓·明承办",
        "由张\n晓明承办",
        "由张\u200b晓\ufeff明承办",
        "由张.晓-明承办",
        "问张队长",
        "问欧阳副主任",
        "请张先生签收",
        "由阿不都热合曼负责",
        "证号赣a－３６０１２１００７",
        "证号 2026-03-01 赣A360121007",
        "电话０７９１－８５６６１２３４",
        "见某县绿源 化工有限公司一案",
        "由高峰承办",
        "经举报人李某某反映",
        "举报人：王小二",
    ],
)
def test_a_person_or_another_target_is_found_however_it_is_written(text: str) -> None:
    told = _LIST.find(text)
    assert told is not None and not told.firm


@pytest.mark.parametrize(
    "text",
    [
        "联系13712345678",
        "联系１３７１２３４５６７８",
        "联系137 1234 5678",
        "联系137-1234-5678",
        "联系+86 13712345678",
        "联系8613712345678",
        "联系137\u200b1234\u200b5678",
        "联系1 3 7 1 2 3 4 5 6 7 8",
        "联系一三七一二三四五六七八",
        "身份证11010519491231002X",
        "身份证110105 19491231 002x",
    ],
)
def test_a_number_is_found_however_it_is_written_and_nobody_may_allow_it(text: str) -> None:
    told = _LIST.find(text)
    assert told is not None and told.firm


@pytest.mark.parametrize(
    "text",
    [
        "",
        "原因不详",
        "明确要求限期改正",
        "用电高峰期间错峰生产",
        "早高峰不得出车",
        "罚款二万元",
        "水质监测站14.5 2026-03-01",
        "91360100MA37123458",
        "913601001583512345",
        "计划360121202603150001",
        "青环罚〔2026〕3号",
        "经举报人反映",
        "责令负责人限期改正",
        "提高中层干部认识",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert _LIST.find(text) is None


def test_a_whole_phrase_may_be_cleared_its_parts_may_not() -> None:
    farm = "张晓明养殖场"
    assert _LIST.find(f"对{farm}罚款", [farm]) is None
    assert _LIST.find(f"对{farm}罚款，由张晓明承办", [farm]) is not None
    assert _LIST.find("某县绿源化工有限公司二厂已改正", ["某县绿源化工有限公司二厂"]) is None


def test_several_names_in_one_cell_are_several_people() -> None:
    found = {each.word for each in words_of("张三、李四（厂长） 13712345678", "法定代表人")}
    assert {"张三", "李四", "13712345678"} <= found
    assert "厂长" not in found


@pytest.mark.parametrize("cell", ["无", "-", "", "不详", "某某环保有限公司", "县生态环境局", "12"])
def test_what_was_typed_instead_of_a_name_is_no_secret(cell: str) -> None:
    assert not list(words_of(cell, "法定代表人"))


def test_an_identity_number_as_a_code_is_told_from_codes() -> None:
    assert identity_in("11010519491231002X") == "是身份证号"
    assert identity_in("110105194912310021") == ""  # another check character: no identity number
    assert identity_in("360121202603150001") == ""
    assert identity_in("91360100MA37123458") == ""
    assert number_in("91360100MA37123458") == ""


def test_names_are_taken_out_whole() -> None:
    said = "张 晓·明（137 1234 5678）说，高峰期由欧阳建国和张队长重抽"
    told = _LIST.blank(said)
    assert told == f"{SOMEBODY}（（号码略））说，高峰期由{SOMEBODY}和{SOMEBODY}重抽"


@given(st.lists(st.sampled_from([" ", "\u3000", "·", "\u200b", "\n", "-", ".", "\t"]), min_size=2))
def test_any_marks_between_the_signs_do_not_hide_a_name(marks: list[str]) -> None:
    between = "".join(marks)
    assert _LIST.find(f"由{between.join('张晓明')}承办") is not None
    assert "晓" not in _LIST.blank(f"由{between.join('张晓明')}承办")


_PIECES = (
    "张晓明",
    "张 晓 明",
    "高峰",
    "高峰期",
    "张队长",
    "１３７１２３４５６７８",
    "和",
    "，",
    "说",
    "罚款",
)


@given(st.lists(st.sampled_from(_PIECES)))
def test_what_was_blanked_tells_nothing_more(pieces: list[str]) -> None:
    assert _LIST.find(_LIST.blank("，".join(pieces))) is None


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    told = _LIST.find(text)
    assert told is None or told.words
    assert _LIST.blank(text) is not None


@pytest.mark.parametrize(
    "text", ["青环罚〔2026〕13812345678号", "青环罚字第１３８１２３４５６７８号"]
)
def test_a_documents_number_that_looks_like_a_mobile_is_somebodys_to_look_at(text: str) -> None:
    told = WatchList(()).find(text)
    assert told is not None and not told.firm and "13812345678" in told.words
    assert number_in(text) == ""
    own = WatchList(words_of("13812345678", "执法人员电话")).find(text)
    assert own is not None and "执法人员电话" in own.words


@pytest.mark.parametrize(
    "text",
    ["13812345678号", "〔2026〕3号，电话13812345678", "〔2026〕13812345678", "（电话）13812345678"],
)
def test_outside_the_frame_of_a_document_number_it_is_a_mobile(text: str) -> None:
    told = WatchList(()).find(text)
    assert told is not None and told.firm
