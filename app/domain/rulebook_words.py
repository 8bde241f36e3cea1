"""A whole rulebook in words: every rule it holds, each with its article.

What no page or paper has a place of its own for is read here, so that no rule of a regulation
stays unknown to the people it binds.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from app.domain.deadlines import rule_words
from app.domain.own_copy import all_departures
from app.domain.quota import ratio_words
from app.domain.rulebook import (
    PLAN_APPROVAL,
    AboveRatio,
    BelowFloor,
    Cited,
    Conclusion,
    DoneWhen,
    DrawMode,
    DrawPlace,
    Exhausted,
    ExpertWay,
    HeadcountWho,
    LeadRule,
    PeoplePolicy,
    QuotaRule,
    RepeatCounts,
    Rulebook,
    TargetPolicy,
    TeamMode,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule: what it is about, what it says, where it stands, what else to know."""

    label: str
    words: str
    article: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """Words, article and remark in one piece."""
        said = "；".join(part for part in (self.words, self.note) if part)
        return f"{said}（{self.article}）" if self.article else said


@dataclass(frozen=True, slots=True)
class RuleSection:
    """A chapter of rules."""

    title: str
    lines: tuple[RuleLine, ...]


def sections(rulebook: Rulebook) -> tuple[RuleSection, ...]:
    """Every rule of the rulebook, in the order of the work."""
    chapters = (
        ("文件", _document(rulebook)),
        ("层级和抽取方式", _levels(rulebook)),
        ("分类和数量", _quotas(rulebook)),
        ("不重复检查", _limits(rulebook)),
        ("名录和清单", _directories(rulebook)),
        ("人员和编组", _people(rulebook)),
        ("替换", _substitution(rulebook)),
        ("检查和公开", _checking(rulebook)),
        ("期限和报送", _days(rulebook)),
        ("应当做到", (RuleLine(d.label, d.text, d.article) for d in rulebook.duties)),
    )
    found = [RuleSection(title, tuple(lines)) for title, lines in chapters]
    found.append(RuleSection("其他", tuple(_unsaid(rulebook, found))))
    return tuple(section for section in found if section.lines)


def _unsaid(rulebook: Rulebook, found: Iterable[RuleSection]) -> Iterator[RuleLine]:
    """What no chapter has words for yet: better plainly than not at all."""
    said = [(line.article, line.note) for section in found for line in section.lines]
    for value in _with_article(rulebook):
        article, note = value.article, getattr(value, "note", "")
        if not any(article in where and note == remark for where, remark in said):
            yield RuleLine(getattr(value, "label", "规定"), _plainly(value), article, note)


def _with_article(value: object) -> Iterator[Any]:
    if dataclasses.is_dataclass(value):
        if hasattr(value, "article"):
            yield value
        for field in dataclasses.fields(value):
            yield from _with_article(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _with_article(each)


def _plainly(value: object) -> str:
    """The Chinese words among its texts."""
    texts = [getattr(value, name) for name in ("value", "text", "words", "criteria")
             if hasattr(value, name)]  # fmt: skip
    said = [each for text in texts for each in (text if isinstance(text, tuple) else (text,))]
    return "、".join(str(each) for each in said if isinstance(each, str)) or "见条文"


# --- chapters ---------------------------------------------------------------------------------


def _document(rulebook: Rulebook) -> Iterator[RuleLine]:
    document = rulebook.document
    yield RuleLine("名称", document.title)
    yield RuleLine("发文机关", document.issuer)
    if document.number:
        yield RuleLine("文号", document.number)
    dates = (
        ("印发", document.issued),
        ("自", document.valid_from),
        ("至", document.valid_to),
    )
    said = "，".join(f"{word} {day.isoformat()}" for word, day in dates if day)
    if said:
        yield RuleLine("日期", said)
    yield RuleLine("适用地区", document.region)
    if document.based_on:
        yield RuleLine("依据", "、".join(document.based_on))
    yield RuleLine("规则文本", f"{rulebook.id}，第 {rulebook.version} 版")
    copied = rulebook.copy_of
    if copied is not None:
        report = f"，书面报告 {copied.report}" if copied.report else ""
        yield RuleLine("改自", f"{copied.id}：{copied.reason}{report}")
        for each in all_departures(rulebook):
            due = "，须书面报告" if each.needs_report else ""
            yield RuleLine("与原细则不同", f"{each.words}{due}", each.article)


def _levels(rulebook: Rulebook) -> Iterator[RuleLine]:
    place = _PLACES[rulebook.draw_place.value]
    if rulebook.platform is not None:
        yield _cited("平台", rulebook.platform, rulebook.platform.value)
    yield _cited("在哪里抽", rulebook.draw_place, place)
    months = rulebook.draw_months_ahead
    yield _cited(
        "何时抽", months, f"期间开始前 {months.value} 个月" if months.value else "期间之初"
    )
    yield _cited(
        "定向抽取", rulebook.directed, "可以，写明时段和理由" if rulebook.directed.value else "不作"
    )
    ways = "或".join(_EXPERTS[way] for way in rulebook.experts.value)
    yield _cited("专家", rulebook.experts, f"{ways}，不计入两名执法人员")
    for level in rulebook.levels:
        binding = "应抽数量由本级负责" if level.binding.value else "应抽数量仅供参考，由上级负责"
        yield RuleLine(level.label, binding, _articles(level.article, level.binding.article),
                       level.binding.note)  # fmt: skip
        for way in level.draws:
            yield RuleLine(f"{level.label} · {way.label}", _MODES[way.mode], way.article)
        if level.headcount is not None:
            counted = level.headcount
            words = f"{counted.label}：{_HEADS[counted.who]}，{_as_of(counted.as_of)}"
            yield RuleLine(f"{level.label} · 计算人数", words, counted.article)


def _as_of(day: str) -> str:
    if day == PLAN_APPROVAL:
        return "以计划批准时为准"
    month, number = day.split("-")
    return f"以每年{int(month)}月{int(number)}日为准"


def _quotas(rulebook: Rulebook) -> Iterator[RuleLine]:
    for category in rulebook.categories:
        criteria = "；".join(category.criteria)
        yield RuleLine(category.label, criteria, category.article)
        for sign in category.signs:
            if sign.note:
                yield RuleLine(f"{category.label} · 认定", sign.words, sign.article, sign.note)
        for level in rulebook.levels:
            rule = category.quota(level.code)
            if rule is not None:
                where = f" · {level.label}" if len(rulebook.levels) > 1 else ""
                yield from _quota(f"{category.label}{where}", rule)
    ranked = sorted(rulebook.categories, key=lambda each: -each.precedence)
    if len(ranked) > 1:
        order = " > ".join(category.label for category in ranked)
        yield RuleLine("同时符合几类的", f"归在前的一类：{order}")


def _quota(label: str, rule: QuotaRule) -> Iterator[RuleLine]:
    measure = rule.measure
    note = measure.note if measure is not None else ""
    yield RuleLine(f"{label} · 数量", ratio_words(rule), rule.article, note)
    cycle = rule.cycle
    every = "，每家都要查到" if cycle.everyone else "，同一轮内不重复抽取"
    yield RuleLine(
        f"{label} · 周期",
        f"{cycle.months} 个月一周期，自 {cycle.start.isoformat()} 起{every}",
        cycle.article,
        cycle.note,
    )
    yield _cited(f"{label} · 抽完一轮", rule.exhausted, _EXHAUSTED[rule.exhausted.value])
    yield _cited(f"{label} · 低于规定", rule.below_floor, _BELOW[rule.below_floor.value])
    yield _cited(f"{label} · 高于规定", rule.above, _ABOVE[rule.above.value])


def _limits(rulebook: Rulebook) -> Iterator[RuleLine]:
    repeat = rulebook.repeat
    yield RuleLine("重复", _REPEAT[repeat.counts], repeat.article, repeat.note)
    clean = rulebook.superior_clean
    if clean is not None:
        who = "、".join(rulebook.category(code).label for code in clean.categories)
        words = f"本年度上级已检查且未发现问题的，可以不抽（{who}）"
        yield RuleLine("上级已查", words, clean.article, clean.note)
    cap = rulebook.yearly_cap
    if cap is not None:
        kinds = "、".join(kind.label for kind in cap.counts)
        lifted = "，发现违法行为的不受限" if cap.lifted_by_violation else ""
        words = f"同一对象每年不超过 {cap.limit} 次，计 {kinds}{lifted}"
        yield RuleLine("年度次数上限", words, cap.article, cap.note)
    yield from _list("不经抽取的检查", rulebook.outside_draw)


def _directories(rulebook: Rulebook) -> Iterator[RuleLine]:
    yield from _list("事项清单载明", rulebook.item_fields)
    yield from _list("对象名录载明", rulebook.target_fields)
    yield from _list("人员名录载明", rulebook.inspectors.fields)
    for library in rulebook.libraries:
        way = "只导入" if library.import_only else "自行维护"
        yield RuleLine(library.label, f"由{library.kept_by}维护，{way}", library.article)
    for review in rulebook.directory_reviews:
        about = _REVIEWED[review.directory]
        yield RuleLine(f"{about}审核", f"由{review.organ}审核", review.article, review.note)


def _people(rulebook: Rulebook) -> Iterator[RuleLine]:
    people, team = rulebook.inspectors, rulebook.team
    footing = "、".join(each.label for each in people.employment.value)
    yield _cited("可以列入的人员", people.employment, footing)
    if people.must_be_listed is not None:
        yield _cited("应列尽列", people.must_be_listed, people.must_be_listed.value)
    yield _cited("编组", team.mode, _TEAMS[team.mode.value])
    yield _cited("每组人数", team.size, f"{team.size.value} 人")
    yield _cited("牵头", team.lead, _LEADS[team.lead.value])
    mixed = "两人尽量来自不同部门" if team.mixdept.value else "不要求不同部门"
    yield _cited("部门搭配", team.mixdept, mixed)
    if team.speciality_per_item is not None:
        words = "每个事项至少一人有相应专长" if team.speciality_per_item.value else "不要求"
        yield _cited("专长", team.speciality_per_item, words)
    joint = rulebook.joint
    if joint is not None:
        parts = ["各部门从自己的名录库抽取" if joint.own_directories else "由牵头部门抽取"]
        if joint.minimum_per_item:
            parts.append(f"每个事项各部门不少于 {joint.minimum_per_item} 人")
        if joint.lead_rules_bind:
            parts.append("别的部门牵头的按牵头部门的规定")
        yield RuleLine("部门联合", "，".join(parts), joint.article, joint.note)
    watched = rulebook.witnesses
    words = f"至少 {watched.minimum} 人：{'、'.join(watched.roles)}"
    yield RuleLine("见证人", words, watched.article)


def _substitution(rulebook: Rulebook) -> Iterator[RuleLine]:
    people, targets = rulebook.people_substitution, rulebook.target_substitution
    words = f"{_PEOPLE[people.policy]}；理由：{'、'.join(people.reasons)}；{people.signed_by}签批"
    yield RuleLine("人员", words, people.article, people.note)
    own = "（条文未规定，由本单位自行决定）" if targets.own_choice else ""
    words = f"{_TARGETS[targets.policy]}{own}；理由：{'、'.join(targets.reasons)}"
    yield RuleLine("检查对象", words, targets.article, targets.note)


def _checking(rulebook: Rulebook) -> Iterator[RuleLine]:
    yield from _list("检查方法", rulebook.check_methods)
    for way in rulebook.check_ways:
        yield RuleLine(way.label, way.criteria, way.article)
    yield from _list("现场签字", rulebook.signatures)
    for each in rulebook.conclusions:
        yield RuleLine(f"结论：{each.label}", _meaning(each), each.article)
    yield _cited("算作完成", rulebook.done, _DONE[rulebook.done.value])
    yield from _list("公开内容", rulebook.publication)
    public = "一并公开" if rulebook.outcomes_public.value else "不要求公开"
    yield _cited("查处结果", rulebook.outcomes_public, public)
    correction = rulebook.correction
    steps = "，".join(f"{each.organ}{each.post}{each.label}" for each in correction.stations)
    again = "，须重新检查" if correction.reinspect_only else ""
    yield RuleLine("结果更正", f"书面申请，{steps}{again}", correction.article, correction.note)


def _meaning(each: Conclusion) -> str:
    public = f"公示用语“{each.public}”" if each.public else "不公示"
    parts = [public, "计入覆盖" if each.covers else "不计入覆盖"]
    if each.violation:
        parts.append("属违法行为")
    elif each.finding:
        parts.append("属发现问题")
    return "，".join(parts)


def _days(rulebook: Rulebook) -> Iterator[RuleLine]:
    for rule in rulebook.deadlines:
        words = rule_words(rule)
        if rule.window:
            words += "以内（对方的权利）"
        elif not rule.exact:
            words += "（条文未写日期，按此提醒）"
        yield RuleLine(rule.label, words, rule.article, rule.note)
    for report in rulebook.reports:
        found = rulebook.deadline(report.deadline) if report.deadline else None
        when = f"，{rule_words(found)}" if found is not None else ""
        yield RuleLine(f"报送 · {report.label}", f"报{report.to}{when}", report.article)


# --- small pieces -----------------------------------------------------------------------------


def _cited(label: str, cited: Cited[T], words: str) -> RuleLine:
    return RuleLine(label, words, cited.article, cited.note)


def _list(label: str, cited: Cited[tuple[str, ...]] | None) -> Iterator[RuleLine]:
    if cited is not None:
        yield RuleLine(label, "、".join(cited.value), cited.article, cited.note)


def _articles(*articles: str) -> str:
    return "、".join(dict.fromkeys(articles))


_PLACES = {DrawPlace.PLATFORM: "在平台抽取；本地抽取须写明依据", DrawPlace.LOCAL: "在本单位抽取"}
_REVIEWED = {"targets": "检查对象名录库", "inspectors": "执法人员名录库", "items": "事项清单"}
_EXPERTS = {ExpertWay.DRAWN: "随机抽取", ExpertWay.CHOSEN: "由单位选取、指定"}
_MODES = {
    DrawMode.TARGETS_AND_INSPECTORS: "对象和人员都在本级抽取",
    DrawMode.INSPECTORS_ONLY: "对象由别处确定后导入，本级只抽取人员",
    DrawMode.TARGETS_ONLY: "本级只抽取对象",
    DrawMode.NOTHING_DRAWN: "对象和人员都由别处确定，本级只导入",
}
_HEADS = {
    HeadcountWho.DIRECTORY: "人员名录库中的全部持证人员",
    HeadcountWho.ESTABLISHMENT: "在编在岗的持证人员",
    HeadcountWho.ESTABLISHMENT_AND_SECONDED: "在编在岗和下沉、借调来的持证人员",
    HeadcountWho.TYPED: "填报的数字",
}
_EXHAUSTED = {
    Exhausted.STOP: "周期内都已查到的，不再抽取",
    Exhausted.NEW_ROUND: "先抽完本轮剩下的，不足的从新一轮抽取",
}
_BELOW = {
    BelowFloor.REPORT: "须写明理由并书面报告",
    BelowFloor.REASON: "须写明理由",
    BelowFloor.REFUSE: "不可以",
}
_ABOVE = {AboveRatio.FREE: "可以", AboveRatio.REPORT: "须写明理由并书面报告"}
_REPEAT = {
    RepeatCounts.DRAWN: "已经抽到、还没有检查的不再抽取",
    RepeatCounts.INSPECTED: "检查过才算，抽到未查的可以再抽",
}
_TEAMS = {
    TeamMode.FIXED: "期间内固定的两人组",
    TeamMode.EACH: "每个检查对象随机抽取两人",
}
_LEADS = {
    LeadRule.EVERYONE: "先抽到的牵头，人人可以牵头",
    LeadRule.MARKED: "名录库中标明可牵头的人牵头",
}
_PEOPLE = {
    PeoplePolicy.NEXT_ALTERNATE: "依次递补",
    PeoplePolicy.REDRAW: "重新随机抽取",
    PeoplePolicy.APPOINTED: "指定，不再抽取",
}
_TARGETS = {
    TargetPolicy.NEXT_ALTERNATE: "依次递补",
    TargetPolicy.ASK_SUPERIOR: "不得自行更换，请示上级",
}
_DONE = {
    DoneWhen.ENTERED: "检查结果录入后",
    DoneWhen.PUBLISHED: "检查结果公示后",
    DoneWhen.RECTIFIED: "检查结果录入，发现问题的整改情况也录入后",
}


def lines_as_text(found: Iterable[RuleSection]) -> tuple[str, ...]:
    """The sections as lines for a terminal."""
    lines: list[str] = []
    for section in found:
        lines += ["", f"【{section.title}】"]
        lines += [f"  {line.label}：{line.text}" for line in section.lines]
    return tuple(lines[1:])
