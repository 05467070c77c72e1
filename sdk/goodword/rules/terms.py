"""Whether a program's terms can be kept, one beside the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from goodword.errors import ProgramInvalid
from goodword.model.money import MOST, Money
from goodword.model.program import Program
from goodword.model.rung import Rung
from goodword.model.terms import Cap, Terms
from goodword.model.worth import Worth
from goodword.rules import texts
from goodword.rules.worths import check_unit, is_whole

_DAYS_MOST: Final = 3650
_COUNT_MOST: Final = 10**9
_COUNTRY: Final = re.compile("[A-Z]{2}")


def check(program: Program) -> None:
    """Raise `ProgramInvalid` naming the term, if the terms contradict themselves or the reward."""
    terms = program.terms
    for field, days, least in _days(terms):
        _check_number(field, days, least, _DAYS_MOST, "days")
    _check_lists(terms)
    _check_caps(terms.caps)
    _check_repeats(terms)
    _check_rungs(terms)
    _check_money(program)


def rewards_of(program: Program) -> Iterator[tuple[str, Worth]]:
    """Yield all that the program may give to an advocate, by field."""
    yield "reward", program.reward
    yield from ((f"tiers[{place}].reward", tier.reward) for place, tier in enumerate(program.tiers))
    for place, campaign in enumerate(program.campaigns):
        if campaign.reward is not None:
            yield f"campaigns[{place}].reward", campaign.reward


def _days(terms: Terms) -> Iterator[tuple[str, int, int]]:
    yield "terms.window_days", terms.window_days, 1
    yield "terms.grace_days", terms.grace_days, 0
    yield "terms.hold_days", terms.hold_days, 0
    yield "terms.claim_days", terms.claim_days, 1
    repeats = terms.repeats.days if terms.repeats else None
    for field, days in (
        ("terms.reward_days", terms.reward_days),
        ("terms.bond_days", terms.bond_days),
        ("terms.repeats.days", repeats),
    ):
        if days is not None:
            yield field, days, 1


def _check_number(field: str, number: int, least: int, most: int, what: str) -> None:
    if not is_whole(number) or not least <= number <= most:
        raise ProgramInvalid(field=field, mend=f"must be {least} to {most} {what}")


def _check_lists(terms: Terms) -> None:
    for name in ("products", "collections", "countries", "order_kinds"):
        only: Sequence[str] = getattr(terms, name)
        without: Sequence[str] = getattr(terms, f"without_{name}")
        for field, words in ((name, only), (f"without_{name}", without)):
            _check_words(f"terms.{field}", words, countries=name == "countries")
        both = sorted(set(only) & set(without))
        if both:
            raise ProgramInvalid(
                field=f"terms.without_{name}",
                mend=f"{both[0]!r} is both in and out; take it from one of the two",
            )


def _check_words(field: str, words: Sequence[str], *, countries: bool) -> None:
    if isinstance(words, str):
        raise ProgramInvalid(field=field, mend=f"is one text; give a list, like ({words!r},)")
    for word in words:
        if not 0 < len(word) <= texts.LONGEST or not texts.can_be_kept(word):
            raise ProgramInvalid(field=field, mend=f"{word!r} is no id of the shop's")
        if countries and not _COUNTRY.fullmatch(word):
            raise ProgramInvalid(
                field=field,
                mend=f"{word!r} is no country; give two capital letters, like TW (ISO 3166)",
            )


def _check_caps(caps: Sequence[Cap]) -> None:
    seen = set()
    for place, cap in enumerate(caps):
        _check_number(f"terms.caps[{place}].most", cap.most, 1, _COUNT_MOST, "orders")
        if (cap.per, cap.every) in seen:
            raise ProgramInvalid(
                field=f"terms.caps[{place}]",
                mend=f"a second cap per {cap.per} and {cap.every}; keep one of the two",
            )
        seen.add((cap.per, cap.every))


def _check_repeats(terms: Terms) -> None:
    repeats = terms.repeats
    if repeats is None:
        return
    if repeats.orders is not None:
        _check_number("terms.repeats.orders", repeats.orders, 1, _COUNT_MOST, "orders")
    once = terms.first_order_only or terms.new_customer_only
    if once and repeats.orders != 1:
        named = "first_order_only" if terms.first_order_only else "new_customer_only"
        raise ProgramInvalid(
            field="terms.repeats", mend=f"contradicts {named}; leave one of the two out"
        )
    if Rung.BOND in terms.rungs_off:
        raise ProgramInvalid(
            field="terms.repeats", mend="needs the rung of bonds; take it out of rungs_off"
        )


def _check_rungs(terms: Terms) -> None:
    if set(terms.rungs_off) >= set(Rung) - {Rung.ASSIGNMENT}:
        raise ProgramInvalid(field="terms.rungs_off", mend="leaves no evidence; keep one rung on")
    if terms.code_beats_bond and {Rung.BOND, Rung.COUPON} & set(terms.rungs_off):
        raise ProgramInvalid(
            field="terms.code_beats_bond", mend="is about two rungs of which one is off"
        )


def _check_money(program: Program) -> None:
    terms = program.terms
    rewards = list(rewards_of(program))
    fixed = {r.amount.unit for _, r in rewards if r.amount and not r.in_kind}
    _check_one_currency(program)
    if terms.proportional and all(reward.in_kind for _, reward in rewards):
        raise ProgramInvalid(
            field="terms.proportional", mend="a reward in kind cannot be split; leave it out"
        )
    if terms.minimum is not None:
        check_unit("terms.minimum", terms.minimum)
        if not is_whole(terms.minimum.minor) or not 0 <= terms.minimum.minor <= MOST:
            raise ProgramInvalid(
                field="terms.minimum", mend="must not be below zero, in whole minor units"
            )
        for unit in fixed - {"points", terms.minimum.unit}:
            raise ProgramInvalid(
                field="terms.minimum",
                mend=f"is in {terms.minimum.unit}, the reward in {unit}; use one currency",
            )
    if terms.budget is not None:
        _check_budget(terms.budget.most, [reward for _, reward in rewards], terms)


def _check_one_currency(program: Program) -> None:
    """What is money must be one kind of money, so that what stands in the book says what it is."""
    money = [(f, r) for f, r in rewards_of(program) if not r.in_kind]
    units: set[str] = set()
    for field, reward in money:
        first = money[0][1]
        if reward.kind is not first.kind:
            raise ProgramInvalid(
                field=f"{field}.kind", mend=f"is {reward.kind}, beside {first.kind}; use one kind"
            )
        units |= {reward.amount.unit} if reward.amount is not None else set()
        if len(units) > 1:
            raise ProgramInvalid(field=f"{field}.amount", mend="is in another currency; use one")


def _check_budget(most: Money, rewards: Sequence[Worth], terms: Terms) -> None:
    field = "terms.budget"
    if any(reward.in_kind for reward in rewards):
        raise ProgramInvalid(field=field, mend="cannot count what is given in kind; use a cap")
    if not is_whole(most.minor) or not 0 < most.minor <= MOST:
        raise ProgramInvalid(field=field, mend="must be above 0, in whole minor units")
    units = {reward.amount.unit for reward in rewards if reward.amount is not None}
    units |= {terms.minimum.unit} if terms.minimum and "points" not in units else set()
    if not units:
        check_unit(field, most)
    for unit in units - {most.unit}:
        raise ProgramInvalid(field=field, mend=f"is in {most.unit}, the reward in {unit}; use one")
