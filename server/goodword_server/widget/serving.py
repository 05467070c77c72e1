"""What a shop's own pages ask for: the script, and what a code offers, in words."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.exceptions import Forbidden, NotFound

from goodword.errors import Invalid
from goodword_server.api import doors
from goodword_server.house import House
from goodword_server.storage.keys import KeyScope
from goodword_server.widget import script, sheets

_HOUR: Final = 3600
_YEAR: Final = 365 * 24 * _HOUR
# A campaign that begins or ends is seen a minute later.
_SHEET_SECONDS: Final = 60
_ASKED: Final = frozenset({"key", "code", "language"})
_MEND_KEY: Final = "a page is read by everybody: revoke this key, and use a publishable one here"


def blueprint(house: House) -> Blueprint:
    """Return the routes that pages of any host may ask."""
    widget = Blueprint("widget", __name__)

    @widget.get("/goodword.js")
    def take_script() -> Response:
        return _script(request.accept_encodings["gzip"] > 0, request.args.get("v"))

    @widget.get("/<shop>/widget.json")
    def take_sheet(shop: str) -> Response:
        _come_in(house, shop)
        told = _asked()
        with house.limits.guessing(shop, g.address):
            sheet = sheets.sheet(house, shop, told["code"], told["language"])
        return _kept(jsonify(sheet), personal=sheet["advocate"] is not None)

    widget.after_request(_let_pages_read)
    return widget


def _script(zipped: bool, pinned: str | None) -> Response:
    answer = Response(
        script.zipped() if zipped else script.tight(), content_type="text/javascript; charset=utf-8"
    )
    if zipped:
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    # An address that names this very script leads to no other, ever.
    lasting = f"{_YEAR}, immutable" if pinned == script.version() else str(_HOUR)
    answer.headers["Cache-Control"] = f"public, max-age={lasting}"
    answer.set_etag(script.version() + ("-gzip" if zipped else ""))
    answer.make_conditional(request)
    return answer


def _come_in(house: House, shop: str) -> None:
    """Let in who brings a publishable key of this shop."""
    key = doors.count(house, request.args.get("key", ""))
    if key.scope is not KeyScope.PUBLISHABLE:
        raise Forbidden(_MEND_KEY)
    if key.shop != shop:
        raise NotFound("the key is one of another shop")


def _asked() -> dict[str, str]:
    for name, values in request.args.lists():
        if name not in _ASKED:
            raise Invalid(field=name, mend="is not known here: look at its spelling")
        if len(values) > 1:
            raise Invalid(field=name, mend="give it once")
    return {name: request.args.get(name, "") for name in _ASKED}


def _kept(answer: Response, *, personal: bool) -> Response:
    """Let a browser keep an answer, and whoever stands between only one that names nobody."""
    who = "private" if personal else "public"
    answer.headers["Cache-Control"] = f"{who}, max-age={_SHEET_SECONDS}"
    return answer


def _let_pages_read(answer: Response) -> Any:
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
