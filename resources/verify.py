"""复算一次见证抽取（RD1），只用 Python 自带的库，不联网，不写任何文件。

    python verify.py 文件夹…                      核对一个或几个抽取文件夹
    python verify.py 文件夹 --p … --c … --f …     再与签字的承诺记录、笔录对照
    python verify.py --replay plan.txt --reveal R --witness 数字 --witness 数字…
                                                  从方案、揭示值和数字算出 result.txt

只有工作人员或纪检见证人可在检查结束前使用。
退出码：0 没有不符；1 有不符；2 用法不对或文件读不出来。
"""

# One file for anybody with Python 3.8 or newer.  Written from the specification alone: it
# shares no code with the program whose draws it checks, nor with the page verify.html.

from __future__ import annotations

import argparse
import datetime
import hashlib
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

OK, BAD, OPEN = "相符", "不符", "未核对"
FIRST = "0" * 64
RECORDS = ("plan.txt", "result.txt", "void.txt", "excluded.txt")
ADDENDUM = re.compile(r"addendum-(0[1-9]|[1-9][0-9]{1,8})\.txt")
SMALL = {ord(one): ord(one) + 32 for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
CAPITALS = {small: capital for capital, small in SMALL.items()}
DRAW_FOLDER = re.compile(r"[0-9A-Z]+(-[0-9A-Z]+)*-[0-9]+")

NO = re.compile(r"[0-9A-Z]+(-[0-9A-Z]+)*")
SERIES = re.compile(r"[0-9][0-9A-Z]{0,15}|T[0-9A-Z]{1,15}")
KEY = re.compile(r"[0-9A-Z]{1,16}")
IDENT = re.compile(r"[0-9A-Z]{1,64}")
CODE = re.compile(r"[0-9a-z]{1,16}")
CODE_OR_NOTHING = re.compile(r"([0-9a-z]{1,16})?")
SPECS = re.compile(r"([0-9a-z]{1,16}(,[0-9a-z]{1,16})*)?")
COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
BIT = re.compile(r"[01]")
HEX = re.compile(r"[0-9a-f]{64}")
HEX_OR_LOST = re.compile(r"[0-9a-f]{64}|-")
DIGITS = re.compile(r"[0-9]{6,32}")
SOME = re.compile(r"[^|]+")
ANY = re.compile(r"[^|]*")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INVISIBLE = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def sha(data: bytes) -> str:
    """SHA-256 of bytes, 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def h(text: str) -> str:
    """H(x): SHA-256 of an ASCII text."""
    return sha(text.encode("ascii"))


class RefusedError(Exception):
    """A record breaks its format; the message names file and line."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file} 第 {line} 行：{message}" if line else f"{file}：{message}")


def is_record(name: str) -> bool:
    """Whether a record is called so."""
    return name in RECORDS or ADDENDUM.fullmatch(name) is not None


def under_their_names(files: dict[str, bytes]) -> dict[str, bytes]:
    """PLAN.TXT off an old drive is plan.txt; beside a plan.txt it is one too many."""
    named = {name: data for name, data in files.items() if is_record(name)}
    for name in sorted(files):
        small = name.translate(SMALL)
        named.setdefault(small if is_record(small) and small not in named else name, files[name])
    return named


# --- bytes → lines (§2) ---------------------------------------------------------------


def read_lines(data: bytes, file: str, title: str) -> list[str]:
    """Every line of a record as text, after the rules on bytes and on the ends of fields."""
    raw = data.split(b"\n")
    lines = []
    for number, one in enumerate(raw[:-1] if raw[-1] == b"" else raw, 1):
        try:
            line = one.decode("utf-8", "strict")
        except UnicodeDecodeError:
            raise RefusedError(file, number, "不是规范的 UTF-8 编码") from None
        found = INVISIBLE.search(line)
        if found:
            code = f"U+{ord(found.group()):04X}"
            hints = {"U+000D": "行尾有回车符（CR），文件被别的软件另存过"}
            if number == 1 and found.start() == 0:
                hints["U+FEFF"] = "文件开头有 BOM 标记，文件被别的软件另存过"
            raise RefusedError(file, number, hints.get(code, f"含有不可见字符 {code}"))
        if any(field[:1] == " " or field[-1:] == " " for field in line.split("|")):
            raise RefusedError(file, number, "字段的开头或结尾有空格")
        lines.append(line)
    if not lines or lines[0] != title:
        raise RefusedError(file, 1, f"第一行应为 {title}")
    if raw[-1] != b"":
        raise RefusedError(file, len(lines), "最后一行没有换行符，文件可能被截断")
    if lines[-1] != "RD1 END":
        raise RefusedError(file, len(lines), "最后一行应为 RD1 END")
    return lines


# --- plan.txt (§2) --------------------------------------------------------------------

SHAPES = {
    "app": (SOME,),
    "draw": (NO,),
    "giv": (KEY, IDENT, CODE_OR_NOTHING, SOME, SOME),
    "grp": (KEY, re.compile("[12]"), re.compile("fixed|each"), re.compile(f"({COUNT.pattern})?")),
    "ins": (IDENT, KEY, KEY, BIT, SPECS, BIT, CODE_OR_NOTHING, ANY),
    "org": (SOME,),
    "period": (SOME,),
    "prev": (HEX,),
    "quota": (KEY, COUNT, COUNT),
    "rec": (IDENT, IDENT, CODE),
    "rem": (SOME,),
    "rule": (SOME, SOME),
    "series": (SERIES,),
    "tgt": (KEY, IDENT, CODE_OR_NOTHING, SOME),
    "wit": (re.compile("[1-9]"), SOME),
}
ONCE = ("draw", "period", "prev", "series")
KEYED = {"giv": 1, "tgt": 1, "grp": 0, "ins": 0, "quota": 0, "rule": 0, "wit": 0}


class Person(NamedTuple):
    """An inspector of the plan."""

    id: str
    dept: str
    lead: bool
    specs: tuple[str, ...]


class Group:
    """A group of inspectors; ``able`` are the eligible ones."""

    def __init__(self, size: int, fixed: bool, teams: int) -> None:
        self.size, self.fixed, self.teams = size, fixed, teams
        self.able: list[Person] = []


class Plan:
    """``plan.txt``, read strictly."""

    def __init__(self, data: bytes) -> None:
        self.hash = sha(data)
        self.rows: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
        self._read(data)
        self.no, self.series = self.only("draw"), self.only("series")
        self.period, self.prev = self.only("period"), self.only("prev")
        self._check_number()
        self.rules = {key: value for _, (key, value) in self.rows["rule"]}
        self.mixdept = self.rules.get("mixdept") == "1"
        self.witnesses = self._witnesses()
        self.need = {row[1]: row[2] for kind in ("giv", "tgt") for _, row in self.rows[kind]}
        self.stratum = {row[1]: row[0] for kind in ("giv", "tgt") for _, row in self.rows[kind]}
        self.given = {row[0] for _, row in self.rows["giv"]}
        self.quota = self._quotas()
        self.group_of = {row[0]: row[1] for _, row in self.rows["ins"]}
        self.groups = self._groups()
        self.recused = self._recusals()

    @staticmethod
    def refuse(line: int, message: str) -> NoReturn:
        """Refuse the plan."""
        raise RefusedError("plan.txt", line, message)

    def only(self, kind: str) -> str:
        """Value of a line that is there exactly once."""
        return self.rows[kind][0][1][0]

    def _read(self, data: bytes) -> None:
        lines = read_lines(data, "plan.txt", "RD1 PLAN")
        keys: set[tuple[str, str]] = set()
        for number, line in enumerate(lines[1:-1], 2):
            kind, *fields = line.split("|")
            self._check_shape(number, kind, fields)
            if number > 2 and lines[number - 2].encode() >= line.encode():
                self.refuse(number, "没有排在上一行之后（各行应按字节升序，且不重复）")
            if kind in ONCE and self.rows[kind]:
                self.refuse(number, f"{kind} 行只能有一行")
            if kind in KEYED:
                key = ("tgt" if kind == "giv" else kind, fields[KEYED[kind]])
                if key in keys:
                    self.refuse(number, f"代码重复：{key[1]}")
                keys.add(key)
            self.rows[kind].append((number, fields))
        for kind in ONCE:
            if not self.rows[kind]:
                self.refuse(0, f"缺少 {kind} 行")

    def _check_shape(self, number: int, kind: str, fields: list[str]) -> None:
        shape = SHAPES.get(kind)
        if shape is None:
            self.refuse(number, "不认识的行或空行")
        if len(fields) != len(shape):
            self.refuse(number, f"{kind} 行应有 {len(shape) + 1} 段，实有 {len(fields) + 1} 段")
        for at, pattern in enumerate(shape):
            if not pattern.fullmatch(fields[at]):
                self.refuse(number, f"{kind} 行第 {at + 2} 段不符合规定：{fields[at][:40]!r}")
        if kind == "grp" and (fields[2] == "each") != (fields[3] == ""):
            self.refuse(number, "固定组应写明组数，按对象配人的组不写")
        if kind == "grp" and fields[1:3] == ["1", "fixed"]:
            self.refuse(number, "固定组应为两人")
        if kind == "ins":
            specs = fields[4].split(",")
            if specs != sorted(set(specs)):
                self.refuse(number, "专业没有按升序排列或有重复")
            if (fields[5] == "1") != (fields[6] == ""):
                self.refuse(number, "不参加的人应有原因代码，参加的人不应有")

    def _check_number(self) -> None:
        line = self.rows["draw"][0][0]
        if not self.no.startswith(self.series + "-"):
            self.refuse(line, f"抽取编号没有以系列代码 {self.series} 开头")
        if not re.fullmatch("[0-9]+", self.no.split("-")[-1]):
            self.refuse(line, "抽取编号的最后一段应为数字")

    def _witnesses(self) -> list[str]:
        for at, (line, row) in enumerate(self.rows["wit"], 1):
            if int(row[0]) != at:
                self.refuse(line, "见证人序号应从 1 起连续")
        found = [row[1] for _, row in self.rows["wit"]]
        if len(found) < 2:
            self.refuse(0, f"见证人应为 2 至 9 名，方案中有 {len(found)} 名")
        return found

    def _quotas(self) -> dict[str, tuple[int, int]]:
        pool: dict[str, int] = defaultdict(int)
        for line, row in self.rows["tgt"]:
            if row[0] in self.given:
                self.refuse(line, f"类别 {row[0]} 既有 tgt 行又有 giv 行")
            pool[row[0]] += 1
        quotas = {}
        for line, (st, n, a) in self.rows["quota"]:
            if st not in pool:
                self.refuse(line, f"类别 {st} 没有待抽对象，却有名额")
            if int(n) + int(a) > pool[st]:
                self.refuse(line, f"类别 {st} 应抽与备选之和超过对象数")
            quotas[st] = (int(n), int(a))
        for line, row in self.rows["tgt"]:
            if row[0] not in quotas:
                self.refuse(line, f"类别 {row[0]} 没有名额行")
        return quotas

    def _groups(self) -> dict[str, Group]:
        groups = {
            g: Group(int(size), mode == "fixed", int(teams or "0"))
            for _, (g, size, mode, teams) in self.rows["grp"]
        }
        for line, (ident, g, dept, lead, specs, able, _why, _name) in self.rows["ins"]:
            if g not in groups:
                self.refuse(line, f"组别 {g} 没有 grp 行")
            if able == "1":
                person = Person(ident, dept, lead == "1", tuple(specs.split(",")))
                groups[g].able.append(person)
        for line, row in self.rows["grp"]:
            group = groups[row[0]]
            if group.fixed and 2 * group.teams > len(group.able):
                self.refuse(line, f"要组 {group.teams} 个组，只有 {len(group.able)} 人可参加")
        return groups

    def _recusals(self) -> set[tuple[str, str]]:
        for line, (person, target, _code) in self.rows["rec"]:
            if person not in self.group_of or target not in self.need:
                self.refuse(line, "回避行的人员或检查对象不在方案中")
        return {(row[0], row[1]) for _, row in self.rows["rec"]}


# --- the draw (§3, §4, §5) ------------------------------------------------------------


class Team:
    """Two people of a fixed group."""

    def __init__(self, first: Person, second: Person, flags: str) -> None:
        self.people, self.flags, self.load = (first, second), flags, 0


class Drawn:
    """What R and the digits make of a plan; ``data`` is the whole ``result.txt``."""

    def __init__(self, plan: Plan, reveal: str, digits: list[str]) -> None:
        self.plan = plan
        self.commit = commitment(plan, reveal)
        self.seed = h(f"RD1|seed|{plan.no}|{plan.hash}|{reveal}|{','.join(digits)}")
        self.selected: list[str] = []
        self.alternates: list[str] = []
        # What substitutions need: teams and standby of fixed groups, people and stand-ins
        # of each target in the others.
        self.teams: dict[str, list[list[str]]] = {}
        self.team_of: dict[tuple[str, str], int] = {}
        self.standby: dict[str, list[str]] = {}
        self.people: dict[tuple[str, str], list[str]] = {}
        self.standins: dict[tuple[str, str], list[str]] = {}
        self.lines = ["RD1 RESULT", f"draw|{plan.no}", f"plan|{plan.hash}"]
        self.lines += [f"commit|{self.commit}", f"reveal|{reveal}"]
        self.lines += [f"witness|{i}|{text}" for i, text in enumerate(digits, 1)]
        self.lines.append(f"seed|{self.seed}")
        self._targets()
        for g in sorted(plan.groups):
            if plan.groups[g].fixed:
                self._fixed(g, plan.groups[g])
            else:
                self._each(g, plan.groups[g])
        self.lines.append("RD1 END")
        self.data = ("\n".join(self.lines) + "\n").encode("ascii")
        self.hash = sha(self.data)

    def _targets(self) -> None:
        strata: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for ident, st in self.plan.stratum.items():
            strata[st].append((h(f"RD1|ticket|{self.seed}|{st}|{ident}"), ident))
        for st in sorted(strata):
            order = sorted(strata[st])
            kind = "giv" if st in self.plan.given else "sel"
            n, a = self.plan.quota.get(st, (len(order), 0))
            for k, (ticket, ident) in enumerate(order[:n], 1):
                self.lines.append(f"{kind}|{st}|{k}|{ident}|{ticket}")
                self.selected.append(ident)
            for k, (ticket, ident) in enumerate(order[n : n + a], 1):
                self.lines.append(f"alt|{st}|{k}|{ident}|{ticket}")
                self.alternates.append(ident)

    def _unmet(self, target: str, *people: Person) -> int:
        need = self.plan.need[target]
        return int(need != "" and all(need not in person.specs for person in people))

    def _same(self, a: Person, b: Person) -> int:
        return int(self.plan.mixdept and a.dept == b.dept)

    def _fixed(self, g: str, group: Group) -> None:
        order = sorted(
            group.able, key=lambda person: (h(f"RD1|inspector|{self.seed}|{g}|{person.id}"), person)
        )
        duty, spare = order[: 2 * group.teams], order[2 * group.teams :]
        teams = []
        while duty:
            a, rest = duty[0], duty[1:]
            at = min(
                range(len(rest)),
                key=lambda i: (not a.lead and not rest[i].lead, self._same(a, rest[i]), i),
            )
            b = rest.pop(at)
            duty = rest
            flags = "" if a.lead or b.lead else "L"
            flags += "D" if self._same(a, b) else ""
            teams.append(Team(b, a, flags) if b.lead and not a.lead else Team(a, b, flags))
        for number, team in enumerate(teams, 1):
            first, second = team.people
            self.lines.append(f"team|{g}|{number}|{first.id}|{second.id}|{team.flags or '.'}")
        for k, person in enumerate(spare, 1):
            self.lines.append(f"standby|{g}|{k}|{person.id}")
        cap = -(-len(self.selected) // group.teams) if group.teams else 0
        self.lines.append(f"cap|{g}|{cap}")
        self.teams[g] = [[person.id for person in team.people] for team in teams]
        self.standby[g] = [person.id for person in spare]
        for target in self.selected + self.alternates:
            self._assign(g, cap, target, teams)

    def _assign(self, g: str, cap: int, target: str, teams: list[Team]) -> None:
        best: tuple[int, bool, int, str, int] | None = None
        for number, team in enumerate(teams, 1):
            if any((person.id, target) in self.plan.recused for person in team.people):
                continue
            order = (self._unmet(target, *team.people), team.load >= cap, team.load)
            if best is not None and order > best[:3]:
                continue
            mine = (*order, h(f"RD1|assign|{self.seed}|{g}|{target}|{number}"), number)
            best = mine if best is None else min(best, mine)
        if best is None:
            self.lines.append(f"assign|{g}|{target}|-|X")
            return
        flags = ("S" if best[0] else "") + ("O" if best[1] else "")
        self.lines.append(f"assign|{g}|{target}|{best[4]}|{flags or '.'}")
        teams[best[4] - 1].load += 1
        self.team_of[g, target] = best[4] - 1

    def _each(self, g: str, group: Group) -> None:
        cap = -(-group.size * len(self.selected) // len(group.able)) if group.able else 0
        self.lines.append(f"cap|{g}|{cap}")
        load = {person.id: 0 for person in group.able}
        kind, nobody = ("pair", "-|-") if group.size == 2 else ("one", "-")
        pick = self._pair if group.size == 2 else self._one
        stem = hashlib.sha256(f"RD1|team|{self.seed}|{g}|".encode("ascii"))
        for target in self.selected + self.alternates:
            ranks = self._ranks(stem, target, group.able, load)
            if len(ranks) < group.size:
                self.lines.append(f"{kind}|{g}|{target}|{nobody}|X|")
                continue
            people, flags = pick(target, ranks, load, cap)
            spare = [person.id for person in ranks if person not in people][:3]
            ids = [person.id for person in people]
            self.lines.append(
                f"{kind}|{g}|{target}|{'|'.join(ids)}|{flags or '.'}|{','.join(spare)}"
            )
            self.people[g, target], self.standins[g, target] = ids, spare
            for ident in ids:
                load[ident] += 1

    def _ranks(
        self, stem: hashlib._Hash, target: str, able: list[Person], load: dict[str, int]
    ) -> list[Person]:
        """Who may take this target, in the order of (load, hash, id)."""
        keyed = []
        for person in able:
            if (person.id, target) not in self.plan.recused:
                state = stem.copy()
                state.update(f"{target}|{person.id}".encode("ascii"))
                keyed.append((load[person.id], state.digest(), person))
        return [person for _, _, person in sorted(keyed)]

    def _one(
        self, target: str, ranks: list[Person], load: dict[str, int], cap: int
    ) -> tuple[list[Person], str]:
        at = min(
            range(len(ranks)),
            key=lambda i: (
                self._unmet(target, ranks[i]),
                load[ranks[i].id] >= cap,
                load[ranks[i].id],
                i,
            ),
        )
        person = ranks[at]
        flags = "S" if self._unmet(target, person) else ""
        return [person], flags + ("O" if load[person.id] >= cap else "")

    def _pair(
        self, target: str, ranks: list[Person], load: dict[str, int], cap: int
    ) -> tuple[list[Person], str]:
        def order(i: int, j: int) -> tuple[int, ...]:
            a, b = ranks[i], ranks[j]
            x, y = load[a.id], load[b.id]
            return (
                int(not a.lead and not b.lead),
                self._unmet(target, a, b),
                (x >= cap) + (y >= cap),
                self._same(a, b),
                max(x, y),
                x + y,
                i,
                j,
            )

        few = self._promising(target, ranks)
        best = min(order(i, j) for at, i in enumerate(few) for j in few[at + 1 :])
        a, b = ranks[best[6]], ranks[best[7]]
        flags = "".join(flag for at, flag in enumerate("LSOD") if best[at])
        return ([b, a] if b.lead and not a.lead else [a, b]), flags

    def _promising(self, target: str, ranks: list[Person]) -> list[int]:
        """Ranks the best pair is surely among.

        Two people who alike lead or not and meet the need or not differ for a partner only
        in what grows with the rank, but for the department.  So of each kind its first two
        suffice and, under the department rule, the first from elsewhere than its first.
        """
        kinds: dict[tuple[bool, int], list[int]] = defaultdict(list)
        elsewhere: set[tuple[bool, int]] = set()
        for rank, person in enumerate(ranks):
            kind = (person.lead, self._unmet(target, person))
            mine = kinds[kind]
            new = bool(mine) and kind not in elsewhere and not self._same(ranks[mine[0]], person)
            if len(mine) < 2 or new:
                mine.append(rank)
            if new:
                elsewhere.add(kind)
        return sorted(rank for mine in kinds.values() for rank in mine)


def commitment(plan: Plan, reveal: str) -> str:
    """C, which the witnesses signed."""
    return h(f"RD1|commit|{plan.no}|{plan.hash}|{reveal}")


# --- void.txt and addenda (§6) --------------------------------------------------------


class Lines:
    """The lines of a record whose order is fixed."""

    def __init__(self, data: bytes, file: str, title: str) -> None:
        self.file, self.at = file, 1
        self.lines = read_lines(data, file, title)

    def refuse(self, message: str) -> NoReturn:
        """Refuse the present line."""
        raise RefusedError(self.file, self.at + 1, message)

    def next_is(self, kind: str) -> bool:
        """Whether the present line is of this kind."""
        return self.lines[self.at].split("|")[0] == kind

    def take(self, kind: str, *shape: re.Pattern[str]) -> list[str]:
        """Fields of the present line, which must be of this kind and shape."""
        fields = self.lines[self.at].split("|")
        if fields[0] != kind or len(fields) != len(shape) + 1:
            self.refuse(f"这一行应为 {kind}，共 {len(shape) + 1} 段")
        for at, pattern in enumerate(shape, 1):
            if not pattern.fullmatch(fields[at]):
                self.refuse(f"{kind} 行第 {at + 1} 段不符合规定：{fields[at][:40]!r}")
        self.at += 1
        return fields[1:]

    def close(self) -> None:
        """Take the last lines, which all these records share."""
        self.take("approved", SOME, SOME)
        day = self.take("at", DAY)[0]
        try:
            datetime.date(*map(int, day.split("-")))
        except ValueError:
            self.at -= 1
            self.refuse(f"没有这一天：{day}")
        self.take("RD1 END")
        if self.at != len(self.lines):
            self.refuse("RD1 END 之后不应再有内容")


class Void:
    """``void.txt``."""

    def __init__(self, data: bytes) -> None:
        self.hash = sha(data)
        lines = Lines(data, "void.txt", "RD1 VOID")
        self.no = lines.take("draw", NO)[0]
        self.plan = lines.take("plan", HEX)[0]
        self.commit = lines.take("commit", HEX)[0]
        self.reveal = lines.take("reveal", HEX_OR_LOST)[0]
        self.slips: dict[int, str] = {}
        while lines.next_is("witness"):
            i, digits = lines.take("witness", re.compile("[1-9]"), DIGITS)
            if self.slips and int(i) <= max(self.slips):
                lines.at -= 1
                lines.refuse("见证人次序不对或重复")
            self.slips[int(i)] = digits
        self.result = lines.take("result", HEX)[0] if lines.next_is("result") else None
        self.reason = lines.take("reason", SOME)[0]
        lines.close()


class Addendum:
    """``addendum-NN.txt``."""

    def __init__(self, data: bytes, file: str) -> None:
        self.hash = sha(data)
        lines = Lines(data, file, "RD1 ADDENDUM")
        self.no = lines.take("draw", NO)[0]
        self.number = int(lines.take("add", re.compile("[1-9][0-9]{0,8}"))[0])
        self.prev = lines.take("prev", HEX)[0]
        self.of_target = lines.take("kind", re.compile("target|inspector"))[0] == "target"
        self.out = lines.take("out", IDENT)[0]
        self.into = lines.take("in", IDENT)[0]
        self.only_for: str | None = None
        if lines.next_is("for"):
            if self.of_target:
                lines.refuse("替换检查对象时不应有 for 行")
            self.only_for = lines.take("for", IDENT)[0]
        policies = "next_alternate" if self.of_target else "next_alternate|appointed"
        self.appointed = lines.take("policy", re.compile(policies))[0] == "appointed"
        lines.take("reason", CODE, SOME)
        lines.close()

    def in_words(self) -> str:
        """What it changes."""
        kind = "检查对象" if self.of_target else "执法人员"
        scope = f"（只限 {self.only_for}）" if self.only_for else ""
        return f"{kind} {self.out} 换为 {self.into}{scope}"


class Succession:
    """Who is in after the substitutions so far, and who would be next."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn, self.plan = drawn, drawn.plan
        self.current = set(drawn.selected)
        self.teams = {g: [list(team) for team in teams] for g, teams in drawn.teams.items()}
        self.single: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
        self.spent: dict[tuple[str, ...], set[str]] = defaultdict(set)

    def people(self, g: str, target: str) -> list[str]:
        """Who checks `target` in group `g` now; nobody: an empty list."""
        if (g, target) in self.drawn.team_of:
            people = self.teams[g][self.drawn.team_of[g, target]]
        else:
            people = self.drawn.people.get((g, target), [])
        single = self.single[g, target]
        return [single.get(place, ident) for place, ident in enumerate(people)]

    def take(self, addendum: Addendum) -> str | None:
        """Apply it; what is wrong with it, or None."""
        if addendum.of_target:
            return self._target(addendum)
        if addendum.only_for is None:
            return self._member(addendum)
        return self._for_target(addendum, addendum.only_for)

    def _target(self, addendum: Addendum) -> str | None:
        if addendum.out not in self.current:
            return f"{addendum.out} 不在当前的抽中名单里"
        st = self.plan.stratum[addendum.out]
        listed = [t for t in self.drawn.alternates if self.plan.stratum[t] == st]
        fault = self._turn(addendum, ("target", st), listed, [])
        self.current.discard(addendum.out)
        self.current.add(addendum.into)
        return fault

    def _member(self, addendum: Addendum) -> str | None:
        for g, teams in self.teams.items():
            for number, team in enumerate(teams):
                if addendum.out in team:
                    theirs = [
                        target
                        for (group, target), at in self.drawn.team_of.items()
                        if group == g and at == number and target in self.current
                    ]
                    fault = self._joining(addendum, team)
                    listed = self.drawn.standby[g]
                    fault = self._turn(addendum, ("standby", g), listed, theirs) or fault
                    team[team.index(addendum.out)] = addendum.into
                    return fault
        g = self.plan.group_of.get(addendum.out, "")
        if g and not self.plan.groups[g].fixed:
            return "这个组别按检查对象逐一配人，须写明 for（替换哪一家的检查人员）"
        return f"{addendum.out} 现在不在任何固定检查组里"

    def _for_target(self, addendum: Addendum, target: str) -> str | None:
        if target not in self.current:
            return f"{target} 不在当前的抽中名单里"
        for g in self.plan.groups:
            people = self.people(g, target)
            if addendum.out not in people:
                continue
            fault = self._joining(addendum, people)
            if g in self.teams:
                key: tuple[str, ...] = ("standby", g)
                listed = self.drawn.standby[g]
            else:
                key, listed = ("standins", g, target), self.drawn.standins[g, target]
            fault = self._turn(addendum, key, listed, [target]) or fault
            self.single[g, target][people.index(addendum.out)] = addendum.into
            return fault
        return f"{addendum.out} 现在不检查 {target}"

    @staticmethod
    def _joining(addendum: Addendum, people: list[str]) -> str | None:
        return f"{addendum.into} 已经在这个组里" if addendum.into in people else None

    def _turn(
        self, addendum: Addendum, key: tuple[str, ...], listed: list[str], targets: list[str]
    ) -> str | None:
        free = (
            ident
            for ident in listed
            if ident not in self.spent[key]
            and all((ident, target) not in self.plan.recused for target in targets)
        )
        due = next(free, None)
        self.spent[key].update((addendum.out, addendum.into))
        if addendum.appointed or due == addendum.into:
            return None
        if due is None:
            return f"已没有可递补的人或备选，{addendum.into} 无从递补"
        return f"按次序应由 {due} 递补，记录的却是 {addendum.into}"


# --- one draw's folder ----------------------------------------------------------------


class Check(NamedTuple):
    """One thing that was looked at: state, name and words."""

    state: str
    name: str
    text: str


class Report:
    """Everything found out about the records of one draw."""

    def __init__(self, folder: str, files: dict[str, bytes]) -> None:
        self.folder, self.files = folder, under_their_names(files)
        self.checks: list[Check] = []
        self.plan: Plan | None = None
        self.drawn: Drawn | None = None
        self.void: Void | None = None
        self.addenda: list[Addendum] = []
        self._check()

    def add(self, state: str, name: str, text: str) -> None:
        """Note one check."""
        self.checks.append(Check(state, name, text))

    def same(self, name: str, expected: str, found: str) -> None:
        """Note whether two values agree."""
        if expected == found:
            self.add(OK, name, f"与重新计算的一致：{expected}")
        else:
            self.add(BAD, name, f"与重新计算的不一致\n应为：{expected}\n文件里是：{found}")

    @property
    def closing(self) -> str | None:
        """Name of the file that closed the draw."""
        return next((name for name in ("void.txt", "result.txt") if name in self.files), None)

    def _check(self) -> None:
        self._check_names()
        if "plan.txt" not in self.files:
            self.add(BAD, "抽取方案", "缺少 plan.txt，什么都无法重算")
            return
        try:
            self.plan = plan = Plan(self.files["plan.txt"])
        except RefusedError as fault:
            self.add(BAD, "抽取方案", str(fault))
            return
        counts = f"检查对象 {len(plan.need)} 家，执法人员 {len(plan.group_of)} 名"
        counts += f"，见证人 {len(plan.witnesses)} 名"
        self.add(OK, "抽取方案", f"每一行都符合规定：编号 {plan.no}，期间 {plan.period}，{counts}")
        self._check_folder(plan)
        self._check_excluded(plan)
        if "void.txt" in self.files:
            self._check_void(plan)
        elif "result.txt" in self.files:
            self._check_result(plan, self.files["result.txt"])
        self._check_addenda(plan)

    def _check_names(self) -> None:
        foreign = sorted(name for name in self.files if not is_record(name))
        if foreign:
            self.add(BAD, "文件", f"有不属于抽取记录的文本文件：{'、'.join(foreign)}")
        elif self.closing is None:
            absent = "既没有 result.txt（结果）也没有 void.txt（作废记录）"
            self.add(BAD, "文件", f"{absent}：抽取还没有结束，或者记录被抽走了")
        else:
            self.add(OK, "文件", "记录齐全，没有多余的文本文件")

    def _check_folder(self, plan: Plan) -> None:
        # Some drives keep one case only.
        folder = self.folder.translate(CAPITALS)
        if folder in ("", plan.no):
            return
        if DRAW_FOLDER.fullmatch(folder):
            self.add(BAD, "文件夹名称", f"文件夹叫 {self.folder}，里面却是 {plan.no} 的记录")
        else:
            name = f"文件夹“{self.folder}”没有以抽取编号命名，不影响核对"
            self.add(OPEN, "文件夹名称", name)

    def _check_excluded(self, plan: Plan) -> None:
        bound, data = plan.rules.get("excluded"), self.files.get("excluded.txt")
        if bound is None and data is None:
            return
        if bound is None:
            self.add(BAD, "排除名单", "方案里没有 excluded.txt 的摘要，这个文件来历不明")
        elif data is None:
            self.add(BAD, "排除名单", "方案里写明了排除名单，却没有 excluded.txt")
        elif sha(data) != bound:
            self.add(BAD, "排除名单", "excluded.txt 不是封存时的那一份")
        else:
            self.add(OK, "排除名单", "excluded.txt 与方案里封存的摘要一致")

    def _check_result(self, plan: Plan, data: bytes) -> None:
        try:
            reveal, digits = opening(data, len(plan.witnesses))
        except RefusedError as fault:
            self.add(BAD, "抽取结果", str(fault))
            return
        self.drawn = Drawn(plan, reveal, digits)
        self._compare(self.drawn, data)

    def _compare(self, drawn: Drawn, data: bytes) -> None:
        found, expected = data.split(b"\n"), drawn.data.split(b"\n")
        seed_at = 5 + len(drawn.plan.witnesses)
        names = ((1, "抽取编号"), (2, "方案摘要 P"), (3, "承诺 C"), (seed_at, "种子 S"))
        for at, name in names:
            theirs = found[at] if at < len(found) else b""
            value = theirs[theirs.find(b"|") + 1 :]
            wanted = expected[at][expected[at].find(b"|") + 1 :]
            self.same(name, wanted.decode("ascii"), readable(value))
        if data == drawn.data:
            counts = f"抽中 {len(drawn.selected)} 家，备选 {len(drawn.alternates)} 家"
            text = f"result.txt 与重新计算的逐字节一致（{counts}），F = {drawn.hash}"
            self.add(OK, "结果文件", text)
            return
        at = 0
        while at < min(len(found), len(expected)) and found[at] == expected[at]:
            at += 1
        should, is_ = line_at(expected, at), line_at(found, at)
        text = f"result.txt 从第 {at + 1} 行起与重新计算的不一致"
        self.add(BAD, "结果文件", f"{text}\n应为：{should}\n文件里是：{is_}")

    def _check_void(self, plan: Plan) -> None:
        try:
            self.void = void = Void(self.files["void.txt"])
        except RefusedError as fault:
            self.add(BAD, "作废记录", str(fault))
            return
        self.add(OK, "作废记录", f"格式符合规定，原因：{void.reason}")
        self.same("抽取编号", plan.no, void.no)
        self.same("方案摘要 P", plan.hash, void.plan)
        if void.reveal == "-":
            self.add(OPEN, "承诺 C", "揭示值 R 已丢失，只能与签字的承诺记录对照")
        else:
            self.same("承诺 C", commitment(plan, void.reveal), void.commit)
        self._check_would_be(plan, void)

    def _check_would_be(self, plan: Plan, void: Void) -> None:
        name, data = "作废前的结果", self.files.get("result.txt")
        count = len(plan.witnesses)
        if any(i > count for i in void.slips):
            self.add(
                BAD, "见证数字", f"方案只有 {count} 名见证人，却记了第 {max(void.slips)} 名的数字"
            )
        elif void.reveal == "-" or len(void.slips) < count:
            if void.result is None and data is None:
                self.add(OK, name, "揭示值或见证数字不全，当时算不出结果，也没有记结果")
            else:
                self.add(BAD, name, "揭示值或见证数字不全，却有结果")
        else:
            digits = [void.slips[i] for i in range(1, count + 1)]
            self.drawn = Drawn(plan, void.reveal, digits)
            self.same(name, self.drawn.hash, void.result or "（没有这一行）")
            if data is not None:
                self._compare(self.drawn, data)

    def _check_addenda(self, plan: Plan) -> None:
        names = sorted(filter(ADDENDUM.fullmatch, self.files), key=lambda name: (len(name), name))
        if names and self.closing == "void.txt":
            self.add(BAD, "替换记录", f"作废的抽取不应有替换记录：{'、'.join(names)}")
            return
        state = Succession(self.drawn) if self.drawn else None
        for n, file in enumerate(names, 1):
            name = f"替换记录 {n}"
            if file != f"addendum-{n:02d}.txt":
                self.add(BAD, name, f"缺少 addendum-{n:02d}.txt，其后的次序无法核对")
                return
            try:
                addendum = Addendum(self.files[file], file)
            except RefusedError as fault:
                self.add(BAD, name, str(fault))
                return
            self.addenda.append(addendum)
            self._check_addendum(plan, name, n, addendum, state)

    def _check_addendum(
        self, plan: Plan, name: str, n: int, addendum: Addendum, state: Succession | None
    ) -> None:
        what = addendum.in_words()
        if addendum.no != plan.no:
            self.add(BAD, name, f"编号与方案不一致\n应为：{plan.no}\n文件里是：{addendum.no}")
        elif addendum.number != n:
            self.add(BAD, name, f"序号不对\n应为：{n}\n文件里是：{addendum.number}")
        elif addendum.prev == FIRST:
            self.add(BAD, name, "没有接在任何记录之后（prev 是 64 个 0）")
        elif state is None:
            self.add(OPEN, name, f"{what}；没有可用的抽取结果，递补次序无法核对")
        else:
            fault = state.take(addendum)
            order = "系负责人指定，没有次序可核对" if addendum.appointed else "递补次序正确"
            self.add(BAD if fault else OK, name, f"{what}：{fault or order}")


def opening(data: bytes, witnesses: int) -> tuple[str, list[str]]:
    """R and the digits in a ``result.txt``; everything else is compared byte by byte."""
    lines = [readable(line) for line in data.split(b"\n", 16)[:16]]
    if len(lines) < 5 or not re.fullmatch("reveal[|][0-9a-f]{64}", lines[4]):
        raise RefusedError("result.txt", 5, "这一行应为 reveal|（64 位十六进制）")
    digits = []
    for at in range(5, len(lines)):
        if not lines[at].startswith("witness|"):
            break
        start = f"witness|{at - 4}|"
        if not lines[at].startswith(start) or not DIGITS.fullmatch(lines[at][len(start) :]):
            raise RefusedError("result.txt", at + 1, f"这一行应为 {start}（6 至 32 位数字）")
        digits.append(lines[at][len(start) :])
    if len(digits) != witnesses:
        text = f"有 {len(digits)} 组见证数字，方案有 {witnesses} 名见证人"
        raise RefusedError("result.txt", 6 + min(len(digits), witnesses), text)
    return lines[4][len("reveal|") :], digits


def line_at(lines: list[bytes], at: int) -> str:
    """One line for people, or that there is none."""
    return readable(lines[at]) if at < len(lines) else "（到此为止）"


def readable(line: bytes) -> str:
    """Bytes for people: what is not printable ASCII becomes an escape."""
    return "".join(chr(b) if 0x20 <= b < 0x7F else f"\\x{b:02x}" for b in line)


# --- the series (§6) ------------------------------------------------------------------


class Record(NamedTuple):
    """A closing record, or a plan not closed yet (without a hash), as a link of the chain."""

    report: Report
    no: str
    add: int
    prev: str
    hash: str

    def in_words(self) -> str:
        """Its name for people."""
        kind = f"替换记录 {self.add}" if self.add else "结果或作废记录" if self.hash else "方案"
        return f"{self.no} 的{kind}"


def number_of(no: str) -> str:
    """Serial number: the last part, without leading zeros."""
    return no.rsplit("-", maxsplit=1)[-1].lstrip("0") or "0"


def follows(former: str, later: str) -> bool:
    """Whether `later` is the number after `former` (texts: they may be of any length)."""
    nines = len(former) - len(former.rstrip("9"))
    head = former[: len(former) - nines]
    raised = head[:-1] + str(int(head[-1]) + 1) if head else "1"
    return later == raised + "0" * nines


def records_of(reports: list[Report]) -> Iterator[Record]:
    """Every link the draws of one series bring, in the order of their numbers."""
    for report in reports:
        plan = report.plan
        if plan is None:
            continue
        closing = sha(report.files[report.closing]) if report.closing else ""
        yield Record(report, plan.no, 0, plan.prev, closing)
        for n, addendum in enumerate(report.addenda, 1):
            yield Record(report, plan.no, n, addendum.prev, addendum.hash)


def check_numbers(draws: list[Plan]) -> Iterator[Check]:
    """Numbers without gaps (`draws` ascending)."""
    numbers = [number_of(plan.no) for plan in draws]
    good = True
    for at in range(1, len(draws)):
        if numbers[at] == numbers[at - 1]:
            good = False
            yield Check(BAD, "抽取序号", f"{draws[at - 1].no} 与 {draws[at].no} 序号相同")
        elif not follows(numbers[at - 1], numbers[at]):
            good = False
            gap = f"{draws[at - 1].no} 与 {draws[at].no} 之间缺抽取记录（作废的也应有文件夹）"
            yield Check(BAD, "抽取序号", gap)
    if numbers[0] == "0":
        yield Check(BAD, "抽取序号", f"序号应从 1 起，{draws[0].no} 的序号为 0")
    elif (draws[0].prev == FIRST) != (numbers[0] == "1"):
        text = f"{draws[0].no} 是否本系列第一次抽取，序号与 prev 说法不一"
        yield Check(BAD, "抽取序号", text)
    elif good and len(draws) > 1:
        yield Check(OK, "抽取序号", f"{draws[0].no} 至 {draws[-1].no}，连续无缺号")
    if numbers[0] not in ("0", "1"):
        yield Check(OPEN, "更早的抽取", f"{draws[0].no} 以前的抽取没有给出，无法核对")


def check_chain(records: list[Record], several: bool) -> Iterator[Check]:
    """One record after the other, none removed, replaced, re-ordered or doubled."""
    name = "前后衔接"
    after: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        after[record.prev].append(record)
    known = {record.hash for record in records if record.hash}
    good = True
    for twins in after.values():
        if len(twins) > 1:
            good = False
            words = "、".join(twin.in_words() for twin in twins)
            yield Check(BAD, name, f"{words} 接在同一条记录之后，链条分叉")
    heads = [record for record in records if record.prev not in known]
    for head in heads[1:]:
        good = good and not several
        text = (
            f"{head.in_words()} 接不上：它前面的记录（{head.prev[:12]}…）没有给出，或被改动、抽走了"
        )
        yield Check(BAD if several else OPEN, name, text)
    order = walk(heads, after)
    if len(order) < len(records):
        good = False
        yield Check(BAD, name, "记录的前后关系成环")
    for text in order_faults(order):
        good = False
        yield Check(BAD, name, text)
    if not good or not order:
        return
    if len(order) > 1 and len(heads) == 1:
        yield Check(OK, name, f"{len(order)} 条记录一条接一条，没有断开、调换或分叉")
    if order[0].prev != FIRST:
        text = f"上一条记录（{order[0].prev[:12]}…）没有给出，前面是否有改动无法核对"
        yield Check(OPEN, "起点", text)
    if order[-1].hash:
        text = f"{order[-1].in_words()}（{order[-1].hash}）之后有没有别的记录，只能看签字的纸面记录"
        yield Check(OPEN, "最后一条", text)


def walk(heads: list[Record], after: dict[str, list[Record]]) -> list[Record]:
    """The records in the order of the chain, piece after piece."""
    order: list[Record] = []
    for head in heads:
        step = [head]
        while step:
            order += step
            step = [later for record in step if record.hash for later in after[record.hash]]
            step = [record for record in step if record not in order]
    return order


def order_faults(order: list[Record]) -> Iterator[str]:
    """Draws by number, addenda after their draw and in their order."""
    last_addendum: dict[str, int] = {}
    former: Record | None = None
    for record in order:
        if record.add:
            if last_addendum.get(record.no) != record.add - 1:
                yield f"{record.in_words()} 的先后次序不对"
        elif former is not None:
            numbers = [number_of(one.no) for one in (former, record)]
            if (len(numbers[0]), numbers[0]) >= (len(numbers[1]), numbers[1]):
                yield f"{record.no} 排在 {former.no} 之后，先后次序不对"
        last_addendum[record.no] = record.add
        former = former if record.add else record


def check_series(reports: Iterable[Report]) -> Iterator[tuple[str, Check]]:
    """Checks between the draws of each series."""
    by_series: dict[str, list[tuple[Plan, Report]]] = defaultdict(list)
    for report in reports:
        if report.plan is not None:
            by_series[report.plan.series].append((report.plan, report))
    for series, draws in sorted(by_series.items()):
        draws.sort(key=lambda draw: (len(number_of(draw[0].no)), number_of(draw[0].no)))
        records = list(records_of([report for _, report in draws]))
        checks = [
            *check_numbers([plan for plan, _ in draws]),
            *check_chain(records, len(draws) > 1),
        ]
        for check in checks:
            yield series, check


# --- files and words ------------------------------------------------------------------


class UnusableError(Exception):
    """Wrong usage or unreadable input; the message says what to do."""


def load(paths: list[str]) -> list[Report]:
    """A report for each folder with records in or under the given folders."""
    found: dict[Path, dict[str, bytes]] = {}
    for text in paths:
        root = Path(text).resolve()
        if not root.is_dir():
            raise UnusableError(f"没有文件夹 {text}。请给出抽取文件夹（压缩包先解压）。")
        for file in sorted(root.rglob("*")):
            if file.suffix.lower() == ".txt" and file.is_file():
                found.setdefault(file.parent, {})[file.name] = file.read_bytes()
    reports = [
        Report(folder.name, files)
        for folder, files in sorted(found.items())
        if any(map(is_record, under_their_names(files)))
    ]
    if not reports:
        raise UnusableError("没有找到抽取记录。请给出含有 plan.txt 的文件夹。")
    return reports


def compare_paper(report: Report, typed: dict[str, str | None]) -> None:
    """Compare with what was read off the signed paper."""
    if report.plan is None:
        return
    commit = report.drawn.commit if report.drawn else report.void.commit if report.void else None
    values = {"P": report.plan.hash, "C": commit, "F": report.drawn.hash if report.drawn else None}
    for key, value in values.items():
        mine, name = typed[key], f"签字记录上的 {key}"
        if mine is None:
            if key != "F":
                report.add(OPEN, name, f"没有给出（--{key.lower()}），整个文件夹若被换掉就看不出")
        elif value is None:
            report.add(OPEN, name, "没有揭示值，算不出，无法对照")
        elif mine.replace(" ", "").lower() == value:
            report.add(OK, name, "与签字的一致")
        else:
            report.add(BAD, name, f"与文件不一致\n应为：{value}\n录入的是：{mine}")


def verify(paths: list[str], typed: dict[str, str | None]) -> int:
    """Check folders, print every check; exit code."""
    reports = load(paths)
    if any(typed.values()) and len(reports) > 1:
        raise UnusableError("与签字的记录对照时，请一次只给一个抽取文件夹。")
    everything = []
    for report in reports:
        compare_paper(report, typed)
        print(f"== 文件夹 {report.folder}")
        for check in report.checks:
            show(check)
        everything += report.checks
    for series, check in check_series(without_copies(reports)):
        show(check._replace(name=f"系列 {series} {check.name}"))
        everything.append(check)
    bad = sum(check.state == BAD for check in everything)
    unseen = sum(check.state == OPEN for check in everything)
    print("== 结论")
    print(f"发现 {bad} 处不符。请保留原样，交纪检监察机构。" if bad else "没有发现不符。")
    if unseen:
        print(f"有 {unseen} 项没有核对，见上面标“{OPEN}”的各行。")
    return 1 if bad else 0


def without_copies(reports: list[Report]) -> list[Report]:
    """A folder given twice is one draw, not two of the same number."""
    seen: list[dict[str, bytes]] = []
    kept = []
    for report in reports:
        if report.files not in seen:
            seen.append(report.files)
            kept.append(report)
    return kept


def show(check: Check) -> None:
    """Print one check."""
    first, *more = check.text.split("\n")
    print(f"[{check.state}] {check.name}：{first}")
    for line in more:
        print(f"        {line}")


def replay(file: str, reveal: str | None, digits: list[str]) -> int:
    """Write ``result.txt`` to standard output, byte for byte."""
    plan = Plan(Path(file).read_bytes())
    if reveal is None or not HEX.fullmatch(reveal):
        raise UnusableError("揭示值（--reveal）应为 64 位小写十六进制。")
    if len(digits) != len(plan.witnesses):
        count = f"方案有 {len(plan.witnesses)} 名见证人，给出了 {len(digits)} 组数字"
        raise UnusableError(f"{count}：请按次序用 --witness 给全。")
    for i, text in enumerate(digits, 1):
        if not DIGITS.fullmatch(text):
            raise UnusableError(f"第 {i} 组见证数字应为 6 至 32 位数字。")
    sys.stdout.buffer.write(Drawn(plan, reveal, digits).data)
    sys.stdout.buffer.flush()
    return 0


class Arguments(argparse.ArgumentParser):
    """Says in Chinese what is wrong with a command."""

    def error(self, message: str) -> NoReturn:
        """Show the usage; argparse's own words are English."""
        del message
        raise UnusableError(f"用法不对。\n\n{__doc__}")


def main(words: list[str]) -> int:
    """Do one command; exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console of another code page shows \uXXXX instead of failing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("-h", "--help", action="store_true")
    for option in ("--p", "--c", "--f", "--replay", "--reveal"):
        parser.add_argument(option)
    parser.add_argument("--witness", action="append", default=[])
    try:
        given = parser.parse_args(words)
        if given.help:
            print(__doc__)
            return 0
        if given.replay and not given.folders:
            return replay(given.replay, given.reveal, given.witness)
        if not given.folders or given.replay or given.reveal or given.witness:
            parser.error("")
        return verify(given.folders, {"P": given.p, "C": given.c, "F": given.f})
    except (UnusableError, RefusedError) as fault:
        print(fault, file=sys.stderr)
    except OSError as fault:
        print(f"读不出 {fault.filename}：{fault.strerror}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
