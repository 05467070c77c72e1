"""What is taken in from a shop, what is turned away, and what is kept of it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword_server.house import House
from goodword_server.settings import Settings
from goodword_woocommerce.standin import SECRET, Recorded, names, recorded, signed
from tests.sdk.builders import Clock
from tests.server.builders import PAID, Place, a_house, a_place, connect

if TYPE_CHECKING:
    from typing_extensions import Buffer

PING = "ping"
SIGNATURE = "X-WC-Webhook-Signature"
MOST = 10_000


def test_each_recorded_delivery_is_kept_once(place: Place) -> None:
    sent = [recorded(name) for name in names() if name != PING]
    assert [place.deliver(one) for one in sent] == [200] * len(sent)
    kept = [(row["state"], row["hash"]) for row in place.inbox()]
    assert kept == [("new", hashlib.sha256(one.body).hexdigest()) for one in sent]


def test_what_is_kept_can_be_read_back_to_the_byte(place: Place) -> None:
    sent = recorded(PAID)
    place.deliver(sent)
    sealed = bytes(place.inbox()[0]["body"])
    assert place.house.vault.open(sealed, "tea-house", "inbox") == sent.body


def test_nobody_who_sees_the_table_reads_the_body(place: Place) -> None:
    place.deliver(PAID)
    kept = b"".join(repr(value).encode() for value in place.inbox()[0].values())
    for secret in (b"bob.buyer@friend.example", b"Sample Road", b"wc_order_", b"billing"):
        assert secret in recorded(PAID).body
        assert secret not in kept


def test_headers_that_tell_where_a_person_is_are_not_kept(place: Place) -> None:
    telling = {
        "Cookie": "session=abc",
        "Authorization": "Bearer abc",
        "Forwarded": "for=192.0.2.1",
        "X-Forwarded-For": "192.0.2.1",
        "X-Original-Forwarded-For": "192.0.2.1",
        "X-Real-IP": "192.0.2.1",
        "X-Client-IP": "192.0.2.1",
        "X-Cluster-Client-IP": "192.0.2.1",
        "X-Azure-ClientIP": "192.0.2.1",
        "X-Envoy-External-Address": "192.0.2.1",
        "X-Api-Key": "abc",
        "X-CSRF-Token": "abc",
        "CF-Connecting-IP": "192.0.2.1",
        "True-Client-IP": "192.0.2.1",
        "User-Agent": "WooCommerce",
    }
    assert place.deliver(PAID, **telling) == 200
    kept = json.loads(place.inbox()[0]["headers"])
    assert {name for name in kept if not name.startswith("x-wc-webhook-")} == {"content-type"}
    assert kept["x-wc-webhook-topic"] == "order.updated"


def test_the_shop_is_answered_in_plain_text_with_nothing_of_the_order(place: Place) -> None:
    sent = recorded(PAID)
    answer = place.post(sent.body, sent.headers)
    assert (answer.mimetype, answer.get_data(as_text=True)) == ("text/plain", "kept")


def test_the_same_delivery_twice_is_two_rows(place: Place) -> None:
    # Whether it says anything new is decided by who reads it, not by who takes it in.
    assert [place.deliver(PAID), place.deliver(PAID)] == [200, 200]
    assert len(place.inbox()) == 2


# The ping.


def test_a_ping_is_answered_and_leaves_nothing(place: Place) -> None:
    assert place.deliver(PING) == 200
    assert place.inbox() == []


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"webhook_id=1&more=2", {}),
        (b"webhook_id=1\n", {}),
        (b"webhook_id=", {}),
        (b"webhook_id=one", {}),
        (b"webhook_id=" + b"1" * 200, {}),
        (b" webhook_id=1", {}),
        (b"", {}),
        (b"webhook_id=1", {"Content-Type": "application/json"}),
        (b"webhook_id=1", {"X-WC-Webhook-Topic": "order.updated"}),
        (b"webhook_id=1", {SIGNATURE: ""}),
    ],
)
def test_what_only_looks_like_a_ping_is_turned_away(
    door: Place, body: bytes, headers: Mapping[str, str]
) -> None:
    assert door.post(body, {**recorded(PING).headers, **headers}).status_code == 401
    assert door.inbox() == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "é/;"])
def test_what_was_signed_is_kept_whatever_it_calls_itself(place: Place, kind: str) -> None:
    sent = recorded(PAID)
    assert place.post(sent.body, {**sent.headers, "Content-Type": kind}).status_code == 200
    assert len(place.inbox()) == 1


# What is not signed.


@pytest.mark.parametrize("signature", [None, "", "=", "garbage", "é" * 20, "ÿ", "\t", "x" * 5000])
def test_without_a_good_signature_nothing_is_kept(door: Place, signature: str | None) -> None:
    sent = recorded(PAID)
    assert door.post(sent.body, {**sent.headers, SIGNATURE: signature}).status_code == 401
    assert door.inbox() == []


@pytest.mark.parametrize("place_in_body", [0, 1, 700, -1])
def test_one_flipped_bit_is_enough(door: Place, place_in_body: int) -> None:
    sent = recorded(PAID)
    body = bytearray(sent.body)
    body[place_in_body] ^= 1
    assert door.deliver(Recorded(sent.headers, bytes(body))) == 401
    assert door.inbox() == []


def test_the_same_json_written_anew_is_not_what_was_signed(door: Place) -> None:
    sent = recorded(PAID)
    assert door.deliver(Recorded(sent.headers, json.dumps(sent.json).encode())) == 401
    assert door.inbox() == []


def test_another_shops_secret_opens_nothing(house: House) -> None:
    place = a_place(house)
    connect(house, "other", secrets=["another-secret"])
    theirs = signed(recorded(PAID).body, "order.updated", "another-secret")
    assert place.deliver(theirs) == 401
    assert place.deliver(theirs, path="hook-of-other") == 200
    assert [row["shop"] for row in place.inbox()] == ["other"]


def test_while_secrets_rotate_both_are_taken(house: House) -> None:
    place = a_place(house, secrets=["new-secret", SECRET])
    body = recorded(PAID).body
    assert place.deliver(signed(body, "order.updated", "new-secret")) == 200
    assert place.deliver(signed(body, "order.updated", SECRET)) == 200
    assert place.deliver(signed(body, "order.updated", "neither")) == 401


def test_the_refusal_tells_no_secret(door: Place) -> None:
    sent = recorded(PAID)
    answer = door.post(sent.body, {**sent.headers, SIGNATURE: "wrong"})
    told = answer.get_data(as_text=True)
    assert "not signed with a secret of this installation" in told
    assert SECRET not in told
    assert "wrong" not in told


# Where nobody delivers.


@pytest.mark.parametrize(
    "address",
    [
        "/hooks/woocommerce/nobody-lives-here",
        "/hooks/woocommerce/hook-of-tea-hous",
        "/hooks/woocommerce/%00",
        "/hooks/woocommerce/茶",
        f"/hooks/woocommerce/{'x' * 3000}",
        "/hooks/shopware/hook-of-tea-house",
        "/hooks/nonsense/hook-of-tea-house",
        "/hooks/%00/hook-of-tea-house",
        "/hooks/woocommerce/",
        "/hooks/woocommerce",
        "/hooks/",
    ],
)
def test_an_unknown_address_is_not_found(door: Place, address: str) -> None:
    sent = recorded(PAID)
    assert door.client.post(address, data=sent.body, headers=dict(sent.headers)).status_code == 404
    assert door.inbox() == []


def test_a_hook_is_no_page(door: Place) -> None:
    answer = door.client.get(f"/hooks/woocommerce/{door.connected.path}")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


# Too much.


@pytest.fixture
def small(url: str, clock: Clock) -> Iterator[Place]:
    with a_house(url, clock, body_most=MOST) as house:
        yield a_place(house)


def of_size(size: int) -> Recorded:
    return signed(b'{"id":17' + b" " * (size - 9) + b"}", "order.updated")


def test_a_delivery_at_the_limit_is_taken(small: Place) -> None:
    assert small.deliver(of_size(MOST)) == 200
    assert streamed(small, of_size(MOST)) == 200
    assert len(small.inbox()) == 2


@pytest.mark.parametrize("size", [MOST + 1, 50 * MOST])
def test_a_delivery_over_the_limit_is_turned_away(small: Place, size: int) -> None:
    assert small.deliver(of_size(size)) == 413
    assert small.inbox() == []


@pytest.mark.parametrize("size", [MOST + 1, 50 * MOST])
def test_so_is_one_that_does_not_say_how_long_it_is(small: Place, size: int) -> None:
    assert streamed(small, of_size(size)) == 413
    assert small.inbox() == []


@pytest.mark.slow
def test_a_delivery_that_trickles_in_is_taken_whole(small: Place) -> None:
    assert streamed(small, recorded(PAID), Trickle(recorded(PAID).body)) == 200
    assert streamed(small, of_size(MOST + 1), Trickle(of_size(MOST + 1).body)) == 413


class Trickle(io.BytesIO):
    """A body that comes a little at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(100)

    def readinto(self, buffer: Buffer, /) -> int:
        return super().readinto(memoryview(buffer)[:100])


def test_one_that_says_less_than_it_sends_is_cut_and_so_unsigned(small: Place) -> None:
    sent = recorded(PAID)
    answer = small.client.post(
        f"/hooks/woocommerce/{small.connected.path}",
        data=sent.body,
        headers=dict(sent.headers),
        environ_overrides={"CONTENT_LENGTH": "100"},
    )
    assert answer.status_code == 401


def test_the_limit_is_a_megabyte() -> None:
    assert Settings.__dataclass_fields__["body_most"].default == 1_048_576


def streamed(place: Place, sent: Recorded, stream: io.BytesIO | None = None) -> int:
    """Send a body as a chunked one arrives: its end known to the server alone."""
    return place.client.post(
        f"/hooks/woocommerce/{place.connected.path}",
        input_stream=stream or io.BytesIO(sent.body),
        headers=dict(sent.headers),
        environ_overrides={"wsgi.input_terminated": True},
    ).status_code


# Whatever comes.


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.one_of(
        st.just("hook-of-tea-house"), st.binary(max_size=20).map(lambda raw: raw.decode("latin-1"))
    ),
    body=st.one_of(st.binary(max_size=200), st.just(b"webhook_id=1"), st.just(recorded(PAID).body)),
    headers=st.dictionaries(
        st.sampled_from(
            [
                *recorded(PAID).headers,
                "Content-Length",
                "Content-Encoding",
                "Transfer-Encoding",
                "X-WC-Webhook-Signature-2",
                "X-\x7f",
            ]
        ),
        st.one_of(
            st.sampled_from(sorted({*recorded(PAID).headers.values(), "-1", "9" * 30, "0x10"})),
            st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
        ),
        max_size=6,
    ),
)
def test_nothing_from_outside_breaks_a_hook(
    place: Place, path: str, body: bytes, headers: dict[str, str]
) -> None:
    before = len(place.inbox())
    answer = place.client.post(
        "/",
        data=body,
        headers=headers,
        environ_overrides={"PATH_INFO": f"/hooks/woocommerce/{path}"},
    )
    assert answer.status_code in {200, 401, 404, 413}
    kept = answer.get_data(as_text=True) == "kept"
    assert len(place.inbox()) == before + kept
    # Only what the shop signed is kept, whatever stands around it.
    assert not kept or body == recorded(PAID).body
