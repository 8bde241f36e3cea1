"""The command line: parse, call one service, print.  See README for the list.

Exit codes: 0 done · 1 a check failed · 2 wrong usage or unreadable input, nothing changed ·
3 done in part.  Sentences for people go to stderr in Chinese; ``--json`` puts one object on
stdout.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from app import __version__, cli_packages
from app.domain.rd1 import Check
from app.domain.rulebook import DrawPlace
from app.domain.scope import FACETS, parse_tags
from app.domain.ways import Way, offer_of, offers
from app.errors import AppError, IntegrityError, PartlyDone, UserError
from app.paths import WorkspaceFolder, default_workspace

if TYPE_CHECKING:
    from app.services.checking_media import CheckedFile
    from app.services.drawing import Committed
    from app.services.import_files import SourceFile
    from app.services.workspace import Workspace

DONE, CHECK_FAILED, WRONG, PARTLY = 0, 1, 2, 3

# Each command imports its service when it runs: ``replay`` needs no database, and starting one
# costs more than the replay itself.
_EVERY = "all"  # for a draw's number: all draws
_PACKAGE_KINDS = (
    *("draw", "directories", "plan", "results", "report"),
    *("targets", "inspectors", "items", "plans", "draws", "assignments"),
    *("rectifications", "publications", "reports"),
)
_IMPORT_KINDS = ("targets", "inspectors", "items", "inspections", "partners", "results")


_PASSPHRASE = "SUICHA_PASSPHRASE"  # noqa: S105 - the variable's name


# --- the parser, in Chinese -------------------------------------------------------------------

_COMPLAINTS = (
    (re.compile(r"the following arguments are required: (.+)"), r"缺少：\1"),
    (re.compile(r"unrecognized arguments: (.+)"), r"不认识：\1"),
    (
        re.compile(r"argument (\S+): invalid choice: (.+?) \(choose from (.+)\)"),
        r"\1 没有 \2 这一项，可选：\3",
    ),
    (re.compile(r"argument (\S+): expected one argument"), r"\1 后面要有一个值"),
    (re.compile(r"argument (\S+): expected at least one argument"), r"\1 后面至少要有一个值"),
    (re.compile(r"argument (\S+): invalid int value: (.+)"), r"\1 应是整数，不能是 \2"),
)


class _Parser(argparse.ArgumentParser):
    """argparse speaks English only; complaints and headings are put into Chinese here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "add_help": False, "allow_abbrev": False})
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        for pattern, words in _COMPLAINTS:
            if pattern.fullmatch(message):
                message = pattern.sub(words, message)
                break
        sys.stderr.write(f"命令写得不对。{message}。\n{self.format_usage()}加 -h 看说明。\n")
        raise SystemExit(WRONG)


def build_parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    parser = _Parser(prog="suicha", description="随查：双随机抽查工作台。不带命令时打开窗口。")
    parser.add_argument(
        "--version", action="version", version=f"随查 {__version__}", help="显示版本号"
    )
    _data(parser)
    commands = parser.add_subparsers(dest="command", metavar="命令", parser_class=_Parser)
    _add_workspace_commands(commands)
    _add_draw_commands(commands)
    cli_packages.add(commands, _tools())
    _add_record_commands(commands)
    _add_rulebook_commands(commands)
    _add_platform_commands(commands)
    return parser


def _tools() -> cli_packages.Tools:
    return cli_packages.Tools(
        command=_command,
        data=_data,
        json=_json,
        office=_office,
        passphrase=_passphrase,
        said_passphrase=_said_passphrase,
        answer=_answer,
        parser_class=_Parser,
    )


def _data(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS: given before or after the command, the one that was given wins.
    parser.add_argument(
        "--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="工作区文件夹"
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="在标准输出给出一个 JSON 对象")


def _passphrase(parser: argparse.ArgumentParser, words: str) -> None:
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help=f"{words}：文件的第一行；写 - 则当场输入。也可放在环境变量 {_PASSPHRASE} 里",
    )
    way.add_argument(
        "--passphrase", default="", metavar="WORDS", help=f"{words}（同机的人看得见，不建议）"
    )


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=run)
    return parser


def _add_workspace_commands(commands: Any) -> None:
    demo = _command(commands, "demo", _demo, "用虚构的县演示完整的一个季度")
    demo.add_argument("--out", type=Path, required=True, metavar="DIR", help="演示写到哪里")
    demo.add_argument("--rulebook", default="taijiang-2022", metavar="ID|FILE", help="用哪部细则")
    _json(demo)

    init = _command(commands, "init", _init, "新建空的工作区")
    _data(init)
    init.add_argument("--rulebook", required=True, metavar="ID|FILE", help="细则编号或文件")
    init.add_argument("--level", default="", metavar="L", help="层级（细则分层级时）")
    init.add_argument("--org", required=True, metavar="NAME", help="单位全称")
    init.add_argument("--code", required=True, metavar="331000", help="6 位行政区划代码")
    _json(init)

    load = _command(commands, "import", _import, "导入表格")
    load.add_argument("kind", choices=_IMPORT_KINDS, help="导入什么")
    load.add_argument("file", type=Path, metavar="FILE", help="表格文件")
    _data(load)
    load.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    load.add_argument(
        "--library", default="", metavar="permit", help="targets：新对象放进哪个库（平台分库时）"
    )
    load.add_argument("--department", metavar="'YJ|县应急管理局'", help="partners：部门代码和名称")
    load.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="退回的行写到哪里")
    load.add_argument(
        "--platform", default="", metavar="ID", help="文件是这个平台的格式，按它的列和代码读"
    )
    _passphrase(load, "另一台电脑导出的包的口令")
    load.add_argument(
        "--prefer",
        choices=("ours", "theirs"),
        help="results：两边都改过的用哪边（ours 本机的，theirs 文件里的；不写的退回）",
    )
    load.add_argument(
        "--as-drafts", action="store_true", help="results：填全的也只存草稿，不提交复核"
    )
    _json(load)

    plan = _command(commands, "plan", _plan, "算出一个期间的应抽数")
    _data(plan)
    plan.add_argument("--period", required=True, metavar="2026Q1", help="期间")
    plan.add_argument("--headcount", type=int, metavar="N", help="人数（细则按人数算时）")
    plan.add_argument(
        "--wish",
        action="append",
        metavar="'KEY=20%%|理由'",
        help="调整某一类的比例试算，写明理由",
    )
    _json(plan)

    export = _command(commands, "export", _export, "生成上报包并读回校验")
    _data(export)
    export.add_argument("--what", required=True, choices=_PACKAGE_KINDS, help="内容")
    export.add_argument("--draw", metavar="NO", help="抽取编号")
    export.add_argument("--period", metavar="P", help="期间")
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="写到哪里")
    export.add_argument("--edition", choices=("sealed", "public"), default="sealed", help="版本")
    export.add_argument("--platform", metavar="ID", help="平台格式，如 jiangxi；不写为通用格式")
    export.add_argument(
        "--changed", action="store_true", help="只报平台接收以后变化的；没有接收过的全报"
    )
    _passphrase(export, "给上报包设口令")
    export.add_argument("--corrects", metavar="FILE", help="更正哪个部分退回的上报包")
    _json(export)

    _add_paper_and_report_commands(commands)
    _add_keeping_commands(commands)


def _add_paper_and_report_commands(commands: Any) -> None:
    report = _command(commands, "report", _make_report, "月调度表、季度报表、年度报表")
    report.add_argument("--period", required=True, metavar="P", help="如 2026M03、2026Q1、2026")
    report.add_argument("--to", type=Path, required=True, metavar="FILE", help=".xlsx 或 .pdf")
    _data(report)
    _json(report)

    paper = _command(
        commands, "paper", _print_paper, "打印文书；公示表写到 FILE（.xlsx、.html、.pdf）"
    )
    paper.add_argument("kind", choices=_PAPER_KINDS, help="哪一种文书")
    paper.add_argument("--draw", metavar="NO", help="抽取编号；不写为空白表")
    paper.add_argument("--task", action="append", default=[], metavar="SERIAL", help="只印这些任务")
    paper.add_argument("--period", default="", metavar="P", help="公示表的期间；不写为全部")
    paper.add_argument("--to", type=Path, metavar="PATH", help="写到哪里（默认工作区内）")
    _data(paper)
    _json(paper)

    archive = _command(commands, "archive", _file_archive, "归档：先说缺少什么，再写成一个归档包")
    archive.add_argument("--period", required=True, metavar="P", help="期间")
    archive.add_argument("--target", metavar="NAME", help="只归档这个检查对象的全年，写名称")
    archive.add_argument("--to", type=Path, metavar="FILE", help="归档包 .zip；不写只说缺少什么")
    archive.add_argument("--fonds", default="", metavar="NO", help="全宗号，如 X043")
    archive.add_argument("--first", type=int, default=1, metavar="N", help="起始件号")
    archive.add_argument(
        "--retention", choices=tuple(_RETENTIONS), default="30", help="保管期限：forever、30、10"
    )
    _data(archive)
    _json(archive)


_PAPER_KINDS = (
    "approval",
    "notice",
    "site_record",
    "joint_letter",
    "rectification",
    "correction",
    "publication",
)
_RETENTIONS = {"forever": "forever", "30": "thirty", "10": "ten"}


def _add_keeping_commands(commands: Any) -> None:
    carry = _command(commands, "carry", _carry, "把上报包写到 U 盘，从介质读回校验")
    carry.add_argument("package", metavar="FILE", help="上报包文件名，例如 331000-2026Q1-001.zip")
    carry.add_argument("--to", type=Path, required=True, metavar="DIR", help="U 盘上的文件夹")
    carry.add_argument("--medium", default="", metavar="NO", help="介质编号；认得出的可以不写")
    carry.add_argument("--reason", default="", metavar="TEXT", help="未登记的介质只用这一次的理由")
    carry.add_argument("--name", default="", metavar="FILE", help="同名文件已在时另存的文件名")
    carry.add_argument("--burn", action="store_true", help="写到待刻录的文件夹；刻好用 media 核对")
    _data(carry)
    _json(carry)
    media = _command(commands, "media", _media, "介质台账：列出、登记、核对介质上的包")
    media.add_argument("--add", default="", metavar="NO", help="登记这个介质编号")
    media.add_argument("--holder", default="", metavar="NAME", help="保管人")
    media.add_argument("--purpose", default="", metavar="TEXT", help="用途")
    media.add_argument("--at", type=Path, metavar="DIR", help="介质插在哪里，登记它的卷标和序列号")
    media.add_argument("--check", type=Path, metavar="DIR", help="核对这里的包和拷出时是否相同")
    _data(media)
    _json(media)

    save = _command(commands, "backup", _backup, "备份并读回校验")
    _data(save)
    where = save.add_mutually_exclusive_group()
    where.add_argument("--to", type=Path, metavar="DIR", help="写到哪里（默认工作区内）")
    where.add_argument(
        "--second-place", type=Path, metavar="DIR", help="设为第二处（U 盘、网络文件夹）并备份"
    )
    where.add_argument("--second", action="store_true", help="现在备份到已设的第二处")
    where.add_argument("--drill", action="store_true", help="演练恢复：最新一份恢复到一旁并核对")
    _json(save)

    restore = _command(commands, "restore", _restore, "把备份恢复到一个新文件夹")
    restore.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    restore.add_argument(
        "--compare", type=Path, metavar="DIR", help="恢复后与这个现有工作区比较，列出备份里没有的"
    )
    _data(restore)
    _json(restore)

    move = _command(commands, "move", _move, "换电脑：写出迁移文件，旧工作区从此只供查看")
    what = move.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", type=Path, metavar="DIR", help="迁移文件写到哪里（U 盘、网络文件夹）")
    what.add_argument("--stay", metavar="原因", help="已经迁走的工作区仍在这里继续使用，写明原因")
    _data(move)
    _json(move)

    check = _command(commands, "check", _check, "检查数据库、账本、抽取记录和附件")
    _data(check)
    check.add_argument("--head", metavar="SEQ-HASH", help="纸上印的账本头，例如 128-9c41e07b")
    _json(check)


def _add_draw_commands(commands: Any) -> None:
    words = "抽取：invite、freeze、import、withdraw、reveal、void、substitute、redraw、handover"
    draw = _command(commands, "draw", _no_step, words)
    steps = draw.add_subparsers(dest="step", metavar="步骤", parser_class=_Parser)

    _add_invite(steps)
    freeze = _command(steps, "freeze", _freeze, "封存名单，生成承诺单")
    _data(freeze)
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
    _json(freeze)

    take = _command(steps, "import", _take, "导入平台抽取或上级指派的名单，生成任务")
    take.add_argument("file", type=Path, metavar="FILE", help="名单表格")
    _data(take)
    take.add_argument("--period", required=True, metavar="2026Q1", help="期间")
    take.add_argument(
        "--way", choices=("platform", "assigned"), default="platform", help="平台抽取或上级指派"
    )
    take.add_argument("--document", required=True, metavar="NO", help="来文编号")
    take.add_argument("--organ", required=True, metavar="NAME", help="由谁抽定")
    take.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    take.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="对不上的行写到哪里")
    _json(take)

    reveal = _command(steps, "reveal", _reveal, "录入见证数字，完成抽取")
    reveal.add_argument("no", metavar="NO", help="抽取编号")
    _data(reveal)
    reveal.add_argument(
        "--digits", action="append", required=True, metavar="数字", help="按见证人顺序"
    )
    reveal.add_argument("--host", required=True, metavar="NAME", help="主持人")
    reveal.add_argument("--place", required=True, metavar="TEXT", help="地点")
    reveal.add_argument("--recorder", required=True, metavar="NAME", help="记录人")
    _json(reveal)

    withdraw = _command(steps, "withdraw", _withdraw, "撤回封存（还没有出承诺单时）")
    withdraw.add_argument("no", metavar="NO", help="抽取编号")
    _data(withdraw)
    _json(withdraw)

    void = _command(steps, "void", _void, "作废一次抽取")
    void.add_argument("no", metavar="NO", help="抽取编号")
    _data(void)
    void.add_argument(
        "--reason", required=True, metavar="原因", help="为什么作废，以后要公开，不写人名"
    )
    void.add_argument("--approved", required=True, metavar="'姓名|职务'", help="批准人")
    void.add_argument("--digits", action="append", default=[], metavar="数字", help="已翻开的数字")
    _json(void)
    _add_paper_commands(steps)
    _add_substitution_commands(steps)


def _add_invite(steps: Any) -> None:
    invite = _command(steps, "invite", _invite, "抽取之前：写见证人的邀请函，一人一份")
    _data(invite)
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
    _json(invite)


def _add_paper_commands(steps: Any) -> None:
    note = _command(steps, "note", _note, "登记抽取中的异常情况，印在纪要上")
    note.add_argument("no", metavar="NO", help="抽取编号")
    _data(note)
    note.add_argument("--what", required=True, metavar="TEXT", help="一句话写明发生了什么")
    _json(note)

    archive = _command(steps, "archive", _archive, "签字件扫描归档")
    archive.add_argument("no", metavar="NO", help="抽取编号")
    _data(archive)
    archive.add_argument("--scan", type=Path, required=True, metavar="FILE", help="PDF 或图片")
    _json(archive)


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


def _add_substitution_commands(steps: Any) -> None:
    substitute = _command(steps, "substitute", _substitute, "抽取后更换对象或人员，出补充记录")
    _add_who_leaves(substitute)
    _add_for_target(substitute)
    substitute.add_argument("--kind", choices=("target", "inspector"), help="换对象还是换人员")
    substitute.add_argument("--in", dest="coming", metavar="ID", help="由谁接替（负责人指定时）")
    substitute.add_argument("--on", metavar="2026-07-02", help="更换日期，默认今天")
    _json(substitute)

    redraw = _command(steps, "redraw", _redraw, "重新抽取一名检查人员：封存，生成承诺单")
    _add_who_leaves(redraw)
    _add_for_target(redraw)
    redraw.add_argument(
        "--witness",
        action="append",
        required=True,
        metavar="'姓名|单位|职务'",
        help="见证人，按顺序，至少两名",
    )
    _json(redraw)

    over = _command(
        steps, "handover", _hand_over, f"移交一个人尚未检查的全部任务；NO 写 {_EVERY}：所有抽取"
    )
    _add_who_leaves(over)
    over.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="对象编号=人员编号",
        help="负责人指定时，某一家由谁接替；没写的由 --in 接替",
    )
    over.add_argument("--in", dest="coming", metavar="ID", help="由谁接替（负责人指定时）")
    over.add_argument("--on", metavar="2026-07-02", help="更换日期，默认今天")
    _json(over)


def _add_who_leaves(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("no", metavar="NO", help="抽取编号")
    _data(parser)
    parser.add_argument("--out", required=True, metavar="ID", help="换出的对象编号或人员编号")
    parser.add_argument("--reason", required=True, metavar="CODE", help="原因代码，如 r1，或原文")
    parser.add_argument("--text", default="", metavar="说明", help="具体情况")
    parser.add_argument(
        "--approved",
        required=True,
        metavar="'姓名|职务'",
        help="批准人；写了 --step 的写成 '姓名|职务|单位|日期'",
    )
    parser.add_argument(
        "--step",
        dest="consent",
        action="append",
        default=[],
        metavar="'步骤|单位|姓名|职务|日期'",
        help="批准之前的步骤，如申请，按先后可写多次",
    )


def _add_for_target(parser: argparse.ArgumentParser) -> None:
    words = "只对这个检查对象换人；重新抽取可写多个，用英文逗号分开"
    parser.add_argument("--for", dest="target", metavar="TARGET", help=words)


def _add_rulebook_commands(commands: Any) -> None:
    rulebook = _command(commands, "rulebook", _no_step, "细则：show 看，adopt 换")
    steps = rulebook.add_subparsers(dest="step", metavar="步骤", parser_class=_Parser)
    show = _command(steps, "show", _rulebook_show, "列出细则，或逐条读一部细则")
    show.add_argument("name", nargs="?", default="", metavar="ID|FILE", help="编号或文件")
    _data(show)
    _json(show)
    adopt = _command(steps, "adopt", _rulebook_adopt, "本单位改用一部细则，或它的新版本")
    adopt.add_argument("name", metavar="ID|FILE", help="编号或文件")
    adopt.add_argument("--level", default="", metavar="L", help="层级（细则分层级时）")
    _data(adopt)
    _json(adopt)


def _add_platform_commands(commands: Any) -> None:
    words = "平台格式：list 列出，check 看空白模板，add 按空白模板新建，remove 删除"
    platform = _command(commands, "platform", _no_platform_step, words)
    steps = platform.add_subparsers(dest="step", metavar="步骤", parser_class=_Parser)
    known = _command(steps, "list", _platform_list, "列出随程序带的和本单位的平台格式")
    _data(known)
    _json(known)
    check = _command(steps, "check", _platform_check, "读平台的空白模板，列出每一列将填什么")
    check.add_argument("file", type=Path, metavar="FILE", help="空白模板（xlsx、xls、et）")
    _data(check)
    _json(check)
    add = _command(steps, "add", _platform_add, "照 check 列出的对应保存为本单位的平台格式")
    add.add_argument("file", type=Path, metavar="FILE", help="空白模板（xlsx、xls、et）")
    add.add_argument("--name", required=True, metavar="NAME", help="平台名称")
    add.add_argument("--id", default="", metavar="ID", help="代号，默认取名称的拼音首字母")
    add.add_argument("--into", default="", metavar="ID", help="加到本单位已有的平台格式")
    _data(add)
    _json(add)
    remove = _command(steps, "remove", _platform_remove, "删除本单位的一个平台格式")
    remove.add_argument("id", metavar="ID", help="代号")
    _data(remove)
    _json(remove)


def _add_record_commands(commands: Any) -> None:
    replay = _command(commands, "replay", _replay, "由四样东西重算一次抽取")
    replay.add_argument("plan", type=Path, metavar="PLAN", help="plan.txt")
    replay.add_argument("--reveal", required=True, metavar="HEX", help="随机数 R")
    replay.add_argument(
        "--witness", action="append", required=True, metavar="DIGITS", help="见证数字，按顺序"
    )

    verify = _command(commands, "verify", _verify, "校验抽取记录或上报包")
    verify.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="文件夹或包")
    _passphrase(verify, "上报包的口令")
    _json(verify)

    simulate = _command(commands, "simulate", _simulate, "按细则推演若干年")
    simulate.add_argument("--rulebook", required=True, metavar="ID|FILE", help="细则编号或文件")
    simulate.add_argument("--years", type=int, required=True, metavar="N", help="年数")
    simulate.add_argument("--targets", required=True, metavar="A=37,B=120", help="各类家数")
    simulate.add_argument("--inspectors", type=int, required=True, metavar="N", help="人员数")
    simulate.add_argument("--level", default="", metavar="L", help="层级")
    simulate.add_argument("--headcount", type=int, metavar="N", help="计算人数")
    _json(simulate)


# --- running ----------------------------------------------------------------------------------


def run(arguments: argparse.Namespace) -> int:
    """Run the parsed command; every AppError becomes a sentence and an exit code."""
    _speak_any_console()
    try:
        return int(arguments.run(arguments))
    except IntegrityError as error:
        _say(str(error))
        return CHECK_FAILED
    except PartlyDone as error:
        _say(str(error))
        return PARTLY
    except AppError as error:
        _say(str(error))
        return WRONG


def _speak_any_console() -> None:
    # A GB18030 or ASCII console must not turn a rare name into a traceback.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")


def _say(text: str, stream: IO[str] | None = None) -> None:
    print(text, file=stream or sys.stderr)


def _answer(arguments: argparse.Namespace, body: dict[str, Any], lines: Iterable[str]) -> None:
    """One JSON object, or lines for a person."""
    if getattr(arguments, "json", False):
        # ASCII: the same bytes on every console.
        print(json.dumps(body, ensure_ascii=True))
        return
    for line in lines:
        _say(line, sys.stdout)


def _folder(arguments: argparse.Namespace) -> Path:
    folder: Path = getattr(arguments, "data", None) or default_workspace()
    return folder


@contextmanager
def _office(arguments: argparse.Namespace) -> Iterator[Workspace]:
    """The workspace, opened and made complete; a day's first command that writes backs it up."""
    from app.services import completing, keeping
    from app.services.workspace import open_workspace

    with closing(open_workspace(_folder(arguments))) as office:
        if office.moved_away is None:
            office.write(completing.complete, None)
        written: list[frozenset[str]] = []
        office.changed.append(written.append)
        yield office
        if written:
            try:
                keeping.close_day(office)
            except AppError as error:
                sys.stderr.write(f"今天的自动备份没有做成。{error}\n")


def _said_passphrase(arguments: argparse.Namespace) -> str:
    """From the file, the prompt or the environment; written in the command it is warned of."""
    if arguments.passphrase:
        _say(
            "提示：命令里写的口令，同一台电脑上的人在进程列表和历史命令里都看得见；"
            "建议改用 --passphrase-file 文件，或 --passphrase-file - 当场输入。"
        )
        return str(arguments.passphrase)
    source: Path | None = arguments.passphrase_file
    if source is None:
        return os.environ.get(_PASSPHRASE, "")
    if str(source) == "-":
        # At a screen unseen, else the first line that comes in.
        said = getpass.getpass("口令：") if sys.stdin.isatty() else sys.stdin.readline()
    else:
        try:
            said = source.read_text(encoding="utf-8-sig").partition("\n")[0]
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(
                f"口令文件读不出：{source}。", "请检查文件名和编码（UTF-8）。"
            ) from error
    said = said.rstrip("\r\n")
    if not said:
        raise UserError("口令是空的。", "请在文件的第一行写口令，或当场输入。")
    return said


def _no_step(_arguments: argparse.Namespace) -> int:
    raise UserError(
        "draw 后面要写步骤：invite、freeze、import、withdraw、reveal、void、substitute、redraw、"
        "handover。",
        "加 -h 看说明。",
    )


def _demo(arguments: argparse.Namespace) -> int:
    from app.services import demonstrating

    summary = demonstrating.demonstrate(
        arguments.out,
        arguments.rulebook,
        progress=_say,
        # Handed in by the composition root: the command line itself knows no window.
        pictures=getattr(arguments, "pictures", None),
    )
    _answer(arguments, summary.as_json(), summary.lines())
    return DONE


def _init(arguments: argparse.Namespace) -> int:
    from app.services.workspace import CreateUnit, create

    folder = _folder(arguments)
    create(
        folder,
        CreateUnit(
            name=arguments.org,
            code=arguments.code,
            rulebook_id=arguments.rulebook,
            level=arguments.level,
        ),
    )
    _answer(arguments, {"data": str(folder)}, [f"工作区已建立：{folder}"])
    return DONE


def _import_partners(arguments: argparse.Namespace) -> int:
    from app.services import partnering

    code, name = _parts(arguments.department or "", 2, "--department 'YJ|县应急管理局'")
    command = partnering.ReadPartners(path=arguments.file, code=code, name=name)
    with _office(arguments) as office:
        if arguments.dry_run:
            seen = office.read(partnering.preview, command)
            bad = [f"第 {row.number} 行“{row.name}”：{row.problem}" for row in seen.problems]
            body = {"rows": len(seen.rows), "problems": bad}
            _answer(arguments, body, [f"预览，没有写入。共 {len(seen.rows)} 人", *bad])
            return PARTLY if bad else DONE
        made = office.write(partnering.take, command)
    body = {"rows": made.people, "new": made.new, "gone": made.gone, "department": made.code}
    _answer(arguments, body, [f"{name}名录：{made.people} 人，新增 {made.new}，退出 {made.gone}"])
    return DONE


def _import_results(arguments: argparse.Namespace) -> int:
    from app.services import merging

    with _office(arguments) as office:
        command = merging.MergeResults(
            path=arguments.file,
            passphrase=_said_passphrase(arguments),
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
    _answer(arguments, body, lines)
    return PARTLY if counts.rejected else DONE


def _source(arguments: argparse.Namespace, office: Workspace) -> SourceFile:
    """A table, or the directory in another installation's package."""
    from app.services import importing

    if not importing.is_package(arguments.file):
        return importing.open_file(arguments.file)
    command = importing.OpenDirectory(
        kind=arguments.kind,
        path=arguments.file,
        root=office.folder.root,
        passphrase=_said_passphrase(arguments),
    )
    return office.read(importing.open_directory, command)


def _import(arguments: argparse.Namespace) -> int:
    from app.services import importing, platforms

    if arguments.kind == "partners":
        return _import_partners(arguments)
    if arguments.kind == "results":
        return _import_results(arguments)
    with _office(arguments) as office:
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
    _answer(arguments, body, lines)
    return PARTLY if counts.rejected else DONE


def _plan(arguments: argparse.Namespace) -> int:
    from app.services import plan_terms, planning, previewing

    with _office(arguments) as office:
        unit = office.unit
        wishes = (
            plan_terms.read_wishes(office.rulebook, unit.level, map(_wish, arguments.wish))
            if arguments.wish
            else None
        )
        found = office.read(
            previewing.preview,
            planning.MakePlan(
                period=arguments.period,
                headcount=arguments.headcount,
                wishes=wishes,
                on=planning.today(office),
            ),
        )
    plan = found.plan
    strata = {
        line.category: {
            "pool": line.pool,
            "base": line.base,
            "covered": line.covered,
            "excluded": dict(line.excluded),
            "ratio": line.ratio,
            "quota": line.quota,
            "arithmetic": "；".join(line.arithmetic),
            "article": line.article,
            "deviations": [each.words for each in line.deviations],
        }
        for line in plan.lines
    }
    left_out = plan.holders_left_out
    lines = [f"{plan.period_words}应抽 {plan.total} 家"]
    lines += [
        f"{line.label}：在册 {line.base}，可抽 {line.pool}，应抽 {line.quota}"
        f"（{'；'.join(line.arithmetic)}；{line.article}）"
        for line in plan.lines
    ]
    lines += [f"调整：{each.words}，理由：{each.reason}" for each in plan.deviations]
    lines += [f"持证未列入可抽：{person.name}，{person.words}" for person in left_out]
    lines += [f"注意：{words}" for words in found.shortages]
    body = {
        "period": arguments.period,
        "strata": strata,
        "left_out": [{"name": person.name, "reason": person.words} for person in left_out],
        "shortages": list(found.shortages),
    }
    _answer(arguments, body, lines)
    return DONE


def _wish(text: str) -> tuple[str, str, str]:
    category, found, rest = text.partition("=")
    value, _, reason = rest.partition("|")
    if not (found and category.strip() and value.strip()):
        raise UserError(f"“{text}”写得不对。", "请写成 'KEY=20%|理由'。")
    return category.strip(), value.strip(), reason.strip()


def _parts(text: str, count: int, example: str) -> list[str]:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != count or not all(parts):
        raise UserError(f"“{text}”写得不对。", f"请写成 {example}。")
    return parts


def _basis(text: str) -> str:
    """'上级同意|青环函〔2026〕3号|王五' as it is printed; a whole sentence stays what it is."""
    from app.services.local_basis import KINDS

    if "|" not in text:
        return text
    kind, number, signer = _parts(text, 3, "'上级同意|文号|签批人'")
    if kind not in KINDS.values():
        raise UserError(
            f"在本地抽取的原因没有“{kind}”这一项。", f"可选：{'、'.join(KINDS.values())}。"
        )
    return f"{kind}：{number}，{signer}签批"


def _invite(arguments: argparse.Namespace) -> int:
    from app.services import papers

    invitees = tuple(papers.Invitee(*_parts(text, 2, "'姓名|单位'")) for text in arguments.witness)
    try:
        at = datetime.fromisoformat(arguments.at)
        if len(arguments.at) != len("2026-03-01 09:00"):
            raise ValueError(arguments.at)
    except ValueError as error:
        raise UserError(
            f"“{arguments.at}”不是日期和时间。", "请写成 '2026-03-01 09:00'。"
        ) from error
    with _office(arguments) as office:
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
    _answer(arguments, {"files": [str(path) for path in written]}, lines)
    return DONE


def _freeze(arguments: argparse.Namespace) -> int:
    from app.services import campaign_draws, drawing, incoming, listed_draws

    witnesses = tuple(
        drawing.WitnessInput(*_parts(text, 3, "'姓名|单位|职务'")) for text in arguments.witness
    )
    command = drawing.FreezeDraw(
        period=arguments.period,
        witnesses=witnesses,
        teams=arguments.teams,
        rehearsal=arguments.rehearsal,
        headcount=arguments.headcount,
        basis=_basis(arguments.basis),
        way=_way(arguments),
        scope=parse_tags(arguments.scope),
        reason=arguments.reason,
        counts=tuple(_strata(arguments.count).items()) if arguments.count else (),
        of=arguments.of,
        every=arguments.every,
        departments=tuple(arguments.department),
    )
    with _office(arguments) as office:
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
            _say("注意：细则要求在省平台抽取，本地抽取的依据没有登记（--basis），记录上会写明。")
        _warn_of_way(office, command.way)
        try:
            committed = office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
        except PartlyDone:
            raise
        except AppError:
            # One command, one step: without a commitment the list is not frozen either.
            office.write(drawing.withdraw, drawing.WithdrawDraw(no=frozen.no))
            raise
    return _committed(arguments, committed)


def _warn_of_way(office: Workspace, way: Way) -> None:
    """The window offers only what the level may do; a script is told, not stopped."""
    level = office.unit.level
    if offer_of(office.rulebook, level, way) is None:
        usual = "、".join(offer.way.label for offer in offers(office.rulebook, level))
        _say(
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
    from app.services import incoming, platform_draws

    command = incoming.ReadList(
        path=arguments.file,
        way=Way(arguments.way),
        period=arguments.period,
        organ=arguments.organ,
        document=arguments.document,
        errors_path=arguments.errors,
    )
    with _office(arguments) as office:
        if arguments.dry_run:
            seen = office.read(incoming.preview, command)
            problems = [f"第 {row.number} 行“{row.name}”：{row.problem}" for row in seen.problems]
            body = {"rows": len(seen.rows), "problems": problems, "sha256": seen.sha256}
            words = f"预览，没有写入。共 {len(seen.rows)} 家，对不上 {len(problems)} 行"
            _answer(arguments, body, [words, *problems])
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
    _answer(arguments, body, lines)
    return DONE


def _committed(arguments: argparse.Namespace, committed: Committed) -> int:
    body = {
        "draw": committed.no,
        "plan": committed.plan,
        "commit": committed.commitment,
        "folder": str(committed.folder),
    }
    lines = [
        f"抽取编号 {committed.no}",
        f"名单摘要 P {committed.plan}",
        f"承诺值 C {committed.commitment}",
        f"承诺单 {committed.folder / 'commitment.pdf'}：打印、签字、带走一份，再翻开纸条",
    ]
    _answer(arguments, body, lines)
    return DONE


def _reveal(arguments: argparse.Namespace) -> int:
    from app.services import drawing

    with _office(arguments) as office:
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
    _answer(arguments, body, lines)
    return DONE


def _void(arguments: argparse.Namespace) -> int:
    from app.services import drawing

    name, post = _parts(arguments.approved, 2, "'姓名|职务'")
    with _office(arguments) as office:
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
    _answer(arguments, body, [f"{voided.no} 已作废，编号不再使用，记录在 {voided.folder}"])
    return DONE


def _note(arguments: argparse.Namespace) -> int:
    from app.services import noting

    with _office(arguments) as office:
        office.write(noting.note, noting.NoteException(no=arguments.no, what=arguments.what))
    _answer(arguments, {"draw": arguments.no}, [f"{arguments.no} 的异常情况已登记"])
    return DONE


def _archive(arguments: argparse.Namespace) -> int:
    from app.services import archiving

    with _office(arguments) as office:
        kept = office.write(
            archiving.archive, archiving.ArchiveScan(no=arguments.no, path=arguments.scan)
        )
    body = {"draw": arguments.no, "file": kept.name, "sha256": kept.sha256, "bytes": kept.size}
    _answer(arguments, body, [f"{arguments.no} 已归档：{kept.name}，摘要 {kept.sha256}"])
    return DONE


def _withdraw(arguments: argparse.Namespace) -> int:
    from app.services import drawing

    with _office(arguments) as office:
        office.write(drawing.withdraw, drawing.WithdrawDraw(no=arguments.no))
    _answer(arguments, {"draw": arguments.no}, [f"{arguments.no} 已撤回，编号可以再用"])
    return DONE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"日期“{text}”写得不对。", "请写成 2026-07-02。") from None


def _substitute(arguments: argparse.Namespace) -> int:
    from app.domain.rd1 import Substituted
    from app.services import planning, substituting, substitution_offer

    kind = arguments.kind or ("inspector" if arguments.target or arguments.coming else "")
    with _office(arguments) as office:
        made = office.write(
            substituting.substitute,
            substituting.Substitute(
                draw_no=arguments.no,
                kind=Substituted(kind or office.read(substitution_offer.kind_of, arguments.out)),
                out=arguments.out,
                for_target=arguments.target,
                in_id=arguments.coming,
                reason_code=arguments.reason,
                reason_text=arguments.text,
                **_consent(arguments),
                on=_day(arguments.on) if arguments.on else planning.today(office),
            ),
        )
    addenda = [
        {"number": one.number, "hash": one.hash, "out": one.out.id, "in": one.coming.id}
        for one in made.addenda
    ]
    body = {
        "draw": made.draw_no,
        "addenda": addenda,
        "in": made.coming.id,
        "serials": list(made.serials),
        "folder": str(made.folder),
    }
    lines = [
        f"补充记录 {one.number:02d}：{one.out.name} 换为 {one.coming.name}，摘要 {one.hash}"
        for one in made.addenda
    ]
    _answer(arguments, body, [*lines, f"更换审批表在 {made.folder}：打印、签字、归档"])
    return DONE


def _consent(arguments: argparse.Namespace) -> dict[str, Any]:
    """Who approved, as the commands' fields; ``--step`` adds the steps before."""
    from app.domain.approval import ApprovalStep

    form = "'步骤|单位|姓名|职务|日期'"
    whole = "'姓名|职务|单位|日期'" if arguments.consent else "'姓名|职务'"
    name, post, *more = _parts(arguments.approved, whole.count("|") + 1, whole)
    steps = []
    for text in arguments.consent:
        step, organ, who, what, on = _parts(text, 5, form)
        steps.append(ApprovalStep(step=step, organ=organ, name=who, post=what, on=_day(on)))
    if steps:
        organ, on = more
        steps.append(ApprovalStep(step="批准", organ=organ, name=name, post=post, on=_day(on)))
    return {"approved_name": name, "approved_post": post, "steps": tuple(steps)}


def _pairs(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """``KEY0001=R02`` as a pair each; UserError for another shape."""
    found = []
    for text in texts:
        target, mark, person = (part.strip() for part in text.partition("="))
        if not (target and mark and person):
            raise UserError(f"“{text}”写得不对。", "请写成 对象编号=人员编号。")
        found.append((target, person))
    return tuple(found)


def _hand_over(arguments: argparse.Namespace) -> int:
    from app.domain.rd1 import Substituted
    from app.services import handing_over, planning, substituting

    with _office(arguments) as office:
        done = office.write(
            handing_over.hand_over,
            handing_over.HandOver(
                command=substituting.Substitute(
                    draw_no="" if arguments.no == _EVERY else arguments.no,
                    kind=Substituted.INSPECTOR,
                    out=arguments.out,
                    in_id=arguments.coming,
                    reason_code=arguments.reason,
                    reason_text=arguments.text,
                    **_consent(arguments),
                    on=_day(arguments.on) if arguments.on else planning.today(office),
                ),
                choices=_pairs(arguments.take),
            ),
        )
    body = {
        "draw": arguments.no,
        "made": [
            {"number": one.number, "hash": one.hash, "in": one.coming.id, "serials": one.serials}
            for one in done.made
        ],
        "stuck": [{"serial": serial, "why": why} for serial, why in done.stuck],
    }
    lines = [
        f"补充记录 {one.number:02d}：{'、'.join(one.serials)} 由 {one.coming.name} 接替"
        for one in done.made
    ]
    lines += [f"没有换成 {serial}：{why}" for serial, why in done.stuck]
    _answer(arguments, body, lines)
    return PARTLY if done.stuck else DONE


def _redraw(arguments: argparse.Namespace) -> int:
    from app.services import drawing, redrawing

    if not arguments.target:
        raise UserError("没有写对哪个检查对象换人。", "请加 --for 检查对象编号。")
    witnesses = tuple(
        drawing.WitnessInput(*_parts(text, 3, "'姓名|单位|职务'")) for text in arguments.witness
    )
    with _office(arguments) as office:
        frozen = office.write(
            redrawing.redraw,
            redrawing.Redraw(
                draw_no=arguments.no,
                out=arguments.out,
                for_targets=tuple(arguments.target.split(",")),
                reason_code=arguments.reason,
                reason_text=arguments.text,
                **_consent(arguments),
                witnesses=witnesses,
            ),
        )
        committed = office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
    return _committed(arguments, committed)


def _replay(arguments: argparse.Namespace) -> int:
    from app.services import verifying

    result = verifying.replay(
        verifying.read_plan(arguments.plan), arguments.reveal, tuple(arguments.witness)
    )
    # The record's own bytes: no console may change an end of line.
    sys.stdout.flush()
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return DONE


def _report(arguments: argparse.Namespace, checks: Sequence[Check]) -> int:
    ok = all(check.ok for check in checks)
    body = {
        "ok": ok,
        "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks],
    }
    lines = [f"{'通过' if c.ok else '不符'}  {c.name}：{c.detail}" for c in checks]
    lines.append("全部相符" if ok else "有不符之处，见上")
    _answer(arguments, body, lines)
    return DONE if ok else CHECK_FAILED


def _verify(arguments: argparse.Namespace) -> int:
    from app.services import verifying

    return _report(arguments, verifying.verify(tuple(arguments.paths), _said_passphrase(arguments)))


def _check(arguments: argparse.Namespace) -> int:
    from app.services import keeping

    checks = keeping.check_folder(_folder(arguments), head=arguments.head)
    return _report(arguments, checks)


def _make_report(arguments: argparse.Namespace) -> int:
    from app.services import reporting

    command = reporting.MakeReport(period=arguments.period, path=arguments.to)
    with _office(arguments) as office:
        made = office.write(reporting.make, command)
    lines = [f"报表 {made.path}", *([f"“{made.duty}”已登记办结"] if made.duty else [])]
    _answer(arguments, {"report": str(made.path), "duty": made.duty}, lines)
    return DONE


def _print_paper(arguments: argparse.Namespace) -> int:
    from app.domain.paper_texts import PaperKind
    from app.services import public_files, task_papers

    kind = PaperKind(arguments.kind)
    with _office(arguments) as office:
        if kind is PaperKind.PUBLICATION:
            public = public_files.MakePublicFile(path=arguments.to, period=arguments.period)
            table = office.write(public_files.make, public)
            _answer(
                arguments,
                {"paper": str(table.path), "count": table.rows},
                [f"公示表 {table.path}，{table.rows} 家"],
            )
            return DONE
        tasks: tuple[int, ...] = ()
        if arguments.draw:
            tasks = office.read(task_papers.tasks_of_draw, arguments.draw, arguments.task)
        command = task_papers.PrintPapers(kind=kind, tasks=tasks, to=arguments.to)
        made = office.write(task_papers.print_papers, command)
    body = {
        "paper": str(made.path),
        "count": made.count,
        "numbers": list(made.numbers),
        "left_out": list(made.left_out),
    }
    lines = [f"{kind.label} {made.path}，{made.count} 份", *made.left_out]
    _answer(arguments, body, lines)
    return PARTLY if made.left_out else DONE


def _file_archive(arguments: argparse.Namespace) -> int:
    from app.domain.filing import Retention
    from app.services import filing

    with _office(arguments) as office:
        scope = filing.FileScope(
            period=arguments.period,
            target_id=office.read(filing.target_named, arguments.period, arguments.target)
            if arguments.target
            else None,
        )
        if arguments.to is None:
            missing = office.read(filing.what_lacks, scope)
            _answer(
                arguments,
                {"archive": None, "lacking": list(missing)},
                [f"缺少 {len(missing)} 项", *missing],
            )
            return CHECK_FAILED if missing else DONE
        command = filing.MakeFile(
            scope=scope,
            path=arguments.to,
            fonds=arguments.fonds,
            retention=Retention(_RETENTIONS[arguments.retention]),
            first=arguments.first,
        )
        made = office.write(filing.make, command)
    body = {
        "archive": str(made.path),
        "items": made.items,
        "files": made.files,
        "tagmanifest": made.tagmanifest,
        "lacking": list(made.lacking),
    }
    lines = [f"归档包 {made.path}，{made.items} 件、{made.files} 个文件"]
    lines.append(f"缺少 {len(made.lacking)} 项")
    _answer(arguments, body, [*lines, *made.lacking])
    return PARTLY if made.lacking else DONE


def _export(arguments: argparse.Namespace) -> int:
    from app.services import exporting

    command = exporting.MakePackage(
        what=arguments.what,
        draw_no=arguments.draw,
        period=arguments.period,
        edition=arguments.edition,
        to=arguments.to,
        platform=arguments.platform,
        changed=arguments.changed,
        passphrase=_said_passphrase(arguments),
    )
    with _office(arguments) as office:
        if arguments.corrects:
            before = cli_packages.find(office, arguments.corrects)
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
            _say("上报前检查没有通过，没有生成上报包：")
            _answer(
                arguments, {"package": None, "mend": mends}, [str(each) for each in error.mends]
            )
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
    _answer(arguments, body, lines)
    return DONE


def _carry(arguments: argparse.Namespace) -> int:
    from app.services import carrying

    command = carrying.CarryPackage(
        file_name=arguments.package,
        folder=arguments.to,
        name=arguments.name,
        use=carrying.Use(medium=arguments.medium, reason=arguments.reason, burn=arguments.burn),
    )
    for half in carrying.left_overs(arguments.to):
        _say(f"这里有以前没有拷完的半份{half.words}，不要使用，可以删除")
    with _office(arguments) as office:
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
    _answer(arguments, body, [f"{made.copy.path} {what}：{made.compared}{end}"])
    return DONE


def _media(arguments: argparse.Namespace) -> int:
    from app.db.read import media as reads
    from app.domain.media import DEFAULT_PURPOSE, MediumFacts
    from app.services import checking_media, media
    from app.services.carrying import removable_drives

    with _office(arguments) as office:
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
    _answer(arguments, body, lines + [f"插着：{each.words}" for each in drives])
    return DONE


def _check_medium(arguments: argparse.Namespace, found: Sequence[CheckedFile]) -> int:
    from app.services.checking_media import Verdict

    bad = [each for each in found if each.verdict in {Verdict.CHANGED, Verdict.UNREADABLE}]
    body = {
        "ok": not bad,
        "files": [
            {"name": each.name, "verdict": each.verdict.value, "detail": each.words}
            for each in found
        ],
    }
    lines = [f"{each.verdict.label}　{each.name}：{each.words}" for each in found]
    _answer(arguments, body, lines or ["这里没有上报包"])
    return CHECK_FAILED if bad else DONE


def _backup(arguments: argparse.Namespace) -> int:
    from app.services import keeping

    if arguments.drill:
        return _report(arguments, keeping.drill(_folder(arguments)))
    with _office(arguments) as office:
        if arguments.second:
            saved = office.write(keeping.copy_to_second, None)
        elif arguments.second_place is not None:
            saved = office.write(keeping.set_second_place, arguments.second_place)
        else:
            saved = office.write(keeping.backup, keeping.MakeBackup(to=arguments.to))
    body = {"backup": str(saved.path), "bytes": saved.size, "sha256": saved.sha256}
    _answer(arguments, body, [f"备份已写成并读回校验：{saved.path}"])
    return DONE


def _move(arguments: argparse.Namespace) -> int:
    from app.services import moving

    with _office(arguments) as office:
        if arguments.stay is not None:
            moving.stay(office, moving.StayHere(reason=arguments.stay))
            _answer(arguments, {"moved": False}, ["已恢复在本机使用，原因记入账本"])
            return DONE
        made = moving.move(office, moving.Move(arguments.to))
    inside = moving.inside(made.path)
    body = {"moved": True, "backup": str(made.path), "bytes": made.size, "sha256": made.sha256}
    lines = [f"迁移文件已写成并读回校验：{made.path}", "本机的工作区从此只供查看。"]
    lines.append("在新电脑上打开随查，选“从备份恢复或接收迁移”。那里应当看到：")
    lines += [f"  {name}：{value}" for name, value in inside.lines()]
    _answer(arguments, body, lines)
    return DONE


def _restore(arguments: argparse.Namespace) -> int:
    from app.services import backup_files, keeping, moving

    folder = _folder(arguments)
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
    _answer(arguments, body, lines)
    return DONE


def _strata(text: str) -> dict[str, int]:
    strata: dict[str, int] = {}
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9A-Z]{1,16})\s*=\s*([0-9]{1,9})\s*", part)
        if not match:
            raise UserError(f"“{part}”写得不对。", "请写成 A=37,B=120,C=325 的样子。")
        strata[match[1]] = int(match[2])
    return strata


def _rulebook_show(arguments: argparse.Namespace) -> int:
    from app.domain.rulebook_words import lines_as_text, sections
    from app.services import rulebooks

    own = WorkspaceFolder(_folder(arguments)).rulebooks
    if not arguments.name:
        found = rulebooks.available(own)
        body: dict[str, object] = {
            "rulebooks": [
                {"id": each.id, "name": each.name, "title": each.title, "problem": each.problem}
                for each in found
            ]
        }
        _answer(arguments, body, [f"{each.id}  {each.problem or each.title}" for each in found])
        return DONE
    rulebook = rulebooks.find(arguments.name, own).rulebook
    chapters = sections(rulebook)
    body = {
        "id": rulebook.id,
        "version": rulebook.version,
        "rules": [
            {"chapter": each.title, "about": line.label, "says": line.words,
             "article": line.article, "note": line.note}
            for each in chapters
            for line in each.lines
        ],
    }  # fmt: skip
    _answer(arguments, body, list(lines_as_text(chapters)))
    return DONE


def _rulebook_adopt(arguments: argparse.Namespace) -> int:
    from app.services import rulebooks

    with _office(arguments) as office:
        command = rulebooks.AdoptRulebook(name=arguments.name, level=arguments.level)
        rulebook = office.write(rulebooks.adopt, command)
    body = {"id": rulebook.id, "version": rulebook.version}
    _answer(arguments, body, [f"已启用《{rulebook.document.title}》，第 {rulebook.version} 版"])
    return DONE


def _no_platform_step(_arguments: argparse.Namespace) -> int:
    raise UserError("platform 后面要写步骤：list、check、add、remove。", "加 -h 看说明。")


def _platform_list(arguments: argparse.Namespace) -> int:
    from app.services import platforms

    found = platforms.choices(WorkspaceFolder(_folder(arguments)), broken=True)
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
    _answer(arguments, body, lines)
    return DONE


def _platform_check(arguments: argparse.Namespace) -> int:
    from app.services import platform_drafts

    with _office(arguments) as office:
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
    _answer(arguments, body, lines)
    return PARTLY if left else DONE


def _sheet_told(draft: Any, at: int, known: Any) -> dict[str, Any]:
    from app.services import platform_drafts

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
    from app.services import platform_drafts, platforms

    with _office(arguments) as office:
        template = platform_drafts.open_template(arguments.file)
        draft = platform_drafts.propose(template, office.write(platform_drafts.samples, None))
        into = platforms.load(office.folder, arguments.into) if arguments.into else None
        identity = arguments.id or platforms.proposed_id(office.folder, arguments.name)
        command = platform_drafts.command_of(draft, identity, arguments.name, into)
        made = office.write(platforms.save, command)
    files = list(dict.fromkeys(each.file for each in made.sheets))
    body = {"id": made.id, "name": made.name, "files": files}
    _answer(arguments, body, [f"已保存“{made.name}”，代号 {made.id}；模板：{'、'.join(files)}"])
    return DONE


def _platform_remove(arguments: argparse.Namespace) -> int:
    from app.services import platforms

    with _office(arguments) as office:
        office.write(platforms.remove, platforms.RemovePlatform(arguments.id))
    _answer(arguments, {"id": arguments.id}, [f"已删除平台格式 {arguments.id}"])
    return DONE


def _simulate(arguments: argparse.Namespace) -> int:
    from app.services import simulating

    simulation = simulating.simulate(
        simulating.SimulateCommand(
            rulebook_id=arguments.rulebook,
            years=arguments.years,
            targets=tuple(_strata(arguments.targets).items()),
            inspectors=arguments.inspectors,
            level=arguments.level,
            headcount=arguments.headcount,
        )
    )
    lines = [
        f"{played.period.in_words()}："
        + "，".join(
            f"{stratum.line.label}在册 {stratum.line.targets}、抽 {len(stratum.drawn)}"
            + (f"（{stratum.line.arithmetic[-1]}）" if stratum.line.shortfall else "")
            for stratum in played.strata
        )
        for played in simulation.periods
    ]
    lines += [
        f"{reached.category} {reached.targets} 家，"
        + (
            f"{reached.complete_in.in_words()}全部查到"
            if reached.complete_in
            else "期内没有全部查到"
        )
        for reached in simulation.covered
        if reached.targets
    ]
    _answer(arguments, simulating.as_json(simulation), lines)
    return DONE
