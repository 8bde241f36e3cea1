"""拷到 U 盘: which medium, how far it is, what was compared; then the slip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read import media as reads
from app.db.read.media import CarriedRow
from app.db.read.packages import PackageRow
from app.domain.fields import Field
from app.domain.media import KINDS, MEDIUM_FIELDS, MediumFacts, MediumKind, check_medium
from app.domain.outgoing import EDITIONS
from app.errors import AppError
from app.services.packages import carrying, media
from app.services.packages.carrying import (
    CarryFile,
    CarryPackage,
    Drive,
    Drives,
    NameTakenError,
    Taken,
    UnregisteredError,
    Use,
)
from app.services.packages.media import SaveMedium
from app.services.workspace import Workspace
from app.ui.desktop import open_path
from app.ui.dialogs.checking_media import CheckMediumDialog
from app.ui.dialogs.frame import FrameDialog, dialog_foot
from app.ui.dialogs.inspecting import SlipWish, ask, ask_package_slip
from app.ui.dialogs.messages import confirm
from app.ui.dialogs.preview import show_file
from app.ui.tasks import Progress, Report, long_operation, operation
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    BusyRow,
    FactGrid,
    FormDialog,
    button,
    label,
    primary_button,
)
from app.ui.widgets.choice_cards import ChoiceList
from app.ui.widgets.drive_list import DriveList

__all__ = [
    "CarryDialog",
    "Goods",
    "UnregisteredDialog",
    "ask_medium",
    "backup_goods",
    "file_goods",
    "medium_facts",
    "package_goods",
    "slip_facts",
]

_COPYING = "正在拷到介质"
Telling = Callable[[int, int, str], None]
Run = Callable[[Path, str, Use, Telling, Drives], Taken]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What is carried: its name, a line about it, its size (0: not known yet), how it goes.

    ``package``: its row, where a transfer slip can be printed.
    """

    title: str
    note: str
    size: int
    run: Run
    package: PackageRow | None = None


def package_goods(workspace: Workspace, row: PackageRow) -> Goods:
    """A package of the register."""

    def run(folder: Path, name: str, use: Use, report: Telling, drives: Drives) -> Taken:
        command = CarryPackage(file_name=row.file_name, folder=folder, name=name, use=use)
        return carrying.carry_package(workspace, command, report, drives)

    note = f"{row.what_words}，{EDITIONS[row.edition]}，{carrying.size_words(row.size)}"
    return Goods(title=row.file_name, note=note, size=row.size, run=run, package=row)


def file_goods(workspace: Workspace, path: Path, purpose: str) -> Goods:
    """Any file that lies ready: an archive bag."""

    def run(folder: Path, name: str, use: Use, report: Telling, drives: Drives) -> Taken:
        command = CarryFile(path=path, folder=folder, purpose=purpose, name=name, use=use)
        return carrying.carry_file(workspace, command, report, drives)

    size = path.stat().st_size if path.is_file() else 0
    return Goods(
        title=path.name, note=f"{purpose}，{carrying.size_words(size)}", size=size, run=run
    )


def backup_goods(workspace: Workspace) -> Goods:
    """The whole workspace as it is now."""

    def run(folder: Path, _name: str, use: Use, report: Telling, drives: Drives) -> Taken:
        return carrying.carry_backup(workspace, folder, use, report, drives)

    return Goods(title="整个工作区的备份", note="现在备份成一个文件再拷", size=0, run=run)


def slip_facts(carried: CarriedRow | None) -> SlipWish:
    """What the slip says of the medium a package left on last."""
    if carried is None:
        return SlipWish()
    number = carried.medium_no
    if not number and carried.label:
        number = f"未登记（{carried.label}）"
    kind = "光盘" if carried.place == "disc" else "U 盘"
    return SlipWish(medium=number, holder=carried.holder, kind=kind)


def ask_medium(
    parent: QWidget,
    workspace: Workspace,
    facts: MediumFacts,
    then: Callable[[object], object],
    *,
    row_id: int | None = None,
) -> FormDialog:
    """One medium of the register: new, or to be changed."""
    dialog = FormDialog(
        parent,
        "修改介质" if row_id is not None else "登记介质",
        MEDIUM_FIELDS,
        facts,
        save=lambda typed: workspace.write(media.save, SaveMedium(row_id, typed)),
        check=check_medium,
        columns=2,
    )
    dialog.saved.connect(then)
    dialog.open()
    return dialog


@dataclass(frozen=True, slots=True, kw_only=True)
class _Disc:
    name: str = ""
    ident: str = ""
    holder: str = ""


class CarryDialog(FrameDialog):
    """First the drives; then, in plain sight, that it may be pulled out and what was compared."""

    def __init__(
        self,
        parent: QWidget,
        workspace: Workspace,
        goods: Goods,
        *,
        drives: Drives | None = None,
    ) -> None:
        super().__init__(parent, f"拷到 U 盘：{goods.title}", 900, 540)
        self.workspace, self.goods = workspace, goods
        self.taken: Taken | None = None
        self._ended = True
        self._halves: tuple[carrying.LeftOver, ...] = ()
        self.stack = QStackedWidget()
        self.stack.addWidget(self._choosing(drives))
        self.stack.addWidget(self._done_page())
        self.body.addWidget(self.stack, 1)
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self._fill_foot()
        self._allow()

    # -- choosing ------------------------------------------------------------

    def _choosing(self, drives: Drives | None) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(label(self.goods.title, "section"))
        head.addWidget(label(self.goods.note, "secondary"))
        head.addStretch(1)
        column.addLayout(head)
        self.drives = DriveList(
            self.workspace, lambda drive: drive.why_not(self.goods.size), drives=drives
        )
        self.drives.changed.connect(self._on_drives)
        self.drives.activated.connect(self.copy)
        column.addWidget(self.drives, 1)
        self.half = Banner(Tone.WARN, "")
        self.half.add_button("删除半份", self.remove_halves)
        self.half.hide()
        column.addWidget(self.half)
        self.busy = BusyRow(_COPYING, _progress_words)
        column.addWidget(self.busy)
        return page

    def _done_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(14)
        self.verdict = Banner(Tone.OK, "")
        self.verdict.text.setObjectName("section")
        column.addWidget(self.verdict)
        self.facts = FactGrid(110)
        column.addWidget(self.facts)
        column.addStretch(1)
        return page

    def _fill_foot(self) -> None:
        self.folder_button = button("其他文件夹…", self._ask_folder, "folder")
        self.disc_button = button("准备刻录光盘…", self._ask_disc)
        self.slip_button = button("打印介质交接单…", self._ask_slip, "print")
        self.open_button = button("打开文件夹", self._open_folder, "folder")
        self.check_button = button("核对光盘…", self._check_disc, "check-circle")
        self.again_button = button("再拷一份", self._again)
        self.why = label("", "small")
        self.close_button = button("关闭", self.reject)
        self.copy_button = primary_button("拷贝", self.copy, "usb")
        for each in (self.folder_button, self.disc_button, self.slip_button, self.open_button):
            self.foot.addWidget(each)
        for each in (self.check_button, self.again_button):
            self.foot.addWidget(each)
        self.foot.addStretch(1)
        self.foot.addWidget(self.why)
        self.foot.addWidget(self.close_button)
        self.foot.addWidget(self.copy_button)

    @property
    def running(self) -> bool:
        """Whether something is being copied."""
        return not self._ended

    def _on_drives(self) -> None:
        self._show_halves()
        self._allow()

    def _allow(self) -> None:
        choosing = self.stack.currentIndex() == 0
        line = self.drives.chosen
        usable = line is not None and not line.why_not
        self.copy_button.setVisible(choosing)
        self.copy_button.setEnabled(usable and not self.running)
        self.drives.setEnabled(not self.running)
        self.close_button.setText("取消拷贝" if self.running else "关闭")
        for widget in (self.folder_button, self.disc_button):
            widget.setVisible(choosing)
            widget.setEnabled(not self.running)
        taken = self.taken
        package = self.goods.package is not None
        self.slip_button.setVisible(not choosing and package)
        self.open_button.setVisible(not choosing)
        self.again_button.setVisible(not choosing)
        self.check_button.setVisible(not choosing and taken is not None and taken.to_burn)
        why = ""
        if choosing and not self.running:
            why = "插上 U 盘，或选其他文件夹" if line is None else line.why_not
        self.why.setText(why)

    # -- left-over halves ------------------------------------------------------

    def _show_halves(self) -> None:
        line = self.drives.chosen
        if line is None or self.running:
            self.half.hide()
            return
        root = line.drive.root
        operation(self, lambda: carrying.left_overs(root)).key("halves").success(
            self._say_halves
        ).run_in_background()

    def _say_halves(self, found: tuple[carrying.LeftOver, ...]) -> None:
        self._halves = found
        self.half.setVisible(bool(found))
        if found:
            names = "、".join(each.words for each in found[:3])
            more = f"等 {len(found)} 个" if len(found) > 3 else ""
            self.half.show_message(
                Tone.WARN, f"这里有没有拷完的半份 {names}{more}，不要使用；可以删除。"
            )

    def remove_halves(self) -> None:
        """Delete the half copies of earlier days."""
        found = self._halves

        def remove() -> None:
            for each in found:
                carrying.remove_left_over(each.path)

        operation(self, remove).key("remove").success(lambda _none: self._show_halves()).failure(
            self.show_failure
        ).run_in_background()

    # -- copying ---------------------------------------------------------------

    def copy(self) -> None:
        """Onto the chosen drive."""
        line = self.drives.chosen
        if line is not None and not line.why_not:
            self.carry_to(line.drive.root)

    def carry_to(self, folder: Path, use: Use | None = None, name: str = "") -> None:
        """Copy into ``folder``, wherever it lies."""
        use = use or Use()
        goods, drives = self.goods, self.drives.drives
        self.banner.hide()

        def work(progress: Progress) -> Taken:
            return goods.run(folder, name, use, progress.report, drives)

        started = (
            long_operation(self, work)
            .key("carry")
            .progress(_COPYING)
            .success(self._on_taken)
            .failure(lambda error: self._on_failed(error, folder, use, name))
            .finally_(self._on_end)
            .run_in_background()
        )
        if started:
            self._ended = False
            self.drives.rest(True)
            self.half.hide()
            self._allow()

    def _on_end(self) -> None:
        self._ended = True
        self.drives.rest(False)
        self._on_drives()

    def _on_failed(self, error: AppError, folder: Path, use: Use, name: str) -> None:
        if isinstance(error, UnregisteredError):
            self._ask_unregistered(error, folder, use, name)
        elif isinstance(error, NameTakenError):
            # Once the end of this one was told: the answer may begin the next.
            QTimer.singleShot(0, self, partial(self._ask_name, error, folder, use))
        else:
            self.show_failure(error)

    def _ask_name(self, error: NameTakenError, folder: Path, use: Use) -> None:
        if confirm(self, "同名文件", str(error), action=f"另存为 {error.free_name}"):
            self.carry_to(folder, use, error.free_name)

    def _ask_unregistered(
        self, error: UnregisteredError, folder: Path, use: Use, name: str
    ) -> None:
        self.question = UnregisteredDialog(self, error)
        self.question.once.connect(
            lambda reason: self.carry_to(folder, replace(use, reason=reason), name)
        )
        self.question.register.connect(
            lambda: self._register(error.drive, lambda: self.carry_to(folder, use, name))
        )
        self.question.open()

    def _register(self, drive: Drive, then: Callable[[], object]) -> None:
        facts = medium_facts(drive, self.workspace)
        self.form = ask_medium(self, self.workspace, facts, lambda _saved: then())

    def _on_taken(self, taken: Taken) -> None:
        self.taken = taken
        copy = taken.copy
        if taken.to_burn:
            self.verdict.show_message(
                Tone.INFO,
                "已放进待刻录的文件夹，还不算拷出。用电脑的刻录功能刻好后，点“核对光盘…”。",
            )
        else:
            before = "（早已在那里，内容相同）" if copy.already else ""
            self.verdict.show_message(Tone.OK, f"可安全拔出。已拷好并从介质读回核对{before}。")
        self.facts.show_facts(
            [
                ("文件", copy.path.name),
                ("写在", str(copy.path.parent)),
                ("大小", f"{carrying.size_words(copy.size)}（{copy.size:,} 字节）"),
                ("介质编号", taken.medium or "未登记"),
                ("保管人", taken.holder),
                ("核对了什么", taken.compared),
                ("文件摘要", _groups(copy.sha256)),
            ]
        )
        self.stack.setCurrentIndex(1)
        self._allow()

    def _again(self) -> None:
        self.stack.setCurrentIndex(0)
        self._on_drives()

    def reject(self) -> None:
        """While something is being copied 关闭 means 取消: nothing is left running unseen."""
        if self.running:
            self.busy.cancel.click()
            return
        super().reject()

    # -- other places ------------------------------------------------------------

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "拷到哪个文件夹")
        if folder:
            self.carry_to(Path(folder))

    def _ask_disc(self) -> None:
        fields = (
            Field(name="ident", label="光盘编号", required=True, hint="写在盘面上的编号"),
            Field(name="holder", label="保管人", required=True),
        )
        first = _Disc(holder=self.workspace.actor)
        self.disc_form = ask(
            self, "准备刻录光盘", fields, first, self._registered_disc, self._on_disc, "选文件夹…"
        )

    def _registered_disc(self, disc: _Disc) -> str:
        """The disc stands in the register before anything is written for it."""
        if disc.ident not in self.workspace.read(reads.known):
            facts = MediumFacts(
                ident=disc.ident,
                kind=MediumKind.DISC.value,
                holder=disc.holder,
                since=self.workspace.clock().astimezone().date(),
            )
            self.workspace.write(media.save, SaveMedium(None, facts))
        return disc.ident

    def _on_disc(self, number: object) -> None:
        folder = QFileDialog.getExistingDirectory(self, "放进哪个待刻录的文件夹")
        if folder:
            self.carry_to(Path(folder), Use(medium=str(number), burn=True))

    def _check_disc(self) -> None:
        self.checking = CheckMediumDialog(self, self.workspace, drives=self.drives.drives)
        self.checking.open()

    def _open_folder(self) -> None:
        if self.taken is not None:
            open_path(self.taken.copy.path.parent)

    # -- the slip ------------------------------------------------------------------

    def _ask_slip(self) -> None:
        package, taken = self.goods.package, self.taken
        if package is None or taken is None:
            return
        known = self.workspace.read(reads.known).get(taken.medium)
        kinds = {choice.value: choice.label for choice in KINDS}
        carried = self.workspace.read(reads.newest_of_package, package.id)
        facts = slip_facts(carried)
        if known is not None:
            facts = replace(facts, kind=kinds[known[1].kind], purpose=known[1].purpose)
        self.slip = ask_package_slip(
            self, self.workspace, package.id, self._on_slip, locked=package.locked, facts=facts
        )

    def _on_slip(self, path: object) -> None:
        if isinstance(path, Path):
            self.tell(f"介质交接单已生成：{path.name}", Tone.OK)
            show_file(self, path)


class UnregisteredDialog(QDialog):
    """What is plugged in is in no register: register it, use it once, or not at all."""

    register = Signal()
    once = Signal(str)

    def __init__(self, parent: QWidget, error: UnregisteredError) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("介质没有登记")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        body = QVBoxLayout()
        body.setContentsMargins(20, 18, 20, 14)
        body.setSpacing(10)
        body.addWidget(Banner(Tone.WARN, str(error)))
        self.choices = ChoiceList()
        self.choices.add("register", "登记到介质台账，再拷", "以后插上就认得出，每次拷贝都有记录")
        if error.may_once:
            self.choices.add("once", "只用这一次", "写明理由，记入账本；台账里不登记")
        self.choices.changed.connect(self._allow)
        body.addWidget(self.choices)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("只用这一次的理由，如 登记的 U 盘损坏，借用监测站的")
        self.reason.setAccessibleName("理由")
        self.reason.textChanged.connect(lambda _text: self._allow())
        self.reason.setVisible(error.may_once)
        body.addWidget(self.reason)
        body.addStretch(1)
        outer.addLayout(body, 1)
        self.go = primary_button("继续", self._on_go)
        outer.addWidget(dialog_foot(button("取消", self.reject), self.go))
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.resize(560, 330 if error.may_once else 230)
        self.choices.choose("register")

    def _allow(self) -> None:
        once = self.choices.key == "once"
        self.reason.setEnabled(once)
        self.go.setEnabled(not once or bool(self.reason.text().strip()))

    def _on_go(self) -> None:
        once, reason = self.choices.key == "once", self.reason.text().strip()
        self.accept()
        if once:
            self.once.emit(reason)
        else:
            self.register.emit()


def medium_facts(drive: Drive | None, workspace: Workspace) -> MediumFacts:
    """The beginning of a new medium's form: what the drive says of itself."""
    facts = MediumFacts(
        ident="", holder=workspace.actor, since=workspace.clock().astimezone().date()
    )
    if drive is None:
        return facts
    kind = MediumKind.DISC if drive.disc else MediumKind.STICK
    return replace(
        facts, ident=drive.label, label=drive.label, serial=drive.serial, kind=kind.value
    )


def _progress_words(report: Report) -> str:
    if not report.total:
        return report.text
    # Twice the size: once written, once read back.
    half = report.total // 2
    done = report.done - half if report.done > half else report.done
    size = carrying.size_words
    return f"{report.text} {size(done)} / {size(half)}"


def _groups(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
