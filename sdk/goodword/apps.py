"""The seam to a platform's app: registered there once, and let in by each of its shops.

The server owns the routes and the order of steps: it asks the app what a request proves, joins the
shop, and answers.  Nothing here is believed that the platform did not sign.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from goodword.errors import GoodwordError
from goodword.model.people import Advocate
from goodword.platforms import Installation
from goodword.watching import Giving, Leads


class RequestRefused(GoodwordError):
    """A request to an app that does not prove which shop it comes from."""

    reason = "request_refused"
    message = "the request does not prove its shop: {why}"


class Place(StrEnum):
    """Where in a shop something of the app stands that asks us."""

    ADMIN = "admin"
    """A page within the shop's admin: its staff."""
    STOREFRONT = "storefront"
    """The shop's own pages: the shop hands their requests on, and signs them."""
    CHECKOUT = "checkout"
    """The checkout, and the pages of a customer's account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """A request that the app is to judge, just as it arrived."""

    path: str = ""
    """What stood behind the address of the app."""
    query: Sequence[tuple[str, str]] = ()
    """In its sequence, with whatever stands in it twice."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""

    def told(self, name: str) -> str:
        """Return what the query says of a name; empty if nothing."""
        return next((value for known, value in self.query if known == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Who asks, as the platform signed it."""

    claim: str
    """The shop, as its deliveries claim it."""
    person: str | None = None
    """The shop's own id of the customer who is signed in, or of the member of staff; None: a
    guest."""
    relays: int = 0
    """How many relays of the platform's stand between whoever asks and us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The app's page was opened within the admin of a shop, by somebody of its staff."""

    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDoor:
    """The app's page was opened for a shop; what opens it comes with its owner's agreement."""

    claim: str
    url: str
    """The shop's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedOn:
    """Whoever opened the app's page is to open another one."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a page needs that is shown within a shop's admin."""

    head: str
    """HTML that stands first in its head."""
    allow: Mapping[str, str]
    """What its content security policy allows beyond our own, ``frame-ancestors`` at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """A shop that let the app in."""

    claim: str
    name: str
    """What the shop may be called here, if nobody else is."""
    url: str
    credentials: Mapping[str, str] = field(repr=False)
    lacking: Sequence[str] = ()
    """What was asked for and not given."""


class App(Leads, Protocol):
    """One app of a platform, as its developer registered it.

    The owner who agreed comes to ``callback`` themself, with a word for which the app is given what
    opens the shop.  Raises `RequestRefused` for what proves nothing, and what a till raises where
    the platform must be asked.
    """

    @property
    def secrets(self) -> Sequence[str]:
        """What the platform signs with in the app's name: the newest first."""

    @property
    def credentials(self) -> Mapping[str, str]:
        """What of every installation's credentials is the app's own."""

    def let_in_by(self, installation: Installation) -> bool:
        """Whether it is this app that an installation belongs to.  Pure."""

    def opened(self, knock: Knock, base: str, now: datetime) -> Inside | AtTheDoor | LedOn:
        """Say what to do for whoever opens the app's page.  Pure.

        ``base``: the address of the page in the world.
        """

    def let_in(self, knock: Knock, giving: Collection[Giving], now: datetime) -> LetIn:
        """Fetch what opens the shop in whose admin the page stands."""

    def agreed(self, knock: Knock, state: str, giving: Collection[Giving], now: datetime) -> LetIn:
        """Fetch what opens the shop whose owner came back.

        ``state``: what was tied to their browser; the caller sees to it that it counts once.
        """

    def frame(self, claim: str) -> Frame:
        """Return what the app's page needs within a shop's admin.  Pure."""

    def bounce(self, knock: Knock, base: str) -> Frame:
        """Return what a page needs that fetches a new token and leads back where it was missing.

        Only within ``base``.  Pure.
        """

    def proven(self, knock: Knock, place: Place, now: datetime) -> Proven:
        """Say who asks.  Pure."""

    def refusal(self, place: Place) -> Mapping[str, str]:
        """Return the headers of the answer to somebody who proves nothing.  Pure."""


@runtime_checkable
class HasApp(Protocol):
    """A platform whose shops let in an app."""

    def app(self, told: Mapping[str, str]) -> App:
        """Return the app that settings tell of, by names in small letters; raise `Invalid`."""


@runtime_checkable
class KnowsCustomers(Protocol):
    """A platform that can be asked for a customer.  Raises what a till raises."""

    def customer(self, installation: Installation, id: str) -> Advocate | None:
        """Return a customer as an advocate is told; None if there is none of this id."""

    def buyer(self, installation: Installation, order: str, checkout: str) -> Advocate | None:
        """Return who placed an order; None unless it came of the checkout with this token."""
