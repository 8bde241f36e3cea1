"""平台编号: the platform's plan and task numbers of a draw, by hand or from its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from app.db.read.assignments import DrawChoice
from app.services.packages import platform_numbers
from app.services.packages.platform_numbers import NumberRow, Numbers, NumbersFound
from app.services.workspace import Workspace
from app.ui.dialogs.frame import FrameDialog
from app.ui.dialogs.package_lines import SECRET
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import EmptyState, button, label, primary_button

__all__ = ["NumbersDialog"]


class NumbersDialog(FrameDialog):
    """Nothing is written before the button; ``written`` gives a sentence."""

    written = Signal(str)

    def __init__(
        self, parent: QWidget, workspace: Workspace, draws: Sequence[DrawChoice], draw_no: str = ""
    ) -> None:
        super().__init__(parent, "平台编号", 920, 600)
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.workspace = workspace
        self.found: NumbersFound | None = None
        self._source: Path | None = None
        self.body.addWidget(
            label(
                "平台给的计划编号、任务编号填在这里，以后印在通知单、文书和公示表上，也写进上报包。",
                "secondary",
                wrap=True,
            )
        )
        self.body.addLayout(self._head(draws, draw_no))
        self.table = PlainTable(
            self._columns(), name="numbers", empty=EmptyState("这次抽取没有任务。")
        )
        self.table.current_changed.connect(self._on_current)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(self._typing())
        self.count = label("", "small")
        self.foot.addWidget(self.count)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.save_button = primary_button("写入", self.save)
        self.foot.addWidget(self.save_button)
        self._fetch()

    def _head(self, draws: Sequence[DrawChoice], draw_no: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("抽取"))
        self.draw_box = QComboBox()
        self.draw_box.setAccessibleName("抽取")
        for draw in draws:
            self.draw_box.addItem(f"{draw.no}（{draw.tasks} 家）", draw.no)
        self.draw_box.setCurrentIndex(max(self.draw_box.findData(draw_no), 0))
        self.draw_box.currentIndexChanged.connect(lambda _at: self._fetch())
        row.addWidget(self.draw_box)
        row.addWidget(label("计划编号"))
        self.plan = QLineEdit()
        self.plan.setAccessibleName("计划编号")
        self.plan.setFixedWidth(190)
        self.plan.textChanged.connect(lambda _text: self._allow())
        row.addWidget(self.plan)
        self.read_button = button("从平台的文件读…", self._choose, "upload")
        row.addWidget(self.read_button)
        row.addStretch(1)
        self.names = QCheckBox("显示未公开的名称")
        self.names.toggled.connect(lambda _on: self._show())
        row.addWidget(self.names)
        return row

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("serial", "抽取序号", ColumnKind.CODE, width=124),
            Column("name", "检查对象", width=190, stretch=True, value=self._name),
            Column("code", "代码", ColumnKind.CODE, width=190, value=self._code),
            Column("before", "现有任务编号", ColumnKind.CODE, width=150),
            Column("after", "任务编号", ColumnKind.CODE, width=150),
            Column(
                "change",
                "",
                ColumnKind.CHIP,
                width=64,
                value=_change,
                tone=lambda row: Tone.WARN if row.before else Tone.OK,
                sort=None,
            ),
        )

    def _name(self, row: NumberRow) -> str:
        return SECRET if row.secret and not self.names.isChecked() else row.name

    def _code(self, row: NumberRow) -> str:
        return "" if row.secret and not self.names.isChecked() else row.code

    def _typing(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("所选任务的编号"))
        self.number = QLineEdit()
        self.number.setAccessibleName("任务编号")
        self.number.setPlaceholderText("填好按回车，到下一个任务")
        self.number.returnPressed.connect(self._on_number)
        row.addWidget(self.number, 1)
        row.addWidget(button("填入", self._on_number))
        return row

    # -- filling -------------------------------------------------------------

    @property
    def draw_no(self) -> str:
        """The chosen draw."""
        return str(self.draw_box.currentData() or "")

    def _fetch(self) -> None:
        workspace, no = self.workspace, self.draw_no
        self._source = None
        self.banner.hide()
        query(self, lambda: workspace.read(platform_numbers.of_draw, no)).key("numbers").success(
            self._take
        ).failure(self.show_failure).run_in_background()

    def _take(self, found: NumbersFound) -> None:
        self.found = found
        self.plan.setText(found.plan_after)
        self.names.setVisible(any(row.secret for row in found.rows))
        self._show()

    def _show(self) -> None:
        if self.found is None:
            return
        at = max(self.table.grid.currentIndex().row(), 0)
        self.table.set_rows(self.found.rows)
        if self.found.rows:
            self.table.grid.select_line(min(at, len(self.found.rows) - 1))
        self._allow()

    def _changes(self) -> tuple[NumberRow, ...]:
        rows = self.found.rows if self.found else ()
        return tuple(row for row in rows if row.after != row.before)

    def _allow(self) -> None:
        changes, found = self._changes(), self.found
        plan = found is not None and self.plan.text().strip() not in {"", found.plan_before}
        rows = found.rows if found else ()
        numbered = sum(1 for row in rows if row.after)
        self.count.setText(f"{len(rows)} 个任务，{numbered} 个有编号，要改 {len(changes)} 个")
        self.save_button.setEnabled(bool(changes) or plan)

    def _on_current(self, row: object) -> None:
        self.number.setText(row.after if isinstance(row, NumberRow) else "")

    def _on_number(self) -> None:
        row = self.table.current_row()
        if not isinstance(row, NumberRow) or self.found is None:
            return
        typed = self.number.text().strip()
        at = self.table.grid.currentIndex().row()
        self.found = replace(
            self.found,
            rows=tuple(
                replace(each, after=typed) if each.id == row.id else each
                for each in self.found.rows
            ),
        )
        self._show()
        self.table.grid.select_line(min(at + 1, len(self.found.rows) - 1))
        self.number.setFocus()
        self.number.selectAll()

    # -- the file ------------------------------------------------------------

    def _choose(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, "平台的任务清单", "", "表格 (*.xlsx *.xls *.et *.csv *.html);;所有文件 (*)"
        )
        if path:
            self.read_file(Path(path))

    def read_file(self, path: Path) -> None:
        """Show what the file would fill in; nothing is written yet."""
        workspace, no = self.workspace, self.draw_no
        operation(self, lambda: workspace.read(platform_numbers.read_numbers, path, no)).key(
            "file"
        ).progress("正在读取编号").success(lambda found: self._on_file(path, found)).failure(
            self.show_failure
        ).run_in_background()

    def _on_file(self, path: Path, found: NumbersFound) -> None:
        self._source = path
        self._take(found)
        changes = len(self._changes())
        if found.left:
            more = f"\n……共 {len(found.left)} 行" if len(found.left) > 6 else ""
            self.tell(
                f"{path.name}：对上 {changes} 个，{len(found.left)} 行没有对上，不会写入：\n"
                + "\n".join(found.left[:6])
                + more,
                Tone.WARN,
            )
        else:
            self.tell(f"{path.name}：{changes} 个编号要写入，请核对后点“写入”。", Tone.OK)

    # -- writing -------------------------------------------------------------

    def save(self) -> None:
        """Write all of it or nothing."""
        if self.found is None:
            return
        command = Numbers(
            draw_no=self.found.draw_no,
            plan_no=self.plan.text(),
            tasks=tuple((row.serial, row.after) for row in self._changes()),
            source=self._source,
        )
        workspace = self.workspace
        started = (
            operation(self, lambda: workspace.write(platform_numbers.write_numbers, command))
            .key("write")
            .success(self._on_written)
            .failure(self.show_failure)
            .finally_(self._allow)
            .run_in_background()
        )
        if started:
            self.save_button.setEnabled(False)

    def _on_written(self, count: int) -> None:
        self.written.emit(f"{self.draw_no} 的平台编号已写入，{count} 个任务")
        self.accept()


def _change(row: NumberRow) -> str:
    if row.after == row.before:
        return ""
    return "更改" if row.before else "新填"
