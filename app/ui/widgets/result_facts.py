"""What one result says, to be read: facts, items, formalities, files — of any version of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.db.read.received import Origin
from app.db.read.results import AttachedFile, ResultForm
from app.domain.formalities import KINDS, RECUSALS, Formalities
from app.domain.inspection import ItemOutcome
from app.domain.result_entry import ItemEntry, ResultEntry
from app.ui import theme
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.theme import Tone
from app.ui.widgets import FactGrid, clear_layout, label, link_button

__all__ = ["ResultFacts"]

_LABEL = 92
_OUTCOME_TONES = {
    ItemOutcome.OK: Tone.OK,
    ItemOutcome.PROBLEM: Tone.DANGER,
    ItemOutcome.NOT_APPLICABLE: Tone.INFO,
    None: Tone.NORMAL,
}


def _written(item: ItemEntry) -> str:
    done = f"处理：{item.measure}" if item.measure else ""
    return "；".join(each for each in (item.note, done) if each)


_COLUMNS = (
    Column("name", "检查事项", width=240, stretch=True),
    Column(
        "outcome",
        "情况",
        ColumnKind.CHIP,
        width=86,
        value=lambda item: item.outcome.label if item.outcome else "",
        tone=lambda item: _OUTCOME_TONES[item.outcome],
    ),
    Column("note", "发现情况和处理", width=240, stretch=True, value=_written),
)


class ResultFacts(QWidget):
    """In the order of the form; nothing here can be changed. ``file_opened`` gives a file."""

    file_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        self.facts = FactGrid(_LABEL)
        self.items = PlainTable(_COLUMNS)
        self.more = FactGrid(_LABEL)
        self.files = QVBoxLayout()
        self.files.setSpacing(4)
        column.addWidget(self.facts)
        column.addWidget(self.items)
        column.addWidget(self.more)
        column.addLayout(self.files)

    def show_result(self, form: ResultForm, origins: Sequence[Origin] = ()) -> None:
        """Show a result; ``origins``: the files it came from."""
        entry = form.entry
        times = "–".join(each for each in (entry.arrived, entry.left) if each)
        people = "、".join(each.name for each in form.certificates)
        self.facts.show_facts(
            [
                ("代码", form.task.target_code),
                ("检查日期", f"{entry.inspected_on or ''} {times}".strip()),
                ("检查形式", entry.way.label),
                ("检查方式", "、".join(entry.methods)),
                ("检查人员", f"{people}；{_helpers(entry)}"),
                ("录入", when_words(entry.entered_by, form.entered_at)),
                *([("何处来", "、".join(each.words for each in origins))] if origins else []),
            ]
        )
        self.items.set_rows(entry.items)
        self.items.fit_height()
        self.items.setVisible(bool(entry.items))
        self._show_rest(form)
        self._show_files(form.attachments)

    def _show_rest(self, form: ResultForm) -> None:
        task, entry = form.task, form.entry
        rest = [("结论", entry.conclusion.label if entry.conclusion else "")]
        if entry.finding:
            rest.append(("情况", entry.finding))
        if entry.measure:
            rest.append(("处理措施", entry.measure))
        if entry.rectify_by:
            done = f"，{task.rectified_on} 完成" if task.rectified_on else ""
            rest.append(("整改期限", f"{entry.rectify_by}{done}"))
        if entry.rectify_reason or entry.rectify_stage:
            rest.append(("超期说明", f"{entry.rectify_reason}；进展：{entry.rectify_stage}"))
        if entry.document_no:
            rest.append(("整改通知", entry.document_no))
        rest += _formal_facts(entry.formalities, entry.arrived)
        rest.append(("检查频次", f"本年已检 {form.visits}"))
        if form.reviewed_by:
            rest.append(("复核", when_words(form.reviewed_by, form.reviewed_at)))
        if task.published_on:
            rest.append(("公示", task.published_on.isoformat()))
        self.more.show_facts(rest)

    def _show_files(self, files: Sequence[AttachedFile]) -> None:
        clear_layout(self.files)
        if files:
            self.files.addWidget(label(f"附件 {len(files)} 个", "secondary"))
        for each in files:
            link = link_button(each.name, partial(self.file_opened.emit, each), "paperclip")
            self.files.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)


def when_words(name: str, at: datetime | None) -> str:
    """Who, and when if that is known."""
    return f"{name}，{at.astimezone():%Y-%m-%d %H:%M}" if at else name


def _helpers(entry: ResultEntry) -> str:
    fixed = entry.formalities.assistants_fixed
    approved = "" if fixed is None else f"（审批确定 {fixed} 人）"
    return f"协助 {entry.assistants} 人{approved}"


def _formal_facts(given: Formalities, arrived: str) -> list[tuple[str, str]]:
    """国家层面手续 that are filled in, one line for each group."""
    kind = next((each.label for each in KINDS if each.value == given.kind), "")
    ticks = (
        (given.certificates_shown, "已出示执法证"),
        (given.basis_shown, "已说明依据"),
        (given.intent_told, "已告知意图"),
        (given.procedure_told, "已告知程序"),
    )
    recusal = next((each.label for each in RECUSALS if each.value == given.recusal), "")
    approval = [kind, given.source, given.basis] if given.approved or given.basis else []
    if given.approved:
        urgent = f"（紧急补办：{given.urgent_reason}）" if given.urgent else ""
        applied = f"{given.applied_by}{given.applied_on or ''}申请"
        approval.append(f"{applied}，{given.approved_by}{given.approved_on}批准{urgent}")
    notice = f"{given.notice_no}，{arrived or '到场'}送达" if given.notice_no else ""
    identity = [words for done, words in ticks if done]
    identity += [f"回避：{recusal}{given.recusal_note}"] if recusal else []
    identity += [f"{given.confirmed_by}现场确认"] if given.confirmed_by else []
    identity += [f"{given.witnessed_by}见证"] if given.witnessed_by else []
    scan = f"{given.scanned_at} 已扫" if given.scanned_at else ""
    missed = f"未扫：{given.not_scanned}" if given.not_scanned and not scan else ""
    told = f"{given.told_on} {given.told_how}".strip() if given.told_on else ""
    found = (
        ("检查审批", "，".join(part for part in approval if part)),
        ("通知书", notice),
        ("亮证告知", "，".join(identity)),
        ("扫码入企", scan or missed),
        ("结果告知", told),
        ("不计频次", given.uncounted),
    )
    return [(name, words) for name, words in found if words]
