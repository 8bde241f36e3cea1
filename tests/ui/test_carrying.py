"""拷到 U 盘, 介质台账 and 核对介质, clicked like a person with sticks that are folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.db.read import media as reads
from app.db.read import packages
from app.db.read.packages import PackageRow
from app.domain.media import MediumFacts
from app.domain.package_course import PackageState
from app.services.packages import carrying, exporting, media
from app.services.packages.carrying import Drive
from app.services.packages.exporting import MakePackage
from app.services.workspace import Workspace
from app.ui.application import make_window, status_of
from app.ui.dialogs import carrying as dialogs
from app.ui.dialogs.carrying import CarryDialog, UnregisteredDialog, package_goods
from app.ui.dialogs.checking_media import CheckMediumDialog
from app.ui.dialogs.messages import MessageDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.publishing import PACKAGES, PublishingPage
from app.ui.pages.system import SystemPage
from app.ui.pictures import settle
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import drive_list
from app.ui.widgets.drive_list import DriveList
from tests.support_office import make_office

HALF = ".未完成"


class Sticks:
    """What is plugged in."""

    def __init__(self, root: Path) -> None:
        self.here: dict[str, Drive] = {}
        self._root = root

    def plug(self, label: str, serial: str = "", **facts: object) -> Path:
        folder = self._root / label
        folder.mkdir(exist_ok=True)
        plain = Drive(
            root=folder,
            label=label,
            file_system="FAT32",
            free=3 * 1024**3,
            total=8 * 1024**3,
            read_only=False,
            serial=serial,
        )
        self.here[label] = replace(plain, **facts)  # type: ignore[arg-type]
        return folder

    def __call__(self) -> tuple[Drive, ...]:
        return tuple(self.here.values())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "ws", people=4)
    yield made
    made.close()


@pytest.fixture
def sticks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sticks:
    found = Sticks(tmp_path)
    monkeypatch.setattr(carrying, "removable_drives", found)
    monkeypatch.setattr(drive_list, "_EVERY_MS", 50)
    return found


@pytest.fixture
def row(office: Workspace, tmp_path: Path) -> PackageRow:
    (tmp_path / "out").mkdir()
    office.write(exporting.export, MakePackage(what="directories", to=tmp_path / "out"))
    return office.read(packages.every)[0]


@pytest.fixture
def window(office: Workspace, qtbot: QtBot) -> Iterator[MainWindow]:
    specs = [
        PageSpec("publication", "公示与上报", "megaphone", PublishingPage),
        PageSpec("system", "系统", "sliders", SystemPage),
    ]
    made = make_window(office, MemoryViewStore(), specs, status_of)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    settle()
    yield made
    settle()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    seen: list[Path] = []
    monkeypatch.setattr(dialogs, "show_file", lambda _parent, path: seen.append(path))
    return seen


def register(office: Workspace, label: str = "QH-01", serial: str = "1A2B-3C4D") -> int:
    facts = MediumFacts(ident=label, label=label, serial=serial, holder="卫七")
    return office.write(media.save, media.SaveMedium(None, facts)).id


def carry_dialog(window: MainWindow, office: Workspace, row: PackageRow) -> CarryDialog:
    dialog = CarryDialog(window, office, package_goods(office, row))
    dialog.open()
    settle()
    return dialog


def seen(drives: DriveList) -> list[tuple[str, str, str]]:
    return [(line.drive.label, line.number, line.why_not) for line in drives.lines]


def state(office: Workspace) -> PackageState:
    return office.read(packages.every)[0].state


def test_a_package_goes_from_the_list_to_a_stick_and_the_slip_is_printed(
    window: MainWindow,
    office: Workspace,
    row: PackageRow,
    sticks: Sticks,
    opened: list[Path],
    qtbot: QtBot,
) -> None:
    register(office)
    folder = sticks.plug("QH-01", "1A2B-3C4D")
    page = window.page("publication")
    assert isinstance(page, PublishingPage)
    page.refresh()
    page.show_view(PACKAGES)
    settle()
    panel = page.packages
    panel.table.grid.select_line(0)
    settle()
    panel.carry_button.click()
    dialog = panel.carrying
    qtbot.waitUntil(lambda: seen(dialog.drives) == [("QH-01", "QH-01", "")])
    assert dialog.copy_button.isEnabled()
    dialog.copy_button.click()
    dialog.copy_button.click()  # the second click does nothing
    qtbot.waitUntil(lambda: dialog.taken is not None and not dialog.running)
    assert "可安全拔出" in dialog.verdict.text.text()
    assert (folder / row.file_name).is_file() and state(office) is PackageState.COPIED
    dialog.slip_button.click()
    form = dialog.slip
    values = {name: editor.value() for name, editor in form.panel.editors.items()}
    assert (values["medium"], values["holder"], values["purpose"]) == (
        "QH-01",
        "卫七",
        "上报省级平台",
    )
    form.save_button.click()
    qtbot.waitUntil(lambda: bool(opened))
    assert opened[0].name.startswith("介质交接单") and opened[0].is_file()
    dialog.close_button.click()
    settle()
    # Later the slip remembers the medium, opened from the list too.
    panel.slip_button.click()
    qtbot.waitUntil(lambda: hasattr(panel, "dialog"))
    assert panel.dialog.panel.editors["medium"].value() == "QH-01"
    panel.dialog.close()


def test_sticks_come_and_go_while_the_window_is_open(
    window: MainWindow, office: Workspace, row: PackageRow, sticks: Sticks, qtbot: QtBot
) -> None:
    medium = register(office)
    dialog = carry_dialog(window, office, row)
    qtbot.waitUntil(lambda: "插上 U 盘" in dialog.why.text())
    assert not dialog.copy_button.isEnabled() and seen(dialog.drives) == []
    qtbot.waitUntil(dialog.drives.table.empty.isVisible)
    sticks.plug("QH-01", "1A2B-3C4D")
    sticks.plug("旧盘", read_only=True)
    sticks.plug("小盘", free=100)
    qtbot.waitUntil(lambda: len(dialog.drives.lines) == 3)  # its own timer looks
    assert [each[1] for each in seen(dialog.drives)] == ["QH-01", "未登记", "未登记"]
    reasons = [each[2] for each in seen(dialog.drives)]
    assert reasons[0] == "" and "写保护" in reasons[1] and "空间不够" in reasons[2]
    assert dialog.copy_button.isEnabled()  # the usable one is chosen
    dialog.drives.table.grid.select_line(1)
    assert not dialog.copy_button.isEnabled() and "写保护" in dialog.why.text()
    del sticks.here["旧盘"]
    office.write(media.withdraw, media.Withdraw((medium,), office.clock().date()))
    qtbot.waitUntil(lambda: [each[2][:3] for each in seen(dialog.drives)] == ["已于 ", "空间不"])
    dialog.reject()


def test_an_unregistered_stick_is_registered_used_once_or_left(
    window: MainWindow, office: Workspace, row: PackageRow, sticks: Sticks, qtbot: QtBot
) -> None:
    folder = sticks.plug("NEW-7", "7777-0007")
    dialog = carry_dialog(window, office, row)
    qtbot.waitUntil(dialog.copy_button.isEnabled)

    def ask() -> UnregisteredDialog:
        dialog.copy_button.click()
        qtbot.waitUntil(lambda: bool(dialog.findChildren(UnregisteredDialog)))
        qtbot.waitUntil(lambda: not dialog.running)
        return dialog.question

    ask().reject()
    qtbot.waitUntil(lambda: not dialog.findChildren(UnregisteredDialog))
    assert list(folder.iterdir()) == []
    question = ask()
    question.choices.choose("once")
    assert not question.go.isEnabled()
    question.reason.setText("登记的那个坏了")
    question.go.click()
    qtbot.waitUntil(lambda: dialog.taken is not None and not dialog.running)
    assert office.read(reads.carried_of)[0].reason == "登记的那个坏了"
    dialog.again_button.click()
    office.write(media.set_only_registered, media.SetStrict(True))
    qtbot.waitUntil(lambda: not dialog.findChildren(UnregisteredDialog))
    question = ask()
    assert not question.reason.isVisible()
    question.go.click()
    form = dialog.form
    values = {name: editor.value() for name, editor in form.panel.editors.items()}
    assert (values["label"], values["serial"], values["holder"]) == ("NEW-7", "7777-0007", "卫七")
    form.save_button.click()
    qtbot.waitUntil(lambda: len(office.read(reads.carried_of)) == 2)
    assert office.read(reads.carried_of)[0].medium_no == "NEW-7"
    qtbot.waitUntil(lambda: not dialog.running)
    dialog.reject()


def test_another_file_of_the_name_asks_for_another_name(
    window: MainWindow,
    office: Workspace,
    row: PackageRow,
    sticks: Sticks,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register(office)
    folder = sticks.plug("QH-01", "1A2B-3C4D")
    (folder / row.file_name).write_bytes(b"older")
    dialog = carry_dialog(window, office, row)
    qtbot.waitUntil(dialog.copy_button.isEnabled)
    asked: list[str] = []

    def answer(message: MessageDialog) -> int:
        asked.append(message.text_label.text())
        (yes,) = [each for each in message.findChildren(QPushButton) if "另存为" in each.text()]
        yes.click()
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(MessageDialog, "exec", answer)
    dialog.copy_button.click()
    qtbot.waitUntil(lambda: dialog.taken is not None and not dialog.running)
    assert "同名但内容不同" in asked[0] and (folder / row.file_name).read_bytes() == b"older"
    assert dialog.taken is not None and dialog.taken.copy.path.stem.endswith("-2")
    dialog.again_button.click()
    dialog.reject()


def test_a_half_copy_is_named_and_removed_and_a_fault_is_a_sentence(
    window: MainWindow,
    office: Workspace,
    row: PackageRow,
    sticks: Sticks,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register(office)
    folder = sticks.plug("QH-01", "1A2B-3C4D")
    dialog = carry_dialog(window, office, row)
    qtbot.waitUntil(dialog.copy_button.isEnabled)

    def full(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        dialog.copy_button.click()
        qtbot.waitUntil(lambda: "写满" in dialog.banner.text.text() and not dialog.running)
    qtbot.waitUntil(dialog.half.isVisible)
    assert f"{row.file_name}{HALF}" in dialog.half.text.text()
    assert dialog.taken is None and state(office) is PackageState.MADE
    (remove,) = [e for e in dialog.half.findChildren(QPushButton) if e.text() == "删除半份"]
    remove.click()
    qtbot.waitUntil(lambda: not dialog.half.isVisible())
    assert list(folder.iterdir()) == []
    dialog.reject()


def test_closing_while_copying_cancels_and_leaves_the_half_marked(
    window: MainWindow,
    office: Workspace,
    row: PackageRow,
    sticks: Sticks,
    qtbot: QtBot,
) -> None:
    register(office)
    folder = sticks.plug("QH-01", "1A2B-3C4D")
    goods = package_goods(office, row)
    dialog = CarryDialog(
        window,
        office,
        replace(goods, run=lambda *told: _until_cancelled(folder, told[3])),  # type: ignore[arg-type]
    )
    dialog.open()
    qtbot.waitUntil(dialog.copy_button.isEnabled)
    dialog.copy_button.click()
    qtbot.waitUntil(dialog.busy.isVisible)
    assert "正在写到介质" in dialog.busy.words.text()
    dialog.close_button.click()
    qtbot.waitUntil(lambda: not dialog.running)
    assert dialog.isVisible() and dialog.taken is None
    qtbot.waitUntil(dialog.half.isVisible)
    dialog.reject()


def _until_cancelled(folder: Path, report: object) -> None:
    (folder / f"x.zip{HALF}").write_bytes(b"half")
    while True:  # the report raises once 取消 was pressed
        report(1024, 4096, "正在写到介质")  # type: ignore[operator]


def test_a_disc_is_prepared_and_checked_after_burning(
    window: MainWindow,
    office: Workspace,
    row: PackageRow,
    sticks: Sticks,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "burn").mkdir()
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path / "burn")
    )
    dialog = carry_dialog(window, office, row)
    dialog.disc_button.click()
    dialog.disc_form.panel.editors["ident"].set_value("GP-01")
    dialog.disc_form.save_button.click()
    qtbot.waitUntil(lambda: dialog.taken is not None and not dialog.running)
    assert "还不算拷出" in dialog.verdict.text.text() and state(office) is PackageState.MADE
    disc = sticks.plug("DISC", disc=True, read_only=True, file_system="UDF")
    (disc / row.file_name).write_bytes((tmp_path / "burn" / row.file_name).read_bytes())
    dialog.check_button.click()
    check = dialog.checking
    qtbot.waitUntil(check.check_button.isEnabled)
    check.check_button.click()
    qtbot.waitUntil(lambda: bool(check.table.rows()))
    assert "光盘读回相符" in check.table.rows()[0].words
    assert state(office) is PackageState.COPIED
    check.reject()
    dialog.reject()


def test_a_stick_is_checked_and_the_changed_package_named(
    window: MainWindow, office: Workspace, row: PackageRow, sticks: Sticks, qtbot: QtBot
) -> None:
    register(office)
    folder = sticks.plug("QH-01", "1A2B-3C4D")
    copy = carrying.carry_package(
        office, carrying.CarryPackage(file_name=row.file_name, folder=folder), drives=sticks
    ).copy.path
    data = bytearray(copy.read_bytes())
    data[data.index(b"bag-info.txt") + 60] ^= 1
    copy.write_bytes(bytes(data))
    (folder / f"旧.zip{HALF}").write_bytes(b"half")
    dialog = CheckMediumDialog(window, office)
    dialog.open()
    qtbot.waitUntil(dialog.check_button.isEnabled)
    dialog.check_button.click()
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 2)
    assert row.file_name in dialog.banner.text.text() and "不符" in dialog.banner.text.text()
    at = [each.name for each in dialog.table.rows()].index(f"旧.zip{HALF}")
    dialog.table.grid.select_line(at)
    qtbot.waitUntil(dialog.remove_button.isVisible)
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 1)
    assert not (folder / f"旧.zip{HALF}").exists()
    qtbot.waitUntil(dialog.check_button.isEnabled)
    dialog.reject()


def test_the_register_is_kept_by_clicks(
    window: MainWindow,
    office: Workspace,
    row: PackageRow,
    sticks: Sticks,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    folder = sticks.plug("QH-01", "1A2B-3C4D")
    page = window.page("system")
    assert isinstance(page, SystemPage)
    window.go_to("system")
    page.open_at("media")
    settle()
    part = page.media_part
    part.add_button.click()
    qtbot.waitUntil(lambda: hasattr(part, "form"))
    assert part.form.panel.editors["serial"].value() == "1A2B-3C4D"  # what is plugged in
    part.form.save_button.click()
    qtbot.waitUntil(lambda: part.table.model.rowCount() == 1)
    carrying.carry_package(
        office, carrying.CarryPackage(file_name=row.file_name, folder=folder), drives=sticks
    )
    part.refresh()
    settle()
    part.table.grid.select_line(0)
    qtbot.waitUntil(lambda: part.card.title_label.text() == "QH-01 的拷贝记录　1 次")
    part.withdraw_button.click()
    qtbot.waitUntil(lambda: part.withdraw_button.text() == "恢复使用")
    part.withdraw_button.click()
    qtbot.waitUntil(lambda: part.withdraw_button.text() == "停用")
    part.strict.click()
    qtbot.waitUntil(lambda: office.read(media.only_registered))
    part.all_button.click()
    qtbot.waitUntil(lambda: part.card.title_label.text() == "全部拷贝记录　1 次")
