"""The log in lines of JSON: which request, of which shop, and what went wrong, without any values.

What an error says of itself may hold what somebody sent: its kind and where it happened are told,
and never its words.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Final

from flask import Flask, Response, g, request

from goodword_server.tracing import request_id

_requests: Final = logging.getLogger("goodword_server.requests")
_OURS: Final = ("goodword", "goodword_server")
_TOLD: Final = ("request_id", "shop", "method", "route", "status", "milliseconds")
_GONE: Final = 404
# What stands in a rule, without how it is read.
_ARGUMENT: Final = re.compile(r"<(?:[^<>]*:)?(\w+)>")


def begin(kind: str) -> None:
    """Write what is logged to standard error: as ``json``, or as ``text`` without every request."""
    if kind != "json":
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)


class Lines(logging.Formatter):
    """One record, one line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        told["message"] = record.getMessage()
        told |= {name: record.__dict__[name] for name in _TOLD if name in record.__dict__}
        if record.exc_info and record.exc_info[1] is not None:
            told |= _trouble(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False)


def _trouble(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": where}


def install(app: Flask, clock: Callable[[], float] = perf_counter) -> None:
    """Log every request by its rule, never by its path: that may name somebody."""

    def begun() -> None:
        if _requests.isEnabledFor(logging.INFO):
            g.begun = clock()

    def ended(answer: Response) -> Response:
        if not _requests.isEnabledFor(logging.INFO):
            return answer
        rule = request.url_rule
        facts = {
            "request_id": request_id(),
            "shop": _shop(answer),
            "method": request.method,
            "route": route(rule.rule) if rule is not None else None,
            "status": answer.status_code,
            "milliseconds": round((clock() - g.get("begun", clock())) * 1000, 1),
        }
        _requests.info("answered", extra=facts)
        return answer

    app.before_request(begun)
    app.after_request(ended)


def route(rule: str) -> str:
    """Return how the rule of this request is told: ``/v1/codes/{text}``."""
    return request.script_root + _ARGUMENT.sub(r"{\1}", rule)


def _shop(answer: Response) -> str | None:
    """Return whose request it was; a name that leads nowhere may be anything."""
    key = g.get("key")
    if key is not None:
        return str(key.shop)
    found = (request.view_args or {}).get("shop")
    return str(found) if found is not None and answer.status_code != _GONE else None
