"""The manual calls things by the names they bear in the window."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[1]
# Quoted, and not ours (it stands in somebody's file), or made of parts when it is shown.
_EXAMPLES = frozenset(
    {
        "吊销，未注销",
        "无对口专业人员，因名录中‘水’专业的 3 人：2 人请假，1 人须回避",
        "件号从…起",
        "请勿删除",
        "全部 N 个…",
        "未审批",
        "未通知",
    }
)


def _words_of_the_program() -> Iterator[str]:
    for path in (_ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for path in (_ROOT / "resources").rglob("*.toml"):
        yield path.read_text("utf-8")


def test_what_the_manual_quotes_is_what_the_window_says() -> None:
    said = "\n".join(_words_of_the_program())
    manual = (_ROOT / "resources" / "manual.md").read_text("utf-8")
    quoted = set(re.findall("“([^”]+)”", manual)) - _EXAMPLES
    parts = {part.strip() for words in quoted for part in re.split("[›→]", words)}
    assert len(parts) > 100
    assert sorted(part for part in parts if part not in said) == []
