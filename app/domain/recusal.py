"""回避: why an inspector must not inspect a target.

A plan is published in the end and carries the reason as a code (RD1 §2: ``[0-9a-z]{1,16}``);
its words stand in the sealed minutes only.
"""

from __future__ import annotations

import enum


class RecusalReason(enum.Enum):
    """Grounds of recusal (行政处罚法 43 and the brigade's own rules)."""

    KIN = "kin"
    INTEREST = "interest"
    FORMER = "former"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {
            "kin": "近亲属关系",
            "interest": "有利害关系",
            "former": "曾在该单位任职",
            "other": "其他可能影响公正的情形",
        }[self.value]
