"""封存名单: what was sealed, with its arithmetic, its thin places and its digest P."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain import rd1
from app.services.draws.drawing import Frozen
from app.ui.ceremony.course import Course
from app.ui.ceremony.step import Step
from app.ui.pages.planning_checks import change_counts
from app.ui.pages.planning_quota import (
    COUNT_COLUMNS,
    arithmetic_words,
    people_words,
    quota_rows,
)
from app.ui.tables import PlainTable
from app.ui.widgets import Card, HashLabel, label


class SealStep(Step):
    """Only looks: the list was sealed by the step before."""

    heading = "名单已经封存"
    intro = "对象、人员、应抽数、回避和规则从现在起不能改。下面只有数目，没有名称。"

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        digest = Card("名单摘要 P", "读出前 8 位和后 8 位，记录人记下")
        self.digest = HashLabel("", per_line=8)
        digest.body.addWidget(self.digest)
        self.body.addWidget(digest)
        card = Card("应抽数", flush=True)
        self.quota = PlainTable(COUNT_COLUMNS, name="sealed-quota", two_lines=True, sortable=False)
        card.body.addWidget(self.quota)
        self.quota_card = card
        self.body.addWidget(card)
        steps = self.steps_card = Card("算式")
        self.arithmetic = label("", wrap=True)
        steps.body.addWidget(self.arithmetic)
        self.body.addWidget(steps)
        self.flags_card = Card("封存时要说明的")
        self.notes = label("", "", wrap=True)
        self.flags_card.body.addWidget(self.notes)
        self.body.addWidget(self.flags_card)
        self.body.addStretch(1)

    def enter(self) -> None:
        frozen = self.course.frozen
        if frozen is None:
            return
        facts = frozen.facts
        teams = None if facts.pair_each else facts.teams
        words = "，".join(
            [
                people_words(facts.plan.people, pair_each=facts.pair_each, teams=teams)
                if facts.plan.people
                else "本次不抽取本单位人员",
                *(f"{title} {count} 人" for title, count in frozen.others),
            ]
        )
        headcount = facts.plan.headcount_words
        self.quota.set_rows(quota_rows(facts.plan.lines, words))
        self.quota.fit_height()
        # A redraw has no pool and no quota of its own.
        self.quota_card.setVisible(bool(facts.plan.lines))
        self.steps_card.setVisible(bool(facts.plan.lines))
        self.quota_card.set_note("，".join(part for part in (words, headcount) if part))
        self.arithmetic.setText(arithmetic_words(facts.plan.lines))
        self.digest.show_digest(frozen.plan)
        notes = list(_notes(frozen))
        self.notes.setText("\n".join(notes) or "没有需要说明的：各专业人数充足，各类都是部分抽取。")

    def action(self) -> str:
        return "下一步，写号"


def _notes(frozen: Frozen) -> Iterator[str]:
    """Thin places, strata of which nothing or all is drawn, and what changed, in counts."""
    labels = {
        stratum.stratum: line.label for line in frozen.facts.plan.lines for stratum in line.strata
    }
    for supply in frozen.supply:
        name = labels.get(supply.stratum, supply.stratum)
        if supply.share is rd1.StratumShare.ALL:
            yield f"· {name}：可抽 {supply.pool} 家全部抽中，没有随机性。"
        elif supply.share is rd1.StratumShare.NONE:
            yield f"· {name}：可抽 {supply.pool} 家，本次不抽。"
    if frozen.facts.scope:
        yield f"· 定向范围：{frozen.facts.scope}。"
    yield from (f"· {words}。" for words in frozen.shortages)
    if frozen.redraws:
        eligible = sum(person.eligible for person in frozen.facts.plan.people)
        yield f"· 为抽取 {frozen.redraws} 的 {frozen.given} 项任务各另抽一人，检查对象不变。"
        yield f"· 名录中合格 {eligible} 人；同组人员和此前换下的人员登记回避，不在可抽之列。"
    elif frozen.difference is None:
        yield "· 本序列第一次这样抽取，没有上次可比。"
    else:
        counts = change_counts(frozen.difference)
        yield f"· 与上次抽取比：{'，'.join(counts) if counts else '没有变化'}。"
