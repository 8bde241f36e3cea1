"""A deadline later than the regulation's is explained in the form, where the rulebook asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.db.read import results
from app.domain import deadlines
from app.services.tasks import inspecting
from app.ui.pages.result_form import ResultFormView
from tests.support_draw import DrawnOffice, make_drawn_office, ordered_entry


@pytest.fixture
def qingdao(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "qd", rulebook="qingdao-xihaian-2020")
    yield made
    made.workspace.close()


def test_reason_and_stage_are_asked_for_past_three_months(
    qtbot: QtBot, qingdao: DrawnOffice
) -> None:
    task, rulebook = qingdao.tasks[0], qingdao.workspace.rulebook
    draft = replace(ordered_entry(qingdao, task), methods=(rulebook.check_methods.value[0],))
    qingdao.workspace.write(
        inspecting.save_draft, inspecting.SaveDraft(assignment_id=task, entry=draft)
    )
    form = ResultFormView(
        rulebook.check_methods.value, longest=partial(deadlines.explained_after, rulebook)
    )
    qtbot.addWidget(form)
    form.show_form(qingdao.workspace.read(results.form, task), "重点", date(2026, 9, 15), "卫七")
    form.show()
    assert not form.rectify_reason.isVisible()
    assert form.missing.text() == "可以提交"
    form.rectify_by.setFocus()
    form.rectify_by.selectAll()
    qtbot.keyClicks(form.rectify_by, "20261211")
    assert form.rectify_reason.isVisible()
    assert form.missing.text() == "还差 2 项"
    form.rectify_reason.setFocus()
    qtbot.keyClicks(form.rectify_reason, "order")
    qtbot.keyClick(form.rectify_reason, Qt.Key.Key_Tab)
    assert form.focusWidget() is form.rectify_stage
    qtbot.keyClicks(form.rectify_stage, "signed")
    assert form.missing.text() == "可以提交"
    entry = form.entry()
    assert (entry.rectify_reason, entry.rectify_stage) == ("order", "signed")
