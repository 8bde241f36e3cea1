"""利害关系: a firm an inspector has to do with, known before it ever stands in the directory.

A former employer or a relative's firm leads to a recusal once a target of that code or name is in
the list (行政处罚法第四十三条; YY 四(四), TJ 四.2, NM 6): proposed, never declared by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.codes import check_uscc, normal_code
from app.domain.fields import Choice, Field, FieldKind, FieldProblem, check_fields
from app.domain.recusal import RecusalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestFacts:
    """What a person declares; ``code`` of the kinds of recusal."""

    firm: str = ""
    uscc: str = ""
    code: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.firm


def fields(kinds: tuple[RecusalKind, ...]) -> tuple[Field, ...]:
    """The form; only kinds that concern one body are offered."""
    offered = tuple(Choice(each.code, each.label) for each in kinds if each.code != "health")
    return (
        Field(name="firm", label="单位名称", required=True, width=36, hint="与营业执照一致"),
        Field(
            name="uscc",
            label="统一社会信用代码",
            kind=FieldKind.CODE,
            width=22,
            hint="知道的填写，认得更准",
        ),
        Field(name="code", label="关系", kind=FieldKind.CHOICE, choices=offered, required=True),
        Field(name="note", label="说明", width=30, hint="如：2019 至 2022 年任环保专员"),
    )


def validate(facts: InterestFacts, kinds: tuple[RecusalKind, ...]) -> tuple[FieldProblem, ...]:
    """Everything wrong with it."""
    found = list(check_fields(facts, fields(kinds)))
    code = normal_code(facts.uscc)
    problem = check_uscc(code) if code else None
    if problem is not None:
        found.append(FieldProblem("uscc", problem.message))
    return tuple(found)
