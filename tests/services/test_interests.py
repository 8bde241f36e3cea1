"""利害关系: a former employer or a relative's firm becomes a proposed recusal; a person decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.db.read import recusals
from app.domain.inspector import InspectorFacts
from app.domain.interest import InterestFacts
from app.domain.target import TargetFacts
from app.errors import UserError
from app.services.days import desk
from app.services.directories import directories, interests
from app.services.directories.directories import SaveInspector
from app.services.directories.interests import DecideProposal, EndInterest, RegisterInterest
from app.services.replacing import recusing
from app.services.workspace import Workspace
from tests.services.test_directories import TODAY, last_entry, save, uscc

FIRM = InterestFacts(firm="青禾县某某(集团)水泥厂", code="former", note="2021 年离职")


@pytest.fixture
def person(office: Workspace) -> int:
    facts = InspectorFacts(name="赵某", cert_no="1")
    return office.write(directories.save_inspector, SaveInspector(None, facts)).id


def register(office: Workspace, person: int, facts: InterestFacts = FIRM) -> int:
    return office.write(interests.register, RegisterInterest(person, facts))


def proposed(office: Workspace) -> list[tuple[str, str]]:
    return [(each.target, each.because) for each in office.read(interests.proposals)]


def test_a_firm_is_proposed_once_it_stands_in_the_list(office: Workspace, person: int) -> None:
    register(office, person)
    assert last_entry(office)[0] == "interest.declare"
    assert proposed(office) == []
    save(office, TargetFacts(name="青禾县某某（集团）水泥厂", category="KEY"))
    save(office, TargetFacts(name="青禾县某某（集团）水泥厂二分厂", category="KEY"))
    save(office, TargetFacts(name="青禾县另一水泥厂", category="KEY"))
    assert proposed(office) == [
        ("青禾县某某（集团）水泥厂", "名称相同"),
        ("青禾县某某（集团）水泥厂二分厂", "名称以该单位开头"),
    ]


def test_the_code_decides_where_both_have_one(office: Workspace, person: int) -> None:
    register(office, person, replace(FIRM, uscc=uscc(1)))
    save(office, TargetFacts(name="改过名的厂", uscc=uscc(1), category="KEY"))
    save(office, TargetFacts(name=FIRM.firm, uscc=uscc(2), category="KEY"))
    assert proposed(office) == [("改过名的厂", "统一社会信用代码相同")]


def test_a_proposal_is_taken_as_a_recusal_with_its_reason(office: Workspace, person: int) -> None:
    register(office, person)
    site = save(office, TargetFacts(name=FIRM.firm, category="KEY"))
    (each,) = office.read(interests.proposals)
    made = office.write(
        interests.decide, DecideProposal(each.interest_id, each.target_id, same=True)
    )
    assert made is not None and made.conflicts == ()
    (line,) = office.read(recusals.of_target, site.id)
    assert (line.code, line.lifted_on) == ("former", None)
    assert line.note == f"依利害关系登记“{FIRM.firm}”；2021 年离职"
    assert proposed(office) == []
    lift = recusing.LiftRecusal(id=line.id, reason="已满三年")
    office.write(recusing.lift_recusal, lift)
    assert proposed(office) == []


def test_another_body_is_not_asked_about_again(office: Workspace, person: int) -> None:
    register(office, person)
    save(office, TargetFacts(name=FIRM.firm, category="KEY"))
    (each,) = office.read(interests.proposals)
    office.write(interests.decide, DecideProposal(each.interest_id, each.target_id, same=False))
    assert proposed(office) == []
    assert last_entry(office)[0] == "interest.decline"


def test_closed_ones_and_ended_interests_propose_nothing(office: Workspace, person: int) -> None:
    made = register(office, person)
    save(office, TargetFacts(name=FIRM.firm, category="KEY", state="closed", address="一号"))
    assert proposed(office) == []
    save(office, TargetFacts(name=FIRM.firm, category="KEY", address="二号"))
    assert len(proposed(office)) == 1
    office.write(interests.end, EndInterest(made))
    assert proposed(office) == []
    (line,) = office.read(interests.of_inspector, person)
    assert (line.lifted_on, line.lifted_by) == (TODAY, "卫七")
    with pytest.raises(UserError, match="已经结束"):
        office.write(interests.end, EndInterest(made))


def test_wrong_or_double_declarations_are_refused(office: Workspace, person: int) -> None:
    register(office, person)
    with pytest.raises(UserError, match="已经登记过"):
        register(office, person, replace(FIRM, firm="青禾县某某（集团）水泥厂"))
    for wrong in (replace(FIRM, firm=""), replace(FIRM, code="x"), replace(FIRM, uscc="9136")):
        with pytest.raises(UserError):
            register(office, person, wrong)
    register(office, person, replace(FIRM, code="kinfirm"))


def test_the_desk_asks_for_the_decision_without_names(office: Workspace, person: int) -> None:
    register(office, person)
    save(office, TargetFacts(name=FIRM.firm, category="KEY"))
    todos = office.read(desk.overview, TODAY).todos
    (todo,) = [each for each in todos if "利害关系" in each.sentence]
    assert (todo.page, todo.where) == ("inspectors", person)
    assert FIRM.firm not in todo.sentence + todo.detail
