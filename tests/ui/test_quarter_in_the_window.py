"""What differs elsewhere, by clicks: Yiyang's redraw and days to publish; a day broken off.

Twenty working days from Wednesday 15 April 2026: 16–17 (2), 20–24 (7), 27–30 (11), then the
holiday of 1–5 May, 6–8 (14), the working Saturday 9 (15), 11–15 May (20).

3 key × 25 % = 0.75, one; of 2 special all in each half-year, whose last quarter this is; 6 people
× 5 = 30 general a year over three quarters = 10, and there are 2.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.db.read import results
from app.db.read.tasks import Progress
from app.services.draws import sealing
from app.services.workspace import Workspace
from app.ui.dialogs.substitution import SubstitutionDialog
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.publishing import PublishingPage
from app.ui.pages.results import ResultsPage
from tests import support_window_acts as acts
from tests.support_office import draw_once, make_office
from tests.support_window import Officer

DIGITS = ("35162441", "62413553")
AGAIN = ("41526363", "26534142")


@pytest.fixture(autouse=True)
def the_same_r(monkeypatch: pytest.MonkeyPatch) -> None:
    """One course of the draws: R is counted up, not drawn."""
    numbers = itertools.count()
    monkeypatch.setattr(
        sealing, "take_reveal", lambda: hashlib.sha256(b"%d" % next(numbers)).hexdigest()
    )


@pytest.fixture
def yiyang(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(
        tmp_path / "yy", rulebook="yiyang-2021",
        targets={"KEY": 3, "SPECIAL": 2, "GENERAL": 2}, people=6, basis=False,
        today=date(2026, 4, 2),
    )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def nanchang(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "nc", targets={"A": 8, "B": 8, "C": 12}, people=7)
    draw_once(made, digits=DIGITS)
    yield made
    made.close()


def test_a_quarter_in_yiyang(
    qtbot: QtBot, yiyang: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Officer(qtbot, yiyang, monkeypatch)
    assert acts.quota(officer, "2026Q2") == {
        "重点监管对象": 1, "特殊监管对象": 2, "一般监管对象": 2, "合计": 5,
    }  # fmt: skip
    lines = acts.draw(officer, "2026Q2", DIGITS)
    first, second = lines[:2]
    page = acts.at(officer, "teams", AssignmentsPage)
    officer.pick(page.table, 检查对象=first.name)
    officer.choose("办理所选", "更换牵头人…", inside=page)
    dialog = acts.front(officer, SubstitutionDialog)
    officer.type(dialog.reason, dialog.reason.itemText(1))
    for step in range(len(dialog.consent.names)):
        officer.type(dialog.consent.names[step], "郑某")
        officer.type(dialog.consent.posts[step], "副大队长")
    officer.look("yy-substitution")
    officer.click(dialog.do_button)
    officer.until(lambda: page.doing.ceremony is not None)
    ceremony = page.doing.ceremony
    assert ceremony is not None
    officer.hold(ceremony, AGAIN)
    officer.until(lambda: page.doing.ceremony is None)
    now = {each.name: each for each in acts.roster(officer)}
    officer.look("yy-redrawn")
    assert first.lead not in (now[first.name].lead, now[first.name].second)
    assert {now[first.name].lead, now[first.name].second} > {first.second}
    assert now[second.name] == second
    officer.move_to(date(2026, 4, 15))
    acts.enter(officer, first.name)
    acts.enter(officer, second.name, "已关闭停业", finding="厂房已拆除")
    # Published is what counts as done here, in one of the three wordings: who is gone too.
    board = acts.at(officer, "publication", PublishingPage, "due")
    rows = {row["检查对象"]: row for row in officer.rows(board.table)}
    officer.look("yy-due")
    assert {row["公示期限"] for row in rows.values()} == {"2026-05-15"}
    assert set(rows) == {first.name, second.name}
    acts.publish(officer)
    said = acts.report_says(officer, "季度报表", "2026年第二季度")
    assert said == {
        "基数": "7", "户数": "5", "户次": "5", "已检查": "2", "算作完成": "2", "已公示": "2",
        "未公示": "3", "完成率": "40.0%", "未发现问题": "1", "其他情形": "1", "不经抽取": "0",
    }  # fmt: skip
    officer.leave()


def test_a_form_left_in_the_middle_goes_on_next_day(
    qtbot: QtBot, nanchang: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Officer(qtbot, nanchang, monkeypatch)
    line = acts.roster(officer)[0]
    page = acts.come_back(officer, line.name)
    acts.type_in(officer, page)
    officer.type(page.form.left, "1130")
    officer.leave()
    officer.open_window()
    officer.move_to(date(2026, 7, 3))
    page = acts.at(officer, "results", ResultsPage)
    officer.until(lambda: page.form.isVisible() and page.form.name.whole == line.name)
    officer.look("next-day")
    assert (page.form.arrived.text(), page.form.left.text()) == ("09:40", "11:30")
    # A second click on 提交 hands in once.
    task = page.form.form
    assert task is not None and page.form.missing.text() == "可以提交"
    for _ in range(2):
        QTest.mouseClick(page.form.submit_button, Qt.MouseButton.LeftButton)
    officer.settle()
    (row,) = nanchang.read(results.rows, [task.task.id])
    assert row.progress is Progress.SUBMITTED
    officer.go("results", task.task.id)
    officer.until(page.review.isVisible)
    # Esc in the midst of a form asks first, and what was typed stays.
    officer.press("退回修改")
    form = officer.form()
    officer.type(form.panel.editors["reason"].control, "缺少照片")
    with officer.answering("取消"):
        QTest.keyClick(form, Qt.Key.Key_Escape)
    assert form.isVisible() and form.panel.editors["reason"].value() == "缺少照片"
    officer.click(form.save_button)
    officer.until(page.form.isVisible)
    assert "缺少照片" in officer.says(page.form)
    officer.leave()
