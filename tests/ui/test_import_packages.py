"""A squad's directory package through the guided import: its passphrase, then as any table."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.intake import importing
from app.services.intake.importing import ApplyImport
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage
from app.ui.dialogs.passphrase import PassphraseDialog
from app.ui.imports.sequence import COLUMNS, DONE, FILE, ImportSequence
from tests.support import make_office
from tests.ui.test_directory_pages import Wait, page, wait, window, words
from tests.ui.test_import_sequence import sequence, step

__all__ = ["page", "sequence", "wait", "window"]

CSV = "名称,监管类别,地址\n青禾县某甲养殖场,一般,柳湾镇\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    squad = make_office(tmp_path / "squad")
    path = tmp_path / "一中队.csv"
    path.write_text(CSV, "utf-8")
    squad.write(importing.apply, ApplyImport(kind="targets", path=path))
    command = MakePackage(
        what="directories", period="2026Q3", to=tmp_path, passphrase="qinghe-2026"
    )
    made = squad.write(exporting.export, command).path
    squad.close()
    return made


def test_a_locked_package_is_opened_and_imported(
    sequence: ImportSequence, package: Path, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["", "wrong-phrase", "qinghe-2026"]
    monkeypatch.setattr(
        "app.ui.imports.sequence.ask_passphrase", lambda _parent, _name: answers.pop(0)
    )
    sequence.read(package)  # given up
    assert step(sequence) == FILE and sequence.file_step.choose.isEnabled()
    sequence.read(package)
    wait()
    assert step(sequence) == FILE
    assert "口令不对" in sequence.file_step.banner.text.text()
    sequence.read(package)
    wait()
    assert step(sequence) == COLUMNS
    assert package.name in words(sequence).replace("\u200b", "")
    for _ in range(3):
        sequence.guide.forward.click()
    wait()
    assert step(sequence) == DONE


def test_the_passphrase_is_asked_for_in_a_small_dialog(qtbot: QtBot) -> None:
    dialog = PassphraseDialog(None, "360199-2026Q3-001.zip")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.open_button.isEnabled()
    qtbot.keyClicks(dialog.phrase, "qinghe-2026")
    assert dialog.open_button.isEnabled()
    with qtbot.waitSignal(dialog.accepted):
        dialog.open_button.click()
