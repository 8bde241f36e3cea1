"""执法检查人员: the facts a person fills in and what is wrong with them."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date

from app.domain.codes import check_ident
from app.domain.fields import Choice, Field, FieldKind, FieldProblem, check_fields
from app.domain.speciality import SPECIALITIES, check_specialities


class Employment(enum.Enum):
    """编制情况; contract staff have no place in the directory (NC 8, 国办发〔2024〕54号)."""

    ESTABLISHED = "established"
    CIVIL = "civil"
    CITY = "city"
    SECONDED_IN = "seconded_in"
    CONTRACT = "contract"

    @property
    def label(self) -> str:
        """Word for a person."""
        return next(each.label for each in EMPLOYMENTS if each.value == self.value)


EMPLOYMENTS = (
    Choice(
        "established", "在编", ("事业编", "事业编制", "编内", "全额事业", "正式", "在编在岗", "是")
    ),
    Choice("civil", "参公", ("公务员", "参公管理", "行政编", "行政编制", "行政")),
    Choice("city", "市级下沉", ("下沉", "市级派驻", "派驻")),
    Choice("seconded_in", "借调", ("借调人员", "抽调", "借用")),
    Choice(
        "contract", "聘用", ("合同制", "编外", "聘用人员", "劳务派遣", "临聘", "协管", "辅助人员")
    ),
)


class DutyState(enum.Enum):
    """Whether the person serves."""

    ON_DUTY = "on_duty"
    OFF_DUTY = "off_duty"
    RETIRED = "retired"

    @property
    def label(self) -> str:
        """Word for a person."""
        return next(each.label for each in DUTY_STATES if each.value == self.value)


DUTY_STATES = (
    Choice("on_duty", "在岗", ("在职", "在职在岗", "正常")),
    Choice("off_duty", "离岗", ("不在岗", "调离", "离职", "病休", "长期病假", "内退")),
    Choice("retired", "退休", ("已退休",)),
)

CERT_KINDS = (
    Choice("行政执法证件", "行政执法证件", ("行政执法证", "执法证")),
    Choice("环境监察执法证", "环境监察执法证", ("环境监察证", "监察证")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorFacts:
    """One holder of an enforcement certificate.

    ``personal_no`` is the unit's own number and the RD1 id: never the certificate's,
    because a plan is published in the end.
    """

    name: str
    personal_no: str = ""
    unit: str = ""
    dept_code: str = ""
    section: str = ""
    squad: str = ""
    position: str = ""
    duty_post: str = ""
    cert_no: str = ""
    cert_kind: str = ""
    enforcement_type: str = ""
    cert_valid_from: date | None = None
    cert_valid_to: date | None = None
    employment: str = Employment.ESTABLISHED.value
    specialities: tuple[str, ...] = ()
    may_lead: bool = False
    years_of_work: int | None = None
    area: str = ""
    phone: str = ""
    state: str = DutyState.ON_DUTY.value
    leave_from: date | None = None
    leave_to: date | None = None
    seconded_out: bool = False
    note: str = ""


FIELDS = (
    Field(
        name="name",
        label="姓名",
        required=True,
        width=10,
        example="某某",
        hint="必填",
        synonyms=("执法人员姓名", "人员姓名", "检查人员姓名", "执法人员", "检查人员", "名字"),
    ),
    Field(
        name="personal_no",
        label="人员编号",
        kind=FieldKind.CODE,
        width=12,
        hint="单位自编，不要用执法证号；留空由系统编号",
        synonyms=("个人编号", "工号", "内部编号", "人员代码"),
    ),
    Field(name="unit", label="单位", width=28, synonyms=("所在单位", "工作单位", "执法单位",
                                                       "执法机构", "所属单位", "单位名称", "部门")),
    Field(name="dept_code", label="部门代码", kind=FieldKind.CODE, width=10,
          hint="联合抽查时区分部门，数字和大写字母", synonyms=("单位代码", "机构代码")),
    Field(name="section", label="科室", width=14,
          synonyms=("所在科室", "处室", "股室", "内设机构", "部门岗位")),
    Field(name="squad", label="中队", width=12, synonyms=("队", "分队", "所在中队", "片区中队")),
    Field(name="position", label="职务", width=12,
          synonyms=("职务岗位", "行政职务", "职务/岗位", "职务职级", "职级")),
    Field(name="duty_post", label="岗位", width=12, synonyms=("工作岗位", "岗位名称")),
    Field(name="cert_no", label="执法证号", kind=FieldKind.CODE, width=18,
          synonyms=("执法证件号", "执法证编号", "证号", "执法（工作）证号", "行政执法证号",
                    "证件号码", "执法证件编号", "证件号", "执法证")),
    Field(name="cert_kind", label="证件种类", choices=CERT_KINDS, width=16,
          synonyms=("执法证种类", "证件类型", "执法证类型", "证件名称")),
    Field(name="enforcement_type", label="执法类型", width=16,
          synonyms=("执法类别", "执法范围", "执法领域", "执法类别（范围）")),
    Field(name="cert_valid_from", label="发证日期", kind=FieldKind.DATE, width=14,
          synonyms=("执法证发证日期", "领证日期", "有效期起", "证件起始日期", "有效期自")),
    Field(name="cert_valid_to", label="执法证有效期至", kind=FieldKind.DATE, width=16,
          ends_period=True, hint="如 2028-12-31",
          synonyms=("有效期", "有效期至", "执法证有效期", "证件有效期", "有效期止", "有效期限",
                    "到期日期", "证件到期日", "截止日期")),
    Field(name="employment", label="编制情况", kind=FieldKind.CHOICE, choices=EMPLOYMENTS,
          width=10,
          synonyms=("编制", "人员性质", "编制性质", "用工性质", "身份", "人员身份", "是否在编")),
    Field(name="specialities", label="业务专长", kind=FieldKind.LIST, choices=SPECIALITIES,
          width=18, hint="几项之间用顿号隔开",
          synonyms=("专长", "专业", "专业特长", "业务特长", "擅长领域")),
    Field(name="may_lead", label="可牵头", kind=FieldKind.BOOL, width=10,
          synonyms=("可任组长", "能否牵头", "主办", "可主办", "是否可任组长", "能否任组长")),
    Field(name="years_of_work", label="工作年限", kind=FieldKind.NUMBER, width=10,
          synonyms=("执法年限", "从事执法年限", "工龄", "年限")),
    Field(name="area", label="区域", width=12,
          synonyms=("所属区域", "所在区域", "片区", "负责区域", "执法区域")),
    Field(name="phone", label="联系电话", width=16,
          synonyms=("电话", "手机", "手机号", "联系方式", "手机号码", "电话号码")),
    Field(name="state", label="在岗状态", kind=FieldKind.CHOICE, choices=DUTY_STATES, width=10,
          synonyms=("状态", "人员状态", "在岗情况", "在职状态", "是否在岗")),
    Field(name="leave_from", label="请假开始", kind=FieldKind.DATE, width=14,
          synonyms=("离岗开始", "请假起", "休假开始")),
    Field(name="leave_to", label="请假结束", kind=FieldKind.DATE, width=14, ends_period=True,
          synonyms=("离岗结束", "请假止", "休假结束")),
    Field(name="seconded_out", label="借调外出", kind=FieldKind.BOOL, width=10,
          synonyms=("是否借出", "借出", "外借")),
    Field(name="note", label="备注", kind=FieldKind.LONG_TEXT, width=24, synonyms=("说明",)),
)  # fmt: skip


def validate(facts: InspectorFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with the facts; forms and import show the same words."""
    found = list(check_fields(facts, FIELDS))
    if facts.personal_no:
        problem = check_ident(facts.personal_no)
        if problem is not None:
            found.append(FieldProblem("personal_no", problem.message))
        elif facts.personal_no == facts.cert_no:
            found.append(
                FieldProblem("personal_no", "人员编号会随名单公开，不能用执法证号，请另编一个")
            )
    if facts.dept_code and not re.fullmatch(r"[0-9A-Z]{1,16}", facts.dept_code):
        found.append(FieldProblem("dept_code", "部门代码只能用数字和大写字母，最多 16 位"))
    for first, last, words in (
        ("cert_valid_from", "cert_valid_to", "执法证有效期至早于发证日期，请核对"),
        ("leave_from", "leave_to", "请假结束早于请假开始，请核对"),
    ):
        start, end = getattr(facts, first), getattr(facts, last)
        if start and end and end < start:
            found.append(FieldProblem(last, words))
    unknown = check_specialities("specialities", facts.specialities)
    if unknown is not None:
        found.append(unknown)
    return tuple(found)
