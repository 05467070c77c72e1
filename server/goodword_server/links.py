"""Links: a friend arrives, is kept as a visit, and is led to the shop."""

from __future__ import annotations

import logging
import re
import secrets
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from crawlerdetect import CrawlerDetect
from flask import Blueprint, Response, render_template, request
from itsdangerous import BadSignature, Signer
from werkzeug.datastructures import Headers

from goodword.errors import GoodwordError
from goodword.model.credit import Visiting
from goodword.model.people import Code
from goodword.model.program import Program
from goodword.rules import codes
from goodword_server.house import House
from goodword_server.languages import language_of

_log = logging.getLogger("goodword_server")
_COOKIE: Final = "goodword_visitor"
_YEAR: Final = 365 * 24 * 3600
_DETECT: Final = CrawlerDetect()
# What may travel on in an address, and what names a channel.
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LANDING_LONGEST: Final = 1000
_OURS: Final = frozenset({"ref", "gw"})
_AHEAD: Final = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
# Enough to tell a previewer by; of a longer one the patterns would take minutes.
_AGENT_LONGEST: Final = 512


def blueprint(house: House) -> Blueprint:
    """Return the routes that friends follow."""
    links = Blueprint("links", __name__)
    visitors = Visitors(house.settings.secrets, secure=house.settings.public_url[:5] == "https")

    @links.get("/<shop>/r/<code>")
    def follow(shop: str, code: str) -> Response:
        connected = house.installation_of(shop)
        if connected is None:
            return Response(render_template("unknown.html", language=language_of(request)), 404)
        url = connected.installation.url
        if _is_looking(request.method, request.headers):
            return _preview(house, shop, code, url)
        landing = _landing(request.args.get("to"))
        visitor = visitors.known(request.cookies.get(_COOKIE))
        visiting = Visiting(
            code=code,
            landing=landing,
            via=_word(request.args.get("via", "")),
            visitor=visitor or secrets.token_hex(8),
        )
        answer = _lead(url + landing + _carried(house, shop, visiting))
        if visitor is None:
            visitors.greet(answer, str(visiting.visitor), f"/{shop}/r/")
        return answer

    return links


class Visitors:
    """Tells returning visitors by a first-party cookie: a random id, signed, nothing else."""

    def __init__(self, secrets: tuple[str, ...], *, secure: bool) -> None:
        # itsdangerous signs with the last of its keys.
        self._signer = Signer(list(reversed(secrets)), salt="goodword.visitor", sep=".")
        self._secure = secure

    def known(self, cookie: str | None) -> str | None:
        """Return the id of a visitor who was here before."""
        if cookie is None:
            return None
        try:
            return self._signer.unsign(cookie).decode()
        except (BadSignature, UnicodeDecodeError):
            return None

    def greet(self, answer: Response, visitor: str, path: str) -> None:
        """Give a new visitor their id."""
        answer.set_cookie(
            _COOKIE,
            self._signer.sign(visitor).decode(),
            max_age=_YEAR,
            path=path,
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )


def _carried(house: House, shop: str, visiting: Visiting) -> str:
    """Keep the visit; return what of it travels on.  A friend gets to the shop whatever happens."""
    try:
        visit = house.referrals(shop).record_visit(visiting)
    except GoodwordError:
        return ""
    except Exception:
        _log.exception("a visit to %s was not kept", shop)
        code = _word(codes.folded(visiting.code))
        return f"{_sign(visiting.landing)}ref={code}" if code else ""
    return f"{_sign(visiting.landing)}ref={quote(visit.code, safe='')}&gw={visit.id}"


def _sign(landing: str) -> str:
    return "&" if "?" in landing else "?"


def _lead(url: str) -> Response:
    answer = Response(status=302)
    answer.headers["Location"] = url
    answer.headers["Cache-Control"] = "no-store"
    # The shop must see where the friend came from; other hosts that it loads from need not.
    answer.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return answer


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


def _is_looking(method: str, headers: Headers) -> bool:
    """Whether nobody arrives: a previewer, a prefetch, a HEAD."""
    if method == "HEAD":
        return True
    purpose = " ".join(headers.get(name, "") for name in _AHEAD)
    return (
        "prefetch" in purpose
        or "preview" in purpose
        or _is_bot(headers.get("User-Agent", "")[:_AGENT_LONGEST])
    )


@lru_cache(maxsize=4096)
def _is_bot(agent: str) -> bool:
    # Thousands of patterns are tried: too dear for a click, so what was asked before is remembered.
    return bool(_DETECT.isCrawler(agent or "-"))


def _preview(house: House, shop: str, text: str, url: str) -> Response:
    """Return the small page that LINE and others show as a card."""
    promised = _promised(house, shop, text)
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


def _promised(house: House, shop: str, text: str) -> tuple[Code, Program] | None:
    """Return the code and its program; None if nobody holds it, or no more."""
    try:
        referrals = house.referrals(shop)
        code = referrals.find_code(text)
        if code.ended is not None and code.ended <= house.now():
            return None
        return code, referrals.programs.find(code.program)
    except GoodwordError:
        return None
    except Exception:
        _log.exception("a card for %s could not be made", shop)
        return None
