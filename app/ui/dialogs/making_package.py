"""打包: what, for whom, checked, locked if wanted, written and read back; one decision a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.db.read.assignments import DrawChoice
from app.db.read.packages import PackageRow
from app.domain.outgoing import EDITIONS, KIND_WORDS
from app.domain.periods import Period, Span
from app.domain.platform import GENERAL
from app.errors import AppError
from app.services.packages import exporting, platforms
from app.services.packages.exporting import MakePackage, Package, Preview
from app.services.packages.platforms import PlatformChoice
from app.services.workspace import Workspace
from app.ui.desktop import open_path
from app.ui.dialogs.mends import MendsPanel
from app.ui.dialogs.platforms import PlatformsDialog
from app.ui.tables import ALIGN_RIGHT
from app.ui.tasks import Progress, long_operation, operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.view_store import ViewStore
from app.ui.widgets import (
    Banner,
    BusyRow,
    FactGrid,
    GuidedSequence,
    button,
    label,
)

__all__ = ["MakingDialog"]

WHAT, WHOM, CHECK, PLACE, DONE = range(5)
_TITLES = ("装什么", "报给谁", "检查", "口令和位置", "完成")
_KEY = "packages/wish"
_MAKING = "正在制作上报包并读回校验"
_EDITION_WORDS = {
    "sealed": "密封版：全部内容，供上级和平台，不公开",
    "public": "公开版：只有现在可以公开的，不带个人信息",
}


class MakingDialog(QDialog):
    """``made`` gives the package; ``jumped`` the key of a row somebody goes to mend."""

    made = Signal(object)
    jumped = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        workspace: Workspace,
        store: ViewStore,
        *,
        draws: Sequence[DrawChoice],
        platforms: Sequence[PlatformChoice],
        today: date,
        corrects: PackageRow | None = None,
    ) -> None:
        super().__init__(parent)
        title = f"更正重报 {corrects.file_name}" if corrects else "打包"
        self.setWindowTitle(title)
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.background}; }}")
        self.workspace, self._store, self._corrects = workspace, store, corrects
        self._draws, self._platforms, self._today = tuple(draws), tuple(platforms), today
        self.preview: Preview | None = None
        self.package: Package | None = None
        self.guide = GuidedSequence(_TITLES)
        self.guide.next_requested.connect(self._on_next)
        self.guide.back_requested.connect(self._on_back)
        for page in (
            self._what_page(),
            self._whom_page(),
            self._check_page(),
            self._place_page(),
            self._done_page(),
        ):
            self.guide.add_page(page)
        self.close_button = button("取消", self.reject)
        self.guide.foot.insertWidget(0, self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 14)
        column.addWidget(self.guide)
        self.resize(900, 560)
        self._recall()
        self._on_wish()

    # -- the pages -----------------------------------------------------------

    def _what_page(self) -> QWidget:
        page, grid = _form("装什么")
        self.what_box = _combo(KIND_WORDS.items(), "内容")
        self.scope_box = _combo(self._scopes(), "期间或抽取")
        self.edition_box = _combo(_EDITION_WORDS.items(), "版本")
        for at, (words, widget) in enumerate(
            (("内容", self.what_box), ("期间或抽取", self.scope_box), ("版本", self.edition_box))
        ):
            _row(grid, at, words, widget)
        self.what_note = label("", "secondary", wrap=True)
        grid.addWidget(self.what_note, 3, 1)
        for box in (self.what_box, self.scope_box, self.edition_box):
            box.currentIndexChanged.connect(lambda _at: self._on_wish())
        return page

    def _scopes(self) -> list[tuple[str, str]]:
        now = str(Period.of(self._today, Span.QUARTER))
        periods = list(dict.fromkeys([*(draw.period for draw in self._draws), now]))
        found = [(f"period:{each}", Period.parse(each).in_words()) for each in periods]
        return found + [(f"draw:{draw.no}", f"抽取 {draw.no}") for draw in self._draws]

    def _whom_page(self) -> QWidget:
        page, grid = _form("报给谁，报多少")
        self.platform_box = _combo(((each.id, each.name) for each in self._platforms), "平台格式")
        self.platform_box.currentIndexChanged.connect(lambda _at: self._on_wish())
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.platform_box, 1)
        across.addWidget(button("平台模板…", self.open_templates, "columns"))
        grid.addWidget(_caption("平台格式"), 0, 0)
        grid.addLayout(across, 0, 1)
        self.platform_note = label("", "secondary", wrap=True)
        grid.addWidget(self.platform_note, 1, 1)
        self.whole_box = QRadioButton("全部")
        self.changed_box = QRadioButton("只报变化的（增量）")
        self.whole_box.setChecked(True)
        choice = QHBoxLayout()
        choice.setSpacing(24)
        choice.addWidget(self.whole_box)
        choice.addWidget(self.changed_box)
        choice.addStretch(1)
        grid.addWidget(_caption("范围"), 2, 0)
        grid.addLayout(choice, 2, 1)
        grid.addWidget(
            label(
                "只报变化的：与这个平台上次受理的逐行比较，新增和改动的照表报；"
                "平台那里有、现在不再报的，列在“删除的行.xlsx”里，请在平台上删除或注销。",
                "secondary",
                wrap=True,
            ),
            3,
            1,
        )
        return page

    def _check_page(self) -> QWidget:
        page = _page()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(10)
        column.addWidget(label("检查", "pageTitle"))
        self.check_banner = Banner(Tone.INFO, "")
        column.addWidget(self.check_banner)
        self.mending = MendsPanel(self.workspace)
        self.mending.jumped.connect(self._jump)
        self.mending.again.connect(self.check)
        column.addWidget(self.mending, 1)
        self.contents = label("", "secondary", wrap=True)
        column.addWidget(self.contents)
        return page

    def _place_page(self) -> QWidget:
        page, grid = _form("口令和位置")
        self.first, self.second = _secret("口令"), _secret("再输一次")
        _row(grid, 0, "口令", self.first)
        _row(grid, 1, "再输一次", self.second)
        self.pass_note = label("", "secondary", wrap=True)
        grid.addWidget(self.pass_note, 2, 1)
        self.folder_edit = QLineEdit()
        self.folder_edit.setAccessibleName("文件夹")
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.folder_edit, 1)
        across.addWidget(button("选择…", self._choose_folder, "folder"))
        grid.addWidget(_caption("写到"), 3, 0)
        grid.addLayout(across, 3, 1)
        grid.addWidget(
            label("先写到本机的文件夹，批准以后再拷到 U 盘或刻盘。", "secondary", wrap=True), 4, 1
        )
        self.place_banner = Banner(Tone.DANGER, "")
        self.place_banner.hide()
        grid.addWidget(self.place_banner, 5, 0, 1, 2)
        grid.addWidget(BusyRow(_MAKING), 6, 0, 1, 2)
        for line in (self.first, self.second, self.folder_edit):
            line.textChanged.connect(lambda _text: self._on_place())
        return page

    def _done_page(self) -> QWidget:
        page = _page()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(12)
        column.addWidget(label("上报包已制作并读回校验", "pageTitle"))
        self.done_facts = FactGrid(84)
        column.addWidget(self.done_facts)
        row = QHBoxLayout()
        row.addWidget(button("打开文件夹", self._open_folder, "folder"))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def open_templates(self) -> None:
        """Formats of platforms: a new one can be chosen as soon as it is kept."""
        self.templates = PlatformsDialog(self, self.workspace)
        self.templates.changed.connect(self._reload_platforms)
        self.templates.open()

    def _reload_platforms(self) -> None:
        folder = self.workspace.folder
        query(self, lambda: platforms.choices(folder)).key("platforms").success(
            self._show_platforms
        ).run_in_background()

    def _show_platforms(self, found: Sequence[PlatformChoice]) -> None:
        known = {each.id for each in self._platforms}
        fresh = next((each.id for each in found if each.id not in known), None)
        wanted = fresh or self.platform_box.currentData()
        self._platforms = tuple(found)
        self.platform_box.clear()
        for each in found:
            self.platform_box.addItem(each.name, each.id)
        self.platform_box.setCurrentIndex(max(self.platform_box.findData(wanted), 0))

    # -- what is wanted --------------------------------------------------------

    def command(self) -> MakePackage:
        """What the pages say now."""
        kind, _colon, name = str(self.scope_box.currentData()).partition(":")
        what = str(self.what_box.currentData())
        draw = name if kind == "draw" else self._newest_draw(name) if what == "draw" else None
        return MakePackage(
            what=what,
            to=Path(self.folder_edit.text().strip() or "."),
            draw_no=draw,
            period=name if kind == "period" else None,
            edition=str(self.edition_box.currentData()),
            platform=str(self.platform_box.currentData() or GENERAL),
            changed=self.changed_box.isChecked(),
            passphrase=self.first.text(),
            corrects=self._corrects.id if self._corrects else None,
        )

    def _newest_draw(self, period: str) -> str | None:
        return next((draw.no for draw in self._draws if draw.period == period), None)

    def _recall(self) -> None:
        """As it was wanted the last time; a correction as the package it mends."""
        try:
            known = json.loads(self._store.text(_KEY) or "{}")
        except ValueError:
            known = {}
        if not isinstance(known, dict):
            known = {}
        row = self._corrects
        if row is not None:
            scope = f"draw:{row.draw_no}" if row.draw_no else f"period:{row.period}"
            known |= {
                "what": row.what,
                "scope": scope,
                "edition": row.edition,
                "platform": row.platform,
                "changed": True,
            }
        for box, key in (
            (self.what_box, "what"),
            (self.scope_box, "scope"),
            (self.edition_box, "edition"),
            (self.platform_box, "platform"),
        ):
            fallback = "results" if key == "what" else None
            box.setCurrentIndex(max(box.findData(known.get(key, fallback)), 0))
        self.changed_box.setChecked(bool(known.get("changed", False)))
        self.folder_edit.setText(str(known.get("folder", self.workspace.folder.packages)))
        if row is not None:
            self.edition_box.setEnabled(False)
            self.platform_box.setEnabled(False)

    def _keep(self) -> None:
        self._store.set_text(
            _KEY,
            json.dumps(
                {
                    "what": self.what_box.currentData(),
                    "scope": self.scope_box.currentData(),
                    "edition": self.edition_box.currentData(),
                    "platform": self.platform_box.currentData(),
                    "changed": self.changed_box.isChecked(),
                    "folder": self.folder_edit.text().strip(),
                }
            ),
        )

    def _on_wish(self) -> None:
        chosen = self.platform_box.currentData()
        note = next((each.note for each in self._platforms if each.id == chosen), "")
        self.platform_note.setText(note)
        if self._corrects is not None:
            self.what_note.setText(
                f"更正 {self._corrects.file_name}：退回的 {self._corrects.refused} 行改好以后，"
                "连同其他变化的一起报；平台和版本与原来的相同。"
            )
        elif self.what_box.currentData() == "draw" and self.command().draw_no is None:
            self.what_note.setText("这个期间还没有完成的抽取。")
        else:
            self.what_note.setText("")
        self._allow()

    def _allow(self) -> None:
        step = self.guide.steps.current
        if step == WHAT:
            lacks = self.what_box.currentData() == "draw" and self.command().draw_no is None
            self.guide.allow_next(not lacks, "先选一次抽取")
        elif step == WHOM:
            self.guide.allow_next(True, text="检查")
        elif step == CHECK:
            ready = self.preview is not None and not self.preview.mends
            self.guide.allow_next(ready, "改好以后重新检查" if self.preview else "")
        elif step == PLACE:
            self._on_place()
        else:
            self.guide.allow_next(True, text="关闭")
            self.guide.back.setVisible(False)

    # -- moving ----------------------------------------------------------------

    def _go_to(self, step: int) -> None:
        self.guide.go_to(step)
        self.close_button.setVisible(step < DONE)
        self._allow()

    def _on_back(self, step: int) -> None:
        self._go_to(step - 1)

    def _on_next(self, step: int) -> None:
        if step == WHOM:
            self._go_to(CHECK)
            self.check()
        elif step == PLACE:
            self.make()
        elif step == DONE:
            self.accept()
        else:
            self._go_to(step + 1)
            if step == CHECK:
                self.first.setFocus()

    # -- checking --------------------------------------------------------------

    def check(self) -> None:
        """Look what the package would hold and what has to be mended first."""
        self._keep()
        workspace, command = self.workspace, replace(self.command(), passphrase="")
        self.preview = None
        self.check_banner.show_message(Tone.INFO, "正在检查…")
        operation(self, lambda: workspace.write(exporting.preview, command)).key("check").progress(
            "正在检查上报包"
        ).success(self._show_preview).failure(self._on_refused).run_in_background()
        self._allow()

    def _show_preview(self, found: Preview) -> None:
        self.preview = found
        self.mending.set_mends(found.mends)
        rows = "，".join(f"{sheet} {count} 行" for sheet, count in found.sheets)
        self.contents.setText(f"要装：{rows or '没有表'}；共 {found.files} 个文件。")
        if found.mends:
            self.check_banner.show_message(
                Tone.WARN,
                f"有 {len(found.mends)} 处要改，改好以前不能打包。双击或回车去改那一行。",
            )
        elif found.gone:
            names = "、".join(name for _sheet, name in found.gone[:5])
            more = f"等 {len(found.gone)} 行" if len(found.gone) > 5 else ""
            self.check_banner.show_message(
                Tone.INFO, f"可以打包。平台那里有、现在不再报的：{names}{more}，列入“删除的行”。"
            )
        else:
            self.check_banner.show_message(Tone.OK, "可以打包。")
        self._allow()

    def _on_refused(self, error: AppError) -> None:
        self.preview = None
        self.mending.set_mends(())
        self.contents.setText("")
        self.check_banner.show_message(Tone.WARN, str(error))
        self._allow()

    def _jump(self, key: str) -> None:
        self.reject()
        self.jumped.emit(key)

    # -- making ----------------------------------------------------------------

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "上报包写到哪个文件夹", self.folder_edit.text()
        )
        if chosen:
            self.folder_edit.setText(chosen)

    def _on_place(self) -> None:
        if self.guide.steps.current != PLACE:
            return
        first, second = self.first.text(), self.second.text()
        why = ""
        if first and len(first) < exporting.SHORTEST_PASSPHRASE:
            why = f"口令至少 {exporting.SHORTEST_PASSPHRASE} 位"
        elif first != second:
            why = "两次输入的口令不一样"
        elif not self.folder_edit.text().strip():
            why = "先选文件夹"
        self.pass_note.setText(
            "接收的人用 7-Zip 输入这个口令打开；口令没有别处保存，丢了就打不开。"
            "口令不要和 U 盘放在一起。"
            if first
            else "可以不设。设了口令，不知道口令的人连里面有什么文件也看不到。"
        )
        self.guide.allow_next(not why, why, text="制作")

    def make(self) -> None:
        """Write the package and read it back."""
        self._keep()
        workspace, command = self.workspace, self.command()
        self.place_banner.hide()
        own = command.to == workspace.folder.packages

        def write(progress: Progress) -> Package:
            if own:
                command.to.mkdir(parents=True, exist_ok=True)
            return workspace.write(partial(exporting.export, watch=progress.report), command)

        started = (
            long_operation(self, write)
            .key("make")
            .progress(_MAKING)
            .success(self._on_made)
            .failure(self._on_not_made)
            .finally_(self._allow)
            .run_in_background()
        )
        if started:
            self.guide.allow_next(False, "正在制作并读回校验…", text="制作")

    def _on_not_made(self, error: AppError) -> None:
        self.place_banner.show_message(Tone.DANGER, str(error))
        self.place_banner.show()

    def _on_made(self, package: Package) -> None:
        self.package = package
        digest = package.tagmanifest
        self.done_facts.show_facts(
            [
                ("文件", package.path.name),
                ("文件夹", str(package.path.parent)),
                (
                    "内容",
                    f"{package.files} 个文件，{EDITIONS[str(self.edition_box.currentData())]}",
                ),
                ("清单摘要", " ".join(digest[at : at + 8] for at in range(0, 64, 8))),
                ("下一步", "在列表里办理批准（单位有此规定时）、拷贝、打印交接单"),
            ]
        )
        self._go_to(DONE)
        self.made.emit(package)

    def _open_folder(self) -> None:
        if self.package is not None:
            open_path(self.package.path.parent)


def _page() -> QWidget:
    page = QWidget()
    page.setObjectName("formBody")
    page.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
    return page


def _form(title: str) -> tuple[QWidget, QGridLayout]:
    page = _page()
    column = QVBoxLayout(page)
    column.setContentsMargins(20, 18, 20, 14)
    column.setSpacing(14)
    column.addWidget(label(title, "pageTitle"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(10)
    grid.setColumnMinimumWidth(0, 96)
    grid.setColumnStretch(1, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return page, grid


def _caption(words: str) -> QWidget:
    found = label(words)
    found.setAlignment(ALIGN_RIGHT)
    return found


def _row(grid: QGridLayout, at: int, words: str, widget: QWidget) -> None:
    grid.addWidget(_caption(words), at, 0)
    grid.addWidget(widget, at, 1)


def _combo(choices: Iterable[tuple[str, str]], name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for value, words in choices:
        box.addItem(words, value)
    return box


def _secret(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setAccessibleName(name)
    return line
