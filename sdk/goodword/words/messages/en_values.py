"""How values are written in English, and what to do about a text in doubt."""

from typing import Final

VALUES: Final = {
    "offer.amount_off": "{amount} off",
    "offer.percent_off": "{percent}% off",
    "offer.whole": "one order for free",
    "offer.free_shipping": "free shipping",
    "offer.free_product": "a free product",
    "reward.amount_off": "{amount} off your next order",
    "reward.percent_off": "{percent}% off your next order",
    "reward.whole": "your next order for free",
    "reward.free_shipping": "free shipping on your next order",
    "reward.free_product": "a free product",
    "reward.store_credit": "{amount} of store credit",
    "reward.gift_card": "a gift card of {amount}",
    "reward.points": "{amount}",
    "reward.commission": "a commission of {amount}",
    "reward.amount_off.share": "{percent}% of your friend's order, off your next one",
    "reward.store_credit.share": "{percent}% of your friend's order as store credit",
    "reward.gift_card.share": "a gift card of {percent}% of your friend's order",
    "reward.commission.share": "a commission of {percent}% of the order",
    "day": "{day} {month} {year}",
    "months": "January February March April May June July August September October November "
    "December",
    "tier": "After {before} referrals you get {reward}.",
    "tier.first": "After your first referral you get {reward}.",
    "between_tiers": " ",
    "yes": "yes",
    "example.advocate": "Mei",
}
FINDINGS: Final[dict[str, str]] = {}
