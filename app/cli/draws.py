"""``suicha draw …``: from the sealed list to the archive of the signed papers."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import replacing
from app.cli._answers import (
    answer,
    answer_committed,
    basis_of,
    no_step,
    opened,
    parts_of,
    say,
    strata_of,
)
from app.cli._exits import DONE, PARTLY
from app.cli._parser import Parser, add_command, add_data, add_json
from app.domain.rulebook import DrawPlace
from app.domain.scope import FACETS, parse_tags
from app.domain.ways import Way, offer_of, offers
from app.errors import AppError, PartlyDone, UserError

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_STEPS = (
    *("invite", "freeze", "import", "reveal", "withdraw", "void", "note", "archive"),
    *("substitute", "redraw", "handover"),
)


def add(commands: Any) -> None:
    """Add ``draw`` with its steps."""
    draw = add_command(commands, "draw", no_step("draw", _STEPS), f"抽取：{'、'.join(_STEPS)}")
    steps = draw.add_subparsers(dest="step", metavar="步骤", parser_class=Parser)

    _add_invite(steps)
    freeze = add_command(steps, "freeze", _freeze, "封存名单，生成承诺单")
    add_data(freeze)
    freeze.add_argument("--period", required=True, metavar="2026Q1", help="期间")
    freeze.add_argument(
        "--witness",
        action="append",
        required=True,
        metavar="'姓名|单位|职务'",
        help="见证人，按顺序，至少两名",
    )
    freeze.add_argument("--teams", type=int, metavar="K", help="检查组数")
    freeze.add_argument("--rehearsal", action="store_true", help="演练（另列编号）")
    freeze.add_argument("--headcount", type=int, metavar="N", help="人数（细则按人数算时）")
    freeze.add_argument(
        "--basis",
        default="",
        metavar="'上级同意|文号|签批人'",
        help="在本地抽取的依据（上级同意、平台无法抽取或先抽后录），印在记录上",
    )
    _add_way(freeze)
    add_json(freeze)

    take = add_command(steps, "import", _take, "导入平台抽取或上级指派的名单，生成任务")
    take.add_argument("file", type=Path, metavar="FILE", help="名单表格")
    add_data(take)
    take.add_argument("--period", required=True, metavar="2026Q1", help="期间")
    take.add_argument(
        "--way", choices=("platform", "assigned"), default="platform", help="平台抽取或上级指派"
    )
    take.add_argument("--document", required=True, metavar="NO", help="来文编号")
    take.add_argument("--organ", required=True, metavar="NAME", help="由谁抽定")
    take.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    take.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="对不上的行写到哪里")
    add_json(take)

    reveal = add_command(steps, "reveal", _reveal, "录入见证数字，完成抽取")
    reveal.add_argument("no", metavar="NO", help="抽取编号")
    add_data(reveal)
    reveal.add_argument(
        "--digits", action="append", required=True, metavar="数字", help="按见证人顺序"
    )
    reveal.add_argument("--host", required=True, metavar="NAME", help="主持人")
    reveal.add_argument("--place", required=True, metavar="TEXT", help="地点")
    reveal.add_argument("--recorder", required=True, metavar="NAME", help="记录人")
    add_json(reveal)

    withdraw = add_command(steps, "withdraw", _withdraw, "撤回封存（还没有出承诺单时）")
    withdraw.add_argument("no", metavar="NO", help="抽取编号")
    add_data(withdraw)
    add_json(withdraw)

    void = add_command(steps, "void", _void, "作废一次抽取")
    void.add_argument("no", metavar="NO", help="抽取编号")
    add_data(void)
    void.add_argument(
        "--reason", required=True, metavar="原因", help="为什么作废，以后要公开，不写人名"
    )
    void.add_argument("--approved", required=True, metavar="'姓名|职务'", help="批准人")
    void.add_argument("--digits", action="append", default=[], metavar="数字", help="已翻开的数字")
    add_json(void)
    _add_paper_commands(steps)
    replacing.add(steps)


def _add_invite(steps: Any) -> None:
    invite = add_command(steps, "invite", _invite, "抽取之前：写见证人的邀请函，一人一份")
    add_data(invite)
    invite.add_argument("--period", required=True, metavar="2026Q1", help="期间")
    invite.add_argument(
        "--witness", action="append", required=True, metavar="'姓名|单位'", help="邀请谁，可写几个"
    )
    invite.add_argument("--at", required=True, metavar="'2026-03-01 09:00'", help="抽取的时间")
    invite.add_argument("--place", required=True, metavar="TEXT", help="地点")
    invite.add_argument("--contact", required=True, metavar="TEXT", help="联系人和电话")
    invite.add_argument("--document", default="", metavar="NO", help="文号")
    invite.add_argument("--rehearsal", action="store_true", help="演练")
    invite.add_argument("--to", type=Path, metavar="DIR", help="写到哪里，默认上报包文件夹")
    add_json(invite)


def _add_paper_commands(steps: Any) -> None:
    note = add_command(steps, "note", _note, "登记抽取中的异常情况，印在纪要上")
    note.add_argument("no", metavar="NO", help="抽取编号")
    add_data(note)
    note.add_argument("--what", required=True, metavar="TEXT", help="一句话写明发生了什么")
    add_json(note)

    archive = add_command(steps, "archive", _archive, "签字件扫描归档")
    archive.add_argument("no", metavar="NO", help="抽取编号")
    add_data(archive)
    archive.add_argument("--scan", type=Path, required=True, metavar="FILE", help="PDF 或图片")
    add_json(archive)


def _add_way(freeze: argparse.ArgumentParser) -> None:
    """How the draw goes; without any of these it is the usual one."""
    freeze.add_argument(
        "--way",
        choices=[way.value for way in Way if not way.elsewhere and way is not Way.REDRAW],
        help="抽取方式："
        + "，".join(
            f"{way.value} {way.label}" for way in Way if not way.elsewhere and way is not Way.REDRAW
        ),
    )
    freeze.add_argument(
        "--scope",
        action="append",
        default=[],
        metavar="行业=水泥制造",
        help=f"定向范围，可写几个：{'、'.join(FACETS)}",
    )
    freeze.add_argument(
        "--campaign", default="", metavar="NAME", help="按已批准的专项检查定向抽取，写它的名称"
    )
    freeze.add_argument("--reason", default="", metavar="TEXT", help="定向或联合的理由")
    freeze.add_argument(
        "--count", default="", metavar="KEY=3,GENERAL=5", help="定向抽取各类家数，默认按本期应抽数"
    )
    freeze.add_argument("--list", type=Path, metavar="FILE", help="已抽定的检查对象名单")
    freeze.add_argument("--document", default="", metavar="NO", help="名单的来文编号")
    freeze.add_argument("--organ", default="", metavar="NAME", help="名单由谁抽定")
    freeze.add_argument("--of", default="", metavar="NO", help="为哪一次抽取的对象抽人员或专家")
    freeze.add_argument("--every", action="store_true", help="为全部对象抽专家，不只缺专业的")
    freeze.add_argument(
        "--department",
        action="append",
        default=[],
        metavar="CODE",
        help="参加联合抽查的部门代码，可写几个",
    )


def _invite(arguments: argparse.Namespace) -> int:
    from app.services.draws import papers

    invitees = tuple(
        papers.Invitee(*parts_of(text, 2, "'姓名|单位'")) for text in arguments.witness
    )
    try:
        at = datetime.fromisoformat(arguments.at)
        if len(arguments.at) != len("2026-03-01 09:00"):
            raise ValueError(arguments.at)
    except ValueError as error:
        raise UserError(
            f"“{arguments.at}”不是日期和时间。", "请写成 '2026-03-01 09:00'。"
        ) from error
    with opened(arguments) as office:
        written = office.write(
            papers.write_invitations,
            papers.InviteWitnesses(
                folder=arguments.to or office.folder.packages / f"见证邀请函-{arguments.period}",
                period=arguments.period,
                invitees=invitees,
                at=at,
                place=arguments.place,
                contact=arguments.contact,
                document_no=arguments.document,
                rehearsal=arguments.rehearsal,
            ),
        )
    lines = [f"邀请函 {len(written)} 份：", *map(str, written)]
    answer(arguments, {"files": [str(path) for path in written]}, lines)
    return DONE


def _freeze(arguments: argparse.Namespace) -> int:
    from app.services.draws import drawing, incoming, listed_draws
    from app.services.plans import campaign_draws

    witnesses = tuple(
        drawing.WitnessInput(*parts_of(text, 3, "'姓名|单位|职务'")) for text in arguments.witness
    )
    command = drawing.FreezeDraw(
        period=arguments.period,
        witnesses=witnesses,
        teams=arguments.teams,
        rehearsal=arguments.rehearsal,
        headcount=arguments.headcount,
        basis=basis_of(arguments.basis),
        way=_way(arguments),
        scope=parse_tags(arguments.scope),
        reason=arguments.reason,
        counts=tuple(strata_of(arguments.count).items()) if arguments.count else (),
        of=arguments.of,
        every=arguments.every,
        departments=tuple(arguments.department),
    )
    with opened(arguments) as office:
        if arguments.campaign:
            found = office.read(campaign_draws.named, arguments.campaign, command.period)
            command = replace(command, campaign=found)
        if arguments.list is not None:
            received = incoming.ReadList(
                path=arguments.list,
                way=command.way,
                period=command.period,
                organ=arguments.organ,
                document=arguments.document,
            )
            frozen = office.write(
                listed_draws.freeze_list, listed_draws.FreezeList(received, command)
            )
        else:
            frozen = office.write(drawing.freeze, command)
        place = office.rulebook.draw_place.value
        if place is DrawPlace.PLATFORM and not (frozen.facts.draw_basis or arguments.rehearsal):
            say("注意：细则要求在省平台抽取，本地抽取的依据没有登记（--basis），记录上会写明。")
        _warn_of_way(office, command.way)
        try:
            committed = office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
        except PartlyDone:
            raise
        except AppError:
            # One command, one step: without a commitment the list is not frozen either.
            office.write(drawing.withdraw, drawing.WithdrawDraw(no=frozen.no))
            raise
    return answer_committed(arguments, committed)


def _warn_of_way(office: Workspace, way: Way) -> None:
    """The window offers only what the level may do; a script is told, not stopped."""
    level = office.unit.level
    if offer_of(office.rulebook, level, way) is None:
        usual = "、".join(offer.way.label for offer in offers(office.rulebook, level))
        say(
            f"注意：细则没有规定本层级可以“{way.label}”；本层级的办法是：{usual}（--way）。"
            "不该这样抽的，请作废这一次，写明理由。"
        )


def _way(arguments: argparse.Namespace) -> Way:
    """The way asked for; options that only one way takes say it themselves."""
    if arguments.way:
        return Way(arguments.way)
    if arguments.scope or arguments.campaign:
        return Way.DIRECTED
    if arguments.department:
        return Way.JOINT
    if arguments.list is not None:
        return Way.LISTED
    return Way.LATER if arguments.of else Way.UNDIRECTED


def _take(arguments: argparse.Namespace) -> int:
    from app.services.draws import incoming, platform_draws

    command = incoming.ReadList(
        path=arguments.file,
        way=Way(arguments.way),
        period=arguments.period,
        organ=arguments.organ,
        document=arguments.document,
        errors_path=arguments.errors,
    )
    with opened(arguments) as office:
        if arguments.dry_run:
            seen = office.read(incoming.preview, command)
            problems = [f"第 {row.number} 行“{row.name}”：{row.problem}" for row in seen.problems]
            body = {"rows": len(seen.rows), "problems": problems, "sha256": seen.sha256}
            words = f"预览，没有写入。共 {len(seen.rows)} 家，对不上 {len(problems)} 行"
            answer(arguments, body, [words, *problems])
            return PARTLY if problems else DONE
        made = office.write(platform_draws.receive, command)
    body = {
        "draw": made.no,
        "tasks": made.tasks,
        "without_people": made.without_people,
        "folder": str(made.folder),
    }
    lines = [
        f"{command.way.label}名单已导入：{made.no}，任务 {made.tasks} 家",
        f"接收记录在 {made.folder}",
    ]
    if made.without_people:
        lines.append(f"其中 {made.without_people} 家没有检查人员，可以再抽取人员（--of {made.no}）")
    answer(arguments, body, lines)
    return DONE


def _reveal(arguments: argparse.Namespace) -> int:
    from app.services.draws import drawing

    with opened(arguments) as office:
        revealed = office.write(
            drawing.reveal,
            drawing.RevealDraw(
                no=arguments.no,
                digits=tuple(arguments.digits),
                host=arguments.host,
                place=arguments.place,
                recorder=arguments.recorder,
            ),
        )
    body = {
        "draw": revealed.no,
        "plan": revealed.plan,
        "commit": revealed.commitment,
        "folder": str(revealed.folder),
        "result": revealed.result,
        "seed": revealed.seed,
    }
    lines = [
        f"抽取完成：{revealed.no}，抽中 {revealed.selected} 家",
        f"结果摘要 F {revealed.result}",
        f"种子 S {revealed.seed}",
        f"记录在 {revealed.folder}",
    ]
    answer(arguments, body, lines)
    return DONE


def _void(arguments: argparse.Namespace) -> int:
    from app.services.draws import drawing

    name, post = parts_of(arguments.approved, 2, "'姓名|职务'")
    with opened(arguments) as office:
        voided = office.write(
            drawing.void,
            drawing.VoidDraw(
                no=arguments.no,
                reason=arguments.reason,
                approved_name=name,
                approved_post=post,
                digits=tuple(arguments.digits),
            ),
        )
    body = {"draw": voided.no, "void": voided.hash, "folder": str(voided.folder)}
    answer(arguments, body, [f"{voided.no} 已作废，编号不再使用，记录在 {voided.folder}"])
    return DONE


def _note(arguments: argparse.Namespace) -> int:
    from app.services.draws import noting

    with opened(arguments) as office:
        office.write(noting.note, noting.NoteException(no=arguments.no, what=arguments.what))
    answer(arguments, {"draw": arguments.no}, [f"{arguments.no} 的异常情况已登记"])
    return DONE


def _archive(arguments: argparse.Namespace) -> int:
    from app.services.safety import archiving

    with opened(arguments) as office:
        kept = office.write(
            archiving.archive, archiving.ArchiveScan(no=arguments.no, path=arguments.scan)
        )
    body = {"draw": arguments.no, "file": kept.name, "sha256": kept.sha256, "bytes": kept.size}
    answer(arguments, body, [f"{arguments.no} 已归档：{kept.name}，摘要 {kept.sha256}"])
    return DONE


def _withdraw(arguments: argparse.Namespace) -> int:
    from app.services.draws import drawing

    with opened(arguments) as office:
        office.write(drawing.withdraw, drawing.WithdrawDraw(no=arguments.no))
    answer(arguments, {"draw": arguments.no}, [f"{arguments.no} 已撤回，编号可以再用"])
    return DONE
