"""What becomes public, when, and what never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.domain.inspection import Conclusion, ItemOutcome
from app.errors import EnvironmentFault, UserError
from app.services.public import public_files, publishing
from app.services.public.public_files import MakePublicFile
from app.services.public.publishing import Publish
from app.services.tasks.inspecting import SubmitResult, submit
from app.services.tasks.rectifying import RecordRectification, record
from tests.support_draw import (
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


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _cells(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None
    )


def test_the_board_names_only_locked_results(office: DrawnOffice) -> None:
    lock_result(office, office.tasks[0])
    office.workspace.write(
        submit,
        SubmitResult(assignment_id=office.tasks[1], entry=clean_entry(office, office.tasks[1])),
    )
    board = office.workspace.read(publishing.board, PERIOD)
    assert (board.not_inspected, board.in_review) == (3, 1)
    assert [row.task.id for row in board.due] == [office.tasks[0]]
    assert board.due[0].due is not None
    # 20 working days after 10 September 2026, over Mid-Autumn and National Day.
    assert board.due[0].due.due_on > date(2026, 10, 8)


def test_the_table_names_nothing_under_embargo_and_nobody(
    office: DrawnOffice, tmp_path: Path
) -> None:
    lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    office.workspace.write(
        submit,
        SubmitResult(assignment_id=office.tasks[1], entry=clean_entry(office, office.tasks[1])),
    )
    path = tmp_path / "公示表.xlsx"
    made = office.workspace.write(public_files.make, MakePublicFile(path=path, period=PERIOD))
    text = _cells(path)
    assert made.rows == 1
    assert TARGETS[0][1] in text
    assert "发现问题已责令整改" in text
    for hidden in (*(name for _c, name, _u in TARGETS[1:]), *PEOPLE, LEGAL_REP, PHONE, "暂存间"):
        assert hidden not in text


def test_the_content_is_what_was_looked_at(office: DrawnOffice, tmp_path: Path) -> None:
    entry = clean_entry(office, office.tasks[0])
    skipped = replace(entry.items[0], outcome=ItemOutcome.NOT_APPLICABLE)
    lock_result(office, office.tasks[0], replace(entry, items=(skipped, *entry.items[1:])))
    path = tmp_path / "公示表.xlsx"
    office.workspace.write(public_files.make, MakePublicFile(path=path))
    text = _cells(path)
    assert entry.items[1].name in text
    assert skipped.name not in text


def test_without_locked_results_there_is_no_table(office: DrawnOffice, tmp_path: Path) -> None:
    path = tmp_path / "公示表.xlsx"
    with pytest.raises(UserError, match="还没有可以公示的内容"):
        office.workspace.write(public_files.make, MakePublicFile(path=path, period=PERIOD))
    assert not path.exists()


def test_a_missing_folder_is_a_sentence(office: DrawnOffice, tmp_path: Path) -> None:
    lock_result(office, office.tasks[0])
    with pytest.raises(EnvironmentFault, match="找不到文件夹"):
        office.workspace.write(
            public_files.make,
            MakePublicFile(path=tmp_path / "没有" / "a.xlsx"),
        )


def test_publishing_is_all_or_nothing(office: DrawnOffice) -> None:
    locked = lock_result(office, office.tasks[0])
    waiting = office.workspace.write(
        submit,
        SubmitResult(assignment_id=office.tasks[1], entry=clean_entry(office, office.tasks[1])),
    ).result_id
    with pytest.raises(UserError, match="KEY-02 的结果还没有复核锁定"):
        office.workspace.write(
            publishing.publish,
            Publish(result_ids=(locked, waiting), on=date(2026, 9, 15), place="政府网站"),
        )
    assert not office.workspace.read(publishing.board).published
    office.workspace.write(
        publishing.publish, Publish(result_ids=(locked,), on=date(2026, 9, 15), place="政府网站")
    )
    board = office.workspace.read(publishing.board)
    assert [row.id for row in board.published] == [locked]
    assert not board.due
    with pytest.raises(UserError, match="已经公示过"):
        office.workspace.write(
            publishing.publish,
            Publish(result_ids=(locked,), on=date(2026, 9, 15), place="政府网站"),
        )


@pytest.mark.parametrize(
    ("on", "place", "words"),
    [
        (date(2026, 9, 16), "网站", "还没有到"),
        (date(2026, 9, 9), "网站", "早于检查日期"),
        (date(2026, 9, 15), " ", "公示的地方"),
    ],
)
def test_impossible_publications_are_refused(
    office: DrawnOffice, on: date, place: str, words: str
) -> None:
    locked = lock_result(office, office.tasks[0])
    with pytest.raises(UserError, match=words):
        office.workspace.write(
            publishing.publish, Publish(result_ids=(locked,), on=on, place=place)
        )


def test_a_closed_site_is_not_published_where_the_rulebook_has_no_wording(tmp_path: Path) -> None:
    office = make_drawn_office(tmp_path / "tj", rulebook="taijiang-2022")
    try:
        entry = replace(
            clean_entry(office, office.tasks[0]),
            conclusion=Conclusion.CLOSED,
            finding="厂房已拆",
        )
        locked = lock_result(office, office.tasks[0], entry)
        board = office.workspace.read(publishing.board)
        assert [row.id for row in board.exempt] == [locked]
        with pytest.raises(UserError, match="不公示"):
            office.workspace.write(
                publishing.publish,
                Publish(result_ids=(locked,), on=date(2026, 9, 15), place="网站"),
            )
    finally:
        office.workspace.close()


def test_a_rectification_is_recorded_once_and_with_proof(office: DrawnOffice) -> None:
    result = lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    command = RecordRectification(
        result_id=result, completed_on=date(2026, 9, 14), proof="整改照片 4 张"
    )
    for wrong in (
        replace(command, proof=" "),
        replace(command, completed_on=date(2026, 9, 16)),
        replace(command, completed_on=date(2026, 9, 9)),
    ):
        with pytest.raises(UserError):
            office.workspace.write(record, wrong)
    office.workspace.write(record, command)
    with pytest.raises(UserError, match="已经登记过"):
        office.workspace.write(record, command)
    other = lock_result(office, office.tasks[1])
    with pytest.raises(UserError, match="责令整改"):
        office.workspace.write(record, replace(command, result_id=other))
