"""分类: what the rulebook's criteria suggest, and what a person decided, recorded.

The credit grade acts here, through the category, or through a directed draw; never through
weights in a draw (YY 六(一)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Table, delete, insert, select, update

from app.db.read import classification as reads
from app.db.read.classification import Classified
from app.db.read.sites import shown_names
from app.db.unit_of_work import UnitOfWork
from app.domain import classification
from app.domain.classification import Suggestion
from app.domain.rulebook import Rulebook
from app.errors import UserError
from app.exchange.sheets import PROGRESS_STEP
from app.models import CategoryDecision, Target
from app.services import rulebooks
from app.services.intake.import_rows import Watch, silent

_TARGET: Table = Target.__table__  # type: ignore[assignment]
_DECISION: Table = CategoryDecision.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """One target whose category the criteria would change."""

    id: int
    ident: str
    name: str
    category: str
    suggestion: Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """建议调整分类: what differs; ``unknown`` targets say nothing a criterion looks at.

    ``applicable`` False: the regulation leaves the criteria to another document.
    """

    applicable: bool
    rows: tuple[Suggested, ...]
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCategory:
    """(target, category decided) of several targets at once.

    ``reason`` is needed where a suggestion is overruled or another category than the suggested
    one is chosen; ``document_no``: the paper that says so, if there is one.
    """

    decisions: tuple[tuple[int, str], ...]
    reason: str = ""
    document_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was written; given to ``take_back`` it is undone."""

    moved: int
    kept: int
    before: tuple[tuple[int, str, date], ...]
    ids: tuple[int, ...]


def suggestions(connection: Connection, today: date, watch: Watch = silent) -> Suggestions:
    """Every target in force whose category the criteria would change, by ident.

    One that a person decided on the same grounds is not asked about again; what ``watch``
    raises ends the look.
    """
    rulebook = rulebooks.of_unit(connection)
    if not classification.has_criteria(rulebook):
        return Suggestions(applicable=False, rows=(), unknown=0)
    everyone = reads.in_force(connection)
    names = shown_names(connection, {each.id: each.facts.name for each in everyone})
    rows = []
    for done, each in enumerate(everyone, 1):
        if done % PROGRESS_STEP == 0:
            watch(done, len(everyone), "")
        suggestion = _open_suggestion(each, rulebook, today)
        if suggestion is not None:
            rows.append(
                Suggested(
                    id=each.id,
                    ident=each.ident,
                    name=names[each.id],
                    category=each.facts.category,
                    suggestion=suggestion,
                )
            )
    unknown = sum(not classification.is_known(each.facts) for each in everyone)
    return Suggestions(applicable=True, rows=tuple(rows), unknown=unknown)


def suggestion_for(
    connection: Connection, target_id: int, today: date
) -> tuple[Suggestion | None, bool]:
    """What the criteria say of one target, and whether that still asks for a decision."""
    rulebook = rulebooks.of_unit(connection)
    for each in reads.in_force(connection, target_id):
        found = classification.suggest(each.facts, each.violations, rulebook, today)
        return found, _open_suggestion(each, rulebook, today) is not None
    return None, False


def _open_suggestion(each: Classified, rulebook: Rulebook, today: date) -> Suggestion | None:
    found = classification.suggest(each.facts, each.violations, rulebook, today)
    if found is None or not classification.differs(found, each.facts, rulebook):
        return None
    settled = each.decided == (each.facts.category, found.words)
    return None if settled else found


def decide(uow: UnitOfWork, command: DecideCategory) -> Decided:
    """Record what a person decided, and put the targets into the decided categories.

    UserError: no such category, the target is gone, or a reason is missing where the decision
    is not what the criteria suggest.
    """
    connection = uow.session.connection()
    rulebook = rulebooks.of_unit(connection)
    reason = command.reason.strip()
    known = dict(command.decisions)
    lines, moved = [], []
    for target_id, decided in known.items():
        rulebook.category(decided)
        row = _row(uow, target_id)
        (each,) = reads.in_force(connection, target_id) or (None,)
        found = (
            classification.suggest(each.facts, each.violations, rulebook, uow.today)
            if each is not None
            else None
        )
        if not reason and (found is None or decided != found.category):
            raise UserError(
                f"“{row.name}”的决定与细则的标准不一致，要写明理由。", "请填写理由后再保存。"
            )
        lines.append(_line(uow, row, found, decided, command, reason))
        if decided != row.category:
            moved.append((target_id, row.category, row.category_since))
    ids = tuple(
        uow.session.execute(insert(_DECISION).values(line).returning(_DECISION.c.id)).scalar_one()
        for line in lines
    )
    for target_id, _, _ in moved:
        values = {"category": known[target_id], "category_since": uow.today}
        _put(uow, target_id, values)
    uow.record("target.classify", str(len(lines)), _detail(lines, moved, uow.today))
    uow.changed.add("target")
    uow.commit()
    return Decided(moved=len(moved), kept=len(lines) - len(moved), before=tuple(moved), ids=ids)


def note_change(
    uow: UnitOfWork, target_id: int, decided: str, reason: str, document_no: str
) -> None:
    """Record a re-classification that another service writes and commits; UserError: no reason."""
    row = _row(uow, target_id)
    if not reason.strip():
        raise UserError(f"改“{row.name}”的监管类别要写明理由。", "请填写改类别的理由后再保存。")
    found, _open = suggestion_for(uow.session.connection(), target_id, uow.today)
    command = DecideCategory(decisions=((target_id, decided),), document_no=document_no)
    line = _line(uow, row, found, decided, command, reason.strip())
    uow.session.execute(insert(_DECISION).values(line))


def take_back(uow: UnitOfWork, command: Decided) -> None:
    """Undo decisions; UserError if one of the targets was classified again since."""
    rows: dict[str, object] = {}
    for target_id, category, since in command.before:
        row = _row(uow, target_id)
        newest = uow.session.scalar(
            select(CategoryDecision.id)
            .where(CategoryDecision.target_id == target_id)
            .order_by(CategoryDecision.id.desc())
            .limit(1)
        )
        if newest not in command.ids:
            raise UserError(f"“{row.name}”之后又重新分过类，不能撤销。", "请逐家修改。")
        _put(uow, target_id, {"category": category, "category_since": since})
        rows[str(target_id)] = {
            "before": {"category": row.category},
            "after": {"category": category},
        }
    uow.session.execute(delete(_DECISION).where(_DECISION.c.id.in_(command.ids)))
    uow.record("target.classify", str(len(command.ids)), {"rows": rows, "undone": command.ids})
    uow.changed.add("target")
    uow.commit()


def _row(uow: UnitOfWork, target_id: int) -> Target:
    row = uow.session.get(Target, target_id)
    if row is None:
        raise UserError("这家检查对象已经不在了。", "请刷新后再试。")
    uow.session.refresh(row)
    return row


def _put(uow: UnitOfWork, target_id: int, values: dict[str, object]) -> None:
    uow.session.execute(
        update(_TARGET).where(_TARGET.c.id == target_id).values({**values, "updated_at": uow.now})
    )


def _line(
    uow: UnitOfWork,
    row: Target,
    found: Suggestion | None,
    decided: str,
    command: DecideCategory,
    reason: str,
) -> dict[str, object]:
    return {
        "target_id": row.id,
        "was": row.category,
        "suggested": found.category if found else "",
        "decided": decided,
        "grounds": list(found.words) if found else [],
        "reason": reason,
        "document_no": command.document_no.strip(),
        "by": uow.actor,
        "at": uow.now,
    }


def _detail(
    lines: Sequence[dict[str, object]], moved: Sequence[tuple[int, str, date]], today: date
) -> dict[str, object]:
    since = {target_id: day for target_id, _, day in moved}
    rows: dict[str, object] = {}
    for line in lines:
        target_id = line["target_id"]
        before = {"category": line["was"]}
        after = {"category": line["decided"]}
        if target_id in since:
            before["category_since"] = since[target_id]
            after["category_since"] = today
        rows[str(target_id)] = {
            "before": before,
            "after": after,
            **{name: line[name] for name in ("suggested", "grounds", "reason", "document_no")},
        }
    return {"rows": rows}
