"""Every problem that a route can answer with, each with an example made by the error itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any, Final

from werkzeug.exceptions import (
    Forbidden,
    PreconditionFailed,
    RequestEntityTooLarge,
    TooManyRequests,
    Unauthorized,
    UnsupportedMediaType,
)

from goodword import errors
from goodword.interface.routes import Route, Scope
from goodword_server import problems
from goodword_server.api import answering, asking, wording
from goodword_server.api.repeating import IdempotencyKeyReused

REQUEST_ID: Final = "5f0c1d2e9b7a4c3d8e6f1a2b3c4d5e6f"
# What an error speaks of, by the names of its facts.
_FACTS: Final[Mapping[str, Any]] = {
    "advocate": "c-17",
    "after": "USD",
    "before": "TWD",
    "channel": "page",
    "field": "code",
    "gone": "c-18",
    "id": "1001",
    "kept": "c-17",
    "key": "5f0c1d2e",
    "mend": "is missing",
    "most": 10,
    "modified": "2026-11-22T09:25:00+00:00",
    "moment": "friend.title",
    "name": "friends",
    "order": "1001",
    "state": "qualified",
    "text": "MEI2026",
    "version": 2,
    "where": "",
    "why": "they are the same person",
}


def reasons(route: Route) -> Mapping[int, Mapping[str, str]]:
    """Return what each reason means that a route can answer with, by status."""
    found: dict[int, dict[str, str]] = {}
    for status, problem, meaning in _of(route):
        found.setdefault(status, {}).setdefault(problem["reason"], meaning)
    return dict(sorted(found.items()))


def examples(route: Route) -> Mapping[int, Mapping[str, Any]]:
    """Return a problem of each reason that a route can answer with, by status."""
    found: dict[int, dict[str, Any]] = {}
    for status, problem, _ in _of(route):
        found.setdefault(status, {}).setdefault(problem["reason"], problem)
    return dict(sorted(found.items()))


def _of(route: Route) -> Iterator[tuple[int, dict[str, Any], str]]:
    # A query, a path or a body can be misspelled at any route.
    kinds: list[type[errors.GoodwordError]] = [errors.Invalid]
    kinds += [IdempotencyKeyReused] if route.method != "GET" else []
    kinds += [kind for kind in wording.raised(route.verb) if kind is not errors.Invalid]
    for kind in kinds:
        error = example(kind)
        facts = problems.facts_of(error)
        problem = _problem(problems.status_of(error), error.reason, str(error), facts)
        yield problem["status"], problem, wording.of_value(kind)
    for kind_of_http, meaning in _of_http(route):
        status, name, detail = kind_of_http.code, kind_of_http.name, kind_of_http.description
        reason = problems.reason_of(name)
        yield status, _problem(status, reason, detail, {}), meaning


def _of_http(route: Route) -> Iterator[tuple[Any, str]]:
    yield Unauthorized(asking.MEND_KEY), "No API key of a shop was sent."
    if route.scope is not Scope.BROWSER:
        yield Forbidden("the key is a publishable one"), "The key's scope does not reach that far."
    yield TooManyRequests(), "Key or address asked too often; `Retry-After` says how long to wait."
    if asking.body_of(route) is not None:
        yield RequestEntityTooLarge(), "The body is larger than this server takes."
        yield UnsupportedMediaType(asking.MEND_JSON), "The body is not sent as JSON."
    if route.method == "GET":
        yield PreconditionFailed(answering.MEND_TAG), "`If-Match` names another state than this."


def example(kind: type[errors.GoodwordError]) -> errors.GoodwordError:
    """Return an error of a kind, as it could be raised."""
    names = {name for _, name, _, _ in Formatter().parse(kind.message) if name}
    return kind(**{name: _FACTS[name] for name in sorted(names)})


def _problem(status: int, reason: str, detail: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "status": status,
        "title": reason,
        "detail": detail,
        "reason": reason,
        "facts": dict(facts),
        "request_id": REQUEST_ID,
    }
