"""What an owner does with endpoints: the command line calls this, and the owner's pages do.

The library knows that a shop listens, and no more; an embedder has a carrier of their own.
Addresses, secrets and tries are the server's, since it alone calls strangers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeVar

from goodword.errors import Conflict, Invalid, TooManyEndpoints, Unknown, UnknownEndpoint
from goodword.model.event import Event, EventType
from goodword.rules import texts
from goodword.storage.sql import Session, new_id
from goodword_server.house import House
from goodword_server.naming import check_name
from goodword_server.storage import dispatches
from goodword_server.storage import endpoints as kept
from goodword_server.storage.dispatches import Letter
from goodword_server.storage.endpoints import Endpoint, Secret
from goodword_server.telling import signing
from goodword_server.telling.addresses import checked

OVERLAP: Final = timedelta(hours=24)
"""For how long a secret that was rotated out still signs beside the new one."""
_MOST: Final = 10
_SEEN_MOST: Final = 1000


T = TypeVar("T")
Change = Callable[[Session, Endpoint], None]
TYPES: Final = tuple(one for one in EventType if one is not EventType.WEBHOOK_TEST)
"""What an endpoint can be told of."""


class UnknownDispatch(Unknown):
    """Nothing dead of this id stands in this shop."""

    reason = "unknown_dispatch"
    message = "nothing dead is known by {id!r}"


class EndpointPaused(Conflict):
    """An endpoint that is told nothing just now."""

    reason = "endpoint_paused"
    message = "endpoint {id!r} is paused: resume it first"


@dataclass(frozen=True, slots=True)
class Added:
    """An endpoint and its secret, which is shown this once."""

    endpoint: Endpoint
    secret: Secret


class Endpoints:
    """One shop's endpoints; ``session``: the transaction that all of it is to be part of."""

    def __init__(self, house: House, shop: str, session: Session | None = None) -> None:
        check_name(shop)
        self._house = house
        self._shop = shop
        self._session = session

    def list(self) -> Sequence[Endpoint]:
        """Return all of them, oldest first."""
        return self._read(lambda s: kept.of_shop(s, self._house.vault, self._shop))

    def find(self, id: str) -> Endpoint:
        """Return one of them; raise `UnknownEndpoint`."""
        return self._read(lambda s: self._found(s, id))

    def add(self, url: str, types: Sequence[str] = (), contact: str | None = None) -> Added:
        """Tell an address of events of these types from now on, or of all.

        ``contact`` is mailed when it is paused.  Raises `Invalid`, `TooManyEndpoints`.
        """
        now, secret = self._house.now(), signing.new_secret()
        endpoint = Endpoint(
            id=new_id(now),
            url=checked(url, local=self._house.settings.hooks_local),
            types=_types(types),
            contact=_contact(contact),
            is_open=True,
            why=None,
            made=now,
            failing=None,
            paused=None,
            secrets=(secret,),
        )
        self._write(lambda s: self._add(s, endpoint))
        return Added(endpoint, secret)

    def choose(self, id: str, types: Sequence[str], contact: str | None) -> Endpoint:
        """Tell it of events of these types from now on, or of all; ``contact`` as for `add`."""
        wanted, minded = _types(types), _contact(contact)
        return self._changed(id, lambda s, one: kept.choose(s, self._shop, one.id, wanted, minded))

    def pause(self, id: str) -> Endpoint:
        """Tell it nothing until it is resumed; what happens meanwhile is kept for a month."""
        return self._changed(id, self._pause)

    def resume(self, id: str) -> Endpoint:
        """Tell it again, beginning with all that it missed, what was given up on included."""
        return self._changed(id, self._resume)

    def rotate(self, id: str, overlap: timedelta = OVERLAP) -> Added:
        """Give it a new secret; the one before signs too for as long as they overlap.

        No more than two sign: one from an earlier rotation ends at once.
        """
        secret = signing.new_secret()
        endpoint = self._changed(id, lambda s, one: self._rotate(s, one, secret, overlap))
        return Added(endpoint, secret)

    def drop(self, id: str) -> None:
        """Tell it nothing more, ever, and keep nothing of it."""
        self._write(lambda s: self._drop(s, id))

    def dead(self) -> Sequence[Letter]:
        """Return what nobody tries any more, oldest first."""
        return self._read(lambda s: dispatches.dead(s, self._shop, _SEEN_MOST))

    def latest(self, id: str, most: int = 20) -> Sequence[Letter]:
        """Return what it was sent, or is to be, the newest first."""
        return self._read(lambda s: dispatches.latest(s, self._shop, id, most))

    def replay(self, id: str) -> None:
        """Try a dead one anew, from the start; raise `UnknownDispatch`.

        If its endpoint is paused, it is sent once that is resumed.
        """
        self._write(lambda session: self._replay(session, id))

    def test(self, id: str) -> Event:
        """Send it an event of no consequence, whatever it wants to be told of.

        Raises `EndpointPaused`.
        """
        now = self._house.now()
        event = Event(
            id=new_id(now),
            type=EventType.WEBHOOK_TEST,
            timestamp=now,
            shop=self._shop,
            data={"endpoint": id},
        )
        self._changed(id, lambda s, one: self._test(s, one, event))
        return event

    def _read(self, work: Callable[[Session], T]) -> T:
        return self._house.database.read(work) if self._session is None else work(self._session)

    def _write(self, work: Callable[[Session], T]) -> T:
        if self._session is not None:
            return work(self._session)
        # Opened before the transaction, in which the tables cannot be checked.
        self._house.referrals(self._shop)
        return self._house.database.write(work)

    def _add(self, session: Session, endpoint: Endpoint) -> None:
        self._house.engine.within(session).listen(self._shop)
        # Two that add at once wait for each other at the shop's row, and are both counted.
        if len(kept.of_shop(session, self._house.vault, self._shop, lock=True)) >= _MOST:
            raise TooManyEndpoints(most=_MOST)
        kept.add(session, self._house.vault, self._shop, endpoint)

    def _found(self, session: Session, id: str, *, lock: bool = False) -> Endpoint:
        found = kept.find(session, self._house.vault, self._shop, id, lock=lock)
        if found is None:
            raise UnknownEndpoint(id=id)
        return found

    def _changed(self, id: str, change: Change) -> Endpoint:
        def work(session: Session) -> Endpoint:
            one = self._found(session, id, lock=True)
            change(session, one)
            return kept.find(session, self._house.vault, self._shop, id) or one

        return self._write(work)

    def _test(self, session: Session, one: Endpoint, event: Event) -> None:
        if not one.is_open:
            raise EndpointPaused(id=one.id)
        dispatches.add(session, [one], event, self._house.now())

    def _pause(self, session: Session, one: Endpoint) -> None:
        kept.pause(session, self._shop, one.id, "owner", self._house.now(), say=False)
        dispatches.hold(session, self._shop, one.id)

    def _resume(self, session: Session, one: Endpoint) -> None:
        kept.resume(session, self._shop, one.id)
        dispatches.reopen(session, self._shop, one.id, self._house.now())

    def _rotate(self, session: Session, one: Endpoint, secret: Secret, overlap: timedelta) -> None:
        now = self._house.now()
        older = [
            replace(old, ends=now + overlap) for old in (one.secrets or ()) if old.ends is None
        ]
        kept.set_secrets(session, self._house.vault, self._shop, one.id, [secret, *older])

    def _drop(self, session: Session, id: str) -> None:
        engine = self._house.engine.within(session)
        # Whoever adds one meanwhile waits at the shop's row, or is waited for.
        engine.listen(self._shop)
        one = self._found(session, id, lock=True)
        kept.drop(session, self._shop, one.id)
        dispatches.drop(session, self._shop, one.id)
        if not kept.of_shop(session, self._house.vault, self._shop):
            engine.listen(self._shop, on=False)

    def _replay(self, session: Session, id: str) -> None:
        whose = dispatches.endpoint_of_dead(session, self._shop, id)
        if whose is None:
            raise UnknownDispatch(id=id)
        endpoint = self._found(session, whose, lock=True)
        now = self._house.now()
        # Somebody else may have done it while this one waited.
        if not dispatches.replay(session, self._shop, id, now, held=not endpoint.is_open):
            raise UnknownDispatch(id=id)


def _types(told: Sequence[str]) -> tuple[EventType, ...]:
    for one in told:
        if one not in TYPES:
            known = ", ".join(TYPES)
            raise Invalid(field="types", mend=f"{one!r} never happens; choose of {known}")
    return tuple(EventType(one) for one in dict.fromkeys(told))


def _contact(told: str | None) -> str | None:
    if told is None:
        return None
    fine = "@" in told[1:-1] and len(told) <= texts.LONGEST and told.isprintable()
    if not fine or not texts.can_be_kept(told):
        raise Invalid(field="contact", mend="give an e-mail address, like owner@tea.example")
    return told
