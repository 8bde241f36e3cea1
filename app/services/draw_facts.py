"""What the paper of a draw says beside plan and result, frozen with the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.services import packing
from app.services.planning import PeriodPlan


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

    def role(self, position: int) -> str:
        """身份 of the witness at ``position`` (from 1), empty if it was not said."""
        return self.roles[position - 1] if position <= len(self.roles) else ""


def pack_facts(facts: DrawFacts) -> dict[str, Any]:
    """As plain JSON values, for the draw's row."""
    return packing.pack(facts)


def unpack_facts(packed: dict[str, Any]) -> DrawFacts:
    """Back from the draw's row."""
    return packing.unpack(packed, DrawFacts)
