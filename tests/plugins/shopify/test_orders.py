"""Orders as the till tells them: every page, without tax, as they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.errors import OrderInvalid, TillDown, TillRefused
from goodword.model.money import Money
from goodword.model.order import CodeVia, Landing, Order, Refund, RefundedLine, UsedCoupon
from goodword.platforms import Unreadable
from goodword.rules.items import remaining
from goodword_shopify.client import Client
from goodword_shopify.goods import Told, ToldRefund
from goodword_shopify.orders import order as read_order
from goodword_shopify.standin import Bought, Fault, Shop, StandIn, order, refund
from goodword_shopify.standin.orders import Till as Counts
from tests.plugins.shopify.conftest import AT_HOME, BEAN, TEA, till_of

AT = "2026-11-20T10:00:00Z"
PLACED = datetime(2026, 11, 20, 10, tzinfo=UTC)
LATER = "2026-11-24T10:00:00Z"


def placed(shop: Shop, *lines: Bought, **told: Any) -> dict[str, Any]:
    return shop.place(order(shop.new_id("Order"), shop.till, list(lines), at=AT, **told))


def id_of(told: dict[str, Any]) -> str:
    return str(told["id"]).rpartition("/")[2]


def as_told(standin: StandIn, told: dict[str, Any], domain: str = TEA, **settings: Any) -> Order:
    found = till_of(standin, domain, **settings).order(id_of(told))
    assert found is not None
    return found


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


# Money


def test_an_order_is_told_as_it_stands(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, Bought(price="19.99", quantity=2, tax="19"), shipping="5.00")
    found = as_told(standin, told)
    assert (found.id, found.placed, found.modified) == (id_of(told), PLACED, PLACED)
    assert (found.net, found.paid) == (euros(3998), PLACED)
    assert found.gross == euros(3998 + 760 + 500)
    (line,) = found.lines
    assert (line.net, line.quantity, line.product) == (euros(3998), 2, "9007199254741001")
    assert (found.test, found.cancelled, found.refunded, found.kind) == (
        False,
        None,
        False,
        "online",
    )


def test_in_a_shop_whose_prices_hold_the_tax_goods_count_without_it(standin: StandIn) -> None:
    shop = standin.open(TEA, Counts(currency="EUR", taxes_included=True))
    off = (("MEI10", "11.90"),)
    found = as_told(standin, placed(shop, Bought(price="119.00", tax="19", off=off)))
    # 119.00 less 11.90 is 107.10 with 19 %: 90.00 of goods, 17.10 of tax.
    assert found.net == euros(9000)
    assert found.gross == euros(10710)
    assert found.coupons == (UsedCoupon(text="MEI10", discount=euros(1000)),)


@pytest.mark.parametrize(
    ("currency", "step", "price", "net"),
    [("JPY", "1", "1080", 982), ("TWD", "0.01", "1080", 98182), ("KWD", "0.001", "1.080", 982)],
)
def test_every_currency_is_counted_in_its_own_units(
    standin: StandIn, currency: str, step: str, price: str, net: int
) -> None:
    counts = Counts(currency=currency, taxes_included=True, step=Decimal(step))
    shop = standin.open(TEA, counts)
    assert as_told(standin, placed(shop, Bought(price=price, tax="10"))).net == Money(net, currency)


def test_what_the_buyer_was_shown_does_not_count(standin: StandIn) -> None:
    shop = standin.open(TEA, Counts(currency="EUR", shown=("USD", "1.1")))
    assert as_told(standin, placed(shop, Bought(price="10.00"))).net == euros(1000)


def test_gift_cards_are_no_goods(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, Bought(price="10.00"), Bought(price="50.00", gift_card=True))
    found = as_told(standin, told)
    assert (found.net, found.gross, len(found.lines)) == (euros(1000), euros(6000), 1)


def test_each_code_is_told_with_what_it_took_off(standin: StandIn, tea: Shop) -> None:
    told = placed(
        tea,
        Bought(price="10.00", off=(("MEI10", "1.00"), ("", "2.00"))),
        Bought(price="20.00", off=(("mei10", "2.00"),)),
        shipping="5.00",
        shipping_off=(("SHIPFREE", "5.00"),),
        discountCodes=["MEI10", "SHIPFREE", "UNUSED"],
    )
    found = as_told(standin, told)
    assert found.coupons == (
        UsedCoupon(text="MEI10", discount=euros(300)),
        UsedCoupon(text="SHIPFREE", discount=euros(500)),
        UsedCoupon(text="UNUSED", discount=euros(0)),
    )
    assert found.net == euros(2500)


def test_sixty_lines_are_three_pages(standin: StandIn, tea: Shop) -> None:
    found = as_told(standin, placed(tea, *[Bought(price="1.00")] * 60))
    assert (len(found.lines), found.net) == (60, euros(6000))


def test_what_an_edit_took_away_counts_no_more(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, Bought(price="10.00", quantity=3))
    told["lineItems"][0]["currentQuantity"] = 1
    found = as_told(standin, told)
    assert (found.net, found.lines[0].quantity) == (euros(1000), 1)


# Refunds


def test_a_refund_of_lines_brings_back_their_goods(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, Bought(price="10.00", quantity=3, tax="10"), Bought(price="5.00"))
    refund(told, tea.till, tea.new_id("Refund"), at=LATER, paid_back="22.00", quantities={0: 2})
    found = as_told(standin, told)
    line = found.lines[0].id
    assert found.refunds == (
        Refund(
            id=id_of(told["refunds"][0]),
            gross=euros(2200),
            at=datetime(2026, 11, 24, 10, tzinfo=UTC),
            lines=(RefundedLine(line=line, net=euros(2000)),),
        ),
    )
    # The line stands as it was bought: what came back is its refunds' to say.
    assert (found.net, found.lines[0].quantity) == (euros(3500), 3)
    assert remaining(found) == 1500


def test_a_line_that_comes_back_piece_by_piece_comes_back_whole(standin: StandIn) -> None:
    shop = standin.open(TEA, Counts(currency="EUR", taxes_included=True))
    told = placed(shop, Bought(price="3.33", quantity=3, tax="19"), Bought(price="100.00"))
    for day in (21, 22, 23):
        at = f"2026-11-{day}T10:00:00Z"
        new = shop.new_id("Refund")
        refund(told, shop.till, new, at=at, paid_back="3.33", quantities={0: 1})
    found = as_told(standin, told)
    back = sum(line.net.minor for one in found.refunds for line in one.lines or ())
    assert back == found.lines[0].net.minor
    assert remaining(found) == 10000


def test_an_amount_given_back_names_no_lines(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, Bought(price="80.00"), shipping="20.00")
    new = tea.new_id("Refund")
    refund(told, tea.till, new, at=LATER, paid_back="10.00", discrepancy="-10.00")
    found = as_told(standin, told)
    assert [(one.gross, one.lines) for one in found.refunds] == [(euros(1000), None)]
    assert remaining(found) == 8000 - 800


def test_what_was_paid_back_beyond_the_lines_counts_as_an_amount(
    standin: StandIn, tea: Shop
) -> None:
    told = placed(tea, Bought(price="40.00"), Bought(price="60.00"))
    new = tea.new_id("Refund")
    back = {"paid_back": "50.00", "discrepancy": "-10.00"}
    refund(told, tea.till, new, at=LATER, quantities={0: 1}, **back)
    found = as_told(standin, told)
    assert [one.gross for one in found.refunds] == [euros(4000), euros(1000)]
    assert remaining(found) == 10000 - 4000 - 1000


def test_shipping_alone_brings_no_goods_back(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, Bought(price="40.00"), shipping="5.00")
    new = tea.new_id("Refund")
    refund(told, tea.till, new, at=LATER, paid_back="5.00", shipping="5.00")
    found = as_told(standin, told)
    assert remaining(found) == 4000
    assert found.refunds[0].lines == ()


def test_goods_that_came_back_without_money_came_back(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, Bought(price="40.00"), Bought(price="60.00"))
    new = tea.new_id("Refund")
    refund(told, tea.till, new, at=LATER, paid_back="0", quantities={0: 1})
    assert remaining(as_told(standin, told)) == 6000


def test_many_refunds_of_many_lines_are_all_read(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, *[Bought(price="1.00", quantity=12)] * 120)
    for _ in range(12):
        each = dict.fromkeys(range(120), 1)
        new = tea.new_id("Refund")
        refund(told, tea.till, new, at=LATER, paid_back="120.00", quantities=each)
    found = as_told(standin, told)
    assert len(found.refunds) == 12
    assert {len(one.lines or ()) for one in found.refunds} == {120}
    assert found.refunded
    assert remaining(found) == 0


def test_more_refunds_than_can_be_read_are_never_left_out_in_silence(
    standin: StandIn, tea: Shop
) -> None:
    told = placed(tea, Bought(price="1000.00"))
    for _ in range(250):
        refund(told, tea.till, tea.new_id("Refund"), at=LATER, paid_back="1.00")
    with pytest.raises(TillRefused, match="250 refunds"):
        till_of(standin).order(id_of(told))


def test_an_order_that_goes_away_before_its_refunds_are_read_is_not_one_without_any(
    standin: StandIn, tea: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = placed(tea, Bought(price="100.00"))
    refund(told, tea.till, tea.new_id("Refund"), at=LATER, paid_back="100.00", quantities={0: 1})
    ask = Client.ask

    def deleted_meanwhile(client: Client, operation: str, **variables: Any) -> Any:
        if operation == "OrderRefunds":
            tea.orders.clear()
        return ask(client, operation, **variables)

    monkeypatch.setattr(Client, "ask", deleted_meanwhile)
    with pytest.raises(TillDown, match="went away"):
        till_of(standin).order(id_of(told))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 5000),
            st.integers(1, 9),
            st.sampled_from(["0", "5", "7.7", "19", "25.5"]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
    st.data(),
)
def test_whatever_comes_back_never_is_more_than_was_bought(
    bought: list[tuple[int, int, str]], included: bool, data: st.DataObject
) -> None:
    counts = Counts(currency="EUR", taxes_included=included)
    lines = [
        Bought(price=f"{Decimal(price) / 100}", quantity=quantity, tax=tax)
        for price, quantity, tax in bought
    ]
    told = order("gid://shopify/Order/1", counts, lines, at=AT)
    left = [quantity for _, quantity, _ in bought]
    for number in range(data.draw(st.integers(0, 4))):
        back = {at: data.draw(st.integers(0, most)) for at, most in enumerate(left)}
        back = {at: count for at, count in back.items() if count}
        left = [most - back.get(at, 0) for at, most in enumerate(left)]
        id = f"gid://shopify/Refund/{number + 1}"
        refund(told, counts, id, at=f"2026-11-2{number}T00:00:00Z", paid_back="0", quantities=back)
    refunds = [
        ToldRefund(head=one, lines=one["refundLineItems"], shipping=(), adjustments=())
        for one in told["refunds"]
    ]
    found = read_order(Told(head=told, lines=told["lineItems"], refunds=refunds), {})
    assert 0 <= remaining(found) <= found.net.minor
    if not any(left):
        assert remaining(found) == 0
    assert found.net.minor <= found.gross.minor


# Life


def test_an_order_that_waits_for_money_is_not_paid(standin: StandIn, tea: Shop) -> None:
    for financial in ("PENDING", "AUTHORIZED", "PARTIALLY_PAID"):
        found = as_told(standin, placed(tea, Bought(price="1.00"), financial=financial))
        assert (found.paid, found.cancelled) == (None, None)


@pytest.mark.parametrize(
    ("received", "paid", "net"),
    [
        # A deposit is no payment.
        ("30.00", False, 15000),
        # All that was asked at first: what was added since counts once it is paid, too.
        ("115.00", True, 10000),
        ("142.50", True, 12500),
        ("170.00", True, 15000),
    ],
)
@pytest.mark.parametrize("more", [True, False], ids=["another line", "more of a line"])
def test_what_was_paid_stays_paid_when_an_edit_adds_to_it(
    standin: StandIn, tea: Shop, received: str, paid: bool, net: int, more: bool
) -> None:
    first = Bought(price="50.00", quantity=2, tax="10")
    second = Bought(price="50.00", tax="10")
    lines = [first, second] if more else [replace(first, quantity=3)]
    told = placed(tea, *lines, shipping="5.00", financial="PARTIALLY_PAID")
    told["originalTotalPriceSet"] = tea.till.bag("115.00")
    told["totalReceivedSet"] = tea.till.bag(received)
    found = as_told(standin, told)
    assert (found.paid is not None, found.net, found.gross) == (paid, euros(net), euros(17000))
    assert sum(line.net.minor for line in found.lines) == net


def test_it_is_paid_when_the_last_money_came(standin: StandIn, tea: Shop) -> None:
    rows = [
        {"kind": kind, "status": status, "processedAt": at, "createdAt": AT}
        for kind, status, at in (
            ("AUTHORIZATION", "SUCCESS", "2026-11-25T00:00:00Z"),
            ("CAPTURE", "FAILURE", "2026-11-25T00:00:00Z"),
            ("CAPTURE", "SUCCESS", "2026-11-21T08:00:00+08:00"),
            ("REFUND", "SUCCESS", "2026-11-25T00:00:00Z"),
        )
    ]
    found = as_told(standin, placed(tea, Bought(price="1.00"), transactions=rows))
    assert found.paid == datetime(2026, 11, 21, tzinfo=UTC)


def test_what_nobody_will_pay_is_cancelled(standin: StandIn, tea: Shop) -> None:
    for financial in ("VOIDED", "EXPIRED"):
        found = as_told(standin, placed(tea, Bought(price="1.00"), financial=financial))
        assert (found.paid, found.cancelled) == (None, PLACED)
    found = as_told(standin, placed(tea, Bought(price="1.00"), cancelledAt=LATER))
    assert found.cancelled == datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("initiated", "status", "disputed"),
    [
        ("CHARGEBACK", "NEEDS_RESPONSE", True),
        ("CHARGEBACK", "LOST", True),
        ("CHARGEBACK", "WON", False),
        ("CHARGEBACK", "PREVENTED", False),
        ("INQUIRY", "NEEDS_RESPONSE", False),
    ],
)
def test_only_a_bank_that_takes_the_money_disputes(
    standin: StandIn, tea: Shop, initiated: str, status: str, disputed: bool
) -> None:
    rows = [{"initiatedAs": initiated, "status": status}]
    found = as_told(standin, placed(tea, Bought(price="1.00"), disputes=rows))
    assert (found.disputed is not None) == disputed


@pytest.mark.parametrize(
    ("advice", "doubted"),
    [("ACCEPT", False), ("NONE", False), ("INVESTIGATE", True), ("CANCEL", True)],
)
def test_what_shopify_advises_against_is_doubted(
    standin: StandIn, tea: Shop, advice: str, doubted: bool
) -> None:
    told = placed(tea, Bought(price="10.00"), risk={"recommendation": advice})
    assert as_told(standin, told).doubted == doubted


def test_it_is_fulfilled_when_all_of_it_was_sent(standin: StandIn, tea: Shop) -> None:
    sent = [
        {"createdAt": "2026-11-22T10:00:00Z", "status": "SUCCESS"},
        {"createdAt": "2026-11-23T10:00:00Z", "status": "CANCELLED"},
    ]
    part = placed(tea, Bought(price="1.00"), fulfillments=sent)
    assert as_told(standin, part).fulfilled is None
    whole = placed(
        tea, Bought(price="1.00"), fulfillments=sent, displayFulfillmentStatus="FULFILLED"
    )
    assert as_told(standin, whole).fulfilled == datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_a_test_is_a_test_and_the_counter_the_counter(standin: StandIn, tea: Shop) -> None:
    assert as_told(standin, placed(tea, Bought(price="1.00"), test=True)).test
    for source, kind in (("pos", "pos"), ("shopify_draft_order", "draft"), (None, "online")):
        assert as_told(standin, placed(tea, Bought(price="1.00"), sourceName=source)).kind == kind


# Whose it is


def test_a_person_is_told_where_the_app_may_know(standin: StandIn, tea: Shop) -> None:
    customer = tea.welcome("friend@example.com", at="2026-11-01T00:00:00Z")
    told = placed(
        tea,
        Bought(price="1.00"),
        customer=customer,
        email="friend@example.com",
        shippingAddress=AT_HOME,
        billingAddress={"countryCodeV2": "JP"},
    )
    found = as_told(standin, told)
    assert (found.email, found.country) == ("friend@example.com", "TW")
    assert found.customer == id_of(customer)
    assert found.customer_since == datetime(2026, 11, 1, tzinfo=UTC)
    standin.hides = frozenset({"email", "customer", "shippingAddress", "billingAddress"})
    hidden = as_told(standin, told)
    assert (hidden.email, hidden.customer, hidden.country) == (None, None, None)
    assert hidden.net == found.net


@pytest.mark.parametrize(
    ("changes", "home"),
    [
        ({}, "TW\n106\n和平東路2段12號 5樓"),
        ({"zip": None}, "TW\n台北市\n和平東路2段12號 5樓"),
        ({"address2": None}, "TW\n106\n和平東路2段12號"),
        ({"address1": None, "address2": None}, None),
        ({"zip": None, "city": None}, None),
    ],
)
def test_where_it_is_sent_to_is_told(
    standin: StandIn, tea: Shop, changes: dict[str, Any], home: str | None
) -> None:
    told = placed(tea, Bought(price="1.00"), shippingAddress=AT_HOME | changes)
    assert as_told(standin, told).home == home


@pytest.mark.parametrize(
    "hides", [{"shippingAddress"}, {"address1", "address2", "zip", "city"}], ids=["all", "parts"]
)
def test_an_order_is_read_without_an_address_that_is_kept_from_us(
    standin: StandIn, tea: Shop, hides: set[str]
) -> None:
    told = placed(tea, Bought(price="1.00"), shippingAddress=AT_HOME)
    standin.hides = frozenset(hides)
    found = as_told(standin, told)
    assert found.home is None
    assert found.net.minor > 0


def test_what_leads_to_an_advocate_is_read(standin: StandIn, tea: Shop) -> None:
    journey = {
        "firstVisit": None,
        "lastVisit": {
            "referralCode": "7Q2KM9XW",
            "landingPage": "https://tea.example/?ref=7Q2KM9XW&gw=018f2b",
            "occurredAt": "2026-11-19T10:00:00Z",
        },
    }
    notes = [
        {"key": "_goodword_code", "value": "ABCD1234"},
        {"key": "_goodword_via", "value": "typed"},
        {"key": "_goodword_name", "value": "Mei"},
    ]
    told = placed(tea, Bought(price="1.00"), customerJourneySummary=journey, customAttributes=notes)
    found = as_told(standin, told)
    assert (found.code, found.code_via, found.named) == ("ABCD1234", CodeVia.TYPED, "Mei")
    assert found.visit == "018f2b"
    assert found.landing == Landing(code="7Q2KM9XW", at=datetime(2026, 11, 19, 10, tzinfo=UTC))


def test_an_owner_may_name_further_attributes(standin: StandIn, tea: Shop) -> None:
    notes = [{"key": "friend", "value": "ABCD1234"}]
    told = placed(tea, Bought(price="1.00"), customAttributes=notes)
    assert as_told(standin, told).code is None
    found = as_told(standin, told, code_meta="other, friend")
    assert (found.code, found.code_via) == ("ABCD1234", CodeVia.LINK)


@pytest.mark.parametrize("word", ["<script>", "a b", "x" * 33, "", None])
def test_what_can_be_no_code_stays_behind(standin: StandIn, tea: Shop, word: str | None) -> None:
    notes = [{"key": "_goodword_code", "value": word}, {"key": "_goodword_visit", "value": word}]
    found = as_told(standin, placed(tea, Bought(price="1.00"), customAttributes=notes))
    assert (found.code, found.visit) == (None, None)


# What is not there


@pytest.mark.parametrize(
    "id", ["99", "", "0", "-1", "1/refunds", "gid://shopify/Order/1", "１", "a"]
)
def test_an_order_that_is_not_there_is_none(standin: StandIn, tea: Shop, id: str) -> None:
    assert till_of(standin).order(id) is None


def test_another_shops_order_is_not_there(standin: StandIn, tea: Shop) -> None:
    standin.open(BEAN)
    told = placed(tea, Bought(price="1.00"))
    assert till_of(standin, BEAN).order(id_of(told)) is None


def test_a_shop_that_does_not_answer_is_down(standin: StandIn, tea: Shop) -> None:
    told = placed(tea, Bought(price="1.00"))
    standin.fail(Fault.GATEWAY)
    with pytest.raises(TillDown):
        till_of(standin).order(id_of(told))


def test_an_order_that_is_not_told_so_is_one_for_a_person() -> None:
    with pytest.raises(OrderInvalid, match="not told as Shopify tells it"):
        read_order(Told(head={"currencyCode": "EUR"}, lines=()), {})


def test_without_the_scope_products_are_not_asked(standin: StandIn) -> None:
    shop = standin.open(TEA, scopes=frozenset({"read_orders", "read_customers"}))
    found = as_told(standin, placed(shop, Bought(price="1.00")))
    assert found.lines[0].product == ""
    assert not [call for call in standin.calls if "Products" in call]


def test_a_usual_order_is_told_in_three_calls(standin: StandIn, tea: Shop) -> None:
    as_told(standin, placed(tea, Bought(price="1.00")))
    assert [call.partition(" ")[2] for call in standin.calls] == [
        "OrderHead",
        "OrderLines",
        "OrderProducts",
    ]


def test_of_a_long_order_more_is_told_at_a_time(standin: StandIn, tea: Shop) -> None:
    found = as_told(standin, placed(tea, *[Bought(price="1.00")] * 60))
    assert len(found.lines) == 60
    # Four lines, and then 25 at a time.
    assert standin.calls.count(f"{TEA} OrderLines") == 4


# History


def test_what_changed_since_is_told_the_oldest_first(standin: StandIn, tea: Shop) -> None:
    told = [placed(tea, Bought(price="1.00")) for _ in range(60)]
    for day, one in enumerate(reversed(told)):
        one["updatedAt"] = f"2026-11-{1 + day // 3:02}T10:00:{day % 60:02}Z"
    since = datetime(2026, 11, 10, tzinfo=UTC)
    found = [one for one in till_of(standin).orders_since(since) if isinstance(one, Order)]
    moments = [order.modified for order in found if order.modified]
    assert len(moments) == len(found)
    assert moments == sorted(moments)
    assert len(found) == sum(one["updatedAt"] >= "2026-11-10" for one in told)


def test_one_that_cannot_be_understood_holds_up_no_other(standin: StandIn, tea: Shop) -> None:
    odd, well = placed(tea, Bought(price="1.005")), placed(tea, Bought(price="1.00"))
    unreadable, order = till_of(standin).orders_since(PLACED)
    assert isinstance(unreadable, Unreadable)
    assert (unreadable.id, order.id) == (id_of(odd), id_of(well))
    assert "more decimals" in unreadable.why


def test_earlier_orders_are_counted_once(standin: StandIn, tea: Shop) -> None:
    mei = tea.welcome("mei@example.com")
    mine = {"customer": mei, "email": "mei@example.com"}
    placed(tea, Bought(price="1.00"), **mine, processedAt="2026-11-01T10:00:00Z")
    placed(tea, Bought(price="1.00"), email="MEI@example.com", processedAt="2026-11-02T10:00:00Z")
    placed(tea, Bought(price="1.00"), email="mei@example.community")
    placed(tea, Bought(price="1.00"), **mine, financial="PENDING")
    placed(tea, Bought(price="1.00"), **mine, test=True)
    placed(tea, Bought(price="1.00"), **mine, cancelledAt=AT)
    this = placed(tea, Bought(price="1.00"), **mine)
    placed(tea, Bought(price="1.00"), **mine, processedAt=LATER)
    till = till_of(standin)
    assert till.earlier_orders(as_told(standin, this)) == 2
    # The search is slow to hear of an order: this one is no earlier one for that.
    standin.unheard = frozenset({this["id"]})
    assert till.earlier_orders(as_told(standin, this)) == 2
    # What is older than an app may see is in the customer's count alone.
    tea.hidden[mei["id"]] = 3
    assert till.earlier_orders(as_told(standin, this)) == 5


def test_of_nobody_no_history_is_known(standin: StandIn, tea: Shop) -> None:
    found = as_told(standin, placed(tea, Bought(price="1.00")))
    assert till_of(standin).earlier_orders(found) is None
