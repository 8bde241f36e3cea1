"""Files that follow from a saved step: they may wait, and are written when the disk allows.

The database holds the record; a power cut or a full disk after its commit leaves files missing.
What is missing is written at the next opening.  A file that is there is never touched here: if it
differs, the check has to name it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select, text

from app.db import ledger
from app.db.read import substitutions
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.ways import Way
from app.errors import EnvironmentFault, PartlyDone
from app.exchange.files import write_atomically
from app.models import Draw
from app.services.draws import papers, received_papers
from app.services.replacing.addendum_papers import form_name, write_form, write_redraw_form

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
    """Write the missing files of every draw, and the papers a later entry made stale.

    Raises nothing: a full disk leaves them missing, and a draw that is damaged must not keep the
    workspace shut; the check names both.
    """
    _clear_never_sealed(uow)
    story = story_of_draws(uow.session.connection())
    here = Draw.way.not_in([way.value for way in Way if way.elsewhere])
    for ident, no in uow.session.execute(select(Draw.id, Draw.no).where(here)).all():
        try:
            _complete(uow, uow.session.get_one(Draw, ident), story.get(no, DrawStory()))
        except Exception:
            uow.session.rollback()
            _log.warning("files of draw %s stay missing", no, exc_info=True)
    try:
        received_papers.write_missing(uow)
    except Exception:
        _log.warning("records of draws made elsewhere stay missing", exc_info=True)


_BEFORE_ANY_CHANCE = re.compile(
    r"plan\.txt|excluded\.txt|witness-slips\.pdf|attendance\.pdf|\.~[0-9a-f]{16}\.tmp"
)


def _clear_never_sealed(uow: UnitOfWork) -> None:
    """Folders of lists whose freezing was broken off, or whose withdrawal was: no commitment ever
    bound them, and the number is still free.  One that holds anything else stays, and is named.
    """
    known = set(uow.session.scalars(select(Draw.no)))
    for room in sorted(uow.folder.draws.iterdir()) if uow.folder.draws.is_dir() else ():
        if room.name in known or not room.is_dir():
            continue
        names = [path.name for path in room.iterdir()]
        if all(_BEFORE_ANY_CHANCE.fullmatch(name) for name in names):
            papers.remove_records(uow.folder, room.name)
            _log.info("cleared %s: its list was never frozen", room.name)


@dataclass(slots=True)
class DrawStory:
    """What the ledger tells of one draw: the head each paper prints, what was written to disk.

    ``heads``: file name → the step it shows; ``written``: file name → number of the newest entry
    that told its digest, and the digest.
    """

    heads: dict[str, ledger.Head] = field(default_factory=dict)
    written: dict[str, tuple[int, str]] = field(default_factory=dict)

    def owed(self, name: str, room: Path) -> bool:
        """Whether a paper has to be written: missing, or older than the step it shows."""
        told = self.written.get(name)
        stale = told is not None and told[0] < self.heads[name].seq
        return stale or not (room / name).is_file()


def story_of_draws(connection: Connection) -> dict[str, DrawStory]:
    """Every draw's story by its number; a withdrawn draw has none."""
    stories: dict[str, DrawStory] = {}
    for seq, digest, action, no, detail in connection.execute(_STORY):
        story = stories.setdefault(no, DrawStory())
        head, facts = ledger.Head(seq, digest), json.loads(detail)
        match action:
            case "draw.withdraw":
                del stories[no]
            case papers.WRITTEN:
                story.written.update({name: (seq, sha) for name, sha in facts["files"].items()})
            case "draw.commit":
                story.heads["commitment.pdf"] = head
            case "draw.void":
                story.heads["void.pdf"] = head
            case "draw.redraw":
                redraw = stories.setdefault(facts["redraw"], DrawStory())
                redraw.heads["substitution.pdf"] = head
            case "draw.substitute":
                first = sum(name.startswith("addendum-") for name in story.heads) + 1
                for number in range(first, first + len(facts["records"])):
                    story.heads[form_name(number)] = head
            case "draw.close" | "draw.check" | "draw.note":
                if action == "draw.close" or "minutes.pdf" in story.heads:
                    story.heads.update(dict.fromkeys(_MINUTES, head))
    return stories


_STORY = text(
    "SELECT seq, hash, action, subject, detail FROM ledger WHERE action LIKE 'draw.%' ORDER BY seq"
)
_MINUTES = (papers.VERIFY_PAGE.name, "minutes-public.pdf", "minutes.pdf")


def _complete(uow: UnitOfWork, draw: Draw, story: DrawStory) -> None:
    room = uow.folder.draws / draw.no
    room.mkdir(parents=True, exist_ok=True)
    addenda = substitutions.addenda(uow.session.connection(), draw.id)
    records = {
        "plan.txt": draw.plan_bytes,
        "excluded.txt": draw.excluded_bytes,
        **({"void.txt": draw.void_bytes} if draw.void_bytes else {}),
        **({"result.txt": draw.result_bytes} if draw.result_bytes and not draw.void_bytes else {}),
        **{rd1.addendum_name(number): data for number, data in enumerate(addenda, 1)},
    }
    for name, data in records.items():
        if not (room / name).is_file():
            write_atomically(room / name, data)
    owed = [name for name in story.heads if story.owed(name, room)]
    # Written but untold: a power cut came between, or an older program wrote them.
    untold = [name for name in story.heads if name not in story.written and name not in owed]
    found = {name: (room / name).read_bytes() for name in untold}
    for name in owed:
        if name not in _MINUTES:
            _write_paper(uow, draw, name, story)
    if minutes := [name for name in owed if name in _MINUTES]:
        files = papers.minutes_files(uow, draw, story.heads["minutes.pdf"])
        papers.put(uow, draw.no, {name: files[name] for name in minutes})
    if found:
        papers.tell(uow, draw.no, found)


def _write_paper(uow: UnitOfWork, draw: Draw, name: str, story: DrawStory) -> None:
    head = story.heads[name]
    if name == "commitment.pdf":
        papers.write_slip(uow, draw, head)
    elif name == "void.pdf":
        papers.write_void(uow, draw, head)
    elif name == "substitution.pdf":
        write_redraw_form(uow, draw.no, head)
    else:
        write_form(uow, draw.no, int(name[len("addendum-") : -len(".pdf")]), head)
