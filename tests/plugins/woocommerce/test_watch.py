"""A connected shop kept in step: its webhooks, its coupons, and how it is set up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from goodword.errors import AnswerLost, TillDown, TillRefused
from goodword.model.followup import Grant
from goodword.model.worth import Kind, Worth, amount_off, free_product, free_shipping, percent_off
from goodword.watching import Differing, Giving, Promised
from goodword_woocommerce.client import Client
from goodword_woocommerce.standin import Fault, StandIn, recorded
from goodword_woocommerce.till import WooTill
from goodword_woocommerce.watch import TOPICS, WooWatch

ADDRESS = "https://thanks.example/hooks/woocommerce/unguessable-path"
EXPIRES = datetime(2027, 1, 31, 23, 0, tzinfo=UTC)


@pytest.fixture
def watch(standin: StandIn) -> WooWatch:
    return watch_of(standin)


def watch_of(standin: StandIn, timeout: float = 5.0) -> WooWatch:
    return WooWatch(Client(standin.installation("bean"), timeout=timeout), standin.url, {})


def hooks(standin: StandIn) -> list[tuple[str, str, str]]:
    return [
        (hook["topic"], hook["status"], hook["delivery_url"])
        for hook in standin.shop.hooks.by_id.values()
    ]


def standing(address: str = ADDRESS) -> list[tuple[str, str, str]]:
    return [(topic, "active", address) for topic in TOPICS]


# Webhooks.


def test_a_shop_is_asked_to_tell_of_orders(standin: StandIn, watch: WooWatch) -> None:
    assert watch.listen(ADDRESS, "secret1") == ("made",)
    assert hooks(standin) == standing()
    assert set(standin.shop.hooks.secrets.values()) == {"secret1"}
    assert watch.listen(ADDRESS, "secret1") == ()
    assert hooks(standin) == standing()


def test_what_it_then_tells_is_signed_with_our_secret(standin: StandIn, watch: WooWatch) -> None:
    watch.listen(ADDRESS, "secret1")
    body = recorded("order-updated-completed").body
    ((_, sent),) = standin.shop.hooks.tell("order.updated", body)
    assert sent.body == body
    assert sent.headers["X-WC-Webhook-Topic"] == "order.updated"


def test_a_webhook_that_failed_seven_times_is_revived(standin: StandIn, watch: WooWatch) -> None:
    watch.listen(ADDRESS, "secret1")
    id = next(iter(standin.shop.hooks.by_id))
    for _ in range(6):
        standin.shop.hooks.answered(id, 500)
    assert hooks(standin) == standing()
    standin.shop.hooks.answered(id, 500)
    assert ("order.created", "disabled", ADDRESS) in hooks(standin)
    assert watch.listen(ADDRESS, "secret1") == ("revived",)
    assert hooks(standin) == standing()
    # Its counter stands where it stood: one more failure, and it is off again.
    standin.shop.hooks.answered(id, 404)
    assert watch.listen(ADDRESS, "secret1") == ("revived",)


@pytest.mark.parametrize("status", ["paused", "disabled"])
def test_one_that_was_put_to_rest_by_hand_is_revived(
    standin: StandIn, watch: WooWatch, status: str
) -> None:
    watch.listen(ADDRESS, "secret1")
    for hook in standin.shop.hooks.by_id.values():
        hook["status"] = status
    assert watch.listen(ADDRESS, "secret1") == ("revived",)
    assert hooks(standin) == standing()


def test_one_that_was_deleted_is_made_anew(standin: StandIn, watch: WooWatch) -> None:
    watch.listen(ADDRESS, "secret1")
    standin.shop.hooks.delete(next(iter(standin.shop.hooks.by_id)))
    assert watch.listen(ADDRESS, "secret1") == ("made",)
    assert sorted(hooks(standin)) == sorted(standing())


def test_after_our_address_changed_they_lead_to_the_new_one(
    standin: StandIn, watch: WooWatch
) -> None:
    watch.listen("https://old.example/hooks/woocommerce/unguessable-path", "secret1")
    assert watch.listen(ADDRESS, "secret1") == ("moved",)
    assert hooks(standin) == standing()


def test_the_shops_other_webhooks_are_not_touched(standin: StandIn, watch: WooWatch) -> None:
    theirs = {"topic": "order.updated", "delivery_url": "https://else.example/hooks", "secret": "x"}
    standin.shop.hooks.make(theirs)
    other = {**theirs, "delivery_url": "https://thanks.example/hooks/woocommerce/another-shop"}
    standin.shop.hooks.make(other)
    before = hooks(standin)
    watch.listen(ADDRESS, "secret1", afresh=True)
    watch.leave(ADDRESS)
    assert hooks(standin) == before


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DROP])
def test_one_whose_making_nobody_heard_of_is_adopted(standin: StandIn, fault: Fault) -> None:
    watch = watch_of(standin, timeout=0.3)
    standin.fail(Fault.NONE, fault)
    with pytest.raises(AnswerLost):
        watch.listen(ADDRESS, "secret1")
    assert watch.listen(ADDRESS, "secret1") == ("made",)
    assert hooks(standin) == standing()
    assert set(standin.shop.hooks.secrets.values()) == {"secret1"}


def test_two_for_one_topic_become_one(standin: StandIn, watch: WooWatch) -> None:
    watch.listen(ADDRESS, "secret1")
    twin = {"topic": "order.updated", "delivery_url": ADDRESS, "secret": "secret1"}
    stray = {"topic": "coupon.updated", "delivery_url": ADDRESS, "secret": "secret1"}
    for body in (twin, stray):
        standin.shop.hooks.make(body | {"status": "active"})
    assert watch.listen(ADDRESS, "secret1") == ("doubled",)
    assert sorted(hooks(standin)) == sorted(standing())


def test_a_rotated_secret_is_told_to_each(standin: StandIn, watch: WooWatch) -> None:
    watch.listen(ADDRESS, "secret1")
    assert watch.listen(ADDRESS, "secret2", rotated=True) == ()
    assert set(standin.shop.hooks.secrets.values()) == {"secret2"}
    assert len(standin.shop.hooks.secrets) == len(TOPICS)


def test_made_afresh_they_are_others(standin: StandIn, watch: WooWatch) -> None:
    watch.listen(ADDRESS, "secret1")
    before = set(standin.shop.hooks.by_id)
    assert watch.listen(ADDRESS, "secret2", afresh=True) == ("made",)
    assert before.isdisjoint(standin.shop.hooks.by_id)
    assert hooks(standin) == standing()


def test_leaving_removes_each_and_may_be_repeated(standin: StandIn, watch: WooWatch) -> None:
    watch.listen(ADDRESS, "secret1")
    standin.fail(Fault.NONE, Fault.NONE, Fault.DROP)
    with pytest.raises(AnswerLost):
        watch.leave(ADDRESS)
    watch.leave(ADDRESS)
    watch.leave(ADDRESS)
    assert hooks(standin) == []


def test_a_shop_that_is_down_keeps_them_and_says_so(standin: StandIn, watch: WooWatch) -> None:
    standin.fail(Fault.DOWN)
    with pytest.raises(TillDown):
        watch.listen(ADDRESS, "secret1")
    with_wall = watch_of(standin)
    standin.fail(Fault.WALL)
    with pytest.raises(TillRefused, match="in front of the shop"):
        with_wall.listen(ADDRESS, "secret1")


# Orders that are gone.


def test_what_the_shop_no_longer_shows_is_missing(standin: StandIn, watch: WooWatch) -> None:
    standin.shop.show("order-updated-completed")
    standin.shop.show("order-updated-cod-completed")
    standin.shop.show({"id": 16})
    assert watch.missing(["17", "16", "999", "odd", "１７"]) == ["16", "999"]
    assert watch.missing([]) == []


def test_many_are_asked_for_a_hundred_at_a_time(standin: StandIn, watch: WooWatch) -> None:
    assert len(watch.missing([str(id) for id in range(1, 251)])) == 250
    assert standin.calls == ["GET orders"] * 3


# Coupons that say what was promised.

PROMISES = [
    amount_off("3.60", "GBP"),
    percent_off("12.5"),
    free_shipping(),
    free_product("73"),
]


def made(till: WooTill, grant: Grant, worth: Worth | None = None, **changes: Any) -> Promised:
    asked = replace(grant, worth=worth or grant.worth, expires=EXPIRES, **changes)
    return Promised(grant=asked, remote=till.grant(asked).remote)


@pytest.mark.parametrize("worth", PROMISES, ids=lambda worth: str(worth.kind))
def test_what_was_made_says_what_was_promised(
    till: WooTill, watch: WooWatch, grant: Grant, worth: Worth
) -> None:
    assert watch.differing([made(till, grant, worth)]) == []


def test_so_does_one_without_end_and_without_an_owner(
    till: WooTill, watch: WooWatch, grant: Grant
) -> None:
    asked = replace(grant, email=None, expires=None)
    remote = till.grant(asked).remote
    assert watch.differing([Promised(grant=asked, remote=remote)]) == []


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("amount", "3.59", "amount"),
        ("amount", "much", "amount"),
        ("discount_type", "percent", "kind"),
        ("free_shipping", True, "kind"),
        ("usage_limit", None, "limit"),
        ("usage_limit", 5, "limit"),
        ("email_restrictions", [], "email"),
        ("email_restrictions", ["mallory@else.example"], "email"),
        ("email_restrictions", ["alice.advocate@shop.example", "m@else.example"], "email"),
        ("date_expires_gmt", None, "expires"),
        ("date_expires_gmt", "2026-12-01T00:00:00", "expires"),
        ("status", "draft", "status"),
        ("code", "thanks-mei", "code"),
        ("exclude_sale_items", True, "narrowed"),
        ("minimum_amount", "50.00", "narrowed"),
        ("maximum_amount", "5", "narrowed"),
        ("product_ids", [12], "narrowed"),
        ("excluded_product_categories", [3], "narrowed"),
    ],
)
def test_what_the_owner_changed_is_named(
    standin: StandIn, till: WooTill, watch: WooWatch, grant: Grant,
    field: str, value: Any, told: str,
) -> None:  # fmt: skip
    one, other = made(till, grant), made(till, grant, id="grant-2", text="other")
    standin.shop.coupons.by_id[int(one.remote)][field] = value
    assert watch.differing([one, other]) == [Differing(text=grant.text, what=(told,))]


def test_how_a_shop_writes_what_was_promised_does_not_matter(
    standin: StandIn, till: WooTill, watch: WooWatch, grant: Grant
) -> None:
    one = made(till, grant)
    standin.shop.coupons.by_id[int(one.remote)] |= {
        "amount": "3.6000",
        "email_restrictions": ["Alice.Advocate@SHOP.example"],
        "minimum_amount": "0",
    }
    assert watch.differing([one]) == []


@pytest.mark.parametrize("force", [True, False])
def test_one_that_was_deleted_is_gone(
    standin: StandIn, till: WooTill, watch: WooWatch, grant: Grant, force: bool
) -> None:
    one = made(till, grant)
    standin.shop.coupons.delete(int(one.remote), force=force)
    assert watch.differing([one]) == [Differing(text=grant.text, what=("gone",))]


def test_what_was_used_was_kept(
    standin: StandIn, till: WooTill, watch: WooWatch, grant: Grant
) -> None:
    one = made(till, grant)
    standin.shop.use_coupon(grant.text, str(grant.email))
    standin.shop.coupons.by_id[int(one.remote)]["amount"] = "0.00"
    assert watch.differing([one]) == []


def test_what_is_left_of_one_is_what_is_promised_now(
    till: WooTill, watch: WooWatch, grant: Grant
) -> None:
    one = made(till, grant)
    granted = till.look(one.grant)
    assert granted is not None
    assert granted.remote == one.remote
    till.take_back(granted, amount_off("1.20", "GBP").amount)
    left = replace(one, grant=replace(one.grant, worth=amount_off("1.20", "GBP")))
    assert watch.differing([left]) == []
    assert watch.differing([one]) == [Differing(text=grant.text, what=("amount",))]


def test_after_a_move_they_are_found_by_their_text(
    till: WooTill, watch: WooWatch, grant: Grant
) -> None:
    one = made(till, grant)
    made(till, grant, id="grant-2", text="other")
    for remote in ("102", "9999", "odd"):
        assert watch.differing([replace(one, remote=remote)]) == []


def test_a_hundred_are_asked_for_at_once(
    standin: StandIn, till: WooTill, watch: WooWatch, grant: Grant
) -> None:
    all_of = [made(till, grant, id=f"g-{n}", text=f"text-{n}") for n in range(120)]
    standin.calls.clear()
    assert watch.differing(all_of) == []
    assert standin.calls == ["GET coupons"] * 2


# A shop that moved.


@pytest.mark.parametrize("home", ["https://new.example", "http://new.example/shop"])
def test_one_that_refuses_our_keys_since_it_moved_is_named(
    standin: StandIn, watch: WooWatch, home: str
) -> None:
    standin.shop.home = home
    with pytest.raises(TillRefused, match=f"it calls itself {home}: connect") as caught:
        watch.listen(ADDRESS, "s")
    assert (caught.value.facts["cause"], caught.value.facts["home"]) == ("calls_itself", home)


@pytest.mark.parametrize("home", ["", "javascript:alert(1)", "http://[", "https://" + "t" * 200])
def test_what_is_no_address_is_not_named(standin: StandIn, watch: WooWatch, home: str) -> None:
    standin.shop.home = home
    with pytest.raises(TillRefused, match="the keys were refused"):
        watch.listen(ADDRESS, "s")


# How it is set up.


def test_a_sound_shop_has_no_warnings(standin: StandIn, watch: WooWatch) -> None:
    condition = watch.condition()
    assert (condition.version, condition.home) == ("11.0.1", standin.url)
    assert condition.signs == ()


@pytest.mark.parametrize(
    ("facts", "warnings"),
    [
        ({"wp_cron": False}, ("cron_off",)),
        ({"home_url": "https://moved.example"}, ("moved",)),
        ({"version": "8.4.1"}, ("old",)),
        ({"version": "8.5.0"}, ()),
        ({"version": "odd", "wp_cron": None, "home_url": None}, ("old",)),
        ({"version": None, "home_url": 5}, ("moved",)),
    ],
)
def test_what_its_owner_should_look_at(
    standin: StandIn, watch: WooWatch, facts: dict[str, Any], warnings: tuple[str, ...]
) -> None:
    standin.shop.environment = facts
    assert tuple(one.reason for one in watch.condition().signs) == warnings


def test_a_program_that_promises_another_currency_is_told(
    standin: StandIn, watch: WooWatch
) -> None:
    giving = [Giving(kind=Kind.AMOUNT_OFF, unit="TWD"), Giving(kind=Kind.PERCENT_OFF)]
    (sign,) = watch.condition(giving).signs
    assert (sign.reason, sign.is_well) == ("currency_differs", False)
    assert sign.facts == {"currency": "GBP", "promised": "TWD"}
    standin.shop.currency = "TWD"
    assert watch.condition(giving).signs == ()
    # A shop that does not tell, and a program without amounts.
    standin.shop.currency = "?"
    assert watch.condition(giving).signs == ()
    standin.calls.clear()
    assert watch.condition(giving[1:]).signs == ()
    assert [call for call in standin.calls if "settings" in call] == []
