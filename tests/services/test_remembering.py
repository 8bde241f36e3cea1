"""The marker outside the workspace: a restored older one is noticed and settled by paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import UserError
from app.services.draws import drawing, remembering, sealing
from app.services.draws.remembering import ResumeSeries
from app.services.replacing import substituting
from app.services.safety import keeping, verifying
from app.services.safety.keeping import MakeBackup
from app.services.workspace import Workspace, open_workspace
from tests.services.test_substituting import target_out, tasks
from tests.support_office import DIGITS, WITNESSES, make_office

SERIES = "360199"
PERIODS = ("2026Q3", "2026Q4", "2027Q1")


def draw(office: Workspace, rehearsal: bool = False, turn: int = 0) -> drawing.Revealed:
    frozen = office.write(
        drawing.freeze,
        drawing.FreezeDraw(
            period=PERIODS[turn], witnesses=WITNESSES, rehearsal=rehearsal, headcount=7
        ),
    )
    office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
    digits = tuple(f"{int(text) + turn * 1234:08d}" for text in DIGITS[: len(WITNESSES)])
    return office.write(
        drawing.reveal,
        drawing.RevealDraw(no=frozen.no, digits=digits, host="甲", place="乙", recorder="丙"),
    )


def restored(office: Workspace, backup: Path, to: Path) -> Workspace:
    office.close()
    keeping.restore(backup, to)
    return open_workspace(to, actor="卫七", clock=office.clock)


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[tuple[Workspace, drawing.Revealed]]:
    """A workspace restored from before its second draw, and that draw as paper has it."""
    office = make_office(tmp_path / "w", targets={"A": 40})
    draw(office)
    backup = office.write(keeping.backup, MakeBackup()).path
    second = draw(office, turn=1)
    older = restored(office, backup, tmp_path / "older")
    yield older, second
    older.close()


def test_a_workspace_that_goes_on_has_no_gap(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w", targets={"A": 40})
    draw(office)
    assert office.read(remembering.gap, SERIES) is None
    office.close()


def test_an_older_workspace_is_noticed_and_freezes_nothing(
    behind: tuple[Workspace, drawing.Revealed],
) -> None:
    office, second = behind
    gap = office.read(remembering.gap, SERIES)
    assert gap is not None and second.no in gap.words
    with pytest.raises(UserError, match="较早的备份"):
        draw(office)


def test_paper_settles_it_and_the_lost_number_stays_named(
    behind: tuple[Workspace, drawing.Revealed],
) -> None:
    office, second = behind
    office.write(
        remembering.resume,
        ResumeSeries(no=second.no, head=second.result, reason="硬盘损坏", approved="陈立新"),
    )
    assert office.read(remembering.gap, SERIES) is None
    third = draw(office, turn=2)
    assert third.no.endswith("-03")
    folder = office.folder.draws
    plan = (folder / third.no / "plan.txt").read_text("utf-8")
    assert f"prev|{second.result}\n" in plan
    failed = [c.detail for c in verifying.verify([folder]) if not c.ok]
    assert failed, "the missing second draw must be named"


def test_a_second_restore_is_noticed_again(
    behind: tuple[Workspace, drawing.Revealed], tmp_path: Path
) -> None:
    office, second = behind
    backup = office.write(keeping.backup, MakeBackup()).path
    office.write(
        remembering.resume,
        ResumeSeries(no=second.no, head=second.result, reason="硬盘损坏", approved="陈立新"),
    )
    again = restored(office, backup, tmp_path / "once more")
    assert again.read(remembering.gap, SERIES) is not None
    again.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"no": "360199"}, "写得不对"),
        ({"head": "abc"}, "64 位"),
        ({"reason": " "}, "原因"),
        ({"no": "360199-2026Q3-00"}, "比填写的还新"),
        ({"no": "360199-2026Q3-01", "head": "0" * 64}, "不同"),
    ],
)
def test_what_paper_cannot_say_is_refused(
    behind: tuple[Workspace, drawing.Revealed], change: dict[str, str], words: str
) -> None:
    office, second = behind
    fields = {"no": second.no, "head": second.result, "reason": "硬盘损坏", "approved": "陈立新"}
    with pytest.raises(UserError, match=words):
        office.write(remembering.resume, ResumeSeries(**{**fields, **change}))


def test_rehearsals_have_a_marker_of_their_own(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w", targets={"A": 40})
    draw(office, rehearsal=True)
    assert office.read(remembering.series_mark, SERIES).seq == 0
    assert office.read(remembering.series_mark, f"T{SERIES}").seq == 1
    office.close()


def test_another_workspace_of_the_same_code_is_no_gap(tmp_path: Path) -> None:
    first = make_office(tmp_path / "a", targets={"A": 40})
    draw(first)
    first.close()
    second = make_office(tmp_path / "b", targets={"A": 40})
    assert second.read(remembering.gap, SERIES) is None
    second.close()


def test_a_lost_marker_is_no_gap(tmp_path: Path) -> None:
    from app.paths import second_place

    office = make_office(tmp_path / "w", targets={"A": 40})
    draw(office)
    for path in (second_place() / "series").iterdir():
        path.unlink()
    assert office.read(remembering.gap, SERIES) is None
    office.close()


@pytest.fixture
def before_commitment(tmp_path: Path) -> Iterator[tuple[Workspace, drawing.Committed]]:
    """A workspace restored from a backup made between freezing and the commitment on paper."""
    office = make_office(tmp_path / "w", targets={"A": 40})
    frozen = office.write(
        drawing.freeze, drawing.FreezeDraw(period=PERIODS[0], witnesses=WITNESSES, headcount=7)
    )
    backup = office.write(keeping.backup, MakeBackup()).path
    made = office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
    older = restored(office, backup, tmp_path / "older")
    yield older, made
    older.close()


def test_a_list_with_a_commitment_on_paper_gets_no_second_one(
    before_commitment: tuple[Workspace, drawing.Committed],
) -> None:
    office, made = before_commitment
    gap = office.read(remembering.gap, SERIES)
    assert gap is not None and made.no in gap.words
    with pytest.raises(UserError, match="较早的备份"):
        office.write(drawing.commit, drawing.CommitDraw(no=made.no))
    # R of the slip that was printed is still in its second place.
    assert sealing.second_copy(made.no, made.plan) is not None


def test_once_that_is_settled_the_next_number_is_taken(
    before_commitment: tuple[Workspace, drawing.Committed],
) -> None:
    office, made = before_commitment
    office.write(drawing.withdraw, drawing.WithdrawDraw(made.no))
    with pytest.raises(UserError, match="较早的备份"):
        draw(office)
    office.write(
        remembering.resume,
        ResumeSeries(no=made.no, head="0" * 64, reason="硬盘损坏", approved="陈立新"),
    )
    assert draw(office).no.endswith("-02")


# --- a backup of every moment, restored after every later one ---------------------------------

MOMENTS = ("frozen", "committed", "revealed", "replaced")


class Course:
    """One draw with a backup after each moment, and what paper says at the end."""

    def __init__(self, folder: Path) -> None:
        self.office = make_office(folder / "w", targets={"A": 40})
        self.backups: dict[str, Path] = {}
        self.heads: dict[str, str] = {}

    def go(self, until: str) -> None:
        frozen = self.office.write(
            drawing.freeze, drawing.FreezeDraw(period=PERIODS[0], witnesses=WITNESSES, headcount=7)
        )
        self.no = frozen.no
        for moment, step in zip(
            MOMENTS, (None, self._commit, self._reveal, self._end), strict=True
        ):
            if step is not None:
                step()
            made = self.office.write(keeping.backup, MakeBackup()).path
            self.backups[moment] = made.rename(made.with_name(f"{moment}.zip"))
            self.heads[moment] = self.office.read(remembering.series_mark, SERIES).head
            if moment == until:
                return

    def _commit(self) -> None:
        self.office.write(drawing.commit, drawing.CommitDraw(no=self.no))

    def _reveal(self) -> None:
        self.office.write(drawing.reveal, revealing(self.no, DIGITS[:2]))

    def _end(self) -> None:
        out = tasks(self.office, self.no)[0].target
        self.office.write(substituting.substitute, target_out(self.no, out))


def revealing(no: str, digits: tuple[str, ...]) -> drawing.RevealDraw:
    return drawing.RevealDraw(no=no, digits=digits, host="甲", place="乙", recorder="丙")


LATER = [(was, now) for at, was in enumerate(MOMENTS) for now in MOMENTS[at + 1 :]]


@pytest.mark.parametrize(("was", "now"), LATER)
def test_a_backup_of_any_moment_restored_later_is_noticed_and_settled(
    tmp_path: Path, was: str, now: str
) -> None:
    course = Course(tmp_path)
    course.go(now)
    office = restored(course.office, course.backups[was], tmp_path / "older")
    assert "较早的备份" in office.read(remembering.gap, SERIES).words  # type: ignore[union-attr]
    with pytest.raises(UserError):
        draw(office, turn=1)
    if was == "frozen":
        with pytest.raises(UserError, match="较早的备份"):
            office.write(drawing.commit, drawing.CommitDraw(no=course.no))
    if was == "committed":  # open once more: no other digits, no void record
        with pytest.raises(UserError, match="较早的备份"):
            office.write(drawing.reveal, revealing(course.no, DIGITS[1:3]))
        with pytest.raises(UserError, match="较早的备份"):
            office.write(
                drawing.void,
                drawing.VoidDraw(
                    no=course.no, reason="停电", approved_name="甲", approved_post="大队长"
                ),
            )
    office.write(
        remembering.resume,
        ResumeSeries(no=course.no, head=course.heads[now], reason="硬盘损坏", approved="陈立新"),
    )
    assert office.read(remembering.gap, SERIES) is None
    second = draw(office, turn=1)
    assert second.no.endswith("-02")
    plan = (office.folder.draws / second.no / "plan.txt").read_text("utf-8")
    assert f"prev|{course.heads[now]}\n" in plan
    office.close()
    # What was lost stays named, and nothing else is wrong.
    wrong = [each.name for each in keeping.check_folder(office.folder.root) if not each.ok]
    assert wrong and set(wrong) == {f"抽取序列 {SERIES}"}


def test_the_very_same_digits_make_the_record_of_the_paper_again(tmp_path: Path) -> None:
    course = Course(tmp_path)
    course.go("revealed")
    office = restored(course.office, course.backups["committed"], tmp_path / "older")
    made = office.write(drawing.reveal, revealing(course.no, DIGITS[:2]))
    assert made.result == course.heads["revealed"]
    assert office.read(remembering.gap, SERIES) is None
    office.close()
