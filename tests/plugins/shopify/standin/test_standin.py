"""The stand-in answers as Shopify does, or says aloud that it cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from goodword_shopify.client import Client
from goodword_shopify.standin import Api, Shop, StandIn
from goodword_shopify.standin.answers import Answer
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
