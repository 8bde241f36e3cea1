from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.own_copy import all_departures
from app.domain.rulebook import RulebookError
from app.errors import UserError
from app.services.draws import drawing
from app.services.plans import planning
from app.services.rulebooks import AdoptRulebook, adopt, available, find, load, of_unit, under
from app.services.workspace import CreateUnit, Workspace, create, open_workspace
from tests.documents import reading
from tests.domain.rulebooks import rulebook_text
from tests.support_office import WITNESSES, draw_once, make_office

_SHIPPED = [
    "nanchang-2023",
    "neimenggu",
    "qingdao-xihaian-2020",
    "taijiang-2022",
    "yiyang-2021",
]


def _own_copy(tmp_path: Path, version: str = "1", lead: str = "everyone") -> Path:
    """Taijiang's rules under an id of the unit's own."""
    text = rulebook_text("taijiang-2022")
    text = text.replace('id = "taijiang-2022"', 'id = "qinghe-2026"')
    text = text.replace('version = "1"', f'version = "{version}"')
    text = text.replace('lead = { value = "everyone"', f'lead = {{ value = "{lead}"')
    path = tmp_path / "青禾县细则.toml"
    path.write_text(text, encoding="utf-8-sig")  # as Notepad writes it
    return path


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "office", rulebook="taijiang-2022")
    yield workspace
    workspace.close()


def test_five_rulebooks_ship_and_load_by_id() -> None:
    summaries = available()
    assert [summary.id for summary in summaries] == _SHIPPED
    assert [load(summary.id).document.title for summary in summaries] == [
        summary.title for summary in summaries
    ]
    inner = summaries[1]
    assert [code for code, _ in inner.levels] == ["county", "city"]


@pytest.mark.parametrize("name", ["beijing", ""])
def test_an_unknown_id_names_those_there_are(name: str) -> None:
    with pytest.raises(UserError, match="taijiang-2022"):
        load(name)
    with pytest.raises(UserError, match="taijiang-2022"):
        find(name)


def test_a_units_own_file_is_read_and_its_faults_are_sentences(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    with pytest.raises(UserError, match=r"own\.toml"):
        find(str(file))
    file.write_bytes('id = "市"'.encode("gb18030"))
    with pytest.raises(RulebookError, match="UTF-8"):
        find(str(file))
    file.write_text('id = "own"\n', encoding="utf-8")
    with pytest.raises(RulebookError, match="levels"):
        find(str(file))
    file.write_text(rulebook_text("yiyang-2021"), encoding="utf-8")
    with pytest.raises(RulebookError, match="id 处改"):
        find(str(file))


def test_a_file_dropped_into_the_workspace_is_found_and_a_bad_one_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "rulebooks"
    folder.mkdir()
    _own_copy(folder).rename(folder / "qinghe.toml")
    (folder / "bad.toml").write_text("id = 1", encoding="utf-8")
    own = available(folder)[len(_SHIPPED) :]
    assert [(each.id, bool(each.problem)) for each in own] == [
        ("bad", True),
        ("qinghe-2026", False),
    ]
    assert "细则文件中的" in own[0].problem
    assert find("qinghe", folder).rulebook.id == find(own[1].name).rulebook.id == "qinghe-2026"
    with pytest.raises(UserError, match="qinghe"):
        find("beijing", folder)


def test_a_workspace_lives_by_a_file_that_is_gone_afterwards(tmp_path: Path) -> None:
    root = tmp_path / "county"
    file = _own_copy(tmp_path)
    create(root, CreateUnit(name="青禾县大队", code="360199", rulebook_id=str(file)))
    file.unlink()
    workspace = open_workspace(root)
    try:
        assert workspace.unit.rulebook_id == "qinghe-2026"
        assert workspace.rulebook.document.issuer == "福州市台江生态环境局"
    finally:
        workspace.close()


def test_a_new_version_binds_new_draws_and_leaves_the_old_ones_theirs(
    office: Workspace, tmp_path: Path
) -> None:
    office.write(adopt, AdoptRulebook(name=str(_own_copy(tmp_path))))
    assert office.rulebook.id == "qinghe-2026"
    first = draw_once(office)
    changed = _own_copy(tmp_path, lead="marked")
    with pytest.raises(UserError, match="version"):
        office.write(adopt, AdoptRulebook(name=str(changed)))
    assert office.rulebook.team.lead.value.value == "everyone"
    office.write(adopt, AdoptRulebook(name=str(_own_copy(tmp_path, "2", "marked"))))
    assert office.rulebook.team.lead.value.value == "marked"
    then = office.read(under, "qinghe-2026", "1")
    assert then.team.lead.value.value == "everyone"
    assert office.read(of_unit).version == "2"
    minutes = office.folder.draws / first.no / "minutes.pdf"
    assert minutes.exists()


def test_a_rulebook_is_not_changed_under_an_open_draw_or_strange_classes(
    office: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"KEY.*A类企业"):
        office.write(adopt, AdoptRulebook(name="nanchang-2023"))
    frozen = office.write(drawing.freeze, drawing.FreezeDraw(period="2026Q3", witnesses=WITNESSES))
    with pytest.raises(UserError, match=frozen.no):
        office.write(adopt, AdoptRulebook(name="yiyang-2021"))
    office.write(drawing.withdraw, drawing.WithdrawDraw(no=frozen.no))
    office.write(adopt, AdoptRulebook(name="yiyang-2021"))
    assert office.rulebook.id == office.unit.rulebook_id == "yiyang-2021"


def _banner(tmp_path: Path, changes: dict[str, str], copied: str) -> Path:
    text = rulebook_text("neimenggu").replace('id = "neimenggu"', 'id = "qi-2026"')
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "qi.toml"
    path.write_text(f"{text}\n[copy_of]\n{copied}\n", encoding="utf-8")
    return path


_WHY = 'id = "neimenggu"\nreason = "人手不足"\nreport = "旗环报〔2026〕3号"'


def test_a_copy_with_another_number_says_so_on_every_plan(tmp_path: Path) -> None:
    path = _banner(tmp_path, {'ratio = "0.25", per': 'ratio = "0.2", per'}, _WHY)
    office = make_office(tmp_path / "office", rulebook=str(path), targets={"KEY": 11, "GENERAL": 5})
    try:
        line = office.read(
            planning.compute, planning.MakePlan(period="2026Q3", on=planning.today(office))
        ).lines[0]
        (deviation,) = line.deviations
        assert line.quota == 3  # 11 × 20 % = 2.2, up
        assert deviation.words == "重点排污单位按每季度20%，原细则为每季度25%"
        assert (deviation.reason, deviation.report) == ("人手不足", "旗环报〔2026〕3号")
        assert (deviation.needs_report, deviation.article) == (True, "第八条（一）")
        no = draw_once(office).no
        minutes = (office.folder.draws / no / "minutes.pdf").read_bytes()
        assert "原细则为每季度25%" in "".join(reading.text(minutes).split())
    finally:
        office.close()


def test_a_copy_below_what_its_regulation_allows_is_refused(tmp_path: Path) -> None:
    text = rulebook_text("taijiang-2022").replace('id = "taijiang-2022"', 'id = "own"')
    why = '\n[copy_of]\nid = "taijiang-2022"\nreason = "人手不足"\n'
    path = tmp_path / "own.toml"
    path.write_text(text.replace('ratio = "1:5"', 'ratio = "1:3"') + why, encoding="utf-8")
    with pytest.raises(UserError, match=r"每年1:3.*最低要求"):
        find(str(path))
    path.write_text(text.replace("everyone = true", "everyone = false") + why, encoding="utf-8")
    with pytest.raises(UserError, match="不再要求6个月内全覆盖"):
        find(str(path))
    # More than the regulation asks, and what it leaves open: nothing to explain.
    more = text.replace('ratio = "1:5"', 'ratio = "1:6"').replace('floor = "0.5"', 'floor = "1"')
    path.write_text(more + why, encoding="utf-8")
    assert all_departures(find(str(path)).rulebook) == ()
    path.write_text(
        text.replace('ratio = "1", floor', 'ratio = "0.5", floor') + why, encoding="utf-8"
    )
    (half,) = all_departures(find(str(path)).rulebook)
    assert (half.needs_report, half.reason) == (False, "人手不足")


def test_a_copy_of_nothing_and_without_a_reason_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="beijing"):
        find(str(_banner(tmp_path, {}, 'id = "beijing"\nreason = "x"')))
    with pytest.raises(RulebookError, match=r"copy_of\.reason"):
        find(str(_banner(tmp_path, {}, 'id = "neimenggu"')))
    changed = {'ratio = "1:10", per': 'ratio = "1:12", per'}
    with_reason = find(str(_banner(tmp_path, changed, _WHY))).rulebook
    assert [each.words for each in all_departures(with_reason)] == [
        "一般排污单位按每年1:12，原细则为每年1:10"
    ]
