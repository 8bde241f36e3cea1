"""Composition root: arguments → paths → log → crash hook → workspace → window or command."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app import log
from app.paths import WorkspaceFolder, default_workspace, second_place

if TYPE_CHECKING:
    from app.services.demonstrating import Pictures

_log = logging.getLogger(__name__)


def run(arguments: Sequence[str]) -> int:
    """Run a command, or the window when none is named; gives the exit code."""
    from app import cli

    parsed = cli.build_parser().parse_args(list(arguments))
    if parsed.command:
        return _run_command(parsed)
    folder = WorkspaceFolder(getattr(parsed, "data", None) or default_workspace())
    log.start(folder.log)
    from app.services import sample
    from app.ui.application import run_window

    return run_window(folder.root, sample.fill)


def _run_command(parsed: argparse.Namespace) -> int:
    from app import cli

    if parsed.command == "demo":
        parsed.pictures = _pictures()
        # What a real unit keeps outside its workspace stays inside the demonstration.
        os.environ.setdefault("SUICHA_STATE", str(parsed.out / "second-place"))
    try:
        code = cli.run(parsed)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read the output has seen enough (| head); the work itself is done.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return cli.DONE
    except KeyboardInterrupt:
        sys.stderr.write("已取消，没有写完的部分没有保存。\n")
        return cli.WRONG
    except Exception as error:
        # A bug: the person gets a sentence, the log the traceback.
        where = _keep_trace(parsed, error)
        sys.stderr.write(
            f"程序出现意外错误，没有写完的部分没有保存。请把 {where} 交给维护人员。\n"
            if where
            else f"程序出现意外错误（{type(error).__name__}），没有写完的部分没有保存。\n"
        )
        return cli.WRONG


def _keep_trace(parsed: argparse.Namespace, error: Exception) -> Path | None:
    """Write the traceback into the workspace's log, or the user's own without a workspace."""
    workspace = WorkspaceFolder(getattr(parsed, "data", None) or default_workspace())
    folder = workspace.log if workspace.database.is_file() else second_place() / "log"
    handler = log.start(folder)
    if handler is None:
        return None
    _log.error("command failed", exc_info=error)
    log.stop(handler)
    return folder


def _pictures() -> Pictures:
    # Pictures are drawn off screen: the demonstration must not flash windows at anybody.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The off-screen platform says of each window what it cannot do; tests hear real warnings.
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
    from app.ui.pictures import take_pictures

    return take_pictures
