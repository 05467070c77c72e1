"""Tables as spreadsheets save them: in bounded memory, and without formulas."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.model.moving import Wrong
from goodword_server.spreadsheets import Columns, Row, Unreadable, plain, read, read_plain

COLUMNS = Columns({"id": ("id", "編號"), "name": ("name",)}, needed=("id",))


def rows(text: str | bytes, columns: Columns = COLUMNS) -> list[Row | Wrong]:
    return list(read(io.BytesIO(text if isinstance(text, bytes) else text.encode()), columns))


def wrong(text: str | bytes, columns: Columns = COLUMNS) -> Wrong:
    with pytest.raises(Unreadable) as caught:
        rows(text, columns)
    return caught.value.wrong


def test_a_column_may_be_passed_over_where_somebody_says_so() -> None:
    text = "id,Clicks,name\n1,99,Mei\n"
    assert wrong(text).column == "Clicks"
    passing = Columns(COLUMNS.names, COLUMNS.needed, frozenset({"clicks"}))
    assert rows(text, passing) == [Row(2, {"id": "1", "name": "Mei"})]


def test_a_row_may_end_early_also_where_a_formula_was_made_a_text() -> None:
    text = "id,name\n'=1\n 'Mei , '-Lin \n2\n"
    assert rows(text) == [
        Row(2, {"id": "=1", "name": ""}),
        Row(3, {"id": "'Mei", "name": "-Lin"}),
        Row(4, {"id": "2", "name": ""}),
    ]


def test_a_wrong_row_hides_no_other() -> None:
    found = rows("id,name\n1,Mei\n2,Lin,more\n3,Ann,\n")
    assert [type(one) for one in found] == [Row, Wrong, Row]


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (b"", "empty", 0),
        (b"\n\n", "empty", 0),
        (b"id,name\n", "empty", 0),
        (b"id,name\n1,M\0i\n", "binary", 0),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary", 0),
        ("id,name\n1,吳美玲\n".encode("cp950"), "big5", 0),
        (b"id,name\n1,L\xe9a\n", "not_utf8", 0),
        (b"id,name\n" + b"x" * 200_000, "too_long", 2),
        (b'id,name\n1,"Mei\n' + b"x\n" * 100_000, "quotes", 2),
        (b"name\nMei\n", "missing", 1),
    ],
)
def test_a_file_that_cannot_be_read_is_told_as_what_it_is(
    data: bytes, reason: str, line: int
) -> None:
    found = wrong(data)
    assert (found.reason, found.line) == (reason, line)


class Endless(io.RawIOBase):
    """A line of 200 MB, made as it is read."""

    left = 200 * 2**20

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        many = min(len(buffer), self.left)
        buffer[:many] = b"x" * many
        self.left -= many
        return many


def test_a_line_of_200_megabytes_is_refused_before_it_is_held() -> None:
    endless = Endless()
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as caught:
            list(read(io.BufferedReader(endless), COLUMNS))
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
    assert caught.value.wrong.reason == "too_long"
    assert endless.left > 190 * 2**20


def test_big5_is_told_though_a_sample_of_it_ends_within_a_sign() -> None:
    data = ("id,name\n" + "1,吳美玲\n" * 60_000).encode("cp950")
    assert wrong(data).reason == "big5"
    assert wrong(b"x" + data).reason == "big5"


def characters() -> Iterator[str]:
    yield from "=+-@'\t\r\n a1美"


@given(st.text(st.sampled_from([*characters()]), max_size=6))
def test_no_cell_is_a_formula_and_each_is_read_as_it_was(text: str) -> None:
    cell = plain(text)
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    assert read_plain(cell) == text


def test_a_name_that_begins_with_an_apostrophe_stays_one() -> None:
    assert plain("'s-Gravenhage") == read_plain("'s-Gravenhage") == "'s-Gravenhage"
