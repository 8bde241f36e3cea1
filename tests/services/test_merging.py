"""A squad's form goes out, is filled in away from here, comes back and is merged."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app.db.read import courses, results
from app.db.unit_of_work import UnitOfWork
from app.domain.course import TaskState
from app.domain.inspection import ResultState
from app.errors import UserError
from app.models import Draw, IncomingFile, IncomingRow, Inspector, Result, Unit
from app.services import attaching
from app.services.intake import merging, result_forms
from app.services.intake.merging import MergeFate, MergePreview, MergeResults, Prefer, UndoMerge
from app.services.intake.result_forms import FormMade, MakeForms
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage
from app.services.safety import keeping
from app.services.tasks import inspecting
from app.services.tasks.inspecting import SaveDraft
from app.services.workspace import open_workspace
from tests.support_draw import (
    PERIOD,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)
from tests.support_forms import CLEAN, FOUND, fill

TODAY = date(2026, 9, 15)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "ws")
    yield made
    made.workspace.close()


@pytest.fixture
def form(office: DrawnOffice, tmp_path: Path) -> FormMade:
    """All five tasks in one workbook."""
    folder = tmp_path / "out"
    folder.mkdir()
    command = MakeForms(period=PERIOD, by="all", folder=folder)
    (made,) = office.workspace.write(result_forms.make, command)
    return made


def edit(path: Path, change: Callable[[Any], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def look(office: DrawnOffice, path: Path, **more: Any) -> MergePreview:
    command = MergeResults(path=path, today=TODAY, **more)
    return office.workspace.read(merging.preview, command)


def fates(seen: MergePreview) -> dict[str, MergeFate]:
    return {row.offer.serial: row.fate for row in seen.rows}


def merge(office: DrawnOffice, path: Path, **more: Any) -> merging.Merged:
    return office.workspace.write(merging.apply, MergeResults(path=path, **more))


def test_a_form_is_shared_out_by_team_and_protects_its_keys(
    office: DrawnOffice, tmp_path: Path
) -> None:
    shares = office.workspace.read(result_forms.groups, PERIOD, "team")
    assert [(each.name, len(each.tasks)) for each in shares] == [("第 1 组", 3), ("第 2 组", 2)]
    command = MakeForms(period=PERIOD, by="team", folder=tmp_path, names=("第 2 组",))
    (made,) = office.workspace.write(result_forms.make, command)
    assert (made.tasks, made.path.name) == (2, "检查结果填报表-2026Q3-第 2 组.xlsx")
    sheet = openpyxl.load_workbook(made.path)["检查结果"]
    columns = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    assert sheet.protection.sheet
    assert sheet.cell(3, columns["序号"]).protection.locked
    assert sheet.cell(3, columns["填报表号"]).protection.locked
    assert not sheet.cell(3, columns["检查结论"]).protection.locked
    assert any("检查结果" in rule.formula1 or "可选值" in rule.formula1
               for rule in sheet.data_validations.dataValidation)  # fmt: skip
    assert not {"审批人", "审批日期", "申请人"} & set(columns)  # the section's own
    with pytest.raises(UserError, match="可能已经填过，没有覆盖"):
        office.workspace.write(result_forms.make, command)


def test_what_comes_back_is_previewed_then_merged_in_one_transaction(
    office: DrawnOffice, form: FormMade
) -> None:
    fill(form.path, "KEY-01", CLEAN, every="符合")
    fill(form.path, "KEY-02", FOUND, {4: ("不符合", "标识不全")}, every="符合")
    fill(form.path, "GENERAL-01", {**CLEAN, "检查结论": ""}, every="符合")
    seen = look(office, form.path)
    assert fates(seen) == {
        "KEY-01": MergeFate.NEW,
        "KEY-02": MergeFate.NEW,
        "GENERAL-01": MergeFate.NEW,
        "GENERAL-02": MergeFate.EMPTY,
        "GENERAL-03": MergeFate.EMPTY,
    }
    counts = seen.counts
    assert (counts.rows, counts.new, counts.skipped) == (5, 3, 2)
    assert (counts.submitted, counts.drafts) == (2, 1)
    draft = next(row for row in seen.rows if row.offer.serial == "GENERAL-01")
    assert draft.missing == ("请选择检查结论。",)
    # Who was not inspected is secret still: neither name nor code on the screen.
    assert {row.name for row in seen.rows if row.fate is MergeFate.EMPTY} == {"检查前保密"}
    assert office.workspace.read(lambda c: c.execute(select(Result.id)).all()) == []
    done = merge(office, form.path, sha256=seen.sha256)
    states = [office.workspace.read(results.form, task).task.state for task in office.tasks]
    assert states == [
        ResultState.SUBMITTED, ResultState.SUBMITTED, ResultState.DRAFT, None, None
    ]  # fmt: skip
    entry = office.workspace.read(results.form, office.tasks[1]).entry
    assert (entry.arrived, entry.rectify_by) == ("09:40", date(2026, 10, 10))
    assert entry.methods == ("查看现场", "查阅材料")
    assert [item.note for item in entry.items] == ["", "", "", "标识不全"]
    assert entry.entered_by == "钱二"
    (file,) = office.workspace.read(lambda c: c.execute(select(IncomingFile.__table__)).all())
    assert (file.id, file.kind, file.source) == (done.file_id, "result_form", "全部任务")
    assert attaching.path_of(office.workspace.folder, file.sha256).is_file()
    rows = office.workspace.read(
        lambda c: c.execute(select(IncomingRow.place, IncomingRow.change)).all()
    )
    assert [tuple(row) for row in rows] == [(f"第 {n} 行", "new") for n in (3, 4, 5)]
    again = look(office, form.path)
    assert "已由卫七合并过" in again.notes[0]
    assert {row.fate for row in again.rows} == {MergeFate.UNCHANGED, MergeFate.EMPTY}
    with pytest.raises(UserError, match="没有可以写入的结果"):
        merge(office, form.path)


def test_rules_of_results_hold_for_a_form_too(office: DrawnOffice, form: FormMade) -> None:
    """A day ahead or before the draw, people unfit on the day, a reviewer who entered it."""

    def expire(uow: UnitOfWork, _command: None) -> None:
        uow.session.query(Inspector).filter_by(name="钱二").one().cert_valid_to = date(2026, 9, 1)
        uow.record("test.expire", "钱二", {})
        uow.commit()

    fill(form.path, "KEY-02", {**CLEAN, "检查日期": date(2026, 9, 16)}, every="符合")
    fill(form.path, "GENERAL-02", {**CLEAN, "检查日期": date(2026, 7, 1)}, every="符合")
    fill(form.path, "KEY-01", CLEAN, every="符合")
    office.workspace.write(expire, None)
    seen = look(office, form.path)
    reasons = {row.offer.serial: row.reason for row in seen.rows}
    assert "检查日期 2026-09-16 还没有到" in reasons["KEY-02"]
    assert "早于抽取日期 2026-07-02" in reasons["GENERAL-02"]
    unfit = next(row for row in seen.rows if row.offer.serial == "KEY-01")
    assert unfit.fate is MergeFate.NEW
    assert any("钱二的执法证 2026-09-01 已到期" in words for words in unfit.missing)
    merge(office, form.path)
    kept = office.workspace.read(results.form, office.tasks[0])
    assert kept.task.state is ResultState.DRAFT  # never handed in with unfit people


def test_a_locked_and_a_submitted_result_stay_as_they_are(
    office: DrawnOffice, form: FormMade
) -> None:
    lock_result(office, office.tasks[0])
    office.workspace.write(
        inspecting.submit,
        inspecting.SubmitResult(
            assignment_id=office.tasks[1], entry=ordered_entry(office, office.tasks[1])
        ),
    )
    for serial in ("KEY-01", "KEY-02"):
        fill(form.path, serial, {**CLEAN, "文书号": "改"}, every="符合")
    seen = look(office, form.path)
    assert [row.reason for row in seen.rows[:2]] == [
        "已锁定，确有错误的走更正申请",
        "已提交复核，要先退回才能改",
    ]
    assert (seen.counts.locked, seen.counts.rejected) == (2, 2)
    with pytest.raises(UserError, match="没有可以写入的结果"):
        merge(office, form.path, usual=Prefer.THEIRS)


def test_what_was_typed_here_meanwhile_is_asked_for(office: DrawnOffice, form: FormMade) -> None:
    task = office.tasks[0]
    typed = replace(clean_entry(office, task), document_no="本机文号", measure="")
    office.workspace.write(inspecting.save_draft, SaveDraft(assignment_id=task, entry=typed))
    fill(form.path, "KEY-01", {**CLEAN, "文书号": "表里文号", "离开时间": "11：25"}, every="符合")
    (row, *_others) = look(office, form.path).rows
    assert row.fate is MergeFate.CONFLICT
    assert [(d.label, d.ours_words, d.theirs_words) for d in row.conflicts] == [
        ("检查方式", "现场检查", "查看现场、查阅材料"),
        ("文书号", "本机文号", "表里文号"),
    ]
    with pytest.raises(UserError, match="没有可以写入的结果"):
        merge(office, form.path)
    (ours, *_) = look(office, form.path, sides={task: Prefer.OURS}).rows
    assert ours.fate is MergeFate.UNCHANGED  # all the file had anew was in conflict
    merge(office, form.path, sides={task: Prefer.THEIRS})
    entry = office.workspace.read(results.form, task).entry
    assert (entry.document_no, entry.left) == ("表里文号", "11:25")


def test_the_squads_slips_become_sentences(
    office: DrawnOffice, form: FormMade, tmp_path: Path
) -> None:
    for serial in ("KEY-01", "KEY-02", "GENERAL-01", "GENERAL-02"):
        fill(form.path, serial, CLEAN, every="符合")

    def slip(book: Any) -> None:
        sheet = book["检查结果"]
        columns = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
        sheet.cell(3, columns["检查日期"]).value = "=TODAY()"
        sheet.cell(4, columns["检查日期"]).value = "九月上旬"
        sheet.cell(5, columns["检查人员"]).value = "郑十"
        sheet.cell(5, columns["检查方式"]).value = "远观"
        sheet.cell(6, columns["序号"]).value = "KEY-09"
        sheet.delete_rows(7)
        sheet.append(["KEY-01", "", "", ""])
        sheet.title = "Sheet1"

    edit(form.path, slip)
    seen = look(office, form.path)
    said = {row.offer.number: row.reason for row in seen.rows if row.fate is MergeFate.REJECTED}
    assert "“检查日期”里是公式" in said[3]
    assert "检查日期“九月上旬”不是完整的日期" in said[4]
    assert said[5].startswith("检查人员“郑十”名录里没有；检查方式“远观”不认识，请选：")
    assert "“360199-2026Q3-01 KEY-09”不是填报表 TB2026-0001 里的任务" in said[6]
    assert "填报表号空着：这一行是后来加的" in said[7]
    assert "改名成了“Sheet1”" in seen.notes[0]
    assert "少了 2 行（GENERAL-02、GENERAL-03）" in seen.notes[1]
    back = tmp_path / "退回.xlsx"
    office.workspace.read(lambda c: merging.write_back(back, c, seen))
    # Corrected in what was given back, it merges like the form itself.
    fill(back, "KEY-02", {"检查日期": "2026-09-10"})
    found = fates(look(office, back))
    assert found["KEY-02"] is MergeFate.NEW


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p.write_text("序号,检查结论\nKEY-01,x\n", "utf-8"), "两张表只剩一张"),
        (lambda p: p.write_bytes(b"PK\x03\x04 broken"), "打不开"),
        (
            lambda p: shutil.copyfile(Path(__file__), p),
            "两张表只剩一张|不是表格|没有检查结果填报表",
        ),
    ],
)
def test_another_file_is_a_sentence(
    office: DrawnOffice, tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "表.csv"
    make(path)
    with pytest.raises(UserError, match=words):
        look(office, path)
    with pytest.raises(UserError, match="找不到文件"):
        look(office, tmp_path / "没有.xlsx")


def test_a_form_of_another_workspace_is_named(office: DrawnOffice, form: FormMade) -> None:
    def rename(book: Any) -> None:
        for sheet in (book["检查结果"], book["逐项检查"]):
            column = next(cell.column for cell in sheet[1] if cell.value == "填报表号")
            for row in range(3, sheet.max_row + 1):
                sheet.cell(row, column).value = "TB2026-0099"

    fill(form.path, "KEY-01", CLEAN, every="符合")
    edit(form.path, rename)
    seen = look(office, form.path)
    assert {row.reason for row in seen.rows} == {
        "没有登记过填报表 TB2026-0099：不是从这个工作区导出的"
    }


def test_a_merge_is_taken_back_whole_while_nothing_followed(
    office: DrawnOffice, form: FormMade
) -> None:
    task = office.tasks[0]
    typed = replace(clean_entry(office, task), document_no="本机文号")
    office.workspace.write(inspecting.save_draft, SaveDraft(assignment_id=task, entry=typed))
    before = office.workspace.read(results.form, task)
    fill(form.path, "KEY-01", {**CLEAN, "文书号": "表里文号"}, every="符合")
    fill(form.path, "KEY-02", FOUND, {4: ("不符合", "标识不全")}, every="符合")
    done = merge(office, form.path, usual=Prefer.THEIRS)
    assert office.workspace.read(results.form, task).task.state is ResultState.SUBMITTED
    assert office.workspace.write(merging.undo, UndoMerge(done.file_id)) == 2
    after = office.workspace.read(results.form, task)
    assert (after.entry, after.task.state) == (before.entry, ResultState.DRAFT)
    assert after.entered_at == before.entered_at
    assert office.workspace.read(results.form, office.tasks[1]).task.state is None
    assert office.workspace.read(courses.state_of, office.tasks[1]) is TaskState.ASSIGNED
    with pytest.raises(UserError, match="已经撤销"):
        office.workspace.write(merging.undo, UndoMerge(done.file_id))
    again = merge(office, form.path, usual=Prefer.THEIRS)  # and merged once more
    result = office.workspace.read(results.form, office.tasks[1]).task.result_id
    assert result is not None
    office.workspace.write(
        inspecting.lock, inspecting.LockResult(result_id=result, reviewed_by="卫七")
    )
    with pytest.raises(UserError, match="KEY-02 的结果合并之后又改过、退回或复核过"):
        office.workspace.write(merging.undo, UndoMerge(again.file_id))
    root = office.workspace.folder.root
    office.workspace.close()
    bad = {each.name: each.detail for each in keeping.check_folder(root) if not each.ok}
    assert not bad.keys() & {"关联", "账本", "数据", "附件"}, bad


# --- another installation ---------------------------------------------------------------------


@pytest.fixture
def squad(office: DrawnOffice, tmp_path: Path) -> Iterator[DrawnOffice]:
    """The squad's own computer: a copy of the workspace, as a restore makes it."""
    office.workspace.close()
    shutil.copytree(office.workspace.folder.root, tmp_path / "squad")
    own = open_workspace(tmp_path / "ws", actor="卫七", clock=office.clock)
    object.__setattr__(office, "workspace", own)
    workspace = open_workspace(tmp_path / "squad", actor="赵一", clock=office.clock)
    yield DrawnOffice(workspace, office.clock, office.tasks)
    workspace.close()


def _package(squad: DrawnOffice, folder: Path, **more: Any) -> Path:
    folder.mkdir(exist_ok=True)
    command = MakePackage(what="results", period=PERIOD, to=folder, **more)
    return squad.workspace.write(exporting.export, command).path


def test_results_of_another_installation_are_merged_the_same_way(
    office: DrawnOffice, squad: DrawnOffice, tmp_path: Path
) -> None:
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(b"jpeg")
    draft = SaveDraft(assignment_id=squad.tasks[0], entry=clean_entry(squad, squad.tasks[0]))
    result = squad.workspace.write(inspecting.save_draft, draft).result_id
    squad.workspace.write(
        attaching.attach, attaching.Attach(owner_kind="result", owner_id=result, path=photo)
    )
    lock_result(squad, squad.tasks[0])
    lock_result(squad, squad.tasks[1], ordered_entry(squad, squad.tasks[1]))
    path = _package(squad, tmp_path / "stick", passphrase="qinghe-2026")
    with pytest.raises(UserError, match="设了口令"):
        look(office, path)
    with pytest.raises(UserError, match="口令不对"):
        look(office, path, passphrase="wrong-phrase")
    seen = look(office, path, passphrase="qinghe-2026")
    assert fates(seen) == {"KEY-01": MergeFate.NEW, "KEY-02": MergeFate.NEW}
    done = merge(office, path, passphrase="qinghe-2026")
    # Reviewed there is not reviewed here.
    kept = office.workspace.read(results.form, office.tasks[0])
    assert kept.task.state is ResultState.SUBMITTED
    assert [each.name for each in kept.attachments] == ["现场.jpg"]
    assert kept.entry == squad.workspace.read(results.form, squad.tasks[0]).entry
    again = look(office, path, passphrase="qinghe-2026")
    assert "这个包 2026-09-15 已由卫七合并过" in again.notes[0]
    plain = _package(squad, tmp_path / "plain")
    assert {row.fate for row in look(office, plain).rows} == {MergeFate.UNCHANGED}
    office.workspace.write(merging.undo, UndoMerge(done.file_id))
    assert office.workspace.read(results.form, office.tasks[0]).task.result_id is None


def test_a_package_of_others_or_changed_on_the_way_is_refused(
    office: DrawnOffice, squad: DrawnOffice, tmp_path: Path
) -> None:
    lock_result(squad, squad.tasks[0])
    path = _package(squad, tmp_path / "stick")
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith("results.json"):
                data = data.replace("钱二".encode(), "孙三".encode())
            target.writestr(entry, data)
    with pytest.raises(UserError, match=r"没有通过校验.*data/results\.json 内容不符"):
        look(office, changed)

    def move(uow: UnitOfWork, _command: None) -> None:
        uow.session.query(Draw).one().result_hash = "9" * 64
        uow.record("test.move", "", {})
        uow.commit()

    squad.workspace.write(move, None)
    other = look(office, _package(squad, tmp_path / "other"))
    assert "结果摘要 F 与本机的不同：不是同一次抽取" in other.rows[0].reason

    def elsewhere(uow: UnitOfWork, _command: None) -> None:
        unit = uow.session.query(Unit).one()
        unit.code, unit.name = "360188", "白石县生态环境保护综合行政执法大队"
        uow.record("test.elsewhere", "", {})
        uow.commit()

    squad.workspace.write(elsewhere, None)
    with pytest.raises(UserError, match=r"是白石县.*（360188）的包，不是本单位（360199）的"):
        look(office, _package(squad, tmp_path / "third"))
