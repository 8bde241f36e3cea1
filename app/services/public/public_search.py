"""公开前查对: every text that may become public, searched for people and for other targets.

Whatever is found is listed at its row.  Where a name is none (高明街道), whoever looked may say so
with a reason (``public_wording``); a telephone's or identity card's number nobody can allow.
Every target of the directory is looked for, drawn or not: a search that only knew the drawn ones
would tell whoever types a name whether it was drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from app.domain.fields import FieldKind
from app.domain.outgoing import Mend
from app.domain.telling import Secret, Told, WatchList, identity_in, words_of
from app.errors import UserError
from app.exchange.writing import Table
from app.models import (
    AssignmentMember,
    Assistant,
    Correction,
    CorrectionStep,
    Draw,
    DrawWitness,
    Exemption,
    Expert,
    Formality,
    InspectionItem,
    Inspector,
    LocalBasis,
    PartnerInspector,
    PlanVersion,
    Referral,
    Result,
    ReviewApplication,
    Substitution,
    Target,
    Withdrawal,
)
from app.services.public import public_wording

__all__ = ["NotPublicError", "PublicSearch", "people"]

_NAME, _CODE, _CONTENT = "检查对象名称", "代码", "检查内容"
_ITEM = "抽查事项"
_MOST_SHOWN = 5


class NotPublicError(UserError):
    """The file would tell of somebody; ``mends`` says where. Nothing was written."""

    def __init__(self, mends: Sequence[Mend]) -> None:
        shown = "；".join(str(each) for each in mends[:_MOST_SHOWN])
        more = f"……共 {len(mends)} 处" if len(mends) > _MOST_SHOWN else ""
        super().__init__(
            f"公示内容里有 {len(mends)} 处像是个人信息或其他检查对象，没有生成：{shown}{more}。",
            "公示内容不能有个人信息和还没有检查的对象：请逐处更正；确实不是的，写明理由认可。",
        )
        self.mends = tuple(mends)


# --- whose names and numbers ------------------------------------------------------------------

_PEOPLE = (
    (Target.legal_rep, "法定代表人（负责人）"),
    (Target.phone, "联系电话"),
    (Inspector.name, "执法人员"),
    (Inspector.cert_no, "执法证号"),
    (Inspector.phone, "执法人员电话"),
    (PartnerInspector.name, "其他部门人员"),
    (AssignmentMember.name, "检查组成员"),
    (Assistant.name, "协助人员"),
    (Assistant.phone, "协助人员电话"),
    (Expert.name, "专家"),
    (Expert.phone, "专家电话"),
    (DrawWitness.name, "见证人"),
    (Draw.host, "主持人"),
    (Draw.operator, "操作人"),
    (Draw.recorder, "记录人"),
    (Result.entered_by, "录入人"),
    (Result.reviewed_by, "复核人"),
    (Formality.applied_by, "申请人"),
    (Formality.approved_by, "批准人"),
    (Formality.confirmed_by, "现场负责人"),
    (Formality.witnessed_by, "第三方见证人"),
    (Exemption.approved_by, "批准人"),
    (Withdrawal.approved_by, "批准人"),
    (ReviewApplication.applicant, "复查申请人"),
    (Referral.received_by, "移送接收人"),
    (Correction.applied_by, "更正申请人"),
    (CorrectionStep.name, "签字人"),
    (PlanVersion.approved_name, "批准人"),
    (LocalBasis.signer, "签发人"),
    (Substitution.approved_name, "批准人"),
)


def people(connection: Connection) -> Iterator[Secret]:
    """Words that belong to a person, and whose they are."""
    for column, whose in _PEOPLE:
        for text in connection.execute(select(column).where(column != "").distinct()).scalars():
            yield from words_of(text, whose)


def _targets(connection: Connection) -> Iterator[Secret]:
    for row in connection.execute(select(Target.name, Target.uscc, Target.permit_no)):
        yield Secret(row.name, "另一家检查对象", person=False)
        for code in (row.uscc, row.permit_no):
            if code:
                yield Secret(code, "另一家检查对象的代码", person=False)


# --- searching --------------------------------------------------------------------------------


class PublicSearch:
    """What stands in the directories now; made once for all tables of one file."""

    def __init__(self, connection: Connection) -> None:
        self._watch = WatchList((*people(connection), *_targets(connection)))
        self._allowed = public_wording.allowed(connection)
        self._items: list[tuple[str, str]] = [
            (f"items:{row.id}", row.name)
            for row in connection.execute(
                select(InspectionItem.id, InspectionItem.name).order_by(InspectionItem.id)
            )
        ]
        self._cleared = {name for key, name in self._items if self._is_allowed(key, _ITEM, name)}

    def mends(self, table: Table, labels: Sequence[str] = ()) -> tuple[Mend, ...]:
        """What of a table may not be public, row by row, each place once.

        ``labels``: what the columns are in our own words, where a platform names them otherwise.
        """
        titles = [column.title for column in table.columns]
        known = list(labels) or titles
        cleared = self._cleared | {
            str(row[at])
            for row in table.rows
            for at, label in enumerate(known)
            if label in {_NAME, _CODE} and row[at]
        }
        found: dict[tuple[str, str, str], Mend] = {}
        told: dict[str, Told | None] = {}
        for at, row in enumerate(table.rows):
            key = table.keys[at] if at < len(table.keys) else ""
            place = _Place(table.sheet, table.first_line + at, key, _label(known, row))
            for column, label, cell in zip(table.columns, known, row, strict=True):
                if not isinstance(cell, str) or not cell:
                    continue
                if column.kind is FieldKind.CODE:
                    mends = place.code(column.title, cell)
                elif label == _NAME:
                    # A farm may bear its owner's name: that is its name.
                    mends = place.told(column.title, cell, WatchList(()).find(cell))
                else:
                    if cell not in told:
                        told[cell] = self._watch.find(cell, cleared)
                    mends = self._mends(place, column.title, label, cell, told[cell], cleared)
                for mend in mends:
                    found.setdefault((mend.key, mend.column, mend.text or str(mend)), mend)
        return tuple(found.values())

    def text(self, key: str, where: str, column: str, text: str) -> tuple[Mend, ...]:
        """What a text beside the table tells: the unit's own words on the printed page."""
        place = _Place(where, 0, key, where)
        return self._unless_allowed(place.told(column, text, self._watch.find(text, self._cleared)))

    def _mends(
        self,
        place: _Place,
        title: str,
        label: str,
        cell: str,
        told: Told | None,
        cleared: set[str],
    ) -> tuple[Mend, ...]:
        if told is None:
            return ()
        if label == _CONTENT and not told.firm:
            # An item's name stands in every row it was checked in: it is looked at once, there.
            of_items = [
                mend
                for key, name in self._items
                if name in cell
                for mend in _Place(_ITEM, 0, key, name).told(
                    _ITEM, name, self._watch.find(name, cleared)
                )
            ]
            if of_items:
                return tuple(of_items)
        return self._unless_allowed(place.told(title, cell, told))

    def _unless_allowed(self, mends: Sequence[Mend]) -> tuple[Mend, ...]:
        return tuple(
            each for each in mends if not self._is_allowed(each.key, each.column, each.text)
        )

    def _is_allowed(self, key: str, column: str, text: str) -> bool:
        return bool(text) and (key, column, text) in self._allowed


class _Place:
    """A row somebody can find."""

    def __init__(self, sheet: str, line: int, key: str, label: str) -> None:
        self._sheet, self._line, self._key, self._label = sheet, line, key, label

    def told(self, column: str, text: str, told: Told | None) -> tuple[Mend, ...]:
        """What the text of a column tells; its text, where somebody may find that harmless."""
        if told is None:
            return ()
        if told.firm:
            return (self._mend(column, f"{told.words}，不能公开；请先改写", ""),)
        advice = "不能公开；请改写，确实不是的可以认可"
        return (self._mend(column, f"{told.words}，{advice}", text),)

    def code(self, column: str, text: str) -> tuple[Mend, ...]:
        """Somebody's identity number in the place of a code."""
        problem = identity_in(text)
        return (self._mend(column, f"{problem}，不能公开；请先改正代码", ""),) if problem else ()

    def _mend(self, column: str, problem: str, text: str) -> Mend:
        return Mend(
            sheet=self._sheet,
            line=self._line,
            key=self._key,
            label=self._label,
            column=column,
            problem=problem,
            text=text,
        )


def _label(labels: Sequence[str], row: Sequence[object]) -> str:
    for part in (_NAME, "名称", "事项", "项目"):
        for label, cell in zip(labels, row, strict=True):
            if cell and part in label:
                return str(cell)
    return next((str(cell) for cell in row if cell is not None), "")
