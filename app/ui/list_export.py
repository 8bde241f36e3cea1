"""导出 Excel of a table: the lines that are listed, the columns that are seen."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.services.directories import workbooks
from app.services.directories.workbooks import ExportList
from app.services.paperwork.list_papers import PrintList
from app.ui.desktop import open_path
from app.ui.dialogs.files import ask_workbook
from app.ui.pages.directory_page import list_column, plain_value
from app.ui.tables import PlainTable, RecordTable
from app.ui.tasks import operation
from app.ui.widgets.page import Toaster

__all__ = ["ask_export", "export_table", "listed"]


def listed(table: PlainTable, title: str, note: str = "") -> PrintList:
    """What a table shows, for paper."""
    columns = table.visible_columns()
    return PrintList(
        title=title,
        columns=tuple(list_column(column) for column in columns),
        rows=[[plain_value(column.read(row)) for column in columns] for row in table.rows()],
        note=note,
    )


def ask_export(
    parent: QWidget,
    toast: Toaster,
    title: str,
    table: RecordTable,
    ids: Sequence[int],
    keys: Sequence[str],
    today: date,
) -> None:
    """Ask where, then write."""
    path = ask_workbook(parent, "导出到哪里", f"{title}-{today:%Y%m%d}.xlsx")
    if path is not None:
        export_table(parent, toast, title, table, path, ids, keys)


def export_table(
    parent: QWidget,
    toast: Toaster,
    title: str,
    table: RecordTable,
    path: Path,
    ids: Sequence[int],
    keys: Sequence[str],
) -> None:
    """Write these lines and columns in the background."""
    columns = [column for column in table.visible_columns() if column.key in keys]
    wanted: array[int] = array("q", ids)
    known = list(table.rows()) if isinstance(table, PlainTable) else None

    def write() -> Path:
        rows = known if known is not None else table.model.fetch_rows(wanted)
        return workbooks.export_list(
            ExportList(
                path,
                title,
                tuple(list_column(column) for column in columns),
                [[plain_value(column.read(row)) for column in columns] for row in rows],
            )
        )

    def told(made: Path) -> None:
        toast(f"已写成：{made.name}", "打开", partial(open_path, made))

    operation(parent, write).key("export").progress("正在导出").success(told).run_in_background()
