"""Programs are saved in versions, and a shop promises only what it can keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from goodword import (
    Kind,
    Program,
    ProgramChanged,
    ProgramInvalid,
    Referrals,
    Terms,
    UnknownProgram,
    amount_off,
    percent_off,
    share_of_order,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import START, Clock, a_program, at_once, every_row, gbp

FULL = Program(
    name="partners",
    title="為好店說句好話 🍵",
    offer=amount_off("5.00", "GBP"),
    reward=share_of_order("12.5"),
    terms=Terms(window_days=7, hold_days=0, minimum=gbp("20.00"), first_order_only=True),
    starts=START,
    ends=START + timedelta(days=90, microseconds=1),
)


def test_a_saved_program_has_a_version_and_a_moment(referrals: Referrals) -> None:
    saved = referrals.programs.save(FULL)
    assert saved == replace(FULL, version=1, saved=START)
    assert referrals.programs.find("partners") == saved


def test_saving_it_unchanged_makes_no_version(referrals: Referrals, clock: Clock) -> None:
    saved = referrals.programs.save(FULL)
    clock.on(days=1)
    assert referrals.programs.save(FULL) == saved
    assert referrals.programs.save(saved) == saved


def test_saving_it_changed_makes_the_next_version(referrals: Referrals, clock: Clock) -> None:
    referrals.programs.save(FULL)
    clock.on(days=1)
    changed = referrals.programs.save(replace(FULL, title="Tell a friend"))
    assert (changed.version, changed.saved) == (2, clock.at)
    assert referrals.programs.find("partners") == changed


def test_nobody_saves_over_what_they_did_not_see(referrals: Referrals) -> None:
    first = referrals.programs.save(FULL, over=0)
    second = referrals.programs.save(replace(first, title="Tell a friend"), over=first.version)
    for over in (0, 1, 3, -1):
        with pytest.raises(ProgramChanged) as caught:
            referrals.programs.save(replace(first, title="Tell them all"), over=over)
        assert caught.value.facts == {"name": "partners", "version": 2}
    assert referrals.programs.find("partners") == second


def test_who_changed_what_never_was_is_told_that_nothing_stands(referrals: Referrals) -> None:
    with pytest.raises(ProgramChanged) as caught:
        referrals.programs.save(FULL, over=1)
    assert caught.value.facts["version"] == 0


def test_of_many_who_save_over_one_version_one_does(referrals: Referrals) -> None:
    referrals.programs.save(FULL)
    titles = [f"Title {number}" for number in range(6)]

    def save(title: str) -> Program:
        return referrals.programs.save(replace(FULL, title=title), over=1)

    found = at_once(*(partial(save, title) for title in titles))
    (saved,) = [one for one in found if isinstance(one, Program)]
    assert [type(one) for one in found if one is not saved] == [ProgramChanged] * 5
    assert referrals.programs.find("partners") == saved
    assert saved.version == 2


def test_going_back_is_a_version_too(referrals: Referrals) -> None:
    saved = [referrals.programs.save(replace(FULL, title=title)) for title in ("1", "2", "1")]
    assert [one.version for one in saved] == [1, 2, 3]


def test_programs_are_listed_by_name_in_their_newest_version(referrals: Referrals) -> None:
    assert list(referrals.programs.list()) == []
    partners = referrals.programs.save(FULL)
    referrals.programs.save(a_program())
    friends = referrals.programs.save(a_program(title="Give 10%, get more"))
    assert list(referrals.programs.list()) == [friends, partners]


def test_a_name_that_nobody_saved_is_unknown(referrals: Referrals) -> None:
    with pytest.raises(UnknownProgram, match="'friends'; save it first"):
        referrals.programs.find("friends")


def test_a_program_that_contradicts_itself_is_not_kept(
    engine: Engine, referrals: Referrals
) -> None:
    before = every_row(engine)
    with pytest.raises(ProgramInvalid) as caught:
        referrals.programs.save(replace(FULL, ends=START))
    assert caught.value.facts["field"] == "ends"
    assert every_row(engine) == before


def test_a_shop_promises_what_its_platform_can_grant(engine: Engine) -> None:
    engine.of("tea-house", grants={Kind.AMOUNT_OFF})
    with pytest.raises(ProgramInvalid, match="it can grant: amount_off") as caught:
        engine.of("tea-house").programs.save(a_program(percent_off(10)))
    assert caught.value.facts["field"] == "reward.kind"
    assert engine.of("tea-house").programs.save(a_program()).version == 1


def test_what_a_platform_can_grant_may_grow(engine: Engine) -> None:
    engine.of("tea-house", grants=[Kind.AMOUNT_OFF])
    referrals = engine.of("tea-house", grants=list(Kind))
    assert referrals.programs.save(a_program(percent_off(10))).version == 1


def test_one_shops_platform_does_not_bind_another(engine: Engine) -> None:
    engine.of("tea-house", grants=())
    assert engine.of("book-shop").programs.save(a_program()).version == 1
