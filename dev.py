"""Tasks of this project: python3 dev.py <command> [extra arguments]

    run      open the program (further arguments go to it)
    demo     play one quarter of a fictional county into demo-out/, then open it
    test     the tests (further arguments go to pytest: test -k draw)
    lint     style, types, import directions, lock file
    bench    the measurements in tests/bench
    bundle   a folder for machines without Python
    lock     resolve requirements.lock anew from pyproject.toml (lock --upgrade for newer versions)

Standard library only.  Each command first makes .venv from requirements.lock,
if that lock or the Python changed since the last time.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
DEMO = ROOT / "demo-out"
STAMP = "made-from.txt"

# soname → Debian package; what Qt loads even when it draws off screen.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}

# Program → Debian package; the verification page is tested in a real browser.
BROWSER = {"chromium": "chromium", "chromedriver": "chromium-driver"}

LOCK_OPTIONS = (
    "--generate-hashes",
    "--allow-unsafe",  # pins pip and setuptools: a venv of 3.12 brings no setuptools
    "--strip-extras",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--newline=lf",
    "--quiet",
)


class SetupError(Exception):
    """The machine is not ready; the message says what to do."""


# --- the environment ------------------------------------------------------------------


def stamp_of(lock: bytes) -> str:
    """What a finished .venv was made from: the lock's SHA-256 and the interpreter."""
    # A checkout on Windows may have turned the line ends; the pins are the same.
    digest = hashlib.sha256(lock.replace(b"\r\n", b"\n")).hexdigest()
    return f"{digest} {platform.python_version()} {sys.base_prefix}\n"


def is_current(venv: Path, stamp: str) -> bool:
    """Whether `venv` was finished (the stamp is written last) from this very `stamp`."""
    file = venv / STAMP
    return file.is_file() and file.read_text(encoding="utf-8") == stamp


def ensure_venv() -> None:
    """Make .venv from the lock unless it is current; a half-made one is made again."""
    if not LOCK.is_file():
        raise SetupError("requirements.lock is missing. Restore it: git checkout requirements.lock")
    stamp = stamp_of(LOCK.read_bytes())
    if is_current(VENV, stamp):
        return
    say("Making .venv from requirements.lock (some minutes the first time) …")
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
    except OSError as fault:
        raise SetupError(
            f"{VENV} is in use ({fault}). Close the programs that run from it, then try again."
        ) from fault
    _install(stamp)


def _install(stamp: str) -> None:
    pip, venv_options = [venv_tool("python"), "-m", "pip"], []
    if importlib.util.find_spec("ensurepip") is None:
        # Debian keeps ensurepip in python3-venv; the pip outside can fill the venv as well.
        pip = [sys.executable, "-m", "pip", "--python", venv_tool("python")]
        venv_options = ["--without-pip"]
        if importlib.util.find_spec("pip") is None:
            raise SetupError("This Python has no pip. On Debian: apt-get install python3-venv")
    options = ["--require-hashes", "--quiet", "--no-input", "--disable-pip-version-check"]
    if call([sys.executable, "-m", "venv", *venv_options, str(VENV)]) or call(
        [*pip, "install", *options, "-r", str(LOCK)]
    ):
        raise SetupError(
            "The packages could not be installed (see above). Check the network, or set "
            "PIP_INDEX_URL to your mirror of the index, and give the same command again."
        )
    (VENV / STAMP).write_text(stamp, encoding="utf-8", newline="\n")


def venv_tool(name: str) -> str:
    """Path of a program inside .venv, on either platform."""
    return str(VENV / ("Scripts" if os.name == "nt" else "bin") / name)


# --- what Qt and the tests need from the system ---------------------------------------


def ensure_qt_libraries() -> None:
    """On Linux: install the shared libraries Qt misses, or say the one command that does."""
    if platform.system() != "Linux" or not (missing := missing_libraries()):
        return
    packages = [package_name(QT_LIBRARIES[name], _os_release()) for name in missing]
    if shutil.which("apt-get") is None:
        raise SetupError(f"Qt needs {', '.join(missing)}: install them with your package manager.")
    if not _may_install():
        command = f"sudo apt-get update && sudo {_apt_get(packages)}"
        raise SetupError(f"Qt needs some system libraries. Give this command once:\n  {command}")
    _install_packages(packages)


def ensure_browser() -> None:
    """On Linux: install what the page's tests run in, or say the one command that does."""
    missing = [package for name, package in BROWSER.items() if shutil.which(name) is None]
    if platform.system() != "Linux" or not missing:
        return
    if shutil.which("apt-get") is None:
        say(f"The tests of the verification page need {', '.join(BROWSER)}: install them.")
    elif not _may_install():
        say("The tests of the verification page need a browser. Give this command once:")
        say(f"  sudo apt-get update && sudo {_apt_get(missing)}")
    else:
        _install_packages(missing)


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _apt_get(packages: Sequence[str]) -> str:
    return " ".join(["apt-get install -y --no-install-recommends", *packages])


def _install_packages(packages: Sequence[str]) -> None:
    say(f"Installing {' '.join(packages)} …")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    install = [*_apt_get(packages).split(), "-qq"]
    if call(["apt-get", "update", "-qq"], quiet) or call(install, quiet):
        raise SetupError(f"apt-get failed (see above). By hand: {_apt_get(packages)}")


def missing_libraries() -> list[str]:
    """Those of QT_LIBRARIES the dynamic loader does not find."""
    return [name for name in QT_LIBRARIES if not _loads(name)]


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def package_name(package: str, os_release: Mapping[str, str]) -> str:
    """The package's name on this system: GLib was renamed in Debian 13 and Ubuntu 24.04."""
    first = {"debian": 13.0, "ubuntu": 24.04}.get(os_release.get("ID", ""))
    if package != "libglib2.0-0" or first is None:
        return package
    # Debian testing and unstable state no version: they are newer.
    return f"{package}t64" if float(os_release.get("VERSION_ID", "inf")) >= first else package


def _os_release() -> dict[str, str]:
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


# --- the lock -------------------------------------------------------------------------


def requirements(pyproject: Mapping[str, Any]) -> list[str]:
    """What the lock must answer for: the program's own requirements and those of `dev`."""
    project = pyproject["project"]
    return sorted({*project["dependencies"], *project["optional-dependencies"]["dev"]})


def lock_header(pyproject: Mapping[str, Any]) -> str:
    """First lines of the lock; the digest shows whether it was made from this pyproject."""
    wanted = [pyproject["project"]["requires-python"], *requirements(pyproject)]
    digest = hashlib.sha256("\n".join(wanted).encode()).hexdigest()
    return f"# Made by: python3 dev.py lock (do not edit)\n# Made from: {digest}\n\n"


def lock_is_in_step() -> int:
    """0 when requirements.lock was made from the present pyproject.toml, else 1."""
    if LOCK.read_text(encoding="utf-8").startswith(lock_header(_pyproject())):
        return 0
    say("pyproject.toml asks for something else than requirements.lock: python3 dev.py lock")
    return 1


def _pyproject() -> dict[str, Any]:
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lock(extra: Sequence[str]) -> int:
    """Write requirements.lock anew: every pin with the hashes of all its files, no address."""
    pyproject = _pyproject()
    command = [venv_tool("pip-compile"), *LOCK_OPTIONS, *extra, "--output-file", str(LOCK), "-"]
    say("Resolving (some minutes: hashes for every platform are fetched) …")
    wanted = "\n".join(requirements(pyproject))
    code = subprocess.run(command, cwd=ROOT, input=wanted, text=True, check=False).returncode
    if code:
        return code
    pins = LOCK.read_text(encoding="utf-8").lstrip()
    LOCK.write_text(lock_header(pyproject) + pins, encoding="utf-8", newline="\n")
    return 0


# --- the commands ---------------------------------------------------------------------


def run(extra: Sequence[str]) -> int:
    """Open the program, or give it a command."""
    return python("-m", "app", *extra)


def demo(extra: Sequence[str]) -> int:
    """One quarter into demo-out/ (the former one is kept as demo-out-before/), then the window."""
    if any(word.split("=")[0] == "--out" for word in extra):
        return python("-m", "app", "demo", *extra)
    _set_aside(DEMO)
    code = python("-m", "app", "demo", "--out", str(DEMO), *extra)
    if code or not has_screen() or not (DEMO / "summary.json").is_file():
        return code
    return python("-m", "app", "--data", str(DEMO))


def _set_aside(folder: Path) -> None:
    before = folder.with_name(f"{folder.name}-before")
    try:
        if before.exists():
            shutil.rmtree(before)
        if folder.exists():
            folder.rename(before)
    except OSError as fault:
        raise SetupError(f"{folder.name} is in use ({fault}). Close the program first.") from fault


def test(extra: Sequence[str]) -> int:
    """All tests, on every core; a file's tests stay together, in their order."""
    ensure_browser()
    return python("-m", "pytest", "--numprocesses=auto", "--dist=loadfile", *extra)


def bench(extra: Sequence[str]) -> int:
    """The measurements: each tests/bench/bench_*.py, as ratios within one run."""
    names = extra or sorted(path.stem for path in (ROOT / "tests/bench").glob("bench_*.py"))
    return max(python("-m", f"tests.bench.{name}") for name in names)


def lint(extra: Sequence[str]) -> int:
    """Every check, so that one run shows all that is to mend."""
    checks: dict[str, Callable[[], int]] = {
        "ruff check": lambda: python("-m", "ruff", "check", *extra),
        "ruff format": lambda: python("-m", "ruff", "format", "--check"),
        "mypy": lambda: python("-m", "mypy", "--strict"),
        "import directions": lambda: call([venv_tool("lint-imports")]),
        "lock in step": lock_is_in_step,
    }
    failed = []
    for name, check in checks.items():
        say(f"· {name}")
        if check():
            failed.append(name)
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def bundle(extra: Sequence[str]) -> int:
    """Say plainly that there is no bundle yet."""
    del extra
    say("There is no bundle yet. Until then: install Python 3.11 or newer, then python dev.py run")
    return 2


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    command.__name__: command for command in (run, demo, test, lint, bench, bundle, lock)
}


# --- running things -------------------------------------------------------------------


def say(line: str) -> None:
    """A progress line, at once and apart from a command's own output."""
    print(line, file=sys.stderr, flush=True)


def has_screen() -> bool:
    """Whether a window could be seen."""
    if platform.system() != "Linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def call(command: Sequence[str], extra_env: Mapping[str, str] | None = None) -> int:
    """Run a command in the project's folder; its exit code."""
    env = {**os.environ, "PYTHONUTF8": "1", **(extra_env or {})}
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def python(*arguments: str) -> int:
    """Run .venv's Python; Qt draws off screen where there is none."""
    offscreen = None if has_screen() else {"QT_QPA_PLATFORM": "offscreen"}
    return call([venv_tool("python"), *arguments], offscreen)


def main(arguments: Sequence[str]) -> int:
    """Prepare the machine, then do one command."""
    # Asked at run time: an older Python must be told, and this file parses on it.
    if tuple(map(int, platform.python_version_tuple()[:2])) < (3, 11):
        say("Python 3.11 or newer is needed; this is " + platform.python_version())
        return 2
    if not arguments or arguments[0] not in COMMANDS:
        say(__doc__ or "")
        return 0 if list(arguments) in (["-h"], ["--help"]) else 2
    try:
        ensure_venv()
        ensure_qt_libraries()
        return COMMANDS[arguments[0]](arguments[1:])
    except SetupError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
