"""Requests that may be sent again: what bears an Idempotency-Key is done once."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Request

from goodword.errors import Conflict, Invalid
from goodword.interface.routes import Route
from goodword.storage.database import Durability
from goodword.storage.sql import Session
from goodword_server.api.answering import Answer
from goodword_server.house import House
from goodword_server.storage import answers
from goodword_server.storage.keys import Key, KeyScope

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
_KEY: Final = re.compile(r"[!-~]{1,64}")
# Whole lives: of these only that it was done is kept.  An export changes nothing and is made anew.
_EXPORT: Final = "people.export"
_UNKEPT: Final = frozenset({_EXPORT, "people.forget"})
_GONE: Final = "it was done, and its answer is kept no longer: read what you need anew"
_ANOTHER: Final = "it came with another request; give each request a key of its own"


class IdempotencyKeyReused(Conflict):
    """The Idempotency-Key was another request's."""

    reason = "idempotency_key_reused"
    message = "the Idempotency-Key {key!r} cannot be used again: {why}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may come again."""

    shop: str
    route: Route
    key: str
    name: str
    """What the key is kept under."""
    hashes: Sequence[str]
    """What tells it from others, by each of the house's secrets; the first is kept."""


def asked(house: House, holder: Key, route: Route, request: Request) -> Asked | None:
    """Return what tells a request again, if it bears a key; raise `Invalid` for an unusable one.

    ``holder``: the API key that it is asked with.
    """
    key = request.headers.get(HEADER)
    if key is None or route.method == "GET":
        return None
    if not _KEY.fullmatch(key):
        raise Invalid(field=HEADER, mend="use 1 to 64 visible ASCII characters, like a UUID")
    parts = (request.method.encode(), request.path.encode(errors="replace"), request.query_string)
    told = b"\0".join((*parts, request.get_data()))
    # By a secret of the house: a body may be no more than a phone number.
    hashes = [_hash(secret, told) for secret in house.settings.secrets]
    return Asked(holder.shop, route, key, _name(holder, key), hashes)


def once(house: House, asked: Asked, do: Callable[[Session], Answer]) -> tuple[Answer, bool]:
    """Do what is asked and keep the answer in one transaction, or return the one that is kept.

    Returns the answer, and whether it is a repeat.  Nothing is kept of what raised.  Raises
    `IdempotencyKeyReused` for a key that was another request's.
    """
    # Opened before the transaction, in which the tables cannot be checked.
    house.referrals(asked.shop)
    now, shop, verb = house.now(), asked.shop, asked.route.verb

    def work(session: Session) -> tuple[Answer, bool]:
        if not answers.claim(session, shop, asked.name, asked.hashes[0], verb, now):
            return _again(house, session, asked, do)
        made = do(session)
        answers.keep(
            session,
            house.vault,
            shop,
            asked.name,
            status=made.status,
            kind=made.kind,
            body=None if verb in _UNKEPT else made.body,
        )
        return made, False

    # A visit is promised to outlive our process, everything else to be on disk.
    durability = Durability.PROCESS if verb == "record_visit" else Durability.DISK
    return house.database.write(work, durability)


def _again(
    house: House, session: Session, asked: Asked, do: Callable[[Session], Answer]
) -> tuple[Answer, bool]:
    try:
        kept = answers.find(session, house.vault, asked.shop, asked.name)
    except ValueError:
        raise IdempotencyKeyReused(key=asked.key, why=_GONE) from None
    if not any(hmac.compare_digest(one, kept.hash) for one in asked.hashes):
        raise IdempotencyKeyReused(key=asked.key, why=_ANOTHER)
    if asked.route.verb == _EXPORT:
        return do(session), False
    if kept.kind is None:
        return Answer(kept.status, None, b""), True
    if kept.body is None:
        raise IdempotencyKeyReused(key=asked.key, why=_GONE)
    return Answer(kept.status, kept.kind, kept.body), True


def _name(holder: Key, key: str) -> str:
    """Return what a key is kept under: no page's key ever is the shop's own.

    A publishable key is everybody's, and the keys of a shop's requests may be guessed: whoever took
    one first would keep the shop's own request from being done.
    """
    return f"browser {key}" if holder.scope is KeyScope.PUBLISHABLE else key


def _hash(secret: str, told: bytes) -> str:
    key = hmac.digest(secret.encode(), b"goodword.repeating", hashlib.sha256)
    return hmac.digest(key, told, hashlib.sha256).hex()
