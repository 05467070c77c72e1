"""The placeholders: what each stands for, and what a preview shows in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LIVE: Final = frozenset(
    {
        "shop",  # its name
        "title",  # the program's
        "offer",  # "10% off", campaign included
        "reward",  # "NT$100 off your next order", campaign included; thanks alone: nothing
        "tiers",  # "from your 3rd referral on: NT$200 off"; else nothing
        "minimum",  # "NT$500", or nothing
        "starts",  # the first day, where it still lies ahead
        "ends",  # the last day, or nothing
        "hold_days",  # "14 days": how long a reward waits, or nothing
        "claim_days",  # "30 days": how long a friend's own coupon is good for, or nothing
        "reward_days",  # how long a reward is good for, or nothing
        "new_friends",  # "yes" where only new customers, or first orders, count; else nothing
        "advocate",  # their given name, or nothing
        "code",  # as people read it, or nothing
    }
)
"""What the program, and a code, tell."""
EVERYWHERE: Final = frozenset({"shop", "advocate"})
"""What is known where a text speaks of no program."""

LATER: Final[Mapping[str, str]] = {
    "link": "https://thanks.example/tea/c/7Q2KM9XW",
    "coupon": "GIFT-4T7K-W2MX",
    "amount": "NT$100",
    "when": "2026-12-31",
    "order": "1001",
    "friend": "B. C.",
    "contact": "b…@example.com",
    "count": "3",
    "shown": "2",
    "ready": "2",
    "coming": "1",
    "sender": "Tea House",
    "stop": "https://thanks.example/tea/stop/…",
    "minutes": "30",
    "reason": "…",
}
"""What only whoever shows the text knows, with an example of each; stands as ``{link}``."""
ESSENTIAL: Final = frozenset({"link", "coupon", "stop"})
"""Without these a text is of no use to its reader, where ours has them."""
EXAMPLE_CODE: Final = "7Q2K-M9XW"
