"""The Flask app."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Flask, Response

from goodword_server import faces, health, hooks, links, logs, problems, sentences, tracing
from goodword_server.api import spec
from goodword_server.apps import asked as app_asked
from goodword_server.apps import pages as app_pages
from goodword_server.cards import routes
from goodword_server.current import this_request
from goodword_server.house import House
from goodword_server.joining import routes as joining_routes
from goodword_server.metrics import asked
from goodword_server.pages import advocate, friend
from goodword_server.settings import Settings, from_environment
from goodword_server.shell.mount import Mounted
from goodword_server.widget import serving as widget
from goodword_server.worker import Worker


class _App(Flask):
    """An app of plain functions: Flask asks of each one at every call whether it is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None, *, house: House | None = None) -> Flask:
    """Return the app of one server process; settings come from the environment if not given.

    ``house`` is for whoever already made one, as tests and the demo do.  Raises `Invalid` naming
    the settings that are missing.
    """
    house = house or House(settings or from_environment())
    app = _App(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = house.settings.body_most
    # Sloppy slashes are a 404: a redirect would repeat whatever host the request claims.
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.globals["say"] = sentences.say
    asked.count(app, house)
    friends = friend.Friends(house)
    app.register_blueprint(links.blueprint(house, friends))
    app.register_blueprint(friend.blueprint(friends))
    app.register_blueprint(advocate.blueprint(house))
    for part in (faces, routes, hooks, health, widget, joining_routes, app_pages, app_asked):
        app.register_blueprint(part.blueprint(house))
    if house.settings.metrics is not None:
        # Whoever counts nothing imports nothing to count with.
        from goodword_server.metrics import serving

        app.register_blueprint(serving.blueprint(house, house.settings.metrics, with_standing=True))
    spec.install(app, house)
    problems.install(app)
    tracing.install(app)
    logs.install(app)
    app.before_request(_read_any_query)
    app.after_request(_guard)
    app.extensions["goodword"] = house
    app.extensions["goodword_owner"] = mounted = Mounted(app.wsgi_app, house)
    app.wsgi_app = mounted  # type: ignore[method-assign]
    return app


def serve() -> Flask:
    """Return the app with its worker beside it: what `goodword serve` runs in each process."""
    app = create_app()
    house: House = app.extensions["goodword"]
    logs.begin(house.settings.log)
    if house.settings.worker == "thread":
        Worker(house).start()
    return app


def _read_any_query() -> None:
    # Old browsers send bytes as they are; of those Werkzeug reads UTF-8, and fails on others.
    asked = this_request()
    if not asked.query_string.isascii():
        asked.query_string = quote(asked.query_string, safe=string.printable).encode()


def _guard(answer: Response) -> Response:
    kind = answer.headers.get("Content-Type")
    if kind is None:
        return answer
    answer.headers.add("X-Content-Type-Options", "nosniff")
    if kind.startswith("text/html"):
        answer.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'",
        )
    return answer
