"""文书预览: the pages of one or several papers, printed or saved from here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSpinBox, QWidget

from app.errors import AppError, EnvironmentFault
from app.ui.desktop import open_path
from app.ui.dialogs.files import ask_paper
from app.ui.dialogs.frame import FrameDialog
from app.ui.dialogs.messages import confirm, show_error
from app.ui.paper_pages import PaperPages
from app.ui.printing import PrintJob, ask_printer
from app.ui.theme import Tone
from app.ui.widgets import button, icon_button, label, link_button, primary_button
from app.ui.widgets.pages_view import PagesView

__all__ = ["PreviewDialog", "show_file", "show_papers"]


def show_papers(parent: QWidget, paths: Sequence[Path], title: str = "") -> PreviewDialog | None:
    """Open the papers in one window; what cannot be read is said. None: nothing to show."""
    try:
        dialog = PreviewDialog(parent.window(), paths, title)
    except AppError as error:
        show_error(parent, error)
        return None
    dialog.show()
    return dialog


def show_file(parent: QWidget, path: Path) -> None:
    """A paper in the preview, anything else with the machine's own program."""
    if path.suffix.lower() == ".pdf" and path.is_file():
        show_papers(parent, (path,))
        return
    try:
        open_path(path)
    except AppError as error:
        show_error(parent, error)


class PreviewDialog(FrameDialog):
    """Beside the work, not in its way: several may stand open."""

    def __init__(self, parent: QWidget | None, paths: Sequence[Path], title: str = "") -> None:
        self.paths = tuple(paths)
        self.pages = PaperPages(self.paths)
        super().__init__(parent, title or self._named(), 900, 640)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.setModal(False)
        self.job: PrintJob | None = None
        self.view = PagesView(self.pages)
        self.body.setContentsMargins(0, 8, 0, 0)
        self.body.setSpacing(8)
        self.body.addLayout(self._bar())
        self.body.addWidget(self.view, 1)
        self._fill_foot()
        self.view.turned.connect(lambda _page: self._show_page())
        self.view.zoomed.connect(lambda share: self.share.setText(f"{share:.0%}"))
        self._keys()
        self._show_page()
        self.view.setFocus()
        self.finished.connect(lambda _code: self._end())

    def _named(self) -> str:
        first = self.paths[0].stem
        return first if len(self.paths) == 1 else f"{first} 等 {len(self.paths)} 份"

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(6)
        self.back = icon_button("chevron-up", "上一页（PgUp）", lambda: self._turn(-1))
        self.forth = icon_button("chevron-down", "下一页（PgDn）", lambda: self._turn(1))
        self.number = QSpinBox()
        self.number.setRange(1, len(self.pages))
        self.number.setFixedWidth(72)
        self.number.setAccessibleName("页码")
        self.number.setKeyboardTracking(False)
        self.number.valueChanged.connect(lambda at: self.view.go_to(at - 1))
        row.addWidget(self.back)
        row.addWidget(self.forth)
        row.addWidget(label("第"))
        row.addWidget(self.number)
        row.addWidget(label(f"页，共 {len(self.pages)} 页"))
        row.addSpacing(10)
        self.where = label("", "secondary")
        row.addWidget(self.where, 1)
        self.share = label("100%", "secondary")
        row.addWidget(link_button("缩小", lambda: self.view.step_zoom(-1)))
        row.addWidget(self.share)
        row.addWidget(link_button("放大", lambda: self.view.step_zoom(1)))
        row.addSpacing(6)
        row.addWidget(link_button("页宽", self.view.fit_width))
        row.addWidget(link_button("整页", self.view.fit_page))
        return row

    def _fill_foot(self) -> None:
        self.outside_button = link_button("用其他程序打开", self._open_outside)
        self.cancel_button = button("取消打印", self._cancel)
        self.cancel_button.hide()
        self.save_button = button("另存为…", self.ask_copy, "download")
        self.print_button = primary_button("打印…", self.ask_print, "print")
        self.foot.addWidget(self.outside_button)
        self.foot.addStretch(1)
        for each in (self.cancel_button, button("关闭", self.close)):
            self.foot.addWidget(each)
        self.foot.addWidget(self.save_button)
        self.foot.addWidget(self.print_button)

    def _keys(self) -> None:
        keys = (
            (QKeySequence.StandardKey.Print, self.ask_print),
            (QKeySequence.StandardKey.Save, self.ask_copy),
            (QKeySequence.StandardKey.ZoomIn, lambda: self.view.step_zoom(1)),
            (QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Equal), lambda: self.view.step_zoom(1)),
            (QKeySequence.StandardKey.ZoomOut, lambda: self.view.step_zoom(-1)),
            (QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_0), self.view.fit_width),
        )
        for key, run in keys:
            QShortcut(key, self).activated.connect(run)

    # -- looking -----------------------------------------------------------

    def _turn(self, by: int) -> None:
        self.view.go_to(self.view.page + by)

    def _show_page(self) -> None:
        page = self.view.page
        self.number.blockSignals(True)
        self.number.setValue(page + 1)
        self.number.blockSignals(False)
        self.back.setEnabled(page > 0)
        self.forth.setEnabled(page < len(self.pages) - 1)
        if len(self.paths) > 1:
            at = self.pages.file_of(page)
            self.where.setText(f"第 {at + 1} 份，共 {len(self.paths)} 份：{self.paths[at].stem}")

    # -- out ---------------------------------------------------------------

    def _open_outside(self) -> None:
        self._try(lambda: open_path(self.paths[self.pages.file_of(self.view.page)]))

    def ask_copy(self) -> None:
        """Save one paper under a name, several into a folder."""
        if len(self.paths) == 1:
            to = ask_paper(self, "文书存到哪里", self.paths[0].name)
        else:
            folder = QFileDialog.getExistingDirectory(self, "文书存到哪个文件夹")
            to = Path(folder) if folder else None
        if to is not None:
            self.save_copy(to)

    def save_copy(self, to: Path) -> None:
        """Copy the papers: one to this file, several into this folder."""

        def copy() -> None:
            try:
                for path in self.paths:
                    shutil.copyfile(path, to if len(self.paths) == 1 else to / path.name)
            except shutil.SameFileError:
                return
            except OSError as error:
                raise EnvironmentFault(
                    f"没有存到 {to}。", "请检查磁盘空间和写入权限，或换一个地方。"
                ) from error
            self.tell(f"已存到 {to}", Tone.OK)

        self._try(copy)

    def ask_print(self) -> None:
        """The machine's own dialog, then every page to the printer chosen there."""
        if self.job is not None:
            return

        def go() -> None:
            printer = ask_printer(self, len(self.pages))
            if printer is None:
                return
            self.job = PrintJob(self, self.pages, printer)
            self.job.advanced.connect(self._on_advanced)
            self.job.ended.connect(self._on_printed)
            self.print_button.setEnabled(False)
            self.cancel_button.show()
            self.job.start()

        try:
            go()
        except AppError as error:
            self.show_failure(error)
            self.save_button.setFocus()  # the way out where there is no printer

    def _on_advanced(self, done: int, whole: int) -> None:
        self.tell(f"正在打印第 {done} 页，共 {whole} 页")

    def _on_printed(self, words: str) -> None:
        self.job = None
        self.cancel_button.hide()
        self.print_button.setEnabled(True)
        self.tell(words or "已送往打印机。", Tone.WARN if words else Tone.OK)

    def _cancel(self) -> None:
        if self.job is not None:
            self.job.cancel()

    def reject(self) -> None:
        """What is being printed would stop with the window: asked first."""
        if self.job is not None and not confirm(
            self, "停止打印", "还有几页没有送往打印机，关闭后不再打印。", action="停止并关闭"
        ):
            return
        super().reject()

    def _try(self, run: Callable[[], object]) -> None:
        try:
            run()
        except AppError as error:
            self.show_failure(error)

    def _end(self) -> None:
        self._cancel()
        self.view.hide()
        self.pages.close()
