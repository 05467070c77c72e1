"""What the field gets wrong about money, and no test elsewhere holds."""

from __future__ import annotations

import pytest

from goodword import Account, Code, Part, Referrals, Refund, RefundedLine, Standing, amount_off
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    Obedient,
    a_program,
    an_order,
    booked,
    gbp,
    later,
    reported,
    standing,
    totals,
)

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("code")
def test_refunds_may_be_repeated_until_nothing_is_left(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    taken = []
    for number in range(7):
        referrals.record_refund("17", Refund(id=str(number), gross=gbp("10.30")))
        taken.append(totals(referrals)[1])
    # 10.30 of 72.00 each: never a cent more than was earned, and the last one takes the rest.
    assert taken == [617, 514, 411, 308, 205, 102, 0]


def test_a_reversal_keeps_the_rate_of_the_earning(referrals: Referrals, code: Code) -> None:
    referrals.record_order(an_order())
    referrals.programs.save(a_program(amount_off("1.00", "GBP")))
    back = Refund(id="1", gross=gbp("36.00"), lines=(RefundedLine(line="4", net=gbp("36.00")),))
    referrals.record_refund("17", back)
    assert totals(referrals) == (400, 360)
    assert reported(referrals.record_order(later(an_order(), refunded=True))).version == 1
    assert totals(referrals) == (0, 0)


@pytest.mark.usefixtures("earned")
def test_a_balance_never_counts_what_was_taken_back(engine: Engine, referrals: Referrals) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(later(an_order(), refunded=True))
    engine.work({"till": Obedient()})
    entries = referrals.credit.explain("17").entries
    assert booked(entries, Part.REWARD) == 0
    assert standing(referrals) == Standing(advocate="c-1", unit="GBP")
    assert len([entry for entry in entries if entry.target is Account.GRANTED]) == 2


@pytest.mark.usefixtures("code")
def test_what_was_taken_back_is_told_in_plain_words(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_order(later(an_order(), net=gbp("36.00")))
    english = referrals.credit.explain("17").words
    chinese = referrals.credit.explain("17", language="zh-Hant").words
    (said,) = [one for one in english if "was taken back before it was due" in one]
    (told,) = [one for one in chinese if "到期前沖銷" in one]
    assert "3.60" in said
    assert "3.60" in told
