"""What a page weighs on a phone, when it shows, and whether it jumps, beside a page of one word."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Final

from flask import Flask
from playwright.sync_api import Browser

from benchmarks.looking import browser_at, look
from benchmarks.pace import Pace
from benchmarks.serving import Served, our_server
from benchmarks.shop import CODES, SHOP, Furnished, own_page
from benchmarks.table import show, spread
from goodword_server import app as goodword_app
from tests.browser.finding import NoChromium, chromium

APP: Final = "benchmarks.pages:serve"
_EMPTY: Final = "/one-word"
_PAGES: Final = {
    "the friend's page": f"/{SHOP}/c/{CODES[0]}",
    "the advocate's page": own_page("c-1"),
    "a code that nobody holds": f"/{SHOP}/c/NOBODY",
}
_HEADER: Final = ("", "bytes", "one word", "shows after", "one word", "ratio", "shift")
_NOTE: Final = (
    "  Bytes over the wire with headers, milliseconds to the first paint with content, and the\n"
    "  sum of all layout shifts; Chromium, 390 pixels wide, 150 ms and 1.6 Mbit/s away, a CPU\n"
    "  4 times slower, nothing kept from before.  One word: a page of it by the same server."
)


def serve() -> Flask:
    """Return goodword's app with a page of one word beside its own."""
    app = goodword_app.serve()
    assert isinstance(app, Flask)

    @app.get(_EMPTY)
    def one_word() -> str:
        return "<!doctype html><title>word</title><p>word"

    return app


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Look at each page and the page of one word in turns."""
    try:
        path = chromium()
    except NoChromium as problem:
        print(f"\nPages were not looked at.  {problem}")
        return
    furnished = next(iter(databases.values()))
    with furnished.copy() as url, our_server(url, APP) as server, browser_at(path) as browser:
        lines = [_compared(what, at, browser, server, pace) for what, at in _PAGES.items()]
    show("A page on a phone, beside one of one word", _HEADER, lines, _NOTE)


def _compared(what: str, path: str, browser: Browser, server: Served, pace: Pace) -> list[str]:
    ours, limit = [], []
    for _ in range(pace.rounds):
        ours.append(look(browser, f"http://127.0.0.1:{server.port}{path}"))
        limit.append(look(browser, f"http://127.0.0.1:{server.port}{_EMPTY}"))
    ratios = [a.shown / b.shown for a, b in zip(ours, limit, strict=True)]
    return [
        what,
        *(f"{median(one.bytes for one in side):,.0f}" for side in (ours, limit)),
        *(f"{median(one.shown for one in side):,.0f} ms" for side in (ours, limit)),
        spread(ratios),
        f"{max(one.shifted for one in ours):.3f}",
    ]
