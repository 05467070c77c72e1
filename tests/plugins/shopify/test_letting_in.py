"""What a request proves, and that the official library agrees about what it was found sound for."""

from __future__ import annotations

import hashlib
import hmac
import string
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shopify import Session
from shopify.utils import shop_url

from goodword.apps import RequestRefused
from goodword.errors import Invalid
from goodword_shopify import domains
from goodword_shopify.letting_in import (
    Proven,
    checkout,
    covers,
    grant_page,
    granted,
    led_here,
    new_state,
    proxy,
    session,
)
from goodword_shopify.standin import CLIENT, SECRET
from tests.plugins.shopify.conftest import BEAN, TEA

OTHER = "shpss_ffffffffffffffffffffffffffffffff"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def claims(**other: Any) -> dict[str, Any]:
    now = int(datetime.now(UTC).timestamp())
    # Moments are told in seconds from now: from when the test runs, and not its file is read.
    for name in {"exp", "nbf"} & other.keys():
        other[name] = None if other[name] is None else now + int(other[name])
    usual = {
        "iss": f"https://{TEA}/admin",
        "dest": f"https://{TEA}",
        "aud": CLIENT,
        "sub": "42",
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "f8912129-1af6-4cad-9ca3-76b0f7621087",
        "sid": "aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685",
    }
    return {name: value for name, value in (usual | other).items() if value is not None}


def bearer(secret: str = SECRET, algorithm: str = "HS256", **other: Any) -> str:
    return "Bearer " + jwt.encode(claims(**other), secret, algorithm=algorithm)


# Session tokens


def test_a_session_proves_its_shop_and_who_is_there() -> None:
    assert session(bearer(), CLIENT, [SECRET]) == Proven(TEA, "42")


def test_both_secrets_count_while_they_change() -> None:
    assert session(bearer(OTHER), CLIENT, [SECRET, OTHER]) == Proven(TEA, "42")
    assert checkout(bearer(OTHER), CLIENT, [SECRET, OTHER]) == Proven(TEA, "42")


@pytest.mark.parametrize(
    "other",
    [
        {"exp": -11},
        {"exp": None},
        {"nbf": 300},
        {"aud": "another app"},
        {"aud": None},
        {"dest": f"https://{BEAN}"},
        {"iss": f"https://{BEAN}/admin"},
        {"iss": "https://evil.example/admin", "dest": "https://evil.example"},
        {"dest": f"https://{TEA}@evil.example", "iss": f"https://{TEA}@evil.example/admin"},
        {"dest": f"https://{TEA}.evil.example", "iss": f"https://{TEA}.evil.example/admin"},
        {"dest": None},
        {"dest": 7},
        {"iss": None},
        {"sub": None},
        {"sid": None},
    ],
    ids=str,
)
def test_a_session_token_that_is_not_right_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused):
        session(bearer(**other), CLIENT, [SECRET])


def test_a_token_that_nobody_signed_is_refused() -> None:
    unsigned = "Bearer " + jwt.encode(claims(), "", algorithm="none")
    for asking in (session, checkout):
        with pytest.raises(RequestRefused):
            asking(unsigned, CLIENT, [SECRET])
        with pytest.raises(RequestRefused):
            asking(bearer(OTHER), CLIENT, [SECRET])


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic x", "Bearer é", "Bearer a.b.c", "Bearer " * 9999],
)
def test_a_header_that_is_none_is_refused(header: str | None) -> None:
    for asking in (session, checkout):
        with pytest.raises(RequestRefused):
            asking(header, CLIENT, [SECRET])


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.text())
def test_no_header_makes_it_fail(text: str) -> None:
    with pytest.raises(RequestRefused):
        session("Bearer " + text, CLIENT, [SECRET])


# Checkouts and accounts


def test_a_checkout_proves_its_shop_and_perhaps_a_customer() -> None:
    guest = bearer(iss=None, sid=None, sub=None, dest=TEA)
    assert checkout(guest, CLIENT, [SECRET]) == Proven(TEA)
    customer = "gid://shopify/Customer/9007199254740993"
    signed_in = bearer(iss=None, sid=None, sub=customer)
    assert checkout(signed_in, CLIENT, [SECRET]) == Proven(TEA, customer)


@pytest.mark.parametrize(
    "other",
    [{"exp": -11}, {"exp": None}, {"aud": "other"}, {"dest": "evil.example"}],
    ids=str,
)
def test_a_checkouts_token_that_is_not_right_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused):
        checkout(bearer(**{"iss": None, "sid": None} | other), CLIENT, [SECRET])


# The app proxy


def signed(query: list[tuple[str, str]], secret: str = SECRET) -> list[tuple[str, str]]:
    """Sign as the documentation says: decoded, sorted, repeated ones joined by commas."""
    names = sorted({name for name, _ in query})
    joined = sorted(
        f"{name}={','.join(value for one, value in query if one == name)}" for name in names
    )
    made = hmac.new(secret.encode(), "".join(joined).encode(), hashlib.sha256).hexdigest()
    return [*query, ("signature", made)]


def asked(**other: str) -> list[tuple[str, str]]:
    usual = {"shop": TEA, "timestamp": str(int(NOW.timestamp())), "path_prefix": "/apps/friends"}
    return list((usual | other).items())


def test_the_proxy_proves_its_shop_and_who_is_signed_in() -> None:
    assert proxy(signed(asked(logged_in_customer_id="")), [SECRET], NOW) == Proven(TEA)
    known = signed(asked(logged_in_customer_id="7"), OTHER)
    assert proxy(known, [SECRET, OTHER], NOW) == Proven(TEA, "7")


def test_the_example_of_shopifys_documentation_is_signed_so() -> None:
    # The published example: secret hush, and the signature that belongs to it.
    query = "extra=1&extra=2&shop=shop-name.myshopify.com&path_prefix=%2Fapps%2Fawesome_reviews"
    query += "&timestamp=1317327555&signature="
    query += "a9718877bea71c2484f91608a7eaea1532bdf71f5c56825065fa4ccabe549ef3"
    at = datetime.fromtimestamp(1317327555, UTC)
    found = proxy(parse_qsl(query), ["hush"], at)
    assert found == Proven("shop-name.myshopify.com")


@pytest.mark.parametrize(
    "query",
    [
        [*signed(asked()), ("shop", BEAN)],
        signed([*asked(), ("shop", BEAN)]),
        signed([*asked(logged_in_customer_id="7"), ("logged_in_customer_id", "")]),
        signed([*asked(logged_in_customer_id=""), ("logged_in_customer_id", "7")]),
        signed(asked(shop="evil.example")),
        signed(asked(timestamp=str(int(NOW.timestamp()) - 91))),
        signed(asked(timestamp=str(int(NOW.timestamp()) + 91))),
        signed(asked(timestamp="soon")),
        signed(asked(timestamp="９９")),
        signed(asked(), OTHER),
        asked(),
        [*asked(), ("signature", "é")],
        [],
    ],
    ids=str,
)
def test_a_proxy_request_that_is_not_right_is_refused(query: list[tuple[str, str]]) -> None:
    with pytest.raises(RequestRefused):
        proxy(query, [SECRET], NOW)


NAMES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=8).filter(
    lambda name: name not in ("shop", "timestamp", "signature", "logged_in_customer_id", "hmac")
)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.mark.slow
@given(st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_whatever_else_is_asked_is_signed_too(more: list[tuple[str, str]]) -> None:
    query = signed([*asked(), *more])
    assert proxy(query, [SECRET], NOW) == Proven(TEA)
    with pytest.raises(RequestRefused):
        proxy([*query, ("zzzzzzzzz", "1")], [SECRET], NOW)


# The way back from a grant


def come_back(state: str = "abc", secret: str = SECRET, **other: str) -> dict[str, str]:
    query = {"code": "c0de", "host": "aG9zdA", "shop": TEA, "state": state}
    query |= {"timestamp": str(int(NOW.timestamp()))} | other
    # As the official JavaScript library signs; what we mint reads the same in both.
    joined = "&".join(f"{name}={query[name]}" for name in sorted(query))
    made = hmac.new(secret.encode(), joined.encode(), hashlib.sha256).hexdigest()
    return query | {"hmac": made}


def signed_here(shop: str, now: datetime, secret: str = SECRET) -> dict[str, str]:
    """A query as Shopify signs it that leads somebody from a shop to the app."""
    query = {"host": "aG9zdA", "shop": shop, "timestamp": str(int(now.timestamp()))}
    joined = "&".join(f"{name}={query[name]}" for name in sorted(query))
    made = hmac.new(secret.encode(), joined.encode(), hashlib.sha256).hexdigest()
    return query | {"hmac": made}


def test_whom_shopify_leads_here_brings_a_shop() -> None:
    assert led_here(signed_here(TEA, NOW), [OTHER, SECRET], NOW) == TEA
    for query in (
        signed_here(TEA, NOW) | {"shop": BEAN},
        signed_here(TEA, NOW, OTHER),
        signed_here("evil.example", NOW),
        signed_here(TEA, NOW) | {"hmac": "é"},
        signed_here(TEA, datetime(2026, 11, 26, 11, 58, 29, tzinfo=UTC)),
        {},
    ):
        with pytest.raises(RequestRefused):
            led_here(query, [SECRET], NOW)


def test_an_owner_who_comes_back_brings_shop_and_code() -> None:
    state = new_state()
    assert granted(come_back(state), [SECRET], state, NOW) == (TEA, "c0de")
    assert granted(come_back(state, OTHER), [SECRET, OTHER], state, NOW) == (TEA, "c0de")


@pytest.mark.parametrize(
    "query",
    [
        come_back(state="other"),
        come_back() | {"code": "other"},
        come_back() | {"hmac": "0" * 64},
        come_back() | {"hmac": "é"},
        come_back(secret=OTHER),
        come_back(timestamp=str(int(NOW.timestamp()) - 91)),
        come_back(timestamp=str(int(NOW.timestamp()) + 91)),
        come_back(timestamp="now"),
        come_back(shop="evil.example"),
        come_back(code=""),
        {name: value for name, value in come_back().items() if name != "hmac"},
        {},
    ],
    ids=str,
)
def test_an_owner_who_comes_back_otherwise_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(RequestRefused):
        granted(query, [SECRET], "abc", NOW)


def test_without_a_beginning_nobody_comes_back() -> None:
    with pytest.raises(RequestRefused):
        granted(come_back(state=""), [SECRET], "", NOW)


def test_a_state_is_letters_and_digits_and_never_the_same() -> None:
    made = {new_state() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) == 32 and one.isascii() and one.isalnum() for one in made)


PLAIN = st.text(string.ascii_letters + string.digits + "-._", max_size=20)


# What `come_back` itself is told by.
MORE = NAMES.filter(lambda name: name not in ("state", "secret", "code"))


@given(st.dictionaries(MORE, PLAIN, max_size=4), PLAIN.filter(bool))
def test_the_official_library_signs_the_same(more: dict[str, str], code: str) -> None:
    query = come_back(code=code, **more)
    official: Any = type("Official", (Session,), {"secret": SECRET})
    assert official.calculate_hmac(query) == query["hmac"]
    assert granted(query, [SECRET], "abc", NOW) == (TEA, code)


def test_an_owner_is_sent_to_their_own_shop() -> None:
    page = grant_page(TEA, CLIENT, ["read_orders"], "https://thanks.example/back", "abc")
    parts = urlsplit(page)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", TEA, "/admin/oauth/authorize")
    assert dict(parse_qsl(parts.query)) == {
        "client_id": CLIENT,
        "scope": "read_orders",
        "redirect_uri": "https://thanks.example/back",
        "state": "abc",
    }
    assert Session.api_key is None
    assert Session.secret is None


def test_nobody_is_sent_to_a_stranger() -> None:
    with pytest.raises(RequestRefused):
        grant_page("evil.io", CLIENT, [], "https://thanks.example/back", "abc")


def test_writing_includes_reading() -> None:
    assert covers("write_discounts,read_orders", ["read_discounts", "read_orders"])
    assert not covers("read_discounts,read_orders", ["write_discounts"])


# Domains

HOSTILE = [
    "",
    "evil.example",
    f"{TEA}.evil.example",
    f"{TEA}@evil.example",
    f"evil.example#{TEA}",
    f"evil.example/{TEA}",
    f"{TEA}\n",
    f"{TEA}:443",
    f"https://{TEA}",
    TEA.upper(),
    "-tea.myshopify.com",
    ".myshopify.com",
    "a.b.myshopify.com",
    "tea_house.myshopify.com",
    "téa.myshopify.com",
    "٣.myshopify.com",
    "a" * 80 + ".myshopify.com",
]


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_what_is_no_domain_of_a_shop_is_none(text: str) -> None:
    assert not domains.is_domain(text)
    with pytest.raises(Invalid):
        domains.address(text)


def test_an_owner_may_type_it_as_people_do() -> None:
    assert domains.domain(" Tea-House.myshopify.com ") == TEA
    with pytest.raises(Invalid, match=r"tea\.myshopify\.com"):
        domains.domain("tea.example")


LETTERS = st.text(string.ascii_lowercase + string.digits + "-.@:/#_ A\n", max_size=12)


@given(LETTERS.map(lambda name: f"{name}.myshopify.com"))
@example("a.myshopify.com")
def test_the_official_library_takes_every_domain_that_is_taken(text: str) -> None:
    if domains.is_domain(text):
        # It wants a letter or digit at both ends, which makes two at least.
        ends = len(text.partition(".")[0]) > 1 and not text.startswith("-") and "-." not in text
        assert (shop_url.sanitize_shop_domain(text) == text) == ends
    elif text == text.strip().lower():
        assert shop_url.sanitize_shop_domain(text) != text


@given(st.sampled_from([-30, 5, 60]), st.sampled_from([CLIENT, "other"]), st.booleans())
def test_the_official_library_agrees_about_sessions(lasts: int, app: str, ours: bool) -> None:
    from shopify import session_token

    header = bearer(SECRET if ours else OTHER, exp=lasts, aud=app)
    try:
        official = session_token.decode_from_header(header, CLIENT, SECRET)["dest"]
    except session_token.SessionTokenError:
        official = None
    try:
        found = f"https://{session(header, CLIENT, [SECRET]).domain}"
    except RequestRefused:
        found = None
    assert found == official
