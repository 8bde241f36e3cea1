"""当日资格: the people of a task looked at again on the day of the inspection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from app.db.read import pool
from app.domain.fitness import UnfitOn, unfit_on
from app.errors import UserError
from app.models import Inspector
from app.services import rulebooks

__all__ = ["refuse_unfit", "unfit_of", "warning", "words_of"]


def unfit_of(
    connection: Connection, people: Iterable[int], day: date, today: date
) -> tuple[UnfitOn, ...]:
    """What stands against these inspectors (row ids) inspecting on ``day``."""
    wanted = set(people)
    numbers = set(connection.scalars(select(Inspector.personal_no).where(Inspector.id.in_(wanted))))
    if not numbers:
        return ()
    rulebook = rulebooks.of_unit(connection)
    return tuple(
        reason
        for person in pool.inspectors(connection)
        if person.id in numbers
        for reason in unfit_on(person, rulebook, day, today)
    )


def words_of(reasons: Iterable[UnfitOn]) -> str:
    """赵某：执法证 2026-08-31 已到期；…"""
    return "；".join(f"{one.name}：{one.words}" for one in reasons)


def warning(connection: Connection, people: Iterable[int], day: date | None, today: date) -> str:
    """What stands against these people on ``day`` in one sentence; "" if nothing."""
    found = () if day is None else unfit_of(connection, people, day, today)
    if not found:
        return ""
    help_ = "、".join(dict.fromkeys(one.remedy for one in found))
    return f"{day} 不能执法的人员：{words_of(found)}。实际由别人检查的请先办理更换，否则先{help_}。"


def refuse_unfit(
    connection: Connection, people: Iterable[int], day: date | None, today: date
) -> None:
    """Refuse an inspection by somebody who was not fit on its day.

    Raises ``UserError`` with the reason and what to do; what is known for today only passes.
    """
    if day is None:
        return
    certain = [one for one in unfit_of(connection, people, day, today) if one.certain]
    if not certain:
        return
    help_ = "、".join(dict.fromkeys(one.remedy for one in certain))
    raise UserError(
        f"{day} 当天不能执法的人员：{words_of(certain)}。",
        f"请核对检查日期和检查人员；实际由别人检查的先办理更换，名录没有及时更新的先{help_}。",
    )
