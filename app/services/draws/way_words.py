"""What the papers of a draw say about its way: purpose, basis, what was drawn."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.rulebook import Rulebook
from app.domain.ways import Way, offer_of
from app.services.draws.draw_facts import DrawFacts

__all__ = ["bases", "purpose", "what"]

_WHAT = {
    Way.TARGETS_ONLY: "检查对象",
    Way.LISTED: "执法检查人员",
    Way.JOINT_LED: "执法检查人员",
    Way.LATER: "执法检查人员",
    Way.REDRAW: "执法检查人员",
    Way.EXPERTS: "专家",
    Way.JOINT: "检查对象和各部门检查人员",
}


def what(way: Way) -> str:
    """What was drawn."""
    return _WHAT.get(way, "检查对象和执法检查人员")


def purpose(sealed: DrawFacts, usual: str) -> str:
    """“2026年第三季度（7月至9月）定向抽查：行业=水泥制造”."""
    if sealed.how is Way.UNDIRECTED:
        return usual
    words = usual.replace("日常随机抽查", sealed.how.label)
    if sealed.scope:
        return f"{words}：{sealed.scope}"
    origin = sealed.origin
    return f"{words}（{origin.words}）" if origin else words


def bases(sealed: DrawFacts, rulebook: Rulebook) -> Iterator[str]:
    """Sentences for 依据: the way's article, scope and reason, where given targets come from."""
    way = sealed.how
    if way in (Way.UNDIRECTED, Way.REDRAW):
        return
    article = next(
        (
            offer.article
            for level in rulebook.levels
            if (offer := offer_of(rulebook, level.code, way)) is not None
        ),
        "",
    )
    cited = f"（{rulebook.cite(article)}）" if article else ""
    yield f"抽取方式：{way.label}{cited}。"
    if sealed.scope:
        yield f"定向范围：{sealed.scope}。"
    if sealed.reason:
        yield f"理由：{sealed.reason.rstrip('。')}。"
    origin = sealed.origin
    if origin is not None and origin.draw:
        yield f"检查对象由抽取{origin.draw}抽定，结果摘要F{origin.document[:8]}…。"
    elif origin is not None:
        yield (
            f"检查对象由{origin.organ}抽定（{origin.document}），名单文件“{origin.file_name}”，"
            f"由{origin.by}于{origin.on}导入，校验码{origin.sha256[:16]}，原件留作附件。"
            "检查对象怎样抽定，不在本记录证明之列。"
        )
    if sealed.groups and way is not Way.EXPERTS:
        titles = "、".join(title for _code, title in sealed.groups)
        yield f"参加部门：{titles}，各从自己的名录抽取，每个检查对象至少一人。"
    if way is Way.EXPERTS:
        yield "专家协助检查，不计入两名执法人员。"
    if way is Way.TARGETS_ONLY:
        yield "检查人员另行抽取，抽取前不确定。"
