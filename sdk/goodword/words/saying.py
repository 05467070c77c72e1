"""Saying a sentence of a catalogue, with its values filled in."""

from __future__ import annotations

import re
from typing import Final

from goodword.errors import Invalid
from goodword.model.money import Money, written
from goodword.model.worth import POINTS
from goodword.words import en, zh_hant
from goodword.words.spacing import cleaned, closed, marked

_CATALOGUES: Final = {"en": en.SENTENCES, "zh-Hant": zh_hant.SENTENCES}
LANGUAGES: Final = tuple(_CATALOGUES)


# Signs that nobody mistakes for another currency's.
_SIGNS: Final = {"EUR": "€", "GBP": "£", "TWD": "NT$", "USD": "US$"}
_PIECE: Final = "piece:"
_LEFT: Final = re.compile(r"{([a-z_]+)}")


def amount(worth: Money, language: str) -> str:
    """Return an amount as people read it: ``£7.20``, ``NT$1,000``, ``500 JPY``."""
    if worth.unit.startswith(_PIECE):
        return say("pieces", language, count=worth.minor)
    if worth.unit == POINTS:
        return say("points", language, count=f"{worth.minor:,}")
    whole, point, rest = written(worth).partition(".")
    number = f"{int(whole):,}{point}{rest}"
    if worth.unit == "TWD":
        number = number.removesuffix(".00")
    sign = _SIGNS.get(worth.unit)
    return f"{sign}{number}" if sign else f"{number} {worth.unit}"


def say(key: str, language: str, **facts: object) -> str:
    """Return the sentence of this key with its values filled in.

    Raises `Invalid` for a language without a catalogue.
    """
    try:
        catalogue = _CATALOGUES[language]
    except KeyError:
        raise Invalid(
            field="language", mend=f"{language!r} is not spoken here; use {' or '.join(LANGUAGES)}"
        ) from None
    return catalogue[key].format_map(facts)


def put(text: str, **facts: object) -> str:
    """Return a text of `messages.say` with what was left standing, like ``{link}``, put in.

    >>> put("Your coupon: {coupon}", coupon="GIFT-4T7K")
    'Your coupon: GIFT-4T7K'

    What is put in is never looked at again, and what is not known stays.
    """

    def put_in(found: re.Match[str]) -> str:
        return marked(cleaned(str(facts[found[1]]))) if found[1] in facts else found[0]

    return closed(_LEFT.sub(put_in, text))
