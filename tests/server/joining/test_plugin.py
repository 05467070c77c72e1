"""The plugin that an owner installed in the shop: how it is known to be there, and what it may."""

from __future__ import annotations

import json
from typing import Any

import pytest

from goodword import ClaimBy, Terms, UnknownPerson
from goodword_server.joining import leaving
from goodword_server.joining.leaving import Coupons
from goodword_server.storage.keys import PLUGIN, KeyScope
from tests.sdk.builders import RELEASE, Obedient, a_program, a_shop_with, an_order
from tests.server.builders import SHOP, connect, problem
from tests.server.gifts import a_friend, coupon_on
from tests.server.joining.conftest import Joining
from tests.server.pages.test_advocate import come_in, page

pytestmark = pytest.mark.slow
OTHER = "coffee-house"


def paired(joining: Joining) -> dict[str, str]:
    """Let the plugin pair; return what it was told."""
    answer = joining.pair(joining.code())
    assert answer.status_code == 200
    told: dict[str, str] = answer.get_json()
    return told


def ask(joining: Joining, key: str, path: str = "/v1/programs", **told: Any) -> int:
    """Ask as the plugin does; return the status."""
    answer = joining.client.open(
        path,
        method="POST" if told else "GET",
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        data=json.dumps(told) if told else None,
    )
    joining.house.remember_nothing()
    return answer.status_code


def way(joining: Joining) -> str:
    """Where the friend's page leads."""
    html = a_friend(joining.place).open().text
    found: str = html.partition('<a class="go" href="')[2].partition('"')[0]
    return found


def is_applied(joining: Joining) -> bool:
    return "goodword_coupon=" in way(joining)


@pytest.fixture
def shared(joining: Joining) -> Joining:
    joining.house.referrals(SHOP).programs.save(a_program(terms=Terms(claim_by=ClaimBy.NOTHING)))
    return joining


# The coupon on the way.


def test_a_plugin_that_was_heard_of_puts_the_coupon_in(shared: Joining) -> None:
    told = paired(shared)
    assert not is_applied(shared)
    assert ask(shared, told["secret"]) == 200
    assert way(shared).startswith(f"{shared.standin.url}/?ref=ALICE10&amp;gw=")
    assert way(shared).endswith("&amp;goodword_coupon=ref-alice10")
    html = a_friend(shared.place).open().text
    assert "The button applies it for you." in html
    assert ">ref-alice10<" in html


def test_a_shop_without_it_has_the_coupon_typed(shared: Joining) -> None:
    shared.agree()
    assert not is_applied(shared)
    html = a_friend(shared.place).open().text
    assert "The button applies it for you." not in html
    assert coupon_on(a_friend(shared.place).open()) == "ref-alice10"


def test_what_every_browser_holds_proves_no_plugin(shared: Joining) -> None:
    told = paired(shared)
    assert ask(shared, told["key"], "/v1/codes/ALICE10/offer") == 200
    own = shared.house.new_key(SHOP, KeyScope.SECRET, "my own script")
    assert ask(shared, own) == 200
    assert not is_applied(shared)


def test_one_that_was_not_heard_of_for_three_days_is_not_counted_on(shared: Joining) -> None:
    told = paired(shared)
    ask(shared, told["secret"])
    shared.clock.on(days=3)
    shared.house.remember_nothing()
    assert is_applied(shared)
    shared.clock.on(minutes=2)
    shared.house.remember_nothing()
    assert not is_applied(shared)
    ask(shared, told["secret"])
    assert is_applied(shared)


def test_paired_anew_it_must_be_heard_of_anew(shared: Joining) -> None:
    ask(shared, paired(shared)["secret"])
    told = paired(shared)
    assert not is_applied(shared)
    ask(shared, told["secret"])
    assert is_applied(shared)


def test_one_shops_plugin_is_not_anothers(shared: Joining) -> None:
    told = paired(shared)
    connect(shared.house, OTHER)
    ask(shared, told["secret"])
    known = {shop: shared.house.installation_of(shop) for shop in (SHOP, OTHER)}
    assert [one and one.installation.plugin for one in known.values()] == [True, False]


def unpair(joining: Joining, key: str, shop: str = SHOP) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    address = f"/connect/woocommerce/{shop}/unpairing"
    return joining.client.post(address, headers=headers).status_code


def test_one_that_says_farewell_is_not_counted_on_and_its_keys_end(shared: Joining) -> None:
    told = paired(shared)
    ask(shared, told["secret"])
    assert is_applied(shared)
    assert unpair(shared, told["secret"]) == 204
    assert not is_applied(shared)
    assert [shared.house.keyring.holder(told[one]) for one in ("key", "secret")] == [None, None]
    # Told twice, as after an answer that was lost.
    assert unpair(shared, told["secret"]) == 401
    assert ask(shared, paired(shared)["secret"]) == 200


def test_nobody_else_says_farewell_for_it(shared: Joining) -> None:
    told = paired(shared)
    connect(shared.house, OTHER)
    others = [shared.house.new_key(shop, label=PLUGIN) for shop in (OTHER,)]
    own = shared.house.new_key(SHOP, label="my own script")
    assert [unpair(shared, one) for one in (*others, own, told["key"])] == [403] * 3
    assert [unpair(shared, one) for one in ("", "gw_secret_" + "x" * 43)] == [401, 401]
    assert unpair(shared, told["secret"], OTHER) == 403
    assert ask(shared, told["secret"]) == 200


def test_a_friends_own_coupon_is_put_in_once_the_shop_has_it(joining: Joining) -> None:
    ask(joining, paired(joining)["secret"])
    friend = a_friend(joining.place)
    friend.take()
    assert "goodword_coupon=" not in friend.open().text
    joining.work()
    shown = friend.open()
    assert f"goodword_coupon={coupon_on(shown)}" in shown.text


def test_an_advocate_uses_a_reward_by_its_button(joining: Joining) -> None:
    told = paired(joining)
    referrals = joining.house.referrals(SHOP)
    referrals.record_order(an_order())
    joining.clock.to(RELEASE)
    joining.house.engine.work({"till": Obedient()})
    (reward,) = referrals.rewards.list("c-1")
    come_in(joining.place)
    front = joining.standin.url
    assert f'<a class="go" href="{front}/">Use it now</a>' in page(joining.place)
    ask(joining, told["secret"])
    way = f"{front}/?goodword_coupon={reward.text}"
    html = page(joining.place)
    assert f'<a class="go" href="{way}">Use it now</a>' in html
    assert "The button applies it for you." in html
    assert "Type it in" not in html


# Who asks to be forgotten.


def known(joining: Joining, shop: str = SHOP) -> bool:
    try:
        joining.house.referrals(shop).people.export("alice@shop.example")
    except UnknownPerson:
        return False
    return True


def test_the_plugin_has_a_person_told_of_and_forgotten(joining: Joining) -> None:
    secret = paired(joining)["secret"]
    assert ask(joining, secret, "/v1/people/export", id="alice@shop.example") == 200
    assert ask(joining, secret, "/v1/people/forget", id="alice@shop.example") == 204
    assert not known(joining)
    # Told twice, as after an answer that was lost: there is nobody left, and nothing else happens.
    headers = {"Authorization": f"Bearer {secret}"}
    again = joining.client.post(
        "/v1/people/forget", json={"id": "alice@shop.example"}, headers=headers
    )
    # The plugin takes this answer, and no other 404, for the end of it.
    assert (again.status_code, problem(again)["reason"]) == (404, "unknown_person")


def test_one_shop_has_nobody_of_another_forgotten(joining: Joining) -> None:
    secret = paired(joining)["secret"]
    connect(joining.house, OTHER)
    a_shop_with(joining.house.referrals(OTHER))
    assert ask(joining, secret, "/v1/people/forget", id="alice@shop.example") == 204
    assert (known(joining), known(joining, OTHER)) == (False, True)


def test_what_a_page_holds_has_nobody_forgotten(joining: Joining) -> None:
    told = paired(joining)
    for key in (told["key"], "gw_secret_" + "x" * 43, ""):
        assert ask(joining, key, "/v1/people/forget", id="alice@shop.example") in (401, 403)
    assert known(joining)


def test_a_shop_that_was_left_has_nobody_forgotten(joining: Joining) -> None:
    secret = paired(joining)["secret"]
    leaving.leave(joining.house, SHOP, Coupons.KEEP)
    assert ask(joining, secret, "/v1/people/forget", id="alice@shop.example") == 401
    assert known(joining)
    assert {key.label for key in joining.house.keyring.of(SHOP)} == {PLUGIN}
