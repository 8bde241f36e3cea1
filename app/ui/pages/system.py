"""系统: the unit and its rulebook, backups and checks, the ledger, about."""

from __future__ import annotations

import platform
from collections.abc import Sequence

import PySide6
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.db.read import entries, formality
from app.db.read.entries import ChangedRow, EntryRow
from app.db.read.query import Sort
from app.domain.rulebook import Rulebook
from app.domain.rulebook_words import RuleSection, sections
from app.services import units
from app.services.units import UnitFacts
from app.services.workspace import UnitInfo
from app.ui.application import TEXT_SIZE_KEY, stored_text_size
from app.ui.dialogs.following import ask_national_layer
from app.ui.dialogs.rows import RowsDialog
from app.ui.dialogs.rulebook import RulebookDialog
from app.ui.pages.system_backup import BackupPart
from app.ui.pages.system_media import MediaPart
from app.ui.pages.system_papers import PapersPart
from app.ui.pages.system_received import ReceivedPart
from app.ui.tables import Column, ColumnKind, ReadSource, RecordTable
from app.ui.tasks import query
from app.ui.theme import TextSize, font_found
from app.ui.widgets import (
    Card,
    EmptyState,
    FactGrid,
    Filter,
    FilterRow,
    FormDialog,
    HashLabel,
    Page,
    PageContext,
    Segments,
    button,
    clear_layout,
    label,
    primary_button,
)

_PARTS = (
    ("unit", "单位与规则"),
    ("backup", "备份与恢复"),
    ("media", "介质台账"),
    ("papers", "文书与文号"),
    ("received", "收到的文件"),
    ("ledger", "账本"),
    ("about", "关于"),
)
_ENTRIES = (
    Column("id", "序号", ColumnKind.NUMBER, width=72),
    Column("at", "时间", ColumnKind.DATE, width=140, value=lambda row: _moment(row.at), sort=None),
    Column("actor", "经办人", width=90, sort=None),
    Column("action", "做了什么", width=150, sort=None),
    Column("subject", "对象", ColumnKind.CODE, width=200, sort=None),
    Column("detail", "内容", width=300, stretch=True, sort=None),
    Column("hash", "摘要", ColumnKind.CODE, width=90, value=lambda row: row.hash[:8], sort=None),
)


_CHANGED = (
    Column("kind", "改动", width=60),
    Column("what", "哪一行", width=260),
    Column("detail", "内容（改前 → 改后）", stretch=True, width=360),
)


class SystemPage(Page):
    """Its parts behind one row of segments."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "系统")
        self.segments = Segments(_PARTS)
        self.segments.chosen.connect(self._on_part)
        self.add_action(self.segments)
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self.unit_part = _UnitPart(self)
        self.backup_part = BackupPart(context)
        self.media_part = MediaPart(context)
        self.papers_part = PapersPart(context)
        self.received_part = ReceivedPart(context)
        self.ledger_part = _LedgerPart(self)
        self.about_part = _AboutPart(self)
        self._parts: dict[object, _Part | PapersPart | BackupPart | MediaPart | ReceivedPart] = {
            "unit": self.unit_part,
            "backup": self.backup_part,
            "media": self.media_part,
            "papers": self.papers_part,
            "received": self.received_part,
            "ledger": self.ledger_part,
            "about": self.about_part,
        }
        for part in self._parts.values():
            self.stack.addWidget(part)

    def refresh(self) -> None:
        """Fetch what the part in front shows."""
        self._parts[self.segments.key].refresh()
        workspace = self.context.workspace
        query(self, lambda: workspace.unit).success(
            lambda unit: self.set_subtitle(unit.name, workspace.rulebook.document.title)
        ).run_in_background()

    def open_at(self, where: object) -> None:
        """``where`` is a part: unit, backup, media, papers, received, ledger, about.

        “papers:” and a kind of paper: its words are opened at once.
        """
        part, _colon, paper = str(where).partition(":")
        self.segments.choose(part)
        if paper:
            self.papers_part.edit_next(paper)
        self._on_part(part)

    def _on_part(self, key: object) -> None:
        self.stack.setCurrentWidget(self._parts[key])
        self._parts[key].refresh()


class _Part(QWidget):
    """One part of the page."""

    def __init__(self, page: SystemPage) -> None:
        super().__init__()
        self.page = page
        self.workspace = page.context.workspace
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def refresh(self) -> None:
        """Fetch and show."""


class _UnitPart(_Part):
    def __init__(self, page: SystemPage) -> None:
        super().__init__(page)
        card = Card("单位")
        self.edit = primary_button("修改", self._on_edit, "edit")
        self.national = button("国家层面要求…", self._on_national)
        card.add_action(self.national)
        card.add_action(self.edit)
        self.facts = FactGrid(120)
        card.body.addWidget(self.facts)
        self.column.addWidget(card)
        rules = Card("规则", "每个数字都注明条款")
        self.change_rulebook = button("更换细则…", self._on_change_rulebook, "edit")
        rules.add_action(self.change_rulebook)
        self.rules = FactGrid(220)
        rules.body.addWidget(self.rules)
        self.chapters = QVBoxLayout()
        self.chapters.setSpacing(8)
        rules.body.addLayout(self.chapters)
        # What height the scroll area has too much goes below, not between the lines.
        rules.body.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(rules)
        self.column.addWidget(scroll, 1)

    def refresh(self) -> None:
        workspace = self.workspace
        query(
            self, lambda: (workspace.unit, workspace.read(units.unit_facts, workspace.actor))
        ).success(lambda both: self._show(*both)).run_in_background()

    def _show(self, unit: UnitInfo, facts: UnitFacts) -> None:
        self._facts = facts
        rulebook = self.workspace.rulebook
        level = rulebook.level(unit.level)
        self.facts.show_facts(
            [
                ("单位全称", facts.name),
                ("行政区划代码", unit.code),
                (
                    "抽取序列",
                    f"{unit.series}（演练另用 T{unit.series}）",
                ),
                ("经办科室", facts.office),
                ("经办人", facts.person),
                ("现行文件", " ".join(x for x in (facts.document_title, facts.document_no) if x)),
                ("文件有效期", unit.document_valid),
            ]
        )
        self.rules.show_facts([("细则", rulebook.document.title), ("本单位层级", level.label)])
        clear_layout(self.chapters)
        for section in sections(rulebook):
            self._add_chapter(section)

    def _add_chapter(self, section: RuleSection) -> None:
        heading = label(section.title, "section")
        heading.setContentsMargins(0, 12, 0, 0)
        grid = FactGrid(220)
        grid.show_facts([(line.label, line.text) for line in section.lines])
        self.chapters.addWidget(heading)
        self.chapters.addWidget(grid)

    def _on_national(self) -> None:
        query(self, lambda: self.workspace.read(formality.layer)).key("layer").success(
            lambda layer: ask_national_layer(
                self, self.workspace, layer, lambda _o: self.page.context.toast("已保存")
            )
        ).run_in_background()

    def _on_change_rulebook(self) -> None:
        dialog = RulebookDialog(self, self.workspace)
        dialog.adopted.connect(self._on_rulebook_changed)
        dialog.open()

    def _on_rulebook_changed(self, rulebook: Rulebook) -> None:
        self.page.context.toast(f"已启用《{rulebook.document.title}》")
        self.refresh()

    def _on_edit(self) -> None:
        dialog = FormDialog(
            self,
            "单位信息",
            units.FIELDS,
            self._facts,
            save=lambda facts: self.workspace.write(units.save, facts),
            check=units.check,
            columns=1,
        )
        dialog.saved.connect(self._on_saved)
        dialog.open()

    def _on_saved(self, facts: UnitFacts) -> None:
        self.workspace.actor = facts.person.strip()
        self.page.context.toast("单位信息已保存")
        self.refresh()


class _LedgerPart(_Part):
    def __init__(self, page: SystemPage) -> None:
        super().__init__(page)
        head = QHBoxLayout()
        head.addWidget(label("账本头", "secondary"))
        self.head = QHBoxLayout()
        head.addLayout(self.head)
        head.addStretch(1)
        head.addWidget(
            label("与最近一次记录上印的对照，可知有没有被截去或重写；双击一条看改前改后", "small")
        )
        self.column.addLayout(head)
        kinds = tuple(entries.ACTIONS.items())
        self.filters = FilterRow([Filter("kind", "类别", kinds)], hint="经办人 / 做了什么 / 对象")
        self.filters.changed.connect(self._reload)
        self.column.addWidget(self.filters)
        self.table = RecordTable(
            _ENTRIES,
            name="ledger",
            unit="条",
            store=page.context.store,
            empty=EmptyState("账本还是空的。", icon_name="book"),
            first_sort=Sort("id", descending=True),
            frozen=False,
        )
        read = self.workspace.read
        self.table.set_source(
            ReadSource(lambda query: read(entries.ids, query), lambda ids: read(entries.rows, ids))
        )
        self.table.row_activated.connect(self._on_entry)
        self.column.addWidget(self.table, 1)

    def _on_entry(self, entry: EntryRow) -> None:
        query(self, lambda: self.workspace.read(entries.changed_rows, entry.id)).success(
            lambda rows: self._show_changed(entry, rows)
        ).run_in_background()

    def _show_changed(self, entry: EntryRow, rows: Sequence[ChangedRow]) -> None:
        self.changed = RowsDialog(
            self,
            f"账本第 {entry.id} 条：{entry.action}",
            _CHANGED,
            rows,
            note=entry.detail,
            nothing="这一条没有改动数据。",
        )
        self.changed.open()

    def refresh(self) -> None:
        query(self, lambda: self.workspace.read(entries.head)).success(
            self._show_head
        ).run_in_background()
        self._reload()

    def _show_head(self, digest: str) -> None:
        clear_layout(self.head)
        if digest:
            self.head.addWidget(HashLabel(digest))

    def _reload(self) -> None:
        self.table.show_query(self.filters.search, self.filters.chosen)


class _AboutPart(_Part):
    def __init__(self, page: SystemPage) -> None:
        super().__init__(page)
        card = Card("随查 SuiCha")
        self.facts = FactGrid(120)
        card.body.addWidget(self.facts)
        self.column.addWidget(card)
        look = Card("字号", "改后下次打开时生效")
        sizes = tuple((size.value, size.value) for size in TextSize)
        self.sizes = Segments(sizes)
        self.sizes.choose(stored_text_size(page.context.store).value)
        self.sizes.chosen.connect(self._on_size)
        row = QHBoxLayout()
        row.addWidget(self.sizes)
        row.addStretch(1)
        look.body.addLayout(row)
        self.column.addWidget(look)
        self.column.addStretch(1)

    def _on_size(self, words: object) -> None:
        self.page.context.store.set_text(TEXT_SIZE_KEY, str(words))
        self.page.context.toast("字号已记下，下次打开时生效")

    def refresh(self) -> None:
        self.facts.show_facts(
            [
                ("版本", __version__),
                ("许可", "MIT；字体许可见 resources/fonts/licences"),
                ("工作区", str(self.workspace.folder.root)),
                ("运行环境", f"Python {platform.python_version()}，Qt {PySide6.__version__}"),
                ("界面字体", font_found()),
            ]
        )


def _moment(at: object) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"  # type: ignore[attr-defined]
