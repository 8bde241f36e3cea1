"""The ceremony's services on a real workspace: order of steps, records, chain, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from app.db.read import draws
from app.domain import rd1
from app.errors import AppError, IntegrityError, UserError
from app.models import ClosingRecord, Draw, LedgerEntry
from app.services.draws import draw_outcome, drawing, papers, previewing, recomputing
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.drawing import (
    CommitDraw,
    FreezeDraw,
    Frozen,
    RevealDraw,
    VoidDraw,
    WithdrawDraw,
    WitnessInput,
)
from app.services.plans import planning
from app.services.safety import verifying
from app.services.workspace import Workspace
from tests.support_office import (
    DIGITS,
    OPERATOR,
    PERIOD,
    WITNESSES,
    draw_once,
    make_office,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "ws")
    yield workspace
    workspace.close()


def freeze(office: Workspace, **changes: object) -> Frozen:
    asked: dict[str, object] = {"period": PERIOD, "witnesses": WITNESSES} | changes
    return office.write(drawing.freeze, FreezeDraw(**asked))  # type: ignore[arg-type]


def committed(office: Workspace, **changes: object) -> Frozen:
    frozen = freeze(office, **changes)
    office.write(drawing.commit, CommitDraw(frozen.no))
    return frozen


def opening(no: str, digits: tuple[str, ...] = DIGITS[:2]) -> RevealDraw:
    return RevealDraw(no=no, digits=digits, host="李四", place="三楼", recorder="王五")


def voiding(no: str, digits: tuple[str, ...] = ()) -> VoidDraw:
    return VoidDraw(
        no=no, reason="承诺后停电", approved_name="李四", approved_post="大队长", digits=digits
    )


def failed(folder: Path) -> list[str]:
    return [f"{c.name}: {c.detail}" for c in verifying.verify([folder]) if not c.ok]


def stored(office: Workspace, no: str) -> dict[str, bytes]:
    def read(connection: Connection) -> dict[str, bytes]:
        row = connection.execute(
            select(Draw.plan_bytes, Draw.excluded_bytes, Draw.result_bytes, Draw.void_bytes).where(
                Draw.no == no
            )
        ).one()
        names = ("plan.txt", "excluded.txt", "result.txt", "void.txt")
        return {name: data for name, data in zip(names, row, strict=True) if data is not None}

    return office.read(read)


# --- the whole way ----------------------------------------------------------------------------


def test_a_whole_draw_verifies_from_its_folder_alone(office: Workspace) -> None:
    revealed = draw_once(office)
    assert failed(revealed.folder) == []
    assert revealed.selected == len(revealed.serials) > 0


def test_the_folders_records_are_the_databases_bytes(office: Workspace) -> None:
    revealed = draw_once(office)
    for name, data in stored(office, revealed.no).items():
        assert (revealed.folder / name).read_bytes() == data
    written = {path.name for path in revealed.folder.glob("*.txt")}
    assert written == {"plan.txt", "excluded.txt", "result.txt"}


def test_replay_reproduces_the_result_byte_for_byte(office: Workspace) -> None:
    revealed = draw_once(office)
    plan = (revealed.folder / "plan.txt").read_bytes()
    again = verifying.replay(plan, revealed.reveal, DIGITS[:2])
    assert again == (revealed.folder / "result.txt").read_bytes()
    assert rd1.file_hash(again) == revealed.result


def test_the_commitment_binds_number_plan_and_secret(office: Workspace) -> None:
    revealed = draw_once(office)
    assert revealed.commitment == rd1.commit(revealed.no, revealed.plan, revealed.reveal)


def test_every_step_leaves_its_paper(office: Workspace) -> None:
    frozen = freeze(office)
    slips = office.write(papers.write_witness_slips, papers.PrintWitnessSlips(frozen.no))
    assert slips.read_bytes().startswith(b"%PDF")
    slip = frozen.folder / "commitment.pdf"
    assert not slip.exists()
    office.write(drawing.commit, CommitDraw(frozen.no))
    assert slip.read_bytes().startswith(b"%PDF")
    assert not (frozen.folder / "minutes.pdf").exists()
    office.write(drawing.reveal, opening(frozen.no))
    assert (frozen.folder / "minutes.pdf").read_bytes().startswith(b"%PDF")
    assert (frozen.folder / "minutes-public.pdf").read_bytes().startswith(b"%PDF")


def test_two_draws_of_the_same_list_use_different_secrets(tmp_path: Path) -> None:
    seeds = set()
    for name in ("a", "b"):
        workspace = make_office(tmp_path / name)
        try:
            seeds.add(draw_once(workspace).seed)
        finally:
            workspace.close()
    assert len(seeds) == 2


@pytest.mark.parametrize(
    ("rulebook", "headcount", "fixed"),
    [
        ("nanchang-2023", None, True),
        ("taijiang-2022", None, False),
        ("yiyang-2021", None, False),
        ("neimenggu", None, False),
        ("qingdao-xihaian-2020", 18, False),
    ],
)
def test_each_rulebooks_way_of_putting_people_together(
    tmp_path: Path, rulebook: str, headcount: int | None, fixed: bool
) -> None:
    office = make_office(tmp_path / "ws", rulebook=rulebook)
    try:
        frozen = committed(office, headcount=headcount)
        revealed = office.write(drawing.reveal, opening(frozen.no))
        assert failed(revealed.folder) == []
        teams = office.read(draws.drawn_teams, frozen.no)
        lines = office.read(draws.drawn_lines, frozen.no)
        # Seven people, one whose certificate ends before the period does.
        assert len(teams) == (3 if fixed else 0)
        assert all((line.team is not None) == fixed for line in lines)
        assert all(line.lead and line.second and line.lead != line.second for line in lines)
    finally:
        office.close()


def test_fewer_teams_leave_people_on_standby(office: Workspace) -> None:
    frozen = committed(office, teams=2)
    office.write(drawing.reveal, opening(frozen.no))
    assert len(office.read(draws.drawn_teams, frozen.no)) == 2
    result = rd1.parse_result((frozen.folder / "result.txt").read_bytes())
    group = result.group(draw_outcome.OWN_GROUP)
    assert group is not None
    assert len(group.standby) == 2


@pytest.mark.parametrize("teams", [0, 4, -1])
def test_a_number_of_teams_that_cannot_be_is_refused(office: Workspace, teams: int) -> None:
    with pytest.raises(UserError, match="最多编 3 组"):
        freeze(office, teams=teams)


def test_teams_are_not_asked_for_where_every_target_gets_a_pair(tmp_path: Path) -> None:
    office = make_office(tmp_path / "ws", rulebook="taijiang-2022")
    try:
        with pytest.raises(UserError, match="随机组对"):
            freeze(office, teams=2)
    finally:
        office.close()


# --- order of steps ---------------------------------------------------------------------------


def test_a_second_freeze_is_refused_while_one_is_open(office: Workspace) -> None:
    frozen = freeze(office)
    with pytest.raises(UserError, match=frozen.no):
        freeze(office)
    office.write(drawing.commit, CommitDraw(frozen.no))
    with pytest.raises(UserError, match="继续开号，或作废"):
        freeze(office)


def test_a_rehearsal_may_be_open_beside_a_draw(office: Workspace) -> None:
    assert freeze(office).no == "360199-2026Q3-01"
    assert freeze(office, rehearsal=True).no == "T360199-2026Q3-01"


def test_withdrawing_frees_the_number_and_the_ledger_remembers(office: Workspace) -> None:
    frozen = freeze(office)
    office.write(drawing.withdraw, WithdrawDraw(frozen.no))
    assert not frozen.folder.exists()
    assert freeze(office).no == frozen.no
    actions = office.read(
        lambda c: [
            row[0]
            for row in c.exec_driver_sql(
                "SELECT action FROM ledger WHERE subject = ? ORDER BY seq", (frozen.no,)
            )
        ]
    )
    assert actions == ["draw.freeze", "draw.withdraw", "draw.freeze"]


def test_nothing_can_be_withdrawn_after_the_commitment(office: Workspace) -> None:
    frozen = committed(office)
    with pytest.raises(UserError, match="只能作废"):
        office.write(drawing.withdraw, WithdrawDraw(frozen.no))
    assert (frozen.folder / "plan.txt").exists()


def test_steps_cannot_be_taken_out_of_order(office: Workspace) -> None:
    frozen = freeze(office)
    with pytest.raises(UserError, match="等待开号"):
        office.write(drawing.reveal, opening(frozen.no))
    with pytest.raises(UserError, match="撤回封存"):
        office.write(drawing.void, voiding(frozen.no))
    office.write(drawing.commit, CommitDraw(frozen.no))
    with pytest.raises(UserError, match="名单已封存"):
        office.write(drawing.commit, CommitDraw(frozen.no))
    office.write(drawing.reveal, opening(frozen.no))
    with pytest.raises(UserError, match="等待开号"):
        office.write(drawing.reveal, opening(frozen.no))
    with pytest.raises(UserError, match="不能作废"):
        office.write(drawing.void, voiding(frozen.no))


def test_the_secret_of_an_open_draw_is_shown_to_nobody(office: Workspace) -> None:
    frozen = committed(office)
    sheet = office.read(draws.sheet, frozen.no)
    assert sheet is not None
    assert sheet.reveal == "" and sheet.seed == ""
    office.write(drawing.reveal, opening(frozen.no))
    sheet = office.read(draws.sheet, frozen.no)
    assert sheet is not None
    assert len(sheet.reveal) == len(sheet.seed) == 64


def test_a_secret_lost_in_the_database_is_found_in_the_second_place(office: Workspace) -> None:
    frozen = committed(office)

    def lose(uow, _command: None) -> None:  # type: ignore[no-untyped-def]
        draw = uow.session.scalar(select(Draw).where(Draw.no == frozen.no))
        draw.reveal = None
        uow.commit()

    office.write(lose, None)
    assert failed(office.write(drawing.reveal, opening(frozen.no)).folder) == []


def test_a_secret_that_was_changed_stops_the_draw(office: Workspace, tmp_path: Path) -> None:
    frozen = committed(office)

    def change(uow, _command: None) -> None:  # type: ignore[no-untyped-def]
        draw = uow.session.scalar(select(Draw).where(Draw.no == frozen.no))
        draw.reveal = "0" * 64
        uow.commit()

    office.write(change, None)
    from app.services.draws import sealing

    sealing.forget_second_copy(frozen.no, frozen.plan)
    with pytest.raises(IntegrityError, match="作废"):
        office.write(drawing.reveal, opening(frozen.no))
    # R is lost: the void record says so, and has no would-be result.
    voided = office.write(drawing.void, voiding(frozen.no, DIGITS[:2]))
    record = rd1.parse_void((voided.folder / "void.txt").read_bytes())
    assert record.reveal is None
    assert voided.would_be is None
    assert failed(voided.folder) == []


# --- slips opened one by one ------------------------------------------------------------------


def test_an_opened_slip_counts_as_given(office: Workspace) -> None:
    frozen = committed(office)
    slip = drawing.OpenSlip(no=frozen.no, position=1, digits=DIGITS[0])
    office.write(drawing.open_slip, slip)
    for step, other in (
        (drawing.reveal, opening(frozen.no, DIGITS[1:3])),
        (drawing.void, voiding(frozen.no, DIGITS[1:2])),
    ):
        with pytest.raises(UserError, match="与已经翻开、保存的不同"):
            office.write(step, other)  # type: ignore[arg-type]
    assert office.write(drawing.reveal, opening(frozen.no)).no == frozen.no


def test_opened_slips_stay_hidden_and_typing_one_anew_is_told(office: Workspace) -> None:
    frozen = committed(office)
    for digits in (DIGITS[0], DIGITS[1]):
        slip = drawing.OpenSlip(no=frozen.no, position=2, digits=digits)
        office.write(drawing.open_slip, slip)
    assert office.read(drawing.opened_slips, frozen.no) == {2: DIGITS[1]}
    sheet = office.read(draws.sheet, frozen.no)
    assert sheet is not None
    assert [witness.digits for witness in sheet.witnesses] == ["", ""]
    told = office.read(lambda connection: connection.execute(select(LedgerEntry.__table__)).all())
    turned = [each.detail for each in told if each.action == "draw.turn"]
    assert ["again" in each and "true" in each for each in turned] == [False, True]
    assert not any(digits in each.detail for each in told for digits in DIGITS)


@pytest.mark.parametrize(("position", "digits"), [(3, DIGITS[0]), (1, "123456"), (1, "1234")])
def test_a_slip_of_nobody_or_with_weak_digits_is_refused(
    office: Workspace, position: int, digits: str
) -> None:
    frozen = committed(office)
    with pytest.raises(UserError):
        office.write(
            drawing.open_slip, drawing.OpenSlip(no=frozen.no, position=position, digits=digits)
        )
    assert office.read(drawing.opened_slips, frozen.no) == {}


# --- void -------------------------------------------------------------------------------------


def test_a_void_draw_keeps_its_number_and_the_would_be_hash(office: Workspace) -> None:
    frozen = committed(office)
    voided = office.write(drawing.void, voiding(frozen.no, DIGITS[:2]))
    assert failed(voided.folder) == []
    plan = (voided.folder / "plan.txt").read_bytes()
    record = rd1.parse_void((voided.folder / "void.txt").read_bytes())
    assert record.reveal is not None
    would_be = rd1.replay(plan, record.reveal, DIGITS[:2])
    assert voided.would_be == record.result == rd1.file_hash(would_be.to_bytes())
    assert not (voided.folder / "result.txt").exists()
    assert (voided.folder / "void.pdf").read_bytes().startswith(b"%PDF")
    assert freeze(office).no == "360199-2026Q3-02"


def test_void_before_all_slips_were_opened_has_no_result(office: Workspace) -> None:
    frozen = committed(office)
    voided = office.write(drawing.void, voiding(frozen.no, DIGITS[:1]))
    record = rd1.parse_void((voided.folder / "void.txt").read_bytes())
    assert [slip.digits for slip in record.slips] == [DIGITS[0]]
    assert voided.would_be is None and record.result is None
    assert failed(voided.folder) == []


@pytest.mark.parametrize("field", ["reason", "approved_name", "approved_post"])
def test_a_void_record_without_a_reason_or_approval_is_refused(
    office: Workspace, field: str
) -> None:
    frozen = committed(office)
    blank = {
        "reason": "停电",
        "approved_name": "李四",
        "approved_post": "大队长",
        "no": frozen.no,
        field: "",
    }
    with pytest.raises(AppError):
        office.write(drawing.void, VoidDraw(**blank))
    (brief,) = office.read(draws.open_draws)
    assert brief.state == "committed"


def test_a_void_draws_reason_stands_in_the_list(office: Workspace) -> None:
    frozen = committed(office)
    office.write(drawing.void, voiding(frozen.no))
    (brief,) = office.read(draws.all_draws)
    assert (brief.state, brief.void_reason, brief.selected) == ("void", "承诺后停电", 0)


# --- digits and witnesses ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        (("888888", DIGITS[1]), "周敏.*重复"),
        ((DIGITS[0], "123456"), "郑涛.*顺序"),
        ((DIGITS[0], "20260702"), "郑涛.*日期"),
        ((DIGITS[0], DIGITS[0]), "郑涛.*用过"),
    ],
)
def test_weak_digits_are_refused_and_the_witness_is_named(
    office: Workspace, digits: tuple[str, ...], words: str
) -> None:
    frozen = committed(office)
    with pytest.raises(UserError, match=words):
        office.write(drawing.reveal, opening(frozen.no, digits))
    (brief,) = office.read(draws.open_draws)
    assert brief.state == "committed"


@pytest.mark.parametrize(
    "digits", [("35162441",), (*DIGITS,), ("35162441", "１２６５４１３６"), ("35162441", "12654")]
)
def test_too_few_too_many_or_unreadable_digits_are_refused(
    office: Workspace, digits: tuple[str, ...]
) -> None:
    frozen = committed(office)
    with pytest.raises(UserError):
        office.write(drawing.reveal, opening(frozen.no, digits))


def test_digits_used_before_in_the_series_are_refused(office: Workspace) -> None:
    draw_once(office, period="2026Q2")
    frozen = committed(office)
    assert office.read(drawing.used_digits, frozen.no) == frozenset(DIGITS[:2])
    with pytest.raises(UserError, match="已经用过"):
        office.write(drawing.reveal, opening(frozen.no))


def test_a_rehearsals_digits_may_be_used_in_earnest(office: Workspace) -> None:
    draw_once(office, rehearsal=True)
    assert draw_once(office).selected > 0


@pytest.mark.parametrize(
    ("witnesses", "words"),
    [
        (WITNESSES[:1], "2 至 9 名"),
        (tuple(WitnessInput(f"某{n}", "县人大", "") for n in range(10)), "2 至 9 名"),
        ((WITNESSES[0], WITNESSES[0]), "同一人"),
        ((WITNESSES[0], WitnessInput(OPERATOR, "本单位", "")), "操作人"),
        ((WITNESSES[0], WitnessInput("张三", " ", "")), "姓名或单位"),
    ],
)
def test_the_rules_about_witnesses(
    office: Workspace, witnesses: tuple[WitnessInput, ...], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        freeze(office, witnesses=witnesses)


def test_an_inspector_who_witnesses_is_not_drawn_and_the_plan_says_why(office: Workspace) -> None:
    name = office.read(
        planning.compute, planning.MakePlan(period=PERIOD, on=planning.today(office))
    ).people[0]
    assert name.eligible
    frozen = freeze(office, witnesses=(WITNESSES[0], WitnessInput(name.name, "本单位", "科员")))
    person = next(p for p in frozen.facts.plan.people if p.personal_no == name.personal_no)
    assert not person.eligible and "见证" in person.words
    plan = rd1.parse_plan((frozen.folder / "plan.txt").read_bytes())
    row = next(row for row in plan.inspectors if row.id == name.personal_no)
    assert not row.eligible and row.why == "witness"


def test_witnesses_stand_in_the_plan_by_body_and_order_never_by_name(office: Workspace) -> None:
    frozen = freeze(office)
    data = (frozen.folder / "plan.txt").read_text(encoding="utf-8")
    assert f"wit|1|{WITNESSES[0].organ}" in data and f"wit|2|{WITNESSES[1].organ}" in data
    assert all(witness.name not in data for witness in WITNESSES)


def test_the_role_of_a_witness_is_kept_with_the_draw(office: Workspace) -> None:
    roles = (
        WitnessInput("周敏", "县纪委", "副组长", "纪检监察"),
        WitnessInput("郑涛", "县司法局", "", "法制"),
    )
    frozen = freeze(office, witnesses=roles)
    sheet = office.read(draws.sheet, frozen.no)
    assert sheet is not None
    assert unpack_facts(sheet.facts).roles == ("纪检监察", "法制")


# --- the series -------------------------------------------------------------------------------


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Workspace]:
    """Enough targets for every quarter of the year."""
    workspace = make_office(tmp_path / "large", targets={"A": 24, "B": 24, "C": 24})
    yield workspace
    workspace.close()


def test_three_draws_and_a_void_one_make_a_chain(large: Workspace) -> None:
    office = large
    draw_once(office, period="2026Q1", digits=("39274610", "58203917"))
    draw_once(office, period="2026Q3", digits=("60713928", "14927305"), rehearsal=True)
    frozen = committed(office, period="2026Q2")
    office.write(drawing.void, voiding(frozen.no, ("82640193", "71930246")))
    draw_once(office, period="2026Q2", digits=("27364910", "91830462"))
    draw_once(office, period="2026Q3")
    folder = office.folder.draws
    assert failed(folder) == []

    def chain(connection: Connection) -> list[tuple[str, str]]:
        rows = connection.execute(
            select(Draw.prev, ClosingRecord.hash)
            .join(Draw, Draw.id == ClosingRecord.draw_id)
            .where(ClosingRecord.series == "360199")
            .order_by(ClosingRecord.position)
        )
        return [(row[0], row[1]) for row in rows]

    links = office.read(chain)
    assert [prev for prev, _ in links] == [rd1.FIRST_PREV, *(own for _, own in links[:-1])]


def test_taking_a_draw_out_of_the_series_folder_is_noticed(large: Workspace) -> None:
    office = large
    draw_once(office, period="2026Q1", digits=("39274610", "58203917"))
    middle = draw_once(office, period="2026Q2", digits=("27364910", "91830462"))
    draw_once(office)
    for path in middle.folder.iterdir():
        path.unlink()
    middle.folder.rmdir()
    assert any("抽取编号" in words or "记录链" in words for words in failed(office.folder.draws))


def test_changing_one_digit_of_a_result_is_noticed(office: Workspace) -> None:
    revealed = draw_once(office)
    path = revealed.folder / "result.txt"
    data = path.read_bytes()
    at = data.rindex(b"|") + 1
    path.write_bytes(data[: at - 2] + bytes([data[at - 2] ^ 1]) + data[at - 1 :])
    assert failed(revealed.folder)


def test_rehearsals_neither_count_nor_join_the_chain(office: Workspace) -> None:
    draw_once(office, rehearsal=True)
    frozen = freeze(office)
    plan = rd1.parse_plan((frozen.folder / "plan.txt").read_bytes())
    assert (plan.no, plan.prev) == ("360199-2026Q3-01", rd1.FIRST_PREV)


# --- looking before and after -------------------------------------------------------------------


def test_a_preview_says_what_freezing_will_say(office: Workspace) -> None:
    command = planning.MakePlan(period=PERIOD, on=planning.today(office))
    found = office.read(previewing.preview, command)
    frozen = freeze(office)
    assert found.plan.lines == frozen.facts.plan.lines
    assert (found.needs, found.supply) == (frozen.needs, frozen.supply)
    assert found.difference is None and frozen.difference is None
    assert found.impossible == ""


def test_a_preview_compares_with_the_last_draw(office: Workspace) -> None:
    draw_once(office, period="2026Q2")
    found = office.read(
        previewing.preview, planning.MakePlan(period=PERIOD, on=planning.today(office))
    )
    assert found.difference is not None
    # One certificate ends within the third quarter, not before the second does.
    assert found.difference.inspectors == (rd1.Change("R07", "eligible", "1", "0"),)


def test_a_preview_of_too_few_people_says_so(tmp_path: Path) -> None:
    office = make_office(tmp_path / "ws", people=1)
    try:
        found = office.read(
            previewing.preview, planning.MakePlan(period=PERIOD, on=planning.today(office))
        )
        assert "不足 2 人" in found.impossible
    finally:
        office.close()


def test_an_interrupted_draw_is_read_back_as_it_was_frozen(office: Workspace) -> None:
    draw_once(office, period="2026Q2", digits=("39274610", "58203917"))
    frozen = freeze(office)
    assert office.read(previewing.frozen, office.folder, frozen.no) == frozen


# --- recomputation elsewhere --------------------------------------------------------------------


def test_who_recomputed_is_written_down_and_the_minutes_are_printed_again(
    office: Workspace,
) -> None:
    revealed = draw_once(office)
    before = (revealed.folder / "minutes.pdf").read_bytes()
    assert office.read(recomputing.recompute, revealed.no).agrees
    seen = f"{revealed.result[:4].upper()} {revealed.result[4:8]}"
    office.write(
        recomputing.confirm, recomputing.ConfirmCheck(no=revealed.no, by="周敏", seen=seen)
    )
    (brief,) = office.read(draws.all_draws)
    assert brief.checked is not None
    assert brief.checked.by == "周敏"
    assert (revealed.folder / "minutes.pdf").read_bytes() != before
    assert failed(revealed.folder) == []


@pytest.mark.parametrize(
    ("by", "seen", "words"),
    [
        ("", "", "复算人"),
        ("周敏", "1234", "前 8 位"),
        ("周敏", "zzzzzzzz", "不同"),
        (OPERATOR, "zzzzzzzz", "是本次抽取的操作人"),
        ("郑涛", "zzzzzzzz", "不是纪检见证人"),  # 县司法局
        ("路人甲", "zzzzzzzz", "不在执法人员名录里"),
    ],
)
def test_a_recomputation_that_does_not_fit_is_refused(
    office: Workspace, by: str, seen: str, words: str
) -> None:
    revealed = draw_once(office)
    command = recomputing.ConfirmCheck(no=revealed.no, by=by, seen=seen)
    with pytest.raises(UserError, match=words):
        office.write(recomputing.confirm, command)
    (brief,) = office.read(draws.all_draws)
    assert brief.checked is None


def test_an_open_draw_cannot_be_recomputed(office: Workspace) -> None:
    frozen = committed(office)
    with pytest.raises(UserError, match="还没有结果"):
        office.read(recomputing.recompute, frozen.no)


def minutes_of(office: Workspace, no: str) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument((office.folder.draws / no / "minutes.pdf").read_bytes())
    return "".join(page.get_textpage().get_text_range() for page in document)


def test_a_draw_made_here_against_the_platform_says_why(office: Workspace) -> None:
    frozen = office.write(
        drawing.freeze,
        FreezeDraw(period=PERIOD, witnesses=WITNESSES, basis="先抽后录：青环函〔2026〕9号。"),
    )
    assert frozen.facts.draw_basis == "先抽后录：青环函〔2026〕9号"


def test_a_missing_basis_stands_on_the_minutes(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w", basis=False)
    try:
        revealed = draw_once(office)
        assert "依据，封存时没有登记" in minutes_of(office, revealed.no).replace("\r\n", "")
    finally:
        office.close()


def test_facts_of_an_older_draw_are_still_read() -> None:
    """What lies in a draw's row stays readable: a new field of the facts needs a default."""
    stored = {
        "unit": "某大队",
        "rulebook_title": "细则",
        "rulebook_id": "nanchang-2023",
        "rulebook_version": "1",
        "document_title": "",
        "document_no": "",
        "draw_basis": "",
        "teams": 3,
        "pair_each": False,
        "plan": {
            "period": "2026Q1",
            "period_words": "2026年第一季度",
            "headcount": None,
            "headcount_words": "",
            "binding": True,
            "lines": [
                {
                    "category": "A",
                    "short": "A",
                    "label": "A类企业",
                    "base": 5,
                    "covered": 0,
                    "uncovered": 5,
                    "excluded": [["停产停工", 1]],
                    "pool": 4,
                    "ratio": "每季度25%",
                    "arithmetic": ["5 × 25% = 1.25，进位得 2"],
                    "article": "第十四条",
                    "quota": 2,
                    "shortfall": 0,
                    "strata": [{"stratum": "A", "ids": ["X1"], "n": 2}],
                }
            ],
            "excluded": [
                {"ident": "X2", "name": "乙", "category": "A", "code": "suspended", "words": "停产"}
            ],
            "people": [
                {
                    "personal_no": "R1",
                    "name": "甲",
                    "eligible": True,
                    "may_lead": True,
                    "specialities": ["water"],
                    "code": "",
                    "words": "",
                }
            ],
        },
    }
    facts = unpack_facts(stored)
    assert facts.plan.total == 2 and facts.plan.lines[0].strata[0].ids == ("X1",)


def test_a_witness_from_a_target_of_the_pool_is_refused(office: Workspace) -> None:
    name = office.read(lambda c: c.exec_driver_sql("SELECT name FROM target LIMIT 1").scalar())
    guest = replace(WITNESSES[1], organ=f" {name} ")
    with pytest.raises(UserError, match="来自参加本次抽取的检查对象"):
        office.write(drawing.freeze, FreezeDraw(period=PERIOD, witnesses=(WITNESSES[0], guest)))
