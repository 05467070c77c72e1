"""The request that is being answered, and what was noted of it: themselves, not Flask's proxies.

Each look through a proxy costs about a microsecond, and answering takes many.
"""

from __future__ import annotations

from typing import Any

from flask import Request, g, request


def this_request() -> Request:
    """Return the request that this thread is answering."""
    return request._get_current_object()  # type: ignore[attr-defined,no-any-return]


def notes() -> Any:
    """Return what `flask.g` stands for: what is noted as long as a request is answered."""
    return g._get_current_object()
