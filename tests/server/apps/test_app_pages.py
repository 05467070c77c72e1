"""The app's page joins the shop in whose admin it is opened, and is shown there alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from werkzeug.test import TestResponse

from goodword import Advocate, Claiming, Kind, share_of_order
from goodword.storage.troubles import unpacked
from goodword.words import tell
from goodword_server.joining.leaving import Coupons, leave
from goodword_server.shell.roles import Role
from goodword_server.storage.tables import audit, inbox, installations, rounds, tills
from goodword_shopify.app import ShopifyApp, is_within
from goodword_shopify.standin import SCOPES, SECRET, Bought, Fault, Shop, order
from goodword_shopify.standin.deliveries import example, sent
from tests.sdk.builders import a_program
from tests.server.apps.conftest import BEAN, OLD, PAGE, TEA, Admin
from tests.server.builders import PUBLIC, a_house, client_of, connect, rows
from tests.server.shell.browser import an_account

pytestmark = pytest.mark.slow

HOSTILE = [
    f"{TEA}.evil.example",
    f"{TEA}@evil.example",
    f"evil.example#{TEA}",
    f"{TEA}\n",
    f"{TEA}:443",
    f"https://{TEA}",
    TEA.upper(),
    "evil.example",
    "",
]


def policy(answer: TestResponse) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def framed_by(answer: TestResponse) -> str:
    assert "X-Frame-Options" not in answer.headers
    return policy(answer)["frame-ancestors"]


# In the admin.


def test_a_shop_is_joined_when_its_page_is_opened(admin: Admin, tea: Shop) -> None:
    answer = admin.open()
    assert answer.status_code == 200
    assert "connected to goodword, as tea-house" in answer.text
    kept = admin.connected()
    assert kept is not None
    assert (kept.path, kept.secrets) == (TEA, (SECRET, OLD))
    assert {"access_token", "expires", "refresh_token"} <= kept.installation.credentials.keys()
    assert admin.standin.calls == [
        f"{TEA} access_token urn:ietf:params:oauth:grant-type:token-exchange"
    ]
    assert {row["round"] for row in rows(admin.house, rounds)} == {
        *("orders", "hooks", "gone", "coupons"),
    }
    (line,) = rows(admin.house, audit)
    assert (line["did"], line["account"]) == ("connected", None)
    assert admin.house.till("tea-house").order("1") is None


def test_it_is_framed_by_that_shop_and_the_admin_alone(admin: Admin, tea: Shop) -> None:
    admin.standin.open(BEAN)
    for domain in (TEA, BEAN):
        answer = admin.open(domain)
        assert framed_by(answer) == f"https://{domain} https://admin.shopify.com"
        assert "https://cdn.shopify.com/shopifycloud/app-bridge.js" in answer.text
    assert admin.connected("bean-street") is not None


def test_nothing_of_it_stands_in_the_clear(admin: Admin, tea: Shop) -> None:
    admin.open()
    kept = admin.connected()
    assert kept is not None
    (row,) = rows(admin.house, installations)
    told = b"".join(repr(value).encode() for value in row.values())
    for name in ("access_token", "refresh_token", "client_secret"):
        assert kept.installation.credentials[name].encode() not in told


@pytest.mark.parametrize(
    "token",
    [None, "a.b.c", ""],
    ids=["none", "no token", "empty"],
)
def test_without_a_good_token_the_page_is_fetched_again(
    admin: Admin, tea: Shop, token: str | None
) -> None:
    answer = admin.open(id_token=token)
    assert answer.status_code == 302
    assert admin.standin.calls == []
    way = answer.headers["Location"]
    assert way.startswith(f"{PUBLIC}/app/shopify/bounce?")
    (back,) = parse_qs(urlsplit(way).query)["shopify-reload"]
    assert back.startswith(f"{PUBLIC}/app/shopify?")
    assert "id_token" not in back
    bounced = admin.get(way)
    assert bounced.status_code == 200
    assert framed_by(bounced) == f"https://{TEA} https://admin.shopify.com"
    assert "app-bridge.js" in bounced.text
    assert "id_token" not in bounced.text


def test_a_token_that_ran_out_is_fetched_again(admin: Admin, tea: Shop) -> None:
    now = int(admin.clock().timestamp())
    stale = admin.standin.doors.session_token(TEA, exp=now - 60)
    assert "/bounce?" in admin.open(id_token=stale).headers["Location"]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/app/shopify",
        "//evil.example/app/shopify",
        "/\\evil.example",
        "javascript:alert(1)",
        f"{PUBLIC}.evil.example/app/shopify",
        f"{PUBLIC}@evil.example/app/shopify",
        f"{PUBLIC}/owner/",
        f"{PUBLIC}/app/shopify/../../owner/",
        f"{PUBLIC}/app/shopify/%2e%2e/owner/",
        f"{PUBLIC}/app/shopifyx",
        "/app/shopify\n",
        "//[",
        "",
    ],
)
def test_the_bounce_leads_to_the_apps_own_pages_alone(admin: Admin, target: str) -> None:
    query = urlencode({"shop": TEA, "shopify-reload": target})
    answer = admin.get(f"{PAGE}/bounce?{query}")
    assert answer.status_code == 401
    assert framed_by(answer) == "'none'"
    assert "app-bridge" not in answer.text


def test_its_own_pages_are_within() -> None:
    base = f"{PUBLIC}/app/shopify"
    for target in (base, f"{base}?shop=a", f"{base}/status?a=b", "/app/shopify?shop=a"):
        assert is_within(target, base)


@pytest.mark.parametrize("shop", HOSTILE, ids=repr)
def test_what_is_no_shop_frames_nothing(admin: Admin, shop: str) -> None:
    back = f"{PUBLIC}/app/shopify?shop={TEA}"
    for path in (
        f"{PAGE}/bounce?{urlencode({'shop': shop, 'shopify-reload': back})}",
        f"{PAGE}?{urlencode(admin.signed({'shop': shop, 'embedded': '1'}))}",
        f"{PAGE}?{urlencode({'shop': shop, 'id_token': 'a.b.c'})}",
    ):
        answer = admin.get(path)
        assert (answer.status_code, framed_by(answer)) == (401, "'none'")


@pytest.mark.parametrize(
    "other",
    [
        {"dest": f"https://{BEAN}"},
        {"iss": "https://evil.example/admin", "dest": "https://evil.example"},
        {"aud": "another app"},
    ],
    ids=str,
)
def test_a_token_that_is_not_ours_joins_nobody(
    admin: Admin, tea: Shop, other: dict[str, str]
) -> None:
    answer = admin.open(id_token=admin.standin.doors.session_token(TEA, **other))
    assert "/bounce?" in answer.headers["Location"]
    assert rows(admin.house, installations) == []


def test_a_token_of_one_shop_opens_no_other(admin: Admin, tea: Shop) -> None:
    admin.standin.open(BEAN)
    answer = admin.open(id_token=admin.standin.doors.session_token(BEAN))
    assert (answer.status_code, framed_by(answer)) == (401, "'none'")
    assert rows(admin.house, installations) == []


def test_what_is_said_twice_is_not_believed(admin: Admin, tea: Shop) -> None:
    answer = admin.get(f"{PAGE}?{urlencode(admin.query())}&shop={BEAN}")
    assert answer.status_code == 401


def test_outside_of_the_admin_it_is_led_there(admin: Admin, tea: Shop) -> None:
    answer = admin.open(embedded=None, id_token=None)
    client = admin.app.at.client
    assert answer.headers["Location"] == f"https://admin.shopify.com/store/tea-house/apps/{client}"
    forged = admin.query(embedded=None, id_token=None) | {"hmac": "0" * 64}
    assert admin.get(f"{PAGE}?{urlencode(forged)}").status_code == 401


def test_without_an_app_nothing_is_there(admin: Admin) -> None:
    for path in ("/app/woocommerce", "/app/nothing", "/app/woocommerce/callback"):
        assert admin.get(path).status_code == 404


def test_a_shop_that_does_not_answer_is_told_kindly_and_may_come_back(
    admin: Admin, tea: Shop
) -> None:
    admin.standin.fail(Fault.GATEWAY)
    answer = admin.open()
    assert answer.status_code == 503
    assert framed_by(answer) == f"https://{TEA} https://admin.shopify.com"
    assert admin.open().status_code == 200
    # Once it is connected, its page is there all the same.
    admin.standin.fail(Fault.GATEWAY)
    assert admin.open().status_code == 200


# Again.


def test_a_shop_that_comes_back_keeps_its_referrals(admin: Admin, tea: Shop) -> None:
    admin.open()
    admin.house.referrals("tea-house").programs.save(a_program())
    admin.house.safe.renew("tea-house", lambda found: {**found, "note:g-1": "begun"})
    admin.standin.doors.shut(TEA)
    admin.on(hours=2)
    admin.work()
    lost = admin.connected()
    assert lost is not None
    assert "disconnected" in health(admin)
    before = lost.installation.credentials["access_token"]
    assert admin.open().status_code == 200
    kept = admin.connected()
    assert kept is not None
    assert kept.installation.credentials["access_token"] != before
    assert kept.installation.credentials["note:g-1"] == "begun"
    assert health(admin) == ""
    admin.work()
    assert admin.house.referrals("tea-house").programs.list()
    assert admin.standin.calls[-1].startswith(f"{TEA} ")


def health(admin: Admin) -> str:
    (row,) = rows(admin.house, tills)
    told = unpacked(row["trouble"])
    return getattr(told, "facts", {}).get("cause", "") if told else ""


def test_a_shop_of_another_app_becomes_this_ones(admin: Admin, tea: Shop) -> None:
    joined = admin.standin.installation("tea", TEA)
    admin.house.connect(
        "tea",
        "shopify",
        joined.url,
        secrets=["another"],
        credentials={**joined.credentials, "client_id": "another"},
        settings={"combines_with": "order"},
        path=TEA,
    )
    assert "as tea." in " ".join(admin.open().text.split())
    kept = admin.connected("tea")
    assert kept is not None
    assert kept.secrets == (SECRET, OLD)
    assert kept.installation.settings == {"combines_with": "order"}
    assert len(rows(admin.house, installations)) == 1


def test_nobody_takes_a_name_that_somebody_has(admin: Admin, tea: Shop) -> None:
    connect(admin.house, "tea-house")
    answer = admin.open()
    assert answer.status_code == 409
    assert framed_by(answer) == f"https://{TEA} https://admin.shopify.com"
    assert admin.connected() is not None
    assert admin.connected().installation.platform == "woocommerce"  # type: ignore[union-attr]


def test_a_name_that_only_an_account_has_is_taken_too(admin: Admin, tea: Shop) -> None:
    an_account(admin.house, "mei@tea.example", Role.OWNER, shop="tea-house")
    assert admin.open().status_code == 409
    assert rows(admin.house, installations) == []


def test_what_programs_need_is_asked_for_and_missed(admin: Admin) -> None:
    admin.standin.open(TEA, scopes=SCOPES - {"write_store_credit_account_transactions"})
    assert "did not give" not in admin.open().text
    program = a_program(reward=share_of_order(10, as_=Kind.STORE_CREDIT))
    admin.house.referrals("tea-house").programs.save(program)
    assert "write_store_credit_account_transactions" in admin.open().text
    admin.standin.doors.scopes[TEA] = SCOPES
    assert "did not give" not in admin.open().text


def test_what_waited_for_rights_is_done_once_they_are_given(admin: Admin) -> None:
    tea = admin.standin.open(TEA, scopes=SCOPES - {"write_store_credit_account_transactions"})
    tea.welcome("mei@example.com")
    admin.open()
    referrals = admin.house.referrals("tea-house")
    credit = share_of_order(10, as_=Kind.STORE_CREDIT)
    referrals.programs.save(a_program(credit))
    mei = Advocate(id="c-1", name="Mei", email="mei@example.com")
    referrals.advocates.invite("friends", mei, code="MEI12345", coupon="MEI10")
    lines = [Bought(price="100.00", off=(("MEI10", "10.00"),))]
    tea.place(order(tea.new_id("Order"), tea.till, lines, at=admin.clock().isoformat()))
    admin.on(hours=2)
    admin.work()
    admin.on(days=30)
    admin.work()
    (waits,) = admin.house.engine.stuck("tea-house")
    assert "the app was not given the right" in tell(waits.why, "en")
    # Opened without them it would only be refused once more.
    admin.open()
    assert len(admin.house.engine.stuck("tea-house")) == 1
    admin.standin.doors.scopes[TEA] = SCOPES
    admin.open()
    admin.work()
    assert admin.house.engine.stuck("tea-house") == []
    assert [one["balance"]["amount"] for one in tea.credit.by_id.values()] == ["9.0"]


def test_the_apps_secret_changes_without_a_word_to_the_shops(admin: Admin, tea: Shop) -> None:
    admin.open()
    newer = "shpss_newer0123456789abcdef0123456789abc"
    at = replace(admin.app.at, secrets=[newer, SECRET])
    admin.house.apps = {"shopify": ShopifyApp(at)}
    for secret, status in ((newer, 200), (SECRET, 200), ("shpss_other", 401)):
        assert delivered(admin, secret) == status
    # And the new one renews what opens the shop.
    admin.standin.doors.secret = newer
    admin.on(hours=2)
    assert admin.house.till("tea-house").order("1") is None


def test_a_secret_that_the_app_has_no_more_signs_nothing(admin: Admin, tea: Shop) -> None:
    admin.open()
    assert delivered(admin, OLD) == 200
    admin.house.apps = {"shopify": ShopifyApp(replace(admin.app.at, secrets=[SECRET]))}
    assert (delivered(admin, OLD), delivered(admin, SECRET)) == (401, 200)


def test_coupons_are_disabled_with_the_secret_that_the_app_has_now(admin: Admin, tea: Shop) -> None:
    admin.open()
    referrals = admin.house.referrals("tea-house")
    referrals.programs.save(a_program())
    mei = Advocate(id="c-1", name="Mei", email="mei@example.com")
    referrals.advocates.invite("friends", mei, code="MEI12345")
    claim = referrals.claim(Claiming(code="MEI12345", email="friend@example.com"))
    admin.work()
    newer = "shpss_newer0123456789abcdef0123456789abc"
    admin.standin.doors.secret = newer
    admin.house.apps = {"shopify": ShopifyApp(replace(admin.app.at, secrets=[newer]))}
    admin.on(hours=2)
    leave(admin.house, "tea-house", Coupons.DISABLE)
    admin.work()
    node = tea.discounts.find(str(claim.coupon))
    assert node is not None
    assert node["codeDiscount"]["status"]() == "EXPIRED"


def test_a_shop_that_left_is_heard_by_the_secret_that_the_app_has_now(
    admin: Admin, tea: Shop
) -> None:
    admin.open()
    admin.standin.doors.shut(TEA)
    body = example("app/uninstalled") | {"myshopify_domain": TEA}
    assert delivered(admin, SECRET, "app/uninstalled", body) == 200
    admin.work()
    assert admin.connected() is None
    newer = "shpss_newer0123456789abcdef0123456789abc"
    admin.house.apps = {"shopify": ShopifyApp(replace(admin.app.at, secrets=[newer]))}
    body = example("shop/redact") | {"shop_domain": TEA}
    assert delivered(admin, newer, "shop/redact", body) == 200
    admin.work()
    verdicts = {row["verdict"] for row in rows(admin.house, inbox)}
    assert "nobody of the shop is known any more" in verdicts


def test_a_shop_that_never_opened_the_apps_page_is_heard_and_nothing_is_kept(admin: Admin) -> None:
    assert delivered(admin, SECRET, "shop/redact") == 200
    assert delivered(admin, "shpss_other", "shop/redact") == 401
    assert rows(admin.house, inbox) == []


def delivered(admin: Admin, secret: str, topic: str = "customers/create", body: Any = None) -> int:
    what = sent(topic, TEA, body, secret=secret)
    answer = admin.client.post("/hooks/shopify/app", data=what.body, headers=dict(what.headers))
    return answer.status_code


# Who may sign in.


def test_the_first_owner_is_mailed_a_link(admin: Admin, tea: Shop, tmp_path: Path) -> None:
    url, box = admin.house.settings.database_url, tmp_path / "box"
    with a_house(url, admin.clock, mail=f"folder:{box}") as house:
        house.platforms, house.apps = admin.house.platforms, admin.house.apps
        posting = replace(admin, house=house, client=client_of(house))
        page = posting.open()
        (form,) = re.findall(r'name="form" value="([^"]+)"', page.text)
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]

        def name(email: str, form: str = form) -> tuple[int, str]:
            told = {"email": email, "form": form}
            answer = posting.client.post(f"{PAGE}/owner", data=told)
            return answer.status_code, " ".join(answer.text.split())

        assert "Give an e-mail address" in name("nobody")[1]
        assert name("mei@tea.example", "forged")[0] == 401
        status, text = name("mei@tea.example")
        assert (status, "on its way" in text) == (200, True)
        # Whoever comes second asks the first one.
        assert "owns the pages already" in name("eve@evil.example")[1]
    (letter,) = box.iterdir()
    assert "/owner/forgotten/" in letter.read_text().replace("=\n", "")
    assert "mei@tea.example" in letter.read_text()


# Outside of it.


@pytest.fixture
def own_window(admin: Admin) -> Admin:
    """An app that is opened in a window of its own."""
    admin.house.apps = {"shopify": ShopifyApp(admin.app.at, embedded=False)}
    return admin


def test_an_owner_agrees_and_comes_back(own_window: Admin, tea: Shop) -> None:
    admin = own_window
    led = admin.open(embedded=None, id_token=None)
    way = led.headers["Location"]
    assert way.startswith(f"https://{TEA}/admin/oauth/authorize?")
    state = parse_qs(urlsplit(way).query)["state"][0]
    assert state.isalnum()
    assert state.isascii()
    assert "HttpOnly" in led.headers["Set-Cookie"]
    assert led.headers["Set-Cookie"].startswith("__Host-")
    back = admin.consent(way)
    answer = admin.get(back)
    assert answer.status_code == 200
    assert framed_by(answer) == "'none'"
    assert admin.connected() is not None
    # Once, and no more.
    assert admin.get(back).status_code == 401
    assert len([call for call in admin.standin.calls if "access_token" in call]) == 1


def test_what_another_browser_began_is_refused(own_window: Admin, tea: Shop) -> None:
    admin = own_window
    way = admin.open(embedded=None, id_token=None).headers["Location"]
    stranger = client_of(admin.house)
    assert admin.get(admin.consent(way), stranger).status_code == 401
    assert rows(admin.house, installations) == []
    # Nothing was used up by it.
    assert admin.get(admin.consent(way)).status_code == 200


def test_a_consent_of_another_shop_joins_nobody(own_window: Admin, tea: Shop) -> None:
    admin = own_window
    admin.standin.open(BEAN)
    way = admin.open(embedded=None, id_token=None).headers["Location"]
    assert admin.get(admin.consent(way, BEAN)).status_code == 401
    assert rows(admin.house, installations) == []


def test_a_consent_that_took_too_long_joins_nobody(own_window: Admin, tea: Shop) -> None:
    admin = own_window
    way = admin.open(embedded=None, id_token=None).headers["Location"]
    back = admin.consent(way)
    admin.on(seconds=91)
    assert admin.get(back).status_code == 401
    late = admin.open(embedded=None, id_token=None).headers["Location"]
    admin.on(minutes=31)
    assert admin.get(admin.consent(late)).status_code == 401
    assert rows(admin.house, installations) == []


def test_nobody_is_led_anywhere_without_a_signature(own_window: Admin, tea: Shop) -> None:
    forged = own_window.query(embedded=None, id_token=None) | {"hmac": "0" * 64}
    assert own_window.get(f"{PAGE}?{urlencode(forged)}").status_code == 401


@pytest.mark.parametrize(
    "what", ["", "?", "?state=", "?shop=%ff&state=%00&hmac=é", "?state=a&state=b"]
)
def test_whatever_comes_back_is_never_an_error(own_window: Admin, what: str) -> None:
    assert own_window.get(f"{PAGE}/callback{what}").status_code == 401
    assert own_window.get(f"{PAGE}{what}").status_code == 401
