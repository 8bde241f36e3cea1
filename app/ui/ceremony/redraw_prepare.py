"""核对名单 of a redraw: for how many tasks, from how many people; the same room as any draw."""

from __future__ import annotations

from dataclasses import replace

from app.services.plans import planning
from app.services.replacing import redrawing
from app.services.replacing.redrawing import Redraw, RedrawScope
from app.ui.ceremony.course import Course
from app.ui.ceremony.prepare import PrepareStep
from app.ui.tasks import query
from app.ui.view_store import ViewStore

__all__ = ["RedrawPrepareStep"]


class RedrawPrepareStep(PrepareStep):
    """Its button seals a list of people for targets that are drawn already."""

    heading = "重新抽取检查人员：核对名单，登记到场的人"
    intro = (
        "检查对象不变，同组人员保留；每项任务另抽一人。"
        "见证人至少两名，不能是操作人；见证人如在执法人员名录中，这次就不参加抽取。"
    )
    figure_words = ("换人的任务", "可抽人员")
    asks_teams = False

    def __init__(self, course: Course, store: ViewStore) -> None:
        if course.redraw is None:
            raise TypeError("a course without a redraw")
        self._request: Redraw = course.redraw
        super().__init__(course, store)

    def _asked(self) -> Redraw:
        room = self.room()
        return replace(
            self._request,
            witnesses=tuple(w for w in self.witnesses.values() if w.name),
            host=room.host,
            recorder=room.recorder,
            place=room.place,
        )

    def count(self) -> None:
        workspace, asked = self.course.workspace, self._asked()
        today, operator = planning.today(workspace), self.course.operator
        query(self, lambda: workspace.read(redrawing.scope, asked, today, operator)).key(
            "count"
        ).success(self._on_scope).failure(self.show_uncounted).run_in_background()

    def _on_scope(self, scope: RedrawScope) -> None:
        self.figures["换人的任务"].setText(str(scope.targets))
        self.figures["可抽人员"].setText(str(scope.people))
        words = "，".join(f"{reason} {count} 人" for reason, count in scope.left_out)
        self.left_out.setText(f"人员不参加：{words}" if words else "名录中的人员都合格")
        self.show_counted(scope.impossible.rstrip("。"))

    def advance(self) -> None:
        workspace, asked, room = self.course.workspace, self._asked(), self.room()
        self.run(
            lambda: workspace.write(redrawing.redraw, asked),
            lambda frozen: self.show_frozen(frozen, asked.witnesses, room),
            "正在封存名单",
        )
