"""Who placed an order, as far as it can be told, and what they claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from goodword.model.credit import Reason, Shared
from goodword.model.order import Order
from goodword.model.people import Claim
from goodword.storage import claims, friends, homes, personal
from goodword.storage.forgotten import FORGOTTEN
from goodword.storage.friends import Contact, Found
from goodword.storage.orders import Kept
from goodword.storage.sql import Book


@dataclass(frozen=True, slots=True)
class Friend:
    """The friend behind an order."""

    id: str | None
    selves: frozenset[str]
    """Every id that the friend goes by: no advocate among them earns."""
    household: Mapping[Shared, frozenset[str]]
    """Those who share a phone, and those who share a home, with the friend."""
    claims: tuple[Claim, ...]
    repeats: bool
    """Whether an earlier order of theirs may speak for this one."""
    forgotten: bool = False
    """Whether they asked to be: nothing of this order may tell who they are."""

    def against(self, advocate: str) -> tuple[Reason, ...]:
        """Say what speaks against this advocate's being rewarded for this friend."""
        if advocate in self.selves:
            return (Reason.SELF_REFERRAL,)
        return (Reason.RISK_REVIEW,) if self.shared(advocate) else ()

    def shared(self, advocate: str) -> tuple[Shared, ...]:
        """Say by what this advocate, who is somebody else, is of the friend's household."""
        if advocate in self.selves:
            return ()
        return tuple(what for what, those in self.household.items() if advocate in those)


def meet(book: Book, order: Order, kept: Kept | None, now: datetime) -> Friend:
    """Return the friend, kept from now on."""
    home = homes.hashed(book, order.home, writes=True)
    found = friends.look(book, _contact(book, order, kept, home))
    gone = _forgotten(book, order, found, kept, now)
    whole = _whole(book, found)
    return gone or _friend(book, order, whole, friends.meet(book, found, now) or _before(kept))


def known(book: Book, order: Order, kept: Kept | None) -> Friend:
    """Return the friend as far as we know them; writes nothing."""
    home = homes.hashed(book, order.home, writes=False)
    found = friends.look(book, _contact(book, order, kept, home))
    gone = _forgotten(book, order, found, kept, order.placed)
    return gone or _friend(book, order, _whole(book, found), found.friend or _before(kept))


def _contact(book: Book, order: Order, kept: Kept | None, home: str | None) -> Contact:
    """Return how the friend can be told.

    An order that was erased still was placed by whoever placed it.
    """
    told = Contact.of(order.email, order.phone, order.customer, country=order.country, home=home)
    if told.mailbox is not None or kept is None or kept.friend is None:
        return told
    before = friends.contact_of(book, kept.friend, order.customer or kept.order.customer)
    phone, home = told.phone or before.phone, home or before.home
    return Contact(None, before.mailbox, phone, before.account, home)


def _before(kept: Kept | None) -> str | None:
    return kept.friend if kept else None


def _forgotten(
    book: Book, order: Order, found: Found, kept: Kept | None, now: datetime
) -> Friend | None:
    """Return a friend who was forgotten; None for anybody else.

    An order of theirs stays theirs, whatever contact it is told with later.
    """
    if not found.forgets:
        return None
    id = _before(kept)
    if id is None or not personal.is_forgotten(book, id):
        signed_in = [one.id for one in found.people if one.met_as == FORGOTTEN]
        again = friends.before(book, found, now)
        id = again or (found.friend if found.friend in signed_in else None)
    if id is None:
        return None
    # Their contact leads to no claim any more.
    return replace(
        _friend(book, order, (found,), id), claims=tuple(claims.of_person(book, id)), forgotten=True
    )


def _whole(book: Book, found: Found) -> tuple[Found, ...]:
    """Return whom the order's contact leads to, and whom what else we know of its friend does.

    Else a guest would be another person than the one whose account we know.
    """
    for one in found.people:
        if one.id == found.friend:
            phone = None if one.phone == found.contact.phone else one.phone
            account = None if one.account == found.contact.account else one.account
            if phone is not None or account is not None:
                return found, friends.look(book, Contact(phone=phone, account=account))
    return (found,)


def _friend(book: Book, order: Order, found: tuple[Found, ...], id: str | None) -> Friend:
    themselves = [one for each in found for one in each.themselves]
    selves = friends.selves(themselves) | {one for one in (id, order.customer) if one is not None}
    others = [one for each in found for one in each.people if one.id not in selves]
    mine = {one.id for one in themselves} | {id}
    claims = {claim.id: claim for each in found for claim in each.claims if claim.person in mine}
    household = {Shared.PHONE: friends.selves(one for one in others if one.met_as == "advocate")}
    # As with the phone: what an order does not tell, its friend may have told before.
    home = found[0].contact.home or next((one.home for one in themselves if one.id == id), None)
    if home is not None:
        household[Shared.ADDRESS] = homes.advocates_at(book, home, selves)
    return Friend(
        id=id,
        selves=selves,
        household=household,
        claims=tuple(claims[id] for id in sorted(claims)),
        repeats=found[0].repeats,
    )
