"""A regulation's rules as typed values, each with the article it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Generic, TypeVar

from app.domain.correction import DEFAULT_RULES, CorrectionRules
from app.domain.inspector import Employment
from app.domain.periods import Span
from app.domain.rule_facts import InspectionKind
from app.errors import UserError

T = TypeVar("T")

_KINDS = ("细则", "方案", "办法", "规定", "规程", "规范", "制度", "条例", "意见", "通知", "计划")


class RulebookError(UserError):
    """A rulebook file cannot be used; the message names the key."""


@dataclass(frozen=True, slots=True)
class Cited(Generic[T]):
    """A value, the article it stands on, and what else a reader should know.

    ``article`` names the place in the regulation, or says who decided where
    the regulation is silent.
    """

    value: T
    article: str
    note: str = ""


class DrawPlace(Enum):
    """Where the regulation wants the draw made."""

    PLATFORM = "platform"
    LOCAL = "local"


class ExpertWay(Enum):
    """How an expert comes to a task."""

    DRAWN = "drawn"
    CHOSEN = "chosen"


class DrawMode(Enum):
    """What is drawn here."""

    TARGETS_AND_INSPECTORS = "targets_and_inspectors"
    INSPECTORS_ONLY = "inspectors_only"
    TARGETS_ONLY = "targets_only"
    NOTHING_DRAWN = "nothing_drawn"


class Exhausted(Enum):
    """What to do when fewer targets of the round remain than must be drawn."""

    STOP = "stop"
    NEW_ROUND = "new_round"


class BelowFloor(Enum):
    """What it takes to go below a ratio."""

    REPORT = "report"  # a written report upwards
    REASON = "reason"
    REFUSE = "refuse"


class AboveRatio(Enum):
    """What it takes to go above a ratio."""

    FREE = "free"
    REPORT = "report"


class RepeatCounts(Enum):
    """What makes a target one that was already had in the cycle."""

    DRAWN = "drawn"
    INSPECTED = "inspected"


class HeadcountWho(Enum):
    """Whom a staff ratio counts."""

    DIRECTORY = "directory"  # everyone in the inspector directory
    ESTABLISHMENT = "establishment"
    ESTABLISHMENT_AND_SECONDED = "establishment_and_seconded"
    TYPED = "typed"  # a figure given by the superior


class TeamMode(Enum):
    """RD1's group modes for two."""

    FIXED = "fixed"
    EACH = "each"


class LeadRule(Enum):
    """Who may lead a team."""

    EVERYONE = "everyone"  # the first drawn leads: ``lead`` = 1 for all eligible
    MARKED = "marked"  # those marked in the directory


class PeoplePolicy(Enum):
    """How an inspector is replaced."""

    NEXT_ALTERNATE = "next_alternate"
    REDRAW = "redraw"
    APPOINTED = "appointed"


class TargetPolicy(Enum):
    """How a target is replaced."""

    NEXT_ALTERNATE = "next_alternate"
    ASK_SUPERIOR = "ask_superior"


class DoneWhen(Enum):
    """When an inspection counts as done."""

    ENTERED = "entered"
    PUBLISHED = "published"
    RECTIFIED = "rectified"


class Event(Enum):
    """What a deadline is counted from; fixed dates of the year use ``YEAR_DATE``."""

    ISSUED = "issued"
    INSPECTED = "inspected"
    PUBLISHED = "published"
    PROBLEM_FOUND = "problem_found"
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    QUARTER_START = "quarter_start"
    QUARTER_END = "quarter_end"
    MONTH_START = "month_start"
    YEAR_START = "year_start"
    YEAR_DATE = "year_date"


class DayUnit(Enum):
    """How a deadline counts."""

    CALENDAR = "calendar"
    WORKING = "working"
    MONTH = "month"


class Direction(Enum):
    """Which way a deadline counts from its event."""

    AFTER = "after"
    BEFORE = "before"


class SignFact(Enum):
    """What of a target a criterion looks at: a field of its facts, or its record."""

    LABELS = "labels"
    PERMIT_CATEGORY = "permit_category"
    CREDIT_GRADE = "credit_grade"
    VIOLATION = "violation"


# ---- how many -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of all targets of the category, e.g. 1/4 each quarter.

    ``floor`` is the least the regulation allows, where what ships is more.
    """

    ratio: Fraction
    per: Span
    floor: Fraction
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRatio:
    """``inspectors : targets``; 1:5 with 18 people is 90 targets per ``per``."""

    inspectors: Fraction
    targets: Fraction
    per: Span
    article: str
    note: str = ""

    @property
    def targets_each(self) -> Fraction:
        """Targets per head."""
        return self.targets / self.inspectors


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedNumber:
    """A number of targets per ``per``."""

    number: int
    per: Span
    article: str
    note: str = ""


Measure = Share | StaffRatio | FixedNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """The span in which a target is had once before anyone is had twice.

    ``months`` long, counted from ``start`` forwards and backwards.
    ``everyone``: all must be covered within it (coverage debt is added).
    """

    months: int
    start: date
    everyone: bool
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOf:
    """The rulebook a unit made its own from: why, and the number of the written report, if due."""

    id: str
    reason: str
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRule:
    """How many of a category at a level; ``measure`` None: coverage alone decides.

    In a unit's own copy ``usual`` is the rule it was made from, and ``copied`` says why.
    """

    measure: Measure | None
    cycle: Cycle
    exhausted: Cited[Exhausted]
    below_floor: Cited[BelowFloor]
    above: Cited[AboveRatio]
    usual: QuotaRule | None = None
    copied: CopyOf | None = None

    @property
    def article(self) -> str:
        """The article the number stands on."""
        return self.cycle.article if self.measure is None else self.measure.article


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A criterion of a category that a machine can look at; ``words`` are the regulation's.

    Met if the fact holds one of ``any``, or (violation) an unlawful act was found within
    ``months``.  ``relieves``: instead of that category a person *may* choose this one, and
    ``clean`` asks that nothing unlawful was found within ``months``.
    """

    words: str
    fact: SignFact
    any: tuple[str, ...]
    months: int
    clean: bool
    relieves: str
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryReview:
    """审核: which organ looks at a directory (targets, inspectors, items) before it is in force."""

    directory: str
    organ: str
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A class of targets; ``code`` is its stratum in RD1 plans (letters only).

    ``short`` begins the public serials (重点-01, A-01), ``label`` is the full word.

    ``quotas`` pairs each level's code with its rule.  Of several categories
    whose criteria a target meets, the highest ``precedence`` wins.
    """

    code: str
    short: str
    label: str
    criteria: tuple[str, ...]
    precedence: int
    article: str
    quotas: tuple[tuple[str, QuotaRule], ...]
    signs: tuple[Sign, ...] = ()

    def quota(self, level: str) -> QuotaRule | None:
        """The rule at this level; None if the level draws none of this category."""
        return next((rule for code, rule in self.quotas if code == level), None)


PLAN_APPROVAL = "plan_approval"
"""``as_of`` of a headcount that is taken when the annual plan is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """The number a staff ratio multiplies: whom it counts, as of when.

    ``as_of``: ``PLAN_APPROVAL`` or a day of the year, ``01-15``.
    """

    who: HeadcountWho
    as_of: str
    label: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawWay:
    """A way draws are made at a level; ``joint``: targets come from another department."""

    mode: DrawMode
    label: str
    article: str
    joint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A tier of administration whose numbers differ.

    ``binding`` False: quotas are shown for information, another organ answers.
    """

    code: str
    label: str
    article: str
    binding: Cited[bool]
    draws: tuple[DrawWay, ...]
    headcount: Headcount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRule:
    """What counts as already had within the cycle, and whether the never inspected return."""

    counts: RepeatCounts
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperiorClean:
    """Targets the superior inspected this year without a finding may be left out."""

    categories: tuple[str, ...]
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyCap:
    """Inspections a year per target, kinds that count, lifted by a violation or not.

    ``excusable``: an inspection with a recorded 不计频次理由 does not count; so it is with the
    unit's own cap, never with a regulation's, which nothing else lifts.
    """

    limit: int
    counts: tuple[InspectionKind, ...]
    lifted_by_violation: bool
    article: str
    note: str = ""
    excusable: bool = False


# ---- who ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorRules:
    """Who may be drawn, who must be listed, what the directory says of each."""

    employment: Cited[tuple[Employment, ...]]
    must_be_listed: Cited[str] | None
    fields: Cited[tuple[str, ...]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRules:
    """How people are put together."""

    mode: Cited[TeamMode]
    size: Cited[int]
    lead: Cited[LeadRule]
    mixdept: Cited[bool]
    speciality_per_item: Cited[bool] | None


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """One step of the way a substitution is approved: what is done, by whom."""

    step: str  # 申请, 审核, 批准
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleSubstitution:
    """How an inspector who cannot go is replaced, and for which reasons.

    ``approval``: the steps in order; the last one is signed by ``signed_by``.
    """

    policy: PeoplePolicy
    reasons: tuple[str, ...]
    signed_by: str
    approval: tuple[ApprovalRule, ...]
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSubstitution:
    """How a target that cannot be inspected is replaced.

    ``own_choice``: the regulation is silent, the unit decided and says so.  ``approval``: as for
    people.  ``gone``: which of the reasons it is when the target was found closed or moved away;
    empty if the reasons bear the conclusions' own names.
    """

    policy: TargetPolicy
    reasons: tuple[str, ...]
    own_choice: bool
    signed_by: str
    approval: tuple[ApprovalRule, ...]
    article: str
    note: str = ""
    gone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRules:
    """Inspections with other departments."""

    own_directories: bool
    minimum_per_item: int
    lead_rules_bind: bool
    article: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessRules:
    """Who watches the draw."""

    minimum: int
    roles: tuple[str, ...]
    article: str


# ---- days and results -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """One period of time the regulation sets.

    Without ``month_day`` it is ``days`` (in ``unit``) before or after ``event``.
    ``window``: not our duty but somebody's right, open until that day.
    ``overdue_event``: nothing is overdue before this event, although the
    reminder comes earlier (texts that can be read two ways).
    ``exact`` False: the text names no day; the program's reminder stands in.
    ``explained``: a later day may be set, with its reason and what is done so far (QD 四).
    """

    code: str
    label: str
    event: Event
    days: int
    unit: DayUnit
    direction: Direction
    month_day: tuple[int, int] | None
    overdue_event: Event | None
    window: bool
    exact: bool
    article: str
    note: str = ""
    explained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """An internal conclusion and its public wording; empty: such a result is not published."""

    code: str
    label: str
    public: str
    covers: bool
    finding: bool
    violation: bool
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWay:
    """On site, off site, with a third party: when to choose it."""

    code: str
    label: str
    criteria: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A paper that goes upwards; ``deadline`` names the deadline rule it follows, if any."""

    code: str
    label: str
    to: str
    deadline: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A target library of the platform; ``import_only``: kept by somebody else."""

    code: str
    label: str
    kept_by: str
    import_only: bool
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A rule people keep and the program reminds of: secrecy, referral, filing …"""

    code: str
    label: str
    text: str
    article: str


# A text that says nothing of experts keeps neither way from the unit.
EXPERTS_UNSAID: Cited[tuple[ExpertWay, ...]] = Cited(
    (ExpertWay.DRAWN, ExpertWay.CHOSEN), "细则未规定"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The regulation itself, as 依据 prints it."""

    title: str
    issuer: str
    number: str
    issued: date | None
    valid_from: date | None
    valid_to: date | None
    region: str
    based_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """One regulation, complete."""

    id: str
    version: str
    document: Document
    platform: Cited[str] | None
    draw_place: Cited[DrawPlace]
    draw_months_ahead: Cited[int]
    directed: Cited[bool]
    levels: tuple[Level, ...]
    categories: tuple[Category, ...]
    repeat: RepeatRule
    superior_clean: SuperiorClean | None
    yearly_cap: YearlyCap | None
    inspectors: InspectorRules
    team: TeamRules
    people_substitution: PeopleSubstitution
    target_substitution: TargetSubstitution
    joint: JointRules | None
    witnesses: WitnessRules
    target_fields: Cited[tuple[str, ...]] | None
    item_fields: Cited[tuple[str, ...]] | None
    outside_draw: Cited[tuple[str, ...]] | None
    check_methods: Cited[tuple[str, ...]]
    check_ways: tuple[CheckWay, ...]
    signatures: Cited[tuple[str, ...]] | None
    conclusions: tuple[Conclusion, ...]
    done: Cited[DoneWhen]
    publication: Cited[tuple[str, ...]]
    outcomes_public: Cited[bool]
    deadlines: tuple[DeadlineRule, ...]
    reports: tuple[Report, ...]
    libraries: tuple[Library, ...]
    duties: tuple[Duty, ...]
    directory_reviews: tuple[DirectoryReview, ...] = ()
    copy_of: CopyOf | None = None
    correction: CorrectionRules = DEFAULT_RULES
    experts: Cited[tuple[ExpertWay, ...]] = EXPERTS_UNSAID

    def level(self, code: str = "") -> Level:
        """Find a level; an empty code is the first (the only one, in most regulations).

        Raises ``UserError`` if the regulation has no such level.
        """
        if not code:
            return self.levels[0]
        for level in self.levels:
            if level.code == code:
                return level
        known = "、".join(f"{level.code}（{level.label}）" for level in self.levels)
        raise UserError(f"《{self.document.title}》没有层级“{code}”。", f"可选：{known}。")

    def category(self, code: str) -> Category:
        """Find a category by its code; raises ``UserError`` if there is none."""
        for category in self.categories:
            if category.code == code:
                return category
        known = "、".join(f"{item.code}（{item.label}）" for item in self.categories)
        raise UserError(f"《{self.document.title}》没有分类“{code}”。", f"可选：{known}。")

    @property
    def import_only(self) -> frozenset[str]:
        """Codes of the target libraries somebody else keeps: imported, never drawn from here."""
        return frozenset(each.code for each in self.libraries if each.import_only)

    @property
    def default_category(self) -> Category:
        """The category of a target that meets no other's criteria: the lowest precedence."""
        return min(self.categories, key=lambda category: category.precedence)

    def cite(self, article: str) -> str:
        """Say an article with the kind of document it is in: 细则第十四条, 方案四.1, 办法第三条.

        Where the regulation is silent the article says so itself (细则未规定).
        """
        if "未规定" in article or "规程" in article:
            return article
        title = self.document.title
        # The last such word of a title is its own: 关于…通知的实施方案 is a 方案.
        kind = max(_KINDS, key=title.rfind)
        return f"{kind if kind in title else '文件'}{article}"

    def deadline(self, code: str) -> DeadlineRule | None:
        """Find a deadline by its code; None if the regulation sets none."""
        return next((rule for rule in self.deadlines if rule.code == code), None)
