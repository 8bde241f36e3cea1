"""What the documents point at is there: files, tests, links."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"],
    key=lambda path: path.name,
)
_TOP = ("app", "docs", "migrations", "resources", "tests", ".ci")
_CODE = re.compile(r"`([^`\n]+)`")
_TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
_LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
_PLACEHOLDER = re.compile(r"[<>*…]")


def _paths(document: Path) -> list[str]:
    """Paths of the repository that stand in code marks; placeholders are none."""
    found = []
    for code in _CODE.findall(document.read_text(encoding="utf-8")):
        path = code.split("::")[0]
        top = path.split("/")[0]
        if "/" in path and top in _TOP and " " not in path and not _PLACEHOLDER.search(path):
            found.append(path)
    return found


def _tests(document: Path) -> list[tuple[str, str]]:
    return _TEST.findall(document.read_text(encoding="utf-8"))


def _links(document: Path) -> list[str]:
    found = _LINK.findall(document.read_text(encoding="utf-8"))
    return [link or picture for link, picture in found]


def _headings(document: Path) -> set[str]:
    text = document.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_exists(document: Path) -> None:
    assert [path for path in _paths(document) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_referred_to_exists(document: Path) -> None:
    missing = []
    for path, name in _tests(document):
        file = ROOT / path
        tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.parse("")
        if name not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            missing.append(f"{path}::{name}")
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_relative_link_is_dead(document: Path) -> None:
    dead = []
    for link in _links(document):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path) if path else document
        if not target.exists() or (anchor and anchor not in _headings(target)):
            dead.append(link)
    assert dead == []


def test_the_attack_table_is_read_and_every_row_has_its_test() -> None:
    text = (ROOT / "docs" / "draw.md").read_text(encoding="utf-8")
    table = text.split("## Attacks", 1)[1].split("## What it cannot do", 1)[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 18
    assert [row for row in rows if not _TEST.search(row.rsplit("|", 2)[1])] == []


def test_the_checks_can_fail(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "see `tests/test_docs.py::test_none`, `app/nothing.py` and [there](gone.md)",
        encoding="utf-8",
    )
    assert _tests(page) == [("tests/test_docs.py", "test_none")]
    assert _paths(page) == ["tests/test_docs.py", "app/nothing.py"]
    assert _links(page) == ["gone.md"]
    with pytest.raises(AssertionError):
        test_every_path_exists(page)
    with pytest.raises(AssertionError):
        test_every_test_referred_to_exists(page)
    with pytest.raises(AssertionError):
        test_no_relative_link_is_dead(page)
