"""移交: all open tasks of a person who leaves, in one action and by the regulation's way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from app.domain.rd1 import Substituted as Kind
from app.services.replacing import handing_over
from app.services.replacing.handing_over import HandedOver, HandOver, HandOverOffer, place_of
from app.services.replacing.redrawing import Redraw
from app.services.replacing.substituting import Substitute
from app.services.replacing.substitution_offer import SubstitutionOffer
from app.services.workspace import Workspace
from app.ui.dialogs.replacing import ReplacingDialog, column_of, named
from app.ui.tasks import operation
from app.ui.theme import Tone
from app.ui.widgets import Banner, label, primary_button

__all__ = ["HandOverDialog"]

_SHOWN = 10


class HandOverDialog(ReplacingDialog):
    """One reason and consent for all; ``handed_over`` carries the outcome."""

    handed_over = Signal(object)

    def __init__(
        self, parent: QWidget | None, workspace: Workspace, offer: HandOverOffer, today: date
    ) -> None:
        title = f"移交 {offer.name} 的任务"
        super().__init__(parent, title, offer.first, workspace.unit.name, today)
        self._workspace, self._whole = workspace, offer
        self._redraws = offer.policy == "redraw"
        tasks = f"{len(offer.serials)} 项未检查" if offer.going else "没有可以移交的"
        draws = "、".join(offer.draws)
        shown: list[tuple[str, QWidget]] = [
            ("移交人", label(f"{named(offer.name, offer.person)}，{draws}，{tasks}", wrap=True)),
            ("由谁接替", self._coming()),
        ]
        left = [f"{'、'.join(each.tasks)}：{each.impossible}" for each in offer.stuck]
        left += [f"{serials}：{why}" for serials, why in offer.barred]
        if left and offer.going:
            more = f"（共 {len(left)} 项）" if len(left) > 3 else ""
            shown.append(("不能移交", Banner(Tone.WARN, f"{'；'.join(left[:3])}{more}")))
        words = "去重新抽取" if self._redraws else "全部移交并出补充记录"
        self.build(shown, primary_button(words, self.submit))

    def _coming(self) -> QWidget:
        offer = self._whole
        self.coming: QComboBox | None = None
        self.picks: dict[str, QComboBox] = {}
        if offer.policy == "appointed" and offer.going:
            return self._appointing()
        if self._redraws:
            return label(f"由见证人到场，一次为 {len(offer.targets)} 家各另抽一人")
        rows = [_going_words(each) for each in offer.going]
        more = len(rows) - _SHOWN
        last = [f"另有 {more} 项，同样依次递补"] if more > 0 else []
        return column_of([*rows[:_SHOWN], *last] or ["—"])

    def _appointing(self) -> QWidget:
        """Who takes which target; the box above names one for all of them."""
        offer = self._whole
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        self.coming = _choice(_everywhere(offer), "全部由谁接替", "请选择")
        self.coming.setEnabled(self.coming.count() > 1)
        self.coming.currentIndexChanged.connect(lambda _at: self._on_one_for_all())
        grid.addWidget(label("可以先选一人接替全部，再逐家改", "secondary"), 0, 0)
        grid.addWidget(self.coming, 0, 1)
        for line, each in enumerate(offer.going, start=1):
            where = each.for_target.name if each.for_target is not None else each.draw_no
            words = f"{'、'.join(each.tasks)}　{where}"
            people = tuple((choice.id, choice.name) for choice in each.choices)
            pick = _choice(people, f"{words}由谁接替", "请指定")
            pick.currentIndexChanged.connect(lambda _at: self.on_edited())
            self.picks[place_of(each)] = pick
            grid.addWidget(label(words), line, 0)
            grid.addWidget(pick, line, 1)
        grid.setColumnStretch(0, 1)
        return holder

    def _on_one_for_all(self) -> None:
        number = self.coming.currentData() if self.coming is not None else ""
        if not number:
            return
        for pick in self.picks.values():
            pick.setCurrentIndex(max(pick.findData(number), 0))

    def missing_first(self) -> str:
        if not self._whole.going:
            return "没有可以移交的任务"
        open_picks = sum(not pick.currentData() for pick in self.picks.values())
        return f"还有 {open_picks} 项没有指定由谁接替" if open_picks else ""

    def submit(self) -> None:
        """Write all records in the background, or go on to the draw."""
        offer, workspace = self._whole, self._workspace
        day = self.day.value
        if day is None:
            return
        reason, steps = str(self.reason.currentData()), self.consent.steps
        if self._redraws:
            self.redraw_wanted.emit(
                Redraw(
                    draw_no=offer.draw_no,
                    out=offer.person,
                    for_targets=offer.targets,
                    reason_code=reason,
                    reason_text=self.words,
                    approved_name="",
                    approved_post="",
                    steps=steps,
                )
            )
            self.accept()
            return
        command = HandOver(
            command=Substitute(
                draw_no=offer.draw_no,
                kind=Kind.INSPECTOR,
                out=offer.person,
                reason_code=reason,
                reason_text=self.words,
                approved_name="",
                approved_post="",
                steps=steps,
                on=day,
            ),
            choices=tuple((key, str(pick.currentData())) for key, pick in self.picks.items()),
        )
        started = (
            operation(self, lambda: workspace.write(handing_over.hand_over, command))
            .key("hand over")
            .progress("正在移交任务")
            .success(self._on_handed_over)
            .failure(self.on_failed)
            .run_in_background()
        )
        if started:
            self.do_button.setEnabled(False)

    def _on_handed_over(self, outcome: HandedOver) -> None:
        self.handed_over.emit(outcome)
        self.accept()


def _choice(people: Sequence[tuple[str, str]], name: str, empty: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.addItem(empty, "")
    for number, person in people:
        box.addItem(named(person, number), number)
    return box


def _everywhere(offer: HandOverOffer) -> tuple[tuple[str, str], ...]:
    """Who can take all of the tasks: (number, name)."""
    first, *others = offer.going
    able = [{choice.id for choice in each.choices} for each in others]
    return tuple(
        (choice.id, choice.name)
        for choice in first.choices
        if all(choice.id in ids for ids in able)
    )


def _going_words(each: SubstitutionOffer) -> str:
    where = each.for_target.name if each.for_target is not None else "、".join(each.tasks)
    coming = named(each.coming.name, each.coming.id) if each.coming is not None else "—"
    serial = f"{each.tasks[0]}　" if each.for_target is not None else ""
    return f"{serial}{where} → {coming}"
