"""上报包: what leaves the machine, as one BagIt zip, written once and re-read where it lies.

Two editions.  *sealed* goes from section to section and holds everything; *public* obeys the
stages of publicity: (1) at once that a draw was held, its counts and digests; (2) per target
once inspected its name, once locked its result; (3) after the period's last inspection plan, seed
and result file.  A public edition never names a person: records that name who approved them stay
out, and a note in the package says so and gives their digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from sqlalchemy import Connection, func, select

from app import __version__
from app.db.read import packages, publications, results
from app.db.read.tasks import Progress, TaskRow, in_draws, read_tasks, tasks_counted
from app.db.unit_of_work import UnitOfWork
from app.domain.outgoing import EDITIONS, KIND_WORDS, Mend, record_kind
from app.domain.package_course import PackageState
from app.domain.periods import Period, Span
from app.domain.platform import GENERAL, Platform, PlatformSheet
from app.domain.publicity import Stage
from app.domain.rulebook import Rulebook
from app.domain.ways import Way
from app.errors import IntegrityError, UserError
from app.exchange import bags
from app.exchange.bags import BagCheck
from app.exchange.files import safe_name, write_atomically
from app.exchange.filling import FilledSheet, fill_template
from app.exchange.writing import Table, write_tables
from app.models import Assignment, Draw, DrawState, ExportPackage
from app.services import attaching, rulebooks
from app.services.days import report_tables, reporting
from app.services.draws import papers, received_papers
from app.services.draws.draw_facts import unpack_facts
from app.services.intake import result_records
from app.services.intake.import_rows import Watch, silent
from app.services.intake.result_records import RecordedFile
from app.services.packages import outgoing, package_life, platform_numbers, platforms
from app.services.packages import package_tables as tables
from app.services.packages.outgoing import NotReadyError, PackedLine
from app.services.paperwork import plan_papers
from app.services.plans import planning
from app.services.plans.planning import PeriodPlan
from app.services.public import publicity, publishing
from app.services.public.public_search import PublicSearch
from app.services.safety import sweeping
from app.services.workspace import UnitInfo, read_unit

__all__ = [
    "EDITIONS",
    "KINDS",
    "KIND_WORDS",
    "SHORTEST_PASSPHRASE",
    "BagCheck",
    "MakePackage",
    "MakeTransferSlip",
    "NotReadyError",
    "Package",
    "Preview",
    "export",
    "preview",
    "records",
    "transfer_slip",
    "verify",
]

KINDS = tuple(KIND_WORDS)

# Of a draw's folder the public edition holds the first at once, the second after the last
# inspection of the period.  Whatever is in neither (sealed minutes, slip, forms) never leaves.
_PUBLIC_AT_ONCE = ("minutes-public.pdf",)
_PUBLIC_AT_LAST = ("plan.txt", "excluded.txt", "result.txt", "verify.html")
# These name who approved them.
_NAMES_A_PERSON = ("void.txt", "addendum-[0-9]*.txt")
_LEFT_OUT = "没有放入的文件.txt"
SHORTEST_PASSPHRASE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePackage:
    """What to carry, in which edition, into which folder.

    ``what``: one of ``KINDS``; ``draw_no`` for a draw (its period counts), else ``period``
    (None: the quarter of today); ``platform``: id of a platform's format (None: the general);
    ``changed``: only what is not as the platform last accepted it; ``passphrase``: the package
    opens with it only (AES-256); ``corrects``: the partly rejected package this one mends.
    """

    what: str
    to: Path
    draw_no: str | None = None
    period: str | None = None
    edition: str = "sealed"
    platform: str | None = None
    changed: bool = False
    passphrase: str = ""
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that was written and read back; ``size`` bytes, ``tagmanifest`` 64 hex digits."""

    id: int
    path: Path
    files: int
    size: int
    tagmanifest: str
    checks: tuple[BagCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a package would hold: rows by sheet, files, what is reported as gone (sheet, label);
    ``mends``: what to put right before it can be made."""

    sheets: tuple[tuple[str, int], ...]
    files: int
    gone: tuple[tuple[str, str], ...]
    mends: tuple[Mend, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeTransferSlip:
    """介质交接单 of a package: printed, compared at the other end.

    ``medium``: 介质编号; ``kind``: U 盘, 光盘 …; ``receiver``: who takes it over, if known.
    """

    package_id: int
    medium: str
    purpose: str
    kind: str = "U 盘"
    receiver: str = ""
    holder: str = ""
    passphrase: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    """Payload by path below ``data/`` and the number of main records."""

    files: dict[str, bytes | Path]
    sheets: dict[str, tuple[Table, ...]]
    count: int
    lines: tuple[PackedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every kind of package needs to know."""

    uow: UnitOfWork
    connection: Connection
    unit: UnitInfo
    rulebook: Rulebook
    period: Period
    draw: Draw | None
    public: bool


def export(uow: UnitOfWork, command: MakePackage, watch: Watch = silent) -> Package:
    """Write ``<code>-<period>-<seq>.zip`` into ``command.to``, verify it, remember it.

    Whatever ``watch`` raises cancels; then nothing is left behind.

    Errors: UserError (unknown kind, edition, draw, platform; nothing to export; a file of that
    name is there), NotReadyError (rows to mend first),
    EnvironmentFault (folder gone, disk full), IntegrityError (what was written does not read
    back; the file is removed).
    """
    _refuse_unknown(uow, command)
    if not command.to.is_dir():
        raise UserError(f"没有这个文件夹：{command.to}。", "请先建立它，或插好 U 盘再试。")
    frame = _frame(uow, command)
    platform = platforms.load(uow.folder, command.platform or GENERAL)
    content, mends = _ready(frame, command, platform)
    if mends:
        raise NotReadyError(mends)
    seq = 1 + (
        uow.session.scalar(
            select(func.max(ExportPackage.seq)).where(ExportPackage.period == str(frame.period))
        )
        or 0
    )
    name = f"{frame.unit.code}-{frame.period}-{seq:03d}.zip"
    path = command.to / name
    if path.exists():
        raise UserError(
            f"“{name}”在这个文件夹里已经有了，没有覆盖。", "请换一个文件夹，或先把它移走。"
        )
    receipt = _write(frame, command, content, path, platform, watch)
    try:
        checks = _read_back(path, receipt, command.passphrase)
        package = _remember(frame, command, path, seq, receipt, content)
    except BaseException:
        # A package nobody remembers must not travel.
        path.unlink(missing_ok=True)
        raise
    return Package(
        id=package.id,
        path=path,
        files=receipt.files,
        size=package.size,
        tagmanifest=receipt.tagmanifest_sha256,
        checks=checks,
    )


def preview(uow: UnitOfWork, command: MakePackage) -> Preview:
    """What ``export`` would write, and what has to be mended first; nothing is written.

    Errors: as ``export``, without NotReadyError.
    """
    _refuse_unknown(uow, command)
    frame = _frame(uow, command)
    platform = platforms.load(uow.folder, command.platform or GENERAL)
    content, mends = _ready(frame, command, platform)
    return Preview(
        sheets=tuple(
            (table.sheet, len(table.rows))
            for tables_ in content.sheets.values()
            for table in tables_
        ),
        files=len(content.files) + len(content.sheets),
        gone=tuple((row.gone, row.label) for row in content.lines if row.gone),
        mends=mends,
    )


def records(uow: UnitOfWork, record: str, period: str | None = None) -> Table:
    """One kind of record as it would leave now, in our own columns (period: today's quarter).

    UserError where there is nothing to make it of (no plan can be computed).
    """
    frame = _frame(uow, MakePackage(what="targets", to=uow.folder.root, period=period))
    return _record_table(frame, record)


def verify(path: Path, passphrase: str = "") -> tuple[BagCheck, ...]:
    """Every check of a package where it lies (USB stick, folder); UserError if it is no zip, or
    the passphrase is missing or wrong."""
    return bags.verify_bag(path, passphrase)


def transfer_slip(uow: UnitOfWork, command: MakeTransferSlip) -> Path:
    """Print the 介质交接单 beside the package's own folder in the workspace; gives the PDF.

    Errors: UserError if the package is unknown or no longer where it was written,
    IntegrityError if it changed since.
    """
    from app.documents import transfer_slip as form
    from app.documents.minutes_facts import LedgerMark

    row = uow.session.get(ExportPackage, command.package_id)
    if row is None:
        raise UserError("这个上报包已不在登记里。", "请刷新后再试。")
    if not command.medium.strip() or not command.purpose.strip():
        raise UserError("请填写介质编号和用途。", "介质编号在 U 盘的标签上。")
    path = Path(row.folder) / row.file_name
    members = _members(path, row.tagmanifest, command.passphrase)
    approved_by, approved_on = _approval(uow, row)
    unit = read_unit(uow.session.connection())
    head = uow.record(
        "package.slip",
        row.file_name,
        {"medium": command.medium, "purpose": command.purpose, "tagmanifest": row.tagmanifest},
    )
    data = form.build(
        form.TransferFacts(
            unit=unit.name,
            package=row.file_name,
            period=Period.parse(row.period).in_words(),
            edition=EDITIONS[row.edition],
            purpose=command.purpose.strip(),
            medium=f"{command.kind.strip()} {command.medium.strip()}".strip(),
            approved_by=approved_by,
            approved_on=approved_on,
            receiver=command.receiver.strip(),
            holder=command.holder.strip(),
            size=row.size,
            tagmanifest=row.tagmanifest,
            files=tuple(form.TransferFile(*member) for member in members),
            made_at=row.verified_at.astimezone(),
            made_by=row.by,
            ledger=LedgerMark(head.seq, head.hash),
        )
    )
    uow.folder.packages.mkdir(parents=True, exist_ok=True)
    target = uow.folder.packages / safe_name(f"介质交接单-{Path(row.file_name).stem}.pdf")
    write_atomically(target, data)
    uow.changed.add("package")
    uow.commit()
    return target


def _approval(uow: UnitOfWork, row: ExportPackage) -> tuple[str, date | None]:
    """Who approved it, in what post, and the day; empty if nobody did."""
    steps = packages.steps(uow.session.connection(), row.id)
    step = next((each for each in steps if each.state is PackageState.APPROVED), None)
    if step is None:
        return "", None
    who = f"{step.who}（{step.post}）" if step.post else step.who
    return who, step.on or step.at.astimezone().date()


def _members(path: Path, tagmanifest: str, passphrase: str) -> list[tuple[str, int, str]]:
    """(path inside, bytes, SHA-256) of the payload, from the package as it lies there now."""
    checks = bags.verify_bag(path, passphrase)
    if not all(check.ok for check in checks) or checks[-1].detail != tagmanifest:
        raise IntegrityError(f"“{path.name}”和登记的不符。", "请重新生成上报包。")
    with bags.opened(path, passphrase) as archive:
        found = []
        for entry in archive.infolist():
            inside = entry.filename.partition("/")[2]
            if inside.startswith("data/"):
                with archive.open(entry) as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
                found.append((inside, entry.file_size, digest))
    return found


# --- steps ------------------------------------------------------------------------------------


def _refuse_unknown(uow: UnitOfWork, command: MakePackage) -> None:
    if command.what not in KINDS:
        raise UserError(f"没有“{command.what}”这种上报包。", f"可选：{'、'.join(KINDS)}。")
    if command.edition not in EDITIONS:
        raise UserError(
            f"没有“{command.edition}”这个版本。", "可选：sealed（密封）、public（公开）。"
        )
    if command.what == "draw" and not command.draw_no:
        raise UserError("导出抽取记录要写明抽取编号。", "请选择是哪一次抽取。")
    if command.passphrase and len(command.passphrase) < SHORTEST_PASSPHRASE:
        raise UserError(f"口令太短，至少 {SHORTEST_PASSPHRASE} 位。", "请换一个长一些的口令。")
    if command.corrects is not None:
        _refuse_other(uow, command)


def _refuse_other(uow: UnitOfWork, command: MakePackage) -> None:
    """A correction goes where the rows were sent back from, in the same edition."""
    before = package_life.find(uow, command.corrects or 0)
    if (before.platform, before.edition) != (command.platform or GENERAL, command.edition):
        raise UserError(
            f"{before.file_name} 报的是另一个平台或另一个版本。", "更正要用同样的平台和版本。"
        )


def _frame(uow: UnitOfWork, command: MakePackage) -> _Frame:
    connection = uow.session.connection()
    unit = read_unit(connection)
    draw = None
    if command.draw_no:
        draw = uow.session.scalar(select(Draw).where(Draw.no == command.draw_no))
        if draw is None:
            raise UserError(f"没有编号为 {command.draw_no} 的抽取。", "请核对编号。")
        if draw.state not in {DrawState.CLOSED, DrawState.VOID}:
            raise UserError(f"抽取 {draw.no} 还没有结束，不能导出。", "请先完成或作废它。")
    if draw is not None:
        period = Period.parse(draw.period)
    elif command.period:
        period = Period.parse(command.period)
    else:
        period = Period.of(uow.today, Span.QUARTER)
    return _Frame(
        uow=uow,
        connection=connection,
        unit=unit,
        rulebook=rulebooks.of_unit(connection),
        period=period,
        draw=draw,
        public=command.edition == "public",
    )


def _write(
    frame: _Frame,
    command: MakePackage,
    content: _Content,
    path: Path,
    platform: Platform,
    watch: Watch,
) -> bags.BagReceipt:
    info = {
        "Source-Organization": frame.unit.name,
        "Organization-Code": frame.unit.code,
        "External-Identifier": path.stem,
        "External-Description": f"{KIND_WORDS[command.what]}（{EDITIONS[command.edition]}）",
        "Period": str(frame.period),
        "Edition": command.edition,
        "Rulebook": f"{frame.rulebook.id} {frame.rulebook.version}",
        "Count": str(content.count),
        "Bagging-Date": frame.uow.today.isoformat(),
        "Bagging-Software": f"SuiCha {__version__}",
    }
    if frame.draw is not None:
        info["Draw"] = frame.draw.no
    if command.platform:
        info["Platform"] = f"{platform.id} {platform.version}"
    if command.changed:
        info["Scope"] = "changed"
        gone = sum(1 for line in content.lines if line.gone)
        if gone:
            info["Deleted-Rows"] = str(gone)
    # Inside the workspace: a sealed list must not lie in the machine's common temporary folder.
    with sweeping.aside(frame.uow.folder.root, "package") as room:
        files = dict(content.files)
        for name, sheets in content.sheets.items():
            watch(0, sum(len(table.rows) for table in sheets), f"正在填写“{name}”")
            numbered = [_numbered(platform, name, table) for table in sheets]
            template = _template(frame, platform, name)
            if template is not None:
                filled = [_filled(platform, name, table) for table in numbered]
                files[name] = fill_template(template, filled, watch)
                continue
            made = room / f"{len(files)}.xlsx"
            write_tables(made, numbered)
            files[name] = made.read_bytes()
        if command.passphrase:
            return bags.make_locked_bag(path, files, info, command.passphrase, room)
        return bags.make_bag(path, files, info)


def _template(frame: _Frame, platform: Platform, file: str) -> bytes | None:
    """The platform's own blank workbook for a file, if the unit gave one."""
    sheet = next((each for each in platform.sheets if each.file == file and each.template), None)
    return None if sheet is None else platforms.template_of(frame.uow.folder, platform, sheet)


def _numbered(platform: Platform, file: str, table: Table) -> Table:
    sheet = _described(platform, file, table)
    return table if sheet is None or not table.record else outgoing.numbered(sheet, table)


def _filled(platform: Platform, file: str, table: Table) -> FilledSheet:
    sheet = next(each for each in platform.sheets if (each.file, each.sheet) == (file, table.sheet))
    return outgoing.filled(sheet, table)


def _read_back(path: Path, receipt: bags.BagReceipt, passphrase: str) -> tuple[BagCheck, ...]:
    checks = bags.verify_bag(path, passphrase)
    bad = [check for check in checks if not check.ok]
    if bad or checks[-1].detail != receipt.tagmanifest_sha256:
        what = bad[0].detail if bad else "清单摘要不同"
        raise IntegrityError(f"上报包写入后读回不符：{what}。", "请换一个 U 盘或文件夹再试。")
    return checks


def _remember(
    frame: _Frame,
    command: MakePackage,
    path: Path,
    seq: int,
    receipt: bags.BagReceipt,
    content: _Content,
) -> ExportPackage:
    uow = frame.uow
    package = ExportPackage(
        period=str(frame.period),
        seq=seq,
        what=command.what,
        edition=command.edition,
        draw_id=frame.draw.id if frame.draw else None,
        file_name=path.name,
        folder=str(path.parent),
        size=path.stat().st_size,
        files=receipt.files,
        tagmanifest=receipt.tagmanifest_sha256,
        verified_at=uow.now,
        by=uow.actor,
        platform=command.platform or GENERAL,
        changed_only=command.changed,
        locked=bool(command.passphrase),
    )
    uow.session.add(package)
    uow.session.flush()
    package_life.begin(uow, package, content.lines, command.corrects)
    uow.record(
        "package.make",
        path.name,
        {
            "what": command.what,
            "edition": command.edition,
            "files": receipt.files,
            "tagmanifest": receipt.tagmanifest_sha256,
        },
    )
    uow.changed.add("package")
    uow.commit()
    return package


def _content(frame: _Frame, command: MakePackage, platform: Platform) -> _Content:
    """What the kind asks for; a platform's own sheets instead of ours where one is named."""
    if command.what in _CONTENTS and platform.id == GENERAL:
        return _CONTENTS[command.what](frame)
    records = _RECORDS.get(command.what, (command.what,))
    if frame.public and command.what in _RECORDS:
        kinds = [record_kind(each) for each in records]
        records = tuple(kind.id for kind in kinds if kind and kind.public)
    sheets = platform.sheets_of(records)
    if not sheets:
        raise UserError(
            f"“{platform.name}”没有装“{KIND_WORDS[command.what]}”的表。",
            "请换一种内容，或换一个平台格式。",
        )
    made: dict[str, tuple[Table, ...]] = {}
    for sheet in sheets:
        table = _record_table(frame, sheet.record.id)
        if table.rows:
            shaped = outgoing.shape(platform, sheet, table).table
            made[sheet.file] = (*made.get(sheet.file, ()), shaped)
    files = _CONTENTS[command.what](frame).files if command.what in _WITH_FILES else {}
    count = sum(len(table.rows) for tables_ in made.values() for table in tables_)
    return _Content(dict(files), made, count)


def _ready(
    frame: _Frame, command: MakePackage, platform: Platform
) -> tuple[_Content, tuple[Mend, ...]]:
    """Checked, and only what changed if that was asked for; UserError if nothing is left."""
    content = _content(frame, command, platform)
    pairs, others = [], []
    for name, of_file in content.sheets.items():
        for table in of_file:
            sheet = _described(platform, name, table)
            if sheet is not None:
                pairs.append((sheet, table))
            else:
                others.append(table)
    mends = outgoing.check(frame.connection, platform, pairs, public=frame.public)
    if frame.public and others:
        search = PublicSearch(frame.connection)
        mends += tuple(mend for table in others for mend in search.mends(table))
    if command.changed:
        content = _changed(frame, command, platform, content)
    else:
        content = replace(content, lines=outgoing.lines_of(content.sheets))
    if not content.files and not content.sheets:
        raise UserError("这个期间还没有可以导出的内容。", "请先完成抽取或录入，再生成上报包。")
    return content, mends


_GONE_FILE = f"{outgoing.GONE}.xlsx"
_WITHOUT_PERIOD = frozenset({"directories", "targets", "inspectors", "items"})


def _changed(
    frame: _Frame, command: MakePackage, platform: Platform, content: _Content
) -> _Content:
    """What is not as the platform took it, and what it holds that is no longer there."""
    before = outgoing.accepted(
        frame.connection,
        outgoing.Reported(
            platform=platform.id,
            edition=command.edition,
            sheets=_sheet_names(platform, command.what, content),
            period="" if command.what in _WITHOUT_PERIOD else str(frame.period),
            draw_id=frame.draw.id if frame.draw else None,
        ),
    )
    gone = outgoing.vanished(content.sheets, before)
    sheets = outgoing.only_changed(content.sheets, before)
    lines = outgoing.lines_of(sheets)
    if not lines and not gone and outgoing.lines_of(content.sheets):
        raise UserError(
            "平台受理以后没有变化的内容，不用再报。", "要全部重报的，不选“只报变化的”。"
        )
    if gone:
        table = outgoing.gone_table(gone)
        lines = (*lines, *outgoing.gone_lines(gone, table))
        sheets = {**sheets, _GONE_FILE: (table,)}
    count = sum(len(table.keys) for of_file in sheets.values() for table in of_file) + len(gone)
    return replace(content, sheets=sheets, count=count, lines=lines)


# The sheets of our own packages whose rows are records.
_OWN_SHEETS = {
    "draw": ("派单",),
    "directories": ("检查对象", "执法人员", "抽查事项"),
    "results": ("派单", "检查结果", "公示表"),
}


def _sheet_names(platform: Platform, what: str, content: _Content) -> frozenset[str]:
    """Every sheet this kind of package may have, those that are empty now too."""
    if platform.id == GENERAL and what in _CONTENTS:
        named = set(_OWN_SHEETS.get(what, ()))
    else:
        named = {each.sheet for each in platform.sheets_of(_RECORDS.get(what, (what,)))}
    present = {table.sheet for tables_ in content.sheets.values() for table in tables_}
    return frozenset(named | present)


def _described(platform: Platform, file: str, table: Table) -> PlatformSheet | None:
    """The rules a table is held against; None for counts, which have none."""
    if platform.id == GENERAL:
        return outgoing.general_sheet(platform, table)
    return next(
        (each for each in platform.sheets if (each.file, each.sheet) == (file, table.sheet)), None
    )


# Which records a kind of package holds where a platform has sheets of its own.
_RECORDS = {
    "draw": ("draws", "assignments"),
    "directories": ("targets", "inspectors", "items"),
    "plan": ("plans",),
    "results": ("assignments", "results", "rectifications", "publications"),
    "report": ("reports",),
}
_WITH_FILES = frozenset({"draw", "plan", "results"})


def _record_table(frame: _Frame, record: str) -> Table:
    """One kind of record of the period (or the draw), in our own columns."""
    connection, rulebook, period = frame.connection, frame.rulebook, str(frame.period)
    draw_no = frame.draw.no if frame.draw else ""

    def tasks(*, entered: bool = False) -> list[TaskRow]:
        found = _tasks(frame, draw_no)
        return [task for task in found if not entered or task.result_id is not None]

    def plans() -> Table:
        number = platform_numbers.plan_no(frame.uow, period)
        return tables.plans_table(_period_plan(frame), number)

    def public() -> Table:
        return publishing.publication_table(
            publications.public_lines(connection, rulebook, period=period, draw_no=draw_no)
        )

    def report() -> Table:
        made = _report(frame).sheets
        return made["统计报表.xlsx"][0] if made else Table("", (), ())

    return {
        "targets": lambda: tables.targets_table(connection, rulebook),
        "inspectors": lambda: tables.inspectors_table(connection),
        "items": lambda: tables.items_table(connection, rulebook),
        "plans": plans,
        "draws": lambda: tables.draws_table(connection, period, public=frame.public),
        "assignments": lambda: tables.assignments_table(tasks(), rulebook),
        "results": lambda: tables.results_table(connection, tasks(entered=True), rulebook),
        "rectifications": lambda: tables.rectifications_table(connection, tasks(), rulebook),
        "publications": public,
        "reports": report,
    }[record]()


# --- contents ---------------------------------------------------------------------------------


def _draw(frame: _Frame) -> _Content:
    draw = frame.draw
    if draw is None:
        raise UserError("导出抽取记录要写明抽取编号。", "请选择是哪一次抽取。")
    tasks = _tasks(frame, draw.no)
    counts = tables.public_counts if frame.public else tables.every_count
    sheets: dict[str, tuple[Table, ...]] = {
        "抽取情况.xlsx": (
            tables.draw_counts(
                draw.no,
                frame.period.in_words(),
                "已完成" if draw.state is DrawState.CLOSED else "已作废",
                _digests(draw),
                counts(unpack_facts(draw.facts).plan),
            ),
        )
    }
    if not frame.public and tasks:
        sheets["派单.xlsx"] = (tables.assignments_table(tasks, frame.rulebook),)
    return _Content(_draw_files(frame, draw), sheets, len(tasks))


def _digests(draw: Draw) -> tuple[tuple[str, str], ...]:
    found = (
        ("名单摘要 P", draw.plan_hash),
        ("承诺值 C", draw.commitment),
        ("结果摘要 F", draw.result_hash),
    )
    return tuple((name, value) for name, value in found if value)


def _draw_files(frame: _Frame, draw: Draw) -> dict[str, bytes | Path]:
    elsewhere = Way(draw.way).elsewhere
    if elsewhere and frame.public:
        # It holds the names of a list nobody here drew; what may be told of it, its owner tells.
        raise UserError(f"{draw.no} 是接收记录，接收记录不公开。", "请导出密封版。")
    if elsewhere:
        folder = received_papers.folder_of(frame.uow.folder, draw.no)
    else:
        folder = frame.uow.folder.draws / draw.no
    found: dict[str, bytes | Path] = {
        path.name: path
        for path in sorted(folder.glob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    if frame.public:
        found = _public_files(frame, draw, found)
    return {f"{folder.parent.name}/{draw.no}/{name}": data for name, data in found.items()}


def _public_files(
    frame: _Frame, draw: Draw, found: dict[str, bytes | Path]
) -> dict[str, bytes | Path]:
    """What of a draw's folder may be public in the stage the draw is in now."""
    shown = {name: found[name] for name in _PUBLIC_AT_ONCE if name in found}
    stage = publicity.standing(frame.connection, draw.no).stage
    if draw.rehearsal or stage is Stage.HELD:
        return shown
    if not publicity.why_not_disclosed(frame.connection, draw.no):
        # Made now: a copy lying there may be of an earlier stage.
        shown["disclosure.pdf"] = papers.disclosure(frame.uow, draw.no)
    if stage is not Stage.ENDED:
        return shown
    shown |= {name: found[name] for name in _PUBLIC_AT_LAST if name in found}
    shown.setdefault("verify.html", papers.VERIFY_PAGE)
    named = [name for name in found if any(fnmatchcase(name, one) for one in _NAMES_A_PERSON)]
    if named:
        shown[_LEFT_OUT] = _left_out(folder=frame.uow.folder.draws / draw.no, names=named)
    return shown


def _left_out(folder: Path, names: Sequence[str]) -> bytes:
    """Which records stay out of a public edition, with the digests others are chained by."""
    lines = ["下列记录写有批准人的姓名，不公开；要核对的，可到本单位查阅。", ""]
    lines += [
        f"{name}　SHA-256 {hashlib.sha256((folder / name).read_bytes()).hexdigest()}"
        for name in names
    ]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _tasks(frame: _Frame, draw_no: str) -> tuple[TaskRow, ...]:
    statement = in_draws(tasks_counted(), period=str(frame.period), draw_no=draw_no)
    return read_tasks(frame.connection, statement.order_by(Draw.seq, Assignment.id))


def _directories(frame: _Frame) -> _Content:
    items = tables.items_table(frame.connection, frame.rulebook)
    counts = tables.directory_counts(frame.connection, frame.rulebook)
    if frame.public:
        # The two directories name people and telephones: in public only their numbers.
        sheets = {"抽查事项.xlsx": (items,), "名录库数量.xlsx": (counts,)}
        return _Content({}, dict(sheets), len(items.rows))
    targets = tables.targets_table(frame.connection, frame.rulebook)
    return _Content(
        {},
        {
            "检查对象.xlsx": (targets,),
            "执法人员.xlsx": (tables.inspectors_table(frame.connection),),
            "抽查事项.xlsx": (items,),
        },
        len(targets.rows),
    )


def _plan(frame: _Frame) -> _Content:
    plan = _period_plan(frame)
    table = tables.public_plan_table if frame.public else tables.plan_table
    # The papers name people who cannot be drawn, and why: they go to the superior only.
    papers_ = {} if frame.public else plan_papers.approved_papers(frame.connection, frame.period)
    return _Content(dict(papers_), {"抽查计划.xlsx": (table(plan),)}, plan.total)


def _period_plan(frame: _Frame) -> PeriodPlan:
    """As it was frozen with the period's first draw, else as it stands today."""
    facts = frame.uow.session.scalar(
        select(Draw.facts)
        .where(
            Draw.period == str(frame.period),
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
        )
        .order_by(Draw.seq)
        .limit(1)
    )
    if facts is not None:
        return unpack_facts(facts).plan
    return planning.compute(
        frame.connection, planning.MakePlan(period=str(frame.period), on=frame.uow.today)
    )


def _results(frame: _Frame) -> _Content:
    draw_no = frame.draw.no if frame.draw else ""
    lines = publications.public_lines(
        frame.connection, frame.rulebook, period=str(frame.period), draw_no=draw_no
    )
    sheets: dict[str, tuple[Table, ...]] = {}
    if lines:
        public = publishing.publication_table(lines)
        sheets["公示表.xlsx"] = (public,)
    if frame.public:
        return _Content({}, sheets, len(lines))
    tasks = _tasks(frame, draw_no)
    entered = [task for task in tasks if task.result_id is not None]
    if tasks:
        sheets["派单.xlsx"] = (tables.assignments_table(tasks, frame.rulebook),)
    if entered:
        sheets["检查结果.xlsx"] = (
            tables.results_table(frame.connection, entered, frame.rulebook),
            tables.item_outcomes_table(frame.connection, entered),
        )
    files, carried = _attachments(frame, entered)
    if entered:
        # The same for another installation of the unit, which merges them exactly.
        files[result_records.NAME] = result_records.pack(
            frame.connection, entered, frame.unit.code, carried
        )
    return _Content(files, sheets, len(entered))


def _attachments(
    frame: _Frame, tasks: Sequence[TaskRow]
) -> tuple[dict[str, bytes | Path], dict[int, list[RecordedFile]]]:
    """Files of the results by their path in the package, and which are whose."""
    files: dict[str, bytes | Path] = {}
    carried: dict[int, list[RecordedFile]] = {}
    for task in tasks:
        if task.progress is not Progress.LOCKED or task.result_id is None:
            continue
        for each in results.attachments(frame.connection, task.result_id):
            path = attaching.path_of(frame.uow.folder, each.sha256)
            if not path.is_file():
                raise IntegrityError(f"附件“{each.name}”不在了，没有导出。", "请从备份恢复附件。")
            # Numbered: two photographs of one task may bear one name.
            name = safe_name(f"{each.id:05d}-{each.name}")
            inside = f"attachments/{safe_name(task.draw_no)}/{safe_name(task.serial)}/{name}"
            files[inside] = path
            recorded = RecordedFile(name=each.name, sha256=each.sha256, path=inside)
            carried.setdefault(task.id, []).append(recorded)
    return files, carried


def _report(frame: _Frame) -> _Content:
    tasks = _tasks(frame, "")
    if not tasks:
        return _Content({}, {}, 0)
    connection, period, today = frame.connection, str(frame.period), frame.uow.today
    if frame.public:
        plan = _period_plan(frame)
        made = report_tables.public(*reporting.public_report(connection, period, today, plan))
    else:
        made = reporting.tables(connection, reporting.report(connection, period, today))
    return _Content({}, {"统计报表.xlsx": made}, len(tasks))


_CONTENTS = {
    "draw": _draw,
    "directories": _directories,
    "plan": _plan,
    "results": _results,
    "report": _report,
}
