"""A friend's own coupon is made: used once, by them, until it expires."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.duties import by_now
from goodword.duties.prepared import Prepared, follow_up
from goodword.model.followup import Carried, Grant, How
from goodword.model.ledger import Part
from goodword.model.people import Claim
from goodword.rules.promises import offer_of
from goodword.storage import claims, deeds, people, programs
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Say what coupon the claim is worth, unless its time is over.

    Of a friend who was forgotten the shop hears no contact: whoever has the text may use it.
    """
    found = claims.find(book, one.subject)
    if found is None or found[0].made or found[0].expires <= now:
        deeds.finish(book, one, "done")
        return None
    claim, version, state = found
    if state == "unknown":
        # It may have been made by an earlier try: with the second one a carrier looks first.
        one = replace(one, tries=max(one.tries, 2))
    grant = gift_of(book, claim, version)
    return Prepared(replace(follow_up(book, one), grant=grant))


def gift_of(book: Book, claim: Claim, version: int) -> Grant:
    """Return what a claim's coupon is worth, to whom, until when."""
    email, phone = people.contact(book, claim.person)
    grant = Grant(
        id=claim.id,
        subject=claim.id,
        person=claim.person,
        worth=offer_of(programs.version(book, claim.program, version), claim.at),
        text=claim.coupon,
        part=Part.OFFER,
        email=email,
        phone=phone,
        expires=claim.expires,
        made=claim.at,
        program=claim.program,
    )
    return by_now.by_now(book, grant)


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Keep how the coupon stands; nothing is booked before it is used."""
    grant = prepared.deed.grant if prepared.deed else None
    if grant is None:
        return
    if carried.how is How.DONE and carried.granted is not None:
        claims.set_state(book, grant.id, "made", carried.granted.remote)
        by_now.made(book, grant, now)
    elif carried.how is How.NEVER:
        claims.set_state(book, grant.id, "refused", None)
    elif carried.how is How.UNKNOWN:
        claims.set_state(book, grant.id, "unknown", None)
