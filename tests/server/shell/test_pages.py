"""What the pages say and do, in both languages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from goodword import Account, Channel, EventType, Kind, Part, Rung
from goodword.errors import TillDown, TillRefused
from goodword.model.credit import Lost
from goodword.model.followup import Duty
from goodword.storage.tables import followups
from goodword.words.messages.catalogues import ours
from goodword.words.messages.names import LATER, LIVE
from goodword_server.house import House
from goodword_server.looks import Share
from goodword_server.noticing import NoticedTill
from goodword_server.post import Post
from goodword_server.shell.language import sentences
from goodword_server.shell.pages.thanks import CHANNELS
from goodword_server.shell.roles import Role
from goodword_server.storage.keys import KeyScope
from goodword_server.storage.tables import audit, endpoints, inbox, keys, members
from goodword_server.widget import script
from tests.sdk.builders import Clock, Obedient, alice, an_order
from tests.server.builders import NEXT_SECRET, PUBLIC, SHOP, Place, a_house, a_place, connect, rows
from tests.server.shell.browser import AT, SIGN_IN, Browser, Page, an_account, somebody
from tests.server.shell.busy import REVIEWED, fill

pytestmark = pytest.mark.slow

PAGES = (
    *(f"{AT}/{name}" for name in ("", "programs", "programs/new", "programs/friends", "why")),
    *(f"{AT}/{name}" for name in ("why?order=17", "why?order=99", "reviews", "thanks", "stuck")),
    *(f"{AT}/{name}" for name in ("proofs", "look", "webhooks", "keys", "accounts", "log")),
    *(f"{AT}/{name}" for name in ("invite", "messages", "connect", "data")),
    *(f"{AT}/messages/friends/{name}" for name in ("page/friend.title", "mail/thanks.body")),
    "/owner/password",
    "/owner/email",
)
REFUSED = (f"{AT}/nowhere", "/owner/shops/elsewhere/")
SIGNING = (SIGN_IN, "/owner/forgotten")


@pytest.fixture
def busy(place: Place) -> Place:
    fill(place)
    return place


@pytest.fixture
def owner(busy: Place) -> Browser:
    return somebody(busy.house, Role.OWNER)


def every_page(house: House, language: str) -> Iterator[tuple[str, Page]]:
    """Every page that can be opened, as its owner sees it."""
    browser = somebody(house, Role.OWNER, language=language)
    of_webhooks = [f"{AT}/webhooks/{one['id']}" for one in rows(house, endpoints)]
    for path in chain(PAGES, of_webhooks, REFUSED):
        yield path, Page(browser.get(path).text)
    for path in SIGNING:
        yield path, Page(Browser(house, language).get(path).text)


# How every page is made.


def whole(catalogue: Mapping[str, str]) -> set[str]:
    """The sentences that stand on a page as they stand in a catalogue."""
    return {said for said in catalogue.values() if "{" not in said and len(said) > 3}


@pytest.mark.parametrize(("asked", "is_in"), [("en", "en"), ("zh-TW", "zh-Hant")])
def test_every_page_is_in_one_language(busy: Place, asked: str, is_in: str) -> None:
    mine, others = ("en", "zh-Hant") if is_in == "en" else ("zh-Hant", "en")
    ours, foreign = whole(sentences(mine)), whole(sentences(others))
    for path, page in every_page(busy.house, asked):
        (html,) = page.all("html")
        assert html["lang"] == is_in
        spoken = {line.strip() for line in page.text.splitlines()}
        assert spoken & ours, path
        # The switch names the other language in its own words.
        assert spoken & foreign - ours - {"中文", "English"} == set(), path


def test_every_page_keeps_to_the_policy(busy: Place) -> None:
    browser = somebody(busy.house, Role.OWNER)
    for path in (*PAGES, *REFUSED):
        headers = browser.get(path).headers
        policy_of = headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy_of
        assert "unsafe" not in policy_of
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    for path, page in every_page(busy.house, "en"):
        assert page.all("style") == [], path
        assert all(told.get("src", "").startswith("/owner/static/") for told in page.all("script"))
        assert all("integrity" not in told for told in page.all("script"))
        for tag, told in page.tags:
            assert "style" not in told, (path, tag)
            assert not [name for name in told if name.startswith(("on", "hx-on"))], (path, tag)
            assert "javascript:" not in "".join(told.values()), (path, tag)


def test_every_page_can_be_read_aloud(busy: Place) -> None:
    for path, page in every_page(busy.house, "en"):
        assert len(page.all("h1")) == len(page.all("title")) == len(page.all("main")) == 1, path
        ids = [told["id"] for _, told in page.tags if "id" in told]
        assert len(ids) == len(set(ids)), path
        labelled = {told["for"] for told in page.all("label")}
        fields = [told for tag in ("input", "select", "textarea") for told in page.all(tag)]
        shown = [told for told in fields if told.get("type") != "hidden"]
        assert {told["id"] for told in shown} == labelled, path
        for told in fields:
            assert set(told.get("aria-describedby", "").split()) <= set(ids), path


def test_every_form_brings_its_mark(busy: Place) -> None:
    for path, page in every_page(busy.house, "en"):
        posts = [told for told in page.forms if told.get("method") == "post"]
        marks = [told for told in page.all("input") if told.get("name") == "csrf_token"]
        assert len(posts) == len(marks) > 0, path


def test_everything_that_a_page_needs_is_there(owner: Browser) -> None:
    page = owner.read(f"{AT}/")
    for told in [*page.all("link"), *page.all("script")]:
        answer = owner.get(told.get("href") or told["src"], buffered=True)
        assert answer.status_code == 200
        assert "max-age=86400" in answer.headers["Cache-Control"]


def test_the_language_can_be_chosen(busy: Place) -> None:
    browser = Browser(busy.house, "en")
    answer = browser.post("/owner/language", language="zh-Hant", back=SIGN_IN)
    assert answer.location == SIGN_IN
    assert "登入" in browser.read(SIGN_IN).text
    browser.post("/owner/language", language="tlh", back=SIGN_IN)
    assert "登入" in browser.read(SIGN_IN).text


def test_both_catalogues_say_the_same_things() -> None:
    english, chinese = sentences("en"), sentences("zh-Hant")
    # Chinese says it of one thing as it does of many.
    single = {f"{key}.one" for key in english} & english.keys()
    assert english.keys() - single == chinese.keys()
    holes = re.compile(r"{\w+}")
    for key, said in english.items():
        again = chinese[key.removesuffix(".one") if key in single else key]
        assert sorted(holes.findall(said)) == sorted(holes.findall(again)), key
    latin = {key for key, said in chinese.items() if not re.search(r"[一-鿿]", said)}
    # Names that are written alike everywhere.
    shares = {f"share.{one}" for one in ("facebook", "x", "threads", "linkedin", "whatsapp")}
    assert latin == {
        *("brand", "language.en", "health.delivery.at", "messages.medium.line", "and"),
        "messages.part.line",
        *shares,
    }


# The pages.


def test_a_shop_without_news_says_so(place: Place) -> None:
    told = somebody(place.house, Role.READONLY).read(f"{AT}/").text
    for said in (
        "to WooCommerce at https://tea.example",
        "Nothing was delivered within the last week.",
        "None was ever at work.",
        "It was not asked anything yet.",
        "Nothing is stuck.",
    ):
        assert said in told


def test_a_shop_whose_secrets_cannot_be_opened_says_so(
    place: Place, url: str, clock: Clock
) -> None:
    with a_house(url, clock, secrets=(NEXT_SECRET,)) as later:
        told = somebody(later, Role.READONLY).read(f"{AT}/").text
    assert "Its secrets were sealed with one" in told


def test_a_fault_of_ours_is_a_page_that_tells_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = somebody(place.house, Role.OWNER)

    def fails(*_: object) -> None:
        raise RuntimeError("gw_secret of the inside")

    monkeypatch.setattr("goodword_server.shell.pages.log.audit.page", fails)
    answer = browser.get(f"{AT}/log")
    assert answer.status_code == 500
    assert "It is our fault, not yours." in answer.text
    assert "inside" not in answer.text


def test_health_tells_what_is_well_and_what_is_not(busy: Place, clock: Clock) -> None:
    browser = somebody(busy.house, Role.READONLY)
    told = browser.read(f"{AT}/").text
    assert "It is at work." in told
    assert "3 need a person." in told
    clock.on(hours=5)
    told = browser.read(f"{AT}/").text
    assert "It was last at work 5 hours ago." in told
    busy.deliver("order-updated-completed")
    clock.on(minutes=10)
    told = browser.read(f"{AT}/").text
    assert "1, the oldest since 10 minutes ago." in told
    assert "is a worker running?" in told


def test_a_till_is_seen_to_answer_and_not_to(place: Place, clock: Clock) -> None:
    class Till(Obedient):
        trouble: Exception | None = None

        def order(self, id: str) -> None:
            if self.trouble is not None:
                raise self.trouble

    browser, till = somebody(place.house, Role.READONLY), Till()
    noticed = place.house.noticed(SHOP, till, "woocommerce")  # type: ignore[arg-type]
    assert isinstance(noticed, NoticedTill)
    noticed.order("17")
    assert "It answered, just now." in browser.read(f"{AT}/").text
    clock.on(minutes=3)
    till.trouble = TillDown(shop=SHOP, what="no answer within 20 s")
    with pytest.raises(TillDown):
        noticed.order("17")
    told = browser.read(f"{AT}/").text
    assert "It did not answer, just now: no answer within 20 s" in told
    assert "It last answered 3 minutes ago." in told
    till.trouble = TillRefused(shop=SHOP, what="no such order")
    with pytest.raises(TillRefused):
        noticed.order("17")
    assert "It answered, just now." in browser.read(f"{AT}/").text


def test_the_till_of_a_shop_is_one_that_is_noticed(shop: Place) -> None:
    assert shop.house.till(SHOP).order("404") is None
    assert "It answered, just now." in somebody(shop.house, Role.READONLY).read(f"{AT}/").text


def test_why_tells_each_candidate_and_each_entry(owner: Browser) -> None:
    told = owner.read(f"{AT}/why?order=%2317").text
    assert "Credited to" in told
    assert "It decided." in told
    assert "coupon:ref-carol" in told or "coupon:ref-alice10" in told
    assert "As strong, but older." in told or "to ALICE10" in told or "to CAROL" in told
    assert "£7.20" in told or "£7.10" in told or "£" in told
    assert "granted by the shop" in told


def test_why_is_told_in_the_language_of_the_page(busy: Place) -> None:
    told = somebody(busy.house, Role.READONLY, language="zh-TW").read(f"{AT}/why?order=17").text
    assert "這筆推薦歸給" in told
    assert "商店給出" in told


def test_an_order_that_nobody_reported_is_told(owner: Browser) -> None:
    assert "No order 99 was reported." in owner.read(f"{AT}/why?order=99").text
    assert owner.get(f"{AT}/why?order=%00").status_code == 200


@pytest.mark.parametrize(("verdict", "left"), [("approved", "counts"), ("refused", "does not")])
def test_a_review_is_decided_with_a_reason(busy: Place, verdict: str, left: str) -> None:
    staff = somebody(busy.house, Role.STAFF)
    path = f"{AT}/reviews"
    seen = staff.read(path).text
    assert f"Order {REVIEWED}" in seen
    assert "Friend and advocate share a phone number." in seen
    assert "Give a reason" in staff.said(path, order=REVIEWED, verdict=verdict, reason=" ")
    assert "Say whether it counts." in staff.said(path, order=REVIEWED, reason="known")
    assert left in staff.said(path, order=REVIEWED, verdict=verdict, reason="cousins")
    assert busy.referrals.reviews.open() == []
    done = [row for row in rows(busy.house, audit) if row["did"] == f"review_{verdict}"]
    assert [row["about"] for row in done] == [REVIEWED]


@pytest.mark.parametrize("page", ["reviews", "why?order=18"])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "have parcels sent to the same address."), ("zh-Hant", "收件地址相同。")],
)
def test_it_is_said_what_a_household_shares_and_not_where_it_is(
    place: Place, page: str, language: str, sentence: str
) -> None:
    home = "TW\n106\n和平東路二段12號"
    place.referrals.record_order(an_order(id="1", email=alice().email, coupons=(), home=home))
    place.referrals.record_order(an_order(id="18", home=home))
    seen = somebody(place.house, Role.READONLY, language=language).read(f"{AT}/{page}").text
    assert sentence in seen
    assert "和平東路" not in seen


def test_what_is_not_in_review_cannot_be_decided(owner: Browser) -> None:
    told = owner.said(f"{AT}/reviews", order="17", verdict="approved", reason="why not")
    assert "Nobody is asked about this order any more." in told
    unknown = owner.post(f"{AT}/reviews", order="99", verdict="approved", reason="why not")
    assert unknown.status_code == 404


def test_thanks_are_kept(busy: Place) -> None:
    staff = somebody(busy.house, Role.STAFF)
    (one,) = busy.referrals.thanks.owed()
    assert "Alice" in staff.read(f"{AT}/thanks").text or "Carol" in staff.read(f"{AT}/thanks").text
    assert "are kept." in staff.said(f"{AT}/thanks", id=one.id, channel="line")
    assert busy.referrals.thanks.owed() == []
    assert staff.post(f"{AT}/thanks", id="nothing", channel="line").status_code == 404


def test_every_word_of_the_engine_has_a_sentence() -> None:
    words = {
        "duty": Duty,
        "kind": Kind,
        "lost": Lost,
        "part": Part,
        "account": Account,
        "role": Role,
        "scope": KeyScope,
        "channel": CHANNELS,
        "event": EventType,
        "share": Share,
        "messages.medium": Channel,
        "field": {*LIVE, *LATER, *(moment for moment, channel in ours("en") if channel == "all")},
        "wrong.text": ("not_for_texts", "unreadable", "unknown_name", "missing_name", "length"),
    }
    for name, members_of in words.items():
        assert {f"{name}.{one}" for one in members_of} <= sentences("en").keys()
    assert {f"rung.{rung.value}" for rung in Rung} <= sentences("en").keys()


def test_nobody_retries_what_another_shop_has(busy: Place) -> None:
    connect(busy.house, "other")
    stranger = somebody(busy.house, Role.OWNER, shop="other")
    for kind, table in (("delivery", inbox), ("deed", followups)):
        for row in rows(busy.house, table):
            stranger.post("/owner/shops/other/stuck", kind=kind, id=str(row["id"]))
    assert {row["state"] for row in rows(busy.house, inbox)} == {"dead"}
    assert [row for row in rows(busy.house, followups) if row["state"] == "never"]


def test_a_key_is_shown_once_and_stands_nowhere_else(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    answer = browser.post(f"{AT}/keys", scope="read", label="the till")
    (key,) = re.findall(r"gw_[\w-]{40,}", answer.text)
    held = place.house.keyring.holder(key)
    assert held is not None
    assert (held.shop, held.scope, held.label) == (SHOP, "read", "the till")
    assert key not in browser.read(f"{AT}/keys").text
    assert key not in str(rows(place.house, audit))
    cookie = browser.client.get_cookie("__Host-goodword", "thanks.example")
    assert cookie is not None
    assert key not in cookie.value
    assert key[-4:] in browser.read(f"{AT}/keys").text


def test_a_key_for_pages_comes_with_the_tag_that_holds_it(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    told = browser.post(f"{AT}/keys", scope="publishable", label="our pages").text
    (key,) = set(re.findall(r"gw_pub_[\w-]{40,}", told))
    assert script.tag(PUBLIC, SHOP, key) in html.unescape(told)
    secret = browser.post(f"{AT}/keys", scope="secret", label="the till").text
    assert "goodword.js" not in secret


def name_of_key(browser: Browser) -> str:
    told = browser.read(f"{AT}/keys").all("input")
    return next(one["value"] for one in told if one.get("name") == "key")


def test_a_key_is_replaced_and_ended(place: Place, clock: Clock) -> None:
    browser = somebody(place.house, Role.OWNER)
    first = place.house.new_key(SHOP)
    answer = browser.post(f"{AT}/keys/rotation", key=name_of_key(browser))
    (second,) = re.findall(r"gw_[\w-]{40,}", answer.text)
    holder = place.house.keyring.holder
    # Both for a day, so that nothing stands still meanwhile.
    assert holder(first) is not None
    assert "Ends" in browser.read(f"{AT}/keys").text
    clock.on(hours=24)
    assert holder(first) is None
    assert holder(second) is not None
    assert "has ended" in browser.said(f"{AT}/keys/end", key=name_of_key(browser))
    assert holder(second) is None
    assert "There is no key." in browser.read(f"{AT}/keys").text
    assert "has ended; make a new one" in browser.said(f"{AT}/keys/rotation", key=ids(place)[0])


def test_a_key_that_cannot_be_made_says_why(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    assert "Say what the key is good for." in browser.said(f"{AT}/keys", scope="all")
    assert "in one line" in browser.said(f"{AT}/keys", scope="read", label="x" * 65)
    assert rows(place.house, keys) == []


def ids(place: Place) -> list[str]:
    return [key.id for key in place.house.keyring.of(SHOP)]


def test_nobody_ends_the_key_of_another_shop(place: Place) -> None:
    connect(place.house, "other")
    place.house.new_key(SHOP)
    name = name_of_key(somebody(place.house, Role.OWNER))
    stranger = somebody(place.house, Role.OWNER, shop="other")
    for deed in ("rotation", "end"):
        assert stranger.post(f"/owner/shops/other/keys/{deed}", key=name).status_code == 404
    assert [row["ended"] for row in rows(place.house, keys)] == [None]


# Who may sign in.


def test_somebody_is_let_in_by_mail(url: str, clock: Clock, tmp_path: Path) -> None:
    mails = tmp_path / "mails"
    with a_house(url, clock, mail=f"folder:{mails}") as house:
        a_place(house)
        browser = somebody(house, Role.OWNER)
        told = browser.said(f"{AT}/accounts", email="Mei@tea.example", role="staff")
        assert "We sent mei@tea.example a link" in told
        assert "has not signed in yet" in told
        post: Post = browser.shell.extensions["goodword_post"]
        post.close()
        (mail,) = [
            message_from_bytes(one.read_bytes(), policy=policy.default) for one in mails.iterdir()
        ]
        assert mail["To"] == "mei@tea.example"
        # Who owns the address, and nobody else, chooses the password.
        assert "/owner/forgotten/" not in told


def test_without_mail_the_operator_is_named(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    told = browser.said(f"{AT}/accounts", email="mei@tea.example", role="readonly")
    assert "goodword user" in told
    assert "/owner/forgotten/" not in told


def test_who_has_an_account_keeps_their_password(place: Place) -> None:
    an_account(place.house, "mei@tea.example", Role.READONLY)
    browser = somebody(place.house, Role.OWNER)
    told = browser.said(f"{AT}/accounts", email="mei@tea.example", role="staff")
    assert "mei@tea.example can sign in." in told
    mei = Browser(place.house)
    mei.sign_in("mei@tea.example")
    assert mei.get(f"{AT}/accounts").status_code == 403


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"email": "mei", "role": "staff"}, "That is no e-mail address."),
        ({"email": "mei@tea.example", "role": "boss"}, "Say what they may do."),
    ],
)
def test_who_cannot_be_let_in_is_told(place: Place, values: dict[str, str], told: str) -> None:
    browser = somebody(place.house, Role.OWNER)
    assert told in browser.said(f"{AT}/accounts", **values)
    assert len(rows(place.house, members)) == 1


def test_a_shop_keeps_an_owner(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    me = f"owner@{SHOP}.example"
    for said in (
        browser.said(f"{AT}/accounts", email=me, role="readonly"),
        browser.said(f"{AT}/accounts/end", email=me),
    ):
        assert "A shop needs an owner" in said
    assert [row["role"] for row in rows(place.house, members)] == ["owner"]
    an_account(place.house, "mei@tea.example")
    browser.post(f"{AT}/accounts/end", email=me)
    assert browser.get(f"{AT}/").status_code == 404


def test_who_is_taken_out_sees_nothing_more(place: Place) -> None:
    mei = somebody(place.house, Role.STAFF)
    browser = somebody(place.house, Role.OWNER)
    assert "is taken out" in browser.said(f"{AT}/accounts/end", email=f"staff@{SHOP}.example")
    assert mei.get(f"{AT}/").status_code == 404


def test_many_thanks_and_many_reviews_come_page_by_page(place: Place) -> None:
    for number in range(53):
        place.referrals.record_order(an_order(id=f"o-{number:02}", email=f"f{number}@x.example"))
    browser = somebody(place.house, Role.READONLY)
    first = browser.read(f"{AT}/thanks")
    assert len(first.all("article")) == 50
    (more,) = [told["href"] for told in first.all("a") if "after=" in told.get("href", "")]
    rest = browser.read(more)
    assert len(rest.all("article")) == 3
    assert not [told for told in rest.all("a") if "after=" in told.get("href", "")]
    assert browser.get(f"{AT}/reviews?after=tea").status_code == 400


# The log.


def test_the_log_tells_who_did_what(busy: Place) -> None:
    browser = somebody(busy.house, Role.OWNER)
    browser.post(f"{AT}/keys", scope="secret")
    told = browser.read(f"{AT}/log").text
    assert f"owner@{SHOP}.example" in told
    assert "made a key" in told


def test_the_log_goes_on_page_by_page(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    with place.house.database.connect() as connection:
        lines = [{"shop": SHOP, "id": f"{n:032x}", "at": 0, "did": "key_made"} for n in range(60)]
        connection.execute(audit.insert(), lines)
        connection.commit()
    first = browser.read(f"{AT}/log")
    (older,) = [told["href"] for told in first.all("a") if "before=" in told.get("href", "")]
    second = browser.read(older)
    assert len(first.all("tr")) - 1 == 50
    assert len(second.all("tr")) - 1 == 11


@pytest.mark.parametrize(
    "verb", ["UPDATE goodword_server_audit SET did = 'x'", "DELETE FROM goodword_server_audit"]
)
def test_the_log_is_only_added_to(place: Place, verb: str) -> None:
    somebody(place.house, Role.OWNER)
    with (
        place.house.database.connect() as connection,
        pytest.raises(DatabaseError, match="append-only"),
    ):
        connection.exec_driver_sql(verb)
    assert len(rows(place.house, audit)) == 1


def test_what_fails_stands_in_no_log(busy: Place) -> None:
    browser = somebody(busy.house, Role.OWNER)
    browser.post(f"{AT}/thanks", id="nothing")
    browser.post(f"{AT}/reviews", order="99", verdict="approved", reason="x")
    browser.post(f"{AT}/stuck", kind="deed", id="nothing")
    assert [row["did"] for row in rows(busy.house, audit)] == ["signed_in"]
