"""The line breaker against a corpus of nasty lines, and against random ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.fonts import Role, shipped_fonts
from app.documents.page import BODY, CELL, OFFICIAL
from app.documents.typography import Setting, Span, TextLine, break_lines, one_line

NO_START = set("，。、；：！？）》〉」』】〕〗”’%‰℃·—…,.;:!?)]}-/")
NO_END = set("（《〈「『【〔〖“‘([{￥")
HASH = "e0631f47 64260df9 85a8c70c e36df074 a0f98085 8eb1d122 4271e2c7 d83a0c98"
CORPUS = (
    "（一）《南昌市生态环境局“双随机、一公开”工作细则（试行）》第十二条至第十五条（规则文本nanchang-2023，2023年4月17日起施行）。",
    "申报回避1起：执法员甲与某某甲化工有限公司（近亲属），已在封存前登记，抽取时自动避开。没有作废，没有异常。",
    "现在只公开“已抽取”、数量和P、C、F；每家检查后公开其名称和结果；本季度检查全部结束后公开R、S、名单和结果文件。",
    "“‘引号里的引号’，后面还有（括号（套括号）），以及《书名〈套书名〉》。”他说：“真的吗？！”——是的……",
    f"封存文件的摘要是{HASH}，承诺值是{HASH}。",
    "比例12.5%、8.3%和≥25%，温度25℃，号段〔2026〕1号，证号36910210037、排污许可证91331000MA100822X6001P。",
    "很长的网址https://example.invalid/some/very/long/path/without/any/break/at/all/2026/01/08/index.html结束。",
    "A（B）C（D）E，F。G；H：I？J！K、L……M——N“O”P《Q》R。" * 3,
    "𬍛㐱䶮𠮷𬱖" * 12 + "。",
    "一。" * 40,
    "（" * 6 + "套" + "）" * 6 + "，" * 3,
    "1" * 200,
    "。，；：" * 30,
    "“" * 3 + "字" * 60 + "”" * 3,
)


def lines_of(text: str, measure: float = OFFICIAL.width, setting: Setting = BODY) -> list[TextLine]:
    return list(break_lines(text, measure, setting, shipped_fonts()))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("cells", [28, 21, 13, 9])
def test_nothing_is_lost_or_added(text: str, cells: int) -> None:
    lines = lines_of(text, cells * CELL)
    assert squeezed("".join(line.text for line in lines)) == squeezed(text)


@pytest.mark.parametrize("text", CORPUS[:11])
@pytest.mark.parametrize("cells", [28, 21, 13])
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(text: str, cells: int) -> None:
    for line in lines_of(text, cells * CELL)[1:]:
        assert line.text[0] not in NO_START, line.text
    for line in lines_of(text, cells * CELL)[:-1]:
        assert line.text[-1] not in NO_END, line.text


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("cells", [28, 21, 13, 9])
def test_no_line_is_wider_than_the_measure(text: str, cells: int) -> None:
    measure = cells * CELL
    for at, line in enumerate(lines_of(text, measure)):
        room = measure - (BODY.indent if at == 0 else 0)
        blank = 8.0 if line.text[-1] in "，。、；：）》”’〉" else 0.0  # its empty half may hang
        assert line.width <= room + blank + 0.01, line.text


def test_full_lines_reach_the_edge() -> None:
    lines = lines_of(CORPUS[1])
    for at, line in enumerate(lines[:-1]):
        room = OFFICIAL.width - (BODY.indent if at == 0 else 0)
        assert line.width >= room - 8.2, line.text


def test_a_number_a_code_and_a_hash_group_stay_whole() -> None:
    for cells in range(14, 29):
        lines = [line.text for line in lines_of(CORPUS[5], cells * CELL)]
        for word in ("12.5%", "8.3%", "25%", "36910210037", "91331000MA100822X6001P"):
            assert any(word in line for line in lines), (cells, word)
        lines = [line.text for line in lines_of(CORPUS[4], cells * CELL)]
        for group in HASH.split():
            assert sum(line.count(group) for line in lines) == 2, (cells, group)


def test_dashes_and_dots_stay_in_pairs() -> None:
    for cells in range(6, 29):
        for line in lines_of(CORPUS[3], cells * CELL):
            assert line.text.count("—") % 2 == 0, line.text
            assert line.text.count("…") % 2 == 0, line.text


def test_neighbouring_marks_are_set_closer() -> None:
    plain = one_line("甲）乙。", BODY, shipped_fonts()).width
    pair = one_line("甲乙）。", BODY, shipped_fonts()).width
    assert plain - pair == pytest.approx(8.0, abs=0.01)
    assert one_line("（（", BODY, shipped_fonts()).width == pytest.approx(
        one_line("））", BODY, shipped_fonts()).width
    )


def test_the_last_line_is_not_one_lonely_character() -> None:
    text = "字" * 26 + "抽查" * 14 + "社。"
    assert len(lines_of(text)[-1].text) > 2


def test_digits_in_columns_have_one_width() -> None:
    setting = Setting(size=10.5, tabular=True)
    widths = {round(one_line(f"{d}{d}{d}", setting, shipped_fonts()).width, 4) for d in range(10)}
    assert len(widths) == 1


def test_roles_may_change_inside_a_line() -> None:
    line = one_line((Span("账本"), Span("ab12", Role.MONO, 7)), BODY, shipped_fonts())
    assert {piece.size for piece in line.pieces} == {16.0, 7}
    assert line.text == "账本ab12"


def test_a_whole_span_is_not_broken() -> None:
    names = tuple(Span(f"{name}、", whole=True) for name in ("殷素梅", "阿不力孜·库尔班", "陶志刚"))
    lines = break_lines(names, 8 * 16, Setting(size=16), shipped_fonts())
    assert [line.text for line in lines] == ["殷素梅、", "阿不力孜·库尔班、", "陶志刚、"]


def test_empty_text_is_one_empty_line() -> None:
    assert [line.text for line in lines_of("")] == [""]


_ALPHABET = st.text(alphabet="字法检A1b9.%/-（）《》“”，。、：—… 　𠮷", min_size=1, max_size=120)


@settings(max_examples=120, deadline=None)
@given(text=_ALPHABET, cells=st.integers(4, 28))
def test_any_text_is_kept_and_fits(text: str, cells: int) -> None:
    measure = cells * CELL
    lines = lines_of(text, measure, Setting(size=16))
    assert squeezed("".join(line.text for line in lines)) == squeezed(text)
    for line in lines:
        assert line.width <= measure + 8.01 or len(line.text.strip()) == 1 or line.text[-1] in " 　"
