"""A table as a spreadsheet saves it: CSV, read strictly, every error by line and column.

Read a line at a time, so that a file may be as long as it likes, and no line may.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import BinaryIO, Final, NamedTuple

from goodword.model.moving import Wrong

_LINE_MOST: Final = 65_536
_SAMPLE: Final = 262_144
_CHINESE: Final = re.compile("[\u4e00-\u9fff]{2}")
# What makes a formula of a cell; an apostrophe before it makes a text of it again.
_FORMULA: Final = frozenset("=+-@\t\r\n")
_MARKED: Final = _FORMULA | {"'"}
_MENDS: Final = {
    "empty": "holds nobody: put a line of column names first, then a line for each",
    "utf16": "the file is in UTF-16; save it as CSV UTF-8",
    "big5": "the file is in Big5; save it as CSV UTF-8, as Excel offers in its list of kinds",
    "not_utf8": "the file is not in UTF-8; save it as CSV UTF-8",
    "binary": "the file is no CSV: it holds bytes of another kind of file; save it as CSV UTF-8",
    "too_long": f"is longer than {_LINE_MOST // 1024} kB; is this a CSV file, one line for each?",
    "separator": "columns are divided by commas or semicolons; save it as CSV UTF-8",
    "quotes": "a quotation mark opens and does not close, or stands in the middle of a word",
    "twice": "this column stands there twice; keep one",
    "surplus": "there are more columns than names; quote a text that holds a comma",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a table may have."""

    names: Mapping[str, Sequence[str]]
    """Each with what it may be called, in small letters."""
    needed: Sequence[str]
    ignored: frozenset[str] = frozenset()
    """Those that are passed over, in small letters."""
    empty: str = _MENDS["empty"]

    def column_of(self, name: str) -> str | None:
        """Return the column that is called so; None where there is none."""
        small = name.lower()
        found = (column for column, called in self.names.items() if small in called)
        return next(found, None)


class Row(NamedTuple):
    """One line of a table."""

    line: int
    """In which line of the file it begins, from 1."""
    cells: Mapping[str, str]
    """By column, without the blanks around them."""


class Unreadable(Exception):
    """A file that cannot be read any further."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong
        super().__init__(wrong.reason)


def unreadable(reason: str, line: int = 0, column: str = "", mend: str | None = None) -> Unreadable:
    """Return the error for what is wrong with a file."""
    return Unreadable(Wrong(reason, mend or _MENDS[reason], line, column))


def read(file: BinaryIO, columns: Columns) -> Iterator[Row | Wrong]:
    """Yield the rows that hold anything, and close the file.

    Raises `Unreadable` where nothing more can be read.
    """
    rows = _rows(_lines(file))
    try:
        first, head = next(rows)
    except StopIteration:
        raise unreadable("empty", mend=columns.empty) from None
    names = _columns(first, head, columns)
    line = 0
    for line, row in rows:
        try:
            yield Row(line, _cells(names, row))
        except ValueError:
            yield unreadable("surplus", line).wrong
    if line == 0:
        raise unreadable("empty", mend=columns.empty)


def plain(text: str) -> str:
    """Return a cell that no program which opens the table takes for a formula.

    >>> plain("=1+1"), plain("Mei"), read_plain(plain("'=1"))
    ("'=1+1", 'Mei', "'=1")
    """
    return f"'{text}" if text[:1] in _FORMULA or _is_marked(text) else text


def read_plain(cell: str) -> str:
    """Return the text of which `plain` made a cell."""
    return cell[1:] if _is_marked(cell) else cell


def _is_marked(cell: str) -> bool:
    return cell[:1] == "'" and cell[1:2] in _MARKED


def _lines(file: BinaryIO) -> Iterator[str]:
    """Yield the lines of a file, none of them longer than it may be."""
    if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
        raise unreadable("utf16")
    file.seek(0)
    # utf-8-sig: whatever saved it may have put a mark before all else.
    with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        try:
            for number in count(1):
                line = text.readline(_LINE_MOST)
                if not line:
                    return
                if "\0" in line:
                    raise unreadable("binary")
                if len(line) >= _LINE_MOST:
                    raise unreadable("too_long", number)
                yield line
        except UnicodeDecodeError:
            file.seek(0)
            raise unreadable(_reason(file.read(_SAMPLE))) from None


def _reason(sample: bytes) -> str:
    if b"\0" in sample:
        return "binary"
    return "big5" if _is_big5(sample) else "not_utf8"


def _is_big5(data: bytes) -> bool:
    try:
        # One such sign alone may be a Latin letter of another way of writing.
        return _CHINESE.search(data.decode("cp950")) is not None
    except UnicodeDecodeError as error:
        # The last sign of a sample may be cut in two.
        whole = len(data) == _SAMPLE and error.start >= _SAMPLE - 2
        return whole and _CHINESE.search(data[: error.start].decode("cp950")) is not None


def _rows(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, each with the line in which it begins."""
    skipped, first = 0, ""
    for first in lines:
        if first.strip():
            break
        skipped += 1
    reader = csv.reader(chain([first], lines), delimiter=_separator(first, skipped), strict=True)
    before = skipped
    try:
        for row in reader:
            text = "".join(row)
            if text and not text.isspace():
                yield before + 1, row
            before = skipped + reader.line_num
    except csv.Error:
        raise unreadable("quotes", before + 1) from None


def _separator(first: str, skipped: int) -> str:
    # Names of columns hold none of them, so whichever stands in the first line divides.
    if "\t" in first:
        raise unreadable("separator", skipped + 1)
    return ";" if first.count(";") > first.count(",") else ","


def _columns(line: int, head: Sequence[str], columns: Columns) -> list[str | None]:
    """Return the columns that a first line names; None for one that is passed over."""
    found: list[str | None] = []
    for name in map(str.strip, head):
        column = columns.column_of(name)
        if column is None and name.lower() in columns.ignored:
            found.append(None)
            continue
        if column is None:
            mend = f"is not known; leave it out, or call it one of {', '.join(columns.names)}"
            raise unreadable("column", line, name[:40] or "?", mend)
        if column in found:
            raise unreadable("twice", line, column)
        found.append(column)
    for column in columns.needed:
        if column not in found:
            needed = " and ".join(columns.needed)
            verb = "are" if len(columns.needed) > 1 else "is"
            mend = f"this column is missing; {needed} {verb} needed"
            raise unreadable("missing", line, column, mend)
    return found


def _cells(columns: Sequence[str | None], row: Sequence[str]) -> dict[str, str]:
    if len(row) > len(columns) and any(map(str.strip, row[len(columns) :])):
        # An empty cell at the end of a row is what spreadsheets leave there.
        raise ValueError
    if len(row) < len(columns):
        row = [*row, *[""] * (len(columns) - len(row))]
    told = zip(columns, map(str.strip, row), strict=False)
    cells = {column: cell for column, cell in told if column}
    if "'" in "".join(row):
        return {column: read_plain(cell) for column, cell in cells.items()}
    return cells
