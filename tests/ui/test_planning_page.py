"""The page 计划与抽取 on a real workspace, inside the real window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.db.read import draws
from app.domain.periods import Period
from app.domain.ways import Way
from app.services.draws import drawing
from app.services.safety import keeping
from app.services.workspace import Workspace, open_workspace
from app.ui import desktop
from app.ui.ceremony.course import Stage
from app.ui.dialogs.way import WayDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages import planning as planning_module
from app.ui.pages.planning import PlanPage, due_period
from app.ui.pages.planning_records import COLUMNS
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import Page, PageContext
from tests.support_office import BASIS, PERIOD, WITNESSES, draw_once, make_office

_WAIT = 20_000
Open = Callable[[Workspace], PlanPage]


def _other(context: PageContext) -> Page:
    return Page(context, "别的")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "ws")
    yield workspace
    workspace.close()


@pytest.fixture
def show(qtbot: QtBot) -> Open:
    def make(workspace: Workspace) -> PlanPage:
        window = MainWindow(
            workspace,
            MemoryViewStore(),
            [
                PageSpec("plan", "计划与抽取", "dice", PlanPage),
                PageSpec("targets", "检查对象", "factory", _other),
                PageSpec("inspectors", "执法人员", "person", _other),
                PageSpec("system", "系统", "sliders", _other),
            ],
        )
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        page = window.page("plan")
        assert isinstance(page, PlanPage)
        settle(qtbot)
        return page

    return make


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=_WAIT)


def ways_of(qtbot: QtBot, page: PlanPage) -> WayDialog:
    """Press 开始抽取 and wait for the choice of ways."""
    click(page.primary)
    qtbot.waitUntil(lambda: page.way_dialog is not None, timeout=_WAIT)
    assert page.way_dialog is not None
    return page.way_dialog


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def banner_button(page: PlanPage, words: str) -> QPushButton:
    (banner,) = page.open_banners
    (found,) = [each for each in banner.findChildren(QPushButton) if each.text() == words]
    return found


def test_the_plan_shows_each_number_with_its_arithmetic(office: Workspace, show: Open) -> None:
    page = show(office)
    first, second, third, total = page.quota.rows()
    assert (first.label, first.base, first.quota) == ("A类企业", 6, 3)
    assert first.words == "6 × 25% = 1.5，进位得 2"
    assert "6 ÷ 2 = 3" in first.more
    assert (total.label, total.base) == ("合计", 18)
    assert total.quota == first.quota + second.quota + third.quota
    assert page.primary.isEnabled()
    assert "2026年第三季度" in page.subtitle_label.whole


def test_the_checks_speak_in_words(office: Workspace, show: Open) -> None:
    page = show(office)
    assert page.checks.basis.words.whole == BASIS.in_words()
    assert "合格 6 人，持证不能参加 1 人" in page.checks.people.words.whole
    thin = page.checks.thin.words.whole
    assert thin.startswith("“水”专业人员（6 家需要）偏少：名录中 2 人，合格 2 人；请为相近专业")
    assert "第一次抽取" in page.checks.changes.words.whole


def test_who_is_left_out_is_listed_with_the_category_in_words(
    qtbot: QtBot, office: Workspace, show: Open
) -> None:
    draw_once(office)
    page = show(office)
    assert page.which is not None
    click(page.which.findChildren(QPushButton)[-1])
    page._show_excluded()
    table = page.shown_list.table
    first = {table.model.index(row, 0).data() for row in range(table.model.rowCount())}
    assert first and first <= {office.rulebook.category(code).short for code in "ABC"}
    page.shown_list.close()


def test_without_targets_one_sentence_and_one_button(
    qtbot: QtBot, tmp_path: Path, show: Open
) -> None:
    office = make_office(tmp_path / "empty", targets={"A": 0})
    try:
        page = show(office)
        assert page.empty.isVisible() and not page.content.isVisible()
        assert not page.primary.isEnabled()
        click(page.empty_state.button)
        window = page.window()
        assert isinstance(window, MainWindow) and window.current_key == "targets"
        settle(qtbot)
    finally:
        office.close()


def test_too_few_people_leave_what_needs_none(qtbot: QtBot, tmp_path: Path, show: Open) -> None:
    office = make_office(tmp_path / "few", people=1)
    try:
        page = show(office)
        # A list drawn on the platform can still be taken in.
        dialog = ways_of(qtbot, page)
        assert not dialog.buttons[Way.UNDIRECTED].isEnabled()
        assert dialog.way is Way.PLATFORM
        dialog.reject()
    finally:
        office.close()


def test_a_typed_headcount_is_asked_for_and_used(qtbot: QtBot, tmp_path: Path, show: Open) -> None:
    office = make_office(
        tmp_path / "qd", rulebook="qingdao-xihaian-2020", targets={"KEY": 20, "GENERAL": 200}
    )
    try:
        page = show(office)
        assert page.headcount_bar.isVisible()
        QTest.keyClicks(page.headcount_field, "18")
        QTest.keyClick(page.headcount_field, Qt.Key.Key_Return)
        settle(qtbot)
        general = page.quota.rows()[1]
        assert general.words == "18 人按 1:5：18 × 5 = 90"
        assert general.quota == 45
        assert page.primary.isEnabled()
    finally:
        office.close()


def test_choosing_another_period_shows_its_plan(
    qtbot: QtBot, office: Workspace, show: Open
) -> None:
    page = show(office)
    titles = [page.timeline.entry(line).title for line in range(page.timeline.count())]
    assert titles == ["2026 年", "年度计划", "第一季度", "第二季度", "第三季度", "第四季度"]
    page.timeline.setCurrentRow(5)
    settle(qtbot)
    assert page.quota_card.title_label.text() == "2026年第四季度抽查计划"
    page.timeline.itemClicked.emit(page.timeline.item(0))
    assert page.timeline.count() == 1


def test_every_draw_is_listed_void_ones_and_rehearsals_too(office: Workspace, show: Open) -> None:
    draw_once(office, period="2026Q2", digits=("39274610", "58203917"))
    frozen = office.write(drawing.freeze, drawing.FreezeDraw(period=PERIOD, witnesses=WITNESSES))
    office.write(drawing.commit, drawing.CommitDraw(frozen.no))
    office.write(
        drawing.void,
        drawing.VoidDraw(no=frozen.no, reason="停电", approved_name="李四", approved_post="大队长"),
    )
    draw_once(office, rehearsal=True)
    page = show(office)
    columns = {column.key: column for column in page.records.table.model.columns}
    shown = {
        row.no: (columns["what"].cell(row).text, columns["state"].cell(row).text)
        for row in page.records.table.rows()
    }
    assert shown == {
        "T360199-2026Q3-01": ("演练　不计入编号", "演练"),
        "360199-2026Q3-02": ("日常抽查　停电", "作废"),
        "360199-2026Q2-01": ("日常抽查", "已完成"),
    }
    page.records.scope.findChildren(QPushButton)[0].click()
    assert {row.period for row in page.records.table.rows()} == {PERIOD}


def test_verifying_a_draw_shows_every_check(qtbot: QtBot, office: Workspace, show: Open) -> None:
    done = draw_once(office)
    page = show(office)
    (row,) = page.records.table.rows()
    page.records.verify_wanted.emit(row)
    settle(qtbot)
    assert all(check.ok for check in page.shown_checks.table.rows())
    page.shown_checks.accept()
    (done.folder / "result.txt").write_bytes(b"RD1 RESULT\n")
    page.records.verify_wanted.emit(row)
    settle(qtbot)
    assert not all(check.ok for check in page.shown_checks.table.rows())
    page.shown_checks.accept()


def test_a_draw_left_open_is_found_and_gone_on_with(
    qtbot: QtBot, office: Workspace, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop.QDesktopServices, "openUrl", lambda _url: True)
    frozen = office.write(drawing.freeze, drawing.FreezeDraw(period=PERIOD, witnesses=WITNESSES))
    office.write(drawing.commit, drawing.CommitDraw(frozen.no))
    page = show(office)
    assert frozen.no in page.open_banners[0].text.text()
    assert not page.primary.isEnabled() and frozen.no in page._why.text()
    click(banner_button(page, "继续"))
    ceremony = page.ceremony
    assert ceremony is not None
    qtbot.waitUntil(lambda: ceremony.stage is Stage.COMMIT, timeout=_WAIT)
    ceremony._close()
    settle(qtbot)
    assert page.ceremony is None


def test_a_draw_left_open_is_voided_from_the_page(
    qtbot: QtBot, office: Workspace, show: Open
) -> None:
    frozen = office.write(drawing.freeze, drawing.FreezeDraw(period=PERIOD, witnesses=WITNESSES))
    office.write(drawing.commit, drawing.CommitDraw(frozen.no))
    page = show(office)
    click(banner_button(page, "作废"))
    dialog = page.void_dialog
    dialog.reason.setPlainText("停电")
    dialog.name.setText("李四")
    dialog.post.setText("大队长")
    click(dialog.void_button)
    settle(qtbot)
    qtbot.waitUntil(page.primary.isEnabled, timeout=_WAIT)
    assert page.open_banners == []


def test_a_restored_older_workspace_is_noticed_and_settled_from_paper(
    qtbot: QtBot, tmp_path: Path, show: Open
) -> None:
    office = make_office(tmp_path / "w", targets={"A": 40})
    backup = office.write(keeping.backup, keeping.MakeBackup()).path
    printed = draw_once(office)
    office.close()
    keeping.restore(backup, tmp_path / "older")
    older = open_workspace(tmp_path / "older", actor="卫七", clock=office.clock)
    try:
        page = show(older)
        assert printed.no in page.gap_banner.text.text()
        assert not page.primary.isEnabled()
        click(page.gap_banner.findChildren(QPushButton)[0])
        editors = page.series_dialog.panel.editors
        assert "只有承诺单" in "".join(
            each.text() for each in page.series_dialog.findChildren(QLabel)
        )
        assert editors["no"].value() == printed.no
        for name, text in (("head", printed.result), ("reason", "硬盘坏了"), ("approved", "李四")):
            editors[name].set_value(text)
        click(page.series_dialog.save_button)
        qtbot.waitUntil(page.primary.isEnabled, timeout=_WAIT)
        settle(qtbot)
    finally:
        older.close()


def test_a_backup_on_a_new_pc_is_confirmed_from_paper(
    qtbot: QtBot, tmp_path: Path, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office(tmp_path / "w", targets={"A": 40})
    backup = office.write(keeping.backup, keeping.MakeBackup()).path
    office.close()
    monkeypatch.setenv("SUICHA_STATE", str(tmp_path / "new-pc"))
    keeping.restore(backup, tmp_path / "new")
    new = open_workspace(tmp_path / "new", actor="卫七", clock=office.clock)
    try:
        page = show(new)
        assert "没有办过抽取" in page.gap_banner.text.text()
        assert not page.primary.isEnabled()
        same = page.gap_banner.findChildren(QPushButton)[0]
        assert same.text() == "核对一致，接着编号"
        click(same)
        page.series_dialog.panel.editors["approved"].set_value("李四")
        click(page.series_dialog.save_button)
        qtbot.waitUntil(page.primary.isEnabled, timeout=_WAIT)
        settle(qtbot)
    finally:
        new.close()


def test_a_sealed_list_is_withdrawn_from_the_page(
    qtbot: QtBot, office: Workspace, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(drawing.freeze, drawing.FreezeDraw(period=PERIOD, witnesses=WITNESSES))
    page = show(office)
    monkeypatch.setattr(planning_module, "confirm", lambda *_args, **_more: True)
    click(banner_button(page, "撤回封存"))
    settle(qtbot)
    qtbot.waitUntil(page.primary.isEnabled, timeout=_WAIT)
    assert office.read(draws.all_draws) == ()


def test_starting_opens_one_ceremony_only(qtbot: QtBot, office: Workspace, show: Open) -> None:
    page = show(office)
    dialog = ways_of(qtbot, page)
    page._start()
    settle(qtbot)
    assert page.way_dialog is dialog
    click(dialog.forward)
    first = page.ceremony
    assert first is not None
    page._start()
    settle(qtbot)
    assert page.ceremony is first and page.way_dialog is None
    settle(qtbot)
    first.reject()
    settle(qtbot)


def test_another_page_can_point_at_a_period(qtbot: QtBot, office: Workspace, show: Open) -> None:
    page = show(office)
    page.context.go_to("plan", "2026Q4")
    settle(qtbot)
    assert page.period == Period.parse("2026Q4")


def test_the_folder_of_a_draw_is_opened(
    office: Workspace, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = draw_once(office)
    page = show(office)
    seen: list[str] = []

    def remember(url: QUrl) -> bool:
        seen.append(url.toLocalFile())
        return True

    monkeypatch.setattr(desktop.QDesktopServices, "openUrl", remember)
    page.records.folder_wanted.emit(page.records.table.rows()[0])
    assert [Path(path).name for path in seen] == [done.no]


@pytest.mark.parametrize(
    ("rulebook", "today", "drawn", "due"),
    [
        ("nanchang-2023", date(2026, 7, 2), (), "2026Q3"),
        ("nanchang-2023", date(2026, 9, 15), (PERIOD,), "2026Q3"),
        ("neimenggu", date(2026, 9, 15), (), "2026Q3"),
        ("neimenggu", date(2026, 9, 15), (PERIOD,), "2026Q4"),
        ("neimenggu", date(2026, 12, 15), ("2026Q4",), "2027Q1"),
    ],
)
def test_the_period_that_is_due(
    rulebook: str, today: date, drawn: tuple[str, ...], due: str
) -> None:
    from datetime import UTC, datetime

    from app.services import rulebooks

    known = [
        draws.DrawBrief(
            id=1,
            no="x",
            period=period,
            state="closed",
            rehearsal=False,
            frozen_at=datetime(2026, 1, 1, tzinfo=UTC),
            closed_at=None,
            selected=1,
            done=0,
            plan="",
            result="",
            void_reason="",
            checked=None,
        )
        for period in drawn
    ]
    assert str(due_period(rulebooks.load(rulebook), today, known)) == due


def test_a_killed_ceremony_is_found_and_gone_on_with(
    qtbot: QtBot, tmp_path: Path, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process died right after the commitment was saved, before any paper was written."""
    root, state = tmp_path / "killed", tmp_path / "state"
    monkeypatch.setenv("SUICHA_STATE", str(state))
    make_office(root).close()
    for step, point, code in (("freeze", 0, 0), ("commit", 6, None)):
        done = subprocess.run(
            [sys.executable, "-m", "tests.services.crash_child", str(root), step, str(point)],
            cwd=Path(__file__).parents[2],
            check=False,
        )
        assert done.returncode == code or code is None
    assert not (root / "draw" / "360199-2026Q3-01" / "commitment.pdf").exists()
    office = open_workspace(root, actor="卫七")
    try:
        page = show(office)
        assert "承诺单已出" in page.open_banners[0].text.text()
        assert not page.primary.isEnabled()
        click(banner_button(page, "继续"))
        ceremony = page.ceremony
        assert ceremony is not None
        qtbot.waitUntil(lambda: bool(ceremony.steps), timeout=_WAIT)
        assert ceremony.stage is Stage.COMMIT
        ceremony._close()
        settle(qtbot)
    finally:
        office.close()


def test_a_draw_is_archived_later_from_the_list(
    qtbot: QtBot, office: Workspace, show: Open, tmp_path: Path
) -> None:
    draw_once(office)
    page = show(office)
    page.records.archive_wanted.emit(page.records.table.rows()[0])
    panel = page.archive_dialog.panel
    qtbot.waitUntil(lambda: panel.archive is not None, timeout=_WAIT)
    assert not panel.disclosure_button.isEnabled() and "都还没有检查" in panel.why.text()
    scan = tmp_path / "记录.jpg"
    scan.write_bytes(b"\xff\xd8 signed")
    panel.add_scan(scan)
    qtbot.waitUntil(lambda: bool(panel.archive and panel.archive.scans), timeout=_WAIT)
    settle(qtbot)
    (row,) = page.records.table.rows()
    assert row.scans == 1
    state = next(column for column in COLUMNS if column.key == "state")
    assert state.value is not None and state.value(row) == "已归档"
    page.archive_dialog.accept()
