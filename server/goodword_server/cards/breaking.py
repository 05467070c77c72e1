"""Breaking text into lines: Chinese between characters, Latin between words, both in one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

Width = Callable[[str], float]
"""How wide a text is."""
Sized = Callable[[str, int], float]
"""How wide a text is at a size."""
ELLIPSIS: Final = "…"
# What may not begin a line, and what may not end one, as the W3C has it for Chinese.
_CLOSING: Final = frozenset("、。，．・：；？！）」』】》〉〕］｝〗’”…—～％々ー,.:;?!)]}%·")
_OPENING: Final = frozenset("（「『【《〈〔［｛〖‘“([{#＄￥£€")
# Steps of the search for the narrowest width that takes no more lines.
_BALANCING: Final = 7


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as it fits: its lines, and the size that they are to be written in."""

    lines: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stays together, and the space that stands before it within a line."""

    text: str
    width: float
    space: str
    gap: float


def fitted(
    text: str, width: float, sizes: Sequence[int], lines_most: int, measure: Sized
) -> Fitted:
    """Return a text in the largest of these sizes that fits; too long at the last, it ends in …."""
    for size in sizes:
        pieces = _pieces(text, partial(_at_size, measure, size))
        lines = _broken(pieces, width)
        if lines is not None and len(lines) <= lines_most:
            return Fitted(tuple(_balanced(pieces, width, lines)), size)
    size = sizes[-1]
    return Fitted(tuple(_cut(text, width, lines_most, partial(_at_size, measure, size))), size)


def broken(text: str, width: float, measure: Width) -> list[str] | None:
    """Return the lines of a text; None if a word is wider than a line.

    >>> broken("A gift from Mei", 8, len)
    ['A gift', 'from Mei']
    >>> broken("好茶，送給您。", 3, len)
    ['好茶，', '送給', '您。']
    """
    return _broken(_pieces(text, measure), width)


def _at_size(measure: Sized, size: int, text: str) -> float:
    return measure(text, size)


def _broken(pieces: Sequence[_Piece], width: float) -> list[str] | None:
    lines: list[str] = []
    line, used = "", 0.0
    for piece in pieces:
        if piece.width > width:
            return None
        if line and used + piece.gap + piece.width > width:
            lines.append(line)
            line, used = piece.text, piece.width
        elif line:
            line, used = line + piece.space + piece.text, used + piece.gap + piece.width
        else:
            line, used = piece.text, piece.width
    return [*lines, line] if line else lines


def _balanced(pieces: Sequence[_Piece], width: float, lines: list[str]) -> list[str]:
    """Return as many lines, about as long as each other: nothing stands alone on the last one."""
    low, count = width / max(1, len(lines)), len(lines)
    for _ in range(_BALANCING if count > 1 else 0):
        middle = (low + width) / 2
        narrower = _broken(pieces, middle)
        if narrower is not None and len(narrower) <= count:
            width, lines = middle, narrower
        else:
            low = middle
    return lines


def _cut(text: str, width: float, lines_most: int, measure: Width) -> list[str]:
    """Return the first lines of what is too long, a word too wide broken where the line ends."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while rest and len(lines) < lines_most:
        line = _beginning(rest, width, measure)
        lines.append(line)
        rest = rest[len(line) :].lstrip()
    if rest:
        lines[-1] = _shortened(f"{lines[-1]} {rest}", width, measure)
    return lines


def _beginning(text: str, width: float, measure: Width) -> str:
    """Return what fits on one line: whole words if one fits, else as many characters as do."""
    line, used = "", 0.0
    for piece in _pieces(text, measure):
        used += piece.gap + piece.width
        if used > width:
            break
        line += piece.space + piece.text
    return line or _filled(text, width, measure)


def _filled(text: str, width: float, measure: Width) -> str:
    """Return as many characters as fit on one line, one at least."""
    end = 1
    while end < len(text) and measure(text[: end + 1]) <= width:
        end += 1
    return text[:end].rstrip()


def _shortened(text: str, width: float, measure: Width) -> str:
    return _filled(text, width - measure(ELLIPSIS), measure).rstrip("，、,;；:： ") + ELLIPSIS


def _pieces(text: str, measure: Width) -> list[_Piece]:
    gap = measure(" ")
    return [
        _Piece(word, measure(word), space, gap if space else 0.0) for space, word in _words(text)
    ]


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stays together, each with the space that stands before it."""
    space = word = ""
    for sign in " ".join(text.split()):
        if sign == " " and word.isdecimal():
            # A number and what it counts: 30 days, 31 December, 12 月; and 100元 below.
            word += sign
        elif not word or _stays(word, sign):
            word += sign
        else:
            yield space, word.rstrip()
            space, word = (" ", "") if sign == " " else (word[len(word.rstrip()) :], sign)
    if word:
        yield space, word


def _stays(word: str, sign: str) -> bool:
    """Whether a sign may not be parted from the word before it."""
    if sign == " ":
        return False
    before = word[-1]
    if before == " ":
        return sign.isalpha()
    if sign in _CLOSING or before in _OPENING:
        return True
    return word.isdecimal() if _is_wide(sign) else not _is_wide(before)


def _is_wide(sign: str) -> bool:
    """Whether lines may end before and behind it, as with Chinese."""
    return unicodedata.east_asian_width(sign) in "WF"
