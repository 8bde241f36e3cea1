"""公示事务 by hand: keep a result back, take one down, answer a review, make the page fragment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.db.read.public_matters import OutcomeRow
from app.services.public import publishing
from app.services.public.public_files import PublicKind
from app.services.public.publishing import Publish
from app.services.tasks import following
from app.ui.dialogs import public_matters
from app.ui.dialogs.public_file import EXCEL
from app.ui.dialogs.public_matters import PublicMattersDialog
from tests.documents.reading import text
from tests.services.test_public_matters import case as make_case
from tests.services.test_public_matters import publish
from tests.support_draw import PERIOD, TARGETS, DrawnOffice, lock_result, make_drawn_office
from tests.ui.test_plan_life import until
from tests.ui.test_planning_page import click, settle


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    first = lock_result(made, made.tasks[0])
    lock_result(made, made.tasks[1])
    made.workspace.write(
        publishing.publish, Publish(result_ids=(first,), on=date(2026, 9, 12), place="局网站")
    )
    yield made
    made.workspace.close()


def _fill(dialog: PublicMattersDialog, **typed: str) -> None:
    for name, words in typed.items():
        dialog.form.panel.editors[name].set_value(words)
    click(dialog.form.save_button)


def test_every_matter_is_entered_in_its_form(
    qtbot: QtBot, office: DrawnOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    dialog = PublicMattersDialog(
        None, office.workspace, lambda text, *_more: said.append(text), PERIOD
    )
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot)
    until(qtbot, lambda: len(dialog.results.rows()) == 2)
    assert "公示率 50.0%" in dialog.said.text()
    dialog.results.grid.select_line(1)  # the published one
    dialog._receive()
    _fill(dialog, applicant="某企业", matter="对结果有异议")
    until(qtbot, lambda: len(dialog.reviews.rows()) == 1)
    dialog.reviews.grid.select_line(0)
    dialog._answer()
    _fill(dialog, answer="经复查，结果无误")
    until(qtbot, lambda: dialog.reviews.rows()[0].outcome is not None)
    shown: list[Path] = []
    monkeypatch.setattr(public_matters, "show_file", lambda _page, found: shown.append(found))
    dialog.reviews.grid.select_line(0)
    dialog.print_answer()
    until(qtbot, lambda: bool(shown))
    assert "经复查，结果无误" in text(shown[0].read_bytes())
    path = tmp_path / "公示.html"
    dialog.show_file(PublicKind.RESULTS, EXCEL)
    until(qtbot, dialog.making.make_button.isEnabled)
    assert dialog.making.make_button.text() == "生成 2 家"
    dialog.making.make(path)
    until(qtbot, path.is_file)
    assert said[-1] == "双随机抽查结果公示表已生成，2 家"
    assert TARGETS[0][1] in path.read_text("utf-8")
    dialog.results.grid.select_line(0)  # the one still due
    dialog._exempt()
    _fill(dialog, reason="军工配套", approved_by="郑某")
    until(qtbot, lambda: any(row.exempt for row in dialog.results.rows()))
    assert "公示率 100.0%" in dialog.said.text()
    dialog.results.grid.select_line(0)
    dialog._take_down()
    _fill(dialog, reason="名称有误", approved_by="郑某")
    until(qtbot, lambda: len(dialog.taken_down.rows()) == 1)
    assert said[-1] == "已登记撤下，回到待公示"


def test_taking_a_result_down_asks_about_the_outcome_that_is_still_public(
    qtbot: QtBot, tmp_path: Path
) -> None:
    made = make_drawn_office(tmp_path / "case")
    result = make_case(made, "罚款二万元")
    publish(made, result)
    on = date(2026, 9, 12)
    made.workspace.write(
        following.publish_outcome, following.PublishOutcome(case_id=1, on=on, place="局网站")
    )
    dialog = PublicMattersDialog(None, made.workspace, lambda *_said: None, PERIOD)
    qtbot.addWidget(dialog)
    dialog.show()
    until(qtbot, lambda: len(dialog.outcomes.rows()) == 1)
    dialog.results.grid.select_line(0)
    dialog._take_down()
    tick = dialog.form.panel.editors["outcome"]
    assert tick.value() is True
    tick.set_value(False)
    _fill(dialog, reason="名称有误", approved_by="郑某")
    until(qtbot, lambda: len(dialog.taken_down.rows()) == 1)
    (left,) = dialog.outcomes.rows()
    assert isinstance(left, OutcomeRow) and left.left
    dialog.outcomes.grid.select_line(0)
    dialog._take_down_outcome()
    _fill(dialog, reason="结果已撤下", approved_by="郑某")
    until(qtbot, lambda: len(dialog.taken_down.rows()) == 2)
    assert dialog.outcomes.rows() == []
    made.workspace.close()
