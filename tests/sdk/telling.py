"""A friend and an advocate who have done all there is, and the words that would tell them."""

from __future__ import annotations

from collections.abc import Iterable

from goodword import Advocate, Claiming, Referrals
from goodword.embedded.engine import Engine
from tests.sdk.builders import a_program, an_order, every_row

FRIEND = "Q.uentin+tea@gmail.com"
FRIENDS_PHONE = "0912 345 678"
WHO = {"email": FRIEND, "phone": FRIENDS_PHONE}
XENIA = Advocate(id="c-9", name="Xenia Zhao", email="Xenia@Shop.example", phone="0988 777 666")
NAMED = {"named": "ZHAO, Xenia", "named_hint": "0988777666"}
# What would tell them, in any spelling that the tables may hold.
OF_FRIEND = ("quentin", "q.uentin", "912345678", "912 345 678")
OF_XENIA = ("xenia", "zhao", "988777666", "988 777 666")


def told_of(engine: Engine, words: Iterable[str]) -> set[str]:
    """The tables that hold any of the words."""
    return {
        table
        for table, found in every_row(engine).items()
        for row in found
        if any(word in row.lower() for word in words)
    }


def tell_all(referrals: Referrals) -> Referrals:
    """Let a friend claim and order by the name of an advocate who has done all there is."""
    referrals.programs.save(a_program())
    referrals.advocates.invite("friends", XENIA, code="WORDOFMOUTH", coupon="offer-1")
    claim = referrals.claim(Claiming(code="WORDOFMOUTH", account="k-1", **WHO))
    referrals.confirm(claim.id, account="k-1")
    referrals.record_order(an_order(coupons=(), customer="k-1", **WHO, **NAMED))
    referrals.credit.assign("17", "WORDOFMOUTH", reason="Quentin says that Xenia sent him")
    return referrals
