"""The program's log: one rotating UTF-8 file per workspace, never personal data or secrets."""

from __future__ import annotations

import contextlib
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


# Without a handler of its own Python would print records, tracebacks too, on stderr.
logging.getLogger("app").addHandler(logging.NullHandler())


class _QuietHandler(RotatingFileHandler):
    """A full disk must not print logging's own traceback."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Let the record go."""


def start(folder: Path) -> logging.Handler | None:
    """Write to ``folder/suicha.log``; None if the folder cannot be written."""
    root = logging.getLogger("app")
    root.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _QuietHandler(
            folder / "suicha.log", maxBytes=2_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(handler)
    return handler


def stop(handler: logging.Handler) -> None:
    """Write no more to what ``start`` opened, and close it."""
    logging.getLogger("app").removeHandler(handler)
    with contextlib.suppress(OSError):  # a full disk
        handler.close()


def note_thrown_away(found: sys.UnraisableHookArgs) -> None:
    """For ``sys.unraisablehook``: into the log, never a traceback on the screen."""
    logging.getLogger("app").info("thrown away: %r", found.exc_value)
