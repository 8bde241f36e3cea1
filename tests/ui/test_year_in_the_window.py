"""A county's whole year in the window: every step pressed, typed and read, its numbers by hand.

Nanchang; A 8, B 8, C 12.  Of A 25 % a quarter and all within the year, of B 12.5 % and all within
2026–2027, of C 8.3 % and all within 2026–2028.

First quarter: A max(⌈8 × 25 %⌉ = 2, ⌈8 ÷ 4⌉ = 2); B max(1, ⌈8 ÷ 8⌉); C max(1, ⌈12 ÷ 12⌉): 4.
One A is closed: done, not covered; its alternate is inspected: A 7 in force, 2 covered; B 1 of 8,
C 1 of 12.  Five tasks, of which four can be made public.
Second: A max(⌈7 × 25 %⌉ = 2, ⌈5 ÷ 3⌉ = 2); B ⌈7 ÷ 7⌉, C ⌈11 ÷ 11⌉: 4.  One A moved away, its
alternate is inspected; the other A refuses, which covers nothing: A 6 in force, 3 covered.
Third: A max(⌈6 × 25 %⌉ = 2, ⌈3 ÷ 2⌉ = 2): 2 + 1 + 1.  Fourth: one A is left: min(1, 2) + 1 + 1.
In the year 5 + 4 + 4 + 3 = 16 visits to 15 sites: who refused is drawn once more.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.draws import sealing
from app.services.safety import verifying
from app.services.workspace import Workspace
from tests import support_window_acts as acts
from tests.support_office import make_office
from tests.support_window import Officer

DIGITS = (
    ("35162441", "62413553"),
    ("41526363", "26534142"),
    ("53624115", "14263552"),
    ("62531442", "31546226"),
)


@pytest.fixture(autouse=True)
def the_same_r(monkeypatch: pytest.MonkeyPatch) -> None:
    """The year has one course: R is counted up, not drawn."""
    numbers = itertools.count()
    monkeypatch.setattr(
        sealing, "take_reveal", lambda: hashlib.sha256(b"%d" % next(numbers)).hexdigest()
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(
        tmp_path / "office", targets={"A": 8, "B": 8, "C": 12}, people=7, basis=False,
        today=date(2026, 1, 5),
    )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def officer(qtbot: QtBot, office: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Officer]:
    made = Officer(qtbot, office, monkeypatch)
    yield made
    made.leave()


def january(officer: Officer, folder: Path) -> tuple[acts.Line, ...]:
    """Drawn, notified, approved; one put off, one closed, one a case, one without findings."""
    assert acts.quota(officer, "2026Q1") == _FOUR
    late, gone, case, clean = lines = acts.draw(officer, "2026Q1", DIGITS[0])
    acts.approve_all(officer)
    acts.postpone(officer, late, "20260310")
    assert acts.desk_says(officer, "desk-drawn")["A"] == "0 / 8 家，未锁定 2"
    officer.move_to(date(2026, 1, 20))
    page = acts.enter(officer, gone.name, "已关闭停业", finding="厂房已拆除")
    officer.press("更换为递补对象")
    officer.press("没有外人，显示")
    acts.consent(officer)
    acts.leave_out(officer, gone.name, "关闭")
    page = acts.enter(
        officer, case.name, "涉嫌违法，已立案", finding="治理设施停用", measure="立案调查"
    )
    acts.follow(officer, page, "立案", 立案号="青环立〔2026〕1号")
    acts.follow(
        officer, page, "移送", 移送给="公安机关", 接收单位="县公安局", 移送事由="涉嫌污染环境罪"
    )
    officer.press("登记回执", page.review)
    officer.fill("receipt", 签收人="冯警官")
    page = acts.come_back(officer, clean.name)
    officer.files = [acts.photo(folder)]
    officer.press("添加", page.form)
    officer.until(lambda: officer.can_press("现场照片.png", page.form))
    acts.type_in(officer, page)
    acts.hand_in(officer, page)
    acts.publish(officer)
    officer.choose("公示表", "预览和打印")
    officer.look("public-file")
    officer.press("预览 2 家")
    officer.seen("public-table")
    said = acts.desk_says(officer, "desk-january")
    assert said["已检查"] == "3 / 5；待录入 0·未检查 2" and said["A"] == "0 / 7 家，未锁定 2"
    return tuple(lines)


def march(officer: Officer, late: acts.Line, clean: acts.Line) -> None:
    """The alternate is seen; the one put off is ordered to put right; the public matters."""
    officer.move_to(date(2026, 3, 10))
    instead = next(each for each in acts.roster(officer) if each.serial == "A-补01")
    acts.enter(officer, instead.name)
    page = acts.enter(
        officer, late.name, "发现问题，已责令整改",
        finding="治理设施停用", measure="责令限期整改", rectify_by="20260410",
        document_no="青环责改〔2026〕1号",
    )  # fmt: skip
    officer.choose("打印文书", "责令整改", inside=page)
    officer.seen("paper-rectification")
    acts.follow(officer, page, "整改督办", 情况="电话督办")
    acts.follow(officer, page, "整改进展", 情况="设备已订购")
    acts.follow(
        officer, page, "整改延期", 原因="设备到货晚", 阶段进展="已安装一半", 新的期限="20260425"
    )
    officer.look("rectification-extended")
    acts.publish(officer)
    matters = acts.matters(officer)
    officer.pick(matters.results, 检查对象=clean.name)
    officer.press("撤下公示…")
    officer.fill("take-down", 理由="名称写错", 批准人="郑某")
    officer.until(lambda: "待公示 1 家" in matters.said.text())
    officer.look("matters-taken-down")
    officer.press("关闭", matters)
    acts.publish(officer)
    matters = acts.matters(officer)
    officer.pick(matters.results, 检查对象=clean.name)
    officer.press("收到复查申请…")
    officer.fill("review", 申请人="某企业", 事由="对结果有异议")
    acts.tab(officer, matters, "复查申请")
    officer.pick(matters.reviews, 检查对象=clean.name)
    officer.press("答复…")
    officer.fill("review-answer", 结果="维持原结果", 答复内容="经复查，结果无误")
    officer.look("matters-answered")
    officer.press("关闭", matters)


def april(officer: Officer) -> tuple[acts.Line, ...]:
    """One moved away before the visit, a leader is ill, one refuses, one is not made public."""
    officer.move_to(date(2026, 4, 2))
    assert acts.quota(officer, "2026Q2") == _FOUR
    refused, moved, wrong, kept = lines = acts.draw(officer, "2026Q2", DIGITS[1])
    acts.replace(officer, moved, "检查对象")
    acts.leave_out(officer, moved.name, "迁出")
    acts.replace(officer, wrong, "牵头人")
    now = {each.serial: each for each in acts.roster(officer)}
    assert wrong.lead not in {now["B-01"].lead, now["B-01"].second}
    officer.press("更换记录")
    officer.look("teams-records")
    officer.move_to(date(2026, 4, 15))
    acts.enter(officer, refused.name, "不配合", finding="门卫拒绝检查人员入厂")
    for name in (now["A-补01"].name, wrong.name, kept.name):
        acts.enter(officer, name)
    matters = acts.matters(officer)
    officer.pick(matters.results, 检查对象=kept.name)
    officer.press("不公示…")
    officer.fill("exempt", 理由="军工配套", 批准人="郑某")
    officer.until(lambda: "不公示" in acts.standing(officer, matters, kept.name))
    officer.press("关闭", matters)
    acts.publish(officer)
    return tuple(lines)


def what_was_open(officer: Officer, folder: Path, late: acts.Line, case: acts.Line) -> None:
    """Put right with proof, looked at again; the case ends and its outcome is published."""
    page = acts.open_result(officer, late.name)
    officer.files = [folder / "现场照片.png"]
    officer.choose("登记后续", "添加整改材料", inside=page.review)
    officer.press("登记整改", page.review)
    officer.fill("rectified", 整改材料="照片 1 张")
    acts.follow(officer, page, "安排复查", 复查日期="20260420")
    officer.move_to(date(2026, 4, 20))
    page = acts.open_result(officer, late.name)
    officer.press("登记复查", page.review)
    officer.fill("revisit", 复查情况="已改正")
    officer.look("revisited")
    page = acts.open_result(officer, case.name)
    officer.press("登记处理结果", page.review)
    officer.fill("case-end", 处理结果="罚款二万元", 决定文号="青环罚〔2026〕1号")
    matters = acts.matters(officer)
    acts.tab(officer, matters, "查处结果")
    officer.pick(matters.outcomes, 检查对象=case.name)
    officer.press("登记公示…")
    officer.fill("outcome", 公示地方=acts.PLACE)
    officer.until(lambda: officer.rows(matters.outcomes)[0]["公示日期"] == "2026-04-20")
    officer.look("matters-outcome")
    officer.press("关闭", matters)


def corrected(officer: Officer, wrong: acts.Line) -> None:
    """A locked result is voided by three signatures, the site inspected and published again."""
    officer.move_to(date(2026, 5, 11))
    acts.correct(officer, wrong.name, "20260612")
    officer.move_to(date(2026, 6, 4))
    page = acts.enter(officer, wrong.name)
    officer.press("登记撤回", page.review)
    officer.fill("withdraw", 撤回地方=acts.PLACE)
    acts.publish(officer)


def plain_quarter(
    officer: Officer, period: str, begin: date, on: date, quota: dict[str, int]
) -> list[acts.Line]:
    """As most are: drawn, seen, published."""
    officer.move_to(begin)
    assert acts.quota(officer, period) == quota
    lines = acts.draw(officer, period, DIGITS[int(period[-1]) - 1])
    officer.move_to(on)
    for line in lines:
        acts.enter(officer, line.name)
    acts.publish(officer)
    return lines


def test_a_year_by_clicks_gives_the_numbers_by_hand(officer: Officer, tmp_path: Path) -> None:
    acts.plan_the_year(officer, 2026)
    acts.say_why_here(officer, "2026Q1")
    late, _gone, case, clean = january(officer, tmp_path)
    march(officer, late, clean)
    acts.record_outside(
        officer, clean.name, "20260203", "投诉举报", "投诉举报等针对有嫌疑对象的检查"
    )
    first_quarter_counted(officer)
    _refused, _moved, wrong, _kept = april(officer)
    what_was_open(officer, tmp_path, late, case)
    corrected(officer, wrong)
    second_quarter_counted(officer)
    lines = plain_quarter(officer, "2026Q3", date(2026, 7, 2), date(2026, 8, 20), _FOUR)
    acts.send_to_platform(officer, tmp_path)
    plain_quarter(officer, "2026Q4", date(2026, 10, 8), date(2026, 11, 30), _THREE)
    officer.move_to(date(2026, 12, 10))
    assert acts.renew_directories(officer) == "已生效"
    officer.move_to(date(2026, 12, 22))
    acts.plan_the_year(officer, 2027)
    the_year_counted(officer)
    archived(officer, tmp_path, lines[0])


_FOUR = {"A类企业": 2, "B类企业": 1, "C类企业": 1, "合计": 4}
_THREE = {"A类企业": 1, "B类企业": 1, "C类企业": 1, "合计": 3}


def first_quarter_counted(officer: Officer) -> None:
    """Two without findings, one ordered, one case; the clean one published again in March."""
    said = acts.report_says(officer, "季度报表", "2026年第一季度")
    assert said == {
        "基数": "28", "户数": "5", "户次": "5", "已检查": "5", "算作完成": "5", "已公示": "4",
        "不公示": "1", "完成率": "100.0%", "未发现问题": "2",
        "发现问题已责令整改": "1", "发现涉嫌违法行为已立案调查": "1", "其他情形": "1",
        "有后续处置": "2", "移送": "1", "完结率": "0.0%", "不经抽取": "1",
    }  # fmt: skip
    january = acts.report_says(officer, "月调度表", "2026年1月")
    # In January the closed one, the case and the clean one were seen, the last two published;
    # that the clean one was taken down in March changes nothing of it.
    assert (january["已检查"], january["已公示"], january["不公示"]) == ("3", "2", "1")
    assert acts.desk_says(officer, "desk-q1") == {
        "应抽 / 已抽": "4 / 4；抽取 1 次·换 1 家", "已检查": "5 / 5；待录入 0·未检查 0",
        "已公示": "4 / 4；待公示 0·待复核 0", "整改完成": "0 / 1；逾期 0·整改中 1",
        "A": "2 / 7 家", "B": "1 / 8 家", "C": "1 / 12 家",
    }  # fmt: skip


def second_quarter_counted(officer: Officer) -> None:
    """Three without findings, one refused; of the four one may not and one need not be public."""
    said = acts.report_says(officer, "季度报表", "2026年第二季度")
    assert said == {
        "基数": "27", "户数": "4", "户次": "4", "已检查": "4", "算作完成": "4", "已公示": "2",
        "不公示": "2", "完成率": "100.0%", "未发现问题": "3", "其他情形": "1",
        "不经抽取": "0",
    }  # fmt: skip
    assert acts.desk_says(officer, "desk-q2") == {
        "应抽 / 已抽": "4 / 4；抽取 1 次", "已检查": "4 / 4；待录入 0·未检查 0",
        "已公示": "2 / 2；待公示 0·待复核 0", "整改完成": "0 / 0；逾期 0·整改中 0",
        "A": "3 / 6 家", "B": "2 / 8 家", "C": "2 / 12 家",
    }  # fmt: skip


def the_year_counted(officer: Officer) -> None:
    """16 visits: 12 without findings, one ordered, one case, one closed, one refused; three of them
    are not made public."""
    said = acts.report_says(officer, "年度报表", "2026年")
    # Of 28 one was closed and one moved away.
    assert said == {
        "基数": "26",
        "户数": "15", "户次": "16", "已检查": "16", "算作完成": "16", "已公示": "13",
        "不公示": "3", "完成率": "100.0%", "未发现问题": "12",
        "发现问题已责令整改": "1", "发现涉嫌违法行为已立案调查": "1", "其他情形": "2",
        "有后续处置": "2", "整改完成": "1", "移送": "1", "案件办结": "1", "已复查": "1",
        "处置完结": "2", "完结率": "100.0%", "不经抽取": "1",
    }  # fmt: skip
    assert acts.desk_says(officer, "desk-end") == {
        "应抽 / 已抽": "3 / 3；抽取 1 次", "已检查": "3 / 3；待录入 0·未检查 0",
        "已公示": "3 / 3；待公示 0·待复核 0", "整改完成": "0 / 0；逾期 0·整改中 0",
        "A": "6 / 6 家", "B": "4 / 8 家", "C": "4 / 12 家",
    }  # fmt: skip


def archived(officer: Officer, folder: Path, line: acts.Line) -> None:
    """Each quarter and one target: what lacks is paper to be scanned, nothing is left undone."""
    lacking = [acts.file_away(officer, folder, f"2026年第{quarter}季度") for quarter in "一二三四"]
    lacking.append(acts.file_away(officer, folder, "2026年第三季度", line.name))
    no = "360199-2026Q4-04"
    assert lacking[3] == [
        f"抽取 {no}：没有签字件的扫描件", f"抽取 {no}：没有签到表的扫描件",
        f"抽取 {no}：没有现场照片", *(
            f"抽取 {no} 的 {serial}：没有检查记录的扫描件或照片"
            for serial in ("A-01", "B-01", "C-01")
        ), "3 家公示时没有选定公示文件，归档的公示表按现在的记录生成",
    ]  # fmt: skip
    for words in itertools.chain.from_iterable(lacking):
        assert "还没有" not in words, words
    # What was drawn in the year recomputes to what was shown.
    checks = verifying.verify([officer.office.folder.draws])
    assert checks and all(check.ok for check in checks)
