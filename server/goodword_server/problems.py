"""Errors over HTTP: one table of status codes, and RFC 9457 problem details."""

from __future__ import annotations

import logging
from typing import Any, Final

from flask import Flask, Response, jsonify, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from goodword import errors
from goodword.apps import RequestRefused
from goodword_server.pages import kind
from goodword_server.tracing import request_id

_log = logging.getLogger("goodword_server")

# The narrowest class that stands here decides.
STATUS: Final[dict[type[errors.GoodwordError], int]] = {
    errors.Invalid: 422,
    errors.Unknown: 404,
    errors.ProgramChanged: 412,
    errors.Conflict: 409,
    errors.DeliveryRefused: 401,
    RequestRefused: 401,
    errors.NotMigrated: 503,
    errors.TillTrouble: 502,
    errors.GoodwordError: 500,
}


_PAGES: Final = {404: "nothing", 405: "nothing", 500: "trouble", 503: "trouble"}
"""Which kind page tells a status; any other is something that could not be read."""


class Problem(Schema):
    """An error as RFC 9457 describes it; ``reason`` is for machines and never changes."""

    status = fields.Integer(required=True)
    title = fields.String(required=True)
    detail = fields.String(required=True)
    reason = fields.String(required=True)
    facts = fields.Dict(keys=fields.String(), required=True)
    request_id = fields.String(required=True)


def install(app: Flask) -> None:
    """Answer our errors, and Flask's own, as problems."""
    app.register_error_handler(errors.GoodwordError, _ours)
    app.register_error_handler(HTTPException, _flask)


def status_of(error: errors.GoodwordError) -> int:
    """Return the status code of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _ours(error: errors.GoodwordError) -> Response:
    status = status_of(error)
    if status >= 500:
        _log.error("answered with %d: %s", status, error)
    return _problem(status, error.reason, str(error), facts=facts_of(error))


def reason_of(name: str) -> str:
    """Return the reason of an error of HTTP itself, by its name."""
    return (name or "error").lower().replace(" ", "_")


def facts_of(error: errors.GoodwordError) -> dict[str, Any]:
    """Return the facts of an error as plain JSON data."""
    return {name: _plain(value) for name, value in error.facts.items()}


def _flask(error: HTTPException) -> Response:
    status = error.code or 500
    if _is_read_by_somebody():
        answer = kind.kind(_PAGES.get(status, "unread"), status)
    else:
        answer = _problem(status, reason_of(error.name), error.description or "", facts={})
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _is_read_by_somebody() -> bool:
    """Whether a browser opens a page: one that missed its address is told so in a sentence."""
    wanted = request.accept_mimetypes.best_match(("application/json", "text/html"))
    return wanted == "text/html" and not request.path.startswith("/v1/")


def _problem(status: int, reason: str, detail: str, *, facts: dict[str, Any]) -> Response:
    answer = jsonify(
        status=status,
        title=reason,
        detail=detail,
        reason=reason,
        facts=facts,
        request_id=request_id(),
    )
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)
