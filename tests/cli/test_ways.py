"""The ways of drawing on the command line: a branch of Qingdao, and a directed draw."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.services.test_campaign_draws import approved
from tests.support_office import make_office

from .running import CODE, ROOM, WITNESSES, suicha

PERIOD = "2026Q1"
NO = f"{CODE}-{PERIOD}-01"
DOCUMENT = ("--document", "青环执〔2026〕18号", "--organ", "市支队")


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    root = tmp_path / "ws"
    make_office(root, rulebook="qingdao-xihaian-2020", people=8, level="branch").close()
    return root


def a_list(path: Path, rows: list[tuple[str, ...]], *header: str) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(header))
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def reveal(data: Path, no: str) -> int:
    digits = ("--digits", "35162441", "--digits", "62413553")
    return suicha("draw", "reveal", no, "--data", data, *digits, *ROOM).code


def test_people_for_the_superiors_list(branch: Path, tmp_path: Path) -> None:
    path = a_list(tmp_path / "名单.xlsx", [("青禾县某乙KEY001厂", "KEY0001")], "企业名称", "代码")
    freeze = ("draw", "freeze", "--data", branch, "--period", PERIOD, *WITNESSES, "--json")
    missing = suicha(*freeze, "--list", path)
    assert missing.code == 2
    assert "来文编号" in missing.err
    said = suicha(*freeze, "--list", path, *DOCUMENT)
    assert said.code == 0
    assert said.json["draw"] == NO
    assert reveal(branch, NO) == 0
    assert suicha("verify", branch / "draw" / NO).code == 0
    plan = (branch / "draw" / NO / "plan.txt").read_text(encoding="utf-8")
    assert "giv|KEY|KEY0001|" in plan
    assert "rule|document|青环执〔2026〕18号" in plan


def test_an_assigned_list_is_taken_and_checked(branch: Path, tmp_path: Path) -> None:
    header = ("企业名称", "代码", "检查人员")
    path = a_list(tmp_path / "任务.xlsx", [("某厂", "KEY0001", "R01、不认识")], *header)
    take = ("draw", "import", path, "--data", branch, "--period", PERIOD, *DOCUMENT, "--json")
    seen = suicha(*take, "--way", "assigned", "--dry-run")
    assert (seen.code, len(seen.json["problems"])) == (3, 1)
    assert suicha(*take, "--way", "assigned").code == 2
    a_list(path, [("某厂", "KEY0001", "R01、R02")], *header)
    made = suicha(*take, "--way", "assigned")
    assert made.code == 0
    assert (made.json["tasks"], made.json["without_people"]) == (1, 0)
    assert (Path(made.json["folder"]) / "record.pdf").is_file()
    no = made.json["draw"]
    export = ("export", "--data", branch, "--what", "draw", "--draw", no, "--to", tmp_path)
    packed = suicha(*export, "--json")
    assert packed.code == 0
    with zipfile.ZipFile(packed.json["package"]) as package:
        inside = {name.partition("/")[2] for name in package.namelist()}
    assert {f"data/received/{no}/record.pdf", "data/派单.xlsx"} <= inside
    assert suicha("verify", packed.json["package"]).code == 0
    public = suicha(*export, "--edition", "public")
    assert public.code == 2
    assert "接收记录不公开" in public.err
    assert suicha("check", "--data", branch).code == 0


def test_a_way_the_level_does_not_go_is_warned_of(branch: Path, tmp_path: Path) -> None:
    freeze = ("draw", "freeze", "--data", branch, "--period", PERIOD, *WITNESSES, "--json")
    said = suicha(*freeze, "--headcount", "18")
    assert said.code == 0
    assert "没有规定本层级可以“日常抽查”" in said.err
    assert "只抽人员" in said.err
    assert reveal(branch, NO) == 0
    path = a_list(tmp_path / "名单.xlsx", [("某厂", "KEY0001")], "企业名称", "代码")
    assert "没有规定本层级" not in suicha(*freeze, "--list", path, *DOCUMENT).err


def test_a_directed_draw_and_a_department(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    make_office(root, rulebook="yiyang-2021", people=8).close()
    freeze = ("draw", "freeze", "--data", root, "--period", PERIOD, *WITNESSES, "--json")
    unknown = suicha(*freeze, "--scope", "颜色=红", "--reason", "专项")
    assert unknown.code == 2
    assert "不能按“颜色”划定范围" in unknown.err
    said = suicha(*freeze, "--scope", "专长=水", "--reason", "水专项", "--count", "KEY=1")
    assert said.code == 0
    assert reveal(root, said.json["draw"]) == 0
    path = a_list(tmp_path / "应急.xlsx", [("甲某", "YJ-1"), ("乙某", "YJ-2")], "姓名", "执法证号")
    load = suicha(
        *("import", "partners", path, "--data", root),
        *("--department", "YJ|县应急管理局", "--json"),
    )
    assert (load.code, load.json["rows"]) == (0, 2)
    joint = suicha(*freeze[:-1], "--department", "YJ", "--json")
    assert joint.code == 0
    digits = ("--digits", "45216354", "--digits", "26351443")
    assert suicha("draw", "reveal", joint.json["draw"], "--data", root, *digits, *ROOM).code == 0
    assert suicha("verify", root / "draw").code == 0


def test_a_campaign_is_drawn_by_its_name(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    office = make_office(root, rulebook="yiyang-2021", people=8)
    approved(office)
    office.close()
    freeze = ("draw", "freeze", "--data", root, "--period", "2026Q3", *WITNESSES, "--json")
    unknown = suicha(*freeze, "--campaign", "扬尘")
    assert unknown.code == 2
    assert "没有已批准的“扬尘”" in unknown.err
    said = suicha(*freeze, "--campaign", "涉水企业")
    assert said.code == 0
    assert reveal(root, said.json["draw"]) == 0
    plan = (root / "draw" / said.json["draw"] / "plan.txt").read_text(encoding="utf-8")
    assert "rule|reason|2026年涉水企业专项检查计划：有废水排放的企业" in plan
