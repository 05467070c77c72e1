"""Links: a friend arrives, is kept as a visit, and is led to the shop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from goodword.errors import GoodwordError, UnknownCode
from goodword.model.credit import Visiting
from goodword_server import ways
from goodword_server.house import House
from goodword_server.looking import in_app, is_looking
from goodword_server.pages import kind
from goodword_server.pages.friend import Friends
from goodword_server.visitors import Visitors

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_log = logging.getLogger("goodword_server")


def blueprint(house: House, friends: Friends) -> Blueprint:
    """Return the routes that friends follow."""
    links = Blueprint("links", __name__)
    visitors = Visitors(house.settings.secrets, secure=house.settings.public_url[:5] == "https")

    @links.get("/<shop>/r/<code>")
    def follow(shop: str, code: str) -> Response:
        connected = house.installation_of(shop)
        if connected is None:
            return kind.unknown_shop()
        url = ways.in_ascii(connected.installation.url)
        if is_looking(request.environ):
            # Whoever looks sees the gift; what is none leads to the shop.
            return friends.preview(shop, code) or _lead(url + "/")
        address = house.addresses.hidden(request.environ)
        known = visitors.known(request.environ.get("HTTP_COOKIE", ""))
        visitor = known or visitors.new()
        landing = ways.landing_of(request.args.get("to"))
        via = ways.word(request.args.get("via", "")) or in_app(request.environ)
        visiting = Visiting(code=code, landing=landing, via=via, visitor=visitor)
        answer = _lead(url + landing + _carried(house, shop, visiting, address))
        if known is None:
            answer.headers.add("Set-Cookie", visitors.cookie(visitor, f"/{quote(shop)}/r/"))
        return answer

    return links


def _carried(house: House, shop: str, visiting: Visiting, address: str) -> str:
    """Keep the visit; return what of it travels on.  A friend gets to the shop whatever happens."""
    if house.limits.has_guessed(shop, address):
        return _unseen(visiting)
    try:
        visit = house.referrals(shop).record_visit(visiting)
    except UnknownCode:
        return _missed(house, shop, visiting, address)
    except GoodwordError:
        return ""
    except Exception:
        _log.exception("a visit to %s was not kept", shop)
        return _unseen(visiting)
    return ways.seen(visiting.landing, visit.code, visit.id)


def _unseen(visiting: Visiting) -> str:
    return ways.unseen(visiting.landing, visiting.code)


def _missed(house: House, shop: str, visiting: Visiting, address: str) -> str:
    """Count a code that nobody holds; one too many is answered as if none had been looked up."""
    try:
        return _unseen(visiting) if house.limits.miss(shop, address).over else ""
    except Exception:
        _log.exception("a code of %s that nobody holds was not counted", shop)
        return ""


class _Lead(Response):
    """A redirect whose address is ready to be sent: ours is ASCII and absolute."""

    default_mimetype = None

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers as they are; Flask would take the address apart once more."""
        return self.headers


def _lead(url: str) -> Response:
    return _Lead(
        status=302,
        headers=[
            ("Location", url),
            ("Content-Length", "0"),
            ("Cache-Control", "no-store"),
            # The shop must see where the friend came from; hosts that it loads from need not.
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ],
    )
