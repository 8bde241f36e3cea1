"""What a draw has produced: the content of ``result.txt`` (RD1 §5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.rd1.errors import ResultError
from app.domain.rd1.text import (
    COUNT,
    DIGITS,
    DRAW_NO,
    HEX64,
    ID,
    NAME,
    LineReader,
    file_hash,
    to_record,
)

__all__ = [
    "Assignment",
    "DrawResult",
    "DrawnTarget",
    "GroupResult",
    "One",
    "Pair",
    "StratumResult",
    "Team",
    "parse_result",
]

_HEAD = "RD1 RESULT"
_FLAGS = re.compile(r"\.|X|L?S?O?D?")
_SOME_ID = re.compile(r"-|[0-9A-Z]{1,64}")
_SOME_TEAM = re.compile(r"-|[1-9][0-9]{0,8}")
_STANDINS = re.compile(r"([0-9A-Z]{1,64}(,[0-9A-Z]{1,64}){0,2})?")


@dataclass(frozen=True, slots=True)
class DrawnTarget:
    """A target with its ticket T (64 hex digits)."""

    target: str
    ticket: str


@dataclass(frozen=True, slots=True)
class StratumResult:
    """What came out of one stratum, each tuple in ticket order.

    Either ``given`` (a ``giv`` stratum, all are in) or the other two are filled.
    """

    stratum: str
    given: tuple[DrawnTarget, ...] = ()
    selected: tuple[DrawnTarget, ...] = ()
    alternates: tuple[DrawnTarget, ...] = ()

    def lines(self) -> Iterator[str]:
        """Return the result lines of this stratum."""
        for kind, rows in (("giv", self.given), ("sel", self.selected), ("alt", self.alternates)):
            for place, row in enumerate(rows, 1):
                yield f"{kind}|{self.stratum}|{place}|{row.target}|{row.ticket}"


@dataclass(frozen=True, slots=True)
class Team:
    """A fixed team of two for the whole period; flags are letters, see `flags`."""

    number: int
    lead: str
    second: str
    flags: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The fixed team for a target; None if no team can go."""

    target: str
    team: int | None
    flags: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The pair for a target, lead first, and up to three stand-ins in order.

    Lead and second are both None if fewer than two people can go.
    """

    target: str
    lead: str | None
    second: str | None
    flags: str
    standins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class One:
    """The one person for a target (None if nobody can go) and the stand-ins."""

    target: str
    inspector: str | None
    flags: str
    standins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What one group of inspectors got.

    ``cap`` is the even share of targets.  Fixed teams fill ``teams``,
    ``standby`` and ``assignments``; a pair for every target fills ``pairs``; one
    person for every target fills ``ones``.
    """

    group: str
    cap: int
    teams: tuple[Team, ...] = ()
    standby: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    pairs: tuple[Pair, ...] = ()
    ones: tuple[One, ...] = ()

    def lines(self) -> Iterator[str]:
        """Return the result lines of this group."""
        at = self.group
        for team in self.teams:
            yield f"team|{at}|{team.number}|{team.lead}|{team.second}|{_flags(team.flags)}"
        for place, key in enumerate(self.standby, 1):
            yield f"standby|{at}|{place}|{key}"
        yield f"cap|{at}|{self.cap}"
        for work in self.assignments:
            yield f"assign|{at}|{work.target}|{work.team or '-'}|{_flags(work.flags)}"
        for pair in self.pairs:
            people = f"{pair.lead or '-'}|{pair.second or '-'}"
            rest = f"{_flags(pair.flags)}|{','.join(pair.standins)}"
            yield f"pair|{at}|{pair.target}|{people}|{rest}"
        for one in self.ones:
            rest = f"{_flags(one.flags)}|{','.join(one.standins)}"
            yield f"one|{at}|{one.target}|{one.inspector or '-'}|{rest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawResult:
    """Everything that ``result.txt`` holds; hashes are 64 hex digits.

    ``plan`` is P, ``commitment`` C, ``reveal`` R, ``digits`` W1…Wk, ``seed`` S.
    Strata and groups ascend by name; a stratum without a drawn or listed target
    is absent.
    """

    no: str
    plan: str
    commitment: str
    reveal: str
    digits: tuple[str, ...]
    seed: str
    strata: tuple[StratumResult, ...]
    groups: tuple[GroupResult, ...]

    def to_bytes(self) -> bytes:
        """Return the bytes of ``result.txt``."""
        return to_record(_HEAD, list(self._lines()))

    @property
    def result_hash(self) -> str:
        """F of RD1 §5: hash of ``result.txt``."""
        return file_hash(self.to_bytes())

    def selected(self) -> tuple[str, ...]:
        """Ids of all targets that are in: given and selected, in file order."""
        return tuple(
            row.target for stratum in self.strata for row in (*stratum.given, *stratum.selected)
        )

    def alternates(self) -> tuple[str, ...]:
        """Ids of all alternates, in file order."""
        return tuple(row.target for stratum in self.strata for row in stratum.alternates)

    def stratum(self, name: str) -> StratumResult:
        """Result of one stratum; an empty one if nothing was drawn there."""
        return next((one for one in self.strata if one.stratum == name), StratumResult(name))

    def group(self, code: str) -> GroupResult | None:
        """Result of one group, None if the plan has no such group."""
        return next((one for one in self.groups if one.group == code), None)

    def _lines(self) -> Iterator[str]:
        yield f"draw|{self.no}"
        yield f"plan|{self.plan}"
        yield f"commit|{self.commitment}"
        yield f"reveal|{self.reveal}"
        for position, text in enumerate(self.digits, 1):
            yield f"witness|{position}|{text}"
        yield f"seed|{self.seed}"
        for stratum in self.strata:
            yield from stratum.lines()
        for group in self.groups:
            yield from group.lines()


def _flags(letters: str) -> str:
    return letters or "."


def _letters(field: str) -> str:
    return "" if field == "." else field


def parse_result(data: bytes) -> DrawResult:
    """Read the bytes of ``result.txt``.

    Raises ResultError naming the line for every file that is not what
    `DrawResult.to_bytes` would write.
    """
    reader = LineReader(data, _HEAD, ResultError)
    no = reader.one("draw", DRAW_NO)
    plan = reader.one("plan", HEX64)
    commitment = reader.one("commit", HEX64)
    reveal = reader.one("reveal", HEX64)
    digits = []
    while reader.kind() == "witness":
        digits.append(reader.take("witness", COUNT, DIGITS)[1])
    seed = reader.one("seed", HEX64)
    result = DrawResult(
        no=no,
        plan=plan,
        commitment=commitment,
        reveal=reveal,
        digits=tuple(digits),
        seed=seed,
        strata=_read_strata(reader),
        groups=_read_groups(reader),
    )
    reader.end()
    _refuse_other_order(data, result)
    return result


def _read_strata(reader: LineReader) -> tuple[StratumResult, ...]:
    found: dict[str, dict[str, list[DrawnTarget]]] = {}
    while (kind := reader.kind()) in ("giv", "sel", "alt"):
        stratum, _, target, ticket = reader.take(kind, NAME, COUNT, ID, HEX64)
        rows = found.setdefault(stratum, {"giv": [], "sel": [], "alt": []})
        rows[kind].append(DrawnTarget(target, ticket))
    return tuple(
        StratumResult(name, tuple(rows["giv"]), tuple(rows["sel"]), tuple(rows["alt"]))
        for name, rows in sorted(found.items())
    )


class _GroupLines:
    """Lines of one group while they are read."""

    def __init__(self) -> None:
        self.cap = 0
        self.teams: list[Team] = []
        self.standby: list[str] = []
        self.assignments: list[Assignment] = []
        self.pairs: list[Pair] = []
        self.ones: list[One] = []

    def result(self, group: str) -> GroupResult:
        return GroupResult(
            group,
            self.cap,
            tuple(self.teams),
            tuple(self.standby),
            tuple(self.assignments),
            tuple(self.pairs),
            tuple(self.ones),
        )


_GROUP_PATTERNS: dict[str, tuple[re.Pattern[str], ...]] = {
    "team": (NAME, COUNT, ID, ID, _FLAGS),
    "standby": (NAME, COUNT, ID),
    "cap": (NAME, COUNT),
    "assign": (NAME, ID, _SOME_TEAM, _FLAGS),
    "pair": (NAME, ID, _SOME_ID, _SOME_ID, _FLAGS, _STANDINS),
    "one": (NAME, ID, _SOME_ID, _FLAGS, _STANDINS),
}


def _read_groups(reader: LineReader) -> tuple[GroupResult, ...]:
    found: dict[str, _GroupLines] = {}
    while (kind := reader.kind()) in _GROUP_PATTERNS:
        group, *fields = reader.take(kind, *_GROUP_PATTERNS[kind])
        _add(found.setdefault(group, _GroupLines()), kind, fields)
    return tuple(lines.result(group) for group, lines in sorted(found.items()))


def _add(lines: _GroupLines, kind: str, fields: Sequence[str]) -> None:
    match kind, fields:
        case "team", [number, lead, second, flags]:
            lines.teams.append(Team(int(number), lead, second, _letters(flags)))
        case "standby", [_, person]:
            lines.standby.append(person)
        case "cap", [cap]:
            lines.cap = int(cap)
        case "assign", [target, team, flags]:
            number_or_none = None if team == "-" else int(team)
            lines.assignments.append(Assignment(target, number_or_none, _letters(flags)))
        case "pair", [target, lead, second, flags, standins]:
            lines.pairs.append(
                Pair(target, _some(lead), _some(second), _letters(flags), _people(standins))
            )
        case "one", [target, person, flags, standins]:
            lines.ones.append(One(target, _some(person), _letters(flags), _people(standins)))


def _some(field: str) -> str | None:
    return None if field == "-" else field


def _people(field: str) -> tuple[str, ...]:
    return tuple(field.split(",")) if field else ()


def _refuse_other_order(data: bytes, result: DrawResult) -> None:
    """Whatever order, number or spelling the writer would not use is refused."""
    written = result.to_bytes()
    if written == data:
        return
    pairs = zip(data.split(b"\n"), written.split(b"\n"), strict=False)
    number = next((at for at, (one, other) in enumerate(pairs, 1) if one != other), None)
    raise ResultError("内容的次序或编号不合规定", number)
