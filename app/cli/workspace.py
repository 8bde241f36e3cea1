"""The workspace as a whole: begin, back up, restore, move to another PC."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from app.cli._answers import answer, answer_checks, folder_of, opened, say
from app.cli._exits import DONE
from app.cli._parser import add_command, add_data, add_json
from app.errors import IntegrityError
from app.paths import default_workspace


def add(commands: Any) -> None:
    """Add ``demo``, ``init``, ``backup``, ``restore``, ``move``."""
    _add_demo(commands)
    _add_init(commands)
    _add_backup(commands)
    _add_restore(commands)
    _add_move(commands)


def _add_demo(commands: Any) -> None:
    demo = add_command(commands, "demo", _demo, "用虚构的县演示完整的一个季度")
    demo.add_argument("--out", type=Path, required=True, metavar="DIR", help="演示写到哪里")
    demo.add_argument("--rulebook", default="taijiang-2022", metavar="ID|FILE", help="用哪部细则")
    add_json(demo)


def _add_init(commands: Any) -> None:
    init = add_command(commands, "init", _init, "新建空的工作区")
    add_data(init)
    init.add_argument("--rulebook", required=True, metavar="ID|FILE", help="细则编号或文件")
    init.add_argument("--level", default="", metavar="L", help="层级（细则分层级时）")
    init.add_argument("--org", required=True, metavar="NAME", help="单位全称")
    init.add_argument("--code", required=True, metavar="331000", help="6 位行政区划代码")
    add_json(init)


def _add_backup(commands: Any) -> None:
    save = add_command(commands, "backup", _backup, "备份并读回校验")
    add_data(save)
    where = save.add_mutually_exclusive_group()
    where.add_argument("--to", type=Path, metavar="DIR", help="写到哪里（默认工作区内）")
    where.add_argument(
        "--second-place", type=Path, metavar="DIR", help="设为第二处（U 盘、网络文件夹）并备份"
    )
    where.add_argument("--second", action="store_true", help="现在备份到已设的第二处")
    where.add_argument("--drill", action="store_true", help="演练恢复：最新一份恢复到一旁并核对")
    add_json(save)


def _add_restore(commands: Any) -> None:
    restore = add_command(commands, "restore", _restore, "把备份恢复到一个新文件夹")
    restore.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    restore.add_argument(
        "--compare", type=Path, metavar="DIR", help="恢复后与这个现有工作区比较，列出备份里没有的"
    )
    add_data(restore)
    add_json(restore)


def _add_move(commands: Any) -> None:
    move = add_command(commands, "move", _move, "换电脑：写出迁移文件，旧工作区从此只供查看")
    what = move.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", type=Path, metavar="DIR", help="迁移文件写到哪里（U 盘、网络文件夹）")
    what.add_argument("--stay", metavar="原因", help="已经迁走的工作区仍在这里继续使用，写明原因")
    add_data(move)
    add_json(move)


def _demo(arguments: argparse.Namespace) -> int:
    from app.services import demonstrating

    summary = demonstrating.demonstrate(
        arguments.out,
        arguments.rulebook,
        progress=say,
        # Handed in by the composition root: the command line itself knows no window.
        pictures=getattr(arguments, "pictures", None),
    )
    answer(arguments, summary.as_json(), summary.lines())
    return DONE


def _init(arguments: argparse.Namespace) -> int:
    from app.services.workspace import CreateUnit, create

    folder = folder_of(arguments)
    create(
        folder,
        CreateUnit(
            name=arguments.org,
            code=arguments.code,
            rulebook_id=arguments.rulebook,
            level=arguments.level,
        ),
    )
    answer(arguments, {"data": str(folder)}, [f"工作区已建立：{folder}"])
    return DONE


def _backup(arguments: argparse.Namespace) -> int:
    from app.services.safety import keeping

    if arguments.drill:
        return answer_checks(arguments, keeping.drill(folder_of(arguments)))
    with opened(arguments) as office:
        if arguments.second:
            saved = office.write(keeping.copy_to_second, None)
        elif arguments.second_place is not None:
            saved = office.write(keeping.set_second_place, arguments.second_place)
        else:
            saved = office.write(keeping.backup, keeping.MakeBackup(to=arguments.to))
    body = {"backup": str(saved.path), "bytes": saved.size, "sha256": saved.sha256}
    answer(arguments, body, [f"备份已写成并读回校验：{saved.path}"])
    return DONE


def _move(arguments: argparse.Namespace) -> int:
    from app.services.safety import moving

    with opened(arguments) as office:
        if arguments.stay is not None:
            moving.stay(office, moving.StayHere(reason=arguments.stay))
            answer(arguments, {"moved": False}, ["已恢复在本机使用，原因记入账本"])
            return DONE
        made = moving.move(office, moving.Move(arguments.to))
    inside = moving.inside(made.path)
    body = {"moved": True, "backup": str(made.path), "bytes": made.size, "sha256": made.sha256}
    lines = [f"迁移文件已写成并读回校验：{made.path}", "本机的工作区从此只供查看。"]
    lines.append("在新电脑上打开随查，选“从备份恢复或接收迁移”。那里应当看到：")
    lines += [f"  {name}：{value}" for name, value in inside.lines()]
    answer(arguments, body, lines)
    return DONE


def _restore(arguments: argparse.Namespace) -> int:
    from app.services.safety import backup_files, keeping, moving

    folder = folder_of(arguments)
    if backup_files.is_move(arguments.file):
        found = moving.look(arguments.file, datetime.now().astimezone())
        bad = [each for each in moving.arrive(found, folder) if not each.ok]
        if bad:
            raise IntegrityError(
                f"恢复出的核对不符：{bad[0].name}，{bad[0].detail}。", "请换一份。"
            )
    else:
        keeping.restore(arguments.file, folder)
    body: dict[str, object] = {"data": str(folder)}
    lines = [f"已恢复到：{folder}"]
    if folder.absolute() != default_workspace().absolute():
        lines.append(f"要用它，请这样打开：suicha --data {folder}")
    if arguments.compare is not None:
        behind = keeping.lacking(arguments.compare, folder)
        body |= {"same": behind.same, "entries": behind.entries}
        body["lacking"] = [[row.kind, row.what, row.detail] for row in behind.rows]
        lines.append(keeping.comparison_words(behind))
        lines += [f"  {row.kind}  {row.what}  {row.detail}" for row in behind.rows]
    answer(arguments, body, lines)
    return DONE
