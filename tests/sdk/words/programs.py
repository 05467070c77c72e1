"""Programs of every shape, to be told in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from goodword import (
    Campaign,
    Kind,
    Terms,
    Tier,
    amount_off,
    commission,
    free_product,
    free_shipping,
    gift_card,
    money,
    percent_off,
    points,
    share_of_order,
    store_credit,
)
from tests.sdk.builders import DAY, START, a_program

_LEAST: Final = Terms(minimum=money("500", "TWD"), first_order_only=True)
PROGRAMS: Final = {
    "plain": a_program(percent_off(10)),
    "share": a_program(),
    "amounts": a_program(amount_off("100", "TWD"), offer=amount_off("50", "TWD"), terms=_LEAST),
    "odd": a_program(percent_off("12.5"), offer=percent_off("7.5")),
    "shipping": a_program(free_shipping(), offer=free_shipping(), terms=Terms(hold_days=0)),
    "product": a_program(free_product("9"), offer=free_product("8")),
    "whole": a_program(percent_off(100), offer=percent_off(100)),
    "credit": a_program(store_credit("1000", "TWD"), ends=START + 30 * DAY),
    "share of credit": a_program(share_of_order(5, as_=Kind.STORE_CREDIT)),
    "card": a_program(gift_card("12.50", "GBP"), starts=START + DAY),
    "share of a card": a_program(share_of_order(5, as_=Kind.GIFT_CARD)),
    "points": a_program(points(1500)),
    "commission": a_program(commission("9", "USD"), terms=Terms(new_customer_only=True)),
    "share of a commission": a_program(share_of_order("2.5", as_=Kind.COMMISSION)),
    "tiers": a_program(
        amount_off("100", "TWD"),
        tiers=(
            Tier(start=2, reward=amount_off("150", "TWD")),
            Tier(start=5, reward=amount_off("300", "TWD")),
        ),
    ),
    "campaign": a_program(
        amount_off("100", "TWD"),
        ends=START + timedelta(days=90),
        campaigns=(
            Campaign(
                name="spring",
                starts=START - DAY,
                ends=START + 3 * DAY,
                offer=percent_off(20),
                reward=amount_off("200", "TWD"),
            ),
        ),
        tiers=(Tier(start=2, reward=amount_off("150", "TWD")),),
    ),
}
