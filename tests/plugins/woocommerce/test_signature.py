from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.errors import DeliveryRefused
from goodword_woocommerce.signature import check, signature
from goodword_woocommerce.standin import SECRET, names, recorded

BODY = recorded("order-deleted").body
SIGNED = [name for name in names() if name != "ping"]


@pytest.mark.parametrize("name", SIGNED)
def test_what_a_real_shop_signed_is_signed(name: str) -> None:
    sent = recorded(name)
    assert signature(sent.body, SECRET) == sent.headers["X-WC-Webhook-Signature"]


def test_one_of_several_secrets_is_enough_so_that_they_can_rotate() -> None:
    check(BODY, signature(BODY, "old"), ["new", "old"])


@pytest.mark.parametrize("secrets", [[], [""], ["other"]], ids=["none", "empty", "other"])
def test_without_the_right_secret_nothing_passes(secrets: list[str]) -> None:
    with pytest.raises(DeliveryRefused):
        check(BODY, signature(BODY, SECRET), secrets)


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(DeliveryRefused):
        check(BODY, signature(BODY, ""), ["", SECRET])


@pytest.mark.parametrize("claimed", [None, "", " ", "=", "簽名", "é" * 44, "\ud800", "A" * 100_000])
def test_a_missing_or_odd_signature_is_refused_like_a_wrong_one(claimed: str | None) -> None:
    with pytest.raises(DeliveryRefused):
        check(BODY, claimed, [SECRET])


@given(claimed=st.text())
def test_no_header_raises_anything_else(claimed: str) -> None:
    with pytest.raises(DeliveryRefused):
        check(BODY, claimed, [SECRET])


@given(place=st.integers(0, 2992), bit=st.integers(0, 7))
def test_a_single_bit_decides(place: int, bit: int) -> None:
    sent = recorded("order-updated-partial-refund")
    body = bytearray(sent.body)
    body[place] ^= 1 << bit
    with pytest.raises(DeliveryRefused):
        check(bytes(body), sent.headers["X-WC-Webhook-Signature"], [SECRET])
