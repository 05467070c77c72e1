"""Claims: offers taken up, and how the coupon of each stands."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from goodword.model.people import Claim
from goodword.storage.sql import Book, Statement, micros, moment, through
from goodword.storage.tables import claims

CLAIM_COLUMNS: Final = (
    claims.c.id.label("claim"),
    claims.c.code,
    claims.c.advocate,
    claims.c.program,
    claims.c.person,
    claims.c.coupon,
    claims.c.at,
    claims.c.expires,
    claims.c.confirmed,
    claims.c.state,
    claims.c.visit,
)
_mine = (claims.c.shop == bindparam("shop")) & (claims.c.id == bindparam("key"))
_ADD: Final = Statement(insert(claims))
_FIND: Final = Statement(
    select(*CLAIM_COLUMNS, claims.c.version, claims.c.remote).where(
        claims.c.shop == bindparam("shop"), claims.c.id == bindparam("id")
    )
)
_OF_PERSON: Final = Statement(
    through(
        select(*CLAIM_COLUMNS).where(
            claims.c.shop == bindparam("shop"), claims.c.person == bindparam("person")
        ),
        claims,
        "shop",
        "person",
    )
)
_CLAIMED: Final = Statement(
    through(
        select(claims.c.at).where(
            claims.c.shop == bindparam("shop"), claims.c.coupon == bindparam("coupon")
        ),
        claims,
        "shop",
        "coupon",
    )
)
_RESTS: Final = Statement(
    select(claims.c.rests).where(claims.c.shop == bindparam("shop"), claims.c.id == bindparam("id"))
)
_SET_RESTS: Final = Statement(update(claims).where(_mine).values(rests=bindparam("whether")))
_CONFIRM: Final = Statement(
    update(claims).where(_mine, claims.c.confirmed.is_(None)).values(confirmed=bindparam("now"))
)
_SET: Final = Statement(
    update(claims).where(_mine).values(state=bindparam("stands"), remote=bindparam("made_as"))
)


def add(book: Book, claim: Claim, version: int) -> None:
    """Keep a claim, before the shop is asked for its coupon."""
    book.run(
        _ADD,
        id=claim.id,
        code=claim.code,
        advocate=claim.advocate,
        program=claim.program,
        version=version,
        person=claim.person,
        coupon=claim.coupon,
        at=micros(claim.at),
        expires=micros(claim.expires),
        confirmed=micros(claim.confirmed),
        state="making",
        remote=None,
        visit=claim.visit,
        rests=0,
    )


def find(book: Book, id: str) -> tuple[Claim, int, str] | None:
    """Return a claim, the version of its program, and how its coupon stands."""
    row = book.one(_FIND, id=id)
    return (claim_of(*row[:-2]), row[-2], row[9]) if row else None


def of_person(book: Book, person: str) -> list[Claim]:
    """Return what a friend claimed."""
    return [claim_of(*row) for row in book.all(_OF_PERSON, person=person)]


def confirm(book: Book, id: str, now: datetime) -> None:
    """Make a bond of a claim; what was confirmed before stays as it is."""
    book.run(_CONFIRM, key=id, now=micros(now))


def set_state(book: Book, id: str, state: str, remote: str | None) -> None:
    """Keep how a claim's coupon stands."""
    book.run(_SET, key=id, stands=state, made_as=remote)


def claimed_at(book: Book, coupon: str) -> datetime | None:
    """Return when the claim was made whose coupon this is."""
    row = book.one(_CLAIMED, coupon=coupon)
    return moment(row[0]) if row else None


def rests(book: Book, id: str) -> bool:
    """Whether a claim's coupon was switched off because its program is paused."""
    row = book.one(_RESTS, id=id)
    return row is not None and row[0] == 1


def set_rests(book: Book, id: str, whether: bool) -> None:
    """Keep whether a claim's coupon is switched off by a pause."""
    book.run(_SET_RESTS, key=id, whether=int(whether))


def claim_of(
    id: str,
    code: str,
    advocate: str,
    program: str,
    person: str,
    coupon: str,
    at: int,
    expires: int,
    confirmed: int | None,
    state: str,
    visit: str | None,
) -> Claim:
    """Return a claim from its row."""
    claimed, ends = moment(at), moment(expires)
    assert claimed is not None
    assert ends is not None
    return Claim(
        id=id,
        code=code,
        advocate=advocate,
        program=program,
        person=person,
        coupon=coupon,
        at=claimed,
        expires=ends,
        confirmed=moment(confirmed),
        made=state == "made",
        visit=visit,
    )
