"""Which inspections count against a yearly cap, and a cap of the unit's own beside it.

The State Council's notice of 2024 (国办发〔2024〕54号) asks for yearly caps per enterprise; how
many is the unit's to say.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain.eligibility import TargetLimits
from app.domain.rule_facts import InspectionKind
from app.domain.rulebook import Rulebook, YearlyCap
from app.errors import UserError
from app.models import Setting

_KEY = "frequency_rules"
_OWN_ARTICLE = "国办发〔2024〕54号"
OWN_NOTE = "单位规定"
_DEFAULT_KINDS = ("own", "superior", "joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyRules:
    """``counts``: kinds that count against the regulation's cap, None as the regulation says.

    ``own_limit``: the unit's cap of inspections a year, None for none; ``own_counts``: its
    kinds; ``own_lifted``: a violation lifts it.  ``leave_out_superior``: the right to leave out
    what the superior inspected without a finding is used, where the regulation grants it.
    """

    counts: tuple[str, ...] | None = None
    own_limit: int | None = None
    own_counts: tuple[str, ...] = _DEFAULT_KINDS
    own_lifted: bool = True
    leave_out_superior: bool = True


def read(connection: Connection) -> FrequencyRules:
    """As last saved; the regulation's own if never."""
    text = connection.execute(select(Setting.value).where(Setting.key == _KEY)).scalar()
    if not text:
        return FrequencyRules()
    stored = json.loads(text)
    counts = stored["counts"]
    return FrequencyRules(
        counts=None if counts is None else tuple(counts),
        own_limit=stored["own_limit"],
        own_counts=tuple(stored["own_counts"]),
        own_lifted=stored["own_lifted"],
        leave_out_superior=stored["leave_out_superior"],
    )


def save(uow: UnitOfWork, rules: FrequencyRules) -> FrequencyRules:
    """Keep them; they bind from the next draw on.

    Errors: UserError for a cap under 1, an unknown kind, or a cap nothing counts against.
    """
    known = {kind.value for kind in InspectionKind}
    for kinds in (rules.counts or (), rules.own_counts):
        if set(kinds) - known:
            raise UserError("有不认识的检查类型。", "请从列表中勾选。")
    if rules.own_limit is not None and rules.own_limit < 1:
        raise UserError("年度检查次数上限至少是 1 次。", "不设上限请留空。")
    if rules.counts == ():
        raise UserError("细则的上限至少要计入一种检查。", "请勾选计入的检查类型。")
    if rules.own_limit is not None and not rules.own_counts:
        raise UserError("还没有选哪些检查计入上限。", "请至少勾选一种检查。")
    uow.session.merge(Setting(key=_KEY, value=json.dumps(asdict(rules), ensure_ascii=False)))
    uow.record("frequency.rules", "frequency", asdict(rules))
    uow.changed.add("unit")
    uow.commit()
    return rules


def limits(connection: Connection, rulebook: Rulebook) -> TargetLimits:
    """What limits the pool of a draw made now: the regulation's cap and the unit's."""
    return limits_of(rulebook, read(connection))


def limits_of(rulebook: Rulebook, rules: FrequencyRules) -> TargetLimits:
    """The same from rules in hand."""
    caps: list[YearlyCap] = []
    if rulebook.yearly_cap is not None:
        counts = rulebook.yearly_cap.counts if rules.counts is None else _kinds(rules.counts)
        caps.append(replace(rulebook.yearly_cap, counts=counts))
    if rules.own_limit is not None:
        caps.append(
            YearlyCap(
                limit=rules.own_limit,
                counts=_kinds(rules.own_counts),
                lifted_by_violation=rules.own_lifted,
                article=_OWN_ARTICLE,
                note=OWN_NOTE,
                excusable=True,
            )
        )
    return TargetLimits(caps=tuple(caps), leave_out_superior=rules.leave_out_superior)


def _kinds(values: tuple[str, ...]) -> tuple[InspectionKind, ...]:
    return tuple(kind for kind in InspectionKind if kind.value in values)
