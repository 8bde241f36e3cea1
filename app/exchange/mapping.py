"""Which sheet, which header rows, which column is which field; and what each row is."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.domain.codes import Permit, check_uscc, normal_code, parse_permit, repaired_uscc
from app.domain.fields import Field, FieldKind
from app.errors import UserError
from app.exchange.cleaning import as_text, chosen, is_placeholder, plain_words
from app.exchange.sheets import Cell, Row, SourceBook, SourceSheet, is_blank

_SEARCHED = 40  # rows in which a header is looked for
_MOST_COLUMNS = 500  # columns in which header words are looked for; a person may map the others
_SAMPLED = 200  # rows whose content may tell what a column is
ROW_NUMBER = "原行号"
REASON = "退回原因"
SHEET_NAME = "原工作表"

_MARKS = re.compile(
    r"[(（](?:必填|选填|非必填|可空|下拉选择|文本|日期)[^)）]*[)）]|[*＊#※]|必填项?$|[:：]$"
)
_EXAMPLE = re.compile(r"请删除|^[(（【]?(?:案例|样例|示例|举例|例子|填写示例|填写样例)")
_HINT = re.compile(
    r"必填|选填|请填|填写|填报|格式[为:：如]|[如例][:：]|例如|下拉|不超过|字符|位数|[0-9]+ ?位"
    r"|请选择|多个.*隔开|隔开|留空"
)
_OF_OTHERS = re.compile(
    r"反映|投诉|举报|信访|来电|诉求|经办|受理|检查|承办|执法|填[表报]|审核|技术|环保|监理|评价|监管|网格"
)
_SERIAL = re.compile(r"[0-9]{1,6}(?:\.0)?")
_FOOTER = re.compile(
    r"^(?:填表人|制表人?|审核人?|填报(?:人|单位|日期|时间)|负责人签[字名]|联系人[:：]|[备附]?注[:：]|说明[:：]|注意事项)"
)
_GROUP = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．:：]"
    r"|附?[表件][一二三四五六七八九十0-9]{1,2}[:：、 ]"
)
_TOTAL = re.compile(
    r"^[(（]?(?:合计|总计|小计|共计|累计|总数)(?:[:：)）]|[0-9]|家|户|$)|^共[0-9]+[家户条个]"
)
_PHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8}")
# 污染源地址 is an address, 检验机构名称 a name: whose it is goes before, what it is comes last.
_WHOSE = re.compile(
    r"^(?:企业|单位|公司|机构|排污|污染源|监管|检查|对象|市场主体|主体|被检查|被反映|被投诉|被举报|被检"
    r"|涉事|涉及|建设|检验|检测|监测|第三方|项目|工程|养殖场|养殖户|检测站|车检站|医院|电站|场所|产废"
    r"|生产|经营|所在|法定代表人|法人代表|法人|负责人)+(?=名称|地址|详细地址|电话|联系电话|联系方式|手机"
    r"|统一社会信用代码|社会信用代码|信用代码)"
)
_TOTAL_BEGINS = frozenset("合总小共累(（")


class RowKind(enum.Enum):
    """What a row below the header is. Only DATA is imported, the rest is skipped."""

    DATA = "data"
    BLANK = "blank"
    HINT = "hint"
    EXAMPLE = "example"
    TOTAL = "total"
    HEADING = "heading"
    REPEATED_HEADER = "repeated_header"
    MOVED_HEADER = "moved_header"

    @property
    def reason(self) -> str:
        """Why the row was skipped, for a person."""
        return _SKIPPED[self]


_SKIPPED = {
    RowKind.DATA: "",
    RowKind.BLANK: "空行",
    RowKind.HINT: "填写说明",
    RowKind.EXAMPLE: "示例行",
    RowKind.TOTAL: "合计行",
    RowKind.HEADING: "分组标题行",
    RowKind.REPEATED_HEADER: "重复的表头",
    RowKind.MOVED_HEADER: "另一张表的表头，列的顺序不同",
}


class HeaderNotFoundError(UserError):
    """No row of the file reads like the header of this directory; a person may point at it."""


class Matched(enum.Enum):
    """How a column came to its field."""

    WORDS = "表头"
    CONTENT = "内容"
    PERSON = "人工"
    PLATFORM = "平台格式"
    REMEMBERED = "上次更正"
    NOT = "未对应"


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column: 0-based index, its header words, the field's name or None.

    ``words``: the file's words with ours, put back before the cell is read; ours may be empty.
    """

    column: int
    header: str
    field: str | None = None
    matched: Matched = Matched.NOT
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """One sheet understood. ``header_top`` is the 0-based first header row, ``hint_rows`` those
    below the header that a platform's form fills with hints and examples."""

    sheet: int
    header_top: int
    header_rows: int
    columns: tuple[ColumnMatch, ...]
    hint_rows: int = 0

    @property
    def first_row(self) -> int:
        """0-based index of the first row below the header."""
        return self.header_top + self.header_rows + self.hint_rows

    @property
    def by_field(self) -> dict[str, int]:
        """Column index of each mapped field."""
        return {each.field: each.column for each in self.columns if each.field}

    @property
    def fingerprint(self) -> str:
        """The same for every file with the same header: what a correction is remembered by."""
        words = [plain_words(each.header) for each in self.columns if not _is_ours(each.header)]
        return hashlib.sha256("\x1f".join(words).encode("utf-8")).hexdigest()

    def with_field(
        self, column: int, field: str | None, how: Matched = Matched.PERSON
    ) -> SheetMapping:
        """The mapping corrected by a person, now or (REMEMBERED) with an earlier file.

        A field belongs to one column at most; without one the column is not imported.
        """
        return replace(
            self,
            columns=tuple(
                replace(each, field=field, matched=how, words=())
                if each.column == column
                else replace(each, field=None, matched=Matched.NOT)
                if field and each.field == field
                else each
                for each in self.columns
            ),
        )

    def with_word(self, column: int, word: str, ours: str | None) -> SheetMapping:
        """The mapping with one word of a column read as ours ("": as nothing; None: as it is)."""
        return replace(
            self,
            columns=tuple(
                replace(each, words=_answered(each.words, word, ours))
                if each.column == column
                else each
                for each in self.columns
            ),
        )


def _answered(
    words: tuple[tuple[str, str], ...], word: str, ours: str | None
) -> tuple[tuple[str, str], ...]:
    others = tuple(each for each in words if each[0] != word)
    return others if ours is None else (*others, (word, ours))


def propose_mappings(book: SourceBook, fields: Sequence[Field]) -> tuple[SheetMapping, ...]:
    """Every sheet that holds rows of this directory, best first; code lists are left out.

    UserError, naming what was looked for, if no sheet has a usable header.
    """
    found = []
    for index, sheet in enumerate(book.sheets):
        mapping = map_sheet(sheet, index, fields)
        if mapping is not None:
            found.append((_weight(mapping, fields), -index, mapping))
    if not found:
        wanted = "、".join(each.label for each in fields if each.required)
        raise HeaderNotFoundError(
            f"没有找到表头：表中应有一行列名，至少包括“{wanted}”。",
            "请下载空白模板对照，或在表格第一行补上列名后再导入。",
        )
    found.sort(key=lambda each: each[:2], reverse=True)
    best = found[0][0]
    shown = [mapping for weight, _, mapping in found if weight * 2 > best]
    visible = [mapping for mapping in shown if not book.sheets[mapping.sheet].hidden]
    # A hidden sheet is somebody's code list or last year's copy, unless there is nothing else.
    return tuple(visible or shown[:1])


def map_sheet(sheet: SourceSheet, index: int, fields: Sequence[Field]) -> SheetMapping | None:
    """Find the header of one sheet and match its columns; None if it is no such table."""
    weight, place = _best_header(sheet, fields, HeaderWords(fields))
    if weight < 1:
        return None
    mapping = _with_content(map_at(sheet, index, *place, fields), sheet, fields)
    required = {each.name for each in fields if each.required}
    return mapping if required <= set(mapping.by_field) else None


def _best_header(
    sheet: SourceSheet, fields: Sequence[Field], words: HeaderWords
) -> tuple[float, tuple[int, int]]:
    """Weight, and first row and height, of what reads most like a header."""
    best = (0.0, (0, 1))
    narrow = replace(sheet, rows=tuple(row[:_MOST_COLUMNS] for row in sheet.rows[:_SEARCHED]))
    for top in range(len(narrow.rows)):
        for height in (1, 2):
            if top + height > len(narrow.rows):
                continue
            mapping = _map_words(narrow, 0, top, height, fields, words)
            weight = _words_weight(mapping, narrow, fields, words)
            if weight > best[0]:
                best = (weight, (top, height))
    return best


def map_at(
    sheet: SourceSheet, index: int, top: int, height: int, fields: Sequence[Field]
) -> SheetMapping:
    """Match columns by the words of a header at a given place (what a person corrects to)."""
    return _map_words(sheet, index, top, height, fields, HeaderWords(fields))


def map_below(sheet: SourceSheet, index: int, top: int, fields: Sequence[Field]) -> SheetMapping:
    """Match columns by a header that begins at ``top``, with a second row where there is one."""
    words = HeaderWords(fields)
    mapping = _map_words(sheet, index, top, 1, fields, words)
    if top + 1 < len(sheet.rows) and _reads_like_header(
        sheet.rows[top + 1], sheet.rows[top], words
    ):
        taller = _map_words(sheet, index, top, 2, fields, words)
        if len(taller.by_field) > len(mapping.by_field):
            mapping = taller
    return _with_content(mapping, sheet, fields)


def first_guess(book: SourceBook, fields: Sequence[Field]) -> SheetMapping:
    """Where a person begins to correct when no header was found: the fullest row on top of
    the longest sheet."""
    index = max(range(len(book.sheets)), key=lambda place: len(book.sheets[place].rows))
    sheet = book.sheets[index]
    tops = range(min(_SEARCHED, len(sheet.rows)))
    filled = [sum(not is_blank(cell) for cell in sheet.rows[top]) for top in tops]
    top = filled.index(max(filled, default=0)) if filled else 0
    return map_at(sheet, index, top, 1, fields)


def _map_words(
    sheet: SourceSheet,
    index: int,
    top: int,
    height: int,
    fields: Sequence[Field],
    known: HeaderWords,
) -> SheetMapping:
    headers = header_paths(sheet, top, height)
    scored = sorted(
        (-score, order, column, fields[order].name)
        for column, words in enumerate(headers[:_MOST_COLUMNS])
        for order, score in known.scores(words).items()
    )
    columns = [ColumnMatch(column, " / ".join(words)) for column, words in enumerate(headers)]
    used: set[str] = set()
    for _, _, column, name in scored:
        if name not in used and columns[column].field is None:
            columns[column] = replace(columns[column], field=name, matched=Matched.WORDS)
            used.add(name)
    return SheetMapping(index, top, height, tuple(columns))


def header_paths(sheet: SourceSheet, top: int, height: int) -> list[tuple[str, ...]]:
    """Words of each column's header from group to column (``top`` from 0)."""
    rows = sheet.rows[top : top + height]
    width = max((len(row) for row in rows), default=0)
    headers = []
    for column in range(width):
        words = [_header_words(_at(row, column)) for row in rows]
        headers.append(tuple(dict.fromkeys(word for word in words if word)))
    return headers


def _header_words(cell: Cell) -> str:
    # A header is text; a number or date there means data.
    return re.sub(r"\s+", "", cell) if isinstance(cell, str) else ""


def _is_ours(header: str) -> bool:
    return header in {ROW_NUMBER, REASON, SHEET_NAME}


class HeaderWords:
    """How well header words name each field; made once per table, remembers what it was asked."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._names = [
            [_plain_header(each) for each in (field.label, field.name, *field.synonyms)]
            for field in fields
        ]
        self._known: dict[str, dict[int, float]] = {}

    def scores(self, words: tuple[str, ...]) -> dict[int, float]:
        """Place of a field → score: 1 label, less for later synonyms, little for parts."""
        if not words or len(words[-1]) > 40 or _is_ours(words[-1]):
            return {}
        best = dict(self.of_text(words[-1]))
        if len(words) > 1:  # 许可证信息 over 编号 is 许可证编号
            parents = "".join(re.sub(r"信息|情况|基本", "", word) for word in words[:-1])
            for text in ("".join(words), parents + words[-1]):
                for order, score in self.of_text(text).items():
                    best[order] = max(score, best.get(order, 0))
        return best

    def of_text(self, text: str) -> dict[int, float]:
        """The same for one text."""
        known = self._known.get(text)
        if known is None:
            plain = _plain_header(text)
            bare = _plain_header(re.sub(r"[(（].*?[)）]", "", text))
            found = ((order, _match(plain, bare, names)) for order, names in enumerate(self._names))
            known = self._known[text] = {order: score for order, score in found if score > 0}
        return known


def _match(plain: str, bare: str, names: Sequence[str]) -> float:
    if plain in names:
        return 1 - names.index(plain) / 1000
    if bare and bare in names:
        return 0.9 - names.index(bare) / 1000
    tail = _WHOSE.sub("", bare)
    if tail != bare and tail in names:
        return 0.6 - names.index(tail) / 1000
    # Long names may stand inside a longer header; short ones (代码, 名称) must not.
    inside = [len(name) for name in names if len(name) >= 4 and name in plain]
    return 0.4 + max(inside) / max(len(plain), 1) / 4 if inside else 0


@lru_cache(maxsize=20_000)  # the same synonyms meet every cell of the searched rows
def _plain_header(text: str) -> str:
    plain = plain_words(_MARKS.sub("", text))
    return re.sub(r"[()]", "", plain.replace("／", "/")).strip(".、-")


def _words_weight(
    mapping: SheetMapping, sheet: SourceSheet, fields: Sequence[Field], known: HeaderWords
) -> float:
    """How much a row reads like the header; later and two-row headers must earn their place."""
    required = {each.name for each in fields if each.required}
    matched = [each for each in mapping.columns if each.field]
    if not matched or not required & {each.field for each in matched}:
        return 0
    texts = [as_text(_at(sheet.rows[mapping.header_top], each.column)) for each in mapping.columns]
    if len(mapping.columns) > 2 and len({text for text in texts if text}) == 1:
        return 0  # a title over the full width
    by_header = dict.fromkeys(each.header for each in matched)
    weight = float(len(by_header)) + sum(
        known.scores(tuple(each.header.split(" / "))).get(order, 0)
        for each in matched
        for order, field in enumerate(fields)
        if field.name == each.field
    )
    if mapping.header_rows > 1:
        lower = sheet.rows[mapping.header_top + 1]
        if not _reads_like_header(lower, sheet.rows[mapping.header_top], known):
            return 0
        weight -= 0.5
    return weight - mapping.header_top / 1000


def _reads_like_header(lower: Row, upper: Row, known: HeaderWords) -> bool:
    """A second header row has words under a merged or empty cell and no data of its own."""
    changed = [
        _header_words(cell)
        for column, cell in enumerate(lower)
        if not is_blank(cell) and cell != _at(upper, column)
    ]
    if not changed or any(not word or len(word) > 20 or _HINT.search(word) for word in changed):
        return False
    named = sum(any(score >= 0.5 for score in known.of_text(word).values()) for word in changed)
    short = sum(bool(re.fullmatch(r"[^0-9]{1,10}", word)) for word in changed)
    return named * 2 >= len(changed) and short == len(changed)


def _with_content(
    mapping: SheetMapping, sheet: SourceSheet, fields: Sequence[Field]
) -> SheetMapping:
    """Give columns nobody named the field their content shows: codes, telephones; and one
    whose header may mean several lists (管理类别) the list its words are of."""
    columns = _by_choices(mapping, sheet, fields)
    wanted = {each.name for each in fields} - {each.field for each in columns}
    tests = {"uscc": _is_uscc, "permit_no": _is_permit, "phone": _is_phone}
    for name, test in tests.items():
        if name not in wanted:
            continue
        for place, each in enumerate(columns[:_MOST_COLUMNS]):
            if name == "phone" and _OF_OTHERS.search(each.header):
                continue  # the complainant's own number must never become the target's
            if each.field is None and _mostly(sheet, mapping.first_row, each.column, test):
                columns[place] = replace(each, field=name, matched=Matched.CONTENT)
                break
    return replace(mapping, columns=tuple(columns))


def _by_choices(
    mapping: SheetMapping, sheet: SourceSheet, fields: Sequence[Field]
) -> list[ColumnMatch]:
    columns = list(mapping.columns)
    known = HeaderWords(fields)
    by_name = {each.name: each for each in fields}
    for place, each in enumerate(columns[:_MOST_COLUMNS]):
        if each.field is None or by_name[each.field].kind is not FieldKind.CHOICE:
            continue
        texts = _words_of(sheet, mapping.first_row, each.column)
        if not texts or any(chosen(text, by_name[each.field]) for text in texts):
            continue
        taken = {other.field for other in columns}
        for order in known.scores(tuple(each.header.split(" / "))):
            other = fields[order]
            if other.kind is not FieldKind.CHOICE or other.name in taken:
                continue
            if all(chosen(text, other) for text in texts):
                columns[place] = replace(each, field=other.name, matched=Matched.CONTENT)
                break
    return columns


def _words_of(sheet: SourceSheet, first: int, column: int) -> set[str]:
    """The different words of a column, hints and examples aside."""
    cells = (_at(row, column) for row in sheet.rows[first : first + _SAMPLED])
    return {
        cell.strip()
        for cell in cells
        if isinstance(cell, str) and not is_placeholder(cell) and not _HINT.search(cell)
    }


def _mostly(sheet: SourceSheet, first: int, column: int, test: Callable[[str], bool]) -> bool:
    cells = [_at(row, column) for row in sheet.rows[first : first + _SAMPLED]]
    texts = [normal_code(cell) for cell in cells if isinstance(cell, str)]
    texts = [text for text in texts if not is_placeholder(text)]
    return sum(map(test, texts)) * 2 > len(texts)


def _is_uscc(text: str) -> bool:
    return check_uscc(text) is None or repaired_uscc(text) is not None


def _is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None


def _is_permit(text: str) -> bool:
    return isinstance(parse_permit(text), Permit)


def _weight(mapping: SheetMapping, fields: Sequence[Field]) -> float:
    codes = {each.name for each in fields if each.kind is FieldKind.CODE}
    return len(mapping.by_field) + 0.5 * len(codes & set(mapping.by_field))


def _at(row: Row, column: int) -> Cell:
    return row[column] if column < len(row) else None


class RowClassifier:
    """Tells what the rows below one header are; made once per sheet."""

    def __init__(self, mapping: SheetMapping) -> None:
        self._mapped = tuple(each.column for each in mapping.columns if each.field)
        self._headers = tuple(
            (each.column, {each.header, each.header.split(" / ")[-1]})
            for each in mapping.columns
            if each.header
        )
        self._words = frozenset(word for _, words in self._headers for word in words)

    def kind_of(self, row: Row, place: int) -> RowKind:
        """What a row is; ``place`` is its 0-based distance from the header."""
        texts = [as_text(cell).strip() for cell in row]
        filled = [text for text in texts if text and not is_placeholder(text)]
        mapped = [texts[column] for column in self._mapped if column < len(texts)]
        facts = [text for text in mapped if text and not is_placeholder(text)]
        if not filled or (not facts and all(_SERIAL.fullmatch(text) for text in filled)):
            return RowKind.BLANK  # also a serial number dragged down further than the data
        if self._repeats_header(texts):
            return RowKind.REPEATED_HEADER
        if self._moves_header(texts):
            return RowKind.MOVED_HEADER
        if any(_is_example(text, place) for text in filled):
            return RowKind.EXAMPLE
        if _is_total(filled):
            return RowKind.TOTAL
        return _words_or_data(filled, facts, place)

    def _repeats_header(self, texts: list[str]) -> bool:
        bare = [re.sub(r"\s", "", text) if 0 < len(text) <= 80 else "" for text in texts]
        if self._words.isdisjoint(bare):
            return False
        pairs = [(bare[column], words) for column, words in self._headers if column < len(bare)]
        same = sum(bool(text) and text in words for text, words in pairs)
        return same * 2 >= len(pairs) and same >= min(2, len(pairs)) > 0

    def _moves_header(self, texts: list[str]) -> bool:
        """The same column names in another order: a second table below the first."""
        bare = {word for text in texts if 0 < len(text) <= 80 and (word := re.sub(r"\s", "", text))}
        named = bare & self._words
        return len(named) >= 2 and len(named) * 2 >= len(bare)

    def layout(self, row: Row) -> tuple[int | None, ...]:
        """Where a moved header has each of the first header's columns; None: nowhere."""
        bare = [re.sub(r"\s", "", as_text(cell)) for cell in row]
        width = max((column for column, _ in self._headers), default=-1) + 1
        places: list[int | None] = [None] * width
        for column, words in self._headers:
            found = (at for at, text in enumerate(bare) if text in words and at not in places)
            places[column] = next(found, None)
        return tuple(places)


def _words_or_data(filled: list[str], facts: list[str], place: int) -> RowKind:
    first = filled[0]
    few = len(facts) <= 4 and len(set(filled)) <= 4
    if (few and _FOOTER.match(first)) or (place < 3 and _is_hint(facts or filled)):
        return RowKind.HINT
    if len(filled) == 1 and _GROUP.match(first):
        return RowKind.HEADING
    if len(filled) > 2 and filled[1] == first and len(set(filled)) == 1:
        # One text merged over the width of the table.
        return RowKind.HINT if _HINT.search(first) else RowKind.HEADING
    return RowKind.DATA


def _is_example(text: str, place: int) -> bool:
    if len(text) > 40:
        return False
    return "请删除" in text or (place < 5 and bool(_EXAMPLE.search(text)))


def _is_total(filled: list[str]) -> bool:
    if not any(text[0] in _TOTAL_BEGINS for text in filled):
        return False
    first = re.sub(r"\s", "", filled[0])
    words = [text for text in filled if not re.fullmatch(r"[0-9.,]+", text)]
    only = re.sub(r"\s", "", words[0]) if len(set(words)) == 1 else ""
    return bool(_TOTAL.match(first) or _TOTAL.match(only))


def _is_hint(texts: list[str]) -> bool:
    hints = sum(bool(_HINT.search(text)) for text in texts)
    return hints > 0 and hints * 2 >= len(texts)
