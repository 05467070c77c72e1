"""Where a shop's logo is found."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from goodword_server.house import House
from goodword_server.keepable import keepable
from goodword_server.looks import Look
from goodword_server.storage import looks

_MINUTES: Final = 300
_YEAR: Final = 31_536_000


def blueprint(house: House) -> Blueprint:
    """Return the route that pages and cards show a logo from."""
    faces = Blueprint("faces", __name__)

    @faces.get("/<shop>/logo.png")
    def logo(shop: str) -> Response:
        if house.installation_of(shop) is None:
            raise NotFound
        found = house.look(shop).logo
        if found is None:
            raise NotFound
        named = request.args.get("v") == found.mark
        return keepable(
            found.mark,
            "image/png",
            lambda: _png(house, shop, found.mark),
            seconds=_YEAR if named else _MINUTES,
            immutable=named,
        )

    @faces.get("/favicon.ico")
    def icon() -> Response:
        # Browsers ask for it beside any page, and note in their console that there is none.
        answer = Response(status=204)
        answer.cache_control.public, answer.cache_control.max_age = True, _YEAR
        return answer

    return faces


def logo_path(shop: str, look: Look) -> str | None:
    """Return where a shop's logo is found, under this server; None if it has none."""
    return f"/{shop}/logo.png?v={look.logo.mark}" if look.logo else None


def _png(house: House, shop: str, mark: str) -> bytes:
    png = house.database.read(lambda session: looks.logo(session, shop, mark))
    if png is None:
        # Another was put there since a moment ago: whoever asks anew gets that.
        raise NotFound
    return png
