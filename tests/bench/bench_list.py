"""A list of 100,000 targets driven by hand: ``python -m tests.bench.bench_list``.

Each step is measured in multiples of sorting and hashing 100,000 names on the same machine just
before, so the limits hold on slow machines too.  Exit code 1 if a limit is passed.
"""

from __future__ import annotations

import csv
import os
import random
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import monotonic

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.intake import importing
from app.services.intake.importing import ApplyImport
from app.ui.main_window import MainWindow
from app.ui.pages import page_specs
from app.ui.pages.targets import TargetsPage
from app.ui.tasks import TaskRunner
from app.ui.theme import apply_theme
from app.ui.view_store import MemoryViewStore
from tests.support import make_office

ROWS = 100_000
_TOWNS = ("柳湾镇", "西畈乡", "东畈乡", "石桥镇")
_TRADES = ("水泥", "酿酒", "养殖", "化工", "印染", "电镀")
# Many times the unit: a step over its limit has become of another order, not a little slower.
LIMITS = {
    "open": 40.0,
    "scroll": 20.0,
    "search": 20.0,
    "sort": 30.0,
    "narrow": 20.0,
    "select": 10.0,
    "export": 800.0,
}


def unit() -> float:
    """Seconds of a plain piece of work on this machine."""
    began = monotonic()
    names = [sha256(str(number).encode()).hexdigest() for number in range(ROWS)]
    names.sort()
    return monotonic() - began


def write_names(path: Path) -> None:
    """A directory without anybody real in it."""
    chance = random.Random(5)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        lines = csv.writer(handle)
        lines.writerow(("检查对象名称", "本地编号", "地址", "乡镇街道", "行业", "监管类别"))
        for number in range(ROWS):
            town, trade = chance.choice(_TOWNS), chance.choice(_TRADES)
            name = f"青禾县某{number:06d}{trade}厂"
            grade = chance.choice(("重点", "一般"))
            lines.writerow((name, f"N{number:06d}", f"{town}{number}号", town, trade, grade))


def settle(application: QApplication) -> None:
    """Until the background has nothing to do and the window has drawn it."""
    runner = TaskRunner.of_application()
    QTest.qWait(300)  # what is typed waits a moment before it is searched for
    while runner.busy:
        application.processEvents()
    application.processEvents()


def steps(page: TargetsPage, folder: Path) -> dict[str, Callable[[], object]]:
    """What a person does, in order."""
    grid, bar = page.table.grid, page.table.grid.verticalScrollBar()

    def scroll() -> None:
        for share in range(1, 21):
            bar.setValue(bar.maximum() * share // 20)
            QTest.qWait(0)

    def search() -> None:
        QTest.keyClicks(page.filters.search_box, "qhxm0421")

    def clear() -> None:
        page.filters.search_box.clear()

    def sort() -> None:
        header = grid.horizontalHeader()
        at = header.sectionViewportPosition(2) + 8
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=_point(at))

    def select() -> None:
        grid.setFocus()
        QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        page.table.selected_ids()

    def export() -> None:
        keys = [column.key for column in page.table.visible_columns()]
        page.export_to(folder / "all.xlsx", page.table, "名录", page.table.selected_ids(), keys)

    return {
        "scroll": scroll,
        "search": search,
        "narrow": clear,
        "sort": sort,
        "select": select,
        "export": export,
    }


def _point(x: int) -> QPoint:
    return QPoint(x, 8)


def main() -> int:
    """Print each step with its limit."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application)
    measure = unit()
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = make_office(folder / "w", "yiyang-2021")
        write_names(folder / "names.csv")
        command = ApplyImport(kind="targets", path=folder / "names.csv")
        office.write(importing.apply, command)
        specs = [spec for spec in page_specs() if spec.key == "targets"]
        window = MainWindow(office, MemoryViewStore(), specs)
        window.resize(1366, 768)
        began = monotonic()
        window.show()
        window.go_to("targets")
        settle(application)
        taken = {"open": monotonic() - began}
        page = window.findChild(TargetsPage)
        assert page is not None
        for what, do in steps(page, folder).items():
            began = monotonic()
            do()
            settle(application)
            taken[what] = monotonic() - began
            if len(sys.argv) > 1:
                window.grab().save(str(Path(sys.argv[1]) / f"{what}.png"))
        for what, seconds in taken.items():
            ratio = seconds / measure
            over = ratio > LIMITS[what]
            failed += over
            print(f"{what:8} {ratio:7.1f} of at most {LIMITS[what]:6.1f}{'  TOO SLOW' * over}")
        TaskRunner.of_application().shut_down()
        window.close()
        office.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
