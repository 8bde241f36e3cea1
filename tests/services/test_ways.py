"""The ways a draw can go, each from its list or pool to tasks, records, paper and the check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from app.db.read import assignments, bound, draws, incoming, partners, pool, tasks
from app.db.read import substitutions as substitution_reads
from app.db.read import targets as target_reads
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.frequency import frequency
from app.domain.rule_facts import InspectionKind
from app.domain.scope import ScopeTag
from app.domain.ways import Way
from app.errors import UserError
from app.models import Assignment, Expert, PartnerInspector, Target
from app.services.directories import directories
from app.services.draws import (
    completing,
    drawing,
    listed_draws,
    partnering,
    platform_draws,
    recomputing,
)
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.drawing import CommitDraw, FreezeDraw, Frozen, RevealDraw, Revealed
from app.services.draws.incoming import ReadList
from app.services.draws.listed_draws import FreezeList
from app.services.draws.partnering import ReadPartners
from app.services.intake import importing
from app.services.packages import exporting
from app.services.plans import planning
from app.services.replacing import substituting, substitution_offer
from app.services.safety import keeping, verifying
from app.services.tasks import noticing
from app.services.tasks.noticing import PrintNotices
from app.services.workspace import Workspace
from tests.documents.reading import text as text_of
from tests.exchange.workbooks import uscc
from tests.support_office import DIGITS, PERIOD, WITNESSES, make_office
from tests.verify.script import run_script

DOCUMENT = "青环执〔2026〕18号"
ORGAN = "市支队"


@pytest.fixture
def yiyang(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "ws", rulebook="yiyang-2021", people=10)
    yield workspace
    workspace.close()


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(
        tmp_path / "ws", rulebook="qingdao-xihaian-2020", people=10, level="branch"
    )
    yield workspace
    workspace.close()


def asked(**changes: object) -> FreezeDraw:
    given: dict[str, object] = {"period": PERIOD, "witnesses": WITNESSES} | changes
    return FreezeDraw(**given)  # type: ignore[arg-type]


def finish(office: Workspace, frozen: Frozen, digits: Sequence[str] = DIGITS[:2]) -> Revealed:
    office.write(drawing.commit, CommitDraw(frozen.no))
    return office.write(
        drawing.reveal,
        RevealDraw(no=frozen.no, digits=tuple(digits), host="李四", place="三楼", recorder="王五"),
    )


def proven(office: Workspace, revealed: Revealed) -> rd1.Plan:
    """Every checker accepts the record; the plan comes back."""
    bad = [f"{c.name}: {c.detail}" for c in verifying.verify([revealed.folder]) if not c.ok]
    assert bad == []
    assert run_script(str(revealed.folder)).returncode == 0
    checks = keeping.check_folder(office.folder.root)
    assert [f"{c.name}: {c.detail}" for c in checks if not c.ok] == []
    return rd1.parse_plan((revealed.folder / "plan.txt").read_bytes())


def change(office: Workspace, act: object) -> None:
    def write(uow: UnitOfWork, _none: None) -> None:
        act(uow)  # type: ignore[operator]
        uow.record("test.change", "office", {})
        uow.commit()

    office.write(write, None)


def a_list(path: Path, rows: Sequence[Sequence[object]], header: Sequence[str]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def names(office: Workspace, codes: Sequence[str]) -> list[tuple[str, str]]:
    known = office.read(pool.target_names)
    return [(known[code].name, code) for code in codes]


def minutes(revealed: Revealed) -> str:
    return text_of((revealed.folder / "minutes.pdf").read_bytes())


def rows(office: Workspace, no: str) -> tuple[tasks.TaskRow, ...]:
    return office.read(
        lambda connection: tasks.read_tasks(
            connection, tasks.in_draws(tasks.tasks_of(), draw_no=no).order_by(Assignment.id)
        )
    )


# --- directed ---------------------------------------------------------------------------------


def tag_some(office: Workspace) -> None:
    def act(uow: UnitOfWork) -> None:
        for target in uow.session.scalars(select(Target)):
            number = int(target.ident[-4:])
            target.industry = "水泥制造" if number % 2 else "家具制造"
            target.tags = ["信用等级：警示"] if number <= 3 else []

    change(office, act)


def test_a_directed_draw_stays_within_its_scope(yiyang: Workspace) -> None:
    tag_some(yiyang)
    frozen = yiyang.write(
        drawing.freeze,
        asked(
            way=Way.DIRECTED,
            scope=(ScopeTag("行业", "水泥"), ScopeTag("信用等级", "警示")),
            reason="水泥行业专项，青环办〔2026〕3号",
            counts=(("KEY", 1), ("GENERAL", 2)),
        ),
    )
    revealed = finish(yiyang, frozen)
    plan = proven(yiyang, revealed)
    assert {row.id for row in plan.targets} == {"KEY0001", "KEY0003", "GENERAL0001", "GENERAL0003"}
    assert plan.rule("scope") == "行业=水泥；信用等级=警示"
    assert plan.rule("reason") == "水泥行业专项，青环办〔2026〕3号"
    assert revealed.selected == 3
    shown = minutes(revealed)
    assert "定向抽查" in shown
    assert "行业=水泥" in shown
    excluded = (revealed.folder / "excluded.txt").read_text(encoding="utf-8")
    assert "KEY0002|scope|" in excluded


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scope": ()}, "范围"),
        ({"reason": " "}, "理由"),
        ({"counts": (("KEY", 9),)}, "只有"),
        ({"scope": (ScopeTag("行业", "没有"),)}, "没有可抽"),
    ],
)
def test_a_directed_draw_needs_scope_reason_and_targets(
    yiyang: Workspace, changes: dict[str, object], words: str
) -> None:
    tag_some(yiyang)
    usual: dict[str, object] = {
        "way": Way.DIRECTED,
        "scope": (ScopeTag("行业", "水泥"),),
        "reason": "专项",
    }
    with pytest.raises(UserError, match=words):
        yiyang.write(drawing.freeze, asked(**(usual | changes)))


# --- inspectors only --------------------------------------------------------------------------


def test_the_superiors_list_gets_our_inspectors(branch: Workspace, tmp_path: Path) -> None:
    wanted = names(branch, ["KEY0001", "KEY0004", "GENERAL0002"])
    path = a_list(tmp_path / "名单.xlsx", wanted, ("企业名称", "代码"))
    read = ReadList(path=path, way=Way.LISTED, period=PERIOD, organ=ORGAN, document=DOCUMENT)
    frozen = branch.write(listed_draws.freeze_list, FreezeList(read, asked(way=Way.LISTED)))
    revealed = finish(branch, frozen)
    plan = proven(branch, revealed)
    assert {(row.id, row.source) for row in plan.given} == {
        (code, DOCUMENT) for _name, code in wanted
    }
    assert plan.targets == () == plan.quotas
    assert revealed.serials == ("一般-01", "重点-01", "重点-02")
    sent = rows(branch, revealed.no)
    assert all(row.lead and row.second for row in sent)
    shown = minutes(revealed)
    assert ORGAN in shown
    assert DOCUMENT in shown
    assert "已经抽定" in shown
    listed = branch.read(lambda connection: incoming.one(connection, 1))
    assert listed is not None
    assert listed.draw_no == revealed.no
    assert (branch.folder.attachments / listed.sha256[:2] / listed.sha256).is_file()


def test_a_list_serves_one_draw_only(branch: Workspace, tmp_path: Path) -> None:
    path = a_list(tmp_path / "名单.xlsx", names(branch, ["KEY0001"]), ("企业名称", "代码"))
    read = ReadList(path=path, way=Way.LISTED, period=PERIOD, organ=ORGAN, document=DOCUMENT)
    command = FreezeList(read, asked(way=Way.LISTED))
    finish(branch, branch.write(listed_draws.freeze_list, command))
    with pytest.raises(UserError, match="已经用于抽取"):
        branch.write(listed_draws.freeze_list, command)


def test_a_list_is_taken_whole_or_not_at_all(branch: Workspace, tmp_path: Path) -> None:
    lines = [*names(branch, ["KEY0001"]), ("名录外某厂", "913601990000000999")]
    path = a_list(tmp_path / "名单.xlsx", lines, ("企业名称", "代码"))
    errors = tmp_path / "退回.xlsx"
    read = ReadList(
        path=path,
        way=Way.LISTED,
        period=PERIOD,
        organ=ORGAN,
        document=DOCUMENT,
        errors_path=errors,
    )
    with pytest.raises(UserError, match="1 行对不上"):
        branch.write(listed_draws.freeze_list, FreezeList(read, asked(way=Way.LISTED)))
    assert errors.is_file()
    assert branch.read(lambda connection: incoming.one(connection, 1)) is None
    assert branch.read(draws.all_draws) == ()


def test_a_level_refuses_ways_it_does_not_go(branch: Workspace) -> None:
    with pytest.raises(UserError, match="没有“只抽对象”"):
        branch.write(drawing.freeze, asked(way=Way.TARGETS_ONLY))


# --- nothing drawn here -----------------------------------------------------------------------


def test_an_assigned_list_becomes_tasks_without_any_draw(branch: Workspace, tmp_path: Path) -> None:
    known = {row.personal_no: row.name for row in branch.read(pool.inspector_names).values()}
    lines = [
        (*names(branch, ["KEY0001"])[0], known["R01"], "R02", "T-1"),
        (*names(branch, ["GENERAL0003"])[0], "360199003", known["R04"], "T-2"),
    ]
    header = ("企业名称", "代码", "主检人员", "协检人员", "任务编号")
    path = a_list(tmp_path / "任务.xlsx", lines, header)
    read = ReadList(path=path, way=Way.ASSIGNED, period=PERIOD, organ=ORGAN, document=DOCUMENT)
    made = branch.write(platform_draws.receive, read)
    assert made.tasks == 2
    sent = rows(branch, made.no)
    assert [(row.lead, row.second) for row in sent] == [
        (known["R01"], known["R02"]),
        (known["R03"], known["R04"]),
    ]
    shown = text_of((made.folder / "record.pdf").read_bytes())
    assert "平台指派" in shown
    assert "没有抽取任何对象和人员" in shown
    assert "T-2" in shown
    assert [c.detail for c in keeping.check_folder(branch.folder.root) if not c.ok] == []
    assert branch.folder.draws.is_dir()
    assert list(branch.folder.draws.iterdir()) == []
    with pytest.raises(UserError, match="已经导入"):
        branch.write(platform_draws.receive, read)


def test_a_platforms_draw_counts_for_quota_and_bars_a_second_draw(tmp_path: Path) -> None:
    office = make_office(tmp_path / "ws", rulebook="nanchang-2023", targets={"A": 8}, people=8)
    try:
        path = a_list(
            tmp_path / "平台.xlsx", names(office, ["A0001", "A0002"]), ("对象名称", "代码")
        )
        read = ReadList(
            path=path, way=Way.PLATFORM, period=PERIOD, organ="省平台", document="赣双随机2026-3"
        )
        made = office.write(platform_draws.receive, read)
        assert made.without_people == 2
        records = {row.id: row for row in office.read(pool.targets)}
        assert [draw.kind for draw in records["A0001"].drawn] == [InspectionKind.OWN]
        command = planning.MakePlan(period=PERIOD, on=date(2026, 7, 2))
        (line,) = (row for row in office.read(planning.compute, command).lines if row.base)
        assert line.pool == 6
        assert any("此前已抽 2" in words for words in line.arithmetic)
        shown = text_of((made.folder / "record.pdf").read_bytes())
        assert "平台抽取" in shown
        assert "不作证明" in shown
        # The people can still be drawn here, by a draw of our own that names it.
        revealed = finish(office, office.write(drawing.freeze, asked(way=Way.LATER, of=made.no)))
        proven(office, revealed)
        assert all(row.lead for row in rows(office, made.no))
    finally:
        office.close()


# --- targets first, people later --------------------------------------------------------------


def test_people_are_drawn_later_for_targets_drawn_first(yiyang: Workspace) -> None:
    first = finish(yiyang, yiyang.write(drawing.freeze, asked(way=Way.TARGETS_ONLY)))
    plan = proven(yiyang, first)
    assert plan.groups == ()
    assert all(row.people == "无人可派" or not row.lead for row in rows(yiyang, first.no))
    assert "本次不抽取执法检查人员" in minutes(first)
    later = finish(
        yiyang,
        yiyang.write(drawing.freeze, asked(way=Way.LATER, of=first.no)),
        ("45216354", "26351443"),
    )
    bound_plan = proven(yiyang, later)
    assert {row.source for row in bound_plan.given} == {first.result}
    assert bound_plan.rule("of") == first.no
    assert sorted(later.serials) == sorted(first.serials)
    assert all(row.lead and row.second for row in rows(yiyang, first.no))
    series = verifying.verify([first.folder, later.folder])
    assert all(check.ok for check in series)
    with pytest.raises(UserError, match="没有等待"):
        yiyang.write(drawing.freeze, asked(way=Way.LATER, of=first.no))


# --- other departments, experts ---------------------------------------------------------------


def add_partners(office: Workspace) -> None:
    def act(uow: UnitOfWork) -> None:
        for code, title in (("YJ", "县应急管理局"), ("SJ", "县市场监管局")):
            uow.session.add_all(
                PartnerInspector(
                    ident=f"{code}{number:03d}",
                    dept_code=code,
                    department=title,
                    name=f"{title[1]}某{number}",
                    cert_no=f"{code}-{number}",
                    cert_valid_to=date(2026, 7, 31) if number == 4 else date(2028, 1, 1),
                    updated_at=uow.now,
                )
                for number in range(1, 5)
            )

    change(office, act)


def test_each_department_sends_one_of_its_own(yiyang: Workspace) -> None:
    add_partners(yiyang)
    frozen = yiyang.write(drawing.freeze, asked(way=Way.JOINT, departments=("YJ", "SJ")))
    revealed = finish(yiyang, frozen)
    plan = proven(yiyang, revealed)
    assert {group.code for group in plan.groups} == {"ENF", "YJ", "SJ"}
    assert {row.why for row in plan.inspectors if row.group == "YJ"} == {"", "certexpired"}
    ids = [row.id for row in rows(yiyang, revealed.no)]
    along = yiyang.read(lambda connection: bound.members(connection, ids))
    assert all([row.group for row in along[ident]] == ["SJ", "YJ"] for ident in ids)
    listed = yiyang.read(assignments.rows, ids)
    sealed = yiyang.read(draws.drawn_lines, revealed.no)
    for task, line in zip(sorted(listed, key=lambda row: row.id), sealed, strict=True):
        assert task.along == line.along == tuple(row.words for row in along[task.id])
        assert [words.split("（")[1] for words in task.along] == [
            "县市场监管局）",
            "县应急管理局）",
        ]
    assert yiyang.read(bound.has_members, revealed.no)
    shown = minutes(revealed)
    assert "县应急管理局" in shown
    assert "部门联合" in shown
    records = {row.id: row for row in yiyang.read(pool.targets)}
    kinds = {draw.kind for row in records.values() for draw in row.drawn}
    assert kinds == {InspectionKind.JOINT}


def test_experts_go_where_a_speciality_is_missing(yiyang: Workspace) -> None:
    first = finish(yiyang, yiyang.write(drawing.freeze, asked()))

    def act(uow: UnitOfWork) -> None:
        uow.session.add_all(
            Expert(
                ident=f"E{number:03d}",
                name=f"专家{number}",
                search="",
                organ="某大学",
                specialities=["water"] if number == 1 else [],
                state="available" if number < 4 else "unavailable",
                created_at=uow.now,
                updated_at=uow.now,
            )
            for number in range(1, 5)
        )

    change(yiyang, act)
    frozen = yiyang.write(drawing.freeze, asked(way=Way.EXPERTS, of=first.no, every=True))
    revealed = finish(yiyang, frozen, ("45216354", "26351443"))
    plan = proven(yiyang, revealed)
    assert {row.group for row in plan.inspectors} == {"EXP"}
    ids = [row.id for row in rows(yiyang, first.no)]
    along = yiyang.read(lambda connection: bound.members(connection, ids))
    assert all(row.title == "专家" and row.name for ident in ids for row in along[ident])
    shown = minutes(revealed)
    assert "专家" in shown
    assert "不计入两名执法人员" in shown
    # Teams stay as they were drawn.
    kept = yiyang.read(
        lambda connection: substitution_reads.tasks(
            connection, next(d.id for d in draws.all_draws(connection) if d.no == first.no)
        )
    )
    assert all(task.lead and task.second for task in kept)


# --- one visit --------------------------------------------------------------------------------


def test_two_tasks_on_one_target_are_one_visit(yiyang: Workspace, tmp_path: Path) -> None:
    first = finish(yiyang, yiyang.write(drawing.freeze, asked()))
    drawn = yiyang.read(lambda connection: draws.drawn_lines(connection, first.no))
    path = a_list(tmp_path / "联合.xlsx", names(yiyang, [drawn[0].ident]), ("企业名称", "代码"))
    read = ReadList(
        path=path,
        way=Way.JOINT_LED,
        period=PERIOD,
        organ="县市场监管局",
        document="青市监〔2026〕4号",
    )
    command = FreezeList(read, asked(way=Way.JOINT_LED))
    joint = finish(
        yiyang, yiyang.write(listed_draws.freeze_list, command), ("45216354", "26351443")
    )
    proven(yiyang, joint)
    (task,) = rows(yiyang, joint.no)
    assert any("合并为一次检查" in words for words in task.flags_in_words)
    record = next(row for row in yiyang.read(pool.targets) if row.id == drawn[0].ident)
    assert len(record.drawn) == 2
    assert len({draw.visit for draw in record.drawn}) == 1
    assert frequency(record, 2026, date(2026, 7, 2)).pending == 1


def test_facts_of_an_old_draw_still_read(yiyang: Workspace) -> None:
    first = finish(yiyang, yiyang.write(drawing.freeze, asked()))
    sheet = yiyang.read(lambda connection: draws.sheet(connection, first.no))
    assert sheet is not None
    packed = dict(sheet.facts)
    for name in ("way", "scope", "reason", "origin", "groups"):
        packed.pop(name)
    assert unpack_facts(packed).how is Way.UNDIRECTED


# --- what comes after -------------------------------------------------------------------------


def test_a_person_drawn_later_is_replaced_in_the_draw_that_sent_them(tmp_path: Path) -> None:
    office = make_office(tmp_path / "ws", rulebook="taijiang-2022", people=10)
    try:
        first = finish(office, office.write(drawing.freeze, asked(way=Way.TARGETS_ONLY)))
        command = asked(way=Way.LATER, of=first.no)
        later = finish(office, office.write(drawing.freeze, command), ("45216354", "26351443"))
        (task, *_) = office.read(
            lambda connection: substitution_reads.tasks(
                connection, next(d.id for d in draws.all_draws(connection) if d.no == first.no)
            )
        )
        made = office.write(
            substituting.substitute,
            substituting.Substitute(
                draw_no=first.no,
                kind=rd1.Substituted.INSPECTOR,
                out=task.lead,
                for_target=task.target,
                reason_code="r1",
                reason_text="",
                approved_name="李四",
                approved_post="大队长",
                on=date(2026, 7, 2),
            ),
        )
        assert made.draw_no == later.no
        proven(office, later)
        series = verifying.verify([first.folder, later.folder])
        assert all(check.ok for check in series)
    finally:
        office.close()


def test_a_departments_directory_is_replaced_by_its_newer_file(
    yiyang: Workspace, tmp_path: Path
) -> None:
    header = ("姓名", "执法证号", "执法证有效期至", "业务专长")
    people = [("甲某", "YJ-1", "2028-12-31", "水"), ("乙某", "YJ-2", "2028-12-31", "")]
    path = a_list(tmp_path / "应急.xlsx", people, header)
    read = ReadPartners(path=path, code="yj", name="县应急管理局")
    assert yiyang.write(partnering.take, read).people == 2
    a_list(path, [people[1], ("丙某", "YJ-3", "2028-12-31", "")], header)
    made = yiyang.write(partnering.take, read)
    assert (made.people, made.new, made.gone) == (2, 1, 1)
    known = {row.cert_no: row for row in yiyang.read(partners.people, "YJ")}
    assert [known[number].state for number in ("YJ-1", "YJ-2", "YJ-3")] == [
        "off_duty",
        "on_duty",
        "on_duty",
    ]
    assert len({row.ident for row in known.values()}) == 3
    frozen = yiyang.write(drawing.freeze, asked(way=Way.JOINT, departments=("YJ",)))
    assert frozen.others == (("县应急管理局", 2),)


@pytest.mark.parametrize(
    ("code", "rows", "words"),
    [
        ("ENF", [("甲某", "1")], "不能用"),
        ("应急", [("甲某", "1")], "不能用"),
        ("YJ", [("甲某", "1"), ("乙某", "1")], "同一人"),
    ],
)
def test_a_directory_that_cannot_be_used_changes_nothing(
    yiyang: Workspace, tmp_path: Path, code: str, rows: list[tuple[str, str]], words: str
) -> None:
    path = a_list(tmp_path / "名录.xlsx", rows, ("姓名", "执法证号"))
    with pytest.raises(UserError, match=words):
        yiyang.write(partnering.take, ReadPartners(path=path, code=code, name="某局"))
    assert yiyang.read(partners.departments) == ()


def test_the_notice_names_who_comes_along(yiyang: Workspace, tmp_path: Path) -> None:
    add_partners(yiyang)
    frozen = yiyang.write(drawing.freeze, asked(way=Way.JOINT, departments=("YJ",)))
    revealed = finish(yiyang, frozen)
    made = yiyang.write(noticing.print_notices, PrintNotices(draw_no=revealed.no, to=tmp_path))
    told = "".join(text_of(path.read_bytes()) for path in made.paths)
    ids = [row.id for row in rows(yiyang, revealed.no)]
    along = yiyang.read(lambda connection: bound.members(connection, ids))
    assert all(row.name in told for found in along.values() for row in found)
    assert "县应急管理局" in told


def test_an_import_only_library_is_neither_edited_nor_drawn(
    branch: Workspace, tmp_path: Path
) -> None:
    path = a_list(
        tmp_path / "许可.xlsx",
        [("许可库某厂", uscc(7), "重点")],
        ("企业名称", "统一社会信用代码", "监管类别"),
    )
    command = importing.ApplyImport(kind="targets", path=path, default_library="permit")
    assert branch.write(importing.apply, command).counts.new == 1
    ident, facts = next(
        (row_id, facts)
        for row_id, _ident, facts in branch.read(lambda c: tuple(target_reads.all_facts(c)))
        if facts.library == "permit"
    )
    with pytest.raises(UserError, match="排污许可库由省厅维护"):
        branch.write(directories.save_target, directories.SaveTarget(facts=facts, id=ident))
    plan = branch.read(
        planning.compute, planning.MakePlan(period=PERIOD, on=date(2026, 7, 2), headcount=20)
    )
    drawable = {code for line in plan.lines for stratum in line.strata for code in stratum.ids}
    assert uscc(7) not in drawable
    assert sum(line.base for line in plan.lines) == 12
    with pytest.raises(UserError, match="没有对象库"):
        branch.write(
            importing.apply,
            importing.ApplyImport(kind="targets", path=path, default_library="X"),
        )


def test_a_draw_made_elsewhere_is_not_substituted_nor_recomputed_here(
    branch: Workspace, tmp_path: Path
) -> None:
    known = names(branch, ["KEY0001"])
    path = a_list(tmp_path / "任务.xlsx", [(*known[0], "R01、R02")], ("名称", "代码", "检查人员"))
    read = ReadList(path=path, way=Way.ASSIGNED, period=PERIOD, organ=ORGAN, document=DOCUMENT)
    made = branch.write(platform_draws.receive, read)
    query = substitution_offer.SubstitutionQuery(
        draw_no=made.no, kind=rd1.Substituted.INSPECTOR, out="R01", on=date(2026, 7, 2)
    )
    with pytest.raises(UserError, match="不是在本单位抽取的"):
        branch.read(substitution_offer.preview, query)
    with pytest.raises(UserError, match="不能复算"):
        branch.read(recomputing.recompute, made.no)
    with pytest.raises(UserError):
        branch.write(
            exporting.export,
            exporting.MakePackage(
                what="draw",
                draw_no=made.no,
                period=None,
                edition="sealed",
                to=tmp_path / "out",
                platform=None,
            ),
        )
    # A record that is lost is printed again when the workspace opens.
    (made.folder / "record.pdf").unlink()
    branch.write(completing.complete, None)
    assert (made.folder / "record.pdf").is_file()
