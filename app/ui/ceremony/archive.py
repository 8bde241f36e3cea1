"""归档: the signed paper comes back as a scan; everything a draw left is listed and printed here.

The last step of the ceremony shows this panel, and 抽取记录 the same one in a dialog, later.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.db.read.draws import DrawScan
from app.domain.fields import Field, FieldKind
from app.domain.filing import ScanKind
from app.errors import AppError
from app.services import attaching
from app.services.draws import noting, papers
from app.services.safety import archiving
from app.services.safety.archiving import SCANS, Archive
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.ceremony.sealed_screen import ask_then_show
from app.ui.dialogs.messages import confirm
from app.ui.dialogs.preview import show_file
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Card,
    FormDialog,
    HashLabel,
    button,
    clear_layout,
    label,
    link_button,
    primary_button,
)

_NAME = 184
_SCANS = f"扫描件 ({' '.join(f'*{suffix}' for suffix in SCANS)})"
_NO_SCAN = "还没有签字件。全体签字以后扫描或拍照，存到这里，本次抽取才算归档。"
_CAPTIONS = {
    "minutes.pdf": "抽取记录（封存本，有名单，只给本单位人员看）",
    "minutes-public.pdf": "抽取情况（公开版，当天张贴，只有数目和摘要）",
    "disclosure.pdf": "抽查公开情况（检查以后的公开版）",
    "commitment.pdf": "承诺单（两联）",
    "attendance.pdf": "签到表",
    "explanation.pdf": "抽取说明（给见证人看的一页）",
    "witness-slips.pdf": "空白纸条",
    "substitution.pdf": "更换审批表",
    "addendum-*.pdf": "更换审批表",
    "void.pdf": "作废记录",
    "plan.txt": "抽取方案，摘要为 P",
    "excluded.txt": "排除名单，摘要写在抽取方案里",
    "result.txt": "抽取结果，摘要为 F",
    "void.txt": "作废记录的原文",
    "addendum-*.txt": "更换记录的原文",
    "verify.html": "复算网页，用浏览器打开",
}
_NOTE_FIELDS = (
    Field(
        name="what",
        label="发生了什么",
        kind=FieldKind.LONG_TEXT,
        required=True,
        hint="用一句话写明；会印在抽取记录上，登记后不能删",
    ),
)


def caption(name: str) -> tuple[int, str]:
    """Place in the list and Chinese caption of a file of a draw's folder."""
    for place, (pattern, words) in enumerate(_CAPTIONS.items()):
        if fnmatchcase(name, pattern):
            return place, words
    return len(_CAPTIONS), ""


class ArchivePanel(QWidget):
    """Scans, files, and what can still be printed or noted for one finished draw."""

    failed = Signal(object)
    shown = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.archive: Archive | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.GAP)
        outer.addWidget(self._scans_card())
        outer.addWidget(self._files_card())
        outer.addLayout(self._buttons())
        self.why = label("", "small", wrap=True)
        outer.addWidget(self.why)

    # -- building ----------------------------------------------------------

    def _scans_card(self) -> Card:
        card = Card("签字件", "全体签字的抽取记录、承诺单存档联、签到表", flush=True)
        for kind in (ScanKind.PHOTO, ScanKind.ATTENDANCE):
            card.add_action(link_button(f"存入{kind.label}…", partial(self._choose_scan, kind)))
        self.scan_button = button("扫描回传…", self._choose_scan, "upload")
        card.add_action(self.scan_button)
        self._scans = QVBoxLayout()
        self._scans.setContentsMargins(16, 8, 16, 10)
        self._scans.setSpacing(6)
        card.body.addLayout(self._scans)
        return card

    def _files_card(self) -> Card:
        card = Card("本次抽取的文件", flush=True)
        self._files = QVBoxLayout()
        self._files.setContentsMargins(16, 6, 16, 10)
        self._files.setSpacing(2)
        card.body.addLayout(self._files)
        return card

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.attendance_button = button("打印签到表", self._print_attendance, "print")
        self.disclosure_button = button("打印公开版", self._print_disclosure, "print")
        self.note_button = button("登记异常…", self._note, "warning")
        self.sealed_button = button("看封存屏", self._look, "eye")
        self.folder_button = button("打开文件夹", self._open_folder, "folder")
        for each in (
            self.attendance_button,
            self.disclosure_button,
            self.note_button,
            self.sealed_button,
            self.folder_button,
        ):
            row.addWidget(each)
        row.addStretch(1)
        return row

    # -- showing -----------------------------------------------------------

    def show_draw(self, no: str) -> None:
        """Read draw ``no`` in the background and show it."""
        workspace = self._workspace
        query(self, lambda: workspace.read(archiving.look, workspace.folder, no)).key(
            "archive"
        ).success(self._show).failure(self.failed.emit).run_in_background()

    def _show(self, archive: Archive) -> None:
        self.archive = archive
        clear_layout(self._scans)
        for scan in archive.scans:
            self._scans.addLayout(self._scan_row(scan))
        if not archive.scans:
            self._scans.addWidget(label(_NO_SCAN, "secondary", wrap=True))
        clear_layout(self._files)
        for path in sorted(archive.files, key=lambda path: (caption(path.name)[0], path.name)):
            self._files.addLayout(self._file_row(path))
        self.disclosure_button.setEnabled(not archive.no_disclosure)
        self.note_button.setEnabled(not archive.no_note)
        reasons = (
            f"公开版：本次抽取{archive.no_disclosure}。" if archive.no_disclosure else "",
            f"登记异常：{archive.no_note}。" if archive.no_note else "",
        )
        self.why.setText("\n".join(reason for reason in reasons if reason))
        self.why.setVisible(any(reasons))
        self.shown.emit()

    def _scan_row(self, scan: DrawScan) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        name = label(scan.name, "strong", wrap=True)
        name.setFixedWidth(_NAME)
        row.addWidget(name)
        row.addWidget(label(scan.kind.label, "secondary"))
        size = max(1, round(scan.size / 1024))
        row.addWidget(
            label(f"{size} KB　{scan.by}　{scan.at.astimezone():%Y-%m-%d %H:%M}", "small")
        )
        row.addWidget(label("SHA-256", "small"))
        row.addWidget(HashLabel(scan.sha256, brief=True))
        row.addStretch(1)
        row.addWidget(link_button("打开", partial(self._open_scan, scan)))
        row.addWidget(link_button("去掉", partial(self._remove_scan, scan)))
        return row

    def _file_row(self, path: Path) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        name = label(path.name, "strong")
        name.setFixedWidth(_NAME)
        row.addWidget(name)
        row.addWidget(label(caption(path.name)[1], "secondary"), 1)
        row.addWidget(link_button("打开", partial(self._open, path)))
        return row

    # -- acting ------------------------------------------------------------

    def _do(self, words: str, work: Callable[[], object], done: Callable[[object], object]) -> None:
        operation(self, work).key(words).progress(words).success(done).failure(
            self.failed.emit
        ).run_in_background()

    def _again(self, _outcome: object = None) -> None:
        if self.archive is not None:
            self.show_draw(self.archive.no)

    def _choose_scan(self, kind: ScanKind = ScanKind.SIGNED) -> None:
        title = f"选择{kind.label}{'' if kind is ScanKind.PHOTO else '的扫描件'}"
        chosen, _kind = QFileDialog.getOpenFileName(self, title, "", _SCANS)
        if chosen:
            self.add_scan(Path(chosen), kind)

    def add_scan(self, path: Path, kind: ScanKind = ScanKind.SIGNED) -> None:
        """Attach one scan to the draw that is shown."""
        shown, workspace = self.archive, self._workspace
        if shown is None:
            return
        command = archiving.ArchiveScan(no=shown.no, path=path, kind=kind)
        self._do(
            f"正在存入{kind.label}",
            lambda: workspace.write(archiving.archive, command),
            self._again,
        )

    def _remove_scan(self, scan: DrawScan) -> None:
        if confirm(
            self,
            f"去掉{scan.kind.label}",
            f"{scan.name} 不再属于本次抽取；账本会记下。",
            action="去掉",
        ):
            workspace, command = self._workspace, archiving.RemoveScan(scan.id)
            self._do(
                "正在去掉签字件", lambda: workspace.write(archiving.remove, command), self._again
            )

    def _open_scan(self, scan: DrawScan) -> None:
        folder = self._workspace.folder

        def work() -> Path:
            # Under its own name, outside the store: what a viewer does to it stays there.
            room = Path(tempfile.mkdtemp(prefix="suicha-"))
            return attaching.copy_out(folder, scan.sha256, room / scan.name)

        self._do("正在打开签字件", work, self._open)

    def _print_attendance(self) -> None:
        if self.archive is not None:
            workspace, command = self._workspace, papers.PrintAttendance(no=self.archive.no)
            self._do(
                "正在排签到表",
                lambda: workspace.write(papers.write_attendance, command),
                self._on_printed,
            )

    def _print_disclosure(self) -> None:
        if self.archive is not None:
            workspace, no = self._workspace, self.archive.no
            self._do(
                "正在排公开版",
                lambda: workspace.write(papers.write_disclosure, no),
                self._on_printed,
            )

    def _on_printed(self, path: object) -> None:
        self._open(path)
        self._again()

    def _note(self) -> None:
        if self.archive is None:
            return
        workspace = self._workspace
        self.note_dialog = FormDialog(
            self,
            f"登记异常　{self.archive.no}",
            _NOTE_FIELDS,
            noting.NoteException(no=self.archive.no, what=""),
            save=lambda command: workspace.write(noting.note, command),
            columns=1,
            action="登记",
        )
        self.note_dialog.saved.connect(self._again)
        self.note_dialog.open()

    def _look(self) -> None:
        if self.archive is not None:
            ask_then_show(self, self._workspace, self.archive.no)

    def _open_folder(self) -> None:
        if self.archive is not None:
            self._open(self._workspace.folder.draws / self.archive.no)

    def _open(self, path: object) -> None:
        show_file(self, Path(str(path)))


class ArchiveDialog(QDialog):
    """The panel on its own, from 抽取记录."""

    def __init__(self, parent: QWidget | None, workspace: Workspace, no: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"归档　{no}")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.error = Banner(Tone.DANGER, "")
        self.error.hide()
        outer.addWidget(self.error)
        self.panel = ArchivePanel(workspace)
        self.panel.failed.connect(self._on_failed)
        inside = QWidget()
        inside.setObjectName("pageBody")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 18, 20, 16)
        column.addWidget(self.panel)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        outer.addWidget(area, 1)
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 20, 10)
        row.addStretch(1)
        self.close_button = primary_button("关闭", self.accept)
        row.addWidget(self.close_button)
        outer.addWidget(foot)
        self.setStyleSheet(f"ArchiveDialog {{ background: {LIGHT.surface}; }}")
        self.resize(860, 620)
        self.panel.show_draw(no)

    def _on_failed(self, error: object) -> None:
        if isinstance(error, AppError):
            self.error.show_message(Tone.DANGER, str(error))
            self.error.show()
