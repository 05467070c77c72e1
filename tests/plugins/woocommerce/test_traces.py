from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.model.order import CodeVia, Landing
from goodword_woocommerce import traces
from goodword_woocommerce.traces import CODE, ENTERED, ENTRY, VIA, VISIT

NOT_A_CODE = ["", "a b", "x" * 33, "<b>", "日本", "a\n", "A;--", None, 7, True, ["A"], {"A": 1}]


def test_the_plugins_own_code_comes_before_further_meta_keys() -> None:
    meta = {"_pr_ref": "bob", "_referral_code": "carol", CODE: "alice10"}
    settings = {"code_meta": "_referral_code, _pr_ref"}
    assert traces.code(meta, settings) == "alice10"
    assert traces.code(meta | {CODE: None}, settings) == "carol"
    assert traces.code({"_pr_ref": "bob"}, settings) == "bob"


def test_a_meta_key_that_the_installation_does_not_list_is_not_read() -> None:
    assert traces.code({"_pr_ref": "bob", "": "eve"}, {}) is None


@pytest.mark.parametrize("found", NOT_A_CODE)
def test_what_cannot_be_a_code_or_a_visit_is_dropped(found: Any) -> None:
    assert traces.code({CODE: found}, {}) is None
    assert traces.visit({VISIT: found}) is None


@pytest.mark.parametrize(
    ("via", "is_"),
    [
        ("typed", CodeVia.TYPED),
        ("link", CodeVia.LINK),
        ("coupon", CodeVia.LINK),
        ("both", CodeVia.LINK),
        (None, CodeVia.LINK),
        (["typed"], CodeVia.LINK),
    ],
)
def test_only_a_code_that_says_so_was_typed(via: Any, is_: CodeVia) -> None:
    assert traces.code_via({VIA: via}) is is_


def test_the_landing_tells_code_visit_and_moment() -> None:
    meta = {
        ENTRY: "https://shop.example/tea/?utm_source=x&ref=7Q2K-M9XW&gw=0Abc_9",
        ENTERED: "2026-11-22 09:34:36",
    }
    at = datetime(2026, 11, 22, 9, 34, 36, tzinfo=UTC)
    assert traces.landing(meta) == Landing(code="7Q2K-M9XW", at=at)
    assert traces.visit(meta) == "0Abc_9"
    assert traces.visit(meta | {VISIT: "carried"}) == "carried"


def test_a_landing_without_a_readable_moment_has_none() -> None:
    meta = {ENTRY: "https://shop.example/?ref=A1", ENTERED: "(none)"}
    assert traces.landing(meta) == Landing(code="A1", at=None)


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
    assert traces.landing({ENTRY: entry}) is None
    assert traces.visit({ENTRY: entry}) is None


@pytest.mark.slow
@given(entry=st.text(), word=st.text())
def test_no_shopper_can_break_it(entry: str, word: str) -> None:
    meta = {ENTRY: entry, CODE: word, VISIT: word, VIA: word, ENTERED: word}
    for found in (traces.code(meta, {}), traces.visit(meta)):
        assert found is None or (found.isascii() and len(found) <= 32)
    traces.landing(meta)
