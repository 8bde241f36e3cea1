from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.rulebook import RulebookError
from app.errors import EnvironmentFault, UserError
from app.services.rulebooks import available, load, load_file


def test_five_rulebooks_ship_and_load_by_id() -> None:
    summaries = available()
    assert [summary.id for summary in summaries] == [
        "nanchang-2023",
        "neimenggu",
        "qingdao-xihaian-2020",
        "taijiang-2022",
        "yiyang-2021",
    ]
    assert [load(summary.id).document.title for summary in summaries] == [
        summary.title for summary in summaries
    ]
    inner = summaries[1]
    assert [code for code, _ in inner.levels] == ["county", "city"]


@pytest.mark.parametrize("name", ["beijing", "../nanchang-2023", ""])
def test_an_unknown_id_names_those_there_are(name: str) -> None:
    with pytest.raises(UserError, match="taijiang-2022"):
        load(name)


def test_a_units_own_file_is_read_and_its_faults_are_sentences(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    with pytest.raises(EnvironmentFault, match=r"own\.toml"):
        load_file(file)
    file.write_bytes('id = "市"'.encode("gb18030"))
    with pytest.raises(RulebookError, match="UTF-8"):
        load_file(file)
    file.write_text('id = "own"\n', encoding="utf-8")
    with pytest.raises(RulebookError, match="levels"):
        load_file(file)
