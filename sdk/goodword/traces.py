"""What our theme, our plugin and our links leave on an order, by the names that all of them use.

All of it passed through the shopper's hands, so only what can be a code or a visit id is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from goodword.model.order import CodeVia
from goodword.rules.texts import can_be_kept

CODE: Final = "_goodword_code"
VIA: Final = "_goodword_via"
VISIT: Final = "_goodword_visit"
NAME: Final = "_goodword_name"
NAME_HINT: Final = "_goodword_name_hint"
FURTHER: Final = "code_meta"
"""The installation's setting: further notes that hold a code, with commas between."""

_NAME_LONGEST: Final = 100
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
Notes = Mapping[str, object]


def code(notes: Notes, settings: Mapping[str, str]) -> str | None:
    """Return the code that was written onto the order, by us before any other."""
    further = (key.strip() for key in settings.get(FURTHER, "").split(","))
    found = (word(notes.get(key)) for key in (CODE, *further) if key)
    return next((one for one in found if one), None)


def code_via(notes: Notes) -> CodeVia:
    """Say how it got there.

    Only what was typed says so: a coupon speaks for itself, and what a link or another plugin left
    behind is never believed to be typed.
    """
    return CodeVia.TYPED if notes.get(VIA) == CodeVia.TYPED else CodeVia.LINK


def visit(notes: Notes) -> str | None:
    """Return the visit that link and cart carried."""
    return word(notes.get(VISIT))


def named(notes: Notes) -> str | None:
    """Return the advocate's name, as the friend gave it at the checkout."""
    return words(notes.get(NAME), _NAME_LONGEST)


def named_hint(notes: Notes) -> str | None:
    """Return what the friend added to tell two of one name apart."""
    return words(notes.get(NAME_HINT), _NAME_LONGEST)


def in_address(address: object, name: str) -> str | None:
    """Return what an address says under a name, if it can be a code or a visit id."""
    if not isinstance(address, str):
        return None
    try:
        found = parse_qs(urlsplit(address).query, max_num_fields=100).get(name)
    except ValueError:
        return None
    return word(found[0]) if found else None


def word(found: object) -> str | None:
    """Return what can be a code or a visit id."""
    return found if isinstance(found, str) and _WORD.fullmatch(found) else None


def words(found: object, longest: int) -> str | None:
    """Return what a shopper wrote, if a database can keep it."""
    if not isinstance(found, str) or not 0 < len(found) <= longest:
        return None
    return found if can_be_kept(found) else None
