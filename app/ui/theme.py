"""The look: tokens, fonts, the one style sheet, Chinese for Qt's own buttons.

``apply_theme(app)`` is called once, by the window and by every test, so a
screenshot of a test shows the real thing.  A widget that paints itself reads
its colours from ``LIGHT``; no colour is written anywhere else.
"""

from __future__ import annotations

import enum
import os
from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app import paths
from app.ui.focus_ring import FocusRing


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Colours (#RRGGBB) of the light window; names say the use, not the hue."""

    background: str = "#F5F6F8"
    surface: str = "#FFFFFF"
    raised: str = "#FAFBFC"
    line: str = "#E2E5EA"
    table_line: str = "#CDD3DB"
    control_border: str = "#848E9C"
    text: str = "#1B1F24"
    secondary: str = "#5A6472"
    placeholder: str = "#66717F"
    empty: str = "#9AA3AE"
    accent: str = "#1F5FBF"
    accent_strong: str = "#1A52A6"
    accent_deep: str = "#164589"
    selection: str = "#E6EFFC"
    hover: str = "#F1F5FB"
    accent_chip: str = "#D6E5FB"
    ok: str = "#1A7045"
    ok_chip: str = "#E5F5EC"
    warn: str = "#8F5400"
    warn_chip: str = "#FDF1DC"
    danger: str = "#B3261E"
    danger_chip: str = "#FCE8E6"
    info: str = "#3A4A5E"
    info_chip: str = "#E9EDF2"
    pending: str = "#8AB0E8"
    scroll: str = "#BCC3CD"
    disabled_fill: str = "#DADFE6"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectorTokens:
    """Colours and sizes (px) of the projector window, read from ten metres."""

    background: str = "#0E131A"
    panel: str = "#161D27"
    line: str = "#2C3746"
    text: str = "#F4F7FA"
    secondary: str = "#AAB5C3"
    dim: str = "#8391A3"
    accent: str = "#7DB0FF"
    revealed: str = "#1D3557"
    ok: str = "#62D197"
    title_px: int = 48
    serial_px: int = 40
    smallest_px: int = 24


LIGHT = Tokens()
PROJECTOR = ProjectorTokens()

# Sizes in logical pixels; the size setting scales them all at once.
PAGE = 16
GAP = 12
RADIUS = 4
CHIP = 20
TABLE_HEAD = 36
ROW = 32
ROW_TWO_LINES = 54
NAV_WIDTH = 168
NAV_ITEM = 42
STATUS_BAR = 28
DETAIL_WIDTH = 320
NARROW = 1360
"""Below this window width filters fold and the detail pane closes by itself."""

BODY_PX = 13
SMALL_PX = 12
SECTION_PX = 14


class Tone(enum.Enum):
    """What a chip, banner or figure means; colour always comes with a word."""

    NORMAL = "normal"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"
    INFO = "info"

    @property
    def ink(self) -> str:
        """Text colour."""
        return _INK[self]

    @property
    def fill(self) -> str | None:
        """Chip background; ``None`` for the normal state, which has no chip."""
        return _FILL[self]


_INK = {
    Tone.NORMAL: LIGHT.secondary,
    Tone.ACCENT: LIGHT.accent_strong,
    Tone.OK: LIGHT.ok,
    Tone.WARN: LIGHT.warn,
    Tone.DANGER: LIGHT.danger,
    Tone.INFO: LIGHT.info,
}
_FILL: dict[Tone, str | None] = {
    Tone.NORMAL: None,
    Tone.ACCENT: LIGHT.accent_chip,
    Tone.OK: LIGHT.ok_chip,
    Tone.WARN: LIGHT.warn_chip,
    Tone.DANGER: LIGHT.danger_chip,
    Tone.INFO: LIGHT.info_chip,
}


class TextSize(enum.Enum):
    """The size setting: one factor over text, controls and icons alike."""

    STANDARD = "标准"
    LARGE = "大"
    HUGE = "特大"

    @property
    def factor(self) -> float:
        """Multiplied with the screen's own scaling."""
        return {"标准": 1.0, "大": 1.15, "特大": 1.3}[self.value]


def choose_text_size(size: TextSize) -> None:
    """Scale the whole window.  Call before ``QApplication`` is made.

    Qt's own factor scales text, controls, icons and hand-painted tables alike
    and stays crisp, which a table of larger numbers in the style would not.
    """
    if size is TextSize.STANDARD:
        return
    inherited = float(os.environ.get("QT_SCALE_FACTOR", "1") or "1")
    os.environ["QT_SCALE_FACTOR"] = f"{inherited * size.factor:.4g}"


SANS = ("Microsoft YaHei UI", "Noto Sans SC")
MONO = ("Consolas", "DejaVu Sans Mono", "Noto Sans SC")


def sans(pixels: int = BODY_PX, *, bold: bool = False) -> QFont:
    """The interface font, 400 or 700."""
    return _font(SANS, pixels, bold)


def mono(pixels: int = SMALL_PX, *, bold: bool = False) -> QFont:
    """The face of codes and digests: every character one width."""
    font = _font(MONO, pixels, bold)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def _font(families: tuple[str, ...], pixels: int, bold: bool) -> QFont:
    font = QFont(list(families))
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return font


def apply_theme(app: QApplication) -> None:
    """Give ``app`` fonts, palette, style sheet, Chinese and the focus ring."""
    if app.property("suicha_theme"):
        return
    app.setProperty("suicha_theme", True)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    _load_fonts()
    _speak_chinese(app)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(sans())
    app.setPalette(_palette(LIGHT))
    app.setStyleSheet(style_sheet(LIGHT))
    FocusRing(app, LIGHT.accent, LIGHT.surface)


def font_found() -> str:
    """The family that really draws Chinese on this machine, for 系统 › 关于."""
    families = set(QFontDatabase.families())
    return next((name for name in SANS if name in families), "未找到中文字体")


def style_sheet(tokens: Tokens) -> str:
    """The one style sheet: resources/theme/suicha.qss with the tokens put in."""
    folder = paths.RESOURCES / "theme"
    template = Template((folder / "suicha.qss").read_text(encoding="utf-8"))
    return template.substitute(asdict(tokens), theme=folder.as_posix())


def _load_fonts() -> None:
    # Without them a machine that has no Chinese font shows boxes.
    for file in sorted((paths.RESOURCES / "fonts").glob("*.ttf")):
        if file.name.startswith(("NotoSansSC", "DejaVuSansMono")):
            QFontDatabase.addApplicationFont(str(file))


def _speak_chinese(app: QApplication) -> None:
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_zh_CN", folder):
        app.installTranslator(translator)


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, tokens.background),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.raised),
        (role.Text, tokens.text),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.surface),
        (role.PlaceholderText, tokens.placeholder),
        (role.Link, tokens.accent),
        (role.ToolTipBase, tokens.text),
        (role.ToolTipText, tokens.surface),
        (role.Accent, tokens.accent),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.placeholder))
    return palette


ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ALIGN_CENTER = Qt.AlignmentFlag.AlignCenter
