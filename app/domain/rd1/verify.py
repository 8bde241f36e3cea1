"""Recomputing what a draw left, from bytes alone (RD1 §1 step 6, §6, §7).

A damaged, missing or extra record becomes a failed `Check` that names it; these
functions raise nothing for any content.  What they cannot see is a folder
rewritten as a whole: P and C have to be compared with the signed slip.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.rd1.addendum import Addendum, addendum_name, parse_addendum
from app.domain.rd1.commitment import commit
from app.domain.rd1.errors import CeremonyError, RecordError
from app.domain.rd1.plan import Plan, plan_hash
from app.domain.rd1.plan_reader import parse_plan
from app.domain.rd1.result import DrawResult, parse_result
from app.domain.rd1.run import replay
from app.domain.rd1.succession import Succession
from app.domain.rd1.text import file_hash
from app.domain.rd1.void import VoidRecord, parse_void

__all__ = ["Check", "addenda_names", "by_record_name", "verify_draw"]

_ADDENDUM_FILE = re.compile(r"addendum-(?:0[1-9]|[1-9][0-9]{1,8})\.txt")
_RECORDS = frozenset({"plan.txt", "result.txt", "void.txt", "excluded.txt"})
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, in Chinese; ``detail`` names place and values."""

    name: str
    ok: bool
    detail: str


def verify_draw(files: Mapping[str, bytes]) -> list[Check]:
    """Check the records of one draw; ``files`` maps file names to their bytes.

    Other files than records (PDF, HTML, scans) may be there and are not looked at.
    """
    files = by_record_name(files)
    checks = list(_check_names(files))
    plan = _read_plan(files, checks)
    if plan is None:
        return checks
    checks.extend(_check_excluded(files, plan))
    if "void.txt" in files:
        _check_void(files, plan, checks)
        return checks
    result = _check_result(files, plan, checks)
    if result is not None:
        checks.extend(_check_addenda(files, plan, result))
    return checks


def by_record_name(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files with their records under the names RD1 gives them, whatever their case.

    An old stick hands PLAN.TXT back for plan.txt.  Of two names that differ by case alone one
    is the record; the other keeps its name and so is one too many.
    """
    named = {name: data for name, data in files.items() if _is_record(name)}
    for name in sorted(files):
        small = name.translate(_SMALL)
        named.setdefault(small if _is_record(small) and small not in named else name, files[name])
    return named


def _is_record(name: str) -> bool:
    return name in _RECORDS or _ADDENDUM_FILE.fullmatch(name) is not None


def addenda_names(files: Mapping[str, bytes]) -> list[str]:
    """Names of the addenda in the order of their numbers."""
    found = (name for name in files if _ADDENDUM_FILE.fullmatch(name))
    return sorted(found, key=lambda name: (len(name), name))


def _check_names(files: Mapping[str, bytes]) -> Iterator[Check]:
    extra = sorted(name for name in files if name.lower().endswith(".txt") and not _is_record(name))
    if extra:
        yield Check("记录文件", False, f"有不属于本次抽取的文件：{'、'.join(extra)}")
    elif "plan.txt" not in files:
        yield Check("记录文件", False, "缺少抽取方案 plan.txt")
    elif "result.txt" not in files and "void.txt" not in files:
        yield Check("记录文件", False, "缺少抽取结果 result.txt 或作废记录 void.txt，抽取尚未办结")
    else:
        yield Check("记录文件", True, "齐全，没有多余的记录")


def _read_plan(files: Mapping[str, bytes], checks: list[Check]) -> Plan | None:
    data = files.get("plan.txt")
    if data is None:
        if not any(check.detail == "缺少抽取方案 plan.txt" for check in checks):
            checks.append(Check("抽取方案", False, "缺少抽取方案 plan.txt"))
        return None
    try:
        plan = parse_plan(data)
    except RecordError as fault:
        checks.append(Check("抽取方案", False, fault.message))
        return None
    checks.append(Check("抽取方案", True, f"格式符合规定，编号 {plan.no}，P = {plan_hash(data)}"))
    return plan


def _check_excluded(files: Mapping[str, bytes], plan: Plan) -> Iterator[Check]:
    bound = plan.rule("excluded")
    data = files.get("excluded.txt")
    if bound is None and data is None:
        return
    if bound is None:
        yield Check("排除名单", False, "方案没有写明 excluded.txt 的摘要，该文件无从核对")
    elif data is None:
        yield Check("排除名单", False, "方案写明了排除名单，但缺少 excluded.txt")
    elif file_hash(data) != bound:
        yield Check("排除名单", False, "excluded.txt 与方案中的摘要不一致")
    else:
        yield Check("排除名单", True, "excluded.txt 与方案中的摘要一致")


# --- result --------------------------------------------------------------------


def _check_result(files: Mapping[str, bytes], plan: Plan, checks: list[Check]) -> DrawResult | None:
    """Recompute ``result.txt``; return the recomputed result if it could be."""
    data = files.get("result.txt")
    if data is None:
        return None
    try:
        claimed = parse_result(data)
    except RecordError as fault:
        checks.append(Check("抽取结果", False, fault.message))
        return None
    checks.append(_same("抽取编号", claimed.no, plan.no))
    checks.append(_same("方案摘要 P", claimed.plan, plan_hash(files["plan.txt"])))
    try:
        computed = replay(files["plan.txt"], claimed.reveal, claimed.digits)
    except CeremonyError as fault:
        checks.append(Check("见证数字", False, fault.message))
        return None
    checks.append(Check("见证数字", True, f"{len(claimed.digits)} 组，与方案的见证人数一致"))
    checks.append(_same("承诺 C", claimed.commitment, computed.commitment))
    checks.append(_same("种子 S", claimed.seed, computed.seed))
    checks.append(_compare_bytes(data, computed))
    return computed


def _same(name: str, claimed: str, computed: str) -> Check:
    if claimed == computed:
        return Check(name, True, f"与重新计算一致：{computed}")
    return Check(name, False, f"记录为 {claimed}，重新计算为 {computed}")


def _compare_bytes(data: bytes, computed: DrawResult) -> Check:
    expected = computed.to_bytes()
    if data == expected:
        return Check("结果复算", True, f"逐字节一致，F = {computed.result_hash}")
    claimed_lines, lines = data.split(b"\n"), expected.split(b"\n")
    pairs = enumerate(zip(claimed_lines, lines, strict=False), 1)
    number = next(
        (at for at, (one, other) in pairs if one != other),
        min(len(claimed_lines), len(lines)) + 1,
    )
    return Check("结果复算", False, f"result.txt 从第 {number} 行起与重新计算的结果不一致")


# --- void ------------------------------------------------------------------------


def _check_void(files: Mapping[str, bytes], plan: Plan, checks: list[Check]) -> None:
    try:
        record = parse_void(files["void.txt"])
    except RecordError as fault:
        checks.append(Check("作废记录", False, fault.message))
        return
    checks.append(Check("作废记录", True, f"格式符合规定，{record.at.isoformat()} 作废"))
    checks.append(_same("抽取编号", record.no, plan.no))
    checks.append(_same("方案摘要 P", record.plan, plan_hash(files["plan.txt"])))
    checks.append(_check_void_commitment(plan, files["plan.txt"], record))
    checks.extend(_check_would_be(files, plan, record))
    names = addenda_names(files)
    if names:
        checks.append(Check("替换记录", False, f"作废的抽取不应有替换记录：{'、'.join(names)}"))


def _check_void_commitment(plan: Plan, data: bytes, record: VoidRecord) -> Check:
    if record.reveal is None:
        return Check("承诺 C", True, "揭示值已丢失，只能与签字的承诺记录核对")
    return _same("承诺 C", record.commitment, commit(plan.no, plan_hash(data), record.reveal))


def _check_would_be(files: Mapping[str, bytes], plan: Plan, record: VoidRecord) -> Iterator[Check]:
    """A void draw keeps the result it would have had, if it can be computed."""
    name = "作废前结果"
    count = len(plan.witnesses)
    beyond = [slip.position for slip in record.slips if slip.position > count]
    if beyond:
        yield Check("见证数字", False, f"方案只有 {count} 名见证人，记录了第 {beyond[0]} 名的数字")
        return
    kept = files.get("result.txt")
    if record.reveal is None or len(record.slips) < count:
        if record.result is not None or kept is not None:
            yield Check(name, False, "揭示值或见证数字不全，不可能有结果")
        else:
            yield Check(name, True, "揭示值或见证数字不全，没有结果")
        return
    computed = replay(files["plan.txt"], record.reveal, [slip.digits for slip in record.slips])
    if record.result is None:
        yield Check(name, False, f"应记录结果摘要 {computed.result_hash}，作废记录中没有")
    else:
        yield _same(name, record.result, computed.result_hash)
    if kept is not None:
        yield _compare_bytes(kept, computed)


# --- addenda ----------------------------------------------------------------------


def _check_addenda(files: Mapping[str, bytes], plan: Plan, result: DrawResult) -> Iterator[Check]:
    state = Succession(plan, result)
    for number, name in enumerate(addenda_names(files), 1):
        if name != addendum_name(number):
            yield Check("替换记录", False, f"缺少 {addendum_name(number)}，其后的次序无法核对")
            return
        check_name = f"替换记录 {number}"
        try:
            addendum = parse_addendum(files[name])
        except RecordError as fault:
            yield Check(check_name, False, f"{name}：{fault.message}其后的次序无法核对")
            return
        fault_found = _addendum_fault(addendum, number, plan, state)
        if fault_found:
            yield Check(check_name, False, f"{name}：{fault_found}")
        else:
            swap = f"{addendum.out_id} 换为 {addendum.in_id}"
            yield Check(check_name, True, f"{swap}，次序符合规定")
        state.apply(addendum)


def _addendum_fault(addendum: Addendum, number: int, plan: Plan, state: Succession) -> str | None:
    if addendum.no != plan.no:
        return f"抽取编号为 {addendum.no}，应为 {plan.no}"
    if addendum.number != number:
        return f"序号为 {addendum.number}，应为 {number}"
    return state.fault(addendum)
