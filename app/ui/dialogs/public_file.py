"""生成公示文件: of which results, in which form, what stands in the way; the count said first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.public import public_files
from app.services.public.public_files import Checked, FilesMade, MakePublicFile, PublicKind
from app.services.workspace import Workspace
from app.ui.dialogs.files import ask_file
from app.ui.dialogs.mends import MendsPanel
from app.ui.dialogs.preview import show_file
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, button, label, primary_button
from app.ui.widgets.page import Toaster

__all__ = ["EXCEL", "PRINT", "PublicFileDialog", "Scope"]

PRINT, EXCEL, PAGE, PDF = "print", ".xlsx", ".html", ".pdf"
_FORMS = (
    (PRINT, "预览和打印"),
    (EXCEL, "Excel 表"),
    (PAGE, "网页片段（粘贴到局网站）"),
    (PDF, "PDF 文件"),
)
_FILTERS = {EXCEL: "Excel (*.xlsx)", PAGE: "网页片段 (*.html)", PDF: "PDF (*.pdf)"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be put into the file, in words with the number; ``results`` None: all there is."""

    words: str
    results: tuple[int, ...] | None


class PublicFileDialog(QDialog):
    """``jumped``: the key of a row somebody goes to mend; ``made``: what was written."""

    jumped = Signal(str)
    made = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        workspace: Workspace,
        toast: Toaster,
        *,
        what: PublicKind,
        period: str,
        scopes: Sequence[Scope],
        form: str = PRINT,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(what.label)
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.workspace, self._toast = workspace, toast
        self._what, self._period, self._scopes = what, period, tuple(scopes)
        self.checked: Checked | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 14)
        outer.setSpacing(10)
        outer.addWidget(label("哪些", "section"))
        self.scope_buttons = self._choices(
            outer, [each.words for each in scopes], self._on_scope, across=False
        )
        outer.addWidget(label("做成", "section"))
        self.form_buttons = self._choices(
            outer, [words for _key, words in _FORMS], lambda _at: self._allow(), across=True
        )
        self.form_buttons.button([key for key, _words in _FORMS].index(form)).setChecked(True)
        self.banner = Banner(Tone.INFO, "")
        outer.addWidget(self.banner)
        self.mending = MendsPanel(workspace)
        self.mending.jumped.connect(self._jump)
        self.mending.again.connect(self.check)
        outer.addWidget(self.mending, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("取消", self.reject))
        self.make_button = primary_button("生成", self._make)
        self.make_button.setMinimumWidth(132)  # its words grow with the count
        foot.addWidget(self.make_button)
        outer.addLayout(foot)
        self.resize(780, 250)
        self.check()

    def _choices(
        self, outer: QVBoxLayout, words: Sequence[str], chosen: Callable[[int], None], across: bool
    ) -> QButtonGroup:
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(18)
        for at, each in enumerate(words):
            box = QRadioButton(each)
            group.addButton(box, at)
            if across:
                row.addWidget(box)
            else:
                outer.addWidget(box)
        row.addStretch(1)
        if across:
            outer.addLayout(row)
        group.button(0).setChecked(True)
        group.idClicked.connect(chosen)
        return group

    # -- what is wanted ------------------------------------------------------

    @property
    def form(self) -> str:
        """Print, or the suffix of the file."""
        return _FORMS[self.form_buttons.checkedId()][0]

    def command(self, path: Path | None = None) -> MakePublicFile:
        """What the choices say."""
        scope = self._scopes[self.scope_buttons.checkedId()]
        return MakePublicFile(
            path=path, what=self._what, period=self._period, results=scope.results
        )

    # -- looking first -------------------------------------------------------

    def _on_scope(self, _at: int) -> None:
        self.check()

    def check(self) -> None:
        """How many rows, and what has to be mended first."""
        self.checked = None
        read, command = self.workspace.read, self.command()
        self.banner.show_message(Tone.INFO, "正在逐格查对人员姓名、号码和其他检查对象…")
        query(self, lambda: read(public_files.check, command)).key("check").success(
            self._on_checked
        ).run_in_background()
        self._allow()

    def _on_checked(self, found: Checked) -> None:
        self.checked = found
        self.mending.set_mends(found.mends)
        if not found.rows:
            self.banner.show_message(
                Tone.WARN, "没有可以公示的内容。结果复核锁定、案件有了处理结果以后再生成。"
            )
        elif found.mends:
            self.banner.show_message(
                Tone.WARN,
                f"共 {found.rows} 家，有 {len(found.mends)} 处不能公开，改好或认可以前不能生成。"
                "双击或回车去改那一行。",
            )
        else:
            self.banner.show_message(Tone.OK, f"将生成 {found.rows} 家的{self._what.label}。")
        self._allow()

    def _allow(self) -> None:
        found = self.checked
        self.mending.setVisible(bool(found and found.mends))
        if self.mending.isVisible() and self.height() < 480:
            self.resize(920, 480)
        ready = found is not None and bool(found.rows) and not found.mends
        self.make_button.setEnabled(ready)
        verb = "预览" if self.form == PRINT else "生成"
        self.make_button.setText(f"{verb} {found.rows} 家" if ready and found else verb)

    def _jump(self, key: str) -> None:
        self.reject()
        self.jumped.emit(key)

    # -- making --------------------------------------------------------------

    def _make(self) -> None:
        if self.form == PRINT:
            self.make(None)
            return
        today = self.workspace.clock().astimezone().date()
        name = f"{self._what.label}-{self._period or '全部'}-{today}{self.form}"
        kinds = _FILTERS[self.form]
        path = ask_file(self, "公示文件存到哪里", name, kinds, self.form)
        if path is not None:
            self.make(path)

    def make(self, path: Path | None) -> None:
        """Write it; without a path it is shown to be printed."""
        workspace, command = self.workspace, self.command(path)
        self.make_button.setEnabled(False)
        operation(self, lambda: workspace.write(public_files.make, command)).key("make").progress(
            "正在生成公示文件"
        ).success(self._on_made).failure(self._on_failed).run_in_background()

    def _on_failed(self, error: AppError) -> None:
        self._allow()
        self.banner.show_message(Tone.DANGER, str(error))

    def _on_made(self, made: FilesMade) -> None:
        self.made.emit(made)
        owner = self.parentWidget() or self
        printed = self.form == PRINT
        self.accept()
        if printed:
            show_file(owner, made.path)
        else:
            words = f"{self._what.label}已生成，{made.rows} 家"
            self._toast(words, "打开", lambda: show_file(owner, made.path))
