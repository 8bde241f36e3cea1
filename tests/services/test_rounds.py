"""名录更新的一轮: checklist, proposal by digest, reviews of other organs, hand-out and merge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.db.read import targets
from app.domain.inspector import InspectorFacts
from app.errors import UserError
from app.services.directories import directories, rounds
from app.services.directories.directories import SaveInspector
from app.services.directories.rounds import (
    CHECKS,
    HandOut,
    OpenRound,
    ProposeRound,
    ReopenRound,
    ReviewRound,
    TickCheck,
    WriteReport,
)
from app.services.intake import importing
from app.services.intake.importing import ApplyImport
from app.services.workspace import Workspace
from tests.documents.reading import text as text_of
from tests.services.test_directories import FARM, WORKS, save
from tests.support import make_office
from tests.support_office import draw_once
from tests.support_office import make_office as make_full_office

TODAY = date(2026, 7, 2)


@pytest.fixture
def nanchang(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "w", "nanchang-2023")
    yield workspace
    workspace.close()


def tick_all(office: Workspace, round_id: int) -> None:
    for code in CHECKS:
        office.write(rounds.tick, TickCheck(round_id, code, done=True))


def reviewed(round_id: int, directory: str, organ: str = "市执法支队") -> ReviewRound:
    return ReviewRound(
        round_id=round_id,
        directory=directory,
        organ=organ,
        name="罗某",
        on=TODAY,
        document_no="7号",
    )


def finish(office: Workspace, period: str) -> int:
    made = office.write(rounds.open_round, OpenRound(period))
    tick_all(office, made)
    office.write(rounds.propose, ProposeRound(made))
    for directory in ("targets", "items", "inspectors"):
        office.write(rounds.review, reviewed(made, directory))
    return made


def test_the_period_and_the_day_come_from_the_rulebook(
    nanchang: Workspace, office: Workspace
) -> None:
    assert rounds.next_period(nanchang.rulebook, TODAY) == "2026"
    assert rounds.next_period(office.rulebook, TODAY) == "2026Q3"
    limit = nanchang.read(rounds.due, "2026")
    assert limit is not None and limit.due_on == date(2026, 12, 15)


def test_a_round_is_in_force_when_every_organ_has_reviewed_its_directory(
    nanchang: Workspace,
) -> None:
    save(nanchang, replace(WORKS, category="A"))
    made = nanchang.write(rounds.open_round, OpenRound("2026"))
    with pytest.raises(UserError, match="核对清单还有 6 项"):
        nanchang.write(rounds.propose, ProposeRound(made))
    tick_all(nanchang, made)
    digest = nanchang.write(rounds.propose, ProposeRound(made))
    (view,) = nanchang.read(rounds.rounds)
    assert [(line.directory, line.due_from) for line in view.reviews] == [
        ("items", "市执法支队"), ("targets", "市执法支队"), ("inspectors", "局宣法科"),
    ]  # fmt: skip
    assert view.counts == {"targets": 1, "inspectors": 0, "items": 0}
    assert not nanchang.write(rounds.review, reviewed(made, "targets"))
    assert not nanchang.write(rounds.review, reviewed(made, "items"))
    assert nanchang.read(rounds.in_force) is None
    assert nanchang.write(rounds.review, reviewed(made, "inspectors", "局宣法科"))
    force = nanchang.read(rounds.in_force)
    assert force is not None and force.digest == digest and force.state_words == "已生效"
    assert nanchang.read(rounds.changed_since, force) == 0
    save(nanchang, replace(FARM, category="C"))
    assert nanchang.read(rounds.changed_since, force) == 1


def test_what_was_proposed_stays_what_it_was(nanchang: Workspace) -> None:
    made = save(nanchang, replace(WORKS, category="A"))
    first = finish(nanchang, "2026")
    save(nanchang, replace(WORKS, category="B", phone="1"), made.id)
    second = nanchang.write(rounds.open_round, OpenRound("2027"))
    by_id = {view.id: view for view in nanchang.read(rounds.rounds)}
    assert by_id[second].base.seq == by_id[first].moment.seq
    (change,) = nanchang.read(rounds.comparisons, by_id[second])[0].difference.rows
    assert {each.label for each in change.fields} == {"联系电话", "监管类别"}
    before = nanchang.read(rounds.comparisons, by_id[first])[0]
    assert before.difference.in_words == "0 → 1：新增 1"


def test_one_round_after_another_and_sent_back_ones_are_proposed_anew(
    nanchang: Workspace,
) -> None:
    made = nanchang.write(rounds.open_round, OpenRound("2026"))
    with pytest.raises(UserError, match="已经有一轮"):
        nanchang.write(rounds.open_round, OpenRound("2026"))
    with pytest.raises(UserError, match="还没有生效"):
        nanchang.write(rounds.open_round, OpenRound("2027"))
    with pytest.raises(UserError, match="还没有报审"):
        nanchang.write(rounds.review, reviewed(made, "targets"))
    tick_all(nanchang, made)
    nanchang.write(rounds.propose, ProposeRound(made))
    with pytest.raises(UserError, match="审核日期"):
        nanchang.write(rounds.review, replace(reviewed(made, "targets"), on=date(2026, 7, 9)))
    nanchang.write(rounds.review, reviewed(made, "targets"))
    nanchang.write(rounds.reopen, ReopenRound(made, "少报一家"))
    (view,) = nanchang.read(rounds.rounds)
    assert view.state == "open" and view.reviews[1].on is None and not view.digest


def test_the_report_is_paper_and_workbook(nanchang: Workspace, tmp_path: Path) -> None:
    save(nanchang, replace(WORKS, category="A"))
    made = nanchang.write(rounds.open_round, OpenRound("2026"))
    tick_all(nanchang, made)
    digest = nanchang.write(rounds.propose, ProposeRound(made))
    paper = nanchang.read(
        rounds.write_report, WriteReport(round_id=made, path=tmp_path / "差异.pdf")
    )
    said = text_of(paper.read_bytes())
    assert "2026年名录更新差异报告" in said and WORKS.name in said and "局宣法科" in said
    assert digest[:8] in said
    book = nanchang.read(
        rounds.write_report, WriteReport(round_id=made, path=tmp_path / "差异.xlsx")
    )
    assert openpyxl.load_workbook(book).sheetnames == [
        "检查对象名录", "执法检查人员名录", "抽查事项清单",
    ]  # fmt: skip


def test_squads_get_their_own_rows_and_give_them_back(office: Workspace, tmp_path: Path) -> None:
    save(office, replace(WORKS, squad="一中队"))
    save(office, replace(FARM, township="西畈乡"))
    made = office.read(rounds.hand_out, HandOut(kind="targets", folder=tmp_path / "分发"))
    assert [path.name for path in made] == [
        "一中队-检查对象名录填报.xlsx", "西畈乡-检查对象名录填报.xlsx",
    ]  # fmt: skip
    book = openpyxl.load_workbook(made[0])
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert sheet.max_row == 3 and sheet.cell(3, 1).value == WORKS.name
    sheet.cell(3, titles.index("联系电话") + 1).value = "0399-7"
    book.save(made[0])
    outcome = office.write(importing.apply, ApplyImport(kind="targets", path=made[0]))
    assert (outcome.counts.updated, outcome.counts.new, outcome.counts.rejected) == (1, 0, 0)
    phones = office.read(lambda c: {f.name: f.phone for _, _, f in targets.all_facts(c)})
    assert phones == {WORKS.name: "0399-7", FARM.name: ""}


def test_inspectors_are_handed_out_by_squad_and_nothing_from_nothing(
    office: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="还是空的"):
        office.read(rounds.hand_out, HandOut(kind="targets", folder=tmp_path))
    office.write(
        directories.save_inspector,
        SaveInspector(None, InspectorFacts(name="赵某", squad="二/中队")),
    )
    (path,) = office.read(rounds.hand_out, HandOut(kind="inspectors", folder=tmp_path))
    assert path.name == "二_中队-执法检查人员名录填报.xlsx"


def test_a_draw_names_the_round_it_is_made_from(tmp_path: Path) -> None:
    office = make_full_office(tmp_path / "full")
    try:
        finish(office, "2026")
        digest = office.read(rounds.rounds)[0].digest
        found = office.read(targets.one, 1)
        assert found is not None
        save(office, replace(found.facts, phone="7"), 1)
        words = office.read(rounds.reference)
        assert digest[:8] in words and "此后改动1处" in words
        draw = draw_once(office)
        minutes = (office.folder.draws / draw.no / "minutes.pdf").read_bytes()
        assert digest[:8] in text_of(minutes).replace("\n", "")
    finally:
        office.close()
