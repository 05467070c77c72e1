"""How tests look at pages: as a phone or a desk, in a language, with an eye on what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page


@dataclass(frozen=True)
class Screen:
    """What somebody holds in the hand, or sits before."""

    name: str
    width: int
    height: int
    system: str
    """As it stands in the name that a browser gives itself."""
    is_phone: bool = False

    def agent(self, version: str) -> str:
        """Return that name; Chromium's own says that nobody sits before it."""
        major = version.partition(".")[0]
        mobile = " Mobile" if self.is_phone else ""
        return (
            f"Mozilla/5.0 ({self.system}) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{major}.0.0.0{mobile} Safari/537.36"
        )


PHONE: Final = Screen("phone", 390, 844, "Linux; Android 14; Pixel 8", is_phone=True)
DESKTOP: Final = Screen("desktop", 1280, 800, "Windows NT 10.0; Win64; x64")
SCREENS: Final = (PHONE, DESKTOP)
LANGUAGES: Final[Mapping[str, str]] = {"en": "en-US", "zh-Hant": "zh-TW"}
"""What browsers ask for, by our languages."""

# Chromium takes these hosts for this machine, and for as safe as https.
_OURS: Final = re.compile(r"(.+\.)?localhost|127\.0\.0\.1")
_NO_HOST: Final = frozenset({"about", "blob", "data"})


@dataclass
class Browse:
    """Opens pages, and keeps what went wrong on any of them.

    What a browser writes to its console as an error is wrong, an exception that nobody caught, a
    breach of the content security policy, and a request to a host that is not ours.
    """

    browser: Browser
    forgiven: list[str] = field(default_factory=list)
    """Patterns of what a test means to go wrong."""
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, screen: Screen = PHONE, language: str = "en", **options: Any) -> Page:
        """Open a window with no past; options are those of Playwright's `new_context`."""
        return self.context(screen, language, **options).new_page()

    def context(
        self,
        screen: Screen = PHONE,
        language: str = "en",
        *,
        javascript: bool = True,
        **options: Any,
    ) -> BrowserContext:
        """Return a browser with no past, for as many windows as are wanted."""
        told = {
            "viewport": {"width": screen.width, "height": screen.height},
            "is_mobile": screen.is_phone,
            "has_touch": screen.is_phone,
            "user_agent": screen.agent(self.browser.version),
            "locale": LANGUAGES[language],
            "timezone_id": "Asia/Taipei",
            "java_script_enabled": javascript,
        }
        context = self.browser.new_context(**{**told, **options})
        self.contexts.append(context)
        context.on("console", lambda said: self._hear(said.type, said.text))
        context.on("weberror", lambda error: self.troubles.append(f"uncaught: {error.error}"))
        context.on("request", lambda request: self._see(request.url))
        return context

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.troubles.append(f"console: {text}")

    def _see(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _NO_HOST and not _OURS.fullmatch(parts.hostname or ""):
            self.troubles.append(f"asked a foreign host: {url}")

    def end(self) -> None:
        """Close all windows; fail for what went wrong and was not meant to."""
        for context in self.contexts:
            context.close()
        wrong = [one for one in self.troubles if not self._is_forgiven(one)]
        assert not wrong, "\n".join(wrong)

    def _is_forgiven(self, trouble: str) -> bool:
        return any(re.search(pattern, trouble) for pattern in self.forgiven)


def finds_nothing(page: Page) -> None:
    """Fail for what axe finds on a page: whatever keeps somebody from reading or using it."""
    told = Axe().run(page).response["violations"]
    found = [f"{one['id']}: {node['html'][:200]}" for one in told for node in one["nodes"]]
    assert not found, "\n".join(found)


def fits(page: Page) -> None:
    """Fail if a page is wider than the screen."""
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, f"the page is {wider} px wider than the screen"


def slowed(page: Page, *, milliseconds: int = 400, kilobits: int = 400) -> CDPSession:
    """Put a page on a slow line, far from a mast; return the session that holds it there."""
    session = page.context.new_cdp_session(page)
    rate = kilobits * 1000 // 8
    line = {"latency": milliseconds, "downloadThroughput": rate, "uploadThroughput": rate}
    session.send("Network.emulateNetworkConditions", {**line, "offline": False})
    return session


def looks_well(page: Page) -> None:
    """Everybody can read it, and it is no wider than its window."""
    finds_nothing(page)
    fits(page)
