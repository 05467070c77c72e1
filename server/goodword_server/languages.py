"""Which of our languages a reader wants."""

from __future__ import annotations

from typing import Final

from flask import Request

NAMES: Final = {"en": "English", "zh-Hant": "中文"}
"""What each calls itself."""
LOCALES: Final = {"en": "en_US", "zh-Hant": "zh_TW"}
"""What each is called where Open Graph asks for a country, too."""
LANGUAGES: Final = tuple(NAMES)
# `best_match` alone does not know that Taiwan and Hong Kong read Traditional Chinese.
_TRADITIONAL: Final = frozenset({"zh", "zh-tw", "zh-hk", "zh-mo"})
_FROM_THE_RIGHT: Final = frozenset({"ar", "fa", "he", "ur"})


def language_of(request: Request, otherwise: str = "en") -> str:
    """Return ``en`` or ``zh-Hant``, by what the browser asks for; ``otherwise`` if by nothing."""
    named = (language_named(wanted) for wanted, _quality in request.accept_languages)
    return next(filter(None, named), otherwise)


def language_named(tag: str) -> str | None:
    """Return the one of our languages that a tag like ``zh-TW`` means, if it means any."""
    plain = tag.lower()
    if plain in _TRADITIONAL or plain.startswith("zh-hant"):
        return "zh-Hant"
    return "en" if plain.partition("-")[0] == "en" else None


def direction_of(tag: str) -> str:
    """Return how a language runs, as HTML says it: ``ltr`` or ``rtl``."""
    return "rtl" if tag.lower().partition("-")[0] in _FROM_THE_RIGHT else "ltr"
