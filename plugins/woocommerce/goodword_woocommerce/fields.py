"""WooCommerce's JSON, field by field: what is missing or odd gets an error that names it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from goodword.errors import MoneyInvalid, OrderInvalid
from goodword.model.money import Money, money
from goodword.rules.texts import can_be_kept

Json = dict[str, Any]

# "2026-11-22T09:25:23" in the *_gmt fields, with a space in order attribution; both UTC, unmarked.
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", re.ASCII)
_NUMBERS: Final = 2**63
_DIGITS_MOST: Final = 20


def parsed(body: bytes) -> Any:
    """Return the body's JSON, numbers with a point as `Decimal` from the first byte on."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        raise OrderInvalid(field="body", mend="is not JSON") from None


def an_object(value: Any, field: str) -> Json:
    """Return the value if it is an object."""
    if not isinstance(value, dict):
        raise OrderInvalid(field=field, mend="is not an object")
    return value


def rows(body: Json, name: str) -> list[Json]:
    """Return a list of objects."""
    found = body.get(name)
    if not isinstance(found, list):
        raise OrderInvalid(field=name, mend="is not a list")
    return [an_object(row, f"{name}[{place}]") for place, row in enumerate(found)]


def number(body: Json, name: str) -> int:
    """Return an id or another whole number, never below zero."""
    found = body.get(name)
    if type(found) is not int or not 0 <= found < _NUMBERS:
        raise OrderInvalid(field=name, mend="is not a whole number")
    return found


def text(body: Json, name: str) -> str:
    """Return a text that a database can keep."""
    found = body.get(name)
    if not isinstance(found, str) or not can_be_kept(found):
        raise OrderInvalid(field=name, mend="is not a text")
    return found


def moment(body: Json, name: str) -> datetime | None:
    """Return a moment in UTC; None where the shop says null."""
    found = body.get(name)
    if found is None:
        return None
    at = as_moment(found)
    if at is None:
        raise OrderInvalid(field=name, mend=f"{found!r} is not a moment")
    return at


def as_moment(found: Any) -> datetime | None:
    """Return what the shop wrote as a moment in UTC, or None if it is none."""
    if not isinstance(found, str) or not _MOMENT.fullmatch(found):
        return None
    try:
        return datetime.fromisoformat(found).replace(tzinfo=UTC)
    except ValueError:
        return None


def amount(body: Json, name: str, currency: str, *, within: str = "") -> Money:
    """Return an amount; ``within`` says where the body stands, for the error."""
    found = body.get(name)
    try:
        return money(found, currency)  # type: ignore[arg-type]  # it looks for itself
    except MoneyInvalid as error:
        named = error.facts["field"]
        field = f"{within}{name}" if named == "amount" else named
        raise MoneyInvalid(**{**error.facts, "field": field}) from None


def number_of(shown: object) -> Decimal | None:
    """Return what a shop shows as a number; None for what is none, or longer than any amount."""
    try:
        found = Decimal(str(shown))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < _DIGITS_MOST else None


def positive(amount: Money) -> Money:
    """Return the amount without its sign: a refund is written below zero in one place of three."""
    return Money(abs(amount.minor), amount.unit)


def meta(body: Json) -> dict[str, Any]:
    """Return the object's meta data by key; of several with one key the first, as in PHP."""
    found = body.get("meta_data")
    return dict(_pairs(found)) if isinstance(found, list) else {}


def _pairs(found: list[Any]) -> Iterator[tuple[str, Any]]:
    for row in reversed(found):
        if isinstance(row, dict) and isinstance(row.get("key"), str):
            yield row["key"], row.get("value")
