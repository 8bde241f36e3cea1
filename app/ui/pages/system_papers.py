"""系统 › 文书与文号: the words of each paper, and the register of document numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.db.read import numbers
from app.db.read.numbers import NumberRow
from app.domain.document_numbers import Series
from app.domain.fields import Field, FieldKind
from app.domain.paper_texts import PaperKind, PaperText
from app.services.paperwork import numbering, paper_words
from app.services.paperwork.numbering import EnterElsewhere, PrintRegister, SaveSeries, VoidNumber
from app.services.paperwork.task_papers import OF_TASKS
from app.ui import theme
from app.ui.dialogs.inspecting import ask
from app.ui.dialogs.paper_words import PaperWordsDialog
from app.ui.dialogs.preview import show_file
from app.ui.paper_actions import PaperActions
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import Card, EmptyState, FormDialog, PageContext, link_button

__all__ = ["PapersPart"]

_LEFT = 380
_TONES = {"在用": Tone.OK, "作废": Tone.DANGER, "系统外使用": Tone.INFO}


@dataclass(frozen=True, slots=True)
class _Paper:
    text: PaperText
    own: bool


def _named(row: _Paper) -> str:
    """The paper's plain name, and what the unit calls it where that is something else."""
    plain, title = row.text.kind.label, row.text.title
    return f"{plain}（{title}）" if row.own and plain not in title else plain


_PAPERS = (
    Column("name", "文书", width=140, stretch=True, value=_named),
    Column("group", "用在", width=96, value=lambda row: row.text.kind.group),
    Column(
        "own",
        "文字",
        ColumnKind.CHIP,
        width=84,
        value=lambda row: "本单位" if row.own else "原样",
        tone=lambda row: Tone.INFO if row.own else Tone.NORMAL,
    ),
)
_NUMBERS = (
    Column("words", "文号", width=148),
    Column("paper", "文书", width=112, value=lambda row: row.paper or "系统外使用"),
    Column("note", "用于", width=130, stretch=True),
    Column("taken_on", "日期", ColumnKind.DATE, width=94),
    Column("by", "经办人", width=64),
    Column(
        "state",
        "状态",
        ColumnKind.CHIP,
        width=96,
        value=lambda row: row.state,
        tone=lambda row: _TONES[row.state],
    ),
    Column("void_reason", "作废理由", width=100),
)


def _holds(row: _Paper, wanted: str) -> bool:
    text = row.text
    words = (text.kind.label, text.kind.group, text.title, text.copies)
    return any(wanted in each for each in (*words, *(each.text for each in text.passages)))


@dataclass(frozen=True, slots=True)
class _Found:
    papers: tuple[_Paper, ...]
    rows: tuple[NumberRow, ...]
    years: tuple[int, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reason:
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Elsewhere:
    through: int | None = None
    reason: str = ""


class PapersPart(QWidget):
    """Left the papers, right the numbers."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context, self.workspace = context, context.workspace
        self._found: _Found | None = None
        self._wanted = ""
        self.dialog: FormDialog | None = None
        self.words_dialog: PaperWordsDialog | None = None
        self.papers_of = PaperActions(self, context, self.refresh)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.GAP)
        across.addWidget(self._papers())
        across.addWidget(self._numbers(), 1)

    # -- building ----------------------------------------------------------

    def _papers(self) -> Card:
        card = Card("文书文字", flush=True)
        card.setFixedWidth(_LEFT)
        self.finder = QLineEdit()
        self.finder.setPlaceholderText("查找文书或其中的文字")
        self.finder.setAccessibleName("查找文书")
        self.finder.setClearButtonEnabled(True)
        self.finder.textChanged.connect(lambda _text: self._show_papers())
        holder = QWidget()
        above = QHBoxLayout(holder)
        above.setContentsMargins(12, 8, 12, 8)
        above.addWidget(self.finder)
        card.body.addWidget(holder)
        self.papers = PlainTable(_PAPERS, name="papers", unit="种")
        self.papers.row_activated.connect(lambda _row: self.edit())
        self.papers.selection_changed.connect(lambda _ids: self._allow())
        card.body.addWidget(self.papers, 1)
        foot = card.foot()
        self.blank_button = link_button("空白表", self._print_blank, "print")
        self.edit_button = link_button("修改文字…", self.edit, "edit")
        foot.addWidget(self.blank_button)
        foot.addStretch(1)
        foot.addWidget(self.edit_button)
        return card

    def _numbers(self) -> Card:
        card = Card("文号登记簿", flush=True)
        self.series_box, self.year_box = QComboBox(), QComboBox()
        self.series_box.setAccessibleName("文号序列")
        self.year_box.setAccessibleName("年度")
        self.series_box.addItem("全部序列", "")
        for code, name in numbering.NAMES.items():
            self.series_box.addItem(f"{name}（{code}）", code)
        for box in (self.series_box, self.year_box):
            box.currentIndexChanged.connect(lambda _at: self._show_rows())
            card.add_action(box)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        self.table = PlainTable(
            _NUMBERS,
            name="numbers",
            unit="条",
            empty=EmptyState(
                "还没有取过号。第一次打印带文号的文书时自动取下一个号。", icon_name="book"
            ),
        )
        self.table.selection_changed.connect(lambda _ids: self._allow())
        column.addWidget(self.table, 1)
        card.body.addWidget(holder, 1)
        foot = card.foot()
        self.form_button = link_button("文号格式…", self.ask_form, "edit")
        self.elsewhere_button = link_button("登记系统外用号…", self.ask_elsewhere, "plus")
        self.void_button = link_button("作废…", self.ask_void, "trash")
        self.register_button = link_button("打印登记簿", self.print_register, "print")
        foot.addWidget(self.form_button)
        foot.addWidget(self.elsewhere_button)
        foot.addStretch(1)
        foot.addWidget(self.void_button)
        foot.addWidget(self.register_button)
        return card

    # -- filling -----------------------------------------------------------

    @property
    def series(self) -> str:
        """The chosen series; empty for all."""
        return str(self.series_box.currentData() or "")

    @property
    def year(self) -> int:
        """The chosen year, else this one."""
        chosen = self.year_box.currentData()
        return int(chosen) if chosen else self._today().year

    def _today(self) -> date:
        return self.workspace.clock().astimezone().date()

    def refresh(self) -> None:
        """Fetch papers and numbers."""
        read = self.workspace.read

        def fetch() -> _Found:
            return _Found(
                tuple(
                    _Paper(read(paper_words.words_of, kind), read(paper_words.is_own, kind))
                    for kind in PaperKind
                ),
                read(numbers.register),
                read(numbers.years),
                read(numbering.all_series),
            )

        query(self, fetch).key("papers").success(self._show).run_in_background()

    def _show(self, found: _Found) -> None:
        self._found = found
        self._show_papers()
        self._edit_wanted()
        chosen = self.year_box.currentData()
        self.year_box.blockSignals(True)
        self.year_box.clear()
        for year in sorted({*found.years, self._today().year}, reverse=True):
            self.year_box.addItem(f"{year} 年", year)
        self.year_box.setCurrentIndex(max(self.year_box.findData(chosen), 0))
        self.year_box.blockSignals(False)
        self._show_rows()

    def _show_papers(self) -> None:
        """Those whose name, use or words hold what is looked for."""
        if self._found is not None:
            wanted = self.finder.text().strip()
            self.papers.set_rows([each for each in self._found.papers if _holds(each, wanted)])
        self._allow()

    def _show_rows(self) -> None:
        if self._found is not None:
            self.table.set_rows(self._rows(self._found.rows))
        self._allow()

    def _rows(self, rows: Sequence[NumberRow]) -> list[NumberRow]:
        return [
            row
            for row in rows
            if row.year == self.year and (not self.series or row.series == self.series)
        ]

    def _row(self) -> _Paper | None:
        row = self.papers.current_row()
        return row if isinstance(row, _Paper) else None

    def _paper(self) -> PaperText | None:
        row = self._row()
        return row.text if row is not None else None

    def _number(self) -> NumberRow | None:
        row = self.table.current_row()
        return row if isinstance(row, NumberRow) else None

    def _allow(self) -> None:
        paper, number = self._paper(), self._number()
        self.edit_button.setEnabled(paper is not None)
        self.blank_button.setEnabled(paper is not None and paper.kind in _WITH_BLANK)
        alive = number is not None and number.state == "在用"
        self.void_button.setEnabled(alive)
        for each in (self.form_button, self.elsewhere_button):
            each.setEnabled(bool(self.series))
            each.setToolTip("" if self.series else "先在上面选一个序列")
        self.register_button.setEnabled(bool(self.table.rows()))

    # -- words -------------------------------------------------------------

    def edit_next(self, kind: str) -> None:
        """Open the words of this kind of paper as soon as the papers are read."""
        self.finder.clear()
        self._wanted = kind

    def _edit_wanted(self) -> None:
        kinds = [
            row.text.kind.value if isinstance(row, _Paper) else "" for row in self.papers.rows()
        ]
        if self._wanted in kinds:
            self.papers.grid.select_line(kinds.index(self._wanted))
            self.edit()
        self._wanted = ""

    def edit(self) -> None:
        """The words of the chosen paper."""
        row = self._row()
        if row is None:
            return
        self.words_dialog = PaperWordsDialog(self, self.workspace, row.text, own=row.own)
        self.words_dialog.saved.connect(self._on_words)
        self.words_dialog.open()

    def _on_words(self, words: str) -> None:
        self.context.toast(words)
        self.refresh()

    def _print_blank(self) -> None:
        paper = self._paper()
        if paper is not None:
            self.papers_of.print_blank(paper.kind)

    # -- numbers -----------------------------------------------------------

    def ask_form(self) -> None:
        """How the chosen series writes its numbers."""
        if self._found is None or not self.series:
            return
        code = self.series
        now = next(each.form for each in self._found.series if each.code == code)
        field = Field(
            name="form",
            label="格式",
            required=True,
            width=36,
            hint="{年} 和 {号} 各一个，如 青环检通〔{年}〕{号}号；已取的号不变",
        )
        self.dialog = ask(
            self,
            f"{numbering.NAMES[code]}的文号格式",
            (field,),
            _Form(form=now),
            lambda facts: self.workspace.write(numbering.save_series, SaveSeries(code, facts.form)),
            lambda _o: self._on_number("文号格式已保存"),
            "保存",
        )

    def ask_elsewhere(self) -> None:
        """Numbers that were used outside, so that the count goes on after them."""
        if not self.series:
            return
        code, year = self.series, self.year
        fields = (
            Field(
                name="through",
                label="用到第几号",
                kind=FieldKind.NUMBER,
                required=True,
                hint="从登记簿的下一个号到这个号，一次登记",
            ),
            Field(
                name="reason",
                label="用在哪里",
                required=True,
                width=36,
                hint="如 启用本系统前手工编号",
            ),
        )

        def save(facts: _Elsewhere) -> str:
            command = EnterElsewhere(
                code=code, year=year, through=facts.through or 0, reason=facts.reason
            )
            return self.workspace.write(numbering.enter_elsewhere, command)

        self.dialog = ask(
            self,
            f"登记系统外用号：{numbering.NAMES[code]}，{year} 年",
            fields,
            _Elsewhere(),
            save,
            lambda made: self._on_number(f"已登记 {made}"),
            "登记",
        )

    def ask_void(self) -> None:
        """Void the chosen number, with its reason."""
        row = self._number()
        if row is None or row.state != "在用":
            return
        field = Field(
            name="reason",
            label="作废理由",
            required=True,
            width=36,
            hint="作废的号永久保留，不再使用；再打印时取下一个号",
        )
        self.dialog = ask(
            self,
            f"作废 {row.words}",
            (field,),
            _Reason(),
            lambda facts: self.workspace.write(numbering.void, VoidNumber(row.id, facts.reason)),
            lambda words: self._on_number(f"{words} 已作废"),
            "作废",
        )

    def _on_number(self, words: str) -> None:
        self.context.toast(words)
        self.refresh()

    def print_register(self) -> None:
        """The register of what is shown."""
        command = PrintRegister(self.series, self.year)
        workspace = self.workspace
        operation(self, lambda: workspace.write(numbering.print_register, command)).key(
            "register"
        ).progress("正在生成登记簿").success(self._on_register).run_in_background()

    def _on_register(self, path: Path) -> None:
        show_file(self, path)


_WITH_BLANK = (*OF_TASKS, PaperKind.CORRECTION, PaperKind.REVIEW_ANSWER)
