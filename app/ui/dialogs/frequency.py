"""检查频次台账 on screen: a year's inspections per target, what counts, one entered by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain import past_inspection
from app.domain.past_inspection import PastInspectionFacts
from app.domain.rule_facts import InspectionKind
from app.errors import AppError
from app.services.paperwork import list_papers
from app.services.plans import frequency_ledger, frequency_rules
from app.services.plans.frequency_ledger import LedgerLine
from app.services.plans.frequency_rules import FrequencyRules
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import RecordInspection
from app.services.workspace import Workspace
from app.ui.dialogs.frame import dialog_foot
from app.ui.dialogs.preview import show_file
from app.ui.dialogs.rows import RowsDialog
from app.ui.list_export import listed
from app.ui.tables import Column, ColumnKind
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    FormDialog,
    Group,
    button,
    label,
    link_button,
    primary_button,
)
from app.ui.widgets.page import Toaster

__all__ = ["LedgerDialog", "RulesDialog", "inspection_form"]

_SHORT = (
    ("own", "本级", (InspectionKind.OWN,)),
    ("superior", "上级", (InspectionKind.SUPERIOR,)),
    ("joint", "联合", (InspectionKind.JOINT,)),
    ("special", "专项", (InspectionKind.SPECIAL,)),
    ("case", "个案", (InspectionKind.CASE,)),
    ("complaint", "投诉", (InspectionKind.COMPLAINT,)),
    (
        "other",
        "其他",
        (InspectionKind.FOLLOW_UP, InspectionKind.ORDER, InspectionKind.REFERRAL),
    ),
)


def _of_kind(key: str, title: str, kinds: tuple[InspectionKind, ...]) -> Column:
    return Column(key, title, ColumnKind.NUMBER, width=56, value=lambda row: row.of(*kinds) or None)


_COLUMNS = (
    Column("name", "检查对象", width=180, stretch=True),
    Column("code", "代码", ColumnKind.CODE, width=150),
    Column("category", "类别", width=96),
    *(_of_kind(*each) for each in _SHORT),
    Column("total", "合计", ColumnKind.FIGURE, width=60),
    Column(
        "standing",
        "年度上限",
        width=210,
        tone=lambda row: Tone.WARN if row.reached else Tone.NORMAL,
    ),
)
_ENTRIES = (
    Column("on", "检查日期", ColumnKind.DATE),
    Column("kind", "检查类型", width=120),
    Column("finding", "发现问题", width=86),
    Column("violation", "发现违法", width=86),
    Column("origin", "来源", width=86),
    Column("source", "文书或抽取编号", stretch=True),
)
_NOTE = "双击一家看明细。已抽取还没有检查的不在这里显示（检查前保密），抽取时计入上限。"


def inspection_form(parent: QWidget, workspace: Workspace, target_id: int, name: str) -> FormDialog:
    """Ask for an inspection that no draw of ours brought about."""
    return FormDialog(
        parent,
        f"登记检查：{name}",
        past_inspection.typed_fields(workspace.rulebook),
        PastInspectionFacts(name=name, kind=InspectionKind.SUPERIOR.value),
        save=lambda typed: workspace.write(
            past_inspections.record, RecordInspection(target_id, typed)
        ),
        check=lambda typed: past_inspection.validate(typed, workspace.clock().astimezone().date()),
        groups=(Group("", _asked(workspace)),),
        columns=1,
        action="登记",
    )


def _asked(workspace: Workspace) -> tuple[str, ...]:
    """The target stands in the title already."""
    fields = past_inspection.typed_fields(workspace.rulebook)
    return tuple(each.name for each in fields if each.name not in ("name", "code"))


class LedgerDialog(RowsDialog):
    """A year of all targets; entering one by hand, and the rules of what counts."""

    def __init__(
        self, parent: QWidget | None, workspace: Workspace, year: int, toast: Toaster
    ) -> None:
        super().__init__(
            parent, "检查频次台账", _COLUMNS, (), note=_NOTE, nothing="还没有检查对象。"
        )
        self.workspace, self._toast = workspace, toast
        self.year = QSpinBox()
        self.year.setRange(2000, 2999)
        self.year.setValue(year)
        self.year.setSuffix(" 年")
        self.year.lineEdit().setTextMargins(8, 0, 0, 0)
        self.year.setAccessibleName("年份")
        self.year.valueChanged.connect(lambda _year: self.refresh())
        self.head.insertWidget(1, self.year)
        self.record_button = button("登记检查…", self._record)
        self.foot.insertWidget(1, self.record_button)
        self.foot.insertWidget(2, button("计入规则…", self._rules))
        self.print_button = button("预览和打印", self.print_ledger, "print")
        self.foot.insertWidget(1, self.print_button)
        self.table.row_activated.connect(self._show_entries)
        self.table.current_changed.connect(
            lambda row: self.record_button.setEnabled(row is not None)
        )
        self.record_button.setEnabled(False)
        self.resize(1180, 600)
        self.refresh()

    def refresh(self) -> None:
        """Read the year again."""
        workspace, year = self.workspace, self.year.value()
        today = workspace.clock().astimezone().date()
        query(self, lambda: workspace.read(frequency_ledger.year_lines, year, today)).key(
            "ledger"
        ).success(self.set_rows).run_in_background()

    def print_ledger(self) -> None:
        """What is listed, on paper, seen first."""
        command = listed(self.table, f"{self.year.value()}年检查频次台账")
        workspace = self.workspace
        operation(self, lambda: workspace.write(list_papers.print_list, command)).key(
            "print"
        ).progress("正在排版").success(partial(show_file, self)).run_in_background()

    def _record(self) -> None:
        row = self.table.current_row()
        if isinstance(row, LedgerLine):
            self.form = inspection_form(self, self.workspace, row.target_id, row.name)
            self.form.saved.connect(lambda _id: self._done("已登记检查"))
            self.form.open()

    def _rules(self) -> None:
        self.rules = RulesDialog(self, self.workspace)
        self.rules.accepted.connect(lambda: self._done("已保存，从下一次抽取起生效"))
        self.rules.open()

    def _done(self, words: str) -> None:
        self._toast(words)
        self.refresh()

    def _show_entries(self, row: LedgerLine) -> None:
        year = self.year.value()
        query(
            self,
            lambda: self.workspace.read(frequency_ledger.entries, row.target_id, year),
        ).success(lambda found: self._on_entries(row, found)).run_in_background()

    def _on_entries(self, row: LedgerLine, found: tuple[object, ...]) -> None:
        title = f"{row.name} {self.year.value()} 年的检查"
        self.entries = RowsDialog(self, title, _ENTRIES, found, nothing="这一年没有检查。")
        self.entries.open()


class RulesDialog(QDialog):
    """计入规则: kinds against the regulation's cap, a cap of the unit's own."""

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent)
        self.setWindowTitle("哪些检查计入年度上限")
        self.workspace = workspace
        rulebook, rules = workspace.rulebook, workspace.read(frequency_rules.read)
        self._before = rules
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        body = QVBoxLayout()
        body.setContentsMargins(20, 18, 24, 14)
        body.setSpacing(8)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        body.addWidget(self.banner)
        self.counts: dict[str, QCheckBox] = {}
        cap = rulebook.yearly_cap
        body.addWidget(label("细则的上限", "section"))
        if cap is None:
            body.addWidget(label("本细则没有规定年度检查次数上限。", "secondary"))
        else:
            words = f"每家每年 {cap.limit} 次（{rulebook.cite(cap.article)}）。{cap.note}"
            body.addWidget(label(words, "secondary", wrap=True))
            usual = tuple(kind.value for kind in cap.counts)
            body.addLayout(
                self._boxes(self.counts, usual if rules.counts is None else rules.counts)
            )
            back = QHBoxLayout()
            back.addWidget(link_button("恢复细则的规定", lambda: self._tick(usual)))
            back.addStretch(1)
            body.addLayout(back)
        body.addSpacing(8)
        body.addWidget(label("本单位的上限（国办发〔2024〕54号）", "section"))
        row = QHBoxLayout()
        self.limit = QLineEdit("" if rules.own_limit is None else str(rules.own_limit))
        self.limit.setFixedWidth(72)
        self.limit.setAccessibleName("本单位年度上限")
        for part in (label("每家每年不超过"), self.limit, label("次，留空为不设上限")):
            row.addWidget(part)
        row.addStretch(1)
        body.addLayout(row)
        self.own_counts: dict[str, QCheckBox] = {}
        body.addLayout(self._boxes(self.own_counts, rules.own_counts))
        self.lifted = QCheckBox("检查发现违法行为的，不受本单位上限限制")
        self.lifted.setChecked(rules.own_lifted)
        body.addWidget(self.lifted)
        self.superior = QCheckBox("本年度上级已检查且未发现问题的，抽取时排除")
        self.superior.setChecked(rules.leave_out_superior)
        self.superior.setVisible(rulebook.superior_clean is not None)
        body.addWidget(self.superior)
        body.addStretch(1)
        outer.addLayout(body, 1)
        outer.addWidget(self._foot())
        self.setStyleSheet(f"RulesDialog {{ background: {LIGHT.surface}; }}")
        self.resize(640, 460)

    def _boxes(self, boxes: dict[str, QCheckBox], ticked: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        for at, kind in enumerate(InspectionKind):
            box = QCheckBox(kind.label)
            box.setChecked(kind.value in ticked)
            boxes[kind.value] = box
            grid.addWidget(box, at // 4, at % 4)
        return grid

    def _tick(self, kinds: tuple[str, ...]) -> None:
        for value, box in self.counts.items():
            box.setChecked(value in kinds)

    def _foot(self) -> QFrame:
        self.save_button = primary_button("保存", self.submit)
        self.save_button.setDefault(True)
        return dialog_foot(button("取消", self.reject), self.save_button)

    def _typed(self) -> FrequencyRules | None:
        """What is typed; None, with a sentence above, if the number is none."""
        text = self.limit.text().strip()
        if text and not (text.isascii() and text.isdigit()):
            self.banner.show_message(Tone.DANGER, "年度上限请填整数，不设上限请留空。")
            self.banner.show()
            return None
        cap = self.workspace.rulebook.yearly_cap
        counts = _ticked(self.counts)
        usual = () if cap is None else tuple(kind.value for kind in cap.counts)
        return replace(
            self._before,
            counts=None if cap is None or set(counts) == set(usual) else counts,
            own_limit=int(text) if text else None,
            own_counts=_ticked(self.own_counts),
            own_lifted=self.lifted.isChecked(),
            leave_out_superior=self.superior.isChecked(),
        )

    def submit(self) -> None:
        """Save; an objection appears above."""
        self.banner.hide()
        rules = self._typed()
        if rules is not None:
            operation(self, lambda: self.workspace.write(frequency_rules.save, rules)).key(
                "save"
            ).success(lambda _rules: self.accept()).failure(self._on_failed).run_in_background()

    def _on_failed(self, error: AppError) -> None:
        self.banner.show_message(Tone.DANGER, str(error))
        self.banner.show()


def _ticked(boxes: dict[str, QCheckBox]) -> tuple[str, ...]:
    return tuple(value for value, box in boxes.items() if box.isChecked())
