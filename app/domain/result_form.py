"""检查结果填报表: a result as flat fields, and merging what came back with what stands here.

A form remembers what its task said when it was given out.  What comes back is compared with
that: a field the squad left alone says nothing, one only they changed is theirs, one that was
changed here too is a conflict a person decides.  Fields of the section's own (the approval) are
no part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from app.domain.fields import Choice, Field, FieldKind, FieldValue, shown
from app.domain.formalities import RECUSALS
from app.domain.inspection import Conclusion, ItemOutcome, Way
from app.domain.result_entry import ItemEntry, ResultEntry

__all__ = [
    "DAY",
    "FORMAL_FIELDS",
    "ITEM_FIELDS",
    "LATE_FIELDS",
    "RESULT_FIELDS",
    "Difference",
    "Values",
    "compare",
    "entry_of",
    "field_of",
    "item_field",
    "outcome",
    "values_of",
]

Values: TypeAlias = Mapping[str, FieldValue]
"""Filled-in fields by name; an empty one is left out.  Items: ``outcome:1``, ``note:1`` …"""

DAY = "inspected_on"

RESULT_FIELDS = (
    Field(name=DAY, label="检查日期", kind=FieldKind.DATE, width=13, synonyms=("实际检查日期",),
          hint="如 2026-03-01；没有去查的整行留空"),
    Field(name="arrived", label="到场时间", width=10, hint="如 09:40"),
    Field(name="left", label="离开时间", width=10, hint="如 11:20"),
    Field(name="way", label="检查途径", kind=FieldKind.CHOICE, width=14,
          choices=tuple(Choice(each.value, each.label) for each in Way)),
    Field(name="methods", label="检查方式", kind=FieldKind.LIST, width=20),
    Field(name="inspectors", label="检查人员", kind=FieldKind.LIST, width=18,
          hint="实际去的两名执法人员，用顿号隔开"),
    Field(name="conclusion", label="检查结论", kind=FieldKind.CHOICE, width=24,
          choices=tuple(Choice(each.value, each.label) for each in Conclusion)),
    Field(name="finding", label="发现的问题", kind=FieldKind.LONG_TEXT, width=36,
          hint="未发现问题的留空"),
    Field(name="measure", label="处理措施", kind=FieldKind.LONG_TEXT, width=28,
          hint="如：责令限期整改"),
    Field(name="rectify_by", label="整改期限", kind=FieldKind.DATE, width=13, ends_period=True,
          hint="责令整改的填写"),
    Field(name="document_no", label="文书号", width=22, hint="责令整改通知书等"),
    Field(name="assistants", label="协助人数", kind=FieldKind.NUMBER, width=9),
    Field(name="entered_by", label="填报人", width=12, hint="谁填的这张表"),
)  # fmt: skip
"""The columns of the result itself, in the order of the form."""

FORMAL_FIELDS = (
    Field(name="notice_no", label="通知书文号", width=20),
    Field(name="certificates_shown", label="出示执法证", kind=FieldKind.BOOL, width=10),
    Field(name="basis_shown", label="说明检查依据", kind=FieldKind.BOOL, width=12),
    Field(name="intent_told", label="告知检查意图", kind=FieldKind.BOOL, width=12),
    Field(name="procedure_told", label="告知程序", kind=FieldKind.BOOL, width=10),
    Field(name="recusal", label="对方申请回避", kind=FieldKind.CHOICE, width=12, choices=RECUSALS),
    Field(name="recusal_note", label="回避如何处理", kind=FieldKind.LONG_TEXT, width=20),
    Field(name="scanned_at", label="扫码时间", width=10, hint="如 09:38"),
    Field(name="not_scanned", label="未扫码理由", kind=FieldKind.LONG_TEXT, width=18),
    Field(name="confirmed_by", label="现场确认人", width=12, hint="在笔录上签字的人"),
    Field(name="witnessed_by", label="第三方见证人", width=14, hint="对方拒签或不在场时签字的人"),
    Field(name="told_on", label="告知结果日期", kind=FieldKind.DATE, width=13),
    Field(name="told_how", label="告知方式", width=14),
)  # fmt: skip
"""国家层面手续 a squad fills in on the spot; the approval is the section's and no part of it."""

LATE_FIELDS = (
    Field(name="rectify_reason", label="超期原因", kind=FieldKind.LONG_TEXT, width=24,
          hint="整改期限超过细则规定的，写明原因"),
    Field(name="rectify_stage", label="阶段进展", kind=FieldKind.LONG_TEXT, width=24,
          hint="整改期限超过细则规定的，写明做到哪一步"),
)  # fmt: skip
"""Asked where the rulebook has a later deadline explained (``deadlines.explained``)."""

ITEM_FIELDS = (
    Field(name="outcome", label="情况", kind=FieldKind.CHOICE, width=10,
          choices=tuple(Choice(each.value, each.label) for each in ItemOutcome)),
    Field(name="note", label="说明", kind=FieldKind.LONG_TEXT, width=44,
          hint="发现了什么"),
    Field(name="measure", label="处理措施", kind=FieldKind.LONG_TEXT, width=30,
          hint="不符合的：当场怎样处理"),
)  # fmt: skip
"""逐项: what is filled in for each item."""

_BY_NAME = {field.name: field for field in (*RESULT_FIELDS, *FORMAL_FIELDS, *LATE_FIELDS)}
_PLAIN = (
    "arrived", "left", "finding", "measure", "rectify_by", "rectify_reason", "rectify_stage",
    "document_no", "entered_by", DAY,
)  # fmt: skip
_FORMAL = tuple(field.name for field in FORMAL_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field the file says something new about: as it was given out, as it is here, as it came.

    ``conflict``: it was changed here as well, otherwise than in the file.
    """

    name: str
    label: str
    ours: FieldValue
    theirs: FieldValue
    conflict: bool
    ours_words: str
    theirs_words: str


def item_field(name: str, place: int) -> str:
    """Name of an item's field among the values; ``place`` from 1."""
    return f"{name}:{place}"


def field_of(name: str, items: Sequence[ItemEntry]) -> Field:
    """The field behind a name; an item's carries the item's name in its label."""
    plain, colon, place = name.partition(":")
    if not colon:
        return _BY_NAME[plain]
    field = next(each for each in ITEM_FIELDS if each.name == plain)
    item = items[int(place) - 1].name
    return replace(field, name=name, label=item if plain == "outcome" else f"{item}·{field.label}")


def values_of(entry: ResultEntry, people: Sequence[str]) -> dict[str, FieldValue]:
    """An entry's filled-in fields; ``people``: the words for its inspectors, in their order."""
    found: dict[str, FieldValue] = {name: getattr(entry, name) for name in _PLAIN}
    found |= {name: getattr(entry.formalities, name) for name in _FORMAL}
    found |= {
        "way": entry.way.value,
        "methods": entry.methods,
        "inspectors": tuple(people),
        "conclusion": entry.conclusion.value if entry.conclusion else "",
        "assistants": entry.assistants,
    }
    for place, item in enumerate(entry.items, start=1):
        found[item_field("outcome", place)] = item.outcome.value if item.outcome else ""
        found[item_field("note", place)] = item.note
        found[item_field("measure", place)] = item.measure
    return {name: value for name, value in found.items() if value}


def entry_of(values: Values, before: ResultEntry, inspector_ids: tuple[int, ...]) -> ResultEntry:
    """``before`` with these fields in the place of its own; what is no field of a form stays."""
    given: dict[str, Any] = {name: values.get(name) or "" for name in _PLAIN}
    given |= {name: values.get(name) or None for name in (DAY, "rectify_by")}
    formal: dict[str, Any] = {
        name: values.get(name)
        or {FieldKind.BOOL: False, FieldKind.DATE: None}.get(_BY_NAME[name].kind, "")
        for name in _FORMAL
    }
    conclusion, methods = values.get("conclusion"), values.get("methods") or ()
    assistants = values.get("assistants")
    return replace(
        before,
        **given,
        way=Way(values.get("way") or Way.ON_SITE.value),
        methods=methods if isinstance(methods, tuple) else (),
        conclusion=Conclusion(conclusion) if conclusion else None,
        assistants=assistants if isinstance(assistants, int) else 0,
        inspector_ids=inspector_ids,
        items=tuple(_item(values, place, item) for place, item in enumerate(before.items, start=1)),
        formalities=replace(before.formalities, **formal),
    )


def _item(values: Values, place: int, item: ItemEntry) -> ItemEntry:
    ticked = values.get(item_field("outcome", place))
    note, measure = (values.get(item_field(name, place)) or "" for name in ("note", "measure"))
    return replace(
        item,
        outcome=ItemOutcome(ticked) if ticked else None,
        note=str(note),
        measure=str(measure),
    )


def compare(
    base: Values | None, ours: Values, theirs: Values, items: Sequence[ItemEntry]
) -> tuple[Difference, ...]:
    """What the file says anew, in the order of the form.

    ``base``: as it was given out; None if nobody knows: then an empty field says nothing, and
    every other field that differs from a filled one here is a conflict.
    """
    order = [*_BY_NAME, *(item_field(n, at + 1) for at in range(len(items)) for n in _ITEM_NAMES)]
    found = []
    for name in order:
        mine, came = ours.get(name), theirs.get(name)
        if came == mine or (came is None if base is None else came == base.get(name)):
            continue
        field = field_of(name, items)
        found.append(
            Difference(
                name=name,
                label=field.label,
                ours=mine,
                theirs=came,
                conflict=mine is not None if base is None else mine != base.get(name),
                ours_words=_words(field, mine),
                theirs_words=_words(field, came),
            )
        )
    return tuple(found)


_ITEM_NAMES = tuple(field.name for field in ITEM_FIELDS)


def _words(field: Field, value: FieldValue) -> str:
    return shown(field, value) or "（空）"


def outcome(
    ours: Values, differences: Sequence[Difference], *, keep_ours: bool
) -> dict[str, FieldValue]:
    """The merged fields; of a conflict ours stays or theirs is taken."""
    merged = dict(ours)
    for each in differences:
        if each.conflict and keep_ours:
            continue
        if each.theirs is None:
            merged.pop(each.name, None)
        else:
            merged[each.name] = each.theirs
    return merged
