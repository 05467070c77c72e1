"""The OpenAPI description, drawn from the routes themselves, and a page that is drawn from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any, Final

from flask import Blueprint, Flask, Response, render_template, request
from flask_smorest import Api

from goodword_server import problems
from goodword_server.api import describing, paths, reference, verbs
from goodword_server.house import House

CONFIG: Final = {
    "API_TITLE": "goodword",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
}


class Described(Api):  # type: ignore[misc]
    """An API whose errors are problems, like everything else that we answer."""

    ERROR_SCHEMA = problems.Problem

    def _register_error_handlers(self) -> None:
        """Leave errors to `problems`, which answers those of every page."""

    def _register_responses(self) -> None:
        """Put the answers that all routes share off until the description is asked for."""

    def describe(self) -> None:
        """Add what was put off."""
        super()._register_responses()


def install(app: Flask, house: House) -> None:
    """Add the routes, ``/openapi.json`` and ``/reference``."""
    app.config.update(CONFIG)
    paths.install(app)
    api = Described(app)
    routes = verbs.blueprint(house)
    api.register_blueprint(routes)
    public_url, one_at_a_time = house.settings.public_url, Lock()

    @cache
    def drawn() -> dict[str, Any]:
        api.describe()
        routes.describe()
        return describing.completed(api.spec.to_dict(), public_url)

    def described() -> dict[str, Any]:
        with one_at_a_time:
            return drawn()

    app.register_blueprint(_pages(described))


def _pages(described: Callable[[], dict[str, Any]]) -> Blueprint:
    """Return the pages, each made when it is first asked for."""
    pages = Blueprint("description", __name__)

    @cache
    def packed() -> str:
        return json.dumps(described(), ensure_ascii=False, indent=1)

    @cache
    def drawn() -> str:
        return render_template("reference.html", **reference.seen(described()))

    @pages.get("/openapi.json")
    def openapi() -> Response:
        return _kept(Response(packed(), content_type="application/json"))

    @pages.get("/reference")
    def read() -> Response:
        return _kept(Response(drawn(), content_type="text/html; charset=utf-8"))

    return pages


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
