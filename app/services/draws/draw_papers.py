"""From a closed draw to what its minutes print: the names and words around the record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, select

from app.db import ledger
from app.db.read import draws, pool, tallies
from app.documents import minutes_facts as form
from app.documents import words
from app.documents.attendance import AttendanceFacts, Attendee
from app.documents.commitment_slip import CommitmentFacts, SlipWitness
from app.documents.minutes_public import PublicFacts, PublicStratum
from app.documents.signatures import witness_standing
from app.documents.void_form import OpenedSlip, VoidFacts
from app.domain import rd1
from app.domain.eligibility import REASONS
from app.domain.paper_texts import PaperKind
from app.domain.periods import Period
from app.domain.quota import Deviation
from app.domain.rulebook import DrawPlace, Rulebook
from app.domain.speciality import speciality_words
from app.models import Draw
from app.services import rulebooks
from app.services.draws import flag_words, way_words
from app.services.draws.draw_facts import DrawFacts, unpack_facts
from app.services.draws.group_pools import group_names
from app.services.paperwork import paper_words
from app.services.plans.planning import PeriodPlan
from app.services.replacing import recusing

# Codes only a redraw writes; declared ones are the kinds of interest.
_RECUSAL_WORDS = {
    "partner": "同组人员保留，仅重抽一人",
    "replaced": "本次被更换的人员",
}
_MODES = {
    rd1.TeamMode.FIXED_TEAMS: form.GroupMode.FIXED,
    rd1.TeamMode.PAIR_EACH: form.GroupMode.PAIR,
    rd1.TeamMode.ONE_EACH: form.GroupMode.ONE,
}
_OWN = "本单位执法人员"
_NAMED = 8
_ROSTER = "名单封存情况"
_STEPS = frozenset({"draw.freeze", "draw.commit", "draw.close"})
FOLDED, OPENING = "draw.folded", "draw.opening"
"""Ledger actions of the two steps that leave nothing else behind: 纸条折好, 开始开号."""
# 某县, 某区, 某新区: names of places in a unit's name; the last one is the unit's own.
_PLACE = re.compile(r"([^省市县区旗州局队]{1,8}?)(?:自治县|自治旗|新区|[市县区旗])")
NOTED = "draw.note"
"""Ledger action of something remarkable a person wrote down about a draw."""


def minutes_facts(connection: Connection, draw: Draw, head: ledger.Head) -> form.MinutesFacts:
    """Everything the sealed minutes of a closed draw print."""
    return _Filler(connection, draw, head).facts()


def public_facts(sealed: form.MinutesFacts) -> PublicFacts:
    """What the public edition prints in its first stage: counts and digests, nobody's name."""
    people = [person for group in sealed.groups for person in group.inspectors]
    return PublicFacts(
        unit=sealed.unit,
        period=sealed.period,
        draw_number=sealed.draw_number,
        held_on=sealed.begun.date(),
        witness_bodies=tuple(witness.body for witness in sealed.witnesses),
        calm=not sealed.exceptions,
        voided_before=len(sealed.voided_before),
        recomputed=bool(sealed.recomputed),
        strata=tuple(
            PublicStratum(
                label=row.label,
                registered=row.registered,
                covered=row.covered,
                excluded=row.excluded,
                pool=row.pool,
                drawn=row.drawn,
                alternates=row.alternates,
                given=bool(row.source),
            )
            for row in sealed.strata
        ),
        what=sealed.what,
        inspectors_registered=len(people),
        inspectors_eligible=sum(person.eligible for person in people),
        teams=sum(len(group.teams) for group in sealed.groups),
        standby=sum(len(group.standby) for group in sealed.groups),
        plan=sealed.digests.plan,
        commitment=sealed.digests.commitment,
        result=sealed.digests.result,
        published_on=sealed.ended.date(),
        rehearsal=sealed.rehearsal,
    )


def slip_facts(draw: Draw, head: ledger.Head) -> CommitmentFacts:
    """What the commitment slip prints; the first witness takes the other half away."""
    sealed = unpack_facts(draw.facts)
    return CommitmentFacts(
        unit=sealed.unit,
        draw_number=draw.no,
        series=draw.series,
        ordinal=draw.seq,
        purpose=_purpose(Period.parse(draw.period), draw.rehearsal),
        at=local(draw.committed_at or draw.frozen_at),
        witnesses=tuple(
            SlipWitness(body=w.organ, name=w.name, role=sealed.role(w.position))
            for w in draw.witnesses
        ),
        plan=draw.plan_hash,
        commitment=draw.commitment or "",
        taker=draw.witnesses[0].name,
        ledger=form.LedgerMark(head.seq, head.hash),
        rehearsal=draw.rehearsal,
    )


def attendance_facts(
    connection: Connection, draw: Draw, others: Sequence[Attendee]
) -> AttendanceFacts:
    """Who is expected in the room: witnesses, host, operator, recorder, then ``others``."""
    sealed = unpack_facts(draw.facts)
    held_on = local(draw.frozen_at).date()
    values = {
        "单位": sealed.unit,
        "期间": sealed.plan.period_words,
        "抽取编号": draw.no,
        "地点": draw.place,
        "抽取日期": words.day(held_on),
    }
    staff = (("主持人", draw.host), ("操作人", draw.operator), ("记录人", draw.recorder))
    return AttendanceFacts(
        unit=sealed.unit,
        text=paper_words.printed(connection, PaperKind.ATTENDANCE, values),
        period=sealed.plan.period_words,
        draw_number=draw.no,
        held_on=held_on,
        place=draw.place,
        people=(
            *(
                Attendee(witness_standing(w.position), w.name, w.organ, w.post)
                for w in draw.witnesses
            ),
            *(Attendee(standing, name, sealed.unit) for standing, name in staff),
            *others,
        ),
        rehearsal=draw.rehearsal,
    )


def void_facts(draw: Draw, head: ledger.Head) -> VoidFacts:
    """What the void form prints of a draw broken off after its commitment."""
    sealed, data = unpack_facts(draw.facts), draw.void_bytes or b""
    record = rd1.parse_void(data)
    return VoidFacts(
        unit=sealed.unit,
        period=sealed.plan.period_words,
        draw_number=draw.no,
        ordinal=draw.seq,
        frozen_at=local(draw.frozen_at),
        place=draw.place,
        reason=record.reason,
        approved=form.Person(record.approved.name, record.approved.post),
        witnesses=tuple(OpenedSlip(w.name, w.organ, w.digits or "") for w in draw.witnesses),
        host=form.Person(draw.host),
        operator=form.Person(draw.operator),
        plan=draw.plan_hash,
        commitment=draw.commitment or "",
        reveal=record.reveal or "",
        result=record.result or "",
        record=rd1.file_hash(data),
        previous=draw.prev,
        ledger=form.LedgerMark(head.seq, head.hash),
        voided_on=record.at,
        rehearsal=draw.rehearsal,
    )


def place_name(unit: str) -> str:
    """What stands for the unit in a document number: 青禾 for 青禾县…大队, 莘县 for 莘县…."""
    found = list(_PLACE.finditer(unit))
    if not found:
        return unit
    name, whole = found[-1][1], found[-1][0]
    return name if len(name) > 1 else whole


def local(at: datetime) -> datetime:
    """As on the wall clock of the office."""
    return at.astimezone()


@dataclass(frozen=True, slots=True)
class _Shown:
    """Somebody of a group, as sealed paper shows them."""

    name: str
    certificate: str
    department: str


@dataclass
class _Filler:
    connection: Connection
    draw: Draw
    head: ledger.Head

    @cached_property
    def plan(self) -> rd1.Plan:
        return rd1.parse_plan(self.draw.plan_bytes)

    @cached_property
    def result(self) -> rd1.DrawResult:
        return rd1.parse_result(self.draw.result_bytes or b"")

    @cached_property
    def sealed(self) -> DrawFacts:
        return unpack_facts(self.draw.facts)

    @cached_property
    def rulebook(self) -> Rulebook:
        return rulebooks.under(
            self.connection, self.sealed.rulebook_id, self.sealed.rulebook_version
        )

    @cached_property
    def targets(self) -> dict[str, pool.TargetName]:
        return pool.target_names(self.connection)

    @cached_property
    def people(self) -> dict[str, _Shown]:
        own = pool.inspector_names(self.connection)
        shown = {
            key: _Shown(row.name, row.cert_no, row.section or row.squad) for key, row in own.items()
        }
        for code, _title in self.sealed.groups:
            shown |= {
                key: _Shown(row.name, row.certificate, row.organ)
                for key, row in group_names(self.connection, code).items()
            }
        return shown

    @cached_property
    def needs(self) -> dict[str, str]:
        needs = {row.id: row.need for row in self.plan.targets}
        return needs | {row.id: row.need for row in self.plan.given}

    def _serials(self) -> dict[str, str]:
        """Public serials of the selected targets by ident, in their order."""
        short = {row.code: row.short for row in self._strata()}
        return {
            row.identifier: f"{short[row.stratum]}-{row.rank:02d}"
            for row in self._targets(alternates=False)
        }

    @cached_property
    def _left_out(self) -> dict[str, int]:
        """How often each was listed as not eligible in the twelve months before (RD1 §7)."""
        day = local(self.draw.frozen_at).date()
        _draws, found = tallies.left_out(self.connection, day, before=self.draw.id)
        return {person: sum(codes.values()) for person, codes in found.items()}

    def _remark(self, row: rd1.PlanInspector, recused: bool, why: str) -> str:
        if row.eligible:
            return "有回避" if recused else ""
        earlier = self._left_out.get(row.id, 0)
        return f"{why}；近十二个月第{earlier + 1}次不参加" if earlier else why

    @cached_property
    def inspectors(self) -> dict[str, form.Inspector]:
        recused = {row.inspector for row in self.plan.recusals}
        why = {person.personal_no: person.words for person in self.sealed.plan.people}
        return {
            row.id: form.Inspector(
                number=row.id,
                name=self.people[row.id].name,
                certificate=self.people[row.id].certificate,
                department=self.people[row.id].department,
                specialities=tuple(speciality_words(code) for code in row.specs),
                may_lead=row.lead,
                eligible=row.eligible,
                remark=self._remark(
                    row, row.id in recused, why.get(row.id, "") or REASONS.get(row.why, row.why)
                ),
            )
            for row in self.plan.inspectors
        }

    @cached_property
    def redraws(self) -> str:
        """Number of the draw of which this one replaces a person, else empty."""
        return self.plan.rule("redraw") or ""

    @cached_property
    def recomputation(self) -> draws.Recomputation | None:
        return draws.recomputation(self.connection, self.draw.no)

    @cached_property
    def ended(self) -> datetime:
        """When the last step that is on record was over, of those made on the day of the draw."""
        closed = local(self.draw.closed_at or self.draw.frozen_at)
        if self.recomputation is None:
            return closed
        again = local(self.recomputation.on)
        return max(closed, again) if again.date() == closed.date() else closed

    def facts(self) -> form.MinutesFacts:
        draw, sealed = self.draw, self.sealed
        begun, ended = local(draw.frozen_at), self.ended
        return form.MinutesFacts(
            unit=sealed.unit,
            period=sealed.plan.period_words,
            document_number=self._document_number(begun.year),
            purpose=(
                f"抽取{self.redraws}更换检查人员，重新抽取一人"
                if self.redraws
                else way_words.purpose(sealed, _purpose(Period.parse(draw.period), draw.rehearsal))
            ),
            draw_number=draw.no,
            ordinal=draw.seq,
            begun=begun,
            ended=ended,
            place=draw.place,
            host=form.Person(draw.host),
            operator=form.Person(draw.operator),
            recorder=form.Person(draw.recorder),
            witnesses=tuple(
                form.Witness(w.name, w.organ, w.post, w.digits or "", sealed.role(w.position))
                for w in draw.witnesses
            ),
            bases=self._bases(),
            quota_article=self.rulebook.cite(sealed.plan.lines[0].article)
            if sealed.plan.lines
            else "",
            secrecy_article=self._secrecy(),
            steps=self._steps(),
            strata=tuple(self._strata()),
            changes=self._changes(),
            digests=form.Digests(
                plan=draw.plan_hash,
                commitment=draw.commitment or "",
                reveal=draw.reveal or "",
                seed=draw.seed or "",
                result=draw.result_hash or "",
                previous=draw.prev,
            ),
            selected=tuple(self._targets(alternates=False)),
            alternates=tuple(self._targets(alternates=True)),
            groups=tuple(self._group(group) for group in self.plan.groups),
            recusals=tuple(
                form.Recusal(
                    self.people[row.inspector].name,
                    self.targets[row.target].shown,
                    _RECUSAL_WORDS.get(row.code) or recusing.kind_words(row.code),
                )
                for row in self.plan.recusals
            ),
            exceptions=tuple(self._exceptions()),
            exclusions=self._exclusions(),
            excluded_digest=self.plan.rule("excluded") or "",
            thin=self._thin(),
            ledger=form.LedgerMark(self.head.seq, self.head.hash),
            recomputed=self._recomputed(),
            signed_on=ended.date(),
            remarks=tuple(self._remarks()),
            what=way_words.what(sealed.how),
            flags=flag_words.for_minutes(self.plan, self.result, self._serials()),
            voided_before=tuple(self._voided_before()),
            rehearsal=draw.rehearsal,
        )

    def _remarks(self) -> Iterator[str]:
        """Below the quota table: the headcount, departures from the ratios, who is left out."""
        plan = self.sealed.plan
        if self.sealed.directories:
            yield self.sealed.directories
        if self.redraws:
            return
        if plan.headcount_words:
            yield plan.headcount_words
        for each in plan.deviations:
            yield deviation_words(each)
        if plan.must_be_listed:
            yield completeness_words(plan)

    def _document_number(self, year: int) -> str:
        """“青禾抽查〔2026〕1号”: the number starts again each year, with gaps nowhere."""
        before = self.connection.execute(
            select(Draw.seq, Draw.frozen_at).where(
                Draw.series == self.draw.series, Draw.seq < self.draw.seq
            )
        )
        last = max((row.seq for row in before if local(row.frozen_at).year < year), default=0)
        kind = "抽查演练" if self.draw.rehearsal else "抽查"
        return f"{place_name(self.sealed.unit)}{kind}〔{year}〕{self.draw.seq - last}号"

    def _exceptions(self) -> Iterator[str]:
        """What the ledger knows of this draw that is not as it should be."""
        draw = self.draw
        for entry in draws.withdrawn(self.connection):
            series, _, rest = entry.subject.partition("-")
            if series == draw.series and rest.rpartition("-")[2] == f"{draw.seq:02d}":
                at = words.moment(local(entry.at))
                plan = entry.detail.get("plan", "")[:8]
                yield f"本号此前封存过一份名单（摘要P前8位{plan}），{at}在承诺之前撤回"
        course = draws.course(self.connection, draw.no)
        steps = [entry for entry in course if entry.action in _STEPS]
        people = list(dict.fromkeys(entry.actor for entry in steps))
        if len(people) > 1:
            yield f"操作人先后为{'、'.join(people)}"
        frozen, closed = local(draw.frozen_at), local(draw.closed_at or draw.frozen_at)
        if frozen.date() != closed.date():
            yield f"封存在{words.moment(frozen)}，得出结果在{words.moment(closed)}，不在同一天"
        for entry in course:
            if entry.action == NOTED:
                yield f"{words.clock(local(entry.at).time())}登记：{entry.detail.get('note', '')}"

    def _voided_before(self) -> Iterator[str]:
        for void in draws.voided_before(self.connection, self.draw.series, self.draw.seq):
            kept = (
                f"当时算得的结果（摘要F前8位{void.would_be[:8]}）留存，没有使用"
                if void.would_be
                else "没有结果"
            )
            day = words.day(local(void.on).date())
            yield f"此前的抽取{void.no}于{day}作废，原因：{void.reason.rstrip('。')}；{kept}"

    def _recomputed(self) -> str:
        done = self.recomputation
        if done is None:
            return ""
        return f"{words.clock(local(done.on).time())}由{done.by}在另一台设备上复算，结果摘要F一致"

    def _bases(self) -> tuple[str, ...]:
        sealed = self.sealed
        cited = [line.article for line in sealed.plan.lines]
        if self.redraws:
            cited = [self.rulebook.people_substitution.article]
        articles = "、".join(dict.fromkeys(cited))
        bases = [
            f"《{sealed.rulebook_title}》{articles}"
            f"（规则文本{sealed.rulebook_id}，第{sealed.rulebook_version}版）。"
        ]
        if sealed.document_title:
            number = f"（{sealed.document_no}）" if sealed.document_no else ""
            bases.append(f"《{sealed.document_title}》{number}。")
        bases += [f"{approval}。" for approval in sealed.plan.approvals if not self.redraws]
        place = self.rulebook.draw_place
        if sealed.draw_basis:
            bases.append(f"{sealed.draw_basis}。")
        elif place.value is DrawPlace.PLATFORM and not self.draw.rehearsal:
            article = self.rulebook.cite(place.article)
            bases.append(f"{article}要求在省平台抽取；本次在本地抽取的依据，封存时没有登记。")
        bases.extend(way_words.bases(sealed, self.rulebook))
        return tuple(bases)

    def _secrecy(self) -> str:
        """The regulation's article on secrecy before the check, empty if it has none."""
        duty = next((duty for duty in self.rulebook.duties if duty.code == "secrecy"), None)
        return self.rulebook.cite(duty.article) if duty else ""

    def _steps(self) -> tuple[form.Step, ...]:
        draw = self.draw
        count, taker = words.several(len(draw.witnesses)), draw.witnesses[0].name
        passed = {entry.action: entry.at for entry in draws.course(self.connection, draw.no)}
        done = self.recomputation
        again = f"{done.by}在另一台设备上复算，得到的F与记录相同" if done else ""
        # By the names the ceremony's own steps have on the screen and in the manual.
        rows = (
            (None, "核对名单", f"登记到场人员和{count}名见证人，核对名单、人员和应抽数"),
            (draw.frozen_at, "封存名单", "对象、人员、应抽数、回避、规则一并封存，公布名单摘要P"),
            (
                passed.get(FOLDED),
                "写号折条",
                f"{count}名见证人各自写数，折好；此时电脑的随机数还没有产生",
            ),
            (
                draw.committed_at,
                "出承诺单",
                f"电脑产生随机数R，打印承诺单（P和C），全体签字，{taker}带走一份",
            ),
            (passed.get(OPENING, draw.opened_at), "开号", "纸条同时翻开、宣读，录入两遍一致"),
            (draw.closed_at, "揭晓", "亮出R，算出种子S和全部票号，逐条公布结果，写成结果文件F"),
            (done.on if done else None, "复算", again),
            (None, "签字归档", "本记录打印、宣读、核对后签字，时间由签字人填写"),
        )
        return tuple(
            form.Step(local(at).time() if at else None, name, what)
            for at, name, what in rows
            if what
        )

    def _strata(self) -> list[form.Stratum]:
        by_category = {line.category: line for line in self.sealed.plan.lines}
        rows = list(self._given_strata())
        for line in by_category.values():
            if line.source:
                continue
            for index, stratum in enumerate(line.strata):
                drawn = self.result.stratum(stratum.stratum)
                first = index == 0
                rows.append(
                    form.Stratum(
                        code=stratum.stratum,
                        short=line.short + stratum.stratum.removeprefix(line.category),
                        label=line.label if first else f"{line.label}（下一轮）",
                        registered=line.base if first else len(stratum.ids),
                        covered=line.covered if first else 0,
                        excluded=sum(count for _, count in line.excluded) if first else 0,
                        pool=len(stratum.ids),
                        arithmetic=line.arithmetic if first else ("本轮不足部分从下一轮抽",),
                        quota=stratum.n,
                        drawn=len(drawn.selected),
                        alternates=len(drawn.alternates),
                    )
                )
        return rows

    def _given_strata(self) -> Iterator[form.Stratum]:
        """Targets drawn elsewhere or before: they are in, without a quota."""
        lines = {s.stratum: line for line in self.sealed.plan.lines for s in line.strata}
        # As the regulation lists its classes; the record itself goes by the bytes of their codes.
        place = {stratum: at for at, stratum in enumerate(lines)}
        for stratum in sorted(self.result.strata, key=lambda one: place.get(one.stratum, 0)):
            if stratum.given:
                line = lines.get(stratum.stratum)
                source = next(g.source for g in self.plan.given if g.stratum == stratum.stratum)
                yield form.Stratum(
                    code=stratum.stratum,
                    short=(
                        line.short + stratum.stratum.removeprefix(line.category)
                        if line
                        else self.plan.rule(f"short.{stratum.stratum}") or stratum.stratum
                    ),
                    label=(
                        line.label
                        if line
                        else self.plan.rule(f"label.{stratum.stratum}") or stratum.stratum
                    ),
                    registered=len(stratum.given),
                    covered=0,
                    excluded=0,
                    pool=len(stratum.given),
                    arithmetic=(
                        line.arithmetic if line else ("检查对象此前已经抽定，本次不再抽取。",)
                    ),
                    quota=len(stratum.given),
                    drawn=len(stratum.given),
                    alternates=0,
                    source=(
                        f"抽取{self.redraws}" if self.redraws else (line.source if line else source)
                    ),
                )

    def _changes(self) -> tuple[str, ...]:
        if self.redraws:
            return ()
        last = draws.plan_before(self.connection, self.draw.series, self.sealed.how, self.draw.seq)
        if last is None:
            return ()
        changed = rd1.difference(rd1.parse_plan(last), self.plan)
        rows = (
            ("新入池对象", len(changed.targets_in), "家"),
            ("出池对象", len(changed.targets_out), "家"),
            ("变更类别", len(changed.moved), "家"),
            ("变更所需专业", len(changed.needs), "家"),
            ("新列入人员", len(changed.inspectors_in), "人"),
            ("移出人员", len(changed.inspectors_out), "人"),
            ("人员资格、专业或牵头变更", len(changed.inspectors), "处"),
        )
        return tuple(f"{words}{count}{unit}" for words, count, unit in rows if count)

    def _targets(self, *, alternates: bool) -> list[form.Target]:
        duties = self._duties()
        rows = []
        # As the regulation names its classes and the quota table lists them; the record itself
        # goes by the bytes of their codes.
        order = {code.code: at for at, code in enumerate(self._strata())}
        for stratum in sorted(self.result.strata, key=lambda one: order.get(one.stratum, 0)):
            chosen = stratum.alternates if alternates else (*stratum.given, *stratum.selected)
            for rank, drawn in enumerate(chosen, 1):
                shown = self.targets[drawn.target]
                rows.append(
                    form.Target(
                        stratum=stratum.stratum,
                        rank=rank,
                        identifier=drawn.target,
                        name=shown.shown,
                        ticket=drawn.ticket,
                        code=shown.code,
                        need=speciality_words(self.needs.get(drawn.target, "")),
                        duties=tuple(duties.get(drawn.target, ())),
                    )
                )
        return rows

    def _duties(self) -> dict[str, list[form.Duty]]:
        duties: dict[str, list[form.Duty]] = {}
        for group in self.result.groups:
            teams = {team.number: team for team in group.teams}
            for work in group.assignments:
                team = teams.get(work.team) if work.team is not None else None
                names = (team.lead, team.second) if team else ()
                duties.setdefault(work.target, []).append(
                    form.Duty(
                        group=group.group,
                        members=self._names(names),
                        team=work.team,
                        flags=work.flags or ".",
                    )
                )
            for pair in group.pairs:
                both = (pair.lead, pair.second) if pair.lead and pair.second else ()
                duties.setdefault(pair.target, []).append(
                    form.Duty(
                        group=group.group,
                        members=self._names(both),
                        stand_ins=self._names(pair.standins),
                        flags=pair.flags or ".",
                    )
                )
            for one in group.ones:
                duties.setdefault(one.target, []).append(
                    form.Duty(
                        group=group.group,
                        members=self._names((one.inspector,)),
                        stand_ins=self._names(one.standins),
                        flags=one.flags or ".",
                    )
                )
        return duties

    def _names(self, numbers: tuple[str | None, ...]) -> tuple[str, ...]:
        return tuple(self.people[number].name for number in numbers if number)

    def _group(self, group: rd1.Group) -> form.Group:
        drawn = self.result.group(group.code)
        tasks: dict[int, int] = {}
        chosen = set(self.result.selected())
        for work in drawn.assignments if drawn else ():
            if work.team is not None and work.target in chosen:
                tasks[work.team] = tasks.get(work.team, 0) + 1
        return form.Group(
            code=group.code,
            title=dict(self.sealed.groups).get(group.code, _OWN),
            mode=_MODES[group.mode],
            inspectors=tuple(
                self.inspectors[row.id] for row in self.plan.inspectors if row.group == group.code
            ),
            teams=tuple(
                form.Team(
                    team.number,
                    self.inspectors[team.lead],
                    self.inspectors[team.second],
                    tasks.get(team.number, 0),
                    team.flags or ".",
                )
                for team in (drawn.teams if drawn else ())
            ),
            standby=tuple(self.inspectors[key] for key in (drawn.standby if drawn else ())),
            cap=drawn.cap if drawn else 0,
        )

    def _exclusions(self) -> tuple[form.Exclusion, ...]:
        return tuple(
            form.Exclusion(
                stratum=item.category,
                name=item.name,
                code=self.targets[item.ident].code if item.ident in self.targets else item.ident,
                reason=item.words,
                basis=next(
                    (
                        line.article
                        for line in self.sealed.plan.lines
                        if line.category == item.category
                    ),
                    "",
                ),
                covered=item.code == "covered",
            )
            for item in self.sealed.plan.excluded
            # Out of scope is said once, in numbers; excluded.txt names them all.
            if item.code != "scope"
        )

    def _thin(self) -> tuple[form.Thin, ...]:
        short = {supply.need for supply in rd1.need_supply(self.plan) if supply.is_short}
        return tuple(
            form.Thin(
                f"“{speciality_words(need)}”专业" if need else "可以牵头",
                tuple(
                    row.name
                    for number, row in self.inspectors.items()
                    if row.eligible and self._meets(number, need)
                ),
            )
            for need in sorted(short)
        )

    def _meets(self, number: str, need: str) -> bool:
        row = next(row for row in self.plan.inspectors if row.id == number)
        return need in row.specs if need else row.lead


def deviation_words(each: Deviation) -> str:
    """A departure from the regulation's number with its reason and its report, in a sentence."""
    report = ""
    if each.needs_report:
        report = f"，已书面报告（{each.report}）" if each.report else "，须书面报告"
    return f"{each.words}（{each.article}），理由：{each.reason.rstrip('。')}{report}"


def completeness_words(plan: PeriodPlan) -> str:
    """Certificate holders who cannot be drawn, by name with the reason, and what the law wants."""
    left_out = plan.holders_left_out
    if not left_out:
        return f"{plan.must_be_listed}：持证人员都在可抽名单内"
    named = "、".join(f"{person.name}（{person.words}）" for person in left_out[:_NAMED])
    more = f"等，其余见{_ROSTER}" if len(left_out) > _NAMED else ""
    return f"{plan.must_be_listed}：持证而未参加抽取{len(left_out)}人：{named}{more}"


def _purpose(period: Period, rehearsal: bool) -> str:
    first, last = period.first_day.month, period.last_day.month
    months = f"{first}月" if first == last else f"{first}月至{last}月"
    words = f"{period.in_words()}（{months}）日常随机抽查"
    return f"{words}（演练）" if rehearsal else words
