"""How many: plan, simulate, and the rulebook that says so."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli._answers import answer, folder_of, no_step, opened, strata_of
from app.cli._exits import DONE
from app.cli._parser import Parser, add_command, add_data, add_json
from app.errors import UserError
from app.paths import WorkspaceFolder


def add(commands: Any) -> None:
    """Add ``plan``, ``simulate``, ``rulebook``."""
    _add_plan(commands)
    _add_simulate(commands)
    _add_rulebook(commands)


def _add_plan(commands: Any) -> None:
    plan = add_command(commands, "plan", _plan, "算出一个期间的应抽数")
    add_data(plan)
    plan.add_argument("--period", required=True, metavar="2026Q1", help="期间")
    plan.add_argument("--headcount", type=int, metavar="N", help="人数（细则按人数算时）")
    plan.add_argument(
        "--wish",
        action="append",
        metavar="'KEY=20%%|理由'",
        help="调整某一类的比例试算，写明理由",
    )
    add_json(plan)


def _add_simulate(commands: Any) -> None:
    simulate = add_command(commands, "simulate", _simulate, "按细则推演若干年")
    simulate.add_argument("--rulebook", required=True, metavar="ID|FILE", help="细则编号或文件")
    simulate.add_argument("--years", type=int, required=True, metavar="N", help="年数")
    simulate.add_argument("--targets", required=True, metavar="A=37,B=120", help="各类家数")
    simulate.add_argument("--inspectors", type=int, required=True, metavar="N", help="人员数")
    simulate.add_argument("--level", default="", metavar="L", help="层级")
    simulate.add_argument("--headcount", type=int, metavar="N", help="计算人数")
    add_json(simulate)


def _add_rulebook(commands: Any) -> None:
    rulebook = add_command(
        commands, "rulebook", no_step("rulebook", ("show", "adopt")), "细则：show 看，adopt 换"
    )
    steps = rulebook.add_subparsers(dest="step", metavar="步骤", parser_class=Parser)
    show = add_command(steps, "show", _rulebook_show, "列出细则，或逐条读一部细则")
    show.add_argument("name", nargs="?", default="", metavar="ID|FILE", help="编号或文件")
    add_data(show)
    add_json(show)
    adopt = add_command(steps, "adopt", _rulebook_adopt, "本单位改用一部细则，或它的新版本")
    adopt.add_argument("name", metavar="ID|FILE", help="编号或文件")
    adopt.add_argument("--level", default="", metavar="L", help="层级（细则分层级时）")
    add_data(adopt)
    add_json(adopt)


def _plan(arguments: argparse.Namespace) -> int:
    from app.services.draws import previewing
    from app.services.plans import plan_terms, planning

    with opened(arguments) as office:
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
    answer(arguments, body, lines)
    return DONE


def _wish(text: str) -> tuple[str, str, str]:
    category, found, rest = text.partition("=")
    value, _, reason = rest.partition("|")
    if not (found and category.strip() and value.strip()):
        raise UserError(f"“{text}”写得不对。", "请写成 'KEY=20%|理由'。")
    return category.strip(), value.strip(), reason.strip()


def _rulebook_show(arguments: argparse.Namespace) -> int:
    from app.domain.rulebook_words import lines_as_text, sections
    from app.services import rulebooks

    own = WorkspaceFolder(folder_of(arguments)).rulebooks
    if not arguments.name:
        found = rulebooks.available(own)
        body: dict[str, object] = {
            "rulebooks": [
                {"id": each.id, "name": each.name, "title": each.title, "problem": each.problem}
                for each in found
            ]
        }
        answer(arguments, body, [f"{each.id}  {each.problem or each.title}" for each in found])
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
    answer(arguments, body, list(lines_as_text(chapters)))
    return DONE


def _rulebook_adopt(arguments: argparse.Namespace) -> int:
    from app.services import rulebooks

    with opened(arguments) as office:
        command = rulebooks.AdoptRulebook(name=arguments.name, level=arguments.level)
        rulebook = office.write(rulebooks.adopt, command)
    body = {"id": rulebook.id, "version": rulebook.version}
    answer(arguments, body, [f"已启用《{rulebook.document.title}》，第 {rulebook.version} 版"])
    return DONE


def _simulate(arguments: argparse.Namespace) -> int:
    from app.services.plans import simulating

    simulation = simulating.simulate(
        simulating.SimulateCommand(
            rulebook_id=arguments.rulebook,
            years=arguments.years,
            targets=tuple(strata_of(arguments.targets).items()),
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
    answer(arguments, simulating.as_json(simulation), lines)
    return DONE
