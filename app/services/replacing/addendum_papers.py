"""更换审批表 of a draw, from the database: printable again at any time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from app.db import ledger
from app.db.read import substitutions, tallies
from app.db.read.substitutions import Scope, SubstitutionRow
from app.db.unit_of_work import UnitOfWork
from app.documents import addendum_form as form
from app.documents import words
from app.documents.minutes_facts import LedgerMark, Person
from app.domain import rd1
from app.domain.paper_texts import PaperKind, PaperText
from app.domain.rd1 import Substituted as Kind
from app.domain.rulebook import ApprovalRule, PeoplePolicy, TargetSubstitution
from app.models import Assignment, Substitution
from app.services.draws import papers
from app.services.draws.draw_facts import DrawFacts, unpack_facts
from app.services.draws.series import find_draw
from app.services.paperwork import paper_words
from app.services.replacing.substitution_case import Case, open_case

__all__ = ["write_form", "write_redraw_form"]

_POLICY_WORDS = {
    "next_alternate": "按抽取次序依次递补",
    "appointed": "由负责人指定",
    "redraw": "重新随机抽取",
}
_WHAT = {Kind.TARGET: "检查对象", Kind.INSPECTOR: "检查人员"}
_AFTER = 3  # places printed after the one who comes


def write_form(uow: UnitOfWork, no: str, number: int, head: ledger.Head) -> Path:
    """addendum-NN.pdf beside the text record with the same number."""
    case = open_case(uow.session.connection(), no)
    name = form_name(number)
    return papers.put(uow, no, {name: form.build(_facts(uow, case, number, head))}) / name


def form_name(number: int) -> str:
    """The form lies beside the text record with the same number."""
    return rd1.addendum_name(number).replace(".txt", ".pdf")


def write_redraw_form(uow: UnitOfWork, redraw_no: str, head: ledger.Head) -> Path:
    """substitution.pdf in the redraw's folder: approved before anybody is drawn."""
    rows = substitutions.by_redraw(uow.session.connection(), redraw_no)
    case = open_case(uow.session.connection(), rows[0].draw_no)
    data = form.build(_redraw_facts(uow, case, rows, head))
    return papers.put(uow, redraw_no, {"substitution.pdf": data}) / "substitution.pdf"


def _facts(uow: UnitOfWork, case: Case, number: int, head: ledger.Head) -> form.AddendumFacts:
    addendum = case.addenda[number - 1]
    sealed = unpack_facts(case.draw.facts)
    rulebook = case.rulebook
    people = addendum.kind is Kind.INSPECTOR
    rule = rulebook.people_substitution if people else rulebook.target_substitution
    line, further = _line(case, addendum)
    row = _row(uow, case.draw.no, number)
    return form.AddendumFacts(
        unit=sealed.unit,
        text=_words(case, sealed, row, addendum.policy.value),
        period=sealed.plan.period_words,
        draw_number=case.draw.no,
        number=number,
        what=_WHAT[addendum.kind],
        policy=_POLICY_WORDS[addendum.policy.value],
        basis=_basis(rulebook.document.title, rule.article),
        note=rule.note if not isinstance(rule, TargetSubstitution) or rule.own_choice else "",
        out=_party(case, addendum.kind, addendum.out_id),
        coming=_party(case, addendum.kind, addendum.in_id),
        for_targets=(_party(case, Kind.TARGET, addendum.for_target),)
        if addendum.for_target
        else (),
        tasks=_serials(uow, case.draw.no, number),
        reason=addendum.reason,
        approved=Person(addendum.approved.name, addendum.approved.post),
        approver_by_rule=rule.signed_by,
        steps=_steps(rule.approval, row),
        counts=_counts(case, (row,)),
        line=line,
        further=further,
        remarks=_remarks(case, addendum) if people else (),
        operator=Person(row.by),
        plan=rd1.plan_hash(case.draw.plan),
        commitment=case.draw.commitment,
        result=case.draw.result_hash,
        previous=addendum.prev,
        record=addendum.record_hash,
        ledger=LedgerMark(head.seq, head.hash),
        made_on=addendum.at,
        plan_no=case.draw.plan_no,
        rehearsal=case.draw.rehearsal,
    )


def _redraw_facts(
    uow: UnitOfWork, case: Case, rows: tuple[SubstitutionRow, ...], head: ledger.Head
) -> form.AddendumFacts:
    row, wanted = rows[0], {each.for_id for each in rows}
    sealed = unpack_facts(case.draw.facts)
    rule = case.rulebook.people_substitution
    return form.AddendumFacts(
        unit=sealed.unit,
        text=_words(case, sealed, row, "redraw"),
        period=sealed.plan.period_words,
        draw_number=row.draw_no,
        number=None,
        what=_WHAT[Kind.INSPECTOR],
        policy=_POLICY_WORDS["redraw"],
        basis=_basis(case.rulebook.document.title, rule.article),
        note=rule.note,
        out=_party(case, Kind.INSPECTOR, row.out_id),
        coming=None,
        for_targets=tuple(_party(case, Kind.TARGET, each.for_id) for each in rows),
        tasks=tuple(task.serial for task in case.tasks if task.target in wanted),
        reason=row.reason,
        approved=Person(row.approved_name, row.approved_post),
        approver_by_rule=rule.signed_by,
        steps=_steps(rule.approval, row),
        counts=_counts(case, rows),
        line=(),
        further=0,
        remarks=(),
        operator=Person(row.by),
        plan=rd1.plan_hash(case.draw.plan),
        commitment=case.draw.commitment,
        result=case.draw.result_hash,
        previous="",
        record="",
        ledger=LedgerMark(head.seq, head.hash),
        made_on=row.on,
        redraw_no=row.redraw_no,
        plan_no=case.draw.plan_no,
        rehearsal=case.draw.rehearsal,
    )


def _words(case: Case, sealed: DrawFacts, row: SubstitutionRow, policy: str) -> PaperText:
    values = {
        "单位": sealed.unit,
        "期间": sealed.plan.period_words,
        "抽取编号": case.draw.no,
        "计划编号": case.draw.plan_no,
        "更换内容": _WHAT[Kind(row.kind)],
        "更换方式": _POLICY_WORDS[policy],
        "换出": row.out_name,
        "换入": row.in_name or "由重新抽取产生",
        "更换日期": words.day(row.on),
    }
    return paper_words.printed(case.connection, PaperKind.REPLACEMENT, values)


def _steps(rule: tuple[ApprovalRule, ...], row: SubstitutionRow) -> tuple[form.FormStep, ...]:
    """The way of consent as it was recorded; older records know its last step alone."""
    wanted = {each.step: each.by for each in rule}
    if not row.steps:
        last = rule[-1]
        return (
            form.FormStep(
                step=last.step,
                by_rule=last.by,
                organ="",
                name=row.approved_name,
                post=row.approved_post,
                on=row.on,
            ),
        )
    return tuple(
        form.FormStep(
            step=step.step,
            by_rule=wanted.get(step.step, ""),
            organ=step.organ,
            name=step.name,
            post=step.post,
            on=step.on,
        )
        for step in row.steps
    )


def _counts(case: Case, rows: tuple[SubstitutionRow, ...]) -> tuple[str, ...]:
    """How often the same was replaced in the twelve months up to this record (RD1 §7)."""
    row = rows[0]
    earlier = [
        each
        for each in substitutions.register(case.connection, Scope())
        if each.id <= rows[-1].id and each.on > row.on - tallies.YEAR and not each.rehearsal
    ]
    if row.kind == Kind.TARGET.value:
        count = sum(each.out_id == row.out_id for each in earlier)
        return (f"近十二个月该检查对象第{count}次被换出",)
    told = []
    if row.policy == PeoplePolicy.REDRAW.value:
        for each in rows:
            times = len({e.redraw_no for e in earlier if e.redraw_no and e.for_id == each.for_id})
            told.append(f"近十二个月{each.for_name}第{times}次重新抽取检查人员")
    out = len({e.redraw_no or f"{e.draw_no}/{e.number}" for e in earlier if e.out_id == row.out_id})
    return (*told, f"{row.out_name}第{out}次被换出")


def _basis(title: str, article: str) -> str:
    if "未规定" in article:
        return f"《{title}》未作规定，由本单位决定"
    return f"《{title}》{article}"


def _party(case: Case, kind: Kind, ident: str) -> form.Party:
    if kind is Kind.TARGET:
        target = case.targets.get(ident)
        code = target.code if target else ""
        return form.Party(ident, case.name(kind, ident), code if code != ident else "")
    person = case.people.get(ident)
    return form.Party(
        ident, case.name(kind, ident), (person.section or person.squad) if person else ""
    )


def _line(case: Case, addendum: rd1.Addendum) -> tuple[tuple[form.LineRow, ...], int]:
    """The order as it stood when this record was made, to a few places after who came."""
    if addendum.policy is not rd1.SubstitutionPolicy.NEXT_ALTERNATE:
        return (), 0
    state = case.state(addendum.number - 1)
    places = state.line(addendum.kind, addendum.out_id, addendum.for_target)
    rows = [
        form.LineRow(
            rank,
            _party(case, addendum.kind, place.id),
            _place_words(case, addendum, place),
            chosen=place.id == addendum.in_id,
        )
        for rank, place in enumerate(places, 1)
    ]
    last = next((row.rank for row in rows if row.chosen), len(rows)) + _AFTER
    return tuple(rows[:last]), max(0, len(rows) - last)


def _place_words(case: Case, addendum: rd1.Addendum, place: rd1.Place) -> str:
    if place.id == addendum.in_id:
        return "本次递补"
    if place.bar is rd1.Bar.RECUSED:
        return "已登记回避"
    if place.bar is None:
        return "候补"
    for earlier in reversed(case.addenda[: addendum.number - 1]):
        if earlier.out_id == place.id:
            return f"记录{earlier.number:02d}换出：{earlier.reason}"
    if place.id == addendum.out_id:
        return "本次换出"
    used = next((a.number for a in case.addenda if a.in_id == place.id), 0)
    return f"记录{used:02d}已递补"


def _remarks(case: Case, addendum: rd1.Addendum) -> tuple[str, ...]:
    """Of the tasks as they are now: the new person stands where the old one did."""
    tasks = case.concerned(addendum.in_id, addendum.for_target)
    return case.remarks(addendum.in_id, addendum.in_id, tasks)


def _row(uow: UnitOfWork, no: str, number: int) -> SubstitutionRow:
    rows = substitutions.of_draw(uow.session.connection(), no)
    return next(row for row in rows if row.number == number)


def _serials(uow: UnitOfWork, no: str, number: int) -> tuple[str, ...]:
    draw = find_draw(uow, no)
    ids = uow.session.scalar(
        select(Substitution.assignment_ids).where(
            Substitution.draw_id == draw.id, Substitution.number == number
        )
    )
    return tuple(_of_tasks(uow, ids or []))


def _of_tasks(uow: UnitOfWork, ids: list[int]) -> Iterator[str]:
    for number in ids:
        task = uow.session.get(Assignment, number)
        if task is None:
            continue
        after = uow.session.get(Assignment, task.replaced_by_id) if task.replaced_by_id else None
        words = f"{task.serial}（换为{after.serial}）" if after else task.serial
        yield f"{words}（平台任务编号{task.task_no}）" if task.task_no else words
