"""The nine pages, in the order of the tabs.

A page's module is imported when it is first opened: the window is there sooner.
"""

from __future__ import annotations

from app.ui.main_window import PageSpec
from app.ui.widgets import Page, PageContext


def _desk(context: PageContext) -> Page:
    from app.ui.pages.desk import DeskPage

    return DeskPage(context)


def _assignments(context: PageContext) -> Page:
    from app.ui.pages.assignments import AssignmentsPage

    return AssignmentsPage(context)


def _results(context: PageContext) -> Page:
    from app.ui.pages.results import ResultsPage

    return ResultsPage(context)


def _publishing(context: PageContext) -> Page:
    from app.ui.pages.publishing import PublishingPage

    return PublishingPage(context)


def _planning(context: PageContext) -> Page:
    from app.ui.pages.planning import PlanPage

    return PlanPage(context)


def _system(context: PageContext) -> Page:
    from app.ui.pages.system import SystemPage

    return SystemPage(context)


def _targets(context: PageContext) -> Page:
    from app.ui.pages.targets import TargetsPage

    return TargetsPage(context)


def _inspectors(context: PageContext) -> Page:
    from app.ui.pages.inspectors import InspectorsPage

    return InspectorsPage(context)


def _items(context: PageContext) -> Page:
    from app.ui.pages.items import ItemsPage

    return ItemsPage(context)


def page_specs() -> tuple[PageSpec, ...]:
    """The tabs."""
    return (
        PageSpec("desk", "工作台", "desk", _desk),
        PageSpec("targets", "检查对象", "factory", _targets),
        PageSpec("inspectors", "执法人员", "person", _inspectors),
        PageSpec("items", "抽查事项", "clipboard", _items),
        PageSpec("plan", "计划与抽取", "dice", _planning),
        PageSpec("teams", "检查组与派单", "team", _assignments),
        PageSpec("results", "检查结果", "document-check", _results),
        PageSpec("publication", "公示与上报", "megaphone", _publishing),
        PageSpec("system", "系统", "sliders", _system),
    )
