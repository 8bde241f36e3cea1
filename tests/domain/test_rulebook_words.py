from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from app.domain.rulebook_words import lines_as_text, sections
from tests.domain.rulebooks import SHIPPED, rulebook


def _articles(value: object) -> Iterator[tuple[str, str]]:
    """(article, note) of everything in the model that has one."""
    if dataclasses.is_dataclass(value):
        if hasattr(value, "article"):
            yield value.article, getattr(value, "note", "")
        for field in dataclasses.fields(value):
            yield from _articles(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _articles(each)


@pytest.mark.parametrize("name", [*SHIPPED, "sixth"])
def test_every_rule_is_said_with_its_article_and_remark(name: str) -> None:
    book = rulebook(name)
    lines = [line for section in sections(book) for line in section.lines]
    articles = "、".join(line.article for line in lines)
    notes = {line.note for line in lines}
    said = [(article in articles, not note or note in notes) for article, note in _articles(book)]
    missing = [each for each, there in zip(_articles(book), said, strict=True) if not all(there)]
    assert missing == []
    assert len(said) > 40
    assert all(line.words and line.label for line in lines)


def test_a_rulebook_reads_as_lines() -> None:
    text = "\n".join(lines_as_text(sections(rulebook("neimenggu"))))
    assert "重点排污单位 · 盟市生态环境局 · 数量：每季度5%（第八条（一））" in text
    assert "同一对象每年不超过 2 次，计 本级抽查、上级检查、部门联合，发现违法行为的不受限" in text
    assert "None" not in text
    assert "【期限和报送】" in text
    assert "以每年1月15日为准" in "\n".join(
        lines_as_text(sections(rulebook("qingdao-xihaian-2020")))
    )
