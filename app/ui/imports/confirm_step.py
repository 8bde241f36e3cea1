"""Steps 4 and 5: the last look before writing, and what was written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.services.intake.importing import ImportOutcome, ImportPreview
from app.ui.icons import pixmap
from app.ui.imports.pace import Pace
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Card,
    FactGrid,
    ProgressStrip,
    button,
    label,
    link_button,
)


class ConfirmStep(QWidget):
    """What will be written, in words, and the progress while it is."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.card = Card("写入前确认")
        column.addWidget(self.card)
        column.addStretch(1)
        self.banner = Banner(Tone.INFO, "")
        self.card.body.addWidget(self.banner)
        self.facts = FactGrid(110)
        self.card.body.addWidget(self.facts)
        self._add_category_reason()
        row = QHBoxLayout()
        self.progress_words = label("", "secondary")
        self.strip = ProgressStrip()
        self.cancel = button("取消写入")
        row.addWidget(self.progress_words)
        row.addWidget(self.strip, 1)
        row.addWidget(self.cancel)
        self.card.body.addLayout(row)
        self._pace = Pace()
        self.show_writing(False)

    def _add_category_reason(self) -> None:
        self.category_row = QWidget()
        column = QVBoxLayout(self.category_row)
        column.setContentsMargins(0, 0, 0, 0)
        self.category_words = label("", "strong", wrap=True)
        column.addWidget(self.category_words)
        row = QHBoxLayout()
        self.category_reason = QLineEdit()
        self.category_reason.setAccessibleName("改类别的理由")
        self.category_document = QLineEdit()
        self.category_document.setAccessibleName("文号")
        self.category_document.setPlaceholderText("有文件的填文号")
        for words, field, share in (
            ("理由", self.category_reason, 2),
            ("文号", self.category_document, 1),
        ):
            row.addWidget(label(words, "secondary"))
            row.addWidget(field, share)
        column.addLayout(row)
        self.card.body.addWidget(self.category_row)

    def show_preview(self, seen: ImportPreview) -> None:
        """Say what will happen."""
        counts = seen.counts
        moved = seen.recategorised
        self.category_row.setVisible(moved > 0)
        self.category_words.setText(f"有 {moved:,} 家的监管类别要改，逐家记入分类决定：")
        if not self.category_reason.isModified():
            self.category_reason.setText(f"按导入的“{seen.source.title}”调整")
        self.banner.show_message(
            Tone.INFO, "一次写完：要么全部写入，要么一行也不写。写入后在台账里留一条记录。"
        )
        rejected = (
            f"{counts.rejected} 行，不写入；写入后可导出，改好再导入" if counts.rejected else "没有"
        )
        self.facts.show_facts(
            [
                ("来源文件", f"{seen.source.title}，内容是 {seen.source.words}"),
                ("文件摘要", f"SHA-256 {seen.source.sha256[:16]}…"),
                ("新增", f"{counts.new} 行"),
                (
                    "更新",
                    f"{counts.updated} 行，只改有变化的字段，空单元格不覆盖已有内容；"
                    f"与库内不同的{seen.command.sides.usual.label}",
                ),
                ("不变", f"{counts.unchanged} 行"),
                ("退回", rejected),
                ("跳过", f"{counts.skipped} 行（说明、示例、合计、空行和人工跳过的）"),
                ("不在文件里的", f"{seen.untouched} 条，保持不变"),
            ]
        )

    def show_writing(self, writing: bool) -> None:
        """Show or hide the progress line."""
        self._pace = Pace()
        for each in (self.progress_words, self.strip, self.cancel):
            each.setVisible(writing)

    def show_progress(self, done: int, total: int, words: str) -> None:
        """How far it is."""
        self.progress_words.setText(self._pace.words(done, total, words))
        self.strip.show_progress(done, total)

    def show_failure(self, words: str) -> None:
        """Nothing was written, and why."""
        self.show_writing(False)
        self.banner.show_message(Tone.DANGER, words)


class DoneStep(QWidget):
    """Counts, and the rows that came back as a workbook."""

    def __init__(self, on_export: Callable[[], object], on_undo: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card()
        column.addWidget(card)
        column.addStretch(1)
        head = QHBoxLayout()
        mark = QLabel()
        mark.setPixmap(pixmap("check-circle", LIGHT.ok, 28, self.devicePixelRatioF()))
        head.addWidget(mark)
        self.words = label("", "section")
        head.addWidget(self.words, 1)
        card.body.addLayout(head)
        self.facts = FactGrid(110)
        card.body.addWidget(self.facts)
        self.rejected = Banner(Tone.WARN, "")
        card.body.addWidget(self.rejected)
        self.export = button("导出退回的行…", on_export, "download")
        card.body.addWidget(self.export, 0, Qt.AlignmentFlag.AlignLeft)
        self.undo = link_button("撤销这次导入", on_undo, "undo")
        card.body.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignLeft)

    def show_outcome(self, outcome: ImportOutcome) -> None:
        """Say what was written."""
        counts = outcome.counts
        self.words.setText(f"已写入 {counts.new + counts.updated} 行")
        self.facts.show_facts(
            [
                ("新增", str(counts.new)),
                ("更新", str(counts.updated)),
                ("不变", str(counts.unchanged)),
                ("退回", str(counts.rejected)),
                ("跳过", str(counts.skipped)),
                ("合计", f"{counts.rows} 行"),
            ]
        )
        self.rejected.show_message(
            Tone.WARN,
            f"有 {counts.rejected} 行没有写入。导出后每行带着原因，改好可再次导入，不会重复。",
        )
        self.rejected.setVisible(bool(counts.rejected))
        self.export.setVisible(bool(counts.rejected))
        self.export.setText(f"导出退回的 {counts.rejected} 行…")
        self.undo.setVisible(bool(counts.new + counts.updated))
