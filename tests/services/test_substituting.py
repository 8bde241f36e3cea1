from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import assignments, courses, draws, pool, results, substitutions
from app.db.read.query import ListQuery
from app.db.read.substitutions import OpenTask
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.course import TaskState
from app.domain.inspection import Conclusion, ItemOutcome, ResultState
from app.domain.rd1 import Substituted as Kind
from app.domain.rule_facts import DrawOutcome
from app.errors import UserError
from app.models import Assignment, Draw, Inspector, Recusal, Result, Target
from app.services.draws import drawing
from app.services.replacing import redrawing, substituting, substitution_offer
from app.services.replacing.substituting import Substitute
from app.services.replacing.substitution_offer import SubstitutionQuery
from app.services.safety import verifying
from app.services.tasks import inspecting
from app.services.workspace import Workspace
from tests.documents.reading import text
from tests.support_office import PERIOD, WITNESSES, draw_once, make_office

TODAY = date(2026, 7, 2)
TARGETS = {"A": 30, "B": 8, "C": 8}


@pytest.fixture
def nanchang(tmp_path: Path) -> Iterator[Workspace]:
    """Fixed teams: three of eight people, two stand by."""
    office = make_office(tmp_path / "office", targets=TARGETS, people=9)
    yield office
    office.close()


def of_rulebook(tmp_path: Path, rulebook: str) -> Workspace:
    level = "county" if rulebook == "neimenggu" else ""
    return make_office(tmp_path / rulebook, rulebook=rulebook, people=9, level=level)


def drawn(office: Workspace, teams: int | None = None) -> str:
    frozen = office.write(
        drawing.freeze,
        drawing.FreezeDraw(
            period=PERIOD, witnesses=WITNESSES, teams=teams, headcount=_headcount(office)
        ),
    )
    office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
    office.write(
        drawing.reveal,
        drawing.RevealDraw(
            no=frozen.no,
            digits=("35162441", "62413553"),
            host="李四",
            place="三楼会议室",
            recorder="王五",
        ),
    )
    return frozen.no


def _headcount(office: Workspace) -> int | None:
    return 1 if office.rulebook.id.startswith("qingdao") else None


def tasks(office: Workspace, no: str) -> tuple[OpenTask, ...]:
    draw = office.read(substitutions.draw, no)
    assert draw is not None
    return office.read(substitutions.tasks, draw.id)


def change(office: Workspace, row: type, key: str, ident: str, **values: object) -> None:
    def write(uow: UnitOfWork, _: None) -> None:
        found = uow.session.query(row).filter(getattr(row, key) == ident).one()
        for name, value in values.items():
            setattr(found, name, value)
        uow.commit()

    office.write(write, None)


def target_out(no: str, out: str, **values: object) -> Substitute:
    command = Substitute(
        draw_no=no,
        kind=Kind.TARGET,
        out=out,
        reason_code="r1",
        reason_text="现场已拆除",
        approved_name="郑某",
        approved_post="分管副大队长",
        on=TODAY,
    )
    return replace(command, **values)  # type: ignore[arg-type]


def person_out(no: str, out: str, **values: object) -> Substitute:
    return replace(
        target_out(no, out),
        kind=Kind.INSPECTOR,
        reason_text="",
        **values,  # type: ignore[arg-type]
    )


def test_the_form_carries_the_platforms_numbers(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    out = tasks(nanchang, no)[0]
    change(nanchang, Draw, "no", no, plan_no="JH-77")
    change(nanchang, Assignment, "serial", out.serial, task_no="RW-0001")
    made = nanchang.write(substituting.substitute, target_out(no, out.target))
    said = text((made.folder / "addendum-01.pdf").read_bytes())
    assert "JH-77（平台）" in said
    assert f"{out.serial}（换为" in said and "（平台任务编号RW-0001）" in said


def offer(office: Workspace, command: Substitute) -> substitution_offer.SubstitutionOffer:
    return office.read(
        substitution_offer.preview,
        SubstitutionQuery(
            draw_no=command.draw_no,
            kind=command.kind,
            out=command.out,
            for_target=command.for_target,
            on=command.on,
        ),
    )


def bad(office: Workspace, *paths: Path) -> list[str]:
    found = verifying.verify(list(paths) or [office.folder.draws])
    return [check.detail for check in found if not check.ok]


# --- targets ----------------------------------------------------------------------------------


def test_the_next_alternate_takes_the_place_and_the_original_stays(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    out = tasks(nanchang, no)[0]
    expected = offer(nanchang, target_out(no, out.target)).coming
    made = nanchang.write(substituting.substitute, target_out(no, out.target))
    result = rd1.parse_result((made.folder / "result.txt").read_bytes())
    assert expected is not None and made.coming == expected
    assert made.coming.id == result.stratum("A").alternates[0].target
    assert made.serials == (out.serial, "A-补01")
    assert bad(nanchang) == []
    now = tasks(nanchang, no)
    assert out.target not in {task.target for task in now}
    new = next(task for task in now if task.serial == "A-补01")
    group = result.group("ENF")
    assert group is not None
    team = next(work.team for work in group.assignments if work.target == new.target)
    assert new.team_no == team
    shown = {line.serial: line.replaced_by for line in nanchang.read(draws.drawn_lines, no)}
    assert shown[out.serial] == "A-补01" and shown["A-补01"] == ""


def test_a_struck_target_goes_back_to_the_pool_and_out_of_the_lists(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    before = nanchang.read(assignments.draws)[0].tasks
    out = tasks(nanchang, no)[0]
    nanchang.write(substituting.substitute, target_out(no, out.target))
    records = {row.id: row for row in nanchang.read(pool.targets)}
    assert [one.outcome for one in records[out.target].drawn] == [DrawOutcome.LAPSED]
    assert nanchang.read(assignments.draws)[0].tasks == before
    ids = nanchang.read(assignments.ids, ListQuery())
    assert out.id not in ids and len(ids) == before
    with pytest.raises(UserError, match="已更换"):
        nanchang.write(
            inspecting.start, inspecting.StartResult(assignment_id=out.id, inspected_on=TODAY)
        )


def test_who_cannot_come_is_brought_in_and_struck_with_the_reason(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    out = tasks(nanchang, no)[0]
    first, second = [place.party.id for place in offer(nanchang, target_out(no, out.target)).line][
        :2
    ]
    change(nanchang, Target, "ident", first, state="closed")
    found = offer(nanchang, target_out(no, out.target))
    assert found.line[0].strikes and found.line[0].note == "已关闭停业"
    assert found.coming is not None and found.coming.id == second
    made = nanchang.write(substituting.substitute, target_out(no, out.target))
    assert [one.number for one in made.addenda] == [1, 2]
    records = [
        rd1.parse_addendum((made.folder / f"addendum-0{n}.txt").read_bytes()) for n in (1, 2)
    ]
    assert [(r.out_id, r.in_id) for r in records] == [(out.target, first), (first, second)]
    assert (records[1].reason_code, records[1].reason) == ("closed", "已关闭停业")
    assert records[1].prev == records[0].record_hash
    assert bad(nanchang) == []


def test_a_locked_or_submitted_result_stays(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    for task, state in zip(
        tasks(nanchang, no), (ResultState.LOCKED, ResultState.SUBMITTED), strict=False
    ):
        nanchang.write(_with_result, (task.id, state, date(2026, 7, 2)))
        with pytest.raises(UserError, match="不能再更换"):
            nanchang.write(substituting.substitute, target_out(no, task.target))


def test_a_draft_of_a_substituted_target_is_voided(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    task = tasks(nanchang, no)[0]
    nanchang.write(_with_result, (task.id, ResultState.DRAFT, TODAY))
    nanchang.write(substituting.substitute, target_out(no, task.target))

    def states(uow: UnitOfWork, _: None) -> list[ResultState]:
        return [row.state for row in uow.session.query(Result).all()]

    assert nanchang.write(states, None) == [ResultState.VOIDED]


@pytest.mark.parametrize("conclusion", [Conclusion.CLOSED, Conclusion.REFUSED])
def test_a_target_locked_as_closed_leads_to_its_alternate_without_a_correction(
    nanchang: Workspace, conclusion: Conclusion
) -> None:
    no = drawn(nanchang, 3)
    task = tasks(nanchang, no)[0]
    entry = nanchang.read(results.form, task.id).entry
    entry = replace(
        entry,
        inspected_on=TODAY,
        arrived="09:40",
        left="09:55",
        methods=("现场检查",),
        items=tuple(replace(item, outcome=ItemOutcome.NOT_APPLICABLE) for item in entry.items),
        conclusion=conclusion,
        finding="厂房已拆除",
        entered_by="钱某",
    )
    command = inspecting.SubmitResult(assignment_id=task.id, entry=entry)
    done = nanchang.write(inspecting.submit, command)
    with pytest.raises(UserError, match="已提交复核"):
        nanchang.write(substituting.substitute, target_out(no, task.target))
    nanchang.write(
        inspecting.lock, inspecting.LockResult(result_id=done.result_id, reviewed_by="郑某")
    )
    if conclusion is Conclusion.REFUSED:
        with pytest.raises(UserError, match="已锁定"):
            nanchang.write(substituting.substitute, target_out(no, task.target))
        return
    made = nanchang.write(substituting.substitute, target_out(no, task.target))
    now = {each.target for each in tasks(nanchang, no)}
    assert task.target not in now and made.coming.id in now

    def states(uow: UnitOfWork, _: None) -> list[ResultState]:
        return [row.state for row in uow.session.query(Result).all()]

    assert nanchang.write(states, None) == [ResultState.LOCKED]
    assert nanchang.read(courses.state_of, task.id) is TaskState.SUBSTITUTED
    assert all(check.ok for check in verifying.verify([nanchang.folder.draws]))
    (brief,) = nanchang.read(draws.all_draws)
    # The alternate is what is owed now; the empty visit is not counted beside it.
    assert (brief.selected, brief.done) == (len(now), 0)


def _with_result(uow: UnitOfWork, what: tuple[int, ResultState, date | None]) -> None:
    task, state, day = what
    uow.session.add(Result(assignment_id=task, version=1, state=state, inspected_on=day))
    uow.commit()


def test_a_used_up_list_says_what_would_help(tmp_path: Path) -> None:
    office = make_office(tmp_path / "o", targets={"A": 2, "B": 2, "C": 2}, people=9)
    try:
        no = drawn(office, 3)
        task = tasks(office, no)[0]
        command = target_out(no, task.target)
        for place in offer(office, command).line:
            change(office, Target, "ident", place.party.id, state="moved")
        assert offer(office, command).coming is None
        with pytest.raises(UserError, match=r"没有可用的递补对象（.*注销迁出.*下次抽取时补足"):
            office.write(substituting.substitute, command)
        assert not list((office.folder.draws / no).glob("addendum*"))
    finally:
        office.close()


# --- people -----------------------------------------------------------------------------------


def test_standby_joins_a_fixed_team_for_good(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    old = tasks(nanchang, no)[0]
    theirs = [task.serial for task in tasks(nanchang, no) if old.lead in task.people]
    made = nanchang.write(substituting.substitute, person_out(no, old.lead))
    result = rd1.parse_result((made.folder / "result.txt").read_bytes())
    group = result.group("ENF")
    assert group is not None and made.coming.id == group.standby[0]
    assert list(made.serials) == theirs
    after = {task.serial: task.people for task in tasks(nanchang, no)}
    assert all(made.coming.id in after[serial] for serial in theirs)
    assert not any(old.lead in people for people in after.values())
    assert bad(nanchang) == []


def test_twice_for_the_same_team_goes_down_the_list_until_nobody_is_left(
    nanchang: Workspace,
) -> None:
    no = drawn(nanchang, 3)
    person = tasks(nanchang, no)[0].lead
    came = []
    for _ in range(2):
        made = nanchang.write(substituting.substitute, person_out(no, person))
        person = made.coming.id
        came.append(person)
    assert len(set(came)) == 2
    with pytest.raises(UserError, match=r"没有可用的替补人员（.*补充记录.*销假"):
        nanchang.write(substituting.substitute, person_out(no, person))
    assert bad(nanchang) == []


def test_an_alternate_gets_the_team_as_it_is_now(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    rows = tasks(nanchang, no)
    draw = nanchang.read(substitutions.draw, no)
    assert draw is not None
    result = rd1.parse_result(draw.result)
    group = result.group("ENF")
    assert group is not None
    coming = result.stratum("A").alternates[0].target
    number = next(work.team for work in group.assignments if work.target == coming)
    lead = next(team.lead for team in group.teams if team.number == number)
    assert any(lead in row.people for row in rows)
    replaced = nanchang.write(substituting.substitute, person_out(no, lead))
    out = next(row.target for row in rows if row.serial.startswith("A-"))
    nanchang.write(substituting.substitute, target_out(no, out))
    new = next(task for task in tasks(nanchang, no) if task.target == coming)
    assert replaced.coming.id in new.people and lead not in new.people


def test_leave_and_later_recusals_pass_people_over(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    task = tasks(nanchang, no)[0]
    command = person_out(no, task.lead)
    first, second = (place.party for place in offer(nanchang, command).line)
    change(nanchang, Inspector, "personal_no", first.id, leave_from=TODAY)

    def recuse(uow: UnitOfWork, _: None) -> None:
        person = uow.session.query(Inspector).filter_by(personal_no=second.id).one()
        target = uow.session.query(Target).filter_by(ident=task.target).one()
        uow.session.add(
            Recusal(
                inspector_id=person.id, target_id=target.id, code="kin", declared_on=TODAY, note=""
            )
        )
        uow.commit()

    nanchang.write(recuse, None)
    notes = [place.note for place in offer(nanchang, command).line]
    assert "请假" in notes[0] and "回避" in notes[1]
    with pytest.raises(UserError, match="没有可用的替补人员"):
        nanchang.write(substituting.substitute, command)


def test_an_inspected_task_keeps_who_inspected(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    old = next(
        task
        for task in tasks(nanchang, no)
        if sum(task.lead in other.people for other in tasks(nanchang, no)) > 1
    )
    nanchang.write(_with_result, (old.id, ResultState.DRAFT, TODAY))
    made = nanchang.write(substituting.substitute, person_out(no, old.lead))
    after = {task.serial: task.people for task in tasks(nanchang, no)}
    assert old.lead in after[old.serial] and old.serial not in made.serials


# --- what is refused --------------------------------------------------------------------------


def test_nothing_while_another_draw_is_open(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    frozen = nanchang.write(
        drawing.freeze, drawing.FreezeDraw(period="2026Q4", witnesses=WITNESSES)
    )
    command = target_out(no, tasks(nanchang, no)[0].target)
    with pytest.raises(UserError, match=rf"{frozen.no} 还没有结束.*撤回封存"):
        nanchang.write(substituting.substitute, command)
    nanchang.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
    with pytest.raises(UserError, match="继续开号，或作废"):
        nanchang.write(substituting.substitute, command)
    nanchang.write(
        drawing.void,
        drawing.VoidDraw(
            no=frozen.no, reason="停电", approved_name="郑某", approved_post="副大队长"
        ),
    )
    nanchang.write(substituting.substitute, command)
    assert bad(nanchang) == []
    with pytest.raises(UserError, match="已作废"):
        nanchang.write(substituting.substitute, replace(command, draw_no=frozen.no))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reason_code": "r9"}, "可选：r1（检查对象已不存在）"),
        ({"approved_name": " "}, "批准"),
        ({"on": date(2026, 7, 3)}, "日期"),
        ({"on": date(2026, 7, 1)}, "日期"),
        ({"out": "NOBODY"}, "不在抽取"),
        ({"draw_no": "360199-2026Q3-77"}, "没有编号"),
    ],
)
def test_wrong_input_writes_nothing(
    nanchang: Workspace, values: dict[str, object], words: str
) -> None:
    no = drawn(nanchang, 3)
    out = tasks(nanchang, no)[0].target
    with pytest.raises(UserError, match=words):
        nanchang.write(substituting.substitute, replace(target_out(no, out), **values))  # type: ignore[arg-type]
    assert nanchang.read(substitutions.of_draw, no) == ()


def test_who_is_not_next_in_order_does_not_come_in(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    command = target_out(no, tasks(nanchang, no)[0].target)
    second = offer(nanchang, command).line[1].party.id
    with pytest.raises(UserError, match="按次序应由"):
        nanchang.write(substituting.substitute, replace(command, in_id=second))
    assert nanchang.read(substitutions.of_draw, no) == ()


def test_verify_names_a_wrong_order(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    out = tasks(nanchang, no)[0].target
    second = offer(nanchang, target_out(no, out)).line[1].party.id
    made = nanchang.write(substituting.substitute, target_out(no, out))
    path = made.folder / "addendum-01.txt"
    honest = path.read_bytes()
    path.write_bytes(honest.replace(made.coming.id.encode(), second.encode()))
    assert any(f"按次序应由 {made.coming.id} 递补" in words for words in bad(nanchang))
    path.write_bytes(honest)
    assert bad(nanchang) == []


def test_substitutions_and_draws_make_one_chain(nanchang: Workspace) -> None:
    first = drawn(nanchang, 3)
    nanchang.write(substituting.substitute, target_out(first, tasks(nanchang, first)[0].target))
    other = next(task for task in tasks(nanchang, first) if task.category == "C")
    second = draw_once(nanchang, period="2026Q4", digits=("39274610", "58203917"))
    nanchang.write(substituting.substitute, target_out(first, other.target))
    plan = rd1.parse_plan((second.folder / "plan.txt").read_bytes())
    one, two = (
        rd1.parse_addendum((nanchang.folder.draws / first / name).read_bytes())
        for name in ("addendum-01.txt", "addendum-02.txt")
    )
    assert (plan.prev, two.prev) == (one.record_hash, second.result)
    assert bad(nanchang) == []


# --- each rulebook ----------------------------------------------------------------------------


@pytest.mark.parametrize("rulebook", ["taijiang-2022", "neimenggu"])
def test_stand_ins_of_the_pair_come_in_order(tmp_path: Path, rulebook: str) -> None:
    office = of_rulebook(tmp_path, rulebook)
    try:
        no = drawn(office)
        task = tasks(office, no)[0]
        with pytest.raises(UserError, match=f"逐家办理.*{task.target}"):
            office.write(substituting.substitute, person_out(no, task.second))
        command = person_out(no, task.second, for_target=task.target)
        made = office.write(substituting.substitute, command)
        result = rd1.parse_result((made.folder / "result.txt").read_bytes())
        group = result.group("ENF")
        assert group is not None
        pair = next(pair for pair in group.pairs if pair.target == task.target)
        assert made.coming.id == pair.standins[0]
        assert tasks(office, no)[0].people == (task.lead, pair.standins[0])
        assert bad(office) == []
    finally:
        office.close()


def test_qingdao_appoints_people_and_asks_about_targets(tmp_path: Path) -> None:
    office = of_rulebook(tmp_path, "qingdao-xihaian-2020")
    try:
        no = drawn(office)
        task = tasks(office, no)[0]
        with pytest.raises(UserError, match="请示上级"):
            office.write(substituting.substitute, target_out(no, task.target))
        command = person_out(no, task.lead, for_target=task.target)
        found = offer(office, command)
        assert found.approval[-1].by == "本部门分管负责人"
        assert len(found.reasons) == 5 and not found.line
        assert {choice.id for choice in found.choices}.isdisjoint({*task.people, "R09"})
        with pytest.raises(UserError, match="请选定"):
            office.write(substituting.substitute, command)
        with pytest.raises(UserError, match="R09 不能接替"):
            office.write(substituting.substitute, replace(command, in_id="R09"))
        with pytest.raises(UserError, match="还没有说明"):
            office.write(
                substituting.substitute,
                replace(command, in_id=found.choices[0].id, reason_code="其他（说明）"),
            )
        made = office.write(
            substituting.substitute,
            replace(command, in_id=found.choices[-1].id, reason_code="健康状况"),
        )
        assert made.coming == found.choices[-1]
        assert tasks(office, no)[0].lead == found.choices[-1].id
        assert bad(office) == []
    finally:
        office.close()


def test_yiyang_draws_a_person_anew_and_a_target_by_order(tmp_path: Path) -> None:
    office = of_rulebook(tmp_path, "yiyang-2021")
    try:
        no = drawn(office)
        task = next(task for task in tasks(office, no) if task.category == "KEY")
        command = person_out(no, task.lead, for_target=task.target)
        with pytest.raises(UserError, match="重新随机抽取"):
            office.write(substituting.substitute, command)
        made = office.write(substituting.substitute, target_out(no, task.target))
        assert made.serials[1] == "重点-补01"
        assert bad(office) == []
        form = (made.folder / "addendum-01.pdf").read_bytes()
        assert "未作规定，由本单位决定" in text(form)
    finally:
        office.close()


# --- redraws ----------------------------------------------------------------------------------


def redraw_of(no: str, task: OpenTask, out: str) -> redrawing.Redraw:
    return redrawing.Redraw(
        draw_no=no,
        out=out,
        for_targets=(task.target,),
        reason_code="r1",
        reason_text="近亲属在该企业任职",
        approved_name="郑某",
        approved_post="副大队长",
        witnesses=WITNESSES,
        host="李四",
        recorder="王五",
        place="三楼会议室",
    )


def revealed(office: Workspace, no: str, digits: tuple[str, str]) -> drawing.Revealed:
    office.write(drawing.commit, drawing.CommitDraw(no=no))
    return office.write(
        drawing.reveal,
        drawing.RevealDraw(no=no, digits=digits, host="李四", place="会议室", recorder="王五"),
    )


@pytest.fixture
def yiyang(tmp_path: Path) -> Iterator[Workspace]:
    office = of_rulebook(tmp_path, "yiyang-2021")
    yield office
    office.close()


def test_a_redraw_keeps_the_partner_and_never_draws_who_left(yiyang: Workspace) -> None:
    no = drawn(yiyang)
    task = tasks(yiyang, no)[0]
    first = yiyang.write(redrawing.redraw, redraw_of(no, task, task.lead))
    outcome = revealed(yiyang, first.no, ("39274610", "58203917"))
    plan = rd1.parse_plan((outcome.folder / "plan.txt").read_bytes())
    draw = yiyang.read(substitutions.draw, no)
    assert draw is not None
    assert [(row.id, row.source) for row in plan.given] == [(task.target, draw.result_hash)]
    assert {(row.inspector, row.code) for row in plan.recusals} == {
        (task.second, "partner"),
        (task.lead, "replaced"),
    }
    now = tasks(yiyang, no)[0]
    assert now.second == task.second and now.lead not in task.people
    assert outcome.serials == (task.serial,)
    # The next one goes back to the redraw that sent who leaves now, and both are kept away.
    second = yiyang.write(redrawing.redraw, redraw_of(no, now, now.lead))
    again = rd1.parse_plan((second.folder / "plan.txt").read_bytes())
    assert again.given[0].source == outcome.result
    assert {row.inspector for row in again.recusals} == {task.lead, now.lead, task.second}
    revealed(yiyang, second.no, ("60713928", "14927305"))
    assert tasks(yiyang, no)[0].lead not in {task.lead, now.lead, task.second}
    assert bad(yiyang) == []
    rows = yiyang.read(substitutions.of_draw, no)
    assert [(row.out_id, row.in_id, row.redraw_no) for row in rows] == [
        (task.lead, now.lead, first.no),
        (now.lead, tasks(yiyang, no)[0].lead, second.no),
    ]


def test_a_redraw_prints_its_form_and_minutes(yiyang: Workspace) -> None:
    no = drawn(yiyang)
    task = tasks(yiyang, no)[0]
    frozen = yiyang.write(redrawing.redraw, redraw_of(no, task, task.lead))
    form = text((frozen.folder / "substitution.pdf").read_bytes())
    assert f"重新抽取{frozen.no}" in form and "近亲属在该企业任职" in form
    outcome = revealed(yiyang, frozen.no, ("39274610", "58203917"))
    minutes = text((outcome.folder / "minutes.pdf").read_bytes())
    assert "同组人员保留，仅重抽一人" in minutes
    assert f"抽取{no}更换检查人员，重新抽取一人" in minutes


def test_a_withdrawn_or_void_redraw_changes_nothing(yiyang: Workspace) -> None:
    no = drawn(yiyang)
    task = tasks(yiyang, no)[0]
    frozen = yiyang.write(redrawing.redraw, redraw_of(no, task, task.lead))
    yiyang.write(drawing.withdraw, drawing.WithdrawDraw(no=frozen.no))
    assert yiyang.read(substitutions.of_draw, no) == ()
    frozen = yiyang.write(redrawing.redraw, redraw_of(no, task, task.lead))
    yiyang.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
    yiyang.write(
        drawing.void,
        drawing.VoidDraw(
            no=frozen.no, reason="停电", approved_name="郑某", approved_post="副大队长"
        ),
    )
    (row,) = yiyang.read(substitutions.of_draw, no)
    assert (row.redraw_state, row.in_id) == ("void", "")
    assert tasks(yiyang, no)[0] == task
    third = yiyang.write(redrawing.redraw, redraw_of(no, task, task.lead))
    revealed(yiyang, third.no, ("39274610", "58203917"))
    assert tasks(yiyang, no)[0].lead != task.lead
    assert bad(yiyang) == []


def test_a_redraw_is_no_new_pool(yiyang: Workspace) -> None:
    no = drawn(yiyang)
    task = tasks(yiyang, no)[0]
    frozen = yiyang.write(redrawing.redraw, redraw_of(no, task, task.lead))
    revealed(yiyang, frozen.no, ("39274610", "58203917"))
    later = yiyang.write(drawing.freeze, drawing.FreezeDraw(period="2026Q4", witnesses=WITNESSES))
    assert later.difference is not None and len(later.difference.targets_in) == 0
    rows = {row.id: row for row in yiyang.read(pool.targets)}
    assert len(rows[task.target].drawn) == 1


def test_other_regulations_do_not_redraw(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    task = tasks(nanchang, no)[0]
    with pytest.raises(UserError, match="不重新抽取"):
        nanchang.write(redrawing.redraw, redraw_of(no, task, task.lead))


# --- paper ------------------------------------------------------------------------------------


def test_the_form_shows_order_reason_approval_and_chain(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    out = tasks(nanchang, no)[0]
    first = offer(nanchang, target_out(no, out.target)).line[0].party
    change(nanchang, Target, "ident", first.id, state="suspended")
    made = nanchang.write(substituting.substitute, target_out(no, out.target))
    one, two = (text((made.folder / f"addendum-0{n}.pdf").read_bytes()) for n in (1, 2))
    assert "检查对象已不存在：现场已拆除" in one and first.name in one
    assert "停产停工" in two and made.coming.name in two and "郑某" in two
    assert made.hash in two and made.addenda[0].hash in two
