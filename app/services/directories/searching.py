"""The text a list is searched in: names, codes, pinyin and initials, folded."""

from __future__ import annotations

from functools import cache, lru_cache

from app.db.read.query import fold

# Characters with several sounds in surnames, places and trades, the commonest first. pypinyin's
# phrase dictionary would be slow (0.3 ms a name) and knows few surnames.
_SOUNDS = {
    "重": ("chong", "zhong"), "长": ("chang", "zhang"), "厦": ("xia", "sha"),
    "曾": ("zeng", "ceng"), "单": ("dan", "shan"), "解": ("jie", "xie"), "行": ("hang", "xing"),
    "乐": ("le", "yue"), "朝": ("chao", "zhao"), "仇": ("qiu", "chou"), "查": ("cha", "zha"),
    "区": ("qu", "ou"), "种": ("zhong", "chong"), "尉": ("wei", "yu"), "六": ("liu", "lu"),
    "蔚": ("wei", "yu"), "浒": ("hu", "xu"), "番": ("fan", "pan"), "莘": ("shen", "xin"),
    "会": ("hui", "kuai"), "车": ("che", "ju"), "藏": ("zang", "cang"), "调": ("diao", "tiao"),
    "铅": ("qian", "yan"), "校": ("xiao", "jiao"), "弹": ("dan", "tan"), "句": ("ju", "gou"),
    "枞": ("zong", "cong"), "翟": ("zhai", "di"), "褚": ("chu", "zhu"), "缪": ("miao", "mou"),
    "沈": ("shen", "chen"), "盖": ("gai", "ge"), "任": ("ren",), "宁": ("ning",),
    "台": ("tai",), "泊": ("bo", "po"), "堡": ("bao", "pu", "bu"), "什": ("shi", "shen"),
    "盛": ("sheng", "cheng"), "纪": ("ji",), "燕": ("yan",), "华": ("hua",), "鲜": ("xian",),
    "朴": ("piao", "pu"), "召": ("zhao", "shao"), "薄": ("bo", "bao"), "冯": ("feng",),
    "处": ("chu",), "便": ("bian",), "畜": ("xu", "chu"), "干": ("gan",), "厂": ("chang",),
    "降": ("jiang", "xiang"), "圈": ("quan", "juan"), "省": ("sheng",), "石": ("shi",),
    "阿": ("a", "e"), "蚌": ("beng", "bang"), "洞": ("dong",), "都": ("du", "dou"),
}  # fmt: skip
_MOST_READINGS = 6


def search_text(*parts: str) -> str:
    """One string that holds each part, and of Chinese ones also pinyin and initials.

    “青禾县某某厂” is found by 青禾, ``qinghexian`` and ``qhxmmc``; full-width and capital
    letters are folded, so the words of a query must be folded the same way.
    """
    words: dict[str, None] = {}
    for part in parts:
        text = fold(part).strip()
        if not text:
            continue
        words[text] = None
        for each in _spoken(text):
            words[each] = None
    return " ".join(words)


def name_key(name: str) -> str:
    """What a list sorts names by: pinyin first, as in a Chinese directory."""
    folded = fold(name).strip()
    return " ".join(_sounds(character)[0] for character in folded) + " " + folded


@lru_cache(maxsize=4096)  # townships and the like repeat
def _spoken(text: str) -> tuple[str, ...]:
    if text.isascii():
        return ()
    found: dict[str, None] = {}
    for reading in _readings([_sounds(character) for character in text if not character.isspace()]):
        found["".join(reading)] = None
        found["".join(sound[0] for sound in reading)] = None
    return tuple(found)


def _readings(sounds: list[tuple[str, ...]]) -> list[list[str]]:
    """The usual reading, then those that differ in one character."""
    usual = [each[0] for each in sounds]
    readings = [usual]
    for place, each in enumerate(sounds):
        for other in each[1:]:
            readings.append([*usual[:place], other, *usual[place + 1 :]])
    return readings[:_MOST_READINGS]


@cache
def _sounds(character: str) -> tuple[str, ...]:
    """Readings without tones, the usual one first; a character without one stays itself."""
    if character.isascii():
        return (character,)
    if character in _SOUNDS:
        return _SOUNDS[character]
    from pypinyin import Style, lazy_pinyin

    return (lazy_pinyin(character, style=Style.NORMAL)[0] or character,)
