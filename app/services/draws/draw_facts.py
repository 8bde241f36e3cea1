"""What the paper of a draw says beside plan and result, frozen with the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.domain.ways import Way
from app.services import packing
from app.services.plans.planning import PeriodPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where targets come from that are not drawn here.

    ``organ`` drew them, ``document`` is its number (or F of our own earlier draw); the file they
    came in, its SHA-256, who imported it on which day; empty for an earlier draw of ours.
    """

    organ: str
    document: str
    file_name: str = ""
    sha256: str = ""
    by: str = ""
    on: str = ""
    draw: str = ""

    @property
    def words(self) -> str:
        """“市支队 青环执〔2026〕8号” or “抽取 360199-2026Q3-01”."""
        return f"抽取{self.draw}" if self.draw else f"{self.organ}{self.document}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawFacts:
    """Names, titles and arithmetic as they were when the list was sealed."""

    unit: str
    rulebook_title: str
    rulebook_id: str
    rulebook_version: str
    document_title: str
    document_no: str
    draw_basis: str
    plan: PeriodPlan
    teams: int  # K; 0 where every target gets its own pair
    pair_each: bool
    roles: tuple[str, ...] = ()  # 身份 of the witnesses, in their order
    way: str = Way.UNDIRECTED.value
    scope: str = ""  # 定向范围 as the plan's rule line says it
    reason: str = ""  # why directed, why joint
    origin: Origin | None = None  # of targets drawn elsewhere or before
    groups: tuple[tuple[str, str], ...] = ()  # groups beside the unit's own: code, title
    campaign: str = ""  # title of the campaign it was made from
    directories: str = ""  # the round of updating in force, and what was changed since

    @property
    def how(self) -> Way:
        """The way this draw goes."""
        return Way(self.way)

    def role(self, position: int) -> str:
        """身份 of the witness at ``position`` (from 1), empty if it was not said."""
        return self.roles[position - 1] if position <= len(self.roles) else ""


def pack_facts(facts: DrawFacts) -> dict[str, Any]:
    """As plain JSON values, for the draw's row."""
    return packing.pack(facts)


def unpack_facts(packed: dict[str, Any]) -> DrawFacts:
    """Back from the draw's row."""
    return packing.unpack(packed, DrawFacts)
