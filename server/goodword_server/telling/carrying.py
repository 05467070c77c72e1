"""The carrier ``webhook``: an event is sent on its way to each endpoint that wants it.

The library wrote the event down with its cause, and hands it over here once.  From here on it is
the server's: a dispatch to each endpoint, in one transaction, each with tries and an end of its
own, so that an endpoint in trouble keeps no other waiting.
"""

from __future__ import annotations

from goodword.model.event import Event
from goodword.model.followup import Carried, FollowUp, done, never
from goodword.model.trouble import Trouble
from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.storage import dispatches, endpoints


class WebhookCarrier:
    """Hands events over to what sends them."""

    def __init__(self, house: House) -> None:
        self._house = house

    def carry(self, deed: FollowUp) -> Carried:
        """Keep what is to be sent; done twice it is done once."""
        event = deed.event
        if event is None:
            why = f"a webhook cannot carry {deed.duty}"
            return never(Trouble(why, "wrong_carrier", carrier="webhook", duty=str(deed.duty)))
        self._house.database.write(lambda session: self._send(session, event))
        return done()

    def _send(self, session: Session, event: Event) -> None:
        found = endpoints.of_shop(session, self._house.vault, event.shop, lock=True)
        wanting = [one for one in found if one.wants(event.type)]
        dispatches.add(session, wanting, event, self._house.now())
