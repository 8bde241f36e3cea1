from __future__ import annotations

from pathlib import Path

import pytest

from app.documents.fonts import FontBook, Role, missing, shipped_fonts
from app.errors import EnvironmentFault, UserError


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("char", "𬍛㐱䶮𠮷𬱖一A0，“—")
def test_every_role_can_set_names_and_marks(role: Role, char: str) -> None:
    assert shipped_fonts().face(role, char).has(char)


def test_a_rare_character_falls_back_alone() -> None:
    fonts = shipped_fonts()
    assert fonts.face(Role.BODY, "吉").name != fonts.face(Role.BODY, "𠮷").name


def test_a_character_no_face_has_is_refused_by_name() -> None:
    assert shipped_fonts().missing("甲\U0001f9ff乙\U0001f9ff") == ("\U0001f9ff",)
    with pytest.raises(UserError, match=r"U\+1F9FF NAZAR AMULET"):
        shipped_fonts().face(Role.BODY, "\U0001f9ff")


def test_missing_asks_this_machine() -> None:
    assert missing("某某县𬍛㐱䶮𠮷𬱖") == ()


def test_a_control_character_is_missing_rather_than_an_empty_box() -> None:
    assert shipped_fonts().missing("甲\u200b\x07") == ("\u200b", "\x07")


def test_windows_faces_come_first(tmp_path: Path) -> None:
    """A stand-in for simfang.ttf: any TrueType file under that name."""
    shipped = Path(__file__).resolve().parents[2] / "resources" / "fonts"
    (tmp_path / "simfang.ttf").write_bytes((shipped / "DejaVuSansMono-Bold.ttf").read_bytes())
    fonts = FontBook(shipped, tmp_path)
    assert "simfang" in fonts.face(Role.BODY, "A").name
    assert "NotoSerifSC" in fonts.face(Role.BODY, "一").name
    assert "simfang" not in fonts.face(Role.TITLE, "A").name


def test_a_damaged_face_is_passed_over(tmp_path: Path) -> None:
    shipped = Path(__file__).resolve().parents[2] / "resources" / "fonts"
    (tmp_path / "simfang.ttf").write_bytes(b"not a font")
    assert "NotoSerifSC" in FontBook(shipped, tmp_path).face(Role.BODY, "A").name


def test_an_installation_without_faces_says_so(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="字体"):
        FontBook(tmp_path, None)
