"""Every window test runs under the real theme, offscreen, and leaks no thread."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.tasks import TaskRunner
from app.ui.theme import apply_theme


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    apply_theme(qapp)
    return qapp


@pytest.fixture(autouse=True)
def _work_ends(qapp: QApplication) -> Iterator[None]:
    yield
    TaskRunner.of_application().shut_down()
    qapp.processEvents()
