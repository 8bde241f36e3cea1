"""The fragment for a bureau's site: escaped, nothing that runs."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from app.exchange.fragment import fragment
from app.exchange.writing import Column, Table


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.cells: list[str] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)
        self._in_cell = tag == "td"
        if self._in_cell:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data


def _page(table: Table, notes: tuple[str, ...] = ()) -> str:
    return fragment(table, notes).decode("utf-8-sig")


_PLAIN = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), max_size=30)


@given(_PLAIN, _PLAIN)
def test_whatever_a_cell_holds_comes_out_as_text(title: str, cell: str) -> None:
    reader = _Reader()
    reader.feed(_page(Table(title, (Column("名称"),), [(cell,)]), (cell,)))
    assert reader.cells == [cell]
    assert reader.tags == {"section", "h2", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert {name for name, _value in reader.attributes} == {"lang", "scope", "style"}
    assert all(cell not in (value or "") for _name, value in reader.attributes if len(cell) > 20)


def test_a_script_in_a_name_is_words() -> None:
    page = _page(Table("表", (Column("名称"),), [('<script>alert("1")</script>',)]))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_page_opened_as_it_is_is_readable_and_keeps_lines_and_rare_names() -> None:
    cell = "第一行\r\n第二行\u202e\x00 \ue863\U0002ebf0"
    page = fragment(Table("表", (Column("名称"),), [(cell,)]))
    assert page.startswith(b"\xef\xbb\xbf<section")
    assert ">第一行<br>第二行 \ue863\U0002ebf0</td>" in page.decode("utf-8-sig")
