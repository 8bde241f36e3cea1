"""Making and opening a workspace: lock, writer thread, changed signals, rollback."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.db.unit_of_work import UnitOfWork
from app.errors import EnvironmentFault, UserError
from app.models import Setting
from app.services import units
from app.services.workspace import CreateUnit, Workspace, create, open_workspace
from tests.support import make_office


def test_a_unit_is_kept_as_typed(office: Workspace) -> None:
    assert office.unit.code == office.unit.series == "360199"
    assert office.unit.level == "county"
    assert office.rulebook.id == "taijiang-2022"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "单位名称"),
        ({"code": "33100"}, "行政区划代码"),
        ({"code": "33100０"}, "行政区划代码"),
        ({"rulebook_id": "nowhere"}, "没有名为"),
        ({"level": "province"}, "没有层级"),
    ],
)
def test_a_wrong_field_makes_nothing(tmp_path: Path, change: dict[str, str], words: str) -> None:
    fields = {"name": "某大队", "code": "331000", "rulebook_id": "neimenggu", "level": "county"}
    with pytest.raises(UserError, match=words):
        create(tmp_path / "w", CreateUnit(**{**fields, **change}))
    assert not (tmp_path / "w").exists()


def test_a_second_workspace_in_the_folder_is_refused(tmp_path: Path) -> None:
    make_office(tmp_path / "w").close()
    with pytest.raises(UserError, match="已经有一个工作区"):
        make_office(tmp_path / "w")


def test_a_second_program_is_refused(office: Workspace) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from app.services.workspace import open_workspace\n"
        "from app.errors import EnvironmentFault\n"
        "try: open_workspace(Path(sys.argv[1]))\n"
        "except EnvironmentFault as e: sys.exit(7 if '正被另一个' in str(e) else 8)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(office.folder.root)], check=False)
    assert done.returncode == 7


def test_the_lock_is_gone_after_closing(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w")
    office.close()
    again = open_workspace(tmp_path / "w")
    again.close()


def test_a_failed_opening_lets_go_of_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office(tmp_path / "w")
    office.close()
    good = office.folder.database.read_bytes()
    office.folder.database.write_bytes(b"x" * 4096)
    with pytest.raises(Exception, match="损坏"):
        open_workspace(tmp_path / "w")
    office.folder.database.write_bytes(good)
    open_workspace(tmp_path / "w").close()


def test_an_error_rolls_everything_back(office: Workspace) -> None:
    def service(uow: UnitOfWork, _command: None) -> None:
        uow.session.add(Setting(key="half", value="1"))
        uow.session.flush()
        raise UserError("不行")

    with pytest.raises(UserError, match="不行"):
        office.write(service, None)
    count = office.read(
        lambda c: c.exec_driver_sql("SELECT count(*) FROM setting WHERE key='half'").scalar()
    )
    assert count == 0


def test_changes_are_announced_only_after_the_commit(office: Workspace) -> None:
    heard: list[frozenset[str]] = []
    office.changed.append(heard.append)

    def silent(uow: UnitOfWork, _command: None) -> None:
        uow.changed.add("target")

    office.write(silent, None)
    assert heard == []
    facts = office.read(units.unit_facts, "卫七")
    office.write(units.save, units.UnitFacts(name=facts.name, person="吴倩"))
    assert heard == [frozenset({"unit"})]


def test_writes_come_from_one_thread(office: Workspace) -> None:
    seen: set[str] = set()

    def service(_uow: UnitOfWork, _command: None) -> None:
        seen.add(threading.current_thread().name)

    threads = [
        threading.Thread(target=office.write, args=(service, None), name=f"caller-{n}")
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1 and next(iter(seen)).startswith("writer")


def test_readers_cannot_write(office: Workspace) -> None:
    with pytest.raises(Exception, match="readonly"):
        office.read(lambda c: c.exec_driver_sql("DELETE FROM setting"))


def test_the_person_is_remembered(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w")
    facts = office.read(units.unit_facts, "卫七")
    office.write(units.save, units.UnitFacts(name=facts.name, person="吴倩"))
    office.close()
    again = open_workspace(tmp_path / "w")
    assert again.actor == "吴倩"
    again.close()


def test_a_lock_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="不能建立文件夹"):
        make_office(file / "w")
