"""The limit of any view: bare Flask, saying hello."""

from __future__ import annotations

from flask import Flask


def hello() -> Flask:
    """Return the app, as a server's factory."""
    app = Flask(__name__, static_folder=None)

    @app.get("/")
    def say() -> str:
        return "hello"

    return app
