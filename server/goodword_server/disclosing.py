"""What is kept of somebody who asked the shop for it, made at the moment that its owner looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from goodword import wire
from goodword.errors import UnknownOrder, UnknownPerson
from goodword.interface.referrals import Referrals
from goodword.platforms import DataAsked

Json = dict[str, Any]


def disclosed(referrals: Referrals, asked: DataAsked) -> Json:
    """Return all that is kept of a person, by each way that they are told, and of their orders."""
    rows: dict[str, list[Json]] = {}
    for one in contacts(asked):
        with suppress(UnknownPerson):
            _join(rows, referrals.people.export(one))
    orders = [found for id in asked.orders if (found := _order(referrals, id)) is not None]
    return {"request": asked.id, **rows, "orders_requested": orders}


def contacts(asked: DataAsked) -> list[str]:
    """Return by what somebody is told."""
    return [one for one in (asked.email, asked.phone, asked.account) if one]


def _join(rows: dict[str, list[Json]], found: Mapping[str, Any]) -> None:
    for section, more in found.items():
        known = rows.setdefault(section, [])
        known += [row for row in _rows(more) if row not in known]


def _rows(found: object) -> Iterable[Json]:
    return found if isinstance(found, list) else ()


def _order(referrals: Referrals, id: str) -> Json | None:
    try:
        explained = referrals.credit.explain(id)
    except UnknownOrder:
        return None
    found: Json = wire.plain(explained)
    return found
