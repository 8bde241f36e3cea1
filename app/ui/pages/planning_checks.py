"""The strip of four checks under the quota table, and the lists behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain import rd1
from app.domain.rulebook import DrawPlace, Rulebook
from app.domain.speciality import speciality_words
from app.services.draws.previewing import Preview
from app.services.plans.planning import PeriodPlan
from app.ui.icons import pixmap
from app.ui.theme import Tone
from app.ui.widgets import ElidedLabel, label, link_button


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says; ``fine`` False shows the warning sign."""

    fine: bool
    text: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list behind a check."""

    what: str
    who: str
    detail: str


def basis(local: str, rulebook: Rulebook) -> Verdict:
    """抽取依据: drawn here by rule, or in place of the platform with a recorded basis."""
    place = rulebook.draw_place
    if place.value is DrawPlace.LOCAL:
        return Verdict(True, f"{rulebook.cite(place.article)}没有规定平台，可在本地抽取")
    if local:
        return Verdict(True, local, more=True)
    words = f"{rulebook.cite(place.article)}要求在省平台抽取，本地抽取的依据还没有登记"
    return Verdict(False, words, more=True)


def people(plan: PeriodPlan) -> Verdict:
    """执法人员: how many are eligible, and why others are not."""
    eligible = sum(person.eligible for person in plan.people)
    others = [person for person in plan.people if not person.eligible]
    words = f"合格 {eligible} 人"
    left_out = plan.holders_left_out
    if left_out:
        words += f"，持证不能参加 {len(left_out)} 人：{left_out[0].words}"
        words += "等" if len(left_out) > 1 else ""
    elif others:
        words += f"，不合格 {len(others)} 人：{others[0].words}"
        words += "等" if len(others) > 1 else ""
    # Where the law wants every holder in the list, each one missing has to be looked at.
    complete = not (plan.must_be_listed and left_out)
    return Verdict(eligible >= 2 and complete, words, more=bool(plan.people))


def thin(shortages: Sequence[str]) -> Verdict:
    """专业人员偏少: needs that fewer than three people meet, and the lead rule."""
    if not shortages:
        return Verdict(True, "各专业和牵头人员都不少于 3 人")
    return Verdict(False, "；".join(shortages), more=True)


def changes(changed: rd1.PlanDifference | None) -> Verdict:
    """与上次抽取不同: what moved in the plan since the last draw."""
    if changed is None:
        return Verdict(True, "本序列第一次抽取，没有上次可比")
    counts = change_counts(changed)
    if not counts:
        return Verdict(True, "与上次抽取的名单相同")
    return Verdict(False, "，".join(counts), more=True)


def change_counts(changed: rd1.PlanDifference) -> list[str]:
    """Counts only: what may be shown in the room."""
    people_changed = len({change.id for change in changed.inspectors})
    rows = (
        ("新增", len(changed.targets_in), "家"),
        ("退出", len(changed.targets_out), "家"),
        ("改类", len(changed.moved), "家"),
        ("改所需专业", len(changed.needs), "家"),
        ("人员新列入", len(changed.inspectors_in), "人"),
        ("人员移出", len(changed.inspectors_out), "人"),
        ("人员资格变化", people_changed, "人"),
    )
    return [f"{words} {count} {unit}" for words, count, unit in rows if count]


_FIELDS = {
    "need": "所需专业",
    "group": "编组",
    "dept": "部门",
    "lead": "可以牵头",
    "specs": "专业",
    "eligible": "合格",
}


def change_lines(changed: rd1.PlanDifference) -> Iterator[Line]:
    """Every change by number, for the section's own eyes."""
    for ident in changed.targets_in:
        yield Line("对象新入池", ident, "")
    for ident in changed.targets_out:
        yield Line("对象出池", ident, "")
    for move in changed.moved:
        yield Line("对象改类", move.target, f"{move.old} → {move.new}")
    for number in changed.inspectors_in:
        yield Line("人员新列入", number, "")
    for number in changed.inspectors_out:
        yield Line("人员移出", number, "")
    for change in (*changed.needs, *changed.inspectors):
        words = f"{_in_words(change.field, change.old)} → {_in_words(change.field, change.new)}"
        yield Line(f"{_FIELDS.get(change.field, change.field)}变更", change.id, words)


def _in_words(field: str, value: str) -> str:
    if field in {"lead", "eligible"}:
        return "是" if value == "1" else "否"
    if field in {"need", "specs"}:
        return "、".join(speciality_words(code) for code in value.split(",") if code) or "无"
    return value or "无"


class CheckCell(QWidget):
    """Sign, title, link; one line of words below."""

    def __init__(self, title: str, link: str, on_link: Callable[[], object]) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 10, 14, 10)
        outer.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._mark = QLabel()
        self._mark.setFixedSize(18, 18)
        head.addWidget(self._mark)
        head.addWidget(label(title, "strong"))
        head.addStretch(1)
        self.link = link_button(link, on_link)
        head.addWidget(self.link)
        outer.addLayout(head)
        self.words = ElidedLabel("", "small")
        # Under the title, not under the sign; a margin of the label would hide the ellipsis.
        below = QHBoxLayout()
        below.setContentsMargins(26, 0, 0, 0)
        below.addWidget(self.words)
        outer.addLayout(below)
        self.setMinimumWidth(150)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show what the check says."""
        name, tone = ("check", Tone.OK) if verdict.fine else ("warning", Tone.WARN)
        self._mark.setPixmap(pixmap(name, tone.ink, 18, self.devicePixelRatioF()))
        self.words.set_text(verdict.text)
        self.link.setVisible(verdict.more)


class CheckStrip(QFrame):
    """依据 · 执法人员 · 专业人员偏少 · 与上次抽取不同."""

    def __init__(
        self,
        on_basis: Callable[[], object],
        on_people: Callable[[], object],
        on_thin: Callable[[], object],
        on_changes: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.basis = CheckCell("抽取依据", "登记", on_basis)
        self.people = CheckCell("执法人员", "名单", on_people)
        self.thin = CheckCell("专业人员", "查看", on_thin)
        self.changes = CheckCell("与上次抽取不同", "查看", on_changes)
        for at, cell in enumerate((self.basis, self.people, self.thin, self.changes)):
            if at:
                line = QFrame()
                line.setObjectName("vline")
                row.addWidget(line)
            row.addWidget(cell, 1)

    def show_preview(self, found: Preview, local: str, rulebook: Rulebook) -> None:
        """Fill all four."""
        self.basis.show_verdict(basis(local, rulebook))
        self.people.show_verdict(people(found.plan))
        # Without a plan there is nothing to be short of and nothing to compare.
        if found.impossible and found.shortages:
            self.thin.show_verdict(Verdict(False, found.shortages[0], more=True))
            self.changes.show_verdict(Verdict(True, "本期现在不抽取，没有可比"))
        elif found.impossible:
            self.thin.show_verdict(Verdict(True, "本期现在不抽取，不用核对"))
            self.changes.show_verdict(Verdict(True, "本期现在不抽取，没有可比"))
        else:
            self.thin.show_verdict(thin(found.shortages))
            self.changes.show_verdict(changes(found.difference))
