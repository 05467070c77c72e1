"""What is kept of a person, and forgetting them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from goodword.errors import Invalid, UnknownPerson
from goodword.mentions import Mentions
from goodword.signals import canonical_email, canonical_phone
from goodword.storage import forgotten, personal
from goodword.storage.personal import Known
from goodword.storage.sql import Book


def export(book: Book, id: str) -> dict[str, Any]:
    """Return all that is kept of a person."""
    known, ids = _person(book, id)
    return personal.kept(book, ids | {one.account for one in known if one.account})


def forget(book: Book, id: str, now: datetime) -> None:
    """Forget a person: one id after another that they went by."""
    known, ids = _person(book, id)
    accounts = {one.account for one in known if one.account}
    mentions = mentions_of(known)
    _remember(book, known, now)
    for one in sorted(ids):
        personal.forget(book, one, now)
    for one in sorted(ids | accounts):
        personal.blur(book, one)
        personal.unsay(book, one, mentions)


def mentions_of(known: Iterable[Known]) -> Mentions:
    """Return what tells a person in what was written about them: each word of their name, too."""
    rows = list(known)
    names = [one.name for one in rows if one.name]
    return Mentions(
        emails=[one.email or one.mailbox for one in rows],
        phones=[one.phone for one in rows],
        names=[*names, *(word for name in names for word in name.split())],
    )


def _person(book: Book, id: str) -> tuple[list[Known], set[str]]:
    """Return all rows of the one person that is meant, and every id that they go by."""
    meant = _told(book, id)
    if not meant:
        if not personal.has_orders(book, id):
            raise UnknownPerson()
        return [], {id}
    known: dict[str, Known] = {}
    waiting = meant[:1]
    while waiting:
        one = waiting.pop()
        if one.id not in known:
            known[one.id] = one
            waiting += _same(book, one)
    if any(one.id not in known for one in meant):
        # A household's phone: nobody is guessed.
        raise Invalid(
            field="id", mend="several people share this phone; give an e-mail address or an id"
        )
    return [known[one] for one in sorted(known)], set(known)


def _told(book: Book, id: str) -> list[Known]:
    """Return whom an id, an account, an address or a number leads to."""
    found = [*personal.by_id(book, id), *personal.by_account(book, id)]
    mailbox, phone = canonical_email(id), canonical_phone(id)
    if not found and mailbox is not None:
        found = personal.by_mailbox(book, mailbox)
    if not found and phone is not None:
        found = personal.by_phone(book, phone)
    return found


def _same(book: Book, one: Known) -> Iterator[Known]:
    """Yield the other rows of the same person; a phone alone makes nobody the same."""
    if one.mailbox is not None:
        yield from personal.by_mailbox(book, one.mailbox)
    if one.account is not None:
        yield from personal.by_id(book, one.account)
        yield from personal.by_account(book, one.account)
    yield from personal.by_account(book, one.id)
    for id in sorted(personal.merged_with(book, one.id)):
        yield from personal.by_id(book, id)


def _remember(book: Book, known: Iterable[Known], now: datetime) -> None:
    """Keep what tells them again, under the id that it told before."""
    told: dict[str, str] = {}
    rows = sorted(known, key=lambda one: one.id)
    for one in rows:
        # An advocate's phone never told a friend: it may be a whole household's.
        phone = one.phone if one.met_as == "friend" else None
        for contact in forgotten.contacts(one.mailbox, phone, one.account):
            told.setdefault(contact, one.id)
    for contact, id in told.items():
        forgotten.remember(book, [contact], id, now)
