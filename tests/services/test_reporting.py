"""The period's report counts as done what the unit's own regulation calls done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.db.read import tasks as task_reads
from app.exchange.sheets import Cell
from app.services import planning, publishing
from app.services.package_tables import report_table
from app.services.publishing import Publish, publish
from tests.support_draw import (
    DRAW_NO,
    PERIOD,
    DrawnOffice,
    lock_result,
    make_drawn_office,
    ordered_entry,
)


def _report(office: DrawnOffice) -> Mapping[str, Cell]:
    """The line of all categories, by column."""

    def read(connection: Connection) -> Mapping[str, Cell]:
        statement = task_reads.in_draws(task_reads.tasks_of(), draw_no=DRAW_NO)
        command = planning.MakePlan(period=PERIOD, on=date(2026, 9, 15), headcount=1)
        table = report_table(
            "2026年第三季度",
            planning.compute(connection, command),
            task_reads.read_tasks(connection, statement),
            publishing.board(connection, PERIOD),
            office.workspace.rulebook,
        )
        names = [column.title for column in table.columns]
        return dict(zip(names, list(table.rows)[-1], strict=True))

    return office.workspace.read(read)


@pytest.mark.parametrize(
    ("rulebook", "entered", "published"),
    [
        ("taijiang-2022", 3, 3),  # entered is done
        ("yiyang-2021", 0, 2),  # unpublished is not done (五（三）)
        ("neimenggu", 3, 3),
        ("qingdao-xihaian-2020", 2, 2),  # what was ordered is not yet rectified (七（三）)
    ],
)
def test_done_is_what_the_regulation_calls_done(
    tmp_path: Path, rulebook: str, entered: int, published: int
) -> None:
    office = make_drawn_office(tmp_path / "office", rulebook=rulebook)
    try:
        results = [lock_result(office, task) for task in office.tasks[:2]]
        task = office.tasks[2]
        lock_result(office, task, ordered_entry(office, task))
        before = _report(office)
        assert (before["户数"], before["户次"], before["算作完成"]) == (5, 5, entered)
        office.workspace.write(
            publish, Publish(result_ids=tuple(results), on=date(2026, 9, 15), place="门户网站")
        )
        assert _report(office)["算作完成"] == published
    finally:
        office.workspace.close()
