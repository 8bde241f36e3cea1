"""Papers of results: 更正申请表, 复查答复书."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.db.read import corrections
from app.db.unit_of_work import UnitOfWork
from app.domain.correction import CorrectionRules
from app.domain.inspection import Conclusion
from app.domain.paper_texts import PaperKind, PaperText, fill
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.models import Assignment, Draw, Publication, Result, ReviewApplication, Target
from app.services import rulebooks
from app.services.paperwork import numbering, paper_words
from app.services.paperwork.task_papers import PapersMade
from app.services.workspace import read_unit

if TYPE_CHECKING:
    from app.documents.correction_form import Opinion

__all__ = ["PrintCorrection", "PrintReviewAnswer", "print_correction", "print_review_answer"]


@dataclass(frozen=True, slots=True)
class PrintCorrection:
    """The form of one application."""

    correction_id: int


@dataclass(frozen=True, slots=True)
class PrintReviewAnswer:
    """The answer to one application for a review."""

    review_id: int


def print_correction(uow: UnitOfWork, command: PrintCorrection) -> PapersMade:
    """Write the form with what its stations said so far; UserError if there is none."""
    from app.documents import correction_form, words
    from app.documents.paper_frame import PaperHead, platform_words

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
        select(Result.__table__, Target.uscc, Assignment.task_no, Draw.plan_no)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Draw, Draw.id == Assignment.draw_id)
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
        "计划编号": old.plan_no,
        "任务编号": old.task_no,
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
            sealer=fill(text.sealer, values),
            copies=fill(text.copies, values),
            passages=_filled(text, values),
            marks=(row.draw_no, row.serial),
            platform=platform_words(old.plan_no, old.task_no),
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


def print_review_answer(uow: UnitOfWork, command: PrintReviewAnswer) -> PapersMade:
    """Write the answer; what was not decided yet is left to be written.

    Errors: UserError if the application is gone.
    """
    from app.documents import review_answer, words
    from app.documents.paper_frame import PaperHead, platform_words

    connection = uow.session.connection()
    row = connection.execute(
        select(
            ReviewApplication.__table__,
            Result.inspected_on,
            Result.conclusion,
            Publication.wording,
            Assignment.serial,
            Assignment.task_no,
            Draw.no.label("draw_no"),
            Draw.plan_no,
            Target.name.label("target_name"),
            Target.uscc,
        )
        .join(Result, Result.id == ReviewApplication.result_id)
        .join(Publication, Publication.result_id == Result.id, isouter=True)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Target, Target.id == Assignment.target_id)
        .where(ReviewApplication.id == command.review_id)
    ).first()
    if row is None:
        raise UserError("这份复查申请已不在。", "请刷新后再试。")
    kind = PaperKind.REVIEW_ANSWER
    text = paper_words.words_of(connection, kind)
    number = row.document_no or numbering.take(
        uow, kind, text.series, f"review:{row.id}", row.target_name
    )
    unit = read_unit(connection)
    values = {
        "单位": unit.name,
        "检查对象": row.target_name,
        "代码": row.uscc,
        "抽取编号": row.draw_no,
        "任务序号": row.serial,
        "计划编号": row.plan_no,
        "任务编号": row.task_no,
        "检查日期": words.day(row.inspected_on) if row.inspected_on else "",
        "申请人": row.applicant,
        "收到日期": words.day(row.received_on),
    }
    facts = review_answer.ReviewAnswerFacts(
        head=PaperHead(
            unit=unit.name,
            title=text.title,
            number=number,
            made_on=row.answered_on,
            seal=text.seal,
            sealer=fill(text.sealer, values),
            copies=fill(text.copies, values),
            passages=_filled(text, values),
            platform=platform_words(row.plan_no, row.task_no),
        ),
        applicant=row.applicant,
        target=row.target_name,
        published=row.wording or (Conclusion(row.conclusion).label if row.conclusion else ""),
        matter=row.matter,
        outcome=row.outcome.label if row.outcome else "",
        answer=row.answer,
    )
    name = f"复查答复书-{row.draw_no}-{row.serial}-{row.id}"
    return _write(uow, name, review_answer.build(facts), kind, (number,))


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


def _filled(text: PaperText, values: dict[str, str]) -> dict[str, str]:
    return {each.code: fill(each.text, values) for each in text.passages}


def _write(
    uow: UnitOfWork,
    name: str,
    data: bytes,
    kind: PaperKind,
    numbers: tuple[str, ...],
) -> PapersMade:
    path = numbering.paper_folder(uow) / safe_name(f"{name}.pdf")
    write_atomically(path, data)
    uow.record("paper.print", kind.label, {"papers": 1, "numbers": list(numbers)})
    uow.commit()
    return PapersMade(path=path, count=1, numbers=numbers)
