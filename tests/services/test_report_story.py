"""Stories nobody thought of: whatever happens to the tasks, every figure is the hand count's.

A story is a chain of wishes told by a seed; what the program refuses is not noted.  At
each stop the report is compared with the exercise book, and kept: made again at the end for that
same day, it has to say the same.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.consequences import RectifyStep
from app.domain.correction import Redo
from app.domain.inspection import Conclusion
from app.domain.report import Measure, Report
from app.errors import UserError
from app.services.days import reporting
from app.services.tasks import correcting, following, inspecting, stepping
from tests.support_year import DIGITS, County, Line, county, record_basis, the_same_r

__all__ = ["the_same_r"]

CONCLUSIONS = (
    Conclusion.NO_PROBLEM,
    Conclusion.ORDERED,
    Conclusion.CASE,
    Conclusion.CLOSED,
    Conclusion.REFUSED,
)


@dataclass
class Teller:
    """Grants a wish if the program does, and notes it."""

    here: County
    done: Counter[str] = field(default_factory=Counter)

    def grant(self, wish: str, line: Line, how: int) -> None:
        """One wish for one task; refused ones leave no trace."""
        acts: dict[str, Callable[[Line, int], None]] = {
            "start": lambda line, _how: self.here.start(line, self.here.today),
            "submit": self._submit,
            "return": self._return,
            "lock": self._lock,
            "visit": self._visit,
            "replace": lambda line, _how: self._replace(line),
            "postpone": self._postpone,
            "publish": lambda line, _how: self.here.publish(line),
            "take down": lambda line, _how: self.here.take_down(line),
            "exempt": lambda line, _how: self.here.exempt(line),
            "rectify": lambda line, _how: self.here.rectified(line),
            "extend": self._extend,
            "case": lambda line, _how: self.here.open_case(line),
            "end": lambda line, _how: self.here.end_case(line),
            "outcome": lambda line, _how: self.here.publish_outcome(line),
            "refer": lambda line, _how: self.here.refer_to_police(line),
            "receipt": lambda line, _how: self.here.receipt(line),
            "plan": lambda line, _how: self.here.plan_visit(line, self.here.today),
            "revisit": self._revisit,
            "correct": lambda line, _how: self.here.correct(line, date(2026, 3, 31)),
            "enter again": lambda line, _how: self._enter_again(line),
        }
        try:
            acts[wish](line, how)
        except UserError:
            return
        self.done[wish] += 1

    def _submit(self, line: Line, how: int) -> None:
        here, chosen = self.here, CONCLUSIONS[how]
        line.until = here.today + timedelta(30)
        entry = here.entry(line, line.on or here.today, chosen)
        command = inspecting.SubmitResult(assignment_id=line.task, entry=entry)
        line.result = here.office.write(inspecting.submit, command).result_id
        line.on, line.conclusion = entry.inspected_on, chosen
        line.write(entry.inspected_on or here.today, "seen")
        line.write(here.today, "sent")

    def _return(self, line: Line, _how: int) -> None:
        command = inspecting.ReturnResult(result_id=line.result, reason="写得不全")
        self.here.office.write(inspecting.return_for_correction, command)
        line.write(self.here.today, "back")

    def _lock(self, line: Line, _how: int) -> None:
        command = inspecting.LockResult(result_id=line.result, reviewed_by="卫七")
        self.here.office.write(inspecting.lock, command)
        line.locked = True
        line.write(self.here.today, "locked", line.conclusion)

    def _visit(self, line: Line, how: int) -> None:
        until = self.here.today + timedelta(20)
        self.here.visit(line, line.on or self.here.today, CONCLUSIONS[how], until=until)

    def _replace(self, line: Line) -> None:
        came = self.here.replace_target(line)
        assert came.born == self.here.today

    def _postpone(self, line: Line, how: int) -> None:
        until = self.here.today + timedelta(how)
        command = stepping.PostponeTask(assignment_id=line.task, until=until, reason="检修")
        self.here.office.write(stepping.postpone, command)

    def _extend(self, line: Line, how: int) -> None:
        until = (line.until or self.here.today) + timedelta(how + 1)
        self.here.note(line, RectifyStep.EXTENSION, "设备到货晚", until)

    def _revisit(self, line: Line, how: int) -> None:
        settled = how % 2 == 0
        command = following.MakeVisit(
            visit_id=line.visit, on=self.here.today, people="赵某", finding="看过",
            settled=settled,
        )  # fmt: skip
        self.here.office.write(following.make_visit, command)
        line.write(self.here.today, "visited", (line.visit, settled))

    def _enter_again(self, line: Line) -> None:
        """A correction that leaves the visit: the draft is typed anew."""
        here = self.here
        moved = here.office.write(
            correcting.apply,
            correcting.Apply(
                result_id=line.result, error="写错", should_be="另一种", cause="笔误",
                applied_by=line.people[0], applied_on=here.today, redo=Redo.REENTER,
            ),
        )  # fmt: skip
        while moved.following is not None:
            moved = here.office.write(
                correcting.pass_station,
                correcting.PassStation(
                    correction_id=moved.correction_id, organ=moved.following.organ, name="郑某",
                    post=moved.following.post, on=here.today,
                ),
            )  # fmt: skip
        line.locked, line.conclusion, line.published = False, None, None
        line.write(here.today, "void")
        line.write(line.on or here.today, "seen")

    def compare(self, period: str, as_of: date) -> Report:
        """The report of a period on a day; what it counts is what the book says."""
        view = self.here.office.read(reporting.report, period, as_of)
        by_hand = self.here.report(view.as_of, 1)
        total = view.report.total
        assert {each: set(total.figures[each].tasks) for each in Measure} == by_hand
        for each in Measure:
            assert sum(line.number(each) for line in view.report.lines) == total.number(each)
        return view.report


_SIDE = ("postpone", "return", "take down", "extend", "receipt", "revisit", "end", "outcome")


def menu(line: Line, chance: random.Random) -> str:
    """Something that might well be asked of a task as it stands in the book."""
    if chance.random() < 0.1:
        return chance.choice(_SIDE)
    if line.gone and not line.locked:
        return "submit"  # refused: its place is another's
    if not line.locked:
        sent = [what for _on, what, _more in line.notes if what in {"sent", "back", "void"}]
        if sent and sent[-1] == "sent":
            return chance.choice(("lock", "lock", "return"))
        return chance.choice(("start", "submit", "visit", "visit", "replace", "postpone"))
    if line.conclusion in (Conclusion.CLOSED, Conclusion.REFUSED) and not line.gone:
        return chance.choice(("replace", "replace", "publish", "exempt", "correct"))
    after = ["publish", "publish", "exempt", "take down", "refer", "receipt", "plan", "revisit"]
    after.append(chance.choice(("correct", "enter again", "publish", "revisit")))
    if line.conclusion is Conclusion.ORDERED:
        after += ["rectify"] * 4 + ["extend"]
    if line.conclusion is Conclusion.CASE:
        after += ["case", "case", "end", "end", "end", "outcome"]
    return chance.choice(after)


@pytest.mark.parametrize(
    ("rulebook", "targets", "seed"),
    [
        ("nanchang-2023", {"A": 4, "B": 8, "C": 12}, 1),
        ("yiyang-2021", {"KEY": 4, "SPECIAL": 2, "GENERAL": 6}, 3),
        ("neimenggu", {"KEY": 8, "GENERAL": 12}, 4),
    ],
)
@pytest.mark.usefixtures("the_same_r")
def test_every_figure_is_the_hand_counts(
    tmp_path: Path, rulebook: str, targets: dict[str, int], seed: int
) -> None:
    chance = random.Random(seed)
    with county(tmp_path / "w", rulebook, targets) as here:
        record_basis(here)
        here.day(date(2026, 1, 5))
        here.draw(1, DIGITS[0])
        teller = Teller(here)
        kept: dict[tuple[str, date], Report] = {}
        for at in range(1, 106):
            line = chance.choice(here.lines)
            teller.grant(menu(line, chance), line, chance.randrange(len(CONCLUSIONS)))
            if at % 15 == 0:
                for period in ("2026Q1", "2026M01"):
                    kept[period, here.today] = teller.compare(period, here.today)
            if at % 5 == 0:
                here.day(here.today + timedelta(chance.randrange(1, 6)))
        for (period, day), before in kept.items():
            assert teller.compare(period, day) == before
        whole = teller.compare("2026", here.today)
        for each, figure in whole.total.figures.items():
            rows = here.office.read(reporting.behind, figure.tasks, here.today)
            assert {row.id for row in rows} == set(figure.tasks), each
        # The story went somewhere: most wishes were granted, of most sorts.
        assert teller.done.total() >= 40
        assert len(teller.done) >= 12
