"""Codes drawn in bulk: as many as asked for, every one new, all of them or none."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from goodword import (
    Advocate,
    Code,
    Invalid,
    Referrals,
    UnknownAdvocate,
    UnknownCode,
    UnknownProgram,
)
from goodword.embedded.engine import Engine
from goodword.rules.codes import ALPHABET
from goodword.storage import bulk
from goodword.storage.sql import Session
from tests.sdk.builders import (
    Clock,
    a_program,
    a_shop_with,
    alice,
    an_order,
    at_once,
    carol,
    every_row,
    reported,
)

pytestmark = pytest.mark.usefixtures("code")
real = os.urandom


def draw(referrals: Referrals, many: int) -> list[str]:
    return list(referrals.advocates.draw("friends", "c-1", many))


@pytest.fixture
def chance(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let each thread's next draws come from these bytes, and all later ones from chance."""
    said = threading.local()

    def script(*draws: bytes) -> None:
        def urandom(size: int) -> bytes:
            left = said.__dict__.setdefault("left", list(draws))
            # An id takes six.
            told: bytes = left.pop(0) if left and size != 6 else real(size)
            assert len(told) == size
            return told

        monkeypatch.setattr("goodword.embedded.invitations.os.urandom", urandom)

    return script


@pytest.fixture
def batches_of_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_AT_ONCE", 7)


def word(number: int) -> bytes:
    """The bytes that become one code: another for each number."""
    return number.to_bytes(8)


def words(*numbers: int) -> bytes:
    return b"".join(map(word, numbers))


def codes_kept(engine: Engine) -> int:
    return len(every_row(engine)["goodword_codes"])


@pytest.mark.parametrize("many", [1, 7, 8, 50])
@pytest.mark.usefixtures("batches_of_seven")
def test_as_many_are_drawn_as_were_asked_for(
    engine: Engine, referrals: Referrals, many: int
) -> None:
    drawn = draw(referrals, many)
    assert len(set(drawn)) == len(drawn) == many
    assert drawn == sorted(drawn)
    assert all(len(text) == 8 and set(text) <= set(ALPHABET) for text in drawn)
    assert codes_kept(engine) == many + 1


def test_each_leads_to_its_advocate_and_program(referrals: Referrals) -> None:
    for drawn in draw(referrals, 20):
        shown = f"{drawn[:4]}-{drawn[4:]}"
        assert referrals.find_code(shown) == Code(
            text=drawn, shown=shown, advocate="c-1", program="friends"
        )


def test_each_earns_like_any_other(referrals: Referrals) -> None:
    (drawn,) = draw(referrals, 1)
    outcome = referrals.record_order(an_order(code=drawn, coupons=()))
    assert reported(outcome).advocate == "c-1"


@pytest.mark.slow
def test_many_thousand_are_drawn_at_once(engine: Engine, referrals: Referrals) -> None:
    assert len(set(draw(referrals, 50_001))) == 50_001
    assert codes_kept(engine) == 50_002


def test_who_was_invited_keeps_the_code_they_have(referrals: Referrals, clock: Clock) -> None:
    clock.on(seconds=1)
    draw(referrals, 20)
    assert referrals.advocates.invite("friends", alice()).text == "ALICE10"


def test_an_id_may_hold_any_sign(referrals: Referrals) -> None:
    for id in ("a\tb", "a\\b", "a\nb", "a\r", "\\N", "\\.", "茶", "'); --"):
        referrals.advocates.invite("friends", Advocate(id=id))
        (drawn,) = referrals.advocates.draw("friends", id, 1)
        assert referrals.find_code(drawn).advocate == id


# Chance repeats itself.


def test_a_code_drawn_twice_is_drawn_anew(
    engine: Engine, referrals: Referrals, chance: Callable[..., None]
) -> None:
    chance(words(1, 2, 2, 3, 3), words(4, 4), words(5))
    assert len(set(draw(referrals, 5))) == 5
    assert codes_kept(engine) == 6


@pytest.mark.usefixtures("batches_of_seven")
def test_a_code_that_somebody_holds_is_drawn_anew(
    engine: Engine, referrals: Referrals, chance: Callable[..., None]
) -> None:
    chance(words(3, 4, 9, 15), words(*range(20)), words(20, 3, 21, 22))
    carol(referrals)
    theirs = referrals.advocates.draw("friends", "c-2", 4)
    drawn = draw(referrals, 20)
    assert len({*drawn, *theirs}) == 24
    assert codes_kept(engine) == 26
    assert {referrals.find_code(text).advocate for text in theirs} == {"c-2"}
    assert {referrals.find_code(text).advocate for text in drawn} == {"c-1"}


def test_chance_that_never_gives_anything_new_is_no_chance(
    engine: Engine, referrals: Referrals, chance: Callable[..., None]
) -> None:
    chance(*[word(1)] * 2, *[word(1)] * 9)
    draw(referrals, 1)
    before = every_row(engine)
    with pytest.raises(AssertionError, match="is the source of chance sound"):
        draw(referrals, 1)
    assert every_row(engine) == before


def test_of_many_who_draw_the_same_at_once_each_gets_others(
    engine: Engine, referrals: Referrals, chance: Callable[..., None]
) -> None:
    chance(words(*range(50)))
    answers = at_once(*[lambda: draw(referrals, 50)] * 4)
    got = [text for answer in answers if isinstance(answer, list) for text in answer]
    assert len(set(got)) == 200
    assert codes_kept(engine) == 201


# All of them or none.


@pytest.mark.parametrize("many", [0, -1, 1_000_001])
def test_another_number_is_refused(engine: Engine, referrals: Referrals, many: int) -> None:
    before = every_row(engine)
    with pytest.raises(Invalid, match="many: ask for 1 to 1,000,000 codes at a time") as caught:
        draw(referrals, many)
    assert caught.value.facts["field"] == "many"
    assert every_row(engine) == before


def test_nothing_is_drawn_for_whom_or_what_nobody_knows(
    engine: Engine, referrals: Referrals
) -> None:
    before = every_row(engine)
    with pytest.raises(UnknownAdvocate, match="c-9"):
        referrals.advocates.draw("friends", "c-9", 1)
    with pytest.raises(UnknownProgram, match="partners"):
        referrals.advocates.draw("partners", "c-1", 1)
    with pytest.raises(Invalid):
        referrals.advocates.draw("friends", "c-\0", 1)
    assert every_row(engine) == before


@pytest.mark.usefixtures("batches_of_seven")
def test_a_fault_on_the_way_leaves_nothing_half_written(
    engine: Engine, referrals: Referrals, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, loads = bulk._load, []

    def fails_at_last(session: Session, alike: Any, texts: Any) -> None:
        loads.append(texts)
        load(session, alike, texts)
        if len(loads) == 3:
            session.driver.execute("SELECT nonsense")

    monkeypatch.setattr(bulk, "_load", fails_at_last)
    before = every_row(engine)
    with pytest.raises(Exception, match="nonsense"):
        draw(referrals, 50)
    assert len(loads) == 3
    assert every_row(engine) == before
    assert len(draw(referrals, 50)) == 50


def test_another_shop_draws_for_itself(
    engine: Engine, referrals: Referrals, chance: Callable[..., None]
) -> None:
    other = engine.of("book-shop")
    with pytest.raises(UnknownProgram):
        draw(other, 1)
    other.programs.save(a_program())
    with pytest.raises(UnknownAdvocate):
        draw(other, 1)
    a_shop_with(other)
    chance(words(1, 2), words(1, 2))
    assert draw(referrals, 2) == draw(other, 2)
    (only,) = draw(referrals, 1)
    with pytest.raises(UnknownCode):
        other.find_code(only)


# In a transaction that somebody else began.


def test_they_stand_or_fall_with_the_hosts_transaction(
    url: str, engine: Engine, referrals: Referrals, chance: Callable[..., None]
) -> None:
    chance(words(1, 2, 3), words(1, 2, 3), words(3, 4, 5), words(6))
    host = create_engine(make_url(url.replace("postgresql://", "postgresql+psycopg://")))
    with host.connect() as connection:
        draw(engine.within(connection).of("tea-house"), 3)
        connection.rollback()
        assert codes_kept(engine) == 1
        within = engine.within(connection).of("tea-house")
        draw(within, 3)
        draw(within, 3)
        with pytest.raises(UnknownAdvocate):
            within.advocates.draw("friends", "c-9", 1)
        connection.execute(text("DELETE FROM goodword_coupons"))
        connection.commit()
    host.dispose()
    assert codes_kept(engine) == 7


def test_they_are_drawn_between_other_verbs_of_one_transaction(
    engine: Engine, referrals: Referrals, chance: Callable[..., None]
) -> None:
    chance(words(1, 2, 3), words(3, 4), words(5))

    def work(session: Session) -> list[str]:
        within = engine.within(session).of("tea-house")
        within.record_order(an_order())
        drawn = draw(within, 3) + draw(within, 2)
        within.record_order(an_order(id="18", code=drawn[-1], coupons=()))
        return drawn

    drawn = engine.database.write(work)
    assert len(set(drawn)) == 5
    kept = referrals.credit.explain("18").referral
    assert kept is not None
    assert kept.code == drawn[-1]
