"""Where a shop brings its keys: when its owner agreed, or by its plugin with a pairing code."""

from __future__ import annotations

import json
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import Forbidden, NotFound

from goodword.errors import Invalid
from goodword.platforms import Delivery
from goodword.watching import Package, Ships
from goodword_server.api import doors
from goodword_server.current import this_request
from goodword_server.house import House
from goodword_server.joining import joined, states
from goodword_server.limits import TooMany
from goodword_server.storage.keys import PLUGIN, KeyScope

_BODY_MOST: Final = 16_384
_HOUR: Final = 3600


def blueprint(house: House) -> Blueprint:
    """Return the routes at which shops are joined."""
    joining = Blueprint("joining", __name__, url_prefix="/connect")

    @joining.post("/<platform>/<shop>")
    def agreed(platform: str, shop: str) -> Response:
        _slow_down(house)
        keys = joined.connects(house, platform).keys(_delivery(shop))
        begun = states.believe(house, shop, keys.state, states.AGREEMENT, platform, "user_id")
        joined.try_and_join(
            house, shop, platform, begun.url or "", keys.credentials, begun.account, keys.state
        )
        # Exactly 200, or the shop takes its keys back.
        return Response("joined", 200, content_type="text/plain; charset=utf-8")

    @joining.post("/<platform>/<shop>/pairing")
    def paired(platform: str, shop: str) -> Response:
        _slow_down(house)
        told = _told(_delivery(shop))
        state = states.state_in(house, shop, _text(told, "code"))
        keys = joined.connects(house, platform).keys(_as_agreement(told, state))
        found = joined.introduced(house, platform, _text(told, "url"))
        begun = states.believe(house, shop, state, states.PAIRING, platform, "code")
        joined.try_and_join(
            house, shop, platform, found.url, keys.credentials, begun.account, state
        )
        return _settled(house, shop)

    @joining.post("/<platform>/<shop>/unpairing")
    def unpaired(platform: str, shop: str) -> Response:
        joined.connects(house, platform)
        key = doors.count(house, doors.bearer(this_request()))
        if (key.shop, key.label, key.scope) != (shop, PLUGIN, KeyScope.SECRET):
            raise Forbidden("this is not the key that the shop's plugin was given")
        _end_former(house, shop)
        house.remember_nothing()
        return Response(status=204)

    @joining.get("/<platform>/plugin")
    def plugin(platform: str) -> Response:
        found: object = house.platforms.get(platform)
        if not isinstance(found, Ships):
            raise NotFound("nothing is to be installed there")
        return _download(found.package())

    return joining


def _download(package: Package) -> Response:
    answer = Response(package.content, content_type=package.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=package.name)
    answer.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _settled(house: House, shop: str) -> Response:
    """Tell the shop's plugin what it needs to know.

    `key` is good for pages alone; with `secret` the plugin asks for a customer's code and rewards.
    """
    _end_former(house, shop)
    return jsonify(
        shop=shop,
        server=house.settings.public_url,
        links=f"{house.settings.public_url}/{shop}/r/",
        key=house.new_key(shop, KeyScope.PUBLISHABLE, PLUGIN),
        secret=house.new_key(shop, KeyScope.SECRET, PLUGIN),
    )


def _end_former(house: House, shop: str) -> None:
    for key in house.keyring.of(shop):
        if key.label == PLUGIN and key.ended is None:
            house.keyring.revoke(shop, key.id)


def _slow_down(house: House) -> None:
    standing = house.limits.count_stranger(house.addresses.hidden(request.environ))
    if standing.over:
        raise TooMany(standing)


def _delivery(shop: str) -> Delivery:
    request.max_content_length = _BODY_MOST
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Delivery(shop, headers, request.get_data())


def _told(delivery: Delivery) -> dict[str, Any]:
    try:
        told = json.loads(delivery.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Invalid(field="body", mend="give a JSON object")
    return told


def _text(told: dict[str, Any], name: str) -> str:
    found = told.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= 2000:
        raise Invalid(field=name, mend="is missing, or no text")
    return found


def _as_agreement(told: dict[str, Any], state: str) -> Delivery:
    """Return a plugin's keys as a shop posts them after an agreement: they are read alike."""
    return Delivery("", {}, json.dumps({**told, "user_id": state}).encode())
