"""移动存储介质: what the register says of a stick, a disk, a disc; which one is plugged in."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.fields import Choice, Field, FieldKind, FieldProblem, check_fields

__all__ = [
    "DEFAULT_PURPOSE",
    "GRADES",
    "KINDS",
    "MEDIUM_FIELDS",
    "STATES",
    "MediumFacts",
    "MediumGrade",
    "MediumKind",
    "MediumState",
    "check_medium",
    "recognised",
]

DEFAULT_PURPOSE = "上报省级平台"


class MediumKind(enum.Enum):
    """What a medium is."""

    STICK = "stick"
    DISK = "disk"
    DISC = "disc"


class MediumGrade(enum.Enum):
    """How confidential what it may hold is."""

    PLAIN = "plain"
    INTERNAL = "internal"
    CLASSIFIED = "classified"


class MediumState(enum.Enum):
    """Whether a medium may be used."""

    IN_USE = "in_use"
    WITHDRAWN = "withdrawn"


KINDS = (
    Choice("stick", "U 盘", ("U盘", "优盘", "闪存盘")),
    Choice("disk", "移动硬盘", ("硬盘",)),
    Choice("disc", "光盘", ("CD", "DVD")),
)
GRADES = (
    Choice("plain", "非涉密"),
    Choice("internal", "内部（检查前保密）", ("内部", "工作秘密")),
    Choice("classified", "涉密"),
)
STATES = (Choice("in_use", "在用"), Choice("withdrawn", "已停用"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumFacts:
    """One medium; ``ident``: 介质编号 on its label; ``serial``: its file system's own number."""

    ident: str
    kind: str = MediumKind.STICK.value
    label: str = ""
    serial: str = ""
    holder: str = ""
    grade: str = MediumGrade.PLAIN.value
    purpose: str = DEFAULT_PURPOSE
    since: date | None = None
    withdrawn_on: date | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """What a person calls it: the number."""
        return self.ident


MEDIUM_FIELDS = (
    Field(name="ident", label="介质编号", kind=FieldKind.CODE, required=True, width=12,
          hint="贴在介质上的编号，如 QH-01"),
    Field(name="kind", label="种类", kind=FieldKind.CHOICE, choices=KINDS, required=True, width=10),
    Field(name="holder", label="保管人", required=True, width=10, hint="谁领用、谁保管"),
    Field(name="grade", label="密级", kind=FieldKind.CHOICE, choices=GRADES, required=True,
          width=14),
    Field(name="purpose", label="用途", required=True, width=18, hint="如 上报省级平台、备份"),
    Field(name="label", label="卷标", width=14, hint="插上时电脑显示的名称"),
    Field(name="serial", label="卷序列号", kind=FieldKind.CODE, width=14,
          hint="插上时自动认出，如 1A2B-3C4D"),
    Field(name="since", label="启用日期", kind=FieldKind.DATE, width=12),
    Field(name="withdrawn_on", label="停用日期", kind=FieldKind.DATE, width=12,
          hint="停用后不能再拷"),
    Field(name="note", label="备注", kind=FieldKind.LONG_TEXT, width=24),
)  # fmt: skip


def check_medium(facts: MediumFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with a medium's facts."""
    found = list(check_fields(facts, MEDIUM_FIELDS))
    if facts.ident != facts.ident.strip():
        found.append(FieldProblem("ident", "介质编号前后有空格，请删去"))
    if facts.since and facts.withdrawn_on and facts.withdrawn_on < facts.since:
        found.append(FieldProblem("withdrawn_on", "停用日期早于启用日期"))
    return tuple(found)


def recognised(known: Iterable[MediumFacts], label: str, serial: str) -> MediumFacts | None:
    """The registered medium with this serial; without a serial on either side, this label.

    One in use goes before one withdrawn; of two alike nobody can say which it is: None.
    """
    listed = tuple(known)
    same = [each for each in listed if serial and _plain(each.serial) == _plain(serial)]
    if not same:
        same = [
            each
            for each in listed
            if label and _plain(each.label) == _plain(label) and not (serial and each.serial)
        ]
    in_use = [each for each in same if each.withdrawn_on is None]
    for found in (in_use, same):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _plain(text: str) -> str:
    return text.replace("-", "").replace(" ", "").casefold()
