"""检查任务通知单 as plain text: a file to hand on where nobody has a printer at hand."""

from __future__ import annotations

from collections.abc import Iterator

from app.documents import words
from app.documents.notice import NoticeFacts

__all__ = ["build"]


def build(facts: NoticeFacts) -> str:
    """The notice's content, one thing a line; Windows line ends, for it is opened there."""
    return "\r\n".join(_lines(facts)) + "\r\n"


def _lines(facts: NoticeFacts) -> Iterator[str]:
    yield f"{facts.unit}　{facts.text.title}（检查前保密）"
    yield f"抽取编号：{facts.draw_number}　期间：{facts.period}　检查组：{facts.team}"
    if facts.plan_no:
        yield f"平台计划编号：{facts.plan_no}"
    yield f"时限：{facts.deadline}"
    for member in facts.members:
        along = f"随同{'、'.join(member.tasks)}" if member.tasks else ""
        known = "，".join(each for each in (member.certificate, member.department, along) if each)
        yield f"{member.standing}：{member.name}（{known}）"
    if facts.changes:
        yield "更换说明（替代此前发出的通知单）："
        yield from (f"{at}. {text}" for at, text in enumerate(facts.changes, 1))
    if facts.warnings:
        yield "注意，检查前须先处理："
        yield from (f"{at}. {text}" for at, text in enumerate(facts.warnings, 1))
    yield f"检查对象（{len(facts.targets)} 家，只列本组）："
    for target in facts.targets:
        number = f"平台任务编号 {target.task_no}" if target.task_no else ""
        parts = (target.code, number, target.address, target.contact)
        more = "，".join(part for part in parts if part)
        yield f"{target.rank}　{target.name}{f'（{more}）' if more else ''}"
    yield f"发放：{facts.issued_by}，{words.day(facts.issued_on)}"
