"""Papers seen before they are printed: pages, zoom, keys, saving, the printer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.documents import publication_table
from app.documents.fonts import shipped_fonts
from app.errors import EnvironmentFault
from app.ui import desktop, printing
from app.ui.dialogs import preview
from app.ui.dialogs.preview import PreviewDialog, show_file, show_papers
from app.ui.paper_pages import PaperPages
from tests.documents.paper_facts import PUBLICATION

A4 = QSizeF(595.28, 841.89)


def _paper(folder: Path, name: str, lines: int = 60) -> Path:
    path = folder / name
    facts = replace(PUBLICATION, lines=PUBLICATION.lines[:lines])
    path.write_bytes(publication_table.build(facts, shipped_fonts()))
    return path


@pytest.fixture
def long(tmp_path: Path) -> Path:
    return _paper(tmp_path, "公示表.pdf")


@pytest.fixture
def opened(qtbot: QtBot, long: Path) -> PreviewDialog:
    dialog = PreviewDialog(None, (long,))
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def test_a_page_is_as_large_as_the_paper_at_every_resolution(long: Path) -> None:
    pages = PaperPages((long,))
    assert len(pages) == len(pypdfium2.PdfDocument(long)) > 2
    for dpi in (96, 144, 192):
        image = pages.image(0, dpi)
        assert image.width() == pytest.approx(A4.width() / 72 * dpi, abs=1)
        assert image.height() == pytest.approx(A4.height() / 72 * dpi, abs=1)
    left, top, right, bottom = _ink(pages.image(0, 60))
    assert 0.1 < left < 0.2 and 0.8 < right < 0.9 and 0.05 < top < bottom < 0.95
    pages.close()


def test_pages_are_turned_and_zoomed_by_keys(qtbot: QtBot, opened: PreviewDialog) -> None:
    last = len(opened.pages)
    assert opened.windowTitle() == "公示表"
    assert opened.number.value() == 1 and not opened.back.isEnabled()
    qtbot.keyClick(opened.view, Qt.Key.Key_PageDown)
    assert opened.number.value() == 2 and opened.back.isEnabled()
    qtbot.keyClick(opened.view, Qt.Key.Key_End)
    assert opened.number.value() == last and not opened.forth.isEnabled()
    qtbot.keyClick(opened.view, Qt.Key.Key_PageUp)
    assert opened.number.value() == last - 1
    qtbot.keyClick(opened.view, Qt.Key.Key_Home)
    assert opened.number.value() == 1
    before = opened.view.zoom
    opened.view.step_zoom(1)
    assert opened.view.zoom > before and opened.share.text() == f"{opened.view.zoom:.0%}"
    opened.view.step_zoom(-1)
    opened.view.step_zoom(-1)
    assert opened.view.zoom < before
    opened.view.fit_page()
    shown = opened.pages.sizes[0].height() * opened.view.zoom * 96 / 72
    assert shown <= opened.view.viewport().height()


def test_the_pages_own_number_leads_there(qtbot: QtBot, opened: PreviewDialog) -> None:
    opened.number.setValue(3)
    assert opened.view.page == 2
    qtbot.waitUntil(lambda: opened.view.verticalScrollBar().value() > 0)


def test_several_papers_are_one_window_and_one_folder(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [_paper(tmp_path, f"通知单-{at}.pdf", 2) for at in range(3)]
    dialog = PreviewDialog(None, paths)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle() == "通知单-0 等 3 份"
    qtbot.keyClick(dialog.view, Qt.Key.Key_End)
    assert dialog.where.text() == "第 3 份，共 3 份：通知单-2"
    room = tmp_path / "另存"
    room.mkdir()
    monkeypatch.setattr(preview.QFileDialog, "getExistingDirectory", lambda *_a: str(room))
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert [each.name for each in sorted(room.iterdir())] == [each.name for each in paths]
    assert "已存到" in dialog.banner.text.text()


def test_where_nothing_can_be_saved_it_is_said(
    qtbot: QtBot, opened: PreviewDialog, tmp_path: Path
) -> None:
    opened.save_copy(tmp_path / "没有" / "a.pdf")
    assert "没有存到" in opened.banner.text.text()


def test_every_page_goes_to_the_printer_in_its_own_size(
    qtbot: QtBot, opened: PreviewDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "printed.pdf"
    monkeypatch.setattr(preview, "ask_printer", lambda *_a: _to_file(out))
    qtbot.mouseClick(opened.print_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.job is None, timeout=20_000)
    assert "已送往打印机" in opened.banner.text.text()
    printed = pypdfium2.PdfDocument(out)
    assert len(printed) == len(opened.pages)
    width, height = printed.get_page_size(0)
    assert (width, height) == pytest.approx((A4.width(), A4.height()), abs=1)
    shown, given = (PaperPages((each,)).image(1, 50) for each in (out, opened.paths[0]))
    assert _ink(shown) == pytest.approx(_ink(given), abs=0.01)


def test_only_the_pages_asked_for_are_printed_and_printing_can_be_stopped(
    qtbot: QtBot, opened: PreviewDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "some.pdf"
    printer = _to_file(out)
    printer.setFromTo(2, 3)
    monkeypatch.setattr(preview, "ask_printer", lambda *_a: printer)
    opened.ask_print()
    qtbot.waitUntil(lambda: opened.job is None, timeout=20_000)
    assert len(pypdfium2.PdfDocument(out)) == 2
    monkeypatch.setattr(preview, "ask_printer", lambda *_a: _to_file(tmp_path / "no.pdf"))
    opened.ask_print()
    qtbot.mouseClick(opened.cancel_button, Qt.MouseButton.LeftButton)
    assert opened.job is None and "已取消" in opened.banner.text.text()
    assert opened.print_button.isEnabled()


def test_a_machine_without_a_printer_says_so(
    qtbot: QtBot, opened: PreviewDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing.QPrinterInfo, "availablePrinterNames", staticmethod(list))
    opened.ask_print()
    assert "没有打印机" in opened.banner.text.text() and "另存为 PDF" in opened.banner.text.text()
    assert opened.save_button.hasFocus() and opened.job is None


def test_closing_while_pages_are_printed_asks_and_a_second_click_starts_nothing(
    qtbot: QtBot, opened: PreviewDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [False, True]
    dialogs: list[int] = []

    def printer(*_a: object) -> QPrinter:
        dialogs.append(1)
        return _to_file(tmp_path / "stopped.pdf")

    def confirm(_parent: object, title: str, *_more: object, **_named: object) -> bool:
        asked.append(title)
        return answers.pop(0)

    monkeypatch.setattr(preview, "ask_printer", printer)
    monkeypatch.setattr(preview, "confirm", confirm)
    opened.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    opened.ask_print()
    opened.ask_print()
    assert dialogs == [1] and not opened.print_button.isEnabled()
    opened.reject()
    assert opened.isVisible() and opened.job is not None
    opened.reject()
    assert not opened.isVisible() and asked == ["停止打印"] * 2
    assert opened.job is None


def test_copies_are_handed_over_again_where_the_driver_knows_nothing_of_them(
    qtbot: QtBot, opened: PreviewDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "twice.pdf"
    printer = _to_file(out)
    printer.setCopyCount(2)
    printer.setFromTo(1, 2)
    monkeypatch.setattr(type(printer), "supportsMultipleCopies", lambda _self: False)
    monkeypatch.setattr(preview, "ask_printer", lambda *_a: printer)
    opened.ask_print()
    qtbot.waitUntil(lambda: opened.job is None, timeout=20_000)
    assert len(pypdfium2.PdfDocument(out)) == 4


def test_what_is_no_paper_goes_to_its_own_program_and_what_is_broken_is_said(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[str] = []

    def open_url(url: object) -> bool:
        handed.append(str(url))
        return True

    monkeypatch.setattr(desktop.QDesktopServices, "openUrl", open_url)
    said: list[EnvironmentFault] = []
    monkeypatch.setattr(preview, "show_error", lambda _page, error: said.append(error))
    page = QWidget()
    qtbot.addWidget(page)
    sheet = tmp_path / "表.xlsx"
    sheet.write_bytes(b"x")
    show_file(page, sheet)
    assert len(handed) == 1
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    assert show_papers(page, (broken,)) is None
    show_file(page, tmp_path / "没有.pdf")
    assert str(said[0]).startswith("“坏.pdf”打不开")
    assert "找不到" in str(said[1])


def _to_file(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    printer.setResolution(96)
    return printer


def _ink(image: QImage) -> tuple[float, float, float, float]:
    """Where the darkest and the outermost is: left, top, right, bottom as shares of the page."""
    dark = [
        (x / image.width(), y / image.height())
        for y in range(image.height())
        for x in range(image.width())
        if image.pixelColor(x, y).lightness() < _DARK
    ]
    across, down = zip(*dark, strict=True)
    return min(across), min(down), max(across), max(down)


_DARK = 190
