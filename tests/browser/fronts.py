"""A shop's own pages, on a host of their own: what our server is to be seen from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.server.everywhere.wsgi import on_a_socket
from tests.server.processes import free_port

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STRICT: Final = (
    "default-src 'none'; script-src {server}; style-src {server}; connect-src {server}; "
    "img-src 'self' {server}; base-uri 'none'; form-action 'self'"
)
PAGE: Final = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tea House</title>
<main><h1>Tea House</h1>
{body}
</main>
</html>
"""


@dataclass
class Front:
    """A shop that shows the pages which it is given, under a strict policy."""

    url: str
    pages: dict[str, str] = field(default_factory=dict)
    """HTML by path; what is not here is an empty page of the shop."""
    policy: str = STRICT.format(server="'self'")
    """The Content-Security-Policy of every page; none at all if empty."""
    asked: list[str] = field(default_factory=list)
    """Paths with their queries, in turn."""

    def admit(self, server: str) -> None:
        """Let pages take scripts, styles and answers from our server, and from nobody else."""
        self.policy = STRICT.format(server=server)

    def show(self, body: str, path: str = "/", *, language: str = "en") -> str:
        """Show this on a page; return its address."""
        self.pages[path] = PAGE.format(language=language, body=body)
        return self.url + path

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        self.asked.append(f"{path}?{query}" if query else path)
        page = self.pages.get(path) or PAGE.format(language="en", body="")
        # As shops do behind a page cache: one answer for everybody.
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "public, max-age=60"),
        ]
        if self.policy:
            headers.append(("Content-Security-Policy", self.policy))
        start("200 OK", headers)
        return [page.encode()]


@contextmanager
def a_front(name: str = "tea") -> Iterator[Front]:
    """Open a shop at a host of its own."""
    port = free_port()
    front = Front(f"http://{name}.localhost:{port}")
    with on_a_socket(front, port):
        yield front
