from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.rd1 import (
    FIRST_PREV,
    Addendum,
    Approval,
    Check,
    OpenedSlip,
    Plan,
    Rule,
    Substituted,
    SubstitutionPolicy,
    Succession,
    VoidRecord,
    file_hash,
    parse_plan,
    parse_result,
    plan_hash,
    replay,
    verify_draw,
    verify_series,
    write_plan,
)

from .plans import NAMES, worked

FIXED, EACH, GIVEN = NAMES
NEXT, APPOINTED = SubstitutionPolicy.NEXT_ALTERNATE, SubstitutionPolicy.APPOINTED
APPROVED = Approval("某甲", "分管负责人")


def folder(name: str) -> dict[str, bytes]:
    draw = worked(name)
    return {"plan.txt": draw.plan, "result.txt": draw.result}


def failed(checks: list[Check]) -> list[str]:
    return [f"{check.name}：{check.detail}" for check in checks if not check.ok]


def substitution(
    number: int,
    out_id: str,
    in_id: str,
    for_target: str | None = None,
    *,
    no: str = "331000-2026Q1-01",
    kind: Substituted = Substituted.INSPECTOR,
    policy: SubstitutionPolicy = NEXT,
) -> bytes:
    return Addendum(
        no=no,
        number=number,
        prev="0" * 64,
        kind=kind,
        out_id=out_id,
        in_id=in_id,
        for_target=for_target,
        policy=policy,
        reason_code="gone",
        reason="已注销",
        approved=APPROVED,
        at=date(2026, 2, 1),
    ).to_bytes()


def with_addenda(name: str, *addenda: bytes) -> dict[str, bytes]:
    numbered = {f"addendum-{at:02d}.txt": data for at, data in enumerate(addenda, 1)}
    return {**folder(name), **numbered}


@pytest.mark.parametrize("name", NAMES)
def test_worked_draws_verify(name: str) -> None:
    checks = verify_draw(folder(name))
    assert failed(checks) == []
    details = " ".join(check.detail for check in checks)
    result = parse_result(worked(name).result)
    for value in (result.plan, result.commitment, result.seed, result.result_hash):
        assert value in details


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mask", [1, 0x20, 0x80])
def test_every_flipped_byte_of_the_result_is_found(name: str, mask: int) -> None:
    files = folder(name)
    data = files["result.txt"]
    for at in range(len(data)):
        flipped = data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]
        assert failed(verify_draw({**files, "result.txt": flipped})), at


def test_every_flipped_byte_of_the_plan_is_found() -> None:
    files = folder(FIXED)
    data = files["plan.txt"]
    for at in range(len(data)):
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert failed(verify_draw({**files, "plan.txt": flipped})), at


def test_a_result_with_another_selection_names_the_line() -> None:
    files = folder(FIXED)
    lines = files["result.txt"].split(b"\n")
    swapped = [line.rsplit(b"|", 2)[1:] for line in lines[9:11]]
    lines[9] = b"|".join([b"sel|A|1", *swapped[1]])
    lines[10] = b"|".join([b"sel|A|2", *swapped[0]])
    bad = failed(verify_draw({**files, "result.txt": b"\n".join(lines)}))
    assert bad == ["结果复算：result.txt 从第 10 行起与重新计算的结果不一致"]


def test_a_result_of_other_digits_is_not_ours() -> None:
    draw = worked(FIXED)
    other = replay(draw.plan, draw.reveal, ["111111", "222222", "333333"])
    files = {"plan.txt": draw.plan, "result.txt": replace(other, seed="0" * 64).to_bytes()}
    assert [line.split("：")[0] for line in failed(verify_draw(files))] == ["种子 S", "结果复算"]
    too_few = replace(other, digits=other.digits[:2]).to_bytes()
    assert "3 名见证人" in failed(verify_draw({**files, "result.txt": too_few}))[0]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"plan.txt": None}, "缺少抽取方案"),
        ({"result.txt": None}, "尚未办结"),
        ({"plan.txt": None, "result.txt": None}, "缺少抽取方案"),
        ({"result (2).txt": b""}, "result (2).txt"),
        ({"addendum-1.txt": b""}, "addendum-1.txt"),
        ({"addendum-00.txt": b""}, "addendum-00.txt"),
        ({"Addendum-01.TXT": b""}, "addendum-01.txt"),
        ({"PLAN.TXT": b""}, "PLAN.TXT"),
        ({"addendum-02.txt": b""}, "缺少 addendum-01.txt"),
        ({"addendum-01.txt": b""}, "addendum-01.txt"),
        ({"result.txt": b""}, "result.txt 第 1 行"),
        ({"plan.txt": b"\xff"}, "plan.txt 第 1 行"),
        ({"void.txt": b"x"}, "void.txt 第 1 行"),
        ({"excluded.txt": b""}, "excluded.txt"),
    ],
)
def test_missing_extra_and_damaged_records_are_named(
    change: dict[str, bytes | None], word: str
) -> None:
    files = {key: data for key, data in {**folder(FIXED), **change}.items() if data is not None}
    assert word in " ".join(failed(verify_draw(files)))


def test_papers_beside_the_records_are_left_alone() -> None:
    files = {**folder(FIXED), "minutes.pdf": b"", "verify.html": b"", "scan.jpg": b""}
    assert failed(verify_draw(files)) == []


def test_the_list_of_exclusions_is_bound() -> None:
    excluded = "1|closed|某厂\n".encode()
    plan = replace(parse_plan(worked(FIXED).plan), rules=(Rule("excluded", file_hash(excluded)),))
    files = closed(plan)
    assert failed(verify_draw({**files, "excluded.txt": excluded})) == []
    assert "缺少 excluded.txt" in failed(verify_draw(files))[0]
    assert "不一致" in failed(verify_draw({**files, "excluded.txt": excluded + b"x"}))[0]


# --- void -------------------------------------------------------------------------


def void_of(name: str) -> VoidRecord:
    draw = worked(name)
    result = parse_result(draw.result)
    return VoidRecord(
        no=result.no,
        plan=result.plan,
        commitment=result.commitment,
        reveal=draw.reveal,
        slips=tuple(OpenedSlip(at, text) for at, text in enumerate(draw.digits, 1)),
        result=result.result_hash,
        reason="停电",
        approved=APPROVED,
        at=date(2026, 1, 8),
    )


def test_void_with_the_would_be_result() -> None:
    files = {"plan.txt": worked(FIXED).plan, "void.txt": void_of(FIXED).to_bytes()}
    assert failed(verify_draw(files)) == []
    assert failed(verify_draw({**files, "result.txt": worked(FIXED).result})) == []


@pytest.mark.parametrize(
    "change",
    [
        {"result": None, "reveal": None},
        {"result": None, "slips": ()},
        {"result": None, "slips": (OpenedSlip(2, "265358"), OpenedSlip(3, "979323"))},
        {"result": None, "reveal": None, "slips": ()},
    ],
)
def test_void_without_all_parts_has_no_result(change: dict[str, object]) -> None:
    record = replace(void_of(FIXED), **change)  # type: ignore[arg-type]
    files = {"plan.txt": worked(FIXED).plan, "void.txt": record.to_bytes()}
    assert failed(verify_draw(files)) == []
    assert failed(verify_draw({**files, "result.txt": worked(FIXED).result}))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"no": "331000-2026Q1-02"}, "抽取编号"),
        ({"plan": "0" * 64}, "方案摘要"),
        ({"commitment": "0" * 64}, "承诺"),
        ({"reveal": "0" * 64}, "承诺"),
        ({"result": "0" * 64}, "作废前结果"),
        ({"result": None}, "应记录结果摘要"),
        ({"slips": (OpenedSlip(1, "314159"),)}, "不可能有结果"),
        ({"slips": (OpenedSlip(4, "314159"),)}, "第 4 名"),
    ],
)
def test_void_that_does_not_fit_is_named(change: dict[str, object], word: str) -> None:
    record = replace(void_of(FIXED), **change)  # type: ignore[arg-type]
    files = {"plan.txt": worked(FIXED).plan, "void.txt": record.to_bytes()}
    assert word in " ".join(failed(verify_draw(files)))


def test_a_void_draw_has_no_substitutions() -> None:
    files = {"plan.txt": worked(FIXED).plan, "void.txt": void_of(FIXED).to_bytes()}
    files["addendum-01.txt"] = substitution(1, "110003", "110007")
    assert "不应有替换记录" in " ".join(failed(verify_draw(files)))


# --- addenda -----------------------------------------------------------------------

T = "91331000MA10"  # stem of the worked draws' ids
TARGET = Substituted.TARGET


@pytest.mark.parametrize(
    ("addenda", "word"),
    [
        # targets: the alternates of the same stratum, in order, each once
        ([(f"{T}0822X6", f"{T}0000X0")], ""),
        ([(f"{T}0822X6", f"{T}0000X0"), (f"{T}0000X0", f"{T}0685X5")], ""),
        ([(f"{T}0822X6", f"{T}0000X0"), (f"{T}1507X1", f"{T}1096X8")], ""),
        ([(f"{T}0822X6", f"{T}0685X5")], f"应由 {T}0000X0 递补"),
        ([(f"{T}0822X6", f"{T}1096X8")], f"应由 {T}0000X0 递补"),
        ([(f"{T}0822X6", f"{T}0000X0"), (f"{T}0274X2", f"{T}0000X0")], f"应由 {T}0685X5 递补"),
        ([(f"{T}0822X6", f"{T}0000X0"), (f"{T}0822X6", f"{T}0685X5")], "不在当前名单"),
        ([(f"{T}0411X3", f"{T}0000X0")], "不在当前名单"),
        (
            [(f"{T}1507X1", f"{T}1096X8"), (f"{T}1233X9", f"{T}1370X0"), (f"{T}1370X0", "X")],
            "没有可用的递补",
        ),
    ],
)
def test_alternate_targets_step_in_by_ticket(addenda: list[tuple[str, str]], word: str) -> None:
    records = [substitution(at, *swap, kind=TARGET) for at, swap in enumerate(addenda, 1)]
    bad = " ".join(failed(verify_draw(with_addenda(FIXED, *records))))
    assert (word in bad) if word else not bad


def test_a_given_target_has_no_alternates() -> None:
    record = substitution(1, f"{T}1370X0", f"{T}0959X7", no="370211-2026Q2-01", kind=TARGET)
    assert "没有可用的递补" in " ".join(failed(verify_draw(with_addenda(GIVEN, record))))


# Standby of the worked draw: 110007, then 110001, who is recused from MA100000X0,
# an alternate of team 1.
@pytest.mark.parametrize(
    ("addenda", "word"),
    [
        ([("110003", "110007", None)], ""),
        ([("110003", "110007", None), ("110005", "110001", None)], ""),
        ([("110003", "110007", None), ("110007", "110001", None)], ""),
        ([("110003", "110001", None)], "应由 110007 递补"),
        ([("110003", "110007", None), ("110005", "110007", None)], "应由 110001 递补"),
        ([("110003", "110007", None), ("110003", "110001", None)], "不在任何固定组"),
        ([("110001", "110007", None)], "不在任何固定组"),
        ([("110003", "110007", f"{T}0822X6")], ""),
        ([("110003", "110007", f"{T}0822X6"), ("110005", "110001", f"{T}0274X2")], ""),
        ([("110003", "110007", f"{T}0822X6"), ("110005", "110007", f"{T}0274X2")], "应由 110001"),
        ([("110005", "110007", f"{T}0822X6")], "不检查"),
        ([("110003", "110007", f"{T}0000X0")], "不在当前名单"),
    ],
)
def test_standby_joins_fixed_teams_in_order(
    addenda: list[tuple[str, str, str | None]], word: str
) -> None:
    records = [substitution(at, *swap) for at, swap in enumerate(addenda, 1)]
    bad = " ".join(failed(verify_draw(with_addenda(FIXED, *records))))
    assert (word in bad) if word else not bad


def test_a_recusal_excludes_from_a_team_that_has_the_target() -> None:
    state = Succession(parse_plan(worked(FIXED).plan), parse_result(worked(FIXED).result))
    alternate_in = substitution(1, f"{T}0822X6", f"{T}0000X0", kind=TARGET)
    first = substitution(2, "110003", "110007")
    second = substitution(3, "110002", "110001")
    bad = failed(verify_draw(with_addenda(FIXED, alternate_in, first, second)))
    assert ["没有可用的递补" in line for line in bad] == [True]
    assert state.next_in(Substituted.INSPECTOR, "110002") == "110007"


def test_appointing_needs_no_order_but_somebody_to_replace() -> None:
    good = substitution(1, "110003", "NEW1", policy=APPOINTED)
    again = substitution(2, "NEW1", "110001", policy=APPOINTED)
    assert failed(verify_draw(with_addenda(FIXED, good, again))) == []
    bad = substitution(1, "110006", "110001", policy=APPOINTED)
    assert failed(verify_draw(with_addenda(FIXED, bad)))
    already = substitution(1, "110003", "110002", policy=APPOINTED)
    assert "已在该组" in failed(verify_draw(with_addenda(FIXED, already)))[0]


# pair|ENF|…0685X5|110003|110004|.|110002,110001,110005 and
# one|MARKET|…0685X5|220003|S|220001,220002 in the second worked draw.
@pytest.mark.parametrize(
    ("addenda", "word"),
    [
        ([("110003", "110002", f"{T}0685X5")], ""),
        ([("110003", "110002", f"{T}0685X5"), ("110004", "110001", f"{T}0685X5")], ""),
        ([("110003", "110002", f"{T}0685X5"), ("110002", "110001", f"{T}0685X5")], ""),
        ([("110003", "110002", f"{T}0685X5"), ("110001", "110007", f"{T}0822X6")], ""),
        ([("110003", "110001", f"{T}0685X5")], "应由 110002 递补"),
        ([("110003", "110002", None)], "须写明"),
        ([("220003", "220001", f"{T}0685X5"), ("220001", "220002", f"{T}0685X5")], ""),
        (
            [
                ("220003", "220001", f"{T}0685X5"),
                ("220001", "220002", f"{T}0685X5"),
                ("220002", "220000", f"{T}0685X5"),
            ],
            "没有可用的递补",
        ),
        ([("220001", "220002", f"{T}0685X5")], "不检查"),
    ],
)
def test_standins_are_a_list_per_target(
    addenda: list[tuple[str, str, str | None]], word: str
) -> None:
    records = [substitution(at, *swap, no="331000-2026Q1-02") for at, swap in enumerate(addenda, 1)]
    bad = " ".join(failed(verify_draw(with_addenda(EACH, *records))))
    assert (word in bad) if word else not bad


def test_addendum_of_another_draw_or_number_is_named() -> None:
    other = substitution(1, "110003", "110007", no="331000-2026Q1-02")
    assert "抽取编号" in failed(verify_draw(with_addenda(FIXED, other)))[0]
    second = substitution(2, "110003", "110007")
    assert "序号为 2" in failed(verify_draw(with_addenda(FIXED, second)))[0]


def test_who_is_in_after_substitutions() -> None:
    draw = worked(FIXED)
    state = Succession(parse_plan(draw.plan), parse_result(draw.result))
    assert state.people(f"{T}0822X6") == {"ENF": ("110003", "110002")}
    assert state.next_in(TARGET, f"{T}0822X6") == f"{T}0000X0"
    from app.domain.rd1 import parse_addendum

    for data in (
        substitution(1, f"{T}0822X6", f"{T}0000X0", kind=TARGET),
        substitution(2, "110002", "110007", f"{T}0137X1"),
        substitution(3, "110003", "NEW", policy=APPOINTED),
    ):
        assert state.fault(parse_addendum(data)) is None
        state.apply(parse_addendum(data))
    assert f"{T}0822X6" not in state.targets()
    assert state.people(f"{T}0137X1") == {"ENF": ("NEW", "110007")}
    assert state.people(f"{T}0000X0") == {"ENF": ("NEW", "110002")}
    assert state.team("ENF", 1) == ("NEW", "110002")


# --- series ------------------------------------------------------------------------


def closed(plan: Plan) -> dict[str, bytes]:
    data = write_plan(plan)
    digits = ["314159"] * len(plan.witnesses)
    return {"plan.txt": data, "result.txt": replay(data, "a" * 64, digits).to_bytes()}


def voided(plan: Plan) -> dict[str, bytes]:
    data = write_plan(plan)
    record = VoidRecord(
        no=plan.no,
        plan=plan_hash(data),
        commitment="c" * 64,
        reveal=None,
        reason="停电",
        approved=APPROVED,
        at=date(2026, 1, 9),
    )
    return {"plan.txt": data, "void.txt": record.to_bytes()}


def series() -> list[dict[str, bytes]]:
    """Draw, void draw, draw; then an addendum to the first, and a fourth draw."""
    base = replace(parse_plan(worked(FIXED).plan), prev=FIRST_PREV)
    number = lambda at: f"331000-2026Q{at}-0{at}"  # noqa: E731
    first = closed(replace(base, no=number(1)))
    second = voided(replace(base, no=number(2), prev=file_hash(first["result.txt"])))
    third = closed(replace(base, no=number(3), prev=file_hash(second["void.txt"])))
    late = substitution(1, "110003", "110007", no=number(1))
    late = late.replace(b"0" * 64, file_hash(third["result.txt"]).encode())
    first["addendum-01.txt"] = late
    fourth = closed(replace(base, no=number(4), prev=file_hash(late)))
    return [first, second, third, fourth]


def test_a_sound_series_in_any_order() -> None:
    draws = series()
    for order in (draws, draws[::-1], [draws[2], draws[0], draws[3], draws[1]]):
        checks = verify_series(order)
        assert failed(checks) == []
        assert file_hash(draws[3]["result.txt"]) in checks[-1].detail


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_draw_is_named(missing: int) -> None:
    draws = series()
    del draws[missing]
    bad = " ".join(failed(verify_series(draws)))
    assert f"缺少第 {missing + 1} 次抽取" in bad
    assert "接不上" in bad


def test_only_paper_shows_a_cut_tail() -> None:
    assert failed(verify_series(series()[:3])) == []


@pytest.mark.parametrize(
    ("draw", "name"),
    [(0, "result.txt"), (1, "void.txt"), (2, "result.txt"), (0, "addendum-01.txt")],
)
def test_a_changed_record_breaks_the_chain(draw: int, name: str) -> None:
    draws = series()
    draws[draw][name] = draws[draw][name].replace(b"3", b"4")
    assert failed(verify_series(draws))


@pytest.mark.parametrize(
    ("draw", "name"), [(0, "addendum-01.txt"), (1, "void.txt"), (1, "plan.txt")]
)
def test_a_removed_record_breaks_the_chain(draw: int, name: str) -> None:
    draws = series()
    del draws[draw][name]
    assert failed(verify_series(draws))


def test_two_draws_on_one_record_are_a_fork() -> None:
    draws = series()
    base = parse_plan(draws[0]["plan.txt"])
    draws.append(closed(replace(base, no="331000-2026Q1-1")))
    bad = " ".join(failed(verify_series(draws)))
    assert "同用序号 1" in bad
    assert "分叉" in bad


def test_an_addendum_before_its_draw_or_out_of_turn_is_named() -> None:
    draws = series()
    base = parse_plan(draws[0]["plan.txt"])
    first = closed(base)
    early = substitution(1, "110003", "110007", no="331000-2026Q2-02")
    early = early.replace(b"0" * 64, file_hash(first["result.txt"]).encode())
    second = closed(replace(base, no="331000-2026Q2-02", prev=file_hash(early)))
    second["addendum-01.txt"] = early
    assert "先后次序" in " ".join(failed(verify_series([first, second])))


def test_rehearsals_are_a_series_of_their_own() -> None:
    base = parse_plan(series()[0]["plan.txt"])
    rehearsal = closed(replace(base, no="T1-01", series="T1"))
    checks = verify_series([*series(), rehearsal])
    assert failed(checks) == []
    assert sum("T1" in check.detail for check in checks) == 2


def test_absurd_numbers_do_not_upset_anything() -> None:
    base = parse_plan(series()[0]["plan.txt"])
    assert failed(verify_series([closed(replace(base, no="331000-" + "9" * 5000))]))
    assert failed(verify_series([closed(replace(base, no="331000-0"))]))
    assert failed(verify_series([{}, {"plan.txt": b"\xff"}]))
    assert verify_series([]) == []
