"""Printed papers, reports and the archive."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli._answers import answer, day_of, opened
from app.cli._exits import CHECK_FAILED, DONE, PARTLY
from app.cli._parser import add_command, add_data, add_json

_PAPER_KINDS = (
    "approval",
    "notice",
    "site_record",
    "joint_letter",
    "rectification",
    "correction",
    "review_answer",
    "publication",
)
_RETENTIONS = {"forever": "forever", "30": "thirty", "10": "ten"}


def add(commands: Any) -> None:
    """Add ``report``, ``paper``, ``archive``."""
    _add_report(commands)
    _add_paper(commands)
    _add_archive(commands)


def _add_report(commands: Any) -> None:
    report = add_command(commands, "report", _make_report, "月调度表、季度报表、年度报表")
    report.add_argument("--period", required=True, metavar="P", help="如 2026M03、2026Q1、2026")
    report.add_argument("--to", type=Path, required=True, metavar="FILE", help=".xlsx 或 .pdf")
    report.add_argument(
        "--as-of", default="", metavar="DAY", help="截至哪一天，如 2026-10-10；不写就是今天"
    )
    add_data(report)
    add_json(report)


def _add_paper(commands: Any) -> None:
    paper = add_command(
        commands, "paper", _print_paper, "打印文书；公示表写到 FILE（.xlsx、.html、.pdf）"
    )
    paper.add_argument("kind", choices=_PAPER_KINDS, help="哪一种文书")
    paper.add_argument("--draw", metavar="NO", help="抽取编号；不写为空白表")
    paper.add_argument("--task", action="append", default=[], metavar="SERIAL", help="只印这些任务")
    paper.add_argument("--period", default="", metavar="P", help="公示表的期间；不写为全部")
    paper.add_argument("--to", type=Path, metavar="PATH", help="写到哪里（默认工作区内）")
    add_data(paper)
    add_json(paper)


def _add_archive(commands: Any) -> None:
    archive = add_command(
        commands, "archive", _file_archive, "归档：先说缺少什么，再写成一个归档包"
    )
    archive.add_argument("--period", required=True, metavar="P", help="期间")
    archive.add_argument("--target", metavar="NAME", help="只归档这个检查对象的全年，写名称")
    archive.add_argument("--since", type=int, metavar="YEAR", help="检查对象从哪一年起的档案")
    archive.add_argument("--to", type=Path, metavar="FILE", help="归档包 .zip；不写只说缺少什么")
    archive.add_argument("--fonds", default="", metavar="NO", help="全宗号，如 X043")
    archive.add_argument("--first", type=int, default=1, metavar="N", help="件号从 N 起编")
    archive.add_argument(
        "--retention",
        choices=tuple(_RETENTIONS),
        help="保管期限：forever、30、10；不写按保管期限表",
    )
    add_data(archive)
    add_json(archive)


def _make_report(arguments: argparse.Namespace) -> int:
    from app.services.days import reporting

    command = reporting.MakeReport(
        period=arguments.period,
        path=arguments.to,
        as_of=day_of(arguments.as_of) if arguments.as_of else None,
    )
    with opened(arguments) as office:
        made = office.write(reporting.make, command)
    lines = [f"报表 {made.path}", *([f"“{made.duty}”已登记办结"] if made.duty else [])]
    figures = {
        f"{line.content}/{line.label}": {each.value: line.number(each) for each in line.figures}
        for line in (*made.view.report.lines, made.view.report.total)
    }
    facts = {"report": str(made.path), "duty": made.duty, "as_of": str(made.view.as_of)}
    answer(arguments, {**facts, "figures": figures}, lines)
    return DONE


def _print_paper(arguments: argparse.Namespace) -> int:
    from app.domain.paper_texts import PaperKind
    from app.services.paperwork import task_papers
    from app.services.public import public_files

    kind = PaperKind(arguments.kind)
    with opened(arguments) as office:
        if kind is PaperKind.PUBLICATION:
            public = public_files.MakePublicFile(path=arguments.to, period=arguments.period)
            table = office.write(public_files.make, public)
            answer(
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
    answer(arguments, body, lines)
    return PARTLY if made.left_out else DONE


def _file_archive(arguments: argparse.Namespace) -> int:
    from app.domain.filing import Retention
    from app.services.archive import filing

    with opened(arguments) as office:
        scope = filing.FileScope(
            period=arguments.period,
            target_id=office.read(filing.target_named, arguments.period, arguments.target)
            if arguments.target
            else None,
            since=arguments.since if arguments.target else None,
        )
        if arguments.to is None:
            missing = office.read(filing.what_lacks, office.folder, scope)
            answer(
                arguments,
                {"archive": None, "lacking": [each.words for each in missing]},
                [f"缺少 {len(missing)} 项", *(each.words for each in missing)],
            )
            return CHECK_FAILED if missing else DONE
        command = filing.MakeFile(
            scope=scope,
            path=arguments.to,
            fonds=arguments.fonds,
            retention=Retention(_RETENTIONS[arguments.retention]) if arguments.retention else None,
            first=arguments.first,
        )
        made = office.write(filing.make, command)
    body = {
        "archive": str(made.path),
        "items": made.items,
        "files": made.files,
        "tagmanifest": made.tagmanifest,
        "lacking": [each.words for each in made.lacking],
    }
    lines = [f"归档包 {made.path}，{made.items} 件、{made.files} 个文件"]
    lines.append(f"缺少 {len(made.lacking)} 项")
    answer(arguments, body, [*lines, *(each.words for each in made.lacking)])
    return PARTLY if made.lacking else DONE
