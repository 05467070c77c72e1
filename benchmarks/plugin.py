"""What the WordPress plugin adds to a shop's pages: bytes, time to make one, time until it shows.

On a real WordPress with the tests' stand-in for WooCommerce and a theme of one paragraph, so that
what is added is not lost in what a shop weighs by itself.
"""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser

from benchmarks.databases import ROOT
from benchmarks.looking import Seen, browser_at, look
from benchmarks.pace import Pace
from benchmarks.serving import free_port, our_server, wait_for
from benchmarks.shop import CODES, SHOP, Furnished, open_house
from benchmarks.table import show, spread
from goodword_server.storage.keys import KeyScope
from tests.browser.finding import NoChromium, chromium
from tests.plugins.woocommerce.wordpress import getting
from tests.plugins.woocommerce.wordpress.getting import NoWordPress
from tests.plugins.woocommerce.wordpress.playing import GOODWORD, STANDIN, Site

_PHP: Final = ROOT / "benchmarks" / "php"
_MADE: Final = 20
_KEPT: Final = 2_000_000_000
_COLUMNS: Final = ("bytes", "without", "made in", "without", "shows after", "without", "ratio")
_NOTE: Final = (
    "  Without: the same page of the same WordPress, which knows no plugin of ours.  Bytes: over\n"
    "  the wire, with what the page asks for; made in: by the shop's PHP, on this machine; shows\n"
    "  after: on a phone, as above.  A friend arrives by a link; coming back, the code is kept.\n"
    "  Nothing is compressed, as it would be by a host."
)


@dataclass(frozen=True, slots=True)
class Looked:
    """A page with what a browser brings along."""

    url: str
    query: str = ""
    cookie: str = ""

    def made_in(self) -> float:
        """Return in how many milliseconds the shop makes the page."""
        request = urllib.request.Request(self.url + self.query, headers={"Cookie": self.cookie})
        began = time.perf_counter()
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
        return (time.perf_counter() - began) * 1000

    def seen(self, browser: Browser) -> Seen:
        name, _, value = self.cookie.partition("=")
        return look(browser, self.url + self.query, {name: value} if name else None)


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Look at the shop's front page with the plugin and without, whoever comes."""
    try:
        path, wordpress = chromium(), getting.wordpress(next(iter(getting.KINDS)))
    except (NoChromium, NoWordPress) as problem:
        print(f"\nTHE PLUGIN'S PAGES WERE NOT LOOKED AT.  {problem}")
        return
    furnished = next(iter(databases.values()))
    with (
        TemporaryDirectory(prefix="goodword-bench-") as folder,
        furnished.copy() as url,
        our_server(url) as server,
        browser_at(path) as browser,
        _shop(wordpress, Path(folder) / "without", (STANDIN,)) as (_, bare),
        _shop(wordpress, Path(folder) / "with", (STANDIN, GOODWORD)) as (site, ours),
    ):
        arriving = f"?ref={CODES[0]}&gw=visit-1"
        kept = f"goodword_{SHOP}={CODES[0]}.visit-1.{_KEPT}"

        def compared(what: str, *brought: str) -> list[str]:
            return _compared(what, Looked(ours, *brought), Looked(bare, *brought), browser, pace)

        _connect(site, url, f"http://127.0.0.1:{server.port}")
        lines = [
            compared("nobody sent them"),
            compared("a friend arrives", arriving),
            compared("a friend comes back", "", kept),
        ]
        _connect(site, url, f"http://127.0.0.1:{free_port()}")
        lines.append(compared("our server is down", arriving))
    show("A shop's page with the WordPress plugin", ("", *_COLUMNS), lines, _NOTE)


def _compared(what: str, ours: Looked, bare: Looked, browser: Browser, pace: Pace) -> list[str]:
    sides: dict[Looked, list[Seen]] = {ours: [], bare: []}
    made: dict[Looked, list[float]] = {ours: [], bare: []}
    for _ in range(pace.rounds):
        for side in sides:
            sides[side].append(side.seen(browser))
            made[side] += [side.made_in() for _ in range(_MADE)]
    shown = [[one.shown for one in seen] for seen in sides.values()]
    return [
        what,
        *(f"{median(one.bytes for one in seen):,.0f}" for seen in sides.values()),
        *(f"{median(each):,.1f} ms" for each in made.values()),
        *(f"{median(each):,.0f} ms" for each in shown),
        spread([a / b for a, b in zip(*shown, strict=True)]),
    ]


@contextmanager
def _shop(wordpress: Path, content: Path, plugins: tuple[str, ...]) -> Iterator[tuple[Site, str]]:
    """Serve a WordPress of its own; yield it and its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    site = Site(wordpress, content, plugins, url=url)
    site.install(_PHP / "theme")
    process = subprocess.Popen(
        ["php", "-S", f"127.0.0.1:{port}", "-t", str(wordpress), str(_PHP / "router.php")],
        env={**os.environ, **site.variables(), "PHP_CLI_SERVER_WORKERS": "2"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port, process)
        Looked(url).made_in()
        yield site, url
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server, and the workers that it leaves to themselves."""
    os.killpg(process.pid, 15)
    process.wait(30)


def _connect(site: Site, database: str, server: str) -> None:
    """Tell the plugin of a server, as pairing does."""
    house = open_house(database)
    told = {
        "GOODWORD_BENCH_SERVER": server,
        "GOODWORD_BENCH_SHOP": SHOP,
        "GOODWORD_BENCH_KEY": house.new_key(SHOP, KeyScope.PUBLISHABLE),
        "GOODWORD_BENCH_SECRET": house.new_key(SHOP, KeyScope.SECRET),
    }
    house.close()
    site.run("php", str(_PHP / "connect.php"), **told)
