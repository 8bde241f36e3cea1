"""A package on its way: who approves, what the platform sends back, its numbers, what is gone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.db.read import packages, received, results, targets
from app.db.read.query import ListQuery
from app.db.unit_of_work import UnitOfWork
from app.domain.package_course import PackageState, check_step, next_steps
from app.domain.paper_texts import PaperKind
from app.domain.publicity import ExemptionKind
from app.domain.received import FileKind
from app.errors import UserError
from app.exchange.writing import Column, Table, write_table
from app.models import Assignment
from app.services.packages import (
    carrying,
    exporting,
    package_life,
    platform_answers,
    platform_numbers,
)
from app.services.packages.exporting import MakePackage, NotReadyError, Package
from app.services.packages.package_life import Answer, Refused, TakeStep, WantApproval
from app.services.packages.platform_numbers import Numbers
from app.services.paperwork import task_papers
from app.services.public import public_matters, public_wording
from app.services.public.public_wording import AllowWording, WithdrawWording
from tests.documents import reading
from tests.support_draw import (
    DRAW_NO,
    PEOPLE,
    PERIOD,
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def came_in(office: DrawnOffice) -> list[received.ReceivedFile]:
    wanted = office.workspace.read(received.ids, ListQuery())
    return office.workspace.read(received.rows, list(wanted))


def make(office: DrawnOffice, to: Path, what: str, **more: object) -> Package:
    command = MakePackage(what=what, to=to, period=PERIOD, **more)  # type: ignore[arg-type]
    return office.workspace.write(exporting.export, command)


def take(office: DrawnOffice, package: Package, state: PackageState, **more: object) -> None:
    step = TakeStep(package_id=package.id, state=state, who="钱二", **more)  # type: ignore[arg-type]
    office.workspace.write(package_life.take, step)


def carried(office: DrawnOffice, package: Package) -> None:
    take(office, package, PackageState.COPIED)
    take(office, package, PackageState.UPLOADED)


def accept(office: DrawnOffice, package: Package, *refused: Refused, note: str = "") -> None:
    answer = Answer(package_id=package.id, refused=refused, note=note)
    office.workspace.write(package_life.answer, answer)


def listed(path: Path, titles: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    write_table(path, Table("", tuple(Column(each) for each in titles), list(rows)))
    return path


def sheet_rows(package: Package, name: str) -> list[list[object]]:
    with zipfile.ZipFile(package.path) as archive:
        inside = next(each for each in archive.namelist() if each.endswith(f"/data/{name}"))
        sheet = openpyxl.load_workbook(io.BytesIO(archive.read(inside))).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("approval", [False, True])
def test_only_the_next_steps_are_lawful(approval: bool) -> None:
    for before in PackageState:
        for after in PackageState:
            if after in next_steps(before, approval=approval):
                check_step(before, after, approval=approval)
                continue
            with pytest.raises(UserError):
                check_step(before, after, approval=approval)


def test_nothing_leaves_unapproved_where_the_unit_wants_approval(
    office: DrawnOffice, tmp_path: Path
) -> None:
    office.workspace.write(package_life.want_approval, WantApproval(wanted=True))
    package = make(office, tmp_path, "items")
    stick = tmp_path / "stick"
    stick.mkdir()
    carry = carrying.CarryPackage(file_name=package.path.name, folder=stick)
    with pytest.raises(UserError, match="没有批准"):
        take(office, package, PackageState.COPIED)
    with pytest.raises(UserError, match="没有批准"):
        carrying.carry_package(office.workspace, carry, drives=tuple)
    assert list(stick.iterdir()) == []
    take(office, package, PackageState.APPROVED, post="副大队长", on=date(2026, 9, 14))
    carrying.carry_package(office.workspace, carry, drives=tuple)
    found = office.workspace.read(packages.one, package.id)
    assert found is not None
    told = [(each.state, each.who, each.post, each.on) for each in found.steps]
    assert told[1:] == [
        (PackageState.APPROVED, "钱二", "副大队长", date(2026, 9, 14)),
        (PackageState.COPIED, office.workspace.actor, "", date(2026, 9, 15)),
    ]


def test_a_day_to_come_is_no_day_it_was_done(office: DrawnOffice, tmp_path: Path) -> None:
    package = make(office, tmp_path, "items")
    with pytest.raises(UserError, match="还没有到"):
        take(office, package, PackageState.COPIED, on=date(2026, 9, 16))


def test_what_is_no_longer_there_is_reported_once(office: DrawnOffice, tmp_path: Path) -> None:
    result = lock_result(office, office.tasks[0])
    lock_result(office, office.tasks[1])
    first = make(office, tmp_path, "publications", edition="public")
    carried(office, first)
    accept(office, first)
    exempt = public_matters.Exempt(
        result_id=result,
        kind=ExemptionKind.SECRET,
        reason="涉密",
        approved_by="王五",
        on=date(2026, 9, 15),
    )
    office.workspace.write(public_matters.exempt, exempt)
    again = make(office, tmp_path, "publications", edition="public", changed=True)
    (row,) = sheet_rows(again, "删除的行.xlsx")
    assert row[:4] == ["公示", TARGETS[0][1], TARGETS[0][2], first.path.name]
    assert all(check.ok for check in exporting.verify(again.path))
    (line,) = office.workspace.read(packages.lines, again.id)
    assert (line.label, line.gone) == (TARGETS[0][1], "公示")
    carried(office, again)
    accept(office, again)
    with pytest.raises(UserError, match="没有变化"):
        make(office, tmp_path, "publications", edition="public", changed=True)


def test_another_drawings_rows_are_not_taken_for_gone(office: DrawnOffice, tmp_path: Path) -> None:
    lock_result(office, office.tasks[0])
    first = make(office, tmp_path, "publications")
    carried(office, first)
    accept(office, first)
    command = MakePackage(what="publications", to=tmp_path, period="2026Q2", changed=True)
    with pytest.raises(UserError, match="没有可以导出"):
        office.workspace.write(exporting.export, command)


def test_complaints_find_their_rows_by_code_name_or_line(
    office: DrawnOffice, tmp_path: Path
) -> None:
    package = make(office, tmp_path, "targets")
    lines = office.workspace.read(packages.lines, package.id)
    by_name = {line.label: line for line in lines}

    def said(*rows: tuple[str, ...], titles: tuple[str, ...]) -> platform_answers.Complaints:
        path = listed(tmp_path / "错误.xlsx", titles, *rows)
        return office.workspace.read(platform_answers.read_complaints, package.id, path)

    # “序号” counts the list itself: the name decides.
    found = said(
        ("1", TARGETS[4][1], "地址不全"),
        ("2", "查无此厂", "不在辖区"),
        titles=("序号", "企业名称", "错误原因"),
    )
    assert [(each.line, each.words) for each in found.found] == [
        (by_name[TARGETS[4][1]].line, "地址不全")
    ]
    assert len(found.left) == 1
    assert "不在辖区" in found.left[0]
    found = said((TARGETS[1][2], "代码不存在"), titles=("统一社会信用代码", "失败提示"))
    assert [each.label for each in found.found] == [TARGETS[1][1]]
    found = said(("第4行", "电话不对"), ("99", "没有"), titles=("行号", "错误信息"))
    assert [each.line for each in found.found] == [4]
    assert "99" in found.left[0]
    with pytest.raises(UserError, match="没有找到"):
        said(("x", "y"), titles=("甲", "乙"))


def test_an_answer_is_put_right_with_a_reason_and_marks_follow(
    office: DrawnOffice, tmp_path: Path
) -> None:
    package = make(office, tmp_path, "targets")
    carried(office, package)
    accept(office, package, Refused(line=2, words="一"), Refused(line=2, words="二"))
    (marked,) = office.workspace.read(packages.sent_back, "targets").values()
    assert marked == "一；二"
    with pytest.raises(UserError, match="登记过"):
        accept(office, package, Refused(line=3, words="三"))
    accept(office, package, Refused(line=3, words="三"), note="看错了行")
    (row_id,) = office.workspace.read(packages.sent_back, "targets")
    (row,) = office.workspace.read(targets.rows, [row_id])
    assert row.sent_back == "三"
    again = make(office, tmp_path, "targets", changed=True, corrects=package.id)
    assert office.workspace.read(packages.sent_back, "targets") == {}
    found = office.workspace.read(packages.one, again.id)
    assert found is not None
    assert (found.corrects, found.lines) == (package.path.name, 1)


def test_the_files_of_an_answer_stand_in_the_register(office: DrawnOffice, tmp_path: Path) -> None:
    package = make(office, tmp_path, "targets")
    carried(office, package)
    complaints, receipt = tmp_path / "退回.csv", tmp_path / "回执.txt"
    complaints.write_text("行号,原因\n2,地址不全\n", encoding="utf-8")
    receipt.write_text("已收", encoding="utf-8")
    answer = Answer(
        package_id=package.id,
        refused=(Refused(line=2, words="地址不全"),),
        number="JS-7",
        receipts=(receipt, complaints),
        complaints=complaints,
    )
    office.workspace.write(package_life.answer, answer)
    files = {file.kind: file for file in came_in(office)}
    assert {kind: file.file_name for kind, file in files.items()} == {
        FileKind.RECEIPT: "回执.txt",
        FileKind.REFUSALS: "退回.csv",
    }
    assert {(file.subject, file.document_no) for file in files.values()} == {
        (package.path.name, "JS-7")
    }
    (row,) = office.workspace.read(received.rows_of, files[FileKind.REFUSALS])
    assert row.detail == "2，地址不全"
    assert office.workspace.read(received.rows_of, files[FileKind.RECEIPT]) == ()


def test_a_correction_goes_where_the_rows_came_back_from(
    office: DrawnOffice, tmp_path: Path
) -> None:
    package = make(office, tmp_path, "targets")
    carried(office, package)
    accept(office, package, Refused(line=2, words="一"))
    with pytest.raises(UserError, match="另一个平台"):
        make(office, tmp_path, "targets", platform="jiangxi", corrects=package.id)


def test_a_refused_result_is_marked_in_its_list(office: DrawnOffice, tmp_path: Path) -> None:
    lock_result(office, office.tasks[0])
    package = make(office, tmp_path, "publications")
    carried(office, package)
    (line,) = office.workspace.read(packages.lines, package.id)
    accept(office, package, Refused(line=line.line, words="日期不对"))
    rows = office.workspace.read(results.rows, list(office.tasks))
    assert [row.sent_back for row in sorted(rows, key=lambda row: row.id)] == ["日期不对"] + [
        ""
    ] * 4
    assert office.workspace.read(packages.place_of, line.key) == ("results", office.tasks[0])


def test_numbers_come_by_code_or_name_and_what_does_not_fit_is_listed(
    office: DrawnOffice, tmp_path: Path
) -> None:
    path = listed(
        tmp_path / "任务.xlsx",
        ("计划编号", "统一社会信用代码", "单位名称", "任务编号"),
        ("JH-1", TARGETS[0][2], "", "RW-0"),
        ("JH-1", "", TARGETS[2][1], "RW-2"),
        ("JH-1", "", "查无此厂", "RW-9"),
        ("JH-1", TARGETS[0][2], "", "RW-7"),
    )
    found = office.workspace.read(platform_numbers.read_numbers, path, DRAW_NO)
    assert {row.name: row.after for row in found.rows if row.after} == {
        TARGETS[0][1]: "RW-0",
        TARGETS[2][1]: "RW-2",
    }
    assert [each.split("（")[-1] for each in found.left] == ["任务编号 RW-9）", "RW-7）"]
    assert all(not row.before for row in found.rows)
    given = tuple((row.serial, row.after) for row in found.rows if row.after)
    numbers = Numbers(draw_no=DRAW_NO, plan_no="JH-1", tasks=given, source=path)
    assert office.workspace.write(platform_numbers.write_numbers, numbers) == 2
    (file,) = came_in(office)
    assert (file.kind, file.file_name, file.subject) == (FileKind.NUMBERS, path.name, DRAW_NO)
    rows = office.workspace.read(received.rows_of, file)
    assert {row.what for row in rows} == {f"{DRAW_NO} {serial}" for serial, _number in given}
    # The number of one task cannot become another's.
    other = Numbers(draw_no=DRAW_NO, tasks=((found.rows[1].serial, "RW-0"),))
    with pytest.raises(UserError, match="已经是"):
        office.workspace.write(platform_numbers.write_numbers, other)
    # Two tasks change places in one go.
    first, third = found.rows[0].serial, found.rows[2].serial
    swapped = Numbers(draw_no=DRAW_NO, tasks=((first, "RW-2"), (third, "RW-0")))
    office.workspace.write(platform_numbers.write_numbers, swapped)
    after = office.workspace.read(platform_numbers.of_draw, DRAW_NO)
    assert [row.after for row in after.rows] == ["RW-2", "", "RW-0", "", ""]


@pytest.mark.parametrize(
    "kind",
    [PaperKind.APPROVAL, PaperKind.NOTICE, PaperKind.SITE_RECORD],
    ids=lambda kind: kind.value,
)
def test_the_numbers_stand_on_the_papers(
    office: DrawnOffice, tmp_path: Path, kind: PaperKind
) -> None:
    command = task_papers.PrintPapers(kind=kind, tasks=(office.tasks[0],), to=tmp_path)
    before = office.workspace.write(task_papers.print_papers, command)
    assert "平台" not in reading.text(before.path.read_bytes())
    office.workspace.write(_number, office.tasks[0])
    made = office.workspace.write(task_papers.print_papers, command)
    words = reading.text(made.path.read_bytes())
    assert "平台计划编号JH-1" in words
    assert "平台任务编号RW-1" in words


def _number(uow: UnitOfWork, task: int) -> None:
    serial = uow.session.get_one(Assignment, task).serial
    numbers = Numbers(draw_no=DRAW_NO, plan_no="JH-1", tasks=((serial, "RW-1"),))
    platform_numbers.write_numbers(uow, numbers)


def test_words_are_allowed_one_text_at_a_time(office: DrawnOffice, tmp_path: Path) -> None:
    entry = clean_entry(office, office.tasks[0])
    items = (replace(entry.items[0], note=""), *entry.items[1:])
    lock_result(office, office.tasks[0], replace(entry, items=items))
    name = f"{PEOPLE[0]}桥排口检查"
    office.workspace.write(_rename, name)
    with pytest.raises(NotReadyError) as caught:
        make(office, tmp_path, "publications", edition="public")
    (mend,) = caught.value.mends
    assert mend.text == name
    allow = AllowWording(key=mend.key, column=mend.column, text=mend.text, reason="桥名")
    with pytest.raises(UserError, match="理由"):
        office.workspace.write(public_wording.allow, replace(allow, reason=" "))
    with pytest.raises(UserError, match="手机"):
        office.workspace.write(public_wording.allow, replace(allow, text="13900000000"))
    office.workspace.write(public_wording.allow, allow)
    make(office, tmp_path, "publications", edition="public")
    (row,) = office.workspace.read(public_wording.rows)
    office.workspace.write(public_wording.withdraw, WithdrawWording(row.id))
    with pytest.raises(NotReadyError):
        make(office, tmp_path, "publications", edition="public")
    office.workspace.write(public_wording.allow, allow)
    office.workspace.write(_rename, f"{name}（二）")
    with pytest.raises(NotReadyError):
        make(office, tmp_path, "publications", edition="public")


def _rename(uow: UnitOfWork, name: str) -> None:
    """An item of the list, checked in every row: it is looked at once."""
    from app.models import InspectionItem, ResultItem

    first = uow.session.query(InspectionItem).order_by(InspectionItem.id).first()
    assert first is not None
    first.name = name
    uow.session.query(ResultItem).filter_by(item_id=first.id).update({"name": name})
    uow.record("test.rename", "item", {})
    uow.commit()


def test_looking_first_writes_nothing(office: DrawnOffice, tmp_path: Path) -> None:
    command = MakePackage(what="directories", to=tmp_path / "nowhere", period=PERIOD)
    seen = office.workspace.write(exporting.preview, command)
    assert dict(seen.sheets)["检查对象"] == len(TARGETS)
    assert (seen.mends, seen.gone) == ((), ())
    assert office.workspace.read(packages.every) == ()
