"""归档: only a finished draw, only a scan; what is kept bears its hash, the ledger remembers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.read import draws
from app.errors import UserError
from app.services.draws import drawing
from app.services.safety import archiving, keeping
from app.services.safety.archiving import ArchiveScan, RemoveScan
from app.services.workspace import Workspace
from tests.support_office import PERIOD, WITNESSES, draw_once, make_office

NO = "360199-2026Q3-01"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "office")
    yield made
    made.close()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "签字.PDF"
    path.write_bytes(b"%PDF-1.4 signed")
    return path


def test_a_draw_is_archived_by_its_scan_and_only_then(office: Workspace, scan: Path) -> None:
    draw_once(office)
    (before,) = office.read(draws.all_draws)
    kept = office.write(archiving.archive, ArchiveScan(no=NO, path=scan))
    (after,) = office.read(draws.all_draws)
    assert (before.scans, after.scans) == (0, 1)
    found = office.read(archiving.look, office.folder, NO)
    assert [each.sha256 for each in found.scans] == [kept.sha256]
    assert "attachment.add" in [
        entry[0]
        for entry in office.read(lambda c: c.exec_driver_sql("SELECT action FROM ledger").all())
    ]
    assert all(check.ok for check in keeping.check_folder(office.folder.root))


def test_a_changed_scan_is_named_by_the_check(office: Workspace, scan: Path) -> None:
    draw_once(office)
    kept = office.write(archiving.archive, ArchiveScan(no=NO, path=scan))
    path = office.folder.attachments / kept.sha256[:2] / kept.sha256
    path.write_bytes(b"%PDF-1.4 forged")
    bad = [check for check in keeping.check_folder(office.folder.root) if not check.ok]
    assert [check.name for check in bad] == ["附件"] and "签字.PDF" in bad[0].detail


def test_an_open_draw_has_nothing_to_archive(office: Workspace, scan: Path) -> None:
    frozen = office.write(drawing.freeze, drawing.FreezeDraw(period=PERIOD, witnesses=WITNESSES))
    with pytest.raises(UserError, match="还没有结束"):
        office.write(archiving.archive, ArchiveScan(no=frozen.no, path=scan))


def test_a_scan_is_a_scan_and_one_that_is_gone_is_gone(office: Workspace, scan: Path) -> None:
    draw_once(office)
    with pytest.raises(UserError, match="不是扫描件"):
        office.write(archiving.archive, ArchiveScan(no=NO, path=scan.with_suffix(".docx")))
    kept = office.write(archiving.archive, ArchiveScan(no=NO, path=scan))
    office.write(archiving.remove, RemoveScan(kept.id))
    with pytest.raises(UserError, match="已不在"):
        office.write(archiving.remove, RemoveScan(kept.id))


def test_a_void_draw_is_archived_too_and_has_nothing_to_disclose(
    office: Workspace, scan: Path
) -> None:
    frozen = office.write(drawing.freeze, drawing.FreezeDraw(period=PERIOD, witnesses=WITNESSES))
    office.write(drawing.commit, drawing.CommitDraw(frozen.no))
    command = drawing.VoidDraw(
        no=frozen.no, reason="停电", approved_name="李四", approved_post="大队长"
    )
    office.write(drawing.void, command)
    office.write(archiving.archive, ArchiveScan(no=frozen.no, path=scan))
    found = office.read(archiving.look, office.folder, frozen.no)
    assert len(found.scans) == 1 and "作废" in found.no_disclosure and found.no_note
