"""The notice to a team shows that team's targets only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from app.db.read import assignments
from app.db.read.assignments import AssignmentQuery
from app.errors import UserError
from app.services.tasks import noticing
from app.services.tasks.noticing import PrintNotices
from tests.support_draw import DRAW_NO, TARGETS, DrawnOffice, make_drawn_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(text.split())


def test_each_team_gets_its_own_targets_only(office: DrawnOffice, tmp_path: Path) -> None:
    made = office.workspace.write(
        noticing.print_notices, PrintNotices(draw_no=DRAW_NO, to=tmp_path)
    )
    assert len(made.paths) == 2
    first, second = (_text(path) for path in made.paths)
    own = [name for _c, name, _u in TARGETS[0::2]]
    others = [name for _c, name, _u in TARGETS[1::2]]
    assert all(name in first and name not in second for name in own)
    assert all(name in second and name not in first for name in others)
    assert "赵一" in first
    assert "孙三" not in first


def test_one_team_can_be_printed_alone(office: DrawnOffice) -> None:
    teams = office.workspace.read(assignments.teams, AssignmentQuery(draw_no=DRAW_NO))
    made = office.workspace.write(
        noticing.print_notices, PrintNotices(draw_no=DRAW_NO, teams=(teams[1].id,))
    )
    assert [path.name for path in made.paths] == [f"检查任务通知单-{DRAW_NO}-第 2 组.pdf"]


def test_an_unknown_draw_is_a_sentence(office: DrawnOffice) -> None:
    with pytest.raises(UserError, match="没有这个检查组的任务"):
        office.workspace.write(noticing.print_notices, PrintNotices(draw_no="x"))
