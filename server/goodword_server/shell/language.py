"""Which language a page is in, and its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import request, session

from goodword import words
from goodword_server.languages import language_of
from goodword_server.shell.words import (
    en,
    messages_en,
    messages_zh_hant,
    zh_hant,
    zh_hant_troubles,
)

_CATALOGUES: Final = {
    "en": {**en.SENTENCES, **messages_en.SENTENCES},
    "zh-Hant": {**zh_hant.SENTENCES, **messages_zh_hant.SENTENCES},
}
# In English a trouble speaks for itself.
_TROUBLES: Final[Mapping[str, Mapping[str, str]]] = {"zh-Hant": zh_hant_troubles.SENTENCES}
LANGUAGES: Final = tuple(_CATALOGUES)
_CHOSEN: Final = "language"
_ENDS: Final = (".", "。", "!", "！", "?", "？")


def current() -> str:
    """Return the language that was chosen, else what the browser asks for."""
    chosen = session.get(_CHOSEN)
    return chosen if chosen in _CATALOGUES else language_of(request)


def choose(language: str) -> None:
    """Remember a language; one that is not spoken here changes nothing."""
    if language in _CATALOGUES:
        session[_CHOSEN] = language


def say(key: str, **facts: object) -> str:
    """Return a sentence in the page's language, with its values filled in."""
    return say_in(current(), key, **facts)


def say_in(language: str, key: str, **facts: object) -> str:
    """Return a sentence in a language; an unknown key is a fault of ours.

    Of one thing alone its ``.one`` tells, where there is such a sentence.
    """
    sentences = _CATALOGUES[language]
    one = f"{key}.one"
    told = sentences[one if facts.get("count") == 1 and one in sentences else key]
    return told.format_map(facts)


def ended(told: str) -> str:
    """Return what was told as a whole sentence: another may follow."""
    if not told or told.endswith(_ENDS):
        return told
    return told + ("。" if current() == "zh-Hant" else ".")


def tell(why: str) -> str:
    """Return why something did not happen, in the page's language."""
    language = current()
    return words.tell(why, language, _TROUBLES.get(language, {}))


def sentences(language: str) -> Mapping[str, str]:
    """Return every sentence of a language, by its key."""
    return _CATALOGUES[language]


def knows(key: str) -> bool:
    """Whether there is a sentence of this key."""
    return key in _CATALOGUES["en"]
