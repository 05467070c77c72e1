"""Spaces around what is filled in: Chinese has them beside Latin letters and digits alone."""

from __future__ import annotations

import re
from typing import Final

_CJK: Final = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
# Signs of no language; around each value while a text is filled.
BEGIN, END = "\ue000", "\ue001"
_SPACE: Final = re.compile(
    f"(?<=[{_CJK}]) (?={BEGIN}[{_CJK}])|(?<=[{_CJK}]{END}) (?={BEGIN}?[{_CJK}])"
)


def marked(value: str) -> str:
    """Return a value with the signs around it by which `closed` knows it."""
    return f"{BEGIN}{value}{END}"


def cleaned(value: str) -> str:
    """Return a value without signs that mark others."""
    return value.replace(BEGIN, "").replace(END, "")


def closed(text: str) -> str:
    """Return a text with its values marked as it is read: without marks, and with few spaces.

    >>> closed(f"由 {marked('王經理')} 提供"), closed(f"由 {marked('Wang')} 提供")
    ('由王經理提供', '由 Wang 提供')
    """
    return cleaned(_SPACE.sub("", text))
