"""No shop and no mail server is called inside a transaction: the guard of all tests would tell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from goodword import Duty, FollowUp, Order
from goodword.errors import Invalid
from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.mail import mail_carrier
from goodword_server.worker import carriers
from goodword_woocommerce.standin import StandIn
from tests.calls import CallInside, Calls
from tests.sdk.builders import PLACED
from tests.server.builders import SHOP, Place
from tests.server.letters import thanks
from tests.server.processes import free_port


def ask_the_till(house: House) -> Order | None:
    return house.till(SHOP).order("17")


@pytest.mark.parametrize("way", ["read", "write"])
def test_a_till_opened_inside_a_transaction_reaches_no_shop(
    shop: Place, standin: StandIn, calls_inside: Calls, way: str
) -> None:
    inside: Callable[[Callable[[Session], object]], object] = getattr(shop.house.database, way)
    with pytest.raises(CallInside):
        inside(lambda session: ask_the_till(shop.house))
    assert calls_inside.seen == ["socket.connect"]
    calls_inside.seen.clear()
    # Outside it is only a shop that has no such order.
    assert ask_the_till(shop.house) is None


def test_a_mail_sent_inside_a_transaction_reaches_no_server(
    house: House, calls_inside: Calls
) -> None:
    carrier = mail_carrier(f"smtp://127.0.0.1:{free_port()}", "hello@tea.example")
    deed = FollowUp(
        id="1", shop=SHOP, duty=Duty.THANK, subject="17", due=PLACED, tries=1, thanks=thanks()
    )
    with pytest.raises(CallInside):
        house.database.write(lambda session: carrier.carry(deed))
    assert calls_inside.seen == ["socket.connect"]
    calls_inside.seen.clear()
    assert carrier.carry(deed).how == "again"


def test_the_worker_refuses_to_work_inside_a_transaction(shop: Place) -> None:
    house = shop.house
    work = partial(house.engine.work, carriers(house))
    with pytest.raises(Invalid, match="after the commit"):
        house.database.write(lambda session: work())
