"""公示与上报: what may be made public, what was; beside it the packages (``packages``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QComboBox, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.db.read import assignments
from app.db.read.assignments import DrawChoice
from app.db.read.publications import PublicationBoard, PublicationRow
from app.domain.periods import Period, Span
from app.services.public import kept_files, publishing
from app.services.public.kept_files import KeptFile
from app.services.public.public_files import PublicKind
from app.ui import theme
from app.ui.dialogs.filing import FilingDialog
from app.ui.dialogs.inspecting import ask_publish
from app.ui.dialogs.public_file import EXCEL, PRINT, PublicFileDialog, Scope
from app.ui.dialogs.public_matters import PublicMattersDialog
from app.ui.dialogs.reports import ReportsDialog
from app.ui.list_export import ask_export
from app.ui.pages.packages import PackagesPanel
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import query
from app.ui.theme import Tone
from app.ui.widgets import (
    Banner,
    Card,
    EmptyState,
    Page,
    PageContext,
    Segments,
    button,
    label,
    link_button,
    menu_button,
    primary_button,
)

__all__ = ["PublishingPage"]

PUBLICATION, PACKAGES = "publication", "packages"
_PLACE_KEY = "publishing/place"
_EMPTY = {
    "due": "没有待公示的结果。检查结果复核锁定后，出现在这里。",
    "published": "还没有公示过的结果。登记公示以后，出现在这里。",
    "exempt": "没有不公示的结果。",
}
_NOT_FOUND = "没有符合查找内容的结果。"


def _searched(row: PublicationRow) -> str:
    words = (row.serial, row.task.shown_name, row.task.target_code, row.wording, row.exempt)
    return "\n".join(words).lower()


def _inspected_on(row: PublicationRow) -> date | None:
    return row.task.inspected_on


def _due_or_done(row: PublicationRow) -> date | None:
    return row.published_on or (row.due.due_on if row.due else None)


def _days_left(row: PublicationRow, today: date) -> str:
    if row.published_on is not None:
        return "已公示"
    if row.due is None:
        return ""
    left = (row.due.due_on - today).days
    if left == 0:
        return "今天到期"
    if left < 0:
        return f"{'逾期' if row.due.exact else '过提醒日'} {-left} 天"
    return f"还有 {left} 天" + ("（推算）" if row.due.estimated else "")


@dataclass(frozen=True, slots=True)
class _Found:
    board: PublicationBoard
    draws: tuple[DrawChoice, ...]
    waiting: tuple[PublicationRow, ...]
    """Of all periods: what the tab counts."""


class PublishingPage(Page):
    """Two views: results on their way to the public, packages on theirs to the platform."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "公示与上报")
        self._found: _Found | None = None
        self.views = Segments([(PUBLICATION, "公示"), (PACKAGES, "上报包")])
        self.views.chosen.connect(lambda key: self.show_view(str(key)))
        self.add_action(self.views)
        self.period_box = QComboBox()
        self.period_box.setMinimumWidth(150)
        self.period_box.setAccessibleName("期间")
        self.period_box.currentIndexChanged.connect(lambda _at: self._fetch())
        self.add_action(self.period_box)
        self.table_button = menu_button(
            "公示表",
            (
                ("预览和打印…", lambda: self.show_table(PRINT)),
                ("存为 Excel 或网页…", lambda: self.show_table(EXCEL)),
            ),
            "document-check",
        )
        self.add_action(self.table_button)
        self.reports_button = button("报表…", self._show_reports, "columns")
        self.add_action(self.reports_button)
        self.more_button = menu_button(
            "更多", (("公示事务…", self._show_matters), ("归档…", self._show_filing)), "more"
        )
        self.add_action(self.more_button)
        self.set_primary(primary_button("登记公示", self._publish, "megaphone"))
        self.packages = PackagesPanel(self, context)
        for each in self.packages.head:
            self.add_action(each)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._left())
        self.stack.addWidget(self.packages)
        self.body.addWidget(self.stack, 1)
        self._of_publication: tuple[QWidget, ...] = (
            self.period_box,
            self.table_button,
            self.reports_button,
            self.more_button,
            self.primary,
        )
        self.show_view(PUBLICATION)

    def show_view(self, key: str) -> None:
        """公示 or 上报包; each with its own buttons."""
        self.views.choose(key)
        packages = key == PACKAGES
        self.stack.setCurrentIndex(int(packages))
        for each in self._of_publication:
            each.setVisible(not packages)
        for each in self.packages.head:
            each.setVisible(packages)
        self._say_where()
        self._allow()

    def open_at(self, where: object) -> None:
        """``where``: "packages", or the id of one; "course": the rates over the quarters;
        "reviews": applications that wait for an answer; "outcomes": cases' outcomes, "due": what
        waits to be published — these of all periods, for a new quarter's draw does not settle the
        last one's results."""
        if where in ("due", "outcomes"):
            if not self.period_box.count():
                self.period_box.addItem("全部期间", "")
            self.period_box.setCurrentIndex(max(self.period_box.findData(""), 0))
        if where == "due":
            self.segments.choose("due")
            # A filter left over would hide what the desk has just counted.
            self.search.clear()
            self.category.setCurrentIndex(0)
            self.late.setCurrentIndex(0)
        if where in ("course", "reviews", "outcomes"):
            self.show_view(PUBLICATION)
        if where == "course":
            self._show_reports()
            self.reports.show_course()
        if where == "reviews":
            self._show_matters()
            self.matters.show_reviews()
        if where == "outcomes":
            self._show_matters()
            self.matters.show_outcomes()
        if where == PACKAGES or isinstance(where, int):
            self.show_view(PACKAGES)
        if isinstance(where, int):
            self.packages.select(where)

    def _left(self) -> QWidget:
        self.left_card = Card("公示", flush=True)
        self.segments = Segments([("due", "待公示"), ("published", "已公示"), ("exempt", "不公示")])
        self.segments.chosen.connect(lambda _key: self._show_board())
        self.search = QLineEdit()
        self.search.setPlaceholderText("序号 / 名称 / 结果")
        self.search.setAccessibleName("在公示列表里查找")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(170)
        self.search.textChanged.connect(lambda _text: self._show_board())
        self.left_card.add_action(self.search)
        categories = self.context.workspace.rulebook.categories
        self.category = self._filter(
            "类别", ("全部类别", *((each.label, each.code) for each in categories))
        )
        self.late = self._filter(
            "公示期限", ("全部期限", ("已过期限", "late"), ("未到期限", "open"))
        )
        self.left_card.add_action(self.category)
        self.left_card.add_action(self.late)
        self.left_card.add_action(self.segments)
        # Hidden with its margins: an empty strip above the table says nothing.
        self.embargo_room = QWidget()
        column = QVBoxLayout(self.embargo_room)
        column.setContentsMargins(theme.PAGE, 10, theme.PAGE, 10)
        self.embargo = Banner(Tone.INFO, "")
        column.addWidget(self.embargo)
        self.left_card.body.addWidget(self.embargo_room)
        self.empty = EmptyState(_EMPTY["due"], icon_name="megaphone")
        self.table = PlainTable(
            self._columns(),
            name="publications",
            empty=self.empty,
        )
        self.table.selection_changed.connect(lambda _ids: self._allow())
        self.table.row_activated.connect(lambda row: self.context.go_to("results", row.task.id))
        self.left_card.body.addWidget(self.table, 1)
        foot = self.left_card.foot()
        self.chosen = label("", "small")
        foot.addWidget(self.chosen)
        foot.addStretch(1)
        foot.addWidget(link_button("全选", self._select_all))
        foot.addWidget(link_button("复制", self.table.copy_selection, "copy"))
        foot.addWidget(link_button("导出 Excel", self._ask_export, "download"))
        return self.left_card

    def _filter(self, name: str, choices: Sequence[str | tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for each in choices:
            words, code = (each, "") if isinstance(each, str) else each
            box.addItem(words, code)
        box.currentIndexChanged.connect(lambda _at: self._show_board())
        return box

    def _is_wanted(self, row: PublicationRow) -> bool:
        category, late = self.category.currentData(), self.late.currentData()
        if category and row.task.category != category:
            return False
        if late and self.segments.key == "due":
            past = row.due is not None and row.due.is_overdue(self.today)
            if past != (late == "late"):
                return False
        return self.search.text().strip().lower() in _searched(row)

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("serial", "抽取序号", ColumnKind.CODE, width=112),
            Column(
                "name",
                "检查对象",
                width=120,
                stretch=True,
                value=lambda row: row.task.shown_name,
            ),
            Column(
                "inspected_on",
                "完成日期",
                ColumnKind.DATE,
                width=94,
                value=_inspected_on,
            ),
            Column(
                "wording",
                "公示结果",
                width=190,
                value=lambda row: row.exempt or row.wording or "按细则不公示",
            ),
            Column("due", "公示期限", ColumnKind.DATE, width=94, value=_due_or_done),
            Column(
                "left",
                "",
                ColumnKind.CHIP,
                width=124,
                value=lambda row: _days_left(row, self.today),
                tone=self._tone,
                sort=None,
            ),
        )

    def _tone(self, row: PublicationRow) -> Tone:
        if row.published_on is not None:
            return Tone.OK
        if row.due is None or not row.due.is_overdue(self.today):
            return Tone.NORMAL
        # A text that only says 及时 sets no day: nobody is late.
        return Tone.DANGER if row.due.exact else Tone.WARN

    # -- filling -----------------------------------------------------------

    @property
    def today(self) -> date:
        """The workspace clock's day."""
        return self.context.workspace.clock().astimezone().date()

    @property
    def period(self) -> str:
        """The chosen period; empty for all."""
        return str(self.period_box.currentData() or "")

    def refresh(self) -> None:
        """Fetch the periods there are, then what they hold."""
        self.packages.refresh()
        read = self.context.workspace.read
        query(self, lambda: read(assignments.draws)).key("periods").success(
            self._show_periods
        ).run_in_background()

    def on_narrow(self, narrow: bool) -> None:
        """The packages' details give way."""
        self.packages.on_narrow(narrow)

    def _show_periods(self, draws: Sequence[DrawChoice]) -> None:
        chosen = self.period_box.currentData()
        periods = list(dict.fromkeys(draw.period for draw in draws))
        self.period_box.blockSignals(True)
        self.period_box.clear()
        self.period_box.addItem("全部期间", "")
        for period in periods:
            self.period_box.addItem(Period.parse(period).in_words(), period)
        at = self.period_box.findData(chosen) if chosen is not None else min(1, len(periods))
        self.period_box.setCurrentIndex(max(at, 0))
        self.period_box.blockSignals(False)
        self._fetch()

    def _fetch(self) -> None:
        read, period = self.context.workspace.read, self.period

        def fetch() -> _Found:
            board = read(publishing.board, period)
            every = read(publishing.board, "") if period else board
            return _Found(board, read(assignments.draws), every.due)

        query(self, fetch).key("board").success(self._show).run_in_background()

    def _show(self, found: _Found) -> None:
        self._found = found
        board = found.board
        late = any(row.due is not None and row.due.is_overdue(self.today) for row in found.waiting)
        tone = Tone.WARN if late else Tone.ACCENT
        self.context.set_badge("publication", len(found.waiting), tone)
        self.segments.set_text("due", f"待公示 {len(board.due)}")
        self.segments.set_text("published", f"已公示 {len(board.published)}")
        self.segments.set_text("exempt", f"不公示 {len(board.exempt)}")
        self._say_where()
        hidden = [
            words
            for count, words in (
                (board.not_inspected, f"{board.not_inspected} 家未检查"),
                (board.in_review, f"{board.in_review} 家结果还没有锁定"),
            )
            if count
        ]
        self.embargo.show_message(
            Tone.INFO, f"{'，'.join(hidden)}：锁定前对外只公布数量，不公布名称。"
        )
        self.embargo_room.setVisible(bool(hidden))
        self._show_board()

    def _say_where(self) -> None:
        board = self._found.board if self._found else None
        if self.views.key == PACKAGES:
            self.set_subtitle("用 U 盘带到能上网的机器，平台的答复和编号带回来登记")
        elif board is not None:
            self.set_subtitle(
                Period.parse(self.period).in_words() if self.period else "全部期间",
                f"待公示 {len(board.due)} 家，已公示 {len(board.published)} 家",
                # Last: beside so many buttons the end of the line is what is cut off.
                self.context.workspace.rulebook.document.title,
            )

    def _show_board(self) -> None:
        if self._found is None:
            return
        board = self._found.board
        rows = {"due": board.due, "published": board.published, "exempt": board.exempt}
        of_state = rows[str(self.segments.key)]
        found = [row for row in of_state if self._is_wanted(row)]
        self.empty.sentence.setText(_NOT_FOUND if of_state else _EMPTY[str(self.segments.key)])
        # The days left tell only what still waits to be published.
        self.late.setEnabled(self.segments.key == "due")
        self.table.set_rows(found)
        if self.segments.key == "due" and board.due:
            self.table.grid.selectAll()
        self._allow()

    def _ask_export(self) -> None:
        title = (
            f"公示-{''.join(self._narrowed()[:1]) if self.segments.key != 'exempt' else '不公示'}"
        )
        keys = [column.key for column in self.table.visible_columns()]
        ask_export(
            self, self.context.toast, title, self.table, self.table.model.ids, keys, self.today
        )

    def _select_all(self) -> None:
        self.table.grid.selectAll()

    def chosen_results(self) -> tuple[int, ...]:
        """Ids of the selected results."""
        return self._ids(self.table.model.row_at(line) for line in self.table.grid.selected_lines())

    @staticmethod
    def _ids(rows: Iterable[object]) -> tuple[int, ...]:
        return tuple(row.id for row in rows if isinstance(row, PublicationRow))

    def _allow(self) -> None:
        chosen = self.chosen_results()
        listed = len(self.table.model.ids)
        words = f"共 {listed} 家" if listed else ""
        self.chosen.setText(f"{words}，已选 {len(chosen)} 家" if chosen else words)
        due = self.segments.key == "due"
        board = self._found.board if self._found else None
        waits = board is not None and bool(board.due) and self.views.key == PUBLICATION
        self.allow_primary(due and bool(chosen), "先选择待公示的结果" if due and waits else "")
        self.table_button.setEnabled(bool(board and (board.due or board.published)))

    # -- publishing --------------------------------------------------------

    def _publish(self) -> None:
        """Which of the files made of these results was put up is asked with day and place."""
        ids = self.chosen_results()
        read = self.context.workspace.read
        if ids:
            query(self, lambda: read(kept_files.made_of, PublicKind.RESULTS.value, ids)).key(
                "files"
            ).success(lambda files: self._ask_publish(ids, files)).run_in_background()

    def _ask_publish(self, ids: tuple[int, ...], files: Sequence[KeptFile]) -> None:
        place = self.context.store.text(_PLACE_KEY)
        self.dialog = ask_publish(
            self, self.context.workspace, ids, self.today, place, self._on_published, files
        )

    def _on_published(self, outcome: object) -> None:
        place = self.dialog.panel.facts().place
        self.context.store.set_text(_PLACE_KEY, place)
        count = getattr(outcome, "count", 0)
        self.context.toast(f"{count} 家已登记公示")
        self.refresh()

    def scopes(self) -> tuple[Scope, ...]:
        """What the table may hold: first what is seen — the chosen rows, else those listed."""
        found: list[Scope] = []
        listed = () if self.segments.key == "exempt" else self._ids(self.table.rows())
        chosen = self.chosen_results() if listed else ()
        if chosen and len(chosen) < len(listed):
            found.append(Scope(f"选中的 {len(chosen)} 家", chosen))
        if listed:
            words = "、".join(self._narrowed())
            found.append(Scope(f"列表里的 {len(listed)} 家（{words}）", listed))
        board = self._found.board if self._found else None
        every = len(board.due) + len(board.published) if board else 0
        if every > len(listed) or not found:
            period = Period.parse(self.period).in_words() if self.period else "全部期间"
            found.append(Scope(f"{period}可以公示的全部 {every} 家（待公示和已公示）", None))
        return tuple(found)

    def _narrowed(self) -> list[str]:
        """How the list is narrowed, in words."""
        state = {"due": "待公示", "published": "已公示"}.get(str(self.segments.key), "不公示")
        boxes = [box for box in (self.category, self.late) if box.currentData() and box.isEnabled()]
        search = self.search.text().strip()
        return [
            state,
            *(box.currentText() for box in boxes),
            *([f"查找“{search}”"] if search else []),
        ]

    def show_table(self, form: str) -> None:
        """公示表 of what is seen: the count and what stands in the way first."""
        self.making = PublicFileDialog(
            self,
            self.context.workspace,
            self.context.toast,
            what=PublicKind.RESULTS,
            period=self.period,
            scopes=self.scopes(),
            form=form,
        )
        self.making.jumped.connect(self.packages.jump)
        self.making.open()

    def _show_filing(self) -> None:
        period = self.period or str(Period.of(self.today, Span.QUARTER))
        self.filing = FilingDialog(
            self,
            self.context.workspace,
            self.context.toast,
            period,
            self.context.store,
            self.context.go_to,
        )
        self.filing.open()

    def _show_matters(self) -> None:
        self.matters = PublicMattersDialog(
            self, self.context.workspace, self.context.toast, self.period
        )
        self.matters.jumped.connect(self.packages.jump)
        self.matters.finished.connect(lambda _code: self.refresh())
        self.matters.open()

    def _show_reports(self) -> None:
        self.reports = ReportsDialog(
            self,
            self.context.workspace,
            self.context.toast,
            lambda task: self.context.go_to("results", task),
            period=self.period,
        )
        self.reports.open()
