"""A shop made of recordings, for the demo and the tests: no WordPress, no PHP, no network."""

from goodword_woocommerce.standin.coupons import CouponRefused
from goodword_woocommerce.standin.recording import (
    SECRET,
    Recorded,
    answer,
    derived,
    names,
    paid_37,
    recorded,
    signed,
)
from goodword_woocommerce.standin.server import AgreementRefused, StandIn
from goodword_woocommerce.standin.shop import Fault, Shop

__all__ = [
    "SECRET",
    "AgreementRefused",
    "CouponRefused",
    "Fault",
    "Recorded",
    "Shop",
    "StandIn",
    "answer",
    "derived",
    "names",
    "paid_37",
    "recorded",
    "signed",
]
