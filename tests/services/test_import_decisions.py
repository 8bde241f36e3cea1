"""What a person decides before an import is written, and what is remembered for the next file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.domain.past_inspection import PastInspectionFacts
from app.domain.target import TargetFacts
from app.errors import UserError
from app.exchange.mapping import Matched
from app.services.directories import directories
from app.services.directories.directories import SaveTarget
from app.services.intake import importing, undoing_import
from app.services.intake.importing import (
    ApplyImport,
    Fate,
    ImportPreview,
    PreviewImport,
    Side,
    Sides,
)
from app.services.intake.undoing_import import UndoImport
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import RecordInspection
from app.services.workspace import Workspace
from tests.services.test_directories import uscc
from tests.services.test_importing import facts_by_name, load, look, sheet

KNOWN = TargetFacts(
    name="青禾县某甲电镀厂", uscc=uscc(1), category="KEY", phone="1", address="东路1号"
)


@pytest.fixture
def known(office: Workspace) -> int:
    return office.write(directories.save_target, SaveTarget(None, KNOWN)).id


@pytest.fixture
def changed(tmp_path: Path, known: int) -> Path:
    header = ("企业名称", "统一社会信用代码", "电话", "法定代表人")
    return sheet(tmp_path / "a.xlsx", [(KNOWN.name, KNOWN.uscc, "2", "某乙")], header)


def decided(office: Workspace, seen: ImportPreview, **more: object) -> ImportPreview:
    """The preview again with other decisions, as the window asks for it."""
    command = replace(
        seen.command, source=seen.source, mappings=seen.mappings, earlier=seen, **more
    )  # type: ignore[arg-type]
    return office.read(importing.preview, command)


def test_one_field_stays_as_it_is_and_the_other_is_taken(office: Workspace, changed: Path) -> None:
    seen = look(office, changed)
    place = seen.rows[0].place
    seen = decided(office, seen, sides=Sides(ours=frozenset({(place, "phone")})))
    assert [(each.field, each.kept) for each in seen.rows[0].changes] == [
        ("legal_rep", False),
        ("phone", True),
    ]
    office.write(importing.apply, ApplyImport.of(seen))
    facts = facts_by_name(office)[KNOWN.name]
    assert (facts.phone, facts.legal_rep) == ("1", "某乙")


@pytest.mark.parametrize(
    ("usual", "phone", "rep", "fate"),
    [
        (Side.FILE, "2", "某乙", Fate.UPDATED),
        (Side.OURS, "1", "", Fate.UNCHANGED),
        (Side.GAPS, "1", "某乙", Fate.UPDATED),
    ],
)
def test_all_differences_at_once(
    office: Workspace, changed: Path, usual: Side, phone: str, rep: str, fate: Fate
) -> None:
    seen = decided(office, look(office, changed), sides=Sides(usual))
    assert seen.rows[0].fate is fate
    office.write(importing.apply, ApplyImport.of(seen))
    facts = facts_by_name(office)[KNOWN.name]
    assert (facts.phone, facts.legal_rep) == (phone, rep)


def test_a_field_may_be_taken_where_ours_stay(office: Workspace, changed: Path) -> None:
    seen = look(office, changed)
    sides = Sides(Side.OURS, file=frozenset({(seen.rows[0].place, "phone")}))
    seen = decided(office, seen, sides=sides)
    office.write(importing.apply, ApplyImport.of(seen))
    facts = facts_by_name(office)[KNOWN.name]
    assert (facts.phone, facts.legal_rep) == ("2", "")


def test_a_doubtful_row_is_shown_beside_whom_it_may_be_and_settled(
    office: Workspace, known: int, tmp_path: Path
) -> None:
    header = ("企业名称", "地址", "监管类别")
    path = sheet(tmp_path / "a.xlsx", [(KNOWN.name, "西路2号", "重点")], header)
    seen = look(office, path)
    row = seen.rows[0]
    assert (row.fate, row.doubtful) == (Fate.NEW, True)
    (candidate,) = importing.candidates_of(seen, row)
    assert candidate.name == KNOWN.name
    assert ("地址", "东路1号", "西路2号") in candidate.pairs
    same = decided(office, seen, same_rows=frozenset({(row.place, candidate.key)}))
    assert same.rows[0].fate is Fate.UPDATED
    office.write(importing.apply, ApplyImport.of(same))
    assert facts_by_name(office)[KNOWN.name].address == "西路2号"
    assert len(facts_by_name(office)) == 1


def test_a_doubtful_row_may_be_one_higher_up_in_the_file(office: Workspace, tmp_path: Path) -> None:
    rows = [("某工地", "东街", "一般"), ("某工地", "西街", "一般")]
    path = sheet(tmp_path / "a.xlsx", rows, ("名称", "地址", "监管类别"))
    seen = look(office, path)
    (candidate,) = importing.candidates_of(seen, seen.rows[1])
    same = decided(office, seen, same_rows=frozenset({(seen.rows[1].place, candidate.key)}))
    assert [row.fate for row in same.rows] == [Fate.NEW, Fate.UPDATED]
    assert same.rows[1].merged


def test_a_confirmed_row_is_no_longer_doubtful(
    office: Workspace, known: int, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "a.xlsx", [(KNOWN.name, "西路", "重点")], ("名称", "地址", "监管类别"))
    seen = look(office, path)
    seen = decided(office, seen, sure_rows=frozenset({seen.rows[0].place}))
    assert (seen.rows[0].fate, seen.rows[0].doubtful) == (Fate.NEW, False)


def test_a_refused_row_can_be_given_to_one_of_the_sites(office: Workspace, tmp_path: Path) -> None:
    for address in ("东路", "西路"):
        facts = replace(KNOWN, address=address)
        office.write(directories.save_target, SaveTarget(None, facts))
    header = ("名称", "代码", "电话")
    path = sheet(tmp_path / "a.xlsx", [(KNOWN.name, KNOWN.uscc, "9")], header)
    seen = look(office, path)
    assert seen.rows[0].fate is Fate.REJECTED
    first, _second = importing.candidates_of(seen, seen.rows[0])
    seen = decided(office, seen, same_rows=frozenset({(seen.rows[0].place, first.key)}))
    assert seen.rows[0].fate is Fate.UPDATED
    assert [each.label for each in seen.rows[0].changes] == ["联系电话"]


def test_a_column_left_out_stays_out_with_the_next_file(office: Workspace, tmp_path: Path) -> None:
    header = ("单位名称", "联系电话", "管片")
    seen = look(office, sheet(tmp_path / "a.xlsx", [("某甲厂", "1", "柳湾镇")], header))
    mapping = seen.mappings[0].with_field(1, None).with_field(2, "township")
    load(office, tmp_path / "a.xlsx", source=seen.source, mappings=(mapping,))
    later = look(office, sheet(tmp_path / "b.xlsx", [("某乙厂", "2", "西畈乡")], header))
    assert [(each.field, each.matched) for each in later.columns] == [
        ("name", Matched.WORDS.value),
        (None, Matched.REMEMBERED.value),
        ("township", Matched.REMEMBERED.value),
    ]
    load(office, tmp_path / "b.xlsx")
    facts = facts_by_name(office)["某乙厂"]
    assert (facts.phone, facts.township) == ("", "西畈乡")


def test_a_header_row_a_person_pointed_at_is_found_the_next_time(
    office: Workspace, tmp_path: Path
) -> None:
    def book(path: Path, name: str) -> Path:
        made = openpyxl.Workbook()
        for row in (("单位名称", "监管类别"), ("企业名称", "监管类别"), (name, "一般")):
            made.active.append(row)
        made.save(path)
        return path

    source = importing.open_file(book(tmp_path / "a.xlsx", "某甲厂"))
    mapping = office.read(importing.map_header, "targets", source, 0, 2)
    load(office, source.path, source=source, mappings=(mapping,))
    later = look(office, book(tmp_path / "b.xlsx", "某乙厂"))
    assert [row.name for row in later.rows] == ["某乙厂"]


def test_a_table_without_known_words_is_mapped_once_by_a_person(
    office: Workspace, tmp_path: Path
) -> None:
    header = ("受监管的", "在哪")
    path = sheet(tmp_path / "a.xlsx", [("某甲厂", "东路")], header)
    with pytest.raises(importing.HeaderNotFoundError):
        look(office, path)
    source = importing.open_file(path)
    guess = office.read(importing.guess_header, "targets", source)
    mapping = guess.with_field(0, "name").with_field(1, "address")
    load(office, path, source=source, mappings=(mapping,))
    later = look(office, sheet(tmp_path / "b.xlsx", [("某乙厂", "西路")], header))
    assert [row.name for row in later.rows] == ["某乙厂"]


def test_several_files_are_one_import(office: Workspace, tmp_path: Path) -> None:
    header = ("名称", "地址", "监管类别")
    first = sheet(tmp_path / "一中队.xlsx", [("某甲厂", "东", "一般")], header)
    rows = [("某甲厂", "东", "一般"), ("某乙厂", "西", "重点")]
    second = sheet(tmp_path / "二中队.xlsx", rows, header)
    source = importing.open_files([first, second])
    seen = office.read(importing.preview, PreviewImport(kind="targets", path=first, source=source))
    assert [row.fate for row in seen.rows] == [Fate.NEW, Fate.UPDATED, Fate.NEW]
    assert "一中队" in seen.rows[1].reason
    outcome = office.write(importing.apply, ApplyImport.of(seen))
    assert set(facts_by_name(office)) == {"某甲厂", "某乙厂"}
    (past,) = office.read(undoing_import.recent, "targets")
    assert (past.file_name, past.obstacle) == ("一中队.xlsx 等 2 个文件", "")
    office.write(undoing_import.undo, UndoImport(outcome.batch_id))
    assert facts_by_name(office) == {}
    assert office.read(undoing_import.recent, "targets")[0].obstacle == "已撤销"


def test_the_same_file_twice_is_said(tmp_path: Path) -> None:
    first = sheet(tmp_path / "a.xlsx", [("某甲厂",)], ("名称",))
    second = tmp_path / "b.xlsx"
    second.write_bytes(first.read_bytes())
    with pytest.raises(UserError, match=r"a\.xlsx、b\.xlsx"):
        importing.open_files([first, second])


def test_a_header_without_rows_is_said(office: Workspace, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [], ("名称", "地址"))
    assert look(office, path).counts.rows == 0
    with pytest.raises(UserError, match="只有表头"):
        load(office, path)
    assert office.read(undoing_import.recent, "targets") == ()


def test_imported_inspections_are_taken_back(office: Workspace, known: int, tmp_path: Path) -> None:
    rows = [(KNOWN.name, "2026-03-01", "上级检查"), (KNOWN.name, "2026-04-01", "本级检查")]
    path = sheet(tmp_path / "a.xlsx", rows, ("企业名称", "检查日期", "检查类型"))
    outcome = load(office, path, "inspections")
    assert outcome.counts.new == 2
    by_hand = PastInspectionFacts(on=date(2026, 5, 1))
    office.write(past_inspections.record, RecordInspection(known, by_hand))
    done = office.write(undoing_import.undo, UndoImport(outcome.batch_id))
    assert done.removed == 2
    assert look(office, path, "inspections").counts.new == 2


STATES = ("企业名称", "监管类别", "经营状态")
STRANGE = "吊销，未注销"


def stated(path: Path) -> Path:
    rows = [
        ("青禾县某甲电镀厂", "重点", STRANGE),
        ("青禾县某乙养殖场", "一般", STRANGE),
        ("青禾县某丙印染厂", "一般", "正常生产"),
    ]
    return sheet(path, rows, STATES)


def answered(office: Workspace, seen: ImportPreview, ours: str | None) -> ImportPreview:
    (word,) = seen.unknown
    mappings = tuple(each.with_word(word.column, word.word, ours) for each in seen.mappings)
    return office.read(
        importing.preview,
        replace(seen.command, source=seen.source, mappings=mappings, earlier=seen),
    )


def test_an_unknown_word_is_asked_about_once_and_settles_every_row(
    office: Workspace, tmp_path: Path
) -> None:
    seen = look(office, stated(tmp_path / "a.xlsx"))
    (word,) = seen.unknown
    assert (word.header, word.word, word.rows, word.answer) == ("经营状态", STRANGE, 2, None)
    assert seen.counts.rejected == 2
    label = word.choices[-1].label
    told = answered(office, seen, label)
    assert (told.counts.rejected, told.unknown[0].answer, told.unknown[0].rows) == (0, label, 2)
    again = answered(office, told, None)
    assert again.counts.rejected == 2
    office.write(importing.apply, ApplyImport.of(told))
    assert facts_by_name(office)["青禾县某乙养殖场"].state == word.choices[-1].value


def test_the_answer_is_remembered_for_the_next_file_of_the_source(
    office: Workspace, tmp_path: Path
) -> None:
    told = answered(office, look(office, stated(tmp_path / "a.xlsx")), "")
    assert told.counts.rejected == 0
    office.write(importing.apply, ApplyImport.of(told))
    assert facts_by_name(office)["青禾县某甲电镀厂"].state == TargetFacts(name="x").state
    more = sheet(tmp_path / "b.xlsx", [("青禾县某丁厂", "一般", STRANGE)], STATES)
    seen = look(office, more)
    assert (seen.counts.rejected, seen.counts.new) == (0, 1)
    assert [each.answer for each in seen.unknown] == [""]
    other = sheet(tmp_path / "c.xlsx", [("某戊厂", "一般", STRANGE)], (*STATES, "备注"))
    assert look(office, other).counts.rejected == 1


def test_a_forgotten_answer_is_asked_for_again(office: Workspace, tmp_path: Path) -> None:
    told = answered(office, look(office, stated(tmp_path / "a.xlsx")), "")
    office.write(importing.apply, ApplyImport.of(told))
    seen = look(office, stated(tmp_path / "b.xlsx"))
    office.write(importing.apply, ApplyImport.of(answered(office, seen, None)))
    assert [each.answer for each in look(office, stated(tmp_path / "c.xlsx")).unknown] == [None]


def two_sheets(path: Path) -> Path:
    book = openpyxl.Workbook()
    for title, name in (("在产", "青禾县某甲电镀厂"), ("历史", "青禾县某乙养殖场")):
        page = book.create_sheet(title)
        page.append(["企业名称", "监管类别"])
        page.append([name, "一般"])
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def test_which_sheet_was_taken_is_remembered(office: Workspace, tmp_path: Path) -> None:
    seen = look(office, two_sheets(tmp_path / "a.xlsx"))
    assert len(seen.mappings) == 2
    only = look(office, tmp_path / "a.xlsx", source=seen.source, mappings=seen.mappings[:1])
    office.write(importing.apply, ApplyImport.of(only))
    again = look(office, two_sheets(tmp_path / "b.xlsx"))
    assert [again.source.sheets[each.sheet] for each in again.mappings] == ["在产"]
    both = look(office, tmp_path / "b.xlsx", source=again.source, mappings=seen.mappings)
    office.write(importing.apply, ApplyImport.of(both))
    assert len(look(office, two_sheets(tmp_path / "c.xlsx")).mappings) == 2
