"""Troubles in their columns: a text as it is, one with a reason as JSON."""

from __future__ import annotations

from typing import Any, Final

from goodword import wire
from goodword.model.trouble import Trouble

_START: Final = '{"reason":'


def packed(why: str) -> str:
    """Return a trouble as its column holds it."""
    return wire.pack(_plain(why)) if isinstance(why, Trouble) else why


def unpacked(kept: str | None) -> str:
    """Return the trouble that a column holds; a text that was never packed as it is."""
    if kept is None or not kept.startswith(_START):
        return kept or ""
    try:
        return _trouble(wire.unpack(dict, kept))
    except (ValueError, TypeError, KeyError):
        return kept


def _plain(why: Trouble) -> dict[str, Any]:
    facts = {
        name: _plain(one) if isinstance(one, Trouble) else one for name, one in why.facts.items()
    }
    return {"reason": why.reason, "text": str(why), "facts": facts}


def _trouble(told: dict[str, Any]) -> Trouble:
    facts = {
        name: _trouble(one) if isinstance(one, dict) else one for name, one in told["facts"].items()
    }
    return Trouble(told["text"], told["reason"], **facts)
