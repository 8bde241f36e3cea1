"""What the rules need to know about a target and an inspector, and nothing else.

A service fills these from the database (or from imported history); the rules
read them.  Identifiers are those of RD1 plans, so that what a rule decides can
be found again in the record of the draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.domain.inspector import Employment
from app.domain.periods import Period
from app.domain.target import TargetState


class InspectionKind(Enum):
    """Who made an inspection, or for what reason; the frequency ledger's kinds."""

    OWN = "own"
    SUPERIOR = "superior"
    JOINT = "joint"
    SPECIAL = "special"
    CASE = "case"
    COMPLAINT = "complaint"
    FOLLOW_UP = "follow_up"
    ORDER = "order"
    REFERRAL = "referral"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    InspectionKind.OWN: "本级抽查",
    InspectionKind.SUPERIOR: "上级检查",
    InspectionKind.JOINT: "部门联合",
    InspectionKind.SPECIAL: "专项检查",
    InspectionKind.CASE: "个案查处",
    InspectionKind.COMPLAINT: "投诉举报",
    InspectionKind.FOLLOW_UP: "复查（后督察）",
    InspectionKind.ORDER: "上级交办",
    InspectionKind.REFERRAL: "部门移送",
}


class DrawOutcome(Enum):
    """What became of a drawn target."""

    PENDING = "pending"  # drawn, not yet inspected
    INSPECTED = "inspected"
    FRUITLESS = "fruitless"  # closed, moved or refused on site: the task is done, nothing covered
    LAPSED = "lapsed"  # substituted, draw void, or never inspected: back to the pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One inspection of a target that took place, whoever made it.

    ``period`` is the draw's, if it came from a draw: it is then counted in that
    period's year even if it was made a few days after its end.  ``covers`` is
    False if nothing could be inspected (closed, moved, refused): done, but not
    covered.  ``finding``: a problem was found; ``violation``: an unlawful act.
    ``category``: the target's then, if it was written down.
    """

    kind: InspectionKind
    on: date
    period: Period | None = None
    finding: bool = False
    violation: bool = False
    covers: bool = True
    category: str = ""
    visit: int | None = None  # tasks with one visit between them share it
    excused: bool = False  # a reason is recorded why it does not count for the unit's own cap

    @property
    def by_hand(self) -> bool:
        """Whether it was an own one from a draw this program does not know: before its time."""
        return self.kind is InspectionKind.OWN and self.period is None

    @property
    def counted_on(self) -> date:
        """The day that decides year and cycle: the period's first, else the day itself."""
        return self.on if self.period is None else self.period.first_day


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnIn:
    """A target was selected in a draw of the unit.

    ``category``: its stratum's category at that time (what the quota counts).
    ``due_on``: last day of the task; a pending one past it was never inspected.
    ``kind``: what its inspection counts as; ``visit``: shared by tasks done in one visit.
    """

    period: Period
    category: str
    outcome: DrawOutcome
    due_on: date | None = None
    kind: InspectionKind = InspectionKind.OWN
    visit: int | None = None

    def pending(self, on: date) -> bool:
        """Whether it still waits for its inspection on this day."""
        if self.outcome is not DrawOutcome.PENDING:
            return False
        return on <= max(self.due_on or self.period.last_day, self.period.last_day)

    def counts(self, on: date) -> bool:
        """Whether it counts as delivered: done, with or without result, or still pending."""
        done = self.outcome in (DrawOutcome.INSPECTED, DrawOutcome.FRUITLESS)
        return done or self.pending(on)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRecord:
    """A target with its history.  Closed ones belong in the input: their draws count.

    ``suspended_from``, ``suspended_to``: days of a seasonal suspension, both included; None is
    open.  A suspended one without days is suspended until somebody says otherwise.
    """

    id: str
    category: str
    name: str = ""
    state: TargetState = TargetState.ACTIVE
    suspended_from: date | None = None
    suspended_to: date | None = None
    created_on: date | None = None
    category_since: date | None = None
    history: tuple[Inspection, ...] = ()
    drawn: tuple[DrawnIn, ...] = ()
    library: str = ""  # of the platform's target libraries; empty is the one drawn from

    @property
    def in_force(self) -> bool:
        """Whether it belongs to N; a suspended one does, a closed or moved one does not."""
        return self.state.in_force

    def idle(self, first: date, last: date) -> bool:
        """Whether it stands still on every day from ``first`` to ``last``."""
        since, until = self.suspended_from, self.suspended_to
        if since is None and until is None:
            return self.state is TargetState.SUSPENDED
        return (since is None or since <= first) and (until is None or last <= until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Leave or the like, both days included; ``until`` None is open-ended."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the person is away on this day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorRecord:
    """An inspector as the rules see one.

    ``employment`` None: the directory does not say.  ``scopes``: kinds of
    enforcement the certificate allows; empty is all.  ``recused``: keeps away
    from every draw.
    """

    id: str
    name: str = ""
    employment: Employment | None = Employment.ESTABLISHED
    certificate_no: str = ""
    certificate_from: date | None = None
    certificate_until: date | None = None
    on_duty: bool = True
    seconded_out: bool = False
    absences: tuple[Absence, ...] = ()
    scopes: tuple[str, ...] = ()
    specialities: tuple[str, ...] = ()
    may_lead: bool = False
    recused: bool = False
