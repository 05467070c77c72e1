"""Saying why something did not happen, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from goodword.model.trouble import Trouble
from goodword.words import zh_hant_troubles

# In English a trouble speaks for itself.
_CATALOGUES: Final[Mapping[str, Mapping[str, str]]] = {"zh-Hant": zh_hant_troubles.SENTENCES}
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def tell(why: str, language: str, beside: Mapping[str, str] = _NONE) -> str:
    """Return why something did not happen, in a language.

    What has no reason, or one that no sentence is known for, is told as it is.  ``beside``:
    sentences of the caller's own in that language, by reason.
    """
    known = {**_CATALOGUES.get(language, {}), **beside}
    if isinstance(why, Trouble):
        facts = {name: _told(one, language, beside) for name, one in why.facts.items()}
        for key in _keys(why):
            if key in known:
                return _filled(known[key], facts) or str(why)
    return str(why)


def _keys(why: Trouble) -> Iterator[str]:
    cause = why.facts.get("cause")
    if cause is not None:
        yield f"cause.{cause}"
    yield why.reason


def _told(fact: Any, language: str, beside: Mapping[str, str]) -> Any:
    return tell(fact, language, beside) if isinstance(fact, Trouble) else fact


def _filled(sentence: str, facts: Mapping[str, Any]) -> str | None:
    try:
        return sentence.format_map(facts)
    except KeyError:
        # Kept by another release, which knew other facts of it.
        return None
