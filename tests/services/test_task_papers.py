"""Papers of tasks and results, their numbers, and the words a unit writes for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.read import corrections, numbers, results
from app.db.unit_of_work import UnitOfWork
from app.domain.document_numbers import Series, Taken, following, gaps, read, written
from app.domain.paper_texts import (
    PaperKind,
    Passage,
    check,
    fields_of,
    fill,
    from_data,
    to_data,
)
from app.errors import UserError
from app.models import Assignment, AssignmentMember, Draw
from app.services.archive import duty_proof
from app.services.packages import platform_numbers
from app.services.paperwork import numbering, paper_words, result_papers, task_papers
from app.services.paperwork.numbering import EnterElsewhere, PrintRegister, SaveSeries, VoidNumber
from app.services.paperwork.result_papers import PrintCorrection
from app.services.paperwork.task_papers import PapersMade, PrintPapers
from app.services.public import public_files
from app.services.public.public_files import MakePublicFile
from app.services.safety import keeping
from app.services.safety.keeping import MakeBackup
from app.services.tasks import correcting, formalities, noticing
from app.services.workspace import open_workspace
from tests.documents.reading import pages, text
from tests.support_draw import (
    DRAW_NO,
    ITEMS,
    TARGETS,
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


def _print(office: DrawnOffice, kind: PaperKind, *tasks: int) -> PapersMade:
    return office.workspace.write(
        task_papers.print_papers, PrintPapers(kind=kind, tasks=tuple(tasks))
    )


def _words(made: PapersMade) -> str:
    return text(made.path.read_bytes())


# --- papers of tasks --------------------------------------------------------------------------


def test_one_file_holds_a_teams_notices_each_with_its_own_number(office: DrawnOffice) -> None:
    made = _print(office, PaperKind.NOTICE, *office.tasks[:3])
    assert made.count == 3
    assert made.numbers == ("检通〔2026〕1号", "检通〔2026〕2号", "检通〔2026〕3号")
    whole = pages(made.path.read_bytes())
    first = [page for page in whole if TARGETS[0][1] in page]
    assert first and all(TARGETS[1][1] not in page for page in first)
    assert TARGETS[3][1] not in "".join(whole)
    assert "赵一" in first[0] and "CERT-1" in first[0]
    assert all(item in first[0] for item in ITEMS)


def test_a_paper_keeps_its_number_and_takes_the_next_once_it_is_voided(
    office: DrawnOffice,
) -> None:
    task = office.tasks[0]
    assert _print(office, PaperKind.NOTICE, task).numbers == ("检通〔2026〕1号",)
    assert _print(office, PaperKind.NOTICE, task).numbers == ("检通〔2026〕1号",)
    # It stands in the formalities too: nobody copies it by hand.
    form = office.workspace.read(results.form, task)
    assert form.entry.formalities.notice_no == "检通〔2026〕1号"
    approval = office.workspace.read(numbers.register)
    assert [row.words for row in approval] == ["检通〔2026〕1号"]


def test_a_voided_number_is_never_used_again(office: DrawnOffice) -> None:
    task, other = office.tasks[:2]
    _print(office, PaperKind.APPROVAL, task)
    row = office.workspace.read(numbers.register)[0]
    office.workspace.write(numbering.void, VoidNumber(row.id, "名称印错"))
    assert _print(office, PaperKind.APPROVAL, other).numbers == ("检审〔2026〕2号",)
    assert _print(office, PaperKind.APPROVAL, task).numbers == ("检审〔2026〕3号",)
    states = [(each.words, each.state) for each in office.workspace.read(numbers.register)]
    assert states == [
        ("检审〔2026〕1号", "作废"),
        ("检审〔2026〕2号", "在用"),
        ("检审〔2026〕3号", "在用"),
    ]
    with pytest.raises(UserError, match="已经作废"):
        office.workspace.write(numbering.void, VoidNumber(row.id, "再来一次"))
    with pytest.raises(UserError, match="作废理由"):
        office.workspace.write(numbering.void, VoidNumber(row.id + 1, " "))


def test_a_voided_notice_is_printed_with_the_next_number(office: DrawnOffice) -> None:
    task = office.tasks[0]
    _print(office, PaperKind.NOTICE, task)
    row = office.workspace.read(numbers.register)[0]
    office.workspace.write(numbering.void, VoidNumber(row.id, "送达前发现地址写错"))
    assert _print(office, PaperKind.NOTICE, task).numbers == ("检通〔2026〕2号",)
    assert office.workspace.read(results.form, task).entry.formalities.notice_no == (
        "检通〔2026〕2号"
    )


def test_numbers_used_outside_are_entered_and_the_count_goes_on(office: DrawnOffice) -> None:
    command = EnterElsewhere(code="检通", year=2026, through=36, reason="上半年手工编号")
    words = office.workspace.write(numbering.enter_elsewhere, command)
    assert words == "检通〔2026〕1号至36号"
    assert _print(office, PaperKind.NOTICE, office.tasks[0]).numbers == ("检通〔2026〕37号",)
    with pytest.raises(UserError, match="下一个号是 38"):
        office.workspace.write(numbering.enter_elsewhere, command)
    path = office.workspace.write(numbering.print_register, PrintRegister("检通", 2026))
    printed = text(path.read_bytes())
    assert "没有缺号" in printed
    assert "上半年手工编号" in printed and "检通〔2026〕37号" in printed


def test_the_units_own_form_of_a_number(office: DrawnOffice) -> None:
    saved = SaveSeries("检通", "青环检通〔{年}〕第{号}号")
    office.workspace.write(numbering.save_series, saved)
    assert _print(office, PaperKind.NOTICE, office.tasks[0]).numbers == ("青环检通〔2026〕第1号",)
    for wrong in ("青环检通{号}号", "〔{年}〕{号}{处}", "〔{年}〕{号}{号}"):
        with pytest.raises(UserError):
            office.workspace.write(numbering.save_series, SaveSeries("检通", wrong))
    with pytest.raises(UserError, match="另一个文号序列"):
        office.workspace.write(numbering.save_series, SaveSeries("检审", saved.form))


def test_the_record_is_filled_in_and_called_as_the_text_calls_it(tmp_path: Path) -> None:
    for rulebook, title, signer in (
        ("qingdao-xihaian-2020", "现场检查记录表", "被检查对象"),
        ("neimenggu", "污染源现场检查（勘察）笔录", "被检查单位负责人"),
        ("taijiang-2022", "现场检查记录表", "第三方见证人"),
        ("yiyang-2021", "现场检查记录表", "被检查对象现场负责人"),
    ):
        office = make_drawn_office(tmp_path / rulebook, rulebook=rulebook)
        try:
            task = office.tasks[0]
            before = _words(_print(office, PaperKind.SITE_RECORD, task))
            assert title in before and signer in before and "□不符合" in before
            entry = ordered_entry(office, task)
            refused = replace(entry.formalities, witnessed_by="居委会伍某")
            lock_result(office, task, replace(entry, formalities=refused))
            after = _words(_print(office, PaperKind.SITE_RECORD, task))
            assert "09:40至11:25" in after and "暂存间标识不全" in after
            assert "□不符合" not in after
            # Where the target will not sign, the third party's name stands in its place.
            assert "居委会伍某" in after
            # Nobody is asked for a witness of a third party but where the text names one.
            assert ("第三方见证人" in after.split("身份姓名")[1]) is (rulebook == "taijiang-2022")
        finally:
            office.workspace.close()


def test_what_was_done_about_each_item_and_who_confirmed_it_is_printed(
    office: DrawnOffice,
) -> None:
    task = office.tasks[0]
    entry = ordered_entry(office, task)
    shown = replace(entry.formalities, confirmed_by="王厂长")
    items = (*entry.items[:-1], replace(entry.items[-1], measure="当场补齐"))
    lock_result(office, task, replace(entry, formalities=shown, items=items))
    words = _words(_print(office, PaperKind.SITE_RECORD, task))
    assert "处理：当场补齐" in words and "王厂长" in words
    assert "要求：当场补齐" in _words(_print(office, PaperKind.RECTIFICATION, task))


def test_the_notice_says_when_it_was_served(office: DrawnOffice) -> None:
    task = office.tasks[0]
    assert "年月日时分" in _words(_print(office, PaperKind.NOTICE, task))
    lock_result(office, task)
    assert "2026年9月10日09:40" in _words(_print(office, PaperKind.NOTICE, task))


def test_rectification_is_printed_for_those_that_were_ordered_only(office: DrawnOffice) -> None:
    ordered, clean = office.tasks[:2]
    lock_result(office, ordered, ordered_entry(office, ordered))
    lock_result(office, clean)
    made = _print(office, PaperKind.RECTIFICATION, ordered, clean)
    assert made.count == 1 and len(made.left_out) == 1
    printed = _words(made)
    assert "青环责改〔2026〕14号" in printed  # typed by hand: as it is, no number is taken
    assert "2026年10月10日" in printed and "暂存间标识不全" in printed
    assert office.workspace.read(numbers.register) == ()
    with pytest.raises(UserError, match="没有责令整改"):
        _print(office, PaperKind.RECTIFICATION, clean)


def test_blank_forms_take_no_number(office: DrawnOffice) -> None:
    for kind in task_papers.OF_TASKS:
        made = _print(office, kind)
        assert made.numbers == ()
        assert all(name not in _words(made) for _c, name, _u in TARGETS)
    assert office.workspace.read(numbers.register) == ()


def test_a_joint_letter_goes_out_only_where_we_lead(office: DrawnOffice) -> None:
    with pytest.raises(UserError, match="由我单位牵头"):
        _print(office, PaperKind.JOINT_LETTER, *office.tasks)
    office.workspace.write(_make_joint, office.tasks)
    made = _print(office, PaperKind.JOINT_LETTER, *office.tasks)
    assert made.numbers == ("联检〔2026〕1号", "联检〔2026〕2号")
    whole = pages(made.path.read_bytes())
    safety = "".join(page for page in whole if "王某" in page)
    assert TARGETS[0][1] in safety and TARGETS[1][1] not in safety
    assert "林某" not in safety


def _make_joint(uow: UnitOfWork, tasks: tuple[int, ...]) -> None:
    first = uow.session.get(Assignment, tasks[0])
    assert first is not None
    draw = uow.session.get(Draw, first.draw_id)
    assert draw is not None
    draw.way = "joint"
    for task, organ, name in (
        (tasks[0], "县应急管理局", "王某"),
        (tasks[1], "县市场监督管理局", "林某"),
    ):
        uow.session.add(
            AssignmentMember(
                assignment_id=task, draw_id=draw.id, group=organ, title=organ, ident="1", name=name
            )
        )
    uow.record("test.joint", DRAW_NO, {})
    uow.commit()


def test_an_expert_and_another_departments_inspector_are_told_apart(office: DrawnOffice) -> None:
    task = office.tasks[0]
    office.workspace.write(_make_joint, office.tasks)
    office.workspace.write(_add_expert, task)
    told = _words(_print(office, PaperKind.NOTICE, task))
    people, after = told.split("执法人员赵一", 1)[1].split("协助人员", 1)
    assert "王某（县应急管理局）" in people and "专家某甲" not in people
    assert "专家某甲" in after.split("检查事项")[0]
    record = _words(_print(office, PaperKind.SITE_RECORD, task))
    signers = record.split("身份姓名签名时间")[1]
    assert "县应急管理局王某" in signers and "专家专家某甲" in signers
    assert signers.count("检查人员") == 2
    notices = office.workspace.write(
        noticing.print_notices, noticing.PrintNotices(draw_no=DRAW_NO, tasks=(task,), text=True)
    )
    for path in notices.paths:
        said = text(path.read_bytes()) if path.suffix == ".pdf" else path.read_text("utf-8-sig")
        assert "专家某甲" in said and f"随同{_serial(office, task)}" in said


def _serial(office: DrawnOffice, task: int) -> str:
    return office.workspace.read(results.form, task).task.serial


def _add_expert(uow: UnitOfWork, task: int) -> None:
    row = uow.session.get(Assignment, task)
    assert row is not None
    uow.session.add(
        AssignmentMember(
            assignment_id=task,
            draw_id=row.draw_id,
            group="experts",
            title="专家",
            ident="9",
            name="专家某甲",
        )
    )
    uow.record("test.expert", DRAW_NO, {})
    uow.commit()


def test_the_platforms_numbers_stand_on_every_paper_of_the_task(
    office: DrawnOffice, tmp_path: Path
) -> None:
    first, second = office.tasks[:2]
    result = lock_result(office, first, ordered_entry(office, first))
    tasks = ((_serial(office, first), "RW-0001"), (_serial(office, second), "RW-0002"))
    office.workspace.write(
        platform_numbers.write_numbers,
        platform_numbers.Numbers(draw_no=DRAW_NO, plan_no="JH-77", tasks=tasks),
    )
    of_task = (kind for kind in task_papers.OF_TASKS if kind is not PaperKind.JOINT_LETTER)
    for kind in of_task:
        printed = _words(_print(office, kind, first))
        assert "平台计划编号JH-77" in printed and "平台任务编号RW-0001" in printed, kind
        assert "RW-0002" not in printed, kind
    office.workspace.write(_make_joint, office.tasks)
    safety, market = (
        "".join(page for page in pages(_print_letters(office)) if name in page)
        for name in ("王某", "林某")
    )
    assert "JH-77" in safety and "RW-0001" in safety and "RW-0002" not in safety
    assert "JH-77" in market and "RW-0002" in market and "RW-0001" not in market
    applied = office.workspace.write(correcting.apply, _application(result))
    form = office.workspace.write(
        result_papers.print_correction, PrintCorrection(applied.correction_id)
    )
    assert "平台计划编号JH-77平台任务编号RW-0001" in _words(form)
    proof = tmp_path / "证明.pdf"
    target = office.workspace.read(results.form, first).task.target_id
    office.workspace.write(
        duty_proof.print_proof, duty_proof.PrintDutyProof(target_id=target, year=2026, path=proof)
    )
    assert "平台计划编号JH-77平台任务编号RW-0001" in text(proof.read_bytes())
    (notice,) = office.workspace.write(
        noticing.print_notices, noticing.PrintNotices(draw_no=DRAW_NO, tasks=(second,))
    ).paths
    assert "JH-77（平台）" in text(notice.read_bytes())
    assert "平台任务编号RW-0002" in text(notice.read_bytes())


def _print_letters(office: DrawnOffice) -> bytes:
    return _print(office, PaperKind.JOINT_LETTER, *office.tasks).path.read_bytes()


# --- papers of results ------------------------------------------------------------------------


def _application(result: int) -> correcting.Apply:
    return correcting.Apply(
        result_id=result,
        error="结论选错",
        should_be="发现问题已责令整改",
        cause="看错一行",
        applied_by="钱二",
        applied_on=date(2026, 9, 15),
    )


def test_the_correction_form_shows_stations_passed_and_to_come(office: DrawnOffice) -> None:
    result = lock_result(office, office.tasks[0])
    moved = office.workspace.write(correcting.apply, _application(result))
    made = office.workspace.write(
        result_papers.print_correction, PrintCorrection(moved.correction_id)
    )
    printed = _words(made)
    row = office.workspace.read(corrections.sheet, moved.correction_id)
    assert row is not None and row.target_name in printed
    assert "结论选错" in printed and "主要负责人" in printed
    assert made.numbers == ("更正〔2026〕1号",)


def test_the_publication_table_names_locked_results_only(office: DrawnOffice) -> None:
    with pytest.raises(UserError, match="还没有可以公示"):
        office.workspace.write(public_files.make, MakePublicFile())
    lock_result(office, office.tasks[3])
    made = office.workspace.write(public_files.make, MakePublicFile())
    assert made.path.suffix == ".pdf" and made.path.parent == office.workspace.folder.root / "paper"
    printed = text(made.path.read_bytes())
    assert TARGETS[3][1] in printed and "未发现问题" in printed
    assert all(TARGETS[at][1] not in printed for at in (0, 1, 2, 4))


# --- words ------------------------------------------------------------------------------------


def test_own_words_are_printed_and_the_shipped_ones_come_back(office: DrawnOffice) -> None:
    workspace = office.workspace
    shipped = workspace.read(paper_words.words_of, PaperKind.NOTICE)
    own = replace(shipped, title="入企检查告知书").with_words({"main": "请{检查对象}配合。"})
    workspace.write(paper_words.save, own)
    assert workspace.read(paper_words.is_own, PaperKind.NOTICE)
    printed = _words(_print(office, PaperKind.NOTICE, office.tasks[0]))
    assert "入企检查告知书" in printed and f"请{TARGETS[0][1]}配合。" in printed
    workspace.write(paper_words.restore, PaperKind.NOTICE)
    assert workspace.read(paper_words.words_of, PaperKind.NOTICE) == shipped


@pytest.mark.parametrize("wrong", ["请{企业名}配合。", "请{检查对象配合。", "请检查对象}配合。"])
def test_a_field_that_does_not_exist_is_a_sentence(office: DrawnOffice, wrong: str) -> None:
    shipped = office.workspace.read(paper_words.words_of, PaperKind.NOTICE)
    with pytest.raises(UserError, match=r"“正文”里"):
        office.workspace.write(paper_words.save, shipped.with_words({"main": wrong}))
    assert not office.workspace.read(paper_words.is_own, PaperKind.NOTICE)


@pytest.mark.parametrize("kind", PaperKind)
def test_shipped_words_are_sound_and_can_be_previewed(kind: PaperKind) -> None:
    shipped = paper_words.shipped(kind)
    check(shipped)
    printed = text(paper_words.preview("某某县执法大队", shipped, date(2026, 9, 1)))
    assert shipped.title in printed and "（样例）" in printed


@given(st.sampled_from(list(PaperKind)), st.text(alphabet="文 字，。\n", max_size=30))
@settings(max_examples=60, deadline=None)
def test_every_field_of_a_paper_can_be_filled(kind: PaperKind, around: str) -> None:
    for name in fields_of(kind):
        assert fill(f"{around}{{{name}}}", {name: "值"}) == f"{around}值"


@given(st.lists(st.integers(1, 5), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_series_counted_by_its_next_number_has_no_gap(runs: list[int]) -> None:
    taken: list[Taken] = []
    for length in runs:
        first = following(taken)
        taken.append(Taken(first, first + length - 1))
    assert gaps(taken) == ()
    if len(taken) > 1:
        assert gaps(taken[1:]) == tuple(range(1, taken[0].through + 1))


def _type_notice_no(office: DrawnOffice, task: int, number: str) -> None:
    def keep(uow: UnitOfWork, _command: None) -> None:
        form = results.form(uow.session.connection(), task)
        given = replace(form.entry.formalities, notice_no=number)
        formalities.keep(uow, task, form.version, given)
        uow.commit()

    office.workspace.write(keep, None)


def test_a_number_typed_by_hand_stands_in_the_register_and_nobody_gets_it_again(
    office: DrawnOffice,
) -> None:
    first, second, third, fourth = office.tasks[:4]
    _type_notice_no(office, first, "检通〔2026〕1号")
    assert _print(office, PaperKind.NOTICE, first).numbers == ("检通〔2026〕1号",)
    assert _print(office, PaperKind.NOTICE, second).numbers == ("检通〔2026〕2号",)
    # The same number for another task, and one that leaves a gap: said, the rest is printed.
    _type_notice_no(office, third, "检通〔2026〕2号")
    _type_notice_no(office, fourth, "检通〔2026〕9号")
    made = _print(office, PaperKind.NOTICE, first, third, fourth)
    assert made.numbers == ("检通〔2026〕1号",)
    assert "一个号不能用两次" in made.left_out[0] and TARGETS[1][1] in made.left_out[0]
    assert "跳过了 检通〔2026〕3号" in made.left_out[1]
    with pytest.raises(UserError, match="没有可以打印"):
        _print(office, PaperKind.NOTICE, third)
    elsewhere = EnterElsewhere(code="检通", year=2026, through=8, reason="手工编号")
    office.workspace.write(numbering.enter_elsewhere, elsewhere)
    assert _print(office, PaperKind.NOTICE, fourth).numbers == ("检通〔2026〕9号",)
    # A number in another form is the unit's own affair.
    _type_notice_no(office, third, "青环检〔2026〕2号")
    assert _print(office, PaperKind.NOTICE, third).numbers == ("青环检〔2026〕2号",)
    rows = office.workspace.read(numbers.register)
    assert [row.words for row in rows] == [
        "检通〔2026〕1号",
        "检通〔2026〕2号",
        "检通〔2026〕3号至8号",
        "检通〔2026〕9号",
    ]


def test_a_new_year_counts_from_one_and_what_was_printed_keeps_its_number(
    office: DrawnOffice,
) -> None:
    old, new = office.tasks[:2]
    assert _print(office, PaperKind.APPROVAL, old).numbers == ("检审〔2026〕1号",)
    office.clock.move_to(date(2027, 1, 4))
    assert _print(office, PaperKind.APPROVAL, old, new).numbers == (
        "检审〔2026〕1号",
        "检审〔2027〕1号",
    )
    row = next(r for r in office.workspace.read(numbers.register) if r.year == 2027)
    office.workspace.write(numbering.void, VoidNumber(row.id, "份数印错"))
    path = office.workspace.write(numbering.print_register, PrintRegister("检审", 2027))
    printed = text(path.read_bytes())
    assert "份数印错" in printed and f"（{row.by}）" in printed and "检审〔2026〕" not in printed


@given(st.integers(2000, 2999), st.integers(1, 9999), st.sampled_from(["检通", "青环（检）+"]))
def test_a_number_is_read_back_as_it_was_written(year: int, number: int, name: str) -> None:
    series = Series("检通", f"{name}〔{{年}}〕第{{号}}号")
    assert read(series, written(series, year, number)) == (year, number)
    assert read(series, f"某{written(series, year, number)}") is None


@pytest.mark.parametrize(
    "title", ["{检查对象}检查通知书", "通知书}", "｛单位｝通知书", " ", "长" * 41]
)
def test_a_title_that_would_be_printed_wrongly_is_refused(office: DrawnOffice, title: str) -> None:
    shipped = office.workspace.read(paper_words.words_of, PaperKind.NOTICE)
    with pytest.raises(UserError, match="名称"):
        office.workspace.write(paper_words.save, replace(shipped, title=title))
    assert not office.workspace.read(paper_words.is_own, PaperKind.NOTICE)


def test_full_width_braces_mean_a_field(office: DrawnOffice) -> None:
    shipped = office.workspace.read(paper_words.words_of, PaperKind.NOTICE)
    office.workspace.write(paper_words.save, shipped.with_words({"main": "请｛检查对象｝配合。"}))
    printed = _words(_print(office, PaperKind.NOTICE, office.tasks[0]))
    assert f"请{TARGETS[0][1]}配合。" in printed
    with pytest.raises(UserError, match="不存在"):
        office.workspace.write(paper_words.save, shipped.with_words({"main": "请｛厂名｝配合。"}))


def test_words_saved_as_shipped_are_no_copy_of_ones_own(office: DrawnOffice) -> None:
    shipped = office.workspace.read(paper_words.words_of, PaperKind.NOTICE)
    office.workspace.write(paper_words.save, replace(shipped, title="入企检查告知书"))
    office.workspace.write(paper_words.save, shipped)
    assert not office.workspace.read(paper_words.is_own, PaperKind.NOTICE)


def test_words_nobody_can_print_are_refused_before_they_are_kept(office: DrawnOffice) -> None:
    shipped = office.workspace.read(paper_words.words_of, PaperKind.NOTICE)
    with pytest.raises(UserError, match="没有字体能印出"):
        office.workspace.write(paper_words.save, shipped.with_words({"main": "请\ue000配合。"}))


@pytest.mark.parametrize("kind", PaperKind)
def test_the_longest_words_and_the_most_lines_are_printed_to_their_end(kind: PaperKind) -> None:
    shipped = paper_words.shipped(kind)
    much = "须按规定办理，" * 560 + "到此为止"
    lines = "一行\n" * 400 + "到此为止"
    for words in (much, lines):
        long = [e.code for e in shipped.passages if not e.short]
        own = replace(shipped, copies=much).with_words(dict.fromkeys(long, words))
        if kind is PaperKind.INVITATION:  # one page, so that nobody overlooks its foot
            with pytest.raises(UserError, match="一页放不下"):
                paper_words.preview("某某县执法大队", own, date(2026, 9, 1))
            continue
        printed = text(paper_words.preview("某某县执法大队", own, date(2026, 9, 1)))
        asked = [code for code in long if code not in ("outcomes", "passed_on", "none")]
        assert printed.count("到此为止") == shipped.copied + len(asked)


def test_a_units_words_outlive_a_new_edition_of_the_shipped_ones() -> None:
    shipped = paper_words.shipped(PaperKind.NOTICE)
    own = to_data(replace(shipped, title="入企检查告知书").with_words({"main": "本单位的话。"}))
    added = Passage(code="new", label="新增", text="新版增加的话。")
    newer = replace(shipped.with_words({"main": "新版的话。"}), passages=(*shipped.passages, added))
    kept = from_data(PaperKind.NOTICE, own, newer)
    words = {each.code: each.text for each in kept.passages}
    assert kept.title == "入企检查告知书"
    assert (words["main"], words["new"]) == ("本单位的话。", "新版增加的话。")


def test_own_words_and_numbers_are_in_the_backup(office: DrawnOffice, tmp_path: Path) -> None:
    shipped = office.workspace.read(paper_words.words_of, PaperKind.NOTICE)
    office.workspace.write(paper_words.save, replace(shipped, title="入企检查告知书"))
    _print(office, PaperKind.NOTICE, office.tasks[0])
    made = office.workspace.write(keeping.backup, MakeBackup())
    keeping.restore(made.path, tmp_path / "restored")
    again = open_workspace(tmp_path / "restored")
    try:
        assert again.read(paper_words.words_of, PaperKind.NOTICE).title == "入企检查告知书"
        assert [row.words for row in again.read(numbers.register)] == ["检通〔2026〕1号"]
    finally:
        again.close()
