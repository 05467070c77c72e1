"""Links: a friend arrives, is kept as a visit, and is led to the shop."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import Headers
from werkzeug.urls import iri_to_uri

from goodword.errors import GoodwordError, UnknownCode
from goodword.model.credit import Visiting
from goodword.model.people import Code
from goodword.model.program import Program
from goodword.rules import codes
from goodword_server.house import House
from goodword_server.languages import language_of
from goodword_server.limits import TooMany
from goodword_server.looking import is_looking
from goodword_server.pages import kind
from goodword_server.visitors import Visitors

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_log = logging.getLogger("goodword_server")
# What may travel on in an address, and what names a channel.
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LANDING_LONGEST: Final = 1000
_OURS: Final = frozenset({"ref", "gw"})


def blueprint(house: House) -> Blueprint:
    """Return the routes that friends follow."""
    links = Blueprint("links", __name__)
    visitors = Visitors(house.settings.secrets, secure=house.settings.public_url[:5] == "https")

    @links.get("/<shop>/r/<code>")
    def follow(shop: str, code: str) -> Response:
        connected = house.installation_of(shop)
        if connected is None:
            return kind.unknown_shop()
        url = _in_ascii(connected.installation.url)
        address = house.addresses.hidden(request.environ)
        if is_looking(request.environ):
            return _preview(house, shop, code, url, address)
        known = visitors.known(request.environ.get("HTTP_COOKIE", ""))
        visitor = known or visitors.new()
        landing = _landing(request.args.get("to"))
        via = _word(request.args.get("via", ""))
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
    return f"{_sign(visiting.landing)}ref={quote(visit.code, safe='')}&gw={visit.id}"


def _unseen(visiting: Visiting) -> str:
    """Return what travels on where no code was looked up: the shop's page may know it."""
    code = _word(codes.folded(visiting.code))
    return f"{_sign(visiting.landing)}ref={code}" if code else ""


def _missed(house: House, shop: str, visiting: Visiting, address: str) -> str:
    """Count a code that nobody holds; one too many is answered as if none had been looked up."""
    try:
        return _unseen(visiting) if house.limits.miss(shop, address).over else ""
    except Exception:
        _log.exception("a code of %s that nobody holds was not counted", shop)
        return ""


def _sign(landing: str) -> str:
    return "&" if "?" in landing else "?"


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


# As an address travels: 茶.example has another name there.
_in_ascii: Final = lru_cache(maxsize=4096)(iri_to_uri)


def _landing(wanted: str | None) -> str:
    """Return the path in the shop; anything that could lead to another host becomes its front."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    if _CONTROL.search(wanted):
        return "/"
    path, _, query = wanted.partition("#")[0].partition("?")
    # A landing page that was itself reached through a link brings the marks of that one along.
    kept = "&".join(pair for pair in query.split("&") if pair.partition("=")[0] not in _OURS)
    landing = quote(f"{path}?{kept}" if kept else path, safe="/?&=%:@!$'()*+,;~-._")
    return landing if len(landing) <= _LANDING_LONGEST else "/"


def _word(text: str) -> str | None:
    return text if _WORD.fullmatch(text) else None


def _preview(house: House, shop: str, text: str, url: str, address: str) -> Response:
    """Return the small page that LINE and others show as a card."""
    promised = _promised(house, shop, text, address)
    if promised is None:
        return _lead(url + "/")
    code, program = promised
    page = render_template(
        "preview.html",
        language=language_of(request),
        title=program.title,
        shop_url=f"{url}/?ref={quote(code.text, safe='')}",
        link=house.link(shop, code.text),
    )
    answer = Response(page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _promised(house: House, shop: str, text: str, address: str) -> tuple[Code, Program] | None:
    """Return the code and its program; None if nobody holds it, or no more."""
    try:
        referrals = house.referrals(shop)
        with house.limits.guessing(shop, address):
            code = referrals.find_code(text)
        if code.ended is not None and code.ended <= house.now():
            return None
        return code, referrals.programs.find(code.program)
    except (GoodwordError, TooMany):
        return None
    except Exception:
        _log.exception("a card for %s could not be made", shop)
        return None
