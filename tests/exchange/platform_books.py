"""Workbooks as platforms and offices export them, each in a style of its own; all invented.

What they have in common with real ones: titles, two header rows, merged cells, units in the
header, codes and names doubled, notes below, subtotals, code sheets, hidden rows and columns,
numbers that a spreadsheet stored as numbers.
"""
# ruff: noqa: E501 - a row of a workbook reads as a row

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from app.exchange.sheets import Cell
from tests.exchange.workbooks import uscc


def _book(title: str) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    return book, sheet


def _put(sheet: Worksheet, rows: Sequence[Sequence[Cell]]) -> None:
    for row in rows:
        sheet.append(list(row))


def permits() -> openpyxl.Workbook:
    """Permit platform: a title, a line of conditions, permits with two names of one firm."""
    book, sheet = _book("许可证信息")
    _put(
        sheet,
        [
            ("全国排污许可证信息导出表",),
            ("导出条件：管理类别=全部；行政区=青禾县　　导出时间：2026-10-08 09:12:33",),
            (
                "序号", "省/直辖市", "地市", "单位名称", "单位名称（曾用名）", "许可证编号",
                "业务类型", "行业类别", "行业类别代码", "有效期限", "发证日期", "管理类别",
                "主要污染物类别", "统一社会信用代码", "生产经营场所地址", "法定代表人\n（主要负责人）",
                "技术负责人", "联系电话",
            ),
            (
                1, "某省", "某市", "青禾县某水泥有限公司", "青禾县水泥厂", f"{uscc(1)}001P", "重新申请",
                "水泥制造", "C3011", "2024-03-01至2029-02-28", "2024-03-01", "重点管理", "大气污染物,水污染物",
                uscc(1), "柳湾镇一号", "张某", "李某", "0000-1000001",
            ),
            (
                2, "某省", "某市", "青禾县某水泥有限公司(二分厂)", "-", f"{uscc(1)}002X", "延续",
                "水泥制造", "C3011", "2024.3.1-2029.2.28", datetime(2024, 3, 1), "简化管理", "大气污染物",
                uscc(1), "柳湾镇二号", "张某", "李某", 13900000002,
            ),
            (
                3, "某省", "某市", "青禾县某养殖场", None, None, "登记",
                "牲畜饲养", "A031", "长期有效", "2023/1/5", "登记管理", "水污染物",
                None, "西畈乡三号", "王某", None, "０００-1000003",
            ),
            (
                4, "某省", "某市", "青禾县某电镀厂", "/", "9.13E+17", "变更",
                "金属表面处理", "C3360", "2029-12-31", 45352, "重点管理", "水污染物、大气污染物",
                9.1360199e17, "石桥镇四号", "赵某", None, "无",
            ),
            ("共4条记录",),
        ],
    )  # fmt: skip
    sheet.merge_cells("A1:R1")
    sheet.merge_cells("A2:R2")
    sheet.auto_filter.ref = "A3:R7"
    codes = book.create_sheet("码表")
    _put(codes, [("行业类别代码", "行业类别"), ("C3011", "水泥制造"), ("C3360", "金属表面处理")])
    return book


def complaints() -> openpyxl.Workbook:
    """12345 and petitions: the one complained of stands among the complainant's columns."""
    book, sheet = _book("Sheet1")
    _put(
        sheet,
        [
            ("2026年第三季度12345热线及信访件涉企台账（县生态环境局）",),
            (None,),
            (
                "工单编号", "受理时间", "来源", "反映人", "反映人电话", "被反映单位", "被反映单位代码",
                "被反映单位地址", "所属乡镇", "问题类型", "反映内容", "办理情况", "是否办结", "备注",
            ),
            (
                "GD2026070100012", datetime(2026, 7, 1, 8, 30), "12345", "匿名", None,
                "青禾县某砂石场", None, "石桥镇五号", "石桥镇", "扬尘", "夜间作业，扬尘大",
                "已责令整改", "是", "反复投诉",
            ),
            (
                202607150003.0, datetime(2026, 7, 15), "信访", "李某", "13900000009",
                "青禾县某酒业有限公司\n(东畈分厂)", uscc(12).lower(), "东畈乡六号", "东畈乡",
                "废水", "河水发黑", "办理中", "否", None,
            ),
            (
                "GD2026080100044", "2026.8.1", "12345", "王某", "1390000 0010",
                "青禾县某砂石场", "-", "石桥镇五号", "石桥镇", "噪声", "同上", "办理中", "否", None,
            ),
            ("填表人：某某", None, None, "审核：某某", None, None, None, None, None, None, None,
             "填报日期：2026-10-08"),
        ],
    )  # fmt: skip
    sheet.merge_cells("A1:N1")
    sheet.column_dimensions["D"].hidden = True
    sheet.column_dimensions["E"].hidden = True
    return book


def credit() -> openpyxl.Workbook:
    """信用: two header rows, the code twice, a grade with a colour, grouped by town."""
    book, sheet = _book("评价结果")
    _put(
        sheet,
        [
            ("附件2",),
            ("某市2025年度企业环境信用评价结果汇总表",),
            ("序号", "企业基本信息", None, None, None, "评价结果", None, "备注"),
            (None, "企业名称", "统一社会信用代码", "组织机构代码", "所在乡镇（街道）", "得分（分）", "信用等级", None),
            ("一、柳湾镇", None, None, None, None, None, None, None),
            (1, "青禾县某印染有限公司", uscc(21), "MA000002-1", "柳湾镇", 96.5, "环保诚信（绿牌）", None),
            (2, "青禾县某化工有限公司", "　" + uscc(22) + "　", "MA0000022", "柳湾镇", 61, "环保警示（黄牌）", "*"),
            ("小计：2家", None, None, None, None, None, None, None),
            ("二、西畈乡", None, None, None, None, None, None, None),
            (3, "青禾县某 电镀厂", uscc(23).replace("0", "O", 1), "—", "西畈乡", 32, "环保不良(红牌)", None),
            ("合计：3家", None, None, None, None, None, None, None),
            ("注：1.信用等级分为诚信、良好、警示、不良四级。",),
            ("2.本表由县生态环境局统计，盖章有效。",),
        ],
    )  # fmt: skip
    for area in ("A1:H1", "A2:H2", "A3:A4", "B3:E3", "F3:G3", "H3:H4", "A5:H5", "A9:H9",
                 "A12:H12", "A13:H13"):  # fmt: skip
        sheet.merge_cells(area)
    return book


def mobile() -> openpyxl.Workbook:
    """移动执法: English field names above the Chinese ones, a hint row, an example row."""
    book, sheet = _book("污染源信息导入模板")
    _put(
        sheet,
        [
            ("wryName", "shxydm", "wryAddr", "region", "jd", "wd", "fr", "frdh", "jgjb", "sczt"),
            ("*污染源名称", "*统一社会信用代码", "*污染源地址", "*所属区域", "经度(°)", "纬度(°)",
             "法人代表", "法人代表电话", "监管级别", "生产状态"),
            ("必填，不超过50字", "必填，18位", "必填", "下拉选择", "如：120.123456", "如：30.123456",
             "选填", "11位手机号", "重点、一般", "下拉选择"),
            ("示例：某某公司", "91360199MA00000000", "示例地址", "示例镇", 120.1, 30.1, "张三",
             "13800000000", "一般", "正常生产"),
            ("青禾县某一号纺织厂", uscc(31), "柳湾镇七号", "柳湾镇", 120.11, 30.21, "某甲", 13900000031,
             "重点污染源", "正常生产"),
            ("青禾县某二号纺织厂", uscc(32), "柳湾镇八号", "柳湾镇", "120°06′", None, "某乙",
             "0000-1000032", "一般污染源", "长期停产"),
            ("青禾县某三号纺织厂", "91360199MA00000X32", "柳湾镇九号", "柳湾镇", None, None, None, None,
             "一般", "注销"),
        ],
    )  # fmt: skip
    hidden = book.create_sheet("dict_hidden")
    _put(hidden, [("生产状态",), ("正常生产",), ("长期停产",), ("注销",)])
    hidden.sheet_state = "hidden"
    return book


def waste() -> openpyxl.Workbook:
    """危废: units in the header, one row per kind of waste with the firm merged down."""
    book, sheet = _book("危险废物产生单位")
    _put(
        sheet,
        [
            ("危险废物产生单位情况统计表（2026年度）",),
            ("填报单位：青禾县生态环境局　　　单位：吨",),
            ("序号", "单位名称（盖章）", "统一社会信用代码", "地址", "联系人及电话", "危废类别",
             "危废代码", "年产生量（吨/年）", "年贮存量（t）", "处置去向", "是否重点监管源"),
            (1, "青禾县某汽修有限公司", uscc(41), "柳湾镇十号", "某丙13900000041", "HW08", "900-214-08",
             1.25, 0.3, "委托处置", "否"),
            (None, None, None, None, None, "HW49", "900-041-49", 0.5, 0, "委托处置", None),
            (2, "青禾县某医院", "12360199MB0000042" + "X", "石桥镇十一号", "某丁 0000-1000042", "HW01",
             "841-001-01", 12, 1, "委托处置", "是"),
            (None, "合  计", None, None, None, None, None, "=SUM(H4:H6)", None, None, None),
        ],
    )  # fmt: skip
    for area in ("A1:K1", "A2:K2", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "E4:E5", "K4:K5"):
        sheet.merge_cells(area)
    return book


def projects() -> openpyxl.Workbook:
    """环评 approvals: the project and its builder are two names, and the project is inspected."""
    book, sheet = _book("审批台账")
    _put(
        sheet,
        [
            ("青禾县建设项目环境影响评价文件审批台账",),
            ("序号", "项目名称", "建设单位", "建设单位统一社会信用代码", "建设地点", "行业类别",
             "环评类别", "审批文号", "审批时间", "环评机构", "建设情况", "验收情况", "联系人", "联系电话"),
            (1, "年产5万吨新型建材项目", "青禾县某新建材有限公司", uscc(51), "柳湾镇工业园", "非金属矿物制品业",
             "报告表", "青环评〔2026〕1号", date(2026, 1, 8), "某环评有限公司", "在建", "未验收", "某戊",
             "0000-1000051"),
            (2, "柳湾河小水电增效扩容工程", "青禾县某水电站", None, "柳湾镇上游村", "水力发电",
             "登记表", "备202636000000002", "2026年2月3日", None, "已建成", "已验收", None, None),
            (3, "年产2万吨新型建材扩建项目", "青禾县某新建材有限公司", uscc(51), "柳湾镇工业园", "非金属矿物制品业",
             "报告表", "青环评〔2026〕9号", "2026-5-6", "某环评有限公司", "拟建", "未验收", "某戊",
             "0000-1000051"),
        ],
    )  # fmt: skip
    sheet.merge_cells("A1:N1")
    sheet.row_dimensions[4].hidden = True
    return book


def lanes() -> openpyxl.Workbook:
    """机动车检验: one body, several sites, each with lanes; the title beside the header."""
    book, sheet = _book("机动车排放检验机构")
    _put(
        sheet,
        [
            (None, None, "机动车排放检验机构名单", None, None, None, None),
            ("编号", "检验机构名称", "统一社会信用代码", "检测站地址", "检测线数量（条）",
             "资质证书有效期", "站长/电话"),
            ("01", "青禾县某机动车检测有限公司", uscc(61), "柳湾镇十二号", "汽油线2/柴油线1",
             "2021年6月1日—2027年5月31日", "某己/13900000061"),
            ("02", "青禾县某机动车检测有限公司", uscc(61), "东畈乡十三号", 3, "2027.5.31", "某庚"),
            ("03", "青禾县某车辆检测站", "３６０１９９０００００００６３", "石桥镇十四号", 1, "2026/12/31", None),
            (None, None, None, None, None, None, None),
            ("备注：以上名单截至2026年9月30日",),
        ],
    )  # fmt: skip
    return book


def joint() -> openpyxl.Workbook:
    """协同监管: several tables on one sheet, the second begins with its own title."""
    book, sheet = _book("抽查对象")
    header = ("注册号/统一社会信用代码", "市场主体名称", "法定代表人", "联系电话", "住所",
              "登记机关", "成立日期", "经营状态")  # fmt: skip
    _put(
        sheet,
        [
            ("表一：重点排污单位",),
            header,
            (uscc(71), "某旗某煤业有限责任公司", "某辛", "0000-1000071", "某镇", "某旗市场监管局",
             "2010-05-06", "存续"),
            (150199000000072, "某旗某选矿厂", "某壬", 13900000072, "某苏木", "某旗市场监管局",
             38000, "存续（在营、开业、在册）"),
            (None,),
            ("表二：一般排污单位",),
            header,
            ("92150199MA0000073" + "X", "某旗某养殖户", None, None, "某嘎查", None, None, "存续"),
            ("`", "某旗某加油站\u200b", "某癸", None, "某镇", None, None, "吊销，未注销"),
        ],
    )  # fmt: skip
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("A6:H6")
    return book


def beside() -> openpyxl.Workbook:
    """An office's own list, printed in two columns to save paper."""
    book, sheet = _book("名单")
    _put(
        sheet,
        [
            ("青禾县小微企业名单",),
            ("序号", "单位名称", "地址", None, "序号", "单位名称", "地址"),
            (1, "青禾县某米厂", "柳湾镇十五号", None, 3, "青禾县某面厂", "西畈乡十七号"),
            (2, "青禾县某油厂", "柳湾镇十六号", None, None, None, None),
        ],
    )
    sheet.merge_cells("A1:G1")
    return book


def reordered() -> openpyxl.Workbook:
    """Two tables on one sheet, the second with its columns in another order."""
    book, sheet = _book("名单")
    _put(
        sheet,
        [
            ("企业名称", "统一社会信用代码", "地址", "电话"),
            ("青禾县某砖厂", uscc(81), "柳湾镇十八号", "0000-1000081"),
            (None,),
            ("二、补充名单",),
            ("序号", "地址", "企业名称", "统一社会信用代码", "备注"),
            (1, "西畈乡十九号", "青禾县某瓦厂", uscc(82), "新增"),
            (2, "西畈乡二十号", "青禾县某坏代码厂", "9136", None),
        ],
    )
    return book


@dataclass(frozen=True, slots=True)
class PlatformBook:
    """A workbook and what a careful person takes from it: whom, and which rows come back."""

    make: Callable[[], openpyxl.Workbook]
    names: tuple[str, ...]
    refused: tuple[int, ...] = ()


BOOKS = {
    each.make.__name__: each
    for each in (
        PlatformBook(
            permits,
            ("青禾县某水泥有限公司", "青禾县某水泥有限公司(二分厂)", "青禾县某养殖场"),
            (7,),
        ),
        PlatformBook(complaints, ("青禾县某砂石场", "青禾县某酒业有限公司 (东畈分厂)")),
        PlatformBook(credit, ("青禾县某印染有限公司", "青禾县某化工有限公司", "青禾县某电镀厂")),
        PlatformBook(mobile, ("青禾县某一号纺织厂", "青禾县某二号纺织厂"), (7,)),
        PlatformBook(waste, ("青禾县某汽修有限公司",), (6,)),
        PlatformBook(
            projects,
            ("年产5万吨新型建材项目", "柳湾河小水电增效扩容工程", "年产2万吨新型建材扩建项目"),
        ),
        PlatformBook(
            lanes,
            ("青禾县某机动车检测有限公司", "青禾县某机动车检测有限公司", "青禾县某车辆检测站"),
        ),
        PlatformBook(joint, ("某旗某煤业有限责任公司", "某旗某选矿厂"), (8, 9)),
        PlatformBook(beside, ("青禾县某米厂", "青禾县某油厂", "青禾县某面厂")),
        PlatformBook(reordered, ("青禾县某砖厂", "青禾县某瓦厂"), (7,)),
    )
}
