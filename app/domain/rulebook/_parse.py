"""From a rulebook's TOML text to the typed model.

One small reader per table; the shape of the file is documented by the readers.
"""

from __future__ import annotations

import re
import tomllib

from app.domain.correction import DEFAULT_RULES, CorrectionRules, Station
from app.domain.inspection import Conclusion as Known
from app.domain.inspector import Employment
from app.domain.periods import Span
from app.domain.rule_facts import InspectionKind
from app.domain.rulebook._model import (
    EXPERTS_UNSAID,
    PLAN_APPROVAL,
    AboveRatio,
    ApprovalRule,
    BelowFloor,
    Category,
    CheckWay,
    Cited,
    Conclusion,
    CopyOf,
    Cycle,
    DayUnit,
    DeadlineRule,
    Direction,
    DirectoryReview,
    Document,
    DoneWhen,
    DrawMode,
    DrawPlace,
    DrawWay,
    Duty,
    Event,
    Exhausted,
    ExpertWay,
    FixedNumber,
    Headcount,
    HeadcountWho,
    InspectorRules,
    JointRules,
    LeadRule,
    Level,
    Library,
    Measure,
    PeoplePolicy,
    PeopleSubstitution,
    QuotaRule,
    RepeatCounts,
    RepeatRule,
    Report,
    Rulebook,
    RulebookError,
    Share,
    Sign,
    SignFact,
    StaffRatio,
    SuperiorClean,
    TargetPolicy,
    TargetSubstitution,
    TeamMode,
    TeamRules,
    WitnessRules,
    YearlyCap,
)
from app.domain.rulebook._toml import Table
from app.domain.target import FIELDS as TARGET_FIELDS

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LEVEL_CODE = re.compile(r"[a-z]{1,16}")
# No digit at the end: a number is put after it when one draw spans two rounds.
_CATEGORY_CODE = re.compile(r"[0-9A-Z]{0,13}[A-Z]")
_REASON_CODE = re.compile(r"[0-9a-z_]{1,32}")
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CHOICES = {field.name: field.choices for field in TARGET_FIELDS}
_DIRECTORIES = ("targets", "inspectors", "items")
_MEASURES = ("share", "staff", "number")


def parse(text: str) -> Rulebook:
    """Read a rulebook.  Raises ``RulebookError`` naming the key that is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"细则文件不是有效的 TOML：{error}。", "请检查引号和括号。") from None
    root = Table(data)
    rulebook = _rulebook(root)
    root.done()
    return rulebook


def _rulebook(root: Table) -> Rulebook:
    levels = root.each("levels", _level)
    if not levels:
        raise root.fail("levels", "至少要有一个")
    _unique(root, "levels", [level.code for level in levels])
    categories = root.each("categories", lambda table: _category(table, levels))
    if not categories:
        raise root.fail("categories", "至少要有一个")
    _unique(root, "categories", [category.code for category in categories])
    codes = {category.code for category in categories}
    for category in categories:
        for sign in category.signs:
            if sign.relieves and sign.relieves not in codes:
                raise root.fail("categories", f"的 relieves“{sign.relieves}”不是已列的分类")
    deadlines = root.each("deadlines", _deadline)
    _unique(root, "deadlines", [rule.code for rule in deadlines])
    codes = {category.code for category in categories}
    with root.table("document") as document:
        regulation = _document(document)
    with root.table("inspectors") as inspectors:
        people = _inspectors(inspectors)
    with root.table("team") as team:
        teams = _team(team)
    with root.table("repeat") as repeat:
        repeated = _repeat(repeat)
    with root.table("witnesses") as witnesses:
        watched = _witnesses(witnesses)
    with root.table("substitution") as substitution:
        with substitution.table("people") as table:
            for_people = _people_substitution(table)
        with substitution.table("targets") as table:
            for_targets = _target_substitution(table)
    return Rulebook(
        id=_code(root, "id", _ID),
        version=root.text("version"),
        document=regulation,
        platform=root.optional("platform", _cited_text),
        draw_place=root.cited("draw_place", lambda table: table.choice("value", DrawPlace)),
        draw_months_ahead=root.cited(
            "draw_months_ahead", lambda table: table.integer("value", 0, 3)
        ),
        directed=root.cited("directed", lambda table: table.flag("value")),
        levels=levels,
        categories=categories,
        repeat=repeated,
        superior_clean=root.optional("superior_clean", lambda table: _superior(table, codes)),
        yearly_cap=root.optional("yearly_cap", _yearly_cap),
        inspectors=people,
        team=teams,
        people_substitution=for_people,
        target_substitution=for_targets,
        joint=root.optional("joint", _joint),
        witnesses=watched,
        target_fields=root.optional("target_fields", _cited_texts),
        item_fields=root.optional("item_fields", _cited_texts),
        outside_draw=root.optional("outside_draw", _cited_texts),
        check_methods=root.cited("check_methods", _words),
        check_ways=root.each("check_ways", _check_way),
        signatures=root.optional("signatures", _cited_texts),
        conclusions=_conclusions(root),
        done=root.cited("done", lambda table: table.choice("value", DoneWhen)),
        publication=root.cited("publication", _words),
        outcomes_public=root.cited("outcomes_public", lambda table: table.flag("value")),
        deadlines=deadlines,
        reports=_reports(root, {rule.code for rule in deadlines}),
        libraries=root.each("libraries", _library),
        duties=_duties(root),
        experts=_experts(root),
        copy_of=root.optional("copy_of", _copy_of),
        directory_reviews=root.each("directory_reviews", _directory_review),
        correction=root.optional("correction", _correction) or DEFAULT_RULES,
    )


# ---- small helpers ------------------------------------------------------------


def _code(table: Table, key: str, pattern: re.Pattern[str]) -> str:
    value = table.text(key)
    if pattern.fullmatch(value) is None:
        raise table.fail(key, f"的写法“{value}”不对")
    return value


def _unique(table: Table, key: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise table.fail(key, f"中“{code}”出现两次")


def _words(table: Table) -> tuple[str, ...]:
    return table.texts("value")


def _cited_text(table: Table) -> Cited[str]:
    return Cited(table.text("value"), table.article(), table.note())


def _cited_texts(table: Table) -> Cited[tuple[str, ...]]:
    return Cited(_words(table), table.article(), table.note())


# ---- what the regulation is -----------------------------------------------------


def _document(table: Table) -> Document:
    document = Document(
        title=table.text("title"),
        issuer=table.text("issuer"),
        number=table.text("number", ""),
        issued=table.optional_day("issued"),
        valid_from=table.optional_day("valid_from"),
        valid_to=table.optional_day("valid_to"),
        region=table.text("region"),
        based_on=table.texts("based_on", ()),
    )
    if document.valid_from and document.valid_to and document.valid_to < document.valid_from:
        raise table.fail("valid_to", "早于 valid_from")
    return document


def _copy_of(table: Table) -> CopyOf:
    return CopyOf(
        id=_code(table, "id", _ID),
        reason=table.text("reason"),
        report=table.text("report", ""),
    )


def _level(table: Table) -> Level:
    draws = table.each("draws", _draw_way)
    if not draws:
        raise table.fail("draws", "至少要有一个")
    return Level(
        code=_code(table, "code", _LEVEL_CODE),
        label=table.text("label"),
        article=table.article(),
        binding=table.cited("binding", lambda inner: inner.flag("value")),
        draws=draws,
        headcount=table.optional("headcount", _headcount),
    )


def _draw_way(table: Table) -> DrawWay:
    return DrawWay(
        mode=table.choice("mode", DrawMode),
        label=table.text("label"),
        article=table.article(),
        joint=table.has("joint") and table.flag("joint"),
    )


def _headcount(table: Table) -> Headcount:
    return Headcount(
        who=table.choice("who", HeadcountWho),
        as_of=_as_of(table),
        label=table.text("label"),
        article=table.article(),
    )


def _as_of(table: Table) -> str:
    value = table.text("as_of")
    if value != PLAN_APPROVAL:
        _month_day(table, "as_of")
    return value


# ---- how many -----------------------------------------------------------------


def _category(table: Table, levels: tuple[Level, ...]) -> Category:
    known = {level.code: level for level in levels}
    quotas = []
    with table.table("quota") as by_level:
        for code in by_level.keys():  # noqa: SIM118 - not a mapping: asking marks the keys as read
            if code not in known:
                raise by_level.fail(code, "不是已列的层级")
            with by_level.table(code) as inner:
                rule = _quota(inner)
                if isinstance(rule.measure, StaffRatio) and known[code].headcount is None:
                    raise inner.fail("staff", "按人数比例，但该层级没有写明人数口径（headcount）")
                quotas.append((code, rule))
    return Category(
        code=_code(table, "code", _CATEGORY_CODE),
        short=table.text("short", table.text("label")),
        label=table.text("label"),
        criteria=table.texts("criteria"),
        precedence=table.integer("precedence", 0, 99),
        article=table.article(),
        quotas=tuple(quotas),
        signs=table.each("signs", _sign),
    )


def _sign(table: Table) -> Sign:
    fact = table.choice("fact", SignFact)
    any_of = table.texts("any", ())
    if fact is not SignFact.VIOLATION:
        known = [choice.value for choice in _CHOICES[fact.value]]
        for value in any_of or ("",):
            if value not in known:
                raise table.fail("any", f"的值“{value}”不认识，可用：{'、'.join(known)}")
    return Sign(
        words=table.text("words"),
        fact=fact,
        any=any_of,
        months=table.integer("months", 1, 120, 24),
        clean=table.flag("clean", False),
        relieves=table.text("relieves", ""),
        article=table.article(),
        note=table.note(),
    )


def _directory_review(table: Table) -> DirectoryReview:
    directory = table.text("directory")
    if directory not in _DIRECTORIES:
        raise table.fail("directory", f"应是 {'、'.join(_DIRECTORIES)} 之一")
    return DirectoryReview(
        directory=directory,
        organ=table.text("organ"),
        article=table.article(),
        note=table.note(),
    )


def _quota(table: Table) -> QuotaRule:
    given = [key for key in _MEASURES if table.has(key)]
    if len(given) > 1:
        raise table.fail(given[1], f"与“{given[0]}”只能写一种")
    with table.table("cycle") as inner:
        cycle = _cycle(inner)
    if not given and not cycle.everyone:
        raise table.fail("share", "缺失：没有比例、人数比或数量时，周期内须全覆盖")
    return QuotaRule(
        measure=_measure(table, given[0]) if given else None,
        cycle=cycle,
        exhausted=table.cited("exhausted", lambda inner: inner.choice("value", Exhausted)),
        below_floor=table.cited("below_floor", lambda inner: inner.choice("value", BelowFloor)),
        above=table.cited("above", lambda inner: inner.choice("value", AboveRatio)),
    )


def _measure(table: Table, key: str) -> Measure:
    with table.table(key) as inner:
        per = inner.choice("per", Span)
        article, note = inner.article(), inner.note()
        if key == "number":
            number = inner.integer("count", 0, 999_999)
            return FixedNumber(number=number, per=per, article=article, note=note)
        if key == "staff":
            inspectors, targets = inner.proportion("ratio")
            return StaffRatio(
                inspectors=inspectors, targets=targets, per=per, article=article, note=note
            )
        ratio = inner.fraction("ratio")
        floor = inner.fraction("floor") if inner.has("floor") else ratio
        if floor > ratio:
            raise inner.fail("floor", "不能高于 ratio")
        return Share(ratio=ratio, per=per, floor=floor, article=article, note=note)


def _cycle(table: Table) -> Cycle:
    start = table.day("start")
    if start.day != 1:
        raise table.fail("start", "应是某月 1 日")
    return Cycle(
        months=table.integer("months", 1, 120),
        start=start,
        everyone=table.flag("everyone"),
        article=table.article(),
        note=table.note(),
    )


def _repeat(table: Table) -> RepeatRule:
    return RepeatRule(
        counts=table.choice("counts", RepeatCounts), article=table.article(), note=table.note()
    )


def _superior(table: Table, codes: set[str]) -> SuperiorClean:
    categories = table.texts("categories")
    for code in categories:
        if code not in codes:
            raise table.fail("categories", f"中的“{code}”不是已列的分类")
    return SuperiorClean(categories=categories, article=table.article(), note=table.note())


def _yearly_cap(table: Table) -> YearlyCap:
    return YearlyCap(
        limit=table.integer("limit", 1, 99),
        counts=table.choices("counts", InspectionKind),
        lifted_by_violation=table.flag("lifted_by_violation"),
        article=table.article(),
        note=table.note(),
    )


# ---- who ----------------------------------------------------------------------


def _inspectors(table: Table) -> InspectorRules:
    return InspectorRules(
        employment=table.cited("employment", lambda inner: inner.choices("value", Employment)),
        must_be_listed=table.optional("must_be_listed", _cited_text),
        fields=table.optional("fields", _cited_texts),
    )


def _team(table: Table) -> TeamRules:
    return TeamRules(
        mode=table.cited("mode", lambda inner: inner.choice("value", TeamMode)),
        # RD1 forms teams of two; a larger legal minimum would need another format.
        size=table.cited("size", lambda inner: inner.integer("value", 2, 2)),
        lead=table.cited("lead", lambda inner: inner.choice("value", LeadRule)),
        mixdept=table.cited("mixdept", lambda inner: inner.flag("value")),
        speciality_per_item=table.optional(
            "speciality_per_item",
            lambda inner: Cited(inner.flag("value"), inner.article(), inner.note()),
        ),
    )


def _people_substitution(table: Table) -> PeopleSubstitution:
    signed_by = table.text("signed_by")
    return PeopleSubstitution(
        policy=table.choice("policy", PeoplePolicy),
        reasons=table.texts("reasons"),
        signed_by=signed_by,
        approval=_approval(table, signed_by),
        article=table.article(),
        note=table.note(),
    )


def _target_substitution(table: Table) -> TargetSubstitution:
    signed_by = table.text("signed_by", "本单位负责人")
    reasons, gone = table.texts("reasons"), table.text("gone", "")
    if gone and gone not in reasons:
        raise table.fail("gone", f"“{gone}”不是 reasons 中的一项")
    return TargetSubstitution(
        policy=table.choice("policy", TargetPolicy),
        reasons=reasons,
        gone=gone,
        own_choice=table.flag("own_choice"),
        signed_by=signed_by,
        approval=_approval(table, signed_by),
        article=table.article(),
        note=table.note(),
    )


def _approval(table: Table, signed_by: str) -> tuple[ApprovalRule, ...]:
    """Steps before the signature, as the file names them; left out: an application."""
    before = table.each("approval", lambda row: ApprovalRule(row.text("step"), row.text("by")))
    return (
        *(before or (ApprovalRule("申请", "检查组或经办科室"),)),
        ApprovalRule("批准", signed_by),
    )


def _joint(table: Table) -> JointRules:
    return JointRules(
        own_directories=table.flag("own_directories"),
        minimum_per_item=table.integer("minimum_per_item", 0, 9),
        lead_rules_bind=table.flag("lead_rules_bind"),
        article=table.article(),
        note=table.note(),
    )


def _witnesses(table: Table) -> WitnessRules:
    return WitnessRules(
        minimum=table.integer("minimum", 2, 9),
        roles=table.texts("roles"),
        article=table.article(),
    )


# ---- days and results -----------------------------------------------------------


def _deadline(table: Table) -> DeadlineRule:
    event = table.choice("event", Event)
    unit = table.choice("unit", DayUnit, DayUnit.CALENDAR)
    if table.flag("explained", False) and unit is DayUnit.WORKING:
        raise table.fail("explained", "只用于按日或按月计算的期限")
    return DeadlineRule(
        code=_code(table, "code", _REASON_CODE),
        label=table.text("label"),
        event=event,
        days=table.integer("days", 0, 400, 0),
        unit=unit,
        direction=table.choice("direction", Direction, Direction.AFTER),
        month_day=_month_day(table) if event is Event.YEAR_DATE else None,
        overdue_event=table.choice("overdue_event", Event) if table.has("overdue_event") else None,
        window=table.flag("window", False),
        exact=table.flag("exact", True),
        article=table.article(),
        note=table.note(),
        explained=table.flag("explained", False),
    )


def _month_day(table: Table, key: str = "on") -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", table.text(key))
    if match:
        month, day = int(match[1]), int(match[2])
        # 29 February would be missing in most years.
        if 1 <= month <= 12 and 1 <= day <= _DAYS_OF_MONTH[month - 1] and (month, day) != (2, 29):
            return month, day
    raise table.fail(key, "应写成“12-15”的样子，且每年都有这一天")


def _conclusions(root: Table) -> tuple[Conclusion, ...]:
    """The program's seven conclusions; those the file leaves out as anybody would take them."""
    given = root.each("conclusions", _conclusion)
    _unique(root, "conclusions", [item.code for item in given])
    codes = [item.value for item in Known]
    strange = next((item.code for item in given if item.code not in codes), None)
    if strange is not None:
        raise root.fail("conclusions", f"中的“{strange}”不认识，可用：{'、'.join(codes)}")
    by_code = {item.code: item for item in given}
    return tuple(by_code.get(each.value) or _usual(each) for each in Known)


def _usual(known: Known) -> Conclusion:
    return Conclusion(
        code=known.value,
        label=known.label,
        public=known.label if known.inspected else "",
        covers=known.inspected,
        finding=known.violation,
        violation=known is Known.CASE,
        article="条文未规定",
    )


def _conclusion(table: Table) -> Conclusion:
    return Conclusion(
        code=_code(table, "code", _REASON_CODE),
        label=table.text("label"),
        public=table.text("public", ""),
        covers=table.flag("covers"),
        finding=table.flag("finding"),
        violation=table.flag("violation"),
        article=table.article(),
    )


def _check_way(table: Table) -> CheckWay:
    return CheckWay(
        code=_code(table, "code", _REASON_CODE),
        label=table.text("label"),
        criteria=table.text("criteria"),
        article=table.article(),
    )


def _reports(root: Table, deadlines: set[str]) -> tuple[Report, ...]:
    reports = root.each("reports", _report)
    _unique(root, "reports", [report.code for report in reports])
    for report in reports:
        if report.deadline and report.deadline not in deadlines:
            raise root.fail("reports", f"提到的期限“{report.deadline}”没有写在 deadlines 中")
    return reports


def _report(table: Table) -> Report:
    return Report(
        code=_code(table, "code", _REASON_CODE),
        label=table.text("label"),
        to=table.text("to"),
        deadline=table.text("deadline", ""),
        article=table.article(),
    )


def _library(table: Table) -> Library:
    return Library(
        code=_code(table, "code", _REASON_CODE),
        label=table.text("label"),
        kept_by=table.text("kept_by"),
        import_only=table.flag("import_only"),
        article=table.article(),
    )


def _duties(root: Table) -> tuple[Duty, ...]:
    duties = root.each("duties", _duty)
    _unique(root, "duties", [duty.code for duty in duties])
    return duties


def _duty(table: Table) -> Duty:
    return Duty(
        code=_code(table, "code", _REASON_CODE),
        label=table.text("label"),
        text=table.text("text"),
        article=table.article(),
    )


def _correction(table: Table) -> CorrectionRules:
    stations = table.each("stations", _station)
    if not stations:
        raise table.fail("stations", "至少要有一个")
    _unique(table, "stations", [station.code for station in stations])
    return CorrectionRules(
        stations=stations,
        reinspect_only=table.flag("reinspect_only"),
        article=table.article(),
        note=table.note(),
    )


def _station(table: Table) -> Station:
    return Station(
        code=_code(table, "code", _REASON_CODE),
        label=table.text("label"),
        organ=table.text("organ"),
        post=table.text("post"),
    )


def _experts(root: Table) -> Cited[tuple[ExpertWay, ...]]:
    """Drawn, chosen or both; both where the text says nothing."""
    if not root.has("experts"):
        return EXPERTS_UNSAID
    found = root.cited("experts", lambda table: table.choices("value", ExpertWay))
    if not found.value:
        raise root.fail("experts", "至少要有一种：drawn、chosen")
    return found
