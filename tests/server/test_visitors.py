"""Who comes back, by a cookie that only we can write."""

from __future__ import annotations

import pytest

from goodword_server.visitors import Visitors
from tests.server.builders import FIRST_SECRET, NEXT_SECRET

OURS = Visitors([FIRST_SECRET], secure=True)


def sent(visitors: Visitors, visitor: str = "0123456789abcdef") -> str:
    """What a browser sends back."""
    return visitors.cookie(visitor, "/tea-house/r/").partition(";")[0]


def test_who_was_here_before_is_known() -> None:
    assert OURS.known(sent(OURS)) == "0123456789abcdef"


def test_also_among_other_cookies() -> None:
    assert OURS.known(f"a=b; {sent(OURS)};c") == "0123456789abcdef"


def test_ids_are_random_and_say_nothing() -> None:
    ids = {OURS.new() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(id) == 16 and id.isalnum() for id in ids)


@pytest.mark.parametrize(
    "cookies",
    [
        "",
        ";",
        "=",
        "goodword_visitor",
        "goodword_visitor=",
        "goodword_visitor=0123456789abcdef",
        "goodword_visitor=0123456789abcdef.",
        "goodword_visitor=.signature",
        "goodword_visitor=é.ÿ",
        "other=" + "x" * 5000,
        f"goodword_visitor2={sent(OURS).partition('=')[2]}",
    ],
)
def test_whoever_cannot_show_ours_is_new(cookies: str) -> None:
    assert OURS.known(cookies) is None


def test_another_id_under_the_same_signature_is_forged() -> None:
    forged = sent(OURS).replace("0123", "3210")
    assert OURS.known(forged) is None


def test_a_cookie_outlives_the_rotation_of_secrets() -> None:
    both = Visitors([NEXT_SECRET, FIRST_SECRET], secure=True)
    new = Visitors([NEXT_SECRET], secure=True)
    assert both.known(sent(OURS)) == "0123456789abcdef"
    assert new.known(sent(both)) == "0123456789abcdef"
    assert new.known(sent(OURS)) is None


def test_a_cookie_is_kept_from_scripts_and_other_sites() -> None:
    attributes = OURS.cookie("me", "/tea-house/r/").split("; ")[1:]
    assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/tea-house/r/"} <= set(attributes)
    assert any(one.startswith("Max-Age=") for one in attributes)
