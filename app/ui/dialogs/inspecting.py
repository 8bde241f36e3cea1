"""What is asked between a draw and a publication: short questions, each one form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from app.db.read import results
from app.db.read.tasks import TaskRow
from app.domain.fields import Choice, Field, FieldKind
from app.errors import AppError
from app.services.packages import exporting
from app.services.packages.exporting import MakeTransferSlip
from app.services.public import publishing
from app.services.public.kept_files import KeptFile
from app.services.public.publishing import Publish
from app.services.tasks import inspecting, rectifying
from app.services.tasks.inspecting import LockResult, ReturnResult, StartResult
from app.services.tasks.rectifying import RecordRectification
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.dialogs.frame import dialog_foot
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    DateEdit,
    FilterRow,
    FormDialog,
    button,
    label,
    primary_button,
)

__all__ = [
    "StartDialog",
    "ask",
    "ask_lock",
    "ask_publish",
    "ask_rectified",
    "ask_return",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Return:
    name: str = ""
    reason: str = ""


def ask_return(
    parent: QWidget, workspace: Workspace, task: TaskRow, then: Callable[[object], object]
) -> FormDialog:
    """Why a submitted result goes back."""
    fields = (
        Field(
            name="reason",
            label="退回原因",
            kind=FieldKind.LONG_TEXT,
            required=True,
            hint="缺什么、哪里不对，录入人照着改",
        ),
    )

    def save(facts: _Return) -> object:
        command = ReturnResult(
            result_id=task.result_id or 0, reason=facts.reason, reviewed_by=workspace.actor
        )
        return workspace.write(inspecting.return_for_correction, command)

    return ask(parent, f"退回 {task.shown_name}", fields, _Return(), save, then, "退回")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Review:
    name: str
    reason: str = ""


def ask_lock(
    parent: QWidget, workspace: Workspace, task: TaskRow, then: Callable[[object], object]
) -> FormDialog:
    """Who reviewed it; the same person as who entered it has to say why."""
    fields = (
        Field(name="name", label="复核人", required=True),
        Field(
            name="reason",
            label="同人理由",
            kind=FieldKind.LONG_TEXT,
            hint=f"录入人是{task.entered_by}；复核人与录入人是同一人时，写明原因",
        ),
    )

    def save(facts: _Review) -> object:
        command = LockResult(
            result_id=task.result_id or 0, reviewed_by=facts.name, alone_because=facts.reason
        )
        return workspace.write(inspecting.lock, command)

    title = f"复核锁定 {task.shown_name}"
    return ask(parent, title, fields, _Review(name=workspace.actor), save, then, "锁定")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rectified:
    name: str = ""
    completed_on: date | None = None
    proof: str = ""


def ask_rectified(
    parent: QWidget,
    workspace: Workspace,
    task: TaskRow,
    today: date,
    then: Callable[[object], object],
) -> FormDialog:
    """When the rectification was done and what shows it."""
    fields = (
        Field(name="completed_on", label="完成日期", kind=FieldKind.DATE, required=True),
        Field(
            name="proof",
            label="整改材料",
            kind=FieldKind.LONG_TEXT,
            required=True,
            hint="如：整改照片 4 张，9 月 8 日现场复查已完成",
        ),
    )

    def save(facts: _Rectified) -> object:
        command = RecordRectification(
            result_id=task.result_id or 0,
            completed_on=facts.completed_on or today,
            proof=facts.proof,
        )
        workspace.write(rectifying.record, command)
        return None

    facts = _Rectified(completed_on=today)
    return ask(parent, f"登记整改 {task.shown_name}", fields, facts, save, then, "登记")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    name: str = ""
    on: date | None = None
    place: str = ""
    file: str = ""


def ask_publish(
    parent: QWidget,
    workspace: Workspace,
    result_ids: tuple[int, ...],
    today: date,
    place: str,
    then: Callable[[object], object],
    files: Sequence[KeptFile] = (),
) -> FormDialog:
    """When and where the chosen results were made public; ``files``: those made of all of them."""
    fields: tuple[Field, ...] = (
        Field(name="on", label="公示日期", kind=FieldKind.DATE, required=True),
        Field(
            name="place",
            label="公示地方",
            required=True,
            hint="网址或公示栏名称，如 县政府网站“双随机”专栏",
        ),
        public_file_field(files),
    )

    def save(facts: _Published) -> object:
        command = Publish(
            result_ids=result_ids, on=facts.on or today, place=facts.place, file=facts.file
        )
        return workspace.write(publishing.publish, command)

    title = f"登记公示（{len(result_ids)} 家）"
    newest = files[0].sha256 if files else ""
    begin = _Published(on=today, place=place, file=newest)
    return ask(parent, title, fields, begin, save, then, "登记公示")


def public_file_field(files: Sequence[KeptFile]) -> Field:
    """Which of the files made here was put up; the archive then holds that very file."""
    return Field(
        name="file",
        label="公示文件",
        kind=FieldKind.CHOICE,
        choices=(
            *(
                Choice(each.sha256, f"{each.name}（{each.made_at.astimezone():%m-%d %H:%M}）")
                for each in files
            ),
            Choice("", "没有用这里生成的文件"),
        ),
        hint="归档时原样放进这一份" if files else "先用“公示表”生成，再来登记，归档时就有原件",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipWish:
    """介质交接单: the medium's kind and number, the purpose, who receives it."""

    name: str = ""
    medium: str = ""
    kind: str = "U 盘"
    purpose: str = "上报省级平台"
    holder: str = ""
    receiver: str = ""
    passphrase: str = ""


def ask_package_slip(
    parent: QWidget,
    workspace: Workspace,
    package_id: int,
    then: Callable[[object], object],
    *,
    locked: bool = False,
    facts: SlipWish = SlipWish(),
) -> FormDialog:
    """The slip of one package; ``facts``: what is known of the medium already."""

    def save(wish: SlipWish) -> Path:
        command = MakeTransferSlip(
            package_id=package_id,
            medium=wish.medium,
            kind=wish.kind,
            purpose=wish.purpose,
            holder=wish.holder,
            receiver=wish.receiver,
            passphrase=wish.passphrase,
        )
        return workspace.write(exporting.transfer_slip, command)

    return ask_slip(parent, save, then, locked=locked, facts=facts)


def ask_slip(
    parent: QWidget,
    save: Callable[[SlipWish], object],
    then: Callable[[object], object],
    *,
    locked: bool = False,
    facts: SlipWish = SlipWish(),
) -> FormDialog:
    """Which stick or disc carries the package, and what for."""
    fields: tuple[Field, ...] = (
        Field(
            name="kind",
            label="介质",
            kind=FieldKind.CHOICE,
            required=True,
            choices=tuple(Choice(each, each) for each in ("U 盘", "光盘", "移动硬盘")),
        ),
        Field(name="medium", label="介质编号", required=True, hint="标签上的编号"),
        Field(name="holder", label="保管人", hint="谁带着它"),
        Field(name="purpose", label="用途", required=True),
        Field(name="receiver", label="接收人", hint="单位和姓名，不知道的留空手写"),
    )
    if locked:
        hint = "打包时设的口令，核对清单要用，不会印出来"
        fields = (*fields, Field(name="passphrase", label="口令", required=True, hint=hint))
    return ask(parent, "打印介质交接单", fields, facts, save, then, "生成")


def ask(
    parent: QWidget,
    title: str,
    fields: tuple[Field, ...],
    facts: object,
    save: Callable[..., object],
    then: Callable[[object], object],
    action: str,
    columns: int = 1,
) -> FormDialog:
    """Open one form; ``save`` gets what was typed, ``then`` what came of it."""
    dialog = FormDialog(parent, title, fields, facts, save=save, columns=columns, action=action)
    dialog.saved.connect(then)
    dialog.open()
    return dialog


_SEARCH = 480
_COLUMNS = (
    Column("serial", "抽取序号", ColumnKind.CODE, width=100),
    Column("target_name", "检查对象", width=250, stretch=True, value=lambda row: row.shown_name),
    Column("team", "检查组", width=120, sort=None),
    Column("due_on", "期限", ColumnKind.DATE),
)


class StartDialog(QDialog):
    """登记检查: find the target the team came back from, and the day.

    The list names targets under embargo, so the dialog says so and nothing is listed before
    something was typed.
    """

    def __init__(
        self,
        parent: QWidget,
        workspace: Workspace,
        today: date,
        then: Callable[[int], object],
        *,
        period: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("登记检查")
        self.resize(720, 460)
        self._workspace = workspace
        self._period = period
        self._then = then
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        body = QWidget()
        body.setObjectName("formBody")
        body.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 12)
        column.setSpacing(theme.GAP)
        column.addWidget(
            Banner(Tone.WARN, "检查前名单保密：输入名称、代码或序号才显示，旁边有外人时不要打开。")
        )
        self.search = FilterRow(hint="名称 / 代码 / 序号")
        # Alone in its row: a whole name can be read while it is typed.
        self.search.search_box.setFixedWidth(_SEARCH)
        self.search.changed.connect(self._find)
        column.addWidget(self.search)
        self.table = PlainTable(_COLUMNS)
        self.table.current_changed.connect(lambda _row: self._allow())
        column.addWidget(self.table, 1)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        column.addWidget(self.banner)
        outer.addWidget(body, 1)
        outer.addWidget(self._foot(today))
        self._allow()

    def _foot(self, today: date) -> QFrame:
        self.day = DateEdit(today)
        self.start_button = primary_button("登记并录入", self._start)
        return dialog_foot(
            button("取消", self.reject), self.start_button, left=(label("检查日期"), self.day)
        )

    def _find(self) -> None:
        words = self.search.search
        if not words:
            self.table.set_rows([])
            self._allow()
            return
        read, period = self._workspace.read, self._period
        query(self, lambda: read(results.open_tasks, period=period, search=words)).key(
            "open"
        ).success(self._show).run_in_background()

    def _show(self, found: tuple[TaskRow, ...]) -> None:
        self.table.set_rows(found)
        if found:
            self.table.grid.select_line(0)
        self._allow()

    def _allow(self) -> None:
        self.start_button.setEnabled(isinstance(self.table.current_row(), TaskRow))

    def _start(self) -> None:
        task = self.table.current_row()
        day = self.day.value
        if not isinstance(task, TaskRow):
            return
        if day is None:
            self._fail_with(self.day.error() or "请填写检查日期。")
            return
        command = StartResult(assignment_id=task.id, inspected_on=day)
        operation(self, lambda: self._workspace.write(inspecting.start, command)).key(
            "start"
        ).success(lambda _done: self._on_started(task.id)).failure(
            self._on_failed
        ).run_in_background()

    def _on_started(self, assignment_id: int) -> None:
        self.accept()
        self._then(assignment_id)

    def _on_failed(self, error: AppError) -> None:
        self._fail_with(str(error))

    def _fail_with(self, words: str) -> None:
        self.banner.show_message(Tone.DANGER, words)
        self.banner.show()
