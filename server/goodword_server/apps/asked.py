"""The JSON that an app's parts in a shop ask for: storefront, checkout, account, and admin.

Each brings something that the platform signed, and is told only of the shop, and the customer, that
this names.  Everything that is done is a verb of `Referrals`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields
from werkzeug.exceptions import Forbidden

from goodword import wire
from goodword.apps import Place
from goodword.model.credit import Visiting
from goodword.model.people import Claiming
from goodword_server.api.asking import Reader
from goodword_server.apps import own, status
from goodword_server.apps.asking import Asking, asking
from goodword_server.house import House
from goodword_server.limits import TooMany
from goodword_server.widget import sheets

View = Callable[[Asking], ResponseReturnValue]
_READ: Final = Reader()
_VISITING: Final = wire.schema(Visiting)
# Whose account it is, the platform says.
_CLAIMING: Final = wire.schema(Claiming, leave_out=("account",))
_WISH: Final = Schema.from_dict(
    {name: fields.String() for name in ("program", "order", "checkout")}, name="OwnWish"
)
_NOBODY: Final = "nobody is signed in at the shop"
_DAY: Final = 86_400


def blueprint(house: House) -> Blueprint:
    """Return the routes of what every app's parts ask for."""
    api = Blueprint("app_json", __name__, url_prefix="/app/<platform>")
    at = _Counter(house)
    shoppers = "/<any(storefront,checkout):place>"
    for path, view, method in (
        (f"{shoppers}/offer", at.offer, "GET"),
        (f"{shoppers}/visits", at.visit, "POST"),
        (f"{shoppers}/claims", at.claim, "POST"),
        (f"{shoppers}/own", at.own, "GET"),
        (f"{shoppers}/own", at.begin, "POST"),
        ("/<any(admin):place>/status", at.status, "GET"),
    ):
        api.add_url_rule(path, view.__name__, _asked(house, view), methods=[method, "OPTIONS"])

    def tell(answer: Response) -> Response:
        place = Place((request.view_args or {})["place"])
        app = house.apps.get((request.view_args or {})["platform"])
        if answer.status_code == 401 and app is not None:
            answer.headers.update(app.refusal(place))
        if place is Place.CHECKOUT:
            _let_any_page_read(answer)
        # One person's, or one shop's: nobody between keeps it.
        answer.headers["Cache-Control"] = "no-store"
        return answer

    api.after_request(tell)
    return api


def _asked(house: House, view: View) -> Callable[[str, str], ResponseReturnValue]:
    """Return a view for those alone who prove their shop, and do not ask too often."""

    def answered(platform: str, place: str) -> ResponseReturnValue:
        if request.method == "OPTIONS":
            return Response(status=204)
        found = asking(house, platform, Place(place))
        standing = house.limits.count_shopper(found.shop, found.address)
        if standing.over:
            raise TooMany(standing)
        return view(found)

    # A browser asks from a checkout whether it may ask.
    answered.provide_automatic_options = False  # type: ignore[attr-defined]
    return answered


class _Counter:
    """One house's answers, each a method."""

    def __init__(self, house: House) -> None:
        self._house = house

    def offer(self, asked: Asking) -> ResponseReturnValue:
        """Tell what a code offers now, and in which words."""
        code = request.args.get("code", "")
        with self._house.limits.guessing(asked.shop, asked.address):
            sheet = sheets.sheet(self._house, asked.shop, code, request.args.get("language", ""))
            coupon = asked.referrals.find_code(code).coupon
        return jsonify({**sheet, "coupon": coupon})

    def visit(self, asked: Asking) -> ResponseReturnValue:
        """Keep a friend's arrival."""
        visiting: Visiting = _read(_VISITING)
        with self._house.limits.guessing(asked.shop, asked.address):
            kept = asked.referrals.record_visit(visiting)
        return make_response(jsonify(wire.plain(kept)), 201)

    def claim(self, asked: Asking) -> ResponseReturnValue:
        """Keep that a friend takes an offer up, by the account that is signed in or a contact."""
        told = _read(_CLAIMING)
        self._house.limits.claiming(asked.shop, asked.address)
        with self._house.limits.guessing(asked.shop, asked.address):
            made = asked.referrals.claim(Claiming(**told, account=asked.who.person))
        told = wire.plain(made)
        # A page is told of what it asked for, and not who stands behind a code.
        return make_response(jsonify({name: told[name] for name in _OF_CLAIM if name in told}), 201)

    def own(self, asked: Asking) -> ResponseReturnValue:
        """Tell whoever is signed in what is theirs: link, friends, rewards."""
        if asked.who.person is None:
            raise Forbidden(_NOBODY)
        return jsonify(own.own_sheet(self._house, asked, asked.who.person))

    def begin(self, asked: Asking) -> ResponseReturnValue:
        """Give a code to whoever is signed in, or placed the order that they show."""
        wish = _read(_WISH)
        if asked.who.person is not None:
            own.invite(self._house, asked, wish.get("program"))
            return jsonify(own.own_sheet(self._house, asked, asked.who.person))
        if asked.place is Place.CHECKOUT and wish.get("order") and wish.get("checkout"):
            return jsonify(own.of_buyer(self._house, asked, **wish))
        raise Forbidden(_NOBODY)

    def status(self, asked: Asking) -> ResponseReturnValue:
        """Tell the shop's staff how it is connected."""
        return jsonify(status.status(self._house, asked))


_OF_CLAIM: Final = ("id", "code", "coupon", "made", "expires")


def _read(schema: type[Schema]) -> Any:
    return _READ.parse(schema(), request, location="json")


def _let_any_page_read(answer: Response) -> None:
    """Let a checkout's worker read it, which comes from nowhere; no cookie of ours comes along."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST"
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        answer.headers["Access-Control-Max-Age"] = str(_DAY)
