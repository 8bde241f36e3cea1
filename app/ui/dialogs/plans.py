"""What is asked of a plan: its approval, its filing, the unit's own ratios, why a draw is here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout
from PySide6.QtWidgets import QWidget as Widget

from app.domain.fields import Choice, Field, FieldKind, FieldProblem
from app.domain.periods import Period, Span
from app.domain.quota import ratio_words
from app.domain.rulebook import AboveRatio, BelowFloor, HeadcountWho, QuotaRule, Rulebook
from app.domain.wishes import read_wish, usual_value, wish_words
from app.errors import AppError, UserError
from app.services.plans import local_basis, plans
from app.services.plans.local_basis import BasisFacts
from app.services.plans.plans import (
    ApprovePlan,
    Campaign,
    FilePlan,
    PlanKind,
    PlanView,
    ProposePlan,
    WishLine,
)
from app.services.workspace import Workspace
from app.ui.dialogs.frame import dialog_foot
from app.ui.tasks import operation
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, FormDialog, button, label, primary_button

__all__ = [
    "WishDialog",
    "approval_form",
    "basis_form",
    "campaign_form",
    "filing_form",
    "period_form",
    "propose_form",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    headcount: int | None = None
    scope: str = ""
    exemptions: str = ""
    notes: str = ""
    reason: str = ""


def propose_form(
    parent: Widget, workspace: Workspace, kind: PlanKind, period: str, last: PlanView | None
) -> FormDialog:
    """What a year's or a period's plan says beside its numbers; a reason if one is approved."""
    rulebook = workspace.rulebook
    head = rulebook.level(workspace.unit.level).headcount
    fields: list[Field] = []
    if last is not None and last.binding:
        fields.append(
            Field(
                name="reason",
                label="变更理由",
                required=True,
                width=40,
                hint="已批准的计划不能直接改；程序另出一版，原来的留存",
            )
        )
    if head is not None:
        typed = head.who is HeadcountWho.TYPED
        hint = "由上级提供" if typed else "留空自动计"
        fields.append(
            Field(name="headcount", label="人数", kind=FieldKind.NUMBER, required=typed, hint=hint)
        )
    if kind is PlanKind.ANNUAL:
        outside = rulebook.outside_draw
        said = "；".join(outside.value) if outside else ""
        fields += [
            Field(name="scope", label="抽查范围", width=40, hint="留空为名录库中的全部检查对象"),
            Field(
                name="exemptions",
                label="不列入的",
                kind=FieldKind.LONG_TEXT,
                hint=f"每行一项；留空按细则：{said}" if said else "每行一项",
            ),
        ]
    fields.append(Field(name="notes", label="其他说明", kind=FieldKind.LONG_TEXT))
    content = last.content if last is not None else None
    facts = _Proposal(
        headcount=content.headcount if content and content.headcount_typed else None,
        notes=content.notes if content else "",
    )

    def save(asked: _Proposal) -> PlanView:
        command = ProposePlan(
            kind=kind,
            period=period,
            headcount=asked.headcount,
            scope=asked.scope,
            exemptions=tuple(
                line.strip() for line in asked.exemptions.splitlines() if line.strip()
            ),
            notes=asked.notes,
            reason=asked.reason,
        )
        return workspace.write(plans.propose, command)

    title = f"编制{plans.plan_title(kind, period)}"
    return FormDialog(parent, title, fields, facts, save=save, columns=1, action="编制")


_APPROVAL = (
    Field(name="organ", label="批准机关", required=True, width=40),
    Field(name="name", label="批准人", required=True),
    Field(name="post", label="职务", required=True),
    Field(name="on", label="批准日期", kind=FieldKind.DATE, required=True),
    Field(name="document_no", label="批准文号", hint="没有文号可以不填"),
)


def approval_form(parent: Widget, workspace: Workspace, view: PlanView) -> FormDialog:
    """Who approved a proposed version."""
    return FormDialog(
        parent,
        f"登记批准：{view.title}",
        _APPROVAL,
        ApprovePlan(id=view.id, organ="", name="", post="", on=None),
        save=lambda command: workspace.write(plans.approve, command),
        action="登记批准",
    )


_FILING = (
    Field(name="to", label="报送给", required=True, width=40),
    Field(name="on", label="报送日期", kind=FieldKind.DATE, required=True),
    Field(name="document_no", label="报送文号"),
    Field(name="by", label="经办人"),
)


def filing_form(parent: Widget, workspace: Workspace, view: PlanView) -> FormDialog:
    """To whom an approved version was sent up."""
    return FormDialog(
        parent,
        f"登记上报：{view.title}",
        _FILING,
        FilePlan(id=view.id, to=view.content.file_to, on=None, by=workspace.actor),
        save=lambda command: workspace.write(plans.file, command),
        action="登记上报",
    )


# --- why here -----------------------------------------------------------------------------------


def basis_form(parent: Widget, workspace: Workspace, period: Period) -> FormDialog:
    """Why draws are held here although the regulation prescribes the platform."""
    year = Period(period.year, Span.YEAR)
    scopes = dict.fromkeys((str(period), str(year)))
    fields = (
        Field(
            name="kind",
            label="原因",
            kind=FieldKind.CHOICE,
            required=True,
            choices=tuple(Choice(value, words) for value, words in local_basis.KINDS.items()),
        ),
        Field(
            name="period",
            label="适用期间",
            kind=FieldKind.CHOICE,
            required=True,
            choices=tuple(Choice(each, Period.parse(each).in_words()) for each in scopes),
        ),
        Field(name="document_no", label="文号", required=True, hint="如 青环函〔2026〕12号"),
        Field(name="signer", label="签批人", required=True),
        Field(name="post", label="职务"),
        Field(name="signed_on", label="签批日期", kind=FieldKind.DATE, required=True),
        Field(name="note", label="说明", width=40, hint="如 平台停机公告的日期和编号"),
    )
    known = workspace.read(local_basis.for_period, period)
    facts = known or BasisFacts(period=str(period))
    if facts.period not in scopes:
        facts = BasisFacts(period=str(period))
    return FormDialog(
        parent,
        "登记在本地抽取的依据",
        fields,
        facts,
        save=lambda asked: workspace.write(local_basis.record, asked),
        check=_check_basis,
        action="登记",
    )


def _check_basis(facts: BasisFacts) -> Sequence[FieldProblem]:
    return [FieldProblem(name, words) for name, words in local_basis.check(facts)]


# --- campaigns and other periods ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Campaign:
    name: str = ""
    period: str = ""
    organ: str = ""
    document_no: str = ""
    approved_on: date | None = None
    scope: str = ""
    tags: str = ""
    number: int | None = None
    note: str = ""
    reason: str = ""


def campaign_form(
    parent: Widget, workspace: Workspace, year: int, last: PlanView | None = None
) -> FormDialog:
    """A special campaign with the approval it rests on."""
    fields = [
        Field(name="name", label="名称", required=True, width=40, hint="如 危险废物"),
        Field(
            name="period",
            label="期间",
            kind=FieldKind.CHOICE,
            required=True,
            choices=tuple(Choice(str(each), each.in_words()) for each in _periods(year)),
        ),
        Field(name="number", label="家数", kind=FieldKind.NUMBER, required=True),
        Field(name="organ", label="批准机关", required=True),
        Field(name="document_no", label="批准文号", required=True),
        Field(name="approved_on", label="批准日期", kind=FieldKind.DATE),
        Field(name="scope", label="检查范围", required=True, width=40),
        Field(
            name="tags",
            label="划定条件",
            width=40,
            hint="据以抽取时用，如 行业=水泥制造、砖瓦；乡镇街道=柳湾镇",
        ),
        Field(name="note", label="说明", kind=FieldKind.LONG_TEXT),
    ]
    facts = _Campaign()
    if last is not None and last.content.campaign is not None:
        known = last.content.campaign
        # Name and period say which campaign it is.
        fields = [field for field in fields if field.name not in {"name", "period"}]
        facts = _Campaign(
            name=last.name,
            period=last.period,
            organ=known.organ,
            document_no=known.document_no,
            approved_on=known.approved_on,
            scope=known.scope,
            tags=known.tags,
            number=known.number,
            note=known.note,
        )
        if last.binding:
            fields.insert(0, Field(name="reason", label="变更理由", required=True, width=40))

    def save(asked: _Campaign) -> PlanView:
        command = ProposePlan(
            kind=PlanKind.CAMPAIGN,
            period=asked.period,
            name=asked.name,
            reason=asked.reason,
            campaign=Campaign(
                organ=asked.organ,
                document_no=asked.document_no,
                approved_on=asked.approved_on,
                scope=asked.scope,
                tags=asked.tags,
                number=asked.number or 0,
                note=asked.note,
            ),
        )
        return workspace.write(plans.propose, command)

    title = f"修改：{last.title}" if last is not None else "新增专项检查"
    return FormDialog(parent, title, fields, facts, save=save)


def _periods(year: int) -> list[Period]:
    whole = Period(year, Span.YEAR)
    return [
        whole,
        *whole.contained(Span.HALF),
        *whole.contained(Span.QUARTER),
        *whole.contained(Span.MONTH),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Which:
    year: int | None
    part: str


_PARTS = (
    Choice("", "全年"),
    *(Choice(f"H{at}", f"{'上下'[at - 1]}半年") for at in (1, 2)),
    *(Choice(f"Q{at}", f"第{'一二三四'[at - 1]}季度") for at in range(1, 5)),
    *(Choice(f"M{at:02d}", f"{at}月") for at in range(1, 13)),
)


def period_form(parent: Widget, year: int, chosen: Callable[[Period], object]) -> FormDialog:
    """Another period than the list shows: a half-year, a month, a whole year, another year."""
    fields = (
        Field(name="year", label="年份", kind=FieldKind.NUMBER, required=True),
        Field(name="part", label="期间", kind=FieldKind.CHOICE, choices=_PARTS[1:]),
    )

    def check(asked: _Which) -> Sequence[FieldProblem]:
        if asked.year is None or not 2000 <= asked.year <= 2999:
            return (FieldProblem("year", "请填四位年份，例如 2026"),)
        return ()

    dialog = FormDialog(
        parent,
        "选择其他期间",
        fields,
        _Which(year=year, part="H1"),
        save=lambda asked: Period.parse(f"{asked.year}{asked.part}"),
        check=check,
        columns=1,
        action="查看",
    )
    dialog.saved.connect(chosen)
    return dialog


# --- the unit's own numbers ---------------------------------------------------------------------


class WishDialog(QDialog):
    """比例调整: a line for each category, the regulation's ratio beside the unit's own."""

    def __init__(
        self,
        parent: Widget | None,
        workspace: Workspace,
        kind: PlanKind,
        period: str,
        last: PlanView | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"调整比例：{plans.plan_title(kind, period)}")
        self.workspace, self._kind, self._period, self._last = workspace, kind, period, last
        self._rules = _adjustable(workspace.rulebook, workspace.unit.level)
        known = {line.category: line for line in (last.content.wishes if last else ())}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        body = QVBoxLayout()
        body.setContentsMargins(20, 18, 24, 12)
        body.setSpacing(10)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        body.addWidget(self.banner)
        body.addWidget(
            label(
                "不调整的留空。与规定不同的，写明理由；须书面报告的，保存后打印报告，报出后填文号。",
                "secondary",
                wrap=True,
            )
        )
        self.values: dict[str, QLineEdit] = {}
        self.reasons: dict[str, QLineEdit] = {}
        self.reports: dict[str, QLineEdit] = {}
        body.addLayout(self._grid(known))
        self.reason = QLineEdit()
        if last is not None and last.binding:
            row = QHBoxLayout()
            row.addWidget(label("变更理由"))
            self.reason.setPlaceholderText("这份计划已经批准，另出一版的理由")
            self.reason.setAccessibleName("变更理由")
            row.addWidget(self.reason, 1)
            body.addLayout(row)
        body.addStretch(1)
        outer.addLayout(body, 1)
        outer.addWidget(self._foot())
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.submit)
        self.setStyleSheet(f"WishDialog {{ background: {LIGHT.surface}; }}")
        self.resize(880, 200 + 58 * len(self._rules))

    def _grid(self, known: dict[str, WishLine]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for at, words in enumerate(("类别", "规定", "本单位", "理由", "书面报告文号")):
            grid.addWidget(label(words, "strong"), 0, at)
        rulebook = self.workspace.rulebook
        for line, (code, rule) in enumerate(self._rules.items(), start=1):
            category = rulebook.category(code)
            measure = rule.measure
            if measure is None:
                continue
            value, reason, report = QLineEdit(), QLineEdit(), QLineEdit()
            value.setFixedWidth(84)
            value.setPlaceholderText(wish_words(measure, usual_value(measure)))
            reason.setPlaceholderText(_policy_words(rule))
            report.setFixedWidth(150)
            report.setEnabled(_may_need_report(rule))
            report.setPlaceholderText("报出后填" if report.isEnabled() else "不需要")
            for field, what in ((value, "比例"), (reason, "理由"), (report, "书面报告文号")):
                field.setAccessibleName(f"{category.label}{what}")
            if code in known:
                wish = plans.as_wish(known[code])
                value.setText(wish_words(measure, wish.value))
                reason.setText(wish.reason)
                report.setText(wish.report)
            cells = (label(category.label), label(ratio_words(rule)), value, reason, report)
            for at, cell in enumerate(cells):
                grid.addWidget(cell, line, at)
            self.values[code], self.reasons[code], self.reports[code] = value, reason, report
        grid.setColumnStretch(3, 1)
        return grid

    def _foot(self) -> QFrame:
        self.save_button = primary_button("保存并重新计算", self.submit)
        self.save_button.setDefault(True)
        return dialog_foot(button("取消", self.reject), self.save_button)

    def _wishes(self) -> tuple[WishLine, ...]:
        """What is typed; UserError for a number nobody can read."""
        lines = []
        for code, rule in self._rules.items():
            text = self.values[code].text().strip()
            if not text or rule.measure is None:
                continue
            value = read_wish(rule.measure, text)
            lines.append(
                WishLine(
                    category=code,
                    value=str(value),
                    reason=self.reasons[code].text().strip(),
                    report=self.reports[code].text().strip(),
                )
            )
        return tuple(lines)

    def submit(self) -> None:
        """Keep it as a proposed version; an objection appears above, nothing typed is lost."""
        self.banner.hide()
        try:
            wishes = self._wishes()
        except UserError as error:
            self._on_failed(error)
            return
        command = plans.again(self._last, self._kind, self._period, wishes, self.reason.text())
        operation(self, lambda: self.workspace.write(plans.propose, command)).key("save").success(
            lambda _view: self.accept()
        ).failure(self._on_failed).run_in_background()

    def _on_failed(self, error: AppError) -> None:
        self.banner.show_message(Tone.DANGER, str(error))
        self.banner.show()


def _adjustable(rulebook: Rulebook, level: str) -> dict[str, QuotaRule]:
    code = rulebook.level(level).code
    found = {category.code: category.quota(code) for category in rulebook.categories}
    return {key: rule for key, rule in found.items() if rule is not None and rule.measure}


def _may_need_report(rule: QuotaRule) -> bool:
    return rule.below_floor.value is BelowFloor.REPORT or rule.above.value is AboveRatio.REPORT


def _policy_words(rule: QuotaRule) -> str:
    return {
        BelowFloor.REPORT: "降低须书面报告并写明理由",
        BelowFloor.REASON: "降低须写明理由",
        BelowFloor.REFUSE: "不得低于规定",
    }[rule.below_floor.value]
