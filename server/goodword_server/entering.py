"""How an advocate comes to their page: by a link of the shop's, or by one that was mailed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Final, TypeVar
from urllib.parse import quote

from goodword.errors import GoodwordError
from goodword.interface.pages import Pages
from goodword.interface.referrals import Referrals
from goodword.model.invitation import PageLink
from goodword.model.people import Advocate
from goodword.signals import canonical_email
from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.storage import entrances
from goodword_server.storage.entrances import Entrance
from goodword_server.tickets import GOOD_FOR, Ticket, Tickets, Use

T = TypeVar("T")
COOKIE: Final = "goodword_page"


class Entering:
    """Writes and reads what opens the pages of one house's advocates."""

    def __init__(self, house: House, session: Session | None = None) -> None:
        """Read and write in the transaction of ``session``, if there is one."""
        self._house = house
        self._session = session
        self._tickets = Tickets(house.settings.secrets, house.now)
        self._letters = house.settings.secrets[0].encode()

    def link(self, shop: str, advocate: str) -> PageLink:
        """Return a link to an advocate's page; raise `UnknownAdvocate`."""
        known = self._referrals(shop).advocates.find(advocate)
        text = self._tickets.write(Use.PAGE, self._ticket(shop, known.id))
        return PageLink(url=self.at(shop, f"/p/{text}"), expires=self._tickets.ends(Use.PAGE))

    def mailed_links(self, shop: str, email: str) -> Iterator[tuple[Advocate, str]]:
        """Yield the advocates who are reached at an address, each with a link that is used once."""
        for one in self._house.referrals(shop).advocates.reached_at(email):
            text = self._tickets.write(Use.SIGN_IN, self._ticket(shop, one.id))
            yield one, self.at(shop, f"/in/{text}")

    def decline_link(self, shop: str, advocate: str) -> str:
        """Return a link by which an advocate says no to invitations."""
        text = self._tickets.write(Use.DECLINE, Ticket(shop, advocate))
        return self.at(shop, f"/no/{text}")

    def revoke(self, shop: str, advocate: str) -> None:
        """Let no link and no session of an advocate open anything more; raise `UnknownAdvocate`."""
        known = self._referrals(shop).advocates.find(advocate)
        self._within(self._house.database.write, lambda s: entrances.revoke(s, shop, known.id))

    def whose(self, use: Use, text: str, shop: str) -> str | None:
        """Return whose ticket it is; None for one that opens nothing, or no more."""
        ticket = self._tickets.read(use, text, shop)
        if ticket is None:
            return None
        stands = self._stands(shop, ticket.advocate)
        # To say no is possible for good; a mailed link is used once.
        revoked = use is not Use.DECLINE and stands.issue != ticket.issue
        used = use is Use.SIGN_IN and stands.used != ticket.used
        return None if revoked or used else ticket.advocate

    def use(self, text: str, shop: str) -> str | None:
        """Use a mailed link; return whose it is, None if it opens nothing."""
        ticket = self._tickets.read(Use.SIGN_IN, text, shop)
        if ticket is None:
            return None
        seen = Entrance(ticket.issue, ticket.used)
        used = self._house.database.write(lambda s: entrances.use(s, shop, ticket.advocate, seen))
        return ticket.advocate if used else None

    def session(self, shop: str, advocate: str) -> str:
        """Return what a browser keeps that came in."""
        return self._tickets.write(Use.SESSION, self._ticket(shop, advocate))

    @property
    def session_seconds(self) -> int:
        """How long a browser keeps it."""
        return int(GOOD_FOR[Use.SESSION].total_seconds())

    def hidden(self, email: str) -> str:
        """Return what tells a mailbox from others, and does not tell which."""
        mailbox = canonical_email(email) or ""
        return hmac.digest(self._letters, f"letter:{mailbox}".encode(), hashlib.sha256).hex()[:32]

    def at(self, shop: str, path: str = "") -> str:
        """Return an address among a shop's pages for advocates."""
        return f"{self._house.settings.public_url}/{quote(shop)}/a{path}"

    def _ticket(self, shop: str, advocate: str) -> Ticket:
        stands = self._stands(shop, advocate)
        return Ticket(shop, advocate, stands.issue, stands.used)

    def _stands(self, shop: str, advocate: str) -> Entrance:
        read = self._house.database.read
        return self._within(read, lambda s: entrances.find(s, shop, advocate))

    def _referrals(self, shop: str) -> Referrals:
        if self._session is None:
            return self._house.referrals(shop)
        return self._house.engine.within(self._session).of(shop)

    def _within(
        self, through: Callable[[Callable[[Session], T]], T], work: Callable[[Session], T]
    ) -> T:
        return work(self._session) if self._session is not None else through(work)


class ShopPages(Pages):
    """The pages of one shop's advocates, as they are asked for over the API."""

    def __init__(self, house: House, shop: str, session: Session | None = None) -> None:
        self._house, self._shop, self._session = house, shop, session

    def open(self, id: str) -> PageLink:
        return Entering(self._house, self._session).link(self._shop, id)

    def close(self, id: str) -> None:
        Entering(self._house, self._session).revoke(self._shop, id)


def known(house: House, shop: str, id: str) -> Advocate | None:
    """Return an advocate; None for one who was forgotten, or whom nobody knows."""
    try:
        found = house.referrals(shop).advocates.find(id)
    except GoodwordError:
        return None
    # Who was forgotten ended, and left nothing by which anybody could be greeted.
    told = found.name or found.email or found.phone
    return None if found.ended is not None and not told else found
