"""A click becomes evidence that an order can name."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from goodword import Code, Invalid, Referrals, Rung, UnknownCode, Visit, Visiting, VisitInvalid
from goodword.embedded.engine import Engine
from goodword.storage.tables import codes
from tests.sdk.builders import PLACED, START, Clock, an_order, every_row

VISITING = Visiting(code="alice-10", landing="/茶?x=1", via="line", visitor="v-1")


def test_a_visit_keeps_what_was_seen(referrals: Referrals, code: Code) -> None:
    visit = referrals.record_visit(VISITING)
    assert visit == Visit(
        id=visit.id, code="ALICE10", at=START, landing="/茶?x=1", via="line", visitor="v-1"
    )


def test_its_id_fits_into_a_link(referrals: Referrals, code: Code) -> None:
    visits = [referrals.record_visit(VISITING).id for _ in range(3)]
    assert len(set(visits)) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", id) for id in visits)


def test_an_order_that_names_it_is_credited(referrals: Referrals, code: Code, clock: Clock) -> None:
    visit = referrals.record_visit(VISITING)
    clock.to(PLACED)
    outcome = referrals.record_order(an_order(coupons=(), visit=visit.id))
    assert outcome.referral is not None
    assert (outcome.referral.code, outcome.referral.rung) == ("ALICE10", Rung.VISIT)


def test_nothing_but_a_code_is_needed(referrals: Referrals, code: Code) -> None:
    visit = referrals.record_visit(Visiting(code="ALICE10"))
    assert (visit.landing, visit.via, visit.visitor) == ("/", None, None)


@pytest.mark.parametrize("text", ["BOB10", "", "\0", "\ud800"])
def test_a_code_that_nobody_holds_keeps_nothing(
    engine: Engine, referrals: Referrals, code: Code, text: str
) -> None:
    before = every_row(engine)
    with pytest.raises(UnknownCode) as caught:
        referrals.record_visit(replace(VISITING, code=text))
    assert caught.value.facts == {"text": text}
    assert every_row(engine) == before


@pytest.mark.parametrize(("field", "longest"), [("via", 64), ("visitor", 64), ("landing", 2000)])
def test_what_is_too_long_is_refused_by_field(
    engine: Engine, referrals: Referrals, code: Code, field: str, longest: int
) -> None:
    referrals.record_visit(replace(VISITING, **{field: "茶" * longest}))
    before = every_row(engine)
    with pytest.raises(VisitInvalid, match=f"{field}: use at most {longest}") as caught:
        referrals.record_visit(replace(VISITING, **{field: "茶" * (longest + 1)}))
    assert caught.value.facts["field"] == field
    assert every_row(engine) == before


@pytest.mark.parametrize("field", ["via", "visitor", "landing"])
@pytest.mark.parametrize("text", ["a\0b", "a\ud800"])
def test_what_no_database_can_keep_is_refused_by_field(
    referrals: Referrals, code: Code, field: str, text: str
) -> None:
    with pytest.raises(Invalid) as caught:
        referrals.record_visit(replace(VISITING, **{field: text}))
    assert caught.value.facts["field"] == field


def test_a_code_leads_nowhere_once_it_has_ended(
    engine: Engine, referrals: Referrals, code: Code, clock: Clock
) -> None:
    with engine.database.connect() as connection:
        ended = int((PLACED.timestamp()) * 1_000_000)
        connection.execute(update(codes).values(ended=ended))
        connection.commit()
    referrals.record_visit(VISITING)
    clock.to(PLACED)
    with pytest.raises(UnknownCode):
        referrals.record_visit(VISITING)
