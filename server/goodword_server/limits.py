"""How often anybody may ask, and what they are told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final, NamedTuple

from werkzeug.exceptions import TooManyRequests

from goodword.errors import OwnCode, UnknownCode
from goodword.storage.database import Database
from goodword_server.ahead import Ahead
from goodword_server.settings import Settings
from goodword_server.storage import keys, limits
from goodword_server.storage.keys import Key, KeyScope

_SECONDS: Final = int(limits.WINDOW.total_seconds())
# A request that belongs to no shop.
_NOBODYS: Final = ""
_LETTERS_MOST: Final = 1


@dataclass(frozen=True, slots=True)
class Policy:
    """So many a minute of something."""

    name: str
    most: int
    of: str
    """What is counted, for people."""


class Standing(NamedTuple):
    """How somebody stands to a policy."""

    policy: Policy
    times: int
    seconds: int
    """Until the window ends; 1 at least."""

    @property
    def over(self) -> bool:
        return self.times > self.policy.most

    @property
    def headers(self) -> Mapping[str, str]:
        """What draft-ietf-httpapi-ratelimit-headers has a client told: quota, window, rest."""
        policy = self.policy
        left = max(0, policy.most - self.times)
        return {
            "RateLimit-Policy": f'"{policy.name}";q={policy.most};w={_SECONDS}',
            "RateLimit": f'"{policy.name}";r={left};t={self.seconds}',
        }


class TooMany(TooManyRequests):
    """Somebody asked more often than they may."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        policy = standing.policy
        super().__init__(
            f"at most {policy.most} {policy.of} a minute; ask again in {standing.seconds} s",
            retry_after=standing.seconds,
        )

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        """Return what goes along with the answer: how one stands to what was exceeded."""
        return [*super().get_headers(*args, **kwargs), *self.standing.headers.items()]


class Limits:
    """Counts in the database, so that all processes count as one."""

    def __init__(self, database: Database, now: Callable[[], datetime], settings: Settings) -> None:
        self._database = database
        self._now = now
        self._of_key = Policy("key", settings.key_limit, "requests with one key")
        self._of_address = Policy("address", settings.address_limit, "requests from one address")
        self._of_stranger = Policy(
            "keyless", settings.stranger_limit, "requests without a key of a shop"
        )
        self._of_guesses = Policy("guesses", settings.guess_limit, "codes that nobody holds")
        self._of_sign_ins = Policy("sign_ins", settings.guess_limit, "requests for a link")
        self._of_letters = Policy("letters", _LETTERS_MOST, "letters to one address")
        self._of_questions = Policy("questions", settings.guess_limit, "questions")
        self._of_claims = Policy("claims", settings.stranger_limit, "gifts taken from one address")
        self._ahead = Ahead()
        self._over: tuple[datetime | None, set[tuple[str, str]]] = (None, set())

    def count(self, key: Key, address: str) -> Standing | None:
        """Count a request with a key; None if it has ended by now.

        A publishable key is everybody's: counted by itself, one visitor could use it up for all.
        """
        policy, who = self._of_key, key.id
        if key.scope is KeyScope.PUBLISHABLE:
            policy, who = self._of_address, address
        now = self._now()
        told = self._count_key(key, policy, _subject(policy, who), now)
        return _standing(policy, now, *told) if told else None

    def count_shopper(self, shop: str, address: str) -> Standing:
        """Count a request of a page in a shop, or of its staff: the shop signed who asks."""
        return self._count(self._of_address, shop, address)

    def count_stranger(self, address: str) -> Standing:
        """Count a request with no key, or a wrong one."""
        return self._count(self._of_stranger, _NOBODYS, address)

    def count_sign_in(self, shop: str, address: str) -> Standing:
        """Count a request for a link to an advocate's page."""
        return self._count(self._of_sign_ins, shop, address)

    def count_letter(self, shop: str, mailbox: str) -> Standing:
        """Count a letter that somebody asked for; ``mailbox``: what tells it, and is no address."""
        return self._count(self._of_letters, shop, mailbox)

    def count_question(self, shop: str, advocate: str) -> Standing:
        """Count a question that an advocate asks of an order."""
        return self._count(self._of_questions, shop, advocate)

    def claiming(self, shop: str, address: str) -> None:
        """Count a form that takes a gift; raise `TooMany` for one too many.

        Whoever sends many asks whose code it is, or who claimed before.
        """
        standing = self._count(self._of_claims, shop, address)
        if standing.over:
            raise TooMany(standing)

    @contextmanager
    def guessing(self, shop: str, address: str) -> Iterator[None]:
        """Let a code be looked up in here, and count it if nobody holds it.

        A contact that is the advocate's own counts, too: who tries many asks whose code it is.
        Raises `TooMany`, before anything is looked up, for an address that missed too often.
        """
        missed = self._missed(shop, address)
        if missed.times >= missed.policy.most:
            raise TooMany(missed)
        try:
            yield
        except (UnknownCode, OwnCode):
            missed = self.miss(shop, address)
            if missed.over:
                raise TooMany(missed) from None
            raise

    def miss(self, shop: str, address: str) -> Standing:
        """Count a code that nobody holds."""
        missed = self._count(self._of_guesses, shop, address)
        if missed.times >= missed.policy.most:
            self._remember(shop, address)
        return missed

    def has_guessed(self, shop: str, address: str) -> bool:
        """Whether this process knows that an address missed too often: it asks no database.

        For a click, which must stay cheap.  Another process notices with the next miss that it
        sees, since that is counted for all.
        """
        window, over = self._over
        return window == limits.window(self._now()) and (shop, address) in over

    def _count_key(
        self, key: Key, policy: Policy, subject: str, now: datetime
    ) -> tuple[datetime, int] | None:
        shop = key.shop
        taken = self._ahead.next((shop, subject), now)
        if taken is not None:
            return taken if keys.opens(self._database, shop, key.id, now) else None
        size = self._ahead.size((shop, subject), policy.most, now)
        told = limits.count_key(self._database, shop, key.id, subject, now, size)
        if told is None:
            return None
        ends, last = told
        return ends, self._ahead.keep((shop, subject), policy.most, ends, last, size)

    def _missed(self, shop: str, address: str) -> Standing:
        subject, now = _subject(self._of_guesses, address), self._now()
        told = self._database.read(lambda session: limits.counted(session, shop, subject, now))
        return _standing(self._of_guesses, now, *told)

    def _count(self, policy: Policy, shop: str, who: str) -> Standing:
        now = self._now()
        told = limits.count(self._database, shop, _subject(policy, who), now)
        return _standing(policy, now, *told)

    def _remember(self, shop: str, address: str) -> None:
        window = limits.window(self._now())
        if self._over[0] != window:
            # Those of the window before are forgotten, so that strangers do not fill the memory.
            self._over = (window, set())
        self._over[1].add((shop, address))


def _subject(policy: Policy, who: str) -> str:
    return f"{policy.name}:{who}"


def _standing(policy: Policy, now: datetime, ends: datetime, times: int) -> Standing:
    return Standing(policy, times, max(1, ceil((ends - now).total_seconds())))
