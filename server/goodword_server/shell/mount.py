"""Where the shell stands: under ``/owner``, an app of its own that is made when first asked for.

What it needs takes more than half a second to import, which neither a click nor a start waits for;
and its sessions, its sign-in and its checks concern no other page.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, Final

from goodword_server.house import House
from goodword_server.shell.where import AT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

# A shop may be called so; its links and pages stay its own.
_ITS_OWN: Final = tuple(f"{AT}/{what}/" for what in ("a", "c", "r"))


class Mounted:
    """The server's app, with the shell under its own path."""

    def __init__(self, app: WSGIApplication, house: House) -> None:
        self._app = app
        self._house = house
        self._made: Flask | None = None
        self._making = Lock()

    @property
    def shell(self) -> Flask:
        """The shell, made once."""
        with self._making:
            if self._made is None:
                from goodword_server.shell.app import create_shell

                self._made = create_shell(self._house)
            return self._made

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if not path.startswith(AT) or path[len(AT) :][:1] not in ("", "/"):
            return self._app(environ, start_response)
        if path.startswith(_ITS_OWN):
            return self._app(environ, start_response)
        inner = {
            **environ,
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + AT,
            "PATH_INFO": path[len(AT) :] or "/",
        }
        return self.shell(inner, start_response)
