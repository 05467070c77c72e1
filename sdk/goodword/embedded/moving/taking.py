"""Taking along all that is known of a shop, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from goodword import wire
from goodword.embedded import rewards
from goodword.model.credit import State
from goodword.model.money import written
from goodword.model.moving import MovedAdvocate, MovedClaim, MovedCode, PastReferral
from goodword.model.order import Order
from goodword.model.outcome import Reward
from goodword.model.people import Advocate, Relation
from goodword.model.program import Program
from goodword.storage import leaving, programs
from goodword.storage.claims import claim_of
from goodword.storage.desk import Desk
from goodword.storage.forgotten import FORGOTTEN
from goodword.storage.sql import Book, Row, moment

_Page = Callable[[Book, str], Sequence[Row]]
_GIVEN: Final = frozenset({State.REWARDED, State.EXPIRED, State.REVERSED})


class TakenOut:
    """All that is known of one shop, each kind read a page at a time.

    What others name was there before them: whoever writes all of it down reads what names others
    first, so that nothing is named that is missing.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def claims(self) -> Iterator[MovedClaim]:
        """Yield the offers that were taken up, by id."""
        for *row, email, phone in self._each(leaving.claims_after):
            yield MovedClaim(claim=claim_of(*row), email=email, phone=phone)

    def rewards(self) -> Iterator[Reward]:
        """Yield the rewards that were ever booked, by order."""
        for (order,) in self._each(leaving.booked_after):
            yield from self._desk.read(partial(rewards.of_order, order=order))

    def referrals(self) -> Iterator[PastReferral]:
        """Yield the referrals, by order, in whatever state."""
        for row in self._each(leaving.referrals_after):
            yield self._desk.read(partial(_referral, row=row))

    def codes(self) -> Iterator[MovedCode]:
        """Yield the codes, by text."""
        for text, advocate, program, coupon, made, ended, rotated in self._each(
            leaving.codes_after
        ):
            yield MovedCode(
                text=text,
                advocate=advocate,
                program=program,
                coupon=coupon,
                made=moment(made),
                ended=moment(ended),
                rotated=moment(rotated),
            )

    def advocates(self) -> Iterator[MovedAdvocate]:
        """Yield the advocates, by id; of those who were forgotten the id alone."""
        for row in self._each(leaving.advocates_after):
            yield _advocate(*row)

    def programs(self) -> Iterator[Program]:
        """Yield every version of every program, by name."""
        for newest in self._desk.read(programs.every):
            yield from self._desk.read(partial(programs.versions, name=newest.name))

    def _each(self, page: _Page) -> Iterator[Row]:
        after = ""
        while True:
            rows = self._desk.read(partial(_paged, page=page, after=after))
            yield from rows
            if len(rows) < leaving.MOST:
                return
            after = rows[-1][0]


def _advocate(
    id: str,
    name: str | None,
    email: str | None,
    phone: str | None,
    relation: str,
    ended: int | None,
    account: str | None,
    since: int,
    merged_into: str | None,
    met_as: str,
) -> MovedAdvocate:
    return MovedAdvocate(
        advocate=Advocate(
            id=id,
            name=name or "",
            email=email,
            phone=phone,
            relation=Relation(relation),
            ended=moment(ended),
        ),
        account=account,
        since=moment(since),
        merged_into=merged_into,
        forgotten=met_as == FORGOTTEN,
    )


def _paged(book: Book, page: _Page, after: str) -> Sequence[Row]:
    return page(book, after)


def _referral(book: Book, row: Row) -> PastReferral:
    order, advocate, code, program, said, kept, email, phone, met_as, reward = row
    whole, state = wire.unpack(Order, kept), State(said)
    if reward is None and state in _GIVEN:
        reward = _given(book, order)
    return PastReferral(
        order=order,
        placed=whole.placed,
        total=whole.gross,
        net=whole.net,
        advocate=advocate,
        code=code,
        program=program,
        email=email,
        phone=phone,
        account=None if met_as == FORGOTTEN else whole.customer,
        reward=reward or "",
        state=state,
    )


def _given(book: Book, order: str) -> str:
    found = rewards.of_order(book, order)
    return ", ".join(f"{written(one.worth)} {one.worth.unit}" for one in found)
