"""A passphrase is taken from where nobody else on the machine can read it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from .running import Said, suicha

WORDS = "correct horse 9"


def export(county: Path, to: Path, *more: object) -> Said:
    what = ("export", "--what", "inspectors", "--data", county, "--to", to)
    return suicha(*what, *more)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "口令.txt"
    path.write_text(f"{WORDS}\r\n第二行不算\n", encoding="utf-8-sig", newline="")
    return path


def test_from_a_file_from_the_input_and_from_the_environment(
    county: Path, tmp_path: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = export(county, tmp_path, "--passphrase-file", written)
    assert made.code == 0 and not made.err
    (package,) = tmp_path.glob("*.zip")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{WORDS}\n"))
    assert suicha("verify", package, "--passphrase-file", "-").code == 0
    monkeypatch.setenv("SUICHA_PASSPHRASE", WORDS)
    assert suicha("verify", package).code == 0
    monkeypatch.setenv("SUICHA_PASSPHRASE", "something else")
    assert suicha("verify", package).code == 2


def test_in_the_command_it_works_and_is_warned_of(
    county: Path, tmp_path: Path, written: Path
) -> None:
    made = export(county, tmp_path, "--passphrase", WORDS)
    assert made.code == 0 and "进程列表" in made.err
    both = export(county, tmp_path, "--passphrase", WORDS, "--passphrase-file", written)
    assert both.code == 2


def test_no_file_and_an_empty_one_are_sentences(county: Path, tmp_path: Path) -> None:
    missing = export(county, tmp_path, "--passphrase-file", tmp_path / "没有.txt")
    assert missing.code == 2 and "口令文件读不出" in missing.err
    (tmp_path / "空.txt").write_text("\n", encoding="utf-8")
    empty = export(county, tmp_path, "--passphrase-file", tmp_path / "空.txt")
    assert empty.code == 2 and "口令是空的" in empty.err
    assert not list(tmp_path.glob("*.zip"))
