"""Kind pages for whoever meets a closed door: what happened, and what they can do now."""

from __future__ import annotations

from flask import Response

from goodword_server.limits import TooMany
from goodword_server.looks import Look
from goodword_server.pages.page import page


def unknown_shop() -> Response:
    """Return what stands where no shop is."""
    return kind("unknown", 404)


def too_many(error: TooMany, to_shop: str | None = None, look: Look | None = None) -> Response:
    """Return what somebody is told who asked too often, whatever they asked for."""
    answer = kind("guessed", 429, to_shop, look)
    answer.headers.extend(
        (name, value)
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    )
    return answer


def trouble(to_shop: str | None = None, look: Look | None = None) -> Response:
    """Return what stands where we cannot look anything up: the shop is open all the same."""
    answer = kind("trouble", 503, to_shop, look)
    answer.headers["Retry-After"] = "60"
    return answer


def kind(what: str, status: int, to_shop: str | None = None, look: Look | None = None) -> Response:
    """Return a page of a heading, a sentence, and the way to the shop if there is one.

    ``what`` names its sentences: ``<what>.title`` and ``<what>.words``.
    """
    return page("kind", look, status=status, what=what, to_shop=to_shop)
