"""How far long work is, in words: count, rate, and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable

_SETTLED = 1.0  # seconds before a rate means anything


class Pace:
    """Made once per piece of work; a new phase (“正在读行”, “正在比对”) starts its own clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._phase = ""
        self._since = 0.0
        self._first = 0

    def words(self, done: int, total: int, phase: str) -> str:
        """正在读行 31,000 / 100,000 · 每秒 14,000 行 · 还要约 5 秒."""
        now = self._clock()
        if phase != self._phase or done < self._first:
            self._phase, self._since, self._first = phase, now, done
        if not total:
            return f"{phase} {done:,} 行" if done else phase
        parts = [f"{phase} {done:,} / {total:,}"]
        elapsed = now - self._since
        if elapsed >= _SETTLED and done > self._first:
            rate = (done - self._first) / elapsed
            parts.append(f"每秒 {rate:,.0f} 行")
            parts.append(f"还要约 {_span((total - done) / rate)}")
        return " · ".join(parts)


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"{max(round(seconds), 1)} 秒"
    return f"{round(seconds / 60)} 分钟"
