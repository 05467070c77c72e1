"""What an advocate earned, read from the book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from goodword.model.ledger import Account, Balance, Part
from goodword.model.money import Money
from goodword.model.outcome import Reward, RewardState, Standing
from goodword.model.worth import POINTS, Kind
from goodword.paging import Key
from goodword.rules.booking import PIECE, money_kind
from goodword.rules.credit import earned_by
from goodword.storage import deeds, ledger, orders, people
from goodword.storage.deeds import KeptGrant
from goodword.storage.sql import Book

# Where value stands says where the reward stands: the furthest account that holds any.
_BY_ACCOUNT: Final = (
    (Account.SPENT, RewardState.REDEEMED),
    (Account.EXPIRED, RewardState.EXPIRED),
    (Account.GIVEN, RewardState.GRANTED),
    (Account.DUE, RewardState.DUE),
    (Account.WAITING, RewardState.WAITING),
    (Account.OWED_BACK, RewardState.OFFSET),
)
# By order, advocate and unit.
_Held = dict[tuple[str, str, str], dict[Account, int]]
_FIELD: Final = {
    Account.WAITING: "waiting",
    Account.DUE: "due",
    Account.GIVEN: "given",
    Account.SPENT: "spent",
    Account.EXPIRED: "expired",
    Account.OWED_BACK: "owed_back",
}


def rewards(book: Book, advocate: str, after: Key | None, most: int) -> list[Reward]:
    """Return an advocate's rewards, one an order and unit, after that of a key."""
    first = after[0] if after else ""
    # One more than is asked for: of the order that the page before ended with all may be told.
    found = ledger.orders_of(book, advocate, first, most + 1)
    if not found:
        return []
    held: dict[str, dict[tuple[str, str, str], dict[Account, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for order, one in _earned(book, advocate, (found[0], found[-1])):
        held[order][order, one.advocate, one.worth.unit][one.account] = one.worth.minor
    left = (
        (key, accounts)
        for order in found
        for key, accounts in sorted(held[order].items())
        if after is None or order != first or key > after
    )
    return [_reward(book, *key, accounts) for key, accounts in islice(left, most)]


def of_order(book: Book, order: str) -> list[Reward]:
    """Return an order's rewards, one an advocate and unit."""
    held: dict[tuple[str, str], dict[Account, int]] = defaultdict(dict)
    for one in ledger.of_order(book, order):
        if one.part is Part.REWARD:
            held[one.advocate, one.worth.unit][one.account] = one.worth.minor
    return [_reward(book, order, *key, accounts) for key, accounts in sorted(held.items())]


def balance(book: Book, advocate: str) -> list[Standing]:
    """Return what stands on the advocate's accounts, by unit."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _order, one in _earned(book, advocate):
        if one.account in _FIELD:
            sums[one.worth.unit][_FIELD[one.account]] += one.worth.minor
    return [
        Standing(advocate=advocate, unit=unit, **accounts)
        for unit, accounts in sorted(sums.items())
    ]


def _earned(
    book: Book, advocate: str, among: tuple[str, str] | None = None
) -> Iterator[tuple[str, Balance]]:
    """Yield what an advocate has by order, under every id that they earned under.

    ``among``: the first order, and the last.
    """
    for id in people.ids_of(book, advocate):
        for order, one in ledger.of_advocate(book, id, among):
            if one.part is Part.REWARD:
                yield order, one


def _reward(
    book: Book, order: str, advocate: str, unit: str, accounts: Mapping[Account, int]
) -> Reward:
    state, amount = RewardState.REVERSED, 0
    for account, stands in _BY_ACCOUNT:
        if accounts.get(account, 0) > 0:
            state, amount = stands, accounts[account]
            break
    grant = _grant(book, order, advocate)
    if grant is not None and state is RewardState.GRANTED:
        # While a shop is asked to take it back, it still stands as granted.
        state = RewardState.GRANTED if grant.state == "taking" else RewardState(grant.state)
    if grant is not None and state is RewardState.DUE and grant.state == RewardState.REFUSED:
        state = RewardState.REFUSED
    if grant is None and state is RewardState.GRANTED:
        state = RewardState.PAID
    return Reward(
        order=order,
        advocate=advocate,
        kind=grant.grant.worth.kind if grant else _kind(book, order, unit, advocate),
        state=state,
        worth=Money(amount, unit),
        text=grant.grant.text if grant and grant.remote else None,
        release=deeds.release_due(book, order),
    )


def _kind(book: Book, order: str, unit: str, advocate: str) -> Kind:
    if unit.startswith(PIECE):
        return Kind(unit.removeprefix(PIECE))
    kept = orders.find(book, order)
    program = earned_by(kept.order, kept.evidence, advocate) if kept else None
    if program is None:
        # All evidence for it went away: what it was is no longer told.
        return Kind.POINTS if unit == POINTS else Kind.AMOUNT_OFF
    return money_kind(program)


def _grant(book: Book, order: str, advocate: str) -> KeptGrant | None:
    mine = [one for one in deeds.grants_of(book, order) if one.grant.person == advocate]
    stands = [one for one in mine if one.state != RewardState.REVERSED] or mine
    return stands[-1] if stands else None
