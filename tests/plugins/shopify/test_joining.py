"""A shop joins the app: by a page of its admin, or by its owner's consent."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from goodword.apps import RequestRefused
from goodword.errors import TillRefused
from goodword_shopify import Shopify
from goodword_shopify.joining import App, begin, finish, from_page
from goodword_shopify.standin import CLIENT, SECRET, Shop, StandIn
from tests.plugins.shopify.conftest import BEAN, TEA

BACK = "https://thanks.example/shopify/back"
OLD = "shpss_ffffffffffffffffffffffffffffffff"


@pytest.fixture
def app(standin: StandIn) -> App:
    standin.clock.to(datetime.now(UTC))
    return App(
        client=CLIENT,
        secrets=[SECRET, OLD],
        scopes=["read_orders", "read_customers", "write_discounts"],
        address=lambda domain: f"{standin.url}/{domain}",
        timeouts=(2, 5),
    )


def consent(standin: StandIn, page: str, domain: str = TEA, secret: str = SECRET) -> dict[str, str]:
    """Consent as an owner does; return what the shop sends back along."""
    asked = dict(parse_qsl(urlsplit(page).query))
    query = {
        "code": standin.doors.code(domain),
        "host": "aG9zdA",
        "shop": domain,
        "state": asked["state"],
        "timestamp": str(int(standin.clock.now().timestamp())),
    }
    joined = "&".join(f"{name}={query[name]}" for name in sorted(query))
    made = hmac.new(secret.encode(), joined.encode(), hashlib.sha256).hexdigest()
    return query | {"hmac": made}


def test_a_page_of_the_admin_joins_its_shop(standin: StandIn, tea: Shop, app: App) -> None:
    token = standin.doors.session_token(TEA)
    joined = from_page(app, f"Bearer {token}", standin.clock.now())
    assert (joined.domain, joined.lacking) == (TEA, ())
    till = Shopify(now=standin.clock.now).open(joined.installation("tea-house"))
    assert till.order("1") is None
    assert standin.calls[-1] == f"{TEA} OrderHead"


def test_an_owner_who_consents_joins_their_shop(standin: StandIn, tea: Shop, app: App) -> None:
    page, state = begin(app, TEA, BACK)
    assert page.startswith(f"https://{TEA}/admin/oauth/authorize?")
    joined = finish(app, consent(standin, page), state, standin.clock.now())
    assert (joined.domain, joined.lacking) == (TEA, ())
    # It runs out, and can be renewed.
    assert {"expires", "refresh_token", "refresh_expires"} <= joined.credentials.keys()
    assert SECRET not in repr(joined)
    assert SECRET not in repr(app)


def test_what_was_not_granted_is_named(standin: StandIn, app: App) -> None:
    standin.open(TEA, scopes=frozenset({"read_orders", "read_discounts"}))
    page, state = begin(app, TEA, BACK)
    joined = finish(app, consent(standin, page), state, standin.clock.now())
    assert joined.lacking == ("read_customers", "write_discounts")


def test_the_secret_before_this_one_signs_too(standin: StandIn, tea: Shop, app: App) -> None:
    page, state = begin(app, TEA, BACK)
    query = consent(standin, page, secret=OLD)
    assert finish(app, query, state, standin.clock.now()).domain == TEA


def test_another_browsers_consent_is_not_this_ones(standin: StandIn, tea: Shop, app: App) -> None:
    page, _ = begin(app, TEA, BACK)
    _, other = begin(app, TEA, BACK)
    with pytest.raises(RequestRefused, match="browser"):
        finish(app, consent(standin, page), other, standin.clock.now())
    assert standin.calls == []


def test_a_consent_counts_once(standin: StandIn, tea: Shop, app: App) -> None:
    page, state = begin(app, TEA, BACK)
    query = consent(standin, page)
    finish(app, query, state, standin.clock.now())
    with pytest.raises(TillRefused):
        finish(app, query, state, standin.clock.now())


def test_a_consent_of_long_ago_counts_no_more(standin: StandIn, tea: Shop, app: App) -> None:
    page, state = begin(app, TEA, BACK)
    query = consent(standin, page)
    standin.clock.sleep(91)
    with pytest.raises(RequestRefused, match="minute"):
        finish(app, query, state, standin.clock.now())


def test_the_code_of_one_shop_opens_no_other(standin: StandIn, tea: Shop, app: App) -> None:
    standin.open(BEAN)
    page, state = begin(app, BEAN, BACK)
    query = consent(standin, page, BEAN)
    stolen = consent(standin, page, TEA)["code"]
    with pytest.raises(RequestRefused):
        finish(app, query | {"code": stolen}, state, standin.clock.now())


def test_nobody_joins_what_is_no_shop_of_shopifys(app: App) -> None:
    with pytest.raises(RequestRefused):
        begin(app, "evil.example", BACK)
    with pytest.raises(RequestRefused):
        from_page(app, None, datetime.now(UTC))


def test_an_app_without_a_secret_lets_nobody_in(standin: StandIn, tea: Shop) -> None:
    token = standin.doors.session_token(TEA)
    with pytest.raises(RequestRefused):
        from_page(App(client=CLIENT, secrets=[]), f"Bearer {token}", standin.clock.now())
