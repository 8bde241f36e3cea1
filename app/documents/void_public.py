"""The public edition of a void draw, after the period's last inspection.

It says that the number was used up and why, gives what C can be recomputed from and the place of
the void record in the chain.  The record itself names who approved it; nobody is named here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents import hashes, qr, words
from app.documents.disclosure import NO_RECORD_BEFORE, Contribution, signed, values
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.minutes_annexes import formula
from app.documents.page import (
    OFFICIAL,
    Field,
    Imprint,
    Item,
    field,
    heading,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import CellText
from app.documents.typography import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidDisclosureFacts:
    """Everything the edition prints, no person among it.

    ``reveal`` is empty if R was lost, ``digits`` of a contribution if the slip stayed folded,
    ``seed`` and ``result`` if either left none to compute.
    """

    unit: str
    period: str
    draw_number: str
    held_on: date
    voided_on: date
    reason: str
    plan: str
    commitment: str
    reveal: str
    contributions: tuple[Contribution, ...]
    seed: str
    result: str
    record: str  # hash of void.txt
    previous: str  # 64 zeros for the first draw of a series
    published_on: date
    rehearsal: bool = False


def build(facts: VoidDisclosureFacts, fonts: FontBook | None = None) -> bytes:
    """The edition as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    edition = "公开版（演练）" if facts.rehearsal else "公开版"
    imprint = Imprint(
        title=f"{facts.unit}{facts.period}抽取作废公开情况（{facts.draw_number}）",
        author=facts.unit,
        small=(facts.draw_number, f"作废记录摘要 {hashes.short(facts.record)}", edition),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: VoidDisclosureFacts, fonts: FontBook) -> Iterable[Item]:
    number = f"（公开版，检查全部结束）\u3000抽取编号{facts.draw_number}"
    yield masthead((facts.unit, f"{facts.period}抽取作废公开情况"), number, fonts)
    yield prose(
        "这次抽取在承诺值锁定以后中止，已经作废，没有按它检查任何对象，"
        "编号不再使用。现将原因和核对所需的数据公开。",
        fonts,
    )
    days = f"{words.day(facts.held_on)}封存，{words.day(facts.voided_on)}作废"
    yield field(Field("日期", days), fonts)
    yield heading("一、作废原因", fonts)
    yield prose(facts.reason, fonts)
    yield heading("二、在记录链里的位置", fonts)
    yield prose(
        "作废记录永久保存，下一次抽取的名单里写有它的摘要。"
        "它写有批准人的姓名，不公开，可到本单位查阅。",
        fonts,
    )
    first = facts.previous == hashes.NONE
    places = (
        ("前", "上一次抽取的记录摘要", NO_RECORD_BEFORE if first else facts.previous),
        ("链", "本次作废记录的摘要", facts.record),
    )
    yield values("记录链（每8个字符一组）", "表1", places, fonts)
    yield heading("三、抽取用的数和原本的结果", fonts)
    yield prose(_outcome(facts), fonts)
    yield values("作废时已有的数（每8个字符一组）", "表2", _numbers(facts), fonts)
    yield from _how(facts, fonts)
    code = qr.record(facts.draw_number, facts.plan, facts.commitment, facts.record)
    yield signed(facts.unit, facts.published_on, code, fonts)


def _outcome(facts: VoidDisclosureFacts) -> str:
    if facts.result:
        return "数字已全部翻开，原本会得到的结果已经算出，摘要F列在下面，没有使用。"
    lost = "" if facts.reveal else "电脑的随机数已丢失，"
    folded = "" if all(each.digits for each in facts.contributions) else "数字没有全部翻开，"
    return f"{lost}{folded}没有结果。"


def _numbers(facts: VoidDisclosureFacts) -> Iterable[tuple[str, str, CellText]]:
    yield "P", "名单摘要，抽取前封存", facts.plan
    yield "C", "承诺值，翻开数字前锁定", facts.commitment
    yield "R", "电脑的随机数", facts.reveal or "已丢失"
    for at, given in enumerate(facts.contributions, start=1):
        digits = Span(hashes.digits(given.digits), Role.MONO, 12) if given.digits else "未翻开"
        yield f"数字{at}", given.body, digits
    yield "S", "种子，由上面各项合成", facts.seed or "没有种子"
    yield "F", "原本的结果摘要", facts.result or "没有结果"


def _how(facts: VoidDisclosureFacts, fonts: FontBook) -> Iterable[Item]:
    if not facts.reveal:
        return
    yield heading("四、怎样核对", fonts)
    yield prose(
        "随文件公开的plan.txt的SHA-256应得P。"
        "把下面每行括号里的内容存成文本文件（末尾不换行），同样可以算出：",
        fonts,
    )
    yield formula("承诺值C", "SHA-256( RD1|commit|抽取编号|P|R )", fonts)
    if facts.seed:
        numbers = ",".join(f"数字{at}" for at in range(1, len(facts.contributions) + 1))
        yield formula("种子S", f"SHA-256( RD1|seed|抽取编号|P|R|{numbers} )", fonts)
