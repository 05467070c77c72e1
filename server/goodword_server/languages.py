"""Which of our languages a reader wants."""

from __future__ import annotations

from typing import Final

from flask import Request

LANGUAGES: Final = ("en", "zh-Hant")
# `best_match` alone does not know that Taiwan and Hong Kong read Traditional Chinese.
_TRADITIONAL: Final = frozenset({"zh", "zh-tw", "zh-hk", "zh-mo"})


def language_of(request: Request, otherwise: str = "en") -> str:
    """Return ``en`` or ``zh-Hant``, by what the browser asks for; ``otherwise`` if by nothing."""
    for wanted, _quality in request.accept_languages:
        tag = wanted.lower()
        if tag in _TRADITIONAL or tag.startswith("zh-hant"):
            return "zh-Hant"
        if tag.partition("-")[0] == "en":
            return "en"
    return otherwise
