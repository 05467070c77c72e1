"""Orders in bulk are the till's own orders, and whatever is odd about the file is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from graphql import NoDeprecatedCustomRule, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.bulk import ANEW, BUSY, NEVER, Bulk, Writing
from goodword.errors import AnswerLost, TillDown, TillRefused
from goodword.model.order import Order
from goodword.platforms import CAUSES, Unreadable
from goodword_shopify import files, scopes
from goodword_shopify.bulk import BYTES_MOST, assembled, document
from goodword_shopify.files import Files
from goodword_shopify.scopes import PRODUCTS
from goodword_shopify.standin import SCOPES, Bought, Fault, Shop, StandIn, order, refund
from goodword_shopify.standin.api import FILE
from goodword_shopify.standin.asking import asked, lacking
from goodword_shopify.standin.bulk import AT_ONCE, Ending, Stored
from goodword_shopify.standin.bulk_rules import wrong_with
from goodword_shopify.standin.orders import Till as Counts
from goodword_shopify.standin.schema import VERSIONS, version
from tests.plugins.shopify.conftest import AT_HOME, TEA, a_platform, till_of

pytestmark = pytest.mark.slow

AT = "2026-11-20T10:00:00Z"
LATER = "2026-11-24T10:00:00Z"
SINCE = datetime(2026, 9, 27, tzinfo=UTC)


def bulk_of(standin: StandIn, timeouts: tuple[float, float] = (5, 30)) -> Bulk:
    return a_platform(standin, timeouts).bulk(standin.installation("tea-house", TEA))


@pytest.fixture
def bulk(standin: StandIn, tea: Shop) -> Bulk:
    return bulk_of(standin)


def sold(shop: Shop, *lines: Bought, **told: Any) -> dict[str, Any]:
    bought = list(lines) or [Bought(price="10.00")]
    return shop.place(order(shop.new_id("Order"), shop.till, bought, **{"at": AT, **told}))


def written(bulk: Bulk, since: datetime = SINCE) -> str:
    """Let the shop write its orders down, and wait until it did."""
    id = bulk.begin(since)
    while not bulk.look(id).done:
        pass
    return id


def read(bulk: Bulk, id: str, at: int = 0) -> list[Order | Unreadable | None]:
    return [found for found, _ in bulk.orders(id, at)]


def cause(trouble: pytest.ExceptionInfo[Any]) -> str:
    found = str(trouble.value.facts["cause"])
    assert found in CAUSES
    return found


# What is asked for


@pytest.mark.parametrize("products", [True, False])
@pytest.mark.parametrize("name", VERSIONS)
def test_shopify_takes_the_query(name: str, *, products: bool) -> None:
    text = document(SINCE, products=products)
    at, query = version(name), parse(text)
    assert validate(at.schema, query) == []
    assert validate(at.schema, query, [NoDeprecatedCustomRule]) == []
    assert wrong_with(text) == []
    granted = frozenset(scopes.BASIC) | ({PRODUCTS} if products else set())
    assert lacking(at, asked(at, query, {}), granted) == []
    assert ("product" in text) == products


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("{ orders { edges { node { refunds { refundLineItems { edges { node { id } } } } } } } }",
         "within a list"),
        ("{ orders { nodes { id } } }", "'edges'"),
        ("{ orders { edges { node { name lineItems { edges { node { id } } } } } } }", "its 'id'"),
        ("{ shop { name } }", "at least one connection"),
        ("{ shop { name } orders { edges { node { id } } } }", "one top level field"),
        ("{ orders { edges { node { nmae } } } }", "nmae"),
        ("query All($a: String) { orders(query: $a) { edges { node { id } } } }", "variables"),
        ("mutation { appUninstall { app { id } } }", "variables"),
    ],
)  # fmt: skip
def test_what_shopify_takes_in_no_bulk_is_not_taken(query: str, why: str) -> None:
    assert why in " ".join(wrong_with(query))


def test_pages_within_pages_within_pages_within_pages_are_too_deep() -> None:
    inner = "metafields { edges { node { id } } }"
    for name in ("variants", "products", "collections"):
        inner = f"{name} {{ edges {{ node {{ id {inner} }} }} }}"
    assert "deeper" in " ".join(wrong_with(f"{{ {inner} }}"))


def test_more_than_five_connections_are_too_many() -> None:
    inner = "variants metafields collections media sellingPlanGroups".split()
    each = " ".join(f"{name} {{ edges {{ node {{ id }} }} }}" for name in inner)
    assert "more than 5" in " ".join(
        wrong_with(f"{{ products {{ edges {{ node {{ id {each} }} }} }} }}")
    )


# The same as the till says


def test_the_file_says_what_the_till_says(standin: StandIn, tea: Shop, bulk: Bulk) -> None:
    customer = tea.welcome("小美@example.com", at="2026-11-01T00:00:00Z")
    off = (("MEI10", "1.00"), ("", "2.00"))
    told = [
        sold(tea, Bought(price="10.00", quantity=3, tax="10", off=off), customer=customer),
        sold(tea, shipping="5.00", shipping_off=(("SHIPFREE", "5.00"),), email="小美@example.com"),
        sold(
            tea, *[Bought(price="1.00")] * 60, customAttributes=[{"key": "note", "value": "茶\n"}]
        ),
        sold(tea, Bought(price="50.00", gift_card=True), financial="PENDING", test=True),
        sold(tea, shippingAddress=AT_HOME, cancelledAt=LATER),
    ]
    found = read(bulk, written(bulk))
    till = till_of(standin)
    assert found == [till.order(one["id"].rpartition("/")[2]) for one in told]
    # No order was asked for by its id, but those that were just compared.
    heads = [call for call in standin.calls if call.endswith("OrderHead")]
    assert len(heads) == len(told)


def test_refunds_with_all_their_pages_are_read_at_the_till(
    standin: StandIn, tea: Shop, bulk: Bulk
) -> None:
    told = sold(tea, *[Bought(price="1.00", quantity=3)] * 60)
    for _ in range(3):
        each, new = dict.fromkeys(range(60), 1), tea.new_id("Refund")
        refund(told, tea.till, new, at=LATER, paid_back="60.00", quantities=each)
    whole = sold(tea)
    found = read(bulk, written(bulk))
    assert {call for call in standin.calls if "Head" in call} == {
        f"{TEA} OrderHead",
        f"{TEA} RefundHead",
    }
    till = till_of(standin)
    # As they changed: the one without a refund first.
    assert found == [till.order(one["id"].rpartition("/")[2]) for one in (whole, told)]


LINE = st.builds(
    Bought,
    price=st.integers(1, 90_000).map(lambda cents: f"{Decimal(cents) / 100}"),
    quantity=st.integers(1, 5),
    tax=st.sampled_from(["0", "5", "7.7", "19"]),
    off=st.sampled_from([(), (("MEI10", "0.01"),), (("", "0.01"), ("mei10", "0.00"))]),
    gift_card=st.booleans(),
)
ORDER = st.fixed_dictionaries(
    {
        "lines": st.lists(LINE, min_size=1, max_size=4),
        "shipping": st.sampled_from(["0", "5.00"]),
        "shipping_off": st.sampled_from([(), (("SHIP", "1.00"),)]),
        "financial": st.sampled_from(["PAID", "PENDING", "VOIDED", "PARTIALLY_PAID"]),
        "back": st.lists(st.integers(0, 3), max_size=2),
        "shippingAddress": st.sampled_from([None, AT_HOME, AT_HOME | {"address2": None}]),
        "email": st.sampled_from([None, "mei@example.com", "小美@例子.tw"]),
        "sourceName": st.sampled_from(["web", "pos", None, "\u2028"]),
        "risk": st.sampled_from(["ACCEPT", "CANCEL"]).map(lambda one: {"recommendation": one}),
    }
)


def placed(shop: Shop, drawn: dict[str, Any]) -> dict[str, Any]:
    drawn = dict(drawn)
    lines, back = drawn.pop("lines"), drawn.pop("back")
    told = shop.place(order(shop.new_id("Order"), shop.till, lines, at=AT, **drawn))
    for place in back:
        if place < len(lines) and told["lineItems"][place]["currentQuantity"]:
            new = shop.new_id("Refund")
            refund(told, shop.till, new, at=LATER, paid_back="0.01", quantities={place: 1})
    return told


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ORDER, max_size=4), st.booleans(), st.booleans(), st.integers(200, 9000))
def test_whatever_was_ordered_file_and_till_say_the_same(
    drawn: list[dict[str, Any]], included: bool, may_ask_products: bool, piece: int
) -> None:
    with StandIn() as standin, pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_PIECE", piece)
        granted = SCOPES if may_ask_products else SCOPES - {PRODUCTS}
        shop = standin.open(TEA, Counts(currency="EUR", taxes_included=included), granted)
        for one in drawn:
            placed(shop, one)
        bulk, till = bulk_of(standin), till_of(standin)
        id = written(bulk)
        found = list(bulk.orders(id))
        by_page = list(till.orders_since(SINCE))
        assert [one for one, _ in found] == by_page
        # From wherever somebody broke off it goes on with the next one.
        for place, (_, ends) in enumerate(found, 1):
            assert read(bulk, id, ends) == by_page[place:]
        assert standin.unresolved == []


# As long as it takes


def test_it_is_written_beside_and_counted_meanwhile(
    standin: StandIn, tea: Shop, bulk: Bulk
) -> None:
    sold(tea)
    tea.bulk.takes = 2
    id = bulk.begin(SINCE)
    begun = standin.clock.now()
    looks = [bulk.look(id) for _ in range(3)]
    assert looks == [
        Writing(begun=begun, done=False, orders=0),
        Writing(begun=begun, done=False, orders=0),
        Writing(begun=begun, done=True, orders=1),
    ]


def test_a_shop_without_orders_writes_no_file(standin: StandIn, bulk: Bulk) -> None:
    assert read(bulk, written(bulk)) == []
    assert f"{TEA} {FILE}" not in standin.calls


def test_only_what_changed_since_is_written(tea: Shop, bulk: Bulk) -> None:
    sold(tea, at="2026-10-01T00:00:00Z")
    new = sold(tea)
    id = written(bulk, datetime(2026, 11, 1, tzinfo=UTC))
    assert [one.id for one in read(bulk, id) if isinstance(one, Order)] == [
        new["id"].rpartition("/")[2]
    ]


def test_no_more_than_a_piece_is_ever_held(
    standin: StandIn, tea: Shop, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        sold(tea)
    id = written(bulk)
    monkeypatch.setattr(files, "_PIECE", 1000)
    orders = bulk.orders(id)
    next(orders)
    some = standin.calls.count(f"{TEA} {FILE}")
    rest = list(orders)
    assert (len(rest), some < 8, standin.calls.count(f"{TEA} {FILE}") > 20) == (19, True, True)


@pytest.mark.parametrize("ranges", [True, False])
def test_a_storage_that_gives_all_or_nothing_is_read_from_a_place_on_too(
    tea: Shop, bulk: Bulk, monkeypatch: pytest.MonkeyPatch, *, ranges: bool
) -> None:
    monkeypatch.setattr(files, "_PIECE", 700)
    tea.bulk.ranges = ranges
    for _ in range(5):
        sold(tea)
    id = written(bulk)
    found = list(bulk.orders(id))
    assert len(found) == 5
    assert read(bulk, id, found[2][1]) == [one for one, _ in found[3:]]


def test_it_may_be_stopped_and_stopping_twice_does_no_harm(tea: Shop, bulk: Bulk) -> None:
    tea.bulk.takes = 100
    id = bulk.begin(SINCE)
    bulk.look(id)
    bulk.stop(id)
    with pytest.raises(TillRefused) as refused:
        bulk.look(id)
    assert (cause(refused), refused.value.facts["code"]) == ("bulk_failed", "CANCELED")
    bulk.stop(id)


# What goes wrong


@pytest.mark.parametrize("error", ["INTERNAL_SERVER_ERROR", "TIMEOUT"])
def test_of_what_failed_nothing_is_counted_and_it_may_be_begun_anew(
    standin: StandIn, tea: Shop, bulk: Bulk, error: str
) -> None:
    sold(tea, Bought(price="10.00"), Bought(price="20.00"))
    tea.bulk.endings.append(Ending("FAILED", error, partial=True))
    id = bulk.begin(SINCE)
    bulk.look(id)
    for ask in (bulk.look, lambda id: read(bulk, id)):
        with pytest.raises(TillRefused) as refused:
            ask(id)
        assert (cause(refused) in ANEW, refused.value.facts["code"]) == (True, error)
    # A part of it is there to be fetched, and was not: who knows which lines are missing.
    assert (tea.bulk.look(id) or {})["partialDataUrl"]
    assert f"{TEA} {FILE}" not in standin.calls
    assert len(read(bulk, written(bulk))) == 1


def test_what_a_scope_is_missing_for_is_read_otherwise(standin: StandIn) -> None:
    standin.open(TEA, scopes=frozenset({"read_orders", "write_discounts"}))
    bulk = bulk_of(standin)
    id = bulk.begin(SINCE)
    bulk.look(id)
    with pytest.raises(TillRefused) as refused:
        bulk.look(id)
    assert cause(refused) == "bulk_refused"
    assert "bulk_refused" in NEVER


def test_a_file_lasts_a_week(standin: StandIn, tea: Shop, bulk: Bulk) -> None:
    sold(tea)
    id = written(bulk)
    standin.clock.to(standin.clock.now() + timedelta(days=8))
    with pytest.raises(TillRefused) as refused:
        read(bulk_of(standin), id)
    assert cause(refused) == "file_gone"
    assert "file_gone" in ANEW


def test_a_file_may_be_gone_before_its_time(tea: Shop, bulk: Bulk) -> None:
    sold(tea)
    id = written(bulk)
    tea.bulk.gone.add(id)
    with pytest.raises(TillRefused) as refused:
        read(bulk, id)
    assert cause(refused) == "file_gone"
    tea.bulk.operations.clear()
    with pytest.raises(TillRefused) as refused:
        bulk.look(id)
    assert cause(refused) == "file_gone"


def test_others_may_be_first(tea: Shop, bulk: Bulk) -> None:
    tea.bulk.others = AT_ONCE
    with pytest.raises(TillRefused) as refused:
        bulk.begin(SINCE)
    assert cause(refused) == BUSY
    tea.bulk.others = 0
    assert bulk.begin(SINCE)


def test_a_query_that_is_not_taken_is_read_otherwise(
    bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "{ shop { name } }"
    monkeypatch.setattr("goodword_shopify.bulk.document", lambda since, products: query)
    with pytest.raises(TillRefused) as refused:
        bulk.begin(SINCE)
    assert cause(refused) == "bulk_refused"


def test_a_shop_that_lets_us_in_no_more_says_so_itself(standin: StandIn, bulk: Bulk) -> None:
    standin.doors.shut(TEA)
    with pytest.raises(TillRefused) as refused:
        bulk.begin(SINCE)
    assert cause(refused) == "disconnected"


def test_haste_is_waited_for(standin: StandIn, tea: Shop, bulk: Bulk) -> None:
    sold(tea)
    standin.bucket(TEA, holds=40, restores=10).left = 0
    assert len(read(bulk, written(bulk))) == 1
    assert standin.throttled


@pytest.mark.parametrize("fault", [Fault.GATEWAY, Fault.INTERNAL, Fault.DROP, Fault.RESET])
def test_a_shop_that_does_not_answer_is_asked_again_later(
    standin: StandIn, tea: Shop, bulk: Bulk, fault: Fault
) -> None:
    id = written(bulk)
    standin.fail(fault, at="BackfillStatus")
    with pytest.raises(TillDown):
        bulk.look(id)
    assert bulk.look(id).done
    standin.fail(fault, at="BackfillStart")
    with pytest.raises((TillDown, AnswerLost)):
        bulk.begin(SINCE)


@pytest.mark.parametrize("fault", [Fault.GATEWAY, Fault.RESET, Fault.PARTIAL, Fault.SLOW])
def test_a_file_that_breaks_off_is_read_on_from_there(
    standin: StandIn, tea: Shop, bulk: Bulk, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    for _ in range(6):
        sold(tea)
    id = written(bulk)
    hurried = bulk_of(standin, (1, 1))
    monkeypatch.setattr(files, "_PIECE", 4000)
    standin.fail(Fault.NONE, fault, at=FILE)
    found: list[Any] = []
    with pytest.raises(TillDown):
        # What came before it breaks off stays in there.
        found.extend(hurried.orders(id))
    assert 0 < len(found) < 6
    rest = read(hurried, id, found[-1][1])
    assert len({one.id for one in rest if one} | {one.id for one, _ in found if one}) == 6
    assert len(rest) + len(found) == 6


def test_lines_that_do_not_follow_their_order_are_not_guessed_at(tea: Shop, bulk: Bulk) -> None:
    sold(tea, Bought(price="1.00"))
    sold(tea, Bought(price="2.00"))
    tea.bulk.scatters = True
    with pytest.raises(TillRefused) as refused:
        read(bulk, written(bulk))
    assert cause(refused) == "file_unreadable"
    assert "file_unreadable" in NEVER


@pytest.mark.parametrize(
    "lines",
    [
        [{"id": "o", "__parentId": "p"}],
        [{"id": "o"}, {"__parentId": "p", "__typename": "LineItem"}],
        [{"id": "o"}, {"__parentId": "o", "__typename": "Refund"}],
        [{"id": "o"}, {"__parentId": "o"}],
    ],
)
def test_what_belongs_to_nothing_is_not_guessed_at(lines: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="belong"):
        list(assembled((line, 0) for line in lines))


def test_an_order_that_cannot_be_understood_keeps_no_other_away(tea: Shop, bulk: Bulk) -> None:
    odd = sold(tea, totalPriceSet={"shopMoney": {"amount": "1.0", "currencyCode": "USD"}})
    good = sold(tea)
    first, second = read(bulk, written(bulk))
    assert isinstance(first, Unreadable)
    assert isinstance(second, Order)
    assert (first.id, second.id) == tuple(one["id"].rpartition("/")[2] for one in (odd, good))


def test_a_file_that_is_too_long_is_not_begun(
    standin: StandIn, tea: Shop, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(tea)
    id = written(bulk)
    size = len(tea.bulk.operations[id].file)
    monkeypatch.setattr("goodword_shopify.bulk.BYTES_MOST", size - 1)
    with pytest.raises(TillRefused, match=f"{size} bytes, and we read {size - 1} at most") as no:
        read(bulk, id)
    assert cause(no) == "file_too_large"
    assert f"{TEA} {FILE}" not in standin.calls
    assert BYTES_MOST > 10**9


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff\xfe", b'"text"', b"null"])
def test_a_line_that_is_none_is_told(tea: Shop, bulk: Bulk, body: bytes) -> None:
    sold(tea)
    id = written(bulk)
    tea.bulk.operations[id].lines.insert(0, body.decode("latin-1"))
    with pytest.raises(TillRefused) as refused:
        read(bulk, id)
    assert cause(refused) == "file_unreadable"


def test_a_line_without_an_end_is_not_held_for_ever(
    tea: Shop, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(tea)
    id = written(bulk)
    monkeypatch.setattr(files, "_PIECE", 100)
    monkeypatch.setattr(files, "_LINE_MOST", 300)
    with pytest.raises(TillRefused, match="no end"):
        read(bulk, id)


# Where the file may stand


@pytest.mark.parametrize(
    "url",
    [
        "http://storage.googleapis.com/shopify/a.jsonl",
        "https://storage.googleapis.com.evil.example/a.jsonl",
        "https://evil.example/storage.googleapis.com/a.jsonl",
        "https://tea@storage.googleapis.com/a.jsonl",
        "https://storage.googleapis.com:8443/a.jsonl",
        "https://127.0.0.1/a.jsonl",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/a.jsonl",
        "https://[",
        "file:///etc/passwd",
        "ftp://storage.googleapis.com/a",
        "",
    ],
)
def test_a_file_is_fetched_from_shopifys_stores_alone(url: str) -> None:
    stored = Files("tea-house", "https://tea-house.myshopify.com")
    with pytest.raises(TillRefused) as refused:
        next(stored.lines(url))
    assert cause(refused) == "file_elsewhere"


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::1"])
def test_a_store_whose_name_leads_inside_is_not_called(
    monkeypatch: pytest.MonkeyPatch, inner: str
) -> None:
    stored = Files("tea-house", "https://tea-house.myshopify.com", (1, 1))
    found = [(2, 1, 6, "", (inner, 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *asked, **more: found)
    with pytest.raises(TillRefused) as refused:
        next(stored.lines("https://storage.googleapis.com/shopify/a.jsonl?Signature=x"))
    assert cause(refused) == "file_elsewhere"
    assert "Signature" not in str(refused.value)


def test_a_shop_of_this_machine_has_its_files_here_and_nowhere_else(
    standin: StandIn, tea: Shop
) -> None:
    stored = Files("tea-house", f"{standin.url}/{TEA}")
    for url in ("https://storage.googleapis.com/a", "http://127.0.0.1:1/a", "https://127.0.0.1/a"):
        with pytest.raises(TillRefused) as refused:
            next(stored.lines(url))
        assert cause(refused) == "file_elsewhere"


def test_nobody_is_followed_elsewhere_and_no_token_goes_along(
    tea: Shop, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(tea)
    id = written(bulk)
    sent: list[dict[str, Any]] = []

    def fetch(path: str, headers: Any) -> tuple[Stored, Fault]:
        sent.append(dict(headers))
        return Stored(302, b"", {"Location": "https://evil.example/"}), Fault.NONE

    monkeypatch.setattr(StandIn, "fetch", lambda self, path, headers: fetch(path, headers))
    with pytest.raises(TillRefused) as refused:
        read(bulk, id)
    assert cause(refused) == "file_elsewhere"
    assert not any("token" in name.lower() or name == "Authorization" for name in sent[0])
