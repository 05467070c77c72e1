"""Who looks at a link without arriving: a previewer, a prefetch, a HEAD."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crawlerdetect import CrawlerDetect

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_DETECT: Final = CrawlerDetect()
_AHEAD: Final = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
# Enough to tell a previewer by; of a longer one the patterns would take minutes.
_AGENT_LONGEST: Final = 512
# How the browsers within apps call themselves.
_IN_APP: Final = {
    "line": (" Line/",),
    "instagram": ("Instagram ",),
    "facebook": ("FBAN/", "FBAV/"),
}


def is_looking(environ: WSGIEnvironment) -> bool:
    """Whether nobody arrives: a previewer, a prefetch, a HEAD."""
    if environ["REQUEST_METHOD"] == "HEAD":
        return True
    purpose = " ".join([environ[name] for name in _AHEAD if name in environ])
    return (
        "prefetch" in purpose
        or "preview" in purpose
        or _is_bot(environ.get("HTTP_USER_AGENT", "")[:_AGENT_LONGEST])
    )


@lru_cache(maxsize=4096)
def _is_bot(agent: str) -> bool:
    # Thousands of patterns are tried: too dear for a click, so what was asked before is remembered.
    return bool(_DETECT.isCrawler(agent or "-"))


def in_app(environ: WSGIEnvironment) -> str | None:
    """Return the channel whose own browser a person reads in: there a link was passed on."""
    agent = environ.get("HTTP_USER_AGENT", "")[:_AGENT_LONGEST]
    return next((name for name, signs in _IN_APP.items() if any(s in agent for s in signs)), None)
