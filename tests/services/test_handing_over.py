"""移交, recusals after a draw, new notices, and the register of what was replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import assignments, recusals, substitutions, tallies
from app.db.read.query import ListQuery
from app.db.read.substitutions import Scope
from app.db.unit_of_work import UnitOfWork
from app.domain.approval import ApprovalStep
from app.domain.paper_texts import PaperKind
from app.domain.recusal import WHOLE
from app.errors import UserError
from app.models import Inspector, Target
from app.services.days import workloads
from app.services.days.workloads import WorkloadQuery
from app.services.draws import drawing
from app.services.paperwork import paper_words
from app.services.replacing import handing_over, recusing, substituting, substitution_lists
from app.services.replacing.handing_over import HandOver
from app.services.replacing.recusing import DeclareRecusal, LiftRecusal
from app.services.replacing.substitution_lists import PrintForm
from app.services.safety import keeping, verifying
from app.services.tasks import fitness, noticing
from app.services.tasks.noticing import PrintNotices
from app.services.workspace import Workspace
from tests.documents.reading import text
from tests.services.test_substituting import (
    TODAY,
    change,
    drawn,
    of_rulebook,
    person_out,
    target_out,
    tasks,
)
from tests.support_office import WITNESSES, draw_once, make_office

STEPS = (
    ApprovalStep(step="申请", organ="二中队", name="孙某", post="执法人员", on=TODAY),
    ApprovalStep(step="批准", organ="大队", name="郑某", post="分管副大队长", on=TODAY),
)


@pytest.fixture
def nanchang(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "o", targets={"A": 12, "B": 6, "C": 6}, people=9)
    yield made
    made.close()


@pytest.fixture
def taijiang(tmp_path: Path) -> Iterator[Workspace]:
    made = of_rulebook(tmp_path, "taijiang-2022")
    yield made
    made.close()


def test_every_task_of_a_person_goes_by_its_own_list(taijiang: Workspace) -> None:
    no = drawn(taijiang)
    before = tasks(taijiang, no)
    person = before[0].lead
    theirs = [task for task in before if person in task.people]
    offer = taijiang.read(handing_over.offer, no, person, TODAY)
    assert len(offer.going) == len(theirs) and not offer.stuck
    done = taijiang.write(
        handing_over.hand_over, HandOver(command=replace(person_out(no, person), steps=STEPS))
    )
    assert len(done.made) == len(theirs) and not done.stuck
    after = {task.serial: task.people for task in tasks(taijiang, no)}
    assert not any(person in people for people in after.values())
    assert all(check.ok for check in verifying.verify([taijiang.folder.draws]))
    with pytest.raises(UserError, match="没有尚未检查的任务"):
        taijiang.read(handing_over.offer, no, person, TODAY)


def row_ids(uow: UnitOfWork, target: str) -> dict[str, int]:
    """Row ids of every inspector and of one target."""
    people = {row.personal_no: row.id for row in uow.session.query(Inspector)}
    return people | {target: uow.session.query(Target).filter_by(ident=target).one().id}


def test_what_cannot_go_is_named_and_the_rest_goes(taijiang: Workspace) -> None:
    no = drawn(taijiang)
    person = tasks(taijiang, no)[0].lead
    theirs = [task for task in tasks(taijiang, no) if person in task.people]
    offer = taijiang.read(handing_over.offer, no, person, TODAY)
    wanted = offer.going[0].for_target
    assert wanted is not None and len(theirs) > 1
    ids = taijiang.write(row_ids, wanted.id)
    for place in offer.going[0].line:
        taijiang.write(
            recusing.declare_recusal,
            DeclareRecusal(inspector_id=ids[place.party.id], target_id=ids[wanted.id], code="kin"),
        )
    done = taijiang.write(handing_over.hand_over, HandOver(command=person_out(no, person)))
    assert len(done.made) == len(theirs) - 1
    ((serial, why),) = done.stuck
    assert serial == theirs[0].serial and "没有可用的替补人员" in why


def test_a_redraw_rulebook_sends_to_the_draw(tmp_path: Path) -> None:
    office = of_rulebook(tmp_path, "yiyang-2021")
    try:
        no = drawn(office)
        person = tasks(office, no)[0].lead
        with pytest.raises(UserError, match="重新随机抽取"):
            office.write(handing_over.hand_over, HandOver(command=person_out(no, person)))
    finally:
        office.close()


def test_the_whole_consent_is_kept_and_printed(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    command = replace(target_out(no, tasks(nanchang, no)[0].target), steps=STEPS)
    late = replace(STEPS[1], on=date(2026, 7, 3))
    with pytest.raises(UserError, match="先批准"):
        nanchang.write(substituting.substitute, replace(command, steps=(STEPS[0], late)))
    made = nanchang.write(substituting.substitute, command)
    (row,) = nanchang.read(substitutions.register, Scope(draw_no=no))
    assert row.steps == STEPS and (row.approved_name, row.approved_post) == ("郑某", "分管副大队长")
    first = (made.folder / "addendum-01.pdf").read_bytes()
    words = text(first)
    assert all(word in words for word in ("孙某", "郑某", "二中队", "近十二个月该检查对象第1次"))
    again = nanchang.write(substitution_lists.print_form, PrintForm(row.id))
    assert again.read_bytes() == first
    sheet = text(nanchang.write(substitution_lists.print_register, Scope()).read_bytes())
    assert "更换一览表" in sheet and row.out_name in sheet.replace("\n", "")


def test_the_form_prints_the_units_words_and_the_draws_folder_still_checks(
    nanchang: Workspace,
) -> None:
    no = drawn(nanchang, 3)
    command = target_out(no, tasks(nanchang, no)[0].target)
    made = nanchang.write(substituting.substitute, command)
    shipped = paper_words.shipped(PaperKind.REPLACEMENT)
    words = {"intro": "{换出}换为{换入}。", "closing": "经研究同意。", "sign_operator": "承办人"}
    own = replace(shipped, title="调整单", sealer="某某县生态环境局").with_words(words)
    nanchang.write(paper_words.save, own)
    (row,) = nanchang.read(substitutions.register, Scope(draw_no=no))
    printed = text(nanchang.write(substitution_lists.print_form, PrintForm(row.id)).read_bytes())
    assert "检查对象调整单" in printed and f"{row.out_name}换为{row.in_name}。" in printed
    assert "经研究同意。" in printed and "承办人" in printed and "同意按上述次序" not in printed
    assert "某某县生态环境局" in printed and "（单位盖章）" in printed
    assert (made.folder / "addendum-01.pdf").is_file()
    assert [c.name for c in keeping.check_folder(nanchang.folder.root) if not c.ok] == []


def test_replaced_tasks_stay_in_the_list_when_asked_for(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    out = tasks(nanchang, no)[0]
    nanchang.write(substituting.substitute, target_out(no, out.target))
    nanchang.write(substituting.substitute, person_out(no, tasks(nanchang, no)[0].lead))
    every = ListQuery(filters={"replaced": frozenset({"1"})})
    ids = nanchang.read(assignments.ids, every)
    assert out.id in ids and out.id not in nanchang.read(assignments.ids, ListQuery())
    rows = {row.id: row for row in nanchang.read(assignments.rows, ids)}
    assert rows[out.id].replaced_by == "A-补01"
    assert any(row.former for row in rows.values())


def test_the_new_notice_names_the_change_and_comes_as_a_file(
    nanchang: Workspace, tmp_path: Path
) -> None:
    no = drawn(nanchang, 3)
    made = nanchang.write(substituting.substitute, person_out(no, tasks(nanchang, no)[0].lead))
    folder = tmp_path / "stick"
    folder.mkdir()
    command = PrintNotices(draw_no=no, tasks=made.assignment_ids, text=True, to=folder)
    paper, plain = nanchang.write(noticing.print_notices, command).paths
    assert "替代此前发出的通知单" in text(paper.read_bytes()).replace("\n", "")
    words = plain.read_text(encoding="utf-8-sig")
    assert f"{made.addenda[0].out.name}不再承担，由{made.coming.name}接替" in words


def test_a_recusal_after_the_draw_points_at_its_tasks(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    (row, *_rest) = nanchang.read(workloads.of_draw, WorkloadQuery(draw_no=no, today=TODAY))
    one = DeclareRecusal(inspector_id=row.id, target_id=row.tasks[0].target_id, code="former")
    made = nanchang.write(recusing.declare_recusal, one)
    assert [each.serial for each in made.conflicts] == [row.tasks[0].serial]
    nanchang.write(recusing.lift_recusal, LiftRecusal(id=made.id, reason="核实不存在"))
    assert nanchang.read(recusals.in_force) == ()
    whole = DeclareRecusal(inspector_id=row.id, target_id=None, code="health")
    made = nanchang.write(recusing.declare_recusal, whole)
    assert len(made.conflicts) == len(row.tasks)
    with pytest.raises(UserError, match="只对某一个检查对象"):
        nanchang.write(recusing.declare_recusal, replace(whole, code="kin"))
    frozen = nanchang.write(
        drawing.freeze, drawing.FreezeDraw(period="2026Q4", witnesses=WITNESSES)
    )
    person = next(p for p in frozen.facts.plan.people if p.personal_no == row.personal_no)
    assert (person.eligible, person.code) == (False, WHOLE)


def test_absence_and_load_are_counted_over_the_quarters(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    counts = nanchang.read(tallies.people, TODAY)
    away = next(one for one in counts.values() if one.personal_no == "R09")
    assert (away.left_out, away.draws, away.why) == (1, 1, (("certexpired", 1),))
    carried = sum(count for one in counts.values() for _period, count in one.loads)
    assert carried == 2 * len(tasks(nanchang, no))


def test_nobody_inspects_on_leave(nanchang: Workspace) -> None:
    no = drawn(nanchang, 3)
    (row, *_rest) = nanchang.read(workloads.of_draw, WorkloadQuery(draw_no=no, today=TODAY))
    change(nanchang, Inspector, "personal_no", row.personal_no, leave_from=TODAY)
    with pytest.raises(UserError, match=r"请假或外出.*先办理更换.*销假"):
        nanchang.read(fitness.refuse_unfit, (row.id,), TODAY, TODAY)
    again = nanchang.read(workloads.of_draw, WorkloadQuery(draw_no=no, today=TODAY))
    assert next(one for one in again if one.id == row.id).unfit


def test_all_draws_are_handed_over_in_one_action(taijiang: Workspace) -> None:
    first = drawn(taijiang)
    second = draw_once(taijiang, period="2026Q4", digits=("41526363", "26534142")).no
    both = (first, second)
    person = next(
        each
        for task in tasks(taijiang, first)
        for each in task.people
        if any(each in other.people for other in tasks(taijiang, second))
    )
    theirs = {no: [t for t in tasks(taijiang, no) if person in t.people] for no in both}
    offer = taijiang.read(handing_over.everywhere, person, TODAY)
    assert offer.draws == both
    assert len(offer.going) + len(offer.stuck) == sum(map(len, theirs.values()))
    done = taijiang.write(
        handing_over.hand_over, HandOver(command=replace(person_out("", person), steps=STEPS))
    )
    assert {made.draw_no for made in done.made} == set(both)
    stuck = {serial for serial, _why in done.stuck}
    for no in both:
        for task in tasks(taijiang, no):
            assert person not in task.people or task.serial in stuck
    assert all(check.ok for check in verifying.verify([taijiang.folder.draws]))
    with pytest.raises(UserError, match="没有尚未检查的任务"):
        taijiang.read(handing_over.everywhere, "R99", TODAY)


def test_where_people_are_drawn_anew_one_draw_goes_and_the_other_is_named(tmp_path: Path) -> None:
    office = of_rulebook(tmp_path, "yiyang-2021")
    try:
        first = drawn(office)
        second = draw_once(office, period="2026Q4", digits=("41526363", "26534142")).no
        person = next(
            each
            for task in tasks(office, first)
            for each in task.people
            if any(each in other.people for other in tasks(office, second))
        )
        offer = office.read(handing_over.everywhere, person, TODAY)
        assert (offer.draw_no, offer.draws, offer.policy) == (first, (first,), "redraw")
        ((named, why),) = offer.barred
        assert named.startswith(second) and "须重新随机抽取" in why
    finally:
        office.close()
