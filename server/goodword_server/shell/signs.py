"""What a platform said of a shop, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from goodword.words.messages.values import day
from goodword_server.shell.language import knows, say_in

_MOMENTS: Final = frozenset({"given", "until"})


class Said(NamedTuple):
    """One sign, as it is read."""

    reason: str
    is_well: bool
    title: str
    words: str


def said(rounds: Mapping[str, Any], language: str) -> Iterator[Said]:
    """Yield what was last found at a shop, by its rounds."""
    for one in rounds["hooks"].notes.get("signs", ()) if "hooks" in rounds else ():
        # One of a newer release has no sentence here.
        if knows(f"sign.{one['reason']}"):
            yield _said(one, language)


def _said(one: Mapping[str, Any], language: str) -> Said:
    reason = one["reason"]
    facts = {
        name: day(datetime.fromisoformat(fact), language) if name in _MOMENTS else fact
        for name, fact in one["facts"].items()
    }
    title = say_in(language, f"sign.{reason}.title")
    return Said(reason, one["is_well"], title, say_in(language, f"sign.{reason}", **facts))
