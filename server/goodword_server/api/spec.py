"""The OpenAPI description, drawn from the routes themselves."""

from __future__ import annotations

from typing import Final

from flask import Flask
from flask_smorest import Api

from goodword_server import problems
from goodword_server.api import paths, verbs
from goodword_server.house import House

CONFIG: Final = {
    "API_TITLE": "goodword",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
}


class Described(Api):  # type: ignore[misc]
    """An API whose errors are problems, like everything else that we answer."""

    ERROR_SCHEMA = problems.Problem

    def _register_error_handlers(self) -> None:
        """Leave errors to `problems`, which answers those of every page."""


def install(app: Flask, house: House) -> None:
    """Add the routes and ``/openapi.json``."""
    app.config.update(CONFIG)
    paths.install(app)
    api = Described(app)
    api.register_blueprint(verbs.blueprint(house))
