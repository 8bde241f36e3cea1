"""What a command leaves with."""

from __future__ import annotations

DONE, CHECK_FAILED, WRONG, PARTLY = 0, 1, 2, 3
