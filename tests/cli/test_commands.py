"""A quarter and its by-ways through the command line: exit codes, JSON, files."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.documents.reading import text

from .running import CODE, DIGITS, NO, SAMPLE, freeze, refused, reveal, suicha

HEX = re.compile(r"[0-9a-f]{64}")
COUNTS = ("new", "updated", "unchanged", "rejected", "skipped")


def test_init_makes_a_workspace_once(tmp_path: Path) -> None:
    data = tmp_path / "新 建"
    arguments = ("init", "--data", data, "--rulebook", "yiyang-2021", "--org", "某县大队")
    made = suicha(*arguments, "--code", CODE, "--json")
    assert made.code == 0
    assert made.json["data"] == str(data)
    assert "已经有一个工作区" in refused(suicha(*arguments, "--code", CODE))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"--code": "36019"}, "6 位"),
        ({"--code": "３６０１９９"}, "6 位"),
        ({"--rulebook": "nowhere-2020"}, "nowhere-2020"),
        ({"--rulebook": "neimenggu", "--level": "province"}, "province"),
        ({"--org": " "}, "单位名称"),
    ],
)
def test_init_refuses_and_leaves_nothing(tmp_path: Path, change: dict[str, str], says: str) -> None:
    options = {"--rulebook": "yiyang-2021", "--org": "某县大队", "--code": CODE, **change}
    said = suicha("init", "--data", tmp_path / "n", *(part for o in options.items() for part in o))
    assert says in refused(said)
    assert not (tmp_path / "n" / "suicha.db").exists()


# --- import -----------------------------------------------------------------------------------


def test_import_counts_add_up_and_repeat_as_unchanged(county: Path) -> None:
    with (SAMPLE / "targets.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = sum(1 for _ in csv.DictReader(stream))
    again = suicha("import", "targets", SAMPLE / "targets.csv", "--data", county, "--json")
    assert again.code == 0
    assert again.json == {
        "rows": rows,
        **dict.fromkeys(COUNTS, 0),
        "unchanged": rows,
        "errors": None,
    }


def _workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["检查对象名称", "统一社会信用代码", "监管类别"])
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_rejected_rows_come_back_corrected(county: Path, tmp_path: Path) -> None:
    file = _workbook(
        tmp_path / "新 增.xlsx",
        [["某甲厂", None, "火星"], ["某乙厂", "123", "一般"], ["某丙厂", None, "一般"]],
    )
    errors = tmp_path / "退 回.xlsx"
    first = suicha("import", "targets", file, "--data", county, "--errors", errors, "--json")
    assert first.code == 3
    assert first.json["errors"] == str(errors)
    assert (first.json["rows"], first.json["new"], first.json["rejected"]) == (3, 1, 2)
    book = openpyxl.load_workbook(errors)
    assert book.active is not None
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    reasons = " ".join(str(cell.value) for cell in cells)
    assert "火星" in reasons
    assert "18 位" in reasons
    for cell in cells:
        if cell.value in ("火星", "123"):
            cell.value = "一般" if cell.value == "火星" else None
    book.save(errors)
    second = suicha("import", "targets", errors, "--data", county, "--json")
    assert (second.code, second.json["new"], second.json["rows"]) == (0, 2, 2)


def test_dry_run_writes_nothing(county: Path, tmp_path: Path) -> None:
    file = _workbook(tmp_path / "a.xlsx", [["某甲厂", None, "一般"]])
    for _ in range(2):
        said = suicha("import", "targets", file, "--data", county, "--dry-run", "--json")
        assert (said.code, said.json["new"]) == (0, 1)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(300), "图片"),
        ("photo.xlsx", b"\xff\xd8\xff\xe0" + bytes(300), "图片"),
        ("empty.xlsx", b"", "空文件"),
        ("zeros.csv", bytes(500), "空文件"),
        ("letter.xlsx", b"%PDF-1.7\n" + bytes(99), "PDF"),
        ("locked.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "不是表格"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(200), "打不开"),
        ("noheader.csv", "甲,乙\n1,2\n".encode(), "表头"),
    ],
)
def test_what_is_no_table_is_a_sentence(
    county: Path, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert says in refused(suicha("import", "targets", file, "--data", county))


def test_missing_file_and_folder_are_sentences(county: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "没有.csv", tmp_path):
        refused(suicha("import", "items", path, "--data", county, "--json"))


# --- plan -------------------------------------------------------------------------------------


def test_taijiang_quotas_of_the_first_quarter(county: Path) -> None:
    said = suicha("plan", "--data", county, "--period", "2026Q1", "--json")
    assert (said.code, said.json["period"]) == (0, "2026Q1")
    strata = said.json["strata"]
    assert {key: line["quota"] for key, line in strata.items()} == {
        "KEY": 2,
        "SPECIAL": 11,
        "GENERAL": 23,
    }
    for line in strata.values():
        assert line["pool"] + sum(line["excluded"].values()) == line["base"]
        assert str(line["quota"]) in line["arithmetic"]


def test_headcount_changes_the_general_class_alone(county: Path) -> None:
    said = suicha("plan", "--data", county, "--period", "2026Q1", "--headcount", 20, "--json")
    quotas = {key: line["quota"] for key, line in said.json["strata"].items()}
    assert quotas == {"KEY": 2, "SPECIAL": 11, "GENERAL": 25}


@pytest.mark.parametrize("period", ["2026Q5", "Q1", "", "26Q1", "２０２６Q1", "2026-01-01"])
def test_a_wrong_period_is_a_sentence(county: Path, period: str) -> None:
    refused(suicha("plan", "--data", county, "--period", period))


# --- draw -------------------------------------------------------------------------------------


def test_a_draw_from_freezing_to_a_verified_package(county: Path, tmp_path: Path) -> None:
    frozen = freeze(county, "--json")
    assert frozen.code == 0
    assert frozen.json["draw"] == NO
    folder = Path(frozen.json["folder"])
    plan = (folder / "plan.txt").read_bytes()
    assert frozen.json["plan"] == hashlib.sha256(plan).hexdigest()
    assert (folder / "commitment.pdf").read_bytes().startswith(b"%PDF")
    revealed = reveal(county, NO, "--json")
    assert revealed.code == 0
    facts = revealed.json
    assert (facts["plan"], facts["commit"]) == (frozen.json["plan"], frozen.json["commit"])
    result = (folder / "result.txt").read_bytes()
    assert facts["result"] == hashlib.sha256(result).hexdigest()
    assert HEX.fullmatch(facts["seed"])
    assert {"minutes.pdf", "minutes-public.pdf"} <= {path.name for path in folder.iterdir()}

    r = re.search(rb"^reveal\|([0-9a-f]{64})$", result, re.MULTILINE)
    assert r is not None
    replayed = suicha(
        "replay",
        folder / "plan.txt",
        "--reveal",
        r[1].decode(),
        *("--witness", DIGITS[1], "--witness", DIGITS[3]),
    )
    assert (replayed.code, replayed.raw, replayed.err) == (0, result, "")

    for edition in ("sealed", "public"):
        to = tmp_path / edition
        to.mkdir()
        asked = ("--what", "draw", "--draw", NO, "--to", to, "--edition", edition, "--json")
        package = suicha("export", "--data", county, *asked)
        assert package.code == 0
        assert HEX.fullmatch(package.json["tagmanifest"])
        verified = suicha("verify", package.json["package"], "--json")
        assert (verified.code, verified.json["ok"]) == (0, True)
        with zipfile.ZipFile(package.json["package"]) as archive:
            names = {Path(name).name for name in archive.namelist()}
        assert ("result.txt" in names) is (edition == "sealed")


def test_verify_gives_every_check_a_line(drawn: Path) -> None:
    said = suicha("verify", drawn / "draw" / NO, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["ok"] is True
    assert all(set(check) >= {"name", "ok", "detail"} for check in said.json["checks"])
    lines = suicha("verify", drawn / "draw").out.splitlines()
    assert lines[-1] == "全部相符"
    assert all(line.startswith("通过") for line in lines[:-1])


def test_the_second_quarter_leaves_out_what_the_first_drew(drawn: Path) -> None:
    said = suicha("plan", "--data", drawn, "--period", "2026Q2", "--json")
    assert said.code == 0
    strata = said.json["strata"]
    assert strata["KEY"]["quota"] == 2
    assert strata["SPECIAL"]["quota"] == 11
    assert strata["SPECIAL"]["pool"] == 11
    frozen = freeze(drawn, "--json", period="2026Q2")
    assert frozen.json["draw"] == f"{CODE}-2026Q2-02"
    digits = ("--digits", "48151623", "--digits", "90210447")
    assert reveal(drawn, frozen.json["draw"], digits=digits).code == 0
    assert suicha("verify", drawn / "draw").code == 0
    assert suicha("check", "--data", drawn).code == 0


def test_one_draw_at_a_time_and_withdrawing_frees_the_number(drawn: Path) -> None:
    frozen = freeze(drawn, "--json", period="2026Q2").json["draw"]
    assert frozen in refused(freeze(drawn, period="2026Q2"))
    said = refused(suicha("draw", "withdraw", frozen, "--data", drawn))
    assert "作废" in said


def test_void_keeps_number_and_would_be_result(frozen: Path) -> None:
    county = frozen
    voided = suicha(
        *("draw", "void", NO, "--data", county, "--reason", "停电", "--json"),
        *("--approved", "某某|大队长"),
    )
    assert voided.code == 0
    record = (county / "draw" / NO / "void.txt").read_bytes()
    assert voided.json["void"] == hashlib.sha256(record).hexdigest()
    assert suicha("verify", county / "draw" / NO).code == 0
    assert suicha("check", "--data", county).code == 0
    refused(reveal(county))
    assert freeze(county, "--json").json["draw"] == f"{CODE}-2026Q1-02"


def test_witnesses_are_invited_before_the_draw(county: Path, tmp_path: Path) -> None:
    asked = ("draw", "invite", "--data", county, "--period", "2026Q1", "--place", "三楼会议室")
    people = ("--witness", "甲一|县纪委监委", "--witness", "乙二|县司法局")
    more = ("--contact", "张某 0793-1234567", "--to", tmp_path / "函", "--json")
    said = suicha(*asked, *people, "--at", "2026-03-01 09:00", *more)
    assert said.code == 0
    first, second = (Path(each) for each in said.json["files"])
    letter = text(first.read_bytes())
    assert "甲一" in letter and "三楼会议室" in letter and "3月1日" in letter
    assert "乙二" in text(second.read_bytes())
    assert "不是日期" in refused(suicha(*asked, *people, "--at", "明天", *more))
    assert "姓名|单位" in refused(
        suicha(*asked, "--witness", "甲一", "--at", "2026-03-01 09:00", *more)
    )
    assert "写见证人的邀请函" in suicha("draw", "--help").out


def test_a_draw_is_noted_on_and_archived(drawn: Path, tmp_path: Path) -> None:
    assert suicha("draw", "note", NO, "--data", drawn, "--what", "停电五分钟").code == 0
    refused(suicha("draw", "note", NO, "--data", drawn, "--what", " "))
    scan = tmp_path / "签字件 1.pdf"
    refused(suicha("draw", "archive", NO, "--data", drawn, "--scan", scan))
    scan.write_bytes(b"%PDF-1.7 signed")
    said = suicha("draw", "archive", NO, "--data", drawn, "--scan", scan, "--json")
    assert said.json["sha256"] == hashlib.sha256(scan.read_bytes()).hexdigest()
    assert suicha("check", "--data", drawn).code == 0


def test_a_rehearsal_has_its_own_series(county: Path) -> None:
    said = freeze(county, "--rehearsal", "--json")
    assert said.json["draw"] == f"T{CODE}-2026Q1-01"
    assert reveal(county, said.json["draw"]).code == 0
    assert freeze(county, "--json").json["draw"] == NO


@pytest.mark.parametrize(
    "witnesses",
    [
        ("甲一|纪委|科员",),
        ("甲一|纪委", "乙二|司法局|股长"),
        ("甲一||科员", "乙二|司法局|股长"),
        ("", "乙二|司法局|股长"),
        ("甲一|纪委|科员", "甲一|司法局|股长"),
        ("甲|一|纪|委", "乙二|司法局|股长"),
        tuple(f"见证{n}|纪委|科员" for n in range(10)),
    ],
)
def test_wrong_witnesses_freeze_nothing(county: Path, witnesses: tuple[str, ...]) -> None:
    options = [part for text in witnesses for part in ("--witness", text)]
    refused(suicha("draw", "freeze", "--data", county, "--period", "2026Q1", *options))
    assert list((county / "draw").iterdir()) == []


@pytest.mark.parametrize(
    "digits",
    [
        ("31415926",),
        ("31415926", "27182818", "14142135"),
        ("31415926", "31415926"),
        ("88888888", "27182818"),
        ("12345678", "27182818"),
        ("20260101", "27182818"),
        ("31415", "27182818"),
        ("３１４１５９２６", "27182818"),
        ("31415926 ", "27182818"),
        ("3141592²", "27182818"),
        ("", "27182818"),
        ("1" * 33, "27182818"),
    ],
)
def test_wrong_digits_leave_the_draw_waiting(frozen: Path, digits: tuple[str, ...]) -> None:
    options = tuple(part for text in digits for part in ("--digits", text))
    refused(reveal(frozen, digits=options))
    assert not (frozen / "draw" / NO / "result.txt").exists()
    assert "等待开号" in suicha("check", "--data", frozen).out


def test_steps_out_of_order_are_sentences(drawn: Path) -> None:
    refused(reveal(drawn))
    refused(suicha("draw", "withdraw", NO, "--data", drawn))
    void = ("--reason", "x", "--approved", "某某|大队长")
    refused(suicha("draw", "void", NO, "--data", drawn, *void))
    refused(suicha("draw", "void", "X-1", "--data", drawn, *void))
    refused(suicha("draw", "void", NO, "--data", drawn, "--reason", "x", "--approved", "某某"))
    refused(reveal(drawn, "360199-2026Q1-99"))


# --- export, backup, restore, check -----------------------------------------------------------


@pytest.mark.parametrize("what", ["directories", "plan", "report", "results"])
def test_every_kind_of_package_verifies(drawn: Path, tmp_path: Path, what: str) -> None:
    said = suicha(
        *("export", "--data", drawn, "--what", what, "--to", tmp_path, "--json"),
        *("--period", "2026Q1"),
    )
    assert said.code == 0, said
    assert suicha("verify", said.json["package"]).code == 0


def test_export_needs_a_folder_and_a_draw(drawn: Path, tmp_path: Path) -> None:
    refused(suicha("export", "--data", drawn, "--what", "draw", "--to", tmp_path))
    refused(suicha("export", "--data", drawn, "--what", "draw", "--draw", "X", "--to", tmp_path))
    asked = ("export", "--data", drawn, "--what", "draw", "--draw", NO)
    refused(suicha(*asked, "--to", tmp_path / "没有"))
    assert [path.name for path in tmp_path.iterdir()] == [drawn.name]


def test_backup_restores_into_a_new_folder_that_checks(drawn: Path, tmp_path: Path) -> None:
    saved = suicha("backup", "--data", drawn, "--to", tmp_path, "--json")
    assert saved.code == 0
    content = Path(saved.json["backup"]).read_bytes()
    assert saved.json["bytes"] == len(content)
    assert saved.json["sha256"] == hashlib.sha256(content).hexdigest()
    again = tmp_path / "恢复"
    assert suicha("restore", saved.json["backup"], "--data", again).code == 0
    assert suicha("check", "--data", again).code == 0
    assert suicha("verify", again / "draw").code == 0
    refused(suicha("restore", saved.json["backup"], "--data", again))
    refused(suicha("restore", tmp_path / "没有.zip", "--data", tmp_path / "n"))


def test_check_knows_the_head_on_paper(drawn: Path) -> None:
    said = suicha("check", "--data", drawn, "--json")
    detail = next(c["detail"] for c in said.json["checks"] if c["name"] == "账本")
    head = re.search(r"\d+-[0-9a-f]{8}", detail)
    assert head is not None
    assert suicha("check", "--data", drawn, "--head", head[0]).code == 0
    assert suicha("check", "--data", drawn, "--head", f"999-{'0' * 8}").code == 1
    refused(suicha("check", "--data", drawn, "--head", "abc"))


# --- simulate ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rulebook", "targets", "quotas"),
    [
        (
            "taijiang-2022 --inspectors 18",
            "KEY=5,SPECIAL=22,GENERAL=298",
            ["2 11 23", "2 11 23", "2 11 22", "2 11 22"],
        ),
        (
            "nanchang-2023 --inspectors 18",
            "A=37,B=120,C=325",
            ["10 15 28", "10 15 27", "10 15 27", "7 15 27"],
        ),
        ("yiyang-2021 --inspectors 18", "KEY=37", ["10"] * 4),
        ("neimenggu --inspectors 10 --level county", "KEY=40,GENERAL=400", ["10 25"] * 4),
        (
            "neimenggu --inspectors 10 --level city",
            "KEY=40,GENERAL=400",
            ["2 13", "2 13", "2 12", "2 12"],
        ),
        ("qingdao-xihaian-2020 --inspectors 20 --level city", "GENERAL=400", ["25"] * 4),
    ],
)
def test_golden_quotas_of_the_five_rulebooks(
    rulebook: str, targets: str, quotas: list[str]
) -> None:
    said = suicha(
        *("simulate", "--years", 1, "--targets", targets, "--json"),
        *("--rulebook", *rulebook.split()),
    )
    assert said.code == 0, said
    codes = [part.split("=")[0] for part in targets.split(",")]
    got = [
        " ".join(str(period["strata"][code]["quota"]) for code in codes)
        for period in said.json["periods"]
    ]
    assert got == quotas
    assert said.json["rulebook"] == rulebook.split(maxsplit=1)[0]
    for period in said.json["periods"]:
        for line in period["strata"].values():
            assert {"pool", "uncovered", "quota", "drawn"} <= set(line)
    assert set(said.json["covered"]) >= set(codes)


@pytest.mark.parametrize(
    "change",
    [
        {"--targets": "A=1;B=2"},
        {"--targets": "A"},
        {"--targets": ""},
        {"--targets": "Z=5"},
        {"--years": "0"},
        {"--years": "-1"},
        {"--inspectors": "-3"},
        {"--rulebook": "../x"},
        {"--level": "moon"},
    ],
)
def test_simulate_refuses_nonsense(change: dict[str, str]) -> None:
    options = {
        "--rulebook": "nanchang-2023",
        "--years": "1",
        "--targets": "A=5",
        "--inspectors": "8",
        **change,
    }
    refused(suicha("simulate", *(f"{key}={value}" for key, value in options.items())))


def test_a_workspace_moved_elsewhere_still_checks(drawn: Path, tmp_path: Path) -> None:
    moved = shutil.move(drawn, tmp_path / "别处")
    assert suicha("check", "--data", moved).code == 0


# --- plans ------------------------------------------------------------------------------------


def test_a_wish_is_tried_out_and_said_in_words(tmp_path: Path) -> None:
    data = tmp_path / "nm"
    suicha(
        *("init", "--data", data, "--rulebook", "neimenggu", "--level", "county"),
        *("--org", "某旗大队", "--code", CODE),
    )
    suicha("import", "inspectors", SAMPLE / "inspectors.csv", "--data", data)
    plan = ("plan", "--data", data, "--period", "2026Q1")
    usual = suicha(*plan, "--json").json["strata"]["KEY"]
    assert usual["deviations"] == []
    tried = suicha(*plan, "--wish", "KEY=20%|人手不足", "--json")
    assert tried.json["strata"]["KEY"]["deviations"] == ["重点排污单位按每季度20%，规定为每季度25%"]
    assert "理由：人手不足" in suicha(*plan, "--wish", "KEY=20%|人手不足").out
    assert "须写明理由" in refused(suicha(*plan, "--wish", "KEY=20%"))
    assert "KEY=20%|理由" in refused(suicha(*plan, "--wish", "KEY"))
    assert "看不懂" in refused(suicha(*plan, "--wish", "KEY=many|理由"))


def test_holders_who_cannot_be_drawn_are_named(county: Path) -> None:
    said = suicha("plan", "--data", county, "--period", "2026Q1", "--json").json
    listed = suicha("plan", "--data", county, "--period", "2026Q1").out
    for person in said["left_out"]:
        assert f"持证未列入可抽：{person['name']}，{person['reason']}" in listed


def test_a_basis_of_three_parts_is_put_into_words(county: Path) -> None:
    wrong = freeze(county, "--basis", "想抽就抽|青环函〔2026〕3号|王五")
    assert "先抽后录" in refused(wrong)
    short = freeze(county, "--basis", "上级同意|青环函〔2026〕3号")
    assert "上级同意|文号|签批人" in refused(short)
    made = freeze(county, "--basis", "上级同意|青环函〔2026〕3号|王五", "--json")
    assert made.code == 0
