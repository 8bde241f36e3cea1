"""docs/rules.md holds every article and nothing that is not there; docs/rulebooks.md every key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.periods import Period
from app.domain.rulebook import parse
from app.domain.rulebook._toml import Table
from app.domain.simulate import county, play
from tests.domain.rulebooks import SHIPPED, rulebook_text

_DOCS = Path(__file__).parents[1] / "docs"
_PAGE = _DOCS / "rules.md"
_GUIDE = _DOCS / "rulebooks.md"
_DIGITS = "一二三四五六七八九十"


def _numbered(first: int, last: int) -> list[str]:
    """第一条 … 第二十三条."""
    words = []
    for number in range(first, last + 1):
        tens, ones = divmod(number, 10)
        ten = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens - 1]}十")
        words.append(f"第{ten}{_DIGITS[ones - 1] if ones else ''}条")
    return words


def _parts(chapter: str, count: int) -> list[str]:
    """四（一） … of a chapter."""
    return [f"{chapter}（{_DIGITS[number]}）" for number in range(count)]


ARTICLES = {
    "nanchang-2023": _numbered(1, 23),
    "neimenggu": [
        *_numbered(1, 8),
        "第八条（一）",
        "第八条（二）",
        *_numbered(9, 16),
    ],
    "yiyang-2021": [
        *_parts("一", 4),
        *_parts("二", 2),
        *_parts("三", 3),
        "四（一）",
        *(f"四（二）{number}" for number in (1, 2, 3)),
        "四（三）",
        "四（四）",
        *_parts("五", 3),
        "六（一）",
        "六（二）1",
        "六（二）2",
        *_parts("七", 4),
    ],
    "taijiang-2022": [
        "一",
        "二",
        *(f"三.{number}" for number in (1, 2, 3, 4)),
        *(f"四.{number}" for number in (1, 2)),
        "五",
        *(f"六.{number}" for number in (1, 2, 3)),
    ],
    "qingdao-xihaian-2020": [
        "一",
        *_parts("二", 3),
        *_parts("三", 2),
        "四",
        "五",
        "六",
        *_parts("七", 3),
    ],
}
_SILENT = re.compile(r"(细则|方案|条文)未规定|抽取规程|单位自定|国办发.*")
_KEY = re.compile(r"[A-Za-z_]+(\.[A-Za-z0-9_]+)*")


def _tables(page: str) -> dict[str, list[tuple[str, str, str]]]:
    """(article, where, tests) of each regulation's table."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for chunk in page.split("\n## ")[1:]:
        ident = re.search(r"rulebooks/([a-z0-9-]+)\.toml", chunk)
        assert ident is not None
        rows = [line.strip("|").split("|") for line in chunk.splitlines() if line.startswith("| ")]
        found[ident[1]] = [
            (cells[0].strip(), cells[2].strip(), cells[3].strip()) for cells in rows[1:]
        ]
    return found


def _keys(where: str) -> list[str]:
    """Keys of the rulebook among the code marks; a path has a slash."""
    marks = re.findall(r"`([^`]+)`", where)
    return [mark for mark in marks if "/" not in mark and _KEY.fullmatch(mark)]


def _at(book: dict[str, Any], key: str) -> Any:
    """What a key names: by name in a table, by ``code`` in an array of tables."""
    node: Any = book
    for name in key.split("."):
        if isinstance(node, list):
            node = next(
                (each for each in node if name in (each.get("code"), each.get("directory"))), None
            )
        else:
            node = node.get(name) if isinstance(node, dict) else None
        if node is None:
            return None
    return node


def _cited(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("article"), str):
            yield node["article"]
        for value in node.values():
            yield from _cited(value)
    elif isinstance(node, list):
        for value in node:
            yield from _cited(value)


TABLES = _tables(_PAGE.read_text(encoding="utf-8"))
BOOKS = {name: tomllib.loads(rulebook_text(name)) for name in SHIPPED}


def test_every_regulation_has_its_table() -> None:
    assert sorted(TABLES) == sorted(ARTICLES) == sorted(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_article_is_missing_and_none_is_invented(name: str) -> None:
    assert [article for article, _, _ in TABLES[name]] == ARTICLES[name]


@pytest.mark.parametrize("name", SHIPPED)
def test_no_key_is_dead(name: str) -> None:
    dead = [
        (article, key)
        for article, where, _ in TABLES[name]
        for key in _keys(where)
        if _at(BOOKS[name], key) is None
    ]
    assert dead == []


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_program_can_hold_is_cited_and_shown(name: str) -> None:
    for article, where, tests in TABLES[name]:
        if where.startswith("outside:"):
            assert len(where) > len("outside: ")
            continue
        assert "::test_" in tests, article
        places = [_at(BOOKS[name], key) for key in _keys(where)]
        # document.* has no article of its own: the regulation's last words speak of itself.
        own = any(key.startswith("document.") for key in _keys(where))
        said = [each for place in places for each in _cited(place)]
        assert own or any(article in each for each in said), (article, said)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_article_a_rulebook_cites_is_one_the_regulation_has(name: str) -> None:
    known = set(ARTICLES[name])
    # A chapter stands for its parts: 三 for 三（一） and 三（二）, 第八条 for its items.
    chapters = {re.split(r"[（.]", article)[0] for article in known}
    strange = {
        part
        for cited in _cited(BOOKS[name])
        for part in re.split("[、]", cited)
        if part not in known | chapters and not _SILENT.fullmatch(part)
    }
    assert strange == set()


def test_no_line_of_code_names_a_region() -> None:
    names = re.compile(r"南昌|益阳|台江|内蒙古|青岛|西海岸|" + "|".join(SHIPPED))
    app = Path(__file__).parents[1] / "app"
    found = {
        (path.name, match)
        for path in app.rglob("*.py")
        for match in names.findall(path.read_text(encoding="utf-8"))
    }
    assert found == {("workspace.py", "taijiang-2022")}  # what the demonstration plays if not told


def test_the_checks_can_fail() -> None:
    page = "x\n## A (`resources/rulebooks/a.toml`)\n| article | rule | where | shown by |\n"
    page += "|---|---|---|---|\n| 第一条 | r | `gone.key`; `app/x.py` | — |\n"
    ((article, where, tests),) = _tables(page)["a"]
    assert (article, _keys(where), tests) == ("第一条", ["gone.key"], "—")
    assert _at({"gone": {}}, "gone.key") is None
    assert _at({"duties": [{"code": "x", "article": "一"}]}, "duties.x") == {
        "code": "x",
        "article": "一",
    }
    assert _numbered(9, 23)[::7] == ["第九条", "第十六条", "第二十三条"]
    assert _numbered(20, 20) == ["第二十条"]


def test_the_template_of_the_guide_is_a_rulebook() -> None:
    guide = _GUIDE.read_text(encoding="utf-8")
    (template,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    book = parse(template)
    game = play(book, county(book, [("KEY", 10), ("GENERAL", 50)]),
                [Period.parse("2027Q1")], headcount=4)  # fmt: skip
    assert [stratum.line.n for stratum in game.periods[0].strata] == [3, 5]


def test_the_guide_names_every_key_a_rulebook_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    for name in ("has", "_get"):
        usual = getattr(Table, name)

        def noted(table: Table, key: str, usual: Any = usual) -> Any:
            asked.add(key)
            return usual(table, key)

        monkeypatch.setattr(Table, name, noted)
    for name in (*SHIPPED, "sixth"):
        parse(rulebook_text(name))
    guide = _GUIDE.read_text(encoding="utf-8")
    said = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", guide))))
    levels = {level["code"] for book in BOOKS.values() for level in book["levels"]}
    assert asked - said - levels - {"value"} == set()
