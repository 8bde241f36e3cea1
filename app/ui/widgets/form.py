"""Forms made from the fields a directory describes.

::

    dialog = FormDialog(
        self, "新增检查对象", FIELDS, TargetFacts(name=""),
        check=target.check,                       # facts -> problems
        groups=(Group("基本", ("name", "uscc", "legal_rep")), Group("分类", ("category",))),
        save=lambda facts: workspace.write(save_target, SaveTarget(facts=facts)),
    )
    dialog.saved.connect(self._on_saved)          # the outcome
    dialog.open()

Saving runs in the background while the dialog stays; an ``AppError`` appears
inside it and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from app.domain.fields import Field, FieldKind, FieldProblem, FieldValue, is_empty
from app.errors import AppError
from app.ui import theme
from app.ui.dialogs.messages import confirm
from app.ui.icons import icon
from app.ui.tasks import operation
from app.ui.theme import Tone
from app.ui.widgets.basics import Banner, label
from app.ui.widgets.buttons import button, primary_button
from app.ui.widgets.date_edit import DateEdit

LABEL_WIDTH = 96
_BETWEEN = "、"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, under one heading."""

    title: str
    names: tuple[str, ...]


class CodeEdit(QLineEdit):
    """A code in the monospaced face; its hint stays in the interface font."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        families = ", ".join(f"'{name}'" for name in theme.MONO)
        self.setStyleSheet(f'QLineEdit[filled="true"] {{ font-family: {families}; }}')
        self.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self, text: str) -> None:
        if self.property("filled") != bool(text):
            self.setProperty("filled", bool(text))
            self.style().unpolish(self)
            self.style().polish(self)


class FieldEditor(QObject):
    """One field: its label, its control, the sentence below it."""

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.label = label(field.label)
        self.error_label = label("", "error", wrap=True)
        self.error_label.hide()
        self.control = self._make_control(parent)
        self.control.setAccessibleName(field.label)
        self.control.installEventFilter(self)

    # each kind makes its control, writes a value into it and reads it back

    def _make_control(self, parent: QWidget) -> QWidget:
        match self.field.kind:
            case FieldKind.BOOL:
                box = QCheckBox("是", parent)
                box.toggled.connect(lambda _on: self.edited.emit())
                return box
            case FieldKind.CHOICE:
                return self._make_choice(parent)
            case FieldKind.LONG_TEXT:
                area = QPlainTextEdit(parent)
                area.setTabChangesFocus(True)
                area.setFixedHeight(84)
                area.setPlaceholderText(self.field.hint)
                area.textChanged.connect(self.edited.emit)
                return area
            case FieldKind.DATE:
                edit = DateEdit(None, parent)
                edit.textChanged.connect(lambda _text: self.edited.emit())
                return edit
            case _:
                return self._make_line(parent)

    def _make_line(self, parent: QWidget) -> QLineEdit:
        line = CodeEdit(parent) if self.field.kind is FieldKind.CODE else QLineEdit(parent)
        line.setPlaceholderText(self.field.hint)
        if self.field.kind is FieldKind.NUMBER:
            line.setFixedWidth(132)
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if self.field.kind is FieldKind.LIST and self.field.choices:
            pick = line.addAction(icon("chevron-down"), QLineEdit.ActionPosition.TrailingPosition)
            pick.setToolTip("从列表中勾选")
            pick.triggered.connect(lambda: self.menu_of_values().popup(_below(line)))
        line.textChanged.connect(lambda _text: self.edited.emit())
        return line

    def menu_of_values(self) -> QMenu:
        """The values a list may hold, to tick; it stays open while boxes are ticked."""
        menu = QMenu(self.control)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        value = self.value()
        held = value if isinstance(value, tuple) else ()
        for choice in self.field.choices:
            box = QCheckBox(choice.label)
            box.setChecked(choice.value in held)
            box.toggled.connect(lambda on, each=choice.value: self._tick(each, on))
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(12, 2, 20, 2)
            row.addWidget(box)
            action = QWidgetAction(menu)
            action.setDefaultWidget(holder)
            action.setText(choice.label)
            menu.addAction(action)
        return menu

    def _tick(self, value: str, on: bool) -> None:
        now = self.value()
        held = now if isinstance(now, tuple) else ()
        without = tuple(each for each in held if each != value)
        self.set_value((*without, value) if on else without)

    def _make_choice(self, parent: QWidget) -> QComboBox:
        box = QComboBox(parent)
        box.addItem("请选择" if self.field.required else "—", "")
        for choice in self.field.choices:
            box.addItem(choice.label, choice.value)
        box.currentIndexChanged.connect(lambda _at: self.edited.emit())
        # A wheel over a closed list would change it while scrolling the form.
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return box

    def set_value(self, value: FieldValue) -> None:
        """Show ``value``."""
        control = self.control
        if isinstance(control, QCheckBox):
            control.setChecked(bool(value))
        elif isinstance(control, QComboBox):
            self._select(control, str(value or ""))
        elif isinstance(control, QPlainTextEdit):
            control.setPlainText(_as_text(self.field, value))
        elif isinstance(control, QLineEdit):
            control.setText(_as_text(self.field, value))
            control.setCursorPosition(0)

    def _select(self, box: QComboBox, value: str) -> None:
        at = box.findData(value)
        if at < 0:
            # An old value the rulebook no longer offers stays visible.
            box.addItem(value, value)
            at = box.count() - 1
        box.setCurrentIndex(at)

    def value(self) -> FieldValue:
        """The value typed; nonsense reads as empty, ``own_error`` names it."""
        control = self.control
        if isinstance(control, QCheckBox):
            return control.isChecked()
        if isinstance(control, QComboBox):
            return str(control.currentData() or "")
        if isinstance(control, DateEdit):
            return control.value
        if isinstance(control, QPlainTextEdit):
            return control.toPlainText().strip()
        return self._line_value(control.text().strip() if isinstance(control, QLineEdit) else "")

    def _line_value(self, text: str) -> FieldValue:
        if self.field.kind is FieldKind.LIST:
            return self._list_of(text)
        if self.field.kind is FieldKind.NUMBER:
            return int(text) if _is_number(text) else None
        return text

    def _list_of(self, text: str) -> tuple[str, ...]:
        stored = {choice.label: choice.value for choice in self.field.choices}
        for other in "，,;；":
            text = text.replace(other, _BETWEEN)
        parts = (part.strip() for part in text.split(_BETWEEN))
        return tuple(stored.get(part, part) for part in parts if part)

    def own_error(self) -> str:
        """What cannot even be read: a date or number that is none."""
        if isinstance(self.control, DateEdit):
            return self.control.error()
        if self.field.kind is FieldKind.NUMBER and isinstance(self.control, QLineEdit):
            text = self.control.text().strip()
            if text and not _is_number(text):
                return f"{self.field.label}请填整数。"
        return ""

    def show_error(self, message: str) -> None:
        """The sentence under the field; empty takes it away."""
        self.error_label.setText(message)
        self.error_label.setVisible(bool(message))
        if self.control.property("invalid") != bool(message):
            self.control.setProperty("invalid", bool(message))
            self.control.style().unpolish(self.control)
            self.control.style().polish(self.control)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            self.left.emit()
        return False


class FormPanel(QWidget):
    """The fields in groups; holds a frozen dataclass and gives back a changed one."""

    edited = Signal()

    def __init__(
        self,
        fields: Iterable[Field],
        facts: Any,
        *,
        check: Callable[[Any], Sequence[FieldProblem]] | None = None,
        groups: Sequence[Group] = (),
        columns: int = 2,
    ) -> None:
        super().__init__()
        self._first = facts
        self._check = check
        self._columns = columns
        described = {field.name: field for field in fields}
        groups = groups or (Group("", tuple(described)),)
        # A field in no group is not asked for; the facts keep its value.
        asked = [name for group in groups for name in group.names]
        self.editors = {name: FieldEditor(described[name], self) for name in asked}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        for at in range(columns):
            self._grid.setColumnMinimumWidth(at * 2, LABEL_WIDTH)
            self._grid.setColumnStretch(at * 2 + 1, 1)
        self._line = 0
        for group in groups:
            self._add_group(group)
        self._grid.setRowStretch(self._line, 1)
        for at in range(columns):
            # Short fields alone would leave the room to their labels.
            room = QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            self._grid.addItem(room, self._line, at * 2 + 1)
        for name, editor in self.editors.items():
            editor.set_value(getattr(facts, name))
            editor.edited.connect(self.edited.emit)
            editor.left.connect(lambda which=name: self._on_left(which))

    def _add_group(self, group: Group) -> None:
        if group.title:
            if self._line:
                self._grid.setRowMinimumHeight(self._line, 8)
                self._line += 1
            self._grid.addWidget(label(group.title, "section"), self._line, 0, 1, -1)
            self._line += 1
        at = 0
        for name in group.names:
            editor = self.editors[name]
            wide = editor.field.kind is FieldKind.LONG_TEXT or editor.field.width > 30
            if wide and at:
                at, self._line = 0, self._line + 1
            self._place(editor, at, wide)
            at += self._columns if wide else 1
            if at >= self._columns:
                at, self._line = 0, self._line + 1
        if at:
            self._line += 1

    def _place(self, editor: FieldEditor, at: int, wide: bool) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(3)
        heading.addStretch(1)
        if editor.field.required:
            heading.addWidget(label("*", "required"))
        heading.addWidget(editor.label)
        heading.setContentsMargins(0, 7, 0, 0)
        holder = QWidget()
        holder.setLayout(heading)
        self._grid.addWidget(holder, self._line, at * 2, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setContentsMargins(0, 4 if editor.field.kind is FieldKind.BOOL else 0, 0, 4)
        column.setSpacing(2)
        column.addWidget(editor.control)
        column.addWidget(editor.error_label)
        column.addStretch(1)
        span = self._columns * 2 - 1 if wide else 1
        self._grid.addLayout(column, self._line, at * 2 + 1, 1, span)

    def facts(self) -> Any:
        """The dataclass with what is typed now."""
        values = {name: editor.value() for name, editor in self.editors.items()}
        return replace(self._first, **values)

    @property
    def changed(self) -> bool:
        """Whether anything differs from the beginning."""
        unreadable = any(editor.own_error() for editor in self.editors.values())
        return unreadable or self.facts() != self._first

    def problems(self) -> list[FieldProblem]:
        """Everything that is wrong now, in the order of the fields."""
        found = [
            FieldProblem(name, editor.own_error())
            for name, editor in self.editors.items()
            if editor.own_error()
        ]
        known = {problem.field for problem in found}
        if self._check is not None:
            found += [each for each in self._check(self.facts()) if each.field not in known]
        else:
            found += [
                FieldProblem(name, f"请填写{editor.field.label}")
                for name, editor in self.editors.items()
                if editor.field.required and name not in known and is_empty(editor.value())
            ]
        order = {name: at for at, name in enumerate(self.editors)}
        return sorted(found, key=lambda each: order.get(each.field, len(order)))

    def show_problems(self, problems: Sequence[FieldProblem]) -> None:
        """Sentences under their fields; the first one gets the keyboard."""
        for name, editor in self.editors.items():
            message = next((each.message for each in problems if each.field == name), "")
            editor.show_error(message)
        first = next((each.field for each in problems if each.field in self.editors), None)
        if first is not None:
            self.editors[first].control.setFocus()

    def _on_left(self, name: str) -> None:
        editor = self.editors[name]
        # An untouched empty field is not an error yet.
        if is_empty(editor.value()) and not editor.own_error():
            editor.show_error("")
            return
        message = next((each.message for each in self.problems() if each.field == name), "")
        editor.show_error(message)


class FormDialog(QDialog):
    """A form with 保存 (Ctrl+S, Enter) and 取消 (Esc asks only after changes)."""

    saved = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        fields: Iterable[Field],
        facts: Any,
        *,
        save: Callable[[Any], Any],
        check: Callable[[Any], Sequence[FieldProblem]] | None = None,
        groups: Sequence[Group] = (),
        columns: int = 2,
        action: str = "保存",
        note: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._save = save
        self._note = note
        self.panel = FormPanel(fields, facts, check=check, groups=groups, columns=columns)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        self.save_button = primary_button(action, self.submit)
        self.save_button.setDefault(True)
        self.cancel_button = button("取消", self.reject)
        self._build()
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.submit)
        height = self.panel.sizeHint().height() + (210 if note else 130)
        self.resize(760 if columns > 1 else 480, min(height, 620))

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("formBody")
        inside.setStyleSheet(f"#formBody {{ background: {theme.LIGHT.surface}; }}")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 18, 24, 16)
        column.addWidget(self.banner)
        if self._note:
            column.addWidget(label(self._note, "secondary", wrap=True))
        column.addWidget(self.panel, 1)
        area.setWidget(inside)
        outer.addWidget(area, 1)
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 24, 10)
        row.setSpacing(8)
        row.addWidget(label("*", "required"))
        row.addWidget(label("必填", "small"))
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.save_button)
        outer.addWidget(foot)

    def submit(self) -> None:
        """Check, then save in the background; problems stay beside their fields."""
        problems = self.panel.problems()
        self.panel.show_problems(problems)
        self.banner.hide()
        if problems:
            return
        facts = self.panel.facts()
        started = (
            operation(self, lambda: self._save(facts))
            .key("save")
            .success(self._on_saved)
            .failure(self._on_failed)
            .finally_(lambda: self.save_button.setEnabled(True))
            .run_in_background()
        )
        if started:
            self.save_button.setEnabled(False)

    def _on_saved(self, outcome: object) -> None:
        self.saved.emit(outcome)
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        self.banner.show_message(Tone.DANGER, str(error))
        self.banner.show()

    def reject(self) -> None:
        if self.panel.changed and not confirm(
            self, "放弃修改", "有内容还没有保存，关闭后不能找回。", action="放弃修改"
        ):
            return
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            # Enter on 取消 means 取消.
            if isinstance(focused, QPushButton):
                focused.click()
            else:
                self.submit()
            return
        super().keyPressEvent(event)


def _as_text(field: Field, value: FieldValue) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _BETWEEN.join(field.label_of(each) for each in value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _below(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint(0, widget.height() + 2))


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit()
