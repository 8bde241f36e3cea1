"""What the steps of a ceremony are asked and what they give back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain import rd1
from app.domain.scope import ScopeTag
from app.domain.ways import Way
from app.services.draws.draw_facts import DrawFacts

__all__ = [
    "CommitDraw",
    "Committed",
    "FreezeDraw",
    "Frozen",
    "RevealDraw",
    "Revealed",
    "VoidDraw",
    "Voided",
    "WithdrawDraw",
    "WitnessInput",
]


@dataclass(frozen=True, slots=True)
class WitnessInput:
    """见证人: name, the body they come from, post, role (one of the rulebook's, may be empty)."""

    name: str
    organ: str
    post: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeDraw:
    """What the first step asks for. ``teams`` None: as many pairs as there are people.

    ``basis``: why this draw is made here and not on the platform; empty takes what is on record.
    ``scope``, ``reason``, ``counts``: what a directed draw is limited to, why, and how many of
    each category (empty: the period's quota).  ``list_id``: the imported list of a draw whose
    targets come from elsewhere.  ``of``: number of the draw a bound one takes its targets from;
    ``every``: experts for all of them, not only where a speciality is missing.
    ``campaign``: id of the approved campaign a directed draw is made from, which then says scope
    and reason, and how many in all unless ``counts`` does.
    ``departments``: codes of the departments that take part in a joint draw.
    """

    period: str
    witnesses: tuple[WitnessInput, ...]
    teams: int | None = None
    rehearsal: bool = False
    headcount: int | None = None
    host: str = ""
    recorder: str = ""
    place: str = ""
    basis: str = ""
    way: Way = Way.UNDIRECTED
    scope: tuple[ScopeTag, ...] = ()
    reason: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    list_id: int | None = None
    of: str = ""
    every: bool = False
    departments: tuple[str, ...] = ()
    campaign: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """名单封存: the number, P and what the page shows.

    ``supply`` and ``needs`` hold the thin places to flag, ``shortages`` say why they are thin;
    ``difference``: what changed since the last draw's plan (None for the first of its sort).
    ``others``: groups beside our own, by title, with how many of each can be drawn.
    ``redraws``: number of the draw whose people are drawn anew, for ``given`` targets; else "".
    """

    no: str
    plan: str
    facts: DrawFacts
    supply: tuple[rd1.StratumSupply, ...]
    needs: tuple[rd1.NeedSupply, ...]
    difference: rd1.PlanDifference | None
    folder: Path
    others: tuple[tuple[str, int], ...] = ()
    shortages: tuple[str, ...] = ()
    redraws: str = ""
    given: int = 0


@dataclass(frozen=True, slots=True)
class CommitDraw:
    """Take R and make the commitment of a frozen draw."""

    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """P and C as the slip shows them."""

    no: str
    plan: str
    commitment: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSlip:
    """One slip read aloud and typed twice: the witness at ``position`` (from 1) and the digits."""

    no: str
    position: int
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealDraw:
    """The opened slips, in the witnesses' order, and who was in the room."""

    no: str
    digits: tuple[str, ...]
    host: str
    place: str
    recorder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """A closed draw: all its digests, how many were selected, the public serials in order."""

    no: str
    plan: str
    commitment: str
    reveal: str
    seed: str
    result: str
    selected: int
    serials: tuple[str, ...]
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidDraw:
    """作废: why, who approved it; ``digits``: opened slips, from the first; kept ones go in too."""

    no: str
    reason: str
    approved_name: str
    approved_post: str
    digits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """The void record's hash and, if it could be computed, the would-be result's."""

    no: str
    hash: str
    would_be: str | None
    folder: Path


@dataclass(frozen=True, slots=True)
class WithdrawDraw:
    """Take back a frozen draw before any randomness existed; its number is free again."""

    no: str
