"""Where things lie on disk: what ships with the program, and a workspace's folder."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs


def _program_root() -> Path:
    # A frozen bundle unpacks resources/ and migrations/ beside its entry point.
    bundled = getattr(sys, "_MEIPASS", None)
    return Path(bundled) if bundled else Path(__file__).resolve().parent.parent


PROGRAM = _program_root()
RESOURCES = PROGRAM / "resources"
MIGRATIONS = PROGRAM / "migrations"


HALF_RESTORED = "恢复未完成.txt"
"""Lies in a folder while a backup is being unpacked there."""


@dataclass(frozen=True, slots=True)
class WorkspaceFolder:
    """One folder holds everything a unit owns; copying it copies the unit's year."""

    root: Path

    @property
    def database(self) -> Path:
        """The one SQLite file."""
        return self.root / "suicha.db"

    @property
    def attachments(self) -> Path:
        """Attached files, stored once by their hash."""
        return self.root / "attachments"

    @property
    def backups(self) -> Path:
        """Verified copies."""
        return self.root / "backups"

    @property
    def log(self) -> Path:
        """The program's log and crash reports."""
        return self.root / "log"

    @property
    def draws(self) -> Path:
        """One folder of records per draw."""
        return self.root / "draw"

    @property
    def packages(self) -> Path:
        """Export packages made without another place."""
        return self.root / "package"

    @property
    def rulebooks(self) -> Path:
        """Where a unit puts rulebook files of its own to choose from."""
        return self.root / "rulebooks"

    @property
    def platforms(self) -> Path:
        """Formats of platforms a unit made from their blank templates."""
        return self.root / "platforms"

    @property
    def notices(self) -> Path:
        """Notices to teams and organs, as sent."""
        return self.root / "notice"

    @property
    def plan_papers(self) -> Path:
        """Printed plans."""
        return self.root / "plan"

    @property
    def received(self) -> Path:
        """One folder for each list that was drawn elsewhere."""
        return self.root / "received"

    @property
    def papers(self) -> Path:
        """Printed forms with their numbers."""
        return self.root / "paper"

    @property
    def rooms(self) -> tuple[Path, ...]:
        """Every folder that belongs to the unit's records, the large ones last.

        What a backup carries: a folder that is missing here is lost with the PC.
        """
        small = (self.draws, self.rulebooks, self.platforms, self.notices, self.plan_papers)
        return (*small, self.received, self.papers, *self.large_rooms)

    @property
    def large_rooms(self) -> tuple[Path, ...]:
        """Those whose files a daily backup stores once, beside it."""
        return (self.attachments, self.packages)

    @property
    def lock(self) -> Path:
        """Held while a program has the workspace open."""
        return self.root / "suicha.lock"

    @property
    def view_state(self) -> Path:
        """Columns, filters and sizes a person chose: comfort, never a record."""
        return self.root / "view.ini"

    def make(self) -> None:
        """Create the folder and its rooms; existing ones stay as they are."""
        for path in (self.root, self.attachments, self.backups, self.log, self.draws):
            path.mkdir(parents=True, exist_ok=True)


def default_workspace() -> Path:
    """``SUICHA_DATA``, else the restored workspace a person chose, else the user's data folder."""
    chosen = os.environ.get("SUICHA_DATA")
    if chosen:
        return Path(chosen)
    try:
        return Path(chosen_workspace_file().read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        pass
    return Path(platformdirs.user_data_dir("SuiCha", appauthor=False))


def opens_by_itself(root: Path) -> bool:
    """Whether the program, started with nothing said, opens ``root``."""
    return default_workspace().absolute() == root.absolute()


def second_place() -> Path:
    """A folder outside every workspace: the other safe copy of a draw's secret.

    It survives the loss or the restoring of a workspace, and remembers the
    last number and chain head of a series.
    """
    chosen = os.environ.get("SUICHA_STATE")
    if chosen:
        return Path(chosen)
    return Path(platformdirs.user_state_dir("SuiCha", appauthor=False))


def chosen_workspace_file() -> Path:
    """Names the workspace the program opens by itself once a restored one was chosen.

    The old folder is not moved: whatever goes wrong, both are still there.
    """
    return second_place() / "workspace.txt"
