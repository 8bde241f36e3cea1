"""The table: describe columns, give it a source, listen to what was chosen."""

from app.db.read.query import ListQuery, Sort
from app.ui.tables.columns import (
    ALIGN_CENTER,
    ALIGN_LEFT,
    ALIGN_RIGHT,
    Bar,
    Column,
    ColumnKind,
)
from app.ui.tables.record_table import PlainTable, RecordTable
from app.ui.tables.source import ReadSource, TableSource

__all__ = [
    "ALIGN_CENTER",
    "ALIGN_LEFT",
    "ALIGN_RIGHT",
    "Bar",
    "Column",
    "ColumnKind",
    "ListQuery",
    "PlainTable",
    "ReadSource",
    "RecordTable",
    "Sort",
    "TableSource",
]
