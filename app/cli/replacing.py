"""After a draw: substitute, redraw, hand over."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from app.cli._answers import answer, answer_committed, day_of, opened, parts_of
from app.cli._exits import DONE, PARTLY
from app.cli._parser import add_command, add_data, add_json
from app.errors import UserError

# Each command imports its service when it runs: ``replay`` needs no database, and starting one
# costs more than the replay itself.
_EVERY = "all"  # for a draw's number: all draws


def add(steps: Any) -> None:
    """Add ``substitute``, ``redraw`` and ``handover`` to the steps of ``draw``."""
    substitute = add_command(steps, "substitute", _substitute, "抽取后更换对象或人员，出补充记录")
    _add_who_leaves(substitute)
    _add_for_target(substitute)
    substitute.add_argument("--kind", choices=("target", "inspector"), help="换对象还是换人员")
    substitute.add_argument("--in", dest="coming", metavar="ID", help="由谁接替（负责人指定时）")
    substitute.add_argument("--on", metavar="2026-07-02", help="更换日期，默认今天")
    add_json(substitute)

    redraw = add_command(steps, "redraw", _redraw, "重新抽取一名检查人员：封存，生成承诺单")
    _add_who_leaves(redraw)
    _add_for_target(redraw)
    redraw.add_argument(
        "--witness",
        action="append",
        required=True,
        metavar="'姓名|单位|职务'",
        help="见证人，按顺序，至少两名",
    )
    add_json(redraw)

    over = add_command(
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
    add_json(over)


def _add_who_leaves(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("no", metavar="NO", help="抽取编号")
    add_data(parser)
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


def _substitute(arguments: argparse.Namespace) -> int:
    from app.domain.rd1 import Substituted
    from app.services.plans import planning
    from app.services.replacing import substituting, substitution_offer

    kind = arguments.kind or ("inspector" if arguments.target or arguments.coming else "")
    with opened(arguments) as office:
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
                on=day_of(arguments.on) if arguments.on else planning.today(office),
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
    answer(arguments, body, [*lines, f"更换审批表在 {made.folder}：打印、签字、归档"])
    return DONE


def _consent(arguments: argparse.Namespace) -> dict[str, Any]:
    """Who approved, as the commands' fields; ``--step`` adds the steps before."""
    from app.domain.approval import ApprovalStep

    form = "'步骤|单位|姓名|职务|日期'"
    whole = "'姓名|职务|单位|日期'" if arguments.consent else "'姓名|职务'"
    name, post, *more = parts_of(arguments.approved, whole.count("|") + 1, whole)
    steps = []
    for text in arguments.consent:
        step, organ, who, what, on = parts_of(text, 5, form)
        steps.append(ApprovalStep(step=step, organ=organ, name=who, post=what, on=day_of(on)))
    if steps:
        organ, on = more
        steps.append(ApprovalStep(step="批准", organ=organ, name=name, post=post, on=day_of(on)))
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
    from app.services.plans import planning
    from app.services.replacing import handing_over, substituting

    with opened(arguments) as office:
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
                    on=day_of(arguments.on) if arguments.on else planning.today(office),
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
    answer(arguments, body, lines)
    return PARTLY if done.stuck else DONE


def _redraw(arguments: argparse.Namespace) -> int:
    from app.services.draws import drawing
    from app.services.replacing import redrawing

    if not arguments.target:
        raise UserError("没有写对哪个检查对象换人。", "请加 --for 检查对象编号。")
    witnesses = tuple(
        drawing.WitnessInput(*parts_of(text, 3, "'姓名|单位|职务'")) for text in arguments.witness
    )
    with opened(arguments) as office:
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
    return answer_committed(arguments, committed)
