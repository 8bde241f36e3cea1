"""How long page and script take: ``python -m tests.bench.bench_verify``.

The unit is the page's own least work, hashing and sorting as many ids as the plan has, done
in the same browser just before, so the limits hold on slow machines too.  Beside it stands
the longest time the page kept its window waiting.  Exit code 1 if a limit is passed.
"""

from __future__ import annotations

import base64
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from app.domain.rd1 import Plan, Quota, replay, write_plan
from tests.verify.browser import Page, browser
from tests.verify.script import load_script

from .bench_rd1 import LARGE, PAIRS

COUNTY = replace(PAIRS, inspectors=PAIRS.inspectors[:40], quotas=(Quota("A", 417, 417),))
CASES = (
    ("417 + 417 of 5,000, 40 inspectors in pairs", COUNTY, 12.0),
    ("a pair of 200 inspectors for each of 5,000", PAIRS, 60.0),
    ("8,300 + 8,300 of 100,000", LARGE, 8.0),
)
PLAIN = """
const [count] = arguments;
const begin = performance.now();
const hashes = [];
for (let i = 0; i < count; i += 1) {
  hashes.push(window.suicha.hashText('RD1|ticket|A|' + String(i).padStart(18, '0')));
}
hashes.sort();
return performance.now() - begin;
"""
VERIFY = """
const [files, done] = arguments;
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const entries = Object.keys(files).map((name) => ({name, bytes: bytes(files[name])}));
let former = performance.now(), longest = 0, going = true;
const beat = () => {
  const now = performance.now();
  longest = Math.max(longest, now - former);
  former = now;
  if (going) setTimeout(beat, 0);
};
beat();
const begin = performance.now();
window.suicha.verifyFiles(entries).then((outcome) => {
  going = false;
  done([outcome.ok, performance.now() - begin, longest]);
});
"""


def files_of(plan: Plan) -> dict[str, bytes]:
    data = write_plan(plan)
    return {
        "plan.txt": data,
        "result.txt": replay(data, "a" * 64, ["314159", "265358"]).to_bytes(),
    }


def in_page(page: Page, files: dict[str, bytes], count: int) -> tuple[bool, float, float, float]:
    """Whether it verifies; milliseconds taken, plain and kept waiting: the best of three."""
    coded = {name: base64.b64encode(data).decode("ascii") for name, data in files.items()}
    runs: list[tuple[bool, float, float, float]] = []
    for _ in range(3):
        page.open()
        plain = float(page.run(PLAIN, count))
        found: Any = page.driver.execute_async_script(VERIFY, coded)
        runs.append((found[0], found[1], plain, found[2]))
    return min(runs, key=lambda run: run[1])


def main() -> int:
    """Measure all cases and print them."""
    script, slow = load_script(), 0
    with TemporaryDirectory() as folder, browser(Path(folder)) as page:
        for name, plan, limit in CASES:
            files = files_of(plan)
            count = len(plan.targets)
            good, taken, plain, longest = in_page(page, files, count)
            begin = perf_counter()
            good = good and script.draw_is_ok(files)
            seconds = perf_counter() - begin
            slow += taken > limit * plain or not good
            print(
                f"{name}: {taken / 1000:.2f} s, {taken / plain:.1f} times plain (limit "
                f"{limit:.0f}), window waited {longest:.0f} ms; script {seconds:.2f} s"
            )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
