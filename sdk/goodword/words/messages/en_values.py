"""How values are written in English, and what to do about a text in doubt.

``FINDINGS`` are texts like those of `goodword.words.messages.en`; ``{{ found }}`` is in doubt.
"""

from typing import Final

VALUES: Final = {
    "language": "English",
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
    "reward.thanks": "our thanks",
    "reward.amount_off.share": "{percent}% of your friend's order, off your next one",
    "reward.store_credit.share": "{percent}% of your friend's order as store credit",
    "reward.gift_card.share": "a gift card worth {percent}% of your friend's order",
    "reward.commission.share": "a commission of {percent}% of the order",
    "piece:percent_off": "A discount on your next order",
    "piece:free_shipping": "Free shipping on your next order",
    "piece:free_product": "A free product",
    "days": "{count} days",
    "days.one": "{count} day",
    "day": "{day} {month} {year}",
    "months": "January February March April May June July August September October November "
    "December",
    "tier": "After {before} referrals you get {reward}.",
    "tier.first": "After your first referral you get {reward}.",
    "between_tiers": " ",
    "yes": "yes",
    "example.advocate": "Mei",
}
# Of a text that speaks of no program nothing is known but the shop.
_EVERYWHERE: Final = "This text stands for all programs: take it out."
_GIVES: Final = (
    "{% if offer %}Just now a friend gets {{ offer }}"
    "{% if minimum %}, on orders from {{ minimum }},{% endif %} and an advocate "
    "{% if reward %}{{ reward }}{% else %}thanks{% endif %}. "
    "Put a placeholder in its place, and it stays true.{% else %}" + _EVERYWHERE + "{% endif %}"
)
FINDINGS: Final = {
    "amount": "“{{ found }}” is not what the program gives. " + _GIVES,
    "percent": "“{{ found }}” is not what the program gives. " + _GIVES,
    "duration": "“{{ found }}” is no time that the program gives. {% if offer %}Just now "
    "{% if hold_days %}a reward waits {{ hold_days }}{% else %}no reward waits{% endif %}"
    "{% if claim_days %}, a friend's coupon is good for {{ claim_days }}{% endif %}"
    "{% if reward_days %}, a reward for {{ reward_days }}{% endif %}. "
    "Put a placeholder in its place, and it stays true.{% else %}" + _EVERYWHERE + "{% endif %}",
    "date": "“{{ found }}” is not a day on which the program begins or ends"
    "{% if ends %}; it is over after {{ ends }}{% endif %}. {% if offer %}Put "
    "{% raw %}{{ ends }}{% endraw %} in its place, and it stays true.{% else %}"
    + _EVERYWHERE
    + "{% endif %}",
    "currency": "“{{ found }}” is not in the program's currency. Put a placeholder in its place.",
    "cash": "“{{ found }}” promises cash to an employee. Say thank you instead: whoever is paid "
    "for a good word is believed less.",
    "free": "“{{ found }}” is not what the program gives. If it is so at your shop for everybody, "
    "leave it out of the gift.",
    "one_language": "This text is edited in {{ found }} alone, and ours still stands here. Write "
    "it in this language, too.",
    "unknown_name": "“{{ found }}” cannot be filled in, so our text is shown. Take it out.",
    "missing_name": "The placeholder {{ found }} is missing, and the text is of no use without it.",
    "asks_for_help": "“{{ found }}” asks for a favour. Say what the friend is given: a gift from "
    "{{ advocate }}.",
}
