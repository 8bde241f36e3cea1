"""An officer before the real window: presses what can be seen, types into it, reads its tables.

Everything is found by the word that stands on it, so that a button that is hidden, disabled or
renamed fails the play.  Set ``SUICHA_PICTURES`` to a folder to keep a picture of each station.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.workspace import Workspace
from app.ui.ceremony.checking import CheckStep
from app.ui.ceremony.course import Stage
from app.ui.ceremony.window import CeremonyWindow
from app.ui.dialogs.messages import MessageDialog
from app.ui.dialogs.preview import PreviewDialog
from app.ui.main_window import MainWindow
from app.ui.pages import page_specs
from app.ui.pages.planning import PlanPage
from app.ui.tables import PlainTable, RecordTable
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import ElidedLabel, FormDialog
from app.ui.widgets.date_edit import DateEdit
from tests.support_draw import Clock
from tests.ui import test_ceremony as ceremonies

_PAGES = (
    "desk",
    "targets",
    "inspectors",
    "items",
    "plan",
    "teams",
    "results",
    "publication",
    "system",
)
_LEFT = Qt.MouseButton.LeftButton
Table = PlainTable | RecordTable


class Officer:
    """One person at one window; ``move_to`` turns the page of the calendar."""

    def __init__(self, qtbot: QtBot, office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.qtbot, self.office = qtbot, office
        self.files: list[Path] = []
        """What the next file dialogs are answered with."""
        self.presses = 0
        self._shots = 0
        self.store = MemoryViewStore()
        monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a, **_k: (self._names(), ""))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (self._name(), ""))
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (self._name(), ""))
        monkeypatch.setattr(
            QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(self.files.pop(0))
        )
        self.window = self.open_window()

    def _names(self) -> list[str]:
        found, self.files = [str(each) for each in self.files], []
        return found

    def _name(self) -> str:
        return str(self.files.pop(0))

    # -- the window ----------------------------------------------------------------------------

    def open_window(self) -> MainWindow:
        """Come in the morning."""
        self.window = MainWindow(self.office, self.store, page_specs())
        self.window.resize(1366, 768)
        with self.qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.settle()
        return self.window

    def leave(self) -> None:
        """Close the window, whatever stands in it."""
        self.settle()
        self.window.close()
        self.settle()
        self.window.deleteLater()

    def move_to(self, day: date) -> None:
        """Another day at noon; F5 reads the page in front again."""
        clock = self.office.clock
        assert isinstance(clock, Clock)
        clock.move_to(day)
        QTest.keyClick(self.window, Qt.Key.Key_F5)
        self.settle()

    @property
    def today(self) -> date:
        """The calendar's day."""
        return self.office.clock().astimezone().date()

    def settle(self) -> None:
        """Until nothing runs and nothing that ended began something new."""
        quiet = 0

        def still() -> bool:
            nonlocal quiet
            quiet = 0 if TaskRunner.of_application().busy else quiet + 1
            return quiet > 3

        self.qtbot.waitUntil(still)

    def until(self, holds: Callable[[], bool]) -> None:
        """What was written shows once the page has read it again."""
        self.qtbot.waitUntil(holds)
        self.settle()

    def look(self, name: str, at: QWidget | None = None) -> None:
        """Keep a picture of what is in front, if pictures are wanted."""
        folder = os.environ.get("SUICHA_PICTURES")
        if folder:
            self._shots += 1
            Path(folder).mkdir(parents=True, exist_ok=True)
            top = at or self.top()
            top.grab().save(f"{folder}/{self._shots:03d}-{name}.png")

    def top(self) -> QWidget:
        """The dialog in front, or the window."""
        return QApplication.activeModalWidget() or self.window

    def says(self, where: QWidget | None = None) -> str:
        """Every word in sight."""
        inside = where or self.top()
        found = [each.text() for each in inside.findChildren(QLabel) if each.isVisible()]
        found += [each.whole for each in inside.findChildren(ElidedLabel) if each.isVisible()]
        return "\n".join(found)

    def words_on(self, where: QWidget) -> list[str]:
        """What stands on the buttons of a part of the window."""
        return [each.text() for each in where.findChildren(QPushButton) if each.isVisible()]

    # -- pressing ------------------------------------------------------------------------------

    def go(self, key: str, where: object = None) -> QWidget:
        """A tab by a click; ``where`` as another page's link would name it."""
        self.presses += 1
        if where is None:
            tabs = self.window.navigation.list
            at = tabs.model().index(_PAGES.index(key), 0)
            QTest.mouseClick(tabs.viewport(), _LEFT, pos=tabs.visualRect(at).center())
        else:
            self.window.go_to(key, where)
        self.settle()
        assert self.window.current_key == key
        return self.window.page(key)

    def _found(self, words: str, inside: QWidget | None) -> list[QPushButton]:
        root = inside or self.top()
        buttons = root.findChildren(QPushButton)
        return [b for b in buttons if b.text() == words and b.isVisible() and b.isEnabled()]

    def can_press(self, words: str, inside: QWidget | None = None) -> bool:
        """Whether such a button is there and alive."""
        return bool(self._found(words, inside))

    def press(self, words: str, inside: QWidget | None = None, *, nth: int = 0) -> None:
        """Click the button with these words."""
        self.qtbot.waitUntil(lambda: len(self._found(words, inside)) > nth)
        self.click(self._found(words, inside)[nth])

    def click(self, button: QWidget) -> None:
        """Click what is alive and seen."""
        assert button.isVisible() and button.isEnabled(), button
        self.presses += 1
        QTest.mouseClick(button, _LEFT)
        self.settle()

    @contextlib.contextmanager
    def answering(self, answer: str) -> Iterator[None]:
        """What is done inside asks back at once, and is answered so."""
        timer = QTimer()

        def reply() -> None:
            for front in QApplication.topLevelWidgets():
                if isinstance(front, MessageDialog) and front.isVisible():
                    said = [b for b in front.findChildren(QPushButton) if b.text() == answer]
                    assert said, (answer, self.words_on(front))
                    QTest.mouseClick(said[0], _LEFT)

        timer.timeout.connect(reply)
        # Again and again: a dialog that is only just appearing takes no click yet.
        timer.start(20)
        try:
            yield
        finally:
            timer.stop()

    def choose(self, button: str, *entries: str, inside: QWidget | None = None) -> None:
        """Open a button's menu and take an entry, or one of its submenu."""
        self.qtbot.waitUntil(lambda: bool(self._found(button, inside)))
        menu = self._found(button, inside)[0].menu()
        self.presses += 1 + len(entries)
        self.take(menu, *entries)

    def take(self, menu: QMenu, *entries: str) -> None:
        """An entry of a menu by the beginning of its words."""
        for words in entries[:-1]:
            found = next(each for each in menu.actions() if each.text().startswith(words))
            menu = found.menu()  # type: ignore[assignment]
        last = next(each for each in menu.actions() if each.text().startswith(entries[-1]))
        assert last.isEnabled(), entries
        last.trigger()
        self.settle()

    # -- typing --------------------------------------------------------------------------------

    def type(self, control: QWidget, words: str) -> None:
        """Into a field, replacing what stands there; Chinese comes whole from its input method."""
        control.setFocus()
        if isinstance(control, DateEdit):
            control.clear()
            QTest.keyClicks(control, words.replace("-", ""))
            # Leaving the field reads the number pad's digits.
            QTest.keyClick(control, Qt.Key.Key_Tab)
        elif isinstance(control, (QLineEdit, QPlainTextEdit)):
            control.clear()
            ceremonies.write(control, words)
        elif isinstance(control, QComboBox):
            at = control.findText(words)
            assert at >= 0, (words, [control.itemText(n) for n in range(control.count())])
            control.setCurrentIndex(at)
        elif isinstance(control, QCheckBox):
            if control.isChecked() != (words == "是"):
                QTest.mouseClick(control, _LEFT, pos=QPoint(8, control.height() // 2))
        else:
            raise TypeError(control)

    def form(self) -> FormDialog:
        """The form in front."""
        self.qtbot.waitUntil(lambda: isinstance(self.top(), FormDialog))
        found = self.top()
        assert isinstance(found, FormDialog)
        return found

    def fill(self, picture: str = "", **typed: str) -> None:
        """Type into the form in front by its labels and save it."""
        form = self.form()
        by_label = {each.field.label: each for each in form.panel.editors.values()}
        for words, text in typed.items():
            assert words in by_label, (words, list(by_label))
            self.type(by_label[words].control, text)
        if picture:
            self.look(picture)
        self.click(form.save_button)
        self.until(lambda: self.top() is not form)

    # -- reading -------------------------------------------------------------------------------

    def rows(self, table: Table) -> list[dict[str, str]]:
        """What the lines of a table say, by the titles over them."""
        model = table.model
        columns = list(model.columns)
        found = []
        for line in range(model.rowCount()):
            row = model.row_at(line)
            cells = {}
            for at, column in enumerate(columns):
                said = model.index(line, at).data()
                cells[column.title or column.key] = "" if said in (None, "—") else str(said)
            assert row is not None
            found.append(cells)
        return found

    def pick(self, table: Table, **wanted: str) -> dict[str, str]:
        """Put the cursor on the line that says this."""

        def lines() -> list[int]:
            return [
                at for at, row in enumerate(self.rows(table))
                if all(row[name] == words for name, words in wanted.items())
            ]  # fmt: skip

        self.qtbot.waitUntil(lambda: bool(lines()))
        at = lines()[0]
        table.grid.select_line(at)
        self.settle()
        return self.rows(table)[at]

    def of_row(self, table: RecordTable, words: str) -> None:
        """What a right click on the chosen line offers."""
        self.presses += 2
        self.take(table.context_menu(), words)

    # -- papers --------------------------------------------------------------------------------

    def seen(self, name: str) -> str:
        """The paper is there to be looked at; close it.  Gives its title."""

        def papers() -> list[PreviewDialog]:
            found = QApplication.topLevelWidgets()
            return [each for each in found if isinstance(each, PreviewDialog) and each.isVisible()]

        self.qtbot.waitUntil(lambda: bool(papers()))
        (dialog,) = papers()
        self.look(name, dialog)
        title = dialog.windowTitle()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        self.until(lambda: not papers())
        return title

    # -- the draw ------------------------------------------------------------------------------

    def draw(self, page: PlanPage, digits: Sequence[str]) -> str:
        """开始抽取 and the whole ceremony, to the signature; gives its number."""
        self.press("开始抽取")
        self.qtbot.waitUntil(lambda: page.way_dialog is not None)
        dialog = page.way_dialog
        assert dialog is not None
        self.look("way")
        QTest.mouseClick(dialog.forward, _LEFT)
        self.qtbot.waitUntil(lambda: page.ceremony is not None)
        ceremony = page.ceremony
        assert ceremony is not None
        no = self.hold(ceremony, digits)
        self.until(lambda: page.ceremony is None)
        return no

    def hold(self, ceremony: CeremonyWindow, digits: Sequence[str]) -> str:
        """The eight steps to the signature; gives the draw's number."""
        ceremonies.fill(ceremony)
        self.look("ceremony-prepare")
        for stage in (Stage.SEAL, Stage.SLIPS, Stage.COMMIT):
            ceremonies.forward(self.qtbot, ceremony, stage)
            self.look(f"ceremony-{stage.name.lower()}")
        ceremonies.take_number(self.qtbot, ceremony)
        for row, each in zip(ceremonies.opening(self.qtbot, ceremony), digits, strict=False):
            ceremonies.give(row, each)
        self.look("ceremony-open")
        ceremonies.forward(self.qtbot, ceremony, Stage.SHOW)
        course = ceremony.course
        assert course is not None and course.revealed is not None
        ceremonies.click(ceremony.show_step.skip_button)
        self.look("ceremony-show")
        ceremonies.forward(self.qtbot, ceremony, Stage.CHECK)
        check = ceremony.steps[Stage.CHECK]
        assert isinstance(check, CheckStep)
        ceremonies.write(check.by, "周敏")
        ceremonies.write(check.seen, course.revealed.result[:8])
        self.settle()
        self.look("ceremony-check")
        ceremonies.forward(self.qtbot, ceremony, Stage.SIGN)
        self.look("ceremony-sign")
        self.qtbot.waitUntil(ceremony.forward.isEnabled)
        ceremonies.click(ceremony.forward)
        self.until(lambda: not ceremony.isVisible())
        return course.no
