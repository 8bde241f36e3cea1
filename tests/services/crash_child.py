"""One step of a ceremony in a process of its own that dies where it is told to.

``python -m tests.services.crash_child ROOT STEP POINT``: opens the workspace, does the step and
dies at the POINT-th moment at which something lasting happens; with POINT 0 it lives and prints
how those moments are called.  Nothing in it is caught or cleaned up, as in a power cut.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.db.unit_of_work import UnitOfWork
from app.services.draws import completing, drawing, papers, remembering, sealing
from app.services.workspace import open_workspace
from tests.support_office import DIGITS, PERIOD, WITNESSES

NO = "360199-2026Q3-01"
STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "freeze": (
        drawing.freeze,
        drawing.FreezeDraw(
            period=PERIOD,
            witnesses=WITNESSES,
            host="李四",
            recorder="王五",
            place="三楼会议室",
        ),
    ),
    "commit": (drawing.commit, drawing.CommitDraw(NO)),
    "slip": (drawing.open_slip, drawing.OpenSlip(no=NO, position=1, digits=DIGITS[0])),
    "reveal": (
        drawing.reveal,
        drawing.RevealDraw(
            no=NO, digits=DIGITS[:2], host="李四", place="三楼会议室", recorder="王五"
        ),
    ),
    "void": (
        drawing.void,
        drawing.VoidDraw(
            no=NO,
            reason="停电",
            approved_name="李四",
            approved_post="大队长",
            digits=DIGITS[:2],
        ),
    ),
}
_DEADLY: tuple[tuple[Any, str], ...] = (
    (sealing, "take_reveal"),
    (sealing, "keep_second_copy"),
    (UnitOfWork, "commit"),
    (remembering, "note"),
    (sealing, "forget_second_copy"),
    (papers, "write_atomically"),
    (drawing, "_backup_after_draw"),
)


def main() -> None:
    """Arm every moment, then do the step."""
    root, step, point = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    passed: list[str] = []

    def moment(name: str) -> None:
        passed.append(name)
        if len(passed) == point:
            if hasattr(signal, "SIGKILL"):
                os.kill(os.getpid(), signal.SIGKILL)
            os._exit(9)

    def armed(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        @functools.wraps(real)
        def deadly(*args: Any, **kwargs: Any) -> Any:
            what = f"{name} {args[0].name}" if name == "write_atomically" else name
            moment(f"before {what}")
            outcome = real(*args, **kwargs)
            moment(f"after {what}")
            return outcome

        setattr(owner, name, deadly)

    workspace = open_workspace(root, actor="卫七")
    workspace.write(completing.complete, None)
    for owner, name in _DEADLY:
        armed(owner, name)
    function, command = STEPS[step]
    workspace.write(function, command)
    workspace.close()
    print("\n".join(passed))


if __name__ == "__main__":
    main()
