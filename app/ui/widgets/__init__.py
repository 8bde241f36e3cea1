"""Pieces of pages; a page imports them from here."""

from app.ui.widgets.basics import (
    Banner,
    Card,
    Chip,
    ElidedLabel,
    EmptyState,
    FactGrid,
    FigureCard,
    ProgressStrip,
    clear_layout,
    hairline,
    label,
)
from app.ui.widgets.busy_row import BusyRow
from app.ui.widgets.buttons import (
    Segments,
    button,
    danger_button,
    icon_button,
    link_button,
    menu_button,
    primary_button,
    small_button,
)
from app.ui.widgets.date_edit import DateEdit, parse_date
from app.ui.widgets.detail_pane import DetailPane
from app.ui.widgets.filter_row import Filter, FilterButton, FilterRow
from app.ui.widgets.form import FieldEditor, FormDialog, FormPanel, Group
from app.ui.widgets.hash_label import HashLabel
from app.ui.widgets.page import Page, PageContext
from app.ui.widgets.qr_code import QrView
from app.ui.widgets.step_list import GuidedSequence, StepList
from app.ui.widgets.toast import Toast

__all__ = [
    "Banner",
    "BusyRow",
    "Card",
    "Chip",
    "DateEdit",
    "DetailPane",
    "ElidedLabel",
    "EmptyState",
    "FactGrid",
    "FieldEditor",
    "FigureCard",
    "Filter",
    "FilterButton",
    "FilterRow",
    "FormDialog",
    "FormPanel",
    "Group",
    "GuidedSequence",
    "HashLabel",
    "Page",
    "PageContext",
    "ProgressStrip",
    "QrView",
    "Segments",
    "StepList",
    "Toast",
    "button",
    "clear_layout",
    "danger_button",
    "hairline",
    "icon_button",
    "label",
    "link_button",
    "menu_button",
    "parse_date",
    "primary_button",
    "small_button",
]
