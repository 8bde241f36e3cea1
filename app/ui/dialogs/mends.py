"""What has to be mended before something may leave: the rows, the way to them, the way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.fields import Field, FieldKind
from app.domain.outgoing import Mend
from app.services.public import public_wording
from app.services.public.public_wording import AllowWording
from app.services.workspace import Workspace
from app.ui.dialogs.inspecting import ask
from app.ui.dialogs.package_lines import shown_label
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.widgets import EmptyState, button

__all__ = ["MendsPanel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowed:
    name: str = ""
    reason: str = ""
    who: str = ""


class MendsPanel(QWidget):
    """``jumped``: the key of a row somebody goes to mend; ``again``: look once more, for a wording
    was allowed or the button pressed."""

    jumped = Signal(str)
    again = Signal()

    def __init__(self, workspace: Workspace, *, nothing: str = "没有要改的。") -> None:
        super().__init__()
        self.workspace = workspace
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.table = PlainTable(
            (
                Column("sheet", "表", width=92),
                Column(
                    "line",
                    "行号",
                    ColumnKind.NUMBER,
                    width=56,
                    value=lambda mend: mend.line or None,
                ),
                Column("label", "名称", width=170, stretch=True, value=_label),
                Column("column", "列", width=110),
                Column("problem", "要改什么", width=280),
            ),
            name="mends",
            empty=EmptyState(nothing, icon_name="check"),
        )
        self.table.row_activated.connect(lambda _row: self.jump())
        self.table.current_changed.connect(lambda _row: self._allow())
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.jump_button = button("去改这一行", self.jump)
        self.allow_button = button("不是人名，认可…", self.ask_allow)
        self.again_button = button("重新检查", self.again.emit, "refresh")
        for each in (self.jump_button, self.allow_button, self.again_button):
            row.addWidget(each)
        row.addStretch(1)
        column.addLayout(row)
        self._allow()

    def set_mends(self, mends: Sequence[Mend]) -> None:
        """Show these, the first one chosen."""
        self.table.set_rows(mends)
        if mends:
            self.table.grid.select_line(0)
        self._allow()

    def chosen(self) -> Mend | None:
        """The row the cursor is on."""
        row = self.table.current_row()
        return row if isinstance(row, Mend) else None

    def _allow(self) -> None:
        mend = self.chosen()
        self.jump_button.setEnabled(mend is not None and bool(mend.key))
        self.allow_button.setEnabled(mend is not None and bool(mend.text))

    def jump(self) -> None:
        """Go where the chosen row is mended."""
        mend = self.chosen()
        if mend is not None and mend.key:
            self.jumped.emit(mend.key)

    def ask_allow(self) -> None:
        """Ask why the chosen text names nobody, and who says so."""
        mend = self.chosen()
        if mend is None or not mend.text:
            return
        workspace = self.workspace

        def save(typed: _Allowed) -> object:
            command = AllowWording(
                key=mend.key,
                column=mend.column,
                text=mend.text,
                reason=typed.reason,
                who=typed.who,
            )
            workspace.write(public_wording.allow, command)
            return None

        fields = (
            Field(
                name="reason",
                label="理由",
                kind=FieldKind.LONG_TEXT,
                required=True,
                hint="为什么不是人名，例如“高明街道”是地名。只对这一处的这段文字有效",
            ),
            Field(name="who", label="认可人", required=True, hint="和理由、时间一并记入账本"),
        )
        self.asking = ask(
            self,
            f"认可：{mend.text[:40]}",
            fields,
            _Allowed(who=workspace.actor),
            save,
            lambda _done: self.again.emit(),
            "认可",
        )


def _label(mend: Mend) -> str:
    return shown_label(mend.key, mend.label, names=False)
