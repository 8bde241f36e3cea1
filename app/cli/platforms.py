"""Platforms' own forms as formats."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli._answers import answer, folder_of, no_step, opened
from app.cli._exits import DONE, PARTLY
from app.cli._parser import Parser, add_command, add_data, add_json
from app.paths import WorkspaceFolder


def add(commands: Any) -> None:
    """Add ``platform``."""
    words = "平台格式：list 列出，check 看空白模板，add 按空白模板新建，remove 删除"
    platform = add_command(
        commands, "platform", no_step("platform", ("list", "check", "add", "remove")), words
    )
    steps = platform.add_subparsers(dest="step", metavar="步骤", parser_class=Parser)
    known = add_command(steps, "list", _platform_list, "列出随程序带的和本单位的平台格式")
    add_data(known)
    add_json(known)
    check = add_command(steps, "check", _platform_check, "读平台的空白模板，列出每一列将填什么")
    check.add_argument("file", type=Path, metavar="FILE", help="空白模板（xlsx、xls、et）")
    add_data(check)
    add_json(check)
    add = add_command(steps, "add", _platform_add, "照 check 列出的对应保存为本单位的平台格式")
    add.add_argument("file", type=Path, metavar="FILE", help="空白模板（xlsx、xls、et）")
    add.add_argument("--name", required=True, metavar="NAME", help="平台名称")
    add.add_argument("--id", default="", metavar="ID", help="代号，默认取名称的拼音首字母")
    add.add_argument("--into", default="", metavar="ID", help="加到本单位已有的平台格式")
    add_data(add)
    add_json(add)
    remove = add_command(steps, "remove", _platform_remove, "删除本单位的一个平台格式")
    remove.add_argument("id", metavar="ID", help="代号")
    add_data(remove)
    add_json(remove)


def _platform_list(arguments: argparse.Namespace) -> int:
    from app.services.packages import platforms

    found = platforms.choices(WorkspaceFolder(folder_of(arguments)), broken=True)
    body = {
        "platforms": [
            {"id": each.id, "name": each.name, "own": each.own, "note": each.note,
             "files": [{"file": file, "records": words} for file, words in each.files],
             "problem": each.problem}
            for each in found
        ]
    }  # fmt: skip
    lines = [
        f"{each.id}  {each.problem or each.name}{'（本单位）' if each.own else ''}"
        for each in found
    ]
    answer(arguments, body, lines)
    return DONE


def _platform_check(arguments: argparse.Namespace) -> int:
    from app.services.packages import platform_drafts

    with opened(arguments) as office:
        known = office.write(platform_drafts.samples, None)
    template = platform_drafts.open_template(arguments.file)
    draft = platform_drafts.propose(template, known)
    sheets = [_sheet_told(draft, at, known) for at in range(len(draft.sheets))]
    lines = [f"{arguments.file.name}：{len(sheets)} 张表"]
    if template.converted:
        lines.append(f"原来是 {template.converted}，写出的将是 xlsx。")
    for sheet in sheets:
        words = known[sheet["record"]].kind.words if sheet["record"] else "不填"
        top, bottom = sheet["header"]
        lines.append(
            f"“{sheet['sheet']}”：{words}，表头第 {top}–{bottom} 行，"
            f"从第 {sheet['first_row']} 行起填，现有数据要改 {sheet['mend']} 处"
        )
        lines += [
            f"  第 {each['column']} 列 {each['header']} ← {each['fills'] or '（没有对应）'}"
            for each in sheet["columns"]
        ]
    left = [
        each["header"]
        for sheet in sheets
        for each in sheet["columns"]
        if sheet["record"] and each["required"] and not each["fills"]
    ]
    if left:
        lines.append(f"必填而没有对应的列：{'、'.join(left)}。请在窗口里对应。")
    body = {"file": template.file, "sha256": template.sha256,
            "converted": template.converted, "sheets": sheets, "unmatched": left}  # fmt: skip
    answer(arguments, body, lines)
    return PARTLY if left else DONE


def _sheet_told(draft: Any, at: int, known: Any) -> dict[str, Any]:
    from app.services.packages import platform_drafts

    each = draft.sheets[at]
    return {
        "sheet": each.sheet.name,
        "record": each.record,
        "header": [each.sheet.header_top, each.sheet.header_row],
        "first_row": each.sheet.first_row,
        "columns": [
            {
                "column": column.asked.at,
                "header": column.asked.header,
                "fills": _filling(column),
                "required": column.required,
                "options": list(column.asked.options[:20]),
            }
            for column in each.columns
        ],
        "mend": len(platform_drafts.trial(draft, at, known).mends),
    }


def _filling(column: Any) -> str:
    return "顺序号" if column.serial else column.field or column.constant


def _platform_add(arguments: argparse.Namespace) -> int:
    from app.services.packages import platform_drafts, platforms

    with opened(arguments) as office:
        template = platform_drafts.open_template(arguments.file)
        draft = platform_drafts.propose(template, office.write(platform_drafts.samples, None))
        into = platforms.load(office.folder, arguments.into) if arguments.into else None
        identity = arguments.id or platforms.proposed_id(office.folder, arguments.name)
        command = platform_drafts.command_of(draft, identity, arguments.name, into, arguments.file)
        made = office.write(platforms.save, command)
    files = list(dict.fromkeys(each.file for each in made.sheets))
    body = {"id": made.id, "name": made.name, "files": files}
    answer(arguments, body, [f"已保存“{made.name}”，代号 {made.id}；模板：{'、'.join(files)}"])
    return DONE


def _platform_remove(arguments: argparse.Namespace) -> int:
    from app.services.packages import platforms

    with opened(arguments) as office:
        office.write(platforms.remove, platforms.RemovePlatform(arguments.id))
    answer(arguments, {"id": arguments.id}, [f"已删除平台格式 {arguments.id}"])
    return DONE
