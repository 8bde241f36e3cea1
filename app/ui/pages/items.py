"""抽查事项: the item list, its long texts, and which items are in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.db.read import items, past
from app.db.read.items import ItemChoices, ItemCounts, ItemDetail, ItemRow
from app.db.read.past import RowVersion
from app.db.read.query import Sort
from app.domain.fields import shown, value_of
from app.domain.item import ItemFacts
from app.services.directories import directories
from app.services.directories.directories import PutItemsInForce, SaveItem
from app.services.directories.directory import check_item, item_fields
from app.services.paperwork import item_papers
from app.services.paperwork.item_papers import PrintItems
from app.ui.dialogs.preview import show_file
from app.ui.pages.directory_page import Directory, DirectoryPage, Editing, changes_view, fill
from app.ui.tables import Column, ColumnKind, ReadSource, RecordTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    Chip,
    EmptyState,
    FactGrid,
    Filter,
    FilterRow,
    Group,
    PageContext,
    hairline,
    label,
    small_button,
)
from app.ui.widgets.timeline import Event, Timeline

_DIRECTORY = Directory(
    kind="items",
    subject="item",
    unit="项",
    noun="抽查事项",
    add_words="新增事项",
    manual="抽查事项",
)
_GROUPS = (
    Group("事项", ("name", "code", "position", "kind", "year")),
    Group("依据和内容", ("basis", "content", "requirement")),
    Group("怎么查", ("subject", "object", "method", "staff", "scope", "time_and_way")),
    Group("多少和适用", ("ratio", "frequency", "categories", "need", "joint")),
)
_SHORT = ("kind", "subject", "object", "method", "staff", "scope", "ratio", "frequency",
          "time_and_way", "categories", "need", "joint", "year")  # fmt: skip
_LONG = ("basis", "content", "requirement")


class ItemsPage(DirectoryPage):
    """抽查事项."""

    def __init__(self, context: PageContext) -> None:
        workspace = context.workspace
        self._fields = {field.name: field for field in item_fields(workspace.rulebook)}
        self._detail: ItemDetail | None = None
        table = RecordTable(
            self._columns(),
            name="items",
            unit="项",
            store=context.store,
            empty=EmptyState(
                "还没有抽查事项。可以导入清单，或逐项新增。",
                "导入清单",
                self.start_import,
                manual="抽查事项",
            ),
            first_sort=Sort("position"),
        )
        filters = FilterRow(
            [
                Filter(
                    "in_force", "状态", (("1", "启用"), ("0", "停用")), default=frozenset({"1"})
                ),
                Filter("kind", "类型", ()),
                Filter("year", "年度", ()),
                Filter("joint", "部门联合", (("1", "是"), ("0", "否"))),
            ],
            hint="事项 / 编号 / 拼音首字母",
        )
        super().__init__(
            context,
            _DIRECTORY,
            table,
            filters,
            ("基本", "依据和内容", "版本", "变更"),
            Editing(
                fields=tuple(self._fields.values()),
                groups=_GROUPS,
                blank=lambda: ItemFacts(name=""),
                find=self._find,
                check=lambda typed: check_item(typed, workspace.rulebook),
                save=lambda row_id, typed: workspace.write(
                    directories.save_item, SaveItem(row_id, typed)
                ),
                states={"1": "启用", "0": "停用"},
                set_state=lambda state, ids: workspace.write(
                    directories.put_items_in_force, PutItemsInForce(ids, state == "1")
                ),
                state_of=lambda value: "1" if value else "0",
            ),
        )
        self.import_button.setText("导入清单")
        read = workspace.read
        table.set_source(
            ReadSource(lambda wanted: read(items.ids, wanted), lambda ids: read(items.rows, ids))
        )
        table.add_action("启用", "check", partial(self.set_state, "1"))
        table.add_action("停用", "close", partial(self.set_state, "0"))

    def _find(self, row_id: int) -> ItemFacts | None:
        found = self.workspace.read(items.one, row_id)
        return found.facts if found else None

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("name", "抽查事项", width=230, stretch=True),
            Column("code", "编号", ColumnKind.CODE, width=72),
            Column("kind", "类型", width=104),
            Column("categories", "适用类别", width=110, value=self._categories, sort=None),
            Column("method", "方式", width=96, sort=None),
            Column("ratio", "比例", width=112),
            Column("frequency", "频次", width=76),
            Column(
                "in_force",
                "状态",
                ColumnKind.CHIP,
                width=76,
                value=lambda row: "启用" if row.in_force else "停用",
                tone=lambda row: Tone.NORMAL if row.in_force else Tone.INFO,
            ),
            Column("position", "排序", ColumnKind.NUMBER, hidden=True),
            Column("year", "年度", ColumnKind.NUMBER, hidden=True),
            Column("subject", "抽查主体", width=140, hidden=True, sort=None),
            Column("basis", "抽查依据", width=220, hidden=True, sort=None),
        )

    def _categories(self, row: ItemRow) -> str:
        return shown(self._fields["categories"], row.categories) or "全部"

    # -- listing -------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch counts and filter values, then the list."""
        read = self.workspace.read
        query(self, lambda: (read(items.counts), read(items.choices))).key("counts").success(
            lambda both: self._show_counts(*both)
        ).run_in_background()
        self.reload()

    def _show_counts(self, counts: ItemCounts, choices: ItemChoices) -> None:
        self.table.set_total(counts.total)
        for key, values in (("kind", choices.kinds), ("year", choices.years)):
            self.filters.set_choices(key, [(each.value, each.value) for each in values])
        if self.stack.currentIndex() == 0:
            self.set_subtitle(
                self.workspace.rulebook.document.title,
                f"启用 {counts.in_force} 项",
                f"停用 {counts.total - counts.in_force} 项"
                if counts.total > counts.in_force
                else "",
            )

    # -- detail --------------------------------------------------------------

    def show_detail(self, row_id: int) -> None:
        """Fetch one item and fill the pane."""
        read = self.workspace.read

        def look() -> tuple[ItemDetail | None, tuple[RowVersion, ...], dict[int, list[str]]]:
            versions = read(past.versions_of, "item", row_id)
            return read(items.one, row_id), versions, read(past.draws_by_version, versions)

        query(self, look).key("detail").success(
            lambda found: self._on_detail(*found)
        ).run_in_background()

    def _on_detail(
        self,
        detail: ItemDetail | None,
        versions: tuple[RowVersion, ...],
        draws: dict[int, list[str]],
    ) -> None:
        self._detail = detail
        if detail is None:
            self.detail.hide()
            return
        facts = detail.facts
        chips = [] if detail.in_force else [Chip("停用", Tone.INFO)]
        self.detail.show_record(facts.name, code=facts.code, chips=chips)
        grid = FactGrid(84)
        lines = [(self._fields[name].label, self._words(facts, name)) for name in _SHORT]
        grid.show_facts([*lines, ("用于检查", f"{detail.used} 次" if detail.used else "还没有")])
        fill(self.detail.tab("基本"), grid)
        texts = []
        for name in _LONG:
            text = self._words(facts, name)
            texts += [label(self._fields[name].label, "strong"), label(text or "—", wrap=True)]
            texts.append(hairline())  # type: ignore[arg-type]
        fill(self.detail.tab("依据和内容"), *texts[:-1])
        timeline = Timeline()
        timeline.show_events(self._versions(versions, draws))
        fill(self.detail.tab("版本"), timeline)
        fill(
            self.detail.tab("变更"),
            changes_view(detail.changes, tuple(self._fields.values()))
            if detail.changes
            else label("导入后没有改动。", "secondary"),
        )
        state, other = ("0", "停用") if detail.in_force else ("1", "启用")
        self.detail.set_actions(
            [
                small_button("编辑", lambda: self.edit(detail.id), "edit"),
                small_button(other, lambda: self.set_state(state, [detail.id])),
            ]
        )

    def _versions(self, versions: Sequence[RowVersion], draws: dict[int, list[str]]) -> list[Event]:
        """Newest first: what each version changed, and which draws were sealed with it."""
        events = []
        for before, each in zip((None, *versions), versions, strict=False):
            if each.row is None:
                continue
            old = before.row if before is not None else None
            changed = [
                field.label
                for name, field in self._fields.items()
                if old is not None and old.values.get(name) != each.row.values.get(name)
            ]
            notes = [
                f"改了{'、'.join(changed)}" if changed else "停用或启用" if old else "首次列入"
            ]
            if draws.get(each.number):
                notes.append(f"抽取 {'、'.join(draws[each.number])} 按这一版")
            day = f"{each.at.astimezone():%Y-%m-%d} " if each.at else ""
            events.append(Event(f"第 {each.number} 版", f"{day}{each.by}", "\n".join(notes)))
        return events[::-1]

    def more_actions(self) -> list[tuple[str, str, Callable[[], object]]]:
        """Printing the list besides."""
        return [("打印事项清单", "print", self.print_list), *super().more_actions()]

    def print_list(self) -> None:
        """The list on paper, seen first."""
        workspace = self.workspace
        operation(self, lambda: workspace.write(item_papers.print_items, PrintItems())).key(
            "print"
        ).progress("正在排版").success(partial(show_file, self)).run_in_background()

    def _words(self, facts: ItemFacts, name: str) -> str:
        text = shown(self._fields[name], value_of(facts, name))
        if name == "categories" and not text:
            return "全部"
        return "" if name == "joint" and not facts.joint else text
