"""An app asked without a network: what `requests` sends goes to the WSGI app in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.serving import make_server
from werkzeug.test import EnvironBuilder, run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class InProcess(HTTPAdapter):
    """Hands requests to an app, as a server would."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        builder = EnvironBuilder(
            method=request.method or "GET",
            path=parts.path,
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            headers=list(request.headers.items()),
            data=request.body or b"",
        )
        body, status, headers = run_wsgi_app(self._app, builder.get_environ(), buffered=True)
        told = HTTPResponse(
            body=BytesIO(b"".join(body)),
            headers=HTTPHeaderDict(headers.items()),
            status=int(status.split()[0]),
            preload_content=False,
        )
        return self.build_response(request, told)


@contextmanager
def on_a_socket(
    app: WSGIApplication, port: int = 0, *, tls: Literal["adhoc"] | None = None
) -> Iterator[str]:
    """Serve an app on a port of this machine, a free one by default; yield its address.

    ``adhoc``: by https, with a certificate that nobody vouches for.
    """
    server = make_server("127.0.0.1", port, app, threaded=True, ssl_context=tls)
    # Looks often whether it shall end: tests open and close many.
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
