"""What a text for the public tells of a person or of a target that is not its own: 公开前查对.

A name hides by accident as well as by will: blanks and line breaks inside it (张 三), dots (张·三),
full-width letters, an invisible character copied along, the surname with a post (张队长).  Text and
names are therefore brought to one form before they are compared: compatibility characters
replaced, invisible ones, white space and joining marks left out, lower case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.domain import codes

__all__ = ["SOMEBODY", "Secret", "Told", "WatchList", "identity_in", "number_in", "words_of"]

SOMEBODY = "某某"
"""What stands for a person in a text whose names were taken out."""

_NUMBER_LEFT_OUT = "（号码略）"


@dataclass(frozen=True, slots=True)
class Secret:
    """A word no public text may hold and whose it is; ``person``: a human being's name."""

    word: str
    whose: str
    person: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells, as the end of a sentence; ``firm``: nobody may find that harmless."""

    words: str
    firm: bool = False


# --- numbers ----------------------------------------------------------------------------------

_SEP = r"[\s\-‐‑–—.·•_/()]{0,2}"
_MOBILE = re.compile(
    rf"(?<![0-9])(?:\+?(?:00)?86{_SEP})?1[3-9][0-9]{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}(?![0-9])"
    r"|(?<![0-9])1\s[3-9](?:\s[0-9]){9}(?![0-9])"
)
# Somebody grown up: a platform's number of region, day and count looks alike but is of this year.
_IDENTITY = re.compile(
    rf"(?<![0-9])[1-8][0-9]{{5}}{_SEP}(?:19[0-9]{{2}}|200[0-9]|201[0-2])"
    rf"(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01]){_SEP}[0-9]{{3}}[0-9Xx](?![0-9A-Za-z])"
)
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{7,17}[0-9Xx](?![0-9A-Za-z])")
# 青环罚字第13812345678号: a document's number, whatever its digits look like.
_DOCUMENT_NO = re.compile(r"(?:[〕\])】]|字?第)\s?(1[3-9][0-9]{9})\s?号")
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{18}(?![0-9A-Za-z])")
_BETWEEN = re.compile(r"(?<=[0-9a-z])[\s\-‐‑–—.·()]{1,2}(?=[0-9a-z])")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九幺", "0001234567891")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _visible(text: str) -> str:
    """``text`` in compatibility form, without characters nobody sees."""
    shown = unicodedata.normalize("NFKC", text)
    return "".join(each for each in shown if unicodedata.category(each) != "Cf")


def number_in(text: str) -> str:
    """A telephone's or an identity card's number in a text, in words; nobody may allow it.

    In the frame of a document's number (〔2026〕13812345678号) it is one somebody may look at.
    """
    shown = _DOCUMENT_NO.sub("|", _CODE.sub(_without_uscc, _visible(text)))
    for each in (shown, shown.translate(_CHINESE_DIGITS)):
        if _MOBILE.search(each):
            return "含有手机号码"
        if _IDENTITY.search(each):
            return "含有身份证号"
    return ""


def _without_uscc(found: re.Match[str]) -> str:
    return "|" if codes.check_uscc(found[0]) is None else found[0]


def identity_in(code: str) -> str:
    """In words if a code is somebody's identity number: its check character says so."""
    plain = "".join(_visible(code).split()).upper()
    if not _IDENTITY.fullmatch(plain) or len(plain) != 18:
        return ""
    total = sum(int(digit) * weight for digit, weight in zip(plain, _WEIGHTS, strict=False))
    return "是身份证号" if "10X98765432"[total % 11] == plain[17] else ""


# --- names ------------------------------------------------------------------------------------

_JOINING = frozenset("·•・‧∙⋅.．・_-‐‑–—~*'\"`^|/\\+")
# Longer words a name may stand in, which are nobody's.
_COMMON = ("高峰期", "高峰时", "高峰值", "高峰日", "早高峰", "晚高峰", "用电高峰", "用水高峰")
# Typed where a name was asked for and nobody's name either.
_NOBODY = frozenset(
    (
        *("不详", "待定", "暂无", "没有", "未知", "其他", "其它", "同上", "法人", "负责人", "个人"),
        *("本人", "管理员", "操作员", "系统", "综合科", "值班员", "经办人", "群众", "群众代表"),
        *("企业代表", "公证员", "见证人", "监督人", "法制科", "宣法科", "执法科", "办公室", "代表"),
        *("电话", "手机", "联系人", "联系电话", "企业负责人", "法定代表人", "环保负责人", "业主"),
        *("实际控制人", "经营者"),
    )
)
_BODIES = (
    *("公司", "中心", "大队", "中队", "支队", "政府", "委员会", "集团", "合作社"),
    *("企业", "单位", "社区", "街道"),
)
_SHORT_BODIES = tuple("厂局站科室部场店院处所")  # a name may end in 科: four signs at least
_COMPOUND = frozenset(
    (
        *("欧阳", "司马", "上官", "诸葛", "夏侯", "尉迟", "皇甫", "东方", "公孙", "慕容", "令狐"),
        *("长孙", "宇文", "司徒", "端木", "南宫"),
    )
)
# Surnames that are verbs or prepositions before a post: 任组长, 向局长.
_NOT_SURNAMES = frozenset("任向应于和对从时由经")
_POST = re.compile(
    "副?(?:大队长|中队长|支队长|队长|科长|股长|局长|所长|站长|主任|组长|厂长|场长|总经理|经理|"
    "董事长|老板|先生|女士|同志|师傅|书记|主管|法人代表)"
)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_LONGEST_NAME = 15
_SHORTEST_NUMBER = 5
_INFORMER = re.compile(
    "(?:投诉|举报|信访|来访|反映)人(?:姓名)?(?:[:(,为是系]{1,2})?"
    "[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭"
    "鲁韦马苗方俞袁柳鲍史唐费廉岑薛雷贺倪汤罗毕郝邬安常傅卞齐伍余顾孟黄穆萧尹姚邵汪祁毛狄"
    "臧戴谈宋庞熊纪舒屈项祝董梁杜阮蓝席季麻贾江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯"
    "卢莫房解丁邓洪包左石崔龚程邢裴陆翁荀甄封储靳段焦侯宁甘武刘景龙叶黎白赖卓乔闻党翟谭申"
    "冉桑桂牛燕尚温庄晏阎艾容易廖耿匡寇欧师关游权盖聂曾覃][\u4e00-\u9fff]"
)


def words_of(text: str, whose: str) -> Iterable[Secret]:
    """The secrets in what was typed as somebody's name, telephone or certificate.

    Several may stand in one cell (“张三、李四”), with a post or number behind (“张三 厂长”).
    """
    shown = unicodedata.normalize("NFKC", text)
    whole = re.sub(r"[\s()\-‐‑–—]", "", shown)  # (0791) 8666-1234 is one number
    for part in re.split(r"[、,;/()\[\]:\n|]+", shown):
        runs = {_squeezed(part), *(_squeezed(each) for each in part.split())}
        runs |= {_squeezed(each) for each in _HAN.findall(part)}
        runs |= set(re.findall(rf"[0-9]{{{_SHORTEST_NUMBER},}}", _squeezed(part)))
        runs |= set(re.findall(rf"[0-9]{{{_SHORTEST_NUMBER},}}", whole))
        for run in runs:
            if _tells(run):
                yield Secret(run, whose, person=bool(_HAN.fullmatch(run)))


def _tells(word: str) -> bool:
    """Whether a word is a name or number at all: one sign, or “不详”, tells nothing."""
    if len(word) < 2 or word in _NOBODY or _POST.fullmatch(word):
        return False
    if not _HAN.search(word):
        return len(word) >= _SHORTEST_NUMBER and any(each.isdigit() for each in word)
    body = word.endswith(_BODIES) or (len(word) > 3 and word.endswith(_SHORT_BODIES))
    return len(word) <= _LONGEST_NAME and not body


@lru_cache(maxsize=20_000)
def _squeezed(text: str) -> str:
    return "".join(char for char, _at in _spread(text))


def _spread(text: str) -> list[tuple[str, int]]:
    """The signs that count, in the form they are compared in, and where each stood."""
    return [
        (sign, at)
        for at, each in enumerate(text)
        for sign in unicodedata.normalize("NFKC", each).casefold()
        if not sign.isspace()
        and sign not in _JOINING
        and unicodedata.category(sign) not in {"Cf", "Cc", "Mn"}
    ]


class WatchList:
    """Words to look for; made once, asked for every cell."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._starts: dict[str, list[tuple[str, Secret]]] = {}
        surnames = set()
        seen = set()
        for secret in secrets:
            word = _squeezed(secret.word)
            if len(word) < 2 or word in seen:
                continue
            seen.add(word)
            self._starts.setdefault(word[:2], []).append((word, secret))
            if secret.person and _HAN.fullmatch(word) and len(word) <= 4:
                surnames.add(word[:2] if word[:2] in _COMPOUND else word[0])
        for found in self._starts.values():
            found.sort(key=lambda each: -len(each[0]))
        self._surnames = frozenset(surnames - _NOT_SURNAMES)

    def find(self, text: str, cleared: Iterable[str] = ()) -> Told | None:
        """The first thing a text tells; None if it is harmless.

        ``cleared``: phrases that are public as a whole (the names of the table's own targets, an
        item's wording somebody found harmless), not their parts elsewhere.
        """
        number = number_in(text)
        if number:
            return Told(number, firm=True)
        phrases = _phrases(cleared)
        signs = _masked(_squeezed(text), phrases)
        for at in range(len(signs) - 1):
            secret = self._at(signs, at)
            if secret is not None:
                return Told(f"写有{secret.whose}“{secret.word}”")
            post = self._post(signs, at)
            if post:
                return Told(f"写有“{post}”，指得出是谁")
        # Squeezed, a certificate and the day before it are one long number.
        shown = _visible(text).casefold()
        for loose in (_masked(shown, phrases), _masked(_BETWEEN.sub("", shown), phrases)):
            for at in range(len(loose) - 1):
                secret = self._at(loose, at)
                if secret is not None:
                    return Told(f"写有{secret.whose}“{secret.word}”")
        informer = _INFORMER.search(signs)
        if informer:
            return Told(f"写有“{informer[0]}”，像是投诉举报人")
        paper = _DOCUMENT_NO.search(_visible(text))
        return Told(f"文号里的“{paper[1]}”像手机号码") if paper else None

    def blank(self, text: str) -> str:
        """``text`` with every person, and every long number, taken out."""
        spread = _spread(text)
        signs = _masked("".join(sign for sign, _at in spread), _phrases(()))
        kept: list[str] = []
        done = at = 0
        while at < len(signs):
            secret = self._at(signs, at)
            length = len(_squeezed(secret.word)) if secret else len(self._post(signs, at))
            if not length:
                at += 1
                continue
            kept += [text[done : spread[at][1]], SOMEBODY]
            at += length
            done = spread[at - 1][1] + 1
        left = "".join(kept) + text[done:]
        for pattern in (_MOBILE, _IDENTITY, _LONG_NUMBER):
            left = pattern.sub(_NUMBER_LEFT_OUT, left)
        if number_in(left):  # full-width, or spelt out
            left = _visible(left).translate(_CHINESE_DIGITS)
            for pattern in (_MOBILE, _IDENTITY):
                left = pattern.sub(_NUMBER_LEFT_OUT, left)
        return left

    def _at(self, signs: str, at: int) -> Secret | None:
        for word, secret in self._starts.get(signs[at : at + 2], ()):
            if signs.startswith(word, at) and _stands_alone(signs, at, word):
                return secret
        return None

    def _post(self, signs: str, at: int) -> str:
        for length in (2, 1):
            if signs[at : at + length] in self._surnames:
                found = _POST.match(signs, at + length)
                if found:
                    return signs[at : found.end()]
        return ""


def _stands_alone(signs: str, at: int, word: str) -> bool:
    """A number inside a longer number is another number."""
    end = at + len(word)
    before, after = signs[at - 1 : at], signs[end : end + 1]
    inside = (_latin(word[0]) and _latin(before)) or (_latin(word[-1]) and _latin(after))
    return not inside


def _latin(sign: str) -> bool:
    return bool(sign) and sign.isascii() and sign.isalnum()


def _phrases(cleared: Iterable[str]) -> Sequence[str]:
    known = {_squeezed(each) for each in (*_COMMON, *cleared)} - {""}
    return sorted(known, key=len, reverse=True)


def _masked(signs: str, phrases: Iterable[str]) -> str:
    for phrase in phrases:
        signs = signs.replace(phrase, "\0" * len(phrase))
    return signs
