"""Pages looked at in a real Chromium: our server on a socket, and a shop on another host."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from goodword import Referrals
from goodword_server.app import create_app
from goodword_server.house import House
from tests.browser.finding import NoChromium, chromium
from tests.browser.fronts import Front, a_front
from tests.browser.looking import LANGUAGES, SCREENS, Browse, Screen
from tests.sdk.builders import Clock
from tests.server.builders import Place, a_house, a_place
from tests.server.everywhere.wsgi import on_a_socket
from tests.server.processes import free_port

FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # A container gives its shared memory too little room for pages.
    "--disable-dev-shm-usage",
    # No page reaches anybody but ourselves.
    "--host-resolver-rules=MAP * ~NOTFOUND, "
    "EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what looks with a browser: it is left out by ``run.py test --fast``."""
    for item in items:
        if "chromium_open" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium_open() -> Iterator[Browser]:
    """The one browser of this process."""
    try:
        path = chromium()
    except NoChromium as problem:
        pytest.skip(str(problem))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *as_root()])
        yield browser
        browser.close()


def as_root() -> list[str]:
    """Return what a browser needs that root starts: it has no sandbox to start in."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


@pytest.fixture
def browse(chromium_open: Browser) -> Iterator[Browse]:
    """Opens windows; what goes wrong in any of them fails the test."""
    browse = Browse(chromium_open)
    yield browse
    browse.end()


@pytest.fixture(params=SCREENS, ids=lambda screen: screen.name)
def screen(request: pytest.FixtureRequest) -> Screen:
    found: Screen = request.param
    return found


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def page(browse: Browse, screen: Screen, language: str) -> Page:
    """A window of each width in each language."""
    return browse(screen, language)


@dataclass(frozen=True)
class Site:
    """Our server on a socket, with a connected shop and Alice's code ALICE10."""

    url: str
    house: House
    place: Place

    @property
    def referrals(self) -> Referrals:
        return self.place.referrals


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "goodword.db"
    with a_house(f"sqlite:///{path}", Clock()) as house:
        house.migrate()
    return path


@pytest.fixture
def front() -> Iterator[Front]:
    """The shop that is connected, on a host of its own."""
    with a_front("tea") as front:
        yield front


@pytest.fixture
def site(migrated: Path, tmp_path: Path, clock: Clock, front: Front) -> Iterator[Site]:
    port = free_port()
    url = f"http://thanks.localhost:{port}"
    database = f"sqlite:///{shutil.copy(migrated, tmp_path)}"
    with a_house(database, clock, public_url=url) as house:
        place = a_place(house, url=front.url)
        front.admit(url)
        with on_a_socket(create_app(house=house), port):
            yield Site(url, house, place)
