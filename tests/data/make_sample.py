"""Makes resources/sample: the directories of 青禾县, a county that does not exist.

    python -m tests.data.make_sample

Nothing here is drawn by chance: whatever varies is picked by a digest of what it is for, so
the same files come out on every machine and every Python.
"""

# The tables below read best with one row on a line.
# ruff: noqa: E501

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from app.domain import inspector, item, target
from app.domain.codes import uscc_check_character
from app.domain.fields import Facts, Field, shown, value_of
from app.domain.inspector import InspectorFacts
from app.domain.item import ItemFacts
from app.domain.target import TargetFacts, propose_ident

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sample"
COUNTY = "青禾县"
# GB/T 2260 has no province 39, so no code with this region can belong to anybody.
REGION = "391227"

_T = TypeVar("_T")


# --- codes ----------------------------------------------------------------------------


def uscc(key: str, issued_as: str) -> str:
    """A USCC with every check right and a region nobody has.

    ``issued_as``: authority and kind, e.g. 91 a company, 92 a self-employed person,
    93 a farmers' cooperative, 12 a public institution (GB 32100 tables 1 and 2).
    """
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    number = int(hashlib.sha256(key.encode()).hexdigest(), 16)
    organisation: str = "MA" + "".join(letters[number // 31**place % 31] for place in range(6))
    body: str = f"{issued_as}{REGION}{organisation}{_organisation_check(organisation)}"
    return body + uscc_check_character(body)


def _organisation_check(body: str) -> str:
    # GB 11714: modulus 11 over 8 characters, letters count from 10.
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(each, 36) * weight for each, weight in zip(body, weights, strict=True))
    return "0123456789X0"[11 - total % 11]


def old_registration_number(order: int) -> str:
    """15 digits: region, sequence, check digit by ISO 7064 MOD 11,10 (GS 15-2006)."""
    body = f"{REGION}6{order:07}"
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return f"{body}{(11 - product) % 10}"


def phone(order: int) -> str:
    """No town has area code 0399, and no subscriber's number begins with 0."""
    return f"0399-0{order:06}"


# --- words ----------------------------------------------------------------------------

_TOWNS = ("禾城街道", "东皋街道", "柳湾镇", "石桥镇", "云岭镇", "河口镇", "白塘乡", "松坪乡")
_ROADS = ("青年路", "禾香路", "滨河路", "工业大道", "建设路", "学府路", "环城南路", "桥头街")
_VILLAGES = ("上坪村", "下湾村", "新塘村", "大岭村", "石门村", "水口村", "梧桐村", "白沙村")
_FIRST = "瑞恒鸿嘉永盛宏泰康华金丰德信鼎润泽茂隆旭"
_SECOND = "达源和兴通顺安祥利昌友诚辉腾坤庆宇林川禾"
_SURNAMES: tuple[str, ...] = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程",
    *("欧阳", "司徒", "上官"),
)
_GIVEN = (
    "建国", "秀兰", "志强", "丽华", "国平", "桂英", "文斌", "晓燕", "长根", "玉珍", "海涛", "春梅",
    "德顺", "雪莲", "永福", "小红", "立新", "佩云", "光明", "巧玲", "家旺", "思远", "宝山", "静怡",
    "伟", "敏", "磊", "芳", "勇", "琴", "涛", "颖", "毅", "洁", "斌", "蓉",
)  # fmt: skip
# Names and firms that hold characters many fonts and programs lack.
_RARE_PEOPLE = {
    12: "周䶮",
    47: "李㐱",
    101: "王𬍛",
    160: "欧阳䶮",
    222: "古丽娜尔·艾山",
    290: "陈㐱华",
}
_RARE_BRANDS = {("C3021", 1): "䶮成", ("C2110", 2): "㐱源", ("C1530", 3): "𬍛和"}


def pick(key: str, options: Sequence[_T]) -> _T:
    """One of the options, always the same for the same key."""
    return options[int(hashlib.sha256(key.encode()).hexdigest(), 16) % len(options)]


def person(key: str) -> str:
    """An invented name."""
    return pick(f"{key} surname", _SURNAMES) + pick(f"{key} given", _GIVEN)


# --- targets --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """So many sites of one industry. ``name``: what follows county and brand."""

    category: str
    count: int
    code: str
    industry: str
    name: str
    need: str
    issued_as: str = "91"
    tags: tuple[str, ...] = ()
    coded: str = "permit"  # permit · uscc · reg (old number only) · local (no code at all)
    rural: bool = False
    state: str = "active"


_AIR, _WATER, _SOLID = ("废气",), ("废水",), ("固废",)
_BOTH = ("废水", "废气")

KINDS = (
    Kind("KEY", 1, "D4620", "污水处理及其再生利用", "县城污水处理厂", "water", "91", ("重点排污单位", "废水", "在线监控")),
    Kind("KEY", 1, "C3011", "水泥制造", "水泥有限公司", "air", "91", ("重点排污单位", "废气", "在线监控")),
    Kind("KEY", 1, "C1713", "棉印染精加工", "印染有限公司", "water", "91", ("重点排污单位", "废水", "在线监控")),
    Kind("KEY", 1, "C2221", "机制纸及纸板制造", "纸业有限公司", "monitor", "91", ("重点排污单位", *_BOTH, "在线监控")),
    Kind("KEY", 1, "N7820", "环境卫生管理", "生活垃圾处理有限公司", "solid", "91", ("重点排污单位", *_BOTH, "固废")),
    Kind("SPECIAL", 4, "C3360", "金属表面处理及热处理加工", "金属表面处理有限公司", "water", "91", ("两年内有违法记录", "废水")),
    Kind("SPECIAL", 2, "C2710", "化学药品原料药制造", "制药有限公司", "chemical", "91", ("群众反复投诉", *_BOTH)),
    Kind("SPECIAL", 2, "C1910", "皮革鞣制加工", "皮革有限公司", "water", "91", ("环境信用不良", "废水")),
    Kind("SPECIAL", 3, "C3391", "黑色金属铸造", "铸造有限公司", "air", "91", ("两年内有违法记录", "废气")),
    Kind("SPECIAL", 2, "C3071", "建筑陶瓷制品制造", "陶瓷有限公司", "air", "91", ("上级挂牌督办", "废气")),
    Kind("SPECIAL", 1, "N7724", "危险废物治理", "环保科技有限公司", "solid", "91", ("上级挂牌督办", "固废", "废气")),
    Kind("SPECIAL", 2, "C2641", "涂料制造", "涂料有限公司", "chemical", "91", ("环境信用不良", "废气")),
    Kind("SPECIAL", 2, "A0313", "猪的饲养", "生猪养殖专业合作社", "rural", "93", ("群众反复投诉", "废水"), rural=True),
    Kind("SPECIAL", 2, "C1351", "牲畜屠宰", "屠宰有限公司", "water", "91", ("群众反复投诉", "废水")),
    Kind("SPECIAL", 1, "Q8411", "综合医院", "人民医院", "radiation", "12", ("两年内有违法记录", "废水", "固废")),
    Kind("SPECIAL", 1, "C2625", "有机肥料及微生物肥料制造", "生物肥料有限公司", "air", "91", ("群众反复投诉", "废气")),
    Kind("GENERAL", 28, "O8111", "汽车修理与维护", "汽车维修服务部", "solid", "92", _SOLID, "uscc"),
    Kind("GENERAL", 16, "F5265", "机动车燃油零售", "加油站", "air", "91", _AIR),
    Kind("GENERAL", 22, "H6210", "正餐服务", "酒楼", "air", "92", _AIR, "uscc"),
    Kind("GENERAL", 14, "C3021", "水泥制品制造", "水泥制品厂", "air", "91", _AIR),
    Kind("GENERAL", 12, "C3031", "粘土砖瓦及建筑砌块制造", "新型建材厂", "air", "91", _AIR, rural=True),
    Kind("GENERAL", 10, "C2011", "锯材加工", "木材加工厂", "air", "92", _AIR, "uscc", rural=True),
    Kind("GENERAL", 16, "C2110", "木质家具制造", "家具有限公司", "air", "91", _AIR),
    Kind("GENERAL", 14, "C2927", "日用塑料制品制造", "塑料制品有限公司", "air", "91", _AIR),
    Kind("GENERAL", 8, "C2319", "包装装潢及其他印刷", "印务有限公司", "air", "91", _AIR),
    Kind("GENERAL", 10, "C1311", "稻谷加工", "米业有限公司", "noise", "91", ("噪声",), "uscc", rural=True),
    Kind("GENERAL", 8, "C1353", "肉制品及副产品加工", "食品有限公司", "water", "91", _WATER),
    Kind("GENERAL", 8, "C1392", "豆制品制造", "豆制品加工坊", "water", "92", _WATER, "reg", rural=True),
    Kind("GENERAL", 6, "C1512", "白酒制造", "酒厂", "water", "91", _WATER),
    Kind("GENERAL", 8, "C1530", "精制茶加工", "茶业有限公司", "noise", "91", ("噪声",), "uscc", rural=True),
    Kind("GENERAL", 5, "C1711", "棉纺纱加工", "纺织有限公司", "noise", "91", ("噪声",)),
    Kind("GENERAL", 14, "C3311", "金属结构制造", "钢结构有限公司", "air", "91", _AIR),
    Kind("GENERAL", 10, "C3484", "机械零部件加工", "机械厂", "solid", "91", ("固废", "噪声"), "uscc"),
    Kind("GENERAL", 10, "B1019", "粘土及其他土砂石开采", "石料开采有限公司", "ecology", "91", ("废气", "生态"), rural=True),
    Kind("GENERAL", 16, "A0313", "猪的饲养", "养猪场", "rural", "93", _WATER, "uscc", rural=True),
    Kind("GENERAL", 4, "A0313", "猪的饲养", "家庭农场", "rural", "93", _WATER, "local", rural=True),
    Kind("GENERAL", 9, "A0321", "鸡的饲养", "养鸡场", "rural", "93", _WATER, "uscc", rural=True),
    Kind("GENERAL", 9, "Q8423", "乡镇卫生院", "卫生院", "water", "12", ("废水", "固废"), "uscc"),
    Kind("GENERAL", 3, "M7452", "检测服务", "机动车检测有限公司", "vehicle", "91", ("移动源",), "uscc"),
    Kind("GENERAL", 6, "O8030", "洗染服务", "洗涤服务部", "water", "92", _WATER, "uscc"),
    Kind("GENERAL", 6, "D4413", "水力发电", "水电站", "ecology", "91", ("生态",), "uscc", rural=True),
    Kind("GENERAL", 4, "D4413", "水力发电", "水电站", "ecology", "91", ("生态",), "local", rural=True),
    Kind("GENERAL", 7, "E4710", "住宅房屋建筑", "住宅小区建设项目", "project", "91", ("建设项目", "噪声"), "local", state="construction"),
    Kind("GENERAL", 4, "F5191", "再生物资回收与批发", "废旧物资回收站", "solid", "92", _SOLID, "reg"),
    Kind("GENERAL", 4, "C4220", "非金属废料和碎屑加工处理", "再生资源有限公司", "solid", "91", ("固废", "废气")),
    Kind("GENERAL", 7, "D4620", "污水处理及其再生利用", "污水处理站", "water", "91", _WATER, rural=True),
)  # fmt: skip

# Legal bodies that own several sites: one USCC, the permit number tells the sites apart.
_WATERWORKS, _FUEL = f"{COUNTY}清源水务有限公司", f"{COUNTY}通达石油有限公司"
_OWNER = {
    ("KEY", "D4620"): lambda nth: _WATERWORKS,
    ("GENERAL", "D4620"): lambda nth: _WATERWORKS,
    ("GENERAL", "F5265"): lambda nth: _FUEL if nth < 5 else "",
}


def targets() -> list[TargetFacts]:
    """325 sites: 5 key, 22 special, 298 general."""
    made: list[TargetFacts] = []
    sites: dict[str, int] = {}
    for kind in KINDS:
        for nth in range(kind.count):
            made.append(_target(kind, nth, len(made) + 1, sites))
    return made


def _target(kind: Kind, nth: int, order: int, sites: dict[str, int]) -> TargetFacts:
    owner = _OWNER.get((kind.category, kind.code), lambda nth: "")(nth)
    town = _TOWNS[order * 5 % 8] if not kind.rural else _TOWNS[2 + nth % 6]
    name = _target_name(kind, nth, town, owner)
    key = f"{order} {name}"
    facts = TargetFacts(
        name=name,
        legal_rep=_RARE_PEOPLE.get(order) or person(owner or key),
        phone=phone(order),
        address=_address(key, town, rural=kind.rural),
        township=town,
        industry_code=kind.code,
        industry=kind.industry,
        category=kind.category,
        need=kind.need,
        tags=kind.tags,
        state="suspended" if kind.category == "GENERAL" and order % 53 == 0 else kind.state,
        project=kind.state == "construction",
    )
    return _with_codes(facts, kind, order, owner or key, sites)


def _with_codes(
    facts: TargetFacts, kind: Kind, order: int, holder: str, sites: dict[str, int]
) -> TargetFacts:
    if kind.coded == "local":
        note = "无统一社会信用代码，用本地编号"
        return replace(facts, local_no=f"QH{order:04}", note=note)
    if kind.coded == "reg":
        return replace(facts, reg_no=old_registration_number(order), note="旧照未换")
    code = uscc(holder, kind.issued_as)
    # Some firms older than the uniform code still carry their former number beside it.
    reg_no = old_registration_number(order) if order % 41 == 0 else ""
    if kind.coded == "uscc":
        return replace(facts, uscc=code, reg_no=reg_no)
    sites[code] = sites.get(code, 0) + 1
    mark = {"KEY": "P", "SPECIAL": "Q"}.get(kind.category, "X")
    return replace(
        facts,
        uscc=code,
        reg_no=reg_no,
        permit_no=f"{code}{sites[code]:03}{mark}",
        permit_valid_to=date(2027 + order % 4, 1 + order % 12, 1 + order % 28),
    )


def _target_name(kind: Kind, nth: int, town: str, owner: str) -> str:
    place = town[:2]
    if owner == _WATERWORKS:
        return f"{owner}（{kind.name if kind.category == 'KEY' else place + _numeral(nth) + kind.name}）"
    if owner == _FUEL:
        return f"{owner}{place}加油站"
    if kind.code == "Q8411":
        return f"{COUNTY}{kind.name}"
    if kind.code == "Q8423":
        return f"{COUNTY}{place}{'中心' if nth < 8 else '第二'}{kind.name}"
    brand = _RARE_BRANDS.get((kind.code, nth)) or _brand(kind, nth)
    return f"{COUNTY}{brand}{kind.name}"


def _numeral(nth: int) -> str:
    # Six townships with a station each, the seventh is a second one.
    return "" if nth < 6 else "二号"


def _brand(kind: Kind, nth: int) -> str:
    # 400 pairs; steps coprime to 20 keep those of one industry apart.
    start = int(hashlib.sha256(f"{kind.code}{kind.name}{kind.coded}".encode()).hexdigest(), 16)
    return _FIRST[(start + 3 * nth) % 20] + _SECOND[(start // 20 + 7 * nth + nth // 20) % 20]


def _address(key: str, town: str, *, rural: bool) -> str:
    number = 1 + int(hashlib.sha256(key.encode()).hexdigest(), 16) % 180
    if rural:
        return f"{COUNTY}{town}{pick(key, _VILLAGES)} {1 + number % 12} 组"
    return f"{COUNTY}{town}{pick(key, _ROADS)} {number} 号"


# --- inspectors -----------------------------------------------------------------------

_UNIT = f"{COUNTY}生态环境保护综合行政执法大队"

# Name, position, section or squad, kind of employment, specialities, may lead, years of work.
_PEOPLE = (
    ("沈国樑", "大队长", "大队部", "civil", ("law", "water"), True, 24),
    ("方慧敏", "副大队长", "大队部", "civil", ("air", "monitor"), True, 19),
    ("陶志刚", "副大队长", "大队部", "civil", ("solid", "emergency"), True, 17),
    ("孟晓彤", "综合科科长", "综合科", "established", ("law", "permit"), True, 12),
    ("罗䶮", "一中队中队长", "一中队", "established", ("water", "rural"), True, 15),
    ("韦建新", "二中队中队长", "二中队", "established", ("air", "noise"), True, 14),
    ("施文娟", "三中队中队长", "三中队", "established", ("project", "ecology"), True, 13),
    ("邱德海", "四级主办", "一中队", "established", ("water", "monitor"), True, 21),
    ("尹雪琴", "执法员", "一中队", "established", ("permit", "water"), False, 6),
    ("龚立群", "执法员", "一中队", "established", ("rural",), False, 4),
    ("戚子昂", "执法员", "二中队", "established", ("air", "vehicle"), False, 5),
    ("毛佳慧", "执法员", "二中队", "established", ("monitor", "air"), False, 3),
    ("姚𬍛", "执法员", "二中队", "established", ("solid", "chemical"), False, 7),
    ("樊启明", "执法员", "三中队", "established", ("project", "noise"), False, 9),
    ("葛春燕", "执法员", "三中队", "established", ("ecology", "soil"), False, 8),
    ("阿不力孜·库尔班", "执法员", "三中队", "city", ("radiation", "solid"), False, 10),
    ("倪海峰", "执法员", "二中队", "city", ("chemical", "emergency"), False, 11),
    ("殷素梅", "执法员", "一中队", "city", ("water", "soil"), False, 5),
)


def inspectors() -> list[InspectorFacts]:
    """20 people of whom 18 can be drawn: one has retired, one's certificate has run out."""
    made = [_inspector(order, *row) for order, row in enumerate(_PEOPLE, start=1)]
    retired = _inspector(19, "鲁长庚", "一级主办", "综合科", "established", ("water",), False, 36)
    expired = _inspector(20, "江㐱", "执法员", "三中队", "established", ("noise",), False, 16)
    made.append(replace(retired, state="retired", note="2026 年 1 月退休"))
    made.append(
        replace(
            expired,
            cert_valid_from=date(2020, 7, 1),
            cert_valid_to=date(2025, 6, 30),
            state="off_duty",
            note="长期病休，执法证到期未换发",
        )
    )
    return made


def _inspector(
    order: int,
    name: str,
    position: str,
    place: str,
    employment: str,
    specialities: tuple[str, ...],
    may_lead: bool,
    years: int,
) -> InspectorFacts:
    issued = 2023 + order % 3
    return InspectorFacts(
        name=name,
        personal_no=f"R{order:02}",
        unit=_UNIT,
        dept_code="STHJ",
        section="" if place.endswith("中队") else place,
        squad=place if place.endswith("中队") else "",
        position=position,
        duty_post="综合协调" if place == "综合科" else "现场执法",
        cert_no=f"{REGION}15{order:03}",
        cert_kind="行政执法证件",
        enforcement_type="生态环境保护",
        cert_valid_from=date(issued, 7, 1),
        cert_valid_to=date(issued + 5, 6, 30),
        employment=employment,
        specialities=specialities,
        may_lead=may_lead,
        years_of_work=years,
        area={"一中队": "县城片区", "二中队": "河口片区", "三中队": "云岭片区"}.get(place, "全县"),
        phone=phone(900_000 + order),
    )


# --- items ----------------------------------------------------------------------------

# Name, basis (law and article as facts), what is looked at, categories, speciality.
_ITEMS = (
    ("排污许可证（排污登记）执行情况检查", "《排污许可管理条例》第二十五条", "持证和登记情况；排放口、污染防治设施与许可事项是否一致；自行监测、台账和执行报告", (), "permit"),
    ("水污染物排放情况检查", "《中华人民共和国水污染防治法》第三十条", "废水处理设施运行；排放口设置；有无偷排、超标；雨污分流", (), "water"),
    ("大气污染物排放情况检查", "《中华人民共和国大气污染防治法》第二十九条", "废气收集和治理设施运行；无组织排放控制；治理耗材更换记录", (), "air"),
    ("固体废物和危险废物管理情况检查", "《中华人民共和国固体废物污染环境防治法》第二十六条", "贮存场所和标识；管理台账和转移联单；委托处置单位资质", (), "solid"),
    ("噪声污染防治情况检查", "《中华人民共和国噪声污染防治法》第二十九条", "噪声源降噪措施；厂界噪声；夜间施工", (), "noise"),
    ("自动监测设备安装、使用和联网情况检查", "《中华人民共和国水污染防治法》第二十三条；《中华人民共和国大气污染防治法》第二十四条；《排污许可管理条例》第二十条", "设备安装和联网；运维和比对记录；数据有无异常", ("KEY",), "monitor"),
    ("建设项目环境影响评价和环境保护设施落实情况检查", "《中华人民共和国环境影响评价法》第二十八条；《建设项目环境保护管理条例》第二十条", "环评文件审批；配套环境保护设施建设和验收；批复要求落实", (), "project"),
    ("土壤污染重点监管单位义务履行情况检查", "《中华人民共和国土壤污染防治法》第七十七条", "有毒有害物质排放控制；隐患排查；自行监测", ("KEY", "SPECIAL"), "soil"),
    ("畜禽规模养殖污染防治情况检查", "《畜禽规模养殖污染防治条例》第二十三条", "粪污贮存和资源化利用设施；台账；有无直排", ("SPECIAL", "GENERAL"), "rural"),
    ("放射性同位素和射线装置安全检查", "《放射性同位素与射线装置安全和防护条例》第四十六条", "辐射安全许可；防护和警示；个人剂量和年度评估", ("SPECIAL", "GENERAL"), "radiation"),
    ("环境应急管理情况检查", "《中华人民共和国环境保护法》第二十四条、第四十七条", "应急预案和备案；隐患排查；应急物资和演练", ("KEY", "SPECIAL"), "emergency"),
    ("加油站油气回收装置使用情况检查", "《中华人民共和国大气污染防治法》第二十九条、第四十七条", "油气回收装置安装和正常使用；检测记录", ("GENERAL",), "air"),
    ("机动车排放检验机构检查", "《中华人民共和国大气污染防治法》第五十四条", "检验设备和联网；检验过程和报告的真实性", ("GENERAL",), "vehicle"),
    ("医疗机构废水和医疗废物管理情况检查", "《中华人民共和国水污染防治法》第三十条；《中华人民共和国固体废物污染环境防治法》第二十六条、第九十条", "医疗废水处理和消毒；医疗废物分类、暂存和交接", ("SPECIAL", "GENERAL"), "water"),
)  # fmt: skip


def items() -> list[ItemFacts]:
    """14 items; the one on vehicle test lanes is joint with the market regulator."""
    return [
        ItemFacts(
            code=f"SX{order:02}",
            name=name,
            kind="部门联合抽查" if need == "vehicle" else "日常抽查",
            basis=basis,
            subject=f"{COUNTY}生态环境局",
            object="排污单位和其他生产经营者",
            method="现场检查",
            staff="两名以上持证执法人员",
            scope="全县",
            content=content,
            ratio="按年度抽查计划",
            frequency="每季度",
            time_and_way="名单抽取后在本季度内完成",
            categories=categories,
            need=need,
            joint=need == "vehicle",
            year=2026,
            position=order,
        )
        for order, (name, basis, content, categories, need) in enumerate(_ITEMS, start=1)
    ]


# --- files ----------------------------------------------------------------------------


def table(facts: Sequence[Facts], described: Sequence[Field]) -> list[list[str]]:
    """Header and rows as an officer's own sheet would have them: labels, 是/否, 2028-06-30."""
    rows = [[shown(field, value_of(each, field.name)) for field in described] for each in facts]
    return [[field.label for field in described], *rows]


def tables() -> dict[str, list[list[str]]]:
    """Every file's content by file name."""
    return {
        "targets.csv": table(targets(), target.FIELDS),
        "inspectors.csv": table(inspectors(), inspector.FIELDS),
        "items.csv": table(items(), item.FIELDS),
    }


def idents() -> list[str | None]:
    """The targets' ids in a draw, in the file's order."""
    return [propose_ident(each) for each in targets()]


def write(folder: Path) -> None:
    """The csv files: UTF-8 with the mark Excel and WPS need to see it; LF, as git keeps text."""
    for name, rows in tables().items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    write(FOLDER)
