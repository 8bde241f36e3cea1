from __future__ import annotations

from dataclasses import replace

import pytest

from app.db.read import inspectors, partners, people
from app.db.read.query import ListQuery
from app.domain.people import AssistantFacts, ExpertFacts
from app.errors import UserError
from app.services.directories import people as services
from app.services.directories.people import SaveAssistant, SaveExpert, SetPeopleState
from app.services.workspace import Workspace

EXPERT = ExpertFacts(name="某高工", organ="省环科院", specialities=("water", "air"))
HELPER = AssistantFacts(name="某协管", kind="auxiliary", section="一中队")


def save_expert(office: Workspace, facts: ExpertFacts, row_id: int | None = None) -> int:
    return office.write(services.save_expert, SaveExpert(row_id, facts)).id


def test_expert_is_numbered_found_and_offered_to_a_draw(office: Workspace) -> None:
    first = save_expert(office, EXPERT)
    second = save_expert(office, replace(EXPERT, name="某教授", ident="Z9"))
    able = [row.ident for row in office.read(partners.experts) if row.able]
    assert able == ["E001", "Z9"]
    assert list(office.read(people.expert_ids, ListQuery("mgg"))) == [first]
    office.write(services.set_expert_state, SetPeopleState((second,), "unavailable"))
    assert [row.name for row in office.read(partners.experts) if row.able] == ["某高工"]


def test_expert_keeps_number_and_edits_are_told(office: Workspace) -> None:
    made = save_expert(office, EXPERT)
    save_expert(office, replace(EXPERT, phone="0000"), made)
    found = office.read(people.expert, made)
    assert found is not None
    facts, changes = found
    assert facts == replace(EXPERT, phone="0000", ident="E001")
    assert [change.new for change in changes] == [False, True]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(EXPERT, name=""), "请填写姓名"),
        (replace(EXPERT, ident="E001"), "已经用了专家编号"),
        (replace(EXPERT, specialities=("水利",)), "不认识"),
    ],
)
def test_wrong_experts_are_refused_in_words(
    office: Workspace, facts: ExpertFacts, words: str
) -> None:
    save_expert(office, EXPERT)
    with pytest.raises(UserError, match=words):
        save_expert(office, facts)


def test_assistant_stays_out_of_the_directory_of_inspectors(office: Workspace) -> None:
    made = office.write(services.save_assistant, SaveAssistant(None, HELPER)).id
    office.write(services.save_assistant, SaveAssistant(made, replace(HELPER, phone="1")))
    (row,) = office.read(people.assistant_rows, [made])
    assert (row.ident, row.phone) == ("X001", "1")
    assert office.read(people.people_counts) == (0, 1)
    assert not office.read(lambda connection: list(inspectors.all_facts(connection)))
    office.write(services.set_assistant_state, SetPeopleState((made,), "off_duty"))
    state = {"state": frozenset({"on_duty"})}
    assert not office.read(people.assistant_ids, ListQuery(filters=state))
    with pytest.raises(UserError, match="没有在岗状态"):
        office.write(services.set_assistant_state, SetPeopleState((made,), "available"))
