"""日历: the year's working days and deadlines; next year's arrangement is typed or read in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.deadlines import ESTIMATED
from app.domain.fields import Field, FieldKind
from app.errors import AppError
from app.services.days import announcing, calendar, duties
from app.services.days.announcing import Announced, AnnounceYear
from app.services.days.duties import DutyRow, DutyState, FinishDuty, YearView
from app.services.directories.workbooks import ListColumn
from app.services.paperwork import list_papers
from app.services.paperwork.list_papers import PrintList
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.dialogs.inspecting import ask
from app.ui.dialogs.preview import show_file
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Card,
    PageContext,
    button,
    icon_button,
    label,
    primary_button,
)
from app.ui.widgets.year_calendar import YearCalendar

__all__ = ["AnnounceDialog", "DeskCalendar"]

_TONES = {
    DutyState.DONE: Tone.OK,
    DutyState.OVERDUE: Tone.DANGER,
    DutyState.OPEN: Tone.NORMAL,
    DutyState.BEFORE: Tone.INFO,
    DutyState.WINDOW: Tone.INFO,
}


def _guessed(row: DutyRow) -> bool:
    """A day to come that stands on a calendar nobody has published."""
    return row.estimated and row.state in (DutyState.OPEN, DutyState.WINDOW)


_COLUMNS = (
    Column("due_on", "期限", ColumnKind.DATE, width=112),
    Column(
        "label",
        "事项",
        width=200,
        stretch=True,
        sub=lambda row: "，".join(part for part in (row.basis, row.note) if part),
    ),
    Column(
        "state",
        "情况",
        ColumnKind.CHIP,
        width=76,
        value=lambda row: "按推算" if _guessed(row) else row.state.label,
        tone=lambda row: _TONES[row.state],
    ),
)


_ON_PAPER = tuple(
    ListColumn(title) for title in ("期限", "事项", "依据", "情况", "办结日期", "备注")
)


class DeskCalendar(QWidget):
    """The sheet at the left, the year's days as a list at the right."""

    def __init__(self, context: PageContext, today: Callable[[], date]) -> None:
        super().__init__()
        self._context = context
        self._today = today
        self._year = 0
        self._view: YearView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        self.banner = Banner(Tone.WARN, "")
        self.banner.hide()
        column.addWidget(self.banner)
        across = QHBoxLayout()
        across.setSpacing(theme.GAP)
        across.addWidget(self._sheet_card(), 3)
        across.addWidget(self._list_card(), 2)
        column.addLayout(across, 1)

    def _sheet_card(self) -> Card:
        self.sheet_card = Card("工作日历")
        self.previous = icon_button("chevron-left", "上一年", lambda: self._turn(-1))
        self.following = icon_button("chevron-right", "下一年", lambda: self._turn(1))
        self.announce_button = button("录入节假日安排…", self.open_announcement, "calendar")
        for each in (self.previous, self.following, self.announce_button):
            self.sheet_card.add_action(each)
        self.sheet = YearCalendar()
        self.sheet.day_clicked.connect(self._on_day)
        self.sheet_card.body.addWidget(self.sheet, 1)
        return self.sheet_card

    def _list_card(self) -> Card:
        card = Card("全年期限", flush=True)
        self.list_card = card
        self.print_button = button("打印", self.print_duties, "print")
        card.add_action(self.print_button)
        self.table = PlainTable(_COLUMNS, name="duties", unit="项", two_lines=True)
        self.table.current_changed.connect(self._on_row)
        card.body.addWidget(self.table, 1)
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.PAGE, 8, theme.PAGE, 8)
        row.setSpacing(8)
        self.hint = label("", "small", wrap=True)
        row.addWidget(self.hint, 1)
        self.done_button = button("登记办结", self._on_done)
        self.undo_button = button("撤回办结", self._on_undo)
        row.addWidget(self.done_button)
        row.addWidget(self.undo_button)
        card.body.addWidget(foot)
        return card

    def print_duties(self) -> None:
        """The year's days on paper, for the wall: seen first."""
        rows = [row for row in self.table.rows() if isinstance(row, DutyRow)]
        command = PrintList(
            title=f"{self._year}年工作期限",
            columns=_ON_PAPER,
            rows=[
                (row.due_on, row.label, row.basis, row.state.label, row.done_on, row.note)
                for row in rows
            ],
            note="国务院办公厅还没有公布放假安排的年份按推算。",
        )
        workspace = self._context.workspace
        operation(self, lambda: workspace.write(list_papers.print_list, command)).key(
            "print"
        ).progress("正在排版").success(partial(show_file, self)).run_in_background()

    # -- filling -----------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the year again."""
        if not self._year:
            self._year = self._today().year
        workspace, year, today = self._context.workspace, self._year, self._today()
        query(self, lambda: workspace.read(duties.year_view, year, today)).key("year").success(
            self._show
        ).run_in_background()

    def _turn(self, step: int) -> None:
        self._year += step
        self.refresh()

    def _show(self, view: YearView) -> None:
        self._view = view
        self.sheet_card.title_label.setText(f"{view.year} 年工作日历")
        source = f"，{view.source}" if view.source else ""
        self.sheet_card.set_note(f"工作日 {view.working_days} 天{source}")
        due: dict[date, tuple[str, bool]] = {}
        for row in view.rows:
            words, late = due.get(row.due_on, ("", False))
            joined = "；".join(part for part in (words, row.label) if part)
            due[row.due_on] = (joined, late or row.state is DutyState.OVERDUE)
        self.sheet.show_year(view.year, view.today, view.holidays, view.workdays, due)
        self.banner.setVisible(not view.known)
        if not view.known:
            self.banner.show_message(
                Tone.WARN,
                f"{view.year} 年的节假日安排还没有录入，这一年按周末和固定节日推算，没有调休。"
                "国务院办公厅公布后，点“录入节假日安排”粘贴通知原文即可。",
            )
        chosen = self.table.current_row()
        self.table.set_rows(view.rows)
        self.list_card.set_note(f"{len(view.rows)} 项")
        self._choose(chosen if isinstance(chosen, DutyRow) else None)

    def _choose(self, before: DutyRow | None) -> None:
        """The row that was chosen, else the first that is not over."""
        rows = self.table.rows()
        if not rows or self._view is None:
            self._on_row(None)
            return
        today = self._view.today
        same = [
            n
            for n, row in enumerate(rows)
            if before and (row.label, row.due_on) == (before.label, before.due_on)
        ]
        late = [n for n, row in enumerate(rows) if row.state is DutyState.OVERDUE]
        coming = [n for n, row in enumerate(rows) if row.due_on >= today]
        self.table.grid.select_line((same or late or coming or [0])[0])

    # -- reacting ----------------------------------------------------------

    def _on_day(self, day: object) -> None:
        for number, row in enumerate(self.table.rows()):
            if row.due_on == day:
                self.table.grid.select_line(number)
                return
        if isinstance(day, date):
            self.hint.setText(self.sheet.words(day))

    def _on_row(self, row: object) -> None:
        chosen = row if isinstance(row, DutyRow) else None
        self.sheet.choose(chosen.due_on if chosen else None)
        ours = chosen is not None and bool(chosen.code)
        open_one = chosen is not None and chosen.state in {DutyState.OPEN, DutyState.OVERDUE}
        ticked = chosen is not None and chosen.state is DutyState.DONE and ours
        self.done_button.setVisible(ours and not ticked)
        self.done_button.setEnabled(ours and (open_one or not ticked))
        self.undo_button.setVisible(ticked)
        self.hint.setText(_hint(chosen))

    def _on_done(self) -> None:
        row = self.table.current_row()
        if not isinstance(row, DutyRow):
            return
        workspace, today = self._context.workspace, self._today()
        fields = (
            Field(name="on", label="办结日期", kind=FieldKind.DATE, required=True),
            Field(name="note", label="说明", hint="如 上报文号、报送方式"),
        )

        def save(facts: _Done) -> object:
            command = FinishDuty(
                code=row.code, due_on=row.due_on, done_on=facts.on or today, note=facts.note
            )
            return workspace.write(duties.finish, command)

        title = f"登记办结：{row.label}"
        ask(self, title, fields, _Done(on=today), save, lambda _o: self.refresh(), "登记办结")

    def _on_undo(self) -> None:
        row = self.table.current_row()
        if not isinstance(row, DutyRow):
            return
        workspace = self._context.workspace
        command = FinishDuty(code=row.code, due_on=row.due_on, done_on=row.due_on)
        operation(self, lambda: workspace.write(duties.reopen, command)).key("undo").success(
            lambda _o: self.refresh()
        ).run_in_background()

    def open_announcement(self) -> None:
        """Type or read a year's arrangement."""
        year = self._year if self._view and not self._view.known else self._today().year + 1
        self.dialog = AnnounceDialog(self, self._context.workspace, year)
        self.dialog.announced.connect(self._on_announced)
        self.dialog.open()

    def _on_announced(self, year: int) -> None:
        self._year = year
        self.refresh()
        self._context.toast(f"{year} 年节假日安排已录入，期限已按新日历计算")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    name: str = ""
    on: date | None = None
    note: str = ""


def _hint(row: DutyRow | None) -> str:
    if row is None:
        return ""
    if row.done_on is not None:
        return f"{row.done_on} 办结"
    if row.estimated:
        return ESTIMATED
    if row.remind_on != row.due_on:
        return f"期限逢休息日，{row.remind_on} 前提醒"
    return "由抽取和检查结果自动判断" if not row.code else ""


class AnnounceDialog(QDialog):
    """The notice's text, read as it is typed; nothing is kept before it reads as a whole year."""

    announced = Signal(int)

    def __init__(self, parent: QWidget, workspace: Workspace, year: int) -> None:
        super().__init__(parent)
        self.setWindowTitle("录入节假日安排")
        self.resize(680, 520)
        self._workspace = workspace
        self._year = year
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._body(), 1)
        outer.addWidget(self._foot())
        self._read()

    def _body(self) -> QWidget:
        body = QWidget()
        body.setObjectName("formBody")
        body.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 12)
        column.setSpacing(theme.GAP)
        self.year = QSpinBox()
        self.year.setRange(2000, 2100)
        self.year.setValue(self._year)
        self.year.setFixedWidth(90)
        self.year.setAccessibleName("年份")
        self.source = QLineEdit()
        self.source.setPlaceholderText("通知文号，如 国办发明电〔2025〕7 号")
        self.source.setAccessibleName("通知文号")
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(label("年份", "secondary"))
        first.addWidget(self.year)
        first.addWidget(label("依据", "secondary"))
        first.addWidget(self.source, 1)
        first.addWidget(button("从文件读入…", self._choose_file, "folder"))
        column.addLayout(first)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("通知原文")
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(
            "粘贴国务院办公厅通知里七个节日的安排，例如：\n"
            "一、元旦：1月1日至3日放假调休，共3天。1月4日（周日）上班。\n"
            "也可以每行一天：2027-01-01 休　2027-01-03 班"
        )
        self.text.textChanged.connect(self._read)
        self.year.valueChanged.connect(self._read)
        column.addWidget(self.text, 1)
        self.found = label("", "small", wrap=True)
        column.addWidget(self.found)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        column.addWidget(self.banner)
        return body

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(button("取消", self.reject))
        self.save_button = primary_button("保存", self._save)
        row.addWidget(self.save_button)
        return foot

    def _read(self) -> None:
        self.banner.hide()
        text = self.text.toPlainText()
        self.save_button.setEnabled(False)
        if not text.strip():
            self.found.setText("还没有内容。")
            return
        try:
            read = calendar.read_text(self.year.value(), text)
        except AppError as error:
            self.found.setText(str(error))
            return
        worked = "、".join(f"{day.month} 月 {day.day} 日" for day in sorted(read.workdays))
        self.found.setText(
            f"读出放假 {len(read.holidays)} 天，调休上班 {len(read.workdays)} 天"
            + (f"：{worked}。请对照通知核对。" if worked else "。请对照通知核对。")
        )
        self.save_button.setEnabled(True)

    def _choose_file(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, "选择文件")
        if name:
            self.read_file(Path(name))

    def read_file(self, path: Path) -> None:
        """Put a file's text into the box, where it can still be corrected."""
        operation(self, lambda: calendar.read_file(path)).key("file").success(
            self.text.setPlainText
        ).failure(self._fail).run_in_background()

    def _save(self) -> None:
        command = AnnounceYear(
            year=self.year.value(), text=self.text.toPlainText(), source=self.source.text()
        )
        operation(self, lambda: self._workspace.write(announcing.announce, command)).key(
            "announce"
        ).success(self._on_saved).failure(self._fail).run_in_background()

    def _on_saved(self, made: Announced) -> None:
        self.accept()
        self.announced.emit(made.year)

    def _fail(self, error: AppError) -> None:
        self.banner.show_message(Tone.DANGER, str(error))
        self.banner.show()
