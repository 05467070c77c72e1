"""Which languages are spoken: one more is one more catalogue, named here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from goodword.errors import Invalid
from goodword.model.message import EVERY_PROGRAM, Channel
from goodword.words.messages import en, en_shop, en_values, zh_hant, zh_hant_shop, zh_hant_values

Key = tuple[str, Channel]
"""A moment on a channel."""


class Catalogue(NamedTuple):
    """All that a language needs."""

    messages: Mapping[Channel, Mapping[str, str]]
    """The texts that speak of a program, by channel and moment."""
    everywhere: Mapping[Channel, Mapping[str, str]]
    """Those that speak of none, and stand for all of a shop's programs."""
    nowhere: Mapping[str, str]
    """What is said where no shop is known, or its own words cannot be read."""
    values: Mapping[str, str]
    """How what is filled in is written: worths, dates, tiers."""
    findings: Mapping[str, str]
    """What to do about a text in doubt."""


CATALOGUES: Final = {
    "en": Catalogue(
        messages=en.MESSAGES,
        everywhere=en_shop.MESSAGES,
        nowhere=en_shop.NOWHERE,
        values=en_values.VALUES,
        findings=en_values.FINDINGS,
    ),
    "zh-Hant": Catalogue(
        messages=zh_hant.MESSAGES,
        everywhere=zh_hant_shop.MESSAGES,
        nowhere=zh_hant_shop.NOWHERE,
        values=zh_hant_values.VALUES,
        findings=zh_hant_values.FINDINGS,
    ),
}
LANGUAGES: Final = CATALOGUES.keys()
FIRST: Final = next(iter(CATALOGUES))
"""The language whose texts say which placeholders a moment knows."""


def catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language; raise `Invalid` where it is not spoken."""
    try:
        return CATALOGUES[language]
    except KeyError:
        raise Invalid(
            field="language", mend=f"{language!r} is not spoken here; use {' or '.join(LANGUAGES)}"
        ) from None


@cache
def ours(language: str) -> Mapping[Key, str]:
    """Return our texts in a language; raise `Invalid` where it is not spoken."""
    found = catalogue(language)
    return {**_flat(found.messages), **_flat(found.everywhere)}


@cache
def moments(program: str) -> Mapping[Key, None]:
    """Return the moments that a program has words for, in their sequence."""
    found = catalogue(FIRST)
    texts = found.everywhere if program == EVERY_PROGRAM else found.messages
    return dict.fromkeys(_flat(texts))


def _flat(texts: Mapping[Channel, Mapping[str, str]]) -> Mapping[Key, str]:
    return {
        (moment, channel): text
        for channel, moments in texts.items()
        for moment, text in moments.items()
    }
