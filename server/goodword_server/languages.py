"""Which of our languages a reader wants."""

from __future__ import annotations

from typing import Final

from flask import Request

# `best_match` alone does not know that Taiwan and Hong Kong read Traditional Chinese.
_SPOKEN: Final = {
    "zh-hant": "zh-Hant",
    "zh-hant-tw": "zh-Hant",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh": "zh-Hant",
    "en": "en",
}


def language_of(request: Request) -> str:
    """Return ``en`` or ``zh-Hant``, by what the browser asks for."""
    for wanted, _quality in request.accept_languages:
        tag = wanted.lower()
        if tag in _SPOKEN:
            return _SPOKEN[tag]
        if tag.partition("-")[0] == "en":
            return "en"
    return "en"
