"""系统 → 介质台账: the unit's sticks and discs, who keeps them, and what left on each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.db.read import media as reads
from app.db.read.media import CarriedRow, MediumRow
from app.db.read.query import Sort
from app.domain.media import GRADES, KINDS, STATES
from app.services.packages import carrying, media
from app.services.packages.carrying import Drive, size_words
from app.services.packages.media import SetStrict, Withdraw
from app.ui.dialogs.carrying import ask_medium, medium_facts
from app.ui.dialogs.checking_media import CheckMediumDialog
from app.ui.list_export import ask_export
from app.ui.tables import Column, ColumnKind, PlainTable, ReadSource, RecordTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    Card,
    EmptyState,
    Filter,
    FilterRow,
    PageContext,
    button,
    primary_button,
)

__all__ = ["MediaPart"]

_KIND = {choice.value: choice.label for choice in KINDS}
_GRADE = {choice.value: choice.label for choice in GRADES}
_MEDIA = (
    Column("ident", "介质编号", ColumnKind.CODE, width=110, value=lambda row: row.facts.ident),
    Column("kind", "种类", width=84, value=lambda row: _KIND[row.facts.kind]),
    Column("holder", "保管人", width=84, value=lambda row: row.facts.holder),
    Column("grade", "密级", width=140, value=lambda row: _GRADE[row.facts.grade], sort=None),
    Column("purpose", "用途", width=150, stretch=True, value=lambda row: row.facts.purpose,
           sort=None),
    Column("label", "卷标", width=100, value=lambda row: row.facts.label, sort=None),
    Column("serial", "卷序列号", ColumnKind.CODE, width=110, value=lambda row: row.facts.serial,
           sort=None),
    Column("since", "启用日期", ColumnKind.DATE, value=lambda row: row.facts.since),
    Column("state", "状态", ColumnKind.CHIP, width=130,
           value=lambda row: f"{row.facts.withdrawn_on} 停用" if row.facts.withdrawn_on else "在用",
           tone=lambda row: Tone.INFO if row.facts.withdrawn_on else Tone.NORMAL),
    Column("carried", "拷过", ColumnKind.NUMBER, width=60, sort=None),
    Column("note", "备注", width=160, value=lambda row: row.facts.note, sort=None, hidden=True),
)  # fmt: skip
_PLACES = {"stick": "介质", "disc": "光盘", "folder": "其他文件夹"}
_CARRIED = (
    Column("at", "时间", width=128, value=lambda row: row.at.astimezone()),
    Column("file_name", "文件", ColumnKind.CODE, width=220, stretch=True),
    Column("medium", "介质编号", ColumnKind.CODE, width=110,
           value=lambda row: row.medium_no or _PLACES[row.place]),
    Column("purpose", "用途", width=110),
    Column("size", "大小", ColumnKind.NUMBER, width=84, value=lambda row: size_words(row.size)),
    Column("by", "经手人", width=76),
    Column("verified", "读回核对", ColumnKind.CHIP, width=110,
           value=lambda row: "相符" if row.verified_at else "待刻录核对",
           tone=lambda row: Tone.OK if row.verified_at else Tone.WARN),
    Column("reason", "未登记的理由", width=180),
    Column("sha256", "文件摘要", ColumnKind.CODE, width=200, hidden=True),
)  # fmt: skip
_EVERYTHING = "全部拷贝记录"


class MediaPart(QWidget):
    """Above the media, below what left on the chosen one, on all where none is chosen."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.workspace = context.workspace
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._buttons())
        column.addWidget(self._list(), 3)
        self.card = Card(_EVERYTHING, flush=True)
        self.carried = PlainTable(
            _CARRIED, name="carried", unit="次", empty=EmptyState("还没有拷出过。", icon_name="usb")
        )
        self.carried.export_requested.connect(
            lambda ids, keys: self._ask_export("介质使用登记", self.carried, ids, keys)
        )
        self.card.body.addWidget(self.carried, 1)
        column.addWidget(self.card, 2)
        self._allow()

    def _buttons(self) -> QHBoxLayout:
        self.add_button = primary_button("登记介质…", self.add, "plus")
        self.edit_button = button("修改…", self.edit, "edit")
        self.withdraw_button = button("停用", self.withdraw)
        self.all_button = button("看全部记录", self._show_all)
        self.check_button = button("核对介质上的包…", self.check, "check-circle")
        self.strict = QCheckBox("只许用登记过的介质")
        self.strict.clicked.connect(self._set_strict)
        row = QHBoxLayout()
        for each in (self.add_button, self.edit_button, self.withdraw_button, self.all_button):
            row.addWidget(each)
        row.addWidget(self.check_button)
        row.addStretch(1)
        row.addWidget(self.strict)
        return row

    def _list(self) -> QWidget:
        read = self.workspace.read
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.filters = FilterRow(
            (
                Filter("state", "状态", tuple((each.value, each.label) for each in STATES)),
                Filter("kind", "种类", tuple(_KIND.items())),
            ),
            hint="介质编号 / 保管人 / 卷标 / 用途",
        )
        self.filters.changed.connect(self._reload)
        column.addWidget(self.filters)
        self.table = RecordTable(
            _MEDIA,
            name="media",
            unit="个",
            store=self.context.store,
            empty=EmptyState(
                "台账还是空的。插上 U 盘再登记，卷标和序列号会自动填好，以后插上就认得出。",
                "登记介质…",
                self.add,
                manual="系统",
                icon_name="usb",
            ),
            first_sort=Sort("ident"),
        )
        self.table.empty.manual_requested.connect(self.context.open_manual)
        self.table.set_source(
            ReadSource(lambda wanted: read(reads.ids, wanted), lambda ids: read(reads.rows, ids))
        )
        self.table.current_changed.connect(self._on_current)
        self.table.row_activated.connect(lambda _row: self.edit())
        self.table.export_requested.connect(
            lambda ids, keys: self._ask_export("移动存储介质台账", self.table, ids, keys)
        )
        column.addWidget(self.table, 1)
        return box

    # -- filling -------------------------------------------------------------

    @property
    def chosen(self) -> MediumRow | None:
        """The medium the cursor is on."""
        row = self.table.current_row()
        return row if isinstance(row, MediumRow) else None

    def refresh(self) -> None:
        """Fetch the list, the rule, and what left."""
        read = self.workspace.read
        query(self, lambda: read(media.only_registered)).key("strict").success(
            self.strict.setChecked
        ).run_in_background()
        self._reload()
        self._fetch_carried()

    def _reload(self) -> None:
        self.table.show_query(self.filters.search, self.filters.chosen)

    def _on_current(self, _row: object) -> None:
        self._allow()
        self._fetch_carried()

    def _show_all(self) -> None:
        self.table.grid.clearSelection()
        self.table.grid.setCurrentIndex(self.table.model.index(-1, -1))
        self._on_current(None)

    def _fetch_carried(self) -> None:
        read, row = self.workspace.read, self.chosen
        medium = row.id if row else None
        title = f"{row.facts.ident} 的拷贝记录" if row else _EVERYTHING
        query(self, lambda: read(reads.carried_of, medium)).key("carried").success(
            lambda found: self._show_carried(title, found)
        ).run_in_background()

    def _show_carried(self, title: str, found: Sequence[CarriedRow]) -> None:
        self.card.title_label.setText(f"{title}　{len(found)} 次")
        self.carried.set_rows(found)

    def _allow(self) -> None:
        row = self.chosen
        for each in (self.edit_button, self.withdraw_button, self.all_button):
            each.setEnabled(row is not None)
        withdrawn = row is not None and row.facts.withdrawn_on is not None
        self.withdraw_button.setText("恢复使用" if withdrawn else "停用")

    # -- acting --------------------------------------------------------------

    def add(self) -> None:
        """An empty form; what is plugged in and not registered yet is filled in already."""
        read = self.workspace.read

        def look() -> Drive | None:
            new = [each for each in carrying.removable_drives() if not read(media.on_drive, each)]
            return new[0] if len(new) == 1 else None

        operation(self, look).key("add").success(self._open_new).run_in_background()

    def _open_new(self, drive: Drive | None) -> None:
        self.form = ask_medium(
            self, self.workspace, medium_facts(drive, self.workspace), self._on_saved
        )

    def edit(self) -> None:
        """The chosen medium's form."""
        row = self.chosen
        if row is not None:
            self.form = ask_medium(self, self.workspace, row.facts, self._on_saved, row_id=row.id)

    def _on_saved(self, _saved: object) -> None:
        self.context.toast("介质台账已保存")
        self.refresh()

    def withdraw(self) -> None:
        """Out of use from today, or into use again."""
        row = self.chosen
        if row is None:
            return
        today = self.workspace.clock().astimezone().date()
        on = None if row.facts.withdrawn_on is not None else today
        command = Withdraw((row.id,), on)
        words = f"{row.facts.ident} 已{'停用，不能再拷' if on else '恢复使用'}"
        operation(self, lambda: self.workspace.write(media.withdraw, command)).key("state").success(
            lambda _count: self._on_done(words)
        ).run_in_background()

    def _set_strict(self, wanted: bool) -> None:
        words = "今后只许用登记过的介质" if wanted else "没有登记的介质写明理由可以用一次"
        operation(
            self, lambda: self.workspace.write(media.set_only_registered, SetStrict(wanted))
        ).key("rule").success(lambda _none: self._on_done(words)).run_in_background()

    def _on_done(self, words: str) -> None:
        self.context.toast(words)
        self.refresh()

    def check(self) -> None:
        """Is what lies on a medium still what left."""
        self.checking = CheckMediumDialog(self, self.workspace)
        self.checking.finished.connect(lambda _code: self.refresh())
        self.checking.open()

    def _ask_export(
        self, title: str, table: RecordTable, ids: Sequence[int], keys: list[str]
    ) -> None:
        today = self.workspace.clock().astimezone().date()
        ask_export(self, self.context.toast, title, table, ids, keys, today)
