"""The card at the right: what stands on the signed slip, for comparing with the paper."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui.ceremony.course import Course
from app.ui.icons import pixmap
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Card, Chip, FactGrid, HashLabel, label


class SlipCard(QFrame):
    """Number, time, witnesses, P, C; grows with the course."""

    def __init__(self) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 16, 16, 16)
        outer.setSpacing(12)
        self.card = Card("本次抽取")
        self.card.body.setSpacing(8)
        self.chip = Chip("没有封存", Tone.INFO)
        self.card.add_action(self.chip)
        self.facts = FactGrid(64)
        self.card.body.addWidget(self.facts)
        self.plan, self.commitment, self.result = HashLabel(), HashLabel(), HashLabel()
        self._rows = (
            (label("名单摘要 P", "strong"), self.plan),
            (label("承诺值 C", "strong"), self.commitment),
            (label("结果摘要 F", "strong"), self.result),
        )
        for caption, shown in self._rows:
            self.card.body.addWidget(caption)
            self.card.body.addWidget(shown)
        self.card.body.addStretch(1)
        outer.addWidget(self.card, 1)
        outer.addWidget(self._reminder())
        self.setFixedWidth(292)

    def _reminder(self) -> QFrame:
        quiet = QFrame()
        quiet.setObjectName("card")
        row = QHBoxLayout(quiet)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(8)
        mark = label()
        mark.setPixmap(pixmap("lock", LIGHT.secondary, 18, self.devicePixelRatioF()))
        row.addWidget(mark)
        words = "本机可能正在投影：检查前只显示抽取序号，不显示名称、代码和种子。"
        row.addWidget(label(words, "small", wrap=True), 1)
        return quiet

    def show_course(self, course: Course, *, with_result: bool) -> None:
        """Show what is known; F only when all serials are out."""
        facts = [("编号", course.no or "封存后给出")]
        if course.committed_at is not None:
            facts.append(("承诺时间", f"{course.committed_at.astimezone():%Y-%m-%d %H:%M:%S}"))
        if course.witnesses:
            names = "　".join(f"{at} {w.name}" for at, w in enumerate(course.witnesses, 1))
            facts.append(("见证人", names))
        self.facts.show_facts(facts)
        result = course.revealed.result if course.revealed and with_result else ""
        values = (
            course.frozen.plan if course.frozen else "",
            course.committed.commitment if course.committed else "",
            result,
        )
        for (caption, shown), value in zip(self._rows, values, strict=True):
            shown.show_digest(value)
            caption.setVisible(bool(value))
            shown.setVisible(bool(value))
        if course.revealed is not None:
            self.chip.show_state("已完成", Tone.OK)
        elif course.committed is not None:
            self.chip.show_state("承诺单已出", Tone.OK)
        elif course.frozen is not None:
            self.chip.show_state("名单已封存", Tone.INFO)
