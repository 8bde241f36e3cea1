"""A list drawn elsewhere, taken in and sealed for drawing the people, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.db.unit_of_work import UnitOfWork
from app.services.draws import incoming
from app.services.draws.draw_commands import FreezeDraw, Frozen
from app.services.draws.freezing import freeze
from app.services.draws.incoming import ReadList

__all__ = ["FreezeList", "freeze_list"]


@dataclass(frozen=True, slots=True)
class FreezeList:
    """The list, and the draw it is for; the draw's own ``list_id`` is not looked at."""

    incoming: ReadList
    draw: FreezeDraw


def freeze_list(uow: UnitOfWork, command: FreezeList) -> Frozen:
    """Take the list and seal it; nothing is kept of the list if it cannot be sealed.

    Errors: UserError as in ``incoming.take`` and ``freezing.freeze``.
    """
    row = incoming.taken(uow, command.incoming)
    uow.changed |= {"list"}
    return freeze(uow, replace(command.draw, list_id=row.id))
