"""One quarter of a fictional county, played through the same services as the window.

The clock is the demonstration's own: the quarter is 2026Q1, so every run tells the same story,
while R and the witnesses' dice are as random as in a real ceremony.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from typing import Protocol

from app.db.read import assignments, results
from app.db.read.query import ListQuery
from app.db.read.tasks import Progress
from app.domain import rd1
from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.periods import Period
from app.domain.result_entry import ItemEntry, ResultEntry
from app.domain.rulebook import DrawPlace, HeadcountWho, Rulebook
from app.domain.workdays import WorkCalendar
from app.errors import UserError
from app.exchange.files import write_atomically
from app.services import rulebooks, sample, units
from app.services.days import calendar
from app.services.draws import drawing, papers, recomputing
from app.services.packages import exporting
from app.services.paperwork import plan_papers
from app.services.plans import local_basis, plans
from app.services.public import public_files, publishing
from app.services.tasks import inspecting, noticing
from app.services.workspace import CreateUnit, Workspace, create, exists, open_workspace

_PERIOD = Period.parse("2026Q1")
_WITNESSES = (
    drawing.WitnessInput("周敏", "县纪委监委派驻纪检监察组", "副组长"),
    drawing.WitnessInput("郑涛", "局法制股", "股长"),
    drawing.WitnessInput("赵㐱", "县人大代表", "代表"),
)
_OPERATOR, _REVIEWER = "吴倩", "何伟"


class Pictures(Protocol):
    """Takes pictures of the window; ``moment``: planning, midway, publishing, end."""

    def __call__(self, workspace: Workspace, folder: Path, moment: str) -> None:
        """Write PNG files into ``folder``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What summary.json says; ``inspectors`` counts those who can be drawn.

    ``seconds`` is the whole run's wall time.
    """

    rulebook: str
    draw: str
    plan: str
    commit: str
    result: str
    targets: int
    inspectors: int
    quotas: dict[str, int]
    teams: int
    results: int
    package: str
    seconds: float

    def as_json(self) -> dict[str, object]:
        """The JSON object other people's scripts read."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def lines(self) -> list[str]:
        """For a person."""
        drawn = "，".join(f"{code} {n}" for code, n in self.quotas.items())
        return [
            f"演示完成，用时 {self.seconds:.0f} 秒。",
            f"抽取 {self.draw}：{drawn}；检查结果 {self.results} 份",
            f"上报包 {self.package}",
        ]


class _Clock:
    """Time as the story tells it; each look moves it on by a few seconds."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 8, 9, 5).astimezone()

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=7)
        return self.now

    def go_to(self, day: date, hour: int, minute: int = 0) -> None:
        self.now = datetime.combine(day, day_time(hour, minute)).astimezone()


def demonstrate(
    out: Path,
    rulebook_id: str,
    progress: Callable[[str], None],
    pictures: Pictures | None = None,
) -> Summary:
    """Play the quarter into ``out``; UserError if there is a workspace already."""
    started = time.monotonic()
    if exists(out):
        raise UserError(f"这里已经有一个工作区：{out}。", "请换一个新文件夹。")
    rulebook = rulebooks.find(rulebook_id).rulebook
    clock = _Clock()
    create(
        out,
        CreateUnit(
            name="青禾县生态环境保护综合行政执法大队",
            code="391227",
            rulebook_id=rulebook_id,
            document_title=f"青禾县生态环境局{_PERIOD.year}年度抽查计划",
            document_no="青环〔2025〕61号",
        ),
        clock,
    )
    with closing(open_workspace(out, actor=_OPERATOR, clock=clock)) as office:
        story = _Story(office, clock, rulebook, progress, pictures, out)
        summary = story.play()
    summary = replace(summary, seconds=round(time.monotonic() - started, 1))
    _write_summary(out, summary)
    return summary


def _write_summary(out: Path, summary: Summary) -> None:
    import json

    body = json.dumps(summary.as_json(), ensure_ascii=False, indent=2) + "\n"
    write_atomically(out / "summary.json", body.encode("utf-8"))


@dataclass
class _Story:
    office: Workspace
    clock: _Clock
    rulebook: Rulebook
    say: Callable[[str], None]
    pictures: Pictures | None
    out: Path

    def play(self) -> Summary:
        self.say("导入虚构的青禾县：检查对象、执法人员、抽查事项")
        self._say_who_draws_here()
        loaded = sample.fill(self.office)
        self._plan_the_year()
        self._take("planning")
        self.say("封存名单、承诺、开号、抽取")
        frozen, revealed = self._draw()
        self.say(f"录入 {revealed.selected} 份检查结果")
        self._inspect(revealed.no)
        self.say("公示，生成上报包并读回校验")
        package = self._publish(revealed.no)
        self._take("end")
        return Summary(
            rulebook=self.rulebook.id,
            draw=revealed.no,
            plan=revealed.plan,
            commit=revealed.commitment,
            result=revealed.result,
            targets=loaded.targets,
            inspectors=sum(person.eligible for person in frozen.facts.plan.people),
            quotas={line.category: line.quota for line in frozen.facts.plan.lines},
            teams=frozen.facts.teams,
            results=revealed.selected,
            package=package.name,
            seconds=0.0,
        )

    def _take(self, moment: str) -> None:
        if self.pictures is not None:
            folder = self.out / "screens"
            folder.mkdir(exist_ok=True)
            self.pictures(self.office, folder, moment)

    def _plan_the_year(self) -> None:
        """An approved annual plan, on paper too: the draw stands on it."""
        command = plans.ProposePlan(
            kind=plans.PlanKind.ANNUAL,
            period=f"{_PERIOD.year}",
            headcount=_typed_headcount(self.rulebook),
        )
        proposed = self.office.write(plans.propose, command)
        self.office.write(
            plans.approve,
            plans.ApprovePlan(
                id=proposed.id,
                organ="青禾县生态环境局",
                name="林志远",
                post="局长",
                on=self.office.clock().astimezone().date(),
                document_no=f"青环〔{_PERIOD.year}〕2号",
            ),
        )
        self.office.write(plan_papers.print_plan, plan_papers.PrintPlan(proposed.id))

    # --- the ceremony --------------------------------------------------------------------

    def _say_who_draws_here(self) -> None:
        """Where the regulation wants the platform, a draw of one's own needs a basis on record."""
        facts = replace(self.office.read(units.unit_facts, _OPERATOR), person=_OPERATOR)
        if self.rulebook.draw_place.value is DrawPlace.PLATFORM:
            self.office.write(
                local_basis.record,
                local_basis.BasisFacts(
                    period=str(_PERIOD),
                    kind="draw_first",
                    document_no="青环函〔2026〕3号",
                    signer="林志远",
                    post="市支队副支队长",
                    signed_on=self.office.clock().astimezone().date(),
                    note="省平台升级期间先抽取，恢复后补录",
                ),
            )
        self.office.write(units.save, facts)

    def _draw(self) -> tuple[drawing.Frozen, drawing.Revealed]:
        frozen = self.office.write(
            drawing.freeze,
            drawing.FreezeDraw(
                period=str(_PERIOD),
                witnesses=_WITNESSES,
                headcount=_typed_headcount(self.rulebook),
                host="陈立新",
                recorder=_REVIEWER,
                place="大队二楼会议室",
            ),
        )
        self.clock.go_to(date(2026, 1, 8), 9, 18)
        self.office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
        self.clock.go_to(date(2026, 1, 8), 9, 26)
        revealed = self.office.write(
            drawing.reveal,
            drawing.RevealDraw(
                no=frozen.no,
                digits=tuple(_dice() for _ in _WITNESSES),
                host="陈立新",
                place="大队二楼会议室",
                recorder=_REVIEWER,
            ),
        )
        self.clock.go_to(date(2026, 1, 8), 9, 33)
        self.office.write(papers.write_attendance, papers.PrintAttendance(no=frozen.no))
        self.office.write(
            recomputing.confirm,
            recomputing.ConfirmCheck(
                no=frozen.no, by=_WITNESSES[0].name, seen=revealed.result[:16]
            ),
        )
        self.office.write(noticing.print_notices, noticing.PrintNotices(draw_no=frozen.no))
        return frozen, revealed

    # --- inspections ---------------------------------------------------------------------

    def _inspect(self, draw_no: str) -> None:
        tasks = self.office.read(assignments.ids, ListQuery(filters={"draw": frozenset({draw_no})}))
        days = _inspection_days(calendar.chinese_calendar(_PERIOD.year))
        middle = len(tasks) * 2 // 3
        for position, assignment_id in enumerate(tasks):
            if position == middle:
                self._leave_open(tasks[middle : middle + 4], days[middle * len(days) // len(tasks)])
                self._take("midway")
            self._finish(position, assignment_id, days[position * len(days) // len(tasks)])

    def _leave_open(self, tasks: Sequence[int], day: date) -> None:
        """An ordinary afternoon: one registered, one half typed, one to review, one returned."""
        self.clock.go_to(day, 16)
        registered, *typed = tasks
        self.office.write(
            inspecting.start,
            inspecting.StartResult(assignment_id=registered, inspected_on=day),
        )
        for number, assignment_id in enumerate(typed):
            entry = self._entry(number, assignment_id, day)
            if number == 0:
                draft = replace(entry, conclusion=None, measure="", items=_half_done(entry.items))
                self.office.write(
                    inspecting.save_draft,
                    inspecting.SaveDraft(assignment_id=assignment_id, entry=draft),
                )
                continue
            submitted = self._submit(assignment_id, entry)
            if number == len(typed) - 1:
                self.office.write(
                    inspecting.return_for_correction,
                    inspecting.ReturnResult(
                        result_id=submitted,
                        reason="缺少现场检查（勘察）笔录",
                        reviewed_by=_REVIEWER,
                    ),
                )

    def _entry(self, position: int, assignment_id: int, day: date) -> ResultEntry:
        form = self.office.read(results.form, assignment_id)
        return _entry(position, form.entry, form.entry.inspected_on or day, self.rulebook)

    def _submit(self, assignment_id: int, entry: ResultEntry) -> int:
        return self.office.write(
            inspecting.submit, inspecting.SubmitResult(assignment_id=assignment_id, entry=entry)
        ).result_id

    def _finish(self, position: int, assignment_id: int, day: date) -> None:
        self.clock.go_to(max(day, self.clock.now.date()), 17)
        task = self.office.read(results.form, assignment_id).task
        if task.progress is Progress.SUBMITTED and task.result_id is not None:
            result_id = task.result_id
        else:
            result_id = self._submit(assignment_id, self._entry(position, assignment_id, day))
        self.office.write(
            inspecting.lock,
            inspecting.LockResult(result_id=result_id, reviewed_by=_REVIEWER),
        )

    # --- publication and package ---------------------------------------------------------

    def _publish(self, draw_no: str) -> Path:
        """Publish in two goes, as offices do; the picture shows what waits between them."""
        folder = self.out / "package"
        folder.mkdir(exist_ok=True)
        self._publish_due(date(2026, 2, 13), keep=8)
        self._package("draw", draw_no, folder)
        self._take("publishing")
        self._publish_due(date(2026, 2, 26), keep=0)
        self.office.write(
            public_files.make,
            public_files.MakePublicFile(period=str(_PERIOD), path=folder / "公示表.xlsx"),
        )
        return self._package("results", draw_no, folder)

    def _publish_due(self, day: date, keep: int) -> None:
        self.clock.go_to(max(day, self.clock.now.date()), 10)
        board = self.office.read(publishing.board, period=str(_PERIOD))
        due = [row.id for row in board.due]
        self.office.write(
            publishing.publish,
            publishing.Publish(
                result_ids=tuple(due[: len(due) - keep]),
                on=self.clock.now.date(),
                place="县政府网站“双随机、一公开”专栏",
            ),
        )

    def _package(self, what: str, draw_no: str, folder: Path) -> Path:
        return self.office.write(
            exporting.export,
            exporting.MakePackage(
                what=what, draw_no=draw_no, period=str(_PERIOD), edition="sealed", to=folder
            ),
        ).path


def _typed_headcount(rulebook: Rulebook) -> int | None:
    headcount = rulebook.level().headcount
    return 18 if headcount and headcount.who is HeadcountWho.TYPED else None


def _dice() -> str:
    """Eight throws of a die with ten faces, thrown again while they look weak."""
    while True:
        digits = f"{secrets.randbelow(10**8):08d}"
        if rd1.weak(digits) is None:
            return digits


def _inspection_days(work: WorkCalendar) -> list[date]:
    days = (date(2026, 1, 12) + timedelta(days=n) for n in range(33))
    return [day for day in days if work.is_working_day(day)]


_STORIES = (
    (
        Conclusion.ORDERED,
        "危险废物暂存间标识不全，上月管理台账缺页",
        "责令限期改正，补齐标识和台账",
    ),
    (Conclusion.NO_PROBLEM, "", ""),
    (Conclusion.NO_PROBLEM, "", ""),
    (Conclusion.NO_PROBLEM, "", ""),
    (Conclusion.NO_PROBLEM, "", ""),
    (Conclusion.ORDERED, "污水处理站运行记录未按日填写", "责令改正，十五日内补齐记录"),
    (Conclusion.NO_PROBLEM, "", ""),
    (Conclusion.NO_PROBLEM, "", ""),
    (Conclusion.CASE, "未按排污许可证规定安装自动监测设备", "立案调查"),
    (Conclusion.NO_PROBLEM, "", ""),
    (Conclusion.NO_PROBLEM, "", ""),
    (Conclusion.CLOSED, "到场时厂区已关闭停业，无生产设备", "留存现场照片"),
)


def _entry(position: int, fresh: ResultEntry, day: date, rulebook: Rulebook) -> ResultEntry:
    conclusion, finding, measure = _STORIES[position % len(_STORIES)]
    problem = conclusion in {Conclusion.ORDERED, Conclusion.CASE}
    return replace(
        fresh,
        inspected_on=day,
        arrived="09:40",
        left="11:20",
        methods=rulebook.check_methods.value[:2],
        items=tuple(_ticks(fresh.items, conclusion, finding)),
        conclusion=conclusion,
        finding=finding,
        measure=measure,
        rectify_by=day + timedelta(days=30) if problem else None,
        document_no=f"青环责改〔2026〕{position + 1}号" if problem else "",
        entered_by=_OPERATOR,
    )


def _half_done(items: tuple[ItemEntry, ...]) -> tuple[ItemEntry, ...]:
    half = len(items) // 2
    return items[:half] + tuple(replace(item, outcome=None, note="") for item in items[half:])


def _ticks(
    items: tuple[ItemEntry, ...], conclusion: Conclusion, finding: str
) -> Iterator[ItemEntry]:
    for index, item in enumerate(items):
        if not conclusion.inspected:
            yield replace(item, outcome=ItemOutcome.NOT_APPLICABLE)
        elif conclusion.violation and index == min(3, len(items) - 1):
            yield replace(item, outcome=ItemOutcome.PROBLEM, note=finding)
        else:
            yield replace(item, outcome=ItemOutcome.OK)
