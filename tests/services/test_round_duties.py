"""A round of the directories handed upwards settles the duties that wait for it."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

from app.services.days import duties
from app.services.days.duties import DutyState
from app.services.directories import rounds
from app.services.directories.rounds import OpenRound, ProposeRound
from tests.services.test_rounds import tick_all
from tests.support import make_office
from tests.support_draw import Clock


def test_the_filing_by_the_fifteenth_is_told_from_the_round_before(tmp_path: Path) -> None:
    """QD 二(二): brought up to date at the quarter's end, filed within the next fifteen days."""
    office = make_office(tmp_path / "w", "qingdao-xihaian-2020")
    with contextlib.closing(office):

        def states() -> dict[tuple[str, date], DutyState]:
            view = office.read(duties.year_view, 2026, date(2026, 10, 1))
            return {(row.code, row.due_on): row.state for row in view.rows}

        filing, earlier = date(2026, 10, 15), date(2026, 7, 15)
        assert states()["directories_file", filing] is DutyState.OPEN
        number = office.write(rounds.open_round, OpenRound("2026Q3"))
        tick_all(office, number)
        clock = office.clock
        assert isinstance(clock, Clock)
        clock.move_to(date(2026, 9, 28))
        office.write(rounds.propose, ProposeRound(number))
        assert states()["directories", date(2026, 9, 30)] is DutyState.DONE
        assert states()["directories_file", filing] is DutyState.DONE
        assert states()["directories_file", earlier] is not DutyState.DONE
