"""The quota table: a line for each category with its arithmetic in words, and the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.plans.planning import PersonLine, PlanLine
from app.ui.tables import Column, ColumnKind


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One line of the quota table as shown; the last one is the total."""

    label: str
    ratio: str
    base: int
    covered: int
    excluded: str
    pool: int
    words: str
    more: str
    article: str
    quota: int


def quota_rows(lines: Sequence[PlanLine], people: str) -> list[QuotaRow]:
    """The categories, then 合计; ``people`` is what the total line says of the inspectors."""
    rows = [
        QuotaRow(
            label=line.label,
            ratio=line.ratio + (f" · 缺 {line.shortfall}" if line.shortfall else ""),
            base=line.base,
            covered=line.covered,
            excluded="，".join(f"{count} 家{words}" for words, count in line.excluded),
            pool=line.pool,
            words=line.arithmetic[0] if line.arithmetic else "",
            more="；".join(line.arithmetic[1:]),
            article=line.article,
            quota=line.quota,
        )
        for line in lines
    ]
    left_out = sum(count for line in lines for _, count in line.excluded)
    total = QuotaRow(
        label="合计",
        ratio="",
        base=sum(line.base for line in lines),
        covered=sum(line.covered for line in lines),
        excluded=f"{left_out} 家" if left_out else "",
        pool=sum(line.pool for line in lines),
        words=people,
        more="",
        article="",
        quota=sum(line.quota for line in lines),
    )
    return [*rows, total]


QUOTA_COLUMNS = (
    Column("label", "类别", ColumnKind.STRONG, width=136, sub=lambda row: row.ratio),
    Column("base", "基数", ColumnKind.NUMBER, width=56),
    Column("covered", "本周期已查", ColumnKind.NUMBER, width=90),
    Column("excluded", "排除（原因）", width=124),
    Column("pool", "可抽", ColumnKind.NUMBER, width=56),
    Column("words", "算式", width=220, sub=lambda row: row.more, stretch=True),
    Column("article", "依据", width=100),
    Column("quota", "应抽", ColumnKind.FIGURE, width=66),
)


# Without the arithmetic, which the ceremony writes out in full below.
COUNT_COLUMNS = (
    Column("label", "类别", ColumnKind.STRONG, width=150, stretch=True, sub=lambda row: row.ratio),
    Column("base", "基数", ColumnKind.NUMBER, width=64),
    Column("covered", "本周期已查", ColumnKind.NUMBER, width=96),
    Column("excluded", "排除（原因）", width=180),
    Column("pool", "可抽", ColumnKind.NUMBER, width=64),
    Column("quota", "应抽", ColumnKind.FIGURE, width=72),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a category's arithmetic, written out."""

    label: str
    words: str
    article: str


STEP_COLUMNS = (
    Column("label", "类别", width=130),
    Column("words", "算式", stretch=True),
    Column("article", "依据", width=110),
)


def arithmetic_steps(lines: Sequence[PlanLine]) -> list[Step]:
    """Every step in full, with what a category lacks and where it departs from the ratio."""
    steps = []
    for line in lines:
        steps += [Step(line.label, words, line.article) for words in line.arithmetic]
        for each in line.deviations:
            steps.append(Step(line.label, f"{each.words}，理由：{each.reason}", each.article))
    return steps


def arithmetic_words(lines: Sequence[PlanLine]) -> str:
    """Every step of every category's arithmetic, a paragraph each."""
    return "\n".join(
        f"{line.label}：{'；'.join(line.arithmetic)}。（{line.article}）" for line in lines
    )


def people_words(people: Sequence[PersonLine], *, pair_each: bool, teams: int | None = None) -> str:
    """Who will go, in words; ``teams`` None: as many pairs as there are people."""
    eligible = sum(person.eligible for person in people)
    if pair_each:
        return f"合格执法人员 {eligible} 人，每家随机配 2 人"
    count = eligible // 2 if teams is None else teams
    rest = eligible - 2 * count
    more = f"，递补 {rest} 人" if rest else ""
    return f"合格执法人员 {eligible} 人，编 {count} 组{more}"
