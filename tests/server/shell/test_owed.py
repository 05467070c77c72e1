"""An owner sees who owes something back, how much, and of which orders, until it is paid off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goodword import TakenBack, done
from goodword_server.shell.roles import Role
from tests.sdk.builders import Clock, Obedient, Saying, an_order, gbp, later
from tests.server.builders import Place
from tests.server.shell.browser import AT, somebody

pytestmark = pytest.mark.slow

PARTLY = done(taken_back=TakenBack(done=False, missing=gbp("1.00")))


@pytest.mark.parametrize(
    ("language", "title", "named"),
    [("en", "Owed back", "£1.00, of order"), ("zh-Hant", "待追回", "£1.00，訂單")],
)
def test_what_could_not_be_taken_back_stands_on_the_shops_page_until_it_is_paid_off(
    place: Place, clock: Clock, language: str, title: str, named: str
) -> None:
    def work(till: Obedient) -> None:
        clock.on(days=15)
        place.house.engine.work({"till": till})
        place.house.engine.work({"till": till})

    owner = somebody(place.house, Role.OWNER, language=language)
    order = an_order(code="ALICE10")
    place.referrals.record_order(order)
    work(Obedient())
    assert title not in owner.read(f"{AT}/").text
    place.referrals.record_order(later(order, cancelled=order.placed))
    work(Saying(answers=[PARTLY]))
    page = owner.read(f"{AT}/").text
    assert title in page
    assert named in page
    assert order.id in page
    place.referrals.record_order(replace(order, id="18"))
    work(Obedient())
    assert title not in owner.read(f"{AT}/").text
