"""Files that follow from a saved step: they may wait, and are written when the disk allows.

The database holds the record; a power cut or a full disk after its commit leaves files missing.
What is missing is written at the next opening.  A file that is there is never touched here: if it
differs, the check has to name it.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from sqlalchemy import func, select, text

from app.db import ledger
from app.db.read import substitutions
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.ways import Way
from app.errors import EnvironmentFault, PartlyDone
from app.exchange.files import write_atomically
from app.models import ClosingRecord, Draw, DrawState
from app.services import papers, received_papers

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def files_may_wait(saved: str) -> Iterator[None]:
    """Turn a refusal of the disk into PartlyDone; ``saved`` says what is safe: “抽取已完成”."""
    try:
        yield
    except (EnvironmentFault, OSError) as error:
        why = error.message if isinstance(error, EnvironmentFault) else "磁盘不能写入。"
        raise PartlyDone(
            f"{saved}，记录已经保存，但文件没有写全：{why}",
            "请腾出磁盘空间后再打开一次，缺的文件会自动补上。",
        ) from error


def complete(uow: UnitOfWork, _command: None) -> None:
    """Write the missing files of every draw.

    Raises nothing: a full disk leaves them missing, and a draw that is damaged must not keep the
    workspace shut; the check names both.
    """
    for ident, no, state, addenda in uow.session.execute(_DRAWS).all():
        needed = (*_NEEDED[state], *map(rd1.addendum_name, range(1, addenda + 1)))
        room = uow.folder.draws / no
        missing = {name for name in needed if not (room / name).is_file()}
        if missing:
            try:
                _write(uow, uow.session.get_one(Draw, ident), missing)
            except Exception:
                _log.warning("files of draw %s stay missing", no, exc_info=True)
    try:
        received_papers.write_missing(uow)
    except Exception:
        _log.warning("records of draws made elsewhere stay missing", exc_info=True)


_DRAWS = (
    select(Draw.id, Draw.no, Draw.state, func.count(ClosingRecord.id))
    .outerjoin(
        ClosingRecord, (ClosingRecord.draw_id == Draw.id) & (ClosingRecord.kind == "addendum")
    )
    .where(Draw.way.not_in([way.value for way in Way if way.elsewhere]))
    .group_by(Draw.id)
)
_NEEDED = {
    DrawState.FROZEN: ("plan.txt", "excluded.txt"),
    DrawState.COMMITTED: ("plan.txt", "excluded.txt", "commitment.pdf"),
    DrawState.CLOSED: ("plan.txt", "excluded.txt", "result.txt", "minutes.pdf"),
    DrawState.VOID: ("plan.txt", "excluded.txt", "void.txt", "void.pdf"),
}


def _write(uow: UnitOfWork, draw: Draw, missing: set[str]) -> None:
    room = uow.folder.draws / draw.no
    room.mkdir(parents=True, exist_ok=True)
    addenda = substitutions.addenda(uow.session.connection(), draw.id)
    records = {
        "plan.txt": draw.plan_bytes,
        "excluded.txt": draw.excluded_bytes,
        "result.txt": draw.result_bytes,
        "void.txt": draw.void_bytes,
        **{rd1.addendum_name(number): data for number, data in enumerate(addenda, 1)},
    }
    for name in sorted(missing & records.keys()):
        write_atomically(room / name, records[name] or b"")
    if "commitment.pdf" in missing:
        papers.write_slip(uow, draw)
    if "minutes.pdf" in missing:
        papers.write_minutes(uow, draw, _head_at(uow, "draw.close", draw.no))
    if "void.pdf" in missing:
        papers.write_void(uow, draw, _head_at(uow, "draw.void", draw.no))


def _head_at(uow: UnitOfWork, action: str, no: str) -> ledger.Head:
    """The ledger head as the step left it: paper printed later says the same."""
    row = uow.session.execute(
        text("SELECT seq, hash FROM ledger WHERE action = :action AND subject = :no"),
        {"action": action, "no": no},
    ).one()
    return ledger.Head(row.seq, row.hash)
