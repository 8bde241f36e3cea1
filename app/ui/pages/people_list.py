"""专家 and 协助人员: small lists beside the directory of inspectors, each with one form."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.db.read import people as reads
from app.db.read.query import ListQuery, Sort
from app.domain.fields import Field, FieldProblem, shown
from app.domain.people import (
    ASSISTANT_FIELDS,
    ASSISTANT_KINDS,
    ASSISTANT_STATES,
    EXPERT_FIELDS,
    EXPERT_STATES,
    AssistantFacts,
    ExpertFacts,
    check_assistant,
    check_expert,
)
from app.services.directories import people
from app.services.directories.people import SaveAssistant, SaveExpert, SetPeopleState
from app.services.directories.saving import Saved, StateSet
from app.services.workspace import Workspace
from app.ui.tables import Column, ColumnKind, ReadSource, RecordTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.view_store import ViewStore
from app.ui.widgets import EmptyState, Filter, FilterRow, FormDialog, icon_button, label

_EXPERT_WORDS = {field.name: field for field in EXPERT_FIELDS}
_KIND_WORDS = {choice.value: choice.label for choice in ASSISTANT_KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleKind:
    """One list of people: what it shows, how one is filled in and saved."""

    key: str
    noun: str
    note: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    fields: Sequence[Field]
    states: dict[str, str]
    blank: Callable[[], Any]
    check: Callable[[Any], Sequence[FieldProblem]]
    ids: Callable[[Workspace, ListQuery], array[int]]
    rows: Callable[[Workspace, Sequence[int]], Sequence[Any]]
    find: Callable[[Workspace, int], Any | None]
    save: Callable[[Workspace, int | None, Any], Saved]
    set_state: Callable[[Workspace, SetPeopleState], StateSet]


def _state_column(words: dict[str, str], normal: str) -> Column:
    return Column(
        "state",
        "状态",
        ColumnKind.CHIP,
        width=90,
        value=lambda row: words.get(row.state, row.state),
        tone=lambda row: Tone.NORMAL if row.state == normal else Tone.INFO,
    )


def _expert_facts(workspace: Workspace, row_id: int) -> ExpertFacts | None:
    found = workspace.read(reads.expert, row_id)
    return found[0] if found else None


def _assistant_facts(workspace: Workspace, row_id: int) -> AssistantFacts | None:
    found = workspace.read(reads.assistant, row_id)
    return found[0] if found else None


_EXPERT_STATES = {choice.value: choice.label for choice in EXPERT_STATES}
_ASSISTANT_STATES = {choice.value: choice.label for choice in ASSISTANT_STATES}

EXPERTS = PeopleKind(
    key="experts",
    noun="专家",
    note="专家辅助检查，不计入两名执法人员；需要专家的检查，另行抽取或挑选。",
    columns=(
        Column("name", "姓名", width=100),
        Column("ident", "编号", ColumnKind.CODE, width=76),
        Column("organ", "单位", width=240, stretch=True),
        Column("title", "职称职务", width=130),
        Column(
            "specialities",
            "专业领域",
            width=180,
            value=lambda row: shown(_EXPERT_WORDS["specialities"], row.specialities),
            sort=None,
        ),
        Column("phone", "联系电话", width=120, sort=None),
        _state_column(_EXPERT_STATES, "available"),
        Column("note", "备注", width=160, hidden=True, sort=None),
    ),
    filters=(Filter("state", "状态", tuple(_EXPERT_STATES.items())),),
    fields=EXPERT_FIELDS,
    states=_EXPERT_STATES,
    blank=lambda: ExpertFacts(name=""),
    check=check_expert,
    ids=lambda workspace, wanted: workspace.read(reads.expert_ids, wanted),
    rows=lambda workspace, ids: workspace.read(reads.expert_rows, ids),
    find=_expert_facts,
    save=lambda workspace, row_id, facts: workspace.write(
        people.save_expert, SaveExpert(row_id, facts)
    ),
    set_state=lambda workspace, command: workspace.write(people.set_expert_state, command),
)

ASSISTANTS = PeopleKind(
    key="assistants",
    noun="协助人员",
    note="没有执法证的聘用、辅助人员只能协助，不进入执法人员名录、打印、导出和抽取。",
    columns=(
        Column("name", "姓名", width=120),
        Column("kind", "人员类别", width=110,
               value=lambda row: _KIND_WORDS.get(row.kind, row.kind)),
        Column("section", "科室、中队", width=160, stretch=True),
        Column("phone", "联系电话", width=140, sort=None),
        _state_column(_ASSISTANT_STATES, "on_duty"),
        Column("note", "备注", width=200, sort=None),
    ),
    filters=(
        Filter("kind", "类别", tuple(_KIND_WORDS.items())),
        Filter("state", "状态", tuple(_ASSISTANT_STATES.items())),
    ),
    fields=ASSISTANT_FIELDS,
    states=_ASSISTANT_STATES,
    blank=lambda: AssistantFacts(name=""),
    check=check_assistant,
    ids=lambda workspace, wanted: workspace.read(reads.assistant_ids, wanted),
    rows=lambda workspace, ids: workspace.read(reads.assistant_rows, ids),
    find=_assistant_facts,
    save=lambda workspace, row_id, facts: workspace.write(
        people.save_assistant, SaveAssistant(row_id, facts)
    ),
    set_state=lambda workspace, command: workspace.write(people.set_assistant_state, command),
)  # fmt: skip


class PeopleList(QWidget):
    """Search, list, form; ``said`` tells the page what was done, with a way back or None."""

    said = Signal(str, object)
    export_requested = Signal(object, list)

    def __init__(self, workspace: Workspace, kind: PeopleKind, store: ViewStore) -> None:
        super().__init__()
        self.kind = kind
        self._workspace = workspace
        self.table = RecordTable(
            kind.columns,
            name=kind.key,
            unit="人",
            store=store,
            empty=EmptyState(
                f"还没有登记{kind.noun}。", f"新增{kind.noun}", self.add,
                manual="执法人员", icon_name="person",
            ),
            first_sort=Sort("name"),
        )  # fmt: skip
        self.filters = FilterRow(kind.filters, hint="姓名 / 单位 / 拼音首字母")
        self.filters.add_right(icon_button("columns", "显示哪些列", self._open_columns))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.filters)
        column.addWidget(self.table, 1)
        column.addWidget(label(kind.note, "small"))
        self.table.set_source(
            ReadSource(
                lambda wanted: kind.ids(workspace, wanted), lambda ids: kind.rows(workspace, ids)
            )
        )
        self.filters.changed.connect(self.refresh)
        self.table.row_activated.connect(lambda row: self.edit(row.id))
        self.table.export_requested.connect(self.export_requested.emit)
        self.table.add_action("编辑", "edit", lambda ids: self.edit(ids[0]))
        for state, words in kind.states.items():
            self.table.add_action(f"标为{words}", "check", partial(self.set_state, state))

    def refresh(self) -> None:
        """Ask the list again."""
        self.table.show_query(self.filters.search, self.filters.chosen)

    def add(self) -> None:
        """Open an empty form."""
        self._open(f"新增{self.kind.noun}", None, self.kind.blank())

    def edit(self, row_id: int) -> None:
        """Fetch one person and open the form."""

        def opened(facts: Any | None) -> None:
            if facts is not None:
                self._open(f"修改{self.kind.noun}", row_id, facts)

        query(self, lambda: self.kind.find(self._workspace, row_id)).key("edit").success(
            opened
        ).run_in_background()

    def _open(self, title: str, row_id: int | None, facts: Any) -> None:
        kind, workspace = self.kind, self._workspace
        self.form = FormDialog(
            self,
            title,
            kind.fields,
            facts,
            save=lambda typed: kind.save(workspace, row_id, typed),
            check=kind.check,
            columns=1,
        )
        self.form.saved.connect(self._on_saved)
        self.form.open()

    def _on_saved(self, saved: Saved) -> None:
        before = saved.before
        if not saved.changes or before is None:
            self.said.emit("已保存" if saved.changes else "没有改动", None)
        else:
            self.said.emit("已保存", lambda: self._put_back(saved.id, before))

    def _put_back(self, row_id: int, before: object) -> None:
        operation(self, lambda: self.kind.save(self._workspace, row_id, before)).success(
            lambda _saved: self.said.emit("已改回原来的内容", None)
        ).run_in_background()

    def set_state(self, state: str, ids: Sequence[int]) -> None:
        """Put people into a state."""
        command = SetPeopleState(tuple(ids), state)
        operation(self, lambda: self.kind.set_state(self._workspace, command)).key("state").success(
            lambda done: self.said.emit(f"{done.count} 人已标为{self.kind.states[state]}", None)
        ).run_in_background()

    def _open_columns(self) -> None:
        menu = self.table.columns_menu()
        menu.popup(self.filters.mapToGlobal(self.filters.rect().bottomRight()))
