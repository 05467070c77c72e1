"""Facts measured for the rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.signals import canonical_email


@pytest.mark.parametrize(
    "spelling",
    [
        "alice@gmail.com",
        "ALICE@Gmail.COM",
        " alice@gmail.com\n",
        "a.l.i.c.e@gmail.com",
        "alice+tea@gmail.com",
        "a.lice+tea+shop@googlemail.com",
        "alice@gmail.com.",
    ],
)
def test_every_spelling_of_a_mailbox_is_one(spelling: str) -> None:
    assert canonical_email(spelling) == "alice@gmail.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("al.ice@shop.example", "alice@shop.example"),
        ("alice@shop.example", "alice@other.example"),
        ("alice@gmail.com", "alice@gmail.example"),
        ("+tea@shop.example", "tea@shop.example"),
    ],
)
def test_other_mailboxes_stay_apart(one: str, other: str) -> None:
    assert canonical_email(one) != canonical_email(other)


def test_a_tag_is_private_everywhere() -> None:
    assert canonical_email("alice+tea@shop.example") == "alice@shop.example"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "alice",
        "@shop.example",
        "alice@",
        "alice@.",
        "deleted@site.invalid",
        "Deleted@SITE.invalid",
        "a" * 254 + "@b",
    ],
)
def test_nobodys_mailbox_is_none(text: str | None) -> None:
    assert canonical_email(text) is None


@settings(max_examples=30)
@given(st.from_regex(r"[A-Za-z+. ]{0,6}@?[A-Za-z.]{0,6}(gmail\.com)?", fullmatch=True))
def test_one_spelling_stays_itself(text: str) -> None:
    once = canonical_email(text)
    assert once is None or len(once) <= 255
    if once is not None and once.isascii():
        assert canonical_email(once) == once
