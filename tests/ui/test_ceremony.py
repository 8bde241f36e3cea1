"""The ceremony driven by clicks and keys: the whole way, every way out, crash and resume."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.db.read import draws, pool
from app.db.read.draws import DrawBrief
from app.db.unit_of_work import UnitOfWork
from app.models import Draw
from app.services.draws import drawing, sealing
from app.services.safety import keeping, verifying
from app.services.workspace import Workspace
from app.ui import desktop
from app.ui.ceremony.archive import ArchivePanel, caption
from app.ui.ceremony.checking import CheckStep
from app.ui.ceremony.committing import CommitStep
from app.ui.ceremony.course import Stage, take_up
from app.ui.ceremony.opening import DigitRow, Turn
from app.ui.ceremony.prepare import PrepareStep
from app.ui.ceremony.sealed_screen import SealedScreen, ask_then_show
from app.ui.ceremony.signing import SignStep
from app.ui.ceremony.slips import SlipStep
from app.ui.ceremony.void_dialog import VoidDialog
from app.ui.ceremony.window import CeremonyWindow, NewDraw, ResumeDraw
from app.ui.dialogs import preview
from app.ui.dialogs.messages import MessageDialog
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.documents.reading import text
from tests.support_draw import Clock
from tests.support_office import DIGITS, PERIOD, WITNESSES, draw_once, make_office

_WAIT = 20_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "ws")
    yield workspace
    workspace.close()


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that would have been handed to other programs."""
    names: list[str] = []

    def remember(url: QUrl) -> bool:
        names.append(Path(url.toLocalFile()).name)
        return True

    monkeypatch.setattr(desktop.QDesktopServices, "openUrl", remember)
    monkeypatch.setattr(
        preview, "show_papers", lambda _page, paths: names.extend(each.name for each in paths)
    )
    return names


def begin(qtbot: QtBot, office: Workspace, *, rehearsal: bool = False) -> CeremonyWindow:
    window = CeremonyWindow(office, MemoryViewStore(), NewDraw(PERIOD, None, rehearsal))
    qtbot.addWidget(window, before_close_func=lambda each: each._close())
    window.resize(1366, 768)
    window.open()
    return window


def resume(qtbot: QtBot, office: Workspace, no: str) -> CeremonyWindow:
    window = CeremonyWindow(office, MemoryViewStore(), ResumeDraw(no))
    qtbot.addWidget(window, before_close_func=lambda each: each._close())
    window.open()
    qtbot.waitUntil(lambda: bool(window.steps), timeout=_WAIT)
    return window


def fill(window: CeremonyWindow) -> None:
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    for field, words in ((step.host, "李四"), (step.recorder, "王五"), (step.place, "三楼会议室")):
        write(field, words)
    for row, witness in zip(step.witnesses.rows, WITNESSES, strict=True):
        write(row.name, witness.name)
        write(row.organ, witness.organ)


def write(field: QLineEdit | QPlainTextEdit, text: str) -> None:
    """Type it; what comes from an input method arrives whole, not as keys."""
    if text.isascii():
        QTest.keyClicks(field, text)
    elif isinstance(field, QPlainTextEdit):
        field.insertPlainText(text)
    else:
        field.insert(text)


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def forward(qtbot: QtBot, window: CeremonyWindow, stage: Stage) -> None:
    """Press the filled button when it can be pressed and wait for ``stage``."""
    qtbot.waitUntil(window.forward.isEnabled, timeout=_WAIT)
    click(window.forward)
    qtbot.waitUntil(lambda: window.stage is stage, timeout=_WAIT)


def sealed(qtbot: QtBot, office: Workspace, *, rehearsal: bool = False) -> CeremonyWindow:
    window = begin(qtbot, office, rehearsal=rehearsal)
    fill(window)
    forward(qtbot, window, Stage.SEAL)
    return window


def committed(qtbot: QtBot, office: Workspace, *, rehearsal: bool = False) -> CeremonyWindow:
    window = sealed(qtbot, office, rehearsal=rehearsal)
    forward(qtbot, window, Stage.SLIPS)
    forward(qtbot, window, Stage.COMMIT)
    take_number(qtbot, window)
    return window


def take_number(qtbot: QtBot, window: CeremonyWindow) -> None:
    qtbot.waitUntil(window.forward.isEnabled, timeout=_WAIT)
    click(window.forward)
    course = window.course
    assert course is not None
    qtbot.waitUntil(lambda: course.committed is not None, timeout=_WAIT)


def enter(field: QLineEdit, text: str) -> None:
    write(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def give(row: DigitRow, digits: str) -> None:
    enter(row.first, digits)
    enter(row.second, digits)


def opening(qtbot: QtBot, window: CeremonyWindow) -> list[DigitRow]:
    if window.stage is Stage.COMMIT:
        forward(qtbot, window, Stage.OPEN)
    step = window.open_step
    qtbot.waitUntil(lambda: any(row.turn is Turn.FIRST for row in step.rows), timeout=_WAIT)
    return step.rows


def revealed(qtbot: QtBot, office: Workspace, *, rehearsal: bool = False) -> CeremonyWindow:
    window = committed(qtbot, office, rehearsal=rehearsal)
    for row, digits in zip(opening(qtbot, window), DIGITS, strict=False):
        give(row, digits)
    forward(qtbot, window, Stage.SHOW)
    return window


def answer(qtbot: QtBot, window: CeremonyWindow, words: str) -> None:
    """Press Esc and choose an answer of the question that comes."""
    QTest.keyClick(window, Qt.Key.Key_Escape)
    choose(qtbot, window.question, words)


def choose(qtbot: QtBot, question: MessageDialog, words: str) -> None:
    qtbot.waitUntil(question.isVisible, timeout=_WAIT)
    found = [each for each in question.findChildren(QPushButton) if each.text() == words]
    assert len(found) == 1, [each.text() for each in question.findChildren(QPushButton)]
    click(found[0])


def briefs(office: Workspace) -> tuple[DrawBrief, ...]:
    return office.read(draws.all_draws)


def kept(office: Workspace) -> dict[int, str]:
    (brief,) = briefs(office)
    return office.read(drawing.opened_slips, brief.no)


def texts(window: QWidget) -> str:
    """Every word in sight, and in what is hidden behind it."""
    labels = [label.text() for label in window.findChildren(QLabel)]
    fields = [field.text() for field in window.findChildren(QLineEdit)]
    return "\n".join([*labels, *fields])


# --- the whole way ------------------------------------------------------------------------------


def test_the_whole_ceremony_by_clicks_and_keys(
    qtbot: QtBot, office: Workspace, opened: list[str]
) -> None:
    window = revealed(qtbot, office)
    assert opened == ["commitment.pdf"]
    click(window.show_step.skip_button)
    forward(qtbot, window, Stage.CHECK)
    course = window.course
    assert course is not None and course.revealed is not None
    check = window.steps[Stage.CHECK]
    assert isinstance(check, CheckStep)
    # F is to come from the other device, so this page does not show it.
    assert not window.slip.result.isVisible()
    write(check.by, "周敏")
    write(check.seen, course.revealed.result[:8])
    forward(qtbot, window, Stage.SIGN)
    assert window.slip.result.isVisible()
    qtbot.waitUntil(window.forward.isEnabled, timeout=_WAIT)
    click(window.forward)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=_WAIT)
    (brief,) = briefs(office)
    assert (brief.state, brief.selected) == ("closed", len(course.revealed.serials))
    assert brief.checked is not None and brief.checked.by == "周敏"
    assert all(each.ok for each in verifying.verify([course.revealed.folder]))


def test_the_room_is_kept_with_the_draw(qtbot: QtBot, office: Workspace) -> None:
    window = revealed(qtbot, office)
    course = window.course
    assert course is not None
    sheet = office.read(draws.sheet, course.no)
    assert sheet is not None
    assert (sheet.host, sheet.recorder, sheet.place) == ("李四", "王五", "三楼会议室")
    assert [(w.name, w.digits) for w in sheet.witnesses] == [
        (witness.name, digits) for witness, digits in zip(WITNESSES, DIGITS, strict=False)
    ]


def test_a_second_click_does_nothing_twice(qtbot: QtBot, office: Workspace) -> None:
    window = begin(qtbot, office)
    fill(window)
    qtbot.waitUntil(window.forward.isEnabled, timeout=_WAIT)
    for _ in range(3):
        click(window.forward)
    qtbot.waitUntil(lambda: window.stage is Stage.SEAL, timeout=_WAIT)
    click(window.forward)
    assert window.stage is Stage.SEAL
    forward(qtbot, window, Stage.SLIPS)
    click(window.forward)
    click(window.forward)
    assert window.stage is Stage.SLIPS
    assert [brief.no for brief in briefs(office)] == ["360199-2026Q3-01"]


def test_blank_slips_are_printed_for_the_draw(
    qtbot: QtBot, office: Workspace, opened: list[str]
) -> None:
    window = sealed(qtbot, office)
    forward(qtbot, window, Stage.SLIPS)
    step = window.steps[Stage.SLIPS]
    click(step.print_button)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: opened == ["witness-slips.pdf"], timeout=_WAIT)


# --- preparing ----------------------------------------------------------------------------------


def test_typing_begins_at_the_host(qtbot: QtBot, office: Workspace) -> None:
    window = begin(qtbot, office)
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    assert window.focusWidget() is step.host


def test_the_button_says_what_is_still_missing(qtbot: QtBot, office: Workspace) -> None:
    window = begin(qtbot, office)
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    qtbot.waitUntil(lambda: window.hint.text() == "还没有填写主持人", timeout=_WAIT)
    assert not window.forward.isEnabled()
    for field, words in (
        (step.host, "还没有填写记录人"),
        (step.recorder, "还没有填写地点"),
        (step.place, "见证人的姓名和单位还没有写全"),
    ):
        write(field, "某某")
        assert window.hint.text() == words


def test_witnesses_are_added_moved_and_removed(qtbot: QtBot, office: Workspace) -> None:
    window = begin(qtbot, office)
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    table = step.witnesses
    assert not table.rows[0].remove.isEnabled()
    click(table.add_link)
    for row, name in zip(table.rows, ("甲", "乙", "丙"), strict=True):
        write(row.name, name)
    table.rows[2].up.click()
    table.rows[0].remove.click()
    assert [witness.name for witness in table.values()] == ["丙", "乙"]
    assert [row.badge.text() for row in table.rows] == ["1", "2"]


def test_an_inspector_who_witnesses_leaves_the_count(qtbot: QtBot, office: Workspace) -> None:
    window = begin(qtbot, office)
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    figure = step.figures["合格人员"]
    qtbot.waitUntil(lambda: figure.text() == "6", timeout=_WAIT)
    person = office.read(pool.inspectors)[0].name
    write(step.witnesses.rows[0].name, person)
    qtbot.waitUntil(lambda: figure.text() == "5", timeout=_WAIT)
    assert person not in step.left_out.text() and "见证" in step.left_out.text()


def test_the_operator_cannot_be_a_witness(qtbot: QtBot, office: Workspace) -> None:
    window = begin(qtbot, office)
    fill(window)
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    step.witnesses.rows[0].name.setText(office.actor)
    qtbot.waitUntil(lambda: "不能同时是见证人" in window.hint.text(), timeout=_WAIT)
    assert not window.forward.isEnabled()


def test_a_refusal_stays_on_the_page_and_nothing_typed_is_lost(
    qtbot: QtBot, office: Workspace
) -> None:
    window = begin(qtbot, office)
    fill(window)
    qtbot.waitUntil(window.forward.isEnabled, timeout=_WAIT)
    # Another draw was opened meanwhile, from the command line perhaps.
    office.write(drawing.freeze, drawing.FreezeDraw(period=PERIOD, witnesses=WITNESSES))
    click(window.forward)
    qtbot.waitUntil(window.error.isVisible, timeout=_WAIT)
    assert "还没有结束" in window.error.text.text()
    assert window.stage is Stage.PREPARE
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    assert step.witnesses.values()[0].name == WITNESSES[0].name


# --- digits -------------------------------------------------------------------------------------


def test_digits_stay_hidden_until_all_are_in(qtbot: QtBot, office: Workspace) -> None:
    window = committed(qtbot, office)
    window.toggle_projector()
    rows = opening(qtbot, window)
    give(rows[0], DIGITS[0])
    assert rows[0].turn is Turn.AGREED
    assert rows[0].first.displayText() == "●" * len(DIGITS[0])
    assert window.projector is not None and window.projector.scene is not None
    assert [each.digits for each in window.projector.scene.witnesses] == ["", ""]
    assert not window.forward.isEnabled()
    give(rows[1], DIGITS[1])
    assert rows[0].first.displayText() == "3516 2441"
    assert [each.digits for each in window.projector.scene.witnesses] == list(DIGITS[:2])
    qtbot.waitUntil(window.forward.isEnabled, timeout=_WAIT)


def test_digits_that_differ_are_typed_again_and_the_places_named(
    qtbot: QtBot, office: Workspace
) -> None:
    row = opening(qtbot, committed(qtbot, office))[0]
    enter(row.first, "35162441")
    enter(row.second, "35162414")
    assert row.turn is Turn.SECOND
    assert row.error.text().startswith("第 7、8 位不同")
    assert "3516" not in row.error.text()
    row.second.clear()
    enter(row.second, "3516244")
    # Twice different: from the beginning.
    assert row.turn is Turn.FIRST
    assert row.first.text() == row.second.text() == ""
    assert "第一遍 8 位，第二遍 7 位" in row.error.text()
    give(row, "35162441")
    assert row.turn is Turn.AGREED


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("12345", "6 至 32 位"),
        ("888888", "重复"),
        ("123456", "顺序"),
        ("900412", "生日"),
        ("39274610", "用过"),
    ],
)
def test_weak_digits_are_refused_in_words(
    qtbot: QtBot, office: Workspace, digits: str, words: str
) -> None:
    draw_once(office, period="2026Q2", digits=("39274610", "58203917"))
    row = opening(qtbot, committed(qtbot, office))[0]
    enter(row.first, digits)
    assert row.turn is Turn.FIRST
    assert words in row.error.text()
    assert not row.second.isEnabled()


def test_a_witness_cannot_give_what_another_gave(qtbot: QtBot, office: Workspace) -> None:
    rows = opening(qtbot, committed(qtbot, office))
    give(rows[0], DIGITS[0])
    enter(rows[1].first, DIGITS[0])
    assert "用过" in rows[1].error.text()


def test_full_width_digits_of_an_input_method_count(qtbot: QtBot, office: Workspace) -> None:
    window = committed(qtbot, office)
    rows = opening(qtbot, window)
    enter(rows[0].first, "３５１６　２４４１")
    enter(rows[0].second, "3516 2441")
    assert rows[0].digits == "35162441"
    give(rows[1], DIGITS[1])
    forward(qtbot, window, Stage.SHOW)
    assert window.course is not None and window.course.digits == DIGITS[:2]


def test_agreed_digits_can_be_typed_again_before_the_reveal(
    qtbot: QtBot, office: Workspace
) -> None:
    window = committed(qtbot, office)
    rows = opening(qtbot, window)
    give(rows[0], DIGITS[2])
    give(rows[1], DIGITS[1])
    click(rows[0].again)
    assert rows[1].first.displayText() != "6241 3553"
    assert not window.forward.isEnabled()
    give(rows[0], DIGITS[0])
    assert window.open_step.opened == DIGITS[:2]


# --- what may be seen ---------------------------------------------------------------------------


def test_no_step_shows_a_name_an_id_a_secret_or_a_ticket(qtbot: QtBot, office: Workspace) -> None:
    window = revealed(qtbot, office)
    window.toggle_projector()
    click(window.show_step.skip_button)
    forward(qtbot, window, Stage.CHECK)
    click(window.steps[Stage.CHECK].later)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.stage is Stage.SIGN, timeout=_WAIT)
    course = window.course
    assert course is not None and course.revealed is not None
    secret = {course.revealed.reveal, course.revealed.seed}
    for target in office.read(pool.target_names).values():
        secret |= {target.name, target.ident}
    for person in office.read(pool.inspector_names).values():
        secret |= {person.name, person.cert_no}
    secret |= {line.ticket[:8] for line in office.read(draws.drawn_lines, course.no)}
    said = texts(window)
    assert window.projector is not None
    assert [each for each in secret if each and each in said] == []
    assert [each for each in secret if each and each in texts(window.projector)] == []


def test_serials_come_in_ticket_order_one_after_the_other(qtbot: QtBot, office: Workspace) -> None:
    window = revealed(qtbot, office)
    board = window.show_step.board
    course = window.course
    assert course is not None and course.revealed is not None
    assert board.serials == course.revealed.serials
    assert not window.forward.isEnabled()
    qtbot.waitUntil(lambda: board.count >= 2, timeout=_WAIT)
    assert board.shown == board.serials[: board.count]
    click(window.show_step.pause_button)
    held = board.count
    qtbot.wait(700)
    assert board.count == held
    click(window.show_step.skip_button)
    assert board.shown == board.serials


def test_the_digest_of_the_result_waits_for_the_last_serial(
    qtbot: QtBot, office: Workspace
) -> None:
    window = revealed(qtbot, office)
    window.toggle_projector()
    assert window.projector is not None and window.projector.scene is not None
    assert window.projector.scene.result == ""
    click(window.show_step.skip_button)
    course = window.course
    assert course is not None and course.revealed is not None
    assert window.projector.scene.result == course.revealed.result


def test_the_sealed_screen_asks_first_and_then_shows_what_a_hand_check_needs(
    qtbot: QtBot, office: Workspace
) -> None:
    done = draw_once(office)
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    choose(qtbot, ask_then_show(host, office, done.no), "取消")
    qtbot.wait(100)
    assert host.findChildren(SealedScreen) == []
    choose(qtbot, ask_then_show(host, office, done.no), "没有外人，显示")
    qtbot.waitUntil(lambda: bool(host.findChildren(SealedScreen)), timeout=_WAIT)
    (screen,) = host.findChildren(SealedScreen)
    shown = {words: each.digest for words, each in screen.digests.items()}
    assert shown["随机数 R"] == done.reveal and shown["种子 S"] == done.seed
    assert shown["名单摘要 P"] == done.plan and shown["承诺值 C"] == done.commitment
    assert shown["结果摘要 F"] == done.result
    assert all(digits in screen.given.text() for digits in DIGITS[:2])
    names = {target.name for target in office.read(pool.target_names).values()}
    rows = screen.lines.rows()
    assert len(rows) == done.selected and all(row.name in names for row in rows)
    screen.accept()


# --- ways out -----------------------------------------------------------------------------------


def test_esc_before_anything_was_typed_just_closes(qtbot: QtBot, office: Workspace) -> None:
    window = begin(qtbot, office)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=_WAIT)
    assert briefs(office) == ()


def test_esc_asks_when_witnesses_were_typed(qtbot: QtBot, office: Workspace) -> None:
    window = begin(qtbot, office)
    fill(window)
    answer(qtbot, window, "留在这里")
    assert window.isVisible()
    answer(qtbot, window, "退出")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=_WAIT)
    assert briefs(office) == ()


@pytest.mark.parametrize("stage", [Stage.SEAL, Stage.SLIPS, Stage.COMMIT])
def test_before_the_commitment_the_list_can_be_taken_back(
    qtbot: QtBot, office: Workspace, stage: Stage
) -> None:
    window = sealed(qtbot, office)
    for step in range(Stage.SLIPS, stage + 1):
        forward(qtbot, window, Stage(step))
    answer(qtbot, window, "留在这里")
    assert window.isVisible() and window.stage is stage
    answer(qtbot, window, "撤回封存")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=_WAIT)
    assert briefs(office) == ()


@pytest.mark.parametrize("stage", [Stage.COMMIT, Stage.OPEN])
def test_after_the_commitment_it_can_only_be_gone_on_with_or_voided(
    qtbot: QtBot, office: Workspace, stage: Stage
) -> None:
    window = committed(qtbot, office)
    if stage is Stage.OPEN:
        give(opening(qtbot, window)[0], DIGITS[0])
    QTest.keyClick(window, Qt.Key.Key_Escape)
    words = {each.text() for each in window.question.findChildren(QPushButton)}
    assert words == {"作废…", "以后继续", "留在这里"}
    assert not window.back.isVisible()
    choose(qtbot, window.question, "以后继续")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=_WAIT)
    (brief,) = briefs(office)
    assert brief.state == "committed"


def test_going_back_from_the_sealed_list_keeps_what_was_typed(
    qtbot: QtBot, office: Workspace
) -> None:
    window = sealed(qtbot, office)
    qtbot.waitUntil(window.back.isEnabled, timeout=_WAIT)
    qtbot.wait(500)
    click(window.back)
    choose(qtbot, window.question, "撤回封存")
    qtbot.waitUntil(lambda: window.stage is Stage.PREPARE, timeout=_WAIT)
    assert briefs(office) == ()
    forward(qtbot, window, Stage.SEAL)
    assert [brief.no for brief in briefs(office)] == ["360199-2026Q3-01"]


def test_void_asks_for_reason_and_approval_and_keeps_the_opened_slips(
    qtbot: QtBot, office: Workspace
) -> None:
    window = committed(qtbot, office)
    give(opening(qtbot, window)[0], DIGITS[0])
    answer(qtbot, window, "作废…")
    dialog = window.void_dialog
    qtbot.waitUntil(dialog.isVisible, timeout=_WAIT)
    assert not dialog.void_button.isEnabled()
    write(dialog.reason, "开号时停电")
    write(dialog.name, "李四")
    assert dialog.why.text() == "还没有填写批准人职务"
    write(dialog.post, "大队长")
    click(dialog.void_button)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=_WAIT)
    (brief,) = briefs(office)
    assert (brief.state, brief.void_reason) == ("void", "开号时停电")
    sheet = office.read(draws.sheet, brief.no)
    assert sheet is not None
    assert [witness.digits for witness in sheet.witnesses] == [DIGITS[0], ""]
    assert all(each.ok for each in verifying.verify([office.folder.draws / brief.no]))


def test_a_slip_opened_before_a_crash_goes_into_the_void_record(
    qtbot: QtBot, office: Workspace
) -> None:
    window = committed(qtbot, office)
    give(opening(qtbot, window)[0], DIGITS[0])
    qtbot.waitUntil(lambda: kept(office) == {1: DIGITS[0]}, timeout=_WAIT)
    (brief,) = briefs(office)
    window._close()
    # As from the list of draws, where nothing is known of what was typed.
    dialog = VoidDialog(window, office, brief.no, ())
    qtbot.addWidget(dialog)
    assert any("已开号 1 人" in each.text() for each in dialog.findChildren(QLabel))
    for field, words in ((dialog.reason, "停电"), (dialog.name, "李四"), (dialog.post, "大队长")):
        write(field, words)
    with qtbot.waitSignal(dialog.voided, timeout=_WAIT):
        click(dialog.void_button)
    data = (office.folder.draws / brief.no / "void.txt").read_bytes()
    assert f"witness|1|{DIGITS[0]}".encode() in data


def test_cancelling_the_void_leaves_the_draw_open(qtbot: QtBot, office: Workspace) -> None:
    window = committed(qtbot, office)
    answer(qtbot, window, "作废…")
    qtbot.waitUntil(window.void_dialog.isVisible, timeout=_WAIT)
    click(window.void_dialog.cancel_button)
    assert window.isVisible()
    (brief,) = briefs(office)
    assert brief.state == "committed"


def test_closing_during_the_reveal_loses_nothing(qtbot: QtBot, office: Workspace) -> None:
    window = revealed(qtbot, office)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=_WAIT)
    (brief,) = briefs(office)
    assert brief.state == "closed"


# --- crash and resume ---------------------------------------------------------------------------


def test_a_draw_left_after_sealing_goes_on_where_it_was(qtbot: QtBot, office: Workspace) -> None:
    first = sealed(qtbot, office)
    plan = first.course.frozen.plan if first.course and first.course.frozen else ""
    first._close()
    window = resume(qtbot, office, "360199-2026Q3-01")
    assert window.stage is Stage.SEAL
    assert window.course is not None and window.course.frozen is not None
    assert window.course.frozen.plan == plan
    assert window.course.room.host == "李四"


def test_a_draw_left_after_the_commitment_ends_with_the_same_commitment(
    qtbot: QtBot, office: Workspace, opened: list[str]
) -> None:
    first = committed(qtbot, office)
    assert first.course is not None and first.course.committed is not None
    promised = first.course.committed.commitment
    give(opening(qtbot, first)[0], DIGITS[0])
    qtbot.waitUntil(lambda: kept(office) == {1: DIGITS[0]}, timeout=_WAIT)
    first._close()
    window = resume(qtbot, office, "360199-2026Q3-01")
    # The slip can be printed again before the digits are typed.
    assert window.stage is Stage.COMMIT and not window.back.isVisible()
    rows = opening(qtbot, window)
    # The slip that was turned over counts as given, and stays hidden until all are in.
    assert (rows[0].turn, rows[0].digits) == (Turn.AGREED, DIGITS[0])
    assert rows[0].first.echoMode() is QLineEdit.EchoMode.Password
    assert "已翻开 1 张" in window.open_step.kept.text()
    give(rows[1], DIGITS[1])
    forward(qtbot, window, Stage.SHOW)
    assert window.course is not None and window.course.revealed is not None
    assert window.course.revealed.commitment == promised
    assert window.course.digits == DIGITS[:2]
    assert all(each.ok for each in verifying.verify([window.course.revealed.folder]))


def test_a_closed_draw_is_opened_again_to_register_the_recomputation(
    qtbot: QtBot, office: Workspace
) -> None:
    done = draw_once(office)
    window = resume(qtbot, office, done.no)
    assert window.stage is Stage.CHECK
    step = window.steps[Stage.CHECK]
    assert isinstance(step, CheckStep)
    write(step.by, "周敏")
    write(step.seen, "0" * 8 if not done.result.startswith("0" * 8) else "1" * 8)
    qtbot.waitUntil(window.forward.isEnabled, timeout=_WAIT)
    click(window.forward)
    qtbot.waitUntil(window.error.isVisible, timeout=_WAIT)
    assert "不同" in window.error.text.text()
    assert window.stage is Stage.CHECK
    step.seen.clear()
    write(step.seen, done.result)
    forward(qtbot, window, Stage.SIGN)


def test_a_void_draw_cannot_be_resumed(qtbot: QtBot, office: Workspace) -> None:
    frozen = office.write(drawing.freeze, drawing.FreezeDraw(period=PERIOD, witnesses=WITNESSES))
    office.write(drawing.commit, drawing.CommitDraw(frozen.no))
    office.write(
        drawing.void,
        drawing.VoidDraw(no=frozen.no, reason="停电", approved_name="李四", approved_post="大队长"),
    )
    window = CeremonyWindow(office, MemoryViewStore(), ResumeDraw(frozen.no))
    qtbot.addWidget(window)
    window.open()
    qtbot.waitUntil(window.error.isVisible, timeout=_WAIT)
    assert "已经作废" in window.error.text.text()
    assert not window.forward.isEnabled()
    window.reject()


# --- rehearsal ----------------------------------------------------------------------------------


def test_a_rehearsal_says_so_everywhere_and_uses_its_own_series(
    qtbot: QtBot, office: Workspace
) -> None:
    window = revealed(qtbot, office, rehearsal=True)
    window.toggle_projector()
    assert window.rehearsal.isVisible()
    assert window.projector is not None and "演练" in window.projector.title.text()
    assert window.course is not None and window.course.no == "T360199-2026Q3-01"


# --- paper around the draw ----------------------------------------------------------------------


def test_invitations_are_written_for_the_witnesses_typed(
    qtbot: QtBot, office: Workspace, opened: list[str]
) -> None:
    window = begin(qtbot, office)
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    click(step.invite_button)
    assert "邀请谁" in window.error.text.text()
    fill(window)
    click(step.invite_button)
    dialog = step.invitation
    editors = dialog.panel.editors
    for name, words in (("on", "2026-07-06"), ("hour", "9点"), ("contact", "综合科卫七 0791")):
        control = editors[name].control
        assert isinstance(control, QLineEdit)
        control.setText(words)
    dialog.submit()
    assert dialog.isVisible() and not opened  # 9点 is no time
    hour = editors["hour"].control
    assert isinstance(hour, QLineEdit)
    hour.setText("9：30")
    dialog.submit()
    qtbot.waitUntil(lambda: bool(opened), timeout=_WAIT)
    room = office.folder.packages / f"见证邀请函-{PERIOD}"
    assert sorted(path.name for path in room.iterdir()) == [
        "见证邀请函-1-周敏.pdf",
        "见证邀请函-2-郑涛.pdf",
    ]


def test_the_page_for_laymen_and_the_attendance_sheet_are_printed_before_the_commitment(
    qtbot: QtBot, office: Workspace, opened: list[str]
) -> None:
    window = sealed(qtbot, office)
    forward(qtbot, window, Stage.SLIPS)
    step = window.steps[Stage.SLIPS]
    assert isinstance(step, SlipStep)
    click(step.explain_button)
    qtbot.waitUntil(lambda: opened == ["explanation.pdf"] and not step.busy, timeout=_WAIT)
    click(step.attendance_button)
    qtbot.waitUntil(
        lambda: opened == ["explanation.pdf", "attendance.pdf"] and not step.busy, timeout=_WAIT
    )


def signing(qtbot: QtBot, office: Workspace) -> tuple[CeremonyWindow, ArchivePanel]:
    window = revealed(qtbot, office)
    click(window.show_step.skip_button)
    forward(qtbot, window, Stage.CHECK)
    click(window.steps[Stage.CHECK].later)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.stage is Stage.SIGN, timeout=_WAIT)
    step = window.steps[Stage.SIGN]
    assert isinstance(step, SignStep)
    qtbot.waitUntil(lambda: step.panel.archive is not None, timeout=_WAIT)
    return window, step.panel


def test_the_commitment_shows_the_code_of_the_slip(qtbot: QtBot, office: Workspace) -> None:
    window = sealed(qtbot, office)
    window.toggle_projector()
    assert window.projector is not None and not window.projector.code.isVisible()
    forward(qtbot, window, Stage.SLIPS)
    forward(qtbot, window, Stage.COMMIT)
    step = window.steps[Stage.COMMIT]
    assert isinstance(step, CommitStep) and step.code.isHidden()
    take_number(qtbot, window)
    assert step.code.isVisible() and window.projector.code.isVisible()


def test_a_scan_archives_the_draw_and_can_be_taken_off(
    qtbot: QtBot, office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, panel = signing(qtbot, office)
    assert briefs(office)[0].scans == 0 and "才算归档" in texts(panel)
    scan = tmp_path / "签字件.pdf"
    scan.write_bytes(b"%PDF-1.4 signed")
    panel.add_scan(scan)
    qtbot.waitUntil(lambda: bool(panel.archive and panel.archive.scans), timeout=_WAIT)
    assert panel.archive is not None
    (kept,) = panel.archive.scans
    assert kept.sha256 == hashlib.sha256(scan.read_bytes()).hexdigest()
    assert kept.sha256[:8] in texts(panel) and kept.sha256[-8:] in texts(panel)
    assert briefs(office)[0].scans == 1
    assert all(each.ok for each in keeping.check_folder(office.folder.root))
    monkeypatch.setattr("app.ui.ceremony.archive.confirm", lambda *_a, **_k: True)
    panel._remove_scan(kept)
    qtbot.waitUntil(lambda: not (panel.archive and panel.archive.scans), timeout=_WAIT)
    wrong = tmp_path / "签字件.docx"
    wrong.write_bytes(b"PK")
    panel.add_scan(wrong)
    qtbot.waitUntil(window.error.isVisible, timeout=_WAIT)
    assert "不是扫描件" in window.error.text.text()
    assert briefs(office)[0].scans == 0


def test_every_file_of_the_folder_has_a_chinese_caption(qtbot: QtBot, office: Workspace) -> None:
    _window, panel = signing(qtbot, office)
    assert panel.archive is not None
    names = [path.name for path in panel.archive.files]
    assert {"minutes.pdf", "minutes-public.pdf", "commitment.pdf", "verify.html"} <= set(names)
    extra = ("disclosure.pdf", "void.pdf", "void.txt", "addendum-02.txt", "addendum-12.pdf")
    for name in (*names, *extra, "attendance.pdf", "explanation.pdf", "substitution.pdf"):
        assert caption(name)[1], name


def test_what_was_noted_in_the_window_stands_on_the_minutes(
    qtbot: QtBot, office: Workspace
) -> None:
    _window, panel = signing(qtbot, office)
    click(panel.note_button)
    control = panel.note_dialog.panel.editors["what"].control
    assert isinstance(control, QPlainTextEdit)
    control.setPlainText("投影中断两分钟，随即恢复")
    panel.note_dialog.submit()
    assert panel.archive is not None
    minutes = office.folder.draws / panel.archive.no / "minutes.pdf"
    qtbot.waitUntil(lambda: "投影中断两分钟" in text(minutes.read_bytes()), timeout=_WAIT)
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=_WAIT)


def test_the_public_edition_waits_for_the_first_inspection(qtbot: QtBot, office: Workspace) -> None:
    _window, panel = signing(qtbot, office)
    assert not panel.disclosure_button.isEnabled()
    assert "都还没有检查" in panel.why.text()


def test_the_minutes_say_who_witnessed_as_what_and_when_the_slips_were_folded(
    qtbot: QtBot, office: Workspace
) -> None:
    window = begin(qtbot, office)
    fill(window)
    step = window.steps[Stage.PREPARE]
    assert isinstance(step, PrepareStep)
    step.witnesses.rows[0].role.setCurrentIndex(1)
    role = step.witnesses.rows[0].role.currentText()
    clock = office.clock
    assert isinstance(clock, Clock)
    forward(qtbot, window, Stage.SEAL)
    forward(qtbot, window, Stage.SLIPS)
    clock.sleep(7 * 60)
    forward(qtbot, window, Stage.COMMIT)
    clock.sleep(60)
    take_number(qtbot, window)
    clock.sleep(5 * 60)
    rows = opening(qtbot, window)
    clock.sleep(4 * 60)
    for row, digits in zip(rows, DIGITS, strict=False):
        give(row, digits)
    forward(qtbot, window, Stage.SHOW)
    assert window.course is not None
    folder = office.folder.draws / window.course.no
    said = text((folder / "minutes.pdf").read_bytes())
    hour = clock().astimezone().hour
    assert f"{WITNESSES[0].organ}，{role}" in said
    assert f"{WITNESSES[0].name}（{role}）" in text((folder / "commitment.pdf").read_bytes())
    for minute, what in ((7, "写号折条"), (8, "出承诺单"), (13, "开号"), (17, "揭晓")):
        assert f"{hour}:{minute:02d}{what}" in said
    # Taken up again, the course still knows the roles.
    assert take_up(office, window.course.no).witnesses[0].role == role


def test_r_lost_in_both_places_ends_in_a_void_record_that_says_so(
    qtbot: QtBot, office: Workspace
) -> None:
    window = committed(qtbot, office)
    course = window.course
    assert course is not None and course.frozen is not None

    def lose(uow: UnitOfWork, _command: None) -> None:
        uow.session.scalars(select(Draw)).one().reveal = None
        uow.commit()

    office.write(lose, None)
    sealing.forget_second_copy(course.no, course.frozen.plan)
    for row, digits in zip(opening(qtbot, window), DIGITS, strict=False):
        give(row, digits)
    qtbot.waitUntil(window.forward.isEnabled, timeout=_WAIT)
    click(window.forward)
    qtbot.waitUntil(window.error.isVisible, timeout=_WAIT)
    assert "两处都已丢失" in window.error.text.text() and "作废" in window.error.text.text()
    answer(qtbot, window, "作废…")
    dialog = window.void_dialog
    for field, words in (
        (dialog.reason, "随机数丢失"),
        (dialog.name, "李四"),
        (dialog.post, "大队长"),
    ):
        write(field, words)
    click(dialog.void_button)
    qtbot.waitUntil(lambda: briefs(office)[0].state == "void", timeout=_WAIT)
    folder = office.folder.draws / course.no
    qtbot.waitUntil((folder / "void.pdf").is_file, timeout=_WAIT)
    assert b"\nreveal|-\n" in (folder / "void.txt").read_bytes()
    assert all(each.ok for each in verifying.verify([folder]))
