"""Kind pages for whoever meets a closed door: what happened, and what they can do now."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Response

from goodword.model.message import EVERY_PROGRAM, Channel
from goodword.words.messages.speaking import speak_nowhere
from goodword_server.house import House
from goodword_server.limits import TooMany
from goodword_server.looks import Look
from goodword_server.pages.page import page, spoken

_log = logging.getLogger("goodword_server")


def said(
    house: House, shop: str, look: Look, language: str, channel: Channel = Channel.PAGE
) -> Mapping[str, str]:
    """Return what a shop says that speaks of no program; ours, where that cannot be read."""
    try:
        return house.referrals(shop).messages.say(
            EVERY_PROGRAM, channel=channel, language=language, shop=look.name, zone=look.days_of
        )
    except Exception:
        # Rather a page in our words than none.
        _log.exception("the words of %s were not read", shop)
        return speak_nowhere(language, look.name)


def unknown_shop() -> Response:
    """Return what stands where no shop is."""
    return kind("unknown", 404)


def trouble(to_shop: str | None = None, look: Look | None = None) -> Response:
    """Return what stands where we cannot look anything up: the shop is open all the same."""
    answer = kind("trouble", 503, to_shop, look)
    answer.headers["Retry-After"] = "60"
    return answer


def too_many(
    error: TooMany,
    to_shop: str | None = None,
    look: Look | None = None,
    said: Mapping[str, str] | None = None,
    what: str = "guessed",
) -> Response:
    """Return what somebody is told who asked too often, whatever they asked for."""
    answer = kind(what, 429, to_shop, look, said)
    answer.headers.extend(
        (name, value)
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    )
    return answer


def kind(
    what: str,
    status: int,
    to_shop: str | None = None,
    look: Look | None = None,
    said: Mapping[str, str] | None = None,
) -> Response:
    """Return a page of a heading, a sentence, and the way to the shop if there is one.

    ``what`` names its sentences: ``<what>.title`` and ``<what>.words``.  ``said``: what the shop
    says; without it we do.
    """
    words = said or speak_nowhere(spoken(look), look.name if look else "")
    return page("kind", look, status=status, what=what, to_shop=to_shop, said=words)
