"""From facts to the fate of every row: who it is, what it changes, why it comes back.

Every row below the header ends as new, updated, unchanged, rejected or skipped: the five
counts add up to the rows (nothing may be lost).
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic, Protocol

from app.domain.fields import FieldValue, is_empty, value_of
from app.domain.inspector import InspectorFacts
from app.domain.item import ItemFacts
from app.domain.target import TargetFacts
from app.exchange.cleaning import plain_words
from app.exchange.importing import F, SourceRow
from app.exchange.mapping import RowKind
from app.exchange.sheets import PROGRESS_STEP, Progress


class Fate(enum.Enum):
    """Where a row goes."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    SKIPPED = "skipped"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _FATES[self]


_FATES = {
    Fate.NEW: "新增",
    Fate.UPDATED: "更新",
    Fate.UNCHANGED: "不变",
    Fate.REJECTED: "退回",
    Fate.SKIPPED: "跳过",
}


_NO_MATTER = re.compile(r"[()（）.．。,，、·\-—]")


@dataclass(frozen=True, slots=True)
class Existing(Generic[F]):
    """What the directory has now; ``key`` is whatever the caller finds it by (ident, id)."""

    key: str
    facts: F


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as values; ``words`` shows them."""

    field: str
    old: FieldValue
    new: FieldValue


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on a row: leave it out, take it as new, or as the same as ``key``."""

    fate: Fate
    key: str = ""


class Side(enum.Enum):
    """Whose value stays where the directory and the file differ."""

    FILE = "file"
    OURS = "ours"
    GAPS = "gaps"  # the file's only where the directory has nothing

    @property
    def label(self) -> str:
        """Word for a person."""
        return _SIDES[self]


_SIDES = {Side.FILE: "以文件为准", Side.OURS: "保留库内的", Side.GAPS: "只补库内空着的"}


@dataclass(frozen=True, slots=True)
class Sides:
    """``usual`` for all differences; ``ours`` and ``file`` name (row, field) decided otherwise."""

    usual: Side = Side.FILE
    ours: frozenset[tuple[tuple[str, int], str]] = frozenset()
    file: frozenset[tuple[tuple[str, int], str]] = frozenset()

    def keeps(self, place: tuple[str, int], change: Change) -> bool:
        """Whether the directory's value stays."""
        named = (place, change.field)
        if named in self.ours:
            return True
        if named in self.file or self.usual is Side.FILE:
            return False
        return self.usual is Side.OURS or not is_empty(change.old)


def row_key(place: tuple[str, int]) -> str:
    """Names a record that a row of this file makes, as ``Existing.key`` names the others."""
    return f"@{place[1]}@{place[0]}"


@dataclass(frozen=True, slots=True)
class RowFate(Generic[F]):
    """What happens to a row and why.

    ``facts`` is what the directory shall hold afterwards (None for rejected and skipped);
    ``key`` names the existing record that is updated, ``merged_into`` the earlier row (sheet
    and number) of the same file this one repeats. ``doubtful`` asks for a person's look;
    ``candidates`` are the records it may be as well. ``kept``: differences where ours stays.
    """

    row: SourceRow[F]
    fate: Fate
    reason: str
    facts: F | None = None
    changes: tuple[Change, ...] = ()
    key: str | None = None
    merged_into: tuple[str, int] | None = None
    doubtful: bool = False
    candidates: tuple[str, ...] = ()
    kept: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    """Who a row is: index of a record, why, and whether a person should look."""

    record: int | None
    reason: str
    doubtful: bool = False
    refused: bool = False
    candidates: tuple[int, ...] = ()


@dataclass(slots=True)
class _Record(Generic[F]):
    facts: F
    key: str | None
    row: SourceRow[F] | None  # the first row of this file that spoke of it
    settled: frozenset[str] = frozenset()  # fields that rows of this file have given


def target_fates(
    rows: Sequence[SourceRow[TargetFacts]],
    existing: Sequence[Existing[TargetFacts]],
    decisions: Mapping[tuple[str, int], Decision] | None = None,
    progress: Progress | None = None,
    sides: Sides = Sides(),
) -> tuple[RowFate[TargetFacts], ...]:
    """Fates by permit no., local no., then USCC + site, registration no., name + address."""
    return _Judge(existing, _TargetIndex(), decisions or {}, sides).fates(rows, progress)


def inspector_fates(
    rows: Sequence[SourceRow[InspectorFacts]],
    existing: Sequence[Existing[InspectorFacts]],
    decisions: Mapping[tuple[str, int], Decision] | None = None,
    progress: Progress | None = None,
    sides: Sides = Sides(),
) -> tuple[RowFate[InspectorFacts], ...]:
    """Fates by personal number, then certificate number, then name and unit."""
    return _Judge(existing, _InspectorIndex(), decisions or {}, sides).fates(rows, progress)


def item_fates(
    rows: Sequence[SourceRow[ItemFacts]],
    existing: Sequence[Existing[ItemFacts]],
    decisions: Mapping[tuple[str, int], Decision] | None = None,
    progress: Progress | None = None,
    sides: Sides = Sides(),
) -> tuple[RowFate[ItemFacts], ...]:
    """Fates by item code, then name and year."""
    return _Judge(existing, _ItemIndex(), decisions or {}, sides).fates(rows, progress)


def counts(fates: Iterable[RowFate[F]]) -> dict[str, int]:
    """``rows`` and the five counts that add up to it."""
    tally = Counter(each.fate for each in fates)
    return {"rows": tally.total(), **{fate.value: tally[fate] for fate in Fate}}


class _Index(Protocol[F]):
    def add(self, place: int, facts: F) -> None: ...

    def find(self, facts: F, records: Sequence[_Record[F]]) -> _Match: ...

    def as_new(self, facts: F, records: Sequence[_Record[F]]) -> _Match: ...


class _Judge(Generic[F]):
    """Goes through the rows of a file once, keeping what they have made of the records so far."""

    def __init__(
        self,
        existing: Sequence[Existing[F]],
        index: _Index[F],
        decisions: Mapping[tuple[str, int], Decision],
        sides: Sides,
    ) -> None:
        self._records: list[_Record[F]] = [_Record(each.facts, each.key, None) for each in existing]
        self._by_key = {each.key: place for place, each in enumerate(existing)}
        self._index: _Index[F] = index
        self._decisions = decisions
        self._sides = sides

    def fates(
        self, rows: Sequence[SourceRow[F]], progress: Progress | None
    ) -> tuple[RowFate[F], ...]:
        """One fate per row, in the file's order."""
        for place, record in enumerate(self._records):
            if progress is not None and place % PROGRESS_STEP == 0:
                progress(0, len(rows))  # so that a person can cancel here too
            self._index.add(place, record.facts)
        found = []
        for done, row in enumerate(rows, start=1):
            found.append(self._fate(row))
            if progress is not None and done % PROGRESS_STEP == 0:
                progress(done, len(rows))
        return tuple(found)

    def _fate(self, row: SourceRow[F]) -> RowFate[F]:
        decision = self._decisions.get(row.place)
        if row.kind is not RowKind.DATA:
            return RowFate(row, Fate.SKIPPED, row.kind.reason)
        if decision is not None and decision.fate is Fate.SKIPPED:
            return RowFate(row, Fate.SKIPPED, "人工跳过")
        if row.facts is None or row.problems:
            reason = "；".join(problem.message for problem in row.problems)
            return RowFate(row, Fate.REJECTED, reason or "没有可导入的内容")
        match = self._match(row.facts, decision)
        may_be = tuple(self._key(place) for place in match.candidates)
        if match.refused:
            return RowFate(row, Fate.REJECTED, match.reason, doubtful=True, candidates=may_be)
        if match.record is not None:
            return self._merge(row, row.facts, match, match.record)
        place = len(self._records)
        self._index.add(place, row.facts)
        self._records.append(_Record(row.facts, None, row, row.given))
        self._by_key[row_key(row.place)] = place
        return RowFate(
            row,
            Fate.NEW,
            _say(match.reason, row),
            row.facts,
            doubtful=match.doubtful,
            candidates=may_be,
        )

    def _key(self, place: int) -> str:
        record = self._records[place]
        if record.key is not None or record.row is None:
            return record.key or ""
        return row_key(record.row.place)

    def _match(self, facts: F, decision: Decision | None) -> _Match:
        if decision is not None and decision.fate is Fate.NEW:
            return self._index.as_new(facts, self._records)
        if decision is not None and decision.key in self._by_key:
            return _Match(self._by_key[decision.key], "人工认定为同一对象")
        return self._index.find(facts, self._records)

    def _merge(self, row: SourceRow[F], facts: F, match: _Match, place: int) -> RowFate[F]:
        """What a row adds to a record; a cell an earlier row of the file has filled stays.

        The first row wins inside one file, so that importing the same file again changes nothing.
        """
        record = self._records[place]
        differing = tuple(
            Change(name, old, new)
            for name in sorted(row.given)
            if (new := value_of(facts, name)) != (old := value_of(record.facts, name))
        )
        open_ = [each for each in differing if each.field not in record.settled]
        kept = tuple(
            each for each in open_ if record.key is not None and self._sides.keeps(row.place, each)
        )
        changes = tuple(each for each in open_ if each not in kept) if kept else tuple(open_)
        news: dict[str, Any] = {each.field: each.new for each in changes}
        merged = replace(record.facts, **news) if news else record.facts
        first = record.row or row
        self._records[place] = _Record(merged, record.key, first, record.settled | row.given)
        if changes:
            self._index.add(place, merged)
        if record.row is not None:
            lost = tuple(each for each in differing if each.field in record.settled)
            return _duplicate(row, record.row, match, merged, changes, lost, record.key)
        if not changes:
            words = "保留库内的内容" if kept else "与库内相同"
            return RowFate(row, Fate.UNCHANGED, _say(words, row), merged, key=record.key, kept=kept)
        doubtful = match.doubtful or any(each.field == "name" for each in changes)
        return RowFate(
            row,
            Fate.UPDATED,
            _say(match.reason, row),
            merged,
            changes,
            record.key,
            doubtful=doubtful,
            candidates=(self._key(place),) if doubtful else (),
            kept=kept,
        )


def _duplicate(
    row: SourceRow[F],
    first: SourceRow[F],
    match: _Match,
    merged: F,
    changes: tuple[Change, ...],
    lost: tuple[Change, ...],
    key: str | None,
) -> RowFate[F]:
    where = f"第 {first.number} 行" if first.sheet == row.sheet else first.place_words
    reason = f"与{where}重复（{match.reason}），已合并"
    for each in lost:
        reason += f"；本行的“{_brief(each.new)}”与该行的“{_brief(each.old)}”不同，以该行为准"
    return RowFate(
        row,
        Fate.UPDATED,
        _say(reason, row),
        merged,
        changes,
        key,
        first.place,
        match.doubtful or bool(lost),
    )


def _brief(value: FieldValue) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _say(reason: str, row: SourceRow[F]) -> str:
    return "；".join((reason, *row.notes)) if reason else "；".join(row.notes)


class _TargetIndex:
    """Records by each of their codes and by normalised name."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, str], list[int]] = {}

    def add(self, place: int, facts: TargetFacts) -> None:
        """Index a record; adding it again after a merge is harmless."""
        for name in ("permit_no", "uscc", "reg_no", "local_no"):
            self._put(name, str(value_of(facts, name)), place)
        self._put("name", plain_name(facts.name), place)

    def _put(self, name: str, value: str, place: int) -> None:
        if value:
            places = self._by.setdefault((name, value), [])
            if place not in places:
                places.append(place)

    def find(self, facts: TargetFacts, records: Sequence[_Record[TargetFacts]]) -> _Match:
        """Who this is: permit no., USCC + site, registration no., local no., name + address."""
        for name, words in (("permit_no", "排污许可证编号"), ("local_no", "本地编号")):
            places = self._by.get((name, str(value_of(facts, name))), [])
            if places:
                return _Match(places[0], f"{words}相同，认定为同一对象")
        for name, words in (("uscc", "统一社会信用代码"), ("reg_no", "注册号")):
            places = self._by.get((name, str(value_of(facts, name))), [])
            places = [place for place in places if _may_be(facts, records[place].facts)]
            if places:
                return _same_body(facts, places, records, words)
        return self._by_name(facts, records)

    def as_new(self, facts: TargetFacts, records: Sequence[_Record[TargetFacts]]) -> _Match:
        """A person says it is another one: taken, if anything tells the two apart."""
        for name, words in (("permit_no", "排污许可证编号"), ("local_no", "本地编号")):
            if same := self._by.get((name, str(value_of(facts, name)))):
                return _Match(
                    None,
                    f"“{records[same[0]].facts.name}”已经用了这个{words}，不能作为新对象，请核对",
                    refused=True,
                    candidates=tuple(same),
                )
        places = self._by.get(("name", plain_name(facts.name)), [])
        alike = tuple(place for place in places if look_alike(facts, records[place].facts))
        if alike:
            return _Match(
                None,
                f"与库内或前面的“{facts.name}”无从区分；确是另一处场所的，请在文件里补上不同的"
                f"{WHAT_TELLS_APART}",
                refused=True,
                candidates=alike,
            )
        return _TAKEN_AS_NEW

    def _by_name(self, facts: TargetFacts, records: Sequence[_Record[TargetFacts]]) -> _Match:
        places = [
            place
            for place in self._by.get(("name", plain_name(facts.name)), [])
            if _may_be(facts, records[place].facts) and _codes_agree(facts, records[place].facts)
        ]
        near = [place for place in places if _same_place(facts, records[place].facts)]
        if len(near) == 1:
            return _Match(near[0], "名称和地址相同，认定为同一对象")
        if len(near) > 1:
            return _Match(
                None,
                f"库内有 {len(near)} 个同名对象“{facts.name}”，无法判断是哪一个，"
                "请补上地址、许可证编号或本地编号",
                refused=True,
                candidates=tuple(near),
            )
        if places:
            return _Match(
                None,
                "库内有同名对象但地址不同，按另一场所新增，请核对",
                doubtful=True,
                candidates=tuple(places),
            )
        kinds = tuple(
            place
            for place in self._by.get(("name", plain_name(facts.name)), [])
            if facts.kind and records[place].facts.kind not in {"", facts.kind}
        )
        if kinds and not facts.permit_no and not facts.local_no:
            return _Match(
                None,
                "库内有同名对象但种类不同，按另一对象新增，请核对",
                doubtful=True,
                candidates=kinds,
            )
        return _Match(None, "库内没有")


def look_alike(facts: TargetFacts, other: TargetFacts) -> bool:
    """Whether nothing tells two targets apart: same name, and no number, place or kind differs.

    Such a pair is refused wherever it comes from, for no list and no paper could show which of
    the two is meant.
    """
    return (
        plain_name(facts.name) == plain_name(other.name)
        and _may_be(facts, other)
        and _codes_agree(facts, other)
        and _same_place(facts, other)
    )


WHAT_TELLS_APART = "地址、排污许可证编号、本地编号或对象种类"


def _may_be(facts: TargetFacts, other: TargetFacts) -> bool:
    """Two permit or local numbers that differ are two sites, two kinds two targets."""
    return all(
        not ours or not theirs or ours == theirs
        for ours, theirs in (
            (facts.permit_no, other.permit_no),
            (facts.local_no, other.local_no),
            (facts.kind, other.kind),
        )
    )


def _codes_agree(facts: TargetFacts, other: TargetFacts) -> bool:
    return all(
        not ours or not theirs or ours == theirs
        for ours, theirs in ((facts.uscc, other.uscc), (facts.reg_no, other.reg_no))
    )


def _same_place(facts: TargetFacts, other: TargetFacts) -> bool:
    ours, theirs = plain_name(facts.address), plain_name(other.address)
    return not ours or not theirs or ours == theirs


def _same_body(
    facts: TargetFacts,
    places: list[int],
    records: Sequence[_Record[TargetFacts]],
    words: str,
) -> _Match:
    """One legal body, perhaps several sites: name and address tell which."""
    named = [p for p in places if plain_name(records[p].facts.name) == plain_name(facts.name)]
    near = [p for p in named if _same_place(facts, records[p].facts)]
    exact = [p for p in near if plain_name(records[p].facts.address) == plain_name(facts.address)]
    chosen = exact if len(exact) == 1 else near
    if len(chosen) == 1:
        return _Match(chosen[0], f"{words}和名称相同，认定为同一对象")
    if len(chosen) > 1:
        return _Match(
            None,
            f"同一{words}在库内有 {len(chosen)} 个场所，无法判断是哪一个，"
            "请补上排污许可证编号或地址",
            refused=True,
            candidates=tuple(chosen),
        )
    moved = [p for p in places if _may_be_renamed(facts, records[p])]
    if len(moved) == 1:
        return _Match(moved[0], f"{words}和地址相同，名称有变，请核对", doubtful=True)
    other = records[(named or places)[0]].facts.name
    return _Match(
        None,
        f"与“{other}”{words}相同，按同一主体的另一场所新增，请核对",
        doubtful=True,
        candidates=tuple(named or places),
    )


def _may_be_renamed(facts: TargetFacts, record: _Record[TargetFacts]) -> bool:
    """The same body at the same place under a new name.

    Not two rows of one file, which lists each of its own once; and not a construction project,
    which is nothing but its name: one builder has several at one place.
    """
    other = record.facts
    if record.row is not None or "project" in {facts.kind, other.kind}:
        return False
    same = plain_name(facts.address) == plain_name(other.address)
    return bool(facts.address) and same and not facts.project and not other.project


class _InspectorIndex:
    """Records by personal number, certificate number, name and unit."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._names: dict[str, list[int]] = {}

    def add(self, place: int, facts: InspectorFacts) -> None:
        """Index a record."""
        for name in ("personal_no", "cert_no"):
            text = str(value_of(facts, name))
            if text:
                self._numbers[(name, text)] = place
        places = self._names.setdefault(plain_name(facts.name), [])
        if place not in places:
            places.append(place)

    def as_new(self, _facts: InspectorFacts, _records: Sequence[_Record[InspectorFacts]]) -> _Match:
        """A person says it is another one."""
        return _TAKEN_AS_NEW

    def find(self, facts: InspectorFacts, records: Sequence[_Record[InspectorFacts]]) -> _Match:
        """Who this is."""
        for name, words in (("personal_no", "人员编号"), ("cert_no", "执法证号")):
            place = self._numbers.get((name, str(value_of(facts, name))))
            if place is not None:
                return _Match(place, f"{words}相同，认定为同一人")
        places = [
            place
            for place in self._names.get(plain_name(facts.name), [])
            if _may_be_same_person(facts, records[place].facts)
        ]
        if len(places) > 1:
            return _Match(
                None,
                f"有 {len(places)} 个同名的“{facts.name}”，请补上执法证号",
                refused=True,
                candidates=tuple(places),
            )
        if places:
            return _Match(places[0], "姓名和单位相同，认定为同一人")
        return _Match(None, "库内没有")


_TAKEN_AS_NEW = _Match(None, "人工认定为新对象")


def _may_be_same_person(facts: InspectorFacts, other: InspectorFacts) -> bool:
    return all(
        not ours or not theirs or plain_name(ours) == plain_name(theirs)
        for ours, theirs in (
            (facts.personal_no, other.personal_no),
            (facts.cert_no, other.cert_no),
            (facts.unit, other.unit),
            (facts.section, other.section),
        )
    )


class _ItemIndex:
    """Records by code, and by name and year."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._names: dict[str, list[int]] = {}

    def add(self, place: int, facts: ItemFacts) -> None:
        """Index a record."""
        if facts.code:
            self._codes[facts.code] = place
        places = self._names.setdefault(plain_name(facts.name), [])
        if place not in places:
            places.append(place)

    def as_new(self, _facts: ItemFacts, _records: Sequence[_Record[ItemFacts]]) -> _Match:
        """A person says it is another one."""
        return _TAKEN_AS_NEW

    def find(self, facts: ItemFacts, records: Sequence[_Record[ItemFacts]]) -> _Match:
        """Which item this is."""
        if facts.code in self._codes:
            return _Match(self._codes[facts.code], "事项编号相同，认定为同一事项")
        for place in self._names.get(plain_name(facts.name), []):
            other = records[place].facts
            if (not facts.code or not other.code) and facts.year in {None, other.year}:
                return _Match(place, "事项名称相同，认定为同一事项")
        return _Match(None, "库内没有")


@lru_cache(maxsize=8192)  # a row is looked up, compared and indexed by the same name
def plain_name(text: str) -> str:
    """A name for comparing: brackets, width, case, spaces and dots do not matter."""
    return _NO_MATTER.sub("", plain_words(text))
