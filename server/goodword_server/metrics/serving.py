"""Where the metrics are read: with the operator's token, and by nobody else."""

from __future__ import annotations

import hmac
from threading import Thread
from typing import Final

from flask import Blueprint, Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.serving import WSGIRequestHandler, make_server

from goodword_server import problems
from goodword_server.house import House
from goodword_server.metrics.counts import Counts
from goodword_server.metrics.standing import Standing

PATH: Final = "/metrics"
_MEND: Final = "send `Authorization: Bearer` with the token of GOODWORD_METRICS"


def blueprint(house: House, token: str, *, with_standing: bool) -> Blueprint:
    """Return the route; ``with_standing``: also how things stand in the database."""
    metrics = Blueprint("metrics", __name__)
    wanted, counts = token.encode(), house.counts
    assert isinstance(counts, Counts)
    standing = CollectorRegistry()
    standing.register(Standing(house))

    @metrics.get(PATH)
    def read() -> Response:
        if not hmac.compare_digest(_bearer(), wanted):
            raise Unauthorized(_MEND, www_authenticate=WWWAuthenticate("bearer"))
        told = generate_latest(counts.registry())
        if with_standing:
            told += generate_latest(standing)
        answer = Response(told, content_type=CONTENT_TYPE_LATEST)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return metrics


def serve_beside(house: House, token: str, host: str, port: int) -> None:
    """Serve the metrics of a process that serves nothing else, until its house is closed."""
    app = Flask(__name__, static_folder=None)
    problems.install(app)
    app.register_blueprint(blueprint(house, token, with_standing=False))
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, name="goodword-metrics")
    thread.start()

    def end() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    house.beside(end)


class _Quiet(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


def _bearer() -> bytes:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip().encode() if scheme.lower() == "bearer" else b""
