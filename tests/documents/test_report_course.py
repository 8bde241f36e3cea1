"""The course on paper at its widest: eight quarters, more inspectors than one drawing holds."""

from __future__ import annotations

from itertools import count

import pypdfium2
import pytest

from app.documents.fonts import machine_fonts
from app.documents.page import OFFICIAL, Imprint, lay_out, render
from app.documents.report_course import CourseFacts, CoursePanel, sections
from tests.documents.reading import text

_QUARTERS = tuple((year, f"{name}季") for year in (2025, 2026) for name in "一二三四")


def _panel(label: str, *, drawn: bool = True) -> CoursePanel:
    points = tuple((at * 40, 325) for at in range(8))
    return CoursePanel(label=label, formula="已检查 ÷ 在册对象", points=points, drawn=drawn)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    facts = CourseFacts(
        quarters=_QUARTERS,
        panels=(
            _panel("周期覆盖率"),
            _panel("其中：生态环境保护重点排污单位", drawn=False),
            _panel("任务完成率"),
            _panel("公示率"),
            _panel("整改完成率"),
        ),
        loads=tuple((f"欧阳某某{number}", (number,) * 8) for number in range(40)),
        note="周期覆盖率按现在在册的对象计。",
    )
    fonts = machine_fonts()
    layout = lay_out(OFFICIAL, tuple(sections(facts, iter("三四"), count(6), fonts)))
    imprint = Imprint(title="报表", author="某大队", small=("某大队", "报表"))
    return render(OFFICIAL, layout, imprint, fonts)


def test_every_number_is_printed(pdf: bytes) -> None:
    said = text(pdf).replace("\n", "")
    for words in ("三、各季度走势", "表6", "四、每人任务量", "表7", "86.2%280/325", "25年一季"):
        assert words in said
    # Each of the forty stands in the drawing and in the table.
    assert all(said.count(f"欧阳某某{number}") >= 2 for number in range(40))


def test_a_count_stands_on_one_line(pdf: bytes) -> None:
    lines = {line.strip() for line in text(pdf).splitlines()}
    assert any("280/325" in line for line in lines)
    assert any("120/325" in line for line in lines)


def test_nothing_leaves_the_page(pdf: bytes) -> None:
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            found = page.get_textpage()
            for at in range(found.count_chars()):
                left, bottom, right, top = found.get_charbox(at)
                assert left >= 20 and right <= 575 and bottom >= 30 and top <= 800
