"""一单两库: save, change the state of, and keep apart — by hand, one transaction each.

Every change leaves one ledger entry with the fields that changed, before and after; a single
edit as ``{"id", "before", "after"}``, a bulk change as ``{"rows": {id: {"before", "after"}}}``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Table, select

from app.db.read import inspectors as inspector_reads
from app.db.read import items as item_reads
from app.db.read import targets as target_reads
from app.db.unit_of_work import UnitOfWork
from app.domain.inspector import DUTY_STATES, InspectorFacts
from app.domain.inspector import validate as check_inspector
from app.domain.item import ItemFacts
from app.domain.rulebook import Rulebook
from app.domain.target import TARGET_STATES, TargetFacts, propose_ident
from app.errors import UserError
from app.exchange.fates import WHAT_TELLS_APART, look_alike
from app.models import InspectionItem, Inspector, Target
from app.services import rulebooks
from app.services.directories import classifying, directory
from app.services.directories.directory import Numbering
from app.services.directories.saving import (
    Saved,
    StateSet,
    refuse_problems,
    set_column,
    stored_row,
    write_row,
)
from app.services.directories.searching import name_key

_TARGET: Table = Target.__table__  # type: ignore[assignment]
_INSPECTOR: Table = Inspector.__table__  # type: ignore[assignment]
_ITEM: Table = InspectionItem.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class SaveTarget:
    """Make (``id`` None) or change a target."""

    id: int | None
    facts: TargetFacts
    reason: str = ""  # of another category; needed where the category of a known target changes
    document_no: str = ""


@dataclass(frozen=True, slots=True)
class SaveInspector:
    """Make (``id`` None) or change an inspector."""

    id: int | None
    facts: InspectorFacts


@dataclass(frozen=True, slots=True)
class SaveItem:
    """Make (``id`` None) or change an item."""

    id: int | None
    facts: ItemFacts


# --- targets ----------------------------------------------------------------------------------


def save_target(uow: UnitOfWork, command: SaveTarget) -> Saved:
    """Write a target. UserError: a field is wrong, the target is there already, or it is gone.

    A change of category asks for a reason, is recorded as a decision (分类决定) and starts
    ``category_since`` anew.  The ident follows the codes until a
    draw has named it.
    """
    refuse_problems(directory.check_target(command.facts, _rulebook(uow)))
    before, ident = _stored_target(uow, command.id)
    directory.refuse_kept_elsewhere(_rulebook(uow), before, command.facts)
    _refuse_known_target(uow, command)
    ident = _target_ident(uow, command, ident)
    values = directory.target_values(command.facts, ident)
    if before is not None and before.category != command.facts.category:
        classifying.note_change(
            uow, command.id or 0, command.facts.category, command.reason, command.document_no
        )
    if before is None or before.category != command.facts.category:
        values["category_since"] = uow.today
    if before is None:
        values["created_on"] = uow.today
    return write_row(uow, _TARGET, "target", command.id, ident, before, command.facts, values)


def _stored_target(uow: UnitOfWork, target_id: int | None) -> tuple[TargetFacts | None, str]:
    if target_id is None:
        return None, ""
    row = stored_row(uow, _TARGET, target_id, "检查对象")
    return target_reads.facts_of(row), row.ident


def _refuse_known_target(uow: UnitOfWork, command: SaveTarget) -> None:
    """One site is one row: no permit or local number twice, no two that look alike."""
    facts = command.facts
    rows = uow.session.execute(
        select(_TARGET).where(
            _TARGET.c.id != (command.id or 0),
            (_TARGET.c.name_key == name_key(facts.name))
            | ((_TARGET.c.permit_no == facts.permit_no) & (_TARGET.c.permit_no != ""))
            | ((_TARGET.c.local_no == facts.local_no) & (_TARGET.c.local_no != "")),
        )
    )
    for row in rows:
        for words, same in (
            ("排污许可证编号", facts.permit_no and row.permit_no == facts.permit_no),
            ("本地编号", facts.local_no and row.local_no == facts.local_no),
        ):
            if same:
                raise UserError(
                    f"“{row.name}”已经用了这个{words}。", "请核对，或直接修改那一家的资料。"
                )
        if look_alike(facts, target_reads.facts_of(row)):
            raise UserError(
                f"名录里已经有“{row.name}”。",
                f"同一单位的另一处场所，请给两处写明不同的{WHAT_TELLS_APART}。",
            )


def _target_ident(uow: UnitOfWork, command: SaveTarget, ident: str) -> str:
    if command.id is not None and target_reads.is_drawn(uow.session.connection(), command.id):
        return ident
    taken = set(uow.session.scalars(select(_TARGET.c.ident))) - {ident}
    numbers = directory.target_numbering(taken)
    proposed = propose_ident(command.facts, taken)
    if proposed is not None:
        return proposed
    return ident if ident and numbers.made(ident) else numbers.next()


# --- inspectors -------------------------------------------------------------------------------


def save_inspector(uow: UnitOfWork, command: SaveInspector) -> Saved:
    """Write an inspector; without a personal number the unit's next one is given.

    UserError: a field is wrong, number or certificate belongs to somebody else, or the number
    stands in a plan already and would change.
    """
    facts, before = command.facts, None
    if command.id is not None:
        row = stored_row(uow, _INSPECTOR, command.id, "执法人员")
        before = inspector_reads.facts_of(row)
        _keep_personal_no(uow, row, facts)
    taken = set(
        uow.session.scalars(
            select(_INSPECTOR.c.personal_no).where(_INSPECTOR.c.id != (command.id or 0))
        )
    )
    facts = _numbered_inspector(facts, before, directory.inspector_numbering(taken))
    refuse_problems(check_inspector(facts))
    _refuse_known_inspector(uow, command.id, facts)
    values = directory.inspector_values(facts, facts.personal_no)
    return write_row(
        uow, _INSPECTOR, "inspector", command.id, facts.personal_no, before, facts, values
    )


def _numbered_inspector(
    facts: InspectorFacts, before: InspectorFacts | None, numbers: Numbering
) -> InspectorFacts:
    if facts.personal_no:
        return facts
    return replace(facts, personal_no=before.personal_no if before else numbers.next())


def _keep_personal_no(uow: UnitOfWork, row: Any, facts: InspectorFacts) -> None:
    if not facts.personal_no or facts.personal_no == row.personal_no:
        return
    if inspector_reads.is_drawn(uow.session.connection(), row.created_at):
        raise UserError(
            f"{row.name}的人员编号 {row.personal_no} 已经写入抽取名单，不能再改。",
            "请把人员编号改回原来的。",
        )


def _refuse_known_inspector(
    uow: UnitOfWork, inspector_id: int | None, facts: InspectorFacts
) -> None:
    rows = uow.session.execute(
        select(_INSPECTOR.c.name, _INSPECTOR.c.personal_no, _INSPECTOR.c.cert_no).where(
            _INSPECTOR.c.id != (inspector_id or 0),
            (_INSPECTOR.c.personal_no == facts.personal_no)
            | ((_INSPECTOR.c.cert_no == facts.cert_no) & (_INSPECTOR.c.cert_no != "")),
        )
    )
    for row in rows:
        words = "执法证号" if facts.cert_no and row.cert_no == facts.cert_no else "人员编号"
        raise UserError(f"“{row.name}”已经用了这个{words}。", "请核对后再保存。")


# --- items ------------------------------------------------------------------------------------


def save_item(uow: UnitOfWork, command: SaveItem) -> Saved:
    """Write an item; without code or place it gets the next one. UserError as for targets."""
    before, facts = None, command.facts
    if command.id is not None:
        before = item_reads.facts_of(stored_row(uow, _ITEM, command.id, "抽查事项"))
    others = uow.session.execute(
        select(_ITEM.c.code, _ITEM.c.name, _ITEM.c.position, _ITEM.c.year).where(
            _ITEM.c.id != (command.id or 0)
        )
    ).all()
    for row in others:
        if facts.code and row.code == facts.code:
            raise UserError(f"事项“{row.name}”已经用了编号 {row.code}。", "请换一个编号。")
        if row.name == facts.name and row.year == facts.year:
            raise UserError(f"事项清单里已经有“{row.name}”。", "请直接修改那一项。")
    if not facts.code:
        numbers = directory.item_numbering({row.code for row in others})
        facts = replace(facts, code=before.code if before else numbers.next())
    if not facts.position:
        last = max((row.position for row in others), default=0)
        facts = replace(facts, position=before.position if before else last + 1)
    refuse_problems(directory.check_item(facts, _rulebook(uow)))
    values = directory.item_values(facts, facts.code)
    return write_row(uow, _ITEM, "item", command.id, facts.code, before, facts, values)


# --- states, many at once ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetTargetState:
    """生产状态 of many targets at once."""

    ids: tuple[int, ...]
    state: str


@dataclass(frozen=True, slots=True)
class SetInspectorState:
    """在岗状态 of many inspectors at once."""

    ids: tuple[int, ...]
    state: str


@dataclass(frozen=True, slots=True)
class PutItemsInForce:
    """启用 (True) or 停用 items."""

    ids: tuple[int, ...]
    in_force: bool


def set_target_state(uow: UnitOfWork, command: SetTargetState) -> StateSet:
    """Put targets into a state of the directory (closed and moved ones are drawn no more)."""
    if command.state not in {choice.value for choice in TARGET_STATES}:
        raise UserError(f"没有生产状态“{command.state}”。")
    return set_column(uow, _TARGET, "target", "state", command.ids, command.state)


def set_inspector_state(uow: UnitOfWork, command: SetInspectorState) -> StateSet:
    """Put inspectors on or off duty."""
    if command.state not in {choice.value for choice in DUTY_STATES}:
        raise UserError(f"没有在岗状态“{command.state}”。")
    return set_column(uow, _INSPECTOR, "inspector", "state", command.ids, command.state)


def put_items_in_force(uow: UnitOfWork, command: PutItemsInForce) -> StateSet:
    """Take items into the list or out of it; results that hold them stay as they are."""
    return set_column(uow, _ITEM, "item", "in_force", command.ids, command.in_force)


# --- shared -----------------------------------------------------------------------------------


def _rulebook(uow: UnitOfWork) -> Rulebook:
    return rulebooks.of_unit(uow.session.connection())
