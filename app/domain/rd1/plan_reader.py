"""The strict reader of ``plan.txt`` (RD1 §2)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from app.domain.rd1.errors import PlanError
from app.domain.rd1.plan import (
    GivenTarget,
    Group,
    Plan,
    PlanInspector,
    PlanTarget,
    Quota,
    Recusal,
    Rule,
    TeamMode,
    Witness,
)
from app.domain.rd1.text import CODE, COUNT, DRAW_NO, HEX64, ID, NAME, TEXT, read_lines

__all__ = ["parse_plan"]

_SERIES = re.compile(r"[0-9][0-9A-Z]{0,15}|T[0-9A-Z]{1,15}")
_BIT = re.compile(r"[01]")
_SINGLE_KINDS = ("draw", "period", "prev", "series")
_MODES = {mode.value: mode for mode in TeamMode}


def parse_plan(data: bytes) -> Plan:
    """Read the bytes of ``plan.txt``.

    Raises PlanError with the line number for any breach of RD1 §2; the number
    is None only when a required line is missing altogether.
    """
    body = _Body()
    lines = read_lines(data, "RD1 PLAN", PlanError)
    before = ""
    for number, line in enumerate(lines[1:-1], 2):
        if line <= before:
            raise PlanError("与上一行的次序不对或内容重复", number)
        before = line
        kind, *fields = line.split("|")
        expected = _KINDS.get(kind)
        if expected is None:
            raise PlanError(f"不认识的行“{kind}”", number)
        count, take = expected
        if len(fields) != count:
            raise PlanError(f"“{kind}”行应有 {count} 个字段，实有 {len(fields)} 个", number)
        take(body, number, fields)
    return body.finish()


def _require(pattern: re.Pattern[str], text: str, what: str, number: int) -> str:
    if not pattern.fullmatch(text):
        raise PlanError(f"{what}“{text}”不合规定", number)
    return text


def _count(text: str, what: str, number: int) -> int:
    return int(_require(COUNT, text, what, number))


def _need(text: str, number: int) -> str:
    return text and _require(CODE, text, "所需专业", number)


class _Body:
    """Lines read so far, with the numbers that later checks have to name."""

    def __init__(self) -> None:
        self.single: dict[str, tuple[str, int]] = {}
        self.texts: dict[str, list[str]] = {"app": [], "org": [], "rem": []}
        self.rules: dict[str, Rule] = {}
        self.groups: dict[str, tuple[Group, int]] = {}
        self.inspectors: dict[str, PlanInspector] = {}
        self.targets: dict[str, PlanTarget] = {}
        self.given: dict[str, GivenTarget] = {}
        self.given_strata: set[str] = set()
        self.pools: Counter[str] = Counter()
        self.pool_begins: dict[str, int] = {}
        self.quotas: dict[str, tuple[Quota, int]] = {}
        self.recusals: list[tuple[Recusal, int]] = []
        self.witnesses: list[Witness] = []

    # One method per kind, in the order of the table in RD1 §2.

    def free_text(self, kind: str, number: int, fields: list[str]) -> None:
        self.texts[kind].append(_require(TEXT, fields[0], "文字", number))

    def once(self, kind: str, pattern: re.Pattern[str], number: int, text: str) -> None:
        if kind in self.single:
            raise PlanError(f"“{kind}”行只能有一行", number)
        self.single[kind] = (_require(pattern, text, f"“{kind}”的内容", number), number)

    def giv(self, number: int, fields: list[str]) -> None:
        stratum, key, need, source, name = fields
        _require(NAME, stratum, "分类", number)
        _require(TEXT, source, "来源", number)
        self._new_target(key, name, number)
        self.given[key] = GivenTarget(stratum, key, _need(need, number), source, name)
        self.given_strata.add(stratum)

    def tgt(self, number: int, fields: list[str]) -> None:
        stratum, key, need, name = fields
        _require(NAME, stratum, "分类", number)
        self._new_target(key, name, number)
        if stratum in self.given_strata:
            raise PlanError(f"分类 {stratum} 同时有 giv 行和 tgt 行", number)
        self.targets[key] = PlanTarget(stratum, key, _need(need, number), name)
        self.pools[stratum] += 1
        self.pool_begins.setdefault(stratum, number)

    def _new_target(self, key: str, name: str, number: int) -> None:
        _require(ID, key, "检查对象编号", number)
        _require(TEXT, name, f"检查对象 {key} 的名称", number)
        if key in self.given or key in self.targets:
            raise PlanError(f"检查对象 {key} 出现了两次", number)

    def grp(self, number: int, fields: list[str]) -> None:
        code, size, mode, teams = fields
        _require(NAME, code, "人员组代码", number)
        if code in self.groups:
            raise PlanError(f"人员组 {code} 出现了两次", number)
        found = _MODES.get(f"{size}|{mode}")
        if found is None:
            raise PlanError(f"人员组方式“{size}|{mode}”不合规定", number)
        if found is TeamMode.FIXED_TEAMS:
            group = Group(code, found, _count(teams, "组数", number))
        elif teams:
            raise PlanError("只有固定编组才写组数", number)
        else:
            group = Group(code, found)
        self.groups[code] = (group, number)

    def ins(self, number: int, fields: list[str]) -> None:
        key, group, dept, lead, specs, eligible, why, name = fields
        _require(ID, key, "执法人员编号", number)
        if key in self.inspectors:
            raise PlanError(f"执法人员 {key} 出现了两次", number)
        if group not in self.groups:  # grp lines stand before ins lines
            raise PlanError(f"人员组“{group}”没有 grp 行", number)
        _require(NAME, dept, "部门代码", number)
        _require(_BIT, lead, "主办资格", number)
        _require(_BIT, eligible, "可否参加", number)
        if eligible == "0":
            _require(CODE, why, "不参加的原因", number)
        elif why:
            raise PlanError("可以参加的人员不应有不参加的原因", number)
        self.inspectors[key] = PlanInspector(
            id=key,
            group=group,
            dept=dept,
            lead=lead == "1",
            specs=_specs(specs, number),
            eligible=eligible == "1",
            why=why,
            name=name,
        )

    def quota(self, number: int, fields: list[str]) -> None:
        stratum = _require(NAME, fields[0], "分类", number)
        if stratum in self.quotas:
            raise PlanError(f"分类 {stratum} 有两行 quota", number)
        n = _count(fields[1], "抽取数", number)
        a = _count(fields[2], "递补数", number)
        self.quotas[stratum] = (Quota(stratum, n, a), number)

    def rec(self, number: int, fields: list[str]) -> None:
        inspector, target, code = fields
        if inspector not in self.inspectors:  # ins lines stand before rec lines
            raise PlanError(f"回避的执法人员“{inspector}”不在名单中", number)
        _require(CODE, code, "回避原因", number)
        self.recusals.append((Recusal(inspector, target, code), number))

    def rule(self, number: int, fields: list[str]) -> None:
        key = _require(TEXT, fields[0], "规则名", number)
        if key in self.rules:
            raise PlanError(f"规则“{key}”出现了两次", number)
        self.rules[key] = Rule(key, _require(TEXT, fields[1], "规则值", number))

    def wit(self, number: int, fields: list[str]) -> None:
        position = _count(fields[0], "见证人序号", number)
        if position != len(self.witnesses) + 1 or position > 9:
            raise PlanError("见证人序号应从 1 起连续，最多 9 人", number)
        self.witnesses.append(Witness(position, _require(TEXT, fields[1], "见证单位", number)))

    # What only the whole file can tell.

    def finish(self) -> Plan:
        for kind in _SINGLE_KINDS:
            if kind not in self.single:
                raise PlanError(f"缺少“{kind}”行")
        self._check_number()
        self._check_quotas()
        self._check_recusals()
        self._check_teams()
        if len(self.witnesses) < 2:
            raise PlanError("见证人不足两人")
        return Plan(
            no=self.single["draw"][0],
            series=self.single["series"][0],
            period=self.single["period"][0],
            prev=self.single["prev"][0],
            programs=tuple(self.texts["app"]),
            organisations=tuple(self.texts["org"]),
            remarks=tuple(self.texts["rem"]),
            rules=tuple(self.rules.values()),
            groups=tuple(group for group, _ in self.groups.values()),
            inspectors=tuple(self.inspectors.values()),
            targets=tuple(self.targets.values()),
            given=tuple(self.given.values()),
            quotas=tuple(quota for quota, _ in self.quotas.values()),
            recusals=tuple(recusal for recusal, _ in self.recusals),
            witnesses=tuple(self.witnesses),
        )

    def _check_number(self) -> None:
        no, number = self.single["draw"]
        series, _ = self.single["series"]
        if not no.startswith(f"{series}-"):
            raise PlanError(f"抽取编号“{no}”不以系列代码“{series}-”开头", number)

    def _check_quotas(self) -> None:
        for stratum, begins in self.pool_begins.items():
            if stratum not in self.quotas:
                raise PlanError(f"分类 {stratum} 没有 quota 行", begins)
        for stratum, (quota, number) in self.quotas.items():
            pool = self.pools[stratum]
            if not pool:
                raise PlanError(f"分类 {stratum} 没有 tgt 行，不应有 quota 行", number)
            if quota.n + quota.a > pool:
                raise PlanError(f"抽取数与递补数之和超过分类 {stratum} 的 {pool} 个对象", number)

    def _check_recusals(self) -> None:
        for recusal, number in self.recusals:
            if recusal.target not in self.targets and recusal.target not in self.given:
                raise PlanError(f"回避的检查对象“{recusal.target}”不在名单中", number)

    def _check_teams(self) -> None:
        eligible = Counter(person.group for person in self.inspectors.values() if person.eligible)
        for group, number in self.groups.values():
            if 2 * group.teams > eligible[group.code]:
                raise PlanError(
                    f"{group.teams} 个组需要 {2 * group.teams} 人，"
                    f"人员组 {group.code} 可参加的只有 {eligible[group.code]} 人",
                    number,
                )


def _specs(text: str, number: int) -> tuple[str, ...]:
    if not text:
        return ()
    specs = tuple(text.split(","))
    for spec in specs:
        _require(CODE, spec, "专业", number)
    if any(one >= other for one, other in pairwise(specs)):
        raise PlanError("专业应按次序排列且不重复", number)
    return specs


def _text_of(kind: str) -> Callable[[_Body, int, list[str]], None]:
    return lambda body, number, fields: body.free_text(kind, number, fields)


def _once_of(kind: str, pattern: re.Pattern[str]) -> Callable[[_Body, int, list[str]], None]:
    return lambda body, number, fields: body.once(kind, pattern, number, fields[0])


_KINDS: dict[str, tuple[int, Callable[[_Body, int, list[str]], None]]] = {
    "app": (1, _text_of("app")),
    "draw": (1, _once_of("draw", DRAW_NO)),
    "giv": (5, _Body.giv),
    "grp": (4, _Body.grp),
    "ins": (8, _Body.ins),
    "org": (1, _text_of("org")),
    "period": (1, _once_of("period", TEXT)),
    "prev": (1, _once_of("prev", HEX64)),
    "quota": (3, _Body.quota),
    "rec": (3, _Body.rec),
    "rem": (1, _text_of("rem")),
    "rule": (2, _Body.rule),
    "series": (1, _once_of("series", _SERIES)),
    "tgt": (4, _Body.tgt),
    "wit": (2, _Body.wit),
}
