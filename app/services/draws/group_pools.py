"""Groups beside the unit's own: other departments' inspectors and experts (RD1 ``1|each``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from app.db.read import partners
from app.domain import rd1
from app.domain.periods import Period
from app.errors import UserError
from app.services.plans.planning import MakePlan

__all__ = ["EXPERTS", "GroupPool", "department_groups", "expert_group", "group_names"]

EXPERTS = "EXP"
"""The group of experts; they assist and never count towards the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPool:
    """One group, one person of it for every target; ``title`` is its department, or 专家."""

    group: rd1.Group
    title: str
    inspectors: tuple[rd1.PlanInspector, ...]


def department_groups(
    connection: Connection, codes: Sequence[str], command: MakePlan
) -> tuple[GroupPool, ...]:
    """Each department's group, out of its own imported directory.

    Errors: UserError for a department whose directory was not imported.
    """
    known = {row.code: row for row in partners.departments(connection)}
    unknown = next((code for code in codes if code not in known), None)
    if unknown is not None:
        raise UserError(f"没有部门“{unknown}”的执法人员名录。", "请先导入该部门的名录。")
    last = Period.parse(command.period).last_day
    return tuple(
        GroupPool(
            group=rd1.Group(code, rd1.TeamMode.ONE_EACH),
            title=known[code].name,
            inspectors=tuple(
                _inspector(row.ident, code, row.specialities, _why(row, last, command))
                for row in partners.people(connection, code)
            ),
        )
        for code in dict.fromkeys(codes)
    )


def expert_group(connection: Connection, command: MakePlan) -> GroupPool:
    """All experts; those who cannot come now stand in it as ineligible."""
    return GroupPool(
        group=rd1.Group(EXPERTS, rd1.TeamMode.ONE_EACH),
        title="专家",
        inspectors=tuple(
            _inspector(
                row.ident,
                EXPERTS,
                row.specialities,
                "witness" if row.name in command.witnesses else ("" if row.able else "offduty"),
            )
            for row in partners.experts(connection)
        ),
    )


def group_names(connection: Connection, code: str) -> dict[str, partners.Named]:
    """Names of a group's people by RD1 id."""
    if code == EXPERTS:
        return partners.expert_names(connection)
    return partners.partner_names(connection, code)


def _why(row: partners.PartnerRow, last: date, command: MakePlan) -> str:
    """Code of what keeps a department's inspector out, empty if nothing does."""
    if row.name in command.witnesses:
        return "witness"
    if row.state != "on_duty":
        return "offduty"
    if not row.cert_no:
        return "nocert"
    if row.cert_valid_to is not None and row.cert_valid_to < last:
        return "certexpired"
    return ""


def _inspector(ident: str, group: str, specs: Sequence[str], why: str) -> rd1.PlanInspector:
    return rd1.PlanInspector(
        id=ident,
        group=group,
        dept=group,
        lead=False,
        specs=tuple(sorted(set(specs))),
        eligible=not why,
        why=why,
    )
