"""Three workspaces made once through the command line, and a copy of them for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .running import CODE, SAMPLE, freeze, reveal, suicha

UNIT = ("--rulebook", "taijiang-2022", "--org", "青禾县生态环境保护综合行政执法大队")


@pytest.fixture(scope="session")
def _models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUICHA_STATE", str(folder / "state"))
        county, frozen, drawn = folder / "county", folder / "frozen", folder / "drawn"
        assert suicha("init", "--data", county, *UNIT, "--code", CODE).code == 0
        for kind in ("targets", "inspectors", "items"):
            assert suicha("import", kind, SAMPLE / f"{kind}.csv", "--data", county).code == 0
        shutil.copytree(county, frozen)
        assert freeze(frozen).code == 0
        shutil.copytree(frozen, drawn)
        assert reveal(drawn).code == 0
    return {"county": county, "frozen": frozen, "drawn": drawn}


@pytest.fixture
def county(_models: dict[str, Path], tmp_path: Path) -> Path:
    """The sample county imported, nothing drawn; the folder has a space in its name."""
    return Path(shutil.copytree(_models["county"], tmp_path / "青禾 县"))


@pytest.fixture
def frozen(_models: dict[str, Path], tmp_path: Path) -> Path:
    """The county with a draw that waits for its digits."""
    return Path(shutil.copytree(_models["frozen"], tmp_path / "等开号 的县"))


@pytest.fixture
def drawn(_models: dict[str, Path], tmp_path: Path) -> Path:
    """The county with its first draw closed."""
    return Path(shutil.copytree(_models["drawn"], tmp_path / "抽过 的县"))
