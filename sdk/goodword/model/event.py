"""What happened, as it is told to whoever listens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    """What kind of thing happened."""

    REFERRAL_CREATED = "referral.created"
    REFERRAL_CHANGED = "referral.changed"
    REFERRAL_GONE = "referral.gone"
    """Nothing on the order leads to an advocate any more; told as it last stood."""
    REWARD_WAITING = "reward.waiting"
    REWARD_DUE = "reward.due"
    REWARD_GRANTED = "reward.granted"
    REWARD_PAID = "reward.paid"
    REWARD_REDEEMED = "reward.redeemed"
    REWARD_EXPIRED = "reward.expired"
    REWARD_OFFSET = "reward.offset"
    REWARD_REVERSED = "reward.reversed"
    REWARD_REFUSED = "reward.refused"
    THANKS_OWED = "thanks.owed"
    THANKS_KEPT = "thanks.kept"
    WEBHOOK_TEST = "webhook.test"
    """Nothing happened: a webhook is tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a shop.  It holds ids, and nothing that tells who people are."""

    id: str
    """The same whenever it is told: who is told twice knows it by this."""
    type: EventType
    timestamp: datetime
    """UTC; when it happened, not when it is told."""
    shop: str
    data: Mapping[str, Any]
    """The referral, the reward or the thanks as it stood then, as plain JSON data; of a test the
    endpoint that is tried out."""
