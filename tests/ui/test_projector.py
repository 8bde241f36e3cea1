"""The projector and its board: everything fits, nothing is too small, nothing is told too soon."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.services.draws.draw_codes import commitment_code
from app.ui.ceremony.course import STAGE_WORDS
from app.ui.ceremony.serial_board import PROJECTOR_LOOK, BoardStratum, SerialBoard
from app.ui.projector import ProjectorWindow, Scene, SceneWitness
from app.ui.theme import PROJECTOR

SCENE = Scene(
    unit="青禾县生态环境保护综合行政执法大队",
    title="2026年第三季度双随机抽取",
    no="360199-2026Q3-08",
    steps=STAGE_WORDS,
    step=3,
    headline="出承诺单，全体签字",
    summary=("A类企业　可抽 17 家，抽 10 家",),
    witnesses=(SceneWitness("县纪委监委派驻组"), SceneWitness("县司法局")),
    plan="6728df74" * 8,
    commitment="13b09c67" * 8,
)

CODE = commitment_code(SCENE.no, SCENE.plan, SCENE.commitment)


def strata(*counts: int) -> tuple[BoardStratum, ...]:
    return tuple(
        BoardStratum(
            f"第{at}类排污单位",
            f"{count * 3} 抽 {count}",
            tuple(f"重{at}-{n:02d}" for n in range(1, count + 1)),
        )
        for at, count in enumerate(counts, 1)
    )


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[ProjectorWindow]:
    owner = QWidget()
    qtbot.addWidget(owner)
    yield ProjectorWindow(owner)


def make_board(qtbot: QtBot, width: int, height: int) -> SerialBoard:
    board = SerialBoard(PROJECTOR_LOOK)
    qtbot.addWidget(board)
    board.resize(width, height)
    return board


@pytest.mark.parametrize("size", [(1168, 330), (1808, 600), (912, 420)])
@pytest.mark.parametrize("counts", [(1,), (10, 15, 27), (2, 11, 90), (400,), (80, 80, 80, 80)])
def test_the_newest_serial_is_always_in_sight_and_never_under_24_px(
    qtbot: QtBot, size: tuple[int, int], counts: tuple[int, ...]
) -> None:
    board = make_board(qtbot, *size)
    board.show_strata(strata(*counts))
    for count in {1, sum(counts) // 2, sum(counts)}:
        board.show_count(count)
        layout = board._layout()
        assert layout.font >= PROJECTOR.smallest_px
        newest = board.serials[count - 1]
        in_sight = {
            serial
            for panel in layout.panels
            for serial in panel.stratum.serials[panel.first : panel.first + panel.count]
        }
        assert newest in in_sight
        right = sum(board._panel_width(each.columns, layout.cell_width) for each in layout.panels)
        assert right <= board.width()
        rows = max(min(panel.count, layout.rows) for panel in layout.panels)
        bottom = board._head() + rows * (layout.cell_height + board._space())
        assert bottom <= board.height() + board._space()


def test_few_serials_are_large_and_all_strata_side_by_side(qtbot: QtBot) -> None:
    board = make_board(qtbot, 1808, 600)
    board.show_strata(strata(4, 5, 6))
    layout = board._layout()
    assert layout.font == PROJECTOR.serial_px
    assert len(layout.panels) == 3


def test_no_label_is_smaller_than_24_px(window: ProjectorWindow) -> None:
    for scene in (SCENE, dataclasses.replace(SCENE, board=True, counts=strata(3), shown=2)):
        window.show_scene(scene)
        sizes = [
            int(found.group(1))
            for label in window.findChildren(QLabel)
            if (found := re.search(r"font-size: (\d+)px", label.styleSheet()))
        ]
        assert len(sizes) > 8 and min(sizes) >= PROJECTOR.smallest_px


def test_a_scene_has_no_room_for_what_must_stay_sealed() -> None:
    names = {field.name for field in dataclasses.fields(Scene)}
    assert not names & {"seed", "reveal", "tickets", "targets", "inspectors", "names"}
    assert {field.name for field in dataclasses.fields(BoardStratum)} == {
        "label",
        "note",
        "serials",
    }


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (1920, 1080)])
def test_every_scene_fits_a_small_projector(window: ProjectorWindow, size: tuple[int, int]) -> None:
    witnesses = tuple(SceneWitness(f"县某某局{n}", "35162441") for n in range(3))
    sealed = dataclasses.replace(
        SCENE,
        commitment="",
        summary=("重点排污单位 5 抽 2", "特殊监管对象 20 抽 11", "一般排污单位 271 抽 33"),
        witnesses=witnesses,
    )
    board = dataclasses.replace(SCENE, board=True, counts=strata(2, 11, 33), witnesses=witnesses)
    window.show()
    coded = dataclasses.replace(SCENE, code=CODE)
    for scene in (sealed, SCENE, coded, board):
        window.resize(*size)
        window.show_scene(scene)
        QApplication.processEvents()
        assert (window.width(), window.height()) == size
        for shown in window.findChildren(QLabel):
            if shown.isVisible() and "\n" in shown.text():
                assert shown.fontMetrics().size(0, shown.text()).width() <= shown.width()
    window.hide()


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (1920, 1080)])
def test_a_telephone_reads_the_code_off_the_projector(
    window: ProjectorWindow, size: tuple[int, int], tmp_path: Path
) -> None:
    window.show()
    window.resize(*size)
    window.show_scene(dataclasses.replace(SCENE, code=CODE))
    QApplication.processEvents()
    picture = tmp_path / "projector.png"
    window.grab().save(str(picture))
    (found,) = zxingcpp.read_barcodes(Image.open(picture))
    assert found.text == f"RD1|{SCENE.no}|{SCENE.plan}|{SCENE.commitment}"
    window.show_scene(dataclasses.replace(SCENE, code=CODE, board=True, counts=strata(3)))
    assert not window.code.isVisible()
    window.hide()


def test_unopened_slips_say_so(window: ProjectorWindow) -> None:
    window.show_scene(SCENE)
    assert [label.text() for label in window.findChildren(QLabel)].count("纸条未开") == 2
    opened = (SceneWitness("县纪委监委派驻组", "35162441"), SceneWitness("县司法局", "62413553"))
    window.show_scene(dataclasses.replace(SCENE, witnesses=opened))
    assert "3516 2441" in [label.text() for label in window.findChildren(QLabel)]


def test_a_projector_closed_by_hand_can_be_opened_again(window: ProjectorWindow) -> None:
    window.show_scene(SCENE)
    window.place()
    window.close()
    assert not window.isVisible()
    window.place()
    assert window.isVisible()
    window.hide()
