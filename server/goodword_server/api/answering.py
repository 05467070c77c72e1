"""What a route of the API answers: its Schema, and the answer itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from flask import Response, request
from marshmallow import Schema, fields

from goodword import wire
from goodword.interface.routes import Route, answer, item_of
from goodword.model.people import Code
from goodword_server.api.paging import page
from goodword_server.house import House

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, ready to be sent or kept."""

    status: int
    kind: str | None
    """The type of its body; None: it has none."""
    body: bytes


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


def answered(house: House, shop: str, route: Route, found: Any, query: dict[str, Any]) -> Answer:
    """Return what a verb returned as the route's answer.

    It asks nothing of the request: it may be made by another thread, in the midst of a transaction.
    """
    kind = answer(route.verb)
    if kind is type(None):
        return Answer(route.status, None, b"")
    if kind is str:
        return Answer(route.status, "text/csv; charset=utf-8", found.encode())
    if item_of(kind) is not None:
        told = page(found, query.get("cursor"), query.get("limit", len(found) or 1))
    elif kind is Code:
        told = {**wire.plain(found), "link": house.link(shop, found.text)}
    else:
        told = dict(found) if not isinstance(kind, type) else wire.plain(found)
    return Answer(route.status, JSON, json.dumps(told, separators=(",", ":")).encode())


def response(answer: Answer) -> Response:
    """Return an answer as it is sent; a reader who has it already is told no more than that."""
    sent = Response(answer.body, answer.status, content_type=answer.kind)
    if answer.kind is None:
        del sent.headers["Content-Type"]
    elif request.method == "GET" and answer.kind == JSON:
        sent.add_etag()
        sent.make_conditional(request)
    return sent
