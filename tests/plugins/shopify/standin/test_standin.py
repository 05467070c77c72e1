"""The stand-in answers as Shopify does, or says aloud that it cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from goodword.errors import TillDown, TillRefused
from goodword_shopify.client import Client
from goodword_shopify.standin import Api, Bought, Shop, StandIn, order
from goodword_shopify.standin.answers import Answer
from goodword_shopify.standin.bulk import AT_ONCE, Ending
from goodword_shopify.standin.graph import Unresolved
from tests.plugins.shopify.conftest import BEAN, TEA, client_of
from tests.plugins.shopify.variables import BASIC, MONEY


@pytest.fixture
def api() -> Api:
    api = Api()
    api.open(TEA)
    return api


def ask(
    api: Api, query: str, *, version: str = "2026-07", token: str | None = None, **variables: Any
) -> Answer:
    token = token or str(api.doors.give(TEA)["access_token"])
    asked = {"query": query, "variables": variables}
    path, headers = f"/{TEA}/admin/api/{version}/graphql.json", {"X-Shopify-Access-Token": token}
    said, _ = api.answer("POST", path, headers, json.dumps(asked).encode())
    return said


def told(said: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said.body)
    return found


def code_of(said: Answer) -> str:
    return str(told(said)["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    "query",
    [
        "{ shop { billingAddress { city } } }",
        "{ publicationsCount { count } }",
        '{ orders(first: 1, query: "tag:vip") { nodes { id } } }',
        "{ orders(last: 1) { nodes { id } } }",
    ],
)
def test_what_it_does_not_hold_is_never_a_plausible_nothing(api: Api, query: str) -> None:
    api.doors.scopes[TEA] |= {"read_publications"}
    with pytest.raises(Unresolved):
        ask(api, query)
    assert len(api.unresolved) == 1


def test_what_shopify_is_about_to_take_no_more_is_never_sent(api: Api) -> None:
    card = {"initialValue": "5.00", "code": "thanks7q2k", "initialAmount": MONEY}
    query = "mutation Old($input: GiftCardCreateInput!) { giftCardCreate(input: $input) "
    query += "{ userErrors { code } } }"
    with pytest.raises(Unresolved, match=r"GiftCardCreateInput\.initialValue is on its way out"):
        ask(api, query, input=card)


def test_what_the_schema_does_not_know_is_told_as_graphql_tells_it(api: Api) -> None:
    said = told(ask(api, "{ shop { nmae } }"))
    assert "nmae" in said["errors"][0]["message"]
    assert "data" not in said


def test_a_scope_that_was_not_granted_closes_the_whole_query(api: Api) -> None:
    api.doors.scopes[TEA] = frozenset({"read_orders"})
    said = ask(api, '{ shop { name } customer(id: "gid://shopify/Customer/1") { id } }')
    assert (code_of(said), told(said)["data"]) == ("ACCESS_DENIED", None)


def test_writing_includes_reading(api: Api) -> None:
    api.doors.scopes[TEA] = frozenset({"write_discounts"})
    assert told(ask(api, '{ codeDiscountNodeByCode(code: "X") { id } }'))["data"] == {
        "codeDiscountNodeByCode": None
    }


def test_a_query_that_costs_too_much_is_not_run(api: Api) -> None:
    query = "{ orders(first: 100) { nodes { lineItems(first: 100) { nodes { id } } } } }"
    assert code_of(ask(api, query)) == "MAX_COST_EXCEEDED"


def test_haste_is_refused_with_status_200_until_time_has_passed(api: Api) -> None:
    api.bucket(TEA, holds=5, restores=1).left = 0
    said = ask(api, "{ shop { name } }")
    assert (said.status, code_of(said)) == (200, "THROTTLED")
    assert told(said)["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 0
    api.clock.sleep(1)
    assert told(ask(api, "{ shop { name } }"))["data"]["shop"]["name"] == "tea-house"


def test_another_shops_token_or_an_old_one_opens_nothing(api: Api) -> None:
    api.open(BEAN)
    other = str(api.doors.give(BEAN)["access_token"])
    assert ask(api, "{ shop { name } }", token=other).status == 401
    own = str(api.doors.give(TEA)["access_token"])
    api.clock.sleep(3600)
    assert ask(api, "{ shop { name } }", token=own).status == 401


def test_a_version_that_is_no_more_falls_forward_and_says_so(api: Api) -> None:
    said = ask(api, "{ shop { name } }", version="2024-01")
    assert said.headers["X-Shopify-API-Version"] == "2026-07"


def test_ids_are_larger_than_a_float_holds_whole(api: Api) -> None:
    id = int(api.shops[TEA].new_id("Order").rpartition("/")[2])
    assert int(float(id)) != id or int(float(id + 1)) != id + 1


def test_a_refresh_token_counts_until_its_successor_is_used(api: Api) -> None:
    def refresh(token: str) -> dict[str, Any]:
        asked = {"grant_type": "refresh_token", "refresh_token": token}
        asked |= {"client_id": api.doors.client, "client_secret": api.doors.secret}
        return told(api.doors.ask(TEA, asked))

    first = str(api.doors.give(TEA)["refresh_token"])
    lost, second = refresh(first), refresh(first)
    assert "access_token" in lost
    third = refresh(str(second["refresh_token"]))
    assert "access_token" in third
    assert refresh(first) == {"error": "invalid_grant", "error_description": "invalid_grant"}


# What takes its time


def test_a_pool_is_filled_beside_and_each_code_says_how_it_went(
    standin: StandIn, tea: Shop
) -> None:
    client = client_of(standin)
    made = client.change("AmountCodeCreate", discount=BASIC)
    discount = made["codeDiscountNode"]["id"]
    codes = [{"code": code} for code in ("FRIEND1", "FRIEND2", BASIC["code"].lower())]
    begun = client.change("PoolFill", discountId=discount, codes=codes)["bulkCreation"]
    assert filled(client, begun["id"])["done"] is False
    job = filled(client, begun["id"])
    assert (job["done"], job["importedCount"], job["failedCount"]) == (True, 2, 1)
    failed = [row["errors"][0]["code"] for row in job["codes"]["nodes"] if row["errors"]]
    assert failed == ["TAKEN"]
    redeem = [row["discountRedeemCode"]["id"] for row in job["codes"]["nodes"][:1]]
    client.change("PoolEmpty", discountId=discount, ids=redeem)
    assert tea.discounts.find("friend1") is None
    assert tea.discounts.find("friend2") is not None


def filled(client: Client, id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.ask("PoolFilled", id=id)["discountRedeemCodeBulkCreation"]
    return found


def test_a_bulk_operation_runs_before_it_is_done(standin: StandIn, tea: Shop) -> None:
    client = client_of(standin)
    begun = client.change("BackfillStart", query="{ orders { edges { node { id } } } }")
    id = begun["bulkOperation"]["id"]
    states = [client.ask("BackfillStatus", id=id)["bulkOperation"]["status"] for _ in range(2)]
    assert states == ["RUNNING", "COMPLETED"]


QUERY = (
    '{ orders(query: "updated_at:>=2026-11-20T00:00:00Z") { edges { node { id name'
    " lineItems { edges { node { __typename id quantity } } } } } } }"
)


def in_bulk(client: Client, query: str = QUERY) -> dict[str, Any]:
    """Let a query be executed in bulk; return how it stands once it is over."""
    begun = client.change("BackfillStart", query=query)["bulkOperation"]
    running = client.ask("BackfillStatus", id=begun["id"])["bulkOperation"]
    assert (begun["status"], running["status"]) == ("CREATED", "RUNNING")
    found: dict[str, Any] = client.ask("BackfillStatus", id=begun["id"])["bulkOperation"]
    return found


def sold(shop: Shop, at: str, *lines: Bought) -> dict[str, Any]:
    return shop.place(order(shop.new_id("Order"), shop.till, list(lines), at=at, name="茶 1"))


def test_a_query_in_bulk_is_executed_on_the_real_schema(standin: StandIn, tea: Shop) -> None:
    sold(tea, "2026-11-19T00:00:00Z", Bought(price="1.00"))
    two = [Bought(price="1.00", quantity=2), Bought(price="2.00")]
    first, second = (sold(tea, f"2026-11-2{day}T00:00:00Z", *two) for day in (1, 2))
    client = client_of(standin)
    done = in_bulk(client)
    answer = requests.get(done["url"], timeout=5)
    lines = [json.loads(line) for line in answer.text.splitlines()]

    def family(told: dict[str, Any]) -> list[dict[str, Any]]:
        head = {"id": told["id"], "name": "茶 1"}
        rows = told["lineItems"]
        return [head] + [
            {name: row[name] for name in ("__typename", "id", "quantity")}
            | {"__parentId": told["id"]}
            for row in rows
        ]

    assert lines == [*family(first), *family(second)]
    counted = (done["objectCount"], done["rootObjectCount"], done["fileSize"])
    assert counted == ("6", "2", str(len(answer.content)))
    part = requests.get(done["url"], headers={"Range": "bytes=5-9"}, timeout=5)
    assert (part.status_code, part.content) == (206, answer.content[5:10])
    assert part.headers["Content-Range"] == f"bytes 5-9/{len(answer.content)}"


def test_of_a_bulk_that_fails_a_part_is_there(standin: StandIn, tea: Shop) -> None:
    sold(tea, "2026-11-21T00:00:00Z", *[Bought(price="1.00")] * 9)
    tea.bulk.endings.append(Ending("FAILED", "TIMEOUT", partial=True))
    failed = in_bulk(client_of(standin))
    assert (failed["status"], failed["errorCode"], failed["url"]) == ("FAILED", "TIMEOUT", None)
    lines = requests.get(failed["partialDataUrl"], timeout=5).text.splitlines()
    assert 1 < len(lines) < 10


def test_a_bulk_without_its_scopes_is_begun_and_fails(standin: StandIn, tea: Shop) -> None:
    standin.doors.scopes[TEA] = frozenset({"read_orders"})
    query = "{ orders { edges { node { id customer { id } } } } }"
    failed = in_bulk(client_of(standin), query)
    assert (failed["status"], failed["errorCode"]) == ("FAILED", "ACCESS_DENIED")


def test_what_it_does_not_hold_is_no_plausible_nothing_in_bulk(standin: StandIn, tea: Shop) -> None:
    sold(tea, "2026-11-21T00:00:00Z", Bought(price="1.00"))
    with pytest.raises(TillDown):
        in_bulk(client_of(standin), "{ orders { edges { node { id note } } } }")
    assert standin.unresolved == ["Order.note"]
    standin.unresolved.clear()


def test_five_run_at_once(standin: StandIn, tea: Shop) -> None:
    client = client_of(standin)
    for _ in range(AT_ONCE):
        client.change("BackfillStart", query=QUERY)
    with pytest.raises(TillRefused) as refused:
        client.change("BackfillStart", query=QUERY)
    assert refused.value.facts["code"] == "OPERATION_IN_PROGRESS"


def test_a_file_that_ran_out_opens_nothing(standin: StandIn, tea: Shop) -> None:
    sold(tea, "2026-11-21T00:00:00Z", Bought(price="1.00"))
    client = client_of(standin)
    done = in_bulk(client)
    standin.clock.sleep(7 * 86_400)
    assert requests.get(done["url"], timeout=5).status_code == 400
    later = client_of(standin).ask("BackfillStatus", id=done["id"])["bulkOperation"]
    assert (later["status"], later["url"]) == ("EXPIRED", None)
    nothing = done["url"].replace("/bulk/", "/bulk/1")
    assert requests.get(nothing, timeout=5).status_code == 404
