"""更换一览表 and the counts beside it, from the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.db.read import substitutions, tallies
from app.db.read.substitutions import Scope, SubstitutionRow
from app.db.unit_of_work import UnitOfWork
from app.domain.fitness import SHORT_WORDS
from app.domain.periods import Period
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.services.draws import completing
from app.services.replacing import addendum_papers
from app.services.workspace import read_unit

__all__ = ["PrintForm", "print_form", "print_register"]

_WAYS = {"next_alternate": "依次递补", "appointed": "指定", "redraw": "重新抽取"}
_MOST_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class PrintForm:
    """更换审批表 of one substitution, again; its row id."""

    id: int


def print_form(uow: UnitOfWork, command: PrintForm) -> Path:
    """The form of any substitution as it was first printed; UserError if there is none."""
    connection = uow.session.connection()
    found = (row for row in substitutions.register(connection, Scope()) if row.id == command.id)
    row = next(found, None)
    if row is None:
        raise UserError("没有这条更换记录。", "请刷新列表后再试。")
    stories = completing.story_of_draws(connection)
    if row.number is None:
        head = stories[row.redraw_no].heads["substitution.pdf"]
        return addendum_papers.write_redraw_form(uow, row.redraw_no, head)
    head = stories[row.draw_no].heads[addendum_papers.form_name(row.number)]
    return addendum_papers.write_form(uow, row.draw_no, row.number, head)


def print_register(uow: UnitOfWork, command: Scope) -> Path:
    """Write the sheet into the workspace's folder of notices; UserError if there is nothing."""
    from app.documents import substitution_register as form

    connection = uow.session.connection()
    rows = substitutions.register(connection, command)
    if not rows:
        raise UserError("这里没有更换记录。", "换一个范围再打印。")
    scope = _scope(command)
    data = form.build(
        form.RegisterFacts(
            unit=read_unit(connection).name,
            scope=scope,
            rows=tuple(_row(row) for row in reversed(rows)),
            counts=_counts(uow, rows),
            made_by=uow.actor,
            made_on=uow.today,
        )
    )
    folder = uow.folder.notices
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / safe_name(f"更换一览表-{scope}.pdf")
    write_atomically(path, data)
    return path


def _scope(command: Scope) -> str:
    if command.draw_no:
        return f"抽取 {command.draw_no}"
    return Period.parse(command.period).in_words() if command.period else "全部抽取"


def _row(row: SubstitutionRow) -> Any:
    from app.documents.substitution_register import RegisterRow

    return RegisterRow(
        on=row.on,
        task="、".join(row.serials),
        out=row.out_name,
        coming=row.in_name or _not_come(row),
        for_target=row.for_name,
        way=_WAYS.get(row.policy, row.policy),
        record=row.redraw_no or f"补充记录{row.number:02d}",
        reason=row.reason,
        approved=f"{row.approved_name}（{row.approved_post}）",
    )


def _not_come(row: SubstitutionRow) -> str:
    return "重新抽取已作废" if row.redraw_state == "void" else "重新抽取未完成"


def _counts(uow: UnitOfWork, rows: tuple[SubstitutionRow, ...]) -> tuple[str, ...]:
    """Per target and per person over twelve months, those in the list first (RD1 §7)."""
    connection = uow.session.connection()
    found = tallies.targets(connection, uow.today)
    names = {row.for_id or row.out_id: row.for_name or row.out_name for row in rows}
    words = []
    for ident, name in names.items():
        tally = found.get(ident)
        if tally is not None and tally.redraws:
            words.append(f"{name}近十二个月重新抽取检查人员{tally.redraws}次")
    people = tallies.people(connection, uow.today)
    shown = sorted((p for p in people.values() if p.left_out), key=lambda p: -p.left_out)
    named = {row.out_id: row.out_name for row in rows}
    for person in shown[:_MOST_PEOPLE]:
        why = "，".join(f"{SHORT_WORDS.get(code, code)}{count}次" for code, count in person.why)
        who = named.get(person.personal_no, f"人员{person.personal_no}")
        words.append(f"{who}近十二个月{person.draws}次抽取中{person.left_out}次不合格（{why}）")
    return tuple(words)
