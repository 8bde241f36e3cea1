"""Packages: complete, re-read, the same bytes again, and nothing public before its time."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import bagit
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from app.db.read import draws, packages, pool, results
from app.db.read.query import ListQuery
from app.domain import rd1
from app.errors import EnvironmentFault, IntegrityError, UserError
from app.exchange import bags
from app.models import Assignment
from app.services import attaching
from app.services.attaching import Attach
from app.services.days import reporting
from app.services.draws import drawing
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage, MakeTransferSlip, Package
from app.services.safety import verifying
from app.services.tasks.inspecting import StartResult, start
from tests.documents.reading import text
from tests.support_draw import (
    DRAW_NO,
    LEGAL_REP,
    PEOPLE,
    PERIOD,
    PHONE,
    TARGETS,
    Clock,
    DrawnOffice,
    lock_result,
    make_drawn_office,
    ordered_entry,
)
from tests.support_office import OPERATOR, WITNESSES, draw_once, make_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "U盘"
    path.mkdir()
    return path


def _export(office: DrawnOffice, stick: Path, what: str, edition: str = "sealed") -> Package:
    return office.workspace.write(
        exporting.export,
        MakePackage(
            what=what,
            to=stick,
            draw_no=DRAW_NO if what == "draw" else None,
            period=None if what == "draw" else PERIOD,
            edition=edition,
        ),
    )


def _names(package: Package) -> set[str]:
    with zipfile.ZipFile(package.path) as archive:
        return {name.partition("/data/")[2] for name in archive.namelist() if "/data/" in name}


def _all_text(package: Package) -> str:
    """Every byte of the payload as text, workbooks opened cell by cell."""
    found = []
    with zipfile.ZipFile(package.path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            found.append(name)
            if name.endswith(".xlsx"):
                book = openpyxl.load_workbook(io.BytesIO(data))
                found += [str(cell.value) for sheet in book for row in sheet for cell in row]
            else:
                found.append(data.decode("utf-8", errors="replace"))
    return "\n".join(found)


_SEALED_ONLY = ("targets", "inspectors", "plans", "assignments", "rectifications")
_PUBLIC = tuple(each for each in exporting.KINDS if each not in _SEALED_ONLY)


@pytest.mark.parametrize(
    ("what", "edition"),
    [*((each, "sealed") for each in exporting.KINDS), *((each, "public") for each in _PUBLIC)],
)
def test_every_package_is_a_valid_bag(
    office: DrawnOffice, stick: Path, tmp_path: Path, what: str, edition: str
) -> None:
    lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    package = _export(office, stick, what, edition)
    assert package.path.name == f"360199-{PERIOD}-001.zip"
    assert all(check.ok for check in package.checks)
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(tmp_path / "out")
    bag = bagit.Bag(str(tmp_path / "out" / package.path.stem))
    bag.validate()
    assert bag.info["Source-Organization"] == "青禾县生态环境保护综合行政执法大队"
    assert (bag.info["Period"], bag.info["Edition"]) == (PERIOD, edition)
    assert int(bag.info["Count"]) >= 1
    assert bag.info["Rulebook"].startswith("yiyang-2021")


@pytest.mark.parametrize("what", _PUBLIC)
def test_public_editions_name_nobody_and_nothing_under_embargo(
    office: DrawnOffice, stick: Path, what: str
) -> None:
    lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    office.workspace.write(
        start, StartResult(assignment_id=office.tasks[1], inspected_on=date(2026, 9, 8))
    )
    said = _all_text(_export(office, stick, what, "public"))
    hidden = [name for _category, name, _code in TARGETS[1:]]
    codes = [code for _category, _name, code in TARGETS[1:] if code]
    # R and the seed of the test's draw.
    for word in (*hidden, *codes, *PEOPLE, LEGAL_REP, PHONE, "CERT-", "2" * 64, "5" * 64):
        assert word not in said, word
    assert (TARGETS[0][1] in said) == (what in {"results", "publications"})


def _draw_files(package: Package) -> set[str]:
    return {name.rpartition("/")[2] for name in _names(package) if name.startswith("draw/")}


def test_the_public_draw_folder_opens_stage_by_stage(office: DrawnOffice, stick: Path) -> None:
    assert _draw_files(_export(office, stick, "draw", "public")) == {"minutes-public.pdf"}
    for task in office.tasks[:-1]:
        lock_result(office, task)
        shown = _draw_files(_export(office, stick, "draw", "public"))
        assert shown == {"minutes-public.pdf", "disclosure.pdf"}
    lock_result(office, office.tasks[-1])
    assert _draw_files(_export(office, stick, "draw", "public")) == {
        "minutes-public.pdf",
        "disclosure.pdf",
        "plan.txt",
        "excluded.txt",
        "result.txt",
        "verify.html",
    }


@pytest.fixture
def ceremony(tmp_path: Path) -> Iterator[DrawnOffice]:
    """An office whose draw was really held: twelve targets, two of which are a category."""
    workspace = make_office(tmp_path / "held", targets={"A": 10, "B": 2})
    draw_once(workspace)
    with workspace._reader.connect() as connection:
        tasks = tuple(connection.scalars(select(Assignment.id).order_by(Assignment.id)))
    clock = workspace.clock
    assert isinstance(clock, Clock)
    clock.move_to(date(2026, 9, 15))
    yield DrawnOffice(workspace, clock, tasks)
    workspace.close()


def _everything(package: Package) -> str:
    """All a reader can get out of a package: text of PDFs and cells of workbooks too."""
    with zipfile.ZipFile(package.path) as archive:
        printed = [text(archive.read(name)) for name in archive.namelist() if name.endswith(".pdf")]
    return re.sub(r"\s", "", "\n".join([_all_text(package), *printed]))


def _secrets(office: DrawnOffice) -> set[str]:
    """Names, tickets, seed, R and digits of the draw."""
    sheet = office.workspace.read(draws.sheet, DRAW_NO)
    assert sheet is not None
    lines = office.workspace.read(draws.drawn_lines, DRAW_NO)
    return {
        *(line.name for line in lines),
        *(line.ident for line in lines),
        *(line.ticket for line in lines),
        *(witness.digits for witness in sheet.witnesses),
        sheet.reveal,
        sheet.seed,
    }


def _people(office: DrawnOffice) -> set[str]:
    names = {person.name for person in office.workspace.read(pool.inspector_names).values()}
    return names | {witness.name for witness in WITNESSES} | {"李四", "王五", OPERATOR}


def test_nothing_secret_is_in_a_public_draw_package_before_its_stage(
    ceremony: DrawnOffice, stick: Path
) -> None:
    first = _everything(_export(ceremony, stick, "draw", "public"))
    secrets, people = _secrets(ceremony), _people(ceremony)
    assert [word for word in secrets | people if word in first] == []
    # The second category has two targets: its numbers would say who was drawn.
    counts = [line for line in _all_text_lines(ceremony, stick) if "在册" in line]
    assert counts == ["合计：在册 / 应抽"]
    name = ceremony.workspace.read(results.form, ceremony.tasks[0]).task.target_name
    lock_result(ceremony, ceremony.tasks[0])
    second = _everything(_export(ceremony, stick, "draw", "public"))
    assert name in second
    said = {word for word in secrets | people if word in second}
    assert said <= {name}
    for task in ceremony.tasks[1:]:
        lock_result(ceremony, task)
    third = _everything(_export(ceremony, stick, "draw", "public"))
    assert [word for word in people if word in third] == []
    sheet = ceremony.workspace.read(draws.sheet, DRAW_NO)
    assert sheet is not None and sheet.reveal in third and sheet.seed in third


def _all_text_lines(office: DrawnOffice, stick: Path) -> list[str]:
    return _all_text(_export(office, stick, "draw", "public")).splitlines()


def test_records_that_name_who_approved_stay_out_and_are_named_by_digest(
    ceremony: DrawnOffice, stick: Path
) -> None:
    # What a substitution leaves in the folder.
    folder = ceremony.workspace.folder.draws / DRAW_NO
    (folder / "addendum-01.txt").write_bytes("approved|陈立新|大队长\n".encode())
    for task in ceremony.tasks:
        lock_result(ceremony, task)
    package = _export(ceremony, stick, "draw", "public")
    assert "addendum-01.txt" not in _draw_files(package)
    said = _all_text(package)
    digest = hashlib.sha256((folder / "addendum-01.txt").read_bytes()).hexdigest()
    assert "陈立新" not in said
    assert f"addendum-01.txt　SHA-256 {digest}" in said


def test_what_a_public_package_of_the_last_stage_holds_can_be_recomputed(
    ceremony: DrawnOffice, stick: Path, tmp_path: Path
) -> None:
    for task in ceremony.tasks:
        lock_result(ceremony, task)
    package = _export(ceremony, stick, "draw", "public")
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").rglob(DRAW_NO)
    assert [check.detail for check in verifying.verify([folder]) if not check.ok] == []


def test_a_void_draw_publishes_counts_and_digests_only(ceremony: DrawnOffice, stick: Path) -> None:
    workspace = ceremony.workspace
    frozen = workspace.write(
        drawing.freeze, drawing.FreezeDraw(period="2026Q4", witnesses=WITNESSES)
    )
    workspace.write(drawing.commit, drawing.CommitDraw(frozen.no))
    workspace.write(
        drawing.void,
        drawing.VoidDraw(
            no=frozen.no, reason="停电", approved_name="陈立新", approved_post="大队长"
        ),
    )
    command = MakePackage(what="draw", to=stick, draw_no=frozen.no, edition="public")
    package = workspace.write(exporting.export, command)
    assert _names(package) == {"抽取情况.xlsx"}
    assert "陈立新" not in _everything(package)


@pytest.mark.parametrize("digits", [("39274610", "58203917"), ("39274610",)])
def test_at_the_last_stage_a_void_draw_says_why_and_names_nobody(
    tmp_path: Path, stick: Path, digits: tuple[str, ...]
) -> None:
    workspace = make_office(tmp_path / "void", targets={"A": 4})
    frozen = workspace.write(
        drawing.freeze, drawing.FreezeDraw(period="2026Q3", witnesses=WITNESSES)
    )
    committed = workspace.write(drawing.commit, drawing.CommitDraw(frozen.no))
    person = next(iter(workspace.read(pool.inspector_names).values())).name
    void = workspace.write(
        drawing.void,
        drawing.VoidDraw(
            no=frozen.no,
            reason=f"停电，{person}和{WITNESSES[0].name}离场，电话13812345678，陈立新同意",
            approved_name="陈立新",
            approved_post="大队长",
            digits=digits,
        ),
    )
    command = MakePackage(what="draw", to=stick, draw_no=frozen.no, edition="public")
    draw_once(workspace)
    with workspace._reader.connect() as connection:
        tasks = tuple(connection.scalars(select(Assignment.id)))
    clock = workspace.clock
    assert isinstance(clock, Clock)
    clock.move_to(date(2026, 9, 15))
    office = DrawnOffice(workspace, clock, tasks)
    for task in tasks:
        assert _names(workspace.write(exporting.export, command)) == {"抽取情况.xlsx"}
        lock_result(office, task)
    package = workspace.write(exporting.export, command)
    assert _draw_files(package) == {
        *("disclosure.pdf", "plan.txt", "excluded.txt", "verify.html", "没有放入的文件.txt")
    }
    said = _everything(package)
    assert [word for word in (*_people(office), "陈立新", "13812345678") if word in said] == []
    assert "停电，某某和某某离场，电话（号码略），某某同意" in said
    record = rd1.parse_void((void.folder / "void.txt").read_bytes())
    assert record.reveal is not None
    for needed in (void.hash, committed.plan, committed.commitment, record.reveal):
        assert needed in said
    whole = len(digits) == len(WITNESSES)
    assert (record.result is not None) is whole
    if record.result is not None:
        seed = rd1.seed(frozen.no, committed.plan, record.reveal, digits)
        assert record.result in said and seed in said
    else:
        assert "未翻开" in said and "没有结果" in said
    workspace.close()


def test_the_sealed_draw_folder_is_whole(office: DrawnOffice, stick: Path) -> None:
    names = _names(_export(office, stick, "draw"))
    folder = office.workspace.folder.draws / DRAW_NO
    assert {f"draw/{DRAW_NO}/{path.name}" for path in folder.iterdir()} <= names
    assert "派单.xlsx" in names


def test_attachments_of_locked_results_travel_sealed_only(
    office: DrawnOffice, stick: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "现场 照片.jpg"
    photo.write_bytes(b"jpeg")
    started = office.workspace.write(
        start, StartResult(assignment_id=office.tasks[0], inspected_on=date(2026, 9, 8))
    )
    office.workspace.write(
        attaching.attach, Attach(owner_kind="result", owner_id=started.result_id, path=photo)
    )
    assert not any("照片" in name for name in _names(_export(office, stick, "results")))
    lock_result(office, office.tasks[0])
    sealed = _names(_export(office, stick, "results"))
    assert any(name.endswith("现场 照片.jpg") and "KEY-01" in name for name in sealed)
    assert not any("照片" in name for name in _names(_export(office, stick, "results", "public")))


def test_the_same_content_gives_the_same_payload(office: DrawnOffice, stick: Path) -> None:
    lock_result(office, office.tasks[0])
    one, two = _export(office, stick, "results"), _export(office, stick, "results")
    assert one.path.name != two.path.name

    def manifest(package: Package) -> bytes:
        with zipfile.ZipFile(package.path) as archive:
            return archive.read(f"{package.path.stem}/manifest-sha256.txt")

    assert manifest(one) == manifest(two)
    # Made again under the same number on the same day: the same bytes altogether.
    before = one.path.read_bytes()
    other = stick / "again"
    other.mkdir()
    with zipfile.ZipFile(one.path) as archive:
        inside = {
            name.partition("/data/")[2]: archive.read(name)
            for name in archive.namelist()
            if "/data/" in name
        }
        info = dict(
            line.split(": ", 1)
            for line in archive.read(f"{one.path.stem}/bag-info.txt").decode().splitlines()
            if not line.startswith("Payload-Oxum")
        )
    bags.make_bag(other / one.path.name, inside, info)
    assert (other / one.path.name).read_bytes() == before


def test_numbers_go_up_and_nothing_is_overwritten(
    office: DrawnOffice, stick: Path, tmp_path: Path
) -> None:
    first = _export(office, stick, "directories")
    shutil.copy(first.path, stick / f"360199-{PERIOD}-002.zip")
    with pytest.raises(UserError, match="没有覆盖"):
        _export(office, stick, "directories")
    assert (stick / f"360199-{PERIOD}-002.zip").read_bytes() == first.path.read_bytes()
    other = tmp_path / "另一个"
    other.mkdir()
    assert _export(office, other, "directories").path.name == f"360199-{PERIOD}-002.zip"
    ids = office.workspace.read(packages.ids, ListQuery())
    rows = office.workspace.read(packages.rows, ids)
    assert [row.seq for row in rows] == [2, 1]
    assert rows[1].tagmanifest == first.tagmanifest


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"what": "everything"}, "没有“everything”"),
        ({"edition": "secret"}, "没有“secret”"),
        ({"what": "draw"}, "抽取编号"),
        ({"draw_no": "360199-2026Q3-99"}, "没有编号为"),
        ({"platform": "nowhere"}, "没有平台"),
        ({"period": "2026Q9"}, "看不懂期间"),
    ],
)
def test_wrong_wishes_are_sentences(
    office: DrawnOffice, stick: Path, changes: dict[str, str], words: str
) -> None:
    wish = {"what": "results", "period": PERIOD, **changes}
    with pytest.raises(UserError, match=words):
        office.workspace.write(exporting.export, MakePackage(to=stick, **wish))
    assert not list(stick.iterdir())


def test_a_missing_folder_and_an_empty_period_are_sentences(
    office: DrawnOffice, stick: Path
) -> None:
    with pytest.raises(UserError, match="没有这个文件夹"):
        _export(office, stick / "拔掉了", "results")
    with pytest.raises(UserError, match="没有可以导出的内容"):
        office.workspace.write(
            exporting.export, MakePackage(what="results", to=stick, period="2025Q1")
        )
    with pytest.raises(UserError, match="没有可以导出的内容"):
        _export(office, stick, "results", "public")


def test_a_full_disk_leaves_nothing_behind(
    office: DrawnOffice, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.exchange.bags._store", full)
    with pytest.raises(EnvironmentFault, match="磁盘空间不足"):
        _export(office, stick, "directories")
    assert not list(stick.iterdir())
    assert not office.workspace.read(packages.ids, ListQuery())
    assert not list(office.workspace.folder.root.glob(".package-*"))


def test_what_does_not_read_back_is_removed(
    office: DrawnOffice, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = bags.make_bag

    def damaged(path: Path, *rest: object) -> bags.BagReceipt:
        receipt = make(path, *rest)  # type: ignore[arg-type]
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        return receipt

    monkeypatch.setattr("app.services.packages.exporting.bags.make_bag", damaged)
    with pytest.raises((IntegrityError, UserError)):
        _export(office, stick, "directories")
    assert not list(stick.iterdir())
    assert not office.workspace.read(packages.ids, ListQuery())


def test_the_transfer_slip_bears_the_digest_of_what_lies_there(
    office: DrawnOffice, stick: Path
) -> None:
    package = _export(office, stick, "directories")
    command = MakeTransferSlip(package_id=package.id, medium="U-03", purpose="上报省平台")
    path = office.workspace.write(exporting.transfer_slip, command)
    assert path.read_bytes().startswith(b"%PDF")
    data = bytearray(package.path.read_bytes())
    data[-30] ^= 1
    package.path.write_bytes(data)
    with pytest.raises((IntegrityError, UserError)):
        office.workspace.write(exporting.transfer_slip, command)


def test_a_public_plan_does_not_tell_who_is_drawn_in_a_small_category(
    office: DrawnOffice, stick: Path
) -> None:
    sealed = _all_text(_export(office, stick, "plan"))
    public = _all_text(_export(office, stick, "plan", "public"))
    label = office.workspace.rulebook.category("KEY").label
    # Two targets of the class, one to draw: its counts alone are left out.
    assert label in sealed and "算式" in sealed
    assert f"{label}：比例" in public
    assert f"{label}：在册 / 应抽" not in public and "算式" not in public


def test_the_packages_report_is_the_report(
    office: DrawnOffice, stick: Path, tmp_path: Path
) -> None:
    lock_result(office, office.tasks[0])
    own = tmp_path / "报表.xlsx"
    office.workspace.write(reporting.make, reporting.MakeReport(period=PERIOD, path=own))
    package = _export(office, stick, "report")
    with zipfile.ZipFile(package.path) as bag:
        (inside,) = (name for name in bag.namelist() if name.endswith("统计报表.xlsx"))
        carried = openpyxl.load_workbook(io.BytesIO(bag.read(inside)))
    mine = openpyxl.load_workbook(own)
    # The course over the quarters, with each inspector's load, is the section's own.
    ours = [sheet for sheet in mine if sheet.title not in {"各季度走势", "每人任务量"}]
    assert len(ours) == len(mine.worksheets) - 2
    assert [_rows(sheet) for sheet in carried] == [_rows(sheet) for sheet in ours]


def _rows(sheet: Worksheet) -> list[tuple[object, ...]]:
    return [row for row in sheet.iter_rows(values_only=True) if any(row)]


def test_a_public_report_does_not_tell_who_is_drawn_in_a_small_category(
    office: DrawnOffice, stick: Path
) -> None:
    rulebook = office.workspace.rulebook
    label = rulebook.category("KEY").label
    sealed = _all_text(_export(office, stick, "report"))
    public = _all_text(_export(office, stick, "report", "public"))
    assert label in sealed
    # Not all are inspected: a class of two stands with the others or not at all.
    assert label not in public and "合计" in public
    for task in office.tasks:
        lock_result(office, task)
    assert label in _all_text(_export(office, stick, "report", "public"))
