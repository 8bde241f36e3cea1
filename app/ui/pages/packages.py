"""上报包, the second view of 公示与上报: every package made, and where it stands on its way."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from app.db.read import assignments, media, packages
from app.db.read.assignments import DrawChoice
from app.db.read.media import CarriedRow
from app.db.read.packages import PackageFile, PackageRow
from app.domain.outgoing import EDITIONS, KIND_WORDS
from app.domain.package_course import PackageState
from app.domain.periods import Period
from app.errors import AppError
from app.services import attaching
from app.services.attaching import Attach
from app.services.packages import exporting, package_life, platforms
from app.services.packages.exporting import Package
from app.services.packages.package_life import TakeStep, WantApproval
from app.services.public import public_wording
from app.services.public.public_wording import AllowedRow, WithdrawWording
from app.ui.desktop import open_path
from app.ui.dialogs.carrying import CarryDialog, package_goods, slip_facts
from app.ui.dialogs.checking_media import CheckMediumDialog
from app.ui.dialogs.files import open_attachment
from app.ui.dialogs.inspecting import ask, ask_package_slip
from app.ui.dialogs.making_package import MakingDialog
from app.ui.dialogs.messages import confirm
from app.ui.dialogs.package_answer import AnswerDialog
from app.ui.dialogs.package_lines import PackageLinesDialog
from app.ui.dialogs.package_steps import STEP_FIELDS, STEP_TITLES, StepTyped
from app.ui.dialogs.platform_numbers import NumbersDialog
from app.ui.dialogs.platforms import PlatformsDialog
from app.ui.dialogs.preview import show_file
from app.ui.dialogs.rows import RowsDialog
from app.ui.icons import icon
from app.ui.list_export import ask_export, export_table
from app.ui.tables import Column, ColumnKind, ReadSource, RecordTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    Banner,
    Chip,
    DetailPane,
    EmptyState,
    FactGrid,
    Filter,
    FilterRow,
    PageContext,
    button,
    icon_button,
    label,
    link_button,
    primary_button,
)
from app.ui.widgets.timeline import Event, Timeline

__all__ = ["PackagesPanel"]

_TONES = {
    PackageState.APPROVED: Tone.INFO,
    PackageState.COPIED: Tone.INFO,
    PackageState.UPLOADED: Tone.WARN,
    PackageState.ACCEPTED: Tone.OK,
    PackageState.PARTLY: Tone.DANGER,
    PackageState.RESENT: Tone.INFO,
}
_TABS = ("经过", "内容", "回执")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the buttons and dialogs need to know of the workspace."""

    draws: tuple[DrawChoice, ...]
    platforms: tuple[platforms.PlatformChoice, ...]
    approval: bool


class PackagesPanel(QWidget):
    """``head``: the buttons that belong at the top of the page while this view is shown."""

    def __init__(self, parent: QWidget, context: PageContext) -> None:
        super().__init__(parent)
        self.context = context
        self.workspace = context.workspace
        self._known = _Known((), (), False)
        self._file: PackageFile | None = None
        self._pane_wanted = True
        self._wanted: int | None = None
        self.make_button = primary_button("打包…", self.make, "plus")
        self.head: tuple[QWidget, ...] = (
            button("平台编号…", self.open_numbers, "edit"),
            button("平台模板…", self.open_templates, "columns"),
            self._more_button(),
            self.make_button,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._filters())
        column.addLayout(self._steps())
        self.verdict = Banner(Tone.OK, "")
        self.verdict.hide()
        column.addWidget(self.verdict)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self._table(), 1)
        self.detail = DetailPane(_TABS)
        self.detail.closed.connect(partial(self._want_pane, False))
        self.detail.hide()
        across.addWidget(self.detail)
        column.addLayout(across, 1)
        self.carry_button = self.add_package_action("拷到 U 盘…", "usb", self.carry)
        self._allow()

    # -- making of the view --------------------------------------------------

    def _more_button(self) -> QPushButton:
        made = button("更多", self._open_more, "chevron-down")
        self._more = made
        return made

    def _filters(self) -> FilterRow:
        self.filters = FilterRow(
            (
                Filter("state", "状态", tuple((each.value, each.label) for each in PackageState)),
                Filter("what", "内容", tuple(KIND_WORDS.items())),
                Filter("platform", "平台", ()),
                Filter("period", "期间", ()),
                Filter("edition", "版本", tuple(EDITIONS.items())),
            ),
            hint="文件名 / 编号 / 经手人",
        )
        self.filters.changed.connect(self._reload)
        self.filters.add_right(icon_button("columns", "显示哪些列", self._open_columns))
        self.filters.add_right(icon_button("info", "显示或收起详情", self._toggle_pane))
        return self.filters

    def _steps(self) -> QHBoxLayout:
        """What is done with the selected package, in the order in which it goes on."""
        row = QHBoxLayout()
        row.setSpacing(8)
        self.approve_button = button("批准…", partial(self.take, PackageState.APPROVED), "check")
        self.copied_button = button("登记拷贝…", partial(self.take, PackageState.COPIED))
        self.uploaded_button = button("登记上传…", partial(self.take, PackageState.UPLOADED))
        self.answer_button = button("登记答复…", self.open_answer, "document-check")
        self.correct_button = button("更正重报…", self.correct, "undo")
        self.lines_button = button("各行…", self.open_lines)
        self.slip_button = button("交接单…", self._ask_slip, "print")
        self.verify_button = button("校验", self._verify_chosen)
        for each in (self.approve_button, self.copied_button):
            row.addWidget(each)
        self._added = QHBoxLayout()
        self._added.setSpacing(8)
        row.addLayout(self._added)
        for each in (self.uploaded_button, self.answer_button, self.correct_button):
            row.addWidget(each)
        self.why = label("", "small")
        row.addWidget(self.why)
        row.addStretch(1)
        for each in (self.lines_button, self.slip_button, self.verify_button):
            row.addWidget(each)
        return row

    def add_package_action(
        self, words: str, icon_name: str, run: Callable[[PackageRow], object]
    ) -> QPushButton:
        """One more button beside 登记拷贝 and in the context menu; ``run`` gets the package."""

        def act() -> None:
            row = self.chosen
            if row is not None:
                run(row)

        made = button(words, act, icon_name)
        made.setEnabled(self.chosen is not None)
        self._added.addWidget(made)
        self.table.add_action(words, icon_name, lambda _ids: act())
        return made

    def _table(self) -> RecordTable:
        read = self.workspace.read
        self.table = RecordTable(
            self._columns(),
            name="packages",
            unit="个",
            store=self.context.store,
            empty=EmptyState(
                "还没有上报包。打好的包用 U 盘带到能上网的机器上传。",
                "打包…",
                self.make,
                manual="公示与上报",
                icon_name="usb",
            ),
        )
        self.table.empty.manual_requested.connect(self.context.open_manual)
        self.table.set_source(
            ReadSource(
                lambda wanted: read(packages.ids, wanted), lambda ids: read(packages.rows, ids)
            )
        )
        self.table.current_changed.connect(self._on_current)
        self.table.loaded.connect(self._on_loaded)
        self.table.row_activated.connect(lambda _row: self.open_lines())
        self.table.export_requested.connect(self._ask_export)
        self._add_to_menu("各行…", "columns", self.open_lines)
        self._add_to_menu("附上回执…", "paperclip", self.add_receipts)
        self._add_to_menu("介质交接单…", "print", self._ask_slip)
        self._add_to_menu("校验", "check", self._verify_chosen)
        return self.table

    def _add_to_menu(self, words: str, icon_name: str, act: Callable[[], object]) -> None:
        self.table.add_action(words, icon_name, lambda _ids: act())

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("file_name", "文件", ColumnKind.CODE, width=196),
            Column("what", "内容", width=96, stretch=True, value=lambda row: row.what_words),
            Column(
                "state",
                "状态",
                ColumnKind.CHIP,
                width=100,
                value=lambda row: row.state.label,
                tone=lambda row: _TONES.get(row.state, Tone.NORMAL),
            ),
            Column(
                "refused",
                "退回",
                ColumnKind.NUMBER,
                width=56,
                value=lambda row: row.refused or None,
            ),
            Column("receipt_no", "接收编号", ColumnKind.CODE, width=120),
            Column(
                "period", "期间", width=124, value=lambda row: Period.parse(row.period).in_words()
            ),
            Column("edition", "版本", width=66, value=lambda row: EDITIONS[row.edition]),
            Column("platform", "平台", width=110, value=lambda row: self._platform(row.platform)),
            Column(
                "scope", "范围", width=60, value=lambda row: "增量" if row.changed_only else "全部"
            ),
            Column("made_at", "制作时间", width=128, value=lambda row: row.made_at.astimezone()),
            Column("by", "制作人", width=72),
            Column("size", "大小", ColumnKind.NUMBER, width=84, value=lambda row: _size(row.size)),
            Column(
                "locked", "口令", width=56, value=lambda row: "有" if row.locked else "", sort=None
            ),
            Column("draw_no", "抽取", ColumnKind.CODE, width=150, hidden=True, sort=None),
            Column("tagmanifest", "清单摘要", ColumnKind.CODE, width=460, sort=None),
        )

    # -- filling -------------------------------------------------------------

    @property
    def today(self) -> date:
        """The workspace clock's day."""
        return self.workspace.clock().astimezone().date()

    @property
    def chosen(self) -> PackageRow | None:
        """The package the cursor is on."""
        row = self.table.current_row()
        return row if isinstance(row, PackageRow) else None

    def refresh(self) -> None:
        """Fetch the list, and what the filters offer."""
        read, folder = self.workspace.read, self.workspace.folder

        def look() -> tuple[_Known, tuple[str, ...]]:
            periods = dict.fromkeys(row.period for row in read(packages.every))
            return (
                _Known(
                    tuple(read(assignments.draws)),
                    platforms.choices(folder),
                    read(package_life.approval_wanted),
                ),
                tuple(periods),
            )

        query(self, look).key("known").success(self._show_known).run_in_background()

    def _show_known(self, found: tuple[_Known, tuple[str, ...]]) -> None:
        self._known, periods = found
        self.filters.set_choices(
            "platform", [(each.id, each.name) for each in self._known.platforms]
        )
        self.filters.set_choices(
            "period", [(each, Period.parse(each).in_words()) for each in periods]
        )
        self._reload()

    def _reload(self) -> None:
        self.table.show_query(self.filters.search, self.filters.chosen)

    def select(self, package_id: int) -> None:
        """Put the cursor on a package, once the list is there."""
        if not self.table.select_id(package_id):
            self._wanted = package_id

    def _on_loaded(self, _count: int) -> None:
        wanted = self._wanted
        if wanted is not None and self.table.select_id(wanted):
            self._wanted = None

    def on_narrow(self, narrow: bool) -> None:
        """The details wait to be asked for."""
        self._want_pane(not narrow)

    def _platform(self, name: str) -> str:
        return next((each.name for each in self._known.platforms if each.id == name), name)

    def _open_columns(self) -> None:
        self.table.columns_menu().popup(self.filters.mapToGlobal(self.filters.rect().bottomRight()))

    # -- one package -----------------------------------------------------------

    def _on_current(self, row: object) -> None:
        self._file = None
        self._allow()
        if not isinstance(row, PackageRow):
            self.detail.hide()
            return
        read = self.workspace.read
        query(self, lambda: read(packages.one, row.id)).key("one").success(
            self._show_file
        ).run_in_background()

    def _show_file(self, file: PackageFile | None) -> None:
        if file is None:
            return
        self._file = file
        row = file.row
        tone = _TONES.get(row.state, Tone.NORMAL)
        self.detail.show_record(
            row.what_words, code=row.file_name, chips=[Chip(row.state.label, tone)]
        )
        timeline = Timeline()
        timeline.show_events([_event(step) for step in reversed(file.steps)])
        self._fill_tab("经过", timeline)
        facts = FactGrid(72)
        facts.show_facts(_facts(file, self._platform(row.platform)))
        self._fill_tab("内容", facts)
        self._fill_tab("回执", *self._receipts(file))
        self.detail.set_tab_text("回执", f"回执 {len(file.receipts)}" if file.receipts else "回执")
        self.detail.setVisible(self._pane_wanted)
        self._allow()

    def _fill_tab(self, name: str, *widgets: QWidget) -> None:
        column = self.detail.clear_tab(name)
        for widget in widgets:
            column.addWidget(widget)

    def _receipts(self, file: PackageFile) -> list[QWidget]:
        found: list[QWidget] = [
            link_button(
                each.name, partial(open_attachment, self, self.workspace, each), "paperclip"
            )
            for each in file.receipts
        ]
        if not found:
            found.append(label("还没有附上平台的回执。", "secondary", wrap=True))
        found.append(button("附上回执…", self.add_receipts, "paperclip"))
        return found

    def _toggle_pane(self) -> None:
        self._want_pane(not self._pane_wanted)

    def _want_pane(self, wanted: bool) -> None:
        self._pane_wanted = wanted
        self.detail.setVisible(wanted and self._file is not None)

    def _allow(self) -> None:
        row = self.chosen
        state = row.state if row else None
        unapproved = self._known.approval and state is PackageState.MADE
        self.approve_button.setEnabled(state is PackageState.MADE)
        self.copied_button.setEnabled(
            state is PackageState.APPROVED or (state is PackageState.MADE and not unapproved)
        )
        self.uploaded_button.setEnabled(state is PackageState.COPIED)
        answered = state in {PackageState.ACCEPTED, PackageState.PARTLY}
        self.answer_button.setEnabled(state is PackageState.UPLOADED or answered)
        self.answer_button.setText("改答复…" if answered else "登记答复…")
        self.correct_button.setEnabled(state is PackageState.PARTLY)
        for each in (self.lines_button, self.slip_button, self.verify_button):
            each.setEnabled(row is not None)
        for at in range(self._added.count()):
            item = self._added.itemAt(at)
            widget = item.widget() if item else None
            if widget is not None:
                widget.setEnabled(row is not None and not unapproved)
        words = "先选一个上报包" if row is None else "本单位规定先批准再拷贝" if unapproved else ""
        self.why.setText(words)

    # -- the way on --------------------------------------------------------------

    def take(self, state: PackageState) -> None:
        """Ask who approved, copied or uploaded the selected package, and note it."""
        row = self.chosen
        if row is None:
            return
        approving = state is PackageState.APPROVED
        typed = StepTyped(who="" if approving else self.workspace.actor, on=self.today)

        def save(facts: StepTyped) -> object:
            command = TakeStep(
                package_id=row.id,
                state=state,
                who=facts.who,
                post=facts.post,
                on=facts.on,
                number=facts.number,
                note=facts.note,
            )
            return self.workspace.write(package_life.take, command)

        self.dialog = ask(
            self,
            f"{STEP_TITLES[state]} {row.file_name}",
            STEP_FIELDS[state],
            typed,
            save,
            lambda _done: self._on_stepped(f"{row.file_name}：{state.label}"),
            STEP_TITLES[state],
        )

    def _on_stepped(self, words: str) -> None:
        self.context.toast(words)
        self.refresh()

    def open_answer(self) -> None:
        """What the platform said: taken whole, or rows sent back."""
        row = self.chosen
        if row is not None:
            self.answering = AnswerDialog(self, self.workspace, row, self.today)
            self.answering.answered.connect(self._on_stepped)
            self.answering.open()

    def open_lines(self) -> None:
        """The rows of the selected package, those sent back first; each leads to its page."""
        row = self.chosen
        if row is None:
            return
        read = self.workspace.read
        query(self, lambda: read(packages.lines, row.id)).key("lines").success(
            lambda found: self._show_lines(row, found)
        ).run_in_background()

    def _show_lines(self, row: PackageRow, found: Sequence[packages.LineRow]) -> None:
        self.lines = PackageLinesDialog(self, row, found)
        self.lines.jumped.connect(self.jump)
        self.lines.open()

    def jump(self, key: str) -> None:
        """Open the page that shows the record of a row."""
        read = self.workspace.read
        query(self, lambda: read(packages.place_of, key)).key("place").success(
            lambda place: self.context.go_to(place[0], place[1]) if place[0] else None
        ).run_in_background()

    def correct(self) -> None:
        """A package of what was put right since, which refers to the one sent back."""
        row = self.chosen
        if row is not None:
            self._open_making(corrects=row)

    def add_receipts(self) -> None:
        """Attach the platform's receipts to the selected package."""
        row = self.chosen
        if row is None:
            return
        chosen, _kind = QFileDialog.getOpenFileNames(self, "平台的回执")
        self.keep_receipts(row.id, [Path(each) for each in chosen])

    def keep_receipts(self, package_id: int, paths: Sequence[Path]) -> None:
        """Store these files with a package."""
        if not paths:
            return
        workspace = self.workspace

        def keep() -> int:
            for path in paths:
                command = Attach(owner_kind="package", owner_id=package_id, path=path)
                workspace.write(attaching.attach, command)
            return len(paths)

        operation(self, keep).key("receipts").success(
            lambda count: self._on_stepped(f"已附上 {count} 个文件")
        ).run_in_background()

    # -- making ------------------------------------------------------------------

    def make(self) -> None:
        """Open the guided sequence for a new package."""
        self._open_making()

    def _open_making(self, corrects: PackageRow | None = None) -> None:
        self.making = MakingDialog(
            self,
            self.workspace,
            self.context.store,
            draws=self._known.draws,
            platforms=self._known.platforms,
            today=self.today,
            corrects=corrects,
        )
        self.making.jumped.connect(self.jump)
        self.making.made.connect(self._on_package)
        self.making.open()

    def _on_package(self, made: Package) -> None:
        self.context.toast(
            f"{made.path.name} 已制作并读回校验，{made.files} 个文件",
            "打开文件夹",
            partial(open_path, made.path.parent),
        )
        self._show_verdict(made.path, made.checks)
        self.refresh()
        self.select(made.id)

    # -- verifying and slip --------------------------------------------------------

    def _choose_to_verify(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, "校验哪个上报包", "", "上报包 (*.zip)")
        if path:
            self.verify(Path(path))

    def _verify_chosen(self) -> None:
        row = self.chosen
        if row is not None:
            self.verify(Path(row.folder) / row.file_name)

    def verify(self, path: Path, passphrase: str = "") -> None:
        """Read a package where it lies and say what was found."""
        query(self, lambda: exporting.verify(path, passphrase)).key("verify").success(
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
        row = self.chosen
        if row is None:
            return
        read = self.workspace.read
        query(self, lambda: read(media.newest_of_package, row.id)).key("slip").success(
            lambda carried: self._open_slip(row, carried)
        ).run_in_background()

    def _open_slip(self, row: PackageRow, carried: CarriedRow | None) -> None:
        self.dialog = ask_package_slip(
            self,
            self.workspace,
            row.id,
            self._on_slip,
            locked=row.locked,
            facts=slip_facts(carried),
        )

    def _on_slip(self, path: object) -> None:
        if isinstance(path, Path):
            self.context.toast("介质交接单已生成", "打开", partial(show_file, self, path))

    # -- now and then ----------------------------------------------------------------

    def more_menu(self) -> QMenu:
        """What is done now and then."""
        menu = QMenu(self)
        menu.addAction(icon("check-circle"), "校验一个包…").triggered.connect(
            self._choose_to_verify
        )
        menu.addAction(icon("usb"), "核对 U 盘、光盘上的包…").triggered.connect(self.check_medium)
        menu.addAction(icon("document-check"), "认可的公开用语…").triggered.connect(
            self.open_wordings
        )
        menu.addSeparator()
        approval = menu.addAction("上报包须经第二人批准")
        approval.setCheckable(True)
        approval.setChecked(self._known.approval)
        approval.triggered.connect(self.want_approval)
        return menu

    def _open_more(self) -> None:
        self.menu = self.more_menu()
        self.menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def carry(self, row: PackageRow) -> None:
        """Copy a package onto a stick or a disc."""
        self.carrying = CarryDialog(self, self.workspace, package_goods(self.workspace, row))
        self.carrying.finished.connect(lambda _code: self._reload())
        self.carrying.open()

    def check_medium(self) -> None:
        """Look at what lies on a stick or a burnt disc."""
        self.checking = CheckMediumDialog(self, self.workspace)
        self.checking.finished.connect(lambda _code: self._reload())
        self.checking.open()

    def want_approval(self, wanted: bool) -> None:
        """Whether packages need a second person's approval here."""
        workspace = self.workspace
        words = "今后上报包须经第二人批准" if wanted else "今后上报包不必经第二人批准"
        operation(
            self, lambda: workspace.write(package_life.want_approval, WantApproval(wanted=wanted))
        ).key("approval").success(lambda _none: self._on_stepped(words)).run_in_background()

    def open_templates(self) -> None:
        """Formats of platforms: those there are, and new ones from a platform's own template."""
        self.templates = PlatformsDialog(self, self.workspace)
        self.templates.changed.connect(self.refresh)
        self.templates.open()

    def open_numbers(self) -> None:
        """The platform's plan and task numbers, by hand or from its file."""
        if not self._known.draws:
            self.context.toast("还没有完成的抽取，平台编号要对着抽取填写")
            return
        self.numbers = NumbersDialog(self, self.workspace, self._known.draws)
        self.numbers.written.connect(self._on_stepped)
        self.numbers.open()

    def open_wordings(self) -> None:
        """Words for the public in which a name was found that is none."""
        read = self.workspace.read
        query(self, lambda: read(public_wording.rows)).key("wordings").success(
            self._show_wordings
        ).run_in_background()

    def _show_wordings(self, found: Sequence[AllowedRow]) -> None:
        columns = (
            Column("text", "用语", width=260, stretch=True),
            Column("reason", "认可的理由", width=220),
            Column("by", "认可人", width=80),
            Column("at", "时间", width=130, value=lambda row: row.at.astimezone()),
            Column(
                "state", "现在", width=76, value=lambda row: "已撤回" if row.withdrawn else "有效"
            ),
        )
        self.wordings = RowsDialog(
            self,
            "认可的公开用语",
            columns,
            found,
            note="这些用语里有与执法人员相同的字，经认可不是人名，可以公开。双击一条可以撤回。",
            nothing="没有认可过的用语。打公开版的包查出姓名时，可以在那里认可。",
        )
        self.wordings.table.row_activated.connect(self._withdraw_wording)
        self.wordings.open()

    def _withdraw_wording(self, row: AllowedRow) -> None:
        if row.withdrawn or not confirm(
            self, "撤回认可", f"“{row.text}”以后要公开，须重新认可或改写。", action="撤回"
        ):
            return
        workspace = self.workspace
        operation(
            self, lambda: workspace.write(public_wording.withdraw, WithdrawWording(row.id))
        ).key("withdraw").success(lambda _none: self._on_withdrawn()).run_in_background()

    def _on_withdrawn(self) -> None:
        self.wordings.accept()
        self.context.toast("已撤回认可")

    def _ask_export(self, ids: array[int], keys: list[str]) -> None:
        ask_export(self, self.context.toast, "上报包登记", self.table, ids, keys, self.today)

    def export_to(self, path: Path, ids: Sequence[int], keys: Sequence[str]) -> None:
        """Write these lines and columns."""
        export_table(self, self.context.toast, "上报包登记", self.table, path, ids, keys)


def _size(octets: int) -> str:
    if octets < 1024 * 1024:
        return f"{max(octets / 1024, 0.1):.1f} KB"
    return f"{octets / 1024 / 1024:.1f} MB"


def _event(step: packages.StepRow) -> Event:
    who = f"{step.who}（{step.post}）" if step.post else step.who
    number = {"copied": "介质编号", "uploaded": "接收编号"}.get(step.state.value, "接收编号")
    parts = [who, f"{number} {step.number}" if step.number else "", step.note]
    if step.by and step.by != step.who:
        parts.append(f"{step.by} 登记")
    on = f"{step.on or step.at.astimezone().date()}"
    return Event(on, step.state.label, "，".join(each for each in parts if each), Tone.NORMAL)


def _facts(file: PackageFile, platform: str) -> list[tuple[str, str]]:
    row = file.row
    gone = f"，其中删除 {file.gone} 行" if file.gone else ""
    return [
        ("期间", Period.parse(row.period).in_words()),
        ("抽取", row.draw_no),
        ("版本", EDITIONS[row.edition]),
        ("平台", platform),
        ("范围", "只报变化的" if row.changed_only else "全部"),
        ("行数", f"{file.lines} 行{gone}"),
        ("文件", f"{row.files} 个，{_size(row.size)}"),
        ("口令", "有" if row.locked else "没有"),
        ("更正", file.corrects),
        ("另作", file.resent_as),
        ("清单摘要", "\u200b".join(row.tagmanifest[at : at + 8] for at in range(0, 64, 8))),
        ("文件夹", row.folder),
    ]
