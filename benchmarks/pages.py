"""What a page weighs on a phone, when it shows, and whether it jumps, beside a page of one word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.pace import Pace
from benchmarks.serving import Served, our_server
from benchmarks.shop import CODES, SHOP, Furnished, own_page
from benchmarks.table import show, spread
from goodword_server import app as goodword_app
from tests.browser.finding import NoChromium, chromium
from tests.browser.looking import LANGUAGES, PHONE

APP: Final = "benchmarks.pages:serve"
_EMPTY: Final = "/one-word"
_PAGES: Final = {
    "the friend's page": f"/{SHOP}/c/{CODES[0]}",
    "the advocate's page": own_page("c-1"),
    "a code that nobody holds": f"/{SHOP}/c/NOBODY",
}
# A phone on a slow mobile network: the numbers that Lighthouse takes.
_NETWORK: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 // 8,
    "uploadThroughput": 750_000 // 8,
}
_SLOWER: Final = 4
_HEADER: Final = ("", "bytes", "one word", "shows after", "one word", "ratio", "shift")
_NOTE: Final = (
    "  Bytes over the wire with headers, milliseconds to the first paint with content, and the\n"
    "  sum of all layout shifts; Chromium, 390 pixels wide, 150 ms and 1.6 Mbit/s away, a CPU\n"
    "  4 times slower, nothing kept from before.  One word: a page of it by the same server."
)
_WATCH: Final = """
    window.shifted = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.shifted += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""
_SHOWN: Final = """() => new Promise(done => {
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0];
    const look = () => paint() ? done([paint().startTime, window.shifted]) : setTimeout(look, 20);
    look();
})"""


@dataclass(frozen=True, slots=True)
class Seen:
    """How one page arrived."""

    bytes: int
    shown: float
    """Milliseconds to the first paint with content."""
    shifted: float


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
    with furnished.copy() as url, our_server(url, APP) as server, _browser(path) as browser:
        lines = [_compared(what, at, browser, server, pace) for what, at in _PAGES.items()]
    show("A page on a phone, beside one of one word", _HEADER, lines, _NOTE)


def _compared(what: str, path: str, browser: Browser, server: Served, pace: Pace) -> list[str]:
    ours, limit = [], []
    for _ in range(pace.rounds):
        ours.append(_look(browser, server, path))
        limit.append(_look(browser, server, _EMPTY))
    ratios = [a.shown / b.shown for a, b in zip(ours, limit, strict=True)]
    return [
        what,
        *(f"{median(one.bytes for one in side):,.0f}" for side in (ours, limit)),
        *(f"{median(one.shown for one in side):,.0f} ms" for side in (ours, limit)),
        spread(ratios),
        f"{max(one.shifted for one in ours):.3f}",
    ]


@contextmanager
def _browser(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _look(browser: Browser, server: Served, path: str) -> Seen:
    context = browser.new_context(
        viewport={"width": PHONE.width, "height": PHONE.height},
        locale=LANGUAGES["zh-Hant"],
        user_agent=PHONE.agent(browser.version),
    )
    page = context.new_page()
    page.add_init_script(_WATCH)
    weight = _weighed(context.new_cdp_session(page))
    seen = _seen(page, f"http://127.0.0.1:{server.port}{path}", weight)
    context.close()
    return seen


def _weighed(session: CDPSession) -> list[float]:
    """Slow the page down; return a list that gathers what each of its requests weighs."""
    weight: list[float] = []

    def finished(told: dict[str, Any]) -> None:
        weight.append(told["encodedDataLength"])

    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", dict(_NETWORK))
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    session.on("Network.loadingFinished", finished)
    return weight


def _seen(page: Page, url: str, weight: list[float]) -> Seen:
    page.goto(url, wait_until="networkidle")
    shown, shifted = page.evaluate(_SHOWN)
    return Seen(int(sum(weight)), shown, shifted)
