"""What the minutes of a draw print: one frozen record, filled by the drawing service.

Fields follow the printed form (标题, 编号, 期间, 依据, 抽取时间 …).  Words shown to
people (stratum labels, specialities, reasons) are Chinese already; digests are
64 lower-case hex digits; tickets too.  Lists are in the order of the record
(strata as the service lists them, then ticket order), never re-sorted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum


@dataclass(frozen=True, slots=True)
class Person:
    """Who led, operated or recorded; ``post`` is printed in brackets."""

    name: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness in the sealed order; ``body`` is what the plan's ``wit`` line holds."""

    name: str
    body: str
    post: str
    digits: str
    role: str = ""  # 身份, one of the rulebook's; empty if nobody said


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ceremony as it happened; no time where nobody noted one."""

    at: time | None
    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A category's numbers.

    ``short`` is the prefix of a rank (“A” → A-01), ``label`` the full word;
    registered = N, pool = N − covered − excluded; ``arithmetic`` one sentence
    per line; ``source``: the document a list drawn elsewhere (``giv``) came with.
    """

    code: str
    short: str
    label: str
    registered: int
    covered: int
    excluded: int
    pool: int
    arithmetic: tuple[str, ...]
    quota: int
    drawn: int
    alternates: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A target of the directory that is not in the pool; ``stratum`` is its code."""

    stratum: str
    name: str
    code: str
    reason: str
    basis: str
    registered: bool = True
    covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """A line of the sealed inspector list; ``remark``: why ineligible, recusals."""

    number: str
    name: str
    certificate: str
    department: str
    specialities: tuple[str, ...] = ()
    may_lead: bool = False
    eligible: bool = True
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who of a group was assigned to a target.

    ``members``: names, the lead first, empty if nobody was left (flag X);
    ``team``: its number in a fixed group; ``flags``: RD1 §4, e.g. “.” or “SO”.
    """

    group: str
    members: tuple[str, ...]
    team: int | None = None
    stand_ins: tuple[str, ...] = ()
    flags: str = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A drawn target or an alternate; ``identifier`` is the plan's id."""

    stratum: str
    rank: int
    identifier: str
    name: str
    ticket: str
    code: str = ""
    need: str = ""
    duties: tuple[Duty, ...] = ()


class GroupMode(Enum):
    """How a group's people are drawn (RD1 §2, ``grp``)."""

    FIXED = "2|fixed"
    PAIR = "2|each"
    ONE = "1|each"


@dataclass(frozen=True, slots=True)
class Team:
    """A fixed team of two; ``tasks``: drawn targets it was given."""

    number: int
    lead: Inspector
    second: Inspector
    tasks: int
    flags: str = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of inspectors and, if fixed, its teams and stand-bys in order."""

    code: str
    title: str
    mode: GroupMode
    inspectors: tuple[Inspector, ...]
    teams: tuple[Team, ...] = ()
    standby: tuple[Inspector, ...] = ()
    cap: int = 0


@dataclass(frozen=True, slots=True)
class Recusal:
    """A declared conflict of interest and what was done about it."""

    inspector: str
    target: str
    reason: str
    handling: str = "已在封存前登记，抽取时自动避开"


@dataclass(frozen=True, slots=True)
class Thin:
    """A requirement and the eligible people who meet it."""

    requirement: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """P, C, R, S, F of RD1 and the hash of the closing record before (zeros: none)."""

    plan: str
    commitment: str
    reveal: str
    seed: str
    result: str
    previous: str


@dataclass(frozen=True, slots=True)
class LedgerMark:
    """The ledger's entry that closed the draw, and its head."""

    entry: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesFacts:
    """Everything the sealed minutes print."""

    unit: str
    period: str  # 2026年第一季度
    document_number: str  # 某环执抽〔2026〕1号
    purpose: str
    draw_number: str
    ordinal: int  # which draw of the series this is
    begun: datetime
    ended: datetime
    place: str
    host: Person
    operator: Person
    recorder: Person
    witnesses: tuple[Witness, ...]
    bases: tuple[str, ...]
    quota_article: str  # 细则第十四条
    secrecy_article: str
    steps: tuple[Step, ...]
    strata: tuple[Stratum, ...]
    changes: tuple[str, ...]  # against the last draw's plan, one sentence each
    digests: Digests
    selected: tuple[Target, ...]
    alternates: tuple[Target, ...]
    groups: tuple[Group, ...]
    recusals: tuple[Recusal, ...]
    exceptions: tuple[str, ...]
    exclusions: tuple[Exclusion, ...]
    excluded_digest: str  # SHA-256 of excluded.txt
    thin: tuple[Thin, ...]
    ledger: LedgerMark
    recomputed: str  # 周敏在另一台电脑上复算一致
    signed_on: date
    remarks: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()  # why teams and tasks carry a flag, one sentence each
    voided_before: tuple[str, ...] = ()  # void draws just before this one, one sentence each
    what: str = "检查对象和执法检查人员"  # what was drawn
    copies: int = 3
    rehearsal: bool = False
