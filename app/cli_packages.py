"""``suicha package …``: a package's life on the command line; each step calls one service."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.package_course import PackageState
from app.errors import UserError

if TYPE_CHECKING:
    from app.db.read.packages import PackageRow
    from app.services.platform_answers import Complaints
    from app.services.platform_numbers import NumbersFound
    from app.services.workspace import Workspace

__all__ = ["STEPS", "Tools", "add", "find"]

DONE, PARTLY = 0, 3
STEPS = ("list", "show", "approve", "mark", "errors", "numbers", "slip", "allow", "approval")
_MARKS = {
    "copied": PackageState.COPIED,
    "uploaded": PackageState.UPLOADED,
    "accepted": PackageState.ACCEPTED,
}
Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the command line lends: how a command is added, opened and answered."""

    command: Callable[[Any, str, Run, str], argparse.ArgumentParser]
    data: Callable[[argparse.ArgumentParser], None]
    json: Callable[[argparse.ArgumentParser], None]
    office: Callable[[argparse.Namespace], AbstractContextManager[Workspace]]
    passphrase: Callable[[argparse.ArgumentParser, str], None]
    said_passphrase: Callable[[argparse.Namespace], str]
    answer: Callable[[argparse.Namespace, dict[str, Any], Iterable[str]], None]
    parser_class: type[argparse.ArgumentParser]


def add(commands: Any, tools: Tools) -> None:
    """Add ``package`` and its steps."""
    group = tools.command(commands, "package", _no_step, f"上报包办到哪里了：{'、'.join(STEPS)}")
    steps = group.add_subparsers(dest="step", metavar="步骤", parser_class=tools.parser_class)

    def step(
        name: str, run: Callable[[Tools, argparse.Namespace], int], words: str
    ) -> argparse.ArgumentParser:
        made = tools.command(steps, name, lambda arguments: run(tools, arguments), words)
        tools.data(made)
        tools.json(made)
        return made

    _add_looks(step, tools)
    _add_steps(step)
    _add_numbers(step)


Step = Callable[[str, Callable[[Tools, argparse.Namespace], int], str], argparse.ArgumentParser]


def _add_looks(step: Step, tools: Tools) -> None:
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
    tools.passphrase(slip, "打包时设的口令")
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


# --- looks --------------------------------------------------------------------------------------


def _no_step(_arguments: argparse.Namespace) -> int:
    raise UserError(f"package 后面要写步骤：{'、'.join(STEPS)}。", "加 -h 看说明。")


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


def _list(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.db.read import packages

    with tools.office(arguments) as office:
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
    tools.answer(arguments, {"packages": [_facts(row) for row in rows]}, lines or ["没有上报包"])
    return DONE


def _show(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.db.read import packages

    with tools.office(arguments) as office:
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
    tools.answer(arguments, body, words)
    return DONE


def _slip(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.services import exporting

    with tools.office(arguments) as office:
        row = find(office, arguments.package)
        path = office.write(
            exporting.transfer_slip,
            exporting.MakeTransferSlip(
                package_id=row.id,
                medium=arguments.medium,
                kind=arguments.kind,
                purpose=arguments.purpose,
                receiver=arguments.receiver,
                passphrase=tools.said_passphrase(arguments),
            ),
        )
    tools.answer(arguments, {"slip": str(path)}, [f"介质交接单 {path}"])
    return DONE


def _allow(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.services import public_wording

    command = public_wording.AllowWording(
        key=arguments.key, column=arguments.column, text=arguments.text, reason=arguments.reason
    )
    with tools.office(arguments) as office:
        office.write(public_wording.allow, command)
    tools.answer(arguments, {"allowed": arguments.key}, ["已认可，记入账本"])
    return DONE


def _approval(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.services import package_life

    wanted = arguments.wanted == "yes"
    with tools.office(arguments) as office:
        office.write(package_life.want_approval, package_life.WantApproval(wanted=wanted))
    words = "今后上报包须经第二人批准" if wanted else "今后上报包不必经第二人批准"
    tools.answer(arguments, {"approval": wanted}, [words])
    return DONE


# --- steps --------------------------------------------------------------------------------------


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"日期“{text}”不对。", "请写成 2026-03-01。") from error


def _approve(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.services import package_life

    name, bar, post = arguments.who.partition("|")
    if not bar or not name.strip() or not post.strip():
        raise UserError(f"“{arguments.who}”不对。", "请写成 '王五|副大队长'。")
    with tools.office(arguments) as office:
        row = find(office, arguments.package)
        office.write(
            package_life.take,
            package_life.TakeStep(
                package_id=row.id,
                state=PackageState.APPROVED,
                who=name,
                post=post,
                on=_day(arguments.on),
                note=arguments.note,
            ),
        )
    tools.answer(
        arguments,
        {"package": row.file_name, "state": PackageState.APPROVED.value},
        [f"{row.file_name} 已批准"],
    )
    return DONE


def _mark(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.services import attaching, package_life

    state = _MARKS[arguments.state]
    with tools.office(arguments) as office:
        row = find(office, arguments.package)
        if state is PackageState.ACCEPTED:
            office.write(
                package_life.answer,
                package_life.Answer(
                    package_id=row.id,
                    number=arguments.number,
                    on=_day(arguments.on),
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
                    on=_day(arguments.on),
                    number=arguments.number,
                    note=arguments.note,
                ),
            )
            for path in arguments.receipt:
                office.write(
                    attaching.attach,
                    attaching.Attach(owner_kind="package", owner_id=row.id, path=path),
                )
    tools.answer(
        arguments,
        {"package": row.file_name, "state": state.value},
        [f"{row.file_name} {state.label}"],
    )
    return DONE


def _errors(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.services import package_life, platform_answers

    with tools.office(arguments) as office:
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
                    on=_day(arguments.on),
                    note=note,
                    receipts=(arguments.file, *arguments.receipt),
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
    tools.answer(arguments, body, [*lines, *(f"没有对上：{each}" for each in found.left)])
    return PARTLY if found.left else DONE


def _left_words(found: Complaints) -> str:
    return f"没有对上的：{'；'.join(found.left)}" if found.left else ""


def _numbers(tools: Tools, arguments: argparse.Namespace) -> int:
    from app.services import platform_numbers

    with tools.office(arguments) as office:
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
    tools.answer(arguments, body, [*lines, *(f"没有对上：{each}" for each in found.left)])
    return PARTLY if found.left else DONE


def _nothing(found: NumbersFound) -> str:
    told = f"：{'；'.join(found.left[:3])}" if found.left else ""
    return f"没有要填的编号{told}。"


def _typed(text: str) -> tuple[str, str]:
    serial, sign, number = text.partition("=")
    if not sign or not serial.strip():
        raise UserError(f"“{text}”不对。", "请写成 A-01=平台的任务编号。")
    return serial.strip().upper(), number.strip()
