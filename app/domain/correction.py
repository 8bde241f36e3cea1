"""更正: how a locked result may be voided, station by station (QD 四; elsewhere the unit's own).

applied → (each station of the chain agrees) → granted: the old result is voided and stays visible
                    └ one refuses → refused: the result stays as it is
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import UserError

__all__ = [
    "DEFAULT_RULES",
    "CorrectionRules",
    "CorrectionState",
    "Redo",
    "Station",
    "after_station",
    "next_station",
]


class CorrectionState(enum.Enum):
    """Where an application stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"open": "办理中", "granted": "已同意，原结果作废", "refused": "未同意"}[self.value]


class Redo(enum.Enum):
    """What comes in place of the voided result."""

    REINSPECT = "reinspect"
    REENTER = "reenter"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"reinspect": "重新检查", "reenter": "按原检查重新录入"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One station of the chain: who has to sign, and for what.

    ``organ`` and ``post`` are proposed in the form; a person may write the exact ones.
    """

    code: str
    label: str
    organ: str
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRules:
    """How a rulebook has a locked result corrected.

    ``reinspect_only``: the text wants the inspection made again (重新执法), typing it anew is
    not enough.
    """

    stations: tuple[Station, ...]
    reinspect_only: bool
    article: str
    note: str = ""


DEFAULT_RULES = CorrectionRules(
    stations=(
        Station(code="sign", label="签字同意", organ="本单位", post="主要负责人"),
        Station(code="office", label="登记并上报", organ="综合科", post="负责人"),
        Station(code="superior", label="答复", organ="上级支队", post="负责人"),
    ),
    reinspect_only=False,
    article="细则未规定",
    note="单位自定：书面申请、主要负责人签字、综合科登记、上级答复",
)
"""Where the regulation is silent: the same way as the one text that has one."""


def next_station(chain: Sequence[Station], passed: Sequence[str]) -> Station | None:
    """The station that comes next after those passed (codes in order); None when all agreed."""
    if tuple(passed) != tuple(station.code for station in chain[: len(passed)]):
        raise UserError("更正申请的经手顺序与细则不符。", "请按“申请—签字—上报—答复”的顺序登记。")
    return chain[len(passed)] if len(passed) < len(chain) else None


def after_station(
    chain: Sequence[Station], passed: Sequence[str], *, agreed: bool
) -> CorrectionState:
    """Where the application stands once the next station has spoken; UserError if none is left."""
    if next_station(chain, passed) is None:
        raise UserError("这份更正申请已经办完。", "请刷新后再看。")
    if not agreed:
        return CorrectionState.REFUSED
    return CorrectionState.GRANTED if len(passed) + 1 == len(chain) else CorrectionState.OPEN
