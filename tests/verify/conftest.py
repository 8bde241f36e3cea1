"""The verification page in a browser, and the script as a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .browser import Page, browser
from .script import Script, load_script


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests."""
    with browser(tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.fixture
def page(chromium: Page) -> Page:
    """The page, freshly opened."""
    chromium.open()
    return chromium


@pytest.fixture(scope="session")
def script() -> Script:
    """``verify.py``."""
    return load_script()
