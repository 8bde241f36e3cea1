"""Every field a regulation names for a directory: imported by its words, editable, exported."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from app.domain import inspector, item, target
from app.domain.fields import Field
from app.exchange.mapping import propose_mappings
from app.exchange.sheets import BookKind, SourceBook, make_sheet
from app.services.directories import workbooks
from app.services.directories.workbooks import WriteTemplate
from app.services.workspace import Workspace
from app.ui.pages.inspectors import _GROUPS as INSPECTOR_GROUPS
from app.ui.pages.items import _GROUPS as ITEM_GROUPS
from app.ui.pages.targets import _GROUPS as TARGET_GROUPS

FIELDS = {"targets": target.FIELDS, "inspectors": inspector.FIELDS, "items": item.FIELDS}
GROUPS = {"targets": TARGET_GROUPS, "inspectors": INSPECTOR_GROUPS, "items": ITEM_GROUPS}

# directory, article, the regulation's own word, our field
NAMED = (
    ("targets", "NC 7", "统一社会信用代码/注册号", "uscc"),
    ("targets", "NC 7", "注册号", "reg_no"),
    ("targets", "NC 7", "检查对象名称", "name"),
    ("targets", "NC 7", "法定代表人/负责人", "legal_rep"),
    ("targets", "NM 7", "主体名称", "name"),
    ("targets", "NM 7", "联系电话", "phone"),
    ("targets", "YY 三（二）", "排污许可管理类别", "permit_category"),
    ("targets", "YY 三（二）", "所属乡镇", "township"),
    ("targets", "YY 三（二）", "行业类型", "industry"),
    ("targets", "YY 三（二）", "建设情况", "state"),
    ("targets", "YY 三（二）", "排放污染物类型", "pollutants"),
    ("targets", "YY 三（二）", "生产规模", "scale"),
    ("targets", "YY 三（二）", "生产周期特点", "production_cycle"),
    ("targets", "YY 三（二）", "在线监控类型", "monitoring"),
    ("targets", "YY 三（二）", "重污染天气绩效分级", "performance_grade"),
    ("targets", "YY 三（二）", "环境信用评价等级", "credit_grade"),
    ("inspectors", "NC 8", "姓名", "name"),
    ("inspectors", "NC 8", "科室", "section"),
    ("inspectors", "NC 8", "职务", "position"),
    ("inspectors", "NC 8", "执法证号", "cert_no"),
    ("inspectors", "NC 8", "执法证有效期", "cert_valid_to"),
    ("inspectors", "NC 8", "执法类型（范围）", "enforcement_type"),
    ("inspectors", "NM 6", "执法类别", "enforcement_type"),
    ("inspectors", "YY 三（三）", "单位", "unit"),
    ("inspectors", "YY 三（三）", "执法（工作）证号", "cert_no"),
    ("inspectors", "YY 三（三）", "职务岗位", "position"),
    ("inspectors", "YY 三（三）", "所在区域", "area"),
    ("inspectors", "YY 三（三）", "工作年限", "years_of_work"),
    ("inspectors", "YY 三（三）", "业务专长", "specialities"),
    ("inspectors", "YY 三（三）", "部门岗位", "section"),
    ("items", "NC 6", "随机抽查事项", "name"),
    ("items", "NC 6", "抽查依据", "basis"),
    ("items", "NC 6", "抽查主体", "subject"),
    ("items", "NC 6", "抽查对象", "object"),
    ("items", "NC 6", "抽查内容", "content"),
    ("items", "NC 6", "抽查比例", "ratio"),
    ("items", "NC 6", "抽查频率", "frequency"),
    ("items", "TJ 三.1", "抽查频次", "frequency"),
    ("items", "NM 3", "抽查项目", "name"),
    ("items", "NM 3", "检查对象", "object"),
    ("items", "NM 3", "检查依据", "basis"),
    ("items", "YY 三（一）", "事项类型", "kind"),
    ("items", "YY 三（一）", "检查方式", "method"),
    ("items", "YY 三（一）", "人员要求", "staff"),
    ("items", "YY 三（一）", "检查对象范围", "scope"),
    ("items", "YY 三（一）", "比例频次", "ratio"),
    ("items", "YY 三（一）", "时间和方式", "time_and_way"),
    ("items", "YY 三（一）", "检查要求", "requirement"),
)


def field_of(kind: str, name: str) -> Field:
    return next(each for each in FIELDS[kind] if each.name == name)


@pytest.mark.parametrize(("kind", "article", "words", "name"), NAMED)
def test_the_regulations_word_leads_to_its_field(
    kind: str, article: str, words: str, name: str
) -> None:
    required = next(each.label for each in FIELDS[kind] if each.required)
    header = (words,) if name == "name" else (required, words)
    book = SourceBook(BookKind.XLSX, (make_sheet("表", [header, ("某某", "某某")]),))
    (mapping,) = propose_mappings(book, FIELDS[kind])
    assert mapping.by_field.get(name) == len(header) - 1, article


@pytest.mark.parametrize("kind", FIELDS)
def test_every_named_field_can_be_typed_and_stands_in_the_template(
    kind: str, office: Workspace, tmp_path: Path
) -> None:
    named = {name for where, _, _, name in NAMED if where == kind}
    assert named <= {name for group in GROUPS[kind] for name in group.names}
    path = workbooks.write_template(WriteTemplate(kind, tmp_path / "a.xlsx", office.rulebook))
    titles = {str(cell.value).rstrip("*") for cell in openpyxl.load_workbook(path).worksheets[0][1]}
    assert {field_of(kind, name).label for name in named} <= titles
