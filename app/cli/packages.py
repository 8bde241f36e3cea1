"""``suicha export`` and ``suicha package …``: a package is made, and its life."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli._answers import answer, day_of, no_step, opened, said_passphrase, say
from app.cli._exits import DONE, PARTLY, WRONG
from app.cli._parser import Parser, add_command, add_data, add_json, add_passphrase
from app.domain.package_course import PackageState
from app.errors import UserError

if TYPE_CHECKING:
    from app.db.read.packages import PackageRow
    from app.services.packages.platform_answers import Complaints
    from app.services.packages.platform_numbers import NumbersFound
    from app.services.workspace import Workspace

_PACKAGE_KINDS = (
    *("draw", "directories", "plan", "results", "report"),
    *("targets", "inspectors", "items", "plans", "draws", "assignments"),
    *("rectifications", "publications", "reports"),
)


def add(commands: Any) -> None:
    """Add ``export``, and ``package`` with its steps."""
    _add_export(commands)
    _add_life(commands)


def _add_export(commands: Any) -> None:
    export = add_command(commands, "export", _export, "生成上报包并读回校验")
    add_data(export)
    export.add_argument("--what", required=True, choices=_PACKAGE_KINDS, help="内容")
    export.add_argument("--draw", metavar="NO", help="抽取编号")
    export.add_argument("--period", metavar="P", help="期间")
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="写到哪里")
    export.add_argument("--edition", choices=("sealed", "public"), default="sealed", help="版本")
    export.add_argument("--platform", metavar="ID", help="平台格式，如 jiangxi；不写为通用格式")
    export.add_argument(
        "--changed", action="store_true", help="只报平台接收以后变化的；没有接收过的全报"
    )
    add_passphrase(export, "给上报包设口令")
    export.add_argument("--corrects", metavar="FILE", help="更正哪个部分退回的上报包")
    add_json(export)


def _export(arguments: argparse.Namespace) -> int:
    from app.services.packages import exporting

    command = exporting.MakePackage(
        what=arguments.what,
        draw_no=arguments.draw,
        period=arguments.period,
        edition=arguments.edition,
        to=arguments.to,
        platform=arguments.platform,
        changed=arguments.changed,
        passphrase=said_passphrase(arguments),
    )
    with opened(arguments) as office:
        if arguments.corrects:
            before = find(office, arguments.corrects)
            command = replace(command, corrects=before.id)
        try:
            package = office.write(exporting.export, command)
        except exporting.NotReadyError as error:
            mends = [
                {
                    "sheet": each.sheet,
                    "row": each.line,
                    "name": each.label,
                    "column": each.column,
                    "problem": each.problem,
                    "key": each.key,
                    "text": each.text,
                }
                for each in error.mends
            ]
            say("上报前检查没有通过，没有生成上报包：")
            answer(arguments, {"package": None, "mend": mends}, [str(each) for each in error.mends])
            return WRONG
    body = {
        "package": str(package.path),
        "files": package.files,
        "bytes": package.size,
        "tagmanifest": package.tagmanifest,
    }
    lines = [
        f"上报包 {package.path}，{package.files} 个文件，已从写入处读回校验",
        f"清单摘要 {package.tagmanifest}",
    ]
    answer(arguments, body, lines)
    return DONE


STEPS = ("list", "show", "approve", "mark", "errors", "numbers", "slip", "allow", "approval")


_MARKS = {
    "copied": PackageState.COPIED,
    "uploaded": PackageState.UPLOADED,
    "accepted": PackageState.ACCEPTED,
}


Run = Callable[[argparse.Namespace], int]


def _add_life(commands: Any) -> None:
    group = add_command(
        commands, "package", no_step("package", STEPS), f"上报包办到哪里了：{'、'.join(STEPS)}"
    )
    steps = group.add_subparsers(dest="step", metavar="步骤", parser_class=Parser)

    def step(name: str, run: Run, words: str) -> argparse.ArgumentParser:
        made = add_command(steps, name, run, words)
        add_data(made)
        add_json(made)
        return made

    _add_looks(step)
    _add_steps(step)
    _add_numbers(step)


Step = Callable[[str, Run, str], argparse.ArgumentParser]


def _add_looks(step: Step) -> None:
    found = step("list", _list, "列出上报包和状态")
    found.add_argument("--period", default="", metavar="2026Q1", help="只列这个期间")
    found.add_argument(
        "--state", choices=[each.value for each in PackageState], help="只列这个状态"
    )
    show = step("show", _show, "一个上报包的经过和退回的行")
    _package(show)
    slip = step("slip", _slip, "打印介质交接单")
    _package(slip)
    slip.add_argument("--medium", required=True, metavar="TEXT", help="介质编号")
    slip.add_argument("--kind", default="U 盘", metavar="光盘", help="介质，默认 U 盘")
    slip.add_argument("--purpose", default="上报省级平台", metavar="TEXT", help="用途")
    slip.add_argument("--receiver", default="", metavar="TEXT", help="接收人")
    add_passphrase(slip, "打包时设的口令")
    allow = step("allow", _allow, "认可一处公开用语不是人名")
    allow.add_argument("--key", required=True, metavar="results:12", help="哪一条（见 mend）")
    allow.add_argument("--column", required=True, metavar="TEXT", help="列名")
    allow.add_argument("--text", required=True, metavar="TEXT", help="整格的原文")
    allow.add_argument("--reason", required=True, metavar="TEXT", help="为什么不是人名")
    approval = step("approval", _approval, "上报包是否须经第二人批准")
    approval.add_argument("wanted", choices=("yes", "no"), help="yes 须批准，no 不必")


def _package(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="FILE", help="文件名，例如 331000-2026Q1-001.zip")


def _add_steps(step: Step) -> None:
    approve = step("approve", _approve, "登记第二人的批准")
    _package(approve)
    approve.add_argument("--who", required=True, metavar="'姓名|职务'", help="批准人")
    mark = step("mark", _mark, "登记已拷贝、已上传、已受理")
    _package(mark)
    mark.add_argument("state", choices=tuple(_MARKS), help="到了哪一步")
    mark.add_argument("--who", default="", metavar="姓名", help="谁办的，默认经办人")
    mark.add_argument("--number", default="", metavar="NO", help="介质编号或接收编号")
    errors = step("errors", _errors, "登记平台退回的行")
    _package(errors)
    errors.add_argument(
        "--from", dest="file", type=Path, required=True, metavar="FILE", help="平台的错误清单"
    )
    errors.add_argument("--number", default="", metavar="NO", help="接收编号")
    errors.add_argument("--dry-run", action="store_true", help="只看对上哪些行，不登记")
    for each in (approve, mark, errors):
        each.add_argument("--on", default="", metavar="2026-03-01", help="哪一天，默认今天")
        each.add_argument("--note", default="", metavar="TEXT", help="说明")
    for each in (mark, errors):
        each.add_argument(
            "--receipt", type=Path, action="append", default=[], metavar="FILE", help="平台的回执"
        )


def _add_numbers(step: Step) -> None:
    numbers = step("numbers", _numbers, "填入平台的计划编号和任务编号")
    numbers.add_argument("--draw", required=True, metavar="NO", help="抽取编号")
    numbers.add_argument("--from", dest="file", type=Path, metavar="FILE", help="平台的任务清单")
    numbers.add_argument("--plan-no", default="", metavar="NO", help="计划编号")
    numbers.add_argument(
        "--task", action="append", default=[], metavar="A-01=RW1", help="手工填一个，可写几个"
    )
    numbers.add_argument("--dry-run", action="store_true", help="只看对上哪些任务，不写入")


def find(office: Workspace, name: str) -> PackageRow:
    """The newest package of this file name; UserError if there is none."""
    from app.db.read import packages

    row = office.read(packages.by_name, name)
    if row is None:
        raise UserError(f"没有登记过上报包“{name}”。", "请核对文件名，如 331000-2026Q1-001.zip。")
    return row


def _facts(row: PackageRow) -> dict[str, Any]:
    return {
        "package": row.file_name,
        "what": row.what,
        "period": row.period,
        "draw": row.draw_no or None,
        "edition": row.edition,
        "platform": row.platform,
        "changed": row.changed_only,
        "locked": row.locked,
        "state": row.state.value,
        "refused": row.refused,
        "receipt": row.receipt_no,
        "by": row.by,
        "at": row.made_at.isoformat(),
        "tagmanifest": row.tagmanifest,
    }


def _list(arguments: argparse.Namespace) -> int:
    from app.db.read import packages

    with opened(arguments) as office:
        rows = [
            row
            for row in office.read(packages.every)
            if (not arguments.period or row.period == arguments.period)
            and (not arguments.state or row.state.value == arguments.state)
        ]
    lines = [
        f"{row.file_name}　{row.what_words}　{'增量' if row.changed_only else '全部'}　"
        f"{row.platform}　{row.state.label}"
        f"{f'　退回 {row.refused} 行' if row.refused else ''}"
        f"{f'　接收编号 {row.receipt_no}' if row.receipt_no else ''}"
        for row in rows
    ]
    answer(arguments, {"packages": [_facts(row) for row in rows]}, lines or ["没有上报包"])
    return DONE


def _show(arguments: argparse.Namespace) -> int:
    from app.db.read import packages

    with opened(arguments) as office:
        row = find(office, arguments.package)
        file = office.read(packages.one, row.id)
        lines = office.read(packages.lines, row.id)
    steps = file.steps if file else ()
    refused = [line for line in lines if line.refused]
    body = {
        **_facts(row),
        "corrects": (file.corrects if file else "") or None,
        "resent_as": (file.resent_as if file else "") or None,
        "receipts": [each.name for each in file.receipts] if file else [],
        "steps": [
            {
                "state": each.state.value,
                "who": each.who,
                "post": each.post,
                "on": str(each.on) if each.on else None,
                "number": each.number,
                "note": each.note,
            }
            for each in steps
        ],
        "errors": [
            {"sheet": each.sheet, "row": each.line, "name": each.label, "problem": each.refused}
            for each in refused
        ],
        "deleted": [each.label for each in lines if each.gone],
    }
    words = [f"{each.on or ''}　{each.state.label}　{each.who}　{each.note}" for each in steps]
    words += [f"{each.sheet} 第 {each.line} 行（{each.label}）：{each.refused}" for each in refused]
    answer(arguments, body, words)
    return DONE


def _slip(arguments: argparse.Namespace) -> int:
    from app.services.packages import exporting

    with opened(arguments) as office:
        row = find(office, arguments.package)
        path = office.write(
            exporting.transfer_slip,
            exporting.MakeTransferSlip(
                package_id=row.id,
                medium=arguments.medium,
                kind=arguments.kind,
                purpose=arguments.purpose,
                receiver=arguments.receiver,
                passphrase=said_passphrase(arguments),
            ),
        )
    answer(arguments, {"slip": str(path)}, [f"介质交接单 {path}"])
    return DONE


def _allow(arguments: argparse.Namespace) -> int:
    from app.services.public import public_wording

    command = public_wording.AllowWording(
        key=arguments.key, column=arguments.column, text=arguments.text, reason=arguments.reason
    )
    with opened(arguments) as office:
        office.write(public_wording.allow, command)
    answer(arguments, {"allowed": arguments.key}, ["已认可，记入账本"])
    return DONE


def _approval(arguments: argparse.Namespace) -> int:
    from app.services.packages import package_life

    wanted = arguments.wanted == "yes"
    with opened(arguments) as office:
        office.write(package_life.want_approval, package_life.WantApproval(wanted=wanted))
    words = "今后上报包须经第二人批准" if wanted else "今后上报包不必经第二人批准"
    answer(arguments, {"approval": wanted}, [words])
    return DONE


def _perhaps_day(text: str) -> date | None:
    return day_of(text) if text else None


def _approve(arguments: argparse.Namespace) -> int:
    from app.services.packages import package_life

    name, bar, post = arguments.who.partition("|")
    if not bar or not name.strip() or not post.strip():
        raise UserError(f"“{arguments.who}”不对。", "请写成 '王五|副大队长'。")
    with opened(arguments) as office:
        row = find(office, arguments.package)
        office.write(
            package_life.take,
            package_life.TakeStep(
                package_id=row.id,
                state=PackageState.APPROVED,
                who=name,
                post=post,
                on=_perhaps_day(arguments.on),
                note=arguments.note,
            ),
        )
    answer(
        arguments,
        {"package": row.file_name, "state": PackageState.APPROVED.value},
        [f"{row.file_name} 已批准"],
    )
    return DONE


def _mark(arguments: argparse.Namespace) -> int:
    from app.services import attaching
    from app.services.packages import package_life

    state = _MARKS[arguments.state]
    with opened(arguments) as office:
        row = find(office, arguments.package)
        if state is PackageState.ACCEPTED:
            office.write(
                package_life.answer,
                package_life.Answer(
                    package_id=row.id,
                    number=arguments.number,
                    on=_perhaps_day(arguments.on),
                    note=arguments.note,
                    receipts=tuple(arguments.receipt),
                ),
            )
        else:
            office.write(
                package_life.take,
                package_life.TakeStep(
                    package_id=row.id,
                    state=state,
                    who=arguments.who or office.actor,
                    on=_perhaps_day(arguments.on),
                    number=arguments.number,
                    note=arguments.note,
                ),
            )
            for path in arguments.receipt:
                office.write(
                    attaching.attach,
                    attaching.Attach(owner_kind="package", owner_id=row.id, path=path),
                )
    answer(
        arguments,
        {"package": row.file_name, "state": state.value},
        [f"{row.file_name} {state.label}"],
    )
    return DONE


def _errors(arguments: argparse.Namespace) -> int:
    from app.services.packages import package_life, platform_answers

    with opened(arguments) as office:
        row = find(office, arguments.package)
        found = office.read(platform_answers.read_complaints, row.id, arguments.file)
        if not found.found:
            raise UserError(
                f"错误清单里没有一行对得上 {row.file_name}：{'；'.join(found.left[:3])}。",
                "请确认选对了上报包和文件。",
            )
        if not arguments.dry_run:
            note = "；".join(each for each in (arguments.note, _left_words(found)) if each)
            office.write(
                package_life.answer,
                package_life.Answer(
                    package_id=row.id,
                    refused=tuple(each.refused for each in found.found),
                    number=arguments.number,
                    on=_perhaps_day(arguments.on),
                    note=note,
                    receipts=tuple(arguments.receipt),
                    complaints=arguments.file,
                ),
            )
    body = {
        "package": row.file_name,
        "errors": [
            {"sheet": each.sheet, "row": each.line, "name": each.label, "problem": each.words}
            for each in found.found
        ],
        "unmatched": list(found.left),
        "written": not arguments.dry_run,
    }
    lines = [f"{e.sheet} 第 {e.line} 行（{e.label}）：{e.words}" for e in found.found]
    answer(arguments, body, [*lines, *(f"没有对上：{each}" for each in found.left)])
    return PARTLY if found.left else DONE


def _left_words(found: Complaints) -> str:
    return f"没有对上的：{'；'.join(found.left)}" if found.left else ""


def _numbers(arguments: argparse.Namespace) -> int:
    from app.services.packages import platform_numbers

    with opened(arguments) as office:
        if arguments.file is not None:
            found = office.read(platform_numbers.read_numbers, arguments.file, arguments.draw)
        else:
            found = office.read(platform_numbers.of_draw, arguments.draw)
        typed = dict(_typed(each) for each in arguments.task)
        tasks = {row.serial: row.after for row in found.rows if row.after != row.before} | typed
        plan = arguments.plan_no or found.plan_after
        if not tasks and plan == found.plan_before:
            raise UserError(
                _nothing(found), "请核对抽取编号和文件，或用 --plan-no、--task 手工填写。"
            )
        if not arguments.dry_run:
            office.write(
                platform_numbers.write_numbers,
                platform_numbers.Numbers(
                    draw_no=arguments.draw,
                    plan_no=plan,
                    tasks=tuple(tasks.items()),
                    source=arguments.file,
                ),
            )
    body = {
        "draw": arguments.draw,
        "plan_no": plan,
        "tasks": tasks,
        "unmatched": list(found.left),
        "written": not arguments.dry_run,
    }
    lines = [f"计划编号 {plan or '（没有）'}", *(f"{at}　{number}" for at, number in tasks.items())]
    answer(arguments, body, [*lines, *(f"没有对上：{each}" for each in found.left)])
    return PARTLY if found.left else DONE


def _nothing(found: NumbersFound) -> str:
    told = f"：{'；'.join(found.left[:3])}" if found.left else ""
    return f"没有要填的编号{told}。"


def _typed(text: str) -> tuple[str, str]:
    serial, sign, number = text.partition("=")
    if not sign or not serial.strip():
        raise UserError(f"“{text}”不对。", "请写成 A-01=平台的任务编号。")
    return serial.strip().upper(), number.strip()
