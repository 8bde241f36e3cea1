"""What follows from a result: rectification with its moves, referral, case, visit, proposals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from app.db.read import courses, followups, results
from app.domain.consequences import ProposalKind, ProposalState, Receiver, RectifyStep
from app.domain.course import TaskState
from app.domain.inspection import Conclusion
from app.errors import UserError
from app.services import attaching
from app.services.attaching import Attach
from app.services.public import publishing
from app.services.public.publishing import Publish
from app.services.tasks.following import (
    DecideProposal,
    EndCase,
    MakeVisit,
    OpenCase,
    PlanVisit,
    PublishOutcome,
    ReceiveReferral,
    Refer,
    decide,
    end_case,
    make_visit,
    open_case,
    plan_visit,
    publish_outcome,
    receive,
    refer,
)
from app.services.tasks.rectifying import (
    NoteRectification,
    RecordRectification,
    longest_deadline,
    note,
    open_ones,
    record,
)
from tests.support_draw import (
    DrawnOffice,
    lock_result,
    make_drawn_office,
    ordered_entry,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


@pytest.fixture
def qingdao(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "qd", rulebook="qingdao-xihaian-2020")
    yield made
    made.workspace.close()


def _state(office: DrawnOffice, task: int) -> TaskState:
    return office.workspace.read(courses.state_of, task)


def _publish(office: DrawnOffice, result: int) -> None:
    office.workspace.write(
        publishing.publish, Publish(result_ids=(result,), on=date(2026, 9, 15), place="网站")
    )


def test_a_rectification_is_urged_reported_extended_and_closed_with_proof(
    office: DrawnOffice, tmp_path: Path
) -> None:
    task = office.tasks[0]
    result = lock_result(office, task, ordered_entry(office, task))
    _publish(office, result)
    assert _state(office, task) is TaskState.PUBLISHED
    office.clock.move_to(date(2026, 10, 9))
    for step, words, until in (
        (RectifyStep.REMINDER, "电话督办", None),
        (RectifyStep.PROGRESS, "台账已补齐", None),
        (RectifyStep.EXTENSION, "设备到货推迟", date(2026, 11, 10)),
    ):
        office.workspace.write(
            note,
            NoteRectification(
                result_id=result, step=step, on=date(2026, 10, 9), text=words, until=until
            ),
        )
    (open_one,) = office.workspace.read(open_ones)
    row, view = open_one.task, open_one.view
    assert open_one.due == date(2026, 11, 10)
    assert (row.id, view.first, view.now) == (task, date(2026, 10, 10), date(2026, 11, 10))
    assert [each.text for each in view.notes] == ["电话督办", "台账已补齐", "设备到货推迟"]

    photo = tmp_path / "整改后.jpg"
    photo.write_bytes(b"jpeg")
    office.workspace.write(
        attaching.attach, Attach(owner_kind="rectification", owner_id=result, path=photo)
    )
    office.workspace.write(
        record,
        RecordRectification(result_id=result, completed_on=date(2026, 10, 9), proof="照片 1 张"),
    )
    assert _state(office, task) is TaskState.CLOSED
    assert office.workspace.read(open_ones) == ()


def test_past_three_months_qingdao_wants_the_stage(qingdao: DrawnOffice) -> None:
    task = qingdao.tasks[0]
    result = lock_result(qingdao, task, ordered_entry(qingdao, task))
    assert qingdao.workspace.read(longest_deadline, date(2026, 9, 10)) == date(2026, 12, 10)
    qingdao.clock.move_to(date(2026, 10, 1))
    wish = NoteRectification(
        result_id=result,
        step=RectifyStep.EXTENSION,
        on=date(2026, 10, 1),
        text="土建工程未完",
        until=date(2026, 12, 11),
    )
    with pytest.raises(UserError, match="阶段性进展"):
        qingdao.workspace.write(note, wish)
    qingdao.workspace.write(note, replace(wish, stage="已完成基础施工"))
    qingdao.workspace.write(note, replace(wish, until=date(2026, 12, 25), stage="设备已安装"))
    file = qingdao.workspace.read(followups.followups, result).rectification
    assert file is not None
    assert file.now == date(2026, 12, 25)
    with pytest.raises(UserError, match="不晚于"):
        qingdao.workspace.write(note, wish)


def test_the_first_deadline_past_three_months_is_explained_too(qingdao: DrawnOffice) -> None:
    task = qingdao.tasks[0]
    entry = replace(ordered_entry(qingdao, task), rectify_by=date(2026, 12, 11))
    with pytest.raises(UserError, match="2026-12-10，请写明原因") as caught:
        lock_result(qingdao, task, entry)
    assert "阶段性进展" in str(caught.value)
    said = replace(entry, rectify_reason="设备须定制", rectify_stage="已签采购合同")
    result = lock_result(qingdao, task, said)
    typed = qingdao.workspace.read(results.form, task).entry
    assert (typed.rectify_reason, typed.rectify_stage) == ("设备须定制", "已签采购合同")
    file = qingdao.workspace.read(followups.followups, result).rectification
    assert file is not None
    assert file.now == date(2026, 12, 11)


def test_elsewhere_a_late_first_deadline_needs_no_words(office: DrawnOffice) -> None:
    task = office.tasks[0]
    lock_result(office, task, replace(ordered_entry(office, task), rectify_by=date(2027, 3, 1)))


def test_a_case_goes_from_its_number_to_the_published_outcome(office: DrawnOffice) -> None:
    task = office.tasks[0]
    entry = replace(
        ordered_entry(office, task), conclusion=Conclusion.CASE, rectify_by=None, measure="立案"
    )
    result = lock_result(office, task, entry)
    _publish(office, result)
    case = office.workspace.write(
        open_case, OpenCase(result_id=result, case_no="青环罚立〔2026〕9号", on=date(2026, 9, 14))
    )
    with pytest.raises(UserError, match="立案"):
        office.workspace.write(
            open_case, OpenCase(result_id=result, case_no="又一个", on=date(2026, 9, 14))
        )
    with pytest.raises(UserError, match="还没有处理结果"):
        office.workspace.write(
            publish_outcome, PublishOutcome(case_id=case, on=date(2026, 9, 15), place="网站")
        )
    assert _state(office, task) is TaskState.PUBLISHED
    office.clock.move_to(date(2026, 12, 1))
    office.workspace.write(
        end_case,
        EndCase(
            case_id=case,
            outcome="罚款二万元",
            decision_no="青环罚〔2026〕9号",
            on=date(2026, 12, 1),
        ),
    )
    office.workspace.write(
        publish_outcome, PublishOutcome(case_id=case, on=date(2026, 12, 1), place="网站")
    )
    assert _state(office, task) is TaskState.CLOSED
    found = office.workspace.read(followups.followups, result).case
    assert found is not None
    assert (found.outcome, found.outcome_published_on) == ("罚款二万元", date(2026, 12, 1))


def test_a_referral_waits_for_its_receipt_and_a_visit_for_its_day(office: DrawnOffice) -> None:
    task = office.tasks[0]
    result = lock_result(office, task)
    referral = office.workspace.write(
        refer,
        Refer(
            result_id=result,
            receiver=Receiver.POLICE,
            organ="县公安局环侦大队",
            matter="涉嫌环境犯罪线索",
            document_no="青环移〔2026〕2号",
            on=date(2026, 9, 14),
        ),
    )
    visit = office.workspace.write(plan_visit, PlanVisit(result_id=result, on=date(2026, 9, 25)))
    _publish(office, result)
    assert _state(office, task) is TaskState.PUBLISHED
    assert [each.organ for each in office.workspace.read(followups.open_referrals)] == [
        "县公安局环侦大队"
    ]
    office.clock.move_to(date(2026, 9, 26))
    office.workspace.write(
        receive, ReceiveReferral(referral_id=referral, on=date(2026, 9, 16), by="郑警官")
    )
    with pytest.raises(UserError, match="回执"):
        office.workspace.write(
            receive, ReceiveReferral(referral_id=referral, on=date(2026, 9, 16), by="郑警官")
        )
    assert _state(office, task) is TaskState.PUBLISHED
    ((planned, _name, where),) = office.workspace.read(followups.planned_visits)
    assert (planned.id, where) == (visit, task)
    office.workspace.write(
        make_visit,
        MakeVisit(
            visit_id=visit,
            on=date(2026, 9, 25),
            people="赵一、钱二",
            finding="台账仍缺一页",
            settled=False,
        ),
    )
    # Something was left: the task stays open until a later visit finds it settled.
    assert _state(office, task) is TaskState.PUBLISHED
    again = office.workspace.write(plan_visit, PlanVisit(result_id=result, on=date(2026, 9, 26)))
    office.workspace.write(
        make_visit,
        MakeVisit(
            visit_id=again, on=date(2026, 9, 26), people="赵一", finding="已补齐", settled=True
        ),
    )
    assert _state(office, task) is TaskState.CLOSED


def test_what_a_result_suggests_is_decided_by_a_person(office: DrawnOffice) -> None:
    task = office.tasks[0]
    lock_result(office, task, ordered_entry(office, task))
    (proposal,) = office.workspace.read(followups.proposals, state=ProposalState.OPEN)
    assert proposal.kind is ProposalKind.FREQUENCY
    with pytest.raises(UserError, match="理由"):
        office.workspace.write(
            decide, DecideProposal(proposal_id=proposal.id, accepted=False, decided_by="周局")
        )
    office.workspace.write(
        decide, DecideProposal(proposal_id=proposal.id, accepted=True, decided_by="周局")
    )
    assert not office.workspace.read(followups.proposals, state=ProposalState.OPEN)
    with pytest.raises(UserError, match="已经处理"):
        office.workspace.write(
            decide, DecideProposal(proposal_id=proposal.id, accepted=True, decided_by="周局")
        )


def test_nothing_follows_from_a_result_that_is_not_locked(office: DrawnOffice) -> None:
    from app.services.tasks.inspecting import StartResult, start

    made = office.workspace.write(
        start, StartResult(assignment_id=office.tasks[0], inspected_on=date(2026, 9, 8))
    )
    with pytest.raises(UserError, match="锁定"):
        office.workspace.write(
            plan_visit, PlanVisit(result_id=made.result_id, on=date(2026, 9, 20))
        )
    assert office.workspace.read(results.rows, [office.tasks[0]])[0].result_id == made.result_id


def test_each_open_rectification_keeps_its_own_moves_and_asks_for_no_query_more(
    office: DrawnOffice,
) -> None:
    asked: list[str] = []

    def open_with_queries(connection: Connection) -> tuple[followups.OpenRectification, ...]:
        def heard(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        event.listen(connection, "before_cursor_execute", heard)
        return open_ones(connection)

    first, second, third = (
        lock_result(office, task, ordered_entry(office, task)) for task in office.tasks[:3]
    )
    office.workspace.write(
        note,
        NoteRectification(
            result_id=second, step=RectifyStep.REMINDER, on=date(2026, 9, 15), text="电话催办"
        ),
    )
    found = {each.task.result_id: each for each in office.workspace.read(open_with_queries)}
    queries = len(asked)
    assert set(found) == {first, second, third}
    assert [len(found[each].view.notes) for each in (first, second, third)] == [0, 1, 0]
    for each in (first, second):
        office.workspace.write(
            record,
            RecordRectification(result_id=each, completed_on=date(2026, 9, 15), proof="照片"),
        )
    asked.clear()
    (left,) = office.workspace.read(open_with_queries)
    assert left.task.result_id == third
    assert len(asked) == queries
