from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import goodword.platforms
from goodword.errors import DeliveryRefused, Invalid, OrderInvalid
from goodword.model.worth import Kind
from goodword.platforms import Address, Alarm, Delivery, Installation, OrderChanged, OrderGone
from goodword.watching import Connects, Watches
from goodword_woocommerce import WooCommerce
from goodword_woocommerce.platform import LOST_RIGHTS
from goodword_woocommerce.standin import SECRET, Recorded, names, recorded, signed

WOO = WooCommerce()
SHOP = Installation(shop="bean-street", platform="woocommerce", url="https://shop.example")
PING = recorded("ping").delivery("token")
COMPLETE = {
    "order-updated-before-created": "16",
    "order-created-block-cod-coupon": "16",
    "order-updated-cod-completed": "16",
    "order-created-bacs-onhold-coupon": "17",
    "order-updated-bacs-processing-paid": "17",
    "order-updated-completed": "17",
    "order-updated-cancelled": "20",
    "order-updated-failed": "23",
    "order-created-classic-attribution-coupon": "26",
    "order-created-same-delivery-id-a": "28",
    "order-created-same-delivery-id-b": "29",
    "order-created-browser-block-attribution-coupon": "37",
    "order-created-pending-admin-api": "43",
}
WITH_REFUNDS = {
    "order-updated-partial-refund": "17",
    "order-updated-fully-refunded": "17",
    "order-created-already-refunded": "27",
}
NOTHING = {
    "order-created-body-is-error-404",
    "coupon-created-percent",
    "coupon-created-reward-fixed-email",
    "coupon-updated",
    "customer-created-at-checkout",
    "customer-created-rest",
    "customer-deleted",
    "customer-updated",
}


def read(sent: Recorded) -> list[Any]:
    return list(WOO.read(sent.delivery("token"), SHOP))


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_it_is_found_by_its_name_and_says_what_it_grants() -> None:
    found = goodword.platforms.platform("woocommerce")
    assert isinstance(found, WooCommerce)
    assert found.name == "woocommerce"
    assert found.grants == {
        Kind.AMOUNT_OFF,
        Kind.PERCENT_OFF,
        Kind.FREE_SHIPPING,
        Kind.FREE_PRODUCT,
    }
    assert isinstance(found, Watches)
    assert isinstance(found, Connects)


@pytest.mark.parametrize("path", ["token", "token/", "token/order.updated", "/token/a/b"])
def test_the_first_step_of_the_path_says_whose_it_is(path: str) -> None:
    found = WOO.address(recorded("order-deleted").delivery(path))
    assert found == Address("token", claimed=False)


def test_every_recording_is_named_here() -> None:
    assert set(names()) == {*COMPLETE, *WITH_REFUNDS, *NOTHING, "order-deleted", "ping"}


@pytest.mark.parametrize("name", [name for name in names() if name != "ping"])
def test_every_signed_recording_is_accepted_and_a_flipped_byte_is_not(name: str) -> None:
    sent = recorded(name).delivery("token")
    WOO.verify(sent, ["older", SECRET])
    middle = len(sent.body) // 2
    flipped = sent.body[:middle] + bytes([sent.body[middle] ^ 1]) + sent.body[middle + 1 :]
    rewritten = body(json.loads(sent.body))
    for other in (flipped, rewritten, b"", sent.body + b"\n"):
        with pytest.raises(DeliveryRefused):
            WOO.verify(Delivery(sent.path, sent.headers, other), [SECRET])


def test_the_ping_is_not_signed_and_is_a_ping() -> None:
    assert WOO.is_ping(PING)
    with pytest.raises(DeliveryRefused):
        WOO.verify(PING, [SECRET])


@pytest.mark.parametrize(
    "sent",
    [
        Delivery("token", PING.headers, b"webhook_id="),
        Delivery("token", PING.headers, b"webhook_id=1&order=2"),
        Delivery("token", PING.headers, b"webhook_id=1\n"),
        Delivery("token", PING.headers, b"webhook_id=" + b"1" * 21),
        Delivery("token", {**PING.headers, "content-type": "application/json"}, PING.body),
        Delivery("token", {**PING.headers, "x-wc-webhook-topic": "order.created"}, PING.body),
        Delivery("token", {}, PING.body),
        recorded("order-deleted").delivery("token"),
    ],
)
def test_nothing_else_is_a_ping(sent: Delivery) -> None:
    assert not WOO.is_ping(sent)


def test_a_charset_does_not_hide_a_ping() -> None:
    kind = "Application/X-WWW-Form-Urlencoded; charset=UTF-8"
    assert WOO.is_ping(Delivery("token", {"content-type": kind}, b"webhook_id=12"))


@pytest.mark.parametrize(("name", "id"), COMPLETE.items())
def test_an_order_without_refunds_is_told_whole(name: str, id: str) -> None:
    (news,) = read(recorded(name))
    assert isinstance(news, OrderChanged)
    assert (news.order.id, news.complete) == (id, True)


@pytest.mark.parametrize(("name", "id"), WITH_REFUNDS.items())
def test_an_order_with_refunds_waits_for_the_till(name: str, id: str) -> None:
    (news,) = read(recorded(name))
    assert isinstance(news, OrderChanged)
    assert (news.order.id, news.complete) == (id, False)


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_what_does_not_concern_us_is_nothing(name: str) -> None:
    assert read(recorded(name)) == []


def test_a_trashed_order_is_gone() -> None:
    assert read(recorded("order-deleted")) == [OrderGone(id="23")]


def test_a_restored_order_is_told_like_any_other() -> None:
    sent = signed(recorded("order-updated-completed").body, "order.restored")
    (news,) = read(sent)
    assert news == read(recorded("order-updated-completed"))[0]


def test_a_webhook_whose_owner_lost_rights_raises_an_alarm() -> None:
    error = {"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 403}}
    assert read(signed(body(error), "order.updated")) == [Alarm(reason=LOST_RIGHTS)]


@pytest.mark.parametrize(
    ("topic", "sent"),
    [
        ("order.updated", {"id": 23}),
        ("order.updated", recorded("customer-updated").json),
        ("order.updated", {"code": "internal_server_error", "message": "?"}),
        ("order.updated", {"code": ["odd"]}),
        ("order.updated", []),
        ("order.updated", None),
        ("order.updated", 17),
        ("order.deleted", recorded("order-updated-completed").json),
        ("order.deleted", {"id": "23"}),
        ("order.deleted", {"id": 0}),
        ("order.deleted", {}),
    ],
)
def test_a_body_that_does_not_fit_its_topic_is_kept_for_a_person(topic: str, sent: Any) -> None:
    with pytest.raises(OrderInvalid):
        read(signed(body(sent), topic))


@pytest.mark.parametrize("topic", ["", "order", "order.exploded", "action.woocommerce_x", "產品"])
def test_an_unknown_topic_is_nothing_whatever_it_holds(topic: str) -> None:
    assert read(signed(b"not even JSON", topic)) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ORDER = recorded("order-updated-fully-refunded").json


@pytest.mark.slow
@given(
    name=st.sampled_from(sorted(ORDER)),
    inside=st.booleans(),
    value=JSON,
    topic=st.sampled_from(["order.updated", "order.deleted"]),
)
def test_no_signed_body_can_raise_anything_but_invalid(
    name: str, inside: bool, value: Any, topic: str
) -> None:
    changed = json.loads(json.dumps(ORDER))
    holder, key = changed, name
    if inside and isinstance(changed[name], list) and changed[name]:
        holder = changed[name][0]
        key = sorted(holder)[len(repr(value)) % len(holder)]
    holder[key] = value
    with suppress(Invalid):
        read(signed(body(changed), topic))


# A copy of the shop.


def from_(sent: Recorded, source: str) -> list[Any]:
    headers = {**sent.headers, "X-WC-Webhook-Source": source}
    return list(WOO.read(Recorded(headers, sent.body).delivery("token"), SHOP))


@pytest.mark.parametrize(
    "source",
    [
        "https://shop.example/",
        "http://shop.example/",
        "https://www.Shop.example",
    ],
)
def test_a_shop_is_believed_by_each_of_its_addresses(source: str) -> None:
    (news,) = from_(recorded("order-updated-completed"), source)
    assert isinstance(news, OrderChanged)


@pytest.mark.parametrize(
    "source",
    [
        "https://staging.shop.example/",
        "https://shop.example/staging/",
        "http://localhost:8080/",
        "http://[",
        "",
    ],
)
@pytest.mark.parametrize("name", [*COMPLETE, *WITH_REFUNDS])
def test_of_what_a_copy_of_the_shop_tells_the_number_alone_is_believed(
    source: str, name: str
) -> None:
    expected = {**COMPLETE, **WITH_REFUNDS}[name]
    assert from_(recorded(name), source) == [OrderGone(id=expected)]


def test_an_alarm_of_a_copy_stays_one() -> None:
    lost = signed(body({"code": "woocommerce_rest_cannot_view"}), "order.updated")
    assert from_(lost, "https://staging.shop.example/") == [Alarm(reason=LOST_RIGHTS)]
