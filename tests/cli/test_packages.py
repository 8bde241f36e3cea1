"""``suicha package …`` and ``export --corrects``, as a script calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.exchange.writing import Column, Table, write_table
from tests.cli.running import suicha
from tests.support_draw import DRAW_NO, PERIOD, TARGETS, make_drawn_office


@pytest.fixture
def data(tmp_path: Path) -> Path:
    root = tmp_path / "office"
    made = make_drawn_office(root)
    made.workspace.close()
    return root


def _export(data: Path, to: Path, *more: object) -> str:
    said = suicha(
        *("export", "--what", "targets", "--period", PERIOD, "--to", to, "--data", data),
        *("--json", *more),
    )
    assert said.code == 0, said.err
    return Path(said.json["package"]).name


def _list(path: Path, titles: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    write_table(path, Table("", tuple(Column(each) for each in titles), list(rows)))
    return path


def test_the_life_of_a_package(data: Path, tmp_path: Path) -> None:
    def package(*arguments: object) -> int:
        return suicha("package", *arguments, "--data", data).code

    assert package("approval", "yes") == 0
    name = _export(data, tmp_path)
    assert package("mark", name, "copied", "--who", "钱二") == 2
    assert package("approve", name, "--who", "郑八") == 2
    assert package("approve", name, "--who", "郑八|副大队长") == 0
    assert package("mark", name, "copied", "--who", "钱二", "--number", "U-07") == 0
    assert package("mark", name, "uploaded", "--who", "钱二") == 0
    errors = _list(
        tmp_path / "错误.xlsx",
        ("企业名称", "错误原因"),
        (TARGETS[0][1], "代码不存在"),
        ("查无此厂", "不在辖区"),
    )
    look = suicha(
        "package", "errors", name, "--from", errors, "--dry-run", "--json", "--data", data
    )
    assert (look.code, look.json["written"], len(look.json["unmatched"])) == (3, False, 1)
    assert package("errors", name, "--from", errors, "--number", "JS-1") == 3
    shown = suicha("package", "show", name, "--json", "--data", data).json
    assert (shown["state"], shown["receipt"], shown["receipts"]) == (
        "partly",
        "JS-1",
        ["错误.xlsx"],
    )
    assert [each["problem"] for each in shown["errors"]] == ["代码不存在"]
    again = _export(data, tmp_path, "--changed", "--corrects", name)
    assert package("approve", again, "--who", "郑八|副大队长") == 0
    assert package("mark", again, "copied", "--who", "钱二") == 0
    assert package("mark", again, "uploaded", "--who", "钱二") == 0
    assert package("mark", again, "accepted", "--number", "JS-2", "--receipt", errors) == 0
    rows = suicha("package", "list", "--json", "--data", data).json["packages"]
    assert [(row["package"], row["state"], row["changed"]) for row in rows] == [
        (again, "accepted", True),
        (name, "resent", False),
    ]
    said = suicha("package", "list", "--state", "accepted", "--data", data)
    assert again in said.out
    assert name not in said.out


def test_numbers_from_a_file_and_by_hand(data: Path, tmp_path: Path) -> None:
    path = _list(
        tmp_path / "任务.xlsx",
        ("计划编号", "企业名称", "任务编号"),
        ("JH-1", TARGETS[0][1], "RW-1"),
        ("JH-1", "查无此厂", "RW-9"),
    )
    numbers = ("package", "numbers", "--draw", DRAW_NO, "--data", data, "--json")
    look = suicha(*numbers, "--from", path, "--dry-run")
    assert (look.code, look.json["tasks"], look.json["plan_no"]) == (3, {"KEY-01": "RW-1"}, "JH-1")
    assert not look.json["written"]
    assert suicha(*numbers, "--from", path).code == 3
    by_hand = suicha(*numbers, "--task", "KEY-02=RW-2", "--plan-no", "JH-2")
    assert (by_hand.code, by_hand.json["tasks"]) == (0, {"KEY-02": "RW-2"})
    assert suicha(*numbers, "--task", "KEY-09=RW-3").code == 2
    nothing = suicha(*numbers)
    assert nothing.code == 2
    assert "没有要填的编号" in nothing.err


def test_what_is_wrong_is_said_with_what_to_do(data: Path) -> None:
    said = suicha("package")
    assert said.code == 2
    assert "package 后面要写步骤" in said.err
    said = suicha("package", "show", "no.zip", "--data", data)
    assert said.code == 2
    assert "没有登记过" in said.err
