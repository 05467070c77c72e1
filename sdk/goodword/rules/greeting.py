"""What friends call somebody: the given name alone, as far as a name tells it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Left standing, one of these would turn around the rest of the sentence that the name stands in.
_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BRACKETED: Final = re.compile(r"[(（\[【<][^)）\]】>]*[)）\]】>]?")
_HAN: Final = "々〇\u3400-\u9fff\U00020000-\U0003ffff"
_ALL_HAN: Final = re.compile(f"[{_HAN}]+")
_HAN_THEN_LATIN: Final = re.compile(rf"[{_HAN}]{{3,4}}\s+([^\W\d_][\w.'’-]*)")
_TITLED: Final = re.compile("(?:mr|mrs|ms|miss|mx|dr|prof|mdm|madam)[. ]", re.IGNORECASE)
# 歐陽娜娜 is called 娜娜, and 陳美玲 美玲.
_FAMILIES: Final = frozenset("歐陽 司馬 司徒 上官 諸葛 皇甫 夏侯 尉遲 張簡 范姜".split())
_TITLES: Final = ("先生", "小姐", "女士", "太太", "老師", "醫師")
# Some write an address for a name: to be mailed at, or to lead somewhere else.
_ADDRESS: Final = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
_LONGEST: Final = 40


def given_name(name: str) -> str | None:
    """Return what friends call somebody of this name; None for what is no name.

    >>> given_name("Mei Lin"), given_name("Lin, Mei"), given_name("陳美玲")
    ('Mei', 'Mei', '美玲')
    >>> given_name("王先生"), given_name("Dr. Wu"), given_name("mei@example.com")
    ('王先生', 'Dr. Wu', None)
    """
    straight = _TURNS.sub("", name)
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in straight)
    words = _BRACKETED.sub(" ", plain).split()
    if _ADDRESS.search(name) or not any(map(str.isalpha, plain)) or not words:
        return None
    return _called(" ".join(words))[:_LONGEST].strip() or None


def _called(name: str) -> str:
    if _TITLED.match(name):
        return name
    if beside := _HAN_THEN_LATIN.fullmatch(name):
        return beside[1]
    if _ALL_HAN.fullmatch(name):
        return _without_family(name)
    # Lin, Mei: the family first.
    family, comma, given = name.partition(", ")
    return (given if comma and given else family).split(" ")[0].rstrip(",") or name


def _without_family(name: str) -> str:
    if name.endswith(_TITLES) or len(name) < 3:
        return name
    family = 2 if name[:2] in _FAMILIES or len(name) > 3 else 1
    return name[family:] if len(name) - family > 1 else name
