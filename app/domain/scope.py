"""定向抽查的范围: which targets a directed draw is limited to, said by tags.

Values of one facet are alternatives, different facets must all fit: 行业=水泥制造、砖瓦 and
乡镇街道=柳湾镇.  What the directory keeps as free tags (污染物, 许可类别, 信用等级 …) is found
with or without its facet's word before it: “信用等级：警示” and “警示”.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.errors import UserError

__all__ = ["FACETS", "ScopeTag", "TagsOfTarget", "fits", "in_words", "parse_tags", "read_tags"]

FACETS = (
    "行业",
    "行业代码",
    "乡镇街道",
    "类别",
    "专长",
    "建设项目",
    "污染物",
    "许可类别",
    "信用等级",
    "标签",
)
"""What can limit a draw, in the order it is offered; the last four are free tags."""
_FREE = frozenset(FACETS[6:])
_PARTIAL = frozenset({"行业"})
_PREFIX = frozenset({"行业代码"})


@dataclass(frozen=True, slots=True, order=True)
class ScopeTag:
    """One condition: a facet and the value wanted."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsOfTarget:
    """What a target says of itself, by facet; ``free`` are its tags."""

    ident: str
    values: tuple[tuple[str, str], ...]
    free: tuple[str, ...] = ()

    def has(self, tag: ScopeTag) -> bool:
        """Whether one condition is met."""
        if tag.facet in _FREE:
            named = {f"{tag.facet}{mark}{tag.value}" for mark in ("：", ":", "")}
            return any(each in named or each == tag.value for each in self.free)
        own = next((value for facet, value in self.values if facet == tag.facet), "")
        if tag.facet in _PARTIAL:
            return tag.value in own
        return own.startswith(tag.value) if tag.facet in _PREFIX else own == tag.value


def parse_tags(texts: Iterable[str]) -> tuple[ScopeTag, ...]:
    """Read ``行业=水泥制造`` and the like; several values stand between “、”.

    Errors: UserError for another shape or an unknown facet.
    """
    found: list[ScopeTag] = []
    for text in texts:
        facet, mark, values = text.replace("＝", "=").partition("=")
        facet = facet.strip()
        wanted = [value.strip() for value in values.split("、") if value.strip()]
        if not mark or not wanted:
            raise UserError(f"范围“{text}”写得不对。", "请写成 行业=水泥制造 的样子。")
        if facet not in FACETS:
            raise UserError(f"不能按“{facet}”划定范围。", f"可选：{'、'.join(FACETS)}。")
        found += [ScopeTag(facet, value) for value in wanted]
    return tuple(sorted(set(found)))


def read_tags(text: str) -> tuple[ScopeTag, ...]:
    """Read what `in_words` writes: 行业=水泥制造、砖瓦；乡镇街道=柳湾镇. Errors as `parse_tags`."""
    parts = text.replace(";", "；").split("；")
    return parse_tags(part.strip() for part in parts if part.strip())


def fits(targets: Iterable[TagsOfTarget], tags: Collection[ScopeTag]) -> frozenset[str]:
    """Idents of the targets within the scope."""
    wanted: dict[str, list[ScopeTag]] = {}
    for tag in tags:
        wanted.setdefault(tag.facet, []).append(tag)
    return frozenset(
        target.ident
        for target in targets
        if all(any(target.has(tag) for tag in group) for group in wanted.values())
    )


def in_words(tags: Iterable[ScopeTag]) -> str:
    """As the record says it: 行业=水泥制造、砖瓦；乡镇街道=柳湾镇, always the same for the same."""
    wanted: dict[str, list[str]] = {}
    for tag in sorted(set(tags)):
        wanted.setdefault(tag.facet, []).append(tag.value)
    order = sorted(wanted, key=FACETS.index)
    return "；".join(f"{facet}={'、'.join(wanted[facet])}" for facet in order)
