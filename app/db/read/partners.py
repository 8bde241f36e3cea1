"""Other departments' inspectors and experts: who can be drawn beside our own, and their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from app.models import Expert, PartnerInspector

__all__ = [
    "Department",
    "ExpertRow",
    "Named",
    "PartnerRow",
    "departments",
    "expert_names",
    "experts",
    "partner_names",
    "people",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department whose directory was imported."""

    code: str
    name: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """An inspector of another department."""

    ident: str
    name: str
    department: str
    cert_no: str
    cert_valid_to: date | None
    specialities: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRow:
    """An expert; ``able``: can be asked now."""

    ident: str
    name: str
    organ: str
    title: str
    specialities: tuple[str, ...]
    able: bool


@dataclass(frozen=True, slots=True)
class Named:
    """How somebody of another group is shown on sealed paper."""

    name: str
    certificate: str
    organ: str


def departments(connection: Connection) -> tuple[Department, ...]:
    """Departments with an imported directory, by code."""
    rows = connection.execute(
        select(
            PartnerInspector.dept_code,
            func.max(PartnerInspector.department).label("name"),
            func.count(PartnerInspector.id).label("n"),
        )
        .group_by(PartnerInspector.dept_code)
        .order_by(PartnerInspector.dept_code)
    )
    return tuple(Department(code=row.dept_code, name=row.name, people=row.n) for row in rows)


def people(connection: Connection, code: str) -> tuple[PartnerRow, ...]:
    """Everybody in one department's directory."""
    rows = connection.execute(
        select(PartnerInspector.__table__)
        .where(PartnerInspector.dept_code == code)
        .order_by(PartnerInspector.ident)
    )
    return tuple(
        PartnerRow(
            ident=row.ident,
            name=row.name,
            department=row.department,
            cert_no=row.cert_no,
            cert_valid_to=row.cert_valid_to,
            specialities=tuple(row.specialities),
            state=row.state,
        )
        for row in rows
    )


def experts(connection: Connection) -> tuple[ExpertRow, ...]:
    """Every expert."""
    rows = connection.execute(select(Expert.__table__).order_by(Expert.ident))
    return tuple(
        ExpertRow(
            ident=row.ident,
            name=row.name,
            organ=row.organ,
            title=row.title,
            specialities=tuple(row.specialities),
            able=row.state == "available",
        )
        for row in rows
    )


def expert_names(connection: Connection) -> dict[str, Named]:
    """Names of experts by RD1 id."""
    return {row.ident: Named(row.name, row.title, row.organ) for row in experts(connection)}


def partner_names(connection: Connection, code: str) -> dict[str, Named]:
    """Names of a department's inspectors by RD1 id."""
    return {
        row.ident: Named(row.name, row.cert_no, row.department) for row in people(connection, code)
    }
