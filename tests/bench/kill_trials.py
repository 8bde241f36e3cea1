"""Hundreds of kills of the real command line: ``python -m tests.bench.kill_trials``.

Each trial copies a prepared workspace, runs one command on it and ends the process with SIGKILL:
at a random moment, or (where there is a C compiler, Linux) at, or in the middle of, its n-th write
to the disk, SQLite's own included; or the disk is full from there on.  Then: what the command said
was done is there; nothing older is lost; ``check`` is content or names the half thing; the
workspace opens, and after that ``check`` is content.  Exit code 1 if one trial says otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic

from app.db import ledger
from app.db.read import draws
from app.errors import AppError
from app.paths import HALF_RESTORED, RESOURCES, WorkspaceFolder
from app.services.draws import completing
from app.services.safety import backup_files, keeping, verifying
from app.services.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[2]
SAMPLE = RESOURCES / "sample"
TODAY = date.today()
PERIOD = f"{TODAY.year}Q{(TODAY.month + 2) // 3}"
NO = f"360199-{PERIOD}-01"
_WITNESSES = ("--witness", "周敏|县纪委监委派驻组|副组长", "--witness", "郑涛|县司法局|法制科长")
_FREEZE = (
    *("draw", "freeze", "--period", PERIOD, *_WITNESSES),
    "--basis",
    "上级同意|青环函12号|王五",
)
_SLIPS = ("--digits", "35162441", "--digits", "62413553")
_REVEAL = (
    "draw",
    "reveal",
    NO,
    *_SLIPS,
    "--host",
    "李四",
    "--place",
    "会议室",
    "--recorder",
    "王五",
)
_NAMED = ("不在", "残留", "还没有登记", "没有做完")
"""Words with which ``check`` names what a killed command left."""


@dataclass(frozen=True)
class Desk:
    """A workspace, what lies outside it on the same PC, a stick, another empty place."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "ws"

    @property
    def stick(self) -> Path:
        return self.folder / "stick"

    @property
    def place(self) -> Path:
        return self.folder / "place"

    def copy(self, to: Path) -> Desk:
        shutil.copytree(self.folder, to)
        return Desk(to)

    def environment(self, **more: str) -> dict[str, str]:
        own = {"SUICHA_STATE": str(self.folder / "state"), "PYTHONUTF8": "1"}
        return {**os.environ, **own, "PYTHONDONTWRITEBYTECODE": "1", **more}

    def argv(self, command: tuple[str, ...]) -> list[str]:
        named = {"@ws": self.root, "@stick": self.stick, "@place": self.place}
        named["@backup"] = next((b.path for b in keeping.backups(self.root)), self.root)
        return [sys.executable, "-m", "app", *(str(named.get(each, each)) for each in command)]

    def run(self, *command: str) -> str:
        """The command to its end; what it said."""
        done = subprocess.run(
            self.argv(command),
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in {0, 3}:
            raise SystemExit(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


Promised = Callable[[Desk, dict[str, object]], Iterator[str]]


@dataclass(frozen=True)
class Work:
    """A command from a stage; ``kept`` gives what of its promise (its JSON) is not true."""

    name: str
    stage: str
    command: tuple[str, ...]
    kept: Promised


# --- what was promised ------------------------------------------------------------------------


def _imported(desk: Desk, said: dict[str, object]) -> Iterator[str]:
    with closing(open_workspace(desk.root)) as office:
        if office.read(_count, "SELECT count(*) FROM target") < int(str(said["new"])):
            yield "the imported targets are not there"
    if said.get("errors") and not Path(str(said["errors"])).is_file():
        yield "the workbook of rejected rows is not there"


def _count(connection: object, statement: str) -> int:
    return int(connection.exec_driver_sql(statement).scalar_one())  # type: ignore[attr-defined]


def _exported(_desk: Desk, said: dict[str, object]) -> Iterator[str]:
    path = Path(str(said["package"]))
    if not path.is_file() or not all(c.ok for c in verifying.verify((path,))):
        yield "the package is not whole"


def _backed_up(_desk: Desk, said: dict[str, object]) -> Iterator[str]:
    path = Path(str(said["backup"]))
    if not path.is_file():
        yield "the backup is not there"
    else:
        backup_files.compare(path)


def _restored(desk: Desk, _said: dict[str, object]) -> Iterator[str]:
    yield from (f"{c.name}: {c.detail}" for c in keeping.check_folder(desk.place) if not c.ok)


def _carried(desk: Desk, said: dict[str, object]) -> Iterator[str]:
    copy = Path(str(said["copy"]))
    if not copy.is_file() or not all(c.ok for c in verifying.verify((copy,))):
        yield "the copy is not whole"


def _draw_is(*states: str) -> Promised:
    def kept(desk: Desk, _said: dict[str, object]) -> Iterator[str]:
        with closing(open_workspace(desk.root)) as office:
            office.write(completing.complete, None)
            found = [each.state for each in office.read(draws.all_draws)]
        if found[-1:] not in [[state] for state in states]:
            yield f"the draw is {found}, not {states}"

    return kept


def _archived(desk: Desk, said: dict[str, object]) -> Iterator[str]:
    sha = str(said["sha256"])
    if not (desk.root / "attachments" / sha[:2] / sha).is_file():
        yield "the scan is not there"


_TO_STICK = ("--to", "@stick", "--data", "@ws")


def _export(*what: str) -> tuple[str, ...]:
    return ("export", *what, *_TO_STICK)


WORKS = (
    Work(
        "import targets",
        "filled",
        ("import", "targets", "@again.csv", "--data", "@ws"),
        _imported,
    ),
    Work("freeze", "filled", (*_FREEZE, "--data", "@ws"), _draw_is("committed")),
    Work("reveal", "committed", (*_REVEAL, "--data", "@ws"), _draw_is("closed")),
    Work(
        "void",
        "committed",
        ("draw", "void", NO, "--reason", "停电", "--approved", "李四|大队长", "--data", "@ws"),
        _draw_is("void"),
    ),
    Work(
        "archive",
        "closed",
        ("draw", "archive", NO, "--scan", "@scan.pdf", "--data", "@ws"),
        _archived,
    ),
    Work(
        "export draw", "closed", ("export", "--what", "draw", "--draw", NO, *_TO_STICK), _exported
    ),
    Work(
        "export directories", "closed", ("export", "--what", "directories", *_TO_STICK), _exported
    ),
    Work("export plan", "closed", _export("--what", "plan"), _exported),
    Work(
        "export assignments", "closed", ("export", "--what", "assignments", *_TO_STICK), _exported
    ),
    Work(
        "export locked",
        "closed",
        ("export", "--what", "inspectors", "--passphrase", "correct horse 9", *_TO_STICK),
        lambda _desk, said: iter(() if Path(str(said["package"])).is_file() else ("no package",)),
    ),
    Work("move", "closed", ("move", *_TO_STICK), _backed_up),
    Work("backup", "closed", ("backup", "--data", "@ws"), _backed_up),
    Work("backup to stick", "closed", ("backup", *_TO_STICK), _backed_up),
    Work(
        "second place",
        "closed",
        ("backup", "--second-place", "@stick", "--data", "@ws"),
        _backed_up,
    ),
    Work("drill", "closed", ("backup", "--drill", "--data", "@ws"), lambda _d, _s: iter(())),
    Work("restore", "closed", ("restore", "@backup", "--data", "@place"), _restored),
    Work(
        "carry",
        "closed",
        ("carry", f"360199-{PERIOD}-001.zip", *_TO_STICK),
        _carried,
    ),
)


# --- stages -----------------------------------------------------------------------------------


def prepare(folder: Path) -> dict[str, Desk]:
    """A desk at each stage, made by the same command line."""
    desk = Desk(folder / "filled")
    desk.stick.mkdir(parents=True)
    unit = ("--rulebook", "taijiang-2022", "--org", "青禾县大队", "--code", "360199")
    desk.run("init", "--data", str(desk.root), *unit)
    for kind in ("targets", "inspectors", "items"):
        desk.run("import", kind, str(SAMPLE / f"{kind}.csv"), "--data", "@ws")
    desk.run("backup", "--data", "@ws")
    lines = (SAMPLE / "targets.csv").read_text(encoding="utf-8-sig").splitlines()
    again = [lines[0], *(line.replace("青禾", "青木") for line in lines[1:])]
    (desk.folder / "again.csv").write_text("\n".join(again), encoding="utf-8")
    (desk.folder / "scan.pdf").write_bytes(b"%PDF-1.4\n" + bytes(300_000))
    made = {"filled": desk}
    for name, before, command in (
        ("committed", "filled", _FREEZE),
        ("closed", "committed", _REVEAL),
    ):
        made[name] = made[before].copy(folder / name)
        made[name].run(*command, "--data", "@ws")
    last = made["closed"]
    home = last.root / "package"
    home.mkdir(exist_ok=True)
    last.run("export", "--what", "targets", "--to", str(home), "--data", "@ws")
    last.run("backup", "--data", "@ws")
    return made


# --- one trial --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """One command ended in one way; ``at``: the n-th write, or seconds after the start."""

    work: Work
    how: str
    at: float


@dataclass(frozen=True)
class Ended:
    """How it went; ``faults`` should be empty."""

    trial: Trial
    code: int
    said: bool
    faults: tuple[str, ...]


def build_preload(folder: Path) -> Path | None:
    """The library that counts writes, None where it cannot be built."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = folder / "die_at.so"
    source = Path(__file__).with_name("die_at.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def _spawn(desk: Desk, trial: Trial, preload: Path | None) -> subprocess.CompletedProcess[str]:
    more = {}
    if trial.how != "time" and preload is not None:
        more = {"LD_PRELOAD": str(preload), "DIE_AT": str(int(trial.at)), "DIE_HOW": trial.how}
        more["DIE_COUNT"] = str(desk.folder / "count")
    command = tuple(
        str(desk.folder / each[1:]) if each in {"@again.csv", "@scan.pdf"} else each
        for each in trial.work.command
    )
    child = subprocess.Popen(
        [*desk.argv(command), "--json"],
        cwd=ROOT,
        env=desk.environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        out, said = child.communicate(timeout=trial.at if trial.how == "time" else None)
    except subprocess.TimeoutExpired:
        child.kill()
        out, said = child.communicate()
    return subprocess.CompletedProcess(child.args, child.returncode, out, said)


def run(trial: Trial, stage: Desk, folder: Path, preload: Path | None) -> Ended:
    """Copy, run, end, look."""
    desk = stage.copy(folder)
    desk.place.mkdir(exist_ok=True)
    os.environ["SUICHA_STATE"] = str(desk.folder / "state")
    done = _spawn(desk, trial, preload)
    said = _promise(done.stdout)
    faults = [*_words(desk, trial, done), *_whole(stage, desk)]
    if said is not None and done.returncode in {0, 3, -signal.SIGKILL}:
        try:
            faults += trial.work.kept(desk, said)
        except AppError as error:
            faults.append(f"promised but: {error}")
    return Ended(trial, done.returncode, said is not None, tuple(faults))


def _promise(out: str) -> dict[str, object] | None:
    try:
        found: dict[str, object] = json.loads(out)
    except ValueError:
        return None
    return found if found.get("ok", True) else None


def _words(desk: Desk, trial: Trial, done: subprocess.CompletedProcess[str]) -> Iterator[str]:
    if "Traceback" in done.stderr or "意外错误" in done.stderr:
        log = "".join(path.read_text(encoding="utf-8") for path in desk.folder.rglob("suicha.log"))
        yield f"no sentence: {done.stderr.strip()[-300:]} {log[-1500:]}"
    if done.returncode not in {0, 2, 3, -signal.SIGKILL}:
        yield f"exit code {done.returncode}: {done.stderr.strip()[-300:]} {done.stdout[-300:]}"
    if trial.how == "full" and done.returncode == 2 and not done.stderr.strip():
        yield "failed without a word"


def _whole(before: Desk, desk: Desk) -> Iterator[str]:
    """Faults of what was there before, and of what the next morning finds."""
    try:
        named = [c for c in keeping.check_folder(desk.root) if not c.ok]
        yield from (
            f"check does not know it: {c.name}: {c.detail}"
            for c in named
            if not any(words in c.detail for words in _NAMED)
        )
        with closing(open_workspace(desk.root)) as office:
            if office.moved_away is None:
                office.write(completing.complete, None)
            yield from _nothing_lost(before, office)
        yield from (
            f"after opening: {c.name}: {c.detail}"
            for c in keeping.check_folder(desk.root)
            if not c.ok
        )
    except AppError as error:
        yield f"does not open: {error}"
    older = {b.name for b in keeping.backups(before.root)}
    if gone := older - {b.name for b in keeping.backups(desk.root)}:
        yield f"backups gone: {gone}"
    for copy in (*desk.stick.rglob("suicha-*.zip"), *(desk.root / "backups").glob("*.zip")):
        try:
            backup_files.compare(copy)
        except AppError as error:
            yield f"half a backup bears a backup's name: {error}"
    for package in desk.stick.glob("360199-*.zip"):
        if package.stat().st_size == 0:
            yield "an empty package bears a package's name"
    yield from _place_says_it(desk.place)


def _nothing_lost(before: Desk, office: Workspace) -> Iterator[str]:
    with closing(open_workspace(before.root)) as old:
        head = old.read(ledger.head)
        targets = old.read(_count, "SELECT count(*) FROM target")
    found = office.read(
        lambda c: c.exec_driver_sql(f"SELECT hash FROM ledger WHERE seq = {head.seq}").scalar()
    )
    if found != head.hash:
        yield f"ledger entry {head.seq} is lost"
    if office.read(_count, "SELECT count(*) FROM target") < targets:
        yield "targets are lost"


def _place_says_it(place: Path) -> Iterator[str]:
    """A restored folder is whole, empty, or says that it is half."""
    # An empty log is what the program keeps for itself; a restore may begin beside it.
    if all(path.name == "log" for path in place.iterdir()):
        return
    if not WorkspaceFolder(place).database.exists() and not (place / HALF_RESTORED).exists():
        yield f"half a restore that does not say so: {sorted(p.name for p in place.iterdir())}"
        return
    try:
        bad = [c for c in keeping.check_folder(place) if not c.ok]
    except AppError as error:
        yield f"restored folder: {error}"
        return
    yield from (f"restored folder: {c.detail}" for c in bad if "没有做完" not in c.detail)


# --- many -------------------------------------------------------------------------------------


def _measure(work: Work, stage: Desk, folder: Path, preload: Path | None) -> tuple[int, float]:
    """How many lasting acts the command has, and how many seconds it takes."""
    begun = monotonic()
    ended = run(Trial(work, "kill", 0), stage, folder, preload)
    seconds = monotonic() - begun
    if ended.faults or ended.code:
        raise SystemExit(f"{work.name} does not go at all: {ended}")
    count = folder / "count"
    return (int(count.read_text(encoding="ascii")) if count.exists() else 0), seconds


def trials(
    chance: random.Random, rounds: int, work: Work, measured: tuple[int, float]
) -> Iterator[Trial]:
    """``rounds`` ways to end one command."""
    acts, seconds = measured
    for number in range(rounds):
        how = ("kill", "tear", "full", "time")[number % 4] if acts else "time"
        at = chance.uniform(0.2, seconds) if how == "time" else chance.randint(1, acts)
        yield Trial(work, how, at)


def main() -> int:
    """Run and print a table; 1 if anything was lost or not said."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=24, help="trials of each command")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="commands whose name holds this")
    arguments = parser.parse_args()
    chance, table, bad = random.Random(arguments.seed), Counter[tuple[str, str]](), []
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        preload, stages = build_preload(folder), prepare(folder / "stages")
        for work in (each for each in WORKS if arguments.only in each.name):
            measured = _measure(work, stages[work.stage], folder / "measure", preload)
            shutil.rmtree(folder / "measure")
            for trial in trials(chance, arguments.rounds, work, measured):
                ended = run(trial, stages[work.stage], folder / "trial", preload)
                shutil.rmtree(folder / "trial")
                table[work.name, "killed" if ended.code < 0 else f"exit {ended.code}"] += 1
                bad += [ended] if ended.faults else []
                for fault in ended.faults:
                    print(f"{work.name} {trial.how} {trial.at:.6g}: {fault}", flush=True)
            ways = {how: n for (each, how), n in sorted(table.items()) if each == work.name}
            print(f"{work.name:20} acts {measured[0]:5} {measured[1]:5.1f}s  {ways}", flush=True)
    print(f"{table.total()} trials, {len(bad)} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
