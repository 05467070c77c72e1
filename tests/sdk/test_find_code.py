"""A code is found however a friend types it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from goodword import Code, Referrals, UnknownCode


@pytest.mark.parametrize(
    "typed", ["ALICE10", "alice10", " Alice-10 ", "A L I C E 1 0", "ＡＬＩＣＥ１０", "alice‑10"]
)
def test_case_spaces_hyphens_and_wide_letters_are_forgiven(
    referrals: Referrals, code: Code, typed: str
) -> None:
    assert referrals.find_code(typed) == code


def test_a_code_that_nobody_holds_is_told_as_it_was_typed(referrals: Referrals) -> None:
    with pytest.raises(UnknownCode, match="nobody holds the code 'al-1ce'"):
        referrals.find_code("al-1ce")


def test_a_coupon_is_no_code(referrals: Referrals, code: Code) -> None:
    assert code.coupon == "ref-alice10"
    with pytest.raises(UnknownCode):
        referrals.find_code(code.coupon)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None), max_size=40))
@example(text="\0")
@example(text="\ud800")
@example(text="x" * 100_000)
def test_whatever_is_typed_it_is_found_or_unknown(referrals: Referrals, text: str) -> None:
    with pytest.raises(UnknownCode):
        referrals.find_code(text)
