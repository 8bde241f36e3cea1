"""``resources/verify.html`` in Chromium, opened from the disk as from a stick."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from app.paths import RESOURCES

from .folders import Files

PAGE = RESOURCES / "verify.html"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1366,768",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

BYTES = "const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));"
REPLAY = (
    BYTES
    + """
const [cases, done] = arguments;
(async () => {
  const results = [];
  for (const [plan, reveal, digits] of cases) {
    try {
      const result = await window.suicha.replay(bytes(plan), reveal, digits);
      results.push(String.fromCharCode(...result));
    } catch (fault) { results.push(String(fault)); }
  }
  return results;
})().then(done, (fault) => done(String(fault)));
"""
)
VERIFY = (
    BYTES
    + """
const [cases, done] = arguments;
const bad = (checks) => checks.filter((check) => check.state === 'bad');
(async () => {
  const results = [];
  for (const files of cases) {
    const entries = Object.keys(files).map((name) => ({name, bytes: bytes(files[name])}));
    const outcome = await window.suicha.verifyFiles(entries);
    const draws = [].concat(...outcome.reports.map((report) => report.checks));
    const series = [].concat(...outcome.series.map((one) => one.checks));
    results.push({ok: outcome.ok, reports: outcome.reports.length,
      draws: bad(draws).map((check) => check.name + '：' + check.text),
      series: bad(series).map((check) => check.name + '：' + check.text)});
  }
  return results;
})().then(done, (fault) => done(String(fault)));
"""
)
FORGET = """
for (const id of ['verdict', 'message']) document.getElementById(id).textContent = '';
"""
# The verdict or, if there will be none, the message; empty while the page is at work.
SAID = """
const text = (id) => document.getElementById(id).innerText;
const [verdict, message] = [text('verdict'), text('message')];
return message.startsWith('正在') ? '' : verdict || message;
"""


@dataclass(frozen=True)
class Verdict:
    """What the page says of one folder or series; the two lists hold what is wrong."""

    ok: bool
    reports: int
    draws: list[str]
    series: list[str]


class Page:
    """The page as its readers and its tests use it."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def open(self) -> None:
        self.driver.get(PAGE.as_uri())

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    # --- many at once, through the page's own entry ---------------------------------

    def replay(self, cases: Sequence[tuple[bytes, str, list[str]]]) -> list[str]:
        """``result.txt`` of each plan, or the words of its refusal."""
        coded = [[_coded(plan), reveal, digits] for plan, reveal, digits in cases]
        return self._each(REPLAY, coded)

    def verify(self, cases: Sequence[Files]) -> list[Verdict]:
        """Verdicts; file names may have folders before them."""
        coded = [{name: _coded(data) for name, data in files.items()} for files in cases]
        return [Verdict(**found) for found in self._each(VERIFY, coded)]

    def _each(self, script: str, cases: list[Any]) -> list[Any]:
        found = self.driver.execute_async_script(script, cases)
        assert isinstance(found, list), found
        return found

    # --- as a person does ----------------------------------------------------------------

    def choose_folder(self, folder: Path) -> str:
        """Choose a folder; the verdict."""
        self._forget()
        self.find("#pick-folder").send_keys(str(folder))
        return self._words()

    def choose_files(self, *files: Path) -> str:
        """Choose files; the verdict, or why there is none."""
        self._forget()
        self.find("#pick-files").send_keys("\n".join(map(str, files)))
        return self._words()

    def drop(self, *paths: Path) -> str:
        """Drag files or folders from the desktop onto the page."""
        self._forget()
        box = self.find("#drop").rect
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for kind in ("dragEnter", "dragOver", "drop"):
            data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
            event = {"type": kind, "x": x, "y": y, "data": data}
            self.driver.execute_cdp_cmd("Input.dispatchDragEvent", event)
        return self._words()

    def press(self, selector: str) -> str:
        """Press a button that checks anew; the verdict."""
        self._forget()
        self.find(selector).click()
        return self._words()

    def _forget(self) -> None:
        """Empty what the page said before, so that what it says next is new."""
        self.run(FORGET)

    def _words(self) -> str:
        words: str = WebDriverWait(self.driver, 30, 0.02).until(lambda _: self.run(SAID))
        return words

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [found.text for found in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def unfold(self, selector: str, content: str) -> list[str]:
        """Open what folds; the texts of its content, which the page fills in a moment later."""
        self.find(selector).click()
        WebDriverWait(self.driver, 30, 0.02).until(lambda _: self.texts(content))
        return self.texts(content)

    def text(self) -> str:
        return self.find("body").text


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


@contextmanager
def browser(profile: Path) -> Iterator[Page]:
    """A headless Chromium with a profile of its own."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.fail(
            "no browser: sudo apt-get install --no-install-recommends chromium chromium-driver"
        )
    options = ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.ignore_local_proxy_environment_variables()
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with Chrome(options=options, service=Service(driver)) as chrome:
        chrome.set_script_timeout(120)
        yield Page(chrome)
