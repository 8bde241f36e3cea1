"""Whatever is changed in the folders of a series is found, by page and script alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from app.domain.rd1 import verify_draw
from app.services.safety.verifying import verify
from tests.domain.rd1.plans import NAMES, to_plan, worked

from .browser import Page
from .folders import SPOILERS, Files, series_of_three, with_a_fourth_draw
from .script import Script

FIXED = NAMES[0]
Series = dict[str, Files]


def flat(folders: Series) -> Files:
    """The folders as a browser names their files."""
    return {
        f"draw/{no}/{name}": data for no, files in folders.items() for name, data in files.items()
    }


def all_found(page: Page, script: Script, cases: dict[str, Series]) -> None:
    verdicts = page.verify([flat(case) for case in cases.values()])
    missed = [name for name, verdict in zip(cases, verdicts, strict=True) if verdict.ok]
    assert missed == []
    assert [name for name, case in cases.items() if script.series_is_ok(case)] == []


def with_file(folders: Series, no: str, name: str, data: bytes) -> Series:
    return {**folders, no: {**folders[no], name: data}}


def records(folders: Series) -> Iterator[tuple[str, str, bytes]]:
    for no, files in folders.items():
        for name, data in files.items():
            yield no, name, data


def test_the_series_itself_is_sound(page: Page, script: Script) -> None:
    assert page.verify([flat(series_of_three())])[0].ok
    assert script.series_is_ok(series_of_three())


def in_capitals(folders: Series) -> Series:
    """As an old stick that keeps one case hands them back."""
    return {
        no.lower(): {name.upper(): data for name, data in files.items()}
        for no, files in folders.items()
    }


def test_names_in_one_case_only_are_the_same_names(
    page: Page, script: Script, tmp_path: Path
) -> None:
    folders = in_capitals(series_of_three())
    assert page.verify([flat(folders)])[0].ok
    assert script.series_is_ok(folders)
    for no, files in folders.items():
        (tmp_path / no).mkdir()
        for name, data in files.items():
            (tmp_path / no / name).write_bytes(data)
    assert [check for check in verify([tmp_path]) if not check.ok] == []


@pytest.mark.parametrize("name", ["plan.txt", "result.txt", "addendum-01.txt"])
def test_two_names_that_differ_by_case_alone_are_one_too_many(
    page: Page, script: Script, name: str
) -> None:
    folders = series_of_three()
    first = next(iter(folders))
    files = folders[first]
    cases = [
        with_file(folders, first, name.upper(), files[name]),
        with_file(in_capitals(folders), first.lower(), name.capitalize(), files[name]),
    ]
    assert [verdict.ok for verdict in page.verify([flat(case) for case in cases])] == [False] * 2
    assert [script.series_is_ok(case) for case in cases] == [False] * 2
    for case in (cases[0][first], cases[1][first.lower()]):
        assert [check.name for check in verify_draw(case) if not check.ok] == ["记录文件"]


def changed(lines: list[bytes], at: int) -> list[bytes]:
    last = lines[at][-1:]
    return [*lines[:at], lines[at][:-1] + (b"1" if last != b"1" else b"2"), *lines[at + 1 :]]


def removed(lines: list[bytes], at: int) -> list[bytes]:
    return [*lines[:at], *lines[at + 1 :]]


def swapped(lines: list[bytes], at: int) -> list[bytes]:
    lines = list(lines)
    lines[at - 1], lines[at] = lines[at], lines[at - 1]
    return lines


def doubled(lines: list[bytes], at: int) -> list[bytes]:
    return [*lines[: at + 1], *lines[at:]]


@pytest.mark.parametrize("way", [changed, removed, swapped, doubled])
def test_every_line_of_every_record(
    page: Page, script: Script, way: Callable[[list[bytes], int], list[bytes]]
) -> None:
    """One more draw follows them: the last record of a series is held by paper alone."""
    folders = with_a_fourth_draw(series_of_three())
    cases = {}
    one_of_each = {name: (no, data) for no, name, data in records(series_of_three())}
    for name, (no, data) in one_of_each.items():
        lines = data.split(b"\n")[:-1]
        for at in range(len(lines)):
            spoilt = b"\n".join([*way(lines, at), b""])
            cases[f"{no}/{name}:{at + 1}"] = with_file(folders, no, name, spoilt)
    assert len(cases) > 90
    all_found(page, script, cases)


@pytest.mark.parametrize("way", sorted(set(SPOILERS) - {"changed", "removed", "swapped"}))
def test_every_file_saved_anew_by_something_else(page: Page, script: Script, way: str) -> None:
    folders = series_of_three()
    cases = {
        f"{no}/{name}": with_file(folders, no, name, SPOILERS[way](data, Random(1)))
        for no, name, data in records(folders)
        if SPOILERS[way](data, Random(1)) != data
    }
    assert len(cases) >= 2
    all_found(page, script, cases)


def test_bytes_flipped_in_the_plan(page: Page, script: Script) -> None:
    folders = series_of_three()
    no = "331000-2026Q1-01"
    data = folders[no]["plan.txt"]
    cases = {
        f"byte {at}": with_file(
            folders, no, "plan.txt", data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]
        )
        for at, mask in ((at, 1 << at % 8) for at in range(0, len(data), 13))
    }
    all_found(page, script, cases)


def test_files_and_folders_taken_out_added_or_exchanged(page: Page, script: Script) -> None:
    folders = series_of_three()
    first, second, third = folders
    cases = {
        f"without {no}/{name}": {
            **folders,
            no: {key: data for key, data in folders[no].items() if key != name},
        }
        for no, name, _ in records(folders)
        if name != "addendum-01.txt"  # the last record: only the paper shows it was there
    }
    cases["without the void draw"] = {first: folders[first], third: folders[third]}
    cases["two folders exchanged"] = {**folders, first: folders[third], third: folders[first]}
    cases["a renamed folder"] = {
        first: folders[first],
        second: folders[second],
        "331000-2026Q2-04": folders[third],
    }
    cases["a second result"] = with_file(folders, first, "result (2).txt", b"x")
    cases["a foreign addendum"] = with_file(
        folders, third, "addendum-01.txt", folders[first]["addendum-01.txt"]
    )
    cases["an addendum to a void draw"] = with_file(
        folders, second, "addendum-01.txt", folders[first]["addendum-01.txt"]
    )
    cases["an addendum twice"] = with_file(
        folders, first, "addendum-02.txt", folders[first]["addendum-01.txt"]
    )
    cases["exclusions nobody froze"] = with_file(folders, first, "excluded.txt", b"1|closed|x\n")
    all_found(page, script, cases)


# --- plan.txt: the line is named ------------------------------------------------------


PLAN = worked(FIXED).plan
LINES = PLAN.decode("utf-8").split("\n")[1:-2]
TARGET = "tgt|A|91331000MA100000X0"
NOWHERE = 0


@dataclass(frozen=True)
class Breach:
    """A plan that is to be refused, and at which line; 0: none is to blame alone."""

    plan: bytes
    line: int


def line_of(plan: bytes, start: str | bytes) -> int:
    start = start.encode() if isinstance(start, str) else start
    return 1 + next(at for at, one in enumerate(plan.split(b"\n")) if one.startswith(start))


def adding(line: str, without: str = "\0") -> Breach:
    """A plan with this bad line in its place, instead of those that start with `without`."""
    plan = to_plan([*(one for one in LINES if not one.startswith(without)), line])
    return Breach(plan, line_of(plan, line))


def lacking(start: str, blamed: str = "") -> Breach:
    plan = to_plan([one for one in LINES if not one.startswith(start)])
    return Breach(plan, line_of(plan, blamed) if blamed else NOWHERE)


def instead(old: bytes, new: bytes, line: int | None = None) -> Breach:
    """The first `old` of the bytes replaced; to blame is the line it was in."""
    at = PLAN.index(old)
    plan = PLAN[:at] + new + PLAN[at + len(old) :]
    return Breach(plan, PLAN.count(b"\n", 0, at) + 1 if line is None else line)


def both_drawn_and_given() -> Breach:
    plan = to_plan([*LINES, "giv|C|Y||1|x", "tgt|C|Z||x"])
    return Breach(plan, line_of(plan, "tgt|C"))


def remark(data: bytes) -> Breach:
    return instead("rem|Ａ".encode(), b"rem|" + data)


LAST = PLAN.count(b"\n")
BREACHES = {
    "empty": Breach(b"", 1),
    "bom": Breach(b"\xef\xbb\xbf" + PLAN, 1),
    "crlf": Breach(PLAN.replace(b"\n", b"\r\n"), 1),
    "one carriage return": instead(b"org|", b"org|\r"),
    "other title": instead(b"RD1 PLAN", b"RD2 PLAN"),
    "other end": instead(b"RD1 END", b"RD1 ENDE"),
    "no last line end": Breach(PLAN[:-1], LAST),
    "a line after the end": Breach(PLAN + b"\n", LAST + 1),
    "blank line": instead(b"org|", b"\norg|"),
    "overlong": remark(b"\xc0\xaf"),
    "overlong of three": remark(b"\xe0\x80\xaf"),
    "overlong of four": remark(b"\xf0\x8f\xbf\xbf"),
    "surrogate": remark(b"\xed\xa0\x80"),
    "beyond Unicode": remark(b"\xf4\x90\x80\x80"),
    "cut character": remark(b"\xef\xbc"),
    "lone continuation": remark(b"\x80"),
    "gb18030": remark("Ａ".encode("gb18030")),
    "zero width": remark("Ａ\u200b".encode()),
    "direction": remark("\u202eＡ".encode()),
    "next line": remark("Ａ\u0085x".encode()),
    "line separator": remark("Ａ\u2028x".encode()),
    "word joiner": remark("Ａ\u2060x".encode()),
    "mark inside": remark("Ａ\ufeffx".encode()),
    "delete": remark(b"A\x7f"),
    "tab": remark(b"A\tx"),
    "nothing": remark(b"\0"),
    "space before": remark(b" A"),
    "space after": remark(b"A "),
    "space before a bar": adding("quota|A |3|4", "quota|A"),
    "twice": instead(b"org|", b"draw|331000-2026Q1-01\norg|"),
    "the same line again": instead(
        b"rem|", "rem|Ａ\nrem|".encode(), line=line_of(PLAN, "rem|") + 1
    ),
    "out of order": instead(b"org|", b"period|0\norg|", line_of(PLAN, "org|") + 1),
    "unknown kind": adding("zzz|1"),
    "kind of another case": adding("Org|x"),
    "too few fields": adding("quota|A|3", "quota|A"),
    "too many fields": adding("rem|a|b"),
    "empty text": adding("rem|"),
    "empty name": adding(f"{TARGET}|water|", TARGET),
    "second period": adding("period|2026Q2"),
    "series of lower case": adding("series|33100a", "series"),
    "number of another series": adding("draw|331001-2026Q1-01", "draw"),
    "number without a serial": adding("draw|331000-2026Q1", "draw"),
    "number with a double dash": adding("draw|331000--01", "draw"),
    "full-width digits": adding("quota|A|３|4", "quota|A"),
    "superscript": adding("quota|A|²|4", "quota|A"),
    "leading zero": adding("quota|A|03|4", "quota|A"),
    "ten digits": adding("quota|A|3|1000000000", "quota|A"),
    "more than the pool": adding("quota|A|4|4", "quota|A"),
    "quota of nothing": adding("quota|C|0|0"),
    "no quota": lacking("quota|B", blamed="tgt|B"),
    "prev of capitals": adding("prev|" + "A" * 64, "prev"),
    "prev too short": adding("prev|" + "0" * 63, "prev"),
    "no prev": lacking("prev"),
    "no period": lacking("period"),
    "one witness": Breach(to_plan([*(x for x in LINES if x[:4] != "wit|"), "wit|1|x"]), NOWHERE),
    "witness missing": lacking("wit|2", blamed="wit|3"),
    "witness zero": adding("wit|0|x"),
    "witness ten": adding("wit|10|x"),
    "group twice": adding("grp|ENF|2|fixed|3"),
    "fixed without teams": adding("grp|ENF|2|fixed|", "grp"),
    "fixed of one": adding("grp|ENF|1|fixed|2", "grp"),
    "each with teams": adding("grp|ENF|2|each|2", "grp"),
    "more teams than people": adding("grp|ENF|2|fixed|4", "grp"),
    "inspector of no group": adding("ins|110009|X|Z1|0||1||"),
    "inspector twice": adding("ins|110001|ENF|Z9|0||1||"),
    "specialities unsorted": adding("ins|110009|ENF|Z1|0|b,a|1||"),
    "speciality twice": adding("ins|110009|ENF|Z1|0|a,a|1||"),
    "empty speciality": adding("ins|110009|ENF|Z1|0|a,,b|1||"),
    "lead in words": adding("ins|110009|ENF|Z1|yes||1||"),
    "reason though eligible": adding("ins|110009|ENF|Z1|0||1|leave|"),
    "no reason though not": adding("ins|110009|ENF|Z1|0||0||"),
    "recusal of nobody": adding("rec|110099|91331000MA100000X0|kin"),
    "recusal of nothing": adding("rec|110001|NONE|kin"),
    "rule twice": adding("rule|mixdept|2"),
    "target twice": adding("tgt|B|91331000MA100000X0||x"),
    "stratum drawn and given": both_drawn_and_given(),
    "given without a source": adding("giv|C|Z|||x"),
    "id of lower case": adding("tgt|A|9133a||x"),
    "id too long": adding("tgt|A|" + "9" * 65 + "||x"),
    "need of capitals": adding("tgt|A|Z|AIR|x"),
}


@pytest.fixture(scope="module")
def refusals(chromium: Page) -> dict[str, str]:
    chromium.open()
    cases = [(breach.plan, "a" * 64, ["123456"] * 3) for breach in BREACHES.values()]
    return dict(zip(BREACHES, chromium.replay(cases), strict=True))


@pytest.mark.parametrize("breach", BREACHES)
def test_a_bad_plan_is_refused_at_its_line(
    refusals: dict[str, str], script: Script, breach: str
) -> None:
    line = BREACHES[breach].line
    place = f"plan.txt 第 {line} 行：" if line else "plan.txt："
    assert refusals[breach].startswith(place)
    assert script.refusal(BREACHES[breach].plan).startswith(place)


def test_the_plan_the_breaches_start_from_is_good(script: Script) -> None:
    assert script.refusal(PLAN) == ""
    assert script.refusal(to_plan([*LINES, "rem|a", "app|x"])) == ""
