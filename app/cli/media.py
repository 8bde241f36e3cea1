"""Packages on sticks and discs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli._answers import answer, opened, say
from app.cli._exits import CHECK_FAILED, DONE
from app.cli._parser import add_command, add_data, add_json

if TYPE_CHECKING:
    from app.services.packages.checking_media import CheckedFile


def add(commands: Any) -> None:
    """Add ``carry``, ``media``."""
    _add_carry(commands)
    _add_media(commands)


def _add_carry(commands: Any) -> None:
    carry = add_command(commands, "carry", _carry, "把上报包写到 U 盘，从介质读回校验")
    carry.add_argument("package", metavar="FILE", help="上报包文件名，例如 331000-2026Q1-001.zip")
    carry.add_argument("--to", type=Path, required=True, metavar="DIR", help="U 盘上的文件夹")
    carry.add_argument("--medium", default="", metavar="NO", help="介质编号；认得出的可以不写")
    carry.add_argument("--reason", default="", metavar="TEXT", help="未登记的介质只用这一次的理由")
    carry.add_argument("--name", default="", metavar="FILE", help="同名文件已在时另存的文件名")
    carry.add_argument("--burn", action="store_true", help="写到待刻录的文件夹；刻好用 media 核对")
    add_data(carry)
    add_json(carry)


def _add_media(commands: Any) -> None:
    media = add_command(commands, "media", _media, "介质台账：列出、登记、核对介质上的包")
    media.add_argument("--add", default="", metavar="NO", help="登记这个介质编号")
    media.add_argument("--holder", default="", metavar="NAME", help="保管人")
    media.add_argument("--purpose", default="", metavar="TEXT", help="用途")
    media.add_argument("--at", type=Path, metavar="DIR", help="介质插在哪里，登记它的卷标和序列号")
    media.add_argument("--check", type=Path, metavar="DIR", help="核对这里的包和拷出时是否相同")
    add_data(media)
    add_json(media)


def _carry(arguments: argparse.Namespace) -> int:
    from app.services.packages import carrying

    command = carrying.CarryPackage(
        file_name=arguments.package,
        folder=arguments.to,
        name=arguments.name,
        use=carrying.Use(medium=arguments.medium, reason=arguments.reason, burn=arguments.burn),
    )
    for half in carrying.left_overs(arguments.to):
        say(f"这里有以前没有拷完的半份{half.words}，不要使用，可以删除")
    with opened(arguments) as office:
        made = carrying.carry_package(office, command)
    body = {
        "copy": str(made.copy.path),
        "bytes": made.copy.size,
        "sha256": made.copy.sha256,
        "medium": made.medium,
        "already": made.copy.already,
    }
    what = "早已在那里，内容相同" if made.copy.already else "已写好"
    end = "" if made.to_burn else "，可安全拔出"
    answer(arguments, body, [f"{made.copy.path} {what}：{made.compared}{end}"])
    return DONE


def _media(arguments: argparse.Namespace) -> int:
    from app.db.read import media as reads
    from app.domain.media import DEFAULT_PURPOSE, MediumFacts
    from app.services.packages import checking_media, media
    from app.services.packages.carrying import removable_drives

    with opened(arguments) as office:
        if arguments.check is not None:
            return _check_medium(arguments, checking_media.check_medium(office, arguments.check))
        drives = removable_drives()
        if arguments.add:
            drive = media.drive_at(arguments.at, drives) if arguments.at else None
            facts = MediumFacts(
                ident=arguments.add,
                holder=arguments.holder,
                purpose=arguments.purpose or DEFAULT_PURPOSE,
                label=drive.label if drive else "",
                serial=drive.serial if drive else "",
                since=office.clock().astimezone().date(),
            )
            office.write(media.save, media.SaveMedium(None, facts))
        known = office.read(reads.known)
    body = {
        "media": [
            {
                "no": facts.ident,
                "holder": facts.holder,
                "label": facts.label,
                "serial": facts.serial,
                "withdrawn": facts.withdrawn_on.isoformat() if facts.withdrawn_on else None,
            }
            for _id, facts in known.values()
        ],
        "drives": [str(each.root) for each in drives],
    }
    lines = [
        f"{facts.ident}　{facts.holder}　{facts.label} {facts.serial}　{facts.purpose}"
        for _id, facts in known.values()
    ] or ["介质台账还是空的"]
    answer(arguments, body, lines + [f"插着：{each.words}" for each in drives])
    return DONE


def _check_medium(arguments: argparse.Namespace, found: Sequence[CheckedFile]) -> int:
    from app.services.packages.checking_media import Verdict

    bad = [each for each in found if each.verdict in {Verdict.CHANGED, Verdict.UNREADABLE}]
    body = {
        "ok": not bad,
        "files": [
            {"name": each.name, "verdict": each.verdict.value, "detail": each.words}
            for each in found
        ],
    }
    lines = [f"{each.verdict.label}　{each.name}：{each.words}" for each in found]
    answer(arguments, body, lines or ["这里没有上报包"])
    return CHECK_FAILED if bad else DONE
