"""What a request of the API brings: its Schemas, and a reader that names the first wrong field."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NoReturn

from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser

from goodword import wire
from goodword.errors import Invalid
from goodword.interface.routes import (
    Argument,
    Route,
    answer,
    arguments,
    beside_path,
    has_query,
    item_of,
    left_out,
)
from goodword_server.api.paging import CURSOR, LIMIT

MEND_JSON: Final = "send a JSON object with Content-Type: application/json"


class Reader(FlaskParser):
    """Reads strictly: what is mistyped in a body or a query is told, never passed over."""

    DEFAULT_UNKNOWN_BY_LOCATION: Final = {"json": RAISE, "query": RAISE}  # type: ignore[misc]

    def load_json(self, req: Request, schema: Schema) -> Any:
        try:
            given = req.get_json(silent=True)
        except RecursionError:
            # Nested deeper than anything of ours.
            given = None
        if not isinstance(given, dict):
            raise Invalid(field="body", mend=MEND_JSON)
        return given

    def handle_error(self, error: ValidationError, *args: Any, **kwargs: Any) -> NoReturn:
        messages = error.messages
        # webargs says where it looked first.
        inner = next(iter(messages.values())) if isinstance(messages, dict) else messages
        field, mend = _first(inner)
        raise Invalid(field=field, mend=mend) from None


@cache
def body_of(route: Route) -> type[Schema] | None:
    """Return the Schema of a route's body, if it has one."""
    if route.body is not None:
        return wire.schema(arguments(route.verb)[route.body].kind, leave_out=left_out(route))
    if has_query(route):
        return None
    return _members(f"{_title(route)}Body", beside_path(route))


@cache
def query_of(route: Route) -> type[Schema] | None:
    """Return the Schema of a route's query, if it has one."""
    beside = beside_path(route) if has_query(route) else ()
    made = {one.name: _field(one) for one in beside}
    if route.method == "GET" and item_of(answer(route.verb)) is not None:
        made |= {"cursor": CURSOR, "limit": LIMIT}
    return wire.members(f"{_title(route)}Query", made) if made else None


def _members(name: str, found: Iterable[Argument]) -> type[Schema]:
    return wire.members(name, {one.name: _field(one) for one in found})


def _field(one: Argument) -> fields.Field[Any]:
    kind = one.kind | None if one.may_be_none else one.kind
    return wire.field_of(kind, required=one.required)


def _title(route: Route) -> str:
    words = route.verb.replace(".", "_").split("_")
    return "".join(word.title() for word in words)


def _first(messages: Any) -> tuple[str, str]:
    """Return the first wrong field in marshmallow's tree, by its path, and what is wrong."""
    path = []
    while isinstance(messages, dict):
        name, messages = next(iter(messages.items()))
        path.append(str(name))
    told = messages[0] if isinstance(messages, list) else messages
    return ".".join(path), str(told)
