"""What a route of the API answers: its Schema, and the answer itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from flask import Request, Response
from marshmallow import Schema, fields
from werkzeug.datastructures import Headers
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import generate_etag, quote_etag

from goodword import wire
from goodword.interface.routes import Route, answer, item_of, takes_pages
from goodword.model.people import Code
from goodword_server.api import changing
from goodword_server.api.paging import cut, page, whole
from goodword_server.house import House

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CSV: Final = "text/csv; charset=utf-8"
JSON: Final = "application/json"
MEND_TAG: Final = "it is not what you have any more; read it again"
# Made once: `json.dumps` makes one for each answer.
_encode: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_FOUND: Final = 200
_READING: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, ready to be sent or kept."""

    status: int
    kind: str | None
    """The type of its body; None: it has none."""
    body: bytes


class _Complete(Response):
    """An answer whose headers are complete, unless something is off: nobody goes through them."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        return self.headers if self.status_code == _FOUND else super().get_wsgi_headers(environ)


def is_paged(route: Route) -> bool:
    """Whether a route answers in pages: what was just made comes whole."""
    return route.method == "GET" and item_of(answer(route.verb)) is not None


def has_tag(route: Route) -> bool:
    """Whether an answer tells a tag of what it holds: what is read, and what heeds it again."""
    return route.method == "GET" or route.verb in changing.HEED


def schema_of(route: Route) -> Schema | dict[str, Any] | None:
    """Return the Schema of what a route answers; None for an answer without a body."""
    return _schema_of(answer(route.verb))


@cache
def _schema_of(kind: Any) -> Schema | dict[str, Any] | None:
    item = item_of(kind)
    if item is not None:
        return wire.members(
            f"{item.__name__.title()}Page" if item is str else f"{item.__name__}Page",
            {
                "items": fields.List(wire.field_of(item), required=True),
                "next": fields.String(required=True, allow_none=True),
            },
        )()
    if kind is type(None):
        return None
    if kind is str:
        return {"type": "string"}
    if kind is Code:
        link = fields.String(required=True)
        return wire.members("CodeWithLink", {**wire.schema(Code)().fields, "link": link})()
    return wire.schema(kind)() if isinstance(kind, type) else {"type": "object"}


def answered(house: House, shop: str, route: Route, found: Any, query: dict[str, Any]) -> Answer:
    """Return what a verb returned as the route's answer.

    It asks nothing of the request: it may be made by another thread, in the midst of a transaction.
    """
    kind = answer(route.verb)
    if kind is type(None):
        return Answer(route.status, None, b"")
    if kind is str:
        return Answer(route.status, CSV, found.encode())
    return Answer(route.status, JSON, _encoded(_told(house, shop, route, found, query)))


def response(asked: Request, route: Route, answer: Answer) -> Response:
    """Return an answer as it is sent: of what was read, no more than the asker does not have."""
    if answer.kind is None:
        sent = Response(answer.body, answer.status)
        del sent.headers["Content-Type"]
        return sent
    if not has_tag(route):
        return Response(answer.body, answer.status, content_type=answer.kind)
    tag = generate_etag(answer.body)
    is_read = asked.method in _READING
    is_known = is_read and _is_known(asked, tag)
    body, status = (b"", 304) if is_known else (answer.body, answer.status)
    sent = _Complete(body, status, content_type=answer.kind)
    sent.headers.add("ETag", quote_etag(tag))
    if is_read:
        # It is one shop's, and may have changed a moment later.
        sent.headers.add("Cache-Control", "private, no-cache")
    return sent


def _is_known(asked: Request, tag: str) -> bool:
    """Whether the asker has it as it is; raise `PreconditionFailed` if they expect another."""
    said = asked.environ
    if "HTTP_IF_MATCH" in said and not asked.if_match.contains(tag):
        raise PreconditionFailed(MEND_TAG)
    return "HTTP_IF_NONE_MATCH" in said and asked.if_none_match.contains_weak(tag)


def _told(house: House, shop: str, route: Route, found: Any, query: dict[str, Any]) -> Any:
    """Return what a verb returned as plain JSON data."""
    kind = answer(route.verb)
    item = item_of(kind)
    if item is not None:
        if not is_paged(route):
            return whole(found)
        if takes_pages(route.verb):
            return cut(found, query["limit"])
        return page(item, found, query.get("cursor"), query["limit"])
    if kind is Code:
        return {**wire.plain(found), "link": house.link(shop, found.text)}
    return wire.plain(found) if isinstance(kind, type) else dict(found)


def tag_of(value: object) -> str:
    """Return the tag that an answer with this value tells."""
    return generate_etag(_encoded(wire.plain(value)))


def _encoded(told: Any) -> bytes:
    return _encode(told).encode()
