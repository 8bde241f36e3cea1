"""移交 in its dialog: appointed people may differ from target to target, over all draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.replacing import handing_over
from app.services.workspace import Workspace
from app.ui.dialogs.handing_over import HandOverDialog
from tests.cli.running import suicha
from tests.services.test_substituting import drawn, of_rulebook, tasks
from tests.ui.test_redrawing import consent

TODAY = date(2026, 7, 2)


@pytest.fixture
def qingdao(tmp_path: Path) -> Iterator[Workspace]:
    made = of_rulebook(tmp_path, "qingdao-xihaian-2020")
    yield made
    made.close()


def busy(office: Workspace, no: str) -> str:
    """Somebody with several tasks."""
    people = [person for task in tasks(office, no) for person in task.people]
    return max(sorted(set(people)), key=people.count)


def test_each_target_may_get_somebody_else(
    qtbot: QtBot, qingdao: Workspace, tmp_path: Path
) -> None:
    no = drawn(qingdao)
    person = busy(qingdao, no)
    offer = qingdao.read(handing_over.everywhere, person, TODAY)
    assert len(offer.going) > 1
    dialog = HandOverDialog(None, qingdao, offer, TODAY)
    qtbot.addWidget(dialog)
    dialog.show()
    consent(dialog)
    picks = list(dialog.picks.values())
    assert dialog.why.text() == f"还有 {len(picks)} 项没有指定由谁接替"
    assert dialog.coming is not None and dialog.coming.count() > 2
    dialog.coming.setCurrentIndex(1)
    assert dialog.do_button.isEnabled()
    assert {pick.currentData() for pick in picks} == {dialog.coming.currentData()}
    other = next(
        at for at in range(1, picks[0].count())
        if picks[0].itemData(at) != dialog.coming.currentData()
    )  # fmt: skip
    picks[0].setCurrentIndex(other)
    wanted = {
        each.tasks[0]: pick.currentData() for each, pick in zip(offer.going, picks, strict=True)
    }
    dialog.grab().save(str(tmp_path / "handover.png"))
    with qtbot.waitSignal(dialog.handed_over):
        qtbot.mouseClick(dialog.do_button, Qt.MouseButton.LeftButton)
    now = {task.serial: task.people for task in tasks(qingdao, no)}
    assert len(set(wanted.values())) == 2
    assert all(coming in now[serial] for serial, coming in wanted.items())
    assert all(person not in people for people in now.values())


def test_the_command_line_hands_over_everything_and_appoints_by_target(
    qingdao: Workspace,
) -> None:
    no = drawn(qingdao)
    person = busy(qingdao, no)
    offer = qingdao.read(handing_over.everywhere, person, TODAY)
    first, second = offer.going[0].choices[0].id, offer.going[0].choices[1].id
    target = offer.going[0].for_target
    assert target is not None
    root = qingdao.folder.root
    qingdao.close()
    command = ("draw", "handover", "all", "--data", root, "--out", person, "--reason", "r1")
    sign = ("--approved", "郑某|分管负责人", "--on", "2026-07-02")
    wrong = suicha(*command, *sign, "--take", "KEY0001")
    assert wrong.code == 2 and "对象编号=人员编号" in wrong.err
    take = ("--take", f"{target.id}={second}", "--in", first)
    said = suicha(*command, *sign, *take, "--json")
    assert said.code in (0, 3), said.err
    coming = {serial: one["in"] for one in said.json["made"] for serial in one["serials"]}
    assert coming[offer.going[0].tasks[0]] == second
    assert len(coming) + len(said.json["stuck"]) == len(offer.going)
