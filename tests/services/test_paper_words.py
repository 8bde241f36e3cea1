"""Every paper prints the words the unit gave it: team notice, report, proof, attendance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from app.db.read import results
from app.domain.paper_texts import PaperKind, PaperText
from app.errors import UserError
from app.services.archive import duty_proof
from app.services.days import reporting
from app.services.days.reporting import MakeReport
from app.services.draws import papers
from app.services.draws.papers import Invitee, InviteWitnesses
from app.services.paperwork import paper_words
from app.services.tasks import noticing
from app.services.workspace import Workspace
from tests.documents.reading import text
from tests.support_draw import DRAW_NO, DrawnOffice, lock_result, make_drawn_office

UNIT = "某某县执法大队"
DAY = date(2026, 9, 1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _own(workspace: Workspace, kind: PaperKind, **words: str) -> PaperText:
    """The shipped words with these passages, a title and a sealing office of the unit's own."""
    shipped = paper_words.shipped(kind)
    own = replace(shipped, title="自拟名称表", sealer="某某县生态环境局").with_words(words)
    return workspace.write(paper_words.save, own)


def test_a_teams_notice(office: DrawnOffice) -> None:
    shipped = paper_words.shipped(PaperKind.TEAM_NOTICE)
    own = replace(shipped, title="派工单", seal=True, sealer="{单位}综合科").with_words(
        {
            "main": "请{检查组}检查{户数}家。",
            "more": "带好记录仪。\n当日交回。",
            "sign_receiver": "接单人",
        }
    )
    office.workspace.write(paper_words.save, own)
    command = noticing.PrintNotices(draw_no=DRAW_NO, tasks=office.tasks[:1], text=True)
    paper, plain = office.workspace.write(noticing.print_notices, command).paths
    printed = text(paper.read_bytes())
    assert "派工单" in printed and "检查任务通知单" not in printed
    assert "接单人" in printed and "领取人签名" not in printed
    assert "带好记录仪。" in printed and "当日交回。" in printed
    assert "综合科" in printed and "（盖章）" in printed
    assert "{" not in printed and "请你组对下列" not in printed
    assert "派工单" in plain.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("2026M09", PaperKind.MONTH_SHEET),
        ("2026Q3", PaperKind.QUARTER_REPORT),
        ("2026H2", PaperKind.HALF_REPORT),
        ("2026", PaperKind.YEAR_REPORT),
    ],
)
def test_a_report(office: DrawnOffice, tmp_path: Path, period: str, kind: PaperKind) -> None:
    lock_result(office, office.tasks[0])
    _own(office.workspace, kind, intro="本表{期间}。", after="如有疑问请联系。", sign_head="大队长")
    path = tmp_path / "报表.pdf"
    made = office.workspace.write(reporting.make, MakeReport(period=period, path=path))
    printed = text(path.read_bytes())
    assert made.view.title.endswith("自拟名称表") and made.view.title in printed
    assert f"本表{made.view.period_words}。" in printed and "如有疑问请联系。" in printed
    assert "大队长" in printed and "单位负责人" not in printed
    assert "某某县生态环境局" in printed and "（盖章）" in printed


def test_a_proof_without_a_place_for_the_seal(office: DrawnOffice, tmp_path: Path) -> None:
    lock_result(office, office.tasks[0])
    shipped = paper_words.shipped(PaperKind.DUTY_PROOF)
    own = replace(shipped, title="检查情况证明", seal=False, copies="仅供内部使用。")
    words = {"intro": "兹证明{检查对象}{年度}的检查情况。"}
    office.workspace.write(paper_words.save, own.with_words(words))
    task = office.workspace.read(results.form, office.tasks[0]).task
    command = duty_proof.PrintDutyProof(
        target_id=task.target_id, year=2026, path=tmp_path / "证明.pdf"
    )
    printed = text(office.workspace.write(duty_proof.print_proof, command).read_bytes())
    assert "检查情况证明" in printed and "仅供内部使用。" in printed and "（盖章）" not in printed
    assert f"兹证明{task.target_name}2026年的检查情况。" in printed


def test_an_invitation(office: DrawnOffice, tmp_path: Path) -> None:
    _own(office.workspace, PaperKind.INVITATION, asking="{受邀人}：请于{抽取时间}到{地点}。")
    command = InviteWitnesses(
        folder=tmp_path,
        period="2026Q4",
        at=datetime(2026, 9, 28, 9, 0),
        place="二楼会议室",
        contact="综合科",
        invitees=(Invitee("赵某", "某局"),),
    )
    (path,) = office.workspace.write(papers.write_invitations, command)
    printed = text(path.read_bytes())
    assert "自拟名称表" in printed and "赵某：请于2026年9月28日" in printed
    assert "到二楼会议室。" in printed and "我单位定于" not in printed


@pytest.mark.parametrize("kind", PaperKind)
def test_what_is_worded_is_previewed_refused_kept_and_given_back(
    office: DrawnOffice, kind: PaperKind
) -> None:
    workspace = office.workspace
    shipped = workspace.read(paper_words.words_of, kind)
    long = [each for each in shipped.passages if not each.short and each.code != "none"]
    short = [each for each in shipped.passages if each.short]
    first = long[0]
    with pytest.raises(UserError, match="不存在"):
        workspace.write(paper_words.save, shipped.with_words({first.code: "请{厂长}到场。"}))
    for each in short:
        with pytest.raises(UserError, match="不能空着"):
            workspace.write(paper_words.save, shipped.with_words({each.code: " "}))
        with pytest.raises(UserError, match="请缩到 20 字以内"):
            workspace.write(paper_words.save, shipped.with_words({each.code: "长" * 21}))
    assert not workspace.read(paper_words.is_own, kind)
    words = {each.code: f"甲乙{at}" for at, each in enumerate(short)} | {first.code: "丙丁戊己。"}
    own = replace(shipped, title="自拟名称表").with_words(words)
    printed = text(paper_words.preview(UNIT, own, DAY))
    assert "自拟名称表" in printed and shipped.title not in printed
    assert all(each in printed for each in words.values())
    workspace.write(paper_words.save, own)
    assert workspace.read(paper_words.words_of, kind) == own
    workspace.write(paper_words.restore, kind)
    assert workspace.read(paper_words.words_of, kind) == shipped


@pytest.mark.parametrize("kind", PaperKind)
def test_whose_seal_and_whether_one_is_printed(kind: PaperKind) -> None:
    shipped = paper_words.shipped(kind)
    if not shipped.sealable:
        assert "盖章" not in text(paper_words.preview(UNIT, shipped, DAY))
        return
    sealed = replace(shipped, seal=True, sealer="某某市生态环境局{单位}")
    printed = text(paper_words.preview(UNIT, sealed, DAY))
    assert "盖章）" in printed and f"某某市生态环境局{UNIT}" in printed
    bare = text(paper_words.preview(UNIT, replace(sealed, seal=False), DAY))
    assert "盖章）" not in bare
