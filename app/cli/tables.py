"""Tables that come in: ``suicha import``."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli._answers import answer, opened, parts_of, said_passphrase
from app.cli._exits import DONE, PARTLY
from app.cli._parser import add_command, add_data, add_json, add_passphrase

if TYPE_CHECKING:
    from app.services.intake.import_files import SourceFile
    from app.services.workspace import Workspace

_IMPORT_KINDS = ("targets", "inspectors", "items", "inspections", "partners", "results")


def add(commands: Any) -> None:
    """Add ``import``."""
    load = add_command(commands, "import", _import, "导入表格")
    load.add_argument("kind", choices=_IMPORT_KINDS, help="导入什么")
    load.add_argument("file", type=Path, metavar="FILE", help="表格文件")
    add_data(load)
    load.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    load.add_argument(
        "--library", default="", metavar="permit", help="targets：新对象放进哪个库（平台分库时）"
    )
    load.add_argument("--department", metavar="'YJ|县应急管理局'", help="partners：部门代码和名称")
    load.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="退回的行写到哪里")
    load.add_argument(
        "--platform", default="", metavar="ID", help="文件是这个平台的格式，按它的列和代码读"
    )
    add_passphrase(load, "另一台电脑导出的包的口令")
    load.add_argument(
        "--prefer",
        choices=("ours", "theirs"),
        help="results：两边都改过的用哪边（ours 本机的，theirs 文件里的；不写的退回）",
    )
    load.add_argument(
        "--as-drafts", action="store_true", help="results：填全的也只存草稿，不提交复核"
    )
    add_json(load)


def _import_partners(arguments: argparse.Namespace) -> int:
    from app.services.draws import partnering

    code, name = parts_of(arguments.department or "", 2, "--department 'YJ|县应急管理局'")
    command = partnering.ReadPartners(path=arguments.file, code=code, name=name)
    with opened(arguments) as office:
        if arguments.dry_run:
            seen = office.read(partnering.preview, command)
            bad = [f"第 {row.number} 行“{row.name}”：{row.problem}" for row in seen.problems]
            body = {"rows": len(seen.rows), "problems": bad}
            answer(arguments, body, [f"预览，没有写入。共 {len(seen.rows)} 人", *bad])
            return PARTLY if bad else DONE
        made = office.write(partnering.take, command)
    body = {"rows": made.people, "new": made.new, "gone": made.gone, "department": made.code}
    answer(arguments, body, [f"{name}名录：{made.people} 人，新增 {made.new}，退出 {made.gone}"])
    return DONE


def _import_results(arguments: argparse.Namespace) -> int:
    from app.services.intake import merging

    with opened(arguments) as office:
        command = merging.MergeResults(
            path=arguments.file,
            passphrase=said_passphrase(arguments),
            usual=merging.Prefer(arguments.prefer) if arguments.prefer else None,
            submit=not arguments.as_drafts,
            errors_path=arguments.errors,
            today=office.clock().astimezone().date(),
        )
        seen = office.read(merging.preview, command)
        counts, errors = seen.counts, None
        if not arguments.dry_run and counts.new + counts.updated:
            errors = office.write(merging.apply, command).errors
        elif not arguments.dry_run and arguments.errors and seen.to_give_back:
            errors = arguments.errors
            office.read(lambda connection: merging.write_back(errors, connection, seen))
    body = {**asdict(counts), "errors": str(errors) if errors else None, "notes": list(seen.notes)}
    lines = [
        *seen.notes,
        ("预览，没有写入。" if arguments.dry_run else "")
        + f"共 {counts.rows} 家：新增 {counts.new}，更新 {counts.updated}，"
        f"不变 {counts.unchanged}，退回 {counts.rejected}，没有填 {counts.skipped}；"
        f"提交复核 {counts.submitted}，存为草稿 {counts.drafts}",
        *(f"{row.offer.serial}：{row.reason}" for row in seen.to_give_back),
    ]
    if errors:
        lines.append(f"退回的行和原因在：{errors}，改好后可再次合并")
    answer(arguments, body, lines)
    return PARTLY if counts.rejected else DONE


def _source(arguments: argparse.Namespace, office: Workspace) -> SourceFile:
    """A table, or the directory in another installation's package."""
    from app.services.intake import importing

    if not importing.is_package(arguments.file):
        return importing.open_file(arguments.file)
    command = importing.OpenDirectory(
        kind=arguments.kind,
        path=arguments.file,
        root=office.folder.root,
        passphrase=said_passphrase(arguments),
    )
    return office.read(importing.open_directory, command)


def _import(arguments: argparse.Namespace) -> int:
    from app.services.intake import importing
    from app.services.packages import platforms

    if arguments.kind == "partners":
        return _import_partners(arguments)
    if arguments.kind == "results":
        return _import_results(arguments)
    with opened(arguments) as office:
        source = _source(arguments, office)
        mappings: tuple[Any, ...] = ()
        if arguments.platform:
            platform = platforms.load(office.folder, arguments.platform)
            mappings = office.read(importing.propose_named, arguments.kind, source, platform)
        known = platforms.own(office.folder)
        if arguments.dry_run:
            command = importing.PreviewImport(
                kind=arguments.kind,
                path=arguments.file,
                source=source,
                mappings=mappings,
                platforms=known,
                default_library=arguments.library,
                today=office.clock().astimezone().date(),
            )
            seen = office.read(importing.preview, command)
            importing.refuse_nothing(seen.source, seen.counts)
            counts, errors = seen.counts, None
        else:
            outcome = office.write(
                importing.apply,
                importing.ApplyImport(
                    kind=arguments.kind,
                    path=arguments.file,
                    source=source,
                    mappings=mappings,
                    platforms=known,
                    errors_path=arguments.errors,
                    default_library=arguments.library,
                ),
            )
            counts, errors = outcome.counts, outcome.errors
    body = {
        "rows": counts.rows,
        "new": counts.new,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
        "skipped": counts.skipped,
        "errors": str(errors) if errors else None,
    }
    words = (
        f"共 {counts.rows} 行：新增 {counts.new}，更新 {counts.updated}，不变 {counts.unchanged}，"
        f"退回 {counts.rejected}，跳过 {counts.skipped}"
    )
    lines = [("预览，没有写入。" if arguments.dry_run else "") + words]
    if counts.skipped == counts.rows:
        lines.append("表头下面全是说明、示例、合计或空行，没有可以导入的数据。")
    if errors:
        lines.append(f"退回的行和原因在：{errors}，改好后可再次导入")
    answer(arguments, body, lines)
    return PARTLY if counts.rejected else DONE
