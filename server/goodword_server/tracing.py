"""Which request it was: one id in the answer, in its problem, and in the log."""

from __future__ import annotations

import logging
import os
import re
from typing import Final

from flask import Flask, Response, has_request_context

from goodword_server.current import this_request

HEADER: Final = "X-Request-Id"
_SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KEPT: Final = "goodword.request_id"


def request_id() -> str:
    """Return the id of this request: the one it came with, if it is sane, else one of ours."""
    environ = this_request().environ
    found: str | None = environ.get(_KEPT)
    if found is None:
        told = environ.get("HTTP_X_REQUEST_ID", "")
        found = environ[_KEPT] = told if _SANE.fullmatch(told) else os.urandom(16).hex()
    return found


def install(app: Flask) -> None:
    """Tell the id on every answer of an app, and in whatever its requests log."""
    app.after_request(_tell)
    for logger in (app.logger, logging.getLogger("goodword_server")):
        # Adding it twice changes nothing: it is one and the same for all apps of the process.
        logger.addFilter(_told_in_the_log)


def _tell(answer: Response) -> Response:
    answer.headers.add(HEADER, request_id())
    return answer


def _told_in_the_log(record: logging.LogRecord) -> bool:
    if has_request_context() and not hasattr(record, "request_id"):
        told = request_id()
        record.__dict__["request_id"] = told
        record.msg = f"request {told}: {record.msg}"
    return True
