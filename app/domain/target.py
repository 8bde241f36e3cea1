"""检查对象: the facts a person fills in, what is wrong with them, and the id a draw uses."""

from __future__ import annotations

import enum
import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from app.domain.codes import CodeProblem, check_ident, check_reg_no, check_uscc, parse_permit
from app.domain.fields import Choice, Field, FieldKind, FieldProblem, check_fields
from app.domain.speciality import SPECIALITIES, check_specialities
from app.domain.telling import identity_in

_INDUSTRY = re.compile(r"[A-T]?[0-9]{2,4}|[A-T]")


class TargetState(enum.Enum):
    """Whether there is something to inspect."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CONSTRUCTION = "construction"
    CLOSED = "closed"
    MOVED = "moved"

    @property
    def label(self) -> str:
        """Word for a person."""
        return next(each.label for each in TARGET_STATES if each.value == self.value)

    @property
    def in_force(self) -> bool:
        """Whether it belongs to the base a ratio is taken of; a suspended one does."""
        return self not in (TargetState.CLOSED, TargetState.MOVED)


TARGET_STATES = (
    Choice(
        "active",
        "在产",
        (
            "正常",
            "正常生产",
            "生产",
            "运营",
            "运行",
            "在营",
            "营业",
            "存续",
            "开业",
            "投产",
            "已投产",
            "已建成",
            "建成",
            "建成投产",
        ),
    ),
    Choice("suspended", "停产", ("停业", "长期停产", "季节性停产", "间歇停产", "停运")),
    Choice("construction", "在建", ("建设中", "拟建", "未投产", "试生产")),
    Choice("closed", "关闭", ("已关闭", "关停", "取缔", "破产", "注销")),
    Choice("moved", "迁出", ("已迁出", "搬迁", "已搬迁")),
)

# The strata of the shipped rulebooks; a workspace puts its own rulebook's here (with_choices).
CATEGORIES = (
    Choice(
        "KEY",
        "重点",
        ("重点单位", "重点排污单位", "重点监管", "重点检查对象", "重点污染源", "重点监管对象"),
    ),
    Choice(
        "SPECIAL", "特殊", ("特殊单位", "特殊监管", "特殊监管对象", "特殊检查对象", "特殊污染源")
    ),
    Choice(
        "GENERAL",
        "一般",
        (
            "一般单位",
            "一般监管",
            "一般排污单位",
            "非重点",
            "一般检查对象",
            "一般污染源",
            "一般监管对象",
        ),
    ),
    Choice("A", "A类", ("A级",)),
    Choice("B", "B类", ("B级",)),
    Choice("C", "C类", ("C级",)),
)


# What is inspected (NC 7, NM 1: polluters and construction projects; §4, 27: whoever has no code).
TARGET_KINDS = (
    Choice("polluter", "排污单位", ("企业", "工业企业", "工业源", "固定污染源", "污染源",
                                "排污企业", "生产企业")),
    Choice("project", "建设项目", ("建设单位", "施工工地", "工地", "建筑工地", "在建项目")),
    Choice("third_party", "第三方机构", (
        "第三方", "社会化检测机构", "环境监测机构", "社会环境监测机构", "生态环境监测机构",
        "环评机构", "环评单位", "运维机构", "自动监测运维机构", "检验检测机构", "第三方服务机构")),
    Choice("vehicle_test", "机动车检验机构", (
        "机动车排放检验机构", "机动车检测站", "机动车检测线", "车检站", "检测线", "汽车检测站",
        "机动车环检机构")),
    Choice("farm", "畜禽养殖场", ("养殖场", "养殖户", "畜禽养殖", "规模养殖场", "养殖专业户",
                                  "农业源")),
    Choice("hydro", "水电站", ("小水电", "水力发电站")),
    Choice("radiation", "核与辐射单位", ("核技术利用单位", "辐射单位", "辐射工作单位")),
    Choice("other", "其他", ("其它",)),
)  # fmt: skip


def kind_label(kind: str) -> str:
    """What a target is, as a person says it; empty if nobody said."""
    return next((each.label for each in TARGET_KINDS if each.value == kind), kind)


# What criteria of a rulebook look at; several may hold of one target (YY 三(二)).
LABELS = (
    Choice("key_water", "水环境重点排污单位", ("水重点排污单位", "水环境重点")),
    Choice("key_air", "大气环境重点排污单位", ("大气重点排污单位", "大气环境重点")),
    Choice("key_soil", "土壤污染重点监管单位", ("土壤重点监管单位", "土壤环境重点排污单位")),
    Choice("key_groundwater", "地下水污染防治重点排污单位", ("地下水重点排污单位",)),
    Choice("key_noise", "噪声重点排污单位", ("噪声重点",)),
    Choice("key_risk", "环境风险重点管控单位", ("环境风险重点管控",)),
    Choice("sensitive", "周边有环境敏感目标，参照重点", ("敏感因素", "参照重点排污单位管理")),
    Choice("key_other", "其他规定应纳入重点", ("其他重点",)),
    Choice("supervised", "上级挂牌督办", ("挂牌督办",)),
    Choice("central_letter", "中央环保督察重点信访件未销号", ("督察信访件", "未销号信访件")),
    Choice("media", "被媒体曝光", ("媒体曝光",)),
    Choice("complaints", "群众反复投诉强烈", ("反复投诉",)),
    Choice("special_other", "其他规定应纳入特殊", ("其他特殊",)),
    Choice("positive_list", "列入正面清单", ("正面清单",)),
)
PERMIT_CATEGORIES = (
    Choice("key", "重点管理", ("排污许可重点管理",)),
    Choice("simplified", "简化管理", ("排污许可简化管理",)),
    Choice("registered", "登记管理", ("排污登记", "登记")),
    Choice("none", "不需办理", ("无需办理", "豁免")),
)
CREDIT_GRADES = (
    Choice("honest", "诚信", ("环保诚信", "绿牌", "绿色")),
    Choice("good", "良好", ("环保良好", "合格", "环保合格", "蓝牌", "蓝色")),
    Choice("warning", "警示", ("环保警示", "黄牌", "黄色")),
    Choice("risk", "风险", ("环境风险", "环保风险")),
    Choice("bad", "不良", ("环保不良", "红牌", "红色", "黑牌")),
)
POLLUTANTS = (
    Choice("water", "废水", ("水", "水污染物")),
    Choice("air", "废气", ("气", "大气污染物")),
    Choice("noise", "噪声", ("噪音",)),
    Choice("solid", "一般固废", ("固废", "固体废物")),
    Choice("hazardous", "危险废物", ("危废",)),
    Choice("radiation", "辐射", ("放射性",)),
)
SCALES = (
    Choice("large", "大型", ("大",)),
    Choice("medium", "中型", ("中",)),
    Choice("small", "小型", ("小",)),
    Choice("micro", "微型", ("微",)),
)
PRODUCTION_CYCLES = (
    Choice("continuous", "连续生产", ("连续", "全年")),
    Choice("intermittent", "间歇生产", ("间歇",)),
    Choice("seasonal", "季节性生产", ("季节性",)),
)
MONITORING = (
    Choice("water", "废水在线", ("水在线", "废水自动监测")),
    Choice("air", "废气在线", ("气在线", "废气自动监测")),
    Choice("power", "用电监控", ("工况用电", "分表计电")),
    Choice("video", "视频监控", ("视频",)),
)
PERFORMANCE_GRADES = (
    Choice("A", "A级", ("A", "绩效A级")),
    Choice("B", "B级", ("B", "绩效B级")),
    Choice("LEAD", "引领性", ("绩效引领", "引领")),
    Choice("C", "C级", ("C", "绩效C级")),
    Choice("D", "D级", ("D", "绩效D级", "非引领")),
)
# The libraries of the one shipped rulebook that knows several; a workspace puts its own here.
LIBRARIES = (
    Choice("random", "随机抽查库"),
    Choice("permit", "排污许可库"),
    Choice("emergency", "应急减排库"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """One site (domain word: the drawable unit). Text that is not known is ""."""

    name: str
    kind: str = ""
    uscc: str = ""
    reg_no: str = ""
    permit_no: str = ""
    local_no: str = ""
    legal_rep: str = ""
    phone: str = ""
    address: str = ""
    township: str = ""
    industry_code: str = ""
    industry: str = ""
    category: str = ""
    need: str = ""
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    permit_category: str = ""
    credit_grade: str = ""
    pollutants: tuple[str, ...] = ()
    scale: str = ""
    production_cycle: str = ""
    monitoring: tuple[str, ...] = ()
    performance_grade: str = ""
    squad: str = ""
    state: str = TargetState.ACTIVE.value
    suspended_from: date | None = None
    suspended_to: date | None = None
    permit_valid_to: date | None = None
    project: bool = False
    library: str = ""  # of the platform's target libraries; empty: the one drawn from
    note: str = ""


FIELDS = (
    Field(
        name="name",
        label="检查对象名称",
        required=True,
        width=36,
        example="青禾县某某水泥制品厂",
        hint="必填，与营业执照或许可证一致",
        synonyms=(
            "企业名称", "单位名称", "对象名称", "排污单位名称", "企业（单位）名称", "污染源名称",
            "被检查单位", "被检查对象", "市场主体名称", "项目名称", "企业", "单位", "名称",
            "检查对象", "公司名称", "监管对象名称", "主体名称", "经营者名称", "受检单位",
            "被反映单位", "被投诉单位", "被举报单位", "涉事单位", "涉及企业", "机构名称",
            "建设单位",
        ),
    ),
    Field(
        name="uscc",
        label="统一社会信用代码",
        kind=FieldKind.CODE,
        width=22,
        hint="18 位；没有的留空",
        synonyms=(
            "社会信用代码", "信用代码", "统一信用代码", "注册号/统一社会信用代码",
            "统一社会信用代码/注册号", "统一社会信用代码（组织机构代码）", "统一代码",
            "企业代码", "单位代码", "主体代码", "USCC", "代码",
        ),
    ),
    Field(
        name="reg_no",
        label="注册号",
        kind=FieldKind.CODE,
        width=18,
        hint="旧 15 位工商注册号",
        synonyms=("工商注册号", "营业执照注册号", "营业执照号", "注册号码", "登记号"),
    ),
    Field(
        name="permit_no",
        label="排污许可证编号",
        kind=FieldKind.CODE,
        width=26,
        hint="统一社会信用代码加 3 位数字加 1 位字母",
        synonyms=(
            "许可证编号", "排污许可证号", "排污许可编号", "排污许可证", "许可证号",
            "排污许可证编码", "许可证", "排污登记编号", "固定污染源编码", "登记编号",
        ),
    ),
    Field(
        name="local_no",
        label="本地编号",
        kind=FieldKind.CODE,
        width=14,
        hint="单位自编，数字和大写字母；没有以上代码的对象用它区分",
        synonyms=("自编号", "内部编号", "对象编号", "档案号", "污染源编号", "企业编号"),
    ),
    Field(
        name="kind",
        label="对象种类",
        kind=FieldKind.CHOICE,
        choices=TARGET_KINDS,
        width=14,
        hint="排污单位、建设项目、第三方机构、机动车检验机构等，不清楚的留空",
        synonyms=(
            "检查对象种类", "检查对象类型", "监管对象类型", "监管对象种类", "对象类型",
            "污染源类型", "主体种类",
        ),
    ),
    Field(
        name="legal_rep",
        label="法定代表人",
        width=12,
        example="某某",
        synonyms=(
            "法定代表人/负责人", "法定代表人（负责人）", "法人代表", "法人", "负责人", "法人姓名",
            "企业负责人", "主要负责人", "法定代表人姓名", "经营者",
        ),
    ),
    Field(
        name="phone",
        label="联系电话",
        width=16,
        synonyms=("电话", "联系方式", "手机", "手机号", "联系人电话", "电话号码", "法人电话"),
    ),
    Field(
        name="address",
        label="地址",
        width=40,
        example="青禾县柳湾镇某某路 8 号",
        synonyms=(
            "生产经营场所地址", "详细地址", "单位地址", "企业地址", "经营地址", "住所",
            "生产地址", "经营场所", "注册地址", "所在地", "检查地址", "建设地点", "建设地址",
            "项目地点", "场所地址",
        ),
    ),
    Field(
        name="township",
        label="乡镇街道",
        width=12,
        example="柳湾镇",
        synonyms=(
            "乡镇", "街道", "所属乡镇", "镇街", "所在乡镇", "乡镇（街道）", "所属街道", "属地",
        ),
    ),
    Field(
        name="industry_code",
        label="行业代码",
        kind=FieldKind.CODE,
        width=10,
        hint="GB/T 4754，如 C3011",
        synonyms=("行业类别代码", "国民经济行业代码", "行业编码"),
    ),
    Field(
        name="industry",
        label="行业",
        width=22,
        example="水泥制造",
        synonyms=("行业类别", "所属行业", "行业名称", "国民经济行业", "行业类型"),
    ),
    Field(
        name="category",
        label="监管类别",
        kind=FieldKind.CHOICE,
        choices=CATEGORIES,
        width=10,
        synonyms=(
            "分类", "对象分类", "对象类别", "监管分类", "类别", "管控类别", "抽查类别", "监管等级",
            "污染源类别", "单位类别", "检查对象类别", "重点/特殊/一般", "ABC分类", "监管级别",
            "管理类别",
        ),
    ),
    Field(
        name="need",
        label="所需专长",
        kind=FieldKind.CHOICE,
        choices=SPECIALITIES,
        width=10,
        hint="检查它最需要的业务专长，可留空",
        synonyms=("需要专长", "专长要求", "专业要求"),
    ),
    Field(
        name="tags",
        label="标签",
        kind=FieldKind.LIST,
        width=20,
        hint="几个标签之间用顿号隔开",
        synonyms=("对象标签", "特征", "企业标签"),
    ),
    Field(
        name="labels",
        label="名录和标识",
        kind=FieldKind.LIST,
        choices=LABELS,
        width=32,
        hint="重点排污单位的种类、挂牌督办等，几项之间用顿号隔开",
        synonyms=("重点单位类型", "重点排污单位类型", "环境监管重点单位类别", "重点名录"),
    ),
    Field(
        name="permit_category",
        label="排污许可管理类别",
        kind=FieldKind.CHOICE,
        choices=PERMIT_CATEGORIES,
        width=14,
        synonyms=(
            "管理类别", "许可管理类别", "许可证管理类别", "排污许可类别", "许可类别",
            "排污许可管理级别",
        ),
    ),
    Field(
        name="credit_grade",
        label="环境信用等级",
        kind=FieldKind.CHOICE,
        choices=CREDIT_GRADES,
        width=12,
        synonyms=("环境信用评价等级", "信用等级", "企业环境信用等级", "环保信用等级"),
    ),
    Field(
        name="pollutants",
        label="污染物类型",
        kind=FieldKind.LIST,
        choices=POLLUTANTS,
        width=16,
        hint="几种之间用顿号隔开",
        synonyms=(
            "排放污染物类型", "污染物种类", "主要污染类别", "污染类型", "污染物类别",
            "主要污染物类别", "主要污染物种类",
        ),
    ),
    Field(
        name="scale",
        label="生产规模",
        kind=FieldKind.CHOICE,
        choices=SCALES,
        width=10,
        synonyms=("企业规模", "单位规模", "规模"),
    ),
    Field(
        name="production_cycle",
        label="生产周期",
        kind=FieldKind.CHOICE,
        choices=PRODUCTION_CYCLES,
        width=12,
        synonyms=("生产周期特点", "生产特点"),
    ),
    Field(
        name="monitoring",
        label="在线监控",
        kind=FieldKind.LIST,
        choices=MONITORING,
        width=14,
        hint="几种之间用顿号隔开，没有的留空",
        synonyms=("在线监控类型", "自动监控类型", "在线监测类型"),
    ),
    Field(
        name="performance_grade",
        label="重污染绩效分级",
        kind=FieldKind.CHOICE,
        choices=PERFORMANCE_GRADES,
        width=12,
        synonyms=("绩效分级", "重污染天气绩效分级", "绩效等级"),
    ),
    Field(
        name="squad",
        label="责任中队",
        width=12,
        hint="哪个中队或科室负责核对这一家的资料",
        synonyms=("责任科室", "管辖中队", "所属中队", "监管中队"),
    ),
    Field(
        name="state",
        label="生产状态",
        kind=FieldKind.CHOICE,
        choices=TARGET_STATES,
        width=10,
        synonyms=("状态", "经营状态", "企业状态", "运行状态", "生产情况", "建设情况"),
    ),
    Field(
        name="suspended_from",
        label="停产自",
        kind=FieldKind.DATE,
        width=14,
        hint="季节性停产的起日",
        synonyms=("停产开始日期", "停产起始日期", "停产起"),
    ),
    Field(
        name="suspended_to",
        label="停产至",
        kind=FieldKind.DATE,
        width=14,
        hint="止日；不知道何时恢复的留空",
        synonyms=("停产结束日期", "停产截止日期", "停产止"),
    ),
    Field(
        name="permit_valid_to",
        label="许可证到期日",
        kind=FieldKind.DATE,
        width=14,
        ends_period=True,
        synonyms=(
            "许可证有效期", "许可证有效期至", "排污许可证有效期", "有效期至", "许可证有效期限",
            "有效期限", "到期日期", "许可证截止日期",
        ),
    ),
    Field(
        name="project",
        label="建设项目",
        kind=FieldKind.BOOL,
        width=10,
        hint="是建设项目的填“是”",
        synonyms=("是否建设项目", "是否为建设项目"),
    ),
    Field(
        name="library",
        label="所在库",
        kind=FieldKind.CHOICE,
        choices=LIBRARIES,
        width=12,
        hint="平台分几个库的填写，留空为抽取用的库",
        synonyms=("对象库", "所属库", "名录库", "检查对象库"),
    ),
    Field(name="note", label="备注", kind=FieldKind.LONG_TEXT, width=24, synonyms=("说明", "附注")),
)  # fmt: skip


# Lists that belong to the rulebook or the unit are checked by their shape.
_OF_RULEBOOK = frozenset({"category", "need", "library"})
_CHECKED = tuple(
    Field(name=each.name, label=each.label) if each.name in _OF_RULEBOOK else each
    for each in FIELDS
)


def validate(facts: TargetFacts) -> tuple[FieldProblem, ...]:
    """Everything wrong with the facts, in field order; forms and import show the same words."""
    found = list(check_fields(facts, _CHECKED))
    found += [
        FieldProblem(name, problem.message)
        for name, problem in (
            ("uscc", check_uscc(facts.uscc) if facts.uscc else None),
            ("reg_no", check_reg_no(facts.reg_no) if facts.reg_no else None),
            ("permit_no", _permit_problem(facts.permit_no)),
            ("local_no", _local_problem(facts.local_no)),
        )
        if problem is not None
    ]
    if facts.industry_code and not _INDUSTRY.fullmatch(facts.industry_code):
        found.append(
            FieldProblem("industry_code", "行业代码应像 C3011（一个字母加 2 到 4 位数字）")
        )
    if facts.category and not re.fullmatch(r"[0-9A-Z]{1,16}", facts.category):
        found.append(FieldProblem("category", f"监管类别“{facts.category}”不是本细则的类别"))
    since, until = facts.suspended_from, facts.suspended_to
    if since is not None and until is not None and until < since:
        found.append(FieldProblem("suspended_to", "停产至早于停产自，请核对"))
    found += _unknown_of_lists(facts)
    unknown = check_specialities("need", (facts.need,)) if facts.need else None
    if unknown is not None:
        found.append(unknown)
    return tuple(found)


# Lists whose values the rules read: nothing else may stand in them.
_CLOSED_LISTS = tuple(each for each in FIELDS if each.kind is FieldKind.LIST and each.choices)


def _unknown_of_lists(facts: TargetFacts) -> list[FieldProblem]:
    found = []
    for field in _CLOSED_LISTS:
        known = {choice.value for choice in field.choices}
        strange = [value for value in getattr(facts, field.name) if value not in known]
        if strange:
            words = "、".join(choice.label for choice in field.choices)
            message = f"{field.label}“{strange[0]}”不认识，可选：{words}"
            found.append(FieldProblem(field.name, message))
    return found


def _local_problem(local_no: str) -> CodeProblem | None:
    if not local_no:
        return None
    if identity_in(local_no):
        # The id stands in the plan, and the plan becomes public.
        return CodeProblem("编号随抽取计划公开，不能用身份证号，请另编一个")
    return check_ident(local_no)


def propose_ident(facts: TargetFacts, taken: Container[str] = ()) -> str | None:
    """The RD1 id: permit no., else USCC, else registration no., else local no.

    A legal body may own several sites without permits of their own: an id already ``taken``
    is followed by ``S2``, ``S3`` …  None if the facts have no code; the unit then numbers it.
    """
    codes = (facts.permit_no, facts.uscc, facts.reg_no, facts.local_no)
    base = next((code for code in codes if code and check_ident(code) is None), None)
    if base is None or base not in taken:
        return base
    site = 2
    while f"{base}S{site}" in taken:
        site += 1
    return f"{base}S{site}"


def _permit_problem(text: str) -> CodeProblem | None:
    parsed = parse_permit(text) if text else None
    return parsed if isinstance(parsed, CodeProblem) else None
