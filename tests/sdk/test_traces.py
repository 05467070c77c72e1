"""What our own pieces leave on an order is read alike on every platform, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import traces
from goodword.model.order import CodeVia
from goodword.traces import CODE, NAME, VIA, VISIT

NOT_A_CODE = ["", "a b", "x" * 33, "<b>", "日本", "a\n", "A;--", None, 7, True, ["A"], {"A": 1}]


def test_our_own_code_comes_before_what_others_wrote() -> None:
    notes = {"_pr_ref": "bob", "_referral_code": "carol", CODE: "alice10"}
    settings = {"code_meta": "_referral_code, _pr_ref"}
    assert traces.code(notes, settings) == "alice10"
    assert traces.code(notes | {CODE: None}, settings) == "carol"
    assert traces.code({"_pr_ref": "bob"}, settings) == "bob"


def test_what_the_installation_does_not_list_is_not_read() -> None:
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


@pytest.mark.parametrize("found", ["", "x" * 101, "Mei\0", "\ud800", None, 7, ["Mei"]])
def test_a_name_that_no_database_keeps_is_dropped(found: Any) -> None:
    assert traces.named({NAME: found}) is None
    assert traces.named({NAME: "美玲"}) == "美玲"


@pytest.mark.slow
@given(address=st.text(), word=st.text())
def test_no_shopper_can_break_it(address: str, word: str) -> None:
    notes = {CODE: word, VISIT: word, VIA: word}
    found = (traces.code(notes, {}), traces.visit(notes), traces.in_address(address, "ref"))
    assert all(one is None or (one.isascii() and len(one) <= 32) for one in found)
