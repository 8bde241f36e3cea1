"""What the regulation allows when a person or a target cannot stay, and who comes next.

Nothing here writes: `substituting` makes the record, `redrawing` the new draw, `handing_over`
all tasks of a person at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from sqlalchemy import Connection

from app.db.read import pool, substitutions
from app.db.read.substitutions import OpenTask
from app.domain import rd1
from app.domain.inspection import Conclusion, ResultState
from app.domain.rd1 import Substituted as Kind
from app.domain.rulebook import (
    ApprovalRule,
    PeoplePolicy,
    PeopleSubstitution,
    TargetPolicy,
    TargetSubstitution,
)
from app.errors import UserError
from app.services.replacing.substitution_case import Case, Unfit, open_case

__all__ = [
    "POLICY_WORDS",
    "Found",
    "Leaving",
    "LinePlace",
    "Party",
    "Reason",
    "SubstitutionOffer",
    "SubstitutionQuery",
    "kind_of",
    "preview",
    "preview_task",
    "reasons_of",
    "rule_of",
    "tasks_in_question",
]

POLICY_WORDS = {
    "next_alternate": "按抽取次序依次递补",
    "appointed": "由负责人指定",
    "redraw": "重新随机抽取",
    "ask_superior": "不得自行更换，请示上级",
}


# --- questions and answers --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionQuery:
    """Who would leave: a target's ident or a person's number.

    ``for_target``: an inspector is replaced for that target only; obligatory where every target
    has a pair of its own.  ``on``: the day on which fitness is looked at.
    """

    draw_no: str
    kind: Kind
    out: str
    on: date
    for_target: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody or something by the number in the records, with the name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason the regulation knows; ``own_words``: the officer has to say more."""

    code: str
    words: str
    own_words: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a locked result says already: the reason's code, the circumstances in words."""

    reason_code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class LinePlace:
    """One place of the order of succession; ``note`` says why it is passed over, "" if free."""

    party: Party
    note: str
    strikes: bool = False  # free in the records, but cannot come that day: struck by a record


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionOffer:
    """What the regulation allows for one question.

    ``policy``: next_alternate, appointed, redraw or ask_superior.  ``coming`` None: nobody by
    the order, or somebody of ``choices`` has to be appointed or drawn.  ``impossible``: why
    nothing can be done now and what would help, "" if it can.  ``tasks``: serials that change.
    ``approval``: the steps of consent, the last one signs.  ``found``: what the form begins with.
    """

    draw_no: str
    kind: Kind
    policy: str
    policy_words: str
    article: str
    note: str
    own_choice: bool
    approval: tuple[ApprovalRule, ...]
    reasons: tuple[Reason, ...]
    out: Party
    for_target: Party | None
    line: tuple[LinePlace, ...]
    coming: Party | None
    choices: tuple[Party, ...]
    remarks: tuple[str, ...]
    tasks: tuple[str, ...]
    task_ids: tuple[int, ...]
    impossible: str
    found: Found = Found()


def kind_of(connection: Connection, ident: str) -> Kind:
    """Whether an id is a target's or an inspector's; UserError if neither or both know it."""
    target = ident in pool.target_names(connection)
    person = ident in pool.inspector_names(connection)
    if target == person:
        words = "既是检查对象又是人员编号" if target else "不是检查对象编号，也不是人员编号"
        raise UserError(f"“{ident}”{words}。", "请核对编号，并写明 --kind target 或 inspector。")
    return Kind.TARGET if target else Kind.INSPECTOR


class Leaving(Enum):
    """What of a task is to be replaced."""

    TARGET = "检查对象"
    LEAD = "牵头人"
    SECOND = "组员"


def preview_task(
    connection: Connection, assignment_id: int, leaving: Leaving, on: date
) -> SubstitutionOffer:
    """The offer for a task of the list; a member of a fixed team is replaced in all its tasks.

    Errors: UserError as in ``preview``, and if nobody is in that place.
    """
    found = substitutions.task_of(connection, assignment_id)
    if found is None:
        raise UserError("这项任务已不在派单里。", "请刷新列表后再试。")
    no, task = found
    if leaving is Leaving.TARGET:
        return preview(
            connection,
            SubstitutionQuery(draw_no=no, kind=Kind.TARGET, out=task.target, on=on),
        )
    person = task.lead if leaving is Leaving.LEAD else task.second
    if not person:
        raise UserError(f"{task.serial} 没有{leaving.value}可以更换。")
    return preview(
        connection,
        SubstitutionQuery(
            draw_no=no,
            kind=Kind.INSPECTOR,
            out=person,
            for_target=None if task.team_no is not None else task.target,
            on=on,
        ),
    )


# --- the offer --------------------------------------------------------------------------------


def preview(connection: Connection, query: SubstitutionQuery) -> SubstitutionOffer:
    """What can be done about it; changes nothing.

    Errors: UserError if the draw is open, void or unknown, or ``out`` is not in it.
    """
    if query.kind is Kind.INSPECTOR:
        query = replace(query, draw_no=substitutions.sender(connection, query.draw_no, query.out))
    case = open_case(connection, query.draw_no)
    rule = rule_of(case, query.kind)
    tasks = tasks_in_question(case, query)
    unfit = case.unfit(query.kind, query.out, query.for_target, query.on)
    by_order = rule.policy.value == PeoplePolicy.NEXT_ALTERNATE.value
    steps, coming = (
        case.walk(query.kind, query.out, query.for_target, unfit) if by_order else ((), None)
    )
    open_choice = rule.policy in (PeoplePolicy.APPOINTED, PeoplePolicy.REDRAW)
    choices = _choices(case, query, unfit) if open_choice else ()
    line = _line(case, query, unfit, steps) if by_order else ()
    people = query.kind is Kind.INSPECTOR
    return SubstitutionOffer(
        draw_no=query.draw_no,
        kind=query.kind,
        policy=rule.policy.value,
        policy_words=POLICY_WORDS[rule.policy.value],
        article=case.rulebook.cite(rule.article),
        note=rule.note,
        own_choice=isinstance(rule, TargetSubstitution) and rule.own_choice,
        approval=rule.approval,
        reasons=reasons_of(rule),
        out=Party(query.out, case.name(query.kind, query.out)),
        for_target=_target(case, query.for_target),
        line=line,
        coming=Party(coming, case.name(query.kind, coming)) if coming else None,
        choices=choices,
        remarks=case.remarks(query.out, coming, tasks) if people and coming else (),
        tasks=tuple(task.serial for task in tasks),
        task_ids=tuple(task.id for task in tasks),
        impossible=_impossible(case, rule, line, coming, choices),
        found=_found(rule, tasks),
    )


def rule_of(case: Case, kind: Kind) -> PeopleSubstitution | TargetSubstitution:
    """What the regulation says about replacing a person or a target."""
    rulebook = case.rulebook
    return rulebook.target_substitution if kind is Kind.TARGET else rulebook.people_substitution


def reasons_of(rule: PeopleSubstitution | TargetSubstitution) -> tuple[Reason, ...]:
    """The regulation's reasons; codes count them in its order: r1, r2, …"""
    return tuple(
        Reason(f"r{at}", words, "说明" in words) for at, words in enumerate(rule.reasons, 1)
    )


def _found(rule: PeopleSubstitution | TargetSubstitution, tasks: Sequence[OpenTask]) -> Found:
    """A target that the locked result says is closed or gone: nobody writes that a second time."""
    if not isinstance(rule, TargetSubstitution) or not tasks[0].fruitless:
        return Found()
    (task,) = tasks
    said = Conclusion(task.conclusion).label
    wanted = rule.gone or said
    code = next((each.code for each in reasons_of(rule) if each.words == wanted), "")
    parts = (f"{task.inspected_on} 现场检查{said}", " ".join(task.finding.split()))
    return Found(code, "，".join(part for part in parts if part))


def _target(case: Case, ident: str | None) -> Party | None:
    return Party(ident, case.name(Kind.TARGET, ident)) if ident else None


def tasks_in_question(case: Case, query: SubstitutionQuery) -> tuple[OpenTask, ...]:
    """The tasks that change; UserError if there is none, or they are too far."""
    if query.kind is Kind.TARGET:
        return (_target_task(case, query.out),)
    return _person_tasks(case, query)


def _target_task(case: Case, ident: str) -> OpenTask:
    task = next((task for task in case.tasks if task.target == ident), None)
    if task is None:
        raise UserError(
            f"检查对象 {ident} 不在抽取 {case.draw.no} 的派单里。", "请核对编号；已更换的不再更换。"
        )
    # Found closed or gone, and locked so: the result stays, the next alternate comes (NC 15).
    if task.state in (ResultState.SUBMITTED, ResultState.LOCKED) and not task.fruitless:
        words = "已锁定" if task.state is ResultState.LOCKED else "已提交复核"
        raise UserError(f"{task.serial} 的检查结果{words}，不能再更换检查对象。")
    return task


def _person_tasks(case: Case, query: SubstitutionQuery) -> tuple[OpenTask, ...]:
    number, at = query.out, query.for_target
    theirs = [t for t in case.tasks if number in t.people and at in (None, t.target)]
    name = case.name(Kind.INSPECTOR, number)
    if not theirs:
        where = f" {at} 的" if at else ""
        raise UserError(
            f"执法人员“{name}”当前不在抽取 {case.draw.no}{where}派单里。", "请核对人员编号。"
        )
    if at is None and any(task.team_no is None for task in theirs):
        listed = "、".join(task.target for task in theirs[:5])
        raise UserError(
            "每个检查对象单独组对，更换人员须逐家办理。", f"请写明对哪一家更换，例如 {listed}。"
        )
    tasks = case.concerned(number, at)
    if not tasks:
        raise UserError(f"“{name}”的任务都已检查，不能再更换。", "结果由实际检查的人员负责。")
    return tasks


def _line(
    case: Case,
    query: SubstitutionQuery,
    unfit: Mapping[str, Unfit],
    steps: Sequence[tuple[str, str]],
) -> tuple[LinePlace, ...]:
    struck = {coming for _out, coming in steps}
    places = []
    for place in case.state().line(query.kind, query.out, query.for_target):
        party = Party(place.id, case.name(query.kind, place.id))
        bad = unfit.get(place.id)
        if place.bar is not None:
            places.append(LinePlace(party, _bar_words(case, place.id, place.bar)))
        elif bad is not None:
            places.append(LinePlace(party, bad.words, strikes=place.id in struck))
        else:
            places.append(LinePlace(party, ""))
    return tuple(places)


def _bar_words(case: Case, ident: str, bar: rd1.Bar) -> str:
    if bar is rd1.Bar.RECUSED:
        return "已登记回避"
    for addendum in reversed(case.addenda):
        if addendum.out_id == ident:
            return f"补充记录{addendum.number}换出：{addendum.reason}"
    used = next((a.number for a in case.addenda if a.in_id == ident), 0)
    return f"补充记录{used}已递补"


def _choices(case: Case, query: SubstitutionQuery, unfit: Mapping[str, Unfit]) -> tuple[Party, ...]:
    """Everybody fit who is not already in: an appointment has no order."""
    tasks = case.concerned(query.out, query.for_target)
    serving = {person for task in tasks for person in task.people}
    away = {r.inspector for r in case.plan.recusals if r.target in {t.target for t in tasks}}
    return tuple(
        Party(number, row.name)
        for number, row in sorted(case.people.items())
        if number not in unfit and number not in serving and number not in away
    )


def _impossible(
    case: Case,
    rule: PeopleSubstitution | TargetSubstitution,
    line: Sequence[LinePlace],
    coming: str | None,
    choices: Sequence[Party],
) -> str:
    if rule.policy is TargetPolicy.ASK_SUPERIOR:
        article = case.rulebook.cite(rule.article)
        return f"{article}：检查对象一经确定不得自行更换。请书面请示上级，按答复办理。"
    if rule.policy in (PeoplePolicy.APPOINTED, PeoplePolicy.REDRAW):
        way = "指定" if rule.policy is PeoplePolicy.APPOINTED else "重新抽取"
        return "" if choices else f"没有其他合格人员可以{way}。请先补办执法证、销假或调回人员。"
    return "" if coming else _used_up(rule, line)


def _used_up(rule: PeopleSubstitution | TargetSubstitution, line: Sequence[LinePlace]) -> str:
    away = "；".join(f"{p.party.name}：{p.note}" for p in line[:6]) or "抽取时没有排出递补"
    if isinstance(rule, TargetSubstitution):
        return f"本类没有可用的递补对象（{away}）。请如实登记未能检查的情况，差额在下次抽取时补足。"
    return (
        f"没有可用的替补人员（{away}）。"
        "请先销假、补办执法证或调整岗位，再办理更换；确实无人的，报批准人决定延期检查。"
    )
