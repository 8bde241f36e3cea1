"""Papers of results: 更正申请表, and the 公示表 in print."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.db.read import corrections, publications
from app.db.unit_of_work import UnitOfWork
from app.domain.correction import CorrectionRules
from app.domain.inspection import Conclusion
from app.domain.paper_texts import PaperKind, PaperText, fill
from app.domain.periods import Period
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.models import Assignment, Result, Target
from app.services import numbering, paper_words, rulebooks
from app.services.task_papers import PapersMade
from app.services.workspace import read_unit

if TYPE_CHECKING:
    from app.documents.correction_form import Opinion

__all__ = ["PrintCorrection", "PrintPublication", "print_correction", "print_publication"]


@dataclass(frozen=True, slots=True)
class PrintCorrection:
    """The form of one application."""

    correction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPublication:
    """The 公示表: chosen results, else all of the period that may be public."""

    period: str = ""
    result_ids: tuple[int, ...] | None = None
    to: Path | None = None


def print_correction(uow: UnitOfWork, command: PrintCorrection) -> PapersMade:
    """Write the form with what its stations said so far; UserError if there is none."""
    from app.documents import correction_form, words
    from app.documents.paper_frame import PaperHead

    connection = uow.session.connection()
    row = corrections.sheet(connection, command.correction_id)
    if row is None:
        raise UserError("这份更正申请已不在。", "请刷新后再试。")
    text = paper_words.words_of(connection, PaperKind.CORRECTION)
    rules = rulebooks.of_unit(connection).correction
    number = row.document_no or numbering.take(
        uow, text.kind, text.series, f"correction:{row.id}", row.target_name
    )
    old = connection.execute(
        select(Result.__table__, Target.uscc)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Target, Target.id == Assignment.target_id)
        .where(Result.id == row.result_id)
    ).one()
    unit = read_unit(connection)
    values = {
        "单位": unit.name,
        "检查对象": row.target_name,
        "代码": old.uscc,
        "抽取编号": row.draw_no,
        "任务序号": row.serial,
        "检查日期": words.day(old.inspected_on) if old.inspected_on else "",
        "条款": row.article if row.article and rules.article == row.article else "本单位的规定",
    }
    facts = correction_form.CorrectionFacts(
        head=PaperHead(
            unit=unit.name,
            title=text.title,
            number=number,
            made_on=row.applied_on,
            seal=text.seal,
            copies=fill(text.copies, values),
            passages=_filled(text, values),
            marks=(row.draw_no, row.serial),
        ),
        target=row.target_name,
        inspected_on=old.inspected_on,
        conclusion=Conclusion(old.conclusion).label if old.conclusion else "",
        finding=old.finding,
        entered_by=old.entered_by,
        reviewed_by=old.reviewed_by,
        error=row.error,
        should_be=row.should_be,
        cause=row.cause,
        redo=row.redo.label,
        applied_by=row.applied_by,
        applied_on=row.applied_on,
        opinions=_opinions(row, rules),
    )
    name = f"更正申请表-{row.draw_no}-{row.serial}-{row.id}"
    return _write(uow, name, correction_form.build(facts), PaperKind.CORRECTION, (number,))


def _opinions(row: corrections.CorrectionRow, rules: CorrectionRules) -> tuple[Opinion, ...]:
    """The stations passed, then those still to come."""
    from app.documents.correction_form import Opinion

    passed = tuple(
        Opinion(
            label=each.label,
            organ=each.organ,
            post=each.post,
            name=each.name,
            on=each.on,
            words=each.opinion or ("同意" if each.agreed else "不同意"),
            document=each.document,
        )
        for each in row.stations
    )
    if any(not each.agreed for each in row.stations):
        return passed
    done = {each.code for each in row.stations}
    to_come = tuple(
        Opinion(label=each.label, organ=each.organ, post=each.post)
        for each in rules.stations
        if each.code not in done
    )
    return (*passed, *to_come)


def print_publication(uow: UnitOfWork, command: PrintPublication) -> PapersMade:
    """Write the table: only what is inspected, locked and has a public wording.

    Errors: UserError if nothing may be published yet.
    """
    from app.documents import publication_table, words
    from app.documents.paper_frame import PaperHead

    connection = uow.session.connection()
    lines = publications.public_lines(
        connection,
        rulebooks.of_unit(connection),
        period=command.period,
        results=command.result_ids,
    )
    if not lines:
        raise UserError("还没有可以公示的结果。", "结果复核锁定后才能进入公示表。")
    text = paper_words.words_of(connection, PaperKind.PUBLICATION)
    numbers = {
        row.id: row.task_no
        for row in connection.execute(
            select(Result.id, Assignment.task_no)
            .join(Assignment, Assignment.id == Result.assignment_id)
            .where(Result.id.in_([line.result_id for line in lines]))
        )
    }
    unit = read_unit(connection)
    period = Period.parse(command.period).in_words() if command.period else "各期间"
    values = {
        "单位": unit.name,
        "期间": period,
        "户数": str(len(lines)),
        "制表日期": words.day(uow.today),
    }
    facts = publication_table.PublicationFacts(
        head=PaperHead(
            unit=unit.name,
            title=text.title,
            made_on=uow.today,
            seal=text.seal,
            copies=fill(text.copies, values),
            passages=_filled(text, values),
        ),
        lines=tuple(
            publication_table.PublishedLine(
                plan_no=line.plan_no,
                task_no=numbers.get(line.result_id, ""),
                name=line.name,
                code=line.code,
                content=line.content,
                inspected_on=line.inspected_on,
                result=line.wording,
            )
            for line in lines
        ),
    )
    name = f"公示表-{command.period or '全部'}-{uow.today}"
    data = publication_table.build(facts)
    return _write(uow, name, data, PaperKind.PUBLICATION, (), command.to)


def _filled(text: PaperText, values: dict[str, str]) -> dict[str, str]:
    return {each.code: fill(each.text, values) for each in text.passages}


def _write(
    uow: UnitOfWork,
    name: str,
    data: bytes,
    kind: PaperKind,
    numbers: tuple[str, ...],
    to: Path | None = None,
) -> PapersMade:
    path = (to or numbering.paper_folder(uow)) / safe_name(f"{name}.pdf")
    write_atomically(path, data)
    uow.record("paper.print", kind.label, {"papers": 1, "numbers": list(numbers)})
    uow.commit()
    return PapersMade(path=path, count=1, numbers=numbers)
