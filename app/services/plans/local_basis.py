"""在本地抽取的依据: who allowed a draw here where the regulation prescribes the platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain.periods import Period
from app.errors import UserError
from app.models import LocalBasis
from app.services.workspace import read_unit

KINDS = {"consent": "上级同意", "platform_down": "平台无法抽取", "draw_first": "先抽后录"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisFacts:
    """One basis; it holds for every draw whose period lies in ``period``."""

    period: str
    kind: str = "consent"
    document_no: str = ""
    signer: str = ""
    post: str = ""
    signed_on: date | None = None
    note: str = ""

    def in_words(self) -> str:
        """上级同意：青环函〔2026〕12号，王五（分局局长）2026年6月20日签批."""
        day = self.signed_on
        post = f"（{self.post}）" if self.post else ""
        parts = [self.document_no, f"{self.signer}{post}"]
        if day is not None:
            parts[-1] += f"{day.year}年{day.month}月{day.day}日"
        parts[-1] += "签批"
        if self.note:
            parts.append(self.note.rstrip("。"))
        return f"{KINDS[self.kind]}：{'，'.join(part for part in parts if part)}"


def check(facts: BasisFacts) -> tuple[tuple[str, str], ...]:
    """(field, sentence) of everything that is wrong."""
    problems = []
    if facts.kind not in KINDS:
        problems.append(("kind", "请选择在本地抽取的原因"))
    if not facts.document_no.strip():
        problems.append(("document_no", "请填写文号（没有文号的写清是哪份签报）"))
    if not facts.signer.strip():
        problems.append(("signer", "请填写签批人姓名"))
    if facts.signed_on is None:
        problems.append(("signed_on", "请填写签批日期"))
    return tuple(problems)


def record(uow: UnitOfWork, facts: BasisFacts) -> BasisFacts:
    """Add a basis; the newest that holds for a period is printed.

    Errors: UserError for a missing field, a bad period, a day that lies ahead.
    """
    Period.parse(facts.period)
    problems = [words for _, words in check(facts)]
    if facts.signed_on is not None and facts.signed_on > uow.today:
        problems.append("签批日期在今天之后，请核对")
    if problems:
        raise UserError("；".join(problems) + "。")
    row = LocalBasis(
        period=facts.period,
        kind=facts.kind,
        document_no=facts.document_no.strip(),
        signer=facts.signer.strip(),
        post=facts.post.strip(),
        signed_on=facts.signed_on,
        note=facts.note.strip(),
        made_by=uow.actor,
        made_at=uow.now,
    )
    uow.session.add(row)
    uow.record("basis.record", facts.period, {"basis": facts.in_words()})
    uow.changed.add("plan")
    uow.commit()
    return facts


def for_period(connection: Connection, period: Period) -> BasisFacts | None:
    """The newest basis that holds for a period, None if none was recorded."""
    table = LocalBasis.__table__
    for row in connection.execute(select(table).order_by(table.c.id.desc())):
        if Period.parse(row.period).contains(period):
            return BasisFacts(
                period=row.period,
                kind=row.kind,
                document_no=row.document_no,
                signer=row.signer,
                post=row.post,
                signed_on=row.signed_on,
                note=row.note,
            )
    return None


def words(connection: Connection, period: str) -> str:
    """What is printed under 依据 for a period; empty if nothing was recorded.

    Workspaces made before bases were records hold one sentence of the unit's instead.
    """
    found = for_period(connection, Period.parse(period))
    return read_unit(connection).draw_basis if found is None else found.in_words()
