"""A county's year, acted through the services and written down by hand beside them.

Each act of ``County`` calls the service a person would use and notes in ``County.lines`` — plain
rows, nothing read back — what was done.  ``hand`` counts these rows the naive way; a test compares.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from app.db.read import results
from app.db.read.tasks import Progress, TaskRow
from app.db.unit_of_work import UnitOfWork
from app.domain.consequences import Receiver, RectifyStep
from app.domain.correction import Redo
from app.domain.desk import When
from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.past_inspection import PastInspectionFacts
from app.domain.periods import Period
from app.domain.publicity import ExemptionKind, ReviewOutcome
from app.domain.rd1 import Substituted as Kind
from app.domain.report import Measure
from app.domain.result_entry import ResultEntry
from app.models import Inspector, Target
from app.services.days import desk, duties, reporting
from app.services.days.duties import DutyState
from app.services.draws import drawing, sealing
from app.services.plans import local_basis, plans
from app.services.plans.local_basis import BasisFacts
from app.services.plans.plans import PlanKind
from app.services.public import public_matters, publishing
from app.services.replacing import handing_over, recusing, redrawing, substituting
from app.services.tasks import (
    correcting,
    following,
    inspecting,
    noticing,
    past_inspections,
    rectifying,
)
from app.services.workspace import Workspace
from tests.support_count import SEEN, Page, counted
from tests.support_draw import Clock
from tests.support_office import WITNESSES, draw_once, make_office

_Found = TypeVar("_Found")


@dataclass(kw_only=True)
class Line(Page):
    """One task as a person would keep it in an exercise book."""

    quarter: int
    people: tuple[str, str]
    draw_no: str
    serial: str
    on: date | None = None
    conclusion: Conclusion | None = None
    result: int = 0
    locked: bool = False
    gone: bool = False
    published: date | None = None
    exempt: bool = False
    until: date | None = None
    rectified: date | None = None
    case: int = 0
    ended: date | None = None
    referral: int = 0
    referred: date | None = None
    received: date | None = None
    visit: int = 0
    visited: date | None = None
    due: date | None = None

    @property
    def inspected(self) -> bool:
        """Somebody was there and could look."""
        return self.locked and self.conclusion in SEEN


@dataclass(kw_only=True)
class County:
    """The office and the exercise book."""

    office: Workspace
    lines: list[Line] = field(default_factory=list)
    outside: list[tuple[date, str]] = field(default_factory=list)
    covered_by_others: list[tuple[date, str, str]] = field(default_factory=list)

    ceremonies: Counter[int] = field(default_factory=Counter)

    # --- the day ------------------------------------------------------------------------------

    def day(self, on: date) -> None:
        """Noon of a day."""
        clock = self.office.clock
        assert isinstance(clock, Clock)
        clock.move_to(on)
        self.today = on

    today: date = date(2026, 1, 1)

    # --- drawing ------------------------------------------------------------------------------

    def draw(self, quarter: int, digits: tuple[str, str]) -> list[Line]:
        """The ceremony of a quarter (5: the first of 2027); its tasks are copied into the book."""
        teams = None if self.pairs else 3
        no = draw_once(self.office, period=quarter_name(quarter), digits=digits, teams=teams).no
        made = [self.copied(task, quarter) for task in self.tasks(no)]
        self.lines += made
        self.ceremonies[quarter] += 1
        return made

    def tasks(self, no: str) -> list[TaskRow]:
        """A draw's tasks in force, in serial order."""
        query = results.ResultQuery(draw_no=no, progress=frozenset(Progress))
        rows = self.office.read(results.rows, self.office.read(results.ids, query))
        return sorted(rows, key=lambda each: (each.category, each.serial))

    def copied(self, task: TaskRow, quarter: int) -> Line:
        """A line of the book for a task just issued."""
        return Line(
            task=task.id, quarter=quarter, category=task.category, due=task.due_on, born=self.today,
            target=self._ident(task.target_id), people=(task.lead, task.second),
            draw_no=task.draw_no, serial=task.serial,
        )  # fmt: skip

    def notify(self, lines: Iterable[Line]) -> None:
        """Print the notices of all teams."""
        for no in {line.draw_no for line in lines}:
            self.office.write(noticing.print_notices, noticing.PrintNotices(draw_no=no))

    # --- visits -------------------------------------------------------------------------------

    def entry(self, line: Line, on: date, conclusion: Conclusion) -> ResultEntry:
        """What would be typed."""
        entry = self.office.read(results.form, line.task).entry
        items = tuple(replace(item, outcome=ItemOutcome.OK) for item in entry.items)
        entry = replace(
            entry, inspected_on=on, arrived="09:40", left="11:25", items=items,
            methods=(self.office.rulebook.check_methods.value[0],), conclusion=conclusion,
            entered_by=line.people[0],
        )  # fmt: skip
        if conclusion is Conclusion.NO_PROBLEM:
            return entry
        if conclusion not in SEEN:
            return replace(entry, finding="大门上锁，邻厂说已经停产")
        found = (replace(items[0], outcome=ItemOutcome.PROBLEM, note="设施停用"), *items[1:])
        entry = replace(entry, items=found, finding="治理设施停用", measure="责令改正")
        if conclusion is Conclusion.ORDERED:
            return replace(entry, rectify_by=line.until, document_no="青环责改〔2026〕1号")
        return entry

    def visit(
        self,
        line: Line,
        on: date,
        conclusion: Conclusion = Conclusion.NO_PROBLEM,
        *,
        until: date | None = None,
    ) -> None:
        """Inspected, typed in, reviewed by another and locked."""
        line.until = until
        entry = self.entry(line, on, conclusion)
        sent = self.office.write(
            inspecting.submit, inspecting.SubmitResult(assignment_id=line.task, entry=entry)
        )
        self.office.write(
            inspecting.lock, inspecting.LockResult(result_id=sent.result_id, reviewed_by="卫七")
        )
        line.on, line.conclusion, line.locked, line.result = on, conclusion, True, sent.result_id
        line.write(on, "seen")
        line.write(self.today, "sent")
        line.write(self.today, "locked", conclusion)

    def start(self, line: Line, on: date) -> None:
        """The team is back, nothing typed."""
        self.office.write(
            inspecting.start, inspecting.StartResult(assignment_id=line.task, inspected_on=on)
        )
        line.on = on
        line.write(on, "seen")

    # --- replaced -----------------------------------------------------------------------------

    def replace_target(self, line: Line, reason: str = "现场已拆除") -> Line:
        """The next alternate takes the place; gives its line."""
        known = {each.task for each in self.lines}
        command = self._exchange(line.draw_no, Kind.TARGET, line.target, reason)
        self.office.write(substituting.substitute, command)
        line.gone = True
        line.write(self.today, "gone")
        (new,) = [task for task in self.tasks(line.draw_no) if task.id not in known]
        coming = self.copied(new, line.quarter)
        self.lines.append(coming)
        return coming

    def recuse(self, line: Line) -> None:
        """The lead of a line declares an interest after the draw and is replaced."""
        out = line.people[0]
        declared = self.office.write(
            recusing.declare_recusal,
            recusing.DeclareRecusal(
                inspector_id=self._ask(
                    lambda uow: uow.session.query(Inspector).filter_by(name=out).one().id
                ),
                target_id=self.row_of(line.target), code="kin",
            ),
        )  # fmt: skip
        assert [each.serial for each in declared.conflicts] == [line.serial]
        self._send_another(line, out, ("31524163", "65142536"))
        self.copy_people(line.draw_no)

    def hand_over(self, out: str, digits: tuple[str, str]) -> None:
        """Somebody leaves: all that is open goes to others, the regulation's way."""
        open_ones = [line for line in self.lines if out in line.people and not line.on]
        if self.redraws:
            self._redraw(
                open_ones[0].draw_no, out, tuple(each.target for each in open_ones), digits
            )
        else:
            command = self._exchange(open_ones[0].draw_no, Kind.INSPECTOR, out)
            self.office.write(
                handing_over.hand_over,
                handing_over.HandOver(command=replace(command, draw_no="")),
            )
        for no in {line.draw_no for line in open_ones}:
            self.copy_people(no)

    def copy_people(self, no: str) -> None:
        """Copy the names of a draw's teams anew."""
        names = {task.id: (task.lead, task.second) for task in self.tasks(no)}
        for line in self.lines:
            line.people = names.get(line.task, line.people)

    def _send_another(self, line: Line, out: str, digits: tuple[str, str]) -> None:
        if self.redraws:
            self._redraw(line.draw_no, out, (line.target,), digits)
        else:
            place = line.target if self.pairs else None
            command = self._exchange(line.draw_no, Kind.INSPECTOR, out, place=place)
            self.office.write(substituting.substitute, command)

    def _redraw(self, no: str, out: str, targets: tuple[str, ...], digits: tuple[str, str]) -> None:
        frozen = self.office.write(
            redrawing.redraw,
            redrawing.Redraw(
                draw_no=no, out=self._number(out), for_targets=targets, reason_code="r1",
                reason_text="近亲属在该企业任职", approved_name="郑某", approved_post="副大队长",
                witnesses=WITNESSES, host="李四", recorder="王五", place="三楼会议室",
            ),
        )  # fmt: skip
        self.ceremonies[next(each.quarter for each in self.lines if each.draw_no == no)] += 1
        self.office.write(drawing.commit, drawing.CommitDraw(no=frozen.no))
        self.office.write(
            drawing.reveal,
            drawing.RevealDraw(
                no=frozen.no, digits=digits, host="李四", place="三楼会议室", recorder="王五"
            ),
        )

    @property
    def redraws(self) -> bool:
        """Whether the regulation draws people anew (YY 四（四）)."""
        return self.office.rulebook.id == "yiyang-2021"

    @property
    def pairs(self) -> bool:
        """Whether each target has a pair of its own."""
        return self.office.rulebook.id != "nanchang-2023"

    def _exchange(
        self, no: str, kind: Kind, out: str, text: str = "", place: str | None = None
    ) -> substituting.Substitute:
        return substituting.Substitute(
            draw_no=no, kind=kind, out=self._number(out) if kind is Kind.INSPECTOR else out,
            reason_code="r1", reason_text=text, approved_name="郑某",
            approved_post="分管副大队长", on=self.today, for_target=place,
        )  # fmt: skip

    # --- afterwards ---------------------------------------------------------------------------

    def publish(self, *lines: Line) -> None:
        """Made public today."""
        ids = tuple(line.result for line in lines)
        command = publishing.Publish(result_ids=ids, on=self.today, place="县政府网站")
        self.office.write(publishing.publish, command)
        for line in lines:
            line.published = self.today
            line.write(self.today, "public")

    def exempt(self, line: Line) -> None:
        """Kept back."""
        self.office.write(
            public_matters.exempt,
            public_matters.Exempt(
                result_id=line.result, kind=ExemptionKind.SECRET, reason="军工配套",
                approved_by="郑某", on=self.today,
            ),
        )  # fmt: skip
        line.exempt = True
        line.write(self.today, "exempt")

    def take_down(self, line: Line) -> None:
        """The publication is withdrawn."""
        self.office.write(
            public_matters.take_down,
            public_matters.TakeDown(
                result_id=line.result, on=self.today, reason="名称写错", approved_by="郑某"
            ),
        )
        line.published = None
        line.write(self.today, "down")

    def note(self, line: Line, step: RectifyStep, text: str, until: date | None = None) -> None:
        """督办, 进展, 延期."""
        self.office.write(
            rectifying.note,
            rectifying.NoteRectification(
                result_id=line.result, step=step, on=self.today, text=text,
                stage="设备已订购" if until else "", until=until,
            ),
        )  # fmt: skip
        line.until = until or line.until

    def rectified(self, line: Line) -> None:
        """Put right, with proof."""
        self.office.write(
            rectifying.record,
            rectifying.RecordRectification(
                result_id=line.result, completed_on=self.today, proof="照片 4 张"
            ),
        )
        line.rectified = self.today
        line.write(self.today, "rectified")

    def open_case(self, line: Line) -> None:
        """立案."""
        line.case = self.office.write(
            following.open_case,
            following.OpenCase(result_id=line.result, case_no="青环立〔2026〕1号", on=self.today),
        )

    def end_case(self, line: Line) -> None:
        """处理结果."""
        self.office.write(
            following.end_case,
            following.EndCase(
                case_id=line.case, outcome="罚款二万元", decision_no="青环罚〔2026〕1号",
                on=self.today,
            ),
        )  # fmt: skip
        line.ended = self.today
        line.write(self.today, "ended")

    def publish_outcome(self, line: Line) -> None:
        """The second publication."""
        command = following.PublishOutcome(case_id=line.case, on=self.today, place="县政府网站")
        self.office.write(following.publish_outcome, command)

    def refer_to_police(self, line: Line) -> None:
        """移送公安."""
        line.referral = self.office.write(
            following.refer,
            following.Refer(
                result_id=line.result, receiver=Receiver.POLICE, organ="县公安局",
                matter="涉嫌污染环境罪", document_no="青环移〔2026〕1号", on=self.today,
            ),
        )  # fmt: skip
        line.referred = self.today
        line.write(self.today, "referred", line.referral)

    def receipt(self, line: Line) -> None:
        """回执."""
        self.office.write(
            following.receive,
            following.ReceiveReferral(referral_id=line.referral, on=self.today, by="冯警官"),
        )
        line.received = self.today
        line.write(self.today, "receipt", line.referral)

    def plan_visit(self, line: Line, on: date) -> None:
        """复查 set for a day."""
        command = following.PlanVisit(result_id=line.result, on=on)
        line.visit = self.office.write(following.plan_visit, command)
        line.write(self.today, "planned", line.visit)

    def revisit(self, line: Line) -> None:
        """复查 made, all well."""
        self.office.write(
            following.make_visit,
            following.MakeVisit(
                visit_id=line.visit, on=self.today, people="赵某、钱某", finding="已改正",
                settled=True,
            ),
        )  # fmt: skip
        line.visited = self.today
        line.write(self.today, "visited", (line.visit, True))

    def correct(self, line: Line, new_due: date) -> None:
        """更正: applied for, signed, passed on, granted; the task waits anew."""
        moved = self.office.write(
            correcting.apply,
            correcting.Apply(
                result_id=line.result, error="对象填错", should_be="应为隔壁厂", cause="笔误",
                applied_by=line.people[0], applied_on=self.today, redo=Redo.REINSPECT,
            ),
        )  # fmt: skip
        while moved.following is not None:
            station = moved.following
            moved = self.office.write(
                correcting.pass_station,
                correcting.PassStation(
                    correction_id=moved.correction_id, organ=station.organ, name="郑某",
                    post=station.post, on=self.today, new_due=new_due,
                ),
            )  # fmt: skip
        if line.published:
            self.office.write(
                correcting.withdraw_publication,
                correcting.Withdraw(
                    correction_id=moved.correction_id, on=self.today, where="县政府网站"
                ),
            )
        line.on = line.conclusion = line.published = line.until = line.rectified = None
        line.locked, line.result, line.due = False, 0, new_due
        line.write(self.today, "void")

    def review(self, line: Line) -> None:
        """A target asks for its published result to be reviewed; it is upheld."""
        number = self.office.write(
            public_matters.receive_review,
            public_matters.ReceiveReview(
                result_id=line.result, received_on=self.today, applicant="某厂", matter="不服"
            ),
        )
        self.office.write(
            public_matters.answer_review,
            public_matters.AnswerReview(
                review_id=number, outcome=ReviewOutcome.UPHELD, answer="维持", on=self.today
            ),
        )

    def revisit_and_close(self, quarter: int) -> None:
        """Every rectification of a quarter is put right and seen to be."""
        for line in self.of(quarter):
            if line.conclusion is Conclusion.ORDERED and not line.rectified:
                self.rectified(line)
            if line.visit and not line.visited:
                self.revisit(line)

    def may_publish(self, line: Line) -> bool:
        """Locked, with words for the public, neither public nor kept back."""
        return line.locked and not line.published and not line.exempt and self.worded(line)

    # --- others -------------------------------------------------------------------------------

    def never_drawn(self) -> tuple[str, str]:
        """A target (ident and category) of the last category nobody was sent to."""
        category = self.office.rulebook.categories[-1].code
        drawn = {line.target for line in self.lines}
        numbers = (f"{category}{number:04d}" for number in range(1, 99))
        return next(each for each in numbers if each not in drawn), category

    def seen_by_superior(self, target: tuple[str, str], on: date) -> None:
        """The city was there."""
        facts = PastInspectionFacts(on=on, kind="superior")
        command = past_inspections.RecordInspection(self.row_of(target[0]), facts)
        self.day(on)
        self.office.write(past_inspections.record, command)
        self.covered_by_others.append((on, *target))

    # --- names --------------------------------------------------------------------------------

    def _ident(self, target_id: int) -> str:
        return self._ask(lambda uow: uow.session.get_one(Target, target_id).ident)

    def draws_of(self, quarter: int) -> int:
        """How many ceremonies there were for a quarter."""
        return self.ceremonies[quarter]

    def name_of(self, ident: str) -> str:
        """A target's name."""
        return self._ask(lambda uow: uow.session.query(Target).filter_by(ident=ident).one().name)

    def row_of(self, ident: str) -> int:
        """A target's row id."""
        return self._ask(lambda uow: uow.session.query(Target).filter_by(ident=ident).one().id)

    def _number(self, name: str) -> str:
        return self._ask(
            lambda uow: uow.session.query(Inspector).filter_by(name=name).one().personal_no
        )

    def _ask(self, ask: Callable[[UnitOfWork], _Found]) -> _Found:
        return self.office.write(lambda uow, _none: ask(uow), None)

    # --- by hand ------------------------------------------------------------------------------

    def of(self, *quarters: int) -> list[Line]:
        """Tasks of these quarters; one replaced counts if what was found there was locked."""
        return [
            line
            for line in self.lines
            if line.quarter in quarters and (line.locked or not line.gone)
        ]

    def worded(self, line: Line) -> bool:
        """Whether its conclusion has words for the public."""
        return line.conclusion is not None and self.says(line.conclusion)

    def figures(self, quarter: int) -> dict[str, tuple[int, int, str]]:
        """The desk's four figures, as somebody with a pencil would count them."""
        mine = self.of(quarter)
        seen = [line for line in mine if line.on]
        typed = [line for line in seen if line.locked]
        public = [line for line in typed if self.worded(line) and not line.exempt]
        shown = [line for line in public if line.published]
        ordered = [line for line in typed if line.conclusion is Conclusion.ORDERED]
        done = [line for line in ordered if line.rectified]
        waiting = [line for line in ordered if not line.rectified]
        late = [line for line in waiting if line.until and line.until < self.today]
        left = len(ordered) - len(done) - len(late)
        return {
            "drawn": (*[len([line for line in mine if not line.gone])] * 2, ""),
            "inspected": (
                len(seen),
                len(mine),
                f"待录入 {len(seen) - len(typed)}·未检查 {len(mine) - len(seen)}",
            ),
            "published": (len(shown), len(public), f"待公示 {len(public) - len(shown)}·待复核 0"),
            "rectified": (len(done), len(ordered), f"逾期 {len(late)}·整改中 {left}"),
        }

    def loads(self) -> dict[str, tuple[int, int]]:
        """Done and pending tasks of the year by name."""
        done: Counter[str] = Counter()
        open_: Counter[str] = Counter()
        for line in self.of(1, 2, 3, 4):
            (done if line.on else open_).update(line.people)
        return {name: (done[name], open_[name]) for name in {*done, *open_}}

    def coverage(self, months: dict[str, int]) -> dict[str, int]:
        """Targets inspected in the running cycle of their category; all cycles begin in January."""
        found = {}
        for category, length in months.items():
            month = (self.today.month - 1) // length * length + 1 if length < 12 else 1
            first = date(self.today.year, month, 1)
            own = {
                line.target
                for line in self.lines
                if line.category == category and line.inspected and line.on and line.on >= first
            }
            others = {
                target
                for on, target, of in self.covered_by_others
                if of == category and on >= first
            }
            found[category] = len(own | others)
        return found

    def report(self, as_of: date, *quarters: int) -> dict[Measure, set[int]]:
        """The tasks under each column of a report's sum line on a day."""
        mine = [line for line in self.lines if line.quarter in quarters]
        when = self.office.rulebook.done.value.value
        return counted(mine, as_of, when, self.says)

    def says(self, conclusion: Conclusion) -> bool:
        """Whether there are words for the public: YY 五（三） has them for each, others not."""
        return conclusion in SEEN or self.office.rulebook.id == "yiyang-2021"


# --- the year ------------------------------------------------------------------------------------

DIGITS = (
    ("35162441", "62413553"),
    ("41526363", "26534142"),
    ("53624115", "14263552"),
    ("62531442", "31546226"),
    ("26354615", "46231254"),
)


@pytest.fixture
def the_same_r(monkeypatch: pytest.MonkeyPatch) -> None:
    """The year has one course: R is counted up, not drawn."""
    numbers = itertools.count()
    monkeypatch.setattr(
        sealing, "take_reveal", lambda: hashlib.sha256(b"%d" % next(numbers)).hexdigest()
    )


@contextlib.contextmanager
def county(
    root: Path,
    rulebook: str,
    targets: dict[str, int],
    today: date = date(2026, 1, 1),
    people: int = 9,
) -> Iterator[County]:
    """A fresh office and its exercise book, on a day of 2026."""
    level = {"neimenggu": "county", "qingdao-xihaian-2020": "branch"}.get(rulebook, "")
    office = make_office(
        root,
        rulebook=rulebook,
        targets=targets,
        people=people,
        level=level,
        basis=False,
        today=today,
    )
    made = County(office=office)
    made.day(today)
    try:
        yield made
    finally:
        office.close()


def record_basis(here: County, year: int = 2026) -> None:
    """Why the year's draws are made here and not on the platform."""
    basis = BasisFacts(
        period=f"{year}", document_no=f"青环函〔{year}〕1号", signer="王五", post="局长",
        signed_on=here.today,
    )  # fmt: skip
    here.office.write(local_basis.record, basis)


def plan_the_year(here: County, year: int) -> None:
    """Proposed, approved, filed."""
    office, on = here.office, here.today
    view = office.write(plans.propose, plans.ProposePlan(kind=PlanKind.ANNUAL, period=str(year)))
    view = office.write(
        plans.approve,
        plans.ApprovePlan(id=view.id, organ="县局", name="李四", post="局长", on=on),
    )
    office.write(plans.file, plans.FilePlan(id=view.id, to="市支队", on=on))


def quarter_name(number: int) -> str:
    """2026Q1 is 1, 2027Q1 is 5."""
    return f"{2026 + (number - 1) // 4}Q{(number - 1) % 4 + 1}"


def desk_coverage(here: County) -> dict[str, int]:
    """Targets covered per category, as the desk shows it today."""
    labels = {each.label: each.code for each in here.office.rulebook.categories}
    seen = here.office.read(desk.overview, here.today)
    return {labels[bar.label]: bar.covered for bar in seen.coverage}


def check_desk(here: County, quarter: int, months: dict[str, int]) -> None:
    """The desk's figures, loads and coverage of today are those of the exercise book."""
    seen = here.office.read(desk.overview, here.today)
    assert seen.period == quarter_name(quarter)
    by_hand = here.figures(quarter)
    for name in ("drawn", "inspected", "published", "rectified"):
        figure = getattr(seen, name)
        note = by_hand[name][2]
        assert (figure.done, figure.total) == by_hand[name][:2], name
        assert not note or figure.note == note, name
    loads = {load.name: (load.done, load.pending) for load in seen.loads}
    assert {name: pair for name, pair in loads.items() if any(pair)} == here.loads()
    assert desk_coverage(here) == here.coverage(months)


def check_report(here: County, period: str) -> None:
    """The report's sum line and what was outside the draw are those of the exercise book."""
    asked = Period.parse(period)
    view = here.office.read(reporting.report, period, here.today)
    quarters = [
        number for number in range(1, 9) if Period.parse(quarter_name(number)).overlaps(asked)
    ]
    by_hand = here.report(view.as_of, *quarters)
    total = view.report.total
    assert {each: set(total.figures[each].tasks) for each in by_hand} == by_hand
    targets = {line.task: line.target for line in here.lines}
    for each, tasks in by_hand.items():
        sites = {targets[task] for task in tasks}
        assert total.number(each) == len(sites if each is Measure.SITES else tasks)
    visits = {line.ground: line.visits for line in view.report.outside}
    grounds = here.office.rulebook.outside_draw
    expected = dict.fromkeys(grounds.value if grounds else (), 0)
    for on, ground in here.outside:
        if asked.first_day <= on <= min(asked.last_day, view.as_of):
            expected[ground] += 1
    assert visits == expected


def late_words(here: County) -> set[str]:
    """The desk's sentences of what is overdue."""
    seen = here.office.read(desk.overview, here.today)
    return {todo.sentence for todo in seen.todos if todo.when is When.OVERDUE}


def the_calendar(here: County, year: int) -> dict[tuple[date, str], DutyState]:
    """What the calendar says of each of its days."""
    view = here.office.read(duties.year_view, year, here.today)
    return {(row.due_on, row.label): row.state for row in view.rows}
