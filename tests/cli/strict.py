"""RD1 §2 once more: is this a well-formed plan?  Shares no code with the product's reader."""

from __future__ import annotations

import re

_BAD = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ST, _ID, _SPEC = "[0-9A-Z]{1,16}", "[0-9A-Z]{1,64}", "[0-9a-z]{1,16}"
_INT, _ANY = "(0|[1-9][0-9]{0,8})", "(?s:.+)"
_KINDS = {
    "app": [_ANY],
    "draw": ["[0-9A-Z]+(-[0-9A-Z]+)*-[0-9]+"],
    "giv": [_ST, _ID, f"({_SPEC})?", _ANY, _ANY],
    "grp": [_ST, "[12]", "fixed|each", f"{_INT}?"],
    "ins": [_ID, _ST, _ST, "[01]", f"({_SPEC}(,{_SPEC})*)?", "[01]", f"({_SPEC})?", "(?s:.*)"],
    "org": [_ANY],
    "period": [_ANY],
    "prev": ["[0-9a-f]{64}"],
    "quota": [_ST, _INT, _INT],
    "rec": [_ID, _ID, _SPEC],
    "rem": [_ANY],
    "rule": [_ANY, _ANY],
    "series": ["[0-9][0-9A-Z]{0,15}|T[0-9A-Z]{1,15}"],
    "tgt": [_ST, _ID, f"({_SPEC})?", _ANY],
    "wit": [_INT, _ANY],
}
_Rows = dict[str, list[list[str]]]


def well_formed(data: bytes) -> bool:
    rows = _rows(data)
    return rows is not None and _single(rows) and _pools(rows) and _people(rows)


def _rows(data: bytes) -> _Rows | None:
    try:
        first, *body, last, rest = data.decode("utf-8").split("\n")
    except ValueError:
        return None
    raw = [line.encode("utf-8") for line in body]
    if (first, last, rest) != ("RD1 PLAN", "RD1 END", "") or raw != sorted(set(raw)):
        return None
    rows: _Rows = {kind: [] for kind in _KINDS}
    for line in body:
        kind, *fields = line.split("|")
        if kind not in _KINDS or len(fields) != len(_KINDS[kind]):
            return None
        for field, pattern in zip(fields, _KINDS[kind], strict=True):
            if _BAD.search(field) or field != field.strip(" ") or not re.fullmatch(pattern, field):
                return None
        rows[kind].append(fields)
    return rows


def _single(rows: _Rows) -> bool:
    once = all(len(rows[kind]) == 1 for kind in ("draw", "period", "prev", "series"))
    keys = [key for key, _ in rows["rule"]]
    order = sorted(int(number) for number, _ in rows["wit"])
    return (
        once
        and rows["draw"][0][0].startswith(rows["series"][0][0] + "-")
        and len(keys) == len(set(keys))
        and order == list(range(1, len(order) + 1))
        and 2 <= len(order) <= 9
    )


def _pools(rows: _Rows) -> bool:
    pools = [row[0] for row in rows["tgt"]]
    ids = [row[1] for row in rows["tgt"] + rows["giv"]]
    return (
        not set(pools) & {row[0] for row in rows["giv"]}
        and len(ids) == len(set(ids))
        and sorted(st for st, *_ in rows["quota"]) == sorted(set(pools))
        and all(int(n) + int(a) <= pools.count(st) for st, n, a in rows["quota"])
        and all(row[1] in ids for row in rows["rec"])
    )


def _people(rows: _Rows) -> bool:
    groups = [row[0] for row in rows["grp"]]
    ids = [row[0] for row in rows["ins"]]
    eligible = [row[1] for row in rows["ins"] if row[5] == "1"]
    specs = [row[4].split(",") for row in rows["ins"]]
    return (
        len(groups) == len(set(groups))
        and len(ids) == len(set(ids))
        and all(each == sorted(set(each)) for each in specs)
        and all(row[1] in groups and (row[5] == "1") == (row[6] == "") for row in rows["ins"])
        and all(
            size == "2" and k != "" and 2 * int(k) <= eligible.count(group)
            if mode == "fixed"
            else k == ""
            for group, size, mode, k in rows["grp"]
        )
        and all(row[0] in ids for row in rows["rec"])
    )
