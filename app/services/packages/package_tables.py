"""The spreadsheets of a package, as tables: directories, plan, tasks, results.

Which of them an edition may carry is decided in ``exporting``; the tables of this module that
name people or targets not yet inspected say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from app.db.read.items import name_in_result
from app.db.read.tasks import Progress, TaskRow
from app.documents.minutes_public import PublicStratum, publishable
from app.domain import inspector, item, target
from app.domain.fields import Choice, Field, FieldKind, shown, with_choices
from app.domain.inspection import Conclusion, ItemOutcome, Way
from app.domain.outgoing import ASSIGNMENT, RECTIFICATION, RESULT, record_kind
from app.domain.periods import Period
from app.domain.rulebook import Rulebook
from app.exchange.sheets import Cell
from app.exchange.writing import Column, Table, columns_of
from app.models import (
    Assignment,
    Draw,
    DrawState,
    InspectionItem,
    Inspector,
    Result,
    ResultItem,
    Target,
)
from app.services.draws.draw_facts import DrawFacts, unpack_facts
from app.services.plans.planning import PeriodPlan

__all__ = [
    "assignments_table",
    "directory_cells",
    "directory_counts",
    "draw_counts",
    "draws_table",
    "every_count",
    "inspectors_table",
    "item_outcomes_table",
    "items_table",
    "plan_table",
    "plans_table",
    "public_counts",
    "public_plan_table",
    "rectifications_table",
    "results_table",
    "targets_table",
    "told_apart",
]


# --- directories ------------------------------------------------------------------------------


def targets_table(connection: Connection, rulebook: Rulebook) -> Table:
    """检查对象名录库, all fields (sealed: it names legal representatives and telephones)."""
    fields = with_choices(target.FIELDS, {"category": _categories(rulebook)})
    rows = connection.execute(select(Target.__table__).order_by(Target.ident)).all()
    return Table(
        "检查对象名录库",
        columns_of(fields),
        directory_cells(rows, fields),
        "检查对象",
        *_keys("targets", rows),
    )


def inspectors_table(connection: Connection) -> Table:
    """执法检查人员名录库, all fields (sealed)."""
    rows = connection.execute(select(Inspector.__table__).order_by(Inspector.personal_no)).all()
    fields = inspector.FIELDS
    return Table(
        "执法检查人员名录库",
        columns_of(fields),
        directory_cells(rows, fields),
        "执法人员",
        *_keys("inspectors", rows),
    )


def items_table(connection: Connection, rulebook: Rulebook) -> Table:
    """随机抽查事项清单: those in force; public."""
    fields = with_choices(item.FIELDS, {"categories": _categories(rulebook)})
    rows = connection.execute(
        select(InspectionItem.__table__)
        .where(InspectionItem.in_force.is_(True))
        .order_by(InspectionItem.position, InspectionItem.id)
    ).all()
    return Table(
        "随机抽查事项清单",
        columns_of(fields),
        directory_cells(rows, fields),
        "抽查事项",
        *_keys("items", rows),
    )


def _keys(record: str, rows: Iterable[Any]) -> tuple[str, tuple[str, ...]]:
    return record, tuple(f"{record}:{row.id}" for row in rows)


def directory_counts(connection: Connection, rulebook: Rulebook) -> Table:
    """How many of each category and how many inspectors: all of the two directories is public."""
    found = connection.execute(
        select(Target.category, func.count(Target.id))
        .where(Target.state.not_in(["closed", "moved"]))
        .group_by(Target.category)
    ).all()
    counts: dict[str, int] = {row[0]: row[1] for row in found}
    people = connection.execute(
        select(func.count(Inspector.id)).where(Inspector.state == "on_duty")
    ).scalar_one()
    rows: list[tuple[Cell, ...]] = [
        ("检查对象", category.label, counts.get(category.code, 0))
        for category in rulebook.categories
    ]
    rows.append(("执法检查人员", "在岗", people))
    columns = (
        Column("名录库", FieldKind.TEXT, 16),
        Column("分类", FieldKind.TEXT, 20),
        Column("数量", FieldKind.NUMBER, 10),
    )
    return Table("名录库数量", columns, rows, "名录库数量")


def _categories(rulebook: Rulebook) -> tuple[Choice, ...]:
    return tuple(Choice(category.code, category.label) for category in rulebook.categories)


def directory_cells(rows: Iterable[Any], fields: Sequence[Field]) -> list[tuple[Cell, ...]]:
    """Rows of a directory (or its facts) as they leave, in the order of ``fields``."""
    return [tuple(_cell(field, getattr(row, field.name)) for field in fields) for row in rows]


def _cell(field: Field, value: Any) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, date | int) and not isinstance(value, bool):
        return value
    return shown(field, tuple(value) if isinstance(value, list) else value) or None


# --- plan and draw ----------------------------------------------------------------------------


def plan_table(plan: PeriodPlan) -> Table:
    """The quota table with its arithmetic (sealed: a small category's numbers say who)."""
    columns = (
        Column("类别", FieldKind.TEXT, 16),
        Column("基数", FieldKind.NUMBER, 8),
        Column("本周期已查", FieldKind.NUMBER, 11),
        Column("排除（原因）", FieldKind.LONG_TEXT, 30),
        Column("可抽", FieldKind.NUMBER, 8),
        Column("比例", FieldKind.TEXT, 18),
        Column("算式", FieldKind.LONG_TEXT, 50),
        Column("依据", FieldKind.TEXT, 14),
        Column("应抽", FieldKind.NUMBER, 8),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            line.label,
            line.base,
            line.covered,
            "、".join(f"{words} {count}" for words, count in line.excluded) or None,
            line.pool,
            line.ratio,
            "；".join(line.arithmetic),
            line.article,
            line.quota,
        )
        for line in plan.lines
    ]
    rows.append(("合计", None, None, None, None, None, None, None, plan.total))
    return Table(f"{plan.period_words}随机抽查计划", columns, rows, "抽查计划")


def public_plan_table(plan: PeriodPlan) -> Table:
    """What each category is asked for, and the counts that tell nobody's name."""
    rows: list[tuple[Cell, ...]] = [
        *((f"{line.label}：比例", f"{line.ratio}（{line.article}）") for line in plan.lines),
        *public_counts(plan),
    ]
    columns = (Column("项目", FieldKind.TEXT, 30), Column("内容", FieldKind.TEXT, 50))
    return Table(f"{plan.period_words}随机抽查计划", columns, rows, "抽查计划")


def plans_table(plan: PeriodPlan, plan_no: str) -> Table:
    """抽查计划 as records, one row per category (sealed)."""
    rows: list[tuple[Cell, ...]] = [
        (
            plan.period_words,
            line.label,
            line.base,
            line.pool,
            line.ratio,
            line.article,
            line.quota,
            plan_no or None,
        )
        for line in plan.lines
    ]
    keys = tuple(f"plans:{plan.period_words}/{line.category}" for line in plan.lines)
    return Table("抽查计划", _record_columns("plans"), rows, "计划", "plans", keys)


def draws_table(connection: Connection, period: str, *, public: bool) -> Table:
    """Every draw of a period, ours and those made elsewhere, with the basis of each.

    Rehearsals are none.  For everybody without the number drawn, which may tell who was, and
    without the basis, which names who signed it.
    """
    found = connection.execute(
        select(Draw.__table__, func.count(Assignment.id).label("tasks"))
        .outerjoin(Assignment, Assignment.draw_id == Draw.id)
        .where(
            Draw.period == period,
            Draw.rehearsal.is_(False),
            Draw.state.in_([DrawState.CLOSED, DrawState.VOID]),
        )
        .group_by(Draw.id)
        .order_by(Draw.closed_at, Draw.id)
    ).all()
    rows: list[tuple[Cell, ...]] = []
    for row in found:
        facts = unpack_facts(row.facts)
        held = row.closed_at or row.frozen_at
        rows.append(
            (
                row.no,
                Period.parse(row.period).in_words(),
                facts.how.label,
                "已完成" if row.state is DrawState.CLOSED else "已作废",
                held.astimezone().date(),
                None if public else row.tasks or None,
                None if public else _basis(facts),
                row.plan_hash or None,
                row.commitment,
                row.result_hash,
                row.plan_no or None,
            )
        )
    keys = tuple(f"draws:{row.id}" for row in found)
    return Table("双随机抽取情况", _record_columns("draws"), rows, "抽取", "draws", keys)


def _basis(facts: DrawFacts) -> str | None:
    return facts.draw_basis or (facts.origin.words if facts.origin else None)


def _record_columns(record: str) -> tuple[Column, ...]:
    kind = record_kind(record)
    return columns_of(kind.fields) if kind else ()


def draw_counts(
    no: str,
    period_words: str,
    state: str,
    digests: Sequence[tuple[str, str]],
    counts: Sequence[tuple[str, str]],
) -> Table:
    """That a draw was held, its numbers and digests (stage 1 of publicity).

    ``counts``: what ``every_count`` or ``public_counts`` lets out.
    """
    rows: list[tuple[Cell, ...]] = [
        ("抽取编号", no),
        ("期间", period_words),
        ("状态", state),
        *counts,
        *digests,
    ]
    columns = (Column("项目", FieldKind.TEXT, 30), Column("内容", FieldKind.CODE, 70))
    return Table("抽取情况", columns, rows, "抽取情况")


def every_count(plan: PeriodPlan) -> tuple[tuple[str, str], ...]:
    """在册 / 应抽 of each category (sealed: of a small one they say who was drawn)."""
    return tuple(
        (f"{line.label}：在册 / 应抽", f"{line.base} / {line.quota}") for line in plan.lines
    )


def public_counts(plan: PeriodPlan) -> tuple[tuple[str, str], ...]:
    """在册 / 应抽 as the public page prints them: what would tell is merged or left out."""
    strata = _public_strata(plan)
    shown = publishable(strata)
    registered = sum(line.base for line in plan.lines)
    if not shown:
        return (("合计：在册", str(registered)), ("合计：应抽", "检查后公布"))
    rows = [(f"{each.label}：在册 / 应抽", f"{each.registered} / {each.drawn}") for each in shown]
    total = ("合计：在册 / 应抽", f"{registered} / {sum(each.drawn for each in strata)}")
    return (*rows, total) if len(rows) > 1 else (total,)


def told_apart(plan: PeriodPlan) -> tuple[bool, frozenset[str]]:
    """Whether counts may be told at all, and the categories whose own counts tell nobody's name."""
    shown = publishable(_public_strata(plan))
    labels = {each.label for each in shown}
    alone = frozenset(
        line.category
        for line in plan.lines
        if labels.issuperset(_round_label(line.label, at) for at in range(len(line.strata)))
    )
    return bool(shown), alone


def _public_strata(plan: PeriodPlan) -> tuple[PublicStratum, ...]:
    return tuple(
        PublicStratum(
            label=_round_label(line.label, at),
            registered=len(each.ids) if at else line.base,
            covered=0 if at else line.covered,
            excluded=0 if at else sum(count for _, count in line.excluded),
            pool=len(each.ids),
            drawn=each.n,
            alternates=len(each.ids) - each.n,
        )
        for line in plan.lines
        for at, each in enumerate(line.strata)
    )


def _round_label(label: str, at: int) -> str:
    return f"{label}（下一轮）" if at else label


def assignments_table(tasks: Sequence[TaskRow], rulebook: Rulebook) -> Table:
    """派单 (sealed: targets and people before the inspection)."""
    rows = [
        (
            task.draw_no,
            task.serial,
            _label(rulebook, task.category),
            task.target_name,
            task.site or None,
            task.target_code or None,
            f"第 {task.team_no} 组" if task.team_no is not None else None,
            task.lead or None,
            task.second or None,
            "、".join(task.flags_in_words) or None,
            task.due_on,
            task.due_basis or None,
            task.plan_no or None,
            task.task_no or None,
        )
        for task in tasks
    ]
    return Table("检查任务派单", columns_of(ASSIGNMENT), rows, "派单", *_keys("assignments", tasks))


# --- results ----------------------------------------------------------------------------------


def results_table(connection: Connection, tasks: Sequence[TaskRow], rulebook: Rulebook) -> Table:
    """检查结果 with who inspected and who entered (sealed)."""
    names = {row.id: row.name for row in connection.execute(select(Inspector.id, Inspector.name))}
    ids = [task.result_id for task in tasks if task.result_id is not None]
    typed = {
        row.id: row
        for row in connection.execute(select(Result.__table__).where(Result.id.in_(ids)))
    }
    rows = [
        _result_row(task, typed[task.result_id], names, rulebook)
        for task in tasks
        if task.result_id is not None
    ]
    keys = tuple(f"results:{task.result_id}" for task in tasks if task.result_id is not None)
    return Table("双随机检查结果", columns_of(RESULT), rows, "检查结果", "results", keys)


def _result_row(
    task: TaskRow, typed: Any, names: dict[int, str], rulebook: Rulebook
) -> tuple[Cell, ...]:
    return (
        task.draw_no,
        task.serial,
        _label(rulebook, task.category),
        task.target_name,
        task.site or None,
        task.target_code or None,
        task.inspected_on,
        Way(typed.way).label,
        "、".join(typed.methods) or None,
        "、".join(names.get(each, "") for each in typed.inspector_ids) or None,
        task.conclusion.label if task.conclusion else None,
        typed.finding or None,
        typed.measure or None,
        typed.document_no or None,
        typed.rectify_by,
        task.rectified_on,
        typed.entered_by or None,
        typed.reviewed_by or None,
        task.progress.label,
        task.published_on,
        task.plan_no or None,
        task.task_no or None,
    )


def item_outcomes_table(connection: Connection, tasks: Sequence[TaskRow]) -> Table:
    """逐项检查情况 (sealed)."""
    serials = {task.result_id: task for task in tasks if task.result_id is not None}
    found = connection.execute(
        select(
            ResultItem.result_id,
            name_in_result(),
            ResultItem.outcome,
            ResultItem.note,
            ResultItem.measure,
        )
        .join(InspectionItem, InspectionItem.id == ResultItem.item_id)
        .where(ResultItem.result_id.in_(list(serials)))
        .order_by(ResultItem.result_id, ResultItem.position)
    )
    rows: list[tuple[Cell, ...]] = [
        (
            serials[row.result_id].draw_no,
            serials[row.result_id].serial,
            row.name,
            ItemOutcome(row.outcome).label if row.outcome else None,
            row.note or None,
            row.measure or None,
        )
        for row in found
    ]
    columns = (
        Column("抽取编号", FieldKind.CODE, 20),
        Column("抽取序号", FieldKind.CODE, 12),
        Column("抽查事项", FieldKind.TEXT, 36),
        Column("情况", FieldKind.TEXT, 10),
        Column("说明", FieldKind.LONG_TEXT, 50),
        Column("处理措施", FieldKind.LONG_TEXT, 30),
    )
    return Table("逐项检查情况", columns, rows, "逐项")


def rectifications_table(
    connection: Connection, tasks: Sequence[TaskRow], rulebook: Rulebook
) -> Table:
    """整改: every result that ordered something, how far it is (sealed)."""
    ordered = [
        task
        for task in tasks
        if task.progress is Progress.LOCKED and task.conclusion is Conclusion.ORDERED
    ]
    ids = [task.result_id for task in ordered]
    typed = {
        row.id: row
        for row in connection.execute(select(Result.__table__).where(Result.id.in_(ids)))
    }
    rows: list[tuple[Cell, ...]] = [
        (
            task.draw_no,
            task.serial,
            _label(rulebook, task.category),
            task.target_name,
            task.site or None,
            task.target_code or None,
            typed[task.result_id].finding or None,
            typed[task.result_id].measure or None,
            typed[task.result_id].document_no or None,
            task.rectify_by,
            "已完成" if task.rectified_on else "整改中",
            task.rectified_on,
            task.plan_no or None,
            task.task_no or None,
        )
        for task in ordered
    ]
    keys = tuple(f"results:{task.result_id}" for task in ordered)
    columns = columns_of(RECTIFICATION)
    return Table("责令整改情况", columns, rows, "整改", "rectifications", keys)


def _label(rulebook: Rulebook, code: str) -> str:
    return next((each.label for each in rulebook.categories if each.code == code), code)
