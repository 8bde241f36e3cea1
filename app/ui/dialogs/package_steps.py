"""What is asked at each step of a package's way: who, in what post, on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.fields import Field, FieldKind
from app.domain.package_course import PackageState

__all__ = ["STEP_FIELDS", "STEP_TITLES", "StepTyped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTyped:
    """Everything any of the steps asks for."""

    name: str = ""
    who: str = ""
    post: str = ""
    on: date | None = None
    number: str = ""
    note: str = ""


STEP_TITLES = {
    PackageState.APPROVED: "批准",
    PackageState.COPIED: "登记拷贝",
    PackageState.UPLOADED: "登记上传",
}


def _line(name: str, words: str, hint: str = "", *, required: bool = False) -> Field:
    return Field(name=name, label=words, hint=hint, required=required)


def _day(words: str) -> Field:
    return Field(name="on", label=words, kind=FieldKind.DATE, required=True)


_NOTE = Field(name="note", label="说明", kind=FieldKind.LONG_TEXT)

STEP_FIELDS: dict[PackageState, tuple[Field, ...]] = {
    PackageState.APPROVED: (
        _line("who", "批准人", "不能是制作人", required=True),
        _line("post", "职务", "如 副大队长"),
        _day("批准日期"),
        _NOTE,
    ),
    PackageState.COPIED: (
        _line("who", "拷贝人", required=True),
        _line("number", "介质编号", "U 盘或光盘标签上的编号"),
        _day("拷贝日期"),
        _NOTE,
    ),
    PackageState.UPLOADED: (
        _line("who", "上传人", required=True),
        _line("number", "接收编号", "平台当场给出的编号，没有的留空"),
        _day("上传日期"),
        _NOTE,
    ),
}
