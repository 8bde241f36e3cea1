"""Filling in a 检查结果填报表 as a squad does, away from the program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

CLEAN = {
    "检查日期": date(2026, 9, 10),
    "到场时间": "9:40",
    "检查方式": "查看现场、查阅材料",
    "检查结论": "未发现问题",
    "填报人": "钱二",
}
FOUND = {
    **CLEAN,
    "检查结论": "发现问题已责令整改",
    "发现的问题": "暂存间标识不全",
    "处理措施": "责令限期整改",
    "整改期限": "2026.10.10",
    "文书号": "青环责改〔2026〕14号",
}


def fill(
    path: Path,
    serial: str,
    cells: Mapping[str, Any] | None = None,
    items: Mapping[int, tuple[str, str]] | None = None,
    *,
    every: str = "",
) -> None:
    """Type into a form: a task's cells by column, its items by number; ``every``: all others."""
    book = openpyxl.load_workbook(path)
    main, lines = book["检查结果"], book["逐项检查"]
    columns = {str(cell.value).rstrip("*"): cell.column for cell in main[1]}
    for row in main.iter_rows(min_row=3):
        if row[0].value == serial:
            for title, value in (cells or {}).items():
                main.cell(row[0].row, columns[title]).value = value
    heads = {str(cell.value): cell.column for cell in lines[1]}
    for row in lines.iter_rows(min_row=3):
        if row[0].value != serial:
            continue
        number = int(row[heads["项次"] - 1].value)
        ticked, note = (items or {}).get(number, (every, ""))
        if ticked:
            lines.cell(row[0].row, heads["情况"]).value = ticked
        if note:
            lines.cell(row[0].row, heads["说明"]).value = note
    book.save(path)
