"""开始抽取: the ways offered, what each asks for, and the ceremony of each on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.db.read import draws, pool
from app.domain.rulebook import DrawMode
from app.domain.ways import Way, offers
from app.services.draws import drawing, offering
from app.services.draws.drawing import FreezeDraw
from app.services.draws.offering import WayQuery
from app.services.rulebooks import available, load
from app.services.workspace import Workspace
from app.ui import desktop
from app.ui.ceremony.course import Stage
from app.ui.ceremony.sealed_screen import SealedScreen, read_sealed
from app.ui.ceremony.window import CeremonyWindow, NewDraw
from app.ui.dialogs.way import WayDialog
from app.ui.dialogs.way_panels import DepartmentPanel, ListPanel, ScopePanel
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.assignments import AssignmentsPage
from app.ui.view_store import MemoryViewStore
from tests.services.test_campaign_draws import approved
from tests.services.test_ways import add_partners, asked, finish, tag_some
from tests.support_office import DIGITS, PERIOD, make_office
from tests.ui.test_ceremony import fill, forward, give, opening, take_number

_WAIT = 8000


@pytest.fixture(autouse=True)
def _no_viewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop.QDesktopServices, "openUrl", lambda _url: True)


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(
        tmp_path / "ws", rulebook="qingdao-xihaian-2020", people=10, level="branch"
    )
    yield workspace
    workspace.close()


@pytest.fixture
def yiyang(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "ws", rulebook="yiyang-2021", people=10)
    yield workspace
    workspace.close()


def opened(qtbot: QtBot, office: Workspace) -> WayDialog:
    at_hand = office.read(offering.at_hand, WayQuery(period=PERIOD, on=date(2026, 7, 2)))
    dialog = WayDialog(None, office, PERIOD, at_hand)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(dialog: WayDialog, way: Way) -> None:
    radio = dialog.buttons[way]
    assert radio.isEnabled()
    radio.click()
    assert dialog.way is way


def begin(qtbot: QtBot, office: Workspace, asked_: FreezeDraw) -> CeremonyWindow:
    start = NewDraw(PERIOD, None, rehearsal=False, asked=asked_)
    window = CeremonyWindow(office, MemoryViewStore(), start)
    qtbot.addWidget(window, before_close_func=lambda each: each._close())
    window.resize(1366, 768)
    window.open()
    return window


def go_through(qtbot: QtBot, window: CeremonyWindow) -> str:
    """From the first step to the last serial, as a person goes; the number comes back."""
    fill(window)
    forward(qtbot, window, Stage.SEAL)
    forward(qtbot, window, Stage.SLIPS)
    forward(qtbot, window, Stage.COMMIT)
    take_number(qtbot, window)
    for row, digits in zip(opening(qtbot, window), DIGITS, strict=False):
        give(row, digits)
    forward(qtbot, window, Stage.SHOW)
    window.show_step.show_all()
    assert window.course is not None
    return window.course.no


def a_list(office: Workspace, path: Path, codes: list[str]) -> Path:
    known = office.read(pool.target_names)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["企业名称", "代码"])
    for code in codes:
        sheet.append([known[code].name if code in known else "名录外某厂", code])
    book.save(path)
    return path


# --- what is offered --------------------------------------------------------------------------


@pytest.mark.parametrize("book", [each.id for each in available()])
def test_each_level_offers_what_its_rulebook_says(book: str) -> None:
    rulebook = load(book)
    for level in rulebook.levels:
        found = {offer.way for offer in offers(rulebook, level.code)}
        modes = {drawn.mode for drawn in level.draws}
        assert (Way.UNDIRECTED in found) == (DrawMode.TARGETS_AND_INSPECTORS in modes)
        assert (Way.ASSIGNED in found) == (DrawMode.NOTHING_DRAWN in modes)
        assert all(offer.words and offer.article for offer in offers(rulebook, level.code))


def test_a_branch_of_qingdao_draws_people_only(qtbot: QtBot, branch: Workspace) -> None:
    dialog = opened(qtbot, branch)
    assert set(dialog.buttons) == {Way.LISTED, Way.ASSIGNED, Way.JOINT_LED, Way.EXPERTS}
    assert dialog.way is Way.LISTED
    assert not dialog.forward.isEnabled()
    assert dialog.hint.text() == "还没有填写名单由谁抽定"


def test_what_cannot_be_done_now_says_why(qtbot: QtBot, yiyang: Workspace) -> None:
    dialog = opened(qtbot, yiyang)
    assert dialog.way is Way.UNDIRECTED
    assert dialog.forward.isEnabled()
    for way in (Way.LATER, Way.EXPERTS):
        assert not dialog.buttons[way].isEnabled()


# --- what each asks for -----------------------------------------------------------------------


def test_a_scope_is_put_together_and_counted(qtbot: QtBot, yiyang: Workspace) -> None:
    tag_some(yiyang)
    dialog = opened(qtbot, yiyang)
    choose(dialog, Way.DIRECTED)
    panel = dialog.panels[Way.DIRECTED]
    assert isinstance(panel, ScopePanel)
    panel.facet.setCurrentText("行业")
    panel.value.setCurrentText("水泥制造")
    click(panel.add_button)
    qtbot.waitUntil(lambda: "共" in panel.count.text(), timeout=_WAIT)
    assert "共 9 家" in panel.count.text()
    assert dialog.hint.text() == "还没有写理由"
    panel.reason.insert("水泥行业专项")
    panel.numbers["KEY"].setValue(2)
    with qtbot.waitSignal(dialog.chosen, timeout=_WAIT) as sent:
        click(dialog.forward)
    command = sent.args[0]
    assert (command.way, command.counts) == (Way.DIRECTED, (("KEY", 2),))
    window = begin(qtbot, yiyang, command)
    no = go_through(qtbot, window)
    assert "定向抽查" in window.title.text()
    assert len(window.show_step.board.serials) == 2
    (brief,) = yiyang.read(draws.all_draws)
    assert (brief.no, brief.way) == (no, Way.DIRECTED)


def test_a_list_with_a_strange_row_waits_for_correction(
    qtbot: QtBot, branch: Workspace, tmp_path: Path
) -> None:
    dialog = opened(qtbot, branch)
    panel = dialog.panels[Way.LISTED]
    assert isinstance(panel, ListPanel)
    panel.organ.insert("市支队")
    panel.document.insert("青环执〔2026〕18号")
    panel.read(a_list(branch, tmp_path / "名单.xlsx", ["KEY0001", "X9"]))
    qtbot.waitUntil(lambda: panel.seen is not None, timeout=_WAIT)
    assert dialog.hint.text() == "名单有 1 行对不上，要整份改正"
    assert panel.table.rows()[0].problem.startswith("名录里没有")
    panel.read(tmp_path / "没有.xlsx")
    qtbot.waitUntil(lambda: "找不到文件" in panel.problem.text.text(), timeout=_WAIT)


def test_the_superiors_list_goes_through_the_ceremony(
    qtbot: QtBot, branch: Workspace, tmp_path: Path
) -> None:
    dialog = opened(qtbot, branch)
    panel = dialog.panels[Way.LISTED]
    assert isinstance(panel, ListPanel)
    panel.organ.insert("市支队")
    panel.document.insert("青环执〔2026〕18号")
    panel.read(a_list(branch, tmp_path / "名单.xlsx", ["KEY0001", "GENERAL0002"]))
    qtbot.waitUntil(dialog.forward.isEnabled, timeout=_WAIT)
    with qtbot.waitSignal(dialog.chosen, timeout=_WAIT) as sent:
        click(dialog.forward)
    window = begin(qtbot, branch, sent.args[0])
    no = go_through(qtbot, window)
    assert window.show_step.board.serials == ("重点-01", "一般-01")
    assert window.course is not None
    scene = window.scene(window.course)
    told = " ".join([*scene.summary, *(f"{s.label}{s.note}" for s in scene.counts)])
    assert "已抽定" in told
    names = {row.name for row in branch.read(pool.target_names).values()}
    assert not any(name in told for name in names)
    lines = branch.read(draws.drawn_lines, no)
    assert all(line.lead and line.second for line in lines)


def test_a_departments_directory_comes_in_where_it_is_needed(
    qtbot: QtBot, yiyang: Workspace, tmp_path: Path
) -> None:
    dialog = opened(qtbot, yiyang)
    choose(dialog, Way.JOINT)
    assert dialog.hint.text() == "还没有导入其他部门的执法人员名录"
    panel = dialog.panels[Way.JOINT]
    assert isinstance(panel, DepartmentPanel)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["姓名", "执法证号"], ["甲某", "YJ-1"], ["乙某", "YJ-2"]):
        sheet.append(row)
    book.save(tmp_path / "应急.xlsx")
    panel.take(tmp_path / "应急.xlsx")
    qtbot.waitUntil(lambda: "不能用" in panel.note.text.text(), timeout=_WAIT)
    QTest.keyClicks(panel.code, "YJ")
    panel.name.insert("县应急管理局")
    panel.take(tmp_path / "应急.xlsx")
    qtbot.waitUntil(lambda: panel.codes == ("YJ",), timeout=_WAIT)
    assert dialog.forward.isEnabled()


def test_departments_are_chosen_and_counted(qtbot: QtBot, yiyang: Workspace) -> None:
    add_partners(yiyang)
    dialog = opened(qtbot, yiyang)
    choose(dialog, Way.JOINT)
    assert dialog.hint.text() == "还没有选部门"
    panel = dialog.panels[Way.JOINT]
    panel.boxes["YJ"].click()  # type: ignore[union-attr]
    with qtbot.waitSignal(dialog.chosen, timeout=_WAIT) as sent:
        click(dialog.forward)
    window = begin(qtbot, yiyang, sent.args[0])
    go_through(qtbot, window)
    assert window.course is not None
    assert "县应急管理局 3 人" in window.scene(window.course).summary


def test_who_comes_along_is_seen_beside_the_pair(qtbot: QtBot, yiyang: Workspace) -> None:
    add_partners(yiyang)
    joint = asked(way=Way.JOINT, departments=("SJ", "YJ"))
    done = finish(yiyang, yiyang.write(drawing.freeze, joint))
    spec = PageSpec("teams", "检查组与派单", "team", AssignmentsPage)
    window = MainWindow(yiyang, MemoryViewStore(), (spec,))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    page.show_targets()
    at = [column.key for column in page.table.model.columns].index("along")
    grid = page.table.grid
    qtbot.waitUntil(lambda: not grid.isColumnHidden(at) and grid.model().rowCount() > 0)
    qtbot.waitUntil(lambda: "县市场监管局" in (grid.model().index(0, at).data() or ""))
    assert "县应急管理局" in grid.model().index(0, at).data()
    screen = SealedScreen(window, read_sealed(yiyang, done.no))
    qtbot.addWidget(screen)
    assert "联合、专家" in [column.title for column in screen.lines.visible_columns()]


def test_targets_first_and_people_later(qtbot: QtBot, yiyang: Workspace) -> None:
    first = finish(yiyang, yiyang.write(drawing.freeze, asked(way=Way.TARGETS_ONLY)))
    dialog = opened(qtbot, yiyang)
    choose(dialog, Way.LATER)
    with qtbot.waitSignal(dialog.chosen, timeout=_WAIT) as sent:
        click(dialog.forward)
    assert sent.args[0].of == first.no
    window = begin(qtbot, yiyang, sent.args[0])
    fill(window)
    forward(qtbot, window, Stage.SEAL)
    assert window.course is not None
    assert window.course.frozen is not None
    assert window.course.frozen.facts.plan.lines[0].source == f"抽取{first.no}"


def test_an_assigned_list_is_taken_without_a_ceremony(
    qtbot: QtBot, branch: Workspace, tmp_path: Path
) -> None:
    known = branch.read(pool.target_names)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["企业名称", "代码", "检查人员"])
    sheet.append([known["KEY0001"].name, "KEY0001", "R01、R02"])
    path = tmp_path / "任务.xlsx"
    book.save(path)
    dialog = opened(qtbot, branch)
    choose(dialog, Way.ASSIGNED)
    panel = dialog.panels[Way.ASSIGNED]
    assert isinstance(panel, ListPanel)
    panel.organ.insert("市支队")
    panel.document.insert("综执〔2026〕7号")
    panel.read(path)
    qtbot.waitUntil(dialog.forward.isEnabled, timeout=_WAIT)
    with qtbot.waitSignal(dialog.received, timeout=_WAIT) as sent:
        click(dialog.forward)
    assert (sent.args[0].tasks, sent.args[0].without_people) == (1, 0)
    assert [row.way for row in branch.read(draws.all_draws)] == [Way.ASSIGNED]


def test_a_campaign_says_scope_reason_and_number_itself(
    qtbot: QtBot, yiyang: Workspace, tmp_path: Path
) -> None:
    plan_id = approved(yiyang)
    dialog = opened(qtbot, yiyang)
    choose(dialog, Way.DIRECTED)
    panel = dialog.panels[Way.DIRECTED]
    assert isinstance(panel, ScopePanel)
    panel.campaign.setCurrentIndex(1)
    assert "还可抽 3 家" in panel.campaign.currentText()
    assert panel.reason.isReadOnly() and not panel._row.isVisible()
    qtbot.waitUntil(lambda: "青环〔2026〕40号" in panel.count.text(), timeout=_WAIT)
    assert dialog.forward.isEnabled()
    panel.numbers["KEY"].setValue(4)
    assert dialog.hint.text() == "超过批准的家数，还可抽 3 家"
    panel.numbers["KEY"].setValue(-1)
    dialog.grab().save(str(tmp_path / "campaign.png"))
    with qtbot.waitSignal(dialog.chosen) as chosen:
        click(dialog.forward)
    command = chosen.args[0]
    assert (command.way, command.campaign, command.counts) == (Way.DIRECTED, plan_id, ())
    panel.campaign.setCurrentIndex(0)
    assert panel.why_not() == "还没有划定范围"
