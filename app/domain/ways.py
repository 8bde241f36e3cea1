"""The ways a draw can go: what is drawn here, what comes from elsewhere, what is drawn later.

The call sequence, whatever the way::

    offers(rulebook, level)                     what 开始抽取 offers, one sentence each
    incoming.preview → incoming.apply           a list drawn elsewhere becomes rows, one transaction
    pools.prospect(connection, command)         who and what would be in: PeriodPlan, given targets
    drawing.freeze → commit → reveal            the ceremony, the same for each way drawn here
    platform_draws.take                         nothing is drawn here: the list becomes tasks

``giv`` lines (RD1 §2) carry every target that was drawn elsewhere or before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.domain.rulebook import DrawMode, DrawPlace, ExpertWay, Level, Rulebook


class Way(Enum):
    """How a draw goes; stored with it."""

    UNDIRECTED = "undirected"  # targets and inspectors, out of everyone
    DIRECTED = "directed"  # targets limited by tags, for a period and a reason
    TARGETS_ONLY = "targets"  # inspectors are drawn later, for secrecy
    LATER = "later"  # inspectors for the targets of an earlier draw
    LISTED = "listed"  # inspectors for targets the superior drew
    JOINT = "joint"  # with other departments, led by us
    JOINT_LED = "joint_led"  # with other departments, led by one of them
    EXPERTS = "experts"  # experts for drawn targets that need one
    REDRAW = "redraw"  # one person anew
    PLATFORM = "platform"  # drawn on the platform
    ASSIGNED = "assigned"  # targets and people set by the superior, nothing drawn

    @property
    def label(self) -> str:
        """Word for a person."""
        return _LABELS[self]

    @property
    def elsewhere(self) -> bool:
        """Whether nothing is drawn here: no plan, no commitment, no result of ours."""
        return self in (Way.PLATFORM, Way.ASSIGNED)

    @property
    def listed(self) -> bool:
        """Whether the targets come from an imported list."""
        return self.elsewhere or self in (Way.LISTED, Way.JOINT_LED)

    @property
    def bound(self) -> bool:
        """Whether it belongs to an earlier draw whose targets it takes."""
        return self in (Way.LATER, Way.EXPERTS)

    @property
    def draws_targets(self) -> bool:
        """Whether targets are drawn here."""
        return self in (Way.UNDIRECTED, Way.DIRECTED, Way.TARGETS_ONLY, Way.JOINT)

    @property
    def compared_with(self) -> frozenset[Way]:
        """Ways whose plans have the same sort of lines: what changed since the last is said."""
        return next((kin for kin in _KIN if self in kin), frozenset())

    @property
    def joint(self) -> bool:
        """Whether other departments take part: the visit counts as a joint one."""
        return self in (Way.JOINT, Way.JOINT_LED)


_LABELS = {
    Way.UNDIRECTED: "日常抽查",
    Way.DIRECTED: "定向抽查",
    Way.TARGETS_ONLY: "只抽对象",
    Way.LATER: "后抽人员",
    Way.LISTED: "只抽人员",
    Way.JOINT: "部门联合（本单位牵头）",
    Way.JOINT_LED: "部门联合（其他部门牵头）",
    Way.EXPERTS: "抽取专家",
    Way.REDRAW: "重新抽取",
    Way.PLATFORM: "平台抽取",
    Way.ASSIGNED: "平台指派",
}


_KIN = (
    frozenset({Way.UNDIRECTED, Way.DIRECTED, Way.TARGETS_ONLY, Way.JOINT}),
    frozenset({Way.LISTED, Way.JOINT_LED, Way.LATER}),
    frozenset({Way.EXPERTS}),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One way the level may go: its sentence for a person and the article it stands on."""

    way: Way
    words: str
    article: str


def offers(rulebook: Rulebook, level_code: str = "") -> tuple[Offer, ...]:
    """What may be done at a level, the usual way first.

    Ways that need an earlier draw (later, experts) are offered wherever targets get people;
    experts only where the text has them drawn.
    """
    level = rulebook.level(level_code)
    found: list[Offer] = []
    for drawn in level.draws:
        for way, words in _ways_of(drawn.mode, drawn.joint, rulebook):
            if all(offer.way is not way for offer in found):
                found.append(Offer(way, words or drawn.label, drawn.article))
    drawn_here = [offer.article for offer in found if offer.way.draws_targets]
    if rulebook.joint is not None and drawn_here and _draws_people(level):
        words = "本单位抽取检查对象，参加的各部门从各自名录中抽取人员，每家至少一人"
        found.append(Offer(Way.JOINT, words, rulebook.joint.article))
    if drawn_here:
        words = "为此前只抽了对象的抽取补抽检查人员，检查前人员更保密"
        if _draws_people(level):
            found.append(Offer(Way.LATER, words, drawn_here[0]))
    if _draws_people(level) and ExpertWay.DRAWN in rulebook.experts.value:
        words = "为已抽中、需要专家的检查对象抽取专家；专家不计入两名执法人员"
        found.append(Offer(Way.EXPERTS, words, rulebook.experts.article))
    if rulebook.draw_place.value is DrawPlace.PLATFORM and drawn_here:
        words = "导入省平台已经抽出的名单，记录写明平台抽取，计入比例和覆盖"
        found.append(Offer(Way.PLATFORM, words, rulebook.draw_place.article))
    return tuple(found)


def offer_of(rulebook: Rulebook, level_code: str, way: Way) -> Offer | None:
    """The offer of one way, None if the level does not go it."""
    return next((offer for offer in offers(rulebook, level_code) if offer.way is way), None)


def _ways_of(mode: DrawMode, joint: bool, rulebook: Rulebook) -> tuple[tuple[Way, str], ...]:
    """The ways a mode stands for; empty words: the rulebook's own label says it."""
    if mode is DrawMode.INSPECTORS_ONLY:
        return ((Way.JOINT_LED if joint else Way.LISTED, ""),)
    if mode is DrawMode.NOTHING_DRAWN:
        return ((Way.ASSIGNED, ""),)
    directed = (
        ((Way.DIRECTED, "按行业、乡镇、标签等划定范围再抽，须写明时段和理由"),)
        if rulebook.directed.value
        else ()
    )
    if mode is DrawMode.TARGETS_ONLY:
        return ((Way.TARGETS_ONLY, ""), *directed)
    later = (Way.TARGETS_ONLY, "先抽检查对象，检查人员以后再抽，名单更不易外泄")
    return ((Way.UNDIRECTED, "从全部检查对象中抽取，同时抽取检查人员"), *directed, later)


def _draws_people(level: Level) -> bool:
    """Whether the level draws people at all."""
    return any(
        drawn.mode in (DrawMode.TARGETS_AND_INSPECTORS, DrawMode.INSPECTORS_ONLY)
        for drawn in level.draws
    )
