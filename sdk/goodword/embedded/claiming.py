"""Taking an offer up, and making a bond of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from goodword.duties.coupons import drawn
from goodword.embedded.orders import settle_again
from goodword.errors import (
    ClaimInvalid,
    CodeEnded,
    OwnCode,
    ProgramPaused,
    UnknownClaim,
    UnknownCode,
)
from goodword.model.credit import Reason
from goodword.model.followup import Duty
from goodword.model.people import Claim, Claiming
from goodword.rules import codes, texts
from goodword.storage import claims, deeds, friends, orders, people, programs, visits
from goodword.storage.friends import Contact, Found
from goodword.storage.locks import alone
from goodword.storage.measuring import Measured, measure
from goodword.storage.sql import Book, new_id

_ACCOUNT_LONGEST: Final = 64


def claim(book: Book, claiming: Claiming, now: datetime) -> Claim:
    """Keep a claim, and let its coupon be made; a second one joins the first."""
    contact = _contact(claiming)
    measured = measure(book, codes.folded(claiming.code), now, typed=False)
    if measured is None:
        raise UnknownCode(text=claiming.code)
    if set(measured.against) == {Reason.PROGRAM_PAUSED}:
        raise ProgramPaused(text=measured.code)
    if measured.against:
        raise CodeEnded(text=measured.code)
    found = friends.look(book, contact)
    if measured.advocate in friends.selves(found.themselves) | {claiming.account}:
        raise OwnCode(text=measured.code)
    person = _person(book, found, now)
    # In one sequence for all: whoever claims by less at the same moment meets us at one of them.
    same = sorted({person, *found.same, *([claiming.account] if claiming.account else [])})
    for id in same:
        alone(book, id)
    made = [one for id in same for one in claims.of_person(book, id)]
    standing = _standing(made, measured.program.name, now)
    return standing or _made(book, claiming, measured, person, now)


def find(book: Book, id: str) -> Claim:
    """Return a claim as it stands."""
    found = claims.find(book, id)
    if found is None:
        raise UnknownClaim(id=id)
    return found[0]


def confirm(book: Book, id: str, account: str | None, now: datetime) -> Claim:
    """Make a bond of a claim."""
    _check_account(account)
    claimed = find(book, id)
    claims.confirm(book, id, now)
    if account is not None and account != claimed.person:
        friends.tie_account(book, claimed.person, account)
    _settle_recent(book, claimed, now)
    return find(book, id)


def _contact(claiming: Claiming) -> Contact:
    _check_account(claiming.account)
    contact = Contact.of(claiming.email, claiming.phone, claiming.account)
    if claiming.email and contact.mailbox is None:
        raise ClaimInvalid(field="email", mend="is no e-mail address; mend it or leave it out")
    if claiming.phone and contact.phone is None:
        raise ClaimInvalid(
            field="phone", mend="is no phone number; write it with its country, like +886912345678"
        )
    if not (contact.mailbox or contact.phone or contact.account):
        raise ClaimInvalid(field="email", mend="give an e-mail address, a phone or an account")
    return contact


def _check_account(account: str | None) -> None:
    if account is None:
        return
    if not 0 < len(account) <= _ACCOUNT_LONGEST or not texts.can_be_kept(account):
        raise ClaimInvalid(
            field="account", mend=f"give the shop's own id, 1 to {_ACCOUNT_LONGEST} long"
        )
    if "@" in account:
        raise ClaimInvalid(field="account", mend="must not be an e-mail address; that is `email`")


def _person(book: Book, found: Found, now: datetime) -> str:
    account = found.contact.account
    person = friends.meet(book, found, now)
    if account is not None and person in (account, None):
        friends.keep_account(book, found.contact)
        return account
    assert person is not None
    if account is not None:
        friends.tie_account(book, person, account)
    return person


def _standing(made: Iterable[Claim], program: str, now: datetime) -> Claim | None:
    """Return the claim that still stands: one coupon for one person and program."""
    stands = [one for one in made if one.program == program and one.expires > now]
    return min(stands, key=lambda one: one.id, default=None)


def _made(book: Book, claiming: Claiming, measured: Measured, person: str, now: datetime) -> Claim:
    program = measured.program
    keep = partial(people.add_gift, book, code=measured.code, advocate=measured.advocate)
    seen = visits.find(book, claiming.visit) if claiming.visit else None
    made = Claim(
        id=new_id(now),
        code=measured.code,
        advocate=measured.advocate,
        program=program.name,
        person=person,
        coupon=drawn(keep, "gift"),
        at=now,
        expires=now + timedelta(days=program.terms.claim_days),
        visit=seen.id if seen else None,
    )
    claims.add(book, made, program.version)
    deeds.plan(book, Duty.OFFER, made.id, now, now)
    _settle_recent(book, made, now)
    return made


def _settle_recent(book: Book, claim: Claim, now: datetime) -> None:
    """Decide anew on the orders that the claim may speak for, in whatever version they were."""
    grace = timedelta(days=programs.longest_grace(book, claim.program))
    for id in friends.ids(book, claim.person):
        for order in orders.recent(book, id, claim.at - grace):
            settle_again(book, order, f"claim:{claim.id}", now)
