"""The small pieces: theme, icons, filters, steps, digests, dialogs, first run."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import paths
from app.services.rulebooks import RulebookSummary
from app.ui import theme
from app.ui.dialogs.first_run import FirstRun, FirstRunDialog, StartWith
from app.ui.dialogs.messages import MessageDialog, confirm_danger
from app.ui.icons import icon, pixmap
from app.ui.theme import LIGHT, PROJECTOR, Tone
from app.ui.widgets import (
    DetailPane,
    ElidedLabel,
    FigureCard,
    Filter,
    FilterRow,
    GuidedSequence,
    HashLabel,
    Segments,
    StepList,
    button,
)
from tests.domain.rulebooks import rulebook_text

DIGEST = "13b09c67fef3b77d896362b36e103885e7155151652a785f96bc0b0b7ff0de6e"


def luminance(colour: str) -> float:
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tone", [tone for tone in Tone if tone.fill])
def test_every_chip_can_be_read(tone: Tone) -> None:
    assert contrast(tone.ink, tone.fill or LIGHT.surface) >= 4.5


@pytest.mark.parametrize("ground", [LIGHT.background, LIGHT.surface, LIGHT.selection, LIGHT.hover])
def test_every_text_can_be_read(ground: str) -> None:
    for ink in (LIGHT.text, LIGHT.secondary, LIGHT.accent, LIGHT.danger):
        assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast(LIGHT.control_border, ground) >= 2.8


def test_a_hint_can_be_read_in_a_field(qtbot: QtBot) -> None:
    for field in (QLineEdit(), QPlainTextEdit()):
        qtbot.addWidget(field)
        field.ensurePolished()
        hint = field.palette().placeholderText().color()
        assert hint == QColor(LIGHT.placeholder)
    assert contrast(LIGHT.placeholder, LIGHT.surface) >= 4.5
    assert contrast(LIGHT.placeholder, LIGHT.background) >= 4.5


def test_the_projector_can_be_read() -> None:
    for ink in (PROJECTOR.text, PROJECTOR.secondary, PROJECTOR.dim, PROJECTOR.accent):
        assert contrast(ink, PROJECTOR.panel) >= 4.5


def test_qts_own_buttons_speak_chinese(qtbot: QtBot) -> None:
    box = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
    )
    qtbot.addWidget(box)
    assert {each.text().split("(")[0] for each in box.buttons()} == {"确定", "取消"}


def test_the_style_sheet_has_no_token_left_and_finds_its_pictures() -> None:
    sheet = theme.style_sheet(LIGHT)
    assert "$" not in sheet.replace("($name)", "")
    for part in sheet.split("url(")[1:]:
        assert Path(part.split(")")[0]).is_file()


def test_chinese_is_drawn_by_a_font_that_has_it(qapp: QApplication) -> None:
    assert theme.font_found() in theme.SANS


@pytest.mark.parametrize(
    "name", sorted(file.stem for file in (paths.RESOURCES / "icons").glob("*.svg"))
)
def test_every_icon_paints_something_and_is_crisp(qapp: QApplication, name: str) -> None:
    drawn = pixmap(name, LIGHT.text, 20, 1.5)
    assert drawn.width() == 30
    image = drawn.toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 0 for x in range(30) for y in range(30))
    assert inked > 8
    assert icon(name).pixmap(20, 20).width() >= 20


def test_an_unknown_icon_is_a_mistake_at_once() -> None:
    with pytest.raises(KeyError):
        icon("no-such-icon")


def test_a_digest_is_grouped_for_eyes_and_copied_whole(qtbot: QtBot) -> None:
    shown = HashLabel(DIGEST)
    qtbot.addWidget(shown)
    assert shown._text.text().count("<br>") == 3
    shown.copy()
    assert QGuiApplication.clipboard().text() == DIGEST
    brief = HashLabel(DIGEST, brief=True)
    qtbot.addWidget(brief)
    assert brief._text.text() == "13b09c67 … 7ff0de6e"


def test_a_cut_line_is_told_in_full_by_its_tooltip(qtbot: QtBot) -> None:
    name = ElidedLabel("青禾县某戊再生资源有限公司柳湾镇分公司")
    qtbot.addWidget(name)
    name.resize(100, 20)
    name.show()
    assert name.text().endswith("…")
    assert name.toolTip() == "青禾县某戊再生资源有限公司柳湾镇分公司"
    name.resize(400, 20)
    assert name.text() == name.whole
    assert name.toolTip() == ""


CATEGORY = Filter("category", "类别", (("A", "A 类"), ("B", "B 类")))
STATE = Filter("state", "状态", (("active", "在产"),), frozenset({"active"}))


def test_filters_say_what_they_narrow_to(qtbot: QtBot) -> None:
    row = FilterRow([CATEGORY, STATE])
    qtbot.addWidget(row)
    row.show()
    changes: list[int] = []
    row.changed.connect(lambda: changes.append(1))
    assert row.chosen == {"state": frozenset({"active"})}
    menu = row._buttons["category"].menu_of_boxes()
    for box in menu.findChildren(QCheckBox):
        box.click()
    assert row.chosen["category"] == frozenset({"A", "B"})
    assert row._buttons["category"].text() == "类别：A 类 等 2 项"
    assert len(changes) == 2
    qtbot.mouseClick(row.clear_link, Qt.MouseButton.LeftButton)
    assert row.chosen == {}
    assert not row.clear_link.isVisible()


def test_typing_searches_once_after_a_pause(qtbot: QtBot) -> None:
    row = FilterRow()
    qtbot.addWidget(row)
    changes: list[str] = []
    row.changed.connect(lambda: changes.append(row.search))
    qtbot.keyClicks(row.search_box, "snc")
    assert changes == []
    qtbot.waitUntil(lambda: bool(changes))
    assert changes == ["snc"]
    qtbot.keyClicks(row.search_box, "x")
    qtbot.keyClick(row.search_box, Qt.Key.Key_Return)
    assert changes == ["snc", "sncx"]


def test_more_than_three_filters_fold(qtbot: QtBot) -> None:
    row = FilterRow([CATEGORY, STATE, Filter("c", "丙", ()), Filter("d", "丁", (("x", "壬"),))])
    qtbot.addWidget(row)
    row.show()
    assert row.more.isVisible()
    assert not row._buttons["d"].isVisible()
    row.choose("d", frozenset({"x"}))
    assert row._buttons["d"].isVisible()


def test_nobody_goes_back_over_the_barrier() -> None:
    steps = StepList(["核对", "封存", "写号", "承诺", "开号", "揭晓"], barrier=4)
    backward = []
    for number in range(steps.count):
        steps.go_to(number)
        backward.append(steps.can_go_back())
    assert backward == [False, True, True, True, False, True]


def test_a_sequence_moves_only_when_told(qtbot: QtBot) -> None:
    sequence = GuidedSequence(["一", "二"])
    qtbot.addWidget(sequence)
    for _ in range(2):
        sequence.add_page(QWidget())
    sequence.show()
    wanted: list[int] = []
    sequence.next_requested.connect(wanted.append)
    sequence.allow_next(False, "还有 2 人没有录完")
    qtbot.mouseClick(sequence.forward, Qt.MouseButton.LeftButton)
    assert wanted == []
    assert sequence.hint.text() == "还有 2 人没有录完"
    sequence.allow_next(True)
    qtbot.mouseClick(sequence.forward, Qt.MouseButton.LeftButton)
    assert wanted == [0]
    assert sequence.steps.current == 0


def test_segments_announce_their_key(qtbot: QtBot) -> None:
    parts = Segments([("period", "本期"), ("year", "本年"), ("all", "全部")])
    qtbot.addWidget(parts)
    parts.show()
    chosen: list[object] = []
    parts.chosen.connect(chosen.append)
    year = next(each for each in parts.findChildren(QPushButton) if each.text() == "本年")
    qtbot.mouseClick(year, Qt.MouseButton.LeftButton)
    assert chosen == ["year"]
    assert parts.key == "year"


def test_the_detail_pane_closes_and_says_so(qtbot: QtBot) -> None:
    pane = DetailPane(["基本", "附件"])
    qtbot.addWidget(pane)
    pane.show()
    pane.show_record("某甲", code="9136")
    pane.set_tab_text("附件", "附件 4")
    with qtbot.waitSignal(pane.closed):
        pane.close_pane()
    assert not pane.isVisible()


def test_the_focus_ring_follows_the_keyboard(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    buttons = [button("甲"), button("乙")]
    for each in buttons:
        column.addWidget(each)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    for each in buttons:
        each.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.sendPostedEvents(None, 0)
        rings = [child for child in holder.children() if type(child).__name__ == "_Ring"]
        around = [r.geometry() for r in rings if isinstance(r, QWidget) and r.isVisible()]
        assert around == [each.geometry().adjusted(-3, -3, 3, 3)]


@pytest.mark.parametrize(("press", "expected"), [("注销", True), ("取消", False), ("", False)])
def test_danger_names_the_object_and_enter_is_safe(
    qtbot: QtBot, press: str, expected: bool
) -> None:
    seen: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, MessageDialog)
        seen.append(dialog.windowTitle())
        if press:
            next(b for b in dialog.findChildren(QPushButton) if b.text() == press).click()
        else:
            qtbot.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(50, answer)
    assert confirm_danger(None, "注销", "不再抽取。", object_name="某甲", action="注销") is expected
    assert seen == ["注销：某甲"]


RULEBOOKS = (
    RulebookSummary(
        id="one-level", name="one-level",
        title="某县细则", region="某省某县", issuer="某局", number="",
        levels=(("county", "县局"),),
    ),
    RulebookSummary(
        id="two-levels", name="two-levels",
        title="某区细则", region="某自治区", issuer="某厅", number="1号",
        levels=(("county", "旗县级分局"), ("city", "盟市局")),
    ),
)  # fmt: skip


def test_the_first_run_asks_step_by_step(qtbot: QtBot) -> None:
    dialog = FirstRunDialog(RULEBOOKS)
    qtbot.addWidget(dialog)
    dialog.show()
    forward = dialog.sequence.forward
    qtbot.mouseClick(forward, Qt.MouseButton.LeftButton)
    assert not forward.isEnabled()
    qtbot.keyClicks(dialog.name_edit, "Qinghe")
    qtbot.keyClicks(dialog.code_edit, "36019")
    assert dialog.sequence.hint.text() == "区划代码是 6 位数字"
    qtbot.keyClicks(dialog.code_edit, "9")
    assert dialog.sequence.hint.text() == "请填写经办人姓名"
    qtbot.keyClicks(dialog.person_edit, "Wu Qian")
    qtbot.mouseClick(forward, Qt.MouseButton.LeftButton)
    card = dialog.rulebook_list.cards._cards["two-levels"]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert dialog.sequence.hint.text() == "请选本单位的层级"
    league = next(r for r in card.findChildren(QRadioButton) if r.text().startswith("盟市"))
    qtbot.mouseClick(league, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(forward, Qt.MouseButton.LeftButton)
    assert forward.text() == "建立工作区"
    qtbot.mouseClick(forward, Qt.MouseButton.LeftButton)
    assert dialog.choice == FirstRun(
        name="Qinghe", code="360199", person="Wu Qian", rulebook_id="two-levels",
        level="city", start_with=StartWith.EMPTY,
    )  # fmt: skip


def test_a_rulebook_with_one_level_asks_for_none(qtbot: QtBot) -> None:
    dialog = FirstRunDialog(RULEBOOKS)
    qtbot.addWidget(dialog)
    dialog.rulebook_list.choose("one-level")
    assert dialog.choice.level == ""
    assert not dialog.rulebook_list.lacks


def test_a_units_own_rulebook_is_chosen_from_a_file(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = FirstRunDialog(RULEBOOKS)
    qtbot.addWidget(dialog)
    picker = dialog.rulebook_list
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "own"', encoding="utf-8")
    picker.take_file(bad)
    assert "levels" in picker.banner.text.text()
    assert picker.lacks == "请选一部细则"
    own = tmp_path / "own.toml"
    own.write_text(rulebook_text("sixth"), encoding="utf-8")
    picker.take_file(own)
    picker.take_file(own)
    assert not picker.banner.isVisibleTo(picker)
    assert (dialog.choice.rulebook_id, picker.summary.title, picker.lacks) == (
        str(own),
        "云溪县随机抽查办法",
        "",
    )
    assert len(picker.cards._cards) == len(RULEBOOKS) + 1


def test_a_file_in_the_folder_that_cannot_be_used_says_why(qtbot: QtBot) -> None:
    broken = RulebookSummary(
        id="bad", name="x/bad.toml", title="bad.toml", region="", issuer="", number="",
        levels=(), problem="细则文件中的“id”应是文字。",
    )  # fmt: skip
    dialog = FirstRunDialog([*RULEBOOKS, broken])
    qtbot.addWidget(dialog)
    dialog.rulebook_list.choose("x/bad.toml")
    assert dialog.rulebook_list.lacks == "这个细则文件还不能用"
    assert dialog.rulebook_list.banner.text.text() == broken.problem


def test_the_hint_of_a_search_box_is_read_whole(qtbot: QtBot) -> None:
    hint = "介质编号 / 保管人 / 卷标 / 用途"
    row = FilterRow(hint=hint)
    qtbot.addWidget(row)
    box = row.search_box
    assert box.placeholderText() == hint
    assert box.minimumWidth() > box.fontMetrics().horizontalAdvance(hint) + 60


@pytest.mark.parametrize(
    ("width", "lines"), [(200, "待录入 120·未检查 205"), (130, "待录入 120\n未检查 205")]
)
def test_a_figure_s_note_is_whole_in_a_narrow_card(qtbot: QtBot, width: int, lines: str) -> None:
    card = FigureCard("已检查")
    qtbot.addWidget(card)
    card.show_figure(100, 425, "待录入 120·未检查 205")
    card.resize(width, 300)
    card.show()
    qtbot.waitUntil(lambda: card.note.text() == lines)
    qtbot.waitUntil(lambda: card.note.height() >= card.note.sizeHint().height())


def test_rows_that_were_asked_for_stay_until_they_are_let_go(qtbot: QtBot) -> None:
    row = FilterRow([Filter("state", "状态", (("a", "在册"), ("b", "离岗")))])
    qtbot.addWidget(row)
    row.choose("state", frozenset({"b"}))
    row.search_box.setText("甲")
    asked: list[object] = []
    row.changed.connect(lambda: asked.append(dict(row.chosen)))
    row.show_only((3, 5), "执法证已过期")
    # What was searched for before would hide what was counted.
    assert asked == [{"only": frozenset({"3", "5"})}]
    assert (row.search, row.only_button.text()) == ("", "只看：执法证已过期")
    row.only_button.click()
    assert (asked[-1], row.only_button.isHidden()) == ({}, True)
    row.show_only((3,), "执法证已过期")
    row.clear()
    assert dict(row.chosen) == {}
