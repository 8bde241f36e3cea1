"""The set-up: when .venv is made anew, what the lock promises, which packages Debian needs."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import dev

LOCK = dev.LOCK.read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((dev.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = re.findall(r"^([a-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE)


def project(*dependencies: str, dev_tools: tuple[str, ...] = (), python: str = ">=3.11"):
    return {
        "project": {
            "requires-python": python,
            "dependencies": list(dependencies),
            "optional-dependencies": {"dev": list(dev_tools)},
        }
    }


def test_a_venv_is_current_only_with_the_stamp_of_this_lock(tmp_path: Path) -> None:
    stamp = dev.stamp_of(b"a==1\n")
    assert not dev.is_current(tmp_path, stamp), "half made: no stamp"
    (tmp_path / dev.STAMP).write_text(stamp, encoding="utf-8", newline="\n")
    assert dev.is_current(tmp_path, stamp)
    assert not dev.is_current(tmp_path, dev.stamp_of(b"a==2\n"))


def test_the_stamp_knows_the_python_and_not_the_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = dev.stamp_of(b"a==1\nb==2\n")
    assert dev.stamp_of(b"a==1\r\nb==2\r\n") == stamp
    monkeypatch.setattr(dev.platform, "python_version", lambda: "3.99.0")
    assert dev.stamp_of(b"a==1\nb==2\n") != stamp


def test_a_missing_lock_is_said_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    assert dev.main(["test"]) == 2
    assert "git checkout requirements.lock" in capsys.readouterr().err


def test_an_unknown_command_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["tset"]) == 2
    shown = capsys.readouterr().err
    assert [name for name in dev.COMMANDS if f"    {name} " not in shown] == []


def test_the_header_changes_with_the_requirements_alone() -> None:
    header = dev.lock_header(project("a", "b>=2", dev_tools=("c",)))
    assert dev.lock_header(project("b>=2", "a", dev_tools=("c",))) == header
    assert dev.lock_header(project("a", "b>=3", dev_tools=("c",))) != header
    assert dev.lock_header(project("a", "b>=2", dev_tools=("c", "d"))) != header
    assert dev.lock_header(project("a", "b>=2", dev_tools=("c",), python=">=3.12")) != header


def test_the_lock_names_no_address_and_hashes_every_pin() -> None:
    assert not re.search(r"://|/home|/tmp|--find-links|index-url", LOCK)
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.split("\n\n", 1)[1])
    assert PINS and all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("system", ["win32", "linux"])
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_lock_is_complete_on_every_platform(system: str, version: str) -> None:
    """With hashes required, pip refuses a requirement that the lock does not pin."""
    environment = {
        **default_environment(),
        "sys_platform": system,
        "os_name": "nt" if system == "win32" else "posix",
        "platform_system": "Windows" if system == "win32" else "Linux",
        "platform_machine": "AMD64" if system == "win32" else "x86_64",
        "python_version": version,
        "python_full_version": f"{version}.0",
        "extra": "",
    }
    pinned = {canonicalize_name(name) for name, _ in PINS}
    asked = {
        canonicalize_name(wanted.name)
        for name in pinned & installed()
        for wanted in map(Requirement, importlib.metadata.requires(name) or ())
        if wanted.marker is None or wanted.marker.evaluate(environment)
    }
    direct = {canonicalize_name(Requirement(line).name) for line in dev.requirements(PYPROJECT)}
    assert asked | direct <= pinned
    assert pinned <= installed(), "every pin's own requirements were looked at"


def installed() -> set[str]:
    return {canonicalize_name(found.name) for found in importlib.metadata.distributions()}


@pytest.mark.parametrize(
    ("release", "name"),
    [
        ({"ID": "debian", "VERSION_ID": "12"}, "libglib2.0-0"),
        ({"ID": "debian", "VERSION_ID": "13"}, "libglib2.0-0t64"),
        ({"ID": "debian"}, "libglib2.0-0t64"),
        ({"ID": "ubuntu", "VERSION_ID": "22.04"}, "libglib2.0-0"),
        ({"ID": "ubuntu", "VERSION_ID": "24.04"}, "libglib2.0-0t64"),
        ({"ID": "linuxmint", "VERSION_ID": "22.1"}, "libglib2.0-0"),
        ({"ID": "alpine", "VERSION_ID": "3.19.1"}, "libglib2.0-0"),
        ({}, "libglib2.0-0"),
    ],
)
def test_glib_has_the_name_of_the_release(release: dict[str, str], name: str) -> None:
    assert dev.package_name("libglib2.0-0", release) == name
    assert dev.package_name("libegl1", release) == "libegl1"


def test_missing_libraries_are_found_by_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "QT_LIBRARIES", {"libthere-is-none.so.9": "libnone9"})
    assert dev.missing_libraries() == ["libthere-is-none.so.9"]


def test_the_former_demo_is_set_aside_not_lost(tmp_path: Path) -> None:
    out = tmp_path / "demo-out"
    for text in ("first", "second"):
        out.mkdir()
        (out / "summary.json").write_text(text, encoding="utf-8", newline="\n")
        dev._set_aside(out)
    assert not out.exists()
    kept = (tmp_path / "demo-out-before" / "summary.json").read_text(encoding="utf-8")
    assert kept == "second"


@pytest.mark.parametrize(
    ("screen", "finished", "extra", "calls"),
    [
        (True, True, [], ["demo --out demo-out", "--data demo-out"]),
        (False, True, [], ["demo --out demo-out"]),
        (True, False, ["--help"], ["demo --out demo-out --help"]),
        (True, True, ["--out", "elsewhere"], ["demo --out elsewhere"]),
    ],
)
def test_the_demo_opens_the_program_where_there_is_something_to_see(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    screen: bool,
    finished: bool,
    extra: list[str],
    calls: list[str],
) -> None:
    made: list[str] = []
    out = tmp_path / "demo-out"

    def python(*arguments: str) -> int:
        made.append(" ".join(arguments[2:]).replace(str(out), "demo-out"))
        if finished and "demo" in arguments:
            out.mkdir()
            (out / "summary.json").touch()
        return 0

    monkeypatch.setattr(dev, "DEMO", out)
    monkeypatch.setattr(dev, "has_screen", lambda: screen)
    monkeypatch.setattr(dev, "python", python)
    assert dev.demo(extra) == 0
    assert made == calls


def test_who_may_not_install_is_given_the_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.platform, "system", lambda: "Linux")
    monkeypatch.setattr(dev, "missing_libraries", lambda: ["libEGL.so.1", "libglib-2.0.so.0"])
    monkeypatch.setattr(dev, "_os_release", lambda: {"ID": "debian", "VERSION_ID": "13"})
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(dev.SetupError, match="sudo apt-get update && sudo apt-get install"):
        dev.ensure_qt_libraries()


def test_root_on_debian_gets_them_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr(dev.platform, "system", lambda: "Linux")
    monkeypatch.setattr(dev, "missing_libraries", lambda: ["libEGL.so.1", "libglib-2.0.so.0"])
    monkeypatch.setattr(dev, "_os_release", lambda: {"ID": "debian", "VERSION_ID": "13"})
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(dev, "call", lambda command, env: given.append(" ".join(command)) or 0)
    dev.ensure_qt_libraries()
    assert given[0].startswith("apt-get update")
    assert "libegl1 libglib2.0-0t64" in given[1] and len(given) == 2


def test_the_browser_is_installed_by_root_and_named_to_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[str] = []
    monkeypatch.setattr(dev.platform, "system", lambda: "Linux")
    monkeypatch.setattr(
        dev.shutil, "which", lambda name: None if name == "chromedriver" else f"/usr/bin/{name}"
    )
    monkeypatch.setattr(dev, "call", lambda command, env: given.append(" ".join(command)) or 0)
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000, raising=False)
    dev.ensure_browser()
    assert "sudo apt-get install -y --no-install-recommends chromium-driver" in (
        capsys.readouterr().err
    )
    assert given == []
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0, raising=False)
    dev.ensure_browser()
    assert given[0].startswith("apt-get update")
    assert "chromium-driver" in given[1] and len(given) == 2
