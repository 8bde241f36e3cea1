"""``python -m app`` and the ``suicha`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program and leave with its exit code."""
    from app.bootstrap import run
    from app.log import note_thrown_away

    # What a library left half on a full disk complains as it is thrown away: the person was told.
    sys.unraisablehook = note_thrown_away
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
