"""What may not be public, however it is written, is listed at its row; and the way round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import public_matters as lists
from app.db.unit_of_work import UnitOfWork
from app.domain.outgoing import Mend
from app.domain.paper_texts import PaperKind
from app.domain.publicity import ReviewOutcome
from app.domain.target import TargetFacts, validate
from app.errors import UserError
from app.models import Assistant, Draw, DrawWitness, Expert, InspectionItem, ResultItem, Target
from app.services.draws.draw_commands import WitnessInput
from app.services.draws.freezing import check_witnesses
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage, NotReadyError
from app.services.paperwork import paper_words
from app.services.public import (
    kept_files,
    public_files,
    public_matters,
    public_wording,
    publishing,
)
from app.services.public.public_files import MakePublicFile, PublicKind
from app.services.public.public_matters import TakeDown
from app.services.public.public_search import NotPublicError
from app.services.public.public_wording import AllowWording, WithdrawWording
from app.services.public.publishing import Publish
from app.services.rulebooks import load
from app.services.tasks import following
from app.services.tasks.following import PublishOutcome, RewordCase
from tests.services.test_public_matters import case as make_case
from tests.services.test_public_matters import publish
from tests.support_draw import (
    LEGAL_REP,
    PEOPLE,
    PERIOD,
    TARGETS,
    DrawnOffice,
    lock_result,
    make_drawn_office,
)

_ON = date(2026, 9, 12)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    made.workspace.write(_more_people, None)
    yield made
    made.workspace.close()


def _more_people(uow: UnitOfWork, _command: None) -> None:
    """People beside the inspectors: an assistant, an expert, a witness, a host."""
    times = {"created_at": uow.now, "updated_at": uow.now, "search": "", "state": "on_duty"}
    uow.session.add(
        Assistant(ident="X1", kind="contract", name="协助甲乙", phone="0791-86660001", **times)
    )
    uow.session.add(Expert(ident="E1", name="东方专家", phone="13800138000", **times))
    draw = uow.session.query(Draw).one()
    draw.host = "主持丙丁"
    uow.session.add(
        DrawWitness(draw_id=draw.id, position=1, name="见证戊己", organ="县纪委", post="干部")
    )
    uow.commit()


def _refused(office: DrawnOffice, path: Path, what: PublicKind) -> tuple[Mend, ...]:
    with pytest.raises(NotPublicError) as caught:
        office.workspace.write(public_files.make, MakePublicFile(path=path, what=what))
    assert not path.exists()
    return caught.value.mends


@pytest.mark.parametrize(
    "outcome",
    [
        f"由{PEOPLE[0]}承办",
        f"由 {PEOPLE[0][0]}\u3000{PEOPLE[0][1]} 承办",
        f"由{PEOPLE[0][0]}·{PEOPLE[0][1]}承办",
        f"由{PEOPLE[0][0]}\u200b{PEOPLE[0][1]}承办",
        f"由{PEOPLE[0][0]}\n{PEOPLE[0][1]}承办",
        f"由{PEOPLE[2][0]}队长承办",
        "证号ｃｅｒｔ－1",
        "由协助甲乙陪同",
        "协助人员电话（0791）8666-0001",
        "经东方专家论证",
        "主持丙丁在场",
        "见证戊己在场",
        f"{LEGAL_REP}到场",
        f"同案的{TARGETS[2][1]}另行处理",
        f"代码{TARGETS[1][2]}的企业另行处理",
        "经举报人王小二反映",
    ],
)
def test_whoever_is_named_in_an_outcome_is_found(
    office: DrawnOffice, tmp_path: Path, outcome: str
) -> None:
    publish(office, make_case(office, outcome))
    (mend,) = _refused(office, tmp_path / "查处结果.xlsx", PublicKind.OUTCOMES)
    assert (mend.column, mend.text, mend.line) == ("查处结果", outcome, 3)
    assert mend.label == TARGETS[0][1]


@pytest.mark.parametrize(
    "outcome",
    [
        "罚款二万元",
        "责令负责人限期改正",
        "用电高峰期停产",
        "经举报人反映属实",
        f"对{TARGETS[0][1]}罚款",
    ],
)
def test_what_names_nobody_goes_out(office: DrawnOffice, tmp_path: Path, outcome: str) -> None:
    publish(office, make_case(office, outcome))
    command = MakePublicFile(path=tmp_path / "查处结果.html", what=PublicKind.OUTCOMES)
    assert office.workspace.write(public_files.make, command).rows == 1


def test_a_wording_is_allowed_for_one_place_by_somebody_with_a_reason(
    office: DrawnOffice, tmp_path: Path
) -> None:
    outcome = f"由{PEOPLE[0]}街道转来，罚款二万元"
    publish(office, make_case(office, outcome))
    path = tmp_path / "查处结果.html"
    (mend,) = _refused(office, path, PublicKind.OUTCOMES)
    checked = office.workspace.read(public_files.check, MakePublicFile(what=PublicKind.OUTCOMES))
    assert (checked.rows, checked.mends) == (1, (mend,))
    office.workspace.write(
        public_wording.allow,
        AllowWording(key=mend.key, column=mend.column, text=mend.text, reason="街道名", who="李科"),
    )
    (row,) = office.workspace.read(public_wording.rows)
    assert (row.by, row.reason) == ("李科", "街道名")
    command = MakePublicFile(path=path, what=PublicKind.OUTCOMES)
    assert office.workspace.write(public_files.make, command).rows == 1
    path.unlink()
    office.workspace.write(public_wording.withdraw, WithdrawWording(row.id))
    _refused(office, path, PublicKind.OUTCOMES)


def test_a_number_can_be_allowed_by_nobody_but_the_text_can_be_mended(
    office: DrawnOffice, tmp_path: Path
) -> None:
    publish(office, make_case(office, "联系 １３７ 1234 5678 缴纳罚款"))
    path = tmp_path / "查处结果.pdf"
    (mend,) = _refused(office, path, PublicKind.OUTCOMES)
    assert mend.text == ""
    allow = AllowWording(
        key=mend.key, column=mend.column, text="联系 １３７ 1234 5678 缴纳罚款", reason="总机"
    )
    with pytest.raises(UserError, match="手机号码"):
        office.workspace.write(public_wording.allow, allow)
    reword = RewordCase(case_id=1, matter="超标排放", outcome="罚款二万元", reason="删去电话")
    with pytest.raises(UserError, match="理由"):
        office.workspace.write(
            following.reword_case, RewordCase(case_id=1, matter="", outcome="罚款", reason=" ")
        )
    office.workspace.write(following.reword_case, reword)
    command = MakePublicFile(path=path, what=PublicKind.OUTCOMES)
    assert office.workspace.write(public_files.make, command).rows == 1
    office.workspace.write(
        following.publish_outcome, PublishOutcome(case_id=1, on=_ON, place="局网站")
    )
    with pytest.raises(UserError, match="已经公示"):
        office.workspace.write(following.reword_case, reword)


def _name_item(uow: UnitOfWork, name: str) -> None:
    first = uow.session.query(InspectionItem).order_by(InspectionItem.id).first()
    assert first is not None
    first.name = name
    uow.session.query(ResultItem).filter_by(item_id=first.id).update({"name": name})
    uow.commit()


def test_an_items_name_is_looked_at_once_for_all_rows(office: DrawnOffice, tmp_path: Path) -> None:
    for task in office.tasks[:3]:
        lock_result(office, task)
    office.workspace.write(_name_item, f"{PEOPLE[0]}污染源检查")
    path = tmp_path / "公示表.xlsx"
    (mend,) = _refused(office, path, PublicKind.RESULTS)
    assert (mend.key[:6], mend.column, mend.label) == ("items:", "抽查事项", mend.text)
    package = MakePackage(what="items", to=tmp_path, period=PERIOD, edition="public")
    with pytest.raises(NotReadyError):
        office.workspace.write(exporting.export, package)
    office.workspace.write(
        public_wording.allow,
        AllowWording(key=mend.key, column=mend.column, text=mend.text, reason="“一污染源”"),
    )
    made = office.workspace.write(public_files.make, MakePublicFile(path=path))
    assert made.rows == 3
    assert office.workspace.write(exporting.export, package).path.is_file()


def _name_farm(uow: UnitOfWork, name: str) -> None:
    uow.session.query(Target).filter_by(ident=TARGETS[0][2]).one().name = name
    uow.commit()


def test_a_farm_may_bear_its_owners_name(office: DrawnOffice, tmp_path: Path) -> None:
    office.workspace.write(_name_farm, f"{LEGAL_REP}养殖场")
    publish(office, make_case(office, f"对{LEGAL_REP}养殖场罚款"))
    for what in (PublicKind.RESULTS, PublicKind.OUTCOMES):
        command = MakePublicFile(path=tmp_path / f"{what.value}.html", what=what)
        assert office.workspace.write(public_files.make, command).rows == 1


def test_the_units_own_words_on_the_page_are_searched(office: DrawnOffice, tmp_path: Path) -> None:
    lock_result(office, office.tasks[0])
    text = office.workspace.read(paper_words.words_of, PaperKind.PUBLICATION)
    passages = tuple(
        replace(each, text=f"{each.text}联系{PEOPLE[1]}13712345678。") for each in text.passages
    )
    office.workspace.write(paper_words.save, replace(text, passages=passages))
    (mend,) = _refused(office, tmp_path / "公示表.pdf", PublicKind.RESULTS)
    assert (mend.key, mend.column) == ("papers:publication", "文书用语")
    assert "手机号码" in mend.problem


_OWN_FORMAT = """id = "own"
name = "某平台"
note = "n"
[[sheets]]
record = "publications"
file = "公示.xlsx"
sheet = "公示"
columns = [
  { header = "企业", field = "检查对象名称" },
  { header = "查了什么", field = "检查内容" },
  { header = "怎样", field = "检查结果" },
]
"""


def test_a_platforms_own_format_is_searched_alike(office: DrawnOffice, tmp_path: Path) -> None:
    """A legal representative stood in it: only inspectors were looked for."""
    folder = office.workspace.folder.platforms
    folder.mkdir(exist_ok=True)
    (folder / "own.toml").write_text(_OWN_FORMAT, encoding="utf-8", newline="\n")
    lock_result(office, office.tasks[0])
    office.workspace.write(_name_item, f"{LEGAL_REP}家的排口")
    command = MakePackage(
        what="publications", to=tmp_path, period=PERIOD, edition="public", platform="own"
    )
    with pytest.raises(NotReadyError, match="法定代表人"):
        office.workspace.write(exporting.export, command)


def test_the_archive_holds_the_very_file_that_was_published(
    office: DrawnOffice, tmp_path: Path
) -> None:
    results = [lock_result(office, task) for task in office.tasks[:3]]
    path = tmp_path / "第一批.xlsx"
    make = MakePublicFile(path=path, period=PERIOD, results=tuple(results[:2]))
    office.workspace.write(public_files.make, make)
    as_published = path.read_bytes()
    (kept,) = office.workspace.read(kept_files.made_of, "results", results[:2])
    assert office.workspace.read(kept_files.made_of, "results", results) == ()
    with pytest.raises(UserError, match="没有全部选中"):
        office.workspace.write(
            publishing.publish,
            Publish(result_ids=tuple(results), on=_ON, place="局网站", file=kept.sha256),
        )
    office.workspace.write(
        publishing.publish,
        Publish(result_ids=tuple(results[:2]), on=_ON, place="局网站", file=kept.sha256),
    )
    path.write_bytes(b"somebody opened and saved it")
    office.workspace.write(_name_farm, "更名后的厂")
    archived = office.workspace.write(public_files.files, PERIOD)
    assert list(archived.values()) == [as_published]
    publish(office, results[2])  # without saying which file stood there
    archived = office.workspace.write(public_files.files, PERIOD)
    names = [name for name in archived if "归档时按记录生成" in name]
    assert len(archived) == 3 and [name[-4:] for name in names] == ["xlsx", ".pdf"]


def test_what_was_taken_down_stays_in_the_archive_as_it_stood(
    office: DrawnOffice, tmp_path: Path
) -> None:
    result = lock_result(office, office.tasks[0])
    path = tmp_path / "公示表.html"
    office.workspace.write(public_files.make, MakePublicFile(path=path, period=PERIOD))
    (kept,) = office.workspace.read(kept_files.made_of, "results", [result])
    office.workspace.write(
        publishing.publish,
        Publish(result_ids=(result,), on=_ON, place="局网站", file=kept.sha256),
    )
    command = TakeDown(result_id=result, on=_ON, reason="名称有误", approved_by="郑某")
    office.workspace.write(public_matters.take_down, command)
    archived = office.workspace.write(public_files.files, PERIOD)
    assert path.read_bytes() in archived.values()


def test_nobody_learns_from_a_refusal_who_was_drawn(office: DrawnOffice, tmp_path: Path) -> None:
    """A target that was drawn and one that was not are refused in the same words."""
    office.workspace.write(_add_target, "青禾县从未抽中砖厂")
    said = []
    result = make_case(office, "待改")
    publish(office, result)
    for name in (TARGETS[3][1], "青禾县从未抽中砖厂"):
        reword = RewordCase(case_id=1, matter="", outcome=f"见{name}一案", reason="试")
        office.workspace.write(following.reword_case, reword)
        (mend,) = _refused(office, tmp_path / "查处结果.html", PublicKind.OUTCOMES)
        said.append(mend.problem.replace(name, "某厂"))
    assert said[0] == said[1]


def _add_target(uow: UnitOfWork, name: str) -> None:
    uow.session.add(
        Target(
            ident="L99", name=name, search=name, category="GENERAL", state="active",
            category_since=date(2025, 1, 1), created_on=date(2025, 1, 1),
            created_at=uow.now, updated_at=uow.now,
        )
    )  # fmt: skip
    uow.commit()


def test_a_published_outcome_is_taken_down_reworded_and_published_again(
    office: DrawnOffice,
) -> None:
    publish(office, make_case(office, "罚款二万元"))
    down = public_matters.TakeDownOutcome(case_id=1, on=_ON, reason="数额有误", approved_by="郑某")
    with pytest.raises(UserError, match="没有公示"):
        office.workspace.write(public_matters.take_down_outcome, down)
    published = PublishOutcome(case_id=1, on=_ON, place="局网站")
    office.workspace.write(following.publish_outcome, published)
    office.workspace.write(public_matters.take_down_outcome, down)
    (gone,) = office.workspace.read(lists.withdrawals)
    assert (gone.wording, gone.place, gone.reason) == ("查处结果：罚款二万元", "局网站", "数额有误")
    reword = RewordCase(case_id=1, matter="", outcome="罚款三万元", reason="数额有误")
    office.workspace.write(following.reword_case, reword)
    office.workspace.write(following.publish_outcome, published)
    (row,) = office.workspace.read(lists.outcomes, set(), PERIOD)
    assert (row.outcome, row.published_on) == ("罚款三万元", _ON)


def test_a_late_application_is_registered_and_known_as_late(tmp_path: Path) -> None:
    """TJ 五: the window of 60 working days ended on 10 December 2026."""
    made = make_drawn_office(tmp_path / "tj", rulebook="taijiang-2022")
    result = lock_result(made, made.tasks[0])
    publish(made, result)
    for day, late in ((date(2026, 12, 10), False), (date(2026, 12, 11), True)):
        made.clock.move_to(day)
        receive = public_matters.ReceiveReview(
            result_id=result, received_on=day, applicant="某企业", matter="有异议"
        )
        review = made.workspace.write(public_matters.receive_review, receive)
        row = made.workspace.read(lists.reviews)[0]
        assert (row.open_until, row.late) == (date(2026, 12, 10), late)
        answer = public_matters.AnswerReview(
            review_id=review, outcome=ReviewOutcome.REFUSED, answer="超过时限", on=day
        )
        made.workspace.write(public_matters.answer_review, answer)
    made.workspace.close()


@pytest.mark.parametrize("organ", ["县纪委王见证", "县纪委 王 见 证", "县纪委13712345678"])
def test_a_witness_body_that_names_the_witness_is_refused(organ: str) -> None:
    """The body stands in the plan, and the plan becomes public."""
    witnesses = (
        WitnessInput(name="王见证", organ=organ, post="干部"),
        WitnessInput(name="李见证", organ="县司法局", post="干部"),
    )
    rulebook = load("yiyang-2021")
    with pytest.raises(UserError, match="单位随抽取记录公开"):
        check_witnesses(witnesses, rulebook, "卫七")
    good = (replace(witnesses[0], organ="县纪委"), witnesses[1])
    check_witnesses(good, rulebook, "卫七")


def test_an_identity_number_is_no_id_of_a_target() -> None:
    """The id stands in the plan, and the plan becomes public."""
    facts = TargetFacts(name="某养殖户", local_no="11010519491231002X")
    assert [each.field for each in validate(facts) if "身份证号" in each.message] == ["local_no"]
