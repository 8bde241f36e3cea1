"""First run: a new workspace, a county to practise on, or one that comes from a backup.

::

    dialog = FirstRunDialog(rulebooks.available(), root=root)
    if dialog.exec() and dialog.choice.start_with is not StartWith.BACKUP:
        create(root, dialog.choice)      # a backup was restored into root already
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.dialogs.arriving import ArrivalSequence
from app.ui.widgets.basics import Banner, FactGrid, clear_layout, label
from app.ui.widgets.choice_cards import ChoiceList
from app.ui.widgets.rulebook_picker import RulebookPicker
from app.ui.widgets.step_list import GuidedSequence, step_page

if TYPE_CHECKING:
    from app.services.rulebooks import RulebookSummary

_STEPS = ("起步", "单位", "细则", "确认")
_START, _LAST = 0, len(_STEPS) - 1

_UNFINISHED = "上次从备份恢复到本机没有做完（断电或被关闭）。请再选一次备份文件，重新恢复。"


class StartWith(enum.Enum):
    """What the new workspace holds on its first day."""

    EMPTY = "empty"
    SAMPLE = "sample"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRun:
    """What a new workspace needs; ``level`` is empty when the rulebook has one only.

    ``rulebook_id``: an id, or the path of a unit's own file.
    """

    name: str
    code: str
    person: str
    rulebook_id: str
    level: str
    start_with: StartWith


class FirstRunDialog(QDialog):
    """Four short steps; nothing is written before the last one."""

    def __init__(
        self,
        rulebooks: Sequence[RulebookSummary],
        parent: QWidget | None = None,
        *,
        sample: bool = True,
        root: Path | None = None,
        unfinished: bool = False,
    ) -> None:
        """``root``: where a backup may be restored to; ``unfinished``: half of one lies there."""
        super().__init__(parent)
        self.setWindowTitle("随查 · 首次设置")
        self.resize(820, 628)
        self._offered = tuple(rulebooks)
        self._unfinished = unfinished
        self.sequence = GuidedSequence(_STEPS)
        self.sequence.add_page(self._start_page(sample, root is not None, unfinished))
        self.sequence.add_page(self._unit_page())
        self.sequence.add_page(self._rulebook_page())
        self.sequence.add_page(self._summary_page())
        self.sequence.forward.setDefault(True)
        self.sequence.next_requested.connect(self._on_next)
        self.sequence.back_requested.connect(lambda step: self._go(step - 1))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.PAGE)
        outer.setSpacing(theme.GAP)
        outer.addWidget(label("首次设置", "pageTitle"))
        outer.addWidget(label("大约一分钟；以后都可以在“系统”里查看。", "secondary"))
        self.ways = QStackedWidget()
        self.ways.addWidget(self.sequence)
        self.arrival = ArrivalSequence(root) if root is not None else None
        if self.arrival is not None:
            self.ways.addWidget(self.arrival)
            self.arrival.left.connect(lambda: self.ways.setCurrentWidget(self.sequence))
            self.arrival.arrived.connect(self.accept)
        outer.addWidget(self.ways, 1)
        self._go(_START)

    def reject(self) -> None:
        """Not while a backup is being restored: half of one would stay behind."""
        if self.arrival is None or not self.arrival.busy:
            super().reject()

    # -- pages -------------------------------------------------------------

    def _unit_page(self) -> QWidget:
        page, column = step_page(
            "单位和经办人", "印在抽取记录、通知单和公示表上；抽取编号用区划代码。"
        )
        self.name_edit = QLineEdit()
        self.name_edit.setPlaceholderText("青禾县生态环境保护综合行政执法大队")
        self.code_edit = QLineEdit()
        self.code_edit.setPlaceholderText("6 位数字，例如 360199")
        self.code_edit.setMaxLength(6)
        self.person_edit = QLineEdit()
        self.person_edit.setPlaceholderText("操作电脑的人，记入账本")
        short = (self.code_edit, self.person_edit)
        for edit in short:
            edit.setFixedWidth(200)
        rows = (
            ("单位名称", self.name_edit),
            ("区划代码", self.code_edit),
            ("经办人", self.person_edit),
        )
        for words, edit in rows:
            row = QHBoxLayout()
            row.setSpacing(10)
            name = label(words)
            name.setFixedWidth(80)
            name.setAlignment(theme.ALIGN_RIGHT)
            row.addWidget(name)
            row.addWidget(edit)
            if edit in short:
                row.addStretch(1)
            edit.setAccessibleName(words)
            edit.textChanged.connect(lambda _text: self._allow())
            column.addLayout(row)
        column.addStretch(1)
        return page

    def _rulebook_page(self) -> QWidget:
        page, column = step_page(
            "按哪一部细则抽查", "类别、比例、频次和期限都由它决定；选定后由上级批准才能更换。"
        )
        self.rulebook_list = RulebookPicker(self._offered)
        self.rulebook_list.changed.connect(self._allow)
        column.addWidget(self.rulebook_list, 1)
        return page

    def _start_page(self, sample: bool, backup: bool, unfinished: bool) -> QWidget:
        page, column = step_page("从哪里开始", "")
        if unfinished:
            column.addWidget(Banner(theme.Tone.WARN, _UNFINISHED))
        self.start_list = ChoiceList()
        self.start_list.add(StartWith.EMPTY.value, "空白开始", "导入自己的名录，正式使用。")
        if sample:
            self.start_list.add(
                StartWith.SAMPLE.value,
                "先用示例县练习",
                "虚构的一个县：325 家检查对象、18 名执法人员。练习的数据不能当作正式记录，"
                "正式使用时另建一个工作区。",
            )
        if backup:
            self.start_list.add(
                StartWith.BACKUP.value,
                "从备份恢复，或接收迁移",
                "换了电脑、旧电脑坏了：选备份文件（U 盘、网络文件夹），核对以后恢复到本机。",
            )
        self.start_list.choose((StartWith.BACKUP if unfinished else StartWith.EMPTY).value)
        self.start_list.changed.connect(self._allow)
        column.addWidget(self.start_list)
        column.addStretch(1)
        return page

    def _summary_page(self) -> QWidget:
        page, column = step_page("请核对", "按“建立工作区”后写入。")
        self.summary = FactGrid(90)
        column.addWidget(self.summary)
        self._advice = QVBoxLayout()
        column.addLayout(self._advice)
        column.addStretch(1)
        return page

    # -- moving ------------------------------------------------------------

    def _go(self, step: int) -> None:
        self.sequence.go_to(step)
        if step == _LAST:
            self._fill_summary()
        self._allow()

    def _on_next(self, step: int) -> None:
        if step == _START and self.start_list.key == StartWith.BACKUP.value and self.arrival:
            self.ways.setCurrentWidget(self.arrival)
        elif step == _LAST:
            self.accept()
        else:
            self._go(step + 1)

    def _allow(self) -> None:
        step = self.sequence.steps.current
        why_not = (self._start_lacks, self._unit_lacks, self._lacks_rulebook, str)[step]()
        last = step == _LAST
        self.sequence.allow_next(not why_not, why_not, "建立工作区" if last else "下一步")

    def _start_lacks(self) -> str:
        half = self._unfinished and self.start_list.key != StartWith.BACKUP.value
        return "请先把上次的恢复做完" if half else ""

    def _unit_lacks(self) -> str:
        code = self.code_edit.text().strip()
        if not self.name_edit.text().strip():
            return "请填写单位全称"
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            return "区划代码是 6 位数字"
        if not self.person_edit.text().strip():
            return "请填写经办人姓名"
        return ""

    def _lacks_rulebook(self) -> str:
        return self.rulebook_list.lacks

    # -- the answer --------------------------------------------------------

    @property
    def choice(self) -> FirstRun:
        """What was chosen."""
        return FirstRun(
            name=self.name_edit.text().strip(),
            code=self.code_edit.text().strip(),
            person=self.person_edit.text().strip(),
            rulebook_id=self.rulebook_list.key,
            level=self.rulebook_list.level,
            start_with=StartWith(self.start_list.key),
        )

    def _fill_summary(self) -> None:
        choice = self.choice
        rulebook = self.rulebook_list.summary
        level = dict(rulebook.levels).get(choice.level, "")
        sample = choice.start_with is StartWith.SAMPLE
        self.summary.show_facts(
            [
                ("单位名称", choice.name),
                ("区划代码", choice.code),
                ("经办人", choice.person),
                ("细则", rulebook.title + (f"（{level}）" if level else "")),
                ("起步", "示例县（练习）" if sample else "空白"),
            ]
        )
        clear_layout(self._advice)
        if sample:
            self._advice.addWidget(Banner(theme.Tone.WARN, "示例县的数据只供练习。"))
