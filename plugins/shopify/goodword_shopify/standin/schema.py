"""The real Admin schemas, and what they ask for: strict values, scopes and cost.

Needs graphql-core, which only the stand-in and the tests know.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any, Final

from graphql import (
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    StringValueNode,
    ValueNode,
    build_client_schema,
)

PINNED: Final = "2026-07"
NEXT: Final = "2026-10"
VERSIONS: Final = (PINNED, NEXT)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the Admin API."""

    name: str
    schema: GraphQLSchema
    scopes: Mapping[str, frozenset[str]]
    """By type, and by type and field like ``Order.email``: one of these must have been granted."""


@cache
def version(name: str) -> Version:
    """Return a version as it was vendored; raise `FileNotFoundError` for any other."""
    packed = files("goodword_shopify.standin").joinpath(f"vendored/admin-{name}.json.xz")
    told = json.loads(lzma.decompress(packed.read_bytes()))
    # What Shopify itself serves need not be judged here, which would take seconds.
    schema = build_client_schema({"__schema": told["__schema"]}, assume_valid=True)
    for scalar, parsed in _STRICT.items():
        _make_strict(schema, scalar, parsed)
    scopes = {name: frozenset(needed) for name, needed in told["scopes"].items()}
    return Version(name, schema, scopes)


def _make_strict(schema: GraphQLSchema, name: str, parsed: Callable[[str], Any]) -> None:
    """Let a scalar of Shopify's take what Shopify takes: as introspected it takes anything."""
    scalar = schema.type_map[name]
    assert isinstance(scalar, GraphQLScalarType)

    def of_value(value: Any) -> str:
        if isinstance(value, str):
            try:
                parsed(value)
            except (ValueError, InvalidOperation):
                pass
            else:
                return value
        raise GraphQLError(f"{value!r} is no {name}")

    def of_literal(node: ValueNode, variables: object = None) -> str:
        return of_value(node.value if isinstance(node, StringValueNode) else None)

    # The one pair of names is graphql-core 3.2's, the other that of its successor.
    for setter, parse in {
        "parse_value": of_value,
        "parse_literal": of_literal,
        "coerce_input_value": of_value,
        "coerce_input_literal": of_literal,
    }.items():
        if hasattr(scalar, setter):
            setattr(scalar, setter, parse)


def _gid(text: str) -> str:
    if not re.fullmatch(r"gid://shopify/[A-Za-z]+/[A-Za-z0-9-]+(\?[\w=&]+)?", text):
        raise ValueError
    return text


def _decimal(text: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise ValueError
    return Decimal(text)


def _moment(text: str) -> datetime:
    if not re.fullmatch(r"[0-9-]{10}T[0-9:]{8}(\.[0-9]+)?(Z|[+-][0-9:]{5})", text):
        raise ValueError
    return datetime.fromisoformat(text)


def _day(text: str) -> date:
    if not re.fullmatch("[0-9-]{10}", text):
        raise ValueError
    return date.fromisoformat(text)


def _whole(text: str) -> int:
    if not re.fullmatch("[0-9]{1,20}", text):
        raise ValueError
    return int(text)


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://\S+", text):
        raise ValueError
    return text


_STRICT: Final[Mapping[str, Callable[[str], Any]]] = {
    "ID": _gid,
    "Decimal": _decimal,
    "DateTime": _moment,
    "Date": _day,
    "URL": _url,
    "UnsignedInt64": _whole,
}
