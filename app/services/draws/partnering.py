"""部门名录: another department's directory of inspectors, taken in whole for joint draws.

It is that department's directory, not ours: no form edits it, a newer file replaces it.  Who is
missing from the newer file stays as off duty, since records may name him.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.inspector import DutyState
from app.domain.partner import FIELDS, PartnerFacts, validate
from app.domain.received import FileKind
from app.errors import UserError
from app.exchange.cleaning import as_text
from app.exchange.mapping import RowClassifier, RowKind, propose_mappings
from app.models import ImportBatch, PartnerInspector
from app.services.directories.finding_targets import values_of
from app.services.draws.draw_pools import OWN_GROUP
from app.services.draws.group_pools import EXPERTS
from app.services.intake import importing, receiving
from app.services.intake.receiving import Incoming

__all__ = ["PartnerPreview", "PartnerRow", "PartnersTaken", "ReadPartners", "preview", "take"]

_CODE = re.compile(r"[0-9A-Z]{1,8}")
_NUMBER = re.compile(r"[0-9A-Z]{1,48}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPartners:
    """A department's file; ``code`` groups its people in a plan (``YJ``), ``name`` is its name."""

    path: Path
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A row as it was understood; ``problem`` empty if it can be taken."""

    number: int
    facts: PartnerFacts
    problem: str

    @property
    def name(self) -> str:
        """The person's."""
        return self.facts.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPreview:
    """Every row that names a person."""

    file_name: str
    sha256: str
    rows: tuple[PartnerRow, ...]

    @property
    def problems(self) -> tuple[PartnerRow, ...]:
        """Rows that cannot be taken."""
        return tuple(row for row in self.rows if row.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersTaken:
    """How many are in the directory now, how many of them new, how many left."""

    code: str
    people: int
    new: int
    gone: int


def preview(_connection: Connection, command: ReadPartners) -> PartnerPreview:
    """Understand a file; nothing is written.  UserError if it is no table of people."""
    source = importing.open_file(command.path)
    mapping = propose_mappings(source.book, FIELDS)[0]
    sheet, classifier = source.book.sheets[mapping.sheet], RowClassifier(mapping)
    rows: list[PartnerRow] = []
    seen: dict[str, int] = {}
    for place, cells in enumerate(sheet.rows[mapping.first_row :]):
        if classifier.kind_of(cells, place) is not RowKind.DATA:
            continue
        number = mapping.first_row + place + 1
        values, problems = values_of(cells, mapping, FIELDS)
        facts = PartnerFacts(**values)
        problems = problems or [problem.message for problem in validate(facts)]
        key = facts.personal_no or facts.cert_no or facts.name
        if facts.personal_no and not _NUMBER.fullmatch(facts.personal_no):
            problems.append("人员编号只能用数字和大写字母")
        if key in seen and not problems:
            problems.append(f"与第 {seen[key]} 行是同一人")
        seen.setdefault(key, number)
        if not facts.name:
            first = next((text for cell in cells if (text := as_text(cell)).strip()), "")
            facts = PartnerFacts(name=first)
        rows.append(PartnerRow(number=number, facts=facts, problem="；".join(problems)))
    if not rows:
        raise UserError(f"“{command.path.name}”里没有人员。", "请确认选对了文件。")
    return PartnerPreview(file_name=command.path.name, sha256=source.sha256, rows=tuple(rows))


def take(uow: UnitOfWork, command: ReadPartners) -> PartnersTaken:
    """Replace a department's directory by the file, all or nothing.

    Errors: UserError for a bad code or name, or if any row cannot be taken.
    """
    code, name = command.code.strip().upper(), rd1.clean(command.name)
    if not _CODE.fullmatch(code) or code in {OWN_GROUP, EXPERTS}:
        words = f"部门代码“{command.code}”不能用。"
        raise UserError(words, "请用 1 至 8 位数字或大写字母，如 YJ。")
    if not name:
        raise UserError("还没有填写部门名称。", "请填写部门全称。")
    seen = preview(uow.session.connection(), command)
    if seen.problems:
        first = seen.problems[0]
        raise UserError(
            f"名录有 {len(seen.problems)} 行不能用，没有导入。"
            f"第 {first.number} 行“{first.name}”：{first.problem}。",
            "请改正后整份导入。",
        )
    batch = ImportBatch(
        kind="partners",
        file_name=seen.file_name,
        sha256=seen.sha256,
        counts={"rows": len(seen.rows)},
        at=uow.now,
        by=uow.actor,
    )
    uow.session.add(batch)
    uow.session.flush()
    known = {
        row.ident: row
        for row in uow.session.scalars(
            select(PartnerInspector).where(PartnerInspector.dept_code == code)
        )
    }
    kept: set[str] = set()
    new = 0
    for ident, facts in _with_idents(code, seen, known):
        row = known.get(ident)
        if row is None:
            row = PartnerInspector(ident=ident, dept_code=code)
            uow.session.add(row)
            new += 1
        row.department, row.name, row.personal_no = name, facts.name, facts.personal_no
        row.cert_no, row.cert_valid_to = facts.cert_no, facts.cert_valid_to
        row.specialities, row.state = list(facts.specialities), facts.state
        row.updated_at, row.batch_id = uow.now, batch.id
        kept.add(ident)
    gone = [row for ident, row in known.items() if ident not in kept]
    for row in gone:
        row.state, row.department, row.updated_at = DutyState.OFF_DUTY.value, name, uow.now
    receiving.record_incoming(
        uow,
        Incoming(
            kind=FileKind.PARTNERS,
            path=command.path,
            sha256=seen.sha256,
            source=name,
            counts={"new": new, "updated": len(kept) - new + len(gone)},
            batch_id=batch.id,
        ),
    )
    detail = {"name": name, "sha256": seen.sha256, "people": len(kept), "gone": len(gone)}
    uow.record("partner.import", code, detail)
    uow.changed |= {"partner"}
    uow.commit()
    return PartnersTaken(code=code, people=len(kept), new=new, gone=len(gone))


def _with_idents(
    code: str, seen: PartnerPreview, known: dict[str, PartnerInspector]
) -> Iterator[tuple[str, PartnerFacts]]:
    """Each person's RD1 id: as before, else the department's number, else the next one."""
    before = {row.cert_no or row.name: ident for ident, row in known.items()}
    taken, number = set(known), 0
    for row in seen.rows:
        facts = row.facts
        ident = f"{code}{facts.personal_no}" if facts.personal_no else ""
        ident = ident or before.get(facts.cert_no or facts.name, "")
        while not ident:
            number += 1
            if f"{code}{number:03d}" not in taken:
                ident = f"{code}{number:03d}"
        taken.add(ident)
        yield ident, facts
