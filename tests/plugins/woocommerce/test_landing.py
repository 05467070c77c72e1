"""What WooCommerce noted of a landing may lead to an advocate, whatever stands in its address."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.model.order import Landing
from goodword.traces import VISIT
from goodword_woocommerce import landing
from goodword_woocommerce.landing import ENTERED, ENTRY


def test_the_landing_tells_code_visit_and_moment() -> None:
    meta = {
        ENTRY: "https://shop.example/tea/?utm_source=x&ref=7Q2K-M9XW&gw=0Abc_9",
        ENTERED: "2026-11-22 09:34:36",
    }
    at = datetime(2026, 11, 22, 9, 34, 36, tzinfo=UTC)
    assert landing.landing(meta) == Landing(code="7Q2K-M9XW", at=at)
    assert landing.visit(meta) == "0Abc_9"
    assert landing.visit(meta | {VISIT: "carried"}) == "carried"


def test_a_landing_without_a_readable_moment_has_none() -> None:
    meta = {ENTRY: "https://shop.example/?ref=A1", ENTERED: "(none)"}
    assert landing.landing(meta) == Landing(code="A1", at=None)


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "https://shop.example/",
        "https://[::1",
        "?ref=",
        "?ref=a%20b",
        "?" + "ref=x&" * 101,
        None,
        7,
        ["?ref=A1"],
    ],
)
def test_a_landing_that_names_no_code_is_none(entry: Any) -> None:
    assert landing.landing({ENTRY: entry}) is None
    assert landing.visit({ENTRY: entry}) is None


@pytest.mark.slow
@given(entry=st.text(), word=st.text())
def test_no_shopper_can_break_it(entry: str, word: str) -> None:
    meta = {ENTRY: entry, VISIT: word, ENTERED: word}
    found = landing.visit(meta)
    assert found is None or (found.isascii() and len(found) <= 32)
    landing.landing(meta)
