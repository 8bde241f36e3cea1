"""The unit itself: its names, its current document, who sits at the desk."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import Connection

from app.db.unit_of_work import UnitOfWork
from app.domain.fields import Field, FieldKind, FieldProblem
from app.errors import UserError
from app.models import Setting, Unit
from app.services.workspace import PERSON, read_unit, signed_person


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """What a person may change after the first run; ``name`` is the unit's full name.

    Series code and rulebook are not among them: they stand in every record.
    """

    name: str
    office: str = ""
    person: str = ""
    document_title: str = ""
    document_no: str = ""
    document_valid_from: date | None = None
    document_valid_to: date | None = None


FIELDS = (
    Field(name="name", label="单位全称", required=True, width=36, hint="印在记录和公示上"),
    Field(name="office", label="经办科室", hint="如 综合科"),
    Field(name="person", label="经办人", required=True, hint="操作电脑的人，记入账本"),
    Field(
        name="document_title",
        label="现行文件",
        width=36,
        hint="如 青禾县生态环境局2026年度抽查计划，印在“依据”",
    ),
    Field(name="document_no", label="文号", hint="如 青环〔2025〕61号"),
    Field(name="document_valid_from", label="施行日期", kind=FieldKind.DATE),
    Field(name="document_valid_to", label="有效期至", kind=FieldKind.DATE, hint="没有写明的留空"),
)


def check(facts: UnitFacts) -> tuple[FieldProblem, ...]:
    """What is wrong with the form, field by field."""
    problems = []
    if not facts.name.strip():
        problems.append(FieldProblem("name", "请填写单位全称"))
    if not facts.person.strip():
        problems.append(FieldProblem("person", "请填写经办人姓名"))
    since, until = facts.document_valid_from, facts.document_valid_to
    if since is not None and until is not None and until < since:
        problems.append(FieldProblem("document_valid_to", "有效期至早于施行日期，请核对"))
    return tuple(problems)


def unit_facts(connection: Connection, person: str) -> UnitFacts:
    """The form's present content; ``person`` stands in until one was saved."""
    unit = read_unit(connection)
    return UnitFacts(
        name=unit.name,
        office=unit.office,
        person=signed_person(connection) or person,
        document_title=unit.document_title,
        document_no=unit.document_no,
        document_valid_from=unit.document_valid_from,
        document_valid_to=unit.document_valid_to,
    )


def save(uow: UnitOfWork, facts: UnitFacts) -> UnitFacts:
    """Keep the form; the ledger gets before → after of what changed.

    Errors: UserError with the first problem.
    """
    problems = check(facts)
    if problems:
        raise UserError(problems[0].message + "。")
    before = unit_facts(uow.session.connection(), "")
    changed = {
        field.name: [getattr(before, field.name), getattr(facts, field.name)]
        for field in fields(UnitFacts)
        if getattr(before, field.name) != getattr(facts, field.name)
    }
    if not changed:
        return facts
    unit = uow.session.get_one(Unit, 1)
    unit.name, unit.office = facts.name.strip(), facts.office.strip()
    unit.document_title = facts.document_title.strip()
    unit.document_no = facts.document_no.strip()
    unit.document_valid_from = facts.document_valid_from
    unit.document_valid_to = facts.document_valid_to
    uow.session.merge(Setting(key=PERSON, value=facts.person.strip()))
    uow.record("unit.save", unit.code, changed)
    uow.changed.add("unit")
    uow.commit()
    return facts
