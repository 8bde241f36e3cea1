"""Sentences about people: who is missing, why a flag stands, who is unfit on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import rd1, shortage
from app.domain.approval import ApprovalStep, check_steps
from app.domain.fitness import unfit_on
from app.domain.flag_reasons import FlagReasons
from app.domain.recusal import parse_kinds
from app.domain.rule_facts import Absence, InspectorRecord
from app.errors import UserError
from app.services import rulebooks
from app.services.replacing import recusing

DAY = date(2026, 8, 20)


@dataclass(frozen=True)
class Person:
    code: str = ""
    specialities: tuple[str, ...] = ("water",)
    may_lead: bool = True

    @property
    def eligible(self) -> bool:
        return not self.code


def need(able: int, leads: int = 9) -> rd1.NeedSupply:
    return rd1.NeedSupply(group="ENF", need="water", targets=2, able=able, leads=leads)


def test_who_is_missing_why_and_what_would_help() -> None:
    people = [Person("leave"), Person("leave"), Person("certexpired"), Person("", ())]
    (words,) = shortage.sentences(people, [need(0)])
    assert words == (
        "缺少“水”专业人员（2 家需要）：名录中 3 人，合格 0 人，2 人请假、1 人执法证期内到期；"
        "销假、换发执法证并更新名录后可行"
    )
    (words,) = shortage.sentences([Person("", ())], [need(0)])
    assert "名录中没有" in words and "另抽专家" in words
    assert shortage.sentences([Person()] * 3, [need(3)]) == ()
    assert "后仍少 1 人" in shortage.too_few([Person("offduty")])


@given(st.lists(st.sampled_from(["", "leave", "certexpired", "employment"]), max_size=9))
def test_the_counts_of_a_sentence_add_up(codes: list[str]) -> None:
    people = [Person(code) for code in codes]
    able = sum(person.eligible for person in people)
    sentences = shortage.sentences(people, [need(able)])
    assert bool(sentences) is (able < 3)
    if sentences and people:
        assert f"名录中 {len(people)} 人，合格 {able} 人" in sentences[0]


def test_everything_against_a_person_on_a_day() -> None:
    rulebook = rulebooks.load("nanchang-2023")
    person = InspectorRecord(
        id="R01",
        name="赵某",
        certificate_no="1",
        certificate_until=date(2026, 8, 19),
        seconded_out=True,
        absences=(Absence(since=date(2026, 8, 1), until=date(2026, 8, 20)),),
    )
    found = {one.code: one for one in unfit_on(person, rulebook, DAY, date(2026, 9, 1))}
    assert set(found) == {"certexpired", "leave", "seconded"}
    assert found["certexpired"].certain and found["leave"].certain
    # What the directory knows for today only is no proof about an earlier day.
    assert not found["seconded"].certain
    assert all(one.certain for one in unfit_on(person, rulebook, DAY, DAY))
    fit = InspectorRecord(id="R02", certificate_no="1", certificate_until=DAY)
    assert unfit_on(fit, rulebook, DAY, DAY) == ()


def _plan(*people: rd1.PlanInspector, recusals: tuple[rd1.Recusal, ...] = ()) -> rd1.Plan:
    return rd1.Plan(
        no="360199-2026Q3-01",
        series="360199",
        period="2026Q3",
        prev=rd1.FIRST_PREV,
        groups=(rd1.Group("ENF", rd1.TeamMode.PAIR_EACH),),
        inspectors=people,
        targets=(rd1.PlanTarget("KEY", "T1", "water", "某厂"),),
        quotas=(rd1.Quota("KEY", 1, 0),),
        recusals=recusals,
        witnesses=(rd1.Witness(1, "甲"), rd1.Witness(2, "乙")),
    )


def _person(
    ident: str, *, lead: bool = False, specs: tuple[str, ...] = (), why: str = ""
) -> rd1.PlanInspector:
    return rd1.PlanInspector(
        id=ident, group="ENF", dept="A", lead=lead, specs=specs, eligible=not why, why=why
    )


def test_each_flag_says_why() -> None:
    plan = _plan(
        _person("R1"),
        _person("R2"),
        _person("R3", lead=True, why="leave"),
        _person("R4", lead=True),
        _person("R5", specs=("water",), why="certexpired"),
        recusals=(rd1.Recusal("R4", "T1", "kin"),),
    )
    result = rd1.replay(rd1.write_plan(plan), "a" * 64, ("123456", "654321"))
    assert FlagReasons(plan, result).of_target("ENF", "T1") == (
        "无主办资格人员可用，因名录中可以牵头的人员 2 人：1 人请假，1 人须回避",
        "无对口专业人员，因名录中“水”专业的人员 1 人：1 人执法证期内到期",
    )


def _step(name: str, day: date, **values: str) -> ApprovalStep:
    fields = {"step": "申请", "organ": "二中队", "post": "队员"} | values
    return ApprovalStep(name=name, on=day, **fields)


def test_steps_of_consent_are_whole_and_in_order() -> None:
    check_steps((_step("甲", DAY), _step("乙", DAY, step="批准")), DAY)
    for steps, words in (
        ((), "谁批准"),
        ((_step(" ", DAY),), "还没有写姓名"),
        ((_step("甲", DAY, organ=""),), "还没有写单位"),
        ((_step("甲", DAY), _step("乙", date(2026, 8, 1), step="批准")), "早于"),
        ((_step("甲", date(2026, 8, 21)),), "先批准"),
    ):
        with pytest.raises(UserError, match=words):
            check_steps(steps, DAY)


def test_kinds_of_interest_are_data() -> None:
    codes = [kind.code for kind in recusing.kinds()]
    assert {"kin", "kinfirm", "former", "other"} <= set(codes)
    with pytest.raises(UserError, match="重复"):
        parse_kinds('[[kinds]]\ncode = "a"\nlabel = "甲"\n' * 2)
    with pytest.raises(UserError, match="代码"):
        parse_kinds('[[kinds]]\ncode = "A b"\nlabel = "甲"\n')
