"""Any list on paper: columns find their width, codes stand below names, figures are summed."""

from __future__ import annotations

from datetime import date

from app.documents import list_paper
from app.documents.fonts import shipped_fonts
from app.documents.list_paper import ListedColumn, ListFacts
from tests.documents import paper_facts as given
from tests.documents.reading import chars, pages, text

_COLUMNS = (
    ListedColumn("检查对象"),
    ListedColumn("代码", below=True),
    ListedColumn("日期", short=True),
    *(ListedColumn(name, number=True) for name in ("本级", "上级", "联合", "专项", "合计")),
    ListedColumn("年度上限"),
)


def _facts(rows: int) -> ListFacts:
    return ListFacts(
        unit=given.UNIT,
        title="2026年检查频次台账",
        made_on=given.DAY,
        made_by="卫七",
        note="",
        columns=_COLUMNS,
        rows=tuple(
            (
                given.LONG_NAME if at == 3 else f"某某县第{at}机械厂",
                f"9136019900{at:08d}",
                date(2026, 3, 1).isoformat(),
                *("1", "", "", "", "12345"),
                "细则上限 2 次：还可 1 次",
            )
            for at in range(1, rows + 1)
        ),
        total=("合计", "", "", "7", "8", "9", "10", "54321", ""),
    )


def test_three_hundred_rows_with_heads_codes_below_names_and_sums() -> None:
    pdf = list_paper.build(_facts(300), shipped_fonts())
    whole = pages(pdf)
    assert all("检查对象、代码" in page and f"—{at}—" in page for at, page in enumerate(whole, 1))
    assert given.LONG_NAME in "".join(whole) and "913601990000000300" in whole[-1]
    assert "54321" in whole[-1] and "以下空白" in whole[-1] and "共300条（续）" in whole[1]
    assert whole[0].count("2026-03-01") > 5  # never broken
    right = 184 * 72 / 25.4 + 1
    for number in range(1, len(whole) + 1):
        assert all(c.ink[2] <= right for c in chars(pdf, number))


def test_more_columns_than_fit_and_none_at_all_are_printed() -> None:
    many = ListFacts(
        unit=given.UNIT, title="宽表", made_on=given.DAY, made_by="卫七", note="",
        columns=tuple(ListedColumn(f"第{at}列的表头") for at in range(24)),
        rows=(tuple(f"内容{at}" for at in range(24)),),
    )  # fmt: skip
    pdf = list_paper.build(many, shipped_fonts())
    right = 184 * 72 / 25.4 + 1
    assert all(c.ink[2] <= right for c in chars(pdf, 1))
    assert "没有记录" in text(list_paper.build(_facts(0), shipped_fonts()))
