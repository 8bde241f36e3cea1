from __future__ import annotations

import pytest

from app.db.read import targets
from app.errors import UserError
from app.services.intake import importing, pasting
from app.services.intake.importing import ApplyImport
from app.services.intake.pasting import PasteRows
from app.services.workspace import Workspace

TITLES = ("名称", "统一社会信用代码", "类别", "乡镇")


def imported(office: Workspace, text: str) -> list[tuple[str, str, str]]:
    path = pasting.keep(PasteRows("targets", text, TITLES))
    office.write(importing.apply, ApplyImport(kind="targets", path=path))
    rows = office.read(lambda connection: list(targets.all_facts(connection)))
    return sorted((facts.name, facts.category, facts.township) for _, _, facts in rows)


def test_rows_with_their_header_go_through_the_import(office: Workspace) -> None:
    text = "单位名称\t监管类别\t所属乡镇\r\n青禾县某丙厂\t一般\t柳湾镇\r\n青禾县某丁厂\t重点\t\r\n"
    assert imported(office, text) == [
        ("青禾县某丁厂", "KEY", ""),
        ("青禾县某丙厂", "GENERAL", "柳湾镇"),
    ]


def test_rows_without_header_take_the_columns_on_show(office: Workspace) -> None:
    assert imported(office, "青禾县某丙厂\t\t一般\t柳湾镇\n\n") == [
        ("青禾县某丙厂", "GENERAL", "柳湾镇")
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "没有表格内容"),
        ("一句话", "没有表格内容"),
        ("\t \n", "没有表格内容"),
        ("a\tb\tc\td\te", "又没有表头"),
    ],
)
def test_what_is_no_table_is_refused(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        pasting.keep(PasteRows("targets", text, TITLES))
