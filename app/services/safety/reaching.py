"""Whether a folder elsewhere answers: a dead network share can block its asker for minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

SECONDS = 5.0
"""How long a stick or a folder of the network may take to say that it is there."""


def is_there(
    folder: Path, *, limit: float = SECONDS, ask: Callable[[Path], bool] = Path.is_dir
) -> bool:
    """Whether ``folder`` is there and says so within ``limit`` seconds; no answer counts as no."""
    answers: list[bool] = []

    def look() -> None:
        try:
            answers.append(ask(folder))
        except OSError:
            answers.append(False)

    # A daemon: the program may end while the system still waits for the share.
    asker = threading.Thread(target=look, name="second-place", daemon=True)
    asker.start()
    asker.join(limit)
    return bool(answers) and answers[0]
