"""Who did what in this shell."""

from __future__ import annotations

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, show
from goodword_server.storage import audit

_MOST: Final = 50


def add(pages: Pages) -> None:
    """Add the page."""

    @pages.sees("/log")
    def log(desk: Desk) -> ResponseReturnValue:
        before = request.args.get("before")
        lines = desk.read(lambda session: audit.page(session, desk.shop, _MOST + 1, before))
        older = lines[_MOST - 1].id if len(lines) > _MOST else None
        return show("log", desk, lines=lines[:_MOST], older=older)
