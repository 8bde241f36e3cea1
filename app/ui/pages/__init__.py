"""The nine pages, in the order of the tabs.

A page's module is imported when it is first opened: the window is there sooner.
"""

from __future__ import annotations

from app.ui.main_window import PageSpec
from app.ui.widgets import EmptyState, Page, PageContext


def _not_built(title: str, icon_name: str) -> PageSpec:
    def make(context: PageContext) -> Page:
        page = Page(context, title)
        page.body.addWidget(EmptyState("这一页还在建设中。", icon_name=icon_name), 1)
        return page

    return PageSpec(_KEYS[title], title, icon_name, make)


_KEYS = {
    "工作台": "desk",
    "检查对象": "targets",
    "执法人员": "inspectors",
    "抽查事项": "items",
    "计划与抽取": "plan",
    "检查组与派单": "teams",
    "检查结果": "results",
    "公示与上报": "publication",
    "系统": "system",
}


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
    """The tabs.  A new page replaces one line: ``PageSpec("desk", "工作台", "desk", _desk)``."""
    return (
        PageSpec("desk", "工作台", "desk", _desk),
        PageSpec("targets", "检查对象", "factory", _targets),
        PageSpec("inspectors", "执法人员", "person", _inspectors),
        PageSpec("items", "抽查事项", "clipboard", _items),
        _not_built("计划与抽取", "dice"),
        PageSpec("teams", "检查组与派单", "team", _assignments),
        PageSpec("results", "检查结果", "document-check", _results),
        PageSpec("publication", "公示与上报", "megaphone", _publishing),
        _not_built("系统", "sliders"),
    )
