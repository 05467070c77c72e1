"""Every request of an app, counted by its rule."""

from __future__ import annotations

from time import perf_counter
from typing import Final

from flask import Flask, Response, g, request

from goodword_server import logs
from goodword_server.house import House

_NOWHERE: Final = "unknown"


def count(app: Flask, house: House) -> None:
    """Count the requests of an app, if an operator reads it; before anything else looks at them."""
    if house.settings.metrics is None:
        return
    counts = house.counts

    def begun() -> None:
        g.counted_from = perf_counter()

    def ended(answer: Response) -> Response:
        now, rule = perf_counter(), request.url_rule
        told = _NOWHERE if rule is None else logs.route(rule.rule)
        counts.request(told, request.method, answer.status_code, now - g.get("counted_from", now))
        return answer

    app.before_request(begun)
    app.after_request(ended)
