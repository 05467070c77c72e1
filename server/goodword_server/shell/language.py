"""Which language a page is in, and its sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from flask import request, session

from goodword_server.languages import language_of
from goodword_server.shell.words import (
    en,
    messages_en,
    messages_zh_hant,
    troubles_zh_hant,
    zh_hant,
)

_CATALOGUES: Final = {
    "en": {**en.SENTENCES, **messages_en.SENTENCES},
    "zh-Hant": {**zh_hant.SENTENCES, **messages_zh_hant.SENTENCES},
}
LANGUAGES: Final = tuple(_CATALOGUES)
_CHOSEN: Final = "language"
# What is told in brackets at the end, like a status, is the same in every language.
_TROUBLE: Final = re.compile(r"(?P<what>.*?)(?P<code> \([^()]*\))?", re.DOTALL)


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
    """Return a sentence in a language; an unknown key is a fault of ours."""
    return _CATALOGUES[language][key].format_map(facts)


def trouble(told: str) -> str:
    """Return what a shop's till said was wrong, in the page's language as far as it is known."""
    if current() != "zh-Hant":
        return told
    parts = _TROUBLE.fullmatch(told)
    assert parts is not None
    said = troubles_zh_hant.SENTENCES.get(parts["what"])
    return f"{said}{parts['code'] or ''}" if said else told


def sentences(language: str) -> Mapping[str, str]:
    """Return every sentence of a language, by its key."""
    return _CATALOGUES[language]


def knows(key: str) -> bool:
    """Whether there is a sentence of this key."""
    return key in _CATALOGUES["en"]
