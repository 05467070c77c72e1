"""An owner removes the app, and comes back or does not: jobs stop, and people are forgotten."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from goodword import Advocate, Claiming, Invalid, Kind, State, share_of_order
from goodword.model.trouble import Trouble
from goodword_server.joining.leaving import Coupons, leave
from goodword_server.shell.roles import Role
from goodword_server.storage import data_requests, installations
from goodword_server.storage import tables as server_tables
from goodword_server.storage.installations import Connected
from goodword_shopify.standin import SECRET, Fault
from goodword_shopify.standin.answers import Answer
from tests.sdk.builders import every_row
from tests.server.builders import rows
from tests.server.shell.browser import an_account
from tests.server.streets import Place, Street

pytestmark = pytest.mark.slow


def kept(place: Place) -> Connected:
    house = place.street.house
    found = house.database.read(lambda s: installations.whole(s, house.vault, place.name))
    assert found is not None
    return found


def verdicts(street: Street) -> list[str]:
    found = sorted(rows(street.house, server_tables.inbox), key=lambda row: str(row["id"]))
    return [str(row["verdict"]) for row in found]


def stuck(place: Place) -> list[tuple[str, str]]:
    found = place.street.house.engine.stuck(place.name)
    return [(str(one.duty), cause(one.why)) for one in found]


def cause(why: object) -> str:
    """Return why something waits, though it was tried often before it was left."""
    assert isinstance(why, Trouble)
    return str(why.facts["cause"]) if "cause" in why.facts else cause(why.facts["why"])


def paid(place: Place, price: str = "110.00", off: str = "11.00", **told: Any) -> dict[str, Any]:
    order = place.sell(price, off, **told)
    place.tell("orders/paid", order)
    place.street.work()
    return order


def everything_about(street: Street, *words: str) -> list[str]:
    """Return what is kept anywhere of these words, opened where it is sealed."""
    found = [row for found in every_row(street.house.engine).values() for row in found]
    vault = street.house.vault
    for table in server_tables.metadata.sorted_tables:
        for row in rows(street.house, table):
            found += [_opened(vault, str(row.get("shop")), one) for one in row.values()]
    return [one for one in found if any(word in one for word in words)]


def _opened(vault: Any, shop: str, value: Any) -> str:
    for use in ("inbox", "data request") if isinstance(value, bytes | memoryview) else ():
        try:
            return str(vault.open(bytes(value), shop, use))
        except (ValueError, TypeError):
            continue
    return str(value)


# Leaving


def test_a_shop_whose_owner_removed_us_is_opened_no_more(street: Street, tea: Place) -> None:
    street.work()
    assert tea.post(tea.uninstall()) == 200
    street.work()
    assert verdicts(street)[-1] == "its owner does without us"
    left = kept(tea)
    assert left.left == street.clock()
    assert dict(left.installation.credentials) == {}
    assert street.house.installation_of("tea-house") is None
    assert rows(street.house, server_tables.rounds) == []
    (line,) = [row for row in rows(street.house, server_tables.audit) if row["did"] == "shop_left"]
    assert line["about"] == left.installation.url
    # From now on nobody asks it anything.
    street.standin.calls.clear()
    street.on(days=3)
    tea.tell("orders/paid", tea.sell("110.00", "11.00"))
    street.work()
    assert street.standin.calls == []


def test_what_was_to_be_given_stops_is_told_and_goes_on_when_they_come_back(
    street: Street, tea: Place
) -> None:
    told = paid(tea)
    claim = tea.referrals.claim(Claiming(code="MEI12345", email="friend@example.com"))
    assert tea.post(tea.uninstall()) == 200
    street.on(days=15)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.QUALIFIED, [])
    assert sorted(stuck(tea)) == [("grant", "left"), ("offer", "left")]
    # Nothing is tried over and over.
    street.standin.calls.clear()
    street.on(days=2)
    street.work()
    assert street.standin.calls == []
    street.join("tea-house")
    street.work()
    assert (tea.state(told), tea.credits()) == (State.REWARDED, ["9.0"])
    assert stuck(tea) == []
    assert tea.referrals.find_claim(claim.id).made


def test_what_is_unknown_as_they_leave_is_looked_for_when_they_come_back(
    street: Street, tea: Place
) -> None:
    told = paid(tea)
    street.on(days=15)
    # It was given, and nobody heard.
    street.standin.fail(Fault.GATEWAY_AFTER, at="StoreCreditGrant")
    street.work()
    assert tea.credits() == ["9.0"]
    assert tea.post(tea.uninstall()) == 200
    for _ in range(20):
        street.on(hours=7)
        street.work()
    # It is neither done nor refused: it was given up without an answer.
    assert stuck(tea) == [("grant", "left")]
    street.join("tea-house")
    for _ in range(3):
        street.on(hours=7)
        street.work()
    assert (tea.state(told), tea.credits()) == (State.REWARDED, ["9.0"])


def test_a_late_or_forged_word_of_it_changes_nothing(street: Street, tea: Place) -> None:
    late = tea.uninstall()
    street.on(minutes=5)
    street.join("tea-house")
    for _ in range(3):
        assert tea.post(late) == 200
        street.work()
        street.on(minutes=1)
    assert kept(tea).left is None
    assert verdicts(street)[-1] == "the shop lets us in: nothing was changed"
    assert tea.state(paid(tea)) is State.QUALIFIED


def test_a_word_that_comes_before_the_token_is_gone_is_asked_again(
    street: Street, tea: Place
) -> None:
    early = tea.uninstall()
    street.join("tea-house")
    street.clock.on(seconds=-1)
    assert tea.post(early) == 200
    street.work()
    assert kept(tea).left is None
    tea.street.standin.doors.shut(tea.shop.domain)
    for _ in range(6):
        street.on(minutes=10)
        street.work()
    assert kept(tea).left is not None


def test_a_token_that_was_renewed_meanwhile_is_not_dropped(street: Street, tea: Place) -> None:
    before = kept(tea)
    street.join("tea-house")
    house = street.house

    def late(session: Any) -> bool:
        return installations.set_left(session, house.vault, before, {}, house.now())

    assert not house.database.write(late)
    assert kept(tea).installation.credentials["access_token"]


def test_who_comes_back_finds_their_referrals_and_what_happened_meanwhile(
    street: Street, tea: Place
) -> None:
    told = paid(tea)
    assert tea.post(tea.uninstall()) == 200
    street.work()
    street.on(days=20)
    meanwhile = tea.sell("110.00", "11.00")
    street.on(days=1)
    street.join("tea-house")
    street.catch_up()
    street.on(days=15)
    street.work()
    assert (tea.state(told), tea.state(meanwhile)) == (State.REWARDED, State.REWARDED)
    assert tea.credits() == ["18.0"]


def test_notes_of_a_debit_that_nobody_heard_of_stay_when_a_shop_is_joined_anew(
    street: Street, tea: Place
) -> None:
    house = street.house
    house.safe.renew("tea-house", lambda found: {**found, "note:taken g-1": "250"})
    assert tea.post(tea.uninstall()) == 200
    street.work()
    assert dict(kept(tea).installation.credentials) == {"note:taken g-1": "250"}
    street.join("tea-house")
    assert kept(tea).installation.credentials["note:taken g-1"] == "250"


@pytest.mark.parametrize("choice", list(Coupons))
def test_pause_and_remove_coupons_before_the_app_goes(
    street: Street, tea: Place, choice: Coupons
) -> None:
    claim = tea.referrals.claim(Claiming(code="MEI12345", email="friend@example.com"))
    street.work()
    leave(street.house, "tea-house", choice)
    street.work()
    node = tea.shop.discounts.find(str(claim.coupon))
    assert node is not None
    ended = node["codeDiscount"]["status"]() == "EXPIRED"
    assert ended == (choice is Coupons.DISABLE)
    assert dict(kept(tea).installation.credentials) == {}
    # What the law asks is heard two days after the app is gone, too.
    street.on(days=2)
    assert tea.post(tea.by_law("shop/redact")) == 200
    street.work()
    assert verdicts(street)[-1] == "nobody of the shop is known any more"


def test_a_shop_that_left_may_come_back_by_another_name(street: Street, tea: Place) -> None:
    assert tea.post(tea.uninstall()) == 200
    street.work()
    joined = street.standin.installation("oolong", tea.shop.domain)
    street.house.connect(
        "oolong", "shopify", joined.url, secrets=[SECRET], credentials=joined.credentials
    )
    assert street.house.installation_of("oolong") is not None
    # Only one shop at a time is heard at one address.
    with pytest.raises(Invalid, match="disconnect it there first"):
        street.join("tea-house")


# The law


def test_an_owner_is_mailed_once_of_a_question_that_is_told_often(
    street: Street, tea: Place, tmp_path: Path
) -> None:
    house, mails = street.house, tmp_path / "mails"
    house.settings = replace(house.settings, mail=f"folder:{mails}")
    an_account(house, "owner@tea.example", Role.OWNER, shop="tea-house")
    for _ in range(2):
        for _ in range(3):
            assert tea.post(tea.by_law("customers/data_request")) == 200
        street.work()
        street.on(hours=2)
    (mail,) = [message_from_bytes(file.read_bytes()) for file in mails.iterdir()]
    assert (mail["To"], "john@example.com" in mail.as_string()) == ("owner@tea.example", False)


def test_a_shop_that_left_for_good_leaves_nobody_behind(street: Street, tea: Place) -> None:
    bean = street.open("bean-street")
    bean.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
    for place in (tea, bean):
        person = f"friend@{place.name}.example"
        paid(place, email=person)
        place.referrals.claim(Claiming(code="MEI12345", email=f"other@{place.name}.example"))
        assert place.post(place.by_law("customers/data_request")) == 200
    street.work()
    before = [str(one) for one in tea.referrals.rewards.balance("c-1")]
    assert everything_about(street, "@tea-house.example", "john@example.com")
    assert tea.post(tea.uninstall()) == 200
    street.work()
    street.on(days=2)
    # An order is told of at the last moment, and is stuck.
    assert tea.post(tea.by_law("shop/redact")) == 200
    street.work()
    assert everything_about(street, "@tea-house.example") == []
    (asked,) = rows(street.house, server_tables.data_requests)
    assert asked["shop"] == "bean-street"
    # The book stands.
    assert [str(one) for one in tea.referrals.rewards.balance("c-1")] == before
    # Another shop's people are nobody's business.
    assert len(everything_about(street, "@bean-street.example")) >= 2
    assert bean.referrals.people.export("friend@bean-street.example")["people"]


def test_a_shop_that_came_back_forgets_nobody(street: Street, tea: Place) -> None:
    paid(tea, email="friend@tea-house.example")
    assert tea.post(tea.uninstall()) == 200
    street.work()
    street.join("tea-house")
    street.on(days=2)
    assert tea.post(tea.by_law("shop/redact")) == 200
    street.work()
    assert tea.referrals.people.export("friend@tea-house.example")["people"]
    assert kept(tea).left is None


def test_it_is_forgotten_though_nobody_heard_that_it_left(street: Street, tea: Place) -> None:
    paid(tea, email="friend@tea-house.example")
    tea.uninstall()
    street.on(days=2)
    assert tea.post(tea.by_law("shop/redact")) == 200
    street.work()
    assert everything_about(street, "@tea-house.example") == []
    assert kept(tea).left is not None


@pytest.mark.parametrize("status", [402, 404, 423, 301])
def test_a_shop_that_was_closed_is_forgotten_at_its_platforms_word(
    street: Street, tea: Place, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(tea, email="friend@tea-house.example")
    gone = Answer(status, "", {"Location": "https://elsewhere.example"} if status == 301 else {})
    monkeypatch.setattr(street.standin, "answer", lambda *_: (gone, Fault.NONE))
    assert tea.post(tea.uninstall()) == 200
    street.work()
    assert kept(tea).left is not None
    street.on(days=2)
    assert tea.post(tea.by_law("shop/redact")) == 200
    street.work()
    assert everything_about(street, "@tea-house.example") == []


@pytest.mark.parametrize(
    ("status", "hours"), [(402, 0), (403, 2)], ids=["it is frozen", "our own keys are wrong"]
)
def test_a_late_word_of_it_does_not_count_where_nobody_can_say(
    street: Street, tea: Place, status: int, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = tea.uninstall()
    street.on(minutes=5)
    street.join("tea-house")
    # By then the token ran out, and the door is asked.
    street.on(hours=hours)
    monkeypatch.setattr(street.standin, "answer", lambda *_: (Answer(status, ""), Fault.NONE))
    assert tea.post(late) == 200
    street.work()
    assert kept(tea).left is None


def test_somebody_of_a_shop_that_left_is_forgotten_at_their_word(
    street: Street, tea: Place
) -> None:
    paid(tea, email="friend@tea-house.example")
    assert tea.post(tea.uninstall()) == 200
    street.work()
    customer = {"id": 7, "email": "friend@tea-house.example", "phone": None}
    assert tea.post(tea.by_law("customers/redact", customer=customer)) == 200
    street.work()
    assert verdicts(street)[-1] == "somebody was forgotten"
    assert everything_about(street, "friend@tea-house.example") == []


def test_another_shops_signed_word_is_not_this_shops(street: Street, tea: Place) -> None:
    bean = street.open("bean-street")
    paid(tea, email="friend@tea-house.example")
    told = bean.by_law("shop/redact")
    headers = {**told.headers, "X-Shopify-Shop-Domain": tea.shop.domain}
    answer = tea.client.post("/hooks/shopify/app", data=told.body, headers=headers)
    assert answer.status_code == 200
    street.work()
    (row,) = [one for one in rows(street.house, server_tables.inbox) if one["state"] == "dead"]
    assert "another shop" in str(row["verdict"])
    assert tea.referrals.people.export("friend@tea-house.example")["people"]


def test_a_question_for_what_is_kept_is_kept_once_until_it_is_answered(
    street: Street, tea: Place
) -> None:
    for _ in range(2):
        assert tea.post(tea.by_law("customers/data_request")) == 200
    street.work()
    house = street.house
    (one,) = house.database.read(lambda s: data_requests.every(s, house.vault, "tea-house"))
    assert (one.due - one.received).days == 30
    assert one.asked is not None
    assert (one.asked.email, one.asked.orders[0]) == ("john@example.com", "299938")
    # Who asks is forgotten with all the rest.
    customer = {"id": 191167, "email": "john@example.com", "phone": None}
    tea.referrals.advocates.invite(
        "friends", Advocate(id="c-2", name="John", email="john@example.com")
    )
    assert tea.post(tea.by_law("customers/redact", customer=customer)) == 200
    street.work()
    (one,) = house.database.read(lambda s: data_requests.every(s, house.vault, "tea-house"))
    assert one.asked is None


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact"])
def test_who_tries_the_law_without_a_signature_is_turned_away(tea: Place, topic: str) -> None:
    good = tea.by_law(topic)
    for signature, status in (("", 401), ("AAAA", 401), (None, 401)):
        headers = {**good.headers, "X-Shopify-Hmac-SHA256": signature}
        sent = {name: text for name, text in headers.items() if text is not None}
        answer = tea.client.post("/hooks/shopify/app", data=good.body, headers=sent)
        assert answer.status_code == status
    assert tea.client.get("/hooks/shopify/app").status_code == 405
    assert tea.post(good) == 200
