"""归档 a second time, over years, with damaged or oddly named material, and given up half-way."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from app.db.unit_of_work import UnitOfWork
from app.domain.correction import Redo
from app.domain.filing import (
    Draft,
    ItemKind,
    LackPlace,
    Number,
    Retention,
    archive_no,
    number_items,
)
from app.domain.periods import Period
from app.errors import EnvironmentFault, UserError
from app.exchange import bags
from app.models import ArchiveBag, ArchiveItem, Draw, Target
from app.services import attaching
from app.services.archive import filing, filing_scope, retentions
from app.services.archive.filing import FileScope, MakeFile
from app.services.archive.retentions import SaveRetentions
from app.services.attaching import Attach
from app.services.directories import directories
from app.services.safety import archiving, verifying
from app.services.safety.archiving import ArchiveScan
from app.services.tasks import correcting
from tests.documents.reading import text
from tests.support_draw import (
    DRAW_NO,
    PERIOD,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    lock_result(made, made.tasks[0], clean_entry(made, made.tasks[0]))
    yield made
    made.workspace.close()


def make(office: DrawnOffice, path: Path, **scope: int) -> filing.FileMade:
    command = MakeFile(scope=FileScope(period=PERIOD, **scope), path=path, fonds="x043")
    return office.workspace.write(filing.make, command)


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [name.partition("/data/")[2] for name in archive.namelist() if "/data/" in name]


def rooms(path: Path) -> list[str]:
    """Folders of the bag: position, archive number, title."""
    return sorted({name.split("/")[0] for name in names(path) if "/" in name})


def inside(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        whole = next(each for each in archive.namelist() if each.endswith(f"/data/{name}"))
        return archive.read(whole)


def index(path: Path) -> str:
    return "".join(text(inside(path, "卷内目录.pdf")).split())


def change(office: DrawnOffice, act: object) -> None:
    def write(uow: UnitOfWork, _none: None) -> None:
        act(uow)  # type: ignore[operator]
        uow.record("test.change", "office", {})
        uow.commit()

    office.workspace.write(write, None)


def rows(office: DrawnOffice, table: type[ArchiveBag] | type[ArchiveItem]) -> int:
    return office.workspace.read(lambda c: len(c.execute(select(table.__table__)).all()))


def photo(folder: Path, name: str = "现场.jpg", shade: int = 0) -> Path:
    path = folder / name
    Image.new("L", (8, 8), shade).save(path)
    return path


# --- numbers ----------------------------------------------------------------------------------


def test_what_was_filed_keeps_its_number_and_the_rest_goes_on() -> None:
    kept = {"draw:1": Number(2026, Retention.THIRTY, 4)}
    drafts = [
        Draft("plan:1", 2026, Retention.FOREVER),
        Draft("draw:1", 2026, Retention.TEN),
        Draft("inspection:1", 2026, Retention.THIRTY),
        Draft("inspection:2", 2027, Retention.THIRTY),
    ]
    found = number_items(drafts, kept)
    assert [archive_no("x043", n.year, n.retention, n.number) for n in found] == [
        "X043-2026-永久-0001",
        "X043-2026-30年-0004",
        "X043-2026-30年-0005",
        "X043-2027-30年-0001",
    ]
    assert [each.number for each in number_items(drafts, kept, first=9)] == [9, 4, 9, 9]
    with pytest.raises(UserError, match="超过 9999"):
        number_items([Draft("a", 2026, Retention.TEN)], {"b": Number(2026, Retention.TEN, 9999)})


def test_a_second_archive_keeps_the_numbers_and_says_what_it_replaces(
    office: DrawnOffice, tmp_path: Path
) -> None:
    first = make(office, tmp_path / "一.zip")
    assert "以本次为准" not in index(first.path)
    lock_result(office, office.tasks[1], clean_entry(office, office.tasks[1]))
    second = make(office, tmp_path / "二.zip")
    # Draw and first visit 1, 2; the report 1 of the ten years; the new visit is 3; nothing public.
    assert [room.split("-")[3:5] for room in rooms(first.path)] == [
        ["30年", "0001"],
        ["30年", "0002"],
        ["10年", "0001"],
    ]
    assert [room.split("-")[3:5] for room in rooms(second.path)] == [
        ["30年", "0001"],
        ["30年", "0002"],
        ["30年", "0003"],
        ["10年", "0001"],
    ]
    assert "“一.zip”，3件（以本次为准）" in index(second.path)
    before = office.workspace.read(filing.filed_before, FileScope(period=PERIOD))
    assert [each.file_name for each in before] == ["二.zip", "一.zip"]
    assert before[0].tagmanifest == second.tagmanifest
    (whole, *_targets) = office.workspace.read(filing.choices, PERIOD)
    assert whole.filed_on == date(2026, 9, 15)


def test_a_targets_file_carries_the_same_numbers(office: DrawnOffice, tmp_path: Path) -> None:
    make(office, tmp_path / "季度.zip")
    (_whole, one) = office.workspace.read(filing.choices, PERIOD)
    made = make(office, tmp_path / "一家.zip", target_id=one.target_id or 0)
    assert [room.split("-")[3:5] for room in rooms(made.path)] == [
        ["30年", "0001"],
        ["30年", "0002"],
        ["10年", "0002"],  # the proof
    ]
    assert one.file_name == "青禾县某甲水泥制品厂-2026年档案.zip"


@pytest.mark.parametrize("state", ["closed", "moved"])
def test_a_target_that_is_no_more_keeps_its_file(
    office: DrawnOffice, tmp_path: Path, state: str
) -> None:
    (_whole, one) = office.workspace.read(filing.choices, PERIOD)
    before = make(office, tmp_path / "前.zip", target_id=one.target_id or 0)
    office.workspace.write(
        directories.set_target_state,
        directories.SetTargetState(ids=(one.target_id or 0,), state=state),
    )
    (_whole, still) = office.workspace.read(filing.choices, PERIOD)
    assert (still.target_id, still.title) == (one.target_id, one.title)
    after = make(office, tmp_path / "后.zip", target_id=one.target_id or 0)
    assert rooms(after.path) == rooms(before.path)
    assert after.lacking == before.lacking


def test_the_units_own_periods_hold_for_what_has_no_number_yet(
    office: DrawnOffice, tmp_path: Path
) -> None:
    make(office, tmp_path / "一.zip")
    table = {rule.kind: rule.retention for rule in office.workspace.read(retentions.table)}
    table[ItemKind.INSPECTION] = table[ItemKind.REPORT] = Retention.FOREVER
    office.workspace.write(retentions.save, SaveRetentions(table))
    assert office.workspace.read(retentions.table) != retentions.shipped()
    lock_result(office, office.tasks[1], clean_entry(office, office.tasks[1]))
    made = make(office, tmp_path / "二.zip")
    assert [room.split("-")[3] for room in rooms(made.path)] == [
        "30年", "30年", "永久", "10年",
    ]  # fmt: skip
    assert "30年2件、永久1件、10年1件" in index(made.path)


# --- what belongs to it -----------------------------------------------------------------------


def test_a_half_years_draw_is_filed_where_the_half_year_ends() -> None:
    half, quarter = Period.parse("2026H1"), FileScope(period="2026Q2")
    assert filing_scope.belongs(half, quarter)
    assert not filing_scope.belongs(half, FileScope(period="2026Q1"))
    assert filing_scope.belongs(half, FileScope(period="2026"))
    assert filing_scope.belongs(Period.parse("2026"), FileScope(period="2026Q4"))
    assert filing_scope.belongs(
        Period.parse("2025Q3"), FileScope(period="2026Q1", target_id=1, since=2025)
    )


def test_after_a_correction_both_versions_are_there(office: DrawnOffice, tmp_path: Path) -> None:
    task, workspace = office.tasks[1], office.workspace
    entry = clean_entry(office, task)
    result = lock_result(office, task, entry)
    office.clock.move_to(date(2026, 9, 16))
    workspace.write(
        attaching.attach,
        Attach(owner_kind="rectification", owner_id=result, path=photo(tmp_path, "旧.jpg")),
    )
    moved = workspace.write(
        correcting.apply,
        correcting.Apply(
            result_id=result, error="写错", should_be="另一家", cause="笔误", applied_by="卫七",
            applied_on=date(2026, 9, 16), redo=Redo.REINSPECT,
        ),
    )  # fmt: skip
    lacking = workspace.read(filing.what_lacks, workspace.folder, FileScope(period=PERIOD))
    assert any(each.words.endswith("结果更正还没有办结") for each in lacking)
    while moved.following is not None:
        station = moved.following
        moved = workspace.write(
            correcting.pass_station,
            correcting.PassStation(
                correction_id=moved.correction_id, organ=station.organ, name="郑某",
                post=station.post, on=date(2026, 9, 16), new_due=date(2026, 9, 30),
            ),
        )  # fmt: skip
    lock_result(office, task, replace(entry, inspected_on=date(2026, 9, 16)))
    made = make(office, tmp_path / "a.zip")
    old = [name for name in names(made.path) if "更正前第1版整改-" in name]
    assert len(old) == 1
    assert old[0].endswith("旧.jpg")
    record = next(
        name
        for name in names(made.path)
        if name.startswith(f"{rooms(made.path)[2]}/") and name.endswith("检查记录.pdf")
    )
    assert "第1版（未发现问题）已作废" in text(inside(made.path, record)).replace("\n", "")


def test_a_targets_file_over_several_years(office: DrawnOffice, tmp_path: Path) -> None:
    def as_if_last_year(uow: UnitOfWork) -> None:
        uow.session.query(Draw).update({"period": "2025Q3"})

    lock_result(office, office.tasks[1], clean_entry(office, office.tasks[1]))
    change(office, as_if_last_year)
    (_none, one, *_more) = office.workspace.read(filing.choices, "2025Q3")
    target = one.target_id or 0
    assert office.workspace.read(filing.first_year, target) == 2025
    with pytest.raises(UserError, match="没有可以归档"):
        make(office, tmp_path / "2026.zip", target_id=target)
    made = make(office, tmp_path / "两年.zip", target_id=target, since=2025)
    assert {room.split("-")[2] for room in rooms(made.path)} == {"2025"}
    assert "2025—2026年双随机抽查档案" in index(made.path)
    lacking = [each.words for each in made.lacking]
    assert "没有批准的2025年度抽查计划" in lacking
    assert "没有批准的2026年度抽查计划" in lacking


# --- damaged, oddly named ---------------------------------------------------------------------


@pytest.mark.parametrize(("harm", "words"), [("gone", "文件不在了"), ("changed", "文件被改动过")])
def test_a_damaged_attachment_is_named_and_left_out(
    office: DrawnOffice, tmp_path: Path, harm: str, words: str
) -> None:
    workspace = office.workspace
    stored = workspace.write(
        archiving.archive, ArchiveScan(no=DRAW_NO, path=photo(tmp_path, "签字.jpg"))
    )
    good = workspace.write(
        archiving.archive, ArchiveScan(no=DRAW_NO, path=photo(tmp_path, "第二页.jpg", 9))
    )
    path = attaching.path_of(workspace.folder, stored.sha256)
    path.unlink() if harm == "gone" else path.write_bytes(b"another")
    made = make(office, tmp_path / "a.zip")
    (lack,) = (each for each in made.lacking if each.place is LackPlace.BACKUP)
    assert lack.words == f"抽取 {DRAW_NO}：附件“签字.jpg”的{words}"
    assert lack.words.replace(" ", "") in index(made.path)
    assert not any("签字.jpg" in name for name in names(made.path))
    assert any(f"{good.id:05d}-第二页.jpg" in name for name in names(made.path))


def test_records_gone_from_a_draws_folder_are_named(office: DrawnOffice, tmp_path: Path) -> None:
    (office.workspace.folder.draws / DRAW_NO / "result.txt").unlink()
    made = make(office, tmp_path / "a.zip")
    assert f"抽取 {DRAW_NO}：记录文件夹里没有 result.txt" in [each.words for each in made.lacking]


def test_every_path_is_lawful_on_windows_and_short(office: DrawnOffice, tmp_path: Path) -> None:
    long = "青禾县柳湾镇" + "某某" * 60 + "有限公司"

    def rename(uow: UnitOfWork) -> None:
        first, second = uow.session.query(Target).order_by(Target.id).limit(2)
        first.name, second.name = f"{long}:甲/乙*？.", "CON."

    lock_result(office, office.tasks[1], clean_entry(office, office.tasks[1]))
    change(office, rename)
    for at, name in enumerate(("nul", "x" * 90 + ".pdf", "X" * 90 + ".PDF")):
        path = tmp_path / name
        path.write_bytes(b"%d" % at)
        office.workspace.write(
            attaching.attach,
            Attach(owner_kind="rectification", owner_id=office.tasks[0], path=path),
        )
    made = make(office, tmp_path / "a.zip")
    assert all(check.ok for check in bags.verify_bag(made.path))
    every = names(made.path)
    assert len({name.casefold() for name in every}) == len(every)
    assert max(len(part) for name in every for part in name.split("/")) <= 60
    assert all(part == part.rstrip(". ") for name in every for part in name.split("/"))
    whole, *targets = office.workspace.read(filing.choices, PERIOD)
    assert {
        name for each in (whole, *targets) for name in each.file_name if name in '<>:"/\\|?*'
    } == set()
    assert max(len(each.file_name) for each in targets) < 80


# --- given up half-way ------------------------------------------------------------------------


class StoppedError(Exception):
    """As 取消 raises it."""


def nothing_left(office: DrawnOffice, folder: Path) -> None:
    assert [path.name for path in folder.iterdir()] == []
    assert rows(office, ArchiveBag) == rows(office, ArchiveItem) == 0
    root = office.workspace.folder.root
    assert list(root.rglob(".archive-*")) == []


@pytest.mark.parametrize("at", [0, 3, 8])
def test_cancel_leaves_nothing(office: DrawnOffice, tmp_path: Path, at: int) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    told: list[str] = []

    def report(_done: int, _total: int, words: str) -> None:
        told.append(words)
        if len(told) > at:
            raise StoppedError

    command = MakeFile(scope=FileScope(period=PERIOD), path=folder / "a.zip", fonds="X043")
    with pytest.raises(StoppedError):
        office.workspace.write(lambda uow, given: filing.make(uow, given, report), command)
    nothing_left(office, folder)
    assert make(office, folder / "a.zip").items == 3


def test_a_full_disk_leaves_nothing(
    office: DrawnOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    store = bags._store
    stored: list[str] = []

    def full(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> tuple[str, int]:
        stored.append(name)
        if len(stored) > 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return store(archive, name, content)

    monkeypatch.setattr(bags, "_store", full)
    with pytest.raises(EnvironmentFault, match="磁盘空间不足"):
        make(office, folder / "a.zip")
    nothing_left(office, folder)


def test_a_file_that_cannot_be_registered_is_taken_away(
    office: DrawnOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    def refuse(_self: UnitOfWork) -> None:
        raise EnvironmentFault("磁盘空间不足。", "请清理磁盘。")

    monkeypatch.setattr(UnitOfWork, "commit", refuse)
    with pytest.raises(EnvironmentFault):
        make(office, folder / "a.zip")
    monkeypatch.undo()
    nothing_left(office, folder)


def test_a_tampered_archive_is_named(office: DrawnOffice, tmp_path: Path) -> None:
    made = make(office, tmp_path / "a.zip")
    bad = tmp_path / "b.zip"
    with zipfile.ZipFile(made.path) as good, zipfile.ZipFile(bad, "w") as other:
        for entry in good.infolist():
            data = good.read(entry)
            other.writestr(entry, data + b" " if entry.filename.endswith("检查记录.pdf") else data)
    failed = [check for check in verifying.verify([bad]) if not check.ok]
    assert any("检查记录.pdf 内容不符" in check.detail for check in failed)
