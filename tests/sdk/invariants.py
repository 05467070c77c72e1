"""What is true of every book at every moment, as code: each says what breaks it, in sentences.

An invariant takes the rows of our tables and yields a sentence for each fault; `faults` asks all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from goodword import Account, Kind, Part, State, Worth
from goodword.model.credit import Evidence
from goodword.rules import booking
from goodword.rules.credit import state
from goodword.storage.personal import GONE
from tests.sdk.whole import (
    Books,
    Key,
    Row,
    Whole,
    booked,
    earning,
    group_of,
    held,
    key_of,
    orders_of,
    programs_of,
    rewards,
    stretch_of,
    unpacked,
)

Invariant = Callable[[Books], Iterator[str]]
COUNTS: Final = (State.QUALIFIED, State.REWARDED, State.EXPIRED)
MADE: Final = ("granting", "granted", "unknown", "taking")
# Which account may flow into which, and no other.
PATHS: Final = {
    Account.GRANTED: {Account.WAITING, Account.SPENT_BY_FRIEND},
    Account.SPENT_BY_FRIEND: {Account.GRANTED},
    Account.WAITING: {Account.GRANTED, Account.DUE, Account.OWED_BACK},
    Account.DUE: {Account.GRANTED, Account.GIVEN, Account.OWED_BACK},
    Account.GIVEN: {Account.DUE, Account.SPENT, Account.EXPIRED, Account.OWED_BACK},
    Account.SPENT: {Account.GIVEN},
    Account.EXPIRED: {Account.SPENT, Account.GRANTED, Account.OWED_BACK},
    Account.OWED_BACK: {Account.GRANTED, Account.SPENT},
}


# The book.


def value_moves_on_known_paths_alone(books: Books) -> Iterator[str]:
    """Every entry moves more than nothing, in one unit, between two accounts that may meet."""
    for row in books["entries"]:
        if row["amount"] <= 0 or row["target"] not in PATHS[Account(row["source"])]:
            yield f"{key_of(row)}: {row['amount']} from {row['source']} to {row['target']}"
        if (Account.SPENT_BY_FRIEND in (row["source"], row["target"])) != (
            row["part"] == Part.OFFER
        ):
            yield f"{key_of(row)}: {row['part']} on an account that is not its own"


def every_unit_balances(books: Books) -> Iterator[str]:
    """In each shop and unit, and for each order, part and advocate, all accounts add up to zero."""
    sums: Counter[tuple[str, str]] = Counter()
    for key, accounts in held(books).items():
        sums[key[0], key[4]] += sum(accounts.values())
        if sum(accounts.values()) != 0:
            yield f"{key}: adds up to {sum(accounts.values())}"
    yield from (f"{unit}: the shop's book adds up to {n}" for unit, n in sums.items() if n)


def no_account_ever_held_less_than_nothing(books: Books) -> Iterator[str]:
    """Nothing is moved that was not there, at any moment of the writing, but debts and promises."""
    running: dict[Key, Counter[str]] = defaultdict(Counter)
    for row in sorted(books["entries"], key=lambda one: one["id"]):
        accounts = running[key_of(row)]
        accounts[row["source"]] -= row["amount"]
        accounts[row["target"]] += row["amount"]
        may = (Account.GRANTED, Account.OWED_BACK)
        if accounts[row["source"]] < 0 and row["source"] not in may:
            yield f"{key_of(row)}: {row['source']} fell to {accounts[row['source']]}"


def no_more_is_reversed_than_was_earned(books: Books) -> Iterator[str]:
    """What an order's reward or offer gave back never exceeds what it was given, at any moment."""
    running: Counter[Key] = Counter()
    for row in sorted(books["entries"], key=lambda one: one["id"]):
        outward = (row["source"] == Account.GRANTED) - (row["target"] == Account.GRANTED)
        running[key_of(row)] += outward * row["amount"]
        if running[key_of(row)] < 0:
            yield f"{key_of(row)}: {-running[key_of(row)]} too much was reversed"


def no_debt_is_paid_twice(books: Books) -> Iterator[str]:
    """All that an advocate owes back in a unit, merged ones together, is never above zero."""
    groups, sums = group_of(books), Counter[tuple[str, str, str]]()
    for (shop, _, _, advocate, unit), accounts in held(books).items():
        sums[shop, groups.get((shop, advocate), advocate), unit] += accounts[Account.OWED_BACK]
    yield from (f"{whose}: {n} too much was paid back" for whose, n in sums.items() if n > 0)


# Who earns.


def a_reward_has_a_referral_that_counts(books: Books) -> Iterator[str]:
    """Nothing is booked for an advocate without their own qualified referral of that order."""
    referrals = {(row["shop"], row["order_id"]): row for row in books["referrals"]}
    for key, amount in rewards(books):
        row = referrals.get(key[:2])
        if row is None or row["state"] not in COUNTS or row["advocate"] != key[3]:
            yield f"{key}: {amount} booked, and the referral is {row and dict(row)}"


def the_book_says_what_the_newest_states_come_to(books: Books) -> Iterator[str]:
    """For every order, what is booked is what the rules make of its newest state and evidence."""
    should: dict[Key, int] = {}
    for (shop, id), one in orders_of(books).items():
        for share in booking.should_be(one.decision, one.order, one.evidence):
            key = (shop, id, str(share.part), share.advocate, share.worth.unit)
            should[key] = should.get(key, 0) + share.worth.minor
    found = booked(books)
    for key in sorted(found.keys() | should.keys()):
        if found.get(key, 0) != should.get(key, 0):
            yield f"{key}: {found.get(key, 0)} booked, and should be {should.get(key, 0)}"


def a_referral_says_what_was_decided(books: Books) -> Iterator[str]:
    """A referral names the winner, its program and its reasons; without a winner there is none."""
    referrals = {(row["shop"], row["order_id"]): row for row in books["referrals"]}
    for key, one in orders_of(books).items():
        row, winner = referrals.pop(key, None), one.decision.winner
        if winner is None or row is None:
            if winner is not None or row is not None:
                yield f"{key}: the winner is {winner}, and the referral {row}"
            continue
        named = (row["advocate"], row["program"], row["version"], row["rung"])
        if named != (winner.advocate, winner.program, winner.version, winner.rung):
            yield f"{key}: the winner is {winner}, and the referral names {named}"
        stands, reasons = state(one.decision, one.order), ",".join(one.decision.reasons)
        if row["reasons"] != reasons or not (
            row["state"] == stands or (stands is State.QUALIFIED and row["state"] in COUNTS)
        ):
            yield f"{key}: {stands} for {reasons!r}, and the referral is {dict(row)}"
    yield from (f"{key}: a referral of an order that nobody reported" for key in referrals)


def nobody_is_rewarded_for_themself(books: Books) -> Iterator[str]:
    """No reward stands where the friend is the advocate, by person or by account."""
    orders = orders_of(books)
    for key, amount in rewards(books):
        one = orders.get(key[:2])
        if one is not None and key[3] in (one.friend, one.order.customer):
            yield f"{key}: {amount} for their own order"


# What is counted.


def no_cap_is_ever_passed(books: Books) -> Iterator[str]:
    """Of the orders under one version, no more earn than its caps and repeats let."""
    counts: Counter[tuple[Any, ...]] = Counter()
    most: dict[tuple[Any, ...], int] = {}
    for key, _amount, one, program in earning(books):
        repeats = program.terms.repeats
        caps = [(cap.per, cap.every, cap.most) for cap in program.terms.caps]
        if repeats is not None and repeats.orders is not None:
            caps.append(("friend", "ever", repeats.orders))  # type: ignore[arg-type]
        whose = {"advocate": key[3], "friend": one.friend, "program": ""}
        for per, every, limit in caps:
            if whose[per] is not None:
                stretch = stretch_of(one.order.placed, every)
                place = (key[0], program.name, program.version, per, whose[per], stretch)
                counts[place, limit] += 1
                most[place, limit] = limit
    yield from (f"{place}: {n} orders earn" for place, n in counts.items() if n > most[place])


def no_budget_is_ever_passed(books: Books) -> Iterator[str]:
    """The rewards booked under one version never exceed its budget in any stretch of time."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for key, amount, one, program in earning(books):
        budget = program.terms.budget
        if budget is not None:
            stretch = stretch_of(one.order.placed, budget.every)
            sums[key[0], program.name, program.version, stretch, budget.most.minor] += amount
            if key[4] != budget.most.unit:
                yield f"{key}: {amount} beside a budget in {budget.most.unit}"
    yield from (f"{place}: {n} promised" for place, n in sums.items() if n > place[4])


def places_are_counted_as_they_are_held(books: Books) -> Iterator[str]:
    """Every count is what orders hold of it; a merged advocate's may stay counted too high."""
    holding: Counter[tuple[str, ...]] = Counter()
    for (shop, _id), one in orders_of(books).items():
        place = one.evidence.place
        for text in place.counted if place else ():
            assert place is not None
            per, period, whose = text.split("|", 2)
            by = place.reserved.minor if per == "budget" and place.reserved else 1
            holding[shop, place.program, per, whose, period] += by
    merged = {key for row in books["advocates"] if row["merged_into"] for key in _both(row)}
    for row in books["places"]:
        key = tuple(row[name] for name in ("shop", "program", "per", "whose", "period"))
        holds = holding.pop(key, 0)
        loose = row["per"] == "advocate" and (row["shop"], row["whose"]) in merged
        if row["taken"] != holds and not (loose and row["taken"] > holds):
            yield f"{key}: {row['taken']} are counted and {holds} held"
    yield from (f"{key}: {n} are held and none counted" for key, n in holding.items() if n)


def _both(row: Row) -> Iterable[tuple[str, str]]:
    return (row["shop"], row["id"]), (row["shop"], row["merged_into"])


def what_is_set_aside_is_what_is_booked(books: Books) -> Iterator[str]:
    """Where a program has a budget, an order's reward is what it holds of that budget."""
    found = {key[:2]: (amount, key[4]) for key, amount in rewards(books)}
    for key, one in orders_of(books).items():
        program, place = one.decision.program, one.evidence.place
        if program is None or program.terms.budget is None:
            continue
        aside = place.reserved if place else None
        if (aside.minor if aside else 0) != found.get(key, (0, ""))[0]:
            yield f"{key}: {aside} is set aside, and {found.get(key)} booked"


# What is given.


def coupons_are_worth_what_the_book_says(books: Books) -> Iterator[str]:
    """The coupons of an order's reward, by how they stand, are what stands given and spent.

    Of what expired an order that is reversed takes its part, and leaves the coupon as it was.
    """
    worths: dict[Key, Counter[str]] = defaultdict(Counter)
    by_state = dict.fromkeys(MADE, "given") | {"redeemed": "spent", "expired": "expired"}
    for row in books["grants"]:
        face = booking.face(unpacked(Worth, row["worth"]))
        key = (row["shop"], row["order_id"], str(Part.REWARD), row["advocate"], face.unit)
        worths[key][by_state.get(row["state"], "gone")] += face.minor
    orders, books_held = orders_of(books), held(books)
    for key in sorted(worths.keys() | {k for k in books_held if k[2] == Part.REWARD}):
        one = orders.get(key[:2])
        if key not in worths and (one is None or _may_be_paid(one)):
            continue
        for name, account in (
            ("given", Account.GIVEN),
            ("spent", Account.SPENT),
            ("expired", Account.EXPIRED),
        ):
            stands = books_held[key][account] if key in books_held else 0
            reversed_since = name == "expired" and stands < worths[key][name]
            if stands != worths[key][name] and not reversed_since:
                yield f"{key}: {stands} is {name}, and its coupons are worth {worths[key][name]}"


def _may_be_paid(one: Whole) -> bool:
    """Whether it may have been a commission, which needs no coupon."""
    return one.decision.program is None or any(
        booking.money_kind(program) is Kind.COMMISSION for program in one.evidence.programs
    )


def a_coupon_in_an_order_is_spent(books: Books) -> Iterator[str]:
    """A reward's coupon that a standing order was bought with is not held for unused."""
    grants = {(row["shop"], row["text"]): row for row in books["grants"]}
    for (shop, id), one in orders_of(books).items():
        for used in () if one.order.cancelled else one.order.coupons:
            row = grants.get((shop, used.text.strip().lower()))
            if row is not None and row["state"] == "granted":
                yield f"{shop} {row['text']}: spent in order {id}, and held for unused"


def who_spends_a_coupon_is_kept(books: Books) -> Iterator[str]:
    """Of each order it is kept which rewards its newest state spends, and no others."""
    rewards = {(row["shop"], row["text"]) for row in books["coupons"] if row["use"] == "reward"}
    spent = {
        (shop, text, id)
        for (shop, id), one in orders_of(books).items()
        for used in (() if one.order.cancelled else one.order.coupons)
        if (shop, text := used.text.strip().lower()) in rewards
    }
    kept = {(row["shop"], row["text"], row["order_id"]) for row in books["spendings"]}
    yield from (f"{one}: spent, or said to be, and not the other" for one in spent ^ kept)


def what_must_follow_is_planned(books: Books) -> Iterator[str]:
    """What waits with a known end, is due, or owed back beside a coupon, has its deed."""
    deeds = {(row["shop"], row["duty"], row["subject"]): row for row in books["followups"]}
    orders, refused = orders_of(books), books.by("grants", "shop", "order_id", "state")
    found = held(books)
    for key, accounts in found.items():
        one = orders.get(key[:2])
        if key[2] != Part.REWARD or one is None:
            continue
        program = one.decision.program
        ends = booking.hold_ends(one.order, program) if program else None
        if accounts[Account.WAITING] and ends and not _open(deeds, key, "release"):
            yield f"{key}: waits, and its hold is never to end"
        paid_by_hand = program is not None and _may_be_paid(one)
        given_up = (*key[:2], "refused") in refused
        if accounts[Account.DUE] and not (paid_by_hand or given_up or _open(deeds, key, "grant")):
            yield f"{key}: is due, and never to be granted"
        # What another order paid off need not be taken from a coupon that is free again.
        paid = any(each[Account.OWED_BACK] > 0 for each in found.values())
        owed = accounts[Account.OWED_BACK] < 0 < accounts[Account.GIVEN] and not paid
        if owed and not paid_by_hand and not _open(deeds, key, "take_back"):
            yield f"{key}: is owed back, and its coupon left alone"


def _open(deeds: Mapping[tuple[str, str, str], Row], key: Key, duty: str) -> bool:
    """Whether a deed is to be done, or waits for a person."""
    row = deeds.get((key[0], duty, key[1]))
    return row is not None and row["state"] in ("open", "never")


def thanks_are_owed_once_for_what_counted(books: Books) -> Iterator[str]:
    """Whoever's referral ever qualified is thanked, once an order; nobody else is."""
    thanked = Counter((row["shop"], row["order_id"]) for row in books["thanks"])
    yield from (f"{key}: thanked {n} times" for key, n in thanked.items() if n > 1)
    for row in books["referrals"]:
        if row["qualified"] is not None and (row["shop"], row["order_id"]) not in thanked:
            yield f"{row['shop']} {row['order_id']}: counted, and nobody is to be thanked"


# Whose it is.


def everything_named_stands_in_the_same_shop(books: Books) -> Iterator[str]:
    """Codes, referrals, entries, grants and evidence name what stands in the same shop."""
    advocates = {(row["shop"], row["id"]) for row in books["advocates"]}
    programs = programs_of(books)
    orders = {(row["shop"], row["id"]): row["evidence"] for row in books["orders"] if row["state"]}
    for table in ("codes", "referrals", "entries", "grants", "claims", "thanks"):
        for row in books[table]:
            if (row["shop"], row["advocate"]) not in advocates:
                yield f"{table}: {dict(row)} names an advocate of no or another shop"
    for table in ("referrals", "entries", "grants"):
        for row in books[table]:
            if (row["shop"], row["order_id"]) not in orders:
                yield f"{table}: {dict(row)} names an order of no or another shop"
    for (shop, id), text in orders.items():
        evidence = unpacked(Evidence, text)
        for found in (*evidence.candidates, *evidence.set_aside):
            at_home = (shop, found.program, found.version) in programs
            if not at_home or (shop, found.advocate) not in advocates:
                yield f"{shop} {id}: {found} comes from elsewhere"


INVARIANTS: Final[tuple[Invariant, ...]] = (
    value_moves_on_known_paths_alone,
    every_unit_balances,
    no_account_ever_held_less_than_nothing,
    no_more_is_reversed_than_was_earned,
    no_debt_is_paid_twice,
    a_reward_has_a_referral_that_counts,
    the_book_says_what_the_newest_states_come_to,
    a_referral_says_what_was_decided,
    nobody_is_rewarded_for_themself,
    no_cap_is_ever_passed,
    no_budget_is_ever_passed,
    places_are_counted_as_they_are_held,
    what_is_set_aside_is_what_is_booked,
    coupons_are_worth_what_the_book_says,
    a_coupon_in_an_order_is_spent,
    who_spends_a_coupon_is_kept,
    what_must_follow_is_planned,
    thanks_are_owed_once_for_what_counted,
    everything_named_stands_in_the_same_shop,
)

# From one moment to the next.

FOREVER: Final = ("entries", "programs", "visits", "rulings", "refunds")
"""Tables whose rows are added and never changed."""


def rows_that_last_were_only_added_to(before: Books, after: Books) -> Iterator[str]:
    """Entries, program versions, visits, rulings and refunds stay as they were written.

    One thing may change: the reason of a ruling, into the word that stands for who was forgotten.
    """
    for table in FOREVER:
        kept = {repr(row) for row in after[table]}
        for row in before[table]:
            forgotten = table == "rulings" and repr({**row, "reason": GONE}) in kept
            if repr(row) not in kept and not forgotten:
                yield f"{table}: {dict(row)} was changed or is gone"


def nothing_changed(before: Books, after: Books) -> Iterator[str]:
    """Every row of every table stands as it stood."""
    for table, rows in before.tables.items():
        if rows != after[table]:
            gone = [dict(row) for row in rows if row not in after[table]]
            new = [dict(row) for row in after[table] if row not in rows]
            yield f"{table}: {gone} became {new}"


def faults(books: Books, invariants: Iterable[Invariant] = INVARIANTS) -> list[str]:
    """Return what is wrong with a book, a sentence each."""
    return [f"{one.__name__}: {said}" for one in invariants for said in one(books)]
