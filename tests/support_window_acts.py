"""What an officer does in a year, each act as a person does it in the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.dialogs.filing import FilingDialog
from app.ui.dialogs.frequency import LedgerDialog
from app.ui.dialogs.inspecting import StartDialog
from app.ui.dialogs.making_package import MakingDialog
from app.ui.dialogs.package_answer import AnswerDialog
from app.ui.dialogs.platform_numbers import NumbersDialog
from app.ui.dialogs.public_matters import PublicMattersDialog
from app.ui.dialogs.reports import ReportsDialog
from app.ui.dialogs.rounds import RoundsDialog
from app.ui.dialogs.substitution import SubstitutionDialog
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.desk import DeskPage
from app.ui.pages.planning import PlanPage
from app.ui.pages.publishing import PublishingPage
from app.ui.pages.results import ResultsPage
from app.ui.pages.targets import TargetsPage
from tests.support_window import Officer

PLACE = "县政府网站"
_VIOLATIONS = frozenset({"发现问题，已责令整改", "涉嫌违法，已立案"})
_Page = TypeVar("_Page", bound=QWidget)


@dataclass(frozen=True)
class Line:
    """A task as the list of the teams shows it."""

    serial: str
    name: str
    lead: str
    second: str


def at(officer: Officer, key: str, kind: type[_Page], where: object = None) -> _Page:
    """A page, opened by its tab."""
    found = officer.go(key, where)
    assert isinstance(found, kind)
    return found


def front(officer: Officer, kind: type[_Page]) -> _Page:
    """The dialog in front."""
    officer.until(lambda: isinstance(officer.top(), kind))
    found = officer.top()
    assert isinstance(found, kind)
    return found


# --- plan and draw ----------------------------------------------------------------------------


def plan_the_year(officer: Officer, year: int) -> None:
    """Proposed and approved on the page of the year."""
    page = at(officer, "plan", PlanPage, f"annual:{year}")
    officer.until(lambda: page.annual.year == year)
    officer.look(f"plan-{year}-empty")
    officer.press("编制计划", page.annual.bar)
    officer.fill(f"plan-{year}-propose")
    officer.press("登记批准", page.annual.bar)
    officer.fill(
        f"plan-{year}-approve",
        批准机关="青禾县生态环境局", 批准人="李四", 职务="局长", 批准日期=f"{officer.today:%Y%m%d}",
    )  # fmt: skip
    officer.until(lambda: page.annual.bar.chip.text() == "已批准")
    officer.look(f"plan-{year}-approved")


def say_why_here(officer: Officer, period: str) -> None:
    """Why the year's draws are made here and not on the platform."""
    page = open_period(officer, period)
    officer.click(page.checks.basis.link)
    officer.fill(
        "basis",
        适用期间=f"{period[:4]}年", 文号="青环函〔2026〕1号", 签批人="王五",
        签批日期=f"{officer.today:%Y%m%d}",
    )  # fmt: skip


def open_period(officer: Officer, period: str) -> PlanPage:
    """计划与抽取 at a quarter."""
    page = at(officer, "plan", PlanPage, period)
    officer.until(lambda: str(page.period) == period and bool(page.quota.rows()))
    officer.until(lambda: page.annual_year is None)
    return page


def quota(officer: Officer, period: str) -> dict[str, int]:
    """应抽 by the words of the table."""
    page = open_period(officer, period)
    officer.look(f"plan-{period}")
    return {row.label: row.quota for row in page.quota.rows()}


def draw(officer: Officer, period: str, digits: Sequence[str]) -> list[Line]:
    """The ceremony, the notices to all inspectors; gives the list."""
    officer.draw(open_period(officer, period), digits)
    officer.look(f"plan-{period}-drawn")
    lines = roster(officer)
    officer.press("打印全部通知单")
    officer.seen(f"notices-{period}")
    return lines


def roster(officer: Officer) -> list[Line]:
    """The newest draw's tasks as the page lists them, the names shown."""
    page = at(officer, "teams", AssignmentsPage)
    if officer.can_press("显示名单"):
        officer.press("显示名单")
    officer.press("按检查对象", page)
    officer.look("teams")
    return [
        Line(row["抽取序号"], row["检查对象"], row["牵头"], row["组员"])
        for row in officer.rows(page.table)
    ]


def approve_all(officer: Officer) -> None:
    """检查审批 of all on the list, and the two papers of it."""
    page = at(officer, "teams", AssignmentsPage)
    page.table.grid.selectAll()
    officer.choose("办理所选", "检查审批…", inside=page)
    officer.fill("approval", 法定依据="《环境保护法》第二十四条", 审批人="周局长")
    for paper in ("行政检查审批表", "行政检查通知书"):
        officer.choose("打印文书", paper)
        officer.seen(f"paper-{paper}")


def postpone(officer: Officer, line: Line, until: str) -> None:
    """延期检查 of one."""
    page = at(officer, "teams", AssignmentsPage)
    officer.pick(page.table, 检查对象=line.name)
    officer.choose("办理所选", "延期检查…", inside=page)
    officer.fill("postpone", 改到哪天=until, 原因="停产检修")
    officer.look("teams-postponed")


def replace(officer: Officer, line: Line, what: str) -> None:
    """更换检查对象, 更换牵头人: from the list."""
    page = at(officer, "teams", AssignmentsPage)
    if officer.can_press("显示名单"):
        officer.press("显示名单")
    officer.pick(page.table, 检查对象=line.name)
    officer.choose("办理所选", f"更换{what}…", inside=page)
    consent(officer)


def consent(officer: Officer) -> None:
    """Reason and signatures of a replacement; the new notice is looked at."""
    dialog = front(officer, SubstitutionDialog)
    officer.look("substitution")
    officer.type(dialog.reason, dialog.reason.itemText(1))
    for step, (name, post) in enumerate((("王某", "组员"), ("郑某", "副大队长"))):
        officer.type(dialog.consent.names[step], name)
        officer.type(dialog.consent.posts[step], post)
    officer.click(dialog.do_button)
    officer.look("substituted")
    officer.press("打印新通知单")
    officer.seen("notice-new")
    officer.press("关闭")


def leave_out(officer: Officer, name: str, word: str) -> None:
    """标为关闭 or 标为迁出 in the directory."""
    page = at(officer, "targets", TargetsPage)
    officer.pick(page.table, 名称=name)
    with officer.answering(f"标为{word}"):
        officer.of_row(page.table, f"标为{word}（不再抽取）")
    officer.until(lambda: name not in {row["名称"] for row in officer.rows(page.table)})
    officer.look(f"target-{word}")


# --- the visit --------------------------------------------------------------------------------


def come_back(officer: Officer, name: str) -> ResultsPage:
    """登记检查 of a target by its name, today."""
    page = at(officer, "results", ResultsPage)
    officer.press("登记检查", page)
    dialog = front(officer, StartDialog)
    officer.type(dialog.search.search_box, name)
    QTest.keyClick(dialog.search.search_box, Qt.Key.Key_Return)
    officer.until(lambda: len(dialog.table.rows()) == 1)
    officer.look("start")
    officer.press("登记并录入")
    officer.until(lambda: page.form.isVisible() and page.form.name.whole == name)
    return page


def type_in(officer: Officer, page: ResultsPage, conclusion: str = "", **typed: str) -> None:
    """The form, by keys where a key is meant; nothing is submitted yet."""
    form = page.form
    officer.type(form.arrived, "940")
    officer.type(form.left, "1125")
    box = next(iter(form.methods.values()))
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    form.items.setFocus()
    violation = conclusion in _VIOLATIONS
    for _item in form.items.items():
        QTest.keyClicks(form.items, "2" if violation else "3" if conclusion else "1")
    if conclusion and officer.can_press(conclusion, form.conclusion):
        officer.press(conclusion, form.conclusion)
    elif conclusion:
        officer.take(form.conclusion.menu(), conclusion)
    for name, words in typed.items():
        officer.type(getattr(form, name), words)


def enter(officer: Officer, name: str, conclusion: str = "", **typed: str) -> ResultsPage:
    """登记检查, the form, 提交复核, and 复核锁定 by another person."""
    page = come_back(officer, name)
    type_in(officer, page, conclusion, **typed)
    return hand_in(officer, page, conclusion)


def hand_in(officer: Officer, page: ResultsPage, conclusion: str = "") -> ResultsPage:
    """提交复核 and 复核锁定 of the form in front."""
    form = page.form
    officer.look(f"form-{conclusion or 'ok'}")
    assert form.form is not None
    assert form.missing.text() == "可以提交", [each.message for each in form.problems()]
    task, name = form.form.task.id, form.name.whole
    officer.press("提交复核，录下一家")
    officer.go("results", task)
    officer.until(lambda: page.review.isVisible() and page.review.name.whole == name)
    officer.press("复核锁定")
    officer.fill("lock", 复核人="郑某")
    officer.until(lambda: not page.review.lock_button.isVisible())
    officer.look(f"locked-{conclusion or 'ok'}")
    return page


def open_result(officer: Officer, name: str) -> ResultsPage:
    """Search the list at the left and choose the line."""
    page = at(officer, "results", ResultsPage)
    officer.type(page.search, name)
    officer.until(lambda: [each.shown_name for each in page.list.shown_tasks] == [name])
    page.list.select_task(page.list.shown_tasks[0].id)
    officer.until(lambda: page.review.isVisible() and page.review.name.whole == name)
    page.search.clear()
    officer.settle()
    return page


def follow(officer: Officer, page: ResultsPage, what: str, **typed: str) -> None:
    """登记后续 of the result in front."""
    officer.choose("登记后续", what, inside=page.review)
    officer.fill(f"follow-{what}", **typed)


def photo(folder: Path) -> Path:
    """A picture of the site."""
    path = folder / "现场照片.png"
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    assert image.save(str(path))
    return path


def correct(officer: Officer, name: str, due: str) -> None:
    """更正申请 of a locked result, passed on until the detachment agrees."""
    page = open_result(officer, name)
    officer.press("更正申请", page.review)
    officer.fill("correction", 错在哪里="第 1 项误勾为符合")
    officer.press("打印申请表", page.review)
    officer.seen("paper-correction")
    for signer in ("周局长", "赵科长", "孙支队长"):
        officer.press("登记", page.review)
        more = {"重新检查期限": due} if signer == "孙支队长" else {}
        officer.fill("station", 签字人=signer, **more)
    officer.look("correction-granted")


# --- publication ------------------------------------------------------------------------------


def publish(officer: Officer) -> None:
    """Everything that waits, as the desk's button leads there."""
    page = at(officer, "publication", PublishingPage, "due")
    officer.look("publication-due")
    officer.press("登记公示", page)
    officer.fill(公示地方=PLACE)
    officer.until(lambda: "待公示 0" in officer.words_on(page.segments))
    officer.look("published")


def matters(officer: Officer) -> PublicMattersDialog:
    """公示事务 of all periods."""
    page = at(officer, "publication", PublishingPage)
    officer.type(page.period_box, "全部期间")
    officer.settle()
    officer.choose("更多", "公示事务")
    return front(officer, PublicMattersDialog)


def standing(officer: Officer, dialog: PublicMattersDialog, name: str) -> str:
    """Whether a result is public, by the list of the dialog."""
    rows = officer.rows(dialog.results)
    return next(row["公示"] for row in rows if row["检查对象"] == name)


def tab(officer: Officer, dialog: PublicMattersDialog | ReportsDialog, words: str) -> None:
    """A tab by its words."""
    bar = dialog.tabs
    place = next(n for n in range(bar.count()) if bar.tabText(n) == words)
    QTest.mouseClick(
        bar.tabBar(), Qt.MouseButton.LeftButton, pos=bar.tabBar().tabRect(place).center()
    )
    officer.settle()


# --- numbers ----------------------------------------------------------------------------------


def desk_says(officer: Officer, picture: str) -> dict[str, str]:
    """The four figures and the bars of the desk, as they stand on it."""
    page = at(officer, "desk", DeskPage)
    officer.look(picture)
    said = {
        name: f"{card.figure.text()} {card.of.text()}；{card.note.whole}"
        for name, card in page.figures.items()
    }
    bars = page.coverage.accessibleDescription().split("；")
    return said | {bar[0]: bar.partition("）")[2] for bar in bars}


def report_says(officer: Officer, span: str, period: str) -> dict[str, str]:
    """The totals of a report, by the names at the left; zeros are left out."""
    at(officer, "publication", PublishingPage)
    officer.press("报表…")
    dialog = front(officer, ReportsDialog)
    officer.press(span, dialog)
    officer.type(dialog.periods, period)
    officer.until(lambda: dialog.view is not None and dialog.view.period == dialog.period)
    officer.look(f"report-{period}")
    said = {row["项目"].partition("（")[0]: row["合计"] for row in officer.rows(dialog.table)}
    outside = sum(row.visits for row in dialog.outside.rows())
    officer.press("关闭", dialog)
    return {name: words for name, words in said.items() if words not in ("", "0")} | {
        "不经抽取": str(outside)
    }


def record_outside(officer: Officer, target: str, on: str, kind: str, ground: str) -> None:
    """An inspection outside the draw, typed in where such are counted."""
    at(officer, "publication", PublishingPage)
    officer.press("报表…")
    reports = front(officer, ReportsDialog)
    tab(officer, reports, "不经抽取的检查")
    officer.look("outside")
    officer.press("登记检查…", reports)
    ledger = front(officer, LedgerDialog)
    officer.pick(ledger.table, 检查对象=target)
    officer.press("登记检查…", ledger)
    officer.fill("outside-form", 检查日期=on, 检查类型=kind, 不经抽取的情形=ground)
    officer.look("ledger")
    officer.press("关闭", ledger)
    officer.until(lambda: officer.top() is reports)
    officer.look("outside-counted")
    officer.press("关闭", reports)


# --- the platform, the December round, the archive -------------------------------------------


def send_to_platform(officer: Officer, folder: Path) -> None:
    """Its plan number in, a package out, its answer back."""
    page = at(officer, "publication", PublishingPage)
    officer.press("上报包", page)
    officer.look("packages-empty")
    officer.press("平台编号…")
    numbers = front(officer, NumbersDialog)
    officer.type(numbers.plan, "JH-26-3")
    officer.look("numbers")
    officer.press("写入", numbers)
    officer.press("打包…", page)
    making = front(officer, MakingDialog)
    for number in (1, 2, 3):
        officer.look(f"making-{number}")
        officer.click(making.guide.forward)
    officer.type(making.folder_edit, str(folder))
    officer.look("making-4")
    officer.click(making.guide.forward)
    officer.look("making-done")
    officer.click(making.guide.forward)
    page.packages.table.grid.select_line(0)
    officer.settle()
    officer.press("登记拷贝…")
    officer.fill("copied", 介质编号="U-07")
    officer.press("登记上传…")
    officer.fill("uploaded")
    officer.press("登记答复…")
    answer = front(officer, AnswerDialog)
    officer.type(answer.number, "JS-2026-118")
    officer.look("answer")
    officer.click(answer.save_button)
    officer.until(lambda: officer.top() is officer.window)
    officer.look("packages-accepted")
    officer.press("公示", page)


def renew_directories(officer: Officer) -> str:
    """The December round: ticked, proposed, reviewed; gives its state."""
    page = at(officer, "targets", TargetsPage)
    officer.take(page.more_menu(), "名录更新与审核")
    dialog = front(officer, RoundsDialog)
    officer.press("开始新的一轮", dialog)
    officer.look("round-open")
    for code in list(dialog.boxes):
        officer.type(dialog.boxes[code], "是")
        officer.settle()
    officer.press("报审", dialog)
    officer.look("round-proposed")
    while officer.can_press("登记审核", dialog):
        officer.press("登记审核", dialog)
        officer.fill("round-review", 审核人="孙支队长")
    officer.look("round-in-force")
    said = dialog.chip.text()
    officer.press("关闭", dialog)
    return said


def file_away(officer: Officer, folder: Path, period: str, target: str = "") -> list[str]:
    """归档 of a quarter, or of one target; gives what lacked."""
    page = at(officer, "publication", PublishingPage)
    officer.type(page.period_box, period)
    officer.settle()
    officer.choose("更多", "归档")
    dialog = front(officer, FilingDialog)
    officer.until(lambda: bool(dialog.choices.rows()))
    if target:
        titles = [row["档案"] for row in officer.rows(dialog.choices)]
        dialog.choices.grid.select_line(next(n for n, each in enumerate(titles) if target in each))
    officer.settle()
    officer.type(dialog.fonds, "X043")
    officer.look(f"filing-{period}{target}")
    lacking = [row["缺少的材料"] for row in officer.rows(dialog.missing)]
    path = folder / f"{period}-{len(target)}.zip"
    officer.files = [path]
    with officer.answering("照样归档"):
        officer.press("生成归档包…", dialog)
    officer.until(path.is_file)
    officer.press("关闭", dialog)
    return lacking
