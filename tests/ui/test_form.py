"""Forms made from described fields, filled in with the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.fields import Choice, Field, FieldKind, FieldProblem, FieldValue
from app.errors import UserError
from app.ui.dialogs.messages import MessageDialog
from app.ui.tasks import TaskRunner
from app.ui.widgets import DateEdit, FormDialog, Group, parse_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    name: str = ""
    code: str = ""
    kind: str = ""
    since: date | None = None
    staff: int | None = None
    outside: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    untouched: str = "不在表上"


KINDS = (Choice("A", "A 类"), Choice("B", "B 类"))
FIELDS = (
    Field(name="name", label="名称", required=True),
    Field(name="code", label="代码", kind=FieldKind.CODE),
    Field(name="kind", label="类别", kind=FieldKind.CHOICE, choices=KINDS, required=True),
    Field(name="since", label="日期", kind=FieldKind.DATE),
    Field(name="staff", label="人数", kind=FieldKind.NUMBER),
    Field(name="outside", label="协助", kind=FieldKind.BOOL),
    Field(name="tags", label="专长", kind=FieldKind.LIST, choices=(Choice("air", "大气"),)),
    Field(name="note", label="备注", kind=FieldKind.LONG_TEXT),
)
FULL = Facts(
    name="某甲", code="9136", kind="B", since=date(2026, 3, 1), staff=7, outside=True,
    tags=("air", "其他"), note="两行\n备注",
)  # fmt: skip


def check(facts: Facts) -> Sequence[FieldProblem]:
    if not facts.name:
        return (FieldProblem("name", "请填写名称"),)
    if facts.code and not facts.code.isdigit():
        return (FieldProblem("code", "代码只有数字"),)
    return ()


def make(qtbot: QtBot, facts: Facts, saved: list[Facts]) -> FormDialog:
    def save(wanted: Facts) -> str:
        if wanted.name == "重名":
            raise UserError("已有同名的一家。", "请核对代码。")
        saved.append(wanted)
        return "outcome"

    dialog = FormDialog(None, "编辑", FIELDS, facts, check=check, save=save)
    # Closing a changed form asks, and after the test nobody is there to answer.
    qtbot.addWidget(dialog, before_close_func=lambda _widget: dialog.hide())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def line(dialog: FormDialog, name: str) -> QLineEdit:
    control = dialog.panel.editors[name].control
    assert isinstance(control, QLineEdit)
    return control


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy)


@pytest.mark.parametrize("facts", [Facts(), FULL])
def test_what_is_shown_is_what_comes_back(qtbot: QtBot, facts: Facts) -> None:
    dialog = make(qtbot, facts, [])
    assert dialog.panel.facts() == facts
    assert not dialog.panel.changed


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("name", " 某乙 ", "某乙"),
        ("since", "20260301", date(2026, 3, 1)),
        ("since", "2026年3月1日", date(2026, 3, 1)),
        ("since", "", None),
        ("staff", "12", 12),
        ("tags", "大气，其他；三", ("air", "其他", "三")),
    ],
)
def test_typed_words_become_values(qtbot: QtBot, name: str, typed: str, value: FieldValue) -> None:
    dialog = make(qtbot, FULL, [])
    control = line(dialog, name)
    control.clear()
    control.insert(typed)  # as an input method does
    assert dialog.panel.facts() == replace(FULL, **{name: value})


def test_leaving_a_wrong_field_says_what_is_wrong(qtbot: QtBot) -> None:
    dialog = make(qtbot, FULL, [])
    control = line(dialog, "code")
    control.setFocus()
    qtbot.keyClicks(control, "X")
    editor = dialog.panel.editors["code"]
    assert not editor.error_label.isVisible()
    qtbot.keyClick(control, Qt.Key.Key_Tab)
    assert editor.error_label.text() == "代码只有数字"
    assert editor.error_label.isVisible()


@pytest.mark.parametrize("typed", ["2026-02-30", "abc", "２０２６-01-01"])
def test_a_date_that_is_none_is_not_saved(qtbot: QtBot, typed: str) -> None:
    saved: list[Facts] = []
    dialog = make(qtbot, FULL, saved)
    line(dialog, "since").setText(typed)
    assert dialog.panel.changed
    qtbot.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert dialog.panel.editors["since"].error_label.isVisible()
    assert dialog.focusWidget() is line(dialog, "since")
    assert saved == []


def test_enter_saves_and_the_outcome_is_announced(qtbot: QtBot) -> None:
    saved: list[Facts] = []
    outcomes: list[object] = []
    dialog = make(qtbot, FULL, saved)
    dialog.saved.connect(outcomes.append)
    box = dialog.panel.editors["kind"].control
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(1)
    qtbot.keyClick(line(dialog, "name"), Qt.Key.Key_Return)
    settle(qtbot)
    assert saved == [replace(FULL, kind="A")]
    assert outcomes == ["outcome"]
    assert not dialog.isVisible()


def test_a_refusal_stays_in_the_form(qtbot: QtBot) -> None:
    dialog = make(qtbot, FULL, [])
    line(dialog, "name").setText("重名")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert dialog.isVisible()
    assert dialog.banner.text.text() == "已有同名的一家。请核对代码。"
    assert dialog.save_button.isEnabled()
    assert line(dialog, "name").text() == "重名"


def test_escape_closes_an_unchanged_form_without_asking(qtbot: QtBot) -> None:
    dialog = make(qtbot, FULL, [])
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize(("answer", "open_after"), [("取消", True), ("放弃修改", False)])
def test_escape_asks_after_a_change(qtbot: QtBot, answer: str, open_after: bool) -> None:
    dialog = make(qtbot, FULL, [])
    line(dialog, "name").insert("改")
    asked: list[str] = []

    def reply() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, MessageDialog)
        asked.append(question.windowTitle())
        default = next(b for b in question.findChildren(QPushButton) if b.isDefault())
        assert default.text() == "取消"
        chosen = next(b for b in question.findChildren(QPushButton) if b.text() == answer)
        chosen.click()

    QTimer.singleShot(50, reply)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert asked == ["放弃修改"]
    assert dialog.isVisible() is open_after


def test_a_field_in_no_group_keeps_its_value(qtbot: QtBot) -> None:
    dialog = FormDialog(
        None, "编辑", FIELDS, FULL, save=lambda facts: facts, groups=(Group("基本", ("name",)),)
    )
    qtbot.addWidget(dialog)
    line(dialog, "name").setText("某丙")
    assert dialog.panel.facts() == replace(FULL, name="某丙")


def test_a_value_the_rulebook_no_longer_offers_is_not_lost(qtbot: QtBot) -> None:
    dialog = make(qtbot, replace(FULL, kind="OLD"), [])
    assert dialog.panel.facts().kind == "OLD"


def test_a_short_date_is_written_out_on_leaving(qtbot: QtBot) -> None:
    edit = DateEdit()
    other = QLineEdit()
    for widget in (edit, other):
        qtbot.addWidget(widget)
    edit.show()
    edit.activateWindow()
    qtbot.waitUntil(edit.isActiveWindow)
    edit.setFocus()
    qtbot.keyClicks(edit, "2026.3.1")
    edit.clearFocus()
    assert edit.text() == "2026-03-01"


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-3", "2026-00-01", "1-1-2026", "2026-03-01 08:30"]
)
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None
