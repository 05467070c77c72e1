"""What on an order may lead to an advocate: its attributes, and how Shopify saw the friend arrive.

All of it passed through the shopper's hands, so only what can be a code or a visit id is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from goodword.model.order import CodeVia, Landing
from goodword_shopify.fields import Json, moment, words

CODE: Final = "_goodword_code"
VIA: Final = "_goodword_via"
VISIT: Final = "_goodword_visit"
NAME: Final = "_goodword_name"
NAME_HINT: Final = "_goodword_name_hint"
FURTHER: Final = "code_meta"
"""The installation's setting: further attributes that hold a code, with commas between."""

_NAME_LONGEST: Final = 100
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


def attributes(head: Json) -> Mapping[str, str | None]:
    """Return what theme and checkout wrote onto the order; of one key twice the first."""
    found: dict[str, str | None] = {}
    for row in head["customAttributes"]:
        found.setdefault(row["key"], row["value"])
    return found


def code(notes: Mapping[str, str | None], settings: Mapping[str, str]) -> str | None:
    """Return the code that was written onto the order, by our theme block before any other."""
    further = (key.strip() for key in settings.get(FURTHER, "").split(","))
    found = (_word(notes.get(key)) for key in (CODE, *further) if key)
    return next((word for word in found if word), None)


def code_via(notes: Mapping[str, str | None]) -> CodeVia:
    """Say how it got there; only what was typed says so."""
    return CodeVia.TYPED if notes.get(VIA) == CodeVia.TYPED else CodeVia.LINK


def visit(notes: Mapping[str, str | None], head: Json) -> str | None:
    """Return the visit that link and cart carried; else the one in the address of a landing."""
    found = _word(notes.get(VISIT))
    landings = [_of_address(one, "gw") for one in _visits(head)]
    return found or next((word for word in landings if word), None)


def landing(head: Json) -> Landing | None:
    """Return what Shopify itself noted of how the friend came, the last time first."""
    for one in _visits(head):
        word = _word(one["referralCode"]) or _of_address(one, "ref")
        if word:
            return Landing(code=word, at=moment(one["occurredAt"]))
    return None


def named(notes: Mapping[str, str | None]) -> str | None:
    """Return the advocate's name, as the friend gave it at the checkout."""
    return words(notes.get(NAME), _NAME_LONGEST)


def named_hint(notes: Mapping[str, str | None]) -> str | None:
    """Return what the friend added to tell two of one name apart."""
    return words(notes.get(NAME_HINT), _NAME_LONGEST)


def _visits(head: Json) -> list[Json]:
    journey = head["customerJourneySummary"] or {}
    return [one for one in (journey.get("lastVisit"), journey.get("firstVisit")) if one]


def _of_address(visit: Json, name: str) -> str | None:
    address = visit["landingPage"]
    if not isinstance(address, str):
        return None
    try:
        found = parse_qs(urlsplit(address).query, max_num_fields=100).get(name)
    except ValueError:
        return None
    return _word(found[0]) if found else None


def _word(found: object) -> str | None:
    return found if isinstance(found, str) and _WORD.fullmatch(found) else None
