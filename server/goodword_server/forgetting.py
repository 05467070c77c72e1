"""Forgetting a person on a server: in the book, and in what the inbox still holds of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from goodword.errors import UnknownPerson
from goodword.interface.referrals import Referrals
from goodword.interface.routes import ROUTES, answer, item_of
from goodword.mentions import Mentions
from goodword.model.trouble import Trouble
from goodword.platforms import Delivery, News, OrderChanged, OrderGone, PersonForgotten
from goodword.storage import clearing, orders
from goodword.storage.sql import Book, Session
from goodword_server import disclosing
from goodword_server.storage import answers, data_requests, endpoints, inbox
from goodword_server.vault import Vault

Read = Callable[[Delivery], Iterable[News]]
WHY: Final = "somebody whom it told of was forgotten"

# What tells that a value is about a person: where they are reached, that they agreed.
_PERSONAL: Final = frozenset({"email", "consented"})


def _told_by(verb: str) -> set[str]:
    told = answer(verb)
    return set(getattr(item_of(told) or told, "__annotations__", ()))


# Answers that may hold somebody's name or contacts; they are kept for a day, for repeats.
TELLING: Final = tuple(
    route.verb for route in ROUTES if route.method != "GET" and _PERSONAL & _told_by(route.verb)
)


def forget(
    session: Session, referrals: Referrals, vault: Vault, shop: str, told: Sequence[str], read: Read
) -> None:
    """Forget whomever these ids and contacts lead to; raise `UnknownPerson` if it is nobody.

    ``session`` is the one that ``referrals`` writes in: all of it is done, or none.
    """
    rows = _kept(referrals, told)
    tidied = _tidy(session, vault, shop, _mentions(told, rows or []), read)
    if rows is None and not tidied:
        raise UnknownPerson()
    answers.drop(session, shop, TELLING)
    for one in data_requests.every(session, vault, shop):
        if one.asked is not None and set(disclosing.contacts(one.asked)) & set(told):
            data_requests.forget(session, shop, one.id)


def forget_shop(session: Session, vault: Vault, shop: str, now: datetime, but: str = "") -> None:
    """Keep nothing of anybody of a shop; its book stays.

    ``but``: the delivery that asks for it, which is stripped once it is read.
    """
    clearing.clear(Book(session, shop), now)
    for id, _state, _delivery in list(inbox.with_body(session, vault, shop)):
        if id != but:
            inbox.strip(session, shop, id, Trouble(WHY, "forgotten"))
    answers.drop(session, shop, TELLING)
    data_requests.drop(session, shop)
    endpoints.forget_contacts(session, shop)


def _kept(referrals: Referrals, told: Sequence[str]) -> list[dict[str, Any]] | None:
    """Forget whom the contacts lead to; return what was kept of them, None if it is nobody."""
    rows: list[dict[str, Any]] | None = None
    for one in sorted(told, key=_is_dialled):
        # A phone may be a household's: it is asked last, and only for want of better.
        if rows is not None and _is_dialled(one):
            continue
        with suppress(UnknownPerson):
            rows = [*(rows or []), *referrals.people.export(one)["people"]]
            referrals.people.forget(one)
    return rows


def _mentions(told: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Mentions:
    """Return what tells them: what was given, and what was kept."""
    return Mentions(
        emails=[*told, *(row["email"] or row["mailbox"] for row in rows)],
        phones=[*(one for one in told if _is_dialled(one)), *(row["phone"] for row in rows)],
        names=[row["name"] for row in rows],
    )


def _is_dialled(told: str) -> bool:
    # A bare number may be the shop's own id of somebody.
    return "@" not in told and told.startswith(("+", "0"))


def _tidy(session: Session, vault: Vault, shop: str, mentions: Mentions, read: Read) -> int:
    """Take the person out of the inbox: of their orders, the till is asked instead."""
    found = 0
    for id, state, delivery in list(_mentioning(session, vault, shop, mentions)):
        news = _news(delivery, read)
        told = [one for one in news or () if isinstance(one, OrderChanged | OrderGone)]
        placed = [one.order.id if isinstance(one, OrderChanged) else one.id for one in told]
        if state == "new" and any(isinstance(one, PersonForgotten) for one in news or ()):
            # It asks for the same, or for somebody else; read, it is stripped.
            continue
        found += 1
        if state == "new" and news is not None:
            inbox.reduce(session, vault, shop, id, placed)
        else:
            inbox.strip(session, shop, id, _why(placed))
    return found


def _why(placed: Sequence[str]) -> Trouble:
    """Say why a delivery is stripped, and of which orders it told."""
    if not placed:
        return Trouble(WHY, "forgotten")
    told = ", ".join(placed)
    return Trouble(f"{WHY}: order {told}", "forgotten_order", orders=told)


def _mentioning(
    session: Session, vault: Vault, shop: str, mentions: Mentions
) -> Iterator[tuple[str, str, Delivery]]:
    for id, state, delivery in inbox.with_body(session, vault, shop):
        if delivery is not None and any(map(mentions.within, _texts(delivery.body))):
            yield id, state, delivery


def _news(delivery: Delivery, read: Read) -> list[News] | None:
    """Return what a delivery tells; None if nobody can read it."""
    try:
        return list(read(delivery))
    except Exception:
        # Whatever a plugin stumbles over: it would have been left to a person.
        return None


def _texts(body: bytes) -> Iterator[str]:
    """Yield what a body says, as its reader would see it: word by word, and in one piece."""
    try:
        leaves = list(_leaves(json.loads(body)))
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "replace")
        yield text
        # JSON that was cut off still spells what is not ASCII by number.
        yield text.encode("ascii", "ignore").decode("unicode_escape", "ignore")
        return
    yield from leaves
    yield "\n".join(leaves)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, str):
        yield value


def told_of(session: Session, referrals: Referrals, shop: str, news: PersonForgotten) -> list[str]:
    """Return by what somebody is told: in so many words, and on the orders that are named."""
    told = [one for one in (news.email, news.phone, news.account) if one]
    for id in news.orders:
        kept = orders.find(Book(session, shop), id)
        if kept is not None and kept.friend is not None:
            told += _contacts(referrals, kept.friend)
    return list(dict.fromkeys(told))


def _contacts(referrals: Referrals, person: str) -> list[str]:
    try:
        rows = referrals.people.export(person)["people"]
    except UnknownPerson:
        return []
    found = [row["email"] or row["mailbox"] or row["account"] or row["phone"] for row in rows]
    return [one for one in found if one]
