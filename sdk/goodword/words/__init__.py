"""Sentences that people read, in English and Traditional Chinese, from plain catalogues."""

from __future__ import annotations

from typing import Final

from goodword.errors import Invalid
from goodword.words import en, zh_hant

_CATALOGUES: Final = {"en": en.SENTENCES, "zh-Hant": zh_hant.SENTENCES}
LANGUAGES: Final = tuple(_CATALOGUES)


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
