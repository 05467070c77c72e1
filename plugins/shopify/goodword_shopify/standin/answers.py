"""What the stand-in says over HTTP, and how it fails."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Fault(Enum):
    """How Shopify fails.  Those that are told `done` do what was asked, and then say nothing."""

    NONE = "not at all: lets one request pass before the next fault"
    GATEWAY = "502 before"
    BUSY = "429 with Retry-After"
    HTML = "a page of HTML with status 200"
    RESET = "the connection breaks before anything is done"
    INTERNAL = "200 with an error and no data"
    GATEWAY_AFTER = "done, but 502"
    HANG = "done, but no answer before the asker gives up"
    DROP = "done, but the connection breaks"
    PARTIAL = "done, and told with an error beside the data"
    SLOW = "done, but the body comes a byte at a time and never ends"

    @property
    def is_done(self) -> bool:
        return self is Fault.NONE or self.value.startswith("done")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a request."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def told(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer in JSON."""
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Answer(status, json.dumps(body), {**kind, **(headers or {})})


PAGE = Answer(200, "<!doctype html><title>Just a moment</title>", {"Content-Type": "text/html"})
GATEWAY = Answer(502, "<!doctype html><title>502</title>", {"Content-Type": "text/html"})
BUSY = told(429, {"errors": "Exceeded 2 calls per second"}, {"Retry-After": "2.0"})
INTERNAL = told(
    200,
    {
        "errors": [
            {
                "message": "Internal error. Looks like something went wrong on our end.",
                "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "0-0-0"},
            }
        ]
    },
)
