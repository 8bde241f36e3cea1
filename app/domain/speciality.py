"""业务专长: what a target needs and an inspector has. Codes are RD1's ``[0-9a-z]{1,16}``."""

from __future__ import annotations

import re

from app.domain.fields import Choice, FieldProblem

_SHAPE = re.compile(r"[0-9a-z]{1,16}")

SPECIALITIES = (
    Choice("water", "水", ("水环境", "水污染防治", "废水", "水污染")),
    Choice("air", "大气", ("气", "大气环境", "大气污染防治", "废气", "大气污染")),
    Choice("solid", "固废", ("固体废物", "危险废物", "危废", "固废危废", "固体废物管理")),
    Choice("noise", "噪声", ("噪音", "噪声污染")),
    Choice("radiation", "辐射", ("核与辐射", "辐射安全", "放射")),
    Choice("monitor", "在线监控", ("自动监控", "在线监测", "自动监测", "在线")),
    Choice("soil", "土壤", ("土壤环境", "土壤和地下水", "地下水")),
    Choice("ecology", "自然生态", ("生态", "自然保护地", "生态保护")),
    Choice("permit", "排污许可", ("许可", "排污许可管理")),
    Choice("project", "建设项目", ("环评", "环境影响评价", "建设项目管理")),
    Choice("chemical", "化学品", ("化工", "有毒有害化学品")),
    Choice("vehicle", "移动源", ("机动车", "机动车检测", "非道路移动机械")),
    Choice("rural", "农业农村", ("农村", "畜禽养殖", "养殖")),
    Choice("emergency", "应急", ("环境应急", "应急管理")),
    Choice("law", "法制", ("法规", "法律", "案件审核")),
)


def speciality_words(code: str) -> str:
    """Word for a speciality's code; a unit's own code stands for itself."""
    return next((choice.label for choice in SPECIALITIES if choice.value == code), code)


def check_specialities(field: str, codes: tuple[str, ...]) -> FieldProblem | None:
    """A unit may add codes of its own; their shape is RD1's."""
    for code in codes:
        if not _SHAPE.fullmatch(code):
            return FieldProblem(
                field, f"业务专长“{code}”不认识，请从列表中选，或先在系统里增加这个专长"
            )
    return None
