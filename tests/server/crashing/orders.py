"""The orders that the shop tells of, and what the book must hold for each of their states."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from goodword.storage.sql import micros
from goodword_woocommerce.standin import Recorded, derived

_RECORDED: Final = "order-updated-bacs-processing-paid"
# Of goods for 72.00 after a discount of 8.00 one half can be sent back, as it was recorded.
_HALF: Final = {"id": 18, "reason": "one returned", "total": "-36.00", "total_tax": "0.00"}
_REST: Final = {"id": 19, "reason": "second returned", "total": "-36.00", "total_tax": "0.00"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A state that an order comes to, and what it demands, in minor units."""

    status: str
    reward: int
    offer: int
    paid: bool = True
    refunds: tuple[Mapping[str, Any], ...] = ()


AWAITED: Final = Step(status="on-hold", reward=0, offer=0, paid=False)
PAID: Final = Step(status="processing", reward=720, offer=800)
COMPLETED: Final = Step(status="completed", reward=720, offer=800)
HALVED: Final = Step(status="completed", reward=360, offer=400, refunds=(_HALF,))
REFUNDED: Final = Step(status="refunded", reward=0, offer=0, refunds=(_REST, _HALF))
CANCELLED: Final = Step(status="cancelled", reward=0, offer=0)
STORIES: Final = (
    (PAID,),
    (PAID, COMPLETED),
    (AWAITED, PAID, COMPLETED),
    (PAID, COMPLETED, HALVED),
    (PAID, HALVED, REFUNDED),
    (AWAITED, PAID, REFUNDED),
    (PAID, CANCELLED),
    (AWAITED, CANCELLED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One state of an order, as the shop delivers it."""

    order: str
    modified: int
    sent: Recorded
    advocate: str | None
    """Who is to have the reward."""
    reward: int
    offer: int
    once: bool
    """Whether nothing was ever taken back up to here: then nothing may be booked twice."""

    def __str__(self) -> str:
        return f"order {self.order} ({self.sent.json['status']})"

    @property
    def digest(self) -> str:
        """What the inbox knows it by."""
        return hashlib.sha256(self.sent.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What leads from an order to an advocate, and who pays."""

    advocate: str | None
    email: str
    coupon: str | None = None
    discount: str = "8"
    visit: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return what of an order says so."""
        coupons = [{"id": 5, "code": self.coupon, "discount": self.discount, "discount_tax": "0"}]
        visits = [{"id": 34, "key": "_goodword_visit", "value": self.visit}]
        return {
            "billing": {"email": self.email},
            "coupon_lines": coupons if self.coupon else [],
            "meta_data": visits if self.visit else [],
        }


def tell(id: int, placed: datetime, source: Source, story: tuple[Step, ...]) -> Iterator[Told]:
    """Yield an order's states, one after another."""
    once = True
    for number, step in enumerate(story):
        modified = placed + timedelta(seconds=number)
        once = once and step.refunds == () and step is not CANCELLED
        rewarded, offered = source.advocate is not None, source.coupon is not None
        yield Told(
            order=str(id),
            modified=micros(modified) or 0,
            sent=derived(_RECORDED, **_fields(id, placed, modified, step), **source.fields()),
            advocate=source.advocate,
            reward=step.reward if rewarded else 0,
            offer=step.offer if rewarded and offered else 0,
            once=once,
        )


def story(rng: random.Random) -> tuple[Step, ...]:
    """Return what becomes of an order."""
    return rng.choice(STORIES)


def _fields(id: int, placed: datetime, modified: datetime, step: Step) -> dict[str, Any]:
    return {
        "id": id,
        "number": str(id),
        "status": step.status,
        "date_created_gmt": _gmt(placed),
        "date_modified_gmt": _gmt(modified),
        "date_paid_gmt": _gmt(placed) if step.paid else None,
        "refunds": [dict(one) for one in step.refunds],
    }


def _gmt(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"
