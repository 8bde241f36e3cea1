"""Who is missing for a draw, and what would help: sentences with counts, no names.

RD1 §1 flags what fewer than three people can do; this says why they are so few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from app.domain import rd1
from app.domain.fitness import REMEDIES, SHORT_WORDS
from app.domain.rd1.scarcity import FEW
from app.domain.speciality import speciality_words

__all__ = ["Listed", "people_words", "sentences", "too_few"]


class Listed(Protocol):
    """A line of the inspector directory at the draw."""

    @property
    def eligible(self) -> bool:
        """Can be drawn."""

    @property
    def may_lead(self) -> bool:
        """May lead a team."""

    @property
    def specialities(self) -> tuple[str, ...]:
        """Codes."""

    @property
    def code(self) -> str:
        """Reason code if not eligible."""


def sentences(
    people: Sequence[Listed], needs: Iterable[rd1.NeedSupply], *, everyone_leads: bool = False
) -> tuple[str, ...]:
    """One sentence for each thin place: 缺少“水”专业人员：名录中 3 人，…；…后可行."""
    return tuple(dict.fromkeys(_thin(people, needs, everyone_leads)))


def _thin(
    people: Sequence[Listed], needs: Iterable[rd1.NeedSupply], everyone_leads: bool
) -> Iterator[str]:
    for need in needs:
        if need.need and need.able < FEW:
            able = [person for person in people if need.need in person.specialities]
            words = f"“{speciality_words(need.need)}”专业人员"
            yield _sentence(
                words,
                able,
                need.targets,
                f"请为相近专业的人员在名录里加注“{speciality_words(need.need)}”，或另抽专家",
            )
        elif not need.need and need.able < FEW:
            yield _sentence("执法人员", people, 0, "请先补齐执法人员名录")
        if need.leads is not None and need.leads < FEW and not everyone_leads:
            able = [person for person in people if person.may_lead]
            yield _sentence("可以牵头的人员", able, 0, "请在名录里标明谁可以牵头")


def too_few(people: Sequence[Listed]) -> str:
    """Why fewer than two can be drawn, and what would help."""
    return _sentence("执法人员", people, 0, "请先补齐执法人员名录", wanted=2)


def _sentence(
    who: str, listed: Sequence[Listed], targets: int, nobody: str, wanted: int = FEW
) -> str:
    able = sum(person.eligible for person in listed)
    at = f"（{targets} 家需要）" if targets else ""
    if not listed:
        return f"缺少{who}{at}：名录中没有；{nobody}"
    head = f"缺少{who}{at}" if able == 0 else f"{who}{at}偏少"
    words = f"{head}：名录中 {len(listed)} 人，合格 {able} 人"
    out = [person for person in listed if not person.eligible]
    if out:
        words += f"，{people_words(out)}"
    helps = _helps(out, wanted - able)
    return f"{words}；{helps}" if helps else f"{words}；{nobody}"


def people_words(out: Iterable[Listed]) -> str:
    """2 人请假、1 人执法证期内到期: the ineligible by reason, the most frequent first."""
    counts = Counter(person.code for person in out).most_common()
    return "、".join(f"{count} 人{SHORT_WORDS.get(code, code)}" for code, count in counts)


def _helps(out: Sequence[Listed], missing: int) -> str:
    """What to do about those who are out; whether it is enough."""
    can = [person.code for person in out if person.code in REMEDIES]
    if not can:
        return ""
    ways = "、".join(REMEDIES[code] for code, _count in Counter(can).most_common())
    if len(can) >= missing:
        return f"{ways}后可行"
    return f"{ways}后仍少 {missing - len(can)} 人"
