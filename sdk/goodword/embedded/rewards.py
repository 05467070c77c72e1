"""What an advocate earned, read from the book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from goodword.model.ledger import Account, Part
from goodword.model.money import Money
from goodword.model.outcome import Reward, RewardState, Standing
from goodword.model.program import Kind
from goodword.rules.booking import PIECE
from goodword.storage import deeds, ledger
from goodword.storage.deeds import KeptGrant
from goodword.storage.sql import Book

# Where value stands says where the reward stands: the furthest account that holds any.
_BY_ACCOUNT: Final = (
    (Account.SPENT, RewardState.REDEEMED),
    (Account.GIVEN, RewardState.GRANTED),
    (Account.DUE, RewardState.DUE),
    (Account.WAITING, RewardState.WAITING),
)
_FIELD: Final = {
    Account.WAITING: "waiting",
    Account.DUE: "due",
    Account.GIVEN: "given",
    Account.SPENT: "spent",
    Account.OWED_BACK: "owed_back",
}


def rewards(book: Book, advocate: str) -> list[Reward]:
    """Return an advocate's rewards, one an order and unit."""
    held: dict[tuple[str, str], dict[Account, int]] = defaultdict(dict)
    for order, balance in ledger.of_advocate(book, advocate):
        if balance.part is Part.REWARD:
            held[order, balance.worth.unit][balance.account] = balance.worth.minor
    return [
        _reward(book, order, advocate, unit, accounts)
        for (order, unit), accounts in sorted(held.items())
    ]


def balance(book: Book, advocate: str) -> list[Standing]:
    """Return what stands on the advocate's accounts, by unit."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _order, one in ledger.of_advocate(book, advocate):
        if one.part is Part.REWARD and one.account in _FIELD:
            sums[one.worth.unit][_FIELD[one.account]] += one.worth.minor
    return [
        Standing(advocate=advocate, unit=unit, **accounts)
        for unit, accounts in sorted(sums.items())
    ]


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
    kind = Kind(unit.removeprefix(PIECE)) if unit.startswith(PIECE) else Kind.AMOUNT_OFF
    return Reward(
        order=order,
        advocate=advocate,
        kind=kind,
        state=state,
        worth=Money(amount, unit),
        text=grant.grant.text if grant and grant.remote else None,
        release=deeds.release_due(book, order),
    )


def _grant(book: Book, order: str, advocate: str) -> KeptGrant | None:
    mine = [one for one in deeds.grants_of(book, order) if one.grant.advocate == advocate]
    stands = [one for one in mine if one.state != RewardState.REVERSED] or mine
    return stands[-1] if stands else None
