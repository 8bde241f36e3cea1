"""The frequency ledger of a year, and the caps a unit sets: seen in the list and in the pool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import pool, results
from app.db.read.tasks import Progress
from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.past_inspection import PastInspectionFacts
from app.domain.rule_facts import InspectionKind
from app.errors import UserError
from app.services.plans import frequency_ledger, frequency_rules, planning
from app.services.plans.frequency_ledger import LedgerLine
from app.services.plans.frequency_rules import FrequencyRules
from app.services.tasks import inspecting, past_inspections
from app.services.tasks.past_inspections import RecordInspection
from app.services.workspace import Workspace
from tests.support_office import PERIOD, draw_once, make_office

TODAY = date(2026, 7, 2)


@pytest.fixture
def banner(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(
        tmp_path / "w", rulebook="neimenggu", level="county", targets={"KEY": 8, "GENERAL": 30}
    )
    yield workspace
    workspace.close()


def visit(office: Workspace, ident: str, kind: str, day: int, *, violation: bool = False) -> None:
    target = office.read(pool.target_names)[ident]
    facts = PastInspectionFacts(
        name=target.name, on=date(2026, 3, day), kind=kind, violation=violation
    )
    office.write(past_inspections.record, RecordInspection(target.id, facts))


def line_of(office: Workspace, ident: str) -> LedgerLine:
    name = office.read(pool.target_names)[ident].name
    lines = office.read(frequency_ledger.year_lines, 2026, TODAY)
    return next(line for line in lines if line.name == name)


def excluded(office: Workspace) -> dict[str, str]:
    plan = office.read(planning.compute, planning.MakePlan(period=PERIOD, on=TODAY))
    return {each.ident: each.words for each in plan.excluded}


def test_every_kind_is_listed_and_only_those_that_count_are_held_against_the_cap(
    banner: Workspace,
) -> None:
    visit(banner, "KEY0001", "own", 1)
    visit(banner, "KEY0001", "case", 2)
    line = line_of(banner, "KEY0001")
    assert (line.total, line.of(InspectionKind.OWN), line.of(InspectionKind.CASE)) == (2, 1, 1)
    assert line.standing == "细则上限 2 次：还可 1 次"
    visit(banner, "KEY0001", "superior", 3)
    line = line_of(banner, "KEY0001")
    assert line.standing == "细则上限 2 次：已满" and line.reached
    assert "已达年度检查次数上限2次" in excluded(banner)["KEY0001"]


def test_a_violation_lifts_the_cap(banner: Workspace) -> None:
    visit(banner, "KEY0001", "own", 1)
    visit(banner, "KEY0001", "superior", 2, violation=True)
    line = line_of(banner, "KEY0001")
    assert "发现违法，不受限" in line.standing and not line.reached
    assert "KEY0001" not in excluded(banner)


def test_the_unit_says_which_kinds_count_and_sets_a_cap_of_its_own(banner: Workspace) -> None:
    visit(banner, "KEY0001", "case", 1)
    visit(banner, "GENERAL0001", "complaint", 1)
    rules = FrequencyRules(
        counts=("own", "case"), own_limit=1, own_counts=("complaint",), own_lifted=False
    )
    banner.write(frequency_rules.save, rules)
    assert banner.read(frequency_rules.read) == rules
    assert line_of(banner, "KEY0001").standing == (
        "细则上限 2 次：还可 1 次；本单位上限 1 次：还可 1 次"
    )
    assert line_of(banner, "GENERAL0001").reached
    assert set(excluded(banner)) >= {"GENERAL0001"}
    assert "KEY0001" not in excluded(banner)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (FrequencyRules(own_limit=0), "至少是 1 次"),
        (FrequencyRules(own_limit=2, own_counts=()), "计入上限"),
        (FrequencyRules(counts=()), "至少要计入一种"),
        (FrequencyRules(own_counts=("nonsense",)), "不认识"),
    ],
)
def test_rules_that_make_no_sense_are_refused(
    banner: Workspace, rules: FrequencyRules, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        banner.write(frequency_rules.save, rules)


def test_who_was_drawn_is_not_told_before_the_inspection(banner: Workspace) -> None:
    before = banner.read(frequency_ledger.year_lines, 2026, TODAY)
    draw_once(banner)
    assert banner.read(frequency_ledger.year_lines, 2026, TODAY) == before


def test_the_right_to_leave_out_what_the_superior_found_clean_can_be_waived(
    tmp_path: Path,
) -> None:
    office = make_office(tmp_path / "yy", rulebook="yiyang-2021", targets={"KEY": 8})
    try:
        visit(office, "KEY0001", "superior", 1)
        assert excluded(office)["KEY0001"] == "本年度上级已检查且未发现问题"
        rules = replace(office.read(frequency_rules.read), leave_out_superior=False)
        office.write(frequency_rules.save, rules)
        assert "KEY0001" not in excluded(office)
    finally:
        office.close()


def test_the_inspections_of_one_target_say_where_they_come_from(banner: Workspace) -> None:
    visit(banner, "KEY0001", "superior", 1)
    target = line_of(banner, "KEY0001").target_id
    (entry,) = banner.read(frequency_ledger.entries, target, 2026)
    assert (entry.kind, entry.origin, entry.on) == ("上级检查", "手工登记", date(2026, 3, 1))
    assert banner.read(frequency_ledger.entries, target, 2025) == ()


@pytest.mark.parametrize("rulebook", ["nanchang-2023", "neimenggu"])
def test_a_reason_lowers_the_units_own_cap_and_never_the_regulations(
    tmp_path: Path, rulebook: str
) -> None:
    level = "county" if rulebook == "neimenggu" else ""
    office = make_office(tmp_path / rulebook, rulebook=rulebook, level=level)
    try:
        own = 1 if rulebook == "nanchang-2023" else 2
        office.write(frequency_rules.save, FrequencyRules(own_limit=own))
        no = draw_once(office).no
        every = results.ResultQuery(draw_no=no, progress=frozenset(Progress))
        row = office.read(results.rows, office.read(results.ids, every))[0]
        entry = office.read(results.form, row.id).entry
        entry = replace(
            entry,
            inspected_on=TODAY,
            arrived="09:40",
            left="11:25",
            methods=(office.rulebook.check_methods.value[0],),
            items=tuple(replace(item, outcome=ItemOutcome.OK) for item in entry.items),
            conclusion=Conclusion.NO_PROBLEM,
            entered_by="钱某",
            formalities=replace(entry.formalities, uncounted="应急演练一并检查，经批准不计"),
        )
        sent = office.write(
            inspecting.submit, inspecting.SubmitResult(assignment_id=row.id, entry=entry)
        )
        office.write(
            inspecting.lock, inspecting.LockResult(result_id=sent.result_id, reviewed_by="郑某")
        )
        said = office.read(frequency_ledger.standing_of, row.target_id, 2026, TODAY)
        wanted = {
            "nanchang-2023": "本单位上限 1 次：还可 1 次",
            # Two a year by the regulation: only a violation lifts it.
            "neimenggu": "细则上限 2 次：还可 1 次；本单位上限 2 次：还可 2 次",
        }
        assert said == wanted[rulebook]
        (line,) = [
            each
            for each in office.read(frequency_ledger.year_lines, 2026, TODAY)
            if each.target_id == row.target_id
        ]
        assert line.total == 1  # the visit itself is never left out of the ledger
    finally:
        office.close()
