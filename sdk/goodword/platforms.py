"""The seam to platforms: what a plugin fills, and how it is found.

The caller owns the order of steps, so that no plugin can skip one: `Platform.address` tells whose
delivery it is, `Platform.verify` holds the raw body against that installation's secrets, the body
is kept, the shop is answered; later `Platform.read` says what changed, and `Platform.open` gives
the till at which the shop itself can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, runtime_checkable

from goodword import plugins
from goodword.model.followup import (
    Adjusted,
    Carried,
    FollowUp,
    Grant,
    Granted,
    TakenBack,
)
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.worth import Kind

GROUP = "goodword.platforms"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message from a platform, just as it arrived."""

    path: str
    """What stood behind ``/hooks/`` in the address."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Address:
    """Where a delivery says it belongs."""

    installation: str
    """The unguessable path of an installation, or the domain that it claims."""
    claimed: bool = False
    """True: only a claim; it is never believed for money."""


NOTE: Final = "note:"
"""What a platform writes down among the credentials under a name that begins so stays there when
the shop leaves, or is joined anew."""


class Safe(Protocol):
    """Where the credentials of installations lie, for platforms whose keys run out."""

    def renew(
        self, shop: str, renewed: Callable[[Mapping[str, str]], Mapping[str, str]]
    ) -> Mapping[str, str]:
        """Let one at a time replace a shop's credentials; return those that stand then.

        ``renewed`` is given those that stand now, which may be newer than what the asker knew, and
        returns them as they are if they will do.  What it raises leaves everything as it was.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A shop joined to its platform."""

    shop: str
    platform: str
    url: str
    """The shop's own address, as it calls itself."""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What opens the till; never printed."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What this shop does differently, like further meta keys that hold a code."""
    plugin: bool = False
    """Whether something of ours that was installed in the shop was heard of lately."""
    safe: Safe | None = field(default=None, repr=False, compare=False)
    """Where credentials that were renewed are kept; None: nowhere longer than the process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged:
    """An order stands as told here."""

    order: Order
    complete: bool = True
    """False: something is missing that only the till can tell, like the lines of its refunds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGone:
    """An order was deleted, or its state could not be told: ask the till."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """The platform says that something is wrong with the installation."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForgotten:
    """Somebody asked the shop to be forgotten; told by any of these."""

    email: str | None = None
    phone: str | None = None
    account: str | None = None
    """The shop's own id of their account."""
    orders: tuple[str, ...] = ()
    """Those of their orders that the shop names, whatever contact stands on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleMerged:
    """The shop made one account of two; told by its own ids of them."""

    gone: str
    kept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAsked:
    """Somebody asked the shop what is kept of them, and its owner is to answer."""

    id: str
    """The platform's own id of the request."""
    email: str | None = None
    phone: str | None = None
    account: str | None = None
    """The shop's own id of their account."""
    orders: tuple[str, ...] = ()
    """Those of their orders that the request names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopLeft:
    """The shop's owner does without us.

    It may come late, or be repeated: so the shop itself is asked whether it still lets us in.
    """

    at: datetime | None = None
    """When that was, as the platform says."""


@dataclass(frozen=True, slots=True)
class ShopForgotten:
    """The shop left for good: nothing is to be kept of its people."""


News = (
    OrderChanged
    | OrderGone
    | PersonForgotten
    | PeopleMerged
    | DataAsked
    | ShopLeft
    | ShopForgotten
    | Alarm
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An order that could not be understood: for a person to look at."""

    id: str
    why: str


class Till(Protocol):
    """One shop's counter, with its credentials.

    Raises `TillDown` where nothing happened, `TillRefused` where the shop said no, `AnswerLost`
    where it may have happened.
    """

    def order(self, id: str) -> Order | None:
        """Return the order with its refunds and their lines; None if it is gone."""

    def orders_since(self, moment: datetime) -> Iterator[Order | Unreadable]:
        """Yield each order that changed at a moment (UTC) or later, as it stands.

        The oldest change first, so that whoever breaks off goes on from the last one's `modified`.
        One that changes meanwhile may come twice.
        """

    def earlier_orders(self, order: Order) -> int | None:
        """Count this person's orders before this one; None if the shop cannot tell."""

    def grant(self, grant: Grant) -> Granted:
        """Make the grant usable at the checkout; the same grant twice makes one."""

    def look(self, grant: Grant) -> Granted | None:
        """Say what stands of a grant; None if it was never made, or is gone and was not used.

        Raises `TillRefused` with the cause ``use_unknown`` where nobody can say whether it was.
        """

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        """Leave ``left`` of a grant, or disable it; what was used stays used."""


@runtime_checkable
class Adjusts(Protocol):
    """What a till may be, too: one that can change a coupon that stands.

    One that cannot leaves it out, and what is to be adjusted there waits for a person.
    """

    def adjust(self, grant: Grant, remote: str) -> Adjusted:
        """Bring a coupon that nobody used to what its grant says by now.

        It goes together with what `Grant.combines_with` names.  While its program is ``paused`` it
        is switched off; one that ``rests`` and is paused no more is switched on, until it
        ``expires`` as promised.  What somebody else switched off stays off.  Asked twice it is the
        same; all else of it stays as it is found, and what is gone stays gone.
        """


class Platform(Protocol):
    """A kind of shop.  Pure, but for `open`."""

    name: str
    grants: frozenset[Kind]

    def address(self, delivery: Delivery) -> Address:
        """Say whose delivery it is, before anything of it is believed."""

    def is_ping(self, delivery: Delivery) -> bool:
        """Whether it is the platform's unsigned knock at a new address: answered, never kept."""

    def verify(self, delivery: Delivery, secrets: Sequence[str]) -> None:
        """Raise `DeliveryRefused` unless one of the secrets signed the raw body.

        Raises `Invalid` for a signed one that lacks what each delivery has.
        """

    def read(self, delivery: Delivery, installation: Installation) -> Iterable[News]:
        """Say what changed; nothing, if the delivery does not concern us.

        Raises `Invalid` for a body that cannot be understood: a delivery for a person to look at.
        """

    def open(self, installation: Installation) -> Till:
        """Return the shop's till."""


@runtime_checkable
class OneAddress(Protocol):
    """What a platform may be, too: one whose shops all deliver to one address.  Pure.

    A delivery then claims its shop, and is never believed for money.
    """

    def claim(self, url: str) -> str:
        """Return what the deliveries of the shop at this address claim; raise `Invalid`."""


@runtime_checkable
class Tended(Protocol):
    """What a platform may be, too: one whose installations run out if nobody asks anything."""

    def tend(self, installation: Installation) -> bool:
        """Renew what would run out unused; return whether something was.

        Asked once a day at least.  Raises what a till raises.
        """


@runtime_checkable
class ShowsLately(Protocol):
    """What a platform may be, too: one that shows an app only the orders of some time.  Pure.

    What it shows is read when a shop is joined; what it shows no more is not taken for gone.
    """

    def shown_since(self, installation: Installation, now: datetime) -> datetime | None:
        """Return since when orders were placed that can be seen; None: all of them."""


@runtime_checkable
class AppliesCoupons(Protocol):
    """What a platform may be, too: one whose shops apply a coupon by an address.  Pure.

    One that cannot leaves it out, and a friend types the coupon at the checkout.
    """

    def applying(self, installation: Installation, landing: str, coupon: str) -> str | None:
        """Return the address in the shop that applies a coupon and leads on to ``landing``.

        None where this shop, or this text, has no such address.  ``landing``: a path with its
        query, ready to be sent, that must arrive as it is.
        """


CAUSES: Final = frozenset(
    "unreachable certificate asks_to_wait failed failed_midway no_answer unreadable no_api "
    "sent_elsewhere kept_out no_keys unusable keys_refused keys_unseen no_rights "
    "disconnected frozen no_success not_public calls_itself unconnected left not_shown "
    "bulk_busy bulk_failed bulk_refused file_gone file_elsewhere file_too_large "
    "file_unreadable use_unknown other_currency".split()
)
"""What a till's trouble may name as its ``cause``: why it is, said in the reader's language.

``use_unknown``: a coupon is gone from the shop, and nobody can say whether it was used before.
"""


class Carrier(Protocol):
    """What does a deed."""

    def carry(self, deed: FollowUp) -> Carried:
        """Do it, once, and say what came of it."""


def platforms() -> dict[str, Platform]:
    """Return every platform that is installed with all that it needs, by name."""
    return {name: kind() for name, kind in plugins.every(GROUP).items()}


def platform(name: str) -> Platform:
    """Return the platform of this name; raise `Invalid` naming those that are installed."""
    made: Platform = plugins.named(GROUP, name)()
    return made
