"""Referrals from the first word to the reward and back: over HTTP, as shop and friend see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword_server.house import House
from goodword_server.worker import Worker
from goodword_woocommerce.standin import (
    CouponRefused,
    Fault,
    Recorded,
    StandIn,
    paid_37,
)
from tests.sdk.builders import Clock, standing, totals
from tests.server.builders import (
    COMPLETED,
    ON_HOLD,
    PAID,
    REFUND_18,
    REFUND_19,
    Place,
    a_house,
    a_place,
    client_of,
    connect,
)
from tests.server.letters import HAN

pytestmark = pytest.mark.slow

FIVE = (ON_HOLD, PAID, COMPLETED, REFUND_18, REFUND_19)
KATES_ORDER = "order-created-browser-block-attribution-coupon"
HOLD_OVER = datetime(2026, 12, 6, 9, 25, 25, tzinfo=UTC)

SHARE = {"kind": "amount_off", "percent": "10", "of_order": True}
FIXED = {"kind": "amount_off", "amount": {"minor": 500, "unit": "GBP"}}
ALICE = {
    "id": "c-1",
    "name": "Alice",
    "email": "alice@shop.example",
    "code": "Alice-10",
    "coupon": "ref-alice10",
}


@dataclass
class Stage:
    """A connected shop whose owner uses the API, with the worker at its side."""

    place: Place
    standin: StandIn
    clock: Clock
    worker: Worker
    mails: Path
    key: str

    def ask(self, method: str, path: str, **given: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self.key}"}
        answer = self.place.client.open(f"/v1{path}", method=method, headers=bearer, **given)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def begin(self, reward: Mapping[str, Any] = SHARE) -> str:
        """Save the program, invite Alice, return her link."""
        program = {
            "title": "Give 10%, get 10% back",
            "offer": {"kind": "percent_off", "percent": "10"},
            "reward": reward,
            "terms": {"window_days": 30, "hold_days": 14},
        }
        self.ask("PUT", "/programs/friends", json=program)
        return str(self.ask("POST", "/programs/friends/advocates", json=ALICE)["link"])

    def deliver(self, what: str | Recorded) -> None:
        """The shop stands so, says so, and all is done that can be done at once."""
        body = self.standin.shop.show(what)
        modified = datetime.fromisoformat(body["date_modified_gmt"]).replace(tzinfo=UTC)
        self.clock.to(max(self.clock.at, modified))
        assert self.place.deliver(what) == 200
        self.worker.once()

    def wait_until(self, at: datetime) -> None:
        self.clock.to(at)
        self.worker.once()

    def stands(self, order: str) -> tuple[str, tuple[str, ...]]:
        """State of the referral, and what speaks against it."""
        told = self.ask("GET", f"/orders/{order}/explanation")
        return told["referral"]["state"], tuple(told.get("reasons", ()))

    def reward(self, order: str) -> Mapping[str, Any]:
        (one,) = [r for r in self.ask("GET", "/advocates/c-1/rewards") if r["order"] == order]
        return dict(one)

    def coupons(self) -> list[dict[str, Any]]:
        return list(self.standin.shop.coupons.by_id.values())

    def letters(self) -> list[str]:
        found = [
            message_from_bytes(file.read_bytes(), policy=policy.default)
            for file in sorted(self.mails.glob("*.eml"))
        ]
        return [str(mail["To"]) for mail in found]


@pytest.fixture
def stage(url: str, clock: Clock, standin: StandIn, tmp_path: Path) -> Iterator[Stage]:
    mails = tmp_path / "mails"
    with a_house(url, clock, mail=f"folder:{mails}") as house:
        place = Place(house, connect(house, url=standin.url), client_of(house))
        yield Stage(place, standin, clock, Worker(house), mails, house.new_key("tea-house"))


def to_the_reward(stage: Stage) -> str:
    """Order 17 up to the granted coupon; return its text."""
    for name in (ON_HOLD, PAID, COMPLETED):
        stage.deliver(name)
    stage.wait_until(HOLD_OVER)
    text = stage.reward("17")["text"]
    assert isinstance(text, str)
    return text


# Order 17.


def test_the_way_of_an_order_from_on_hold_to_the_reward_and_back(stage: Stage) -> None:
    stage.begin()

    stage.deliver(ON_HOLD)
    assert stage.stands("17") == ("pending", ("not_paid",))
    assert stage.letters() == []

    stage.deliver(PAID)
    assert stage.stands("17") == ("qualified", ())
    assert stage.reward("17")["state"] == "waiting"
    assert stage.reward("17")["release"] == HOLD_OVER.isoformat()
    assert stage.letters() == ["alice@shop.example"]
    assert stage.ask("GET", "/thanks/owed") == []

    stage.deliver(COMPLETED)
    stage.wait_until(HOLD_OVER.replace(second=24))
    assert stage.coupons() == []

    stage.wait_until(HOLD_OVER)
    (coupon,) = stage.coupons()
    assert coupon["amount"] == "7.20"
    assert coupon["discount_type"] == "fixed_cart"
    assert coupon["usage_limit"] == 1
    assert coupon["email_restrictions"] == ["alice@shop.example"]
    assert stage.reward("17")["text"] == coupon["code"]
    assert stage.stands("17") == ("rewarded", ())

    stage.deliver(REFUND_18)
    assert stage.coupons()[0]["amount"] == "3.60"
    assert stage.reward("17")["worth"] == {"minor": 360, "unit": "GBP"}

    stage.deliver(REFUND_19)
    with pytest.raises(CouponRefused, match="expired"):
        stage.standin.shop.use_coupon(coupon["code"], "alice@shop.example")
    assert stage.stands("17") == ("reversed", ("refunded",))
    assert stage.reward("17")["state"] == "reversed"
    assert totals(stage.place.referrals) == (0, 0)
    left = standing(stage.place.referrals)
    assert (left.waiting, left.due, left.given, left.spent, left.owed_back) == (0, 0, 0, 0, 0)

    # Thanks were said once, and are not unsaid.
    assert stage.letters() == ["alice@shop.example"]
    assert len(stage.coupons()) == 1


def test_a_fixed_reward_stands_until_everything_is_refunded(stage: Stage) -> None:
    stage.begin(FIXED)
    text = to_the_reward(stage)
    assert stage.coupons()[0]["amount"] == "5.00"
    stage.deliver(REFUND_18)
    assert stage.coupons()[0]["amount"] == "5.00"
    stage.deliver(REFUND_19)
    with pytest.raises(CouponRefused, match="expired"):
        stage.standin.shop.use_coupon(text, "alice@shop.example")


def test_refunds_inside_the_hold_leave_nothing_to_give(stage: Stage) -> None:
    stage.begin()
    for name in FIVE:
        stage.deliver(name)
    stage.wait_until(HOLD_OVER)
    assert stage.coupons() == []
    assert stage.stands("17") == ("reversed", ("refunded",))


def test_what_was_spent_before_the_refund_is_a_debt_that_the_next_reward_pays(
    stage: Stage,
) -> None:
    stage.begin()
    text = to_the_reward(stage)
    stage.standin.shop.use_coupon(text, "alice@shop.example")
    stage.deliver(REFUND_18)
    stage.deliver(REFUND_19)
    assert standing(stage.place.referrals).owed_back == -720
    stage.deliver(paid_37())
    stage.wait_until(datetime(2026, 12, 6, 9, 40, tzinfo=UTC))
    assert standing(stage.place.referrals).owed_back == -360
    assert len(stage.coupons()) == 1


def test_a_shop_that_is_down_when_the_hold_ends_gives_one_coupon_later(stage: Stage) -> None:
    stage.begin()
    for name in (ON_HOLD, PAID, COMPLETED):
        stage.deliver(name)
    stage.standin.fail(Fault.DOWN, Fault.DOWN)
    stage.wait_until(HOLD_OVER)
    assert stage.coupons() == []
    for _ in range(3):
        stage.clock.on(hours=1)
        stage.worker.once()
    assert [coupon["amount"] for coupon in stage.coupons()] == ["7.20"]


def test_an_answer_that_was_lost_makes_no_second_coupon(stage: Stage) -> None:
    stage.begin()
    for name in (ON_HOLD, PAID, COMPLETED):
        stage.deliver(name)
    stage.standin.fail(Fault.DROP)
    stage.wait_until(HOLD_OVER)
    assert stage.reward("17")["state"] == "unknown"
    stage.clock.on(hours=1)
    stage.worker.once()
    assert stage.reward("17")["state"] == "granted"
    assert len(stage.coupons()) == 1


# Order 37.


def test_a_click_and_a_coupon_agree_and_the_coupon_decides(stage: Stage) -> None:
    link = stage.begin()
    assert link.endswith("/tea-house/r/ALICE10")
    stage.clock.to(datetime(2026, 11, 22, 9, 34, 36, tzinfo=UTC))
    stage.place.click(query_string={"via": "line"})
    assert [visit["via"] for visit in stage.place.visits()] == ["line"]

    stage.deliver(KATES_ORDER)
    told = stage.ask("GET", "/orders/37/explanation")
    assert told["winner"]["source"] == "coupon:ref-alice10"
    (landing,) = told["lost"]
    assert (landing["candidate"]["rung"], landing["why"]) == (7, "agrees")
    assert stage.stands("37") == ("pending", ("not_paid",))

    stage.deliver(paid_37())
    assert totals(stage.place.referrals, "37") == (400, 360)
    stage.wait_until(datetime(2026, 12, 6, 9, 40, tzinfo=UTC))
    assert [coupon["amount"] for coupon in stage.coupons()] == ["3.60"]
    assert stage.stands("37") == ("rewarded", ())


def test_the_explanation_speaks_both_languages(stage: Stage) -> None:
    stage.begin()
    stage.deliver(PAID)
    english = stage.ask("GET", "/orders/17/explanation")["words"]
    chinese = stage.ask("GET", "/orders/17/explanation?language=zh-Hant")["words"]
    assert len(english) == len(chinese) > 2
    assert not any(map(HAN.search, english))
    assert all(map(HAN.search, chinese))


# The anchors of the ledger walk: order, its deliveries, and what is booked in the end.

ANCHORS = {
    "16": (
        ["order-updated-before-created", "order-created-block-cod-coupon"],
        "order-updated-cod-completed",
        (525, 472),
    ),
    "26": ([], "order-created-classic-attribution-coupon", (0, 0)),
    "27": ([], "order-created-already-refunded", (0, 0)),
    "28": ([], "order-created-same-delivery-id-a", (0, 125)),
    "29": ([], "order-created-same-delivery-id-b", (0, 125)),
}


def test_the_anchors_hold_through_the_whole_pipe(
    house: House, standin: StandIn, clock: Clock
) -> None:
    shop = a_place(house, url=standin.url, settings={"code_meta": "_referral_code,_pr_ref"})
    for before, last, _ in ANCHORS.values():
        standin.shop.show(last)
        for name in (*before, last):
            assert shop.deliver(name) == 200
    assert shop.deliver("order-created-pending-admin-api") == 200
    clock.on(hours=1)
    Worker(house).once()
    booked = {order: totals(shop.referrals, order) for order in ANCHORS}
    assert booked == {order: told for order, (_, _, told) in ANCHORS.items()}
    assert shop.referrals.credit.explain("43").referral is None
    assert shop.verdicts()[-1] == "order 43: unattributed"


# Any order of arrival, any number of times.

_shops = count()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals=st.permutations(FIVE * 2), read_after=st.lists(st.booleans(), min_size=10))
def test_however_five_deliveries_arrive_the_book_ends_the_same(
    house: House, arrivals: list[str], read_after: list[bool]
) -> None:
    name = f"shop-{next(_shops)}"
    # A shop of its own for each example: they all draw the same nonces, which a shop takes once.
    with StandIn() as standin:
        shop = a_place(house, shop=name, url=standin.url)
        worker = Worker(house)
        shown = ON_HOLD
        for arriving, read in zip(arrivals, read_after, strict=False):
            # The shop is never behind what it has said.
            shown = max(shown, arriving, key=FIVE.index)
            standin.shop.show(shown)
            assert shop.deliver(arriving) == 200
            if read:
                worker.once()
        worker.once()
    assert totals(shop.referrals) == (0, 0)
    referral = shop.referrals.credit.explain("17").referral
    assert referral is not None
    assert (referral.state, referral.reasons) == ("reversed", ("refunded",))
    assert {row["state"] for row in shop.inbox() if row["shop"] == name} == {"read"}
