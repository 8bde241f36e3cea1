"""A plan's life on the page: made, changed, approved, filed, printed; its lists and its basis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.periods import Period
from app.services import units
from app.services.plans import local_basis, plans
from app.services.plans.plans import PlanKind, PlanState
from app.services.workspace import Workspace
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.planning import PlanPage
from app.ui.pages.planning_versions import PlanBar
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import FormDialog, Page
from tests.support_office import PERIOD, draw_once, make_office
from tests.ui.test_planning_page import click, settle

Show = Callable[[Workspace], PlanPage]


@pytest.fixture
def banner(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(
        tmp_path / "w",
        rulebook="neimenggu",
        level="county",
        targets={"KEY": 40, "GENERAL": 80},
        basis=False,
    )
    yield workspace
    workspace.close()


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def make(workspace: Workspace) -> PlanPage:
        window = MainWindow(
            workspace,
            MemoryViewStore(),
            [
                PageSpec("plan", "计划与抽取", "dice", PlanPage),
                PageSpec("system", "系统", "sliders", lambda context: Page(context, "系统")),
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


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    """The page shows what was written once it has read it again."""
    qtbot.waitUntil(holds, timeout=20_000)
    settle(qtbot)


def press(qtbot: QtBot, bar: PlanBar, words: str) -> None:
    def shown() -> list[QPushButton]:
        found = bar.findChildren(QPushButton)
        return [each for each in found if each.text() == words and each.isVisible()]

    until(qtbot, lambda: bool(shown()))
    click(shown()[0])
    settle(qtbot)


def choose(qtbot: QtBot, bar: PlanBar, words: str) -> None:
    def offered() -> list[QAction]:
        return [each for each in bar.menu().actions() if each.text().startswith(words)]

    until(qtbot, lambda: bool(offered()))
    offered()[0].trigger()
    settle(qtbot)


def fill(qtbot: QtBot, form: FormDialog | None, **typed: str) -> None:
    assert form is not None
    for name, text in typed.items():
        control = form.panel.editors[name].control
        assert isinstance(control, QLineEdit | QPlainTextEdit)
        control.setFocus()
        # Chinese comes from an input method: no key of its own.
        if isinstance(control, QLineEdit):
            control.setText(text)
        else:
            control.setPlainText(text)
    click(form.save_button)
    settle(qtbot)


def approve(qtbot: QtBot, bar: PlanBar) -> None:
    press(qtbot, bar, "登记批准")
    fill(qtbot, bar.form, organ="县生态环境局", name="李四", post="局长", on="2026-07-01")


def test_a_year_is_planned_approved_filed_and_printed(
    qtbot: QtBot, banner: Workspace, show: Show
) -> None:
    page = show(banner)
    page.timeline.setCurrentRow(1)
    settle(qtbot)
    panel = page.annual
    assert page.centre.currentWidget() is panel
    until(qtbot, lambda: panel.bar.chip.text() == "没有编制")
    press(qtbot, panel.bar, "编制计划")
    fill(qtbot, panel.bar.form, notes="按计划执行")
    until(qtbot, lambda: panel.bar.chip.text() == "待批准")
    key, _general, total = panel.table.rows()
    assert (key.label, key.quarters) == ("重点排污单位", (0, 0, 10, 10))
    assert total.total == sum(total.quarters)
    approve(qtbot, panel.bar)
    until(qtbot, lambda: panel.bar.chip.text() == "已批准")
    assert "还没有报上级生态环境部门备案" in panel.bar.words.whole
    press(qtbot, panel.bar, "登记上报")
    fill(qtbot, panel.bar.form, on="2026-07-02")
    until(qtbot, lambda: panel.bar.chip.text() == "已备案")
    press(qtbot, panel.bar, "打印")
    assert (banner.folder.root / "plan" / "2026年度抽查计划-第1版.pdf").exists()
    until(qtbot, lambda: page.timeline.entry(1).note == "已备案")


def test_a_changed_ratio_waits_for_report_and_approval(
    qtbot: QtBot, banner: Workspace, show: Show
) -> None:
    page = show(banner)
    bar = page.plan_bar
    press(qtbot, bar, "编制计划")
    fill(qtbot, bar.form)
    choose(qtbot, bar, "调整比例")
    bar.wishes.values["KEY"].setText("20%")
    click(bar.wishes.save_button)
    settle(qtbot)
    assert "须写明理由" in bar.wishes.banner.text.text()
    bar.wishes.reasons["KEY"].setText("辖区面积大")
    click(bar.wishes.save_button)
    settle(qtbot)
    until(qtbot, lambda: page.quota.rows()[0].quota == 8)
    assert not page.primary.isEnabled() and "还没有批准" in page._why.text()
    choose(qtbot, bar, "打印书面报告")
    assert list((banner.folder.root / "plan").glob("调整抽查比例的报告*"))
    approve(qtbot, bar)
    assert bar.form is not None and "报告文号还没有登记" in bar.form.banner.text.text()
    bar.form.panel._first = bar.form.panel.facts()
    bar.form.reject()
    choose(qtbot, bar, "调整比例")
    bar.wishes.reports["KEY"].setText("青环〔2026〕7号")
    click(bar.wishes.save_button)
    settle(qtbot)
    approve(qtbot, bar)
    until(qtbot, page.primary.isEnabled)
    until(qtbot, lambda: page.quota.rows()[0].quota == 8)


def test_an_approved_plan_gets_a_successor_with_a_reason(
    qtbot: QtBot, banner: Workspace, show: Show
) -> None:
    page = show(banner)
    bar = page.plan_bar
    press(qtbot, bar, "编制计划")
    fill(qtbot, bar.form)
    approve(qtbot, bar)
    choose(qtbot, bar, "变更计划")
    fill(qtbot, bar.form, reason="名录调整")
    states = [each.state for each in banner.read(plans.versions, PlanKind.PERIOD, PERIOD)]
    assert states == [PlanState.PROPOSED, PlanState.APPROVED]
    choose(qtbot, bar, "历次版本")
    assert [row.version for row in bar.history.table.rows()] == [2, 1]
    bar.history.accept()


def test_the_basis_of_a_local_draw_is_recorded_from_the_check(
    qtbot: QtBot, banner: Workspace, show: Show
) -> None:
    page = show(banner)
    assert "依据还没有登记" in page.checks.basis.words.whole
    click(page.checks.basis.link)
    editors = page.basis_dialog.panel.editors
    editors["kind"].set_value("platform_down")
    fill(qtbot, page.basis_dialog, document_no="签报5号", signer="赵六", signed_on="2026-07-01")
    assert banner.read(local_basis.words, PERIOD).startswith("平台无法抽取：签报5号，赵六")
    until(qtbot, lambda: page.checks.basis.words.whole.startswith("平台无法抽取"))


def test_a_campaign_is_registered_with_its_approval(
    qtbot: QtBot, banner: Workspace, show: Show
) -> None:
    page = show(banner)
    page.timeline.setCurrentRow(1)
    settle(qtbot)
    panel = page.annual
    panel.add_campaign()
    panel.form.panel.editors["period"].set_value("2026Q3")
    fill(
        qtbot,
        panel.form,
        name="危险废物",
        number="12",
        organ="市生态环境局",
        document_no="市环函〔2026〕31号",
        scope="产生危险废物的企业",
    )
    until(qtbot, lambda: bool(panel.campaigns.bars))
    (bar,) = panel.campaigns.bars
    assert bar.title.text() == "2026年第三季度危险废物专项检查计划"
    press(qtbot, bar, "打印")
    assert list((banner.folder.root / "plan").glob("*危险废物*"))


def test_a_year_without_the_units_document_says_so(
    qtbot: QtBot, banner: Workspace, show: Show
) -> None:
    page = show(banner)
    assert page.warnings == []
    page.timeline.setCurrentRow(1)
    settle(qtbot)
    until(qtbot, lambda: bool(page.annual.banners))
    assert "还没有登记本单位现行文件" in page.annual.banners[0].text.text()


def test_a_regulation_of_one_year_is_warned_about_until_a_document_covers_it(
    qtbot: QtBot, tmp_path: Path, show: Show
) -> None:
    office = make_office(tmp_path / "tj", rulebook="taijiang-2022")
    try:
        page = show(office)
        (warning,) = page.warnings
        assert "只管到2022年12月31日" in warning.text.text()
        facts = replace(
            office.read(units.unit_facts, "卫七"),
            document_title="2026年抽查实施方案",
            document_valid_to=date(2026, 8, 31),
        )
        office.write(units.save, facts)
        until(qtbot, lambda: bool(page.warnings) and "8月31日" in page.warnings[0].text.text())
        office.write(units.save, replace(facts, document_valid_to=date(2026, 12, 31)))
        until(qtbot, lambda: page.warnings == [])
    finally:
        office.close()


def test_a_drawn_period_shows_the_plan_as_it_was_sealed(
    qtbot: QtBot, banner: Workspace, show: Show
) -> None:
    page = show(banner)
    planned = [row.quota for row in page.quota.rows()]
    draw_once(banner)
    page.refresh()
    settle(qtbot)
    assert [row.quota for row in page.quota.rows()] == planned
    assert page.which is not None
    click(page.which.findChildren(QPushButton)[-1])
    assert page.quota.rows()[0].quota == 0


def test_another_period_is_chosen_and_listed(qtbot: QtBot, banner: Workspace, show: Show) -> None:
    page = show(banner)
    click(page.other_link)
    page.period_form.panel.editors["part"].set_value("H2")
    click(page.period_form.save_button)
    settle(qtbot)
    assert page.period == Period.parse("2026H2")
    titles = [page.timeline.entry(line).title for line in range(page.timeline.count())]
    assert "下半年" in titles


def test_people_who_cannot_go_are_listed_searched_and_exported(
    qtbot: QtBot, banner: Workspace, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.ui.dialogs import rows as rows_module

    page = show(banner)
    click(page.checks.people.link)
    listed = page.shown_list
    assert "持证而现在不能参加抽取的 1 人" in listed.note.text()
    assert listed.table.rows()[0].words.startswith("执法证2026-08-31到期")
    listed.search.setText("到期")
    assert len(listed.table.rows()) == 1
    target = tmp_path / "名单.xlsx"
    monkeypatch.setattr(rows_module, "ask_workbook", lambda *_args: target)
    opened: list[Path] = []
    monkeypatch.setattr(rows_module, "open_path", opened.append)
    click(listed.export_button)
    settle(qtbot)
    assert target.exists() and opened == [target]
    listed.accept()


def test_a_long_arithmetic_is_read_in_full(qtbot: QtBot, tmp_path: Path, show: Show) -> None:
    office = make_office(tmp_path / "few", rulebook="neimenggu", level="county",
                         targets={"KEY": 8, "GENERAL": 10})  # fmt: skip
    try:
        page = show(office)
        general = page.quota.rows()[1]
        assert general.ratio.startswith("每年1:10 · 缺 ")
        click(page.steps_link)
        steps = page.shown_list.table.rows()
        assert steps[-1].label == "一般排污单位" and steps[-1].words.startswith("可抽 ")
        page.shown_list.accept()
    finally:
        office.close()
