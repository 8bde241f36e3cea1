"""What stays out of the public, what was taken down, reviews, and public files searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.db.read import courses, public_matters
from app.db.unit_of_work import UnitOfWork
from app.domain.course import TaskState
from app.domain.desk import Todo
from app.domain.inspection import Conclusion
from app.domain.publicity import ExemptionKind, ReviewOutcome, Stage
from app.errors import UserError
from app.models import Inspector
from app.services.days import desk
from app.services.paperwork import result_papers
from app.services.public import public_files, publicity, publishing
from app.services.public import public_matters as matters
from app.services.public.public_files import MakePublicFile, PublicKind
from app.services.public.publishing import Publish
from app.services.tasks import following
from app.services.tasks.following import EndCase, OpenCase
from tests.documents.reading import text
from tests.support_draw import (
    DRAW_NO,
    LEGAL_REP,
    PEOPLE,
    PERIOD,
    PHONE,
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)

_ON = date(2026, 9, 12)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def publish(office: DrawnOffice, result: int) -> None:
    office.workspace.write(
        publishing.publish, Publish(result_ids=(result,), on=_ON, place="局网站")
    )


def _exempt(office: DrawnOffice, result: int) -> None:
    office.workspace.write(
        matters.exempt,
        matters.Exempt(
            result_id=result, kind=ExemptionKind.NATIONAL, reason="军工配套", approved_by="郑某",
            on=_ON,
        ),
    )  # fmt: skip


def test_what_is_exempt_leaves_every_public_place(office: DrawnOffice, tmp_path: Path) -> None:
    results = [lock_result(office, task) for task in office.tasks]
    _exempt(office, results[0])
    board = office.workspace.read(publishing.board, PERIOD)
    assert [row.exempt for row in board.exempt] == ["涉及国家安全：军工配套"]
    assert results[0] not in [row.id for row in board.due]
    path = tmp_path / "公示.html"
    office.workspace.write(public_files.make, MakePublicFile(path=path, period=PERIOD))
    assert TARGETS[0][1] not in path.read_text("utf-8")
    assert TARGETS[1][1] in path.read_text("utf-8")
    # All are locked; the plan, which names every drawn target, still stays in the drawer.
    assert office.workspace.read(publicity.standing, DRAW_NO).stage is Stage.INSPECTING
    facts = office.workspace.write(publicity.disclosure_facts, DRAW_NO)
    assert TARGETS[0][1] not in [target.name for target in facts.targets]
    with pytest.raises(UserError, match="不予公示"):
        publish(office, results[0])


def test_an_exempt_result_closes_without_publication_and_may_be_let_out(
    office: DrawnOffice,
) -> None:
    result = lock_result(office, office.tasks[0])
    _exempt(office, result)
    state = office.workspace.read(courses.state_of, office.tasks[0])
    assert state is TaskState.CLOSED
    with pytest.raises(UserError, match="已经登记为不公示"):
        _exempt(office, result)
    office.workspace.write(
        matters.lift_exemption, matters.LiftExemption(result_id=result, reason="已脱密")
    )
    assert [row.id for row in office.workspace.read(publishing.board, PERIOD).due] == [result]


def test_taken_down_is_due_again_and_kept_on_record(office: DrawnOffice) -> None:
    result = lock_result(office, office.tasks[0])
    publish(office, result)
    assert office.workspace.read(courses.state_of, office.tasks[0]) is TaskState.CLOSED
    command = matters.TakeDown(
        result_id=result, on=date(2026, 9, 14), reason="名称有误", approved_by="郑某"
    )
    office.workspace.write(matters.take_down, command)
    assert office.workspace.read(courses.state_of, office.tasks[0]) is TaskState.LOCKED
    assert [row.id for row in office.workspace.read(publishing.board, PERIOD).due] == [result]
    (row,) = office.workspace.read(public_matters.withdrawals)
    assert (row.published_on, row.place, row.reason) == (_ON, "局网站", "名称有误")
    with pytest.raises(UserError, match="没有什么可撤"):
        office.workspace.write(matters.take_down, command)
    office.workspace.write(
        publishing.publish, Publish(result_ids=(result,), on=date(2026, 9, 15), place="局网站")
    )
    assert office.workspace.read(courses.state_of, office.tasks[0]) is TaskState.CLOSED


def test_a_review_is_registered_within_the_window_and_answered(tmp_path: Path) -> None:
    """TJ 五: 60 working days after publication, over Mid-Autumn and National Day 2026."""
    office = make_drawn_office(tmp_path / "tj", rulebook="taijiang-2022")
    result = lock_result(office, office.tasks[0])
    receive = matters.ReceiveReview(
        result_id=result, received_on=date(2026, 9, 15), applicant="某企业", matter="对结果有异议"
    )
    with pytest.raises(UserError, match="还没有公示"):
        office.workspace.write(matters.receive_review, receive)
    publish(office, result)
    review = office.workspace.write(matters.receive_review, receive)
    with pytest.raises(UserError, match="还没有答复"):
        office.workspace.write(matters.receive_review, receive)
    (row,) = office.workspace.read(public_matters.reviews)
    # After 12 September 2026: 13 in September (25th off, 20th worked), 18 in October (1st to 7th
    # off, 10th worked), 21 in November, and the 8th of December's is the 10th.
    assert row.open_until == date(2026, 12, 10)
    assert not row.late
    office.workspace.write(
        matters.answer_review,
        matters.AnswerReview(
            review_id=review, outcome=ReviewOutcome.UPHELD, answer="经复查，结果无误",
            on=date(2026, 9, 15),
        ),
    )  # fmt: skip
    (row,) = office.workspace.read(public_matters.reviews)
    assert row.outcome is ReviewOutcome.UPHELD
    command = result_papers.PrintReviewAnswer(review)
    made = office.workspace.write(result_papers.print_review_answer, command)
    said = text(made.path.read_bytes())
    for words in (TARGETS[0][1], "某企业：", "对结果有异议", "维持原结果", "经复查，结果无误"):
        assert words in said, words
    assert "2026年9月15日收到你单位对2026年9月10日" in said
    assert made.numbers == ("复查〔2026〕1号",)
    assert office.workspace.write(result_papers.print_review_answer, command).numbers == (
        made.numbers
    )
    with pytest.raises(UserError, match="已不在"):
        office.workspace.write(
            result_papers.print_review_answer, result_papers.PrintReviewAnswer(review + 1)
        )
    office.workspace.close()


def case(office: DrawnOffice, outcome: str) -> int:
    entry = replace(
        ordered_entry(office, office.tasks[0]), conclusion=Conclusion.CASE, rectify_by=None
    )
    result = lock_result(office, office.tasks[0], entry)
    case = office.workspace.write(
        following.open_case,
        OpenCase(result_id=result, case_no="青环立〔2026〕3号", on=_ON, matter="超标排放"),
    )
    office.workspace.write(
        following.end_case,
        EndCase(case_id=case, outcome=outcome, decision_no="青环罚〔2026〕3号", on=_ON),
    )
    return result


def test_the_outcome_of_a_case_is_a_second_publication(office: DrawnOffice, tmp_path: Path) -> None:
    result = case(office, "罚款二万元")
    path = tmp_path / "查处结果.xlsx"
    command = MakePublicFile(path=path, what=PublicKind.OUTCOMES)
    with pytest.raises(UserError, match="还没有可以公示"):
        office.workspace.write(public_files.make, command)
    today = office.clock().astimezone().date()

    def reminders() -> list[Todo]:
        todos = office.workspace.read(desk.overview, today).todos
        return [each for each in todos if "处理结果，还没有公示" in each.sentence]

    assert not reminders()  # first its own publication
    publish(office, result)
    [waits] = reminders()
    assert waits.sentence == "1 件案件已作出处理结果，还没有公示"
    assert (waits.page, waits.where) == ("publication", "outcomes")
    assert waits.detail.startswith(TARGETS[0][1])
    assert office.workspace.write(public_files.make, command).rows == 1
    assert "罚款二万元" in _cells(path)


def _outcome_public(office: DrawnOffice) -> int:
    result = case(office, "罚款二万元")
    publish(office, result)
    office.workspace.write(
        following.publish_outcome, following.PublishOutcome(case_id=1, on=_ON, place="局网站")
    )
    return result


def test_the_outcome_comes_down_with_its_result_if_that_is_said(office: DrawnOffice) -> None:
    result = _outcome_public(office)
    down = matters.TakeDown(
        result_id=result, on=_ON, reason="名称有误", approved_by="郑某", outcome=True
    )
    office.workspace.write(matters.take_down, down)
    taken = office.workspace.read(public_matters.withdrawals)
    assert [row.wording[:5] for row in taken] == ["查处结果：", "发现涉嫌违"]
    assert office.workspace.read(public_matters.left_public) == ()


def test_an_outcome_left_public_is_listed_goes_into_no_file_and_comes_down(
    office: DrawnOffice, tmp_path: Path
) -> None:
    result = _outcome_public(office)
    assert office.workspace.read(public_matters.left_public) == ()
    down = matters.TakeDown(result_id=result, on=_ON, reason="名称有误", approved_by="郑某")
    office.workspace.write(matters.take_down, down)
    (left,) = office.workspace.read(public_matters.left_public)
    assert (left.result_id, left.left, left.name) == (result, True, TARGETS[0][1])
    command = MakePublicFile(path=tmp_path / "查处结果.xlsx", what=PublicKind.OUTCOMES)
    with pytest.raises(UserError, match="还没有可以公示"):
        office.workspace.write(public_files.make, command)
    office.workspace.write(
        matters.exempt,
        matters.Exempt(
            result_id=result, kind=ExemptionKind.SECRET, reason="军工配套", approved_by="郑某",
            on=_ON,
        ),
    )  # fmt: skip
    outcome = matters.TakeDownOutcome(
        case_id=left.id, on=_ON, reason="结果已撤下", approved_by="郑某"
    )
    office.workspace.write(matters.take_down_outcome, outcome)
    assert office.workspace.read(public_matters.left_public) == ()
    with pytest.raises(UserError, match="不予公示"):
        office.workspace.write(
            following.publish_outcome, following.PublishOutcome(case_id=1, on=_ON, place="局网站")
        )


@pytest.mark.parametrize("name", [LEGAL_REP, f"{LEGAL_REP[0]} {LEGAL_REP[1:]}"])
def test_a_persons_name_typed_into_an_outcome_stops_the_file(
    office: DrawnOffice, tmp_path: Path, name: str
) -> None:
    result = case(office, f"对{name}罚款二万元")
    publish(office, result)
    path = tmp_path / "查处结果.pdf"
    with pytest.raises(UserError, match="法定代表人"):
        office.workspace.write(
            public_files.make, MakePublicFile(path=path, what=PublicKind.OUTCOMES)
        )
    assert not path.exists()


@pytest.mark.parametrize(
    "outcome", ["对张某（13712345678）罚款", "对身份证11010519491231002X的当事人罚款"]
)
def test_a_number_of_somebody_in_no_directory_stops_the_file(
    office: DrawnOffice, tmp_path: Path, outcome: str
) -> None:
    publish(office, case(office, outcome))
    path = tmp_path / "查处结果.html"
    with pytest.raises(UserError, match=r"手机号码|身份证号"):
        office.workspace.write(
            public_files.make, MakePublicFile(path=path, what=PublicKind.OUTCOMES)
        )
    assert not path.exists()


def test_a_farm_bearing_a_name_does_not_make_the_name_public(
    office: DrawnOffice, tmp_path: Path
) -> None:
    name = TARGETS[0][1][3:5]  # in the target's own name, and an inspector's
    office.workspace.write(_rename_inspector, name)
    command = MakePublicFile(path=tmp_path / "查处结果.html", what=PublicKind.OUTCOMES)
    publish(office, case(office, f"对{TARGETS[0][1]}罚款，由{name}承办"))
    with pytest.raises(UserError, match="执法人员"):
        office.workspace.write(public_files.make, command)


def test_a_target_may_be_called_by_its_whole_name(office: DrawnOffice, tmp_path: Path) -> None:
    office.workspace.write(_rename_inspector, TARGETS[0][1][3:5])
    command = MakePublicFile(path=tmp_path / "查处结果.html", what=PublicKind.OUTCOMES)
    publish(office, case(office, f"对{TARGETS[0][1]}罚款二万元"))
    assert office.workspace.write(public_files.make, command).rows == 1


def _rename_inspector(uow: UnitOfWork, name: str) -> None:
    first = uow.session.query(Inspector).order_by(Inspector.id).first()
    assert first is not None
    first.name = name
    uow.commit()


def test_the_outcomes_of_cases_are_the_same_paper(office: DrawnOffice, tmp_path: Path) -> None:
    result = case(office, "罚款二万元")
    publish(office, result)
    made = office.workspace.write(public_files.make, MakePublicFile(what=PublicKind.OUTCOMES))
    words = text(made.path.read_bytes()).replace("\n", "")
    assert "双随机抽查查处结果公示表" in words and "罚款二万元" in words
    assert "查处结果予以公示，共1户" in words and "有异议的" in words


def _cells(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None
    )


def test_no_public_file_names_a_person_or_a_target_under_embargo(
    office: DrawnOffice, tmp_path: Path
) -> None:
    lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    lock_result(office, office.tasks[1], clean_entry(office, office.tasks[1]))
    words = {}
    for suffix in (".xlsx", ".html", ".pdf"):
        path = tmp_path / f"公示{suffix}"
        made = office.workspace.write(public_files.make, MakePublicFile(path=path, period=PERIOD))
        assert made.rows == 2
        words[suffix] = (
            _cells(path)
            if suffix == ".xlsx"
            else text(path.read_bytes())
            if suffix == ".pdf"
            else path.read_text("utf-8")
        )
    hidden = (*(name for _c, name, _u in TARGETS[2:]), *PEOPLE, LEGAL_REP, PHONE, "暂存间标识")
    for suffix, found in words.items():
        joined = found.replace("\n", "")
        assert TARGETS[0][1] in joined, suffix
        for word in hidden:
            assert word not in joined, (suffix, word)
    assert "<script" not in words[".html"].lower()


def test_the_list_passed_on_says_to_whom(office: DrawnOffice, tmp_path: Path) -> None:
    lock_result(office, office.tasks[0])
    path = tmp_path / "推送名单.xlsx"
    command = MakePublicFile(path=path, what=PublicKind.PASSED_ON, period=PERIOD)
    assert office.workspace.write(public_files.make, command).rows == 1
    assert "环境信用评价" in _cells(path)
    printed = office.workspace.write(
        public_files.make, MakePublicFile(what=PublicKind.PASSED_ON, period=PERIOD)
    )
    words = text(printed.path.read_bytes()).replace("\n", "")
    assert "推送有关部门" in words and "环境信用评价" in words and "有异议" not in words
