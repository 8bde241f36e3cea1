"""Whether a target is drawn is seen by the person at the desk only, with a passphrase."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.db.read import secrecy, target_history, targets
from app.db.read.query import ListQuery
from app.errors import UserError
from app.services.draws import identifying
from app.services.draws.identifying import LookIfDrawn, ResetPassphrase, SetPassphrase
from app.services.workspace import Workspace
from tests.services.test_directories import TODAY, last_entry
from tests.support_draw import Clock
from tests.support_office import draw_once, make_office


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Workspace]:
    office = make_office(tmp_path / "w")
    draw_once(office)
    yield office
    office.close()


def chosen(office: Workspace) -> tuple[int, int]:
    """A target that was drawn and one that was not."""
    rows = office.read(targets.ids, ListQuery())
    hits = [each for each in rows if office.read(secrecy.drawn_now, each, TODAY) is not None]
    (other, *_) = [each for each in rows if each not in hits]
    return hits[0], other


def test_the_answer_needs_the_passphrase_and_is_recorded(drawn: Workspace) -> None:
    hit, other = chosen(drawn)
    with pytest.raises(UserError, match="还没有设置口令"):
        drawn.write(identifying.look, LookIfDrawn(hit, "x"))
    drawn.write(identifying.set_passphrase, SetPassphrase("江上清风77"))
    assert drawn.read(identifying.has_passphrase, drawn.actor)
    found = drawn.write(identifying.look, LookIfDrawn(hit, "江上清风77"))
    assert found is not None and found.period == "2026Q3" and len(found.team) == 2
    assert not found.inspected
    assert drawn.write(identifying.look, LookIfDrawn(other, "江上清风77")) is None
    assert last_entry(drawn)[0] == "secrecy.look"
    stored = (drawn.folder.database).read_bytes()
    assert "江上清风77".encode() not in stored


def test_five_wrong_ones_close_it_for_the_day(drawn: Workspace) -> None:
    hit, _ = chosen(drawn)
    drawn.write(identifying.set_passphrase, SetPassphrase("江上清风77"))
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(UserError, match=f"还可以试 {left} 次"):
            drawn.write(identifying.look, LookIfDrawn(hit, "错的口令"))
    with pytest.raises(UserError, match="暂停使用"):
        drawn.write(identifying.look, LookIfDrawn(hit, "江上清风77"))


def test_changing_it_needs_the_old_one_and_plain_ones_are_refused(drawn: Workspace) -> None:
    with pytest.raises(UserError, match="至少 6 位"):
        drawn.write(identifying.set_passphrase, SetPassphrase("111111"))
    drawn.write(identifying.set_passphrase, SetPassphrase("江上清风77"))
    with pytest.raises(UserError, match="口令不对"):
        drawn.write(identifying.set_passphrase, SetPassphrase("另一个新口令", "猜的口令"))
    drawn.write(identifying.set_passphrase, SetPassphrase("山间明月88", "江上清风77"))


def test_the_history_on_one_page_does_not_betray_a_draw(drawn: Workspace) -> None:
    hit, _ = chosen(drawn)
    kinds = {event.kind for event in drawn.read(target_history.of_target, hit)}
    assert "draw" not in kinds and "result" not in kinds
    assert drawn.read(secrecy.seen_without_asking, hit, TODAY) is None


def test_a_forgotten_one_is_reset_by_leave_of_another_and_counts_tomorrow(
    drawn: Workspace,
) -> None:
    hit, _ = chosen(drawn)
    drawn.write(identifying.set_passphrase, SetPassphrase("江上清风77"))

    def reset(name: str, new: str = "山间明月88") -> None:
        command = ResetPassphrase(new=new, approved_name=name, approved_post="大队长")
        drawn.write(identifying.reset_passphrase, command)

    for name, words in (("", "批准"), (drawn.actor, "不能是本人")):
        with pytest.raises(UserError, match=words):
            reset(name)
    with pytest.raises(UserError, match="至少 6 位"):
        reset("贺某", "短")
    reset("贺某")
    assert last_entry(drawn)[0] == "passphrase.reset"
    for phrase in ("江上清风77", "山间明月88"):
        with pytest.raises(UserError, match="明天再试"):
            drawn.write(identifying.look, LookIfDrawn(hit, phrase))
    clock = drawn.clock
    assert isinstance(clock, Clock)
    clock.move_to(TODAY + timedelta(days=1))
    assert drawn.write(identifying.look, LookIfDrawn(hit, "山间明月88")) is not None
