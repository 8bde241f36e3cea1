"""执法人员: who may inspect, whose certificate ends, who recuses from whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QTabBar, QWidget

from app.db.read import inspectors, people
from app.db.read.inspectors import (
    AbsenceLine,
    CertState,
    InspectorChoices,
    InspectorCounts,
    InspectorDetail,
    InspectorRow,
)
from app.db.read.query import Sort
from app.db.read.recusals import RecusalLine
from app.domain import absence
from app.domain.absence import AbsenceFacts, kind_words
from app.domain.fields import shown
from app.domain.inspector import DUTY_STATES, EMPLOYMENTS, InspectorFacts, validate
from app.domain.periods import Period
from app.services.directories import absences, directories
from app.services.directories.absences import RegisterAbsence, WithdrawAbsence
from app.services.directories.directories import SaveInspector, SetInspectorState
from app.services.directories.directory import inspector_fields
from app.services.replacing.recusing import RecusalDeclared
from app.ui.dialogs.messages import MessageDialog, confirm
from app.ui.dialogs.recusal import RecusalDialog, ask_lift, recusal_words
from app.ui.pages.directory_page import (
    Directory,
    DirectoryPage,
    Editing,
    changes_view,
    fill,
    left,
)
from app.ui.pages.interests_view import InterestsView
from app.ui.pages.people_list import ASSISTANTS, EXPERTS, PeopleList
from app.ui.tables import Bar, Column, ColumnKind, PlainTable, ReadSource, RecordTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    Banner,
    Chip,
    EmptyState,
    FactGrid,
    Filter,
    FilterRow,
    FormDialog,
    Group,
    PageContext,
    label,
    link_button,
    small_button,
)
from app.ui.widgets.timeline import Event, Timeline

_DIRECTORY = Directory(
    kind="inspectors",
    subject="inspector",
    unit="人",
    noun="执法人员",
    add_words="新增人员",
    manual="执法人员",
)
_FIELDS = {field.name: field for field in inspector_fields()}
_STATE_WORDS = {choice.value: choice.label for choice in DUTY_STATES}
_EMPLOYMENT_WORDS = {choice.value: choice.label for choice in EMPLOYMENTS}
_CERT_TONES = {
    CertState.MISSING: Tone.WARN,
    CertState.EXPIRED: Tone.DANGER,
    CertState.SOON: Tone.WARN,
    CertState.VALID: Tone.NORMAL,
}
_GROUPS = (
    Group("人员", ("name", "personal_no", "employment", "state", "phone")),
    Group("单位和岗位", ("unit", "section", "squad", "position", "duty_post", "dept_code")),
    Group(
        "执法证",
        ("cert_no", "cert_kind", "cert_valid_from", "cert_valid_to", "enforcement_type"),
    ),
    Group("抽取", ("specialities", "may_lead", "years_of_work", "area")),
    Group("其他", ("note",)),
)  # fmt: skip
_TABS = ("基本", "离岗", "任务", "回避", "变更")
_FACTS = (
    "unit", "section", "squad", "position", "duty_post", "employment", "phone",
    "enforcement_type", "cert_kind", "specialities", "years_of_work", "area", "note",
)  # fmt: skip


class InspectorsPage(DirectoryPage):
    """执法人员."""

    def __init__(self, context: PageContext) -> None:
        workspace = context.workspace
        self.workspace = workspace
        self._detail: InspectorDetail | None = None
        self._most_tasks = 1
        table = RecordTable(
            self._columns(),
            name="inspectors",
            unit="人",
            store=context.store,
            empty=EmptyState(
                "还没有执法人员。按规定，持有有效执法证的在岗人员都要列入名录。",
                "导入名录",
                self.start_import,
                manual="执法人员",
                icon_name="person",
            ),
            first_sort=Sort("name"),
        )
        filters = FilterRow(
            [
                Filter("section", "科室", ()),
                Filter(
                    "state",
                    "状态",
                    tuple(_STATE_WORDS.items()),
                    default=frozenset({"on_duty", "off_duty"}),
                ),
                Filter("certificate", "执法证", tuple((c.value, c.label) for c in CertState)),
                Filter("employment", "编制", tuple(_EMPLOYMENT_WORDS.items())),
                Filter("lead", "可牵头", (("1", "是"), ("0", "否"))),
            ],
            hint="姓名 / 证号 / 拼音首字母",
        )
        super().__init__(context, _DIRECTORY, table, filters, _TABS, self._editing())
        self._add_lists()
        read = workspace.read
        table.set_source(
            ReadSource(
                lambda wanted: read(inspectors.ids, wanted, self._today()),
                self._fetch,
            )
        )
        table.add_action("登记回避", "shield", self._recuse_first)
        table.add_action("标为在岗", "check", partial(self.set_state, "on_duty"))
        table.add_action("标为离岗", "clock", partial(self.set_state, "off_duty"))
        table.add_action("标为退休", "close", partial(self.set_state, "retired"))

    def _editing(self) -> Editing:
        workspace = self.workspace
        return Editing(
            fields=tuple(_FIELDS.values()),
            groups=_GROUPS,
            blank=lambda: InspectorFacts(name="", unit=workspace.unit.name),
            find=self._find,
            check=validate,
            save=lambda row_id, typed: workspace.write(
                directories.save_inspector, SaveInspector(row_id, typed)
            ),
            states=_STATE_WORDS,
            set_state=lambda state, ids: workspace.write(
                directories.set_inspector_state, SetInspectorState(ids, state)
            ),
        )

    def _find(self, row_id: int) -> InspectorFacts | None:
        found = self.workspace.read(inspectors.one, row_id, self._today())
        return found.facts if found else None

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("name", "姓名", width=112),
            Column("personal_no", "编号", ColumnKind.CODE, width=64),
            Column("section", "科室、中队", width=92, value=lambda row: row.section or row.squad),
            Column("position", "职务", width=88, hidden=True),
            Column("cert_no", "执法证号", ColumnKind.CODE, width=124),
            Column(
                "cert_valid_to",
                "执法证",
                ColumnKind.CHIP,
                width=84,
                value=lambda row: row.cert_state.label,
                tone=lambda row: _CERT_TONES[row.cert_state],
            ),
            Column(
                "specialities",
                "业务专长",
                width=110,
                value=_specialities,
                sort=None,
                stretch=True,
            ),
            Column("may_lead", "牵头", width=54, value=lambda row: "可" if row.may_lead else ""),
            Column(
                "tasks",
                "本年任务",
                ColumnKind.BAR,
                width=96,
                value=lambda row: Bar(row.tasks, 0, self._most_tasks),
                sort=None,
            ),
            Column(
                "state", "状态", ColumnKind.CHIP, width=86, value=_state_words, tone=_state_tone
            ),
            Column("employment", "编制", width=80, hidden=True,
                   value=lambda row: _EMPLOYMENT_WORDS.get(row.employment, row.employment)),
            Column("squad", "中队", width=90, hidden=True),
            Column("years_of_work", "工作年限", ColumnKind.NUMBER, hidden=True),
            Column("recusals", "回避", ColumnKind.NUMBER, width=60, hidden=True, sort=None),
            Column("phone", "联系电话", width=110, hidden=True, sort=None),
        )  # fmt: skip

    # -- the lists beside it -----------------------------------------------------

    def _add_lists(self) -> None:
        self.lists = tuple(
            PeopleList(self.workspace, kind, self.context.store) for kind in (EXPERTS, ASSISTANTS)
        )
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.addTab("执法人员")
        for each in self.lists:
            self.tabs.addTab(each.kind.noun)
            self.stack.addWidget(each)
            each.said.connect(self.said)
            each.export_requested.connect(partial(self.export_table, each.table, each.kind.noun))
        self.tabs.currentChanged.connect(self._on_tab)
        self.body.insertWidget(0, self.tabs)

    @property
    def _list(self) -> PeopleList | None:
        at = self.tabs.currentIndex() - 1
        return self.lists[at] if at >= 0 else None

    def _on_tab(self, _at: int) -> None:
        shown = self._list
        self.stack.setCurrentIndex(0 if shown is None else self.stack.indexOf(shown))
        for each in self.list_only:
            each.setVisible(shown is None)
        noun = shown.kind.noun if shown else "人员"
        self.primary.setText(f"新增{noun}")
        self.refresh()

    def add(self) -> None:
        """Open an empty form of the list on show."""
        shown = self._list
        if shown is None:
            super().add()
        else:
            shown.add()

    def start_import(self, kind: str = "") -> None:
        """The import takes the place of the directory, never of the lists beside it."""
        self.tabs.hide()
        super().start_import(kind)

    def _leave_import(self) -> None:
        self.tabs.show()
        super()._leave_import()

    def on_changed(self, kinds: frozenset[str]) -> None:
        """The lists beside it too."""
        if kinds & {"expert", "assistant"}:
            self.refresh()
        super().on_changed(kinds)

    def _today(self) -> date:
        return self.workspace.clock().astimezone().date()

    def _fetch(self, ids: Sequence[int]) -> list[InspectorRow]:
        rows = self.workspace.read(inspectors.rows, ids, self._today())
        self._most_tasks = max([self._most_tasks, *(row.tasks for row in rows)])
        return rows

    # -- listing -------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch counts and filter values, then the list."""
        shown = self._list
        if shown is not None:
            experts, assistants = self.workspace.read(people.people_counts)
            self.set_subtitle(f"专家 {experts} 人", f"协助人员 {assistants} 人")
            shown.refresh()
            return
        read, today = self.workspace.read, self._today()
        query(self, lambda: (read(inspectors.counts, today), read(inspectors.choices))).key(
            "counts"
        ).success(lambda both: self._show_counts(*both)).run_in_background()
        self.reload()

    def _show_counts(self, counts: InspectorCounts, choices: InspectorChoices) -> None:
        self.table.set_total(counts.total)
        self.filters.set_choices("section", [(c.value, c.value) for c in choices.sections])
        self.context.set_badge("inspectors", counts.expired + counts.soon, Tone.WARN)
        if self.stack.currentIndex() == 0:
            self.set_subtitle(
                f"在岗 {counts.on_duty} 人，可牵头 {counts.may_lead} 人",
                f"执法证已过期 {counts.expired} 人" if counts.expired else "",
                f"90 天内到期 {counts.soon} 人" if counts.soon else "",
            )

    # -- detail --------------------------------------------------------------

    def show_detail(self, row_id: int) -> None:
        """Fetch one person and fill the pane."""
        query(self, lambda: self.workspace.read(inspectors.one, row_id, self._today())).key(
            "detail"
        ).success(self._on_detail).run_in_background()

    def _on_detail(self, detail: InspectorDetail | None) -> None:
        self._detail = detail
        if detail is None:
            self.detail.hide()
            return
        facts = detail.facts
        chips = [Chip(detail.cert_state.label, _CERT_TONES[detail.cert_state])]
        if facts.may_lead:
            chips.insert(0, Chip("可牵头", Tone.INFO))
        self.detail.show_record(facts.name, code=facts.personal_no, chips=chips)
        grid = FactGrid(84)
        grid.show_facts(
            [
                ("执法证号", facts.cert_no),
                ("有效期", _validity(facts)),
                *(
                    (_FIELDS[name].label, text)
                    for name in _FACTS
                    if (text := shown(_FIELDS[name], getattr(facts, name)))
                ),
                ("本年任务", f"{detail.tasks} 家"),
            ]
        )
        fill(self.detail.tab("基本"), *self._next_step(detail), grid)
        self._fill_absences(detail)
        self._fill_loads(detail)
        self._fill_recusals(detail)
        fill(
            self.detail.tab("变更"),
            changes_view(detail.changes, tuple(_FIELDS.values()))
            if detail.changes
            else label("登记后没有改动。", "secondary"),
        )
        self.detail.set_actions(
            [
                small_button("编辑", lambda: self.edit(detail.id), "edit"),
                small_button("登记回避", lambda: self.recuse(detail)),
            ]
        )

    def _next_step(self, detail: InspectorDetail) -> list[QWidget]:
        words = {
            CertState.EXPIRED: "执法证已过期，不能进入抽取名单",
            CertState.SOON: "执法证 90 天内到期，请提醒换证",
            CertState.MISSING: "没有执法证号或有效期，不能进入抽取名单",
        }.get(detail.cert_state)
        if words is None or detail.facts.state != "on_duty":
            return []
        banner = Banner(_CERT_TONES[detail.cert_state], words, heading="下一步")
        banner.add_button("更新执法证", lambda: self.edit(detail.id))
        return [banner]

    def _fill_absences(self, detail: InspectorDetail) -> None:
        facts = detail.facts
        events = [
            Event(
                f"{each.since} 至 {each.until or '未定'}",
                kind_words(each.kind),
                each.note,
                Tone.WARN if _covers(each, self._today()) else Tone.NORMAL,
                "撤销",
                partial(self._withdraw_absence, each),
            )
            for each in detail.absences
        ]
        if facts.leave_from is not None:
            events.append(Event(_leave(facts), "请假", "名录表里填的"))
        if facts.seconded_out:
            events.append(Event("现在", "借调外出", "名录表里填的"))
        timeline = Timeline()
        timeline.show_events(events)
        words = "没有登记离岗。请假、借调、培训按日期登记，期间不进入抽取。"
        fill(
            self.detail.tab("离岗"),
            timeline if events else label(words, "secondary", wrap=True),
            left(small_button("登记离岗…", lambda: self.register_absence(detail), "plus")),
        )

    def register_absence(self, detail: InspectorDetail) -> None:
        """Open the form of a dated period away."""
        self.form = FormDialog(
            self,
            f"登记离岗：{detail.facts.name}",
            absence.FIELDS,
            AbsenceFacts(),
            save=lambda typed: self.workspace.write(
                absences.register, RegisterAbsence(detail.id, typed)
            ),
            check=absence.validate,
            columns=1,
            action="登记",
        )
        self.open_form(self.form, lambda _id: self._on_absence(detail.id, "已登记离岗"))

    def _withdraw_absence(self, each: AbsenceLine) -> None:
        detail = self._detail
        text = "撤销后，这段时间的抽取不再排除本人。登记和撤销都留在台账里。"
        if detail is not None and confirm(
            self, f"撤销 {each.since} 起的{kind_words(each.kind)}", text, action="撤销"
        ):
            operation(
                self, lambda: self.workspace.write(absences.withdraw, WithdrawAbsence(each.id))
            ).success(lambda _none: self._on_absence(detail.id, "已撤销")).run_in_background()

    def _on_absence(self, row_id: int, words: str) -> None:
        self.said(words)
        self.show_detail(row_id)

    def _fill_loads(self, detail: InspectorDetail) -> None:
        if not detail.loads:
            fill(self.detail.tab("任务"), label("还没有抽到过任务。", "secondary"))
            return
        most = max(each.tasks for each in detail.loads)
        chart = PlainTable(
            (
                Column("period", "期间", width=92,
                       value=lambda row: Period.parse(row.period).in_words()),
                Column("tasks", "任务", ColumnKind.BAR, width=110,
                       value=lambda row: Bar(row.tasks, 0, most)),
                Column("leading", "牵头", ColumnKind.NUMBER, width=56),
            ),
            name="loads", unit="期",
        )  # fmt: skip
        chart.set_rows(detail.loads)
        chart.fit_height()
        fill(self.detail.tab("任务"), chart)

    def _fill_recusals(self, detail: InspectorDetail) -> None:
        self.interests = InterestsView(self, self.workspace, detail.id, detail.facts.name)
        self.interests.declared.connect(self._on_declared)
        self.interests.said.connect(lambda words: self._on_absence(detail.id, words))
        now = [each for each in detail.recusals if each.lifted_on is None]
        self.detail.set_tab_text("回避", f"回避 {len(now)}" if now else "回避")
        if not detail.recusals:
            words = label("没有登记回避。回避的对象不会派给本人。", "secondary", wrap=True)
            fill(self.detail.tab("回避"), words, self.interests)
            return
        past = [each for each in detail.recusals if each.lifted_on is not None]
        widgets = [self._recusal(each) for each in now]
        if past:
            widgets.append(label("已解除", "strong"))
            widgets += [label(recusal_words(each), "secondary", wrap=True) for each in past]
        fill(self.detail.tab("回避"), *widgets, self.interests)

    def _recusal(self, each: RecusalLine) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(recusal_words(each), wrap=True), 1)
        row.addWidget(link_button("解除", lambda: self.lift(each)))
        return holder

    def lift(self, each: RecusalLine) -> None:
        """Ask why a recusal ends, then end it."""
        self.lifting = ask_lift(
            self, self.workspace, each, lambda _none: self.said("已解除，登记和解除都留存")
        )

    def recuse(self, detail: InspectorDetail) -> None:
        """Open the dialog that declares a recusal."""
        self.recusal = RecusalDialog(self, self.workspace, detail.id, detail.facts.name)
        self.recusal.declared.connect(self._on_declared)
        self.recusal.open()

    def _on_declared(self, made: RecusalDeclared) -> None:
        """Say so; tasks of draws already made that it stands against lead to their replacement."""
        if not made.conflicts:
            self.said("已登记回避")
            return
        first = made.conflicts[0]
        serials = "、".join(each.serial for each in made.conflicts[:6])
        more = f"等 {len(made.conflicts)} 项" if len(made.conflicts) > 6 else ""
        self.question = MessageDialog(
            self,
            "回避已登记，有任务要更换",
            f"{first.inspector}名下还没有检查的 {serials}{more} 涉及这次回避。",
            "须在检查前更换检查人员，按本细则的办法办理。",
        )
        later = self.question.add_button("以后再办")
        go = self.question.add_button("去更换", "primary")
        go.setDefault(True)
        later.clicked.connect(self.question.reject)
        go.clicked.connect(self.question.accept)
        go.clicked.connect(lambda: self.context.go_to("teams", first.assignment_id))
        self.question.open()

    def _recuse_first(self, _ids: list[int]) -> None:
        if self._detail is not None:
            self.recuse(self._detail)


def _specialities(row: InspectorRow) -> str:
    return shown(_FIELDS["specialities"], row.specialities)


def _covers(each: AbsenceLine, today: date) -> bool:
    return each.since <= today and (each.until is None or today <= each.until)


def _state_words(row: InspectorRow) -> str:
    if row.state == "on_duty" and row.away:
        return kind_words(row.away)
    if row.state == "on_duty" and row.seconded_out:
        return "借调外出"
    if row.state == "on_duty" and row.on_leave:
        return "请假"
    return _STATE_WORDS.get(row.state, row.state)


def _state_tone(row: InspectorRow) -> Tone:
    return Tone.NORMAL if _state_words(row) == _STATE_WORDS["on_duty"] else Tone.INFO


def _validity(facts: InspectorFacts) -> str:
    if facts.cert_valid_to is None:
        return ""
    since = f"{facts.cert_valid_from} " if facts.cert_valid_from else ""
    return f"{since}至 {facts.cert_valid_to}"


def _leave(facts: InspectorFacts) -> str:
    if facts.leave_from is None:
        return ""
    return f"{facts.leave_from} 至 {facts.leave_to or '未定'}"
