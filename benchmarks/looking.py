"""Looking at pages as a phone does on a slow network: what they weigh, and when they show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, sync_playwright

from tests.browser.looking import LANGUAGES, PHONE

# A phone on a slow mobile network: the numbers that Lighthouse takes.
_NETWORK: Final[Mapping[str, Any]] = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 // 8,
    "uploadThroughput": 750_000 // 8,
}
_SLOWER: Final = 4
_SETTLED: Final = 1000
"""Milliseconds after which a page that is loaded has asked for all that it asks for."""
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


@contextmanager
def browser_at(path: str) -> Iterator[Browser]:
    """Open a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def look(browser: Browser, url: str, kept: Mapping[str, str] | None = None) -> Seen:
    """Look at a page; ``kept``: the cookies of a visit before."""
    context = browser.new_context(
        viewport={"width": PHONE.width, "height": PHONE.height},
        locale=LANGUAGES["zh-Hant"],
        user_agent=PHONE.agent(browser.version),
    )
    for name, value in (kept or {}).items():
        context.add_cookies([{"name": name, "value": value, "url": url}])
    page = context.new_page()
    page.add_init_script(_WATCH)
    weight = _weighed(context.new_cdp_session(page))
    page.goto(url, wait_until="load")
    # Not until the network is idle: Chromium never tells the end of what outlives its page.
    page.wait_for_timeout(_SETTLED)
    shown, shifted = page.evaluate(_SHOWN)
    context.close()
    return Seen(int(sum(weight)), shown, shifted)


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
