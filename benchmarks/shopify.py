"""Rewards granted at a Shopify shop, beside what its bucket of costs lets anybody do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from benchmarks.pace import Pace
from benchmarks.shop import Furnished
from benchmarks.table import COSTS, costs, show
from goodword.model.followup import Grant
from goodword.model.worth import Worth, amount_off, gift_card, store_credit
from goodword_shopify import Shopify
from goodword_shopify.standin import StandIn

REWARDS: Final = 1000
MOST: Final = 1.2
WORTHS: Final[Mapping[str, Worth]] = {
    "codes": amount_off("5.00", "EUR"),
    "gift cards": gift_card("5.00", "EUR"),
    "store credit": store_credit("5.00", "EUR"),
}
_DOMAIN: Final = "tea-house.myshopify.com"
_MEI: Final = "mei@example.com"
_NOTE: Final = (
    "  Seconds of the stand-in's own time, in which only waiting takes any.  Bucket: what all the\n"
    "  calls cost, less what it held when it was full, at the rate at which it fills.  Refused:\n"
    "  calls that came too soon."
)


def run(_: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each kind; no database takes part, and each round is like the other."""
    lines = [granted(name, worth, REWARDS) for name, worth in WORTHS.items()]
    header = ("", "ours", "bucket", *COSTS[3:], "refused")
    show(f"{REWARDS:,} rewards granted at a Shopify shop", header, lines, _NOTE)


def granted(name: str, worth: Worth, many: int) -> list[str]:
    """Return a line: how long it took to grant so many, and how long it must take."""
    with StandIn() as standin:
        standin.open(_DOMAIN).welcome(_MEI)
        bucket, began = standin.bucket(_DOMAIN), standin.clock.now()
        till = Shopify(
            now=standin.clock.now,
            clock=lambda: standin.clock.now().timestamp(),
            sleep=standin.clock.sleep,
        ).open(standin.installation("tea-house", _DOMAIN))
        for number in range(many):
            till.grant(_grant(number, worth))
        ours = (standin.clock.now() - began).total_seconds()
        limit = (sum(standin.costs) - bucket.holds) / bucket.restores
        return [*costs(name, [ours], [limit], most=MOST), str(standin.throttled)]


def _grant(number: int, worth: Worth) -> Grant:
    text = f"thanks-7q2k-{number:06}"
    return Grant(
        id=f"g-{number}", subject=f"{number}", person="c-1", worth=worth, text=text, email=_MEI
    )
