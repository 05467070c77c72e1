"""What should be booked for an order, and the movements that make it so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from goodword.model.credit import Decision, Evidence, Reason
from goodword.model.ledger import Account, Balance, Movement, Part, Share
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.program import Worth
from goodword.rules import codes
from goodword.rules.orders import remaining

PIECE = "piece:"
_TWD_WHOLE = 100

_Key = tuple[Part, str, str]


def should_be(decision: Decision, order: Order, evidence: Evidence) -> tuple[Share, ...]:
    """Say what should stand in the book for this order, by its newest state."""
    if decision.winner is None or decision.program is None:
        return ()
    advocate = decision.winner.advocate
    shares = []
    if _was_spent(order, decision):
        offer = Money(_offer_cost(order, evidence), order.net.unit)
        shares.append(Share(part=Part.OFFER, advocate=advocate, worth=offer))
    if not decision.reasons:
        reward = worth_of(decision.program.reward, order)
        shares.append(Share(part=Part.REWARD, advocate=advocate, worth=reward))
    return tuple(share for share in shares if share.worth.minor > 0)


def worth_of(reward: Worth, order: Order) -> Money:
    """Return what the reward is worth for this order, rounded down once."""
    if reward.amount is not None:
        return reward.amount
    if not reward.of_order:
        return Money(1, PIECE + reward.kind)
    over, under = (reward.percent or Decimal(0)).as_integer_ratio()
    # Rounded down: a shop never owes more than the percentage it promised.
    minor = int(over * remaining(order) / (under * 100))
    return Money(whole(minor, order.net.unit), order.net.unit)


def face(coupon: Worth) -> Money:
    """Return what a coupon stands for in the book: its amount, or one piece in kind."""
    return coupon.amount or Money(1, PIECE + coupon.kind)


def whole(minor: int, unit: str) -> int:
    """Round a TWD amount down to whole dollars: nobody in Taiwan pays in cents."""
    return minor - minor % _TWD_WHOLE if unit == "TWD" else minor


def entries(should: Iterable[Share], books: Iterable[Balance]) -> list[Movement]:
    """Return the movements that take what is booked to what should be.

    This alone touches shop:granted.
    """
    balances = _by_account(books)
    wanted = {(s.part, s.advocate, s.worth.unit): s.worth.minor for s in should}
    booked = {key: -held[Account.GRANTED] for key, held in balances.items()}
    moves: list[Movement] = []
    for key in sorted(wanted.keys() | booked.keys()):
        change = wanted.get(key, 0) - booked.get(key, 0)
        if change > 0:
            moves.append(_move(key, Account.GRANTED, _entrance(key[0]), change))
        elif change < 0:
            moves.extend(_down(key, -change, balances[key]))
    return moves


def released(books: Iterable[Balance], debt: Mapping[tuple[str, str], int]) -> list[Movement]:
    """Return the movements at the end of a hold: debts are paid off first, the rest is due.

    ``debt`` tells how much an advocate owes back in a unit, as a positive number.
    """
    moves = []
    for key, held in sorted(_by_account(books).items()):
        waiting = held[Account.WAITING]
        paid_off = min(waiting, debt.get(key[1:], 0))
        if paid_off > 0:
            moves.append(_move(key, Account.WAITING, Account.OWED_BACK, paid_off))
        if waiting > paid_off:
            moves.append(_move(key, Account.WAITING, Account.DUE, waiting - paid_off))
    return moves


def moved_all(books: Iterable[Balance], source: Account, target: Account) -> list[Movement]:
    """Return the movements that empty one account of an order's reward into another."""
    return [
        _move(key, source, target, held[source])
        for key, held in sorted(_by_account(books).items())
        if held[source] > 0
    ]


def moved(
    books: Iterable[Balance], source: Account, target: Account, advocate: str, worth: Money
) -> list[Movement]:
    """Return the movement of one coupon's worth, as far as the source holds it."""
    key = (Part.REWARD, advocate, worth.unit)
    most = [_move(key, source, target, worth.minor)]
    return at_most(moved_all(books, source, target), most)


def taken_back(books: Iterable[Balance]) -> list[Movement]:
    """Return the movements when a coupon was made smaller, or disabled, by what is owed back."""
    moves = []
    for key, held in sorted(_by_account(books).items()):
        amount = min(held[Account.GIVEN], -held[Account.OWED_BACK])
        if amount > 0:
            moves.append(_move(key, Account.GIVEN, Account.OWED_BACK, amount))
    return moves


def offset(books: Iterable[Balance]) -> list[Movement]:
    """Return the movements that pay what is owed back out of what is due for the same order."""
    moves = []
    for key, held in sorted(_by_account(books).items()):
        amount = min(held[Account.DUE], -held[Account.OWED_BACK])
        if amount > 0:
            moves.append(_move(key, Account.DUE, Account.OWED_BACK, amount))
    return moves


def at_most(moves: Iterable[Movement], planned: Iterable[Movement]) -> list[Movement]:
    """Return the movements, none larger than it was planned, none that was not."""
    most = {_key(move): move.worth.minor for move in planned}
    return [
        replace(move, worth=Money(min(move.worth.minor, most[_key(move)]), move.worth.unit))
        for move in moves
        if _key(move) in most
    ]


def hold_ends(paid: datetime, hold_days: int) -> datetime:
    """Return when a reward's hold ends."""
    return paid + timedelta(days=hold_days)


def _key(move: Movement) -> _Key:
    return move.part, move.advocate, move.worth.unit


def _was_spent(order: Order, decision: Decision) -> bool:
    """Whether the friend kept what the offer gave: it was spent whatever a reward's terms say."""
    undone = {Reason.CANCELLED, Reason.REFUNDED, Reason.TEST_ORDER}
    return order.paid is not None and not undone & set(decision.reasons)


def _offer_cost(order: Order, evidence: Evidence) -> int:
    ours = set(evidence.offers)
    discount = sum(used.discount.minor for used in order.coupons if codes.coupon(used.text) in ours)
    if order.net.minor == 0 or not order.refunds:
        return discount
    return int(discount * remaining(order) / order.net.minor)


def _by_account(books: Iterable[Balance]) -> dict[_Key, Counter[Account]]:
    held: dict[_Key, Counter[Account]] = {}
    for balance in books:
        key = (balance.part, balance.advocate, balance.worth.unit)
        held.setdefault(key, Counter())[balance.account] += balance.worth.minor
    return held


def _entrance(part: Part) -> Account:
    return Account.WAITING if part is Part.REWARD else Account.SPENT_BY_FRIEND


def _down(key: _Key, amount: int, held: Counter[Account]) -> Iterator[Movement]:
    """Take back: first what waits, then what is due; the rest is owed back."""
    if key[0] is Part.OFFER:
        yield _move(key, Account.SPENT_BY_FRIEND, Account.GRANTED, amount)
        return
    for source in (Account.WAITING, Account.DUE):
        part = min(amount, max(held[source], 0))
        if part > 0:
            yield _move(key, source, Account.GRANTED, part)
            amount -= part
    if amount > 0:
        yield _move(key, Account.OWED_BACK, Account.GRANTED, amount)


def _move(key: _Key, source: Account, target: Account, amount: int) -> Movement:
    part, advocate, unit = key
    return Movement(
        part=part, advocate=advocate, source=source, target=target, worth=Money(amount, unit)
    )
