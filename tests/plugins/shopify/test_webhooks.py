"""Shopify's deliveries at the border."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode

import pytest

from goodword import DeliveryRefused
from goodword.platforms import Delivery
from goodword_shopify.webhooks import address, verify

BODY = b'{"id": 820982911946154508}'
SECRET = "hush"


def delivered(*, body: bytes = BODY, **headers: str) -> Delivery:
    return Delivery("", {name.replace("_", "-"): text for name, text in headers.items()}, body)


def signed(secret: str = SECRET) -> str:
    return b64encode(hmac.new(secret.encode(), BODY, hashlib.sha256).digest()).decode()


def test_what_the_app_signed_is_believed() -> None:
    verify(delivered(x_shopify_hmac_sha256=signed()), ["other", SECRET])


@pytest.mark.parametrize("signature", ["", signed("other"), "né", "=" * 10_000])
def test_what_it_did_not_sign_is_refused(signature: str) -> None:
    with pytest.raises(DeliveryRefused):
        verify(delivered(x_shopify_hmac_sha256=signature), [SECRET])


def test_one_flipped_byte_is_refused() -> None:
    with pytest.raises(DeliveryRefused):
        verify(delivered(body=b"[" + BODY[1:], x_shopify_hmac_sha256=signed()), [SECRET])


def test_the_domain_is_only_a_claim() -> None:
    found = address(delivered(x_shopify_shop_domain="Tea-House.myshopify.com"))
    assert (found.installation, found.claimed) == ("tea-house.myshopify.com", True)


@pytest.mark.parametrize(
    "domain", ["", "evil.example", "tea.myshopify.com.evil.example", "-.myshopify.com", "a/b"]
)
def test_a_domain_that_cannot_be_shopifys_names_nobody(domain: str) -> None:
    assert address(delivered(x_shopify_shop_domain=domain)).installation == ""
