"""Why something did not happen, for logs and for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goodword.errors import GoodwordError


class Trouble(str):
    """Why something did not happen: an English text, with a reason and facts behind it.

    The text is for logs and for whoever reads English; by ``reason`` and ``facts`` it is said in
    other languages (`goodword.words.tell`).  A plain text is a trouble too, shown as it is: a
    carrier of somebody else's may say whatever it wants.

    >>> Trouble("the mail server was not reached", "mail_down", kind="TimeoutError").reason
    'mail_down'
    """

    __slots__ = ("facts", "reason")
    facts: Mapping[str, Any]
    """Texts, whole numbers, and troubles that led to this one."""
    reason: str
    """For machines; never changes."""

    def __new__(cls, text: str, reason: str, **facts: Any) -> Trouble:
        made = super().__new__(cls, text)
        made.reason = reason
        made.facts = facts
        return made


def trouble_of(error: GoodwordError, text: str | None = None) -> Trouble:
    """Return an error as a trouble; ``text`` instead of its own words."""
    facts = {name: one if isinstance(one, int) else str(one) for name, one in error.facts.items()}
    return Trouble(str(error) if text is None else text, error.reason, **facts)


def given_up(tries: int, why: str) -> Trouble:
    """Return that something was tried often enough, and why it failed last."""
    return Trouble(f"given up after {tries} tries: {why}", "given_up", tries=tries, why=why)
