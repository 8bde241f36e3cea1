from __future__ import annotations

import pytest

from app.db.read.query import fold
from app.services.directories.searching import name_key, search_text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("水泥", "青禾县某庚水泥制品厂"),
        ("qhxmgsnzpc", "青禾县某庚水泥制品厂"),
        ("snzpc", "青禾县某庚水泥制品厂"),
        ("shuini", "青禾县某庚水泥制品厂"),
        ("ａＢ12", "AB12"),
        ("(二分厂)", "某厂（二分厂）"),
        ("cq", "重庆某厂"),
        ("zhongqing", "重庆某厂"),
        ("shanmou", "单某"),
    ],
)
def test_found_by_word_code_and_sound(typed: str, stored: str) -> None:
    assert fold(typed) in search_text(stored)


def test_rare_character_is_kept_and_found() -> None:
    assert "𬍛" in search_text("𬍛某厂")


def test_invisible_characters_do_not_hide_a_name() -> None:
    assert fold("青\u200b禾") in search_text("青禾县")


def test_names_sort_by_sound() -> None:
    names = ["张某厂", "安某厂", "李某厂"]
    assert sorted(names, key=name_key) == ["安某厂", "李某厂", "张某厂"]
