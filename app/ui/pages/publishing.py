"""公示与上报: what may be made public, what was; packages for the machine with the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.db.read import assignments, packages
from app.db.read.assignments import DrawChoice
from app.db.read.packages import PackageRow
from app.db.read.publications import PublicationBoard, PublicationRow
from app.db.read.query import ListQuery
from app.domain.periods import Period, Span
from app.errors import AppError
from app.services import exporting, publishing
from app.services.exporting import MakePackage, MakeTransferSlip, Package
from app.services.publishing import MakePublicationTable, TableMade
from app.services.result_papers import PrintPublication
from app.ui import theme
from app.ui.dialogs.filing import FilingDialog
from app.ui.dialogs.inspecting import PackageWish, SlipWish, ask_package, ask_publish, ask_slip
from app.ui.dialogs.public_matters import PublicMattersDialog
from app.ui.dialogs.reports import ReportsDialog
from app.ui.paper_actions import PaperActions
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
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
    primary_button,
)

__all__ = ["PublishingPage"]

_RIGHT = 452
_RIGHT_NARROW = 424
_PLACE_KEY = "publishing/place"


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
    return f"还有 {left} 天" if left > 0 else f"逾期 {-left} 天"


@dataclass(frozen=True, slots=True)
class _Found:
    board: PublicationBoard
    packages: tuple[PackageRow, ...]
    draws: tuple[DrawChoice, ...]


class PublishingPage(Page):
    """Left: results on their way to the public. Right: packages."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "公示与上报")
        self._found: _Found | None = None
        self.period_box = QComboBox()
        self.period_box.setMinimumWidth(150)
        self.period_box.setAccessibleName("期间")
        self.period_box.currentIndexChanged.connect(lambda _at: self._fetch())
        self.table_button = button("生成公示表", self._make_table, "download")
        self.add_action(self.period_box)
        self.add_action(self.table_button)
        self.papers = PaperActions(self, context)
        self.paper_button = button("打印公示表", self._print_table, "print")
        self.add_action(self.paper_button)
        self.reports_button = button("报表…", self._show_reports, "columns")
        self.add_action(self.reports_button)
        self.matters_button = button("公示事务…", self._show_matters, "megaphone")
        self.add_action(self.matters_button)
        self.filing_button = button("归档…", self._show_filing, "folder")
        self.add_action(self.filing_button)
        self.set_primary(primary_button("登记公示", self._publish, "megaphone"))
        across = QHBoxLayout()
        across.setSpacing(theme.GAP)
        across.addWidget(self._left(), 1)
        across.addWidget(self._right())
        self.body.addLayout(across, 1)

    def _left(self) -> QWidget:
        self.left_card = Card("公示", flush=True)
        self.segments = Segments([("due", "待公示"), ("published", "已公示"), ("exempt", "不公示")])
        self.segments.chosen.connect(lambda _key: self._show_board())
        self.left_card.add_action(self.segments)
        # Hidden with its margins: an empty strip above the table says nothing.
        self.embargo_room = QWidget()
        column = QVBoxLayout(self.embargo_room)
        column.setContentsMargins(theme.PAGE, 10, theme.PAGE, 10)
        self.embargo = Banner(Tone.INFO, "")
        column.addWidget(self.embargo)
        self.left_card.body.addWidget(self.embargo_room)
        self.table = PlainTable(
            self._columns(),
            name="publications",
            empty=EmptyState(
                "这里还没有结果。检查结果复核锁定后，就可以公示。", icon_name="megaphone"
            ),
        )
        self.table.selection_changed.connect(lambda _ids: self._allow())
        self.table.row_activated.connect(lambda row: self.context.go_to("results", row.task.id))
        self.left_card.body.addWidget(self.table, 1)
        foot = self.left_card.foot()
        self.chosen = label("", "small")
        foot.addWidget(self.chosen)
        foot.addStretch(1)
        foot.addWidget(link_button("全选", self._select_all))
        return self.left_card

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("serial", "抽取序号", ColumnKind.CODE, width=88),
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
                width=124,
                value=lambda row: row.exempt or row.wording or "按细则不公示",
            ),
            Column("due", "公示期限", ColumnKind.DATE, width=94, value=_due_or_done),
            Column(
                "left",
                "",
                ColumnKind.CHIP,
                width=104,
                value=lambda row: _days_left(row, self.today),
                tone=self._tone,
                sort=None,
            ),
        )

    def _tone(self, row: PublicationRow) -> Tone:
        if row.published_on is not None:
            return Tone.OK
        return Tone.DANGER if row.due and row.due.is_overdue(self.today) else Tone.NORMAL

    def _right(self) -> QWidget:
        self.right = Card("上报包", "用 U 盘带到能上网的机器", flush=True)
        self.right.setFixedWidth(_RIGHT)
        self.right.add_action(link_button("校验一个包…", self._choose_to_verify, "check-circle"))
        self.packages = PlainTable(
            (
                Column("file_name", "文件", ColumnKind.CODE, width=182),
                Column(
                    "what",
                    "内容",
                    width=72,
                    stretch=True,
                    value=lambda row: exporting.KIND_WORDS.get(row.what, row.what),
                ),
                Column(
                    "edition",
                    "版本",
                    ColumnKind.CHIP,
                    width=76,
                    value=lambda row: exporting.EDITIONS.get(row.edition, row.edition),
                    tone=lambda row: Tone.WARN if row.edition == "sealed" else Tone.OK,
                ),
                Column(
                    "verified_at",
                    "读回校验",
                    width=80,
                    value=lambda row: f"{row.verified_at.astimezone():%m-%d}",
                ),
            ),
            name="packages",
            empty=EmptyState("还没有上报包。", icon_name="usb"),
        )
        self.packages.selection_changed.connect(lambda _ids: self._allow())
        self.right.body.addWidget(self.packages, 1)
        self.verdict = Banner(Tone.OK, "")
        self.verdict.hide()
        self.right.body.addWidget(self.verdict)
        foot = self.right.foot()
        self.package_button = link_button("生成上报包", self.ask_package, "plus")
        self.slip_button = link_button("介质交接单", self._ask_slip, "print")
        self.verify_button = link_button("校验所选", self._verify_chosen, "check")
        foot.addWidget(self.package_button)
        foot.addStretch(1)
        foot.addWidget(self.verify_button)
        foot.addWidget(self.slip_button)
        return self.right

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
        read = self.context.workspace.read
        query(self, lambda: read(assignments.draws)).key("periods").success(
            self._show_periods
        ).run_in_background()

    def on_narrow(self, narrow: bool) -> None:
        """The side card gives way."""
        self.right.setFixedWidth(_RIGHT_NARROW if narrow else _RIGHT)

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
            ids = read(packages.ids, ListQuery())
            return _Found(
                read(publishing.board, period),
                read(packages.rows, ids),
                read(assignments.draws),
            )

        query(self, fetch).key("board").success(self._show).run_in_background()

    def _show(self, found: _Found) -> None:
        self._found = found
        board = found.board
        self.segments.set_text("due", f"待公示 {len(board.due)}")
        self.segments.set_text("published", f"已公示 {len(board.published)}")
        self.segments.set_text("exempt", f"不公示 {len(board.exempt)}")
        self.set_subtitle(
            Period.parse(self.period).in_words() if self.period else "全部期间",
            self.context.workspace.rulebook.document.title,
            f"待公示 {len(board.due)} 家，已公示 {len(board.published)} 家",
        )
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
        self.packages.set_rows(found.packages)
        self._show_board()

    def _show_board(self) -> None:
        if self._found is None:
            return
        board = self._found.board
        rows = {"due": board.due, "published": board.published, "exempt": board.exempt}
        self.table.set_rows(rows[str(self.segments.key)])
        self.packages.set_rows(self._found.packages)
        if self.segments.key == "due" and board.due:
            self.table.grid.selectAll()
        self._allow()

    def _select_all(self) -> None:
        self.table.grid.selectAll()

    def chosen_results(self) -> tuple[int, ...]:
        """Ids of the selected results."""
        found = (self.table.model.row_at(line) for line in self.table.grid.selected_lines())
        return tuple(row.id for row in found if isinstance(row, PublicationRow))

    def _chosen_package(self) -> PackageRow | None:
        row = self.packages.current_row()
        return row if isinstance(row, PackageRow) else None

    def _allow(self) -> None:
        chosen = self.chosen_results()
        self.chosen.setText(f"已选 {len(chosen)} 家" if chosen else "")
        due = self.segments.key == "due"
        self.allow_primary(due and bool(chosen), "先选择待公示的结果" if due else "")
        board = self._found.board if self._found else None
        for each in (self.table_button, self.paper_button):
            each.setEnabled(bool(board and (board.due or board.published)))
        package = self._chosen_package()
        self.slip_button.setEnabled(package is not None)
        self.verify_button.setEnabled(package is not None)

    # -- publishing --------------------------------------------------------

    def _publish(self) -> None:
        ids = self.chosen_results()
        if ids:
            place = self.context.store.text(_PLACE_KEY)
            self.dialog = ask_publish(
                self, self.context.workspace, ids, self.today, place, self._on_published
            )

    def _on_published(self, outcome: object) -> None:
        place = self.dialog.panel.facts().place
        self.context.store.set_text(_PLACE_KEY, place)
        count = getattr(outcome, "count", 0)
        self.context.toast(f"{count} 家已登记公示")
        self.refresh()

    def _make_table(self) -> None:
        name = f"公示表-{self.period or '全部'}-{self.today}.xlsx"
        path, _kind = QFileDialog.getSaveFileName(self, "公示表存到哪里", name, "Excel (*.xlsx)")
        if path:
            self.make_table(Path(path))

    def make_table(self, path: Path) -> None:
        """Write the table: the selected results, or all that may be public."""
        ids = self.chosen_results() or None
        command = MakePublicationTable(path=path, period=self.period, result_ids=ids)
        workspace = self.context.workspace
        operation(self, lambda: workspace.write(publishing.make_table, command)).key(
            "table"
        ).progress("正在生成公示表").success(self._on_table).run_in_background()

    def _print_table(self) -> None:
        """The same table on paper."""
        ids = self.chosen_results() or None
        self.papers.print_publication(PrintPublication(period=self.period, result_ids=ids))

    def _on_table(self, made: TableMade) -> None:
        self.context.toast(f"公示表已生成，{made.rows} 家", "打开", partial(_open, made.path))

    def _show_filing(self) -> None:
        period = self.period or str(Period.of(self.today, Span.QUARTER))
        self.filing = FilingDialog(
            self, self.context.workspace, self.context.toast, period, self.context.store
        )
        self.filing.open()

    def _show_matters(self) -> None:
        self.matters = PublicMattersDialog(
            self, self.context.workspace, self.context.toast, self.period
        )
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

    # -- packages ----------------------------------------------------------

    def ask_package(self) -> None:
        """What, of which period or draw, in which edition; then the folder."""
        found = self._found
        if found is None:
            return
        quarter = str(Period.of(self.today, Span.QUARTER))
        periods = list(dict.fromkeys([*(draw.period for draw in found.draws), quarter]))
        scopes = [(f"period:{each}", Period.parse(each).in_words()) for each in periods]
        scopes += [(f"draw:{draw.no}", f"抽取 {draw.no}") for draw in found.draws]
        if found.draws:
            scopes.sort(key=lambda each: each[0] != f"period:{found.draws[0].period}")
        self.dialog = ask_package(
            self,
            tuple(exporting.KIND_WORDS.items()),
            tuple(exporting.EDITIONS.items()),
            tuple(scopes),
            self._on_wished,
        )

    def _on_wished(self, wish: object) -> None:
        if not isinstance(wish, PackageWish):
            return
        folder = QFileDialog.getExistingDirectory(self, "上报包写到哪个文件夹（U 盘）")
        if folder:
            self.make_package(wish, Path(folder))

    def make_package(self, wish: PackageWish, folder: Path) -> None:
        """Write the package into ``folder`` and read it back."""
        kind, _colon, name = wish.scope.partition(":")
        command = MakePackage(
            what=wish.what,
            to=folder,
            draw_no=name if kind == "draw" else self._draw_of(wish.what, name),
            period=name if kind == "period" else None,
            edition=wish.edition,
        )
        workspace = self.context.workspace
        operation(self, lambda: workspace.write(exporting.export, command)).key("package").progress(
            "正在生成上报包并读回校验"
        ).success(self._on_package).run_in_background()

    def _draw_of(self, what: str, period: str) -> str | None:
        """A package of a draw for a period takes the period's newest draw."""
        if what != "draw" or self._found is None:
            return None
        return next((draw.no for draw in self._found.draws if draw.period == period), None)

    def _on_package(self, made: Package) -> None:
        self.context.toast(
            f"{made.path.name} 已写入并读回校验，{made.files} 个文件",
            "打开文件夹",
            partial(_open, made.path.parent),
        )
        self._show_verdict(made.path, made.checks)
        self.refresh()

    def _choose_to_verify(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, "校验哪个上报包", "", "上报包 (*.zip)")
        if path:
            self.verify(Path(path))

    def _verify_chosen(self) -> None:
        package = self._chosen_package()
        if package is not None:
            self.verify(Path(package.folder) / package.file_name)

    def verify(self, path: Path) -> None:
        """Read a package where it lies and say what was found."""
        query(self, lambda: exporting.verify(path)).key("verify").success(
            lambda checks: self._show_verdict(path, checks)
        ).failure(self._on_unreadable).run_in_background()

    def _show_verdict(self, path: Path, checks: Sequence[exporting.BagCheck]) -> None:
        bad = [check for check in checks if not check.ok]
        if bad:
            words = "；".join(f"{check.name}：{check.detail}" for check in bad[:3])
            self.verdict.show_message(Tone.DANGER, f"{path.name} 校验不通过。{words}")
        else:
            digest = checks[-1].detail if checks else ""
            self.verdict.show_message(
                Tone.OK, f"{path.name} 校验通过，清单摘要 {digest[:8]}…{digest[-8:]}"
            )
        self.verdict.show()

    def _on_unreadable(self, error: AppError) -> None:
        self.verdict.show_message(Tone.DANGER, str(error))
        self.verdict.show()

    def _ask_slip(self) -> None:
        package = self._chosen_package()
        if package is None:
            return
        workspace = self.context.workspace

        def save(wish: SlipWish) -> Path:
            command = MakeTransferSlip(
                package_id=package.id, medium=wish.medium, purpose=wish.purpose
            )
            return workspace.write(exporting.transfer_slip, command)

        self.dialog = ask_slip(self, save, self._on_slip)

    def _on_slip(self, path: object) -> None:
        if isinstance(path, Path):
            self.context.toast("介质交接单已生成", "打开", partial(_open, path))


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
