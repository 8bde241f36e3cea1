"""Faces by role, in order of preference, with a fallback for each character.

Windows' own 仿宋, 黑体 and 楷体 come first where they exist, then the faces in
``resources/fonts``.  A character the first face lacks is set in the next one
that has it; a character none has is refused by name, because the PDF library
would print an empty box without a word.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont, TTFontFile

from app.errors import EnvironmentFault, UserError
from app.paths import RESOURCES

_SHIPPED: Final = RESOURCES / "fonts"


class Role(Enum):
    """What a piece of type is for (GB/T 9704-2012 names the faces)."""

    BODY = "正文仿宋"
    HEADING = "标题黑体"
    KAI = "楷体"
    TITLE = "小标宋"
    SMALL = "小字黑体"
    MONO = "等宽"
    MONO_BOLD = "等宽粗体"


@dataclass(frozen=True, slots=True)
class _Source:
    """One font file: where it lies and which face of a collection it is."""

    file: str
    windows: bool = False
    index: int = 0


def _win(file: str, index: int = 0) -> _Source:
    return _Source(file, windows=True, index=index)


_SERIF: Final = _Source("NotoSerifSC-Regular.ttf")
_SERIF_BOLD: Final = _Source("NotoSerifSC-Bold.ttf")
_SANS: Final = _Source("NotoSansSC-Regular.ttf")
_SANS_BOLD: Final = _Source("NotoSansSC-Bold.ttf")
# Rare ideographs: any of these is better than an empty box, whatever the role.
_RARE: Final = (_win("simsunb.ttf"), _win("SimsunExtG.ttf"), _Source("HanaMinB.ttf"))
_MONO: Final = _Source("DejaVuSansMono.ttf")

# No free simplified 仿宋 is to be had, so Noto Serif stands in for 仿宋 and 楷体.
_ORDER: Final[dict[Role, tuple[_Source, ...]]] = {
    Role.BODY: (_win("simfang.ttf"), _SERIF, _win("simsun.ttc"), *_RARE, _SANS, _MONO),
    Role.HEADING: (_win("simhei.ttf"), _SANS_BOLD, *_RARE, _SANS, _MONO),
    Role.KAI: (_win("simkai.ttf"), _SERIF, _win("simsun.ttc"), *_RARE, _SANS, _MONO),
    Role.TITLE: (_win("FZXBSJW.TTF"), _SERIF_BOLD, _SERIF, *_RARE, _SANS_BOLD, _MONO),
    Role.SMALL: (_SANS, *_RARE, _MONO),
    Role.MONO: (_MONO, _SERIF, *_RARE, _SANS),
    Role.MONO_BOLD: (_Source("DejaVuSansMono-Bold.ttf"), _SANS_BOLD, *_RARE, _SANS),
}


class _Face(TTFont):  # type: ignore[misc]
    """reportlab's TrueType face with a ToUnicode map that is right beyond the BMP.

    reportlab writes ``<20BB7>`` for 𠮷, which readers take for another
    character; the PDF standard (ISO 32000-1, 9.10.3) asks for UTF-16BE.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
        """Let reportlab write the font, then correct its ToUnicode streams."""
        subsets = [tuple(subset) for subset in self.state[doc].subsets]
        before = set(doc.idToObject)
        super().addObjects(doc)
        streams = [k for k in doc.idToObject if k not in before and k.startswith("toUnicodeCMap:")]
        for key, subset in zip(streams, subsets, strict=True):
            doc.idToObject[key].content = _to_unicode(key.partition(":")[2], subset)


def _to_unicode(name: str, subset: tuple[int, ...]) -> str:
    """A ToUnicode CMap: code i of ``subset`` stands for that character, in UTF-16BE."""
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo\n<< /Registry ({name})\n/Ordering ({name})\n/Supplement 0\n>> def\n"
        f"/CMapName /{name} def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange\n"
    )
    rows = [
        f"<{code:02X}> <{chr(char).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for code, char in enumerate(subset)
    ]
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]  # 100 is the CMap limit
    body = "".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar\n" for b in blocks)
    return f"{head}{body}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


@dataclass(frozen=True, slots=True)
class Face:
    """A registered font: its reportlab name and what it can set."""

    name: str
    _file: TTFontFile

    def has(self, char: str) -> bool:
        """Whether the face has a glyph for ``char``."""
        return ord(char) in self._file.charToGlyph

    def advance(self, char: str) -> float:
        """Width of ``char`` in ems."""
        return float(self._file.getCharWidth(ord(char))) / 1000.0


@lru_cache(maxsize=32)
def _load(path: Path, index: int) -> Face | None:
    """The face, registered; None if the file is damaged or forbids embedding."""
    # The name depends on the file alone, so equal input gives equal bytes.
    name = f"suicha-{path.stem}-{index}"
    try:
        font = _Face(name, str(path), subfontIndex=index, shapable=False)
    except TTFError:
        return None
    pdfmetrics.registerFont(font)
    return Face(name, font.face)


class FontBook:
    """The faces of each role that exist on this machine.

    ``shipped``: the folder with our own faces; ``windows``: Windows' font
    folder or None.  Raises EnvironmentFault if a role has no face at all.
    """

    def __init__(self, shipped: Path, windows: Path | None) -> None:
        self._shipped = shipped
        self._windows = windows
        self._chains: dict[Role, tuple[tuple[Path, int], ...]] = {}
        for role, sources in _ORDER.items():
            found = tuple(at for at in map(self._locate, sources) if at is not None)
            if not found:
                raise EnvironmentFault(
                    f"缺少打印用的字体（{role.value}），程序安装不完整。",
                    "请重新解压或安装程序后再打印。",
                )
            self._chains[role] = found
        self._chosen: dict[tuple[Role, str], Face | None] = {}
        self._advances: dict[tuple[str, str], float] = {}

    def _locate(self, source: _Source) -> tuple[Path, int] | None:
        folder = self._windows if source.windows else self._shipped
        if folder is None:
            return None
        path = folder / source.file
        return (path, source.index) if path.is_file() else None

    def face(self, role: Role, char: str) -> Face:
        """The first face of ``role`` that has ``char``; UserError if none has it."""
        found = self._find(role, char)
        if found is None:
            raise UserError(
                f"没有字体能印出“{char}”（U+{ord(char):04X} {_unicode_name(char)}）。",
                "请核对这个字；确需使用的，请先在系统里装上含有它的宋体扩展字库。",
            )
        return found

    def _find(self, role: Role, char: str) -> Face | None:
        key = (role, char)
        if key not in self._chosen:
            faces = (_load(path, index) for path, index in self._chains[role])
            self._chosen[key] = next((face for face in faces if face and face.has(char)), None)
        return self._chosen[key]

    def advance(self, face: Face, char: str) -> float:
        """Width of ``char`` in ``face``, in ems (remembered: it is asked very often)."""
        key = (face.name, char)
        if key not in self._advances:
            self._advances[key] = face.advance(char)
        return self._advances[key]

    def missing(self, text: str, roles: Iterable[Role] = (Role.BODY,)) -> tuple[str, ...]:
        """The characters of ``text`` that some role cannot set, each once, in order."""
        asked = tuple(roles)
        lacking = (c for c in text if not all(self._find(role, c) for role in asked))
        return tuple(dict.fromkeys(lacking))


def _unicode_name(char: str) -> str:
    return unicodedata.name(char, "未命名字符")


@cache
def machine_fonts() -> FontBook:
    """The faces of this machine: Windows' own first, then the shipped ones."""
    root = os.environ.get("WINDIR")
    windows = Path(root) / "Fonts" if root else None
    return FontBook(_SHIPPED, windows if windows is not None and windows.is_dir() else None)


@cache
def shipped_fonts() -> FontBook:
    """The shipped faces alone: the same bytes on every machine."""
    return FontBook(_SHIPPED, None)


def missing(text: str) -> tuple[str, ...]:
    """The characters of ``text`` that no face of this machine can print."""
    return machine_fonts().missing(text)
