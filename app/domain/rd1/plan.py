"""What is fixed before any randomness: the content of ``plan.txt`` (RD1 §2).

These classes hold the fields exactly as the file has them.  Reading is
`plan_reader.parse_plan`, freezing a new plan is `plan_writer.write_plan`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.rd1.text import file_hash, to_record

__all__ = [
    "FIRST_PREV",
    "GivenTarget",
    "Group",
    "Plan",
    "PlanInspector",
    "PlanTarget",
    "Quota",
    "Recusal",
    "Rule",
    "TeamMode",
    "Witness",
    "plan_hash",
]

FIRST_PREV = "0" * 64
"""``prev`` of the first draw of a series."""


class TeamMode(StrEnum):
    """How a group sends its people; the value is ``size|mode`` of the line."""

    FIXED_TEAMS = "2|fixed"
    PAIR_EACH = "2|each"
    ONE_EACH = "1|each"


@dataclass(frozen=True, slots=True)
class PlanTarget:
    """A target in the pool (``tgt``); ``need`` is one speciality or empty."""

    stratum: str
    id: str
    need: str
    name: str

    def line(self) -> str:
        """Return the plan line."""
        return f"tgt|{self.stratum}|{self.id}|{self.need}|{self.name}"


@dataclass(frozen=True, slots=True)
class GivenTarget:
    """A target drawn elsewhere (``giv``), in without a quota.

    ``source`` is a document number, or the hash of the result it replaces.
    """

    stratum: str
    id: str
    need: str
    source: str
    name: str

    def line(self) -> str:
        """Return the plan line."""
        return f"giv|{self.stratum}|{self.id}|{self.need}|{self.source}|{self.name}"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of inspectors (``grp``); ``teams`` is K, for fixed teams only."""

    code: str
    mode: TeamMode
    teams: int = 0

    def line(self) -> str:
        """Return the plan line."""
        teams = str(self.teams) if self.mode is TeamMode.FIXED_TEAMS else ""
        return f"grp|{self.code}|{self.mode.value}|{teams}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInspector:
    """An inspector or expert (``ins``); ``why`` is empty if eligible, else a code."""

    id: str
    group: str
    dept: str
    lead: bool
    specs: tuple[str, ...] = ()
    eligible: bool = True
    why: str = ""
    name: str = ""

    def line(self) -> str:
        """Return the plan line."""
        marks = f"{self.lead:d}|{','.join(self.specs)}|{self.eligible:d}|{self.why}"
        return f"ins|{self.id}|{self.group}|{self.dept}|{marks}|{self.name}"


@dataclass(frozen=True, slots=True)
class Quota:
    """Of a stratum, draw ``n`` targets and list ``a`` alternates (``quota``)."""

    stratum: str
    n: int
    a: int

    def line(self) -> str:
        """Return the plan line."""
        return f"quota|{self.stratum}|{self.n}|{self.a}"


@dataclass(frozen=True, slots=True)
class Recusal:
    """An inspector who must not inspect a target, with a reason code (``rec``)."""

    inspector: str
    target: str
    code: str

    def line(self) -> str:
        """Return the plan line."""
        return f"rec|{self.inspector}|{self.target}|{self.code}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule value that the draw was made under (``rule``)."""

    key: str
    value: str

    def line(self) -> str:
        """Return the plan line."""
        return f"rule|{self.key}|{self.value}"


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness by place in the order, from 1, and the body they come from."""

    position: int
    body: str

    def line(self) -> str:
        """Return the plan line."""
        return f"wit|{self.position}|{self.body}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that ``plan.txt`` holds; nothing of it changes after freezing.

    The order inside the tuples has no meaning: the file is sorted.  A plan that
    was read from bytes gives the same bytes back; `to_bytes` itself neither
    cleans nor checks.
    """

    no: str
    series: str
    period: str
    prev: str = FIRST_PREV
    programs: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    groups: tuple[Group, ...] = ()
    inspectors: tuple[PlanInspector, ...] = ()
    targets: tuple[PlanTarget, ...] = ()
    given: tuple[GivenTarget, ...] = ()
    quotas: tuple[Quota, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    witnesses: tuple[Witness, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the bytes of ``plan.txt``."""
        # Code-point order of str is the byte order of UTF-8.
        return to_record("RD1 PLAN", sorted(self._lines()))

    def _lines(self) -> Iterator[str]:
        yield f"draw|{self.no}"
        yield f"series|{self.series}"
        yield f"period|{self.period}"
        yield f"prev|{self.prev}"
        for kind, texts in (
            ("app", self.programs),
            ("org", self.organisations),
            ("rem", self.remarks),
        ):
            yield from (f"{kind}|{text}" for text in texts)
        for rows in (
            self.rules,
            self.groups,
            self.inspectors,
            self.targets,
            self.given,
            self.quotas,
            self.recusals,
            self.witnesses,
        ):
            yield from (row.line() for row in rows)

    @property
    def is_rehearsal(self) -> bool:
        """Whether the series is one of rehearsals (RD1 §1)."""
        return self.series.startswith("T")

    @property
    def mixes_departments(self) -> bool:
        """Whether two of one department should not be paired (RD1 §4)."""
        return Rule("mixdept", "1") in self.rules

    def rule(self, key: str) -> str | None:
        """Value of a ``rule`` line, None if the plan has no such key."""
        return next((rule.value for rule in self.rules if rule.key == key), None)

    def pool_sizes(self) -> dict[str, int]:
        """Targets in the pool per ``tgt`` stratum, strata ascending."""
        return dict(sorted(Counter(target.stratum for target in self.targets).items()))

    def recused_by_target(self) -> dict[str, frozenset[str]]:
        """Ids of the recused inspectors per target that has any."""
        found: dict[str, set[str]] = {}
        for recusal in self.recusals:
            found.setdefault(recusal.target, set()).add(recusal.inspector)
        return {target: frozenset(people) for target, people in found.items()}


def plan_hash(plan: Plan | bytes) -> str:
    """P of RD1 §1: hash of ``plan.txt``; bytes are taken as they are."""
    return file_hash(plan if isinstance(plan, bytes) else plan.to_bytes())
