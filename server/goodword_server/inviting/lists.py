"""A list of people as a spreadsheet saves it: CSV, read strictly, every error by line and column.

Pure: nothing of it is kept before all of it can be.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from goodword.errors import Invalid
from goodword.model.invitation import Vouched
from goodword.model.people import Relation

BYTES_MOST: Final = 262_144
PEOPLE_MOST: Final = 1_000
_BOM: Final = "\ufeff"
_CHINESE: Final = re.compile("[\u4e00-\u9fff]{2}")
_NAMES: Final = {
    "name": ("name", "姓名", "名字"),
    "email": ("email", "e-mail", "mail", "電子郵件", "電子信箱", "信箱"),
    "relation": ("relation", "關係"),
    "id": ("id", "編號"),
    "phone": ("phone", "電話", "手機"),
}
_NEEDED: Final = ("name", "email")
_COLUMN_OF: Final[Mapping[str, str]] = {
    alias: column for column, aliases in _NAMES.items() for alias in aliases
}
_RELATIONS: Final[Mapping[str, Relation]] = {
    **{str(one): one for one in Relation},
    "顧客": Relation.CUSTOMER,
    "員工": Relation.EMPLOYEE,
    "供應商": Relation.SUPPLIER,
    "合作夥伴": Relation.PARTNER,
}
_MENDS: Final = {
    "empty": "the file holds nobody: put a line of column names first, then a line for each person",
    "too_large": f"the file is larger than {BYTES_MOST // 1024} kB; divide it",
    "too_many": f"the file holds more than {PEOPLE_MOST:,} people; divide it",
    "utf16": "the file is in UTF-16; save it as CSV UTF-8",
    "big5": "the file is in Big5; save it as CSV UTF-8, as Excel offers in its list of kinds",
    "not_utf8": "the file is not in UTF-8; save it as CSV UTF-8",
    "binary": "the file is no CSV: it holds bytes of another kind of file; save it as CSV UTF-8",
    "separator": "columns are divided by commas or semicolons; save it as CSV UTF-8",
    "quotes": "a quotation mark opens and does not close, or stands in the middle of a word",
    "column": f"is not known; leave it out, or call it one of {', '.join(_NAMES)}",
    "twice": "this column stands there twice; keep one",
    "missing": "this column is missing; name and email are needed",
    "surplus": "there are more columns than names; quote a text that holds a comma",
    "relation": f"is no relation; write one of {', '.join(Relation)}",
    "no_relation": "say how they stand to the shop, here or for the whole list",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, and where."""

    reason: str
    """For machines; never changes."""
    mend: str
    line: int = 0
    """In the file, from 1; 0: all of it."""
    column: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "the file"
        return f"{where}{f', {self.column}' if self.column else ''}: {self.mend}"


@dataclass(frozen=True, slots=True)
class People:
    """What a list says."""

    people: Sequence[Vouched] = ()
    lines: Sequence[int] = ()
    """In which line of the file each begins."""
    wrong: Sequence[Wrong] = ()
    """While anything stands here, nobody is invited."""


def read(data: bytes, relation: Relation | None = None) -> People:
    """Return whom a file names, and what is wrong with it.

    ``relation``: of those for whom the file says none.
    """
    try:
        return _read(_rows(_text(data)), relation)
    except _Unreadable as error:
        return People(wrong=(error.wrong,))


def check(found: People) -> Sequence[Vouched]:
    """Return the people of a list; raise `Invalid` with everything that is wrong with it."""
    if found.wrong:
        raise Invalid(field="list", mend="; ".join(map(str, found.wrong)))
    return found.people


class _Unreadable(Exception):
    def __init__(self, reason: str, line: int = 0, column: str = "") -> None:
        self.wrong = _wrong(reason, line, column)
        super().__init__(reason)


def _wrong(reason: str, line: int = 0, column: str = "") -> Wrong:
    return Wrong(reason, _MENDS[reason], line, column)


def _text(data: bytes) -> str:
    if len(data) > BYTES_MOST:
        raise _Unreadable("too_large")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _Unreadable("utf16")
    if b"\0" in data:
        raise _Unreadable("binary")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise _Unreadable("big5" if _is_big5(data) else "not_utf8") from None
    return text.removeprefix(_BOM)


def _is_big5(data: bytes) -> bool:
    try:
        # One such sign alone may be a Latin letter of another way of writing.
        return _CHINESE.search(data.decode("cp950")) is not None
    except UnicodeDecodeError:
        return False


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with the line in which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    rows, before = [], 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((before + 1, [cell.strip() for cell in row]))
            before = reader.line_num
    except csv.Error:
        raise _Unreadable("quotes", before + 1) from None
    if len(rows) < 2:
        raise _Unreadable("empty")
    if len(rows) > PEOPLE_MOST + 1:
        raise _Unreadable("too_many")
    return rows


def _separator(text: str) -> str:
    # Names of columns hold none of them, so whichever stands in the first line divides.
    first = next((line for line in text.splitlines() if line.strip()), "")
    if "\t" in first:
        raise _Unreadable("separator", 1)
    return ";" if first.count(";") > first.count(",") else ","


def _read(rows: list[tuple[int, list[str]]], relation: Relation | None) -> People:
    (first, head), *lines = rows
    columns = _columns(first, head)
    found = [(line, dict(_cells(columns, row))) for line, row in lines]
    wrong: list[Wrong] = []
    people: list[Vouched] = []
    for line, cells in found:
        said = cells.get("relation", "")
        stands = _RELATIONS.get(said.lower()) if said else relation
        if "" in cells:
            wrong.append(_wrong("surplus", line))
        elif stands is None:
            wrong.append(_wrong("relation" if said else "no_relation", line, "relation"))
        else:
            people.append(_person(cells, stands))
    if wrong:
        return People(wrong=wrong)
    return People(people, [line for line, _cells in found])


def _columns(line: int, head: Sequence[str]) -> list[str]:
    """Return the columns that a first line names."""
    columns = []
    for name in head:
        column = _COLUMN_OF.get(name.lower())
        if column is None:
            raise _Unreadable("column", line, name[:40] or "?")
        if column in columns:
            raise _Unreadable("twice", line, column)
        columns.append(column)
    for column in _NEEDED:
        if column not in columns:
            raise _Unreadable("missing", line, column)
    return columns


def _cells(columns: Sequence[str], row: Sequence[str]) -> Iterator[tuple[str, str]]:
    for column, cell in zip_longest(columns, row, fillvalue=""):
        # An empty cell at the end of a row is what spreadsheets leave there.
        if column or cell:
            yield column, cell


def _person(cells: Mapping[str, str], relation: Relation) -> Vouched:
    return Vouched(
        name=cells["name"],
        email=cells["email"],
        relation=relation,
        id=cells.get("id") or None,
        phone=cells.get("phone") or None,
    )
