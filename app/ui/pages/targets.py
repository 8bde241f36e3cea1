"""检查对象: the list of sites, the facts of one, its inspections, its edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.db.read import attachments, classification, secrecy, targets
from app.db.read.attachments import AttachedFile
from app.db.read.classification import DecisionLine
from app.db.read.query import Counted, Sort
from app.db.read.recusals import RecusalLine
from app.db.read.secrecy import DrawnNow
from app.db.read.targets import PastInspection, TargetCounts, TargetDetail, TargetRow
from app.domain.classification import Suggestion
from app.domain.fields import Field, shown, value_of
from app.domain.target import TARGET_STATES, TargetFacts, kind_label
from app.services import attaching
from app.services.attaching import Attach, Detach
from app.services.directories import classifying, directories
from app.services.directories.classifying import Decided
from app.services.directories.directories import SaveTarget, SetTargetState
from app.services.directories.directory import check_target, running_cycles, target_fields
from app.services.directories.saving import Saved
from app.services.replacing.recusing import kind_words
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import WithdrawInspection
from app.ui.dialogs.classifying import ReclassifyDialog, SuggestionsDialog
from app.ui.dialogs.files import open_attachment
from app.ui.dialogs.frequency import LedgerDialog, inspection_form
from app.ui.dialogs.identity import IdentityDialog
from app.ui.dialogs.messages import confirm, confirm_danger
from app.ui.dialogs.target_history import TargetHistoryDialog
from app.ui.icons import pixmap
from app.ui.pages.directory_page import (
    Directory,
    DirectoryPage,
    Editing,
    changes_view,
    fill,
    left,
    section,
)
from app.ui.tables import ALIGN_CENTER, Column, ColumnKind, ReadSource, RecordTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Chip,
    ElidedLabel,
    EmptyState,
    FactGrid,
    Filter,
    FilterRow,
    Group,
    PageContext,
    hairline,
    icon_button,
    label,
    link_button,
    small_button,
)
from app.ui.widgets.timeline import Event, Timeline

_DIRECTORY = Directory(
    kind="targets",
    subject="target",
    unit="家",
    noun="检查对象",
    add_words="新增对象",
    manual="检查对象",
)
_STATE_WORDS = {choice.value: choice.label for choice in TARGET_STATES}
_STATE_TONES = {
    "suspended": Tone.WARN,
    "construction": Tone.INFO,
    "closed": Tone.INFO,
    "moved": Tone.INFO,
}
_IN_FORCE = frozenset({"active", "suspended", "construction"})
_TABS = ("基本", "分类", "抽查史", "附件", "变更")
_COVERED = {True: "已覆盖", False: "未覆盖", None: ""}
_GROUPS = (
    Group("对象", ("name", "kind", "uscc", "permit_no", "permit_valid_to", "reg_no", "local_no")),
    Group("联系", ("legal_rep", "phone", "township", "address")),
    Group("分类", ("category", "category_reason", "state", "category_document",
                   "suspended_from", "suspended_to", "labels", "permit_category",
                   "credit_grade", "project")),
    Group(
        "标识",
        ("industry_code", "industry", "scale", "production_cycle", "pollutants", "monitoring",
         "performance_grade", "need", "squad", "tags"),
    ),
    Group("其他", ("note",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed(TargetFacts):
    """What the form asks: the facts, and why where the category was changed."""

    category_reason: str = ""
    category_document: str = ""

    @property
    def facts(self) -> TargetFacts:
        """Without what belongs to the decision."""
        return TargetFacts(**{name: getattr(self, name) for name in _FACTS})


_FACTS = tuple(each.name for each in dataclass_fields(TargetFacts))
_REASON = (
    Field(
        name="category_reason",
        label="改类别理由",
        hint="改了监管类别才填，记入分类决定",
    ),
    Field(name="category_document", label="文号", hint="没有的留空"),
)


class TargetsPage(DirectoryPage):
    """检查对象."""

    def __init__(self, context: PageContext) -> None:
        workspace = context.workspace
        self._fields = target_fields(workspace.rulebook)
        self.workspace = workspace
        self._described = {field.name: field for field in self._fields}
        marks = {"pollutants", "scale", "production_cycle", "monitoring", "performance_grade"}
        self._marks = [each for each in self._fields if each.name in marks | {"squad"}]
        self._category_words = {
            choice.value: choice.label
            for field in self._fields
            if field.name == "category"
            for choice in field.choices
        }
        self._detail: TargetDetail | None = None
        self._seen = _Beside()
        table = RecordTable(
            self._columns(),
            name="targets",
            unit="家",
            store=context.store,
            empty=EmptyState(
                "还没有检查对象。从平台导出的名录、自己的台账都可以直接导入。",
                "导入名录",
                self.start_import,
                manual="检查对象",
                icon_name="factory",
            ),
            first_sort=Sort("name"),
        )
        filters = FilterRow(
            [
                Filter("category", "类别", tuple(self._category_words.items())),
                Filter("state", "状态", tuple(_STATE_WORDS.items()), default=_IN_FORCE),
                Filter("township", "乡镇", ()),
                Filter("covered", "本周期", (("yes", "已覆盖"), ("no", "未覆盖"))),
                Filter("industry", "行业", ()),
                Filter("code", "代码", (("yes", "有代码"), ("no", "无代码"))),
                Filter("kind", "对象种类", ()),
                Filter("squad", "责任中队", ()),
                Filter("sent_back", "平台退回", (("yes", "平台退回"),)),
                *(
                    Filter(
                        name,
                        self._described[name].label,
                        tuple((each.value, each.label) for each in self._described[name].choices),
                    )
                    for name in ("permit_category", "credit_grade")
                ),
            ]
        )
        super().__init__(context, _DIRECTORY, table, filters, _TABS, self._editing())
        read, cycles = workspace.read, self._cycles
        table.set_source(
            ReadSource(
                lambda wanted: read(targets.ids, wanted, cycles()),
                lambda ids: read(targets.rows, ids, cycles()),
            )
        )
        table.add_action("查看历史", "clock", self._history_first)
        table.add_action("恢复在产", "check", partial(self.set_state, "active"))
        table.add_action("标为停产", "clock", partial(self.set_state, "suspended"))
        table.add_action("标为关闭（不再抽取）", "trash", partial(self._ask_gone, "closed"))
        table.add_action("标为迁出（不再抽取）", "send", partial(self._ask_gone, "moved"))

    def _editing(self) -> Editing:
        workspace = self.workspace
        return Editing(
            fields=[
                replace(each, required=each.required or each.name == "category")
                for each in self._fields
            ]
            + list(_REASON),
            groups=_GROUPS,
            blank=lambda: _Typed(name=""),
            find=self._find,
            check=lambda typed: check_target(typed, workspace.rulebook),
            save=self._save,
            states=_STATE_WORDS,
            set_state=lambda state, ids: workspace.write(
                directories.set_target_state, SetTargetState(ids, state)
            ),
        )

    def _find(self, row_id: int) -> _Typed | None:
        found = self.workspace.read(targets.one, row_id)
        if found is None:
            return None
        return _Typed(**{name: getattr(found.facts, name) for name in _FACTS})

    def _save(self, row_id: int | None, typed: object) -> Saved:
        """Write what the form says, or (撤销) the facts as they were before."""
        if isinstance(typed, _Typed):
            command = SaveTarget(
                row_id, typed.facts, typed.category_reason, typed.category_document
            )
        else:
            assert isinstance(typed, TargetFacts)  # noqa: S101
            command = SaveTarget(row_id, typed, "撤销刚才的修改")
        return self.workspace.write(directories.save_target, command)

    def more_actions(self) -> list[tuple[str, str, Callable[[], object]]]:
        """Classifying and earlier inspections besides."""
        return [
            ("建议调整分类…", "sliders", self.open_suggestions),
            ("导入检查记录…", "upload", partial(self.start_import, "inspections")),
            ("频次台账…", "clock", self._show_ledger),
            *super().more_actions(),
        ]

    def open_suggestions(self) -> None:
        """What the criteria of the rulebook would change."""
        self.suggestions = SuggestionsDialog(self, self.workspace, self._category_words)
        self.suggestions.open()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(
                "name",
                "名称",
                width=190,
                stretch=True,
                value=lambda row: row.shown_name,
            ),
            Column("code", "统一社会信用代码", ColumnKind.CODE, width=150),
            Column(
                "category",
                "类别",
                ColumnKind.STRONG,
                width=72,
                align=ALIGN_CENTER,
                value=lambda row: self._category_words.get(row.category, row.category),
            ),
            Column("industry", "行业", width=102),
            Column("township", "乡镇", width=74),
            Column(
                "covered",
                "本周期",
                width=66,
                value=lambda row: _COVERED[row.covered],
                tone=lambda row: Tone.NORMAL if row.covered else Tone.INFO,
            ),
            Column("last_inspected_on", "上次检查", ColumnKind.DATE, width=94),
            Column(
                "state",
                "状态",
                ColumnKind.CHIP,
                width=84,
                value=_state_words,
                tone=_state_tone,
            ),
            Column(
                "kind",
                "对象种类",
                width=110,
                hidden=True,
                value=partial(self._in_field_words, "kind"),
            ),
            Column("sent_back", "平台退回", width=180, hidden=True, sort=None),
            Column("legal_rep", "法定代表人", width=96, hidden=True),
            Column("phone", "联系电话", width=110, hidden=True, sort=None),
            Column("address", "地址", width=200, hidden=True, sort=None),
            Column("permit_no", "排污许可证编号", ColumnKind.CODE, width=190, hidden=True),
            Column("permit_valid_to", "许可证到期日", ColumnKind.DATE, hidden=True),
            Column("squad", "责任中队", width=90, hidden=True),
            *(
                Column(
                    name,
                    self._described[name].label,
                    width=110,
                    hidden=True,
                    value=partial(self._in_field_words, name),
                    sort=None if name in {"labels", "tags"} else "",
                )
                for name in ("labels", "permit_category", "credit_grade", "tags")
            ),
        )

    def _in_field_words(self, name: str, row: TargetRow) -> str:
        return shown(self._described[name], getattr(row, name))

    def _cycles(self) -> Mapping[str, date]:
        workspace = self.workspace
        today = workspace.clock().astimezone().date()
        return running_cycles(workspace.rulebook, workspace.unit.level, today)

    # -- listing -------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch counts and filter values, then the list."""
        read = self.workspace.read
        query(self, lambda: (read(targets.counts), read(targets.choices))).key("counts").success(
            lambda both: self._show_counts(*both)
        ).run_in_background()
        self.reload()

    def _show_counts(self, counts: TargetCounts, choices: targets.TargetChoices) -> None:
        self.table.set_total(counts.total)
        for key, values in (
            ("township", choices.townships),
            ("industry", choices.industries),
            ("squad", choices.squads),
        ):
            self.filters.set_choices(key, [(each.value, each.value) for each in values])
        self.filters.set_choices(
            "kind", [(each.value, kind_label(each.value)) for each in choices.kinds]
        )
        if self.stack.currentIndex() == 0:
            self.set_subtitle(
                self.workspace.rulebook.document.title,
                "，".join(
                    self._in_words(each)
                    for code in self._category_words
                    for each in counts.in_force
                    if each.value == code
                ),
                f"无代码 {counts.without_code} 家" if counts.without_code else "",
            )

    def _in_words(self, each: Counted) -> str:
        return f"{self._category_words.get(each.value, each.value)} {each.count} 家"

    # -- detail --------------------------------------------------------------

    def show_detail(self, row_id: int) -> None:
        """Fetch one target and fill the pane."""
        read = self.workspace.read

        def look() -> tuple[TargetDetail | None, list[TargetRow], _Beside]:
            today = self.workspace.clock().astimezone().date()
            suggestion, asks = read(classifying.suggestion_for, row_id, today)
            beside = _Beside(
                suggestion=suggestion,
                asks=asks,
                decisions=read(classification.decisions_of, row_id),
                files=read(attachments.of_owner, "target", row_id),
                drawn=read(secrecy.seen_without_asking, row_id, today),
            )
            return read(targets.one, row_id), read(targets.rows, [row_id], self._cycles()), beside

        query(self, look).key("detail").success(self._on_detail).run_in_background()

    def _on_detail(self, both: tuple[TargetDetail | None, list[TargetRow], _Beside]) -> None:
        detail, rows, self._seen = both
        self._detail = detail
        if detail is None or not rows:
            self.detail.hide()
            return
        facts, row = detail.facts, rows[0]
        chips = [Chip(self._category_words.get(facts.category, facts.category), Tone.INFO)]
        if facts.state != "active":
            chips.append(Chip(_STATE_WORDS[facts.state], _STATE_TONES[facts.state]))
        if row.sent_back:
            chips.append(Chip("平台退回", Tone.DANGER))
        self.detail.show_record(facts.name, code=row.code or detail.ident, chips=chips)
        self._fill_basics(detail, row)
        self._fill_category(detail)
        self._fill_history(detail)
        self._fill_files(detail)
        fill(
            self.detail.tab("变更"),
            changes_view(detail.changes, self._fields)
            if detail.changes
            else label(_origin(detail), "secondary", wrap=True),
        )
        self.detail.set_actions(
            [
                small_button("编辑", lambda: self.edit(detail.id), "edit"),
                small_button("登记检查", lambda: self.record(detail)),
                icon_button("more", "改状态、全部记录", self._open_states),
            ]
        )

    def _fill_basics(self, detail: TargetDetail, row: TargetRow) -> None:
        facts = detail.facts
        grid = FactGrid(84)
        year = self.workspace.clock().astimezone().year
        this_year = sum(each.on.year == year for each in detail.inspections)
        grid.show_facts(
            [
                ("对象种类", kind_label(facts.kind)),
                ("法定代表人", facts.legal_rep),
                ("联系电话", facts.phone),
                ("地址", _address(facts)),
                ("行业", " ".join(part for part in (facts.industry_code, facts.industry) if part)),
                ("排污许可证", _permit(facts)),
                ("本周期", _COVERED[row.covered]),
                ("本年已检", f"{this_year} 次"),
                *((name, text) for name, text in self._rare_facts(facts) if text),
            ]
        )
        widgets: list[QWidget] = [*self._next_step(detail), grid, self._secret(detail), hairline()]
        if row.sent_back:
            widgets.insert(0, Banner(Tone.DANGER, f"平台退回：{row.sent_back}"))
        widgets.append(section("检查史"))
        widgets.append(_inspections_view(detail.inspections[:5]))
        fill(self.detail.tab("基本"), *widgets)

    def _rare_facts(self, facts: TargetFacts) -> list[tuple[str, str]]:
        need = next(field for field in self._fields if field.name == "need")
        return [
            ("注册号", facts.reg_no),
            ("本地编号", facts.local_no),
            ("所需专长", need.label_of(facts.need)),
            *((each.label, shown(each, value_of(facts, each.name))) for each in self._marks),
            ("标签", "、".join(facts.tags)),
            *(
                ("所在库", each.label_of(facts.library))
                for each in self._fields
                if each.name == "library" and facts.library
            ),
            ("建设项目", "是" if facts.project else ""),
            ("备注", facts.note),
        ]

    def _next_step(self, detail: TargetDetail) -> list[QWidget]:
        """One banner, for what most needs doing; nothing when all is well."""
        facts = detail.facts
        today = self.workspace.clock().astimezone().date()
        words = ""
        if facts.permit_valid_to is not None and facts.permit_valid_to < today:
            words = f"排污许可证已于 {facts.permit_valid_to} 到期，请核对并更新"
        elif facts.project and facts.state == "active":
            words = "建设项目已投产的，请核对监管类别和排污许可证"
        if not words:
            return []
        banner = Banner(Tone.WARN, words, heading="下一步")
        banner.add_button("更新资料", lambda: self.edit(detail.id))
        return [banner]

    def _secret(self, detail: TargetDetail) -> QWidget:
        made = _Secret(partial(self._ask_identity, detail.id))
        if self._seen.drawn is not None:
            made.show_answer(self._seen.drawn)
        self.secret = made
        return made

    def _ask_identity(self, target_id: int) -> None:
        self.identity = IdentityDialog(self, self.workspace, target_id)
        self.identity.answered.connect(partial(self._on_identified, target_id))
        self.identity.open()

    def _on_identified(self, target_id: int, found: DrawnNow | None) -> None:
        if self._detail is not None and self._detail.id == target_id:
            self.secret.show_answer(found)

    def _fill_category(self, detail: TargetDetail) -> None:
        rulebook = self.workspace.rulebook
        code = detail.facts.category
        category = next((each for each in rulebook.categories if each.code == code), None)
        grid = FactGrid(84)
        grid.show_facts(
            [
                ("监管类别", category.label if category else code),
                ("自", detail.category_since.isoformat()),
                *self._label_facts(detail.facts),
                ("认定标准", "；".join(category.criteria) if category else ""),
                ("条款", f"《{rulebook.document.title}》{category.article}" if category else ""),
                ("编号", f"{detail.ident}{'（已用于抽取，不再改变）' if detail.drawn else ''}"),
            ]
        )
        widgets: list[QWidget] = [*self._suggestion(), grid]
        widgets.append(left(small_button("重新分类…", lambda: self._reclassify(detail))))
        if self._seen.decisions:
            widgets += [hairline(), section("分类决定")]
            timeline = Timeline()
            timeline.show_events([self._decision(each) for each in self._seen.decisions])
            widgets.append(timeline)
        fill(self.detail.tab("分类"), *widgets)

    def _label_facts(self, facts: TargetFacts) -> list[tuple[str, str]]:
        described = self._described
        names = ("labels", "permit_category", "credit_grade")
        found = [(described[n].label, shown(described[n], value_of(facts, n))) for n in names]
        return [(name, text) for name, text in found if text]

    def _suggestion(self) -> list[QWidget]:
        found = self._seen.suggestion
        if found is None:
            return []
        word = self._category_words.get(found.category, found.category)
        text = "；".join(found.words)
        if not self._seen.asks:
            return [label(f"按标准：{word}。{text}", "small", wrap=True)]
        banner = Banner(Tone.WARN, f"建议调整为{word}：{text}", heading="建议调整分类")
        banner.add_button("去处理", self.open_suggestions)
        return [banner]

    def _decision(self, each: DecisionLine) -> Event:
        was, decided = (self._category_words.get(c, c) for c in (each.was, each.decided))
        what = f"{was} 调整为 {decided}" if was != decided else f"维持 {was}"
        parts = (*each.grounds, each.reason, each.document_no, each.by)
        return Event(f"{each.at.astimezone():%Y-%m-%d}", what, "；".join(p for p in parts if p))

    def _reclassify(self, detail: TargetDetail) -> None:
        who = (detail.id, detail.facts.name, detail.facts.category)
        self.reclassify = ReclassifyDialog(self, self.workspace, who, self._category_words)
        self.reclassify.decided.connect(self._on_reclassified)
        self.reclassify.open()

    def _on_reclassified(self, done: Decided) -> None:
        def undo() -> None:
            operation(self, lambda: self.workspace.write(classifying.take_back, done)).success(
                lambda _none: self.said("已改回原来的分类")
            ).run_in_background()

        self.said("已记录分类决定", undo)

    def _fill_files(self, detail: TargetDetail) -> None:
        files = self._seen.files
        self.detail.set_tab_text("附件", f"附件 {len(files)}" if files else "附件")
        widgets: list[QWidget] = [self._file(each) for each in files]
        if not files:
            widgets.append(
                label("还没有附件。许可证、环评批复、照片都可以放在这里。", "secondary", wrap=True)
            )
        widgets.append(
            left(small_button("添加附件…", lambda: self._attach(detail.id), "paperclip"))
        )
        fill(self.detail.tab("附件"), *widgets)

    def _file(self, each: AttachedFile) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(ElidedLabel(each.name), 1)
        row.addWidget(link_button("打开", partial(open_attachment, self, self.workspace, each)))
        row.addWidget(link_button("移除", partial(self._detach, each)))
        return holder

    def _attach(self, target_id: int) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "选择附件")
        if not chosen:
            return

        def work() -> int:
            for path in chosen:
                command = Attach(owner_kind="target", owner_id=target_id, path=Path(path))
                self.workspace.write(attaching.attach, command)
            return len(chosen)

        operation(self, work).key("attach").success(
            lambda count: self._on_files(target_id, f"已添加 {count} 个附件")
        ).run_in_background()

    def _detach(self, each: AttachedFile) -> None:
        if self._detail is None or not confirm(
            self, "移除附件", f"移除“{each.name}”。添加和移除都留在台账里。", action="移除"
        ):
            return
        target_id = self._detail.id
        operation(self, lambda: self.workspace.write(attaching.detach, Detach(each.id))).key(
            "detach"
        ).success(lambda _none: self._on_files(target_id, "已移除")).run_in_background()

    def _on_files(self, target_id: int, words: str) -> None:
        self.said(words)
        self.show_detail(target_id)

    def _history(self, row_id: int, name: str) -> None:
        self.history = TargetHistoryDialog(self, self.workspace, row_id, name)
        self.history.open()

    def _history_first(self, ids: list[int]) -> None:
        row = self.table.current_row()
        if ids and row is not None:
            self._history(row.id, row.name)

    def _fill_history(self, detail: TargetDetail) -> None:
        widgets: list[QWidget] = [_inspections_view(detail.inspections, self._withdraw)]
        if detail.recusals:
            widgets += [hairline(), section("回避")]
            widgets += [label(_recusal_words(each), wrap=True) for each in detail.recusals]
        fill(self.detail.tab("抽查史"), *widgets)

    def _open_states(self) -> None:
        if self._detail is None:
            return
        menu = QMenu(self)
        detail = self._detail
        menu.addAction("全部记录…").triggered.connect(
            lambda: self._history(detail.id, detail.facts.name)
        )
        menu.addSeparator()
        for value, word in _STATE_WORDS.items():
            if value != self._detail.facts.state:
                act = self._ask_gone if value in {"closed", "moved"} else self.set_state
                menu.addAction(f"标为{word}").triggered.connect(
                    partial(self._act_on_state, act, value, self._detail.id)
                )
        menu.popup(self.cursor().pos())

    def _act_on_state(self, act: object, state: str, row_id: int) -> None:
        if callable(act):
            act(state, [row_id])

    def _show_ledger(self) -> None:
        year = self.workspace.clock().astimezone().year
        self.ledger = LedgerDialog(self, self.workspace, year, self.context.toast)
        self.ledger.open()

    # -- inspections outside the draw ------------------------------------------

    def record(self, detail: TargetDetail) -> None:
        """Open the form for an inspection that no draw of ours brought about."""
        self.form = inspection_form(self, self.workspace, detail.id, detail.facts.name)
        self.open_form(self.form, lambda _id: self.said("已登记检查"))

    def _withdraw(self, each: PastInspection) -> None:
        text = "撤回后不再计入频次和覆盖。登记和撤回都留在台账里。"
        if confirm(self, f"撤回 {each.on} 的{each.kind}", text, action="撤回"):
            command = WithdrawInspection(each.id)
            operation(
                self, lambda: self.workspace.write(past_inspections.withdraw, command)
            ).success(lambda _none: self.said("已撤回")).run_in_background()

    # -- states ---------------------------------------------------------------

    def _ask_gone(self, state: str, ids: Sequence[int]) -> None:
        word = _STATE_WORDS[state]
        name = self._detail.facts.name if len(ids) == 1 and self._detail else f"{len(ids)} 家"
        if ids and confirm_danger(
            self,
            f"标为{word}",
            f"标为{word}后不再进入抽取名单，历史保留，可以改回。",
            object_name=name,
            action=f"标为{word}",
        ):
            self.set_state(state, ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What the pane shows beside the facts; ``drawn`` only once it was inspected."""

    suggestion: Suggestion | None = None
    asks: bool = False
    decisions: tuple[DecisionLine, ...] = ()
    files: tuple[AttachedFile, ...] = ()
    drawn: DrawnNow | None = None


class _Secret(QFrame):
    """Whether it was drawn this quarter stays secret until the inspectors are at the door.

    Before that only the person at the desk sees it, after the passphrase.
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("secret")
        self.setStyleSheet(f"#secret {{ background: {LIGHT.background}; border-radius: 4px; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        mark = QLabel()
        mark.setPixmap(pixmap("lock", LIGHT.secondary, 18, self.devicePixelRatioF()))
        row.addWidget(mark)
        words = QVBoxLayout()
        words.setSpacing(1)
        self.answer = label("本季是否抽中：保密", wrap=True)
        self.hint = label("检查到场后显示，或验证身份后查看", "small", wrap=True)
        words.addWidget(self.answer)
        words.addWidget(self.hint)
        row.addLayout(words, 1)
        self.look = link_button("查看", ask)
        row.addWidget(self.look)

    def show_answer(self, found: DrawnNow | None) -> None:
        """What an identified person sees, or everybody once it was inspected."""
        self.look.hide()
        if found is None:
            self.answer.setText("本季没有抽中")
            self.hint.setText("离开这一家后重新隐藏")
            return
        state = "已检查" if found.inspected else f"{found.due_on} 前检查"
        self.answer.setText(f"抽中 {found.serial}，{state}")
        self.hint.setText(f"{found.no}　{'、'.join(found.team)}")


def _state_words(row: TargetRow) -> str:
    if row.sent_back:
        return "平台退回"
    if row.state == "active" and not row.code:
        return "无代码"
    return "正常" if row.state == "active" else _STATE_WORDS.get(row.state, row.state)


def _state_tone(row: TargetRow) -> Tone:
    if row.sent_back:
        return Tone.DANGER
    if row.state == "active" and not row.code:
        return Tone.INFO
    return _STATE_TONES.get(row.state, Tone.NORMAL)


def _address(facts: TargetFacts) -> str:
    if facts.township in facts.address:
        return facts.address
    return f"{facts.township} {facts.address}".strip()


def _permit(facts: TargetFacts) -> str:
    ends = f"{facts.permit_valid_to} 到期" if facts.permit_valid_to else ""
    return "，".join(part for part in (facts.permit_no, ends) if part)


def _origin(detail: TargetDetail) -> str:
    source = f"由“{detail.source_file}”导入" if detail.source_file else "建档"
    return f"{detail.created_on} {source}，之后没有改动。"


def _inspections_view(
    inspections: Sequence[PastInspection],
    withdraw: Callable[[PastInspection], object] | None = None,
) -> QWidget:
    if not inspections:
        return label("还没有检查记录。", "secondary")
    timeline = Timeline()
    events = []
    for each in inspections:
        event = _inspection_event(each)
        if withdraw is not None and not each.drawn:
            event = replace(event, action="撤回", on_action=partial(withdraw, each))
        events.append(event)
    timeline.show_events(events)
    return timeline


def _inspection_event(each: PastInspection) -> Event:
    if each.violation:
        note, tone = "发现违法行为", Tone.DANGER
    elif each.finding:
        note, tone = "发现问题", Tone.WARN
    elif each.covers:
        note, tone = "未发现问题", Tone.OK
    else:
        note, tone = "未能检查", Tone.INFO
    source = f"，{each.source}" if each.source else ""
    return Event(each.on.isoformat(), each.kind, note + source, tone)


def _recusal_words(each: RecusalLine) -> str:
    lifted = f"，{each.lifted_on} 解除" if each.lifted_on else ""
    return f"{each.inspector}：{kind_words(each.code)}（{each.declared_on} 登记{lifted}）"
