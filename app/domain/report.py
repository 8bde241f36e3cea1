"""调度表, 季度报表, 年度报表: what is counted, and which tasks each figure is made of.

抽查内容, 类型, 基数, 比例, 户数 and 户次, 已公示 / 未公示, 完成率, each conclusion, 后续处置 and
完结率 (QD 五; YY 七（四） wants all of them public).  户数 counts sites, 户次 visits: several tasks
done in one visit are one.  What is exempt from publication leaves the denominator of 完成率.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.inspection import Conclusion

__all__ = [
    "TELLING",
    "Base",
    "Change",
    "Figure",
    "Line",
    "Measure",
    "OutsideLine",
    "OutsideVisit",
    "Rate",
    "Report",
    "ReportedTask",
    "changes",
    "compute",
    "together",
]


class Measure(enum.Enum):
    """One column of a report."""

    SITES = "sites"
    VISITS = "visits"
    INSPECTED = "inspected"
    DONE = "done"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    EXEMPT = "exempt"
    NO_PROBLEM = "no_problem"
    ORDERED = "ordered"
    CASE = "case"
    OTHER = "other"
    FOLLOWED = "followed"
    RECTIFIED = "rectified"
    REFERRED = "referred"
    CASE_ENDED = "case_ended"
    REVISITED = "revisited"
    SETTLED = "settled"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _WORDS[self]


_WORDS = {
    Measure.SITES: "户数",
    Measure.VISITS: "户次",
    Measure.INSPECTED: "已检查",
    Measure.DONE: "算作完成",
    Measure.PUBLISHED: "已公示",
    Measure.UNPUBLISHED: "未公示",
    Measure.EXEMPT: "不公示",
    Measure.NO_PROBLEM: Conclusion.NO_PROBLEM.label,
    Measure.ORDERED: Conclusion.ORDERED.label,
    Measure.CASE: Conclusion.CASE.label,
    Measure.OTHER: "其他情形",
    Measure.FOLLOWED: "有后续处置",
    Measure.RECTIFIED: "整改完成",
    Measure.REFERRED: "移送",
    Measure.CASE_ENDED: "案件办结",
    Measure.REVISITED: "已复查",
    Measure.SETTLED: "处置完结",
}
_CONCLUSIONS = {
    Conclusion.NO_PROBLEM: Measure.NO_PROBLEM,
    Conclusion.ORDERED: Measure.ORDERED,
    Conclusion.CASE: Measure.CASE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedTask:
    """One drawn task as a report sees it, on the day the report speaks of.

    ``visit``: the task its visit belongs to (its own id if it stands alone).  ``conclusion`` of a
    locked result only.  ``followed``: something was ordered, referred, or a case was opened;
    ``settled``: all of that is over.
    """

    id: int
    target_id: int
    visit: int
    content: str
    category: str
    inspected: bool = False
    done: bool = False
    published: bool = False
    exempt: bool = False
    conclusion: Conclusion | None = None
    rectified: bool = False
    referred: bool = False
    case_ended: bool = False
    revisited: bool = False
    followed: bool = False
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A line's head: targets in force and the ratio, as sealed with its draws."""

    content: str
    category: str
    label: str
    base: int | None
    ratio: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideVisit:
    """One inspection outside the draw; ``ground``: the rulebook's kind, or the ledger's."""

    id: int
    target_id: int
    ground: str
    finding: bool
    violation: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the tasks it is made of."""

    number: int
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share; ``None`` in words “—” where nothing is counted.

    ``counted`` are the tasks behind ``part``, ``tasks`` those behind ``whole``.
    """

    part: int
    whole: int
    counted: tuple[int, ...] = field(default=(), compare=False, repr=False)
    tasks: tuple[int, ...] = field(default=(), compare=False, repr=False)

    def in_words(self) -> str:
        """83.3%; empty if there is nothing to take a share of."""
        return f"{self.part * 100 / self.whole:.1f}%" if self.whole else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a category of one sort of draw, or the sum of all."""

    content: str
    category: str
    label: str
    base: int | None
    ratio: str
    figures: Mapping[Measure, Figure]

    def number(self, measure: Measure) -> int:
        """The figure of one column."""
        return self.figures[measure].number

    @property
    def completion(self) -> Rate:
        """完成率 = 已公示 ÷ 户数; the exempt ones left out, as are sites drawn twice counted so."""
        exempt = frozenset(self.figures[Measure.EXEMPT].tasks)
        every = tuple(each for each in self.figures[Measure.SITES].tasks if each not in exempt)
        published = self.figures[Measure.PUBLISHED].tasks
        return Rate(len(published), len(every), published, every)

    @property
    def settlement(self) -> Rate:
        """完结率 = 处置完结 ÷ 有后续处置."""
        settled, followed = self.figures[Measure.SETTLED], self.figures[Measure.FOLLOWED]
        return Rate(settled.number, followed.number, settled.tasks, followed.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLine:
    """Inspections outside the draw of one kind; ``entries`` are the ledger's."""

    ground: str
    sites: int
    visits: int
    findings: int
    violations: int
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All lines, their sum, and what was inspected outside the draw."""

    lines: tuple[Line, ...]
    total: Line
    outside: tuple[OutsideLine, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One measure against the period before."""

    measure: Measure
    now: int
    before: int
    tasks: tuple[int, ...] = ()  # behind the number before

    @property
    def difference(self) -> int:
        """How many more (fewer below zero)."""
        return self.now - self.before


def compute(
    tasks: Sequence[ReportedTask],
    bases: Sequence[Base],
    outside: Sequence[OutsideVisit],
    grounds: Sequence[str] = (),
) -> Report:
    """Count. A base without tasks stays a line of noughts; a task without base gets one.

    ``grounds``: the rulebook's kinds outside the draw; each has its line, empty or not.
    """
    heads = list(bases)
    known = {(head.content, head.category) for head in heads}
    for task in tasks:
        if (task.content, task.category) not in known:
            known.add((task.content, task.category))
            heads.append(
                Base(
                    content=task.content,
                    category=task.category,
                    label=task.category,
                    base=None,
                    ratio="",
                )
            )
    lines = tuple(
        _line(head, [t for t in tasks if (t.content, t.category) == (head.content, head.category)])
        for head in heads
    )
    # One category drawn from twice is one part of N.
    of_category: dict[str, int] = {}
    for head in heads:
        if head.base is not None:
            of_category[head.category] = max(head.base, of_category.get(head.category, 0))
    whole = Base(
        content="合计",
        category="",
        label="合计",
        base=sum(of_category.values()) if of_category else None,
        ratio="",
    )
    return Report(lines=lines, total=_line(whole, tasks), outside=_outside(outside, grounds))


def together(
    tasks: Sequence[ReportedTask], bases: Sequence[Base], alone: Collection[tuple[str, str]]
) -> tuple[tuple[ReportedTask, ...], tuple[Base, ...]]:
    """All but ``alone`` (content, category) as one line 其他各类, in which nobody stands out."""
    rest = [each for each in bases if (each.content, each.category) not in alone]
    own = {category for _content, category in alone}
    of_category: dict[str, int] = {}
    for each in rest:
        if each.base is not None and each.category not in own:
            of_category[each.category] = max(each.base, of_category.get(each.category, 0))
    kept = [each for each in bases if (each.content, each.category) in alone]
    if rest:
        base = sum(of_category.values()) if of_category else None
        kept.append(Base(content="其他", category=_REST, label="其他各类", base=base, ratio=""))
    moved = tuple(
        each
        if (each.content, each.category) in alone
        else replace(each, content="其他", category=_REST)
        for each in tasks
    )
    return moved, tuple(kept)


_REST = "其他各类"
TELLING = frozenset({Measure.SITES, Measure.VISITS, Measure.UNPUBLISHED, Measure.EXEMPT})
"""What says how many were drawn; the other figures follow from inspections that were made."""


def changes(now: Report, before: Report) -> tuple[Change, ...]:
    """Every measure of the sum against the period before."""
    return tuple(
        Change(
            each,
            now.total.number(each),
            before.total.number(each),
            before.total.figures[each].tasks,
        )
        for each in Measure
    )


def _line(head: Base, tasks: Sequence[ReportedTask]) -> Line:
    found: dict[Measure, list[ReportedTask]] = {measure: [] for measure in Measure}
    for task in tasks:
        for measure in _measures(task):
            found[measure].append(task)
    figures = {
        measure: Figure(len(rows), tuple(row.id for row in rows)) for measure, rows in found.items()
    }
    sites, visits = found[Measure.SITES], found[Measure.VISITS]
    figures[Measure.SITES] = Figure(
        len({task.target_id for task in sites}), figures[Measure.SITES].tasks
    )
    figures[Measure.VISITS] = Figure(
        len({task.visit for task in visits}), figures[Measure.VISITS].tasks
    )
    return Line(
        content=head.content,
        category=head.category,
        label=head.label,
        base=head.base,
        ratio=head.ratio,
        figures=figures,
    )


def _measures(task: ReportedTask) -> Iterable[Measure]:
    yield Measure.SITES
    yield Measure.VISITS
    flags = (
        (Measure.INSPECTED, task.inspected),
        (Measure.DONE, task.done),
        (Measure.RECTIFIED, task.rectified),
        (Measure.REFERRED, task.referred),
        (Measure.CASE_ENDED, task.case_ended),
        (Measure.REVISITED, task.revisited),
        (Measure.FOLLOWED, task.followed),
        (Measure.SETTLED, task.followed and task.settled),
    )
    yield from (measure for measure, holds in flags if holds)
    if task.published:
        yield Measure.PUBLISHED
    else:
        yield Measure.EXEMPT if task.exempt else Measure.UNPUBLISHED
    if task.conclusion is not None:
        yield _CONCLUSIONS.get(task.conclusion, Measure.OTHER)


def _outside(visits: Sequence[OutsideVisit], grounds: Sequence[str]) -> tuple[OutsideLine, ...]:
    by: dict[str, list[OutsideVisit]] = {ground: [] for ground in grounds}
    for visit in visits:
        by.setdefault(visit.ground, []).append(visit)
    return tuple(
        OutsideLine(
            ground=ground,
            sites=len({each.target_id for each in rows}),
            visits=len(rows),
            findings=sum(each.finding for each in rows),
            violations=sum(each.violation for each in rows),
            entries=tuple(each.id for each in rows),
        )
        for ground, rows in by.items()
    )
