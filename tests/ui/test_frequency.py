"""The frequency ledger in its dialog: the year, one entered by hand, what counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.plans import frequency_rules
from app.services.workspace import Workspace
from app.ui.dialogs.frequency import LedgerDialog
from app.ui.dialogs.preview import PreviewDialog
from tests.documents.reading import text
from tests.support_office import make_office
from tests.ui.test_plan_life import until
from tests.ui.test_planning_page import click, settle


@pytest.fixture
def banner(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(
        tmp_path / "w", rulebook="neimenggu", level="county", targets={"KEY": 4, "GENERAL": 6}
    )
    yield workspace
    workspace.close()


@pytest.fixture
def ledger(qtbot: QtBot, banner: Workspace) -> LedgerDialog:
    dialog = LedgerDialog(None, banner, 2026, lambda *_words, **_more: None)
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot)
    return dialog


def test_an_inspection_entered_by_hand_is_counted(qtbot: QtBot, ledger: LedgerDialog) -> None:
    assert "共 10 条" in ledger.count.text()
    ledger.search.setText("KEY001")
    ledger.table.grid.select_line(0)
    click(ledger.record_button)
    form = ledger.form
    form.panel.editors["on"].set_value("2026-03-05")
    click(form.save_button)
    settle(qtbot)
    until(qtbot, lambda: ledger.table.rows()[0].total == 1)
    row = ledger.table.rows()[0]
    assert row.standing == "细则上限 2 次：还可 1 次"
    ledger.table.row_activated.emit(row)
    settle(qtbot)
    assert [each.kind for each in ledger.entries.table.rows()] == ["上级检查"]
    ledger.entries.accept()
    ledger.year.setValue(2025)
    settle(qtbot)
    until(qtbot, lambda: all(row.total == 0 for row in ledger.table.rows()))


def test_the_ledger_is_printed_as_it_is_listed(
    qtbot: QtBot, banner: Workspace, ledger: LedgerDialog
) -> None:
    ledger.search.setText("KEY00")
    click(ledger.print_button)
    until(qtbot, lambda: bool(ledger.findChildren(PreviewDialog)))
    (shown,) = ledger.findChildren(PreviewDialog)
    printed = text(shown.paths[0].read_bytes())
    assert "2026年检查频次台账" in printed and "共4条" in printed
    assert "合计" in printed
    assert "检查对象、代码" in printed and "GENERAL001" not in printed


def test_what_counts_and_a_cap_of_the_units_own_are_set(
    qtbot: QtBot, banner: Workspace, ledger: LedgerDialog
) -> None:
    ledger._rules()
    rules = ledger.rules
    assert rules.counts["own"].isChecked() and not rules.counts["case"].isChecked()
    rules.limit.setText("两")
    click(rules.save_button)
    assert "请填整数" in rules.banner.text.text()
    rules.limit.setText("3")
    rules.counts["case"].setChecked(True)
    click(rules.save_button)
    settle(qtbot)
    saved = banner.read(frequency_rules.read)
    assert saved.own_limit == 3
    assert saved.counts is not None and "case" in saved.counts
    until(qtbot, lambda: "本单位上限 3 次" in ledger.table.rows()[0].standing)
