"""The OpenAPI description, completed: words, examples, problems and links of every route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from goodword.interface import routes
from goodword.interface.referrals import Referrals
from goodword.interface.routes import ALL, Route
from goodword.wire import Percent
from goodword.words import LANGUAGES
from goodword_server.api import answering, changing, examples, failures, linking, wording
from goodword_server.api.repeating import HEADER
from goodword_server.api.values import VALUES

_ABOUT: Final = """\
Every route is a verb of the Python library's `Referrals`, or of a server's `webhooks`, for the
one shop that the key is for.

**Bodies and queries are read strictly.**  What is misspelled, unknown or written twice is told.
Moments are RFC 3339 with their offset; money is whole minor units; a percentage is a text.  What
is empty is left out of an answer.

**Problems.**  What goes wrong is answered as `application/problem+json` (RFC 9457).  `reason` is
for machines and never changes, `detail` says what to do, `facts` are what it speaks of.  A fault
of ours is a problem with status 500 or more.

**Requests have an id.**  It stands in `X-Request-Id` of every answer, in its problem and in the
server's log.  Send one of your own (letters, digits, `.`, `_`, `-`; at most 64) and it is kept.

**Pages.**  A list has `items` and `next`.  Ask again with `cursor` set to `next` until it is null;
what changes meanwhile moves nothing else.

**Tags.**  What is read has an `ETag`; `If-None-Match` saves reading it again.  A program that is
saved with `If-Match` never covers somebody else's change.

**Ids stand in a path as the shop writes them**, percent-encoded: slashes, spaces and 茶 may be
in them; an id that is only `.` or `..`, or that ends like a longer path (`x/rewards`), cannot be
asked for.
"""
_PROBLEM: Final = "application/problem+json"
_VISIBLE: Final = "^[!-~]{1,64}$"
_EVERYWHERE: Final = {
    name: {"$ref": f"#/components/headers/{name}"}
    for name in ("X-Request-Id", "RateLimit", "RateLimit-Policy")
}
_TAG_HEADER: Final = {"ETag": {"$ref": "#/components/headers/ETag"}}
_HEADERS: Final = {
    "X-Request-Id": {
        "description": "Which request it was: the id that you sent, or one of ours.",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "How often you may still ask (`r`), and in how many seconds anew (`t`).",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "How often may be asked (`q`) in so many seconds (`w`).",
        "schema": {"type": "string"},
    },
    "ETag": {"description": "Changes whenever the answer does.", "schema": {"type": "string"}},
}


def completed(drawn: Mapping[str, Any], public_url: str) -> dict[str, Any]:
    """Return the description that was drawn from the routes with all that is said of them."""
    spec = dict(drawn)
    spec["info"] = {**spec["info"], "description": _ABOUT, "license": _LICENCE}
    spec["servers"] = [{"url": public_url}]
    spec["security"] = [{"key": []}]
    spec["tags"] = [{"name": name, "description": said} for name, said in _tags().items()]
    for route in ALL:
        item = spec["paths"]["/v1" + route.path]
        item[route.method.lower()] = _operation(route, item)
    for item in spec["paths"].values():
        # Each operation tells its own, in its own words.
        item.pop("parameters", None)
    spec["components"] = {
        "schemas": dict(_schemas(spec["components"]["schemas"])),
        "headers": _HEADERS,
        "securitySchemes": {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "One of the shop's API keys: `goodword key SHOP` makes one.",
            }
        },
    }
    return spec


_LICENCE: Final = {"name": "MIT", "identifier": "MIT"}


def _tags() -> dict[str, str]:
    """Return the wings, in the sequence of the routes, with what is said of each."""
    kinds = {"referrals": Referrals, **routes.wings()}
    return {tag: wording.of_value(kinds[tag]) for tag in dict.fromkeys(map(tag_of, ALL))}


def tag_of(route: Route) -> str:
    """Return the wing of a route; the shop's own verbs are ``referrals``."""
    return route.verb.rpartition(".")[0] or "referrals"


def _operation(route: Route, item: Mapping[str, Any]) -> dict[str, Any]:
    drawn = item[route.method.lower()]
    operation = {
        "operationId": linking.name_of(route.verb),
        "summary": wording.summary(route.verb),
        "description": wording.description(route.verb),
        "tags": [tag_of(route)],
        "parameters": list(_parameters(route, item, drawn)),
        "requestBody": _body(route, drawn),
        "responses": _responses(route, drawn),
    }
    return {name: value for name, value in operation.items() if value not in (None, [])}


def _parameters(
    route: Route, item: Mapping[str, Any], drawn: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    sent = examples.sent(route.verb)
    given = {**sent.path, **sent.query}
    for one in (*item.get("parameters", ()), *drawn.get("parameters", ())):
        name = one["name"]
        said = wording.of_argument(route.verb, name) or one.get("description")
        example = {"example": _as_typed(one, given[name])} if name in given else {}
        words = {"description": said} if said else {}
        yield {**one, "schema": _spoken(name, one["schema"]), **words, **example}
    if route.method != "GET":
        yield _header(
            HEADER, "Yours: sent again with it, a request is done once.", pattern=_VISIBLE
        )
    if route.verb in changing.HEED:
        yield _header("If-Match", "The `ETag` of what was changed; another one is a problem, 412.")
    if answering.has_tag(route):
        if route.verb in changing.HEED:
            yield _header("If-None-Match", "`*`: there must be none yet.", enum=["*"])
        else:
            yield _header("If-None-Match", "An `ETag` that you have.")


def _header(name: str, said: str, **schema: Any) -> dict[str, Any]:
    words = {"type": "string", **schema}
    return {"in": "header", "name": name, "description": said, "schema": words}


def _as_typed(parameter: Mapping[str, Any], text: str) -> Any:
    match parameter["schema"].get("type"):
        case "integer":
            return int(text)
        case "boolean":
            return text == "true"
        case _:
            return text


def _body(route: Route, drawn: Mapping[str, Any]) -> dict[str, Any] | None:
    body = drawn.get("requestBody")
    if body is None:
        return None
    content = body["content"]["application/json"]
    example = examples.sent(route.verb).body
    return {**body, "content": {"application/json": {**content, "example": example}}}


def _responses(route: Route, drawn: Mapping[str, Any]) -> dict[str, Any]:
    told = {str(route.status): _success(route, drawn["responses"][str(route.status)])}
    if route.method == "GET":
        headers = {**_EVERYWHERE, **_TAG_HEADER}
        told["304"] = {"description": "You have it: it did not change.", "headers": headers}
    made = failures.examples(route)
    for status, meant in failures.reasons(route).items():
        told[str(status)] = _failure(meant, made[status])
    return told


def _success(route: Route, drawn: Mapping[str, Any]) -> dict[str, Any]:
    headers = {**_EVERYWHERE, **(_TAG_HEADER if answering.has_tag(route) else {})}
    told = {**drawn, "headers": headers}
    for content in told.get("content", {}).values():
        content["example"] = examples.answers()[route.verb]
    links = linking.links(route.verb)
    return {**told, "links": links} if links else told


def _failure(meant: Mapping[str, str], made: Mapping[str, Any]) -> dict[str, Any]:
    reason = {"properties": {"reason": {"enum": list(meant)}}}
    return {
        "description": "\n".join(f"- `{name}`: {said}" for name, said in meant.items()),
        "headers": _EVERYWHERE,
        "content": {
            _PROBLEM: {
                "schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, reason]},
                "examples": {
                    name: {"summary": meant[name], "value": problem}
                    for name, problem in made.items()
                },
            }
        },
    }


def _schemas(drawn: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, schema in drawn.items():
        if name == "PaginationMetadata":
            # The drawer's own way of paging, which none of our routes has.
            continue
        kind = VALUES.get(name.partition("Without")[0])
        said = wording.of_members(kind) if kind else {}
        members = {
            member: _member(member, one, said.get(member))
            for member, one in schema["properties"].items()
        }
        words = {"description": wording.of_value(kind)} if kind else {}
        yield name, {**words, **schema, "properties": members}


def _spoken(name: str, drawn: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema; of a language, with those that are spoken."""
    return {**drawn, "enum": list(LANGUAGES)} if name == "language" else drawn


def _member(name: str, drawn: Mapping[str, Any], said: str | None) -> dict[str, Any]:
    member = {**_spoken(name, drawn), **({"description": said} if said else {})}
    kinds = drawn.get("type", [])
    if "number" in kinds:
        none = ["null"] if "null" in kinds else []
        # Of all values only a percentage has a point, and travels as a text.
        member |= {"type": ["string", "integer", *none], "pattern": Percent.PATTERN}
    return member
