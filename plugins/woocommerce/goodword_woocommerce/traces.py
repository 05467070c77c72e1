"""What on an order may lead to an advocate: written by our plugin, by others, by WooCommerce.

All of it passed through the shopper's hands, so only what can be a code or a visit id is taken,
and the rest is left where it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from goodword.model.order import CodeVia, Landing
from goodword_woocommerce.fields import UNFIT, as_moment

CODE: Final = "_goodword_code"
VIA: Final = "_goodword_via"
VISIT: Final = "_goodword_visit"
NAME: Final = "_goodword_name"
NAME_HINT: Final = "_goodword_name_hint"
ENTRY: Final = "_wc_order_attribution_session_entry"
ENTERED: Final = "_wc_order_attribution_session_start_time"
FURTHER: Final = "code_meta"
"""The installation's setting: further meta keys that hold a code, with commas between."""

_NAME_LONGEST: Final = 100
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


def code(meta: Mapping[str, Any], settings: Mapping[str, str]) -> str | None:
    """Return the code that was written onto the order, by our plugin before any other."""
    further = (key.strip() for key in settings.get(FURTHER, "").split(","))
    found = (_word(meta.get(key)) for key in (CODE, *further) if key)
    return next((word for word in found if word), None)


def code_via(meta: Mapping[str, Any]) -> CodeVia:
    """Say how it got there.

    Only what was typed says so: a coupon speaks for itself, and what a link or another plugin left
    behind is never believed to be typed.
    """
    return CodeVia.TYPED if meta.get(VIA) == CodeVia.TYPED else CodeVia.LINK


def visit(meta: Mapping[str, Any]) -> str | None:
    """Return the visit that link and cart carried; else the one in the address of the landing."""
    return _word(meta.get(VISIT)) or _of_entry(meta, "gw")


def landing(meta: Mapping[str, Any]) -> Landing | None:
    """Return what WooCommerce itself noted of how the friend came."""
    word = _of_entry(meta, "ref")
    return Landing(code=word, at=as_moment(meta.get(ENTERED))) if word else None


def named(meta: Mapping[str, Any]) -> str | None:
    """Return the advocate's name, as the friend gave it at the checkout."""
    return words(meta.get(NAME), _NAME_LONGEST)


def named_hint(meta: Mapping[str, Any]) -> str | None:
    """Return what the friend added to tell two of one name apart."""
    return words(meta.get(NAME_HINT), _NAME_LONGEST)


def words(found: Any, longest: int) -> str | None:
    """Return what a shopper wrote, if a database can keep it."""
    fits = isinstance(found, str) and 0 < len(found) <= longest and not UNFIT.search(found)
    return found if fits else None


def _of_entry(meta: Mapping[str, Any], name: str) -> str | None:
    entry = meta.get(ENTRY)
    if not isinstance(entry, str):
        return None
    try:
        found = parse_qs(urlsplit(entry).query, max_num_fields=100).get(name)
    except ValueError:
        return None
    return _word(found[0]) if found else None


def _word(found: Any) -> str | None:
    return found if isinstance(found, str) and _WORD.fullmatch(found) else None
