"""``resources/verify.py``: called as a module, and as people call it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from types import ModuleType

from app.paths import RESOURCES

from .folders import Files

FILE = RESOURCES / "verify.py"


@dataclass(frozen=True)
class Script:
    module: ModuleType

    def replay(self, plan: bytes, reveal: str, digits: list[str]) -> bytes:
        data: bytes = self.module.Drawn(self.module.Plan(plan), reveal, digits).data
        return data

    def refusal(self, plan: bytes) -> str:
        """How it refuses a plan; empty if it does not."""
        try:
            self.module.Plan(plan)
        except self.module.RefusedError as fault:
            return str(fault)
        return ""

    def draw_is_ok(self, files: Files) -> bool:
        report = self.module.Report("", dict(files))
        return all(check.state != self.module.BAD for check in report.checks)

    def series_is_ok(self, folders: dict[str, Files]) -> bool:
        reports = [self.module.Report(name, files) for name, files in folders.items()]
        between = [check for _, check in self.module.check_series(reports)]
        checks = [check for report in reports for check in report.checks] + between
        return all(check.state != self.module.BAD for check in checks)


def load_script() -> Script:
    spec = importlib.util.spec_from_file_location("suicha_verify_script", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Script(module)


def run_script(
    *words: str, options: tuple[str, ...] = (), encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    environment.pop("PYTHONUTF8", None)
    return subprocess.run(
        [sys.executable, "-I", *options, str(FILE), *words]
        if encoding == "utf-8"
        else [sys.executable, *options, str(FILE), *words],
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
