"""Which languages are spoken: one more is one more catalogue, named here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from goodword.errors import Invalid
from goodword.model.message import Channel
from goodword.words.messages import en, en_values, zh_hant, zh_hant_values

Key = tuple[str, Channel]
"""A moment on a channel."""


class Catalogue(NamedTuple):
    """All that a language needs."""

    messages: Mapping[Channel, Mapping[str, str]]
    """The texts, by channel and moment."""
    values: Mapping[str, str]
    """How what is filled in is written: worths, dates, tiers."""
    findings: Mapping[str, str]
    """What to do about a text in doubt."""


CATALOGUES: Final = {
    "en": Catalogue(en.MESSAGES, en_values.VALUES, en_values.FINDINGS),
    "zh-Hant": Catalogue(zh_hant.MESSAGES, zh_hant_values.VALUES, zh_hant_values.FINDINGS),
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
    return {
        (moment, channel): text
        for channel, texts in catalogue(language).messages.items()
        for moment, text in texts.items()
    }
