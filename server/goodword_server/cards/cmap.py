"""Which characters a font has glyphs for, read from its own table."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

Range = tuple[int, int]
# Platform and encoding of the tables that map Unicode, the fullest first.
_WANTED: Final = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))
_COLLECTION: Final = b"ttcf"


class NoFont(ValueError):
    """The file is no font that can be used."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters of a font, as ranges that do not touch."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, sign: str) -> bool:
        place = bisect_right(self.starts, ord(sign)) - 1
        return place >= 0 and ord(sign) <= self.ends[place]


def coverage(path: Path, index: int = 0) -> Coverage:
    """Return which characters the font in a file has; raise `NoFont`."""
    try:
        with path.open("rb") as file:
            ranges = _joined(_mapped(_table(file, b"cmap", index)))
    except (OSError, struct.error) as error:
        raise NoFont(f"{path} cannot be read: {error}") from None
    return Coverage(tuple(start for start, _ in ranges), tuple(end for _, end in ranges))


def _table(file: BinaryIO, name: bytes, index: int) -> bytes:
    """Return a table of a font, or of one font of a collection."""
    start = 0
    if _read(file, ">4s", 0) == (_COLLECTION,):
        (start,) = _read(file, ">I", 12 + 4 * index)
    (count,) = _read(file, ">H", start + 4)
    for number in range(count):
        tag, _, offset, length = _read(file, ">4sIII", start + 12 + 16 * number)
        if tag == name:
            file.seek(offset)
            return file.read(length)
    raise NoFont("it has no table of characters")


def _read(file: BinaryIO, form: str, offset: int) -> tuple[Any, ...]:
    file.seek(offset)
    return struct.unpack(form, file.read(struct.calcsize(form)))


def _mapped(table: bytes) -> Iterator[Range]:
    (count,) = struct.unpack_from(">H", table, 2)
    found = {}
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * number)
        found[platform, encoding] = offset
    offset = next((found[wanted] for wanted in _WANTED if wanted in found), None)
    if offset is None:
        raise NoFont("the font maps no Unicode")
    (form,) = struct.unpack_from(">H", table, offset)
    if form == 4:
        return _of_segments(table, offset)
    if form == 12:
        return _of_groups(table, offset)
    raise NoFont(f"the font maps Unicode in a form that is not read here: {form}")


def _of_groups(table: bytes, offset: int) -> Iterator[Range]:
    (count,) = struct.unpack_from(">I", table, offset + 12)
    groups = table[offset + 16 : offset + 16 + 12 * count]
    for start, end, glyph in struct.iter_unpack(">III", groups):
        # Glyph 0 is the box.
        if glyph or start < end:
            yield (start if glyph else start + 1), end


def _of_segments(table: bytes, offset: int) -> Iterator[Range]:
    count = struct.unpack_from(">H", table, offset + 6)[0] // 2
    at = offset + 14
    ends = struct.unpack_from(f">{count}H", table, at)
    starts = struct.unpack_from(f">{count}H", table, at + 2 * count + 2)
    deltas = struct.unpack_from(f">{count}H", table, at + 4 * count + 2)
    places = at + 6 * count + 2
    for number, (start, end, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        place = places + 2 * number
        (jump,) = struct.unpack_from(">H", table, place)
        for sign in range(start, min(end, 0xFFFE) + 1):
            glyph = sign + delta
            if jump:
                (inner,) = struct.unpack_from(">H", table, place + jump + 2 * (sign - start))
                glyph = inner + delta if inner else 0
            if glyph & 0xFFFF:
                yield sign, sign


def _joined(ranges: Iterable[Range]) -> list[Range]:
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
