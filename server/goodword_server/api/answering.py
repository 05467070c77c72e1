"""What a route of the API answers: its Schema, and the answer itself."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response, jsonify, request
from marshmallow import Schema, fields

from goodword import wire
from goodword.interface.routes import Route, answer, item_of
from goodword.model.people import Code
from goodword_server.api.paging import page
from goodword_server.house import House


def schema_of(route: Route) -> type[Schema] | dict[str, Any] | None:
    """Return the Schema of what a route answers; None for an answer without a body."""
    return _schema_of(answer(route.verb))


@cache
def _schema_of(kind: Any) -> type[Schema] | dict[str, Any] | None:
    item = item_of(kind)
    if item is not None:
        return wire.members(
            f"{item.__name__.title()}Page" if item is str else f"{item.__name__}Page",
            {
                "items": fields.List(wire.field_of(item), required=True),
                "next": fields.String(required=True, allow_none=True),
            },
        )
    if kind is type(None):
        return None
    if kind is str:
        return {"type": "string"}
    if kind is Code:
        return wire.members("CodeWithLink", {**wire.schema(Code)().fields, "link": fields.String()})
    return wire.schema(kind) if isinstance(kind, type) else {"type": "object"}


def answered(house: House, shop: str, route: Route, found: Any, query: dict[str, Any]) -> Response:
    """Return what a verb returned as the route's answer."""
    kind = answer(route.verb)
    if kind is type(None):
        return Response(status=route.status)
    if kind is str:
        return Response(found, status=route.status, content_type="text/csv; charset=utf-8")
    if item_of(kind) is not None:
        told = page(found, query.get("cursor"), query.get("limit", len(found) or 1))
    elif kind is Code:
        told = {**wire.plain(found), "link": house.link(shop, found.text)}
    else:
        told = dict(found) if not isinstance(kind, type) else wire.plain(found)
    result = jsonify(told)
    result.status_code = route.status
    if request.method == "GET":
        result.add_etag()
        result.make_conditional(request)
    return result
