"""The platform's list of errors held against the rows of a package, before anything is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from app.db.read import packages
from app.db.read.packages import LineRow
from app.db.read.query import fold
from app.errors import UserError
from app.services.packages.package_life import Refused
from app.services.packages.platform_files import FoundRow, read_list

__all__ = ["Complaint", "Complaints", "read_complaints"]

# “序号” often counts the list of errors itself: the last choice.
_TITLES = {
    "line": ("行号", "行数", "excel行", "所在行", "第几行", "序号", "行"),
    "words": ("错误", "失败", "退回原因", "原因", "退回", "提示", "意见", "说明"),
    "sheet": ("工作表", "表名", "模板"),
    "code": ("统一社会信用代码", "信用代码", "证号", "代码", "编号"),
    "name": ("对象名称", "企业名称", "单位名称", "姓名", "名称", "企业", "单位", "对象"),
}  # fmt: skip
_NEEDED = (("line", "words"), ("name", "words"), ("code", "words"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One of our rows the platform complains about."""

    sheet: str
    line: int
    label: str
    words: str

    @property
    def refused(self) -> Refused:
        """As ``package_life.answer`` takes it."""
        return Refused(line=self.line, words=self.words, sheet=self.sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaints:
    """What the file says of rows of ours, and what of it could not be told (sentences)."""

    found: tuple[Complaint, ...]
    left: tuple[str, ...]


def read_complaints(connection: Connection, package_id: int, path: Path) -> Complaints:
    """Read the platform's list and find each row: by code, by name, else by line.

    Errors: UserError where the columns cannot be told or nobody is named in any row.
    """
    rows = read_list(path, _TITLES, _NEEDED)
    if rows is None:
        raise UserError(
            "没有找到错误原因和行号（或名称、代码）这些列。",
            "请确认是平台导出的错误清单，或改为手工逐行填写。",
        )
    lines = packages.lines(connection, package_id)
    found: list[Complaint] = []
    left: list[str] = []
    for row in rows:
        if not row["words"]:
            continue  # the platform lists what it took as well
        line = _one(lines, row)
        if isinstance(line, str):
            left.append(f"{row.at}：{line}（{row['words']}）")
            continue
        found.append(
            Complaint(sheet=line.sheet, line=line.line, label=line.label, words=row["words"])
        )
    if not found and not left:
        raise UserError("错误清单里没有写着错误原因的行。", "请确认选对了文件。")
    return Complaints(found=tuple(found), left=tuple(left))


def _one(lines: Sequence[LineRow], row: FoundRow) -> LineRow | str:
    """The row meant, or why it cannot be told."""
    sheet, number = row["sheet"], _number(row["line"])
    of_sheet = [each for each in lines if sheet and sheet in {each.sheet, each.gone}] or list(lines)
    named = _named(of_sheet, row)
    if named is None:
        if number is None:
            return "没有写是哪一行"
        fit = [each for each in of_sheet if each.line == number]
        if not fit:
            return f"这个上报包没有第 {number} 行"
    else:
        fit = named
        if not fit:
            return f"这个上报包里没有“{row['name'] or row['code']}”"
        if len(fit) > 1 and number is not None:
            fit = [each for each in fit if each.line == number] or fit
    if len(fit) > 1:
        places = "、".join(f"“{each.sheet}”第 {each.line} 行" for each in fit[:4])
        return f"可能是几行：{places}，请手工选定"
    return fit[0]


def _named(lines: Sequence[LineRow], row: FoundRow) -> list[LineRow] | None:
    """Rows with the code, else with the name; None if neither is given."""
    code, name = fold(row["code"]).replace(" ", ""), fold(row["name"]).replace(" ", "")
    if code:
        found = [each for each in lines if code in fold(each.ident).split()]
        if found or not name:
            return found
    if not name:
        return None
    return [each for each in lines if fold(each.label).replace(" ", "") == name]


def _number(text: str) -> int | None:
    digits = text.removesuffix(".0").strip("第行 ")
    return int(digits) if digits.isascii() and digits.isdigit() else None
