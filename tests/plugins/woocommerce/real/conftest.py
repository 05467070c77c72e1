"""A real WooCommerce: its owner, its shoppers, and a goodword server started for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS, as_root
from tests.browser.finding import chromium
from tests.browser.looking import Browse
from tests.plugins.woocommerce.real.backend import Backend, a_backend
from tests.plugins.woocommerce.real.naming import Named, NamedWrongly, named
from tests.plugins.woocommerce.real.owner import Owner, signed_in

try:
    SHOP = named()
except NamedWrongly as wrong:
    raise pytest.UsageError(str(wrong)) from None
# Not skipped: whoever names no shop asked for no journey.  The run's last lines say so.
collect_ignore = [] if SHOP else ["test_journey.py"]


@pytest.fixture(scope="session")
def shop() -> Named:
    assert SHOP is not None
    return SHOP


@pytest.fixture(scope="session")
def chromium_open(shop: Named) -> Iterator[Browser]:
    """A browser that reaches the shop, wherever it stands."""
    inside = FLAGS if shop.server is None else FLAGS[:-1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*inside, *as_root()])
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium_open: Browser) -> Iterator[Browse]:
    """Opens windows; what goes wrong of ours fails the test, what the shop does does not."""
    browse = Browse(chromium_open, forgiven=[r"\A(?!.*goodword)"])
    yield browse
    browse.end()


@pytest.fixture
def backend(shop: Named, tmp_path: Path) -> Iterator[Backend]:
    with a_backend(shop, tmp_path) as backend:
        yield backend


@pytest.fixture
def owner(shop: Named, browse: Browse) -> Iterator[Owner]:
    """Who runs the shop; what they made for a test is gone after it."""
    owner = signed_in(shop, browse)
    try:
        yield owner
    finally:
        owner.tidy()
