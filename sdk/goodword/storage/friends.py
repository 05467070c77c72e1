"""Who placed an order: people told by mailbox, phone or account, and what they claimed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, String, bindparam, cast, select, text, true, union, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.model.people import Claim
from goodword.signals import canonical_email, canonical_phone
from goodword.storage import forgotten
from goodword.storage.claims import CLAIM_COLUMNS, claim_of
from goodword.storage.sql import Book, Statement, new_id, through
from goodword.storage.tables import advocates, claims, orders, people, shops

_here = select(cast(bindparam("shop"), String).label("shop")).subquery()


def _told_by(column: str, told: str, *index: str) -> Select[Any]:
    found = select(people.c.id).where(
        people.c.shop == bindparam("shop"), people.c[column] == bindparam(told, type_=String)
    )
    return through(found, people, *index) if index else found


# Each by the index that finds it at once: in one condition SQLite would read a whole shop.
_told = union(
    _told_by("mailbox", "mailbox", "shop", "mailbox", "id"),
    _told_by("phone", "phone", "shop", "phone"),
    _told_by("account", "account", "shop", "account"),
    _told_by("id", "account"),
).subquery("told")
# One trip for all that is asked of the people behind an order; a row even where nobody is known.
_LOOK: Final = Statement(
    through(
        select(
            shops.c.repeats,
            shops.c.forgets,
            people.c.id,
            people.c.met_as,
            people.c.mailbox,
            people.c.phone,
            people.c.account,
            people.c.home,
            advocates.c.merged_into,
            *CLAIM_COLUMNS,
        )
        .select_from(_here)
        .outerjoin(shops, shops.c.shop == _here.c.shop)
        .outerjoin(_told, true())
        .outerjoin(people, (people.c.shop == _here.c.shop) & (people.c.id == _told.c.id))
        .outerjoin(advocates, (advocates.c.shop == people.c.shop) & (advocates.c.id == people.c.id))
        .outerjoin(claims, (claims.c.shop == people.c.shop) & (claims.c.person == people.c.id)),
        claims,
        "shop",
        "person",
    )
)
_PERSON: Final = Statement(
    select(people.c.mailbox, people.c.phone, people.c.account, people.c.home).where(
        people.c.shop == bindparam("shop"), people.c.id == bindparam("id")
    )
)
_MEET: Final = Statement(
    upsert(people).on_conflict_do_nothing(
        index_elements=["shop", "mailbox"], index_where=text("met_as = 'friend'")
    )
)
_MEET_BY_PHONE: Final = Statement(
    upsert(people).on_conflict_do_nothing(
        index_elements=["shop", "phone"],
        index_where=text("met_as = 'friend' AND mailbox IS NULL"),
    )
)
_MEET_BY_ACCOUNT: Final = Statement(upsert(people).on_conflict_do_nothing())
_LEARN: Final = Statement(
    update(people)
    .where(
        people.c.shop == bindparam("shop"),
        people.c.id == bindparam("key"),
        people.c.met_as != forgotten.FORGOTTEN,
    )
    .values(phone=bindparam("told_phone"), account=bindparam("told_account"))
)
_LEARN_HOME: Final = Statement(
    update(people)
    .where(
        people.c.shop == bindparam("shop"),
        people.c.id == bindparam("key"),
        people.c.home.is_(None),
        people.c.met_as != forgotten.FORGOTTEN,
    )
    .values(home=bindparam("told_home"))
)
_HAND_ON: Final = (
    Statement(
        update(people)
        .where(people.c.shop == bindparam("shop"), people.c.account == bindparam("gone"))
        .values(account=bindparam("kept"))
    ),
    # Of whom nothing but the account is known, orders tell by it.
    Statement(
        update(orders)
        .where(
            orders.c.shop == bindparam("shop"),
            orders.c.friend == bindparam("gone"),
            ~select(people.c.id)
            .where(people.c.shop == bindparam("shop"), people.c.id == bindparam("gone"))
            .exists(),
        )
        .values(friend=bindparam("kept"))
    ),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """How a friend can be told: any of it may be missing."""

    email: str | None = None
    mailbox: str | None = None
    phone: str | None = None
    account: str | None = None
    home: str | None = None
    """Hashed, as it is kept.  It tells who lives together, and nobody."""

    @classmethod
    def of(
        cls,
        email: str | None,
        phone: str | None,
        account: str | None,
        *,
        country: str | None = None,
        home: str | None = None,
    ) -> Contact:
        """Return the contact in the one spelling of each of its parts."""
        number = canonical_phone(phone, country or "TW") if phone else None
        mailbox = canonical_email(email)
        return cls(email if mailbox else None, mailbox, number, account or None, home)


@dataclass(frozen=True, slots=True)
class Person:
    """One person that a contact may lead to."""

    id: str
    met_as: str
    mailbox: str | None
    phone: str | None
    account: str | None
    home: str | None
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a contact leads to, and what they claimed."""

    contact: Contact
    people: tuple[Person, ...]
    claims: tuple[Claim, ...]
    repeats: bool
    """Whether any program of the shop lets further orders of a friend count."""
    forgets: bool

    @property
    def themselves(self) -> list[Person]:
        """Those who are the friend: a phone alone may be a whole household's."""
        return [one for one in self.people if self._is_friend(one)]

    @property
    def same(self) -> list[str]:
        """Return who is the friend beyond doubt, told by less: an account, or a phone, alone."""
        return [
            one.id
            for one in self.themselves
            if self._signs_in_as(one) or (self._is_called(one) and one.mailbox is None)
        ]

    @property
    def homeless(self) -> list[str]:
        """Return the rows of the friend, and of nobody in their household, that know no home."""
        return [
            one.id
            for one in self.themselves
            if one.home is None
            and (one.id == self.friend or self._writes_as(one) or self._signs_in_as(one))
        ]

    @property
    def friend(self) -> str | None:
        """Return the friend's id: by mailbox, else by phone, else by account."""
        by_mailbox = [one for one in self.people if one.mailbox and self._writes_as(one)]
        if self.contact.mailbox is not None:
            return by_mailbox[0].id if by_mailbox else None
        by_phone = [one for one in self.people if one.met_as == "friend" and self._is_called(one)]
        by_account = [one for one in self.people if self._signs_in_as(one)]
        for found in (by_phone, by_account):
            if found:
                return found[0].id
        return self.contact.account

    def _is_friend(self, one: Person) -> bool:
        called = one.met_as == "friend" and self._is_called(one)
        return self._writes_as(one) or self._signs_in_as(one) or called

    def _writes_as(self, one: Person) -> bool:
        return one.mailbox is not None and one.mailbox == self.contact.mailbox

    def _is_called(self, one: Person) -> bool:
        return one.phone is not None and one.phone == self.contact.phone

    def _signs_in_as(self, one: Person) -> bool:
        account = self.contact.account
        return account is not None and account in (one.id, one.account)


def look(book: Book, contact: Contact) -> Found:
    """Return whom a contact leads to; writes nothing."""
    rows = book.all(_LOOK, mailbox=contact.mailbox, phone=contact.phone, account=contact.account)
    persons = {row[2]: Person(*row[2:9]) for row in rows if row[2] is not None}
    found = {row[9]: claim_of(*row[9:]) for row in rows if row[9] is not None}
    return Found(
        contact=contact,
        people=tuple(persons[id] for id in sorted(persons)),
        claims=tuple(found[id] for id in sorted(found)),
        repeats=bool(rows[0][0]),
        forgets=bool(rows[0][1]),
    )


def contact_of(book: Book, id: str, account: str | None) -> Contact:
    """Return how a person who is known can be told."""
    row = book.one(_PERSON, id=id)
    mailbox, phone, known, home = row if row else (None, None, None, None)
    return Contact(None, mailbox, phone, account or known, home)


def meet(book: Book, found: Found, now: datetime) -> str | None:
    """Return the friend's id, kept from now on; None for nobody's contact."""
    contact = found.contact
    again = before(book, found, now)
    if again is not None:
        return again
    if found.friend is not None:
        told = contact.phone is not None or contact.home is not None
        if told and all(one.id != found.friend for one in found.people):
            keep_account(book, contact)
        _learn(book, found)
        _learn_home(book, found)
        return found.friend
    if contact.mailbox is None and contact.phone is None:
        return None
    return _meet_anew(book, contact, _account_of(found), now)


def before(book: Book, found: Found, now: datetime) -> str | None:
    """Return the id that a stranger had before they were forgotten."""
    if not found.forgets or any(one.id == found.friend for one in found.people):
        return None
    contact = found.contact
    # As among those who are known: where there is an address, a phone is the household's.
    phone, account = (None, None) if contact.mailbox else (contact.phone, contact.account)
    return forgotten.person(book, forgotten.contacts(contact.mailbox, phone, account), now)


def ids(book: Book, id: str) -> list[str]:
    """Return every id that a friend's orders may be kept under."""
    known = contact_of(book, id, None)
    # An id may itself be an account, which somebody known by more has signed in to.
    found = look(book, replace(known, account=known.account or id))
    return sorted({id, *selves(found.themselves), *accounts(found.themselves)})


def accounts(found: Iterable[Person]) -> frozenset[str]:
    """Return the accounts that people sign in to."""
    return frozenset(one.account for one in found if one.account is not None)


def keep_account(book: Book, contact: Contact) -> None:
    """Make a person of an account that no mailbox tells, with the phone that was told beside it."""
    assert contact.account is not None
    if book.run(_MEET_BY_ACCOUNT, **_row(contact.account, contact, None)) == 0:
        # They are known; or somebody else was met by this phone at the same moment.
        book.run(_MEET_BY_ACCOUNT, **_row(contact.account, Contact(home=contact.home), None))


def tie_account(book: Book, id: str, account: str) -> None:
    """Let a person be told by their account, too."""
    contact = contact_of(book, id, None)
    book.run(_LEARN, key=id, told_phone=contact.phone, told_account=account)


def _account_of(found: Found) -> str | None:
    """Return the account that a friend signed in to; an advocate's own is theirs alone."""
    account = found.contact.account
    of_advocate = any(one.id == account and one.met_as == "advocate" for one in found.people)
    return None if of_advocate else account


def _learn(book: Book, found: Found) -> None:
    """Keep a phone or account that a known friend tells for the first time."""
    phone, account = found.contact.phone, _account_of(found)
    for one in found.people:
        if one.id != found.friend or one.met_as != "friend":
            continue
        told = (one.phone or phone, one.account or (account if account != one.id else None))
        if told != (one.phone, one.account):
            book.run(_LEARN, key=one.id, told_phone=told[0], told_account=told[1])


def _learn_home(book: Book, found: Found) -> None:
    """Keep the home that an order of theirs tells first: an advocate's, too."""
    home = found.contact.home
    if home is not None:
        for id in found.homeless:
            book.run(_LEARN_HOME, key=id, told_home=home)


def _meet_anew(book: Book, contact: Contact, account: str | None, now: datetime) -> str:
    id = new_id(now)
    statement = _MEET if contact.mailbox is not None else _MEET_BY_PHONE
    if book.run(statement, **_row(id, contact, account)) == 1:
        return id
    # Somebody met them at the same moment, and was first.
    again = look(book, Contact(None, contact.mailbox, contact.phone, None)).friend
    assert again is not None
    return again


def _row(id: str, contact: Contact, account: str | None) -> dict[str, Any]:
    return {
        "id": id,
        "name": None,
        "email": contact.email,
        "mailbox": contact.mailbox,
        "met_as": "friend",
        "phone": contact.phone,
        "account": account,
        "name_key": None,
        "home": contact.home,
    }


def selves(found: Iterable[Person]) -> frozenset[str]:
    """Return every id that a person goes by, the advocate they were merged into included."""
    return frozenset(id for one in found for id in (one.id, one.merged_into) if id is not None)


def hand_account_on(book: Book, gone: str, kept: str) -> int:
    """Let whoever signed in with an account be known by another; return in how many rows."""
    return sum(book.run(statement, gone=gone, kept=kept) for statement in _HAND_ON)
