"""What should be booked for an order, and the movements that make it so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from goodword.model.credit import Decision, Evidence
from goodword.model.ledger import Account, Balance, Movement, Part, Share
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.program import Program
from goodword.model.terms import HoldFrom, Terms
from goodword.model.worth import Kind, Worth
from goodword.rules import codes
from goodword.rules.items import base, nothing_left, remaining
from goodword.rules.qualification import is_settled

PIECE = "piece:"
_TWD_WHOLE = 100

_Key = tuple[Part, str, str]


def should_be(decision: Decision, order: Order, evidence: Evidence) -> tuple[Share, ...]:
    """Say what should stand in the book for this order, by its newest state."""
    if decision.winner is None or decision.program is None or is_settled(decision.winner):
        # What was settled elsewhere stands in the books over there.
        return ()
    advocate = decision.winner.advocate
    shares = []
    if _was_spent(order):
        offer = Money(_offer_cost(order, evidence), order.net.unit)
        shares.append(Share(part=Part.OFFER, advocate=advocate, worth=offer))
    if not decision.reasons and decision.reward is not None:
        reward = worth_of(decision.reward, order, decision.program.terms)
        shares.append(Share(part=Part.REWARD, advocate=advocate, worth=reward))
    return tuple(share for share in shares if share.worth.minor > 0)


def worth_of(reward: Worth, order: Order, terms: Terms) -> Money:
    """Return what the reward is worth for this order, rounded down once."""
    if reward.kind is Kind.THANKS:
        return Money(0, order.net.unit)
    if reward.in_kind:
        return Money(1, PIECE + reward.kind)
    if reward.amount is not None:
        fixed = reward.amount
        whole_base = base(order, terms)
        if not terms.proportional or whole_base == 0:
            return fixed
        minor = int(fixed.minor * remaining(order, terms) / whole_base)
        return Money(whole(minor, fixed.unit), fixed.unit)
    over, under = (reward.percent or Decimal(0)).as_integer_ratio()
    # Rounded down: a shop never owes more than the percentage it promised.
    minor = int(over * remaining(order, terms) / (under * 100))
    return Money(whole(minor, order.net.unit), order.net.unit)


def face(coupon: Worth) -> Money:
    """Return what a coupon stands for in the book: its amount, or one piece in kind."""
    return coupon.amount or Money(1, PIECE + coupon.kind)


def money_kind(program: Program) -> Kind:
    """Return as what the program gives an amount: all its amounts are of one kind."""
    given = [program.reward, *(tier.reward for tier in program.tiers)]
    given += [one.reward for one in program.campaigns if one.reward is not None]
    kinds = [one.kind for one in given if not one.in_kind]
    return kinds[0] if kinds else Kind.AMOUNT_OFF


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


def passed_on(
    books: Iterable[Balance],
    path: tuple[Account, Account],
    debt: Mapping[tuple[str, str], int],
) -> list[Movement]:
    """Return the movements that pass an account on to the next one: debts are paid off first.

    ``debt`` tells how much an advocate owes back in a unit, as a positive number.
    """
    source, target = path
    moves = []
    for key, held in sorted(_by_account(books).items()):
        there = held[source]
        paid_off = min(there, debt.get(key[1:], 0))
        if paid_off > 0:
            moves.append(_move(key, source, Account.OWED_BACK, paid_off))
        if there > paid_off:
            moves.append(_move(key, source, target, there - paid_off))
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


def taken_back(
    books: Iterable[Balance], debt: Mapping[tuple[str, str], int] | None = None
) -> list[Movement]:
    """Return the movements when a coupon was made smaller, or disabled, by what is owed back.

    ``debt`` tells how much an advocate owes back in a unit by all their orders: what others have
    paid off is not taken a second time.
    """
    return list(_settled(books, Account.GIVEN, debt))


def offset(books: Iterable[Balance], debt: Mapping[tuple[str, str], int]) -> list[Movement]:
    """Return the movements that pay what is owed back out of what is due for the same order."""
    return list(_settled(books, Account.DUE, debt))


def never_used(books: Iterable[Balance], debt: Mapping[tuple[str, str], int]) -> list[Movement]:
    """Return the movements that pay what is owed back out of what expired for the same order."""
    return list(_settled(books, Account.EXPIRED, debt))


def used_after_all(
    books: Iterable[Balance], advocate: str, worth: Money, *, expired: bool
) -> list[Movement]:
    """Return the movements when we hear late that a coupon was used while it could be.

    What was let go meanwhile as unused, or taken back, is owed back after all.
    """
    source, target = Account.EXPIRED, Account.SPENT
    moves = moved(books, source, target, advocate, worth) if expired else []
    rest = worth.minor - sum(move.worth.minor for move in moves)
    key = (Part.REWARD, advocate, worth.unit)
    return [*moves, _move(key, Account.OWED_BACK, target, rest)] if rest > 0 else moves


def _settled(
    books: Iterable[Balance], source: Account, debt: Mapping[tuple[str, str], int] | None
) -> Iterator[Movement]:
    for key, held in sorted(_by_account(books).items()):
        amount = min(held[source], -held[Account.OWED_BACK])
        if debt is not None:
            amount = min(amount, debt.get(key[1:], 0))
        if amount > 0:
            yield _move(key, source, Account.OWED_BACK, amount)


def at_most(moves: Iterable[Movement], planned: Iterable[Movement]) -> list[Movement]:
    """Return the movements, none larger than it was planned, none that was not."""
    most = {_key(move): move.worth.minor for move in planned if move.worth.minor > 0}
    return [
        replace(move, worth=Money(min(move.worth.minor, most[_key(move)]), move.worth.unit))
        for move in moves
        if _key(move) in most
    ]


def hold_ends(order: Order, program: Program) -> datetime | None:
    """Return when a reward's hold ends; None: it has not begun."""
    from_paid = program.terms.hold_from is HoldFrom.PAID
    # What was handed over before it was paid waits for its payment.
    began = order.paid if from_paid or order.paid is None else _later(order.paid, order.fulfilled)
    return None if began is None else began + timedelta(days=program.terms.hold_days)


def _later(paid: datetime, fulfilled: datetime | None) -> datetime | None:
    return None if fulfilled is None else max(paid, fulfilled)


def _key(move: Movement) -> _Key:
    return move.part, move.advocate, move.worth.unit


def _was_spent(order: Order) -> bool:
    """Whether the friend kept what the offer gave: it was spent whatever a reward's terms say."""
    undone = order.cancelled or order.disputed or order.test or nothing_left(order)
    return order.paid is not None and not undone


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
    """Take back: what waits, what is due, what expired unused; the rest is owed back."""
    if key[0] is Part.OFFER:
        yield _move(key, Account.SPENT_BY_FRIEND, Account.GRANTED, amount)
        return
    for source in (Account.WAITING, Account.DUE, Account.EXPIRED):
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
