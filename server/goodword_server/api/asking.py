"""What a request of the API brings: its Schemas, and a reader that names the first wrong field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NoReturn

from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

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
from goodword_server.api import spelling
from goodword_server.api.paging import CURSOR, LIMIT

MEND_JSON: Final = "send a JSON object with Content-Type: application/json"
MEND_KEY: Final = "send `Authorization: Bearer` with one of the shop's API keys"
MEND_DOTS: Final = "whoever passes a request on takes . and .. in a path for folders; use another"
_TWICE: Final = "give it once"
_UNKNOWN: Final = "is not known here: look at its spelling"


class Reader(FlaskParser):
    """Reads strictly: what is mistyped in a body or a query is told, never passed over."""

    DEFAULT_UNKNOWN_BY_LOCATION: Final = {"json": RAISE, "query": RAISE}  # type: ignore[misc]

    def load_json(self, req: Request, schema: Schema) -> Any:
        if not req.is_json:
            if not req.get_data() and not is_needed(schema):
                return {}
            if req.mimetype or req.get_data():
                raise UnsupportedMediaType(MEND_JSON)
        try:
            given = json.loads(req.get_data(), object_pairs_hook=_object)
        except (ValueError, RecursionError):
            # No JSON, or nested deeper than anything of ours.
            given = None
        if not isinstance(given, dict):
            raise Invalid(field="body", mend=MEND_JSON)
        return given

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        for name, values in req.args.lists():
            if len(values) > 1:
                raise Invalid(field=name, mend=_TWICE)
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, *args: Any, **kwargs: Any) -> NoReturn:
        messages = error.messages
        # webargs says where it looked first.
        inner = next(iter(messages.values())) if isinstance(messages, dict) else messages
        field, mend = first_told(inner)
        raise Invalid(field=field, mend=mend) from None


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of a body; raise `Invalid` for a member that it has twice."""
    found = dict(members)
    if len(found) < len(members):
        counted = Counter(name for name, _ in members)
        raise Invalid(field=counted.most_common(1)[0][0], mend=_TWICE)
    return found


def is_needed(schema: Schema) -> bool:
    """Whether a body must be sent: not where all of its members may be left out."""
    return any(field.required for field in schema.fields.values())


def check_query(req: Request, route: Route) -> None:
    """Raise `Invalid` for any query at a route that has none."""
    if req.query_string and query_of(route) is None:
        raise Invalid(field=next(iter(req.args), "query"), mend=_UNKNOWN)


def check_path(path: Mapping[str, str]) -> None:
    """Raise `Invalid` for what cannot stand in a path, however it is written."""
    for name, value in path.items():
        if value in (".", ".."):
            raise Invalid(field=name, mend=MEND_DOTS)


@cache
def body_of(route: Route) -> Schema | None:
    """Return the Schema of a route's body, if it has one: made once, and not for each request."""
    if route.body is not None:
        return wire.schema(arguments(route.verb)[route.body].kind, leave_out=left_out(route))()
    if has_query(route) or not beside_path(route):
        return None
    return _members(f"{_title(route)}Body", beside_path(route))


@cache
def query_of(route: Route) -> Schema | None:
    """Return the Schema of a route's query, if it has one: made once, and not for each request."""
    beside = beside_path(route) if has_query(route) else ()
    made = {one.name: spelling.field_of(one.kind, required=one.required) for one in beside}
    if route.method == "GET" and item_of(answer(route.verb)) is not None:
        made |= {"cursor": CURSOR, "limit": LIMIT}
    return wire.members(f"{_title(route)}Query", made)() if made else None


def _members(name: str, found: Iterable[Argument]) -> Schema:
    return wire.members(name, {one.name: _field(one) for one in found})()


def _field(one: Argument) -> fields.Field[Any]:
    kind = one.kind | None if one.may_be_none else one.kind
    return wire.field_of(kind, required=one.required)


def _title(route: Route) -> str:
    words = route.verb.replace(".", "_").split("_")
    return "".join(word.title() for word in words)


def first_told(messages: Any) -> tuple[str, str]:
    """Return the first wrong field in marshmallow's tree, by its path, and what is wrong."""
    path = []
    while isinstance(messages, dict):
        name, messages = next(iter(messages.items()))
        path.append(str(name))
    told = messages[0] if isinstance(messages, list) else messages
    return ".".join(path), str(told)
