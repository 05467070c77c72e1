"""Whatever many threads and processes name at once, a name has one holder and a person one row."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from goodword import (
    Advocate,
    Code,
    CodeTaken,
    CouponTaken,
    Program,
    Referrals,
    UnknownAdvocate,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import a_program, every_row
from tests.sdk.crowd import SHOP, Crowd, a_database, answers

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql", "pgbouncer"])
def url(request: pytest.FixtureRequest) -> str:
    return a_database(request)


def save(program: Program, engine: Engine) -> Program:
    return engine.of(SHOP).programs.save(program)


def invite(advocate: str, code: str | None, coupon: str | None, engine: Engine) -> Code:
    who = Advocate(id=advocate, name=advocate, email=f"{advocate}@shop.example")
    return engine.of(SHOP).advocates.invite("friends", who, code=code, coupon=coupon)


def people(engine: Engine, address: str) -> int:
    return sum(address in row for row in every_row(engine)["goodword_people"])


# Advocates, codes and coupons.


def test_a_code_wanted_by_two_is_held_by_one(
    crowd: Crowd, referrals: Referrals, code: Code
) -> None:
    wanting = ("c-2", "c-3")
    said = crowd.all(partial(invite, advocate, "TEA4YOU", None) for advocate in wanting)
    holder = referrals.find_code("TEA4YOU").advocate
    (other,) = {*wanting} - {holder}
    # Whoever was second was so for every speaker.
    assert Counter(map(type, said)) == {Code: crowd.size, CodeTaken: crowd.size}
    assert {one.advocate for one in said if isinstance(one, Code)} == {holder}
    with pytest.raises(UnknownAdvocate):
        referrals.advocates.find(other)


def test_a_coupon_tied_to_two_codes_stands_for_one(
    crowd: Crowd, referrals: Referrals, code: Code
) -> None:
    ways = {"c-2": "CODE2", "c-3": "CODE3"}
    said = crowd.all(partial(invite, who, text, "ref-tea") for who, text in ways.items())
    assert Counter(map(type, said)) == {Code: crowd.size, CouponTaken: crowd.size}
    (text,) = {one.text for one in said if isinstance(one, Code)}
    assert referrals.find_code(text).coupon == "ref-tea"


def test_an_advocate_invited_by_all_has_one_code(
    crowd: Crowd, engine: Engine, referrals: Referrals, code: Code
) -> None:
    codes = answers(crowd.all([partial(invite, "c-2", None, "ref-tea")] * 2))
    assert len({*codes}) == 1
    assert people(engine, "c-2@shop.example") == 1


# Programs.


def test_a_program_saved_by_all_is_one_version(crowd: Crowd, referrals: Referrals) -> None:
    saved = answers(crowd.all([partial(save, a_program())] * 2))
    assert {program.version for program in saved} == {1}
    assert [program.version for program in referrals.programs.list()] == [1]


def test_programs_saved_at_once_are_versions_one_after_another(
    crowd: Crowd, referrals: Referrals
) -> None:
    titles = [f"Give {number}%" for number in range(2 * crowd.size)]
    saved = answers(crowd.shared(partial(save, a_program(title=title)) for title in titles))
    # None is lost, and each speaker is told of its own.
    assert sorted(program.version for program in saved) == [*range(1, len(titles) + 1)]
    assert {program.title for program in saved} == {*titles}
    newest = max(saved, key=lambda program: program.version)
    assert referrals.programs.find("friends") == newest
