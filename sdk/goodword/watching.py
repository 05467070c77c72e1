"""What a platform may do beyond its till: be joined with a click, tell of changes, be watched.

Each is a wing of its own that a platform has or has not; a server asks with `isinstance`.  Tills
alone are enough for a shop that embeds the library.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

from goodword.model.followup import Grant
from goodword.model.worth import POINTS, Discount, Kind
from goodword.platforms import Delivery, Installation

REACH: Final = "reach"
"""An installation's setting: ``public`` where a stranger named the shop's address."""
PUBLIC: Final = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A coupon that was made and can still be used."""

    grant: Grant
    remote: str
    """The platform's own id of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A coupon that no longer says what was promised."""

    text: str
    what: tuple[str, ...]
    """``gone``, or which of its parts: ``status``, ``code``, ``kind``, ``amount``, ``limit``,
    ``email``, ``expires``, ``narrowed``; or ``combines`` and ``paused``, which follow the program
    as it is now."""


SIGNS: Final = frozenset(
    {
        "cron_off",
        "moved",
        "old",
        "scopes_given",
        "scopes_lacking",
        "keys_renewed",
        "keys_ending",
        "keys_forever",
        "keys_own",
        "version_kept",
        "version_drifts",
        "discounts_fit",
        "discounts_clash",
        "credit_unspendable",
        "currency_differs",
        "test_shop",
    }
)
"""What a platform may say of a shop as a sign's ``reason``: said in the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that is well at a shop, or that its owner should look at."""

    reason: str
    """One of `SIGNS`."""
    is_well: bool = False
    facts: Mapping[str, str | int] = field(default_factory=dict)
    """What the sentence names, like ``version``; a moment is written as ISO 8601 writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a shop is set up, as far as it matters here."""

    version: str = ""
    home: str = ""
    """What the shop calls itself."""
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """What a program gives, as its shop's platform should know it."""

    kind: Kind
    combines_with: tuple[Discount, ...] | None = None
    """As `Program.combines_with`."""
    unit: str | None = None
    """The unit of an amount, like a currency; None: it is no amount."""
    by_product: bool = False
    """Its terms name products: what an order holds must be known by them."""


def of_currency(currency: str, giving: Collection[Giving]) -> Iterator[Sign]:
    """Yield a sign where programs promise amounts in another currency than the shop's own."""
    promised = {one.unit for one in giving if one.unit not in (None, POINTS)}
    others = ", ".join(sorted(str(one) for one in promised - {currency}))
    if others:
        yield Sign(reason="currency_differs", facts={"currency": currency, "promised": others})


class Watch(Protocol):
    """What keeps a connected shop in step.  Raises what a till raises."""

    def listen(
        self, address: str, secret: str, *, rotated: bool = False, afresh: bool = False
    ) -> tuple[str, ...]:
        """See that the shop tells ``address`` of each change, signed with ``secret``.

        Asked as often as one likes.  Returns what had to be mended: ``made``, ``revived``,
        ``moved``, ``doubled``.  ``rotated``: the secret is new.  ``afresh``: what stands is made
        anew, in the name of whom the keys belong to.
        """

    def leave(self, address: str) -> None:
        """See that the shop no longer tells ``address`` of anything."""

    def missing(self, ids: Sequence[str]) -> list[str]:
        """Return those of these orders that the shop no longer shows."""

    def differing(self, promised: Sequence[Promised]) -> list[Differing]:
        """Return the coupons that do not say what was promised; what was used is not among them."""

    def condition(self, giving: Collection[Giving] = ()) -> Condition:
        """Say how the shop is set up, for programs that give this."""


@runtime_checkable
class Watches(Protocol):
    """A platform whose shops can be watched."""

    def watch(self, installation: Installation) -> Watch:
        """Return what keeps a shop in step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    """What a shop says of itself to anybody."""

    url: str
    """Its address, as it calls itself."""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Keys that somebody brought: not to be believed before the shop was called with them."""

    state: str
    """What we gave the shop to bring along."""
    credentials: Mapping[str, str] = field(repr=False)


class Leads(Protocol):
    """What leads an owner to their shop, where they agree: a platform, or its app."""

    def introduced(self, url: str, *, public: bool) -> Introduced:
        """Ask a shop what it calls itself.

        ``public``: only addresses of the open internet are called.  Raises `Invalid` for what is no
        such shop, and what a till raises.
        """

    def way(
        self, url: str, *, state: str, callback: str, back: str, giving: Collection[Giving] = ()
    ) -> str:
        """Return where the owner goes to agree; the shop brings the state to ``callback``.

        ``back`` is where it leads the owner then, unless they are the ones who come to
        ``callback``.  ``giving``: what the shop's programs give, for which it must be asked.
        """


@runtime_checkable
class Connects(Leads, Protocol):
    """A platform whose shops are joined by their owner's agreement, given at the shop itself.

    The shop posts its keys to ``callback``.
    """

    def keys(self, delivery: Delivery) -> Keys:
        """Read the keys that were posted; raise `Invalid`."""

    def proven(self, installation: Installation) -> Condition:
        """Call the shop with its keys; raise what a till raises unless they open it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A file that an owner installs in their shop."""

    name: str
    content: bytes = field(repr=False)
    media_type: str


@runtime_checkable
class Ships(Protocol):
    """A platform whose shops install something of ours."""

    def package(self) -> Package:
        """Return what is installed, the same bytes each time."""
