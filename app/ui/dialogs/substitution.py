"""更换: who leaves, who comes and why, approved by whom — as the regulation allows it.

The dialog is made from an offer and decides nothing: it shows the order of succession with the
reason of everyone passed over, asks for reason and consent, and writes the record — or, where the
regulation wants a new draw, hands what was typed to the ceremony.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.rd1 import Substituted as Kind
from app.services.replacing import substituting
from app.services.replacing.redrawing import Redraw
from app.services.replacing.substituting import Substitute, Substituted
from app.services.replacing.substitution_offer import LinePlace, SubstitutionOffer
from app.services.workspace import Workspace
from app.ui.dialogs.replacing import ReplacingDialog, column_of, named, some
from app.ui.tasks import operation
from app.ui.widgets import label, primary_button

__all__ = ["SubstitutionDialog"]

_PLACES_SHOWN = 6


class SubstitutionDialog(ReplacingDialog):
    """Asks for reason, words, consent and day; ``substituted`` carries the outcome."""

    substituted = Signal(object)

    def __init__(
        self, parent: QWidget | None, workspace: Workspace, offer: SubstitutionOffer, today: date
    ) -> None:
        what = "检查对象" if offer.kind is Kind.TARGET else "检查人员"
        super().__init__(parent, f"更换{what}", offer, workspace.unit.name, today)
        self._workspace = workspace
        self._redraws = offer.policy == "redraw"
        shown: list[tuple[str, QWidget]] = [("换出", label(named(offer.out.name, offer.out.id)))]
        if offer.for_target is not None:
            shown.append(("检查对象", label(offer.for_target.name)))
        shown.append(("涉及任务", label(some(offer.tasks))))
        shown.append(("换入", self._coming()))
        words = "去重新抽取" if self._redraws else "更换并出补充记录"
        self.build(shown, primary_button(words, self.submit))

    def _coming(self) -> QWidget:
        offer = self._offer
        self.coming: QComboBox | None = None
        if self._redraws:
            return label(f"由重新抽取产生，现有 {len(offer.choices)} 人可抽")
        if offer.choices:
            self.coming = QComboBox()
            self.coming.addItem("请指定", "")
            for choice in offer.choices:
                self.coming.addItem(named(choice.name, choice.id), choice.id)
            self.coming.currentIndexChanged.connect(lambda _at: self.on_edited())
            return self.coming
        rows = [_place_words(at, place, offer) for at, place in enumerate(offer.line, 1)]
        more = len(rows) - _PLACES_SHOWN
        last = [f"其后还有 {more} 位"] if more > 0 else []
        return column_of([*rows[:_PLACES_SHOWN], *last, *offer.remarks] or [offer.policy_words])

    def missing_first(self) -> str:
        if self._offer.impossible:
            return "不能在这里办理"
        if self.coming is not None and not self.coming.currentData():
            return "还没有指定由谁接替"
        return ""

    # -- doing -------------------------------------------------------------

    def submit(self) -> None:
        """Write the record in the background, or go on to the draw."""
        offer, workspace = self._offer, self._workspace
        day = self.day.value
        if day is None:
            return
        if self._redraws:
            self.redraw_wanted.emit(self._redraw())
            self.accept()
            return
        appointed = self.coming.currentData() if self.coming is not None else None
        command = Substitute(
            draw_no=offer.draw_no,
            kind=offer.kind,
            out=offer.out.id,
            for_target=offer.for_target.id if offer.for_target else None,
            in_id=appointed or (offer.coming.id if offer.coming else None),
            reason_code=str(self.reason.currentData()),
            reason_text=self.words,
            approved_name="",
            approved_post="",
            steps=self.consent.steps,
            on=day,
        )
        started = (
            operation(self, lambda: workspace.write(substituting.substitute, command))
            .key("substitute")
            .success(self._on_substituted)
            .failure(self.on_failed)
            .run_in_background()
        )
        if started:
            self.do_button.setEnabled(False)

    def _redraw(self) -> Redraw:
        offer = self._offer
        return Redraw(
            draw_no=offer.draw_no,
            out=offer.out.id,
            for_targets=(offer.for_target.id,) if offer.for_target else (),
            reason_code=str(self.reason.currentData()),
            reason_text=self.words,
            approved_name="",
            approved_post="",
            steps=self.consent.steps,
        )

    def _on_substituted(self, outcome: Substituted) -> None:
        self.substituted.emit(outcome)
        self.accept()


def _place_words(rank: int, place: LinePlace, offer: SubstitutionOffer) -> str:
    name = named(place.party.name, place.party.id)
    if offer.coming is not None and place.party.id == offer.coming.id:
        return f"{rank}. {name} ← 由其接替"
    if place.strikes:
        return f"{rank}. {name}：{place.note}，记录后跳过"
    return f"{rank}. {name}：{place.note}" if place.note else f"{rank}. {name}"
