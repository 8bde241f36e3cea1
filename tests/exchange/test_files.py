"""A file is old or new, never half; its name is legal on Windows."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnvironmentFault
from app.exchange.files import replacing, safe_name, write_atomically


def test_content_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "空间不足"), (errno.EACCES, "不能写入"), (errno.EIO, "出错")],
)
def test_a_failing_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, b"old")

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(EnvironmentFault, match=words):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_a_writers_own_error_passes_and_cleans_up(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "a.txt"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="找不到文件夹"):
        write_atomically(tmp_path / "无" / "a.txt", b"")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("331000-2026Q1-01", "331000-2026Q1-01"),
        ("名单 1:2/3?.xlsx", "名单 1_2_3_.xlsx"),
        ("con.txt", "_con.txt"),
        ("COM1", "_COM1"),
        ("console", "console"),
        ("..", "未命名"),
        ("名. ", "名"),
        ("长" * 300 + ".xlsx", "长" * 95 + ".xlsx"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(max_size=150))
def test_a_safe_name_is_safe_and_stays_so(text: str) -> None:
    name = safe_name(text)
    assert 1 <= len(name) <= 101
    assert not set(name) & set('<>:"/\\|?*\x00\n')
    assert name[-1] not in ". "
    assert safe_name(name) == name
