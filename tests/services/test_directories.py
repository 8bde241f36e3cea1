from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text

from app.db.read import classification, inspectors, items, recusals, targets
from app.db.read.query import ListQuery
from app.db.unit_of_work import UnitOfWork
from app.domain.codes import uscc_check_character
from app.domain.inspector import InspectorFacts
from app.domain.item import ItemFacts
from app.domain.target import TargetFacts
from app.errors import UserError
from app.models import Target
from app.services.directories import directories, saving
from app.services.directories.directories import (
    PutItemsInForce,
    SaveInspector,
    SaveItem,
    SaveTarget,
    SetTargetState,
)
from app.services.replacing import recusing
from app.services.replacing.recusing import DeclareRecusal, LiftRecusal
from app.services.workspace import Workspace
from tests.support_draw import Clock
from tests.support_office import draw_once
from tests.support_office import make_office as make_full_office

TODAY = date(2026, 7, 2)


def uscc(number: int) -> str:
    body = f"91360199MA{number:07d}"
    return body + uscc_check_character(body)


FARM = TargetFacts(name="青禾县某辛养殖场", address="西畈乡", category="GENERAL")
WORKS = TargetFacts(name="青禾县某庚水泥制品厂", uscc=uscc(1), category="KEY", phone="0000")


def save(office: Workspace, facts: TargetFacts, row_id: int | None = None) -> saving.Saved:
    return office.write(directories.save_target, SaveTarget(row_id, facts, "核对后调整"))


def detail(office: Workspace, row_id: int) -> targets.TargetDetail:
    found = office.read(targets.one, row_id)
    assert found is not None
    return found


def last_entry(office: Workspace) -> tuple[str, str, str]:
    def read(connection: object) -> tuple[str, str, str]:
        row = connection.execute(  # type: ignore[attr-defined]
            text("SELECT action, subject, detail FROM ledger ORDER BY seq DESC LIMIT 1")
        ).one()
        return row.action, row.subject, row.detail

    return office.read(read)


def test_new_target_is_listed_found_and_recorded(office: Workspace) -> None:
    told: list[frozenset[str]] = []
    office.changed.append(told.append)
    saved = save(office, WORKS)
    assert saved.ident == WORKS.uscc
    assert list(office.read(targets.ids, ListQuery("snzp 91360199"))) == [saved.id]
    assert detail(office, saved.id).facts == WORKS
    assert last_entry(office)[:2] == ("target.save", WORKS.uscc)
    assert told == [frozenset({"target"})]


def test_target_without_any_code_gets_the_units_own_numbers(office: Workspace) -> None:
    first = save(office, FARM)
    second = save(office, replace(FARM, address="柳湾镇"))
    assert (first.ident, second.ident) == ("L000001", "L000002")
    assert save(office, replace(FARM, phone="1"), first.id).ident == "L000001"


def test_only_changed_fields_are_recorded_and_shown(office: Workspace) -> None:
    saved = save(office, WORKS)
    again = save(office, replace(WORKS, phone="0001", township="柳湾镇"), saved.id)
    assert [change.field for change in again.changes] == ["phone", "township"]
    newest = detail(office, saved.id).changes[0]
    assert {each.field: (each.before, each.after) for each in newest.fields} == {
        "phone": ("0000", "0001"),
        "township": ("", "柳湾镇"),
    }
    assert newest.by == "卫七" and not newest.new


def test_saving_the_same_again_writes_nothing(office: Workspace) -> None:
    saved = save(office, WORKS)
    before = last_entry(office)
    assert save(office, WORKS, saved.id).changes == ()
    assert last_entry(office) == before


def test_saving_what_was_before_undoes_an_edit(office: Workspace) -> None:
    saved = save(office, WORKS)
    edited = save(office, replace(WORKS, name="改过的名称"), saved.id)
    assert isinstance(edited.before, TargetFacts)
    save(office, edited.before, saved.id)
    assert detail(office, saved.id).facts == WORKS


def test_new_category_starts_its_day_anew_and_other_edits_do_not(office: Workspace) -> None:
    saved = save(office, WORKS)
    assert isinstance(office.clock, Clock)
    office.clock.move_to(date(2026, 9, 1))
    save(office, replace(WORKS, phone="1"), saved.id)
    assert detail(office, saved.id).category_since == TODAY
    general = replace(WORKS, phone="1", category="GENERAL")
    with pytest.raises(UserError, match="要写明理由"):
        office.write(directories.save_target, SaveTarget(saved.id, general))
    assert detail(office, saved.id).facts.category == "KEY"
    office.write(
        directories.save_target, SaveTarget(saved.id, general, "已停产两年", "〔2026〕3号")
    )
    assert detail(office, saved.id).category_since == date(2026, 9, 1)
    (told,) = office.read(classification.decisions_of, saved.id)
    assert (told.was, told.decided, told.reason) == ("KEY", "GENERAL", "已停产两年")


def test_two_that_nothing_tells_apart_are_refused_by_hand_as_by_import(office: Workspace) -> None:
    save(office, FARM)
    with pytest.raises(UserError, match="不同的地址、排污许可证编号、本地编号或对象种类"):
        save(office, FARM)
    save(office, replace(FARM, address="东畈乡", kind="farm"))
    save(office, replace(FARM, address="东畈乡", kind="hydro"))
    shown = [
        row.shown_name for row in office.read(targets.rows, office.read(targets.ids, ListQuery()))
    ]
    assert len(set(shown)) == 3


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(WORKS, category="A"), "不是本细则的类别"),
        (replace(WORKS, category=""), "请填写监管类别"),
        (replace(WORKS, name=""), "请填写检查对象名称"),
        (replace(WORKS, uscc=WORKS.uscc[:17] + "0"), "校验"),
    ],
)
def test_wrong_facts_are_refused_in_words(
    office: Workspace, facts: TargetFacts, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        save(office, facts)
    assert len(office.read(targets.ids, ListQuery())) == 0


def test_same_name_at_same_place_is_refused_with_the_others_name(office: Workspace) -> None:
    save(office, FARM)
    with pytest.raises(UserError, match=FARM.name):
        save(office, replace(FARM, phone="1"))


def test_one_permit_belongs_to_one_target(office: Workspace) -> None:
    save(office, replace(WORKS, permit_no=WORKS.uscc + "001P"))
    with pytest.raises(UserError, match=f"“{WORKS.name}”已经用了这个排污许可证编号"):
        save(office, replace(WORKS, name="另一家", permit_no=WORKS.uscc + "001P"))


def test_two_sites_of_one_legal_body_are_two_targets(office: Workspace) -> None:
    first = save(office, replace(WORKS, address="柳湾镇"))
    second = save(office, replace(WORKS, name="青禾县某庚水泥制品厂二分厂", address="东塘镇"))
    assert (first.ident, second.ident) == (WORKS.uscc, WORKS.uscc + "S2")


def test_ident_follows_the_codes_until_a_draw_has_named_it(tmp_path: object) -> None:
    office = make_full_office(tmp_path / "office")  # type: ignore[operator]
    try:
        saved = save(office, TargetFacts(name="没有代码的厂", category="A"))
        row = detail(office, saved.id)
        assert save(office, replace(row.facts, uscc=uscc(7)), saved.id).ident == uscc(7)
        draw_once(office)
        fixed = save(office, replace(row.facts, uscc=uscc(8)), saved.id)
        assert fixed.ident == uscc(7)
        assert detail(office, saved.id).drawn
    finally:
        office.close()


def test_many_targets_change_state_in_one_entry(office: Workspace) -> None:
    ids = tuple(save(office, replace(FARM, address=f"{n} 号")).id for n in range(3))
    done = office.write(directories.set_target_state, SetTargetState(ids, "closed"))
    assert done.count == 3
    assert last_entry(office)[:2] == ("target.state", "3")
    change = detail(office, ids[1]).changes[0]
    assert (change.fields[0].before, change.fields[0].after) == ("active", "closed")
    assert office.write(directories.set_target_state, SetTargetState(ids, "closed")).count == 0


PERSON = InspectorFacts(name="赵某", cert_no="36019900001", cert_valid_to=date(2026, 8, 31))


def test_inspector_gets_a_number_that_is_not_the_certificate(office: Workspace) -> None:
    saved = office.write(directories.save_inspector, SaveInspector(None, PERSON))
    assert saved.ident == "P001"
    (row,) = office.read(inspectors.rows, [saved.id], TODAY)
    assert row.cert_state is inspectors.CertState.SOON


def test_one_certificate_belongs_to_one_inspector(office: Workspace) -> None:
    office.write(directories.save_inspector, SaveInspector(None, PERSON))
    with pytest.raises(UserError, match="“赵某”已经用了这个执法证号"):
        office.write(directories.save_inspector, SaveInspector(None, replace(PERSON, name="钱某")))


def test_personal_number_in_a_plan_is_kept(tmp_path: object) -> None:
    office = make_full_office(tmp_path / "office")  # type: ignore[operator]
    try:
        draw_once(office)
        (row_id,) = office.read(inspectors.ids, ListQuery("r1"), TODAY)[:1]
        person = office.read(inspectors.one, row_id, TODAY)
        assert person is not None and person.drawn
        with pytest.raises(UserError, match="不能再改"):
            office.write(
                directories.save_inspector,
                SaveInspector(row_id, replace(person.facts, personal_no="Z9")),
            )
    finally:
        office.close()


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (date(2026, 7, 1), "expired"),
        (date(2026, 7, 2), "soon"),
        (date(2026, 9, 30), "soon"),
        (date(2026, 10, 1), "valid"),
        (None, "missing"),
    ],
)
def test_certificate_filter_agrees_with_the_row(
    office: Workspace, ends: date | None, state: str
) -> None:
    saved = office.write(
        directories.save_inspector, SaveInspector(None, replace(PERSON, cert_valid_to=ends))
    )
    query = ListQuery(filters={"certificate": frozenset({state})})
    assert list(office.read(inspectors.ids, query, TODAY)) == [saved.id]
    (row,) = office.read(inspectors.rows, [saved.id], TODAY)
    assert row.cert_state.value == state


def test_items_are_numbered_placed_and_taken_out_of_force(office: Workspace) -> None:
    first = office.write(directories.save_item, SaveItem(None, ItemFacts(name="环评执行")))
    second = office.write(directories.save_item, SaveItem(None, ItemFacts(name="按证排污")))
    assert (first.ident, second.ident) == ("S001", "S002")
    assert list(office.read(items.ids, ListQuery())) == [first.id, second.id]
    office.write(directories.put_items_in_force, PutItemsInForce((first.id,), False))
    in_force = ListQuery(filters={"in_force": frozenset({"1"})})
    assert list(office.read(items.ids, in_force)) == [second.id]
    with pytest.raises(UserError, match="已经有“按证排污”"):
        office.write(directories.save_item, SaveItem(None, ItemFacts(name="按证排污")))


def test_recusal_is_declared_once_and_can_be_withdrawn(office: Workspace) -> None:
    site = save(office, WORKS)
    person = office.write(directories.save_inspector, SaveInspector(None, PERSON))
    command = DeclareRecusal(inspector_id=person.id, target_id=site.id, code="kin")
    recusal = office.write(recusing.declare_recusal, command).id
    assert [each.inspector for each in detail(office, site.id).recusals] == ["赵某"]
    with pytest.raises(UserError, match="已经登记过"):
        office.write(recusing.declare_recusal, command)
    with pytest.raises(UserError, match="写明情形"):
        office.write(recusing.declare_recusal, replace(command, code="other"))
    with pytest.raises(UserError, match="为什么解除"):
        office.write(recusing.lift_recusal, LiftRecusal(id=recusal, reason=" "))
    office.write(recusing.lift_recusal, LiftRecusal(id=recusal, reason="亲属已离职"))
    (line,) = detail(office, site.id).recusals
    assert (line.lifted_by, line.lift_reason) == (office.actor, "亲属已离职")
    assert office.read(recusals.in_force) == ()
    with pytest.raises(UserError, match="已经解除"):
        office.write(recusing.lift_recusal, LiftRecusal(id=recusal, reason="再一次"))
    again = office.write(recusing.declare_recusal, command).id
    assert again != recusal and len(detail(office, site.id).recusals) == 2


def test_refused_save_leaves_the_database_as_it_was(office: Workspace) -> None:
    save(office, WORKS)

    def count(uow: UnitOfWork, _command: None) -> int:
        return len(uow.session.scalars(select(Target.id)).all())

    with pytest.raises(UserError):
        save(office, replace(WORKS, phone="1"))
    assert office.write(count, None) == 1
