"""A draw's folder: the paper says what happened, before, during and after the ceremony."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from app.errors import UserError
from app.models import Draw
from app.services.draws import drawing, noting, papers, recomputing, sealing
from app.services.draws.draw_papers import place_name
from app.services.workspace import Workspace
from tests.documents.reading import pages, text
from tests.support_draw import Clock
from tests.support_office import DIGITS, PERIOD, UNIT, WITNESSES, draw_once, make_office

NO = "360199-2026Q3-01"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "office")
    yield made
    made.close()


def clock(office: Workspace) -> Clock:
    assert isinstance(office.clock, Clock)
    return office.clock


def paper(office: Workspace, name: str, no: str = NO) -> str:
    return text((office.folder.draws / no / name).read_bytes())


def freeze(office: Workspace, **more: object) -> drawing.Frozen:
    command = drawing.FreezeDraw(
        period=PERIOD, witnesses=WITNESSES, host="李四", recorder="王五", place="三楼会议室"
    )
    return office.write(drawing.freeze, replace(command, **more))  # type: ignore[arg-type]


def void(office: Workspace, no: str, digits: tuple[str, ...]) -> drawing.Voided:
    return office.write(
        drawing.void,
        drawing.VoidDraw(
            no=no,
            reason="停电，电脑重新启动",
            approved_name="李四",
            approved_post="大队长",
            digits=digits,
        ),
    )


# --- minutes --------------------------------------------------------------------------


def test_minutes_list_every_step_and_recomputation_once_it_is_recorded(office: Workspace) -> None:
    done = draw_once(office)
    before = paper(office, "minutes.pdf")
    for step in ("核对名单", "封存名单", "写号折条", "出承诺单", "开号", "揭晓", "签字归档"):
        assert step in before
    assert "七步依次进行，没有登记中断或异常。没有在另一台电脑上复算。" in before
    assert "青禾抽查〔2026〕1号" in before
    clock(office).sleep(600)
    office.write(
        recomputing.confirm, recomputing.ConfirmCheck(no=NO, by="周敏", seen=done.result[:8])
    )
    after = paper(office, "minutes.pdf")
    assert "八步依次进行，没有登记中断或异常。9:10由周敏在另一台设备上复算" in nine_ten(after)
    assert "复算周敏在另一台设备上复算，得到的F与记录相同" in after
    assert "至9时10分" in nine_ten(after)
    assert "已在另一台电脑上复算一致" in paper(office, "minutes-public.pdf")


def nine_ten(text_: str) -> str:
    """Times of the test's clock (01:10 UTC) as an office in China prints them."""
    shown = datetime.fromisoformat("2026-07-02T01:10:00+00:00").astimezone()
    return text_.replace(f"{shown.hour}:{shown:%M}由", "9:10由").replace(
        f"至{shown.hour}时{shown.minute:02d}分", "至9时10分"
    )


def test_the_next_minutes_tell_of_a_void_draw_and_keep_its_would_be_result(
    office: Workspace,
) -> None:
    freeze(office)
    office.write(drawing.commit, drawing.CommitDraw(no=NO))
    broken = void(office, NO, DIGITS[:2])
    assert broken.would_be is not None
    form = paper(office, "void.pdf")
    assert broken.would_be in form and broken.hash in form
    assert "停电，电脑重新启动" in form and "李四（大队长）" in form
    for digits in DIGITS[:2]:
        assert digits in form
    second = draw_once(office, digits=("46135526", "53261142"))
    minutes = paper(office, "minutes.pdf", second.no)
    assert f"此前的抽取{NO}于2026年7月2日作废，原因：停电，电脑重新启动" in minutes
    assert f"摘要F前8位{broken.would_be[:8]}）留存，没有使用" in minutes
    assert "本次抽取没有作废，没有登记异常。" in minutes
    assert "青禾抽查〔2026〕2号" in minutes
    assert "此前有1次抽取作废" in paper(office, "minutes-public.pdf", second.no)
    clock(office).sleep(60)
    third = draw_once(office, period="2026Q4", digits=("61425533", "35214466"))
    assert "作废，原因" not in paper(office, "minutes.pdf", third.no)


def test_a_void_record_without_all_slips_has_no_result(office: Workspace) -> None:
    freeze(office)
    office.write(drawing.commit, drawing.CommitDraw(no=NO))
    assert void(office, NO, DIGITS[:1]).would_be is None
    form = paper(office, "void.pdf")
    assert "没有结果" in form and "未翻开" in form


def test_a_list_taken_back_before_the_commitment_is_told(office: Workspace) -> None:
    first = freeze(office)
    office.write(drawing.withdraw, drawing.WithdrawDraw(no=NO))
    draw_once(office)
    minutes = paper(office, "minutes.pdf")
    assert f"本号此前封存过一份名单（摘要P前8位{first.plan[:8]}）" in minutes
    assert "异常情况见“回避、作废与异常”部分" in minutes
    assert "抽取中的异常已记入抽取记录" in paper(office, "minutes-public.pdf")


def test_a_change_of_operator_and_of_day_is_told(office: Workspace) -> None:
    freeze(office)
    office.write(drawing.commit, drawing.CommitDraw(no=NO))
    office.actor = "尤八"
    clock(office).at += timedelta(days=1)
    office.write(
        drawing.reveal,
        drawing.RevealDraw(
            no=NO, digits=DIGITS[:2], host="李四", place="三楼会议室", recorder="王五"
        ),
    )
    minutes = paper(office, "minutes.pdf")
    assert "操作人先后为卫七、尤八。" in minutes
    assert "不在同一天" in minutes


def test_what_was_noted_stands_on_the_minutes(office: Workspace) -> None:
    freeze(office)
    office.write(noting.note, noting.NoteException(no=NO, what="打印机卡纸，换纸后继续"))
    office.write(drawing.commit, drawing.CommitDraw(no=NO))
    office.write(
        drawing.reveal,
        drawing.RevealDraw(
            no=NO, digits=DIGITS[:2], host="李四", place="三楼会议室", recorder="王五"
        ),
    )
    assert "登记：打印机卡纸，换纸后继续。" in paper(office, "minutes.pdf")
    office.write(noting.note, noting.NoteException(no=NO, what="一名见证人提前离开"))
    assert "登记：一名见证人提前离开。" in paper(office, "minutes.pdf")
    with pytest.raises(UserError, match="发生了什么"):
        office.write(noting.note, noting.NoteException(no=NO, what=" \n"))


def test_a_rehearsal_is_numbered_apart(office: Workspace) -> None:
    done = draw_once(office, rehearsal=True)
    assert "青禾抽查演练〔2026〕1号" in paper(office, "minutes.pdf", done.no)


def test_document_numbers_start_again_each_year(office: Workspace) -> None:
    draw_once(office)
    clock(office).at += timedelta(days=190)
    done = draw_once(office, period="2027Q1", digits=("46135526", "53261142"))
    assert done.no.endswith("-02")
    assert "青禾抽查〔2027〕1号" in paper(office, "minutes.pdf", done.no)


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        (UNIT, "青禾"),
        ("某市生态环境局青禾新区分局", "青禾"),
        ("莘县生态环境局", "莘县"),
        ("某自治区某市青禾旗生态环境综合行政执法大队", "青禾"),
        ("随查", "随查"),
    ],
)
def test_a_unit_is_known_by_its_place(unit: str, name: str) -> None:
    assert place_name(unit) == name


# --- other papers ---------------------------------------------------------------------


def test_invitations_are_one_page_each_and_named_after_whom_they_ask(
    office: Workspace, tmp_path: Path
) -> None:
    command = papers.InviteWitnesses(
        folder=tmp_path,
        period=PERIOD,
        invitees=(papers.Invitee("周敏", "县纪委监委"), papers.Invitee("郑:涛", "县司法局")),
        at=datetime(2026, 7, 6, 9, 30),
        place="三楼会议室",
        contact="综合科卫七",
    )
    paths = office.write(papers.write_invitations, command)
    assert [path.name for path in paths] == ["见证邀请函-1-周敏.pdf", "见证邀请函-2-郑_涛.pdf"]
    first = pages(paths[0].read_bytes())
    assert len(first) == 1
    assert "县纪委监委周敏：" in first[0] and "2026年7月6日9时30分" in first[0]
    assert "郑" not in first[0]
    with pytest.raises(UserError, match="邀请函还缺"):
        office.write(papers.write_invitations, replace(command, contact=" "))
    with pytest.raises(UserError, match="邀请谁"):
        office.write(papers.write_invitations, replace(command, invitees=()))


def test_the_attendance_sheet_names_who_is_expected_and_leaves_room(office: Workspace) -> None:
    freeze(office, recorder="")
    path = office.write(
        papers.write_attendance,
        papers.PrintAttendance(no=NO, guests=(papers.Guest("韩某", "某甲厂", "安环部"),)),
    )
    assert path == office.folder.draws / NO / "attendance.pdf"
    sheet = paper(office, "attendance.pdf")
    for words in ("见证人一周敏县纪委监委派驻组副组长", "主持人李四", "操作人卫七", "其他韩某"):
        assert words in sheet
    assert sheet.count("其他") == 6  # the guest, four empty rows, the note


def test_the_lay_page_lies_in_the_folder_under_the_units_name(office: Workspace) -> None:
    draw_once(office)
    path = office.write(papers.write_explanation, NO)
    assert len(pages(path.read_bytes())) == 1
    assert UNIT in text(path.read_bytes())
    with pytest.raises(UserError, match="没有编号为"):
        office.write(papers.write_explanation, "x")


# --- the order of things --------------------------------------------------------------


def test_no_secret_exists_while_the_slips_are_written(office: Workspace) -> None:
    frozen = freeze(office)
    assert _secret(office) is None
    assert sealing.second_copy(NO, frozen.plan) is None
    office.write(drawing.commit, drawing.CommitDraw(no=NO))
    assert re.fullmatch("[0-9a-f]{64}", _secret(office) or "")


def _secret(office: Workspace) -> str | None:
    def query(connection: Connection) -> str | None:
        return connection.execute(select(Draw.reveal).where(Draw.no == NO)).scalar_one()

    return office.read(query)


def test_the_slip_names_series_number_and_the_witnesses_in_their_order(office: Workspace) -> None:
    freeze(office)
    made = office.write(drawing.commit, drawing.CommitDraw(no=NO))
    slip = paper(office, "commitment.pdf")
    assert "序列360199，第1次" in slip and NO in slip
    for digest in (made.plan, made.commitment):
        assert all(digest[at : at + 8] in slip for at in range(0, 64, 8))
    first, second = (slip.index(witness.organ) for witness in WITNESSES)
    assert first < second
    assert "见证人一" in slip and "见证人二" in slip
