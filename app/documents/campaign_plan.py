"""专项检查计划: who ordered it under which number, whom it concerns, how many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import Item, prose
from app.documents.plan_frame import PlanHead, Sections, begin, finish, printed


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """``ordered``: organ, number and day in words; ``outside``: whether the draw is kept to."""

    head: PlanHead
    ordered: str
    scope: str
    period: str
    number: int
    outside: str
    notes: tuple[str, ...]


def build(facts: CampaignFacts, fonts: FontBook | None = None) -> bytes:
    """The plan as PDF bytes."""
    book = fonts or machine_fonts()
    return printed(facts.head, _items(facts, book), book)


def _items(facts: CampaignFacts, fonts: FontBook) -> Iterable[Item]:
    sections = Sections(fonts)
    yield from begin(facts.head, sections)
    yield sections.head("批准")
    yield prose(f"{facts.ordered}。", fonts)
    yield sections.head("范围、时间和数量")
    yield prose(
        f"检查范围：{facts.scope}。检查时间：{facts.period}。检查数量：{facts.number}家。", fonts
    )
    yield sections.head("与双随机抽查的关系")
    yield prose(facts.outside, fonts)
    if facts.notes:
        yield sections.head("其他")
        yield from sections.listed(facts.notes)
    yield from finish(facts.head, fonts)
