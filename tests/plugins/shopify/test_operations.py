"""Every operation is one that Shopify takes, in the pinned version and in the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

import goodword_shopify
from goodword_shopify import scopes
from goodword_shopify.operations import OPERATIONS, SOURCE, first_field, is_change
from goodword_shopify.standin.asking import MOST, asked, cost, fading, lacking
from goodword_shopify.standin.schema import PINNED, VERSIONS, version
from tests.plugins.shopify.variables import (
    BASIC,
    CUSTOMER,
    DISCOUNT,
    GIFT_CARD,
    MONEY,
    ORDER,
    VARIABLES,
)

HOT = (
    "OrderHead OrderLines OrderShipping CodeLookup AmountCodeCreate GiftCardIssue StoreCreditGrant"
    " CustomerByEmail"
).split()


def parsed(operation: str) -> DocumentNode:
    return parse(OPERATIONS[operation])


def errors_of(name: str, operation: str, variables: dict[str, Any]) -> list[str]:
    (definition,) = parsed(operation).definitions
    assert isinstance(definition, OperationDefinitionNode)
    found = get_variable_values(
        version(name).schema, definition.variable_definitions or (), variables
    )
    return [error.message for error in found] if isinstance(found, list) else []


@pytest.mark.parametrize("name", VERSIONS)
def test_shopify_takes_every_operation(name: str) -> None:
    assert validate(version(name).schema, parse(SOURCE)) == []


@pytest.mark.parametrize("name", VERSIONS)
def test_nothing_that_is_on_its_way_out_is_used(name: str) -> None:
    assert validate(version(name).schema, parse(SOURCE), [NoDeprecatedCustomRule]) == []


def test_a_field_that_is_on_its_way_out_would_be_seen() -> None:
    old = parse("query Old($id: ID!) { order(id: $id) { totalPrice } }")
    assert validate(version(PINNED).schema, old, [NoDeprecatedCustomRule]) != []


def test_each_operation_is_told_apart() -> None:
    assert list(OPERATIONS) == list(VARIABLES)
    for name, text in OPERATIONS.items():
        (definition,) = parse(text).definitions
        assert isinstance(definition, OperationDefinitionNode)
        assert definition.name is not None
        assert definition.name.value == name
        assert is_change(name) == (definition.operation.value == "mutation")
        assert "#" not in text
        first = definition.selection_set.selections[0]
        assert isinstance(first, FieldNode)
        assert first_field(name) == first.name.value


def test_each_operation_is_asked_for_by_somebody() -> None:
    home = Path(goodword_shopify.__file__).parent
    asking = [path for path in home.glob("*.py") if path.name != "scopes.py"]
    code = "\n".join(path.read_text("utf-8") for path in asking)
    assert {name for name in OPERATIONS if f'"{name}"' not in code} == set()


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_its_inputs_fit(name: str, operation: str) -> None:
    assert errors_of(name, operation, VARIABLES[operation]) == []


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_none_of_its_inputs_is_on_its_way_out(name: str, operation: str) -> None:
    assert list(fading(version(name), parsed(operation), VARIABLES[operation])) == []


@pytest.mark.parametrize(
    ("operation", "variables"),
    [
        ("OrderHead", {"id": "820982911946154508"}),
        ("AmountCodeCreate", {"discount": BASIC | {"endsAt": "2026-12-01T00:00:00"}}),
        ("AmountCodeCreate", {"discount": BASIC | {"endsAt": "tomorrow"}}),
        ("AmountCodeCreate", {"discount": BASIC | {"endsAt": "2026-W48-4T00:00:00Z"}}),
        ("AmountCodeCreate", {"discount": BASIC | {"endsAt": "20261201T000000Z"}}),
        ("AmountCodeCreate", {"discount": BASIC | {"usage_limit": 1}}),
        ("AmountCodeCreate", {"discount": BASIC | {"context": {"all": "ALL", "customers": {}}}}),
        ("GiftCardIssue", {"input": GIFT_CARD | {"initialAmount": {"amount": 5.0}}}),
        ("GiftCardIssue", {"input": GIFT_CARD | {"initialAmount": MONEY | {"amount": 5.0}}}),
        ("GiftCardIssue", {"input": GIFT_CARD | {"expiresOn": "2027-11-26T00:00:00Z"}}),
        ("GiftCardIssue", {"input": GIFT_CARD | {"expiresOn": "20271126"}}),
        ("StoreCreditGrant", {"owner": CUSTOMER, "input": {"creditAmount": {"amount": "1e3"}}}),
    ],
)
def test_what_shopify_would_not_take_does_not_fit(
    operation: str, variables: dict[str, Any]
) -> None:
    assert errors_of(PINNED, operation, variables) != []


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_owner_was_asked_for_what_it_needs(name: str, operation: str) -> None:
    at = version(name)
    fields = asked(at, parsed(operation), VARIABLES[operation])
    assert lacking(at, fields, frozenset(scopes.with_which(operation))) == []


def test_products_of_an_order_need_a_scope_of_their_own() -> None:
    at = version(PINNED)
    fields = asked(at, parsed("OrderProducts"), {})
    (closed,) = lacking(at, fields, frozenset(scopes.BASIC))
    assert closed.path == ("order", "lineItems", "nodes", "product")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_none_costs_more_than_one_may(operation: str) -> None:
    found = cost(asked(version(PINNED), parsed(operation), VARIABLES[operation]))
    assert 0 < found <= (50 if operation in HOT else 350) < MOST


def test_a_page_costs_what_it_holds_whether_or_not_its_size_is_given() -> None:
    usual, small, large = (
        cost(asked(version(PINNED), parsed("OrderLines"), {"id": ORDER, **given}))
        for given in ({}, {"first": 4}, {"first": 25})
    )
    assert (usual, large) == (small, 251)


def test_of_many_that_are_asked_for_by_their_ids_each_costs() -> None:
    one, many = (
        cost(asked(version(PINNED), parsed("CodesStanding"), {"ids": [DISCOUNT] * n}))
        for n in (1, 20)
    )
    assert many == 20 * one


def test_two_pages_within_each_other_would_cost_too_much() -> None:
    nested = parse(
        "{ orders(first: 100) { nodes { lineItems(first: 100) { nodes { product { id } } } } } }"
    )
    assert cost(asked(version(PINNED), nested, {})) > MOST
