"""The table: describe columns, give it a source, listen to what was chosen."""

from app.ui.tables.columns import (
    ALIGN_CENTER,
    ALIGN_LEFT,
    ALIGN_RIGHT,
    Bar,
    Column,
    ColumnKind,
)
from app.ui.tables.record_table import PlainTable, RecordTable
from app.ui.tables.source import Sort, TableQuery, TableSource

__all__ = [
    "ALIGN_CENTER",
    "ALIGN_LEFT",
    "ALIGN_RIGHT",
    "Bar",
    "Column",
    "ColumnKind",
    "PlainTable",
    "RecordTable",
    "Sort",
    "TableQuery",
    "TableSource",
]
